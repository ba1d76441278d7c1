//! Tasks that wait for each other in a circle, or for a task that is not there; progress of no task.

use std::collections::BTreeMap;

use super::{Ctx, Rule};
use crate::campaign::Task;
use crate::code;
use crate::diagnostic::{Arg, Sink};
use crate::locale::fold;

code!(TASK_CYCLE = "task-cycle", Error, Table, "task_cycle.toml");
code!(UNKNOWN_PREDECESSOR = "unknown-predecessor", Warning, Table, "unknown_predecessor.toml");
code!(UNKNOWN_TASK = "unknown-task", Error, Cross, "unknown_task.toml");

pub static RULE: Rule = Rule { codes: &[&TASK_CYCLE, &UNKNOWN_PREDECESSOR, &UNKNOWN_TASK], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let tasks = &ctx.campaign.tasks;
    let mut index: BTreeMap<String, usize> = BTreeMap::new();
    for (i, task) in tasks.iter().enumerate() {
        if let Some(code) = &task.code.value {
            index.entry(fold(code)).or_insert(i);
        }
    }
    if index.is_empty() {
        return;
    }
    let mut waits: Vec<Vec<usize>> = Vec::new();
    for task in tasks {
        let mut known = Vec::new();
        for code in task.predecessors.value.iter().flatten() {
            match index.get(&fold(code)) {
                Some(i) => known.push(*i),
                None => unknown_predecessor(ctx, sink, task, code, &index),
            }
        }
        waits.push(known);
    }
    for circle in circles(&waits) {
        report_circle(ctx, sink, &circle);
    }
    for row in &ctx.campaign.progress {
        let Some(code) = row.code.value.as_deref().filter(|code| !index.contains_key(&fold(code))) else {
            continue;
        };
        let mut finding = ctx
            .finding(&UNKNOWN_TASK, "progress", "code", &row.code)
            .arg("tasks", ctx.title("tasks"));
        if let Some(meant) = nearest(ctx, code, &index) {
            finding = finding.suggest(meant);
        }
        sink.report(finding);
    }
}

fn unknown_predecessor(
    ctx: &Ctx<'_>,
    sink: &mut Sink,
    task: &Task,
    code: &str,
    index: &BTreeMap<String, usize>,
) {
    let mut finding = ctx
        .finding(&UNKNOWN_PREDECESSOR, "tasks", "predecessors", &task.predecessors)
        .arg("task", Arg::Quote(task.code.as_str().to_owned()))
        .arg("code", Arg::Quote(code.to_owned()));
    if let Some(meant) = nearest(ctx, code, index) {
        finding = finding.suggest(task.predecessors.text.replace(code, &meant));
    }
    sink.report(finding);
}

/// The one code that is clearly meant: a single slip away, and no other as near.
fn nearest(ctx: &Ctx<'_>, code: &str, index: &BTreeMap<String, usize>) -> Option<String> {
    let code = fold(code);
    let near: Vec<usize> =
        index.iter().filter(|(known, _)| strsim::osa_distance(known, &code) == 1).map(|(_, i)| *i).collect();
    match near.as_slice() {
        [only] => ctx.campaign.tasks.get(*only).map(|task| task.code.as_str().to_owned()),
        _ => None,
    }
}

/// Every task is left once all it waits for are left; what then remains waits in circles.
/// Each circle is followed from its first task in the order of the table.
fn circles(waits: &[Vec<usize>]) -> Vec<Vec<usize>> {
    // Who waits for whom, the other way round; each is left once the last it waits for is.
    let mut waiting: Vec<Vec<usize>> = vec![Vec::new(); waits.len()];
    let mut open: Vec<usize> = waits.iter().map(Vec::len).collect();
    for (task, befores) in waits.iter().enumerate() {
        befores.iter().for_each(|before| waiting[*before].push(task));
    }
    let mut left = vec![false; waits.len()];
    let mut free: Vec<usize> = (0..waits.len()).filter(|task| open[*task] == 0).collect();
    while let Some(task) = free.pop() {
        left[task] = true;
        for next in &waiting[task] {
            open[*next] -= 1;
            if open[*next] == 0 {
                free.push(*next);
            }
        }
    }
    let mut circles = Vec::new();
    let mut told = left.clone();
    // Where each task stands on the path being followed.
    let mut places: Vec<Option<usize>> = vec![None; waits.len()];
    for start in 0..waits.len() {
        if told[start] {
            continue;
        }
        let mut path = vec![start];
        let mut here = start;
        places[start] = Some(0);
        // Whoever is not left waits for someone who is not left either: the walk ends in a circle,
        // or where one before it has been.
        while let Some(next) = waits[here].iter().copied().find(|next| !left[*next]) {
            if told[next] {
                break;
            }
            if let Some(from) = places[next] {
                circles.push(path[from..].to_vec());
                break;
            }
            places[next] = Some(path.len());
            path.push(next);
            here = next;
        }
        for task in path {
            told[task] = true;
        }
    }
    circles
}

fn report_circle(ctx: &Ctx<'_>, sink: &mut Sink, circle: &[usize]) {
    let tasks: Vec<&Task> = circle.iter().filter_map(|i| ctx.campaign.tasks.get(*i)).collect();
    let Some(first) = tasks.first() else { return };
    let mut path: Vec<String> = tasks.iter().map(|task| task.code.as_str().to_owned()).collect();
    path.push(first.code.as_str().to_owned());
    let mut finding = ctx
        .finding(&TASK_CYCLE, "tasks", "predecessors", &first.predecessors)
        .arg("path", Arg::Text(path.join(" → ")));
    for task in &tasks[1..] {
        if let Some(at) = &task.predecessors.at {
            finding = finding.also(at);
        }
    }
    sink.report(finding);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Lang;
    use crate::rules::fixture::sheets;

    fn tasks(first: &str, second: &str) -> crate::rules::fixture::Sheets {
        sheets().list(
            "tasks",
            "code phase action owner start end predecessors",
            &[
                &format!("T001|预热期|海报|高远|2024-10-01|2024-10-03|{first}"),
                &format!("T002|预热期|视频|高远|2024-10-04|2024-10-05|{second}"),
                "T003|爆发期|上线|高远|2024-10-08|2024-10-08|T001、T002",
            ],
        )
    }

    #[test]
    fn tasks_wait_for_earlier_ones() {
        tasks("", "T001").silent(&RULE);
        let told = tasks("T002", "T001").tells(&RULE, &["task-cycle tasks!G2 +1"]);
        assert!(told[0].message(Lang::Zh).contains("T001 → T002 → T001"));
        tasks("T001", "").tells(&RULE, &["task-cycle tasks!G2"]);
    }

    #[test]
    fn predecessors_and_progress_name_tasks() {
        let told = tasks("", "T00l").tells(&RULE, &["unknown-predecessor tasks!G3"]);
        assert_eq!(told[0].suggestion, None);
        tasks("", "T001")
            .list("progress", "code status", &["t001|进行中", "T010|进行中"])
            .tells(&RULE, &["unknown-task progress!A3"]);
        sheets().list("progress", "code status", &["T010|进行中"]).silent(&RULE);
    }

    #[test]
    fn every_circle_is_told_once() {
        assert_eq!(circles(&[vec![1], vec![0], vec![3], vec![2], vec![0]]), [vec![0, 1], vec![2, 3]]);
        assert_eq!(circles(&[vec![], vec![0], vec![0, 1]]), Vec::<Vec<usize>>::new());
    }
}
