//! Every table as it was read: typed values with their cells and what was typed.

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Value, json};

use crate::catalogue::record::{self, Field};
use crate::cell::{CellRef, Place};
use crate::locale::Lang;
use crate::review::Review;

/// One table.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Table<'a> {
    /// Its title.
    pub label: String,
    /// Where it was found: sheet and cells.
    pub areas: Vec<String>,
    /// Its rows, in order; a form has one.
    pub rows: Vec<Row<'a>>,
}

/// One row.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Row<'a> {
    /// Its first cell.
    pub at: &'a Place,
    /// Columns that are on the sheet, by column id.
    pub fields: IndexMap<&'a str, Cell<'a>>,
}

/// One cell of a row.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Cell<'a> {
    /// The cell, on the sheet of its row unless it says another.
    pub cell: CellRef,
    /// What was typed.
    pub text: &'a str,
    /// What it was read as, in the base unit (元, ratio, seconds, pieces); null where nothing is known, never 0 instead.
    pub value: Value,
}

/// Something on a sheet that was not read.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Unread<'a> {
    /// The sheet.
    pub sheet: &'a str,
    /// Its cells; null for a whole sheet.
    pub area: Option<String>,
    /// Why: a stable word.
    pub reason: &'static str,
    /// How many cells hold something.
    pub cells: usize,
    /// More of the reason.
    pub detail: &'a str,
}

impl Unread<'_> {
    pub(super) fn of(unread: &record::Unread) -> Unread<'_> {
        Unread {
            sheet: &unread.sheet,
            area: unread.area.map(|area| area.to_string()),
            reason: unread.reason,
            cells: unread.cells,
            detail: &unread.detail,
        }
    }
}

pub(super) fn tables<'a>(review: &'a Review<'_>, lang: Lang) -> IndexMap<String, Table<'a>> {
    let label =
        |id: &str| review.catalogue.tables.get(id).map(|table| table.label.get(lang)).unwrap_or_default();
    let table = |(id, table): (&String, &'a record::TableRecords)| {
        let areas = table.regions.iter().map(|region| format!("{}!{}", region.sheet, region.area)).collect();
        let rows = table.rows.iter().map(row).collect();
        (id.clone(), Table { label: label(id), areas, rows })
    };
    review.records.tables.iter().map(table).collect()
}

fn row(row: &record::Record) -> Row<'_> {
    let cell = |(id, field)| {
        let Field { at: Some(at), text, value, .. }: &Field<record::Value> = field else { return None };
        let value = value.as_ref().map_or(Value::Null, plain);
        Some((String::as_str(id), Cell { cell: at.cell, text, value }))
    };
    Row { at: &row.at, fields: row.fields.iter().filter_map(cell).collect() }
}

fn plain(value: &record::Value) -> Value {
    match value {
        record::Value::Text(text) | record::Value::Choice(text) => json!(text),
        record::Value::Number(n) => json!(n),
        record::Value::YesNo(yes) => json!(yes),
        record::Value::Target(target) => json!(target),
        record::Value::Measure(measure) => json!(measure),
        record::Value::Date(day) => json!(day),
        record::Value::Moment(moment) => json!(moment),
        record::Value::Period(period) => json!(period),
        record::Value::Span(span) => json!(span),
        record::Value::List(texts) => json!(texts),
        record::Value::Price(price) => json!(price),
        record::Value::Quantity(quantity) => json!(quantity),
    }
}
