//! Where print starts a new sheet of paper.
//!
//! Programs break wherever the paper ends: through charts, between a heading
//! and its table. So the rows are measured and broken before blocks. Measures
//! lean to the careful side, for the program that prints may measure otherwise.

use std::collections::BTreeMap;

use crate::cell::Area;
use crate::page::{Page, Role};

use super::measure::points;

/// Points of A4 that margins leave, upright: across and down.
const UPRIGHT: (f64, f64) = (523.0, 744.0);
/// The same, lying.
const LYING: (f64, f64) = (769.0, 498.0);
/// How much of the paper's height is counted on.
const CAREFUL: f64 = 0.98;
/// A paper filled at least so far may end before a block that does not fit any more.
const FULL_ENOUGH: f64 = 0.67;
/// So many rows stay with the heading over them.
const HEADED: u32 = 4;
/// The height of a row nobody sized.
const ROW: f64 = 15.0;

/// The rows before which a new sheet of paper starts.
pub(super) fn breaks(
    page: &Page,
    printed: Area,
    widths: &BTreeMap<u32, f64>,
    heights: &BTreeMap<u32, f64>,
) -> Vec<u32> {
    let across: f64 = (printed.first.col..=printed.last.col)
        .map(|col| points(widths.get(&col).copied().unwrap_or(8.43)))
        .sum();
    let (wide, high) = if page.landscape { LYING } else { UPRIGHT };
    let capacity = high * CAREFUL * across.max(1.0) / wide;
    let rows = Rows::new(page, printed, heights);
    let mut breaks = Vec::new();
    let mut start = printed.first.row;
    while let Some(next) = rows.next_paper(start, capacity, page.repeat_rows) {
        breaks.push(next);
        start = next;
    }
    breaks
}

/// What paper needs to know of a row.
#[derive(Clone, Copy)]
struct Row {
    height: f64,
    /// What leads it, by its first cell.
    role: Option<Role>,
    /// Whether a chart begins here, where one covers it.
    chart: Option<bool>,
}

const EMPTY: Row = Row { height: ROW, role: None, chart: None };

/// The rows of a page as far as paper goes.
struct Rows {
    rows: Vec<Row>,
    last: u32,
}

impl Rows {
    fn new(page: &Page, printed: Area, heights: &BTreeMap<u32, f64>) -> Rows {
        let mut rows = Rows { rows: Vec::new(), last: printed.last.row };
        for (at, cell) in page.cells.iter().filter(|(at, _)| at.col <= printed.last.col) {
            rows.at(at.row).role.get_or_insert(cell.role);
        }
        for (row, height) in heights {
            rows.at(*row).height = *height;
        }
        for chart in &page.charts {
            let mut left = f64::from(chart.size.1) * 0.75;
            let mut row = chart.at.row;
            while left > 0.0 {
                let covered = rows.at(row);
                covered.chart = Some(row == chart.at.row && covered.chart.unwrap_or(true));
                left -= covered.height;
                row += 1;
            }
            rows.last = rows.last.max(row.saturating_sub(1));
        }
        rows
    }

    fn at(&mut self, row: u32) -> &mut Row {
        let index = row as usize;
        if self.rows.len() <= index {
            self.rows.resize(index + 1, EMPTY);
        }
        &mut self.rows[index]
    }

    fn row(&self, row: u32) -> Row {
        self.rows.get(row as usize).copied().unwrap_or(EMPTY)
    }

    fn height(&self, row: u32) -> f64 {
        self.row(row).height
    }

    fn is_empty(&self, row: u32) -> bool {
        let row = self.row(row);
        row.role.is_none() && row.chart.is_none()
    }

    /// The first row of the next paper, where what begins at `start` does not fit on one.
    fn next_paper(&self, start: u32, capacity: f64, repeated: Option<(u32, u32)>) -> Option<u32> {
        let again = repeated.filter(|(_, last)| start > *last);
        let again: f64 = again.map_or(0.0, |(first, last)| (first..=last).map(|row| self.height(row)).sum());
        let room = capacity - again;
        let mut used = 0.0;
        let (mut any, mut block) = (None, None);
        for row in start..=self.last {
            if row > start && self.may_break(row) {
                any = Some(row);
                if used >= room * FULL_ENOUGH && self.begins_block(row) {
                    block = Some(row);
                }
            }
            used += self.height(row);
            if used > room && row > start {
                let next = block.or(any).unwrap_or(row);
                // Nothing but empty rows is left: they need no paper of their own.
                return (next..=self.last).any(|row| !self.is_empty(row)).then_some(next);
            }
        }
        None
    }

    /// Whether a block of its own begins here.
    fn begins_block(&self, row: u32) -> bool {
        !self.is_empty(row)
            && (self.row(row).role == Some(Role::Section)
                || row.checked_sub(1).is_none_or(|before| self.is_empty(before)))
    }

    /// Whether a new paper may start here: not through a chart, nor between what belongs together.
    fn may_break(&self, row: u32) -> bool {
        let Row { role: here, chart, .. } = self.row(row);
        if chart == Some(false) {
            return false;
        }
        let before = row.checked_sub(1).and_then(|before| self.row(before).role);
        let leads = match before {
            Some(
                Role::Title
                | Role::Subtitle
                | Role::Section
                | Role::Header
                | Role::Conclusion
                | Role::Headline,
            ) => true,
            Some(Role::Note) => here.is_some() && here != Some(Role::Section),
            // A label of a key figure over its number.
            Some(Role::FigureLabel) => here == Some(Role::Figure),
            Some(Role::Figure) => here == Some(Role::FigureNote),
            _ => false,
        };
        // A heading with a line or two under it is not left behind either.
        let headed = (row.saturating_sub(HEADED)..row).any(|row| self.row(row).role == Some(Role::Section));
        !leads && !headed && here != Some(Role::Total) && !self.is_empty(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cell::CellRef;
    use crate::page::{Chart, ChartKind, Tab};

    /// Two columns of such a width that some forty rows of fifteen points fill a lying paper.
    fn page() -> Page {
        let mut page = Page::new("表", Tab::First);
        page.set_widths(&[62.0, 56.0]);
        page
    }

    fn broken(page: &Page) -> Vec<u32> {
        let area = Area::new(CellRef::new(0, 0), CellRef::new(page.next_row().saturating_sub(1), 1));
        breaks(page, area, &page.widths, &page.heights)
    }

    #[test]
    fn what_fits_on_one_paper_is_not_broken() {
        let mut page = page();
        for _ in 0..30 {
            page.row(Role::Body, ["一", "二"]);
        }
        assert_eq!(broken(&page), Vec::<u32>::new());
    }

    #[test]
    fn a_heading_goes_with_its_table_to_the_next_paper() {
        let mut page = page();
        for _ in 0..28 {
            page.row(Role::Body, ["一", "二"]);
        }
        page.skip(1);
        let section = page.next_row();
        page.row(Role::Section, ["二、"]);
        page.row(Role::Header, ["甲", "乙"]);
        for _ in 0..10 {
            page.row(Role::Body, ["一", "二"]);
        }
        assert_eq!(broken(&page), [section]);
    }

    #[test]
    fn a_chart_is_never_cut_in_two() {
        let mut page = page();
        for _ in 0..25 {
            page.row(Role::Body, ["一", "二"]);
        }
        page.skip(1);
        let at = CellRef::new(page.next_row(), 0);
        page.charts.push(Chart::new(ChartKind::Bars, at, (600, 320), String::new(), String::new()));
        page.skip(17);
        assert_eq!(broken(&page), [at.row]);
    }

    #[test]
    fn empty_rows_at_the_end_get_no_paper() {
        let mut page = page();
        page.row(Role::Body, ["一", "二"]);
        page.skip(200);
        assert_eq!(broken(&page), Vec::<u32>::new());
    }

    #[test]
    fn a_row_higher_than_the_paper_ends_the_search_all_the_same() {
        let mut page = page();
        for row in 0..3 {
            page.row(Role::Body, ["一", "二"]);
            page.heights.insert(row, 5_000.0);
        }
        assert_eq!(broken(&page), [1, 2]);
    }
}
