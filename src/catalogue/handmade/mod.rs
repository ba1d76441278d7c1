//! Tables that follow no template: recognised by what their headers mean and what stands below them.
//!
//! Looks only where the names of the catalogue found nothing. What is understood is read like any list; what is
//! understood in part is one question that says what fitted; the rest is left to `leftover`.

mod across;
mod block;
mod choose;
mod profile;
mod told;

use super::Table;
use super::answers::{Meant, signature};
use super::grid::Grid;
use super::groups::{depths, header_cells};
use super::guest::Guest;
use super::header::Header;
use super::labels::{Hit, Matcher, SPAN};
use super::lists::{ListFind, SheetEvidence};
use super::meaning::Lexicon;
use super::sightings::{HeaderCell, Sighting, Sightings};
use crate::cell::{Area, CellRef, Content, MAX_COLUMNS};
use crate::locale::fold;
pub use across::Across;
use across::{Page, may_go_across, unfold};
use choose::{Cell, Reading, readings};
pub use profile::{Profile, is_day};
pub use told::{TOLD, Told, answered, example, told};

/// So many columns are looked at in one header: what stands further right is a grid of days or persons.
const WIDEST: usize = 120;
/// A question needs so much understood (about two headers and a half), or a title that names the table.
const WORTH_ASKING: f64 = 1.4;

/// So much more another table must explain than the one that names alone speak for.
const OVERRULED: f64 = 1.0;

/// A table understood well enough to be read.
#[derive(Debug, Clone)]
pub struct Found {
    /// Its header, as a find of the ordinary kind.
    pub find: ListFind,
    /// Columns whose one value for all rows stands in a header cell.
    pub given: Vec<(usize, CellRef)>,
    /// Its last line.
    pub last: u32,
}

/// A table understood in part: what fitted, and what did not.
#[derive(Debug, Clone)]
pub struct Question {
    /// Header and body.
    pub area: Area,
    /// The header cells.
    pub header: Area,
    /// The table it most likely is.
    pub table: usize,
    /// The other one it may be as well.
    pub rival: Option<usize>,
    /// Header cells with the column each would be: as typed, index of the column.
    pub fitted: Vec<(String, usize)>,
    /// The columns (`a|b`) it would still need.
    pub unmet: Vec<String>,
    /// Days, weeks or months stand in its header.
    pub across: bool,
    /// Whether a finding of its own says so already.
    pub told: bool,
    /// Every header but the days that go on across, left to right: what an answer is remembered by.
    pub asked: Vec<Asked>,
}

impl Question {
    /// The headers as typed.
    pub fn headers(&self) -> Vec<String> {
        self.asked.iter().map(|asked| asked.typed.clone()).collect()
    }

    /// Whether an answer to one is an answer to the other.
    pub fn is_same(&self, other: &Question) -> bool {
        self.table == other.table && signature(&self.headers()) == signature(&other.headers())
    }
}

/// A header of a table that is asked about.
#[derive(Debug, Clone)]
pub struct Asked {
    /// As typed.
    pub typed: String,
    /// The cell.
    pub at: CellRef,
    /// What it would mean.
    pub meant: Meant,
}

/// What was seen in the free part of a sheet.
#[derive(Debug, Default)]
pub struct Seen {
    /// Tables to read.
    pub found: Vec<Found>,
    /// Crosstabs to read.
    pub across: Vec<Across>,
    /// Tables to ask about.
    pub asked: Vec<Question>,
}

/// Looks at what no table has taken.
pub fn look(
    grid: &Grid,
    sightings: &mut Sightings,
    evidence: &SheetEvidence,
    taken: &[Area],
    used: Area,
) -> Seen {
    let mut seen = Seen::default();
    let mut mine: Vec<Area> = Vec::new();
    let rows = grid.rows();
    for row in rows {
        let occupied = |at: CellRef| taken.iter().chain(&mine).any(|area| area.contains(at));
        let below = |run: &block::Run| {
            taken.iter().any(|area| {
                area.last.row < row && area.first.col <= run.columns.1 && run.columns.0 <= area.last.col
            })
        };
        let mut runs = block::runs(grid, row, &occupied);
        runs.iter_mut().for_each(|run| run.below = below(run));
        let mut here: Vec<Area> = Vec::new();
        for run in runs {
            let limit = taken
                .iter()
                .filter(|area| {
                    area.first.row > row && area.first.col <= run.columns.1 && run.columns.0 <= area.last.col
                })
                .map(|area| area.first.row - 1)
                .min()
                .unwrap_or(used.last.row);
            match table_at(grid, sightings, evidence, &run, limit, &occupied) {
                Some(Outcome::Read(found)) => {
                    here.push(extent(&found.find, found.last));
                    seen.found.push(*found);
                }
                Some(Outcome::Across(across)) => {
                    here.push(extent(&across.find, across.last));
                    seen.across.push(*across);
                }
                Some(Outcome::Ask(question)) => {
                    here.push(question.area);
                    seen.asked.push(question);
                }
                None => {}
            }
        }
        mine.extend(here);
    }
    seen
}

fn extent(find: &ListFind, last: u32) -> Area {
    Area::new(CellRef::new(find.rows.0, find.columns.0), CellRef::new(last.max(find.rows.1), find.columns.1))
}

enum Outcome {
    Read(Box<Found>),
    Across(Box<Across>),
    Ask(Question),
}

/// A header read with so many lines: what its cells can mean, the cells, and how far its table goes.
struct Candidate {
    found: Vec<Reading>,
    cells: Vec<Cell>,
    rows: (u32, u32),
    columns: (u32, u32),
    last: u32,
}

impl Candidate {
    fn score(&self) -> f64 {
        self.found.first().map_or(f64::MIN, |it| it.score + if it.unmet.is_empty() { 5.0 } else { 0.0 })
    }

    fn page(&self) -> Page<'_> {
        Page { cells: &self.cells, rows: self.rows, columns: self.columns, last: self.last }
    }
}

/// How far a header reaches that has a second line: the first one may leave out its first and last columns.
fn reach(columns: (u32, u32), headers: &[HeaderCell]) -> (u32, u32) {
    let (mut first, mut last) = columns;
    for cell in headers.iter().filter(|cell| cell.at.col > columns.0) {
        if cell.at.col <= last + 1 {
            last = last.max(cell.last_col);
        }
    }
    for cell in headers.iter().rev().filter(|cell| cell.at.col < columns.0) {
        if cell.last_col + 1 >= first {
            first = cell.at.col;
        }
    }
    (first, last)
}

fn table_at(
    grid: &Grid,
    sightings: &mut Sightings,
    evidence: &SheetEvidence,
    run: &block::Run,
    limit: u32,
    occupied: &dyn Fn(CellRef) -> bool,
) -> Option<Outcome> {
    let candidates = candidates(grid, sightings, evidence, run, limit, occupied);
    let better = |best: Option<usize>, at: usize| match best {
        Some(best) if candidates[at].score() <= candidates[best].score() + 1e-9 => Some(best),
        _ => Some(at),
    };
    let best = (0..candidates.len()).filter(|at| !candidates[*at].found.is_empty()).fold(None, better);
    let outcome = best.and_then(|best| judged(sightings, run, &candidates[best]));
    if let Some(Outcome::Read(_)) = outcome {
        return outcome;
    }
    // A header of two lines first: its groups say what parts the records.
    let mut pages: Vec<&Candidate> =
        candidates.iter().filter(|it| !run.below && may_go_across(grid, &it.cells)).collect();
    pages.sort_by_key(|it| std::cmp::Reverse(it.rows.1 - it.rows.0));
    let across = pages.into_iter().find_map(|it| unfold(grid, sightings, evidence, it.page()));
    across.map(|across| Outcome::Across(Box::new(across))).or(outcome)
}

/// The ways to read a header, with more lines and fewer.
fn candidates(
    grid: &Grid,
    sightings: &mut Sightings,
    evidence: &SheetEvidence,
    run: &block::Run,
    limit: u32,
    occupied: &dyn Fn(CellRef) -> bool,
) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for rows in depths(grid, sightings, run.row) {
        if rows.0 < run.row {
            continue;
        }
        let all: Vec<HeaderCell> = header_cells(grid, sightings, rows);
        let columns = reach(run.columns, &all);
        let mut headers: Vec<HeaderCell> = all;
        headers.retain(|cell| (columns.0..=columns.1).contains(&cell.at.col));
        // A line of data right above a header that is known is no group of it.
        if headers.iter().any(|cell| occupied(cell.at)) {
            continue;
        }
        headers.truncate(WIDEST);
        headers.extend(nameless(grid, rows, columns, &headers));
        headers.sort_by_key(|cell| cell.at.col);
        let columns = (headers.first().map_or(columns.0, |cell| cell.at.col.min(columns.0)), columns.1);
        let area = Area::new(CellRef::new(rows.0, columns.0), CellRef::new(rows.1, columns.1));
        let lexicon = sightings.matcher.catalogue.lexicon.clone();
        let opens = Opening::of(grid, &lexicon, &headers, columns);
        let last = block::last_row(grid, area, limit, &|row| opens.at(row));
        if rows.0 == rows.1 && is_among_its_values(grid, &headers, rows.1, last) {
            continue;
        }
        let cells = cells(grid, &lexicon, headers, rows.1, last);
        let titles = titles_above(grid, sightings, rows.0, run.columns);
        let found = readings(sightings.matcher, &cells, &titles, &evidence.name);
        candidates.push(Candidate { found, cells, rows, columns, last });
    }
    candidates
}

/// What becomes of a header read like that of an ordinary list.
fn judged(sightings: &Sightings, run: &block::Run, candidate: &Candidate) -> Option<Outcome> {
    let Candidate { found, cells, rows, columns, last } = candidate;
    let (rows, columns, last) = (*rows, *columns, *last);
    let (first, rest) = found.split_first()?;
    let rival = rest.iter().find(|other| !first.is_clear_of(other));
    let across = cells.iter().filter(|cell| cell.axis).count();
    let figures_across = across >= 3 && cells.iter().any(|cell| cell.axis && cell.profile.figures > 0);
    let records = cells.iter().any(|cell| cell.meaning.concept == "transaction");
    let meant = cells.iter().filter(|cell| cell.meaning.says_something()).count();
    // Below a table that goes on after an empty line, only a line of known words begins another one.
    let opens = !run.below || meant >= 3 && meant * 10 >= cells.len() * 7 && first.explained() >= 3;
    let sure = !records
        && opens
        && first.is_sure()
        && rival.is_none()
        && (!figures_across || first.explained() >= 4);
    if sure && (last > rows.1 || first.explained() >= 4) {
        return Some(Outcome::Read(Box::new(Found {
            find: first.find(cells, rows, columns),
            given: first.given.clone(),
            last,
        })));
    }
    let days =
        first.by_days || cells.iter().any(|cell| cell.meaning.concept == "date" && cell.profile.is_days());
    let figures = cells.iter().filter(|cell| cell.profile.figures * 2 > cell.profile.filled).count();
    let worth = (meant >= 2 || meant >= 1 && across >= 3)
        && first.unmet.len() <= 1
        && !run.below
        && (first.score >= WORTH_ASKING
            || first.told && first.score >= 1.0
            || days && figures >= 1
            || across >= 3 && figures >= 3);
    (worth && !records && last > rows.1).then(|| {
        Outcome::Ask(question(sightings.matcher, first, rival.map(|it| it.table), cells, rows, columns, last))
    })
}

/// A find by names in which the same words head several columns, as the crosstab it is.
pub fn across_of(
    grid: &Grid,
    sightings: &mut Sightings,
    evidence: &SheetEvidence,
    find: &ListFind,
    limit: u32,
) -> Option<Across> {
    let last = last_row(grid, sightings, find, limit);
    let lexicon = sightings.matcher.catalogue.lexicon.clone();
    let mut headers: Vec<HeaderCell> = find.cells.to_vec();
    headers.truncate(WIDEST);
    let cells = cells(grid, &lexicon, headers, find.rows.1, last);
    let found = unfold(
        grid,
        sightings,
        evidence,
        Page { cells: &cells, rows: find.rows, columns: find.columns, last },
    );
    found.filter(|across| across.find.table == find.table)
}

/// The last line of a table that nothing names but its headers: above what begins another one.
pub fn last_row(grid: &Grid, sightings: &Sightings, find: &ListFind, limit: u32) -> u32 {
    let lexicon = sightings.matcher.catalogue.lexicon.clone();
    let opens = Opening::of(grid, &lexicon, &find.cells, find.columns);
    let header =
        Area::new(CellRef::new(find.rows.0, find.columns.0), CellRef::new(find.rows.1, find.columns.1));
    block::last_row(grid, header, limit, &|row| opens.at(row))
}

/// Whether a line between two lines heads another table.
pub fn opens_between(
    grid: &Grid,
    sightings: &Sightings,
    find: &ListFind,
    mut rows: std::ops::RangeInclusive<u32>,
) -> bool {
    let lexicon = sightings.matcher.catalogue.lexicon.clone();
    let opens = Opening::of(grid, &lexicon, &find.cells, find.columns);
    // Two words of a line of data may head columns as well.
    rows.any(|row| grid.filled(row, find.columns.0, find.columns.1).count() > 2 && opens.at(row))
}

/// What tells a line below a table that begins another one.
struct Opening<'a> {
    grid: &'a Grid<'a>,
    lexicon: &'a Lexicon,
    columns: (u32, u32),
    typed: Vec<String>,
    /// How many of the headers are days.
    across: usize,
}

impl<'a> Opening<'a> {
    fn of(
        grid: &'a Grid<'a>,
        lexicon: &'a Lexicon,
        headers: &[HeaderCell],
        columns: (u32, u32),
    ) -> Opening<'a> {
        let across = headers.iter().filter(|cell| is_axis(grid, cell)).count();
        let typed = headers.iter().map(|cell| cell.typed.trim().to_owned()).collect();
        Opening { grid, lexicon, columns, typed, across }
    }

    /// Whether a line repeats the headers, or holds nothing but words that head columns, below a gap or a title.
    fn at(&self, row: u32) -> bool {
        let line = |row: u32| self.grid.filled(row, self.columns.0, self.columns.1);
        let (mut words, mut same, mut meant, mut days, mut figures) =
            (0usize, 0usize, 0usize, 0usize, 0usize);
        for (_, cell) in line(row) {
            words += 1;
            match &cell.content {
                Content::Serial(_) => days += 1,
                Content::Text(text) if is_day(text) => days += 1,
                Content::Text(text) => {
                    same += usize::from(self.typed.iter().any(|it| !it.is_empty() && it == text.trim()));
                    if text.chars().count() <= 16 {
                        let meaning = self.lexicon.read(text);
                        meant += usize::from(meaning.says_something() && meaning.unexplained <= 0.5);
                    }
                }
                _ => figures += 1,
            }
        }
        let same = if self.across >= 3 && same >= 1 { same + days } else { same };
        // Inside a cell that stands over several lines no table begins.
        let inside = (self.columns.0..=self.columns.1)
            .any(|col| self.grid.merge(CellRef::new(row, col)).is_some_and(|merge| merge.first.row < row));
        let alone = !inside && (row == 0 || line(row - 1).count() <= 1);
        words >= 2
            && (same >= 2 && same * 2 > words
                || alone && days >= 2 && figures == 0 && days + 2 >= words
                || alone && (meant >= 3 && meant * 10 >= words * 7 || meant >= 2 && meant == words))
    }
}

/// A find of the ordinary kind by names alone, where the meaning of all its words explains more of it.
pub fn improved(
    grid: &Grid,
    sightings: &mut Sightings,
    evidence: &SheetEvidence,
    find: &ListFind,
    last: u32,
) -> Option<Found> {
    // The same words twice stay a question; what is named is looked at again only where it was guessed, or lacks
    // what the table cannot be without.
    let matcher = sightings.matcher;
    let words = |cell: usize| find.cells[cell].typed.trim();
    let asked = find
        .duplicates
        .iter()
        .any(|(_, cells)| cells.iter().any(|cell| words(*cell) == words(cells[0]) && *cell != cells[0]));
    let guessed = find.named().any(|(_, hit)| hit.how == "fuzzy") || !find.duplicates.is_empty();
    let table = matcher.table(find.table);
    let has = |id: &str| find.matched.iter().any(|(_, hit)| table.columns[hit.column].id == id);
    let lacking =
        table.columns.iter().any(|column| column.required && !column.means.is_empty() && !has(&column.id));
    if asked || !find.unclear.is_empty() {
        return None;
    }
    let lexicon = sightings.matcher.catalogue.lexicon.clone();
    let mut headers: Vec<HeaderCell> = find.cells.to_vec();
    headers.truncate(WIDEST);
    let cells = cells(grid, &lexicon, headers, find.rows.1, last);
    let coarse = names_groups(&cells, find, table);
    if find.is_named() && !guessed && !lacking && !coarse {
        return None;
    }
    let titles = titles_above(grid, sightings, find.rows.0, find.columns);
    let found = readings(sightings.matcher, &cells, &titles, &evidence.name);
    let (first, rest) = found.split_first()?;
    let clear = rest.iter().all(|other| first.is_clear_of(other) || first.table == find.table);
    // Names that speak for one table are overruled only where the meaning of all words is far from it.
    let rare = |table: usize| if sightings.matcher.table(table).rare { choose::RARE } else { 0.0 };
    let own = found.iter().find(|it| it.table == find.table).map_or(0.0, |it| it.score + rare(it.table));
    let clear = clear && (first.table == find.table || first.score >= own + OVERRULED);
    let gained = |(_, hit): &(usize, super::labels::Hit)| {
        hit.table != find.table || table.columns[hit.column].required && !has(&table.columns[hit.column].id)
    };
    let more = first.explained() + usize::from(coarse) > find.named().count()
        && (!find.is_named() || guessed || coarse || first.matched.iter().any(gained));
    // By its place alone only a table that is named otherwise has names of rows.
    let placed = !first.by_place || find.is_named();
    // What is named after one table holds no second one that its own names do not show.
    let alone = first.guest.is_none() || find.guest.is_some() || !find.is_named();
    (first.is_sure() && placed && clear && more && alone).then(|| {
        let mut better = first.find(&cells, find.rows, find.columns);
        better.evidence = find.evidence.iter().copied().chain(["meaning"]).collect();
        better.score = find.score.max(better.score);
        Found { find: better, given: first.given.clone(), last }
    })
}

/// Whether the column that names the rows of a find stands over several of them, and another one names each.
fn names_groups(cells: &[Cell], find: &ListFind, table: &Table) -> bool {
    let names = |hit: &Hit| {
        hit.table == find.table
            && table
                .needs
                .first()
                .is_some_and(|need| need.split('|').any(|id| id == table.columns[hit.column].id))
    };
    let Some((name, _)) = find.matched.iter().find(|(_, hit)| names(hit)) else { return false };
    cells.iter().enumerate().any(|(at, cell)| {
        let sure =
            find.in_question(at) || find.named().any(|(known, hit)| *known == at && hit.how != "fuzzy");
        !sure && cells[*name].profile.is_coarser_than(&cell.profile) && cell.meaning.says_something()
    })
}

/// Header cells with what they mean and what stands below them.
fn cells(grid: &Grid, lexicon: &Lexicon, headers: Vec<HeaderCell>, row: u32, last: u32) -> Vec<Cell> {
    let cell = |header: HeaderCell| {
        let meaning = lexicon.read(&header.typed);
        let profile = Profile::of(grid, header.at.col, row + 1..=last);
        let axis = is_axis(grid, &header);
        let measures = measures_below(grid, lexicon, header.at.col, row + 1..=last);
        let own = grid.cell(header.at).content.to_text().trim().to_owned();
        Cell { header, own, meaning, profile, axis, measures }
    };
    headers.into_iter().map(cell).collect()
}

fn question(
    matcher: &Matcher,
    reading: &Reading,
    rival: Option<usize>,
    cells: &[Cell],
    rows: (u32, u32),
    columns: (u32, u32),
    last: u32,
) -> Question {
    let header = Area::new(CellRef::new(rows.0, columns.0), CellRef::new(rows.1, columns.1));
    Question {
        area: Area::new(header.first, CellRef::new(last, columns.1)),
        header,
        table: reading.table,
        rival,
        fitted: reading
            .matched
            .iter()
            .map(|(cell, hit)| (cells[*cell].header.typed.trim().to_owned(), hit.column))
            .collect(),
        unmet: reading.unmet.clone(),
        across: cells.iter().filter(|cell| cell.axis).count() >= 3,
        told: false,
        asked: means(matcher, cells, reading.table, &reading.matched, reading.guest.as_ref()),
    }
}

/// A header that two tables explain equally well, as a question.
pub fn close_call(grid: &Grid, sightings: &Sightings, find: &ListFind, rival: usize, limit: u32) -> Question {
    let lexicon = sightings.matcher.catalogue.lexicon.clone();
    let last = last_row(grid, sightings, find, limit);
    let cells = cells(grid, &lexicon, find.cells.to_vec(), find.rows.1, last);
    let header =
        Area::new(CellRef::new(find.rows.0, find.columns.0), CellRef::new(find.rows.1, find.columns.1));
    Question {
        area: Area::new(header.first, CellRef::new(last, header.last.col)),
        header,
        table: find.table,
        rival: Some(rival),
        fitted: Vec::new(),
        unmet: Vec::new(),
        across: cells.iter().filter(|cell| cell.axis).count() >= 3,
        told: true,
        asked: means(sightings.matcher, &cells, find.table, &find.matched, find.guest.as_ref()),
    }
}

/// What each header means, read as a table: every header but the days that go on across.
fn means(
    matcher: &Matcher,
    cells: &[Cell],
    table: usize,
    matched: &[(usize, Hit)],
    guest: Option<&Guest>,
) -> Vec<Asked> {
    let own = matcher.table(table);
    let link = guest.and_then(|guest| {
        let id = &matcher.table(guest.table).id;
        own.columns.iter().position(|column| column.references.as_ref() == Some(id))
    });
    let of_guest = |cell: usize| {
        let guest = guest?;
        let (_, hit) = guest.matched.iter().find(|(known, _)| *known == cell)?;
        Some(Meant::Guest(guest.table, hit.column))
    };
    let of_host = |cell: usize| {
        let mut hits = matched.iter().filter(|(known, _)| *known == cell).map(|(_, hit)| hit);
        Some(match (hits.next()?, hits.next()) {
            (start, Some(end)) if start.how == SPAN => Meant::Span(start.column, end.column),
            (hit, _) => Meant::Column(hit.column),
        })
    };
    let meant = |cell: usize| match of_host(cell) {
        Some(Meant::Column(column)) if Some(column) == link => of_guest(cell).or(Some(Meant::Column(column))),
        None => of_guest(cell),
        known => known,
    };
    let asked = |at: usize| Asked {
        typed: cells[at].header.typed.trim().to_owned(),
        at: cells[at].header.at,
        meant: meant(at).unwrap_or(Meant::Nothing),
    };
    (0..cells.len()).filter(|at| !cells[*at].axis).map(asked).collect()
}

/// Columns with something below that have no header: a first column of names often has none.
fn nameless(grid: &Grid, rows: (u32, u32), columns: (u32, u32), headers: &[HeaderCell]) -> Vec<HeaderCell> {
    let covered = |col: u32| headers.iter().any(|cell| (cell.at.col..=cell.last_col).contains(&col));
    let left = columns.0.saturating_sub(1);
    (left..=columns.0)
        .filter(|col| !covered(*col))
        .filter(|col| {
            (rows.1 + 1..=rows.1 + 3)
                .filter(|row| !grid.cell(CellRef::new(*row, *col)).content.is_blank())
                .count()
                >= 2
        })
        .map(|col| HeaderCell {
            at: CellRef::new(rows.1, col),
            last_col: col,
            typed: String::new(),
            seen: Sighting { header: Header::parse(""), hits: Vec::new() }.into(),
        })
        .take(1)
        .collect()
}

/// Whether a line is a record and no header: words of it stand again below among the words of their own columns. A
/// header that is repeated stands over figures again, or whole.
fn is_among_its_values(grid: &Grid, headers: &[HeaderCell], row: u32, last: u32) -> bool {
    /// One column may be named as one of its values is: 其他, 备注.
    const FEWEST: usize = 2;
    const LOOKED_AT: u32 = 50;
    // What a column says in a row, where that is words.
    let word = |row: u32, col: u32| match &grid.cell(CellRef::new(row, col)).content {
        Content::Text(text) if !text.chars().any(|c| c.is_ascii_digit()) => Some(fold(text)),
        _ => None,
    };
    let names: Vec<(u32, String)> =
        headers.iter().filter_map(|cell| Some((cell.at.col, word(row, cell.at.col)?))).collect();
    let below = (row + 1..=last.min(row + LOOKED_AT))
        .map(|row| names.iter().map(|(col, _)| word(row, *col)).collect::<Vec<_>>());
    let is_whole = |line: &Vec<Option<String>>| {
        line.iter().zip(&names).all(|(said, (_, name))| said.as_ref() == Some(name))
    };
    let lines: Vec<_> = below.filter(|line| !is_whole(line)).collect();
    let again = names.iter().enumerate().filter(|(at, (_, name))| {
        let said = || lines.iter().filter_map(|line| line[*at].as_ref());
        said().count() * 2 > lines.len() && said().any(|said| said == name)
    });
    again.count() >= FEWEST
}

/// How many of the first words of a column name figures.
fn measures_below(grid: &Grid, lexicon: &Lexicon, col: u32, rows: impl Iterator<Item = u32>) -> usize {
    const LOOKED_AT: usize = 20;
    let words = rows.filter_map(|row| match &grid.cell(CellRef::new(row, col)).content {
        Content::Text(text) if text.chars().count() <= 12 => Some(lexicon.read(text)),
        _ => None,
    });
    words.take(LOOKED_AT).filter(|it| it.is_figure()).count()
}

/// Whether a header cell is a day, a week or a month.
fn is_axis(grid: &Grid, header: &HeaderCell) -> bool {
    match &grid.cell(header.at).content {
        Content::Serial(_) => true,
        Content::Text(text) => is_day(text),
        _ => false,
    }
}

/// The tables that lines right above a header name.
fn titles_above(grid: &Grid, sightings: &mut Sightings, row: u32, columns: (u32, u32)) -> Vec<(usize, f64)> {
    let mut found: Vec<(usize, f64)> = Vec::new();
    for above in (row.saturating_sub(4)..row).rev() {
        let line: Vec<_> = grid.filled(above, 0, MAX_COLUMNS - 1).collect();
        if line.len() > 3 {
            break;
        }
        for (at, cell) in line {
            let span = grid.span(at);
            if span.last.col + 1 < columns.0 || span.first.col > columns.1 {
                continue;
            }
            if let Content::Text(text) = &cell.content {
                found.extend(sightings.titles(text).iter().map(|hit| (hit.table, hit.score)));
            }
        }
        if !found.is_empty() {
            break;
        }
    }
    found
}
