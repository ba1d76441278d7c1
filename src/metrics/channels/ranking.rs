//! Channels against each other: rank, advice, and which step makes the difference.
//!
//! Small samples are not ranked, and a rate counts as different from the
//! average only where the average lies outside its interval.

use crate::expr::{Expr, Fun, Op, any};
use crate::policy::Policy;

use super::{Amounts, ChannelFigures, interval};

/// What to do with a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Advice {
    /// 加大投放.
    Feed,
    /// 维持.
    Keep,
    /// 优化.
    Improve,
    /// 缩减.
    Cut,
    /// 数据不足.
    Insufficient,
}

impl Advice {
    /// Every advice with its stable id.
    pub const ALL: [(Advice, &'static str); 5] = [
        (Advice::Feed, "feed"),
        (Advice::Keep, "keep"),
        (Advice::Improve, "improve"),
        (Advice::Cut, "cut"),
        (Advice::Insufficient, "insufficient"),
    ];

    /// The stable id.
    pub fn id(self) -> &'static str {
        Self::ALL.iter().find(|(advice, _)| *advice == self).map_or("insufficient", |(_, id)| id)
    }
}

/// What flows through a channel, from money to money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Quantity {
    Spend,
    Exposure,
    Clicks,
    Conversions,
    Value,
}

impl Quantity {
    const ALL: [Quantity; 5] =
        [Quantity::Spend, Quantity::Exposure, Quantity::Clicks, Quantity::Conversions, Quantity::Value];

    /// The stable id.
    pub fn id(self) -> &'static str {
        match self {
            Quantity::Spend => "spend",
            Quantity::Exposure => "exposure",
            Quantity::Clicks => "clicks",
            Quantity::Conversions => "conversions",
            Quantity::Value => "value",
        }
    }

    fn of(self, amounts: &Amounts) -> &Expr {
        match self {
            Quantity::Spend => &amounts.spend,
            Quantity::Exposure => &amounts.exposure,
            Quantity::Clicks => &amounts.clicks,
            Quantity::Conversions => &amounts.conversions,
            Quantity::Value => &amounts.value,
        }
    }
}

/// The step of a channel that is furthest off the campaign's average.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Cause {
    /// Where the step begins.
    pub from: Quantity,
    /// Where it ends.
    pub to: Quantity,
    /// The channel's ratio against the average of all channels: 0.35 is 35% above.
    pub off: f64,
}

/// The return as it counts for the ranking: nothing below the minimum sample.
pub fn rankable(roi: &Expr, spend: &Expr, exposure: &Expr, policy: &Policy) -> Expr {
    let least = &policy.thresholds.channel;
    let mut small = vec![spend.clone().op(Op::Lt, least.min_spend)];
    if !exposure.is_nothing() {
        let known = Expr::call(Fun::IsNumber, [exposure.clone()]);
        small.push(Expr::call(Fun::And, [known, exposure.clone().op(Op::Lt, least.min_exposure)]));
    }
    let counted = |roi: Expr| match any(small) {
        Some(small) => small.then(Expr::nothing(), roi),
        None => roi,
    };
    roi.clone().given(counted, Expr::nothing())
}

/// The place among the returns that count, from 1.
pub fn place(rankable: &Expr, all: Expr) -> Expr {
    rankable.clone().given(|rankable| Expr::call(Fun::Rank, [rankable, all]), Expr::nothing())
}

/// 建议: from the return against the benchmark and the efficiency index; `word` gives the text of each.
pub fn advice(
    rankable: &Expr,
    benchmark: &Expr,
    efficiency: &Expr,
    policy: &Policy,
    word: impl Fn(Advice) -> String,
) -> Expr {
    let text = |advice| Expr::text(word(advice));
    let thresholds = &policy.thresholds.channel;
    let index = |op: Op, bound: f64| {
        let known = Expr::call(Fun::IsNumber, [efficiency.clone()]);
        // Shares add up to a little more or less than one in binary.
        Expr::call(Fun::And, [known, efficiency.clone().round(6).op(op, bound)])
    };
    let weak =
        |otherwise: Advice, cut: Advice| index(Op::Lt, thresholds.cut).then(text(cut), text(otherwise));
    let above = index(Op::Ge, thresholds.feed).then(text(Advice::Feed), weak(Advice::Keep, Advice::Improve));
    let below = weak(Advice::Improve, Advice::Cut);
    let judged = |rankable: Expr| rankable.round(6).op(Op::Ge, benchmark.clone()).then(above, below);
    rankable.clone().given(judged, text(Advice::Insufficient))
}

/// Ranks channels in place; answers with the best and the worst of at least two.
pub(super) fn rank(
    channels: &mut [ChannelFigures],
    benchmark: &Expr,
    policy: &Policy,
) -> (Option<usize>, Option<usize>) {
    let counted: Vec<Expr> = channels
        .iter()
        .map(|channel| rankable(&channel.roi.expr, &channel.amounts.spend, &channel.amounts.exposure, policy))
        .collect();
    let all = Expr::loose(&counted);
    let averages = Averages::of(channels);
    for (channel, counted) in channels.iter_mut().zip(&counted) {
        channel.rank = place(counted, all.clone()).number().map(|place| place as usize);
        let said =
            advice(counted, benchmark, &channel.efficiency.expr, policy, |advice| advice.id().to_owned());
        let said = said.value();
        channel.advice = Advice::ALL
            .iter()
            .find(|(_, id)| said.text() == Some(id))
            .map_or(Advice::Insufficient, |(advice, _)| *advice);
        if channel.rank.is_some() {
            channel.cause = cause(&channel.amounts, &averages, policy);
        }
    }
    let ranked = || channels.iter().enumerate().filter_map(|(i, channel)| Some((i, channel.rank?)));
    if ranked().count() < 2 {
        return (None, None);
    }
    let best = ranked().min_by_key(|(_, rank)| *rank);
    let worst = ranked().rev().max_by_key(|(i, rank)| (*rank, std::cmp::Reverse(*i)));
    match (best, worst) {
        (Some((best, first)), Some((worst, last))) if first != last => (Some(best), Some(worst)),
        _ => (None, None),
    }
}

/// What each step makes of one, over the channels that report both its ends.
struct Averages(Vec<(Quantity, Quantity, f64)>);

impl Averages {
    fn of(channels: &[ChannelFigures]) -> Averages {
        let mut averages = Vec::new();
        for (index, from) in Quantity::ALL.into_iter().enumerate() {
            for to in Quantity::ALL.into_iter().skip(index + 1) {
                let (before, after) = channels
                    .iter()
                    .filter_map(|one| Some((known(&one.amounts, from)?, known(&one.amounts, to)?)))
                    .fold((0.0, 0.0), |(before, after), (from, to)| (before + from, after + to));
                if before > 0.0 {
                    averages.push((from, to, after / before));
                }
            }
        }
        Averages(averages)
    }

    fn step(&self, from: Quantity, to: Quantity) -> Option<f64> {
        self.0.iter().find(|(a, b, _)| (*a, *b) == (from, to)).map(|(_, _, average)| *average)
    }
}

fn known(amounts: &Amounts, quantity: Quantity) -> Option<f64> {
    quantity.of(amounts).number().filter(|n| *n > 0.0)
}

/// The step furthest off the average, on the side of the channel's whole return.
fn cause(channel: &Amounts, averages: &Averages, policy: &Policy) -> Option<Cause> {
    let ratio = |from: Quantity, to: Quantity| {
        let average = averages.step(from, to)?;
        Some((known(channel, to)? / known(channel, from)? / average, average))
    };
    let (whole, _) = ratio(Quantity::Spend, Quantity::Value)?;
    let reported: Vec<Quantity> =
        Quantity::ALL.into_iter().filter(|quantity| known(channel, *quantity).is_some()).collect();
    let mut furthest: Option<Cause> = None;
    for step in reported.windows(2) {
        let [from, to] = *step else { continue };
        let Some((off, average)) = ratio(from, to) else { continue };
        let same_side = (whole >= 1.0) == (off >= 1.0);
        if !same_side || within_chance(channel, from, to, average, policy) {
            continue;
        }
        if furthest.is_none_or(|cause| off.ln().abs() > (1.0 + cause.off).ln().abs() + 1e-12) {
            furthest = Some(Cause { from, to, off: off - 1.0 });
        }
    }
    furthest.filter(|cause| cause.off.abs() >= 0.005)
}

/// Whether an average rate could as well be the channel's own, given how few people that is.
fn within_chance(channel: &Amounts, from: Quantity, to: Quantity, average: f64, policy: &Policy) -> bool {
    let people = [Quantity::Exposure, Quantity::Clicks, Quantity::Conversions];
    if !people.contains(&from) || !people.contains(&to) {
        return false;
    }
    let (low, high) = interval(to.of(channel), from.of(channel), policy);
    matches!((low.number(), high.number()), (Some(low), Some(high)) if low <= average && average <= high)
}
