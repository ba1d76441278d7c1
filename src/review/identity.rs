//! Who a finding is from one reading to the next, whatever was inserted above it.
//!
//! A cell goes by its table, its column and the key of its row, never by its
//! address: after a row is inserted the same problem is still the same one.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use crate::catalogue::record::{Field, Record, Records, Value};
use crate::catalogue::{Catalogue, Layout};
use crate::cell::Place;
use crate::diagnostic::Finding;
use crate::locale::fold;

/// Where a cell stands in the tables.
struct Seat<'a> {
    table: &'a str,
    column: &'a str,
    record: &'a Record,
}

/// Gives every finding its fingerprints.
pub fn identify(findings: &mut [Finding], catalogue: &Catalogue, records: &Records) {
    let seats = {
        let wanted: HashSet<&Place> = findings.iter().flat_map(|f| f.at.iter().chain(&f.more)).collect();
        seats(&wanted, records)
    };
    let mut taken: HashMap<String, usize> = HashMap::new();
    for finding in findings {
        let mut marks = Vec::with_capacity(finding.cells());
        let row =
            finding.at.as_ref().and_then(|place| seats.get(place)).map(|seat| row_words(seat, catalogue));
        finding.row = row.filter(|row| !row.is_empty());
        for place in std::iter::once(finding.at.as_ref()).chain(finding.more.iter().map(Some)) {
            let name = name(finding, place, place.and_then(|place| seats.get(place)), catalogue);
            let times = taken.entry(name.clone()).or_default();
            *times += 1;
            marks.push(mark(&name, *times));
        }
        finding.fingerprints = marks;
    }
}

/// The fingerprint of a finding that no review has seen: a refused file, copies of one campaign.
pub fn of_file(code: &str) -> String {
    mark(code, 1)
}

/// The fingerprint of a finding about several files, by the words it goes by.
pub fn of_words(words: &[&str]) -> String {
    mark(&words.join("\u{1f}"), 1)
}

fn seats<'a>(wanted: &HashSet<&Place>, records: &'a Records) -> HashMap<Place, Seat<'a>> {
    let mut seats = HashMap::new();
    if wanted.is_empty() {
        return seats;
    }
    for (table, rows) in &records.tables {
        for record in rows.rows.iter().chain(&rows.totals) {
            for (column, field) in &record.fields {
                if let Some(at) = field.at.as_ref().filter(|at| wanted.contains(at)) {
                    seats.entry(at.clone()).or_insert(Seat { table, column, record });
                }
            }
        }
    }
    seats
}

/// What a finding's cell goes by, in words that no layout changes.
fn name(finding: &Finding, place: Option<&Place>, seat: Option<&Seat<'_>>, catalogue: &Catalogue) -> String {
    let code = finding.code.name;
    if let Some(seat) = seat {
        let row = row_name(seat, catalogue);
        return [code, seat.table, seat.column, &row].join("\u{1f}");
    }
    let folded = |text: &Option<String>| text.as_deref().map(fold).unwrap_or_default();
    let table = match (&finding.table, place, &finding.sheet) {
        (Some(table), ..) => table.clone(),
        (None, Some(place), _) => fold(&place.sheet),
        (None, None, sheet) => folded(sheet),
    };
    // A cell of no table (a header, a stray cell) goes by what stands there.
    let found = if finding.column.is_none() { folded(&finding.found) } else { String::new() };
    [code, &table, &folded(&finding.column), &found].join("\u{1f}")
}

/// The same row as people call it.
fn row_words(seat: &Seat<'_>, catalogue: &Catalogue) -> String {
    row_texts(seat, catalogue, |text| text.trim().to_owned()).join(" ")
}

/// What a row goes by: its key; where that is not filled in, the first texts of its other cells.
fn row_name(seat: &Seat<'_>, catalogue: &Catalogue) -> String {
    row_texts(seat, catalogue, fold).join("\u{1e}")
}

fn row_texts(seat: &Seat<'_>, catalogue: &Catalogue, shown: fn(&str) -> String) -> Vec<String> {
    let Some(table) = catalogue.tables.get(seat.table) else { return Vec::new() };
    if table.layout == Layout::Form {
        return Vec::new();
    }
    let texts = |columns: &mut dyn Iterator<Item = &str>| -> Vec<String> {
        columns
            .filter_map(|column| seat.record.fields.get(column))
            .map(|field| shown(&field.text))
            .filter(|text| !text.is_empty())
            .collect()
    };
    let own = seat.column;
    let key = texts(&mut table.key.iter().map(String::as_str));
    if !key.is_empty() {
        return key;
    }
    let others: &IndexMap<String, Field<Value>> = &seat.record.fields;
    let mut others = texts(&mut others.keys().map(String::as_str).filter(|column| *column != own));
    others.truncate(2);
    others
}

/// Sixteen hexadecimal digits of a hash; cells that go by the same words are numbered.
fn mark(name: &str, times: usize) -> String {
    let hash = if times == 1 {
        blake3::hash(name.as_bytes())
    } else {
        blake3::hash(format!("{name}\u{1f}{times}").as_bytes())
    };
    hash.to_hex()[..16].to_owned()
}
