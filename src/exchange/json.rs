//! Findings as records: `docs/schema/findings.schema.json` says what each field means.

use chrono::NaiveDate;

use super::baseline::State;
use super::{Checked, Reading};
use crate::diagnostic::Finding;
use crate::locale::Lang;
use crate::metrics::blockers::Blocker;
use crate::record::{
    self, SCHEMA, TOOL,
    finding::{Check, CheckedFile, Said, Standing, Unlock},
};
use crate::review::{Review, identity};

/// Everything one `check` has to say.
pub fn check(files: &[Checked], as_of: NaiveDate, lang: Lang) -> Check {
    Check {
        tool: TOOL.into(),
        version: env!("CARGO_PKG_VERSION").into(),
        schema: SCHEMA,
        lang: lang.tag().into(),
        as_of,
        files: files.iter().map(|checked| file(checked, lang)).collect(),
    }
}

fn file(checked: &Checked, lang: Lang) -> CheckedFile {
    let file = checked.file.clone();
    match &checked.outcome {
        Err(refused) => CheckedFile::Refused { file, refused: Box::new(finding(refused, lang)) },
        Ok(reading) => CheckedFile::Read {
            file,
            said: Said {
                findings: findings(reading, lang),
                silenced: reading.silenced,
                blockers: blockers(&reading.blockers, lang),
            },
            fixed: reading.compared.as_ref().map(|compared| compared.fixed.clone()),
        },
    }
}

/// What is said about one workbook: its findings, how many are silenced, what to fill in first.
pub fn review(review: &Review<'_>, lang: Lang) -> Said {
    Said {
        findings: review.findings.iter().map(|one| finding(one, lang)).collect(),
        silenced: review.silenced,
        blockers: blockers(&review.blockers, lang),
    }
}

fn findings(reading: &Reading, lang: Lang) -> Vec<record::finding::Finding> {
    let states = reading.compared.as_ref().map(|compared| &compared.states);
    let mut all: Vec<_> = reading.findings.iter().map(|one| finding(one, lang)).collect();
    for (one, state) in all.iter_mut().zip(states.into_iter().flatten()) {
        (one.baseline, one.new_cells) = match state {
            State::New => (Some(Standing::New), None),
            State::Still => (Some(Standing::Still), None),
            State::Grown(cells) => (Some(Standing::Grown), Some(*cells)),
        };
    }
    all
}

/// A finding as machines read it.
pub fn finding(finding: &Finding, lang: Lang) -> record::finding::Finding {
    let wording = finding.code.wording(lang);
    let fingerprints = match finding.fingerprints.as_slice() {
        [] => vec![identity::of_file(finding.code.name)],
        marks => marks.to_vec(),
    };
    record::finding::Finding {
        code: finding.code.name.to_owned(),
        title: wording.title,
        severity: finding.severity,
        family: Some(finding.code.family),
        sheet: finding.sheet.clone(),
        cell: finding.at.as_ref().map(|at| at.cell),
        table: finding.table.clone(),
        column: finding.column.clone(),
        row: finding.row.clone(),
        found: finding.found.clone(),
        message: finding.message(lang),
        why: wording.why,
        help: finding.help(lang),
        suggestion: finding.suggestion.clone(),
        more: finding.more.clone(),
        related: finding.related.clone(),
        fingerprints,
        baseline: None,
        new_cells: None,
    }
}

/// Cells to fill in first, as machines read them.
pub fn blockers(blockers: &[Blocker], lang: Lang) -> Vec<record::finding::Blocker> {
    let unlocks = |blocker: &Blocker| {
        let each = blocker.unlocks.iter();
        each.map(|unlock| Unlock {
            metric: unlock.metric.name.to_owned(),
            title: unlock.metric.definition(lang).title,
            of: unlock.of.clone(),
        })
        .collect()
    };
    let one = |blocker| record::finding::Blocker { unlocks: unlocks(blocker), cells: blocker.cells.clone() };
    blockers.iter().map(one).collect()
}
