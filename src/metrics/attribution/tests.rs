#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::campaign::fixture::{Cell, blank, measure, number, records, target, text};
use crate::metrics::Analysis;
use crate::metrics::fixture::analysed;

fn states(levels: &[(Level, f64, f64)]) -> Vec<State> {
    let state = |(level, from, to): &(Level, f64, f64)| State {
        level: *level,
        from: Expr::Num(*from),
        to: Expr::Num(*to),
    };
    levels.iter().map(state).collect()
}

fn goals(goals: &[(&str, f64, Cell)]) -> Analysis {
    let kpis: Vec<[(&str, Cell); 2]> =
        goals.iter().map(|(name, asked, _)| [("name", text(name)), ("target", target(*asked))]).collect();
    let results: Vec<[(&str, Cell); 2]> =
        goals.iter().map(|(name, _, actual)| [("name", text(name)), ("actual", actual.clone())]).collect();
    let kpis: Vec<&[(&str, Cell)]> = kpis.iter().map(|row| &row[..]).collect();
    let results: Vec<&[(&str, Cell)]> = results.iter().map(|row| &row[..]).collect();
    analysed(records(&[("kpi", &kpis), ("results", &results)]))
}

fn near(found: Option<f64>, expected: f64) {
    let found = found.unwrap();
    assert!((found - expected).abs() <= 1e-6 * expected.abs().max(1.0), "{found} {expected}");
}

#[test]
fn two_factors_that_fall_alike_share_the_gap() {
    let levels = states(&[(Level::Buyers, 1_000.0, 900.0), (Level::Sales, 1_000_000.0, 810_000.0)]);
    for part in contributions(&levels) {
        near(part.number(), -95_000.0);
    }
}

#[test]
fn equal_ends_leave_no_gap_but_opposite_parts() {
    let levels = states(&[(Level::Buyers, 100.0, 200.0), (Level::Sales, 1_000.0, 1_000.0)]);
    let parts: Vec<f64> = contributions(&levels).iter().map(|part| part.number().unwrap()).collect();
    near(Some(parts[0]), 1_000.0 * 2f64.ln());
    near(Some(parts[0] + parts[1]), 0.0);
}

#[test]
fn goals_make_a_chain_from_rates_and_prices_too() {
    // 100,000 visitors × 5% × 200 yuan asked for; 80,000 × 4% × 225 reached.
    let found = goals(&[
        ("活动销售额", 1_000_000.0, measure(720_000.0)),
        ("访客数", 100_000.0, measure(80_000.0)),
        ("支付转化率", 0.05, measure(0.04)),
    ]);
    let split = &found.attribution.splits[0];
    let ids: Vec<&str> = (0..3).map(|i| split.factor_id(i)).collect();
    assert_eq!(ids, ["visitors", "conversion_rate", "buyer_value"]);
    near(split.gap.number(), -280_000.0);
    near(Some(split.parts.iter().map(|part| part.value().unwrap()).sum()), -280_000.0);
    // Visitors and conversion fall alike, the price makes up for a part.
    near(split.parts[0].value(), split.parts[1].value().unwrap());
    assert!(split.parts[2].value().unwrap() > 0.0);
    assert!(split.largest().is_some());
}

#[test]
fn sales_alone_explain_nothing() {
    assert!(goals(&[("销售额", 100.0, measure(80.0))]).attribution.splits.is_empty());
    let found = goals(&[("销售额", 100.0, measure(80.0)), ("访客数", 10.0, blank())]);
    assert!(found.attribution.splits.is_empty());
}

#[test]
fn before_and_during_are_compared_by_the_day() {
    let line = |name: &str, before: f64, during: f64| {
        [("name", text(name)), ("before", measure(before)), ("during", measure(during))]
    };
    let rows = [
        line("统计天数", 10.0, 5.0),
        line("销售额", 1_000.0, 1_000.0),
        line("访客数", 100.0, 100.0),
        line("成交人数", 10.0, 10.0),
    ];
    let rows: Vec<&[(&str, Cell)]> = rows.iter().map(|row| &row[..]).collect();
    let found = analysed(records(&[("sales", &rows)]));
    let split = &found.attribution.splits[0];
    assert_eq!(split.against, Against::Before);
    // Twice as much a day, all of it from twice the visitors.
    near(split.gap.number(), 100.0);
    near(split.parts[0].value(), 100.0);
    near(split.parts[1].value(), 0.0);
    assert_eq!(split.largest().unwrap().0, 0);
}

fn channels(rows: &[[f64; 4]]) -> Analysis {
    let rows: Vec<[(&str, Cell); 5]> = rows
        .iter()
        .zip(["抖音", "小红书", "微信", "搜索", "社群", "门店"])
        .map(|([budget, asked, spend, conversions], name)| {
            [
                ("channel", text(name)),
                ("budget", number(*budget)),
                ("target", target(*asked)),
                ("spend", number(*spend)),
                ("conversions", number(*conversions)),
            ]
        })
        .collect();
    let rows: Vec<&[(&str, Cell)]> = rows.iter().map(|row| &row[..]).collect();
    analysed(records(&[("channels", &rows)]))
}

#[test]
fn money_moved_to_a_worse_channel_shows_as_mix() {
    // Planned 0.2 and 0.1 a yuan; 10,000 yuan moved from the better to the worse.
    let found = channels(&[[50_000.0, 10_000.0, 40_000.0, 8_000.0], [50_000.0, 5_000.0, 60_000.0, 6_000.0]]);
    let mix = found.attribution.mix.unwrap();
    let effects: Vec<f64> = mix.effects.iter().map(|effect| effect.value().unwrap()).collect();
    near(Some(effects[0]), 0.0);
    near(Some(effects[1]), -1_000.0);
    near(Some(effects[2]), 0.0);
    near(mix.gap.number(), -1_000.0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn parts_sum_to_the_gap(chain in proptest::collection::vec((1e-3f64..1e9, 1e-3f64..1e9), 1..6)) {
        let levels: Vec<(Level, f64, f64)> =
            chain.iter().map(|(from, to)| (Level::Sales, *from, *to)).collect();
        let levels = states(&levels);
        let sum: f64 = contributions(&levels).iter().map(|part| part.number().unwrap()).sum();
        let whole = levels.last().unwrap();
        let (from, to) = (whole.from.number().unwrap(), whole.to.number().unwrap());
        prop_assert!((sum - (to - from)).abs() <= 1e-9 * from.max(to));
    }

    #[test]
    fn effects_sum_to_the_gap(rows in proptest::collection::vec(
        [1.0f64..1e7, 0.0f64..1e6, 0.0f64..1e7, 0.0f64..1e6], 2..6,
    )) {
        let mix = channels(&rows).attribution.mix.unwrap();
        let sum: f64 = mix.effects.iter().map(|effect| effect.value().unwrap()).sum();
        let scale: f64 = mix.effects.iter().map(|effect| effect.value().unwrap().abs()).sum();
        prop_assert!((sum - mix.gap.number().unwrap()).abs() <= 1e-9 * scale.max(1.0));
    }
}
