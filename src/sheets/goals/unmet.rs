//! Goals that were missed: why, in the team's words, and which actions answer.

use super::{COLUMNS, Ctx};
use crate::expr::Expr;
use crate::metrics::goals::Outcome;
use crate::metrics::goals::mention::{names, told_in};
use crate::likeness::bare;
use crate::page::{Page, PageCell, Role, Shape};
use crate::sheets::line::Line;
use crate::sheets::link;

/// One row for each missed goal.
pub fn fill(page: &mut Page, ctx: &Ctx<'_>) {
    let review = ctx.review;
    let missed: Vec<_> =
        review.analysis.goals.overall.iter().filter(|goal| goal.outcome == Outcome::Missed).collect();
    if missed.is_empty() {
        return;
    }
    page.line(Role::Section, COLUMNS, ctx.word("unmet"));
    let mut line = Line::new(page);
    for (first, last, word) in SPANS {
        let cell = PageCell::from(ctx.word(word)).role(Role::Header);
        if first == last {
            line.put(first, cell);
        } else {
            line.span(first, last, cell);
        }
    }
    for goal in missed {
        let called = names(&goal.name);
        let answers: Vec<_> = (review.campaign.actions.iter())
            .filter(|action| {
                let texts = [&action.action, &action.problem, &action.standard].map(|field| bare(field.as_str()));
                told_in(&called, &texts)
            })
            .collect();
        let said: Vec<&str> = answers.iter().map(|action| action.action.as_str()).collect();
        let said = if said.is_empty() { ctx.word("no_answer") } else { said.join(&ctx.word("join")) };
        let reason = match goal.reason.as_str() {
            "" => ctx.word("no_cause"),
            reason => reason.to_owned(),
        };
        let from = goal.result.and_then(|row| review.campaign.results[row].reason.at.clone());
        let mut line = Line::new(page);
        line.put(0, link(&goal.name, goal.at.as_ref()));
        line.number(1, Expr::clone(&goal.completion.expr), Shape::Percent);
        line.span(2, 7, link(&reason, from.as_ref()).shaped(Shape::Wrapped));
        let first = answers.first().and_then(|action| action.action.at.as_ref());
        line.span(8, COLUMNS - 1, link(&said, first).shaped(Shape::Wrapped));
    }
    page.skip(1);
}

const SPANS: [(u32, u32, &str); 4] =
    [(0, 0, "name"), (1, 1, "completion"), (2, 7, "cause"), (8, COLUMNS - 1, "answers")];
