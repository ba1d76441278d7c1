//! Where the tables are: every sheet read with its evidence, close calls asked.
//!
//! Knows headers and carriers, not values. What is not recognised is listed,
//! never dropped.

use indexmap::IndexMap;

use super::announce::{renamed, report_duplicate, report_headers, report_renamed};
use super::findings as says;
use super::forms::{self, FormFind};
use super::grid::Grid;
use super::groups::has_loose;
use super::handmade::{self, Asked, Question, Told};
use super::header::Header;
use super::labels::{CARRIED, Matcher, factor};
use super::leftover::{beside, count, whole_sheet};
use super::lists::{self, ListFind, SheetEvidence, TABLE_FLOOR, choices_share, same_columns};
use super::located::{LocatedTable, Shape};
use super::record::{Answered, ColumnMatch, HeaderQuestion, Region, TableQuestion, Unread};
use super::sightings::Sightings;
use super::twins::told_apart;
use super::unit_note::{self, UnitNote};
use crate::cell::{Area, CellRef, Content, MAX_COLUMNS, Place};
use crate::diagnostic::{Arg, Finding, Sink};
use crate::locale::fold;
use crate::workbook::{Sheet, Workbook};

/// Prefix of the defined names that point at a table's header row.
pub const TABLE_NAME: &str = "_fupan.table.";
/// Prefix of the defined names that point at a column's header: `_fupan.col.<table>.<column>`.
pub const COLUMN_NAME: &str = "_fupan.col.";
/// Prefix of the Excel tables of the blank.
pub const EXCEL_TABLE: &str = "fp_";
/// Prefixes of the defined names that mark a sheet as ours: generated, or part of the blank.
pub const OUR_NAMES: [&str; 2] = ["_fupan.gen.", "_fupan.own."];
/// Sheets of the blank that hold no data, as their names fold.
const OUR_SHEETS: [&str; 8] = [
    "填写导航",
    "字段说明",
    "fillinguide",
    "fillingguide",
    "datadictionary",
    "guide",
    "fieldguide",
    "fields",
];

/// Everything found, and everything left over.
#[derive(Debug, Clone, Default)]
pub struct Located {
    /// Tables in the order of sheets and rows.
    pub tables: Vec<LocatedTable>,
    /// What was not recognised.
    pub unread: Vec<Unread>,
    /// Tables understood in part, with their sheet.
    questions: Vec<(usize, Question)>,
    /// Tables somebody has said something of, with their sheet.
    told: Vec<(usize, Told)>,
    /// Both, as they are put to people.
    pub asked: Vec<TableQuestion>,
}

/// Finds the tables of a workbook.
pub fn locate(matcher: &Matcher, workbook: &Workbook, sink: &mut Sink) -> Located {
    let mut located = Located::default();
    let mut sightings = Sightings::new(matcher);
    let marks = marks(workbook);
    for (index, sheet) in workbook.sheets.iter().enumerate() {
        if !is_ours(&marks, sheet) && !is_named_ours(matcher, sheet) {
            sheet_tables(matcher, &marks, index, sheet, &mut sightings, &mut located, sink);
        }
    }
    ask_once(matcher, workbook, &located.questions, sink);
    located.asked = asked(matcher, workbook, &located);
    located
}

/// Everything asked and everything answered, each header once.
fn asked(matcher: &Matcher, workbook: &Workbook, located: &Located) -> Vec<TableQuestion> {
    let mut all: Vec<TableQuestion> = Vec::new();
    let mut asked: Vec<&Question> = Vec::new();
    for (sheet, question) in &located.questions {
        let place = (workbook.sheets[*sheet].name.clone(), question.area);
        if let Some(at) = asked.iter().position(|known| known.is_same(question)) {
            all[at].places.push(place);
            continue;
        }
        asked.push(question);
        all.push(TableQuestion {
            places: vec![place],
            table: Some(matcher.table(question.table).id.clone()),
            rival: question.rival.map(|rival| matcher.table(rival).id.clone()),
            unmet: question.unmet.clone(),
            columns: headers(
                matcher,
                &workbook.sheets[*sheet],
                question.table,
                &question.asked,
                question.area,
            ),
            answered: None,
        });
    }
    let mut seen: Vec<(usize, usize)> = Vec::new();
    for (sheet, told) in &located.told {
        let place = (workbook.sheets[*sheet].name.clone(), told.area);
        if let Some((_, at)) = seen.iter().find(|(answer, _)| *answer == told.answer) {
            all[*at].places.push(place);
            continue;
        }
        seen.push((told.answer, all.len()));
        let answer = &matcher.told()[told.answer].1;
        let columns = headers(
            matcher,
            &workbook.sheets[*sheet],
            told.table.unwrap_or_default(),
            &told.asked,
            told.area,
        );
        all.push(TableQuestion {
            places: vec![place],
            table: answer.table.clone(),
            rival: None,
            unmet: Vec::new(),
            columns,
            answered: Some(if answer.own { Answered::Here } else { Answered::Settings }),
        });
    }
    all
}

/// Headers as they are asked about, with what stands below them.
fn headers(
    matcher: &Matcher,
    sheet: &Sheet,
    table: usize,
    asked: &[Asked],
    area: Area,
) -> Vec<HeaderQuestion> {
    let grid = Grid::new(sheet);
    let below = asked.iter().map(|header| header.at.row + 1).max().unwrap_or(area.first.row);
    let header = |one: &Asked| HeaderQuestion {
        typed: one.typed.clone(),
        at: Place::new(sheet.name.clone(), one.at),
        column: one.meant.written(matcher.catalogue, table),
        example: handmade::example(&grid, one.at, (below, area.last.row)),
    };
    asked.iter().map(header).collect()
}

/// One question for each header, wherever it stands again.
fn ask_once(matcher: &Matcher, workbook: &Workbook, questions: &[(usize, Question)], sink: &mut Sink) {
    for (at, (sheet, question)) in questions.iter().enumerate() {
        let repeated = questions[..at].iter().any(|(_, known)| known.is_same(question));
        if question.told || repeated {
            continue;
        }
        let place = |sheet: usize, cell: CellRef| Place::new(workbook.sheets[sheet].name.clone(), cell);
        let table = matcher.table(question.table);
        let label = |column: &usize| table.columns[*column].label.zh.clone();
        let fitted = question.fitted.iter().filter(|(typed, _)| !typed.is_empty());
        let fitted = fitted.map(|(typed, column)| format!("「{typed}」→{}", label(column))).collect();
        let mut finding = Finding::new(&says::WHICH_TABLE)
            .at(&place(*sheet, question.header.first))
            .of_table(table.id.clone())
            .arg("table", table.label.arg())
            .arg("fitted", Arg::List(fitted))
            .arg("rest", rest_of(matcher, question));
        for (sheet, again) in questions[at + 1..].iter().filter(|(_, other)| other.is_same(question)) {
            finding = finding.also(&place(*sheet, again.header.first));
        }
        sink.report(finding);
    }
}

/// What a question leaves open: the column that is missing, or the table it may be as well.
fn rest_of(matcher: &Matcher, question: &Question) -> Arg {
    let table = matcher.table(question.table);
    let named = |need: &String| {
        let labels = need.split('|').filter_map(|id| Some(table.column(id)?.label.arg()));
        Arg::All(labels.collect())
    };
    match (question.unmet.first(), question.rival) {
        (Some(need), _) if question.across => {
            Arg::Phrase(vec![Arg::Word("days-across"), Arg::Word("still-missing"), named(need)])
        }
        (Some(need), _) => Arg::Phrase(vec![Arg::Word("still-missing"), named(need)]),
        (None, Some(rival)) => {
            Arg::Phrase(vec![Arg::Word("may-be-as-well"), matcher.table(rival).label.arg()])
        }
        (None, None) if question.across => Arg::Word("days-across"),
        (None, None) => Arg::Text(String::new()),
    }
}

/// A defined name of ours, with the sheet and the cells it points at.
type Mark<'w> = (&'w str, String, Area);

/// The defined names that mark tables, and sheets as ours.
fn marks(workbook: &Workbook) -> Vec<Mark<'_>> {
    let ours = |name: &str| {
        [TABLE_NAME, COLUMN_NAME].iter().chain(&OUR_NAMES).any(|prefix| name.starts_with(prefix))
    };
    let names = workbook.names.iter().filter(|(name, _)| ours(name));
    names
        .filter_map(|(name, target)| {
            let (sheet, area) = reference(target)?;
            Some((name.as_str(), sheet, area))
        })
        .collect()
}

/// Whether a sheet is part of the blank or of an earlier run, not the user's data.
fn is_ours(marks: &[Mark<'_>], sheet: &Sheet) -> bool {
    let ours = |name: &str| OUR_NAMES.iter().any(|prefix| name.starts_with(prefix));
    marks.iter().any(|(name, named, _)| *named == *sheet.name && ours(name))
        || sheet.name.starts_with("_fupan")
}

/// Whether a sheet is called what the blank calls its guide or its data dictionary.
fn is_named_ours(matcher: &Matcher, sheet: &Sheet) -> bool {
    let name = fold(&sheet.name);
    OUR_SHEETS.contains(&name.as_str()) || matcher.own_sheets.contains(&name)
}

/// Reads `'渠道效果表'!$A$3:$P$3`.
pub fn reference(target: &str) -> Option<(String, Area)> {
    let (sheet, area) = target.trim_start_matches('=').rsplit_once('!')?;
    let sheet = sheet.strip_prefix('\'').and_then(|it| it.strip_suffix('\'')).unwrap_or(sheet);
    Some((sheet.replace("''", "'"), Area::parse(area)?))
}

fn evidence(matcher: &Matcher, marks: &[Mark<'_>], sheet: &Sheet) -> SheetEvidence {
    let table_of = |id: &str| matcher.catalogue.tables.get_index_of(id);
    let (mut carriers, mut columns) = (Vec::new(), Vec::new());
    for (name, _, area) in marks.iter().filter(|(_, named, _)| *named == *sheet.name) {
        if let Some((table, column)) = name.strip_prefix(COLUMN_NAME).and_then(|it| it.split_once('.'))
            && let Some(table) = table_of(table)
            && let Some(column) = matcher.table(table).columns.iter().position(|it| it.id == column)
        {
            columns.push((table, column, area.first));
        }
        if let Some(table) = name.strip_prefix(TABLE_NAME).and_then(table_of) {
            carriers.push((table, "id", *area));
        }
    }
    for (name, area) in &sheet.tables {
        // A copied sheet renames its tables: fp_channels2, fp_channels_2.
        let id = name
            .strip_prefix(EXCEL_TABLE)
            .map(|id| id.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('_'));
        if let Some(table) = id.and_then(table_of) {
            carriers.push((table, "excel-table", *area));
        }
    }
    let name = matcher.titles(&sheet.name).into_iter().map(|hit| (hit.table, hit.score)).collect();
    SheetEvidence { name, carriers, columns }
}

enum Find {
    List(ListFind, Vec<u32>),
    Form(FormFind),
    /// A table that follows no template.
    Handmade(handmade::Found),
    /// A crosstab.
    Across(handmade::Across),
}

impl Find {
    fn score(&self) -> f64 {
        match self {
            Find::List(find, _) => find.score,
            Find::Form(find) => find.score,
            Find::Handmade(found) => found.find.score,
            Find::Across(across) => across.find.score,
        }
    }

    fn worth(&self) -> f64 {
        match self {
            Find::List(find, _) => find.score * find.named().count() as f64,
            Find::Form(find) => find.score * find.items.len() as f64,
            Find::Handmade(found) => found.find.worth(),
            Find::Across(across) => across.find.worth(),
        }
    }

    fn top(&self) -> u32 {
        match self {
            Find::List(find, _) => find.rows.0,
            Find::Form(find) => find.area.first.row,
            Find::Handmade(found) => found.find.rows.0,
            Find::Across(across) => across.find.rows.0,
        }
    }

    /// Whether it says so much by itself that it is no row of another table.
    fn is_plain(&self) -> bool {
        match self {
            Find::List(find, _) => find.is_titled() || find.certain() >= 3,
            Find::Form(find) => find.items.len() >= 3,
            Find::Handmade(_) | Find::Across(_) => false,
        }
    }

    /// Header rows of a list, the whole of a form.
    fn area(&self) -> Area {
        match self {
            Find::List(find, _)
            | Find::Handmade(handmade::Found { find, .. })
            | Find::Across(handmade::Across { find, .. }) => Area::new(
                CellRef::new(find.rows.0, find.columns.0),
                CellRef::new(find.rows.1, find.columns.1),
            ),
            Find::Form(find) => find.area,
        }
    }

    fn table(&self) -> usize {
        match self {
            Find::List(find, _)
            | Find::Handmade(handmade::Found { find, .. })
            | Find::Across(handmade::Across { find, .. }) => find.table,
            Find::Form(find) => find.table,
        }
    }
}

fn overlap(a: Area, b: Area) -> bool {
    a.first.row <= b.last.row && b.first.row <= a.last.row && columns_overlap(a, b)
}

fn columns_overlap(a: Area, b: Area) -> bool {
    a.first.col <= b.last.col && b.first.col <= a.last.col
}

fn sheet_tables(
    matcher: &Matcher,
    marks: &[Mark<'_>],
    index: usize,
    sheet: &Sheet,
    sightings: &mut Sightings,
    located: &mut Located,
    sink: &mut Sink,
) {
    let Some(used) = sheet.used() else { return };
    let grid = Grid::new(sheet);
    let evidence = evidence(matcher, marks, sheet);
    let finds = lists::find(&grid, sightings, &evidence).into_iter().map(|find| Find::List(find, Vec::new()));
    let mut finds: Vec<Find> =
        finds.chain(forms::find(&grid, sightings, &evidence).into_iter().map(Find::Form)).collect();
    let best_below =
        finds.iter().filter(|find| find.score() < TABLE_FLOOR).map(|find| (find.score(), find.table()));
    let best_below = best_below.max_by(|a, b| a.0.total_cmp(&b.0));
    finds.retain(|find| find.score() >= TABLE_FLOOR);
    // What somebody has said comes before any guess; a table that says itself what it is, below such a one, ends it.
    let ends = |area: Area| {
        let below = finds.iter().filter(|find| {
            find.is_plain() && find.top() > area.last.row && columns_overlap(find.area(), area)
        });
        below.map(|find| find.top() - 1).fold(used.last.row, u32::min)
    };
    let mut told = handmade::told(&grid, sightings, &ends);
    finds.retain(|find| !told.iter().any(|told| overlap(told.area, find.area())));
    let mut finds = without_groups(without_overlaps(finds));
    finds.sort_by_key(|find| (find.top(), find.area().first.col));
    let mut close: Vec<(ListFind, usize)> = Vec::new();
    finds.retain_mut(|find| match find {
        Find::List(list, _) => match settle(matcher, &grid, list) {
            Some(rival) => {
                close.push((list.clone(), rival));
                false
            }
            None => true,
        },
        Find::Form(_) | Find::Handmade(_) | Find::Across(_) => true,
    });
    let mut finds = without_repeats(&grid, sightings, finds);
    for find in &mut finds {
        let last = occupied(&grid, find).first().map_or(0, |area| area.last.row);
        if let Find::List(list, _) = find
            && !list.duplicates.is_empty()
            && let Some(across) = handmade::across_of(&grid, sightings, &evidence, list, used.last.row)
        {
            *find = Find::Across(across);
        }
        if let Find::List(list, _) = find
            && !list.is_carried()
            && let Some(better) = handmade::improved(&grid, sightings, &evidence, list, last)
        {
            match better.given.is_empty() {
                true => *list = better.find,
                // What heads a section is said of its rows only.
                false => {
                    let last = handmade::last_row(&grid, sightings, &better.find, used.last.row);
                    *find = Find::Handmade(handmade::Found { last, ..better });
                }
            }
        }
    }
    let taken = finds.iter().flat_map(|find| occupied(&grid, find));
    // Over a table that carries our mark stand its title, the way back and what is said live: nothing to look into.
    let over = finds.iter().filter_map(|find| match find {
        Find::List(list, _) if list.is_carried() && (1..=OWN_TITLE).contains(&find.top()) => {
            Some(Area::new(CellRef::new(0, 0), CellRef::new(find.top() - 1, MAX_COLUMNS - 1)))
        }
        _ => None,
    });
    let taken: Vec<Area> = taken.chain(told.iter().map(|told| told.area)).chain(over).collect();
    let mut seen = handmade::look(&grid, sightings, &evidence, &taken, used);
    // What its values and the meaning of its words decide is no close call.
    let header = |list: &ListFind| Find::List(list.clone(), Vec::new()).area();
    let same = |found: &handmade::Found, list: &ListFind| overlap(header(&found.find), header(list));
    seen.found.retain(|found| {
        close.iter().all(|(list, rival)| {
            !same(found, list) || found.find.table == list.table || found.find.table == *rival
        })
    });
    close.retain(|(list, _)| !seen.found.iter().any(|found| same(found, list)));
    let mut asked: Vec<Area> = Vec::new();
    for (list, rival) in &close {
        let question = handmade::close_call(&grid, sightings, list, *rival, used.last.row);
        match handmade::answered(&grid, sightings, &question) {
            Some(answered) => told.push(answered),
            None => {
                asked.push(ask(matcher, sheet, list, *rival, located, sink));
                located.questions.push((index, question));
            }
        }
    }
    for question in seen.asked {
        if let Some(answered) = handmade::answered(&grid, sightings, &question) {
            told.push(answered);
        } else if !asked.iter().any(|area| overlap(*area, question.header)) {
            asked.push(question.area);
            located.unread.push(Unread {
                sheet: sheet.name.to_string(),
                area: Some(question.area),
                reason: "question",
                cells: count(sheet, |at| question.area.contains(at)),
                detail: matcher.table(question.table).label.zh.clone(),
            });
            located.questions.push((index, question));
        }
    }
    finds.extend(seen.found.into_iter().map(Find::Handmade));
    finds.extend(seen.across.into_iter().map(Find::Across));
    for mut told in told {
        match told.found.take() {
            Some(found) => {
                finds.push(Find::Handmade(found));
            }
            None => {
                asked.push(told.area);
                located.unread.push(Unread {
                    sheet: sheet.name.to_string(),
                    area: Some(told.area),
                    reason: "not-ours",
                    cells: count(sheet, |at| told.area.contains(at)),
                    detail: String::new(),
                });
            }
        }
        located.told.push((index, told));
    }
    finds.sort_by_key(|find| (find.top(), find.area().first.col));

    let areas: Vec<Area> = finds.iter().map(Find::area).collect();
    let starts: Vec<(u32, Area)> =
        areas.iter().map(|area| (title_top(sightings, &grid, *area, &areas), *area)).collect();
    let before = located.tables.len();
    let mut notes: Vec<UnitNote> = Vec::new();
    for (at, find) in finds.iter().enumerate() {
        let area = find.area();
        let below = starts
            .iter()
            .enumerate()
            .filter(|(other, (top, it))| *other != at && *top > area.last.row && columns_overlap(*it, area));
        let end = below.map(|(_, (top, _))| top.saturating_sub(1)).min().unwrap_or(used.last.row);
        let end = asked
            .iter()
            .filter(|it| it.first.row > area.last.row && columns_overlap(**it, area))
            .fold(end, |end, it| end.min(it.first.row.saturating_sub(1)));
        let end = match find {
            // Nothing but its headers, or a title over them, says that it goes on below a gap.
            Find::List(list, repeated) if !list.is_carried() => {
                let header = repeated.iter().copied().max().map_or(list.rows, |row| (row, row));
                let section = ListFind { rows: header, ..list.clone() };
                end.min(handmade::last_row(&grid, sightings, &section, end))
            }
            _ => end,
        };
        let mut table = match find {
            Find::List(find, repeated) if !find.duplicates.is_empty() => {
                let find = told_apart(&grid, matcher.table(find.table), find, end);
                list_table(matcher, index, sheet, &find, repeated, end, sink)
            }
            Find::List(find, repeated) => list_table(matcher, index, sheet, find, repeated, end, sink),
            Find::Form(find) => form_table(matcher, index, sheet, find, sink),
            Find::Across(across) => {
                let last = across.last.min(end);
                let mut table = list_table(matcher, index, sheet, &across.find, &[], last, sink);
                let reaches = |cells: &&IndexMap<usize, CellRef>| cells.values().all(|at| at.row <= last);
                let records = across.records.iter().filter(reaches).cloned().collect();
                table.shape = Shape::Across { records, body: across.find.rows.1 + 1 };
                table
            }
            Find::Handmade(found) => {
                let mut table =
                    list_table(matcher, index, sheet, &found.find, &[], found.last.min(end), sink);
                if let Shape::Rows { given, .. } = &mut table.shape {
                    given.extend(found.given.iter().copied());
                }
                table
            }
        };
        let own = unit_note::above(&grid, area, &areas);
        if let Some(note) = own.clone().or_else(|| notes.first().cloned().map(UnitNote::in_doubt)) {
            unit_note::apply(matcher, sheet, &note, &mut table, sink);
        }
        notes.extend(own);
        located.tables.push(table);
    }
    let here: Vec<&LocatedTable> = located.tables[before..].iter().collect();
    let said = here.iter().any(|it| it.region.evidence.contains(&handmade::TOLD));
    let renamed = renamed(matcher, sheet, &here, &evidence).filter(|_| !said);
    let left = if here.is_empty() && asked.is_empty() {
        whole_sheet(matcher, sheet, used, best_below, sink)
    } else {
        beside(sheet, &grid, &here, &asked)
    };
    if let Some(finding) = renamed {
        sink.report(finding);
    }
    located.unread.extend(left);
}

/// The part of a sheet a find is sure to fill: its header with the rows below it down to the first empty one.
fn occupied(grid: &Grid, find: &Find) -> Vec<Area> {
    let area = find.area();
    if matches!(find, Find::Form(_)) {
        return vec![area];
    }
    let filled = |row: u32| {
        grid.filled(row, area.first.col, area.last.col).next().is_some()
            || (area.first.col..=area.last.col)
                .any(|col| grid.merge(CellRef::new(row, col)).is_some_and(|merge| merge.first.row < row))
    };
    let mut last = area.last.row;
    while filled(last + 1) {
        last += 1;
    }
    let mut areas = vec![Area::new(area.first, CellRef::new(last, area.last.col))];
    if let Find::List(_, repeated) = find {
        areas.extend(repeated.iter().map(|row| {
            let mut last = *row;
            while filled(last + 1) {
                last += 1;
            }
            Area::new(CellRef::new(*row, area.first.col), CellRef::new(last, area.last.col))
        }));
    }
    areas
}

/// Where a list and a form claim the same rows, the one that explains more stays.
fn without_overlaps(mut finds: Vec<Find>) -> Vec<Find> {
    finds.sort_by(|a, b| b.worth().total_cmp(&a.worth()).then(a.top().cmp(&b.top())));
    let mut kept: Vec<Find> = Vec::new();
    for find in finds {
        if !kept.iter().any(|known| overlap(known.area(), find.area())) {
            kept.push(find);
        }
    }
    kept
}

/// A line right above a header that says much less, with no row between, holds groups of its columns, no table.
fn without_groups(finds: Vec<Find>) -> Vec<Find> {
    let is_group = |find: &Find| {
        let area = find.area();
        finds.iter().any(|below| {
            below.top() == area.last.row + 1
                && columns_overlap(below.area(), area)
                && find.worth() * 2.0 < below.worth()
        })
    };
    let kept: Vec<bool> = finds.iter().map(|find| !is_group(find)).collect();
    finds.into_iter().zip(kept).filter_map(|(find, kept)| kept.then_some(find)).collect()
}

/// Decides a close call by what stands below; the rival where that does not settle it.
fn settle(matcher: &Matcher, grid: &Grid, find: &mut ListFind) -> Option<usize> {
    let (rival, ..) = find.rival.filter(|_| find.is_close_call())?;
    let ours = content_share(matcher, grid, find, find.table);
    let theirs = content_share(matcher, grid, find, rival);
    if ours > theirs + 0.3 {
        find.evidence.push("content");
        return None;
    }
    Some(rival)
}

/// The share of values that are in the lists a table declares for the columns found.
fn content_share(matcher: &Matcher, grid: &Grid, find: &ListFind, table: usize) -> f64 {
    let shares = find.cells.iter().enumerate().filter_map(|(at, cell)| {
        let hit = cell.seen.hits.iter().find(|hit| hit.table == table)?;
        Some(choices_share(grid, matcher, find, at, hit))
    });
    shares.fold(0.0, f64::max)
}

fn ask(
    matcher: &Matcher,
    sheet: &Sheet,
    find: &ListFind,
    rival: usize,
    located: &mut Located,
    sink: &mut Sink,
) -> Area {
    let first = find.cells.first().map_or(CellRef::new(find.rows.0, find.columns.0), |cell| cell.at);
    let (one, other) = (&matcher.table(find.table).label, &matcher.table(rival).label);
    sink.report(
        Finding::new(&says::AMBIGUOUS_TABLE)
            .at(&Place::new(sheet.name.clone(), first))
            .arg("one", one.arg())
            .arg("other", other.arg()),
    );
    let last = sheet.used().map_or(first, |used| used.last);
    let area = Area::new(first, CellRef::new(last.row, find.columns.1));
    located.unread.push(Unread {
        sheet: sheet.name.to_string(),
        area: Some(area),
        reason: "close-call",
        cells: count(sheet, |at| area.contains(at)),
        detail: format!("{} / {}", one.zh, other.zh),
    });
    area
}

/// Whether another table begins between a table and the header that repeats its own.
fn something_between(
    grid: &Grid,
    sightings: &Sightings,
    known: &ListFind,
    repeated: &[u32],
    again: &ListFind,
) -> bool {
    let Some(before) = again.rows.0.checked_sub(1) else { return false };
    let header = repeated.iter().copied().max().map_or(known.rows, |row| (row, row));
    handmade::opens_between(grid, sightings, known, header.1 + 1..=before)
}

/// Whether two headers begin alike: 人员 ¦ 预算 and 场地 ¦ 预算 are two sections, each named in its corner.
fn same_corner(one: &ListFind, other: &ListFind) -> bool {
    let corner = |find: &ListFind| match find.speaks_of(0) {
        true => None,
        false => find.cells.first().map(|cell| cell.seen.header.bare.clone()),
    };
    corner(one) == corner(other)
}

/// A header row that repeats the one above it continues the same table.
fn without_repeats(grid: &Grid, sightings: &Sightings, finds: Vec<Find>) -> Vec<Find> {
    let mut kept: Vec<Find> = Vec::new();
    for find in finds {
        let Find::List(list, _) = &find else {
            kept.push(find);
            continue;
        };
        let earlier = kept.iter_mut().rev().find_map(|known| match known {
            Find::List(known, repeated)
                if same_columns(known, list)
                    && same_corner(known, list)
                    && !something_between(grid, sightings, known, repeated, list) =>
            {
                Some(repeated)
            }
            _ => None,
        });
        match earlier {
            Some(repeated) => {
                repeated.extend(list.rows.0..=list.rows.1);
                // A title line right above the repeated header goes with it.
                let line = |row: u32| grid.filled(row, list.columns.0, list.columns.1);
                for above in (list.rows.0.saturating_sub(2)..list.rows.0).rev() {
                    let mut filled = line(above);
                    let (Some((at, cell)), None) = (filled.next(), filled.next()) else { break };
                    let parted = above == 0 || line(above - 1).next().is_none();
                    let leads = matches!(cell.content, Content::Text(_)) && at.col == list.columns.0;
                    match grid.span(at).last.col > at.col || (leads && parted) {
                        true => repeated.push(above),
                        false => break,
                    }
                }
            }
            None => kept.push(find),
        }
    }
    kept
}

/// Lines a blank has above its headers.
const OWN_TITLE: u32 = 2;
/// Lines above a header are looked through up to here.
const FARTHEST_TITLE: u32 = 10;

/// The first row that belongs to a table with its title, its hint and other lines above its header; what stands over
/// the tables beside it is theirs.
fn title_top(sightings: &mut Sightings, grid: &Grid, area: Area, others: &[Area]) -> u32 {
    let beside: Vec<&Area> = others
        .iter()
        .filter(|it| {
            !columns_overlap(**it, area) && it.first.row <= area.last.row && area.first.row <= it.last.row
        })
        .collect();
    let line = |row: u32| -> Vec<(CellRef, &Content)> {
        grid.filled(row, 0, MAX_COLUMNS - 1)
            .filter(|(at, _)| !beside.iter().any(|it| (it.first.col..=it.last.col).contains(&at.col)))
            .map(|(at, cell)| (at, &cell.content))
            .collect()
    };
    let is_group = |at: CellRef| {
        let span = grid.span(at);
        span.last.col > at.col && area.first.col <= at.col && span.last.col <= area.last.col
    };
    let mut top = area.first.row;
    for row in (area.first.row.saturating_sub(FARTHEST_TITLE)..area.first.row).rev() {
        let is_gap = |row: u32| line(row).is_empty();
        match line(row).as_slice() {
            [] => {}
            // Groups that add nothing to the headers below them.
            line_above
                if row + 1 == area.first.row
                    && (has_loose(grid, sightings, row)
                        || line_above.iter().all(|(at, _)| is_group(*at)))
                    && (row == 0 || line(row - 1).len() < 2) =>
            {
                top = row;
            }
            [(at, content)] => {
                let span = grid.span(*at);
                let titled = matches!(content, Content::Text(text) if !sightings.titles(text).is_empty());
                let merged = span.last.col > span.first.col;
                let parted = (row == 0 || is_gap(row - 1))
                    && at.col <= area.first.col
                    && matches!(content, Content::Text(_));
                let near = row + 3 >= area.first.row && (row == 0 || is_gap(row - 1));
                if titled || merged || parted || near {
                    top = row;
                } else if at.col > area.first.col {
                    break;
                }
            }
            // Our own title line: after the title the way back and what is said live.
            [(_, Content::Text(text)), ..] if row == 0 && !sightings.titles(text).is_empty() => top = row,
            _ => break,
        }
    }
    top
}

fn list_table(
    matcher: &Matcher,
    index: usize,
    sheet: &Sheet,
    find: &ListFind,
    repeated: &[u32],
    end: u32,
    sink: &mut Sink,
) -> LocatedTable {
    let table = matcher.table(find.table);
    let mut columns: IndexMap<String, ColumnMatch> = IndexMap::new();
    let mut at: IndexMap<usize, u32> = IndexMap::new();
    let mut extra = Vec::new();
    let mut ordered = find.matched.clone();
    ordered.sort_by_key(|(_, hit)| hit.column);
    for (cell, hit) in &ordered {
        let cell = &find.cells[*cell];
        let column = &table.columns[hit.column];
        at.insert(hit.column, cell.at.col);
        // A group over several columns may state their unit: 金额(万元) over 预算 and 花费.
        let unit = cell.seen.header.unit.or_else(|| Header::parse(&cell.typed).unit);
        columns.insert(
            column.id.clone(),
            ColumnMatch {
                at: Place::new(sheet.name.clone(), cell.at),
                header: cell.typed.clone(),
                how: hit.how,
                score: hit.score,
                unit,
                factor: factor(unit, column),
            },
        );
    }
    for (number, cell) in find.cells.iter().enumerate() {
        if !find.speaks_of(number) {
            extra.push((cell.at.col, cell.typed.clone()));
        }
    }
    report_headers(matcher, sheet, find, sink);
    let first = find.rows.1 + 1;
    let region = Region {
        sheet: sheet.name.clone(),
        area: Area::new(
            CellRef::new(find.rows.0, find.columns.0),
            CellRef::new(end.max(find.rows.1), find.columns.1),
        ),
        evidence: find.evidence.clone(),
        score: find.score,
        columns,
        extra: extra
            .iter()
            .map(|(col, text)| {
                (Place::new(sheet.name.clone(), CellRef::new(find.rows.1, *col)), text.clone())
            })
            .collect(),
    };
    let shape = Shape::Rows {
        columns: find.columns,
        at,
        extra,
        body: (first, end),
        repeated: repeated.to_vec(),
        given: Vec::new(),
    };
    let guest = find.guest.as_ref().map(|guest| {
        let mut guest = list_table(matcher, index, sheet, &guest.alone(find), repeated, end, sink);
        for (id, shared) in
            region.columns.iter().filter(|(id, _)| matcher.table(guest.table).column(id).is_some())
        {
            guest.region.columns.entry(id.clone()).or_insert_with(|| shared.clone());
        }
        Box::new(guest)
    });
    LocatedTable { table: find.table, sheet: index, region, shape, guest }
}

fn form_table(
    matcher: &Matcher,
    index: usize,
    sheet: &Sheet,
    find: &FormFind,
    sink: &mut Sink,
) -> LocatedTable {
    let table = matcher.table(find.table);
    let mut columns: IndexMap<String, ColumnMatch> = IndexMap::new();
    let mut at: IndexMap<usize, CellRef> = IndexMap::new();
    let mut items: Vec<_> = find.items.iter().collect();
    items.sort_by_key(|item| item.hit.column);
    let mut renamed: Vec<(Place, String, String)> = Vec::new();
    for item in items {
        let column = &table.columns[item.hit.column];
        let place = Place::new(sheet.name.clone(), item.at);
        if matches!(item.hit.how, "alias" | "fuzzy" | CARRIED) {
            renamed.push((place.clone(), item.typed.clone(), column.label.zh.clone()));
        }
        at.insert(item.hit.column, item.value);
        let unit = Header::parse(&item.typed).unit;
        columns.insert(
            column.id.clone(),
            ColumnMatch {
                at: place,
                header: item.typed.clone(),
                how: item.hit.how,
                score: item.hit.score,
                unit,
                factor: factor(unit, column),
            },
        );
    }
    report_renamed(&table.id, &renamed, sink);
    for (column, cells) in &find.duplicates {
        report_duplicate(&table.id, &table.columns[*column].label.zh, sheet, cells.iter().copied(), sink);
    }
    let extra: Vec<(String, CellRef)> =
        find.extra.iter().map(|(_, label, value)| (label.clone(), *value)).collect();
    let region = Region {
        sheet: sheet.name.clone(),
        area: find.area,
        evidence: find.evidence.clone(),
        score: find.score,
        columns,
        extra: find
            .extra
            .iter()
            .map(|(at, label, _)| (Place::new(sheet.name.clone(), *at), label.clone()))
            .collect(),
    };
    LocatedTable { table: find.table, sheet: index, region, shape: Shape::Form { at, extra }, guest: None }
}
