//! What a copy holds, cell by cell, as it compares; and what was claimed by it.

use std::collections::{BTreeMap, BTreeSet};

use super::claims::{Claim, Held, Seat, UNKNOWN};
use super::issue::{Issue, Issued};
use super::rows::{Ladder, Row};
use crate::catalogue::issued::RowIds;
use crate::catalogue::record::{Field, Record, Records, Value};
use crate::catalogue::{Catalogue, Layout, Table};
use crate::cell::Content;
use crate::locale::{fold, narrow};
use crate::quantity::Nothing;
use crate::workbook::Workbook;

/// The one row of a form.
pub const FORM: &str = "form";
/// What a column of the team's own begins with.
pub const OWN: char = '+';

/// One table as a copy holds it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Holding {
    /// Columns its sheet has; what it has no column for it says nothing about.
    pub columns: BTreeSet<String>,
    /// Rows, in the order of the records.
    pub rows: Vec<Row>,
}

/// Everything a copy holds, by table.
pub fn holdings(
    catalogue: &Catalogue,
    records: &Records,
    workbook: &Workbook,
    row_ids: &RowIds,
) -> BTreeMap<String, Holding> {
    let mut all = BTreeMap::new();
    for (id, read) in &records.tables {
        let Some(table) = catalogue.tables.get(id) else { continue };
        let mut holding = Holding::default();
        for record in &read.rows {
            let row = Row { id: row_ids.of(&record.at).map(str::to_owned), ..row(table, record, workbook) };
            for (column, _) in record.fields.iter().filter(|(_, field)| field.at.is_some()) {
                if !holding.columns.contains(column) {
                    holding.columns.insert(column.clone());
                }
            }
            holding.columns.extend(record.extra.iter().map(|(header, ..)| own(header)));
            holding.rows.push(row);
        }
        for region in &read.regions {
            holding.columns.extend(region.columns.keys().cloned());
            holding.columns.extend(region.extra.iter().map(|(_, header)| own(header)));
        }
        all.insert(id.clone(), holding);
    }
    all
}

/// The column id of a column of the team's own.
pub fn own(header: &str) -> String {
    format!("{OWN}{}", fold(header))
}

fn row(table: &Table, record: &Record, workbook: &Workbook) -> Row {
    let mut row = Row::default();
    for (column, field) in &record.fields {
        let declared = table.column(column);
        // What a formula of the blank computes nobody typed.
        if field.computed && declared.is_some_and(|column| column.formula.is_some()) {
            continue;
        }
        let held = held(field, workbook);
        if !held.key.is_empty() {
            row.cells.insert(column.clone(), held);
        }
    }
    for (header, _, content) in &record.extra {
        if !content.is_blank() {
            row.cells.insert(own(header), of_content(content));
        }
    }
    row
}

/// A field as it compares.
pub fn held(field: &Field<Value>, workbook: &Workbook) -> Held {
    let key = match (&field.value, &field.nothing) {
        (Some(value), _) => key(value),
        (None, None | Some(Nothing::Blank)) => return Held::blank(),
        (None, Some(_)) => format!("x{}", narrow(&field.text)),
    };
    let content = field.at.as_ref().and_then(|at| Some(workbook.sheet(&at.sheet)?.content(at.cell)));
    let stored = match (content, &field.value) {
        // Of a cell that holds several values only this one is meant.
        (_, Some(Value::Date(day))) if !field.part.is_empty() => format!("d{}", serial(*day)),
        (Some(content), _) if !content.is_blank() => stored(content),
        _ => format!("t{}", field.text),
    };
    let text = match (&field.value, &stored) {
        (Some(Value::Date(day)), _) if field.part.is_empty() || stored.starts_with('d') => day.to_string(),
        (Some(Value::Moment(moment)), _) => moment.format("%Y-%m-%d %H:%M").to_string(),
        _ => field.text.trim().to_owned(),
    };
    Held { key, text, stored }
}

/// A day as Excel counts it.
fn serial(day: chrono::NaiveDate) -> i64 {
    chrono::NaiveDate::from_ymd_opt(1899, 12, 30).map_or(0, |first| (day - first).num_days())
}

/// The value in one spelling.
fn key(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("t{}", narrow(text)),
        Value::Number(n) => format!("n{n}"),
        Value::Choice(id) => format!("c{id}"),
        Value::YesNo(yes) => format!("b{yes}"),
        Value::Date(day) => format!("d{day}"),
        Value::Moment(moment) => format!("m{moment}"),
        Value::Period(period) => format!("p{}~{}", period.start, period.end),
        Value::List(parts) => {
            format!("l{}", parts.iter().map(|part| narrow(part)).collect::<Vec<_>>().join("、"))
        }
        // Values with units and comparators, spelled in full: ≥500万 and ≥5000000 are one.
        Value::Target(_) | Value::Measure(_) | Value::Span(_) | Value::Price(_) | Value::Quantity(_) => {
            format!("v{value:?}")
        }
    }
}

/// A cell of a column of the team's own, as it compares.
pub fn of_content(content: &Content) -> Held {
    let text = content.to_text();
    let key = match content {
        Content::Number(n) => format!("n{n}"),
        Content::Serial(day) => format!("d{day}"),
        _ => format!("t{}", narrow(&text)),
    };
    Held { key, text, stored: stored(content) }
}

fn stored(content: &Content) -> String {
    match content {
        Content::Number(n) => format!("n{n}"),
        Content::Serial(day) => format!("d{day}"),
        other => format!("t{}", other.to_text()),
    }
}

/// What to write into a cell so that it holds this.
pub fn to_content(stored: &str) -> Content {
    let mut chars = stored.chars();
    let (kind, rest) = (chars.next(), chars.as_str());
    match (kind, rest.parse::<f64>()) {
        (Some('n'), Ok(number)) => Content::Number(number),
        (Some('d'), Ok(day)) => Content::Serial(day),
        (Some(_), _) if !rest.is_empty() => Content::Text(rest.to_owned()),
        _ => Content::Blank,
    }
}

/// What a copy claims against what it was issued with.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Claimed {
    /// Its edits.
    pub claims: BTreeSet<Claim>,
    /// The identity of each of its rows, by table.
    pub rows: BTreeMap<String, Vec<String>>,
    /// Issued tables it left out or left empty: not handed in, not deleted.
    pub not_handed_in: Vec<String>,
}

/// Puts a copy against its issue.
pub fn claimed(
    catalogue: &Catalogue,
    issue: &Issue,
    holdings: &BTreeMap<String, Holding>,
    source: &str,
) -> Claimed {
    let (mut claimed, mut claims) = (Claimed::default(), Vec::new());
    let none = Vec::new();
    for (id, table) in &catalogue.tables {
        let issued = issue.tables.get(id).unwrap_or(&none);
        let used = issued.iter().any(|row| row.in_use);
        let Some(holding) = holdings.get(id).filter(|holding| !holding.rows.is_empty()) else {
            if used {
                claimed.not_handed_in.push(id.clone());
            }
            continue;
        };
        let edits = Edits { issue, table: id, holding, source };
        let ids = match table.layout {
            Layout::Form => edits.form(issued, &mut claims),
            Layout::List => edits.list(table, issued, &mut claims),
        };
        claimed.rows.insert(id.clone(), ids);
    }
    claimed.claims = claims.into_iter().collect();
    claimed
}

/// The edits of one table.
struct Edits<'a> {
    issue: &'a Issue,
    table: &'a str,
    holding: &'a Holding,
    source: &'a str,
}

impl Edits<'_> {
    fn claim(&self, row: &str, column: &str, from: &Held, to: &Held, into: &mut Vec<Claim>) {
        let seat = Seat { table: self.table.to_owned(), row: row.to_owned(), column: column.to_owned() };
        into.push(Claim {
            seat,
            from: from.clone(),
            to: to.clone(),
            generation: self.issue.generation,
            source: self.source.to_owned(),
        });
    }

    fn cells(&self, id: &str, before: Option<&Row>, row: &Row, into: &mut Vec<Claim>) {
        let blank = Held::blank();
        let known = before.map(|row| &row.cells);
        let gone = known.into_iter().flatten().filter(|(column, _)| !row.cells.contains_key(*column));
        for (column, to) in gone.map(|(column, _)| (column, &blank)).chain(&row.cells) {
            let from = known.and_then(|cells| cells.get(column)).unwrap_or(&blank);
            let is_one_text = || !from.text.is_empty() && narrow(&from.text) == narrow(&to.text);
            let same = from.key == to.key || (!to.text.is_empty() && is_one_text());
            let unasked = to.key.is_empty() && !self.holding.columns.contains(column);
            if !same && !unasked {
                self.claim(id, column, from, to, into);
            }
        }
    }

    fn form(&self, issued: &[Issued], into: &mut Vec<Claim>) -> Vec<String> {
        let before = issued.first().map(|one| &one.row);
        if let Some(row) = self.holding.rows.first() {
            self.cells(FORM, before, row, into);
        }
        self.holding.rows.iter().map(|_| FORM.to_owned()).collect()
    }

    fn list(&self, table: &Table, issued: &[Issued], into: &mut Vec<Claim>) -> Vec<String> {
        let rows = &self.holding.rows;
        let known = issued.iter().map(|one| (one.id.as_str(), &one.row));
        let (mut ids, mut matched) = (Vec::new(), BTreeSet::new());
        for (row, (id, of)) in rows.iter().zip(Ladder::of(table).identify(known, rows)) {
            let before = of.map(|at| &issued[at]);
            matched.extend(of);
            if before.is_none_or(|issued| !issued.in_use) {
                self.claim(&id, "", &Held::blank(), &Held::present(), into);
            }
            self.cells(&id, before.map(|issued| &issued.row), row, into);
            ids.push(id);
        }
        if self.issue.generation == UNKNOWN {
            return ids;
        }
        let used: Vec<usize> = (0..issued.len()).filter(|at| issued[*at].in_use).collect();
        let gone: Vec<usize> = used.iter().copied().filter(|at| !matched.contains(at)).collect();
        // Most of a table gone is more often a sheet pasted over than so many decisions.
        let to = if gone.len() * 2 > used.len() { Held::doubtful() } else { Held::blank() };
        for at in gone {
            self.claim(&issued[at].id, "", &Held::present(), &to, into);
        }
        ids
    }
}
