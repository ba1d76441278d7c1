//! Sales by numbers that can be checked by hand.
#![allow(clippy::unwrap_used)]

use chrono::NaiveDate;
use proptest::prelude::*;

use super::comparison::{AFTER, BEFORE, DURING, LAST_YEAR};
use super::*;
use crate::campaign::fixture::{Cell, blank, measure, number, records, text};
use crate::catalogue::record::Value;
use crate::metrics::fixture::analysed;
use crate::quantity::Period;

type Four = [Cell; 4];

fn line(name: &str, [before, during, after, last_year]: Four) -> [(&'static str, Cell); 5] {
    [("name", text(name)), ("before", before), ("during", during), ("after", after), ("last_year", last_year)]
}

/// Eleven days of campaign.
fn basics() -> [(&'static str, Cell); 2] {
    let day = |day| NaiveDate::from_ymd_opt(2024, 10, day).unwrap();
    [("name", text("双十一")), ("period", Some(Value::Period(Period { start: day(1), end: day(11) })))]
}

const SALES: [f64; 4] = [1_200_000.0, 1_100_000.0, 210_000.0, 880_000.0];

#[test]
fn periods_of_different_length_are_compared_by_the_day() {
    let sales = line("GMV", SALES.map(measure));
    let found = analysed(records(&[("basics", &[&basics()]), ("sales", &[&sales])])).sales;
    let from: Vec<DaysFrom> = found.days.iter().map(|days| days.from).collect();
    assert_eq!(from, [DaysFrom::Setting, DaysFrom::Campaign, DaysFrom::Week, DaysFrom::AsDuring]);
    let line = &found.lines[0];
    let daily: Vec<Option<f64>> = line.daily.iter().map(|daily| daily.number()).collect();
    assert_eq!(daily, [Some(40_000.0), Some(100_000.0), Some(30_000.0), Some(80_000.0)]);
    assert_eq!(line.growth.value(), Some(1.5));
    assert_eq!(line.year_on_year.value(), Some(0.25));
    assert_eq!(line.long_tail.value(), Some(0.75));
}

#[test]
fn the_row_of_days_comes_before_every_assumption() {
    let days = line("统计天数", [measure(11.0), measure(10.0), blank(), measure(5.0)]);
    let sales = line("销售额", [110.0, 200.0, 70.0, 50.0].map(measure));
    let found = analysed(records(&[("basics", &[&basics()]), ("sales", &[&days, &sales])])).sales;
    assert_eq!(found.lines.len(), 1, "the row of days is no indicator");
    let daily: Vec<Option<f64>> = found.lines[0].daily.iter().map(|daily| daily.number()).collect();
    assert_eq!(daily, [Some(10.0), Some(20.0), Some(10.0), Some(10.0)]);
}

#[test]
fn without_a_period_the_campaign_has_no_days_and_nothing_is_compared() {
    let sales = line("销售额", SALES.map(measure));
    let line = &analysed(records(&[("sales", &[&sales])])).sales.lines[0];
    assert_eq!((line.daily[DURING].number(), line.daily[LAST_YEAR].number()), (None, None));
    assert!(line.daily[BEFORE].number().is_some() && line.daily[AFTER].number().is_some());
    assert_eq!(line.growth.value(), None);
}

#[test]
fn buyers_orders_and_new_buyers_give_the_averages() {
    let rows = [
        line("销售额", [blank(), measure(1_000_000.0), blank(), blank()]),
        line("订单数", [blank(), measure(5_000.0), blank(), blank()]),
        line("成交人数", [blank(), measure(4_000.0), blank(), blank()]),
        line("新客", [blank(), measure(1_600.0), blank(), blank()]),
    ];
    let rows: Vec<&[(&str, Cell)]> = rows.iter().map(|row| &row[..]).collect();
    let averages = analysed(records(&[("sales", &rows)])).sales.averages;
    let during: Vec<(&str, Option<f64>)> =
        averages.iter().map(|average| (average.metric.name, average.values[DURING].number())).collect();
    assert_eq!(
        during,
        [("average-buyer", Some(250.0)), ("average-order", Some(200.0)), ("new-buyer-share", Some(0.4))]
    );
}

#[test]
fn what_is_left_in_stock_was_not_sold_through() {
    let row = [
        ("name", text("羽绒服")),
        ("before", number(180_000.0)),
        ("during", number(620_000.0)),
        ("stock_start", number(2_500.0)),
        ("stock_end", number(450.0)),
    ];
    let category = &analysed(records(&[("categories", &[&row])])).sales.categories[0];
    assert!((category.sell_through.value().unwrap() - 0.82).abs() < 1e-12);
    assert!((category.growth.value().unwrap() - (620.0 / 180.0 - 1.0)).abs() < 1e-12);
    assert_eq!(category.margin.value(), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn contributions_add_up_to_one(sales in proptest::collection::vec(1.0f64..1e7, 1..8)) {
        let rows: Vec<[(&str, Cell); 2]> =
            sales.iter().map(|during| [("name", text("品类")), ("during", number(*during))]).collect();
        let rows: Vec<&[(&str, Cell)]> = rows.iter().map(|row| &row[..]).collect();
        let found = analysed(records(&[("categories", &rows)])).sales;
        let sum: f64 = found.categories.iter().filter_map(|category| category.contribution.value()).sum();
        prop_assert!((sum - 1.0).abs() < 1e-9);
        prop_assert!((found.total.number().unwrap() / sales.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    }
}
