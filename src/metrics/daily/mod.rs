//! The daily monitor: rates recomputed, against their targets, what is out of
//! the ordinary (spec: `3-metrics` §3.5; D1 三（四）).

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use crate::campaign::{Campaign, Day};
use crate::catalogue::record::Field;
use crate::expr::{Expr, Fun, Op};
use crate::locale::fold;
use crate::metrics;
use crate::policy::Policy;

use super::channels::{CTR, CVR, ctr, cvr};
use super::goals::Goals;
use super::{Basis, Figure};

pub mod pace;
mod remark;

pub use pace::Pace;

metrics! {
    TARGET_POINTS = "target-points",
    TARGET_RELATIVE = "target-relative",
    WINDOW_DEVIATION = "window-deviation",
    ROBUST_DEVIATION = "robust-deviation",
    PACE = "pace",
    PROJECTED_END = "projected-end",
}

/// Days known before a mean of them means anything.
const ENOUGH: f64 = 3.0;
/// Makes the median of deviations comparable with a standard deviation.
const CONSISTENCY: f64 = 0.6745;
/// Names of a line that is the whole day, beside lines of single channels.
const WHOLE: &[&str] = &["", "整体", "全部", "全渠道", "合计", "总计", "all", "total"];

/// The daily monitor of a campaign.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Daily {
    /// Day by day.
    pub days: Vec<DayFigures>,
    /// The goal for 点击率.
    pub ctr_target: Expr,
    /// The goal for 转化率.
    pub cvr_target: Expr,
    /// How sales run against their goal.
    pub pace: Option<Pace>,
}

/// What is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Watched {
    /// 曝光量.
    Exposure,
    /// 点击率.
    Ctr,
    /// 转化率.
    Cvr,
    /// 销售额.
    Sales,
}

impl Watched {
    /// Everything watched.
    pub const ALL: [Watched; 4] = [Watched::Exposure, Watched::Ctr, Watched::Cvr, Watched::Sales];

    /// Stable id.
    pub fn id(self) -> &'static str {
        match self {
            Watched::Exposure => "exposure",
            Watched::Ctr => "ctr",
            Watched::Cvr => "cvr",
            Watched::Sales => "sales",
        }
    }
}

/// One day, all its channels together.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct DayFigures {
    /// The day.
    pub date: NaiveDate,
    /// The day as its first cell says it.
    pub at: Expr,
    /// Rows of the table that make the day.
    pub rows: Vec<usize>,
    /// 曝光量.
    pub exposure: Expr,
    /// 点击量.
    pub clicks: Expr,
    /// 转化数.
    pub conversions: Expr,
    /// 销售额.
    pub sales: Expr,
    /// 点击率.
    pub ctr: Figure,
    /// 转化率.
    pub cvr: Figure,
    /// 点击率 − goal, in points.
    pub points: Figure,
    /// 点击率 ÷ goal − 1.
    pub relative: Figure,
    /// 销售额 against the mean of the days before.
    pub deviation: Figure,
    /// The click rate it is held to: the goal, else what its remark names as target.
    pub ctr_target: Expr,
    /// The conversion rate it is held to.
    pub cvr_target: Expr,
    /// What is out of the ordinary, and how.
    pub anomalies: Vec<(Watched, Anomaly)>,
    /// What the team noted.
    pub note: String,
}

/// How a value is out of the ordinary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Anomaly {
    /// Far below its goal.
    BelowTarget,
    /// Far above its goal.
    AboveTarget,
    /// Far below the mean of the days before.
    BelowMean,
    /// Far above the mean of the days before.
    AboveMean,
    /// Far from the median of all days.
    Outlier,
}

impl Anomaly {
    /// Every kind.
    pub const ALL: [Anomaly; 5] = [
        Anomaly::BelowTarget,
        Anomaly::AboveTarget,
        Anomaly::BelowMean,
        Anomaly::AboveMean,
        Anomaly::Outlier,
    ];

    /// Stable id.
    pub fn id(self) -> &'static str {
        match self {
            Anomaly::BelowTarget => "below-target",
            Anomaly::AboveTarget => "above-target",
            Anomaly::BelowMean => "below-mean",
            Anomaly::AboveMean => "above-mean",
            Anomaly::Outlier => "outlier",
        }
    }
}

/// Difference to the goal, in points: 5.0% against 8% is −3 points.
pub fn target_points(rate: &Expr, target: &Expr) -> Expr {
    (rate.clone() - target.clone()).known()
}

/// Difference to the goal, relative: 5.0% against 8% is −37.5%.
pub fn target_relative(rate: &Expr, target: &Expr) -> Expr {
    (rate.clone() / target.clone() - 1.0).known()
}

/// A value against the mean of the days before, of which at least three are known.
pub fn window_deviation(value: &Expr, before: &Expr) -> Expr {
    let mean = Expr::call(Fun::Average, [before.clone()]);
    let enough = Expr::call(Fun::Count, [before.clone()]).op(Op::Ge, ENOUGH);
    enough.then((value.clone() / mean - 1.0).known(), Expr::nothing())
}

/// The median of all days.
pub fn median(all: &Expr) -> Expr {
    Expr::call(Fun::Median, [all.clone()]).known()
}

/// Distance from the median of all days.
pub fn from_median(value: &Expr, median: &Expr) -> Expr {
    Expr::call(Fun::Abs, [value.clone() - median.clone()]).known()
}

/// The median of the distances from the median; nothing before there are enough days.
pub fn usual_distance(distances: &Expr, policy: &Policy) -> Expr {
    let enough = Expr::call(Fun::Count, [distances.clone()]).op(Op::Ge, policy.thresholds.daily.robust_days);
    enough.then(median(distances), Expr::nothing())
}

/// The modified z value (Iglewicz, Hoaglin): distance from the median by the usual distance.
pub fn robust_deviation(distance: &Expr, usual: &Expr) -> Expr {
    (distance.clone() * CONSISTENCY / usual.clone()).known()
}

/// What a value is judged by: differences, and how large what they are shares of is.
#[derive(Debug, Clone)]
pub struct Judged {
    /// Relative difference to the goal; nothing where there is none.
    pub target: Expr,
    /// Against the days before.
    pub window: Expr,
    /// From the median.
    pub robust: Expr,
    /// What has to be large enough for a difference to mean something.
    pub base: Expr,
}

/// How a value is out of the ordinary, else nothing; `word` gives the texts.
pub fn anomaly(judged: &Judged, policy: &Policy, word: impl Fn(Anomaly) -> String) -> Expr {
    let daily = &policy.thresholds.daily;
    let text = |anomaly| Expr::text(word(anomaly));
    let large = |difference: &Expr, limit: f64| {
        let off = Expr::call(Fun::Abs, [difference.clone()]).op(Op::Ge, limit);
        let both = Expr::call(Fun::And, [off, judged.base.clone().op(Op::Ge, daily.base)]);
        both.given(|both| both, 0.0)
    };
    let side =
        |difference: &Expr, above, below| difference.clone().op(Op::Gt, 0.0).then(text(above), text(below));
    let mut called = Expr::nothing();
    if !judged.robust.is_nothing() {
        called = large(&judged.robust, daily.robust_k).then(text(Anomaly::Outlier), called);
    }
    if !judged.window.is_nothing() {
        let side = side(&judged.window, Anomaly::AboveMean, Anomaly::BelowMean);
        called = large(&judged.window, daily.off).then(side, called);
    }
    if !judged.target.is_nothing() {
        let side = side(&judged.target, Anomaly::AboveTarget, Anomaly::BelowTarget);
        called = large(&judged.target, daily.off).then(side, called);
    }
    called
}

/// The days before a day that its mean is taken of, as positions in a list in order of time.
pub fn window(dates: &[NaiveDate], day: usize, policy: &Policy) -> std::ops::Range<usize> {
    let reach = Days::new(policy.thresholds.daily.window.clamp(0.0, 366.0) as u64);
    let Some(date) = dates.get(day) else { return 0..0 };
    let from = date.checked_sub_days(reach).unwrap_or(*date);
    dates.partition_point(|before| *before < from).min(day)..day
}

/// Computes the daily monitor.
pub fn analyse(basis: Basis<'_>, goals: &Goals) -> Daily {
    let Basis { campaign, policy, .. } = basis;
    let ctr_target = target(goals, &["点击率", "ctr"]);
    let cvr_target = target(goals, &["转化率", "cvr"]);
    let mut by_day: BTreeMap<NaiveDate, Vec<usize>> = BTreeMap::new();
    for (i, row) in campaign.daily.iter().enumerate() {
        if let Some(date) = row.date.value {
            by_day.entry(date).or_default().push(i);
        }
    }
    let mut days: Vec<DayFigures> = by_day
        .into_iter()
        .map(|(date, rows)| day(campaign, date, rows, [&ctr_target, &cvr_target]))
        .collect();
    judge(&mut days, policy);
    let pace = pace::analyse(basis, &days, goals);
    Daily { days, ctr_target, cvr_target, pace }
}

/// The level of the one goal of these names.
fn target(goals: &Goals, names: &[&str]) -> Expr {
    let named =
        goals.overall.iter().find(|goal| names.contains(&fold(&goal.name).trim_start_matches("活动")));
    named
        .filter(|goal| goal.asked.upper.is_none())
        .map_or_else(Expr::nothing, |goal| goal.asked.level.clone())
}

fn day(campaign: &Campaign, date: NaiveDate, rows: Vec<usize>, goals: [&Expr; 2]) -> DayFigures {
    let whole = |row: &usize| WHOLE.contains(&fold(campaign.daily[*row].channel.as_str()).as_str());
    // Where a line of the whole day stands beside its channels, it alone counts.
    let rows: Vec<usize> = match rows.iter().copied().find(|row| whole(row)) {
        Some(all) if rows.iter().any(|row| !whole(row)) => vec![all],
        _ => rows,
    };
    let sum = |field: fn(&Day) -> &Field<f64>| {
        let cells: Vec<Expr> = rows.iter().map(|row| field(&campaign.daily[*row]).expr()).collect();
        match cells.as_slice() {
            [only] => only.clone(),
            cells => Expr::sum(cells.iter().cloned()).known(),
        }
    };
    let (exposure, clicks) = (sum(|row| &row.exposure), sum(|row| &row.clicks));
    let (conversions, sales) = (sum(|row| &row.conversions), sum(|row| &row.sales));
    // What was typed stands in where there is nothing to compute from; rates of several channels do not add up.
    let typed = |field: fn(&Day) -> &Field<f64>| match rows.as_slice() {
        [only] => field(&campaign.daily[*only]).expr(),
        _ => Expr::nothing(),
    };
    let ctr = ctr(&clicks, &exposure).known_or(typed(|row| &row.ctr));
    let cvr = cvr(&conversions, &clicks).known_or(typed(|row| &row.cvr));
    let first = &campaign.daily[rows.first().copied().unwrap_or_default()];
    // What a line of one channel is held to is no target of the whole day.
    let held_to = |goal: &Expr, watched: Watched| match (goal.number(), rows.as_slice()) {
        (None, [only]) => remark::target(&campaign.daily[*only].anomaly, watched),
        _ => goal.clone(),
    };
    let ctr_target = held_to(goals[0], Watched::Ctr);
    let cvr_target = held_to(goals[1], Watched::Cvr);
    let mut notes: Vec<&str> = rows.iter().map(|row| campaign.daily[*row].anomaly.as_str()).collect();
    notes.retain(|note| !note.is_empty());
    DayFigures {
        date,
        at: first.date.expr(),
        points: Figure { metric: &TARGET_POINTS, expr: target_points(&ctr, &ctr_target) },
        relative: Figure { metric: &TARGET_RELATIVE, expr: target_relative(&ctr, &ctr_target) },
        deviation: Figure { metric: &WINDOW_DEVIATION, expr: Expr::nothing() },
        anomalies: Vec::new(),
        ctr_target,
        cvr_target,
        note: notes.join("；"),
        ctr: Figure { metric: &CTR, expr: ctr },
        cvr: Figure { metric: &CVR, expr: cvr },
        rows,
        exposure,
        clicks,
        conversions,
        sales,
    }
}

/// Judges every day by the days around it.
fn judge(days: &mut [DayFigures], policy: &Policy) {
    let dates: Vec<NaiveDate> = days.iter().map(|day| day.date).collect();
    for watched in Watched::ALL {
        let values: Vec<Expr> = days
            .iter()
            .map(|day| match watched {
                Watched::Exposure => day.exposure.clone(),
                Watched::Ctr => day.ctr.expr.clone(),
                Watched::Cvr => day.cvr.expr.clone(),
                Watched::Sales => day.sales.clone(),
            })
            .collect();
        // Counted once for all days, as the sheet keeps each in a cell of its own.
        let once = |expr: Expr| expr.number().map_or_else(Expr::nothing, Expr::Num);
        let median = once(median(&Expr::loose(&values)));
        let distances: Vec<Expr> = values.iter().map(|value| from_median(value, &median)).collect();
        let usual = once(usual_distance(&Expr::loose(&distances), policy));
        for (i, value) in values.iter().enumerate() {
            let before = Expr::loose(&values[window(&dates, i, policy)]);
            let window = window_deviation(value, &before);
            let target = match watched {
                Watched::Ctr => target_relative(value, &days[i].ctr_target),
                Watched::Cvr => target_relative(value, &days[i].cvr_target),
                _ => Expr::nothing(),
            };
            let base = base(watched, &days[i].exposure, &days[i].clicks, &median);
            let robust = robust_deviation(&distances[i], &usual);
            let judged = Judged { target, window: window.clone(), robust, base };
            let id = anomaly(&judged, policy, |anomaly| anomaly.id().to_owned()).value();
            if let Some(anomaly) = Anomaly::ALL.into_iter().find(|anomaly| id.text() == Some(anomaly.id())) {
                days[i].anomalies.push((watched, anomaly));
            }
            if watched == Watched::Sales {
                days[i].deviation.expr = window;
            }
        }
    }
}

/// What has to be large enough: for a rate what it is a share of, else the usual day.
pub fn base(watched: Watched, exposure: &Expr, clicks: &Expr, median: &Expr) -> Expr {
    match watched {
        Watched::Ctr => exposure.clone(),
        Watched::Cvr => clicks.clone(),
        _ => median.clone(),
    }
}

#[cfg(test)]
mod tests;
