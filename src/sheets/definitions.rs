//! 口径说明: how each figure is computed, the thresholds in force, how the workbook was read.

use chrono::{Datelike, NaiveDate};

use super::{Board, Ctx, Sheet, link};
use crate::cell::Place;
use crate::metrics;
use crate::page::{Page, PageCell, Role, Shape, Tab};
use crate::policy::Line;
use crate::quantity::workdays;
use crate::review::Review;

/// See the module.
pub static SHEET: Sheet =
    Sheet { id: "definitions", text: include_str!("definitions.toml"), tab: Tab::Appendix, wanted, fill };

const COLUMNS: u32 = 5;

fn wanted(_: &Review<'_>) -> bool {
    true
}

fn fill(page: &mut Page, ctx: &Ctx<'_>, _: &mut Board) {
    page.set_widths(&[24.0, 64.0, 46.0, 16.0, 12.0]);
    ctx.heading(page, COLUMNS);
    let wrapped = |text: String| PageCell::from(text).shaped(Shape::Wrapped);
    page.line(Role::Section, COLUMNS, ctx.word("metrics"));
    page.line(Role::Note, COLUMNS, ctx.word("metrics_note"));
    page.row(Role::Header, ctx.words(["name", "basis", "meaning"]));
    for metric in metrics::all() {
        let words = metric.definition(ctx.lang);
        page.row(Role::Body, [words.title, words.basis, words.meaning].map(wrapped));
    }
    page.skip(1);
    readings(page, ctx);
    page.skip(1);
    standards(page, ctx);
}

/// The thresholds and working days in force: those the team set stand open, the usual ones are folded.
fn standards(page: &mut Page, ctx: &Ctx<'_>) {
    let wrapped = |text: &str| PageCell::from(text).shaped(Shape::Wrapped);
    let row = |page: &mut Page, line: &Line| {
        let own = if line.own { ctx.word("yes") } else { String::new() };
        page.row(Role::Body, [&line.name, &line.origin, &line.value, &own].map(|text| wrapped(text)));
    };
    let (own, usual): (Vec<&Line>, Vec<&Line>) = ctx.review.policy.lines.iter().partition(|line| line.own);
    page.line(Role::Section, COLUMNS, ctx.word("thresholds"));
    if !own.is_empty() {
        page.row(Role::Header, ctx.words(["threshold", "origin", "value", "own"]));
        own.into_iter().for_each(|line| row(page, line));
    }
    page.line(Role::Note, COLUMNS, ctx.say("folded", &[("n", &usual.len().to_string())]));
    let first = page.next_row();
    page.row(Role::Header, ctx.words(["threshold", "origin", "value", "own"]));
    usual.into_iter().for_each(|line| row(page, line));
    page.skip(1);
    calendar(page, ctx);
    page.folded = Some((first, page.next_row() - 1));
}

/// As which tables the sheets were read: of those that carry our mark their number, the others one by one.
fn readings(page: &mut Page, ctx: &Ctx<'_>) {
    let wrapped = |text: String| PageCell::from(text).shaped(Shape::Wrapped);
    let tables = &ctx.review.records.tables;
    let regions = tables.iter().flat_map(|(id, table)| table.regions.iter().map(move |region| (id, region)));
    let (marked, found): (Vec<_>, Vec<_>) = regions.partition(|(_, region)| region.evidence.contains(&"id"));
    page.line(Role::Section, COLUMNS, ctx.word("readings"));
    page.line(Role::Note, COLUMNS, ctx.word("readings_note"));
    if !marked.is_empty() {
        page.line(Role::Paragraph, COLUMNS, ctx.say("marked", &[("n", &marked.len().to_string())]));
    }
    if found.is_empty() {
        return;
    }
    page.row(Role::Header, ctx.words(["sheet", "evidence", "table", "area", "score"]));
    for (id, region) in found {
        let label =
            ctx.review.catalogue.tables.get(id).map_or_else(|| id.clone(), |table| table.label.get(ctx.lang));
        let evidence: Vec<String> = region.evidence.iter().map(|word| evidence_word(ctx, word)).collect();
        let place = Place { sheet: region.sheet.clone(), cell: region.area.first };
        page.row(Role::Body, [
            link(&region.sheet, Some(&place)),
            wrapped(evidence.join(" · ")),
            wrapped(label),
            region.area.to_string().into(),
            PageCell::from(region.score).shaped(Shape::Percent),
        ]);
    }
}

/// The working days in use: which announcement each year comes from, and what the team has changed.
fn calendar(page: &mut Page, ctx: &Ctx<'_>) {
    let wrapped = |text: String| PageCell::from(text).shaped(Shape::Wrapped);
    let official = workdays::official();
    let joined = |days: &mut dyn Iterator<Item = &NaiveDate>| {
        days.map(|day| day.format("%m-%d").to_string()).collect::<Vec<_>>().join(&ctx.word("list_join"))
    };
    page.line(Role::Section, COLUMNS, ctx.word("calendar"));
    page.line(Role::Note, COLUMNS, ctx.word("calendar_note"));
    page.row(Role::Header, ctx.words(["year", "notice", "worked", "own"]));
    let policy = ctx.review.policy;
    for year in &official.years {
        let of = |day: &&NaiveDate| day.year() == *year;
        let own = [("own_off", &policy.days_off), ("own_on", &policy.days_on)].map(|(word, days)| {
            let days = joined(&mut days.iter().filter(of));
            if days.is_empty() { days } else { ctx.say(word, &[("days", &days)]) }
        });
        let notice = official.notices.get(year).cloned().unwrap_or_default();
        let worked = joined(&mut official.work.iter().filter(of));
        page.row(Role::Body, [year.to_string(), notice, worked, own.concat()].map(wrapped));
    }
}

fn evidence_word(ctx: &Ctx<'_>, word: &str) -> String {
    ctx.word(if word == "title" { "title-text" } else { word })
}
