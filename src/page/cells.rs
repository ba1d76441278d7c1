//! The cells of a page in reading order.

use super::PageCell;
use crate::cell::CellRef;

/// Cells by place, row by row. A sheet is written from the top, so nearly every cell comes after the last one.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cells {
    places: Vec<CellRef>,
    cells: Vec<PageCell>,
}

impl Cells {
    /// Puts a cell where it belongs, in the place of one that stands there.
    pub fn insert(&mut self, at: CellRef, cell: PageCell) {
        if self.places.last().is_none_or(|last| *last < at) {
            self.places.push(at);
            self.cells.push(cell);
            return;
        }
        match self.places.binary_search(&at) {
            Ok(known) => self.cells[known] = cell,
            Err(between) => {
                self.places.insert(between, at);
                self.cells.insert(between, cell);
            }
        }
    }

    /// The cell of a place.
    pub fn get(&self, at: &CellRef) -> Option<&PageCell> {
        self.places.binary_search(at).ok().map(|known| &self.cells[known])
    }

    /// Every cell with its place.
    pub fn iter(&self) -> <&Cells as IntoIterator>::IntoIter {
        self.places.iter().zip(&self.cells)
    }

    /// Every place.
    pub fn keys(&self) -> std::slice::Iter<'_, CellRef> {
        self.places.iter()
    }

    /// Every cell.
    pub fn values(&self) -> std::slice::Iter<'_, PageCell> {
        self.cells.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }
}

impl<'a> IntoIterator for &'a Cells {
    type Item = (&'a CellRef, &'a PageCell);
    type IntoIter = std::iter::Zip<std::slice::Iter<'a, CellRef>, std::slice::Iter<'a, PageCell>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn cells_stand_in_reading_order_whatever_order_they_come_in(
            put in prop::collection::vec(((0..6u32, 0..6u32), 0..99i32), 0..60)
        ) {
            let mut cells = Cells::default();
            let mut known = BTreeMap::new();
            for ((row, col), n) in put {
                cells.insert(CellRef::new(row, col), f64::from(n).into());
                known.insert(CellRef::new(row, col), PageCell::from(f64::from(n)));
            }
            prop_assert!(cells.iter().eq(known.iter()));
            prop_assert!(cells.keys().eq(known.keys()) && cells.values().eq(known.values()));
            for at in (0..7).flat_map(|row| (0..7).map(move |col| CellRef::new(row, col))) {
                prop_assert_eq!(cells.get(&at), known.get(&at));
            }
            prop_assert_eq!((cells.len(), cells.is_empty()), (known.len(), known.is_empty()));
        }
    }
}
