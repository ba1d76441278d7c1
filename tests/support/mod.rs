//! Workbooks and other files made from nothing, byte by byte, so that they can be wrong in one way at a time.
#![allow(dead_code, clippy::unwrap_used)]

pub mod book;
pub mod figures;
pub mod filled;
pub mod recalc;
pub mod tamper;
pub mod told_page;
pub mod xlsb;

use std::io::Write;

/// One entry of an archive; every field may lie.
#[derive(Clone)]
pub struct Entry {
    pub name: Vec<u8>,
    pub data: Vec<u8>,
    pub method: u16,
    pub flags: u16,
    /// Added to the true checksum.
    pub crc_off_by: u32,
    /// The size the directory gives, if not the true one.
    pub claimed: Option<u32>,
    /// Sizes behind the data instead of before it.
    pub streamed: bool,
    /// Sizes in a zip64 extra field.
    pub wide: bool,
}

impl Entry {
    pub fn new(name: &str, data: impl AsRef<[u8]>) -> Entry {
        Entry {
            name: name.into(),
            data: data.as_ref().to_vec(),
            method: 8,
            flags: 0,
            crc_off_by: 0,
            claimed: None,
            streamed: false,
            wide: false,
        }
    }
}

pub fn deflate(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

pub fn crc(data: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(data);
    crc.sum()
}

/// An archive of these entries, in this order.
pub fn zip(entries: &[Entry]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut directory = Vec::new();
    for entry in entries {
        let packed = if entry.method == 0 { entry.data.clone() } else { deflate(&entry.data) };
        let crc = crc(&entry.data).wrapping_add(entry.crc_off_by);
        let size = entry.claimed.unwrap_or(entry.data.len() as u32);
        let start = bytes.len() as u32;
        let flags = entry.flags | if entry.streamed { 8 } else { 0 };
        let header = |sizes: bool, extra: u16| {
            let mut header = vec![45, 0];
            header.extend(flags.to_le_bytes());
            header.extend(entry.method.to_le_bytes());
            header.extend([0, 0, 0x21, 0]);
            header.extend(if sizes { crc } else { 0 }.to_le_bytes());
            let shown = |n: u32| if entry.wide { u32::MAX } else { n };
            header.extend(if sizes { shown(packed.len() as u32) } else { 0 }.to_le_bytes());
            header.extend(if sizes { shown(size) } else { 0 }.to_le_bytes());
            header.extend((entry.name.len() as u16).to_le_bytes());
            header.extend(extra.to_le_bytes());
            header
        };
        let mut extra = Vec::new();
        if entry.wide {
            extra.extend([1, 0, 16, 0]);
            extra.extend(u64::from(size).to_le_bytes());
            extra.extend((packed.len() as u64).to_le_bytes());
        }
        bytes.extend(b"PK\x03\x04");
        bytes.extend(header(!entry.streamed, extra.len() as u16));
        bytes.extend(&entry.name);
        bytes.extend(&extra);
        bytes.extend(&packed);
        if entry.streamed {
            bytes.extend(b"PK\x07\x08");
            bytes.extend(crc.to_le_bytes());
            bytes.extend((packed.len() as u32).to_le_bytes());
            bytes.extend(size.to_le_bytes());
        }
        directory.extend(b"PK\x01\x02\x2d\x00");
        directory.extend(header(true, extra.len() as u16));
        directory.extend([0; 10]);
        directory.extend(start.to_le_bytes());
        directory.extend(&entry.name);
        directory.extend(&extra);
    }
    let offset = bytes.len() as u32;
    bytes.extend(&directory);
    bytes.extend(end(entries.len() as u16, directory.len() as u32, offset));
    bytes
}

/// The record an archive ends with.
pub fn end(entries: u16, size: u32, offset: u32) -> Vec<u8> {
    let mut end = b"PK\x05\x06\0\0\0\0".to_vec();
    end.extend(entries.to_le_bytes());
    end.extend(entries.to_le_bytes());
    end.extend(size.to_le_bytes());
    end.extend(offset.to_le_bytes());
    end.extend([0, 0]);
    end
}

/// A workbook of one sheet, part by part.
#[derive(Clone)]
pub struct Book(pub Vec<Entry>);

pub const TYPES: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
pub const SHEET: &str = "xl/worksheets/sheet1.xml";

pub fn sheet(inside: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">{inside}</worksheet>"
    )
}

impl Book {
    /// A workbook whose only sheet holds these cells in its first rows (`<row>` elements).
    pub fn of(rows: &str) -> Book {
        Book::with_sheet(&sheet(&format!("<sheetData>{rows}</sheetData>")))
    }

    /// A workbook whose only sheet is this part.
    pub fn with_sheet(part: &str) -> Book {
        Book(vec![
            Entry::new("[Content_Types].xml", "<Types/>"),
            Entry::new(
                "_rels/.rels",
                format!(
                    "<Relationships><Relationship Id=\"rId1\" Type=\"{TYPES}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
                ),
            ),
            Entry::new(
                "xl/workbook.xml",
                "<workbook xmlns:r=\"r\"><workbookPr/><sheets><sheet name=\"表\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
            ),
            Entry::new(
                "xl/_rels/workbook.xml.rels",
                format!(
                    "<Relationships><Relationship Id=\"rId1\" Type=\"{TYPES}/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
                     <Relationship Id=\"rId2\" Type=\"{TYPES}/styles\" Target=\"styles.xml\"/>\
                     <Relationship Id=\"rId3\" Type=\"{TYPES}/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>"
                ),
            ),
            Entry::new(
                "xl/styles.xml",
                "<styleSheet><numFmts><numFmt numFmtId=\"170\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;\"/>\
                 <numFmt numFmtId=\"171\" formatCode=\"0!.0,&quot;万&quot;\"/></numFmts><cellXfs><xf/><xf numFmtId=\"14\"/>\
                 <xf numFmtId=\"170\"/><xf numFmtId=\"10\"/><xf numFmtId=\"49\"/><xf numFmtId=\"171\"/><xf numFmtId=\"46\"/></cellXfs></styleSheet>",
            ),
            Entry::new(
                "xl/sharedStrings.xml",
                "<sst count=\"3\" uniqueCount=\"3\"><si><t>甲</t></si><si><t xml:space=\"preserve\"> b </t></si>\
                 <si><r><rPr><b/></rPr><t>粗</t></r><r><t>细</t></r><rPh sb=\"0\" eb=\"1\"><t>cu</t></rPh></si></sst>",
            ),
            Entry::new(SHEET, part),
        ])
    }

    /// The same with a part replaced, or added.
    pub fn part(mut self, name: &str, data: impl AsRef<[u8]>) -> Book {
        match self.0.iter_mut().find(|entry| entry.name == name.as_bytes()) {
            Some(entry) => entry.data = data.as_ref().to_vec(),
            None => self.0.push(Entry::new(name, data)),
        }
        self
    }

    /// The same with some text of a part replaced, which must be there.
    pub fn edit(mut self, name: &str, from: &str, to: &str) -> Book {
        let entry = self.entry(name);
        let text = String::from_utf8(entry.data.clone()).unwrap();
        assert!(text.contains(from), "{from} is not in {name}");
        entry.data = text.replace(from, to).into_bytes();
        self
    }

    /// The same without a part.
    pub fn without(mut self, name: &str) -> Book {
        self.0.retain(|entry| entry.name != name.as_bytes());
        self
    }

    /// The same with every entry changed.
    pub fn each(mut self, change: impl Fn(&mut Entry)) -> Book {
        self.0.iter_mut().for_each(change);
        self
    }

    /// The same with one entry changed.
    pub fn change(mut self, name: &str, change: impl Fn(&mut Entry)) -> Book {
        change(self.entry(name));
        self
    }

    fn entry(&mut self, name: &str) -> &mut Entry {
        self.0.iter_mut().find(|entry| entry.name == name.as_bytes()).unwrap()
    }

    pub fn bytes(&self) -> Vec<u8> {
        zip(&self.0)
    }
}

/// A compound file that holds streams of these names, and nothing in them.
pub fn compound(streams: &[&str]) -> Vec<u8> {
    let mut bytes = vec![0; 512];
    bytes[..8].copy_from_slice(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    bytes[24..34].copy_from_slice(&[0x3e, 0, 3, 0, 0xfe, 0xff, 9, 0, 6, 0]);
    for (at, name) in ["Root Entry"].iter().chain(streams).enumerate() {
        let mut record = [0; 128];
        let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        record[..units.len()].copy_from_slice(&units);
        record[64] = units.len() as u8 + 2;
        record[66] = if at == 0 { 5 } else { 2 };
        bytes.extend(record);
    }
    bytes.resize(bytes.len().next_multiple_of(512), 0);
    bytes
}
