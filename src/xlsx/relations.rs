//! Which part of a package points to which.
//!
//! Writers disagree about slashes, case and where a target starts; all that is
//! settled here, so that others compare plain names.

use crate::xlsx::xml::{Fault, Token, Tokens};

/// One pointer from a part to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// What the pointing part calls it (`rId1`).
    pub id: String,
    /// What it is: an address whose last word tells.
    pub kind: String,
    /// Where it points, as written.
    pub target: String,
    /// Whether it points out of the package.
    pub external: bool,
}

impl Relation {
    /// Whether the last word of its kind is this one; strict and transitional files agree on that word only.
    pub fn is(&self, word: &str) -> bool {
        !self.external && self.kind.rsplit('/').next() == Some(word)
    }
}

/// The pointers in a `.rels` part.
pub fn read(text: &str) -> Result<Vec<Relation>, Fault> {
    let mut relations = Vec::new();
    let mut tokens = Tokens::new(text);
    while let Some(token) = tokens.next()? {
        let Token::Open(tag) = token else { continue };
        if tag.local() != "Relationship" {
            continue;
        }
        let attribute = |name| tag.attribute(name).unwrap_or_default().into_owned();
        relations.push(Relation {
            id: attribute("Id"),
            kind: attribute("Type"),
            target: attribute("Target"),
            external: attribute("TargetMode") == "External",
        });
    }
    Ok(relations)
}

/// The name a target has in the package, seen from the part that points there.
pub fn resolve(source: &str, target: &str) -> String {
    let target = target.trim().replace('\\', "/");
    let target = target.split(['#', '?']).next().unwrap_or_default();
    let mut steps: Vec<&str> =
        if target.starts_with('/') { Vec::new() } else { folder(source).split('/').collect() };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.retain(|step| !step.is_empty());
    steps.join("/")
}

/// The name of the part that holds a part's pointers.
pub fn of(part: &str) -> String {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let slash = if folder.is_empty() { "" } else { "/" };
    format!("{folder}{slash}_rels/{name}.rels")
}

/// A name as it is compared: forward slashes, lower case.
pub fn fold(name: &[u8]) -> String {
    String::from_utf8_lossy(name).replace('\\', "/").to_lowercase()
}

fn folder(part: &str) -> &str {
    part.rsplit_once('/').map_or("", |(folder, _)| folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_found_however_it_is_written() {
        for (source, target, name) in [
            ("xl/workbook.xml", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl/workbook.xml", "/xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl/workbook.xml", "..\\xl\\sheet1.xml", "xl/sheet1.xml"),
            ("xl/worksheets/sheet1.xml", "../tables/table1.xml#a", "xl/tables/table1.xml"),
            ("", "./xl//workbook.xml", "xl/workbook.xml"),
            ("xl/workbook.xml", "../../../etc/passwd", "etc/passwd"),
        ] {
            assert_eq!(resolve(source, target), name, "{target}");
        }
        assert_eq!(of("xl/workbook.xml"), "xl/_rels/workbook.xml.rels");
        assert_eq!(of("workbook.xml"), "_rels/workbook.xml.rels");
    }
}
