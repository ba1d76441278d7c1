//! The small parts of a workbook: sheets and names, shared texts, tables, notes, properties.
//!
//! Each function reads one part's text. None follows a pointer.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use crate::cell::{Area, CellRef};
use crate::workbook::Visibility;
use crate::xlsx::space;
use crate::xlsx::xml::{Fault, Tag, Token, Tokens};

/// What the workbook part says.
#[derive(Debug, Default, PartialEq)]
pub struct Book {
    /// Sheets in tab order.
    pub sheets: Vec<SheetEntry>,
    /// Defined names of workbook scope.
    pub names: IndexMap<String, String>,
    /// Whether dates count from 1904.
    pub epoch_1904: bool,
    /// Whether the structure of the workbook is locked.
    pub protected: bool,
}

/// One sheet as the workbook lists it.
#[derive(Debug, PartialEq)]
pub struct SheetEntry {
    /// Name on the tab.
    pub name: String,
    /// Whether people see it; visible where the file says something unheard of.
    pub visible: Visibility,
    /// What the workbook calls the pointer to its part, if it says; empty where it leads nowhere on purpose.
    pub relation: Option<String>,
}

/// Reads the workbook part; `None` where it is none.
pub fn book(text: &str) -> Result<Option<Book>, Fault> {
    let mut book = Book::default();
    let mut tokens = Tokens::new(text);
    let mut root = true;
    while let Some(token) = tokens.next()? {
        let Token::Open(tag) = token else { continue };
        if std::mem::take(&mut root) && tag.local() != "workbook" {
            return Ok(None);
        }
        match tag.local() {
            "sheet" => book.sheets.push(sheet(&tag)),
            // An extension repeats this element without the attribute.
            "workbookPr" => book.epoch_1904 |= tag.flag("date1904"),
            "workbookProtection" => book.protected |= tag.flag("lockStructure") || tag.flag("lockWindows"),
            "definedName" => {
                let (name, local) = (tag.attribute("name"), tag.attribute("localSheetId").is_some());
                let target = tokens.text(&tag)?;
                if let (Some(name), false) = (name, local) {
                    book.names.insert(name.into_owned(), target);
                }
            }
            _ => {}
        }
    }
    Ok(Some(book))
}

fn sheet(tag: &Tag<'_>) -> SheetEntry {
    // `sheetId` is another attribute; only the pointer is called `id`, under any prefix.
    let relation = tag.attributes().find(|(key, _)| key.ends_with(":id") || *key == "id");
    SheetEntry {
        name: tag.attribute("name").unwrap_or_default().into_owned(),
        visible: match tag.attribute("state").as_deref() {
            Some("hidden") => Visibility::Hidden,
            Some("veryHidden") => Visibility::VeryHidden,
            _ => Visibility::Visible,
        },
        relation: relation.map(|(_, value)| value.to_owned()),
    }
}

/// The shared texts of a workbook, still as written.
#[derive(Debug, Default, PartialEq)]
pub struct Strings<'a> {
    /// The inside of the root element.
    pub inside: &'a str,
    /// How many texts there are.
    pub count: usize,
    /// How many the file says there are.
    pub claimed: u64,
    /// Whether blank space counts in all of them.
    pub spaced: bool,
}

/// Counts the shared texts; `None` where the part holds something else.
pub fn strings(text: &str) -> Result<Option<Strings<'_>>, Fault> {
    let mut tokens = Tokens::new(text);
    let Some(Token::Open(root)) = tokens.next()? else { return Ok(None) };
    if root.local() != "sst" {
        return Ok(None);
    }
    let number = |name| root.attribute(name).and_then(|n| n.trim().parse::<u64>().ok()).unwrap_or(0);
    let mut strings = Strings {
        claimed: number("uniqueCount").max(number("count")),
        spaced: space::is_kept(&root) == Some(true),
        ..Strings::default()
    };
    let start = tokens.position();
    let mut end = start;
    loop {
        let before = tokens.position();
        let Some(token) = tokens.next()? else { break };
        match token {
            Token::Open(tag) if tag.local() == "si" => {
                // A text inside a text would be counted by some and not by others.
                if tokens.depth() != 2 - usize::from(tag.empty) {
                    return Ok(None);
                }
                strings.count += 1;
            }
            Token::Close if tokens.depth() == 0 => end = before,
            _ => {}
        }
    }
    strings.inside = &text[start..end];
    Ok(Some(strings))
}

/// An Excel table: its name and its area with the header row.
pub fn table(text: &str) -> Result<Option<(String, Area)>, Fault> {
    let mut tokens = Tokens::new(text);
    let mut table = None;
    while let Some(token) = tokens.next()? {
        let Token::Open(tag) = token else { continue };
        if tag.local() == "table" && table.is_none() {
            let name = tag.attribute("displayName").or_else(|| tag.attribute("name")).unwrap_or_default();
            let area = tag.attribute("ref").and_then(|area| Area::parse(area.trim()));
            table = area.map(|area| (name.into_owned(), area));
        }
    }
    Ok(table)
}

/// Cells with a note or a comment, from either kind of part.
pub fn notes(text: &str, cells: &mut BTreeSet<CellRef>) -> Result<(), Fault> {
    let mut tokens = Tokens::new(text);
    while let Some(token) = tokens.next()? {
        let Token::Open(tag) = token else { continue };
        if matches!(tag.local(), "comment" | "threadedComment") {
            cells.extend(tag.attribute("ref").and_then(|cell| CellRef::parse(cell.trim())));
        }
    }
    Ok(())
}

/// Custom document properties as text.
pub fn properties(text: &str) -> Result<IndexMap<String, String>, Fault> {
    let mut properties = IndexMap::new();
    let mut tokens = Tokens::new(text);
    while let Some(token) = tokens.next()? {
        let Token::Open(tag) = token else { continue };
        if tag.local() == "property" {
            let name = tag.attribute("name").unwrap_or_default().into_owned();
            properties.insert(name, tokens.text(&tag)?.trim().to_owned());
        }
    }
    Ok(properties)
}
