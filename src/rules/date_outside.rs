//! Days of the monitor outside 活动周期 (and outside every phase, where phases are planned); incidents and added
//! spend in another year.

use chrono::NaiveDate;

use super::cause::Cause;
use super::{Ctx, Rule, timeline, within_year};
use crate::code;
use crate::diagnostic::{Arg, Sink};
use crate::mark::is_outside;
use crate::page::serial;

code!(DATE_OUTSIDE_CAMPAIGN = "date-outside-campaign", Warning, Row, "date_outside_campaign.toml");

pub static RULE: Rule = Rule { codes: &[&DATE_OUTSIDE_CAMPAIGN], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let Some(basics) = &ctx.campaign.basics else { return };
    let Some(period) = basics.period.value else { return };
    if timeline::period_is_alone(ctx) {
        return;
    }
    let phases = || ctx.campaign.phases.iter();
    let start = phases().filter_map(|phase| phase.start.value).fold(period.start, Ord::min);
    let end = phases().filter_map(|phase| phase.end.value).fold(period.end, Ord::max);
    let mut cause = Cause::new(ctx, &DATE_OUTSIDE_CAMPAIGN, "daily", "date");
    for row in &ctx.campaign.daily {
        let Some(day) = row.date.value else { continue };
        if (start..=end).contains(&day) {
            continue;
        }
        cause.add(&row.date, &row.row, &row.date.text);
        cause.when(&row.date, Some(is_outside(row.date.expr(), serial(start), serial(end))));
        // A wrong year is the usual slip.
        if let Some(meant) = within_year(day, start, end) {
            cause.suggest(meant.to_string());
        }
    }
    let close = |mut cause: Cause<'_>, sink: &mut Sink| {
        cause.related(basics.period.at.as_ref());
        cause.arg("start", Arg::Date(start));
        cause.arg("end", Arg::Date(end));
        cause.report(sink);
    };
    close(cause, sink);
    // Money is added and incidents happen before and after, too; in another year they are a slip.
    let mut added = Cause::new(ctx, &DATE_OUTSIDE_CAMPAIGN, "marginal", "date");
    for row in &ctx.campaign.marginal {
        let slip = row.date.value.and_then(|day| within_year(day, start, end));
        if let Some(meant) = slip.filter(|_| outside(row.date.value, start, end)) {
            added.add(&row.date, &row.row, &row.date.text);
            added.suggest(meant.to_string());
        }
    }
    close(added, sink);
    let mut incidents = Cause::new(ctx, &DATE_OUTSIDE_CAMPAIGN, "risk_log", "occurred");
    for row in &ctx.campaign.risk_log {
        let day = row.occurred.value.map(|moment| moment.date());
        if outside(day, start, end) && day.is_some_and(|day| within_year(day, start, end).is_some()) {
            incidents.add(&row.occurred, &row.row, &row.occurred.text);
        }
    }
    close(incidents, sink);
}

fn outside(day: Option<NaiveDate>, start: NaiveDate, end: NaiveDate) -> bool {
    day.is_some_and(|day| !(start..=end).contains(&day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    fn day(date: &str) -> crate::rules::fixture::Sheets {
        sheets()
            .form("basics", &[("name", "双11"), ("period", "2024-10-01~2024-10-30"), ("owner", "高远")])
            .list("daily", "date exposure clicks sales", &[&format!("{date}|1000|10|100")])
    }

    #[test]
    fn monitored_days_lie_within_the_campaign() {
        day("2024-10-08").silent(&RULE);
        let told = day("2023-10-08").tells(&RULE, &["date-outside-campaign daily!A2"]);
        assert_eq!(told[0].suggestion.as_deref(), Some("2024-10-08"));
        let told = day("2024-11-20").tells(&RULE, &["date-outside-campaign daily!A2"]);
        assert_eq!(told[0].suggestion, None);
    }

    #[test]
    fn incidents_and_added_spend_of_another_year_are_slips() {
        let added = |date: &str| {
            sheets()
                .form("basics", &[("name", "双11"), ("period", "2024-10-01~2024-10-30"), ("owner", "高远")])
                .list("marginal", "batch date spend revenue", &[&format!("第一次|{date}|100|200")])
                .list(
                    "risk_log",
                    "risk level occurred response owner",
                    &[&format!("断货|较大|{date} 10:30|补货|高远")],
                )
        };
        let wrong = ["date-outside-campaign marginal!B2", "date-outside-campaign risk_log!C2"];
        let told = added("2023-10-08").tells(&RULE, &wrong);
        assert_eq!(told[0].suggestion.as_deref(), Some("2024-10-08"));
        added("2024-10-08").silent(&RULE);
        added("2024-09-20").silent(&RULE);
        added("2024-12-02").silent(&RULE);
    }

    #[test]
    fn planned_phases_widen_the_campaign() {
        day("2024-09-28").list("phases", "phase start end", &["预热期|2024-09-25|2024-09-30"]).silent(&RULE);
    }
}
