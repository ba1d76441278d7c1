//! Single cells of the user's sheets given another value; every other character stays.
//!
//! The cell keeps its format; one that was not there takes its row's or column's, as it does when somebody
//! types into it. A formula goes only with the cell it stands in;
//! one that other cells share is left alone, and so is what it computes.

use std::collections::BTreeMap;

use crate::cell::{Area, CellRef, Content, Place};

use super::counts_from_1904;
use super::error::Result;
use super::package::Package;
use super::splice::Edits;
use super::take_out::drop_calculation_chain;
use super::workbook::Book;
use super::xml::{Element, Tree, escape};

/// Days between the first days of the two systems of dates.
const DAYS_TO_1904: f64 = 1462.0;

/// Another value for one cell: a number, a serial of the 1900 system, a text, or nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Amendment {
    /// The cell.
    pub at: Place,
    /// What it is to hold.
    pub value: Content,
}

/// Why a cell was left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unamended {
    /// The workbook has no such worksheet, or it cannot be read.
    NoSuchSheet,
    /// The cell lies under another one that it is merged with.
    Covered,
    /// Its formula is shared with other cells, which would lose theirs.
    SharedFormula,
    /// It is to hold something that is no value.
    NoValue,
}

/// A package with cells amended.
#[derive(Debug, Clone, PartialEq)]
pub struct Amended {
    /// The bytes of the file.
    pub package: Vec<u8>,
    /// What was left as it was, by position among the amendments.
    pub left: Vec<(usize, Unamended)>,
}

/// The package with cells amended; formulas that depend on them are computed anew when it is opened.
///
/// # Errors
/// Why the package cannot be read.
pub fn amend(original: &[u8], amendments: &[Amendment]) -> Result<Amended> {
    changed(original, amendments, true)
}

/// The same with cells that no formula reads: nothing is computed anew.
///
/// # Errors
/// Why the package cannot be read.
pub fn annotate(original: &[u8], amendments: &[Amendment]) -> Result<Amended> {
    changed(original, amendments, false)
}

fn changed(original: &[u8], amendments: &[Amendment], compute: bool) -> Result<Amended> {
    let mut package = Package::open(original)?;
    let mut book = Book::read(&mut package)?;
    let from_1904 = counts_from_1904(&Tree::parse(&book.part, &book.text, 1)?);
    let mut left = Vec::new();
    let mut by_part: BTreeMap<String, BTreeMap<CellRef, (usize, String)>> = BTreeMap::new();
    for (at, amendment) in amendments.iter().enumerate() {
        let sheet = book.sheets.iter().find(|sheet| *sheet.name == *amendment.at.sheet && sheet.worksheet);
        match (sheet.and_then(|sheet| sheet.part.clone()), inside(&amendment.value, from_1904)) {
            (None, _) => left.push((at, Unamended::NoSuchSheet)),
            (_, None) => left.push((at, Unamended::NoValue)),
            (Some(part), Some(inside)) => {
                by_part.entry(part).or_default().insert(amendment.at.cell, (at, inside));
            }
        }
    }
    let mut any = false;
    for (part, cells) in by_part {
        let Ok(text) = package.required(&part) else {
            left.extend(cells.into_values().map(|(at, _)| (at, Unamended::NoSuchSheet)));
            continue;
        };
        let tree = Tree::parse(&part, &text, 4)?;
        let sheet = Sheet::of(&tree);
        let mut edits = Edits::default();
        sheet.put(cells, &mut edits, &mut left);
        if !edits.is_empty() {
            any = true;
            let changed = edits.apply(&text);
            package.put(&part, changed.into_bytes())?;
        }
    }
    left.sort_unstable_by_key(|(at, _)| *at);
    if !any {
        return Ok(Amended { package: original.to_vec(), left });
    }
    if compute {
        compute_on_opening(&mut book)?;
        book.store(&mut package)?;
        drop_calculation_chain(&mut package, &mut book)?;
    }
    Ok(Amended { package: package.into_bytes()?, left })
}

/// What stands in a `c` element and the type it needs, `{p}` for the prefix; `None` for what is no value.
fn inside(value: &Content, from_1904: bool) -> Option<String> {
    let number = |n: f64| n.is_finite().then(|| format!("><{{p}}v>{n}</{{p}}v>"));
    match value {
        Content::Number(n) => number(*n),
        Content::Serial(day) => number(if from_1904 { day - DAYS_TO_1904 } else { *day }),
        Content::Text(text) => Some(format!(
            " t=\"inlineStr\"><{{p}}is><{{p}}t xml:space=\"preserve\">{}</{{p}}t></{{p}}is>",
            escape(text)
        )),
        Content::Blank => Some(">".to_owned()),
        Content::Bool(_) | Content::Error(_) => None,
    }
}

/// Has Excel compute everything when it opens the file: results stored for the old values are stale.
fn compute_on_opening(book: &mut Book) -> Result<()> {
    let tree = Tree::parse(&book.part, &book.text, 1)?;
    // Without these settings Excel computes anyway.
    let Some(settings) = tree.child(tree.root(), "calcPr") else { return Ok(()) };
    let mut edits = Edits::default();
    match tree.attribute(settings, "fullCalcOnLoad") {
        Some(attribute) => edits.replace(attribute.value, "1"),
        None => edits.insert(settings.tag.start + 1 + tree.name(settings).len(), " fullCalcOnLoad=\"1\""),
    }
    book.text = edits.apply(&book.text);
    Ok(())
}

/// The formats of whole columns, counted from 1.
fn column_styles(tree: &Tree<'_>) -> Vec<(u32, u32, String)> {
    let Some(list) = tree.child(tree.root(), "cols") else { return Vec::new() };
    let number = |column: &Element, name| tree.value(column, name)?.trim().parse::<u32>().ok();
    let style =
        |column| Some((number(column, "min")?, number(column, "max")?, number(column, "style")?.to_string()));
    tree.children(list).filter_map(style).collect()
}

/// The rows and cells of a sheet by number.
struct Sheet<'s> {
    tree: &'s Tree<'s>,
    rows: BTreeMap<u32, &'s Element>,
    cells: BTreeMap<CellRef, &'s Element>,
    /// What cannot change without changing more: results of one formula, and the cell that holds a shared one.
    locked: Vec<Area>,
    merged: Vec<Area>,
    /// Formats of whole columns: first, last, style number.
    columns: Vec<(u32, u32, String)>,
}

impl<'s> Sheet<'s> {
    fn of(tree: &'s Tree<'s>) -> Sheet<'s> {
        let mut sheet = Sheet {
            tree,
            rows: BTreeMap::new(),
            cells: BTreeMap::new(),
            locked: Vec::new(),
            merged: Vec::new(),
            columns: column_styles(tree),
        };
        if let Some(list) = tree.child(tree.root(), "mergeCells") {
            let areas = tree.children(list).filter_map(|merge| Area::parse(&tree.value(merge, "ref")?));
            sheet.merged = areas.collect();
        }
        let Some(data) = tree.child(tree.root(), "sheetData") else { return sheet };
        // Rows and cells without an address follow the one before.
        let mut next_row = 0;
        for row in tree.children(data) {
            let said = tree.value(row, "r").and_then(|r| r.trim().parse::<u32>().ok()?.checked_sub(1));
            let number = said.unwrap_or(next_row);
            next_row = number.saturating_add(1);
            sheet.rows.entry(number).or_insert(row);
            let mut next_col = 0;
            for cell in tree.children(row).filter(|cell| tree.local(cell) == "c") {
                let said = tree.value(cell, "r").and_then(|r| CellRef::parse(r.trim()));
                let at = said.unwrap_or(CellRef::new(number, next_col));
                next_col = at.col.saturating_add(1);
                sheet.cells.entry(at).or_insert(cell);
                let Some(formula) = tree.child(cell, "f") else { continue };
                let Some(area) = tree.value(formula, "ref").and_then(|area| Area::parse(&area)) else {
                    continue;
                };
                if tree.value(formula, "t").as_deref() != Some("shared") {
                    sheet.locked.push(area);
                } else if area != Area::new(at, at) {
                    // The others only say that they use it, and may go.
                    sheet.locked.push(Area::new(at, at));
                }
            }
        }
        sheet
    }

    fn put(
        &self,
        cells: BTreeMap<CellRef, (usize, String)>,
        edits: &mut Edits,
        left: &mut Vec<(usize, Unamended)>,
    ) {
        let mut new_rows: BTreeMap<u32, Vec<(CellRef, String)>> = BTreeMap::new();
        for (at, (amendment, inside)) in cells {
            let covered = |area: &Area| area.contains(at) && area.first != at;
            if self.merged.iter().any(covered) {
                left.push((amendment, Unamended::Covered));
            } else if self.locked.iter().any(|area| area.contains(at)) {
                left.push((amendment, Unamended::SharedFormula));
            } else if let Some(cell) = self.cells.get(&at) {
                edits.replace(cell.whole.clone(), self.replaced(cell, &inside));
            } else {
                new_rows.entry(at.row).or_default().push((at, inside));
            }
        }
        let mut rows = Vec::new();
        for (row, cells) in new_rows {
            match self.rows.get(&row) {
                Some(element) => self.extend(element, &cells, edits),
                None => rows.push((row, self.row(row, &cells))),
            }
        }
        self.insert(rows, edits);
    }

    /// The cell with its format and another value.
    fn replaced(&self, cell: &Element, inside: &str) -> String {
        let prefix = self.tree.prefix();
        let kept: String = self
            .tree
            .attributes(cell)
            .filter(|attribute| !matches!(attribute.name, "t" | "cm" | "vm"))
            .map(|attribute| &self.tree.text[attribute.whole.clone()])
            .collect();
        let name = self.tree.name(cell);
        format!("<{name}{kept}{}</{name}>", inside.replace("{p}", prefix))
    }

    fn cell(&self, at: CellRef, inside: &str) -> String {
        let prefix = self.tree.prefix();
        let of_row = self.rows.get(&at.row).filter(|row| self.tree.value(row, "customFormat").is_some());
        let of_row = of_row.and_then(|row| self.tree.value(row, "s"));
        let of_column = || {
            let column =
                self.columns.iter().find(|(first, last, _)| (*first..=*last).contains(&(at.col + 1)));
            column.map(|(.., style)| style.clone())
        };
        let style = of_row.map(|style| style.to_string()).or_else(of_column);
        let style = style.map(|style| format!(" s=\"{style}\"")).unwrap_or_default();
        format!("<{prefix}c r=\"{at}\"{style}{}</{prefix}c>", inside.replace("{p}", prefix))
    }

    fn row(&self, row: u32, cells: &[(CellRef, String)]) -> String {
        let prefix = self.tree.prefix();
        let cells: String = cells.iter().map(|(at, inside)| self.cell(*at, inside)).collect();
        format!("<{prefix}row r=\"{}\">{cells}</{prefix}row>", row + 1)
    }

    /// Cells that a row did not have, in their places.
    fn extend(&self, row: &Element, cells: &[(CellRef, String)], edits: &mut Edits) {
        if row.closed {
            let name = self.tree.name(row);
            let tag = self.tree.text[row.tag.clone()].trim_end_matches("/>");
            let cells: String = cells.iter().map(|(at, inside)| self.cell(*at, inside)).collect();
            edits.replace(row.whole.clone(), format!("{tag}>{cells}</{name}>"));
            return;
        }
        for (at, inside) in cells {
            let before = self.cells.range(CellRef::new(at.row, 0)..*at).next_back();
            edits.insert(before.map_or(row.inner.start, |(_, cell)| cell.whole.end), self.cell(*at, inside));
        }
    }

    /// Rows that the sheet did not have, in their places.
    fn insert(&self, rows: Vec<(u32, String)>, edits: &mut Edits) {
        let Some(data) = self.tree.child(self.tree.root(), "sheetData") else { return };
        if data.closed && !rows.is_empty() {
            let name = self.tree.name(data);
            let rows: String = rows.into_iter().map(|(_, row)| row).collect();
            return edits.replace(data.whole.clone(), format!("<{name}>{rows}</{name}>"));
        }
        for (number, row) in rows {
            let before = self.rows.range(..number).next_back();
            edits.insert(before.map_or(data.inner.start, |(_, element)| element.whole.end), row);
        }
    }
}
