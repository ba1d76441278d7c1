//! A table that teams keep in the rows of another one: how far each task is, in the list of tasks; the problem
//! that each action answers, in the list of actions.
//!
//! The host names its columns first. What is left over and names columns of the guest is the guest's, as long
//! as most of what the guest requires of its own stands there. Columns of both with one id are shared.

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

/// Takes what a guest may have among headers that a host does not need; a question between two columns of the
/// host is settled where one of them is the guest's.
pub(super) fn invite(catalogue: &Catalogue, find: &mut ListFind) {
    let host = &catalogue.tables[find.table];
    let Some(table) = catalogue.kept_in(find.table) else { return };
    let guest = &catalogue.tables[table];
    // What the host says of the guest is the guest's own: the problem that an action answers.
    let link = host.columns.iter().position(|column| column.references.as_ref() == Some(&guest.id));
    let of_host =
        |cell: usize| find.matched.iter().find(|(known, _)| *known == cell).map(|(_, hit)| hit.column);
    let mut matched = assign(&find.cells, table).matched;
    matched.retain(|(cell, hit)| match of_host(*cell) {
        Some(column) => Some(column) == link,
        None => hit.how == "exact" || !is_shared(host, &guest.columns[hit.column].id),
    });
    if !is_whole(guest, host, &matched) || stands_beside(guest, host, find, &matched, link.is_some()) {
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
    let shared = |column: usize| is_shared(guest, &host.columns[column].id);
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
    matched.retain(|(cell, _)| !find.in_question(*cell));
    if let Some(link) = link
        && find.matched.iter().all(|(_, hit)| hit.column != link)
        && find.duplicates.iter().all(|(column, _)| *column != link)
    {
        let subject = matched.iter().find(|(_, hit)| is_subject(guest, hit.column));
        find.matched
            .extend(subject.map(|(cell, hit)| (*cell, Hit { table: find.table, column: link, ..*hit })));
    }
    find.matched.sort_by_key(|(cell, _)| *cell);
    find.guest = Some(Guest { table, matched });
}

/// Whether its subject and most of what a guest requires of its own are there.
fn is_whole(guest: &Table, host: &Table, matched: &[(usize, Hit)]) -> bool {
    let named = |column: &usize| matched.iter().any(|(_, hit)| hit.column == *column);
    let of_its_own = |at: &usize| guest.columns[*at].required && !is_shared(host, &guest.columns[*at].id);
    let required: Vec<usize> = (0..guest.columns.len()).filter(of_its_own).collect();
    required.iter().filter(|at| named(at)).count() * 2 > required.len()
        && required.iter().all(|at| named(at) || !is_subject(guest, *at))
}

/// Where they are two tables side by side, what both have stands twice, or between the two.
fn stands_beside(
    guest: &Table,
    host: &Table,
    find: &ListFind,
    matched: &[(usize, Hit)],
    linked: bool,
) -> bool {
    let shared = |column: usize| is_shared(guest, &host.columns[column].id);
    let last = find.matched.iter().filter(|(_, hit)| !shared(hit.column)).map(|(cell, _)| *cell).max();
    let between = |cell: usize| Some(cell) > last && matched.iter().any(|(own, _)| *own > cell);
    // A problem may have a number of its own beside that of the action; a task has but one.
    let twice = |(_, hit): &(usize, Hit)| !linked && is_shared(host, &guest.columns[hit.column].id);
    find.duplicates.iter().any(|(column, _)| shared(*column))
        || matched.iter().any(twice)
        || find.matched.iter().any(|(cell, hit)| shared(hit.column) && between(*cell))
}

fn is_subject(table: &Table, column: usize) -> bool {
    table.subject().is_some_and(|subject| subject.id == table.columns[column].id)
}

fn is_shared(table: &Table, id: &str) -> bool {
    table.column(id).is_some()
}
