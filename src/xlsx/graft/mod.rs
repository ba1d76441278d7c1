//! Adding our sheets to a user's package without touching the rest.
//!
//! Text is spliced into the four parts that must name the new sheets (content
//! types, workbook, its relationships, styles); every other entry is carried
//! over byte for byte. Nothing here knows what our sheets say.

mod amend;
mod carry;
mod content_types;
mod drawing;
pub(super) mod entry;
mod epoch;
mod error;
mod formula;
mod marks;
mod names;
mod notes;
mod opening;
mod package;
mod relationships;
mod results;
mod rows;
mod sheet;
mod sign;
mod splice;
mod style_text;
mod styles;
mod table;
mod take_out;
mod workbook;
mod xml;

use std::collections::BTreeSet;

pub use amend::{Amended, Amendment, Unamended, amend, annotate};
pub use error::{GraftError, GraftNote};
pub use marks::{MarkFormat, SheetMarks};
pub use results::store_results;
pub use sign::sign;
pub use take_out::{ISSUE, is_generated};

use carry::{Carrier, highest_block};
use content_types::{ContentTypes, NewPart};
use error::Result;
use formula::{Renames, quoted};
use names::{free_names, hidden, markers, our_names, our_words};
use package::Package;
use relationships::{TYPES, free_id, relative, resolve};
use styles::Styles;
use table::Taken;
use workbook::{Additions, Book, SheetEntry, extended, names_active_tab};

/// Our sheets, as rust_xlsxwriter saved them.
#[derive(Debug, Clone, Copy)]
pub struct Addition<'a> {
    /// The package. Sheets of it that are not listed only stand for the user's of the same name.
    pub package: &'a [u8],
    /// What the library left undone in the parts of the package.
    pub last_touch: &'a dyn LastTouch,
    /// Names of our sheets, in order.
    pub sheets: &'a [String],
    /// Names of sheets that are known not to come from an earlier run, and need not be looked through.
    pub theirs: &'a [String],
    /// Where they go.
    pub placement: Placement,
    /// Whether our first sheet should be the one shown on opening.
    pub activate: bool,
    /// Whose they are once they are in.
    pub owner: Owner,
    /// The id of what the workbook is issued with, kept as a hidden name beside them.
    pub issue: Option<&'a str>,
}

/// Whose sheets are that were added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Owner {
    /// Ours: the next run takes them out and makes them anew.
    #[default]
    Us,
    /// The team's from now on, like every other; what is there of ours stays as well.
    Team,
}

/// What is still to be done to parts of our package when they are copied.
pub trait LastTouch: std::fmt::Debug {
    /// The text of a part (`xl/charts/chart1.xml`) as it should be.
    fn part(&self, name: &str, text: String) -> String;
}

/// Nothing is left to be done.
impl LastTouch for () {
    fn part(&self, _: &str, text: String) -> String {
        text
    }
}

/// Where our sheets go among the tabs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Placement {
    /// After the user's.
    #[default]
    After,
    /// Before the user's.
    Before,
}

/// A package with our sheets in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Grafted {
    /// The bytes of the file.
    pub package: Vec<u8>,
    /// The names wanted for our sheets, and those given where the user has a sheet of that name.
    pub names: Vec<(String, String)>,
    /// What a person should know.
    pub notes: Vec<GraftNote>,
}

/// The user's package with our sheets (in place of those of an earlier run) and marks.
pub fn graft(original: &[u8], addition: &Addition<'_>, marks: &[SheetMarks]) -> Result<Grafted> {
    let mut package = Package::open(original)?;
    let mut book = Book::read(&mut package)?;
    if addition.owner == Owner::Us {
        take_out::take_out(&mut package, &mut book, addition.theirs)?;
    }
    take_out::drop_calculation_chain(&mut package, &mut book)?;
    relationships::reserve_targets(&mut package);
    ContentTypes::read(&mut package)?.reserve(&mut package);
    let (mut notes, from_1904) = what_to_know(&mut package, &book)?;

    let mut ours = Package::open(addition.package)?;
    let our_book = Book::read(&mut ours)?;
    let our_sheets = find_sheets(&our_book, addition.sheets)?;
    let names = free_names(&book, addition.sheets);
    let (our_words, our_tables) =
        (our_words(&our_book, &our_sheets), table::our_names(&mut ours, &our_sheets)?);
    // Where we bring no word, none can be taken.
    let mut taken = match our_words.is_empty() && our_tables.is_empty() {
        true => Taken::default(),
        false => Taken::of(&mut package, &book),
    };
    let words = taken.free_names(our_words);
    let tables = taken.free_names(our_tables);
    let changed =
        |pairs: &[(String, String)]| pairs.iter().filter(|(old, new)| old != new).cloned().collect();
    let renames = Renames { sheets: changed(&names), words: changed(&[&words[..], &tables[..]].concat()) };

    let styles_part = book.part_of_kind(&package, "styles");
    let user_styles = match &styles_part {
        Some(part) => package.required(part)?,
        None => style_text::EMPTY.to_owned(),
    };
    let our_styles = match our_book.part_of_kind(&ours, "styles") {
        Some(part) => ours.required(&part)?,
        None => style_text::EMPTY.to_owned(),
    };
    let mut styles = Styles::read(&user_styles, &our_styles)?;
    let mut added_relationships = Vec::new();
    let mut new_parts = Vec::new();
    // A sheet may name a relationship that is gone: ours must not take its place.
    let mentioned: Vec<String> = book.sheets.iter().map(|sheet| sheet.relationship.clone()).collect();
    // Before our sheets: it stays when they are taken out, and the order of entries must not depend on that.
    let styles_part = match styles_part {
        Some(part) => part,
        None => {
            let usual = "xl/styles.xml".to_owned();
            let pointed = book.relationships.iter().find(|one| one.is("styles") && !one.external);
            let part = match pointed.map(|one| resolve(&book.part, &one.target)) {
                // The workbook points to a part that is not there: readers look nowhere else.
                Some(part) => part,
                None if package.is_free(&usual) => usual,
                None => package.free_name(&usual),
            };
            package.put(&part, Vec::new())?;
            if pointed.is_none() {
                let id = free_id(&book.relationships, &mentioned);
                added_relationships.push((id, format!("{TYPES}/styles"), relative(&book.part, &part)));
            }
            let content_type =
                "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml".into();
            new_parts.push(NewPart { name: part.clone(), content_type, by_extension: false });
            part
        }
    };

    let block = highest_block(&mut package);
    styles.from_1904 = from_1904;
    let mut carrier = Carrier::new(&mut ours, &our_book, &mut styles, renames, taken.highest_id, block)?;
    carrier.last_touch = addition.last_touch;
    carrier.owner = addition.owner;
    let mut additions = Additions { first: addition.placement == Placement::Before, ..Additions::default() };
    let mut ids = free_ids(&book);
    for (sheet, (_, given)) in our_sheets.iter().zip(&names) {
        let part = sheet.part.clone().unwrap_or_default();
        let part = carrier.copy(&mut package, &part, "worksheet")?;
        let added = added_relationships.iter().map(|(id, _, _)| id);
        let used: Vec<String> = mentioned.iter().chain(added).cloned().collect();
        let id = free_id(&book.relationships, &used);
        added_relationships.push((id.clone(), format!("{TYPES}/worksheet"), relative(&book.part, &part)));
        let sheet_id = ids.next().ok_or(GraftError::NoSheets)?;
        additions.sheets.push((given.clone(), sheet_id, id, sheet.state.clone()));
    }
    new_parts.append(&mut carrier.new_parts);
    let renames = std::mem::take(&mut carrier.renames);
    let first = if additions.first { 0 } else { book.sheets.len() };
    if addition.owner == Owner::Us {
        additions.names = markers(&names);
    }
    let issue = addition.issue.map(|id| hidden(take_out::ISSUE.into(), format!("\"{id}\"")));
    additions.names.extend(issue);
    additions.names.extend(our_names(&our_book, &our_sheets, first, &renames, &words));
    if addition.activate && !names.is_empty() {
        match opening::unselect(&mut package, &book)? {
            Some(selected) => {
                additions.active = Some(first);
                for (n, sheet) in selected.iter().enumerate() {
                    let name = format!("{}{}", take_out::OPENED, n + 1);
                    additions.names.push(hidden(name, format!("{}!$A$1", quoted(sheet))));
                }
                if let (Some(sheet), false) = (selected.first(), names_active_tab(&book.part, &book.text)?) {
                    let name = take_out::TAB_ADDED.to_owned();
                    additions.names.push(hidden(name, format!("{}!$A$1", quoted(sheet))));
                }
            }
            None => notes.push(GraftNote::ActiveTabKept),
        }
    }

    let mut marked = Vec::new();
    content_types::extend(&mut package, &new_parts)?;
    for marks in marks {
        let sheet = book.sheets.iter().find(|sheet| sheet.name == marks.sheet && sheet.worksheet);
        let Some(part) = sheet.and_then(|sheet| sheet.part.clone()) else {
            notes.push(GraftNote::NoSuchSheet(marks.sheet.clone()));
            continue;
        };
        match marks::put(&mut package, &part, marks, &mut styles) {
            Ok(note) => notes.extend(note),
            // The sheet cannot be read; what is in it stays as it is.
            Err(GraftError::Damaged(why)) => {
                notes.push(GraftNote::UnreadableSheet(marks.sheet.clone(), why));
                continue;
            }
            Err(other) => return Err(other),
        }
        marked.push(marks.sheet.clone());
    }
    for (n, sheet) in marked.iter().enumerate() {
        additions
            .names
            .push(hidden(format!("{}{}", take_out::MARKED, n + 1), format!("{}!$A$1", quoted(sheet))));
    }

    package.put(&styles_part, styles.finish().into_bytes())?;
    book.text = extended(&book.part, &book.text, &additions)?;
    book.relationships_text =
        relationships::append(&book.relationships_part, &book.relationships_text, &added_relationships)?;
    book.store(&mut package)?;
    content_types::cover_relationships(&mut package)?;
    Ok(Grafted { package: package.into_bytes()?, names, notes })
}

/// The package without our sheets and marks; the same bytes when there are none.
pub fn strip(original: &[u8]) -> Result<Vec<u8>> {
    let mut package = Package::open(original)?;
    let mut book = Book::read(&mut package)?;
    if take_out::take_out(&mut package, &mut book, &[])? {
        package.into_bytes()
    } else {
        Ok(original.to_vec())
    }
}

/// Names of the sheets that an earlier run generated.
pub fn generated_sheets(original: &[u8]) -> Result<Vec<String>> {
    let mut package = Package::open(original)?;
    let book = Book::read(&mut package)?;
    let positions = take_out::generated(&mut package, &book, &[])?;
    Ok(positions.into_iter().map(|at| book.sheets[at].name.clone()).collect())
}

/// The same by the hidden names alone; `None` where there are none, and only the sheets themselves can tell.
pub fn named_sheets(original: &[u8]) -> Result<Option<Vec<String>>> {
    let mut package = Package::open(original)?;
    // Most workbooks never met us, and need not be taken apart to know.
    let (_, text) = Book::find(&mut package)?;
    if !take_out::may_name(&text) {
        return Ok(None);
    }
    let book = Book::read(&mut package)?;
    let positions = take_out::named(&book);
    Ok(positions.map(|all| all.into_iter().map(|at| book.sheets[at].name.clone()).collect()))
}

/// Whether an earlier run left marks on the user's cells.
pub fn is_marked(original: &[u8]) -> Result<bool> {
    let mut package = Package::open(original)?;
    let book = Book::read(&mut package)?;
    Ok(book.names.iter().any(|name| name.name.to_lowercase().starts_with(take_out::MARKED)))
}

fn find_sheets<'b>(book: &'b Book, names: &[String]) -> Result<Vec<&'b SheetEntry>> {
    names
        .iter()
        .map(|name| {
            let sheet = book.sheets.iter().find(|sheet| sheet.name == *name);
            sheet
                .filter(|sheet| sheet.worksheet && sheet.part.is_some())
                .ok_or_else(|| GraftError::Addition(format!("there is no worksheet {name}")))
        })
        .collect()
}

/// Ids for new sheets: above the others, or where Excel takes none so high, the lowest that are free.
fn free_ids(book: &Book) -> impl Iterator<Item = u32> + use<> {
    const HIGHEST: u32 = 65_534;
    let used: BTreeSet<u32> = book.sheets.iter().map(|sheet| sheet.sheet_id).collect();
    let above = used.last().map_or(1, |highest| highest.saturating_add(1));
    (above..=HIGHEST).chain(1..above.min(HIGHEST)).filter(move |id| !used.contains(id))
}

/// What a person should know of a workbook, and whether it counts its days from 1904.
fn what_to_know(package: &mut Package<'_>, book: &Book) -> Result<(Vec<GraftNote>, bool)> {
    let mut notes = Vec::new();
    if relationships::readable(package, "").iter().any(|one| one.kind.contains("/digital-signature/")) {
        notes.push(GraftNote::SignatureBroken);
    }
    let tree = xml::Tree::parse(&book.part, &book.text, 1)?;
    let protection = tree.child(tree.root(), "workbookProtection");
    if protection.is_some_and(|protection| tree.is_set(protection, "lockStructure")) {
        notes.push(GraftNote::StructureProtected);
    }
    if book.relationships.iter().any(|one| one.is("revisionHeaders")) {
        notes.push(GraftNote::SharedWorkbook);
    }
    Ok((notes, counts_from_1904(&tree)))
}

fn counts_from_1904(workbook: &xml::Tree<'_>) -> bool {
    let settings = workbook.child(workbook.root(), "workbookPr");
    settings.is_some_and(|settings| workbook.is_set(settings, "date1904"))
}
