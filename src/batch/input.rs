//! Reading one input file whole, once, and only when it holds still.

#![expect(clippy::disallowed_methods, reason = "the one place that reads input files")]

use std::fs::{File, Metadata};
use std::io::Read;
use std::path::Path;

use super::findings::{CANNOT_OPEN, STILL_CHANGING, refused};
use crate::diagnostic::{Arg, Finding};
use crate::locale::Lang;
use crate::system;
use crate::xlsx::guard::{Limits, Measure, Refusal};

/// The bytes of a file. Everything after works on these, so no step can see another file.
///
/// # Errors
/// A finding where it cannot be opened, is too large, or changes while it is read (after a second try).
pub fn snapshot(path: &Path, limits: &Limits) -> Result<Vec<u8>, Box<Finding>> {
    for _ in 0..2 {
        let (bytes, steady) = attempt(path, limits)?;
        if steady {
            return Ok(bytes);
        }
    }
    Err(Box::new(Finding::new(&STILL_CHANGING)))
}

fn attempt(path: &Path, limits: &Limits) -> Result<(Vec<u8>, bool), Box<Finding>> {
    let cannot = |error: std::io::Error| {
        let said = |lang| system::reason(&error, lang);
        let reason = Arg::Label { zh: said(Lang::Zh), en: said(Lang::En) };
        Box::new(Finding::new(&CANNOT_OPEN).arg("reason", reason))
    };
    let mut file = File::open(path).map_err(cannot)?;
    let before = file.metadata().map_err(cannot)?;
    if before.len() > limits.file {
        let refusal = Refusal::TooLarge { measure: Measure::File, found: before.len(), limit: limits.file };
        return Err(Box::new(refused(&refusal)));
    }
    let mut bytes = Vec::with_capacity(before.len() as usize);
    (&mut file).take(limits.file + 1).read_to_end(&mut bytes).map_err(cannot)?;
    let after = std::fs::metadata(path).map_err(cannot)?;
    let steady = same(&before, &after) && bytes.len() as u64 == after.len();
    Ok((bytes, steady))
}

fn same(before: &Metadata, after: &Metadata) -> bool {
    before.len() == after.len() && before.modified().ok() == after.modified().ok()
}
