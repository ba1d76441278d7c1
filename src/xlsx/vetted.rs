//! The package calamine is given: parts we have looked through, under fixed names.
//!
//! Stored, not packed, and built in place, so that a part is written once. By
//! the time calamine opens it there is no name to disagree about, no number it
//! would reserve memory by and no sheet it would refuse.

use crate::xlsx::formats::Formats;
use quick_xml::escape::escape;

/// A package under construction.
#[derive(Debug, Default)]
pub struct Vetted {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    entries: u16,
    sheets: usize,
}

const LOCAL: usize = 30;

impl Vetted {
    /// Adds a part that `fill` writes; nothing is added when it fails.
    fn part<T, E>(&mut self, name: &str, fill: impl FnOnce(&mut Vec<u8>) -> Result<T, E>) -> Result<T, E> {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(&[0; LOCAL]);
        self.bytes.extend_from_slice(name.as_bytes());
        let data = self.bytes.len();
        let filled = match fill(&mut self.bytes) {
            Ok(filled) => filled,
            Err(error) => {
                self.bytes.truncate(start);
                return Err(error);
            }
        };
        let crc = crc32fast::hash(&self.bytes[data..]);
        let size = (self.bytes.len() - data) as u32;
        // Version, flags, method, time, date; then checksum, sizes and lengths.
        let mut common = vec![10, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
        common.extend_from_slice(&crc.to_le_bytes());
        common.extend_from_slice(&size.to_le_bytes());
        common.extend_from_slice(&size.to_le_bytes());
        common.extend_from_slice(&(name.len() as u16).to_le_bytes());
        common.extend_from_slice(&[0, 0]);
        self.bytes[start..start + 4].copy_from_slice(b"PK\x03\x04");
        self.bytes[start + 4..data - name.len()].copy_from_slice(&common);
        self.directory.extend_from_slice(b"PK\x01\x02\x0a\x00");
        self.directory.extend_from_slice(&common);
        self.directory.extend_from_slice(&[0; 10]);
        self.directory.extend_from_slice(&(start as u32).to_le_bytes());
        self.directory.extend_from_slice(name.as_bytes());
        self.entries += 1;
        Ok(filled)
    }

    fn text(&mut self, name: &str, text: &str) {
        let _ = self.part(name, |out| {
            out.extend_from_slice(text.as_bytes());
            Ok::<_, std::convert::Infallible>(())
        });
    }

    /// Adds the shared texts: the inside of their root element as it stands.
    pub fn strings(&mut self, inside: &str) {
        let _ = self.part("xl/sharedStrings.xml", |out| {
            out.extend_from_slice(b"<sst>");
            out.extend_from_slice(inside.as_bytes());
            out.extend_from_slice(b"</sst>");
            Ok::<_, std::convert::Infallible>(())
        });
    }

    /// Adds the cell formats, of which only the number formats matter.
    pub fn formats(&mut self, formats: &Formats) {
        let codes: String = formats
            .codes
            .iter()
            .map(|(id, code)| format!("<numFmt numFmtId=\"{id}\" formatCode=\"{}\"/>", escape(code.as_str())))
            .collect();
        let cells: String = formats.numbers.iter().map(|id| format!("<xf numFmtId=\"{id}\"/>")).collect();
        let text = format!("<styleSheet><numFmts>{codes}</numFmts><cellXfs>{cells}</cellXfs></styleSheet>");
        self.text("xl/styles.xml", &text);
    }

    /// Adds a worksheet that `fill` writes, named by its place: `1`, `2` …
    pub fn sheet<T, E>(&mut self, fill: impl FnOnce(&mut Vec<u8>) -> Result<T, E>) -> Result<(String, T), E> {
        let number = self.sheets + 1;
        let filled = self.part(&format!("xl/worksheets/sheet{number}.xml"), fill)?;
        self.sheets = number;
        Ok((number.to_string(), filled))
    }

    /// The whole package.
    pub fn finish(mut self, epoch_1904: bool) -> Vec<u8> {
        const TYPE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        self.text(
            "_rels/.rels",
            &format!(
                "<Relationships><Relationship Id=\"rId1\" Type=\"{TYPE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        );
        let (mut relations, mut sheets) = (String::new(), String::new());
        for n in 1..=self.sheets {
            relations += &format!(
                "<Relationship Id=\"rId{n}\" Type=\"{TYPE}/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>"
            );
            sheets += &format!("<sheet name=\"{n}\" sheetId=\"{n}\" r:id=\"rId{n}\"/>");
        }
        self.text("xl/_rels/workbook.xml.rels", &format!("<Relationships>{relations}</Relationships>"));
        self.text(
            "xl/workbook.xml",
            &format!(
                "<workbook><workbookPr date1904=\"{}\"/><sheets>{sheets}</sheets></workbook>",
                u8::from(epoch_1904)
            ),
        );
        let Vetted { mut bytes, directory, entries, .. } = self;
        let offset = bytes.len() as u32;
        bytes.extend_from_slice(&directory);
        bytes.extend_from_slice(b"PK\x05\x06\0\0\0\0");
        bytes.extend_from_slice(&entries.to_le_bytes());
        bytes.extend_from_slice(&entries.to_le_bytes());
        bytes.extend_from_slice(&(directory.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&offset.to_le_bytes());
        bytes.extend_from_slice(&[0, 0]);
        bytes
    }
}
