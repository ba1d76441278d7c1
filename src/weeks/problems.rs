//! Problems over weeks and campaigns: each campaign's own counted once, whatever weeks it stood in.

use std::rc::Rc;

use super::folded::{Folded, NOTHING, ProblemWords, Text};
use super::pairs::{Pairing, UNLIKE};
use super::recurrence::{Recurrence, grouped};
use super::{Seen, Week};
use crate::policy::Policy;
use crate::record::decided::{ProblemDecided, Verdict};
use crate::record::summary::ProblemLine;
use crate::record::weeks::{ProblemMember, ProblemRow, ProblemWeek};

/// One problem of one campaign through the weeks.
pub(super) struct Chain<'a> {
    /// As it was written, each wording once with its week.
    wordings: Vec<Wording<'a>>,
    last_line: &'a ProblemLine,
    words: Rc<ProblemWords>,
    first: &'a Week,
    last: &'a Week,
    /// The week its row went.
    gone: Option<usize>,
    /// The week it came back.
    back: Option<usize>,
}

/// A problem as it was written from some week on.
struct Wording<'a> {
    line: &'a ProblemLine,
    week: &'a Week,
    text: Text,
}

/// Problems met more than once, most often first; `chains` are those of the histories.
pub(super) fn tell(
    histories: &[Vec<Seen<'_>>],
    chains: &[Vec<Chain<'_>>],
    now: &Week,
    folded: &mut Folded,
    policy: &Policy,
) -> Vec<ProblemWeek> {
    let said: Vec<(Text, &ProblemDecided)> =
        now.decided.problems.iter().map(|it| (folded.bare(&it.problem), it)).collect();
    let all = chains.iter().enumerate().flat_map(|(campaign, chains)| {
        chains.iter().enumerate().flat_map(move |(row, chain)| {
            let wordings = chain.wordings.iter();
            wordings.map(move |it| ((campaign, row), it.line, Some(it.week.as_of)))
        })
    });
    let name = |campaign: usize| {
        let named = histories[campaign].iter().rev().find_map(|seen| seen.kept);
        named.map(|kept| kept.of.name.clone()).unwrap_or_default()
    };
    let member = |campaign: usize, row: usize| {
        let chain: &Chain<'_> = &chains[campaign][row];
        let named = histories[campaign].iter().rev().find_map(|seen| seen.kept);
        ProblemMember {
            campaign: named.map(|kept| kept.of.campaign.clone()).unwrap_or_default(),
            code: chain.last_line.code.clone(),
            last: chain.last.period.clone(),
            at: chain.last_line.at.clone(),
        }
    };
    let groups = grouped(all.collect(), policy).into_iter();
    groups
        .map(|group| {
            let decided = decided(&group, chains, &said);
            let verdict = decided.map(|it| it.verdict);
            let members = || group.members.iter().map(|(campaign, row)| &chains[*campaign][*row]);
            let mut campaigns: Vec<String> = Vec::new();
            for (campaign, _) in &group.members {
                let name = name(*campaign);
                if !campaigns.contains(&name) {
                    campaigns.push(name);
                }
            }
            ProblemWeek {
                description: group.description.clone(),
                class: group.class.clone(),
                campaigns,
                times: group.members.len(),
                first: members().map(|chain| chain.first.period.clone()).min().unwrap_or_default(),
                last: members().map(|chain| chain.last.period.clone()).max().unwrap_or_default(),
                fresh: members().any(|chain| chain.first.period == now.period),
                escalate: group.escalate && !matches!(verdict, Some(Verdict::GoOn | Verdict::GiveUp)),
                verdict,
                decided: decided.map(|it| it.period.clone()),
                members: group.members.iter().map(|(campaign, row)| member(*campaign, *row)).collect(),
            }
        })
        .collect()
}

/// What was decided about a problem under any of its wordings, as far as that holds.
fn decided<'w>(
    group: &Recurrence,
    chains: &[Vec<Chain<'_>>],
    said: &[(Text, &'w ProblemDecided)],
) -> Option<&'w ProblemDecided> {
    let members = || group.members.iter().map(|(campaign, row)| &chains[*campaign][*row]);
    let is_of = |problem: Text| {
        let mut wordings = members().flat_map(|chain| &chain.wordings);
        wordings.any(|it| it.text == problem)
    };
    let of = said.iter().filter(|(problem, _)| is_of(*problem)).map(|(_, it)| *it);
    let latest = of.max_by(|a, b| a.period.cmp(&b.period));
    latest.filter(|it| it.verdict.holds(it.times, group.members.len()))
}

/// Rows of a campaign's problems that went this week, or came back.
pub(super) fn rows(seen: &[Seen<'_>], chains: &[Chain<'_>]) -> Vec<ProblemRow> {
    let Some((at, kept)) = seen.iter().enumerate().next_back().and_then(|(at, seen)| Some((at, seen.kept?)))
    else {
        return Vec::new();
    };
    let moved = |chain: &&Chain<'_>| chain.gone == Some(at) || chain.back == Some(at);
    let row = |chain: &Chain<'_>| ProblemRow {
        campaign: kept.of.campaign.clone(),
        code: chain.last_line.code.clone(),
        description: chain.last_line.description.clone(),
        back: chain.back == Some(at),
        at: chain.last_line.at.clone(),
    };
    chains.iter().filter(moved).map(row).collect()
}

/// A campaign's problems through the weeks.
pub(super) fn over<'a>(seen: &[Seen<'a>], folded: &mut Folded) -> Vec<Chain<'a>> {
    let mut chains: Vec<Chain<'a>> = Vec::new();
    for (at, now) in seen.iter().enumerate() {
        let Some(kept) = now.kept else { continue };
        let words: Vec<Rc<ProblemWords>> = kept.problems.iter().map(|line| folded.problem(line)).collect();
        let pairing = paired(&chains, &words);
        let handed_in = !kept.problems.is_empty() || kept.of.tables.iter().any(|table| table == "problems");
        for (n, chain) in chains.iter_mut().enumerate() {
            if !pairing.is_taken(n) && handed_in && chain.gone.is_none() {
                chain.gone = Some(at);
            }
        }
        for ((line, words), known) in kept.problems.iter().zip(words).zip(&pairing.of) {
            let wording = Wording { line, week: now.week, text: words.text };
            match known {
                Some(known) => {
                    let chain = &mut chains[*known];
                    (chain.last_line, chain.last, chain.words) = (line, now.week, words);
                    if chain.wordings.iter().all(|known| known.line.description != line.description) {
                        chain.wordings.push(wording);
                    }
                    if chain.gone.take().is_some() {
                        chain.back = Some(at);
                    }
                }
                None => chains.push(Chain {
                    wordings: vec![wording],
                    last_line: line,
                    words,
                    first: now.week,
                    last: now.week,
                    gone: None,
                    back: None,
                }),
            }
        }
    }
    chains
}

/// Which problems are which of those before: by text, by number, then by likeness inside a class.
fn paired(chains: &[Chain<'_>], now: &[Rc<ProblemWords>]) -> Pairing {
    let mut pairing = Pairing::new(chains.len(), now.len());
    let all = || chains.iter().map(|chain| &*chain.words).enumerate();
    pairing.by_key(all().map(|(n, words)| (n, Some(words.text))), |n| Some(now[n].text));
    // A number names one row a week; what it named before has to be of the same kind.
    let numbered = |n: usize| {
        let words = &now[n];
        let before = all().find(|(_, before)| before.code != NOTHING && before.code == words.code);
        let akin = before.filter(|(_, before)| before.pairs.pairs().alike(words.pairs.pairs()) >= UNLIKE);
        akin.map(|_| words.code)
    };
    pairing.by_key(all().map(|(n, words)| (n, Some(words.code))), numbered);
    pairing.by_likeness(all().map(|(n, words)| (n, words.class, &words.pairs)), |n| {
        Some((now[n].class, &now[n].pairs))
    });
    pairing
}
