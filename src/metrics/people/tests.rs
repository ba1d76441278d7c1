//! People by numbers that can be checked by hand.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::campaign::fixture::{blank, choice, measure, number, records, target, text};
use crate::metrics::fixture::analysed;

#[test]
fn staffing_is_compared_where_plan_and_actual_are_known() {
    let n = number;
    let people = analysed(records(&[(
        "staffing",
        &[
            &[
                ("link", text("客服")),
                ("planned_heads", n(4.0)),
                ("actual_heads", n(3.0)),
                ("planned_hours", n(80.0)),
                ("actual_hours", n(100.0)),
            ],
            &[
                ("link", text("设计")),
                ("planned_heads", n(2.0)),
                ("actual_heads", blank()),
                ("planned_hours", blank()),
                ("actual_hours", n(10.0)),
            ],
            &[
                ("link", text("物流")),
                ("planned_heads", n(6.0)),
                ("actual_heads", n(7.0)),
                ("planned_hours", blank()),
                ("actual_hours", blank()),
            ],
        ],
    )]))
    .people;
    let ratios: Vec<_> =
        people.staffing.iter().map(|link| (link.ratios.heads.value(), link.ratios.hours.value())).collect();
    assert_eq!(ratios, [(Some(0.75), Some(1.25)), (None, None), (Some(7.0 / 6.0), None)]);
    assert_eq!(people.staffing_total.heads.value(), Some(1.0));
    assert_eq!(people.staffing_total.hours.value(), Some(1.25));
}

#[test]
fn service_levels_are_goals_with_a_direction() {
    let line = |name: &str, asked: f64, reached| {
        [("module", choice("service")), ("name", text(name)), ("target", target(asked)), ("actual", reached)]
    };
    let services = analysed(records(&[(
        "service",
        &[
            &line("30秒应答率", 0.9, measure(0.81)),
            &line("投诉量", 30.0, measure(42.0)),
            &line("包裹完好率", 0.99, blank()),
        ],
    )]))
    .people
    .services;
    let found: Vec<_> = services.iter().map(|level| (level.direction, level.outcome)).collect();
    assert_eq!(
        found,
        [
            (Direction::Higher, Outcome::Mostly),
            (Direction::Lower, Outcome::Missed),
            (Direction::Higher, Outcome::Unknown),
        ]
    );
    assert!((services[1].completion.value().unwrap() - 0.6).abs() < 1e-12);
}
