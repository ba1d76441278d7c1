//! `fupan learn`: what workbooks answer on their sheet 认表, as lines for `fupan.toml`.

use std::path::{Path, PathBuf};

use clap::Args;
use rayon::prelude::*;

use super::check::inputs;
use super::console::Console;
use super::enrich::refused;
use super::worker::wording;
use super::{Reading, exit, settings};
use crate::batch::answers::{Lesson, to_learn};
use crate::batch::discover::Input;
use crate::batch::input::snapshot;
use crate::batch::isolation::{Job, Task};
use crate::batch::out::save;
use crate::diagnostic::Finding;
use crate::locale::Lang;
use crate::policy::{self, Problem};
use crate::review::Review;

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
pub fn run(arguments: &Arguments, console: &Console) -> u8 {
    let folder = match arguments.paths.first() {
        Some(first) if first.is_dir() => Some(first.as_path()),
        first => first.and_then(|first| first.parent()),
    };
    let prepared = settings::policy(&arguments.reading, folder, console).and_then(|policy| {
        let listed = inputs(&arguments.paths).map_err(|(path, error)| {
            let holes = [("folder", path.display().to_string()), ("reason", error.to_string())];
            console.words.say("folder_unreadable", &[("folder", &holes[0].1), ("reason", &holes[1].1)])
        });
        Ok((policy, listed?))
    });
    let (policy, inputs) = match prepared {
        Ok(prepared) => prepared,
        Err(message) => {
            console.error(&message);
            return exit::USAGE;
        }
    };
    let settings = settings::settings(&arguments.reading, &policy, Lang::default());
    let describe = wording(console.lang);
    let workers = settings::workers(&arguments.reading, &settings, console, &describe);
    let learned: Vec<Result<Vec<Lesson>, Box<Finding>>> = inputs
        .par_iter()
        .map(|input| {
            let job = Job::new(Task::Learn, input.name.clone());
            let done =
                snapshot(&input.path, &settings.limits).and_then(|bytes| workers.work(&job, &bytes))?;
            Ok(serde_json::from_str(&done.text).unwrap_or_default())
        })
        .collect();
    let path = settings::path(&arguments.reading, folder)
        .unwrap_or_else(|| folder.unwrap_or(Path::new("")).join(settings::FILE));
    let shown = path.display().to_string();
    let (lessons, code) = gathered(&inputs, learned, &shown, console);
    if lessons.is_empty() {
        console.note(&console.words.get("learn_nothing"));
        return code;
    }
    let lines = as_lines(&lessons);
    console.print(lines.trim_end());
    let n = lessons.len().to_string();
    if !arguments.write {
        console.note(&console.words.say("learn_how", &[("n", &n), ("file", &shown)]));
        return code;
    }
    match append(&path, &lines, console) {
        Ok(()) => {
            console.note(&console.words.say("learn_written", &[("n", &n), ("file", &shown)]));
            code
        }
        Err(message) => {
            console.error(&message);
            exit::NOTHING
        }
    }
}

/// What a worker answers for one workbook.
pub fn describe(review: &Review<'_>) -> String {
    serde_json::to_string(&to_learn(&review.records, &review.answers, review.policy)).unwrap_or_default()
}

/// Every lesson once, with the workbook that teaches it; what contradicts another, or the settings, is told instead.
fn gathered(
    inputs: &[Input],
    learned: Vec<Result<Vec<Lesson>, Box<Finding>>>,
    settings: &str,
    console: &Console,
) -> (Vec<(String, Lesson)>, u8) {
    let words = &console.words;
    let mut lessons: Vec<(String, Lesson)> = Vec::new();
    let (mut code, mut unread) = (exit::CLEAN, 0);
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
                code = exit::FINDINGS;
                continue;
            }
            match lessons.iter().find(|(_, known)| known.about == lesson.about) {
                Some((_, known)) if known.lines == lesson.lines => {}
                Some((first, _)) => {
                    let holes = [("what", &*lesson.about), ("file", first), ("other", &input.name)];
                    console.note(&words.say("learn_contradiction", &holes));
                    code = exit::FINDINGS;
                }
                None => lessons.push((input.name.clone(), lesson)),
            }
        }
    }
    let code = match unread {
        0 => code,
        n if n == inputs.len() => exit::NOTHING,
        _ => exit::SOME_UNREAD,
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
fn append(path: &Path, lines: &str, console: &Console) -> Result<(), String> {
    let shown = path.display().to_string();
    let before = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            let holes = [("file", &*shown), ("reason", &error.to_string())];
            return Err(console.words.say("config_unreadable", &holes));
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
        return Err(console.words.say("learn_broken", &holes));
    }
    save(path, after.as_bytes())
        .map_err(|error| console.words.say("out_io", &[("path", &shown), ("reason", &error.to_string())]))
}
