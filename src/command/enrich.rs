//! `fupan enrich`: one workbook back with summary sheets, its own parts untouched.

use std::path::{Path, PathBuf};

use clap::Args;

use super::console::Console;
use super::error::{CommandError, Ended, Exit};
use super::files::{beside, free, is_same_file, name_of, save};
use super::session::{Outputs, Session};
use super::{FailOn, Papers, Reading, screen, settings};
use crate::batch::isolation::Task;
use crate::batch::paper::Paper;
use crate::catalogue::findings::ANSWERS_OBEYED;
use crate::locale::Lang;

/// Arguments of `fupan enrich`.
#[derive(Debug, Args)]
pub struct Arguments {
    file: PathBuf,
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    #[arg(long)]
    mark: bool,
    #[command(flatten)]
    papers: Papers,
    #[command(flatten)]
    reading: Reading,
    #[arg(long, value_enum, default_value = "never", hide_default_value = true)]
    fail_on: FailOn,
}

/// Runs the command.
///
/// # Errors
/// When the settings or the workbook cannot be read, or a result cannot be written.
pub fn run(arguments: &Arguments, console: &Console, lang: Lang) -> Ended {
    let policy = settings::policy(&arguments.reading, arguments.file.parent(), console)?;
    let outputs = Outputs { mark: arguments.mark, papers: arguments.papers.wanted(), data: false };
    let session = Session::new(&arguments.reading, &policy, console, lang, outputs);
    let out = arguments.out.clone().unwrap_or_else(|| out_for(&arguments.file, console));
    if is_same_file(&arguments.file, &out) {
        return Err(CommandError::usage(console.words.get("out_is_input")));
    }
    let done = session.work_alone(Task::Enrich, &arguments.file)?;
    for (sheet, cells) in &done.unnoted {
        let n = cells.len().to_string();
        console.note(&console.words.say("notes_skipped", &[("sheet", sheet), ("n", &n)]));
    }
    let n = screen::findings::count(done.findings.iter(), console);
    let saved = |path: &Path, bytes: &[u8], word: &str| {
        save(path, bytes, console)?;
        let shown = path.display().to_string();
        console.note(&console.words.say(word, &[("out", &shown), ("n", &n)]));
        Ok::<(), CommandError>(())
    };
    saved(&out, done.package.as_deref().unwrap_or_default(), "enriched")?;
    for paper in arguments.papers.wanted() {
        let (written, nothing) = match paper {
            Paper::Word => ("report_written", "nothing_to_report"),
            Paper::Slides => ("slides_written", "nothing_to_show"),
        };
        match done.reports.get(&paper) {
            Some(report) => saved(&beside_report(&out, paper.extension()), report, written)?,
            None => console.note(&console.words.get(nothing)),
        }
    }
    if done.findings.iter().any(|finding| finding.code == &ANSWERS_OBEYED) {
        console.note(&console.words.say("answers_found", &[("file", &name_of(&arguments.file))]));
    }
    let worst = done.findings.iter().map(|finding| finding.severity).max();
    Ok(if arguments.fail_on.is_reached(worst) { Exit::Findings } else { Exit::Clean })
}

/// Where the enriched copy of a workbook goes when no place is named: beside it, and over nobody's file.
pub fn out_for(file: &Path, console: &Console) -> PathBuf {
    let extension = match file.extension() {
        Some(extension) if extension.eq_ignore_ascii_case("xlsm") => "xlsm",
        _ => "xlsx",
    };
    free(beside(file, &console.words.get("enriched_suffix"), extension))
}

/// Where the report of a workbook goes, as a Word file or as slides: beside it, under the same name.
fn beside_report(out: &Path, extension: &str) -> PathBuf {
    let stem = out.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    out.with_file_name(format!("{}.复盘报告.{extension}", stem.strip_suffix(".复盘").unwrap_or(&stem)))
}
