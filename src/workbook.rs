//! A workbook as it was read: a plain value.
//!
//! Nothing here knows a file format; nothing here knows a campaign. Cells are
//! sparse and stand at their absolute place.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use indexmap::IndexMap;

use crate::cell::{Area, CellRef, Content};
use crate::quantity::Currency;

/// Sheets in tab order, and what the file says about itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Workbook {
    /// Sheets in tab order.
    pub sheets: Vec<Sheet>,
    /// Custom document properties (`fupan.campaign` …).
    pub properties: IndexMap<String, String>,
    /// Defined names and what they refer to, workbook scope.
    pub names: IndexMap<String, String>,
    /// Whether dates were stored in the 1904 system (cells are already converted).
    pub epoch_1904: bool,
    /// What the reader met that a person may want to know.
    pub quirks: Vec<Quirk>,
}

/// One sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Name on the tab.
    pub name: Arc<str>,
    /// Whether people see it.
    pub visible: Visibility,
    /// Cells that hold something, by place.
    pub cells: BTreeMap<CellRef, Cell>,
    /// Merged rectangles.
    pub merges: Vec<Area>,
    /// Hidden (or filtered-out) rows.
    pub hidden_rows: BTreeSet<u32>,
    /// Hidden columns.
    pub hidden_columns: BTreeSet<u32>,
    /// Excel tables (ListObjects): name and area including the header row.
    pub tables: Vec<(String, Area)>,
    /// Cells that carry a note or comment.
    pub notes: BTreeSet<CellRef>,
}

/// Who sees a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Visibility {
    /// On a tab.
    #[default]
    Visible,
    /// Hidden; anyone can show it.
    Hidden,
    /// Hidden from the menu too.
    VeryHidden,
}

/// One cell that holds something.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cell {
    /// What it holds; for a formula its stored result.
    pub content: Content,
    /// The formula, without `=`, where there is one (`Some("")` for a shared one whose text is elsewhere).
    pub formula: Option<String>,
    /// What its number format shows.
    pub shown: Shown,
}

/// What a number format makes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shown {
    /// Nothing special.
    #[default]
    General,
    /// As a percentage.
    Percent,
    /// As text (`@`).
    Text,
    /// As a date or time (the content is then [`Content::Serial`]).
    Date,
    /// In thousands, 万 or millions (`#,##0,`, `0!.0,`, `0.0,,`), by its power of ten: the stored number is the whole one.
    Scaled(u8),
    /// As an amount in another currency than 元 (`"$"#,##0`, `[$€-2] 0.00`).
    Foreign(Currency),
}

/// Something about the file that is worth a word, but stops nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quirk {
    /// A formula without a stored result stands here: unknown, not empty.
    NoStoredResult(Arc<str>, CellRef),
    /// A picture in a cell (WPS `DISPIMG`).
    PictureCell(Arc<str>, CellRef),
    /// Macros in the file; never run.
    Macros,
    /// Links to other workbooks; never followed.
    ExternalLinks,
    /// Embedded objects or data connections; never opened.
    EmbeddedObjects,
    /// The extension does not fit the content.
    ExtensionLies(String),
    /// A sheet of another kind (chart sheet, dialog) was passed over.
    OtherSheet(String),
    /// A worksheet could not be read, and why; the others were.
    UnreadableSheet(String, String),
    /// Only a few cells stand far away from everything.
    FarCell(Arc<str>, CellRef),
    /// The workbook's own protection is on.
    Protected,
    /// Somebody signed the file.
    Signed,
    /// Several people work in it at once, and it remembers who changed what.
    Shared,
    /// Somebody has written into a sheet of ours since it was made.
    Typed(crate::cell::Place),
    /// A copy somebody made of one of our sheets.
    Copy(String),
}

impl Workbook {
    /// The sheet of that exact name.
    pub fn sheet(&self, name: &str) -> Option<&Sheet> {
        self.sheets.iter().find(|sheet| &*sheet.name == name)
    }
}

impl Sheet {
    /// An empty visible sheet.
    pub fn new(name: impl Into<Arc<str>>) -> Sheet {
        Sheet {
            name: name.into(),
            visible: Visibility::Visible,
            cells: BTreeMap::new(),
            merges: Vec::new(),
            hidden_rows: BTreeSet::new(),
            hidden_columns: BTreeSet::new(),
            tables: Vec::new(),
            notes: BTreeSet::new(),
        }
    }

    /// What stands in a cell; blank where nothing does.
    pub fn content(&self, cell: CellRef) -> &Content {
        static BLANK: Content = Content::Blank;
        self.cells.get(&cell).map_or(&BLANK, |cell| &cell.content)
    }

    /// The cells of one row, left to right.
    pub fn row(&self, row: u32) -> impl Iterator<Item = (u32, &Cell)> {
        self.cells.range(CellRef::new(row, 0)..CellRef::new(row + 1, 0)).map(|(at, cell)| (at.col, cell))
    }

    /// The rectangle of cells that are not blank.
    pub fn used(&self) -> Option<Area> {
        let mut cells = self.cells.iter().filter(|(_, cell)| !cell.content.is_blank()).map(|(at, _)| *at);
        let first = cells.next()?;
        Some(cells.fold(Area::new(first, first), |area, at| Area {
            first: CellRef::new(area.first.row.min(at.row), area.first.col.min(at.col)),
            last: CellRef::new(area.last.row.max(at.row), area.last.col.max(at.col)),
        }))
    }
}
