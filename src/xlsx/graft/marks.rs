//! Marks on the user's own cells: conditional formats whose condition is the check
//! itself, so that a mark goes away when its cell is mended.
//!
//! The rows of the sheet are never touched. A mark is recognised by its condition.

use crate::cell::{Area, CellRef};
use crate::diagnostic::Severity;

use super::error::{GraftNote, Result};
use super::notes;
use super::package::Package;
use super::sheet::{after_formats, next_priority};
use super::splice::Edits;
use super::styles::Styles;
use super::xml::{Tree, escape};

/// Marks for one sheet of the user's.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SheetMarks {
    /// The sheet, by its name.
    pub sheet: String,
    /// What to highlight.
    pub formats: Vec<MarkFormat>,
    /// What to say at a cell.
    pub notes: Vec<(CellRef, String)>,
}

/// A highlight that shows as long as its condition holds.
#[derive(Debug, Clone, PartialEq)]
pub struct MarkFormat {
    /// The cells; the first area is both the topmost and the leftmost.
    pub areas: Vec<Area>,
    /// The condition without `=`, written for the first cell of the first area.
    pub formula: String,
    /// Decides the colour.
    pub severity: Severity,
}

/// The beginning of every condition of ours; always true.
const SIGN: &str = "IF(LEN(\"fupan.mark\"),";

/// How a mark looks: a light colour, and a border for those who do not see colours.
fn look(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => concat!(
            "<{p}font><{p}color rgb=\"FF9C0006\"/></{p}font>",
            "<{p}fill><{p}patternFill><{p}bgColor rgb=\"FFFFC7CE\"/></{p}patternFill></{p}fill>",
            "<{p}border><{p}left style=\"thin\"><{p}color rgb=\"FF9C0006\"/></{p}left><{p}right style=\"thin\"><{p}color rgb=\"FF9C0006\"/></{p}right>",
            "<{p}top style=\"thin\"><{p}color rgb=\"FF9C0006\"/></{p}top><{p}bottom style=\"thin\"><{p}color rgb=\"FF9C0006\"/></{p}bottom></{p}border>"
        ),
        Severity::Warning => concat!(
            "<{p}font><{p}color rgb=\"FF7F6000\"/></{p}font>",
            "<{p}fill><{p}patternFill><{p}bgColor rgb=\"FFFFEB9C\"/></{p}patternFill></{p}fill>",
            "<{p}border><{p}left style=\"dashed\"><{p}color rgb=\"FF7F6000\"/></{p}left><{p}right style=\"dashed\"><{p}color rgb=\"FF7F6000\"/></{p}right>",
            "<{p}top style=\"dashed\"><{p}color rgb=\"FF7F6000\"/></{p}top><{p}bottom style=\"dashed\"><{p}color rgb=\"FF7F6000\"/></{p}bottom></{p}border>"
        ),
        Severity::Note => concat!(
            "<{p}font><{p}color rgb=\"FF1F4E78\"/></{p}font>",
            "<{p}fill><{p}patternFill><{p}bgColor rgb=\"FFDDEBF7\"/></{p}patternFill></{p}fill>",
            "<{p}border><{p}left style=\"dotted\"><{p}color rgb=\"FF1F4E78\"/></{p}left><{p}right style=\"dotted\"><{p}color rgb=\"FF1F4E78\"/></{p}right>",
            "<{p}top style=\"dotted\"><{p}color rgb=\"FF1F4E78\"/></{p}top><{p}bottom style=\"dotted\"><{p}color rgb=\"FF1F4E78\"/></{p}bottom></{p}border>"
        ),
    }
}

/// Puts marks on a sheet. Marks of an earlier run are gone already or go now.
pub(super) fn put(
    package: &mut Package<'_>,
    part: &str,
    marks: &SheetMarks,
    styles: &mut Styles<'_>,
) -> Result<Option<GraftNote>> {
    erase_formats(package, part)?;
    let text = package.required(part)?;
    let tree = Tree::parse_without(part, &text, 3, "sheetData")?;
    let prefix = tree.prefix();
    let mut priority = next_priority(&tree);
    let mut elements = String::new();
    for format in &marks.formats {
        let dxf = styles.own_dxf(look(format.severity))?;
        elements.push_str(&format!(
            "<{prefix}conditionalFormatting sqref=\"{}\"><{prefix}cfRule type=\"expression\" dxfId=\"{dxf}\" \
             priority=\"{priority}\"><{prefix}formula>{}</{prefix}formula></{prefix}cfRule></{prefix}conditionalFormatting>",
            areas(&format.areas),
            escape(&format!("{SIGN}{})", format.formula))
        ));
        priority = priority.saturating_add(1);
    }
    let mut edits = Edits::default();
    edits.insert(after_formats(&tree), elements);
    package.put(part, edits.apply(&text).into_bytes())?;
    notes::put(package, part, marks)
}

/// Areas as an attribute lists them.
fn areas(areas: &[Area]) -> String {
    let areas: Vec<String> = areas.iter().map(Area::to_string).collect();
    areas.join(" ")
}

/// Takes all marks off a sheet.
pub(super) fn erase(package: &mut Package<'_>, part: &str) -> Result<()> {
    erase_formats(package, part)?;
    notes::erase(package, part)
}

fn erase_formats(package: &mut Package<'_>, part: &str) -> Result<()> {
    let text = package.required(part)?;
    // Reading a large sheet for nothing takes time.
    if !text.contains("fupan.mark") {
        return Ok(());
    }
    let tree = Tree::parse_without(part, &text, 3, "sheetData")?;
    let mut edits = Edits::default();
    for list in tree.children(tree.root()).filter(|child| tree.local(child) == "conditionalFormatting") {
        let is_mark = |rule: &&super::xml::Element| {
            tree.child(rule, "formula").is_some_and(|formula| tree.content(formula).starts_with(SIGN))
        };
        let rules = tree.children(list).count();
        let marks: Vec<_> = tree.children(list).filter(is_mark).collect();
        if rules > 0 && marks.len() == rules {
            edits.remove(list.whole.clone());
        } else {
            marks.iter().for_each(|mark| edits.remove(mark.whole.clone()));
        }
    }
    if edits.is_empty() {
        return Ok(());
    }
    package.put(part, edits.apply(&text).into_bytes())
}
