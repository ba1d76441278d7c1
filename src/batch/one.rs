//! One workbook, from bytes to review to enriched bytes.

use chrono::NaiveDate;

use super::findings::{INTERNAL_ERROR, not_grafted, refused};
use crate::catalogue::Catalogue;
use crate::catalogue::decode::{ReadPolicy, decode_with};
use crate::catalogue::labels::{Matcher, TeamAliases};
use crate::diagnostic::{Finding, Sink};
use crate::docx;
use crate::locale::Lang;
use crate::policy::Policy;
use crate::quantity::workdays::official;
use crate::review::{Review, review};
use crate::sheets;
use crate::xlsx::graft::{Addition, Placement, generated_sheets, graft};
use crate::xlsx::guard::Limits;
use crate::xlsx::read::{ReadOptions, read_with};
use crate::xlsx::write::{WriteOptions, addition};

/// What every file of a run is read with.
pub struct Settings<'a> {
    /// Declarations.
    pub catalogue: &'a Catalogue,
    /// Labels, prepared once from the declarations.
    pub matcher: Matcher<'a>,
    /// What the settings say about reading.
    pub reading: ReadPolicy,
    /// Thresholds and levels.
    pub policy: &'a Policy,
    /// Guards.
    pub limits: Limits,
    /// The day as of which things are late.
    pub as_of: NaiveDate,
    /// Language of our sheets.
    pub lang: Lang,
    /// Whether reports are also written as Word files.
    pub docx: bool,
}

impl<'a> Settings<'a> {
    /// The settings of a run.
    pub fn new(catalogue: &'a Catalogue, policy: &'a Policy, as_of: NaiveDate, lang: Lang) -> Settings<'a> {
        let aliases = team_aliases(policy);
        Settings {
            catalogue,
            matcher: Matcher::new(catalogue, &aliases),
            reading: ReadPolicy { aliases, holidays: Some(official()) },
            policy,
            limits: Limits::default(),
            as_of,
            lang,
            docx: false,
        }
    }
}

/// The team's own names, as recognition takes them: name → what it means.
fn team_aliases(policy: &Policy) -> TeamAliases {
    let mut aliases = TeamAliases::default();
    for (meaning, names) in &policy.aliases {
        let into = if meaning.contains('.') { &mut aliases.columns } else { &mut aliases.tables };
        into.extend(names.iter().map(|name| (name.clone(), meaning.clone())));
    }
    aliases
}

/// Reads, checks and analyses a workbook.
///
/// # Errors
/// A finding that says why the file cannot be read.
pub fn review_bytes<'a>(
    bytes: &[u8],
    name: &str,
    settings: &'a Settings<'a>,
) -> Result<Review<'a>, Box<Finding>> {
    let skip = generated_sheets(bytes).unwrap_or_default();
    let workbook = read_with(bytes, &settings.limits, &ReadOptions { skip })
        .map_err(|refusal| Box::new(refused(&refusal)))?;
    let mut sink = Sink::default();
    let records = decode_with(&settings.matcher, &workbook, &settings.reading, &mut sink);
    let sheets = workbook.sheets.iter().map(|sheet| sheet.name.to_string()).collect();
    Ok(review(settings.catalogue, settings.policy, settings.as_of, name, sheets, records, sink))
}

/// The report as a Word file; `None` where there is nothing to report.
///
/// # Errors
/// A finding that says it cannot be written.
pub fn report(review: &Review<'_>, lang: Lang) -> Result<Option<Vec<u8>>, Box<Finding>> {
    let Some(document) = sheets::report_of(review, lang) else { return Ok(None) };
    docx::write(&document, lang).map(Some).map_err(|_| Box::new(Finding::new(&INTERNAL_ERROR)))
}

/// The workbook with our sheets in it; every part that is not ours stays as it is.
///
/// # Errors
/// A finding that says why our sheets cannot be added.
pub fn enrich(bytes: &[u8], review: &Review<'_>, lang: Lang) -> Result<Vec<u8>, Box<Finding>> {
    let pages = sheets::lay_out(review, lang);
    let options = WriteOptions { lang, title: review.name().to_owned(), properties: Vec::new() };
    let written =
        addition(&pages, &review.sheets, &options).map_err(|_| Box::new(Finding::new(&INTERNAL_ERROR)))?;
    let addition = Addition {
        package: &written.package,
        sheets: &written.sheets,
        placement: Placement::After,
        activate: true,
    };
    match graft(bytes, &addition, &[]) {
        Ok(grafted) => Ok(grafted.package),
        Err(error) => Err(Box::new(not_grafted(&error))),
    }
}
