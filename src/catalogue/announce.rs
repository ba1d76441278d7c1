//! What is said about the headers of a table that was found.

use super::body::is_unit_header;
use super::findings as says;
use super::handmade::TOLD;
use super::header::Header;
use super::labels::{CARRIED, Matcher, SPAN, contradicts};
use super::lists::{ListFind, SheetEvidence};
use super::located::LocatedTable;
use crate::cell::{CellRef, Place};
use crate::diagnostic::{Arg, Finding, Sink};
use crate::workbook::Sheet;

pub(super) fn report_headers(matcher: &Matcher, sheet: &Sheet, find: &ListFind, sink: &mut Sink) {
    let table = matcher.table(find.table);
    let place = |cell: usize| Place::new(sheet.name.clone(), find.cells[cell].at);
    let mut renamed = Vec::new();
    for (cell, hit) in find.own() {
        if matches!(hit.how, "alias" | "fuzzy" | "meaning" | "position" | SPAN | CARRIED)
            && !find.cells[*cell].typed.trim().is_empty()
        {
            let (at, label) = (place(*cell), &table.columns[hit.column].label.zh);
            match renamed.last_mut() {
                Some((known, _, labels)) if *known == at => *labels = format!("{labels}+{label}"),
                _ => renamed.push((at, find.cells[*cell].typed.clone(), label.clone())),
            }
        }
    }
    report_renamed(&table.id, &renamed, sink);
    for (column, cells) in &find.duplicates {
        report_duplicate(
            &table.id,
            &table.columns[*column].label.zh,
            sheet,
            cells.iter().map(|cell| find.cells[*cell].at),
            sink,
        );
    }
    for (cell, columns) in &find.unclear {
        let names: Vec<String> =
            columns.iter().map(|column| table.columns[*column].label.zh.clone()).collect();
        sink.report(
            Finding::new(&says::AMBIGUOUS_HEADER)
                .at(&place(*cell))
                .of(table.id.clone(), find.cells[*cell].typed.clone())
                .found(find.cells[*cell].typed.clone())
                .arg("candidates", Arg::List(names)),
        );
    }
    let mut strangers: Vec<usize> = Vec::new();
    for number in 0..find.cells.len() {
        if find.speaks_of(number) || find.cells[number].typed.trim().is_empty() {
            continue;
        }
        match unit_clash(matcher, find, number) {
            Some(column) => sink.report(
                Finding::new(&says::UNIT_CONTRADICTS_COLUMN)
                    .at(&place(number))
                    .of(table.id.clone(), table.columns[column].label.zh.clone())
                    .found(find.cells[number].typed.clone())
                    .arg("expected", table.columns[column].label.arg()),
            ),
            None if is_unit_header(&find.cells[number].typed) && table.measures() => {}
            None => strangers.push(number),
        }
    }
    // Of a table somebody has spoken for, what is not read is not read on purpose.
    strangers.retain(|_| !find.evidence.contains(&TOLD));
    if let Some((first, rest)) = strangers.split_first() {
        let names: Vec<String> =
            strangers.iter().map(|cell| find.cells[*cell].typed.trim().to_owned()).collect();
        let mut finding = Finding::new(&says::EXTRA_COLUMN)
            .at(&place(*first))
            .of_table(table.id.clone())
            .arg("table", table.label.arg())
            .arg("columns", Arg::List(names));
        for cell in rest {
            finding = finding.also(&place(*cell));
        }
        sink.report(finding);
    }
    report_order(matcher, sheet, find, sink);
    let first = find.cells.first().map(|cell| cell.at);
    if let Some(first) = first.filter(|at| at.row >= 8 || at.col >= 4)
        && find.evidence.contains(&"sheet-name")
    {
        sink.report(
            Finding::new(&says::HEADER_MOVED)
                .at(&Place::new(sheet.name.clone(), first))
                .of_table(table.id.clone())
                .arg("table", table.label.arg()),
        );
    }
}

/// Columns in another order than the template's, on a sheet that goes by the table's name: elsewhere there is no order to keep.
fn report_order(matcher: &Matcher, sheet: &Sheet, find: &ListFind, sink: &mut Sink) {
    if !find.evidence.contains(&"sheet-name") {
        return;
    }
    let mut found: Vec<(CellRef, usize)> =
        find.own().map(|(cell, hit)| (find.cells[*cell].at, hit.column)).collect();
    found.sort_by_key(|(at, _)| (at.col, at.row));
    let Some(pair) = found.windows(2).find(|pair| pair[1].1 < pair[0].1) else { return };
    let (at, column) = pair[1];
    let table = matcher.table(find.table);
    sink.report(
        Finding::new(&says::COLUMNS_REORDERED)
            .at(&Place::new(sheet.name.clone(), at))
            .of(table.id.clone(), table.columns[column].label.zh.clone())
            .arg("table", table.label.arg()),
    );
}

/// The column an unmatched header would name but for its unit.
fn unit_clash(matcher: &Matcher, find: &ListFind, cell: usize) -> Option<usize> {
    let header = &find.cells[cell].seen.header;
    header.unit?;
    let plain = Header { unit: None, ..header.clone() };
    let hits = matcher.hits(&plain.bare, &plain);
    let hit = hits.iter().find(|hit| hit.table == find.table)?;
    let missing = find.matched.iter().all(|(_, known)| known.column != hit.column);
    (missing && contradicts(header, &matcher.table(find.table).columns[hit.column])).then_some(hit.column)
}

pub(super) fn report_renamed(table: &str, renamed: &[(Place, String, String)], sink: &mut Sink) {
    let Some((first, rest)) = renamed.split_first() else { return };
    let pairs = renamed.iter().map(|(_, typed, label)| format!("「{}」→{label}", typed.trim())).collect();
    let mut finding = Finding::new(&says::HEADER_RENAMED)
        .at(&first.0)
        .of_table(table)
        .found(first.1.clone())
        .arg("pairs", Arg::List(pairs));
    for (place, _, _) in rest {
        finding = finding.also(place);
    }
    sink.report(finding);
}

pub(super) fn report_duplicate(
    table: &str,
    column: &str,
    sheet: &Sheet,
    cells: impl Iterator<Item = CellRef>,
    sink: &mut Sink,
) {
    let places: Vec<Place> = cells.map(|at| Place::new(sheet.name.clone(), at)).collect();
    let Some((first, rest)) = places.split_first() else { return };
    let mut finding = Finding::new(&says::DUPLICATE_HEADER)
        .at(first)
        .of(table, column)
        .found(sheet.content(first.cell).to_text())
        .arg("cells", Arg::List(places.iter().map(|place| place.cell.to_string()).collect()));
    for place in rest {
        finding = finding.also(place);
    }
    sink.report(finding);
}

pub(super) fn renamed(
    matcher: &Matcher,
    sheet: &Sheet,
    here: &[&LocatedTable],
    evidence: &SheetEvidence,
) -> Option<Finding> {
    let [only] = here else { return None };
    let guest = only.guest.as_ref().map(|guest| guest.table);
    let known = evidence.name.iter().any(|(table, _)| *table == only.table || Some(*table) == guest);
    (!known).then(|| {
        let table = matcher.table(only.table);
        Finding::new(&says::SHEET_RENAMED)
            .on_sheet(sheet.name.to_string())
            .of_table(table.id.clone())
            .found(sheet.name.to_string())
            .arg("table", table.label.arg())
    })
}
