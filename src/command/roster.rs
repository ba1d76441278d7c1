//! `fupan roster`: who is to return what, and how it stands.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::console::Console;
use super::{exit, settings};
use crate::batch::one::Settings;
use crate::batch::out::RECORD;
use crate::batch::out::save;
use crate::batch::roster::{self, Expected};
use crate::locale::Lang;
use crate::record::merge::{Roster, State};
use crate::record::run::Run;
use crate::xlsx::guard::Limits;
use crate::xlsx::write::{WriteOptions, write};

/// Arguments of `fupan roster`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    New(New),
    Check(Check),
}

#[derive(Debug, Args)]
struct New {
    #[arg(long, short, value_name = "FILE")]
    out: PathBuf,
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct Check {
    run: PathBuf,
    #[arg(long, value_name = "FILE")]
    roster: Option<PathBuf>,
}

/// Runs the command.
pub fn run(arguments: &Arguments, console: &Console, lang: Lang) -> u8 {
    match &arguments.what {
        What::New(new) => issue(new, console, lang),
        What::Check(check) => called(check, console),
    }
}

/// The record of a run.
///
/// # Errors
/// What is wrong with it, in the system's or the parser's words.
pub fn recorded(folder: &Path) -> Result<Run, String> {
    let bytes = std::fs::read(folder.join(RECORD)).map_err(|error| error.to_string())?;
    serde_json::from_slice(&bytes).map_err(|error| error.to_string())
}

/// Who is expected: the roster, else the campaigns of the period before, where one is named.
///
/// # Errors
/// What to say of a roster that cannot be read.
pub fn expected(
    file: Option<&Path>,
    before: Option<&Run>,
    settings: &Settings<'_>,
    console: &Console,
) -> Result<Vec<Expected>, String> {
    let Some(file) = file else { return Ok(before.map(roster::of_run).unwrap_or_default()) };
    roster::read(file, &settings.limits).map_err(|reason| unreadable(file, &reason, console))
}

fn unreadable(file: &Path, reason: &str, console: &Console) -> String {
    console.words.say("roster_unreadable", &[("file", &file.display().to_string()), ("reason", reason)])
}

/// Expected, returned, on time.
pub fn head(roster: &Roster, console: &Console) -> String {
    let [expected, returned, on_time] =
        [roster.expected, roster.returned, roster.on_time].map(|n| n.to_string());
    let holes = [("expected", &*expected), ("returned", &returned), ("on_time", &on_time)];
    console.words.say("roster_head", &holes)
}

fn issue(new: &New, console: &Console, lang: Lang) -> u8 {
    let words = &console.words;
    let out = new.out.display().to_string();
    if new.out.exists() {
        console.error(&words.say("file_exists", &[("file", &out)]));
        return exit::USAGE;
    }
    let run = match new.from.as_deref().map(recorded).transpose() {
        Ok(run) => run,
        Err(reason) => {
            let folder = new.from.as_ref().map(|folder| folder.display().to_string()).unwrap_or_default();
            console.error(&words.say("previous_unreadable", &[("file", &folder), ("reason", &reason)]));
            return exit::USAGE;
        }
    };
    let options = WriteOptions { lang, title: out.clone(), properties: Vec::new() };
    let written = write(&[roster::blank(run.as_ref(), lang)], &options).map_err(|error| error.to_string());
    let saved =
        written.and_then(|written| save(&new.out, &written.package).map_err(|error| error.to_string()));
    match saved {
        Ok(()) => {
            console.note(&words.say("roster_new", &[("out", &out)]));
            exit::CLEAN
        }
        Err(reason) => {
            console.error(&words.say("out_io", &[("path", &out), ("reason", &reason)]));
            exit::NOTHING
        }
    }
}

/// The roll call of a run; of a roster alone, what is wrong with it.
fn called(check: &Check, console: &Console) -> u8 {
    let words = &console.words;
    if let Some(file) = &check.roster {
        match roster::read(file, &Limits::default()) {
            Err(reason) => {
                console.error(&unreadable(file, &reason, console));
                return exit::USAGE;
            }
            Ok(expected) => {
                for (campaign, n) in roster::twice(&expected) {
                    let holes = [("campaign", &*campaign), ("n", &n.to_string())];
                    console.note(&words.say("roster_twice", &holes));
                }
            }
        }
    }
    let run = match recorded(&check.run) {
        Ok(run) => run,
        Err(reason) => {
            let folder = check.run.display().to_string();
            console.error(&words.say("previous_unreadable", &[("file", &folder), ("reason", &reason)]));
            return exit::USAGE;
        }
    };
    let Some(roster) = run.head.roster else {
        console.error(&words.get("roster_none"));
        return exit::USAGE;
    };
    let mut rows = vec![words.all(["campaign", "roster_person", "roster_state", "roster_owed"]).to_vec()];
    for row in &roster.rows {
        let state = words.get(settings::state_word(row.state));
        rows.push(vec![row.campaign.clone(), row.person.clone(), state, row.owed.join("；")]);
    }
    console.table(&rows);
    console.note(&head(&roster, console));
    let all = roster.rows.iter().all(|row| matches!(row.state, State::Returned | State::Unlisted));
    if all { exit::CLEAN } else { exit::FINDINGS }
}
