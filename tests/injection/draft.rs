//! What is to be typed into the tables, by table and column id: meanings, not spellings. A [`super::voice`] spells
//! them and a [`super::layout`] puts them somewhere.

use chrono::{NaiveDate, NaiveDateTime};
use fupan::cell::Content;
use fupan::workbook::Shown;
use indexmap::IndexMap;

/// One meaning.
#[derive(Debug, Clone, PartialEq)]
pub enum Say {
    /// Words.
    Text(String),
    /// A plain number, always typed as one.
    Number(f64),
    /// 元.
    Money(f64),
    /// So many of something.
    Count(f64),
    /// A ratio, shown as percent.
    Rate(f64),
    /// A day inside the campaign, whose year goes without saying.
    Day(NaiveDate),
    /// A day whose year must be said.
    FullDay(NaiveDate),
    /// A day and a time.
    Moment(NaiveDateTime),
    /// First and last day.
    Span(NaiveDate, NaiveDate),
    /// A choice of the column's list, by id.
    Pick(&'static str),
    /// Names.
    List(Vec<String>),
    /// What is to be reached: comparator and figure.
    Aim(Bound, f64, Unit),
    /// A figure with its unit.
    Measure(f64, Unit),
    /// A range of figures.
    Range(f64, f64, Unit),
    /// That much more than before.
    Growth(f64),
    /// What the workbook computes, where it computes; nothing is typed elsewhere.
    Computed(f64),
    /// A word the workbook computes.
    ComputedWord(&'static str),
    /// Exactly this.
    Raw(Content, Shown),
    /// Exactly this, as the result of a formula.
    Formula(String, Content),
    /// A formula whose result was never stored.
    Unstored(String),
}

/// Which way a target counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bound {
    Plain,
    AtLeast,
    AtMost,
}

/// In what a figure is counted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Unit {
    Yuan,
    Percent,
    Times,
    Word(&'static str),
}

impl Say {
    pub fn text(text: impl Into<String>) -> Say {
        Say::Text(text.into())
    }

    pub fn raw(text: &str) -> Say {
        Say::Raw(Content::Text(text.into()), Shown::General)
    }

    pub fn bare(number: f64) -> Say {
        Say::Raw(Content::Number(number), Shown::General)
    }
}

/// One row, or a whole form.
pub type Row = IndexMap<String, Say>;

/// Everything to be typed into one workbook.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    pub tables: IndexMap<String, Vec<Row>>,
}

impl Draft {
    pub fn rows(&self, table: &str) -> &[Row] {
        self.tables.get(table).map_or(&[], Vec::as_slice)
    }

    /// What is typed there, if anything.
    pub fn said(&self, table: &str, row: usize, column: &str) -> Option<&Say> {
        self.rows(table).get(row)?.get(column)
    }

    /// Types over a cell.
    pub fn put(&mut self, table: &str, row: usize, column: &str, say: Say) {
        if let Some(row) = self.tables.get_mut(table).and_then(|rows| rows.get_mut(row)) {
            row.insert(column.to_owned(), say);
        }
    }

    /// Empties a cell.
    pub fn empty(&mut self, table: &str, row: usize, column: &str) {
        if let Some(row) = self.tables.get_mut(table).and_then(|rows| rows.get_mut(row)) {
            row.shift_remove(column);
        }
    }

    /// A figure typed there, where it is one.
    pub fn figure(&self, table: &str, row: usize, column: &str) -> Option<f64> {
        match self.said(table, row, column)? {
            Say::Number(n)
            | Say::Money(n)
            | Say::Count(n)
            | Say::Rate(n)
            | Say::Measure(n, _)
            | Say::Aim(_, n, _)
            | Say::Computed(n) => Some(*n),
            _ => None,
        }
    }
}
