//! Our Excel tables: ids and names that no table of the user's has.

use super::error::Result;
use super::formula::Renames;
use super::package::Package;
use super::relationships::{self, resolve};
use super::sheet::{differential_format, renamed};
use super::splice::Edits;
use super::styles::Styles;
use super::workbook::{Book, SheetEntry};
use super::xml::{Tree, escape};

/// The tables of a workbook: highest id, and the names taken (in lower case).
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub highest_id: u32,
    pub names: Vec<String>,
}

impl Taken {
    /// What the user's tables and defined names have taken.
    pub fn of(package: &mut Package<'_>, book: &Book) -> Taken {
        let mut taken = Taken::default();
        taken.names.extend(book.names.iter().map(|name| name.name.to_lowercase()));
        for part in book.sheets.iter().filter_map(|sheet| sheet.part.as_ref()) {
            for one in relationships::readable(package, part).iter().filter(|one| one.is("table")) {
                let table = resolve(part, &one.target);
                let Ok(Some(text)) = package.text(&table) else { continue };
                let Ok(tree) = Tree::parse(&table, &text, 0) else { continue };
                let number = |name: &str| tree.value(tree.root(), name).and_then(|id| id.parse().ok());
                taken.highest_id = taken.highest_id.max(number("id").unwrap_or(0));
                for name in ["name", "displayName"] {
                    taken.names.extend(tree.value(tree.root(), name).map(|name| name.to_lowercase()));
                }
            }
        }
        taken
    }

    /// Names of ours, each with the free one it gets.
    pub fn free_names(&mut self, wanted: Vec<String>) -> Vec<(String, String)> {
        let given = |name: String| {
            let free = self.free_name(&name);
            (name, free)
        };
        wanted.into_iter().map(given).collect()
    }

    /// This name, or a like one that is free; taken from now on.
    fn free_name(&mut self, wanted: &str) -> String {
        let free = |name: &String| !self.names.contains(&name.to_lowercase());
        let mut candidates = (2u32..).map(|n| format!("{wanted}_{n}"));
        let name = Some(wanted.to_owned()).filter(free).or_else(|| candidates.find(free));
        let name = name.unwrap_or_default();
        self.names.push(name.to_lowercase());
        name
    }
}

/// The names of the tables on our sheets.
pub(super) fn our_names(ours: &mut Package<'_>, sheets: &[&SheetEntry]) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for part in sheets.iter().filter_map(|sheet| sheet.part.as_ref()) {
        for one in relationships::of(ours, part)?.iter().filter(|one| one.is("table")) {
            let table = resolve(part, &one.target);
            names.push(name(&table, &ours.required(&table)?)?);
        }
    }
    Ok(names)
}

/// The name of a table part.
fn name(part: &str, text: &str) -> Result<String> {
    let tree = Tree::parse(part, text, 0)?;
    Ok(tree.value(tree.root(), "displayName").unwrap_or_default())
}

/// A table of ours with its new id and name.
pub(super) fn rewrite(
    part: &str,
    text: &str,
    id: u32,
    renames: &Renames,
    styles: &mut Styles<'_>,
) -> Result<String> {
    let tree = Tree::parse(part, text, usize::MAX)?;
    let mut edits = Edits::default();
    let root = tree.root();
    if let Some(attribute) = tree.attribute(root, "id") {
        edits.replace(attribute.value, id.to_string());
    }
    for name in ["name", "displayName"] {
        let Some(attribute) = tree.attribute(root, name) else { continue };
        let old = super::xml::unescape(attribute.raw);
        edits.replace(attribute.value, escape(&renames.apply(&old)));
    }
    for element in &tree.elements {
        for name in tree.attributes(element).map(|attribute| attribute.name) {
            if name == "dxfId" || name.ends_with("DxfId") {
                differential_format(&tree, element, name, styles, &mut edits)?;
            }
        }
        if tree.local(element).ends_with("Formula") {
            renamed(&tree, element, renames, &mut edits);
        }
    }
    Ok(edits.apply(text))
}
