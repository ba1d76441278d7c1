//! `fupan batch`: a folder of workbooks in, one folder of results out.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use clap::Args;

use super::console::Console;
use super::error::{CommandError, Ended, Exit};
use super::files::{name_of, whole_path};
use super::session::{Outputs, Session};
use super::{FailOn, Papers, Reading, roster, screen, settings as reading};
use crate::batch::answers::decided_lines;
use crate::batch::memory::Keeper;
use crate::batch::out::{OutError, is_result_folder};
use crate::batch::run::{Came, Expecting, Outcome, RunError, run as run_batch};
use crate::catalogue::findings::ANSWERS_OBEYED;
use crate::diagnostic::Severity;
use crate::locale::Lang;
use crate::policy::Policy;
use crate::portfolio::compare::{IDENTICAL_COPIES, settings};
use crate::record::run::{Outcome as FileOutcome, Run, SkipReason};

/// Arguments of `fupan batch`.
#[derive(Debug, Args)]
pub struct Arguments {
    folder: PathBuf,
    #[arg(long, short, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    papers: Papers,
    #[arg(long)]
    no_data: bool,
    #[command(flatten)]
    reading: Reading,
    #[arg(long, value_enum, default_value = "error", hide_default_value = true)]
    fail_on: FailOn,
    #[arg(long)]
    mark: bool,
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    roster: Option<PathBuf>,
    #[arg(long, value_name = "DIR")]
    previous: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
}

impl Arguments {
    /// The inbox.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the results go: as named, else beside the inbox, a folder for each week, `收件箱-产出/2024-W50`.
    pub fn out(&self, console: &Console) -> PathBuf {
        self.out.clone().unwrap_or_else(|| {
            let folder = whole_path(&self.folder);
            let results = console.words.say("results_of", &[("folder", &name_of(&folder))]);
            folder.with_file_name(results).join(reading::as_of(&self.reading).format("%G-W%V").to_string())
        })
    }
}

/// Runs the command.
///
/// # Errors
/// When the settings, the earlier run or the folder cannot be read, or the results cannot be written.
pub fn run(arguments: &Arguments, console: &Console, lang: Lang) -> Ended {
    let policy = reading::policy(&arguments.reading, Some(&arguments.folder), console)?;
    let outputs =
        Outputs { mark: arguments.mark, papers: arguments.papers.wanted(), data: !arguments.no_data };
    let session = Session::new(&arguments.reading, &policy, console, lang, outputs);
    // Read first: it may be the record of the very folder that is replaced.
    let baseline = reading::baseline(arguments.baseline.as_ref(), console)?;
    if let Some(jobs) = arguments.jobs {
        // Only the first pool of a process can be sized, and this is the first.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(jobs).build_global();
    }
    let previous = arguments
        .previous
        .as_deref()
        .map(|folder| Ok((folder.to_owned(), roster::recorded(folder, console)?)));
    let previous = previous.transpose()?;
    let roster = roster::expected(arguments.roster.as_deref(), &session.settings, console)?;
    let keeper = match arguments.ledger.as_deref() {
        None => Keeper::Beside,
        Some(path) if path.as_os_str() == "none" => Keeper::Nobody,
        Some(path) => Keeper::File(path.to_owned()),
    };
    let expected = Expecting { roster, before: previous, keeper };
    let bar = OnceLock::new();
    let progress = |done: usize, total: usize| {
        bar.get_or_init(|| console.bar(total)).set_position(done as u64);
    };
    let workers = session.workers();
    let out = arguments.out(console);
    let folder = &arguments.folder;
    let outcome =
        run_batch(folder, &out, &session.settings, &workers, baseline.as_ref(), &expected, &progress);
    if let Some(bar) = bar.get() {
        bar.finish_and_clear();
    }
    let outcome = outcome.map_err(|error| failure(&error, arguments, &out, console))?;
    match outcome {
        Came::Anew(outcome) => {
            tell(&outcome, &out, console);
            names_decided(&outcome, &policy, console);
            Ok(code(&outcome, arguments.fail_on))
        }
        Came::AsBefore(run, remarks) => {
            for remark in &remarks {
                console.note(&super::ledger::said(remark, console));
            }
            console.note(&console.words.say("batch_unchanged", &[("out", &out.display().to_string())]));
            Ok(code_before(&run, arguments.fail_on))
        }
    }
}

/// How the run whose results stay ended.
fn code_before(run: &Run, fail_on: FailOn) -> Exit {
    let counted = || run.files.iter().filter_map(|file| file.campaign.as_ref());
    let own = counted().filter(|entry| entry.set_aside_for.is_none()).flat_map(|entry| &entry.findings);
    let across = run.head.findings.iter().map(|finding| finding.severity);
    let worst = own.map(|line| line.severity).chain(across).max();
    if counted().next().is_none() {
        Exit::Nothing
    } else if run.files.iter().any(|file| file.outcome == FileOutcome::Refused) {
        Exit::SomeUnread
    } else if fail_on.is_reached(worst) {
        Exit::Findings
    } else {
        Exit::Clean
    }
}

fn code(outcome: &Outcome, fail_on: FailOn) -> Exit {
    let worst = match &outcome.compared {
        Some(compared) => compared.worst,
        None => outcome.counts.keys().next_back().copied(),
    };
    if outcome.portfolio.entries.is_empty() {
        Exit::Nothing
    } else if !outcome.portfolio.refused.is_empty() {
        Exit::SomeUnread
    } else if fail_on.is_reached(worst) {
        Exit::Findings
    } else {
        Exit::Clean
    }
}

/// The closing table: a row a campaign, then what was not read and why.
fn tell(outcome: &Outcome, out: &Path, console: &Console) {
    let words = &console.words;
    let out = out.display().to_string();
    if !console.quiet {
        let mut rows =
            vec![words.all(["campaign", "file", "composite", "errors", "warnings", "overdue"]).to_vec()];
        for entry in outcome.portfolio.counted() {
            let count = |severity| {
                let lines = entry.findings.iter().filter(|line| line.severity == severity);
                let (findings, cells) =
                    lines.fold((0, 0), |(n, cells), line| (n + line.findings, cells + line.cells));
                screen::findings::counted(findings, cells, console)
            };
            let overdue = entry
                .actions
                .iter()
                .filter(|action| action.state == crate::metrics::actions::State::Overdue)
                .count();
            rows.push(vec![
                entry.name.clone(),
                entry.file.clone(),
                entry.composite.map_or_else(|| "—".into(), |n| format!("{:.1}%", n * 100.0)),
                count(Severity::Error),
                count(Severity::Warning),
                overdue.to_string(),
            ]);
        }
        console.table(&rows);
    }
    for entry in outcome.portfolio.entries.iter() {
        if let Some(other) = &entry.set_aside_for {
            console.note(&words.say("set_aside", &[("file", &entry.file), ("other", other)]));
        }
    }
    for merge in &outcome.portfolio.merges {
        let n = merge.copies.len().to_string();
        let (taken, pending) = (merge.taken.to_string(), merge.pending.len().to_string());
        let holes = [("n", &*n), ("host", &merge.host), ("taken", &taken), ("pending", &pending)];
        console.note(&words.say("batch_merged", &holes));
    }
    if let Some(roster) = &outcome.portfolio.roster {
        console.note(&super::roster::head(roster, console));
    }
    for (copy, counted) in &outcome.portfolio.identical {
        console.note(&words.say("identical", &[("file", copy), ("other", counted)]));
    }
    // Identical copies are told above, by name.
    let across = outcome.portfolio.findings.iter().filter(|it| it.code != &IDENTICAL_COPIES);
    for finding in across {
        let holes = [("message", &*finding.message(console.lang)), ("help", &finding.help(console.lang))];
        console.note(&words.say("message_and_help", &holes));
    }
    for refused in &outcome.portfolio.refused {
        console.error(&words.say("refused", &[("file", &refused.file), ("message", &refused.message)]));
    }
    if outcome.portfolio.silenced > 0 {
        console.note(&words.say("check_silenced", &[("n", &outcome.portfolio.silenced.to_string())]));
    }
    let answered = outcome
        .portfolio
        .entries
        .iter()
        .filter(|entry| entry.findings.iter().any(|line| line.code == ANSWERS_OBEYED.name));
    for entry in answered {
        console.note(&words.say("answers_found", &[("file", &entry.file)]));
    }
    let others = outcome.skipped.iter().filter(|skipped| skipped.reason != SkipReason::LockFile).count();
    if others > 0 {
        console.note(&words.say("skipped", &[("n", &others.to_string())]));
    }
    if let Some(compared) = &outcome.compared {
        console.note(&words.say(
            "check_compared",
            &[
                ("new", &compared.new.to_string()),
                ("still", &compared.still.to_string()),
                ("fixed", &compared.fixed.to_string()),
            ],
        ));
    }
    over_weeks(outcome, console);
    console.note(&words.say(
        "batch_done",
        &[
            ("campaigns", &outcome.portfolio.counted().count().to_string()),
            ("files", &outcome.inputs.to_string()),
            ("out", &out),
        ],
    ));
}

/// Names of channels that are one, and what tables and words are, because somebody said so in a sheet, as the
/// settings would say it.
fn names_decided(outcome: &Outcome, policy: &Policy, console: &Console) {
    let decided = outcome.portfolio.decided.channels.iter().filter(|it| it.one);
    let is_set = |names: &[String]| names.iter().skip(1).all(|name| policy.names.get(name) == names.first());
    for names in decided.map(|it| &it.names).filter(|names| !is_set(names)) {
        let (main, lines) = (names.first().map_or("", String::as_str), settings(names).join("\n"));
        console.note(&console.words.say("batch_names", &[("main", main), ("lines", &lines)]));
    }
    let lines = decided_lines(policy, &outcome.portfolio.decided);
    if !lines.is_empty() {
        console.note(&console.words.say("batch_learnt", &[("lines", lines.join("\n").trim_end())]));
    }
}

/// What changed since the week before, and what is to be said about the ledger.
fn over_weeks(outcome: &Outcome, console: &Console) {
    let words = &console.words;
    if let Some(weeks) = &outcome.portfolio.weeks
        && let Some(previous) = &weeks.previous
    {
        let findings = &weeks.findings;
        let counts = [findings.new, findings.grown, findings.fixed, findings.again, findings.unknown]
            .map(|n| n.to_string());
        let (replanned, gone) = (weeks.actions.replanned.to_string(), weeks.actions.gone.to_string());
        console.note(&words.say(
            "batch_weeks",
            &[
                ("previous", previous),
                ("new", &counts[0]),
                ("grown", &counts[1]),
                ("fixed", &counts[2]),
                ("again", &counts[3]),
                ("unknown", &counts[4]),
                ("replanned", &replanned),
                ("gone", &gone),
            ],
        ));
    }
    for remark in &outcome.remarks {
        console.note(&super::ledger::said(remark, console));
    }
}

fn failure(error: &RunError, arguments: &Arguments, out: &Path, console: &Console) -> CommandError {
    let words = &console.words;
    let shown = out.display().to_string();
    let nothing = |key: &str| CommandError::nothing(words.say(key, &[("out", &shown)]));
    match error {
        RunError::Folder(source) => CommandError::unlistable(&arguments.folder, source, console),
        RunError::Empty => {
            let said = if is_result_folder(out) { "batch_empty_kept" } else { "batch_empty" };
            let folder = arguments.folder.display().to_string();
            CommandError::nothing(words.say(said, &[("folder", &folder), ("out", &shown)]))
        }
        RunError::Out(OutError::Busy(_)) => nothing("out_busy"),
        RunError::Out(OutError::NotAFolder(_)) => nothing("out_is_file"),
        RunError::Out(OutError::NotOurs(_)) => nothing("out_not_ours"),
        RunError::Out(OutError::Io { path, source }) => CommandError::unwritable(path, source, console),
        RunError::Portfolio(reason) => CommandError::internal(reason, console),
    }
}
