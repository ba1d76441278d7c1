//! The xlsx codec: bytes to [`crate::workbook::Workbook`] and back.
//!
//! calamine, rust_xlsxwriter, zip and quick-xml live here and nowhere else.

pub mod archive;
pub mod blank;
mod dates;
mod directory;
mod far;
pub mod foreign;
mod formats;
pub mod graft;
pub mod guard;
pub mod normalised;
pub mod packed;
mod parts;
pub mod pieces;
pub mod read;
mod relations;
pub mod saved;
mod scan;
pub mod sniff;
mod space;
mod values;
mod vetted;
pub mod write;
mod xml;
