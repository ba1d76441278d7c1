//! Who saved a package last, and when, written into its core properties.

use super::error::Result;
use super::package::Package;
use super::splice::Edits;
use super::xml::{Tree, escape};

const CORE: &str = "docProps/core.xml";

/// The package as saved by somebody at a time (`2024-07-04T09:30:00Z`); one without core properties stays as it is.
///
/// # Errors
/// Why the package cannot be read.
pub fn sign(original: &[u8], by: &str, at: &str) -> Result<Vec<u8>> {
    let mut package = Package::open(original)?;
    let Some(text) = package.text(CORE)? else { return Ok(original.to_vec()) };
    let tree = Tree::parse(CORE, &text, 2)?;
    let mut edits = Edits::default();
    for element in tree.children(tree.root()) {
        let said = match tree.local(element) {
            "lastModifiedBy" => by,
            "modified" => at,
            _ => continue,
        };
        let name = tree.name(element);
        let tag = tree.text[element.tag.clone()].trim_end_matches('>').trim_end_matches('/');
        edits.replace(element.whole.clone(), format!("{tag}>{}</{name}>", escape(said)));
    }
    let signed = edits.apply(&text);
    package.put(CORE, signed.into_bytes())?;
    package.into_bytes()
}
