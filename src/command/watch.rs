//! `fupan watch`: a folder consolidated again whenever something in it has changed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use clap::Args;

use super::batch;
use super::console::Console;
use super::error::{CommandError, Ended, Exit};
use crate::batch::discover::discover;
use crate::locale::Lang;

/// Arguments of `fupan watch`.
#[derive(Debug, Args)]
#[group(id = "watch")]
pub struct Arguments {
    #[command(flatten)]
    batch: batch::Arguments,
    #[arg(long, value_name = "SECONDS", default_value_t = 10, hide_default_value = true)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..))]
    every: u64,
    #[arg(long, value_name = "N")]
    times: Option<u32>,
}

/// Size and time of every file that is input.
type Seen = BTreeMap<PathBuf, (u64, Option<SystemTime>)>;

/// Runs the command: at once, and then after every change that has come to rest.
///
/// # Errors
/// When the folder cannot be listed, or the first run comes to nothing for another reason than its files.
pub fn run(arguments: &Arguments, console: &Console, lang: Lang) -> Ended {
    let folder = arguments.batch.folder();
    let mut done: Option<Seen> = None;
    let mut before = seen(folder, console)?;
    let mut runs = 0;
    let mut told = None;
    let watching = console.words.say("watching", &[("n", &arguments.every.to_string())]);
    loop {
        let now = seen(folder, console)?;
        // What is still changing is being copied or saved: it is waited for.
        if now == before && done.as_ref() != Some(&now) {
            let ended = batch::run(&arguments.batch, console, lang);
            runs += 1;
            match ended {
                Ok(exit) if arguments.times == Some(runs) => return Ok(exit),
                Err(error) if arguments.times == Some(runs) => return Err(error),
                // A results file held open by Excel is closed some day: the next round tries again.
                Err(error) if error.exit == Exit::Nothing => {
                    // Said once, not in every round.
                    if told.as_ref() != Some(&error.message) {
                        console.error(&error.message);
                        console.note(&watching);
                    }
                    told = Some(error.message);
                }
                Err(error) => return Err(error),
                Ok(_) => {
                    console.note(&watching);
                    (done, told) = (Some(now.clone()), None);
                }
            }
        }
        before = now;
        thread::sleep(Duration::from_secs(arguments.every));
    }
}

/// The workbooks of the folder as they are now.
fn seen(folder: &Path, console: &Console) -> Result<Seen, CommandError> {
    let found = discover(folder, None).map_err(|error| CommandError::unlistable(folder, &error, console))?;
    let state = |path: &Path| {
        let known = std::fs::metadata(path).ok();
        known.map_or((0, None), |known| (known.len(), known.modified().ok()))
    };
    Ok(found.inputs.into_iter().map(|input| (input.path.clone(), state(&input.path))).collect())
}
