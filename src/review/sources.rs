//! What our sheets say beside live figures, as it stood in the team's tables: their
//! texts, how many rows there were, and the numbers our sentences quote. Sorted, added
//! to, reworded or refigured, the tables no longer say the same, and our sheets can tell.

use crate::catalogue::record::{Records, Region};
use crate::cell::{Area, CellRef, Content, MAX_ROWS, Place};
use crate::expr::Val;
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
    /// Columns of numbers: where they stand, and what they held.
    pub figures: Vec<(Area, Vec<Val>)>,
}

/// So many rows below a table are watched for new ones.
const BELOW: u32 = 500;
/// So many texts of one workbook are watched, those of the first columns first.
const TEXTS: usize = 2_000;
/// Of a table longer than this only one column of text is watched.
const LONG: u32 = 200;
/// The longest text watched; a formula may hold no longer one.
const LONGEST: usize = 250;
/// The longest column of numbers watched, in rows.
pub const LONGEST_COLUMN: u32 = 2_000;
/// What gives another number whenever it is computed.
const RESTLESS: [&str; 6] = ["TODAY(", "NOW(", "RAND", "OFFSET(", "INDIRECT(", "CELL("];

/// The places where tables were read.
pub fn sources(workbook: &Workbook, records: &Records) -> Vec<Source> {
    let mut left = TEXTS;
    let regions = records.tables.values().filter(|table| !table.rows.is_empty());
    let regions = regions.flat_map(|table| &table.regions);
    let days = !workbook.epoch_1904;
    regions.filter_map(|region| source(workbook.sheet(&region.sheet)?, region, days, &mut left)).collect()
}

/// One place; `days` says whether days are the numbers their cells hold.
fn source(sheet: &Sheet, region: &Region, days: bool, left: &mut usize) -> Option<Source> {
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
    let figures = columns.iter().filter_map(|col| figures(sheet, *col, (first, last), days)).collect();
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
    Some(Source { rows: (sheet.name.clone(), area), filled: filled(fullest, below), texts, figures })
}

/// The numbers of a column; `None` where there are none, or computing it again may give others by itself.
fn figures(sheet: &Sheet, col: u32, (first, last): (u32, u32), days: bool) -> Option<(Area, Vec<Val>)> {
    if last < first || last - first >= LONGEST_COLUMN {
        return None;
    }
    let value = |row: u32| {
        let Some(cell) = sheet.cells.get(&CellRef::new(row, col)) else { return Some(Val::Blank) };
        let settled = cell.formula.as_ref().is_none_or(|formula| {
            let formula = formula.to_uppercase();
            cell.content != Content::Blank && RESTLESS.iter().all(|word| !formula.contains(word))
        });
        match cell.content {
            _ if !settled => None,
            Content::Number(n) => Some(Val::Number(n)),
            Content::Serial(n) => days.then_some(Val::Number(n)),
            Content::Blank | Content::Text(_) => Some(Val::Blank),
            Content::Bool(_) | Content::Error(_) => None,
        }
    };
    let values: Vec<Val> = (first..=last).map(value).collect::<Option<_>>()?;
    let area = Area::new(CellRef::new(first, col), CellRef::new(last, col));
    values.iter().any(|value| value.number().is_some()).then_some((area, values))
}

/// The text of a cell whose text a formula can compare.
fn watched(sheet: &Sheet, at: CellRef) -> Option<String> {
    let cell = sheet.cells.get(&at).filter(|cell| cell.formula.is_none())?;
    let Content::Text(text) = &cell.content else { return None };
    let plain =
        text.trim_matches([' ', '\n', '\t']) == text && !text.contains(|c: char| c.is_control() && c != '\n');
    (plain && text.encode_utf16().count() <= LONGEST).then(|| text.clone())
}
