//! Return, shares, rank and advice, best first; the charts that show them.

use super::table::{Cells, Placed};
use super::{Board, COLUMNS, Ctx, cause, missing};
use crate::campaign::RoiBasis;
use crate::cell::{Area, CellRef};
use crate::diagnostic::number;
use crate::expr::{Expr, Fun};
use crate::metrics::channels::{self, Advice, ChannelFigures, ranking};
use crate::page::{Chart, ChartKind, Dress, Ink, Page, PageCell, Role, Series, Shape};
use crate::sheets::line::{Line, header};
use crate::sheets::{column, link};

const ROI: u32 = 1;
const RANKABLE: u32 = 2;
const SPEND_SHARE: u32 = 4;
const REVENUE_SHARE: u32 = 5;
const ADVICE: u32 = 9;
/// More than this nobody reads in a chart.
const CHARTED: u32 = 20;

pub fn fill(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board, placed: &Placed) {
    let found = &ctx.review.analysis.channels;
    page.line(Role::Section, COLUMNS, ctx.word("ranking"));
    page.line(Role::Note, COLUMNS, ctx.word("ranking_note"));
    let benchmark = facts(page, ctx, board, placed);
    let mut words = ctx
        .words([
            "name", "roi", "rankable", "rank", "spend_share", "revenue_share", "efficiency", "cvr_low", "cvr_high",
            "advice", "reason",
        ])
        .to_vec();
    // What is divided by what stands on a line of its own.
    words[ROI as usize] = found.roi.metric.definition(ctx.lang).title.replacen('(', "\n(", 1);
    let first = header(page, &words, COLUMNS) + 1;
    let mut order: Vec<usize> = (0..found.each.len()).collect();
    order.sort_by_key(|index| (found.each[*index].rank.unwrap_or(usize::MAX), *index));
    let last = first + order.len() as u32 - 1;
    let whole = [placed.spends(page), placed.values(page)];
    for index in &order {
        row(page, ctx, &found.each[*index], &placed.each[*index], &whole, &benchmark);
    }
    let counted = column(page, RANKABLE, first, last);
    for row in first..=last {
        let place = ranking::place(&page.at(row, RANKABLE), counted.clone());
        page.put(CellRef::new(row, 3), PageCell::from(place).shaped(Shape::Integer));
    }
    total(page, ctx, placed, first, last);
    board.ranges.insert("channel-names", page.column(0, first, last));
    board.ranges.insert("channel-roi", page.column(ROI, first, last));
    for (advice, role) in [
        (Advice::Feed, Role::Good),
        (Advice::Improve, Role::Warn),
        (Advice::Cut, Role::Bad),
    ] {
        let area = Area::new(CellRef::new(first, ADVICE), CellRef::new(last, ADVICE));
        page.dresses.push(Dress::Word { area, word: ctx.word(advice.id()), role });
    }
    page.skip(1);
    charts(page, ctx, placed, &order, first, last);
}

/// Key figures over the table: the return in the usual basis, in the team's, and the benchmark.
fn facts(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board, placed: &Placed) -> Expr {
    let found = &ctx.review.analysis.channels;
    let (spends, values) = (placed.spends(page), placed.values(page));
    let mut bases = vec![RoiBasis::Revenue];
    if found.basis != RoiBasis::Revenue {
        bases.push(found.basis);
    }
    for basis in bases {
        let metric = channels::roi_metric(basis);
        let mut line = Line::new(page);
        line.put(0, PageCell::from(ctx.word("all_channels")).role(Role::FigureLabel));
        let pooled = channels::pooled_roi(values.clone(), spends.clone(), basis);
        let cell = line.number(1, pooled, Shape::Ratio);
        line.span(2, 8, metric.definition(ctx.lang).title.as_str());
        board.figures.insert(metric.name, cell);
    }
    let mut line = Line::new(page);
    line.put(0, PageCell::from(ctx.word("benchmark")).role(Role::FigureLabel));
    let benchmark = line.number(1, found.benchmark.clone(), Shape::Ratio);
    line.span(2, 8, ctx.word(if found.own_benchmark { "own_benchmark" } else { "default_benchmark" }));
    benchmark
}

fn row(
    page: &mut Page,
    ctx: &Ctx<'_>,
    channel: &ChannelFigures,
    cells: &Cells,
    [spends, values]: &[Expr; 2],
    benchmark: &Expr,
) {
    let (policy, basis) = (ctx.review.policy, ctx.review.analysis.channels.basis);
    let mut line = Line::body(page, COLUMNS);
    line.put(0, link(&channel.name, channel.at.as_ref()));
    let roi = line.number(ROI, channels::roi(&cells.value, &cells.spend, basis), Shape::Ratio);
    let counted = ranking::rankable(&roi, &cells.spend, &cells.exposure, policy);
    let counted = line.number(RANKABLE, counted, Shape::Ratio);
    let spent = line.number(SPEND_SHARE, channels::share(&cells.spend, spends.clone()), Shape::Percent);
    let brought = line.number(REVENUE_SHARE, channels::share(&cells.value, values.clone()), Shape::Percent);
    let efficiency = line.number(6, channels::efficiency(&brought, &spent), Shape::Ratio);
    let (low, high) = channels::interval(&cells.conversions, &cells.clicks, policy);
    line.number(7, low, Shape::Percent);
    line.number(8, high, Shape::Percent);
    let said = ranking::advice(&counted, benchmark, &efficiency, policy, |advice| ctx.word(advice.id()));
    line.put(ADVICE, said);
    line.span(ADVICE + 1, COLUMNS - 1, PageCell::from(reason(ctx, channel)).shaped(Shape::Wrapped));
}

fn total(page: &mut Page, ctx: &Ctx<'_>, placed: &Placed, first: u32, last: u32) {
    let basis = ctx.review.analysis.channels.basis;
    let roi = channels::pooled_roi(placed.values(page), placed.spends(page), basis);
    let shares = [SPEND_SHARE, REVENUE_SHARE].map(|col| (col, column(page, col, first, last)));
    let mut line = Line::total(page, COLUMNS);
    line.put(0, ctx.word("total"));
    line.number(ROI, roi, Shape::Ratio);
    for (col, shares) in shares {
        line.number(col, Expr::call(Fun::Sum, [shares]).known(), Shape::Percent);
    }
}

/// Why the advice is what it is.
fn reason(ctx: &Ctx<'_>, channel: &ChannelFigures) -> String {
    if let Some(why) = missing(ctx, channel) {
        return why;
    }
    let least = &ctx.review.policy.thresholds.channel;
    let found = &ctx.review.analysis.channels;
    let (Some(_), Some(roi), Some(benchmark)) =
        (channel.rank, channel.roi.value(), found.benchmark.number())
    else {
        return ctx.say("small_sample", &[
            ("spend", &number(least.min_spend, 0)),
            ("exposure", &number(least.min_exposure, 0)),
        ]);
    };
    let key = if roi >= benchmark { "reason_above" } else { "reason_below" };
    let mut reason = ctx.say(key, &[("roi", &number(roi, 2)), ("benchmark", &number(benchmark, 2))]);
    if let Some(found) = channel.cause {
        reason.push_str(&ctx.word("join"));
        reason.push_str(&cause(ctx, found));
    }
    reason
}

/// Bars of the return on the left, spending against return on the right.
fn charts(page: &mut Page, ctx: &Ctx<'_>, placed: &Placed, order: &[usize], first: u32, last: u32) {
    let found = &ctx.review.analysis.channels;
    if order.iter().all(|index| found.each[*index].roi.value().is_none()) {
        return;
    }
    // Channels too small to be ranked stand last in the table and would dwarf the others.
    let ranked = found.each.iter().filter(|channel| channel.rank.is_some()).count() as u32;
    let last = if ranked > 0 { first + ranked - 1 } else { last };
    let last = last.min(first + CHARTED - 1);
    let height = (95 + 22 * order.len() as u32).clamp(220, 460);
    let title = found.roi.metric.definition(ctx.lang).title;
    let top = page.next_row();
    page.charts.push(Chart {
        name: "returns",
        series: vec![Series::new(title.clone(), page.column(0, first, last), page.column(ROI, first, last), Ink::Accent)],
        shape: Shape::Ratio,
        labels: true,
        y_title: Some(title.clone()),
        ..Chart::new(
            ChartKind::Bars,
            CellRef::new(top, 0),
            (590, height),
            ctx.say("roi_chart", &[("title", &title)]),
            ctx.word("roi_chart_alt"),
        )
    });
    let one = |row: u32, col: u32| page.range(Area::new(CellRef::new(row, col), CellRef::new(row, col)));
    let points: Vec<Series> = order
        .iter()
        .filter(|index| found.each[**index].roi.value().is_some())
        .take(CHARTED as usize)
        .map(|index| {
            let row = placed.each[*index].row;
            Series::new(found.each[*index].name.clone(), one(row, 2), one(row, 7), Ink::Accent)
        })
        .collect();
    page.charts.push(Chart {
        series: points,
        shape: Shape::Wan,
        labels: true,
        x_title: Some(ctx.word("spend_axis")),
        y_title: Some(ctx.word("value_axis")),
        ..Chart::new(
            ChartKind::Scatter,
            CellRef::new(top, 8),
            (590, height),
            ctx.word("scatter_chart"),
            ctx.word("scatter_chart_alt"),
        )
    });
    page.skip(height / 20 + 2);
}
