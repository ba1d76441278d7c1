//! Which part is of which content type: `[Content_Types].xml`.

use super::error::Result;
use super::package::Package;
use super::relationships::append_to;
use super::splice::Edits;
use super::xml::{Tree, escape};

/// The part itself.
pub(super) const PART: &str = "[Content_Types].xml";

/// What the content types part says.
#[derive(Debug, Default)]
pub(super) struct ContentTypes {
    defaults: Vec<(String, String)>,
    overrides: Vec<(String, String)>,
}

impl ContentTypes {
    /// Reads the content types of a package.
    pub fn read(package: &mut Package<'_>) -> Result<ContentTypes> {
        let text = package.required(PART)?;
        let tree = Tree::parse(PART, &text, 1)?;
        let mut types = ContentTypes::default();
        for child in tree.children(tree.root()) {
            let kind = tree.value(child, "ContentType").unwrap_or_default();
            match tree.local(child) {
                "Default" => {
                    let extension = tree.value(child, "Extension").unwrap_or_default();
                    types.defaults.push((extension.to_ascii_lowercase(), kind));
                }
                "Override" => types.overrides.push((overridden(&tree, child), kind)),
                _ => {}
            }
        }
        Ok(types)
    }

    /// Keeps the names of parts that have a type, even if nothing is there.
    pub fn reserve(&self, package: &mut Package<'_>) {
        package.reserve(self.overrides.iter().map(|(name, _)| name.clone()));
    }

    /// The content type of a part.
    pub fn of(&self, part: &str) -> Option<&str> {
        let lower = part.to_ascii_lowercase();
        let exact = self.overrides.iter().find(|(name, _)| *name == lower);
        exact.or_else(|| self.default_of(&lower)).map(|(_, kind)| kind.as_str())
    }

    fn default_of(&self, part: &str) -> Option<&(String, String)> {
        let extension = extension(part);
        self.defaults.iter().find(|(name, _)| *name == extension)
    }

    fn is_override(&self, part: &str) -> bool {
        let part = part.to_ascii_lowercase();
        self.overrides.iter().any(|(name, _)| *name == part)
    }
}

fn extension(part: &str) -> String {
    part.rsplit_once('.').map_or(String::new(), |(_, extension)| extension.to_ascii_lowercase())
}

fn overridden(tree: &Tree<'_>, child: &super::xml::Element) -> String {
    let part = tree.value(child, "PartName").unwrap_or_default();
    part.replace('\\', "/").trim_start_matches('/').to_ascii_lowercase()
}

/// One new part: its name, its content type, and whether the extension alone tells it (pictures do).
pub(super) struct NewPart {
    pub name: String,
    pub content_type: String,
    pub by_extension: bool,
}

impl NewPart {
    /// What `theirs` says about a part that is to be called `name` here.
    pub fn like(theirs: &ContentTypes, part: &str, name: &str) -> Option<NewPart> {
        Some(NewPart {
            name: name.to_owned(),
            content_type: theirs.of(part)?.to_owned(),
            by_extension: !theirs.is_override(part),
        })
    }
}

/// Names the types of new parts.
pub(super) fn extend(package: &mut Package<'_>, parts: &[NewPart]) -> Result<()> {
    let types = ContentTypes::read(package)?;
    let text = package.required(PART)?;
    let tree = Tree::parse(PART, &text, 1)?;
    let prefix = tree.prefix();
    let (mut defaults, mut overrides) = (String::new(), String::new());
    let mut added: Vec<String> = Vec::new();
    for part in parts {
        let known = types.default_of(&part.name);
        let extension = extension(&part.name);
        let same_default = known.is_some_and(|(_, kind)| *kind == part.content_type);
        if types.of(&part.name) == Some(&part.content_type) || part.by_extension && added.contains(&extension)
        {
            continue;
        }
        if part.by_extension && known.is_none() {
            let kind = escape(&part.content_type);
            defaults.push_str(&format!(
                r#"<{prefix}Default Extension="{}" ContentType="{kind}"/>"#,
                escape(&extension)
            ));
            added.push(extension);
        } else if !same_default {
            let kind = escape(&part.content_type);
            overrides.push_str(&format!(
                r#"<{prefix}Override PartName="/{}" ContentType="{kind}"/>"#,
                escape(&part.name)
            ));
        }
    }
    let mut edits = Edits::default();
    if tree.root().closed {
        append_to(&mut edits, &tree, tree.root(), &(defaults + &overrides));
    } else {
        let last_default = tree.children(tree.root()).filter(|child| tree.local(child) == "Default").last();
        edits.insert(last_default.map_or(tree.root().inner.start, |child| child.whole.end), defaults);
        edits.insert(tree.root().inner.end, overrides);
    }
    package.put(PART, edits.apply(&text).into_bytes())
}

/// Gives relationship parts their type by extension, where a package names each of its own and ours have none.
pub(super) fn cover_relationships(package: &mut Package<'_>) -> Result<()> {
    const EXTENSION: &str = "rels";
    let types = ContentTypes::read(package)?;
    if package.parts().all(|part| extension(part) != EXTENSION || types.of(part).is_some()) {
        return Ok(());
    }
    let kind = "application/vnd.openxmlformats-package.relationships+xml";
    let text = package.required(PART)?;
    let tree = Tree::parse(PART, &text, 1)?;
    let mut edits = Edits::default();
    let new = format!(r#"<{}Default Extension="{EXTENSION}" ContentType="{kind}"/>"#, tree.prefix());
    let last_default = tree.children(tree.root()).filter(|child| tree.local(child) == "Default").last();
    edits.insert(last_default.map_or(tree.root().inner.start, |child| child.whole.end), new);
    package.put(PART, edits.apply(&text).into_bytes())
}

/// Forgets the types of parts that are no longer there (names in lower case).
pub(super) fn forget(package: &mut Package<'_>, gone: impl Fn(&str) -> bool) -> Result<()> {
    let text = package.required(PART)?;
    let tree = Tree::parse(PART, &text, 1)?;
    let mut edits = Edits::default();
    for child in tree.children(tree.root()) {
        if tree.local(child) == "Override" && gone(&overridden(&tree, child)) {
            edits.remove(child.whole.clone());
        }
    }
    package.put(PART, edits.apply(&text).into_bytes())
}
