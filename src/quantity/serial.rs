//! Excel's day numbers: 45573 is 8 October 2024.

use chrono::{Days, NaiveDate, NaiveDateTime, TimeDelta};

use super::Unreadable;

/// 31 December 9999.
const LAST: f64 = 2_958_466.0;
/// The years 2000 to 2099: a plain number in a date column is taken for a day here and nowhere else.
const PLAUSIBLE: std::ops::RangeInclusive<f64> = 36_526.0..=73_050.0;

/// The moment of a serial number in the 1900 system, rounded to the second.
pub(crate) fn moment(serial: f64) -> Result<NaiveDateTime, Unreadable> {
    if !serial.is_finite() {
        return Err(Unreadable::NotFinite);
    }
    // Day 60 is 29 February 1900, which never was; days before it are off by one because of it.
    if !(1.0..LAST).contains(&serial) || serial.floor() == 60.0 {
        return Err(Unreadable::OutOfRange);
    }
    let origin = if serial < 60.0 {
        NaiveDate::from_ymd_opt(1899, 12, 31)
    } else {
        NaiveDate::from_ymd_opt(1899, 12, 30)
    };
    let seconds = ((serial - serial.floor()) * 86_400.0).round() as i64;
    origin
        .and_then(|origin| origin.checked_add_days(Days::new(serial.floor() as u64)))
        .and_then(|day| day.and_hms_opt(0, 0, 0))
        .and_then(|midnight| midnight.checked_add_signed(TimeDelta::seconds(seconds)))
        .ok_or(Unreadable::OutOfRange)
}

/// The serial number of a day, the inverse of [`moment`].
#[cfg(test)]
pub(crate) fn of(day: NaiveDate) -> f64 {
    let since = |year, month, date| {
        NaiveDate::from_ymd_opt(year, month, date).map_or(0, |origin| (day - origin).num_days())
    };
    let serial = since(1899, 12, 30);
    if serial < 61 { since(1899, 12, 31) as f64 } else { serial as f64 }
}

/// The moment of a plain number that lies where dates lie.
pub(crate) fn plausible(number: f64) -> Option<NaiveDateTime> {
    PLAUSIBLE.contains(&number).then(|| moment(number).ok()).flatten()
}
