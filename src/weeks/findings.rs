//! Findings over weeks: the passes by which one is known again, and the seven states.

use std::rc::Rc;

use super::folded::{FindingWords, Folded};
use super::pairs::Pairing;
use super::{Kept, KeptFinding, Seen};
use crate::record::weeks::{FindingState, FindingWeek, Weeks};

/// One finding through the weeks.
struct Chain<'a> {
    /// As it was last told.
    last: &'a KeptFinding,
    words: Rc<FindingWords>,
    /// The first week, as a position.
    first: usize,
    times: usize,
    /// Not fixed.
    open: bool,
    /// Not open because nobody looks for it any more.
    unlooked: bool,
    /// This week; nothing for one that was fixed before and stays so.
    state: Option<FindingState>,
}

/// Tells how a campaign's findings stand.
pub(super) fn tell(seen: &[Seen<'_>], folded: &mut Folded, told: &mut Weeks) {
    let campaign = seen.iter().rev().find_map(|seen| seen.kept).map(|kept| kept.of.campaign.clone());
    for chain in over(seen, folded) {
        let Some(state) = chain.state else { continue };
        *told.findings.of(state) += 1;
        // A week that knows no other has nothing to tell that the findings themselves do not say.
        if state == FindingState::Still || told.previous.is_none() {
            continue;
        }
        told.changed.push(FindingWeek {
            campaign: campaign.clone().unwrap_or_default(),
            code: chain.last.code.clone(),
            severity: chain.last.severity,
            table: chain.last.table.clone(),
            column: chain.last.column.clone(),
            row: chain.last.row.clone(),
            state,
            first: seen[chain.first].week.period.clone(),
            times: chain.times,
            at: chain.last.at.clone(),
        });
    }
}

fn over<'a>(seen: &[Seen<'a>], folded: &mut Folded) -> Vec<Chain<'a>> {
    let mut chains: Vec<Chain<'a>> = Vec::new();
    // The last time the campaign was there.
    let mut before: Option<Seen<'a>> = None;
    for (at, now) in seen.iter().enumerate() {
        for chain in &mut chains {
            chain.state = chain.open.then_some(FindingState::Unknown);
        }
        if let Some(kept) = now.kept {
            step(&mut chains, before, now, kept, at, folded);
            before = Some(*now);
        }
    }
    chains
}

/// One week of a campaign that was returned.
fn step<'a>(
    chains: &mut Vec<Chain<'a>>,
    before: Option<Seen<'a>>,
    now: &Seen<'a>,
    kept: &'a Kept,
    at: usize,
    folded: &mut Folded,
) {
    let words: Vec<Rc<FindingWords>> = kept.findings.iter().map(|line| folded.finding(line)).collect();
    let pairing = paired(chains, &words);
    let was_looked_for = |code: &String| before.is_none_or(|before| looks_for(before, code));
    for (n, chain) in chains.iter_mut().enumerate() {
        if pairing.is_taken(n) || !chain.open {
            continue;
        }
        let state = gone(chain.last, now);
        chain.open = state == FindingState::Unknown;
        chain.unlooked = state == FindingState::Rules;
        chain.state = Some(state);
    }
    for ((finding, words), known) in kept.findings.iter().zip(words).zip(&pairing.of) {
        let Some(known) = known else {
            let new = if was_looked_for(&finding.code) { FindingState::New } else { FindingState::Rules };
            chains.push(Chain {
                last: finding,
                words,
                first: at,
                times: 1,
                open: true,
                unlooked: false,
                state: Some(new),
            });
            continue;
        };
        let chain = &mut chains[*known];
        chain.state = Some(match chain.open {
            // It was never fixed: nobody looked.
            false if chain.unlooked => FindingState::Rules,
            false => FindingState::Again,
            true if has_grown(chain.last, finding) => FindingState::Grown,
            true => FindingState::Still,
        });
        chain.times += usize::from(!chain.open && !chain.unlooked);
        (chain.open, chain.unlooked) = (true, false);
        (chain.last, chain.words) = (finding, words);
    }
}

/// Whether a week looked for a code; one that does not say what it looked for looked for everything.
fn looks_for(seen: Seen<'_>, code: &String) -> bool {
    seen.week.rules.is_empty() || seen.week.rules.contains(code)
}

/// What it means that a finding is not told again.
fn gone(last: &KeptFinding, now: &Seen<'_>) -> FindingState {
    let tables = now.kept.map(|kept| &kept.of.tables);
    let is_there = |table: &String| tables.is_none_or(|tables| tables.is_empty() || tables.contains(table));
    if !looks_for(*now, &last.code) {
        FindingState::Rules
    } else if last.table.as_ref().is_none_or(is_there) {
        FindingState::Fixed
    } else {
        FindingState::Unknown
    }
}

/// The same over more cells.
fn has_grown(before: &KeptFinding, now: &KeptFinding) -> bool {
    now.marks.len() > before.marks.len()
}

/// Which findings are which of those before; those not fixed first, then those that were.
fn paired(chains: &[Chain<'_>], now: &[Rc<FindingWords>]) -> Pairing {
    let mut pairing = Pairing::new(chains.len(), now.len());
    let those = |open: bool| chains.iter().enumerate().filter(move |(_, chain)| chain.open == open);
    for open in [true, false] {
        let marks = |words: &FindingWords| words.marks.clone();
        pairing.by_key(those(open).map(|(n, chain)| (n, marks(&chain.words))), |n| marks(&now[n]));
    }
    for open in [true, false] {
        pairing.by_key(those(open).map(|(n, chain)| (n, chain.words.row)), |n| now[n].row);
    }
    pairing.by_likeness(
        those(true).filter_map(|(n, chain)| Some((n, chain.words.column, chain.words.pairs.as_ref()?))),
        |n| Some((now[n].column, now[n].pairs.as_ref()?)),
    );
    pairing.by_being_alone(those(true).map(|(n, chain)| (n, chain.words.column)), |n| now[n].column);
    pairing
}
