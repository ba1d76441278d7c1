//! What our sheets, and the names that come with them, are called in the user's workbook.

use std::collections::BTreeSet;

use super::formula::{Renames, quoted, sheet_of};
use super::take_out;
use super::workbook::{Book, DefinedName, SheetEntry};

/// The names wanted, with a number where the user has such a sheet.
pub(super) fn free_names(book: &Book, wanted: &[String]) -> Vec<(String, String)> {
    let mut given: Vec<(String, String)> = Vec::new();
    let mut taken: BTreeSet<String> = book.sheets.iter().map(|sheet| sheet.name.to_lowercase()).collect();
    // A number must not take the name that another sheet of ours wants.
    let reserved: BTreeSet<String> = wanted.iter().map(|name| name.to_lowercase()).collect();
    for name in wanted {
        let numbered = (2u32..).map(|n| with_number(name, n));
        let free = |candidate: &String| {
            let lower = candidate.to_lowercase();
            !taken.contains(&lower) && (candidate == name || !reserved.contains(&lower))
        };
        let new = std::iter::once(name.clone()).chain(numbered).find(free).unwrap_or_default();
        taken.insert(new.to_lowercase());
        given.push((name.clone(), new));
    }
    given
}

/// `复盘总览 (2)`, within the 31 UTF-16 units that Excel allows.
fn with_number(name: &str, number: u32) -> String {
    let ending = format!(" ({number})");
    let mut kept = String::new();
    for c in name.chars() {
        if kept.encode_utf16().count() + c.len_utf16() + ending.len() > 31 {
            break;
        }
        kept.push(c);
    }
    kept + &ending
}

/// A defined name that people do not see.
pub(super) fn hidden(name: String, refers_to: String) -> DefinedName {
    DefinedName { name, local: None, refers_to, other: " hidden=\"1\"".into() }
}

/// The names by which our sheets are recognised later.
pub(super) fn markers(names: &[(String, String)]) -> Vec<DefinedName> {
    let marker = |(n, (_, given)): (usize, &(String, String))| {
        hidden(format!("{}{}", take_out::GENERATED, n + 1), format!("{}!$A$1", quoted(given)))
    };
    names.iter().enumerate().map(marker).collect()
}

/// The names of the workbook (not of a sheet) that refer to our sheets.
pub(super) fn our_words(book: &Book, sheets: &[&SheetEntry]) -> Vec<String> {
    let ours = |name: &&DefinedName| {
        let sheet = sheet_of(&name.refers_to);
        name.local.is_none()
            && !take_out::is_marker(&name.name)
            && sheet.is_some_and(|sheet| sheets.iter().any(|one| one.name == sheet))
    };
    book.names.iter().filter(ours).map(|name| name.name.clone()).collect()
}

/// The definitions that our sheets bring: their own (print areas), and those of the workbook in `words`.
pub(super) fn our_names(
    book: &Book,
    sheets: &[&SheetEntry],
    first: usize,
    renames: &Renames,
    words: &[(String, String)],
) -> Vec<DefinedName> {
    let mut found = Vec::new();
    for name in &book.names {
        let refers_to = renames.apply(&name.refers_to).into_owned();
        let Some(local) = name.local else {
            if let Some((_, new)) = words.iter().find(|(old, _)| *old == name.name) {
                found.push(DefinedName { name: new.clone(), refers_to, ..name.clone() });
            }
            continue;
        };
        let sheet = book.sheets.get(local);
        let position = sheet.and_then(|sheet| sheets.iter().position(|one| one.name == sheet.name));
        if let Some(at) = position {
            found.push(DefinedName { local: Some(first + at), refers_to, ..name.clone() });
        }
    }
    if !words.is_empty() {
        let list: Vec<&str> = words.iter().map(|(_, new)| new.as_str()).collect();
        found.push(hidden(take_out::NAMES.into(), format!("\"{}\"", list.join(";"))));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::with_number;

    #[test]
    fn a_numbered_name_fits_into_31_units() {
        assert_eq!(with_number("复盘总览", 2), "复盘总览 (2)");
        let long = with_number(&"表😀".repeat(12), 10);
        assert!(long.ends_with(" (10)") && long.encode_utf16().count() <= 31, "{long}");
    }
}
