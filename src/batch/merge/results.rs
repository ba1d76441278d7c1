//! Results of the blank's formulas in rows that were written into. They are stored for what stood there before; until
//! Excel computes them anew, the result another copy has of the same row holds, and where none has, none.

use std::collections::{BTreeMap, BTreeSet};

use super::super::one::Read;
use super::Copy;
use super::place::Written;
use crate::catalogue::formula::{Piece, pieces};
use crate::catalogue::{Catalogue, Column};
use crate::cell::{Content, Place};
use crate::merge::computed::inputs;
use crate::merge::reading::{of_content, to_content};
use crate::merge::rows::Row;
use crate::merge::{Computed, Held, Seat};
use crate::review::Review;
use crate::workbook::Workbook;

/// What a formula of a column comes to in a row of a table, by the row's id and what it holds; `None` where nobody knows.
pub(super) type Known<'k> = &'k dyn Fn(&str, &str, &Column, &Row) -> Option<Content>;

/// Formulas whose results are stale, with what they come to.
pub(super) fn results(
    known: Known<'_>,
    written: &Written,
    now: &Read<'_>,
    catalogue: &Catalogue,
) -> Vec<(Place, Content)> {
    let Some(copied) = &now.review.copied else { return Vec::new() };
    let touched =
        written.cells.iter().map(|(at, seat, ..)| (&*seat.table, &*seat.row, &*at.sheet, at.cell.row));
    let touched: BTreeSet<(&str, &str, &str, u32)> = touched.collect();
    let mut found = Vec::new();
    for (table, id, sheet, row) in touched {
        let (Some(declared), Some(read)) =
            (catalogue.tables.get(table), now.review.records.tables.get(table))
        else {
            continue;
        };
        let here = read.rows.iter().position(|it| *it.at.sheet == *sheet && it.at.cell.row == row);
        let Some(at) = here else { continue };
        let typed = copied.holdings.get(table).and_then(|holding| holding.rows.get(at));
        for column in declared.columns.iter().filter(|column| column.formula.is_some()) {
            let place = read.rows[at].fields.get(&column.id).and_then(|field| field.at.as_ref());
            let (Some(place), Some(typed)) = (place, typed) else { continue };
            let cell = now.workbook.sheet(&place.sheet).and_then(|sheet| sheet.cells.get(&place.cell));
            if cell.is_some_and(|cell| cell.formula.is_some()) {
                found.push((place.clone(), known(table, id, column, typed).unwrap_or_default()));
            }
        }
    }
    found
}

/// What formulas of a workbook come to, those that ask for nothing but their row.
pub fn computed(review: &Review<'_>, workbook: &Workbook) -> Vec<Computed> {
    let Some(copied) = &review.copied else { return Vec::new() };
    let mut found = Vec::new();
    for (table, holding) in &copied.holdings {
        let (Some(declared), Some(read), Some(ids)) = (
            review.catalogue.tables.get(table),
            review.records.tables.get(table),
            copied.claimed.rows.get(table),
        ) else {
            continue;
        };
        for column in declared.columns.iter().filter(|column| is_of_its_row(column)) {
            for ((record, row), id) in read.rows.iter().zip(&holding.rows).zip(ids) {
                let place = record.fields.get(&column.id).and_then(|field| field.at.as_ref());
                let cell = place
                    .and_then(|place| workbook.sheet(&place.sheet)?.cells.get(&place.cell))
                    .filter(|cell| cell.formula.is_some() && !row.cells.is_empty());
                let result = match cell.map(|cell| &cell.content) {
                    Some(content @ (Content::Number(_) | Content::Serial(_) | Content::Text(_))) => content,
                    _ => continue,
                };
                if !result.is_blank() {
                    let seat = Seat { table: table.clone(), row: id.clone(), column: column.id.clone() };
                    found.push(Computed { seat, inputs: inputs(row), result: of_content(result) });
                }
            }
        }
    }
    found
}

/// What such results say of a row by whatever id it went before rows were found to be one.
pub(super) fn of_computed<'a>(
    computed: &'a [Computed],
    same: &'a BTreeMap<(String, String), String>,
) -> impl Fn(&str, &str, &Column, &Row) -> Option<Content> + 'a {
    let one = |seat: &Seat| {
        let mut row = seat.row.clone();
        for _ in 0..same.len() {
            let Some(other) = same.get(&(seat.table.clone(), row.clone())) else { break };
            row.clone_from(other);
        }
        Seat { row, ..seat.clone() }
    };
    let known: BTreeMap<(Seat, &str), &Held> =
        computed.iter().map(|it| ((one(&it.seat), it.inputs.as_str()), &it.result)).collect();
    move |table, id, column, typed| {
        let seat = Seat { table: table.to_owned(), row: id.to_owned(), column: column.id.clone() };
        let inputs = inputs(typed);
        let found = known.get(&(seat, inputs.as_str())).filter(|_| is_of_its_row(column))?;
        Some(to_content(&found.stored))
    }
}

/// Whether a column is computed from cells of its row alone.
fn is_of_its_row(column: &Column) -> bool {
    let Some(formula) = column.formula.as_deref().and_then(|formula| pieces(formula).ok()) else {
        return false;
    };
    !formula.iter().any(|piece| matches!(piece, Piece::Above(_) | Piece::Range(..)))
}

/// What a copy's formula comes to, where its row says the same and the formula asks for nothing else.
pub(super) fn result(
    copy: &Copy<'_, '_>,
    table: &str,
    id: &str,
    column: &Column,
    typed: &Row,
) -> Option<Content> {
    if !is_of_its_row(column) {
        return None;
    }
    let copied = copy.read.review.copied.as_ref()?;
    if keys(copied.row(table, id)?) != keys(typed) {
        return None;
    }
    let record = copy.read.review.records.tables.get(table)?.rows.get(copied.position(table, id)?)?;
    let at = record.fields.get(&column.id)?.at.as_ref()?;
    Some(copy.read.workbook.sheet(&at.sheet)?.content(at.cell).clone())
}

fn keys(row: &Row) -> BTreeMap<&str, &str> {
    row.cells.iter().map(|(column, held)| (column.as_str(), held.key.as_str())).collect()
}
