//! What edits come to where no copy is at hand: settled like those of copies, and written into a blank of their
//! template, so that what they say is read and judged like any workbook.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::super::apply::is_stale;
use super::super::findings::{INTERNAL_ERROR, not_grafted};
use super::{
    Copy, Handed, Known, Merged, Opened, Read, Settings, effect, own_words, place, read_opened, results,
};
use crate::catalogue::{Member, Template, Words};
use crate::diagnostic::Finding;
use crate::locale::Lang;
use crate::merge::{Account, Union, settle};
use crate::xlsx::blank::{Identity, blank};
use crate::xlsx::graft::store_results;

/// What copies of a campaign were issued as.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedAs {
    /// The template; empty where they were made by hand.
    pub template: String,
    /// The campaign's name, which is no edit of anybody.
    pub name: String,
}

/// Settles what is known of one campaign. What was made by hand goes into a blank with the tables anything is said of.
///
/// # Errors
/// A finding that says why the blank cannot be made, written or read.
pub fn unite<'a>(
    told: Account,
    campaign: &str,
    issued: &IssuedAs,
    settings: &'a Settings<'_>,
) -> Result<Merged<'a>, Box<Finding>> {
    let Account { mut union, computed, order } = told;
    let package = blank_of(&union, campaign, issued, settings)?;
    let handed = Handed::default();
    let opened = Opened::of(&package);
    let read = read_opened(&opened, &handed.name, settings)?;
    let mut copies = [Copy { handed: &handed, opened, read }];
    let main = |table: &str| settings.catalogue.tables.get(table).and_then(|table| table.main_text.clone());
    let settled = settle(&union, &main);
    if let Some(copied) = &mut copies[0].read.review.copied {
        copied.join_rows(&settled.same);
    }
    let mut known = Known::of(&copies);
    known.stand(&order, &settled.same);
    let mut written = place::write(&copies[0], &known, &settled, settings)?;
    own_words(&mut union, &written);
    let settled = settle(&union, &main);
    let mut read = read_opened(&Opened::of(&written.package), &handed.name, settings)?;
    let known = results::of_computed(&computed, &settled.same);
    let stale = results::results(&known, &written, &read, settings.catalogue);
    if !stale.is_empty() {
        written.package =
            store_results(&written.package, &stale).map_err(|error| Box::new(not_grafted(&error)))?;
        read = read_opened(&Opened::of(&written.package), &handed.name, settings)?;
    }
    let Read { workbook, mut review, .. } = read;
    // What a formula shows until it is computed anew is no fault of anybody's.
    let before = &copies[0].read.review.findings;
    review.findings.retain(|finding| !is_stale(finding, before, &workbook));
    let mut merge = super::told::merge(&copies, 0, &settled, &union, &written, settings);
    campaign.clone_into(&mut merge.campaign);
    effect::weigh(&mut merge, &settled, &written, &review, settings);
    review.merge = Some(Box::new(merge));
    Ok(Merged { package: written.package, workbook, review, host: 0 })
}

/// A blank with room for everything.
fn blank_of(
    union: &Union,
    campaign: &str,
    issued: &IssuedAs,
    settings: &Settings<'_>,
) -> Result<Vec<u8>, Box<Finding>> {
    let catalogue = settings.catalogue;
    let known = catalogue.templates.get(&issued.template);
    let by_hand = || {
        let named: BTreeSet<&str> = union.claims.iter().map(|claim| claim.seat.table.as_str()).collect();
        let here = catalogue.tables.keys().filter(|id| named.contains(id.as_str()));
        let label = || Words { zh: campaign.to_owned(), ..Words::default() };
        Template {
            id: String::new(),
            version: 1,
            label: label(),
            document: String::new(),
            purpose: label(),
            tables: here.map(|id| Member { id: id.clone(), core: false }).collect(),
        }
    };
    let template = known.cloned().unwrap_or_else(by_hand);
    let identity = Identity {
        campaign: known.map(|_| campaign.to_owned()),
        name: known.map(|_| issued.name.clone()).filter(|name| !name.is_empty()),
        snapshot: known.is_some(),
        ..Identity::of(&template)
    };
    let made = blank(catalogue, &template, &identity, Lang::Zh);
    made.map_err(|error| Box::new(Finding::new(&INTERNAL_ERROR).found(error.to_string())))
}
