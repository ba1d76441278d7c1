//! Rows people write in start at a comfortable height and grow with what is
//! typed.
//!
//! The writing library can only fix a height, and a fixed row cuts long text.
//! Excel grows a row that has a height but not the mark of a fixed one, so the
//! mark is taken off those rows; nothing else in the package changes. It is packed
//! again with more care than the library takes: a blank is mailed more often than made.

use std::io::{Cursor, Read};

use rust_xlsxwriter::XlsxError;
use zip::{DateTime, ZipArchive};

use super::look::height;
use crate::xlsx::graft::entry::{Packer, close};
use crate::xlsx::write::computed;

pub(super) fn let_rows_grow(package: Vec<u8>) -> Result<Vec<u8>, XlsxError> {
    let mut parts = ZipArchive::new(Cursor::new(package)).map_err(broken)?;
    let (mut packer, mut copy, mut directory) = (Packer::thorough(), Vec::new(), Vec::new());
    for index in 0..parts.len() {
        let mut part = parts.by_index(index).map_err(broken)?;
        let name = part.name().map_err(broken)?.to_string();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).map_err(XlsxError::IoError)?;
        if name.starts_with("xl/worksheets/sheet") {
            bytes = unfix(&String::from_utf8_lossy(&bytes)).into_bytes();
        }
        if name == "xl/workbook.xml" {
            bytes = computed(&String::from_utf8_lossy(&bytes)).into_bytes();
        }
        if name == "docProps/app.xml" {
            bytes = without_titles(&String::from_utf8_lossy(&bytes)).into_bytes();
        }
        packer.entry(&name, DateTime::default(), &bytes, &mut copy, &mut directory).map_err(broken)?;
    }
    close(&mut copy, &directory, parts.len() as u64, b"").map_err(broken)?;
    Ok(copy)
}

fn unfix(sheet: &str) -> String {
    let mut text = without_spans(sheet);
    for height in [height::ROW, height::LONG_ITEM] {
        text = text.replace(&format!(" ht=\"{height}\" customHeight=\"1\""), &format!(" ht=\"{height}\""));
    }
    text
}

/// A row's `spans` is only a hint to readers, and every row carries one.
fn without_spans(sheet: &str) -> String {
    let mut parts = sheet.split(" spans=\"");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push_str(part.split_once('"').map_or(part, |(_, rest)| rest));
    }
    text
}

/// The properties list every sheet and every name once more, for programs that do not open the workbook.
fn without_titles(properties: &str) -> String {
    let bounds = (properties.find("<HeadingPairs>"), properties.find("</TitlesOfParts>"));
    let (Some(start), Some(end)) = bounds else { return properties.to_owned() };
    format!("{}{}", &properties[..start], &properties[end + "</TitlesOfParts>".len()..])
}

fn broken(error: impl std::fmt::Display) -> XlsxError {
    XlsxError::IoError(std::io::Error::other(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rows_to_write_in_may_grow() {
        let sheet = r#"<row r="1" spans="1:9" ht="36" customHeight="1"/><row r="4" spans="1:9" ht="24" customHeight="1"/>"#;
        assert_eq!(unfix(sheet), r#"<row r="1" ht="36" customHeight="1"/><row r="4" ht="24"/>"#);
    }
}
