//! Headers as people arrange them: groups without merges, twins, neighbours without a gap.

use super::super::record::Records;
use super::*;

const PROBLEM: [&str; 2] = ["问题分类|问题描述|根本原因|影响程度", "执行落地|客服响应慢|排班不足|高"];

/// Spend and conversions of every channel read.
fn channels(records: &Records) -> Vec<String> {
    let row = |row: &Record| format!("{} {}", value(row, "spend"), value(row, "conversions"));
    rows(records, "channels").iter().map(row).collect()
}

#[test]
fn of_two_columns_with_one_header_the_filled_one_is_read() {
    for header in ["渠道|花费(元)|转化数|数据来源|花费(元)", "花费(元)|花费(元)|转化数|数据来源|渠道"]
    {
        let row = if header.starts_with("渠道") {
            "抖音|12000|320|后台|"
        } else {
            "|12000|320|后台|抖音"
        };
        let (records, findings) = read(vec![sheet("渠道效果表", &[header, row, header, row])]);
        assert_eq!(channels(&records), vec!["Number(12000.0) Number(320.0)"; 2], "{header}");
        assert_eq!(trouble(&findings).iter().filter(|it| it.starts_with("duplicate-header")).count(), 0);
    }
}

#[test]
fn a_row_with_something_in_a_column_in_question_is_in_use() {
    let (records, _) = read(vec![sheet("成本收益表", &["科目|实际(元)|实际(元)", "商品成本|100|200"])]);
    assert_eq!(value(&rows(&records, "costs")[0], "item"), r#"Choice("goods")"#);
}

#[test]
fn groups_above_a_header_need_no_merge() {
    for header in [
        ["渠道|投放||结果||数据来源", "|花费(元)|曝光量|转化数|销售额(元)|"],
        ["|投放||结果||", "渠道|花费(元)|曝光量|转化数|销售额(元)|数据来源"],
    ] {
        let (records, findings) =
            read(vec![sheet("渠道效果表", &[header[0], header[1], "抖音|12000|500000|320|86400|后台"])]);
        assert_eq!(channels(&records), ["Number(12000.0) Number(320.0)"], "{header:?}");
        assert_eq!(trouble(&findings), Vec::<String>::new(), "{header:?}");
    }
    // What only the group tells apart.
    let (records, _) =
        read(vec![sheet("人力配置表", &["环节|人数||工时|", "|计划|实际|计划|实际", "客服|3|4|240|300"])]);
    let staff = &rows(&records, "staffing")[0];
    assert_eq!(value(staff, "actual_heads"), "Number(4.0)");
    assert_eq!(value(staff, "planned_hours"), "Number(240.0)");
}

#[test]
fn a_row_of_words_below_a_header_is_no_second_line_of_it() {
    let rows_of = [
        "类型|维度|描述|根本原因|数据佐证",
        "亮点|人|客服提前培训||应答率88%",
        "问题|场|社群转化低||转化率3.1%",
    ];
    let (records, _) = read(vec![sheet("过程分析表", &rows_of)]);
    assert_eq!(rows(&records, "process").len(), 2);
}

#[test]
fn tables_may_touch() {
    let touching = [
        format!("渠道|花费(元)|曝光量|转化数|数据来源|{}", PROBLEM[0]),
        format!("抖音|12000|500000|320|后台|{}", PROBLEM[1]),
        // The header of one stands again beside the data of the other.
        format!("小红书|8000|210000|150|后台|{}", PROBLEM[0]),
        format!("微信|5000|90000|80|后台|{}", PROBLEM[1].replace("慢", "不及时")),
    ];
    let touching: Vec<&str> = touching.iter().map(String::as_str).collect();
    let (records, findings) = read(vec![sheet("复盘", &touching)]);
    let spent =
        ["Number(12000.0) Number(320.0)", "Number(8000.0) Number(150.0)", "Number(5000.0) Number(80.0)"];
    assert_eq!(channels(&records), spent);
    assert_eq!(rows(&records, "problems").len(), 2, "{:?}", records.tables["problems"]);
    assert_eq!(trouble(&findings), Vec::<String>::new());
}

#[test]
fn columns_of_the_teams_own_are_no_second_table() {
    let own = "渠道|花费(元)|曝光量|转化数|数据来源|责任人|完成时间|状态";
    let (records, _) =
        read(vec![sheet("渠道效果表", &[own, "抖音|12000|500000|320|后台|王芳|11月3日|已完成"])]);
    assert_eq!(channels(&records), ["Number(12000.0) Number(320.0)"]);
    assert_eq!(records.tables.len(), 1, "{:?}", records.tables.keys());
}

#[test]
fn lines_above_a_second_table_are_no_records_of_the_first() {
    let stacked = [
        "渠道|花费(元)|曝光量|转化数|数据来源",
        "抖音|12000|500000|320|后台",
        "",
        "数据截至 12 月 31 日",
        "内部资料，请勿外传",
        "",
        "问题清单",
        "",
        "一行一个问题",
        PROBLEM[0],
        PROBLEM[1],
    ];
    let (records, findings) = read(vec![sheet("复盘", &stacked)]);
    assert_eq!(channels(&records), ["Number(12000.0) Number(320.0)"]);
    assert_eq!(rows(&records, "problems").len(), 1);
    assert_eq!(trouble(&findings), Vec::<String>::new());
}

#[test]
fn a_row_of_data_that_names_columns_begins_no_table() {
    let rows_of = [
        "指标名称|维度|维度值|目标值|实际值|数据来源",
        "曝光量|整体||500万|520万|后台",
        "销售额|渠道|抖音|37.8万元|38.6万元|ERP",
        "销售额|渠道|微信|12万元|13万元|ERP",
    ];
    let (records, _) = read(vec![sheet("渠道效果表", &rows_of)]);
    assert_eq!(rows(&records, "results").len(), 3, "{:?}", records.tables.keys());
}

#[test]
fn a_form_may_call_its_name_item() {
    let form = [
        "项目|内容说明",
        "项目编号|MKT-2025-1",
        "项目|夏日新品",
        "活动类型|促销活动",
        "活动周期|2025-06-01~2025-06-18",
    ];
    let (records, _) = read(vec![sheet("活动基本信息表", &form)]);
    assert_eq!(value(&rows(&records, "basics")[0], "name"), r#"Text("夏日新品")"#);
}

#[test]
fn three_tables_may_touch() {
    let header =
        format!("渠道|花费(元)|曝光量|转化数|数据来源|{}|阶段|开始日期|结束日期|核心动作", PROBLEM[0]);
    let row = format!("抖音|12000|500000|320|后台|{}|预热期|2025-06-01|2025-06-05|直播", PROBLEM[1]);
    let (records, findings) = read(vec![sheet("复盘", &[&header, &row])]);
    assert_eq!(channels(&records), ["Number(12000.0) Number(320.0)"]);
    assert_eq!(value(&rows(&records, "problems")[0], "root"), r#"Text("排班不足")"#);
    assert_eq!(value(&rows(&records, "problems")[0], "impact"), r#"Choice("high")"#);
    assert_eq!(rows(&records, "phases").len(), 1);
    assert_eq!(trouble(&findings), Vec::<String>::new());
}

#[test]
fn a_group_that_is_a_name_itself_hides_no_header_below_it() {
    let (records, _) = read(vec![sheet(
        "互动行为表",
        &[
            "互动类型|参与次数|参与人数|转化数|负责小组|说明|",
            "|||||上轮数据|备注",
            "抽奖|29446|17667|981|1|12|满意",
            "分享|11778|7066|392|2|13|平平",
        ],
    )]);
    let remarks: Vec<String> =
        rows(&records, "interactions").iter().map(|row| value(row, "remark")).collect();
    assert_eq!(remarks, [r#"Text("满意")"#, r#"Text("平平")"#]);
}

#[test]
fn the_code_that_makes_a_table_of_its_own_is_not_left_to_the_next_one() {
    // Without the code at its end, how far each task is would be read by the rows of the tasks.
    let (records, _) = read(vec![sheet(
        "三表",
        &[
            "责任人|结束时间|具体动作|活动阶段|任务编号|预计完成|延期原因|实际开始|完成进度|任务状态|任务编号|预算(元)|科目|实际(元)",
            "唐薇|2025-05-25|主视觉|预热期|T001|||2025-05-20|100%|已完成|T002|1000|广告投放|900",
            "李航|2025-05-28|会场|预热期|T002||等素材|2025-05-21|60%|进行中|T001|2000|物料制作|1900",
        ],
    )]);
    let of = |table: &str, column: &str| -> Vec<String> {
        rows(&records, table).iter().map(|row| value(row, column)).collect()
    };
    assert_eq!(of("tasks", "code"), [r#"Text("T001")"#, r#"Text("T002")"#]);
    assert_eq!(of("progress", "code"), [r#"Text("T002")"#, r#"Text("T001")"#]);
    assert_eq!(of("costs", "actual"), ["Number(900.0)", "Number(1900.0)"]);
}
