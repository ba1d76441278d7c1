//! The cells of a page in reading order.

use super::PageCell;
use crate::cell::CellRef;

/// Cells by place, row by row. A cell put into a row above moves only what stands right of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cells {
    rows: Vec<Row>,
    len: usize,
}

/// The cells of one row; there is at least one.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    number: u32,
    places: Vec<CellRef>,
    cells: Vec<PageCell>,
}

impl Row {
    fn places(&self) -> std::slice::Iter<'_, CellRef> {
        self.places.iter()
    }

    fn cells(&self) -> std::slice::Iter<'_, PageCell> {
        self.cells.iter()
    }
}

/// Every cell of a page with its place, in reading order.
#[derive(Debug, Clone)]
pub struct Iter<'a> {
    rows: std::slice::Iter<'a, Row>,
    row: std::iter::Zip<std::slice::Iter<'a, CellRef>, std::slice::Iter<'a, PageCell>>,
}

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a CellRef, &'a PageCell);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(found) = self.row.next() {
                return Some(found);
            }
            let row = self.rows.next()?;
            self.row = row.places.iter().zip(&row.cells);
        }
    }
}

impl Cells {
    /// Puts a cell where it belongs, in the place of one that stands there.
    pub fn insert(&mut self, at: CellRef, cell: PageCell) {
        let row = match self.row(at.row) {
            Ok(known) => &mut self.rows[known],
            Err(between) => {
                self.rows.insert(between, Row { number: at.row, places: Vec::new(), cells: Vec::new() });
                &mut self.rows[between]
            }
        };
        // A row is written from the left, so nearly every cell comes after the last one.
        let place = if row.places.last().is_none_or(|last| *last < at) {
            Err(row.places.len())
        } else {
            row.places.binary_search(&at)
        };
        match place {
            Ok(known) => row.cells[known] = cell,
            Err(between) => {
                row.places.insert(between, at);
                row.cells.insert(between, cell);
                self.len += 1;
            }
        }
    }

    /// Where a row stands, or where it would.
    fn row(&self, number: u32) -> Result<usize, usize> {
        match self.rows.last() {
            Some(last) if last.number == number => Ok(self.rows.len() - 1),
            Some(last) if last.number < number => Err(self.rows.len()),
            _ => self.rows.binary_search_by_key(&number, |row| row.number),
        }
    }

    /// The cell of a place.
    pub fn get(&self, at: &CellRef) -> Option<&PageCell> {
        let row = &self.rows[self.row(at.row).ok()?];
        row.places.binary_search(at).ok().map(|known| &row.cells[known])
    }

    /// Every cell with its place.
    pub fn iter(&self) -> Iter<'_> {
        Iter { rows: self.rows.iter(), row: [].iter().zip(&[]) }
    }

    /// Every place.
    pub fn keys(&self) -> impl Iterator<Item = &CellRef> + Clone {
        self.rows.iter().flat_map(Row::places)
    }

    /// Every cell.
    pub fn values(&self) -> impl Iterator<Item = &PageCell> + Clone {
        self.rows.iter().flat_map(Row::cells)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

impl<'a> IntoIterator for &'a Cells {
    type Item = (&'a CellRef, &'a PageCell);
    type IntoIter = Iter<'a>;

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
