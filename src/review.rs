//! One workbook read, checked and analysed: everything the sheets are made of.

use chrono::NaiveDate;

use crate::campaign::{Campaign, bind};
use crate::catalogue::Catalogue;
use crate::catalogue::answers::Answers;
use crate::catalogue::record::Records;
use crate::diagnostic::{Arg, Family, Finding, Sink};
use crate::merge::Copied;
use crate::metrics::blockers::{self, Blocker};
use crate::metrics::{Analysis, Basis, analyse};
use crate::policy::Policy;
use crate::record::merge::Merge;
use crate::rules;
use crate::suggestions::{self, Suggestion};

pub mod identity;
mod sources;
mod words;

pub use sources::{Source, sources};
pub use words::UnknownWord;

/// One workbook read and judged.
#[derive(Debug, Clone)]
pub struct Review<'a> {
    /// The declarations it was read by.
    pub catalogue: &'a Catalogue,
    /// Thresholds in force.
    pub policy: &'a Policy,
    /// The day as of which things are late.
    pub as_of: NaiveDate,
    /// File name, for people.
    pub file: String,
    /// Names of the sheets that were read, in tab order.
    pub sheets: Vec<String>,
    /// What was read.
    pub records: Records,
    /// The same, typed.
    pub campaign: Campaign,
    /// What is to be said about it, worst first within the order of sheets.
    pub findings: Vec<Finding>,
    /// How many findings the settings silenced.
    pub silenced: usize,
    /// Every figure.
    pub analysis: Analysis,
    /// What the figures ask for and nobody has planned.
    pub suggestions: Vec<Suggestion>,
    /// Cells to fill in first, by how many figures they unlock.
    pub blockers: Vec<Blocker>,
    /// Suggested values that cells were given before, as the workbook itself records.
    pub accepted: Vec<Accepted>,
    /// What it was issued with and what was typed into it since, where it was read as a copy.
    pub copied: Option<Box<Copied>>,
    /// What it is put together of, where its campaign came in several copies.
    pub merge: Option<Box<Merge>>,
    /// What our sheets copy from the team's tables, where the workbook is at hand.
    pub sources: Vec<Source>,
    /// What the workbook itself says of its tables and words.
    pub answers: Answers,
}

/// A cell that was given a suggested value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The cell.
    pub at: crate::cell::Place,
    /// What was there.
    pub old: String,
    /// What is there now.
    pub new: String,
    /// The code of the finding.
    pub code: String,
    /// The day, as it is written.
    pub on: String,
}

/// Checks and analyses what was read; `sink` holds what reading had to say.
pub fn review<'a>(
    catalogue: &'a Catalogue,
    policy: &'a Policy,
    as_of: NaiveDate,
    file: &str,
    sheets: Vec<String>,
    records: Records,
    mut sink: Sink,
) -> Review<'a> {
    let campaign = bind(&records);
    let basis = Basis { catalogue, records: &records, campaign: &campaign, policy, as_of };
    let analysis = analyse(basis);
    let suggestions = suggestions::suggest(&suggestions::Ctx { basis, analysis: &analysis });
    let ctx =
        rules::Ctx { catalogue, records: &records, campaign: &campaign, analysis: &analysis, policy, as_of };
    rules::check(&ctx, &mut sink);
    let (mut findings, silenced) = level(sink.findings, policy);
    identity::identify(&mut findings, catalogue, &records);
    let told = findings.iter().flat_map(|finding| finding.at.iter().chain(&finding.more)).collect();
    let blockers = blockers::find(basis, &analysis, &told);
    Review {
        catalogue,
        policy,
        as_of,
        file: file.to_owned(),
        sheets,
        records,
        campaign,
        findings,
        silenced,
        analysis,
        suggestions,
        accepted: Vec::new(),
        copied: None,
        merge: None,
        sources: Vec::new(),
        answers: Answers::default(),
        blockers,
    }
}

/// Gives findings the levels the settings ask for; answers with those left and how many were silenced.
pub fn level(findings: Vec<Finding>, policy: &Policy) -> (Vec<Finding>, usize) {
    let all = findings.len();
    let mut kept: Vec<Finding> = findings
        .into_iter()
        .filter_map(|mut finding| {
            match policy.levels.get(finding.code.name) {
                Some(None) => return None,
                Some(Some(severity)) => finding.severity = *severity,
                None => {}
            }
            Some(finding)
        })
        .collect();
    kept.sort_by_key(|finding| (std::cmp::Reverse(finding.severity), harm(finding)));
    let silenced = all - kept.len();
    (kept, silenced)
}

/// What spoils figures comes before what does not: a unit taken wrongly, then cells and rows, then how tables
/// are laid out and how well things are told.
fn harm(finding: &Finding) -> u8 {
    let by_far = finding.args.iter().any(|(name, arg)| {
        *name == "meant" || matches!(arg, Arg::Times(factor) if !(0.2..=5.0).contains(&factor.abs()))
    });
    match finding.code.family {
        Family::File => 0,
        _ if by_far => 1,
        Family::Cell | Family::Row | Family::Table | Family::Cross | Family::Portfolio => 2,
        Family::Structure | Family::Quality => 3,
    }
}

impl Review<'_> {
    /// The campaign's name, else the file's; an enriched workbook goes by the name of its original.
    pub fn name(&self) -> &str {
        let file = self.file.rsplit(['/', '\\']).next().unwrap_or_default();
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        let basics = self.campaign.basics.as_ref();
        basics
            .and_then(|basics| basics.name.value.as_deref())
            .unwrap_or_else(|| stem.strip_suffix(".复盘").unwrap_or(stem))
    }
}

/// Every code a review can report.
pub fn codes() -> impl Iterator<Item = &'static crate::diagnostic::Code> {
    crate::catalogue::findings::CODES.iter().copied().chain(rules::codes())
}
