//! 假设测算: cells to shift budget between channels, and what that might bring.

use super::line::{Line, header};
use super::{Board, Ctx, Sheet, column, column_shape, link};
use crate::campaign::RoiBasis;
use crate::cell::{Area, CellRef};
use crate::expr::{Expr, Fun, Op};
use crate::locale::Lang;
use crate::metrics::channels::{self, ChannelFigures, shift};
use crate::page::{Chart, ChartKind, Dress, Ink, Page, PageCell, Role, Series, Shape};
use crate::quantity::Unit;
use crate::review::Review;

/// See the module.
pub static SHEET: Sheet =
    Sheet { id: "whatif", text: include_str!("whatif.toml"), tab: crate::page::Tab::Analysis, wanted, fill };

const COLUMNS: u32 = 10;
const SPEND: u32 = 1;
const VALUE: u32 = 2;
const SHIFT: u32 = 4;
const NEW_SPEND: u32 = 5;
const EXPECTED: u32 = 6;
const DAMPED: u32 = 8;

/// The part of the worst channel's spending the example moves to the best, and to what it is rounded.
const EXAMPLE: f64 = 0.1;
const ROUND: f64 = 1_000.0;
/// More channels than this nobody reads in a chart.
const CHARTED: u32 = 20;

/// The channels whose return is known, by index.
fn known(review: &Review<'_>) -> Vec<usize> {
    let returns = |channel: &ChannelFigures| {
        channels::roi(&channel.amounts.value, &channel.amounts.spend, RoiBasis::Revenue).number().is_some()
    };
    let each = &review.analysis.channels.each;
    (0..each.len()).filter(|index| returns(&each[*index])).collect()
}

fn wanted(review: &Review<'_>) -> bool {
    known(review).len() >= 2
}

fn fill(page: &mut Page, ctx: &Ctx<'_>, _: &mut Board) {
    page.set_widths(&[22.0, 14.0, 14.0, 12.0, 14.0, 14.0, 16.0, 14.0, 16.0, 14.0]);
    // Where one channel's money goes to another both are looked at together.
    page.one_paper = true;
    ctx.heading(page, COLUMNS);
    page.line(Role::Paragraph, COLUMNS, ctx.word("how"));
    page.skip(1);
    let mut line = Line::new(page);
    line.put(0, PageCell::from(ctx.word("damping")).role(Role::FigureLabel));
    let part = PageCell::from(ctx.review.policy.thresholds.channel.damping).shaped(Shape::Percent);
    let damping = line.put(1, part.role(Role::Input));
    line.span(2, COLUMNS - 1, PageCell::from(ctx.word("damping_note")).role(Role::Note));
    page.skip(1);
    let words = ctx.words([
        "name", "spend", "value", "roi", "shift", "new_spend", "expected", "difference", "damped", "difference",
    ]);
    let top = header(page, &words, COLUMNS);
    let first = top + 1;
    let indexes = known(ctx.review);
    let last = first + indexes.len() as u32 - 1;
    let each = &ctx.review.analysis.channels.each;
    let shapes = [
        column_shape(&Unit::Yuan, indexes.iter().map(|index| each[*index].amounts.spend.number())),
        column_shape(&Unit::Yuan, indexes.iter().map(|index| each[*index].amounts.value.number())),
    ];
    for index in &indexes {
        row(page, &each[*index], example(ctx, *index), &damping, shapes);
    }
    total(page, ctx, first, last, shapes);
    page.skip(1);
    chart(page, ctx, top, last.min(top + CHARTED));
}

/// What the example moves into a channel: some of the worst one's spending goes to the best.
fn example(ctx: &Ctx<'_>, index: usize) -> f64 {
    let found = &ctx.review.analysis.channels;
    let (Some(best), Some(worst)) = (found.best, found.worst) else { return 0.0 };
    let moved = found.each[worst].amounts.spend.number().unwrap_or(0.0) * EXAMPLE;
    let moved = (moved / ROUND).floor() * ROUND;
    match index {
        index if index == best => moved,
        index if index == worst => -moved,
        _ => 0.0,
    }
}

fn row(page: &mut Page, channel: &ChannelFigures, moved: f64, damping: &Expr, [money, brought]: [Shape; 2]) {
    let mut line = Line::body(page, COLUMNS);
    line.put(0, link(&channel.name, channel.at.as_ref()));
    let spend = line.number(SPEND, channel.amounts.spend.clone(), money);
    let value = line.number(VALUE, channel.amounts.value.clone(), brought);
    let roi = line.number(3, channels::roi(&value, &spend, RoiBasis::Revenue), Shape::Ratio);
    let shift = line.put(SHIFT, PageCell::from(moved).shaped(Shape::Money).role(Role::Input));
    line.number(NEW_SPEND, shift::spend(&spend, &shift), money);
    for (col, expected) in [
        (EXPECTED, shift::expected(&value, &roi, &shift)),
        (DAMPED, shift::damped(&value, &roi, &shift, damping)),
    ] {
        let expected = line.number(col, expected, brought);
        line.number(col + 1, (expected - value.clone()).known(), Shape::Money);
    }
}

/// Totals, whether the shifts only move money, and what it comes to in a sentence that stays live.
fn total(page: &mut Page, ctx: &Ctx<'_>, first: u32, last: u32, [money, brought]: [Shape; 2]) {
    let of = |page: &Page, col: u32| column(page, col, first, last);
    let sums: Vec<(u32, Expr)> = [SPEND, VALUE, SHIFT, NEW_SPEND, EXPECTED, EXPECTED + 1, DAMPED, DAMPED + 1]
        .into_iter()
        .map(|col| (col, Expr::call(Fun::Sum, [of(page, col)]).known()))
        .collect();
    let check = shift::check(of(page, SHIFT), of(page, NEW_SPEND), ctx.words(["balanced", "unbalanced", "negative"]));
    let mut line = Line::total(page, COLUMNS);
    line.put(0, ctx.word("total"));
    let placed: Vec<Expr> = sums
        .into_iter()
        .map(|(col, sum)| {
            let shape = match col {
                SPEND | NEW_SPEND => money,
                VALUE | EXPECTED | DAMPED => brought,
                _ => Shape::Money,
            };
            line.number(col, sum, shape)
        })
        .collect();
    if let [spend, value, ..] = placed.as_slice() {
        line.number(3, channels::roi(value, spend, RoiBasis::Revenue), Shape::Ratio);
    }
    let mut line = Line::new(page);
    line.put(0, PageCell::from(ctx.word("check")).role(Role::FigureLabel));
    let row = line.row;
    line.put(SHIFT, check);
    let area = Area::new(CellRef::new(row, SHIFT), CellRef::new(row, SHIFT));
    for (word, role) in [("balanced", Role::Good), ("unbalanced", Role::Bad), ("negative", Role::Bad)] {
        page.dresses.push(Dress::Word { area, word: ctx.word(word), role });
    }
    page.skip(1);
    for (key, total, difference) in [("said", 4, 5), ("said_damped", 6, 7)] {
        if let (Some(total), Some(difference)) = (placed.get(total), placed.get(difference)) {
            page.line(Role::Conclusion, COLUMNS, sentence(ctx, key, total, difference));
        }
    }
}

/// `…预计 N 元，比现在多/少 M 元`, joined in the sheet so that it follows the inputs.
fn sentence(ctx: &Ctx<'_>, key: &str, total: &Expr, difference: &Expr) -> Expr {
    // In 万元 where sentences count by it.
    let text = |expr: Expr| match ctx.lang {
        Lang::Zh | Lang::ZhHant => Expr::call(Fun::Text, [expr / 10_000.0, Expr::text("#,##0.00")]),
        Lang::En => Expr::call(Fun::Text, [expr, Expr::text("#,##0")]),
    };
    let side = difference
        .clone()
        .op(Op::Lt, 0.0)
        .then(Expr::text(ctx.word("less")), Expr::text(ctx.word("more")));
    Expr::text(ctx.word(key))
        .op(Op::Join, text(total.clone()))
        .op(Op::Join, side)
        .op(Op::Join, text(Expr::call(Fun::Abs, [difference.clone()])))
        .op(Op::Join, Expr::text(ctx.word("unit")))
}

fn chart(page: &mut Page, ctx: &Ctx<'_>, top: u32, last: u32) {
    let first = top + 1;
    let series = |page: &Page, word: &str, col: u32, ink: Ink| {
        Series::new(ctx.word(word), page.column(0, first, last), page.column(col, first, last), ink)
    };
    page.charts.push(Chart {
        series: vec![series(page, "value", VALUE, Ink::Plan), series(page, "damped", DAMPED, Ink::Accent)],
        y_title: Some(ctx.word("value_axis")),
        shape: Shape::Wan,
        ..Chart::new(
            ChartKind::Columns,
            CellRef::new(page.next_row(), 0),
            (900, 250),
            ctx.word("chart"),
            ctx.word("chart_alt"),
        )
    });
    page.skip(18);
}
