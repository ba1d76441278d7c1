//! Findings as SARIF 2.1.0, for editors and code-review systems.
//!
//! A cell has no line, so a place is the file and the logical location
//! `Sheet!A1` in it; a region would have to be made up and is left out.

use serde_json::{Value, json};

use super::baseline::State;
use super::{Checked, Reading, json::finding};
use crate::cell::Place;
use crate::diagnostic::{Code, Finding, Severity};
use crate::locale::Lang;
use crate::record::finding::Finding as Past;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Name of our fingerprint; its number changes when what goes into it does.
const FINGERPRINT: &str = "fupanCell/v1";

/// Everything one `check` has to say; `codes` are the rules there are, `exit` is how the command ends.
pub fn check(files: &[Checked], codes: impl Iterator<Item = &'static Code>, exit: u8, lang: Lang) -> Value {
    let told = |code: &Code| files.iter().any(|checked| told_in(checked, code.name));
    let rules: Vec<&'static Code> = codes.filter(|code| told(code)).collect();
    let writer = Writer { rules: &rules, lang };
    let artifacts: Vec<Value> =
        files.iter().map(|checked| json!({ "location": { "uri": uri(&checked.file) } })).collect();
    let results: Vec<Value> =
        files.iter().enumerate().flat_map(|(index, checked)| writer.file(index, checked)).collect();
    let read = files.iter().any(|checked| checked.outcome.is_ok());
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "fupan",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "language": match lang { Lang::Zh => "zh-CN", Lang::ZhHant => "zh-Hant", Lang::En => "en-US" },
                "rules": rules.iter().map(|code| rule(code, lang)).collect::<Vec<_>>(),
            } },
            "invocations": [{ "executionSuccessful": read, "exitCode": exit }],
            "artifacts": artifacts,
            "results": results,
        }],
    })
}

fn told_in(checked: &Checked, code: &str) -> bool {
    match &checked.outcome {
        Err(refused) => refused.code.name == code,
        Ok(reading) => {
            let fixed = reading.compared.iter().flat_map(|compared| &compared.fixed);
            reading.findings.iter().any(|finding| finding.code.name == code)
                || fixed.into_iter().any(|past| past.code == code)
        }
    }
}

/// A code's page.
fn rule(code: &'static Code, lang: Lang) -> Value {
    let wording = code.wording(lang);
    let markdown = format!("{}\n\n{}\n\n> {}", wording.why, wording.help, wording.example);
    json!({
        "id": code.name,
        "shortDescription": { "text": wording.title },
        "fullDescription": { "text": wording.why },
        "help": { "text": format!("{}\n{}", wording.help, wording.example), "markdown": markdown },
        "defaultConfiguration": { "level": level(code.severity) },
        "properties": { "family": code.family },
    })
}

struct Writer<'a> {
    rules: &'a [&'static Code],
    lang: Lang,
}

impl Writer<'_> {
    fn file(&self, index: usize, checked: &Checked) -> Vec<Value> {
        let reading = match &checked.outcome {
            Err(refused) => return vec![self.result(index, checked, refused)],
            Ok(reading) => reading,
        };
        let mut results: Vec<Value> =
            reading.findings.iter().map(|finding| self.result(index, checked, finding)).collect();
        self.add_states(&mut results, reading);
        let fixed = reading.compared.iter().flat_map(|compared| &compared.fixed);
        results.extend(fixed.map(|past| self.absent(index, checked, past)));
        results
    }

    fn add_states(&self, results: &mut [Value], reading: &Reading) {
        let Some(compared) = &reading.compared else { return };
        for (result, state) in results.iter_mut().zip(&compared.states) {
            result["baselineState"] = json!(match state {
                State::New => "new",
                State::Still => "unchanged",
                State::Grown(_) => "updated",
            });
        }
    }

    fn result(&self, index: usize, checked: &Checked, finding_told: &Finding) -> Value {
        let said = finding(finding_told, self.lang);
        let text = format!("{}\n{}", finding_told.message(self.lang), finding_told.help(self.lang));
        let mut locations: Vec<Value> = Vec::new();
        let whole = finding_told
            .at
            .is_none()
            .then(|| location(index, &checked.file, finding_told.sheet.as_deref(), None));
        locations.extend(whole);
        for at in finding_told.at.iter().chain(&finding_told.more) {
            locations.push(at_place(index, &checked.file, at));
        }
        let mut result = json!({
            "ruleId": finding_told.code.name,
            "level": level(finding_told.severity),
            "message": { "text": text },
            "locations": locations,
            "partialFingerprints": { FINGERPRINT: said.fingerprints.first() },
            "properties": {
                "table": said.table,
                "column": said.column,
                "found": said.found,
                "suggestion": said.suggestion,
            },
        });
        if let Some(rule) = self.rules.iter().position(|code| code.name == finding_told.code.name) {
            result["ruleIndex"] = json!(rule);
        }
        if !finding_told.related.is_empty() {
            let related = finding_told.related.iter().map(|at| at_place(index, &checked.file, at));
            result["relatedLocations"] = related.collect();
        }
        result
    }

    /// A finding of the baseline that is gone.
    fn absent(&self, index: usize, checked: &Checked, past: &Past) -> Value {
        let location = location(
            index,
            &checked.file,
            past.sheet.as_deref(),
            past.cell.map(|cell| cell.to_string()).as_deref(),
        );
        let mut result = json!({
            "ruleId": past.code,
            "level": level(past.severity),
            "message": { "text": past.message },
            "locations": [location],
            "partialFingerprints": { FINGERPRINT: past.fingerprints.first() },
            "baselineState": "absent",
        });
        if let Some(rule) = self.rules.iter().position(|code| code.name == past.code) {
            result["ruleIndex"] = json!(rule);
        }
        result
    }
}

fn at_place(index: usize, file: &str, at: &Place) -> Value {
    location(index, file, Some(&at.sheet), Some(&at.cell.to_string()))
}

fn location(index: usize, file: &str, sheet: Option<&str>, cell: Option<&str>) -> Value {
    let mut location = json!({
        "physicalLocation": { "artifactLocation": { "uri": uri(file), "index": index } },
    });
    let full = match (sheet, cell) {
        (Some(sheet), Some(cell)) => format!("{sheet}!{cell}"),
        (Some(sheet), None) => sheet.to_owned(),
        (None, _) => return location,
    };
    let name = cell.or(sheet).unwrap_or_default();
    location["logicalLocations"] = json!([{ "name": name, "fullyQualifiedName": full }]);
    location
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// A path as a URI reference: relative ones stay relative, the rest is percent-encoded.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let path = path.strip_prefix("./").unwrap_or(&path);
    let drive = path.as_bytes().get(1) == Some(&b':') && path.as_bytes()[0].is_ascii_alphabetic();
    let (head, rest) = match path {
        _ if drive => (format!("file:///{}", &path[..2]), &path[2..]),
        _ if path.starts_with('/') => ("file://".to_owned(), path),
        _ => (String::new(), path),
    };
    let mut uri = head;
    for byte in rest.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(byte.into())
            }
            _ => uri += &format!("%{byte:02X}"),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn a_path_becomes_a_uri_that_any_reader_takes() {
        for (path, expected) in [
            ("a b.xlsx", "a%20b.xlsx"),
            ("./in/甲.xlsx", "in/%E7%94%B2.xlsx"),
            ("in\\a.xlsx", "in/a.xlsx"),
            ("C:\\in\\a.xlsx", "file:///C:/in/a.xlsx"),
            ("/in/a:b.xlsx", "file:///in/a%3Ab.xlsx"),
        ] {
            assert_eq!(uri(path), expected);
        }
    }
}
