//! What many hands came to: merges, the roll call.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::cell::Place;
use crate::merge::Kind;

/// One campaign that came in several copies.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Merge {
    /// The campaign's id.
    pub campaign: String,
    /// The copy the others' values were written into.
    pub host: String,
    /// Every copy, the host among them.
    pub copies: Vec<CopyFile>,
    /// What copies say differently and nobody has decided.
    pub pending: Vec<Pending>,
    /// What somebody decided.
    pub settled: Vec<Settled>,
    /// Issued rows that are gone.
    pub removed: Vec<RowOf>,
    /// Rows that somebody added.
    pub added: Vec<RowOf>,
    /// How many values were taken over from other copies.
    pub taken: usize,
    /// Everything that was done or overtaken, line by line.
    #[serde(default)]
    pub lines: Vec<Line>,
}

/// One thing the merge did, or found overtaken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Line {
    /// What was done.
    pub what: What,
    /// The cell of the host it is about.
    pub at: Option<Place>,
    /// The table's id.
    pub table: String,
    /// The row, as people call it.
    pub row: String,
    /// The column's id, or the header of a column of the team's own.
    pub column: String,
    /// What was there.
    pub was: String,
    /// What is there now, or would be.
    pub is: String,
    /// The files it comes from.
    pub file: String,
    /// Who, as far as known.
    pub by: String,
    /// When, as far as known.
    pub at_time: String,
}

/// What the merge did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// A value of another copy was written in.
    Taken,
    /// A value was cleared, as another copy has it.
    Cleared,
    /// A row of another copy was added.
    Added,
    /// A row another copy removed was taken out.
    Removed,
    /// A question was decided.
    Decided,
    /// A value was overtaken by whoever had been handed it.
    Overtaken,
    /// A value found no place in the host's tables: it stands here only.
    NoPlace,
    /// A table was left empty or out: not handed in, nothing of it deleted.
    NotHandedIn,
    /// The copy holds what another one holds.
    SameContent,
    /// Its sender sent a later copy in its place.
    Superseded,
    /// It was made from an older issue than others.
    Stale,
    /// What it was issued with is not known: what it deleted or set back cannot be seen.
    NoBase,
    /// What it says it was issued with is not to be believed.
    BadBase,
}

/// One copy of a campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CopyFile {
    /// The file.
    pub file: String,
    /// What it is to the merge.
    pub role: Role,
    /// Whether what it was issued with is known.
    pub base: Base,
    /// The generation it was issued as.
    pub generation: u32,
    /// Who sent or saved it, as far as known.
    pub by: Option<String>,
    /// When, as far as known.
    pub at: Option<String>,
    /// Tables, by id, that it left empty or does not hold though they were issued.
    pub not_handed_in: Vec<String>,
}

/// What a copy is to the merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Others' values are written into it.
    Host,
    /// Its values are written into the host.
    Copy,
    /// The same bytes as another.
    SameBytes,
    /// The same content as another.
    SameContent,
    /// Its sender sent a later one that takes its place.
    Superseded,
}

/// Whether what a copy was issued with is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Base {
    /// The copy carries it.
    Known,
    /// Made by hand, or stripped: everything in it counts as typed.
    Unknown,
}

/// A question: what copies say differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Pending {
    /// Who the question is from one run to the next.
    pub id: String,
    /// The table's id.
    pub table: String,
    /// The row, as people call it.
    pub row: String,
    /// The column's id; empty where the question is about a whole row.
    pub column: String,
    /// What it is about.
    pub kind: Kind,
    /// What each says.
    pub sides: Vec<Side>,
    /// What the figures use meanwhile.
    pub used: String,
    /// What key figures would be with another answer; empty where they stay.
    pub effect: String,
    /// What it was issued with.
    #[serde(default)]
    pub issued: String,
    /// The question as an answer to it is understood later.
    #[serde(default)]
    pub asked: String,
}

/// One answer to a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Side {
    /// The value, as typed.
    pub value: String,
    /// The file that says so.
    pub file: String,
    /// Who, as far as known.
    pub by: Option<String>,
    /// When, as far as known.
    pub at: Option<String>,
}

/// A question somebody answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Settled {
    /// The question.
    pub id: String,
    /// The table's id.
    pub table: String,
    /// The row, as people call it.
    pub row: String,
    /// The column's id.
    pub column: String,
    /// What was chosen.
    pub value: String,
    /// Who decided, as far as known.
    pub by: Option<String>,
    /// When, as far as known.
    pub at: Option<String>,
    /// Where the answer stood.
    pub source: String,
    /// The decision as later runs obey it.
    #[serde(default)]
    pub decision: String,
}

/// A row and the file that removed or added it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RowOf {
    /// The table's id.
    pub table: String,
    /// The row, as people call it.
    pub row: String,
    /// The file.
    pub file: String,
}

/// Who was to return what.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Roster {
    /// How many were expected.
    pub expected: usize,
    /// How many of them came.
    pub returned: usize,
    /// How many of them in time.
    pub on_time: usize,
    /// One row for each that was expected, then those that were not.
    pub rows: Vec<RosterRow>,
}

/// One campaign of the roll call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RosterRow {
    /// The campaign's id, or its name where it has none.
    pub campaign: String,
    /// Who is to return it.
    pub person: String,
    /// How it stands.
    pub state: State,
    /// What is owed, the most valuable first.
    pub owed: Vec<String>,
}

/// How one return stands; the first that applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// 未交.
    Missing,
    /// 读不了.
    Unreadable,
    /// 旧版.
    Outdated,
    /// 未更新.
    Unchanged,
    /// 不完整.
    Incomplete,
    /// 待定.
    Pending,
    /// 已交.
    Returned,
    /// 名单外.
    Unlisted,
}

/// What a campaign still owes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Owing {
    /// Cells to fill in first, worded.
    pub first: Vec<String>,
    /// Ids of tables of its template that nobody filled.
    pub empty: Vec<String>,
    /// Required cells that are empty, by table.
    pub left: BTreeMap<String, usize>,
    /// Errors, by table; those of no table under nothing.
    pub errors: BTreeMap<String, usize>,
    /// The generation of the enriched workbook.
    pub issued: i64,
    /// Hash of what the campaign's copies came to, in whatever order its rows stand.
    #[serde(default)]
    pub content: String,
}
