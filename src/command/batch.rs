//! `fupan batch`: a folder of workbooks in, one folder of results out.

use std::path::PathBuf;
use std::sync::OnceLock;

use clap::Args;

use super::console::Console;
use super::worker::wording;
use super::{FailOn, Reading, check, exit, found, settings};
use crate::batch::out::{OutError, is_result_folder};
use crate::batch::run::{Outcome, RunError, run as run_batch};
use crate::catalogue::findings::ANSWERS_OBEYED;
use crate::diagnostic::Severity;
use crate::locale::Lang;
use crate::portfolio::compare::IDENTICAL_COPIES;
use crate::record::run::SkipReason;

/// Arguments of `fupan batch`.
#[derive(Debug, Args)]
pub struct Arguments {
    folder: PathBuf,
    #[arg(long, short, value_name = "DIR")]
    out: PathBuf,
    #[arg(long)]
    docx: bool,
    #[command(flatten)]
    reading: Reading,
    #[arg(long, value_enum, default_value = "error", hide_default_value = true)]
    fail_on: FailOn,
    #[arg(long)]
    mark: bool,
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
}

/// Runs the command.
pub fn run(arguments: &Arguments, console: &Console, lang: Lang) -> u8 {
    let policy = match settings::policy(&arguments.reading, Some(&arguments.folder), console) {
        Ok(policy) => policy,
        Err(message) => {
            console.error(&message);
            return exit::USAGE;
        }
    };
    let mut settings = settings::settings(&arguments.reading, &policy, lang);
    settings.mark = arguments.mark;
    // Read first: it may be the record of the very folder that is replaced.
    let baseline = match check::baseline(arguments.baseline.as_ref(), console) {
        Ok(baseline) => baseline,
        Err(message) => {
            console.error(&message);
            return exit::USAGE;
        }
    };
    settings.docx = arguments.docx;
    if let Some(jobs) = arguments.jobs {
        // Only the first pool of a process can be sized, and this is the first.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(jobs).build_global();
    }
    let bar = OnceLock::new();
    let progress = |done: usize, total: usize| {
        bar.get_or_init(|| console.bar(total)).set_position(done as u64);
    };
    let describe = wording(console.lang);
    let workers = settings::workers(&arguments.reading, &settings, console, &describe);
    let (folder, out) = (&arguments.folder, &arguments.out);
    let outcome = run_batch(folder, out, &settings, &workers, baseline.as_ref(), &progress);
    if let Some(bar) = bar.get() {
        bar.finish_and_clear();
    }
    match outcome {
        Ok(outcome) => {
            tell(&outcome, arguments, console);
            code(&outcome, arguments.fail_on)
        }
        Err(error) => {
            console.error(&failure(&error, arguments, console));
            match error {
                RunError::Folder(_) => exit::USAGE,
                RunError::Empty | RunError::Out(_) => exit::NOTHING,
                RunError::Portfolio(_) => exit::INTERNAL,
            }
        }
    }
}

fn code(outcome: &Outcome, fail_on: FailOn) -> u8 {
    let worst = match &outcome.compared {
        Some(compared) => compared.worst,
        None => outcome.counts.keys().next_back().copied(),
    };
    if outcome.portfolio.entries.is_empty() {
        exit::NOTHING
    } else if !outcome.portfolio.refused.is_empty() {
        exit::SOME_UNREAD
    } else if fail_on.is_reached(worst) {
        exit::FINDINGS
    } else {
        exit::CLEAN
    }
}

/// The closing table: a row a campaign, then what was not read and why.
fn tell(outcome: &Outcome, arguments: &Arguments, console: &Console) {
    let words = &console.words;
    let out = arguments.out.display().to_string();
    if !console.quiet {
        let mut rows =
            vec![words.all(["campaign", "file", "composite", "errors", "warnings", "overdue"]).to_vec()];
        for entry in outcome.portfolio.counted() {
            let count = |severity| {
                let lines = entry.findings.iter().filter(|line| line.severity == severity);
                let (findings, cells) =
                    lines.fold((0, 0), |(n, cells), line| (n + line.findings, cells + line.cells));
                found::counted(findings, cells, console)
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
    for (copy, counted) in &outcome.portfolio.identical {
        console.note(&words.say("identical", &[("file", copy), ("other", counted)]));
    }
    // Identical copies are told above, by name.
    let across = outcome.portfolio.findings.iter().filter(|it| it.code != &IDENTICAL_COPIES);
    for finding in across {
        let text = format!("{}。{}", finding.message(console.lang), finding.help(console.lang));
        console.note(&text);
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
    console.note(&words.say(
        "batch_done",
        &[
            ("campaigns", &outcome.portfolio.counted().count().to_string()),
            ("files", &outcome.inputs.to_string()),
            ("out", &out),
        ],
    ));
}

fn failure(error: &RunError, arguments: &Arguments, console: &Console) -> String {
    let words = &console.words;
    let out = arguments.out.display().to_string();
    match error {
        RunError::Folder(source) => words.say(
            "folder_unreadable",
            &[("folder", &arguments.folder.display().to_string()), ("reason", &source.to_string())],
        ),
        RunError::Empty => {
            let kept = is_result_folder(&arguments.out);
            let said = if kept { "batch_empty_kept" } else { "batch_empty" };
            words.say(said, &[("folder", &arguments.folder.display().to_string()), ("out", &out)])
        }
        RunError::Out(OutError::Busy(_)) => words.say("out_busy", &[("out", &out)]),
        RunError::Out(OutError::NotAFolder(_)) => words.say("out_is_file", &[("out", &out)]),
        RunError::Out(OutError::NotOurs(_)) => words.say("out_not_ours", &[("out", &out)]),
        RunError::Out(OutError::Io { path, source }) => {
            words.say("out_io", &[("path", &path.display().to_string()), ("reason", &source.to_string())])
        }
        RunError::Portfolio(reason) => words.say("internal", &[("reason", reason)]),
    }
}
