//! What a copy tells beside its edits, for where it is not at hand: what its formulas came to, how its rows stand.

use serde::{Deserialize, Serialize};

use super::claims::{Held, Seat, Union};
use super::rows::Row;

/// What one formula came to over what its row held.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Computed {
    /// Its cell.
    pub seat: Seat,
    /// Hash of what the row held: see [`inputs`].
    pub inputs: String,
    /// What it came to.
    pub result: Held,
}

/// Everything a copy says, and what its formulas came to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Account {
    /// What it says.
    #[serde(flatten)]
    pub union: Union,
    /// What its formulas came to.
    #[serde(default)]
    pub computed: Vec<Computed>,
    /// Where its rows stand.
    #[serde(default)]
    pub order: Vec<Position>,
}

/// Where a row stands in its table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    /// The table's id.
    pub table: String,
    /// The row's id.
    pub row: String,
    /// Rows before it.
    pub at: usize,
}

/// Hash of what people typed into a row: rows with one hash give one formula one result.
pub fn inputs(row: &Row) -> String {
    let mut hash = blake3::Hasher::new();
    for (column, held) in &row.cells {
        for text in [column, &held.key] {
            hash.update(&(text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
        }
    }
    hash.finalize().to_hex()[..16].to_owned()
}
