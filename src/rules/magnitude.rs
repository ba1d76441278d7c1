//! Bare numbers about ten thousand times smaller than their peers: typed in 万.
//!
//! Columns against other tables are compared in `sums`; here stand a goal's
//! actual against its target, and single cells against their own column.

use super::{Ctx, Rule};
use crate::campaign::Campaign;
use crate::catalogue::record::Field;
use crate::code;
use crate::diagnostic::{Arg, Finding, Sink, number};
use crate::quantity::{Aim, Measure, Unit};

code!(pub(super) MAGNITUDE_OFF = "magnitude-off", Warning, Cross, "magnitude_off.toml");

pub static RULE: Rule = Rule { codes: &[&MAGNITUDE_OFF], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    for row in goals_off(ctx) {
        let goal = &ctx.analysis.goals.overall[row];
        let Some(result) = goal.result.and_then(|result| ctx.campaign.results.get(result)) else { continue };
        let (Some(actual), Some(target)) = (goal.actual.number(), goal.asked.level.number()) else {
            continue;
        };
        sink.report(told(ctx, ("results", "actual"), &result.actual, actual, target));
    }
    for (table, column, fields) in columns(ctx.campaign) {
        cells(ctx, sink, (table, column), &fields);
    }
    for line in ctx.campaign.sales.iter() {
        let (Some(before), Some(during)) = (&line.before.value, &line.during.value) else { continue };
        for (column, field, small, large) in
            [("before", &line.before, before, during), ("during", &line.during, during, before)]
        {
            if is_bare(field)
                && small.unit == Unit::None
                && !is_bare_measure(large)
                && in_ten_thousands(small.value, large.value)
            {
                sink.report(told(ctx, ("sales", column), field, small.value, large.value));
            }
        }
    }
}

/// Overall goals whose actual is ten thousand times below the target: a slip, not a failure.
pub fn goals_off(ctx: &Ctx<'_>) -> Vec<usize> {
    let off = ctx.analysis.goals.overall.iter().enumerate().filter(|(_, goal)| {
        let Some(result) = goal.result.and_then(|result| ctx.campaign.results.get(result)) else {
            return false;
        };
        let unit = result.actual.value.as_ref().map(|actual| &actual.unit);
        let level =
            goal.kpi.and_then(|kpi| ctx.campaign.kpis.get(kpi)).and_then(|kpi| kpi.target.value.as_ref());
        let level = result.target.value.as_ref().or(level).map(|target| &target.aim);
        matches!(level, Some(Aim::Level(_)))
            && unit == Some(&Unit::None)
            && is_bare(&result.actual)
            && goal
                .actual
                .number()
                .zip(goal.asked.level.number())
                .is_some_and(|(a, t)| in_ten_thousands(a, t))
    });
    off.map(|(i, _)| i).collect()
}

fn is_bare_measure(measure: &Measure) -> bool {
    measure.unit == Unit::None && measure.value < 1e4
}

/// Whether nothing but a number was typed, so that its unit is the header's.
pub fn is_bare<T>(field: &Field<T>) -> bool {
    let text = crate::locale::narrow(&field.text);
    !field.computed
        && !text.is_empty()
        && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-'))
}

/// Whether a number reads as the other once it is taken for 万, within a factor of three.
pub fn in_ten_thousands(small: f64, large: f64) -> bool {
    small > 0.0 && large > 0.0 && (1.0 / 3.0..=3.0).contains(&(small * 1e4 / large))
}

fn told<T>(ctx: &Ctx<'_>, (table, column): (&str, &str), field: &Field<T>, value: f64, peer: f64) -> Finding {
    ctx.finding(&MAGNITUDE_OFF, table, column, field)
        .arg("value", Arg::Number(value))
        .arg("other", Arg::Number(peer))
        .arg("meant", Arg::Number(value * 1e4))
        .arg("count", Arg::Count(1))
        .suggest(format!("{}万", number(value, 4).replace(',', "")))
}

type Column<'a> = (&'static str, &'static str, Vec<&'a Field<f64>>);

/// Columns whose cells are of about one size.
fn columns(campaign: &Campaign) -> Vec<Column<'_>> {
    vec![
        ("daily", "exposure", campaign.daily.iter().map(|row| &row.exposure).collect()),
        ("daily", "clicks", campaign.daily.iter().map(|row| &row.clicks).collect()),
        ("daily", "spend", campaign.daily.iter().map(|row| &row.spend).collect()),
        ("daily", "sales", campaign.daily.iter().map(|row| &row.sales).collect()),
        ("channels", "spend", campaign.channels.iter().map(|row| &row.spend).collect()),
        ("channels", "exposure", campaign.channels.iter().map(|row| &row.exposure).collect()),
        ("channels", "sales", campaign.channels.iter().map(|row| &row.sales).collect()),
        ("categories", "before", campaign.categories.iter().map(|row| &row.before).collect()),
        ("categories", "during", campaign.categories.iter().map(|row| &row.during).collect()),
    ]
}

/// Fewer peers prove nothing.
const PEERS: usize = 3;

/// A cell is off when every peer is at least a thousand times larger and ten
/// thousand times the cell lies among them.
fn cells(ctx: &Ctx<'_>, sink: &mut Sink, at: (&str, &str), fields: &[&Field<f64>]) {
    let known: Vec<(&Field<f64>, f64)> =
        fields.iter().filter_map(|field| Some((*field, field.value.filter(|n| *n > 0.0)?))).collect();
    let largest = known.iter().map(|(_, n)| *n).fold(0.0, f64::max);
    let (small, large): (Vec<_>, Vec<_>) = known.into_iter().partition(|(_, n)| *n * 1e3 <= largest);
    if small.is_empty() || large.len() < PEERS || small.len() * 2 > large.len() {
        return;
    }
    let lowest = large.iter().map(|(_, n)| *n).fold(f64::INFINITY, f64::min);
    let among = |n: f64| n * 1e3 <= lowest && (lowest / 5.0..=largest * 5.0).contains(&(n * 1e4));
    if !small.iter().all(|(field, n)| is_bare(field) && among(*n)) {
        return;
    }
    let (first, value) = small[0];
    let mut finding = told(ctx, at, first, value, lowest);
    for (field, _) in &small[1..] {
        finding.suggestion = None;
        if let Some(at) = &field.at {
            finding = finding.also(at);
        }
    }
    sink.report(finding);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    #[test]
    fn an_actual_ten_thousand_times_below_its_target_was_typed_in_ten_thousands() {
        let results = |actual: &str| {
            sheets().list("results", "name target actual source", &[&format!("销售额|500万元|{actual}|ERP")])
        };
        let told = results("520").tells(&RULE, &["magnitude-off results!C2"]);
        assert_eq!(told[0].suggestion.as_deref(), Some("520万"));
        results("520万").silent(&RULE);
        results("520元").silent(&RULE);
        results("5200").silent(&RULE);
    }

    #[test]
    fn a_cell_far_below_its_own_column_is_told() {
        let days = |third: &str| {
            sheets().list(
                "daily",
                "date exposure clicks sales",
                &[
                    "2024-10-08|120000|6000|350000",
                    "2024-10-09|130000|6000|360000",
                    &format!("2024-10-10|110000|6000|{third}"),
                    "2024-10-11|110000|6000|310000",
                ],
            )
        };
        days("35").tells(&RULE, &["magnitude-off daily!D4"]);
        days("35000").silent(&RULE);
        days("0").silent(&RULE);
        days("").silent(&RULE);
    }

    #[test]
    fn channels_of_different_size_are_fine() {
        sheets()
            .list(
                "channels",
                "channel spend conversions source",
                &[
                    "抖音|500000|120|后台",
                    "小红书|80000|150|后台",
                    "短信|3000|20|后台",
                    "社群|200|20|后台",
                    "地推|20000|20|后台",
                ],
            )
            .silent(&RULE);
    }
}
