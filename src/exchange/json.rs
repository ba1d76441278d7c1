//! Findings as JSON; `docs/schema/findings.schema.json` says what each field means.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::baseline::{Past, State};
use super::{Checked, Reading};
use crate::diagnostic::Finding;
use crate::locale::Lang;
use crate::metrics::blockers::Blocker;
use crate::review::{Review, identity};

/// Version of the shape of both schemas.
pub const SCHEMA: u32 = 1;

/// Everything one `check` has to say.
pub fn check(files: &[Checked], as_of: NaiveDate, lang: Lang) -> Value {
    let files: Vec<Value> = files.iter().map(|checked| file(checked, lang)).collect();
    json!({
        "tool": "fupan",
        "version": env!("CARGO_PKG_VERSION"),
        "schema": SCHEMA,
        "lang": lang.tag(),
        "as_of": as_of,
        "files": files,
    })
}

fn file(checked: &Checked, lang: Lang) -> Value {
    match &checked.outcome {
        Err(refused) => json!({ "file": checked.file, "refused": finding(refused, lang) }),
        Ok(reading) => {
            let mut file = json!({
                "file": checked.file,
                "findings": findings(reading, lang),
                "silenced": reading.silenced,
                "blockers": blockers(&reading.blockers, lang),
            });
            if let Some(compared) = &reading.compared {
                file["fixed"] = compared.fixed.iter().map(past).collect();
            }
            file
        }
    }
}

/// What is said about one workbook: its findings, how many are silenced, what to fill in first.
pub fn review(review: &Review<'_>, lang: Lang) -> Value {
    let findings: Vec<Value> = review.findings.iter().map(|one| finding(one, lang)).collect();
    json!({
        "findings": findings,
        "silenced": review.silenced,
        "blockers": blockers(&review.blockers, lang),
    })
}

fn findings(reading: &Reading, lang: Lang) -> Vec<Value> {
    let states = reading.compared.as_ref().map(|compared| &compared.states);
    let mut all: Vec<Value> = reading.findings.iter().map(|one| finding(one, lang)).collect();
    for (value, state) in all.iter_mut().zip(states.into_iter().flatten()) {
        value["baseline"] = json!(state.id());
        if let State::Grown(cells) = state {
            value["new_cells"] = json!(cells);
        }
    }
    all
}

/// A finding as machines read it.
pub fn finding(finding: &Finding, lang: Lang) -> Value {
    let wording = finding.code.wording(lang);
    let fingerprints = match finding.fingerprints.as_slice() {
        [] => vec![identity::of_file(finding.code.name)],
        marks => marks.to_vec(),
    };
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
        "why": wording.why,
        "help": finding.help(lang),
        "suggestion": finding.suggestion,
        "more": finding.more,
        "related": finding.related,
        "fingerprints": fingerprints,
    })
}

/// Cells to fill in first, as machines read them.
pub fn blockers(blockers: &[Blocker], lang: Lang) -> Vec<Value> {
    let unlocks = |blocker: &Blocker| -> Vec<Value> {
        let each = blocker.unlocks.iter();
        each.map(|unlock| {
            let title = unlock.metric.definition(lang).title;
            json!({ "metric": unlock.metric.name, "title": title, "of": unlock.of })
        })
        .collect()
    };
    blockers.iter().map(|blocker| json!({ "cells": blocker.cells, "unlocks": unlocks(blocker) })).collect()
}

fn past(past: &Past) -> Value {
    json!({
        "code": past.code,
        "severity": past.severity,
        "title": past.title,
        "message": past.message,
        "sheet": past.sheet,
        "cell": past.cell,
        "fingerprints": past.fingerprints,
    })
}
