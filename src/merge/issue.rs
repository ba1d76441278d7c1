//! What a workbook was issued with, as it carries it.
//!
//! A blank of a template holds only what the declarations prefill, so nothing
//! is carried for it. What goes back to people carries its data, and what was
//! overtaken on the way to it, so that a stale copy is known as one later.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::claims::{Claim, Held, SeatRef, UNKNOWN, Union};
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
type CarriedRow<'a> = (Cow<'a, str>, BTreeMap<Cow<'a, str>, Cell<'a>>);

/// As it is carried: rows, and of what was claimed only what they do not tell.
#[derive(Debug, Serialize, Deserialize)]
struct Carried<'a> {
    v: u32,
    generation: i64,
    parent: Cow<'a, str>,
    template: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    name: Cow<'a, str>,
    tables: BTreeMap<Cow<'a, str>, Vec<CarriedRow<'a>>>,
    #[serde(default)]
    known: Union,
    /// Generation of what the rows tell by themselves.
    rest: i64,
}

/// A cell as it is carried: no word of it that another one tells.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Cell<'a> {
    /// A text that compares by itself.
    Text(Cow<'a, str>),
    /// What compares as it is stored and reads so: a number.
    Number([Cow<'a, str>; 1]),
    /// What compares as something, and the text it was typed as.
    Typed([Cow<'a, str>; 2]),
    /// How it compares, its text, what is stored.
    Full([Cow<'a, str>; 3]),
}

impl<'a> From<&'a Held> for Cell<'a> {
    fn from(held: &'a Held) -> Cell<'a> {
        let Held { key, text, stored } = held;
        let is_text = |word: &str| word.strip_prefix('t') == Some(text);
        match is_text(stored) {
            true if is_text(key) => Cell::Text(Cow::from(text)),
            true => Cell::Typed([key, text].map(Cow::from)),
            false if key == stored && key.strip_prefix('n') == Some(text) => Cell::Number([Cow::from(key)]),
            false => Cell::Full([key, text, stored].map(Cow::from)),
        }
    }
}

impl From<Cell<'_>> for Held {
    fn from(cell: Cell<'_>) -> Held {
        match cell {
            Cell::Text(text) => Held::text(&text),
            Cell::Number([key]) => {
                let text = key.strip_prefix('n').unwrap_or_default().to_owned();
                Held { text, key: key.clone().into_owned(), stored: key.into_owned() }
            }
            Cell::Typed([key, text]) => {
                Held { key: key.into_owned(), stored: format!("t{text}"), text: text.into_owned() }
            }
            Cell::Full(words) => {
                let [key, text, stored] = words.map(Cow::into_owned);
                Held { key, text, stored }
            }
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
        let ids = Ladder::of(table).identify(std::iter::empty(), &rows);
        let hidden = table.row_ids().into_iter().map(Some);
        let rows = rows.into_iter().zip(hidden).map(|(row, id)| Row { id, ..row });
        let issued = ids.into_iter().zip(rows).map(|((id, _), row)| Issued { id, in_use: false, row });
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

    /// The hidden ids of the rows of one of its tables.
    pub fn hidden_ids<'a>(&'a self, table: &'a str) -> HiddenIds<'a> {
        let issued = self.tables.get(table).into_iter().flatten();
        let issued = issued.filter_map(|issued| Some((issued.id.as_str(), issued.row.id.as_deref()?)));
        HiddenIds { table, issued: issued.collect() }
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
            let hidden = blank.hidden_ids(&table);
            let rows = rows.into_iter().map(|(id, cells)| {
                let cells =
                    cells.into_iter().map(|(column, cell)| (column.into_owned(), cell.into())).collect();
                let hidden = (id != FORM).then(|| hidden.of(&id));
                Issued { id: id.into_owned(), in_use: true, row: Row { id: hidden, cells } }
            });
            let rows = rows.collect();
            tables.insert(table.into_owned(), rows);
        }
        let mut issue = Issue {
            id: id.to_owned(),
            generation: carried.generation,
            parent: carried.parent.into_owned(),
            name: carried.name.into_owned(),
            tables,
            known: carried.known,
        };
        let claims = &issue.known.claims;
        let named: HashSet<SeatRef<'_>> = claims.iter().map(|claim| claim.seat.as_ref()).collect();
        let mut told = Vec::new();
        issue.tell(&blank, &mut |seat, from, to| {
            if !named.contains(&seat) {
                let (from, to) = (from.clone(), to.clone());
                let (generation, source) = (carried.rest, ITSELF.to_owned());
                told.push(Claim { seat: seat.to_seat(), from, to, generation, source });
            }
        });
        issue.known.claims.extend(told);
        // Rows the blank offers and nobody used yet are issued like any other.
        for (table, rows) in blank.tables {
            let known = issue.tables.entry(table).or_default();
            let here: BTreeSet<String> = known.iter().map(|row| row.id.clone()).collect();
            known.extend(rows.into_iter().filter(|row| !here.contains(&row.id)));
        }
        Ok(issue)
    }

    /// The generation of what rows tell by themselves: of a blank of this template, or of one nobody knows.
    pub fn rest(template: &str) -> i64 {
        if template.is_empty() { UNKNOWN } else { 0 }
    }

    /// The text to carry, and its id.
    pub fn write(&self, catalogue: &Catalogue, template: &str) -> (Vec<u8>, String) {
        let rest = Issue::rest(template);
        let blank = Issue::of_template(catalogue, template, &self.name).unwrap_or_default();
        let mut told: HashSet<(SeatRef<'_>, &str)> = HashSet::new();
        if !self.known.claims.is_empty() {
            self.tell(&blank, &mut |seat, _, to| {
                told.insert((seat, &to.key));
            });
        }
        // Claims are in the order of their seats.
        let of_one_seat = self.known.claims.iter().collect::<Vec<_>>();
        let of_one_seat = of_one_seat.chunk_by(|one, next| one.seat == next.seat);
        let plain = |claims: &[&Claim]| match claims {
            [claim] if claim.generation == rest => told.contains(&(claim.seat.as_ref(), &*claim.to.key)),
            _ => false,
        };
        let claims = of_one_seat.filter(|claims| !plain(claims)).flatten().copied().cloned();
        let claims: BTreeSet<Claim> = claims.collect();
        let named: BTreeSet<&String> = claims.iter().map(|claim| &claim.source).collect();
        let sources = self.known.sources.iter().filter(|(id, _)| named.contains(id));
        let sources = sources.map(|(id, source)| (id.clone(), source.clone())).collect();
        fn cells(row: &Row) -> BTreeMap<Cow<'_, str>, Cell<'_>> {
            row.cells.iter().map(|(id, held)| (Cow::from(id), held.into())).collect()
        }
        fn used(rows: &[Issued]) -> Vec<CarriedRow<'_>> {
            let used = rows.iter().filter(|row| row.in_use);
            used.map(|one| (Cow::from(&one.id), cells(&one.row))).collect()
        }
        let tables = self.tables.iter().map(|(table, rows)| (Cow::from(table), used(rows)));
        let carried = Carried {
            v: 1,
            generation: self.generation,
            parent: Cow::from(&self.parent),
            template: Cow::from(template),
            name: Cow::from(&self.name),
            tables: tables.filter(|(_, rows)| !rows.is_empty()).collect(),
            known: Union { claims, sources, decisions: self.known.decisions.clone() },
            rest,
        };
        let text = serde_json::to_vec(&carried).unwrap_or_default();
        let id = hash(&text);
        (text, id)
    }

    /// What its rows tell by themselves: each seat where they differ from the blank, what stands there in the blank
    /// and in them.
    fn tell<'a>(&'a self, blank: &'a Issue, each: &mut dyn FnMut(SeatRef<'a>, &'a Held, &'a Held)) {
        for (table, rows) in &self.tables {
            let offered = blank.tables.get(table).into_iter().flatten();
            let offered: HashMap<&str, &Row> = offered.map(|row| (row.id.as_str(), &row.row)).collect();
            for issued in rows.iter().filter(|row| row.in_use) {
                let (row, cells) = (issued.id.as_str(), &issued.row.cells);
                let before = offered.get(row).map(|row| &row.cells);
                let mut claim = |column: &'a str, from: &'a Held, to: &'a Held| {
                    if from.key != to.key {
                        each(SeatRef { table, row, column }, from, to);
                    }
                };
                if row != FORM {
                    claim("", &BLANK, &PRESENT);
                }
                for (column, to) in cells {
                    claim(column, before.and_then(|cells| cells.get(column)).unwrap_or(&BLANK), to);
                }
                let gone = before.into_iter().flatten().filter(|(column, _)| !cells.contains_key(*column));
                gone.for_each(|(column, from)| claim(column, from, &BLANK));
            }
        }
    }
}

/// What stands nowhere.
static BLANK: LazyLock<Held> = LazyLock::new(Held::blank);
/// What a row that is there claims of itself.
static PRESENT: LazyLock<Held> = LazyLock::new(Held::present);

/// The hidden ids of the rows of one table.
#[derive(Debug)]
pub struct HiddenIds<'a> {
    table: &'a str,
    /// By identity, as they were issued.
    issued: HashMap<&'a str, &'a str>,
}

impl HiddenIds<'_> {
    /// Of one row: as it was issued with, else made of the row's identity.
    pub fn of(&self, row: &str) -> String {
        let made = || id_of(&format!("{}\u{1e}{row}", self.table));
        self.issued.get(row).map_or_else(made, |id| (*id).to_owned())
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
