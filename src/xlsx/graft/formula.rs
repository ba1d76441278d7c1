//! Formulas whose sheets, tables or names have got another name.
//!
//! Only the words are looked at, never the meaning.

use std::borrow::Cow;

use crate::xlsx::pieces::{bracket_length, quoted_length};

/// New names for old ones.
#[derive(Debug, Default, Clone)]
pub(super) struct Renames {
    /// Sheets.
    pub sheets: Vec<(String, String)>,
    /// Tables and defined names.
    pub words: Vec<(String, String)>,
}

fn find<'r>(pairs: &'r [(String, String)], name: &str) -> Option<&'r str> {
    let name = name.to_lowercase();
    pairs.iter().find(|(old, _)| old.to_lowercase() == name).map(|(_, new)| new.as_str())
}

/// A sheet name as a formula writes it, always in quotation marks.
pub(super) fn quoted(sheet: &str) -> String {
    format!("'{}'", sheet.replace('\'', "''"))
}

/// The sheet of a reference such as `'复盘总览'!$A$1`, even if the cell is gone (`#REF!`).
pub(super) fn sheet_of(reference: &str) -> Option<String> {
    let reference = reference.trim().trim_start_matches('=');
    if let Some(rest) = reference.strip_prefix('\'') {
        let end = closing_quote(rest)?;
        return rest[end + 1..].starts_with('!').then(|| rest[..end].replace("''", "'"));
    }
    let (sheet, _) = reference.split_once('!')?;
    (!sheet.is_empty() && !sheet.starts_with('#')).then(|| sheet.trim_start_matches('$').to_owned())
}

/// Position of the quotation mark that ends a name (doubled ones belong to it).
fn closing_quote(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'\'' {
            if bytes.get(at + 1) != Some(&b'\'') {
                return Some(at);
            }
            at += 1;
        }
        at += 1;
    }
    None
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '\\' | '?') || (!c.is_ascii() && !c.is_whitespace())
}

impl Renames {
    /// Whether nothing is renamed.
    pub fn is_empty(&self) -> bool {
        self.sheets.is_empty() && self.words.is_empty()
    }

    /// The formula with the new names.
    pub fn apply<'f>(&self, formula: &'f str) -> Cow<'f, str> {
        if self.is_empty() {
            return Cow::Borrowed(formula);
        }
        let mut result = String::with_capacity(formula.len() + 16);
        let mut rest = formula;
        while let Some(first) = rest.chars().next() {
            let taken = match first {
                '"' => quoted_length(rest, '"'),
                '\'' => match closing_quote(&rest[1..]) {
                    Some(end) => {
                        result.push_str(&self.sheet(&rest[1..end + 1].replace("''", "'"), &rest[..end + 2]));
                        rest = &rest[end + 2..];
                        continue;
                    }
                    None => rest.len(),
                },
                '[' => {
                    // After a workbook's number in brackets the sheet is somebody else's.
                    let end = bracket_length(rest);
                    let word = rest[end..].find(|c| !is_word(c)).unwrap_or(rest.len() - end);
                    if rest[end + word..].starts_with('!') { end + word } else { end }
                }
                c if is_word(c) => {
                    let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                    let (word, after) = rest.split_at(end);
                    let new = if after.starts_with('!') {
                        self.sheet(word, word)
                    } else if after.starts_with('(') {
                        Cow::Borrowed(word)
                    } else {
                        Cow::Borrowed(find(&self.words, word).unwrap_or(word))
                    };
                    result.push_str(&new);
                    rest = after;
                    continue;
                }
                c => c.len_utf8(),
            };
            result.push_str(&rest[..taken]);
            rest = &rest[taken..];
        }
        if result == formula { Cow::Borrowed(formula) } else { Cow::Owned(result) }
    }

    /// A sheet name, or a range of sheets (`一:二`), as it is to be written.
    fn sheet<'w>(&self, name: &str, written: &'w str) -> Cow<'w, str> {
        if let Some(new) = find(&self.sheets, name) {
            return Cow::Owned(quoted(new));
        }
        let Some((first, last)) = name.split_once(':') else { return Cow::Borrowed(written) };
        match (find(&self.sheets, first), find(&self.sheets, last)) {
            (None, None) => Cow::Borrowed(written),
            (a, b) => Cow::Owned(quoted(&format!("{}:{}", a.unwrap_or(first), b.unwrap_or(last)))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_follow_a_renamed_sheet_and_nothing_else_changes() {
        let renames = Renames {
            sheets: vec![("复盘总览".into(), "复盘总览 (2)".into()), ("It's".into(), "Its".into())],
            words: vec![("渠道表".into(), "渠道表_2".into())],
        };
        for (before, after) in [
            ("复盘总览!A1+1", "'复盘总览 (2)'!A1+1"),
            ("SUM('复盘总览'!A1:B2)", "SUM('复盘总览 (2)'!A1:B2)"),
            ("'It''s'!A1", "'Its'!A1"),
            ("\"复盘总览!A1 \"\"复盘总览!\"&A1", "\"复盘总览!A1 \"\"复盘总览!\"&A1"),
            (
                "SUM(渠道表[花费])/渠道表[[#This Row],[渠道表]]",
                "SUM(渠道表_2[花费])/渠道表_2[[#This Row],[渠道表]]",
            ),
            ("我的复盘总览!A1", "我的复盘总览!A1"),
            ("渠道表(1)", "渠道表(1)"),
            ("[1]复盘总览!A1", "[1]复盘总览!A1"),
            ("'[b.xlsx]复盘总览'!A1", "'[b.xlsx]复盘总览'!A1"),
            ("'unfinished", "'unfinished"),
        ] {
            assert_eq!(renames.apply(before), after);
        }
    }

    #[test]
    fn a_marker_tells_its_sheet_even_without_its_cell() {
        for (reference, sheet) in [
            ("'复盘总览'!$A$1", Some("复盘总览")),
            ("复盘总览!$A$1", Some("复盘总览")),
            ("'It''s'!#REF!", Some("It's")),
            ("#REF!", None),
            ("#REF!$A$1", None),
            ("\"text\"", None),
        ] {
            assert_eq!(sheet_of(reference).as_deref(), sheet, "{reference}");
        }
    }
}
