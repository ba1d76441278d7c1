//! `fupan template`: the blank workbooks.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::console::Console;
use super::exit;
use super::new::unknown_template;
use crate::batch::out::save;
use crate::catalogue::{Catalogue, Template};
use crate::locale::Lang;
use crate::xlsx::blank::{Identity, blank};

/// Arguments of `fupan template`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List,
    Export {
        ids: Vec<String>,
        #[arg(long, short, value_name = "DIR")]
        out: PathBuf,
    },
}

/// Runs the command.
pub fn run(arguments: &Arguments, console: &Console, lang: Lang) -> u8 {
    match &arguments.command {
        Command::List => list(console),
        Command::Export { ids, out } => export(ids, out, console, lang),
    }
}

fn list(console: &Console) -> u8 {
    let mut rows = vec![
        console
            .words
            .all([
                "template_id",
                "template_version",
                "template_label",
                "template_document",
                "template_tables",
            ])
            .to_vec(),
    ];
    for template in Catalogue::shipped().templates.values() {
        rows.push(vec![
            template.id.clone(),
            template.version.to_string(),
            template.label.get(console.lang),
            template.document.clone(),
            template.tables.len().to_string(),
        ]);
    }
    console.table(&rows);
    exit::CLEAN
}

fn export(ids: &[String], out: &std::path::Path, console: &Console, lang: Lang) -> u8 {
    let catalogue = Catalogue::shipped();
    let mut templates: Vec<&Template> = Vec::new();
    for id in ids {
        match catalogue.templates.get(id) {
            Some(template) => templates.push(template),
            None => {
                console.error(&unknown_template(id, console));
                return exit::USAGE;
            }
        }
    }
    if ids.is_empty() {
        templates.extend(catalogue.templates.values());
    }
    for template in templates {
        let identity = Identity {
            template: template.id.clone(),
            version: template.version,
            campaign: None,
            name: None,
            issued: None,
            ..Identity::default()
        };
        let path = out.join(format!("{}.xlsx", template.label.get(lang)));
        let shown = path.display().to_string();
        if path.exists() {
            console.error(&console.words.say("file_exists", &[("file", &shown)]));
            return exit::USAGE;
        }
        let package = match blank(catalogue, template, &identity, lang) {
            Ok(package) => package,
            Err(error) => {
                console.error(&console.words.say("internal", &[("reason", &error.to_string())]));
                return exit::INTERNAL;
            }
        };
        if let Err(error) = save(&path, &package) {
            console.error(&console.words.say("out_io", &[("path", &shown), ("reason", &error.to_string())]));
            return exit::NOTHING;
        }
        console.print(&shown);
    }
    exit::CLEAN
}
