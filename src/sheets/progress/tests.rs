//! The sheet shows what the analysis found, and another engine agrees.
#![allow(clippy::unwrap_used)]

use chrono::NaiveDate;

use crate::campaign::fixture::{
    Cell, blank, choice, date, list, measure, moment, number, records, target, text,
};
use crate::catalogue::record::{Records, Value};
use crate::cell::CellRef;
use crate::metrics::schedule::State;
use crate::page::Page;
use crate::quantity::Period;
use crate::sheets::recalc;
use crate::sheets::fixture::{pages, reviewed_on};
use crate::xlsx::write::{WriteOptions, write};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A campaign like that of D1, half way through.
fn campaign() -> Records {
    let task = |code: &str, phase: &str, action: &str, owner: &str, days: [&str; 2], before: &[&str]| {
        [
            ("code", text(code)),
            ("phase", text(phase)),
            ("action", text(action)),
            ("owner", text(owner)),
            ("start", date(days[0])),
            ("end", date(days[1])),
            ("predecessors", list(before)),
        ]
    };
    let progress = |code: &str, status: &str, done: Cell, actual: Cell, expected: Cell, reason: &str| {
        [
            ("code", text(code)),
            ("status", choice(status)),
            ("done", done),
            ("actual_end", actual),
            ("expected_end", expected),
            ("reason", text(reason)),
        ]
    };
    let monitored = |day: u32, exposure: f64, clicks: f64, orders: f64, sales: f64| {
        [
            ("date", date(&format!("2024-10-{day:02}"))),
            ("exposure", number(exposure)),
            ("clicks", number(clicks)),
            ("conversions", number(orders)),
            ("sales", number(sales)),
            ("anomaly", if day == 8 { text("点击率低于目标值3个百分点") } else { blank() }),
        ]
    };
    let days: Vec<_> = (1..=12)
        .map(|day| {
            let swing = f64::from((day * 7) % 5);
            let burst = if day == 8 { 1.6 } else { 1.0 };
            let exposure = (900_000.0 + 20_000.0 * swing) * burst;
            let clicks = if day == 8 { exposure * 0.05 } else { exposure * 0.078 };
            monitored(day, exposure, clicks.round(), (clicks * 0.12).round(), (260_000.0 + 9_000.0 * swing) * burst)
        })
        .collect();
    let days: Vec<&[(&str, Cell)]> = days.iter().map(|row| &row[..]).collect();
    let phase = |name: &str, days: [&str; 2], core: &str| {
        [("phase", text(name)), ("start", date(days[0])), ("end", date(days[1])), ("action", text(core))]
    };
    let approval = |item: &str, from: &str, to: Cell, how: &str| {
        [
            ("item", text(item)),
            ("submitted", date(from)),
            ("approver", text("周岚")),
            ("approved", to),
            ("conclusion", choice(how)),
        ]
    };
    let risk = |kind: &str, risk: &str, probability: &str, impact: &str, response: &str| {
        [
            ("type", text(kind)),
            ("risk", text(risk)),
            ("probability", choice(probability)),
            ("impact", choice(impact)),
            ("response", text(response)),
            ("owner", text("陈默")),
        ]
    };
    let incident = |risk: &str, level: &str, from: &str, to: Cell| {
        [
            ("risk", text(risk)),
            ("level", choice(level)),
            ("occurred", moment(from)),
            ("solved", to),
            ("affected", number(120.0)),
            ("response", text("技术部排查修复，客服部补偿用户50元券")),
            ("owner", text("技术部")),
        ]
    };
    let service = |module: &str, name: &str, asked: f64, reached: f64| {
        [("module", choice(module)), ("name", text(name)), ("target", target(asked)), ("actual", measure(reached))]
    };
    records(&[
        ("basics", &[&[
            ("name", text("新品上市活动")),
            ("period", Some(Value::Period(Period { start: day("2024-10-01"), end: day("2024-10-30") }))),
            ("filled_on", date("2024-11-01")),
        ]]),
        ("kpi", &[
            &[("name", text("销售额")), ("target", target(8_000_000.0))],
            &[("name", text("点击率")), ("target", target(0.08))],
        ]),
        ("phases", &[
            &phase("预热期", ["2024-10-01", "2024-10-07"], "悬念海报、KOL种草"),
            &phase("爆发期", ["2024-10-08", "2024-10-15"], "满减活动、直播带货"),
            &phase("收尾期", ["2024-10-16", "2024-10-30"], "调研问卷、复购券"),
        ]),
        ("approvals", &[
            &approval("方案初审", "2024-09-20", date("2024-09-24"), "approved"),
            &approval("预算评审", "2024-09-27", date("2024-10-09"), "amended"),
            &approval("复盘报告评审", "2024-10-11", blank(), "approved"),
        ]),
        ("tasks", &[
            &task("T001", "预热期", "悬念海报设计", "设计部", ["2024-10-01", "2024-10-03"], &[]),
            &task("T002", "预热期", "KOL种草视频发布", "推广部", ["2024-10-05", "2024-10-07"], &["T001"]),
            &task("T003", "爆发期", "满减活动上线", "技术部", ["2024-10-08", "2024-10-08"], &["T002"]),
            &task("T004", "爆发期", "直播带货", "电商部", ["2024-10-08", "2024-10-15"], &["T003"]),
            &task("T005", "收尾期", "用户调研问卷发放与回收统计", "用户运营", ["2024-10-16", "2024-10-25"], &["T004"]),
            &task("T006", "爆发期", "门店物料补货", "线下", ["2024-10-09", "2024-10-14"], &[]),
            &task("T007", "收尾期", "线下快闪第二场", "线下", ["2024-10-18", "2024-10-20"], &[]),
        ]),
        ("progress", &[
            &progress("T001", "done", number(1.0), date("2024-10-03"), blank(), ""),
            &progress("T002", "late", number(0.6), blank(), date("2024-10-14"), "档期冲突"),
            &progress("T003", "done", number(1.0), date("2024-10-09"), blank(), "资源不足"),
            &progress("T004", "doing", number(0.5), blank(), blank(), ""),
            &progress("T006", "not-started", blank(), blank(), blank(), ""),
            &progress("T007", "cancelled", blank(), blank(), blank(), ""),
        ]),
        ("risk_plan", &[
            &risk("技术", "优惠券无法领取", "high", "high", "备用服务器，2小时内修复"),
            &risk("库存", "库存短缺", "medium", "high", "提前确认安全库存，设置预售"),
            &risk("流量", "曝光量不足", "medium", "medium", "追加20%社交媒体预算"),
        ]),
        ("risk_log", &[
            &incident("活动页面无法领取优惠券", "major", "2024-10-08T10:30:00", moment("2024-10-08T12:00:00")),
            &incident("快递爆仓", "larger", "2024-10-10T09:00:00", moment("2024-10-11T15:20:00")),
        ]),
        ("daily", &days),
        ("staffing", &[
            &[("link", text("客服")), ("planned_heads", number(4.0)), ("actual_heads", number(3.0)), ("verdict", choice("short"))],
            &[("link", text("设计")), ("planned_heads", number(2.0)), ("actual_heads", number(2.0)), ("verdict", choice("right"))],
        ]),
        ("service", &[
            &service("service", "30秒应答率", 0.9, 0.81),
            &service("service", "投诉量", 30.0, 42.0),
            &service("tech", "支付成功率", 0.99, 0.995),
        ]),
    ])
}

fn row_of(page: &Page, col: u32, from: u32, text: &str) -> u32 {
    let holds = |row: &u32| {
        let cell = page.cells.get(&CellRef::new(*row, col));
        cell.is_some_and(|cell| cell.show.value().text().is_some_and(|t| t == text))
    };
    (from..500).find(holds).unwrap_or_else(|| panic!("no row {text}"))
}

fn value(page: &Page, row: u32, col: u32) -> Option<f64> {
    page.cells.get(&CellRef::new(row, col)).and_then(|cell| cell.show.value().number())
}

fn word(page: &Page, row: u32, col: u32) -> String {
    let cell = page.cells.get(&CellRef::new(row, col));
    cell.and_then(|cell| cell.show.value().text().map(str::to_owned)).unwrap_or_default()
}

#[test]
fn the_sheet_shows_what_the_analysis_found() {
    let review = reviewed_on(campaign(), day("2024-10-13"));
    let pages = pages(&review);
    let page = pages.iter().find(|page| &*page.name == "进度与风险").unwrap();
    let schedule = &review.analysis.schedule;
    let top = row_of(page, 0, 0, "任务编号");
    assert_eq!(value(page, top - 2, 0), schedule.completion.value());
    assert_eq!(value(page, top - 2, 2), schedule.on_time.value());
    assert_eq!(value(page, top - 2, 4), schedule.progress.value());
    let chain = schedule.chain.as_ref().unwrap();
    assert_eq!(value(page, top - 2, 10), chain.days.value());
    let states = ["已完成", "逾期", "延期完成", "进行中", "未填报", "应开始未开始", "已取消"];
    for ((row, task), state) in (top + 1..).zip(&schedule.tasks).zip(states) {
        assert_eq!(word(page, row, 10), state, "{}", task.code);
        assert_eq!(value(page, row, 11), task.delay.value(), "{}", task.code);
        assert_eq!(value(page, row, 12), task.slip.value(), "{}", task.code);
        assert_eq!(value(page, row, 13), task.overrun.value(), "{}", task.code);
    }
    assert!(schedule.tasks.iter().any(|task| task.state == State::Unknown));
    let top = row_of(page, 0, top, "审批事项");
    for (row, wait) in (top + 1..).zip(&schedule.approvals.each) {
        assert_eq!(value(page, row, 6), wait.days.value(), "{}", wait.name);
    }
    let risk = &review.analysis.risk;
    let top = row_of(page, 1, top, "风险");
    let levels: Vec<String> = (top + 1..top + 4).map(|row| word(page, row, 4)).collect();
    assert_eq!(levels, ["重大", "较大", "一般"]);
    let heat = row_of(page, 1, top, "概率 ↓ 影响 →");
    let counts: Vec<f64> = (1..4).flat_map(|row| (2..5).filter_map(move |col| value(page, heat + row, col))).collect();
    assert_eq!(counts, [0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0]);
    let top = row_of(page, 1, heat, "情况");
    for (row, incident) in (top + 1..).zip(&risk.incidents) {
        assert_eq!(value(page, row, 6), incident.hours.value());
    }
    let daily = &review.analysis.daily;
    let top = row_of(page, 1, top, "异常说明");
    for (row, day) in (top + 1..).zip(&daily.days) {
        assert_eq!(value(page, row, 4), day.ctr.value(), "{}", day.date);
        assert_eq!(value(page, row, 6), day.relative.value(), "{}", day.date);
        assert_eq!(value(page, row, 12), day.deviation.value(), "{}", day.date);
        let odd = [14, 7, 10, 13].iter().filter(|col| !word(page, row, **col).is_empty()).count();
        assert_eq!(odd, day.anomalies.len(), "{}", day.date);
    }
    let pace = daily.pace.as_ref().unwrap();
    let row = row_of(page, 0, top, "累计进度比（对照均匀进度）");
    assert_eq!(value(page, row, 2), pace.pace.value());
    let services = &review.analysis.people.services;
    let top = row_of(page, 1, row, "指标");
    for (row, level) in (top + 1..).zip(services) {
        assert_eq!(value(page, row, 7), level.completion.value());
    }
}

#[test]
fn another_engine_computes_the_same() {
    let review = reviewed_on(campaign(), day("2024-10-13"));
    let package = write(&pages(&review), &WriteOptions::default()).unwrap();
    if let Some(folder) = std::env::var_os("FUPAN_SHOW") {
        std::fs::write(std::path::Path::new(&folder).join("progress.xlsx"), &package.package).unwrap();
    }
    recalc::assert_recalculates(&[("progress", &package.package)]);
}

#[test]
fn a_campaign_without_these_tables_has_no_such_sheet() {
    let review = reviewed_on(records(&[]), day("2024-10-13"));
    assert!(pages(&review).iter().all(|page| &*page.name != "进度与风险"));
}
