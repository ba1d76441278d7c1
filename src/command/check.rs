//! `fupan check`: findings, as text, JSON or SARIF, against an earlier reading where one is given.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use rayon::prelude::*;

use super::console::Console;
use super::error::{Ended, Exit};
use super::files::inputs;
use super::session::{Outputs, Session};
use super::{FailOn, Reading, screen, settings};
use crate::batch::codes;
use crate::batch::discover::Input;
use crate::batch::isolation::{Task, Workers};
use crate::exchange::baseline::compare_findings;
use crate::exchange::{self, Checked, json, sarif};
use crate::locale::Lang;

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
///
/// # Errors
/// When the settings, the earlier reading or a folder cannot be read.
pub fn run(arguments: &Arguments, console: &Console) -> Ended {
    let folder = match arguments.paths.as_slice() {
        [only] if only.is_dir() => Some(only.as_path()),
        [only] => only.parent(),
        _ => None,
    };
    let policy = settings::policy(&arguments.reading, folder, console)?;
    let session = Session::new(&arguments.reading, &policy, console, Lang::default(), Outputs::default());
    let baseline = settings::baseline(arguments.baseline.as_ref(), console)?;
    let inputs = inputs(&arguments.paths, console)?;
    let workers = session.workers();
    let (mut checked, guidance): (Vec<Checked>, Vec<String>) =
        inputs.par_iter().map(|input| check(input, &session, &workers)).unzip();
    if let Some(baseline) = baseline {
        let alone = checked.len() == 1;
        for one in &mut checked {
            if let Ok(reading) = &mut one.outcome {
                let compared = compare_findings(&reading.findings, baseline.of(&one.file, None, alone));
                reading.compared = Some(compared);
            }
        }
    }
    Ok(tell(arguments, &checked, &guidance, console))
}

/// Checks one file; beside its findings what is to be said of the whole workbook first.
fn check(input: &Input, session: &Session<'_>, workers: &Workers<'_, '_>) -> (Checked, String) {
    let mut done = session.work(workers, Task::Check, &input.path, &input.name);
    let guidance = done.as_mut().map(|done| std::mem::take(&mut done.text)).unwrap_or_default();
    let outcome = done.map(|done| {
        let (findings, silenced, blockers) = (done.findings, done.silenced, done.blockers);
        exchange::Reading { findings, silenced, blockers, compared: None }
    });
    (Checked { file: input.name.clone(), outcome }, guidance)
}

fn tell(arguments: &Arguments, checked: &[Checked], guidance: &[String], console: &Console) -> Exit {
    let code = code(checked, arguments.fail_on);
    let written = match arguments.format {
        Format::Text => {
            for (one, guidance) in checked.iter().zip(guidance) {
                if !guidance.is_empty() {
                    console.print(guidance);
                }
                match &one.outcome {
                    Ok(reading) => screen::findings::tell(&one.file, reading, console),
                    Err(finding) => console.print(&screen::refused(&one.file, finding, console)),
                }
            }
            return code;
        }
        Format::Json => {
            let check = json::check(checked, settings::as_of(&arguments.reading), console.lang);
            serde_json::to_value(check).unwrap_or_default()
        }
        Format::Sarif => sarif::check(checked, codes(), code as u8, console.lang),
    };
    console.print_json(&written);
    code
}

/// How the command ends; against an earlier reading only what is new counts.
fn code(checked: &[Checked], fail_on: FailOn) -> Exit {
    let read: Vec<&exchange::Reading> =
        checked.iter().filter_map(|checked| checked.outcome.as_ref().ok()).collect();
    let worst = read.iter().filter_map(|reading| reading.worst()).max();
    if read.is_empty() {
        Exit::Nothing
    } else if read.len() < checked.len() {
        Exit::SomeUnread
    } else if fail_on.is_reached(worst) {
        Exit::Findings
    } else {
        Exit::Clean
    }
}
