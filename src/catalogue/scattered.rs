//! Records whose cells lie anywhere: crosstabs, cell by cell.

use std::collections::HashSet;

use indexmap::IndexMap;

use super::fields::{ColumnReader, Reader};
use super::grid::Grid;
use super::located::{LocatedTable, Shape};
use super::part::{Part, Quirks, hidden, missing_columns};
use super::record::{Field, Record, Unread, Value};
use super::tally::Tally;
use crate::cell::{Area, CellRef, Place};
use crate::workbook::Workbook;

/// Reads the records of a crosstab; what its area holds beside them is listed.
pub(super) fn scattered(
    reader: &Reader,
    workbook: &Workbook,
    located: &LocatedTable,
    quirks: &Quirks,
    unread: &mut Vec<Unread>,
) -> Part {
    let sheet = &workbook.sheets[located.sheet];
    let grid = Grid::new(sheet);
    let table = reader.matcher.table(located.table);
    let region = located.region.clone();
    let mut tally = Tally::default();
    let mut rows = Vec::new();
    let Shape::Across { records, body } = &located.shape else {
        return Part { region, sheet: located.sheet, rows, totals: Vec::new(), tally };
    };
    let prepared = |column: usize| {
        let declared = &table.columns[column];
        let mut own = ColumnReader::new(&table.id, declared, region.unit(&declared.id));
        own.look(records.iter().filter_map(|cells| Some(grid.cell(*cells.get(&column)?))));
        own
    };
    let readers: Vec<ColumnReader> = (0..table.columns.len()).map(prepared).collect();
    for cells in records {
        let mut fields: IndexMap<String, Field<Value>> = IndexMap::new();
        for (index, column) in table.columns.iter().enumerate() {
            let field = cells.get(&index).map_or_else(Field::absent, |at| {
                let source = quirks.source(sheet, *at, grid.cell(*at));
                reader.field(&readers[index], &source, &mut tally)
            });
            fields.insert(column.id.clone(), field);
        }
        let first = cells.values().max().copied().unwrap_or(region.area.first);
        rows.push(Record { at: Place::new(sheet.name.clone(), first), fields, extra: Vec::new() });
    }
    if !rows.is_empty() {
        missing_columns(reader, table, &region, sheet, &mut tally);
        let cells = || records.iter().flat_map(|cells| cells.values());
        let lines: Vec<u32> = cells().map(|at| at.row).collect();
        hidden(table, sheet, &lines, cells().map(|at| at.col), &mut tally);
    }
    let cells = records.iter().flat_map(|cells| cells.values().copied());
    let used: HashSet<CellRef> = cells.chain(region.columns.values().map(|column| column.at.cell)).collect();
    let read = |at: CellRef| at.row < *body || used.contains(&at);
    let left: Vec<CellRef> = sheet
        .cells
        .iter()
        .filter(|(at, cell)| {
            region.area.contains(**at) && !cell.content.is_blank() && grid.anchor(**at) == **at
        })
        .map(|(at, _)| *at)
        .filter(|at| !read(*at))
        .collect();
    if let (Some(first), Some(last)) = (left.first(), left.last()) {
        let columns = left.iter().map(|at| at.col);
        let (left_col, right_col) =
            (columns.clone().min().unwrap_or(first.col), columns.max().unwrap_or(last.col));
        unread.push(Unread {
            sheet: sheet.name.to_string(),
            area: Some(Area::new(CellRef::new(first.row, left_col), CellRef::new(last.row, right_col))),
            reason: "beside-records",
            cells: left.len(),
            detail: table.label.zh.clone(),
        });
    }
    Part { region, sheet: located.sheet, rows, totals: Vec::new(), tally }
}
