//! A pass of our own over the parts of an `.xlsb`: what calamine does not tell
//! of it, and a plainer package where calamine would give the whole file up.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::cell::CellRef;
use crate::workbook::Shown;
use crate::xlsx::formats::Formats;
use crate::xlsx::guard::{Limits, Package, Refusal, package};
use crate::xlsx::relations::{self, Relation, resolve};
use crate::xlsx::sniff::Kind;

const WORKBOOK: &str = "xl/workbook.bin";
const RELATIONS: &str = "xl/_rels/workbook.bin.rels";
const STYLES: &str = "xl/styles.bin";
/// Parts that a plainer package keeps beside the sheets.
const KEPT: [&str; 4] = [STYLES, "xl/sharedStrings.bin", "docProps/custom.xml", "docProps/core.xml"];

/// What the pass brought.
pub(super) struct Pass<'a> {
    /// The file as calamine is to read it.
    pub(super) file: Cow<'a, [u8]>,
    /// Sheets that are no worksheets, by name.
    pub(super) others: BTreeSet<String>,
    /// What stands in the worksheets beside the values calamine reads, by name.
    pub(super) asides: HashMap<String, Asides>,
}

/// What calamine does not tell of a worksheet.
#[derive(Default)]
pub(super) struct Asides {
    /// What numbers show, where it is more than a number.
    pub(super) shown: HashMap<CellRef, Shown>,
    /// Formulas whose result is an error.
    pub(super) errors: Vec<(CellRef, &'static str)>,
}

/// A sheet as the workbook lists it.
struct Listed {
    name: String,
    /// The part of a worksheet.
    part: Option<String>,
    /// Whether calamine finds it as it stands.
    plain: bool,
}

/// Looks through a file that was let in.
pub(super) fn pass<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Pass<'a>, Refusal> {
    let package = package(bytes, Kind::Xlsb, limits)?;
    let mut pass = Pass { file: Cow::Borrowed(bytes), others: BTreeSet::new(), asides: HashMap::new() };
    let Some(workbook) = package.bytes(WORKBOOK)? else { return Ok(pass) };
    let relations = package.part(RELATIONS)?.unwrap_or_default();
    let relations = relations::read(&relations).map_err(|fault| Refusal::xml(RELATIONS, fault))?;
    let sheets: Vec<Listed> = records(&workbook)
        .filter(|record| record.kind == SHEET)
        .filter_map(|record| listed(&record, &relations, &package))
        .collect();
    let shown = formats(&package.bytes(STYLES)?.unwrap_or_default()).shown();
    for sheet in &sheets {
        match &sheet.part {
            Some(part) => {
                let text = package.bytes(part)?.unwrap_or_default();
                pass.asides.insert(sheet.name.clone(), asides(&text, &shown));
            }
            None => drop(pass.others.insert(sheet.name.clone())),
        }
    }
    if sheets.iter().any(|sheet| !sheet.plain) && sheets.iter().any(|sheet| sheet.part.is_some()) {
        pass.file = Cow::Owned(plainer(&package, &workbook, &sheets)?);
    }
    Ok(pass)
}

fn listed(record: &Record<'_>, relations: &[Relation], package: &Package<'_>) -> Option<Listed> {
    let (id, behind) = wide(record.data, 8)?;
    let (name, _) = wide(record.data, behind)?;
    let relation = relations.iter().find(|relation| relation.id == id);
    let target = relation.map(|relation| relation.target.as_str()).unwrap_or_default();
    let part = relation
        .filter(|relation| relation.is("worksheet"))
        .map(|relation| resolve(WORKBOOK, &relation.target))
        .filter(|part| package.has(part));
    let known = ["worksheets/", "chartsheets/", "dialogsheets/"];
    let plain = relation.is_some() && known.iter().any(|folder| target.starts_with(folder));
    Some(Listed { name, part, plain })
}

/// The same workbook with every sheet where calamine looks for it. One that is no worksheet
/// keeps its place in the list, so that what counts sheets still counts right, and shows another.
fn plainer(package: &Package<'_>, workbook: &[u8], sheets: &[Listed]) -> Result<Vec<u8>, Refusal> {
    let first = sheets.iter().position(|sheet| sheet.part.is_some()).unwrap_or_default();
    let mut list = Vec::new();
    let mut nth = 0..;
    let mut copied = 0;
    for record in records(workbook).filter(|record| record.kind == SHEET) {
        list.extend_from_slice(&workbook[copied..record.start]);
        copied = record.end;
        let Some(at) = nth.next() else { continue };
        let Some(sheet) = sheets.get(at) else { continue };
        let shows: usize = if sheet.part.is_some() { at } else { first };
        let mut data = record.data.get(..8).unwrap_or_default().to_vec();
        push_wide(&mut data, &format!("rId{}", shows + 1));
        push_wide(&mut data, &sheet.name);
        push_head(&mut list, SHEET, data.len());
        list.extend_from_slice(&data);
    }
    list.extend_from_slice(&workbook[copied..]);
    let mut relations = String::from("<Relationships>");
    let mut parts = vec![(WORKBOOK.to_owned(), list)];
    for (n, sheet) in sheets.iter().enumerate() {
        let Some(part) = &sheet.part else { continue };
        let target = format!("worksheets/sheet{}.bin", n + 1);
        relations += &format!("<Relationship Id=\"rId{}\" Type=\"x/worksheet\" Target=\"{target}\"/>", n + 1);
        parts.push((format!("xl/{target}"), package.bytes(part)?.unwrap_or_default()));
    }
    parts.push((RELATIONS.to_owned(), (relations + "</Relationships>").into_bytes()));
    for name in KEPT {
        parts.extend(package.bytes(name)?.map(|bytes| (name.to_owned(), bytes)));
    }
    stored(&parts).map_err(|error| Refusal::damaged(error.to_string()))
}

fn stored(parts: &[(String, Vec<u8>)]) -> zip::result::ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(
            name.as_str(),
            SimpleFileOptions::default().compression_method(CompressionMethod::Stored),
        )?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

const ROW: u32 = 0x0000;
const SHORT_NUMBER: u32 = 0x0002;
const NUMBER: u32 = 0x0005;
const FORMULA_NUMBER: u32 = 0x0009;
const FORMULA_ERROR: u32 = 0x000b;
const NUMBER_FORMAT: u32 = 0x002c;
const CELL_FORMAT: u32 = 0x002f;
const SHEET: u32 = 0x009c;
const BEGIN_CELL_FORMATS: u32 = 0x0269;
const END_CELL_FORMATS: u32 = 0x026a;

fn asides(sheet: &[u8], formats: &[Shown]) -> Asides {
    let mut asides = Asides::default();
    let mut row = 0;
    for record in records(sheet) {
        match record.kind {
            ROW => row = record.long(0).unwrap_or(u32::MAX),
            SHORT_NUMBER | NUMBER | FORMULA_NUMBER => {
                let (Some(col), Some(format)) = (record.long(0), record.long(4)) else { continue };
                // Above the number of the format stands a flag.
                let shown = formats.get((format & 0x00ff_ffff) as usize);
                if let Some(shown) = shown.filter(|shown| **shown != Shown::General) {
                    asides.shown.insert(CellRef::new(row, col), *shown);
                }
            }
            FORMULA_ERROR => {
                let (Some(col), Some(code)) = (record.long(0), record.data.get(8)) else { continue };
                asides.errors.push((CellRef::new(row, col), error(*code)));
            }
            _ => {}
        }
    }
    asides
}

fn error(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x17 => "#REF!",
        0x1d => "#NAME?",
        0x24 => "#NUM!",
        0x2a => "#N/A",
        _ => "#VALUE!",
    }
}

fn formats(styles: &[u8]) -> Formats {
    let mut formats = Formats::default();
    let mut inside = false;
    for record in records(styles) {
        let short = |at: usize| {
            Some(u32::from(u16::from_le_bytes([*record.data.get(at)?, *record.data.get(at + 1)?])))
        };
        match record.kind {
            NUMBER_FORMAT => {
                formats.codes.extend(short(0).zip(wide(record.data, 2).map(|(code, _)| code)));
            }
            BEGIN_CELL_FORMATS => inside = true,
            END_CELL_FORMATS => break,
            CELL_FORMAT if inside => formats.numbers.push(short(2).unwrap_or_default()),
            _ => {}
        }
    }
    formats
}

/// One record of a part.
struct Record<'a> {
    kind: u32,
    start: usize,
    end: usize,
    data: &'a [u8],
}

impl Record<'_> {
    fn long(&self, at: usize) -> Option<u32> {
        long(self.data, at)
    }
}

/// The records of a part, until one is cut off.
fn records(part: &[u8]) -> impl Iterator<Item = Record<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at;
        let kind = variable(part, &mut at, 2)?;
        let length = variable(part, &mut at, 4)? as usize;
        let data = part.get(at..at.checked_add(length)?)?;
        at += length;
        Some(Record { kind, start, end: at, data })
    })
}

/// A number of at most so many bytes, each but the last with its highest bit set.
fn variable(part: &[u8], at: &mut usize, most: u32) -> Option<u32> {
    let mut number = 0;
    for n in 0..most {
        let byte = u32::from(*part.get(*at)?);
        *at += 1;
        number |= (byte & 0x7f) << (7 * n);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some(number)
}

fn push_head(out: &mut Vec<u8>, kind: u32, length: usize) {
    out.push((kind & 0x7f | if kind > 0x7f { 0x80 } else { 0 }) as u8);
    if kind > 0x7f {
        out.push((kind >> 7) as u8);
    }
    let mut left = length;
    loop {
        let more = left > 0x7f;
        out.push((left & 0x7f) as u8 | if more { 0x80 } else { 0 });
        left >>= 7;
        if !more {
            break;
        }
    }
}

/// A text and where it ends; an absent one is empty.
fn wide(data: &[u8], at: usize) -> Option<(String, usize)> {
    let length = long(data, at)?;
    if length == u32::MAX {
        return Some((String::new(), at + 4));
    }
    let end = (at + 4).checked_add(2 * length as usize)?;
    let units: Vec<u16> =
        data.get(at + 4..end)?.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    Some((String::from_utf16_lossy(&units), end))
}

fn push_wide(out: &mut Vec<u8>, text: &str) {
    let units: Vec<u16> = text.encode_utf16().collect();
    out.extend_from_slice(&(units.len() as u32).to_le_bytes());
    out.extend(units.into_iter().flat_map(u16::to_le_bytes));
}

fn long(data: &[u8], at: usize) -> Option<u32> {
    let found = data.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes([found[0], found[1], found[2], found[3]]))
}
