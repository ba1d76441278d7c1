//! Goals: how far each was reached, by class, and what the whole amounts to
//! (spec: `3-metrics` §3.1; D0 三, D1 四, D2 步骤2, D4 七).

use std::collections::HashMap;

use crate::campaign::{Campaign, Dimension, Direction, GoalClass, GoalType, Kpi, ResultRow, Verdict};
use crate::cell::Place;
use crate::expr::{Expr, Fun, Op};
use crate::locale::fold;
use crate::metrics;
use crate::policy::Policy;
use crate::quantity::{Aim, Comparator, Target, Unit};

use super::{Basis, Figure};

pub mod mention;
mod stated;

use stated::Stated;

metrics! {
    COMPLETION = "completion",
    GOAL_GAP = "goal-gap",
    EXCESS = "excess",
    IMPROVEMENT = "improvement",
    COMPOSITE = "composite-completion",
}

/// Words in an indicator's name that make less the better, unless its direction is given.
const LESS_IS_BETTER: &[&str] = &[
    "成本",
    "cac",
    "cpa",
    "cpc",
    "cpm",
    "投诉",
    "退款",
    "退货",
    "跳出",
    "流失",
    "缺货",
    "时长",
    "时间",
    "延迟",
    "差评",
    "故障",
    "费用率",
];

/// Every goal of a campaign.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Goals {
    /// Overall goals, in the order of the KPI table (where it is empty: of 核心目标), then results without one.
    pub overall: Vec<Goal>,
    /// Results by 渠道, 用户分层, 时间段, 品类.
    pub by_dimension: Vec<Goal>,
    /// 综合完成率.
    pub composite: Figure,
    /// 总体结论, where it can be given.
    pub verdict: Option<Verdict>,
}

/// One goal with its result.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Goal {
    /// Indicator, as the KPI table (else the result) names it.
    pub name: String,
    /// Row of the KPI table.
    pub kpi: Option<usize>,
    /// Row of the results table.
    pub result: Option<usize>,
    /// It stands in 核心目标 of the basics, for want of a KPI table.
    pub stated: bool,
    /// 结果指标 or 过程指标.
    pub kind: Option<GoalType>,
    /// 目标类别.
    pub class: Option<GoalClass>,
    /// Dimension and member of a result that is not overall.
    pub member: Option<(Dimension, String)>,
    /// Which way is good.
    pub direction: Direction,
    /// What its numbers count.
    pub unit: Unit,
    /// What is asked for.
    pub asked: Asked,
    /// What was reached.
    pub actual: Expr,
    /// Weight in the composite.
    pub weight: Expr,
    /// 完成率.
    pub completion: Figure,
    /// 实际 − 目标.
    pub gap: Figure,
    /// 超标, where less is better.
    pub excess: Figure,
    /// 改善率, where there is a baseline.
    pub improvement: Figure,
    /// How the completion is called.
    pub outcome: Outcome,
    /// The recorded reason.
    pub reason: String,
    /// The cell to look at first: the actual, else the target.
    pub at: Option<Place>,
}

/// What a goal asks for, brought to levels.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Asked {
    /// The level, or the lower end of a range.
    pub level: Expr,
    /// The upper end of a range.
    pub upper: Option<Expr>,
    /// Where it started.
    pub baseline: Expr,
}

/// How a completion is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Beyond the goal.
    Exceeded,
    /// Just reached.
    Reached,
    /// Nearly reached.
    Mostly,
    /// Missed.
    Missed,
    /// No actual filled in, or nothing to compare with.
    Unknown,
}

impl Outcome {
    /// The outcomes that a completion can have, best first, with their stable ids.
    pub const ALL: [(Outcome, &'static str); 5] = [
        (Outcome::Exceeded, "exceeded"),
        (Outcome::Reached, "reached"),
        (Outcome::Mostly, "mostly"),
        (Outcome::Missed, "missed"),
        (Outcome::Unknown, "unknown"),
    ];

    /// The stable id.
    pub fn id(self) -> &'static str {
        Self::ALL.iter().find(|(outcome, _)| *outcome == self).map_or("unknown", |(_, id)| id)
    }
}

/// 完成率 (D0, D1, D2): 实际 ÷ 目标 where more is better; 2 − 实际 ÷ 目标, not
/// below 0, where less is better (or 目标 ÷ 实际 by setting); inside a range 100%.
pub fn completion(actual: &Expr, asked: &Asked, direction: Direction, policy: &Policy) -> Expr {
    let less = |level: &Expr| {
        if policy.thresholds.inverse_ratio {
            level.clone() / actual.clone()
        } else {
            (Expr::Num(2.0) - actual.clone() / level.clone()).max(0.0)
        }
    };
    let Some(upper) = &asked.upper else {
        return match direction {
            Direction::Lower => less(&asked.level).known(),
            _ => (actual.clone() / asked.level.clone()).known(),
        };
    };
    let above = match direction {
        Direction::Higher => actual.clone() / upper.clone(),
        _ => less(upper),
    };
    let below = actual.clone() / asked.level.clone();
    actual
        .clone()
        .op(Op::Lt, asked.level.clone())
        .then(below, actual.clone().op(Op::Gt, upper.clone()).then(above, 1.0))
        .known()
}

/// 差距: 实际 − 目标 (of a range, to the nearer end; 0 inside).
pub fn gap(actual: &Expr, asked: &Asked) -> Expr {
    let Some(upper) = &asked.upper else { return (actual.clone() - asked.level.clone()).known() };
    let beyond = actual.clone().op(Op::Gt, upper.clone()).then(actual.clone() - upper.clone(), 0.0);
    actual.clone().op(Op::Lt, asked.level.clone()).then(actual.clone() - asked.level.clone(), beyond).known()
}

/// 超标: how far an actual lies beyond what it should not exceed, as a share of that; 0 within.
/// Nothing where more is better.
pub fn excess(actual: &Expr, asked: &Asked, direction: Direction) -> Expr {
    if direction != Direction::Lower {
        return Expr::nothing();
    }
    let most = asked.upper.as_ref().unwrap_or(&asked.level);
    (actual.clone() / most.clone() - 1.0).max(0.0).known()
}

/// 改善率: (基准 − 实际) ÷ (基准 − 目标).
pub fn improvement(actual: &Expr, asked: &Asked) -> Expr {
    ((asked.baseline.clone() - actual.clone()) / (asked.baseline.clone() - asked.level.clone())).known()
}

/// 综合完成率: Σ 权重 × min(完成率, cap) ÷ Σ 权重, over the goals whose completion is known.
pub fn composite(weights: Expr, capped: Expr) -> Expr {
    let known = Expr::call(Fun::Count, [capped.clone()]).op(Op::Gt, 0.0);
    let weight = Expr::call(Fun::SumIf, [capped.clone(), Expr::text(">=0"), weights.clone()]);
    let mean = Expr::call(Fun::SumProduct, [weights, capped]) / weight.clone();
    known.then(weight.op(Op::Gt, 0.0).then(mean, Expr::nothing()), Expr::nothing())
}

/// The composite of the goals of one class: `classes` is the column that names
/// it, `weighted` the column of weight × capped completion.
pub fn composite_of(class: &Expr, classes: Expr, weights: Expr, capped: Expr, weighted: Expr) -> Expr {
    let weight =
        Expr::call(Fun::SumIfs, [weights, classes.clone(), class.clone(), capped, Expr::text(">=0")]);
    let sum = Expr::call(Fun::SumIfs, [weighted, classes, class.clone()]);
    weight.clone().op(Op::Gt, 0.0).then(sum / weight, Expr::nothing())
}

/// A completion as it counts in the composite.
pub fn capped(completion: &Expr, policy: &Policy) -> Expr {
    completion.clone().min(policy.thresholds.goal.cap).known()
}

/// How a completion is called, compared after rounding to 0.01%; `word` gives the text of each outcome.
pub fn outcome(completion: &Expr, policy: &Policy, word: impl Fn(Outcome) -> String) -> Expr {
    let goal = &policy.thresholds.goal;
    let text = |outcome| Expr::text(word(outcome));
    let called = |completion: Expr| {
        let rounded = completion.round(4);
        rounded.clone().op(Op::Gt, goal.reached).then(
            text(Outcome::Exceeded),
            rounded.clone().op(Op::Eq, goal.reached).then(
                text(Outcome::Reached),
                rounded.op(Op::Ge, goal.mostly).then(text(Outcome::Mostly), text(Outcome::Missed)),
            ),
        )
    };
    completion.clone().given(called, text(Outcome::Unknown))
}

pub(super) fn outcome_of(completion: &Expr, policy: &Policy) -> Outcome {
    let called = outcome(completion, policy, |outcome| outcome.id().to_owned());
    let id = called.value();
    Outcome::ALL
        .iter()
        .find(|(_, name)| id.text() == Some(name))
        .map_or(Outcome::Unknown, |(outcome, _)| *outcome)
}

/// Computes the goals.
pub fn analyse(basis: Basis<'_>) -> Goals {
    let Basis { campaign, policy, .. } = basis;
    let mut overall = Vec::new();
    let mut used = vec![false; campaign.results.len()];
    let results = first_of(campaign.results.iter().map(|row| is_overall(row).then(|| row.name.as_str())));
    for (i, kpi) in campaign.kpis.iter().enumerate() {
        let Some(name) = &kpi.name.value else { continue };
        let result = results.get(&fold(name)).copied().filter(|result| !used[*result]);
        if let Some(result) = result {
            used[result] = true;
        }
        overall.push(goal(campaign, policy, Source { kpi: Some(i), result, ..Source::default() }));
    }
    if overall.is_empty() {
        for goal_stated in stated::goals(campaign) {
            let result = stated::result_of(campaign, &goal_stated.name).filter(|result| !used[*result]);
            if let Some(result) = result {
                used[result] = true;
            }
            overall.push(goal(campaign, policy, Source { stated: Some(&goal_stated), result, kpi: None }));
        }
    }
    let mut by_dimension = Vec::new();
    let kpis = first_of(campaign.kpis.iter().map(|kpi| Some(kpi.name.as_str())));
    for (i, row) in campaign.results.iter().enumerate() {
        if used[i] || row.name.value.is_none() {
            continue;
        }
        if is_overall(row) {
            overall.push(goal(campaign, policy, Source { result: Some(i), ..Source::default() }));
        } else {
            let kpi = row.name.value.as_ref().and_then(|name| kpis.get(&fold(name)).copied());
            by_dimension.push(goal(campaign, policy, Source { kpi, result: Some(i), stated: None }));
        }
    }
    equal_weights(&mut overall);
    let weights = Expr::loose(overall.iter().map(|goal| &goal.weight));
    let capped: Vec<Expr> = overall.iter().map(|goal| capped(&goal.completion.expr, policy)).collect();
    let composite = Figure { metric: &COMPOSITE, expr: composite(weights, Expr::loose(&capped)) };
    let verdict = verdict(campaign, policy, &overall, composite.value());
    Goals { overall, by_dimension, composite, verdict }
}

/// Weights count only when every goal has one; else all count the same.
fn equal_weights(goals: &mut [Goal]) {
    if goals.iter().any(|goal| goal.weight.number().is_none()) {
        for goal in goals {
            goal.weight = Expr::Num(1.0);
        }
    }
}

fn is_overall(row: &ResultRow) -> bool {
    matches!(row.dimension.value, None | Some(Dimension::Overall)) && row.member.value.is_none()
}

/// Where each name stands first, of rows that have one to go by.
fn first_of<'a>(names: impl Iterator<Item = Option<&'a str>>) -> HashMap<String, usize> {
    let mut first = HashMap::new();
    for (at, name) in names.enumerate() {
        if let Some(name) = name {
            first.entry(fold(name)).or_insert(at);
        }
    }
    first
}

/// Where a goal is written down.
#[derive(Default)]
struct Source<'a> {
    kpi: Option<usize>,
    stated: Option<&'a Stated>,
    result: Option<usize>,
}

fn goal(campaign: &Campaign, policy: &Policy, source: Source<'_>) -> Goal {
    let kpi = source.kpi.map(|i| &campaign.kpis[i]);
    let row = source.result.map(|i| &campaign.results[i]);
    let own = row.filter(|row| row.target.value.is_some()).map(|row| &row.target);
    // A result of one channel is not measured against the whole campaign's target.
    let inherited = kpi.filter(|_| row.is_none_or(is_overall)).map(|kpi| &kpi.target);
    let target = own.or(inherited);
    let stated = source.stated.filter(|_| own.is_none());
    let name = [kpi.map(|kpi| kpi.name.as_str()), row.map(|row| row.name.as_str())];
    let name = name.into_iter().flatten().next().or(source.stated.map(|stated| stated.name.as_str()));
    let name = name.unwrap_or_default();
    let baseline = kpi.map_or_else(Expr::nothing, |kpi| kpi.baseline.expr());
    let asked = match (target.and_then(|field| field.value.as_ref().map(|target| (field, target))), stated) {
        (Some((field, target)), _) => asked(target, |level, part| field.part(Some(level), part), baseline),
        (None, Some(stated)) => asked(&stated.target, |level, part| stated.leaf(level, part), baseline),
        (None, None) => Asked {
            level: target.map_or_else(Expr::nothing, |field| field.leaf(None)),
            upper: None,
            baseline,
        },
    };
    let actual = row.map_or_else(Expr::nothing, |row| row.actual.expr());
    let value = target.and_then(|field| field.value.as_ref()).or(stated.map(|stated| &stated.target));
    let direction = direction(kpi, value, name);
    let figure = |metric, expr| Figure { metric, expr };
    // 18% of 3000 is no completion; that the two do not compare is told.
    let clash = value.zip(row.and_then(|row| row.actual.value.as_ref())).is_some_and(|(target, actual)| {
        matches!(target.aim, Aim::Level(_) | Aim::Range(..) | Aim::FromTo(..))
            && actual.value != 0.0
            && !actual.unit.compares(&target.unit)
    });
    let actual = if clash { Expr::nothing() } else { actual };
    let completion = figure(&COMPLETION, completion(&actual, &asked, direction, policy));
    Goal {
        name: name.to_owned(),
        kpi: source.kpi,
        result: source.result,
        stated: source.stated.is_some(),
        kind: kpi.and_then(|kpi| kpi.kind.value),
        class: kpi.and_then(|kpi| kpi.class.value),
        member: row
            .and_then(|row| Some((row.dimension.value?, row.member.value.clone().unwrap_or_default())))
            .filter(|(dimension, _)| *dimension != Dimension::Overall),
        direction,
        // A growth of 30% is asked of something that is counted, not of a rate.
        unit: value
            .filter(|target| !matches!(target.aim, Aim::Growth(_) | Aim::GrowthRange(..)))
            .map(|target| target.unit.clone())
            .or(row.and_then(|row| row.actual.value.as_ref().map(|m| m.unit.clone())))
            .unwrap_or_default(),
        gap: figure(&GOAL_GAP, gap(&actual, &asked)),
        excess: figure(&EXCESS, excess(&actual, &asked, direction)),
        improvement: figure(&IMPROVEMENT, improvement(&actual, &asked)),
        outcome: outcome_of(&completion.expr, policy),
        completion,
        weight: kpi.map_or_else(Expr::nothing, |kpi| kpi.weight.expr()),
        reason: row.map(|row| row.reason.as_str().to_owned()).unwrap_or_default(),
        at: row
            .and_then(|row| row.actual.at.clone())
            .or(target.and_then(|field| field.at.clone()))
            .or(source.stated.map(|stated| stated.at.clone())),
        asked,
        actual,
    }
}

/// Brings an aim to levels; growth is counted from the baseline.
pub(super) fn asked(target: &Target, leaf: impl Fn(f64, &'static str) -> Expr, baseline: Expr) -> Asked {
    let grown = |growth: Expr| (baseline.clone() * (growth + 1.0)).known();
    match target.aim {
        Aim::Level(level) => Asked { level: leaf(level, ""), upper: None, baseline },
        Aim::Range(low, high) => {
            Asked { level: leaf(low, "lower"), upper: Some(leaf(high, "upper")), baseline }
        }
        Aim::Growth(growth) => Asked { level: grown(leaf(growth, "growth")), upper: None, baseline },
        Aim::GrowthRange(low, high) => Asked {
            level: grown(leaf(low, "lower")),
            upper: Some(grown(leaf(high, "upper"))),
            baseline: baseline.clone(),
        },
        Aim::GrowthPoints(points) => {
            Asked { level: (baseline.clone() + leaf(points, "points")).known(), upper: None, baseline }
        }
        Aim::GrowthBy(amount) => {
            Asked { level: (baseline.clone() + leaf(amount, "amount")).known(), upper: None, baseline }
        }
        Aim::FromTo(from, to) => Asked { level: leaf(to, "to"), upper: None, baseline: leaf(from, "from") },
    }
}

/// Which way is good: as given, else by the comparator, else by words in the name.
pub fn direction(kpi: Option<&Kpi>, target: Option<&Target>, name: &str) -> Direction {
    if let Some(given) = kpi.and_then(|kpi| kpi.direction.value) {
        return given;
    }
    match target.map(|target| (target.comparator, &target.aim)) {
        Some((Comparator::AtLeast, _)) => Direction::Higher,
        Some((Comparator::AtMost, _)) => Direction::Lower,
        Some((_, Aim::FromTo(from, to))) if to < from => Direction::Lower,
        Some((_, Aim::Growth(growth) | Aim::GrowthPoints(growth) | Aim::GrowthBy(growth)))
            if *growth < 0.0 =>
        {
            Direction::Lower
        }
        Some((_, Aim::Range(..))) => Direction::Range,
        _ if less_is_better(name) => Direction::Lower,
        _ => Direction::Higher,
    }
}

/// Whether an indicator's name says that less is better.
pub fn less_is_better(name: &str) -> bool {
    let name = fold(name);
    LESS_IS_BETTER.iter().any(|word| name.contains(word))
}

/// 总体结论 (D4): 成功 when every 结果指标 is reached and spending stays within
/// the allowance; 基本成功 when the composite is nearly reached and at least
/// half of them are; none while one of them has no completion.
fn verdict(campaign: &Campaign, policy: &Policy, goals: &[Goal], composite: Option<f64>) -> Option<Verdict> {
    let results: Vec<&Goal> = goals.iter().filter(|goal| goal.kind != Some(GoalType::Process)).collect();
    if results.is_empty() || results.iter().any(|goal| goal.outcome == Outcome::Unknown) {
        return None;
    }
    let reached =
        results.iter().filter(|goal| matches!(goal.outcome, Outcome::Exceeded | Outcome::Reached)).count();
    let within = overrun(campaign).is_none_or(|overrun| overrun <= policy.thresholds.goal.overrun + 1e-9);
    Some(if reached == results.len() && within {
        Verdict::Success
    } else if composite? >= policy.thresholds.goal.mostly && reached * 2 >= results.len() {
        Verdict::Mostly
    } else {
        Verdict::Challenged
    })
}

/// Spending over the total budget, as a share of it; `None` where either is unknown.
pub fn overrun(campaign: &Campaign) -> Option<f64> {
    let spent = Expr::sum(campaign.budget.iter().map(|line| line.actual.expr())).known().number()?;
    let budget = campaign.basics.as_ref()?.budget.value.filter(|budget| *budget > 0.0)?;
    Some(spent / budget - 1.0)
}
