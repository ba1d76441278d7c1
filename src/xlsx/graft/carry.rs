//! Our sheets' parts, copied into the user's package under free names.

use std::collections::BTreeMap;

use super::content_types::{ContentTypes, NewPart};
use super::drawing;
use super::error::{GraftError, Result};
use super::formula::Renames;
use super::package::Package;
use super::relationships::{self, part_of, relative, resolve};
use super::rows::Strings;
use super::sheet;
use super::splice::Edits;
use super::styles::Styles;
use super::table;
use super::workbook::Book;
use super::xml::{Tree, escape};
use super::{LastTouch, Owner};

/// Where our parts come from and what is known about where they go.
pub(super) struct Carrier<'s, 'a, 't> {
    pub ours: &'s mut Package<'a>,
    pub styles: &'s mut Styles<'t>,
    pub renames: Renames,
    /// What is still to be done to our parts.
    pub last_touch: &'s dyn LastTouch,
    /// Whose our sheets are once they are in.
    pub owner: Owner,
    types: ContentTypes,
    strings: Strings,
    next_table: u32,
    next_block: u32,
    /// Where a part of ours went.
    done: BTreeMap<String, String>,
    /// What the content types must name.
    pub new_parts: Vec<NewPart>,
}

impl<'s, 'a, 't> Carrier<'s, 'a, 't> {
    /// Looks over our package before anything is copied.
    pub fn new(
        ours: &'s mut Package<'a>,
        book: &Book,
        styles: &'s mut Styles<'t>,
        renames: Renames,
        highest_table: u32,
        highest_block: u32,
    ) -> Result<Carrier<'s, 'a, 't>> {
        let types = ContentTypes::read(ours)?;
        let strings = match book.part_of_kind(ours, "sharedStrings") {
            Some(part) => Strings::of(ours.required(&part)?),
            None => Strings::default(),
        };
        Ok(Carrier {
            ours,
            styles,
            renames,
            last_touch: &(),
            owner: Owner::Us,
            types,
            strings,
            next_table: highest_table.saturating_add(1),
            next_block: highest_block.saturating_add(1),
            done: BTreeMap::new(),
            new_parts: Vec::new(),
        })
    }

    /// Copies a part and all it leads to; gives its new name. `kind` is the last word of the relationship type.
    pub fn copy(&mut self, package: &mut Package<'_>, part: &str, kind: &str) -> Result<String> {
        if let Some(name) = self.done.get(part) {
            return Ok(name.clone());
        }
        let Some(bytes) = self.ours.read(part)? else {
            return Err(GraftError::Addition(format!("{part} is missing")));
        };
        let name = package.free_name(part);
        self.done.insert(part.to_owned(), name.clone());
        match NewPart::like(&self.types, part, &name) {
            Some(new) => self.new_parts.push(new),
            None => return Err(GraftError::Addition(format!("{part} has no content type"))),
        }
        let bytes = match kind {
            "worksheet" | "drawing" | "chart" | "table" | "vmlDrawing" => {
                let Ok(text) = String::from_utf8(bytes) else {
                    return Err(GraftError::Addition(format!("{part} is not UTF-8")));
                };
                self.rewrite(part, self.last_touch.part(part, text), kind)?.into_bytes()
            }
            _ => bytes,
        };
        package.put(&name, bytes)?;
        self.copy_relationships(package, part, &name)?;
        Ok(name)
    }

    fn rewrite(&mut self, part: &str, text: String, kind: &str) -> Result<String> {
        match kind {
            "worksheet" => sheet::rewrite(part, &text, &self.strings, &self.renames, self.styles, self.owner),
            "table" => {
                self.next_table += 1;
                table::rewrite(part, &text, self.next_table - 1, &self.renames, self.styles)
            }
            "vmlDrawing" => {
                self.next_block += 1;
                Ok(drawing::renumber(&text, self.next_block - 1))
            }
            _ if self.renames.is_empty() => Ok(text),
            _ => drawing::rewrite(part, &text, &self.renames),
        }
    }

    fn copy_relationships(&mut self, package: &mut Package<'_>, part: &str, name: &str) -> Result<()> {
        let from = part_of(part);
        let Some(text) = self.ours.text(&from)? else { return Ok(()) };
        let tree = Tree::parse(&from, &text, 1)?;
        let all = relationships::parse(&from, &text)?;
        let mut edits = Edits::default();
        let elements = tree.children(tree.root()).filter(|child| tree.local(child) == "Relationship");
        for (element, one) in elements.zip(&all) {
            let Some(target) = tree.attribute(element, "Target") else { continue };
            if let Some(place) = one.target.strip_prefix('#') {
                let new = self.renames.apply(place).into_owned();
                edits.replace(target.value, escape(&format!("#{new}")));
            } else if !one.external {
                let kind = one.kind.rsplit('/').next().unwrap_or_default();
                let copied = self.copy(package, &resolve(part, &one.target), kind)?;
                edits.replace(target.value, escape(&relative(name, &copied)));
            }
        }
        package.put(&part_of(name), edits.apply(&text).into_bytes())
    }
}

/// The highest block of note shapes in the user's package.
pub(super) fn highest_block(package: &mut Package<'_>) -> u32 {
    let drawings: Vec<String> = package
        .parts()
        .filter(|part| part.to_ascii_lowercase().ends_with(".vml"))
        .map(str::to_owned)
        .collect();
    let mut highest = 0;
    for part in drawings {
        let bytes = package.read(&part).ok().flatten().unwrap_or_default();
        highest = highest.max(drawing::highest_block(&String::from_utf8_lossy(&bytes)));
    }
    highest
}
