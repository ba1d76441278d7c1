//! A pass of our own over the records of an `.xls`: what calamine does not tell
//! of it, and a copy mended where calamine reads it otherwise than Excel.

use std::borrow::Cow;
use std::collections::HashMap;

use super::compound::Compound;
use crate::cell::CellRef;
use crate::workbook::Shown;
use crate::xlsx::formats::Formats;

/// What the pass brought.
pub(super) struct Pass<'a> {
    /// The file as calamine is to read it.
    pub(super) file: Cow<'a, [u8]>,
    /// By the order of sheets: what cells show, where it is more than a number.
    pub(super) shown: Vec<HashMap<CellRef, Shown>>,
}

const FORMULA: u16 = 0x0006;
const CODE_PAGE: u16 = 0x0042;
const SHEET: u16 = 0x0085;
const CELLS_OF_NUMBERS: u16 = 0x00bd;
const CELL_FORMAT: u16 = 0x00e0;
const NUMBER: u16 = 0x0203;
const SHORT_NUMBER: u16 = 0x027e;
const NUMBER_FORMAT: u16 = 0x041e;
const BEGIN: u16 = 0x0809;
const END: u16 = 0x000a;
/// Excel 97 and later: every text says itself how it is written.
const UNICODE: u16 = 0x0600;
const UNICODE_PAGE: u16 = 1200;

/// Looks through a file; what cannot be followed is left for calamine to judge.
pub(super) fn pass(file: &[u8]) -> Pass<'_> {
    let mut pass = Pass { file: Cow::Borrowed(file), shown: Vec::new() };
    let Some(compound) = Compound::open(file) else { return pass };
    // Names of streams ignore case, and calamine looks for these two as Excel writes them.
    let found = ["Workbook", "Book"].iter().find_map(|usual| {
        let (stream, name, place) = compound.stream(usual)?;
        Some((stream, *usual, name != *usual, place))
    });
    let Some((stream, usual, odd, place)) = found else { return pass };
    if odd {
        let name: Vec<u8> = usual.encode_utf16().flat_map(u16::to_le_bytes).collect();
        pass.file.to_mut()[place..place + name.len()].copy_from_slice(&name);
    }
    let mut sheets = Vec::new();
    let mut formats = Formats::default();
    let mut version = 0;
    for record in records(&stream.bytes, 0) {
        match record.kind {
            BEGIN => version = record.short(0).unwrap_or_default(),
            CODE_PAGE if version == UNICODE && record.short(0) != Some(UNICODE_PAGE) => {
                let page = UNICODE_PAGE.to_le_bytes();
                for (n, byte) in page.into_iter().enumerate() {
                    if let Some(place) = stream.place(record.at + n)
                        && let Some(there) = pass.file.to_mut().get_mut(place)
                    {
                        *there = byte;
                    }
                }
            }
            SHEET => sheets.extend(record.long(0)),
            NUMBER_FORMAT => formats.codes.extend(number_format(&record, version)),
            CELL_FORMAT => formats.numbers.push(u32::from(record.short(2).unwrap_or_default())),
            END => break,
            _ => {}
        }
    }
    let shown = formats.shown();
    pass.shown = sheets.iter().map(|&start| sheet(&stream.bytes, start as usize, &shown)).collect();
    pass
}

/// What the numbers of a sheet show, where it is more than a number.
fn sheet(stream: &[u8], start: usize, formats: &[Shown]) -> HashMap<CellRef, Shown> {
    let mut cells = HashMap::new();
    let mut depth = 0;
    for record in records(stream, start) {
        match record.kind {
            BEGIN => depth += 1,
            END if depth <= 1 => break,
            END => depth -= 1,
            // Charts inside a sheet hold cells of their own.
            _ if depth > 1 => {}
            NUMBER | SHORT_NUMBER | FORMULA => {
                cells.extend(shown(&record, 4, record.short(2).unwrap_or_default(), formats));
            }
            CELLS_OF_NUMBERS => {
                let first = record.short(2).unwrap_or_default();
                // Six bytes a cell, and the number of the last column behind them.
                let count = record.data.len().saturating_sub(6) / 6;
                for n in 0..count {
                    cells.extend(shown(&record, 4 + 6 * n, first.saturating_add(n as u16), formats));
                }
            }
            _ => {}
        }
    }
    cells
}

fn shown(record: &Record<'_>, at: usize, col: u16, formats: &[Shown]) -> Option<(CellRef, Shown)> {
    let row = record.short(0)?;
    let shown = *formats.get(usize::from(record.short(at)?))?;
    (shown != Shown::General).then_some((CellRef::new(u32::from(row), u32::from(col)), shown))
}

/// A number format: its number and code.
fn number_format(record: &Record<'_>, version: u16) -> Option<(u32, String)> {
    let number = u32::from(record.short(0)?);
    let (length, flags, text) = if version == UNICODE {
        (usize::from(record.short(2)?), *record.data.get(4)?, record.data.get(5..)?)
    } else {
        (usize::from(*record.data.get(2)?), 0, record.data.get(3..)?)
    };
    let code = if flags & 1 == 1 {
        let units: Vec<u16> =
            text.chunks_exact(2).take(length).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    } else {
        text.iter().take(length).map(|&byte| char::from(byte)).collect()
    };
    Some((number, code))
}

/// One record of a stream.
struct Record<'a> {
    kind: u16,
    /// Where its data stands in the stream.
    at: usize,
    data: &'a [u8],
}

impl Record<'_> {
    fn short(&self, at: usize) -> Option<u16> {
        Some(u16::from_le_bytes([*self.data.get(at)?, *self.data.get(at + 1)?]))
    }

    fn long(&self, at: usize) -> Option<u32> {
        Some(u32::from(self.short(at)?) | u32::from(self.short(at + 2)?) << 16)
    }
}

/// The records from a place on, until one is cut off.
fn records(stream: &[u8], start: usize) -> impl Iterator<Item = Record<'_>> {
    let mut at = start;
    std::iter::from_fn(move || {
        let head = stream.get(at..at.checked_add(4)?)?;
        let (kind, length) = (u16::from_le_bytes([head[0], head[1]]), u16::from_le_bytes([head[2], head[3]]));
        let data = stream.get(at + 4..at + 4 + usize::from(length))?;
        let record = Record { kind, at: at + 4, data };
        at += 4 + usize::from(length);
        Some(record)
    })
}
