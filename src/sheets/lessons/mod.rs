//! 问题与经验: what went wrong and why, what people said, what to repeat, how
//! the team worked together (D0 五, D2 人货场, D3 五、七).

use super::{Board, Ctx, Sheet, percent};
use crate::diagnostic::number;
use crate::page::{Page, PageCell, Role, Tab};
use crate::review::Review;

mod feedback;
mod notes;
mod pareto;
mod problems;

/// See the module.
pub static SHEET: Sheet =
    Sheet { id: "lessons", text: include_str!("lessons.toml"), tab: Tab::Analysis, wanted, fill };

const COLUMNS: u32 = 11;

fn wanted(review: &Review<'_>) -> bool {
    let campaign = &review.campaign;
    !(campaign.problems.is_empty()
        && campaign.process.is_empty()
        && campaign.lessons.is_empty()
        && campaign.feedback.is_empty()
        && campaign.teamwork.is_empty())
}

fn fill(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board) {
    page.set_widths(&[18.0, 13.0, 26.0, 14.0, 14.0, 14.0, 14.0, 14.0, 22.0, 9.0, 9.0]);
    ctx.heading(page, COLUMNS);
    for sentence in [worst_class(ctx), first_tag(ctx), teamwork(ctx)].into_iter().flatten() {
        let cell = PageCell::from(sentence);
        board.conclusions.push(("lessons", cell.clone()));
        page.line(Role::Conclusion, COLUMNS, cell);
    }
    page.skip(1);
    let campaign = &ctx.review.campaign;
    if !campaign.problems.is_empty() {
        problems::fill(page, ctx);
    }
    if !campaign.process.is_empty() {
        notes::process(page, ctx);
    }
    if !campaign.lessons.is_empty() {
        notes::experience(page, ctx);
    }
    if !campaign.feedback.is_empty() {
        feedback::fill(page, ctx, board);
    }
    if !campaign.teamwork.is_empty() {
        notes::teamwork(page, ctx, board);
    }
}

fn worst_class(ctx: &Ctx<'_>) -> Option<String> {
    let class = ctx.review.analysis.voice.classes.first()?;
    let problems = &ctx.review.campaign.problems;
    let recurring = problems.iter().filter(|problem| problem.recurring.value == Some(true)).count();
    let classes = &ctx.review.analysis.voice.classes;
    let even = classes.get(1).is_some_and(|second| second.rows.len() == class.rows.len());
    let mut said = ctx.say(if even { "class_said_even" } else { "class_said" }, &[
        ("all", &problems.len().to_string()),
        ("class", &ctx.word(class.class.id())),
        ("n", &class.rows.len().to_string()),
        ("classes", &classes.iter().filter(|class| !class.rows.is_empty()).count().to_string()),
    ]);
    if recurring > 0 {
        said.push_str(&ctx.say("class_recurring", &[("recurring", &recurring.to_string())]));
    }
    Some(said)
}

fn first_tag(ctx: &Ctx<'_>) -> Option<String> {
    let voice = &ctx.review.analysis.voice;
    let tag = voice.tags.first()?;
    let key = if voice.satisfaction.value().is_some() { "tag_said_satisfaction" } else { "tag_said" };
    Some(ctx.say(key, &[
        ("tag", &tag.name),
        ("share", &percent(tag.share.value()?)),
        ("three", &percent(voice.top_three.value()?)),
        ("satisfaction", &voice.satisfaction.value().map(|mean| number(mean, 1)).unwrap_or_default()),
    ]))
}

fn teamwork(ctx: &Ctx<'_>) -> Option<String> {
    let people = &ctx.review.analysis.people;
    let row = &ctx.review.campaign.teamwork[people.weakest?];
    Some(ctx.say("teamwork_said", &[
        ("mean", &number(people.teamwork.value()?, 1)),
        ("weakest", row.dimension.as_str()),
        ("score", &number(row.score.value?, 1)),
    ]))
}
