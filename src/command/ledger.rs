//! `fupan ledger`: what is remembered of the weeks, made anew, shown and given out; and `fupan lessons`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Subcommand, ValueEnum};

use super::console::Console;
use super::error::{CommandError, Ended, Exit};
use super::files::{name_of, save, whole_path};
use crate::batch::memory::{LEDGER, Remark, rebuild};
use crate::ledger::{Distrust, Hit, Kind, Ledger, LedgerError};
use crate::weeks::Week;

/// Arguments of `fupan ledger`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Rebuild(Rebuild),
    Show(Show),
    Export(Export),
}

#[derive(Debug, Args)]
struct Rebuild {
    #[arg(required = true)]
    dirs: Vec<PathBuf>,
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct Show {
    ledger: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct Export {
    ledger: Option<PathBuf>,
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Arguments of `fupan lessons`.
#[derive(Debug, Args)]
pub struct Lessons {
    #[arg(required = true)]
    keywords: Vec<String>,
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
    #[arg(long, value_enum)]
    kind: Option<Only>,
    #[arg(long, value_name = "YYYY-Www")]
    since: Option<String>,
}

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Only {
    Problem,
    Lesson,
}

/// Runs `fupan ledger`.
///
/// # Errors
/// When there is no ledger, or it cannot be read or written.
pub fn run(arguments: &Arguments, console: &Console) -> Ended {
    match &arguments.what {
        What::Rebuild(what) => anew(what, console),
        What::Show(what) => show(&opened(what.ledger.as_deref(), console)?, console),
        What::Export(what) => export(what, console),
    }
}

/// Runs `fupan lessons`: 0 where something was found, 1 where nothing was.
///
/// # Errors
/// When there is no ledger, or it cannot be read.
pub fn lessons(arguments: &Lessons, console: &Console) -> Ended {
    let words = &console.words;
    let ledger = opened(arguments.ledger.as_deref(), console)?;
    let mut hits = ledger.search(&arguments.keywords).map_err(|error| unusable(&error, console))?;
    hits.retain(|hit| match arguments.kind {
        Some(Only::Problem) => hit.kind == Kind::Problem,
        Some(Only::Lesson) => hit.kind == Kind::Lesson,
        None => true,
    });
    if let Some(since) = &arguments.since {
        hits.retain(|hit| hit.last.as_str() >= since.as_str());
    }
    for hit in &hits {
        let kind = words.get(if hit.kind == Kind::Problem { "lessons_problem" } else { "lessons_lesson" });
        console.print(&format!("{kind}  {}", hit.text.trim()));
        if !hit.more.trim().is_empty() {
            console.print(&format!("      → {}", hit.more.trim()));
        }
        console.print(&format!("      {}", found_in(hit, console)));
    }
    let (n, keywords) = (hits.len().to_string(), arguments.keywords.join(" "));
    let key = if hits.is_empty() { "lessons_none" } else { "lessons_found" };
    console.note(&words.say(key, &[("n", &n), ("keywords", &keywords)]));
    Ok(if hits.is_empty() { Exit::Findings } else { Exit::Clean })
}

fn found_in(hit: &Hit, console: &Console) -> String {
    /// So many campaigns are named.
    const NAMED: usize = 3;
    let named: Vec<&str> = hit.campaigns.iter().take(NAMED).map(String::as_str).collect();
    let more = hit.campaigns.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" +{more}") } else { String::new() };
    let weeks =
        if hit.first == hit.last { hit.first.clone() } else { format!("{} – {}", hit.first, hit.last) };
    format!("{}{more} · {weeks}", named.join(&console.words.get("join")))
}

/// What is to be said about the ledger of a run.
pub fn said(remark: &Remark, console: &Console) -> String {
    let words = &console.words;
    match remark {
        Remark::Distrusted(Distrust::Newer(aside)) => words.say("ledger_newer", &[("file", &name_of(aside))]),
        Remark::Distrusted(Distrust::Damaged(aside)) => {
            words.say("ledger_damaged", &[("file", &name_of(aside))])
        }
        Remark::Imported(folders) => {
            let n = folders.len().to_string();
            words.say("ledger_imported", &[("n", &n), ("folders", &folders.join(&words.get("join")))])
        }
        Remark::Busy => words.get("ledger_busy"),
        Remark::Unusable(reason) => words.say("ledger_unusable", &[("reason", reason)]),
    }
}

fn unusable(error: &LedgerError, console: &Console) -> CommandError {
    CommandError::nothing(match error {
        LedgerError::Busy => console.words.get("ledger_busy"),
        other => console.words.say("ledger_unusable", &[("reason", &other.to_string())]),
    })
}

/// The ledger named, or the one that lies here: a file, or the folder it lies in.
fn path(named: Option<&Path>) -> PathBuf {
    let path = named.unwrap_or(Path::new("."));
    if path.is_dir() { path.join(LEDGER) } else { path.to_owned() }
}

/// Folders of results the ledger here knows, oldest week first; none where there is no ledger.
///
/// # Errors
/// When it cannot be read.
pub fn folders(console: &Console) -> Result<Vec<PathBuf>, CommandError> {
    let path = path(None);
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let known = opened(None, console)?.known().map_err(|error| unusable(&error, console))?;
    let home = path.parent().map(Path::to_owned).unwrap_or_default();
    let mut known: Vec<(String, PathBuf)> =
        known.into_iter().map(|one| (one.as_of, home.join(one.folder))).collect();
    known.sort();
    Ok(known.into_iter().map(|(_, folder)| folder).collect())
}

fn opened(named: Option<&Path>, console: &Console) -> Result<Ledger, CommandError> {
    let path = path(named);
    let shown = path.display().to_string();
    if !path.is_file() {
        return Err(CommandError::usage(console.words.say("ledger_none", &[("file", &shown)])));
    }
    let (ledger, distrust) = Ledger::open(&path).map_err(|error| unusable(&error, console))?;
    if let Some(distrust) = distrust {
        console.note(&said(&Remark::Distrusted(distrust), console));
    }
    Ok(ledger)
}

fn anew(what: &Rebuild, console: &Console) -> Ended {
    let words = &console.words;
    let path = what.ledger.clone().unwrap_or_else(|| beside(&what.dirs[0]));
    let failed = |error: &LedgerError| unusable(error, console);
    let aside = Ledger::begin_anew(&path).map_err(|error| failed(&error))?;
    let (mut ledger, _) = Ledger::open(&path).map_err(|error| failed(&error))?;
    let taken = rebuild(&mut ledger, &what.dirs).map_err(|error| failed(&error))?;
    if let Some(aside) = aside {
        console.note(&words.say("ledger_aside", &[("file", &name_of(&aside))]));
    }
    let (n, shown) = (taken.len().to_string(), path.display().to_string());
    console.note(&words.say("ledger_rebuilt", &[("n", &n), ("file", &shown)]));
    Ok(if taken.is_empty() { Exit::Findings } else { Exit::Clean })
}

/// The ledger of a folder of results, or of the folder such folders lie in.
fn beside(folder: &Path) -> PathBuf {
    let folder = whole_path(folder);
    match folder.parent() {
        Some(home) if folder.join(crate::batch::out::RECORD).is_file() => home.join(LEDGER),
        _ => folder.join(LEDGER),
    }
}

fn show(ledger: &Ledger, console: &Console) -> Ended {
    let words = &console.words;
    let known = ledger.known().map_err(|error| unusable(&error, console))?;
    let mut rows =
        vec![words.all(["ledger_week", "ledger_as_of", "ledger_folder", "ledger_campaigns"]).to_vec()];
    rows.extend(known.into_iter().map(|it| vec![it.period, it.as_of, it.folder, it.campaigns.to_string()]));
    console.table(&rows);
    Ok(Exit::Clean)
}

/// Everything the ledger holds, a line a campaign and week, as JSON.
fn export(what: &Export, console: &Console) -> Ended {
    let ledger = opened(what.ledger.as_deref(), console)?;
    let failed = |error: LedgerError| unusable(&error, console);
    let mut lines = String::new();
    let mut series: Vec<String> = ledger.known().map_err(failed)?.into_iter().map(|it| it.series).collect();
    series.dedup();
    for series in series {
        for week in ledger.weeks(&series).map_err(failed)? {
            for line in exported(&week) {
                lines += &format!("{line}\n");
            }
        }
    }
    match &what.out {
        Some(out) => save(out, lines.as_bytes(), console)?,
        None => console.print(lines.trim_end()),
    }
    Ok(Exit::Clean)
}

fn exported(week: &Week) -> Vec<serde_json::Value> {
    fn plain<T>(lines: &[Arc<T>]) -> Vec<&T> {
        lines.iter().map(Arc::as_ref).collect()
    }
    let line = |kept: &crate::weeks::Kept| {
        serde_json::json!({
            "period": week.period,
            "as_of": week.as_of,
            "campaign": kept.of,
            "figures": kept.figures,
            "actions": plain(&kept.actions),
            "problems": plain(&kept.problems),
            "lessons": plain(&kept.lessons),
            "findings": plain(&kept.findings),
        })
    };
    week.campaigns.iter().map(line).collect()
}
