//! Days of the monitor outside 活动周期 (and outside every phase, where phases are planned).

use super::cause::Cause;
use super::{Ctx, Rule, within_year};
use crate::code;
use crate::diagnostic::{Arg, Sink};
use crate::mark::is_outside;
use crate::page::serial;

code!(DATE_OUTSIDE_CAMPAIGN = "date-outside-campaign", Warning, Row, "date_outside_campaign.toml");

pub static RULE: Rule = Rule { codes: &[&DATE_OUTSIDE_CAMPAIGN], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let Some(basics) = &ctx.campaign.basics else { return };
    let Some(period) = basics.period.value else { return };
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
    cause.related(basics.period.at.as_ref());
    cause.arg("start", Arg::Date(start));
    cause.arg("end", Arg::Date(end));
    cause.report(sink);
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
    fn planned_phases_widen_the_campaign() {
        day("2024-09-28").list("phases", "phase start end", &["预热期|2024-09-25|2024-09-30"]).silent(&RULE);
    }
}
