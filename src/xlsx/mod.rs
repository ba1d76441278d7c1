//! The xlsx codec: bytes to [`crate::workbook::Workbook`] and back.
//!
//! calamine, rust_xlsxwriter, zip and quick-xml live here and nowhere else.

pub mod blank;
pub mod graft;
