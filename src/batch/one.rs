//! One workbook, from bytes to review to enriched bytes.

use chrono::NaiveDate;

use super::findings::{INTERNAL_ERROR, not_grafted, refused};
use crate::catalogue::Catalogue;
use crate::catalogue::decode::Decoder;
use crate::diagnostic::{Finding, Sink};
use crate::locale::Lang;
use crate::policy::Policy;
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
    /// Recognition, prepared once from the declarations.
    pub decoder: Decoder<'a>,
    /// Thresholds and levels.
    pub policy: &'a Policy,
    /// Guards.
    pub limits: Limits,
    /// The day as of which things are late.
    pub as_of: NaiveDate,
    /// Language of our sheets.
    pub lang: Lang,
}

/// Reads, checks and analyses a workbook.
///
/// # Errors
/// A finding that says why the file cannot be read.
pub fn review_bytes<'a>(bytes: &[u8], name: &str, settings: &'a Settings<'a>) -> Result<Review<'a>, Box<Finding>> {
    let skip = generated_sheets(bytes).unwrap_or_default();
    let workbook =
        read_with(bytes, &settings.limits, &ReadOptions { skip }).map_err(|refusal| Box::new(refused(&refusal)))?;
    let mut sink = Sink::default();
    let records = settings.decoder.decode(&workbook, &mut sink);
    let sheets = workbook.sheets.iter().map(|sheet| sheet.name.to_string()).collect();
    Ok(review(settings.catalogue, settings.policy, settings.as_of, name, sheets, records, sink))
}

/// The workbook with our sheets in it; every part that is not ours stays as it is.
///
/// # Errors
/// A finding that says why our sheets cannot be added.
pub fn enrich(bytes: &[u8], review: &Review<'_>, lang: Lang) -> Result<Vec<u8>, Box<Finding>> {
    let pages = sheets::lay_out(review, lang);
    let options = WriteOptions { lang, title: review.name().to_owned(), properties: Vec::new() };
    let written = addition(&pages, &review.sheets, &options).map_err(|_| Box::new(Finding::new(&INTERNAL_ERROR)))?;
    let addition =
        Addition { package: &written.package, sheets: &written.sheets, placement: Placement::After, activate: true };
    match graft(bytes, &addition, &[]) {
        Ok(grafted) => Ok(grafted.package),
        Err(error) => Err(Box::new(not_grafted(&error))),
    }
}
