//! The output folder, written whole or not at all.
//!
//! A run builds its results in a temporary sibling and moves it into place at
//! the end. Killed at any moment, the folder of the run before is intact. A
//! folder that holds anything but a run's results is never replaced.

#![expect(clippy::disallowed_methods, reason = "the one place that writes a run's results")]

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

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

/// The record of a folder that holds tables alone: a shard, or shards put together.
pub const TABLES: &str = "tables.json";

/// Whether a folder holds the results of a run, or tables of ours.
pub fn is_result_folder(folder: &Path) -> bool {
    let ours = |name| fs::read(folder.join(name)).is_ok_and(|it| it.starts_with(RECORD_HEAD.as_bytes()));
    ours(RECORD) || ours(TABLES)
}

/// A folder under construction.
#[derive(Debug)]
pub struct Staging {
    folder: PathBuf,
    target: PathBuf,
    old: PathBuf,
    done: bool,
    /// Hashes of what was written, by name.
    hashes: Mutex<BTreeMap<String, String>>,
    /// Held to the end, and last to go.
    _lock: Lock,
}

/// What keeps other runs away.
#[derive(Debug)]
struct Lock {
    path: PathBuf,
    file: Option<File>,
}

impl Lock {
    fn take(path: PathBuf, target: &Path) -> Result<Lock, OutError> {
        let file = io(&path, File::create(&path))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock { path, file: Some(file) }),
            Err(TryLockError::WouldBlock) => Err(OutError::Busy(target.to_owned())),
            Err(TryLockError::Error(source)) => Err(OutError::Io { path, source }),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
        drop(self.file.take());
    }
}

/// Where a path leads when it is a link: what is behind the link is meant, and the link stays.
///
/// # Errors
/// When the links lead round in a circle.
pub fn behind_links(path: &Path) -> std::io::Result<PathBuf> {
    const MOST: usize = 40;
    let mut path = path.to_owned();
    for _ in 0..MOST {
        let Ok(target) = fs::read_link(&path) else { return Ok(path) };
        path = path.parent().map_or(target.clone(), |folder| folder.join(&target));
    }
    Err(std::io::Error::other("too many links"))
}

/// Writes a file whole or not at all: beside its place first, then moved there.
///
/// # Errors
/// What the system says, and when something that is no file stands there.
pub fn save(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let path = behind_links(path)?;
    if fs::metadata(&path).is_ok_and(|there| !there.is_file()) {
        return Err(std::io::ErrorKind::Unsupported.into());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new().prefix(".fupan-").suffix(".tmp").tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    file.persist(&path).map_err(|error| error.error)?;
    Ok(())
}

/// Removes a folder with everything in it, read-only or not.
fn remove_all(folder: &Path) -> std::io::Result<()> {
    fs::remove_dir_all(folder).or_else(|_| {
        for entry in walkdir::WalkDir::new(folder).into_iter().flatten() {
            let _ = allow(entry.path(), entry.file_type().is_dir());
        }
        fs::remove_dir_all(folder)
    })
}

/// Lets a file or folder be removed. Links are left alone: what they lead to is not ours.
fn allow(path: &Path, is_folder: bool) -> std::io::Result<()> {
    let mut permissions = fs::symlink_metadata(path)?.permissions();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if !is_folder {
            return Ok(());
        }
        permissions.set_mode(permissions.mode() | 0o700);
    }
    #[cfg(not(unix))]
    {
        let _ = is_folder;
        #[allow(clippy::permissions_set_readonly_false)]
        permissions.set_readonly(false);
    }
    fs::set_permissions(path, permissions)
}

impl Staging {
    /// Starts building what will become `target`, and keeps other runs away from it.
    ///
    /// # Errors
    /// When another run is at it, when the folder is somebody else's, or when the system says no.
    pub fn open(target: &Path) -> Result<Staging, OutError> {
        let target = &io(target, behind_links(target))?;
        let name =
            target.file_name().map_or_else(|| "out".into(), |name| name.to_string_lossy().into_owned());
        let parent = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        io(&parent, fs::create_dir_all(&parent))?;
        if fs::metadata(target).is_ok_and(|there| !there.is_dir()) {
            return Err(OutError::NotAFolder(target.to_owned()));
        }
        let empty = !target.exists() || io(target, fs::read_dir(target))?.next().is_none();
        if !empty && !is_result_folder(target) {
            return Err(OutError::NotOurs(target.to_owned()));
        }
        let lock = Lock::take(parent.join(format!(".fupan-{name}.lock")), target)?;
        let mut old = parent.join(format!(".fupan-{name}.old"));
        // Killed between moving the old folder away and the new one in: put the old one back.
        if old.exists() && !target.exists() {
            io(&old, fs::rename(&old, target))?;
        }
        // What is left over and held by somebody stays where it is, and is nobody's results.
        for n in 2.. {
            if !old.exists() || remove_all(&old).is_ok() {
                break;
            }
            old = parent.join(format!(".fupan-{name}.old-{n}"));
        }
        let folder = parent.join(format!(".fupan-{name}.building"));
        if folder.exists() {
            io(&folder, remove_all(&folder))?;
        }
        io(&folder, fs::create_dir_all(&folder))?;
        Ok(Staging {
            folder,
            target: target.to_owned(),
            old,
            done: false,
            hashes: Mutex::default(),
            _lock: lock,
        })
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
        io(&path, file.sync_all())?;
        self.hashes().insert(name.to_owned(), blake3::hash(bytes).to_hex().to_string());
        Ok(())
    }

    fn hashes(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, String>> {
        self.hashes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was written so far and is still there, by name, with its hash.
    pub fn written(&self) -> BTreeMap<String, String> {
        self.hashes()
            .iter()
            .filter(|(name, _)| !name.starts_with('.'))
            .map(|(a, b)| (a.clone(), b.clone()))
            .collect()
    }

    /// Takes a file of somebody else in as it is.
    ///
    /// # Errors
    /// When the system says no.
    pub fn copy(&self, from: &Path, name: &str) -> Result<(), OutError> {
        let path = self.path(name);
        if let Some(parent) = path.parent() {
            io(parent, fs::create_dir_all(parent))?;
        }
        io(&path, fs::copy(from, &path).map(|_| ()))
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

    /// Opens a file to be written piece by piece; [`Staging::keep`] ends it.
    ///
    /// # Errors
    /// When the system says no.
    pub fn create(&self, name: &str) -> Result<File, OutError> {
        let path = self.path(name);
        if let Some(parent) = path.parent() {
            io(parent, fs::create_dir_all(parent))?;
        }
        io(&path, File::create(&path))
    }

    /// Makes sure that a file written piece by piece is on the disk.
    ///
    /// # Errors
    /// When the system says no.
    pub fn keep(&self, name: &str) -> Result<(), OutError> {
        let path = self.path(name);
        // Windows writes nothing through for a file that is only open for reading.
        let file = io(&path, File::options().read(true).write(true).open(&path))?;
        io(&path, file.sync_all())?;
        let mut hash = blake3::Hasher::new();
        io(&path, hash.update_reader(file).map(|_| ()))?;
        self.hashes().insert(name.to_owned(), hash.finalize().to_hex().to_string());
        Ok(())
    }

    /// Gives a file its final name.
    ///
    /// # Errors
    /// When the system says no.
    pub fn rename(&self, from: &str, to: &str) -> Result<(), OutError> {
        let path = self.path(to);
        if let Some(parent) = path.parent() {
            io(parent, fs::create_dir_all(parent))?;
        }
        io(&path, fs::rename(self.path(from), &path))?;
        let mut hashes = self.hashes();
        if let Some(hash) = hashes.remove(from) {
            hashes.insert(to.to_owned(), hash);
        }
        Ok(())
    }

    /// Takes a file out again.
    ///
    /// # Errors
    /// When the system says no.
    pub fn remove(&self, name: &str) -> Result<(), OutError> {
        let path = self.path(name);
        self.hashes().remove(name);
        if path.is_dir() { io(&path, fs::remove_dir_all(&path)) } else { io(&path, fs::remove_file(&path)) }
    }

    /// Moves the finished folder into place, in one rename.
    ///
    /// # Errors
    /// When the system says no; the folder before is then where it was.
    pub fn commit(mut self) -> Result<(), OutError> {
        let old = self.old.clone();
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
        // The results are in place; what cannot be cleared away now is with the next run.
        let _ = remove_all(&old);
        Ok(())
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.done {
            let _ = remove_all(&self.folder);
        }
    }
}

/// A name that every file system takes: no separators, no reserved characters or words, nothing that
/// cannot be seen, and short enough with every ending we give it.
pub fn safe_name(name: &str) -> String {
    /// File systems count bytes, 255 of them; endings and numbers take up to 40.
    const LONGEST: usize = 210;
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let mut safe: String = name
        .chars()
        .map(|c| if hidden(c) || "\\/:*?\"<>|#".contains(c) { '_' } else { c })
        .take(80)
        .collect();
    while safe.len() > LONGEST {
        safe.pop();
    }
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
            ("\u{feff}a\u{202e}b", "_a_b"),
        ] {
            assert_eq!(safe_name(name), safe);
        }
        assert_eq!(safe_name(&"长".repeat(300)).len(), 210);
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
        assert!(!home.path().join(".fupan-out.lock").exists(), "nothing is left of a run given up");
        build("third").commit().expect("moved");
        assert_eq!(fs::read_to_string(target.join("a.txt")).expect("there"), "third");
        let left: Vec<_> = fs::read_dir(home.path()).expect("listed").collect();
        assert_eq!(left.len(), 1, "{left:?}");
    }
}
