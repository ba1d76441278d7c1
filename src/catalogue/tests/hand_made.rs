//! Tables that follow no template of ours, as teams head them: known by their headers alone.

use super::*;

/// The table a sheet without a name, a title or a word of ours is read as.
fn tables(rows: &[&str]) -> Vec<String> {
    let (records, _) = read(vec![sheet("Sheet1", rows)]);
    records.tables.keys().cloned().collect()
}

/// Some columns of each row of a table.
fn columns_of(records: &Records, table: &str, columns: &[&str]) -> Vec<String> {
    let row = |row: &Record| columns.iter().map(|id| value(row, id)).collect::<Vec<_>>().join(" ");
    rows(records, table).iter().map(row).collect()
}

#[test]
fn a_table_is_known_by_its_headers() {
    for (table, rows) in [
        (
            "channels",
            [
                "推广渠道|投放费用|展现量|点击量|咨询量|订单数|成交金额|ROI",
                "抖音|120000|1200000|60000|300|3200|750000|6.25",
            ],
        ),
        (
            "channels",
            [
                "平台|消耗|曝光|点击|CTR|CVR|订单|GMV|ROI",
                "抖音|120000|1200000|60000|5%|5.3%|3200|750000|6.25",
            ],
        ),
        (
            "channels",
            ["媒体|预算|实际消耗|曝光(万)|点击(万)|转化数|CPA|备注", "抖音|100000|120000|120|6|3200|37.5|"],
        ),
        ("channels", ["渠道|费用占比|花费|GMV|ROI", "抖音|60%|120000|750000|6.25"]),
        ("results", ["指标|目标|实际|达成率", "GMV|150万|145万|96.7%"]),
        ("results", ["KPI|目标|达成|达成率|是否达标", "GMV|150万|145万|96.7%|否"]),
        ("results", ["考核项|计划|实际|达成率|差异原因", "GMV|150万|145万|96.7%|客单低"]),
        ("kpi", ["指标|目标|口径|责任人", "GMV|150万|支付口径|小王"]),
        (
            "budget",
            ["费用大类|细项|预算额|实际发生金额|差异|供货商", "媒介|抖音投流|100000|125000|25000|甲公司"],
        ),
        ("budget", ["费用项目|单价|数量|金额|实际支出|供应商", "海报|5|1000|5000|4800|甲"]),
        (
            "tasks progress",
            ["工作项|主责人|开始日期|DDL|进度|状态", "落地页设计|小王|2025-05-20|2025-05-28|100%|已完成"],
        ),
        ("tasks progress", ["阶段|事项|责任人|截止日期|完成情况", "预热|落地页设计|小王|2025-05-28|已完成"]),
        (
            "tasks progress",
            [
                "任务编号|任务名称|责任部门|责任人|计划完成时间|实际完成时间|当前状态|备注",
                "T1|落地页设计|设计部|小王|2025-05-28|2025-05-27|完成|",
            ],
        ),
        (
            "tasks",
            [
                "模块|工作内容|负责人|协助人|开始|完成|交付物",
                "设计|主视觉|唐薇|李航|2025-05-20|2025-05-25|源文件",
            ],
        ),
        (
            "channels",
            [
                "渠道|曝光量|点击量|点击率|注册数|注册率|下单数|下单率|销售额|花费|ROI",
                "抖音|1200000|60000|5%|3000|5%|300|10%|750000|120000|6.25",
            ],
        ),
        (
            "budget",
            [
                "费用类别|费用明细|预算金额|实际金额|差异金额|差异率|差异原因",
                "媒介|抖音|1000|1200|200|20%|加投",
            ],
        ),
        ("competitors", ["竞品|活动形式|活动力度|渠道|可借鉴之处", "甲牌|满减|满300减50|天猫|直播话术"]),
        ("demand", ["需求部门|需求事项|数量|需求时间|对接人", "市场部|拍摄场地|1|2025-05-22|王强"]),
        ("tasks", ["工作内容|责任人|起止时间|交付物", "落地页设计|小王|2025-05-20~2025-05-28|页面"]),
        ("phases", ["阶段|时间|主要工作|负责人|预算", "预热期|2025-05-20~2025-05-31|种草|林楠|5万"]),
        ("problems", ["序号|问题点|问题原因|影响等级|责任部门", "1|客服响应慢|排班不足|高|客服部"]),
        ("actions", ["No.|改进事项|责任人|DDL|优先级|完成情况", "1|优化落地页|小王|2025-06-30|高|进行中"]),
        ("actions", ["行动项|Owner|Deadline|优先级|Status", "增加排班|小王|2025-07-01|高|进行中"]),
        ("actions", ["待办事项|负责人|截止日期|是否完成", "增加排班|小王|2025-07-01|是"]),
        ("actions", ["问题|对策|责任人|完成时间", "排队|增加排班|小王|2025-07-01"]),
        ("actions", ["问题点|改进方案|责任人|计划完成时间", "排队|增加排班|小王|2025-07-01"]),
        (
            "actions",
            ["序号|问题描述|解决措施|责任人|完成时间|状态", "1|排队|增加排班|小王|2025-07-01|已完成"],
        ),
        ("problems actions", ["问题|原因|措施|负责人|完成时间", "排队|排班不足|增加排班|小王|2025-07-01"]),
        (
            "problems actions",
            ["存在问题|原因分析|改进措施|责任部门|完成时限", "排队|排班不足|增加排班|客服部|2025-07-01"],
        ),
        (
            "problems actions",
            [
                "序号|问题分类|问题描述|数据支撑|根本原因|改进措施|责任人|完成时间|衡量标准",
                "1|执行落地|排队|200人|排班不足|增加排班|小王|2025-07-01|应答率85%",
            ],
        ),
        (
            "problems actions",
            [
                "问题类型|问题描述|原因分析|解决方案|负责人|截止时间|状态",
                "执行落地|排队|排班不足|增加排班|小王|2025-07-01|进行中",
            ],
        ),
        ("problems actions", ["复盘问题|根因|优化动作|Owner|DDL", "排队|排班不足|增加排班|小王|2025-07-01"]),
        ("funnel", ["节点|人数|到达率", "曝光|1200000|"]),
        ("daily", ["日期|曝光|点击|成交订单数|GMV|消耗金额", "6/1|100000|5000|260|60000|10000"]),
        ("daily", ["时间|渠道|消耗|展现|点击|成交", "6月1日|抖音|10000|100000|5000|60000"]),
        ("risk_plan", ["风险点|可能性|影响|应对措施|责任人", "库存不足|中|高|提前备货|小王"]),
        ("risk_log", ["发生时间|事件|处理过程|结果|责任人", "2025-06-06 10:00|服务器宕机|扩容|恢复|小王"]),
        ("categories", ["SKU|销量|销售金额|毛利|库存", "气泡水A|3000|90000|30000|500"]),
        (
            "promotions",
            ["优惠券|发放数量|领取数量|使用数量|核销率|带动销售额", "满100减10|10000|6000|3000|50%|300000"],
        ),
        ("users", ["指标|活动前|活动期|目标", "新增会员|1000|5000|4000"]),
        ("sales", ["指标|活动前|活动中|活动后|增长率", "日均销售额|30000|60000|35000|100%"]),
        ("feedback", ["反馈渠道|问题|次数|满意度", "客服|发货慢|12|3"]),
        ("costs", ["成本项|预算|实际|占比", "商品成本|100000|110000|60%"]),
        ("traffic", ["来源|访客数|浏览量|跳失率|加购|下单", "搜索|10000|30000|40%|800|500"]),
    ] {
        assert_eq!(tables(&rows).join(" "), table, "{}", rows[0]);
    }
}

#[test]
fn a_list_of_tasks_may_say_how_far_each_is() {
    let (records, findings) = read(vec![sheet(
        "任务进度表",
        &[
            "序号|工作内容|负责人|开始日期|截止日期|状态|完成时间",
            "1|主视觉设计|唐薇|2025-05-20|2025-05-25|已完成|2025-05-24",
            "2|会场搭建|李航|2025-05-26|2025-06-01||",
            "3|达人签约|林楠|2025-05-22|2025-05-30|延期|",
            "合计|3||||1|",
        ],
    )]);
    let of = |table: &str, columns: &[&str]| columns_of(&records, table, columns);
    assert_eq!(
        of("tasks", &["code", "end"]),
        [r#"Text("1") Date(2025-05-25)"#, r#"Text("2") Date(2025-06-01)"#, r#"Text("3") Date(2025-05-30)"#]
    );
    // A row that says nothing of its progress is none of the progress.
    assert_eq!(
        of("progress", &["code", "status", "actual_end"]),
        [r#"Text("1") Choice("done") Date(2025-05-24)"#, r#"Text("3") Choice("late") Blank"#]
    );
    assert_eq!(said(&findings, Severity::Note).iter().filter(|it| it.starts_with("total-row")).count(), 1);
    assert_eq!(
        trouble(&findings).len(),
        0,
        "only the phase is missing, and that is no trouble: {:?}",
        trouble(&findings)
    );
    assert!(
        findings.iter().all(|it| it.code.name != "sheet-renamed"),
        "the sheet has the name of one of them"
    );
}

#[test]
fn a_list_of_problems_may_say_what_is_done_about_each() {
    let grid = sheet(
        "复盘",
        &[
            "序号|问题描述|原因分析|影响程度|改进措施|责任人|完成时间",
            "1|晚高峰排队超过200人|排班按平日均值|高|按预售量排班|何川|2025-12-20",
            "||||增加智能话术|李明|2025-12-22",
            "2|优惠券到账延迟3小时|接口限流|中|扩容券接口|李明|2025-12-25",
            "3|海报返工2次|需求写得不清|低|||",
        ],
    );
    // One problem, two actions: what is said of the problem is merged over both.
    let grid = merged(grid, &["A2:A3", "B2:B3", "C2:C3", "D2:D3"]);
    let (records, findings) = read(vec![grid]);
    let of = |table: &str, columns: &[&str]| columns_of(&records, table, columns);
    assert_eq!(
        of("problems", &["code", "description", "impact"]),
        [
            r#"Text("1") Text("晚高峰排队超过200人") Choice("high")"#,
            r#"Text("2") Text("优惠券到账延迟3小时") Choice("medium")"#,
            r#"Text("3") Text("海报返工2次") Choice("low")"#,
        ]
    );
    // A problem without an action is no action without words.
    assert_eq!(
        of("actions", &["problem", "action", "owner"]),
        [
            r#"Text("晚高峰排队超过200人") Text("按预售量排班") Text("何川")"#,
            r#"Text("晚高峰排队超过200人") Text("增加智能话术") Text("李明")"#,
            r#"Text("优惠券到账延迟3小时") Text("扩容券接口") Text("李明")"#,
        ]
    );
    let spread: Vec<_> = findings.iter().filter(|it| it.code.name == "merged-rows").collect();
    let told =
        |cell: &str| spread.iter().filter(|it| it.at.iter().any(|at| at.cell.to_string() == cell)).count();
    assert_eq!((told("B2"), told("C2")), (1, 1), "a cell read for both tables is told of once");
    assert!(
        findings.iter().all(|it| it.code.name != "missing-required"),
        "a row of one is asked for no other"
    );
    assert!(
        findings.iter().all(|it| !it.args.iter().any(|(_, arg)| format!("{arg:?}").contains("对应问题")))
    );
}

#[test]
fn a_cell_may_hold_the_first_and_the_last_day() {
    let (records, findings) = read(vec![sheet(
        "活动阶段表",
        &[
            "阶段|起止时间|核心动作",
            "预热期|2025-05-20~2025-05-31|种草",
            "爆发期|2025年6月1日-18日|会场",
            "收尾期|六月下旬|售后",
        ],
    )]);
    let days = columns_of(&records, "phases", &["start", "end"]);
    let vague = "Unreadable(NoYear)";
    assert_eq!(
        days,
        [
            "Date(2025-05-20) Date(2025-05-31)".to_owned(),
            "Date(2025-06-01) Date(2025-06-18)".to_owned(),
            format!("{vague} {vague}")
        ]
    );
    assert_eq!(trouble(&findings).len(), 1, "told once, not for each day: {:?}", trouble(&findings));
    // A column of its own counts more.
    let (records, _) = read(vec![sheet(
        "活动阶段表",
        &["阶段|时间|结束日期|核心动作", "预热期|2025-05-20|2025-05-31|种草"],
    )]);
    assert_eq!(value(&rows(&records, "phases")[0], "end"), "Date(2025-05-31)");
}

#[test]
fn what_is_told_of_days_is_nothing_without_its_days() {
    // 平台 to GMV are all columns of the daily monitor, too.
    let rows = ["平台|曝光|点击|CTR|CVR|订单|消耗|GMV", "抖音|1200000|60000|5%|5.3%|3200|120000|750000"];
    assert_eq!(tables(&rows), ["channels"]);
    let (records, _) = read(vec![sheet("每日监控表", &rows)]);
    assert_eq!(records.tables.keys().collect::<Vec<_>>(), ["daily"], "a name speaks louder");
}

#[test]
fn a_goal_beside_its_target_is_the_name_of_the_row() {
    let goals = ["目标|目标值|完成值|备注", "GMV|150万|145万|", "新增会员|5000人|6000人|超了"];
    let (records, findings) = read(vec![sheet("Sheet1", &goals)]);
    let names: Vec<String> = rows(&records, "results").iter().map(|row| value(row, "name")).collect();
    assert_eq!(names, [r#"Text("GMV")"#, r#"Text("新增会员")"#]);
    assert!(findings.iter().any(|it| it.code.name == "header-renamed"), "it is said");
    // Where a table is named and one column of words stands before its figures, that is what the rows are called.
    let own = ["端口|花费|转化数|数据来源", "信息流|12000|320|后台", "搜索|8000|150|后台"];
    let (records, findings) = read(vec![sheet("渠道效果表", &own)]);
    assert_eq!(value(&rows(&records, "channels")[0], "channel"), r#"Text("信息流")"#);
    assert!(findings.iter().any(|it| it.code.name == "header-renamed"), "it is said");
}

#[test]
fn beyond_a_gap_a_table_keeps_its_columns() {
    let beside = [
        "渠道|花费|转化数|目标|||对手|目标值|备注说明",
        "抖音|12000|320|300|||甲牌|很多|",
        "微信|5000|80|100|||乙牌|不详|",
    ];
    let (records, findings) = read(vec![sheet("渠道效果表", &beside)]);
    assert_eq!(value(&rows(&records, "channels")[0], "conversions"), "Number(320.0)");
    assert!(
        trouble(&findings).iter().all(|it| !it.starts_with("duplicate-header")),
        "{:?}",
        trouble(&findings)
    );
}

#[test]
fn a_period_without_a_year_takes_the_one_the_workbook_names() {
    let days = |name: &str, day: &str| {
        let name = format!("活动名称|{name}");
        let (records, _) = read(vec![
            sheet("活动基本信息表", &["项目|内容说明", &name, "活动周期|10.20-10.31", "活动负责人|高远"]),
            sheet("活动效果实时监控记录表", &["监控日期|曝光量|点击量|销售额(元)", day]),
        ]);
        value(&rows(&records, "basics")[0], "period")
    };
    assert!(days("2024双十一", "10月21日|1000|10|100").contains("2024-10-20"));
    assert!(days("双十一", "d:2023-10-21|1000|10|100").contains("2023-10-20"));
    assert_eq!(days("双十一", "10月21日|1000|10|100"), "Unreadable(NoYear)");
}
