//! `fupan analyse`: everything computed from workbooks, for people or for programs.

use std::path::PathBuf;

use clap::Args;
use rayon::prelude::*;
use serde_json::Value;

use super::console::Console;
use super::error::{Ended, Exit};
use super::files::inputs;
use super::session::{Outputs, Session};
use super::{Format, Reading, screen, settings};
use crate::batch::isolation::{Done, Task};
use crate::diagnostic::Finding;
use crate::export::output;

/// Arguments of `fupan analyse`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    #[arg(long, value_enum, default_value = "text", hide_default_value = true)]
    format: Format,
    #[command(flatten)]
    reading: Reading,
}

/// Runs the command.
///
/// # Errors
/// When the settings or a folder cannot be read.
pub fn run(arguments: &Arguments, console: &Console) -> Ended {
    let policy = settings::policy(&arguments.reading, None, console)?;
    let session = Session::new(&arguments.reading, &policy, console, console.lang, Outputs::default());
    let workers = session.workers();
    let task = match arguments.format {
        Format::Text => Task::Analyse,
        Format::Json => Task::AnalyseJson,
    };
    let analysed: Vec<(String, Result<Done, Box<Finding>>)> = inputs(&arguments.paths, console)?
        .into_par_iter()
        .map(|input| {
            let done = session.work(&workers, task, &input.path, &input.name);
            (input.name, done)
        })
        .collect();
    match arguments.format {
        Format::Text => {
            for (name, done) in &analysed {
                match done {
                    Ok(done) => console.print(done.text.strip_suffix('\n').unwrap_or(&done.text)),
                    Err(finding) => console.print(&screen::refused(name, finding, console)),
                }
            }
        }
        Format::Json => {
            let as_of = session.settings.as_of;
            let each = analysed.iter().map(|(name, done)| match done {
                Ok(done) => serde_json::from_str(&done.text).unwrap_or_default(),
                Err(finding) => output(&[(name, Err(&**finding))], as_of, console.lang),
            });
            let json = together(each, output(&[], as_of, console.lang));
            console.print(&serde_json::to_string_pretty(&json).unwrap_or_default());
        }
    }
    let read = analysed.iter().filter(|(_, done)| done.is_ok()).count();
    Ok(match read {
        0 => Exit::Nothing,
        read if read < analysed.len() => Exit::SomeUnread,
        _ => Exit::Clean,
    })
}

/// The files of several outputs in one.
fn together(each: impl Iterator<Item = Value>, mut whole: Value) -> Value {
    let mut files = Vec::new();
    for mut output in each {
        if let Value::Array(its) = output["files"].take() {
            files.extend(its);
        }
    }
    whole["files"] = Value::Array(files);
    whole
}
