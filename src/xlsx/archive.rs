//! A zip of files, not a package: what somebody packed together to mail it.

use super::directory::entries;
use super::guard::{Limits, unpack};

/// One file of an archive: its name as written, and its bytes where they can be had.
pub type File = (Vec<u8>, Option<Vec<u8>>);

/// The files of an archive, each within the limits of a file and all within what a package may unpack to;
/// `None` where it is no archive that can be read.
pub fn files(bytes: &[u8], limits: &Limits) -> Option<Vec<File>> {
    let mut left = limits.unpacked;
    let mut found = Vec::new();
    for entry in entries(bytes, limits.entries).ok()? {
        if entry.name.ends_with(b"/") {
            continue;
        }
        let fits = entry.size <= limits.file.min(left) && !entry.locked;
        let data = if fits { unpack(&entry, limits.file).ok() } else { None };
        left = left.saturating_sub(data.as_ref().map_or(0, |data| data.len() as u64));
        found.push((entry.name.to_vec(), data));
    }
    Some(found)
}
