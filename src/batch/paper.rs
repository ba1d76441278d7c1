//! The report beside the workbook: as a Word file, as slides.

use serde::{Deserialize, Serialize};

use super::findings::INTERNAL_ERROR;
use crate::diagnostic::Finding;
use crate::document::Document;
use crate::locale::Lang;
use crate::{docx, pptx};

/// A form the report takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Paper {
    /// A Word file.
    Word,
    /// The slides of a meeting.
    Slides,
}

impl Paper {
    /// Every form.
    pub const ALL: [Paper; 2] = [Paper::Word, Paper::Slides];

    /// The extension of its files.
    pub fn extension(self) -> &'static str {
        match self {
            Paper::Word => "docx",
            Paper::Slides => "pptx",
        }
    }

    /// The report in this form.
    ///
    /// # Errors
    /// A finding that says it cannot be written.
    pub fn write(self, document: &Document, lang: Lang) -> Result<Vec<u8>, Box<Finding>> {
        let package = match self {
            Paper::Word => docx::write(document, lang).ok(),
            Paper::Slides => pptx::write(document, lang).ok(),
        };
        package.ok_or_else(|| Box::new(Finding::new(&INTERNAL_ERROR)))
    }
}
