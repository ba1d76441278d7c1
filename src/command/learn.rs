//! `fupan learn`: what workbooks answer on their sheet 认表, as lines for `fupan.toml`.

use std::path::{Path, PathBuf};

use clap::Args;
use rayon::prelude::*;

use super::console::Console;
use super::error::{CommandError, Ended, Exit};
use super::files::{inputs, save};
use super::screen::refused;
use super::session::{Outputs, Session};
use super::{Reading, settings};
use crate::batch::answers::Lesson;
use crate::batch::discover::Input;
use crate::batch::isolation::Task;
use crate::diagnostic::Finding;
use crate::locale::Lang;
use crate::policy::{self, Problem};
use crate::system;

/// Arguments of `fupan learn`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    #[arg(long)]
    write: bool,
    #[command(flatten)]
    reading: Reading,
}

/// Runs the command.
///
/// # Errors
/// When the settings or a folder cannot be read, or the settings cannot be written.
pub fn run(arguments: &Arguments, console: &Console) -> Ended {
    let folder = match arguments.paths.first() {
        Some(first) if first.is_dir() => Some(first.as_path()),
        first => first.and_then(|first| first.parent()),
    };
    let policy = settings::policy(&arguments.reading, folder, console)?;
    let session = Session::new(&arguments.reading, &policy, console, Lang::default(), Outputs::default());
    let inputs = inputs(&arguments.paths, console)?;
    let workers = session.workers();
    let learned: Vec<Result<Vec<Lesson>, Box<Finding>>> = inputs
        .par_iter()
        .map(|input| {
            let done = session.work(&workers, Task::Learn, &input.path, &input.name)?;
            Ok(serde_json::from_str(&done.text).unwrap_or_default())
        })
        .collect();
    let path = settings::path(&arguments.reading, folder)
        .unwrap_or_else(|| folder.unwrap_or(Path::new("")).join(settings::FILE));
    let shown = path.display().to_string();
    let (lessons, exit) = gathered(&inputs, learned, &shown, console);
    if lessons.is_empty() {
        console.note(&console.words.get("learn_nothing"));
        return Ok(exit);
    }
    let lines = as_lines(&lessons);
    console.print(lines.trim_end());
    let n = lessons.len().to_string();
    let holes = [("n", &*n), ("file", &shown)];
    if arguments.write {
        append(&path, &lines, console)?;
        console.note(&console.words.say("learn_written", &holes));
    } else {
        console.note(&console.words.say("learn_how", &holes));
    }
    Ok(exit)
}

/// Every lesson once, with the workbook that teaches it; what contradicts another, or the settings, is told instead.
fn gathered(
    inputs: &[Input],
    learned: Vec<Result<Vec<Lesson>, Box<Finding>>>,
    settings: &str,
    console: &Console,
) -> (Vec<(String, Lesson)>, Exit) {
    let words = &console.words;
    let mut lessons: Vec<(String, Lesson)> = Vec::new();
    let (mut code, mut unread) = (Exit::Clean, 0);
    for (input, learned) in inputs.iter().zip(learned) {
        let here = match learned {
            Ok(here) => here,
            Err(finding) => {
                console.error(&refused(&input.name, &finding, console));
                unread += 1;
                continue;
            }
        };
        for lesson in here {
            if let Some(line) = lesson.other {
                let holes = [("what", &*lesson.about), ("file", settings), ("line", &line.to_string())];
                console.note(&words.say("learn_other", &holes));
                code = Exit::Findings;
                continue;
            }
            match lessons.iter().find(|(_, known)| known.about == lesson.about) {
                Some((_, known)) if known.lines == lesson.lines => {}
                Some((first, _)) => {
                    let holes = [("what", &*lesson.about), ("file", first), ("other", &input.name)];
                    console.note(&words.say("learn_contradiction", &holes));
                    code = Exit::Findings;
                }
                None => lessons.push((input.name.clone(), lesson)),
            }
        }
    }
    let code = match unread {
        0 => code,
        n if n == inputs.len() => Exit::Nothing,
        _ => Exit::SomeUnread,
    };
    (lessons, code)
}

/// Lessons as they stand in the settings, each under the name of the workbook that taught it.
fn as_lines(lessons: &[(String, Lesson)]) -> String {
    let plain = |name: &str| name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
    let name = |path: &str| path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    let lines: Vec<String> =
        lessons.iter().map(|(file, lesson)| format!("# {}\n{}", plain(&name(file)), lesson.lines)).collect();
    lines.join("\n")
}

/// Adds lines to the end of the settings; what stands there stays as it is.
fn append(path: &Path, lines: &str, console: &Console) -> Result<(), CommandError> {
    let shown = path.display().to_string();
    let before = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            let holes = [("file", &*shown), ("reason", &system::reason(&error, console.lang))];
            return Err(CommandError::nothing(console.words.say("config_unreadable", &holes)));
        }
    };
    let gap = match before.as_str() {
        "" => "",
        text if text.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    let after = format!("{before}{gap}{lines}");
    let (_, complaints) = policy::load(&after);
    let broken = complaints.iter().find_map(|complaint| match &complaint.problem {
        Problem::Unparseable(words) => Some((complaint.line, words)),
        _ => None,
    });
    if let Some((line, words)) = broken {
        let holes = [("file", &*shown), ("line", &line.to_string()), ("reason", words)];
        return Err(CommandError::nothing(console.words.say("learn_broken", &holes)));
    }
    save(path, after.as_bytes(), console)
}
