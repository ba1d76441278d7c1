//! The output folder, written whole or not at all.
//!
//! A run builds its results in a temporary sibling and moves it into place at
//! the end. Killed at any moment, the folder of the run before is intact. A
//! folder that holds anything but a run's results is never replaced.

#![expect(clippy::disallowed_methods, reason = "the one place that writes a run's results")]

use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Name of the run's record; a folder that holds one of ours is a result folder.
pub const RECORD: &str = "run.json";
/// How the record begins.
pub const RECORD_HEAD: &str = "{\n  \"tool\": \"fupan\"";

/// Why results cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum OutError {
    /// Another run is writing there.
    #[error("another run is writing to {0}")]
    Busy(PathBuf),
    /// There is a file of that name.
    #[error("{0} is a file")]
    NotAFolder(PathBuf),
    /// The folder holds things that are not a run's results.
    #[error("{0} holds other files")]
    NotOurs(PathBuf),
    /// The system says no.
    #[error("{path}: {source}")]
    Io {
        /// What was being written.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

fn io<T>(path: &Path, result: std::io::Result<T>) -> Result<T, OutError> {
    result.map_err(|source| OutError::Io { path: path.to_owned(), source })
}

/// Whether a folder holds the results of a run.
pub fn is_result_folder(folder: &Path) -> bool {
    fs::read(folder.join(RECORD)).is_ok_and(|bytes| bytes.starts_with(RECORD_HEAD.as_bytes()))
}

/// A folder under construction.
#[derive(Debug)]
pub struct Staging {
    folder: PathBuf,
    target: PathBuf,
    lock: Option<(PathBuf, File)>,
    done: bool,
}

impl Staging {
    /// Starts building what will become `target`, and keeps other runs away from it.
    ///
    /// # Errors
    /// When another run is at it, when the folder is somebody else's, or when the system says no.
    pub fn open(target: &Path) -> Result<Staging, OutError> {
        let name =
            target.file_name().map_or_else(|| "out".into(), |name| name.to_string_lossy().into_owned());
        let parent = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        io(&parent, fs::create_dir_all(&parent))?;
        if target.is_file() {
            return Err(OutError::NotAFolder(target.to_owned()));
        }
        let empty = !target.exists() || io(target, fs::read_dir(target))?.next().is_none();
        if !empty && !is_result_folder(target) {
            return Err(OutError::NotOurs(target.to_owned()));
        }
        let lock_path = parent.join(format!(".fupan-{name}.lock"));
        let lock = io(&lock_path, File::create(&lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(OutError::Busy(target.to_owned())),
            Err(TryLockError::Error(source)) => return Err(OutError::Io { path: lock_path, source }),
        }
        let folder = parent.join(format!(".fupan-{name}.building"));
        let old = parent.join(format!(".fupan-{name}.old"));
        // Killed between moving the old folder away and the new one in: put the old one back.
        if old.exists() && !target.exists() {
            io(&old, fs::rename(&old, target))?;
        }
        for left_over in [&folder, &old] {
            if left_over.exists() {
                io(left_over, fs::remove_dir_all(left_over))?;
            }
        }
        io(&folder, fs::create_dir_all(&folder))?;
        Ok(Staging { folder, target: target.to_owned(), lock: Some((lock_path, lock)), done: false })
    }

    /// The path of something below the folder under construction.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Writes one file and makes sure it is on the disk.
    ///
    /// # Errors
    /// When the system says no.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), OutError> {
        let path = self.path(name);
        if let Some(parent) = path.parent() {
            io(parent, fs::create_dir_all(parent))?;
        }
        let mut file = io(&path, File::create(&path))?;
        io(&path, file.write_all(bytes))?;
        io(&path, file.sync_all())
    }

    /// Writes one file piece by piece and makes sure it is on the disk.
    ///
    /// # Errors
    /// When the system says no.
    pub fn write_lines(&self, name: &str, pieces: impl Iterator<Item = String>) -> Result<(), OutError> {
        let path = self.path(name);
        let mut file = std::io::BufWriter::new(io(&path, File::create(&path))?);
        for piece in pieces {
            io(&path, file.write_all(piece.as_bytes()))?;
        }
        io(&path, file.flush())?;
        io(&path, file.get_ref().sync_all())
    }

    /// Gives a file its final name.
    ///
    /// # Errors
    /// When the system says no.
    pub fn rename(&self, from: &str, to: &str) -> Result<(), OutError> {
        let to = self.path(to);
        if let Some(parent) = to.parent() {
            io(parent, fs::create_dir_all(parent))?;
        }
        io(&to, fs::rename(self.path(from), &to))
    }

    /// Takes a file out again.
    ///
    /// # Errors
    /// When the system says no.
    pub fn remove(&self, name: &str) -> Result<(), OutError> {
        let path = self.path(name);
        if path.is_dir() { io(&path, fs::remove_dir_all(&path)) } else { io(&path, fs::remove_file(&path)) }
    }

    /// Moves the finished folder into place, in one rename.
    ///
    /// # Errors
    /// When the system says no; the folder before is then where it was.
    pub fn commit(mut self) -> Result<(), OutError> {
        let old = self.folder.with_extension("old");
        if self.target.exists() {
            io(&self.target, fs::rename(&self.target, &old))?;
        }
        if let Err(source) = fs::rename(&self.folder, &self.target) {
            if old.exists() {
                io(&old, fs::rename(&old, &self.target))?;
            }
            return Err(OutError::Io { path: self.target.clone(), source });
        }
        self.done = true;
        if let Some(parent) = self.target.parent().filter(|parent| !parent.as_os_str().is_empty())
            && let Ok(folder) = File::open(parent)
        {
            // Some network drives cannot sync a folder; the files are synced already.
            let _ = folder.sync_all();
        }
        if old.exists() {
            io(&old, fs::remove_dir_all(&old))?;
        }
        Ok(())
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.done {
            let _ = fs::remove_dir_all(&self.folder);
        }
        if let Some((path, lock)) = self.lock.take() {
            let _ = fs::remove_file(path);
            drop(lock);
        }
    }
}

/// A name that every file system takes: no separators, no reserved characters or words, not too long.
pub fn safe_name(name: &str) -> String {
    let mut safe: String = name
        .chars()
        .map(|c| if c.is_control() || "\\/:*?\"<>|#".contains(c) { '_' } else { c })
        .take(80)
        .collect();
    safe = safe.trim_matches(|c: char| c == '.' || c.is_whitespace()).to_owned();
    let stem = safe.split('.').next().unwrap_or_default().to_ascii_uppercase();
    let reserved = matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || (stem.len() == 4 && (stem.starts_with("COM") || stem.starts_with("LPT")));
    if safe.is_empty() || reserved { format!("_{safe}") } else { safe }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_every_file_system_takes() {
        for (name, safe) in [
            ("2024/双十二: 年终", "2024_双十二_ 年终"),
            ("con", "_con"),
            ("  末尾. ", "末尾"),
            ("", "_"),
            ("../..", "_"),
        ] {
            assert_eq!(safe_name(name), safe);
        }
    }

    #[test]
    fn a_folder_of_somebody_else_is_never_replaced() {
        let home = tempfile::tempdir().expect("a folder");
        let target = home.path().join("out");
        fs::create_dir(&target).expect("made");
        fs::write(target.join("notes.txt"), "mine").expect("written");
        assert!(matches!(Staging::open(&target), Err(OutError::NotOurs(_))));
        assert_eq!(fs::read_to_string(target.join("notes.txt")).expect("still there"), "mine");
    }

    #[test]
    fn the_folder_before_stays_until_the_new_one_is_whole() {
        let home = tempfile::tempdir().expect("a folder");
        let target = home.path().join("out");
        let build = |text: &str| {
            let staging = Staging::open(&target).expect("opened");
            staging.write(RECORD, RECORD_HEAD.as_bytes()).expect("written");
            staging.write("a.txt", text.as_bytes()).expect("written");
            staging
        };
        build("first").commit().expect("moved");
        let second = build("second");
        assert!(matches!(Staging::open(&target), Err(OutError::Busy(_))));
        drop(second);
        assert_eq!(fs::read_to_string(target.join("a.txt")).expect("there"), "first");
        build("third").commit().expect("moved");
        assert_eq!(fs::read_to_string(target.join("a.txt")).expect("there"), "third");
        let left: Vec<_> = fs::read_dir(home.path()).expect("listed").collect();
        assert_eq!(left.len(), 1, "{left:?}");
    }
}
