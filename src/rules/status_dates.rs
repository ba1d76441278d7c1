//! A state that its own dates contradict: done without a day, not begun after it was due.

use super::cause::Cause;
use super::{Ctx, Rule, task_called, tasks_by_code};
use crate::campaign::Status;
use crate::catalogue::record::Field;
use crate::cell::Place;
use crate::code;
use crate::diagnostic::{Arg, Sink};
use crate::locale::fold;

code!(
    STATUS_DATE_CONTRADICTION = "status-date-contradiction",
    Warning,
    Row,
    "status_date_contradiction.toml"
);

pub static RULE: Rule = Rule { codes: &[&STATUS_DATE_CONTRADICTION], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    progress(ctx, sink);
    actions(ctx, sink);
}

/// One kind of contradiction within one table: what the state says, what the other cell says.
struct Contradiction<'a> {
    cause: Cause<'a>,
    other: String,
}

impl<'a> Contradiction<'a> {
    fn new(ctx: &'a Ctx<'a>, table: &'a str, other: (&str, &str)) -> Contradiction<'a> {
        let cause = Cause::new(ctx, &STATUS_DATE_CONTRADICTION, table, "status");
        Contradiction { cause, other: ctx.label(other.0, other.1) }
    }

    fn met<T>(&mut self, status: &Field<Status>, row: &Place, name: &str, other: &Field<T>) {
        self.cause.add(status, row, name);
        self.cause.related(other.at.as_ref());
        self.cause.arg("other", Arg::Text(self.other.clone()));
        let blank = other.text.trim().is_empty();
        self.cause.arg("value", if blank { Arg::Word("blank") } else { Arg::Quote(other.text.clone()) });
    }
}

fn progress(ctx: &Ctx<'_>, sink: &mut Sink) {
    let kind = |other| Contradiction::new(ctx, "progress", other);
    let mut no_day = kind(("progress", "actual_end"));
    let mut overdue = kind(("tasks", "end"));
    let mut part_done = kind(("progress", "done"));
    let mut future = kind(("progress", "actual_end"));
    let mut finished = kind(("progress", "actual_end"));
    let tasks = tasks_by_code(ctx);
    for row in &ctx.campaign.progress {
        let (name, status) = (task_called(ctx, row), &row.status);
        let due = tasks.get(&fold(row.code.as_str())).map(|task| &task.end);
        match (status.value, row.actual_end.value) {
            (Some(Status::Done), None) if row.actual_end.at.is_some() && row.actual_end.is_blank() => {
                no_day.met(status, &row.row, name, &row.actual_end);
            }
            (Some(Status::NotStarted | Status::Doing), Some(_)) => {
                finished.met(status, &row.row, name, &row.actual_end);
            }
            (Some(_), Some(day)) if day > ctx.as_of => future.met(status, &row.row, name, &row.actual_end),
            _ => {}
        }
        if status.value == Some(Status::NotStarted)
            && row.expected_end.value.is_none_or(|day| day < ctx.as_of)
            && let Some(due) = due.filter(|due| due.value.is_some_and(|day| day < ctx.as_of))
            && row.actual_end.value.is_none()
        {
            overdue.met(status, &row.row, name, due);
        }
        if status.value == Some(Status::Done) && row.done.value.is_some_and(|done| done < 0.995) {
            part_done.met(status, &row.row, name, &row.done);
        }
    }
    for kind in [no_day, overdue, part_done, future, finished] {
        kind.cause.report(sink);
    }
}

fn actions(ctx: &Ctx<'_>, sink: &mut Sink) {
    let kind = |column| Contradiction::new(ctx, "actions", ("actions", column));
    let (mut no_day, mut future, mut finished) = (kind("done_on"), kind("done_on"), kind("done_on"));
    for row in &ctx.campaign.actions {
        let (name, status) = (row.action.as_str(), &row.status);
        match (status.value, row.done_on.value) {
            (Some(Status::Done), None) if row.done_on.at.is_some() && row.done_on.is_blank() => {
                no_day.met(status, &row.row, name, &row.done_on);
            }
            (Some(Status::NotStarted | Status::Doing), Some(_)) => {
                finished.met(status, &row.row, name, &row.done_on);
            }
            (Some(_), Some(day)) if day > ctx.as_of => future.met(status, &row.row, name, &row.done_on),
            _ => {}
        }
    }
    for kind in [no_day, future, finished] {
        kind.cause.report(sink);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Lang;
    use crate::rules::fixture::sheets;

    fn task(status: &str, done: &str, end: &str) -> crate::rules::fixture::Sheets {
        sheets()
            .list(
                "tasks",
                "code phase action owner start end",
                &["T001|预热期|海报|高远|2024-10-01|2024-10-03"],
            )
            .list("progress", "code status done actual_end", &[&format!("T001|{status}|{done}|{end}")])
    }

    #[test]
    fn states_and_days_that_agree_are_fine() {
        task("已完成", "100%", "2024-10-03").silent(&RULE);
        task("延期", "60%", "").silent(&RULE);
        task("延期", "100%", "2024-10-05").silent(&RULE);
        task("进行中", "60%", "").silent(&RULE);
        task("已取消", "", "").silent(&RULE);
    }

    #[test]
    fn done_needs_its_day_and_the_whole_of_it() {
        let told = task("已完成", "100%", "").tells(&RULE, &["status-date-contradiction progress!B2"]);
        assert!(told[0].message(Lang::Zh).contains("实际完成"));
        task("已完成", "80%", "2024-10-03").tells(&RULE, &["status-date-contradiction progress!B2"]);
        task("已完成", "100%", "2024-12-03").tells(&RULE, &["status-date-contradiction progress!B2"]);
    }

    #[test]
    fn what_has_not_begun_cannot_be_finished_or_overdue() {
        task("未开始", "", "2024-10-03").tells(&RULE, &["status-date-contradiction progress!B2"]);
        task("未开始", "", "").tells(&RULE, &["status-date-contradiction progress!B2"]);
    }

    #[test]
    fn actions_too() {
        let action = |status: &str, day: &str| {
            sheets().list(
                "actions",
                "action owner due standard impact difficulty status done_on",
                &[&format!("压缩详情页图片|高远|2024-11-15|加载时间1.5秒|高|低|{status}|{day}")],
            )
        };
        action("已完成", "2024-10-20").silent(&RULE);
        action("未开始", "").silent(&RULE);
        action("已完成", "").tells(&RULE, &["status-date-contradiction actions!G2"]);
    }
}
