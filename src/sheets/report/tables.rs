//! Tables of the report; every number refers to where it stands.

use super::{Board, Ctx};
use crate::document::{Block, Document, Table};
use crate::expr::Expr;
use crate::metrics::channels::ranking::Advice;
use crate::metrics::goals::Outcome;
use crate::metrics::money::budget::Deviation;
use crate::metrics::{self, Metric};
use crate::page::{PageCell, Role, Shape};
use crate::quantity::Unit;
use crate::sheets::{clock, column_shape, link, timed};

/// How many rows of each kind the report shows; all of them stand on their sheets.
const GOALS: usize = 20;
const ACTIONS: usize = 10;
const CHANNELS: usize = 14;
const BUDGET: usize = 8;
const INCIDENTS: usize = 6;

fn columns<const N: usize>(ctx: &Ctx<'_>, columns: [(u32, &str); N]) -> Vec<(u32, String)> {
    columns.iter().map(|(width, word)| (*width, ctx.word(word))).collect()
}

fn put(report: &mut Document, columns: Vec<(u32, String)>, rows: Vec<Vec<PageCell>>) {
    report.blocks.push(Block::Table(Table { columns, rows, row_height: None }));
}

fn more(report: &mut Document, ctx: &Ctx<'_>, word: &str, all: usize, shown: usize) {
    if all > shown {
        report.text(Role::Note, ctx.say(word, &[("n", &(all - shown).to_string())]));
    }
}

fn number(expr: &Expr, shape: Shape) -> PageCell {
    PageCell::from(expr.clone()).shaped(shape)
}

fn wrapped(text: &str) -> PageCell {
    PageCell::from(text).shaped(Shape::Wrapped)
}

/// Target, actual, completion and result of each goal.
pub fn goals(report: &mut Document, ctx: &Ctx<'_>) {
    let goals = &ctx.review.analysis.goals.overall;
    if goals.is_empty() {
        return;
    }
    let ranges = goals.iter().take(GOALS).any(|goal| goal.asked.upper.is_some());
    let mut rows = Vec::new();
    for goal in goals.iter().take(GOALS) {
        let clock = clock(goal);
        let shown = |expr: &Expr| timed(&goal.unit, clock, expr);
        let mut row = vec![link(&goal.name, goal.at.as_ref()).shaped(Shape::Wrapped), shown(&goal.asked.level)];
        if ranges {
            row.push(goal.asked.upper.as_ref().map(shown).unwrap_or_default());
        }
        let judged = match goal.outcome {
            Outcome::Exceeded | Outcome::Reached => Role::Good,
            Outcome::Mostly => Role::Warn,
            Outcome::Missed => Role::Bad,
            _ => Role::Body,
        };
        row.extend([
            shown(&goal.actual),
            number(&goal.completion.expr, Shape::Percent),
            PageCell::from(ctx.word(goal.outcome.id())).role(judged),
        ]);
        rows.push(row);
    }
    let columns = if ranges {
        columns(ctx, [(2, "goal"), (1, "target"), (1, "upper"), (2, "actual"), (1, "completion"), (1, "outcome")])
    } else {
        columns(ctx, [(2, "goal"), (2, "target"), (2, "actual"), (1, "completion"), (1, "outcome")])
    };
    put(report, columns, rows);
    more(report, ctx, "more_goals", goals.len(), GOALS);
}

/// The lines of the budget that are furthest off, once something was spent.
pub fn budget(report: &mut Document, ctx: &Ctx<'_>) -> bool {
    let lines = &ctx.review.analysis.money.budget.lines;
    let mut known: Vec<_> =
        lines.iter().filter_map(|line| Some((line, line.variance.value()?.abs()))).collect();
    known.sort_by(|a, b| b.1.total_cmp(&a.1));
    let shown: Vec<_> = known.iter().take(BUDGET).map(|(line, _)| *line).collect();
    if shown.is_empty() {
        return false;
    }
    let money = |pick: fn(&metrics::money::budget::BudgetFigures) -> &Expr| {
        column_shape(&Unit::Yuan, shown.iter().map(|line| pick(line).number()))
    };
    let (planned, actual) = (money(|line| &line.planned), money(|line| &line.actual));
    let rows = shown.iter().map(|line| {
        let judged = match line.deviation {
            Deviation::Severe => Role::Bad,
            Deviation::Alarm => Role::Warn,
            _ => Role::Body,
        };
        vec![
            link(&line.name, line.at.as_ref()).shaped(Shape::Wrapped),
            number(&line.planned, planned),
            number(&line.actual, actual),
            number(&line.variance.expr, Shape::Money),
            number(&line.rate.expr, Shape::PercentSigned),
            PageCell::from(ctx.word(line.deviation.id())).role(judged),
        ]
    });
    let rows = rows.collect();
    report.text(Role::Conclusion, ctx.word("budget_table"));
    put(report, columns(ctx, [
        (2, "item"), (2, "planned"), (1, "spent"), (1, "variance"), (1, "variance_rate"), (1, "deviation"),
    ]), rows);
    more(report, ctx, "more_budget", known.len(), BUDGET);
    true
}

/// The channels by their return.
pub fn channels(report: &mut Document, ctx: &Ctx<'_>) -> bool {
    let found = &ctx.review.analysis.channels;
    if found.each.is_empty() {
        return false;
    }
    let mut order: Vec<usize> = (0..found.each.len()).collect();
    order.sort_by_key(|index| found.each[*index].rank.unwrap_or(usize::MAX));
    order.truncate(CHANNELS);
    let of = |unit: Unit, pick: fn(&metrics::channels::Amounts) -> &Expr| {
        column_shape(&unit, order.iter().map(|index| pick(&found.each[*index].amounts).number()))
    };
    let spend = of(Unit::Yuan, |amounts| &amounts.spend);
    let value = of(Unit::Yuan, |amounts| &amounts.value);
    let conversions = of(Unit::None, |amounts| &amounts.conversions);
    let rows = order.iter().map(|index| {
        let channel = &found.each[*index];
        vec![
            link(&channel.name, channel.at.as_ref()).shaped(Shape::Wrapped),
            number(&channel.amounts.spend, spend),
            number(&channel.amounts.value, value),
            number(&channel.amounts.conversions, conversions),
            number(&channel.cvr.expr, Shape::Percent),
            number(&channel.roi.expr, Shape::Ratio),
            PageCell::from(ctx.word(match channel.advice {
                // The lessons' 待优化 goes by the same name.
                Advice::Improve => "improve_channel",
                advice => advice.id(),
            })),
        ]
    });
    let rows = rows.collect();
    report.text(Role::Conclusion, ctx.word("channel_table"));
    put(report, columns(ctx, [
        (2, "channel"), (1, "spend"), (1, "brought"), (1, "conversions"), (1, "cvr"), (1, "return"), (1, "advice"),
    ]), rows);
    more(report, ctx, "more_channels", found.each.len(), CHANNELS);
    true
}

/// Every step of the funnel.
pub fn funnel(report: &mut Document, ctx: &Ctx<'_>) -> bool {
    let steps = &ctx.review.analysis.funnel.steps;
    if steps.is_empty() {
        return false;
    }
    let people = column_shape(&Unit::None, steps.iter().map(|step| step.count.number()));
    let rows = steps.iter().map(|step| {
        vec![
            link(&step.name, step.at.as_ref()).shaped(Shape::Wrapped),
            number(&step.count, people),
            number(&step.rate.expr, Shape::Percent),
            number(&step.drop.expr, Shape::Percent),
            number(&step.cumulative.expr, Shape::Percent),
        ]
    });
    let rows = rows.collect();
    report.text(Role::Conclusion, ctx.word("funnel_table"));
    put(report, columns(ctx, [(2, "step"), (2, "people"), (2, "step_rate"), (1, "drop_off"), (1, "cumulative")]), rows);
    true
}

/// What happened unplanned or planned for, the longest first.
pub fn incidents(report: &mut Document, ctx: &Ctx<'_>) -> bool {
    let found = &ctx.review.analysis.risk.incidents;
    let mut order: Vec<_> = found.iter().collect();
    order.sort_by(|a, b| {
        let hours = |incident: &metrics::risk::IncidentFigures| incident.hours.value().unwrap_or(-1.0);
        hours(b).total_cmp(&hours(a))
    });
    let log = &ctx.review.campaign.risk_log;
    order.retain(|incident| !log[incident.row].risk.as_str().is_empty());
    order.truncate(INCIDENTS);
    if order.is_empty() {
        return false;
    }
    let rows = order.iter().map(|incident| {
        let (risk, response) = (&log[incident.row].risk, &log[incident.row].response);
        let planned = ctx.word(if incident.plan.is_some() { "foreseen" } else { "unforeseen" });
        vec![
            link(risk.as_str(), risk.at.as_ref()).shaped(Shape::Wrapped),
            wrapped(response.as_str()),
            PageCell::from(planned),
            number(&incident.hours.expr, Shape::Decimal),
        ]
    });
    let rows = rows.collect();
    report.text(Role::Conclusion, ctx.word("incident_table"));
    put(report, columns(ctx, [(3, "incident"), (3, "response"), (1, "plan_for_it"), (1, "hours")]), rows);
    more(report, ctx, "more_incidents", found.len(), INCIDENTS);
    true
}

/// A key figure in the shape of its kind.
pub fn figure(name: &str, figure: &Expr) -> PageCell {
    let shape = match name {
        "roi" | "financial-roi" | "net-profit-roi" => Shape::Ratio,
        "satisfaction" | "teamwork-mean" => Shape::Decimal,
        "total-input" => crate::sheets::shape(&Unit::Yuan, figure.number()),
        _ => Shape::Percent,
    };
    number(figure, shape)
}

fn known<'b>(board: &'b Board, names: &[&str]) -> Vec<(&'static Metric, &'b Expr)> {
    metrics::all()
        .into_iter()
        .filter(|metric| names.contains(&metric.name))
        .filter_map(|metric| Some((metric, board.figures.get(metric.name)?)))
        .filter(|(_, figure)| figure.number().is_some())
        .collect()
}

/// Key figures by name, those that are known; whether there were any.
pub fn figures(report: &mut Document, ctx: &Ctx<'_>, board: &Board, names: &[&str]) -> bool {
    let known = known(board, names);
    if known.is_empty() {
        return false;
    }
    let rows = known.iter().map(|(metric, expr)| {
        let words = metric.definition(ctx.lang);
        vec![wrapped(&words.title), figure(metric.name, expr), wrapped(&words.basis)]
    });
    let rows = rows.collect();
    put(report, columns(ctx, [(2, "figure"), (2, "value"), (4, "basis")]), rows);
    true
}

/// How the key figures of the overview are defined.
pub fn definitions(report: &mut Document, ctx: &Ctx<'_>, board: &Board) {
    let known = known(board, &super::FIGURES);
    if known.is_empty() {
        return;
    }
    let rows = known.iter().map(|(metric, _)| {
        let words = metric.definition(ctx.lang);
        vec![wrapped(&words.title), wrapped(&words.basis), wrapped(&words.meaning)]
    });
    let rows = rows.collect();
    report.heading(2, ctx.word("definitions"));
    put(report, columns(ctx, [(2, "figure"), (3, "basis"), (3, "meaning")]), rows);
}

/// The first of the team's open actions; whether there are any.
pub fn actions(report: &mut Document, ctx: &Ctx<'_>) -> bool {
    let ranked = &ctx.review.analysis.actions.ranked;
    let open: Vec<_> = ranked.iter().filter(|action| action.state.is_open()).collect();
    if open.is_empty() {
        return false;
    }
    let rows = open.iter().take(ACTIONS).map(|ranked| {
        let action = &ctx.review.campaign.actions[ranked.row];
        vec![
            wrapped(&ctx.word(ranked.quadrant.id())),
            link(action.action.as_str(), action.action.at.as_ref()).shaped(Shape::Wrapped),
            wrapped(action.owner.as_str()),
            number(&action.due.expr(), Shape::Date),
            wrapped(action.standard.as_str()),
        ]
    });
    let rows = rows.collect();
    put(report, columns(ctx, [(1, "priority"), (3, "action"), (1, "owner"), (1, "due"), (2, "standard")]), rows);
    more(report, ctx, "more_actions", open.len(), ACTIONS);
    true
}

/// Who wrote, checked and approved it.
pub fn signature(report: &mut Document, ctx: &Ctx<'_>, own: &str) {
    let rows = [("written_by", own), ("checked_by", ""), ("approved_by", "")]
        .map(|(word, name)| vec![ctx.word(word).into(), name.into(), PageCell::default(), PageCell::default()]);
    report.blocks.push(Block::Table(Table {
        columns: columns(ctx, [(2, "role"), (2, "name"), (2, "sign"), (2, "signed_on")]),
        rows: rows.into(),
        row_height: Some(30.0),
    }));
}
