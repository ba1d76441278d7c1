//! Our own worksheets, rewritten for the user's package.
//!
//! Only numbers of formats, shared strings and names change; and the sheet is
//! given the conditional format by which it is recognised later.

use super::Owner;
use super::error::Result;
use super::formula::Renames;
use super::rows::{self, Strings};
use super::splice::Edits;
use super::styles::Styles;
use super::take_out::CARRIER;
use super::xml::{Element, Tree, escape};

/// The children of a worksheet that stand before its conditional formats.
const BEFORE_FORMATS: [&str; 17] = [
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
];

/// The children that stand between the conditional formats and the drawing of the notes.
const BEFORE_NOTES: [&str; 13] = [
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
];

/// Where another conditional format goes: after the last one.
pub(super) fn after_formats(tree: &Tree<'_>) -> usize {
    after(tree, |name| BEFORE_FORMATS.contains(&name))
}

/// Where the drawing of the notes goes.
pub(super) fn after_drawing(tree: &Tree<'_>) -> usize {
    after(tree, |name| BEFORE_FORMATS.contains(&name) || BEFORE_NOTES.contains(&name))
}

fn after(tree: &Tree<'_>, before: impl Fn(&str) -> bool) -> usize {
    let last = tree.children(tree.root()).filter(|child| before(tree.local(child))).last();
    last.map_or(tree.root().inner.start, |child| child.whole.end)
}

/// One more than the highest priority of the sheet's conditional formats, those of extensions included.
pub(super) fn next_priority(tree: &Tree<'_>) -> u32 {
    let from = tree.child(tree.root(), "sheetData").map_or(0, |rows| rows.whole.end);
    let tail = &tree.text[from..];
    let values = tail.split("priority=").skip(1).filter_map(|rest| {
        let digits = rest.get(1..)?;
        digits[..digits.find(|c: char| !c.is_ascii_digit())?].parse::<u32>().ok()
    });
    values.max().unwrap_or(0).saturating_add(1)
}

/// A worksheet of ours for the user's package.
pub(super) fn rewrite(
    part: &str,
    text: &str,
    strings: &Strings,
    renames: &Renames,
    styles: &mut Styles<'_>,
    owner: Owner,
) -> Result<String> {
    // Most of a sheet is its rows, so the rest is read without them.
    let (shell, rows) = match (text.find("<sheetData>"), text.rfind(ROWS_END)) {
        (Some(start), Some(end)) if start < end => {
            let end = end + ROWS_END.len();
            (format!("{}<sheetData/>{}", &text[..start], &text[end..]), &text[start..end])
        }
        _ => (text.to_owned(), ""),
    };
    let tree = Tree::parse(part, &shell, usize::MAX)?;
    let mut edits = Edits::default();
    for element in &tree.elements {
        match tree.local(element) {
            "sheetData" if !rows.is_empty() => {
                edits.replace(element.whole.clone(), rows::carry(part, rows, strings, renames, styles)?);
            }
            "col" => {
                format_number(&tree, element, "style", styles, &mut edits)?;
                fitted(&tree, element, styles, &mut edits);
            }
            "pageSetup" => {
                let scale = tree.attribute(element, "scale");
                if let Some((scale, ours)) =
                    scale.and_then(|scale| Some((scale.value, scale.raw.parse().ok()?)))
                {
                    edits.replace(scale, styles.print_scale(ours).to_string());
                }
            }
            "cfRule" | "colorFilter" | "sortCondition" => {
                differential_format(&tree, element, "dxfId", styles, &mut edits)?;
            }
            "sheetView" => {
                if let Some(selected) = tree.attribute(element, "tabSelected") {
                    edits.remove(selected.whole);
                }
            }
            "f" | "formula" | "formula1" | "formula2" => renamed(&tree, element, renames, &mut edits),
            "hyperlink" if !renames.is_empty() => {
                if let Some(location) = tree.attribute(element, "location") {
                    let old = super::xml::unescape(location.raw);
                    edits.replace(location.value, escape(&renames.apply(&old)));
                }
            }
            _ => {}
        }
    }
    if owner == Owner::Team {
        return Ok(edits.apply(&shell));
    }
    let prefix = tree.prefix();
    edits.insert(
        after_formats(&tree),
        format!(
            "<{prefix}conditionalFormatting sqref=\"A1\"><{prefix}cfRule type=\"expression\" priority=\"{}\">\
             <{prefix}formula>{}</{prefix}formula></{prefix}cfRule></{prefix}conditionalFormatting>",
            next_priority(&tree),
            escape(CARRIER)
        ),
    );
    Ok(edits.apply(&shell))
}

/// Widths are counted in digits of the workbook's usual font, and the user's may be wider than ours.
fn fitted(tree: &Tree<'_>, element: &Element, styles: &Styles<'_>, edits: &mut Edits) {
    let Some(attribute) = tree.attribute(element, "width") else { return };
    let Ok(ours) = attribute.raw.parse::<f64>() else { return };
    let width = styles.column_width(ours);
    if (width - ours).abs() > 1e-9 {
        edits.replace(attribute.value, width.to_string());
    }
}

const ROWS_END: &str = "</sheetData>";

fn format_number(
    tree: &Tree<'_>,
    element: &Element,
    name: &str,
    styles: &mut Styles<'_>,
    edits: &mut Edits,
) -> Result<()> {
    let Some(attribute) = tree.attribute(element, name) else { return Ok(()) };
    let Ok(old) = attribute.raw.parse() else { return Ok(()) };
    edits.replace(attribute.value, styles.cell_format(old)?.to_string());
    Ok(())
}

/// Gives a number of a differential format its new value.
pub(super) fn differential_format(
    tree: &Tree<'_>,
    element: &Element,
    name: &str,
    styles: &mut Styles<'_>,
    edits: &mut Edits,
) -> Result<()> {
    let Some(attribute) = tree.attribute(element, name) else { return Ok(()) };
    let Ok(old) = attribute.raw.parse() else { return Ok(()) };
    edits.replace(attribute.value, styles.dxf(old)?.to_string());
    Ok(())
}

/// A formula with new names, where there are any.
pub(super) fn renamed(tree: &Tree<'_>, element: &Element, renames: &Renames, edits: &mut Edits) {
    // Some elements called `f` only hold an `f` of the main namespace.
    if renames.is_empty() || element.closed || tree.children(element).next().is_some() {
        return;
    }
    let old = tree.content(element);
    let new = renames.apply(&old);
    if new != old {
        edits.replace(element.inner.clone(), escape(&new));
    }
}
