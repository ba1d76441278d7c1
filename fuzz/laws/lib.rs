//! The laws as a library of the fuzz targets.
//!
//! `tests/fuzz.rs` takes `mod.rs` into its own binary instead, where the archive is there already.
#![allow(missing_docs)]

#[path = "../../tests/support/archive.rs"]
mod archive;
#[path = "mod.rs"]
mod laws;

pub use laws::*;
