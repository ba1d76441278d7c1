//! Who the workbook is and where its tables are, carried so that it survives
//! renames, translations and other programs: a very hidden sheet, names that
//! are constants, and names that follow the headers of each table and column.
//!
//! The custom document properties, the third carrier, are set with the others.

use rust_xlsxwriter::{Workbook, XlsxError};

use super::site::{CONTENT, FIRST, HEADER, quoted};
use super::{Blank, live};
use crate::catalogue::Layout;
use crate::catalogue::locate::{COLUMN_NAME, TABLE_NAME};
use crate::cell::{Area, CellRef};

/// The very hidden sheet.
pub(super) const SHEET: &str = "_fupan";
/// The column of its first list; key and value stand before.
const LISTS: u32 = 3;

/// The defined name of a list of choices.
pub(super) fn list_name(list: &str) -> String {
    format!("_fupan.list.{}", list.replace('-', "_"))
}

/// Adds the hidden sheet and every defined name.
pub(super) fn write(blank: &Blank, workbook: &mut Workbook) -> Result<(), XlsxError> {
    let identity = blank.identity;
    let mut facts = identity.facts();
    facts.insert(2, ("lang", blank.lang.tag().to_owned()));

    let sheet = workbook.add_worksheet();
    sheet.set_name(SHEET)?.set_very_hidden(true);
    for (row, (key, value)) in (0u32..).zip(&facts) {
        sheet.write_string(row, 0, format!("fupan.{key}"))?.write_string(row, 1, value)?;
    }
    let mut names = Vec::new();
    for (column, (list, choices)) in (LISTS..).zip(&blank.catalogue.choices) {
        sheet.write_string(0, column as u16, list)?;
        for (row, choice) in (1u32..).zip(choices) {
            sheet.write_string(row, column as u16, choice.label.get(blank.lang))?;
        }
        let cells = Area::new(CellRef::new(1, column), CellRef::new(choices.len().max(1) as u32, column));
        names.push((list_name(list), format!("={SHEET}!{}", super::site::absolute(cells))));
    }

    for (key, value) in &facts {
        names.push((format!("_fupan.{key}"), format!("={}", quoted(value))));
    }
    for site in blank.sites.iter() {
        let last = match site.table.layout {
            Layout::Form => CONTENT + 1,
            Layout::List => site.table.columns.len() as u32 - 1,
        };
        let header = Area::new(CellRef::new(HEADER, 0), CellRef::new(HEADER, last));
        names.push((format!("{TABLE_NAME}{}", site.table.id), format!("={}", site.on_sheet(header))));
        for (at, column) in (0u32..).zip(&site.table.columns) {
            let header = match site.table.layout {
                Layout::Form => CellRef::new(FIRST + at, 0),
                Layout::List => CellRef::new(HEADER, at),
            };
            let name = format!("{COLUMN_NAME}{}.{}", site.table.id, column.id);
            names.push((name, format!("={}", site.on_sheet(Area::new(header, header)))));
        }
    }
    for (name, meaning) in &live::names(blank) {
        names.push((name.clone(), format!("={meaning}")));
    }
    for (name, formula) in &names {
        workbook.define_name(name, formula)?;
    }
    Ok(())
}
