//! A report as it reads: headings, paragraphs, tables and charts in order.
//!
//! The report sheet and the Word file are both laid out from one document, so
//! no sentence is written twice. Nothing here knows a sheet or a file format.

use crate::page::{Chart, PageCell, Role, Shape};

mod shown;

pub use shown::shown;

/// Relative widths of the columns tables stand on; a cell spreads over some of them.
pub const GRID: [f64; 8] = [15.0, 13.0, 11.0, 11.0, 11.0, 11.0, 12.0, 13.0];

/// A report.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Document {
    /// What it is about, for the cover and the header of every page.
    pub subject: String,
    /// What kind of document it is.
    pub kind: String,
    /// As of when, made with what.
    pub subtitle: String,
    /// What the cover says about the subject: a label and its text.
    pub facts: Vec<(String, PageCell)>,
    /// The report.
    pub blocks: Vec<Block>,
}

/// A part of a report.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A heading; level 1 is a chapter.
    Heading {
        /// From 1.
        level: u8,
        /// What it says.
        text: String,
    },
    /// A paragraph: running text, a conclusion or a note, by its role.
    Text(Role, PageCell),
    /// One of a list, with its number or mark.
    Item(String, PageCell),
    /// The cells that prove the block before: each shown, and leading to its file where readers can follow.
    Proof(Vec<Source>),
    /// Key figures beside each other: a label and its value.
    Figures(Vec<(String, PageCell)>),
    /// A table.
    Table(Table),
    /// A chart.
    Chart(Illustration),
}

/// A cell that proves a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The cell as people call it: `总览!F7`.
    pub cell: String,
    /// The file and the cell in it, relative to the document.
    pub target: String,
}

/// A table on the eight columns of the [`GRID`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// How many columns of the grid each column takes, and its header.
    pub columns: Vec<(u32, String)>,
    /// Rows, a cell a column.
    pub rows: Vec<Vec<PageCell>>,
    /// The least height of a row in points, where there must be room to write.
    pub row_height: Option<f64>,
}

/// A chart with what it takes to draw it away from its sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Illustration {
    /// The chart; its ranges hold the values, its place means nothing here.
    pub chart: Chart,
    /// How its categories are shown.
    pub categories: Shape,
}

impl Document {
    /// Starts a chapter (level 1) or a part of one.
    pub fn heading(&mut self, level: u8, text: impl Into<String>) {
        self.blocks.push(Block::Heading { level, text: text.into() });
    }

    /// A paragraph of a role.
    pub fn text(&mut self, role: Role, cell: impl Into<PageCell>) {
        self.blocks.push(Block::Text(role, cell.into()));
    }

    /// Running text in paragraphs, as its author broke it.
    pub fn paragraphs(&mut self, text: &str) {
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            self.text(Role::Paragraph, line);
        }
    }

    /// The illustrations, in order.
    pub fn illustrations(&self) -> impl Iterator<Item = &Illustration> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Chart(illustration) => Some(illustration),
            _ => None,
        })
    }
}
