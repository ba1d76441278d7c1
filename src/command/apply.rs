//! `fupan apply`: suggestions accepted on the sheet of findings, written into a copy.

use std::path::{Path, PathBuf};

use clap::Args;

use super::console::Console;
use super::enrich::{is_same_file, refused};
use super::{Reading, exit, settings};
use crate::batch::apply::{Applied, ApplyError, Which, Why, apply};
use crate::batch::input::snapshot;
use crate::batch::out::save;
use crate::locale::Lang;
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
    #[command(flatten)]
    reading: Reading,
}

/// Runs the command.
pub fn run(arguments: &Arguments, console: &Console, lang: Lang) -> u8 {
    let policy = match settings::policy(&arguments.reading, arguments.file.parent(), console) {
        Ok(policy) => policy,
        Err(message) => {
            console.error(&message);
            return exit::USAGE;
        }
    };
    let settings = settings::settings(&arguments.reading, &policy, lang);
    let out =
        arguments.out.clone().unwrap_or_else(|| beside(&arguments.file, &console.words.get("apply_suffix")));
    if is_same_file(&arguments.file, &out) {
        console.error(&console.words.get("out_is_input"));
        return exit::USAGE;
    }
    if out.exists() && !arguments.force {
        console.error(&console.words.say("file_exists_force", &[("file", &out.display().to_string())]));
        return exit::USAGE;
    }
    let name = arguments.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let which = if arguments.all_suggestions { Which::All } else { Which::Accepted };
    let applied = snapshot(&arguments.file, &settings.limits)
        .map_err(ApplyError::Refused)
        .and_then(|bytes| apply(&bytes, &name, &settings, which));
    match applied {
        Ok(applied) => finish(&applied, &out, console),
        Err(ApplyError::NotEnriched) => {
            console.error(&console.words.say("apply_not_enriched", &[("file", &name)]));
            exit::USAGE
        }
        Err(ApplyError::Refused(finding)) => {
            console.error(&refused(&name, &finding, console));
            exit::NOTHING
        }
    }
}

/// Says what was done and what was not, and saves the copy where something was.
fn finish(applied: &Applied, out: &Path, console: &Console) -> u8 {
    let words = &console.words;
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
        return if applied.left.is_empty() { exit::CLEAN } else { exit::FINDINGS };
    }
    let path = out.display().to_string();
    if let Err(error) = save(out, &applied.package) {
        console.error(&words.say("out_io", &[("path", &path), ("reason", &error.to_string())]));
        return exit::NOTHING;
    }
    if applied.has_formulas {
        console.note(&words.get("apply_formulas"));
    }
    let (n, left) = (applied.done.len().to_string(), applied.left.len().to_string());
    console.note(&words.say("apply_saved", &[("out", &path), ("n", &n), ("left", &left)]));
    if applied.left.is_empty() { exit::CLEAN } else { exit::FINDINGS }
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

/// The copy's name beside the file.
fn beside(file: &Path, suffix: &str) -> PathBuf {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let extension = file.extension().map_or("xlsx".into(), |extension| extension.to_string_lossy());
    file.with_file_name(format!("{stem}.{suffix}.{extension}"))
}
