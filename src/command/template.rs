//! `fupan template`: the blank workbooks.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::console::Console;
use super::error::{CommandError, Ended, Exit};
use super::files::save;
use super::new::template;
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
        out: Option<PathBuf>,
    },
}

/// Runs the command.
///
/// # Errors
/// When there is no such template, or a file is there already or cannot be written.
pub fn run(arguments: &Arguments, console: &Console, lang: Lang) -> Ended {
    match &arguments.command {
        Command::List => list(console),
        Command::Export { ids, out } => {
            let default = || PathBuf::from(console.words.get("templates_folder"));
            export(ids, &out.clone().unwrap_or_else(default), console, lang)
        }
    }
}

fn list(console: &Console) -> Ended {
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
    Ok(Exit::Clean)
}

fn export(ids: &[String], out: &Path, console: &Console, lang: Lang) -> Ended {
    let catalogue = Catalogue::shipped();
    let mut templates: Vec<&Template> = Vec::new();
    for id in ids {
        templates.push(template(id, console)?);
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
            return Err(CommandError::usage(console.words.say("file_exists", &[("file", &shown)])));
        }
        let package = blank(catalogue, template, &identity, lang)
            .map_err(|error| CommandError::internal(&error.to_string(), console))?;
        save(&path, &package, console)?;
        console.print(&shown);
    }
    Ok(Exit::Clean)
}
