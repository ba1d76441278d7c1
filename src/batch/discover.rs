//! Which files of a folder are input, and which are passed over and why.

#![expect(clippy::disallowed_methods, reason = "the inbox is listed here and nowhere else")]

use std::path::{Path, PathBuf};

use serde::Serialize;
use walkdir::{DirEntry, WalkDir};

/// What a folder holds.
#[derive(Debug, Default)]
pub struct Found {
    /// Files to read, sorted by their path.
    pub inputs: Vec<Input>,
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
}

/// A file passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// Its path below the folder.
    pub name: String,
    /// Why.
    pub reason: SkipReason,
}

impl Skipped {
    /// Of a lock file, the name of the workbook it locks, as far as the lock file tells.
    pub fn locks(&self) -> Option<&str> {
        if self.reason != SkipReason::LockFile {
            return None;
        }
        let name = self.name.rsplit('/').next().unwrap_or_default();
        let bare = name.strip_prefix(".~lock.").map(|name| name.trim_end_matches('#'));
        bare.or_else(|| name.strip_prefix("~$")).or_else(|| name.strip_prefix(".~"))
    }
}

/// Why a file is not input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SkipReason {
    /// `~$…`: a workbook is open in Excel or WPS; it may not be saved yet.
    LockFile,
    /// Temporary or system files.
    Temporary,
    /// An output of an earlier run.
    OwnOutput,
    /// Not named like a workbook.
    OtherFile,
    /// A link that leads out of the folder, or something that is no regular file.
    NotAFile,
}

const EXTENSIONS: [&str; 9] = ["xlsx", "xlsm", "xls", "xlsb", "ods", "et", "csv", "xltx", "xltm"];

/// Looks through a folder and all below it. Own outputs (`out` and earlier result folders) are passed over whole.
///
/// # Errors
/// When the folder itself cannot be listed. What cannot be listed below it is passed over.
pub fn discover(folder: &Path, out: Option<&Path>) -> std::io::Result<Found> {
    std::fs::read_dir(folder)?;
    let out = out.and_then(|out| out.canonicalize().ok());
    let mut found = Found::default();
    let mut walk = WalkDir::new(folder).sort_by_file_name().into_iter();
    while let Some(entry) = walk.next() {
        let Ok(entry) = entry else { continue };
        if entry.depth() == 0 {
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
            None => found.inputs.push(Input { path: entry.into_path(), name }),
        }
    }
    found.inputs.sort_by(|a, b| a.name.cmp(&b.name));
    found.skipped.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

fn relative(folder: &Path, path: &Path) -> String {
    let path = path.strip_prefix(folder).unwrap_or(path);
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// The output folder, a temporary one of ours, or one that holds a run's record.
fn is_own_folder(entry: &DirEntry, out: Option<&Path>) -> bool {
    let path = entry.path();
    entry.file_name().to_string_lossy().starts_with(".fupan-")
        || out.is_some_and(|out| path.canonicalize().is_ok_and(|path| path == out))
        || super::out::is_result_folder(path)
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
    if !EXTENSIONS.contains(&extension) {
        return Some(SkipReason::OtherFile);
    }
    None
}
