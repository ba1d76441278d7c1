//! Elements of `styles.xml` as text: found, compared, and written for another part.

use std::borrow::Cow;

use super::xml::{Element, Tree, local, unescape};

/// What a workbook without styles gets.
pub(super) const EMPTY: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n",
    "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">",
    "<fonts count=\"1\"><font><sz val=\"11\"/><name val=\"Calibri\"/><family val=\"2\"/></font></fonts>",
    "<fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill>",
    "<fill><patternFill patternType=\"gray125\"/></fill></fills>",
    "<borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>",
    "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>",
    "<cellXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/></cellXfs>",
    "<cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles>",
    "</styleSheet>"
);

/// An element of one of the lists (`fonts`, `cellXfs` …).
pub(super) fn nth<'s>(tree: &'s Tree<'_>, list: &str, index: usize) -> Option<&'s Element> {
    tree.children(tree.child(tree.root(), list)?).nth(index)
}

/// The number of the style "Normal" among the named ones, if there are named ones.
pub(super) fn normal_style(tree: &Tree<'_>) -> Option<String> {
    let named = tree.child(tree.root(), "cellStyleXfs")?;
    tree.children(named).next()?;
    let styles = tree.child(tree.root(), "cellStyles");
    let normal = styles
        .into_iter()
        .flat_map(|styles| tree.children(styles))
        .find(|style| tree.value(style, "builtinId").as_deref() == Some("0"));
    Some(normal.and_then(|style| tree.value(style, "xfId")).unwrap_or_else(|| "0".into()))
}

/// The widest digit of a workbook's usual font, by which the widths of its columns are counted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Digit {
    /// Pixels.
    pub width: f64,
    /// Whether the font is one whose widths are known; else it is a guess.
    pub is_known: bool,
}

/// The widest digit of a workbook's usual font.
pub(super) fn digit(tree: &Tree<'_>) -> Digit {
    let font = || {
        let formats =
            tree.child(tree.root(), "cellStyleXfs").or_else(|| tree.child(tree.root(), "cellXfs"))?;
        let normal = normal_style(tree).and_then(|at| at.parse().ok()).unwrap_or(0);
        let format = tree.children(formats).nth(normal)?;
        let font = tree.value(format, "fontId").and_then(|at| at.parse().ok()).unwrap_or(0);
        tree.children(tree.child(tree.root(), "fonts")?).nth(font)
    };
    let Some(font) = font() else { return Digit { width: CALIBRI, is_known: true } };
    let value = |name: &str| tree.child(font, name).and_then(|child| tree.value(child, "val"));
    let size =
        value("sz").and_then(|size| size.parse::<f64>().ok()).filter(|size| (6.0..=36.0).contains(size));
    let name = value("name").unwrap_or_default();
    let known = DIGITS.iter().find(|(start, _)| name.starts_with(start)).map(|(_, share)| *share);
    let pixels = known.unwrap_or(USUAL_DIGIT) * size.unwrap_or(11.0) * 4.0 / 3.0;
    Digit { width: pixels.round(), is_known: known.is_some() }
}

/// Pixels of a digit in Calibri of eleven points, the library's own.
pub(super) const CALIBRI: f64 = 7.0;
/// Width of a digit as a share of the size, by the font's name: from the fonts' own tables of widths. Chinese fonts
/// have digits half as wide as characters and a little over.
const DIGITS: [(&str, f64); 11] = [
    ("宋体", 0.54),
    ("SimSun", 0.54),
    ("Calibri", 0.507),
    ("Carlito", 0.507),
    ("Aptos Narrow", 0.487),
    ("Times", 0.5),
    ("Cambria", 0.554),
    ("Arial", 0.556),
    ("Liberation Sans", 0.556),
    ("Verdana", 0.636),
    ("Tahoma", 0.546),
];
const USUAL_DIGIT: f64 = 0.54;

/// An element of ours, written with the user's prefix.
pub(super) fn written(tree: &Tree<'_>, element: &Element, prefix: &str) -> String {
    let mut out = String::new();
    write_for(tree, element, prefix, &mut out);
    out
}

fn write_for(tree: &Tree<'_>, element: &Element, prefix: &str, out: &mut String) {
    let name = tree.local(element);
    out.extend(["<", prefix, name]);
    for attribute in tree.attributes(element).filter(|attribute| !attribute.name.starts_with("xmlns")) {
        out.extend([" ", attribute.name, "=\"", attribute.raw, "\""]);
    }
    let mut children = tree.children(element).peekable();
    if children.peek().is_none() {
        return out.push_str("/>");
    }
    out.push('>');
    children.for_each(|child| write_for(tree, child, prefix, out));
    out.extend(["</", prefix, name, ">"]);
}

/// What an element says, however it is written: two equal texts mean equal formats.
pub(super) fn canonical(tree: &Tree<'_>, element: &Element) -> String {
    let mut out = String::new();
    write_canonical(tree, element, &mut out);
    out
}

fn write_canonical(tree: &Tree<'_>, element: &Element, out: &mut String) {
    let name = tree.local(element);
    let mut attributes: Vec<(&str, Cow<'_, str>)> = tree
        .attributes(element)
        .filter(|attribute| !attribute.name.starts_with("xmlns"))
        .filter_map(|attribute| {
            let value = match unescape(attribute.raw) {
                value if value == "true" => "1".into(),
                value if value == "false" => "0".into(),
                value => value,
            };
            let silent = match local(attribute.name) {
                "val" => value == "1" && matches!(name, "b" | "i" | "strike" | "outline" | "shadow"),
                "quotePrefix" | "pivotButton" => value == "0",
                apply => value == "0" && apply.starts_with("apply"),
            };
            (!silent).then(|| (local(attribute.name), value))
        })
        .collect();
    attributes.sort();
    out.push_str(name);
    out.push('(');
    for (name, value) in attributes {
        out.push_str(name);
        out.push('=');
        out.push_str(&value);
        // No value holds a control character, so none can look like the end of one.
        out.push('\u{1}');
    }
    let mut children: Vec<String> = tree
        .children(element)
        .map(|child| canonical(tree, child))
        .filter(|child| !matches!(child.as_str(), "left()" | "right()" | "top()" | "bottom()" | "diagonal()"))
        .collect();
    children.sort();
    out.extend(children);
    out.push(')');
}
