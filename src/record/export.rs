//! A table taken out of a platform's back office, as it is held against what a campaign says.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::cell::Place;

/// What such a table counts; as far as a channel of a campaign holds the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Figure {
    /// 花费, in 元.
    Spend,
    /// 销售额, in 元.
    Sales,
    /// 曝光.
    Exposure,
    /// 点击.
    Clicks,
    /// 转化 or orders.
    Conversions,
}

impl Figure {
    /// All of them, in the order they are told.
    pub const ALL: [Figure; 5] =
        [Figure::Spend, Figure::Sales, Figure::Exposure, Figure::Clicks, Figure::Conversions];
}

/// One export.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Export {
    /// The back office it comes from, by the id of its declaration.
    pub source: String,
    /// Its header row.
    pub header: Place,
    /// What it counts, a line a day and plan.
    pub lines: Vec<ExportLine>,
}

/// What an export says of one plan on one day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ExportLine {
    /// The advertising plan, room or product; empty where the export has none.
    pub plan: String,
    /// The day, where the export has one.
    pub day: Option<NaiveDate>,
    /// What it counts.
    pub figures: Vec<(Figure, f64)>,
}

/// What became of an export.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Held {
    /// The file.
    pub file: String,
    /// The back office it comes from, by the id of its declaration.
    pub source: String,
    /// Names of the campaigns it was held against.
    pub campaigns: Vec<String>,
}
