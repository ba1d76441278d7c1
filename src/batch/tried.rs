//! Suggestions tried out before they are offered: written into the workbook as it was read, which is then
//! judged again. One that leaves its finding standing, or brings a new one to its cell or to what is held
//! against it, is not offered.

use std::collections::HashSet;

use super::apply::column_at;
use crate::catalogue::{suggested, typed};
use crate::cell::{Content, Place};
use crate::diagnostic::{Finding, Severity};
use crate::review::Review;
use crate::workbook::Workbook;

/// Up to so many suggestions that went wrong together are tried each for itself.
const MOST_ALONE: usize = 8;

/// A suggestion as it would be written.
#[derive(Clone)]
struct Proposal {
    /// Which finding it is of.
    finding: usize,
    cells: Vec<(Place, Content)>,
}

/// Takes the suggestions back that do not mend what they are about. `judged` gives what is found in a workbook.
pub fn try_out(workbook: &Workbook, review: &mut Review<'_>, judged: impl Fn(&Workbook) -> Vec<Finding>) {
    let proposals = proposals(workbook, review);
    if proposals.is_empty() {
        return;
    }
    let before: HashSet<(&str, &Place)> = places(&review.findings).collect();
    let wrong = |proposals: &[Proposal]| {
        let mut changed = workbook.clone();
        for (at, content) in proposals.iter().flat_map(|it| &it.cells) {
            write(&mut changed, at, content.clone());
        }
        let after = judged(&changed);
        let found: HashSet<(&str, &Place)> = places(&after).collect();
        let new: Vec<&Finding> = after.iter().filter(|it| is_new(it, &before, workbook)).collect();
        let is_wrong = |it: &&Proposal| {
            let finding = &review.findings[it.finding];
            it.cells.iter().any(|(at, _)| {
                found.contains(&(finding.code.name, at)) || new.iter().any(|new| concerns(new, at, finding))
            })
        };
        proposals.iter().filter(is_wrong).cloned().collect::<Vec<Proposal>>()
    };
    let together = wrong(&proposals);
    let alone = |it: &Proposal| {
        wrong(std::slice::from_ref(it)).is_empty() || wrong(&[as_text(review, it)]).is_empty()
    };
    let taken_back: Vec<usize> = (together.iter())
        .filter(|it| together.len() > MOST_ALONE || !alone(it))
        .map(|it| it.finding)
        .collect();
    for finding in taken_back {
        review.findings[finding].suggestion = None;
    }
}

fn proposals(workbook: &Workbook, review: &Review<'_>) -> Vec<Proposal> {
    let suggested = review.findings.iter().enumerate().filter_map(|(finding, it)| {
        let (at, suggestion) = (it.at.as_ref()?, it.suggestion.as_ref()?);
        let sheet = workbook.sheet(&at.sheet)?;
        let now = typed(sheet.content(at.cell));
        // The same text elsewhere means the same; another text was not looked at.
        let alike = it.more.iter().filter(|place| {
            workbook.sheet(&place.sheet).is_some_and(|sheet| typed(sheet.content(place.cell)) == now)
        });
        let content = |at: &Place| {
            let (column, factor) = column_at(review, at);
            let cell = workbook.sheet(&at.sheet)?.cells.get(&at.cell).cloned().unwrap_or_default();
            Some((at.clone(), suggested::content(column, factor, &cell, suggestion)))
        };
        let cells = std::iter::once(at).chain(alike).filter_map(content).collect();
        Some(Proposal { finding, cells })
    });
    suggested.collect()
}

/// The same suggestion as the text it is shown as.
fn as_text(review: &Review<'_>, proposal: &Proposal) -> Proposal {
    let text = review.findings[proposal.finding].suggestion.clone().unwrap_or_default();
    let cells = proposal.cells.iter().map(|(at, _)| (at.clone(), Content::Text(text.clone()))).collect();
    Proposal { cells, ..*proposal }
}

fn write(workbook: &mut Workbook, at: &Place, content: Content) {
    if let Some(sheet) = workbook.sheets.iter_mut().find(|sheet| *sheet.name == *at.sheet) {
        let cell = sheet.cells.entry(at.cell).or_default();
        cell.content = content;
        cell.formula = None;
    }
}

fn places(findings: &[Finding]) -> impl Iterator<Item = (&'static str, &Place)> {
    findings.iter().flat_map(|it| it.at.iter().chain(&it.more).map(|at| (it.code.name, at)))
}

/// Whether a finding was not there before; what a formula shows until it is computed again is none.
fn is_new(finding: &Finding, before: &HashSet<(&str, &Place)>, workbook: &Workbook) -> bool {
    let is_stale = |at: &Place| {
        let cell = workbook.sheet(&at.sheet).and_then(|sheet| sheet.cells.get(&at.cell));
        cell.is_some_and(|cell| cell.formula.is_some())
    };
    finding.severity >= Severity::Warning
        && (finding.at.iter().chain(&finding.more))
            .any(|at| !before.contains(&(finding.code.name, at)) && !is_stale(at))
}

/// Whether a new finding has to do with a cell that was written, or with what it was held against.
fn concerns(new: &Finding, at: &Place, mended: &Finding) -> bool {
    let mut cells = new.at.iter().chain(&new.more);
    cells.any(|cell| cell == at || mended.related.contains(cell)) || new.related.contains(at)
}
