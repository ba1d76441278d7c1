//! Lateness without a reason: nobody can learn from it.

use super::cause::Cause;
use super::{Ctx, Rule, end_of_task};
use crate::campaign::Status;
use crate::code;
use crate::diagnostic::{Severity, Sink};

code!(LATE_WITHOUT_REASON = "late-without-reason", Warning, Row, "late_without_reason.toml");

pub static RULE: Rule = Rule { codes: &[&LATE_WITHOUT_REASON], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let mut said_late = Cause::new(ctx, &LATE_WITHOUT_REASON, "progress", "reason");
    let mut finished_late = Cause::new(ctx, &LATE_WITHOUT_REASON, "progress", "reason");
    for row in ctx.campaign.progress.iter().filter(|row| row.reason.value.is_none()) {
        let due = end_of_task(ctx, row.code.as_str()).and_then(|end| end.value);
        if row.status.value == Some(Status::Late) {
            said_late.add(&row.reason, &row.row, row.code.as_str());
            said_late.related(row.status.at.as_ref());
        } else if row.status.value == Some(Status::Done)
            && row.actual_end.value.zip(due).is_some_and(|(end, due)| end > due)
        {
            finished_late.add(&row.reason, &row.row, row.code.as_str());
            finished_late.related(row.actual_end.at.as_ref());
        }
    }
    said_late.report(sink);
    // Done, only later than planned: worth a line, no more.
    if let Some(mut finding) = finished_late.finding() {
        finding.severity = Severity::Note;
        sink.report(finding);
    }
}
