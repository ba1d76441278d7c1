//! Which part leads to which: `.rels` parts read with their places in the text, and extended.

use std::collections::BTreeSet;
use std::ops::Range;

use super::error::Result;
use super::package::Package;
use super::splice::Edits;
use super::xml::{Tree, escape};

pub(super) use crate::xlsx::relations::{of as part_of, resolve};

/// Where relationship types of the usual (transitional) kind live.
pub(super) const TYPES: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A relationships part without any.
pub(super) const EMPTY: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n",
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"></Relationships>"
);

/// One relationship.
#[derive(Debug, Clone)]
pub(super) struct Relationship {
    pub id: String,
    /// The full type; compare with [`Relationship::is`].
    pub kind: String,
    pub target: String,
    pub external: bool,
    /// The element in its part.
    pub span: Range<usize>,
}

impl Relationship {
    /// Whether its type ends so (`worksheet`), in whichever edition of the standard.
    pub fn is(&self, kind: &str) -> bool {
        self.kind.rsplit('/').next() == Some(kind)
    }
}

/// Reads the relationships of a text.
pub(super) fn parse(part: &str, text: &str) -> Result<Vec<Relationship>> {
    let tree = Tree::parse(part, text, 1)?;
    tree.hold_to_attributes(part)?;
    let relationships = tree.children(tree.root()).filter(|child| tree.local(child) == "Relationship");
    Ok(relationships
        .map(|child| Relationship {
            id: tree.value(child, "Id").unwrap_or_default(),
            kind: tree.value(child, "Type").unwrap_or_default(),
            target: tree.value(child, "Target").unwrap_or_default(),
            external: tree.value(child, "TargetMode").as_deref() == Some("External"),
            span: child.whole.clone(),
        })
        .collect())
}

/// The relationships of a part; none where it has no such part.
pub(super) fn of(package: &mut Package<'_>, part: &str) -> Result<Vec<Relationship>> {
    let name = part_of(part);
    match package.text(&name)? {
        Some(text) => parse(&name, &text),
        None => Ok(Vec::new()),
    }
}

/// The relationships of a part, as far as they can be read: damage to parts that are not
/// ours to change stops nothing.
pub(super) fn readable(package: &mut Package<'_>, part: &str) -> Vec<Relationship> {
    of(package, part).unwrap_or_default()
}

/// Keeps every name that a relationship leads to, even if nothing is there: otherwise a broken
/// relationship of the user's would lead to a part of ours.
pub(super) fn reserve_targets(package: &mut Package<'_>) {
    let sources: Vec<String> = package.parts().filter_map(source_of).collect();
    for source in sources {
        let targets = readable(package, &source).into_iter().filter(|one| !one.external);
        let names: Vec<String> = targets.map(|one| resolve(&source, &one.target)).collect();
        package.reserve(names);
    }
}

/// The part whose relationships a part holds.
fn source_of(part: &str) -> Option<String> {
    let (folder, file) = part.rsplit_once('/')?;
    let (file, folder) = (file.strip_suffix(".rels")?, folder.strip_suffix("_rels")?);
    Some(format!("{folder}{file}"))
}

/// The target to write in the relationships of `from` to reach `to`.
pub(super) fn relative(from: &str, to: &str) -> String {
    let from: Vec<&str> = from.split('/').collect();
    let to: Vec<&str> = to.split('/').collect();
    let folders = from.len() - 1;
    let shared = from[..folders].iter().zip(&to[..to.len() - 1]).take_while(|(a, b)| a == b).count();
    let mut target = "../".repeat(folders - shared);
    target.push_str(&to[shared..].join("/"));
    target
}

/// An id that none of these has.
pub(super) fn free_id(taken: &[Relationship], also: &[String]) -> String {
    let free = |id: &String| !taken.iter().any(|one| one.id.eq_ignore_ascii_case(id)) && !also.contains(id);
    (taken.len() + 1..).map(|n| format!("rId{n}")).find(free).unwrap_or_default()
}

/// The text with internal relationships added at its end: id, type, target.
pub(super) fn append(part: &str, text: &str, added: &[(String, String, String)]) -> Result<String> {
    if added.is_empty() {
        return Ok(text.to_owned());
    }
    let tree = Tree::parse(part, text, 0)?;
    let prefix = tree.prefix();
    let elements: String = added
        .iter()
        .map(|(id, kind, target)| {
            format!(
                r#"<{prefix}Relationship Id="{}" Type="{}" Target="{}"/>"#,
                escape(id),
                escape(kind),
                escape(target)
            )
        })
        .collect();
    Ok(append_children(&tree, &elements))
}

/// The text of a tree with more children at the end of its root.
pub(super) fn append_children(tree: &Tree<'_>, elements: &str) -> String {
    let mut edits = Edits::default();
    append_to(&mut edits, tree, tree.root(), elements);
    edits.apply(tree.text)
}

/// More children at the end of an element, which may be written `<a/>`.
pub(super) fn append_to(edits: &mut Edits, tree: &Tree<'_>, element: &super::xml::Element, elements: &str) {
    if element.closed {
        let slash = element.tag.end - 2;
        edits.replace(slash..element.tag.end, format!(">{elements}</{}>", tree.name(element)));
    } else {
        edits.insert(element.inner.end, elements);
    }
}

/// Every part that can be reached from some parts (themselves included).
pub(super) fn reachable(
    package: &mut Package<'_>,
    from: Vec<String>,
    passable: impl Fn(&str, &Relationship) -> bool,
) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = from;
    while let Some(part) = open.pop() {
        if !found.insert(part.to_ascii_lowercase()) {
            continue;
        }
        for relationship in readable(package, &part) {
            if !relationship.external && passable(&part, &relationship) {
                let target = resolve(&part, &relationship.target);
                if package.contains(&target) {
                    open.push(target);
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_found_however_they_are_written() {
        for (from, target, part) in [
            ("xl/workbook.xml", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl/workbook.xml", "/xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl/worksheets/sheet1.xml", "..\\drawings\\drawing1.xml", "xl/drawings/drawing1.xml"),
            ("xl/workbook.xml", "./styles.xml", "xl/styles.xml"),
            ("", "xl/workbook.xml", "xl/workbook.xml"),
            ("a.xml", "../../b.xml", "b.xml"),
        ] {
            assert_eq!(resolve(from, target), part, "{from} {target}");
        }
    }

    #[test]
    fn a_relative_target_leads_back() {
        for (from, to) in [
            ("xl/workbook.xml", "xl/worksheets/sheet1.xml"),
            ("xl/worksheets/sheet1.xml", "xl/drawings/drawing1.xml"),
            ("workbook.xml", "xl/a.xml"),
            ("a/b/c.xml", "x.xml"),
        ] {
            assert_eq!(resolve(from, &relative(from, to)), to);
        }
    }
}
