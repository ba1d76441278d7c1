//! Lateness without a reason: nobody can learn from it.

use super::cause::Cause;
use super::{Ctx, Rule, task_called, tasks_by_code};
use crate::campaign::Status;
use crate::code;
use crate::diagnostic::{Severity, Sink};
use crate::locale::fold;

code!(LATE_WITHOUT_REASON = "late-without-reason", Warning, Row, "late_without_reason.toml");

pub static RULE: Rule = Rule { codes: &[&LATE_WITHOUT_REASON], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let mut said_late = Cause::new(ctx, &LATE_WITHOUT_REASON, "progress", "reason");
    let mut finished_late = Cause::new(ctx, &LATE_WITHOUT_REASON, "progress", "reason");
    let tasks = tasks_by_code(ctx);
    for row in ctx.campaign.progress.iter().filter(|row| row.reason.value.is_none()) {
        let due = tasks.get(&fold(row.code.as_str())).and_then(|task| task.end.value);
        if row.status.value == Some(Status::Late) {
            said_late.add(&row.reason, &row.row, task_called(ctx, row));
            said_late.related(row.status.at.as_ref());
        } else if row.status.value == Some(Status::Done)
            && row.actual_end.value.zip(due).is_some_and(|(end, due)| end > due)
        {
            finished_late.add(&row.reason, &row.row, task_called(ctx, row));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    fn task(status: &str, end: &str, reason: &str) -> crate::rules::fixture::Sheets {
        sheets()
            .list(
                "tasks",
                "code phase action owner start end",
                &["T002|预热期|视频|高远|2024-10-05|2024-10-07"],
            )
            .list("progress", "code status actual_end reason", &[&format!("T002|{status}|{end}|{reason}")])
    }

    #[test]
    fn a_late_task_wants_a_reason() {
        let told = task("延期", "", "").tells(&RULE, &["late-without-reason progress!D2"]);
        assert_eq!(told[0].severity, Severity::Warning);
        task("延期", "", "档期冲突").silent(&RULE);
    }

    #[test]
    fn finished_late_is_noted_only() {
        let told = task("已完成", "2024-10-09", "").tells(&RULE, &["late-without-reason progress!D2"]);
        assert_eq!(told[0].severity, Severity::Note);
        task("已完成", "2024-10-07", "").silent(&RULE);
    }
}
