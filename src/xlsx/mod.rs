//! The xlsx codec: bytes to [`crate::workbook::Workbook`] and back.
//!
//! calamine, rust_xlsxwriter, zip and quick-xml live here and nowhere else.

mod dates;
mod directory;
mod far;
mod formats;
pub mod graft;
pub mod guard;
mod parts;
pub mod read;
mod relations;
mod scan;
pub mod sniff;
mod vetted;
mod xml;
