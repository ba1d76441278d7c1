//! A table that teams keep in the rows of another one: how far each task is, in the list of tasks.
//!
//! The host names its columns first. What is left over and names columns of the guest is the guest's,
//! as long as all that the guest requires of its own stands there. Columns of both with one id are shared.

use super::columns::assign;
use super::labels::Hit;
use super::lists::ListFind;
use super::{Catalogue, Table};

/// A host is known by so many columns of its own.
const LEAST_OF_HOST: usize = 2;

/// The columns of a guest among the headers of its host.
#[derive(Debug, Clone)]
pub struct Guest {
    /// Index of the table.
    pub table: usize,
    /// Which cell names which of its own columns.
    pub matched: Vec<(usize, Hit)>,
}

impl Guest {
    /// The guest as if its columns stood alone.
    pub(super) fn alone(&self, host: &ListFind) -> ListFind {
        let cells: Vec<_> = self.matched.iter().map(|(cell, _)| host.cells[*cell].clone()).collect();
        ListFind {
            table: self.table,
            cells: cells.into(),
            matched: self.matched.iter().enumerate().map(|(at, (_, hit))| (at, *hit)).collect(),
            duplicates: Vec::new(),
            unclear: Vec::new(),
            evidence: vec!["headers"],
            rival: None,
            guest: None,
            ..*host
        }
    }
}

/// The table that teams keep in the rows of another one.
pub(super) fn of(catalogue: &Catalogue, host: usize) -> Option<usize> {
    let host = &catalogue.tables[host].id;
    catalogue.tables.values().position(|table| table.kept_in.as_ref() == Some(host))
}

/// Takes what a guest may have among headers that a host does not need; a question between two columns of the
/// host is settled where one of them is the guest's.
pub(super) fn invite(catalogue: &Catalogue, find: &mut ListFind) {
    let host = &catalogue.tables[find.table];
    let Some(table) = of(catalogue, find.table) else { return };
    let guest = &catalogue.tables[table];
    let shared = |column: usize| is_shared(guest, &host.columns[column].id);
    // Where they are two tables side by side, what both have stands twice, or behind all else of the first.
    let last = find.matched.iter().filter(|(_, hit)| !shared(hit.column)).map(|(cell, _)| *cell).max();
    if find.duplicates.iter().any(|(column, _)| shared(*column))
        || find.matched.iter().any(|(cell, hit)| shared(hit.column) && Some(*cell) > last)
    {
        return;
    }
    let own = |column: usize| !is_shared(host, &guest.columns[column].id);
    let mut matched = assign(&find.cells, table).matched;
    matched.retain(|(cell, hit)| own(hit.column) && find.matched.iter().all(|(known, _)| known != cell));
    let required = |(at, column): (usize, &super::Column)| {
        !column.required || !own(at) || matched.iter().any(|(_, hit)| hit.column == at)
    };
    if !guest.columns.iter().enumerate().all(required) {
        return;
    }
    let taken = |cell: &usize| matched.iter().any(|(known, _)| known == cell);
    let settled: Vec<(usize, usize)> = find
        .duplicates
        .iter()
        .filter_map(|(column, cells)| {
            let mut left = cells.iter().filter(|cell| !taken(cell));
            let one = left.next().filter(|_| left.next().is_none() && cells.iter().any(taken))?;
            Some((*column, *one))
        })
        .collect();
    let of_host = find.matched.iter().filter(|(_, hit)| !shared(hit.column)).count();
    if of_host + settled.len() < LEAST_OF_HOST {
        return;
    }
    for (column, cell) in settled {
        let hit =
            find.cells[cell].seen.hits.iter().find(|hit| hit.table == find.table && hit.column == column);
        find.matched.extend(hit.map(|hit| (cell, *hit)));
        find.duplicates.retain(|(it, _)| *it != column);
    }
    let in_question = |cell: usize| {
        find.duplicates.iter().any(|(_, cells)| cells.contains(&cell))
            || find.unclear.iter().any(|(known, _)| *known == cell)
    };
    matched.retain(|(cell, _)| !in_question(*cell));
    find.matched.sort_by_key(|(cell, _)| *cell);
    find.guest = Some(Guest { table, matched });
}

fn is_shared(table: &Table, id: &str) -> bool {
    table.column(id).is_some()
}
