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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_as_people_write_them() {
        for (written, span) in [
            ("1.5小时", Span::Seconds(5400.0)),
            ("2小时内", Span::Seconds(7200.0)),
            ("30秒", Span::Seconds(30.0)),
            ("90min", Span::Seconds(5400.0)),
            ("2天", Span::Seconds(172_800.0)),
            ("3个工作日", Span::WorkingDays(3.0)),
            ("三个工作日内", Span::WorkingDays(3.0)),
            ("1个月", Span::Seconds(2_592_000.0)),
            ("半天", Span::Seconds(43_200.0)),
            ("半小时", Span::Seconds(1800.0)),
            ("一个半小时", Span::Seconds(5400.0)),
            ("一个半月", Span::Seconds(3_888_000.0)),
            ("两天半", Span::Seconds(216_000.0)),
            ("1小时30分", Span::Seconds(5400.0)),
            ("1h30m", Span::Seconds(5400.0)),
            ("2分30秒", Span::Seconds(150.0)),
            ("30分", Span::Seconds(1800.0)),
            ("01:30:00", Span::Seconds(5400.0)),
            ("500ms", Span::Seconds(0.5)),
            ("一周", Span::Seconds(604_800.0)),
            ("24h", Span::Seconds(86_400.0)),
            ("45", Span::Seconds(45.0)),
        ] {
            assert_eq!(read(&Content::Text(written.into()), 1.0).get(), Some(&span), "{written}");
        }
    }

    #[test]
    fn bare_numbers_take_the_unit_of_their_header() {
        assert_eq!(read(&Content::Number(1.5), 3600.0), Reading::value(Span::Seconds(5400.0)));
        assert_eq!(read(&Content::Text("1.5".into()), 3600.0).get(), Some(&Span::Seconds(5400.0)));
        assert_eq!(read(&Content::Serial(0.0625), 3600.0), Reading::value(Span::Seconds(5400.0)));
    }

    #[test]
    fn what_is_no_length_is_not_read() {
        for written in ["尽快", "立即响应", "长期", "3人", "15%", "2-3天", "-2天", "10:30"] {
            assert_eq!(read(&Content::Text(written.into()), 1.0).get(), None, "{written}");
        }
        assert_eq!(read(&Content::Serial(45_000.0), 1.0).get(), None);
        assert_eq!(read(&Content::Number(-1.0), 1.0).get(), None);
    }
}
