//! Channels by numbers that can be checked by hand.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::campaign::fixture::{Cell, blank, choice, number, records, text};
use crate::metrics::fixture::analysed;

type Row<'a> = &'a [(&'a str, Cell)];

/// D0's two channels, with the value of a conversion that makes its figures true.
fn d0(unit_value: Cell) -> Channels {
    let row = |name: &str, spend: f64, conversions: f64| {
        [
            ("channel", text(name)),
            ("spend", number(spend)),
            ("conversions", number(conversions)),
            ("unit_value", unit_value.clone()),
            ("sales", blank()),
        ]
    };
    let (a, b) = (row("渠道A", 20_000.0, 12_000.0), row("渠道B", 30_000.0, 15_000.0));
    channels(&[&a, &b])
}

fn channels(rows: &[Row<'_>]) -> Channels {
    analysed(records(&[("channels", rows)])).channels
}

#[test]
fn two_channels_of_the_guide_return_six_and_five_and_the_first_is_fed() {
    let channels = d0(number(10.0));
    let rois: Vec<Option<f64>> = channels.each.iter().map(|channel| channel.roi.value()).collect();
    assert_eq!(rois, [Some(6.0), Some(5.0)]);
    assert_eq!(channels.roi.value(), Some(5.4));
    assert_eq!((channels.best, channels.worst), (Some(0), Some(1)));
    let advice: Vec<Advice> = channels.each.iter().map(|channel| channel.advice).collect();
    assert_eq!(advice, [Advice::Feed, Advice::Keep]);
    let cause = channels.each[0].cause.unwrap();
    assert_eq!((cause.from, cause.to), (Quantity::Spend, Quantity::Conversions));
    assert!((cause.off - (0.6 / 0.54 - 1.0)).abs() < 1e-12);
}

#[test]
fn without_sales_or_the_value_of_a_conversion_there_is_no_return() {
    let channels = d0(blank());
    for channel in &channels.each {
        assert_eq!(channel.roi.value(), None);
        assert_eq!(channel.advice, Advice::Insufficient);
        let blockers: Vec<String> =
            super::super::blockers(&channel.roi.expr).iter().map(|at| at.to_string()).collect();
        assert!(blockers.iter().any(|at| at.starts_with("channels!D")), "{blockers:?}");
        assert!(blockers.iter().any(|at| at.starts_with("channels!E")), "{blockers:?}");
    }
    assert_eq!(channels.roi.value(), None);
}

#[test]
fn rates_and_costs_divide_what_they_say() {
    let n = |n: f64| Expr::Num(n);
    for (name, expr, expected) in [
        ("ctr", ctr(&n(60_000.0), &n(1_200_000.0)), 0.05),
        ("cvr", cvr(&n(1_200.0), &n(60_000.0)), 0.02),
        ("cpm", cpm(&n(100_000.0), &n(5_000_000.0)), 20.0),
        ("cpc", cost_per(&n(20_000.0), &n(40_000.0)), 0.5),
        ("financial", roi(&n(120_000.0), &n(20_000.0), RoiBasis::Financial), 5.0),
    ] {
        assert_eq!(expr.number(), Some(expected), "{name}");
    }
    assert_eq!(ctr(&n(1.0), &n(0.0)).number(), None);
}

#[test]
fn a_sample_too_small_is_not_ranked() {
    let row = |name: &str, spend: f64, exposure: Cell, sales: f64| {
        [
            ("channel", text(name)),
            ("spend", number(spend)),
            ("exposure", exposure),
            ("conversions", blank()),
            ("sales", number(sales)),
        ]
    };
    let rows = [
        row("小钱", 999.0, number(1e6), 1e6),
        row("小曝光", 5_000.0, number(999.0), 1e6),
        row("线下", 5_000.0, blank(), 5_000.0),
        row("够", 1_000.0, number(1_000.0), 3_000.0),
    ];
    let rows: Vec<Row<'_>> = rows.iter().map(|row| &row[..]).collect();
    let channels = channels(&rows);
    let ranks: Vec<Option<usize>> = channels.each.iter().map(|channel| channel.rank).collect();
    assert_eq!(ranks, [None, None, Some(2), Some(1)]);
    assert_eq!((channels.best, channels.worst), (Some(3), Some(2)));
}

#[test]
fn phases_of_a_channel_are_added_up_and_a_missing_part_is_not_zero() {
    let row = |phase: &str, spend: Cell, sales: f64| {
        [
            ("channel", text("抖音")),
            ("phase", text(phase)),
            ("spend", spend),
            ("sales", number(sales)),
            ("conversions", blank()),
        ]
    };
    let two = |second: Cell| {
        channels(&[&row("预热期", number(4_000.0), 8_000.0), &row("爆发期", second, 12_000.0)])
    };
    let whole = two(number(6_000.0));
    assert_eq!(whole.each.len(), 1);
    assert_eq!(whole.each[0].roi.value(), Some(2.0));
    assert_eq!(two(blank()).each[0].roi.value(), None);
}

#[test]
fn the_basis_of_the_return_is_the_one_the_team_chose() {
    let row = [
        ("channel", text("A")),
        ("spend", number(20_000.0)),
        ("sales", number(120_000.0)),
        ("conversions", blank()),
    ];
    for (basis, roi, name, benchmark) in [
        ("revenue", 6.0, "roi", 1.0),
        ("financial", 5.0, "financial-roi", 0.0),
        ("net-profit", 6.0, "roi", 1.0),
    ] {
        let form = [("name", text("活动")), ("roi_basis", choice(basis))];
        let channels = analysed(records(&[("basics", &[&form]), ("channels", &[&row])])).channels;
        assert_eq!(channels.roi.value(), Some(roi), "{basis}");
        assert_eq!(channels.roi.metric.name, name);
        assert_eq!(channels.benchmark.number(), Some(benchmark));
    }
}

#[test]
fn an_interval_is_wide_for_a_small_sample() {
    let policy = Policy::default();
    let (low, high) = interval(&Expr::Num(3.0), &Expr::Num(10.0), &policy);
    assert!((low.number().unwrap() - 0.1078).abs() < 1e-4);
    assert!((high.number().unwrap() - 0.6032).abs() < 1e-4);
    let (low, _) = interval(&Expr::Num(11.0), &Expr::Num(10.0), &policy);
    assert_eq!(low.number(), None, "more hits than trials is no rate");
}

#[test]
fn the_step_where_more_money_stops_paying_is_marked_once() {
    let row = |batch: &str, spend: f64, revenue: f64| {
        [("batch", text(batch)), ("spend", number(spend)), ("revenue", number(revenue))]
    };
    let steps = analysed(records(&[(
        "marginal",
        &[&row("一", 10_000.0, 30_000.0), &row("二", 10_000.0, 8_000.0), &row("三", 5_000.0, 2_500.0)],
    )]))
    .channels
    .marginal;
    let seen: Vec<(Option<f64>, Option<f64>, marginal::Verdict)> =
        steps.iter().map(|step| (step.marginal.value(), step.spent, step.verdict)).collect();
    use marginal::Verdict::{Below, Passed, Pays};
    assert_eq!(
        seen,
        [
            (Some(3.0), Some(10_000.0), Pays),
            (Some(0.8), Some(20_000.0), Passed),
            (Some(0.5), Some(25_000.0), Below)
        ]
    );
}

#[test]
fn a_channel_kept_day_by_day_for_years_is_added_up() {
    let day = [
        ("channel", text("抖音")),
        ("spend", number(10.0)),
        ("sales", number(30.0)),
        ("conversions", blank()),
    ];
    let step = [("batch", text("一")), ("spend", number(10.0)), ("revenue", number(30.0))];
    let (days, steps) = (vec![&day[..]; 4_000], vec![&step[..]; 4_000]);
    let channels = analysed(records(&[("channels", &days), ("marginal", &steps)])).channels;
    assert_eq!(channels.each[0].amounts.spend.number(), Some(40_000.0));
    assert_eq!(channels.roi.value(), Some(3.0));
    assert_eq!(channels.marginal.last().unwrap().spent, Some(40_000.0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn shares_add_up_to_one(amounts in proptest::collection::vec((1.0f64..1e7, 1.0f64..1e7), 1..6)) {
        let rows: Vec<Vec<(&str, Cell)>> = amounts
            .iter()
            .enumerate()
            .map(|(i, (spend, sales))| vec![
                ("channel", text(&format!("渠道{i}"))),
                ("spend", number(*spend)),
                ("sales", number(*sales)),
                ("conversions", blank()),
            ])
            .collect();
        let rows: Vec<Row<'_>> = rows.iter().map(Vec::as_slice).collect();
        let channels = channels(&rows);
        let sum = |of: &dyn Fn(&ChannelFigures) -> Option<f64>| channels.each.iter().filter_map(of).sum::<f64>();
        prop_assert!((sum(&|channel| channel.spend_share.value()) - 1.0).abs() < 1e-9);
        prop_assert!((sum(&|channel| channel.revenue_share.value()) - 1.0).abs() < 1e-9);
        // Weighted by spending, the returns of the channels are the return of the whole.
        let weighted = sum(&|channel| Some(channel.roi.value()? * channel.spend_share.value()?));
        prop_assert!((weighted / channels.roi.value().unwrap() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_rate_lies_inside_its_interval(trials in 1u32..100_000, share in 0.0f64..=1.0) {
        let hits = (f64::from(trials) * share).floor();
        let (low, high) = interval(&Expr::Num(hits), &Expr::Num(f64::from(trials)), &Policy::default());
        let rate = hits / f64::from(trials);
        let (low, high) = (low.number().unwrap(), high.number().unwrap());
        prop_assert!(low - 1e-9 <= rate && rate <= high + 1e-9);
        prop_assert!(-1e-9 <= low && high <= 1.0 + 1e-9);
    }
}
