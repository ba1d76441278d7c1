//! The daily monitor: every day with its rates and what is out of the ordinary, its chart, the pace of sales.

use super::{BESIDE, Board, COLUMNS, Ctx, beside, name_beside, wrapped};
use crate::cell::{Area, CellRef, Place};
use crate::expr::{Expr, Fun};
use crate::metrics::channels::{ctr, cvr};
use crate::metrics::daily::{self, Anomaly, DayFigures, Judged, Watched, pace};
use crate::page::{Chart, ChartKind, Dress, Ink, Page, PageCell, Role, Series, Shape};
use crate::quantity::Unit;
use crate::sheets::line::{Line, header};
use crate::sheets::{column, column_shape};

const EXPOSURE: u32 = 2;
const CLICKS: u32 = 3;
const CTR: u32 = 4;
const POINTS: u32 = 5;
const RELATIVE: u32 = 6;
const CONVERSIONS: u32 = 8;
const CVR: u32 = 9;
const SALES: u32 = 11;
const DEVIATION: u32 = 12;
/// Beside the page: distances from the median of what is watched, then what the chart draws,
/// then, right of the long calendar of the approvals, by how much each is off the days before (sales say so
/// on the page) and how far out it lies.
const MEAN: u32 = 4;
const ODD: u32 = 5;
const WINDOW: u32 = 10;
const ROBUST: u32 = 13;

/// Column of what is watched, and of the word for what is out of the ordinary in it.
fn columns(watched: Watched) -> (u32, u32) {
    match watched {
        Watched::Exposure => (EXPOSURE, 14),
        Watched::Ctr => (CTR, 7),
        Watched::Cvr => (CVR, 10),
        Watched::Sales => (SALES, 13),
    }
}

pub fn fill(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board) {
    let days = &ctx.review.analysis.daily.days;
    page.line(Role::Section, COLUMNS, ctx.word("daily"));
    let daily = &ctx.review.policy.thresholds.daily;
    page.line(Role::Note, COLUMNS, ctx.say("daily_note", &[
        ("off", &crate::sheets::percent(daily.off)),
        ("base", &daily.base.to_string()),
        ("window", &daily.window.to_string()),
        ("robust", &daily.robust_days.to_string()),
    ]));
    let targets = targets(page, ctx);
    let window = [("window", &*daily.window.to_string())];
    let words = ctx.words_with([
        "date", "note", "exposure", "clicks", "ctr", "points", "relative", "ctr_odd", "conversions", "cvr", "cvr_odd",
        "sales", "deviation", "sales_odd", "exposure_odd",
    ], &window);
    let top = header(page, &words, COLUMNS);
    name_beside(page, top, 0, ctx.words_with(["exposure", "ctr", "cvr", "sales", "mean", "odd"], &window));
    name_beside(page, top, WINDOW, ctx.words_with(["exposure_window", "ctr_window", "cvr_window"], &window));
    if far_enough(ctx) {
        name_beside(page, top, ROBUST, ctx.words(["exposure_robust", "ctr_robust", "cvr_robust", "sales_robust"]));
    }
    let first = page.next_row();
    let shapes = [
        column_shape(&Unit::None, days.iter().map(|day| day.exposure.number())),
        column_shape(&Unit::Yuan, days.iter().map(|day| day.sales.number())),
    ];
    let placed: Vec<Placed> = days.iter().zip(&targets).map(|(day, held_to)| row(page, day, &held_to[0], shapes)).collect();
    let last = page.next_row() - 1;
    for watched in Watched::ALL {
        judge(page, ctx, watched, (first, last), &placed, &targets);
    }
    beside(page, last + 1, MEAN, ctx.word("median"));
    beside(page, last + 2, MEAN, ctx.word("usual_distance"));
    dress(page, ctx, first, last);
    page.skip(1);
    chart(page, ctx, (first, last), shapes);
    paced(page, ctx, board, first);
}

/// What each day's click and conversion rates are held to, as cells: one for each goal,
/// and one for each level that remarks name.
fn targets(page: &mut Page, ctx: &Ctx<'_>) -> Vec<[Expr; 2]> {
    let found = &ctx.review.analysis.daily;
    let mut placed: Vec<(&str, Option<u64>, Expr)> = Vec::new();
    let mut put = |words: [&'static str; 2], goal: &Expr, target: &Expr| {
        let Some(level) = target.number() else { return Expr::nothing() };
        // Days held to the goal share its cell; days held to the same level named in remarks share another.
        let (word, level) = match goal.number() {
            Some(_) => (words[0], None),
            None => (words[1], Some(level.to_bits())),
        };
        if let Some((.., cell)) = placed.iter().find(|(w, l, _)| (*w, *l) == (word, level)) {
            return cell.clone();
        }
        let mut line = Line::new(page);
        line.put(0, PageCell::from(ctx.word(word)).role(Role::Note));
        let cell = line.number(1, target.clone(), Shape::Percent);
        placed.push((word, level, cell.clone()));
        cell
    };
    let mut each = Vec::new();
    for day in &found.days {
        let clicks = put(["ctr_target", "ctr_target_said"], &found.ctr_target, &day.ctr_target);
        let conversions = put(["cvr_target", "cvr_target_said"], &found.cvr_target, &day.cvr_target);
        each.push([clicks, conversions]);
    }
    each
}

/// The cells of a day that others are computed from.
struct Placed {
    exposure: Expr,
    clicks: Expr,
    ctr: Expr,
    cvr: Expr,
    sales: Expr,
    relative: Expr,
}

impl Placed {
    fn of(&self, watched: Watched) -> &Expr {
        match watched {
            Watched::Exposure => &self.exposure,
            Watched::Ctr => &self.ctr,
            Watched::Cvr => &self.cvr,
            Watched::Sales => &self.sales,
        }
    }
}

fn row(page: &mut Page, day: &DayFigures, ctr_target: &Expr, [many, money]: [Shape; 2]) -> Placed {
    let mut line = Line::new(page);
    line.number(0, day.at.clone(), Shape::Date);
    line.put(1, wrapped(&day.note));
    let exposure = line.number(EXPOSURE, day.exposure.clone(), many);
    let clicks = line.number(CLICKS, day.clicks.clone(), Shape::Integer);
    let conversions = line.number(CONVERSIONS, day.conversions.clone(), Shape::Integer);
    let sales = line.number(SALES, day.sales.clone(), money);
    // A rate somebody typed without what it is a rate of stays as typed.
    let computed = ctr(&clicks, &exposure);
    let computed = if computed.number().is_some() { computed } else { day.ctr.expr.clone() };
    let ctr = line.number(CTR, computed, Shape::Percent);
    let computed = cvr(&conversions, &clicks);
    let computed = if computed.number().is_some() { computed } else { day.cvr.expr.clone() };
    let cvr = line.number(CVR, computed, Shape::Percent);
    line.number(POINTS, daily::target_points(&ctr, ctr_target), Shape::PercentSigned);
    let relative = line.number(RELATIVE, daily::target_relative(&ctr, ctr_target), Shape::PercentSigned);
    Placed { exposure, clicks, ctr, cvr, sales, relative }
}

/// Whether there are days enough to say which lies far out.
fn far_enough(ctx: &Ctx<'_>) -> bool {
    ctx.review.analysis.daily.days.len() as f64 >= ctx.review.policy.thresholds.daily.robust_days
}

/// Everything a judgement of one thing needs, over all days.
fn judge(
    page: &mut Page,
    ctx: &Ctx<'_>,
    watched: Watched,
    (first, last): (u32, u32),
    placed: &[Placed],
    targets: &[[Expr; 2]],
) {
    let (col, word_col) = columns(watched);
    let policy = ctx.review.policy;
    let offset = watched as u32;
    let median = beside(page, last + 1, offset, daily::median(&column(page, col, first, last)));
    let distances: Vec<Expr> = (first..)
        .zip(placed)
        .map(|(row, day)| beside(page, row, offset, daily::from_median(day.of(watched), &median)))
        .collect();
    let all_distances = column(page, BESIDE + offset, first, last);
    let usual = beside(page, last + 2, offset, daily::usual_distance(&all_distances, policy));
    let dates: Vec<_> = ctx.review.analysis.daily.days.iter().map(|day| day.date).collect();
    for (i, (row, day)) in (first..).zip(placed).enumerate() {
        let value = day.of(watched);
        let before = daily::window(&dates, i, policy);
        let window = if before.is_empty() {
            Expr::nothing()
        } else {
            let before = column(page, col, first + before.start as u32, first + before.end as u32 - 1);
            daily::window_deviation(value, &before)
        };
        let window = match watched {
            Watched::Sales => page.put(CellRef::new(row, DEVIATION), PageCell::from(window).shaped(Shape::PercentSigned)),
            _ if window.is_nothing() => window,
            _ => beside(page, row, WINDOW + offset, PageCell::from(window).shaped(Shape::PercentSigned)),
        };
        let target = match watched {
            Watched::Ctr if !targets[i][0].is_nothing() => day.relative.clone(),
            Watched::Cvr => daily::target_relative(value, &targets[i][1]),
            _ => Expr::nothing(),
        };
        let robust = match far_enough(ctx) {
            true => {
                let robust = daily::robust_deviation(&distances[i], &usual);
                beside(page, row, ROBUST + offset, PageCell::from(robust).shaped(Shape::Decimal))
            }
            false => Expr::nothing(),
        };
        let judged = Judged { target, window, robust, base: daily::base(watched, &day.exposure, &day.clicks, &median) };
        let called = daily::anomaly(&judged, policy, |anomaly| ctx.word(anomaly.id()));
        page.put(CellRef::new(row, word_col), called.into());
    }
}

fn dress(page: &mut Page, ctx: &Ctx<'_>, first: u32, last: u32) {
    for watched in Watched::ALL {
        let (_, col) = columns(watched);
        let area = Area::new(CellRef::new(first, col), CellRef::new(last, col));
        for anomaly in Anomaly::ALL {
            let role = match anomaly {
                Anomaly::BelowTarget | Anomaly::BelowMean => Role::Bad,
                Anomaly::AboveTarget | Anomaly::AboveMean => Role::Good,
                Anomaly::Outlier => Role::Warn,
            };
            page.dresses.push(Dress::Word { area, word: ctx.word(anomaly.id()), role });
        }
    }
}

/// Sales (else exposure) day by day, the mean of the days before, the days out of the ordinary.
fn chart(page: &mut Page, ctx: &Ctx<'_>, (first, last): (u32, u32), [many, money]: [Shape; 2]) {
    let days = &ctx.review.analysis.daily.days;
    let known = |pick: fn(&DayFigures) -> &Expr| days.iter().filter(|day| pick(day).number().is_some()).count();
    let (watched, shape, word) = if known(|day| &day.sales) > 0 {
        (Watched::Sales, money, "sales")
    } else {
        (Watched::Exposure, many, "exposure")
    };
    if known(|day| &day.sales).max(known(|day| &day.exposure)) < 2 {
        return;
    }
    let (col, _) = columns(watched);
    let dates: Vec<_> = days.iter().map(|day| day.date).collect();
    for (i, (row, day)) in (first..).zip(days).enumerate() {
        let before = daily::window(&dates, i, ctx.review.policy);
        if !before.is_empty() {
            let before = column(page, col, first + before.start as u32, first + before.end as u32 - 1);
            let compared = daily::window_deviation(&placed_at(page, row, col), &before);
            // Where there is no mean the cell stays empty: a line would draw a text as zero.
            if compared.number().is_some() {
                let mean = Expr::call(Fun::Average, [before]).known();
                beside(page, row, MEAN, PageCell::from(mean).shaped(shape));
            }
        }
        if day.anomalies.iter().any(|(odd, _)| *odd == watched) {
            let value = placed_at(page, row, col);
            beside(page, row, ODD, PageCell::from(value).shaped(shape));
        }
    }
    let at = CellRef::new(page.next_row(), 0);
    let title = ctx.say("daily_chart", &[("what", &ctx.word(word))]);
    let window = [("window", &*ctx.review.policy.thresholds.daily.window.to_string())];
    let alt = ctx.say("daily_chart_alt", &window);
    let mut chart = Chart::new(ChartKind::ColumnsAndLine, at, (1080, 230), title, alt);
    let dates = page.column(0, first, last);
    let series = |word: &str, col: u32, ink: Ink, second: bool| {
        let values = page.column(col, first, last);
        Series { second, ..Series::new(ctx.say(word, &window), dates.clone(), values, ink) }
    };
    // A single odd day between two ordinary ones would be a line of one point; a column shows it everywhere.
    chart.series = vec![
        series("odd", BESIDE + ODD, Ink::Warn, false),
        series(word, col, Ink::Accent, true),
        series("mean", BESIDE + MEAN, Ink::Plan, true),
    ];
    chart.name = "daily";
    chart.shape = shape;
    chart.y_title = Some(ctx.word(word));
    page.charts.push(chart);
    page.skip(15);
}

/// A cell placed before.
fn placed_at(page: &Page, row: u32, col: u32) -> Expr {
    let at = CellRef::new(row, col);
    let value = page.cells.get(&at).map(|cell| cell.show.value()).unwrap_or_default();
    Expr::cell(Place { sheet: page.name.clone(), cell: at }, value)
}

/// Sales so far against an even pace, and where that leads.
fn paced(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board, first: u32) {
    let Some(found) = &ctx.review.analysis.daily.pace else { return };
    page.line(Role::Section, COLUMNS, ctx.word("pace_block"));
    let from = first + found.days.start as u32;
    let sales = |page: &Page| column(page, SALES, from, first + found.days.end as u32 - 1);
    let (so_far, elapsed) = (pace::so_far(sales(page)), pace::elapsed(sales(page)));
    let mut put = |word: &str, expr: Expr, shape: Shape| {
        let mut line = Line::new(page);
        line.span(0, 1, ctx.word(word));
        line.number(2, expr, shape)
    };
    let target = put("goal", found.target.clone(), Shape::Money);
    let start = put("first_day", found.start.clone(), Shape::Date);
    let end = put("last_day", found.end.clone(), Shape::Date);
    let length = put("length", pace::length(&start, &end), Shape::Integer);
    let elapsed = put("elapsed", elapsed, Shape::Integer);
    let so_far = put("so_far", so_far, Shape::Money);
    let ratio = put("pace", pace::pace(&so_far, &target, &elapsed, &length), Shape::Percent);
    if found.projected.is_some() {
        let projected = put("projected", pace::projected(&so_far, &elapsed, &length), Shape::Money);
        put("reach", (projected / target).known(), Shape::Percent);
    }
    board.figures.insert(daily::PACE.name, ratio);
    page.skip(1);
}
