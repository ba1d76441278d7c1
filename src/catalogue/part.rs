//! What is read from one place of a sheet, and what there is to say of its columns, whatever shape the table has.

use std::collections::HashSet;
use std::sync::Arc;

use super::fields::{ColumnReader, Reader, Source};
use super::findings as says;
use super::record::{Record, Region};
use super::tally::Tally;
use super::{Column, Kind, Table};
use crate::cell::{Area, CellRef, Place, column_name};
use crate::diagnostic::{Arg, Finding, Severity};
use crate::expr::{Range, Values};
use crate::mark;
use crate::workbook::{Cell, Quirk, Sheet, Visibility, Workbook};

/// What was read from one place, before copies are weighed against each other.
pub struct Part {
    /// Where it was found.
    pub region: Region,
    /// Index of the sheet.
    pub sheet: usize,
    /// Its records.
    pub rows: Vec<Record>,
    /// Its total rows.
    pub totals: Vec<Record>,
    /// What there is to say about it, should it count.
    pub tally: Tally,
}

/// Cells the reader met something about.
pub(super) struct Quirks<'a> {
    without_result: HashSet<(&'a str, CellRef)>,
    pictures: HashSet<(&'a str, CellRef)>,
}

impl<'a> Quirks<'a> {
    pub(super) fn of(workbook: &'a Workbook) -> Quirks<'a> {
        let mut quirks = Quirks { without_result: HashSet::new(), pictures: HashSet::new() };
        for quirk in &workbook.quirks {
            match quirk {
                Quirk::NoStoredResult(sheet, at) => quirks.without_result.insert((&**sheet, *at)),
                Quirk::PictureCell(sheet, at) => quirks.pictures.insert((&**sheet, *at)),
                _ => continue,
            };
        }
        quirks
    }

    pub(super) fn source<'s>(&self, sheet: &Sheet, at: CellRef, cell: &'s Cell) -> Source<'s> {
        Source {
            at: Place::new(sheet.name.clone(), at),
            cell,
            without_result: self.without_result(sheet, at),
            picture: self.picture(sheet, at),
        }
    }

    /// Whether a formula stands at a cell that nobody calculated.
    pub(super) fn without_result(&self, sheet: &Sheet, at: CellRef) -> bool {
        self.without_result.contains(&(&*sheet.name, at))
    }

    /// Whether a picture stands in a cell.
    pub(super) fn picture(&self, sheet: &Sheet, at: CellRef) -> bool {
        self.pictures.contains(&(&*sheet.name, at))
    }
}

pub(super) fn missing(reader: &Reader, table: &Table, column: &ColumnReader, at: &Place) -> Finding {
    let finding = Finding::new(&says::MISSING_REQUIRED)
        .at(at)
        .of(table.id.clone(), column.column.label.zh.clone())
        .arg("table", table.label.arg());
    // In a table of the team's own only what a figure or the name of a row is made of is owed.
    let is_owed = column.column.kind.is_computed_with() || table.key.contains(&column.column.id);
    match reader.handmade && !is_owed {
        true => Finding { severity: Severity::Warning, ..finding },
        false => finding,
    }
}

pub(super) fn missing_columns(
    reader: &Reader,
    table: &Table,
    region: &Region,
    sheet: &Sheet,
    tally: &mut Tally,
) {
    let missing: Vec<&Column> = (table.columns.iter())
        .filter(|column| column.required && !region.columns.contains_key(&column.id))
        .collect();
    if missing.is_empty() {
        return;
    }
    let at = Place::new(sheet.name.clone(), region.area.first);
    let labels: Vec<String> = missing.iter().map(|column| column.label.zh.clone()).collect();
    let mut finding = Finding::new(&says::REQUIRED_COLUMN_MISSING)
        .at(&at)
        .of(table.id.clone(), labels.join("、"))
        .arg("table", table.label.arg())
        .arg("columns", Arg::All(missing.iter().map(|column| column.label.arg()).collect()));
    if reader.handmade {
        // A table of the team's own need not have what only the template asks for; but rows without a name are lost.
        let names_rows = |column: &&Column| table.key.contains(&column.id) && column.kind == Kind::Text;
        finding.severity = if missing.iter().any(names_rows) { Severity::Warning } else { Severity::Note };
    }
    if let Some(headers) = headers(region) {
        let label = |label: &String| label.split('(').next().unwrap_or_default().to_owned();
        let gone = missing.iter().map(|column| {
            let labels = column.label.spoken();
            mark::is_nowhere(&headers, labels.iter().map(label))
        });
        finding = finding.mark(&at, mark::any_of(gone));
    }
    tally.add("", finding);
}

/// Where a header may be added: along the headers there are.
fn headers(region: &Region) -> Option<Range> {
    const ROOM: u32 = 50;
    let mut places = region.columns.values().map(|column| column.at.cell);
    let first = places.next()?;
    let (along_row, along_column) =
        places.fold((true, true), |(row, col), at| (row && at.row == first.row, col && at.col == first.col));
    let end = match (along_row, along_column) {
        (true, false) => CellRef::new(first.row, region.area.last.col + ROOM),
        (false, true) => CellRef::new(region.area.last.row + ROOM, first.col),
        _ => return None,
    };
    let start = if along_row { CellRef::new(first.row, 0) } else { CellRef::new(0, first.col) };
    Some(Range {
        sheet: region.sheet.clone(),
        area: Area::new(start, end),
        values: Values::default(),
        leaves: Arc::new([]),
    })
}

/// Says that data stand in hidden rows, columns or a hidden sheet.
pub(super) fn hidden(
    table: &Table,
    sheet: &Sheet,
    rows: &[u32],
    columns: impl Iterator<Item = u32>,
    tally: &mut Tally,
) {
    let mut say = |what: &'static str, which: String| {
        tally.add(
            what,
            Finding::new(&says::HIDDEN_DATA)
                .on_sheet(sheet.name.to_string())
                .of_table(table.id.clone())
                .arg("table", table.label.arg())
                .arg("what", Arg::Word(what))
                .arg("which", Arg::Text(which)),
        );
    };
    if sheet.visible != Visibility::Visible {
        say("hidden-sheet", sheet.name.to_string());
    }
    let mut hidden: Vec<u32> = rows.iter().copied().filter(|row| sheet.hidden_rows.contains(row)).collect();
    hidden.sort_unstable();
    hidden.dedup();
    if !hidden.is_empty() {
        say("hidden-rows", ranges(&hidden, |row| (row + 1).to_string()));
    }
    let mut hidden: Vec<u32> = columns.filter(|col| sheet.hidden_columns.contains(col)).collect();
    hidden.sort_unstable();
    hidden.dedup();
    let filled = |col: &u32| rows.iter().any(|row| !sheet.content(CellRef::new(*row, *col)).is_blank());
    hidden.retain(filled);
    if !hidden.is_empty() {
        say("hidden-columns", ranges(&hidden, column_name));
    }
}

/// `5–9、12`.
fn ranges(numbers: &[u32], name: impl Fn(u32) -> String) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for &number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => runs.push((number, number)),
        }
    }
    let shown: Vec<String> = runs
        .iter()
        .take(8)
        .map(
            |(first, last)| {
                if first == last { name(*first) } else { format!("{}–{}", name(*first), name(*last)) }
            },
        )
        .collect();
    let more = if runs.len() > shown.len() { " …" } else { "" };
    format!("{}{more}", shown.join("、"))
}
