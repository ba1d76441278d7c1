//! What a run knows as tidy tables, for whoever works with them further.
//!
//! One struct a table; its fields are the columns, in order. Types every engine
//! reads alike without being told: text, number, count, flag and day; no lists,
//! no moments. What is unknown is NULL, never 0 and never an empty text.
//! Nothing here opens a file: rows go to whatever takes bytes, a batch of them
//! at a time.

mod columns;
mod csv;
mod of;
mod parquet;
mod rows;
mod same;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use columns::columns;
pub use of::{
    Lines, Whence, computed, computed_of, conflicts, edits, finding, lines, position_of, roster, union,
};
pub use parquet::{Read, ReadError, read};
pub use rows::{
    Action, Budget, Campaign, Channel, Column, Conflict, Edit, Experience, File, Finding, Goal, Problem,
    Roster,
};
pub use same::tell_same;

/// The folder of the tables in a folder of results.
pub const FOLDER: &str = "data";
/// The consolidation as SQL: a file of views for each engine, then files every engine runs.
pub const SQL: &[(&str, &str)] = &[
    ("views.duckdb.sql", include_str!("sql/views.duckdb.sql")),
    ("views.spark.sql", include_str!("sql/views.spark.sql")),
    ("completion.sql", include_str!("sql/completion.sql")),
    ("channel_return.sql", include_str!("sql/channel_return.sql")),
    ("budget_use.sql", include_str!("sql/budget_use.sql")),
    ("open_actions.sql", include_str!("sql/open_actions.sql")),
    ("recurring_problems.sql", include_str!("sql/recurring_problems.sql")),
];

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// VARCHAR.
    Text,
    /// DOUBLE.
    Number,
    /// BIGINT.
    Count,
    /// BOOLEAN.
    Flag,
    /// DATE.
    Day,
}

impl Kind {
    /// Its name in SQL.
    pub fn sql(self) -> &'static str {
        match self {
            Kind::Text => "VARCHAR",
            Kind::Number => "DOUBLE",
            Kind::Count => "BIGINT",
            Kind::Flag => "BOOLEAN",
            Kind::Day => "DATE",
        }
    }
}

/// What one cell of a table holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// Unknown.
    #[default]
    Null,
    /// A text that is not empty.
    Text(String),
    /// A finite number.
    Number(f64),
    /// A whole number.
    Count(i64),
    /// Yes or no.
    Flag(bool),
    /// A day.
    Day(NaiveDate),
}

/// What a field of a row is as a cell, and back.
pub trait Cell: Sized {
    /// What its column holds.
    const KIND: Kind;
    /// As a cell.
    fn value(&self) -> Value;
    /// Of a cell; of one of another kind, what is unknown.
    fn of(value: Value) -> Self;
}

impl Cell for String {
    const KIND: Kind = Kind::Text;
    fn value(&self) -> Value {
        if self.is_empty() { Value::Null } else { Value::Text(self.clone()) }
    }
    fn of(value: Value) -> String {
        if let Value::Text(text) = value { text } else { String::new() }
    }
}

macro_rules! cells {
    ($($of:ty, $kind:ident, $known:expr;)*) => { $(
        impl Cell for Option<$of> {
            const KIND: Kind = Kind::$kind;
            fn value(&self) -> Value {
                let known: fn(&$of) -> bool = $known;
                self.filter(known).map(Value::$kind).unwrap_or_default()
            }
            fn of(value: Value) -> Option<$of> {
                if let Value::$kind(value) = value { Some(value) } else { None }
            }
        }
    )* };
}

cells! {
    f64, Number, |number| number.is_finite();
    i64, Count, |_| true;
    bool, Flag, |_| true;
    NaiveDate, Day, |_| true;
}

/// A row of a table.
pub trait Row: Sized {
    /// The table's name.
    const TABLE: &'static str;
    /// Its columns: name and what they hold.
    fn columns() -> Vec<(&'static str, Kind)>;
    /// Its cells, in the order of the columns.
    fn values(&self) -> Vec<Value>;
    /// Of cells in the order of the columns; what is missing is unknown.
    fn of(values: &mut dyn Iterator<Item = Value>) -> Self;
}

/// Where rows go: one table being written, as Parquet and, where wanted, as CSV.
pub struct Sink<R: Row, W: std::io::Write + Send, C: std::io::Write> {
    parquet: parquet::Writer<W>,
    csv: Option<csv::Writer<C>>,
    of: std::marker::PhantomData<fn(R)>,
}

/// Why a table could not be written.
#[derive(Debug, thiserror::Error)]
pub enum SinkError {
    /// The Parquet file.
    #[error(transparent)]
    Parquet(#[from] ::parquet::errors::ParquetError),
    /// The CSV file.
    #[error(transparent)]
    Csv(#[from] std::io::Error),
}

impl<R: Row, W: std::io::Write + Send, C: std::io::Write> Sink<R, W, C> {
    /// Begins a table.
    ///
    /// # Errors
    /// When nothing can be written.
    pub fn begin(parquet: W, csv: Option<C>) -> Result<Sink<R, W, C>, SinkError> {
        let columns = R::columns();
        Ok(Sink {
            parquet: parquet::Writer::begin(parquet, R::TABLE, &columns)?,
            csv: csv.map(|csv| csv::Writer::begin(csv, &columns)).transpose()?,
            of: std::marker::PhantomData,
        })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn add(&mut self, row: &R) -> Result<(), SinkError> {
        let values = row.values();
        if let Some(csv) = &mut self.csv {
            csv.add(&values)?;
        }
        self.parquet.add(values)?;
        Ok(())
    }

    /// Ends the table.
    ///
    /// # Errors
    /// When its end cannot be written.
    pub fn end(self) -> Result<(), SinkError> {
        self.parquet.end()?;
        if let Some(csv) = self.csv {
            csv.end()?;
        }
        Ok(())
    }
}

impl<R: Row, W: std::io::Write + Send, C: std::io::Write> std::fmt::Debug for Sink<R, W, C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sink({})", R::TABLE)
    }
}
