//! The Word codec: a document to a docx package's bytes.
//!
//! Headings are Word's own heading styles, charts are native charts with their
//! numbers embedded, tables repeat their headers. The same document gives the
//! same bytes. Nothing here knows a campaign.

use thiserror::Error;

use crate::document::{Document, Illustration, shown};
use crate::locale::Lang;
use crate::page::Chart;
use crate::words::Words;
use crate::xlsx::write::{Standalone, WriteError, WriteOptions, standalone};

mod body;
mod front;
mod package;
mod table;
mod xml;

/// Why a document could not be written.
#[derive(Debug, Error)]
pub enum DocxError {
    /// A chart cannot be drawn.
    #[error("the chart `{title}` cannot be drawn")]
    Chart {
        /// Its title.
        title: String,
        /// What the writer of charts said.
        source: WriteError,
    },
    /// The package cannot be put together.
    #[error("the package cannot be put together")]
    Package(#[from] zip::result::ZipError),
    /// A part cannot be written.
    #[error("a part of the package cannot be written")]
    Part(#[from] std::io::Error),
}

/// Width of the text on A4, in twentieths of a point; the margins are two and a half centimetres.
const TEXT_WIDTH: f64 = 9070.0;

/// What lies at hand while parts are written.
struct Bench {
    lang: Lang,
    words: Words,
}

impl Bench {
    fn word(&self, key: &str) -> String {
        crate::office::escape(&self.words.get(key))
    }

    fn shown(&self, cell: &crate::page::PageCell) -> String {
        shown(cell, self.lang)
    }
}

/// Writes a document as a docx package.
///
/// # Errors
/// When a chart cannot be drawn or the package cannot be put together.
pub fn write(document: &Document, lang: Lang) -> Result<Vec<u8>, DocxError> {
    let bench = Bench { lang, words: Words::load(&[include_str!("words.toml")], lang) };
    let options = WriteOptions { lang, title: document.subject.clone(), properties: Vec::new() };
    let charts: Result<Vec<Standalone>, DocxError> = document
        .illustrations()
        .map(|Illustration { chart, categories }| {
            let chart = Chart { size: body::size(chart), ..chart.clone() };
            standalone(&chart, *categories, &options)
                .map_err(|source| DocxError::Chart { title: chart.title, source })
        })
        .collect();
    let main = [
        body::OPEN,
        &front::cover(document, &bench),
        &front::contents(document, &bench),
        &body::blocks(document, &bench),
        body::CLOSE,
    ]
    .concat();
    package::pack(document, &main, &charts?, &bench)
}
