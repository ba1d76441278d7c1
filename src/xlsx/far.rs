//! Cells that stand far away from everything else on their sheet.
//!
//! A stray blank or a mistyped jump puts a value into XFD1048576; it is read,
//! and said so, because nobody sees it on the screen.

use crate::cell::CellRef;
use crate::workbook::Sheet;

/// Empty rows that make what lies below them far away.
const ROWS: u32 = 5_000;
/// Empty columns that make what lies right of them far away.
const COLUMNS: u32 = 200;
/// More than this many cells are not a stray few.
const FEW: usize = 10;

/// The cells beyond a wide gap, where they are few.
pub fn far_cells(sheet: &Sheet) -> Vec<CellRef> {
    let (last_row, last_column) = sheet.cells.keys().fold((0, 0), |(_, col), at| (at.row, at.col.max(col)));
    let mut far = Vec::new();
    if last_row >= ROWS {
        far.extend(beyond(sheet, |at| at.row, ROWS));
    }
    if last_column >= COLUMNS {
        far.extend(beyond(sheet, |at| at.col, COLUMNS));
    }
    far.sort_unstable();
    far.dedup();
    far
}

fn beyond(sheet: &Sheet, line: fn(&CellRef) -> u32, gap: u32) -> Vec<CellRef> {
    let mut cells: Vec<CellRef> = sheet.cells.keys().copied().collect();
    cells.sort_by_key(line);
    let first = cells.len().saturating_sub(FEW + 1);
    let tail = cells[first..].windows(2).position(|pair| line(&pair[1]) - line(&pair[0]) > gap);
    match tail {
        Some(at) => cells.split_off(first + at + 1),
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbook::Cell;

    fn far(cells: &[(u32, u32)]) -> Vec<(u32, u32)> {
        let mut sheet = Sheet::new("表");
        sheet.cells.extend(cells.iter().map(|&(row, col)| (CellRef::new(row, col), Cell::default())));
        far_cells(&sheet).into_iter().map(|at| (at.row, at.col)).collect()
    }

    #[test]
    fn a_few_cells_beyond_a_wide_gap_are_far() {
        assert_eq!(far(&[(0, 0), (1_048_575, 16_383)]), [(1_048_575, 16_383)]);
        assert_eq!(far(&[(0, 0), (1, 0), (0, 300)]), [(0, 300)]);
        let table: Vec<_> = (0..6_000).map(|row| (row, 0)).collect();
        assert_eq!(far(&table), []);
        // A whole second table, however far down, is a table.
        let second: Vec<_> = [(0, 0)].into_iter().chain((20_000..20_020).map(|row| (row, 0))).collect();
        assert_eq!(far(&second), []);
        assert_eq!(far(&[]), []);
    }
}
