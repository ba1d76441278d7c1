//! Which sheet a workbook opens on: ours, and once ours are gone the one before.
//!
//! A workbook opens on its active tab, but a sheet that says it is selected is
//! grouped with it, and typing into one would change both. So the flag of the
//! user's sheet is turned off – one value, nothing else of the part –, a
//! hidden name remembers the sheet, and taking our sheets out turns it on again.

use super::error::Result;
use super::package::Package;
use super::workbook::Book;

/// How programs write the flag, on and off.
const FLAGS: [(&str, &str); 4] = [
    ("tabSelected=\"1\"", "tabSelected=\"0\""),
    ("tabSelected='1'", "tabSelected='0'"),
    ("tabSelected=\"true\"", "tabSelected=\"false\""),
    ("tabSelected='true'", "tabSelected='false'"),
];
/// The views stand near the beginning; only what is long before them takes a second look.
const HEADS: [u64; 2] = [1 << 11, 1 << 16];

/// Turns off the flag of every sheet that has it on, and answers with their names; `None` where one cannot be read.
pub(super) fn unselect(package: &mut Package<'_>, book: &Book) -> Result<Option<Vec<String>>> {
    let mut selected = Vec::new();
    for sheet in &book.sheets {
        let Some(part) = &sheet.part else { continue };
        let Some((on, off)) = flag(package, part, |(on, off)| (on, off))? else { continue };
        if !switched(package, part, on, off)? {
            return Ok(None);
        }
        selected.push(sheet.name.clone());
    }
    Ok(Some(selected))
}

/// Turns the flag of a sheet on again, where it is off.
pub(super) fn select(package: &mut Package<'_>, part: &str) -> Result<()> {
    if let Some((off, on)) = flag(package, part, |(on, off)| (off, on))? {
        switched(package, part, off, on)?;
    }
    Ok(())
}

/// The flag a sheet's views have, as it is written and as it is to be.
fn flag(
    package: &mut Package<'_>,
    part: &str,
    turn: fn((&'static str, &'static str)) -> (&'static str, &'static str),
) -> Result<Option<(&'static str, &'static str)>> {
    for most in HEADS {
        let bytes = package.head(part, most)?.unwrap_or_default();
        let head = String::from_utf8_lossy(&bytes);
        let views = &head[..head.find("sheetData").unwrap_or(head.len())];
        let found = FLAGS.into_iter().map(turn).find(|(is, _)| views.contains(is));
        if found.is_some() || head.contains("sheetData") {
            return Ok(found);
        }
    }
    Ok(None)
}

/// Writes the part with its first flag turned; `false` where it cannot be read.
fn switched(package: &mut Package<'_>, part: &str, is: &str, to_be: &str) -> Result<bool> {
    let Ok(Some(mut bytes)) = package.read(part) else { return Ok(false) };
    let Some(at) = memchr::memmem::find(&bytes, is.as_bytes()) else { return Ok(false) };
    bytes.splice(at..at + is.len(), to_be.bytes());
    package.put(part, bytes)?;
    Ok(true)
}
