//! What our sheets say beside live figures, as it stood in the team's tables: their
//! texts, and how many rows there were. Sorted, added to or reworded, the tables no
//! longer say the same, and our sheets can tell.

use crate::catalogue::record::{Records, Region};
use crate::cell::{Area, CellRef, Content, MAX_ROWS, Place};
use crate::workbook::{Sheet, Workbook};

/// A place where a table was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// The rows and some below them, in the column most of them fill.
    pub rows: (std::sync::Arc<str>, Area),
    /// How many of those cells hold something.
    pub filled: usize,
    /// Cells that hold text, with their text.
    pub texts: Vec<(Place, String)>,
}

/// So many rows below a table are watched for new ones.
const BELOW: u32 = 500;
/// So many texts of one workbook are watched, those of the first columns first.
const TEXTS: usize = 2_000;
/// Of a table longer than this only one column of text is watched.
const LONG: u32 = 200;
/// The longest text watched; a formula may hold no longer one.
const LONGEST: usize = 250;

/// The places where tables were read.
pub fn sources(workbook: &Workbook, records: &Records) -> Vec<Source> {
    let mut left = TEXTS;
    let regions = records.tables.values().filter(|table| !table.rows.is_empty());
    let regions = regions.flat_map(|table| &table.regions);
    regions.filter_map(|region| source(workbook.sheet(&region.sheet)?, region, &mut left)).collect()
}

fn source(sheet: &Sheet, region: &Region, left: &mut usize) -> Option<Source> {
    let first = region.area.first.row + 1;
    let last = region.area.last.row;
    let mut columns: Vec<u32> = region.columns.values().map(|column| column.at.cell.col).collect();
    columns.sort_unstable();
    columns.dedup();
    let filled = |col: u32, last: u32| {
        (first..=last).filter(|row| sheet.cells.contains_key(&CellRef::new(*row, col))).count()
    };
    // Of columns as full as each other the first.
    let fullest = columns.iter().copied().rev().max_by_key(|col| filled(*col, last))?;
    let below = (last + BELOW).min(MAX_ROWS - 1);
    let mut texts = Vec::new();
    for col in columns {
        let found: Vec<(Place, String)> = (first..=last)
            .filter_map(|row| {
                let at = CellRef::new(row, col);
                let text = watched(sheet, at)?;
                Some((Place { sheet: sheet.name.clone(), cell: at }, text))
            })
            .collect();
        if found.is_empty() || found.len() > *left {
            continue;
        }
        *left -= found.len();
        texts.extend(found);
        if last - first >= LONG {
            break;
        }
    }
    let area = Area::new(CellRef::new(first, fullest), CellRef::new(below, fullest));
    Some(Source { rows: (sheet.name.clone(), area), filled: filled(fullest, below), texts })
}

/// The text of a cell whose text a formula can compare.
fn watched(sheet: &Sheet, at: CellRef) -> Option<String> {
    let cell = sheet.cells.get(&at).filter(|cell| cell.formula.is_none())?;
    let Content::Text(text) = &cell.content else { return None };
    let plain =
        text.trim_matches([' ', '\n', '\t']) == text && !text.contains(|c: char| c.is_control() && c != '\n');
    (plain && text.encode_utf16().count() <= LONGEST).then(|| text.clone())
}
