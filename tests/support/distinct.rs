//! One workbook as many campaigns.
#![allow(clippy::unwrap_used)]

use std::io::{Cursor, Read, Write};

/// The same workbook as another campaign: with an id of its own wherever it carries one, for copies of one campaign
/// are set aside, and cost a portfolio nothing.
pub fn distinct(bytes: &[u8], name: &str, copy: usize) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).unwrap();
        let mut part = Vec::new();
        entry.read_to_end(&mut part).unwrap();
        parts.push((entry.name().unwrap().into_owned(), part));
    }
    let properties = parts.iter().find(|(name, _)| name == "docProps/custom.xml").unwrap();
    let properties = String::from_utf8(properties.1.clone()).unwrap();
    let id = properties.split(['<', '>']).find(|text| text.starts_with("FP20") && text.len() == 19).unwrap();
    let own = name.bytes().fold(copy as u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
    let other = format!("{}{own:08x}", &id[..11]);
    let mut made = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in &parts {
        made.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        match std::str::from_utf8(part) {
            Ok(text) => made.write_all(text.replace(id, &other).as_bytes()).unwrap(),
            Err(_) => made.write_all(part).unwrap(),
        }
    }
    made.finish().unwrap().into_inner()
}
