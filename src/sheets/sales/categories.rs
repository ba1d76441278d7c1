//! Categories and products: contribution, growth, margin, sell-through, returns.

use super::{Board, COLUMNS, Ctx, Placed};
use crate::cell::{Area, CellRef};
use crate::expr::{Expr, Fun};
use crate::metrics::sales::{categories, comparison};
use crate::metrics::traffic::pooled;
use crate::page::{Chart, ChartKind, Dress, Ink, Page, Role, Series, Shape};
use crate::quantity::Unit;
use crate::sheets::line::{Line, header};
use crate::sheets::{column, column_shape, link};

const BEFORE: u32 = 2;
const DURING: u32 = 3;
const SHARE: u32 = 4;
const UNITS: u32 = 6;
const MARGIN: u32 = 7;
const START: u32 = 9;
const END: u32 = 10;
const RETURNS: u32 = 12;
/// More than this nobody reads in a chart.
const CHARTED: u32 = 20;

pub fn fill(page: &mut Page, ctx: &Ctx<'_>, _: &mut Board, placed: &mut Placed) {
    let (rows, found) = (&ctx.review.campaign.categories, &ctx.review.analysis.sales.categories);
    page.line(Role::Section, COLUMNS, ctx.word("categories"));
    let words = ctx.words([
        "category", "position", "before", "during", "contribution", "growth_of", "units", "margin", "margin_rate",
        "stock_start", "stock_end", "sell_through", "return_rate",
    ]);
    let first = header(page, &words, COLUMNS) + 1;
    let last = first + rows.len() as u32 - 1;
    let money = column_shape(&Unit::Yuan, rows.iter().map(|row| row.during.value));
    let mut during_cells = Vec::new();
    for (row, figures) in rows.iter().zip(found) {
        let mut line = Line::body(page, COLUMNS);
        line.put(0, link(&figures.name, figures.at.as_ref()));
        line.put(1, row.position.text.as_str());
        let before = line.number(BEFORE, row.before.expr().known(), money);
        let during = line.number(DURING, row.during.expr().known(), money);
        line.number(5, comparison::growth(&during, &before), Shape::PercentSigned);
        let units = line.number(UNITS, row.units.expr().known(), Shape::Integer);
        let margin = line.number(MARGIN, row.margin.expr().known(), money);
        line.number(8, categories::rate(&margin, &during), Shape::Percent);
        let start = line.number(START, row.stock_start.expr().known(), Shape::Integer);
        let end = line.number(END, row.stock_end.expr().known(), Shape::Integer);
        line.number(11, categories::sell_through(&start, &end), Shape::Percent);
        line.number(RETURNS, categories::rate(&row.returns.expr(), &units), Shape::Percent);
        during_cells.push((line.row, during));
    }
    let all = column(page, DURING, first, last);
    for (row, during) in during_cells {
        let share = categories::contribution(&during, all.clone());
        page.put(CellRef::new(row, SHARE), crate::page::PageCell::from(share).shaped(Shape::Percent));
    }
    let of = |page: &Page, col: u32| column(page, col, first, last);
    let sum = |page: &Page, col: u32| Expr::call(Fun::Sum, [of(page, col)]).known();
    let sums = [BEFORE, DURING, SHARE, UNITS, MARGIN, START, END].map(|col| (col, sum(page, col)));
    let margin = pooled(of(page, MARGIN), of(page, DURING));
    let left = pooled(of(page, END), of(page, START));
    let mut line = Line::total(page, COLUMNS);
    line.put(0, ctx.word("total"));
    for (col, sum) in sums {
        let shape = match col {
            SHARE => Shape::Percent,
            BEFORE | DURING | MARGIN => money,
            _ => Shape::Integer,
        };
        let cell = line.number(col, sum, shape);
        if col == DURING && placed.sales.as_ref().and_then(|sales| sales.number()).is_none() {
            placed.sales = Some(cell);
        }
    }
    line.number(8, margin, Shape::Percent);
    line.number(11, (Expr::Num(1.0) - left).known(), Shape::Percent);
    page.dresses.push(Dress::Bar(Area::new(CellRef::new(first, SHARE), CellRef::new(last, SHARE))));
    page.skip(1);
    chart(page, ctx, first, last.min(first + CHARTED - 1));
}

fn chart(page: &mut Page, ctx: &Ctx<'_>, first: u32, last: u32) {
    if page.column(DURING, first, last).values.iter().filter(|value| value.number().is_some()).count() < 2 {
        return;
    }
    let series = |page: &Page, word: &str, col: u32, ink: Ink| {
        Series::new(ctx.word(word), page.column(0, first, last), page.column(col, first, last), ink)
    };
    let has_before = page.column(BEFORE, first, last).values.iter().any(|value| value.number().is_some());
    let mut both = vec![series(page, "during", DURING, Ink::Accent)];
    if has_before {
        both.insert(0, series(page, "before", BEFORE, Ink::Plan));
    }
    // Every category keeps its name, also beside two bars.
    let each = if has_before { 32 } else { 23 };
    let height = (125 + each * (last - first + 1)).clamp(190, 560);
    page.charts.push(Chart {
        name: "categories",
        series: both,
        y_title: Some(ctx.word("sales_axis")),
        shape: Shape::Wan,
        labels: true,
        ..Chart::new(
            ChartKind::Bars,
            CellRef::new(page.next_row(), 0),
            (760, height),
            ctx.word("category_chart"),
            ctx.word("category_chart_alt"),
        )
    });
    page.skip(height / 20 + 2);
}
