//! The days of the monitor: each once, none left out between the first and the last.
//!
//! The same day of the same channel twice is a repeated key and told there.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::cause::Cause;
use super::{Ctx, Rule};
use crate::campaign::Day;
use crate::code;
use crate::diagnostic::{Arg, Sink};
use crate::mark::{column_of, is_repeated};

code!(DAILY_DUPLICATE = "daily-duplicate", Warning, Table, "daily_duplicate.toml");
code!(DAILY_GAP = "daily-gap", Note, Table, "daily_gap.toml");

pub static RULE: Rule = Rule { codes: &[&DAILY_DUPLICATE, &DAILY_GAP], check };

/// More days than this between two entries are two observations, not a gap.
const LONGEST_GAP: usize = 31;

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let mut whole: BTreeMap<NaiveDate, &Day> = BTreeMap::new();
    let mut twice = Cause::new(ctx, &DAILY_DUPLICATE, "daily", "date");
    // Days of single channels stand in the same column and repeat.
    let by_channel = ctx.campaign.daily.iter().any(|row| row.channel.value.is_some());
    let days = column_of(ctx.campaign.daily.iter().filter_map(|row| row.date.at.as_ref()));
    let days = days.filter(|_| !by_channel);
    for row in ctx.campaign.daily.iter().filter(|row| row.channel.value.is_none()) {
        let Some(day) = row.date.value else { continue };
        match whole.get(&day) {
            None => {
                whole.insert(day, row);
            }
            Some(first) => {
                twice.add(&row.date, &row.row, &row.date.text);
                twice.related(first.date.at.as_ref());
                let repeated = days.as_ref().and_then(|days| is_repeated(&[(row.date.expr(), days.clone())]));
                twice.when(&row.date, repeated);
            }
        }
    }
    twice.report(sink);
    gaps(ctx, sink);
}

fn gaps(ctx: &Ctx<'_>, sink: &mut Sink) {
    let days: BTreeSet<NaiveDate> = ctx.campaign.daily.iter().filter_map(|row| row.date.value).collect();
    let period = ctx.campaign.basics.as_ref().and_then(|basics| basics.period.value);
    let mut missing = Vec::new();
    for (day, next) in days.iter().zip(days.iter().skip(1)) {
        let between: Vec<NaiveDate> = day
            .iter_days()
            .skip(1)
            .take_while(|between| between < next)
            .take(LONGEST_GAP + 1)
            .filter(|day| period.is_none_or(|period| period.contains(*day)))
            .collect();
        if between.len() <= LONGEST_GAP {
            missing.extend(between);
        }
    }
    let Some(first) = missing.first() else { return };
    let after = ctx
        .campaign
        .daily
        .iter()
        .filter(|row| row.date.value.is_some_and(|day| day > *first))
        .min_by_key(|row| row.date.value);
    let Some(row) = after else { return };
    let mut shown: Vec<String> = missing.iter().take(3).map(ToString::to_string).collect();
    if missing.len() > shown.len() {
        shown.push("…".to_owned());
    }
    sink.report(
        ctx.finding(&DAILY_GAP, "daily", "date", &row.date)
            .arg("days", Arg::List(shown))
            .arg("count", Arg::Count(missing.len())),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Lang;
    use crate::rules::fixture::sheets;

    fn days(days: &[&str]) -> crate::rules::fixture::Sheets {
        let rows: Vec<String> = days.iter().map(|day| format!("2024-10-{day}|1000|10|100")).collect();
        sheets().list(
            "daily",
            "date exposure clicks sales",
            &rows.iter().map(String::as_str).collect::<Vec<_>>(),
        )
    }

    #[test]
    fn each_day_once_and_none_left_out() {
        days(&["08"]).silent(&RULE);
        days(&["08", "09", "10"]).silent(&RULE);
        days(&["08", "09", "09"]).tells(&RULE, &["daily-duplicate daily!A4"]);
        let told = days(&["08", "11"]).tells(&RULE, &["daily-gap daily!A3"]);
        assert!(told[0].message(Lang::Zh).contains("2024-10-09、2024-10-10"));
    }
}
