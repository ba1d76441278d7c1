//! The daily monitor by numbers that can be checked by hand.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::campaign::fixture::{Cell, blank, date, number, records, target as goal, text};
use crate::catalogue::record::Value;
use crate::metrics::fixture::analysed;
use crate::quantity::Period;

/// One row: day of October, channel, exposure, clicks, sales.
fn row<'a>(day: u32, channel: &str, exposure: Cell, clicks: Cell, sales: Cell) -> [(&'a str, Cell); 5] {
    [
        ("date", date(&format!("2024-10-{day:02}"))),
        ("channel", text(channel)),
        ("exposure", exposure),
        ("clicks", clicks),
        ("sales", sales),
    ]
}

fn monitor(rows: &[[(&str, Cell); 5]], goals: &[(&str, f64)]) -> Daily {
    let rows: Vec<&[(&str, Cell)]> = rows.iter().map(|row| &row[..]).collect();
    let kpis: Vec<_> =
        goals.iter().map(|(name, level)| [("name", text(name)), ("target", goal(*level))]).collect();
    let kpis: Vec<&[(&str, Cell)]> = kpis.iter().map(|row| &row[..]).collect();
    let day = |day| chrono::NaiveDate::from_ymd_opt(2024, 10, day).unwrap();
    let period = [("period", Some(Value::Period(Period { start: day(1), end: day(20) })))];
    analysed(records(&[("basics", &[&period]), ("kpi", &kpis), ("daily", &rows)])).daily
}

fn near(found: Option<f64>, expected: f64) -> bool {
    found.is_some_and(|found| (found - expected).abs() < 1e-12)
}

#[test]
fn the_click_rate_of_d1_is_three_points_short() {
    let rows = [row(8, "", number(1_200_000.0), number(60_000.0), number(350_000.0))];
    let daily = monitor(&rows, &[("点击率", 0.08)]);
    let day = &daily.days[0];
    assert_eq!(day.ctr.value(), Some(0.05));
    assert!(near(day.points.value(), -0.03), "three points");
    assert!(near(day.relative.value(), -0.375));
    assert_eq!(day.anomalies, [(Watched::Ctr, Anomaly::BelowTarget)]);
    let untargeted = monitor(&rows, &[("销售额", 5_000_000.0)]);
    assert_eq!(untargeted.days[0].points.value(), None);
    assert_eq!(untargeted.days[0].anomalies, []);
}

#[test]
fn a_target_named_in_the_remark_holds_for_its_day_where_no_goal_names_one() {
    let remark = "点击率低于目标值(8%)3个百分点";
    let day = [
        ("date", date("2024-10-08")),
        ("exposure", number(1_200_000.0)),
        ("clicks", number(60_000.0)),
        ("anomaly", text(remark)),
    ];
    let next = [("date", date("2024-10-09")), ("exposure", number(1e6)), ("clicks", number(60_000.0))];
    let daily = analysed(records(&[("daily", &[&day, &next])])).daily;
    assert_eq!(daily.days[0].ctr_target.number(), Some(0.08));
    assert!(near(daily.days[0].points.value(), -0.03));
    assert!(near(daily.days[0].relative.value(), -0.375));
    assert_eq!(daily.days[0].anomalies, [(Watched::Ctr, Anomaly::BelowTarget)]);
    assert_eq!(daily.days[0].cvr_target.number(), None, "nothing is said of conversions");
    assert_eq!(daily.days[1].points.value(), None, "nothing is said of the next day");
    let goal = [("name", text("点击率")), ("target", goal(0.04))];
    let daily = analysed(records(&[("kpi", &[&goal]), ("daily", &[&day])])).daily;
    assert_eq!(daily.days[0].ctr_target.number(), Some(0.04), "a goal goes first");
}

#[test]
fn channels_of_a_day_are_added_up_and_a_line_of_the_whole_stands_alone() {
    let n = number;
    let daily = monitor(
        &[
            row(9, "抖音", n(100.0), n(10.0), n(50.0)),
            row(8, "抖音", n(100.0), n(10.0), n(50.0)),
            row(8, "小红书", n(300.0), blank(), n(70.0)),
            row(9, "整体", n(500.0), n(20.0), blank()),
        ],
        &[],
    );
    assert_eq!(daily.days[0].exposure.number(), Some(400.0));
    assert_eq!(daily.days[0].sales.number(), Some(120.0));
    assert_eq!(daily.days[1].exposure.number(), Some(500.0));
    assert_eq!(daily.days[1].ctr.value(), Some(0.04));
    assert_eq!(daily.days[1].sales.number(), None, "unknown, not the part of one channel");
}

#[test]
fn a_day_is_odd_at_a_fifth_off_the_mean_before_it() {
    let sales = |values: &[f64]| {
        let rows: Vec<_> =
            (1..).zip(values).map(|(day, sales)| row(day, "", blank(), blank(), number(*sales))).collect();
        let daily = monitor(&rows, &[]);
        daily.days.last().unwrap().anomalies.clone()
    };
    assert_eq!(sales(&[1000.0, 1000.0, 1000.0, 1200.0]), [(Watched::Sales, Anomaly::AboveMean)]);
    assert_eq!(sales(&[1000.0, 1000.0, 1000.0, 800.0]), [(Watched::Sales, Anomaly::BelowMean)]);
    assert_eq!(sales(&[1000.0, 1000.0, 1000.0, 1190.0]), []);
    assert_eq!(sales(&[1000.0, 1000.0, 5000.0]), [], "two days are no mean");
    assert_eq!(sales(&[10.0, 10.0, 10.0, 50.0]), [], "too small to mean anything");
    // The first day lies more than a week back.
    assert_eq!(sales(&[9000.0, 900.0, 900.0, 900.0, 900.0, 900.0, 900.0, 900.0, 900.0]), []);
}

#[test]
fn outliers_are_looked_for_once_there_are_ten_days() {
    // Within a fifth of the days before, yet far from how little they differ.
    let mut values: Vec<f64> = vec![1000.0, 1010.0, 990.0, 1005.0, 995.0, 1000.0, 1010.0, 990.0];
    let odd = |values: &[f64]| {
        let rows: Vec<_> =
            (1..).zip(values).map(|(day, sales)| row(day, "", blank(), blank(), number(*sales))).collect();
        monitor(&rows, &[]).days.last().unwrap().anomalies.clone()
    };
    values.push(1150.0);
    assert_eq!(odd(&values), []);
    values.insert(8, 1003.0);
    assert_eq!(odd(&values), [(Watched::Sales, Anomaly::Outlier)]);
}

#[test]
fn pace_compares_with_an_even_one_and_leads_to_an_end() {
    let rows = [1, 2, 3, 4].map(|day| row(day, "", blank(), blank(), number(20_000.0)));
    let pace = monitor(&rows, &[("销售额", 1_000_000.0)]).pace.unwrap();
    assert_eq!((pace.length.number(), pace.elapsed.number()), (Some(20.0), Some(4.0)));
    assert_eq!(pace.pace.value(), Some(0.4));
    assert_eq!(pace.projected.unwrap().value(), Some(400_000.0));
    assert!(monitor(&rows, &[]).pace.is_none());
    assert!(monitor(&rows[..2], &[("销售额", 1_000_000.0)]).pace.is_none(), "two days are no pace");
}

proptest! {
    /// The projected end relates to the goal as the sales so far to the even pace.
    #[test]
    fn pace_and_projection_agree(sales in proptest::collection::vec(1.0..1e6f64, 3..20), level in 1.0..1e8f64) {
        let rows: Vec<_> = (1..).zip(&sales).map(|(day, sales)| row(day, "", blank(), blank(), number(*sales))).collect();
        let pace = monitor(&rows, &[("销售额", level)]).pace.unwrap();
        let (ratio, projected) = (pace.pace.value().unwrap(), pace.projected.unwrap().value().unwrap());
        prop_assert!((ratio - projected / level).abs() <= 1e-9 * ratio);
        prop_assert!((pace.so_far.number().unwrap() - sales.iter().sum::<f64>()).abs() <= 1e-6);
    }
}
