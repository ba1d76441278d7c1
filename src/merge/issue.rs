//! What a workbook was issued with, as it carries it.
//!
//! A blank of a template holds only what the declarations prefill, so nothing
//! is carried for it. What goes back to people carries its data, and what was
//! overtaken on the way to it, so that a stale copy is known as one later.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::claims::{Claim, Held, Seat, UNKNOWN, Union};
use super::reading::FORM;
use super::rows::{Ladder, Row};
use crate::catalogue::issued::id_of;
use crate::catalogue::{Catalogue, Column, Kind, Layout, NAMED, Table, Template, Words};
use crate::locale::{fold, narrow};

/// Whose claims those are that an issue does not name: the issue itself.
const ITSELF: &str = "";

/// What a copy was issued with.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Issue {
    /// Hash of its data; empty for a blank and where nobody knows.
    pub id: String,
    /// A Lamport clock: 0 for a blank of a template.
    pub generation: i64,
    /// The issue it was made from.
    pub parent: String,
    /// The campaign's name the blank behind it was issued with; empty where it was left to be filled in.
    pub name: String,
    /// Rows by table.
    pub tables: BTreeMap<String, Vec<Issued>>,
    /// Everything that was known when it was issued.
    pub known: Union,
}

/// One issued row.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Issued {
    /// Its identity.
    pub id: String,
    /// Whether it held more than the blank's own words.
    pub in_use: bool,
    /// What it held.
    pub row: Row,
}

/// A row's id and its cells by column.
type CarriedRow = (String, BTreeMap<String, Cell>);

/// As it is carried: rows, and of what was claimed only what they do not tell.
#[derive(Debug, Serialize, Deserialize)]
struct Carried {
    v: u32,
    generation: i64,
    parent: String,
    template: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    name: String,
    tables: BTreeMap<String, Vec<CarriedRow>>,
    #[serde(default)]
    known: Union,
    /// Generation of what the rows tell by themselves.
    rest: i64,
}

/// A cell as it is carried: a plain text by itself.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Cell {
    Text(String),
    Full([String; 3]),
}

impl From<&Held> for Cell {
    fn from(held: &Held) -> Cell {
        if *held == Held::text(&held.text) {
            Cell::Text(held.text.clone())
        } else {
            Cell::Full([held.key.clone(), held.text.clone(), held.stored.clone()])
        }
    }
}

impl From<Cell> for Held {
    fn from(cell: Cell) -> Held {
        match cell {
            Cell::Text(text) => Held::text(&text),
            Cell::Full([key, text, stored]) => Held { key, text, stored },
        }
    }
}

/// The rows a template offers, by table.
type Tables = BTreeMap<String, Vec<Issued>>;

/// What the blank of a template prefills.
fn offered(catalogue: &Catalogue, template: &Template) -> Tables {
    let mut tables = BTreeMap::new();
    for member in &template.tables {
        let Some(table) = catalogue.tables.get(&member.id).filter(|table| table.layout == Layout::List)
        else {
            continue;
        };
        let rows: Vec<Row> = table.rows.iter().map(|row| prefilled(catalogue, table, row)).collect();
        let ids = Ladder::of(table).fresh(&rows.iter().collect::<Vec<_>>(), &BTreeSet::new());
        let hidden = table.row_ids().into_iter().map(Some);
        let rows = rows.into_iter().zip(hidden).map(|(row, id)| Row { id, ..row });
        let issued = ids.into_iter().zip(rows).map(|(id, row)| Issued { id, in_use: false, row });
        tables.insert(member.id.clone(), issued.collect());
    }
    tables
}

impl Issue {
    /// Of a copy made by hand, or stripped: everything in it counts as typed.
    pub fn unknown() -> Issue {
        Issue { generation: UNKNOWN, ..Issue::default() }
    }

    /// A blank of a template: what the declarations prefill, and the campaign's name where it was issued with one.
    /// `None` where there is no such template.
    pub fn of_template(catalogue: &Catalogue, template: &str, name: &str) -> Option<Issue> {
        /// What the blanks we ship prefill: worked out once, for every workbook asks for it several times.
        static SHIPPED: LazyLock<BTreeMap<String, Tables>> = LazyLock::new(|| {
            let catalogue = Catalogue::shipped();
            let templates = catalogue.templates.iter();
            templates.map(|(id, template)| (id.clone(), offered(catalogue, template))).collect()
        });
        let declared = catalogue.templates.get(template)?;
        let mut tables = match std::ptr::eq(catalogue, Catalogue::shipped()) {
            true => SHIPPED.get(template).cloned()?,
            false => offered(catalogue, declared),
        };
        if let (table, item) = NAMED
            && let Some(column) = catalogue.tables.get(table).and_then(|table| table.column(item))
            && !name.is_empty()
        {
            let cells = BTreeMap::from([(item.to_owned(), word(catalogue, column, name))]);
            let form = Issued { id: FORM.to_owned(), in_use: false, row: Row { id: None, cells } };
            tables.insert(table.to_owned(), vec![form]);
        }
        Some(Issue { tables, name: name.to_owned(), ..Issue::default() })
    }

    /// The hidden id of one of its rows: as it was issued with, else made of the row's identity.
    pub fn hidden_id(&self, table: &str, row: &str) -> String {
        let issued = self.tables.get(table).into_iter().flatten().find(|issued| issued.id == row);
        let known = issued.and_then(|issued| issued.row.id.clone());
        known.unwrap_or_else(|| id_of(&format!("{table}\u{1e}{row}")))
    }

    /// Reads what a workbook carries.
    ///
    /// # Errors
    /// In a word, why it is not to be believed: `unreadable`, `version`, `other-data`, `future`.
    pub fn read(text: &[u8], id: &str, catalogue: &Catalogue) -> Result<Issue, &'static str> {
        /// More than a century of weekly issues.
        const MOST: i64 = 10_000;
        let carried: Carried = serde_json::from_slice(text).map_err(|_| "unreadable")?;
        if carried.v != 1 {
            return Err("version");
        }
        if !(0..=MOST).contains(&carried.generation) {
            return Err("future");
        }
        if hash(text) != id {
            return Err("other-data");
        }
        let blank = Issue::of_template(catalogue, &carried.template, &carried.name).unwrap_or_default();
        let mut tables = BTreeMap::new();
        for (table, rows) in carried.tables {
            let rows = rows.into_iter().map(|(id, cells)| {
                let cells = cells.into_iter().map(|(column, cell)| (column, cell.into())).collect();
                let hidden = (id != FORM).then(|| blank.hidden_id(&table, &id));
                Issued { id, in_use: true, row: Row { id: hidden, cells } }
            });
            let rows = rows.collect();
            tables.insert(table, rows);
        }
        let mut issue = Issue {
            id: id.to_owned(),
            generation: carried.generation,
            parent: carried.parent,
            name: carried.name,
            tables,
            known: carried.known,
        };
        let named = issue.known.claims.iter().map(|claim| claim.seat.clone()).collect();
        let told = issue.told(&blank, carried.rest, &named);
        issue.known.claims.extend(told);
        // Rows the blank offers and nobody used yet are issued like any other.
        for (table, rows) in blank.tables {
            let known = issue.tables.entry(table).or_default();
            let here: BTreeSet<String> = known.iter().map(|row| row.id.clone()).collect();
            known.extend(rows.into_iter().filter(|row| !here.contains(&row.id)));
        }
        Ok(issue)
    }

    /// The text to carry, and its id.
    pub fn write(&self, catalogue: &Catalogue, template: &str) -> (Vec<u8>, String) {
        let rest = if template.is_empty() { UNKNOWN } else { 0 };
        let blank = Issue::of_template(catalogue, template, &self.name).unwrap_or_default();
        let told: BTreeSet<(Seat, String)> = self
            .told(&blank, rest, &BTreeSet::new())
            .into_iter()
            .map(|claim| (claim.seat, claim.to.key))
            .collect();
        let mut seats: BTreeMap<&Seat, usize> = BTreeMap::new();
        for claim in &self.known.claims {
            *seats.entry(&claim.seat).or_default() += 1;
        }
        let plain = |claim: &&Claim| {
            claim.generation == rest
                && seats[&claim.seat] == 1
                && told.contains(&(claim.seat.clone(), claim.to.key.clone()))
        };
        let claims: BTreeSet<Claim> = self.known.claims.iter().filter(|it| !plain(it)).cloned().collect();
        let named: BTreeSet<&String> = claims.iter().map(|claim| &claim.source).collect();
        let sources = self.known.sources.iter().filter(|(id, _)| named.contains(id));
        let sources = sources.map(|(id, source)| (id.clone(), source.clone())).collect();
        let used = |rows: &[Issued]| {
            let used = rows.iter().filter(|row| row.in_use);
            let cells = |row: &Row| row.cells.iter().map(|(id, held)| (id.clone(), held.into())).collect();
            used.map(|one| (one.id.clone(), cells(&one.row))).collect::<Vec<_>>()
        };
        let tables = self.tables.iter().map(|(table, rows)| (table.clone(), used(rows)));
        let carried = Carried {
            v: 1,
            generation: self.generation,
            parent: self.parent.clone(),
            template: template.to_owned(),
            name: self.name.clone(),
            tables: tables.filter(|(_, rows)| !rows.is_empty()).collect(),
            known: Union { claims, sources, decisions: self.known.decisions.clone() },
            rest,
        };
        let text = serde_json::to_vec(&carried).unwrap_or_default();
        let id = hash(&text);
        (text, id)
    }

    /// What its rows tell by themselves: how they differ from the blank, but for seats of which more is known.
    fn told(&self, blank: &Issue, generation: i64, named: &BTreeSet<Seat>) -> Vec<Claim> {
        let mut told = Vec::new();
        for (table, rows) in &self.tables {
            let blank: BTreeMap<&String, &Issued> =
                blank.tables.get(table).into_iter().flatten().map(|row| (&row.id, row)).collect();
            for issued in rows.iter().filter(|row| row.in_use) {
                let before = blank.get(&issued.id).map(|row| &row.row.cells);
                let nothing = Held::blank();
                let mut claim = |column: &str, from: &Held, to: &Held| {
                    let seat =
                        Seat { table: table.clone(), row: issued.id.clone(), column: column.to_owned() };
                    if from.key != to.key && !named.contains(&seat) {
                        let (from, to) = (from.clone(), to.clone());
                        told.push(Claim { seat, from, to, generation, source: ITSELF.into() });
                    }
                };
                if issued.id != FORM {
                    claim("", &nothing, &Held::present());
                }
                let columns: BTreeSet<&String> =
                    before.into_iter().flatten().chain(&issued.row.cells).map(|(id, _)| id).collect();
                for column in columns {
                    let from = before.and_then(|cells| cells.get(column)).unwrap_or(&nothing);
                    claim(column, from, issued.row.cells.get(column).unwrap_or(&nothing));
                }
            }
        }
        told
    }
}

fn hash(text: &[u8]) -> String {
    blake3::hash(text).to_hex()[..16].to_owned()
}

/// A row as the blank offers it. Its words in every language are one value where they are a choice; else those
/// of the first language stand, and a copy in another one is told apart by nothing but its words.
fn prefilled(catalogue: &Catalogue, table: &Table, row: &indexmap::IndexMap<String, Words>) -> Row {
    let mut cells = BTreeMap::new();
    for (id, words) in row {
        let Some(column) = table.column(id) else { continue };
        cells.insert(id.clone(), word(catalogue, column, &words.zh));
    }
    Row { id: None, cells }
}

fn word(catalogue: &Catalogue, column: &Column, text: &str) -> Held {
    let stored = format!("t{text}");
    let key = match column.kind {
        Kind::Choice => {
            let means = |words: &Words| words.spoken().iter().any(|spoken| fold(spoken) == fold(text));
            let found = catalogue.choices_of(column).iter().find(|choice| means(&choice.label));
            found.map_or_else(|| format!("t{}", narrow(text)), |choice| format!("c{}", choice.id))
        }
        _ => format!("t{}", narrow(text)),
    };
    Held { key, text: text.to_owned(), stored }
}
