//! What was read from the tables: typed values that remember their cells.

use std::fmt;

use chrono::{NaiveDate, NaiveDateTime};
use indexmap::IndexMap;

use super::header::HeaderUnit;
use crate::cell::{Area, Content, Place};
use crate::quantity::{Measure, Nothing, Period, Quantity, Remark, Span, Target, UnitPrice};

/// Everything read from one workbook, by table.
#[derive(Debug, Clone, Default)]
pub struct Records {
    /// Who the workbook says it is.
    pub identity: Identity,
    /// Tables found, in catalogue order. A table that is there but empty has no rows.
    pub tables: IndexMap<String, TableRecords>,
    /// What was not read, and why (未检查).
    pub unread: Vec<Unread>,
    /// Tables somebody has to say something of, and those somebody has (认表).
    pub questions: Vec<TableQuestion>,
}

/// A table that was not surely recognised, or that somebody has said something of.
#[derive(Debug, Clone, PartialEq)]
pub struct TableQuestion {
    /// Where it stands: sheet, header and body; again with the same header below or on other sheets.
    pub places: Vec<(std::sync::Arc<str>, Area)>,
    /// The table it looks like, or was said to be; `None` for none of ours.
    pub table: Option<String>,
    /// The other one it may be as well.
    pub rival: Option<String>,
    /// The columns (`a|b`) it would still need.
    pub unmet: Vec<String>,
    /// Its headers, left to right, without days that go on across.
    pub columns: Vec<HeaderQuestion>,
    /// Who has answered.
    pub answered: Option<Answered>,
}

impl TableQuestion {
    /// Whether something is still to be said of it: what it is, or, where that was said and none of its headers
    /// fitted by itself, what these mean.
    pub fn is_open(&self) -> bool {
        self.answered.is_none() || self.is_without_columns()
    }

    /// Whether nothing is read of it though it was said to be one of ours.
    pub fn is_without_columns(&self) -> bool {
        let fits_nothing = self.columns.iter().all(|header| header.column.is_empty());
        self.answered.is_some() && self.table.is_some() && fits_nothing
    }
}

/// Who has said what a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// The workbook itself, on its sheet 认表.
    Here,
    /// The settings.
    Settings,
}

/// A header of such a table.
#[derive(Debug, Clone, PartialEq)]
pub struct HeaderQuestion {
    /// As typed.
    pub typed: String,
    /// The cell.
    pub at: Place,
    /// The column it means, as an answer writes it; empty where it is not read.
    pub column: String,
    /// The first thing that stands below.
    pub example: String,
}

/// What the workbook's carriers say about it; whatever survived.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// Template id.
    pub template: Option<String>,
    /// Template version.
    pub version: Option<u32>,
    /// Campaign id, as `fupan new` issued it.
    pub campaign: Option<String>,
    /// Day of issue.
    pub issued: Option<NaiveDate>,
    /// Id of what it was issued with.
    pub snapshot: Option<String>,
    /// Which issue of its campaign it is, from 0.
    pub generation: Option<u32>,
    /// To whom it was issued.
    pub recipient: Option<String>,
    /// The campaign's name its blank was issued with.
    pub name: Option<String>,
    /// Which carriers survived: `property`, `sheet`, `name`.
    pub carriers: Vec<&'static str>,
}

/// The rows of one table, possibly from several places.
#[derive(Debug, Clone, Default)]
pub struct TableRecords {
    /// Where the table was found, and why we think so.
    pub regions: Vec<Region>,
    /// Records in order of sheets and rows; rows that are wholly empty, totals and examples are left out.
    pub rows: Vec<Record>,
    /// Total rows people typed (合计 小计): recognised, checked, not counted.
    pub totals: Vec<Record>,
}

/// A place where a table was recognised.
#[derive(Debug, Clone)]
pub struct Region {
    /// Sheet name.
    pub sheet: std::sync::Arc<str>,
    /// Rectangle from the header row to the last row read.
    pub area: Area,
    /// How it was recognised, best evidence first: `id`, `excel-table`, `sheet-name`, `title`, `headers`.
    pub evidence: Vec<&'static str>,
    /// How sure, from 0 to 1.
    pub score: f64,
    /// Columns found: column id → (header cell, header as typed, how it was matched, score).
    pub columns: IndexMap<String, ColumnMatch>,
    /// Columns that are none of ours: header cell and text.
    pub extra: Vec<(Place, String)>,
}

impl Region {
    /// The unit stated for the bare numbers of a column.
    pub fn unit(&self, column: &str) -> Option<HeaderUnit> {
        self.columns.get(column)?.unit
    }
}

/// How one header was matched to a column.
#[derive(Debug, Clone)]
pub struct ColumnMatch {
    /// The header cell.
    pub at: Place,
    /// The header as typed.
    pub header: String,
    /// `exact`, `alias`, `folded`, `fuzzy`, `content`, `position`, `span`, `meaning`, `told`.
    pub how: &'static str,
    /// From 0 to 1.
    pub score: f64,
    /// The unit of bare numbers: the header's own, or what a line above the table states.
    pub unit: Option<HeaderUnit>,
    /// Factor a bare number takes from that unit (10,000 for 万元).
    pub factor: f64,
}

/// Something that was not read or not checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Unread {
    /// Where.
    pub sheet: String,
    /// Which cells, where it is not the whole sheet.
    pub area: Option<Area>,
    /// Why, as a stable word: `extra-sheet`, `below-gap`, `beside-table`, `too-unlike`, `close-call`, `question`,
    /// `not-ours`, `picture`.
    pub reason: &'static str,
    /// How many filled cells that is.
    pub cells: usize,
    /// Details for a person, such as the two candidate tables of a close call.
    pub detail: String,
}

/// One row of a list, or a whole form.
#[derive(Debug, Clone)]
pub struct Record {
    /// The first cell of the row (of a form: its first value cell).
    pub at: Place,
    /// Every column of the table by id. Columns missing from the sheet are [`Field::absent`].
    pub fields: IndexMap<String, Field<Value>>,
    /// Cells under columns that are none of ours: header and content.
    pub extra: Vec<(String, Place, Content)>,
}

/// A value with its cell: what makes a finding point and a summary compute live.
#[derive(Clone, PartialEq)]
pub struct Field<T> {
    /// The value; `None` is unknown, never zero.
    pub value: Option<T>,
    /// Which kind of nothing stands there, where there is no value. `None` with no value: the column is missing.
    pub nothing: Option<Nothing>,
    /// The cell; `None` where the column is missing from the sheet.
    pub at: Option<Place>,
    /// What was typed.
    pub text: String,
    /// What had to be assumed.
    pub remarks: Vec<Remark>,
    /// Where the stored cell is a number: the value is exactly the cell times this, so a formula may refer to the cell.
    pub scale: Option<f64>,
    /// The cell holds a formula.
    pub computed: bool,
    /// Which part of the cell the value is, where it holds several (`start` and `end` of a period); empty for the whole.
    pub part: &'static str,
}

/// A value of any kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// text, long, code, person, dept, open.
    Text(String),
    /// count, number, money, percent (as ratio), score, numeric calc.
    Number(f64),
    /// choice: the stable id.
    Choice(String),
    /// yesno.
    YesNo(bool),
    /// target, target-or-text that reads as one.
    Target(Target),
    /// measure.
    Measure(Measure),
    /// date.
    Date(NaiveDate),
    /// datetime.
    Moment(NaiveDateTime),
    /// period.
    Period(Period),
    /// duration.
    Span(Span),
    /// list.
    List(Vec<String>),
    /// price.
    Price(UnitPrice),
    /// quantity.
    Quantity(Quantity),
}

impl<T> Field<T> {
    /// A field whose column is not on the sheet.
    pub fn absent() -> Field<T> {
        Field {
            value: None,
            nothing: None,
            at: None,
            text: String::new(),
            remarks: Vec::new(),
            scale: None,
            computed: false,
            part: "",
        }
    }

    /// The same field with its value seen as another type; `None` keeps the cell and loses the value.
    pub fn and_then<U>(self, f: impl FnOnce(T) -> Option<U>) -> Field<U> {
        Field {
            value: self.value.and_then(f),
            nothing: self.nothing,
            at: self.at,
            text: self.text,
            remarks: self.remarks,
            scale: self.scale,
            computed: self.computed,
            part: self.part,
        }
    }

    /// Whether nothing was typed, or the column is missing.
    pub fn is_blank(&self) -> bool {
        self.value.is_none() && matches!(self.nothing, None | Some(Nothing::Blank))
    }
}

impl<T: Copy> Field<T> {
    /// The value.
    pub fn get(&self) -> Option<T> {
        self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for Field<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.value, &self.nothing) {
            (Some(value), _) => write!(f, "{value:?}")?,
            (None, Some(nothing)) => write!(f, "{nothing:?}")?,
            (None, None) => write!(f, "absent")?,
        }
        match &self.at {
            Some(at) => write!(f, " @{at}"),
            None => Ok(()),
        }
    }
}

impl TableRecords {
    /// Whether anything was filled in.
    pub fn in_use(&self) -> bool {
        !self.rows.is_empty()
    }
}
