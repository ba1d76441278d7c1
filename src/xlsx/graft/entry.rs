//! One entry of a zip file, carried over byte for byte: local header, compressed
//! data, descriptor and central record.

use std::io::Cursor;

use zip::ZipArchive;

use super::error::{GraftError, Result, damaged};

/// Carries one entry over as it is; only its position in the directory changes.
pub(super) fn copy_entry(
    bytes: &[u8],
    archive: &ZipArchive<Cursor<&[u8]>>,
    index: usize,
    out: &mut Vec<u8>,
    directory: &mut Vec<u8>,
) -> Result<()> {
    let Ok(entry) = archive.by_index_data(index) else { return damaged("zip", "an entry is lost") };
    let position = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX);
    let local = bytes.get(position(entry.header_start())..).filter(|rest| rest.starts_with(b"PK\x03\x04"));
    let central =
        bytes.get(position(entry.central_header_start())..).filter(|rest| rest.starts_with(b"PK\x01\x02"));
    let (Some(local), Some(central)) = (local, central) else {
        return damaged("zip", "an entry has no header");
    };
    let data_end = 30usize
        .saturating_add(number(local, 26) + number(local, 28))
        .saturating_add(position(entry.compressed_size()));
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

/// How long the sizes that follow streamed data are: with or without a signature, 32 or 64 bits.
fn descriptor_length(rest: &[u8], entry: &zip::read::ZipFileEntry<'_>) -> usize {
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
