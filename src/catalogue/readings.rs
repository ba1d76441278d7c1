//! One content read as each kind of column wants it, with the factor by which a formula may use its cell.

use super::Shown;
use super::fields::{ColumnReader, Rates};
use super::header::{HeaderUnit, UnitSort};
use super::record::Value;
use crate::cell::Content;
use crate::diagnostic::number;
use crate::quantity::{self, Calendar, Expect, Measure, Nothing, Number, Reading, Remark, Said, Unreadable};
use crate::workbook::{self, Cell};

/// A value on its way: reading, and the factor by which a formula may use the cell.
pub(super) struct Read {
    pub(super) said: Said<Value>,
    pub(super) remarks: Vec<Remark>,
    pub(super) scale: Option<f64>,
}

impl Read {
    /// The same, unless a unit made its number larger than numbers can be.
    fn finite(self) -> Read {
        let is_finite = match &self.said {
            Said::Value(Value::Number(n)) => n.is_finite(),
            Said::Value(Value::Measure(measure)) => measure.value.is_finite(),
            Said::Value(Value::Price(price)) => price.amount.is_finite(),
            Said::Value(Value::Target(target)) => target.aim.is_finite(),
            _ => true,
        };
        if is_finite { self } else { unreadable(Unreadable::NotFinite) }
    }

    /// The amount in 元, at so many 元 for one.
    pub(super) fn converted(mut self, rate: f64) -> Read {
        if let Said::Value(value) = &mut self.said {
            match value {
                Value::Number(n) => *n *= rate,
                Value::Measure(measure) => {
                    *measure = Measure { value: measure.value * rate, unit: quantity::Unit::Yuan };
                }
                Value::Price(price) => price.amount *= rate,
                Value::Target(target) => {
                    target.unit = quantity::Unit::Yuan;
                    target.scale = target.scale.map(|scale| scale * rate);
                    target.aim = target.aim.times(rate);
                }
                _ => {}
            }
        }
        self.scale = self.scale.map(|scale| scale * rate);
        self.finite()
    }
}

/// What a person typed, as they would quote it.
pub fn typed(content: &Content) -> String {
    match content {
        Content::Serial(serial) => moment_text(*serial),
        Content::Text(text) => text.trim().to_owned(),
        other => other.to_text(),
    }
}

/// The same of a cell: a ratio shown as a percentage is quoted as one.
pub(super) fn typed_in(cell: &Cell) -> String {
    match (&cell.content, cell.shown) {
        (Content::Number(n), workbook::Shown::Percent) => {
            format!("{}%", number(n * 100.0, 4).replace(',', ""))
        }
        (content, _) => typed(content),
    }
}

fn moment_text(serial: f64) -> String {
    match quantity::date::read_moment(&Content::Serial(serial), &Calendar::default()).get() {
        Some(moment) if serial.fract() == 0.0 => moment.format("%Y-%m-%d").to_string(),
        Some(moment) => moment.format("%Y-%m-%d %H:%M").to_string(),
        None => serial.to_string(),
    }
}

/// Numbers and dates in a column of words are words.
pub(super) fn as_text(content: &Content) -> Content {
    match content {
        Content::Number(_) | Content::Serial(_) | Content::Bool(_) => Content::Text(typed(content)),
        other => other.clone(),
    }
}

pub(super) fn plain(reading: Reading<Value>) -> Read {
    Read { said: reading.said, remarks: reading.remarks, scale: None }
}

pub(super) fn unreadable(why: Unreadable) -> Read {
    Read { said: Said::Nothing(Nothing::Unreadable(why)), remarks: Vec::new(), scale: None }
}

pub(super) fn nothing_or(content: &Content, otherwise: impl FnOnce() -> Read) -> Read {
    match quantity::nothing::of(content) {
        Some(nothing) => Read { said: Said::Nothing(nothing), remarks: Vec::new(), scale: None },
        None => otherwise(),
    }
}

pub(super) fn words(content: &Content) -> Read {
    nothing_or(content, || Read {
        said: Said::Value(Value::Text(typed(content))),
        remarks: Vec::new(),
        scale: None,
    })
}

fn with_scale(reading: Reading<Number>, value: impl FnOnce(Number) -> Value) -> Read {
    let scale = reading.get().and_then(|number| number.scale);
    Read { scale, ..plain(reading.map(value)) }
}

pub(super) fn counted(reading: Reading<Number>) -> Read {
    with_scale(reading, |number| Value::Number(number.value))
}

/// A bare number below a `%` header, or why it cannot be told.
fn under_percent(reader: &ColumnReader, content: &Content, percent: bool) -> Option<Result<f64, Unreadable>> {
    if reader.rates == Rates::Unsaid || percent {
        return None;
    }
    let n = match content {
        Content::Number(n) if n.is_finite() => *n,
        Content::Text(text) => {
            let n = crate::locale::narrow(text).parse::<f64>().ok().filter(|n| n.is_finite())?;
            // 1e-999 is too small to be told from zero, and does not say zero.
            let lost = n * reader.factor == 0.0 && text.contains(|c: char| ('1'..='9').contains(&c));
            (!lost).then_some(n)?
        }
        _ => return None,
    };
    let unclear = reader.rates == Rates::Unclear && n != 0.0 && n.abs() <= 1.0;
    Some(if unclear {
        Err(Unreadable::Ambiguous(format!("{}%", number(n, 4)), format!("{}%", number(n * 100.0, 4))))
    } else {
        Ok(n * reader.factor)
    })
}

pub(super) fn rate(reader: &ColumnReader, content: &Content, percent: bool) -> Read {
    match under_percent(reader, content, percent) {
        Some(Ok(value)) => Read {
            said: Said::Value(Value::Number(value)),
            remarks: Vec::new(),
            scale: matches!(content, Content::Number(_)).then_some(reader.factor),
        },
        Some(Err(why)) => unreadable(why),
        None if reader.ratios && is_ratio(content) => counted(quantity::percent::read(content, true)),
        None => counted(quantity::percent::read(content, percent)),
    }
}

/// A bare number that is a ratio where its neighbours are: 1.04 is 104%, 104 is too.
fn is_ratio(content: &Content) -> bool {
    const MOST: f64 = 10.0;
    matches!(content, Content::Number(n) if n.abs() < MOST)
}

pub(super) fn measured(reader: &ColumnReader, content: &Content, percent: bool) -> Read {
    match under_percent(reader, content, percent) {
        Some(Ok(value)) => Read {
            said: Said::Value(Value::Measure(Measure { value, unit: quantity::Unit::Percent })),
            remarks: Vec::new(),
            scale: matches!(content, Content::Number(_)).then_some(reader.factor),
        },
        Some(Err(why)) => unreadable(why),
        None => {
            let mut read = with_scale(quantity::measure::read(content, percent, reader.factor), |number| {
                Value::Measure(Measure { value: number.value, unit: number.unit })
            });
            // A bare number below 小时 is a length of time like the 28小时 beside it.
            if let (Some(HeaderUnit { sort: UnitSort::Time, factor }), Said::Value(Value::Measure(measure))) =
                (reader.unit, &mut read.said)
                && measure.unit == quantity::Unit::None
            {
                *measure = Measure { value: measure.value * factor, unit: quantity::Unit::Seconds };
                read.scale = read.scale.map(|scale| scale * factor);
            }
            read.finite()
        }
    }
}

pub(super) fn target(reader: &ColumnReader, content: &Content, percent: bool) -> Read {
    if let Some(Err(why)) = under_percent(reader, content, percent) {
        return unreadable(why);
    }
    let reading = quantity::target::read(content, percent, reader.factor);
    let mut reading = reading;
    if let Said::Value(target) = &mut reading.said
        && target.unit == quantity::Unit::None
    {
        match reader.unit {
            Some(HeaderUnit { sort: UnitSort::Rate, .. }) => target.unit = quantity::Unit::Percent,
            Some(HeaderUnit { sort: UnitSort::Time, factor }) => {
                target.unit = quantity::Unit::Seconds;
                target.aim = target.aim.times(factor);
                target.scale = target.scale.map(|scale| scale * factor);
            }
            _ => {}
        }
    }
    let scale = reading.get().and_then(|target| target.scale);
    Read { scale, ..plain(reading.map(Value::Target)) }.finite()
}

pub(super) fn target_or_text(reader: &ColumnReader, content: &Content, percent: bool) -> Read {
    let read = target(reader, content, percent);
    match read.said {
        Said::Nothing(Nothing::Unreadable(_)) => words(content),
        _ => read,
    }
}

pub(super) fn duration(reader: &ColumnReader, content: &Content) -> Read {
    if matches!(content, Content::Number(_)) && !reader.has_unit() {
        return unreadable(Unreadable::NotThisKind);
    }
    plain(quantity::duration::read(content, reader.factor).map(Value::Span))
}

pub(super) fn price(reader: &ColumnReader, content: &Content) -> Read {
    let stored = matches!(content, Content::Number(_));
    let scaled = match content {
        Content::Number(n) => Content::Number(n * reader.factor),
        other => other.clone(),
    };
    let reading = quantity::price::read(&scaled);
    Read {
        scale: (stored && reading.get().is_some()).then_some(reader.factor),
        ..plain(reading.map(Value::Price))
    }
}

pub(super) fn amount(reader: &ColumnReader, content: &Content) -> Read {
    let stored = matches!(content, Content::Number(_));
    let scaled = match content {
        Content::Number(n) => Content::Number(n * reader.factor),
        other => other.clone(),
    };
    let reading = quantity::price::quantity(&scaled);
    Read {
        scale: (stored && reading.get().is_some()).then_some(reader.factor),
        ..plain(reading.map(Value::Quantity))
    }
}

/// What stands in a column the workbook computes: its result, or what somebody typed over it.
pub(super) fn computed(reader: &ColumnReader, content: &Content, percent: bool) -> Read {
    match reader.column.shown {
        Some(Shown::Text) => words(content),
        Some(Shown::Percent) => rate(reader, content, percent),
        Some(Shown::Ratio) => counted(quantity::percent::ratio(content)),
        Some(Shown::Money) => counted(quantity::number::read(content, reader.factor, Expect::Money)),
        Some(Shown::Number) | None => counted(quantity::measure::read(content, percent, reader.factor)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::header::Header;
    use crate::catalogue::{Catalogue, Kind};

    #[test]
    fn what_is_no_number_or_too_small_for_one_is_not_read_below_a_percent_header() {
        let tables = &Catalogue::shipped().tables;
        let columns = tables.values().flat_map(|table| table.columns.iter());
        let column = columns.clone().find(|column| column.kind == Kind::Percent).expect("a percent column");
        let reader = ColumnReader::new("x", column, Header::parse("完成率(%)").unit);
        let read = |content: Content| rate(&reader, &content, false).said;
        assert_eq!(read(Content::Number(15.0)), Said::Value(Value::Number(0.15)));
        assert!(matches!(read(Content::Number(f64::NAN)), Said::Nothing(_)));
        assert_eq!(read(Content::Text("0".into())), Said::Value(Value::Number(0.0)));
        for lost in ["1e-999", "5e-324"] {
            assert_ne!(read(Content::Text(lost.into())), Said::Value(Value::Number(0.0)), "{lost}");
        }
    }
}
