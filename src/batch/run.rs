//! One run over a folder.

#![expect(clippy::disallowed_methods, reason = "pieces of this run wait in its staging folder")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rayon::prelude::*;
use serde_json::{Map, Value, json};

use super::discover::{Input, Skipped, discover};
use super::findings::{INTERNAL_ERROR, LOCK_FILE, SAME_CAMPAIGN_TWICE};
use super::input::snapshot;
use super::isolation::{Job, Task, Workers};
use super::one::Settings;
use super::out::{OutError, RECORD, RECORD_HEAD, Staging, safe_name};
use crate::diagnostic::{Arg, Finding, Severity};
use crate::exchange::baseline::{self, Baseline, Past};
use crate::exchange::json::{self, SCHEMA};
use crate::portfolio::{Entry, Portfolio, Refused, compare, pages};
use crate::review::level;
use crate::xlsx::write::{WriteOptions, write};

/// What a run came to.
#[derive(Debug)]
pub struct Outcome {
    /// Everything side by side.
    pub portfolio: Portfolio,
    /// Files passed over.
    pub skipped: Vec<Skipped>,
    /// Findings by level, over the campaigns that count and between them.
    pub counts: BTreeMap<Severity, usize>,
    /// Files that were input.
    pub inputs: usize,
    /// The findings against an earlier run's, where one was given.
    pub compared: Option<Against>,
}

/// The findings of the campaigns that count against those of an earlier run.
#[derive(Debug, Default)]
pub struct Against {
    /// New, or grown by a cell.
    pub new: usize,
    /// There before and there now.
    pub still: usize,
    /// There before and gone.
    pub fixed: usize,
    /// The worst level of what is new.
    pub worst: Option<Severity>,
}

/// Why a run came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The folder cannot be listed.
    #[error("{0}")]
    Folder(#[source] std::io::Error),
    /// Results cannot be written.
    #[error(transparent)]
    Out(#[from] OutError),
    /// The portfolio could not be built: a fault of this program.
    #[error("the portfolio could not be built: {0}")]
    Portfolio(String),
}

/// What became of one file.
struct Done {
    /// Number of its finished pieces.
    index: usize,
    input: Input,
    hash: String,
    bytes: usize,
    result: Result<Box<Entry>, Box<Finding>>,
    /// Why there is no enriched workbook though the file was read.
    not_enriched: Option<Box<Finding>>,
    /// The Word report, where one was asked for and there is something to report.
    report: Option<String>,
    /// Why there is none though there is something to report.
    not_reported: Option<Box<Finding>>,
}

/// Runs over a folder; `earlier` is a run before to compare with, `progress` is called after each file with how many are done and how many there are.
///
/// # Errors
/// When the folder cannot be listed or the results cannot be written. What is wrong with a file is in the outcome.
pub fn run(
    folder: &Path,
    out: &Path,
    settings: &Settings<'_>,
    workers: &Workers<'_, '_>,
    earlier: Option<&Baseline>,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Outcome, RunError> {
    let found = discover(folder, Some(out)).map_err(RunError::Folder)?;
    let staging = Staging::open(out)?;
    let total = found.inputs.len();
    let names_of_inputs: Vec<String> = found.inputs.iter().map(|input| input.name.clone()).collect();
    let count = std::sync::atomic::AtomicUsize::new(0);
    let done: Result<Vec<Done>, OutError> = found
        .inputs
        .into_par_iter()
        .enumerate()
        .map(|(index, input)| {
            let done = file(index, input, settings, workers, &staging);
            progress(count.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1, total);
            done
        })
        .collect();
    let mut done = done?;
    let identical = drop_identical(&mut done, &staging)?;
    let names = name_outputs(&mut done, &staging)?;
    let mut portfolio = fold(&done, identical, settings);
    portfolio.settle_copies();
    portfolio.find_recurrences(settings.policy);
    let campaigns = earlier.map(Baseline::campaigns).unwrap_or_default();
    let mut across = compare::compare(&portfolio, &campaigns);
    across.extend(found.skipped.iter().filter_map(|skipped| locked(skipped, &names_of_inputs)));
    (portfolio.findings, portfolio.silenced) = level(across, settings.policy);
    portfolio.tell_names_apart();
    let pages = pages::lay_out(&portfolio, settings.lang);
    let options = WriteOptions {
        lang: settings.lang,
        title: names.portfolio.clone(),
        properties: vec![("fupan.portfolio".into(), SCHEMA.to_string())],
    };
    let written = write(&pages, &options).map_err(|error| RunError::Portfolio(error.to_string()))?;
    staging.write(&names.portfolio, &written.package)?;
    record(&done, &portfolio, &found.skipped, settings, &staging)?;
    let compared = earlier.map(|earlier| against(earlier, &done, &portfolio, &staging));
    if staging.path(PARTS).exists() {
        staging.remove(PARTS)?;
    }
    staging.commit()?;
    let mut counts = BTreeMap::new();
    for line in portfolio.counted().flat_map(|entry| &entry.findings) {
        *counts.entry(line.severity).or_default() += line.findings;
    }
    for finding in &portfolio.findings {
        *counts.entry(finding.severity).or_default() += 1;
    }
    Ok(Outcome { portfolio, skipped: found.skipped, counts, inputs: total, compared })
}

/// Where finished pieces wait for their names.
const PARTS: &str = ".parts";

/// Reads, judges and enriches one file. Whatever goes wrong in it stays in it.
fn file(
    index: usize,
    input: Input,
    settings: &Settings<'_>,
    workers: &Workers<'_, '_>,
    staging: &Staging,
) -> Result<Done, OutError> {
    let mut done = Done {
        index,
        hash: String::new(),
        bytes: 0,
        result: Err(Box::new(Finding::new(&INTERNAL_ERROR))),
        not_enriched: None,
        report: None,
        not_reported: None,
        input,
    };
    let bytes = match snapshot(&done.input.path, &settings.limits) {
        Ok(bytes) => bytes,
        Err(finding) => {
            done.result = Err(finding);
            return Ok(done);
        }
    };
    done.hash = blake3::hash(&bytes).to_hex().to_string();
    done.bytes = bytes.len();
    match workers.work(&Job { task: Task::Batch, name: done.input.name.clone() }, &bytes) {
        Err(finding) => done.result = Err(finding),
        Ok(work) => {
            let Some(entry) = work.entry else { return Ok(done) };
            staging.write(&said_part(index), &work.said)?;
            if let Some(package) = work.package {
                staging.write(&part(index), &package)?;
            }
            if let Some(package) = work.report {
                staging.write(&report_part(index), &package)?;
                done.report = Some(report_part(index));
            }
            done.not_enriched = work.not_enriched;
            done.not_reported = work.not_reported;
            done.result = Ok(Box::new(Entry { output: part(index), ..*entry }));
        }
    }
    Ok(done)
}

fn part(index: usize) -> String {
    format!("{PARTS}/{index:06}.xlsx")
}

fn report_part(index: usize) -> String {
    format!("{PARTS}/{index:06}.docx")
}

/// Of files with the same bytes, the first by name counts.
fn drop_identical(done: &mut Vec<Done>, staging: &Staging) -> Result<Vec<(String, String)>, OutError> {
    let mut first: BTreeMap<String, String> = BTreeMap::new();
    let mut identical = Vec::new();
    let mut kept = Vec::new();
    for one in std::mem::take(done) {
        let Ok(entry) = &one.result else {
            kept.push(one);
            continue;
        };
        match first.get(&one.hash) {
            Some(counts) => {
                for output in [Some(&entry.output), one.report.as_ref()].into_iter().flatten() {
                    if staging.path(output).exists() {
                        staging.remove(output)?;
                    }
                }
                identical.push((one.input.name, counts.clone()));
            }
            None => {
                first.insert(one.hash.clone(), one.input.name.clone());
                kept.push(one);
            }
        }
    }
    *done = kept;
    Ok(identical)
}

/// Names of what the run writes.
struct Names {
    portfolio: String,
}

/// Gives every enriched workbook its name, told apart where campaigns share one.
fn name_outputs(done: &mut [Done], staging: &Staging) -> Result<Names, OutError> {
    let mut taken = BTreeSet::new();
    for one in done {
        let Ok(entry) = &mut one.result else { continue };
        if one.not_enriched.is_some() && one.report.is_none() {
            entry.output = String::new();
            continue;
        }
        let extension = if one.input.name.to_lowercase().ends_with(".xlsm") { "xlsm" } else { "xlsx" };
        let stem = safe_name(&entry.name);
        let name = (1..)
            .map(|n| if n == 1 { stem.clone() } else { format!("{stem}-{n}") })
            .find(|name| taken.insert(name.to_lowercase()))
            .unwrap_or(stem);
        if let Some(report) = &mut one.report {
            let output = format!("活动/{name}.复盘报告.docx");
            staging.rename(report, &output)?;
            *report = output;
        }
        if one.not_enriched.is_some() {
            entry.output = String::new();
            continue;
        }
        let output = format!("活动/{name}.复盘.{extension}");
        staging.rename(&entry.output, &output)?;
        entry.output = output;
    }
    Ok(Names { portfolio: "汇总.xlsx".into() })
}

fn fold(done: &[Done], identical: Vec<(String, String)>, settings: &Settings<'_>) -> Portfolio {
    let mut entries = Vec::new();
    let mut refused = Vec::new();
    for one in done {
        match &one.result {
            Ok(entry) => entries.push((**entry).clone()),
            Err(finding) => refused.push(Refused {
                file: one.input.name.clone(),
                code: finding.code.name,
                message: format!("{}。{}", finding.message(settings.lang), finding.help(settings.lang)),
            }),
        }
    }
    Portfolio {
        as_of: settings.as_of,
        entries,
        recurrences: Vec::new(),
        refused,
        identical,
        findings: Vec::new(),
        silenced: 0,
    }
}

/// Of a lock file: that its workbook is open, and may hold what is not saved yet.
fn locked(skipped: &Skipped, inputs: &[String]) -> Option<Finding> {
    let workbook = skipped.locks()?;
    let folder = skipped.name.rsplit_once('/').map_or("", |(folder, _)| folder);
    // Excel leaves out the beginning of a long name.
    let of = |input: &&String| {
        let (there, name) = input.rsplit_once('/').unwrap_or(("", input));
        there == folder && name.ends_with(workbook)
    };
    let workbook = inputs.iter().find(of).map_or(workbook, String::as_str);
    let finding = Finding::new(&LOCK_FILE).arg("file", Arg::Text(skipped.name.clone()));
    Some(finding.arg("workbook", Arg::Text(workbook.to_owned())))
}

/// The run's record: everything a program may want to know, and nothing that
/// changes when nothing changed. A line a file, written as it is made.
fn record(
    done: &[Done],
    portfolio: &Portfolio,
    skipped: &[Skipped],
    settings: &Settings<'_>,
    staging: &Staging,
) -> Result<(), OutError> {
    let across: Vec<Value> =
        portfolio.findings.iter().map(|finding| json::finding(finding, settings.lang)).collect();
    let head = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "schema": SCHEMA,
        "as_of": portfolio.as_of,
        "identical": portfolio.identical,
        "skipped": skipped,
        "findings": across,
        "silenced": portfolio.silenced,
    });
    let mut fields = String::from(RECORD_HEAD);
    for (key, value) in head.as_object().into_iter().flatten() {
        fields += &format!(",\n  \"{key}\": {value}");
    }
    fields += ",\n  \"files\": [";
    let mut entries = portfolio.entries.iter();
    let lines = done.iter().enumerate().map(|(i, one)| {
        let entry = one.result.as_ref().ok().and_then(|_| entries.next());
        let comma = if i == 0 { "" } else { "," };
        format!("{comma}\n    {}", file_json(one, entry, &portfolio.entries, settings, staging))
    });
    staging.write_lines(RECORD, [fields].into_iter().chain(lines).chain(["\n  ]\n}\n".to_owned()]))
}

/// One file of the record.
fn file_json(
    one: &Done,
    entry: Option<&Entry>,
    entries: &[Entry],
    settings: &Settings<'_>,
    staging: &Staging,
) -> Value {
    let mut file = json!({ "file": one.input.name, "blake3": one.hash, "bytes": one.bytes });
    if let Err(finding) = &one.result {
        file["outcome"] = json!("refused");
        file["finding"] = json::finding(finding, settings.lang);
        return file;
    }
    let aside = entry.and_then(|entry| entry.set_aside_for.clone());
    file["outcome"] = json!(if aside.is_some() { "set-aside" } else { "counted" });
    if let (Some(entry), Some(other)) = (entry, aside) {
        let counts = entries.iter().find(|entry| entry.file == other);
        let earlier = counts.is_some_and(|counts| compare::is_earlier(entry, counts));
        let code = if earlier { &compare::EARLIER_COPY } else { &SAME_CAMPAIGN_TWICE };
        let finding = Finding::new(code).arg("other", Arg::Text(other));
        if let Some(finding) = level(vec![finding], settings.policy).0.first() {
            file["finding"] = json::finding(finding, settings.lang);
        }
    }
    if let Some(finding) = &one.not_enriched {
        file["not_enriched"] = json::finding(finding, settings.lang);
    }
    if let Some(report) = &one.report {
        file["report"] = json!(report);
    }
    if let Some(finding) = &one.not_reported {
        file["not_reported"] = json::finding(finding, settings.lang);
    }
    file["campaign"] = json!(entry);
    // What is said waited on the disk, so that memory does not grow with it.
    let waiting = std::fs::read(staging.path(&said_part(one.index))).unwrap_or_default();
    if let (Some(file), Ok(said)) =
        (file.as_object_mut(), serde_json::from_slice::<Map<String, Value>>(&waiting))
    {
        file.extend(said);
    }
    file
}

/// What waits on the disk, read back.
#[derive(serde::Deserialize)]
struct Said {
    findings: Vec<Past>,
}

/// The findings of the campaigns that count against those of an earlier run, file by file.
fn against(earlier: &Baseline, done: &[Done], portfolio: &Portfolio, staging: &Staging) -> Against {
    let mut sum = Against::default();
    let counted: BTreeSet<&str> = portfolio.counted().map(|entry| entry.file.as_str()).collect();
    for one in done.iter().filter(|one| counted.contains(one.input.name.as_str())) {
        let waiting = std::fs::read(staging.path(&said_part(one.index))).unwrap_or_default();
        let Ok(Said { findings: now }) = serde_json::from_slice(&waiting) else { continue };
        let past = earlier.of(&one.input.name, done.len() == 1);
        let compared = baseline::compare(now.iter().map(|finding| finding.fingerprints.as_slice()), past);
        let (new, still) = compared.counts();
        sum.new += new;
        sum.still += still;
        sum.fixed += compared.fixed.len();
        let fresh = now.iter().zip(&compared.states).filter(|(_, state)| state.is_new());
        sum.worst = sum.worst.max(fresh.map(|(finding, _)| finding.severity).max());
    }
    sum
}

fn said_part(index: usize) -> String {
    format!("{PARTS}/{index:06}.json")
}
