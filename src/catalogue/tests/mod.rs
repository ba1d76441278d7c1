//! What reading does, shown on the smallest workbooks that show it.
#![allow(clippy::unwrap_used)]

mod conservation;
mod crosstabs;
mod distorted;
mod filled;
mod hand_made;
mod headers;
mod shapes;
mod units;
mod values;

use super::Catalogue;
use super::decode::{ReadPolicy, decode};
use super::record::{Record, Records};
use crate::cell::{Area, CellRef, Content};
use crate::diagnostic::{Finding, Severity, Sink};
use crate::locale::Lang;
use crate::workbook::{Cell, Sheet, Shown, Workbook};

/// A cell from a short notation: numbers are numbers, `d:` a date, `%:` a number shown as a
/// percentage, `=` a formula with its result behind `→`, `'` text, anything else text.
pub(super) fn cell(text: &str) -> Cell {
    let number = |text: &str| text.parse::<f64>().ok().filter(|n| n.is_finite());
    let day = |text: &str| chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    if let Some(day) = text.strip_prefix("d:").and_then(day) {
        let serial = (day - chrono::NaiveDate::from_ymd_opt(1899, 12, 30).unwrap()).num_days();
        return Cell { content: Content::Serial(serial as f64), formula: None, shown: Shown::Date };
    }
    if let Some(rate) = text.strip_prefix("%:").and_then(number) {
        return Cell { content: Content::Number(rate), formula: None, shown: Shown::Percent };
    }
    if let Some(formula) = text.strip_prefix('=') {
        let (formula, result) = formula.split_once('→').unwrap_or((formula, ""));
        return Cell { formula: Some(formula.to_owned()), ..cell(result) };
    }
    let content = match number(text) {
        Some(n) => Content::Number(n),
        None if text.starts_with('#') && (text.ends_with('!') || text.ends_with('?')) => {
            Content::Error(text.to_owned())
        }
        None if text.is_empty() => Content::Blank,
        None => Content::Text(text.strip_prefix('\'').unwrap_or(text).to_owned()),
    };
    Cell { content, formula: None, shown: Shown::General }
}

/// A sheet from rows of cells parted by `|`.
pub(super) fn sheet(name: &str, rows: &[&str]) -> Sheet {
    grid(
        name,
        &rows.iter().map(|row| row.split('|').map(|it| it.trim().to_owned()).collect()).collect::<Vec<_>>(),
    )
}

/// A sheet from a grid of texts.
pub(super) fn grid(name: &str, rows: &[Vec<String>]) -> Sheet {
    let mut sheet = Sheet::new(name);
    for (row, cells) in rows.iter().enumerate() {
        for (col, text) in cells.iter().enumerate() {
            let cell = cell(text);
            if cell.formula.is_some() || !cell.content.is_blank() {
                sheet.cells.insert(CellRef::new(row as u32, col as u32), cell);
            }
        }
    }
    sheet
}

pub(super) fn merged(mut sheet: Sheet, areas: &[&str]) -> Sheet {
    sheet.merges = areas.iter().map(|area| Area::parse(area).unwrap()).collect();
    sheet
}

pub(super) fn workbook(sheets: Vec<Sheet>) -> Workbook {
    Workbook { sheets, ..Workbook::default() }
}

/// Reads with the shipped catalogue.
pub(super) fn read(sheets: Vec<Sheet>) -> (Records, Vec<Finding>) {
    read_workbook(&workbook(sheets))
}

pub(super) fn read_workbook(workbook: &Workbook) -> (Records, Vec<Finding>) {
    let mut sink = Sink::default();
    let records = decode(Catalogue::shipped(), workbook, &ReadPolicy::default(), &mut sink);
    (records, sink.findings)
}

/// `code@cell` of every finding, notes only where asked.
pub(super) fn said(findings: &[Finding], least: Severity) -> Vec<String> {
    findings
        .iter()
        .filter(|finding| finding.severity >= least)
        .map(|finding| match &finding.at {
            Some(place) => format!("{}@{}", finding.code.name, place.cell),
            None => finding.code.name.to_owned(),
        })
        .collect()
}

pub(super) fn trouble(findings: &[Finding]) -> Vec<String> {
    findings
        .iter()
        .filter(|finding| finding.severity > Severity::Note)
        .map(|finding| {
            format!(
                "{} {:?} {}",
                finding.code.name,
                finding.at.as_ref().map(|it| it.to_string()),
                finding.message(Lang::Zh)
            )
        })
        .collect()
}

pub(super) fn rows<'r>(records: &'r Records, table: &str) -> &'r [Record] {
    records.tables.get(table).map_or(&[], |table| &table.rows)
}

/// A field as text for comparing: the value, or which nothing, without its place.
pub(super) fn value(record: &Record, column: &str) -> String {
    let field = &record.fields[column];
    match (&field.value, &field.nothing) {
        (Some(value), _) => format!("{value:?}"),
        (None, Some(nothing)) => format!("{nothing:?}"),
        (None, None) => "absent".to_owned(),
    }
}
