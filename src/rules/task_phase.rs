//! Tasks outside the phase they belong to, as planned or as they went (D1: T002 slips past 预热期).
//!
//! Phases described in relative days, as text, are no phases.

use chrono::NaiveDate;

use super::{Ctx, Rule, progress_by_code};
use crate::campaign::Task;
use crate::catalogue::record::Field;
use crate::code;
use crate::diagnostic::{Arg, Sink};
use crate::locale::fold;

code!(TASK_OUTSIDE_PHASE = "task-outside-phase", Warning, Cross, "task_outside_phase.toml");

pub static RULE: Rule = Rule { codes: &[&TASK_OUTSIDE_PHASE], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let standing = progress_by_code(ctx);
    for task in &ctx.campaign.tasks {
        let Some((start, end)) = phase(ctx, task.phase.as_str()) else { continue };
        let progress = standing.get(&fold(task.code.as_str()));
        let past = |day: NaiveDate| day > end;
        // The plan itself comes first: what follows from it is not told again. A
        // poster for the warm-up may be drawn before the warm-up begins.
        let planned = [("start", &task.start), ("end", &task.end)];
        let early = Some(("end", &task.end)).filter(|(_, field)| field.value.is_some_and(|day| day < start));
        let far = Some(("start", &task.start)).filter(|_| begins_too_early(ctx, task, start));
        let early = early.or(far);
        if let Some((column, field)) = first_outside(&planned, past).or(early) {
            report(ctx, sink, task, ("tasks", column), field, (start, end));
            continue;
        }
        let Some(row) = progress else { continue };
        let went = [("actual_end", &row.actual_end), ("expected_end", &row.expected_end)];
        if let Some((column, field)) = first_outside(&went, past) {
            report(ctx, sink, task, ("progress", column), field, (start, end));
        }
    }
}

/// Whether a task begins weeks before its phase and takes far longer than the others: a wrong year or month.
fn begins_too_early(ctx: &Ctx<'_>, task: &Task, phase: NaiveDate) -> bool {
    const WEEKS: i64 = 28;
    const TIMES: i64 = 3;
    let length = |task: &Task| Some((task.end.value? - task.start.value?).num_days() + 1);
    let mut lengths: Vec<i64> = ctx.campaign.tasks.iter().filter_map(length).collect();
    lengths.sort_unstable();
    let (Some(own), Some(start)) = (length(task), task.start.value) else { return false };
    let median = lengths[(lengths.len() - 1) / 2];
    lengths.len() >= 3 && (phase - start).num_days() > WEEKS && own > TIMES * median.max(1)
}

/// The days of a phase; of several rows under one name, all of them.
fn phase(ctx: &Ctx<'_>, name: &str) -> Option<(NaiveDate, NaiveDate)> {
    let name = phase_key(name);
    let rows =
        || ctx.campaign.phases.iter().filter(|row| !name.is_empty() && phase_key(row.phase.as_str()) == name);
    // One day that cannot be read leaves the phase open.
    if rows().any(|row| row.start.value.is_none() || row.end.value.is_none()) {
        return None;
    }
    Some((rows().filter_map(|row| row.start.value).min()?, rows().filter_map(|row| row.end.value).max()?))
}

/// 预热 and 预热期 and 预热阶段 are one.
fn phase_key(name: &str) -> String {
    let name = fold(name);
    name.strip_suffix("阶段").or(name.strip_suffix('期')).map_or(name.clone(), str::to_owned)
}

type Dated<'a> = (&'static str, &'a Field<NaiveDate>);

fn first_outside<'a>(fields: &[Dated<'a>], outside: impl Fn(NaiveDate) -> bool) -> Option<Dated<'a>> {
    fields.iter().copied().find(|(_, field)| field.value.is_some_and(&outside))
}

fn report(
    ctx: &Ctx<'_>,
    sink: &mut Sink,
    task: &Task,
    (table, column): (&str, &str),
    field: &Field<NaiveDate>,
    (start, end): (NaiveDate, NaiveDate),
) {
    let mut finding = ctx
        .finding(&TASK_OUTSIDE_PHASE, table, column, field)
        .arg("task", Arg::Text(task.code.as_str().to_owned()))
        .arg("phase", Arg::Text(task.phase.as_str().to_owned()))
        .arg("start", Arg::Date(start))
        .arg("end", Arg::Date(end));
    let phases = ctx
        .campaign
        .phases
        .iter()
        .filter(|row| phase_key(row.phase.as_str()) == phase_key(task.phase.as_str()));
    for at in phases.filter_map(|row| row.end.at.as_ref()) {
        finding = finding.related(at);
    }
    if let Some(at) = task.end.at.as_ref().filter(|at| Some(*at) != field.at.as_ref()) {
        finding = finding.related(at);
    }
    sink.report(finding);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Lang;
    use crate::rules::fixture::sheets;

    fn tasks(end: &str, expected: &str) -> crate::rules::fixture::Sheets {
        sheets()
            .list(
                "phases",
                "phase start end",
                &["预热期|2024-10-01|2024-10-07", "爆发期|2024-10-08|2024-10-15"],
            )
            .list(
                "tasks",
                "code phase action owner start end",
                &[&format!("T002|预热期|KOL种草视频发布|推广部*|2024-10-05|{end}")],
            )
            .list("progress", "code status expected_end", &[&format!("T002|延期|{expected}")])
    }

    #[test]
    fn d1_t002_slips_past_its_phase() {
        tasks("2024-10-07", "2024-10-07").silent(&RULE);
        let told = tasks("2024-10-07", "2024-10-09").tells(&RULE, &["task-outside-phase progress!C2"]);
        assert!(told[0].message(Lang::Zh).contains("2024-10-07"));
    }

    #[test]
    fn a_task_that_begins_a_month_before_its_phase_and_lasts_so_long_is_told() {
        let tasks = |start: &str| {
            let long = format!("T3|预热期|直播脚本|推广部|{start}|2024-10-05");
            sheets().list("phases", "phase start end", &["预热期|2024-10-01|2024-10-07"]).list(
                "tasks",
                "code phase action owner start end",
                &[
                    "T1|预热期|海报|设计部|2024-10-01|2024-10-04",
                    "T2|预热期|视频|推广部|2024-10-02|2024-10-06",
                    &long,
                ],
            )
        };
        tasks("2023-10-03").tells(&RULE, &["task-outside-phase tasks!E4"]);
        tasks("2024-09-25").silent(&RULE);
    }

    #[test]
    fn work_for_a_phase_may_begin_before_it() {
        sheets()
            .list("phases", "phase start end", &["预热期|2024-10-01|2024-10-07"])
            .list(
                "tasks",
                "code phase action owner start end",
                &["T1|预热期|海报|设计部|2024-09-25|2024-10-02", "T2|预热|视频|推广部|2024-09-20|2024-09-25"],
            )
            .tells(&RULE, &["task-outside-phase tasks!F3"]);
    }

    #[test]
    fn a_plan_outside_is_told_once_and_at_the_plan() {
        tasks("2024-10-09", "2024-10-10").tells(&RULE, &["task-outside-phase tasks!F2"]);
    }

    #[test]
    fn phases_in_relative_days_without_a_campaign_are_no_phases() {
        sheets()
            .list("phases", "phase start end", &["预热期|Day1|Day7"])
            .list(
                "tasks",
                "code phase action owner start end",
                &["T002|预热期|视频|推广部|2024-10-05|2024-10-09"],
            )
            .silent(&RULE);
    }
}
