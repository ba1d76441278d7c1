//! Channels: what each cost and brought, which to feed and which to cut
//! (spec: `3-metrics` §3.2; D0 四, D2, D4 三).
//!
//! The definitions stand here; [`ranking`] compares channels, [`marginal`]
//! follows further spending step by step.

use crate::campaign::{Basics, Campaign, Channel, RoiBasis};
use crate::cell::Place;
use crate::expr::{Expr, Fun, Op};
use crate::locale::fold;
use crate::metrics;
use crate::policy::Policy;

use super::{Basis, Figure, Metric, goals};

pub mod marginal;
pub mod ranking;
pub mod shift;

pub use marginal::Step;
pub use ranking::{Advice, Cause, Quantity};

metrics! {
    ROI = "roi",
    FINANCIAL_ROI = "financial-roi",
    CHANNEL_VALUE = "channel-value",
    CTR = "ctr",
    CVR = "cvr",
    CPM = "cpm",
    CPC = "cpc",
    CPA = "cpa",
    CAC = "cac",
    SPEND_SHARE = "spend-share",
    REVENUE_SHARE = "revenue-share",
    EFFICIENCY = "efficiency-index",
    CHANNEL_COMPLETION = "channel-completion",
    RATE_INTERVAL = "rate-interval",
    MARGINAL_ROI = "marginal-roi",
    EXPECTED_VALUE = "expected-value",
}

/// Every channel of a campaign.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Channels {
    /// Channels in the order of the table; the phases of one channel are added up.
    pub each: Vec<ChannelFigures>,
    /// How the return is counted here. Net profit is not known by channel: those are counted by 收入÷花费.
    pub basis: RoiBasis,
    /// Return over spend, of the channels that report both.
    pub roi: Figure,
    /// What a return is measured against.
    pub benchmark: Expr,
    /// The same for 产出 ÷ 花费 of one step of further spending.
    pub floor: Expr,
    /// Whether the team gave the benchmark.
    pub own_benchmark: bool,
    /// The channel with the best return, by index; needs two that can be ranked.
    pub best: Option<usize>,
    /// The channel with the worst return.
    pub worst: Option<usize>,
    /// Steps of further spending, by channel and date.
    pub marginal: Vec<Step>,
}

/// One channel.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ChannelFigures {
    /// As the table names it.
    pub name: String,
    /// 线上 or 线下, as typed.
    pub kind: String,
    /// Rows of the table.
    pub rows: Vec<usize>,
    /// The cell of its name.
    pub at: Option<Place>,
    /// What it cost and brought.
    pub amounts: Amounts,
    /// Return over spend.
    pub roi: Figure,
    /// 点击率.
    pub ctr: Figure,
    /// 转化率.
    pub cvr: Figure,
    /// Lower and upper end of the conversion rate's interval.
    pub cvr_interval: (Expr, Expr),
    /// 花费占比.
    pub spend_share: Figure,
    /// 收入占比.
    pub revenue_share: Figure,
    /// 效率指数.
    pub efficiency: Figure,
    /// 目标达成率.
    pub completion: Figure,
    /// Place by return, from 1; none below the minimum sample.
    pub rank: Option<usize>,
    /// What to do with it.
    pub advice: Advice,
    /// The step that is furthest off the campaign's average in the direction of its return.
    pub cause: Option<Cause>,
}

/// What a channel cost and brought.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Amounts {
    /// 花费.
    pub spend: Expr,
    /// 曝光量.
    pub exposure: Expr,
    /// 点击量.
    pub clicks: Expr,
    /// 转化数.
    pub conversions: Expr,
    /// 新客数.
    pub new_customers: Expr,
    /// Sales, or what stands in for them.
    pub value: Expr,
    /// Conversions asked for.
    pub target: Expr,
}

/// 产出: sales; where they are unknown, conversions × value of one conversion (D0).
pub fn value(sales: &Expr, conversions: &Expr, unit_value: &Expr) -> Expr {
    sales.clone().known_or(conversions.clone() * unit_value.clone())
}

/// 投产比: 产出 ÷ 花费, or (产出 − 花费) ÷ 花费.
pub fn roi(value: &Expr, spend: &Expr, basis: RoiBasis) -> Expr {
    match basis {
        RoiBasis::Financial => (value.clone() - spend.clone()) / spend.clone(),
        RoiBasis::Revenue | RoiBasis::NetProfit => value.clone() / spend.clone(),
    }
    .known()
}

/// The metric of a return counted that way.
pub fn roi_metric(basis: RoiBasis) -> &'static Metric {
    match basis {
        RoiBasis::Financial => &FINANCIAL_ROI,
        RoiBasis::Revenue | RoiBasis::NetProfit => &ROI,
    }
}

/// Return over spend of several channels: sums over those that report both.
pub fn pooled_roi(values: Expr, spends: Expr, basis: RoiBasis) -> Expr {
    let both = |sum: &Expr| {
        Expr::call(
            Fun::SumIfs,
            [sum.clone(), spends.clone(), Expr::text(">0"), values.clone(), Expr::text(">=0")],
        )
    };
    let (value, spend) = (both(&values), both(&spends));
    let ratio = match basis {
        RoiBasis::Financial => (value - spend.clone()) / spend.clone(),
        RoiBasis::Revenue | RoiBasis::NetProfit => value / spend.clone(),
    };
    spend.op(Op::Gt, 0.0).then(ratio, Expr::nothing())
}

/// 点击率: 点击 ÷ 曝光.
pub fn ctr(clicks: &Expr, exposure: &Expr) -> Expr {
    (clicks.clone() / exposure.clone()).known()
}

/// 转化率: 转化 ÷ 点击.
pub fn cvr(conversions: &Expr, clicks: &Expr) -> Expr {
    (conversions.clone() / clicks.clone()).known()
}

/// CPM: 花费 ÷ 曝光 × 1000.
pub fn cpm(spend: &Expr, exposure: &Expr) -> Expr {
    (spend.clone() / exposure.clone() * 1000.0).known()
}

/// CPC, CPA, CAC: 花费 ÷ what it bought.
pub fn cost_per(spend: &Expr, bought: &Expr) -> Expr {
    (spend.clone() / bought.clone()).known()
}

/// A part's share of all parts.
pub fn share(part: &Expr, parts: Expr) -> Expr {
    (part.clone() / Expr::call(Fun::Sum, [parts])).known()
}

/// 效率指数: 收入占比 ÷ 花费占比.
pub fn efficiency(revenue_share: &Expr, spend_share: &Expr) -> Expr {
    (revenue_share.clone() / spend_share.clone()).known()
}

/// 目标达成率: 转化 ÷ 目标转化.
pub fn completion(conversions: &Expr, target: &Expr) -> Expr {
    (conversions.clone() / target.clone()).known()
}

/// Lower and upper end of Wilson's interval of a rate; nothing where there are more hits than trials.
pub fn interval(hits: &Expr, trials: &Expr, policy: &Policy) -> (Expr, Expr) {
    let z = policy.thresholds.channel.confidence_z;
    let n = || trials.clone();
    let p = || hits.clone() / n();
    let spread =
        Expr::call(Fun::Sqrt, [p() * (Expr::Num(1.0) - p()) / n() + Expr::Num(z * z / 4.0) / n() / n()]) * z;
    let centre = p() + Expr::Num(z * z / 2.0) / n();
    let width = Expr::Num(1.0) + Expr::Num(z * z) / n();
    let end = |shifted: Expr| {
        let inside = hits.clone().op(Op::Le, n()).then(shifted / width.clone(), Expr::nothing());
        p().given(|_| inside, Expr::nothing())
    };
    (end(centre.clone() - spread.clone()), end(centre + spread))
}

/// What a return is measured against, and whether the team gave it.
fn benchmark(basics: Option<&Basics>, declared: RoiBasis, policy: &Policy) -> (Expr, bool) {
    let given = basics.map(|basics| &basics.benchmark_roi).filter(|benchmark| benchmark.value.is_some());
    let default = policy.thresholds.channel.benchmark;
    match (declared, given) {
        // A benchmark of net profit says nothing about sales over spend.
        (RoiBasis::Revenue | RoiBasis::Financial, Some(given)) => (given.expr(), true),
        (RoiBasis::Financial, None) => (Expr::Num(default - 1.0), false),
        _ => (Expr::Num(default), false),
    }
}

/// Computes the channels.
pub fn analyse(basis: Basis<'_>) -> Channels {
    let Basis { campaign, policy, .. } = basis;
    let basics = campaign.basics.as_ref();
    let declared = basics.and_then(|basics| basics.roi_basis.value).unwrap_or(RoiBasis::Revenue);
    let counted = if declared == RoiBasis::Financial { RoiBasis::Financial } else { RoiBasis::Revenue };
    let (benchmark, own_benchmark) = benchmark(basics, declared, policy);
    let groups = groups(campaign);
    let amounts: Vec<Amounts> =
        groups.iter().map(|rows| amounts(rows.iter().map(|row| &campaign.channels[*row]))).collect();
    let spends = Expr::loose(amounts.iter().map(|amounts| &amounts.spend));
    let values = Expr::loose(amounts.iter().map(|amounts| &amounts.value));
    let mut each: Vec<ChannelFigures> = groups
        .into_iter()
        .zip(amounts)
        .map(|(rows, amounts)| figures(campaign, policy, counted, rows, amounts, &spends, &values))
        .collect();
    let (best, worst) = ranking::rank(&mut each, &benchmark, policy);
    let roi = Figure { metric: roi_metric(counted), expr: pooled_roi(values, spends, counted) };
    let floor = match counted {
        RoiBasis::Financial => (benchmark.clone() + 1.0).known(),
        _ => benchmark.clone(),
    };
    let marginal = marginal::steps(campaign, &floor);
    Channels { each, basis: counted, roi, benchmark, floor, own_benchmark, best, worst, marginal }
}

/// Rows of the table by channel, in order of first mention.
pub(super) fn groups(campaign: &Campaign) -> Vec<Vec<usize>> {
    let mut groups: indexmap::IndexMap<String, Vec<usize>> = indexmap::IndexMap::new();
    for (row, channel) in campaign.channels.iter().enumerate() {
        let Some(name) = &channel.channel.value else { continue };
        groups.entry(fold(name)).or_default().push(row);
    }
    groups.into_values().collect()
}

/// The rows of one channel added up; a figure missing from one of its rows is missing from the sum.
fn amounts<'a>(rows: impl Iterator<Item = &'a Channel> + Clone) -> Amounts {
    let sum = |of: &dyn Fn(&Channel) -> Expr| all_of(rows.clone().map(of).collect());
    Amounts {
        spend: sum(&|row| row.spend.expr()),
        exposure: sum(&|row| row.exposure.expr()),
        clicks: sum(&|row| row.clicks.expr()),
        conversions: sum(&|row| row.conversions.expr()),
        new_customers: sum(&|row| row.new_customers.expr()),
        value: sum(&|row| value(&row.sales.expr(), &row.conversions.expr(), &row.unit_value.expr())),
        target: sum(&target),
    }
}

/// A sum that is known only where each of its terms is: no row of a channel counts as zero.
pub fn all_of(terms: Vec<Expr>) -> Expr {
    match terms.as_slice() {
        [only] => only.clone().known(),
        _ => Expr::call(Fun::Sum, terms.into_iter().map(Expr::known)).known(),
    }
}

/// Conversions asked for; of a range, the lower end.
fn target(row: &Channel) -> Expr {
    match &row.target.value {
        Some(target) => {
            goals::asked(target, |level, part| row.target.part(Some(level), part), Expr::nothing()).level
        }
        None => row.target.leaf(None),
    }
}

fn figures(
    campaign: &Campaign,
    policy: &Policy,
    basis: RoiBasis,
    rows: Vec<usize>,
    amounts: Amounts,
    spends: &Expr,
    values: &Expr,
) -> ChannelFigures {
    let figure = |metric, expr| Figure { metric, expr };
    let first = rows.first().map(|row| &campaign.channels[*row]);
    let spend_share = share(&amounts.spend, spends.clone());
    let revenue_share = share(&amounts.value, values.clone());
    ChannelFigures {
        name: first.map(|row| row.channel.as_str().to_owned()).unwrap_or_default(),
        kind: first.map(|row| row.kind.text.clone()).unwrap_or_default(),
        at: first.and_then(|row| row.channel.at.clone()),
        roi: figure(roi_metric(basis), roi(&amounts.value, &amounts.spend, basis)),
        ctr: figure(&CTR, ctr(&amounts.clicks, &amounts.exposure)),
        cvr: figure(&CVR, cvr(&amounts.conversions, &amounts.clicks)),
        cvr_interval: interval(&amounts.conversions, &amounts.clicks, policy),
        efficiency: figure(&EFFICIENCY, efficiency(&revenue_share, &spend_share)),
        spend_share: figure(&SPEND_SHARE, spend_share),
        revenue_share: figure(&REVENUE_SHARE, revenue_share),
        completion: figure(&CHANNEL_COMPLETION, completion(&amounts.conversions, &amounts.target)),
        rank: None,
        advice: Advice::Insufficient,
        cause: None,
        rows,
        amounts,
    }
}

#[cfg(test)]
mod tests;
