//! Reading one input file whole, once, and only when it holds still.

#![expect(clippy::disallowed_methods, reason = "the one place that reads input files")]

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use super::findings::{CANNOT_OPEN, STILL_CHANGING, refused};
use crate::diagnostic::{Arg, Finding};
use crate::locale::Lang;
use crate::system;
use crate::xlsx::guard::{Limits, Measure, Refusal};

/// What changed so lately may still be being copied.
const FRESH: Duration = Duration::from_secs(10);
/// How long it has to hold still then.
const STILL: Duration = Duration::from_secs(1);
/// How many times that is waited for.
const PATIENCE: usize = 30;
/// How packages begin: what is missing of one shows, because its end does.
const PACKAGE: &[u8] = b"PK";

/// The bytes of a file. Everything after works on these, so no step can see another file.
///
/// A text or an old workbook does not show that its end is missing: one that has just changed
/// is watched until it holds still.
///
/// # Errors
/// A finding where it cannot be opened, is no file, is too large, or keeps changing.
pub fn snapshot(path: &Path, limits: &Limits) -> Result<Vec<u8>, Box<Finding>> {
    for _ in 0..PATIENCE {
        let Some((bytes, seen)) = attempt(path, limits)? else { continue };
        if bytes.starts_with(PACKAGE) || is_settled(&seen) {
            return Ok(bytes);
        }
        sleep(STILL);
        if std::fs::metadata(path).is_ok_and(|now| same(&seen, &now)) {
            return Ok(bytes);
        }
    }
    Err(Box::new(Finding::new(&STILL_CHANGING)))
}

/// The bytes and what the system said of the file; nothing where it changed meanwhile.
fn attempt(path: &Path, limits: &Limits) -> Result<Option<(Vec<u8>, Metadata)>, Box<Finding>> {
    let mut file = open(path).map_err(cannot)?;
    let before = file.metadata().map_err(cannot)?;
    if before.len() > limits.file {
        let refusal = Refusal::TooLarge { measure: Measure::File, found: before.len(), limit: limits.file };
        return Err(Box::new(refused(&refusal)));
    }
    let mut bytes = Vec::with_capacity(before.len() as usize);
    (&mut file).take(limits.file + 1).read_to_end(&mut bytes).map_err(cannot)?;
    let after = std::fs::metadata(path).map_err(cannot)?;
    let steady = same(&before, &after) && bytes.len() as u64 == after.len();
    Ok(steady.then_some((bytes, after)))
}

/// Opens what is a file: a pipe would keep us waiting, and of a folder the system says why it cannot be listed.
fn open(path: &Path) -> io::Result<File> {
    let kind = std::fs::metadata(path)?.file_type();
    if kind.is_dir() {
        std::fs::read_dir(path)?;
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !kind.is_file() {
        return Err(io::ErrorKind::Unsupported.into());
    }
    File::open(path)
}

fn cannot(error: io::Error) -> Box<Finding> {
    let said = |lang| system::reason(&error, lang);
    let reason = Arg::Label { zh: said(Lang::Zh), en: said(Lang::En) };
    Box::new(Finding::new(&CANNOT_OPEN).arg("reason", reason))
}

/// Whether the last change is long enough ago; one that is still to come says nothing.
fn is_settled(seen: &Metadata) -> bool {
    let changed = seen.modified().ok().and_then(|changed| SystemTime::now().duration_since(changed).ok());
    changed.is_some_and(|age| age >= FRESH)
}

fn same(before: &Metadata, after: &Metadata) -> bool {
    before.len() == after.len() && before.modified().ok() == after.modified().ok()
}
