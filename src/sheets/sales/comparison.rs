//! Each indicator in four periods: totals, daily means, growth, last year, long tail; averages below.

use super::{Board, COLUMNS, Ctx, Placed};
use crate::campaign::SalesItem;
use crate::cell::{Area, CellRef};
use crate::expr::{Expr, Fun, Op};
use crate::metrics::sales::comparison::{self, AFTER, BEFORE, DURING, LAST_YEAR, PERIODS};
use crate::metrics::sales::{self, SalesFigures};
use crate::page::{Chart, ChartKind, Dress, Ink, Page, PageCell, Role, Series, Shape};
use crate::quantity::Unit;
use crate::sheets::line::{Line, header};
use crate::sheets::{column_shape, link};

/// First column of the totals, and of the daily means.
const TOTALS: u32 = 1;
const DAILY: u32 = 5;
const TAIL: u32 = 11;
const MARK: u32 = 12;

pub fn fill(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board, placed: &mut Placed) {
    let found = &ctx.review.analysis.sales;
    page.line(Role::Section, COLUMNS, ctx.word("comparison"));
    page.line(Role::Note, COLUMNS, ctx.word("comparison_note"));
    let words = ctx.words([
        "indicator", "before", "during", "after", "last_year", "daily_before", "daily_during", "daily_after",
        "daily_last_year", "growth", "year_on_year", "long_tail", "mark",
    ]);
    let top = header(page, &words, COLUMNS);
    let days = days(page, ctx);
    let first = page.next_row();
    let rows: Vec<(Option<SalesItem>, [Expr; PERIODS])> =
        found.lines.iter().map(|line| (line.item, row(page, ctx, line, &days))).collect();
    let last = page.next_row() - 1;
    for (word, role) in [("tail_mark_short", Role::Warn), ("tail_mark_long", Role::Good)] {
        let area = Area::new(CellRef::new(first, MARK), CellRef::new(last, MARK));
        page.dresses.push(Dress::Word { area, word: ctx.word(word), role });
    }
    let of = |item: SalesItem| rows.iter().find(|(found, _)| *found == Some(item)).map(|(_, totals)| totals);
    placed.sales = of(SalesItem::Sales).map(|totals| totals[DURING].clone());
    placed.visitors = of(SalesItem::Visitors).map(|totals| totals[DURING].clone());
    if let Some(index) = found.lines.iter().position(|line| line.item == Some(SalesItem::Sales)) {
        for (name, col) in [("daily-growth", 9), ("year-on-year", 10), ("long-tail", TAIL)] {
            board.figures.insert(name, page.at(first + index as u32, col));
        }
        if let Some(sales) = &placed.sales {
            board.figures.insert("sales-during", sales.clone());
        }
    }
    page.skip(1);
    averages(page, ctx, board, &of);
    chart(page, ctx, top, first);
}

/// The days everything is divided by, and where they come from.
fn days(page: &mut Page, ctx: &Ctx<'_>) -> [Expr; PERIODS] {
    let mut line = Line::body(page, COLUMNS);
    line.put(0, ctx.word("days"));
    let mut col = TOTALS;
    ctx.review.analysis.sales.days.clone().map(|days| {
        line.put(col + DAILY - TOTALS, PageCell::from(ctx.word(days.from.id())).role(Role::Note));
        let placed = line.number(col, days.days, Shape::Integer);
        col += 1;
        placed
    })
}

fn row(page: &mut Page, ctx: &Ctx<'_>, figures: &SalesFigures, days: &[Expr; PERIODS]) -> [Expr; PERIODS] {
    let shapes = [&figures.totals, &figures.daily].map(|cells| together(&figures.unit, cells));
    let mut line = Line::body(page, COLUMNS);
    line.put(0, link(&figures.name, figures.at.as_ref()));
    let totals: [Expr; PERIODS] = std::array::from_fn(|period| {
        line.number(TOTALS + period as u32, figures.totals[period].clone(), shapes[0])
    });
    let daily: [Expr; PERIODS] = std::array::from_fn(|period| {
        let daily = match figures.additive {
            true => comparison::daily(&totals[period], &days[period]),
            false => totals[period].clone().known(),
        };
        line.number(DAILY + period as u32, daily, shapes[1])
    });
    line.number(9, comparison::growth(&daily[DURING], &daily[BEFORE]), Shape::PercentSigned);
    line.number(10, comparison::growth(&daily[DURING], &daily[LAST_YEAR]), Shape::PercentSigned);
    let tail = line.number(TAIL, comparison::long_tail(&daily[AFTER], &daily[BEFORE]), Shape::Ratio);
    let text = |word: &str| Expr::text(ctx.word(word));
    let mark = tail.clone().op(Op::Lt, 1.0).then(text("tail_mark_short"), text("tail_mark_long"));
    line.put(MARK, Expr::call(Fun::IsNumber, [tail]).then(mark, Expr::nothing()));
    totals
}

/// How the numbers of one row are best shown together: decimals only where they are small.
fn together(unit: &Unit, cells: &[Expr; PERIODS]) -> Shape {
    let largest = cells.iter().filter_map(Expr::number).map(f64::abs).fold(0.0, f64::max);
    match unit {
        Unit::Percent | Unit::Points | Unit::Discount => Shape::Percent,
        _ if largest >= 100.0 => column_shape(unit, cells.iter().map(Expr::number)),
        _ => Shape::Decimal,
    }
}

/// 客单价, 笔单价, 新客占比 over the totals just placed.
fn averages<'a>(
    page: &mut Page,
    ctx: &Ctx<'_>,
    board: &mut Board,
    of: &dyn Fn(SalesItem) -> Option<&'a [Expr; PERIODS]>,
) {
    let found = &ctx.review.analysis.sales.averages;
    if found.is_empty() {
        return;
    }
    page.line(Role::Section, COLUMNS, ctx.word("averages"));
    let words = ctx.words(["indicator", "before", "during", "after", "last_year", "against_before", "against_last_year", "basis"]);
    header(page, &words, COLUMNS);
    for average in found {
        let (Some(parts), Some(wholes)) = (of(average.of.0), of(average.of.1)) else { continue };
        let share = average.metric.name == sales::NEW_BUYER_SHARE.name;
        let words = average.metric.definition(ctx.lang);
        let mut line = Line::body(page, COLUMNS);
        line.put(0, if share { ctx.say("in_points", &[("name", &words.title)]) } else { words.title.clone() });
        let values: [Expr; PERIODS] = std::array::from_fn(|period| {
            let value = comparison::average(&parts[period], &wholes[period]);
            line.number(TOTALS + period as u32, value, if share { Shape::Percent } else { Shape::Decimal })
        });
        for (col, then) in [(DAILY, BEFORE), (DAILY + 1, LAST_YEAR)] {
            // Shares move in points, amounts by a rate.
            let change = match share {
                true => (values[DURING].clone() - values[then].clone()).known(),
                false => comparison::growth(&values[DURING], &values[then]),
            };
            line.number(col, change, Shape::PercentSigned);
        }
        line.span(DAILY + 2, COLUMNS - 1, PageCell::from(words.basis).role(Role::Note));
        board.figures.insert(average.metric.name, values[DURING].clone());
    }
    page.skip(1);
}

/// Daily means of sales (else of the first indicator) in the four periods.
fn chart(page: &mut Page, ctx: &Ctx<'_>, top: u32, first: u32) {
    let lines = &ctx.review.analysis.sales.lines;
    let index = lines.iter().position(|line| line.item == Some(SalesItem::Sales)).unwrap_or(0);
    let Some(line) = lines.get(index) else { return };
    if line.daily.iter().filter(|daily| daily.number().is_some()).count() < 2 {
        return;
    }
    let row = first + index as u32;
    let across = |row: u32| {
        page.range(Area::new(CellRef::new(row, DAILY), CellRef::new(row, DAILY + PERIODS as u32 - 1)))
    };
    let shape = together(&line.unit, &line.daily);
    let series = Series::new(ctx.say("daily_of", &[("name", &line.name)]), across(top), across(row), Ink::Accent);
    page.charts.push(Chart {
        name: "periods",
        series: vec![series],
        y_title: Some(ctx.say("daily_of", &[("name", &line.name)])),
        shape,
        labels: true,
        ..Chart::new(
            ChartKind::Columns,
            CellRef::new(page.next_row(), 0),
            (760, 176),
            ctx.say("daily_chart", &[("name", &line.name)]),
            ctx.word("daily_chart_alt"),
        )
    });
    page.skip(16);
}
