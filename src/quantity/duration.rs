//! Lengths of time: `1.5小时`, `2小时内`, `90min`, `3个工作日`, `一个半月`.

use super::exact::Exact;
use super::number::one_term;
use super::opening::{Opened, open};
use super::unit::Kind;
use super::{Comparator, Reading, Remark, Span, Unreadable};
use crate::cell::Content;

/// A number shown as a time is a length below this many days, a date from there on.
const LONGEST_CLOCK: f64 = 366.0;

/// Reads a length of time; a bare number takes the unit of its header, given in seconds.
pub fn read(content: &Content, header_seconds: f64) -> Reading<Span> {
    let written = match open(content) {
        Err(nothing) => return Reading::nothing(nothing),
        Ok(Opened::Number(stored)) => return seconds(stored * header_seconds, Vec::new()),
        Ok(Opened::Serial(stored)) if (0.0..LONGEST_CLOCK).contains(&stored) => {
            return seconds((stored * 86_400.0).round(), Vec::new());
        }
        Ok(Opened::Serial(_)) => return Reading::unreadable(Unreadable::TurnedIntoDate),
        Ok(Opened::Bool(_)) => return Reading::unreadable(Unreadable::NotThisKind),
        Ok(Opened::Text(written)) => written,
    };
    let mut remarks = written.remarks();
    if let Some(clock) = clock(&written.text) {
        return seconds(clock, remarks);
    }
    if ["即时", "立即", "实时", "随时", "尽快"].iter().any(|word| written.text.starts_with(word)) {
        return Reading::unreadable(Unreadable::Vague);
    }
    let term = match one_term(&written.text, &mut remarks) {
        Ok(term) => term,
        Err(why) => return Reading::unreadable(why),
    };
    if term.negative {
        return Reading::unreadable(Unreadable::OutOfRange);
    }
    if matches!(term.comparator, Some(Comparator::AtLeast | Comparator::AtMost)) {
        remarks.push(Remark::Comparator);
    }
    match (&term.word, term.kind()) {
        (_, Some(Kind::WorkingDays)) => Reading::with(Span::WorkingDays(term.value().to_f64()), remarks),
        (_, Some(Kind::Duration(_))) => seconds(term.value().to_f64(), remarks),
        (Some((word, Kind::Score)), _) if word == "分" => {
            seconds(term.value().times(Exact::integer(60)).to_f64(), remarks)
        }
        (None, _) if term.figure.magnitude.is_none() => {
            seconds(term.value().times(Exact::from_f64(header_seconds)).to_f64(), remarks)
        }
        _ => Reading::unreadable(Unreadable::WrongUnit(term.own_unit().unwrap_or_default())),
    }
}

fn seconds(value: f64, remarks: Vec<Remark>) -> Reading<Span> {
    if !value.is_finite() {
        return Reading::unreadable(Unreadable::NotFinite);
    }
    if value < 0.0 {
        return Reading::unreadable(Unreadable::OutOfRange);
    }
    Reading::with(Span::Seconds(value), remarks)
}

/// `01:30:00`; with two parts only, hours and minutes cannot be told from minutes and seconds.
fn clock(text: &str) -> Option<f64> {
    let parts: Vec<&str> = text.split(':').collect();
    let [hours, minutes, seconds] = parts.as_slice() else { return None };
    let number = |part: &str, most: u32| {
        let short = !part.is_empty() && part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit());
        part.parse::<u32>().ok().filter(|number| short && *number <= most)
    };
    let (hours, minutes, seconds) = (number(hours, 9999)?, number(minutes, 59)?, number(seconds, 59)?);
    Some(f64::from(hours * 3600 + minutes * 60 + seconds))
}
