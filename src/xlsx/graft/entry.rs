//! One entry of a zip file: carried over byte for byte (local header, compressed
//! data, descriptor and central record), or written anew.

use std::io::Cursor;

use libdeflater::{CompressionLvl, Compressor};
use zip::read::ZipFileEntry;
use zip::{CompressionMethod, DateTime, ZipArchive};

use super::error::{GraftError, Result, damaged};
use crate::xlsx::directory::Entry;

/// An entry as the directory describes it, its data still packed.
pub(super) fn packed_entry<'a>(
    bytes: &'a [u8],
    archive: &ZipArchive<Cursor<&[u8]>>,
    index: usize,
) -> Result<Entry<'a>> {
    let Ok(entry) = archive.by_index_data(index) else { return damaged("zip", "an entry is lost") };
    let local = local_header(bytes, &entry)?;
    let (name, data) = (30 + number(local, 26), data_start(local));
    let Some(packed) = local.get(data..data.saturating_add(position(entry.compressed_size()))) else {
        return damaged("zip", "an entry is cut off");
    };
    Ok(Entry {
        name: local.get(30..name).unwrap_or_default(),
        method: match entry.compression() {
            CompressionMethod::Stored => 0,
            CompressionMethod::Deflated => 8,
            _ => u16::MAX,
        },
        crc: entry.crc32(),
        packed,
        size: entry.size(),
        locked: entry.encrypted(),
    })
}

/// Everything from the entry's local header on.
fn local_header<'a>(bytes: &'a [u8], entry: &ZipFileEntry<'_>) -> Result<&'a [u8]> {
    match bytes.get(position(entry.header_start())..) {
        Some(rest) if rest.starts_with(b"PK\x03\x04") => Ok(rest),
        _ => damaged("zip", "an entry has no header"),
    }
}

/// Where the data stands behind a local header with its name and extra field.
fn data_start(local: &[u8]) -> usize {
    30 + number(local, 26) + number(local, 28)
}

fn position(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

/// Carries one entry over as it is; only its position in the directory changes.
pub(super) fn copy_entry(
    bytes: &[u8],
    archive: &ZipArchive<Cursor<&[u8]>>,
    index: usize,
    out: &mut Vec<u8>,
    directory: &mut Vec<u8>,
) -> Result<()> {
    let Ok(entry) = archive.by_index_data(index) else { return damaged("zip", "an entry is lost") };
    let local = local_header(bytes, &entry)?;
    let central = bytes.get(position(entry.central_header_start())..);
    let Some(central) = central.filter(|rest| rest.starts_with(b"PK\x01\x02")) else {
        return damaged("zip", "an entry has no record");
    };
    let data_end = data_start(local).saturating_add(position(entry.compressed_size()));
    let streamed = local.get(6).is_some_and(|flags| flags & 8 != 0);
    let descriptor =
        if streamed { descriptor_length(local.get(data_end..).unwrap_or_default(), &entry) } else { 0 };
    let record_length = 46 + number(central, 28) + number(central, 30) + number(central, 32);
    let (Some(whole), Some(record)) = (local.get(..data_end + descriptor), central.get(..record_length))
    else {
        return damaged("zip", "an entry is cut off");
    };
    let start = u32::try_from(out.len()).map_err(|_| GraftError::TooLarge)?;
    if number(record, 42) == 0xffff && number(record, 44) == 0xffff {
        // The offset stands in a Zip64 field: only files beyond our size need that.
        return Err(GraftError::TooLarge);
    }
    out.extend_from_slice(whole);
    directory.extend_from_slice(&record[..42]);
    directory.extend_from_slice(&start.to_le_bytes());
    directory.extend_from_slice(&record[46..]);
    Ok(())
}

/// Setting up the compression of a smaller part takes longer than it is worth.
const WORTH_COMPRESSING: usize = 1_000;
/// Further levels take more time than they save in a mail.
const LEVEL: i32 = 1;
const THOROUGH: i32 = 12;

/// Writes entries that are new, or new in content.
pub(in crate::xlsx) struct Packer {
    compressor: Compressor,
    /// What is smaller stays as it is.
    least: usize,
}

impl Packer {
    /// One for a package; setting it up takes longer than packing a small part.
    pub fn new() -> Packer {
        Packer { compressor: compressor(LEVEL), least: WORTH_COMPRESSING }
    }

    /// One for what is made once and mailed often.
    pub fn thorough() -> Packer {
        Packer { compressor: compressor(THOROUGH), least: 0 }
    }

    /// Writes one entry with its record.
    pub fn entry(
        &mut self,
        name: &str,
        time: DateTime,
        content: &[u8],
        out: &mut Vec<u8>,
        directory: &mut Vec<u8>,
    ) -> Result<()> {
        let short = |length: usize| u16::try_from(length).map_err(|_| GraftError::TooLarge);
        let long = |length: usize| u32::try_from(length).map_err(|_| GraftError::TooLarge);
        let start = long(out.len())?;
        // Version, flags (names are UTF-8), method, time, date; then checksum, sizes and lengths.
        let mut common = vec![20, 0, 0, 8];
        let header = 4 + 26 + name.len();
        out.resize(out.len() + header, 0);
        let data = out.len();
        let packed = self.pack(content, out);
        common.extend_from_slice(&if packed { [8, 0] } else { [0, 0] });
        common.extend_from_slice(&time.timepart().to_le_bytes());
        common.extend_from_slice(&time.datepart().to_le_bytes());
        common.extend_from_slice(&crc32fast::hash(content).to_le_bytes());
        common.extend_from_slice(&long(out.len() - data)?.to_le_bytes());
        common.extend_from_slice(&long(content.len())?.to_le_bytes());
        common.extend_from_slice(&short(name.len())?.to_le_bytes());
        common.extend_from_slice(&[0, 0]);
        let local = &mut out[data - header..data];
        local[..4].copy_from_slice(b"PK\x03\x04");
        local[4..30].copy_from_slice(&common);
        local[30..].copy_from_slice(name.as_bytes());
        directory.extend_from_slice(b"PK\x01\x02\x14\x00");
        directory.extend_from_slice(&common);
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&start.to_le_bytes());
        directory.extend_from_slice(name.as_bytes());
        Ok(())
    }

    /// Appends the content, packed where that makes it shorter.
    fn pack(&mut self, content: &[u8], out: &mut Vec<u8>) -> bool {
        let data = out.len();
        if content.len() >= self.least {
            out.resize(data + content.len(), 0);
            if let Ok(length) = self.compressor.deflate_compress(content, &mut out[data..]) {
                out.truncate(data + length);
                return true;
            }
            out.truncate(data);
        }
        out.extend_from_slice(content);
        false
    }
}

fn compressor(level: i32) -> Compressor {
    Compressor::new(CompressionLvl::new(level).unwrap_or_default())
}

/// Ends a package whose entries are written: their records, and where these are.
pub(in crate::xlsx) fn close(out: &mut Vec<u8>, directory: &[u8], count: u64, comment: &[u8]) -> Result<()> {
    let start = u32::try_from(out.len()).map_err(|_| GraftError::TooLarge)?;
    let size = u32::try_from(directory.len()).map_err(|_| GraftError::TooLarge)?;
    let count = u16::try_from(count).map_err(|_| GraftError::TooLarge)?;
    out.extend_from_slice(directory);
    out.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&size.to_le_bytes());
    out.extend_from_slice(&start.to_le_bytes());
    out.extend_from_slice(&u16::try_from(comment.len()).unwrap_or(0).to_le_bytes());
    out.extend_from_slice(comment);
    Ok(())
}

/// How long the sizes that follow streamed data are: with or without a signature, 32 or 64 bits.
fn descriptor_length(rest: &[u8], entry: &ZipFileEntry<'_>) -> usize {
    let signed = if rest.starts_with(b"PK\x07\x08") { 4 } else { 0 };
    let Some(body) = rest.get(signed..) else { return 0 };
    if body.get(..4) != Some(entry.crc32().to_le_bytes().as_slice()) {
        return 0;
    }
    let long = [entry.compressed_size(), entry.size()].map(u64::to_le_bytes).concat();
    if body.get(4..20) == Some(long.as_slice()) { signed + 20 } else { signed + 12 }
}

/// A 16-bit number of a header; zero behind its end.
fn number(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at..at + 2) {
        Some(&[low, high]) => usize::from(u16::from_le_bytes([low, high])),
        _ => 0,
    }
}
