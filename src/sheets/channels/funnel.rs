//! The funnel: rates from step to step, the biggest leak marked, drawn centred.

use super::{Board, COLUMNS, Ctx};
use crate::cell::{Area, CellRef};
use crate::expr::Expr;
use crate::metrics::funnel::{self, FunnelStep};
use crate::page::{Chart, ChartKind, Dress, Ink, Page, PageCell, Role, Series, Shape};
use crate::quantity::Unit;
use crate::sheets::line::{Line, header};
use crate::sheets::{column, column_shape, link};

const COUNT: u32 = 1;
const TARGET: u32 = 2;
const RATE: u32 = 3;
const LOSS: u32 = 5;
const SHORTFALL: u32 = 7;
const MARK: u32 = 8;

pub fn fill(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board) {
    let found = &ctx.review.analysis.funnel;
    page.line(Role::Section, COLUMNS, ctx.word("funnel"));
    page.line(Role::Note, COLUMNS, ctx.word("funnel_note"));
    let words = ctx.words([
        "step", "people", "target_rate", "step_rate", "drop_off", "loss", "cumulative", "shortfall", "mark",
        "funnel_reason",
    ]);
    let top = header(page, &words, COLUMNS);
    let first = top + 1;
    let shape = column_shape(&Unit::None, found.steps.iter().map(|step| step.count.number()));
    let mut counts: Vec<Expr> = Vec::new();
    for step in &found.steps {
        let placed = row(page, step, shape, &counts);
        counts.push(placed);
    }
    let last = page.next_row() - 1;
    marks(page, ctx, first, last);
    board.ranges.insert("funnel-steps", page.column(0, first, last));
    board.ranges.insert("funnel-counts", page.column(COUNT, first, last));
    page.skip(1);
    chart(page, ctx, top, last);
}

/// One step; answers with the cell of its count.
fn row(page: &mut Page, step: &FunnelStep, shape: Shape, earlier: &[Expr]) -> Expr {
    let mut line = Line::body(page, COLUMNS);
    line.put(0, link(&step.name, step.at.as_ref()));
    let count = line.number(COUNT, step.count.clone(), shape);
    let target = line.number(TARGET, step.target.clone(), Shape::Percent);
    if let (Some(before), Some(first)) = (earlier.last(), earlier.first()) {
        let rate = line.number(RATE, funnel::rate(&count, before), Shape::Percent);
        line.number(4, funnel::drop_off(&rate), Shape::Percent);
        line.number(LOSS, funnel::loss(&count, before), shape);
        line.number(6, funnel::rate(&count, first), Shape::Percent);
        line.number(SHORTFALL, funnel::shortfall(&rate, &target), Shape::PercentSigned);
    } else {
        line.number(6, funnel::rate(&count, &count), Shape::Percent);
    }
    line.span(MARK + 1, COLUMNS - 1, PageCell::from(step.reason.as_str()).shaped(Shape::Wrapped));
    count
}

fn marks(page: &mut Page, ctx: &Ctx<'_>, first: u32, last: u32) {
    let counted = first + funnel::first_counted(&ctx.review.analysis.funnel.steps) as u32;
    let shortfalls = column(page, SHORTFALL, first, last);
    let losses = if counted > last { Expr::nothing() } else { column(page, LOSS, counted, last) };
    let word = ctx.word("leak_mark");
    for row in first + 1..=last {
        let (shortfall, loss) = (page.at(row, SHORTFALL), if row < counted { Expr::nothing() } else { page.at(row, LOSS) });
        let mark = funnel::mark(&shortfall, shortfalls.clone(), &loss, losses.clone(), &word);
        page.put(CellRef::new(row, MARK), mark.into());
    }
    let area = Area::new(CellRef::new(first, MARK), CellRef::new(last, MARK));
    page.dresses.push(Dress::Word { area, word, role: Role::Bad });
}

/// How many go on from each step, beside what was asked for: counts of people would leave every step but the first a sliver.
fn chart(page: &mut Page, ctx: &Ctx<'_>, top: u32, last: u32) {
    let first = top + 2;
    let steps = &ctx.review.analysis.funnel.steps;
    if steps.iter().all(|step| step.rate.value().is_none()) {
        return;
    }
    let height = (90 + 26 * (last - first + 1)).clamp(160, 320);
    let series = |page: &Page, word: &str, col: u32, ink: Ink| {
        Series::new(ctx.word(word), page.column(0, first, last), page.column(col, first, last), ink)
    };
    let mut both = vec![series(page, "step_rate", RATE, Ink::Accent)];
    if steps.iter().skip(1).any(|step| step.target.number().is_some()) {
        both.push(series(page, "target_rate", TARGET, Ink::Plan));
    }
    page.charts.push(Chart {
        name: "funnel",
        series: both,
        shape: Shape::Percent,
        labels: true,
        ..Chart::new(
            ChartKind::Bars,
            CellRef::new(page.next_row(), 0),
            (760, height),
            ctx.word("funnel_chart"),
            ctx.word("funnel_chart_alt"),
        )
    });
    page.skip(height / 20 + 2);
}
