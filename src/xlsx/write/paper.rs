//! Where print starts a new sheet of paper.
//!
//! Programs break wherever the paper ends: through charts, between a heading
//! and its table. So the rows are measured and broken before blocks. Measures
//! lean to the careful side, for the program that prints may measure otherwise.

use std::collections::{BTreeMap, BTreeSet};

use crate::cell::{Area, CellRef};
use crate::page::{Page, Role};

use super::extent::{DEFAULT_WIDTH, ROW, points};

/// Points of A4 that margins leave, upright: across and down.
const UPRIGHT: (f64, f64) = (544.0, 770.0);
/// The same, lying.
const LYING: (f64, f64) = (791.0, 523.0);
/// How much of the paper's height is counted on.
const CAREFUL: f64 = 0.985;
/// A paper filled less than this counts as left empty.
const FULL_ENOUGH: f64 = 0.67;
/// What a table taken apart and a paper left empty weigh, in papers.
const SPLIT: f64 = 0.3;
const EMPTY_PAPER: f64 = 0.2;
/// So many rows stay with the heading over them.
const HEADED: u32 = 4;
/// So many rows of a table stay with its end.
const TAIL: u32 = 3;
/// The scale pages are printed at: what is ten points on the screen is eight on paper.
const SCALE: f64 = 0.8;
/// How much wider columns come out in programs that count fractions of a pixel.
const WIDER: f64 = 1.07;

/// How a page comes onto its paper.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Scale {
    /// It fits the paper in every program: so large, as the others are.
    Set,
    /// The program fits it to the paper's width, at about this scale.
    Fitted(f64),
}

impl Scale {
    /// Of columns so wide: none is printed larger than the others need be, nor one that fits made smaller.
    pub fn of(landscape: bool, printed: Area, widths: &BTreeMap<u32, f64>) -> Scale {
        let columns = printed.first.col..=printed.last.col;
        let whole: f64 = columns.map(|col| points(widths.get(&col).copied().unwrap_or(DEFAULT_WIDTH))).sum();
        match whole <= across(landscape) + 0.5 {
            true => Scale::Set,
            // Reckoned in the paper's own points, as it comes out where pixels are whole.
            false => Scale::Fitted(across(landscape) * SCALE * WIDER / whole),
        }
    }

    /// The share of its size.
    pub fn share(self) -> f64 {
        match self {
            Scale::Set => SCALE,
            Scale::Fitted(share) => share,
        }
    }
}

fn high(landscape: bool) -> f64 {
    if landscape { LYING.1 } else { UPRIGHT.1 }
}

/// Rows that charts lie over.
pub(super) fn covered(page: &Page, heights: &BTreeMap<u32, f64>) -> BTreeSet<u32> {
    let mut covered = BTreeSet::new();
    for chart in &page.charts {
        // A little air below, as above.
        let mut left = f64::from(chart.size.1) * 0.75 + AIR;
        let mut row = chart.at.row;
        while left > 0.0 {
            covered.insert(row);
            left -= heights.get(&row).copied().unwrap_or(ROW);
            row += 1;
        }
    }
    covered
}

/// Points a chart keeps off what stands above and below it.
const AIR: f64 = 6.0;

/// Points of a page the paper takes across, in the smallest type.
pub(super) fn across(landscape: bool) -> f64 {
    (if landscape { LYING.0 } else { UPRIGHT.0 }) / (SCALE * WIDER)
}

/// What goes on paper: the columns under the title, down to the last row or chart.
/// Helper columns of charts stand to the right of it.
pub(super) fn printed(page: &Page) -> Option<Area> {
    const PIXELS_A_ROW: u32 = 20;
    let title = page.merges.iter().find(|merge| merge.first == CellRef::new(0, 0))?;
    let cells = page.cells.keys().filter(|at| at.col <= title.last.col).map(|at| at.row).max();
    let charts = page.charts.iter().map(|chart| chart.at.row + chart.size.1.div_ceil(PIXELS_A_ROW)).max();
    Some(Area::new(title.first, CellRef::new(cells.max(charts)?, title.last.col)))
}

/// The rows before which a new sheet of paper starts.
pub(super) fn breaks(
    page: &Page,
    printed: Area,
    widths: &BTreeMap<u32, f64>,
    heights: &BTreeMap<u32, f64>,
) -> Vec<u32> {
    let capacity = high(page.landscape) * CAREFUL / Scale::of(page.landscape, printed, widths).share();
    let rows = Rows::new(page, printed, heights);
    rows.papers(printed.first.row, capacity, page.repeat_rows)
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

/// One paper: where the next begins, and what it costs with all that follow, in papers.
#[derive(Clone, Copy, Default)]
struct Paper {
    next: Option<u32>,
    cost: f64,
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
        for row in page.folded.into_iter().flat_map(|(first, last)| first..=last) {
            rows.at(row).height = 0.0;
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

    /// The rows at which papers after the first begin: as few papers as can be, then as few tables taken apart and
    /// papers left empty as can be. Reckoned from the end, for what is best after a break does not depend on what
    /// stands before it.
    fn papers(&self, first: u32, capacity: f64, repeated: Option<(u32, u32)>) -> Vec<u32> {
        let mut best = vec![Paper::default(); (self.last + 2).saturating_sub(first) as usize];
        let at = |row: u32| (row - first) as usize;
        for start in (first..=self.last).rev() {
            best[at(start)] = self.paper(start, capacity, repeated, |next| best[at(next)].cost);
        }
        let next = |start: u32| best.get(at(start)).and_then(|paper| paper.next);
        std::iter::successors(next(first), |start| next(*start)).collect()
    }

    /// The best paper that begins at a row; `cost` is what those after it cost, by where they begin.
    fn paper(
        &self,
        start: u32,
        capacity: f64,
        repeated: Option<(u32, u32)>,
        cost: impl Fn(u32) -> f64,
    ) -> Paper {
        let again = repeated.filter(|(_, last)| start > *last);
        let again: f64 = again.map_or(0.0, |(first, last)| (first..=last).map(|row| self.height(row)).sum());
        let room = capacity - again;
        let mut used = 0.0;
        let mut best: Option<Paper> = None;
        for row in start..=self.last {
            if row > start && self.may_break(row) {
                let split = if self.begins_block(row) { 0.0 } else { SPLIT };
                let empty = if used < room * FULL_ENOUGH { EMPTY_PAPER } else { 0.0 };
                // Of two that cost the same, the fuller one.
                let cost = 1.0 + split + empty + (1.0 - used / room) * 1e-3 + cost(row);
                if best.is_none_or(|best| cost <= best.cost) {
                    best = Some(Paper { next: Some(row), cost });
                }
            }
            used += self.height(row);
            if used > room && row > start {
                // Nothing but empty rows is left: they need no paper of their own.
                return match (row..=self.last).any(|row| !self.is_empty(row)) {
                    true => best.unwrap_or_else(|| Paper { next: Some(row), cost: 1.0 + SPLIT + cost(row) }),
                    false => Paper { next: None, cost: 1.0 },
                };
            }
        }
        Paper { next: None, cost: 1.0 }
    }

    /// Whether a block of its own begins here.
    fn begins_block(&self, row: u32) -> bool {
        !self.is_empty(row)
            && (self.row(row).role == Some(Role::Section)
                || row.checked_sub(1).is_none_or(|before| self.is_empty(before)))
    }

    /// Whether so little of a table is left from here that it does not go on a paper of its own.
    fn is_tail(&self, row: u32) -> bool {
        let ends = |row: &u32| self.is_empty(*row) || self.row(*row).role == Some(Role::Total);
        !self.begins_block(row) && (row..row + TAIL).any(|row| row > self.last || ends(&row))
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
        !leads && !headed && !self.is_tail(row) && !self.is_empty(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Chart, ChartKind, Tab};

    /// Two columns as wide as a lying paper, which some forty rows of fifteen points fill.
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
        for _ in 0..36 {
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
        for _ in 0..32 {
            page.row(Role::Body, ["一", "二"]);
        }
        page.skip(1);
        let at = CellRef::new(page.next_row(), 0);
        page.charts.push(Chart::new(ChartKind::Bars, at, (600, 320), String::new(), String::new()));
        page.skip(17);
        assert_eq!(broken(&page), [at.row]);
    }

    #[test]
    fn the_last_rows_of_a_table_do_not_go_alone() {
        let mut page = page();
        for _ in 0..44 {
            page.row(Role::Body, ["一", "二"]);
        }
        assert_eq!(broken(&page), [41]);
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
