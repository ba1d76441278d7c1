//! `fupan roster`: who is to return what, and how it stands.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::console::Console;
use super::error::{CommandError, Ended, Exit};
use super::files::save;
use super::settings;
use crate::batch::one::Settings;
use crate::batch::out::RECORD;
use crate::batch::roster::{self, Expected};
use crate::locale::Lang;
use crate::record::merge::{Roster, State};
use crate::record::run::Run;
use crate::system;
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
///
/// # Errors
/// When a roster or the record of a run cannot be read, or the blank cannot be written.
pub fn run(arguments: &Arguments, console: &Console, lang: Lang) -> Ended {
    match &arguments.what {
        What::New(new) => issue(new, console, lang),
        What::Check(check) => called(check, console),
    }
}

/// The record of a run.
///
/// # Errors
/// When there is none, or it is none of ours.
pub fn recorded(folder: &Path, console: &Console) -> Result<Run, CommandError> {
    let unreadable = |reason: &str| {
        let holes = [("file", &*folder.display().to_string()), ("reason", reason)];
        CommandError::usage(console.words.say("previous_unreadable", &holes))
    };
    let bytes = std::fs::read(folder.join(RECORD))
        .map_err(|error| unreadable(&system::reason(&error, console.lang)))?;
    serde_json::from_slice(&bytes).map_err(|error| unreadable(&error.to_string()))
}

/// Who is expected, as the roster says; nobody where there is none.
///
/// # Errors
/// When the roster cannot be read.
pub fn expected(
    file: Option<&Path>,
    settings: &Settings<'_>,
    console: &Console,
) -> Result<Vec<Expected>, CommandError> {
    let Some(file) = file else { return Ok(Vec::new()) };
    roster::read(file, &settings.limits).map_err(|reason| unreadable(file, &reason, console))
}

/// That a roster cannot be read, and why.
pub fn unreadable(file: &Path, reason: &str, console: &Console) -> CommandError {
    let holes = [("file", &*file.display().to_string()), ("reason", reason)];
    CommandError::usage(console.words.say("roster_unreadable", &holes))
}

/// Expected, returned, on time.
pub fn head(roster: &Roster, console: &Console) -> String {
    let [expected, returned, on_time] =
        [roster.expected, roster.returned, roster.on_time].map(|n| n.to_string());
    let holes = [("expected", &*expected), ("returned", &returned), ("on_time", &on_time)];
    console.words.say("roster_head", &holes)
}

fn issue(new: &New, console: &Console, lang: Lang) -> Ended {
    let words = &console.words;
    let out = new.out.display().to_string();
    if new.out.exists() {
        return Err(CommandError::usage(words.say("file_exists", &[("file", &out)])));
    }
    let run = new.from.as_deref().map(|folder| recorded(folder, console)).transpose()?;
    let options = WriteOptions { lang, title: out.clone(), properties: Vec::new() };
    let written = write(&[roster::blank(run.as_ref(), lang)], &options)
        .map_err(|error| CommandError::internal(&error.to_string(), console))?;
    save(&new.out, &written.package, console)?;
    console.note(&words.say("roster_new", &[("out", &out)]));
    Ok(Exit::Clean)
}

/// The roll call of a run; of a roster alone, what is wrong with it.
fn called(check: &Check, console: &Console) -> Ended {
    let words = &console.words;
    if let Some(file) = &check.roster {
        let expected =
            roster::read(file, &Limits::default()).map_err(|reason| unreadable(file, &reason, console))?;
        for (campaign, n) in roster::twice(&expected) {
            let holes = [("campaign", &*campaign), ("n", &n.to_string())];
            console.note(&words.say("roster_twice", &holes));
        }
    }
    let run = recorded(&check.run, console)?;
    let Some(roster) = run.head.roster else {
        return Err(CommandError::usage(words.get("roster_none")));
    };
    let mut rows = vec![words.all(["campaign", "roster_person", "roster_state", "roster_owed"]).to_vec()];
    for row in &roster.rows {
        let state = words.get(settings::state_word(row.state));
        rows.push(vec![row.campaign.clone(), row.person.clone(), state, row.owed.join("；")]);
    }
    console.table(&rows);
    console.note(&head(&roster, console));
    let all = roster.rows.iter().all(|row| matches!(row.state, State::Returned | State::Unlisted));
    Ok(if all { Exit::Clean } else { Exit::Findings })
}
