//! 归因: the gap in sales split among the factors of the chain, as a waterfall;
//! conversions against plan split into volume, mix and rate.

use super::{COLUMNS, Ctx};
use crate::cell::{CellRef, Place};
use crate::expr::Expr;
use crate::metrics::attribution::mix::{self, Columns, Mix};
use crate::metrics::attribution::{self, Level, Split, State};
use crate::metrics::attribution::{MIX_EFFECT, RATE_EFFECT, VOLUME_EFFECT};
use crate::page::{Chart, ChartKind, Ink, Page, PageCell, Role, Series, Shape};
use crate::quantity::Unit;
use crate::sheets::line::{Line, header};
use crate::sheets::{column, column_shape, link};

/// A factor with less than this share of the gap is not named.
const NAMED: f64 = 0.02;
/// Where what the charts draw from stands.
const BESIDE: u32 = COLUMNS + 3;

/// One sentence for each gap that is explained.
pub fn conclusions(ctx: &Ctx<'_>) -> Vec<String> {
    let found = &ctx.review.analysis.attribution;
    let splits = found.splits.iter().filter_map(|split| split_said(ctx, split));
    splits.chain(found.mix.as_ref().and_then(|mix| mix_said(ctx, mix))).collect()
}

/// The gap and what made it, what worked the other way included: the larger side first, and losses before gains of the same size.
pub fn split_said(ctx: &Ctx<'_>, split: &Split) -> Option<String> {
    let words = ctx.sheet(super::SHEET.text);
    let gap = split.gap.number()?;
    let mut parts: Vec<(usize, f64)> =
        split.parts.iter().enumerate().filter_map(|(i, part)| Some((i, part.value()?))).collect();
    parts.retain(|(_, part)| part.abs() >= gap.abs() * NAMED);
    parts.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    let side = |key: &str, sign: f64| {
        let of_side = parts.iter().filter(|(_, part)| part * sign > 0.0);
        let named = of_side.map(|(i, part)| {
            let holes = [("factor", &*words.get(split.factor_id(*i))), ("part", &ctx.money(part.abs()))];
            words.say(key, &holes)
        });
        named.collect::<Vec<_>>().join(&words.get("attribution_and"))
    };
    let (lost, gained) = (side("attribution_lost", -1.0), side("attribution_gained", 1.0));
    let sum = |sign: f64| -> f64 { parts.iter().map(|(_, part)| (part * sign).max(0.0)).sum() };
    let sides = if sum(-1.0) >= sum(1.0) { [lost, gained] } else { [gained, lost] };
    let sides: Vec<String> = sides.into_iter().filter(|side| !side.is_empty()).collect();
    (!sides.is_empty()).then(|| {
        words.say("attribution_said", &[
            ("against", &words.get(split.against.id())),
            ("direction", &words.get(if gap < 0.0 { "less" } else { "more" })),
            ("gap", &ctx.money(gap.abs())),
            ("parts", &sides.join(&words.get("attribution_but"))),
        ])
    })
}

fn mix_said(ctx: &Ctx<'_>, mix: &Mix) -> Option<String> {
    let gap = mix.gap.number().filter(|gap| *gap != 0.0)?;
    let names = ["volume_effect", "mix_effect", "rate_effect"];
    let effects = names.iter().zip(&mix.effects).filter_map(|(name, effect)| Some((*name, effect.value()?)));
    let (name, effect) = effects
        .filter(|(_, effect)| effect * gap > 0.0)
        .max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))?;
    let number = |n: f64| crate::diagnostic::number(n.abs(), 0);
    Some(ctx.say("mix_said", &[
        ("direction", &ctx.word(if gap < 0.0 { "less" } else { "more" })),
        ("gap", &number(gap)),
        ("effect", &ctx.word(name)),
        ("part", &number(effect)),
    ]))
}

/// Every gap that is explained.
pub fn fill(page: &mut Page, ctx: &Ctx<'_>) {
    let found = &ctx.review.analysis.attribution;
    if found.splits.is_empty() && found.mix.is_none() {
        return;
    }
    // The header of the goals is none of these tables', so it is not repeated on their paper.
    page.repeat_rows = None;
    for split in &found.splits {
        chain(page, ctx, split);
    }
    if let Some(mix) = &found.mix {
        by_channel(page, ctx, mix);
    }
}

/// Levels, factors, contributions; beside them the waterfall.
fn chain(page: &mut Page, ctx: &Ctx<'_>, split: &Split) {
    page.line(Role::Section, COLUMNS, ctx.say("attribution", &[("against", &ctx.word(split.against.id()))]));
    let formula: Vec<String> = (0..split.levels.len()).map(|i| ctx.word(split.factor_id(i))).collect();
    let note = ctx.say("attribution_note", &[("formula", &formula.join(" × "))]);
    page.line(Role::Note, COLUMNS, note);
    let beside = page.next_row();
    page.row(Role::Header, [
        ctx.word("level"),
        ctx.word("from"),
        ctx.word("to"),
    ]);
    let mut levels: Vec<State> = Vec::new();
    for state in &split.levels {
        let unit = if state.level == Level::Sales { Unit::Yuan } else { Unit::None };
        let shape = amounts(&unit, &state.from, &state.to);
        let mut line = Line::new(page);
        line.put(0, ctx.word(state.level.id()));
        let from = line.number(1, state.from.clone(), shape);
        let to = line.number(2, state.to.clone(), shape);
        levels.push(State { level: state.level, from, to });
    }
    page.skip(1);
    let top = page.next_row();
    page.row(Role::Header, ctx.words(["factor", "from", "to", "change", "contribution", "of_gap"]));
    let whole = &levels[levels.len() - 1];
    let parts_shape = amounts(&Unit::Yuan, &whole.from, &whole.to);
    let first = page.next_row();
    let gap = (whole.to.clone() - whole.from.clone()).known();
    for (i, state) in levels.iter().enumerate() {
        let below = i.checked_sub(1).map(|i| &levels[i]);
        let shape = match split.factor_id(i) {
            "click_rate" | "conversion_rate" => Shape::Percent,
            "order_value" | "buyer_value" | "visitor_value" => Shape::Decimal,
            _ => amounts(&Unit::None, &state.from, &state.to),
        };
        let mut line = Line::new(page);
        line.put(0, ctx.word(split.factor_id(i)));
        let from = line.number(1, attribution::factor(&state.from, below.map(|below| &below.from)), shape);
        let to = line.number(2, attribution::factor(&state.to, below.map(|below| &below.to)), shape);
        line.number(3, (to.clone() / from.clone() - 1.0).known(), Shape::PercentSigned);
        let part = attribution::contribution(&whole.from, &whole.to, &from, &to);
        let part = line.number(4, part, parts_shape);
        line.number(5, (part / gap.clone()).known(), Shape::PercentSigned);
    }
    let last = page.next_row() - 1;
    let sum = Expr::call(crate::expr::Fun::Sum, [column(page, 4, first, last)]).known();
    let mut line = Line::total(page, 6);
    line.put(0, ctx.word("gap_sum"));
    line.number(4, sum, parts_shape);
    page.skip(1);
    if waterfall(page, ctx, split, (beside, top), (first, last), (&whole.from, &whole.to), parts_shape) {
        // Rows of a table are a third higher than empty ones, so a chart is passed sooner beside them.
        page.go_to(page.next_row().max(beside + 15));
    }
}

/// How both ends of a comparison are shown: in 万 where both are large.
fn amounts(unit: &Unit, from: &Expr, to: &Expr) -> Shape {
    column_shape(unit, [from.number(), to.number()])
}

/// From one end through the parts to the other: columns on an undrawn base, right of the tables. Whether it could be drawn.
fn waterfall(
    page: &mut Page,
    ctx: &Ctx<'_>,
    split: &Split,
    (top, header): (u32, u32),
    (first, last): (u32, u32),
    (from, to): (&Expr, &Expr),
    shape: Shape,
) -> bool {
    let start = from.number().unwrap_or_default();
    let mut running = vec![start];
    for part in &split.parts {
        let Some(part) = part.value() else { return false };
        running.push(running.last().copied().unwrap_or_default() + part);
    }
    let put = |page: &mut Page, row: u32, offset: u32, expr: Expr| {
        page.put(CellRef::new(row, BESIDE + offset), PageCell::from(expr).shaped(shape).role(Role::Note))
    };
    let words = ["step", "base", "ends", "rise", "fall"];
    for (offset, word) in (0u32..).zip(words) {
        page.put(CellRef::new(header, BESIDE + offset), PageCell::from(ctx.word(word)).role(Role::Note));
    }
    let name = |page: &mut Page, row: u32, text: String| {
        page.put(CellRef::new(row, BESIDE), PageCell::from(text).role(Role::Note));
    };
    name(page, first, ctx.word("from"));
    let mut before = put(page, first, 2, from.clone());
    let mut row = first + 1;
    for (i, source) in (first..=last).enumerate() {
        let at = Place { sheet: page.name.clone(), cell: CellRef::new(source, 4) };
        let value = page.cells.get(&at.cell).map(|cell| cell.show.value()).unwrap_or_default();
        let part = Expr::cell(at, value);
        name(page, row, ctx.word(split.factor_id(i)));
        let after = put(page, row, 5, (before.clone() + part.clone()).known());
        put(page, row, 1, before.clone().min(after.clone()).known());
        put(page, row, 3, part.clone().max(0.0).known());
        put(page, row, 4, (Expr::Num(0.0) - part).max(0.0).known());
        before = after;
        row += 1;
    }
    name(page, row, ctx.word("to"));
    put(page, row, 2, to.clone());
    page.put(CellRef::new(header, BESIDE + 5), PageCell::from(ctx.word("after")).role(Role::Note));
    let series = |page: &Page, word: &str, offset: u32, ink: Ink| {
        let (names, values) = (page.column(BESIDE, first, row), page.column(BESIDE + offset, first, row));
        Series::new(ctx.word(word), names, values, ink)
    };
    // Where the steps cross zero a floating column cannot show them; the parts alone can.
    let floats = running.iter().all(|level| *level >= 0.0);
    let (kind, series) = if floats {
        (ChartKind::StackedColumns, vec![
            series(page, "base", 1, Ink::None),
            series(page, "ends", 2, Ink::Plan),
            series(page, "rise", 3, Ink::Good),
            series(page, "fall", 4, Ink::Bad),
        ])
    } else {
        let (names, values) = (page.column(0, first, last), page.column(4, first, last));
        (ChartKind::Columns, vec![Series::new(ctx.word("contribution"), names, values, Ink::Accent)])
    };
    page.charts.push(Chart {
        name: "waterfall",
        series,
        shape,
        y_title: Some(ctx.word("waterfall_axis")),
        ..Chart::new(
            kind,
            CellRef::new(top, 7),
            (720, 250),
            ctx.say("waterfall", &[("against", &ctx.word(split.against.id()))]),
            ctx.word("waterfall_alt"),
        )
    });
    true
}

/// Planned and actual of each channel, and the three effects.
fn by_channel(page: &mut Page, ctx: &Ctx<'_>, found: &Mix) {
    page.line(Role::Section, COLUMNS, ctx.word("mix"));
    let counts = [("n", found.channels.len().to_string()), ("all", found.all.to_string())];
    let counts: Vec<(&str, &str)> = counts.iter().map(|(hole, n)| (*hole, n.as_str())).collect();
    page.line(Role::Note, COLUMNS, ctx.say("mix_note", &counts));
    page.row(Role::Header, ctx.words([
        "channel", "budget", "target_conversions", "spend", "conversions", "planned_rate", "actual_rate",
    ]));
    let first = page.next_row();
    for channel in &found.channels {
        let mut line = Line::new(page);
        line.put(0, link(&channel.name, channel.at.as_ref()));
        let budget = line.number(1, channel.budget.clone(), Shape::Money);
        let target = line.number(2, channel.target.clone(), Shape::Integer);
        let spend = line.number(3, channel.spend.clone(), Shape::Money);
        let conversions = line.number(4, channel.conversions.clone(), Shape::Integer);
        line.number(5, mix::rate(&target, &budget), Shape::Ratio);
        line.number(6, mix::rate(&conversions, &spend), Shape::Ratio);
    }
    let last = page.next_row() - 1;
    let columns = Columns {
        budgets: column(page, 1, first, last),
        targets: column(page, 2, first, last),
        spends: column(page, 3, first, last),
        conversions: column(page, 4, first, last),
        rates: column(page, 5, first, last),
    };
    page.skip(1);
    header(page, &ctx.words(["factor", "conversions", "meaning"]), 10);
    let effects = mix::effects(&columns);
    let names = ["volume_effect", "mix_effect", "rate_effect"];
    for ((name, expr), metric) in names.iter().zip(effects).zip([&VOLUME_EFFECT, &MIX_EFFECT, &RATE_EFFECT]) {
        let mut line = Line::new(page);
        line.put(0, ctx.word(name));
        line.number(1, expr, Shape::Integer);
        line.span(2, 9, metric.definition(ctx.lang).meaning);
    }
    let mut line = Line::total(page, 10);
    line.put(0, ctx.word("gap_sum"));
    line.number(1, mix::gap(&columns), Shape::Integer);
    page.skip(1);
}
