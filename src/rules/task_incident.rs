//! A task reported done on the day an incident says that what it delivered failed (D1: T003 and the 10:30 incident).

use std::collections::HashMap;

use chrono::NaiveDate;

use super::likeness::held;
use super::{Ctx, Rule, progress_by_code};
use crate::campaign::{Incident, Progress, Status, Task};
use crate::code;
use crate::diagnostic::{Arg, Severity, Sink};
use crate::locale::fold;

code!(
    TASK_INCIDENT_CONTRADICTION = "task-incident-contradiction",
    Warning,
    Cross,
    "task_incident_contradiction.toml"
);

pub static RULE: Rule = Rule { codes: &[&TASK_INCIDENT_CONTRADICTION], check };

/// From here on an incident speaks of the same thing as a task.
const SAME_THING: f64 = 0.5;

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let standing = progress_by_code(ctx);
    let done: Vec<(&Task, &Progress, NaiveDate)> =
        ctx.campaign.tasks.iter().filter_map(|task| done_on(&standing, task)).collect();
    for incident in &ctx.campaign.risk_log {
        let Some(day) = incident.occurred.value.map(|occurred| occurred.date()) else { continue };
        // Only that very day: done earlier, it may have held until then.
        let best = done
            .iter()
            .filter(|(.., done)| *done == day)
            .map(|(task, row, _)| (task, row, held(incident.risk.as_str(), &told_by(task))))
            .filter(|(.., held)| *held >= SAME_THING)
            .max_by(|left, right| left.2.total_cmp(&right.2));
        if let Some((task, row, _)) = best {
            report(ctx, sink, task, row, incident);
        }
    }
}

fn told_by(task: &Task) -> String {
    [&task.action, &task.deliverable, &task.standard].map(|field| field.as_str()).join("，")
}

/// The day a task was done; its planned end where it was not said.
fn done_on<'a>(
    standing: &HashMap<String, &'a Progress>,
    task: &'a Task,
) -> Option<(&'a Task, &'a Progress, NaiveDate)> {
    let row = *standing.get(&fold(task.code.as_str()))?;
    let day = row.actual_end.value.or(task.end.value)?;
    (row.status.value == Some(Status::Done)).then_some((task, row, day))
}

fn report(ctx: &Ctx<'_>, sink: &mut Sink, task: &Task, row: &Progress, incident: &Incident) {
    let mut finding = ctx
        .finding(&TASK_INCIDENT_CONTRADICTION, "progress", "status", &row.status)
        .arg("task", Arg::Text(task.code.as_str().to_owned()))
        .arg("action", Arg::Quote(task.action.as_str().to_owned()))
        .arg("standard", Arg::Quote(task.standard.as_str().to_owned()))
        .arg("incident", Arg::Quote(incident.risk.as_str().to_owned()))
        .arg("occurred", Arg::Text(incident.occurred.text.clone()));
    for at in [&incident.risk.at, &incident.occurred.at, &task.standard.at].into_iter().flatten() {
        finding = finding.related(at);
    }
    // Solved on the day it came up: done is true by the evening.
    let solved = incident.solved.value.map(|solved| solved.date());
    if solved.is_some() && solved == incident.occurred.value.map(|occurred| occurred.date()) {
        finding.severity = Severity::Note;
    }
    sink.report(finding);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    fn review(status: &str, end: &str, solved: &str) -> crate::rules::fixture::Sheets {
        sheets()
            .list("tasks", "code phase action owner start end deliverable standard", &[
                "T001|预热期|悬念海报设计|设计部|2024-10-01|2024-10-08|海报设计稿|符合品牌调性",
                "T003|爆发期|满减活动上线|技术部|2024-10-08|2024-10-08|活动页面正常运行|用户可正常领取优惠券，下单核销",
            ])
            .list("progress", "code status actual_end", &["T001|已完成|2024-10-08", &format!("T003|{status}|{end}")])
            .list("risk_log", "risk level occurred response solved owner", &[
                &format!("活动页面无法领取优惠券|较大|2024-10-08 10:30|技术部排查修复|{solved}|技术部"),
            ])
    }

    #[test]
    fn d1_t003_is_done_on_the_day_nobody_can_claim_coupons() {
        let told =
            review("已完成", "2024-10-08", "").tells(&RULE, &["task-incident-contradiction progress!B3"]);
        assert_eq!(told[0].severity, Severity::Warning);
        let told = review("已完成", "2024-10-08", "2024-10-08 12:00")
            .tells(&RULE, &["task-incident-contradiction progress!B3"]);
        assert_eq!(told[0].severity, Severity::Note);
        review("进行中", "", "").silent(&RULE);
        review("已完成", "2024-10-09", "").silent(&RULE);
    }
}
