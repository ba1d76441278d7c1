//! `.ods`: values by calamine, and by a pass of our own what it does not tell:
//! which numbers are percentages, and what is merged.
//!
//! Our pass comes first, because calamine never ends on a document cut off
//! inside a table.

use std::io::Cursor;

use calamine::{Ods, OdsError, Reader};

use super::Room;
use super::binary::{add_formulas, dense, drop_generated, own_names, own_properties, sheet_names};
use super::formula::from_open_document;
use crate::cell::{Area, CellRef, Content, MAX_COLUMNS, MAX_ROWS};
use crate::workbook::{Sheet, Shown, Workbook};
use crate::xlsx::guard::{Limits, Measure, Refusal, package};
use crate::xlsx::sniff::Kind;
use crate::xlsx::xml::{Tag, Token, Tokens};

const CONTENT: &str = "content.xml";

/// An OpenDocument spreadsheet.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, Refusal> {
    let text = package(bytes, Kind::Ods, limits)?.part(CONTENT)?;
    let text = text.ok_or_else(|| Refusal::damaged("no content.xml"))?;
    let marks = marks(&text, limits)?;
    drop(text);
    let mut ods = Ods::new(Cursor::new(bytes)).map_err(|error| match error {
        OdsError::Password => Refusal::Encrypted,
        error => Refusal::damaged(error.to_string()),
    })?;
    let names = sheet_names(ods.sheets_metadata());
    let mut room = Room::new(limits);
    let mut workbook = Workbook::default();
    for (n, (name, visible)) in names.iter().enumerate() {
        let mut sheet = Sheet::new(name.as_str());
        sheet.visible = *visible;
        let range = ods.worksheet_range(name).map_err(|error| Refusal::damaged(error.to_string()))?;
        dense(&range, false, &mut sheet, &mut room)?;
        if let Ok(mut formulas) = ods.worksheet_formula(name) {
            let written: Vec<((u32, u32), String)> = formulas
                .used_cells()
                .filter_map(|(row, col, formula)| {
                    Some(((row as u32, col as u32), from_open_document(formula)?))
                })
                .collect();
            let (row, col) = formulas.start().unwrap_or_default();
            for ((down, right), formula) in written {
                formulas.set_value((row + down, col + right), formula);
            }
            add_formulas(&formulas, &names, &mut sheet);
        }
        if let Some(marks) = marks.get(n) {
            for at in &marks.percent {
                if let Some(cell) = sheet.cells.get_mut(at)
                    && let Content::Number(_) = cell.content
                {
                    cell.shown = Shown::Percent;
                }
            }
            sheet.merges = marks.merges.clone();
        }
        workbook.sheets.push(sheet);
    }
    workbook.names = own_names(ods.defined_names());
    drop_generated(ods.defined_names(), &mut workbook);
    if let Ok(properties) = ods.workbook_properties() {
        workbook.properties = own_properties(&properties);
    }
    Ok(workbook)
}

/// What calamine does not tell of a table.
#[derive(Debug, Default, PartialEq)]
struct Marks {
    percent: Vec<CellRef>,
    merges: Vec<Area>,
}

/// Goes over the tables of a document once; where it is cut off or hostile, it is refused.
fn marks(text: &str, limits: &Limits) -> Result<Vec<Marks>, Refusal> {
    let mut tables: Vec<Marks> = Vec::new();
    let mut tokens = Tokens::new(text);
    let (mut row, mut col, mut next_row) = (0u64, 0u64, 0u64);
    // Which of the open elements are tables, and how many of them.
    let (mut open, mut depth) = (Vec::new(), 0usize);
    let mut cells = 0u64;
    while let Some(token) = tokens.next().map_err(|fault| Refusal::xml(CONTENT, fault))? {
        match token {
            Token::Open(tag) => {
                let is_table = tag.name == "table:table";
                if !tag.empty {
                    open.push(is_table);
                }
                match tag.local() {
                    "table" if is_table => {
                        if depth == 0 {
                            (row, col, next_row) = (0, 0, 0);
                            tables.push(Marks::default());
                        }
                        depth += usize::from(!tag.empty);
                    }
                    "table-row" if depth == 1 => {
                        row = next_row;
                        next_row = row.saturating_add(repeated(&tag, "number-rows-repeated"));
                        col = 0;
                    }
                    "table-cell" | "covered-table-cell" if depth == 1 => {
                        let times = repeated(&tag, "number-columns-repeated");
                        let holds = tag.attribute("value-type").is_some();
                        if holds {
                            // A cell that holds something, repeated, is as many cells.
                            let rows = next_row.saturating_sub(row);
                            cells = cells.saturating_add(times.saturating_mul(rows));
                            if cells > limits.cells {
                                let (measure, limit) = (Measure::Cells, limits.cells);
                                return Err(Refusal::TooLarge { measure, found: cells, limit });
                            }
                        }
                        if let Some(table) = tables.last_mut() {
                            mark(&tag, (row, next_row), (col, col.saturating_add(times)), table);
                        }
                        col = col.saturating_add(times);
                    }
                    _ => {}
                }
            }
            Token::Close => depth -= usize::from(open.pop() == Some(true)),
            _ => {}
        }
    }
    Ok(tables)
}

fn mark(tag: &Tag<'_>, rows: (u64, u64), columns: (u64, u64), table: &mut Marks) {
    if rows.1 > u64::from(MAX_ROWS) || columns.1 > u64::from(MAX_COLUMNS) {
        return;
    }
    if tag.attribute("value-type").as_deref() == Some("percentage") {
        for row in rows.0..rows.1 {
            table.percent.extend((columns.0..columns.1).map(|col| CellRef::new(row as u32, col as u32)));
        }
    }
    let down = repeated(tag, "number-rows-spanned");
    let right = repeated(tag, "number-columns-spanned");
    let (last_row, last_col) = (rows.0.saturating_add(down) - 1, columns.0.saturating_add(right) - 1);
    if (down > 1 || right > 1) && last_row < u64::from(MAX_ROWS) && last_col < u64::from(MAX_COLUMNS) {
        let first = CellRef::new(rows.0 as u32, columns.0 as u32);
        table.merges.push(Area::new(first, CellRef::new(last_row as u32, last_col as u32)));
    }
}

fn repeated(tag: &Tag<'_>, name: &str) -> u64 {
    tag.attribute(name).and_then(|times| times.trim().parse().ok()).unwrap_or(1).max(1)
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

    #[test]
    fn percentages_and_merges_stand_where_repetition_puts_them() {
        let text = table(
            "<table:table-row table:number-rows-repeated=\"3\"><table:table-cell/></table:table-row>\
             <table:table-row><table:table-cell table:number-columns-repeated=\"2\"/>\
             <table:table-cell office:value-type=\"percentage\" office:value=\"0.5\" table:number-columns-repeated=\"2\"/>\
             <table:table-cell table:number-columns-spanned=\"2\" table:number-rows-spanned=\"3\"/></table:table-row>",
        );
        let found = marks(&text, &Limits::default()).unwrap();
        assert_eq!(found[0].percent, [CellRef::new(3, 2), CellRef::new(3, 3)]);
        assert_eq!(found[0].merges, [Area::parse("E4:F6").unwrap()]);
    }

    #[test]
    fn what_never_ends_for_others_is_refused_at_once() {
        for text in [
            "<office:document-content><table:table>",
            "<office:document-content><table:table><table:table-row>",
            "<!DOCTYPE x><office:document-content/>",
        ] {
            assert!(marks(text, &Limits::default()).is_err(), "{text}");
        }
    }

    #[test]
    fn a_cell_repeated_without_end_is_too_many_cells() {
        let text = table(
            "<table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell office:value-type=\"float\" \
             office:value=\"1\" table:number-columns-repeated=\"16384\"/></table:table-row>",
        );
        assert!(matches!(marks(&text, &Limits::default()), Err(Refusal::TooLarge { .. })));
    }
}
