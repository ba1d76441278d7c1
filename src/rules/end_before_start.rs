//! Something that ends before it begins. Of a period in one cell, reading says so under the same code.

use chrono::NaiveDate;

use super::cause::Cause;
use super::{Ctx, Rule};
use crate::catalogue::findings::END_BEFORE_START;
use crate::catalogue::record::Field;
use crate::cell::Place;
use crate::code;
use crate::diagnostic::{Arg, Sink};
use crate::mark::is_more;

code!(RESPONSE_BEFORE_INCIDENT = "response-before-incident", Warning, Row, "response_before_incident.toml");

pub static RULE: Rule = Rule { codes: &[&RESPONSE_BEFORE_INCIDENT], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let campaign = ctx.campaign;
    let phases = campaign.phases.iter().map(|row| (&row.start, &row.end, &row.row, row.phase.as_str()));
    pairs(ctx, sink, "phases", ("start", "end"), phases);
    let tasks = campaign.tasks.iter().map(|row| (&row.start, &row.end, &row.row, row.code.as_str()));
    pairs(ctx, sink, "tasks", ("start", "end"), tasks);
    let progress =
        campaign.progress.iter().map(|row| (&row.actual_start, &row.actual_end, &row.row, row.code.as_str()));
    pairs(ctx, sink, "progress", ("actual_start", "actual_end"), progress);
    let approvals =
        campaign.approvals.iter().map(|row| (&row.submitted, &row.approved, &row.row, row.item.as_str()));
    pairs(ctx, sink, "approvals", ("submitted", "approved"), approvals);
    incidents(ctx, sink);
}

type Span<'a> = (&'a Field<NaiveDate>, &'a Field<NaiveDate>, &'a Place, &'a str);

fn pairs<'a>(
    ctx: &Ctx<'_>,
    sink: &mut Sink,
    table: &str,
    (first, last): (&str, &str),
    rows: impl Iterator<Item = Span<'a>>,
) {
    let mut cause = Cause::new(ctx, &END_BEFORE_START, table, last);
    for (start, end, row, name) in rows {
        let (Some(from), Some(to)) = (start.value, end.value) else { continue };
        if to < from {
            cause.add(end, row, name);
            cause.when(end, Some(is_more(start.expr(), end.expr())));
            cause.related(start.at.as_ref());
            cause.arg("first", Arg::Text(ctx.label(table, first)));
            cause.arg("start", Arg::Quote(start.text.clone()));
        }
    }
    cause.report(sink);
}

/// An incident solved on an earlier day is a wrong date; on the same day at an
/// earlier hour it was written down before it happened.
fn incidents(ctx: &Ctx<'_>, sink: &mut Sink) {
    let mut days = Cause::new(ctx, &END_BEFORE_START, "risk_log", "solved");
    let mut hours = Cause::new(ctx, &RESPONSE_BEFORE_INCIDENT, "risk_log", "solved");
    for row in &ctx.campaign.risk_log {
        let (Some(occurred), Some(solved)) = (row.occurred.value, row.solved.value) else { continue };
        let cause = if solved.date() < occurred.date() {
            &mut days
        } else if solved < occurred && solved.time() != chrono::NaiveTime::MIN {
            // Midnight is a day without a time.
            &mut hours
        } else {
            continue;
        };
        cause.add(&row.solved, &row.row, row.risk.as_str());
        cause.related(row.occurred.at.as_ref());
        cause.arg("first", Arg::Text(ctx.label("risk_log", "occurred")));
        cause.arg("start", Arg::Quote(row.occurred.text.clone()));
    }
    days.report(sink);
    hours.report(sink);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Lang;
    use crate::rules::fixture::sheets;

    #[test]
    fn what_ends_begins_before() {
        let told = sheets()
            .list(
                "phases",
                "phase start end",
                &["预热期|2024-10-08|2024-10-03", "爆发期|2024-10-08|2024-10-08"],
            )
            .list(
                "tasks",
                "code phase action owner start end",
                &["T1|预热期|海报|高远|2024-10-02|2024-10-01"],
            )
            .list("approvals", "item submitted approver approved", &["预算评审|2024-09-20|高远|2024-09-18"])
            .tells(
                &RULE,
                &["end-before-start phases!C2", "end-before-start tasks!F2", "end-before-start approvals!D2"],
            );
        assert_eq!(
            told[0].message(Lang::Zh),
            "「结束日期」填的是「2024-10-03」，结束比开始「2024-10-08」还早"
        );
    }

    #[test]
    fn incidents_are_solved_after_they_happen() {
        let incident = |solved: &str| {
            sheets().list(
                "risk_log",
                "risk level occurred response solved owner",
                &[&format!("页面无法领券|较大|2024-10-08 10:30|修复|{solved}|高远")],
            )
        };
        incident("2024-10-08 12:00").silent(&RULE);
        incident("2024-10-08").silent(&RULE);
        incident("2024-10-08 09:00").tells(&RULE, &["response-before-incident risk_log!E2"]);
        incident("2024-10-07 12:00").tells(&RULE, &["end-before-start risk_log!E2"]);
    }
}
