//! Columns from the most frequent on, with the line of their cumulative share.

use super::Ctx;
use crate::cell::{Area, CellRef};
use crate::expr::{Expr, Fun};
use crate::metrics::voice;
use crate::page::{Chart, ChartKind, Ink, Page, PageCell, Role, Series, Shape};
use crate::sheets::column;
use crate::sheets::line::Line;

/// Name, count, share, cumulative share in columns A to D, and the chart right
/// of them or below. `rows` are names with what counts them.
pub fn fill(page: &mut Page, ctx: &Ctx<'_>, what: &str, title: &'static str, rows: Vec<(PageCell, Expr)>) {
    let Some(last_row) = u32::try_from(rows.len()).ok().filter(|n| *n > 0) else { return };
    let top = page.next_row();
    page.row(Role::Header, ctx.words([what, "count", "share", "cumulative"]));
    let (first, last) = (top + 1, top + last_row);
    for (name, count) in rows {
        let mut line = Line::new(page);
        line.put(0, name);
        line.number(1, count, Shape::Integer);
    }
    let counts = column(page, 1, first, last);
    for row in first..=last {
        let at = CellRef::new(row, 1);
        let place = crate::cell::Place { sheet: page.name.clone(), cell: at };
        let value = page.cells.get(&at).map(|cell| cell.show.value()).unwrap_or_default();
        let share = voice::share(&Expr::cell(place, value), counts.clone());
        page.put(CellRef::new(row, 2), PageCell::from(share).shaped(Shape::Percent));
        let cumulative = Expr::call(Fun::Sum, [column(page, 2, first, row)]).known();
        page.put(CellRef::new(row, 3), PageCell::from(cumulative).shaped(Shape::Percent));
    }
    // Beyond the first dozen a chart cannot be read.
    let shown = last.min(first + 11);
    let range = |page: &Page, col: u32| page.range(Area::new(CellRef::new(first, col), CellRef::new(shown, col)));
    let mut line = Series::new(ctx.word("cumulative"), range(page, 0), range(page, 3), Ink::Warn);
    line.second = true;
    page.charts.push(Chart {
        name: title,
        series: vec![Series::new(ctx.word("count"), range(page, 0), range(page, 1), Ink::Accent), line],
        shape: Shape::Integer,
        y_title: Some(ctx.word("count")),
        y2: Some((ctx.word("cumulative"), Shape::Percent)),
        ..Chart::new(
            ChartKind::ColumnsAndLine,
            CellRef::new(top, 5),
            (580, 210),
            ctx.word(title),
            ctx.word("pareto_alt"),
        )
    });
    page.go_to((last + 2).max(top + 13));
}
