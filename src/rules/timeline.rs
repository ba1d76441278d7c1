//! The days of the campaign as its tables tell them: where all agree but one, that one is told, and nothing
//! that only follows from it.

use chrono::NaiveDate;

use super::{Ctx, Rule, within_year};
use crate::cell::Place;
use crate::code;
use crate::diagnostic::{Arg, Finding, Sink};
use crate::quantity::{Period, period};

code!(DATES_APART = "dates-apart", Warning, Cross, "dates_apart.toml");

pub static RULE: Rule = Rule { codes: &[&DATES_APART], check };

/// Work for a campaign may begin and end so many days outside it.
const AROUND: i64 = 45;

/// The days of one table.
struct Told {
    table: &'static str,
    days: Period,
    /// Its dated cells, in order.
    cells: Vec<Place>,
    text: String,
}

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let told = told(ctx);
    let Some(lone) = lone(&told) else { return };
    // Days of the monitor outside the campaign are told one by one.
    if told[lone].table == "daily" && told.iter().any(|it| it.table == "basics") {
        return;
    }
    let (alone, others) = (&told[lone], told.iter().enumerate().filter(|(at, _)| *at != lone));
    let others: Vec<&Told> = others.map(|(_, it)| it).collect();
    let start = others.iter().map(|it| it.days.start).min().unwrap_or(alone.days.start);
    let end = others.iter().map(|it| it.days.end).max().unwrap_or(alone.days.end);
    let Some(first) = alone.cells.first() else { return };
    let column = match alone.table {
        "basics" => "period",
        "daily" => "date",
        _ => "start",
    };
    let mut finding = Finding::new(&DATES_APART)
        .at(first)
        .of(alone.table, ctx.label(alone.table, column))
        .found(alone.text.clone())
        .arg("table", ctx.title(alone.table))
        .arg("from", Arg::Date(alone.days.start))
        .arg("to", Arg::Date(alone.days.end))
        .arg("others", Arg::All(others.iter().map(|it| ctx.title(it.table)).collect()))
        .arg("start", Arg::Date(start))
        .arg("end", Arg::Date(end));
    for at in &alone.cells[1..] {
        finding = finding.also(at);
    }
    for at in others.iter().filter_map(|it| it.cells.first()) {
        finding = finding.related(at);
    }
    // A wrong year is the usual slip.
    let moved = |day: NaiveDate| within_year(day, start, end);
    if let ("basics", Some(from), Some(to)) = (alone.table, moved(alone.days.start), moved(alone.days.end)) {
        finding = finding.suggest(period::show(Period { start: from, end: to }));
    }
    sink.report(finding);
}

/// Whether 活动周期 is what all other tables disagree with: what lies outside it is not told then.
pub fn period_is_alone(ctx: &Ctx<'_>) -> bool {
    let told = told(ctx);
    lone(&told).is_some_and(|lone| told[lone].table == "basics")
}

/// The one whose days lie apart from those of all others, of at least two others that agree.
fn lone(told: &[Told]) -> Option<usize> {
    let near = |one: &Told, other: &Told| {
        (one.days.start - other.days.end).num_days() <= AROUND && (other.days.start - one.days.end).num_days() <= AROUND
    };
    let apart = |at: &usize| {
        told.iter().enumerate().all(|(other, it)| {
            other == *at
                || !near(&told[*at], it)
                    && told.iter().enumerate().all(|(third, also)| third == *at || near(it, also))
        })
    };
    if told.len() < 3 { None } else { (0..told.len()).find(apart) }
}

fn told(ctx: &Ctx<'_>) -> Vec<Told> {
    let campaign = ctx.campaign;
    let mut told = Vec::new();
    if let Some((period, days)) =
        campaign.basics.as_ref().and_then(|basics| basics.period.value.map(|days| (&basics.period, days)))
    {
        let cells = period.at.iter().cloned().collect();
        told.push(Told { table: "basics", days, cells, text: period.text.clone() });
    }
    let mut add = |table, dated: Vec<(NaiveDate, Option<&Place>, &str)>| {
        let days = || dated.iter().map(|(day, ..)| *day);
        let (Some(start), Some(end)) = (days().min(), days().max()) else { return };
        let cells = dated.iter().filter_map(|(_, at, _)| at.cloned()).collect();
        told.push(Told { table, days: Period { start, end }, cells, text: dated[0].2.to_owned() });
    };
    macro_rules! dated {
        ($rows:expr, $($field:ident),+) => {
            $rows.iter()
                .flat_map(|row| [$(&row.$field),+])
                .filter_map(|field| Some((field.value?, field.at.as_ref(), field.text.as_str())))
                .collect()
        };
    }
    add("phases", dated!(campaign.phases, start, end));
    add("tasks", dated!(campaign.tasks, start, end));
    add("daily", dated!(campaign.daily, date));
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::{Sheets, sheets};

    fn campaign(period: &str, phases: &str, tasks: &str, daily: &str) -> Sheets {
        sheets()
            .form("basics", &[("name", "双11"), ("period", period), ("owner", "高远")])
            .list("phases", "phase start end", &[&format!("预热期|{phases}-01|{phases}-10")])
            .list(
                "tasks",
                "code phase action owner start end",
                &[&format!("T1|预热期|海报|高远|{tasks}-02|{tasks}-05")],
            )
            .list("daily", "date exposure clicks sales", &[&format!("{daily}-03|1000|10|100")])
    }

    #[test]
    fn where_all_agree_but_the_period_the_period_is_told() {
        let told = campaign("2023-10-01~2023-10-30", "2024-10", "2024-10", "2024-10")
            .tells(&RULE, &["dates-apart basics!B3"]);
        assert_eq!(told[0].suggestion, None, "days of October reach beyond what the others tell");
        campaign("2024-10-01~2024-10-30", "2024-10", "2024-10", "2024-10").silent(&RULE);
        campaign("2024-10-01~2024-10-30", "2024-09", "2024-09", "2024-10").silent(&RULE);
        campaign("2024-10-01~2024-10-30", "2023-10", "2024-10", "2024-10")
            .tells(&RULE, &["dates-apart phases!B2 +1"]);
        campaign("2024-10-01~2024-10-30", "2024-10", "2023-10", "2024-10")
            .tells(&RULE, &["dates-apart tasks!E2 +1"]);
    }

    #[test]
    fn days_outside_a_period_that_is_alone_are_not_told_again() {
        campaign("2023-10-01~2023-10-30", "2024-10", "2024-10", "2024-10").silent(&super::super::date_outside::RULE);
    }
}
