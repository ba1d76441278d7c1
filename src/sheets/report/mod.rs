//! 复盘报告: the report the documents ask for (D1 四（二）, D0 七, D4 八), from
//! overview to appendix, written from the figures and the team's own words.
//!
//! It is outlined as a document, from which this sheet and the Word file are
//! laid out. Paragraphs are the sentences other sheets have put on the board;
//! tables refer to the cells where the figures stand.

use indexmap::IndexMap;

use super::{Board, Ctx, Sheet};
use crate::campaign::{Summary, Verdict};
use crate::catalogue::record::Field;
use crate::document::{Block, Document};
use crate::expr::Val;
use crate::page::{Page, PageCell, Role, Tab};
use crate::review::Review;

mod data;
mod lists;
mod paper;
mod tables;

/// See the module.
pub static SHEET: Sheet =
    Sheet { id: "report", text: include_str!("report.toml"), tab: Tab::Action, wanted, fill };

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
    let report = outline(ctx, board);
    paper::lay(page, &ctx.say("report_title", &[("campaign", ctx.review.name())]), &report);
    board.report = Some(report);
}

/// The whole report.
fn outline(ctx: &Ctx<'_>, board: &Board) -> Document {
    let as_of = ctx.review.as_of.format("%Y-%m-%d").to_string();
    let mut report = Document {
        subject: ctx.review.name().to_owned(),
        kind: ctx.word("title"),
        subtitle: ctx.say("report_subtitle", &[("as_of", &as_of), ("version", env!("CARGO_PKG_VERSION"))]),
        facts: lists::facts(ctx),
        blocks: Vec::new(),
    };
    overview(&mut report, ctx, board);
    goals(&mut report, ctx, board);
    data::fill(&mut report, ctx, board);
    lessons(&mut report, ctx, board);
    plan(&mut report, ctx, board);
    appendix(&mut report, ctx, board);
    report
}

fn summary<'a>(ctx: &Ctx<'a>) -> Option<&'a Summary> {
    ctx.review.campaign.summary.as_ref()
}

/// The team's words on a part, under a line that says whose they are.
fn own_words(report: &mut Document, ctx: &Ctx<'_>, text: Option<&Field<String>>) {
    let Some(text) = text.map(Field::as_str).filter(|text| !text.is_empty()) else { return };
    report.text(Role::Note, ctx.word("own_words"));
    report.paragraphs(text);
}

/// The sentences of some sheets, a paragraph a sheet; whether there were any.
/// What the overview has already said is not said again.
fn sentences(report: &mut Document, ctx: &Ctx<'_>, board: &Board, of: impl Fn(&str) -> bool) -> bool {
    let mut paragraphs: IndexMap<&str, Vec<String>> = IndexMap::new();
    for (sheet, sentence) in board.conclusions.iter().filter(|(sheet, _)| of(sheet)) {
        if let Val::Text(text) = sentence.show.value() {
            paragraphs.entry(sheet).or_default().push(text.to_string());
        }
    }
    for (sheet, sentences) in &paragraphs {
        let said = usize::from(KEY.contains(sheet) && sentences.len() > 1);
        let text = sentences[said..].join(&ctx.word("sentence_join")) + &ctx.word("sentence_end");
        report.text(Role::Paragraph, text);
    }
    !paragraphs.is_empty()
}

/// The charts of some names, as they stand on their sheets; whether there were any.
fn charts(report: &mut Document, board: &Board, names: &[&str]) -> bool {
    let mut any = false;
    for illustration in board.charts.iter().filter(|illustration| names.contains(&illustration.chart.name)) {
        report.blocks.push(Block::Chart(illustration.clone()));
        any = true;
    }
    any
}

/// Key figures of the overview, by metric name; the word of each is its name.
const FIGURES: [&str; 5] =
    ["composite-completion", "roi", "budget-execution", "task-completion", "satisfaction"];
/// Sheets whose first sentence is a key conclusion, in the order of the report.
const KEY: [&str; 5] = ["goals", "money", "progress", "channels", "sales"];

fn overview(report: &mut Document, ctx: &Ctx<'_>, board: &Board) {
    report.heading(1, ctx.word("overview"));
    let own = summary(ctx).map(|summary| &summary.overview).filter(|text| !text.as_str().is_empty());
    match own {
        Some(text) => report.paragraphs(text.as_str()),
        None => lists::background(report, ctx),
    }
    report.heading(2, ctx.word("verdict"));
    let verdict = match ctx.review.analysis.goals.verdict {
        Some(Verdict::Success) => "verdict_success",
        Some(Verdict::Mostly) => "verdict_mostly",
        Some(Verdict::Challenged) => "verdict_challenged",
        None => "verdict_none",
    };
    report.text(Role::Conclusion, ctx.word(verdict));
    let figures: Vec<(String, PageCell)> = FIGURES
        .iter()
        .filter_map(|name| Some((*name, board.figures.get(name)?)))
        .filter(|(_, figure)| figure.number().is_some())
        .take(4)
        .map(|(name, figure)| (ctx.word(name), tables::figure(name, figure)))
        .collect();
    if !figures.is_empty() {
        report.blocks.push(Block::Figures(figures));
    }
    let said = |sheet: &str| board.conclusions.iter().find(|(of, _)| *of == sheet);
    for (_, sentence) in KEY.iter().filter_map(|sheet| said(sheet)) {
        report.blocks.push(Block::Item(ctx.word("bullet"), sentence.clone()));
    }
}

fn goals(report: &mut Document, ctx: &Ctx<'_>, board: &Board) {
    report.heading(1, ctx.word("goals"));
    if !sentences(report, ctx, board, |sheet| sheet == "goals") {
        report.text(Role::Note, ctx.word("no_goals"));
    }
    own_words(report, ctx, summary(ctx).map(|summary| &summary.goals));
    tables::goals(report, ctx);
    charts(report, board, &["completion"]);
    charts(report, board, &["trend"]);
    charts(report, board, &["waterfall"]);
}

fn lessons(report: &mut Document, ctx: &Ctx<'_>, board: &Board) {
    report.heading(1, ctx.word("lessons"));
    let said = sentences(report, ctx, board, |sheet| sheet == "lessons");
    let campaign = &ctx.review.campaign;
    let (failures, successes) = (
        summary(ctx).map(|summary| &summary.failures).filter(|text| !text.as_str().is_empty()),
        summary(ctx).map(|summary| &summary.successes).filter(|text| !text.as_str().is_empty()),
    );
    if !campaign.problems.is_empty() || failures.is_some() {
        report.heading(2, ctx.word("problems"));
        lists::problems(report, ctx);
        own_words(report, ctx, failures);
        // A chart of one or two kinds of problems tells nothing the sentence does not.
        if campaign.problems.len() > 3 {
            charts(report, board, &["class_chart"]);
        }
    }
    if !campaign.lessons.is_empty() || successes.is_some() {
        report.heading(2, ctx.word("experience"));
        lists::experience(report, ctx);
        own_words(report, ctx, successes);
    }
    if ctx.review.analysis.voice.tags.len() > 1 {
        report.heading(2, ctx.word("voice"));
        charts(report, board, &["tag_chart"]);
    }
    if !said && campaign.problems.is_empty() && campaign.lessons.is_empty() && failures.or(successes).is_none() {
        report.text(Role::Note, ctx.word("no_data"));
    }
}

fn plan(report: &mut Document, ctx: &Ctx<'_>, board: &Board) {
    report.heading(1, ctx.word("plan"));
    let said = sentences(report, ctx, board, |sheet| ["actions", "whatif"].contains(&sheet));
    let advice = summary(ctx).map(|summary| &summary.advice).filter(|text| !text.as_str().is_empty());
    own_words(report, ctx, advice);
    let listed = tables::actions(report, ctx);
    let suggested = !ctx.review.suggestions.is_empty();
    if suggested {
        report.heading(2, ctx.word("suggested"));
        lists::suggestions(report, ctx);
    }
    if !(said || listed || suggested || advice.is_some()) {
        report.text(Role::Note, ctx.word("no_plan"));
    }
}

fn appendix(report: &mut Document, ctx: &Ctx<'_>, board: &Board) {
    report.heading(1, ctx.word("appendix"));
    report.heading(2, ctx.word("sources"));
    lists::appendix(report, ctx);
    tables::definitions(report, ctx, board);
    let own = summary(ctx).map(|summary| summary.signature.as_str()).unwrap_or_default();
    report.heading(2, ctx.word("signatures"));
    tables::signature(report, ctx, own);
}
