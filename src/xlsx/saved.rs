//! Who saved a package last, and when, as its core properties say.

use super::guard::{Limits, guard};
use super::relations::{self, resolve};
use super::xml::{Token, Tokens};

/// Who saved a workbook last, and when.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Saved {
    /// `lastModifiedBy`.
    pub by: Option<String>,
    /// `modified`, as written.
    pub at: Option<String>,
}

/// Reads it; nothing where the package says nothing.
pub fn saved(package: &[u8], limits: &Limits) -> Saved {
    let Ok(package) = guard(package, limits) else { return Saved::default() };
    let root = package.part(&relations::of("")).ok().flatten();
    let relations = root.and_then(|text| relations::read(&text).ok()).unwrap_or_default();
    let part = relations.iter().find(|relation| relation.is("core-properties"));
    let part = part.map_or("docProps/core.xml".into(), |relation| resolve("", &relation.target));
    let text = package.part(&part).ok().flatten().unwrap_or_default();
    Saved { by: inside(&text, "lastModifiedBy"), at: inside(&text, "modified") }
}

/// The text of the first element of that local name.
fn inside(text: &str, name: &str) -> Option<String> {
    let mut tokens = Tokens::new(text);
    while let Some(token) = tokens.next().ok()? {
        let Token::Open(tag) = token else { continue };
        if tag.local() == name {
            let text = tokens.text(&tag).ok()?.trim().to_owned();
            return Some(text).filter(|text| !text.is_empty());
        }
    }
    None
}
