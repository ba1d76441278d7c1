//! Another blank with what is known of a campaign in it: the next week's with what is still open, or a later
//! version's with everything. It is the merge with another base: the blank is the host, what is written into it is
//! settled from the edits of an earlier workbook, and it is issued with them, a generation later.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::super::findings::{INTERNAL_ERROR, refused};
use super::super::one::{Opened, Settings, issued_with, open, read_opened};
use super::{Copy, Handed, Known, own_words, place, union};
use crate::asked::words;
use crate::catalogue::record::Records;
use crate::catalogue::{Catalogue, NAMED, Template};
use crate::diagnostic::Finding;
use crate::merge::copied::MOST_CELLS;
use crate::merge::reading::{OWN, own};
use crate::merge::{Claim, Held, Issue, Seat, Settled, Union, settle};
use crate::portfolio::campaign_id;
use crate::record::decided::Verdict;
use crate::record::merge::{Line, What};
use crate::workbook::Visibility;
use crate::xlsx::blank::{Identity, OwnColumns, blank_with, campaign_id as new_campaign};
use crate::xlsx::guard::{Measure, Refusal};

/// The table whose open rows go on, and the columns that say how one stands.
const ACTIONS: &str = "actions";

/// What is wanted of the other blank.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// How much goes on.
    pub what: Carry,
    /// The template, where it is to be another than the earlier one's.
    pub template: Option<String>,
    /// The campaign's name, where it is to be another campaign.
    pub name: Option<String>,
    /// The campaign's id, where it is given.
    pub campaign: Option<String>,
    /// Day of issue.
    pub issued: NaiveDate,
    /// To whom it is issued.
    pub recipient: Option<String>,
    /// What is known of its actions over the weeks.
    pub followed: Vec<Followed>,
}

/// How much goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Carry {
    /// What is still open, and what the next week is held against.
    Open,
    /// Everything.
    Everything,
}

/// What is known of one action over the weeks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Followed {
    /// 行动编号; empty where there is none.
    pub code: String,
    /// 改进措施.
    pub action: String,
    /// The first week it was there: `2024-W48`.
    pub first: String,
    /// In how many weeks it stood.
    pub age: usize,
    /// How often it was given a later day.
    pub slips: usize,
    /// What was decided about it, and the week on whose page.
    pub decided: Option<(Verdict, String)>,
}

impl Order {
    /// What is known of an action: by its number, of one that has none by its text.
    fn known(&self, code: &str, action: &str) -> Option<&Followed> {
        self.followed
            .iter()
            .find(|one| if one.code.is_empty() { one.action == action } else { one.code == code })
    }
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Onward {
    /// The campaign's name.
    pub name: String,
    /// Its id.
    pub campaign: String,
    /// The generation of the blank.
    pub generation: i64,
    /// How many values stand in it.
    pub placed: usize,
    /// How many actions go on.
    pub actions: usize,
    /// How many are left out because it was decided to give them up.
    pub given_up: usize,
    /// Values that found no place in it.
    pub left: Vec<Line>,
    /// Whether the earlier workbook was made from no template, and none was asked for.
    pub no_template: bool,
}

/// The other blank, and what came of it.
///
/// # Errors
/// A finding that says why the earlier workbook cannot be read, or the blank not be written.
pub fn onward(
    bytes: &[u8],
    file: &str,
    order: &Order,
    settings: &Settings<'_>,
) -> Result<(Vec<u8>, Onward), Box<Finding>> {
    let opened = open(bytes, file, settings)?;
    let read = read_opened(&opened, file, settings)?;
    let handed = Handed { name: file.to_owned(), ..Handed::default() };
    let old = [Copy { handed: &handed, opened, read }];
    let review = &old[0].read.review;
    let copied = review.copied.as_ref().ok_or_else(|| Box::new(unmanageable(&review.records)))?;
    let id = order.template.as_ref().or(review.records.identity.template.as_ref());
    let Some(template) = id.and_then(|id| settings.catalogue.templates.get(id)) else {
        return Ok((Vec::new(), Onward { no_template: true, ..Onward::default() }));
    };
    let main = |table: &str| settings.catalogue.tables.get(table)?.main_text.clone();
    let mut union = union(&old, &[]);
    let mut known = Known::of(&old);
    let mut given_up = 0;
    if order.what == Carry::Open {
        let all = settle(&union, &main);
        let kept = Kept::of(settings.catalogue, &all, order);
        given_up = kept.given_up;
        kept.restrict(&mut union, order.name.is_none());
        follow(&mut union, &all, &kept, order, settings, &mut known.headers);
    }
    let settled = settle(&union, &main);
    let identity = identity(&old[0], template, order);
    let package = blank_with(
        settings.catalogue,
        template,
        &identity,
        &columns(&settled, &known.headers),
        settings.lang,
    )
    .map_err(|_| Box::new(Finding::new(&INTERNAL_ERROR)))?;
    let host = Copy {
        handed: &handed,
        read: read_opened(&Opened::of(&package), file, settings)?,
        opened: Opened::of(&package),
    };
    let written = place::write(&host, &known, &settled, settings)?;
    own_words(&mut union, &written);
    let review = read_opened(&Opened::of(&written.package), file, settings)?.review;
    let issue = issue(&review, union, &settled, &copied.issue, settings.catalogue);
    let package = issued_with(&written.package, &review, &issue, settings.lang)?;
    let actions = issue.tables.get(ACTIONS).map_or(0, |rows| rows.iter().filter(|row| row.in_use).count());
    let left =
        written.left.iter().map(|(seat, held)| left(seat, held, &known.headers, file, settings)).collect();
    let onward = Onward {
        name: identity.name.unwrap_or_default(),
        campaign: identity.campaign.unwrap_or_default(),
        generation: issue.generation,
        placed: written.cells.len(),
        actions,
        given_up,
        left,
        no_template: false,
    };
    Ok((package, onward))
}

/// More cells than are put together one by one.
fn unmanageable(records: &Records) -> Finding {
    let cells =
        records.tables.values().flat_map(|table| &table.rows).map(|row| row.fields.len() as u64).sum();
    refused(&Refusal::TooLarge { measure: Measure::Cells, found: cells, limit: MOST_CELLS as u64 })
}

/// Who the other blank is: the same campaign, unless another name or id is asked for.
fn identity(old: &Copy<'_, '_>, template: &Template, order: &Order) -> Identity {
    let review = &old.read.review;
    let name = order.name.clone().unwrap_or_else(|| review.name().to_owned());
    let campaign = order.campaign.clone().unwrap_or_else(|| match &order.name {
        Some(name) => new_campaign(name, order.issued),
        None => campaign_id(review),
    });
    Identity {
        template: template.id.clone(),
        version: template.version,
        campaign: Some(campaign),
        name: Some(name),
        issued: Some(order.issued),
        snapshot: true,
        recipient: order.recipient.clone().or_else(|| review.records.identity.recipient.clone()),
        hidden: out_of_sight(old),
    }
}

/// Tables whose sheets the team has out of sight stay so, unless something stands in them.
fn out_of_sight(old: &Copy<'_, '_>) -> BTreeSet<String> {
    let sheets = &old.read.workbook.sheets;
    let hidden =
        |name: &str| sheets.iter().any(|sheet| &*sheet.name == name && sheet.visible != Visibility::Visible);
    let tables = old.read.review.records.tables.iter();
    let unused = tables.filter(|(_, table)| {
        table.rows.is_empty()
            && !table.regions.is_empty()
            && table.regions.iter().all(|region| hidden(&region.sheet))
    });
    unused.map(|(id, _)| id.clone()).collect()
}

/// What the next week begins with, as the declarations say: columns of tables, and the rows that are still open.
struct Kept<'a> {
    catalogue: &'a Catalogue,
    closed: BTreeSet<(String, String)>,
    gone: BTreeSet<(String, String)>,
    /// How many rows are still open, and were given up.
    given_up: usize,
}

impl<'a> Kept<'a> {
    fn of(catalogue: &'a Catalogue, all: &Settled, order: &Order) -> Kept<'a> {
        let is_closed = |seat: &Seat, held: &Held| {
            let onward = catalogue.tables.get(&seat.table).and_then(|table| table.onward.as_ref());
            onward.and_then(|onward| onward.open.as_ref()).is_some_and(|open| {
                let over = matches!(held.key.as_str(), "cdone" | "ccancelled");
                seat.column == *open && over
            })
        };
        let closed = all.cells.iter().filter(|(seat, cell)| is_closed(seat, &cell.holds));
        let mut closed: BTreeSet<(String, String)> =
            closed.map(|(seat, _)| (seat.table.clone(), seat.row.clone())).collect();
        let gone: BTreeSet<(String, String)> =
            all.removed.iter().map(|one| (one.table.clone(), one.row.clone())).collect();
        let is_given_up = |row: &&String| {
            let known = order.known(&action_text(all, row, "code"), &action_text(all, row, "action"));
            known.is_some_and(|one| matches!(one.decided, Some((Verdict::GiveUp, _))))
        };
        let given_up: Vec<(String, String)> = action_rows(all)
            .into_iter()
            .filter(is_given_up)
            .map(|row| (ACTIONS.to_owned(), row.clone()))
            .filter(|row| !closed.contains(row) && !gone.contains(row))
            .collect();
        let count = given_up.len();
        closed.extend(given_up);
        Kept { catalogue, closed, gone, given_up: count }
    }

    fn keeps(&self, seat: &Seat) -> bool {
        let Some(onward) = self.catalogue.tables.get(&seat.table).and_then(|table| table.onward.as_ref())
        else {
            return false;
        };
        let row = (seat.table.clone(), seat.row.clone());
        let column = seat.column.is_empty()
            || onward.columns.contains(&seat.column)
            || onward.open.is_some() && seat.column.starts_with(OWN);
        column && !self.closed.contains(&row) && !self.gone.contains(&row)
    }

    /// Leaves what does not go on out of what is known; another campaign goes by another name.
    fn restrict(&self, union: &mut Union, same: bool) {
        let (table, item) = NAMED;
        let stays = |seat: &Seat| {
            self.keeps(seat)
                && (same
                    || seat.table != table
                    || ![item, "code", "period", "review_period"].contains(&&*seat.column))
        };
        union.claims.retain(|claim| stays(&claim.seat));
        union.decisions.retain(|decision| stays(&decision.seat));
        let named: BTreeSet<String> = union.claims.iter().map(|claim| claim.source.clone()).collect();
        union.sources.retain(|id, _| named.contains(id));
    }
}

/// Says beside every open action how long it has been open and how often it was put off, as far as known.
fn follow(
    union: &mut Union,
    all: &Settled,
    kept: &Kept<'_>,
    order: &Order,
    settings: &Settings<'_>,
    names: &mut BTreeMap<String, String>,
) {
    let words = words(settings.lang);
    let column = own(&words.get("follow"));
    let mut claims = Vec::new();
    for row in action_rows(all) {
        if !kept.keeps(&action_seat(row, "action")) {
            continue;
        }
        let known = order.known(&action_text(all, row, "code"), &action_text(all, row, "action"));
        let slips = known.map_or_else(|| put_off(union, row), |one| one.slips);
        let said = match known {
            Some(one) => words.say("followed", &[("first", &one.first), ("age", &one.age.to_string())]),
            None => String::new(),
        };
        let again = (slips > 0).then(|| words.say("put_off", &[("n", &slips.to_string())]));
        let decided = known.and_then(|one| one.decided.as_ref()).map(|(verdict, period)| {
            let key = match verdict {
                Verdict::GoOn => "decided_go_on",
                Verdict::GoUp => "decided_go_up",
                Verdict::GiveUp => "decided_give_up",
            };
            words.say(key, &[("period", period)])
        });
        let said: Vec<String> =
            [said].into_iter().filter(|text| !text.is_empty()).chain(again).chain(decided).collect();
        let seat = action_seat(row, &column);
        let before = all.cells.get(&seat).map(|cell| cell.holds.clone()).unwrap_or_default();
        let to = match said.is_empty() {
            true => before.clone(),
            false => Held::text(&said.join(&words.get("and"))),
        };
        if to.key != before.key {
            // Above everything that is known, so that what stood there before is overtaken.
            let generation = union.next_generation() - 1;
            claims.push(Claim { seat, from: before, to, generation, source: String::new() });
        }
    }
    if !claims.is_empty() {
        names.insert(column, words.get("follow"));
    }
    union.claims.extend(claims);
}

/// Rows of actions in which anything stands.
fn action_rows(all: &Settled) -> BTreeSet<&String> {
    all.cells.keys().filter(|seat| seat.table == ACTIONS).map(|seat| &seat.row).collect()
}

fn action_seat(row: &str, column: &str) -> Seat {
    Seat { table: ACTIONS.into(), row: row.into(), column: column.into() }
}

/// What stands in a column of an action.
fn action_text(all: &Settled, row: &str, column: &str) -> String {
    all.cells.get(&action_seat(row, column)).map(|cell| cell.holds.text.clone()).unwrap_or_default()
}

/// How often an action was given a later day, as far as the edits that are known tell.
fn put_off(union: &Union, row: &str) -> usize {
    let of = |claim: &&Claim| {
        let day = |held: &Held| held.key.strip_prefix('d').and_then(|day| day.parse::<NaiveDate>().ok());
        claim.seat.table == ACTIONS
            && claim.seat.row == row
            && claim.seat.column == "due"
            && day(&claim.from).zip(day(&claim.to)).is_some_and(|(from, to)| to > from)
    };
    union.claims.iter().filter(of).map(|claim| &claim.to.key).collect::<BTreeSet<_>>().len()
}

/// The team's own columns that something stands in, by table.
fn columns(settled: &Settled, names: &BTreeMap<String, String>) -> OwnColumns {
    let mut columns = OwnColumns::default();
    for (seat, _) in
        settled.cells.iter().filter(|(seat, cell)| seat.column.starts_with(OWN) && !cell.holds.key.is_empty())
    {
        let header = names.get(&seat.column).cloned();
        let header = header.unwrap_or_else(|| seat.column.trim_start_matches(OWN).to_owned());
        let of: &mut Vec<String> = columns.entry(seat.table.clone()).or_default();
        if !of.contains(&header) {
            of.push(header);
        }
    }
    columns
}

/// What the other blank is issued with.
fn issue(
    review: &crate::review::Review<'_>,
    union: Union,
    settled: &Settled,
    parent: &Issue,
    catalogue: &Catalogue,
) -> Issue {
    let Some(copied) = &review.copied else { return Issue::default() };
    let issue = copied.reissued(catalogue, union, Some(settled));
    let generation = issue.generation.max(parent.generation + 1);
    Issue { generation, parent: parent.id.clone(), ..issue }
}

/// A value that found no place.
fn left(
    seat: &Seat,
    held: &Held,
    names: &BTreeMap<String, String>,
    file: &str,
    settings: &Settings<'_>,
) -> Line {
    let table = settings.catalogue.tables.get(&seat.table);
    let column = table.and_then(|table| table.column(&seat.column));
    let name = |id: &String| names.get(id).cloned().unwrap_or_else(|| id.trim_start_matches(OWN).to_owned());
    let row = seat.row.strip_prefix("k:").unwrap_or_default().replace('\u{1e}', " · ");
    Line {
        what: What::NoPlace,
        at: None,
        table: table.map_or_else(|| seat.table.clone(), |table| table.label.get(settings.lang)),
        row,
        column: column.map_or_else(|| name(&seat.column), |column| column.label.get(settings.lang)),
        was: String::new(),
        is: held.text.clone(),
        file: file.to_owned(),
        by: String::new(),
        at_time: String::new(),
    }
}
