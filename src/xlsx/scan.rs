//! One pass over a worksheet: what calamine does not tell, and a plain copy it can read.
//!
//! The copy holds every cell that has a value, in one fixed spelling and with
//! its address, and nothing else: no dimension that lies, no prefixes, no
//! cells that are only coloured. What calamine would drop a whole sheet for
//! (an error value it has not met) is written so that it passes, and noted.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::cell::{Area, CellRef, MAX_COLUMNS, MAX_ROWS};
use crate::xlsx::guard::{Measure, Refusal};
use crate::xlsx::space::{self, spaced};
use crate::xlsx::xml::{Tag, Token, Tokens};

/// What a worksheet says beside the values of its cells.
#[derive(Debug, Default, PartialEq)]
pub struct Scan {
    /// How many cells the copy holds.
    pub cells: u64,
    /// What else there is to some of them, in their order.
    pub asides: Vec<Aside>,
    /// Formulas with nothing stored, or an empty text.
    pub unvalued: Vec<Unvalued>,
    /// Merged rectangles.
    pub merges: Vec<Area>,
    /// Hidden rows.
    pub hidden_rows: Vec<u32>,
    /// Hidden columns.
    pub hidden_columns: Vec<u32>,
}

/// Something about the n-th cell of the copy.
#[derive(Debug, PartialEq)]
pub struct Aside {
    /// Which cell of the copy, from zero.
    pub nth: u64,
    /// Its formula.
    pub formula: Option<String>,
    /// Whether its text is really an error value.
    pub error: bool,
}

/// A formula cell without a value.
#[derive(Debug, PartialEq)]
pub struct Unvalued {
    /// The cell.
    pub at: CellRef,
    /// Its formula.
    pub formula: String,
    /// Whether the stored result is an empty text (else there is none).
    pub empty_text: bool,
}

/// What the cells of a workbook may refer to, and how many there may be.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// How many shared texts there are.
    pub strings: usize,
    /// Cells still allowed.
    pub cells: u64,
    /// The limit as set, for the message.
    pub limit: u64,
}

/// Reads a worksheet part of `sheet` and writes the plain copy to `out`.
pub fn scan(sheet: &str, text: &str, bounds: Bounds, out: &mut Vec<u8>) -> Result<Scan, Refusal> {
    let mut pass = Pass {
        sheet,
        bounds,
        out,
        scan: Scan::default(),
        row: 0,
        next_row: 0,
        next_col: 0,
        hidden: BTreeMap::new(),
        spaced: false,
    };
    // The copy is seldom longer than what it is made from.
    pass.out.reserve(text.len());
    pass.out.extend_from_slice(b"<worksheet><sheetData>");
    let mut tokens = Tokens::new(text);
    let broken = |fault| Refusal::xml(&format!("sheet {sheet}"), fault);
    let mut in_data = false;
    while let Some(token) = tokens.next().map_err(broken)? {
        let Token::Open(tag) = token else {
            in_data &= tokens.depth() >= 2;
            continue;
        };
        let depth = tokens.depth() + usize::from(tag.empty);
        match tag.local() {
            root if depth == 1 && root != "worksheet" => {
                return Err(Refusal::damaged(format!("sheet {sheet}: <{root}> is no worksheet")));
            }
            _ if depth == 1 => pass.spaced = space::is_kept(&tag) == Some(true),
            "sheetData" if depth == 2 => in_data = !tag.empty,
            "row" if in_data => pass.row(&tag)?,
            "c" if in_data => pass.cell(&tag, &mut tokens)?,
            "col" if depth == 3 => pass.column(&tag),
            "mergeCell" if depth == 3 => {
                pass.scan.merges.extend(tag.attribute("ref").as_deref().and_then(merged));
            }
            _ => {}
        }
    }
    pass.out.extend_from_slice(b"</sheetData></worksheet>");
    pass.scan.hidden_columns = columns(&pass.hidden);
    Ok(pass.scan)
}

/// The columns in which more hiding has begun than ended.
fn columns(changes: &BTreeMap<u32, i64>) -> Vec<u32> {
    let mut columns = Vec::new();
    let (mut open, mut from) = (0, 0);
    for (&at, change) in changes {
        if open > 0 {
            columns.extend(from..at);
        }
        open += change;
        from = at;
    }
    columns
}

/// A merged rectangle, its corners in whichever order; nothing for whole columns or single cells.
fn merged(text: &str) -> Option<Area> {
    let (first, last) = text.trim().split_once(':')?;
    let (first, last) = (CellRef::parse(first)?, CellRef::parse(last)?);
    let area = Area {
        first: CellRef::new(first.row.min(last.row), first.col.min(last.col)),
        last: CellRef::new(first.row.max(last.row), first.col.max(last.col)),
    };
    (area.first != area.last).then_some(area)
}

struct Pass<'p> {
    sheet: &'p str,
    bounds: Bounds,
    out: &'p mut Vec<u8>,
    scan: Scan,
    row: u32,
    next_row: u32,
    next_col: u32,
    hidden: BTreeMap<u32, i64>,
    /// Whether blank space counts in every text.
    spaced: bool,
}

impl Pass<'_> {
    fn row(&mut self, tag: &Tag<'_>) -> Result<(), Refusal> {
        let mut row = self.next_row;
        let mut hidden = false;
        for (key, value) in tag.attributes() {
            match key {
                "r" => {
                    let number = value.parse::<u32>().ok().filter(|n| (1..=MAX_ROWS).contains(n));
                    row = number.ok_or_else(|| self.bad(value, "no such row"))? - 1;
                }
                "hidden" => hidden = matches!(value, "1" | "true"),
                _ => {}
            }
        }
        if hidden && row < MAX_ROWS {
            self.scan.hidden_rows.push(row);
        }
        self.row = row;
        self.next_row = row.saturating_add(1);
        self.next_col = 0;
        Ok(())
    }

    fn column(&mut self, tag: &Tag<'_>) {
        let number = |name| tag.attribute(name).and_then(|value| value.trim().parse::<u32>().ok());
        let (Some(first), Some(last)) = (number("min"), number("max")) else { return };
        if tag.flag("hidden") && (1..=MAX_COLUMNS).contains(&first) && first <= last {
            // Only where hiding begins and ends: a range may be said a million times.
            *self.hidden.entry(first - 1).or_insert(0i64) += 1;
            *self.hidden.entry(last.min(MAX_COLUMNS)).or_insert(0) -= 1;
        }
    }

    fn cell(&mut self, tag: &Tag<'_>, tokens: &mut Tokens<'_>) -> Result<(), Refusal> {
        let (mut address, mut style, mut kind) = (None, "", "n");
        for (key, value) in tag.attributes() {
            match key {
                "r" => address = Some(value),
                "s" => style = value,
                "t" => kind = value,
                _ => {}
            }
        }
        let at = match address {
            Some(text) => parse(text).ok_or_else(|| self.bad(text, "off the grid"))?,
            None if self.row < MAX_ROWS && self.next_col < MAX_COLUMNS => {
                CellRef::new(self.row, self.next_col)
            }
            None => return Err(self.bad("", "off the grid")),
        };
        self.next_col = at.col + 1;
        if tag.empty {
            return Ok(());
        }
        if tag.name == "c"
            && let Some(value) = tokens.only_child("<v>", "</v></c>")
        {
            return self.place(At { at, address, style }, kind, Some(value.into()), None, None);
        }
        let broken = |fault| Refusal::xml(&format!("sheet {}", self.sheet), fault);
        let (mut value, mut inline, mut formula) = (None, None, None);
        let outside = tokens.depth() - 1;
        while tokens.depth() > outside {
            let Some(Token::Open(child)) = tokens.next().map_err(broken)? else { continue };
            match child.local() {
                "v" => value = Some(tokens.written(&child).map_err(broken)?),
                "f" => formula = Some(tokens.text(&child).map_err(broken)?),
                "is" => {
                    inline =
                        Some(spaced(tokens.inside(&child).map_err(broken)?, self.spaced).map_err(broken)?)
                }
                _ => tokens.skip(&child).map_err(broken)?,
            }
        }
        self.place(At { at, address, style }, kind, value, inline.as_deref(), formula)
    }

    fn place(
        &mut self,
        at: At<'_>,
        kind: &str,
        value: Option<Cow<'_, str>>,
        inline: Option<&str>,
        formula: Option<String>,
    ) -> Result<(), Refusal> {
        let text = value.as_deref().unwrap_or_default();
        let number = text.trim();
        let mut error = false;
        let written = match kind {
            _ if inline.is_some_and(|inline| !inline.is_empty()) && (text.is_empty() || is_inline(kind)) => {
                self.write(at, "inlineStr", "<is>", inline.unwrap_or_default(), "</is></c>")
            }
            "str" | "inlineStr" | "is" if !text.is_empty() => self.write(at, "str", "<v>", text, "</v></c>"),
            "n" if is_plain(number.as_bytes()) => self.write(at, "", "<v>", number, "</v></c>"),
            _ if number.is_empty() => false,
            // What does not fit a double, or is no number at all, stays what it says.
            "n" => match number.parse::<f64>() {
                Ok(parsed) if parsed.is_finite() => self.write(at, "", "<v>", number, "</v></c>"),
                _ => self.write(at, "str", "<v>", text, "</v></c>"),
            },
            "s" => {
                // calamine takes anything that is no number for the first text.
                let known = text.bytes().all(|b| b.is_ascii_digit())
                    && text.parse::<usize>().is_ok_and(|index| index < self.bounds.strings);
                if !known {
                    let sheet = self.sheet.into();
                    return Err(Refusal::BadSharedStrings { sheet, cell: at.at, index: shorten(text) });
                }
                self.write(at, "s", "<v>", text, "</v></c>")
            }
            "b" => match number.to_ascii_lowercase().as_str() {
                "1" | "true" => self.write(at, "b", "<v>", "1", "</v></c>"),
                "0" | "false" => self.write(at, "b", "<v>", "0", "</v></c>"),
                _ => return Err(self.bad(&at.at.to_string(), "neither TRUE nor FALSE")),
            },
            "e" => {
                error = !KNOWN_ERRORS.contains(&number);
                self.write(at, if error { "str" } else { "e" }, "<v>", number, "</v></c>")
            }
            "d" => self.write(at, "d", "<v>", number, "</v></c>"),
            _ => return Err(self.bad(&at.at.to_string(), "a cell type that does not exist")),
        };
        if written {
            if formula.is_some() || error {
                self.scan.asides.push(Aside { nth: self.scan.cells, formula, error });
            }
            self.scan.cells += 1;
            if self.scan.cells > self.bounds.cells {
                let (found, limit) = (self.bounds.limit + 1, self.bounds.limit);
                return Err(Refusal::TooLarge { measure: Measure::Cells, found, limit });
            }
        } else if let Some(formula) = formula {
            let empty_text = kind == "str" && value.is_some();
            self.scan.unvalued.push(Unvalued { at: at.at, formula, empty_text });
            if self.scan.unvalued.len() as u64 > self.bounds.cells {
                let (found, limit) = (self.bounds.limit + 1, self.bounds.limit);
                return Err(Refusal::TooLarge { measure: Measure::Cells, found, limit });
            }
        }
        Ok(())
    }

    /// Writes one cell of the copy. Rows are left out: the address says enough.
    #[inline]
    fn write(&mut self, at: At<'_>, kind: &str, open: &str, value: &str, close: &str) -> bool {
        let out = &mut *self.out;
        out.extend_from_slice(b"<c r=\"");
        match at.address {
            Some(address) => out.extend_from_slice(address.as_bytes()),
            None => out.extend_from_slice(at.at.to_string().as_bytes()),
        }
        if !at.style.is_empty() && at.style.len() < 10 && at.style.bytes().all(|b| b.is_ascii_digit()) {
            out.extend_from_slice(b"\" s=\"");
            out.extend_from_slice(at.style.as_bytes());
        }
        if !kind.is_empty() {
            out.extend_from_slice(b"\" t=\"");
            out.extend_from_slice(kind.as_bytes());
        }
        out.extend_from_slice(b"\">");
        out.extend_from_slice(open.as_bytes());
        out.extend_from_slice(value.as_bytes());
        out.extend_from_slice(close.as_bytes());
        true
    }

    fn bad(&self, cell: &str, detail: &str) -> Refusal {
        Refusal::BadCell { sheet: self.sheet.into(), cell: shorten(cell), detail: detail.into() }
    }
}

/// Where a cell is, how that was written, and its format.
#[derive(Clone, Copy)]
struct At<'a> {
    at: CellRef,
    address: Option<&'a str>,
    style: &'a str,
}

/// The error values calamine reads; it gives up a sheet for any other.
const KNOWN_ERRORS: [&str; 7] = ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"];

fn is_inline(kind: &str) -> bool {
    matches!(kind, "inlineStr" | "is")
}

/// The first characters of something a file claims, for a message.
fn shorten(text: &str) -> String {
    text.chars().take(40).collect()
}

/// An address as cells carry it: letters and digits, no `$`.
#[inline]
fn parse(text: &str) -> Option<CellRef> {
    let (mut row, mut col) = (0u32, 0u32);
    let bytes = text.as_bytes();
    let letters = bytes.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    if !(1..=3).contains(&letters) || !(1..=7).contains(&(bytes.len() - letters)) {
        return None;
    }
    for letter in &bytes[..letters] {
        col = col * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1;
    }
    for digit in &bytes[letters..] {
        row = row * 10 + u32::from(digit.checked_sub(b'0').filter(|digit| *digit <= 9)?);
    }
    ((1..=MAX_ROWS).contains(&row) && col <= MAX_COLUMNS).then(|| CellRef::new(row - 1, col - 1))
}

/// Whether this is a number any program reads alike, and no larger than a double.
#[inline]
fn is_plain(text: &[u8]) -> bool {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let mut points = 0;
    digits.len() < 300
        && digits.first().is_some_and(u8::is_ascii_digit)
        && digits.iter().all(|&b| {
            points += u32::from(b == b'.');
            b.is_ascii_digit() || b == b'.'
        })
        && points < 2
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn scanned(cells: &str) -> Result<(Scan, String), Refusal> {
        let text = format!("<worksheet><sheetData>{cells}</sheetData></worksheet>");
        let mut out = Vec::new();
        let scan = scan("表", &text, Bounds { strings: 3, cells: 10, limit: 10 }, &mut out)?;
        let copy = String::from_utf8(out).unwrap();
        let copy = copy.strip_prefix("<worksheet><sheetData>").unwrap();
        Ok((scan, copy.strip_suffix("</sheetData></worksheet>").unwrap().to_owned()))
    }

    #[test]
    fn every_value_is_copied_in_one_spelling() {
        for (cells, copy) in [
            ("<row r='2'><c r='B2' s='4'><v> 7 </v></c></row>", "<c r=\"B2\" s=\"4\"><v>7</v></c>"),
            ("<x:row><x:c t='s'><x:v>2</x:v></x:c></x:row>", "<c r=\"A1\" t=\"s\"><v>2</v></c>"),
            ("<row r='3'><c/><c><v>1</v></c></row>", "<c r=\"B3\"><v>1</v></c>"),
            ("<row><c><v>1E+2</v></c></row>", "<c r=\"A1\"><v>1E+2</v></c>"),
            ("<row><c t='n'><v>1e999</v></c></row>", "<c r=\"A1\" t=\"str\"><v>1e999</v></c>"),
            ("<row><c t='n'><v>abc</v></c></row>", "<c r=\"A1\" t=\"str\"><v>abc</v></c>"),
            ("<row><c t='b'><v>true</v></c></row>", "<c r=\"A1\" t=\"b\"><v>1</v></c>"),
            ("<row><c t='str'><v><![CDATA[a<b]]></v></c></row>", "<c r=\"A1\" t=\"str\"><v>a&lt;b</v></c>"),
            (
                "<row><c t='inlineStr'><is><t>a</t></is></c></row>",
                "<c r=\"A1\" t=\"inlineStr\"><is><t>a</t></is></c>",
            ),
            // Only coloured: nothing to read.
            ("<row><c r='A1' s='3'/><c r='B1' s='3'></c><c r='C1'><v/></c></row>", ""),
        ] {
            assert_eq!(scanned(cells).unwrap().1, copy, "{cells}");
        }
    }

    #[test]
    fn formulas_and_odd_errors_are_noted_beside_the_copy() {
        let (scan, copy) = scanned(
            "<row><c><v>1</v></c><c><f>A1&amp;\"x\"</f><v>2</v></c><c><f>A1</f></c><c t='str'><f>B1</f><v></v></c>\
             <c t='e'><v>#SPILL!</v></c><c t='e'><v>#N/A</v></c></row>",
        )
        .unwrap();
        assert_eq!(
            scan.asides,
            [
                Aside { nth: 1, formula: Some("A1&\"x\"".into()), error: false },
                Aside { nth: 2, formula: None, error: true },
            ]
        );
        assert_eq!(
            scan.unvalued,
            [
                Unvalued { at: CellRef::new(0, 2), formula: "A1".into(), empty_text: false },
                Unvalued { at: CellRef::new(0, 3), formula: "B1".into(), empty_text: true },
            ]
        );
        assert_eq!(scan.cells, 4);
        assert!(copy.contains("t=\"str\"><v>#SPILL!</v>"));
    }

    #[test]
    fn what_no_program_may_write_is_refused_with_its_cell() {
        for (cells, place) in [
            ("<row><c r='A0'><v>1</v></c></row>", "表!A0: off the grid"),
            ("<row><c r='$A$1'><v>1</v></c></row>", "表!$A$1: off the grid"),
            ("<row><c r='XFE1'><v>1</v></c></row>", "表!XFE1: off the grid"),
            ("<row><c r='A1048577'><v>1</v></c></row>", "表!A1048577: off the grid"),
            ("<row r='4294967297'/>", "表!4294967297: no such row"),
            ("<row><c t='b'><v>2</v></c></row>", "表!A1: neither TRUE nor FALSE"),
            ("<row><c t='zz'><v>2</v></c></row>", "表!A1: a cell type that does not exist"),
            ("<row><c t='s'><v>2 </v></c></row>", "表!A1: no shared text 2 "),
            ("<row><c t='s'><v>+2</v></c></row>", "表!A1: no shared text +2"),
            ("<row><c t='s'><v>3</v></c></row>", "表!A1: no shared text 3"),
        ] {
            assert_eq!(scanned(cells).unwrap_err().to_string(), place);
        }
    }

    #[test]
    fn hidden_rows_and_columns_and_merges_are_kept() {
        let text = "<worksheet><cols><col min='2' max='16384' hidden='1'/><col min='1' max='1'/></cols><sheetData>\
             <row r='2' hidden='1'/><row hidden='true'/><row/></sheetData><mergeCells><mergeCell ref='B2:A1'/>\
             <mergeCell ref='A:A'/><mergeCell ref='C3:C3'/></mergeCells></worksheet>";
        let scan = scan("表", text, Bounds { strings: 0, cells: 1, limit: 1 }, &mut Vec::new()).unwrap();
        assert_eq!(scan.hidden_rows, [1, 2]);
        assert_eq!(scan.hidden_columns, (1..16_384).collect::<Vec<_>>());
        assert_eq!(scan.merges, [Area::parse("A1:B2").unwrap()]);
    }
}
