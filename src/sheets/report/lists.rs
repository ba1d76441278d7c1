//! Facts, problems, lessons and suggestions as running text.

use super::Ctx;
use crate::campaign::Basics;
use crate::catalogue::record::Field;
use crate::diagnostic::{Severity, number};
use crate::document::{Block, Document};
use crate::page::{PageCell, Role};
use crate::quantity::Period;
use crate::sheets::{link, percent};

/// How many problems and lessons the report names; all of them stand on their sheet.
const NAMED: usize = 6;
/// How many suggestions.
const SUGGESTED: usize = 5;

/// Name, period, owner: what the cover says.
pub fn facts(ctx: &Ctx<'_>) -> Vec<(String, PageCell)> {
    let Some(basics) = &ctx.review.campaign.basics else { return Vec::new() };
    let period = |period: &Field<Period>| {
        period.value.map_or_else(
            || period.text.clone(),
            |period| {
                ctx.say("from_to", &[("from", &period.start.to_string()), ("to", &period.end.to_string())])
            },
        )
    };
    let list = |names: &Field<Vec<String>>| {
        names.value.as_ref().map(|names| names.join(&ctx.word("list_join"))).unwrap_or_default()
    };
    let facts = [
        ("period", period(&basics.period), &basics.period.at),
        ("owner", basics.owner.as_str().to_owned(), &basics.owner.at),
        ("kind", basics.kind.text.clone(), &basics.kind.at),
        ("review_period", period(&basics.review_period), &basics.review_period.at),
        ("participants", list(&basics.participants), &basics.participants.at),
        ("coverage", list(&basics.coverage), &basics.coverage.at),
    ];
    let filled = facts.into_iter().filter(|(_, text, _)| !text.is_empty());
    filled.map(|(word, text, at)| (ctx.word(word), link(&text, at.as_ref()))).collect()
}

/// The overview from 活动基本信息, where the team wrote none.
pub fn background(report: &mut Document, ctx: &Ctx<'_>) {
    let told = |basics: &Basics| {
        [
            ("background", basics.background.as_str().to_owned()),
            ("aims", basics.goals.as_str().to_owned()),
            ("audience", basics.audience.as_str().to_owned()),
            ("strategy", basics.strategy.as_str().to_owned()),
        ]
    };
    let told = ctx.review.campaign.basics.as_ref().map(told).unwrap_or_default();
    let mut any = false;
    for (word, text) in told.iter().filter(|(_, text)| !text.is_empty()) {
        report.paragraphs(&ctx.say(word, &[("text", text)]));
        any = true;
    }
    if !any {
        report.text(Role::Note, ctx.word("no_overview"));
    }
}

fn item(report: &mut Document, ctx: &Ctx<'_>, n: usize, text: String) {
    report.blocks.push(Block::Item(ctx.say("numbered", &[("n", &n.to_string())]), text.into()));
}

/// The weightiest problems with their causes.
pub fn problems(report: &mut Document, ctx: &Ctx<'_>) {
    let problems = &ctx.review.campaign.problems;
    let mut order: Vec<usize> = (0..problems.len()).collect();
    order.retain(|row| !problems[*row].description.as_str().is_empty());
    order.sort_by_key(|row| {
        let problem = &problems[*row];
        let weight = problem.impact.value.map_or(0, crate::campaign::Level::weight);
        (std::cmp::Reverse(weight), problem.recurring.value != Some(true))
    });
    for (n, row) in (1..).zip(order.iter().take(NAMED)) {
        let problem = &problems[*row];
        let mut text = problem.description.as_str().to_owned();
        if !problem.root.as_str().is_empty() {
            text.push_str(&ctx.say("problem_root", &[("root", problem.root.as_str())]));
        }
        if problem.recurring.value == Some(true) {
            text.push_str(&ctx.word("problem_recurring"));
        }
        item(report, ctx, n, text);
    }
    more(report, ctx, order.len(), NAMED);
}

fn more(report: &mut Document, ctx: &Ctx<'_>, all: usize, shown: usize) {
    if all > shown {
        report.text(Role::Note, ctx.say("more_lessons", &[("n", &(all - shown).to_string())]));
    }
}

/// The lessons, what to repeat first.
pub fn experience(report: &mut Document, ctx: &Ctx<'_>) {
    let rows = &ctx.review.campaign.lessons;
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.retain(|row| !rows[*row].content.as_str().is_empty());
    order.sort_by_key(|row| rows[*row].kind.value.map_or(u8::MAX, |kind| kind as u8));
    for (n, row) in (1..).zip(order.iter().take(NAMED)) {
        let lesson = &rows[*row];
        let kind = lesson.kind.value.map(|kind| ctx.word(kind.id())).unwrap_or_else(|| ctx.word("lesson"));
        let mut text =
            ctx.say("lesson_line", &[("kind", &kind), ("content", lesson.content.as_str())]);
        for (word, field) in [("lesson_evidence", &lesson.evidence), ("lesson_advice", &lesson.advice)] {
            if !field.as_str().is_empty() {
                text.push_str(&ctx.say(word, &[("text", field.as_str())]));
            }
        }
        item(report, ctx, n, text);
    }
    more(report, ctx, order.len(), NAMED);
}

/// What the figures suggest, with the figures.
pub fn suggestions(report: &mut Document, ctx: &Ctx<'_>) {
    for (n, suggestion) in (1..).zip(ctx.review.suggestions.iter().take(SUGGESTED)) {
        let text = ctx.say("suggestion_line", &[
            ("action", &suggestion.action(ctx.lang)),
            ("because", &suggestion.because(ctx.lang)),
        ]);
        item(report, ctx, n, text);
    }
}

/// How complete the data is, what was found, where the details stand.
pub fn appendix(report: &mut Document, ctx: &Ctx<'_>) {
    let review = ctx.review;
    let (filled, required) = review
        .analysis
        .filled
        .iter()
        .fold((0, 0), |(filled, required), table| (filled + table.filled, required + table.required));
    if required > 0 {
        let share = percent(filled as f64 / required as f64);
        report.text(Role::Paragraph, ctx.say("completeness", &[("share", &share)]));
    }
    let count = |severity| review.findings.iter().filter(|finding| finding.severity == severity).count();
    report.text(Role::Paragraph, ctx.say("findings", &[
        ("errors", &number(count(Severity::Error) as f64, 0)),
        ("warnings", &number(count(Severity::Warning) as f64, 0)),
    ]));
    report.text(Role::Paragraph, ctx.word("details"));
}
