//! `fupan new`: a blank workbook for one campaign, with its identity.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use super::console::Console;
use super::exit;
use crate::batch::out::save;
use crate::catalogue::Catalogue;
use crate::locale::{Lang, fold};
use crate::policy::nearest;
use crate::xlsx::blank::{Identity, blank};

/// Arguments of `fupan new`.
#[derive(Debug, Args)]
pub struct Arguments {
    #[arg(long, short, value_name = "ID")]
    template: String,
    #[arg(long, short)]
    name: String,
    #[arg(long, short, value_name = "FILE")]
    out: PathBuf,
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<NaiveDate>,
    #[arg(long)]
    no_snapshot: bool,
    #[arg(long, value_name = "NAME")]
    recipient: Option<String>,
}

/// Runs the command.
pub fn run(arguments: &Arguments, console: &Console, lang: Lang) -> u8 {
    let words = &console.words;
    let catalogue = Catalogue::shipped();
    let Some(template) = catalogue.templates.get(&arguments.template) else {
        console.error(&unknown_template(&arguments.template, console));
        return exit::USAGE;
    };
    let out = arguments.out.display().to_string();
    if arguments.out.exists() {
        console.error(&words.say("file_exists", &[("file", &out)]));
        return exit::USAGE;
    }
    let issued = arguments.as_of.unwrap_or_else(|| chrono::Local::now().date_naive());
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
    match blank(catalogue, template, &identity, lang) {
        Ok(package) => match save(&arguments.out, &package) {
            Ok(()) => {
                console.note(&words.say("new_done", &[("out", &out), ("campaign", &campaign)]));
                exit::CLEAN
            }
            Err(error) => {
                console.error(&words.say("out_io", &[("path", &out), ("reason", &error.to_string())]));
                exit::NOTHING
            }
        },
        Err(error) => {
            console.error(&words.say("internal", &[("reason", &error.to_string())]));
            exit::INTERNAL
        }
    }
}

/// A campaign's id: the day it was issued and eight letters of its name's hash,
/// so that two people who issue the same campaign on one day issue the same id.
fn campaign_id(name: &str, issued: NaiveDate) -> String {
    let hash = blake3::hash(fold(name).as_bytes()).to_hex();
    format!("FP{}-{}", issued.format("%Y%m%d"), &hash[..8])
}

/// What to say about a template that does not exist.
pub fn unknown_template(id: &str, console: &Console) -> String {
    let known: Vec<&str> = Catalogue::shipped().templates.keys().map(String::as_str).collect();
    let list = known.join(" ");
    match nearest(id, known.iter().copied()) {
        Some(nearest) => console
            .words
            .say("unknown_template_nearest", &[("id", id), ("nearest", &nearest), ("list", &list)]),
        None => console.words.say("unknown_template", &[("id", id), ("list", &list)]),
    }
}
