//! Stored results of formulas given another value; the formulas stay.

use std::collections::BTreeMap;

use super::error::Result;
use super::package::Package;
use super::splice::Edits;
use super::workbook::Book;
use super::xml::{Tree, escape};
use crate::cell::{CellRef, Content, Place};

/// The package with other results stored behind formulas; what is no formula stays as it is.
///
/// # Errors
/// Why the package cannot be read.
pub fn store_results(original: &[u8], results: &[(Place, Content)]) -> Result<Vec<u8>> {
    let mut package = Package::open(original)?;
    let book = Book::read(&mut package)?;
    let mut by_part: BTreeMap<String, BTreeMap<CellRef, &Content>> = BTreeMap::new();
    for (at, content) in results {
        let sheet = book.sheets.iter().find(|sheet| *sheet.name == *at.sheet && sheet.worksheet);
        if let Some(part) = sheet.and_then(|sheet| sheet.part.clone()) {
            by_part.entry(part).or_default().insert(at.cell, content);
        }
    }
    for (part, cells) in by_part {
        let text = package.required(&part)?;
        let changed = with_results(&part, &text, &cells)?;
        package.put(&part, changed.into_bytes())?;
    }
    package.into_bytes()
}

fn with_results(part: &str, text: &str, cells: &BTreeMap<CellRef, &Content>) -> Result<String> {
    let tree = Tree::parse(part, text, 4)?;
    let mut edits = Edits::default();
    let rows = tree.child(tree.root(), "sheetData").into_iter().flat_map(|data| tree.children(data));
    for cell in rows.flat_map(|row| tree.children(row)) {
        let at = tree.value(cell, "r").and_then(|at| CellRef::parse(at.trim()));
        let Some(content) = at.and_then(|at| cells.get(&at)) else { continue };
        let Some(formula) = tree.child(cell, "f") else { continue };
        let (prefix, name) = (tree.prefix(), tree.name(cell));
        let kept: String = tree
            .attributes(cell)
            .filter(|attribute| attribute.name != "t")
            .map(|attribute| &tree.text[attribute.whole.clone()])
            .collect();
        let (kind, value) = match content {
            Content::Number(n) | Content::Serial(n) => ("", format!("<{prefix}v>{n}</{prefix}v>")),
            Content::Blank => ("", String::new()),
            other => (" t=\"str\"", format!("<{prefix}v>{}</{prefix}v>", escape(&other.to_text()))),
        };
        let formula = &tree.text[formula.whole.clone()];
        edits.replace(cell.whole.clone(), format!("<{name}{kept}{kind}>{formula}{value}</{name}>"));
    }
    Ok(edits.apply(text))
}
