//! What a cell is called: the words left of it and above it, the metric they
//! name, and on a team's sheet the table and column it belongs to.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Serialize;

use super::Book;
use crate::catalogue::{Catalogue, header_key};
use crate::cell::{CellRef, Content, Place};
use crate::locale::Lang;
use crate::metrics::{self, Metric};
use crate::workbook::{Cell, Sheet};

/// A cell of one of the team's tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Own {
    /// Title of the table.
    pub table: String,
    /// The header as the team wrote it.
    pub header: String,
}

/// The text at the head of its row and at the head of its column.
pub fn around(sheet: &Sheet, at: CellRef) -> (Option<String>, Option<String>) {
    let text = |cell: CellRef| match (sheet.content(cell), sheet.cells.get(&cell)) {
        (Content::Text(text), Some(found)) if !text.trim().is_empty() && found.formula.is_none() => {
            Some(text.trim().to_owned())
        }
        _ => None,
    };
    // The first text of a row names it; those between are words about it. A row that begins
    // with a figure is a row of tiles.
    let mut before = sheet.row(at.row).take_while(|(col, cell)| *col < at.col && cell.formula.is_none());
    let left = before.find_map(|(col, _)| text(CellRef::new(at.row, col)));
    // A row of headers holds nothing but text.
    let heads = |row: &u32| {
        let plain =
            |cell: &Cell| cell.formula.is_none() && matches!(cell.content, Content::Text(_) | Content::Blank);
        sheet.row(*row).all(|(_, cell)| plain(cell))
    };
    let rows = (0..at.row).rev().take(2_000);
    let above = rows.filter(|row| text(CellRef::new(*row, at.col)).is_some()).find(heads);
    let above = above.and_then(|row| text(CellRef::new(row, at.col)));
    (left, above)
}

/// The table and column of a team's cell.
pub fn own(book: &Book, at: &Place, lang: Lang) -> Option<Own> {
    let label = |id: &str| Catalogue::shipped().tables.get(id).map(|table| table.label.get(lang));
    let own = |table: &str, header: Option<&str>| Own {
        table: label(table).unwrap_or_else(|| table.to_owned()),
        header: header.unwrap_or_default().to_owned(),
    };
    let headers = |table: &str| book.records.tables.get(table).into_iter().flat_map(|table| &table.regions);
    if let Some((table, column)) = book.fields.get(at) {
        let header = headers(table).find_map(|region| region.columns.get(column));
        return Some(own(table, header.map(|header| header.header.as_str())));
    }
    for id in book.records.tables.keys() {
        let mut regions = headers(id);
        if let Some(region) = regions.find(|region| region.sheet == at.sheet && region.area.contains(at.cell))
        {
            let header = region.columns.values().find(|column| column.at.cell.col == at.cell.col);
            return Some(own(id, header.map(|header| header.header.as_str())));
        }
    }
    None
}

/// The metric that words around a figure name: its row's, unless that is the team's own word, else its column's.
pub fn metric(book: &Book, left: Option<&String>, above: Option<&String>) -> Option<&'static Metric> {
    static TITLES: OnceLock<HashMap<String, &'static Metric>> = OnceLock::new();
    let titles = TITLES.get_or_init(|| {
        let mut titles = HashMap::new();
        for lang in [Lang::Zh, Lang::ZhHant, Lang::En] {
            for metric in metrics::all() {
                titles.entry(header_key(&metric.definition(lang).title)).or_insert(metric);
            }
        }
        titles
    });
    let named = |word: &String| titles.get(&header_key(word)).copied();
    left.filter(|word| !book.texts.contains_key(*word)).and_then(named).or_else(|| above.and_then(named))
}
