//! `fupan extract`: the first pass alone, as the tables of one shard.

use std::io::BufRead;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use clap::Args;

use super::console::Console;
use super::error::{CommandError, Ended, Exit};
use super::files::name_of;
use super::session::{Outputs, Session};
use super::{FailOn, Reading, screen, settings};
use crate::batch::discover::{Input, discover};
use crate::batch::extract::{Extracted, extract};
use crate::batch::out::OutError;
use crate::diagnostic::Severity;
use crate::locale::Lang;
use crate::mail;

/// Arguments of `fupan extract`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[arg(num_args = 0.., required_unless_present = "files_from")]
    files: Vec<PathBuf>,
    #[arg(long, value_name = "FILE")]
    files_from: Option<PathBuf>,
    #[arg(long, short, value_name = "DIR")]
    out: PathBuf,
    #[arg(long, value_name = "NAME")]
    shard: Option<String>,
    #[command(flatten)]
    reading: Reading,
    #[arg(long, value_enum, default_value = "error", hide_default_value = true)]
    fail_on: FailOn,
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
}

/// Runs the command.
///
/// # Errors
/// When the settings or the list of files cannot be read, or the shard not written.
pub fn run(arguments: &Arguments, console: &Console, lang: Lang) -> Ended {
    let mut paths = arguments.files.clone();
    if let Some(list) = &arguments.files_from {
        paths.extend(listed(list).map_err(|error| CommandError::unlistable(list, &error, console))?);
    }
    let first = paths.first().and_then(|path| path.parent());
    let policy = settings::policy(&arguments.reading, first, console)?;
    let session = Session::new(&arguments.reading, &policy, console, lang, Outputs::default());
    if let Some(jobs) = arguments.jobs {
        // Only the first pool of a process can be sized, and this is the first.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(jobs).build_global();
    }
    let found = found(&paths, console)?;
    if found.0.is_empty() && found.1.is_empty() {
        return Err(CommandError::nothing(console.words.get("extract_empty")));
    }
    let shard = arguments.shard.clone().unwrap_or_else(|| name_of(&arguments.out));
    let bar = OnceLock::new();
    let progress = |done: usize, total: usize| {
        bar.get_or_init(|| console.bar(total)).set_position(done as u64);
    };
    let workers = session.workers();
    let extracted = extract(found, &arguments.out, &shard, &session.settings, &workers, &progress);
    if let Some(bar) = bar.get() {
        bar.finish_and_clear();
    }
    let extracted = extracted.map_err(|error| unwritten(&error, &arguments.out, console))?;
    tell(&extracted, &arguments.out, console);
    Ok(code(&extracted, arguments.fail_on))
}

/// As a batch ends.
fn code(extracted: &Extracted, fail_on: FailOn) -> Exit {
    let record = &extracted.record;
    match (record.read, record.unread) {
        (0, _) => Exit::Nothing,
        (_, 1..) => Exit::SomeUnread,
        _ if fail_on.is_reached(record.worst) => Exit::Findings,
        _ => Exit::Clean,
    }
}

/// Paths from a list, one a line; from standard input where it is `-`.
fn listed(list: &Path) -> std::io::Result<Vec<PathBuf>> {
    let lines: Vec<String> = if list.as_os_str() == "-" {
        std::io::stdin().lock().lines().collect::<Result<_, _>>()?
    } else {
        std::fs::read_to_string(list)?.lines().map(str::to_owned).collect()
    };
    Ok(lines.into_iter().filter(|line| !line.trim().is_empty()).map(PathBuf::from).collect())
}

/// Workbooks, and mails and archives: files as named, of folders everything below.
fn found(paths: &[PathBuf], console: &Console) -> Result<(Vec<Input>, Vec<Input>), CommandError> {
    let (mut inputs, mut containers) = (Vec::new(), Vec::new());
    for path in paths {
        if path.is_dir() {
            let found =
                discover(path, None).map_err(|error| CommandError::unlistable(path, &error, console))?;
            inputs.extend(found.inputs);
            containers.extend(found.containers);
            continue;
        }
        let name = path.to_string_lossy().replace('\\', "/");
        let input = Input::new(path.clone(), name.trim_start_matches("./").to_owned());
        let into = if mail::kind(&input.name).is_some() { &mut containers } else { &mut inputs };
        into.push(input);
    }
    Ok((inputs, containers))
}

/// Why a folder of tables could not be written, worded.
pub fn unwritten(error: &OutError, out: &Path, console: &Console) -> CommandError {
    let shown = out.display().to_string();
    let nothing = |key: &str| CommandError::nothing(console.words.say(key, &[("out", &shown)]));
    match error {
        OutError::Busy(_) => nothing("out_busy"),
        OutError::NotAFolder(_) => nothing("out_is_file"),
        OutError::NotOurs(_) => nothing("out_not_ours"),
        OutError::Io { path, source } => CommandError::unwritable(path, source, console),
    }
}

fn tell(extracted: &Extracted, out: &Path, console: &Console) {
    let words = &console.words;
    for (file, finding) in &extracted.refused {
        console.note(&screen::refused(file, finding, console));
    }
    let record = &extracted.record;
    let (read, unread) = (record.read.to_string(), record.unread.to_string());
    let out = out.display().to_string();
    let key = if extracted.unchanged { "extract_unchanged" } else { "extract_done" };
    console.note(&words.say(key, &[("read", &read), ("unread", &unread), ("out", &out)]));
    if record.worst == Some(Severity::Error) {
        console.note(&words.get("extract_errors"));
    }
}
