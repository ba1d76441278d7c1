//! The last pass over a saved package: parts that the library leaves unfinished.
//!
//! Chart parts get their caches; formulas whose text result looks like a number
//! get it back as text. Every other part is copied without being unpacked.

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::WriteError;
use super::chart_cache::{Caches, fill};
use super::sheet::TEXT_MARK;

/// Finishes a package; one with nothing to finish comes back as it is.
pub(super) fn finish(
    package: Vec<u8>,
    caches: &Caches<'_>,
    marked_texts: bool,
    compression: u8,
) -> Result<Vec<u8>, WriteError> {
    if caches.is_empty() && !marked_texts {
        return Ok(package);
    }
    let mut archive = ZipArchive::new(Cursor::new(&package))?;
    let mut finished = ZipWriter::new(Cursor::new(Vec::with_capacity(package.len() + package.len() / 8)));
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index)?;
        let name = entry.name()?.into_owned();
        let is_chart = name.starts_with("xl/charts/chart");
        let is_marked = marked_texts && name.starts_with("xl/worksheets/sheet");
        if !is_chart && !is_marked {
            drop(entry);
            finished.raw_copy_file(archive.by_index_raw(index)?)?;
            continue;
        }
        let mut part = String::new();
        entry.read_to_string(&mut part)?;
        let part = if is_chart { fill(&part, caches) } else { unmark(&part) };
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(compression.into()))
            .last_modified_time(zip::DateTime::default());
        finished.start_file(name, options)?;
        finished.write_all(part.as_bytes())?;
    }
    Ok(finished.finish()?.into_inner())
}

/// The mark has done its work: the result was stored as a text.
fn unmark(part: &str) -> String {
    part.replace(&format!("<v>{TEXT_MARK}"), "<v>")
}
