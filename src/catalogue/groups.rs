//! Headers on two rows: groups above, merged over their columns or not, and what they part below.
//!
//! Which of the readings of a header is the right one is for `lists`.

use std::sync::Arc;

use super::grid::Grid;
use super::header::{Header, is_unit_line, stated_units};
use super::sightings::{HeaderCell, Sighting, Sightings};
use crate::cell::{Area, CellRef, Content, MAX_COLUMNS};
use crate::workbook::Cell;

/// A longer text over several columns is a title or a hint, no name of a group.
const LONGEST_GROUP: usize = 24;
/// A longer text below a group is a value, no header of a column.
const LONGEST_PART: usize = 12;

pub(super) fn has_group(grid: &Grid, row: u32) -> bool {
    grid.filled(row, 0, MAX_COLUMNS - 1).any(|(at, _)| {
        let span = grid.span(at);
        span.last.row == row && span.last.col > span.first.col
    })
}

/// Whether a line holds, beside other cells, one over several columns each of which has a short word of its own below,
/// in a line of nothing but words.
fn has_parts(grid: &Grid, row: u32) -> bool {
    let line: Vec<_> = grid.filled(row, 0, MAX_COLUMNS - 1).collect();
    let below: Vec<_> = grid.filled(row + 1, 0, MAX_COLUMNS - 1).collect();
    let word =
        |cell: &Cell| matches!(&cell.content, Content::Text(text) if text.chars().count() <= LONGEST_PART);
    if line.len() < 2 || !below.iter().all(|(_, cell)| word(cell)) {
        return false;
    }
    line.iter().any(|(at, cell)| {
        let span = grid.span(*at);
        let parts: Vec<String> = below
            .iter()
            .filter(|(below, _)| (span.first.col..=span.last.col).contains(&below.col))
            .map(|(_, cell)| cell.content.to_text())
            .collect();
        span.last.row == row
            && span.last.col > span.first.col
            && word(cell)
            && parts.len() as u32 == span.last.col - span.first.col + 1
            && parts.iter().all(|part| parts.iter().filter(|it| *it == part).count() == 1)
    })
}

/// Whether a line is one cell over all that stands in the row below: it names the table, not a group of columns.
fn is_title(grid: &Grid, line: u32, row: u32) -> bool {
    let mut cells = grid.filled(line, 0, MAX_COLUMNS - 1);
    let (Some((at, _)), None) = (cells.next(), cells.next()) else { return false };
    let span = grid.span(at);
    grid.filled(row, 0, MAX_COLUMNS - 1)
        .all(|(below, _)| (span.first.col..=span.last.col).contains(&below.col))
}

/// The rows a header here may take: alone, with the group above, with the sub-headers below.
pub(super) fn depths(grid: &Grid, sightings: &mut Sightings, row: u32) -> Vec<(u32, u32)> {
    // A cell over several columns with words of their own below is the header of none of them alone.
    if has_parts(grid, row) {
        return vec![(row, row + 1)];
    }
    let mut depths = vec![(row, row)];
    if row > 0
        && (has_group(grid, row - 1) && !is_title(grid, row - 1, row) || has_loose(grid, sightings, row - 1))
    {
        depths.push((row - 1, row));
    }
    if has_group(grid, row) || has_loose(grid, sightings, row) {
        depths.push((row, row + 1));
    }
    depths
}

/// Whether a line and the one below may be a header with groups that were never merged: wherever both lines say
/// something, the upper one goes on to the right without a word, the lower one with the next header.
pub(super) fn has_loose(grid: &Grid, sightings: &mut Sightings, row: u32) -> bool {
    let upper: Vec<_> = grid.filled(row, 0, MAX_COLUMNS - 1).collect();
    let lower: Vec<_> = grid.filled(row + 1, 0, MAX_COLUMNS - 1).collect();
    let (Some((_, first)), false) = (upper.first(), lower.len() < 2) else { return false };
    // One cell that names a table or states its unit is a title.
    if let ([_], Content::Text(text)) = (upper.as_slice(), &first.content)
        && (!sightings.titles(text).is_empty() || !stated_units(text).is_empty())
    {
        return false;
    }
    let words = |cell: &Cell| matches!(&cell.content, Content::Text(text) if text.len() <= 240);
    if !upper.iter().chain(&lower).all(|(_, cell)| words(cell)) {
        return false;
    }
    if upper.iter().any(|(_, cell)| states_unit(cell)) {
        return false;
    }
    let mut groups = 0;
    for (at, cell) in &upper {
        if lower.binary_search_by_key(&at.col, |(sub, _)| sub.col).is_err() || grid.merge(*at).is_some() {
            continue;
        }
        if loose_end(grid, *at) == at.col || cell.content.to_text().chars().count() > LONGEST_GROUP {
            return false;
        }
        groups += 1;
    }
    groups > 0
}

/// Whether a cell states the unit of a whole table and is no header: 单位：万元.
fn states_unit(cell: &Cell) -> bool {
    matches!(&cell.content, Content::Text(text) if is_unit_line(text))
}

/// Whether a group of a line states the unit of its columns: 人数(万人).
pub(super) fn has_unit(grid: &Grid, sightings: &mut Sightings, row: u32) -> bool {
    let stated = |(_, cell): (CellRef, &Cell)| sightings.of(&cell.content)?.header.unit;
    grid.filled(row, 0, MAX_COLUMNS - 1).find_map(stated).is_some()
}

/// The last column of a group that is not merged: as far as nothing stands beside it and something below.
fn loose_end(grid: &Grid, group: CellRef) -> u32 {
    let goes_on = |col: u32| {
        let (beside, below) = (CellRef::new(group.row, col), CellRef::new(group.row + 1, col));
        col < MAX_COLUMNS
            && grid.merge(beside).is_none()
            && grid.cell(beside).content.is_blank()
            && !grid.cell(below).content.is_blank()
    };
    let mut last = group.col;
    while goes_on(last + 1) {
        last += 1;
    }
    last
}

pub(super) fn header_cells(grid: &Grid, sightings: &mut Sightings, rows: (u32, u32)) -> Vec<HeaderCell> {
    let mut cells: Vec<HeaderCell> = Vec::new();
    let nothing = || Sighting { header: Header::parse(""), hits: Vec::new() }.into();
    let mut push = |at: CellRef, last_col: u32, typed: String, seen: Option<Arc<Sighting>>| {
        cells.push(HeaderCell { at, last_col, typed, seen: seen.unwrap_or_else(nothing) });
    };
    if rows.0 == rows.1 {
        for (at, cell) in grid.filled(rows.0, 0, MAX_COLUMNS - 1) {
            let sighting = sightings.of(&cell.content);
            push(at, grid.span(at).last.col, cell.content.to_text(), sighting);
        }
        return cells;
    }
    let subs: Vec<_> = grid.filled(rows.1, 0, MAX_COLUMNS - 1).collect();
    let mut used: Vec<u32> = Vec::new();
    for (at, cell) in grid.filled(rows.0, 0, MAX_COLUMNS - 1).filter(|(_, cell)| !states_unit(cell)) {
        let mut span = grid.span(at);
        if span == Area::new(at, at) && !grid.cell(CellRef::new(rows.1, at.col)).content.is_blank() {
            // What repeats the group's words is no part of it: 支付人数 beside 加购 and 下单 under 人数.
            let group = Header::parse(&cell.content.to_text()).bare;
            let repeats = |(sub, cell): &&(CellRef, &Cell)| {
                sub.col > at.col
                    && !group.is_empty()
                    && Header::parse(&cell.content.to_text()).bare.contains(&group)
            };
            let next = subs.iter().find(repeats).map_or(MAX_COLUMNS, |(sub, _)| sub.col);
            span.last.col = loose_end(grid, at).min(next - 1);
        }
        // What goes on below the header is the first value of a column, not its header.
        let goes_on = |sub: CellRef| span == Area::new(at, at) && grid.span(sub).last.row > rows.1;
        let under: Vec<_> = subs
            .iter()
            .filter(|(sub, _)| (span.first.col..=span.last.col).contains(&sub.col) && !goes_on(*sub))
            .collect();
        used.extend(subs.iter().map(|(sub, _)| sub.col).filter(|col| *col == at.col && under.is_empty()));
        if under.is_empty() || span.last.row > rows.0 {
            let sighting = sightings.of(&cell.content);
            push(at, span.last.col, cell.content.to_text(), sighting);
            continue;
        }
        let group = cell.content.to_text();
        let is_group =
            span.last.col > span.first.col && under.len() > 1 && group.chars().count() <= LONGEST_GROUP;
        for (sub, cell) in under {
            used.push(sub.col);
            let text = cell.content.to_text();
            let sighting = match &cell.content {
                Content::Text(text) if is_group => sightings.under(&group, text),
                content => sightings.of(content),
            };
            let typed = if is_group { format!("{group} {text}") } else { text };
            push(*sub, grid.span(*sub).last.col, typed, sighting);
        }
    }
    for (sub, cell) in &subs {
        if !used.contains(&sub.col) {
            let sighting = sightings.of(&cell.content);
            push(*sub, grid.span(*sub).last.col, cell.content.to_text(), sighting);
        }
    }
    cells.sort_by_key(|cell| cell.at.col);
    cells
}
