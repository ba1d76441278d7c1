//! What has to hold for every input, one function a fuzz target: it takes any bytes and fails by panicking.
//!
//! The targets in `fuzz_targets/` call these under libFuzzer; `tests/fuzz.rs` calls them on stable over the
//! committed seeds and thousands of changed ones, so that they cannot rot.
#![allow(dead_code, missing_docs, clippy::unwrap_used)]

use super::archive;

pub mod bytes;
pub mod formulas;
pub mod graft;
pub mod guards;
pub mod headers;
pub mod quantity;
pub mod settings;

/// A law by the name of its target.
pub type Law = (&'static str, fn(&[u8]));

/// All laws.
pub const LAWS: [Law; 6] = [
    ("quantity", quantity::law),
    ("guards", guards::law),
    ("headers", headers::law),
    ("graft", graft::law),
    ("settings", settings::law),
    ("formulas", formulas::law),
];
