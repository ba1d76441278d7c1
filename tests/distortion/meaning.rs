//! Whether a value that was read is what was meant. Knows what was said before it was spelt; asks the value grammar
//! only where words were the meaning (a price, a length of time).

use fupan::catalogue::record::Value;
use fupan::catalogue::{Catalogue, Column, Kind};
use fupan::cell::Content;
use fupan::locale::fold;
use fupan::quantity::{self, Aim, Comparator, Span};

use super::made::shipped;
use crate::injection::draft::{Bound, Say, Unit};

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 2e-6 + 1e-7 * b.abs()
}

/// What a figure of a unit is multiplied with where values are kept in the base unit: time is kept in seconds.
fn base(unit: Unit) -> f64 {
    match unit {
        Unit::Word("分钟") => 60.0,
        Unit::Word("小时") => 3_600.0,
        Unit::Word("天") => 86_400.0,
        _ => 1.0,
    }
}

/// Whether a value says what was meant.
pub fn right(column: &Column, say: &Say, value: &Value) -> bool {
    match (say, value) {
        (Say::Text(words), _) => worded(column, words, value),
        (Say::Number(n) | Say::Money(n) | Say::Count(n) | Say::Rate(n) | Say::Computed(n), _) => {
            figure(value).is_some_and(|read| near(read, *n))
        }
        (Say::Measure(n, unit), _) => figure(value).is_some_and(|read| near(read, n * base(*unit))),
        (Say::Day(day) | Say::FullDay(day), Value::Date(read)) => read == day,
        (Say::Moment(moment), Value::Moment(read)) => (*read - *moment).num_seconds().abs() <= 1,
        (Say::Span(first, last), Value::Period(read)) => read.start == *first && read.end == *last,
        (Say::Pick(id) | Say::ComputedWord(id), _) => picked(shipped(), column, id, value),
        (Say::List(names), Value::List(read)) => {
            names.len() == read.len() && names.iter().zip(read).all(|(a, b)| fold(a) == fold(b))
        }
        (Say::Aim(bound, n, unit), Value::Target(target)) => {
            let side = match bound {
                Bound::Plain => Comparator::Plain,
                Bound::AtLeast => Comparator::AtLeast,
                Bound::AtMost => Comparator::AtMost,
            };
            target.comparator == side && matches!(target.aim, Aim::Level(read) if near(read, n * base(*unit)))
        }
        (Say::Range(low, high, unit), Value::Target(target)) => {
            let unit = base(*unit);
            matches!(target.aim, Aim::Range(a, b) if near(a, low * unit) && near(b, high * unit))
        }
        (Say::Growth(share), Value::Target(target)) => {
            matches!(target.aim, Aim::Growth(read) if near(read, *share))
        }
        _ => false,
    }
}

fn figure(value: &Value) -> Option<f64> {
    Some(match value {
        Value::Number(n) | Value::Span(Span::Seconds(n)) => *n,
        Value::Measure(measure) => measure.value,
        Value::Price(price) => price.amount,
        Value::Quantity(quantity) => quantity.value,
        Value::Target(target) => match target.aim {
            Aim::Level(n) => n,
            _ => return None,
        },
        _ => return None,
    })
}

fn picked(catalogue: &Catalogue, column: &Column, id: &str, value: &Value) -> bool {
    match value {
        Value::Choice(read) => read == id,
        Value::YesNo(read) => *read == (id == "yes"),
        Value::Text(read) => catalogue
            .choices_of(column)
            .iter()
            .filter(|choice| choice.id == id)
            .any(|choice| choice.label.spoken().iter().any(|label| fold(label) == fold(read))),
        _ => false,
    }
}

fn worded(column: &Column, words: &str, value: &Value) -> bool {
    let content = Content::Text(words.to_owned());
    let same = |read: Option<Value>| read.as_ref() == Some(value);
    match column.kind {
        Kind::Price => same(quantity::price::read(&content).get().cloned().map(Value::Price)),
        Kind::Quantity => same(quantity::price::quantity(&content).get().cloned().map(Value::Quantity)),
        Kind::Duration => same(quantity::duration::read(&content, 1.0).get().cloned().map(Value::Span)),
        Kind::Target => same(quantity::target::read(&content, false, 1.0).get().cloned().map(Value::Target)),
        Kind::Measure => {
            let read = quantity::measure::read(&content, false, 1.0).get().map(|number| number.value);
            read.zip(figure(value)).is_some_and(|(a, b)| near(a, b))
        }
        Kind::TargetOrText => match value {
            Value::Text(read) => fold(read) == fold(words),
            other => {
                same(quantity::target::read(&content, false, 1.0).get().cloned().map(Value::Target))
                    && figure(other).is_some()
            }
        },
        Kind::List => match value {
            Value::List(read) => quantity::list::read(&content).get().is_some_and(|names| names == read),
            _ => false,
        },
        _ => match value {
            Value::Text(read) => fold(read) == fold(words),
            Value::Choice(read) => shipped()
                .choices_of(column)
                .iter()
                .any(|choice| choice.id == *read && choice.keys().contains(&fold(words))),
            _ => false,
        },
    }
}
