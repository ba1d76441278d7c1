//! Small tables and the chart of goals; every number refers to where it stands.

use super::{Board, COLUMNS, Ctx};
use crate::cell::CellRef;
use crate::expr::Expr;
use crate::metrics;
use crate::metrics::goals::Outcome;
use crate::page::{Chart, ChartKind, Dress, Ink, Page, PageCell, Role, Series, Shape};
use crate::sheets::line::{Line, spanned_header};
use crate::sheets::{link, shape};

/// How many goals and actions the report shows; all of them stand on their sheets.
const GOALS: usize = 14;
const ACTIONS: usize = 10;

/// Target, actual, completion and result of each goal.
pub fn goals(page: &mut Page, ctx: &Ctx<'_>) {
    let goals = &ctx.review.analysis.goals.overall;
    if goals.is_empty() {
        return;
    }
    spanned_header(page, ctx, &[(0, 1, "goal"), (2, 3, "target"), (4, 5, "actual"), (6, 6, "completion"), (7, 7, "outcome")]);
    let first = page.next_row();
    for goal in goals.iter().take(GOALS) {
        let shown = |expr: &Expr| PageCell::from(expr.clone()).shaped(shape(&goal.unit, expr.number()));
        let mut line = Line::new(page);
        line.span(0, 1, link(&goal.name, goal.at.as_ref()).shaped(Shape::Wrapped));
        match &goal.asked.upper {
            Some(upper) => {
                line.put(2, shown(&goal.asked.level));
                line.put(3, shown(upper));
            }
            None => line.span(2, 3, shown(&goal.asked.level)),
        }
        line.span(4, 5, shown(&goal.actual));
        line.number(6, goal.completion.expr.clone(), Shape::Percent);
        line.put(7, ctx.word(goal.outcome.id()));
    }
    let last = page.next_row() - 1;
    let area = crate::cell::Area::new(CellRef::new(first, 7), CellRef::new(last, 7));
    for (outcome, role) in [
        (Outcome::Exceeded, Role::Good),
        (Outcome::Reached, Role::Good),
        (Outcome::Mostly, Role::Warn),
        (Outcome::Missed, Role::Bad),
    ] {
        page.dresses.push(Dress::Word { area, word: ctx.word(outcome.id()), role });
    }
    if goals.len() > GOALS {
        let more = (goals.len() - GOALS).to_string();
        page.line(Role::Note, COLUMNS, ctx.say("more_goals", &[("n", &more)]));
    }
    page.skip(1);
}

/// Bars of completion against bars of 100%, where the sheet of goals has them.
pub fn goal_chart(page: &mut Page, ctx: &Ctx<'_>, board: &Board) {
    let ranges = ["goal-names", "goal-completion", "goal-hundred"].map(|name| board.ranges.get(name));
    let [Some(names), Some(values), Some(hundred)] = ranges else { return };
    let rows = u32::try_from(names.values.len().min(14)).unwrap_or(14);
    let height = 110 + 40 * rows;
    page.charts.push(Chart {
        series: vec![
            Series::new(ctx.word("completion"), names.clone(), values.clone(), Ink::Accent),
            Series::new(ctx.word("plan_line"), names.clone(), hundred.clone(), Ink::Plan),
        ],
        shape: Shape::Percent,
        labels: true,
        ..Chart::new(
            ChartKind::Bars,
            CellRef::new(page.next_row(), 0),
            (680, height),
            ctx.word("chart"),
            ctx.word("chart_alt"),
        )
    });
    page.skip(height / 20 + 1);
}

/// Key figures by name, those that are known; whether there were any.
pub fn figures(page: &mut Page, ctx: &Ctx<'_>, board: &Board, names: &[&str]) -> bool {
    let known: Vec<_> = metrics::all()
        .into_iter()
        .filter(|metric| names.contains(&metric.name))
        .filter_map(|metric| Some((metric, board.figures.get(metric.name)?)))
        .filter(|(_, figure)| figure.number().is_some())
        .collect();
    if known.is_empty() {
        return false;
    }
    spanned_header(page, ctx, &[(0, 1, "figure"), (2, 3, "value"), (4, 7, "basis")]);
    for (metric, figure) in known {
        let words = metric.definition(ctx.lang);
        let shape = match metric.name {
            "roi" | "financial-roi" => Shape::Ratio,
            "satisfaction" | "teamwork-mean" => Shape::Decimal,
            "total-input" => Shape::Money,
            _ => Shape::Percent,
        };
        let mut line = Line::new(page);
        line.span(0, 1, PageCell::from(words.title).shaped(Shape::Wrapped));
        line.span(2, 3, PageCell::from(figure.clone()).shaped(shape));
        line.span(4, 7, PageCell::from(words.basis).shaped(Shape::Wrapped));
    }
    true
}

/// The first of the team's open actions.
pub fn actions(page: &mut Page, ctx: &Ctx<'_>) {
    let ranked = &ctx.review.analysis.actions.ranked;
    let open: Vec<_> = ranked.iter().filter(|action| action.state.is_open()).collect();
    if open.is_empty() {
        return;
    }
    spanned_header(page, ctx, &[(0, 2, "action"), (3, 3, "owner"), (4, 5, "due"), (6, 7, "standard")]);
    for ranked in open.iter().take(ACTIONS) {
        let action = &ctx.review.campaign.actions[ranked.row];
        let mut line = Line::new(page);
        line.span(0, 2, link(action.action.as_str(), action.action.at.as_ref()).shaped(Shape::Wrapped));
        line.put(3, action.owner.as_str());
        line.span(4, 5, PageCell::from(action.due.expr()).shaped(Shape::Date));
        line.span(6, 7, PageCell::from(action.standard.as_str()).shaped(Shape::Wrapped));
    }
    if open.len() > ACTIONS {
        let more = (open.len() - ACTIONS).to_string();
        page.line(Role::Note, COLUMNS, ctx.say("more_actions", &[("n", &more)]));
    }
    page.skip(1);
}

/// Who wrote, checked and approved it.
pub fn signature(page: &mut Page, ctx: &Ctx<'_>, own: &str) {
    spanned_header(page, ctx, &[(0, 1, "role"), (2, 3, "name"), (4, 5, "sign"), (6, 7, "signed_on")]);
    for (word, name) in [("written_by", own), ("checked_by", ""), ("approved_by", "")] {
        let row = page.next_row();
        let mut line = Line::new(page);
        line.span(0, 1, ctx.word(word));
        line.span(2, 3, name);
        line.span(4, 5, "");
        line.span(6, 7, "");
        page.heights.insert(row, 30.0);
    }
}
