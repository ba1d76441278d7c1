//! `.ods`, read in one pass of our own over `content.xml`.
//!
//! Repetition puts a cell in many places, blank space between elements means
//! nothing, and what a cell shows decides where its stored value cannot be
//! believed: OpenOffice writes 0 where a formula gave an error.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::Room;
use super::binary::{drop_generated, own_names};
use super::formula::{from_open_document, portable};
use crate::cell::{Area, CellRef, Content, MAX_COLUMNS, MAX_ROWS};
use crate::workbook::{Cell, Sheet, Shown, Visibility, Workbook};
use crate::xlsx::dates;
use crate::xlsx::guard::{Limits, Measure, Package, Refusal, package};
use crate::xlsx::sniff::Kind;
use crate::xlsx::xml::{Tag, Token, Tokens, unescape};

const CONTENT: &str = "content.xml";
const META: &str = "meta.xml";
const MANIFEST: &str = "META-INF/manifest.xml";

/// An OpenDocument spreadsheet.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, Refusal> {
    let package = package(bytes, Kind::Ods, limits)?;
    if package.part(MANIFEST)?.is_some_and(|manifest| manifest.contains(":encryption-data")) {
        return Err(Refusal::Encrypted);
    }
    let text = package.part(CONTENT)?;
    let text = text.ok_or_else(|| Refusal::damaged("no content.xml"))?;
    let (mut workbook, names) = document(&text, limits)?;
    drop(text);
    carry_formulas(&mut workbook);
    workbook.names = own_names(&names);
    drop_generated(&names, &mut workbook);
    workbook.properties = properties(&package)?;
    Ok(workbook)
}

/// Names and what they stand for, as written.
type Names = Vec<(String, String)>;

/// The tables of a document and its defined names; where it is cut off or hostile, it is refused.
fn document(text: &str, limits: &Limits) -> Result<(Workbook, Names), Refusal> {
    let mut pass = Pass {
        tokens: Tokens::new(text),
        room: Room::new(limits),
        limits,
        workbook: Workbook::default(),
        names: Vec::new(),
        hidden: BTreeSet::new(),
        style: None,
        caches: BTreeSet::new(),
    };
    while let Some(token) = pass.next()? {
        let Token::Open(tag) = token else { continue };
        let attribute = |name: &str| tag.attribute(name).map(Into::into);
        match tag.local() {
            "style" => pass.style = attribute("name"),
            "table-properties" if tag.attribute("display").as_deref() == Some("false") => {
                pass.hidden.extend(pass.style.take());
            }
            // A table without a name is no sheet: what a link to another program last brought.
            "table" if tag.name == "table:table" => match tag.attribute("name") {
                Some(name) => pass.table(&tag, &name)?,
                None => pass.skip(&tag)?,
            },
            "named-expression" | "named-range" => {
                let meaning = attribute("expression").or_else(|| attribute("cell-range-address"));
                if let (Some(name), Some(meaning)) = (attribute("name"), meaning) {
                    pass.names.push((name, meaning));
                }
            }
            _ => {}
        }
    }
    let Pass { mut workbook, names, caches, .. } = pass;
    let mut nth = 0..;
    workbook.sheets.retain(|_| nth.next().is_some_and(|nth: usize| !caches.contains(&nth)));
    Ok((workbook, names))
}

/// The one walk over a document.
struct Pass<'a> {
    tokens: Tokens<'a>,
    room: Room,
    limits: &'a Limits,
    workbook: Workbook,
    names: Names,
    /// Names of the styles whose tables nobody sees.
    hidden: BTreeSet<String>,
    /// The style being declared.
    style: Option<String>,
    /// Which sheets are what another document last said.
    caches: BTreeSet<usize>,
}

/// The rows and columns a cell stands in, by repetition: first, and behind the last.
#[derive(Clone, Copy)]
struct Span {
    rows: (u64, u64),
    columns: (u64, u64),
}

impl Span {
    fn count(&self) -> u64 {
        (self.rows.1 - self.rows.0).saturating_mul(self.columns.1 - self.columns.0)
    }

    /// What of it lies on the grid.
    fn places(&self) -> impl Iterator<Item = CellRef> + use<> {
        let (rows, columns) = (self.rows, self.columns);
        let last = |end: u64, most: u32| end.min(u64::from(most));
        (rows.0..last(rows.1, MAX_ROWS)).flat_map(move |row| {
            (columns.0..last(columns.1, MAX_COLUMNS)).map(move |col| CellRef::new(row as u32, col as u32))
        })
    }
}

impl<'a> Pass<'a> {
    fn next(&mut self) -> Result<Option<Token<'a>>, Refusal> {
        self.tokens.next().map_err(|fault| Refusal::xml(CONTENT, fault))
    }

    fn skip(&mut self, tag: &Tag<'_>) -> Result<(), Refusal> {
        self.tokens.skip(tag).map_err(|fault| Refusal::xml(CONTENT, fault))
    }

    fn table(&mut self, tag: &Tag<'_>, name: &str) -> Result<(), Refusal> {
        let mut sheet = Sheet::new(name);
        let style = tag.attribute("style-name");
        if style.is_some_and(|style| self.hidden.contains(&*style)) {
            sheet.visible = Visibility::Hidden;
        }
        let outside = self.tokens.depth() - usize::from(!tag.empty);
        let (mut next_row, mut rows, mut next_col) = (0u64, (0, 0), 0u64);
        while self.tokens.depth() > outside {
            let Some(token) = self.next()? else { break };
            let Token::Open(tag) = token else { continue };
            match tag.local() {
                // A table of another document, kept for when that one is not there.
                "table-source" => drop(self.caches.insert(self.workbook.sheets.len())),
                "table" | "shapes" | "annotation" => self.skip(&tag)?,
                "table-row" => {
                    rows = (next_row, next_row.saturating_add(repeated(&tag, "number-rows-repeated")));
                    (next_row, next_col) = (rows.1, 0);
                }
                "table-cell" | "covered-table-cell" => {
                    let times = repeated(&tag, "number-columns-repeated");
                    let columns = (next_col, next_col.saturating_add(times));
                    next_col = columns.1;
                    self.cell(&tag, Span { rows, columns }, &mut sheet)?;
                }
                _ => {}
            }
        }
        self.workbook.sheets.push(sheet);
        Ok(())
    }

    fn cell(&mut self, tag: &Tag<'_>, span: Span, sheet: &mut Sheet) -> Result<(), Refusal> {
        sheet.merges.extend(merged(tag, span));
        let text = self.paragraphs(tag)?;
        let formula = tag.attribute("formula");
        let Some((content, shown)) = meaning(tag, text, formula.is_some()) else { return Ok(()) };
        // A cell that holds something, repeated, is as many cells.
        let found = self.room.cells.saturating_add(span.count());
        if found > self.limits.cells {
            return Err(Refusal::TooLarge { measure: Measure::Cells, found, limit: self.limits.cells });
        }
        // Repeated, a formula would have to move with its cell.
        let formula = formula.filter(|_| span.count() == 1).and_then(|formula| from_open_document(&formula));
        for at in span.places() {
            self.room.take(if let Content::Text(text) = &content { text } else { "" })?;
            let cell = Cell { content: content.clone(), formula: formula.clone(), shown };
            sheet.cells.insert(at, cell);
        }
        Ok(())
    }

    /// What a cell shows: its paragraphs, a line each.
    fn paragraphs(&mut self, cell: &Tag<'_>) -> Result<String, Refusal> {
        let mut shown = String::new();
        if cell.empty {
            return Ok(shown);
        }
        let outside = self.tokens.depth() - 1;
        // How deep the open paragraph stands, and whether one came before it.
        let (mut paragraph, mut before) = (None, false);
        while self.tokens.depth() > outside {
            let Some(token) = self.next()? else { break };
            match token {
                Token::Open(tag) => match tag.local() {
                    "annotation" | "frame" | "table" | "ruby-text" | "shapes" => self.skip(&tag)?,
                    "p" | "h" if paragraph.is_none() => {
                        if before {
                            shown.push('\n');
                        }
                        before = true;
                        paragraph = (!tag.empty).then(|| self.tokens.depth());
                    }
                    "s" => {
                        let most = u64::from(u16::MAX);
                        shown.extend((0..repeated(&tag, "c").min(most)).map(|_| ' '));
                    }
                    "tab" => shown.push('\t'),
                    "line-break" => shown.push('\n'),
                    _ => {}
                },
                Token::Text(text) if paragraph.is_some() => collapse(&unescape(text), &mut shown),
                Token::CData(text) if paragraph.is_some() => collapse(text, &mut shown),
                Token::Close if paragraph.is_some_and(|depth| self.tokens.depth() < depth) => {
                    paragraph = None
                }
                _ => {}
            }
        }
        Ok(shown)
    }
}

/// Adds a text, runs of blank space counting as one blank, and as none at the beginning of a line.
fn collapse(text: &str, shown: &mut String) {
    for c in text.chars() {
        let blank = matches!(c, ' ' | '\t' | '\r' | '\n');
        if !blank {
            shown.push(c);
        } else if !shown.is_empty() && !shown.ends_with([' ', '\n', '\t']) {
            shown.push(' ');
        }
    }
}

/// What a cell holds; `None` where that is nothing.
fn meaning(tag: &Tag<'_>, text: String, is_formula: bool) -> Option<(Content, Shown)> {
    let says_error = tag.attributes().any(|(key, value)| key == "calcext:value-type" && value == "error");
    let looks_like = (is_formula || says_error).then(|| error(&text)).flatten();
    if let Some(code) = looks_like.or(says_error.then_some("#VALUE!")) {
        return Some((Content::Error(code.into()), Shown::General));
    }
    let kind = tag.attributes().find(|(key, _)| key.ends_with("value-type") && !key.starts_with("calcext:"));
    let number = || tag.attribute("value").and_then(|value| value.trim().parse::<f64>().ok());
    let plain = |content| Some((content, Shown::General));
    match kind.map(|(_, kind)| kind) {
        Some("percentage") => number().map(|number| (Content::Number(number), Shown::Percent)),
        Some("float" | "currency") => match number() {
            Some(number) if number.is_finite() => plain(Content::Number(number)),
            _ => plain(Content::Text(text)),
        },
        Some("boolean") => {
            plain(Content::Bool(tag.attribute("boolean-value").is_some_and(|yes| yes.trim() == "true")))
        }
        Some(kind @ ("date" | "time")) => {
            let written = tag.attribute(if kind == "date" { "date-value" } else { "time-value" });
            let written = written.map_or_else(|| text.clone(), Into::into);
            match dates::from_iso(&written) {
                Some(serial) => Some((Content::Serial(serial), Shown::Date)),
                None => plain(Content::Text(if text.is_empty() { written } else { text })),
            }
        }
        // Without a type a cell may still show something.
        _ => {
            let stored = tag.attribute("string-value").map(String::from);
            let text = stored.filter(|stored| !stored.is_empty()).unwrap_or(text);
            (!text.is_empty()).then_some((Content::Text(text), Shown::General))
        }
    }
}

/// The error a cell shows, as Excel spells it.
fn error(shown: &str) -> Option<&'static str> {
    const CODES: [&str; 7] = ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"];
    let shown = shown.trim();
    if let Some(code) = CODES.into_iter().find(|code| *code == shown) {
        return Some(code);
    }
    let number: u32 = shown.strip_prefix("Err:")?.parse().ok()?;
    Some(match number {
        502 | 504..=519 => "#VALUE!",
        503 => "#NUM!",
        524 => "#REF!",
        525 => "#NAME?",
        532 => "#DIV/0!",
        _ => "#N/A",
    })
}

/// The rectangle a cell was merged with.
fn merged(tag: &Tag<'_>, span: Span) -> Option<Area> {
    let down = repeated(tag, "number-rows-spanned");
    let right = repeated(tag, "number-columns-spanned");
    let (row, col) = (span.rows.0, span.columns.0);
    let (last_row, last_col) = (row.saturating_add(down) - 1, col.saturating_add(right) - 1);
    let wanted =
        (down > 1 || right > 1) && last_row < u64::from(MAX_ROWS) && last_col < u64::from(MAX_COLUMNS);
    wanted.then(|| {
        Area::new(CellRef::new(row as u32, col as u32), CellRef::new(last_row as u32, last_col as u32))
    })
}

fn repeated(tag: &Tag<'_>, name: &str) -> u64 {
    tag.attribute(name).and_then(|times| times.trim().parse().ok()).unwrap_or(1).max(1)
}

/// Drops the formulas that mean something only here.
fn carry_formulas(workbook: &mut Workbook) {
    let names: Vec<String> = workbook.sheets.iter().map(|sheet| sheet.name.to_string()).collect();
    for cell in workbook.sheets.iter_mut().flat_map(|sheet| sheet.cells.values_mut()) {
        let known = &mut |name: &str| names.iter().any(|known| known == name);
        cell.formula = cell.formula.take().filter(|formula| portable(formula, known));
    }
}

/// The custom properties that say whose workbook it is.
fn properties(package: &Package<'_>) -> Result<IndexMap<String, String>, Refusal> {
    let mut properties = IndexMap::new();
    let Some(text) = package.part(META)? else { return Ok(properties) };
    let mut tokens = Tokens::new(&text);
    let broken = |fault| Refusal::xml(META, fault);
    while let Some(token) = tokens.next().map_err(broken)? {
        let Token::Open(tag) = token else { continue };
        if tag.local() == "user-defined"
            && let Some(name) = tag.attribute("name").filter(|name| name.starts_with("fupan."))
        {
            properties.insert(name.into_owned(), tokens.text(&tag).map_err(broken)?);
        }
    }
    properties.sort_keys();
    Ok(properties)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn table(inside: &str) -> String {
        format!(
            "<office:document-content><table:table table:name=\"a\">{inside}</table:table></office:document-content>"
        )
    }

    fn sheet(inside: &str) -> Sheet {
        document(&table(inside), &Limits::default()).unwrap().0.sheets.remove(0)
    }

    /// What one cell holds.
    fn cell(cell: &str) -> Content {
        let sheet = sheet(&format!("<table:table-row>{cell}</table:table-row>"));
        sheet.content(CellRef::new(0, 0)).clone()
    }

    #[test]
    fn percentages_and_merges_stand_where_repetition_puts_them() {
        let sheet = sheet(
            "<table:table-row table:number-rows-repeated=\"3\"><table:table-cell/></table:table-row>\
             <table:table-row>\n <table:table-cell table:number-columns-repeated=\"2\"/>\n \
             <table:table-cell office:value-type=\"percentage\" office:value=\"0.5\" table:number-columns-repeated=\"2\"/>\
             <table:table-cell table:number-columns-spanned=\"2\" table:number-rows-spanned=\"3\"/></table:table-row>",
        );
        let percent: Vec<CellRef> =
            sheet.cells.iter().filter(|(_, cell)| cell.shown == Shown::Percent).map(|(at, _)| *at).collect();
        assert_eq!(percent, [CellRef::new(3, 2), CellRef::new(3, 3)]);
        assert_eq!(sheet.merges, [Area::parse("E4:F6").unwrap()]);
    }

    #[test]
    fn a_cell_holds_what_its_type_and_its_text_say() {
        let text = |text: &str| Content::Text(text.into());
        for (written, content) in [
            (
                "<table:table-cell office:value-type=\"float\" office:value=\"12\"><text:p>12</text:p></table:table-cell>",
                Content::Number(12.0),
            ),
            (
                "<table:table-cell office:value-type=\"boolean\" office:boolean-value=\"true\"/>",
                Content::Bool(true),
            ),
            (
                "<table:table-cell office:value-type=\"date\" office:date-value=\"2024-12-01\"/>",
                Content::Serial(45_627.0),
            ),
            (
                "<table:table-cell office:value-type=\"time\" office:time-value=\"PT10H00M00S\"/>",
                Content::Serial(10.0 / 24.0),
            ),
            (
                "<table:table-cell office:value-type=\"time\" office:time-value=\"PT30H00M00S\"/>",
                Content::Serial(1.25),
            ),
            (
                "<table:table-cell office:value-type=\"string\"><office:annotation><text:p>批注</text:p></office:annotation>\
                 <text:p>微信<text:s text:c=\"2\"/><text:span>视 \n 频</text:span></text:p>\n<text:p>号</text:p></table:table-cell>",
                text("微信  视 频\n号"),
            ),
            (
                "<table:table-cell office:value-type=\"string\" office:string-value=\"甲&amp;乙\"><text:p>丙</text:p></table:table-cell>",
                text("甲&乙"),
            ),
            // OpenOffice, then LibreOffice: 0 and an empty text that are none.
            (
                "<table:table-cell table:formula=\"of:=1/0\" office:value-type=\"float\" office:value=\"0\"><text:p>#DIV/0!</text:p></table:table-cell>",
                Content::Error("#DIV/0!".into()),
            ),
            (
                "<table:table-cell table:formula=\"of:=A\" office:value-type=\"string\" office:string-value=\"\" calcext:value-type=\"error\"><text:p>Err:502</text:p></table:table-cell>",
                Content::Error("#VALUE!".into()),
            ),
            (
                "<table:table-cell table:formula=\"of:=#REF!\" calcext:value-type=\"error\"><text:p>#REF!</text:p></table:table-cell>",
                Content::Error("#REF!".into()),
            ),
            // Typed as text it is a text.
            (
                "<table:table-cell office:value-type=\"string\"><text:p>#REF!</text:p></table:table-cell>",
                text("#REF!"),
            ),
            ("<table:table-cell office:value-type=\"string\"><text:p/></table:table-cell>", Content::Blank),
        ] {
            assert_eq!(cell(written), content, "{written}");
        }
    }

    #[test]
    fn what_never_ends_for_others_is_refused_at_once() {
        for text in [
            "<office:document-content><table:table table:name=\"a\">",
            "<office:document-content><table:table table:name=\"a\"><table:table-row>",
            "<!DOCTYPE x><office:document-content/>",
        ] {
            assert!(document(text, &Limits::default()).is_err(), "{text}");
        }
    }

    #[test]
    fn a_cell_repeated_without_end_is_too_many_cells() {
        let text = table(
            "<table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell office:value-type=\"float\" \
             office:value=\"1\" table:number-columns-repeated=\"16384\"/></table:table-row>",
        );
        assert!(matches!(document(&text, &Limits::default()), Err(Refusal::TooLarge { .. })));
    }

    #[test]
    fn what_is_kept_of_another_document_is_no_sheet() {
        let text = "<office:document-content><table:table table:name=\"'file:///b.ods'#a\"><table:table-source/>\
            </table:table><table:table table:name=\"b\"/></office:document-content>";
        let (workbook, _) = document(text, &Limits::default()).unwrap();
        let names: Vec<&str> = workbook.sheets.iter().map(|sheet| &*sheet.name).collect();
        assert_eq!(names, ["b"]);
    }
}
