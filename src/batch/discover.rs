//! Which files of a folder are input, and which are passed over and why.

#![expect(clippy::disallowed_methods, reason = "the inbox is listed here and nowhere else")]

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::memory::LEDGER;
use crate::mail;
use crate::record::run::{Origin, SkipReason, Skipped};

/// What a folder holds.
#[derive(Debug, Default)]
pub struct Found {
    /// Files to read, sorted by their path.
    pub inputs: Vec<Input>,
    /// Mails and archives, sorted by their path.
    pub containers: Vec<Input>,
    /// Files passed over, sorted by their path.
    pub skipped: Vec<Skipped>,
}

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Where it is.
    pub path: PathBuf,
    /// Its path below the folder, with `/`, for people and outputs.
    pub name: String,
    /// The mail or archive it came in.
    pub origin: Option<Origin>,
    /// It is an output of the run before that somebody typed into.
    pub kept: bool,
}

impl Input {
    /// A file of the folder.
    pub fn new(path: PathBuf, name: String) -> Input {
        Input { path, name, origin: None, kept: false }
    }

    /// An output of the run before.
    pub fn kept(path: PathBuf, name: String) -> Input {
        Input { kept: true, ..Input::new(path, name) }
    }
}

/// Of a lock file, the name of the workbook it locks, as far as the lock file tells.
pub fn locks(skipped: &Skipped) -> Option<&str> {
    if skipped.reason != SkipReason::LockFile {
        return None;
    }
    let name = skipped.name.rsplit('/').next().unwrap_or_default();
    let bare = name.strip_prefix(".~lock.").map(|name| name.trim_end_matches('#'));
    bare.or_else(|| name.strip_prefix("~$")).or_else(|| name.strip_prefix(".~"))
}

const EXTENSIONS: [&str; 9] = ["xlsx", "xlsm", "xls", "xlsb", "ods", "et", "csv", "xltx", "xltm"];

/// Looks through a folder and all below it. Own outputs (`out` and earlier result folders) are passed over whole.
///
/// # Errors
/// When the folder itself cannot be listed. What cannot be listed below it counts as input that cannot be read.
pub fn discover(folder: &Path, out: Option<&Path>) -> std::io::Result<Found> {
    std::fs::read_dir(folder)?;
    let out = out.and_then(|out| out.canonicalize().ok());
    let mut found = Found::default();
    let mut walk = WalkDir::new(folder).sort_by_file_name().into_iter();
    while let Some(entry) = walk.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().filter(|_| error.depth() > 0).map(Path::to_owned);
                let Some(path) = path else { return Err(error.into()) };
                let name = relative(folder, &path);
                if error.loop_ancestor().is_some() {
                    found.skipped.push(Skipped { name, reason: SkipReason::NotAFile });
                } else {
                    // Whoever reads it will say why it cannot be.
                    found.inputs.push(Input::new(path, name));
                }
                continue;
            }
        };
        if entry.depth() == 0 || is_ledger(&entry) {
            continue;
        }
        let name = relative(folder, entry.path());
        if entry.file_type().is_dir() {
            if is_own_folder(&entry, out.as_deref()) {
                found.skipped.push(Skipped { name, reason: SkipReason::OwnOutput });
                walk.skip_current_dir();
            }
            continue;
        }
        match reason_to_skip(&entry) {
            Some(reason) => found.skipped.push(Skipped { name, reason }),
            None if mail::kind(&name).is_some() => found.containers.push(Input::new(entry.into_path(), name)),
            None => found.inputs.push(Input::new(entry.into_path(), name)),
        }
    }
    found.inputs.sort_by(|a, b| a.name.cmp(&b.name));
    found.containers.sort_by(|a, b| a.name.cmp(&b.name));
    found.skipped.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

fn relative(folder: &Path, path: &Path) -> String {
    let path = path.strip_prefix(folder).unwrap_or(path);
    path.components().map(|part| shown(part.as_os_str())).collect::<Vec<_>>().join("/")
}

/// A name as text; bytes that are none are told by their numbers, so that two names stay two.
fn shown(name: &OsStr) -> String {
    let mut shown = String::new();
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        shown += chunk.valid();
        shown.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02X}")));
    }
    shown
}

/// The output folder, a temporary one of ours, or one that holds a run's record.
fn is_own_folder(entry: &DirEntry, out: Option<&Path>) -> bool {
    let path = entry.path();
    entry.file_name().to_string_lossy().starts_with(".fupan-")
        || out.is_some_and(|out| path.canonicalize().is_ok_and(|path| path == out))
        || super::out::is_result_folder(path)
}

/// The ledger of runs, which comes and goes with runs and says nothing of the folder.
fn is_ledger(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    name.strip_prefix(LEDGER).is_some_and(|rest| rest.is_empty() || rest == "-journal")
}

fn reason_to_skip(entry: &DirEntry) -> Option<SkipReason> {
    let name = entry.file_name().to_string_lossy();
    let lower = name.to_lowercase();
    let extension = lower.rsplit_once('.').map_or("", |(_, extension)| extension);
    if name.starts_with("~$") || lower.starts_with(".~lock.") || lower.starts_with(".~") {
        return Some(SkipReason::LockFile);
    }
    let temporary = name.starts_with("._")
        || name.starts_with(".fupan-")
        || matches!(lower.as_str(), ".ds_store" | "thumbs.db" | "desktop.ini")
        || matches!(extension, "tmp" | "crdownload" | "part" | "bak");
    if temporary {
        return Some(SkipReason::Temporary);
    }
    if !entry.file_type().is_file() {
        return Some(SkipReason::NotAFile);
    }
    if !EXTENSIONS.contains(&extension) && mail::kind(&lower).is_none() {
        return Some(SkipReason::OtherFile);
    }
    None
}
