//! Workbooks and other files made from nothing, byte by byte, so that they can be wrong in one way at a time.
#![allow(dead_code, clippy::unwrap_used)]

pub mod acts;
pub mod archive;
pub mod book;
pub mod distinct;
pub mod figures;
pub mod filled;
pub mod recalc;
pub mod tamper;
pub mod told_page;
pub mod xlsb;

pub use archive::{Entry, deflate, end, zip};

/// An empty workbook of another program's that does not tell the second it was made in: what is written into
/// it twice is the same file twice, as a copy is.
pub fn timeless() -> rust_xlsxwriter::Workbook {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    workbook.set_properties(&properties());
    workbook
}

/// The document properties of [`timeless`], to add to.
pub fn properties() -> rust_xlsxwriter::DocProperties {
    let day = rust_xlsxwriter::ExcelDateTime::from_ymd(2024, 11, 1).unwrap();
    rust_xlsxwriter::DocProperties::new().set_creation_datetime(&day)
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
