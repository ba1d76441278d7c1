//! The ledger: an index over the records of runs, so that weeks are remembered without reading every folder again.
//!
//! Never a second truth: what it holds was in a `run.json`, and can be made of
//! one again. A line that did not change from one week to the next is kept once,
//! with the weeks it stood in. One file, SQLite with a rollback journal (it lies
//! on shared drives, where a write-ahead log does not work), one transaction a
//! run. Nothing here judges a week.

#![expect(clippy::disallowed_types, reason = "the one room that knows SQL")]

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::record::decided::Decided;
use crate::record::summary::{LessonLine, ProblemLine};
use crate::weeks::{Kept, KeptAction, KeptFinding, Week};

mod schema;
mod search;

pub use search::{Hit, Kind};

/// How long another run's transaction is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why a ledger cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// Another run is writing to it.
    #[error("another run is writing to it")]
    Busy,
    /// The library or the system says no.
    #[error("{0}")]
    Sql(#[source] rusqlite::Error),
    /// It cannot be set aside.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

impl From<rusqlite::Error> for LedgerError {
    fn from(error: rusqlite::Error) -> LedgerError {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => {
                LedgerError::Busy
            }
            _ => LedgerError::Sql(error),
        }
    }
}

/// Why a ledger that was there was not trusted, and where it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Distrust {
    /// A newer version of the program wrote it.
    Newer(PathBuf),
    /// It is damaged, copied while it was written, or no ledger of ours.
    Damaged(PathBuf),
}

/// One run the ledger knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Which weeks belong together: see [`series_of`].
    pub series: String,
    /// `2024-W50`.
    pub period: String,
    /// The day as of which things were late.
    pub as_of: String,
    /// Its folder, beside the ledger.
    pub folder: String,
    /// Hash of its record.
    pub record: String,
    /// How many campaigns counted.
    pub campaigns: u32,
}

/// A ledger that is open.
#[derive(Debug)]
pub struct Ledger {
    connection: Connection,
}

/// Folders whose names differ in nothing but digits hold the weeks of one series: `2024-W49` and `2024-W50`.
pub fn series_of(folder: &str) -> String {
    folder.chars().filter(|c| !c.is_ascii_digit()).collect()
}

impl Ledger {
    /// Opens a ledger, or begins one. One that cannot be trusted is set aside, and another begun.
    ///
    /// # Errors
    /// When another run holds it, or the system says no.
    pub fn open(path: &Path) -> Result<(Ledger, Option<Distrust>), LedgerError> {
        let there = path.exists();
        let found = Self::connect(path).and_then(|connection| schema::check(connection, there));
        let sound = match found {
            Ok(sound) => sound,
            Err(LedgerError::Busy) => return Err(LedgerError::Busy),
            Err(_) if there => schema::Check::Damaged,
            Err(error) => return Err(error),
        };
        let (connection, distrust) = match sound {
            schema::Check::Sound(connection) => (connection, None),
            schema::Check::Newer => {
                let aside = set_aside(path)?;
                (Self::connect(path)?, Some(Distrust::Newer(aside)))
            }
            schema::Check::Damaged => {
                let aside = set_aside(path)?;
                (Self::connect(path)?, Some(Distrust::Damaged(aside)))
            }
        };
        schema::migrate(&connection)?;
        Ok((Ledger { connection }, distrust))
    }

    /// Sets a ledger that is there aside, so that another can be begun in its place; answers with where it is now.
    ///
    /// # Errors
    /// When the system says no.
    pub fn begin_anew(path: &Path) -> Result<Option<PathBuf>, LedgerError> {
        path.exists().then(|| set_aside(path)).transpose()
    }

    /// A ledger that lives no longer than the program.
    ///
    /// # Errors
    /// When the library says no.
    pub fn in_memory() -> Result<Ledger, LedgerError> {
        let connection = Connection::open_in_memory()?;
        schema::migrate(&connection)?;
        Ok(Ledger { connection })
    }

    fn connect(path: &Path) -> Result<Connection, LedgerError> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(PATIENCE)?;
        connection.execute_batch("PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL;")?;
        Ok(connection)
    }

    /// The runs it knows, by series and period.
    ///
    /// # Errors
    /// When the library says no.
    pub fn known(&self) -> Result<Vec<Known>, LedgerError> {
        let mut statement = self.connection.prepare(
            "SELECT series, period, as_of, folder, record, campaigns FROM weeks ORDER BY series, period",
        )?;
        let rows = statement.query_map([], |row| {
            Ok(Known {
                series: row.get(0)?,
                period: row.get(1)?,
                as_of: row.get(2)?,
                folder: row.get(3)?,
                record: row.get(4)?,
                campaigns: row.get(5)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether a record was taken in once, or passed over for another of its week.
    ///
    /// # Errors
    /// When the library says no.
    pub fn has_seen(&self, folder: &str, record: &str) -> Result<bool, LedgerError> {
        let seen = self.connection.query_row(
            "SELECT 1 FROM seen WHERE folder = ? AND record = ?",
            params![folder, record],
            |_| Ok(()),
        );
        Ok(seen.optional()?.is_some())
    }

    /// Takes a run's week in, in place of what its period held before.
    ///
    /// # Errors
    /// When another run holds the ledger, or the library says no.
    pub fn take(&mut self, week: &Week, folder: &str, record: &str) -> Result<(), LedgerError> {
        let series = series_of(folder);
        let transaction =
            self.connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let old: Option<i64> = transaction
            .query_row(
                "SELECT week FROM weeks WHERE series = ? AND period = ?",
                params![series, week.period],
                |row| row.get(0),
            )
            .optional()?;
        if let Some(old) = old {
            transaction.execute("DELETE FROM stood WHERE week = ?", [old])?;
            transaction.execute("DELETE FROM weeks WHERE week = ?", [old])?;
        }
        let n = write(&transaction, week, &series, folder, record)?;
        if old.is_some() {
            forget(&transaction)?;
        }
        transaction
            .execute("INSERT OR IGNORE INTO seen (folder, record) VALUES (?, ?)", params![folder, record])?;
        transaction.execute(
            "UPDATE weeks SET lines = ? WHERE series = ? AND period = ?",
            params![n, series, week.period],
        )?;
        transaction.commit()?;
        Ok(())
    }

    /// Passes a record over: its week is held by another.
    ///
    /// # Errors
    /// When the library says no.
    pub fn pass_over(&mut self, folder: &str, record: &str) -> Result<(), LedgerError> {
        self.connection
            .execute("INSERT OR IGNORE INTO seen (folder, record) VALUES (?, ?)", params![folder, record])?;
        Ok(())
    }

    /// What had been decided by the last week before `period`, and the folder of that week.
    ///
    /// # Errors
    /// When the library says no.
    pub fn decided_before(
        &self,
        series: &str,
        period: &str,
    ) -> Result<Option<(Decided, String)>, LedgerError> {
        let mut statement = self.connection.prepare(
            "SELECT decided, folder FROM weeks WHERE series = ? AND period < ? ORDER BY period DESC LIMIT 1",
        )?;
        let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get(1)?));
        let found = statement.query_row([series, period], row).optional()?;
        Ok(found.map(|(decided, folder)| (read(&decided), folder)))
    }

    /// The weeks of a series, by period.
    ///
    /// # Errors
    /// When the library says no, or a line is none of ours.
    pub fn weeks(&self, series: &str) -> Result<Vec<Week>, LedgerError> {
        let mut statement = self.connection.prepare(
            "SELECT week, period, as_of, rules, decided FROM weeks WHERE series = ? ORDER BY period",
        )?;
        let heads = statement.query_map([series], |row| {
            let (id, period): (i64, String) = (row.get(0)?, row.get(1)?);
            let (as_of, rules, decided): (String, String, String) = (row.get(2)?, row.get(3)?, row.get(4)?);
            Ok((id, period, as_of, rules, decided))
        })?;
        let mut lines = Lines::default();
        let mut weeks = Vec::new();
        for head in heads {
            let (id, period, as_of, rules, decided) = head?;
            weeks.push(Week {
                period,
                as_of: as_of.parse().unwrap_or_default(),
                rules: rules.split_whitespace().map(str::to_owned).collect(),
                decided: read(&decided),
                campaigns: self.campaigns(id, &mut lines)?,
            });
        }
        Ok(weeks)
    }

    fn campaigns(&self, week: i64, lines: &mut Lines) -> Result<Vec<Kept>, LedgerError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT stood.campaign, stood.line, lines.kind, lines.body FROM stood JOIN lines USING (line)
             WHERE stood.week = ? ORDER BY stood.campaign, stood.n",
        )?;
        let mut rows = statement.query([week])?;
        let mut campaigns: Vec<Kept> = Vec::new();
        let mut last: Option<i64> = None;
        while let Some(row) = rows.next()? {
            let (campaign, line): (i64, i64) = (row.get(0)?, row.get(1)?);
            if last != Some(campaign) {
                campaigns.push(Kept::default());
                last = Some(campaign);
            }
            let Some(kept) = campaigns.last_mut() else { continue };
            let (kind, body) = (row.get_ref(2)?.as_str(), row.get_ref(3)?.as_str());
            let (Ok(kind), Ok(body)) = (kind, body) else { continue };
            match Kind::of(kind) {
                Some(Kind::Named) => kept.of = read(body),
                Some(Kind::Figures) => kept.figures = read(body),
                Some(Kind::Action) => kept.actions.extend(self::line(&mut lines.actions, line, body)),
                Some(Kind::Problem) => kept.problems.extend(self::line(&mut lines.problems, line, body)),
                Some(Kind::Lesson) => kept.lessons.extend(self::line(&mut lines.lessons, line, body)),
                Some(Kind::Finding) => kept.findings.extend(self::line(&mut lines.findings, line, body)),
                None => {}
            }
        }
        // As a run's record has them.
        campaigns.sort_by(|a, b| a.of.campaign.cmp(&b.of.campaign));
        Ok(campaigns)
    }
}

/// Lines that were read already: most stand in many weeks.
#[derive(Default)]
struct Lines {
    actions: HashMap<i64, Option<Arc<KeptAction>>>,
    problems: HashMap<i64, Option<Arc<ProblemLine>>>,
    lessons: HashMap<i64, Option<Arc<LessonLine>>>,
    findings: HashMap<i64, Option<Arc<KeptFinding>>>,
}

/// A line, read once; one that is none of ours is nothing.
fn line<T: DeserializeOwned>(
    known: &mut HashMap<i64, Option<Arc<T>>>,
    line: i64,
    body: &str,
) -> Option<Arc<T>> {
    known.entry(line).or_insert_with(|| serde_json::from_str(body).ok().map(Arc::new)).clone()
}

/// Writes a week's lines and says how many there are.
fn write(
    transaction: &Transaction<'_>,
    week: &Week,
    series: &str,
    folder: &str,
    record: &str,
) -> Result<u32, LedgerError> {
    let rules: Vec<&str> = week.rules.iter().map(String::as_str).collect();
    transaction.execute(
        "INSERT INTO weeks (series, period, as_of, folder, record, rules, decided, campaigns, lines)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)",
        params![
            series,
            week.period,
            week.as_of.to_string(),
            folder,
            record,
            rules.join(" "),
            json(&week.decided),
            count(week.campaigns.len())
        ],
    )?;
    let id = transaction.last_insert_rowid();
    let mut pen = Pen { transaction, week: id, lines: 0 };
    for kept in &week.campaigns {
        pen.campaign(kept)?;
    }
    Ok(pen.lines)
}

/// Writes the lines of one week.
struct Pen<'t> {
    transaction: &'t Transaction<'t>,
    week: i64,
    lines: u32,
}

impl Pen<'_> {
    fn campaign(&mut self, kept: &Kept) -> Result<(), LedgerError> {
        self.transaction
            .prepare_cached("INSERT OR IGNORE INTO campaigns (id) VALUES (?)")?
            .execute([&kept.of.campaign])?;
        let campaign: i64 = self
            .transaction
            .prepare_cached("SELECT campaign FROM campaigns WHERE id = ?")?
            .query_row([&kept.of.campaign], |row| row.get(0))?;
        let mut lines = vec![(Kind::Named, json(&kept.of), None), (Kind::Figures, json(&kept.figures), None)];
        lines.extend(kept.actions.iter().map(|it| (Kind::Action, json(&**it), None)));
        lines.extend(
            kept.problems.iter().map(|it| (Kind::Problem, json(&**it), Some(search::of_problem(it)))),
        );
        lines.extend(kept.lessons.iter().map(|it| (Kind::Lesson, json(&**it), Some(search::of_lesson(it)))));
        lines.extend(kept.findings.iter().map(|it| (Kind::Finding, json(&**it), None)));
        for (n, (kind, body, words)) in (0u32..).zip(lines) {
            let line = self.line(kind, &body, words)?;
            self.transaction
                .prepare_cached("INSERT INTO stood (week, campaign, n, line) VALUES (?, ?, ?, ?)")?
                .execute(params![self.week, campaign, n, line])?;
            self.lines += 1;
        }
        Ok(())
    }

    /// The line of a text, written where it is not there yet.
    fn line(&self, kind: Kind, body: &str, words: Option<String>) -> Result<i64, LedgerError> {
        let hash = blake3::hash(format!("{}\u{1f}{body}", kind.id()).as_bytes());
        let hash = &hash.as_bytes()[..16];
        let known: Option<i64> = self
            .transaction
            .prepare_cached("SELECT line FROM lines WHERE hash = ?")?
            .query_row([hash], |row| row.get(0))
            .optional()?;
        if let Some(known) = known {
            return Ok(known);
        }
        self.transaction
            .prepare_cached("INSERT INTO lines (kind, hash, body) VALUES (?, ?, ?)")?
            .execute(params![kind.id(), hash, body])?;
        let line = self.transaction.last_insert_rowid();
        if let Some(words) = words {
            self.transaction
                .prepare_cached("INSERT INTO texts (rowid, body) VALUES (?, ?)")?
                .execute(params![line, words])?;
        }
        Ok(line)
    }
}

/// Takes out lines that stand in no week any more.
fn forget(transaction: &Transaction<'_>) -> Result<(), LedgerError> {
    transaction.execute_batch(
        "CREATE TEMP TABLE gone AS SELECT line FROM lines WHERE line NOT IN (SELECT line FROM stood);
         DELETE FROM texts WHERE rowid IN (SELECT line FROM gone);
         DELETE FROM lines WHERE line IN (SELECT line FROM gone);
         DROP TABLE gone;",
    )?;
    Ok(())
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn read<T: DeserializeOwned + Default>(body: &str) -> T {
    serde_json::from_str(body).unwrap_or_default()
}

/// Moves a ledger, and the journal beside it, out of the way under a name that is free.
fn set_aside(path: &Path) -> Result<PathBuf, LedgerError> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let named = |n: u32| path.with_file_name(format!("{stem}.old-{n}.db"));
    let aside = (1..u32::MAX).map(named).find(|path| !path.exists()).unwrap_or_else(|| named(0));
    std::fs::rename(path, &aside)?;
    let journal = |path: &Path| PathBuf::from(format!("{}-journal", path.display()));
    if journal(path).exists() {
        std::fs::rename(journal(path), journal(&aside))?;
    }
    Ok(aside)
}

#[cfg(test)]
mod tests;
