//! Rows whose figures are worked out from other rows of their table: sums and means, whatever they are called.
//!
//! Looks at the numbers alone. Columns that agree to the digit are proof; round numbers are a hint, for what the row
//! is called to confirm.

use std::collections::{BTreeMap, HashMap};

use super::grid::Grid;
use crate::cell::Content;
use crate::workbook::Shown;

/// What a row is worked out as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worked {
    /// The sum of rows above, or of all rows below.
    Sum,
    /// The same, which round numbers or a single column say.
    PerhapsSum,
    /// Their mean.
    Mean,
}

/// So many columns must agree, where there are as many figures.
const LEAST_COLUMNS: usize = 2;
/// So many digits must agree in them: 10,000 + 20,000 = 30,000 happens among budgets, 28,100 + 30,000 = 58,100 hardly
/// (five digits that agree by chance are one row in a hundred thousand).
const PROOF: usize = 5;
/// A sum of fewer rows is no sum: a row may repeat the one above it.
const LEAST_ROWS: usize = 2;
/// A single column of figures proves a sum only over so many rows.
const ROWS_OF_ONE: usize = 3;

#[derive(Debug, Clone, Copy, Default)]
struct Running {
    sum: f64,
    rows: usize,
}

impl Running {
    fn add(&mut self, value: f64) {
        self.sum += value;
        self.rows += 1;
    }
}

/// The worked-out rows among the filled rows of a table, by row.
pub fn worked(grid: &Grid, rows: &[u32], width: (u32, u32)) -> HashMap<u32, Worked> {
    let figures: Vec<BTreeMap<u32, f64>> = rows.iter().map(|row| figures(grid, *row, width)).collect();
    let mut found = HashMap::new();
    if figures.len() <= LEAST_ROWS {
        return found;
    }
    // A total above its rows.
    let mut below: BTreeMap<u32, Running> = BTreeMap::new();
    for (col, value) in figures.iter().skip(1).flatten() {
        below.entry(*col).or_default().add(*value);
    }
    if agrees(&figures[0], &below, |it| it.sum) == Some(true) {
        found.insert(rows[0], Worked::Sum);
    }
    let mut all: BTreeMap<u32, Running> = BTreeMap::new();
    let mut since: BTreeMap<u32, Running> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        if found.contains_key(row) {
            continue;
        }
        let own = &figures[at];
        let mean = |it: &Running| it.sum / it.rows as f64;
        let sum = agrees(own, &since, |it| it.sum).max(agrees(own, &all, |it| it.sum));
        if let Some(proved) = sum {
            found.insert(*row, if proved { Worked::Sum } else { Worked::PerhapsSum });
        }
        if sum == Some(true) {
            since.clear();
            continue;
        }
        if agrees(own, &all, mean).max(agrees(own, &since, mean)) == Some(true) {
            found.insert(*row, Worked::Mean);
            continue;
        }
        for (col, value) in own {
            all.entry(*col).or_default().add(*value);
            since.entry(*col).or_default().add(*value);
        }
    }
    found
}

/// The numbers of a row that may add up: no days, no percentages, no years.
fn figures(grid: &Grid, row: u32, width: (u32, u32)) -> BTreeMap<u32, f64> {
    let number = |cell: &crate::workbook::Cell| match cell.content {
        Content::Number(number) if cell.shown != Shown::Percent && number.is_finite() => Some(number),
        _ => None,
    };
    grid.filled(row, width.0, width.1).filter_map(|(at, cell)| Some((at.col, number(cell)?))).collect()
}

/// Whether the figures of a row are what others come to, and whether enough columns prove it.
fn agrees(
    own: &BTreeMap<u32, f64>,
    others: &BTreeMap<u32, Running>,
    come: impl Fn(&Running) -> f64,
) -> Option<bool> {
    let (mut same, mut compared, mut fewest, mut digits) = (0, 0, usize::MAX, 0);
    for (col, value) in own {
        let Some(running) = others.get(col).filter(|it| it.rows >= LEAST_ROWS) else { continue };
        // Ratios and ones say nothing: 0.5 is the sum of 0.3 and 0.2 by chance.
        if value.abs() <= 10.0 && running.sum.abs() <= 10.0 {
            continue;
        }
        compared += 1;
        fewest = fewest.min(running.rows);
        let result = come(running);
        if (value - result).abs() <= 0.5e-6 * result.abs().max(1.0) + 0.005 {
            same += 1;
            digits += significant(*value);
        }
    }
    match compared {
        0 => None,
        1 => (same == 1 && fewest >= ROWS_OF_ONE).then_some(false),
        _ => (same >= LEAST_COLUMNS && same * 3 >= compared * 2).then_some(digits >= PROOF),
    }
}

/// The digits of a number that are no zeros at its end: 30,000 has one, 58,100 three.
fn significant(value: f64) -> usize {
    let text = format!("{:.2}", value.abs());
    text.trim_end_matches('0')
        .trim_end_matches('.')
        .trim_end_matches('0')
        .bytes()
        .filter(u8::is_ascii_digit)
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cell::CellRef;
    use crate::workbook::{Cell, Sheet};

    fn worked_rows(rows: &[&[f64]]) -> Vec<(u32, Worked)> {
        let mut sheet = Sheet::new("表");
        for (row, values) in rows.iter().enumerate() {
            for (col, value) in values.iter().enumerate() {
                let cell = Cell { content: Content::Number(*value), ..Cell::default() };
                sheet.cells.insert(CellRef::new(row as u32, col as u32), cell);
            }
        }
        let all: Vec<u32> = (0..rows.len() as u32).collect();
        let mut found: Vec<_> = worked(&Grid::new(&sheet), &all, (0, 9)).into_iter().collect();
        found.sort_unstable_by_key(|it| it.0);
        found
    }

    #[test]
    fn a_sum_is_known_by_its_figures() {
        assert_eq!(
            worked_rows(&[&[28000.0, 120.0], &[30000.0, 150.0], &[58000.0, 270.0]]),
            [(2, Worked::Sum)]
        );
        assert_eq!(
            worked_rows(&[&[58000.0, 270.0], &[28000.0, 120.0], &[30000.0, 150.0]]),
            [(0, Worked::Sum)]
        );
        assert_eq!(
            worked_rows(&[&[28000.0, 120.0], &[30000.0, 150.0], &[29000.0, 135.0]]),
            [(2, Worked::Mean)]
        );
    }

    #[test]
    fn rows_that_only_look_alike_are_data() {
        assert_eq!(worked_rows(&[&[28000.0, 120.0], &[30000.0, 150.0], &[58000.0, 300.0]]), []);
        assert_eq!(worked_rows(&[&[28000.0, 120.0], &[28000.0, 120.0]]), [], "one row above is no sum");
        assert_eq!(
            worked_rows(&[&[1.0, 2.0], &[2.0, 1.0], &[3.0, 3.0]]),
            [],
            "small numbers add up by chance"
        );
    }

    #[test]
    fn subtotals_part_the_rows() {
        let rows: [&[f64]; 6] =
            [&[100.0, 11.0], &[200.0, 12.0], &[300.0, 23.0], &[50.0, 13.0], &[60.0, 14.0], &[110.0, 27.0]];
        assert_eq!(worked_rows(&rows), [(2, Worked::Sum), (5, Worked::Sum)]);
    }
}
