//! Headers that stand twice, where what lies below settles which one is meant: the only one with anything in it.
//!
//! Two filled columns stay a question, even with the same figures.

use super::grid::Grid;
use super::lists::ListFind;
use crate::cell::{CellRef, Content};

/// Takes the filled one of columns that name the same, where all others are empty down to a row.
pub(super) fn told_apart(grid: &Grid, find: &ListFind, end: u32) -> ListFind {
    let mut told = find.clone();
    told.duplicates.retain(|(column, cells)| {
        let filled: Vec<usize> =
            cells.iter().copied().filter(|cell| is_filled(grid, find, *cell, end)).collect();
        let [only] = filled.as_slice() else { return true };
        let named =
            find.cells[*only].seen.hits.iter().find(|hit| hit.table == find.table && hit.column == *column);
        let Some(hit) = named else { return true };
        told.matched.push((*only, *hit));
        false
    });
    told.matched.sort_by_key(|(cell, _)| *cell);
    told
}

/// Whether anything but the header again stands below a header cell.
fn is_filled(grid: &Grid, find: &ListFind, cell: usize, end: u32) -> bool {
    let header = &find.cells[cell];
    let first = find.rows.1 + 1;
    first <= end
        && grid
            .sheet
            .cells
            .range(CellRef::new(first, 0)..=CellRef::new(end, u32::MAX))
            .filter(|(at, cell)| at.col == header.at.col && !cell.content.is_blank())
            .any(|(_, cell)| !matches!(&cell.content, Content::Text(text) if text.trim() == header.typed.trim()))
}
