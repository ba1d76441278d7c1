//! Results of the blank's formulas in rows that were written into. They are stored for what stood there before; until
//! Excel computes them anew, the result another copy has of the same row holds, and where none has, none.

use std::collections::{BTreeMap, BTreeSet};

use super::super::one::Read;
use super::Copy;
use super::place::Written;
use crate::catalogue::formula::{Piece, pieces};
use crate::catalogue::{Catalogue, Column};
use crate::cell::{Content, Place};
use crate::merge::rows::Row;

/// Formulas whose results are stale, with what they come to.
pub(super) fn results(
    copies: &[Copy<'_, '_>],
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
                let known = copies.iter().find_map(|copy| result(copy, table, id, column, typed));
                found.push((place.clone(), known.unwrap_or_default()));
            }
        }
    }
    found
}

/// What a copy's formula comes to, where its row says the same and the formula asks for nothing else.
fn result(copy: &Copy<'_, '_>, table: &str, id: &str, column: &Column, typed: &Row) -> Option<Content> {
    let formula = pieces(column.formula.as_deref()?).ok()?;
    if formula.iter().any(|piece| matches!(piece, Piece::Above(_) | Piece::Range(..))) {
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
