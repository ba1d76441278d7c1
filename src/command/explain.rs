//! `fupan explain`: what a finding or a figure means.

use clap::Args;

use super::console::Console;
use super::error::{CommandError, Ended, Exit};
use crate::batch::codes;
use crate::diagnostic::{Code, Family, Severity};
use crate::locale::{Lang, fold};
use crate::metrics::{self, Metric};
use crate::policy::nearest;

/// So many titles that hold the name asked for are offered.
const NEAR: usize = 4;

/// Arguments of `fupan explain`.
#[derive(Debug, Args)]
pub struct Arguments {
    name: Vec<String>,
}

/// Something that can be explained.
#[derive(Clone, Copy)]
enum Subject {
    Finding(&'static Code),
    Figure(&'static Metric),
}

impl Subject {
    fn all() -> Vec<Subject> {
        let figures = metrics::all().into_iter().map(Subject::Figure);
        codes().map(Subject::Finding).chain(figures).collect()
    }

    fn name(self) -> &'static str {
        match self {
            Subject::Finding(code) => code.name,
            Subject::Figure(metric) => metric.name,
        }
    }

    fn title(self, lang: Lang) -> String {
        match self {
            Subject::Finding(code) => code.wording(lang).title,
            Subject::Figure(metric) => metric.definition(lang).title,
        }
    }
}

/// Runs the command.
///
/// # Errors
/// When nothing is called by that name.
pub fn run(arguments: &Arguments, console: &Console) -> Ended {
    if arguments.name.is_empty() {
        list(console);
        return Ok(Exit::Clean);
    }
    let name = arguments.name.join(" ");
    for subject in meant(&name, console)? {
        match subject {
            Subject::Finding(code) => finding(code, console),
            Subject::Figure(metric) => figure(metric, console),
        }
    }
    Ok(Exit::Clean)
}

/// What a name means: a code, the name of a figure, or the title either has on the sheets, in any language.
fn meant(name: &str, console: &Console) -> Result<Vec<Subject>, CommandError> {
    let all = Subject::all();
    let asked = fold(name);
    let titles = |subject: Subject| [Lang::Zh, Lang::En].map(|lang| fold(&subject.title(lang)));
    let exact: Vec<Subject> = all
        .iter()
        .copied()
        .filter(|subject| fold(subject.name()) == asked || titles(*subject).contains(&asked))
        .collect();
    if !exact.is_empty() {
        return Ok(exact);
    }
    let words = &console.words;
    let holds = |subject: &&Subject| titles(**subject).iter().any(|title| title.contains(&asked));
    let titled = |subject: &Subject| format!("{} ({})", subject.title(console.lang), subject.name());
    let alike: Vec<String> = all.iter().filter(holds).take(NEAR).map(titled).collect();
    let near = || {
        let names = all.iter().map(|subject| subject.name().to_owned());
        let titles = all.iter().map(|subject| subject.title(console.lang));
        let known: Vec<String> = names.chain(titles).collect();
        nearest(name, known.iter().map(String::as_str))
    };
    let near = if alike.is_empty() { near() } else { Some(alike.join(&words.get("or"))) };
    Err(CommandError::usage(match near {
        Some(nearest) => words.say("explain_unknown_nearest", &[("name", name), ("nearest", &nearest)]),
        None => words.say("explain_unknown", &[("name", name)]),
    }))
}

fn finding(code: &'static Code, console: &Console) {
    let words = &console.words;
    let wording = code.wording(console.lang);
    console.print(&format!("{}  {}", code.name, wording.title));
    for (label, text) in [
        ("explain_level", words.get(level(code.severity))),
        ("explain_family", words.get(family(code.family))),
        ("explain_message", wording.message),
        ("explain_why", wording.why),
        ("explain_help", wording.help),
        ("explain_example", wording.example),
        ("explain_change", words.say("explain_change_text", &[("code", code.name)])),
    ] {
        console.print(&format!("  {}{text}", words.get(label)));
    }
}

fn figure(metric: &'static Metric, console: &Console) {
    let definition = metric.definition(console.lang);
    console.print(&format!("{}  {}", metric.name, definition.title));
    for (label, text) in [
        ("explain_basis", definition.basis),
        ("explain_meaning", definition.meaning),
        ("explain_source", definition.source),
        ("explain_example", definition.example),
    ] {
        console.print(&format!("  {}{text}", console.words.get(label)));
    }
}

fn list(console: &Console) {
    let words = &console.words;
    let mut rows = vec![
        words
            .all(["explain_code", "explain_title", "explain_level_header", "explain_family_header"])
            .to_vec(),
    ];
    for code in codes() {
        rows.push(vec![
            code.name.to_owned(),
            code.wording(console.lang).title,
            words.get(level(code.severity)),
            words.get(family(code.family)),
        ]);
    }
    console.table(&rows);
    console.print("");
    let mut rows = vec![words.all(["explain_metric", "explain_title", "explain_basis_header"]).to_vec()];
    for metric in metrics::all() {
        let definition = metric.definition(console.lang);
        rows.push(vec![metric.name.to_owned(), definition.title, definition.basis]);
    }
    console.table(&rows);
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "level_error",
        Severity::Warning => "level_warning",
        Severity::Note => "level_note",
    }
}

fn family(family: Family) -> &'static str {
    match family {
        Family::File => "family_file",
        Family::Structure => "family_structure",
        Family::Cell => "family_cell",
        Family::Row => "family_row",
        Family::Table => "family_table",
        Family::Cross => "family_cross",
        Family::Portfolio => "family_portfolio",
        Family::Quality => "family_quality",
    }
}
