//! The command line: arguments in, exit code out.
//!
//! The only floor with files, the clock, standard output and clap. Its words
//! are in `words.toml`, the help of every command and option among them.

#![expect(clippy::disallowed_methods, reason = "the floor of files, the clock and the environment")]

use std::path::PathBuf;
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::batch::paper::Paper;
use crate::diagnostic::Severity;
use crate::locale::Lang;
use crate::policy::LEAST_MEMORY;
use crate::system;
use crate::words::Words;

mod analyse;
mod apply;
mod batch;
mod check;
mod console;
mod demo;
mod desktop;
mod diff;
mod dropped;
mod enrich;
mod error;
mod explain;
mod extract;
mod files;
mod inspect;
mod learn;
mod ledger;
mod manual;
mod merge;
mod new;
mod roster;
mod screen;
mod session;
mod settings;
mod template;
mod trace;
mod usage;
mod watch;
mod worker;

use console::Console;
use desktop::System;
use error::Exit;

#[derive(Debug, Parser)]
#[command(name = "fupan", version, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[arg(long, global = true, value_name = "zh|zh-Hant|en")]
    lang: Option<String>,
    #[arg(long, short, global = true)]
    quiet: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    Batch(batch::Arguments),
    Enrich(enrich::Arguments),
    Merge(merge::Arguments),
    Extract(extract::Arguments),
    Diff(diff::Arguments),
    Roster(roster::Arguments),
    Apply(apply::Arguments),
    Learn(learn::Arguments),
    Ledger(ledger::Arguments),
    Lessons(ledger::Lessons),
    Check(check::Arguments),
    #[command(alias = "analyze")]
    Analyse(analyse::Arguments),
    Inspect(inspect::Arguments),
    Explain(explain::Arguments),
    Trace(trace::Arguments),
    New(new::Arguments),
    Upgrade(new::Upgrade),
    Template(template::Arguments),
    Watch(watch::Arguments),
    Demo(demo::Arguments),
    Completions(manual::Completions),
    #[command(hide = true)]
    Manual,
}

/// What every command that reads workbooks takes.
#[derive(Debug, Args)]
struct Reading {
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<NaiveDate>,
    #[arg(long, alias = "settings", value_name = "FILE")]
    config: Option<PathBuf>,
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    max_seconds: Option<u64>,
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u64).range(LEAST_MEMORY..))]
    max_memory: Option<u64>,
}

/// In which forms the report is wanted beside the workbook.
#[derive(Debug, Args)]
struct Papers {
    #[arg(long)]
    docx: bool,
    #[arg(long)]
    pptx: bool,
}

impl Papers {
    fn wanted(&self) -> Vec<Paper> {
        let asked = [(self.docx, Paper::Word), (self.pptx, Paper::Slides)];
        asked.into_iter().filter(|(wanted, _)| *wanted).map(|(_, paper)| paper).collect()
    }
}

/// For people or for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// From which level on findings make the exit code 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

impl FailOn {
    fn is_reached(self, worst: Option<Severity>) -> bool {
        let least = match self {
            FailOn::Error => Severity::Error,
            FailOn::Warning => Severity::Warning,
            FailOn::Note => Severity::Note,
            FailOn::Never => return false,
        };
        worst.is_some_and(|worst| worst >= least)
    }
}

/// Runs the program. `cap_heap` limits the bytes of memory this process may hold from then on.
pub fn main(cap_heap: &(dyn Fn(usize) + Sync)) -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    if arguments.get(1).is_some_and(|argument| argument == worker::COMMAND) {
        return worker::run(cap_heap);
    }
    let asked = asked_language(&arguments);
    let mut console = Console::new(asked.or_else(system_language).unwrap_or_default());
    if let Some(paths) = dropped::dropped(&arguments) {
        return dropped::run(&paths, &console, Lang::default(), &System).into();
    }
    let command = localised(Cli::command(), &console, "");
    let parsed = command.clone().try_get_matches_from(arguments);
    let cli = match parsed.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => {
            console.error(&usage::told(&error, &console));
            return Exit::Usage.into();
        }
        Err(help) => {
            let _ = help.print();
            return Exit::Clean.into();
        }
    };
    if let Some(lang) = cli.lang.as_deref().filter(|lang| Lang::parse(lang).is_none()) {
        console.error(&console.words.say("unknown_language", &[("lang", lang)]));
        return Exit::Usage.into();
    }
    console.quiet = cli.quiet;
    // Workbooks speak Chinese unless a language was asked for on the command line.
    let sheets = asked.unwrap_or_default();
    let Some(asked_for) = cli.command else {
        return match dropped::asked(&console, sheets, &System) {
            Some(exit) => exit.into(),
            None => Exit::Usage.into(),
        };
    };
    let ended = match asked_for {
        Command::Batch(arguments) => batch::run(&arguments, &console, sheets),
        Command::Enrich(arguments) => enrich::run(&arguments, &console, sheets),
        Command::Merge(arguments) => merge::run(&arguments, &console, sheets),
        Command::Extract(arguments) => extract::run(&arguments, &console, sheets),
        Command::Diff(arguments) => diff::run(&arguments, &console, sheets),
        Command::Roster(arguments) => roster::run(&arguments, &console, sheets),
        Command::Apply(arguments) => apply::run(&arguments, &console, sheets),
        Command::Learn(arguments) => learn::run(&arguments, &console),
        Command::Ledger(arguments) => ledger::run(&arguments, &console),
        Command::Lessons(arguments) => ledger::lessons(&arguments, &console),
        Command::Check(arguments) => check::run(&arguments, &console),
        Command::Analyse(arguments) => analyse::run(&arguments, &console),
        Command::Inspect(arguments) => inspect::run(&arguments, &console),
        Command::Explain(arguments) => explain::run(&arguments, &console),
        Command::Trace(arguments) => trace::run(&arguments, &console),
        Command::New(arguments) => new::run(&arguments, &console, sheets),
        Command::Upgrade(arguments) => new::upgrade(&arguments, &console, sheets),
        Command::Template(arguments) => template::run(&arguments, &console, sheets),
        Command::Watch(arguments) => watch::run(&arguments, &console, sheets),
        Command::Demo(arguments) => demo::run(&arguments, &console, sheets),
        Command::Completions(arguments) => Ok(manual::completions(&arguments, command, &console)),
        Command::Manual => manual::page(command, &console),
    };
    let exit = ended.unwrap_or_else(|error| {
        console.error(&error.message);
        error.exit
    });
    match console.lost() {
        Some(error) => {
            let reason = system::reason(&error, console.lang);
            console.error(&console.words.say("output_lost", &[("reason", &reason)]));
            Exit::Nothing.into()
        }
        None => exit.into(),
    }
}

/// The language of `--lang`, needed before the arguments are parsed because their help speaks it.
fn asked_language(arguments: &[std::ffi::OsString]) -> Option<Lang> {
    let mut arguments = arguments.iter().map(|argument| argument.to_string_lossy());
    while let Some(argument) = arguments.next() {
        if argument == "--lang" {
            return Lang::parse(&arguments.next()?);
        }
        if let Some(lang) = argument.strip_prefix("--lang=") {
            return Lang::parse(lang);
        }
    }
    None
}

fn system_language() -> Option<Lang> {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty())
        .or_else(beside_the_environment)
        .and_then(|value| Lang::parse(&value))
}

/// What a system that does not say its language in the environment says.
fn beside_the_environment() -> Option<String> {
    #[cfg(any(windows, target_os = "macos"))]
    return sys_locale::get_locale();
    #[cfg(not(any(windows, target_os = "macos")))]
    None
}

/// A line of usage with what stands in brackets in our words: `<DIR>` is `<文件夹>`.
fn in_our_words(usage: &str, words: &Words) -> String {
    let known = [
        "OPTIONS", "COMMAND", "FOLDER", "FILE", "PATHS", "DIR", "IDS", "NAME", "OLD", "NEW", "FILES", "CELL",
        "SECONDS", "MIB", "SHELL", "FORMAT", "FAIL_ON", "DIRS", "KEYWORDS", "LEDGER", "KIND", "TABLES",
    ];
    known.iter().fold(usage.to_owned(), |usage, name| {
        let word = words.get(&format!("value_{}", name.to_lowercase()));
        usage
            .replace(&format!("<{name}>"), &format!("<{word}>"))
            .replace(&format!("[{name}]"), &format!("[{word}]"))
    })
}

/// The command with its help in the console's language: `help.<path>` for commands, `help.<path>.<option>` or `help.<option>` for options.
fn localised(command: clap::Command, console: &Console, path: &str) -> clap::Command {
    let words = &console.words;
    let word = |key: &str| Some(words.get(key)).filter(|word| word != key);
    let about = word(&format!("help{path}"));
    let arguments: Vec<String> =
        command.get_arguments().map(|argument| argument.get_id().to_string()).collect();
    let subcommands: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let mut command = command
        .help_template(words.get("help_template"))
        .subcommand_help_heading(words.get("help_commands"))
        .disable_help_flag(true)
        .arg(
            clap::Arg::new("help")
                .short('h')
                .long("help")
                .action(clap::ArgAction::Help)
                .help(words.get("help_help"))
                .help_heading(words.get("help_options")),
        );
    if let Some(about) = about {
        command = command.about(about);
    }
    let written = command.clone().render_usage().to_string();
    let written = written.trim().trim_start_matches("Usage:").trim();
    let rest = written.split_once(' ').map_or("", |(_, rest)| rest);
    let name = format!("fupan{}", path.replace('.', " "));
    command = command.override_usage(in_our_words(&format!("{name} {rest}"), words));
    for id in arguments {
        let help = word(&format!("help{path}.{id}")).or_else(|| word(&format!("help.{id}")));
        command = command.mut_arg(id, |argument| {
            let heading = words.get(if argument.is_positional() { "help_arguments" } else { "help_options" });
            let takes_value = argument.get_action().takes_values();
            let argument = argument.help_heading(heading).hide_possible_values(takes_value);
            let named = argument.get_value_names().and_then(|names| names.first().map(ToString::to_string));
            let named = named.unwrap_or_else(|| argument.get_id().as_str().to_uppercase());
            let argument = match takes_value {
                true => {
                    let value = in_our_words(&format!("<{named}>"), words);
                    argument.value_name(value.trim_matches(['<', '>']).to_owned())
                }
                false => argument,
            };
            match help {
                Some(help) => argument.help(help),
                None => argument,
            }
        });
    }
    for name in subcommands {
        let path = format!("{path}.{name}");
        command = command.mut_subcommand(name, |sub| localised(sub, console, &path));
    }
    if path.is_empty() {
        command = command.disable_version_flag(true).arg(
            clap::Arg::new("version")
                .short('V')
                .long("version")
                .action(clap::ArgAction::Version)
                .help(words.get("help_version"))
                .help_heading(words.get("help_options")),
        );
    }
    command
}
