//! `.xls` and `.xlsb`, read by calamine; what it does not tell comes from passes of our own.
//!
//! Formulas are not carried over: calamine's text of them swaps `>` and `>=`,
//! moves references to other sheets and takes other workbooks' for own ones,
//! and Excel would compute what it says. Their stored results are right.

use std::collections::{BTreeMap, HashMap};
use std::io::Cursor;

use calamine::{Data, Dimensions, Range, Reader, SheetType, SheetVisible, Xls, XlsError, Xlsb};
use indexmap::IndexMap;

use super::Room;
use super::old;
use super::records::{self, Asides};
use crate::cell::{Area, CellRef, Content, MAX_COLUMNS, MAX_ROWS};
use crate::workbook::{Cell, Sheet, Shown, Visibility, Workbook};
use crate::xlsx::dates;
use crate::xlsx::guard::{Limits, Refusal};

/// The record of who last wrote, as LibreOffice fills it in.
const WRITTEN_BY_CALC: &[u8] = b"\x5c\x00\x70\x00\x04\x00\x00Calc ";

/// An Excel 97–2003 workbook.
pub(super) fn xls(bytes: &[u8], limits: &Limits) -> Result<Workbook, Refusal> {
    let old::Pass { file, shown } = old::pass(bytes);
    let mut excel = Xls::new(Cursor::new(&*file)).map_err(|error| match error {
        XlsError::Password => Refusal::Encrypted,
        error => Refusal::damaged(error.to_string()),
    })?;
    let epoch_1904 = excel.has_1904_epoch();
    let by_calc = memchr::memmem::find(bytes, WRITTEN_BY_CALC).is_some();
    // The pass counts every sheet, charts and macros as well.
    let places: Vec<String> = excel.sheets_metadata().iter().map(|sheet| sheet.name.clone()).collect();
    let names = sheet_names(excel.sheets_metadata());
    let mut room = Room::new(limits);
    let mut workbook = Workbook::default();
    for (name, visible) in &names {
        let range = excel.worksheet_range(name).map_err(|error| Refusal::damaged(error.to_string()))?;
        let mut sheet = Sheet::new(name.as_str());
        sheet.visible = *visible;
        dense(&range, epoch_1904, &mut sheet, &mut room)?;
        if by_calc && let Ok(formulas) = excel.worksheet_formula(name) {
            drop_false_zeros(&formulas, &mut sheet);
        }
        if let Some(shown) = places.iter().position(|place| place == name).and_then(|at| shown.get(at)) {
            show(shown, &mut sheet);
        }
        sheet.merges =
            excel.merge_cells_by_sheet_name(name).unwrap_or_default().iter().filter_map(area).collect();
        workbook.sheets.push(sheet);
    }
    workbook.names = own_names(excel.defined_names());
    drop_generated(excel.defined_names(), &mut workbook);
    if let Ok(properties) = excel.workbook_properties() {
        workbook.properties = own_properties(&properties);
    }
    Ok(workbook)
}

/// A binary workbook of 2007 and later.
pub(super) fn xlsb(bytes: &[u8], limits: &Limits) -> Result<Workbook, Refusal> {
    let broken = |error: calamine::XlsbError| Refusal::damaged(error.to_string());
    let records::Pass { file, others, mut asides } = records::pass(bytes, limits)?;
    let mut excel = Xlsb::new(Cursor::new(&*file)).map_err(broken)?;
    let epoch_1904 = excel.has_1904_epoch();
    let mut names = sheet_names(excel.sheets_metadata());
    names.retain(|(name, _)| !others.contains(name));
    let mut room = Room::new(limits);
    let mut workbook = Workbook::default();
    for (name, visible) in &names {
        let mut sheet = Sheet::new(name.as_str());
        sheet.visible = *visible;
        let mut cells = excel.worksheet_cells_reader(name).map_err(broken)?;
        while let Some(cell) = cells.next_cell().map_err(broken)? {
            let (row, col) = cell.get_position();
            let value = Data::from(cell.get_value().clone());
            put(CellRef::new(row, col), content(&value, epoch_1904), &mut sheet, &mut room)?;
        }
        drop(cells);
        let Asides { shown, errors } = asides.remove(name).unwrap_or_default();
        for (at, code) in errors {
            put(at, Content::Error(code.into()), &mut sheet, &mut room)?;
        }
        show(&shown, &mut sheet);
        workbook.sheets.push(sheet);
    }
    workbook.names = own_names(excel.defined_names());
    drop_generated(excel.defined_names(), &mut workbook);
    if let Ok(properties) = excel.workbook_properties() {
        workbook.properties = own_properties(&properties);
    }
    Ok(workbook)
}

/// Notes what the formats of the numbers of a sheet show.
fn show(shown: &HashMap<CellRef, Shown>, sheet: &mut Sheet) {
    for (at, shown) in shown {
        if let Some(cell) = sheet.cells.get_mut(at)
            && let Content::Number(_) = cell.content
        {
            cell.shown = *shown;
        }
    }
}

/// Names of the worksheets and who sees them.
fn sheet_names(sheets: &[calamine::Sheet]) -> Vec<(String, Visibility)> {
    let worksheets = sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    worksheets
        .map(|sheet| {
            let visible = match sheet.visible {
                SheetVisible::Visible => Visibility::Visible,
                SheetVisible::Hidden => Visibility::Hidden,
                SheetVisible::VeryHidden => Visibility::VeryHidden,
            };
            (sheet.name.clone(), visible)
        })
        .collect()
}

/// The cells of a range that hold something.
fn dense(range: &Range<Data>, epoch_1904: bool, sheet: &mut Sheet, room: &mut Room) -> Result<(), Refusal> {
    let Some((first_row, first_col)) = range.start() else { return Ok(()) };
    for (row, col, value) in range.used_cells() {
        let at = CellRef::new(first_row + row as u32, first_col + col as u32);
        put(at, content(value, epoch_1904), sheet, room)?;
    }
    Ok(())
}

fn put(at: CellRef, content: Content, sheet: &mut Sheet, room: &mut Room) -> Result<(), Refusal> {
    if content == Content::Blank {
        return Ok(());
    }
    if at.row >= MAX_ROWS || at.col >= MAX_COLUMNS {
        let cell = format!("{}/{}", at.row, at.col);
        return Err(Refusal::BadCell { sheet: sheet.name.to_string(), cell, detail: "off the grid".into() });
    }
    room.take(if let Content::Text(text) = &content { text } else { "" })?;
    let shown = if let Content::Serial(_) = content { Shown::Date } else { Shown::General };
    sheet.cells.insert(at, Cell { content, formula: None, shown });
    Ok(())
}

fn content(value: &Data, epoch_1904: bool) -> Content {
    match value {
        Data::Empty => Content::Blank,
        Data::Int(number) => Content::Number(*number as f64),
        Data::Float(number) if number.is_finite() => Content::Number(*number),
        Data::Float(number) => Content::Text(number.to_string()),
        Data::String(text) if text.is_empty() => Content::Blank,
        Data::String(text) => Content::Text(text.clone()),
        Data::Bool(yes) => Content::Bool(*yes),
        Data::DateTime(date) if date.as_f64().is_finite() => Content::Serial(dates::serial(date, epoch_1904)),
        Data::DateTime(date) => Content::Text(date.as_f64().to_string()),
        Data::DateTimeIso(text) | Data::DurationIso(text) => {
            dates::from_iso(text).map_or_else(|| Content::Text(text.clone()), Content::Serial)
        }
        Data::Error(error) => Content::Error(error.to_string()),
    }
}

/// LibreOffice stores 0 where a formula of numbers gave an empty text. Blank is not zero: such a cell is blank.
fn drop_false_zeros(formulas: &Range<String>, sheet: &mut Sheet) {
    let Some((first_row, first_col)) = formulas.start() else { return };
    for (row, col, formula) in formulas.used_cells() {
        let at = CellRef::new(first_row + row as u32, first_col + col as u32);
        let zero = sheet.cells.get(&at).is_some_and(|cell| cell.content == Content::Number(0.0));
        // A formula calamine has no words for may hold one as well.
        if zero && (formula.contains("\"\"") || formula.starts_with("Unrecognised formula")) {
            sheet.cells.remove(&at);
        }
    }
}

fn area(merge: &Dimensions) -> Option<Area> {
    let (first, last) = (CellRef::new(merge.start.0, merge.start.1), CellRef::new(merge.end.0, merge.end.1));
    let sound =
        first.row <= last.row && first.col <= last.col && last.row < MAX_ROWS && last.col < MAX_COLUMNS;
    sound.then_some(Area::new(first, last))
}

/// The defined names that say whose workbook it is. Others may refer to what was not carried over.
pub(super) fn own_names(names: &[(String, String)]) -> IndexMap<String, String> {
    let own = names.iter().filter_map(|(name, meaning)| {
        let meaning = meaning.strip_prefix("of:").unwrap_or(meaning);
        let meaning = meaning.strip_prefix('=').unwrap_or(meaning);
        let constant = meaning.len() > 1 && meaning.starts_with('"') && meaning.ends_with('"');
        // The list of the names an earlier run brought says nothing any more: they are not carried over.
        let carried = name.starts_with("_fupan.") && name != "_fupan.names";
        (carried && constant).then(|| (name.clone(), meaning.to_owned()))
    });
    own.collect()
}

/// The sheets an earlier run added, by the hidden names that refer to them. Another program has saved them
/// since; what they say was ours and is made anew.
pub(super) fn drop_generated(names: &[(String, String)], workbook: &mut Workbook) {
    let added: Vec<String> = names
        .iter()
        .filter(|(name, _)| name.to_lowercase().starts_with("_fupan.gen."))
        .filter_map(|(_, meaning)| {
            let sheet = meaning.rsplit_once(['!', '.'])?.0.trim_start_matches(['=', '$']);
            let inside = sheet.strip_prefix('\'').and_then(|sheet| sheet.strip_suffix('\''));
            Some(inside.map_or_else(|| sheet.to_owned(), |sheet| sheet.replace("''", "'")))
        })
        .collect();
    workbook.sheets.retain(|sheet| !added.iter().any(|name| **name == *sheet.name));
}

/// The custom properties that say whose workbook it is.
fn own_properties(properties: &calamine::WorkbookProperties) -> IndexMap<String, String> {
    let all: BTreeMap<&String, &String> = properties.custom_properties.iter().collect();
    let own = all.into_iter().filter(|(name, _)| name.starts_with("fupan."));
    own.map(|(name, value)| (name.clone(), value.clone())).collect()
}
