//! The workbook part: its sheets and defined names, found wherever the package keeps them.

use super::error::{GraftError, Result, damaged};
use super::package::Package;
use super::relationships::{self, Relationship, resolve};
use super::splice::Edits;
use super::xml::{Element, Tree, escape, unescape};

const SPREADSHEET: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const STRICT: &str = "http://purl.oclc.org/ooxml/spreadsheetml/main";

/// One sheet as the workbook lists it.
#[derive(Debug, Clone)]
pub(super) struct SheetEntry {
    pub name: String,
    pub sheet_id: u32,
    /// Id of the relationship that leads to its part.
    pub relationship: String,
    /// Its part, where the relationship leads to one.
    pub part: Option<String>,
    /// Whether it is a worksheet (and not a chart or dialog sheet).
    pub worksheet: bool,
    /// `hidden`, `veryHidden`, or empty.
    pub state: String,
}

/// One defined name.
#[derive(Debug, Clone)]
pub(super) struct DefinedName {
    pub name: String,
    /// The sheet it belongs to, by position.
    pub local: Option<usize>,
    pub refers_to: String,
    /// Its attributes as written, without name and sheet.
    pub other: String,
}

/// The workbook part of a package.
#[derive(Debug)]
pub(super) struct Book {
    pub part: String,
    pub text: String,
    pub relationships_part: String,
    pub relationships_text: String,
    pub relationships: Vec<Relationship>,
    pub sheets: Vec<SheetEntry>,
    pub names: Vec<DefinedName>,
}

impl Book {
    /// Finds and reads the workbook part.
    pub fn read(package: &mut Package<'_>) -> Result<Book> {
        let (part, text) = Book::find(package)?;
        let relationships_part = relationships::part_of(&part);
        let relationships_text = package.required(&relationships_part)?;
        let relationships = relationships::parse(&relationships_part, &relationships_text)?;
        let (sheets, names) = contents(&part, &text, &relationships)?;
        let mut book =
            Book { part, text, relationships_part, relationships_text, relationships, sheets, names };
        for sheet in &mut book.sheets {
            sheet.part = sheet.part.take().filter(|part| package.contains(part));
        }
        Ok(book)
    }

    /// The workbook part and its text, wherever the package keeps it.
    pub fn find(package: &mut Package<'_>) -> Result<(String, String)> {
        let root = match package.text("_rels/.rels")? {
            Some(text) => relationships::parse("_rels/.rels", &text)?,
            None if package.contains("mimetype") => return Err(GraftError::NotOoxml("ods")),
            None => return Err(GraftError::NotOoxml("no relationships")),
        };
        let Some(office) = root.iter().find(|one| one.is("officeDocument")) else {
            return Err(GraftError::NotOoxml("no document"));
        };
        let part = resolve("", &office.target);
        if part.to_ascii_lowercase().ends_with(".bin") {
            return Err(GraftError::NotOoxml("xlsb"));
        }
        let text = package.required(&part)?;
        Ok((part, text))
    }

    /// The part that a relationship of that kind leads to.
    pub fn part_of_kind(&self, package: &Package<'_>, kind: &str) -> Option<String> {
        self.relationships
            .iter()
            .filter(|one| one.is(kind) && !one.external)
            .map(|one| resolve(&self.part, &one.target))
            .find(|part| package.contains(part))
    }

    /// Writes the texts back into the package.
    pub fn store(&self, package: &mut Package<'_>) -> Result<()> {
        package.put(&self.part, self.text.clone().into_bytes())?;
        package.put(&self.relationships_part, self.relationships_text.clone().into_bytes())
    }

    /// Takes relationships out of the text.
    pub fn forget_relationships(&mut self, gone: impl Fn(&Relationship) -> bool) {
        let mut edits = Edits::default();
        for one in self.relationships.iter().filter(|one| gone(one)) {
            edits.remove(one.span.clone());
        }
        self.relationships_text = edits.apply(&self.relationships_text);
    }
}

fn contents(
    part: &str,
    text: &str,
    relationships: &[Relationship],
) -> Result<(Vec<SheetEntry>, Vec<DefinedName>)> {
    let tree = Tree::parse(part, text, 2)?;
    tree.hold_to_attributes(part)?;
    let root = tree.root();
    let namespace = tree.attributes(root).find(|attribute| {
        let prefix = tree.prefix().trim_end_matches(':');
        if prefix.is_empty() {
            attribute.name == "xmlns"
        } else {
            attribute.name.strip_prefix("xmlns:") == Some(prefix)
        }
    });
    match namespace.map(|attribute| attribute.raw) {
        Some(STRICT) => return Err(GraftError::Strict),
        Some(SPREADSHEET) if tree.local(root) == "workbook" => {}
        _ => return Err(GraftError::NotOoxml("no workbook")),
    }
    let Some(list) = tree.child(root, "sheets") else { return Err(GraftError::NoSheets) };
    let mut sheets = Vec::new();
    for element in tree.children(list).filter(|element| tree.local(element) == "sheet") {
        let id = tree.foreign(element, "id").unwrap_or_default();
        let relationship = relationships.iter().find(|one| one.id == id && !one.external);
        sheets.push(SheetEntry {
            name: tree.value(element, "name").unwrap_or_default(),
            sheet_id: tree.value(element, "sheetId").and_then(|id| id.parse().ok()).unwrap_or(0),
            part: relationship.map(|one| resolve(part, &one.target)),
            worksheet: relationship.is_some_and(|one| one.is("worksheet")),
            state: tree.value(element, "state").unwrap_or_default(),
            relationship: id,
        });
    }
    if sheets.is_empty() {
        return Err(GraftError::NoSheets);
    }
    let names = match tree.child(root, "definedNames") {
        Some(list) => tree.children(list).map(|element| defined_name(&tree, element)).collect(),
        None => Vec::new(),
    };
    Ok((sheets, names))
}

fn defined_name(tree: &Tree<'_>, element: &Element) -> DefinedName {
    let other = tree.attributes(element).filter(|one| !matches!(one.name, "name" | "localSheetId"));
    DefinedName {
        name: tree.value(element, "name").unwrap_or_default(),
        local: tree.value(element, "localSheetId").and_then(|id| id.parse().ok()),
        // A shallow tree: what is inside a name is text only.
        refers_to: unescape(&tree.text[element.inner.clone()]).into_owned(),
        other: other.map(|one| format!(" {}=\"{}\"", one.name, one.raw)).collect(),
    }
}

/// What is to be added to a workbook part.
#[derive(Debug, Default)]
pub(super) struct Additions {
    /// Name, sheet id, relationship id, state.
    pub sheets: Vec<(String, u32, String, String)>,
    pub names: Vec<DefinedName>,
    /// Where our sheets stand: before all the user's, or after.
    pub first: bool,
    /// Position of the sheet to show first.
    pub active: Option<usize>,
}

/// The workbook's text with sheets and names added.
pub(super) fn extended(part: &str, text: &str, added: &Additions) -> Result<String> {
    let text = with_sheets(part, text, added)?;
    let text = with_names(part, &text, &added.names)?;
    match added.active {
        Some(active) => with_active(part, &text, active),
        None => Ok(text),
    }
}

fn with_sheets(part: &str, text: &str, added: &Additions) -> Result<String> {
    let tree = Tree::parse(part, text, 2)?;
    let prefix = tree.prefix();
    let Some(list) = tree.child(tree.root(), "sheets") else { return damaged(part, "no sheets") };
    let mut edits = Edits::default();
    let (bound, binding) = match tree.prefix_of(relationships::TYPES) {
        Some(bound) => (bound, String::new()),
        None => ("r:".into(), format!(" xmlns:r=\"{}\"", relationships::TYPES)),
    };
    let sheets: String = added
        .sheets
        .iter()
        .map(|(name, id, relationship, state)| {
            let state =
                if state.is_empty() { String::new() } else { format!(" state=\"{}\"", escape(state)) };
            format!(
                r#"<{prefix}sheet{binding} name="{}" sheetId="{id}"{state} {bound}id="{}"/>"#,
                escape(name),
                escape(relationship)
            )
        })
        .collect();
    edits.insert(if added.first { list.inner.start } else { list.inner.end }, sheets);
    let shift = if added.first { added.sheets.len() } else { 0 };
    let all: Vec<&Element> = tree.children(list).filter(|one| tree.local(one) == "sheet").collect();
    let visible = |one: &&Element| tree.value(one, "state").is_none_or(|state| state == "visible");
    let first_visible = all.iter().position(visible).unwrap_or(0);
    // A name that belongs to a sheet that was not there must not come to belong to one of ours.
    for name in tree.child(tree.root(), "definedNames").into_iter().flat_map(|names| tree.children(names)) {
        let owner = tree.value(name, "localSheetId").and_then(|owner| owner.parse::<usize>().ok());
        if owner.is_some_and(|owner| owner >= all.len()) {
            edits.remove(name.whole.clone());
        }
    }
    shift_positions(&mut edits, &tree, |position, counts| match (position < all.len(), counts) {
        (true, _) => position + shift,
        // A tab that was not there must not become one of ours.
        (false, Counts::Tab) => first_visible + shift,
        (false, Counts::Owner) => position,
    });
    Ok(edits.apply(text))
}

fn with_names(part: &str, text: &str, added: &[DefinedName]) -> Result<String> {
    if added.is_empty() {
        return Ok(text.to_owned());
    }
    let tree = Tree::parse(part, text, 2)?;
    let prefix = tree.prefix();
    let names: String = added
        .iter()
        .map(|name| {
            let local = name.local.map_or(String::new(), |local| format!(" localSheetId=\"{local}\""));
            format!(
                r#"<{prefix}definedName name="{}"{local}{}>{}</{prefix}definedName>"#,
                escape(&name.name),
                name.other,
                escape(&name.refers_to)
            )
        })
        .collect();
    let mut edits = Edits::default();
    insert_names(&mut edits, &tree, &names);
    Ok(edits.apply(text))
}

fn insert_names(edits: &mut Edits, tree: &Tree<'_>, names: &str) {
    let prefix = tree.prefix();
    match tree.child(tree.root(), "definedNames") {
        Some(list) if tree.children(list).next().is_some() => edits.insert(list.inner.end, names),
        other => {
            // An empty list is replaced, so that taking ours out again leaves the same text either way.
            if let Some(empty) = other {
                edits.remove(empty.whole.clone());
            }
            let before = tree.children(tree.root()).filter(|child| {
                matches!(tree.local(child), "sheets" | "functionGroups" | "externalReferences")
            });
            let at = before.last().map_or(tree.root().inner.start, |child| child.whole.end);
            edits.insert(at, format!("<{prefix}definedNames>{names}</{prefix}definedNames>"));
        }
    }
}

/// What a position of a sheet is used for.
#[derive(Clone, Copy)]
pub(super) enum Counts {
    /// The sheet that a defined name belongs to.
    Owner,
    /// The active tab, or the first one in sight.
    Tab,
}

/// Gives everything that counts sheets by position its new place.
pub(super) fn shift_positions(edits: &mut Edits, tree: &Tree<'_>, place: impl Fn(usize, Counts) -> usize) {
    for element in &tree.elements {
        let (attributes, counts): (&[&str], _) = match tree.local(element) {
            "definedName" => (&["localSheetId"], Counts::Owner),
            "workbookView" => (&["activeTab", "firstSheet"], Counts::Tab),
            _ => continue,
        };
        for name in attributes {
            let Some(attribute) = tree.attribute(element, name) else { continue };
            let Ok(old) = attribute.raw.parse::<usize>() else { continue };
            let new = place(old, counts);
            if new != old {
                edits.replace(attribute.value, new.to_string());
            }
        }
    }
}

/// Whether the workbook says which tab is active.
pub(super) fn names_active_tab(part: &str, text: &str) -> Result<bool> {
    let tree = Tree::parse(part, text, 2)?;
    let views = tree.child(tree.root(), "bookViews");
    let view = views.and_then(|views| tree.child(views, "workbookView"));
    Ok(view.is_some_and(|view| tree.attribute(view, "activeTab").is_some()))
}

/// The workbook's text without saying which tab is active.
pub(super) fn without_active(part: &str, text: &str) -> Result<String> {
    let tree = Tree::parse(part, text, 2)?;
    let views = tree.child(tree.root(), "bookViews");
    let mut edits = Edits::default();
    if let Some(view) = views.and_then(|views| tree.child(views, "workbookView"))
        && let Some(active) = tree.attribute(view, "activeTab")
    {
        edits.remove(active.whole);
    }
    Ok(edits.apply(text))
}

fn with_active(part: &str, text: &str, active: usize) -> Result<String> {
    let tree = Tree::parse(part, text, 2)?;
    let prefix = tree.prefix();
    let views = tree.child(tree.root(), "bookViews");
    let view = views.and_then(|views| tree.child(views, "workbookView"));
    let new =
        format!("<{prefix}bookViews><{prefix}workbookView activeTab=\"{active}\"/></{prefix}bookViews>");
    let mut edits = Edits::default();
    match (view, views) {
        (Some(view), _) => match tree.attribute(view, "activeTab") {
            Some(attribute) => edits.replace(attribute.value, active.to_string()),
            None => {
                let end = view.tag.end - if view.closed { 2 } else { 1 };
                edits.insert(end, format!(" activeTab=\"{active}\""));
            }
        },
        (None, Some(views)) => edits.replace(views.whole.clone(), new),
        (None, None) => {
            let sheets = tree.child(tree.root(), "sheets");
            edits.insert(sheets.map_or(tree.root().inner.start, |sheets| sheets.whole.start), new);
        }
    }
    Ok(edits.apply(text))
}
