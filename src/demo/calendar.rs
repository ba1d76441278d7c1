//! The weeks of a demonstration: each has a name, a day returns are due and a day it is looked at.

use chrono::{Days, NaiveDate};

use super::Plan;

/// Weeks one after another.
#[derive(Debug, Clone, Copy)]
pub struct Weeks {
    first: NaiveDate,
}

impl Weeks {
    /// Of a plan; a first day that is no Monday counts as that week's Monday.
    pub fn of(plan: &Plan) -> Weeks {
        let past = u64::from(chrono::Datelike::weekday(&plan.first).num_days_from_monday());
        Weeks { first: plan.first.checked_sub_days(Days::new(past)).unwrap_or(plan.first) }
    }

    /// A day of a week, 0 for Monday; days go on into other weeks.
    pub fn day(&self, week: usize, day: usize) -> NaiveDate {
        self.first.checked_add_days(Days::new((week * 7 + day) as u64)).unwrap_or(self.first)
    }

    /// `2024-W27`.
    pub fn name(&self, week: usize) -> String {
        self.day(week, 0).format("%G-W%V").to_string()
    }

    /// Friday: returns are due.
    pub fn due(&self, week: usize) -> NaiveDate {
        self.day(week, 4)
    }

    /// Sunday: the inbox is looked at.
    pub fn as_of(&self, week: usize) -> NaiveDate {
        self.day(week, 6)
    }
}
