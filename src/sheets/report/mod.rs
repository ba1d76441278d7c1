//! 复盘报告: the report the documents ask for (D1 四（二）, D0 七, D4 八), from
//! overview to appendix, written from the figures and the team's own words.
//!
//! Paragraphs are the sentences other sheets have put on the board; small
//! tables refer to the cells where the figures stand.

use super::{Board, Ctx, Sheet};
use crate::campaign::{Summary, Verdict};
use crate::catalogue::record::Field;
use crate::page::{Page, PageCell, Role, Tab};
use crate::review::Review;

mod lists;
mod tables;

/// See the module.
pub static SHEET: Sheet =
    Sheet { id: "report", text: include_str!("report.toml"), tab: Tab::Action, wanted, fill };

const COLUMNS: u32 = 8;

/// Sheets whose sentences tell what was put in.
const INPUT: &[&str] = &["money"];
/// Sheets whose sentences tell what was done.
const PROCESS: &[&str] = &["progress", "schedule", "time", "risk", "people"];
/// Sheets whose sentences stand elsewhere in the report, or not at all.
const ELSEWHERE: &[&str] = &["overview", "goals", "lessons", "whatif", "actions", "report", "findings", "definitions"];

fn wanted(review: &Review<'_>) -> bool {
    let campaign = &review.campaign;
    campaign.basics.is_some()
        || campaign.summary.is_some()
        || !review.analysis.goals.overall.is_empty()
        || !review.analysis.channels.each.is_empty()
        || !campaign.sales.is_empty()
        || !campaign.problems.is_empty()
}

fn fill(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board) {
    page.landscape = false;
    page.set_widths(&[15.0, 13.0, 11.0, 11.0, 11.0, 11.0, 12.0, 13.0]);
    page.line(Role::Title, COLUMNS, ctx.say("report_title", &[("campaign", ctx.review.name())]));
    let as_of = ctx.review.as_of.format("%Y-%m-%d").to_string();
    page.line(Role::Subtitle, COLUMNS, ctx.say("report_subtitle", &[("as_of", &as_of), ("version", env!("CARGO_PKG_VERSION"))]));
    page.skip(1);
    lists::facts(page, ctx);
    overview(page, ctx);
    goals(page, ctx, board);
    data(page, ctx, board);
    lessons(page, ctx, board);
    plan(page, ctx, board);
    appendix(page, ctx);
    signature(page, ctx);
}

fn summary<'a>(ctx: &Ctx<'a>) -> Option<&'a Summary> {
    ctx.review.campaign.summary.as_ref()
}

/// Text in paragraphs, as its author broke it.
fn paragraphs(page: &mut Page, text: &str) {
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        page.line(Role::Paragraph, COLUMNS, line);
    }
}

/// The team's words on a part, under a line that says whose they are.
fn own_words(page: &mut Page, ctx: &Ctx<'_>, text: Option<&Field<String>>) {
    let Some(text) = text.map(Field::as_str).filter(|text| !text.is_empty()) else { return };
    page.line(Role::Note, COLUMNS, ctx.word("own_words"));
    paragraphs(page, text);
}

/// The sentences of some sheets; whether there were any.
fn sentences(page: &mut Page, board: &Board, of: impl Fn(&str) -> bool) -> bool {
    let mut any = false;
    for (_, sentence) in board.conclusions.iter().filter(|(sheet, _)| of(sheet)) {
        page.line(Role::Paragraph, COLUMNS, PageCell { role: Role::Paragraph, ..sentence.clone() });
        any = true;
    }
    any
}

fn overview(page: &mut Page, ctx: &Ctx<'_>) {
    page.line(Role::Section, COLUMNS, ctx.word("overview"));
    let own = summary(ctx).map(|summary| &summary.overview).filter(|text| !text.as_str().is_empty());
    match own {
        Some(text) => paragraphs(page, text.as_str()),
        None => lists::background(page, ctx),
    }
    let verdict = match ctx.review.analysis.goals.verdict {
        Some(Verdict::Success) => "verdict_success",
        Some(Verdict::Mostly) => "verdict_mostly",
        Some(Verdict::Challenged) => "verdict_challenged",
        None => "verdict_none",
    };
    page.line(Role::Conclusion, COLUMNS, ctx.word(verdict));
    page.skip(1);
}

fn goals(page: &mut Page, ctx: &Ctx<'_>, board: &Board) {
    page.line(Role::Section, COLUMNS, ctx.word("goals"));
    if !sentences(page, board, |sheet| sheet == "goals") {
        page.line(Role::Note, COLUMNS, ctx.word("no_goals"));
    }
    own_words(page, ctx, summary(ctx).map(|summary| &summary.goals));
    tables::goals(page, ctx);
    tables::goal_chart(page, ctx, board);
    page.skip(1);
}

fn data(page: &mut Page, ctx: &Ctx<'_>, board: &Board) {
    page.line(Role::Section, COLUMNS, ctx.word("data"));
    own_words(page, ctx, summary(ctx).map(|summary| &summary.data));
    type Belongs = fn(&str) -> bool;
    let parts: [(&str, Belongs, &[&str]); 3] = [
        ("data_input", |sheet| INPUT.contains(&sheet), &["budget-execution", "total-input", "expense-ratio"]),
        (
            "data_process",
            |sheet| PROCESS.contains(&sheet),
            &["task-completion", "on-time-completion", "teamwork-mean"],
        ),
        (
            "data_result",
            |sheet| ![INPUT, PROCESS, ELSEWHERE].iter().any(|known| known.contains(&sheet)),
            &["roi", "financial-roi", "net-profit-roi", "overall-conversion", "satisfaction"],
        ),
    ];
    for (title, belongs, figures) in parts {
        page.line(Role::Conclusion, COLUMNS, ctx.word(title));
        let said = sentences(page, board, belongs);
        let shown = tables::figures(page, ctx, board, figures);
        if !said && !shown {
            page.line(Role::Note, COLUMNS, ctx.word("no_data"));
        }
        page.skip(1);
    }
}

fn lessons(page: &mut Page, ctx: &Ctx<'_>, board: &Board) {
    page.line(Role::Section, COLUMNS, ctx.word("lessons"));
    sentences(page, board, |sheet| sheet == "lessons");
    let campaign = &ctx.review.campaign;
    if !campaign.problems.is_empty() {
        page.line(Role::Conclusion, COLUMNS, ctx.word("problems"));
        lists::problems(page, ctx);
    }
    own_words(page, ctx, summary(ctx).map(|summary| &summary.failures));
    if !campaign.lessons.is_empty() {
        page.line(Role::Conclusion, COLUMNS, ctx.word("experience"));
        lists::experience(page, ctx);
    }
    own_words(page, ctx, summary(ctx).map(|summary| &summary.successes));
    page.skip(1);
}

fn plan(page: &mut Page, ctx: &Ctx<'_>, board: &Board) {
    page.line(Role::Section, COLUMNS, ctx.word("plan"));
    sentences(page, board, |sheet| ["actions", "whatif"].contains(&sheet));
    own_words(page, ctx, summary(ctx).map(|summary| &summary.advice));
    tables::actions(page, ctx);
    if !ctx.review.suggestions.is_empty() {
        page.line(Role::Conclusion, COLUMNS, ctx.word("suggested"));
        lists::suggestions(page, ctx);
    }
    page.skip(1);
}

fn appendix(page: &mut Page, ctx: &Ctx<'_>) {
    page.line(Role::Section, COLUMNS, ctx.word("appendix"));
    lists::appendix(page, ctx);
    page.skip(1);
}

/// Lines to sign on.
fn signature(page: &mut Page, ctx: &Ctx<'_>) {
    let own = summary(ctx).map(|summary| summary.signature.as_str()).unwrap_or_default();
    tables::signature(page, ctx, own);
}
