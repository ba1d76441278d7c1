//! `fupan enrich`: one workbook back with summary sheets, its own parts untouched.

use std::path::{Path, PathBuf};

use clap::Args;

use super::console::Console;
use super::worker::wording;
use super::{FailOn, Reading, exit, found, settings};
use crate::batch::input::snapshot;
use crate::batch::isolation::{Job, Task};
use crate::batch::out::save;
use crate::catalogue::findings::ANSWERS_OBEYED;
use crate::diagnostic::Finding;
use crate::locale::Lang;

/// Arguments of `fupan enrich`.
#[derive(Debug, Args)]
pub struct Arguments {
    file: PathBuf,
    #[arg(long, short, value_name = "FILE")]
    out: PathBuf,
    #[arg(long)]
    mark: bool,
    #[arg(long)]
    docx: bool,
    #[command(flatten)]
    reading: Reading,
    #[arg(long, value_enum, default_value = "never", hide_default_value = true)]
    fail_on: FailOn,
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
    let mut settings = settings::settings(&arguments.reading, &policy, lang);
    (settings.mark, settings.docx) = (arguments.mark, arguments.docx);
    if is_same_file(&arguments.file, &arguments.out) {
        console.error(&console.words.get("out_is_input"));
        return exit::USAGE;
    }
    let name = arguments.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let describe = wording(console.lang);
    let workers = settings::workers(&arguments.reading, &settings, console, &describe);
    let job = Job::new(Task::Enrich, name.clone());
    let enriched = snapshot(&arguments.file, &settings.limits).and_then(|bytes| workers.work(&job, &bytes));
    let done = match enriched {
        Ok(done) => done,
        Err(finding) => {
            console.error(&refused(&name, &finding, console));
            return exit::NOTHING;
        }
    };
    let n = found::count(done.findings.iter(), console);
    let saved = |path: &Path, bytes: &[u8], word: &str| {
        let shown = path.display().to_string();
        match save(path, bytes) {
            Ok(()) => {
                console.note(&console.words.say(word, &[("out", &shown), ("n", &n)]));
                true
            }
            Err(error) => {
                let reason = error.to_string();
                console.error(&console.words.say("out_io", &[("path", &shown), ("reason", &reason)]));
                false
            }
        }
    };
    for (sheet, cells) in &done.unnoted {
        let n = cells.len().to_string();
        console.note(&console.words.say("notes_skipped", &[("sheet", sheet), ("n", &n)]));
    }
    if !saved(&arguments.out, done.package.as_deref().unwrap_or_default(), "enriched") {
        return exit::NOTHING;
    }
    match &done.report {
        Some(told) if !saved(&report_beside(&arguments.out), told, "report_written") => {
            return exit::NOTHING;
        }
        None if arguments.docx => console.note(&console.words.get("nothing_to_report")),
        _ => {}
    }
    if done.findings.iter().any(|finding| finding.code == &ANSWERS_OBEYED) {
        console.note(&console.words.say("answers_found", &[("file", &name)]));
    }
    let worst = done.findings.iter().map(|finding| finding.severity).max();
    if arguments.fail_on.is_reached(worst) { exit::FINDINGS } else { exit::CLEAN }
}

/// Why a file was not read, in one line.
pub fn refused(name: &str, finding: &Finding, console: &Console) -> String {
    let message = format!("{}。{}", finding.message(console.lang), finding.help(console.lang));
    console.words.say("refused", &[("file", name), ("message", &message)])
}

/// Where the Word report of a workbook goes: beside it, under the same name.
fn report_beside(out: &Path) -> PathBuf {
    let stem = out.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    out.with_file_name(format!("{}.复盘报告.docx", stem.strip_suffix(".复盘").unwrap_or(&stem)))
}

/// Whether two paths lead to one file.
pub fn is_same_file(input: &Path, out: &Path) -> bool {
    matches!((input.canonicalize(), out.canonicalize()), (Ok(input), Ok(out)) if input == out)
}
