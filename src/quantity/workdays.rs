//! Working days: weekends off, the official calendar over them.
//!
//! Years the calendar does not know have weekends only; [`Holidays::knows`] says so.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// The official calendar of mainland China, as announced for each year.
static OFFICIAL_TOML: &str = include_str!("holidays.toml");

/// Days off, days worked instead, and the years for which both are known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Holidays {
    /// Days off although they may be weekdays.
    pub off: BTreeSet<NaiveDate>,
    /// Weekend days that are worked (调休).
    pub work: BTreeSet<NaiveDate>,
    /// Years whose announcement is listed.
    pub years: BTreeSet<i32>,
    /// The announcement each year was taken from, where it is said.
    pub notices: BTreeMap<i32, String>,
}

/// The built-in official calendar.
pub fn official() -> &'static Holidays {
    static OFFICIAL: LazyLock<Holidays> =
        LazyLock::new(|| Holidays::parse(OFFICIAL_TOML).unwrap_or_default());
    &OFFICIAL
}

impl Holidays {
    /// Weekends only.
    pub fn none() -> Holidays {
        Holidays::default()
    }

    /// Reads a calendar: for each year a table with lists `off` and `work` of days and `first..last` spans.
    pub fn parse(text: &str) -> Result<Holidays, String> {
        let tables: toml::Table =
            text.parse().map_err(|error: toml::de::Error| error.message().to_owned())?;
        let mut holidays = Holidays::default();
        for (year, lists) in &tables {
            let number: i32 = year.parse().map_err(|_| format!("{year}: not a year"))?;
            holidays.years.insert(number);
            for (name, days) in lists.as_table().ok_or_else(|| format!("{year}: not a table"))? {
                if name == "notice" {
                    let notice = days.as_str().ok_or_else(|| format!("{year}.notice: not a text"))?;
                    holidays.notices.insert(number, notice.to_owned());
                    continue;
                }
                let set = match name.as_str() {
                    "off" => &mut holidays.off,
                    "work" => &mut holidays.work,
                    other => return Err(format!("{year}.{other}: neither off nor work")),
                };
                for span in days.as_array().ok_or_else(|| format!("{year}.{name}: not a list"))? {
                    let span = span.as_str().ok_or_else(|| format!("{year}.{name}: not a text"))?;
                    let (first, last) = span.split_once("..").unwrap_or((span, span));
                    let day = |text: &str| {
                        text.trim().parse::<NaiveDate>().map_err(|_| format!("{year}.{name}: {text}"))
                    };
                    let (first, last) = (day(first)?, day(last)?);
                    if last < first || (last - first).num_days() > 31 {
                        return Err(format!("{year}.{name}: {span}"));
                    }
                    set.extend(first.iter_days().take_while(|day| *day <= last));
                }
            }
        }
        Ok(holidays)
    }

    /// Whether the year's announcement is listed; otherwise only weekends are known.
    pub fn knows(&self, year: i32) -> bool {
        self.years.contains(&year)
    }

    /// Whether people work on a day.
    pub fn is_workday(&self, day: NaiveDate) -> bool {
        if self.off.contains(&day) {
            return false;
        }
        self.work.contains(&day) || !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
    }

    /// The n-th working day after a day (before it for a negative n); the day itself does not count.
    pub fn add(&self, day: NaiveDate, working_days: i64) -> Option<NaiveDate> {
        // No plan spans more: keeps absurd input from walking for minutes.
        if working_days.abs() > 20_000 {
            return None;
        }
        let (mut day, mut left) = (day, working_days.abs());
        while left > 0 {
            let step = Days::new(1);
            day = if working_days > 0 { day.checked_add_days(step)? } else { day.checked_sub_days(step)? };
            left -= i64::from(self.is_workday(day));
        }
        Some(day)
    }

    /// Working days after one day up to and including another; negative if the other is earlier.
    pub fn between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        if to < from {
            return -self.between(to, from);
        }
        from.iter_days().skip(1).take_while(|day| *day <= to).filter(|day| self.is_workday(*day)).count()
            as i64
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn each_year_gives_its_statutory_days_and_no_more() {
        // Weekdays off minus weekends worked are the statutory holidays: eleven, thirteen since 2025.
        let official = Holidays::parse(OFFICIAL_TOML).unwrap();
        let weekend = |day: &NaiveDate| matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        for (year, statutory) in [(2023, 11), (2024, 11), (2025, 13), (2026, 13)] {
            let off = official.off.iter().filter(|day| day.year() == year && !weekend(day)).count();
            let work = official.work.iter().filter(|day| day.year() == year).count();
            assert_eq!(off - work, statutory, "{year}");
        }
        assert!(official.work.iter().all(weekend), "only weekends are worked instead");
        assert!(official.off.is_disjoint(&official.work));
        assert!(official.knows(2026) && !official.knows(2031));
        assert!(
            official.years.iter().all(|year| official.notices.contains_key(year)),
            "each says its source"
        );
    }

    #[test]
    fn known_days() {
        for (text, works) in [
            ("2024-10-01", false),
            ("2024-10-07", false),
            ("2024-10-08", true),
            ("2024-09-29", true),
            ("2024-10-12", true),
            ("2024-10-13", false),
            ("2025-01-26", true),
            ("2025-02-04", false),
            ("2026-02-14", true),
            ("2026-02-23", false),
            ("2026-02-28", true),
            ("2030-05-01", true),
        ] {
            assert_eq!(official().is_workday(day(text)), works, "{text}");
        }
    }

    #[test]
    fn working_days_skip_the_holiday_week() {
        assert_eq!(official().add(day("2024-09-30"), 3), Some(day("2024-10-10")));
        assert_eq!(official().add(day("2024-10-08"), -1), Some(day("2024-09-30")));
        assert_eq!(Holidays::none().add(day("2024-09-30"), 3), Some(day("2024-10-03")));
        assert_eq!(official().between(day("2024-09-30"), day("2024-10-10")), 3);
        assert_eq!(official().between(day("2024-10-10"), day("2024-09-30")), -3);
        assert_eq!(official().between(day("2024-10-10"), day("2024-10-10")), 0);
        assert_eq!(official().add(day("2024-10-10"), i64::MAX - 1), None);
    }

    #[test]
    fn a_calendar_that_contradicts_itself_is_refused() {
        for text in [
            "x = 1",
            "[2024]\noff = [\"2024-13-01\"]",
            "[2024]\noff = [\"2024-02-02..2024-02-01\"]",
            "[2024]\nmaybe = []",
            "[2024]\nnotice = 7",
        ] {
            assert!(Holidays::parse(text).is_err(), "{text}");
        }
    }
}
