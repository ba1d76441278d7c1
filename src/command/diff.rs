//! `fupan diff`: what one workbook says otherwise than an earlier one.

use std::path::{Path, PathBuf};

use clap::Args;

use super::console::Console;
use super::error::{CommandError, Ended, Exit};
use super::files::save;
use super::session::{Outputs, Session};
use super::{Format, Reading, screen, settings};
use crate::batch::input::snapshot;
use crate::batch::isolation::{Job, Task};
use crate::cell::CellRef;
use crate::diagnostic::Finding;
use crate::locale::Lang;
use crate::page::{Page, PageCell, Role, Shape, Tab};
use crate::record::difference::{Change, Differences, Happened};
use crate::xlsx::write::{WriteOptions, write};

/// Arguments of `fupan diff`.
#[derive(Debug, Args)]
pub struct Arguments {
    old: PathBuf,
    new: PathBuf,
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    #[arg(long, value_enum, default_value = "text", hide_default_value = true)]
    format: Format,
    #[command(flatten)]
    reading: Reading,
}

/// Runs the command: 0 where both say the same, 1 where they do not.
///
/// # Errors
/// When the settings or a workbook cannot be read, or the sheet cannot be written.
pub fn run(arguments: &Arguments, console: &Console, lang: Lang) -> Ended {
    let policy = settings::policy(&arguments.reading, arguments.new.parent(), console)?;
    let session = Session::new(&arguments.reading, &policy, console, console.lang, Outputs::default());
    let workers = session.workers();
    let refused = |file: &Path, finding: &Finding| {
        CommandError::nothing(screen::refused(&file.display().to_string(), finding, console))
    };
    let read =
        |file: &Path| snapshot(file, &session.settings.limits).map_err(|finding| refused(file, &finding));
    let (old, new) = (read(&arguments.old)?, read(&arguments.new)?);
    let job = Job::new(Task::Diff, arguments.new.display().to_string());
    let done = workers.work_on(&job, &[&old, &new]).map_err(|finding| refused(&arguments.new, &finding))?;
    let differences: Differences =
        serde_json::from_str(&done.text).map_err(|_| CommandError::internal("diff", console))?;
    match arguments.format {
        Format::Json => console.print_json(&serde_json::to_value(&differences).unwrap_or_default()),
        Format::Text => tell(&differences, console),
    }
    if let Some(out) = &arguments.out {
        let package =
            sheet(&differences, console, lang).map_err(|reason| CommandError::internal(&reason, console))?;
        save(out, &package, console)?;
    }
    let same = differences.changes.is_empty() && differences.not_there.is_empty();
    Ok(if same { Exit::Clean } else { Exit::Findings })
}

fn tell(differences: &Differences, console: &Console) {
    for change in &differences.changes {
        console.print(&worded(change, console));
    }
    for table in &differences.not_there {
        console.print(&console.words.say("diff_not_there", &[("table", &title(table, console))]));
    }
    if differences.changes.is_empty() && differences.not_there.is_empty() {
        console.note(&console.words.get("diff_same"));
    }
}

fn title(table: &str, console: &Console) -> String {
    let found = crate::catalogue::Catalogue::shipped().tables.get(table);
    found.map_or_else(|| table.to_owned(), |table| table.label.get(console.lang))
}

fn worded(change: &Change, console: &Console) -> String {
    let words = &console.words;
    let what = words.get(word(change.what));
    let place: Vec<&str> = [&change.title, &change.row, &change.header]
        .into_iter()
        .map(String::as_str)
        .filter(|text| !text.is_empty())
        .collect();
    let blank = words.get("apply_blank");
    let shown = |text: &str| if text.is_empty() { blank.clone() } else { text.to_owned() };
    match change.what {
        Happened::Added | Happened::Removed => format!("{what} {}", place.join(" · ")),
        _ => format!("{what} {}：{} → {}", place.join(" · "), shown(&change.was), shown(&change.is)),
    }
}

fn word(what: Happened) -> &'static str {
    match what {
        Happened::Filled => "diff_filled",
        Happened::Changed => "diff_changed",
        Happened::Cleared => "diff_cleared",
        Happened::Added => "diff_added",
        Happened::Removed => "diff_removed",
    }
}

/// The differences as a sheet of their own.
fn sheet(differences: &Differences, console: &Console, lang: Lang) -> Result<Vec<u8>, String> {
    let words = &console.words;
    let mut page = Page::new(words.get("diff_sheet"), Tab::First);
    page.set_widths(&[8.0, 24.0, 34.0, 18.0, 40.0, 40.0]);
    let heads = ["diff_what", "diff_table", "diff_row", "diff_column", "diff_was", "diff_is"];
    page.row(Role::Header, words.all(heads));
    page.freeze = Some(CellRef::new(1, 0));
    for change in &differences.changes {
        let cells = [
            &words.get(word(change.what)),
            &change.title,
            &change.row,
            &change.header,
            &change.was,
            &change.is,
        ];
        page.row(Role::Body, cells.map(|text| PageCell::from(text.as_str()).shaped(Shape::Wrapped)));
    }
    let options = WriteOptions { lang, title: words.get("diff_sheet"), properties: Vec::new() };
    write(&[page], &options).map(|written| written.package).map_err(|error| error.to_string())
}
