//! What holds for every campaign, whatever is filled in. Laws of one subject stand with it
//! (parts of a gap, steps of a funnel, types of a budget); these go across, or speak of an order.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::actions::{Ranked, State};
use super::channels::interval;
use super::fixture::{analysed, analysed_on};
use super::goals::{Asked, Outcome, capped, completion, excess, outcome_of};
use super::schedule::approvals::working_days;
use crate::campaign::fixture::{Cell, choice, date, measure, number, records, target, text};
use crate::campaign::{Direction, Verdict};
use crate::expr::{Expr, Range, Val};
use crate::policy::Policy;

fn reached(actual: f64, level: f64, upper: Option<f64>, direction: Direction) -> f64 {
    let asked = Asked { level: Expr::Num(level), upper: upper.map(Expr::Num), baseline: Expr::nothing() };
    completion(&Expr::Num(actual), &asked, direction, &Policy::default()).number().unwrap()
}

/// Actions as rows: impact, difficulty, status, days from the as-of day.
type Row = (usize, usize, usize, i64);

const LEVELS: [&str; 3] = ["high", "medium", "low"];
const STATUSES: [&str; 4] = ["not-started", "doing", "done", "cancelled"];

/// Codes of the actions in the order of their priority.
fn order(rows: &[(usize, Row)]) -> Vec<String> {
    let as_of = "2024-12-20".parse::<chrono::NaiveDate>().unwrap();
    let cells: Vec<[(&str, Cell); 6]> = rows
        .iter()
        .map(|(name, (impact, difficulty, status, due))| {
            let due = as_of + chrono::Duration::days(*due);
            [
                ("code", text(&format!("A{name}"))),
                ("action", text("做一件事")),
                ("impact", choice(LEVELS[*impact])),
                ("difficulty", choice(LEVELS[*difficulty])),
                ("status", choice(STATUSES[*status])),
                ("due", date(&due.to_string())),
            ]
        })
        .collect();
    let rows: Vec<&[(&str, Cell)]> = cells.iter().map(|row| &row[..]).collect();
    let records = records(&[("actions", &rows)]);
    let campaign = crate::campaign::bind(&records);
    let ranked: Vec<Ranked> = analysed_on(records, as_of).actions.ranked;
    ranked.iter().map(|ranked| campaign.actions[ranked.row].code.as_str().to_owned()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn more_is_never_less_reached_where_more_is_better(a in 0.0..1e7f64, b in 0.0..1e7f64, level in 1.0..1e7f64) {
        let (low, high) = (a.min(b), a.max(b));
        prop_assert!(reached(low, level, None, Direction::Higher) <= reached(high, level, None, Direction::Higher));
        let (less, more) = (reached(high, level, None, Direction::Lower), reached(low, level, None, Direction::Lower));
        prop_assert!(less <= more && less >= 0.0);
    }

    #[test]
    fn a_range_is_reached_inside_and_nowhere_else(actual in 0.0..300.0f64, low in 50.0..100.0f64, width in 0.0..100.0f64) {
        let found = reached(actual, low, Some(low + width), Direction::Range);
        let inside = (low..=low + width).contains(&actual);
        prop_assert_eq!(found == 1.0, inside, "{} in {}..{}", actual, low, low + width);
        prop_assert!((0.0..=1.0).contains(&found));
    }

    #[test]
    fn what_exceeds_a_limit_is_missing_from_its_completion(actual in 0.0..1e4f64, level in 1.0..1e4f64) {
        let asked = Asked { level: Expr::Num(level), upper: None, baseline: Expr::nothing() };
        let beyond = excess(&Expr::Num(actual), &asked, Direction::Lower).number().unwrap();
        let completion = reached(actual, level, None, Direction::Lower);
        prop_assert_eq!(beyond > 0.0, actual > level);
        if beyond > 0.0 {
            prop_assert!((completion - (1.0 - beyond).max(0.0)).abs() < 1e-9);
        }
    }

    #[test]
    fn a_completion_is_called_by_where_it_stands(share in 0.0..2.0f64) {
        let policy = Policy::default();
        let expected = match (share * 1e4).round() as i64 {
            10_001.. => Outcome::Exceeded,
            10_000 => Outcome::Reached,
            9_000..10_000 => Outcome::Mostly,
            _ => Outcome::Missed,
        };
        prop_assert_eq!(outcome_of(&Expr::Num(share), &policy), expected);
        prop_assert!(capped(&Expr::Num(share), &policy).number().unwrap() <= policy.thresholds.goal.cap);
    }

    #[test]
    fn the_verdict_follows_from_the_goals(goals in proptest::collection::vec((1.0..100.0f64, 1.0..100.0f64), 1..6)) {
        let named: Vec<String> = (0..goals.len()).map(|n| format!("指标{n}")).collect();
        let kpis: Vec<_> = named.iter().zip(&goals).map(|(name, (level, _))| {
            [("type", choice("result")), ("name", text(name)), ("target", target(*level))]
        }).collect();
        let results: Vec<_> = named.iter().zip(&goals).map(|(name, (_, actual))| {
            [("name", text(name)), ("actual", measure(*actual))]
        }).collect();
        let kpis: Vec<&[(&str, Cell)]> = kpis.iter().map(|row| &row[..]).collect();
        let results: Vec<&[(&str, Cell)]> = results.iter().map(|row| &row[..]).collect();
        let found = analysed(records(&[("kpi", &kpis), ("results", &results)])).goals;
        let composite = found.composite.value().unwrap();
        let caps = found.overall.iter().map(|goal| goal.completion.value().unwrap().min(1.2));
        let mean = caps.sum::<f64>() / goals.len() as f64;
        prop_assert!((composite - mean).abs() < 1e-9, "equal weights");
        let met = found.overall.iter()
            .filter(|goal| matches!(goal.outcome, Outcome::Exceeded | Outcome::Reached)).count();
        let expected = if met == goals.len() {
            Verdict::Success
        } else if composite >= 0.9 && met * 2 >= goals.len() {
            Verdict::Mostly
        } else {
            Verdict::Challenged
        };
        prop_assert_eq!(found.verdict, Some(expected));
    }

    #[test]
    fn an_interval_holds_its_rate_and_narrows_with_the_sample(hits in 0u32..500, others in 0u32..500) {
        let n = hits + others;
        prop_assume!(n > 0);
        let policy = Policy::default();
        let ends = |times: f64| {
            let (low, high) = interval(&Expr::Num(f64::from(hits) * times), &Expr::Num(f64::from(n) * times), &policy);
            (low.number().unwrap(), high.number().unwrap())
        };
        let rate = f64::from(hits) / f64::from(n);
        let (low, high) = ends(1.0);
        prop_assert!(low - 1e-12 <= rate && rate <= high + 1e-12 && low >= -1e-12 && high <= 1.0 + 1e-12);
        let (closer_low, closer_high) = ends(100.0);
        prop_assert!(closer_high - closer_low < high - low);
    }

    #[test]
    fn the_priority_of_actions_is_an_order_of_all_of_them(
        rows in proptest::collection::vec((0usize..3, 0usize..3, 0usize..4, -40i64..40), 1..9),
        shuffle in any::<prop::sample::Index>(),
    ) {
        let told: Vec<(usize, Row)> = rows.iter().copied().enumerate().collect();
        let found = order(&told);
        let mut all = found.clone();
        all.sort();
        let mut expected: Vec<String> = (0..rows.len()).map(|n| format!("A{n}")).collect();
        expected.sort();
        prop_assert_eq!(&all, &expected, "nothing is lost and nothing comes twice");
        // Rows that differ in what counts keep their order however they were entered.
        let counts = |(impact, difficulty, status, due): &Row| (*impact, *difficulty, *status >= 2, *due);
        let distinct: std::collections::BTreeSet<_> = rows.iter().map(counts).collect();
        if distinct.len() == rows.len() {
            let mut turned = told.clone();
            turned.rotate_left(shuffle.index(rows.len()));
            prop_assert_eq!(order(&turned), found);
        }
    }

    #[test]
    fn working_days_add_up(from in 0u16..60, first in 0u16..60, second in 0u16..60, works in proptest::collection::vec(any::<bool>(), 200)) {
        let start = 45_000.0;
        let days = Expr::from(Range::loose((0..200).map(|day| Val::Number(start + f64::from(day))).collect()));
        let ones = works.iter().map(|works| Val::Number(f64::from(u8::from(*works)))).collect();
        let ones = Expr::from(Range::loose(ones));
        let at = |day: u16| Expr::Num(start + f64::from(day));
        let count = |a: u16, b: u16| working_days(&at(a), &at(b), &days, &ones).number();
        let (middle, last) = (from + first, from + first + second);
        prop_assert_eq!(count(from, middle).unwrap() + count(middle, last).unwrap(), count(from, last).unwrap());
        prop_assert_eq!(count(from, 400), None, "beyond the calendar nothing is known");
    }

    #[test]
    fn sources_of_visitors_add_up_to_all(visitors in proptest::collection::vec(1.0..1e6f64, 1..8)) {
        let rows: Vec<_> = visitors.iter().map(|n| [("source", text("来源")), ("uv", number(*n))]).collect();
        let rows: Vec<&[(&str, Cell)]> = rows.iter().map(|row| &row[..]).collect();
        let found = analysed(records(&[("traffic", &rows)])).traffic;
        let sum: f64 = found.sources.iter().map(|share| share.value().unwrap()).sum();
        prop_assert!((sum - 1.0).abs() < 1e-9);
    }
}

#[test]
fn closed_actions_stand_behind_open_ones() {
    assert_eq!(order(&[(0, (0, 2, 2, 0)), (1, (2, 0, 0, 5))]), ["A1", "A0"]);
    assert!(!State::Done.is_open());
}
