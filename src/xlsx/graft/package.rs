//! A package as a list of entries, most of which are carried over untouched.
//!
//! Knows zip files; knows neither relationships nor workbooks. An entry that
//! nobody replaced is written back byte for byte: local header, compressed
//! data, descriptor and central record.

use std::collections::{HashMap, HashSet};
use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::entry::{Packer, close, copy_entry, packed_entry};
use super::error::{GraftError, Result, damaged};
use super::relationships::part_of;
use crate::xlsx::guard::{Unpacking, unpack};

const MOST_ENTRIES: usize = 10_000;
const LARGEST: u64 = 512 << 20;

/// The entries of a package, by part name.
pub(super) struct Package<'a> {
    bytes: &'a [u8],
    archive: ZipArchive<Cursor<&'a [u8]>>,
    entries: Vec<Entry>,
    by_part: HashMap<String, usize>,
    /// Names that something refers to although there is no such part.
    reserved: HashSet<String>,
    /// The number from which on a name with this beginning may be free.
    next: HashMap<String, u32>,
}

struct Entry {
    /// With forward slashes and without a leading one.
    part: String,
    /// Its index in the archive it came from.
    stored: Option<usize>,
    /// What stands there instead.
    fresh: Option<Vec<u8>>,
    removed: bool,
}

fn key(part: &str) -> String {
    part.to_ascii_lowercase()
}

impl<'a> Package<'a> {
    /// Opens a package, or says why it is none.
    pub fn open(bytes: &'a [u8]) -> Result<Package<'a>> {
        refuse_other_formats(bytes)?;
        let archive = match ZipArchive::new(Cursor::new(bytes)) {
            Ok(archive) => archive,
            Err(error) => return damaged("zip", error),
        };
        if archive.len() > MOST_ENTRIES {
            return Err(GraftError::TooLarge);
        }
        if archive.has_duplicate_names() {
            return damaged("zip", "two entries share a name");
        }
        let mut package = Package {
            bytes,
            archive,
            entries: Vec::new(),
            by_part: HashMap::new(),
            reserved: HashSet::new(),
            next: HashMap::new(),
        };
        let mut total = 0u64;
        for index in 0..package.archive.len() {
            let (part, size) = match package.archive.by_index_data(index) {
                Ok(entry) if entry.encrypted() => return Err(GraftError::Encrypted),
                Ok(entry) => (part_name(entry.name_raw()), entry.size()),
                Err(error) => return damaged("zip", error),
            };
            total = total.saturating_add(size);
            package.by_part.entry(key(&part)).or_insert(package.entries.len());
            package.entries.push(Entry { part, stored: Some(index), fresh: None, removed: false });
        }
        if total > LARGEST {
            return Err(GraftError::TooLarge);
        }
        Ok(package)
    }

    fn find(&self, part: &str) -> Option<usize> {
        self.by_part.get(&key(part)).copied().filter(|&index| !self.entries[index].removed)
    }

    /// Whether there is such a part, whatever its case.
    pub fn contains(&self, part: &str) -> bool {
        self.find(part).is_some()
    }

    /// The parts in their order.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().filter(|entry| !entry.removed).map(|entry| entry.part.as_str())
    }

    /// The bytes of a part.
    pub fn read(&mut self, part: &str) -> Result<Option<Vec<u8>>> {
        let Some(index) = self.find(part) else { return Ok(None) };
        match (&self.entries[index].fresh, self.entries[index].stored) {
            (Some(fresh), _) => Ok(Some(fresh.clone())),
            (None, Some(stored)) => self.inflate(stored).map(Some),
            (None, None) => Ok(None),
        }
    }

    /// The first bytes of a part.
    pub fn head(&mut self, part: &str, most: u64) -> Result<Option<Vec<u8>>> {
        let Some(index) = self.find(part) else { return Ok(None) };
        match (&self.entries[index].fresh, self.entries[index].stored) {
            (None, Some(stored)) => {
                let Ok(entry) = self.archive.by_index(stored) else { return Ok(None) };
                let mut bytes = Vec::new();
                // A bad checksum shows when the part is read to its end, not here.
                let _ = entry.take(most).read_to_end(&mut bytes);
                Ok(Some(bytes))
            }
            _ => self.read(part),
        }
    }

    /// The declared size of a part.
    pub fn size(&self, part: &str) -> u64 {
        let Some(index) = self.find(part) else { return 0 };
        match (&self.entries[index].fresh, self.entries[index].stored) {
            (Some(fresh), _) => fresh.len() as u64,
            (None, Some(stored)) => self.archive.by_index_data(stored).map_or(0, |entry| entry.size()),
            (None, None) => 0,
        }
    }

    fn inflate(&self, stored: usize) -> Result<Vec<u8>> {
        let entry = packed_entry(self.bytes, &self.archive, stored)?;
        unpack(&entry, LARGEST).or_else(|fault| match fault {
            Unpacking::TooLarge(_) => Err(GraftError::TooLarge),
            Unpacking::Broken(detail) => damaged(&String::from_utf8_lossy(entry.name), detail),
        })
    }

    /// The text of an XML part.
    pub fn text(&mut self, part: &str) -> Result<Option<String>> {
        let Some(bytes) = self.read(part)? else { return Ok(None) };
        decode(part, bytes).map(Some)
    }

    /// The text of an XML part that must be there.
    pub fn required(&mut self, part: &str) -> Result<String> {
        match self.text(part)? {
            Some(text) => Ok(text),
            None => damaged(part, "missing"),
        }
    }

    /// Replaces a part where it stands, or adds it at the end. The same content
    /// as in the file leaves the entry untouched.
    pub fn put(&mut self, part: &str, bytes: Vec<u8>) -> Result<()> {
        let Some(index) = self.find(part) else {
            self.by_part.insert(key(part), self.entries.len());
            self.entries.push(Entry {
                part: part.to_owned(),
                stored: None,
                fresh: Some(bytes),
                removed: false,
            });
            return Ok(());
        };
        let same = match self.entries[index].stored {
            Some(stored) => {
                let size = self.archive.by_index_data(stored).map_or(0, |entry| entry.size());
                size == bytes.len() as u64 && self.inflate(stored)? == bytes
            }
            None => false,
        };
        self.entries[index].fresh = if same { None } else { Some(bytes) };
        Ok(())
    }

    /// Takes a part out.
    pub fn remove(&mut self, part: &str) {
        if let Some(index) = self.find(part) {
            self.entries[index].removed = true;
        }
    }

    /// Keeps names from being given to new parts.
    pub fn reserve(&mut self, names: impl IntoIterator<Item = String>) {
        self.reserved.extend(names.into_iter().map(|name| key(&name)));
    }

    /// Whether a new part may be called so: there is none, nothing refers to one, and no
    /// relationships of a lost part lie about.
    pub fn is_free(&self, part: &str) -> bool {
        !self.contains(part) && !self.reserved.contains(&key(part)) && !self.contains(&part_of(part))
    }

    /// A part name like the given one (`xl/worksheets/sheet1.xml`) whose number is still free; each is given once.
    pub fn free_name(&mut self, like: &str) -> String {
        let slash = like.rfind('/').map_or(0, |at| at + 1);
        let dot = like[slash..].rfind('.').map_or(like.len(), |at| at + slash);
        let stem = like[..dot].trim_end_matches(|c: char| c.is_ascii_digit());
        let ending = &like[dot..];
        let first = self.next.get(stem).copied().unwrap_or(1);
        let mut numbers = (first..).map(|number| (number, format!("{stem}{number}{ending}")));
        let Some((number, name)) = numbers.find(|(_, name)| self.is_free(name)) else {
            return like.to_owned();
        };
        self.next.insert(stem.to_owned(), number.saturating_add(1));
        name
    }

    /// The package as bytes.
    pub fn into_bytes(self) -> Result<Vec<u8>> {
        let fresh: usize = self.entries.iter().flat_map(|entry| &entry.fresh).map(Vec::len).sum();
        let mut out = Vec::with_capacity(self.bytes.len() + fresh / 4);
        let mut directory = Vec::new();
        let mut packer = Packer::new();
        let mut count = 0u64;
        for entry in self.entries.iter().filter(|entry| !entry.removed) {
            match (&entry.fresh, entry.stored) {
                (None, Some(stored)) => {
                    copy_entry(self.bytes, &self.archive, stored, &mut out, &mut directory)?;
                }
                (fresh, stored) => {
                    let stored = stored.and_then(|stored| self.archive.by_index_data(stored).ok());
                    let time = stored.and_then(|stored| stored.last_modified()).unwrap_or_default();
                    let content = fresh.as_deref().unwrap_or_default();
                    packer.entry(&entry.part, time, content, &mut out, &mut directory)?;
                }
            }
            count += 1;
        }
        close(&mut out, &directory, count, self.archive.comment())?;
        Ok(out)
    }
}

/// The part an entry holds. Some writers use backslashes, some a leading slash.
fn part_name(raw: &[u8]) -> String {
    String::from_utf8_lossy(raw).replace('\\', "/").trim_start_matches('/').to_owned()
}

/// XML parts are UTF-8, rarely UTF-16.
fn decode(part: &str, bytes: Vec<u8>) -> Result<String> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        let (text, _, bad) = encoding_rs::UTF_16LE.decode(&bytes);
        if bad {
            return damaged(part, "not UTF-16");
        }
        let end = text.find("?>").unwrap_or(0);
        let declaration = text[..end].replace("UTF-16", "UTF-8").replace("utf-16", "utf-8");
        return Ok(declaration + &text[end..]);
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(_) => damaged(part, "not UTF-8"),
    }
}

fn refuse_other_formats(bytes: &[u8]) -> Result<()> {
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        let stream: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let encrypted = bytes.windows(stream.len()).any(|window| window == stream);
        return Err(if encrypted { GraftError::Encrypted } else { GraftError::NotOoxml("xls") });
    }
    if !bytes.starts_with(b"PK") {
        return Err(GraftError::NotOoxml("no zip file"));
    }
    Ok(())
}
