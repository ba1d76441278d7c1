//! Campaigns built by hand, for tests: a row is its table's columns with what was typed.
//!
//! Every cell gets a place of its own on a sheet named like the table, so that
//! formulas over the rows refer to something. Columns left out are absent.

use indexmap::IndexMap;

use crate::catalogue::record::{Field, Identity, Record, Records, TableRecords, Value};
use crate::cell::{CellRef, Place};
use crate::quantity::{Aim, Comparator, Measure, Nothing, Quantity, Target, Unit, UnitPrice};

/// A cell of a row.
pub type Cell = Option<Value>;

/// A text.
pub fn text(text: &str) -> Cell {
    Some(Value::Text(text.to_owned()))
}

/// A number stored as one.
pub fn number(n: f64) -> Cell {
    Some(Value::Number(n))
}

/// A choice by its id.
pub fn choice(id: &str) -> Cell {
    Some(Value::Choice(id.to_owned()))
}

/// A measure without unit, stored as a number.
pub fn measure(n: f64) -> Cell {
    Some(Value::Measure(Measure { value: n, unit: Unit::None }))
}

/// A level to reach, stored as a number.
pub fn target(level: f64) -> Cell {
    Some(Value::Target(Target {
        comparator: Comparator::Plain,
        aim: Aim::Level(level),
        unit: Unit::None,
        scale: Some(1.0),
    }))
}

/// A price for so many pieces.
pub fn price(amount: f64, lot: f64) -> Cell {
    Some(Value::Price(UnitPrice { amount, per: Vec::new(), lot }))
}

/// A quantity.
pub fn quantity(n: f64) -> Cell {
    Some(Value::Quantity(Quantity { value: n, factors: vec![(n, String::new())] }))
}

/// A day, `2024-10-08`.
pub fn date(day: &str) -> Cell {
    day.parse().ok().map(Value::Date)
}

/// A moment, `2024-10-08T10:30:00`.
pub fn moment(at: &str) -> Cell {
    at.parse().ok().map(Value::Moment)
}

/// Names in one cell.
pub fn list(names: &[&str]) -> Cell {
    Some(Value::List(names.iter().map(|name| (*name).to_owned()).collect()))
}

/// A cell left empty.
pub fn blank() -> Cell {
    None
}

/// A row: columns with their cells.
pub type Row<'a> = &'a [(&'a str, Cell)];

/// Records of these tables, each a list of rows.
pub fn records(tables: &[(&str, &[Row<'_>])]) -> Records {
    let mut records = Records { identity: Identity::default(), ..Records::default() };
    for (table, rows) in tables {
        let rows = (2u32..).zip(*rows).map(|(row, cells)| record(table, row, cells)).collect();
        records.tables.insert((*table).to_owned(), TableRecords { rows, ..TableRecords::default() });
    }
    records
}

fn record(table: &str, row: u32, cells: &[(&str, Cell)]) -> Record {
    let at = |col: u32| Place::new(table, CellRef::new(row, col));
    let fields: IndexMap<String, Field<Value>> = (0u32..)
        .zip(cells)
        .map(|(col, (column, value))| ((*column).to_owned(), field(value.clone(), at(col))))
        .collect();
    Record { at: at(0), fields, extra: Vec::new() }
}

/// A field that holds a value typed as itself.
pub fn field(value: Cell, at: Place) -> Field<Value> {
    let text = match &value {
        Some(Value::Text(text) | Value::Choice(text)) => text.clone(),
        Some(Value::Number(n)) => n.to_string(),
        Some(other) => format!("{other:?}"),
        None => String::new(),
    };
    Field {
        nothing: value.is_none().then_some(Nothing::Blank),
        // Two days stand in one text: their numbers are normalised.
        scale: (value.is_some() && !matches!(value, Some(Value::Period(_)))).then_some(1.0),
        value,
        at: Some(at),
        text,
        remarks: Vec::new(),
        computed: false,
        part: "",
    }
}
