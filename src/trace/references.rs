//! What a formula refers to: cells, rectangles, names, tables, other files,
//! each with the argument of the function it stands in.
//!
//! Only the words are looked at, nothing is computed, so that a team's own
//! formulas can be followed like ours.

use crate::cell::{Area, CellRef, MAX_COLUMNS, MAX_ROWS};
use crate::xlsx::pieces::{bracket_length, quoted_length};

/// One thing a formula names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    /// Cells; without a sheet, those of the formula's own.
    Cells {
        /// The sheet, or two with a colon for all between.
        sheet: Option<String>,
        /// The cells, as they stand in this formula.
        area: Area,
        /// Which of first row, first column, last row, last column do not move when copied.
        fixed: [bool; 4],
    },
    /// A defined name.
    Name(String),
    /// Columns of an Excel table: the table (empty: the one around the formula) and what stands in brackets.
    Table(String, String),
    /// Something in another file.
    Outside(String),
    /// A reference whose cells were deleted.
    Lost,
    /// A constant text, as an argument may be.
    Text(String),
}

/// A reference and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What is named.
    pub reference: Reference,
    /// Number of the innermost call around it, and which argument of it; `None` outside of any.
    pub argument: Option<(usize, usize)>,
}

/// What a formula names, in order, and the functions it calls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Formula {
    /// References and constant texts.
    pub found: Vec<Found>,
    /// Names of the functions called, upper case, by number.
    pub calls: Vec<String>,
}

struct Reader<'f> {
    rest: &'f str,
    formula: Formula,
    /// Open brackets: the call and which argument is being read; `None` for plain brackets.
    open: Vec<Option<(usize, usize)>>,
}

/// Reads a formula, with or without `=`. Whatever cannot be read is passed over.
pub fn references(formula: &str) -> Formula {
    let mut reader = Reader { rest: formula, formula: Formula::default(), open: Vec::new() };
    while let Some(first) = reader.rest.chars().next() {
        reader.step(first);
    }
    reader.formula
}

impl Reader<'_> {
    fn step(&mut self, first: char) {
        match first {
            '"' => {
                let end = quoted_length(self.rest, '"');
                let text =
                    self.rest[1..end].strip_suffix('"').unwrap_or(&self.rest[1..end]).replace("\"\"", "\"");
                self.push(Reference::Text(text));
                self.skip(end);
            }
            '\'' => {
                let end = quoted_length(self.rest, '\'');
                let name = &self.rest[1..end];
                let name = name.strip_suffix('\'').unwrap_or(name).replace("''", "'");
                self.skip(end);
                if self.rest.starts_with('!') {
                    self.skip(1);
                    self.on_sheet(name);
                }
            }
            '{' => {
                let end = self.rest.find('}').map_or(self.rest.len(), |at| at + 1);
                self.skip(end);
            }
            '[' => {
                let end = bracket_length(self.rest);
                let inside = self.rest[..end].to_owned();
                self.skip(end);
                let word = word_length(self.rest);
                if self.rest[word..].starts_with('!') {
                    let sheet = self.rest[..word].to_owned();
                    self.skip(word + 1);
                    self.on_sheet(format!("{inside}{sheet}"));
                } else {
                    self.push(Reference::Table(String::new(), inner(&inside)));
                }
            }
            '#' => {
                if self.rest.starts_with("#REF!") {
                    self.push(Reference::Lost);
                }
                let end = self.rest[1..].find(|c: char| !(c.is_ascii_alphanumeric() || "/!?".contains(c)));
                self.skip(end.map_or(self.rest.len(), |end| end + 1));
            }
            '(' => {
                self.open.push(None);
                self.skip(1);
            }
            ')' => {
                self.open.pop();
                self.skip(1);
            }
            ',' | ';' => {
                if let Some(Some((_, argument))) = self.open.last_mut() {
                    *argument += 1;
                }
                self.skip(1);
            }
            c if is_word(c) => self.word(),
            c => self.skip(c.len_utf8()),
        }
    }

    fn word(&mut self) {
        let end = word_length(self.rest);
        let (word, after) = self.rest.split_at(end);
        match after.chars().next() {
            Some('(') => {
                let word = word.trim_start_matches("_xlfn.").to_uppercase();
                self.open.push(Some((self.formula.calls.len(), 0)));
                self.formula.calls.push(word);
                self.skip(end + 1);
            }
            Some('!') => {
                let sheet = word.to_owned();
                self.skip(end + 1);
                self.on_sheet(sheet);
            }
            Some('[') => {
                let table = word.to_owned();
                self.skip(end);
                let end = bracket_length(self.rest);
                let inside = inner(&self.rest[..end]);
                self.skip(end);
                self.push(Reference::Table(table, inside));
            }
            // All sheets from one to another: `一月:三月!A1`.
            Some(':') if after[1 + word_length(&after[1..])..].starts_with('!') && corner(word).is_none() => {
                let second = word_length(&after[1..]);
                let sheets = format!("{word}{}", &after[..1 + second]);
                self.skip(end + 1 + second + 1);
                self.on_sheet(sheets);
            }
            _ => {
                let word = word.to_owned();
                if !self.cells(None) {
                    self.skip(end);
                    let constant = word.eq_ignore_ascii_case("true") || word.eq_ignore_ascii_case("false");
                    let number = word.starts_with(|c: char| c.is_ascii_digit() || c == '.');
                    if number {
                        self.exponent(&word);
                    } else if !constant {
                        self.push(Reference::Name(word));
                    }
                }
            }
        }
    }

    /// `1E` is followed by the sign and digits of its exponent.
    fn exponent(&mut self, word: &str) {
        if word.ends_with(['e', 'E']) && self.rest.starts_with(['+', '-']) {
            let digits = self.rest[1..].find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len() - 1);
            self.skip(1 + digits);
        }
    }

    /// What follows a sheet's name and its exclamation mark.
    fn on_sheet(&mut self, sheet: String) {
        if sheet.contains('[') {
            let end = self.rest.find(|c: char| !(is_word(c) || c == ':')).unwrap_or(self.rest.len());
            self.push(Reference::Outside(format!("{sheet}!{}", &self.rest[..end])));
            self.skip(end);
        } else if self.rest.starts_with("#REF!") {
            self.push(Reference::Lost);
            self.skip(5);
        } else if !self.cells(Some(sheet)) {
            // A name of that sheet's own.
            let end = word_length(self.rest);
            let name = self.rest[..end].to_owned();
            self.push(Reference::Name(name));
            self.skip(end);
        }
    }

    /// Reads `A1`, `A1:B2`, `A:B` or `1:2`; says whether one stood there.
    fn cells(&mut self, sheet: Option<String>) -> bool {
        let first_end = word_length(self.rest);
        let first = &self.rest[..first_end];
        let after = &self.rest[first_end..];
        let second = after.strip_prefix(':').map(|after| {
            // The second corner may repeat the sheet: `表!A1:表!B2`.
            let word = word_length(after);
            (&after[..word], first_end + 1 + word)
        });
        let both = second.and_then(|(second, end)| Some((corner(first)?, corner(second)?, end)));
        let (a, b, end) = match both {
            Some((a, b, end)) if a.same_kind(&b) => (a, b, end),
            _ => match corner(first) {
                Some(one @ Corner { row: Some(_), col: Some(_), .. }) => (one, one, first_end),
                _ => return false,
            },
        };
        let row = |corner: &Corner, otherwise: u32| corner.row.unwrap_or(otherwise);
        let col = |corner: &Corner, otherwise: u32| corner.col.unwrap_or(otherwise);
        let (top, bottom) = (row(&a, 0).min(row(&b, 0)), row(&a, MAX_ROWS - 1).max(row(&b, MAX_ROWS - 1)));
        let (left, right) =
            (col(&a, 0).min(col(&b, 0)), col(&a, MAX_COLUMNS - 1).max(col(&b, MAX_COLUMNS - 1)));
        let (bottom, right) = (
            if a.row.is_some() { row(&a, 0).max(row(&b, 0)) } else { bottom },
            if a.col.is_some() { col(&a, 0).max(col(&b, 0)) } else { right },
        );
        let area = Area::new(CellRef::new(top, left), CellRef::new(bottom, right));
        let fixed = [
            a.fixed.0 || a.row.is_none(),
            a.fixed.1 || a.col.is_none(),
            b.fixed.0 || b.row.is_none(),
            b.fixed.1 || b.col.is_none(),
        ];
        self.push(Reference::Cells { sheet, area, fixed });
        self.skip(end);
        true
    }

    fn push(&mut self, reference: Reference) {
        let argument = self.open.iter().rev().find_map(|open| *open);
        self.formula.found.push(Found { reference, argument });
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }
}

/// A corner of a rectangle: a cell, a column or a row.
#[derive(Clone, Copy)]
struct Corner {
    row: Option<u32>,
    col: Option<u32>,
    fixed: (bool, bool),
}

impl Corner {
    fn same_kind(&self, other: &Corner) -> bool {
        self.row.is_some() == other.row.is_some() && self.col.is_some() == other.col.is_some()
    }
}

fn corner(word: &str) -> Option<Corner> {
    let fixed_col = word.starts_with('$');
    let bare = word.strip_prefix('$').unwrap_or(word);
    if let Some(cell) = CellRef::parse(word) {
        let fixed = (bare.contains('$'), fixed_col);
        return Some(Corner { row: Some(cell.row), col: Some(cell.col), fixed });
    }
    if bare.bytes().all(|b| b.is_ascii_digit()) {
        let row = bare.parse::<u32>().ok()?.checked_sub(1).filter(|row| *row < MAX_ROWS)?;
        return Some(Corner { row: Some(row), col: None, fixed: (fixed_col, true) });
    }
    let col =
        CellRef::parse(&format!("{bare}1")).filter(|_| bare.bytes().all(|b| b.is_ascii_alphabetic()))?;
    Some(Corner { row: None, col: Some(col.col), fixed: (true, fixed_col) })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '\\' | '$' | '?') || (!c.is_ascii() && !c.is_whitespace())
}

fn word_length(text: &str) -> usize {
    text.find(|c| !is_word(c)).unwrap_or(text.len())
}

/// What stands in a table's brackets, the outer ones off.
fn inner(brackets: &str) -> String {
    brackets.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(brackets).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(formula: &str) -> Vec<String> {
        let found = references(formula).found;
        found
            .into_iter()
            .map(|found| match found.reference {
                Reference::Cells { sheet, area, .. } => format!("{}!{area}", sheet.unwrap_or_default()),
                Reference::Name(name) => format!("name {name}"),
                Reference::Table(table, inside) => format!("table {table} {inside}"),
                Reference::Outside(text) => format!("outside {text}"),
                Reference::Lost => "lost".into(),
                Reference::Text(text) => format!("text {text}"),
            })
            .collect()
    }

    #[test]
    fn every_kind_of_reference_is_found() {
        for (formula, expected) in [
            ("=A1+$B$2*c3", vec!["!A1", "!B2", "!C3"]),
            ("SUM(B2:A1)", vec!["!A1:B2"]),
            ("'6 渠道''效果'!C5/渠道!$D$6:$D$9", vec!["6 渠道'效果!C5", "渠道!D6:D9"]),
            ("IF(A1=\"说\"\"A2\"\"\",1E+5,2)", vec!["!A1", "text 说\"A2\""]),
            ("LOG10(A1)+TRUE+1.5e3", vec!["!A1"]),
            ("SUM(A:B,3:4)", vec!["!A1:B1048576", "!A3:XFD4"]),
            ("[1]一月!A1+'[2]二 月'!B2:C3", vec!["outside [1]一月!A1", "outside [2]二 月!B2:C3"]),
            (
                "汇率*表1[金额]+表1[[#This Row],[数量]]+[@单价]",
                vec!["name 汇率", "table 表1 金额", "table 表1 [#This Row],[数量]", "table  @单价"],
            ),
            ("SUM(#REF!,渠道!#REF!)+#N/A", vec!["lost", "lost"]),
            ("SUM({1,2,3})+SUM(一月:三月!B2)", vec!["一月:三月!B2"]),
            ("", vec![]),
            ("'没有结束", vec![]),
        ] {
            assert_eq!(named(formula), expected, "{formula}");
        }
    }

    #[test]
    fn a_reference_knows_its_argument() {
        let formula = references("IF(SUMIFS(C1:C9,(A1:A9),E1)>0,F1,\"\")");
        assert_eq!(formula.calls, ["IF", "SUMIFS"]);
        let arguments: Vec<_> = formula.found.iter().map(|found| found.argument).collect();
        assert_eq!(arguments, [Some((1, 0)), Some((1, 1)), Some((1, 2)), Some((0, 1)), Some((0, 2))]);
    }

    proptest::proptest! {
        #[test]
        fn nothing_a_cell_may_hold_stops_it(text in "[-A-Z0-9a-z!'\"$:(),;#\\[\\]{}表一.+ ]{0,40}") {
            references(&text);
        }
    }
}
