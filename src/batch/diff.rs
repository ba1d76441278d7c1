//! What one workbook says otherwise than an earlier one: the edits a merge would see.

use std::collections::BTreeSet;

use super::one::{Settings, open, read_opened};
use crate::catalogue::Catalogue;
use crate::diagnostic::Finding;
use crate::locale::Lang;
use crate::merge::reading::claimed;
use crate::merge::{Claim, Copied, Held, Issue};
use crate::record::difference::{Change, Differences, Happened};

/// What the later of two workbooks says otherwise.
///
/// # Errors
/// A finding that says why one of them cannot be read.
pub fn diff(old: &[u8], new: &[u8], settings: &Settings<'_>) -> Result<Differences, Box<Finding>> {
    let copied = |bytes: &[u8]| -> Result<Copied, Box<Finding>> {
        let opened = open(bytes, "", settings)?;
        Ok(*read_opened(&opened, "", settings)?.review.copied.unwrap_or_default())
    };
    let (old, new) = (copied(old)?, copied(new)?);
    let issue =
        Issue { generation: 0, ..old.reissued(settings.catalogue, old.union(Default::default()), None) };
    let claimed = claimed(settings.catalogue, &issue, &new.holdings, "");
    let removed: BTreeSet<(&str, &str)> = rows(&claimed.claims, |claim| claim.to.key != "1");
    let desk = Desk {
        issue: &issue,
        new: &new,
        rows: &claimed.rows,
        catalogue: settings.catalogue,
        lang: settings.lang,
    };
    let whole = |claim: &&Claim| {
        let row = (claim.seat.table.as_str(), claim.seat.row.as_str());
        claim.seat.column.is_empty() || !removed.contains(&row)
    };
    let mut changes: Vec<Change> =
        claimed.claims.iter().filter(whole).map(|claim| desk.change(claim)).collect();
    let order = |change: &Change| settings.catalogue.tables.get_index_of(&change.table);
    changes
        .sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| (&a.row, &a.column).cmp(&(&b.row, &b.column))));
    let edits = claimed.claims.into_iter().collect();
    Ok(Differences { changes, not_there: claimed.not_handed_in, edits })
}

fn rows(claims: &BTreeSet<Claim>, is: impl Fn(&Claim) -> bool) -> BTreeSet<(&str, &str)> {
    let whole = claims.iter().filter(|claim| claim.seat.column.is_empty() && is(claim));
    whole.map(|claim| (claim.seat.table.as_str(), claim.seat.row.as_str())).collect()
}

struct Desk<'a> {
    issue: &'a Issue,
    new: &'a Copied,
    rows: &'a std::collections::BTreeMap<String, Vec<String>>,
    catalogue: &'a Catalogue,
    lang: Lang,
}

impl Desk<'_> {
    fn change(&self, claim: &Claim) -> Change {
        let table = self.catalogue.tables.get(&claim.seat.table);
        let lang = self.lang;
        let row = claim.seat.column.is_empty();
        let what = match () {
            () if row && claim.to.key == "1" => Happened::Added,
            () if row => Happened::Removed,
            () if claim.from.key.is_empty() => Happened::Filled,
            () if claim.to.key.is_empty() => Happened::Cleared,
            () => Happened::Changed,
        };
        let text = |held: &Held| if row { String::new() } else { held.text.clone() };
        let column = table.and_then(|table| table.column(&claim.seat.column));
        Change {
            what,
            table: claim.seat.table.clone(),
            title: table.map(|table| table.label.get(lang)).unwrap_or_default(),
            row: self.label(&claim.seat.table, &claim.seat.row),
            column: claim.seat.column.clone(),
            header: column.map_or_else(
                || claim.seat.column.trim_start_matches('+').to_owned(),
                |column| column.label.get(lang),
            ),
            was: text(&claim.from),
            is: text(&claim.to),
        }
    }

    /// A row as people call it: what it is about now, else what it was about.
    fn label(&self, table: &str, row: &str) -> String {
        let Some(declared) = self.catalogue.tables.get(table) else { return row.to_owned() };
        let now = self.rows.get(table).and_then(|ids| ids.iter().position(|id| id == row));
        let now = now.and_then(|at| self.new.holdings.get(table)?.rows.get(at));
        let before = self.issue.tables.get(table).into_iter().flatten().find(|issued| issued.id == row);
        let before = before.map(|issued| &issued.row);
        let columns: Vec<&String> = declared.main_text.iter().chain(&declared.key).collect();
        let texts = [before, now].into_iter().flatten().flat_map(|row| {
            columns.iter().filter_map(|column| row.cells.get(*column)).map(|held| held.text.clone())
        });
        texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default()
    }
}
