//! `fupan trace`: the chain of a figure down to the cells people typed.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use clap::Args;

use super::Format;
use super::console::Console;
use super::error::{CommandError, Ended, Exit};
use super::files::name_of;
use super::{Reading, screen, settings};
use crate::batch::input::snapshot;
use crate::batch::one::{Settings, book};
use crate::cell::{CellRef, Place};
use crate::diagnostic::{Finding, number, shorten};
use crate::metrics;
use crate::policy::nearest;
use crate::trace::{Book, Bounds, Kind, Node, trace};

/// Arguments of `fupan trace`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// `FILE!Sheet!C5`, or the file alone.
    file: String,
    /// `Sheet!C5`, where the file stands alone.
    cell: Option<String>,
    #[arg(long, value_enum, default_value = "text", hide_default_value = true)]
    format: Format,
    #[arg(long, value_name = "N", default_value_t = Bounds::default().depth, hide_default_value = true)]
    depth: usize,
    #[command(flatten)]
    reading: Reading,
}

/// The file and cell asked about.
struct Asked {
    file: PathBuf,
    /// None: the first sheet.
    sheet: Option<String>,
    cell: CellRef,
}

/// Runs the command.
///
/// # Errors
/// When the settings or the workbook cannot be read, or it has no such cell.
pub fn run(arguments: &Arguments, console: &Console) -> Ended {
    let asked = asked(&arguments.file, arguments.cell.as_deref(), console).map_err(CommandError::usage)?;
    let policy = settings::policy(&arguments.reading, asked.file.parent(), console)?;
    let settings = settings::settings(&arguments.reading, &policy, console.lang);
    let root = Rc::new(opened(&asked.file, &name_of(&asked.file), &settings).map_err(|finding| {
        let file = asked.file.display().to_string();
        CommandError::nothing(screen::refused(&file, &finding, console))
    })?);
    let place = place(&root, &asked, console).map_err(CommandError::usage)?;
    let folder = asked.file.parent().unwrap_or(Path::new("")).to_owned();
    let mut books: HashMap<String, Option<Rc<Book>>> = HashMap::new();
    let mut open = |output: &str, file: &str| {
        let load = || {
            let mut book = opened(&folder.join(output), output, &settings).ok()?;
            book.original = Some(file.to_owned());
            Some(Rc::new(book))
        };
        if output.is_empty() {
            return None;
        }
        books.entry(output.to_owned()).or_insert_with(load).clone()
    };
    let bounds = Bounds { depth: arguments.depth, ..Bounds::default() };
    let node = trace(&root, &place, bounds, console.lang, &mut open);
    match arguments.format {
        Format::Json => console.print(&serde_json::to_string_pretty(&node).unwrap_or_default()),
        Format::Text => {
            tell(&node, 0, console);
            remarks(&root, &place, &node, console);
        }
    }
    Ok(Exit::Clean)
}

fn opened(path: &Path, name: &str, settings: &Settings<'_>) -> Result<Book, Box<Finding>> {
    book(&snapshot(path, &settings.limits)?, name, settings)
}

/// Splits `FILE!Sheet!C5`; a file's name may itself have exclamation marks.
fn asked(file: &str, cell: Option<&str>, console: &Console) -> Result<Asked, String> {
    let words = &console.words;
    let (file, within) = match cell {
        Some(cell) => (file, cell),
        None => {
            let splits = file.match_indices('!').map(|(at, _)| (&file[..at], &file[at + 1..]));
            let splits: Vec<(&str, &str)> = splits.collect();
            let there = splits.iter().rev().find(|(file, _)| Path::new(file).is_file());
            match there.or(splits.first()) {
                Some(split) => *split,
                None => return Err(words.say("trace_no_cell", &[("file", file)])),
            }
        }
    };
    let (sheet, cell) = match within.rsplit_once('!') {
        Some((sheet, cell)) => (Some(sheet), cell),
        None => (None, within),
    };
    let at = CellRef::parse(cell.trim()).ok_or_else(|| words.say("trace_bad_cell", &[("cell", cell)]))?;
    let bare = |sheet: &str| match sheet.strip_prefix('\'').and_then(|sheet| sheet.strip_suffix('\'')) {
        Some(quoted) => quoted.replace("''", "'"),
        None => sheet.to_owned(),
    };
    Ok(Asked { file: PathBuf::from(file), sheet: sheet.map(bare), cell: at })
}

/// The cell on a sheet that is there; without a sheet's name, on the first.
fn place(book: &Book, asked: &Asked, console: &Console) -> Result<Place, String> {
    let names = || book.workbook.sheets.iter().map(|sheet| &*sheet.name);
    let Some(wanted) = asked.sheet.as_deref() else {
        let first = names().next().unwrap_or_default();
        return Ok(Place::new(first, asked.cell));
    };
    if let Some(sheet) = book.sheet(wanted) {
        return Ok(Place::new(sheet.name.clone(), asked.cell));
    }
    let words = &console.words;
    let holds = names().find(|name| name.contains(wanted) || wanted.contains(name)).map(str::to_owned);
    Err(match nearest(wanted, names()).or(holds) {
        Some(nearest) => words.say("trace_no_sheet_nearest", &[("sheet", wanted), ("nearest", &nearest)]),
        None => {
            let all = names().collect::<Vec<_>>().join(" ");
            words.say("trace_no_sheet", &[("sheet", wanted), ("sheets", &all)])
        }
    })
}

/// One link and, further right, what it comes from.
fn tell(node: &Node, depth: usize, console: &Console) {
    let words = &console.words;
    let indent = "  ".repeat(depth);
    let file = node.file.as_ref().map(|file| format!("{file}!")).unwrap_or_default();
    let mut line = format!("{indent}{file}{}", node.cell);
    if let Some(own) = &node.own {
        let parts = [own.table.as_str(), own.header.as_str()].into_iter().filter(|part| !part.is_empty());
        line += &format!("  〔{}〕", parts.collect::<Vec<_>>().join(" · "));
    } else if !node.labels.is_empty() {
        let labels: Vec<String> = node.labels.iter().map(|label| shorten(label, 24)).collect();
        line += &format!("  〔{}〕", labels.join(" · "));
    }
    match (&node.count, &node.value) {
        (Some(count), _) if node.kind == Kind::Range => {
            let holes = [count.of, count.filled, count.met].map(|n| n.to_string());
            let key = if count.met < count.filled { "trace_range_met" } else { "trace_range" };
            line += &words.say(key, &[("of", &holes[0]), ("filled", &holes[1]), ("met", &holes[2])]);
        }
        (_, serde_json::Value::Null) => {}
        (_, value) => line += &format!(" = {}", shown(value)),
    }
    let remark = match node.kind {
        Kind::Formula | Kind::Range => None,
        Kind::Typed => Some("trace_typed"),
        Kind::Constant if node.from.is_empty() => Some("trace_constant"),
        Kind::Constant => Some("trace_taken"),
        Kind::Blank => Some("trace_blank"),
        Kind::Repeated => Some("trace_repeated"),
        Kind::Outside => Some("trace_outside"),
        Kind::Lost => Some("trace_lost"),
        Kind::Unknown => Some("trace_unknown"),
        Kind::Deep => Some("trace_deep"),
    };
    if let Some(remark) = remark {
        line += &format!("  {}", words.get(remark));
    }
    console.print(&line);
    if node.kind == Kind::Formula {
        let metric = metrics::all().into_iter().find(|metric| Some(metric.name) == node.metric);
        if let Some(metric) = metric {
            let definition = metric.definition(console.lang);
            let title = format!("{} ({}): {}", definition.title, metric.name, definition.basis);
            console.print(&format!("{indent}  ≔ {title}"));
        }
        let formula = node.formula.as_deref().unwrap_or_default();
        console.print(&format!("{indent}  ƒ ={}", shorten(formula, 300)));
    }
    for from in &node.from {
        tell(from, depth + 1, console);
    }
    let more = node.count.map_or(0, |count| count.met.saturating_sub(node.from.len()));
    if node.kind == Kind::Range && more > 0 {
        console.print(&format!("{indent}  {}", words.say("trace_more", &[("n", &more.to_string())])));
    }
}

fn shown(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => format!("「{}」", shorten(text, 60)),
        serde_json::Value::Number(n) => n.as_f64().map_or_else(|| n.to_string(), |n| number(n, 6)),
        other => other.to_string(),
    }
}

/// What to ask next, where the cell asked about has no chain.
fn remarks(book: &Book, place: &Place, node: &Node, console: &Console) {
    if !matches!(node.kind, Kind::Constant | Kind::Blank | Kind::Typed) || !node.from.is_empty() {
        return;
    }
    let key = match node.kind {
        Kind::Typed => return,
        Kind::Blank => "trace_is_blank",
        _ => "trace_is_text",
    };
    let words = &console.words;
    console.print(&words.get(key));
    if let Some(nearest) = book.nearest_formula(place) {
        let nearest = Place::new(place.sheet.clone(), nearest).to_string();
        console.print(&words.say("trace_nearest", &[("cell", &nearest)]));
    }
}
