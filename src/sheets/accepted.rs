//! 采纳记录: which cells were given a suggested value, what they held before, and when.
//!
//! The sheet is read back on the next run, so that the record is not lost when our sheets are replaced.

use super::{Board, Ctx, LANGUAGES, Sheet, header_of, link, words_of};
use crate::cell::{CellRef, Content, Place};
use crate::page::{Page, PageCell, Role, Shape, Tab};
use crate::review::{Accepted, Review};
use crate::workbook;

/// See the module.
pub static SHEET: Sheet =
    Sheet { id: "accepted", text: include_str!("accepted.toml"), tab: Tab::Appendix, wanted, fill };

const COLUMNS: u32 = 7;
const HEADERS: [&str; COLUMNS as usize] = ["order", "place", "old", "new", "what", "code", "on"];

fn wanted(review: &Review<'_>) -> bool {
    !review.accepted.is_empty()
}

fn fill(page: &mut Page, ctx: &Ctx<'_>, _: &mut Board) {
    page.set_widths(&[6.0, 26.0, 34.0, 34.0, 22.0, 26.0, 12.0]);
    ctx.heading(page, COLUMNS);
    page.line(Role::Note, COLUMNS, ctx.word("how"));
    page.skip(1);
    let header = page.next_row();
    page.row(Role::Header, ctx.words(HEADERS));
    page.freeze = Some(CellRef::new(header + 1, 0));
    page.repeat_rows = Some((header, header));
    for (order, one) in ctx.review.accepted.iter().enumerate() {
        let title = crate::review::codes().find(|code| code.name == one.code);
        let wrapped = |text: &str| PageCell::from(text).shaped(Shape::Wrapped);
        page.row(Role::Body, [
            PageCell::from(order as f64 + 1.0).shaped(Shape::Integer),
            link(&one.at.to_string(), Some(&one.at)),
            wrapped(&one.old),
            wrapped(&one.new),
            wrapped(&title.map(|code| code.wording(ctx.lang).title).unwrap_or_default()),
            one.code.as_str().into(),
            one.on.as_str().into(),
        ]);
    }
}

/// The tab's name in every language.
pub fn titles() -> Vec<String> {
    LANGUAGES.iter().map(|lang| words_of(SHEET.text, *lang).get("title")).collect()
}

/// What a sheet of an earlier run records.
pub fn read(sheet: &workbook::Sheet) -> Vec<Accepted> {
    let Some((header, columns)) = header_of(sheet, SHEET.text, HEADERS) else { return Vec::new() };
    let text = |row: u32, column: usize| match sheet.content(CellRef::new(row, columns[column])) {
        Content::Serial(_) => String::new(),
        content => content.to_text(),
    };
    let rows = (header + 1..).map_while(|row| {
        let (place, code) = (text(row, 1), text(row, 5));
        let (name, cell) = place.rsplit_once('!')?;
        let at = Place::new(name, CellRef::parse(cell)?);
        Some(Accepted { at, old: text(row, 2), new: text(row, 3), code, on: text(row, 6) })
    });
    rows.collect()
}
