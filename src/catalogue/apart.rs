//! Tables side by side without a column between them: where one header ends and the next begins.
//!
//! Tried only where a header reads badly as one table, and kept only where both halves read well.

use super::lists::{ListFind, TABLE_FLOOR};
use super::sightings::HeaderCell;

/// Header cells with the table they name.
pub(super) type Part = (Vec<HeaderCell>, Option<ListFind>);

/// A wider header is read as it stands.
const WIDEST: usize = 80;
/// So much more than together two tables must explain apart: a header found is worth about one.
const GAIN: f64 = 1.0;

/// A run of header cells in the tables it names, left to right; `tries` says how often that may still be looked for.
pub(super) fn apart(
    part: Part,
    tries: &mut usize,
    read: &mut dyn FnMut(&[HeaderCell]) -> Option<ListFind>,
) -> Vec<Part> {
    let mut parts = rejoined(split(part, tries, read), read);
    // Of three tables the first cut saw two as one, and may lie inside of them. A cut that moved may free the
    // one before it; what is explained grows with each.
    loop {
        let mut moved = false;
        for at in 1..parts.len() {
            if let Some((left, right)) = recut(&parts[at - 1], &parts[at], read) {
                (parts[at - 1], parts[at]) = (left, right);
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    for at in (1..parts.len()).rev() {
        if let Some(three) = freed(&parts[at - 1], &parts[at], read) {
            parts.splice(at - 1..=at, three);
        }
    }
    parts
}

/// Two tables that read as a host with its guest, because the column that tells them apart went to the next table.
fn freed(
    left: &Part,
    right: &Part,
    read: &mut dyn FnMut(&[HeaderCell]) -> Option<ListFind>,
) -> Option<[Part; 3]> {
    let (Some(one), Some(other)) = (&left.1, &right.1) else { return None };
    let guest = one.guest.as_ref()?.table;
    let first = right.0.first().filter(|_| other.named().all(|(cell, _)| *cell > 0))?;
    first.seen.hits.iter().find(|hit| hit.table == guest)?;
    let (rest, begins) = right.0.split_at(1);
    let last = read(begins).filter(|find| find.table == other.table)?;
    let cells: Vec<HeaderCell> = left.0.iter().chain(rest).cloned().collect();
    for at in 2..=cells.len() - 2 {
        let (before, after) = cells.split_at(at);
        let (Some(host), Some(own)) = (read(before), read(after)) else { continue };
        let whole = |find: &ListFind, cells: &[HeaderCell]| find.named().count() == cells.len();
        if host.table == one.table && own.table == guest && whole(&host, before) && whole(&own, after) {
            return Some([
                (before.to_vec(), Some(host)),
                (after.to_vec(), Some(own)),
                (begins.to_vec(), Some(last)),
            ]);
        }
    }
    None
}

/// Neighbours that name the same table are one: a header that stands twice is a question about columns.
fn rejoined(parts: Vec<Part>, read: &mut dyn FnMut(&[HeaderCell]) -> Option<ListFind>) -> Vec<Part> {
    let mut joined: Vec<Part> = Vec::new();
    for part in parts {
        let table = |part: &Part| part.1.as_ref().map(|find| find.table);
        match joined.last_mut() {
            Some(before) if table(before) == table(&part) => {
                before.0.extend(part.0);
                before.1 = read(&before.0);
            }
            _ => joined.push(part),
        }
    }
    joined
}

/// The best cut between two tables now that both are known.
fn recut(
    left: &Part,
    right: &Part,
    read: &mut dyn FnMut(&[HeaderCell]) -> Option<ListFind>,
) -> Option<(Part, Part)> {
    let (Some(one), Some(other)) = (&left.1, &right.1) else { return None };
    let cells: Vec<HeaderCell> = left.0.iter().chain(&right.0).cloned().collect();
    let mut best: Option<(Part, Part)> = None;
    let mut most = one.worth() + other.worth();
    for at in (2..=cells.len() - 2).filter(|at| *at != left.0.len()) {
        let (before, after) = cells.split_at(at);
        let (Some(first), Some(second)) = (read(before), read(after)) else { continue };
        let found = first.worth() + second.worth();
        if first.table == one.table && second.table == other.table && found > most + 1e-9 {
            most = found;
            best = Some(((before.to_vec(), Some(first)), (after.to_vec(), Some(second))));
        }
    }
    best
}

/// The same, cut by cut. `tries` says how often that may still be looked for.
fn split(
    part: Part,
    tries: &mut usize,
    read: &mut dyn FnMut(&[HeaderCell]) -> Option<ListFind>,
) -> Vec<Part> {
    let (cells, whole) = &part;
    let Some(find) = whole else { return vec![part] };
    let asked = find.is_close_call();
    let enough = cells.len() >= find.named().count() + 2 || asked;
    if *tries == 0 || cells.len() < 4 || cells.len() > WIDEST || !enough {
        return vec![part];
    }
    *tries -= 1;
    let gain = if asked { 0.0 } else { GAIN };
    let mut best: Option<(f64, Part, Part)> = None;
    for at in 2..=cells.len() - 2 {
        let inside = |cell: usize| find.matched.iter().any(|(known, _)| *known == cell);
        if inside(at - 1) && inside(at) {
            continue;
        }
        let (left, right) = cells.split_at(at);
        let (Some(one), Some(other)) = (solid(read(left)), solid(read(right))) else { continue };
        // The same headers once more are a question about columns, not a second table.
        if one.table == other.table {
            continue;
        }
        let begins = right[0].seen.hits.iter().any(|hit| hit.table == other.table && hit.column == 0);
        let found = one.worth() + other.worth() + if begins { 0.05 } else { 0.0 };
        if found > find.worth() + gain && best.as_ref().is_none_or(|(known, ..)| found > *known + 1e-9) {
            best = Some((found, (left.to_vec(), Some(one)), (right.to_vec(), Some(other))));
        }
    }
    match best {
        Some((_, left, right)) => {
            let mut parts = split(left, tries, read);
            parts.extend(split(right, tries, read));
            parts
        }
        None => vec![part],
    }
}

/// A table that reads well by itself.
fn solid(find: Option<ListFind>) -> Option<ListFind> {
    find.filter(|find| {
        let least = if find.is_titled() { 2 } else { 3 };
        let known = find.matched.len() + find.duplicates.len();
        find.score >= TABLE_FLOOR && known >= least && known * 2 >= find.cells.len()
    })
}
