//! Tasks: how each stands on the as-of day, how late it is, how far all of them are.

use std::collections::HashMap;

use indexmap::IndexMap;

use crate::campaign::{Campaign, Progress, Status, Task};
use crate::cell::Place;
use crate::expr::{Expr, Fun, Op};
use crate::locale::fold;
use crate::metrics::{Figure, goals};

use super::{DELAY_DAYS, EXPECTED_SLIP, PHASE_OVERRUN};

/// One task as planned and as it went.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TaskFigures {
    /// 任务编号.
    pub code: String,
    /// 具体动作.
    pub action: String,
    /// 活动阶段.
    pub phase: String,
    /// 责任人.
    pub owner: String,
    /// Row of the task table.
    pub task: Option<usize>,
    /// Row of the progress table.
    pub record: Option<usize>,
    /// Planned and actual days.
    pub dates: Dates,
    /// The state the team gave.
    pub status: Option<Status>,
    /// The progress the team gave.
    pub done: Expr,
    /// The last day of its phase.
    pub phase_end: Expr,
    /// How it stands.
    pub state: State,
    /// Planned days, first and last included.
    pub days: Expr,
    /// Progress as it counts.
    pub counted: Expr,
    /// 延期天数.
    pub delay: Figure,
    /// 预计完成 − 计划结束, where later.
    pub slip: Figure,
    /// Days past the end of its phase.
    pub overrun: Figure,
    /// Why it is late, and what is done about it.
    pub reason: String,
    /// The cell to look at first.
    pub at: Option<Place>,
}

/// The days of one task, as cells.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Dates {
    /// Planned start.
    pub start: Expr,
    /// Planned end.
    pub end: Expr,
    /// Actual end.
    pub actual_end: Expr,
    /// Expected end.
    pub expected_end: Expr,
}

/// How a task stands on the as-of day. Due today is not overdue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// 逾期: past its end and not done.
    Overdue,
    /// 预计延期: not past its end, but said to become late.
    Slipping,
    /// 应开始未开始.
    ShouldHaveStarted,
    /// 进行中.
    OnTrack,
    /// 未开始, and not due to.
    NotStarted,
    /// 延期完成.
    DoneLate,
    /// 已完成.
    Done,
    /// 已取消.
    Cancelled,
    /// Nobody said how it stands.
    Unknown,
}

impl State {
    /// Every state, the most pressing first.
    pub const ALL: [State; 9] = [
        State::Overdue,
        State::Slipping,
        State::ShouldHaveStarted,
        State::OnTrack,
        State::NotStarted,
        State::DoneLate,
        State::Done,
        State::Cancelled,
        State::Unknown,
    ];

    /// Stable id.
    pub fn id(self) -> &'static str {
        match self {
            State::Overdue => "task-overdue",
            State::Slipping => "task-slipping",
            State::ShouldHaveStarted => "task-should-have-started",
            State::OnTrack => "task-on-track",
            State::NotStarted => "task-not-started",
            State::DoneLate => "task-done-late",
            State::Done => "task-done",
            State::Cancelled => "task-cancelled",
            State::Unknown => "task-unknown",
        }
    }

    /// Whether it is finished.
    pub fn is_done(self) -> bool {
        matches!(self, State::Done | State::DoneLate)
    }

    fn of(expr: &Expr) -> State {
        let id = expr.value();
        State::ALL.into_iter().find(|state| id.text() == Some(state.id())).unwrap_or(State::Unknown)
    }
}

/// 延期天数: days from the planned end to the actual end, else to the as-of
/// day, not below 0. Nothing for cancelled tasks, and for those of which
/// nobody said how they stand or on which day they were done.
pub fn delay_days(dates: &Dates, status: &Expr, as_of: &Expr, word: impl Fn(Status) -> String) -> Expr {
    let is = |wanted| status.clone().op(Op::Eq, Expr::text(word(wanted)));
    let behind = |day: &Expr| (day.clone() - dates.end.clone()).max(0.0).known();
    let open_ended = is(Status::Done).then(Expr::nothing(), behind(as_of));
    let unfinished = status.clone().op(Op::Eq, "").then(Expr::nothing(), open_ended);
    let went =
        Expr::call(Fun::IsNumber, [dates.actual_end.clone()]).then(behind(&dates.actual_end), unfinished);
    is(Status::Cancelled).then(Expr::nothing(), went)
}

/// Planned days, first and last included.
pub fn planned_days(dates: &Dates) -> Expr {
    (dates.end.clone() - dates.start.clone() + 1.0).known()
}

/// Days by which the expected end lies behind the planned one.
pub fn expected_slip(dates: &Dates) -> Expr {
    (dates.expected_end.clone() - dates.end.clone()).max(0.0).known()
}

/// Days past the end of the phase: of the actual end, else of the expected, else of the planned one.
pub fn phase_overrun(
    dates: &Dates,
    status: &Expr,
    phase_end: &Expr,
    word: impl Fn(Status) -> String,
) -> Expr {
    let past = |day: &Expr| (day.clone() - phase_end.clone()).max(0.0).known();
    let expected = Expr::call(Fun::IsNumber, [dates.expected_end.clone()])
        .then(past(&dates.expected_end), past(&dates.end));
    let went = Expr::call(Fun::IsNumber, [dates.actual_end.clone()]).then(past(&dates.actual_end), expected);
    status.clone().op(Op::Eq, Expr::text(word(Status::Cancelled))).then(Expr::nothing(), went)
}

/// How a task stands; `status_word` are the texts of the team's states, `word` those of ours.
pub fn state(
    dates: &Dates,
    status: &Expr,
    delay: &Expr,
    as_of: &Expr,
    status_word: impl Fn(Status) -> String,
    word: impl Fn(State) -> String,
) -> Expr {
    let is = |wanted| status.clone().op(Op::Eq, Expr::text(status_word(wanted)));
    let text = |state| Expr::text(word(state));
    let number = |expr: &Expr| Expr::call(Fun::IsNumber, [expr.clone()]);
    // A text is greater than every number: each comparison brings its own proof of a number.
    let late = Expr::call(Fun::And, [number(delay), delay.clone().op(Op::Gt, 0.0)]);
    let behind = |later: &Expr, earlier: &Expr| {
        Expr::call(Fun::And, [number(later), number(earlier), later.clone().op(Op::Gt, earlier.clone())])
    };
    let waiting = behind(as_of, &dates.start).then(text(State::ShouldHaveStarted), text(State::NotStarted));
    let going = is(Status::NotStarted).then(waiting, text(State::OnTrack));
    let slipping = Expr::call(Fun::Or, [is(Status::Late), behind(&dates.expected_end, &dates.end)]);
    let open = late.clone().then(text(State::Overdue), slipping.then(text(State::Slipping), going));
    let said = status.clone().op(Op::Eq, "").then(text(State::Unknown), open);
    let done = Expr::call(Fun::Or, [is(Status::Done), number(&dates.actual_end)]);
    let finished = done.then(late.then(text(State::DoneLate), text(State::Done)), said);
    is(Status::Cancelled).then(text(State::Cancelled), finished)
}

/// Progress as it counts: done is all of it, not begun nothing (however long overdue), else as given;
/// nothing for cancelled tasks.
pub fn counted(
    state: &Expr,
    status: &Expr,
    done: &Expr,
    word: impl Fn(State) -> String,
    status_word: impl Fn(Status) -> String,
) -> Expr {
    let is = |wanted| state.clone().op(Op::Eq, Expr::text(word(wanted)));
    let finished = Expr::call(Fun::Or, [is(State::Done), is(State::DoneLate)]);
    let idle = status.clone().op(Op::Eq, Expr::text(status_word(Status::NotStarted)));
    let given = done.clone().max(0.0).min(1.0);
    let open = Expr::call(Fun::IsNumber, [done.clone()]).then(given, idle.then(0.0, Expr::nothing()));
    is(State::Cancelled).then(Expr::nothing(), finished.then(1.0, open))
}

/// 任务完成率: 已完成 ÷ (全部 − 已取消), over the tasks of which it is known how they stand.
pub fn completion(states: &Expr, word: impl Fn(State) -> String) -> Expr {
    let count = |state| Expr::call(Fun::CountIf, [states.clone(), Expr::text(word(state))]);
    let all = Expr::call(Fun::CountA, [states.clone()]);
    let done = count(State::Done) + count(State::DoneLate);
    (done / (all - count(State::Unknown) - count(State::Cancelled))).known()
}

/// 按期完成率: done on time ÷ (done with a known day + overdue).
pub fn on_time(states: &Expr, delays: &Expr, word: impl Fn(State) -> String) -> Expr {
    let count = |state| Expr::call(Fun::CountIf, [states.clone(), Expr::text(word(state))]);
    let on_time = Expr::call(
        Fun::CountIfs,
        [states.clone(), Expr::text(word(State::Done)), delays.clone(), Expr::text("=0")],
    );
    (on_time.clone() / (on_time + count(State::DoneLate) + count(State::Overdue))).known()
}

/// Progress of all tasks: Σ planned days × progress ÷ Σ planned days, over the tasks of which it is known.
pub fn weighted_progress(days: Expr, counted: Expr) -> Expr {
    goals::composite(days, counted)
}

/// 预热, 预热期 and 预热阶段 are one phase.
pub fn phase_key(name: &str) -> String {
    let name = fold(name);
    name.strip_suffix("阶段").or(name.strip_suffix('期')).map_or(name.clone(), str::to_owned)
}

pub(super) fn figures(campaign: &Campaign, as_of: &Expr) -> Vec<TaskFigures> {
    let mut records: IndexMap<String, usize> = IndexMap::new();
    for (i, row) in campaign.progress.iter().enumerate() {
        if let Some(code) = &row.code.value {
            // A later line about the same task is the newer one.
            records.insert(fold(code), i);
        }
    }
    let tasks = campaign.tasks.iter().enumerate();
    let used: Vec<(usize, &Task)> =
        tasks.filter(|(_, task)| task.code.value.is_some() || task.action.value.is_some()).collect();
    if used.is_empty() {
        return records.values().map(|record| figure(campaign, None, Some(*record), as_of)).collect();
    }
    // Without codes, what stands in one row is about one task.
    let row_of = |at: &Place| (at.sheet.clone(), at.cell.row);
    let nameless = campaign.progress.iter().enumerate().filter(|(_, row)| row.code.value.is_none());
    let in_row: HashMap<_, usize> = nameless.map(|(i, row)| (row_of(&row.row), i)).collect();
    let record = |task: &Task| match &task.code.value {
        Some(code) => records.get(&fold(code)).copied(),
        None => in_row.get(&row_of(&task.row)).copied(),
    };
    used.into_iter().map(|(i, task)| figure(campaign, Some(i), record(task), as_of)).collect()
}

fn figure(
    campaign: &Campaign,
    task_row: Option<usize>,
    record_row: Option<usize>,
    as_of: &Expr,
) -> TaskFigures {
    let task = task_row.map(|row| &campaign.tasks[row]);
    let record = record_row.map(|row| &campaign.progress[row]);
    let planned = |day: fn(&Task) -> Expr| task.map_or_else(Expr::nothing, day);
    let went = |value: fn(&Progress) -> Expr| record.map_or_else(Expr::nothing, value);
    let dates = Dates {
        start: planned(|task| task.start.expr()),
        end: planned(|task| task.end.expr()),
        actual_end: went(|record| record.actual_end.expr()),
        expected_end: went(|record| record.expected_end.expr()),
    };
    let status = record.and_then(|record| record.status.value);
    let status_text = status.map_or_else(Expr::nothing, |status| Expr::text(status.id()));
    let status_word = |status: Status| status.id().to_owned();
    let state_word = |state: State| state.id().to_owned();
    let delay = delay_days(&dates, &status_text, as_of, status_word);
    let state = State::of(&state(&dates, &status_text, &delay, as_of, status_word, state_word));
    let done = went(|record| record.done.expr());
    let phase_end = task.map_or_else(Expr::nothing, |task| phase_end(campaign, task.phase.as_str()));
    let text = |text: fn(&Task) -> &str| task.map(text).unwrap_or_default().to_owned();
    let code =
        task.map(|task| task.code.as_str()).or(record.map(|record| record.code.as_str())).unwrap_or_default();
    let reasons =
        record.map(|record| [record.reason.as_str(), record.adjustment.as_str()]).unwrap_or_default();
    TaskFigures {
        code: code.to_owned(),
        action: text(|task| task.action.as_str()),
        phase: text(|task| task.phase.as_str()),
        owner: text(|task| task.owner.as_str()),
        task: task_row,
        record: record_row,
        status,
        state,
        days: planned_days(&dates),
        counted: counted(&Expr::text(state.id()), &status_text, &done, state_word, status_word),
        delay: Figure { metric: &DELAY_DAYS, expr: delay },
        slip: Figure { metric: &EXPECTED_SLIP, expr: expected_slip(&dates) },
        overrun: Figure {
            metric: &PHASE_OVERRUN,
            expr: phase_overrun(&dates, &status_text, &phase_end, status_word),
        },
        reason: reasons.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("；"),
        at: task.map(|task| task.row.clone()).or(record.map(|record| record.row.clone())),
        phase_end,
        done,
        dates,
    }
}

/// The last day of a phase; of several rows under one name, the latest; one that cannot be read leaves it open.
fn phase_end(campaign: &Campaign, name: &str) -> Expr {
    let key = phase_key(name);
    let rows = campaign.phases.iter().filter(|row| !key.is_empty() && phase_key(row.phase.as_str()) == key);
    let ends: Vec<Expr> = rows.map(|row| row.end.expr()).collect();
    match ends.as_slice() {
        [] => Expr::nothing(),
        [only] => only.clone(),
        ends if ends.iter().any(|end| end.number().is_none()) => Expr::nothing(),
        ends => Expr::call(Fun::Max, ends.iter().cloned()),
    }
}
