//! One file on its way through a run, and where its finished pieces wait for their names.

#![expect(clippy::disallowed_methods, reason = "pieces of this run wait in its staging folder")]

use std::collections::BTreeMap;

use super::discover::Input;
use super::findings::INTERNAL_ERROR;
use super::isolation::CopyFacts;
use super::out::{OutError, Staging};
use super::paper::Paper;
use super::previous::Written;
use crate::diagnostic::Finding;
use crate::record::export::Export;
use crate::record::finding::Said;
use crate::record::merge::Owing;
use crate::record::summary::CampaignSummary;

/// Where finished pieces wait for their names.
pub(super) const PARTS: &str = ".parts";

/// What became of one file.
pub(super) struct Done {
    /// Number of its finished pieces.
    pub(super) index: usize,
    pub(super) input: Input,
    pub(super) hash: String,
    pub(super) bytes: usize,
    pub(super) result: Result<Box<CampaignSummary>, Box<Finding>>,
    /// What it counts, where it is no campaign but a back office's export.
    pub(super) export: Option<Box<Export>>,
    /// What people wrote on it, where it is no campaign but a portfolio of ours.
    pub(super) written: Option<Box<Written>>,
    /// Why there is no enriched workbook though the file was read.
    pub(super) not_enriched: Option<Box<Finding>>,
    /// The report in every form that was asked for, where there is something to report.
    pub(super) reports: BTreeMap<Paper, String>,
    /// Why there is none though there is something to report.
    pub(super) not_reported: Option<Box<Finding>>,
    /// What it is as a copy of its campaign.
    pub(super) copy: CopyFacts,
    /// What its campaign still owes.
    pub(super) owing: Owing,
    /// The file its values were written into, where that is another.
    pub(super) merged_into: Option<String>,
}

impl Done {
    /// Lets the reports of a file wait for their names.
    pub(super) fn keep_reports(
        &mut self,
        reports: &BTreeMap<Paper, Vec<u8>>,
        staging: &Staging,
    ) -> Result<(), OutError> {
        for (paper, package) in reports {
            let part = report_part(self.index, *paper);
            staging.write(&part, package)?;
            self.reports.insert(*paper, part);
        }
        Ok(())
    }

    /// A file of which nothing is known yet.
    pub(super) fn new(index: usize, input: Input) -> Done {
        Done {
            index,
            hash: String::new(),
            bytes: 0,
            result: Err(Box::new(Finding::new(&INTERNAL_ERROR))),
            export: None,
            written: None,
            not_enriched: None,
            reports: BTreeMap::new(),
            not_reported: None,
            copy: CopyFacts::default(),
            owing: Owing::default(),
            merged_into: None,
            input,
        }
    }
}

/// The enriched workbook of a file.
pub(super) fn part(index: usize) -> String {
    format!("{PARTS}/{index:06}.xlsx")
}

/// The report of a file in one form.
pub(super) fn report_part(index: usize, paper: Paper) -> String {
    format!("{PARTS}/{index:06}.{}", paper.extension())
}

/// What is said of a file.
pub(super) fn said_part(index: usize) -> String {
    format!("{PARTS}/{index:06}.json")
}

/// What is said of a file waited on the disk, so that memory does not grow with it.
pub(super) fn said(index: usize, staging: &Staging) -> Said {
    let waiting = std::fs::read(staging.path(&said_part(index))).unwrap_or_default();
    serde_json::from_slice(&waiting).unwrap_or_default()
}

/// What a file changed of what it was issued with.
pub(super) fn edits_part(index: usize) -> String {
    format!("{PARTS}/{index:06}.edits")
}
