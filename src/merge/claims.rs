//! What people claim: edits, who made them, what was decided; and their union.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// The generation of a copy nobody knows the issue of: older than any issue.
pub const UNKNOWN: i64 = -1;

/// One cell of a campaign, wherever it stands in a file. Without a column: whether the row is there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Seat {
    /// Table id.
    pub table: String,
    /// The row, by its identity.
    pub row: String,
    /// Column id; a column of the team's own is its folded header after a `+`.
    pub column: String,
}

/// The same, of words that stand elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SeatRef<'a> {
    /// Table id.
    pub table: &'a str,
    /// The row, by its identity.
    pub row: &'a str,
    /// Column id.
    pub column: &'a str,
}

impl Seat {
    /// The same, borrowed.
    pub fn as_ref(&self) -> SeatRef<'_> {
        SeatRef { table: &self.table, row: &self.row, column: &self.column }
    }
}

impl SeatRef<'_> {
    /// The same, with words of its own.
    pub fn to_seat(self) -> Seat {
        Seat { table: self.table.to_owned(), row: self.row.to_owned(), column: self.column.to_owned() }
    }
}

/// What a cell holds: how it compares and how it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Held {
    /// The value as decoded, in one spelling (2万 and 20000 are one); empty for a blank cell.
    pub key: String,
    /// As typed, for people.
    pub text: String,
    /// What the cell stores, to be written elsewhere: `n` a number, `d` a day, `t` a text, each with its value behind it.
    pub stored: String,
}

impl Held {
    /// A blank cell.
    pub fn blank() -> Held {
        Held::default()
    }

    /// A text that compares by itself.
    pub fn text(text: &str) -> Held {
        Held { key: format!("t{text}"), text: text.to_owned(), stored: format!("t{text}") }
    }

    /// That a row is there.
    pub fn present() -> Held {
        Held { key: "1".into(), ..Held::default() }
    }

    /// That most rows of a table are gone, which is asked about before it is believed.
    pub fn doubtful() -> Held {
        Held { key: "?".into(), ..Held::default() }
    }
}

/// One edit by one hand.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Claim {
    /// Where.
    pub seat: Seat,
    /// What it was issued with.
    pub from: Held,
    /// What it holds.
    pub to: Held,
    /// The generation of the issue.
    pub generation: i64,
    /// Whose copy says so: see [`Source`].
    pub source: String,
}

/// What a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// One cell, several values.
    Value,
    /// A row one removed and another changed.
    Row,
    /// Two added rows that look like one.
    SameRow,
    /// Most rows of a table are gone.
    Removed,
}

/// One copy, as far as the merge has to know it. Its id is the hash of its content.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Source {
    /// The file, for people.
    pub file: String,
    /// Who sent or saved it; empty where nobody knows.
    pub by: String,
    /// When, so that later is greater; empty where nobody knows.
    pub at: String,
    /// The issue it was made from.
    pub base: String,
    /// The hand it comes from, where a hand can be told from others; empty where not.
    pub hand: String,
}

/// An answer somebody gave to a question.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Decision {
    /// Where.
    pub seat: Seat,
    /// Every value that was asked about, by its key.
    pub asked: BTreeSet<String>,
    /// What was chosen: one of them, or a new value.
    pub chosen: Held,
    /// Higher than that of everything that was known when it was asked.
    pub generation: i64,
    /// Where the answer stood.
    pub place: String,
}

/// Everything that is known of one campaign. Joining two is a union: order and grouping change nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Union {
    /// Edits.
    pub claims: BTreeSet<Claim>,
    /// Copies by id.
    pub sources: BTreeMap<String, Source>,
    /// Answers.
    pub decisions: BTreeSet<Decision>,
}

impl Union {
    /// Takes in another.
    pub fn join(&mut self, other: Union) {
        self.claims.extend(other.claims);
        for (id, source) in other.sources {
            // One content under two names: the smaller name, whichever came first.
            self.sources
                .entry(id)
                .and_modify(|known| {
                    if source < *known {
                        known.clone_from(&source);
                    }
                })
                .or_insert(source);
        }
        self.decisions.extend(other.decisions);
    }

    /// The generation of what is issued from this: a Lamport clock.
    pub fn next_generation(&self) -> i64 {
        let edits = self.claims.iter().map(|claim| claim.generation + 1);
        let decisions = self.decisions.iter().map(|decision| decision.generation);
        edits.chain(decisions).max().unwrap_or(0) + 1
    }
}
