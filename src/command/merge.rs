//! `fupan merge`: copies of one campaign made one.

use std::path::{Path, PathBuf};

use clap::Args;

use super::console::Console;
use super::error::{CommandError, Ended, Exit};
use super::extract::unwritten;
use super::files::{beside, free, is_same_file, name_of, save};
use super::session::{Outputs, Session};
use super::{Reading, screen, settings};
use crate::batch::input::snapshot;
use crate::batch::isolation::{Job, Task};
use crate::batch::run::handed;
use crate::batch::shards::{ShardError, day_of, unite};
use crate::catalogue::Catalogue;
use crate::diagnostic::Finding;
use crate::locale::Lang;
use crate::record::merge::{Merge, What};

/// Arguments of `fupan merge`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[arg(required = true, num_args = 1..)]
    files: Vec<PathBuf>,
    #[arg(long)]
    edits: bool,
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    reading: Reading,
}

/// Runs the command.
///
/// # Errors
/// When the settings or a copy cannot be read, the copies are of several campaigns, or the result cannot be written.
pub fn run(arguments: &Arguments, console: &Console, lang: Lang) -> Ended {
    if arguments.edits {
        return shards(arguments, console, lang);
    }
    let first = &arguments.files[0];
    let policy = settings::policy(&arguments.reading, first.parent(), console)?;
    let session = Session::new(&arguments.reading, &policy, console, lang, Outputs::default());
    let default = || free(beside(first, &console.words.get("merged_suffix"), "xlsx"));
    let out = arguments.out.clone().unwrap_or_else(default);
    if arguments.files.iter().any(|file| is_same_file(file, &out)) {
        return Err(CommandError::usage(console.words.get("out_is_input")));
    }
    let refused =
        |name: &str, finding: &Finding| CommandError::nothing(screen::refused(name, finding, console));
    let workers = session.workers();
    let mut read = Vec::new();
    for file in &arguments.files {
        let name = name_of(file);
        let work = snapshot(file, &session.settings.limits)
            .and_then(|bytes| Ok((workers.work(&Job::new(Task::Batch, name.clone()), &bytes)?, bytes)));
        let (done, bytes) = work.map_err(|finding| refused(&name, &finding))?;
        read.push((name, done, bytes));
    }
    // By content: the order of the files on the command line decides nothing.
    read.sort_by_key(|(name, _, bytes)| (blake3::hash(bytes).to_hex().to_string(), name.clone()));
    let campaigns = read.iter().filter_map(|(name, done, _)| Some((name, done.entry.as_ref()?)));
    let mut campaigns: Vec<(&String, &str)> =
        campaigns.map(|(name, entry)| (name, entry.campaign.as_str())).collect();
    campaigns.dedup_by_key(|(_, campaign)| *campaign);
    if let [(one, _), (other, _), ..] = campaigns[..] {
        let holes = [("file", one.as_str()), ("other", other.as_str())];
        return Err(CommandError::usage(console.words.say("merge_other_campaign", &holes)));
    }
    let mut job = Job::new(Task::Merge, out.display().to_string());
    job.handed = read.iter().map(|(name, done, _)| handed(name, None, &done.copy)).collect();
    let files: Vec<&[u8]> = read.iter().map(|(.., bytes)| bytes.as_slice()).collect();
    let done = workers.work_on(&job, &files).map_err(|finding| refused(&job.name, &finding))?;
    let (Some((merge, _)), Some(package)) = (done.merge, done.package) else {
        return match done.not_enriched {
            Some(finding) => Err(refused(&job.name, &finding)),
            None => Ok(Exit::Nothing),
        };
    };
    save(&out, &package, console)?;
    tell(&merge, &out.display().to_string(), console);
    Ok(if merge.pending.is_empty() { Exit::Clean } else { Exit::Findings })
}

/// Shards put together.
fn shards(arguments: &Arguments, console: &Console, lang: Lang) -> Ended {
    let words = &console.words;
    let unread = |error: ShardError, out: &Path| match error {
        ShardError::NoShard(shard) => {
            CommandError::usage(words.say("no_shard", &[("folder", &shard.display().to_string())]))
        }
        ShardError::Days(one, other) => {
            let holes = [("one", &*one.to_string()), ("other", &other.to_string())];
            CommandError::usage(words.say("shard_days", &holes))
        }
        ShardError::Table { path, source } => {
            let holes = [("file", &*path.display().to_string()), ("reason", &source.to_string())];
            CommandError::nothing(words.say("shard_unreadable", &holes))
        }
        ShardError::Out(error) => unwritten(&error, out, console),
    };
    let first = &arguments.files[0];
    let default = || first.with_file_name(words.get("shards_merged"));
    let out = arguments.out.clone().unwrap_or_else(default);
    let day = day_of(&arguments.files).map_err(|error| unread(error, &out))?;
    let policy = settings::policy(&arguments.reading, first.parent(), console)?;
    let mut session = Session::new(&arguments.reading, &policy, console, lang, Outputs::default());
    // What is late is late as of the day files were read.
    session.settings.as_of = day;
    let workers = session.workers();
    let united = unite(&arguments.files, &out, &session.settings, &workers);
    let united = united.map_err(|error| unread(error, &out))?;
    for (campaign, finding) in &united.failed {
        console.note(&screen::refused(campaign, finding, console));
    }
    let (campaigns, settled) = (united.campaigns.to_string(), united.settled.to_string());
    let (pending, out) = (united.pending.to_string(), out.display().to_string());
    let holes = [("campaigns", &*campaigns), ("settled", &settled), ("pending", &pending), ("out", &out)];
    console.note(&words.say("shards_done", &holes));
    Ok(match (united.failed.is_empty(), united.pending) {
        (false, _) => Exit::SomeUnread,
        (true, 0) => Exit::Clean,
        (true, _) => Exit::Findings,
    })
}

/// What was done, and what is asked.
fn tell(merge: &Merge, out: &str, console: &Console) {
    let words = &console.words;
    for line in &merge.lines {
        let key = match line.what {
            What::SameContent => "merge_same",
            What::Superseded => "merge_superseded",
            What::Stale => "merge_stale",
            What::NoBase => "merge_no_base",
            What::BadBase => "merge_bad_base",
            What::NoPlace => "merge_no_place",
            _ => continue,
        };
        let holes = [("file", &*line.file), ("was", &line.was), ("row", &line.row), ("value", &line.is)];
        console.note(&words.say(key, &holes));
    }
    for pending in &merge.pending {
        let sides: Vec<&str> = pending.sides.iter().map(|side| side.value.as_str()).collect();
        let tables = &Catalogue::shipped().tables;
        let column = tables.get(&pending.table).and_then(|table| table.column(&pending.column));
        let column = column.map_or_else(|| pending.column.clone(), |column| column.label.get(console.lang));
        let row = [pending.row.as_str(), &column].join(" ");
        let holes = [("row", row.trim()), ("sides", &sides.join(" ≠ ")), ("effect", &pending.effect)];
        console.note(&words.say("merge_pending", &holes));
    }
    let (n, taken) = (merge.copies.len().to_string(), merge.taken.to_string());
    let pending = merge.pending.len().to_string();
    let holes = [("n", &*n), ("host", &merge.host), ("taken", &taken), ("pending", &pending), ("out", out)];
    console.note(&words.say("merge_done", &holes));
}
