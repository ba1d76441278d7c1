//! What a run knows of the weeks before, and what it leaves for those to come.
//!
//! The folder of results comes first, the ledger after it: killed between the
//! two, the next run finds a record it does not know and takes it in. A ledger
//! that cannot be used costs the past, never the run.

#![expect(clippy::disallowed_methods, reason = "records of earlier runs are read where results lie")]

use std::fs;
use std::path::{Path, PathBuf};

use super::out::{RECORD, RECORD_HEAD, behind_links};
use super::previous::{Written, written_in};
use crate::catalogue::Catalogue;
use crate::ledger::{Distrust, Ledger, LedgerError, series_of};
use crate::record::decided::Decided;
use crate::record::run::Run;
use crate::weeks::{Week, period_of};
use crate::xlsx::guard::Limits;

/// The ledger's name, beside the folders of results.
pub const LEDGER: &str = "fupan.db";

/// Where the past is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Keeper {
    /// Beside the output folder.
    #[default]
    Beside,
    /// In this file.
    File(PathBuf),
    /// Nowhere.
    Nobody,
}

/// What is to be said about the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// It was not trusted; it was set aside and made anew.
    Distrusted(Distrust),
    /// Runs it did not know were taken in: their folders.
    Imported(Vec<String>),
    /// Another run is writing to it.
    Busy,
    /// It cannot be used.
    Unusable(String),
}

/// The weeks before, and the ledger they are kept in.
#[derive(Debug, Default)]
pub struct Memory {
    ledger: Option<Ledger>,
    /// The output folder, beside others.
    out: PathBuf,
    /// The weeks before, once they are remembered; the one named by `--previous` among them.
    pub past: Vec<Week>,
    /// The run named by `--previous`, as its week.
    named: Option<Week>,
    /// Its folder.
    named_folder: Option<PathBuf>,
    /// What is to be said about the ledger.
    pub remarks: Vec<Remark>,
}

impl Memory {
    /// Opens the ledger and takes in what lies beside the output folder and is not known.
    pub fn open(out: &Path, keeper: &Keeper, previous: Option<&(PathBuf, Run)>) -> Memory {
        let out = behind_links(out).unwrap_or_else(|_| out.to_owned());
        let path = match keeper {
            Keeper::Nobody => None,
            Keeper::File(path) => Some(path.clone()),
            Keeper::Beside => Some(home(&out).join(LEDGER)),
        };
        let mut memory = Memory { out, ..Memory::default() };
        if let Some(path) = path {
            memory.attempt(|memory| {
                // The first results of all find no folder yet.
                let home = home(&memory.out);
                if *keeper == Keeper::Beside && !home.is_dir() {
                    fs::create_dir_all(home)?;
                }
                let (ledger, distrust) = Ledger::open(&path)?;
                memory.remarks.extend(distrust.map(Remark::Distrusted));
                memory.ledger = Some(ledger);
                memory.import()
            });
        }
        memory.named = previous.map(|(_, run)| Week::of(run));
        memory.named_folder = previous.map(|(folder, _)| folder.clone());
        memory
    }

    /// Remembers the weeks before.
    pub fn remember(&mut self) {
        self.attempt(|memory| {
            let series = memory.series();
            let ledger = memory.ledger.as_ref();
            memory.past = ledger.map(|ledger| ledger.weeks(&series)).transpose()?.unwrap_or_default();
            Ok(())
        });
        if let Some(week) = self.named.take() {
            self.past.retain(|known| known.period != week.period);
            self.past.push(week);
        }
    }

    /// The weeks before `period` that are known: each with a hash of what is known of it.
    pub fn stands_on(&self, period: &str) -> Vec<(String, String)> {
        let series = self.series();
        let known = self.ledger.as_ref().and_then(|ledger| ledger.known().ok()).unwrap_or_default();
        let known = known.into_iter().filter(|it| it.series == series && it.period.as_str() < period);
        let named = self.named.iter().map(|week| (week.period.clone(), hash(format!("{week:?}").as_bytes())));
        known.map(|it| (it.period, it.record)).chain(named).collect()
    }

    /// What had been decided by the week before `period`, and what people wrote on its portfolio since; nothing for
    /// the latter where that portfolio is not there.
    pub fn decided(
        &self,
        period: &str,
        catalogue: &Catalogue,
        limits: &Limits,
    ) -> (Decided, Option<Written>) {
        let series = self.series();
        let known = self.ledger.as_ref().and_then(|ledger| ledger.decided_before(&series, period).ok()?);
        let named = self.named.as_ref().filter(|week| week.period.as_str() < period);
        let named = named.zip(self.named_folder.as_ref());
        let (decided, folder) = match (named, known) {
            (Some((week, folder)), _) => (week.decided.clone(), folder.clone()),
            (None, Some((decided, folder))) => (decided, home(&self.out).join(folder)),
            (None, None) => return (Decided::default(), None),
        };
        (decided, written_in(&folder, catalogue, limits))
    }

    /// The run of the week before `period`, where its folder is still there and says what the ledger knows.
    pub fn before(&self, period: &str) -> Option<Run> {
        let known = self.ledger.as_ref()?.known().ok()?;
        let series = self.series();
        let earlier = known.into_iter().filter(|it| it.series == series && it.period.as_str() < period);
        let last = earlier.max_by(|a, b| a.period.cmp(&b.period))?;
        let bytes = fs::read(home(&self.out).join(&last.folder).join(RECORD)).ok()?;
        (hash(&bytes) == last.record).then(|| serde_json::from_slice(&bytes).ok()).flatten()
    }

    /// Takes in the run whose folder was just moved into place.
    pub fn keep(&mut self) {
        let out = self.out.clone();
        self.attempt(|memory| {
            let Some(ledger) = &mut memory.ledger else { return Ok(()) };
            if let Some((week, record)) = recorded(&out) {
                ledger.take(&week, &name(&out), &record)?;
            }
            Ok(())
        });
    }

    /// Does what needs the ledger; where that fails, it is told and the ledger left alone.
    fn attempt(&mut self, work: impl FnOnce(&mut Memory) -> Result<(), LedgerError>) {
        if let Err(error) = work(self) {
            self.ledger = None;
            self.remarks.push(match error {
                LedgerError::Busy => Remark::Busy,
                other => Remark::Unusable(other.to_string()),
            });
        }
    }

    fn series(&self) -> String {
        series_of(&name(&self.out))
    }

    /// Takes in what lies beside the output folder, of the same series, and is not known.
    fn import(&mut self) -> Result<(), LedgerError> {
        let series = self.series();
        let Some(ledger) = &mut self.ledger else { return Ok(()) };
        let beside = folders(home(&self.out)).into_iter().filter(|folder| series_of(&name(folder)) == series);
        let imported = take_in(ledger, beside)?;
        if !imported.is_empty() {
            self.remarks.push(Remark::Imported(imported));
        }
        Ok(())
    }
}

/// Makes a ledger anew of these folders of results, and of those in them; answers with the folders taken in.
///
/// # Errors
/// When the ledger cannot be written.
pub fn rebuild(ledger: &mut Ledger, paths: &[PathBuf]) -> Result<Vec<String>, LedgerError> {
    let below = paths
        .iter()
        .flat_map(|path| if path.join(RECORD).is_file() { vec![path.clone()] } else { folders(path) });
    take_in(ledger, below)
}

/// Takes in folders of results that the ledger does not know. Of two for one week the later day counts, of equal
/// ones the later name; a folder always takes its own place again.
fn take_in(ledger: &mut Ledger, below: impl Iterator<Item = PathBuf>) -> Result<Vec<String>, LedgerError> {
    let mut imported = Vec::new();
    for folder in below {
        let Ok(bytes) = fs::read(folder.join(RECORD)) else { continue };
        let (name, record) = (name(&folder), hash(&bytes));
        if !bytes.starts_with(RECORD_HEAD.as_bytes()) || ledger.has_seen(&name, &record)? {
            continue;
        }
        let Ok(run) = serde_json::from_slice::<Run>(&bytes) else { continue };
        let period = period_of(run.head.as_of);
        let known =
            ledger.known()?.into_iter().find(|it| it.series == series_of(&name) && it.period == period);
        let day = run.head.as_of.to_string();
        let gives_way =
            known.is_some_and(|it| it.folder != name && (it.as_of, it.folder) > (day, name.clone()));
        if gives_way {
            ledger.pass_over(&name, &record)?;
        } else {
            ledger.take(&Week::of(&run), &name, &record)?;
            imported.push(name);
        }
    }
    Ok(imported)
}

/// The week of a folder of results, and the hash of its record.
fn recorded(folder: &Path) -> Option<(Week, String)> {
    let bytes = fs::read(folder.join(RECORD)).ok()?;
    let run: Run = serde_json::from_slice(&bytes).ok()?;
    Some((Week::of(&run), hash(&bytes)))
}

/// Folders in a folder, by name.
fn folders(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    // What a run that was killed left half is no result.
    folders.retain(|folder| !name(folder).starts_with(".fupan-"));
    folders.sort();
    folders
}

fn home(out: &Path) -> &Path {
    out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn name(folder: &Path) -> String {
    folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}
