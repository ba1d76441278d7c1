//! Where something stands and what was typed there.
//!
//! Rows and columns count from zero inside and print as people see them (A1).
//! Nothing here knows what a value means.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Excel's grid: rows per sheet.
pub const MAX_ROWS: u32 = 1_048_576;
/// Excel's grid: columns per sheet.
pub const MAX_COLUMNS: u32 = 16_384;

/// One cell of a sheet, counted from zero. Prints as `A1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CellRef {
    /// Zero-based row.
    pub row: u32,
    /// Zero-based column.
    pub col: u32,
}

/// Row by row, as one comparison: every sheet and page is looked up by its cells.
impl Ord for CellRef {
    fn cmp(&self, other: &CellRef) -> Ordering {
        let place = |cell: &CellRef| u64::from(cell.row) << 32 | u64::from(cell.col);
        place(self).cmp(&place(other))
    }
}

impl PartialOrd for CellRef {
    fn partial_cmp(&self, other: &CellRef) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl CellRef {
    /// The cell at a zero-based row and column.
    pub const fn new(row: u32, col: u32) -> CellRef {
        CellRef { row, col }
    }

    /// Reads `A1` or `$A$1`; `None` off the grid or for anything else.
    pub fn parse(text: &str) -> Option<CellRef> {
        let text = text.strip_prefix('$').unwrap_or(text);
        let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
        if letters == 0 || letters > 3 {
            return None;
        }
        let (column, row) = text.split_at(letters);
        let row = row.strip_prefix('$').unwrap_or(row);
        if row.is_empty() || row.len() > 7 || !row.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let col = column.bytes().fold(0u32, |n, b| n * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1) - 1;
        let row = row.parse::<u32>().ok()?.checked_sub(1)?;
        (row < MAX_ROWS && col < MAX_COLUMNS).then_some(CellRef { row, col })
    }

    /// `$A$1`, as formulas that must not move write it.
    pub fn absolute(self) -> String {
        let mut text = String::new();
        self.write_absolute(&mut text);
        text
    }

    /// Appends `C5`.
    pub fn write(self, out: &mut String) {
        push_column(self.col, out);
        push_number(self.row + 1, out);
    }

    /// Appends `$C$5`.
    pub fn write_absolute(self, out: &mut String) {
        out.push('$');
        push_column(self.col, out);
        out.push('$');
        push_number(self.row + 1, out);
    }
}

impl fmt::Display for CellRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", column_name(self.col), self.row + 1)
    }
}

impl Serialize for CellRef {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CellRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<CellRef, D::Error> {
        let text = String::deserialize(deserializer)?;
        CellRef::parse(&text).ok_or_else(|| D::Error::custom(format!("{text:?} is no cell")))
    }
}

/// The letters of a zero-based column: 0 is `A`, 26 is `AA`.
pub fn column_name(col: u32) -> String {
    let mut name = String::new();
    push_column(col, &mut name);
    name
}

// A workbook's formulas hold hundreds of thousands of references, so these are written digit by digit.
fn push_column(col: u32, out: &mut String) {
    if col >= 26 {
        push_column(col / 26 - 1, out);
    }
    out.push(char::from(b'A' + (col % 26) as u8));
}

/// Appends a number in decimal.
pub fn push_number(number: u32, out: &mut String) {
    if number >= 10 {
        push_number(number / 10, out);
    }
    out.push(char::from(b'0' + (number % 10) as u8));
}

/// A rectangle of cells, both corners inside. Prints as `A1:C3`, or `A1` for one cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Area {
    /// Top left.
    pub first: CellRef,
    /// Bottom right.
    pub last: CellRef,
}

impl Area {
    /// The rectangle spanned by two corners.
    pub const fn new(first: CellRef, last: CellRef) -> Area {
        Area { first, last }
    }

    /// Reads `A1:C3` or `A1`; `None` for whole columns, reversed corners or anything off the grid.
    pub fn parse(text: &str) -> Option<Area> {
        let (first, last) = text.split_once(':').unwrap_or((text, text));
        let area = Area { first: CellRef::parse(first)?, last: CellRef::parse(last)? };
        (area.first.row <= area.last.row && area.first.col <= area.last.col).then_some(area)
    }

    /// Whether a cell lies inside.
    pub fn contains(&self, cell: CellRef) -> bool {
        (self.first.row..=self.last.row).contains(&cell.row)
            && (self.first.col..=self.last.col).contains(&cell.col)
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            write!(f, "{}", self.first)
        } else {
            write!(f, "{}:{}", self.first, self.last)
        }
    }
}

/// A cell of a named sheet: what a finding points at and a formula refers to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Sheet name as the user sees it.
    pub sheet: Arc<str>,
    /// Cell on that sheet.
    pub cell: CellRef,
}

impl Place {
    /// A cell of a named sheet.
    pub fn new(sheet: impl Into<Arc<str>>, cell: CellRef) -> Place {
        Place { sheet: sheet.into(), cell }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}!{}", self.sheet, self.cell)
    }
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Place, D::Error> {
        let text = String::deserialize(deserializer)?;
        // A sheet's name may hold an exclamation mark; a cell does not.
        let place =
            text.rsplit_once('!').and_then(|(sheet, cell)| Some(Place::new(sheet, CellRef::parse(cell)?)));
        place.ok_or_else(|| D::Error::custom(format!("{text:?} is no place")))
    }
}

#[cfg(test)]
impl schemars::JsonSchema for CellRef {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "cell".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[A-Z]{1,3}[1-9][0-9]*$", "description": "A cell: A1." })
    }
}

#[cfg(test)]
impl schemars::JsonSchema for Place {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "place".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "description": "A cell of the workbook: sheet, exclamation mark, cell (效果!C5)." })
    }
}

/// What a cell holds, before anyone asks what it means.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Content {
    /// Nothing, or an empty text.
    #[default]
    Blank,
    /// A number as stored.
    Number(f64),
    /// A number whose format shows a date or a time: the serial in the 1900
    /// system (readers add the 1,462 days of the 1904 system).
    Serial(f64),
    /// Text, exactly as stored.
    Text(String),
    /// TRUE or FALSE.
    Bool(bool),
    /// A formula error such as `#DIV/0!`.
    Error(String),
}

impl Content {
    /// Whether nothing was typed: no content, or only blanks and zero-width characters.
    pub fn is_blank(&self) -> bool {
        match self {
            Content::Blank => true,
            Content::Text(text) => text.chars().all(is_invisible),
            _ => false,
        }
    }

    /// The text a person would quote: numbers in their shortest form.
    pub fn to_text(&self) -> String {
        match self {
            Content::Blank => String::new(),
            Content::Number(n) | Content::Serial(n) => n.to_string(),
            Content::Text(text) => text.clone(),
            Content::Bool(true) => "TRUE".into(),
            Content::Bool(false) => "FALSE".into(),
            Content::Error(code) => code.clone(),
        }
    }
}

/// Blanks of every width, and characters that take no room at all.
pub fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{00ad}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a1_and_back() {
        for (text, row, col) in
            [("A1", 0, 0), ("Z9", 8, 25), ("AA10", 9, 26), ("XFD1048576", 1_048_575, 16_383)]
        {
            let cell = CellRef::new(row, col);
            assert_eq!(CellRef::parse(text), Some(cell));
            assert_eq!(cell.to_string(), text);
        }
    }

    #[test]
    fn off_the_grid_is_no_cell() {
        for text in ["A0", "XFE1", "A1048577", "1A", "A", "", "AAAA1", "A4294967297"] {
            assert_eq!(CellRef::parse(text), None, "{text}");
        }
    }
}
