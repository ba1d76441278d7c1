//! The tasks with their delays, the key figures over them, the Gantt chart.

use super::{BESIDE, Board, COLUMNS, Ctx, beside, name_beside, wrapped};
use crate::campaign::Status;
use crate::cell::{Area, CellRef};
use crate::expr::{Expr, Fun, Op};
use crate::metrics::Figure;
use crate::metrics::schedule::tasks::{self, Dates};
use crate::metrics::schedule::{State, TaskFigures, chain};
use crate::page::{Chart, ChartKind, Dress, Ink, Page, PageCell, Role, Series, Shape};
use crate::sheets::line::{Line, header};
use crate::sheets::{column, link};

const STATE: u32 = 10;
const DELAY: u32 = 11;
/// Beside the page: name, start, length of the bar, days late, progress as it counts, planned days.
const NAME: u32 = 0;
const START: u32 = 1;
const BAR: u32 = 2;
const LATE: u32 = 3;
const COUNTED: u32 = 4;
const DAYS: u32 = 5;
/// A chart of more bars than this is read by nobody.
const MOST_BARS: u32 = 40;

pub fn fill(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board, as_of: &Expr) {
    let schedule = &ctx.review.analysis.schedule;
    page.line(Role::Section, COLUMNS, ctx.word("tasks"));
    let key_row = page.next_row();
    page.skip(3);
    let mut words = ctx
        .words([
            "code", "action", "phase", "owner", "start", "end", "actual_end", "expected_end", "status", "done", "state",
            "delay",
        ])
        .to_vec();
    let late = Late::known(&schedule.tasks);
    words.extend(late.iter().map(|late| ctx.word(late.word())));
    words.push(ctx.word("reason"));
    let top = header(page, &words, COLUMNS);
    page.freeze = None;
    name_beside(page, top, 0, ctx.words(["name", "start", "bar", "days_late", "counted", "days"]));
    let first = page.next_row();
    let placed: Vec<Expr> = schedule.tasks.iter().map(|task| row(page, ctx, task, as_of, &late)).collect();
    let last = page.next_row() - 1;
    page.filter = Some(Area::new(CellRef::new(top, 0), CellRef::new(last, COLUMNS - 1)));
    dress(page, ctx, first, last);
    let chain = schedule.chain.as_ref().map(|chain| chain::chain_days(chain.tasks.iter().map(|i| placed[*i].clone())));
    figures(page, ctx, board, key_row, (first, last), chain);
    page.skip(1);
    gantt(page, ctx, first, last);
}

/// In what other ways tasks are late; a column each where any is, so that the reasons have the room.
#[derive(Clone, Copy)]
enum Late {
    /// They are expected after their day.
    Expected,
    /// They go beyond their phase.
    Phase,
}

impl Late {
    fn known(tasks: &[TaskFigures]) -> Vec<Late> {
        let is_late = |late: &Late| {
            tasks.iter().any(|task| late.figure(task).value().is_some_and(|days| days > 0.0))
        };
        [Late::Expected, Late::Phase].into_iter().filter(is_late).collect()
    }

    fn figure(self, task: &TaskFigures) -> &Figure {
        match self {
            Late::Expected => &task.slip,
            Late::Phase => &task.overrun,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Late::Expected => "slip",
            Late::Phase => "overrun",
        }
    }
}

/// One task: its cells, and the figures over the cells just placed; answers with its planned days.
fn row(page: &mut Page, ctx: &Ctx<'_>, task: &TaskFigures, as_of: &Expr, late: &[Late]) -> Expr {
    let mut line = Line::new(page);
    let row = line.row;
    let chained = ctx.review.analysis.schedule.chain.as_ref().is_some_and(|chain| {
        chain.tasks.iter().any(|i| ctx.review.analysis.schedule.tasks[*i].code == task.code)
    });
    let code = if chained { ctx.say("chained", &[("code", &task.code)]) } else { task.code.clone() };
    line.put(0, link(&code, task.at.as_ref()));
    line.put(1, wrapped(&task.action));
    line.put(2, task.phase.as_str());
    line.put(3, task.owner.as_str());
    let mut day = |col: u32, day: &Expr| line.number(col, day.clone(), Shape::Date);
    let dates = Dates {
        start: day(4, &task.dates.start),
        end: day(5, &task.dates.end),
        actual_end: day(6, &task.dates.actual_end),
        expected_end: day(7, &task.dates.expected_end),
    };
    let status = line.put(8, task.status.map(|status| status_word(ctx, status)).unwrap_or_default());
    let done = line.number(9, task.done.clone(), Shape::Percent);
    let given = |status: Status| status_word(ctx, status);
    let delay = line.number(DELAY, tasks::delay_days(&dates, &status, as_of, given), Shape::Integer);
    let state_word = |state: State| ctx.word(state.id());
    let state = line.put(STATE, tasks::state(&dates, &status, &delay, as_of, given, state_word));
    let mut reason = DELAY + 1;
    for late in late {
        let days = match late {
            Late::Expected => tasks::expected_slip(&dates),
            Late::Phase => tasks::phase_overrun(&dates, &status, &task.phase_end, given),
        };
        line.number(reason, days, Shape::Integer);
        reason += 1;
    }
    line.span(reason, COLUMNS - 1, wrapped(&task.reason));
    let name = [task.code.as_str(), &shortened(&task.action)].join(" ");
    beside(page, row, NAME, name.trim());
    beside(page, row, START, PageCell::from(dates.start.clone()).shaped(Shape::Date));
    let days = beside(page, row, DAYS, PageCell::from(tasks::planned_days(&dates)).shaped(Shape::Integer));
    let cancelled = state.clone().op(Op::Eq, Expr::text(state_word(State::Cancelled)));
    let bar = cancelled.then(Expr::nothing(), days.clone());
    beside(page, row, BAR, PageCell::from(bar).shaped(Shape::Integer));
    beside(page, row, LATE, PageCell::from(delay).shaped(Shape::Integer));
    let counted = tasks::counted(&state, &status, &done, state_word, given);
    beside(page, row, COUNTED, PageCell::from(counted).shaped(Shape::Percent));
    days
}

/// The first words of what is to be done, for the axis of a chart.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(14) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A state of the team, in words.
fn status_word(ctx: &Ctx<'_>, status: Status) -> String {
    ctx.word(&format!("status-{}", status.id()))
}

fn dress(page: &mut Page, ctx: &Ctx<'_>, first: u32, last: u32) {
    let area = Area::new(CellRef::new(first, STATE), CellRef::new(last, STATE));
    for (state, role) in [
        (State::Overdue, Role::Bad),
        (State::Slipping, Role::Warn),
        (State::ShouldHaveStarted, Role::Warn),
        (State::DoneLate, Role::Warn),
        (State::Done, Role::Good),
    ] {
        page.dresses.push(Dress::Word { area, word: ctx.word(state.id()), role });
    }
}

/// The key figures above the list, over its columns.
fn figures(
    page: &mut Page,
    ctx: &Ctx<'_>,
    board: &mut Board,
    row: u32,
    (first, last): (u32, u32),
    chain: Option<Expr>,
) {
    let word = |state: State| ctx.word(state.id());
    let states = column(page, STATE, first, last);
    let delays = column(page, DELAY, first, last);
    let days = column(page, BESIDE + DAYS, first, last);
    let counted = column(page, BESIDE + COUNTED, first, last);
    let count = |state: State| {
        Expr::call(Fun::CountIf, [states.clone(), Expr::text(word(state))])
    };
    let mut cells = vec![
        ("task-completion", tasks::completion(&states, word), Shape::Percent),
        ("on-time-rate", tasks::on_time(&states, &delays, word), Shape::Percent),
        ("weighted-progress", tasks::weighted_progress(days, counted), Shape::Percent),
        ("count_overdue", count(State::Overdue), Shape::Integer),
        ("count_waiting", count(State::ShouldHaveStarted), Shape::Integer),
    ];
    if let Some(days) = chain {
        cells.push(("chain_days", days, Shape::Integer));
    }
    for (at, (name, expr, shape)) in (0u32..).step_by(2).zip(cells) {
        let label = PageCell::from(ctx.word(name)).role(Role::FigureLabel);
        page.put(CellRef::new(row, at), label);
        page.put(CellRef::new(row, at + 1), PageCell::default().role(Role::FigureLabel));
        page.put(CellRef::new(row + 1, at + 1), PageCell::default().role(Role::Figure));
        let known = expr.number().is_some();
        let cell = if known { PageCell::from(expr).shaped(shape) } else { ctx.word("cannot").into() };
        let placed = page.put(CellRef::new(row + 1, at), cell.role(Role::Figure));
        for row in [row, row + 1] {
            page.merges.push(Area::new(CellRef::new(row, at), CellRef::new(row, at + 1)));
        }
        if known && name == "task-completion" {
            board.figures.insert(crate::metrics::schedule::TASK_COMPLETION.name, placed);
        }
    }
    page.heights.insert(row + 1, 30.0);
}

/// Bars from the planned start on: the plan, and behind it the days late.
fn gantt(page: &mut Page, ctx: &Ctx<'_>, first: u32, last: u32) {
    let last = last.min(first + MOST_BARS - 1);
    let starts = page.column(BESIDE + START, first, last);
    if starts.values.iter().all(|start| start.number().is_none()) {
        return;
    }
    let height = 100 + 20 * (last - first + 1);
    let title = if (last - first + 1) < ctx.review.analysis.schedule.tasks.len() as u32 {
        ctx.say("gantt_first", &[("n", &MOST_BARS.to_string())])
    } else {
        ctx.word("gantt")
    };
    let at = CellRef::new(page.next_row(), 0);
    let mut chart = Chart::new(ChartKind::StackedBars, at, (1080, height), title, ctx.word("gantt_alt"));
    let names = page.column(BESIDE + NAME, first, last);
    let series = |word: &str, col: u32, ink: Ink| {
        Series::new(ctx.word(word), names.clone(), page.column(BESIDE + col, first, last), ink)
    };
    chart.series =
        vec![series("start", START, Ink::None), series("bar", BAR, Ink::Accent), series("days_late", LATE, Ink::Bad)];
    chart.shape = Shape::Date;
    chart.labels = true;
    page.charts.push(chart);
    page.skip(height / 20 + 2);
}
