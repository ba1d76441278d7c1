//! One thing said about a workbook, worded in the language of the run.

use serde::{Deserialize, Serialize};

use crate::cell::{CellRef, Place};
use crate::diagnostic::{Family, Severity};

/// One thing said about a workbook: one cause, with every cell it concerns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Finding {
    /// Stable name of what is found; `fupan explain CODE` prints its page.
    pub code: String,
    /// The code in a few words.
    pub title: String,
    /// 提示, 警告 or 错误, after the settings had their say.
    pub severity: Severity,
    /// What it is about.
    pub family: Option<Family>,
    /// The sheet; null where the finding is about the whole file.
    pub sheet: Option<String>,
    /// The cell (A1); null where there is none.
    pub cell: Option<CellRef>,
    /// Stable id of the table, as in workbook-templates/tables.
    pub table: Option<String>,
    /// The column's header as the user sees it.
    pub column: Option<String>,
    /// The row, as people call it: its key, else the first texts in it; null where the cell stands in no row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
    /// What is there, as typed.
    pub found: Option<String>,
    /// What is there and what was expected, in one sentence.
    pub message: String,
    /// What it spoils in the analysis.
    #[serde(default)]
    pub why: String,
    /// One concrete thing to do.
    #[serde(default)]
    pub help: String,
    /// What to type instead, where one value is clearly meant.
    pub suggestion: Option<String>,
    /// Further cells of the same cause, in the order met.
    #[serde(default)]
    pub more: Vec<Place>,
    /// Other cells to look at.
    #[serde(default)]
    pub related: Vec<Place>,
    /// Who the finding is from one reading to the next: one mark for `cell` (or the whole finding), then one for each of `more`.
    pub fingerprints: Vec<String>,
    /// Only with --baseline: how it stands to the earlier reading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Standing>,
    /// Only where `baseline` is `grown`: how many of its cells are new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_cells: Option<usize>,
}

/// How a finding stands to an earlier reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// 新增: it was not there before.
    New,
    /// 仍在: it was there before.
    Still,
    /// 仍在, with cells that were not among it.
    Grown,
}

/// Cells to fill in together, and the figures that can be computed then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Blocker {
    /// The cells: empty, still holding a placeholder, or not readable.
    pub cells: Vec<Place>,
    /// The figures, each once.
    pub unlocks: Vec<Unlock>,
}

/// One figure that waits for cells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Unlock {
    /// Stable name of the figure; `fupan explain METRIC` prints its definition.
    pub metric: String,
    /// Its name, in the language of the run.
    pub title: String,
    /// Of which goals, channels, steps …; empty where it is one of the whole campaign.
    pub of: Vec<String>,
}

/// What one `fupan check` has to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Check {
    /// Who wrote it.
    pub tool: String,
    /// Version of the program.
    pub version: String,
    /// Version of this shape.
    pub schema: u32,
    /// Language of titles, messages and help.
    pub lang: String,
    /// The day as of which things are late.
    pub as_of: chrono::NaiveDate,
    /// The files, in the order named; those of a folder by path.
    pub files: Vec<CheckedFile>,
}

/// One file of a `check`: what is said about it, or why it was not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum CheckedFile {
    /// It could not be read.
    Refused {
        /// The file as it was named.
        file: String,
        /// Why.
        refused: Box<Finding>,
    },
    /// It was read.
    Read {
        /// The file as it was named; below a folder, its path in it.
        file: String,
        /// What is said about it.
        #[serde(flatten)]
        said: Said,
        /// Only with --baseline: findings of the baseline that are gone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fixed: Option<Vec<Finding>>,
    },
}

/// What is said about one workbook.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Said {
    /// Findings, worst first.
    pub findings: Vec<Finding>,
    /// How many the settings silenced.
    pub silenced: usize,
    /// What to fill in first, by how much it unlocks.
    pub blockers: Vec<Blocker>,
}
