//! Which table a header of somebody's own is, and which column each of its cells: by what the words mean, by what
//! stands below them, by the title above.

use std::sync::Arc;

use super::super::guest::Guest;
use super::super::labels::Matcher;
use super::super::labels::{Hit, SPAN, contradicts};
use super::super::lists::ListFind;
use super::super::meaning::Meaning;
use super::super::sightings::HeaderCell;
use super::super::{Column, Kind, Layout, Table};
use super::profile::Profile;
use crate::cell::CellRef;

/// Below this no header is taken for a column (0 to 1): a declared meaning with a third of its letters unexplained
/// scores 0.82, one by place 0.6.
const COLUMN_FLOOR: f64 = 0.55;
/// What a known name is worth whose words mean something else: 任务 in a list of measures.
const OTHER_MEANING: f64 = 0.7;
/// What a further declared meaning is worth less than the one before it.
const NEXT_MEANING: f64 = 0.04;
/// What it is worth that a name we know and the meaning of its words agree.
const BOTH: f64 = 0.05;
/// What a header tells of its table that stands in tables of every sort.
const ANYWHERE: f64 = 0.4;
/// What days across are worth for a table that needs to know when: a plan over time.
const PLAN_ACROSS: f64 = 0.6;
/// How sure a name of rows is that only its place speaks for.
const BY_PLACE: f64 = 0.6;
/// What a header counts against a table that has no column for it, by whether its words mean something. Chosen on the
/// real workbooks of the trials: exports have dozens of further columns and are still what they are.
const STRANGER: f64 = 0.15;
const UNKNOWN: f64 = 0.04;
/// So much they count together at the most.
const STRANGERS: f64 = 1.0;
/// What a title, and a sheet's name, are worth: more than a header, less than two.
const TITLED: f64 = 1.5;
const SHEET_NAMED: f64 = 1.2;
/// What a table that few teams keep must explain beyond a plainer one, where nothing names it.
pub const RARE: f64 = 0.6;
/// So much two readings must differ before one is taken: a quarter of a header.
const CLEAR: f64 = 0.25;

/// One header cell with all that is known of it.
#[derive(Debug, Clone)]
pub struct Cell {
    /// The cell.
    pub header: HeaderCell,
    /// What stands in the cell itself, without the group above it.
    pub own: String,
    /// What its words mean.
    pub meaning: Meaning,
    /// What stands below it.
    pub profile: Profile,
    /// A day, week or month: the table goes on to the right in time.
    pub axis: bool,
    /// How many of the words below it name figures: 曝光量, 花费.
    pub measures: usize,
}

impl Cell {
    /// Whether it counts against a table that has no column for it.
    fn is_stranger(&self) -> bool {
        let aside = matches!(
            self.meaning.concept.as_str(),
            "remark" | "code" | "share" | "variance" | "completion" | "count" | "weight"
        );
        !self.axis
            && !self.meaning.is_derived()
            && !aside
            && !self.header.typed.trim().is_empty()
            && self.profile.filled > 0
    }
}

/// A header read as one table.
#[derive(Debug, Clone)]
pub struct Reading {
    /// Index of the table.
    pub table: usize,
    /// Which cell names which column.
    pub matched: Vec<(usize, Hit)>,
    /// The table kept in the same rows.
    pub guest: Option<Guest>,
    /// Columns whose one value for the whole table stands in a header cell: column, cell.
    pub given: Vec<(usize, CellRef)>,
    /// What it explains, less what it leaves unexplained: about one for each header.
    pub score: f64,
    /// The needs of the table that nothing meets.
    pub unmet: Vec<String>,
    /// Headers with something below them that it does not explain.
    pub strangers: usize,
    /// The column it needs first was taken by its place alone.
    pub by_place: bool,
    /// Two headers of the same words could be one of its columns.
    pub twice: bool,
    /// Figures, but each row is about something the table has no column for: a search word, a device, a town.
    pub split_otherwise: bool,
    /// Days across say when each row is done.
    pub plan: bool,
    /// By its place, and days stand there.
    pub by_days: bool,
    /// A title or a sheet's name says so too.
    pub told: bool,
}

impl Reading {
    /// How many header cells it explains, with its guest.
    pub fn explained(&self) -> usize {
        let own = |cell: usize| self.matched.iter().any(|(known, _)| *known == cell);
        let of_guest = self.guest.iter().flat_map(|guest| &guest.matched).filter(|(cell, _)| !own(*cell));
        let mut cells: Vec<usize> =
            self.matched.iter().map(|(cell, _)| *cell).chain(of_guest.map(|it| it.0)).collect();
        cells.sort_unstable();
        cells.dedup();
        cells.len()
    }

    /// Whether it says enough by itself to be read.
    pub fn is_sure(&self) -> bool {
        let explained = self.explained() + usize::from(self.plan);
        self.unmet.is_empty()
            && explained >= if self.by_place { 3 } else { 2 }
            && self.score >= if self.told { 1.2 } else { 1.5 }
            && (explained >= self.strangers || explained >= 5)
            && (self.told || !self.by_place || self.by_days)
            && !self.split_otherwise
            && !self.twice
    }

    /// Whether it explains every cell another reading explains, and more.
    fn covers(&self, other: &Reading) -> bool {
        let own = |cell: usize| {
            self.matched
                .iter()
                .chain(self.guest.iter().flat_map(|it| &it.matched))
                .any(|(known, _)| *known == cell)
        };
        let mut others = other.matched.iter().chain(other.guest.iter().flat_map(|it| &it.matched));
        self.explained() > other.explained() && others.all(|(cell, _)| own(*cell))
    }

    /// Whether it is clear of another reading.
    pub fn is_clear_of(&self, other: &Reading) -> bool {
        !other.unmet.is_empty()
            || self.covers(other) && self.score >= other.score - CLEAR
            || self.score >= other.score + CLEAR
            || self.guest.as_ref().is_some_and(|guest| guest.table == other.table)
    }

    /// As a find of the ordinary kind.
    pub fn find(&self, cells: &[Cell], rows: (u32, u32), columns: (u32, u32)) -> ListFind {
        let headers: Vec<HeaderCell> = cells.iter().map(|cell| cell.header.clone()).collect();
        let mut evidence = vec!["meaning"];
        if self.told {
            evidence.insert(0, "title");
        }
        ListFind {
            table: self.table,
            rows,
            columns,
            cells: Arc::from(headers),
            matched: self.matched.clone(),
            duplicates: Vec::new(),
            unclear: Vec::new(),
            evidence,
            score: (self.score / (self.score + 1.0)).clamp(0.5, 0.95),
            rival: None,
            guest: self.guest.clone(),
        }
    }
}

/// Every table a header may be, the best first.
pub fn readings(
    matcher: &Matcher,
    cells: &[Cell],
    titles: &[(usize, f64)],
    names: &[(usize, f64)],
) -> Vec<Reading> {
    let tables = matcher.catalogue.tables.values().enumerate();
    let mut found: Vec<Reading> = tables
        .filter(|(_, table)| !table.needs.is_empty() && table.layout == Layout::List)
        .filter_map(|(index, table)| read(matcher, cells, index, table, titles, names))
        .collect();
    found.sort_by(|a, b| {
        b.unmet
            .is_empty()
            .cmp(&a.unmet.is_empty())
            .then(b.score.total_cmp(&a.score))
            .then(a.table.cmp(&b.table))
    });
    found
}

/// A header read as one table, whether or not it is that one.
pub fn as_table(matcher: &Matcher, cells: &[Cell], table: usize) -> Option<Reading> {
    read(matcher, cells, table, matcher.table(table), &[], &[])
}

fn read(
    matcher: &Matcher,
    cells: &[Cell],
    index: usize,
    table: &Table,
    titles: &[(usize, f64)],
    names: &[(usize, f64)],
) -> Option<Reading> {
    let mut matched = assign(cells, index, table, &|_| false);
    if matched.is_empty() {
        return None;
    }
    let mut given = Vec::new();
    let named = |matched: &[(usize, Hit)], id: &str| {
        let column = table.columns.iter().position(|column| column.id == id);
        matched.iter().any(|(_, hit)| Some(hit.column) == column)
    };
    let met = |matched: &[(usize, Hit)], need: &str| need.split('|').any(|id| named(matched, id));
    take_the_finer(cells, index, table, &mut matched);
    let mut by_place = false;
    if let Some(first) = table.needs.first().filter(|need| !met(&matched, need)) {
        let id = first.split('|').next().unwrap_or_default();
        by_place = name_by_place(cells, index, table, id, &mut matched, &mut given);
    }
    // Words or marks under days across say when each row is done.
    let planned = |cell: &&Cell| cell.axis && cell.profile.figures * 2 <= cell.profile.filled;
    let plan = table.column("start").is_some() && cells.iter().filter(planned).count() >= 3;
    let by_plan = |need: &str| plan && need.split('|').any(|id| id == "start");
    let guest = invited(matcher, cells, index, &mut matched);
    let named_only = |need: &&String| table.needs.first() == Some(*need) || guest.is_none();
    let unmet: Vec<String> = table
        .needs
        .iter()
        .filter(|need| !met(&matched, need) && !by_plan(need) && named_only(need))
        .cloned()
        .collect();
    let of_guest =
        |cell: usize| guest.iter().any(|guest| guest.matched.iter().any(|(known, _)| *known == cell));
    let own = |cell: usize| matched.iter().any(|(known, _)| *known == cell);
    let strangers =
        (0..cells.len()).filter(|cell| !own(*cell) && !of_guest(*cell) && cells[*cell].is_stranger()).count();
    // Numbers and remarks stand in every table.
    let tells = |cell: usize| match cells[cell].meaning.concept.as_str() {
        "code" | "remark" => ANYWHERE,
        _ => 1.0,
    };
    let mut score: f64 = matched.iter().map(|(cell, hit)| hit.score * tells(*cell)).sum();
    score += guest
        .iter()
        .flat_map(|it| &it.matched)
        .filter(|(cell, _)| !own(*cell))
        .map(|(_, hit)| hit.score)
        .sum::<f64>();
    let unknown = strangers - meant_strangers(cells, &|cell| own(cell) || of_guest(cell));
    score -= (STRANGER * (strangers - unknown) as f64 + UNKNOWN * unknown as f64).min(STRANGERS);
    let strangers = strangers - unknown;
    let said = |list: &[(usize, f64)]| {
        let of_this =
            |table: &usize| *table == index || guest.as_ref().is_some_and(|guest| guest.table == *table);
        list.iter().filter(|(table, _)| of_this(table)).map(|(_, score)| *score).fold(0.0, f64::max)
    };
    let (title, name) = (said(titles), said(names));
    let twice = is_twice(cells, &matched);
    let by_days = by_place && (!given.is_empty() || table.needs.first().is_some_and(|need| need == "date"));
    let split_otherwise = is_split_otherwise(cells, table, &|cell| own(cell) || of_guest(cell));
    if plan {
        score += PLAN_ACROSS;
    }
    if table.rare && title + name == 0.0 {
        score -= RARE;
    }
    score += TITLED * title + SHEET_NAMED * name;
    Some(Reading {
        table: index,
        matched,
        guest,
        given,
        score,
        unmet,
        strangers,
        by_place,
        split_otherwise,
        twice,
        plan,
        by_days,
        told: title > 0.0 || name > 0.0,
    })
}

/// Whether the first words of each row name what a table of figures has no column for.
fn is_split_otherwise(cells: &[Cell], table: &Table, known: &dyn Fn(usize) -> bool) -> bool {
    let figures = |column: &&Column| matches!(column.kind, Kind::Count | Kind::Money);
    let named = |cell: &Cell| {
        let profile = &cell.profile;
        profile.is_words() && profile.different * 2 > profile.filled && profile.different >= 2
    };
    let aside = |cell: &Cell| matches!(cell.meaning.concept.as_str(), "code" | "remark" | "status" | "type");
    table.columns.iter().filter(figures).count() >= 3
        && (0..cells.len())
            .find(|at| named(&cells[*at]) && !aside(&cells[*at]))
            .is_some_and(|first| !known(first))
}

/// Whether a header that is taken stands again with values of its own below it, alone or under another group that
/// says nothing else: 曝光 under 抖音 and under 小红书.
fn is_twice(cells: &[Cell], matched: &[(usize, Hit)]) -> bool {
    let again = |one: usize, other: usize| {
        cells[one].own == cells[other].own && cells[one].meaning.means_the_same(&cells[other].meaning)
    };
    matched.iter().any(|(at, _)| {
        !cells[*at].own.is_empty()
            && (0..cells.len()).any(|other| {
                other != *at
                    && again(*at, other)
                    && cells[other].profile.filled > 0
                    && matched.iter().all(|(known, _)| *known != other)
            })
    })
}

/// Headers whose words mean something else than any column of a table.
fn meant_strangers(cells: &[Cell], known: &dyn Fn(usize) -> bool) -> usize {
    let meant = |cell: &Cell| cell.is_stranger() && cell.meaning.says_something();
    (0..cells.len()).filter(|at| !known(*at) && meant(&cells[*at])).count()
}

/// Gives each cell the column it means best, each column once; of equals the left one.
fn assign(cells: &[Cell], index: usize, table: &Table, taken: &dyn Fn(usize) -> bool) -> Vec<(usize, Hit)> {
    let mut pairs: Vec<(usize, Hit)> = Vec::new();
    for (at, cell) in cells.iter().enumerate().filter(|(at, _)| !taken(*at)) {
        for (column, declared) in table.columns.iter().enumerate() {
            let score = fit(cell, index, column, declared);
            if score >= COLUMN_FLOOR {
                pairs.push((at, Hit { table: index, column, how: "meaning", score }));
            }
        }
    }
    // Of names the finer ones count, of what is told at length the sentences, and of equals the first.
    let telling = |at: usize, column: usize| {
        let profile = &cells[at].profile;
        match table.columns[column].kind {
            Kind::Long => usize::from(profile.sentences * 2 > profile.filled),
            _ if profile.names * 2 > profile.filled => profile.different,
            _ => 0,
        }
    };
    pairs.sort_by(|a, b| {
        let required = |hit: &Hit| !table.columns[hit.column].required;
        b.1.score
            .total_cmp(&a.1.score)
            .then(required(&a.1).cmp(&required(&b.1)))
            // Of 品类 and 商品 the finer one names the rows.
            .then(telling(b.0, b.1.column).cmp(&telling(a.0, a.1.column)))
            .then(a.0.cmp(&b.0))
            .then(a.1.column.cmp(&b.1.column))
    });
    let mut matched: Vec<(usize, Hit)> = Vec::new();
    for (at, hit) in pairs {
        if matched.iter().all(|(known, taken)| *known != at && taken.column != hit.column) {
            matched.push((at, hit));
        }
    }
    if let Some(span) = &table.span {
        let column = |id: &String| table.columns.iter().position(|column| column.id == *id);
        let free =
            |column: usize, matched: &[(usize, Hit)]| matched.iter().all(|(_, hit)| hit.column != column);
        let period = (0..cells.len()).find(|at| {
            cells[*at].meaning.concept == "period"
                && !taken(*at)
                && matched.iter().all(|(known, _)| known != at)
        });
        if let (Some(at), Some(start), Some(end)) =
            (period, column(&span.columns[0]), column(&span.columns[1]))
            && free(start, &matched)
            && free(end, &matched)
        {
            let hit = Hit { table: index, column: start, how: SPAN, score: 0.9 };
            matched.extend([(at, hit), (at, Hit { column: end, ..hit })]);
        }
    }
    matched.sort_by_key(|(at, _)| *at);
    matched
}

/// Where the name of the rows repeats, or stands over several of them, and another column that may name them does not,
/// that one is meant: 达人 beside 平台, 任务分解 beside 工作任务. What names several rows may say what they belong to.
fn take_the_finer(cells: &[Cell], index: usize, table: &Table, matched: &mut Vec<(usize, Hit)>) {
    let Some(id) = table.needs.first().and_then(|need| need.split('|').next()) else { return };
    let Some(column) = table.columns.iter().position(|column| column.id == *id) else { return };
    let score = |cell: usize, column: usize| fit(&cells[cell], index, column, &table.columns[column]);
    let Some(place) = matched.iter().position(|(_, hit)| hit.column == column) else { return };
    let coarse = matched[place].0;
    let profile = cells[coarse].profile;
    let free = |cell: &usize| matched.iter().all(|(known, _)| known != cell);
    // 达人, 门店 and 计划 belong to a platform, never the other way round.
    let lives_there = |cell: usize| {
        cells[coarse].meaning.concept == "channel"
            && matches!(cells[cell].meaning.concept.as_str(), "creator" | "store" | "campaign")
            && cells[cell].profile.is_words()
            && cells[cell].profile.different >= profile.different
    };
    let finer = (0..cells.len()).filter(free).find(|cell| {
        score(*cell, column) >= COLUMN_FLOOR
            && (lives_there(*cell) || profile.is_coarser_than(&cells[*cell].profile))
    });
    let Some(finer) = finer else { return };
    matched[place] = (finer, Hit { score: score(finer, column), ..matched[place].1 });
    let left = |at: &usize| matched.iter().all(|(_, hit)| hit.column != *at);
    let other = (0..table.columns.len())
        .filter(left)
        .map(|at| (at, score(coarse, at)))
        .filter(|(_, score)| *score >= COLUMN_FLOOR)
        .max_by(|a, b| a.1.total_cmp(&b.1));
    if let Some((column, score)) = other {
        matched.push((coarse, Hit { table: index, column, how: "meaning", score }));
    }
    matched.sort_by_key(|(at, _)| *at);
}

/// How well a header cell fits a column, with what stands below it.
fn fit(cell: &Cell, table: usize, index: usize, column: &Column) -> f64 {
    if cell.axis || !cell.profile.could_be(column.kind) || contradicts(&cell.header.seen.header, column) {
        return 0.0;
    }
    let means = column
        .means
        .iter()
        .enumerate()
        .map(|(at, declared)| (cell.meaning.fits(declared) * (0.95 - NEXT_MEANING * at as f64)).max(0.0));
    let meant = means.fold(0.0, f64::max);
    let hit = cell.header.seen.hits.iter().filter(|hit| hit.table == table && hit.column == index);
    let named = hit.map(|hit| hit.score).fold(0.0, f64::max);
    if cell.meaning.is_derived()
        && !matches!(column.kind, Kind::Percent | Kind::Calc | Kind::Duration | Kind::Price)
    {
        return if meant > 0.0 { meant } else { 0.0 };
    }
    // A name we know whose words mean something else is only half a word for it.
    let contradicted =
        named > 0.0 && meant == 0.0 && cell.meaning.says_something() && !column.means.is_empty();
    match (named > 0.0, meant > 0.0) {
        (true, true) => meant.max(named) + BOTH,
        _ => meant.max(if contradicted { named * OTHER_MEANING } else { named }),
    }
}

/// The name of the rows where no header says it: the first column of words; of days where days are needed.
/// What its header says then is what all rows have in common.
fn name_by_place(
    cells: &[Cell],
    index: usize,
    table: &Table,
    id: &str,
    matched: &mut Vec<(usize, Hit)>,
    given: &mut Vec<(usize, CellRef)>,
) -> bool {
    let Some(column) = table.columns.iter().position(|column| column.id == id) else { return false };
    let days = matches!(table.columns[column].kind, Kind::Date | Kind::Datetime);
    let free = |at: &usize| !cells[*at].axis && matched.iter().all(|(known, _)| known != at);
    // What no column of the table is about: the name of a section in its corner.
    let is_foreign = |meaning: &Meaning| {
        let declared = || table.columns.iter().flat_map(|column| &column.means);
        // A section of a budget may be called after people, places or goods.
        let sections = table.needs.first().is_some_and(|need| need.contains('|'));
        !meaning.says_something() || sections && declared().all(|it| meaning.fits(it) == 0.0)
    };
    let fits = |at: &usize| {
        let cell = &cells[*at];
        let profile = &cell.profile;
        match days {
            true => profile.is_days(),
            false => {
                (is_foreign(&cell.meaning)
                    || matches!(cell.meaning.concept.as_str(), "type" | "name" | "content"))
                    && profile.is_words()
                    && profile.different >= 2
                    && !are_measures(cell)
            }
        }
    };
    let places = (0..cells.len().min(4)).filter(|at| free(at) && fits(at));
    // The column in which the most rows have a name of their own; of equals the left one.
    let Some(at) = places.max_by_key(|at| (cells[*at].profile.different, std::cmp::Reverse(*at))) else {
        return false;
    };
    matched.push((at, Hit { table: index, column, how: "position", score: BY_PLACE }));
    matched.sort_by_key(|(at, _)| *at);
    let header = &cells[at].header;
    // 百度PC over days is the channel of all of them; 人员 over items of a budget is their kind.
    let common = if days { "channel" } else { "type" };
    if !header.typed.trim().is_empty()
        && is_foreign(&cells[at].meaning)
        && !matches!(cells[at].meaning.concept.as_str(), "type" | "name" | "content" | "code" | "remark")
        && let Some(of_all) = table.columns.iter().position(|column| column.id == common)
        && matches!(table.columns[of_all].kind, Kind::Text | Kind::Open)
        && matched.iter().all(|(_, hit)| hit.column != of_all)
    {
        given.push((of_all, header.at));
    }
    true
}

/// Whether the words below a header are names of figures themselves: the table lies on its side.
fn are_measures(cell: &Cell) -> bool {
    cell.measures * 2 > cell.profile.names.max(1)
}

/// The table that is kept in the same rows, where enough of its own stands there.
fn invited(matcher: &Matcher, cells: &[Cell], host: usize, matched: &mut Vec<(usize, Hit)>) -> Option<Guest> {
    let table = matcher.catalogue.kept_in(host)?;
    let (host_table, own) = (matcher.table(host), matcher.table(table));
    let link = host_table.columns.iter().position(|column| column.references.as_ref() == Some(&own.id));
    let of_host = |cell: usize| matched.iter().find(|(known, _)| *known == cell).map(|(_, hit)| hit.column);
    let mut found =
        assign(cells, table, own, &|cell| of_host(cell).is_some_and(|column| Some(column) != link));
    found.retain(|(_, hit)| host_table.column(&own.columns[hit.column].id).is_none());
    let required = |hit: &Hit| own.columns[hit.column].required;
    let subject = own.subject().map(|column| column.id.clone());
    let has_subject = subject.is_none_or(|id| found.iter().any(|(_, hit)| own.columns[hit.column].id == id));
    if !has_subject || !found.iter().any(|(_, hit)| required(hit)) {
        return None;
    }
    // What the host says of the guest is the guest's own: the problem that an action answers.
    if let Some(link) = link
        && matched.iter().all(|(_, hit)| hit.column != link)
        && let Some((cell, hit)) =
            found.iter().find(|(_, hit)| own.subject().is_some_and(|it| it.id == own.columns[hit.column].id))
    {
        matched.push((*cell, Hit { table: host, column: link, ..*hit }));
        matched.sort_by_key(|(at, _)| *at);
    }
    Some(Guest { table, matched: found })
}
