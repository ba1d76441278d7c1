//! Hidden ids of issued rows: the last column of every list of a blank. Sorting carries it along, nobody sees it,
//! and what people add has none.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::Table;
use crate::cell::{CellRef, Content, Place};
use crate::workbook::{Sheet, Workbook};

/// The header of the column.
pub const HEADER: &str = "_fupan.row";
/// It stands among the headers; below that nobody looks for it.
const DEEPEST: u32 = 64;

/// Ids of rows by where they stand.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RowIds {
    /// Its header by sheet.
    headers: BTreeMap<Arc<str>, CellRef>,
    ids: HashMap<(Arc<str>, u32), String>,
}

impl RowIds {
    /// Whether a workbook has such columns.
    pub fn stand_in(workbook: &Workbook) -> bool {
        workbook.sheets.iter().any(|sheet| header_of(sheet).is_some())
    }

    /// Takes the hidden columns out of a workbook: they are ours, and not the team's to be read or judged.
    pub fn take(workbook: &mut Workbook) -> RowIds {
        let mut found = RowIds::default();
        // Nobody else writes one, and it stays where a program drops everything else that is ours.
        for sheet in &mut workbook.sheets {
            let Some(header) = header_of(sheet) else { continue };
            let last = sheet.cells.keys().next_back().map_or(header.row, |at| at.row);
            for row in header.row..=last {
                let at = CellRef::new(row, header.col);
                let text = sheet.content(at).to_text();
                if row > header.row && !text.trim().is_empty() {
                    found.ids.insert((sheet.name.clone(), row), text.trim().to_owned());
                }
                sheet.cells.remove(&at);
            }
            found.headers.insert(sheet.name.clone(), header);
        }
        found
    }

    /// The id of the row a cell stands in.
    pub fn of(&self, at: &Place) -> Option<&str> {
        let header = self.headers.get(&at.sheet)?;
        // Beside a table of ours another may stand, or above it.
        let below = at.cell.row > header.row;
        below.then(|| self.ids.get(&(at.sheet.clone(), at.cell.row)).map(String::as_str)).flatten()
    }

    /// The column of a sheet, by its header's cell.
    pub fn column(&self, sheet: &str) -> Option<CellRef> {
        self.headers.get(sheet).copied()
    }
}

/// The header of the hidden column of a sheet.
fn header_of(sheet: &Sheet) -> Option<CellRef> {
    let is_header = |content: &Content| matches!(content, Content::Text(text) if text.trim() == HEADER);
    (0..DEEPEST).find_map(|row| {
        let (col, _) = sheet.row(row).find(|(_, cell)| is_header(&cell.content))?;
        Some(CellRef::new(row, col))
    })
}

/// The hidden id of a row that is called so.
pub fn id_of(name: &str) -> String {
    format!("r{}", &blake3::hash(name.as_bytes()).to_hex()[..8])
}

impl Table {
    /// Hidden ids of the rows its blank offers: the same in every language and in later versions of the template.
    pub fn row_ids(&self) -> Vec<String> {
        let mut seen: HashMap<String, usize> = HashMap::new();
        let id = |row: &indexmap::IndexMap<String, super::Words>| {
            let words: Vec<&str> = row.values().map(|words| words.zh.as_str()).collect();
            let name = format!("{}\u{1f}{}", self.id, words.join("\u{1f}"));
            let times = seen.entry(name.clone()).or_default();
            *times += 1;
            id_of(&if *times > 1 { format!("{name}#{times}") } else { name })
        };
        self.rows.iter().map(id).collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::workbook::Cell;

    #[test]
    fn no_two_rows_of_a_blank_share_an_id() {
        for table in Catalogue::shipped().tables.values() {
            let ids = table.row_ids();
            let distinct: std::collections::BTreeSet<&String> = ids.iter().collect();
            assert_eq!(distinct.len(), table.rows.len(), "{}", table.id);
        }
    }

    #[test]
    fn the_column_is_taken_out_and_the_rest_stays() {
        let text = |text: &str| Cell { content: Content::Text(text.into()), ..Cell::default() };
        let mut sheet = Sheet::new("表");
        for (row, col, said) in [(2, 0, "渠道"), (2, 1, HEADER), (3, 0, "抖音"), (3, 1, "r1"), (4, 0, "快手")]
        {
            sheet.cells.insert(CellRef::new(row, col), text(said));
        }
        let mut workbook = Workbook { sheets: vec![sheet], ..Workbook::default() };
        let ids = RowIds::take(&mut workbook);
        let at = |row: u32| Place::new("表", CellRef::new(row, 0));
        assert_eq!((ids.of(&at(3)), ids.of(&at(4)), ids.of(&at(2))), (Some("r1"), None, None));
        assert_eq!(workbook.sheets[0].cells.len(), 3);
        assert_eq!(ids.column("表"), Some(CellRef::new(2, 1)));
    }
}
