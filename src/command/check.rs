//! `fupan check`: findings, as text or JSON.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::console::Console;
use super::enrich::refused;
use super::{FailOn, Reading, exit, settings};
use crate::batch::discover::{Input, discover};
use crate::batch::input::snapshot;
use crate::batch::one::{Settings, review_bytes};
use crate::diagnostic::{Finding, Severity};
use crate::export::finding as finding_json;
use crate::locale::Lang;

/// Arguments of `fupan check`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    #[arg(long, value_enum, default_value = "text", hide_default_value = true)]
    format: Format,
    #[command(flatten)]
    reading: Reading,
    #[arg(long, value_enum, default_value = "error", hide_default_value = true)]
    fail_on: FailOn,
}

/// For people or for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// What checking one file came to.
struct Checked {
    name: String,
    outcome: Result<(Vec<Finding>, usize), Box<Finding>>,
}

/// Runs the command.
pub fn run(arguments: &Arguments, console: &Console) -> u8 {
    let policy = match settings::policy(&arguments.reading, None, console) {
        Ok(policy) => policy,
        Err(message) => {
            console.error(&message);
            return exit::USAGE;
        }
    };
    let settings = settings::settings(&arguments.reading, &policy, Lang::default());
    let inputs = match inputs(&arguments.paths) {
        Ok(inputs) => inputs,
        Err((path, error)) => {
            let folder = path.display().to_string();
            console.error(
                &console
                    .words
                    .say("folder_unreadable", &[("folder", &folder), ("reason", &error.to_string())]),
            );
            return exit::USAGE;
        }
    };
    let checked: Vec<Checked> = inputs.iter().map(|input| check(input, &settings)).collect();
    match arguments.format {
        Format::Text => checked.iter().for_each(|checked| tell(checked, console)),
        Format::Json => {
            let files: Vec<Value> = checked.iter().map(|checked| file_json(checked, console.lang)).collect();
            let json = json!({ "tool": "fupan", "version": env!("CARGO_PKG_VERSION"), "files": files });
            console.print(&serde_json::to_string_pretty(&json).unwrap_or_default());
        }
    }
    code(&checked, arguments.fail_on)
}

/// The workbooks meant: files as named, of folders every workbook below.
///
/// # Errors
/// The folder that cannot be listed.
pub fn inputs(paths: &[PathBuf]) -> Result<Vec<Input>, (PathBuf, std::io::Error)> {
    let mut inputs = Vec::new();
    for path in paths {
        if path.is_dir() {
            inputs.extend(discover(path, None).map_err(|error| (path.clone(), error))?.inputs);
        } else {
            inputs.push(Input { name: path.display().to_string(), path: path.clone() });
        }
    }
    Ok(inputs)
}

fn check(input: &Input, settings: &Settings<'_>) -> Checked {
    let outcome = snapshot(&input.path, &settings.limits).and_then(|bytes| {
        review_bytes(&bytes, &input.name, settings).map(|review| (review.findings, review.silenced))
    });
    Checked { name: input.name.clone(), outcome }
}

fn code(checked: &[Checked], fail_on: FailOn) -> u8 {
    let read: Vec<&Vec<Finding>> = checked
        .iter()
        .filter_map(|checked| checked.outcome.as_ref().ok())
        .map(|(findings, _)| findings)
        .collect();
    let worst = read.iter().flat_map(|findings| findings.iter()).map(|finding| finding.severity).max();
    if read.is_empty() {
        exit::NOTHING
    } else if read.len() < checked.len() {
        exit::SOME_UNREAD
    } else if fail_on.is_reached(worst) {
        exit::FINDINGS
    } else {
        exit::CLEAN
    }
}

fn file_json(checked: &Checked, lang: Lang) -> Value {
    match &checked.outcome {
        Ok((findings, silenced)) => json!({
            "file": checked.name,
            "findings": findings.iter().map(|finding| finding_json(finding, lang)).collect::<Vec<_>>(),
            "silenced": silenced,
        }),
        Err(finding) => json!({ "file": checked.name, "refused": finding_json(finding, lang) }),
    }
}

/// One file's findings: where, what, what to do.
fn tell(checked: &Checked, console: &Console) {
    let words = &console.words;
    let (findings, silenced) = match &checked.outcome {
        Ok(read) => read,
        Err(finding) => return console.print(&refused(&checked.name, finding, console)),
    };
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count().to_string();
    console.print(&words.say(
        "check_file",
        &[
            ("file", &checked.name),
            ("errors", &count(Severity::Error)),
            ("warnings", &count(Severity::Warning)),
            ("notes", &count(Severity::Note)),
        ],
    ));
    for finding in findings {
        console.print(&finding_text(finding, console));
    }
    if *silenced > 0 {
        console.print(&words.say("check_silenced", &[("n", &silenced.to_string())]));
    }
}

/// One finding in two or three lines.
pub fn finding_text(finding: &Finding, console: &Console) -> String {
    let words = &console.words;
    let level = words.get(match finding.severity {
        Severity::Error => "level_error",
        Severity::Warning => "level_warning",
        Severity::Note => "level_note",
    });
    let place = match (&finding.at, &finding.sheet) {
        (Some(at), _) => at.to_string(),
        (None, Some(sheet)) => sheet.clone(),
        (None, None) => words.get("whole_file"),
    };
    let mut text = format!("  {level} {place}  {}  [{}]", finding.message(console.lang), finding.code.name);
    if !finding.more.is_empty() {
        let shown: Vec<String> = finding.more.iter().take(2).map(ToString::to_string).collect();
        let n = finding.more.len().to_string();
        text += &format!("\n       {}", words.say("check_more", &[("n", &n), ("cells", &shown.join(" "))]));
    }
    text += &format!("\n       → {}", finding.help(console.lang));
    if let Some(suggestion) = &finding.suggestion {
        text += &words.say("check_suggestion", &[("value", suggestion)]);
    }
    text
}
