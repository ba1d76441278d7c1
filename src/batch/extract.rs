//! The first pass alone: what each file says, as the tables of one shard.
//!
//! A shard knows nothing of other shards: copies of one campaign are put together where all of them are
//! ([`super::shards`]). It is built beside its place and moved there whole, and the same files make the same bytes,
//! so that whoever drives many machines may run a shard again whenever they are in doubt.

#![expect(
    clippy::disallowed_methods,
    reason = "a shard that is there already is looked at before it is made again"
)]

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use chrono::NaiveDate;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::data::{self, Campaigns, Shelf, Table};
use super::discover::Input;
use super::done::PARTS;
use super::input::snapshot;
use super::isolation::{Done, Job, Task, Workers};
use super::one::Settings;
use super::out::{OutError, Staging, TABLES};
use super::run::{handed, unpack};
use crate::diagnostic::{Finding, Severity};
use crate::exchange::json;
use crate::record::finding::Said;
use crate::record::run::{CopyOf, File, Outcome};
use crate::record::{SCHEMA, TOOL};
use crate::tables::{self, Whence};

/// So many files are in hand at once.
const AT_ONCE: usize = 64;

/// What a folder of tables says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Who wrote it.
    pub tool: String,
    /// Version of the program.
    pub version: String,
    /// Version of the tables.
    pub schema: u32,
    /// The day as of which things are late.
    pub as_of: NaiveDate,
    /// The shard's name; empty for shards put together.
    pub shard: String,
    /// Hash of everything it was made from.
    pub digest: String,
    /// Files that were read.
    pub read: usize,
    /// Files that could not be read.
    pub unread: usize,
    /// The worst level of their findings.
    pub worst: Option<Severity>,
    /// What was written, with its hash.
    pub outputs: BTreeMap<String, String>,
}

/// What an extraction came to.
#[derive(Debug)]
pub struct Extracted {
    /// What the shard says of itself.
    pub record: Record,
    /// It was there already, made of the same.
    pub unchanged: bool,
    /// Files that could not be read, and why.
    pub refused: Vec<(String, Finding)>,
}

/// The record of a folder of tables, where it is one.
pub fn record_of(folder: &Path) -> Option<Record> {
    serde_json::from_slice(&std::fs::read(folder.join(TABLES)).ok()?).ok()
}

/// One file, read.
struct One {
    hash: String,
    bytes: usize,
    work: Result<Done, Box<Finding>>,
}

/// The tables of a shard being written.
struct Desk<'a, 's> {
    shard: &'a str,
    settings: &'a Settings<'s>,
    campaigns: Campaigns<'a>,
    files: Table<'a, tables::File>,
    findings: Table<'a, tables::Finding>,
    edits: Table<'a, tables::Edit>,
    /// The first file of each content.
    seen: HashMap<String, String>,
    refused: Vec<(String, Finding)>,
    read: usize,
    worst: Option<Severity>,
}

/// Extracts files and containers into a folder; `progress` is called with how many are done and how many there are.
///
/// # Errors
/// When the folder cannot be written. What is wrong with a file is in the shard.
pub fn extract(
    (mut inputs, containers): (Vec<Input>, Vec<Input>),
    out: &Path,
    shard: &str,
    settings: &Settings<'_>,
    workers: &Workers<'_, '_>,
    progress: &dyn Fn(usize, usize),
) -> Result<Extracted, OutError> {
    // The order files are named in decides nothing.
    inputs.sort_by(|a, b| a.name.cmp(&b.name));
    let digest = digest(&inputs, &containers, shard, settings);
    if let Some(record) = record_of(out).filter(|record| record.digest == digest) {
        return Ok(Extracted { record, unchanged: true, refused: Vec::new() });
    }
    let staging = Staging::open(out)?;
    let (attached, unread, _) = unpack(&containers, settings, workers, &staging)?;
    inputs.extend(attached);
    let shelf = Shelf { staging: &staging, folder: "", csv: false };
    let mut desk = Desk {
        shard,
        settings,
        campaigns: Campaigns::begin(&shelf)?,
        files: shelf.begin()?,
        findings: shelf.begin()?,
        edits: shelf.begin()?,
        seen: HashMap::new(),
        refused: Vec::new(),
        read: 0,
        worst: None,
    };
    let total = inputs.len() + unread.len();
    for (at, some) in inputs.chunks(AT_ONCE).enumerate() {
        let worked: Vec<One> = some.par_iter().map(|input| one(input, settings, workers)).collect();
        for (input, one) in some.iter().zip(worked) {
            desk.add(input, one)?;
        }
        progress((at * AT_ONCE + some.len()).min(total), total);
    }
    for (input, finding) in unread {
        desk.add(&input, One { hash: String::new(), bytes: 0, work: Err(finding) })?;
    }
    let Desk { campaigns, files, findings, edits, refused, read, worst, .. } = desk;
    campaigns.end()?;
    files.end()?;
    findings.end()?;
    edits.end()?;
    shelf.write::<tables::Roster>([])?;
    shelf.write::<tables::Conflict>([])?;
    shelf.explain(settings.lang)?;
    let record = Record {
        tool: TOOL.into(),
        version: env!("CARGO_PKG_VERSION").into(),
        schema: SCHEMA,
        as_of: settings.as_of,
        shard: shard.to_owned(),
        digest,
        read,
        unread: refused.len(),
        worst,
        outputs: staging.written(),
    };
    close(staging, &record)?;
    Ok(Extracted { record, unchanged: false, refused })
}

/// Writes what a folder of tables says of itself, and moves the folder into place.
pub(super) fn close(staging: Staging, record: &Record) -> Result<(), OutError> {
    if staging.path(PARTS).exists() {
        staging.remove(PARTS)?;
    }
    let text = serde_json::to_string_pretty(record).unwrap_or_default() + "\n";
    staging.write(TABLES, text.as_bytes())?;
    staging.commit()
}

/// Everything a shard is made from.
fn digest(inputs: &[Input], containers: &[Input], shard: &str, settings: &Settings<'_>) -> String {
    let mut hash = blake3::Hasher::new();
    let with = (env!("CARGO_PKG_VERSION"), SCHEMA, shard, settings.as_of, settings.lang, settings.policy);
    hash.update(format!("{with:?}").as_bytes());
    for input in inputs.iter().chain(containers) {
        hash.update(input.name.as_bytes());
        // What cannot be opened now is looked at again next time.
        let content = std::fs::File::open(&input.path).and_then(|file| {
            let mut content = blake3::Hasher::new();
            content.update_reader(file)?;
            Ok(content.finalize())
        });
        hash.update(content.map(|content| *content.as_bytes()).unwrap_or_default().as_slice());
    }
    hash.finalize().to_hex().to_string()
}

fn one(input: &Input, settings: &Settings<'_>, workers: &Workers<'_, '_>) -> One {
    let bytes = match snapshot(&input.path, &settings.limits) {
        Ok(bytes) => bytes,
        Err(finding) => return One { hash: String::new(), bytes: 0, work: Err(finding) },
    };
    let job = Job { edits: true, ..Job::new(Task::Extract, input.name.clone()) };
    let work = workers.work(&job, &bytes);
    One { hash: blake3::hash(&bytes).to_hex().to_string(), bytes: bytes.len(), work }
}

impl Desk<'_, '_> {
    fn add(&mut self, input: &Input, one: One) -> Result<(), OutError> {
        let as_of = self.settings.as_of;
        let shard = self.shard;
        let worded = |finding: &Finding| json::finding(finding, self.settings.lang);
        let mut record = File { file: input.name.clone(), ..File::default() };
        (record.blake3, record.bytes, record.origin) = (one.hash, one.bytes, input.origin.clone());
        let done = match one.work {
            Ok(done) => done,
            Err(finding) => {
                record.outcome = Outcome::Refused;
                record.finding = Some(Box::new(worded(&finding)));
                let whence = Whence { shard, as_of, file_hash: &record.blake3, campaign: "" };
                self.findings.add(&tables::finding(&whence, &input.name, &worded(&finding)))?;
                self.refused.push((input.name.clone(), *finding));
                return self.files.add(&data::file(&whence, &record));
            }
        };
        let Some(entry) = done.entry else { return Ok(()) };
        let whence = Whence { shard, as_of, file_hash: &record.blake3, campaign: &entry.campaign };
        if let Some(first) = self.seen.get(&record.blake3) {
            let row = data::identical(as_of, &input.name, &record.blake3);
            let row = tables::File { shard: shard.to_owned(), inside: first.clone(), ..row };
            return self.files.add(&row);
        }
        self.seen.insert(record.blake3.clone(), input.name.clone());
        self.read += 1;
        record.copy = Some(CopyOf {
            campaign: entry.campaign.clone(),
            digest: done.copy.digest.clone(),
            generation: done.copy.generation,
            issued: done.owing.issued,
            version: done.copy.version,
            by: done.copy.by.clone(),
            at: done.copy.at.clone(),
            open: done.copy.open,
        });
        let said: Said = serde_json::from_slice(&done.said).unwrap_or_default();
        self.worst = self.worst.max(said.findings.iter().map(|finding| finding.severity).max());
        for finding in &said.findings {
            self.findings.add(&tables::finding(&whence, &input.name, finding))?;
        }
        let handed = handed(&input.name, input.origin.as_ref(), &done.copy);
        for edit in data::edits(&whence, &done.edits, &done.copy.digest, &handed) {
            self.edits.add(&edit)?;
        }
        self.campaigns.add(&tables::lines(&whence, &entry))?;
        record.campaign = Some(*entry.clone());
        self.files.add(&data::file(&whence, &record))
    }
}
