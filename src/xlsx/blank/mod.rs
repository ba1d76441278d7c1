//! Blank workbooks: a template as an xlsx file to fill in.
//!
//! Everything in them comes from the catalogue; what they look like is decided
//! here. The same catalogue, template and identity give the same bytes.

mod carrier;
mod dictionary;
mod form;
mod growing;
mod guide;
mod list;
mod look;
mod rules;
mod site;

use chrono::NaiveDate;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use crate::catalogue::{Catalogue, Layout, Template};
use crate::locale::Lang;
use look::Look;
use site::Sites;

/// Who a workbook is, carried inside it so that it is recognised after renames and translations.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    /// Template id.
    pub template: String,
    /// Template version.
    pub version: u32,
    /// Campaign id, where the workbook is issued for one.
    pub campaign: Option<String>,
    /// Campaign name, where it is known beforehand.
    pub name: Option<String>,
    /// Day of issue.
    pub issued: Option<NaiveDate>,
}

impl Identity {
    /// The identity of a template nobody has been given yet.
    pub fn of(template: &Template) -> Identity {
        Identity { template: template.id.clone(), version: template.version, ..Identity::default() }
    }
}

/// What every sheet of one blank needs to know.
struct Blank<'a> {
    catalogue: &'a Catalogue,
    template: &'a Template,
    identity: &'a Identity,
    lang: Lang,
    sites: Sites<'a>,
    look: Look,
}

/// A template as a blank workbook.
pub fn blank(
    catalogue: &Catalogue,
    template: &Template,
    identity: &Identity,
    lang: Lang,
) -> Result<Vec<u8>, XlsxError> {
    let blank = Blank {
        catalogue,
        template,
        identity,
        lang,
        sites: Sites::new(catalogue, template, lang),
        look: Look::new(),
    };
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(&blank)?);

    guide::write(&blank, workbook.add_worksheet())?;
    for site in blank.sites.iter() {
        let sheet = workbook.add_worksheet();
        match site.table.layout {
            Layout::Form => form::write(&blank, site, sheet)?,
            Layout::List => list::write(&blank, site, sheet)?,
        }
    }
    dictionary::write(&blank, workbook.add_worksheet())?;
    carrier::write(&blank, &mut workbook)?;
    growing::let_rows_grow(workbook.save_to_buffer()?)
}

fn properties(blank: &Blank) -> Result<DocProperties, XlsxError> {
    let identity = blank.identity;
    // The clock would make every copy differ; the day of issue is in the identity.
    let epoch = ExcelDateTime::from_ymd(2025, 1, 1)?;
    let mut properties = DocProperties::new()
        .set_title(blank.template.label.get(blank.lang))
        .set_creation_datetime(&epoch)
        .set_custom_property("fupan.template", identity.template.as_str())
        .set_custom_property("fupan.version", identity.version as i32);
    if let Some(campaign) = &identity.campaign {
        properties = properties.set_custom_property("fupan.campaign", campaign.as_str());
    }
    if let Some(issued) = identity.issued {
        properties = properties.set_custom_property("fupan.issued", issued.to_string());
    }
    Ok(properties)
}
