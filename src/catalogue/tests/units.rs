//! Units stated once, in a line above a table.

use super::*;

const HEADER: &str = "渠道|花费|转化数|客单价|销售额|数据来源";
const ROW: &str = "抖音|12.5|5000|150|75|后台";

fn money(records: &Records, row: usize) -> [String; 3] {
    let row = &rows(records, "channels")[row];
    ["spend", "unit_value", "sales"].map(|column| value(row, column))
}

fn said(findings: &[Finding]) -> Vec<&'static str> {
    let about = |finding: &&Finding| finding.code.name.starts_with("unit-");
    findings.iter().filter(about).map(|finding| finding.code.name).collect()
}

#[test]
fn a_line_above_speaks_of_the_amounts() {
    let wan = ["Number(125000.0)", "Number(150.0)", "Number(750000.0)"];
    for above in
        ["单位：万元", "双十二复盘（单位：万元）", "双十二复盘||||金额单位：人民币万元", "||||單位：萬元、人"]
    {
        let (records, findings) = read(vec![sheet("渠道效果表", &[above, HEADER, ROW])]);
        assert_eq!(money(&records, 0), wan, "{above}");
        assert_eq!(said(&findings), ["unit-note-applied"], "{above}");
    }
    let plain = ["Number(12.5)", "Number(150.0)", "Number(75.0)"];
    for above in ["单位：元", "主办单位：万家集团", "各单位请周五前填完"] {
        let (records, findings) = read(vec![sheet("渠道效果表", &[above, HEADER, ROW])]);
        assert_eq!(money(&records, 0), plain, "{above}");
        assert_eq!(said(&findings), [""; 0], "{above}");
    }
}

#[test]
fn what_a_header_or_a_cell_says_itself_counts_more() {
    let header = "渠道|花费(元)|转化数|销售额|数据来源";
    let (records, findings) = read(vec![sheet(
        "渠道效果表",
        &["单位：万元", header, "抖音|125000|5000|75|后台", "微信|50000|900|30万元|后台"],
    )]);
    let amounts =
        |row: usize| ["spend", "sales"].map(|column| value(&rows(&records, "channels")[row], column));
    assert_eq!(amounts(0), ["Number(125000.0)", "Number(750000.0)"]);
    assert_eq!(amounts(1), ["Number(50000.0)", "Number(300000.0)"]);
    assert_eq!(said(&findings), ["unit-note-applied"]);
}

#[test]
fn what_is_unclear_is_asked_and_not_converted() {
    for above in ["单位：万", "单位：千元、万元"] {
        let (records, findings) = read(vec![sheet("渠道效果表", &[above, HEADER, ROW])]);
        assert_eq!(value(&rows(&records, "channels")[0], "spend"), "Number(12.5)", "{above}");
        assert_eq!(said(&findings), ["unit-note-unclear"], "{above}");
    }
    // Goals have each a unit of its own.
    let goals =
        ["单位：万元", "指标名称|目标值|实际值|数据来源", "销售额|150|145|ERP", "新增会员|5000|6000|CRM"];
    let (_, findings) = read(vec![sheet("活动效果数据汇总表", &goals)]);
    assert_eq!(said(&findings), ["unit-note-unclear"]);
}

#[test]
fn a_foreign_unit_above_is_not_read_as_yuan() {
    let (records, findings) = read(vec![sheet("渠道效果表", &["单位：美元", HEADER, ROW])]);
    assert_eq!(money(&records, 0), ["absent", "Number(150.0)", "absent"]);
    assert_eq!(said(&findings), ["unit-contradicts-column"; 2]);
}

#[test]
fn each_table_of_a_sheet_has_its_own_line() {
    let second = ["费用科目|预算金额|实际发生|备注", "推广费|10|9|"];
    let stacked = |between: &[&str]| {
        let rows: Vec<&str> = [&["单位：万元", HEADER, ROW][..], between, &second].concat();
        let (records, findings) = read(vec![sheet("Sheet1", &rows)]);
        (value(&rows_of(&records), "actual"), said(&findings))
    };
    fn rows_of(records: &Records) -> Record {
        rows(records, "costs")[0].clone()
    }
    let own = stacked(&["", "单位：元"]);
    assert_eq!(own, ("Number(9.0)".to_owned(), vec!["unit-note-applied"]));
    // Whether the first line speaks of the second table, too, is for the team to say.
    let none = stacked(&["", "成本收益表"]);
    assert_eq!(none, ("Number(9.0)".to_owned(), vec!["unit-note-applied", "unit-note-unclear"]));
    // The last line of the first table is not the second one's.
    let foot = stacked(&["单位：千元", "", "成本收益表"]);
    assert_eq!(foot.0, "Number(9.0)");
}

#[test]
fn groups_between_the_line_and_the_header_change_nothing() {
    let groups = "基本信息|投放||结果||说明";
    let (records, _) = read(vec![sheet("渠道效果表", &["单位：万元", groups, HEADER, ROW])]);
    assert_eq!(money(&records, 0), ["Number(125000.0)", "Number(150.0)", "Number(750000.0)"]);
    // A group may state the unit of its columns, though the headers below need no group.
    let header = "页面|浏览量|访客数|加购|下单|支付人数";
    let (records, _) = read(vec![sheet(
        "流量数据表",
        &["|||人数（万人）||", header, "主会场|34548|15704|0.2095|0.1268|1027"],
    )]);
    let row = &rows(&records, "traffic")[0];
    assert_eq!(
        ["cart", "order", "pay"].map(|it| value(row, it)),
        ["Number(2095.0)", "Number(1268.0)", "Number(1027.0)"]
    );
}

#[test]
fn a_line_over_tables_side_by_side_speaks_of_the_one_it_covers() {
    // The line of the second table begins over the last column of the first one.
    let (records, findings) = read(vec![merged(
        sheet(
            "数据",
            &["|||单位：万元", &["科目|预算|备注|实际", HEADER].join("|"), &["推广费|80||75", ROW].join("|")],
        ),
        &["D1:J1"],
    )]);
    assert_eq!(value(&rows(&records, "costs")[0], "budget"), "Number(80.0)", "{findings:?}");
    assert_eq!(money(&records, 0), ["Number(125000.0)", "Number(150.0)", "Number(750000.0)"]);
}
