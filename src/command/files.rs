//! Files of a command: which are meant, where results go, how they are written.

use std::path::{Path, PathBuf};

use super::console::Console;
use super::error::CommandError;
use crate::batch::discover::{Input, discover};
use crate::batch::out;

/// A path from its root on, as people write it: Windows says of a whole path that it is one (`\\?\`), which neither
/// they nor SQLite can do anything with. What cannot be followed stays as it is.
pub fn whole_path(path: &Path) -> PathBuf {
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let bare =
        whole.to_str().and_then(|text| text.strip_prefix(r"\\?\")).filter(|text| !text.starts_with("UNC"));
    bare.map(PathBuf::from).unwrap_or(whole)
}

/// The workbooks meant: files as named, of folders every workbook below.
///
/// # Errors
/// When a folder cannot be listed.
pub fn inputs(paths: &[PathBuf], console: &Console) -> Result<Vec<Input>, CommandError> {
    let mut inputs = Vec::new();
    for path in paths {
        if path.is_dir() {
            let found =
                discover(path, None).map_err(|error| CommandError::unlistable(path, &error, console))?;
            inputs.extend(found.inputs);
        } else {
            inputs.push(Input::new(path.clone(), path.display().to_string()));
        }
    }
    Ok(inputs)
}

/// A file's name for people.
pub fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// A place beside a file whose name has a word more: `双十二.xlsx` → `双十二.复盘.xlsx`.
pub fn beside(file: &Path, word: &str, extension: &str) -> PathBuf {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    file.with_file_name(format!("{stem}.{word}.{extension}"))
}

/// The first name of a row (`双十二.xlsx`, `双十二 (2).xlsx` …) that is not taken, so that nobody's file is replaced.
pub fn free(path: PathBuf) -> PathBuf {
    if !path.exists() {
        return path;
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let extension = path.extension().map(|extension| format!(".{}", extension.to_string_lossy()));
    let extension = extension.unwrap_or_default();
    let named = |n: u32| path.with_file_name(format!("{stem} ({n}){extension}"));
    (2..u32::MAX).map(named).find(|path| !path.exists()).unwrap_or(path)
}

/// Whether two paths lead to one file.
pub fn is_same_file(input: &Path, out: &Path) -> bool {
    matches!((input.canonicalize(), out.canonicalize()), (Ok(input), Ok(out)) if input == out)
}

/// Writes a file whole or not at all: beside its place first, then moved there.
///
/// # Errors
/// What the system says, worded.
pub fn save(path: &Path, bytes: &[u8], console: &Console) -> Result<(), CommandError> {
    out::save(path, bytes).map_err(|error| CommandError::unwritable(path, &error, console))
}
