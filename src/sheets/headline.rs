//! What somebody with one minute should know: one sentence, and at most a handful of points.
//!
//! Points are ranked by how far something is from what was planned – of money
//! the share of the money it is about, of goals the distance from 100% –, and
//! losses stand before gains of the same size. Each names the cell that
//! proves it.

use super::{Ctx, clock, percent, told};
use crate::campaign::Verdict;
use crate::cell::Place;
use crate::diagnostic::number;
use crate::expr::{Expr, Leaf};
use crate::metrics::actions::State as ActionState;
use crate::metrics::attribution::Against;
use crate::metrics::goals::{Goal, Outcome};
use crate::metrics::schedule::{State as TaskState, TaskFigures};

/// So many points fit a minute.
const POINTS: usize = 5;
/// So many goals of one kind are named; the rest is on their sheet.
const GOALS: usize = 3;
/// What went well matters half as much to the next decision as what went wrong by the same distance.
const GAIN: f64 = 0.5;
/// Nearer than this to the plan is no point: what is rounded away in one figure.
const NEAR: f64 = 0.005;

/// One point.
#[derive(Debug, Clone)]
pub struct Point {
    /// The sentence.
    pub text: String,
    /// Whether it is good news.
    pub good: bool,
    /// How far from the plan: 1 is all of it.
    pub weight: f64,
    /// The cell that proves it.
    pub proof: Option<Place>,
}

/// The points, the weightiest first.
pub fn points(ctx: &Ctx<'_>) -> Vec<Point> {
    let mut points: Vec<Point> =
        [goals(ctx), money(ctx), sales(ctx), channels(ctx), leak(ctx), late(ctx)].concat();
    points.retain(|point| point.weight >= NEAR);
    points.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.good.cmp(&b.good)));
    points.truncate(POINTS);
    points
}

/// The sentence over everything.
pub fn headline(ctx: &Ctx<'_>) -> String {
    let goals = &ctx.review.analysis.goals;
    let returned = returned(ctx);
    let reached = goals.overall.iter().filter(|goal| is_reached(goal.outcome)).count().to_string();
    let all = goals.overall.len().to_string();
    match (goals.verdict, goals.composite.value()) {
        (Some(verdict), Some(composite)) => ctx.say(
            "headline",
            &[
                ("verdict", &ctx.word(verdict_word(verdict))),
                ("composite", &percent(composite)),
                ("reached", &reached),
                ("all", &all),
                ("returned", &returned),
            ],
        ),
        _ if !returned.is_empty() => {
            ctx.say("headline_open", &[("returned", returned.trim_start_matches(['，', ',', ' ']))])
        }
        _ => ctx.word("no_verdict"),
    }
}

/// The word of a verdict.
fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Success => "success",
        Verdict::Mostly => "mostly_success",
        Verdict::Challenged => "challenged",
    }
}

fn returned(ctx: &Ctx<'_>) -> String {
    let channels = &ctx.review.analysis.channels;
    let (Some(roi), Some(benchmark)) = (channels.roi.value(), channels.benchmark.number()) else {
        return String::new();
    };
    let key = if roi >= benchmark { "headline_above" } else { "headline_below" };
    ctx.say(key, &[("roi", &number(roi, 2)), ("benchmark", &number(benchmark, 2))])
}

/// Whether a goal came to what was asked for.
pub fn is_reached(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Exceeded | Outcome::Reached)
}

fn goals(ctx: &Ctx<'_>) -> Vec<Point> {
    let known = |goal: &Goal| goal.completion.value();
    let mut goals: Vec<(&Goal, f64)> =
        ctx.review.analysis.goals.overall.iter().filter_map(|goal| Some((goal, known(goal)?))).collect();
    goals.sort_by(|a, b| a.1.total_cmp(&b.1));
    let point = |key: &str, goal: &Goal, completion: f64, good: bool| Point {
        text: ctx.say(
            key,
            &[
                ("name", &goal.name),
                ("completion", &percent(completion)),
                ("actual", &value(ctx, goal, &goal.actual)),
                ("target", &value(ctx, goal, &goal.asked.level)),
            ],
        ),
        good,
        weight: if good { (completion - 1.0).min(1.0) * GAIN } else { (1.0 - completion).min(1.0) },
        proof: cell(&goal.actual).or_else(|| goal.at.clone()),
    };
    let missed = goals.iter().filter(|(goal, _)| !is_reached(goal.outcome)).take(GOALS);
    let best =
        goals.iter().rev().find(|(goal, completion)| goal.outcome == Outcome::Exceeded && *completion > 1.0);
    missed
        .map(|(goal, completion)| point("goal_missed", goal, *completion, false))
        .chain(best.map(|(goal, completion)| point("goal_exceeded", goal, *completion, true)))
        .collect()
}

fn value(ctx: &Ctx<'_>, goal: &Goal, expr: &Expr) -> String {
    expr.number().map_or_else(|| ctx.word("cannot"), |n| told(ctx, &goal.unit, clock(goal), n))
}

fn money(ctx: &Ctx<'_>) -> Vec<Point> {
    let money = &ctx.review.analysis.money;
    let total = &money.budget.total;
    let mut points = Vec::new();
    if let (Some(over), Some(rate)) = (total.variance.value().filter(|over| *over > 0.0), total.rate.value())
    {
        let lines = money.budget.lines.iter().filter_map(|line| Some((line, line.variance.value()?)));
        let worst = lines.filter(|(_, over)| *over > 0.0).max_by(|a, b| a.1.total_cmp(&b.1));
        let most = worst.map_or_else(String::new, |(line, over)| {
            ctx.say("over_most", &[("name", &line.name), ("amount", &ctx.money(over))])
        });
        points.push(Point {
            text: ctx.say("over", &[("amount", &ctx.money(over)), ("rate", &percent(rate)), ("most", &most)]),
            good: false,
            weight: rate,
            proof: worst.and_then(|(line, _)| cell(&line.actual).or_else(|| line.at.clone())),
        });
    }
    if let (Some(net), Some(input)) = (money.profit.net.value(), money.profit.input.value())
        && input > 0.0
    {
        let holes = [("net", &*ctx.money(net.abs())), ("input", &ctx.money(input))];
        points.push(Point {
            text: ctx.say(if net < 0.0 { "net_loss" } else { "net_gain" }, &holes),
            good: net >= 0.0,
            weight: if net < 0.0 { (-net / input).min(1.0) } else { (net / input).min(1.0) * GAIN },
            proof: cell(&money.profit.net.expr),
        });
    }
    points
}

/// What made sales miss their target, what took away being named before what gave back where it is more.
fn sales(ctx: &Ctx<'_>) -> Vec<Point> {
    let attribution = &ctx.review.analysis.attribution;
    let split = attribution.splits.iter().find(|split| split.against == Against::Target);
    let point = split.and_then(|split| {
        let whole = split.levels.last()?;
        let (gap, target) = (split.gap.number()?, whole.from.number().filter(|target| *target > 0.0)?);
        let lost: f64 = split.parts.iter().filter_map(|part| part.value()).filter(|part| *part < 0.0).sum();
        Some(Point {
            text: super::goals::split_said(ctx, split)?,
            good: gap >= 0.0 && lost.abs() < gap,
            weight: (gap.abs().max(lost.abs()) / target).min(1.0) * if gap < 0.0 { 1.0 } else { GAIN },
            proof: cell(&whole.to),
        })
    });
    point.into_iter().collect()
}

fn channels(ctx: &Ctx<'_>) -> Vec<Point> {
    let channels = &ctx.review.analysis.channels;
    let Some(benchmark) = channels.benchmark.number() else { return Vec::new() };
    let spent: f64 = channels.each.iter().filter_map(|channel| channel.amounts.spend.number()).sum();
    if spent <= 0.0 {
        return Vec::new();
    }
    let point = |index: usize, wanted: fn(f64) -> bool, key: &str, good: bool| {
        let channel = &channels.each[index];
        let (roi, spend) = (channel.roi.value()?, channel.amounts.spend.number()?);
        let off = (roi - benchmark) * spend;
        wanted(off).then(|| Point {
            text: ctx.say(
                key,
                &[
                    ("name", &channel.name),
                    ("spend", &ctx.money(spend)),
                    (
                        "value",
                        &channel.amounts.value.number().map(|value| ctx.money(value)).unwrap_or_default(),
                    ),
                    ("roi", &number(roi, 2)),
                    ("benchmark", &number(benchmark, 2)),
                ],
            ),
            good,
            weight: (off.abs() / (spent * benchmark.max(1.0))).min(1.0) * if good { GAIN } else { 1.0 },
            proof: cell(&channel.amounts.spend).or_else(|| channel.at.clone()),
        })
    };
    let worst = channels.worst.and_then(|at| point(at, |off| off < 0.0, "channel_worst", false));
    let best = channels.best.and_then(|at| point(at, |off| off > 0.0, "channel_best", true));
    worst.into_iter().chain(best).collect()
}

/// The step of the funnel that stays furthest below its target. Without targets there is no telling: from 曝光 to 点击 most are lost in every campaign.
fn leak(ctx: &Ctx<'_>) -> Vec<Point> {
    let funnel = &ctx.review.analysis.funnel;
    let point = funnel.leak.filter(|_| funnel.against_target).and_then(|leak| {
        let step = &funnel.steps[leak];
        let (rate, target) = (step.rate.value()?, step.target.number().filter(|target| *target > 0.0)?);
        Some(Point {
            text: ctx.say(
                "leak",
                &[
                    ("from", leak.checked_sub(1).map_or("", |before| &funnel.steps[before].name)),
                    ("name", &step.name),
                    ("rate", &percent(rate)),
                    ("target", &percent(target)),
                    ("points", &number((target - rate) * 100.0, 1)),
                ],
            ),
            good: false,
            weight: ((target - rate) / target).min(1.0),
            proof: step.at.clone(),
        })
    });
    point.into_iter().collect()
}

/// Tasks and actions past their day.
fn late(ctx: &Ctx<'_>) -> Vec<Point> {
    let analysis = &ctx.review.analysis;
    let mut points = Vec::new();
    let tasks = &analysis.schedule.tasks;
    let overdue: Vec<_> = tasks.iter().filter(|task| task.state == TaskState::Overdue).collect();
    let days = |task: &TaskFigures| task.delay.value().unwrap_or_default();
    let longest = overdue.iter().max_by(|a, b| days(a).total_cmp(&days(b)));
    if let Some(task) = longest {
        points.push(Point {
            text: ctx.say(
                "tasks_late",
                &[
                    ("n", &overdue.len().to_string()),
                    ("name", if task.action.is_empty() { &task.code } else { &task.action }),
                ],
            ),
            good: false,
            weight: overdue.len() as f64 / tasks.len() as f64,
            proof: task.at.clone(),
        });
    }
    let ranked = &analysis.actions.ranked;
    let overdue: Vec<_> = ranked.iter().filter(|action| action.state == ActionState::Overdue).collect();
    if let Some(first) = overdue.iter().min_by_key(|action| action.days_left) {
        let action = &ctx.review.campaign.actions[first.row];
        points.push(Point {
            text: ctx.say(
                "actions_late",
                &[
                    ("n", &overdue.len().to_string()),
                    ("name", action.action.as_str()),
                    ("owner", action.owner.as_str()),
                    ("days", &first.days_left.unwrap_or_default().abs().to_string()),
                ],
            ),
            good: false,
            weight: overdue.len() as f64 / ranked.len() as f64,
            proof: action.due.at.clone().or_else(|| action.action.at.clone()),
        });
    }
    points
}

/// The first cell of the team's that an expression is made of.
fn cell(expr: &Expr) -> Option<Place> {
    expr.inputs().into_iter().next().map(|leaf| match leaf {
        Leaf::Cell { at, .. } => at,
        Leaf::Normalised(read) => read.at,
    })
}
