//! `fupan apply`: suggestions accepted on the sheet of findings, written into a copy.

use std::path::{Path, PathBuf};

use clap::Args;

use super::console::Console;
use super::error::{CommandError, Ended, Exit};
use super::files::{beside, is_same_file, name_of, save};
use super::session::{Outputs, Session};
use super::{Reading, screen, settings};
use crate::batch::apply::{Applied, ApplyError, Which, Why, apply};
use crate::batch::input::snapshot;
use crate::batch::isolation::{Job, Task};
use crate::diagnostic::Finding;
use crate::locale::Lang;
use crate::record::difference::Differences;
use crate::xlsx::graft::Unamended;

/// Arguments of `fupan apply`.
#[derive(Debug, Args)]
pub struct Arguments {
    file: PathBuf,
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    #[arg(long)]
    force: bool,
    #[arg(long)]
    all_suggestions: bool,
    #[arg(long, value_name = "FILE")]
    diff: Option<PathBuf>,
    #[command(flatten)]
    reading: Reading,
}

/// Runs the command.
///
/// # Errors
/// When the settings or the workbook cannot be read, or the copy cannot be written.
pub fn run(arguments: &Arguments, console: &Console, lang: Lang) -> Ended {
    let words = &console.words;
    let policy = settings::policy(&arguments.reading, arguments.file.parent(), console)?;
    let session = Session::new(&arguments.reading, &policy, console, lang, Outputs::default());
    let extension = arguments.file.extension().map_or("xlsx".into(), |extension| extension.to_string_lossy());
    let default = || beside(&arguments.file, &words.get("apply_suffix"), &extension);
    let out = arguments.out.clone().unwrap_or_else(default);
    if is_same_file(&arguments.file, &out) {
        return Err(CommandError::usage(words.get("out_is_input")));
    }
    if out.exists() && !arguments.force {
        let file = out.display().to_string();
        return Err(CommandError::usage(words.say("file_exists_force", &[("file", &file)])));
    }
    let name = name_of(&arguments.file);
    if let Some(diff) = &arguments.diff {
        return patched(arguments, diff, &out, &session, console);
    }
    let which = if arguments.all_suggestions { Which::All } else { Which::Accepted };
    let applied = snapshot(&arguments.file, &session.settings.limits)
        .map_err(ApplyError::Refused)
        .and_then(|bytes| apply(&bytes, &name, &session.settings, which));
    match applied {
        Ok(applied) => finish(&applied, &out, console),
        Err(ApplyError::NotEnriched) => {
            Err(CommandError::usage(words.say("apply_not_enriched", &[("file", &name)])))
        }
        Err(ApplyError::Refused(finding)) => {
            Err(CommandError::nothing(screen::refused(&name, &finding, console)))
        }
    }
}

/// Writes what `fupan diff` found into the earlier of the two workbooks.
fn patched(
    arguments: &Arguments,
    diff: &Path,
    out: &Path,
    session: &Session<'_>,
    console: &Console,
) -> Ended {
    let words = &console.words;
    let shown = diff.display().to_string();
    let unreadable = |reason: &str| {
        CommandError::usage(words.say("diff_unreadable", &[("file", &shown), ("reason", reason)]))
    };
    let told = |finding: Box<Finding>| {
        CommandError::nothing(screen::refused(&name_of(&arguments.file), &finding, console))
    };
    let text = snapshot(diff, &session.settings.limits)
        .map_err(|finding| unreadable(&finding.message(console.lang)))?;
    let found: Differences = serde_json::from_slice(&text).map_err(|error| unreadable(&error.to_string()))?;
    let n = found.edits.len();
    let job = Job { changes: found.edits, ..Job::new(Task::Patch, name_of(&arguments.file)) };
    let bytes = snapshot(&arguments.file, &session.settings.limits).map_err(told)?;
    let done = session.workers().work(&job, &bytes).map_err(told)?;
    let left: usize = serde_json::from_str(&done.text).unwrap_or_default();
    save(out, &done.package.unwrap_or_default(), console)?;
    let path = out.display().to_string();
    let holes = [("out", &*path), ("n", &n.to_string()), ("left", &left.to_string())];
    console.note(&words.say("patched", &holes));
    Ok(if left == 0 { Exit::Clean } else { Exit::Findings })
}

/// Says what was done and what was not, and saves the copy where something was.
fn finish(applied: &Applied, out: &Path, console: &Console) -> Ended {
    let words = &console.words;
    let ended = if applied.left.is_empty() { Exit::Clean } else { Exit::Findings };
    for one in &applied.done {
        let old = if one.old.is_empty() { words.get("apply_blank") } else { one.old.clone() };
        console.print(&words.say(
            "apply_done",
            &[("place", &one.at.to_string()), ("old", &old), ("new", &one.new), ("code", &one.code)],
        ));
    }
    for one in &applied.left {
        let why = why(&one.why, console);
        let holes = [("place", &*one.at.to_string()), ("new", &one.suggestion), ("why", &why)];
        console.print(&words.say("apply_left", &holes));
    }
    if applied.done.is_empty() {
        console.note(&words.get("apply_nothing"));
        return Ok(ended);
    }
    let path = out.display().to_string();
    save(out, &applied.package, console)?;
    if applied.has_formulas {
        console.note(&words.get("apply_formulas"));
    }
    let (n, left) = (applied.done.len().to_string(), applied.left.len().to_string());
    console.note(&words.say("apply_saved", &[("out", &path), ("n", &n), ("left", &left)]));
    Ok(ended)
}

fn why(why: &Why, console: &Console) -> String {
    let words = &console.words;
    match why {
        Why::NotUnderstood(text) => words.say("apply_not_understood", &[("text", text)]),
        Why::Changed(now) if now.is_empty() => words.get("apply_changed_blank"),
        Why::Changed(now) => words.say("apply_changed", &[("now", now)]),
        Why::NotFound => words.get("apply_not_found"),
        Why::OtherSuggestion(other) => words.say("apply_other", &[("new", other)]),
        Why::Twice => words.get("apply_twice"),
        Why::StillFound => words.get("apply_still"),
        Why::Unwritable(why) => words.get(match why {
            Unamended::NoSuchSheet => "apply_no_sheet",
            Unamended::Covered => "apply_covered",
            Unamended::SharedFormula => "apply_shared",
            Unamended::NoValue => "apply_no_value",
        }),
    }
}
