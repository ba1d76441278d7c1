//! Room: how wide a column and how high a row must be for what stands in it.
//!
//! Excel fits neither merged nor wrapped rows by itself and counts a Chinese
//! character as one, so the writer measures. Estimates lean to the generous
//! side: the font on the reader's machine may not be ours.

use std::collections::{BTreeMap, BTreeSet};

use crate::cell::{Area, CellRef};
use crate::locale::Lang;
use crate::page::{Page, PageCell, Role, Shape, Show};

use super::extent::{
    BUTTON, DEFAULT_WIDTH, EDGE, GENEROUS, INDENT, NO_WIDTH, ROW, Shown, filtered, running, shown, width_of,
};
use super::{columns, paper, style};

/// A line of text, by the size of its letters.
const LINE: f64 = 1.35;
/// Points of the row between two blocks, and of those that were left empty besides.
const GAP: f64 = 10.0;
const CLOSED: f64 = 1.5;
/// So many characters of a header stand beside each other, button or not.
const UNDER_BUTTON: f64 = 4.5;
/// The highest row Excel draws.
const MAX_HEIGHT: f64 = 409.0;

/// Columns and rows of a page, measured.
pub(super) struct Room<'a> {
    page: &'a Page,
    /// Merged rectangles by their first cell.
    spans: BTreeMap<CellRef, Area>,
    /// Width by column, in characters.
    pub widths: BTreeMap<u32, f64>,
    /// Columns whose tables have nothing but a header in them: they are left out.
    pub hidden: BTreeSet<u32>,
    /// The height of every row that holds something, in points.
    pub heights: BTreeMap<u32, f64>,
    /// Width of every column from the first on.
    across: Vec<f64>,
    /// Of every cell of the page, in its order, the rectangle it spreads over.
    pub areas: Vec<Area>,
    /// The same, whether its text must break into lines.
    pub wrapped: Vec<bool>,
}

/// The width of every column of a page.
fn across(page: &Page, widths: &BTreeMap<u32, f64>) -> Vec<f64> {
    let last = page.cells.keys().chain(page.merges.iter().map(|area| &area.last)).map(|at| at.col).max();
    (0..=last.unwrap_or(0)).map(|col| widths.get(&col).copied().unwrap_or(DEFAULT_WIDTH)).collect()
}

impl<'a> Room<'a> {
    pub fn new(page: &'a Page, lang: Lang) -> Room<'a> {
        let spans: BTreeMap<CellRef, Area> = page
            .merges
            .iter()
            .filter(|area| area.first != area.last)
            .map(|area| (area.first, *area))
            .collect();
        let areas: Vec<Area> =
            page.cells.keys().map(|at| spans.get(at).copied().unwrap_or(Area::new(*at, *at))).collect();
        if page.hidden {
            return Room::unmeasured(page, spans, areas);
        }
        let mut hidden = unused(page, &areas);
        // What has no width is there for programs, and stays out of sight.
        hidden.extend(page.widths.iter().filter(|(_, width)| **width <= 0.0).map(|(col, _)| *col));
        let widths = columns::widths(page, &areas, &hidden, lang);
        let across = across(page, &widths);
        let (heights, wrapped) = (BTreeMap::new(), Vec::new());
        let mut room = Room { page, spans, widths, hidden, heights, across, areas, wrapped };
        let cells = page.cells.values().zip(&room.areas);
        room.wrapped = cells.map(|(cell, area)| room.wraps(*area, cell)).collect();
        room.heights = room.needed_heights();
        room
    }

    /// Of a page nobody sees: what a program reads there needs no room.
    fn unmeasured(page: &'a Page, spans: BTreeMap<CellRef, Area>, areas: Vec<Area>) -> Room<'a> {
        Room {
            page,
            spans,
            widths: page.widths.clone(),
            hidden: BTreeSet::new(),
            heights: BTreeMap::new(),
            across: across(page, &page.widths),
            wrapped: vec![false; areas.len()],
            areas,
        }
    }

    /// Width by column as it is printed: nothing of what is hidden.
    pub fn printed_widths(&self) -> BTreeMap<u32, f64> {
        let mut widths = self.widths.clone();
        widths.extend(self.hidden.iter().map(|col| (*col, NO_WIDTH)));
        widths
    }

    /// The rectangle a cell spreads over.
    pub fn span(&self, at: CellRef) -> Area {
        self.spans.get(&at).copied().unwrap_or(Area::new(at, at))
    }

    fn wraps(&self, area: Area, cell: &PageCell) -> bool {
        match shown(cell) {
            Shown::Text(_) if cell.shape == Shape::Wrapped || running(cell.role) => {
                !self.flows_over(area, cell)
            }
            Shown::Text(text) => {
                text.contains('\n') || width_of(&text, cell.role) > self.available(area, cell.role)
            }
            Shown::Number(_) | Shown::Bool | Shown::Nothing => false,
        }
    }

    /// Whether a text stands on one line over the empty cells beside it, and so needs no merged block.
    /// What a formula makes may grow; what has an edge or ground must fill its block.
    pub fn flows(&self, at: CellRef, cell: &PageCell) -> bool {
        self.flows_over(self.span(at), cell)
    }

    fn flows_over(&self, area: Area, cell: &PageCell) -> bool {
        let (Show::Text(text) | Show::Link(text, _) | Show::File(text, _)) = &cell.show else { return false };
        !style::frames(cell.role)
            && area.first.row == area.last.row
            && !text.contains('\n')
            && width_of(text, cell.role) * GENEROUS <= self.available(area, cell.role)
    }

    fn needed_heights(&self) -> BTreeMap<u32, f64> {
        let mut rows: Vec<(u32, f64)> = Vec::new();
        let mut tall = Vec::new();
        // What stands beside the page is there for charts and formulas, and nobody reads it.
        let last = paper::printed(self.page).map_or(u32::MAX, |printed| printed.last.col);
        for ((cell, area), wrapped) in self.page.cells.values().zip(&self.areas).zip(&self.wrapped) {
            let need = self.height(*area, cell, *wrapped);
            let first = area.first.row;
            // Nor is what is hidden.
            if area.first.col > last || self.hidden.contains(&area.first.col) {
                continue;
            }
            if first != area.last.row {
                tall.push((*area, need));
                continue;
            }
            match rows.last_mut() {
                Some((row, height)) if *row == first => *height = height.max(need),
                _ => rows.push((first, need)),
            }
        }
        let mut heights = BTreeMap::from_iter(rows);
        heights.extend(self.page.heights.iter().map(|(row, height)| (*row, *height)));
        // What a merged block lacks over its rows, its last row makes up for.
        for (area, need) in tall {
            let has: f64 =
                (area.first.row..=area.last.row).map(|row| heights.get(&row).copied().unwrap_or(15.0)).sum();
            if need > has && !self.page.heights.contains_key(&area.last.row) {
                *heights.entry(area.last.row).or_insert(15.0) += need - has;
            }
        }
        heights.values_mut().for_each(|height| *height = height.clamp(0.0, MAX_HEIGHT));
        self.size_empty_rows(&mut heights);
        heights
    }

    /// Rows nothing stands in: those a chart lies over keep its place, and what parts two blocks is one low row,
    /// however many the sheet left.
    fn size_empty_rows(&self, heights: &mut BTreeMap<u32, f64>) {
        let Some(printed) = paper::printed(self.page) else { return };
        let covered = paper::covered(self.page, heights);
        let filled: BTreeSet<u32> =
            self.page.cells.keys().filter(|at| at.col <= printed.last.col).map(|at| at.row).collect();
        let mut before_is_gap = false;
        for row in printed.first.row..=printed.last.row {
            let is_gap =
                !filled.contains(&row) && !covered.contains(&row) && !self.page.heights.contains_key(&row);
            let height = match (is_gap, before_is_gap) {
                (true, true) => CLOSED,
                (true, false) => GAP,
                (false, _) => ROW,
            };
            if is_gap || !heights.contains_key(&row) {
                heights.insert(row, height);
            }
            before_is_gap = is_gap;
        }
    }

    fn height(&self, area: Area, cell: &PageCell, wrapped: bool) -> f64 {
        let size = style::size(cell.role);
        let lines = match wrapped.then(|| shown(cell)) {
            Some(Shown::Text(text)) => {
                let available = self.available(area, cell.role);
                text.split('\n')
                    .map(|line| (width_of(line, cell.role) * GENEROUS / available).ceil().max(1.0))
                    .sum()
            }
            _ => 1.0,
        };
        let margin = match cell.role {
            Role::Title | Role::Section | Role::Figure | Role::Headline => 7.0,
            Role::Header | Role::Total | Role::FigureLabel => 4.5,
            Role::Subtitle | Role::Note => 3.5,
            _ => 2.5,
        };
        lines * size * LINE + margin
    }

    /// Characters that fit beside each other in a cell.
    fn available(&self, area: Area, role: Role) -> f64 {
        let whole: f64 = self.across[area.first.col as usize..=area.last.col as usize].iter().sum();
        let button = if filtered(self.page, area.first) { BUTTON } else { 0.0 };
        let indent = if style::indented(role) { INDENT } else { 0.0 };
        // Where there is room for nothing else the button lies over the header's last line.
        (whole - EDGE - indent - button).max((whole - EDGE - indent).min(UNDER_BUTTON)).max(1.0)
    }
}

/// Columns of the printed page in which nothing stands below the headers.
///
/// The first column is the one that names the rows.
fn unused(page: &Page, areas: &[Area]) -> BTreeSet<u32> {
    let Some(last) = page.merges.iter().find(|merge| merge.first == CellRef::new(0, 0)) else {
        return BTreeSet::new();
    };
    let mut headed = BTreeSet::new();
    let mut used = BTreeSet::new();
    for ((at, cell), area) in page.cells.iter().zip(areas) {
        let is_filled = !matches!(shown(cell), Shown::Nothing);
        match cell.role {
            Role::Header if area.first.col == area.last.col => drop(headed.insert(at.col)),
            // A place to type in is there to be empty.
            Role::Input => drop(used.insert(at.col)),
            // A line over the whole page belongs to no column.
            _ if is_filled && (area.first.col == area.last.col || style::frames(cell.role)) => {
                used.extend(area.first.col..=area.last.col);
            }
            _ => {}
        }
    }
    used.extend(page.sparklines.iter().map(|(at, _)| at.col));
    used.extend(page.dropdowns.iter().flat_map(|(area, _)| area.first.col..=area.last.col));
    headed.into_iter().filter(|col| *col > 0 && *col <= last.last.col && !used.contains(col)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Tab;

    #[test]
    fn a_number_is_never_wider_than_its_column() {
        let mut page = Page::new("表", Tab::First);
        page.set_widths(&[4.0]);
        page.row(Role::Total, [PageCell::from(123_456_789.0).shaped(Shape::Money)]);
        assert!(Room::new(&page, Lang::Zh).widths[&0] > 12.0);
    }

    #[test]
    fn text_in_a_narrow_column_gets_lines_and_height() {
        let mut page = Page::new("表", Tab::First);
        page.set_widths(&[10.0]);
        page.row(Role::Body, ["短"]);
        page.row(Role::Body, ["这一格里的字明显比这一列能放下的要多得多"]);
        let room = Room::new(&page, Lang::Zh);
        assert_eq!(room.widths[&0], 10.0);
        let heights = &room.heights;
        assert!(heights[&1] > heights[&0] * 2.5);
    }

    #[test]
    fn a_given_height_stays() {
        let mut page = Page::new("表", Tab::First);
        page.row(Role::Body, ["一"]);
        page.heights.insert(0, 50.0);
        assert_eq!(Room::new(&page, Lang::Zh).heights[&0], 50.0);
    }
}
