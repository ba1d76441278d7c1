//! The distortion suite: filled workbooks whose every value is known, distorted as people, programs and printers
//! distort them, written as real files, read back, and every value judged: right, reported, or silently lost.
#![allow(dead_code, missing_docs, clippy::unwrap_used, clippy::needless_range_loop)]

pub mod arranged;
pub mod headed;
pub mod judge;
pub mod kinds;
pub mod lined;
pub mod made;
pub mod meaning;
pub mod package;
pub mod render;
pub mod resave;
pub mod spelt;
pub mod start;
pub mod tabs;
pub mod tally;
pub mod together;
