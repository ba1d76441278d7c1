//! From a workbook to its records: every table located, every row read, every value with its cell.
//!
//! The campaign period is read first, because other dates take their year from it.

use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use indexmap::IndexMap;

use super::body;
use super::copies;
use super::fields::{ColumnReader, Reader};
use super::findings as says;
use super::grid::Grid;
use super::identity;
use super::issued::RowIds;
use super::labels::{Matcher, TeamAliases};
use super::locate::locate;
use super::located::{LocatedTable, Shape};
use super::part::{Part, Quirks, hidden, missing, missing_columns};
use super::record::{Field, Record, Records, Value};
use super::scattered::scattered;
use super::tally::Tally;
use super::{Catalogue, Kind};
use crate::cell::{CellRef, Content, Place};
use crate::diagnostic::{Arg, Code, Finding, Sink};
use crate::quantity::{Calendar, Currency, Holidays, Nothing, Period, date, period};
use crate::workbook::Workbook;

/// What the settings say about reading.
#[derive(Debug, Clone, Default)]
pub struct ReadPolicy {
    /// What the team calls things.
    pub aliases: TeamAliases,
    /// Days off and days worked instead, where the settings list them.
    pub holidays: Option<&'static Holidays>,
    /// How much 元 one of another currency is.
    pub rates: BTreeMap<Currency, f64>,
}

/// Reads a workbook.
pub fn decode(catalogue: &Catalogue, workbook: &Workbook, policy: &ReadPolicy, sink: &mut Sink) -> Records {
    // Labels of the shipped catalogue are prepared once: folding thousands of them costs more than reading a workbook.
    static SHIPPED: LazyLock<Matcher<'static>> =
        LazyLock::new(|| Matcher::new(Catalogue::shipped(), &TeamAliases::default()));
    if policy.aliases == TeamAliases::default() && std::ptr::eq(catalogue, Catalogue::shipped()) {
        return decode_with(&SHIPPED, workbook, policy, sink);
    }
    decode_with(&Matcher::new(catalogue, &policy.aliases), workbook, policy, sink)
}

/// Reads a workbook with labels prepared before, as a batch does.
pub fn decode_with(matcher: &Matcher, workbook: &Workbook, policy: &ReadPolicy, sink: &mut Sink) -> Records {
    // Hidden ids of rows are no column of anybody's; who needs them has taken them out before.
    let mut bare = None;
    if RowIds::stand_in(workbook) {
        RowIds::take(bare.insert(workbook.clone()));
    }
    let workbook = bare.as_ref().unwrap_or(workbook);
    let mut records = Records { identity: identify(matcher.catalogue, workbook, sink), ..Records::default() };
    let said = sink.findings.len();
    let located = locate(matcher, workbook, sink);
    records.unread = located.unread;
    records.questions = located.asked;
    let quirks = Quirks::of(workbook);
    let calendar =
        Calendar { campaign: campaign_period(matcher, workbook, &located.tables), holidays: policy.holidays };
    let handmade = records.identity.carriers.is_empty();
    let reader = Reader { matcher, calendar, rates: policy.rates.clone(), handmade };

    let mut parts: IndexMap<usize, Vec<Part>> = IndexMap::new();
    for table in &located.tables {
        let (part, guest) = match &table.shape {
            Shape::Rows { .. } => body::list(&reader, workbook, table, &quirks, &mut records.unread),
            Shape::Form { .. } => (form(&reader, workbook, table, &quirks), None),
            Shape::Across { .. } => (scattered(&reader, workbook, table, &quirks, &mut records.unread), None),
        };
        parts.entry(table.table).or_default().push(part);
        if let Some((guest, located)) = guest.zip(table.guest.as_ref()) {
            parts.entry(located.table).or_default().push(guest);
        }
    }
    parts.sort_unstable_keys();
    for (index, parts) in parts {
        let table = matcher.table(index);
        let (read, unread) = copies::weigh(table, parts, sink);
        records.unread.extend(unread);
        records.tables.insert(table.id.clone(), read);
    }
    as_one(sink, said, &says::FORMULA_WITHOUT_RESULT);
    as_one(sink, said, &says::CURRENCY_CONVERTED);
    as_one(sink, said, &says::FOREIGN_CURRENCY);
    super::scale::settle(matcher.catalogue, &mut records, sink);
    super::quirks::report(workbook, sink);
    missing_tables(matcher.catalogue, &records, sink);
    if workbook.epoch_1904 && has_dates(&records) {
        sink.report(Finding::new(&says::DATE_1904));
    }
    records
}

/// A file saved by a program that does not calculate, or kept in another currency, is one cause, however many
/// columns it concerns.
fn as_one(sink: &mut Sink, from: usize, code: &Code) {
    let is_one = |finding: &Finding| finding.code == code;
    let Some(first) = (from..sink.findings.len()).find(|at| is_one(&sink.findings[*at])) else { return };
    let others: Vec<Finding> = sink.findings.extract_if(first + 1.., |finding| is_one(finding)).collect();
    if others.is_empty() {
        return;
    }
    let finding = &mut sink.findings[first];
    let mut columns: Vec<String> = finding.column.iter().cloned().collect();
    for other in others {
        columns.extend(other.column);
        finding.more.extend(other.at);
        finding.more.extend(other.more);
    }
    let mut seen = HashSet::new();
    columns.retain(|column| seen.insert(column.clone()));
    finding.column = Some(columns.join("、"));
    let cells = finding.more.len() + usize::from(finding.at.is_some());
    finding.args.retain(|(name, _)| *name != "count");
    finding.args.push(("count", Arg::Count(cells)));
}

fn identify(catalogue: &Catalogue, workbook: &Workbook, sink: &mut Sink) -> super::record::Identity {
    let (identity, contradictions) = identity::read(workbook);
    for contradiction in contradictions {
        let what = match contradiction.key {
            "template" => "identity-template",
            "version" => "identity-version",
            "campaign" => "identity-campaign",
            _ => "identity-issued",
        };
        let called = |value: &String| match catalogue.templates.get(value) {
            Some(template) if contradiction.key == "template" => template.label.arg(),
            _ => Arg::Text(value.clone()),
        };
        let values = contradiction.values.iter().map(|(_, value)| called(value)).collect();
        let used = contradiction.values.first().map(|(_, value)| value.clone()).unwrap_or_default();
        sink.report(
            Finding::new(&says::IDENTITY_CONTRADICTION)
                .arg("used", called(&used))
                .found(used)
                .arg("what", Arg::Word(what))
                .arg("values", Arg::All(values)),
        );
    }
    if let (Some(id), Some(version)) = (&identity.template, identity.version)
        && let Some(template) = catalogue.templates.get(id)
        && version != template.version
    {
        let newer = version > template.version;
        sink.report(
            Finding::new(if newer { &says::NEWER_TEMPLATE } else { &says::OLDER_TEMPLATE })
                .arg("template", template.label.arg())
                .arg("version", Arg::Count(version as usize))
                .arg("known", Arg::Count(template.version as usize)),
        );
    }
    identity
}

fn missing_tables(catalogue: &Catalogue, records: &Records, sink: &mut Sink) {
    if records.tables.is_empty() {
        let asked = records
            .unread
            .iter()
            .any(|unread| matches!(unread.reason, "close-call" | "question" | "not-ours"));
        if !asked {
            sink.report(Finding::new(&says::NO_TABLE_RECOGNISED));
        }
        return;
    }
    let Some(template) = records.identity.template.as_ref().and_then(|id| catalogue.templates.get(id)) else {
        return;
    };
    let mut others = Vec::new();
    for member in template.tables.iter().filter(|member| !records.tables.contains_key(&member.id)) {
        let Some(table) = catalogue.tables.get(&member.id) else { continue };
        if member.core {
            let finding = Finding::new(&says::CORE_TABLE_MISSING).of_table(member.id.clone());
            sink.report(finding.arg("table", table.label.arg()));
        } else {
            others.push(table.label.arg());
        }
    }
    if !others.is_empty() {
        let finding = Finding::new(&says::TABLE_MISSING).arg("count", Arg::Count(others.len()));
        sink.report(finding.arg("tables", Arg::All(others)));
    }
}

fn has_dates(records: &Records) -> bool {
    let dated = |field: &Field<Value>| {
        matches!(field.value, Some(Value::Date(_) | Value::Moment(_) | Value::Period(_)))
    };
    records.tables.values().flat_map(|table| &table.rows).any(|row| row.fields.values().any(dated))
}

/// The campaign period of the basics, read before everything else.
fn campaign_period(matcher: &Matcher, workbook: &Workbook, tables: &[LocatedTable]) -> Option<Period> {
    let basics = matcher.catalogue.tables.get_index_of("basics")?;
    let column = matcher.table(basics).columns.iter().position(|column| column.id == "period")?;
    tables.iter().filter(|table| table.table == basics).find_map(|table| {
        let sheet = &workbook.sheets[table.sheet];
        let grid = Grid::new(sheet);
        let cell = match &table.shape {
            Shape::Form { at, .. } => grid.cell(*at.get(&column)?),
            Shape::Rows { at, body, .. } => grid.cell(CellRef::new(body.0, *at.get(&column)?)),
            Shape::Across { records, .. } => grid.cell(*records.first()?.get(&column)?),
        };
        let read = |calendar: &Calendar| period::read(&cell.content, calendar).get().copied();
        read(&Calendar::default()).or_else(|| {
            let campaign = Some(named_year(workbook)?);
            read(&Calendar { campaign, holidays: None })
        })
    })
}

/// The year a workbook speaks of, for a 活动周期 without one: the one its dates and texts name most often.
fn named_year(workbook: &Workbook) -> Option<Period> {
    let mut years: BTreeMap<i32, usize> = BTreeMap::new();
    for cell in workbook.sheets.iter().flat_map(|sheet| sheet.cells.values()) {
        let year = match &cell.content {
            content @ Content::Serial(_) => {
                date::read(content, &Calendar::default()).get().map(|day| day.year())
            }
            Content::Text(text) => year_in(text),
            _ => None,
        };
        if let Some(year) = year {
            *years.entry(year).or_default() += 1;
        }
    }
    let most = years.values().max()?;
    let mut likely = years.iter().filter(|(_, count)| *count == most).map(|(year, _)| *year);
    let year = likely.next().filter(|_| likely.next().is_none())?;
    let day = |month, day| NaiveDate::from_ymd_opt(year, month, day);
    Some(Period { start: day(1, 1)?, end: day(12, 31)? })
}

/// A year in a text: 2024双十一, 2024-10-01.
fn year_in(text: &str) -> Option<i32> {
    let mut digits = text.split(|c: char| !c.is_ascii_digit());
    let years = digits.find(|run| run.len() == 4 && run.starts_with("20"))?;
    years.parse().ok().filter(|year| (2000..=2099).contains(year))
}

/// A form: each label with the value beside it.
fn form(reader: &Reader, workbook: &Workbook, located: &LocatedTable, quirks: &Quirks) -> Part {
    let sheet = &workbook.sheets[located.sheet];
    let grid = Grid::new(sheet);
    let table = reader.matcher.table(located.table);
    let region = located.region.clone();
    let mut tally = Tally::default();
    let mut rows = Vec::new();
    let Shape::Form { at, extra } = &located.shape else {
        return Part { region, sheet: located.sheet, rows, totals: Vec::new(), tally };
    };
    let mut fields: IndexMap<String, Field<Value>> = IndexMap::new();
    let mut blank: Vec<Finding> = Vec::new();
    for (index, column) in table.columns.iter().enumerate() {
        let Some(value) = at.get(&index) else {
            fields.insert(column.id.clone(), Field::absent());
            continue;
        };
        let column_reader = ColumnReader::new(&table.id, column, region.unit(&column.id));
        let source = quirks.source(sheet, *value, grid.cell(*value));
        let field = reader.field(&column_reader, &source, &mut tally);
        if column.required && field.value.is_none() && field.nothing == Some(Nothing::Blank) {
            blank.push(missing(reader, table, &column_reader, &source.at));
        }
        fields.insert(column.id.clone(), field);
    }
    let in_use = table.columns.iter().any(|column| {
        column.kind != Kind::Calc
            && fields.get(&column.id).is_some_and(|field| {
                !matches!(field.nothing, Some(Nothing::Blank | Nothing::Placeholder)) && field.at.is_some()
            })
    });
    if in_use {
        let first = at.values().min().copied().unwrap_or(region.area.first);
        let extra = extra
            .iter()
            .map(|(label, value)| {
                (label.clone(), Place::new(sheet.name.clone(), *value), grid.cell(*value).content.clone())
            })
            .collect();
        rows.push(Record { at: Place::new(sheet.name.clone(), first), fields, extra });
        for finding in blank {
            tally.add("", finding);
        }
        missing_columns(reader, table, &region, sheet, &mut tally);
        let used: Vec<u32> = at.values().map(|value| value.row).collect();
        hidden(table, sheet, &used, at.values().map(|value| value.col), &mut tally);
    }
    Part { region, sheet: located.sheet, rows, totals: Vec::new(), tally }
}
