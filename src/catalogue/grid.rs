//! A sheet as a person sees it: merged cells are one cell.
//!
//! What lies hidden under a merge is not there. Nothing here knows a table.

use std::collections::HashMap;

use crate::cell::{Area, CellRef};
use crate::workbook::{Cell, Sheet, Shown};

/// Merges taller than this are looked through one by one instead of being indexed by row.
const TALL: u32 = 2_000;

static BLANK: Cell = Cell { content: crate::cell::Content::Blank, formula: None, shown: Shown::General };

/// A sheet with its merges at hand.
pub struct Grid<'a> {
    /// The sheet itself.
    pub sheet: &'a Sheet,
    by_row: HashMap<u32, Vec<Area>>,
    tall: Vec<Area>,
}

impl<'a> Grid<'a> {
    /// Indexes the merges of a sheet.
    pub fn new(sheet: &'a Sheet) -> Grid<'a> {
        let mut by_row: HashMap<u32, Vec<Area>> = HashMap::new();
        let mut tall = Vec::new();
        for area in &sheet.merges {
            if area.last.row - area.first.row > TALL {
                tall.push(*area);
            } else {
                for row in area.first.row..=area.last.row {
                    by_row.entry(row).or_default().push(*area);
                }
            }
        }
        Grid { sheet, by_row, tall }
    }

    /// The merge a cell belongs to.
    pub fn merge(&self, at: CellRef) -> Option<Area> {
        if self.by_row.is_empty() && self.tall.is_empty() {
            return None;
        }
        let rows = self.by_row.get(&at.row).map_or(&[][..], Vec::as_slice);
        rows.iter().chain(&self.tall).find(|area| area.contains(at)).copied()
    }

    /// The area a cell covers: its merge, or itself.
    pub fn span(&self, at: CellRef) -> Area {
        self.merge(at).unwrap_or(Area::new(at, at))
    }

    /// What a person sees at a cell: nothing where a merge covers it.
    pub fn cell(&self, at: CellRef) -> &'a Cell {
        if self.merge(at).is_some_and(|area| area.first != at) {
            return &BLANK;
        }
        self.sheet.cells.get(&at).unwrap_or(&BLANK)
    }

    /// The cell whose content a merge shows here: its top left, or the cell itself.
    pub fn anchor(&self, at: CellRef) -> CellRef {
        self.merge(at).map_or(at, |area| area.first)
    }

    /// Filled cells of a row between two columns that a person sees, left to right.
    pub fn filled(&self, row: u32, left: u32, right: u32) -> impl Iterator<Item = (CellRef, &'a Cell)> {
        let has_merges = self.by_row.contains_key(&row) || !self.tall.is_empty();
        self.sheet
            .cells
            .range(CellRef::new(row, left)..=CellRef::new(row, right))
            .filter(move |(at, cell)| {
                !cell.content.is_blank()
                    && (!has_merges || self.merge(**at).is_none_or(|area| area.first == **at))
            })
            .map(|(at, cell)| (*at, cell))
    }

    /// Rows that hold something, top to bottom.
    pub fn rows(&self) -> Vec<u32> {
        let mut rows: Vec<u32> = Vec::new();
        for (at, cell) in &self.sheet.cells {
            if rows.last() != Some(&at.row) && !cell.content.is_blank() {
                rows.push(at.row);
            }
        }
        rows
    }
}
