//! `fupan demo`: weeks of inboxes to try everything on.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use super::console::Console;
use super::error::{CommandError, Ended, Exit};
use super::files::save;
use crate::demo::{MakeError, Plan, make};
use crate::locale::Lang;

/// Arguments of `fupan demo`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    #[arg(long, value_name = "N", default_value_t = 1, hide_default_value = true)]
    seed: u64,
    #[arg(long, value_name = "N", default_value_t = 4, hide_default_value = true)]
    #[arg(value_parser = clap::value_parser!(u16).range(1..=520))]
    weeks: u16,
    #[arg(long, value_name = "N", default_value_t = 6, hide_default_value = true)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=100_000))]
    campaigns: u32,
    #[arg(long, value_name = "N", default_value_t = 3, hide_default_value = true)]
    #[arg(value_parser = clap::value_parser!(u8).range(1..=5))]
    copies: u8,
    #[arg(long, value_name = "YYYY-MM-DD")]
    first: Option<NaiveDate>,
}

/// Runs the command.
///
/// # Errors
/// When the folder is not empty, or cannot be written.
pub fn run(arguments: &Arguments, console: &Console, lang: Lang) -> Ended {
    let folder = &arguments.folder;
    let shown = folder.display().to_string();
    let taken = folder.exists() && std::fs::read_dir(folder).map_or(true, |mut there| there.next().is_some());
    if taken {
        return Err(CommandError::usage(console.words.say("demo_taken", &[("folder", &shown)])));
    }
    let plan = Plan {
        seed: arguments.seed,
        weeks: arguments.weeks.into(),
        campaigns: arguments.campaigns as usize,
        copies: arguments.copies.into(),
        // A half-year from its first Monday: weeks 27 to 52.
        first: arguments.first.or(NaiveDate::from_ymd_opt(2024, 7, 1)).unwrap_or_default(),
    };
    let mut files = 0;
    let mut take = |name: &str, bytes: &[u8]| {
        files += 1;
        save(&folder.join(name), bytes, console)
    };
    let planted = match make(&plan, lang, &mut take) {
        Ok(planted) => planted,
        Err(MakeError::Taken(error)) => return Err(error),
        Err(MakeError::Workbook(reason)) => return Err(CommandError::internal(&reason, console)),
    };
    let (files, said) = (files.to_string(), planted.said.len().to_string());
    let (weeks, campaigns) = (planted.weeks.len().to_string(), planted.campaigns.len().to_string());
    let holes =
        [("files", &*files), ("said", &said), ("weeks", &weeks), ("campaigns", &campaigns), ("out", &shown)];
    console.note(&console.words.say("demo_done", &holes));
    Ok(Exit::Clean)
}
