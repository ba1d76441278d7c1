//! What people said: by tag, by object, by channel; how content they are.

use super::{Board, COLUMNS, Ctx, pareto};
use crate::cell::{Area, CellRef};
use crate::expr::{Expr, Fun};
use crate::metrics::voice::{self, SATISFACTION, TOP_THREE_SHARE, Tally};
use crate::page::{Page, PageCell, Role, Shape};
use crate::sheets::line::Line;
use crate::sheets::{column, link};

pub fn fill(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board) {
    let found = &ctx.review.analysis.voice;
    page.line(Role::Section, COLUMNS, ctx.word("feedback"));
    page.line(Role::Note, COLUMNS, ctx.word("feedback_note"));
    satisfaction(page, ctx, board);
    for (offset, tallies, what, title) in [
        (3, &found.tags, "tag", "tag_chart"),
        (6, &found.objects, "object", "object_chart"),
        (9, &found.channels, "channel", "channel_chart"),
    ] {
        // A single member tells nothing.
        if tallies.is_empty() || (what != "tag" && tallies.len() < 2) {
            continue;
        }
        let top = page.next_row();
        let rows = counts(page, ctx, COLUMNS + 2 + offset, what, tallies);
        pareto::fill(page, ctx, what, title, rows);
        if what == "tag" && tallies.len() > 3 {
            let last = top + tallies.len() as u32;
            let three = voice::top_three(column(page, 1, top + 1, top + 3), column(page, 1, top + 1, last));
            let row = page.next_row();
            page.put(CellRef::new(row, 0), PageCell::from(ctx.word("top_three")).role(Role::FigureLabel));
            let three = page.put(CellRef::new(row, 1), PageCell::from(three).shaped(Shape::Percent));
            board.figures.insert(TOP_THREE_SHARE.name, three);
            page.skip(2);
        }
    }
}

/// The mean over the rows of the table, whose scores and weights stand beside the page.
fn satisfaction(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board) {
    let rows = &ctx.review.campaign.feedback;
    if ctx.review.analysis.voice.satisfaction.value().is_none() {
        return;
    }
    let (top, col) = (page.next_row(), COLUMNS + 2);
    for (offset, word) in [(0, "satisfaction"), (1, "count")] {
        page.put(CellRef::new(top, col + offset), PageCell::from(ctx.word(word)).role(Role::Note));
    }
    for (row, said) in (top + 1..).zip(rows) {
        let note = |expr: Expr| PageCell::from(expr).role(Role::Note);
        page.put(CellRef::new(row, col), note(said.satisfaction.expr()));
        page.put(CellRef::new(row, col + 1), note(voice::weight(said)));
    }
    let last = top + rows.len() as u32;
    let mean = voice::satisfaction(column(page, col, top + 1, last), column(page, col + 1, top + 1, last));
    let mut line = Line::new(page);
    line.put(0, PageCell::from(ctx.word("satisfaction")).role(Role::FigureLabel));
    let mean = line.number(1, mean, Shape::Decimal);
    line.span(2, 4, ctx.word("satisfaction_note"));
    board.figures.insert(SATISFACTION.name, mean);
    page.skip(1);
}

/// Each mention beside the page, those of one name together; answers with the names and the sums of theirs.
fn counts(page: &mut Page, ctx: &Ctx<'_>, col: u32, what: &str, tallies: &[Tally]) -> Vec<(PageCell, Expr)> {
    let feedback = &ctx.review.campaign.feedback;
    let mut row = page.next_row();
    for (offset, word) in [(0, what), (1, "count")] {
        page.put(CellRef::new(row, col + offset), PageCell::from(ctx.word(word)).role(Role::Note));
    }
    row += 1;
    let mut rows = Vec::new();
    for tally in tallies {
        let first = row;
        for member in &tally.rows {
            let said = &feedback[*member];
            let at = said.content.at.as_ref().or(said.tags.at.as_ref());
            page.put(CellRef::new(row, col), link(&tally.name, at).role(Role::Note));
            page.put(CellRef::new(row, col + 1), PageCell::from(voice::weight(said)).role(Role::Note));
            row += 1;
        }
        let area = Area::new(CellRef::new(first, col + 1), CellRef::new(row - 1, col + 1));
        let sum = Expr::call(Fun::Sum, [page.range(area).into()]).known();
        rows.push((PageCell::from(tally.name.as_str()), sum));
    }
    rows
}
