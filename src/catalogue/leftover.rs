//! What stands outside every table: listed, never dropped.

use super::findings as says;
use super::grid::Grid;
use super::labels::Matcher;
use super::located::{LocatedTable, Shape};
use super::record::Unread;
use crate::cell::{Area, CellRef, MAX_COLUMNS};
use crate::diagnostic::{Finding, Sink};
use crate::workbook::Sheet;

/// A line above a table has so many cells at the most: 单位：万元, the day and who filled it in are three.
const TITLE_CELLS: usize = 3;

pub(super) fn whole_sheet(
    matcher: &Matcher,
    sheet: &Sheet,
    used: Area,
    below: Option<(f64, usize)>,
    sink: &mut Sink,
) -> Vec<Unread> {
    let named = matcher.titles(&sheet.name).first().map(|hit| hit.table);
    let near = below.filter(|(score, _)| *score >= 0.3).map(|(_, table)| table).or(named);
    let (reason, detail) = match near {
        Some(table) => ("too-unlike", matcher.table(table).label.zh.clone()),
        None => ("extra-sheet", String::new()),
    };
    let finding =
        Finding::new(&says::EXTRA_SHEET).on_sheet(sheet.name.to_string()).found(sheet.name.to_string());
    let finding = match near {
        Some(table) => Finding {
            code: &says::SHEET_NOT_RECOGNISED,
            severity: says::SHEET_NOT_RECOGNISED.severity,
            ..finding
        }
        .of_table(matcher.table(table).id.clone())
        .arg("table", matcher.table(table).label.arg()),
        None => finding,
    };
    sink.report(finding);
    vec![Unread {
        sheet: sheet.name.to_string(),
        area: Some(used),
        reason,
        cells: count(sheet, |_| true),
        detail,
    }]
}

/// Filled cells outside every table that are not the lines above one.
pub(super) fn beside(sheet: &Sheet, grid: &Grid, here: &[&LocatedTable], asked: &[Area]) -> Vec<Unread> {
    let inside = |at: CellRef| {
        here.iter().any(|it| it.region.area.contains(at)) || asked.iter().any(|area| area.contains(at))
    };
    let mut left: Vec<CellRef> = Vec::new();
    // Titles, hints and unit lines say something of the table below; a line of more cells is something else.
    let is_line = |row: u32| grid.filled(row, 0, MAX_COLUMNS - 1).count() <= TITLE_CELLS;
    for (at, cell) in &sheet.cells {
        let above = is_line(at.row)
            && here
                .iter()
                .any(|it| at.row < it.region.area.first.row && at.row + 6 >= it.region.area.first.row)
            || is_line(at.row) && asked.iter().any(|it| at.row < it.first.row && at.row + 6 >= it.first.row);
        if !cell.content.is_blank() && !inside(*at) && !above && grid.anchor(*at) == *at {
            // The description and example of a form stand beside it on purpose.
            let beside_form = here.iter().any(|it| {
                matches!(it.shape, Shape::Form { .. })
                    && (it.region.area.first.row..=it.region.area.last.row).contains(&at.row)
                    && at.col > it.region.area.last.col
            });
            if !beside_form {
                left.push(*at);
            }
        }
    }
    let (Some(first), Some(last)) = (left.first(), left.last()) else { return Vec::new() };
    let area = Area::new(
        CellRef::new(first.row, left.iter().map(|at| at.col).min().unwrap_or(first.col)),
        CellRef::new(last.row, left.iter().map(|at| at.col).max().unwrap_or(last.col)),
    );
    vec![Unread {
        sheet: sheet.name.to_string(),
        area: Some(area),
        reason: "beside-table",
        cells: left.len(),
        detail: String::new(),
    }]
}

pub(super) fn count(sheet: &Sheet, keep: impl Fn(CellRef) -> bool) -> usize {
    sheet.cells.iter().filter(|(at, cell)| !cell.content.is_blank() && keep(**at)).count()
}
