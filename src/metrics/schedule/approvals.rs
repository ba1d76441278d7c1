//! Approvals and the handing in of data, in working days of the official calendar.
//!
//! A spreadsheet knows no 调休; the days in question are laid out as a calendar
//! of ones and zeros, and formulas add them up.

use std::collections::BTreeSet;

use chrono::{Datelike, Months, NaiveDate};

use crate::campaign::Conclusion;
use crate::cell::Place;
use crate::expr::{Expr, Fun, Op, Val};
use crate::metrics::{Basis, Figure};
use crate::page::serial;
use crate::policy::Policy;
use crate::quantity::{Holidays, workdays};

use super::{APPROVAL_DAYS, DATA_DAYS};

/// A wait longer than this is a slip of the pen and not counted.
const LONGEST: i64 = 366;

/// Approvals, when data were handed in, and the calendar both are counted by.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Approvals {
    /// Every approval.
    pub each: Vec<Wait>,
    /// From the campaign's end to the day the workbook was filled in.
    pub data: Option<Wait>,
    /// The days in question.
    #[serde(skip)]
    pub calendar: Calendar,
}

/// One wait.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Wait {
    /// What was waited for.
    pub name: String,
    /// Row of its table.
    pub row: usize,
    /// From this day, not counted.
    pub from: Expr,
    /// Up to and including this day; nothing while still waiting.
    pub to: Expr,
    /// Still waiting: counted up to the as-of day.
    pub pending: bool,
    /// How it ended.
    pub conclusion: Option<Conclusion>,
    /// Working days.
    pub days: Figure,
    /// Against the limit.
    pub promptness: Promptness,
    /// The cell to look at first.
    pub at: Option<Place>,
}

/// A wait against its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Promptness {
    /// Within the limit.
    InTime,
    /// Over the limit.
    TooLong,
    /// A day is missing.
    Unknown,
}

impl Promptness {
    /// Every one.
    pub const ALL: [Promptness; 3] = [Promptness::InTime, Promptness::TooLong, Promptness::Unknown];

    /// Stable id.
    pub fn id(self) -> &'static str {
        match self {
            Promptness::InTime => "in-time",
            Promptness::TooLong => "too-long",
            Promptness::Unknown => "unknown",
        }
    }

    /// The one an expression gives by its id.
    pub(crate) fn of(expr: &Expr) -> Promptness {
        let id = expr.value();
        Self::ALL.into_iter().find(|each| id.text() == Some(each.id())).unwrap_or(Promptness::Unknown)
    }
}

/// Days with whether people work on them, in order: of every month in question and the one after,
/// so that a date somebody moves is still among them.
#[derive(Debug, Clone, Default)]
pub struct Calendar(pub Vec<(NaiveDate, bool)>);

/// Working days after one day up to and including another, by a calendar of days and ones or zeros beside them.
pub fn working_days(from: &Expr, to: &Expr, days: &Expr, works: &Expr) -> Expr {
    let criterion = |sign: &str, day: &Expr| Expr::text(sign).op(Op::Join, day.clone());
    let sum = Expr::call(
        Fun::SumIfs,
        [works.clone(), days.clone(), criterion(">", from), days.clone(), criterion("<=", to)],
    );
    let within =
        Expr::call(Fun::CountIfs, [days.clone(), criterion(">", from), days.clone(), criterion("<=", to)]);
    let known = Expr::call(Fun::Count, [from.clone(), to.clone()]).op(Op::Eq, 2.0);
    // A day the calendar does not have would be taken for one nobody works on.
    let covered = within.op(Op::Eq, to.clone() - from.clone());
    known.then(covered.then(sum, Expr::nothing()), Expr::nothing())
}

/// Within the limit or not; `word` gives the texts.
pub fn promptness(taken: &Expr, limit: f64, word: impl Fn(Promptness) -> String) -> Expr {
    let text = |promptness| Expr::text(word(promptness));
    let called =
        |taken: Expr| taken.op(Op::Le, limit).then(text(Promptness::InTime), text(Promptness::TooLong));
    taken.clone().given(called, text(Promptness::Unknown))
}

/// The official calendar with the team's own days over it.
fn holidays(policy: &Policy) -> Holidays {
    let mut holidays = workdays::official().clone();
    for day in &policy.days_off {
        holidays.off.insert(*day);
        holidays.work.remove(day);
    }
    for day in &policy.days_on {
        holidays.work.insert(*day);
        holidays.off.remove(day);
    }
    holidays
}

pub(super) fn analyse(basis: Basis<'_>) -> Approvals {
    let Basis { campaign, policy, as_of, .. } = basis;
    let mut days = BTreeSet::new();
    let mut countable = |from: Option<NaiveDate>, to: NaiveDate| {
        let Some(from) = from.filter(|from| (0..=LONGEST).contains(&(to - *from).num_days())) else {
            return false;
        };
        days.extend(from.iter_days().take_while(|day| *day <= to));
        true
    };
    let approvals = campaign.approvals.iter().filter(|row| row.item.value.is_some());
    for row in approvals {
        countable(row.submitted.value, row.approved.value.unwrap_or(as_of));
    }
    let data = campaign.basics.as_ref().and_then(|basics| {
        let (end, filled) = (basics.period.value?.end, basics.filled_on.value?);
        countable(Some(end), filled).then_some((basics, end))
    });
    let holidays = holidays(policy);
    let days = whole_months(days);
    let calendar = Calendar(days.into_iter().map(|day| (day, holidays.is_workday(day))).collect());
    let (days, works) = calendar.loose();
    let limits = &policy.thresholds.time;
    let id = |promptness: Promptness| promptness.id().to_owned();
    let each = campaign
        .approvals
        .iter()
        .enumerate()
        .filter(|(_, row)| row.item.value.is_some())
        .map(|(i, row)| {
            let (from, to) = (row.submitted.expr(), row.approved.expr());
            // An approval day that cannot be read is not a wait up to today.
            let pending = row.approved.value.is_none() && row.approved.is_blank();
            let until = if pending { Expr::Num(serial(as_of)) } else { to.clone() };
            let expr = working_days(&from, &until, &days, &works);
            Wait {
                name: row.item.as_str().to_owned(),
                row: i,
                pending,
                conclusion: row.conclusion.value,
                promptness: Promptness::of(&promptness(&expr, limits.approval_days, id)),
                days: Figure { metric: &APPROVAL_DAYS, expr },
                at: row.item.at.clone(),
                from,
                to,
            }
        })
        .collect();
    let data = data.map(|(basics, end)| {
        let from = basics.period.part(Some(serial(end)), "end");
        let to = basics.filled_on.expr();
        let expr = working_days(&from, &to, &days, &works);
        Wait {
            name: String::new(),
            row: 0,
            pending: false,
            conclusion: None,
            promptness: Promptness::of(&promptness(&expr, limits.data_days, id)),
            days: Figure { metric: &DATA_DAYS, expr },
            at: basics.filled_on.at.clone(),
            from,
            to,
        }
    });
    Approvals { each, data, calendar }
}

/// Every day of the months these days lie in, and of the month after each.
fn whole_months(days: BTreeSet<NaiveDate>) -> BTreeSet<NaiveDate> {
    let firsts: BTreeSet<NaiveDate> = days.iter().filter_map(|day| day.with_day(1)).collect();
    let months = firsts.into_iter().flat_map(|first| [Some(first), first.checked_add_months(Months::new(1))]);
    let whole = months.flatten().flat_map(|first| {
        first.iter_days().take_while(move |day| (day.year(), day.month()) == (first.year(), first.month()))
    });
    whole.collect()
}

impl Calendar {
    /// The days and the ones and zeros beside them, standing on no sheet.
    fn loose(&self) -> (Expr, Expr) {
        let range = |values: Vec<Val>| Expr::from(crate::expr::Range::loose(values));
        let days = self.0.iter().map(|(day, _)| Val::Number(serial(*day))).collect();
        let works = self.0.iter().map(|(_, works)| Val::Number(f64::from(u8::from(*works)))).collect();
        (range(days), range(works))
    }
}
