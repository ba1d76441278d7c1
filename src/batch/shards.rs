//! Shards put together: campaigns whose copies lie in several places are settled from their edits, the others are
//! taken as they are. What comes out is what one batch over all files would say.

#![expect(clippy::disallowed_methods, reason = "shards are read here")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use rayon::prelude::*;

use super::data::{Campaigns, Shelf};
use super::extract::{Record, close, record_of};
use super::findings::INTERNAL_ERROR;
use super::isolation::{Job, Task, Workers};
use super::merge::IssuedAs;
use super::one::Settings;
use super::out::{OutError, Staging};
use crate::diagnostic::Finding;
use crate::merge::Account;
use crate::record::finding::Said;
use crate::record::merge::Merge;
use crate::record::{SCHEMA, TOOL};
use crate::tables::{self, Lines, Read, ReadError, Row, Whence};

/// Edits of so many campaigns are held at once.
const AT_ONCE: usize = 500;

/// What putting shards together came to.
#[derive(Debug)]
pub struct United {
    /// Campaigns.
    pub campaigns: usize,
    /// Those that came in several copies.
    pub settled: usize,
    /// What copies say differently and nobody has decided.
    pub pending: usize,
    /// Campaigns that could not be settled, and why.
    pub failed: Vec<(String, Finding)>,
}

/// Why shards could not be put together.
#[derive(Debug, thiserror::Error)]
pub enum ShardError {
    /// A folder that is no shard.
    #[error("{0}: no shard")]
    NoShard(PathBuf),
    /// Shards that were extracted as of different days.
    #[error("{0} and {1}")]
    Days(NaiveDate, NaiveDate),
    /// A table cannot be read.
    #[error("{path}: {source}")]
    Table {
        /// The table.
        path: PathBuf,
        /// Why.
        source: ReadError,
    },
    /// Results cannot be written.
    #[error(transparent)]
    Out(#[from] OutError),
}

/// The day shards were extracted as of.
///
/// # Errors
/// When one is none, or they were extracted as of different days.
pub fn day_of(shards: &[PathBuf]) -> Result<NaiveDate, ShardError> {
    let mut day = None;
    for shard in shards {
        let record = record_of(shard).ok_or_else(|| ShardError::NoShard(shard.clone()))?;
        let day = *day.get_or_insert(record.as_of);
        if record.as_of != day {
            return Err(ShardError::Days(day, record.as_of));
        }
    }
    day.ok_or_else(|| ShardError::NoShard(PathBuf::new()))
}

fn table<R: Row>(shard: &Path) -> Result<impl Iterator<Item = Result<R, ShardError>>, ShardError> {
    let path = shard.join(format!("{}.parquet", R::TABLE));
    let broken = |source| ShardError::Table { path: path.clone(), source };
    let file = File::open(&path).map_err(|error| broken(ReadError::Parquet(error.into())))?;
    let rows: Read<R> = tables::read(file).map_err(broken)?;
    Ok(rows.map(move |row| row.map_err(|source| ShardError::Table { path: path.clone(), source })))
}

/// One campaign over all shards.
#[derive(Debug, Default)]
struct Campaign {
    issued: IssuedAs,
    /// Its distinct contents, each with the first shard it lies in.
    copies: BTreeMap<String, usize>,
    /// Some copy holds what several said.
    has_questions: bool,
}

impl Campaign {
    fn is_settled(&self) -> bool {
        self.copies.len() > 1 || self.has_questions
    }
}

/// Puts shards together into a folder.
///
/// # Errors
/// When a shard cannot be read, or the folder not written.
pub fn unite(
    shards: &[PathBuf],
    out: &Path,
    settings: &Settings<'_>,
    workers: &Workers<'_, '_>,
) -> Result<United, ShardError> {
    let as_of = day_of(shards)?;
    let staging = Staging::open(out)?;
    let shelf = Shelf::of_run(&staging);
    let (campaigns, files) = campaigns(shards)?;
    let mut known = alone(shards, &campaigns)?;
    let (mut merges, mut failed, mut said) = (Vec::new(), Vec::new(), BTreeMap::new());
    let several: Vec<&String> =
        campaigns.iter().filter(|(_, one)| one.is_settled()).map(|(campaign, _)| campaign).collect();
    for some in several.chunks(AT_ONCE) {
        let unions = unions(shards, &some.iter().map(|campaign| campaign.as_str()).collect())?;
        let worked: Vec<_> = unions
            .into_par_iter()
            .map(|(campaign, told)| {
                let issued = campaigns.get(&campaign).map(|one| one.issued.clone()).unwrap_or_default();
                let done = settle(&campaign, &told, issued, settings, workers);
                (campaign, done)
            })
            .collect();
        for (campaign, done) in worked {
            match done {
                Ok((lines, merge, told)) => {
                    known.insert(campaign.clone(), lines);
                    merges.push(merge);
                    said.insert(campaign, told);
                }
                Err(finding) => failed.push((campaign, *finding)),
            }
        }
    }
    tables::tell_same(&mut known, settings.policy);
    let mut written = Campaigns::begin(&shelf)?;
    known.values().try_for_each(|lines| written.add(lines))?;
    written.end()?;
    shelf.write(merges.iter().flat_map(|merge| tables::conflicts(as_of, merge)))?;
    shelf.write::<tables::Roster>([])?;
    shelf.write(files)?;
    findings(shards, &campaigns, &said, as_of, &shelf)?;
    copied::<tables::Edit>(shards, &shelf)?;
    shelf.explain(settings.lang)?;
    let record = Record {
        tool: TOOL.into(),
        version: env!("CARGO_PKG_VERSION").into(),
        schema: SCHEMA,
        as_of,
        shard: String::new(),
        digest: String::new(),
        read: known.len(),
        unread: failed.len(),
        worst: None,
        outputs: staging.written(),
    };
    close(staging, &record)?;
    let pending = merges.iter().map(|merge| merge.pending.len()).sum();
    Ok(United { campaigns: known.len(), settled: merges.len(), pending, failed })
}

/// Campaigns by id, and every file once.
fn campaigns(shards: &[PathBuf]) -> Result<(BTreeMap<String, Campaign>, Vec<tables::File>), ShardError> {
    let mut campaigns: BTreeMap<String, Campaign> = BTreeMap::new();
    let mut files = Vec::new();
    for (at, shard) in shards.iter().enumerate() {
        for row in table::<tables::File>(shard)? {
            let row = row?;
            if !row.campaign.is_empty() {
                let one = campaigns.entry(row.campaign.clone()).or_default();
                one.copies.entry(row.file_hash.clone()).or_insert(at);
                one.has_questions |= row.has_questions == Some(true);
                // Of copies of several templates the same one, whatever the order.
                if one.issued.template < row.template {
                    one.issued.template.clone_from(&row.template);
                }
                if one.issued.name < row.name {
                    one.issued.name.clone_from(&row.name);
                }
            }
            files.push(row);
        }
    }
    files.sort_by(|a, b| (&a.file, &a.file_hash, &a.shard).cmp(&(&b.file, &b.file_hash, &b.shard)));
    files.dedup_by(|a, b| (&a.file, &a.file_hash) == (&b.file, &b.file_hash));
    Ok((campaigns, files))
}

/// What campaigns that came once say.
fn alone(
    shards: &[PathBuf],
    campaigns: &BTreeMap<String, Campaign>,
) -> Result<BTreeMap<String, Lines>, ShardError> {
    let mut known: BTreeMap<String, Lines> = BTreeMap::new();
    for (at, shard) in shards.iter().enumerate() {
        let is_here = |campaign: &str, hash: &str| {
            campaigns.get(campaign).is_some_and(|one| !one.is_settled() && one.copies.get(hash) == Some(&at))
        };
        macro_rules! take {
            ($row:ident, $put:expr) => {
                for row in table::<tables::$row>(shard)? {
                    let mut row = row?;
                    if is_here(&row.campaign, &row.file_hash) {
                        row.shard = String::new();
                        let put: fn(&mut Lines, tables::$row) = $put;
                        put(known.entry(row.campaign.clone()).or_default(), row);
                    }
                }
            };
        }
        take!(Campaign, |lines, row| lines.campaign = row);
        take!(Goal, |lines, row| lines.goals.push(row));
        take!(Channel, |lines, row| lines.channels.push(row));
        take!(Budget, |lines, row| lines.budget.push(row));
        take!(Action, |lines, row| lines.actions.push(row));
        take!(Problem, |lines, row| lines.problems.push(row));
        take!(Experience, |lines, row| lines.experience.push(row));
    }
    Ok(known)
}

/// Everything that is known of some campaigns.
fn unions(shards: &[PathBuf], wanted: &BTreeSet<&str>) -> Result<BTreeMap<String, Account>, ShardError> {
    let mut unions: BTreeMap<String, Account> =
        wanted.iter().map(|it| ((*it).to_owned(), Account::default())).collect();
    for shard in shards {
        for row in table::<tables::Edit>(shard)? {
            let row = row?;
            let Some(told) = unions.get_mut(&row.campaign) else { continue };
            told.order.extend(tables::position_of(&row));
            match tables::computed_of(&row) {
                Some(computed) => told.computed.push(computed),
                None => told.union.join(tables::union(std::iter::once(row))),
            }
        }
    }
    // Copies of one content say the same in every shard, and what was told first depends on their order.
    for told in unions.values_mut() {
        told.computed.sort();
        told.computed.dedup();
        told.order.sort();
        told.order.dedup();
    }
    Ok(unions)
}

fn settle(
    campaign: &str,
    told: &Account,
    issued: IssuedAs,
    settings: &Settings<'_>,
    workers: &Workers<'_, '_>,
) -> Result<(Lines, Merge, Said), Box<Finding>> {
    let packed = serde_json::to_vec(told).unwrap_or_default();
    let by_hand = issued.template.is_empty();
    let done = workers.work(&Job { issued, ..Job::new(Task::Unite, campaign) }, &packed)?;
    let mut entry = done.entry.ok_or_else(|| Box::new(Finding::new(&INTERNAL_ERROR)))?;
    campaign.clone_into(&mut entry.campaign);
    if by_hand {
        entry.template = None;
    }
    let whence = Whence { shard: "", as_of: settings.as_of, file_hash: "", campaign };
    let merge = done.merge.map(|(merge, _)| *merge).unwrap_or_default();
    Ok((tables::lines(&whence, &entry), merge, serde_json::from_slice(&done.said).unwrap_or_default()))
}

/// What is to be said of the campaigns, once each however many copies say it: of those that were settled what is said
/// of what they come to, beside the cell of a copy that shows it; of the others what their one content says.
fn findings(
    shards: &[PathBuf],
    campaigns: &BTreeMap<String, Campaign>,
    said: &BTreeMap<String, Said>,
    as_of: NaiveDate,
    shelf: &Shelf<'_>,
) -> Result<(), ShardError> {
    let mut written = shelf.begin::<tables::Finding>()?;
    // Where copies show it, by campaign, code and what it goes by; of several the first by name.
    let mut shown: BTreeMap<(String, String, String), tables::Finding> = BTreeMap::new();
    for (at, shard) in shards.iter().enumerate() {
        for row in table::<tables::Finding>(shard)? {
            let mut row = row?;
            row.shard = String::new();
            match campaigns.get(&row.campaign) {
                Some(_) if said.contains_key(&row.campaign) => {
                    let key = (row.campaign.clone(), row.code.clone(), row.fingerprint.clone());
                    let first = shown.get(&key).is_none_or(|known| row.file < known.file);
                    if first {
                        shown.insert(key, row);
                    }
                }
                Some(one) if one.copies.get(&row.file_hash).is_some_and(|first| *first != at) => {}
                _ => written.add(&row)?,
            }
        }
    }
    for (campaign, said) in said {
        for finding in &said.findings {
            let whence = Whence { shard: "", as_of, file_hash: "", campaign };
            let mut row = tables::Finding { place: String::new(), ..tables::finding(&whence, "", finding) };
            let key = (campaign.clone(), row.code.clone(), row.fingerprint.clone());
            if let Some(known) = shown.get(&key) {
                (row.file, row.file_hash) = (known.file.clone(), known.file_hash.clone());
                row.place.clone_from(&known.place);
            }
            written.add(&row)?;
        }
    }
    Ok(written.end()?)
}

/// A table as all shards have it, a row after another.
fn copied<R: Row>(shards: &[PathBuf], shelf: &Shelf<'_>) -> Result<(), ShardError> {
    let mut written = shelf.begin::<R>()?;
    for shard in shards {
        for row in table::<R>(shard)? {
            written.add(&row?)?;
        }
    }
    Ok(written.end()?)
}
