//! The last touch to the parts of a saved package that the library leaves unfinished.
//!
//! Chart parts get their caches; formulas whose text result looks like a number
//! get it back as text; the workbook no longer asks to be computed, for it is. In a package of its own every other part is copied
//! without being unpacked; what is grafted is finished part by part on the way.

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::WriteError;
use super::chart_cache::{Caches, fill};
use super::sheet::TEXT_MARK;
use crate::xlsx::graft::LastTouch;

const WORKBOOK: &str = "xl/workbook.xml";

/// The workbook part without the order to compute everything on opening, which the library always gives: every result
/// is stored, and Excel would ask to save what nobody changed.
pub(in crate::xlsx) fn computed(workbook: &str) -> String {
    // Files of an older calculation are computed again as well; this is the one of Excel since 2019.
    workbook.replace("calcId=\"124519\" fullCalcOnLoad=\"1\"", "calcId=\"191029\"")
}

/// What the parts of a package lack.
#[derive(Debug, Default)]
pub(super) struct Finish<'a> {
    /// What charts show before anything is recalculated.
    pub caches: Caches<'a>,
    /// Whether a formula's text result had to be marked as text.
    pub marked_texts: bool,
}

impl Finish<'_> {
    fn concerns(&self, name: &str) -> bool {
        name == WORKBOOK
            || name.starts_with("xl/charts/chart")
            || self.marked_texts && name.starts_with("xl/worksheets/sheet")
    }

    /// The package finished.
    pub fn package(&self, package: Vec<u8>, compression: u8) -> Result<Vec<u8>, WriteError> {
        let mut archive = ZipArchive::new(Cursor::new(&package))?;
        let mut finished = ZipWriter::new(Cursor::new(Vec::with_capacity(package.len() * 9 / 8)));
        for index in 0..archive.len() {
            let mut entry = archive.by_index(index)?;
            let name = entry.name()?.into_owned();
            if !self.concerns(&name) {
                drop(entry);
                finished.raw_copy_file(archive.by_index_raw(index)?)?;
                continue;
            }
            let mut part = String::new();
            entry.read_to_string(&mut part)?;
            let options = SimpleFileOptions::default()
                .compression_method(CompressionMethod::Deflated)
                .compression_level(Some(compression.into()))
                .last_modified_time(zip::DateTime::default());
            let part = self.part(&name, part);
            finished.start_file(name, options)?;
            finished.write_all(part.as_bytes())?;
        }
        Ok(finished.finish()?.into_inner())
    }
}

impl LastTouch for Finish<'_> {
    fn part(&self, name: &str, text: String) -> String {
        match () {
            () if !self.concerns(name) => text,
            () if name.starts_with("xl/charts/") => fill(&text, &self.caches),
            () if name == WORKBOOK => computed(&text),
            // The mark has done its work: the result was stored as a text.
            () => text.replace(&format!("<v>{TEXT_MARK}"), "<v>"),
        }
    }
}
