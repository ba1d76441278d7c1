//! What one workbook says otherwise than another: `fupan diff --format json`.

use serde::{Deserialize, Serialize};

use crate::merge::Claim;

/// Everything one workbook says otherwise than an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Differences {
    /// One for each cell that differs, and for each row that came or went.
    pub changes: Vec<Change>,
    /// Tables, by id, that the earlier one fills and the later one leaves out or empty.
    pub not_there: Vec<String>,
    /// The same for `fupan apply --diff`: written into the earlier one they make the later one of it.
    #[serde(default)]
    pub edits: Vec<Claim>,
}

/// One cell that differs, or one row that came or went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Change {
    /// What happened.
    pub what: Happened,
    /// The table's id.
    pub table: String,
    /// The table's title.
    pub title: String,
    /// The row, as people call it; empty in a form.
    pub row: String,
    /// The column's id; empty for a whole row.
    pub column: String,
    /// The column's header.
    pub header: String,
    /// What the earlier one says, as typed.
    pub was: String,
    /// What the later one says, as typed.
    pub is: String,
}

/// What happened to a cell or a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Happened {
    /// A cell was empty and is filled in.
    Filled,
    /// A cell says something else.
    Changed,
    /// A cell was filled in and is empty.
    Cleared,
    /// A row came.
    Added,
    /// A row went.
    Removed,
}
