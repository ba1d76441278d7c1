//! `fupan explain`: what a finding or a figure means.

use clap::Args;

use super::console::Console;
use super::exit;
use crate::batch::codes;
use crate::diagnostic::{Family, Severity};
use crate::metrics;
use crate::policy::nearest;

/// Arguments of `fupan explain`.
#[derive(Debug, Args)]
pub struct Arguments {
    name: Option<String>,
}

/// Runs the command.
pub fn run(arguments: &Arguments, console: &Console) -> u8 {
    let words = &console.words;
    let Some(name) = &arguments.name else {
        list(console);
        return exit::CLEAN;
    };
    if let Some(code) = codes().find(|code| code.name == name) {
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
        return exit::CLEAN;
    }
    if let Some(metric) = metrics::all().into_iter().find(|metric| metric.name == name) {
        let definition = metric.definition(console.lang);
        console.print(&format!("{}  {}", metric.name, definition.title));
        for (label, text) in [
            ("explain_basis", definition.basis),
            ("explain_meaning", definition.meaning),
            ("explain_source", definition.source),
            ("explain_example", definition.example),
        ] {
            console.print(&format!("  {}{text}", words.get(label)));
        }
        return exit::CLEAN;
    }
    let known: Vec<&str> =
        codes().map(|code| code.name).chain(metrics::all().iter().map(|metric| metric.name)).collect();
    let key = match nearest(name, known.into_iter()) {
        Some(nearest) => words.say("explain_unknown_nearest", &[("name", name), ("nearest", &nearest)]),
        None => words.say("explain_unknown", &[("name", name)]),
    };
    console.error(&key);
    exit::USAGE
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
