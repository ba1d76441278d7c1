//! The door: any bytes, and archives assembled so that they lie in any way.
//!
//! What the guards let in keeps within the limits, and holds exactly what another reader of archives finds in it.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use fupan::cell::{MAX_COLUMNS, MAX_ROWS};
use fupan::xlsx::guard::{Limits, guard};
use fupan::xlsx::read::read;
use fupan::xlsx::sniff::sniff;

use super::archive::{Entry, zip};
use super::bytes::Bytes;

const MIB: u64 = 1 << 20;
const LIMITS: Limits = Limits {
    file: MIB,
    entries: 64,
    unpacked: 8 * MIB,
    part: 2 * MIB,
    ratio: 50,
    cells: 2_000,
    text: MIB / 4,
    formats: 500,
};

const NAMES: [&str; 12] = [
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/worksheets/sheet1.xml",
    "xl/worksheets/sheet2.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "XL/WORKBOOK.xml",
    "xl\\worksheets\\sheet1.xml",
    "xl/worksheets/_rels/sheet1.xml.rels",
    "docProps/custom.xml",
];

const DATA: [&str; 10] = [
    "",
    "<Types/>",
    "<Relationships><Relationship Id=\"rId1\" Type=\"x/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
    "<workbook xmlns:r=\"r\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
    "<workbook xmlns:r=\"r\"><sheets><sheet name=\"a\" r:id=\"rId1\"/><sheet name=\"b\" r:id=\"rId2\"/></sheets></workbook>",
    "<Relationships><Relationship Id=\"rId1\" Type=\"x/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" \
     Type=\"x/worksheet\" Target=\"/xl/worksheets/sheet2.xml\"/><Relationship Id=\"rId3\" Type=\"x/sharedStrings\" \
     Target=\"sharedStrings.xml\"/><Relationship Id=\"rId4\" Type=\"x/styles\" Target=\"styles.xml\"/></Relationships>",
    "<worksheet><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"B1\" t=\"s\" s=\"1\"><v>0</v></c></row></sheetData></worksheet>",
    "<worksheet><sheetData/></worksheet>",
    "<sst count=\"1\" uniqueCount=\"1\"><si><t>x</t></si></sst>",
    "<styleSheet><cellXfs><xf/><xf numFmtId=\"14\"/></cellXfs></styleSheet>",
];

/// Bytes that begin so say how to assemble an archive; all others are a file as they are.
pub const ASSEMBLED: u8 = b'#';

/// An archive of entries that may lie, with bytes before and after it.
pub fn assembled(choices: &mut Bytes<'_>) -> Vec<u8> {
    let count = choices.byte() % 16;
    let entries: Vec<Entry> = (0..count).map(|_| entry(choices)).collect();
    let before = usize::from(choices.byte() % 8);
    let (first, value) = (usize::from(choices.word()), choices.byte());
    let mut bytes = vec![b'j'; before.saturating_sub(4)];
    bytes.extend(zip(&entries));
    if value != 0 {
        // One byte anywhere, headers and directory included.
        let at = first % bytes.len();
        bytes[at] = value;
    }
    bytes.extend(choices.take(64));
    bytes
}

fn entry(choices: &mut Bytes<'_>) -> Entry {
    let name = match choices.byte() {
        it @ 0..=223 => NAMES[usize::from(it) % NAMES.len()].to_owned(),
        _ => choices.text(),
    };
    let data = match choices.byte() {
        it @ 0..=159 => DATA[usize::from(it) % DATA.len()].as_bytes().to_vec(),
        160..=191 => vec![b' '; usize::from(choices.word()) * 16],
        _ => {
            let length = usize::from(choices.word());
            choices.take(length).to_vec()
        }
    };
    let mut entry = Entry::new(&name, data);
    let lies = choices.byte();
    if lies & 1 != 0 {
        entry.method = *choices.one(&[0, 8, 9, 12]);
    }
    entry.streamed = lies & 2 != 0;
    entry.wide = lies & 4 != 0;
    if lies & 8 != 0 {
        entry.crc_off_by = u32::from(choices.byte());
    }
    if lies & 16 != 0 {
        entry.claimed = Some(u32::from(choices.word()) << (choices.byte() % 16));
    }
    if lies & 32 != 0 {
        entry.flags = u16::from(choices.byte() & 1);
    }
    entry
}

/// What another reader finds, where it can read all of it.
fn found_by_another(bytes: &[u8]) -> Option<BTreeMap<String, Vec<u8>>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut parts = BTreeMap::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).ok()?;
        let mut data = Vec::new();
        entry.by_ref().take(4 * MIB).read_to_end(&mut data).ok()?;
        parts.insert(String::from_utf8_lossy(entry.name_raw()).replace('\\', "/").to_lowercase(), data);
    }
    Some(parts)
}

/// Lets a file in or not, and reads it.
pub fn law(bytes: &[u8]) {
    let assembled = match bytes.split_first() {
        Some((&ASSEMBLED, rest)) => assembled(&mut Bytes(rest)),
        _ => bytes.to_vec(),
    };
    let bytes = assembled.as_slice();
    let _ = sniff(bytes);
    if let Ok(package) = guard(bytes, &LIMITS) {
        let another = found_by_another(bytes);
        let mut unpacked = 0;
        for name in package.names() {
            let part = package.part(name);
            unpacked += part.as_ref().ok().and_then(Option::as_ref).map_or(0, |text| text.len() as u64);
            assert!(part != Ok(None), "{name} is named and not there");
            if let (Some(another), Ok(Some(text))) = (&another, &part) {
                let theirs = another.get(name).map(Vec::as_slice);
                assert_eq!(theirs, Some(text.as_bytes()), "{name} is another part for another reader");
            }
        }
        assert!(unpacked <= LIMITS.unpacked);
        if let Some(another) = another {
            assert_eq!(another.len(), package.names().count(), "entries for another reader only");
        }
    }
    for limits in [LIMITS, Limits::default()] {
        let Ok(workbook) = read(bytes, &limits) else { continue };
        assert!(!workbook.sheets.is_empty());
        let mut cells = 0;
        for (position, sheet) in workbook.sheets.iter().enumerate() {
            let same = |other: &&fupan::workbook::Sheet| other.name == sheet.name;
            assert_eq!(
                workbook.sheets.iter().position(|other| same(&other)),
                Some(position),
                "two of one name"
            );
            assert!(sheet.cells.keys().all(|at| at.row < MAX_ROWS && at.col < MAX_COLUMNS));
            cells += sheet.cells.len() as u64;
        }
        assert!(cells <= limits.cells);
    }
}
