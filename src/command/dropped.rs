//! Without a command line: files and folders dropped on the program, or a double click.
//!
//! Decided by the arguments alone. A folder is consolidated, a file checked
//! and given back beside itself; then the result is shown and the window kept.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{CommandFactory, FromArgMatches};

use super::console::Console;
use super::desktop::Desktop;
use super::error::{Ended, Exit};
use super::{Cli, Command, batch, check, enrich};
use crate::locale::Lang;

/// What a batch writes for people, the first that is there being shown.
const TO_SHOW: [&str; 2] = ["周报.html", "汇总.xlsx"];

/// What was dropped, where the arguments are files and folders and nothing else.
pub fn dropped(arguments: &[OsString]) -> Option<Vec<PathBuf>> {
    let paths = arguments.get(1..).unwrap_or_default();
    let is_command = paths.first().is_some_and(|first| {
        let command = Cli::command();
        let name = first.to_string_lossy();
        command
            .get_subcommands()
            .any(|sub| sub.get_name() == name || sub.get_all_aliases().any(|it| it == name))
    });
    let all_there = !paths.is_empty() && paths.iter().all(|path| Path::new(path).exists());
    (all_there && !is_command).then(|| paths.iter().map(PathBuf::from).collect())
}

/// Works on what was dropped, shows it, and waits before the window closes.
pub fn run(paths: &[PathBuf], console: &Console, lang: Lang, desktop: &dyn Desktop) -> Exit {
    let mut worst = Exit::Clean;
    for path in paths {
        let (ended, result) = match path.is_dir() {
            true => folder(path, console, lang),
            false => file(path, console, lang),
        };
        let exit = ended.unwrap_or_else(|error| {
            console.error(&error.message);
            error.exit
        });
        if let Some(result) = result.filter(|result| result.exists()) {
            desktop.show(&result);
        }
        worst = if exit as u8 > worst as u8 { exit } else { worst };
    }
    console.note(&console.words.get("press_enter"));
    desktop.ask();
    worst
}

/// A double click: says in two lines what the program is for, and takes a path.
///
/// Nothing where nobody is there to answer.
pub fn asked(console: &Console, lang: Lang, desktop: &dyn Desktop) -> Option<Exit> {
    console.print(&console.words.get("drop_here"));
    let line = desktop.ask()?;
    let paths: Vec<PathBuf> = paths_of(&line).into_iter().map(PathBuf::from).collect();
    if paths.is_empty() {
        return Some(Exit::Clean);
    }
    if let Some(missing) = paths.iter().find(|path| !path.exists()) {
        let file = missing.display().to_string();
        console.error(&console.words.say("usage_no_file", &[("command", &file)]));
        console.note(&console.words.get("press_enter"));
        desktop.ask();
        return Some(Exit::Usage);
    }
    Some(run(&paths, console, lang, desktop))
}

/// The paths on a line: as pasted, or as a terminal writes what is dropped on it – in quotes, or with `\ ` for a blank.
fn paths_of(line: &str) -> Vec<String> {
    let line = line.trim();
    if line.is_empty() {
        return Vec::new();
    }
    if Path::new(line).exists() {
        return vec![line.to_owned()];
    }
    let mut paths = vec![String::new()];
    let mut quote = None;
    let mut letters = line.chars().peekable();
    while let Some(c) = letters.next() {
        let path = paths.len() - 1;
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            ('"' | '\'', None) => quote = Some(c),
            // Windows writes its folders with it: only a blank is taken from behind it.
            ('\\', None) if letters.peek() == Some(&' ') => paths[path].extend(letters.next()),
            (c, None) if c.is_whitespace() => paths.push(String::new()),
            (c, _) => paths[path].push(c),
        }
    }
    paths.retain(|path| !path.is_empty());
    paths
}

fn folder(path: &Path, console: &Console, lang: Lang) -> (Ended, Option<PathBuf>) {
    let Some(arguments) = parsed(&["batch".into(), path.into()]).and_then(|command| match command {
        Command::Batch(arguments) => Some(arguments),
        _ => None,
    }) else {
        return (Ok(Exit::Internal), None);
    };
    let out = arguments.out(console);
    let ended = batch::run(&arguments, console, lang);
    let shown = TO_SHOW.iter().map(|name| out.join(name)).find(|path| path.exists());
    (ended, shown)
}

fn file(path: &Path, console: &Console, lang: Lang) -> (Ended, Option<PathBuf>) {
    let out = enrich::out_for(path, console);
    let commands = [parsed(&["check".into(), path.into()]), {
        parsed(&["enrich".into(), path.into(), "-o".into(), out.clone().into()])
    }];
    let mut ended = Ok(Exit::Internal);
    for command in commands.into_iter().flatten() {
        ended = match command {
            Command::Check(arguments) => check::run(&arguments, console),
            Command::Enrich(arguments) => enrich::run(&arguments, console, lang),
            _ => Ok(Exit::Internal),
        };
        // A file that cannot be read is told once.
        if matches!(ended, Ok(Exit::Nothing | Exit::SomeUnread) | Err(_)) {
            return (ended, None);
        }
    }
    (ended, Some(out))
}

/// A command as if it had been typed, so that it has the same defaults.
fn parsed(arguments: &[OsString]) -> Option<Command> {
    let typed = std::iter::once(OsString::from("fupan")).chain(arguments.iter().cloned());
    let matches = Cli::command().try_get_matches_from(typed).ok()?;
    Cli::from_arg_matches(&matches).ok()?.command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_holds_paths_as_terminals_write_them() {
        assert_eq!(paths_of("  "), Vec::<String>::new());
        assert_eq!(paths_of("\"D:\\活动 复盘\\收件箱\"\n"), ["D:\\活动 复盘\\收件箱"]);
        assert_eq!(paths_of("'/tmp/a b.xlsx' /tmp/c.xlsx"), ["/tmp/a b.xlsx", "/tmp/c.xlsx"]);
        assert_eq!(paths_of("/tmp/a\\ b.xlsx"), ["/tmp/a b.xlsx"]);
    }

    #[test]
    fn only_what_is_there_counts_as_dropped() {
        let args = |args: &[&str]| args.iter().map(OsString::from).collect::<Vec<_>>();
        assert_eq!(dropped(&args(&["fupan", "src"])), Some(vec![PathBuf::from("src")]));
        assert_eq!(dropped(&args(&["fupan", "src", "no-such-place"])), None);
        assert_eq!(dropped(&args(&["fupan", "check", "src"])), None);
        assert_eq!(dropped(&args(&["fupan"])), None);
    }
}
