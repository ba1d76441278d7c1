//! 渠道与漏斗: what each channel cost and brought, which to feed; where the
//! funnel leaks; where more money stopped paying.

use super::{Board, Ctx, Sheet, percent};
use crate::diagnostic::number;
use crate::metrics::channels::{Cause, ChannelFigures};
use crate::page::{Page, PageCell, Role, Tab};
use crate::review::Review;

mod funnel;
mod marginal;
mod ranking;
mod table;

/// See the module.
pub static SHEET: Sheet =
    Sheet { id: "channels", text: include_str!("channels.toml"), tab: Tab::Analysis, wanted, fill };

const COLUMNS: u32 = 16;

fn wanted(review: &Review<'_>) -> bool {
    let analysis = &review.analysis;
    !(analysis.channels.each.is_empty()
        && analysis.funnel.steps.is_empty()
        && analysis.channels.marginal.is_empty())
}

fn fill(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board) {
    page.set_widths(&[
        20.0, 13.0, 10.5, 11.5, 10.5, 9.5, 9.0, 11.5, 12.8, 12.0, 9.5, 9.0, 9.0, 9.0, 10.0, 20.0,
    ]);
    ctx.heading(page, COLUMNS);
    let sentences = [returns(ctx), ends(ctx), leak(ctx), optimum(ctx)];
    for sentence in sentences.into_iter().flatten() {
        let cell = PageCell::from(sentence);
        board.conclusions.push(("channels", cell.clone()));
        page.line(Role::Conclusion, COLUMNS, cell);
    }
    page.skip(1);
    let analysis = &ctx.review.analysis;
    if !analysis.channels.each.is_empty() {
        let rows = table::fill(page, ctx);
        ranking::fill(page, ctx, board, &rows);
    }
    if !analysis.funnel.steps.is_empty() {
        funnel::fill(page, ctx, board);
    }
    if !analysis.channels.marginal.is_empty() {
        marginal::fill(page, ctx);
    }
}

/// A column of plain numbers beside the page's tables that a chart draws from; its header says what it is.
fn beside(page: &mut Page, ctx: &Ctx<'_>, header: u32, word: &str) -> u32 {
    let col = COLUMNS + 1;
    page.put(crate::cell::CellRef::new(header, col), PageCell::from(ctx.word(word)).role(Role::Note));
    col
}

/// The return of all channels against the benchmark, or why there is none.
fn returns(ctx: &Ctx<'_>) -> Option<String> {
    let channels = &ctx.review.analysis.channels;
    if channels.each.is_empty() {
        return None;
    }
    let title = channels.roi.metric.definition(ctx.lang).title;
    let (Some(roi), Some(benchmark)) = (channels.roi.value(), channels.benchmark.number()) else {
        let why = channels.each.iter().find_map(|channel| missing(ctx, channel)).unwrap_or_default();
        return Some(ctx.say("no_return", &[("title", &title), ("why", &why)]));
    };
    let key = if roi >= benchmark { "return_above" } else { "return_below" };
    let mut said = ctx.say(key, &[
        ("title", &title),
        ("roi", &number(roi, 2)),
        ("benchmark", &number(benchmark, 2)),
    ]);
    let known = channels.each.iter().filter(|channel| channel.roi.value().is_some()).count();
    if known < channels.each.len() {
        let all = channels.each.len().to_string();
        said.push_str(&ctx.say("return_partly", &[("known", &known.to_string()), ("all", &all)]));
    }
    Some(said)
}

/// The best and the worst channel with the step that makes the difference.
fn ends(ctx: &Ctx<'_>) -> Option<String> {
    let channels = &ctx.review.analysis.channels;
    let named = |index: usize| {
        let channel = &channels.each[index];
        let reason = channel.cause.map_or_else(|| ctx.word("no_cause"), |found| cause(ctx, found));
        let roi = number(channel.roi.value().unwrap_or_default(), 2);
        ctx.say("named", &[("name", &channel.name), ("roi", &roi), ("cause", &reason)])
    };
    let (best, worst) = (named(channels.best?), named(channels.worst?));
    Some(ctx.say("best_and_worst", &[("best", &best), ("worst", &worst)]))
}

/// Which step is off the average, in words.
fn cause(ctx: &Ctx<'_>, cause: Cause) -> String {
    let key = if cause.off >= 0.0 { "step_above" } else { "step_below" };
    ctx.say(key, &[
        ("from", &ctx.word(cause.from.id())),
        ("to", &ctx.word(cause.to.id())),
        ("off", &percent(cause.off.abs())),
    ])
}

/// Why a channel has no return, where it has none.
fn missing(ctx: &Ctx<'_>, channel: &ChannelFigures) -> Option<String> {
    if channel.amounts.spend.number().is_none() {
        Some(ctx.word("no_spend"))
    } else if channel.amounts.value.number().is_none() {
        Some(ctx.word("no_value"))
    } else {
        channel.roi.value().is_none().then(|| ctx.word("zero_spend"))
    }
}

fn leak(ctx: &Ctx<'_>) -> Option<String> {
    let funnel = &ctx.review.analysis.funnel;
    let step = &funnel.steps[funnel.leak?];
    let from = funnel.leak?.checked_sub(1).map_or("", |before| funnel.steps[before].name.as_str());
    let rate = step.rate.value().map(percent).unwrap_or_default();
    let drop = step.drop.value().map(percent).unwrap_or_default();
    if funnel.against_target {
        let target = step.target.number().map(percent).unwrap_or_default();
        let points = number(step.shortfall.number().unwrap_or_default() * 100.0, 1);
        let holes =
            [("from", from), ("name", step.name.as_str()), ("rate", &rate), ("drop", &drop), ("target", &target), ("points", &points)];
        Some(ctx.say("leak_target", &holes))
    } else {
        let loss = ctx.count(step.loss.number().unwrap_or_default());
        Some(ctx.say("leak_loss", &[("from", from), ("name", &step.name), ("rate", &rate), ("drop", &drop), ("loss", &loss)]))
    }
}

fn optimum(ctx: &Ctx<'_>) -> Option<String> {
    use crate::metrics::channels::marginal::Verdict;
    let channels = &ctx.review.analysis.channels;
    let step = channels.marginal.iter().find(|step| step.verdict == Verdict::Passed)?;
    Some(ctx.say("optimum", &[
        ("batch", &step.batch),
        ("marginal", &number(step.marginal.value()?, 2)),
        ("floor", &number(channels.floor.number()?, 2)),
        ("spent", &ctx.money(step.spent? - step.spend.number()?)),
    ]))
}
