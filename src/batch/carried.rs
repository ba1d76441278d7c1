//! What a workbook carries of earlier runs on sheets of ours: what it was
//! issued with, and the answers people gave on them.

use std::borrow::Cow;

use crate::asked::{self, Answer};
use crate::catalogue::Catalogue;
use crate::catalogue::record::Identity;
use crate::cell::{CellRef, Content, Place};
use crate::merge::{Issue, Source};
use crate::page::{Page, PageCell, Tab};
use crate::review::Review;
use crate::workbook::{Sheet, Workbook};
use crate::xlsx::graft::{Amendment, ISSUE};
use crate::xlsx::packed::{pack, unpack};

/// The hidden sheet with what a workbook given back was issued with; a blank carries its own on `_fupan`.
pub const SHEET: &str = "_fupan.issue";

/// What a workbook carries.
#[derive(Debug, Default)]
pub struct Carried {
    /// What it was issued with, where it can be told and believed.
    pub issue: Option<Issue>,
    /// Why what it says about that is not believed.
    pub trouble: Option<&'static str>,
    /// The id of what it says it was issued with, where the rest is gone.
    pub lost: Option<String>,
    /// Answers to questions.
    pub answers: Vec<Answer>,
}

/// Takes sheets of ours that people or a later run write on out of those not to be read.
pub fn among(generated: &mut Vec<String>) -> Vec<String> {
    let titles = asked::titles();
    let is_kept = |name: &String| {
        name.starts_with(SHEET) || titles.iter().any(|title| name.starts_with(title.as_str()))
    };
    let kept = generated.iter().filter(|name| is_kept(name)).cloned().collect();
    generated.retain(|name| !is_kept(name));
    kept
}

/// Takes these sheets out of a workbook and reads them: they are ours, and not the team's to be judged.
pub fn take(workbook: &mut Workbook, kept: &[String], catalogue: &Catalogue, file: &str) -> Carried {
    let mut carried = Carried::default();
    for name in kept {
        let Some(at) = workbook.sheets.iter().position(|sheet| *sheet.name == **name) else { continue };
        let sheet = workbook.sheets.remove(at);
        if name.starts_with(SHEET) {
            match issue(&sheet, catalogue) {
                Ok(issue) => carried.issue = Some(issue),
                Err(why) => carried.trouble = Some(why),
            }
        } else {
            carried.answers.extend(asked::read(&sheet, &format!("{file}!{name}")).unwrap_or_default());
        }
    }
    if carried.issue.is_none() && carried.trouble.is_none() {
        carried.lost = said(workbook);
        carried.trouble = carried.lost.as_ref().map(|_| "lost");
    }
    carried
}

/// The id that stands beside the sheet, in case that is taken out.
fn said(workbook: &Workbook) -> Option<String> {
    // On its way through an old format a name loses its full stops.
    let names = [ISSUE.to_owned(), ISSUE.replace('.', "_")];
    let text = names.iter().find_map(|name| workbook.names.get(name))?;
    Some(text.trim_start_matches('=').trim_matches('"').to_owned())
}

/// What a copy was issued with: what it carries, else the blank of its template, else nobody knows.
pub fn issue_of(carried: &mut Carried, identity: &Identity, catalogue: &Catalogue) -> Issue {
    let name = identity.name.as_deref().unwrap_or_default();
    let blank = || Issue::of_template(catalogue, identity.template.as_deref()?, name);
    // What cannot be believed is no base; the template's blank would make edits of what was issued later.
    let known = carried.issue.take().or_else(|| if carried.trouble.is_none() { blank() } else { None });
    known.unwrap_or_else(Issue::unknown)
}

/// What goes out with a workbook; `None` where it is no copy of anything.
pub fn outgoing<'r>(review: &'r Review<'_>) -> Option<Cow<'r, Issue>> {
    let copied = review.copied.as_ref()?;
    if copied.is_as_issued() && copied.issue.tables.values().flatten().all(|row| !row.in_use) {
        return None;
    }
    let source = Source { file: review.file.clone(), ..Source::default() };
    Some(match copied.is_as_issued() {
        true => Cow::Borrowed(&copied.issue),
        false => Cow::Owned(copied.issued_again(review.catalogue, source)),
    })
}

/// Hidden ids that rows lack, or carry for another row: a row that was added or pasted since is issued from now on.
pub fn row_ids(review: &Review<'_>, issue: &Issue) -> Vec<Amendment> {
    let Some(copied) = &review.copied else { return Vec::new() };
    let mut missing = Vec::new();
    for (table, read) in &review.records.tables {
        let Some(issued) = issue.tables.get(table) else { continue };
        for (record, issued) in read.rows.iter().zip(issued) {
            let Some(header) = copied.row_ids.column(&record.at.sheet) else { continue };
            let Some(id) = issued.row.id.as_deref().filter(|_| record.at.cell.row > header.row) else {
                continue;
            };
            if copied.row_ids.of(&record.at) != Some(id) {
                let at = Place::new(record.at.sheet.clone(), CellRef::new(record.at.cell.row, header.col));
                missing.push(Amendment { at, value: Content::Text(id.to_owned()) });
            }
        }
    }
    missing
}

/// The hidden page with what goes out with a workbook, and the id of that.
pub fn page(catalogue: &Catalogue, template: &str, issue: &Issue) -> (Page, String) {
    let (text, id) = issue.write(catalogue, template);
    let mut page = Page::new(SHEET, Tab::Appendix);
    page.hidden = true;
    let generation = issue.generation.to_string();
    let mut put = |key: &str, value: &str| {
        let row = page.next_row();
        page.put(CellRef::new(row, 0), PageCell::from(format!("fupan.{key}").as_str()));
        page.put(CellRef::new(row, 1), PageCell::from(value));
        page.skip(1);
    };
    put("snapshot", &id);
    put("generation", &generation);
    put("parent", &issue.parent);
    for (n, piece) in pack(&text).iter().enumerate() {
        put(&format!("snapshot.{}", n + 1), piece);
    }
    (page, id)
}

fn issue(sheet: &Sheet, catalogue: &Catalogue) -> Result<Issue, &'static str> {
    let (mut id, mut data) = (String::new(), Vec::new());
    let last = sheet.cells.keys().next_back().map_or(0, |at| at.row);
    for row in 0..=last {
        let value = sheet.content(CellRef::new(row, 1)).to_text();
        let key = sheet.content(CellRef::new(row, 0)).to_text();
        match key.trim().strip_prefix("fupan.") {
            Some("snapshot") => id = value,
            Some(key) => {
                if let Some(n) = key.strip_prefix("snapshot.").and_then(|n| n.parse::<usize>().ok()) {
                    data.push((n, value));
                }
            }
            None => {}
        }
    }
    data.sort();
    let data: String = data.into_iter().map(|(_, piece)| piece).collect();
    let text = unpack(&data).ok_or("unreadable")?;
    Issue::read(&text, id.trim(), catalogue)
}
