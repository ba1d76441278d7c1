//! Finding header rows: where a list begins, which table it is, which column is which.
//!
//! A header may stand anywhere, in any order, on two rows. Forms are for
//! `forms`; what to do with the finds is for `locate`.

use std::sync::Arc;

use super::apart::apart;
use super::columns::{assign, carried, name_rows, resemble, span};
use super::grid::Grid;
use super::groups::{depths, has_group, has_loose, has_unit, header_cells};
use super::guest::{self, Guest};
use super::labels::{Hit, Matcher};
use super::sightings::{HeaderCell, Sightings};
use super::{Column, Kind, Layout};
use crate::cell::{Area, CellRef, Content, MAX_COLUMNS};
use crate::workbook::Cell;

/// Below this a table is not read (0 to 1).
pub const TABLE_FLOOR: f64 = 0.5;
/// Below this a header is not taken for a column (0 to 1).
pub const COLUMN_FLOOR: f64 = 0.7;
/// Two readings nearer than this are a close call: asked, never guessed.
pub const CLOSE: f64 = 0.05;

/// What a group above a header is worth for the unit it states: about half a header.
const GROUP_UNIT: f64 = 0.5;

/// What it is worth that a column has its name on the second row only: no row of data has that.
const GROUP_LOOSE: f64 = 0.2;

/// One header in so many must be known where nothing but the headers speaks for a table.
const KNOWN_SHARE: usize = 4;

/// What is left of headers that do not name the day of each row, where that is its key.
const DAYLESS: f64 = 0.5;
/// The same for what each row is about, or when it happened.
const NAMELESS: f64 = 0.7;

/// So many header rows of a sheet are tried as several tables without a gap.
const MOST_SPLITS: usize = 40;
/// So many tables are tried on a header row, those with the most names first.
const CANDIDATES: usize = 6;

/// What a sheet says about its tables besides the headers.
#[derive(Debug, Clone, Default)]
pub struct SheetEvidence {
    /// Tables the sheet's name names, with 0 to 1.
    pub name: Vec<(usize, f64)>,
    /// Tables carriers point at: table, `id` or `excel-table`, header row and columns.
    pub carriers: Vec<(usize, &'static str, Area)>,
    /// Columns carriers point at: table, column, header.
    pub columns: Vec<(usize, usize, CellRef)>,
}

/// A header row read as a table.
#[derive(Debug, Clone)]
pub struct ListFind {
    /// Index of the table.
    pub table: usize,
    /// First and last header row.
    pub rows: (u32, u32),
    /// First and last column.
    pub columns: (u32, u32),
    /// Header cells, left to right.
    pub cells: Arc<[HeaderCell]>,
    /// Which cell names which column.
    pub matched: Vec<(usize, Hit)>,
    /// Cells that name the same column equally well: column, cells.
    pub duplicates: Vec<(usize, Vec<usize>)>,
    /// Cells that name several columns equally well: cell, columns.
    pub unclear: Vec<(usize, Vec<usize>)>,
    /// Evidence, best first.
    pub evidence: Vec<&'static str>,
    /// From 0 to 1.
    pub score: f64,
    /// The next best table, with its score and how many columns it finds without guessing.
    pub rival: Option<(usize, f64, usize)>,
    /// The table that is kept in the same rows.
    pub guest: Option<Guest>,
}

impl ListFind {
    /// How much is explained: every column named counts, and a column in question nearly as much.
    pub(super) fn worth(&self) -> f64 {
        let named: f64 = self.named().map(|(_, hit)| hit.score).sum();
        self.score * (named + 0.9 * self.duplicates.len() as f64)
    }

    /// Whether a cell asks a question: which column it names, or which of several cells a column is.
    pub(super) fn in_question(&self, cell: usize) -> bool {
        self.duplicates.iter().any(|(_, cells)| cells.contains(&cell))
            || self.unclear.iter().any(|(known, _)| *known == cell)
    }

    /// Whether something is known of a cell, be it a question.
    pub(super) fn speaks_of(&self, cell: usize) -> bool {
        self.named().any(|(known, _)| *known == cell) || self.in_question(cell)
    }

    /// Whether the table says itself which one it is, unseen.
    pub(super) fn is_carried(&self) -> bool {
        self.evidence.iter().any(|it| matches!(*it, "id" | "excel-table"))
    }

    /// Whether the table says itself which one it is, unseen or in a line above.
    pub(super) fn is_titled(&self) -> bool {
        self.is_carried() || self.evidence.contains(&"title")
    }

    /// Whether anything beside its headers says which table it is.
    pub(super) fn is_named(&self) -> bool {
        self.is_titled() || self.evidence.contains(&"sheet-name")
    }

    /// Cells that name a column of the table and none of its guest.
    pub(super) fn own(&self) -> impl Iterator<Item = &(usize, Hit)> {
        let of_guest = |cell: usize| {
            self.guest.iter().any(|guest| guest.matched.iter().any(|(known, _)| *known == cell))
        };
        self.matched.iter().filter(move |(cell, _)| !of_guest(*cell))
    }

    /// How many headers are known without guessing.
    pub(super) fn certain(&self) -> usize {
        self.named().filter(|(_, hit)| hit.how != "fuzzy").count()
    }

    /// Whether the next best table reads nearly as well, and what the best explains beyond it does not decide.
    pub(super) fn is_close_call(&self) -> bool {
        let Some((_, score, columns)) = self.rival else { return false };
        // A table and its guest are two that explain more than the one other.
        let explains_more = columns + usize::from(self.guest.is_none()) < self.certain();
        score >= TABLE_FLOOR && 1.0 - score < (1.0 - self.score) * 1.25 + 0.01 && !explains_more
    }

    /// Every cell that names a column of the table or of its guest.
    pub(super) fn named(&self) -> impl Iterator<Item = &(usize, Hit)> {
        let known = |cell: usize| self.matched.iter().any(|(known, _)| *known == cell);
        let of_guest = self.guest.iter().flat_map(|guest| &guest.matched);
        self.matched.iter().chain(of_guest.filter(move |(cell, _)| !known(*cell)))
    }
}

/// Header rows of a sheet, top to bottom. Finds below the floor are returned too; `locate` says so of them.
pub fn find(grid: &Grid, sightings: &mut Sightings, evidence: &SheetEvidence) -> Vec<ListFind> {
    let mut finds: Vec<ListFind> = Vec::new();
    let rows = grid.rows();
    let mut consumed: Option<u32> = None;
    let mut splits = MOST_SPLITS;
    for (index, row) in rows.iter().copied().enumerate() {
        if consumed.is_some_and(|last| row <= last) {
            continue;
        }
        let anchored = evidence.carriers.iter().any(|(_, _, area)| area.first.row == row);
        let hopeful = index < 30 && !evidence.name.is_empty();
        if !promising(grid, sightings, row, if anchored || hopeful { 1 } else { 2 }, hopeful) {
            continue;
        }
        let mut best: Vec<ListFind> = Vec::new();
        let mut most = 0.0;
        for rows in depths(grid, sightings, row) {
            let cells = header_cells(grid, sightings, rows);
            let found = repeats_beside(grid, sightings, evidence, rows, &cells, &finds)
                .unwrap_or_else(|| recognise(grid, sightings, evidence, rows, cells, &mut splits));
            // A unit that a group states for its columns must not be lost.
            let unit = if rows.0 < rows.1 && has_unit(grid, sightings, rows.0) { GROUP_UNIT } else { 0.0 };
            let loose = rows == (row, row + 1) && names_below_nothing(grid, sightings, rows.0, &found);
            let worth = total(&found) + unit + if loose { GROUP_LOOSE } else { 0.0 };
            if !found.is_empty() && worth > most + 1e-9 {
                (best, most) = (found, worth);
            }
        }
        // Where the lower row says as much by itself, this one is no part of the header, unless a group states the
        // unit of its columns.
        if best.iter().any(|find| find.rows == (row, row + 1))
            && has_loose(grid, sightings, row)
            && !has_unit(grid, sightings, row)
        {
            let cells = header_cells(grid, sightings, (row + 1, row + 1));
            let alone = recognise(grid, sightings, evidence, (row + 1, row + 1), cells, &mut splits);
            if total(&alone) + 1e-9 >= total(&best) {
                continue;
            }
        }
        let below = finds.iter().any(|find| find.score >= TABLE_FLOOR);
        best.retain(|find| !below || find.score < TABLE_FLOOR || stands_alone(grid, find));
        if best.iter().any(|find| find.score >= TABLE_FLOOR) {
            consumed = best.iter().map(|find| find.rows.1).max();
        }
        finds.extend(best);
    }
    finds
}

/// Whether two headers name the same columns at the same places.
pub(super) fn same_columns(a: &ListFind, b: &ListFind) -> bool {
    a.table == b.table
        && a.matched.len() == b.matched.len()
        && a.matched.iter().all(|(cell, hit)| {
            b.matched
                .iter()
                .any(|(other, it)| it.column == hit.column && b.cells[*other].at.col == a.cells[*cell].at.col)
        })
}

/// Whether a header below another one begins a table: a row of data may name some columns too (销售额 of 渠道 抖音).
fn stands_alone(grid: &Grid, find: &ListFind) -> bool {
    if find.is_titled() {
        return true;
    }
    let known = find.matched.len() + find.duplicates.len();
    let parted =
        find.rows.0 == 0 || grid.filled(find.rows.0 - 1, find.columns.0, find.columns.1).next().is_none();
    known * 2 >= find.cells.len() && (known >= 3 || parted)
}

/// Whether below a line, where the line itself says nothing, something names a column of the tables found.
fn names_below_nothing(grid: &Grid, sightings: &mut Sightings, row: u32, finds: &[ListFind]) -> bool {
    grid.filled(row + 1, 0, MAX_COLUMNS - 1).any(|(at, cell)| {
        let above = CellRef::new(row, at.col);
        let of_found = |table: usize| finds.iter().any(|find| find.table == table);
        grid.merge(above).is_none()
            && grid.cell(above).content.is_blank()
            && sightings
                .of(&cell.content)
                .is_some_and(|it| it.hits.iter().any(|hit| hit.how == "exact" && of_found(hit.table)))
    })
}

fn total(finds: &[ListFind]) -> f64 {
    finds.iter().filter(|find| find.score >= TABLE_FLOOR).map(ListFind::worth).sum::<f64>()
        + finds.iter().map(|find| find.score * 0.001).sum::<f64>()
}

/// Whether a cell is a label that waits for its value: 部门：.
fn is_label(content: &Content) -> bool {
    matches!(content, Content::Text(text) if text.trim_end().ends_with([':', '：']))
}

fn promising(grid: &Grid, sightings: &mut Sightings, row: u32, least: usize, hopeful: bool) -> bool {
    let (mut named, mut filled, mut figures, mut labels) = (0, 0, 0, 0);
    for (_, cell) in grid.filled(row, 0, MAX_COLUMNS - 1) {
        filled += 1;
        figures += usize::from(!matches!(cell.content, Content::Text(_)));
        labels += usize::from(is_label(&cell.content));
    }
    // 部门：　岗位：　姓名： is a line to be filled in, no header.
    let figure = |(_, cell): (CellRef, &Cell)| !matches!(cell.content, Content::Text(_));
    if labels >= 2 && labels * 2 > filled && !grid.filled(row + 1, 0, MAX_COLUMNS - 1).any(figure) {
        return false;
    }
    // Rows of data hold figures, headers hardly any; folding every text of a long sheet would be slow.
    if figures * 3 > filled {
        return false;
    }
    for (_, cell) in grid.filled(row, 0, MAX_COLUMNS - 1) {
        if sightings.of(&cell.content).is_some_and(|it| !it.hits.is_empty()) {
            named += 1;
        }
    }
    // A group row above the sub-headers may name nothing by itself.
    (named >= least && (filled > 1 || !hopeful)) || (named == 1 && has_group(grid, row))
}

/// Below tables side by side, the header of one of them may stand again beside the data of the other.
fn repeats_beside(
    grid: &Grid,
    sightings: &mut Sightings,
    evidence: &SheetEvidence,
    rows: (u32, u32),
    cells: &[HeaderCell],
    above: &[ListFind],
) -> Option<Vec<ListFind>> {
    let accepted: Vec<&ListFind> = above.iter().filter(|find| find.score >= TABLE_FLOOR).collect();
    let beside = |one: &ListFind| {
        accepted.iter().any(|other| other.rows == one.rows && other.columns.0 != one.columns.0)
    };
    let mut found = Vec::new();
    for known in accepted.iter().filter(|find| beside(find)) {
        let within = |cell: &&HeaderCell| (known.columns.0..=known.columns.1).contains(&cell.at.col);
        let own: Vec<HeaderCell> = cells.iter().filter(within).cloned().collect();
        if own.len() < known.matched.len() {
            continue;
        }
        let read = best_table(grid, sightings, evidence, rows, &own);
        found.extend(read.filter(|find| same_columns(known, find)));
    }
    (!found.is_empty()).then_some(found)
}

/// One table, or several side by side where gaps part them, or nothing at all.
fn recognise(
    grid: &Grid,
    sightings: &mut Sightings,
    evidence: &SheetEvidence,
    rows: (u32, u32),
    cells: Vec<HeaderCell>,
    splits: &mut usize,
) -> Vec<ListFind> {
    let mut groups: Vec<Vec<HeaderCell>> = Vec::new();
    for cell in cells {
        match groups.last_mut() {
            Some(group) if group.last().is_some_and(|last| cell.at.col <= last.last_col + 1) => {
                group.push(cell)
            }
            _ => groups.push(vec![cell]),
        }
    }
    let mut read = |cells: &[HeaderCell]| best_table(grid, sightings, evidence, rows, cells);
    let mut parts: Vec<(Vec<HeaderCell>, Option<ListFind>)> = Vec::new();
    for group in groups {
        let alone = read(&group);
        if let Some((before, known)) = parts.last_mut() {
            let mut joined = before.clone();
            joined.extend(group.iter().cloned());
            let together = read(&joined);
            let apart = alone.as_ref().filter(|find| find.score >= TABLE_FLOOR && find.matched.len() >= 2);
            let gain = together.as_ref().map_or(0, |find| find.matched.len());
            let apart_gain = apart.map_or(0, |find| find.matched.len())
                + known.as_ref().map_or(0, |find| find.matched.len());
            // Beyond a gap, what would only put known columns in question is something else.
            let asks = |find: &Option<ListFind>| find.as_ref().map_or(0, |find| find.duplicates.len());
            let disturbs = known.is_some() && asks(&together) > asks(known) && gain <= apart_gain;
            if !disturbs && (apart.is_none() || gain >= apart_gain) {
                *before = joined;
                *known = together;
                continue;
            }
        }
        parts.push((group, alone));
    }
    let parts = parts.into_iter().flat_map(|part| apart(part, splits, &mut read));
    parts.filter_map(|(_, find)| find).collect()
}

/// The table a run of header cells fits best, with its rival.
fn best_table(
    grid: &Grid,
    sightings: &mut Sightings,
    evidence: &SheetEvidence,
    rows: (u32, u32),
    cells: &[HeaderCell],
) -> Option<ListFind> {
    let mut tables: Vec<usize> =
        cells.iter().flat_map(|cell| cell.seen.hits.iter().map(|hit| hit.table)).collect();
    tables.sort_unstable();
    tables.dedup();
    // Resemblance is looked for only where names already speak for a table.
    let named = |table: usize| {
        let hits = |cell: &HeaderCell| {
            cell.seen.hits.iter().filter(|hit| hit.table == table).map(|hit| hit.score).fold(0.0, f64::max)
        };
        cells.iter().map(hits).sum::<f64>()
    };
    // A table the sheet is named after is always looked at; another one only
    // where the headers speak louder for it.
    let named_otherwise = |table: usize| {
        evidence.name.iter().any(|(it, _)| *it == table) || evidence.carriers.iter().any(|it| it.0 == table)
    };
    let catalogue = sightings.matcher.catalogue;
    let known =
        |table: usize| named_otherwise(table) || catalogue.kept_in(table).is_some_and(named_otherwise);
    let mut ranked: Vec<(usize, bool, f64)> =
        tables.into_iter().map(|table| (table, known(table), named(table))).collect();
    ranked.sort_by(|a, b| b.1.cmp(&a.1).then(b.2.total_cmp(&a.2)).then(a.0.cmp(&b.0)));
    let loudest = |known: bool| {
        let heard = ranked.iter().filter(|one| one.1 || !known).map(|one| one.2);
        heard.fold(0.0, f64::max)
    };
    let (least, of_known) = (loudest(false) * 0.4, loudest(true));
    let mut finds: Vec<ListFind> = Vec::new();
    let cells: Arc<[HeaderCell]> = cells.into();
    for (table, ..) in ranked
        .into_iter()
        .filter(|(_, known, named)| *known || (*named >= least && *named > of_known))
        .take(CANDIDATES)
    {
        finds.extend(fit(grid, sightings, evidence, rows, &cells, table));
    }
    finds.sort_by(|a, b| {
        b.score.total_cmp(&a.score).then(b.matched.len().cmp(&a.matched.len())).then(a.table.cmp(&b.table))
    });
    if let Some(more) = explains_more(&finds) {
        let best = finds.swap_remove(more);
        finds.retain(|other| !covers(&best, other));
        finds.insert(0, best);
    }
    let mut finds = finds.into_iter();
    let mut best = finds.next()?;
    let guest = best.guest.as_ref().map(|guest| guest.table);
    let rival = finds.find(|rival| Some(rival.table) != guest);
    best.rival = rival.map(|rival| (rival.table, rival.score, rival.certain()));
    Some(best)
}

/// Of several readings by headers alone, the one that explains all that the best does and more: what it misses
/// are columns nobody filled in, what the other misses stands there.
fn explains_more(finds: &[ListFind]) -> Option<usize> {
    let first = finds.first()?;
    let by_headers = |find: &ListFind| find.evidence == ["headers"];
    // A list of tasks that also says how far each is explains more than the progress in it.
    let hosts = |find: &ListFind| {
        find.guest.as_ref().is_some_and(|guest| guest.table == first.table) && !first.is_carried()
    };
    let better = |find: &ListFind| {
        find.score >= TABLE_FLOOR
            && find.named().count() > first.named().count()
            && (by_headers(first) && by_headers(find) || hosts(find))
            && covers(find, first)
    };
    (1..finds.len()).find(|other| better(&finds[*other]))
}

/// Whether a reading names every cell that another one names.
fn covers(one: &ListFind, other: &ListFind) -> bool {
    other.named().all(|(cell, _)| one.named().any(|(known, _)| known == cell))
}

fn fit(
    grid: &Grid,
    sightings: &mut Sightings,
    evidence: &SheetEvidence,
    rows: (u32, u32),
    cells: &Arc<[HeaderCell]>,
    table: usize,
) -> Option<ListFind> {
    let matcher = sightings.matcher;
    let mut find = assign(cells, table);
    find.rows = (rows.0, cells.iter().map(|cell| header_end(grid, cell, rows.1)).max().unwrap_or(rows.1));
    resemble(grid, sightings, &mut find);
    name_rows(grid, sightings, &mut find);
    carried(evidence, &mut find);
    span(grid, sightings, &mut find);
    guest::invite(matcher.catalogue, &mut find);
    if find.matched.is_empty() && find.duplicates.is_empty() {
        return None;
    }
    let left = cells.first()?.at.col;
    let right = cells.last()?.last_col;
    find.columns = (left, right);

    let weight = |column: usize| matcher.weight(table, column);
    let named: f64 = find.matched.iter().map(|(_, hit)| weight(hit.column) * hit.score).sum::<f64>()
        + find.duplicates.iter().map(|(column, _)| weight(*column)).sum::<f64>();
    let has = |column: usize| {
        find.matched
            .iter()
            .find(|(_, hit)| hit.column == column)
            .map(|(_, hit)| hit.score)
            .or_else(|| find.duplicates.iter().any(|(it, _)| *it == column).then_some(0.9))
    };
    let columns = &matcher.table(table).columns;
    let key = &matcher.table(table).key;
    let subject = matcher.table(table).subject().map(|column| &column.id);
    let is_key = |column: &Column| {
        key.contains(&column.id) || subject == Some(&column.id) || column.kind == Kind::Datetime
    };
    let any_required = columns.iter().any(|column| column.required);
    let (mut asked, mut there) = (0.0, 0.0);
    for (index, column) in columns.iter().enumerate() {
        if column.required || !any_required {
            asked += weight(index);
            there += weight(index) * has(index).unwrap_or(0.0);
        }
    }
    let spoken_for = |at: usize| {
        find.named().any(|(known, _)| *known == at)
            || find.duplicates.iter().any(|(_, cells)| cells.contains(&at))
    };
    let strange = cells
        .iter()
        .enumerate()
        .filter(|(at, cell)| !spoken_for(*at) && !is_figure(&cell.seen.header.bare))
        .count();
    let precision = named / (named + 0.35 * strange as f64);
    let recall = if asked > 0.0 { there / asked } else { 0.0 };
    // Teams leave out columns that we require; many names of one table do not stand together by chance.
    let many = find.named().count() as f64;
    let recall = recall.max((named - 1.0) / (named + 1.0)).max((many - 2.0) / (many + 1.0));
    // What is told of days is little without its days, what is told of phases without their names.
    let keyless = columns
        .iter()
        .enumerate()
        .filter(|(index, column)| column.required && is_key(column) && has(*index).is_none());
    let loss = |column: &Column| match column.kind {
        Kind::Date => DAYLESS,
        Kind::Open | Kind::Datetime => NAMELESS,
        Kind::Text | Kind::Long if key.is_empty() => NAMELESS,
        _ => 1.0,
    };
    let whole = keyless.map(|(_, column)| loss(column)).fold(1.0, f64::min);
    let headers = (precision * recall).sqrt() * whole;

    let mut doubt = 1.0;
    for (carried, how, area) in &evidence.carriers {
        let touches =
            (rows.0..=rows.1).contains(&area.first.row) && area.first.col <= right && area.last.col >= left;
        if *carried == table && touches {
            doubt *= if *how == "id" { 0.05 } else { 0.1 };
            find.evidence.push(how);
        }
    }
    if let Some((_, score)) = evidence.name.iter().find(|(named, _)| *named == table) {
        doubt *= 1.0 - 0.6 * score;
        find.evidence.push("sheet-name");
    }
    let title = title_above(grid, sightings, rows.0, (left, right), table);
    if title > 0.0 {
        doubt *= 1.0 - 0.55 * title;
        find.evidence.push("title");
    }
    find.evidence.push("headers");
    // A form turned sideways has its labels close together; a row of pairs is a form of the ordinary kind.
    let sideways = matcher.table(table).layout == Layout::Form;
    let least = match (sideways, find.is_carried()) {
        (true, _) => 3,
        (false, true) => 1,
        (false, false) => 2,
    };
    // What tells nothing of itself must show what it cannot be without: a budget money, a channel table a channel.
    let shown = |id: &str| {
        columns.iter().position(|column| column.id == id).is_some_and(|at| {
            has(at).is_some() || find.unclear.iter().any(|(_, columns)| columns.contains(&at))
        })
    };
    let needs = &matcher.table(table).needs;
    // A table few teams keep has a header that is no plainer table's; else the plainer one is meant.
    let plain = |hit: &Hit| !matcher.table(hit.table).rare && hit.table != table;
    let own_header = |cell: usize| !cells[cell].seen.hits.iter().any(&plain);
    let has_own = !matcher.table(table).rare
        || find
            .named()
            .any(|(cell, hit)| own_header(*cell) || choices_share(grid, matcher, &find, *cell, hit) >= 0.5);
    // A few known words among many strangers are there by chance.
    let known = find.named().count() + find.duplicates.len();
    let met_by = known >= 4 || known * KNOWN_SHARE >= cells.len();
    let met = find.evidence != ["headers"] || needs.iter().all(|need| need.split('|').any(shown));
    let enough = (met && met_by && (has_own || find.evidence != ["headers"]))
        && find.matched.len() + find.duplicates.len() >= least
        && headers >= 0.15
        && (!sideways || strange * 2 <= find.matched.len());
    // Headers alone are never quite sure, so that a title or carrier can decide between equals.
    find.score = if enough { 1.0 - doubt * (1.0 - 0.9 * headers) } else { headers * 0.4 };
    Some(find)
}

/// The share of the first values below a header that are in the list its column offers; nothing where it offers none.
pub(super) fn choices_share(grid: &Grid, matcher: &Matcher, find: &ListFind, cell: usize, hit: &Hit) -> f64 {
    let Some(list) = &matcher.table(hit.table).columns[hit.column].choices else { return 0.0 };
    let col = find.cells[cell].at.col;
    let texts: Vec<String> = (find.rows.1 + 1..=find.rows.1 + 20)
        .map(|row| grid.cell(CellRef::new(row, col)).content.to_text())
        .filter(|text| !text.trim().is_empty())
        .collect();
    if texts.is_empty() { 0.0 } else { matcher.choices.share(list, &texts) }
}

/// What people work out beside the columns of any table; it says nothing against one.
fn is_figure(bare: &str) -> bool {
    const FIGURES: [&str; 29] = [
        "roi",
        "roas",
        "ctr",
        "cvr",
        "cpa",
        "cpc",
        "cpm",
        "cpl",
        "cac",
        "arpu",
        "占比",
        "费用占比",
        "费比",
        "客单价",
        "毛利率",
        "利润率",
        "核销率",
        "领取率",
        "增长率",
        "点击率",
        "注册率",
        "下单率",
        "转化率",
        "差异率",
        "同比",
        "环比",
        "投产比",
        "转化成本",
        "获客成本",
    ];
    FIGURES.contains(&bare)
}

fn header_end(grid: &Grid, cell: &HeaderCell, row: u32) -> u32 {
    let last = grid.span(cell.at).last.row;
    if last <= row + 3 { last.max(row) } else { row }
}

/// How well a line above a header names a table, from 0 to 1.
fn title_above(grid: &Grid, sightings: &mut Sightings, row: u32, columns: (u32, u32), table: usize) -> f64 {
    let mut best: f64 = 0.0;
    for above in (row.saturating_sub(6)..row).rev() {
        let line: Vec<_> = grid.filled(above, 0, MAX_COLUMNS - 1).collect();
        let over = line.iter().find(|(at, _)| {
            let span = grid.span(*at);
            span.last.col + 1 >= columns.0 && span.first.col <= columns.1
        });
        let Some((_, cell)) = over else { continue };
        if line.len() > 3 {
            break;
        }
        if let Content::Text(text) = &cell.content
            && let Some(hit) = sightings.titles(text).iter().find(|hit| hit.table == table)
        {
            best = best.max(hit.score);
        }
    }
    best
}
