//! What a team's own formula refers to, and the holes of a declared one: cells on the grid, whatever is written.

use fupan::catalogue::{formula, locate};
use fupan::cell::{Area, CellRef, MAX_COLUMNS, MAX_ROWS};
use fupan::trace::{Reference, references};

/// Reads the bytes as a formula, a cell, an area and the target of a name.
pub fn law(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let on_grid = |area: &Area| {
        assert!(
            area.first.row <= area.last.row && area.first.col <= area.last.col,
            "{area} is turned around"
        );
        assert!(area.last.row < MAX_ROWS && area.last.col < MAX_COLUMNS, "{area} is off the grid");
    };
    let formula = references(&text);
    for found in &formula.found {
        if let Reference::Cells { area, .. } = &found.reference {
            on_grid(area);
        }
        if let Some((call, _)) = found.argument {
            assert!(call < formula.calls.len(), "call {call} of {}", formula.calls.len());
        }
    }
    let _ = formula::pieces(&text);
    if let Some(cell) = CellRef::parse(&text) {
        assert_eq!(CellRef::parse(&cell.to_string()), Some(cell));
        assert_eq!(CellRef::parse(&cell.absolute()), Some(cell));
    }
    if let Some(area) = Area::parse(&text) {
        on_grid(&area);
        assert_eq!(Area::parse(&area.to_string()), Some(area));
    }
    if let Some((_, area)) = locate::reference(&text) {
        on_grid(&area);
    }
}
