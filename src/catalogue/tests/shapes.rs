//! Tables are found wherever and however they lie, and close calls are asked.

use super::*;

const CHANNELS: [&str; 3] = [
    "渠道|花费(元)|曝光量|转化数|数据来源",
    "抖音|12000|500000|320|巨量后台",
    "小红书|8000|210000|150|蒲公英",
];

fn spend(records: &Records) -> Vec<String> {
    rows(records, "channels")
        .iter()
        .map(|row| format!("{} {}", value(row, "channel"), value(row, "spend")))
        .collect()
}

const BOTH: [&str; 2] = [r#"Text("抖音") Number(12000.0)"#, r#"Text("小红书") Number(8000.0)"#];

fn with_rows(before: &[&str], after: &[&str]) -> Vec<String> {
    before.iter().chain(&CHANNELS).chain(after).map(|it| it.to_string()).collect()
}

fn sheet_of(name: &str, rows: &[String]) -> Sheet {
    sheet(name, &rows.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn the_header_may_stand_anywhere() {
    for before in [
        &[][..],
        &["渠道效果表"],
        &["2024双11渠道效果表", "请按渠道填写"],
        &["", "", "某某公司", "渠道效果", "", "制表：市场部", ""],
    ] {
        let (records, findings) = read(vec![sheet_of("Sheet1", &with_rows(before, &[]))]);
        assert_eq!(spend(&records), BOTH, "{before:?}");
        assert_eq!(trouble(&findings), Vec::<String>::new(), "{before:?}");
    }
}

#[test]
fn columns_may_be_reordered_renamed_and_added() {
    let (records, findings) = read(vec![sheet(
        "Sheet1",
        &[
            "数据来源：|转化数（必填）|负责小组|投放花费（万元）|渠道名称*|曝光（万次）",
            "巨量后台|320|A组|1.2|抖音|50",
            "蒲公英|150|B组|0.8|小红书|21",
        ],
    )]);
    assert_eq!(spend(&records), BOTH);
    assert_eq!(value(&rows(&records, "channels")[0], "exposure"), "Number(500000.0)");
    assert_eq!(rows(&records, "channels")[0].extra[0].0, "负责小组");
    assert_eq!(trouble(&findings), Vec::<String>::new());
    assert!(said(&findings, Severity::Note).contains(&"extra-column@C1".to_owned()));
}

#[test]
fn totals_examples_and_repeated_headers_are_no_records() {
    let (records, findings) = read(vec![sheet_of(
        "渠道效果表",
        &with_rows(
            &["渠道效果表"],
            &[
                "小计|20000|710000|470|",
                "渠道|花费(元)|曝光量|转化数|数据来源",
                "示例：微信|1|1|1|后台",
                "合 计|20000|710000|470|",
            ],
        ),
    )]);
    assert_eq!(spend(&records), BOTH);
    assert_eq!(records.tables["channels"].totals.len(), 2);
    assert_eq!(said(&findings, Severity::Note), ["total-row@A5", "placeholder-left@A7"], "{findings:?}");
}

#[test]
fn what_stands_below_a_gap_is_read_and_said() {
    let (records, findings) =
        read(vec![sheet_of("渠道效果表", &with_rows(&[], &["", "", "", "", "微信|5000|90000|80|后台"]))]);
    assert_eq!(rows(&records, "channels").len(), 3);
    assert_eq!(said(&findings, Severity::Note), ["data-below-gap@A8"]);
}

#[test]
fn a_remark_at_the_foot_is_no_record() {
    let (records, findings) =
        read(vec![sheet_of("渠道效果表", &with_rows(&[], &["", "注：曝光量以后台为准", "填表人：王芳"]))]);
    assert_eq!(spend(&records), BOTH);
    assert_eq!(said(&findings, Severity::Note), Vec::<String>::new());
    assert_eq!(records.unread[0].reason, "remark");
}

#[test]
fn tables_may_be_stacked_or_side_by_side() {
    let stacked = sheet(
        "复盘",
        &[
            "渠道效果表",
            CHANNELS[0],
            CHANNELS[1],
            CHANNELS[2],
            "",
            "问题清单",
            "问题分类|问题描述|根本原因|影响程度",
            "执行落地|客服响应慢|排班不足|高",
        ],
    );
    let beside = sheet(
        "复盘",
        &[
            "渠道|花费(元)|曝光量|转化数|数据来源||问题分类|问题描述|根本原因|影响程度",
            "抖音|12000|500000|320|巨量后台||执行落地|客服响应慢|排班不足|高",
            "小红书|8000|210000|150|蒲公英",
        ],
    );
    for sheet in [stacked, beside] {
        let (records, findings) = read(vec![sheet]);
        assert_eq!(spend(&records), BOTH);
        assert_eq!(
            value(&rows(&records, "problems")[0], "description"),
            r#"Text("客服响应慢")"#,
            "{:?}",
            records.tables
        );
        assert_eq!(trouble(&findings), Vec::<String>::new());
    }
}

#[test]
fn three_tables_without_a_gap_are_three_whole_tables() {
    let headers = [
        "竞品名称|活动名称/形式|活动时间|价格/促销力度|核心玩法|推广渠道|投入资源|曝光量|转化率|可借鉴点|差异化机会|威胁程度",
        "任务编号|活动阶段|任务模块|具体动作|责任人|参与部门|开始时间|结束时间|前置任务|交付成果|完成标准",
        "任务编号|任务状态|完成进度|实际开始|实际完成|预计完成|延期原因|调整措施|更新日期",
    ];
    let row = [
        "云上集|会员专场|2024-12-12|八折|预售|抖音|达人|7700000|0.044|任务|服务|低",
        "T001|筹备期|内容制作|主视觉设计|唐薇|设计部|2024-12-07|2024-12-09||源文件|定稿",
        "T001|已完成|100%|2024-12-07|2024-12-09|||",
    ];
    let mut sheet = sheet("数据汇总", &[&headers.join("|"), &row.join("|")]);
    let tables = [("fp_competitors", "A1:L2"), ("fp_tasks", "M1:W2"), ("fp_progress", "X1:AF2")];
    sheet.tables = tables.map(|(name, area)| (name.into(), Area::parse(area).unwrap())).into();
    let (records, _) = read(vec![sheet]);
    let areas = ["competitors", "tasks", "progress"].map(|table| {
        let regions = &records.tables[table].regions;
        regions.iter().map(|it| it.area.to_string()).collect::<Vec<_>>().join(" ")
    });
    assert_eq!(areas, ["A1:L2", "M1:W2", "X1:AF2"]);
}

#[test]
fn columns_of_the_teams_own_do_not_cut_a_table_in_two() {
    let headers = [
        "品类/商品|商品定位|活动前销售额|活动期销售额|销量(件)|毛利|期初库存|期末库存|负责小组|退货数|备注",
        "玩法/优惠券名称|类型|发放量|上轮数据|领取量|核销量|参与人数|带动销售额|负责小组|让利成本|用户反馈|是否建议复用",
        "是否归档|批次|渠道|日期|追加投入|核对|截图链接|带来产出|说明",
    ];
    let row = [
        "平板电脑|主推款|342100|511600|3197|194300|3836|639|一组|95|",
        "满300减40券|优惠券|20225|一般|12135|4045||464100|一组|161800|合适|是",
        "否|第1批|B站测评|2024-08-23|10000|是||42000|",
    ];
    let (records, _) = read(vec![sheet("品类商品销售表", &[&headers.join("|"), &row.join("|")])]);
    let coupon = &rows(&records, "promotions")[0];
    assert_eq!(value(coupon, "name"), r#"Text("满300减40券")"#, "{:?}", records.tables["promotions"].regions);
    assert_eq!(value(coupon, "cost"), "Number(161800.0)");
    assert_eq!(records.tables["promotions"].regions.len(), 1);
}

#[test]
fn a_title_above_the_header_again_is_no_record() {
    for title in ["渠道效果表", "二、线下渠道"] {
        let (records, findings) = read(vec![sheet_of(
            "复盘",
            &["渠道效果表", CHANNELS[0], CHANNELS[1], "", title, CHANNELS[0], CHANNELS[2]].map(String::from),
        )]);
        assert_eq!(spend(&records), BOTH, "{title}");
        assert_eq!(trouble(&findings), Vec::<String>::new(), "{title}");
    }
}

#[test]
fn groups_over_a_header_are_no_rows_of_the_table_above() {
    let sheet = merged(
        sheet(
            "全部表格",
            &[
                "竞品分析矩阵",
                "竞品名称|活动名称/形式|活动时间|价格/促销力度|核心玩法",
                "云上集|会员专场|2024-12-12|八折|预售",
                "",
                "问题清单",
                "其他||基本信息||",
                "问题分类|问题描述|根本原因|影响程度|责任部门",
                "执行落地|客服响应慢|排班不足|高|客服部",
            ],
        ),
        &["A6:B6", "C6:E6"],
    );
    let (records, findings) = read(vec![sheet]);
    assert_eq!(rows(&records, "competitors").len(), 1);
    assert_eq!(rows(&records, "problems").len(), 1);
    assert_eq!(trouble(&findings), Vec::<String>::new());
}

#[test]
fn a_header_may_take_two_rows() {
    let sheet = merged(
        sheet(
            "品类销售",
            &[
                "品类/商品|销售额(元)||销量(件)",
                "|活动前|活动期|",
                "羽绒服|100000|260000|1300",
                "围巾|20000|21000|420",
            ],
        ),
        &["A1:A2", "B1:C1", "D1:D2"],
    );
    let (records, findings) = read(vec![sheet]);
    let row = &rows(&records, "categories")[0];
    assert_eq!(value(row, "before"), "Number(100000.0)", "{:?}", records.tables["categories"].regions);
    assert_eq!(value(row, "during"), "Number(260000.0)");
    assert_eq!(value(row, "units"), "Number(1300.0)");
    assert_eq!(trouble(&findings), Vec::<String>::new());
}

#[test]
fn a_form_may_be_vertical_in_blocks_or_sideways() {
    let vertical = sheet(
        "基本信息",
        &[
            "项目|内容说明|示例",
            "活动名称*|暖冬会员节|618大促",
            "活动类型*|促销活动|品牌联名",
            "活动周期*|2024-12-01~2024-12-12|2024-01-01~2024-01-02",
            "核心目标*|销售额500万元|",
            "目标人群*|25-35岁女性|",
            "总预算（万元）*|34|",
            "活动负责人*|王芳|",
            "主要参与部门/人员*|市场部、销售部|",
        ],
    );
    let blocks = sheet(
        "Sheet1",
        &[
            "营销项目基本信息",
            "活动名称|暖冬会员节|活动类型|促销活动",
            "活动周期|2024-12-01~2024-12-12|目标人群|25-35岁女性",
            "核心目标|销售额500万元|总预算（万元）|34",
            "活动负责人|王芳|参与部门|市场部、销售部",
        ],
    );
    let sideways = sheet(
        "Sheet1",
        &[
            "活动名称|活动类型|活动周期|核心目标|目标人群|总预算（万元）|活动负责人|主要参与部门/人员",
            "暖冬会员节|促销活动|2024-12-01~2024-12-12|销售额500万元|25-35岁女性|34|王芳|市场部、销售部",
        ],
    );
    for sheet in [vertical, blocks, sideways] {
        let name =
            format!("{:?}", sheet.cells.values().take(4).map(|it| it.content.to_text()).collect::<Vec<_>>());
        let (records, findings) = read(vec![sheet]);
        let row = &rows(&records, "basics")[0];
        assert_eq!(value(row, "budget"), "Number(340000.0)", "{name}");
        assert_eq!(value(row, "owner"), r#"Text("王芳")"#, "{name}");
        assert_eq!(value(row, "kind"), r#"Choice("promotion")"#, "{name}");
        assert_eq!(trouble(&findings), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn a_copy_counts_once_parts_count_together_and_contradictions_are_asked() {
    let other = |spend: &str, name: &str| {
        let rows: Vec<String> = CHANNELS.iter().map(|row| row.replace("12000", spend)).collect();
        sheet_of(name, &rows)
    };
    let (records, findings) = read(vec![sheet("渠道效果表", &CHANNELS), other("12000", "渠道效果表 (2)")]);
    assert_eq!(spend(&records), BOTH);
    assert_eq!(said(&findings, Severity::Note), ["table-copied"]);

    let (records, findings) = read(vec![sheet("渠道效果表", &CHANNELS), other("999", "渠道效果表 (2)")]);
    assert_eq!(spend(&records), BOTH);
    assert_eq!(said(&findings, Severity::Warning), ["table-twice"]);
    assert_eq!(records.unread[0].reason, "contradicting-copy");

    let more = sheet("渠道效果表（线下）", &[CHANNELS[0], "门店|3000|9000|70|门店系统"]);
    let (records, findings) = read(vec![sheet("渠道效果表", &CHANNELS), more]);
    assert_eq!(rows(&records, "channels").len(), 3);
    assert_eq!(said(&findings, Severity::Note), ["table-split"]);
}

#[test]
fn two_columns_of_one_name_are_asked() {
    let (records, findings) = read(vec![sheet(
        "渠道效果表",
        &["渠道|花费(元)|转化数|花费(元)|数据来源", "抖音|12000|320|9000|后台"],
    )]);
    assert_eq!(value(&rows(&records, "channels")[0], "spend"), "absent");
    assert!(said(&findings, Severity::Error).contains(&"duplicate-header@B1".to_owned()), "{findings:?}");
}

#[test]
fn an_unlike_sheet_is_kept_out_and_listed() {
    let (records, findings) = read(vec![
        sheet("渠道效果表", &CHANNELS),
        sheet("会议纪要", &["时间|地点", "周一|三楼"]),
        sheet("预算", &["1|2|3", "4|5|6"]),
    ]);
    assert_eq!(records.tables.len(), 1);
    assert_eq!(said(&findings, Severity::Note), ["extra-sheet", "sheet-not-recognised"]);
    let reasons: Vec<_> = records.unread.iter().map(|it| it.reason).collect();
    assert_eq!(reasons, ["extra-sheet", "too-unlike"]);
}

#[test]
fn hidden_data_are_read_and_said() {
    let mut sheet = sheet("渠道效果表", &CHANNELS);
    sheet.hidden_rows.insert(2);
    sheet.hidden_columns.insert(1);
    sheet.visible = crate::workbook::Visibility::Hidden;
    let (records, findings) = read(vec![sheet]);
    assert_eq!(spend(&records), BOTH);
    let what: Vec<String> = findings.iter().map(|it| it.message(Lang::Zh)).collect();
    assert_eq!(what.len(), 3, "{what:?}");
}

#[test]
fn a_merge_over_rows_gives_its_text_to_each_and_its_sum_to_one() {
    let sheet = merged(
        sheet(
            "渠道效果表",
            &[
                "渠道|渠道类型|花费(元)|转化数|数据来源",
                "抖音|线上|30000|320|后台",
                "小红书||9999|150|后台",
                "门店|线下|3000|70|门店",
            ],
        ),
        &["B2:B3", "C2:C3"],
    );
    let (records, findings) = read(vec![sheet]);
    let found: Vec<String> = rows(&records, "channels")
        .iter()
        .map(|row| format!("{} {}", value(row, "kind"), value(row, "spend")))
        .collect();
    assert_eq!(
        found,
        [
            r#"Choice("online") Number(30000.0)"#,
            r#"Choice("online") Blank"#,
            r#"Choice("offline") Number(3000.0)"#
        ]
    );
    assert_eq!(said(&findings, Severity::Note), ["merged-rows@B2", "merged-amount@C2"]);
}

#[test]
fn carriers_tell_a_table_that_headers_alone_would_not() {
    let rows = ["指标|活动前|活动期|备注", "甲|1|2|", "乙|3|4|"];
    let (records, findings) = read(vec![sheet("Sheet1", &rows)]);
    assert_eq!(records.tables.len(), 0);
    assert_eq!(said(&findings, Severity::Error), ["ambiguous-table@A1"], "{findings:?}");

    let mut carried = workbook(vec![sheet("Sheet1", &rows)]);
    carried.names.insert("_fupan.table.users".into(), "=Sheet1!$A$1:$D$1".into());
    let (records, _) = read_workbook(&carried);
    assert_eq!(records.tables.keys().collect::<Vec<_>>(), ["users"]);
    assert_eq!(records.tables["users"].regions[0].evidence, ["id", "headers"]);

    let content = ["指标|活动前|活动期|备注", "销售额|1|2|", "订单量|3|4|"];
    let (records, findings) = read(vec![sheet("Sheet1", &content)]);
    assert_eq!(records.tables.keys().collect::<Vec<_>>(), ["sales"], "{findings:?}");
}

#[test]
fn the_identity_survives_on_any_one_carrier() {
    let sheet = sheet("_fupan", &["template|promotion", "version|'1", "campaign|c-42", "issued|'2025-06-01"]);
    let mut by_name = Workbook::default();
    by_name.names.insert("_fupan.template".into(), "=\"promotion\"".into());
    let mut by_property = Workbook::default();
    by_property.properties.insert("fupan.template".into(), "promotion".into());
    for book in [workbook(vec![sheet.clone()]), by_name, by_property] {
        assert_eq!(crate::catalogue::identity::of(&book).template.as_deref(), Some("promotion"));
    }
    let mut torn = workbook(vec![sheet]);
    torn.properties.insert("fupan.campaign".into(), "c-7".into());
    let (identity, contradictions) = crate::catalogue::identity::read(&torn);
    assert_eq!(identity.campaign.as_deref(), Some("c-7"));
    assert_eq!(contradictions.len(), 1);
    assert_eq!(identity.issued.map(|day| day.to_string()).as_deref(), Some("2025-06-01"));
}

#[test]
fn a_core_table_is_missed_only_where_the_template_is_known() {
    let mut book = workbook(vec![sheet("渠道效果表", &CHANNELS)]);
    assert_eq!(said(&read_workbook(&book).1, Severity::Warning), Vec::<String>::new());
    book.properties.insert("fupan.template".into(), "review".into());
    let missed: Vec<String> = read_workbook(&book).1.iter().filter_map(|it| it.table.clone()).collect();
    assert_eq!(missed, ["basics", "kpi", "budget", "funnel", "results", "problems", "actions"]);
}

#[test]
fn a_table_headed_and_totalled_in_two_languages_is_read() {
    let (records, findings) = read(vec![sheet(
        "Channels",
        &[
            "渠道 Channel|花费(万元) Spend|曝光量 Impressions|转化数 Conversions|数据来源 Data source",
            "抖音|12|500000|320|后台",
            "合计 Total|12|500000|320|",
        ],
    )]);
    let read = &records.tables["channels"];
    assert_eq!((read.rows.len(), read.totals.len()), (1, 1));
    assert_eq!(value(&read.rows[0], "spend"), "Number(120000.0)");
    assert_eq!(trouble(&findings), Vec::<String>::new());
}

#[test]
fn a_placeholder_beside_a_prefilled_name_is_told_at_its_own_cell() {
    let (_, findings) = read(vec![sheet(
        "销售对比表",
        &["指标名称|活动前|活动期|活动后", "销售额||[总销售额]|", "订单量|1|2|3"],
    )]);
    let told: Vec<_> = findings.iter().filter(|it| it.code.name == "placeholder-left").collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].at.as_ref().unwrap().cell, CellRef::new(1, 2));
}

#[test]
fn a_list_below_a_form_may_begin_with_the_forms_words() {
    let (records, findings) = read(vec![sheet(
        "基本信息",
        &[
            "活动基本信息表",
            "活动名称|春促",
            "活动类型|促销活动",
            "活动周期|2024-03-01~2024-03-10",
            "核心目标|销售额100万元",
            "目标人群|老客",
            "总预算(元)|50000",
            "活动负责人|周敏",
            "主要参与部门/人员|市场部",
            "",
            "",
            "复盘小组表",
            "角色|姓名|部门",
            "活动负责人|周敏|市场部",
            "数据分析师|陈静|数据部",
        ],
    )]);
    assert_eq!(trouble(&findings), Vec::<String>::new());
    assert_eq!(value(&rows(&records, "basics")[0], "owner"), r#"Text("周敏")"#);
    assert_eq!(rows(&records, "team").len(), 2);
}

#[test]
fn a_header_copied_beyond_a_merged_hint_is_still_a_question() {
    let hinted = sheet(
        "渠道效果表",
        &[
            "渠道效果表",
            "每个渠道一行",
            "渠道|花费(元)|曝光量|转化数|数据来源|花费(元)",
            "抖音|12000|500000|320|巨量后台|13000",
            "小红书|8000|210000|150|蒲公英|8000",
        ],
    );
    let (_, findings) = read(vec![merged(hinted, &["A2:D2"])]);
    assert!(said(&findings, Severity::Error).contains(&"duplicate-header@B3".to_owned()), "{findings:?}");
}
