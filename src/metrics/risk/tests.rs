//! Risks by numbers that can be checked by hand.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::campaign::fixture::{Cell, blank, choice, moment as at, records, text};
use crate::metrics::fixture::analysed;

fn incident<'a>(risk: &str, level: &str, from: &str, to: Cell) -> [(&'a str, Cell); 4] {
    [("risk", text(risk)), ("level", choice(level)), ("occurred", at(from)), ("solved", to)]
}

#[test]
fn a_level_follows_from_probability_and_impact() {
    use RiskLevel::{Larger, Major, Ordinary};
    for (probability, impact, level) in [
        ("high", "high", Some(Major)),
        ("high", "medium", Some(Larger)),
        ("medium", "high", Some(Larger)),
        ("medium", "medium", Some(Ordinary)),
        ("high", "low", Some(Ordinary)),
        ("low", "high", Some(Ordinary)),
        ("low", "low", Some(Ordinary)),
    ] {
        let row =
            [("risk", text("库存短缺")), ("probability", choice(probability)), ("impact", choice(impact))];
        assert_eq!(
            analysed(records(&[("risk_plan", &[&row])])).risk.planned[0].level,
            level,
            "{probability}{impact}"
        );
    }
    let row = [("risk", text("库存短缺")), ("probability", choice("high")), ("impact", blank())];
    assert_eq!(analysed(records(&[("risk_plan", &[&row])])).risk.planned[0].level, None);
}

#[test]
fn the_incident_of_d1_took_an_hour_and_a_half() {
    let rows = [
        incident("活动页面无法领取优惠券", "larger", "2024-10-08T10:30:00", at("2024-10-08T12:00:00")),
        incident("页面崩溃", "major", "2024-10-08T10:30:00", at("2024-10-08T12:30:00")),
        incident("支付失败", "major", "2024-10-08T23:00:00", at("2024-10-09T01:01:00")),
        incident("投诉", "major", "2024-10-08T23:00:00", blank()),
        incident("缺货", "major", "2024-10-08T23:00:00", at("2024-10-08T22:00:00")),
    ];
    let rows: Vec<&[(&str, Cell)]> = rows.iter().map(|row| &row[..]).collect();
    let found = analysed(records(&[("risk_log", &rows)])).risk.incidents;
    let hours: Vec<_> = found.iter().map(|incident| (incident.hours.value(), incident.promptness)).collect();
    use Promptness::{InTime, TooLong, Unknown};
    assert_eq!(
        hours,
        [
            (Some(1.5), Unknown),
            (Some(2.0), InTime),
            (Some(2.0167), TooLong),
            (None, Unknown),
            (None, Unknown),
        ]
    );
}

#[test]
fn planned_risks_that_happened_are_found_by_their_words() {
    let plan = |risk: &str| [("risk", text(risk))];
    let log = |risk: &str| incident(risk, "larger", "2024-10-08T10:30:00", blank());
    let found = analysed(records(&[
        ("risk_plan", &[&plan("优惠券无法领取"), &plan("库存短缺"), &plan("竞品降价")]),
        (
            "risk_log",
            &[
                &log("活动页面无法领取优惠券"),
                &log("爆款上午十点出现库存短缺，仓库来不及补"),
                &log("快递爆仓"),
            ],
        ),
    ]))
    .risk;
    let plans: Vec<_> = found.incidents.iter().map(|incident| incident.plan).collect();
    assert_eq!(plans, [Some(0), Some(1), None]);
    let happened: Vec<_> = found.planned.iter().map(|plan| plan.happened.clone()).collect();
    assert_eq!(happened, [vec![0], vec![1], vec![]]);
    assert_eq!(found.foreseen.value(), Some(2.0 / 3.0));
    assert_eq!(analysed(records(&[])).risk.foreseen.value(), None);
}
