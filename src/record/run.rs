//! One run over a folder: `run.json`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::decided::Decided;
use super::export::Held;
use super::finding::{Blocker, Finding};
use super::merge::{Merge, Owing, Roster};
use super::summary::CampaignSummary;
use super::weeks::Weeks;

/// The record of one run over a folder: everything a program may want to know, and nothing that changes when nothing changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Run {
    /// What is about the whole run.
    #[serde(flatten)]
    pub head: Head,
    /// The files, by path.
    pub files: Vec<File>,
}

/// What a run says beside its files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Head {
    /// Who wrote it.
    pub tool: String,
    /// Version of the program.
    pub version: String,
    /// Version of this shape.
    pub schema: u32,
    /// The day as of which things are late.
    pub as_of: NaiveDate,
    /// Files with the same bytes as another: the copy, then the one that counts.
    #[serde(default)]
    pub identical: Vec<(String, String)>,
    /// Files that were passed over.
    #[serde(default)]
    pub skipped: Vec<Skipped>,
    /// What workbooks say against each other: copies, names, people, campaigns that are gone; and workbooks that are open somewhere.
    #[serde(default)]
    pub findings: Vec<Finding>,
    /// How many of these the settings silenced.
    #[serde(default)]
    pub silenced: usize,
    /// What was written, by its path below the output folder, with its hash.
    #[serde(default)]
    pub outputs: BTreeMap<String, String>,
    /// Campaigns that came in several copies: what was taken from whom, and what is asked.
    #[serde(default)]
    pub merges: Vec<Merge>,
    /// Who was to return what, where a roster or an earlier run says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roster: Option<Roster>,
    /// What people decided on pages of 汇总.xlsx, and what holds of it.
    #[serde(default, skip_serializing_if = "Decided::is_empty")]
    pub decided: Decided,
    /// The week against the weeks before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weeks: Option<Weeks>,
    /// Codes that were looked for, in order: what is not among them was not found because nobody looked.
    #[serde(default)]
    pub rules: Vec<String>,
    /// Hash of everything a file's results depend on beside the file: version, declarations, settings, as-of day, language.
    #[serde(default)]
    pub basis: String,
    /// Hash of everything the run depends on: `basis`, inputs, decisions, roster, the weeks before.
    #[serde(default)]
    pub digest: String,
}

/// One file that was input.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct File {
    /// Path below the folder; of an attachment, the mail's path and the attachment's name.
    pub file: String,
    /// Hash of its bytes; empty where they could not be read.
    #[serde(default)]
    pub blake3: String,
    /// Its size.
    #[serde(default)]
    pub bytes: usize,
    /// What became of it.
    #[serde(default)]
    pub outcome: Outcome,
    /// The mail or archive it came in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// What it is as a copy of its campaign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy: Option<CopyOf>,
    /// Why it was refused or set aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<Box<Finding>>,
    /// Why there is no enriched workbook though the file was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_enriched: Option<Box<Finding>>,
    /// The Word report, relative to the output folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
    /// The slides of the meeting, relative to the output folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slides: Option<String>,
    /// Why there is none though one was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_reported: Option<Box<Finding>>,
    /// What its campaign still owes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owing: Option<Owing>,
    /// What the portfolio keeps of it; of a merged campaign it stands at the host, with every copy's values in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<CampaignSummary>,
    /// What an export was held against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Held>,
    /// Findings, worst first.
    #[serde(default)]
    pub findings: Vec<Finding>,
    /// How many the settings silenced.
    #[serde(default)]
    pub silenced: usize,
    /// What to fill in first, by how much it unlocks.
    #[serde(default)]
    pub blockers: Vec<Blocker>,
}

/// What a file is as a copy of its campaign.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CopyOf {
    /// The campaign's id.
    pub campaign: String,
    /// Hash of what it holds, whatever program saved it.
    pub digest: String,
    /// The generation it was issued as; below zero where nobody knows.
    pub generation: i64,
    /// The generation of the enriched workbook made of its campaign.
    pub issued: i64,
    /// Template version, where the workbook says so.
    #[serde(default)]
    pub version: Option<u32>,
    /// Who saved it last, as the file says.
    #[serde(default)]
    pub by: Option<String>,
    /// When, as the file says.
    #[serde(default)]
    pub at: Option<String>,
    /// Whether it holds what several said of one cell, or answers to that.
    #[serde(default)]
    pub open: bool,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It counts in the portfolio.
    #[default]
    Counted,
    /// Another copy of its campaign counts, and holds what this one said (see `merges`).
    Merged,
    /// Another copy of its campaign counts instead.
    SetAside,
    /// It is no campaign: a platform's export that campaigns are held against (see `held`).
    Evidence,
    /// It is no campaign: a portfolio of ours that came back, whose decisions and answers count (see `decided`).
    Returned,
    /// It could not be read.
    Refused,
}

/// The mail or archive a file came in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Origin {
    /// Its path below the folder.
    pub inside: String,
    /// Who sent it: name and address as the mail says.
    pub sender: Option<String>,
    /// When, as the mail says.
    pub date: Option<String>,
    /// The mail's id, to answer to.
    pub message_id: Option<String>,
    /// The mail's subject.
    pub subject: Option<String>,
}

/// A file passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Skipped {
    /// Its path below the folder.
    pub name: String,
    /// Why.
    pub reason: SkipReason,
}

/// Why a file is not input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SkipReason {
    /// `~$…`: a workbook is open in Excel or WPS; it may not be saved yet.
    LockFile,
    /// Temporary or system files.
    Temporary,
    /// An output of an earlier run.
    OwnOutput,
    /// Not named like a workbook.
    OtherFile,
    /// A link that leads out of the folder, or something that is no regular file.
    NotAFile,
}
