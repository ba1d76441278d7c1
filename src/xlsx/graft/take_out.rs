//! Taking back what an earlier run added: our sheets with everything only they use,
//! our names, and our marks on the user's cells.
//!
//! Our sheets are recognised by hidden names that follow a sheet when it is
//! renamed; where a program lost all names, by a conditional format that never fires.

use std::collections::BTreeSet;

use super::content_types;
use super::error::{GraftError, Result};
use super::formula::sheet_of;
use super::marks;
use super::opening;
use super::package::Package;
use super::relationships::{self, reachable, resolve};
use super::splice::Edits;
use super::workbook::{Book, Counts, DefinedName, shift_positions, without_active};
use super::xml::Tree;

/// All our names begin so.
/// `_fupan.gen.N` refers to a sheet of ours.
pub(super) const GENERATED: &str = "_fupan.gen.";
/// The id of what a workbook given back was issued with, as a text constant: it says so where the sheet is lost.
pub const ISSUE: &str = "_fupan.gen.issue";
/// `_fupan.mark.N` refers to a sheet of the user's that carries our marks.
pub(super) const MARKED: &str = "_fupan.mark.";
/// `_fupan.open.N` refers to a sheet of the user's that was selected before ours were added.
pub(super) const OPENED: &str = "_fupan.open.";
/// It stands where the workbook did not say which tab is active, so that it does not afterwards either.
pub(super) const TAB_ADDED: &str = "_fupan.open.tab";
/// `_fupan.names` lists the other names we brought, as a text constant.
pub(super) const NAMES: &str = "_fupan.names";
/// The condition of a format that never fires, on each of our sheets.
pub(super) const CARRIER: &str = "IF(LEN(\"fupan.gen\"),FALSE)";
/// Our sheets are small.
const LARGEST_SHEET: u64 = 2 << 20;

/// Whether a defined name is one of our markers. The names that identify a
/// blank and feed its dropdowns begin alike, and are the team's.
pub(super) fn is_marker(name: &str) -> bool {
    let name = name.to_lowercase();
    [GENERATED, MARKED, OPENED].iter().any(|marker| name.starts_with(marker)) || name == NAMES
}

/// Whether a workbook part may hold one of our markers.
pub(super) fn may_name(text: &str) -> bool {
    let text = text.to_lowercase();
    [GENERATED, MARKED, OPENED, NAMES].iter().any(|marker| text.contains(marker))
}

/// Positions of the sheets that our hidden names call generated; `None` where there is none of our names.
pub(super) fn named(book: &Book) -> Option<Vec<usize>> {
    book.names.iter().any(|name| name.local.is_none() && is_marker(&name.name)).then(|| {
        let sheets = marked_by(book, GENERATED);
        (0..book.sheets.len()).filter(|at| sheets.contains(at)).collect()
    })
}

/// Whether the XML of a sheet carries the mark of generated ones.
pub fn is_generated(sheet: &[u8]) -> bool {
    let holds = |carrier: &str| memchr::memmem::find(sheet, carrier.as_bytes()).is_some();
    // A large sheet is none of ours; looking through it would take time.
    sheet.len() as u64 <= LARGEST_SHEET
        && (holds("LEN(\"fupan.gen\")") || holds("LEN(&quot;fupan.gen&quot;)"))
}

/// Positions of the sheets that an earlier run generated. Those known to be `theirs` are not looked through.
pub(super) fn generated(package: &mut Package<'_>, book: &Book, theirs: &[String]) -> Result<Vec<usize>> {
    if let Some(named) = named(book) {
        return Ok(named);
    }
    let mut found = Vec::new();
    for (at, sheet) in book.sheets.iter().enumerate().filter(|(_, sheet)| !theirs.contains(&sheet.name)) {
        let Some(part) = sheet.part.as_ref().filter(|_| sheet.worksheet) else { continue };
        if package.size(part) > LARGEST_SHEET {
            continue;
        }
        // A sheet that cannot be read is not ours; whoever reads sheets will say so.
        let Ok(Some(bytes)) = package.read(part) else { continue };
        if is_generated(&bytes) {
            found.push(at);
        }
    }
    Ok(found)
}

/// The sheets that names with this beginning refer to, by position. Where somebody copies a sheet,
/// Excel gives the copy names of its own: those say nothing, and the copy is the user's.
fn marked_by(book: &Book, beginning: &str) -> BTreeSet<usize> {
    let of_all = book.names.iter().filter(|name| name.local.is_none());
    let names = of_all.filter(|name| name.name.to_lowercase().starts_with(beginning));
    names
        .filter_map(|name| {
            let sheet = sheet_of(&name.refers_to)?;
            book.sheets.iter().position(|one| one.name == sheet)
        })
        .collect()
}

/// Takes everything of ours out. `false` when there was nothing.
pub(super) fn take_out(package: &mut Package<'_>, book: &mut Book, theirs: &[String]) -> Result<bool> {
    let ours = generated(package, book, theirs)?;
    let any_name = book.names.iter().any(|name| is_marker(&name.name));
    if ours.is_empty() && !any_name {
        return Ok(false);
    }
    if ours.len() == book.sheets.len() {
        return Err(GraftError::NoSheets);
    }
    for at in marked_by(book, MARKED) {
        if let Some(part) = &book.sheets[at].part {
            // What cannot be read carries no marks that could be taken off.
            let _ = marks::erase(package, part);
        }
    }
    let tab_added = book.names.iter().any(|name| name.name.eq_ignore_ascii_case(TAB_ADDED));
    let opened = marked_by(book, OPENED);
    for at in &opened {
        if let Some(part) = &book.sheets[*at].part {
            // One that cannot be read stays as it is: the workbook opens all the same.
            let _ = opening::select(package, part);
        }
    }
    remove_parts(package, book, &ours)?;
    book.text = without_names(book, &ours)?;
    book.text = without_sheets(book, &ours, opened.first().copied())?;
    if tab_added {
        book.text = without_active(&book.part, &book.text)?;
    }
    let gone: Vec<String> = ours.iter().map(|&at| book.sheets[at].relationship.clone()).collect();
    book.forget_relationships(|one| gone.contains(&one.id));
    book.store(package)?;
    *book = Book::read(package)?;
    drop_calculation_chain(package, book)?;
    Ok(true)
}

/// Removes the parts that only our sheets lead to.
fn remove_parts(package: &mut Package<'_>, book: &Book, ours: &[usize]) -> Result<()> {
    let mut roots = Vec::new();
    for &at in ours {
        // Two entries may share a part: then it is not ours alone.
        let part = book.sheets[at].part.clone();
        let shared = book.sheets.iter().enumerate().any(|(i, one)| one.part == part && !ours.contains(&i));
        roots.extend(part.filter(|_| !shared));
    }
    let gone: Vec<&str> = ours.iter().map(|&at| book.sheets[at].relationship.as_str()).collect();
    let mut first = Vec::new();
    for one in relationships::readable(package, "") {
        if !one.external {
            first.push(resolve("", &one.target));
        }
    }
    first.push(book.part.clone());
    let kept = reachable(package, first, |part, one| part != book.part || !gone.contains(&one.id.as_str()));
    let all = reachable(package, roots, |_, _| true);
    let removed: BTreeSet<String> = all.difference(&kept).cloned().collect();
    remove(package, &removed)
}

/// Removes parts (lower-case names) with their relationships and content types.
pub(super) fn remove(package: &mut Package<'_>, parts: &BTreeSet<String>) -> Result<()> {
    for part in parts {
        package.remove(part);
        package.remove(&relationships::part_of(part));
    }
    content_types::forget(package, |part| parts.contains(part))
}

fn without_names(book: &Book, ours: &[usize]) -> Result<String> {
    let listed = book.names.iter().find(|name| name.name.eq_ignore_ascii_case(NAMES));
    let listed: Vec<String> = listed.map_or(Vec::new(), |name| {
        name.refers_to.trim_matches('"').split(';').map(str::to_lowercase).collect()
    });
    let is_ours = |name: &DefinedName| match name.local {
        Some(local) => ours.contains(&local),
        None => {
            let lower = name.name.to_lowercase();
            is_marker(&lower) || listed.contains(&lower)
        }
    };
    let tree = Tree::parse(&book.part, &book.text, 2)?;
    let mut edits = Edits::default();
    if let Some(list) = tree.child(tree.root(), "definedNames") {
        if book.names.iter().all(is_ours) {
            edits.remove(list.whole.clone());
        } else {
            for (element, _) in tree.children(list).zip(&book.names).filter(|(_, name)| is_ours(name)) {
                edits.remove(element.whole.clone());
            }
        }
    }
    Ok(edits.apply(&book.text))
}

/// The workbook's text without our sheets; where ours was the active tab, it opens on `opened` again.
fn without_sheets(book: &Book, ours: &[usize], opened: Option<usize>) -> Result<String> {
    let tree = Tree::parse(&book.part, &book.text, 2)?;
    let mut edits = Edits::default();
    let Some(list) = tree.child(tree.root(), "sheets") else { return Err(GraftError::NoSheets) };
    let elements = tree.children(list).filter(|element| tree.local(element) == "sheet");
    for (_, element) in elements.enumerate().filter(|(at, _)| ours.contains(at)) {
        edits.remove(element.whole.clone());
    }
    let place = |old: usize| old - ours.iter().filter(|&&one| one < old).count();
    let visible = |at: usize| matches!(book.sheets[at].state.as_str(), "" | "visible");
    let first_visible =
        (0..book.sheets.len()).find(|&at| !ours.contains(&at) && visible(at)).map_or(0, place);
    let first_visible = opened.map_or(first_visible, place);
    shift_positions(&mut edits, &tree, |old, counts| match counts {
        Counts::Tab if ours.contains(&old) || old >= book.sheets.len() => first_visible,
        _ => place(old),
    });
    Ok(edits.apply(&book.text))
}

/// Drops the calculation chain: Excel makes a new one, and an old one would name cells that are gone.
pub(super) fn drop_calculation_chain(package: &mut Package<'_>, book: &mut Book) -> Result<()> {
    if !book.relationships.iter().any(|one| one.is("calcChain")) {
        return Ok(());
    }
    let chain = book.part_of_kind(package, "calcChain");
    book.forget_relationships(|one| one.is("calcChain"));
    book.store(package)?;
    remove(package, &chain.map(|part| part.to_ascii_lowercase()).into_iter().collect())?;
    *book = Book::read(package)?;
    Ok(())
}
