//! Whole workbooks through reading and every rule: what D1 must be told, and that a clean one is told nothing.

use super::fixture::{Sheets, line, sheets};
use crate::diagnostic::Severity;

fn worse_than_notes(sheets: &Sheets) -> Vec<String> {
    sheets.review().iter().filter(|finding| finding.severity > Severity::Note).map(line).collect()
}

/// D1 as it stands in the document, with its incident, its slip and its added 10 万 in their tables.
fn d1() -> Sheets {
    sheets()
        .form("basics", &[
            ("name", "2024年Q4新品上市活动"),
            ("kind", "新品发布"),
            ("period", "2024-10-01~2024-10-30"),
            ("goals", "首月销售额500万元，新客转化率≥15%"),
            ("audience", "Z世代"),
            ("budget", "340000"),
            ("owner", "高远"),
            ("participants", "市场部、技术部"),
        ])
        .list("kpi", "type name definition logic target source owner", &[
            "结果指标|销售额|活动期间产品总成交金额|∑(订单数×客单价)|500万元|ERP系统、电商平台后台|高远",
            "结果指标|新客转化率|新用户占活动总成交用户的比例|新客成交数/总成交用户数|≥15%|CRM系统、用户画像平台|高远",
            "过程指标|活动曝光量|活动内容触达用户总次数|各渠道曝光量之和|1000万次|广告平台、线下点数统计|高远",
            "过程指标|用户参与率|参与活动互动的用户数/活动触达用户数|互动用户数/曝光用户数|≥8%|活动后台、用户行为日志|高远",
        ])
        .list("phases", "phase start end action", &[
            "预热期|2024-10-01|2024-10-07|发布悬念海报", "爆发期|2024-10-08|2024-10-15|满减、直播带货", "收尾期|2024-10-16|2024-10-30|推送复购优惠券",
        ])
        .list("budget", "type item unit_price quantity total supplier remark", &[
            "人力资源|活动策划人员|15000/人/月|2人|30000|内部团队|含方案撰写、进度管理",
            "物料资源|线下快闪店搭建|80000/场|2场|160000|*展览公司|含场地租赁、物料制作",
            "推广资源|社交媒体广告投放|20CPM|500万次|100000|*广告平台|聚焦抖音、小红书",
            "其他资源|应急备用金|-|-|50000|-|占总预算5%，应对突发",
        ])
        .list("tasks", "code phase module action owner depts start end deliverable standard", &[
            "T001|预热期|社交媒体推广|悬念海报设计|设计部*|市场部|2024-10-01|2024-10-03|海报设计稿|3版符合品牌调性，突出活动主题",
            "T002|预热期|社交媒体推广|KOL种草视频发布|推广部*|市场部|2024-10-05|2024-10-07|视频发布及数据|10位KOL全部发布，总播放量≥50万",
            "T003|爆发期|电商平台活动|满减活动上线|技术部*|电商部|2024-10-08|2024-10-08|活动页面正常运行|用户可正常领取优惠券，下单核销",
        ])
        .list("progress", "code status actual_start actual_end expected_end reason adjustment", &[
            "T001|已完成|2024-10-01|2024-10-03|||", "T002|延期|2024-10-05||10-09|档期冲突|协调备用KOL", "T003|已完成|2024-10-08|2024-10-08|||",
        ])
        .list("risk_log", "risk level occurred response result solved owner improvement", &[
            "活动页面无法领取优惠券|较大|2024-10-08 10:30|技术部排查修复（1.5小时），客服部补偿用户50元券|页面恢复，用户投诉率下降至0.5%|2024-10-08 12:00|技术部*|增加活动前压力测试环节",
        ])
        .list("daily", "date exposure clicks ctr cvr sales anomaly advice", &[
            "2024-10-08|120万|6万|5.0%|12%|35万|点击率低于目标值（8%）3个百分点|优化推广素材，突出活动利益点",
        ])
        .list("results", "name target actual completion source reason", &[
            "销售额|500万元|520万元|104%|ERP系统|超额完成，主因爆发期直播带货转化超预期",
            "新客转化率|≥15%|18%|120%|CRM系统|裂变活动带来新客占比提升",
            "活动曝光量|1000万次|950万次|95%|广告平台+线下统计|社交媒体曝光不足，线下超预期",
        ])
        .list("marginal", "batch date spend revenue", &["新素材测试|2024-10-09|10万|30万"])
}

#[test]
fn d1_is_told_what_it_must_be_told_and_nothing_else() {
    assert_eq!(
        worse_than_notes(&d1()),
        [
            "reserve-share-mismatch budget!G5",
            "kpi-without-result kpi!B5",
            "task-outside-phase progress!E3",
            "increment-over-reserve marginal!C2",
        ]
    );
    let notes: Vec<String> =
        d1().review().iter().filter(|finding| finding.severity == Severity::Note).map(line).collect();
    assert!(notes.contains(&"months-assumed budget!D2".to_owned()), "{notes:#?}");
    assert!(notes.contains(&"task-incident-contradiction progress!B4".to_owned()), "{notes:#?}");
}

/// A campaign that went as campaigns go, filled in with care.
fn clean() -> Sheets {
    sheets()
        .form("basics", &[
            ("code", "C2024-11"),
            ("name", "秋季洗护促销"),
            ("kind", "促销活动"),
            ("period", "2024-10-18~2024-10-20"),
            ("goals", "销售额100万元，新增会员5000人"),
            ("audience", "18-35岁女性"),
            ("budget", "20万元"),
            ("owner", "高远"),
            ("participants", "市场部（高远）、数据部（陈静）"),
        ])
        .list("team", "role name dept duty", &["活动负责人|高远|市场部|统筹", "数据分析师|陈静|数据部|取数"])
        .list("materials", "class name ready provider", &["策略类|营销策划案|是|市场部", "数据类|客服反馈记录|是|客服部"])
        .list("kpi", "type name target baseline direction weight source owner", &[
            "结果指标|销售额|100万元|80万元|越大越好|40%|ERP|高远",
            "结果指标|新增会员|5000人||越大越好|30%|CRM|陈静",
            "过程指标|活动曝光量|300万次||越大越好|20%|广告平台|陈静",
            "过程指标|获客成本|≤30元|||10%|财务|高远",
        ])
        .list("phases", "phase start end resources", &["预热期|2024-10-15|2024-10-17|广告位", "爆发期|2024-10-18|2024-10-20|广告位、赠品"])
        .list("budget", "type item unit_price quantity total actual variance execution remark", &[
            "推广资源|广告位投放|20CPM|500万次|100000|98000|-2000|98%|",
            "物料资源|赠品|10元/份|5000份|50000|57000|7000|114%|加赠一批",
            "人力资源|直播主播|3000元/人/天|5人*2天|30000|30000|0|100%|",
            "其他资源|应急备用金|||20000|0|-20000|0%|占总预算10%",
        ])
        .list("approvals", "item submitted approver approved conclusion", &["预算评审|2024-10-08|王磊|2024-10-09|通过"])
        .list("tasks", "code phase action owner start end predecessors deliverable standard", &[
            "T01|预热期|海报设计|设计部|2024-10-15|2024-10-16||海报3版|通过品牌审核",
            "T02|爆发期|满减活动上线|技术部|2024-10-18|2024-10-18|T01|活动页面|可领券下单",
        ])
        .list("progress", "code status done actual_start actual_end reason", &[
            "T01|已完成|100%|2024-10-15|2024-10-16|", "T02|已完成|100%|2024-10-18|2024-10-18|",
        ])
        .list("risk_log", "risk level occurred response solved affected owner", &[
            "仓库发货延迟|一般|2024-10-19 14:00|增派人手|2024-10-19 18:00|200|王磊",
        ])
        .list("daily", "date exposure clicks ctr conversions cvr orders spend sales", &[
            "2024-10-18|120万|6万|5.0%|3000|5%|3100|40000|40万",
            "2024-10-19|110万|5.5万|5.0%|2750|5%|2800|30000|35万",
            "2024-10-20|100万|5万|5.0%|2400|4.8%|2500|28000|29万",
        ])
        .list("results", "name dimension member target actual completion outcome source reason", &[
            "销售额|整体||100万元|104万元|104%|超额完成|ERP|直播转化高",
            "新增会员|整体||5000人|4000人|80%|未完成|CRM|入会引导不明显",
            "活动曝光量|整体||300万次|330万次|110%|超额完成|广告平台|",
            "获客成本|整体||≤30元|32.5元|91.7%|基本完成|财务|素材前期点击率低",
            "销售额|渠道|抖音|60万元|64万元|106.7%|超额完成|ERP|",
        ])
        .list("channels", "channel kind budget spend exposure clicks conversions new_customers sales source ROI 花费占比", &[
            "抖音|线上|60000|59000|200万|10万|5000|2000|64万|巨量引擎|10.8|60.2%",
            "小红书|线上|40000|39000|130万|6.5万|3150|1000|40万|聚光|10.3|39.8%",
            "合计||100000|98000|330万|16.5万|8150|3000|104万|||",
        ])
        .list("funnel", "order stage count target_rate step_rate drop_rate", &[
            "1|曝光|330万|||", "2|点击|16.5万|5%|5%|95%", "3|支付|8150|5%|4.9%|95.1%",
        ])
        .list("sales", "name before during after last_year daily_growth", &[
            "统计天数|30|3|7|3|", "销售额|260万元|104万元|50万元|80万元|300%", "订单量|20000|8400|4000|6000|320%",
            "成交人数|18000|8150|3800|5500|", "新客成交人数|4000|3000|900|1500|", "老客成交人数|14000|5150|2900|4000|",
        ])
        .list("categories", "name position before during units stock_start stock_end", &[
            "洗护|主推款|160万|70万|6000|9000|3000", "彩妆|引流款|100万|34万|2400|4000|1600",
        ])
        .list("promotions", "name kind issued claimed redeemed sales cost", &["跨店满减|满减|10000|8000|3000|40万|30000"])
        .list("marginal", "batch channel date spend revenue", &["第一批|抖音|2024-10-19|10000|60000"])
        .list("problems", "code class description evidence root impact dept", &[
            "P1|执行落地|新增会员差1000人|入会页转化率12%|入会按钮在第二屏|高|运营部",
        ])
        .list("experience", "kind content evidence scope", &[
            "可复制的成功经验|直播间限时秒杀|转化率25%|大促", "失败教训|入会引导太晚|完成80%|会员活动",
        ])
        .list("actions", "code action problem owner due standard baseline target impact difficulty status done_on verification", &[
            "A1|入会按钮移到首屏|P1|高远|2024-10-28|入会页转化率20%|12%|20%|高|低|已完成|2024-10-28|21%",
            "A2|仓库备货提前3天|P1|陈静|2024-11-20|发货时长24小时内|36小时|24小时内|中|中|进行中||",
        ])
        .form("summary", &[
            ("overview", "秋季洗护促销三天"),
            ("goals", "销售额104%、新增会员80%、曝光量110%"),
            ("data", "销售额104万元，投产比10.6"),
            ("verdict", "基本成功"),
        ])
}

#[test]
fn a_clean_workbook_is_told_nothing_worse_than_a_note() {
    assert_eq!(worse_than_notes(&clean()), Vec::<String>::new());
}

#[test]
fn an_empty_workbook_is_told_nothing_by_rules() {
    assert!(sheets().review().iter().all(|finding| finding.code.name == "no-table-recognised"));
}

/// What people type, and what nobody should.
const TYPED: &[&str] = &[
    "",
    "0",
    "-5",
    "1e308",
    "1e-308",
    "520",
    "520万",
    "100%",
    "5.0%",
    "1:3",
    "2024-10-08",
    "9999-12-31",
    "1900-01-01",
    "2024-10-08 10:30",
    "2024-10-01~2024-10-30",
    "T001",
    "T001、T002",
    "≥8%",
    "提升20%",
    "从3秒缩短至1.5秒内",
    "15%-20%",
    "3人*2天",
    "20CPM",
    "15000/人/月",
    "占总预算5%",
    "占%",
    "占总预算．５％",
    "已完成",
    "延期",
    "高",
    "是",
    "统计天数",
    "销售额",
    "应急备用金",
    "问题",
    "/",
    "待定",
    "#DIV/0!",
    "🔴",
    "加强",
    "曝光量",
    "合计",
    "[具体数字]",
];

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]
    #[test]
    fn whatever_is_typed_every_finding_can_be_read(
        seed in proptest::collection::vec(0..TYPED.len(), 120),
        first in 0usize..40,
    ) {
        let catalogue = crate::catalogue::Catalogue::shipped();
        let mut filled = sheets();
        let mut typed = seed.iter().cycle().map(|i| TYPED[*i]);
        for (id, table) in catalogue.tables.iter().cycle().skip(first).take(6) {
            let columns: Vec<&str> = table.columns.iter().map(|column| column.id.as_str()).collect();
            if table.layout == crate::catalogue::Layout::Form {
                let items: Vec<(&str, &str)> = columns.iter().map(|id| (*id, typed.next().unwrap_or(""))).collect();
                filled = filled.form(id, &items);
                continue;
            }
            let rows: Vec<String> =
                (0..4).map(|_| typed.by_ref().take(columns.len()).collect::<Vec<_>>().join("|")).collect();
            filled = filled.list(id, &columns.join(" "), &rows.iter().map(String::as_str).collect::<Vec<_>>());
        }
        for finding in filled.review() {
            for lang in [crate::locale::Lang::Zh, crate::locale::Lang::En] {
                let text = format!("{} {}", finding.message(lang), finding.help(lang));
                proptest::prop_assert!(!text.contains('{') && !text.contains("NaN") && !text.contains("inf"), "{text}");
            }
        }
    }
}
