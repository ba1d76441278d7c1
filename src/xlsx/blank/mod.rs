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
mod live;
mod look;
mod numbers;
mod rules;
mod site;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use crate::catalogue::{Catalogue, Layout, Template};
use crate::locale::{Lang, fold};
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
    /// Whether it says what it was issued with, so that a later copy is told from an earlier one.
    pub snapshot: bool,
    /// To whom it is issued.
    pub recipient: Option<String>,
    /// Optional tables nobody needs this time: their sheets are there, out of sight.
    pub hidden: BTreeSet<String>,
}

impl Identity {
    /// The identity of a template nobody has been given yet.
    pub fn of(template: &Template) -> Identity {
        Identity { template: template.id.clone(), version: template.version, ..Identity::default() }
    }
}

impl Identity {
    /// The id of what a blank is issued with: nothing but the words of its template.
    fn issue(&self) -> Option<String> {
        let campaign = self.campaign.as_ref().filter(|_| self.snapshot)?;
        let words = [self.template.as_str(), &self.version.to_string(), campaign].join("\u{1f}");
        Some(blake3::hash(words.as_bytes()).to_hex()[..16].to_owned())
    }

    /// Everything the carriers say, in order.
    fn facts(&self) -> Vec<(&'static str, String)> {
        let mut facts = vec![("template", self.template.clone()), ("version", self.version.to_string())];
        facts.extend(self.campaign.clone().map(|campaign| ("campaign", campaign)));
        facts.extend(self.issued.map(|issued| ("issued", issued.to_string())));
        if let Some(id) = self.issue() {
            facts.extend([("snapshot", id), ("generation", "0".to_owned())]);
            // The one thing a blank is issued with beside the words of its template.
            facts.extend(self.name.clone().map(|name| ("name", name)));
        }
        facts.extend(self.recipient.clone().map(|recipient| ("recipient", recipient)));
        facts
    }
}

/// A campaign's id: the day it was issued and eight letters of its name's hash,
/// so that two people who issue the same campaign on one day issue the same id.
pub fn campaign_id(name: &str, issued: NaiveDate) -> String {
    let hash = blake3::hash(fold(name).as_bytes()).to_hex();
    format!("FP{}-{}", issued.format("%Y%m%d"), &hash[..8])
}

/// What every sheet of one blank needs to know.
struct Blank<'a> {
    catalogue: &'a Catalogue,
    template: &'a Template,
    identity: &'a Identity,
    lang: Lang,
    sites: Sites<'a>,
    look: Look,
    own: &'a OwnColumns,
}

/// Headers of columns of the team's own, by table.
pub type OwnColumns = BTreeMap<String, Vec<String>>;

/// A template as a blank workbook.
pub fn blank(
    catalogue: &Catalogue,
    template: &Template,
    identity: &Identity,
    lang: Lang,
) -> Result<Vec<u8>, XlsxError> {
    blank_with(catalogue, template, identity, &OwnColumns::default(), lang)
}

/// The same with columns of the team's own beside those of the template.
pub fn blank_with(
    catalogue: &Catalogue,
    template: &Template,
    identity: &Identity,
    own: &OwnColumns,
    lang: Lang,
) -> Result<Vec<u8>, XlsxError> {
    let blank = Blank {
        catalogue,
        template,
        identity,
        lang,
        sites: Sites::new(catalogue, template, &identity.hidden, lang),
        look: Look::new(),
        own,
    };
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(&blank)?);

    guide::write(&blank, workbook.add_worksheet())?;
    for site in blank.sites.iter() {
        let sheet = workbook.add_worksheet();
        sheet.set_hidden(site.hidden);
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
    for (key, value) in
        identity.facts().into_iter().filter(|(key, _)| !matches!(*key, "template" | "version"))
    {
        properties = properties.set_custom_property(format!("fupan.{key}"), value);
    }
    Ok(properties)
}
