//! Archives of any entries, true or lying. Knows zip, not workbooks.
#![allow(dead_code, missing_docs, clippy::unwrap_used)]

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
