//! Dates as serials of the 1900 system, whichever way the file keeps them.

use calamine::ExcelDateTime;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

/// Days between the two systems.
const EPOCH_1904: f64 = 1_462.0;
const SECONDS: f64 = 86_400.0;

/// The serial of a date or time in the 1900 system.
pub fn serial(date: &ExcelDateTime, epoch_1904: bool) -> f64 {
    let serial = date.as_f64();
    // Durations and times of day count from no epoch.
    let counts = !date.is_duration() && !(0.0..1.0).contains(&serial);
    if counts && epoch_1904 { serial + EPOCH_1904 } else { serial }
}

/// The serial of a date or time written out (`2025-04-01T08:30:00`), as cells of type `d` hold it.
pub fn from_iso(text: &str) -> Option<f64> {
    let text = text.trim().trim_end_matches('Z');
    if let Some(span) = text.strip_prefix('P') {
        return duration(span);
    }
    if let Ok(time) = NaiveTime::parse_from_str(text, "%H:%M:%S%.f") {
        return Some(days(time - NaiveTime::MIN));
    }
    let (date, time) = text.split_once(['T', ' ']).unwrap_or((text, "00:00:00"));
    let date = NaiveDate::parse_from_str(date, "%Y-%m-%d").ok()?;
    let time =
        ["%H:%M:%S%.f", "%H:%M"].iter().find_map(|format| NaiveTime::parse_from_str(time, format).ok())?;
    let zero = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    let days = days(NaiveDateTime::new(date, time) - zero.and_time(NaiveTime::MIN));
    // Before March 1900 serials count a leap day that never was; nobody reviews those campaigns.
    (days >= 61.0).then_some(days)
}

/// The days of a span as OpenDocument writes it: `PT30H00M00S`, `P1DT6H`.
fn duration(span: &str) -> Option<f64> {
    let (mut seconds, mut number, mut clock) = (0.0, String::new(), false);
    for c in span.chars() {
        let unit = match c {
            'T' => {
                clock = true;
                continue;
            }
            'D' => SECONDS,
            'H' => 3_600.0,
            'M' if clock => 60.0,
            'S' => 1.0,
            c if c.is_ascii_digit() || c == '.' => {
                number.push(c);
                continue;
            }
            // Months and years are no certain number of days.
            _ => return None,
        };
        seconds += unit * std::mem::take(&mut number).parse::<f64>().ok()?;
    }
    number.is_empty().then_some(seconds / SECONDS)
}

fn days(span: TimeDelta) -> f64 {
    span.num_milliseconds() as f64 / 1000.0 / SECONDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_date_has_the_serial_excel_gives_it() {
        for (text, serial) in [
            ("2025-04-01", Some(45_748.0)),
            ("2025-04-01T12:00:00", Some(45_748.5)),
            ("2025-04-01T06:00:00.000Z", Some(45_748.25)),
            ("18:00:00", Some(0.75)),
            ("PT18H00M00S", Some(0.75)),
            ("PT36H", Some(1.5)),
            ("P1DT12H0M0.0S", Some(1.5)),
            ("P1M", None),
            ("2025-02-30", None),
            ("1900-01-05", None),
            ("not-a-date", None),
        ] {
            assert_eq!(from_iso(text), serial, "{text}");
        }
    }
}
