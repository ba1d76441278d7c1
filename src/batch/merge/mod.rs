//! Copies of one campaign made one: what they say is put together, written into
//! the host's package cell by cell, and judged like any other workbook.

mod effect;
pub mod onward;
mod overflow;
mod place;
mod results;
mod told;
mod unite;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::apply::is_stale;
use super::findings::{SAME_CAMPAIGN_TWICE, not_grafted};
use super::one::{Opened, Read, Settings, open, read_opened};
use crate::asked::Answer;
use crate::diagnostic::{Arg, Finding};
use crate::merge::reading::own;
use crate::merge::{Claim, Copied, Decision, Held, Issue, Position, Settled, Source, Union, settle};
use crate::review::Review;
use crate::workbook::Workbook;
use crate::xlsx::graft::store_results;

pub use results::computed;
pub use unite::{IssuedAs, unite};

/// One copy as it was handed in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handed {
    /// The file, for people.
    pub name: String,
    /// Who sent or saved it, for people.
    pub by: String,
    /// When, so that later is greater.
    pub at: String,
    /// The hand it comes from, where a hand can be told from others.
    pub hand: String,
}

/// Copies made one.
pub struct Merged<'a> {
    /// The host's package with everything settled in it.
    pub package: Vec<u8>,
    /// The workbook that is.
    pub workbook: Workbook,
    /// The review of it.
    pub review: Review<'a>,
    /// Which of the files is the host.
    pub host: usize,
}

/// One copy, read.
struct Copy<'a, 'b> {
    handed: &'b Handed,
    opened: Opened<'b>,
    read: Read<'a>,
}

impl Copy<'_, '_> {
    fn digest(&self) -> &str {
        self.read.review.copied.as_ref().map_or("", |copied| &copied.digest)
    }

    fn generation(&self) -> i64 {
        self.read.review.copied.as_ref().map_or(0, |copied| copied.issue.generation)
    }
}

/// Makes copies of one campaign one; `answers` are those given elsewhere.
///
/// # Errors
/// A finding that says why a copy cannot be read, or the host not written.
pub fn merge<'a>(
    files: &[(Handed, &[u8])],
    answers: &[Answer],
    settings: &'a Settings<'_>,
) -> Result<Merged<'a>, Box<Finding>> {
    let mut copies = Vec::new();
    for (handed, bytes) in files {
        let (opened, done) = open(bytes, &handed.name, settings)?.with_accepted(&handed.name, settings);
        let mut read = read_opened(&opened, &handed.name, settings)?;
        read.review.accepted.extend(done);
        if read.review.copied.is_none() {
            return Err(Box::new(
                Finding::new(&SAME_CAMPAIGN_TWICE).arg("other", Arg::Text(handed.name.clone())),
            ));
        }
        copies.push(Copy { handed, opened, read });
    }
    find_lost(&mut copies, settings);
    let mut union = union(&copies, answers);
    let main = |table: &str| settings.catalogue.tables.get(table).and_then(|table| table.main_text.clone());
    let settled = settle(&union, &main);
    for copy in &mut copies {
        if let Some(copied) = &mut copy.read.review.copied {
            copied.join_rows(&settled.same);
        }
    }
    let host = host(&copies, &settled);
    let mut written = place::write(&copies[host], &Known::of(&copies), &settled, settings)?;
    own_words(&mut union, &written);
    let settled = settle(&union, &main);
    let name = &copies[host].handed.name;
    let mut read = read_opened(&Opened::of(&written.package), name, settings)?;
    let known = |table: &str, id: &str, column: &_, typed: &_| {
        copies.iter().find_map(|copy| results::result(copy, table, id, column, typed))
    };
    let stale = results::results(&known, &written, &read, settings.catalogue);
    if !stale.is_empty() {
        written.package =
            store_results(&written.package, &stale).map_err(|error| Box::new(not_grafted(&error)))?;
        read = read_opened(&Opened::of(&written.package), name, settings)?;
    }
    let Read { workbook, mut review, .. } = read;
    // What a formula shows until it is computed anew is no fault of anybody's.
    let before = &copies[host].read.review.findings;
    review.findings.retain(|finding| !is_stale(finding, before, &workbook));
    let mut merge = told::merge(&copies, host, &settled, &union, &written, settings);
    effect::weigh(&mut merge, &settled, &written, &review, settings);
    issue(&copies, &mut review, union, &settled, settings);
    review.accepted.clone_from(&copies[host].read.review.accepted);
    review.merge = Some(Box::new(merge));
    Ok(Merged { package: written.package, workbook, review, host })
}

/// What a copy was issued with and lost on its way is found again where another copy of that issue still carries it.
fn find_lost(copies: &mut [Copy<'_, '_>], settings: &Settings<'_>) {
    let issued = |copy: &Copy<'_, '_>| Some(copy.read.review.copied.as_ref()?.issue.clone());
    let known: BTreeMap<String, Issue> =
        copies.iter().filter_map(issued).map(|issue| (issue.id.clone(), issue)).collect();
    for Copy { read, .. } in copies {
        let Some(issue) = read.carried.lost.as_ref().and_then(|id| known.get(id)) else { continue };
        let Some(copied) = &mut read.review.copied else { continue };
        let ids = std::mem::take(&mut copied.row_ids);
        let template = copied.template.clone();
        **copied = Copied::of(
            settings.catalogue,
            issue.clone(),
            &template,
            &read.review.records,
            &read.workbook,
            ids,
        );
        read.carried.trouble = None;
    }
}

/// Everything the copies and the answers say.
fn union(copies: &[Copy<'_, '_>], answers: &[Answer]) -> Union {
    let mut union = Union::default();
    for copy in copies {
        let Some(copied) = &copy.read.review.copied else { continue };
        let handed = copy.handed;
        union.join(copied.union(Source {
            file: handed.name.clone(),
            by: handed.by.clone(),
            at: handed.at.clone(),
            base: copied.base(),
            hand: handed.hand.clone(),
        }));
        union.decisions.extend(copy.read.carried.answers.iter().map(|answer| answer.decision.clone()));
    }
    union.decisions.extend(answers.iter().map(|answer| answer.decision.clone()));
    one_of_each(&mut union.decisions);
    union
}

/// A workbook with edits written into it, as `fupan diff` found them between it and a later one; and how many
/// found no place.
///
/// # Errors
/// A finding that says why it cannot be read or written.
pub fn patch(
    bytes: &[u8],
    file: &str,
    edits: &[Claim],
    settings: &Settings<'_>,
) -> Result<(Vec<u8>, usize), Box<Finding>> {
    let opened = open(bytes, file, settings)?;
    let read = read_opened(&opened, file, settings)?;
    let handed = Handed { name: file.to_owned(), ..Handed::default() };
    let host = [Copy { handed: &handed, opened, read }];
    // What is to be written is decided: rows that are gone are gone, however many.
    let sure = |claim: &Claim| match claim.to == Held::doubtful() {
        true => Claim { to: Held::blank(), ..claim.clone() },
        false => claim.clone(),
    };
    let union = Union { claims: edits.iter().map(sure).collect(), ..Union::default() };
    let settled = settle(&union, &|_| None);
    let written = place::write(&host[0], &Known::of(&host), &settled, settings)?;
    Ok((written.package, written.left.len()))
}

/// What is known beside what is settled.
struct Known {
    /// Headers of the team's own columns, as they were typed.
    headers: BTreeMap<String, String>,
    /// Where rows stand in their tables, so that rows of one copy stay in its order.
    order: BTreeMap<(String, String), usize>,
}

impl Known {
    fn of(copies: &[Copy<'_, '_>]) -> Known {
        let mut order: BTreeMap<(String, String), usize> = BTreeMap::new();
        for copied in copies.iter().filter_map(|copy| copy.read.review.copied.as_ref()) {
            for (table, rows) in &copied.claimed.rows {
                for (at, row) in rows.iter().enumerate() {
                    let known = order.entry((table.clone(), row.clone())).or_insert(at);
                    *known = at.min(*known);
                }
            }
        }
        Known { headers: headers(copies), order }
    }
}

impl Known {
    /// Takes in where rows stand in copies that are not at hand.
    fn stand(&mut self, order: &[Position], same: &BTreeMap<(String, String), String>) {
        for Position { table, row, at } in order {
            let row = same.get(&(table.clone(), row.clone())).unwrap_or(row);
            let known = self.order.entry((table.clone(), row.clone())).or_insert(*at);
            *known = (*at).min(*known);
        }
    }
}

/// Headers of the team's own columns, as they were typed.
fn headers(copies: &[Copy<'_, '_>]) -> BTreeMap<String, String> {
    let tables = copies.iter().flat_map(|copy| copy.read.review.records.tables.values());
    let extra = tables.flat_map(|table| table.regions.iter().flat_map(|region| &region.extra));
    let mut headers = BTreeMap::new();
    for (_, header) in extra {
        let known: &mut String = headers.entry(own(header)).or_insert_with(|| header.clone());
        // Of several spellings one, whatever the order of files.
        if header < known {
            known.clone_from(header);
        }
    }
    headers
}

/// An answer found in several places is one.
fn one_of_each(decisions: &mut BTreeSet<Decision>) {
    let mut seen = BTreeSet::new();
    decisions
        .retain(|it| seen.insert((it.seat.clone(), it.asked.clone(), it.chosen.key.clone(), it.generation)));
}

/// The host: the copy that has room for most of what is settled, of those the one with most edits of its own;
/// its name decides nothing.
fn host(copies: &[Copy<'_, '_>], settled: &Settled) -> usize {
    let rank = |copy: &Copy<'_, '_>| {
        let Some(copied) = &copy.read.review.copied else { return (0, 0) };
        let has = |seat: &&crate::merge::Seat| copied.holdings.contains_key(&seat.table);
        (settled.cells.keys().filter(has).count(), copied.claimed.claims.len())
    };
    let best = copies.iter().enumerate().max_by(|(_, one), (_, other)| {
        rank(one).cmp(&rank(other)).then_with(|| {
            let key = |copy: &Copy<'_, '_>| {
                (copy.digest().to_owned(), blake3::hash(copy.opened.package()).to_hex().to_string())
            };
            key(one).cmp(&key(other))
        })
    });
    best.map_or(0, |(at, _)| at)
}

/// What people wrote instead of every answer is known as it was read once it was written.
fn own_words(union: &mut Union, written: &place::Written) {
    let read: BTreeMap<_, _> = written.as_read.iter().collect();
    union.decisions = std::mem::take(&mut union.decisions)
        .into_iter()
        .map(|mut decision| {
            if !decision.asked.contains(&decision.chosen.key)
                && let Some(held) = read.get(&decision.seat)
                && held.text.trim() == decision.chosen.text.trim()
            {
                decision.chosen = (*held).clone();
            }
            decision
        })
        .collect();
}

/// What goes back to people is issued anew, unless nothing in it is new.
fn issue(
    copies: &[Copy<'_, '_>],
    review: &mut Review<'_>,
    union: Union,
    settled: &Settled,
    settings: &Settings<'_>,
) {
    let Some(copied) = &mut review.copied else { return };
    let newest = copies.iter().filter_map(|copy| copy.read.review.copied.as_ref());
    let newest = newest.max_by_key(|copied| (copied.issue.generation, copied.issue.id.clone()));
    let nothing_new = newest.is_some_and(|newest| {
        let known = &newest.issue.known;
        !newest.issue.id.is_empty()
            && union.claims.is_subset(&known.claims)
            && union.decisions.is_subset(&known.decisions)
    });
    copied.issue = match newest.filter(|_| nothing_new) {
        Some(newest) => newest.issue.clone(),
        None => copied.reissued(settings.catalogue, union, Some(settled)),
    };
    copied.claimed.claims.clear();
}
