//! The critical chain: the longest run of tasks each of which waits for the one before.

use indexmap::IndexMap;

use crate::campaign::Campaign;
use crate::expr::Expr;
use crate::locale::fold;
use crate::metrics::Figure;

use super::{CRITICAL_CHAIN, TaskFigures};

/// The longest chain of tasks.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Chain {
    /// Its tasks, first things first, as indexes into the schedule's tasks.
    pub tasks: Vec<usize>,
    /// Planned days along it.
    pub days: Figure,
}

/// Planned days along a chain.
pub fn chain_days(days: impl IntoIterator<Item = Expr>) -> Expr {
    Expr::sum(days).known()
}

/// The chain with the most planned days; none where no task waits for another, or some wait in a circle.
pub(super) fn longest(campaign: &Campaign, tasks: &[TaskFigures]) -> Option<Chain> {
    let mut index: IndexMap<String, usize> = IndexMap::new();
    for (i, task) in tasks.iter().enumerate().filter(|(_, task)| !task.code.is_empty()) {
        index.entry(fold(&task.code)).or_insert(i);
    }
    let waits: Vec<Vec<usize>> = tasks
        .iter()
        .map(|task| {
            let codes = task.task.and_then(|row| campaign.tasks[row].predecessors.value.as_ref());
            codes.into_iter().flatten().filter_map(|code| index.get(&fold(code)).copied()).collect()
        })
        .collect();
    if waits.iter().all(Vec::is_empty) {
        return None;
    }
    let days: Vec<f64> = tasks.iter().map(|task| task.days.number().unwrap_or(0.0).max(0.0)).collect();
    let path = longest_path(&waits, &days)?;
    let along = path.iter().map(|task| tasks[*task].days.clone());
    Some(Chain { days: Figure { metric: &CRITICAL_CHAIN, expr: chain_days(along) }, tasks: path })
}

/// The heaviest path through what waits for what; `None` of a circle.
fn longest_path(waits: &[Vec<usize>], days: &[f64]) -> Option<Vec<usize>> {
    // Of each task that could be reached: the days up to its end, and the task before it.
    let mut reached: Vec<Option<(f64, Option<usize>)>> = vec![None; waits.len()];
    let mut after: Vec<Vec<usize>> = vec![Vec::new(); waits.len()];
    for (task, before) in
        waits.iter().enumerate().flat_map(|(task, all)| all.iter().map(move |it| (task, *it)))
    {
        after[before].push(task);
    }
    let mut open: Vec<usize> = waits.iter().map(Vec::len).collect();
    let mut ready: Vec<usize> = (0..waits.len()).filter(|task| open[*task] == 0).collect();
    while let Some(task) = ready.pop() {
        let mut best: (f64, Option<usize>) = (0.0, None);
        for before in &waits[task] {
            let until = reached[*before].map_or(0.0, |(until, _)| until);
            if best.1.is_none() || until > best.0 {
                best = (until, Some(*before));
            }
        }
        reached[task] = Some((best.0 + days[task], best.1));
        for next in &after[task] {
            open[*next] -= 1;
            if open[*next] == 0 {
                ready.push(*next);
            }
        }
    }
    if reached.iter().any(Option::is_none) {
        return None;
    }
    let mut last: Option<(usize, f64)> = None;
    for (task, until) in reached.iter().enumerate().filter_map(|(task, reached)| Some((task, (*reached)?.0)))
    {
        if last.is_none_or(|(_, most)| until > most) {
            last = Some((task, until));
        }
    }
    let mut path = vec![last?.0];
    while let Some((_, Some(before))) = path.last().and_then(|task| reached[*task]) {
        path.push(before);
    }
    path.reverse();
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_path_goes_by_days_and_a_circle_has_none() {
        let waits = [vec![], vec![0], vec![0], vec![1, 2], vec![]];
        assert_eq!(longest_path(&waits, &[1.0, 2.0, 5.0, 1.0, 6.0]), Some(vec![0, 2, 3]));
        assert_eq!(longest_path(&waits, &[1.0, 2.0, 5.0, 1.0, 8.0]), Some(vec![4]));
        assert_eq!(longest_path(&[vec![1], vec![0]], &[1.0, 1.0]), None);
        assert_eq!(longest_path(&[vec![0]], &[1.0]), None);
    }
}
