//! Tables as a platform's back office gives them out: known by the column names that no team makes up.
//!
//! Such a file is no campaign. It is evidence: what a campaign says of the same channel is held against it, and it is
//! never added to anything. Each back office is one declaration in `workbook-templates/exports`, so that a new one is
//! one file.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::NaiveDate;
use indexmap::IndexMap;
use serde::Deserialize;

use crate::catalogue::Words;
use crate::catalogue::header::{Header, HeaderUnit, UnitSort};
use crate::catalogue::rows::{is_whole_word, says_total};
use crate::cell::{CellRef, Content, Place};
use crate::locale::fold;
use crate::quantity::number::{self, Expect};
use crate::quantity::{Calendar, Currency, date, period};
use crate::record::export::{Export, ExportLine, Figure};
use crate::workbook::{Sheet, Workbook};

#[cfg(test)]
mod tests;

/// What ships with the program.
const SHIPPED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/exports.rs"));

/// A back office.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Source {
    /// Its id: the name of its declaration.
    #[serde(skip)]
    pub id: String,
    /// Its name.
    pub label: Words,
    /// Words in the name of a channel that it counts, folded.
    pub channels: Vec<String>,
    /// Whether it counts what a whole shop sold, and not what an advertisement brought.
    #[serde(default)]
    pub store: bool,
    known_by: Vec<Vec<String>>,
    columns: IndexMap<String, Vec<String>>,
}

impl Source {
    /// Whether a header row is its: one of its sets of names stands there whole.
    fn knows(&self, headers: &BTreeMap<String, Column>) -> bool {
        let stands = |names: &String| names.split('|').any(|name| headers.contains_key(name));
        self.known_by.iter().any(|set| set.iter().all(stands))
    }

    /// The figures it has columns for.
    #[cfg(test)]
    fn column_names(&self) -> impl Iterator<Item = &String> {
        self.columns.keys().filter(|key| !["day", "plan", "currency"].contains(&key.as_str()))
    }

    /// The column that holds something, the first of its names that stands there.
    fn column<'a>(&self, what: &str, headers: &'a BTreeMap<String, Column>) -> Option<&'a Column> {
        self.columns.get(what)?.iter().find_map(|name| headers.get(name))
    }
}

/// Every back office there is a declaration of.
///
/// # Panics
/// When a declaration does not parse; a test reads them all.
pub static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(|| {
    let read = |(file, text): &(&str, &str)| {
        let mut source: Source = toml::from_str(text).unwrap_or_else(|error| panic!("{file}: {error}"));
        source.id = file.trim_end_matches(".toml").to_owned();
        source.channels.iter_mut().for_each(|word| *word = fold(word));
        for names in source.known_by.iter_mut().flatten() {
            *names = names.split('|').map(name).collect::<Vec<_>>().join("|");
        }
        source.columns.values_mut().flatten().for_each(|typed| *typed = name(typed));
        source
    };
    SHIPPED.iter().map(read).collect()
});

/// A back office by its id.
pub fn source(id: &str) -> Option<&'static Source> {
    SOURCES.iter().find(|source| source.id == id)
}

/// A column of an export.
#[derive(Debug, Clone, Copy)]
struct Column {
    col: u32,
    /// What bare numbers below it count.
    unit: Option<HeaderUnit>,
}

impl Column {
    /// What a bare number below it is multiplied by: 10,000 under `(万元)`.
    fn factor(self) -> f64 {
        self.unit.map_or(1.0, |unit| unit.factor)
    }

    /// Whether it is in another currency than 元.
    fn is_foreign(self) -> bool {
        self.unit.is_some_and(|unit| matches!(unit.sort, UnitSort::Foreign(_)))
    }
}

/// A header's name without its unit: `消耗(元)` is 消耗.
fn name(typed: &str) -> String {
    Header::parse(typed).bare
}

/// The export a workbook is; `None` where it is anything else.
///
/// It has one sheet with anything on it, no mark of ours, and a header row of one of the [`SOURCES`] near its top:
/// what a team copied onto a sheet of its campaign belongs to the campaign.
pub fn of(workbook: &Workbook) -> Option<Export> {
    /// Back offices write what was asked for over their tables.
    const DEEPEST_HEADER: u32 = 9;
    if workbook.properties.keys().chain(workbook.names.keys()).any(|name| name.contains("fupan")) {
        return None;
    }
    let is_filled = |sheet: &&Sheet| sheet.cells.values().any(|cell| !cell.content.is_blank());
    let mut filled = workbook.sheets.iter().filter(is_filled);
    let sheet = filled.next().filter(|_| filled.next().is_none())?;
    let used = sheet.used()?;
    (used.first.row..=used.last.row.min(used.first.row + DEEPEST_HEADER)).find_map(|row| {
        let columns = used.first.col..=used.last.col;
        let typed = columns.map(|col| (col, sheet.content(CellRef::new(row, col)).to_text()));
        let mut headers = BTreeMap::new();
        for (col, typed) in typed.filter(|(_, typed)| !typed.trim().is_empty()) {
            let header = Header::parse(&typed);
            headers.entry(header.bare).or_insert(Column { col, unit: header.unit });
        }
        let source = SOURCES.iter().find(|source| source.knows(&headers))?;
        let lines = lines(sheet, row + 1..=used.last.row, source, &headers);
        let header = Place::new(sheet.name.clone(), CellRef::new(row, used.first.col));
        (!lines.is_empty()).then(|| Export { source: source.id.clone(), header, lines })
    })
}

/// What the rows of an export count, added up by day and plan.
fn lines(
    sheet: &Sheet,
    rows: std::ops::RangeInclusive<u32>,
    source: &Source,
    headers: &BTreeMap<String, Column>,
) -> Vec<ExportLine> {
    let column = |what: &str| source.column(what, headers);
    let (day, plan) = (column("day"), column("plan"));
    let figures = [
        (Figure::Spend, "spend", Expect::Money),
        (Figure::Sales, "sales", Expect::Money),
        (Figure::Exposure, "exposure", Expect::Count),
        (Figure::Clicks, "clicks", Expect::Count),
        (Figure::Conversions, "conversions", Expect::Count),
    ];
    let figures: Vec<(Figure, Column, Expect)> = figures
        .into_iter()
        .filter_map(|(figure, what, expect)| Some((figure, *column(what)?, expect)))
        .collect();
    let currency = column("currency");
    let mut all: Vec<ExportLine> = Vec::new();
    for row in rows {
        let content = |column: &Column| sheet.content(CellRef::new(row, column.col));
        let first =
            sheet.cells.range(CellRef::new(row, 0)..CellRef::new(row + 1, 0)).map(|(_, cell)| &cell.content);
        let first =
            first.into_iter().find(|content| !content.is_blank()).map(Content::to_text).unwrap_or_default();
        if first.is_empty() || is_total(&first) {
            continue;
        }
        let currency = currency.and_then(|column| Currency::of(&content(column).to_text()));
        let read = |(figure, column, expect): &(Figure, Column, Expect)| {
            // Money of another country is not held against 元.
            if *expect == Expect::Money && (column.is_foreign() || currency.is_some()) {
                return None;
            }
            let number = number::read(content(column), column.factor(), *expect);
            Some((*figure, number.get()?.value)).filter(|(_, value)| value.is_finite())
        };
        let line = ExportLine {
            plan: plan.map(|column| content(column).to_text().trim().to_owned()).unwrap_or_default(),
            day: day.and_then(|column| day_of(content(column))),
            figures: figures.iter().filter_map(read).collect(),
        };
        if !line.figures.is_empty() {
            all.push(line);
        }
    }
    let all = without_total(all);
    let mut summed: BTreeMap<(Option<NaiveDate>, String), BTreeMap<Figure, f64>> = BTreeMap::new();
    for line in all {
        let sums = summed.entry((line.day, line.plan)).or_default();
        line.figures.into_iter().for_each(|(figure, value)| *sums.entry(figure).or_default() += value);
    }
    let line = |((day, plan), sums): ((Option<NaiveDate>, String), BTreeMap<Figure, f64>)| ExportLine {
        plan,
        day,
        figures: sums.into_iter().collect(),
    };
    summed.into_iter().map(line).collect()
}

/// Whether a row's first words say that it adds up the others: 总计 3 项, 全部, 共 12 条.
fn is_total(first: &str) -> bool {
    let folded = fold(first);
    let count = folded.strip_prefix('总').unwrap_or(&folded).strip_prefix('共');
    says_total(first)
        || is_whole_word(&folded)
        || count.is_some_and(|rest| rest.chars().next().is_none_or(|c| c.is_ascii_digit()))
}

/// Without the first or last row where it is the sum of all others, whatever it is called.
fn without_total(mut lines: Vec<ExportLine>) -> Vec<ExportLine> {
    /// Fewer rows than this may be equal by chance.
    const FEWEST: usize = 3;
    let is_sum = |lines: &[ExportLine], at: usize| {
        let sum = |figure: Figure| -> f64 {
            let others = lines.iter().enumerate().filter(|(other, _)| *other != at);
            others
                .flat_map(|(_, line)| &line.figures)
                .filter(|(it, _)| *it == figure)
                .map(|(_, value)| value)
                .sum()
        };
        let figures = lines[at].figures.iter().filter(|(_, value)| *value != 0.0);
        let mut same =
            figures.map(|(figure, value)| (sum(*figure) - value).abs() <= value.abs() * 1e-6).peekable();
        same.peek().is_some() && same.all(|same| same)
    };
    if lines.len() >= FEWEST {
        for at in [lines.len() - 1, 0] {
            if is_sum(&lines, at) {
                lines.remove(at);
                break;
            }
        }
    }
    lines
}

/// The day a cell says: a date, or the first of `2024-11-01 ~ 2024-11-07`.
fn day_of(content: &Content) -> Option<NaiveDate> {
    let calendar = Calendar::default();
    let day = date::read(content, &calendar).get().copied();
    day.or_else(|| period::read(content, &calendar).get().map(|period| period.start))
}
