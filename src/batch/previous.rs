//! What stands in the output folder before it is replaced: decisions of earlier runs, what people typed into
//! outputs, and files that are theirs.

#![expect(clippy::disallowed_methods, reason = "records of earlier runs are read where results lie")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use walkdir::WalkDir;

use super::carried;
use super::out::{OutError, RECORD, Staging};
use super::paper::Paper;
use crate::asked::Answer;
use crate::catalogue::Catalogue;
use crate::merge::Decision;
use crate::portfolio::decided;
use crate::portfolio::memo::PORTFOLIO;
use crate::record::decided::Decides;
use crate::record::run::Run;
use crate::xlsx::graft::named_sheets;
use crate::xlsx::guard::Limits;
use crate::xlsx::read::{ReadOptions, read_with};

/// Where outputs that people changed are kept by the next run.
pub const CHANGED: &str = "上次改过";

/// What an earlier run left, and what people made of it.
#[derive(Debug, Default)]
pub struct Previous {
    /// Its record, where it can be read.
    pub run: Option<Run>,
    /// Answers: those it obeyed, and those typed since.
    pub answers: Vec<Answer>,
    /// What was decided on the portfolio's pages since it was written.
    pub decided: Vec<Decides>,
    /// Workbooks of campaigns somebody typed into, in its place or kept from a run before: name below the folder, path.
    pub typed: Vec<(String, PathBuf)>,
    /// Whether every output is there.
    pub whole: bool,
    /// Outputs that were changed since: name below the folder, path.
    pub changed: Vec<(String, PathBuf)>,
    /// Files that are none of a run's.
    pub foreign: Vec<(String, PathBuf)>,
}

/// What people wrote on the pages of a portfolio since it was written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Written {
    /// What they decided.
    pub decided: Vec<Decides>,
    /// Their answers to what copies say differently.
    pub answers: Vec<Answer>,
}

/// Looks at an earlier output folder; nothing where there is none.
pub fn previous(folder: &Path, catalogue: &Catalogue, limits: &Limits) -> Previous {
    let mut previous = Previous::default();
    let text = fs::read(folder.join(RECORD)).unwrap_or_default();
    previous.run = serde_json::from_slice(&text).ok();
    let Some(run) = &previous.run else { return previous };
    previous.answers.extend(settled(run));
    let known = outputs(run);
    previous.whole = known.keys().all(|name| folder.join(name).is_file());
    for entry in WalkDir::new(folder).sort_by_file_name().into_iter().flatten() {
        if !entry.file_type().is_file() {
            continue;
        }
        let below = entry.path().strip_prefix(folder).unwrap_or(entry.path());
        let parts: Vec<_> = below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        let name = parts.join("/");
        if name == RECORD {
            continue;
        }
        match known.get(&name) {
            None => {
                // What was typed into an earlier output lives nowhere else, and is a copy like any other.
                if name.starts_with(&format!("{CHANGED}/活动-")) {
                    previous.typed.push((name.clone(), entry.path().to_owned()));
                }
                previous.foreign.push((name, entry.path().to_owned()));
            }
            Some(hash) if hash.is_empty() => {}
            Some(hash) => {
                if hash_of(entry.path()).is_ok_and(|now| now == *hash) {
                    continue;
                }
                let Ok(bytes) = fs::read(entry.path()) else { continue };
                previous.answers.extend(answers(&bytes, &name, catalogue, limits));
                if name == PORTFOLIO {
                    previous.decided = decided_on(&bytes, catalogue, limits);
                }
                if name.starts_with("活动/") && !is_report(&name) {
                    previous.typed.push((name.clone(), entry.path().to_owned()));
                }
                previous.changed.push((name, entry.path().to_owned()));
            }
        }
    }
    previous
}

/// Answers a run obeyed.
pub fn settled(run: &Run) -> Vec<Answer> {
    let mut answers = Vec::new();
    for merge in &run.head.merges {
        for settled in &merge.settled {
            if let Ok(decision) = serde_json::from_str::<Decision>(&settled.decision) {
                answers.push(Answer { campaign: merge.campaign.clone(), decision });
            }
        }
    }
    answers
}

/// The hash of a file, which need not fit into memory for that.
fn hash_of(path: &Path) -> std::io::Result<String> {
    let mut hash = blake3::Hasher::new();
    hash.update_reader(fs::File::open(path)?)?;
    Ok(hash.finalize().to_hex().to_string())
}

/// Whether an output is a report, which holds nothing anybody fills in.
fn is_report(name: &str) -> bool {
    Paper::ALL.iter().any(|paper| name.ends_with(&format!(".{}", paper.extension())))
}

/// What a run wrote: name and hash; an earlier version did not write down hashes.
fn outputs(run: &Run) -> BTreeMap<String, String> {
    if !run.head.outputs.is_empty() {
        return run.head.outputs.clone();
    }
    let mut names = BTreeMap::from([("汇总.xlsx".to_owned(), String::new())]);
    for file in &run.files {
        let outputs = file
            .report
            .iter()
            .chain(&file.slides)
            .chain(file.campaign.iter().map(|campaign| &campaign.output));
        names.extend(outputs.map(|name| (name.clone(), String::new())));
    }
    names
}

/// What was decided on the pages of a portfolio since it was written.
fn decided_on(bytes: &[u8], catalogue: &Catalogue, limits: &Limits) -> Vec<Decides> {
    let read = read_with(bytes, limits, &ReadOptions::default());
    read.map(|workbook| decided::read(&workbook, catalogue)).unwrap_or_default()
}

/// Everything people wrote on a portfolio since it was written.
pub fn written_on(bytes: &[u8], name: &str, catalogue: &Catalogue, limits: &Limits) -> Written {
    Written {
        decided: decided_on(bytes, catalogue, limits),
        answers: answers(bytes, name, catalogue, limits),
    }
}

/// What people wrote on the portfolio in a folder of results since it was written; `None` where there is none.
pub fn written_in(folder: &Path, catalogue: &Catalogue, limits: &Limits) -> Option<Written> {
    let record = fs::read(folder.join(RECORD)).ok()?;
    let bytes = fs::read(folder.join(PORTFOLIO)).ok()?;
    // A record is long, and this is all that is wanted of it: whether somebody saved the portfolio since.
    let as_written = format!("\"{PORTFOLIO}\":\"{}\"", blake3::hash(&bytes).to_hex());
    if memchr::memmem::find(&record, as_written.as_bytes()).is_some() {
        return Some(Written::default());
    }
    Some(written_on(&bytes, PORTFOLIO, catalogue, limits))
}

/// Answers to questions on the sheets of an output.
pub fn answers(bytes: &[u8], name: &str, catalogue: &Catalogue, limits: &Limits) -> Vec<Answer> {
    // The portfolio is ours from end to end; of a team's workbook only our sheets are looked at.
    let generated = named_sheets(bytes).ok().flatten();
    let Ok(mut workbook) = read_with(bytes, limits, &ReadOptions::default()) else { return Vec::new() };
    let all = || workbook.sheets.iter().map(|sheet| sheet.name.to_string()).collect();
    let mut names = generated.filter(|names| !names.is_empty()).unwrap_or_else(all);
    let kept = carried::among(&mut names);
    let kept: Vec<String> = kept.into_iter().filter(|name| !name.starts_with(carried::SHEET)).collect();
    carried::take(&mut workbook, &kept, catalogue, name).answers
}

/// Carries over what is people's: their own files where they were, changed outputs beside the new ones.
///
/// # Errors
/// When the system says no; nothing is replaced then.
pub fn carry(previous: &Previous, staging: &Staging) -> Result<(), OutError> {
    for (name, path) in &previous.foreign {
        if !staging.path(name).exists() {
            staging.copy(path, name)?;
        }
    }
    for (name, path) in &previous.changed {
        let name = name.replace('/', "-");
        let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, ""));
        let numbered = (1..).map(|n| match n {
            1 => format!("{CHANGED}/{name}"),
            n => format!("{CHANGED}/{stem}-{n}.{extension}"),
        });
        if let Some(free) = numbered.into_iter().find(|name| !staging.path(name).exists()) {
            staging.copy(path, &free)?;
        }
    }
    Ok(())
}
