//! Conversions against plan across channels: more money, other channels, other rates.

use crate::cell::Place;
use crate::expr::{Expr, Fun};

use super::super::channels::{all_of, groups};
use super::super::goals;
use super::super::{Basis, Figure};
use super::{MIX_EFFECT, RATE_EFFECT, VOLUME_EFFECT};

/// The gap in conversions split into volume, mix and rate.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Mix {
    /// Channels whose budget, target, spend and conversions are all known.
    pub channels: Vec<Planned>,
    /// How many channels there are in all.
    pub all: usize,
    /// 投放量影响, 渠道结构影响, 渠道效率影响.
    pub effects: [Figure; 3],
    /// Conversions − target.
    pub gap: Expr,
}

/// One channel, planned and actual.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Planned {
    /// As the table names it.
    pub name: String,
    /// The cell of its name.
    pub at: Option<Place>,
    /// 预算.
    pub budget: Expr,
    /// 目标转化.
    pub target: Expr,
    /// 花费.
    pub spend: Expr,
    /// 转化.
    pub conversions: Expr,
}

/// The columns of planned and actual, as ranges or loose values.
#[derive(Debug, Clone)]
pub struct Columns {
    /// 预算.
    pub budgets: Expr,
    /// 目标转化.
    pub targets: Expr,
    /// 花费.
    pub spends: Expr,
    /// 转化.
    pub conversions: Expr,
    /// 目标转化 ÷ 预算 × 1000 of each channel.
    pub rates: Expr,
}

/// Conversions for each thousand yuan of a channel.
pub fn rate(conversions: &Expr, spend: &Expr) -> Expr {
    (conversions.clone() / spend.clone() * 1000.0).known()
}

/// 投放量影响, 渠道结构影响, 渠道效率影响; they sum to Σ转化 − Σ目标转化.
pub fn effects(columns: &Columns) -> [Expr; 3] {
    let sum = |range: &Expr| Expr::call(Fun::Sum, [range.clone()]);
    let overall = || sum(&columns.targets) / sum(&columns.budgets);
    let as_planned = || Expr::call(Fun::SumProduct, [columns.spends.clone(), columns.rates.clone()]) / 1000.0;
    [
        ((sum(&columns.spends) - sum(&columns.budgets)) * overall()).known(),
        (as_planned() - sum(&columns.spends) * overall()).known(),
        (sum(&columns.conversions) - as_planned()).known(),
    ]
}

/// Splits the gap where at least two channels are wholly known.
pub(super) fn analyse(basis: Basis<'_>) -> Option<Mix> {
    let rows = &basis.campaign.channels;
    let groups = groups(basis.campaign);
    let all = groups.len();
    let channels: Vec<Planned> = groups
        .into_iter()
        .filter_map(|group| {
            let sum = |of: &dyn Fn(usize) -> Expr| all_of(group.iter().map(|row| of(*row)).collect());
            let first = &rows[*group.first()?];
            Some(Planned {
                name: first.channel.as_str().to_owned(),
                at: first.channel.at.clone(),
                budget: sum(&|row| rows[row].budget.expr()),
                target: sum(&|row| match &rows[row].target.value {
                    Some(target) => {
                        let leaf = |level, part| rows[row].target.part(Some(level), part);
                        goals::asked(target, leaf, Expr::nothing()).level
                    }
                    None => Expr::nothing(),
                }),
                spend: sum(&|row| rows[row].spend.expr()),
                conversions: sum(&|row| rows[row].conversions.expr()),
            })
        })
        .filter(|channel| {
            let known = |expr: &Expr| expr.number().is_some_and(|n| n >= 0.0);
            channel.budget.number().is_some_and(|n| n > 0.0)
                && [&channel.target, &channel.spend, &channel.conversions].into_iter().all(known)
        })
        .collect();
    if channels.len() < 2 {
        return None;
    }
    let rates: Vec<Expr> = channels.iter().map(|channel| rate(&channel.target, &channel.budget)).collect();
    let columns = Columns {
        budgets: Expr::loose(channels.iter().map(|channel| &channel.budget)),
        targets: Expr::loose(channels.iter().map(|channel| &channel.target)),
        spends: Expr::loose(channels.iter().map(|channel| &channel.spend)),
        conversions: Expr::loose(channels.iter().map(|channel| &channel.conversions)),
        rates: Expr::loose(&rates),
    };
    let [volume, mix, rate] = effects(&columns);
    let gap = gap(&columns);
    let figure = |metric, expr| Figure { metric, expr };
    let effects = [figure(&VOLUME_EFFECT, volume), figure(&MIX_EFFECT, mix), figure(&RATE_EFFECT, rate)];
    Some(Mix { channels, all, effects, gap })
}

/// Σ转化 − Σ目标转化.
pub fn gap(columns: &Columns) -> Expr {
    let sum = |range: &Expr| Expr::call(Fun::Sum, [range.clone()]);
    (sum(&columns.conversions) - sum(&columns.targets)).known()
}
