//! The value grammar: any text under a column of every kind.
//!
//! Every number is finite, none is zero unless the text says zero, writing a value is undone by reading it, and
//! padding, width and invisible characters change nothing.

use std::sync::OnceLock;

use chrono::NaiveDate;
use fupan::catalogue::fields::{ColumnReader, Reader, Source};
use fupan::catalogue::header::Header;
use fupan::catalogue::labels::{Matcher, TeamAliases};
use fupan::catalogue::record::Value;
use fupan::catalogue::tally::Tally;
use fupan::catalogue::{Catalogue, Column, Kind, Table, contact, suggested, typed};
use fupan::cell::{CellRef, Content, Place};
use fupan::diagnostic::Sink;
use fupan::locale::{Lang, fold, narrow};
use fupan::quantity::{Aim, Calendar, Expect, Period, Span, date, goals, number, period, remark_target};
use fupan::workbook::{Cell, Shown};

/// A column of every kind there is, under its own header and under headers with units.
struct Columns {
    reader: Reader<'static>,
    plain: Vec<ColumnReader<'static>>,
    under_units: Vec<ColumnReader<'static>>,
}

/// Kinds whose bare numbers take the unit of the header.
const NUMERIC: [Kind; 9] = [
    Kind::Count,
    Kind::Number,
    Kind::Money,
    Kind::Percent,
    Kind::Target,
    Kind::Measure,
    Kind::Duration,
    Kind::Price,
    Kind::Quantity,
];

fn columns() -> &'static Columns {
    static COLUMNS: OnceLock<Columns> = OnceLock::new();
    COLUMNS.get_or_init(|| {
        let catalogue = Catalogue::shipped();
        let matcher: &'static Matcher = Box::leak(Box::new(Matcher::new(catalogue, &TeamAliases::default())));
        let mut seen = Vec::new();
        let mut kinds: Vec<(&'static Table, &'static Column)> = Vec::new();
        for table in catalogue.tables.values() {
            for column in &table.columns {
                if !seen.contains(&(column.kind, column.shown)) {
                    seen.push((column.kind, column.shown));
                    kinds.push((table, column));
                }
            }
        }
        let day = |day| NaiveDate::from_ymd_opt(2024, 10, day).unwrap();
        let campaign = Some(Period { start: day(8), end: day(31) });
        let calendar = Calendar { campaign, holidays: None };
        let under = |unit: &str| -> Vec<ColumnReader<'static>> {
            let reader = |(table, column): &(&'static Table, &'static Column)| {
                let header = Header::parse(&format!("{}{unit}", column.label.zh));
                ColumnReader::new(&table.id, column, header.unit)
            };
            kinds.iter().map(reader).collect()
        };
        let mut under_units = [under("（万元）"), under("(%)"), under("（分钟）")].concat();
        under_units.retain(|column| NUMERIC.contains(&column.column.kind));
        Columns {
            reader: Reader { matcher, calendar, rates: Default::default(), handmade: false },
            plain: under(""),
            under_units,
        }
    })
}

fn read(column: &ColumnReader<'static>, content: Content, shown: Shown) -> Option<Value> {
    let cell = Cell { content, formula: None, shown };
    let at = Place::new("表", CellRef::new(1, 0));
    let source = Source { at, cell: &cell, without_result: false, picture: false };
    let mut tally = Tally::default();
    let field = columns().reader.field(column, &source, &mut tally);
    assert!(field.value.is_some() || field.nothing.is_some(), "neither a value nor a reason");
    let mut sink = Sink::default();
    tally.report(&mut sink);
    for finding in &sink.findings {
        let _ = finding.message(Lang::Zh);
    }
    field.value
}

/// Every number in a value.
fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Number(n) => vec![*n],
        Value::Measure(measure) => vec![measure.value],
        Value::Target(target) => match target.aim {
            Aim::Level(a) | Aim::Growth(a) | Aim::GrowthPoints(a) | Aim::GrowthBy(a) => vec![a],
            Aim::Range(a, b) | Aim::GrowthRange(a, b) | Aim::FromTo(a, b) => vec![a, b],
        },
        Value::Span(Span::Seconds(n) | Span::WorkingDays(n)) => vec![*n],
        Value::Price(price) => vec![price.amount, price.lot],
        Value::Quantity(quantity) => vec![quantity.value],
        _ => Vec::new(),
    }
}

fn says_zero(text: &str) -> bool {
    narrow(text).chars().any(|c| matches!(c, '0' | '零' | '〇' | '○'))
}

/// Whether a value is what was typed, and so changes with its spelling.
fn is_words(value: &Value) -> bool {
    matches!(value, Value::Text(_) | Value::List(_))
}

/// The same text as other keyboards and programs write it.
fn spellings(text: &str) -> Vec<String> {
    let wide = |c: char| match c {
        '!'..='~' => char::from_u32(c as u32 + 0xfee0).unwrap_or(c),
        c => c,
    };
    let mut spellings = vec![
        text.chars().map(wide).collect(),
        format!("\u{3000} {text}\u{a0}"),
        format!("\u{feff}{text}\u{200b}"),
    ];
    // Where nothing combines with what stands before it, nothing is lost by standing apart.
    if text.chars().all(|c| c.is_ascii() || ('\u{4e00}'..='\u{9fff}').contains(&c)) {
        spellings.push(text.chars().flat_map(|c| [c, '\u{200b}']).collect());
    }
    spellings
}

fn written_back(value: &Value) {
    match value {
        Value::Date(day) => {
            let again = date::read(&Content::Text(date::show(*day)), &Calendar::default());
            assert_eq!(again.get(), Some(day), "{}", date::show(*day));
        }
        Value::Period(span) => {
            assert!(span.start <= span.end);
            let again = period::read(&Content::Text(period::show(*span)), &Calendar::default());
            assert_eq!(again.get(), Some(span), "{}", period::show(*span));
        }
        Value::Number(n) if n.abs() < 1e15 => {
            let shown = typed(&Content::Number(*n));
            let again = number::read(&Content::Text(shown.clone()), 1.0, Expect::Plain);
            assert_eq!(again.get().map(|number| number.value), Some(*n), "{shown}");
            let cents = (n * 100.0).round();
            if cents.abs() < 9e12 && cents / 100.0 == *n {
                let shown = number::show_wan(*n);
                let again = number::read(&Content::Text(shown.clone()), 1.0, Expect::Money);
                assert_eq!(again.get().map(|number| (number.value * 100.0).round()), Some(cents), "{shown}");
            }
        }
        _ => {}
    }
}

/// Reads the bytes as a text and, where there are eight, as a number.
pub fn law(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let columns = columns();
    let zero = says_zero(&text);
    for column in &columns.plain {
        let value = read(column, Content::Text(text.clone().into_owned()), Shown::General);
        let Some(value) = value else { continue };
        for n in numbers(&value) {
            assert!(n.is_finite());
            assert!(n != 0.0 || zero, "{:?} reads {text:?} as zero", column.column.kind);
        }
        written_back(&value);
    }
    for column in &columns.under_units {
        let value = read(column, Content::Text(text.clone().into_owned()), Shown::Percent);
        for n in value.iter().flat_map(numbers) {
            assert!(n.is_finite() && (n != 0.0 || zero), "{:?} reads {text:?} as {n}", column.column.kind);
        }
    }
    let compared = || columns.plain.iter().filter(|column| column.column.kind != Kind::Calc);
    let read_as = |column: &ColumnReader<'static>, text: &str| {
        let value = read(column, Content::Text(text.to_owned()), Shown::General);
        value.filter(|value| !is_words(value))
    };
    let values: Vec<Option<Value>> = compared().map(|column| read_as(column, &text)).collect();
    for other in spellings(&text) {
        for (column, value) in compared().zip(&values) {
            let same = read_as(column, &other);
            assert_eq!(*value, same, "{:?}: {text:?} and {other:?}", column.column.kind);
        }
    }
    for column in &columns.plain {
        for shown in [Shown::General, Shown::Percent, Shown::Date] {
            let cell = Cell { content: Content::Number(1.0), formula: None, shown };
            if let Content::Number(n) | Content::Serial(n) =
                suggested::content(Some(column.column), column.factor, &cell, &text)
            {
                assert!(n.is_finite());
            }
        }
    }
    let _ = (goals::split(&text), remark_target::named_rates(&text), contact::found(&text), fold(&text));
    if let Some(number) = bytes.first_chunk::<8>() {
        let number = f64::from_le_bytes(*number);
        for column in columns.plain.iter().chain(&columns.under_units) {
            for content in [Content::Number(number), Content::Serial(number)] {
                let value = read(column, content, Shown::General);
                for n in value.iter().flat_map(numbers) {
                    assert!(n.is_finite(), "{:?} reads {number} as {n}", column.column.kind);
                }
            }
        }
    }
}
