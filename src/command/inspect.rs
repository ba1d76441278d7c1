//! `fupan inspect`: what was recognised in a workbook and why, and what was not read.

use std::path::PathBuf;

use clap::Args;

use super::console::Console;
use super::error::{Ended, Exit};
use super::session::{Outputs, Session};
use super::{Reading, settings};
use crate::batch::isolation::Task;
use crate::locale::Lang;

/// Arguments of `fupan inspect`.
#[derive(Debug, Args)]
pub struct Arguments {
    file: PathBuf,
    #[command(flatten)]
    reading: Reading,
}

/// Runs the command.
///
/// # Errors
/// When the settings or the workbook cannot be read.
pub fn run(arguments: &Arguments, console: &Console) -> Ended {
    let policy = settings::policy(&arguments.reading, arguments.file.parent(), console)?;
    let session = Session::new(&arguments.reading, &policy, console, Lang::default(), Outputs::default());
    let done = session.work_alone(Task::Inspect, &arguments.file)?;
    console.print(done.text.trim_end());
    Ok(Exit::Clean)
}
