//! The record of a run, written as it is made: a line a file.

use std::collections::HashMap;

use super::again::Ground;
use super::done::{Done, said};
use super::findings::SAME_CAMPAIGN_TWICE;
use super::looked_for;
use super::one::Settings;
use super::out::{OutError, RECORD, Staging};
use super::paper::Paper;
use crate::diagnostic::{Arg, Finding};
use crate::exchange::json;
use crate::portfolio::Portfolio;
use crate::record::finding::Said;
use crate::record::run::{CopyOf, File, Head, Outcome as FileOutcome, Skipped};
use crate::record::summary::CampaignSummary;
use crate::record::{SCHEMA, TOOL};
use crate::review::level;

/// The run's record, a line a file, written as it is made.
pub(super) fn record(
    done: &[Done],
    portfolio: &Portfolio,
    skipped: &[Skipped],
    settings: &Settings<'_>,
    ground: &Ground,
    staging: &Staging,
) -> Result<(), OutError> {
    let head = Head {
        tool: TOOL.into(),
        version: env!("CARGO_PKG_VERSION").into(),
        schema: SCHEMA,
        as_of: portfolio.as_of,
        identical: portfolio.identical.clone(),
        skipped: skipped.to_vec(),
        findings: portfolio.findings.iter().map(|finding| json::finding(finding, settings.lang)).collect(),
        silenced: portfolio.silenced,
        outputs: staging.written(),
        merges: portfolio.merges.clone(),
        roster: portfolio.roster.clone(),
        decided: portfolio.decided.clone(),
        weeks: portfolio.weeks.clone(),
        rules: looked_for(settings.policy).into_iter().collect(),
        basis: ground.basis.clone(),
        digest: ground.digest.clone(),
    };
    let head = serde_json::to_value(head).unwrap_or_default();
    let mut fields = String::from("{");
    for (key, value) in head.as_object().into_iter().flatten() {
        let comma = if fields.len() == 1 { "" } else { "," };
        fields += &format!("{comma}\n  \"{key}\": {value}");
    }
    fields += ",\n  \"files\": [";
    let entries: HashMap<&str, &CampaignSummary> =
        portfolio.entries.iter().map(|entry| (entry.file.as_str(), entry)).collect();
    let mut done: Vec<&Done> = done.iter().collect();
    done.sort_by(|a, b| a.input.name.cmp(&b.input.name));
    let lines = done.iter().enumerate().map(|(i, one)| {
        let entry = entries.get(one.input.name.as_str()).copied();
        let comma = if i == 0 { "" } else { "," };
        let mut file = file_record(one, entry, settings, staging);
        file.held = portfolio.held.iter().find(|held| held.file == file.file).cloned();
        format!("{comma}\n    {}", serde_json::to_string(&file).unwrap_or_default())
    });
    staging.write_lines(RECORD, [fields].into_iter().chain(lines).chain(["\n  ]\n}\n".to_owned()]))
}

/// One file of the record.
pub(super) fn file_record(
    one: &Done,
    entry: Option<&CampaignSummary>,
    settings: &Settings<'_>,
    staging: &Staging,
) -> File {
    let worded = |finding: &Finding| Box::new(json::finding(finding, settings.lang));
    let mut file = File {
        file: one.input.name.clone(),
        blake3: one.hash.clone(),
        bytes: one.bytes,
        outcome: if one.merged_into.is_some() { FileOutcome::Merged } else { FileOutcome::Refused },
        origin: one.input.origin.clone(),
        copy: one.result.as_ref().ok().map(|entry| CopyOf {
            campaign: entry.campaign.clone(),
            digest: one.copy.digest.clone(),
            generation: one.copy.generation,
            issued: one.owing.issued,
            version: one.copy.version,
            by: one.copy.by.clone(),
            at: one.copy.at.clone(),
            open: one.copy.open,
        }),
        finding: one.result.as_ref().err().map(|finding| worded(finding)),
        not_enriched: one.not_enriched.as_deref().map(worded),
        report: one.reports.get(&Paper::Word).cloned(),
        slides: one.reports.get(&Paper::Slides).cloned(),
        not_reported: one.not_reported.as_deref().map(worded),
        owing: entry.map(|_| one.owing.clone()),
        campaign: entry.cloned(),
        held: None,
        findings: Vec::new(),
        silenced: 0,
        blockers: Vec::new(),
    };
    if one.export.is_some() {
        file.outcome = FileOutcome::Evidence;
    }
    if one.written.is_some() {
        file.outcome = FileOutcome::Returned;
    }
    let Some(entry) = entry else { return file };
    file.outcome = FileOutcome::Counted;
    if let Some(other) = &entry.set_aside_for {
        file.outcome = FileOutcome::SetAside;
        let finding = Finding::new(&SAME_CAMPAIGN_TWICE).arg("other", Arg::Text(other.clone()));
        file.finding = level(vec![finding], settings.policy).0.first().map(worded);
    }
    Said { findings: file.findings, silenced: file.silenced, blockers: file.blockers } =
        said(one.index, staging);
    file
}
