//! The door: what may come in, and in which measure.
//!
//! Everything is decided from the directory of the package before a byte is
//! unpacked; parts are then unpacked one by one, each to its end, its length
//! and checksum proved. Knows packages, not workbooks.

use std::cell::RefCell;
use std::collections::HashMap;

use libdeflater::{DecompressionError, Decompressor};

use crate::cell::CellRef;
use crate::xlsx::directory::{self, Entry};
use crate::xlsx::relations::fold;
use crate::xlsx::sniff::{Kind, sniff};
use crate::xlsx::xml;

/// How much of anything a file may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Bytes of the file.
    pub file: u64,
    /// Entries of the package.
    pub entries: u64,
    /// Bytes of all parts together, unpacked; never more than 1 GiB, whatever is set.
    pub unpacked: u64,
    /// Bytes of one part that is read, unpacked.
    pub part: u64,
    /// How many times its packed size a part over 1 MiB may unpack to.
    pub ratio: u64,
    /// Cells that hold something, all sheets together.
    pub cells: u64,
    /// Bytes of text in all cells together.
    pub text: u64,
    /// Cell formats.
    pub formats: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        const MIB: u64 = 1 << 20;
        Limits {
            file: 64 * MIB,
            entries: 10_000,
            unpacked: 512 * MIB,
            part: 256 * MIB,
            ratio: 200,
            cells: 5_000_000,
            text: 256 * MIB,
            formats: 200_000,
        }
    }
}

/// What 32-bit offsets of a package of ours can always hold, twice over.
const MOST_UNPACKED: u64 = 1 << 30;

/// What a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measure {
    /// Bytes of the file.
    File,
    /// Entries of the package.
    Entries,
    /// Bytes of one part.
    Part,
    /// Sheets.
    Sheets,
    /// Cells that hold something.
    Cells,
    /// Bytes of text.
    Text,
    /// Cell formats.
    Formats,
}

/// Why a file is not read. The `detail`s are for the log, in the words of whoever noticed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// No bytes.
    #[error("the file is empty")]
    Empty,
    /// Only zeros: not downloaded, or still being copied.
    #[error("the file holds only zeros")]
    NotDownloaded,
    /// Behind a password.
    #[error("the file is encrypted")]
    Encrypted,
    /// Something else, whatever its name says.
    #[error("not a workbook but {}", .0.name())]
    NotAWorkbook(Kind),
    /// The end is missing.
    #[error("the file is incomplete")]
    Truncated,
    /// Unpacks to far more than it is.
    #[error("unpacks to {unpacked} bytes (limit {limit})")]
    Bomb {
        /// Bytes it says it unpacks to.
        unpacked: u64,
        /// The limit it breaks: a number of bytes.
        limit: u64,
    },
    /// More than we take on.
    #[error("{measure:?}: {found} (limit {limit})")]
    TooLarge {
        /// What there is too much of.
        measure: Measure,
        /// How much there is (at least).
        found: u64,
        /// How much there may be.
        limit: u64,
    },
    /// Not what a workbook program writes; the checksum or the structure is wrong.
    #[error("damaged: {detail}")]
    Damaged {
        /// Which part, how.
        detail: String,
    },
    /// Built to harm whoever opens it.
    #[error("hostile: {detail}")]
    Hostile {
        /// What it tries.
        detail: String,
    },
    /// A part is not UTF-8.
    #[error("{part} is not UTF-8")]
    Encoding {
        /// The part.
        part: String,
    },
    /// Holds no worksheet.
    #[error("no worksheet")]
    NoSheets,
    /// Two sheets of one name.
    #[error("two sheets are called {0}")]
    SameSheetName(String),
    /// A sheet whose part is not there.
    #[error("the part of sheet {0} is missing")]
    MissingSheet(String),
    /// A cell points to a shared text that does not exist.
    #[error("{sheet}!{cell}: no shared text {index}")]
    BadSharedStrings {
        /// The sheet.
        sheet: String,
        /// The cell.
        cell: CellRef,
        /// What it points to.
        index: String,
    },
    /// A cell that no program may write: off the grid, twice, or of an unknown type.
    #[error("{sheet}!{cell}: {detail}")]
    BadCell {
        /// The sheet.
        sheet: String,
        /// Where the file says the cell is.
        cell: String,
        /// What is wrong with it.
        detail: String,
    },
}

impl Refusal {
    /// Damage, described for the log.
    pub(crate) fn damaged(detail: impl Into<String>) -> Refusal {
        Refusal::Damaged { detail: detail.into() }
    }

    pub(crate) fn hostile(detail: impl Into<String>) -> Refusal {
        Refusal::Hostile { detail: detail.into() }
    }

    /// What a part that is not the XML it should be means.
    pub(crate) fn xml(part: &str, fault: xml::Fault) -> Refusal {
        match fault {
            xml::Fault::Doctype => Refusal::hostile(format!("{part}: {fault}")),
            _ => Refusal::damaged(format!("{part}: {fault}")),
        }
    }
}

/// A package whose directory has been found in order; its parts are still packed.
#[derive(Debug)]
pub struct Package<'a> {
    /// What the file is.
    pub kind: Kind,
    entries: HashMap<String, Entry<'a>>,
    largest_part: u64,
}

const MIB: u64 = 1 << 20;
/// Longest entry name a program may write.
const NAME: usize = 1024;

/// Lets a workbook package in, or says why not.
pub fn guard<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Package<'a>, Refusal> {
    let length = bytes.len() as u64;
    if length > limits.file {
        return Err(Refusal::TooLarge { measure: Measure::File, found: length, limit: limits.file });
    }
    let kind = sniff(bytes);
    match kind {
        Kind::Xlsx | Kind::Xlsm => {}
        Kind::Empty => return Err(Refusal::Empty),
        Kind::Zeros => return Err(Refusal::NotDownloaded),
        Kind::Encrypted => return Err(Refusal::Encrypted),
        kind => return Err(Refusal::NotAWorkbook(kind)),
    }
    package(bytes, kind, limits)
}

/// Finds the directory of a package of any kind in order, or says why not.
pub(crate) fn package<'a>(bytes: &'a [u8], kind: Kind, limits: &Limits) -> Result<Package<'a>, Refusal> {
    let entries = directory::entries(bytes, limits.entries).map_err(|fault| match fault {
        directory::Fault::NoEnd => Refusal::Truncated,
        directory::Fault::TooMany(found) => {
            Refusal::TooLarge { measure: Measure::Entries, found, limit: limits.entries }
        }
        directory::Fault::Overlap => Refusal::hostile("entries overlap"),
        directory::Fault::Broken(detail) => Refusal::damaged(detail),
    })?;
    let unpacked = entries.iter().fold(0u64, |sum, entry| sum.saturating_add(entry.size));
    let most = limits.unpacked.min(MOST_UNPACKED);
    if unpacked > most {
        return Err(Refusal::Bomb { unpacked, limit: most });
    }
    let mut by_name = HashMap::with_capacity(entries.len());
    for entry in entries {
        check_name(entry.name)?;
        let name = fold(entry.name);
        if entry.locked {
            return Err(Refusal::Encrypted);
        }
        // Pictures are never unpacked, and an even picture may well shrink a thousandfold.
        let read = name.ends_with(".xml")
            || name.ends_with(".rels")
            || name.ends_with(".vml")
            || (kind == Kind::Xlsb && name.ends_with(".bin"));
        if read {
            check_size(&entry, limits)?;
        }
        if by_name.insert(name, entry).is_some() {
            return Err(Refusal::hostile("two entries of one name"));
        }
    }
    Ok(Package { kind, entries: by_name, largest_part: limits.part })
}

fn check_name(name: &[u8]) -> Result<(), Refusal> {
    let slashed: Vec<u8> = name.iter().map(|&b| if b == b'\\' { b'/' } else { b }).collect();
    let escapes = slashed.split(|&b| b == b'/').any(|step| step == b"..")
        || slashed.starts_with(b"/")
        || slashed.get(1) == Some(&b':');
    if escapes || name.contains(&0) || name.len() > NAME || name.is_empty() {
        let shown: String = String::from_utf8_lossy(name).chars().take(80).collect();
        return Err(Refusal::hostile(format!("entry name {shown:?}")));
    }
    Ok(())
}

fn check_size(entry: &Entry<'_>, limits: &Limits) -> Result<(), Refusal> {
    let allowed = (entry.packed.len() as u64).saturating_mul(limits.ratio).max(MIB);
    if entry.size > allowed {
        return Err(Refusal::Bomb { unpacked: entry.size, limit: allowed });
    }
    if entry.size > limits.part {
        return Err(Refusal::TooLarge { measure: Measure::Part, found: entry.size, limit: limits.part });
    }
    Ok(())
}

impl Package<'_> {
    /// Whether there is a part of that name, whatever its case.
    pub fn has(&self, name: &str) -> bool {
        self.entries.contains_key(&fold(name.as_bytes()))
    }

    /// Names of all parts, in lower case with forward slashes, in no order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// A part as text, proved whole; `None` where there is none of that name.
    pub fn part(&self, name: &str) -> Result<Option<String>, Refusal> {
        let Some(bytes) = self.bytes(name)? else { return Ok(None) };
        String::from_utf8(bytes).map(Some).map_err(|_| Refusal::Encoding { part: name.into() })
    }

    /// The bytes of a part, proved whole; `None` where there is none of that name.
    pub(crate) fn bytes(&self, name: &str) -> Result<Option<Vec<u8>>, Refusal> {
        let Some(entry) = self.entries.get(&fold(name.as_bytes())) else { return Ok(None) };
        let bytes = unpack(entry, self.largest_part).map_err(|fault| match fault {
            Unpacking::TooLarge(found) => {
                Refusal::TooLarge { measure: Measure::Part, found, limit: self.largest_part }
            }
            Unpacking::Broken(detail) => Refusal::damaged(format!("{name}: {detail}")),
        })?;
        Ok(Some(bytes))
    }
}

/// Why an entry does not unpack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unpacking {
    /// It says it is larger than allowed.
    TooLarge(u64),
    /// It is not what the directory says.
    Broken(&'static str),
}

/// The bytes of an entry, proved by length and checksum.
pub fn unpack(entry: &Entry<'_>, most: u64) -> Result<Vec<u8>, Unpacking> {
    if entry.size > most {
        return Err(Unpacking::TooLarge(entry.size));
    }
    let size = usize::try_from(entry.size).map_err(|_| Unpacking::TooLarge(entry.size))?;
    let bytes = match entry.method {
        0 => entry.packed.to_vec(),
        8 => inflate(entry.packed, size)?,
        _ => return Err(Unpacking::Broken("packed by a method workbooks do not use")),
    };
    if bytes.len() != size {
        return Err(Unpacking::Broken("not the length the directory says"));
    }
    if crc32fast::hash(&bytes) != entry.crc {
        return Err(Unpacking::Broken("checksum is wrong"));
    }
    Ok(bytes)
}

fn inflate(packed: &[u8], size: usize) -> Result<Vec<u8>, Unpacking> {
    thread_local! {
        // Setting one up takes longer than unpacking a small part.
        static UNPACKER: RefCell<Decompressor> = RefCell::new(Decompressor::new());
    }
    let mut bytes = vec![0; size];
    let unpacked = UNPACKER.with_borrow_mut(|unpacker| unpacker.deflate_decompress(packed, &mut bytes));
    let length = unpacked.map_err(|fault| match fault {
        DecompressionError::BadData => Unpacking::Broken("packed data is damaged"),
        DecompressionError::InsufficientSpace => Unpacking::Broken("unpacks to more than the directory says"),
    })?;
    bytes.truncate(length);
    Ok(bytes)
}
