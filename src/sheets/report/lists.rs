//! Facts, problems, lessons and suggestions as running text.

use super::{COLUMNS, Ctx, paragraphs};
use crate::campaign::Basics;
use crate::diagnostic::{Severity, number};
use crate::page::{Page, PageCell, Role, Shape};
use crate::sheets::line::Line;
use crate::sheets::{link, percent};

/// How many problems and lessons the report names; all of them stand on their sheet.
const NAMED: usize = 6;
/// How many suggestions.
const SUGGESTED: usize = 5;

/// Name, period, owner: what the cover would say.
pub fn facts(page: &mut Page, ctx: &Ctx<'_>) {
    let Some(basics) = &ctx.review.campaign.basics else { return };
    let period = |period: &crate::catalogue::record::Field<crate::quantity::Period>| {
        period.value.map_or_else(
            || period.text.clone(),
            |period| ctx.say("from_to", &[("from", &period.start.to_string()), ("to", &period.end.to_string())]),
        )
    };
    let list = |names: Option<&Vec<String>>| names.map(|names| names.join(&ctx.word("list_join"))).unwrap_or_default();
    let facts = [
        [
            ("period", period(&basics.period), basics.period.at.as_ref()),
            ("owner", basics.owner.as_str().to_owned(), basics.owner.at.as_ref()),
        ],
        [
            ("kind", basics.kind.text.clone(), basics.kind.at.as_ref()),
            ("review_period", period(&basics.review_period), basics.review_period.at.as_ref()),
        ],
        [
            ("participants", list(basics.participants.value.as_ref()), basics.participants.at.as_ref()),
            ("coverage", list(basics.coverage.value.as_ref()), basics.coverage.at.as_ref()),
        ],
    ];
    for [left, right] in facts {
        if left.1.is_empty() && right.1.is_empty() {
            continue;
        }
        let mut line = Line::new(page);
        for (col, (word, text, at)) in [(0, left), (4, right)] {
            line.put(col, PageCell::from(ctx.word(word)).role(Role::Header));
            line.span(col + 1, col + 3, link(&text, at).shaped(Shape::Wrapped));
        }
    }
    page.skip(1);
}

/// The overview from 活动基本信息, where the team wrote none.
pub fn background(page: &mut Page, ctx: &Ctx<'_>) {
    let Some(basics) = &ctx.review.campaign.basics else {
        page.line(Role::Note, COLUMNS, ctx.word("no_overview"));
        return;
    };
    let told = |basics: &Basics| {
        [
            ("background", basics.background.as_str().to_owned()),
            ("aims", basics.goals.as_str().to_owned()),
            ("audience", basics.audience.as_str().to_owned()),
            ("strategy", basics.strategy.as_str().to_owned()),
        ]
    };
    let mut any = false;
    for (word, text) in told(basics).iter().filter(|(_, text)| !text.is_empty()) {
        paragraphs(page, &ctx.say(word, &[("text", text)]));
        any = true;
    }
    if !any {
        page.line(Role::Note, COLUMNS, ctx.word("no_overview"));
    }
}

/// The weightiest problems with their causes.
pub fn problems(page: &mut Page, ctx: &Ctx<'_>) {
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
        let mut text = ctx.say("problem_line", &[
            ("n", &n.to_string()),
            ("description", problem.description.as_str()),
        ]);
        if !problem.root.as_str().is_empty() {
            text.push_str(&ctx.say("problem_root", &[("root", problem.root.as_str())]));
        }
        if problem.recurring.value == Some(true) {
            text.push_str(&ctx.word("problem_recurring"));
        }
        page.line(Role::Paragraph, COLUMNS, text);
    }
    more(page, ctx, order.len(), NAMED);
}

fn more(page: &mut Page, ctx: &Ctx<'_>, all: usize, shown: usize) {
    if all > shown {
        page.line(Role::Note, COLUMNS, ctx.say("more_lessons", &[("n", &(all - shown).to_string())]));
    }
}

/// The lessons, what to repeat first.
pub fn experience(page: &mut Page, ctx: &Ctx<'_>) {
    let rows = &ctx.review.campaign.lessons;
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.retain(|row| !rows[*row].content.as_str().is_empty());
    order.sort_by_key(|row| rows[*row].kind.value.map_or(u8::MAX, |kind| kind as u8));
    for (n, row) in (1..).zip(order.iter().take(NAMED)) {
        let lesson = &rows[*row];
        let kind = lesson.kind.value.map(|kind| ctx.word(kind.id())).unwrap_or_else(|| ctx.word("lesson"));
        let mut text = ctx.say("lesson_line", &[
            ("n", &n.to_string()),
            ("kind", &kind),
            ("content", lesson.content.as_str()),
        ]);
        for (word, field) in [("lesson_evidence", &lesson.evidence), ("lesson_advice", &lesson.advice)] {
            if !field.as_str().is_empty() {
                text.push_str(&ctx.say(word, &[("text", field.as_str())]));
            }
        }
        page.line(Role::Paragraph, COLUMNS, text);
    }
    more(page, ctx, order.len(), NAMED);
}

/// What the figures suggest, with the figures.
pub fn suggestions(page: &mut Page, ctx: &Ctx<'_>) {
    for (n, suggestion) in (1..).zip(ctx.review.suggestions.iter().take(SUGGESTED)) {
        let text = ctx.say("suggestion_line", &[
            ("n", &n.to_string()),
            ("action", &suggestion.action(ctx.lang)),
            ("because", &suggestion.because(ctx.lang)),
        ]);
        page.line(Role::Paragraph, COLUMNS, text);
    }
}

/// How complete the data is, what was found, where the details stand.
pub fn appendix(page: &mut Page, ctx: &Ctx<'_>) {
    let review = ctx.review;
    let (filled, required) = review
        .analysis
        .filled
        .iter()
        .fold((0, 0), |(filled, required), table| (filled + table.filled, required + table.required));
    if required > 0 {
        let share = percent(filled as f64 / required as f64);
        page.line(Role::Paragraph, COLUMNS, ctx.say("completeness", &[("share", &share)]));
    }
    let count = |severity| review.findings.iter().filter(|finding| finding.severity == severity).count();
    page.line(Role::Paragraph, COLUMNS, ctx.say("findings", &[
        ("errors", &number(count(Severity::Error) as f64, 0)),
        ("warnings", &number(count(Severity::Warning) as f64, 0)),
    ]));
    page.line(Role::Paragraph, COLUMNS, ctx.word("details"));
}
