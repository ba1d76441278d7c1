//! What a run is set up with: the as-of day, the team's settings, the catalogue.

use std::path::{Path, PathBuf};

use super::Reading;
use super::console::Console;
use super::error::CommandError;
use crate::batch::answers;
use crate::batch::isolation::{Describe, Setup, Workers};
use crate::batch::one::Settings;
use crate::catalogue::Catalogue;
use crate::exchange::baseline::Baseline;
use crate::locale::Lang;
use crate::policy::{self, Complaint, Policy, Problem};
use crate::record::merge::State;
use crate::system;

/// Name of a team's settings.
pub const FILE: &str = "fupan.toml";
/// Tests ask for a fault of the workers by it: `hang`, `panic:坏.xlsx` …
const FAULT: &str = "FUPAN_WORKER_TEST";

/// Where the team's settings are: `--config`, else `fupan.toml` in the folder or where the command runs.
pub fn path(reading: &Reading, folder: Option<&Path>) -> Option<PathBuf> {
    let beside = [folder.map(|folder| folder.join(FILE)), Some(PathBuf::from(FILE))];
    reading.config.clone().or_else(|| beside.into_iter().flatten().find(|path| path.is_file()))
}

/// The team's thresholds and levels: from `--config`, else from `fupan.toml` in the folder or where the command runs.
///
/// What is wrong with them is said on the console and the default stays.
///
/// # Errors
/// When a file that was named cannot be read.
pub fn policy(reading: &Reading, folder: Option<&Path>, console: &Console) -> Result<Policy, CommandError> {
    let Some(path) = path(reading, folder) else { return Ok(Policy::default()) };
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(&path).map_err(|error| {
        let reason = system::reason(&error, console.lang);
        CommandError::usage(console.words.say("config_unreadable", &[("file", &shown), ("reason", &reason)]))
    })?;
    let (policy, complaints) = policy::load(&text);
    let unknown = answers::of_settings(Catalogue::shipped(), &policy).1;
    for complaint in complaints.iter().chain(&unknown) {
        console.note(&complain(&shown, complaint, console));
    }
    let known: Vec<&str> = crate::batch::codes().map(|code| code.name).collect();
    for name in policy.levels.keys().filter(|name| !known.contains(&name.as_str())) {
        let problem = Problem::UnknownCode(policy::nearest(name, known.iter().copied()));
        console.note(&complain(
            &shown,
            &Complaint { line: 0, key: format!("levels.{name}"), problem },
            console,
        ));
    }
    Ok(policy)
}

fn complain(file: &str, complaint: &Complaint, console: &Console) -> String {
    let line = complaint.line.to_string();
    let (key, extra) = match &complaint.problem {
        Problem::Unparseable(words) => ("config_unparseable", words.clone()),
        Problem::Unknown(None) => ("config_unknown", String::new()),
        Problem::Unknown(Some(nearest)) => ("config_unknown_nearest", nearest.clone()),
        Problem::Impossible(allowed) => ("config_impossible", allowed.clone()),
        Problem::UnknownCode(None) => ("config_unknown_code", String::new()),
        Problem::UnknownCode(Some(nearest)) => ("config_unknown_code_nearest", nearest.clone()),
    };
    console.words.say(key, &[("file", file), ("line", &line), ("key", &complaint.key), ("extra", &extra)])
}

/// The earlier reading that was named.
///
/// # Errors
/// When it is none.
pub fn baseline(path: Option<&PathBuf>, console: &Console) -> Result<Option<Baseline>, CommandError> {
    let Some(path) = path else { return Ok(None) };
    let unreadable = |reason: String| {
        let file = path.display().to_string();
        CommandError::usage(console.words.say("baseline_unreadable", &[("file", &file), ("reason", &reason)]))
    };
    let text =
        std::fs::read_to_string(path).map_err(|error| unreadable(system::reason(&error, console.lang)))?;
    Baseline::load(&text).map(Some).map_err(unreadable)
}

/// Everything a workbook is read with.
pub fn settings<'a>(reading: &Reading, policy: &'a Policy, lang: Lang) -> Settings<'a> {
    Settings::new(Catalogue::shipped(), policy, as_of(reading), lang)
}

/// The day as of which things are late: as given, else today.
pub fn as_of(reading: &Reading) -> chrono::NaiveDate {
    reading.as_of.unwrap_or_else(today)
}

/// Today: the one place where the program asks the clock for the day.
pub fn today() -> chrono::NaiveDate {
    chrono::Local::now().date_naive()
}

/// The worker processes of a run: this same program again.
pub fn workers<'a, 's>(
    reading: &Reading,
    settings: &'a Settings<'s>,
    console: &Console,
    describe: Describe<'a>,
) -> Workers<'a, 's> {
    let policy = settings.policy;
    let setup = Setup {
        config: policy.source.clone(),
        as_of: settings.as_of,
        lang: settings.lang.tag().to_owned(),
        mark: settings.mark,
        papers: settings.papers.clone(),
        console: console.lang.tag().to_owned(),
        seconds: reading.max_seconds.unwrap_or(policy.most_seconds),
        memory: reading.max_memory.unwrap_or(policy.most_memory).saturating_mul(1 << 20),
        fault: std::env::var(FAULT).ok().and_then(|fault| Setup::fault_named(&fault)),
    };
    Workers::new(std::env::current_exe().ok(), setup, settings, describe)
}

/// The console's word for a state of the roll call.
pub fn state_word(state: State) -> &'static str {
    match state {
        State::Missing => "roster_missing",
        State::Unreadable => "roster_unread",
        State::Outdated => "roster_outdated",
        State::Unchanged => "roster_unchanged",
        State::Incomplete => "roster_incomplete",
        State::Pending => "roster_pending",
        State::Returned => "roster_returned",
        State::Unlisted => "roster_unlisted",
    }
}
