//! The ledger's tables, their versions, and whether a file can be trusted to hold them.

use rusqlite::Connection;

use super::LedgerError;

/// Marks a file as a ledger of ours: `fupn`.
const APPLICATION: i32 = 0x6675_706e;

/// Steps from one version of the tables to the next; as many as there are is the version.
const STEPS: &[&str] = &["
    CREATE TABLE weeks (
        week INTEGER PRIMARY KEY,
        series TEXT NOT NULL,
        period TEXT NOT NULL,
        as_of TEXT NOT NULL,
        folder TEXT NOT NULL,
        record TEXT NOT NULL,
        rules TEXT NOT NULL,
        campaigns INTEGER NOT NULL,
        lines INTEGER NOT NULL,
        UNIQUE (series, period)
    );
    CREATE TABLE seen (folder TEXT NOT NULL, record TEXT NOT NULL, PRIMARY KEY (folder, record)) WITHOUT ROWID;
    CREATE TABLE campaigns (campaign INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
    CREATE TABLE lines (
        line INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        hash BLOB NOT NULL UNIQUE,
        body TEXT NOT NULL
    );
    CREATE TABLE stood (
        week INTEGER NOT NULL,
        campaign INTEGER NOT NULL,
        n INTEGER NOT NULL,
        line INTEGER NOT NULL,
        PRIMARY KEY (week, campaign, n)
    ) WITHOUT ROWID;
    CREATE INDEX stood_line ON stood (line);
    CREATE VIRTUAL TABLE texts USING fts5 (body, content = '', contentless_delete = 1, tokenize = 'unicode61');
", "
    ALTER TABLE weeks ADD COLUMN decided TEXT NOT NULL DEFAULT '';
"];

/// What a file that is there turned out to be.
#[derive(Debug)]
pub(super) enum Check {
    /// A ledger, or a file that is to become one.
    Sound(Connection),
    /// One of a version that is not known yet.
    Newer,
    /// Anything else.
    Damaged,
}

/// Looks at a file before anything in it is believed: its pages, its version, and whether every week is whole.
pub(super) fn check(connection: Connection, there: bool) -> Result<Check, LedgerError> {
    if !there {
        return Ok(Check::Sound(connection));
    }
    let number = |name: &str| -> Result<i64, LedgerError> {
        Ok(connection.pragma_query_value(None, name, |row| row.get(0))?)
    };
    let (application, version) = (number("application_id")?, number("user_version")?);
    if application == 0 && version == 0 {
        let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
        return Ok(if tables == 0 { Check::Sound(connection) } else { Check::Damaged });
    }
    if application != i64::from(APPLICATION) {
        return Ok(Check::Damaged);
    }
    if version > STEPS.len() as i64 {
        return Ok(Check::Newer);
    }
    let sound: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if sound != "ok" || (version == STEPS.len() as i64 && !is_whole(&connection)?) {
        return Ok(Check::Damaged);
    }
    Ok(Check::Sound(connection))
}

/// Whether every week has as many lines as it was written with, and every line its text.
fn is_whole(connection: &Connection) -> Result<bool, LedgerError> {
    let torn: i64 = connection.query_row(
        "SELECT count(*) FROM weeks WHERE lines <>
            (SELECT count(*) FROM stood JOIN lines USING (line) WHERE stood.week = weeks.week)",
        [],
        |row| row.get(0),
    )?;
    Ok(torn == 0)
}

/// Brings the tables to the newest version.
pub(super) fn migrate(connection: &Connection) -> Result<(), LedgerError> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    for (n, step) in STEPS.iter().enumerate().skip(usize::try_from(version).unwrap_or(0)) {
        connection.execute_batch(&format!(
            "BEGIN IMMEDIATE; {step} PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {}; COMMIT;",
            n + 1
        ))?;
    }
    Ok(())
}
