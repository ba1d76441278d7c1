//! Crosstabs: tables whose records lie across, or whose figures lie in lines. Channels over their figures (日期 ¦ 抖音
//! 曝光 花费 ¦ 小红书 曝光 花费), the same columns side by side, days in the header over one figure that the title
//! names, figures down and days or channels across.
//!
//! Each layout is taken apart into facets: what is said of every record, and where. What the facets mean decides like
//! the headers of an ordinary table whether it is read.

use indexmap::IndexMap;

use super::super::grid::Grid;
use super::super::header::Header;
use super::super::lists::{ListFind, SheetEvidence};
use super::super::meaning::{Lexicon, Meaning};
use super::super::rows::is_worked_out;
use super::super::sightings::{HeaderCell, Sighting, Sightings};
use super::super::sums;
use super::choose::{Cell, Reading, readings};
use super::profile::Profile;
use super::{is_axis, titles_above};
use crate::cell::{CellRef, Content, MAX_COLUMNS};
use crate::locale::fold;

/// A table goes on across if so many columns repeat in time, or under words nobody knows.
const LEAST_ACROSS: usize = 3;

/// A crosstab understood well enough to be read.
#[derive(Debug, Clone)]
pub struct Across {
    /// What its facets mean, as a find of the ordinary kind.
    pub find: ListFind,
    /// Its records: column index in the table → cell.
    pub records: Vec<IndexMap<usize, CellRef>>,
    /// Its last line.
    pub last: u32,
}

/// A header with what stands below it, and where.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// The header cells.
    pub cells: &'a [Cell],
    /// First and last row of the header.
    pub rows: (u32, u32),
    /// First and last column.
    pub columns: (u32, u32),
    /// The last line.
    pub last: u32,
}

/// What is said of every record, and the cell that says it for each.
struct Facet {
    cell: Cell,
    at: Vec<Option<CellRef>>,
    /// It parts the records of a line: unread, they would be the same record again and again.
    parts: bool,
}

/// Reads a crosstab, where one of its layouts makes the page a table.
pub fn unfold(
    grid: &Grid,
    sightings: &mut Sightings,
    evidence: &SheetEvidence,
    page: Page,
) -> Option<Across> {
    let lexicon = sightings.matcher.catalogue.lexicon.clone();
    let body = Body::new(grid, page);
    let layouts = [
        grouped(&body, &lexicon, sightings),
        repeated(&body),
        lying(&body, &lexicon, sightings),
        days_across(&body, &lexicon, sightings),
    ];
    layouts.into_iter().flatten().find_map(|facets| read(&body, sightings, evidence, &facets))
}

/// The page with its lines of data.
struct Body<'a> {
    grid: &'a Grid<'a>,
    page: Page<'a>,
    /// Lines that hold data: no sums, no empty ones.
    lines: Vec<u32>,
}

impl<'a> Body<'a> {
    fn new(grid: &'a Grid<'a>, page: Page<'a>) -> Body<'a> {
        let filled = |row: &u32| grid.filled(*row, page.columns.0, page.columns.1).next().is_some();
        let all: Vec<u32> = (page.rows.1 + 1..=page.last).filter(filled).collect();
        let all = before_another(grid, page, all);
        let page = Page { last: all.last().copied().unwrap_or(page.rows.1), ..page };
        let worked = sums::worked(grid, &all, page.columns);
        let named_sum = |row: &u32| {
            let first = grid.filled(*row, page.columns.0, page.columns.1).next();
            first.is_some_and(|(_, cell)| is_worked_out(&cell.content.to_text()))
        };
        let lines = all.into_iter().filter(|row| !worked.contains_key(row) && !named_sum(row)).collect();
        Body { grid, page, lines }
    }

    fn text(&self, at: CellRef) -> String {
        self.grid.cell(self.grid.anchor(at)).content.to_text().trim().to_owned()
    }

    /// A column of the page for each record, of which some share a line.
    fn column(&self, col: u32, lines: &[u32]) -> Vec<Option<CellRef>> {
        lines.iter().map(|row| Some(self.grid.anchor(CellRef::new(*row, col)))).collect()
    }

    /// A facet with the profile of what stands in its cells.
    fn facet(&self, header: HeaderCell, meaning: Meaning, at: Vec<Option<CellRef>>) -> Facet {
        let profile = Profile::over(self.grid, at.iter().flatten().copied());
        let own = header.typed.trim().to_owned();
        Facet { cell: Cell { header, own, meaning, profile, axis: false, measures: 0 }, at, parts: false }
    }

    /// What parts the records, as a facet: the days, the channels.
    fn dimension(&self, lexicon: &Lexicon, at: Vec<Option<CellRef>>) -> Facet {
        let first = at.iter().flatten().next().copied().unwrap_or(CellRef::new(self.page.rows.0, 0));
        let header = wordless(first);
        let mut facet = self.facet(header, Meaning::default(), at);
        let concept = match facet.cell.profile.is_days() {
            true => "date",
            false => "channel",
        };
        let texts = facet.at.iter().flatten().map(|at| lexicon.read(&self.text(*at)));
        // 门店一, 华东区: the words may say themselves what they are.
        let told =
            texts.map(|it| it.concept).find(|it| matches!(it.as_str(), "store" | "region" | "creator"));
        facet.cell.meaning = Meaning { concept: told.unwrap_or(concept.into()), ..Meaning::default() };
        facet.parts = true;
        facet
    }
}

/// The lines up to a gap below which a column is empty that no line before it leaves empty: another table begins.
fn before_another(grid: &Grid, page: Page, mut lines: Vec<u32>) -> Vec<u32> {
    let columns =
        |row: u32| grid.filled(row, page.columns.0, page.columns.1).map(|it| it.0.col).collect::<Vec<u32>>();
    let mut always: Option<Vec<u32>> = None;
    let mut before = page.rows.1;
    let end = lines.iter().position(|row| {
        let own = columns(*row);
        let parted = *row > before + 1;
        before = *row;
        let ends = parted && always.as_ref().is_some_and(|known| known.iter().any(|col| !own.contains(col)));
        match &mut always {
            Some(known) => known.retain(|col| own.contains(col)),
            None => always = Some(own),
        }
        ends
    });
    lines.truncate(end.unwrap_or(lines.len()));
    lines
}

/// A header cell without a word of its own.
fn wordless(at: CellRef) -> HeaderCell {
    let seen = Sighting { header: Header::parse(""), hits: Vec::new() };
    HeaderCell { at, last_col: at.col, typed: String::new(), seen: seen.into() }
}

/// A header cell that stands for one figure wherever it stands.
fn header(sightings: &mut Sightings, at: CellRef, typed: &str) -> HeaderCell {
    let seen = sightings.of_text(typed);
    HeaderCell { typed: typed.to_owned(), seen: seen.unwrap_or_else(|| wordless(at).seen), ..wordless(at) }
}

/// Takes the facets for a table, where their meanings make one.
fn read(
    body: &Body,
    sightings: &mut Sightings,
    evidence: &SheetEvidence,
    facets: &[Facet],
) -> Option<Across> {
    let page = body.page;
    let cells: Vec<Cell> = facets.iter().map(|facet| facet.cell.clone()).collect();
    let titles = titles_above(body.grid, sightings, page.rows.0, page.columns);
    let found = readings(sightings.matcher, &cells, &titles, &evidence.name);
    let (first, rest) = found.split_first()?;
    let named = |facet: usize| first.matched.iter().any(|(known, _)| *known == facet);
    let parted = (0..facets.len()).all(|at| !facets[at].parts || named(at));
    if !parted || !first.is_sure() || rest.iter().any(|other| !first.is_clear_of(other)) {
        return None;
    }
    let records = records(body, first, facets);
    (records.len() >= 2).then(|| {
        let mut find = first.find(&cells, page.rows, page.columns);
        find.guest = None;
        find.evidence.push("across");
        Across { find, records, last: body.page.last }
    })
}

/// The records: those of which anything but what parts them is filled.
fn records(body: &Body, reading: &Reading, facets: &[Facet]) -> Vec<IndexMap<usize, CellRef>> {
    let count = facets.iter().map(|facet| facet.at.len()).max().unwrap_or(0);
    let filled = |at: CellRef| !body.grid.cell(at).content.is_blank();
    let figures = |facet: &Facet| facet.cell.profile.figures * 2 > facet.cell.profile.filled;
    let record = |number: usize| {
        let cell = |(facet, hit): &(usize, super::super::labels::Hit)| {
            Some((hit.column, facets[*facet].at.get(number).copied().flatten()?))
        };
        let cells: IndexMap<usize, CellRef> = reading.matched.iter().filter_map(cell).collect();
        let used = reading.matched.iter().any(|(facet, _)| {
            figures(&facets[*facet]) && facets[*facet].at.get(number).copied().flatten().is_some_and(filled)
        });
        used.then_some(cells)
    };
    (0..count).filter_map(record).collect()
}

/// The same figures under several groups: 抖音 over 曝光 and 花费, 小红书 over the same.
fn grouped(body: &Body, lexicon: &Lexicon, sightings: &mut Sightings) -> Option<Vec<Facet>> {
    let page = body.page;
    if page.rows.0 == page.rows.1 {
        return None;
    }
    let mut groups: Vec<(CellRef, Vec<usize>)> = Vec::new();
    for (at, cell) in page.cells.iter().enumerate().filter(|(_, cell)| cell.header.at.row == page.rows.1) {
        let Some(group) = group_of(body, cell) else { continue };
        match groups.iter_mut().find(|(known, _)| *known == group) {
            Some((_, members)) => members.push(at),
            None => groups.push((group, vec![at])),
        }
    }
    let name = |cell: usize| fold(&page.cells[cell].own);
    let again = |name: &str, group: CellRef| {
        groups.iter().any(|(other, members)| {
            *other != group && members.iter().any(|it| fold(&page.cells[*it].own) == name)
        })
    };
    let taking: Vec<&(CellRef, Vec<usize>)> = groups
        .iter()
        .filter(|(group, members)| members.iter().all(|cell| again(&name(*cell), *group)))
        .collect();
    // 计划 and 实际, 目标 and 完成 are two figures of one record.
    let says_figure = |group: &CellRef| {
        let meaning = lexicon.read(&body.text(*group));
        !meaning.modes.is_empty() || meaning.is_figure()
    };
    if taking.len() < 2 || taking.iter().any(|(group, _)| says_figure(group)) {
        return None;
    }
    let taken: Vec<usize> = taking.iter().flat_map(|(_, members)| members.iter().copied()).collect();
    let groups: Vec<&(CellRef, Vec<usize>)> =
        taking.into_iter().filter(|(group, _)| !is_worked_out(&body.text(*group))).collect();
    let lines: Vec<u32> = body.lines.iter().flat_map(|row| std::iter::repeat_n(*row, groups.len())).collect();
    let mut facets: Vec<Facet> = (0..page.cells.len())
        .filter(|cell| !taken.contains(cell))
        .map(|cell| shared(body, &page.cells[cell], &lines))
        .collect();
    let parts = body.lines.iter().flat_map(|_| groups.iter().map(|(group, _)| Some(*group))).collect();
    facets.push(body.dimension(lexicon, parts));
    let mut named: Vec<String> = Vec::new();
    for cell in &taken {
        if named.contains(&name(*cell)) {
            continue;
        }
        named.push(name(*cell));
        let own = page.cells[*cell].own.clone();
        let of_group = |members: &[usize]| {
            members.iter().find(|it| name(**it) == fold(&own)).map(|it| page.cells[*it].header.at.col)
        };
        let at = body
            .lines
            .iter()
            .flat_map(|row| {
                groups.iter().map(|(_, members)| of_group(members).map(|col| CellRef::new(*row, col)))
            })
            .collect();
        let header = header(sightings, page.cells[*cell].header.at, &own);
        facets.push(body.facet(header, lexicon.read(&own), at));
    }
    Some(facets)
}

/// The group over a header of the second line.
fn group_of(body: &Body, cell: &Cell) -> Option<CellRef> {
    let group = cell.header.typed.trim().strip_suffix(cell.own.as_str())?.trim();
    if group.is_empty() || cell.own.is_empty() {
        return None;
    }
    let row = body.page.rows.0;
    let candidates = (0..=cell.header.at.col).rev().map(|col| body.grid.anchor(CellRef::new(row, col)));
    candidates.into_iter().find(|at| !body.grid.cell(*at).content.is_blank())
}

/// A column all records of a line have in common.
fn shared(body: &Body, cell: &Cell, lines: &[u32]) -> Facet {
    let at = body.column(cell.header.at.col, lines);
    Facet { cell: Cell { axis: false, ..cell.clone() }, at, parts: false }
}

/// The same headers side by side: the lines on the right go on where those on the left end.
fn repeated(body: &Body) -> Option<Vec<Facet>> {
    let page = body.page;
    let names: Vec<String> = page.cells.iter().map(|cell| fold(&cell.header.typed)).collect();
    let whole = |width: usize| {
        names.len().is_multiple_of(width) && (width..names.len()).all(|at| names[at] == names[at % width])
    };
    let width = (2..=names.len() / 2).find(|width| whole(*width))?;
    let distinct =
        (0..width).all(|at| !names[at].is_empty() && names[..at].iter().all(|it| *it != names[at]));
    if !distinct {
        return None;
    }
    let blocks = names.len() / width;
    let facet = |at: usize| {
        let places = (0..blocks).flat_map(|block| {
            let col = page.cells[block * width + at].header.at.col;
            body.column(col, &body.lines)
        });
        let cell = &page.cells[at];
        let mut facet = body.facet(cell.header.clone(), cell.meaning.clone(), places.collect());
        facet.cell.own.clone_from(&cell.own);
        facet
    };
    Some((0..width).map(facet).collect())
}

/// Days, or words nobody knows, over one figure that the title, the corner or the sheet's name names.
fn days_across(body: &Body, lexicon: &Lexicon, sightings: &mut Sightings) -> Option<Vec<Facet>> {
    let page = body.page;
    let counted = |cell: &Cell| cell.profile.figures * 2 > cell.profile.filled && cell.profile.filled > 0;
    let days: Vec<usize> =
        (0..page.cells.len()).filter(|at| page.cells[*at].axis && counted(&page.cells[*at])).collect();
    let strange = |at: &usize| {
        let cell = &page.cells[*at];
        counted(cell)
            && !cell.meaning.says_something()
            && cell.header.seen.hits.is_empty()
            && !cell.own.is_empty()
    };
    let words: Vec<usize> = (0..page.cells.len()).filter(strange).collect();
    let across = if days.len() >= LEAST_ACROSS { days } else { words };
    if across.len() < LEAST_ACROSS || !are_distinct(across.iter().map(|at| &page.cells[*at])) {
        return None;
    }
    let (place, named, meaning) = figure_named(body, lexicon, &across)?;
    let across: Vec<usize> =
        across.into_iter().filter(|at| !is_worked_out(&page.cells[*at].header.typed)).collect();
    let lines: Vec<u32> = body.lines.iter().flat_map(|row| std::iter::repeat_n(*row, across.len())).collect();
    let is_sum = |cell: &Cell| is_worked_out(&cell.header.typed) || cell.axis;
    let mut facets: Vec<Facet> = (0..page.cells.len())
        .filter(|at| !across.contains(at) && !is_sum(&page.cells[*at]))
        .map(|at| shared(body, &page.cells[at], &lines))
        .collect();
    let of_line = || across.iter().map(|at| page.cells[*at].header.at);
    let parts = body.lines.iter().flat_map(|_| of_line().map(Some)).collect();
    facets.push(body.dimension(lexicon, parts));
    let at = body
        .lines
        .iter()
        .flat_map(|row| of_line().map(|header| Some(CellRef::new(*row, header.col))))
        .collect();
    facets.push(body.facet(header(sightings, place, &named), meaning, at));
    Some(facets)
}

/// The figure that a crosstab is about: as its corner, a line above it or the sheet's name says.
fn figure_named(body: &Body, lexicon: &Lexicon, across: &[usize]) -> Option<(CellRef, String, Meaning)> {
    let page = body.page;
    let first = across.first().map(|at| page.cells[*at].header.at)?;
    let corner = page.cells.iter().map(|cell| (cell.header.at, cell.own.clone())).take(1);
    let line = |row: u32| -> Vec<(CellRef, String)> {
        body.grid.filled(row, 0, MAX_COLUMNS - 1).map(|(at, cell)| (at, cell.content.to_text())).collect()
    };
    // A line of few cells is a title or says the unit, one of many is another table.
    let lines = (page.rows.0.saturating_sub(3)..page.rows.0).rev().map(line);
    let above = lines.take_while(|line| line.len() <= 3).flatten();
    let sheet = (first, body.grid.sheet.name.to_string());
    let said = corner.chain(above).chain(std::iter::once(sheet));
    said.map(|(at, text)| (at, lexicon.read(&text), text))
        .find(|(_, meaning, _)| meaning.is_figure() && meaning.modes.iter().all(|mode| mode == "actual"))
        .map(|(at, meaning, text)| (at, text, meaning))
}

/// Whether every header says something of its own: the same day twice is a day and its month.
fn are_distinct<'c>(cells: impl Iterator<Item = &'c Cell>) -> bool {
    let mut seen: Vec<&str> = Vec::new();
    cells.into_iter().all(|cell| {
        let own = cell.header.typed.trim();
        let new = !seen.contains(&own);
        seen.push(own);
        new
    })
}

/// The figures of one channel, or of all: who they are of, and the line of each by its name.
type Lines = (Option<CellRef>, IndexMap<String, u32>);

/// Figures down, days or channels across.
fn lying(body: &Body, lexicon: &Lexicon, sightings: &mut Sightings) -> Option<Vec<Facet>> {
    let page = body.page;
    let names_figures = |cell: &Cell| cell.measures >= 2 && cell.measures * 2 > cell.profile.names.max(1);
    let label = (0..page.cells.len().min(3)).find(|at| names_figures(&page.cells[*at]))?;
    let label_col = page.cells[label].header.at.col;
    let subject = |cell: &&Cell| {
        let text = &cell.header.typed;
        let meaning = &cell.meaning;
        cell.header.at.col > label_col
            && cell.profile.filled > 0
            && !is_worked_out(text)
            && !meaning.modes.iter().any(|mode| mode == "cumulative")
            && !matches!(
                meaning.concept.as_str(),
                "remark" | "share" | "code" | "owner" | "basis" | "formula"
            )
    };
    let subjects: Vec<&Cell> = page.cells.iter().filter(subject).collect();
    // 目标 and 实际 beside each indicator are columns of an ordinary table.
    let says_figure = |cell: &&&Cell| {
        !cell.axis
            && (!cell.meaning.modes.is_empty() || cell.meaning.is_figure() || cell.meaning.concept == "goal")
    };
    let days = subjects.iter().filter(|cell| cell.axis).count();
    let distinct = are_distinct(subjects.iter().copied());
    if subjects.len() < 2
        || !distinct
        || subjects.iter().any(|cell| says_figure(&cell))
        || days > 0 && days < subjects.len()
    {
        return None;
    }
    // What stands before the figures names what they are of: 抖音 over its lines.
    let owner = page.cells[..label].iter().find(|cell| cell.profile.is_words());
    let mut blocks: Vec<Lines> = Vec::new();
    let mut known = None;
    for row in &body.lines {
        let name = body.text(CellRef::new(*row, label_col));
        if name.is_empty() || !lexicon.read(&name).is_figure() {
            continue;
        }
        let place = owner.map(|cell| body.grid.anchor(CellRef::new(*row, cell.header.at.col)));
        known = place.filter(|at| !body.grid.cell(*at).content.is_blank()).or(known);
        let goes_on = blocks.last().is_some_and(|(of, lines)| *of == known && !lines.contains_key(&name));
        if !goes_on {
            blocks.push((known, IndexMap::new()));
        }
        if let Some((_, lines)) = blocks.last_mut() {
            lines.insert(name, *row);
        }
    }
    let mut names: Vec<String> = Vec::new();
    for name in blocks.iter().flat_map(|(_, lines)| lines.keys()) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    if names.len() < 2 {
        return None;
    }
    let across = |at: &dyn Fn(&Lines, &Cell) -> Option<CellRef>| {
        blocks.iter().flat_map(|block| subjects.iter().map(|cell| at(block, cell))).collect::<Vec<_>>()
    };
    let mut facets = vec![body.dimension(lexicon, across(&|_, cell| Some(cell.header.at)))];
    if let Some(owner) = owner {
        let mut facet = body.dimension(lexicon, across(&|(of, _), _| *of));
        facet.cell.header = owner.header.clone();
        facet.cell.own.clone_from(&owner.own);
        if owner.meaning.says_something() {
            facet.cell.meaning = owner.meaning.clone();
        }
        facets.push(facet);
    }
    for name in names {
        let row = blocks.iter().find_map(|(_, lines)| lines.get(&name)).copied().unwrap_or(page.rows.1);
        let at =
            across(&|(_, lines), cell| lines.get(&name).map(|row| CellRef::new(*row, cell.header.at.col)));
        let header = header(sightings, CellRef::new(row, label_col), &name);
        facets.push(body.facet(header, lexicon.read(&name), at));
    }
    Some(facets)
}

/// Whether a page goes on across at all: days, or the same words again.
pub fn may_go_across(grid: &Grid, cells: &[Cell]) -> bool {
    let days = cells.iter().filter(|cell| is_axis(grid, &cell.header)).count();
    let again = |at: usize| {
        let own = &cells[at].own;
        !own.is_empty() && cells[..at].iter().any(|other| other.own == *own)
    };
    let figures =
        |cell: &Cell| matches!(grid.cell(cell.header.at).content, Content::Text(_)) && cell.measures >= 2;
    days >= 2 || (1..cells.len()).any(again) || cells.iter().take(3).any(figures)
}
