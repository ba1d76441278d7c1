//! One run over a folder.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use rayon::prelude::*;
use serde_json::{Value, json};

use super::discover::{Input, Skipped, discover};
use super::findings::{INTERNAL_ERROR, SAME_CAMPAIGN_TWICE};
use super::input::snapshot;
use super::one::{Settings, enrich, review_bytes};
use super::out::{OutError, RECORD, RECORD_HEAD, Staging, safe_name};
use crate::catalogue::findings::NO_TABLE_RECOGNISED;
use crate::diagnostic::{Arg, Finding, Severity};
use crate::locale::Lang;
use crate::portfolio::{Entry, Portfolio, Refused, entry, pages};
use crate::xlsx::write::{WriteOptions, write};

/// Version of the record's shape.
pub const SCHEMA: u32 = 1;

/// What a run came to.
#[derive(Debug)]
pub struct Outcome {
    /// Everything side by side.
    pub portfolio: Portfolio,
    /// Files passed over.
    pub skipped: Vec<Skipped>,
    /// Findings by level, over the campaigns that count.
    pub counts: BTreeMap<Severity, usize>,
    /// Files that were input.
    pub inputs: usize,
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
}

/// Runs over a folder; `progress` is called after each file with how many are done and how many there are.
///
/// # Errors
/// When the folder cannot be listed or the results cannot be written. What is wrong with a file is in the outcome.
pub fn run(
    folder: &Path,
    out: &Path,
    settings: &Settings<'_>,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Outcome, RunError> {
    let found = discover(folder, Some(out)).map_err(RunError::Folder)?;
    let staging = Staging::open(out)?;
    let total = found.inputs.len();
    let count = std::sync::atomic::AtomicUsize::new(0);
    let done: Result<Vec<Done>, OutError> = found
        .inputs
        .into_par_iter()
        .enumerate()
        .map(|(index, input)| {
            let done = file(index, input, settings, &staging);
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
    if staging.path(PARTS).exists() {
        staging.remove(PARTS)?;
    }
    staging.commit()?;
    let mut counts = BTreeMap::new();
    for line in portfolio.counted().flat_map(|entry| &entry.findings) {
        *counts.entry(line.severity).or_default() += line.cells;
    }
    Ok(Outcome { portfolio, skipped: found.skipped, counts, inputs: total })
}

/// Where finished pieces wait for their names.
const PARTS: &str = ".parts";

/// Reads, judges and enriches one file. Whatever goes wrong in it stays in it.
fn file(index: usize, input: Input, settings: &Settings<'_>, staging: &Staging) -> Result<Done, OutError> {
    let mut done = Done {
        index,
        hash: String::new(),
        bytes: 0,
        result: Err(Box::new(Finding::new(&INTERNAL_ERROR))),
        not_enriched: None,
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
    let name = done.input.name.clone();
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let review = review_bytes(&bytes, &name, settings)?;
        if let Some(finding) = review.findings.iter().find(|finding| finding.code == &NO_TABLE_RECOGNISED) {
            return Err(Box::new(finding.clone()));
        }
        let findings: Vec<Value> =
            review.findings.iter().map(|finding| finding_json(finding, settings.lang)).collect();
        Ok((entry(&review), findings, enrich(&bytes, &review, settings.lang)))
    }));
    match outcome {
        Err(_) => {}
        Ok(Err(finding)) => done.result = Err(finding),
        Ok(Ok((entry, findings, enriched))) => {
            let findings = serde_json::to_vec(&findings).unwrap_or_default();
            staging.write(&findings_part(index), &findings)?;
            match enriched {
                Ok(package) => staging.write(&part(index), &package)?,
                Err(finding) => done.not_enriched = Some(finding),
            }
            done.result = Ok(Box::new(Entry { output: part(index), ..entry }));
        }
    }
    Ok(done)
}

fn part(index: usize) -> String {
    format!("{PARTS}/{index:06}.xlsx")
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
                if staging.path(&entry.output).exists() {
                    staging.remove(&entry.output)?;
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
        if one.not_enriched.is_some() {
            entry.output = String::new();
            continue;
        }
        let extension = if one.input.name.to_lowercase().ends_with(".xlsm") { "xlsm" } else { "xlsx" };
        let stem = safe_name(&entry.name);
        let name = (1..)
            .map(|n| if n == 1 { stem.clone() } else { format!("{stem}-{n}") })
            .find(|name| taken.insert(name.to_lowercase()))
            .unwrap_or(stem);
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
    Portfolio { as_of: settings.as_of, entries, recurrences: Vec::new(), refused, identical }
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
    let head = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "schema": SCHEMA,
        "as_of": portfolio.as_of,
        "identical": portfolio.identical,
        "skipped": skipped,
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
        format!("{comma}\n    {}", file_json(one, entry, settings, staging))
    });
    staging.write_lines(RECORD, [fields].into_iter().chain(lines).chain(["\n  ]\n}\n".to_owned()]))
}

/// One file of the record.
fn file_json(one: &Done, entry: Option<&Entry>, settings: &Settings<'_>, staging: &Staging) -> Value {
    let mut file = json!({ "file": one.input.name, "blake3": one.hash, "bytes": one.bytes });
    if let Err(finding) = &one.result {
        file["outcome"] = json!("refused");
        file["finding"] = finding_json(finding, settings.lang);
        return file;
    }
    let aside = entry.and_then(|entry| entry.set_aside_for.clone());
    file["outcome"] = json!(if aside.is_some() { "set-aside" } else { "counted" });
    if let Some(other) = aside {
        let finding = Finding::new(&SAME_CAMPAIGN_TWICE).arg("other", Arg::Text(other));
        file["finding"] = finding_json(&finding, settings.lang);
    }
    if let Some(finding) = &one.not_enriched {
        file["not_enriched"] = finding_json(finding, settings.lang);
    }
    file["campaign"] = json!(entry);
    file["findings"] = findings_of(one, staging);
    file
}

/// The findings of one file, which waited on the disk so that memory does not grow with them.
fn findings_of(done: &Done, staging: &Staging) -> Value {
    let waiting = std::fs::read(staging.path(&findings_part(done.index))).unwrap_or_default();
    serde_json::from_slice(&waiting).unwrap_or(Value::Null)
}

fn findings_part(index: usize) -> String {
    format!("{PARTS}/{index:06}.json")
}

/// A finding as machines read it.
pub fn finding_json(finding: &Finding, lang: Lang) -> Value {
    let wording = finding.code.wording(lang);
    json!({
        "code": finding.code.name,
        "title": wording.title,
        "severity": finding.severity,
        "family": finding.code.family,
        "sheet": finding.sheet,
        "cell": finding.at.as_ref().map(|at| at.cell.to_string()),
        "table": finding.table,
        "column": finding.column,
        "found": finding.found,
        "message": finding.message(lang),
        "help": finding.help(lang),
        "suggestion": finding.suggestion,
        "more": finding.more,
        "related": finding.related,
    })
}
