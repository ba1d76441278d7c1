//! Other formats to xlsx: old and binary Excel workbooks, OpenDocument tables, CSV.
//!
//! What is read becomes a plain package of values, dates and the formulas that
//! can be carried over, and from there on it is a workbook like any other. The
//! readers of these formats panic and hang on some files, so that this belongs
//! into a process that may die; here is only what a file may hold.

use std::path::Path;

use crate::workbook::Workbook;
use crate::xlsx::guard::{Limits, Measure, Refusal, package};
use crate::xlsx::sniff::{Kind, sniff};

mod binary;
mod comma;
mod compound;
mod emit;
mod formula;
mod old;
mod open_document;
mod records;

/// A file of another format, as a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Converted {
    /// What the file is.
    pub kind: Kind,
    /// The xlsx package it became.
    pub package: Vec<u8>,
}

/// Converts a file of another format; `None` where it is xlsx, or nothing we read.
///
/// `name` is the file's name; a file without sheets of its own goes by it.
pub fn convert(bytes: &[u8], name: &str, limits: &Limits) -> Option<Result<Converted, Refusal>> {
    let kind = sniff(bytes);
    let read = match kind {
        Kind::Xls => binary::xls,
        Kind::Xlsb => binary::xlsb,
        Kind::Ods => open_document::read,
        Kind::Text => {
            let table = comma::read(bytes, stem(name), limits)?;
            return Some(finish(kind, table));
        }
        _ => return None,
    };
    Some(admit(bytes, kind, limits).and_then(|()| finish(kind, read(bytes, limits))))
}

/// Lets a file in: no larger than allowed, and as a package in order.
fn admit(bytes: &[u8], kind: Kind, limits: &Limits) -> Result<(), Refusal> {
    let length = bytes.len() as u64;
    if length > limits.file {
        return Err(Refusal::TooLarge { measure: Measure::File, found: length, limit: limits.file });
    }
    if kind == Kind::Xls { Ok(()) } else { package(bytes, kind, limits).map(drop) }
}

fn finish(kind: Kind, workbook: Result<Workbook, Refusal>) -> Result<Converted, Refusal> {
    let workbook = workbook?;
    if workbook.sheets.is_empty() {
        return Err(Refusal::NoSheets);
    }
    let package = emit::package(workbook).map_err(|error| Refusal::damaged(error.to_string()))?;
    Ok(Converted { kind, package })
}

fn stem(name: &str) -> &str {
    Path::new(name).file_stem().and_then(|stem| stem.to_str()).unwrap_or(name)
}

/// Counts cells and text against what a file may hold.
struct Room {
    cells: u64,
    text: u64,
    limits: Limits,
}

impl Room {
    fn new(limits: &Limits) -> Room {
        Room { cells: 0, text: 0, limits: *limits }
    }

    fn take(&mut self, text: &str) -> Result<(), Refusal> {
        self.cells += 1;
        self.text += text.len() as u64;
        for (measure, found, limit) in
            [(Measure::Cells, self.cells, self.limits.cells), (Measure::Text, self.text, self.limits.text)]
        {
            if found > limit {
                return Err(Refusal::TooLarge { measure, found, limit });
            }
        }
        Ok(())
    }
}
