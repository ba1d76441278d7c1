//! The slides codec: a document to a pptx package's bytes.
//!
//! The deck of a meeting: one message a slide as its title, native charts with
//! their numbers embedded, native tables, the order of the document. The same
//! document gives the same bytes. Nothing here knows a campaign.

use thiserror::Error;

use crate::document::{Document, Illustration};
use crate::locale::Lang;
use crate::page::Chart;
use crate::words::Words;
use crate::xlsx::write::{Standalone, WriteError, WriteOptions, standalone};

mod deck;
mod package;
mod slide;

use deck::{Body, Slide};

/// Why a deck could not be written.
#[derive(Debug, Error)]
pub enum PptxError {
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

/// Writes a document as slides.
///
/// # Errors
/// When a chart cannot be drawn or the package cannot be put together.
pub fn write(document: &Document, lang: Lang) -> Result<Vec<u8>, PptxError> {
    let words = Words::load(&[include_str!("words.toml")], lang);
    let slides = deck::deck(document, lang, &words);
    let options = WriteOptions { lang, title: document.subject.clone(), properties: Vec::new() };
    let charts: Result<Vec<Standalone>, PptxError> = charts(&slides)
        .map(|Illustration { chart, categories }| {
            let chart = Chart { size: slide::CHART_SIZE, ..chart.clone() };
            standalone(&chart, *categories, &options)
                .map_err(|source| PptxError::Chart { title: chart.title, source })
        })
        .collect();
    package::pack(document, &slides, &charts?, lang, &words)
}

/// The charts of a deck, in order: one a slide at the most.
fn charts(slides: &[Slide]) -> impl Iterator<Item = &Illustration> {
    slides.iter().filter_map(|slide| match &slide.body {
        Body::Chart(illustration, _) => Some(illustration),
        _ => None,
    })
}

#[cfg(test)]
mod tests;
