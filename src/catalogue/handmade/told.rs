//! Tables that somebody has said something of: found by their headers, read with the columns that were named.

use super::super::answers::{Meant, TableAnswer};
use super::super::grid::Grid;
use super::super::groups::{depths, header_cells};
use super::super::guest::Guest;
use super::super::labels::{Hit, Matcher, SPAN};
use super::super::lists::ListFind;
use super::super::sightings::{HeaderCell, Sightings};
use super::choose::{self, Cell};
use super::{Asked, Found, Opening, Question, WIDEST, block, cells, means, nameless};
use crate::cell::{Area, CellRef, Content};

/// How a column is known that somebody named.
pub const TOLD: &str = "told";

/// A table somebody has said something of.
#[derive(Debug, Clone)]
pub struct Told {
    /// Which answer.
    pub answer: usize,
    /// Header and body.
    pub area: Area,
    /// The table it is; `None` for none of ours.
    pub table: Option<usize>,
    /// How it is read, until it is.
    pub found: Option<Found>,
    /// What each header is taken for.
    pub asked: Vec<Asked>,
}

/// A header that an answer speaks of.
struct Known {
    answer: usize,
    rows: (u32, u32),
    columns: (u32, u32),
    headers: Vec<HeaderCell>,
}

impl Known {
    fn area(&self) -> Area {
        Area::new(CellRef::new(self.rows.0, self.columns.0), CellRef::new(self.rows.1, self.columns.1))
    }
}

/// The tables of a sheet that answers speak of; `limit` is the last row a table with such a header may take.
pub fn told(grid: &Grid, sightings: &mut Sightings, limit: &dyn Fn(Area) -> u32) -> Vec<Told> {
    if sightings.matcher.told().is_empty() {
        return Vec::new();
    }
    let mut known: Vec<Known> = Vec::new();
    for row in grid.rows() {
        let within = |at: CellRef| known.iter().any(|it| it.area().contains(at));
        let mut here = Vec::new();
        for run in block::runs(grid, row, &within) {
            here.extend(known_at(grid, sightings, &run));
        }
        known.extend(here);
    }
    let areas: Vec<Area> = known.iter().map(Known::area).collect();
    let below = |area: Area| {
        let others = areas.iter().filter(|it| {
            it.first.row > area.last.row && it.first.col <= area.last.col && area.first.col <= it.last.col
        });
        others.map(|it| it.first.row - 1).fold(limit(area), u32::min)
    };
    let limits: Vec<u32> = areas.iter().map(|area| below(*area)).collect();
    known.into_iter().zip(limits).map(|(known, limit)| obeyed(grid, sightings, known, limit)).collect()
}

/// What an answer makes of a table that would be asked about.
pub fn answered(grid: &Grid, sightings: &mut Sightings, question: &Question) -> Option<Told> {
    let answer = sightings.matcher.answer_for(&question.headers())?;
    let rows = (question.header.first.row, question.header.last.row);
    let columns = (question.header.first.col, question.header.last.col);
    let headers =
        headers_of(grid, sightings, rows, columns, question.asked.iter().any(|it| it.typed.is_empty()));
    let known = Known { answer, rows, columns, headers };
    Some(obeyed(grid, sightings, known, question.area.last.row))
}

/// The answer that speaks of the header a run of cells is.
fn known_at(grid: &Grid, sightings: &mut Sightings, run: &block::Run) -> Option<Known> {
    for rows in depths(grid, sightings, run.row).into_iter().filter(|rows| rows.0 >= run.row) {
        for with_nameless in [false, true] {
            let headers = headers_of(grid, sightings, rows, run.columns, with_nameless);
            let typed = typed(grid, &headers);
            if let Some(answer) = sightings.matcher.answer_for(&typed) {
                return Some(Known { answer, rows, columns: run.columns, headers });
            }
        }
    }
    None
}

/// The headers of some columns, with the one of them that has no words where that is asked for.
fn headers_of(
    grid: &Grid,
    sightings: &mut Sightings,
    rows: (u32, u32),
    columns: (u32, u32),
    with_nameless: bool,
) -> Vec<HeaderCell> {
    let mut headers: Vec<HeaderCell> = header_cells(grid, sightings, rows);
    headers.retain(|cell| (columns.0..=columns.1).contains(&cell.at.col));
    headers.truncate(WIDEST);
    if with_nameless {
        headers.extend(nameless(grid, rows, columns, &headers));
        headers.sort_by_key(|cell| cell.at.col);
    }
    headers
}

/// The headers an answer is kept under: all but the days that go on across.
fn typed(grid: &Grid, headers: &[HeaderCell]) -> Vec<String> {
    headers
        .iter()
        .filter(|cell| !super::is_axis(grid, cell))
        .map(|cell| cell.typed.trim().to_owned())
        .collect()
}

fn obeyed(grid: &Grid, sightings: &mut Sightings, known: Known, limit: u32) -> Told {
    let matcher = sightings.matcher;
    let lexicon = matcher.catalogue.lexicon.clone();
    let header = known.area();
    let opens = Opening::of(grid, &lexicon, &known.headers, known.columns);
    let last = block::last_row(grid, header, limit, &|row| opens.at(row));
    let area = Area::new(header.first, CellRef::new(last, header.last.col));
    let cells = cells(grid, &lexicon, known.headers, known.rows.1, last);
    let answer = &matcher.told()[known.answer].1;
    let table = answer.table.as_ref().and_then(|id| matcher.catalogue.tables.get_index_of(id));
    let found = table.map(|table| found(matcher, &cells, table, answer, known.rows, known.columns, last));
    let asked = match &found {
        Some(found) => {
            means(matcher, &cells, found.find.table, &found.find.matched, found.find.guest.as_ref())
        }
        None => cells
            .iter()
            .filter(|cell| !cell.axis)
            .map(|cell| Asked {
                typed: cell.header.typed.trim().to_owned(),
                at: cell.header.at,
                meant: Meant::Nothing,
            })
            .collect(),
    };
    Told { answer: known.answer, area, table, found, asked }
}

/// A table read as an answer says.
fn found(
    matcher: &Matcher,
    cells: &[Cell],
    table: usize,
    answer: &TableAnswer,
    rows: (u32, u32),
    columns: (u32, u32),
    last: u32,
) -> Found {
    let reading = choose::as_table(matcher, cells, table);
    let (mut matched, guest) = match (&answer.columns, &reading) {
        (Some(columns), _) => named(matcher, cells, table, columns),
        (None, Some(reading)) => (reading.matched.clone(), reading.guest.clone()),
        (None, None) => (Vec::new(), None),
    };
    for (_, hit) in &mut matched {
        hit.how = if hit.how == SPAN { SPAN } else { TOLD };
    }
    let free = |column: usize| matched.iter().all(|(_, hit)| hit.column != column);
    let heads = |at: CellRef| matched.iter().any(|(cell, _)| cells[*cell].header.at == at);
    let mut given = reading.map(|reading| reading.given).unwrap_or_default();
    given.retain(|(column, at)| free(*column) && heads(*at));
    let headers: Vec<HeaderCell> = cells.iter().map(|cell| cell.header.clone()).collect();
    let find = ListFind {
        table,
        rows,
        columns,
        cells: headers.into(),
        matched,
        duplicates: Vec::new(),
        unclear: Vec::new(),
        evidence: vec![TOLD],
        score: 1.0,
        rival: None,
        guest,
    };
    Found { find, given, last }
}

/// The columns an answer names, header by header.
fn named(
    matcher: &Matcher,
    cells: &[Cell],
    table: usize,
    columns: &[String],
) -> (Vec<(usize, Hit)>, Option<Guest>) {
    let hit = |table: usize, column: usize, how: &'static str| Hit { table, column, how, score: 1.0 };
    let mut matched: Vec<(usize, Hit)> = Vec::new();
    let mut of_guest: Vec<(usize, Hit)> = Vec::new();
    let named = (0..cells.len()).filter(|cell| !cells[*cell].axis).zip(columns);
    for (cell, written) in named {
        match Meant::read(matcher.catalogue, table, written) {
            Some(Meant::Column(column)) => matched.push((cell, hit(table, column, TOLD))),
            Some(Meant::Span(start, end)) => {
                matched.extend([start, end].map(|column| (cell, hit(table, column, SPAN))));
            }
            Some(Meant::Guest(other, column)) => of_guest.push((cell, hit(other, column, TOLD))),
            Some(Meant::Nothing) | None => {}
        }
    }
    let guest = matcher.catalogue.kept_in(table).filter(|_| !of_guest.is_empty());
    let guest = guest.map(|other| {
        // What the host says of the guest is the guest's own: the problem that an action answers.
        let (host, own) = (matcher.table(table), matcher.table(other));
        let link = host.columns.iter().position(|column| column.references.as_ref() == Some(&own.id));
        let subject = of_guest
            .iter()
            .find(|(_, hit)| own.subject().is_some_and(|it| it.id == own.columns[hit.column].id));
        if let (Some(link), Some((cell, _))) = (link, subject)
            && matched.iter().all(|(_, known)| known.column != link)
        {
            matched.push((*cell, hit(table, link, TOLD)));
            matched.sort_by_key(|(at, _)| *at);
        }
        Guest { table: other, matched: of_guest }
    });
    (matched, guest)
}

/// The first thing that stands below a header.
pub fn example(grid: &Grid, at: CellRef, rows: (u32, u32)) -> String {
    let below = (rows.0..=rows.1).map(|row| &grid.cell(CellRef::new(row, at.col)).content);
    below.into_iter().find(|content| !content.is_blank()).map(Content::to_text).unwrap_or_default()
}
