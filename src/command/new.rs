//! `fupan new`: a blank workbook for one campaign, with its identity.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use super::console::Console;
use super::error::{CommandError, Ended, Exit};
use super::files::save;
use super::settings::today;
use crate::batch::out::safe_name;
use crate::catalogue::{Catalogue, Template};
use crate::locale::Lang;
use crate::policy::nearest;
use crate::xlsx::blank::{Identity, blank, campaign_id};

/// Arguments of `fupan new`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[arg(long, short, value_name = "ID")]
    template: String,
    #[arg(long, short)]
    name: String,
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<NaiveDate>,
    #[arg(long)]
    no_snapshot: bool,
    #[arg(long, value_name = "NAME")]
    recipient: Option<String>,
}

/// Runs the command.
///
/// # Errors
/// When there is no such template, the file is there already, or it cannot be written.
pub fn run(arguments: &Arguments, console: &Console, lang: Lang) -> Ended {
    let words = &console.words;
    let catalogue = Catalogue::shipped();
    let template = template(&arguments.template, console)?;
    let default = || PathBuf::from(format!("{}.xlsx", safe_name(&arguments.name)));
    let out = arguments.out.clone().unwrap_or_else(default);
    let shown = out.display().to_string();
    if out.exists() {
        return Err(CommandError::usage(words.say("file_exists", &[("file", &shown)])));
    }
    let issued = arguments.as_of.unwrap_or_else(today);
    let campaign = campaign_id(&arguments.name, issued);
    let identity = Identity {
        template: template.id.clone(),
        version: template.version,
        campaign: Some(campaign.clone()),
        name: Some(arguments.name.clone()),
        issued: Some(issued),
        snapshot: !arguments.no_snapshot,
        recipient: arguments.recipient.clone(),
    };
    let package = blank(catalogue, template, &identity, lang)
        .map_err(|error| CommandError::internal(&error.to_string(), console))?;
    save(&out, &package, console)?;
    console.note(&words.say("new_done", &[("out", &shown), ("campaign", &campaign)]));
    Ok(Exit::Clean)
}

/// A template by its id.
///
/// # Errors
/// What there is instead, where there is none of this id.
pub fn template<'a>(id: &str, console: &Console) -> Result<&'a Template, CommandError> {
    let templates = &Catalogue::shipped().templates;
    templates.get(id).ok_or_else(|| {
        let known: Vec<&str> = templates.keys().map(String::as_str).collect();
        let list = known.join(" ");
        let words = &console.words;
        CommandError::usage(match nearest(id, known.iter().copied()) {
            Some(nearest) => {
                words.say("unknown_template_nearest", &[("id", id), ("nearest", &nearest), ("list", &list)])
            }
            None => words.say("unknown_template", &[("id", id), ("list", &list)]),
        })
    })
}
