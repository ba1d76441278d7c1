//! `fupan check`: findings, as text, JSON or SARIF, against an earlier reading where one is given.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use rayon::prelude::*;

use super::console::Console;
use super::enrich::refused;
use super::worker::wording;
use super::{FailOn, Reading, exit, found, settings};
use crate::batch::codes;
use crate::batch::discover::{Input, discover};
use crate::batch::input::snapshot;
use crate::batch::isolation::{Job, Task, Workers};
use crate::exchange::baseline::{Baseline, compare_findings};
use crate::exchange::{self, Checked, json, sarif};
use crate::locale::Lang;
use crate::xlsx::guard::Limits;

/// Arguments of `fupan check`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    #[arg(long, value_enum, default_value = "text", hide_default_value = true)]
    format: Format,
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    #[command(flatten)]
    reading: Reading,
    #[arg(long, value_enum, default_value = "error", hide_default_value = true)]
    fail_on: FailOn,
}

/// For people, for programs, for code review tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Sarif,
}

/// Runs the command.
pub fn run(arguments: &Arguments, console: &Console) -> u8 {
    match prepared(arguments, console) {
        Ok(checked) => tell(arguments, &checked, console),
        Err(message) => {
            console.error(&message);
            exit::USAGE
        }
    }
}

/// Reads everything that was named.
fn prepared(arguments: &Arguments, console: &Console) -> Result<Vec<Checked>, String> {
    let folder = match arguments.paths.as_slice() {
        [only] if only.is_dir() => Some(only.as_path()),
        [only] => only.parent(),
        _ => None,
    };
    let policy = settings::policy(&arguments.reading, folder, console)?;
    let settings = settings::settings(&arguments.reading, &policy, Lang::default());
    let baseline = baseline(arguments.baseline.as_ref(), console)?;
    let inputs = inputs(&arguments.paths).map_err(|(path, error)| {
        let holes = [("folder", path.display().to_string()), ("reason", error.to_string())];
        console.words.say("folder_unreadable", &[("folder", &holes[0].1), ("reason", &holes[1].1)])
    })?;
    let describe = wording(console.lang);
    let workers = settings::workers(&arguments.reading, &settings, console, &describe);
    let mut checked: Vec<Checked> =
        inputs.par_iter().map(|input| check(input, &settings.limits, &workers)).collect();
    if let Some(baseline) = baseline {
        let alone = checked.len() == 1;
        for one in &mut checked {
            if let Ok(reading) = &mut one.outcome {
                let compared = compare_findings(&reading.findings, baseline.of(&one.file, None, alone));
                reading.compared = Some(compared);
            }
        }
    }
    Ok(checked)
}

/// The earlier reading that was named.
///
/// # Errors
/// The message to show when it is none.
pub fn baseline(path: Option<&PathBuf>, console: &Console) -> Result<Option<Baseline>, String> {
    let Some(path) = path else { return Ok(None) };
    let unreadable = |reason: String| {
        let file = path.display().to_string();
        console.words.say("baseline_unreadable", &[("file", &file), ("reason", &reason)])
    };
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
    Baseline::load(&text).map(Some).map_err(unreadable)
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
            inputs.push(Input::new(path.clone(), path.display().to_string()));
        }
    }
    Ok(inputs)
}

fn check(input: &Input, limits: &Limits, workers: &Workers<'_, '_>) -> Checked {
    let job = Job::new(Task::Check, input.name.clone());
    let outcome = snapshot(&input.path, limits).and_then(|bytes| workers.work(&job, &bytes)).map(|done| {
        let (findings, silenced, blockers) = (done.findings, done.silenced, done.blockers);
        exchange::Reading { findings, silenced, blockers, compared: None }
    });
    Checked { file: input.name.clone(), outcome }
}

fn tell(arguments: &Arguments, checked: &[Checked], console: &Console) -> u8 {
    let code = code(checked, arguments.fail_on);
    let written = match arguments.format {
        Format::Text => {
            for one in checked {
                match &one.outcome {
                    Ok(reading) => found::tell(&one.file, reading, console),
                    Err(finding) => console.print(&refused(&one.file, finding, console)),
                }
            }
            return code;
        }
        Format::Json => {
            let check = json::check(checked, settings::as_of(&arguments.reading), console.lang);
            serde_json::to_value(check).unwrap_or_default()
        }
        Format::Sarif => sarif::check(checked, codes(), code, console.lang),
    };
    console.print_json(&written);
    code
}

/// How the command ends; against an earlier reading only what is new counts.
fn code(checked: &[Checked], fail_on: FailOn) -> u8 {
    let read: Vec<&exchange::Reading> =
        checked.iter().filter_map(|checked| checked.outcome.as_ref().ok()).collect();
    let worst = read.iter().filter_map(|reading| reading.worst()).max();
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
