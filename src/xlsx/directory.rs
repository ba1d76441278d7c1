//! The directory of a zip package, read by us so that nothing it hides is overlooked.
//!
//! The zip crate keeps one of two entries of one name and believes the first
//! header it finds; here every record is looked at and each must agree with
//! the entry it describes. Nothing is inflated, nothing allocated by a number
//! the file claims.

use memchr::memmem;

/// One entry, its data still packed.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// Name as written.
    pub name: &'a [u8],
    /// 0 stored, 8 deflated, others we do not unpack.
    pub method: u16,
    /// Checksum of the unpacked bytes.
    pub crc: u32,
    /// Packed bytes.
    pub packed: &'a [u8],
    /// How many bytes it says it unpacks to.
    pub size: u64,
    /// Whether the entry has a password of its own.
    pub locked: bool,
}

/// Why there is no directory to read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The end record is not where it must be: the tail is missing.
    #[error("end of the archive not found")]
    NoEnd,
    /// More entries than allowed.
    #[error("{0} entries")]
    TooMany(u64),
    /// Records contradict each other.
    #[error("{0}")]
    Broken(&'static str),
    /// Two entries share bytes.
    #[error("entries overlap")]
    Overlap,
}

const END: &[u8] = b"PK\x05\x06";
const END_LENGTH: usize = 22;

/// Every entry in directory order.
pub fn entries(bytes: &[u8], most: u64) -> Result<Vec<Entry<'_>>, Fault> {
    let end = find_end(bytes)?;
    let (count, size, offset) = match locator(bytes, end) {
        Some(record) => zip64_end(bytes, record)?,
        None => (
            u64::from(u16_at(bytes, end + 10).ok_or(Fault::NoEnd)?),
            u64::from(u32_at(bytes, end + 12).ok_or(Fault::NoEnd)?),
            u64::from(u32_at(bytes, end + 16).ok_or(Fault::NoEnd)?),
        ),
    };
    if count > most {
        return Err(Fault::TooMany(count));
    }
    let directory = slice(bytes, offset, size).ok_or(Fault::Broken("the directory lies outside the file"))?;
    let mut entries = Vec::new();
    let mut spans = Vec::new();
    let mut at = 0;
    for _ in 0..count {
        let (entry, span, length) = record(bytes, &directory[at..])?;
        entries.push(entry);
        spans.push(span);
        at += length;
    }
    if directory[at..].starts_with(b"PK\x01\x02") {
        return Err(Fault::Broken("more records than counted"));
    }
    spans.sort_unstable();
    if spans.windows(2).any(|pair| pair[0].1 > pair[1].0) {
        return Err(Fault::Overlap);
    }
    Ok(entries)
}

/// The last end record whose comment fits behind it.
fn find_end(bytes: &[u8]) -> Result<usize, Fault> {
    let from = bytes.len().saturating_sub(END_LENGTH + usize::from(u16::MAX));
    let tail = &bytes[from..];
    memmem::rfind_iter(tail, END)
        .map(|at| from + at)
        .find(|&at| {
            u16_at(bytes, at + 20)
                .is_some_and(|comment| at + END_LENGTH + usize::from(comment) <= bytes.len())
        })
        .ok_or(Fault::NoEnd)
}

/// Where the zip64 end record begins, if the file has one.
fn locator(bytes: &[u8], end: usize) -> Option<u64> {
    let at = end.checked_sub(20)?;
    bytes[at..].starts_with(b"PK\x06\x07").then(|| u64_at(bytes, at + 8)).flatten()
}

fn zip64_end(bytes: &[u8], record: u64) -> Result<(u64, u64, u64), Fault> {
    let fault = Fault::Broken("zip64 end record");
    let record = slice(bytes, record, 56).filter(|r| r.starts_with(b"PK\x06\x06")).ok_or(fault.clone())?;
    let number = |at| u64_at(record, at).ok_or(fault.clone());
    Ok((number(32)?, number(40)?, number(48)?))
}

type Span = (u64, u64);

/// One directory record: its entry, the bytes that entry takes, and the record's own length.
fn record<'a>(bytes: &'a [u8], record: &'a [u8]) -> Result<(Entry<'a>, Span, usize), Fault> {
    let short = Fault::Broken("directory record cut short");
    if !record.starts_with(b"PK\x01\x02") {
        return Err(Fault::Broken("directory record missing"));
    }
    let word = |at| u16_at(record, at).ok_or(short.clone());
    let long = |at| u32_at(record, at).ok_or(short.clone());
    let (flags, method, crc) = (word(8)?, word(10)?, long(16)?);
    let (name_length, extra_length, comment_length) = (word(28)?, word(30)?, word(32)?);
    let length = 46 + usize::from(name_length) + usize::from(extra_length) + usize::from(comment_length);
    let name = record.get(46..46 + usize::from(name_length)).ok_or(short.clone())?;
    let extra = record
        .get(46 + usize::from(name_length)..46 + usize::from(name_length) + usize::from(extra_length))
        .ok_or(short.clone())?;
    if record.len() < length {
        return Err(short);
    }
    let mut wide = zip64_numbers(extra);
    let mut widen = |narrow: u32| match narrow {
        u32::MAX => wide.next().ok_or(Fault::Broken("zip64 sizes missing")),
        narrow => Ok(u64::from(narrow)),
    };
    let size = widen(long(24)?)?;
    let packed_size = widen(long(20)?)?;
    let offset = widen(long(42)?)?;

    let local = slice(bytes, offset, 30)
        .filter(|local| local.starts_with(b"PK\x03\x04"))
        .ok_or(Fault::Broken("an entry is not where the directory says"))?;
    let local_word = |at| u16_at(local, at).ok_or(Fault::Broken("local header"));
    let local_long = |at| u32_at(local, at).ok_or(Fault::Broken("local header"));
    let data = offset + 30 + u64::from(local_word(26)?) + u64::from(local_word(28)?);
    let local_name = slice(bytes, offset + 30, u64::from(local_word(26)?));
    if local_name != Some(name) || local_word(8)? != method {
        return Err(Fault::Broken("directory and entry disagree"));
    }
    // Sizes follow the data where bit 3 is set, and stand in the extra field where they are all ones.
    let streamed = local_word(6)? & 8 != 0;
    let local_size = local_long(22)?;
    if !streamed && local_size != u32::MAX && u64::from(local_size) != size {
        return Err(Fault::Broken("directory and entry disagree about the size"));
    }
    let packed = slice(bytes, data, packed_size).ok_or(Fault::Broken("an entry reaches past the file"))?;
    let entry = Entry { name, method, crc, packed, size, locked: flags & 1 != 0 };
    Ok((entry, (offset, data + packed_size), length))
}

/// The 64-bit numbers of a zip64 extra field, in their fixed order.
fn zip64_numbers(extra: &[u8]) -> impl Iterator<Item = u64> + '_ {
    let mut rest = extra;
    let mut numbers: &[u8] = &[];
    while let (Some(id), Some(length)) = (u16_at(rest, 0), u16_at(rest, 2)) {
        let Some(field) = rest.get(4..4 + usize::from(length)) else { break };
        if id == 1 {
            numbers = field;
            break;
        }
        rest = &rest[4 + usize::from(length)..];
    }
    (0..).map_while(move |n: usize| u64_at(numbers, n * 8))
}

fn slice(bytes: &[u8], start: u64, length: u64) -> Option<&[u8]> {
    let start = usize::try_from(start).ok()?;
    bytes.get(start..start.checked_add(usize::try_from(length).ok()?)?)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}
