//! Further spending step by step, and the line where it stopped paying.

use super::{COLUMNS, Ctx, beside};
use crate::cell::{Area, CellRef};
use crate::expr::Expr;
use crate::metrics::channels::{marginal, marginal::Verdict};
use crate::page::{Chart, ChartKind, Dress, Ink, Page, PageCell, Role, Series, Shape};
use crate::sheets::line::{Line, header};
use crate::sheets::link;

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
        "batch", "name", "more_spend", "more_value", "marginal_roi", "spent", "returned", "so_far", "mark", "low_count", "remark",
    ]);
    let top = header(page, &words, COLUMNS);
    let first = top + 1;
    // Sums run within one channel.
    let mut before: Option<[Expr; 3]> = None;
    for (index, step) in found.marginal.iter().enumerate() {
        if index > 0 && found.marginal[index - 1].channel != step.channel {
            before = None;
        }
        let mut line = Line::body(page, COLUMNS);
        line.put(0, link(&step.batch, step.at.as_ref()));
        line.put(1, step.channel.as_str());
        let spend = line.number(SPEND, step.spend.clone(), Shape::Money);
        let revenue = line.number(REVENUE, step.revenue.clone(), Shape::Money);
        let own = line.number(MARGINAL, marginal::marginal(&revenue, &spend), Shape::Ratio);
        let earlier = |which: usize| before.as_ref().map(|cells| &cells[which]);
        let spent = line.number(5, marginal::running(earlier(0), &spend), Shape::Money);
        let returned = line.number(6, marginal::running(earlier(1), &revenue), Shape::Money);
        line.number(7, marginal::marginal(&returned, &spent), Shape::Ratio);
        let low = line.number(9, marginal::below(&own, earlier(2), &floor), Shape::Integer);
        line.put(VERDICT, marginal::verdict(&own, &low, &floor, |verdict| ctx.word(verdict.id())));
        let remark = ctx.review.campaign.marginal[step.row].remark.as_str();
        line.span(10, COLUMNS - 1, PageCell::from(remark).shaped(Shape::Wrapped));
        before = Some([spent, returned, low]);
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
            (760, 210),
            ctx.word("marginal_chart"),
            ctx.word("marginal_chart_alt"),
        )
    });
    page.skip(14);
}
