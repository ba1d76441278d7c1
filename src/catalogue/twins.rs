//! Headers that stand twice, where what lies below settles which one is meant: the only one with anything in it; of
//! two names of the rows the finer one.
//!
//! Two filled columns of figures stay a question, even with the same ones.

use super::Table;
use super::grid::Grid;
use super::handmade::Profile;
use super::lists::ListFind;
use crate::cell::{CellRef, Content};

/// Takes the filled one of columns that name the same, where all others are empty down to a row.
pub(super) fn told_apart(grid: &Grid, table: &Table, find: &ListFind, end: u32) -> ListFind {
    let mut told = find.clone();
    told.duplicates.retain(|(column, cells)| {
        let filled: Vec<usize> =
            cells.iter().copied().filter(|cell| is_filled(grid, find, *cell, end)).collect();
        let finest = || finest(grid, table, find, *column, &filled, end);
        let only = match filled.as_slice() {
            [only] => Some(*only),
            _ => finest(),
        };
        let Some(only) = only else { return true };
        let named =
            find.cells[only].seen.hits.iter().find(|hit| hit.table == find.table && hit.column == *column);
        let Some(hit) = named else { return true };
        told.matched.push((only, *hit));
        false
    });
    told.matched.sort_by_key(|(cell, _)| *cell);
    told
}

/// Of 品类 and 商品 over the same rows the one that has a name of its own for each, where the others repeat theirs.
fn finest(
    grid: &Grid,
    table: &Table,
    find: &ListFind,
    column: usize,
    cells: &[usize],
    end: u32,
) -> Option<usize> {
    let names_rows = table.needs.first()?.split('|').any(|id| id == table.columns[column].id);
    let profile = |cell: usize| Profile::of(grid, find.cells[cell].at.col, find.rows.1 + 1..=end);
    let finest = *cells.iter().max_by_key(|cell| (profile(**cell).different, std::cmp::Reverse(**cell)))?;
    let own = profile(finest);
    let coarse = |cell: usize| cell == finest || profile(cell).is_coarser_than(&own);
    let words = |cell: usize| find.cells[cell].seen.header.bare.as_str();
    let same = |cell: usize| cell != finest && words(cell) == words(finest);
    (names_rows && cells.iter().all(|cell| coarse(*cell) && !same(*cell))).then_some(finest)
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
