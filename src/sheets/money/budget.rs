//! Budget lines, their sums by type and in all, the reserve; the chart of both sides.

use super::{COLUMNS, Ctx};
use crate::campaign::Resource;
use crate::cell::{Area, CellRef};
use crate::expr::{Expr, Fun};
use crate::metrics::money::budget::{self, Deviation, ReserveVerdict};
use crate::page::{Chart, ChartKind, Dress, Ink, Page, PageCell, Role, Series, Shape};
use crate::sheets::line::{Line, header};
use crate::sheets::{Board, column, link};

const KIND: u32 = 1;
const PLANNED: u32 = 2;
const ACTUAL: u32 = 3;
const VARIANCE: u32 = 4;
const SIDE: u32 = 5;
const RATE: u32 = 6;
const EXECUTION: u32 = 7;
const CLASS: u32 = 8;
const RESERVE: u32 = 9;
/// Rows the chart takes.
const CHART_ROWS: u32 = 14;

pub fn fill(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board) {
    let (first, last, planned) = lines(page, ctx);
    let types = by_type(page, ctx, board, first, last);
    // The chart stands beside the few lines of the reserve.
    let top = page.next_row() + 1;
    reserve(page, ctx, board, first, last, &planned);
    chart(page, ctx, types, top);
    page.go_to(page.next_row().max(top + CHART_ROWS));
}

/// The lines with a total; answers with their rows and the cell of the total budget.
fn lines(page: &mut Page, ctx: &Ctx<'_>) -> (u32, u32, Expr) {
    let found = &ctx.review.analysis.money.budget;
    page.line(Role::Section, COLUMNS, ctx.word("lines"));
    page.line(Role::Note, COLUMNS, ctx.word("lines_note"));
    let words = ctx.words([
        "item",
        "kind",
        "planned",
        "actual",
        "variance",
        "side",
        "rate",
        "execution",
        "class",
        "is_reserve",
        "supplier",
        "remark",
    ]);
    let top = header(page, &words, COLUMNS);
    let first = top + 1;
    for line_of in &found.lines {
        let source = line_of.rows.first().map(|row| &ctx.review.campaign.budget[*row]);
        let mut line = Line::body(page, COLUMNS);
        line.put(0, link(&line_of.name, line_of.at.as_ref()));
        line.put(KIND, kind_word(ctx, line_of.kind));
        let planned = line.number(PLANNED, line_of.planned.clone(), Shape::Money);
        let actual = line.number(ACTUAL, line_of.actual.clone(), Shape::Money);
        judge(&mut line, ctx, &planned, &actual, line_of.reserve);
        if line_of.reserve {
            line.put(RESERVE, ctx.word("yes_reserve"));
        }
        if let Some(source) = source {
            line.put(10, source.supplier.as_str());
            line.put(11, PageCell::from(source.remark.as_str()).shaped(Shape::Wrapped));
        }
    }
    let last = page.next_row() - 1;
    let sums = [PLANNED, ACTUAL].map(|col| (col, budget::sum(column(page, col, first, last))));
    let mut line = Line::total(page, COLUMNS);
    line.put(0, ctx.word("total"));
    let placed = sums.map(|(col, sum)| line.number(col, sum, Shape::Money));
    dress(page, ctx, first, last);
    page.skip(1);
    let [planned, _] = placed;
    (first, last, planned)
}

/// Variance, its word, rate, execution and class, of a budget and an actual of the same lines; answers with the execution.
fn judge(line: &mut Line<'_>, ctx: &Ctx<'_>, planned: &Expr, actual: &Expr, is_reserve: bool) -> Expr {
    let variance = line.number(VARIANCE, budget::variance(actual, planned), Shape::Money);
    line.put(SIDE, budget::side(&variance, ctx.words(["over", "under", "even"])));
    let rate = line.number(RATE, budget::rate(&variance, planned), Shape::PercentSigned);
    let execution = line.number(EXECUTION, budget::execution(actual, planned), Shape::Percent);
    let judged = budget::judged_rate(&rate, is_reserve);
    line.put(CLASS, budget::class(&judged, ctx.review.policy, |deviation| ctx.word(deviation.id())));
    execution
}

/// Sums by type with the whole; answers with the rows of the types.
fn by_type(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board, first: u32, last: u32) -> (u32, u32) {
    let found = &ctx.review.analysis.money.budget;
    page.line(Role::Section, COLUMNS, ctx.word("by_type"));
    let words = ctx.words([
        "kind",
        "count",
        "planned",
        "actual",
        "variance",
        "side",
        "rate",
        "execution",
        "class",
        "compared_planned",
        "compared_actual",
        "complete",
    ]);
    let top = header(page, &words, COLUMNS);
    let of = |page: &Page, col: u32| column(page, col, first, last);
    let (kinds, planned, actual) = (of(page, KIND), of(page, PLANNED), of(page, ACTUAL));
    for figures in &found.by_type {
        let mut line = Line::body(page, COLUMNS);
        let kind = line.put(0, kind_word(ctx, figures.kind));
        let count = Expr::call(Fun::CountIf, [kinds.clone(), kind.clone()]);
        line.number(1, count, Shape::Integer);
        line.number(PLANNED, budget::sum_of(&kind, kinds.clone(), planned.clone()), Shape::Money);
        line.number(ACTUAL, budget::sum_of(&kind, kinds.clone(), actual.clone()), Shape::Money);
        let compared =
            |own: &Expr, other: &Expr| budget::compared_of(&kind, kinds.clone(), own.clone(), other.clone());
        let both = [
            line.number(9, compared(&planned, &actual), Shape::Money),
            line.number(10, compared(&actual, &planned), Shape::Money),
        ];
        judge(&mut line, ctx, &both[0], &both[1], false);
        line.put(11, complete(ctx, figures.complete, figures.rows.len()));
    }
    let types_last = page.next_row() - 1;
    let mut line = Line::total(page, COLUMNS);
    line.put(0, ctx.word("total"));
    line.number(1, Expr::call(Fun::CountA, [kinds]), Shape::Integer);
    let total = line.number(PLANNED, budget::sum(planned.clone()), Shape::Money);
    let spent = line.number(ACTUAL, budget::sum(actual.clone()), Shape::Money);
    let both = [
        line.number(9, budget::compared(planned.clone(), actual.clone()), Shape::Money),
        line.number(10, budget::compared(actual, planned), Shape::Money),
    ];
    let execution = judge(&mut line, ctx, &both[0], &both[1], false);
    line.put(11, complete(ctx, found.total.complete, found.lines.len()));
    board.figures.insert(crate::metrics::money::BUDGET_EXECUTION.name, execution);
    board.figures.insert("budget-planned", total);
    board.figures.insert("budget-actual", spent);
    dress(page, ctx, top + 1, types_last + 1);
    page.skip(1);
    (top + 1, types_last)
}

fn complete(ctx: &Ctx<'_>, complete: usize, all: usize) -> String {
    ctx.say("complete_of", &[("complete", &complete.to_string()), ("all", &all.to_string())])
}

fn dress(page: &mut Page, ctx: &Ctx<'_>, first: u32, last: u32) {
    let area = |col: u32| Area::new(CellRef::new(first, col), CellRef::new(last, col));
    for (deviation, role) in
        [(Deviation::Normal, Role::Good), (Deviation::Alarm, Role::Warn), (Deviation::Severe, Role::Bad)]
    {
        page.dresses.push(Dress::Word { area: area(CLASS), word: ctx.word(deviation.id()), role });
    }
    page.dresses.push(Dress::Word { area: area(SIDE), word: ctx.word("over"), role: Role::Bad });
}

fn chart(page: &mut Page, ctx: &Ctx<'_>, (first, last): (u32, u32), top: u32) {
    let series = |page: &Page, word: &str, col: u32, ink: Ink| {
        Series::new(ctx.word(word), page.column(0, first, last), page.column(col, first, last), ink)
    };
    let has_actual = page.column(ACTUAL, first, last).values.iter().any(|value| value.number().is_some());
    let mut both = vec![series(page, "planned", PLANNED, Ink::Plan)];
    if has_actual {
        both.push(series(page, "actual", ACTUAL, Ink::Accent));
    }
    page.charts.push(Chart {
        name: "budget",
        series: both,
        y_title: Some(ctx.word("money_axis")),
        shape: Shape::Wan,
        labels: true,
        ..Chart::new(
            ChartKind::Columns,
            CellRef::new(top, EXECUTION),
            (510, 195),
            ctx.word("budget_chart"),
            ctx.word("budget_chart_alt"),
        )
    });
}

fn reserve(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board, first: u32, last: u32, total: &Expr) {
    let found = &ctx.review.analysis.money.budget;
    page.line(Role::Section, COLUMNS, ctx.word("reserve"));
    if !found.lines.iter().any(|line| line.reserve) {
        page.line(Role::Note, COLUMNS, ctx.word("no_reserve"));
        page.skip(1);
        return;
    }
    let (marks, planned) = (column(page, RESERVE, first, last), column(page, PLANNED, first, last));
    let sum = budget::sum_of(&Expr::text(ctx.word("yes_reserve")), marks, planned);
    let label = |word: &str| PageCell::from(ctx.word(word)).role(Role::FigureLabel);
    let mut line = Line::new(page);
    line.put(0, label("reserve_amount"));
    let amount = line.number(PLANNED, sum, Shape::Money);
    let mut line = Line::new(page);
    line.put(0, label("reserve_share"));
    let share = line.number(PLANNED, budget::reserve_share(&amount, total), Shape::Percent);
    let bands = &ctx.review.policy.thresholds.budget;
    let holes = [super::percent(bands.reserve_low), super::percent(bands.reserve_high)];
    line.span(3, 6, ctx.say("reserve_bounds", &[("low", &holes[0]), ("high", &holes[1])]));
    let mut line = Line::new(page);
    line.put(0, label("reserve_verdict"));
    let verdict = budget::reserve_class(&share, ctx.review.policy, |verdict| ctx.word(verdict.id()));
    let placed = line.row;
    line.put(PLANNED, verdict);
    board.figures.insert(crate::metrics::money::RESERVE_SHARE.name, share);
    let area = Area::new(CellRef::new(placed, PLANNED), CellRef::new(placed, PLANNED));
    for (verdict, role) in [
        (ReserveVerdict::Fitting, Role::Good),
        (ReserveVerdict::Low, Role::Bad),
        (ReserveVerdict::High, Role::Warn),
    ] {
        page.dresses.push(Dress::Word { area, word: ctx.word(verdict.id()), role });
    }
    page.skip(1);
}

fn kind_word(ctx: &Ctx<'_>, kind: Option<Resource>) -> String {
    kind.map_or_else(|| ctx.word("untyped"), |kind| ctx.word(&format!("type-{}", kind.id())))
}
