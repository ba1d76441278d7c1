//! Which header cell names which column, ties kept as questions.

use std::sync::Arc;

use super::Kind;
use super::grid::Grid;
use super::labels::{CARRIED, Hit, SPAN};
use super::lists::{CLOSE, COLUMN_FLOOR, ListFind, SheetEvidence};
use super::sightings::{HeaderCell, Sightings};
use crate::cell::{CellRef, Content};

/// How sure a column is that only its place speaks for (0 to 1).
const BY_PLACE: f64 = 0.75;

/// Gives each cell the column it names best; ties are kept as questions.
pub(super) fn assign(cells: &Arc<[HeaderCell]>, table: usize) -> ListFind {
    let mut pairs: Vec<(usize, Hit)> = Vec::new();
    for (index, cell) in cells.iter().enumerate() {
        pairs.extend(cell.seen.hits.iter().filter(|hit| hit.table == table).map(|hit| (index, *hit)));
    }
    pairs.sort_by(|a, b| b.1.score.total_cmp(&a.1.score).then(a.0.cmp(&b.0)));
    let mut matched: Vec<(usize, Hit)> = Vec::new();
    let mut duplicates: Vec<(usize, Vec<usize>)> = Vec::new();
    for (cell, hit) in &pairs {
        if matched.iter().any(|(known, _)| known == cell) {
            continue;
        }
        match matched.iter().find(|(_, known)| known.column == hit.column) {
            Some((first, known))
                if (known.score - hit.score).abs() < 0.025
                    || says_the_same(&cells[*first], &cells[*cell]) =>
            {
                match duplicates.iter_mut().find(|(column, _)| *column == hit.column) {
                    Some((_, cells)) if !cells.contains(cell) => cells.push(*cell),
                    Some(_) => {}
                    None => duplicates.push((hit.column, vec![*first, *cell])),
                }
            }
            Some(_) => {}
            None => matched.push((*cell, *hit)),
        }
    }
    // A cell that found a place of its own elsewhere is no duplicate.
    for (column, cells) in &mut duplicates {
        cells.retain(|cell| matched.iter().all(|(known, hit)| known != cell || hit.column == *column));
    }
    duplicates.retain(|(_, cells)| cells.len() > 1);
    let mut unclear: Vec<(usize, Vec<usize>)> = Vec::new();
    for (cell, hit) in &matched {
        let rivals: Vec<usize> = pairs
            .iter()
            .filter(|(other, rival)| {
                other == cell
                    && rival.column != hit.column
                    && hit.score - rival.score < 0.02
                    && matched.iter().all(|(_, taken)| taken.column != rival.column)
            })
            .map(|(_, rival)| rival.column)
            .collect();
        if !rivals.is_empty() {
            unclear.push((*cell, std::iter::once(hit.column).chain(rivals).collect()));
        }
    }
    matched.retain(|(cell, hit)| {
        unclear.iter().all(|(it, _)| it != cell) && duplicates.iter().all(|(column, _)| *column != hit.column)
    });
    matched.sort_by_key(|(cell, _)| *cell);
    ListFind {
        table,
        rows: (0, 0),
        columns: (0, 0),
        cells: cells.clone(),
        matched,
        duplicates,
        unclear,
        evidence: Vec::new(),
        score: 0.0,
        rival: None,
        guest: None,
    }
}

/// Two cells with the same words ask a question even where a line above only one of them (a hint merged over the
/// first columns) makes that one less sure.
fn says_the_same(one: &HeaderCell, other: &HeaderCell) -> bool {
    let (one, other) = (&one.seen.header, &other.seen.header);
    !one.bare.is_empty() && one.bare == other.bare && one.unit == other.unit
}

/// Headers that nothing names exactly: the column they resemble, where there is one and only one.
pub(super) fn resemble(grid: &Grid, sightings: &mut Sightings, find: &mut ListFind) {
    let mut claims: Vec<(usize, Hit, f64)> = Vec::new();
    for (index, cell) in find.cells.iter().enumerate() {
        if find.speaks_of(index)
            || cell.seen.header.bare.is_empty()
            || !cell.seen.hits.is_empty() && cell.seen.hits.iter().any(|hit| hit.table == find.table)
        {
            continue;
        }
        let alike = sightings.alike(find.table, &cell.seen.header);
        let Some(best) = alike.first() else { continue };
        let second = alike.get(1).map_or(0.0, |hit| hit.score);
        let taken = find.matched.iter().any(|(_, hit)| hit.column == best.column);
        if best.score >= COLUMN_FLOOR && !taken {
            claims.push((index, *best, best.score - second));
        }
    }
    for (index, hit, margin) in &claims {
        let contested = claims.iter().any(|(other, rival, _)| other != index && rival.column == hit.column);
        if *margin < CLOSE {
            let columns = sightings
                .alike(find.table, &find.cells[*index].seen.header)
                .iter()
                .filter(|rival| hit.score - rival.score < CLOSE)
                .map(|rival| rival.column)
                .collect();
            find.unclear.push((*index, columns));
        } else if contested {
            continue;
        } else if content_fits(grid, find, *index, hit.column, sightings) {
            find.matched.push((*index, *hit));
        }
    }
    find.matched.sort_by_key(|(cell, _)| *cell);
}

/// Headers nobody knows that a carrier of the blank points at: renamed, and still the column they were issued as.
/// Where the words say something, they count: a column may have been put to another use.
pub(super) fn carried(evidence: &SheetEvidence, find: &mut ListFind) {
    for (table, column, at) in &evidence.columns {
        let cell = find.cells.iter().position(|cell| cell.at == *at);
        let Some(cell) = cell.filter(|cell| *table == find.table && !find.speaks_of(*cell)) else { continue };
        let taken = find.matched.iter().any(|(_, hit)| hit.column == *column)
            || find.duplicates.iter().any(|(known, _)| known == column);
        if !taken && !find.cells[cell].typed.trim().is_empty() {
            find.matched.push((cell, Hit { table: *table, column: *column, how: CARRIED, score: 1.0 }));
        }
    }
    find.matched.sort_by_key(|(cell, _)| *cell);
}

/// 目标 beside 目标值 names the goals: where only the name of the rows is missing, the first header is it that
/// names a column another header names better, and has a name of its own below for every row.
pub(super) fn name_rows(grid: &Grid, sightings: &mut Sightings, find: &mut ListFind) {
    let table = sightings.matcher.table(find.table);
    let Some(key) = table.key.first() else { return };
    let Some(column) = table.columns.iter().position(|column| column.id == *key) else { return };
    let declared = &table.columns[column];
    if !declared.required || declared.kind != Kind::Text || find.matched.len() < 2 {
        return;
    }
    let asked = find.duplicates.iter().any(|(_, cells)| cells.contains(&0))
        || find.unclear.iter().any(|(cell, columns)| *cell == 0 || columns.contains(&column));
    let known = find.matched.iter().any(|(cell, hit)| *cell == 0 || hit.column == column)
        || find.duplicates.iter().any(|(it, _)| *it == column);
    let names_another = find.cells[0].seen.hits.iter().any(|hit| hit.table == find.table);
    if names_another && !asked && !known && names_rows(grid, find, 0) {
        find.matched.insert(0, (0, Hit { table: find.table, column, how: "position", score: BY_PLACE }));
    }
}

/// Where two days stand in one cell, its header names both columns; over 开始 and 结束 it is the name of a group.
pub(super) fn span(grid: &Grid, sightings: &mut Sightings, find: &mut ListFind) {
    let table = sightings.matcher.table(find.table);
    let Some(span) = &table.span else { return };
    let Some(end) = table.columns.iter().position(|column| column.id == span.columns[1]) else { return };
    let Some(at) = find.matched.iter().position(|(_, hit)| hit.how == SPAN) else { return };
    let header = find.cells[find.matched[at].0].at;
    let below = &grid.cell(CellRef::new(header.row + 1, header.col)).content;
    if sightings.of(below).is_some_and(|it| it.hits.iter().any(|hit| hit.table == find.table)) {
        find.matched.remove(at);
        return;
    }
    let known = find.matched.iter().any(|(_, hit)| hit.column == end)
        || find.duplicates.iter().any(|(column, _)| *column == end)
        || find.unclear.iter().any(|(_, columns)| columns.contains(&end));
    if !known {
        let (cell, hit) = find.matched[at];
        find.matched.insert(at + 1, (cell, Hit { column: end, ..hit }));
    }
}

/// Whether every row below a header has a short name of its own there.
fn names_rows(grid: &Grid, find: &ListFind, cell: usize) -> bool {
    let col = find.cells[cell].at.col;
    let first = find.rows.1.max(find.cells[cell].at.row) + 1;
    let mut names: Vec<&str> = Vec::new();
    for row in first..first + 20 {
        match &grid.cell(CellRef::new(row, col)).content {
            Content::Text(text) if text.chars().count() <= 30 && !names.contains(&text.as_str()) => {
                names.push(text)
            }
            Content::Blank
                if find.matched.iter().all(|(known, _)| {
                    grid.cell(CellRef::new(row, find.cells[*known].at.col)).content.is_blank()
                }) => {}
            _ => return false,
        }
    }
    names.len() >= 2
}

/// Whether what stands below a header could be values of a column at all.
fn content_fits(grid: &Grid, find: &ListFind, cell: usize, column: usize, sightings: &mut Sightings) -> bool {
    use Kind::*;
    let kind = sightings.matcher.table(find.table).columns[column].kind;
    let col = find.cells[cell].at.col;
    let first = find.rows.1.max(find.cells[cell].at.row) + 1;
    let (mut fits, mut seen) = (0, 0);
    for row in first..first + 20 {
        let content = &grid.cell(CellRef::new(row, col)).content;
        let digits =
            |text: &str| text.chars().any(|c| c.is_numeric() || "一二三四五六七八九十百千万亿".contains(c));
        let fit = match (kind, content) {
            (_, Content::Blank | Content::Error(_)) => continue,
            (Count | Number | Money | Percent | Score | Price | Quantity, Content::Serial(_)) => false,
            (
                Count | Number | Money | Percent | Score | Price | Quantity | Measure | Duration,
                Content::Text(text),
            ) => digits(text) || text.chars().count() <= 3,
            (Text | Long | Person | Dept | List, Content::Number(_)) => false,
            _ => true,
        };
        seen += 1;
        fits += usize::from(fit);
    }
    seen == 0 || fits * 2 > seen
}
