//! The error-injection suite: clean workbooks made up from stories, one known mistake planted at a known cell,
//! and a tally of what the program says about it.
#![allow(dead_code, missing_docs, clippy::unwrap_used)]

pub mod beyond;
pub mod cells;
pub mod chance;
pub mod clean;
pub mod draft;
pub mod files;
pub mod layout;
pub mod plant;
pub mod rows;
pub mod story;
pub mod structure;
pub mod tally;
pub mod telling;
pub mod voice;
