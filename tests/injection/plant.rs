//! One mistake, declared: what kind it is, how it is made, where it must be pointed at, and what else may rightly
//! be said because of it.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use fupan::catalogue::{Catalogue, Kind};
use fupan::cell::Place;

use super::chance::Chance;
use super::clean::Book;
use super::draft::{Draft, Row, Say};
use super::layout::{Laid, Layout, lay};
use super::story::Story;

/// Where a finding must point.
#[derive(Debug, Clone, PartialEq)]
pub enum Spot {
    /// A cell by table, row and column.
    Cell(String, usize, String),
    /// Any cell of a column.
    Column(String, String),
    /// A header.
    Header(String, String),
    /// A cell of the sheet.
    At(Place),
    /// A sheet, or any cell of it.
    Sheet(String),
    /// The code alone tells it.
    Anywhere,
}

/// The cell of a table, row and column.
pub fn cell(table: &str, row: usize, column: &str) -> Spot {
    Spot::Cell(table.to_owned(), row, column.to_owned())
}

/// A clean workbook about to be spoilt.
pub struct Site<'a> {
    pub catalogue: &'a Catalogue,
    pub story: &'a Story,
    pub template: &'a str,
    pub layout: Layout,
    pub draft: Draft,
    pub r: Chance,
}

impl Site<'_> {
    /// A row of a table by chance, of those that fit.
    pub fn row_where(&mut self, table: &str, fits: impl Fn(&Row) -> bool) -> Option<usize> {
        let rows: Vec<usize> = self
            .draft
            .rows(table)
            .iter()
            .enumerate()
            .filter(|(_, row)| fits(row))
            .map(|(at, _)| at)
            .collect();
        (!rows.is_empty()).then(|| *self.r.one(&rows))
    }

    /// Any row of a table.
    pub fn row(&mut self, table: &str) -> Option<usize> {
        self.row_where(table, |_| true)
    }

    pub fn has(&self, table: &str) -> bool {
        !self.draft.rows(table).is_empty()
    }

    pub fn figure(&self, table: &str, row: usize, column: &str) -> Option<f64> {
        self.draft.figure(table, row, column)
    }

    pub fn put(&mut self, table: &str, row: usize, column: &str, say: Say) -> Option<Vec<Spot>> {
        self.draft.put(table, row, column, say);
        Some(vec![cell(table, row, column)])
    }
}

/// What is done before the workbook is laid out; `None` where it cannot be done in this one.
pub type Typed = Box<dyn Fn(&mut Site<'_>) -> Option<Vec<Spot>> + Send + Sync>;
/// What is done to the workbook as it stands.
pub type Done = Box<dyn Fn(&mut Laid, &Book, &mut Chance) -> Option<Vec<Spot>> + Send + Sync>;

pub enum Spoil {
    Typed(Typed),
    Done(Done),
}

/// One declared mistake.
pub struct Fault {
    /// The code that must come.
    pub code: &'static str,
    /// Where and how, for people: `kpi.target “尽量高”`.
    pub about: String,
    /// What belongs together: a code and a column, of which several variants are tried.
    pub group: String,
    pub spoil: Spoil,
    /// Findings above a note that follow from it, as a person would agree.
    pub also: &'static [&'static str],
}

impl Fault {
    pub fn typed(
        code: &'static str,
        about: impl Into<String>,
        spoil: impl Fn(&mut Site<'_>) -> Option<Vec<Spot>> + Send + Sync + 'static,
    ) -> Fault {
        let about = about.into();
        let group = about.split(' ').next().unwrap_or_default().to_owned();
        Fault { code, about, group, spoil: Spoil::Typed(Box::new(spoil)), also: &[] }
    }

    pub fn done(
        code: &'static str,
        about: impl Into<String>,
        spoil: impl Fn(&mut Laid, &Book, &mut Chance) -> Option<Vec<Spot>> + Send + Sync + 'static,
    ) -> Fault {
        let about = about.into();
        let group = about.split(' ').next().unwrap_or_default().to_owned();
        Fault { code, about, group, spoil: Spoil::Done(Box::new(spoil)), also: &[] }
    }

    pub fn also(mut self, also: &'static [&'static str]) -> Fault {
        self.also = also;
        self
    }

    /// The workbook with the mistake in it, and the cells either of which must be pointed at.
    pub fn plant(
        &self,
        catalogue: &Catalogue,
        book: &Book,
        mut r: Chance,
    ) -> Option<(Laid, BTreeSet<Place>, Vec<Spot>)> {
        let (laid, spots) = match &self.spoil {
            Spoil::Typed(spoil) => {
                let mut site = Site {
                    catalogue,
                    story: &book.story,
                    template: &book.template,
                    layout: book.layout,
                    draft: book.draft.clone(),
                    r,
                };
                let spots = spoil(&mut site)?;
                let mut draft = site.draft;
                recompute(catalogue, &book.draft, &mut draft);
                let changed = typed_over(&book.draft, &draft);
                let laid = lay(catalogue, &book.template, &draft, &book.voice, book.layout);
                // What a team left out of its sheets cannot be typed there.
                if changed.iter().any(|(table, row, column)| laid.at(table, *row, column).is_none()) {
                    return None;
                }
                (laid, spots)
            }
            Spoil::Done(spoil) => {
                let mut laid = book.laid(catalogue);
                let spots = spoil(&mut laid, book, &mut r)?;
                (laid, spots)
            }
        };
        let mut places = BTreeSet::new();
        for spot in &spots {
            match spot {
                Spot::Cell(table, row, column) => {
                    // A column this team left out cannot be spoilt.
                    places.insert(laid.at(table, *row, column)?.clone());
                }
                Spot::Column(table, column) => {
                    places.extend(
                        laid.places
                            .iter()
                            .filter(|((t, _, c), _)| t == table && c == column)
                            .map(|(_, at)| at.clone()),
                    );
                }
                Spot::Header(table, column) => {
                    places.insert(laid.headers.get(&(table.clone(), column.clone()))?.clone());
                }
                Spot::At(place) => {
                    places.insert(place.clone());
                }
                Spot::Sheet(_) | Spot::Anywhere => {}
            }
        }
        Some((laid, places, spots))
    }
}

/// Cells that say something else than before, in tables whose rows stayed.
fn typed_over(before: &Draft, after: &Draft) -> Vec<(String, usize, String)> {
    let mut changed = Vec::new();
    for (table, rows) in &after.tables {
        let old = before.rows(table);
        if old.len() != rows.len() {
            continue;
        }
        for (at, row) in rows.iter().enumerate() {
            for (column, say) in row {
                if old[at].get(column) != Some(say) {
                    changed.push((table.clone(), at, column.clone()));
                }
            }
        }
    }
    changed
}

/// What the workbook computes from a row is not what it was once the row is changed: it is left out there, unless
/// the mistake was typed over it.
fn recompute(catalogue: &Catalogue, before: &Draft, after: &mut Draft) {
    let tables: Vec<String> = after.tables.keys().cloned().collect();
    for id in &tables {
        let old = before.rows(id);
        let new = after.rows(id);
        let mut changed: BTreeSet<usize> = (0..new.len()).filter(|at| old.get(*at) != new.get(*at)).collect();
        changed.extend(changed.clone().iter().map(|at| at + 1));
        let whole = (id == "results" && before.rows("kpi") != after.rows("kpi"))
            || (id == "sales" && !changed.is_empty());
        let table = &catalogue.tables[id];
        for at in 0..new.len() {
            if !whole && !changed.contains(&at) {
                continue;
            }
            for column in table.columns.iter().filter(|column| column.kind == Kind::Calc) {
                if matches!(after.said(id, at, &column.id), Some(Say::Computed(_) | Say::ComputedWord(_))) {
                    after.empty(id, at, &column.id);
                }
            }
        }
    }
}

/// A day of a row.
pub fn day(site: &Site<'_>, table: &str, row: usize, column: &str) -> Option<NaiveDate> {
    match site.draft.said(table, row, column)? {
        Say::Day(day) | Say::FullDay(day) => Some(*day),
        _ => None,
    }
}
