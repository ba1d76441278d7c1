//! Further spending step by step, and the line where it stopped paying.

use super::{COLUMNS, Ctx, beside};
use crate::cell::{Area, CellRef};
use crate::expr::Expr;
use crate::metrics::channels::{marginal, marginal::Verdict};
use crate::page::{Chart, ChartKind, Dress, Ink, Page, PageCell, Role, Series, Shape};
use crate::sheets::line::{Line, header};
use crate::sheets::{column, link};

const SPEND: u32 = 2;
const REVENUE: u32 = 3;
const MARGINAL: u32 = 4;
const VERDICT: u32 = 8;

pub fn fill(page: &mut Page, ctx: &Ctx<'_>) {
    let found = &ctx.review.analysis.channels;
    page.line(Role::Section, COLUMNS, ctx.word("marginal"));
    page.line(Role::Note, COLUMNS, ctx.word("marginal_note"));
    let mut line = Line::new(page);
    line.put(0, PageCell::from(ctx.word("floor")).role(Role::FigureLabel));
    let floor = line.number(1, found.floor.clone(), Shape::Ratio);
    let words = ctx.words([
        "batch", "name", "more_spend", "more_value", "marginal_roi", "spent", "returned", "so_far", "mark", "remark",
    ]);
    let top = header(page, &words, COLUMNS);
    let first = top + 1;
    // Sums run within one channel.
    let mut start = first;
    for (index, step) in found.marginal.iter().enumerate() {
        let row = page.next_row();
        if index > 0 && found.marginal[index - 1].channel != step.channel {
            start = row;
        }
        let mut line = Line::body(page, COLUMNS);
        line.put(0, link(&step.batch, step.at.as_ref()));
        line.put(1, step.channel.as_str());
        let spend = line.number(SPEND, step.spend.clone(), Shape::Money);
        let revenue = line.number(REVENUE, step.revenue.clone(), Shape::Money);
        let own = line.number(MARGINAL, marginal::marginal(&revenue, &spend), Shape::Ratio);
        let remark = ctx.review.campaign.marginal[step.row].remark.as_str();
        line.span(VERDICT + 1, COLUMNS - 1, PageCell::from(remark).shaped(Shape::Wrapped));
        let running = |page: &Page, col: u32| {
            marginal::running(vec![column(page, col, start, row)], (row - start + 1) as usize)
        };
        let put = |page: &mut Page, col: u32, expr: Expr, shape: Shape| {
            page.put(CellRef::new(row, col), PageCell::from(expr).shaped(shape))
        };
        let (spent, returned) = (running(page, SPEND), running(page, REVENUE));
        let spent = put(page, 5, spent, Shape::Money);
        let returned = put(page, 6, returned, Shape::Money);
        put(page, 7, marginal::marginal(&returned, &spent), Shape::Ratio);
        let earlier = (row > start).then(|| column(page, MARGINAL, start, row - 1));
        let said = marginal::verdict(&own, earlier, &floor, |verdict| ctx.word(verdict.id()));
        put(page, VERDICT, said, Shape::General);
    }
    let last = page.next_row() - 1;
    let area = Area::new(CellRef::new(first, VERDICT), CellRef::new(last, VERDICT));
    for (verdict, role) in [(Verdict::Pays, Role::Good), (Verdict::Passed, Role::Warn), (Verdict::Below, Role::Bad)] {
        page.dresses.push(Dress::Word { area, word: ctx.word(verdict.id()), role });
    }
    page.skip(1);
    chart(page, ctx, &floor, top, last);
}

fn chart(page: &mut Page, ctx: &Ctx<'_>, floor: &Expr, top: u32, last: u32) {
    let first = top + 1;
    let col = beside(page, ctx, top, "floor");
    for row in first..=last {
        page.put(CellRef::new(row, col), PageCell::from(floor.clone()).shaped(Shape::Ratio).role(Role::Note));
    }
    let series = |page: &Page, word: &str, col: u32, ink: Ink| {
        Series::new(ctx.word(word), page.column(0, first, last), page.column(col, first, last), ink)
    };
    page.charts.push(Chart {
        series: vec![
            series(page, "marginal_roi", MARGINAL, Ink::Accent),
            series(page, "floor", col, Ink::Plan),
        ],
        x_title: Some(ctx.word("batch")),
        y_title: Some(ctx.word("marginal_roi")),
        shape: Shape::Ratio,
        labels: false,
        ..Chart::new(
            ChartKind::Lines,
            CellRef::new(page.next_row(), 0),
            (760, 300),
            ctx.word("marginal_chart"),
            ctx.word("marginal_chart_alt"),
        )
    });
    page.skip(17);
}
