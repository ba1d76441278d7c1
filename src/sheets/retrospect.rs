//! The campaign of [`super::fixture`] with goals, problems, voices and plans
//! filled in too, for tests.
#![allow(clippy::unwrap_used)]

use chrono::NaiveDate;

use super::fixture::festival;
use crate::campaign::fixture::{Cell, Row, blank, choice, measure, number, records, target, text};
use crate::catalogue::record::{Records, Value};

/// A row as written here.
type Line = Vec<(&'static str, Cell)>;

fn tags(tags: &[&str]) -> Cell {
    Some(Value::List(tags.iter().map(|tag| (*tag).to_owned()).collect()))
}

fn day(day: u32) -> Cell {
    Some(Value::Date(NaiveDate::from_ymd_opt(2025, 1, day).unwrap()))
}

fn yes(yes: bool) -> Cell {
    Some(Value::YesNo(yes))
}

/// Gaps, blanks and shared causes included.
pub fn retrospect() -> Records {
    let mut all = festival();
    let kpi = |name: &str, kind: &str, level: f64| {
        vec![
            ("type", choice(kind)),
            ("class", choice("business")),
            ("name", text(name)),
            ("target", target(level)),
        ]
    };
    let result = |name: &str, actual: Cell, reason: &str| {
        vec![("name", text(name)), ("actual", actual), ("reason", text(reason))]
    };
    let problem = |code: &str, class: &str, description: &str, root: &str, recurring: Cell| {
        vec![
            ("code", text(code)),
            ("class", choice(class)),
            ("description", text(description)),
            ("root", text(root)),
            ("impact", choice("high")),
            ("dept", text("市场部")),
            ("recurring", recurring),
        ]
    };
    let said = |channel: &str, object: &str, content: &str, labels: &[&str], count: Cell, score: Cell| {
        vec![
            ("channel", text(channel)),
            ("object", text(object)),
            ("content", text(content)),
            ("tags", tags(labels)),
            ("count", count),
            ("satisfaction", score),
        ]
    };
    let score = |dimension: &str, score: Cell, remark: &str| {
        vec![("dimension", text(dimension)), ("score", score), ("remark", text(remark))]
    };
    let lesson = |kind: &str, content: &str, evidence: &str, advice: &str| {
        vec![
            ("kind", choice(kind)),
            ("content", text(content)),
            ("evidence", text(evidence)),
            ("scope", text("大促预热期")),
            ("advice", text(advice)),
        ]
    };
    let action = |code: &str, action: &str, problem: &str, difficulty: &str, due: Cell| {
        vec![
            ("code", text(code)),
            ("action", text(action)),
            ("problem", text(problem)),
            ("owner", text("高远")),
            ("dept", text("市场部")),
            ("due", due),
            ("standard", text(if code == "A01" { "支付转化率不低于 7%" } else { "交接零遗漏" })),
            ("impact", choice("high")),
            ("difficulty", choice(difficulty)),
            ("status", choice("not-started")),
        ]
    };
    let channel = |name: &str, budget: f64, asked: f64, spend: f64, conversions: f64| {
        vec![
            ("channel", text(name)),
            ("budget", number(budget)),
            ("spend", number(spend)),
            ("conversions", number(conversions)),
            ("sales", number(conversions * 160.0)),
            ("target", target(asked)),
        ]
    };
    let process: Vec<Line> = vec![
        vec![
            ("dimension", choice("people")),
            ("kind", choice("problem")),
            ("description", text("主播到岗晚了两小时")),
            ("why1", text("排班表没确认")),
            ("why2", text("接口人换了没人知道")),
            ("why3", text("没有交接清单")),
            ("why4", blank()),
            ("why5", blank()),
            ("root", text("跨部门交接没有清单")),
        ],
        vec![
            ("dimension", choice("product")),
            ("kind", choice("highlight")),
            ("description", text("轻薄羽绒服卖断码")),
            ("why1", blank()),
            ("why2", blank()),
            ("why3", blank()),
            ("why4", blank()),
            ("why5", blank()),
            ("root", blank()),
        ],
    ];
    let summary = vec![
        ("overview", text("双十二大促历时 11 天，覆盖线上 4 个渠道和 12 家门店。\n主推轻薄羽绒服。")),
        ("advice", text("下期提前两周锁定主播和素材，渠道预算按投产比分配。")),
        ("signature", text("高远")),
    ];
    let tables: Vec<(&str, Vec<Line>)> = vec![
        (
            "kpi",
            vec![
                kpi("活动销售额", "result", 2_000_000.0),
                kpi("访客数", "process", 200_000.0),
                kpi("支付转化率", "process", 0.05),
                kpi("新增会员", "result", 8_000.0),
            ],
        ),
        (
            "results",
            vec![
                result("活动销售额", measure(1_480_000.0), "渠道流量不足"),
                result("访客数", measure(186_000.0), ""),
                result("支付转化率", measure(0.04), "运费在最后一步才出现"),
                result("新增会员", measure(8_630.0), ""),
            ],
        ),
        (
            "channels",
            vec![
                channel("抖音信息流", 180_000.0, 6_000.0, 200_000.0, 6_705.0),
                channel("小红书种草", 70_000.0, 900.0, 60_000.0, 600.0),
                channel("楼宇广告", 50_000.0, 400.0, 50_000.0, 110.0),
            ],
        ),
        ("process", process),
        (
            "problems",
            vec![
                problem("W01", "execution", "预热素材晚到两天", "跨部门交接没有清单", yes(true)),
                problem("W02", "execution", "尾款短信漏发", "跨部门的交接没有清单", yes(false)),
                problem("W03", "strategy", "运费门槛吓退用户", "没有测试过运费门槛", blank()),
                problem("W04", "resource", "客服高峰排队", "高峰排班靠经验", yes(false)),
            ],
        ),
        (
            "experience",
            vec![
                lesson("failure", "运费门槛没有先测试", "支付环节多流失 8%", "先在两家门店测一周"),
                lesson("success", "老客提前一天领专属券", "首日锁单占三成", "固定为大促标准动作"),
            ],
        ),
        (
            "feedback",
            vec![
                said("客服", "物流", "三天还没发货", &["物流慢"], number(46.0), number(2.0)),
                said("评论", "活动规则", "凑单看不懂", &["规则复杂", "凑单难"], number(31.0), number(2.5)),
                said("社群", "客服", "回复很快", &["客服热情"], number(22.0), number(4.8)),
                said("评论", "物流", "包装破了", &["包装破损", "物流慢"], blank(), blank()),
            ],
        ),
        (
            "teamwork",
            vec![
                score("沟通效率", number(4.2), "每日站会有效"),
                score("响应速度", number(3.1), "跨部门当天没回音"),
                score("目标一致", blank(), ""),
            ],
        ),
        (
            "actions",
            vec![
                action("A01", "上线结算页运费提示并做 A/B 测试", "W03", "low", day(5)),
                action("A02", "建立跨部门交接清单", "W01", "medium", day(20)),
            ],
        ),
        ("summary", vec![summary]),
    ];
    for (id, lines) in &tables {
        let rows: Vec<Row<'_>> = lines.iter().map(Vec::as_slice).collect();
        all.tables.extend(records(&[(*id, &rows)]).tables);
    }
    all
}
