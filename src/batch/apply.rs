//! Suggestions a person has accepted on the sheet of findings, written into a copy.
//!
//! A suggestion is written only where the finding still stands as it was told
//! then; afterwards the copy is checked again, and what did not mend its
//! finding is taken back. Only the accepted cells change.

use super::findings::{not_grafted, refused};
use super::one::{Settings, enrich_and_mark, read_and_review};
use crate::catalogue::{Column, suggested, typed};
use crate::cell::{Content, Place};
use crate::diagnostic::Finding;
use crate::locale::fold;
use crate::review::{Accepted, Review};
use crate::sheets::findings::{Told, read};
use crate::workbook::{Cell, Workbook};
use crate::xlsx::graft::{Amendment, Unamended, amend, generated_sheets, is_marked, named_sheets};
use crate::xlsx::read::{ReadOptions, read_with};

/// Which suggestions to take over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those with a yes under 采纳.
    Accepted,
    /// All but those with a no.
    All,
}

/// Why a suggestion was not taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// What stands under 采纳 is neither yes nor no.
    NotUnderstood(String),
    /// The cell holds something else than when it was checked.
    Changed(String),
    /// The cell is as it was, but is not found wrong any more.
    NotFound,
    /// What the cell is held against has changed, and now this is suggested.
    OtherSuggestion(String),
    /// Another suggestion for the same cell was taken over.
    Twice,
    /// The cell cannot be written.
    Unwritable(Unamended),
    /// Written, it would still be found wrong.
    StillFound,
}

/// A suggestion that was not taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// The cell.
    pub at: Place,
    /// What was suggested.
    pub suggestion: String,
    /// Why not.
    pub why: Why,
}

/// A copy with suggestions taken over.
#[derive(Debug)]
pub struct Applied {
    /// The bytes of the copy.
    pub package: Vec<u8>,
    /// What was taken over.
    pub done: Vec<Accepted>,
    /// What was not.
    pub left: Vec<Left>,
    /// Whether the team's sheets have formulas, whose stored results are those of before.
    pub has_formulas: bool,
}

/// Why nothing could be applied.
#[derive(Debug)]
pub enum ApplyError {
    /// The file cannot be read or written.
    Refused(Box<Finding>),
    /// The file has no sheet of findings.
    NotEnriched,
}

impl From<Box<Finding>> for ApplyError {
    fn from(finding: Box<Finding>) -> ApplyError {
        ApplyError::Refused(finding)
    }
}

/// A cell about to be written.
struct Planned {
    code: String,
    old: String,
    suggestion: String,
    amendment: Amendment,
}

/// The enriched workbook with accepted suggestions taken over, enriched anew.
///
/// # Errors
/// When the file cannot be read, or is none that was enriched.
pub fn apply(bytes: &[u8], name: &str, settings: &Settings<'_>, which: Which) -> Result<Applied, ApplyError> {
    let told = told(bytes, settings)?;
    let (workbook, review) = read_and_review(bytes, name, settings)?;
    let has_formulas =
        workbook.sheets.iter().flat_map(|sheet| sheet.cells.values()).any(|c| c.formula.is_some());
    let mut left = Vec::new();
    let mut planned = plan(&told, &workbook, &review, which, &mut left);
    let package = settle(bytes, name, settings, &mut planned, &mut left)?;
    let before = review.findings;
    let (workbook, mut review) = read_and_review(&package, name, settings)?;
    review.findings.retain(|finding| !is_stale(finding, &before, &workbook));
    let done = recorded(planned, settings);
    review.accepted.extend(done.iter().cloned());
    let marked = is_marked(bytes).unwrap_or(false);
    let marks =
        if marked { super::marks::marks(&workbook, &review.findings, settings.lang) } else { Vec::new() };
    let package = enrich_and_mark(&package, &review, &marks, settings.lang)?.package;
    Ok(Applied { package, done, left, has_formulas })
}

/// Suggestions a workbook came back with a yes to, written in; `None` where there is no yes. Our sheets in it
/// are still those of the earlier run.
pub fn accepted(package: &[u8], name: &str, settings: &Settings<'_>) -> Option<(Vec<u8>, Vec<Accepted>)> {
    named_sheets(package).ok().flatten().filter(|sheets| !sheets.is_empty())?;
    let told = told(package, settings).ok()?;
    if !told.iter().any(|one| answer(&one.accept) == Answer::Yes) {
        return None;
    }
    let (workbook, review) = read_and_review(package, name, settings).ok()?;
    let mut left = Vec::new();
    let mut planned = plan(&told, &workbook, &review, Which::Accepted, &mut left);
    let package = settle(package, name, settings, &mut planned, &mut left).ok()?;
    let done = recorded(planned, settings);
    (!done.is_empty()).then_some((package, done))
}

/// What was taken over, as the record of it is kept.
fn recorded(planned: Vec<Planned>, settings: &Settings<'_>) -> Vec<Accepted> {
    let on = settings.as_of.to_string();
    let one = |it: Planned| Accepted {
        at: it.amendment.at,
        old: it.old,
        new: it.suggestion,
        code: it.code,
        on: on.clone(),
    };
    planned.into_iter().map(one).collect()
}

/// What the workbook's own sheet of findings suggests.
fn told(bytes: &[u8], settings: &Settings<'_>) -> Result<Vec<Told>, ApplyError> {
    let generated = generated_sheets(bytes).unwrap_or_default();
    let workbook = read_with(bytes, &settings.limits, &ReadOptions::default())
        .map_err(|refusal| ApplyError::Refused(Box::new(refused(&refusal))))?;
    let ours = workbook.sheets.iter().filter(|sheet| generated.iter().any(|name| **name == *sheet.name));
    ours.into_iter().find_map(read).ok_or(ApplyError::NotEnriched)
}

/// What is to be written where; what is not to be is left, with its reason.
fn plan(
    told: &[Told],
    workbook: &Workbook,
    review: &Review<'_>,
    which: Which,
    left: &mut Vec<Left>,
) -> Vec<Planned> {
    let mut planned: Vec<Planned> = Vec::new();
    for one in told {
        let mut leave = |why| left.push(Left { at: one.at.clone(), suggestion: one.suggestion.clone(), why });
        match (answer(&one.accept), which) {
            (Answer::Yes, _) | (Answer::Nothing, Which::All) => {}
            (Answer::No, _) | (Answer::Nothing, Which::Accepted) => continue,
            (Answer::Unclear(text), _) => {
                leave(Why::NotUnderstood(text));
                continue;
            }
        }
        let stands =
            |finding: &&Finding| finding.code.name == one.code && finding.at.as_ref() == Some(&one.at);
        let same = |finding: &&Finding| finding.suggestion.as_ref() == Some(&one.suggestion);
        let standing = || review.findings.iter().filter(stands);
        let now = typed(&cell(workbook, &one.at).content);
        let Some(finding) = standing().find(same) else {
            leave(match standing().find_map(|finding| finding.suggestion.clone()) {
                _ if now != one.found.trim() => Why::Changed(now),
                Some(other) => Why::OtherSuggestion(other),
                None => Why::NotFound,
            });
            continue;
        };
        if finding.found.clone().unwrap_or_default().trim() != one.found.trim() {
            leave(Why::Changed(now));
            continue;
        }
        if planned.iter().any(|other| other.amendment.at == one.at) {
            leave(Why::Twice);
            continue;
        }
        // The same text elsewhere means the same; another text was not looked at.
        let alike = finding.more.iter().filter(|place| typed(&cell(workbook, place).content) == now);
        for at in std::iter::once(&one.at).chain(alike) {
            if planned.iter().any(|other| other.amendment.at == *at) {
                continue;
            }
            let (column, factor) = column_at(review, at);
            let value = suggested::content(column, factor, &cell(workbook, at), &one.suggestion);
            planned.push(Planned {
                code: one.code.clone(),
                old: now.clone(),
                suggestion: one.suggestion.clone(),
                amendment: Amendment { at: at.clone(), value },
            });
        }
    }
    planned
}

/// Writes what is planned, looks whether it mended its findings, and takes back what did not:
/// first as the text it was suggested as, then altogether.
fn settle(
    bytes: &[u8],
    name: &str,
    settings: &Settings<'_>,
    planned: &mut Vec<Planned>,
    left: &mut Vec<Left>,
) -> Result<Vec<u8>, ApplyError> {
    loop {
        let amendments: Vec<Amendment> = planned.iter().map(|it| it.amendment.clone()).collect();
        let amended = amend(bytes, &amendments).map_err(|error| Box::new(not_grafted(&error)))?;
        for (at, why) in amended.left.iter().rev() {
            leave(planned.remove(*at), Why::Unwritable(*why), left);
        }
        let (_, review) = read_and_review(&amended.package, name, settings)?;
        let mut settled = true;
        for at in (0..planned.len()).rev() {
            let it = &mut planned[at];
            if !is_found(&review, &it.code, &it.amendment.at) {
                continue;
            }
            settled = false;
            let text = Content::Text(it.suggestion.clone());
            if it.amendment.value == text {
                leave(planned.remove(at), Why::StillFound, left);
            } else {
                it.amendment.value = text;
            }
        }
        if settled {
            return Ok(amended.package);
        }
    }
}

/// Whether a finding only says that a formula has not been computed since its cells were changed.
pub(super) fn is_stale(finding: &Finding, before: &[Finding], workbook: &Workbook) -> bool {
    let Some(at) = &finding.at else { return false };
    let known = |other: &Finding| other.code == finding.code && other.at.as_ref() == Some(at);
    cell(workbook, at).formula.is_some() && !before.iter().any(known)
}

fn leave(planned: Planned, why: Why, left: &mut Vec<Left>) {
    left.push(Left { at: planned.amendment.at, suggestion: planned.suggestion, why });
}

fn is_found(review: &Review<'_>, code: &str, at: &Place) -> bool {
    let mut findings = review.findings.iter().filter(|finding| finding.code.name == code);
    findings.any(|finding| finding.at.as_ref() == Some(at) || finding.more.contains(at))
}

fn cell(workbook: &Workbook, at: &Place) -> Cell {
    let sheet = workbook.sheet(&at.sheet);
    sheet.and_then(|sheet| sheet.cells.get(&at.cell)).cloned().unwrap_or_default()
}

/// The column a cell was read for, with the factor of its header.
pub(super) fn column_at<'a>(review: &Review<'a>, at: &Place) -> (Option<&'a Column>, f64) {
    for (id, table) in &review.records.tables {
        for record in table.rows.iter().chain(&table.totals) {
            let found = record.fields.iter().find(|(_, field)| field.at.as_ref() == Some(at));
            let Some((column, _)) = found else { continue };
            let declared = review.catalogue.tables.get(id).and_then(|table| table.column(column));
            let region = table.regions.iter().find(|region| *region.sheet == *at.sheet);
            let factor = region.and_then(|region| region.columns.get(column)).map_or(1.0, |it| it.factor);
            return (declared, if factor > 0.0 { factor } else { 1.0 });
        }
    }
    (None, 1.0)
}

/// What somebody put under 采纳.
#[derive(Debug, PartialEq)]
enum Answer {
    Yes,
    No,
    Nothing,
    Unclear(String),
}

fn answer(content: &Content) -> Answer {
    const YES: [&str; 14] =
        ["是", "采纳", "采用", "同意", "可以", "好", "对", "√", "✓", "✔", "y", "yes", "ok", "1"];
    const NO: [&str; 11] = ["否", "不", "不采纳", "不采用", "不用", "×", "✗", "x", "n", "no", "0"];
    let text = match content {
        Content::Bool(yes) => return if *yes { Answer::Yes } else { Answer::No },
        content if content.is_blank() => return Answer::Nothing,
        content => content.to_text(),
    };
    let plain = fold(text.trim());
    let is = |words: &[&str]| words.iter().any(|word| fold(word) == plain || *word == text.trim());
    match () {
        () if is(&YES) => Answer::Yes,
        () if is(&NO) => Answer::No,
        () => Answer::Unclear(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_say_yes_in_many_ways() {
        for yes in ["是", " √ ", "Y", "yes", "采纳", "採納", "✔", "１"] {
            assert_eq!(answer(&Content::Text(yes.into())), Answer::Yes, "{yes}");
        }
        for no in ["否", "N", "×", "不采纳"] {
            assert_eq!(answer(&Content::Text(no.into())), Answer::No, "{no}");
        }
        assert_eq!(answer(&Content::Number(1.0)), Answer::Yes);
        assert_eq!(answer(&Content::Bool(true)), Answer::Yes);
        assert_eq!(answer(&Content::Text("　".into())), Answer::Nothing);
        assert_eq!(answer(&Content::Text("再看看".into())), Answer::Unclear("再看看".into()));
    }
}
