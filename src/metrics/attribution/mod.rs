//! Why there is a gap (spec: `3-metrics` §3.1; D0 "未达标是否因渠道流量不足").
//!
//! Sales are a chain: so many visitors, such a part of whom buy, so much each.
//! The gap between two states of the chain is split among its factors with the
//! logarithmic mean, so that the parts sum to the gap. [`mix`] does the same
//! for conversions across channels.

use crate::campaign::SalesItem;
use crate::expr::{Expr, Fun, Op};
use crate::metrics;

use super::goals::Goals;
use super::sales::Sales;
use super::sales::comparison::{BEFORE, DURING};
use super::{Basis, Figure};

mod known;
pub mod mix;

pub use mix::Mix;

metrics! {
    CONTRIBUTION = "contribution",
    VOLUME_EFFECT = "volume-effect",
    MIX_EFFECT = "mix-effect",
    RATE_EFFECT = "rate-effect",
}

/// The gaps that can be explained.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Attribution {
    /// Sales against the target, then against the time before.
    pub splits: Vec<Split>,
    /// Conversions against plan, by channel.
    pub mix: Option<Mix>,
}

/// What the actual is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Against {
    /// The target.
    Target,
    /// The daily mean before the campaign; both sides are daily means.
    Before,
}

impl Against {
    /// The stable id.
    pub fn id(self) -> &'static str {
        match self {
            Against::Target => "against_target",
            Against::Before => "against_before",
        }
    }
}

/// A level of the chain, from people reached to money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Level {
    Exposure,
    Clicks,
    Visitors,
    Orders,
    Buyers,
    Sales,
}

impl Level {
    /// The stable id.
    pub fn id(self) -> &'static str {
        match self {
            Level::Exposure => "exposure",
            Level::Clicks => "clicks",
            Level::Visitors => "visitors",
            Level::Orders => "orders",
            Level::Buyers => "buyers",
            Level::Sales => "sales",
        }
    }

    /// The id of the factor that leads from the level below to this one.
    pub fn factor_from(self, below: Option<Level>) -> &'static str {
        match (below, self) {
            (None, level) => level.id(),
            (Some(_), Level::Clicks) => "click_rate",
            (Some(_), Level::Orders | Level::Buyers | Level::Visitors) => "conversion_rate",
            (Some(Level::Orders), _) => "order_value",
            (Some(Level::Buyers), _) => "buyer_value",
            (Some(_), _) => "visitor_value",
        }
    }
}

/// One level then and now.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct State {
    /// Which.
    pub level: Level,
    /// What was asked for, or was before.
    pub from: Expr,
    /// What came out.
    pub to: Expr,
}

/// One gap split among the factors of its chain.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Split {
    /// What it is compared with.
    pub against: Against,
    /// Levels from the first to sales; each stands on the one before.
    pub levels: Vec<State>,
    /// One contribution for each level's factor, in the same order.
    pub parts: Vec<Figure>,
    /// Sales now − then.
    pub gap: Expr,
}

/// The factor of a level: the level itself, or over the level it stands on.
pub fn factor(level: &Expr, below: Option<&Expr>) -> Expr {
    match below {
        Some(below) => (level.clone() / below.clone()).known(),
        None => level.clone().known(),
    }
}

/// A factor's part in the gap: logarithmic mean × ln(now ÷ then). Nothing unless all four are above zero.
pub fn contribution(from: &Expr, to: &Expr, factor_from: &Expr, factor_to: &Expr) -> Expr {
    let four = [from.clone(), to.clone(), factor_from.clone(), factor_to.clone()];
    if four.iter().any(Expr::is_nothing) {
        return Expr::nothing();
    }
    let growth = || to.clone() / from.clone();
    let mean = growth()
        .op(Op::Eq, 1.0)
        .then(from.clone(), (to.clone() - from.clone()) / Expr::call(Fun::Ln, [growth()]));
    let part = mean * Expr::call(Fun::Ln, [factor_to.clone() / factor_from.clone()]);
    let part = Expr::call(Fun::IfError, [part, Expr::nothing()]);
    let positive = Expr::call(Fun::Min, four.clone()).op(Op::Gt, 0.0);
    let counted = Expr::call(Fun::Count, four).op(Op::Eq, 4.0);
    counted.then(positive.then(part, Expr::nothing()), Expr::nothing())
}

/// The contributions of every level's factor.
pub fn contributions(levels: &[State]) -> Vec<Expr> {
    let Some(whole) = levels.last() else { return Vec::new() };
    (0..levels.len())
        .map(|i| {
            let below = i.checked_sub(1).map(|i| &levels[i]);
            let from = factor(&levels[i].from, below.map(|below| &below.from));
            let to = factor(&levels[i].to, below.map(|below| &below.to));
            contribution(&whole.from, &whole.to, &from, &to)
        })
        .collect()
}

impl Split {
    /// The chain that explains most among the levels known on both sides; `None` where sales stand alone.
    fn of(against: Against, known: Vec<State>) -> Option<Split> {
        const CHAINS: &[&[Level]] = &[
            &[Level::Exposure, Level::Clicks, Level::Buyers, Level::Sales],
            &[Level::Exposure, Level::Clicks, Level::Orders, Level::Sales],
            &[Level::Visitors, Level::Buyers, Level::Sales],
            &[Level::Visitors, Level::Orders, Level::Sales],
            &[Level::Buyers, Level::Sales],
            &[Level::Orders, Level::Sales],
            &[Level::Visitors, Level::Sales],
        ];
        let above_zero = |expr: &Expr| expr.number().is_some_and(|n| n > 0.0);
        let state = |level: &Level| {
            known
                .iter()
                .find(|state| state.level == *level && above_zero(&state.from) && above_zero(&state.to))
        };
        let chain = CHAINS.iter().find(|chain| chain.iter().all(|level| state(level).is_some()))?;
        let levels: Vec<State> = chain.iter().filter_map(|level| state(level).cloned()).collect();
        let whole = levels.last()?;
        let gap = (whole.to.clone() - whole.from.clone()).known();
        let parts = contributions(&levels);
        let parts = parts.into_iter().map(|expr| Figure { metric: &CONTRIBUTION, expr }).collect();
        Some(Split { against, parts, gap, levels })
    }

    /// The factor that pulls hardest in the direction of the gap, by index, with its part.
    pub fn largest(&self) -> Option<(usize, f64)> {
        let sign = self.gap.number().filter(|gap| *gap != 0.0)?.signum();
        let parts = self.parts.iter().enumerate().filter_map(|(i, part)| Some((i, part.value()?)));
        parts.filter(|(_, part)| part * sign > 0.0).max_by(|a, b| (a.1 * sign).total_cmp(&(b.1 * sign)))
    }

    /// The id of a level's factor.
    pub fn factor_id(&self, index: usize) -> &'static str {
        let below = index.checked_sub(1).map(|i| self.levels[i].level);
        self.levels[index].level.factor_from(below)
    }
}

/// Splits what can be split.
pub fn analyse(basis: Basis<'_>, goals: &Goals, sales: &Sales) -> Attribution {
    let target = Split::of(Against::Target, known::against_target(basis, goals, sales));
    let before = Split::of(Against::Before, before(sales));
    Attribution { splits: target.into_iter().chain(before).collect(), mix: mix::analyse(basis) }
}

/// Daily means before and during.
fn before(sales: &Sales) -> Vec<State> {
    [
        (Level::Visitors, SalesItem::Visitors),
        (Level::Buyers, SalesItem::Buyers),
        (Level::Orders, SalesItem::Orders),
        (Level::Sales, SalesItem::Sales),
    ]
    .into_iter()
    .filter_map(|(level, item)| {
        let line = sales.lines.iter().find(|line| line.item == Some(item))?;
        Some(State { level, from: line.daily[BEFORE].clone(), to: line.daily[DURING].clone() })
    })
    .collect()
}

#[cfg(test)]
mod tests;
