//! Spoiling the package around the parts: entries that are gone, twice, elsewhere, or not what they say.

use super::archive::Entry;
use super::chance::Chance;

const NAMES: [&str; 14] = [
    "xl/workbook.xml",
    "XL/Workbook.XML",
    "xl\\workbook.xml",
    "/xl/workbook.xml",
    "../evil.xml",
    "xl/../xl/styles.xml",
    "C:/x.xml",
    "",
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "_rels/.rels",
    "xl//styles.xml",
    "mimetype",
    "EncryptedPackage",
];

/// Spoils the entries in one way and says which.
pub fn spoil(entries: &mut Vec<Entry>, chance: &mut Chance) -> String {
    if entries.is_empty() {
        return "no entries".into();
    }
    let at = chance.below(entries.len());
    let name = String::from_utf8_lossy(&entries[at].name).into_owned();
    match chance.below(14) {
        0 | 1 => {
            entries.remove(at);
            format!("{name} is gone")
        }
        2 => {
            let mut twice = entries[at].clone();
            match chance.below(3) {
                0 => {}
                1 => twice.name.make_ascii_uppercase(),
                _ => twice.name.iter_mut().filter(|b| **b == b'/').for_each(|b| *b = b'\\'),
            }
            entries.push(twice);
            format!("{name} twice")
        }
        3 | 4 => {
            let other = *chance.one(&NAMES);
            entries[at].name = other.into();
            format!("{name} is called {other:?}")
        }
        5 => {
            let other = chance.below(entries.len());
            let data = entries[at].data.clone();
            entries[at].data = std::mem::replace(&mut entries[other].data, data);
            format!("{name} changes places with another")
        }
        6 => {
            entries[at].claimed = Some(*chance.one(&[0, 1, 100, 1 << 20, 1 << 31, u32::MAX]));
            format!("{name} tells a wrong size")
        }
        7 => {
            entries[at].method = *chance.one(&[1, 9, 12, 14, 93, 99]);
            format!("{name} packed by method {}", entries[at].method)
        }
        8 => {
            entries[at].crc_off_by = 1;
            format!("{name} has a wrong checksum")
        }
        9 => {
            entries[at].flags = *chance.one(&[1, 0x40, 0x800, 0x2000]);
            format!("{name} has flags {:x}", entries[at].flags)
        }
        10 => {
            for entry in entries.iter_mut() {
                entry.streamed = true;
            }
            "sizes behind the data".into()
        }
        11 => {
            entries[at].wide = true;
            format!("{name} in zip64")
        }
        12 => {
            entries.reverse();
            "entries backwards".into()
        }
        _ => {
            entries[at].data = vec![b' '; *chance.one(&[0, 1 << 16, 24 << 20])];
            entries[at].method = 8;
            format!("{name} is blank, {} bytes", entries[at].data.len())
        }
    }
}

/// Spoils the file itself.
pub fn spoil_bytes(bytes: &mut Vec<u8>, chance: &mut Chance) -> String {
    let at = chance.below(bytes.len().max(1));
    match chance.below(5) {
        0 => {
            bytes.truncate(at);
            format!("the file ends at {at}")
        }
        1 => {
            bytes.extend(vec![b'j'; *chance.one(&[1, 100, 70_000])]);
            "junk behind".into()
        }
        2 => {
            bytes.splice(0..0, vec![b'j'; *chance.one(&[1, 4, 512])]);
            "junk before".into()
        }
        3 => {
            // The directory is at the end, and most worth spoiling.
            let tail = bytes.len().saturating_sub(1 + chance.below(600));
            if let Some(byte) = bytes.get_mut(tail) {
                *byte = chance.below(256) as u8;
            }
            format!("a byte of the directory at {tail}")
        }
        _ => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << chance.below(8);
            }
            format!("a bit at {at}")
        }
    }
}
