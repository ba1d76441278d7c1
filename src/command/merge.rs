//! `fupan merge`: copies of one campaign made one.

use std::path::PathBuf;

use clap::Args;

use super::console::Console;
use super::enrich::{is_same_file, refused};
use super::worker::wording;
use super::{Reading, exit, settings};
use crate::batch::input::snapshot;
use crate::batch::isolation::{Job, Task};
use crate::batch::out::save;
use crate::batch::run::handed;
use crate::locale::Lang;
use crate::record::merge::{Merge, What};

/// Arguments of `fupan merge`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[arg(required = true, num_args = 1..)]
    files: Vec<PathBuf>,
    #[arg(long, short, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    reading: Reading,
}

/// Runs the command.
pub fn run(arguments: &Arguments, console: &Console, lang: Lang) -> u8 {
    let folder = arguments.files.first().and_then(|file| file.parent());
    let policy = match settings::policy(&arguments.reading, folder, console) {
        Ok(policy) => policy,
        Err(message) => {
            console.error(&message);
            return exit::USAGE;
        }
    };
    let settings = settings::settings(&arguments.reading, &policy, lang);
    if arguments.files.iter().any(|file| is_same_file(file, &arguments.out)) {
        console.error(&console.words.get("out_is_input"));
        return exit::USAGE;
    }
    let describe = wording(console.lang);
    let workers = settings::workers(&arguments.reading, &settings, console, &describe);
    let mut read = Vec::new();
    for file in &arguments.files {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let work = snapshot(file, &settings.limits)
            .and_then(|bytes| Ok((workers.work(&Job::new(Task::Batch, name.clone()), &bytes)?, bytes)));
        match work {
            Ok((done, bytes)) => read.push((name, done, bytes)),
            Err(finding) => {
                console.error(&refused(&name, &finding, console));
                return exit::NOTHING;
            }
        }
    }
    // By content: the order of the files on the command line decides nothing.
    read.sort_by_key(|(name, _, bytes)| (blake3::hash(bytes).to_hex().to_string(), name.clone()));
    let campaigns = read.iter().filter_map(|(name, done, _)| Some((name, done.entry.as_ref()?)));
    let mut campaigns: Vec<(&String, &str)> =
        campaigns.map(|(name, entry)| (name, entry.campaign.as_str())).collect();
    campaigns.dedup_by_key(|(_, campaign)| *campaign);
    if let [(one, _), (other, _), ..] = campaigns[..] {
        console.error(&console.words.say("merge_other_campaign", &[("file", one), ("other", other)]));
        return exit::USAGE;
    }
    let mut job = Job::new(Task::Merge, arguments.out.display().to_string());
    job.handed = read.iter().map(|(name, done, _)| handed(name, None, &done.copy)).collect();
    let files: Vec<&[u8]> = read.iter().map(|(.., bytes)| bytes.as_slice()).collect();
    let done = match workers.work_on(&job, &files) {
        Ok(done) => done,
        Err(finding) => {
            console.error(&refused(&job.name, &finding, console));
            return exit::NOTHING;
        }
    };
    let (Some((merge, _)), Some(package)) = (done.merge, done.package) else {
        if let Some(finding) = done.not_enriched {
            console.error(&refused(&job.name, &finding, console));
        }
        return exit::NOTHING;
    };
    if let Err(error) = save(&arguments.out, &package) {
        let (path, reason) = (arguments.out.display().to_string(), error.to_string());
        console.error(&console.words.say("out_io", &[("path", &path), ("reason", &reason)]));
        return exit::NOTHING;
    }
    tell(&merge, &arguments.out.display().to_string(), console);
    if merge.pending.is_empty() { exit::CLEAN } else { exit::FINDINGS }
}

/// What was done, and what is asked.
pub fn tell(merge: &Merge, out: &str, console: &Console) {
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
        let row = [pending.row.as_str(), pending.column.as_str()].join(" ");
        let holes = [("row", row.trim()), ("sides", &sides.join(" ≠ ")), ("effect", &pending.effect)];
        console.note(&words.say("merge_pending", &holes));
    }
    let (n, taken) = (merge.copies.len().to_string(), merge.taken.to_string());
    let pending = merge.pending.len().to_string();
    let holes = [("n", &*n), ("host", &merge.host), ("taken", &taken), ("pending", &pending), ("out", out)];
    console.note(&words.say("merge_done", &holes));
}
