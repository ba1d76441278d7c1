//! What people write into cells, read as values (spec: `2-values`).
//!
//! Every function here takes what a cell holds and answers with a [`Reading`]:
//! a value, or why there is none, and what had to be assumed. What cannot be
//! read is never zero. Nothing here knows a table or a sheet.

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

pub mod choice;
pub mod currency;
pub mod date;
mod day;
pub mod duration;
mod exact;
mod figure;
pub mod goals;
#[cfg(test)]
mod laws;
pub mod list;
pub mod measure;
pub mod nothing;
pub mod number;
mod opening;
pub mod percent;
pub mod period;
pub mod price;
mod relative;
pub mod remark_target;
mod scan;
pub mod score;
mod serial;
pub mod target;
mod term;
mod unit;
pub mod workdays;

pub use currency::Currency;
pub use goals::Goal;
pub use number::{Expect, Number};
pub use workdays::Holidays;

/// What a cell said when read as one kind of value.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading<T> {
    /// The value, or which kind of nothing stands there.
    pub said: Said<T>,
    /// What had to be assumed or dropped on the way, in the order met.
    pub remarks: Vec<Remark>,
}

/// A value, or one of the different kinds of nothing.
#[derive(Debug, Clone, PartialEq)]
pub enum Said<T> {
    /// A value that was read.
    Value(T),
    /// One of the kinds of nothing.
    Nothing(Nothing),
}

/// The kinds of nothing, which are all different and none of which is zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Nothing {
    /// Not filled in: empty, blanks, or left over from an export (`None`, `nan`, `null`).
    Blank,
    /// `-` `/` `无` `N/A`: does not apply; not missing.
    NotApplicable,
    /// `待定` `TBD` `统计中`: still open.
    Pending,
    /// `[具体数字]` `XX` `请填写`: the template's own text left in.
    Placeholder,
    /// A formula error such as `#DIV/0!`.
    Error(String),
    /// Something was typed that cannot be read as this kind.
    Unreadable(Unreadable),
}

/// Why something typed could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unreadable {
    /// No number, date … in it.
    NotThisKind,
    /// Two readings are equally good (both given as text).
    Ambiguous(String, String),
    /// A number where a date was meant, a date where a number was meant: Excel turned one into the other.
    TurnedIntoDate,
    /// A date before 1900 or after 9999, a month 13 …
    OutOfRange,
    /// A period whose last day comes before its first.
    Reversed,
    /// A unit that contradicts the column (`3天` in a money column).
    WrongUnit(String),
    /// Several values in one cell that cannot be one.
    Several(Vec<String>),
    /// `下季度活动前` `长期`: a time that cannot be compared with a date.
    Vague,
    /// `5.7`, `10月15日`: a day of a year nobody names, the campaign least of all.
    NoYear,
    /// Not a finite number.
    NotFinite,
    /// An amount of money in another currency, for which there is no rate.
    Foreign(Currency),
}

/// Something assumed, normalised or dropped while reading.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Remark {
    /// `15` in a percent column was read as 15%.
    PercentAsWhole,
    /// A number stored as text.
    TextNumber,
    /// A date stored as text.
    TextDate,
    /// The year was taken from the campaign period (or what stood nearest).
    YearAssumed(i32),
    /// `15000/人/月` × `2人`: one month assumed.
    MonthsAssumed,
    /// `约` `近` `左右`.
    Approximate,
    /// A remark after the value was set aside: `950万次（目标1000万）`.
    Aside(String),
    /// The unit in the cell overrode the unit in the header.
    UnitOverHeader(String),
    /// A choice was recognised by an alias: what was typed.
    Alias(String),
    /// Full-width, traditional or padded writing was normalised.
    Normalised,
    /// More than 15 digits: the number has lost its tail.
    TooManyDigits,
    /// A range of percentage points, which a goal has no shape for: the end nearer to the baseline was taken.
    Range,
    /// A deadline (`9月30日前`) was read as its day.
    Deadline,
    /// A relative date (`D-7`, `活动结束后3个工作日`) was resolved against the campaign period.
    Relative,
    /// A masked name (`市场部*`) lost its star.
    Masked,
    /// A comparator (`>=100`, `超`) stood before a number where none was expected.
    Comparator,
    /// A currency other than 元 was written; the number is taken as it stands.
    Currency(String),
    /// `提升22%` where a level was expected: the number is a change against the baseline.
    Change,
    /// `100元/人/天` × `3人` does not say how many of this unit: one assumed.
    OneAssumed(String),
}

/// What a number counts or measures.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// A bare number.
    #[default]
    None,
    /// 元.
    Yuan,
    /// A rate: the number is the ratio itself (15% is 0.15).
    Percent,
    /// 百分点: 3pp is 0.03.
    Points,
    /// A multiple (`3.2x`, `6倍`, `1:3.2`).
    Times,
    /// Seconds; every duration is brought to seconds.
    Seconds,
    /// 分 out of five, or as given.
    Score,
    /// 八折 is 0.8.
    Discount,
    /// A counter word: 次 人 单 件 篇 …
    Counter(String),
}

impl Unit {
    /// Whether numbers in these units compare. Counter words differ from mouth to mouth (人, 名, 位), and a bare
    /// number may be any of them; a rate it is only where it was settled to be one.
    pub fn compares(&self, other: &Unit) -> bool {
        use Unit::{Counter, Discount, None, Percent, Points, Score, Seconds, Times, Yuan};
        match (self, other) {
            (None, Percent) | (Percent, None) => false,
            (None, _) | (_, None) | (Counter(_), Counter(_)) => true,
            (Percent | Times | Points, Percent | Times | Points) => true,
            (Score, Counter(counter)) | (Counter(counter), Score) => counter == "分",
            (Yuan, Yuan) | (Seconds, Seconds) | (Score, Score) | (Discount, Discount) => true,
            _ => false,
        }
    }
}

/// A number with what it counts: `950万次`, `18%`, `1.5秒`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measure {
    /// In the base unit: 元, ratio, seconds, pieces.
    pub value: f64,
    /// What it counts.
    pub unit: Unit,
}

/// Which side of a target is good, as its words say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Comparator {
    /// Nothing said.
    Plain,
    /// ≥ 不低于 超过 以上 突破 …
    AtLeast,
    /// ≤ 不超过 以内 低于 …
    AtMost,
    /// 约 近 左右.
    About,
}

/// What a goal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aim {
    /// A level: `500万元`, `≥15%`.
    Level(f64),
    /// Between two levels: `15%-20%`.
    Range(f64, f64),
    /// Growth over a baseline, relative: `提升20%` is 0.2, `降低5.3%` is −0.053.
    Growth(f64),
    /// Growth between two rates: `提升15%-20%`.
    GrowthRange(f64, f64),
    /// Growth in percentage points: `提升3个百分点` is 0.03.
    GrowthPoints(f64),
    /// Growth by an amount in the target's own unit: `提升20元`.
    GrowthBy(f64),
    /// From–to: `从3秒缩短至1.5秒内` carries its baseline: (from, to).
    FromTo(f64, f64),
}

impl Aim {
    /// Whether its numbers are numbers.
    pub fn is_finite(self) -> bool {
        let (one, other) = match self {
            Aim::Level(a) | Aim::Growth(a) | Aim::GrowthPoints(a) | Aim::GrowthBy(a) => (a, a),
            Aim::Range(a, b) | Aim::GrowthRange(a, b) | Aim::FromTo(a, b) => (a, b),
        };
        one.is_finite() && other.is_finite()
    }

    /// The same level in a unit so many times smaller; growth in percent stays what it is.
    pub fn times(self, factor: f64) -> Aim {
        match self {
            Aim::Level(level) => Aim::Level(level * factor),
            Aim::Range(low, high) => Aim::Range(low * factor, high * factor),
            Aim::GrowthBy(amount) => Aim::GrowthBy(amount * factor),
            Aim::FromTo(from, to) => Aim::FromTo(from * factor, to * factor),
            other => other,
        }
    }
}

/// A target: comparator, what is asked, unit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Target {
    /// Which side is good, as the words say.
    pub comparator: Comparator,
    /// What is asked for, in the base unit.
    pub aim: Aim,
    /// What it counts.
    pub unit: Unit,
    /// The factor from the stored number to the level, where a live formula can refer to the cell:
    /// the level is exactly stored × factor. `None` for targets written as text.
    pub scale: Option<f64>,
}

/// Days from the first to the last, both inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Period {
    /// First day.
    pub start: NaiveDate,
    /// Last day.
    pub end: NaiveDate,
}

impl Period {
    /// Days in it, both ends counted.
    pub fn days(&self) -> i64 {
        (self.end - self.start).num_days() + 1
    }

    /// Whether a day lies inside.
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.start <= day && day <= self.end
    }
}

/// A length of time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Span {
    /// Seconds (days, weeks, hours … brought to seconds; a month is 30 days).
    Seconds(f64),
    /// Working days.
    WorkingDays(f64),
}

/// A price for a unit: `15000/人/月`, `20CPM`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnitPrice {
    /// 元 for one unit.
    pub amount: f64,
    /// Units the price is for: `["人", "月"]`, `["场"]`; empty for a bare number.
    pub per: Vec<String>,
    /// Pieces the amount buys: 1,000 for CPM, else 1.
    pub lot: f64,
}

/// A quantity, possibly a product: `2人`, `500万次`, `3人*2天`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Quantity {
    /// The product of its factors.
    pub value: f64,
    /// The factors with their counters: `[(3, "人"), (2, "天")]`.
    pub factors: Vec<(f64, String)>,
}

/// A date that may carry a time of day.
pub type Moment = NaiveDateTime;

/// What the reader of a date may lean on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Calendar {
    /// 活动周期, where it is known: gives years to `10月15日`, days to `D-7`.
    pub campaign: Option<Period>,
    /// Days off and days worked instead; without them the official calendar counts.
    pub holidays: Option<&'static Holidays>,
}

impl<T> Reading<T> {
    /// A value read without remark.
    pub fn value(value: T) -> Reading<T> {
        Reading { said: Said::Value(value), remarks: Vec::new() }
    }

    /// One of the kinds of nothing.
    pub fn nothing(nothing: Nothing) -> Reading<T> {
        Reading { said: Said::Nothing(nothing), remarks: Vec::new() }
    }

    /// The value, if there is one.
    pub fn get(&self) -> Option<&T> {
        match &self.said {
            Said::Value(value) => Some(value),
            Said::Nothing(_) => None,
        }
    }

    /// The same reading of another type.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Reading<U> {
        Reading {
            said: match self.said {
                Said::Value(value) => Said::Value(f(value)),
                Said::Nothing(nothing) => Said::Nothing(nothing),
            },
            remarks: self.remarks,
        }
    }
}
