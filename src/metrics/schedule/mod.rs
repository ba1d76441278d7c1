//! Time: how tasks stand, what waits for what, how long approvals took
//! (spec: `3-metrics` §3.5; D1 二（四）, 三（一）（二）, 四（一）).

use crate::campaign::Campaign;
use crate::expr::{Expr, Leaf, Val};
use crate::metrics;
use crate::page::serial;

use super::{Basis, Figure};

pub mod approvals;
pub mod chain;
pub mod tasks;

pub use approvals::{Approvals, Calendar, Promptness, Wait};
pub use chain::Chain;
pub use tasks::{Dates, State, TaskFigures};

metrics! {
    TASK_COMPLETION = "task-completion",
    ON_TIME_RATE = "on-time-rate",
    WEIGHTED_PROGRESS = "weighted-progress",
    DELAY_DAYS = "delay-days",
    EXPECTED_SLIP = "expected-slip",
    PHASE_OVERRUN = "phase-overrun",
    CRITICAL_CHAIN = "critical-chain",
    APPROVAL_DAYS = "approval-days",
    DATA_DAYS = "data-days",
}

/// The schedule of a campaign.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Schedule {
    /// Every task, in the order of its table; where only progress was kept, its rows.
    pub tasks: Vec<TaskFigures>,
    /// 任务完成率.
    pub completion: Figure,
    /// 按期完成率.
    pub on_time: Figure,
    /// Progress of all tasks, by planned days.
    pub progress: Figure,
    /// The longest chain of tasks that wait for each other; none where nothing waits or they wait in a circle.
    pub chain: Option<Chain>,
    /// Approvals and the handing in of data, in working days.
    pub approvals: Approvals,
}

/// Computes the schedule.
pub fn analyse(basis: Basis<'_>) -> Schedule {
    let as_of = Expr::Num(serial(basis.as_of));
    let tasks = tasks::figures(basis.campaign, &as_of);
    let states = tasks.iter().map(|task| Val::Text(task.state.id().into())).collect();
    let states = Expr::found(states, tasks.iter().filter_map(|task| told_by(basis.campaign, task)));
    let delays: Vec<Expr> = tasks.iter().map(|task| task.delay.expr.clone()).collect();
    let days: Vec<Expr> = tasks.iter().map(|task| task.days.clone()).collect();
    let counted: Vec<Expr> = tasks.iter().map(|task| task.counted.clone()).collect();
    let word = |state: State| state.id().to_owned();
    let delays = Expr::loose(&delays);
    Schedule {
        completion: Figure { metric: &TASK_COMPLETION, expr: tasks::completion(&states, word) },
        on_time: Figure { metric: &ON_TIME_RATE, expr: tasks::on_time(&states, &delays, word) },
        progress: Figure {
            metric: &WEIGHTED_PROGRESS,
            expr: tasks::weighted_progress(Expr::loose(&days), Expr::loose(&counted)),
        },
        chain: chain::longest(basis.campaign, &tasks),
        approvals: approvals::analyse(basis),
        tasks,
    }
}

/// The cell that tells how a task stands: its status, else the task itself.
fn told_by(campaign: &Campaign, task: &tasks::TaskFigures) -> Option<Leaf> {
    let status = task.record.and_then(|record| campaign.progress.get(record)).map(|row| &row.status);
    match status {
        // What nobody could read says no more than an empty cell.
        Some(status) if task.state == State::Unknown => {
            status.at.clone().map(|at| Leaf::Cell { at, value: Val::Blank })
        }
        Some(status) => status.cell(),
        None => task.at.clone().map(|at| Leaf::Cell { at, value: Val::Text(task.code.as_str().into()) }),
    }
}

#[cfg(test)]
mod tests;
