//! What a run and a finding came to, as programs read and write them: one typed
//! record for `run.json`, for `check --format json`, for a baseline and for
//! whatever remembers weeks.
//!
//! Only shapes stand here; how a review becomes one is for those who know reviews.
//! `docs/schema` is made from these types. Fields are only ever added; what an
//! earlier version did not write is read as missing.

pub mod decided;
pub mod difference;
pub mod export;
pub mod finding;
pub mod merge;
pub mod run;
pub mod summary;
#[cfg(test)]
mod tests;
pub mod weeks;

/// Version of these shapes: counts up when a field changes its meaning.
pub const SCHEMA: u32 = 3;
/// Who writes them.
pub const TOOL: &str = "fupan";
