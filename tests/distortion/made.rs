//! A workbook as it is made up: tabs of blocks, a block a table (or a part of one) with its lanes and lines. What
//! is typed keeps its meaning, so that it can be spelt again and judged later.

use std::collections::BTreeSet;

use fupan::catalogue::{Catalogue, Column, Layout, Table};
use fupan::locale::Lang;
use fupan::workbook::{Cell, Visibility};

use crate::injection::draft::Say;
use crate::injection::voice::Voice;

/// A workbook before it is laid out on a grid.
#[derive(Debug, Clone)]
pub struct Made {
    pub template: String,
    pub voice: Voice,
    pub tabs: Vec<Tab>,
    /// Document properties, names and the hidden sheet that say which template this is.
    pub identity: bool,
    /// Names and Excel tables that say which table stands where.
    pub ids: bool,
    /// The guide and the data dictionary of the blank.
    pub guides: bool,
    /// What the team calls things, as its `fupan.toml` says: what is meant, the team's name.
    pub names: Vec<(String, String)>,
    /// Kinds of distortion that concern the whole workbook.
    pub kinds: BTreeSet<&'static str>,
}

/// A sheet: bands of blocks one below the other, the blocks of a band side by side.
#[derive(Debug, Clone)]
pub struct Tab {
    pub name: String,
    pub visible: Visibility,
    pub top: u32,
    pub left: u32,
    pub bands: Vec<Band>,
}

/// Blocks side by side, so many empty columns between them, so many empty rows below.
#[derive(Debug, Clone)]
pub struct Band {
    pub blocks: Vec<Block>,
    pub gap: u32,
    pub below: u32,
}

/// How a table lies in its block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lie {
    /// Headers in a row, one record a line.
    List,
    /// Labels with values beside them, so many pairs a line; with 项目 | 内容说明 on top; with an example behind.
    Form { pairs: usize, topped: bool, examples: bool },
    /// A form with its labels in a row and its values below.
    Sideways,
}

/// How the header of a list stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum HeaderForm {
    /// On one row.
    One,
    /// Every cell merged over two rows.
    Tall,
    /// Groups merged above, the other cells merged over both rows.
    Grouped,
    /// Groups above without a merge; the others on the upper or on the lower row.
    Loose { upper: bool },
}

/// One table, or a part of one.
#[derive(Debug, Clone)]
pub struct Block {
    pub table: &'static Table,
    pub lie: Lie,
    pub header: HeaderForm,
    /// Lines above the header.
    pub above: Vec<Above>,
    pub lanes: Vec<Lane>,
    pub lines: Vec<Line>,
    /// Lines below the last one.
    pub notes: Vec<String>,
    /// A copy of another block: its values are there once already.
    pub copied: bool,
    pub kinds: BTreeSet<&'static str>,
}

/// A line above a header: empty, or words in its first cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Above {
    pub text: String,
    /// Merged over the whole table.
    pub merged: bool,
    /// It is the title of the table.
    pub title: bool,
}

/// A column of a block; of a form, an item.
#[derive(Debug, Clone)]
pub struct Lane {
    /// The declared column; `None` for one of the team's own.
    pub column: Option<&'static Column>,
    /// The table of the column: the block's, or one kept in its rows.
    pub table: &'static Table,
    pub head: String,
    pub group: Option<String>,
}

/// A line of a list; a form has one.
#[derive(Debug, Clone)]
pub enum Line {
    /// A row of the draft, its cells by lane.
    Data(usize, Vec<Option<Typed>>),
    /// Something else: an empty line, a total, the header again; by lane.
    Other(Vec<Option<Cell>>),
}

/// What is typed into a cell, and what it means. Meaningless under columns of the team's own.
#[derive(Debug, Clone)]
pub struct Typed {
    pub say: Option<Say>,
    pub cell: Cell,
    /// Merged with the cell above, which says the same.
    pub joined: bool,
    /// What it says of a second table that is kept in the same rows.
    pub also: Option<(&'static Table, &'static Column)>,
}

impl Typed {
    /// A cell that says one thing, or nothing of ours.
    pub fn new(say: Option<Say>, cell: Cell) -> Typed {
        Typed { say, cell, joined: false, also: None }
    }
}

impl Block {
    pub fn is_list(&self) -> bool {
        self.table.layout == Layout::List
    }

    pub fn width(&self) -> u32 {
        match self.lie {
            Lie::Form { pairs, examples, .. } => 2 * pairs as u32 + u32::from(examples),
            _ => self.lanes.len() as u32,
        }
    }

    /// Places lanes in another order: the new order by old positions.
    pub fn reorder(&mut self, order: &[usize]) {
        self.lanes = order.iter().map(|at| self.lanes[*at].clone()).collect();
        for line in &mut self.lines {
            match line {
                Line::Data(_, cells) => *cells = order.iter().map(|at| cells[*at].clone()).collect(),
                Line::Other(cells) => *cells = order.iter().map(|at| cells[*at].clone()).collect(),
            }
        }
    }

    /// Puts a lane of the team's own before a position.
    pub fn insert(&mut self, at: usize, head: &str, mut cell: impl FnMut(usize) -> Option<Cell>) {
        self.lanes.insert(at, Lane { column: None, table: self.table, head: head.to_owned(), group: None });
        for line in &mut self.lines {
            match line {
                Line::Data(row, cells) => cells.insert(at, cell(*row).map(|cell| Typed::new(None, cell))),
                Line::Other(cells) => cells.insert(at, None),
            }
        }
    }

    /// The typed cells of a lane.
    pub fn typed_mut(&mut self, lane: usize) -> impl Iterator<Item = &mut Typed> {
        self.lines.iter_mut().filter_map(move |line| match line {
            Line::Data(_, cells) => cells[lane].as_mut(),
            Line::Other(_) => None,
        })
    }

    pub fn data_lines(&self) -> usize {
        self.lines.iter().filter(|line| matches!(line, Line::Data(..))).count()
    }

    /// Whether nothing but plain lines under a plain header stand here, as an Excel table must.
    pub fn is_plain(&self) -> bool {
        let mut heads: Vec<String> = self.lanes.iter().map(|lane| lane.head.to_lowercase()).collect();
        heads.sort();
        let unique =
            heads.windows(2).all(|pair| pair[0] != pair[1]) && heads.iter().all(|head| !head.is_empty());
        let joined = self.lines.iter().any(|line| match line {
            Line::Data(_, cells) => cells.iter().flatten().any(|typed| typed.joined),
            Line::Other(_) => false,
        });
        self.lie == Lie::List && self.header == HeaderForm::One && unique && !joined && !self.lines.is_empty()
    }
}

impl Tab {
    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.bands.iter().flat_map(|band| &band.blocks)
    }

    pub fn blocks_mut(&mut self) -> impl Iterator<Item = &mut Block> {
        self.bands.iter_mut().flat_map(|band| &mut band.blocks)
    }

    /// The only block of a tab that has but one.
    pub fn only(&self) -> Option<&Block> {
        match self.bands.as_slice() {
            [Band { blocks, .. }] if blocks.len() == 1 => blocks.first(),
            _ => None,
        }
    }
}

impl Made {
    pub fn blocks_mut(&mut self) -> impl Iterator<Item = &mut Block> {
        self.tabs.iter_mut().flat_map(Tab::blocks_mut)
    }

    /// A name no tab has yet, as near as can be.
    pub fn free_name(&self, wanted: &str) -> String {
        let clean: String = wanted.chars().filter(|c| !"[]:*?/\\'".contains(*c)).take(27).collect();
        let taken = |name: &str| {
            name.is_empty() || self.tabs.iter().any(|tab| tab.name.to_lowercase() == name.to_lowercase())
        };
        if !taken(&clean) {
            return clean;
        }
        (2..).map(|n| format!("{clean}{n}")).find(|name| !taken(name)).unwrap()
    }
}

/// A cell of words.
pub fn text(text: impl Into<String>) -> Cell {
    Cell { content: fupan::cell::Content::Text(text.into()), ..Cell::default() }
}

/// A cell with a number.
pub fn number(n: f64) -> Cell {
    Cell { content: fupan::cell::Content::Number(n), ..Cell::default() }
}

/// A number without the dust of binary fractions.
pub fn tidy(n: f64) -> f64 {
    format!("{n:.9}").parse().unwrap_or(n)
}

/// The label of a column in a language.
pub fn label(column: &Column, lang: Lang) -> String {
    column.label.get(lang)
}

/// A catalogue that lives as long as the program.
pub fn shipped() -> &'static Catalogue {
    Catalogue::shipped()
}
