//! Problems over weeks and campaigns: each campaign's own counted once, whatever weeks it stood in.

use super::pairs::Pairing;
use super::recurrence::grouped;
use super::{Seen, Week};
use crate::likeness::{Pairs, bare};
use crate::policy::Policy;
use crate::record::summary::ProblemLine;
use crate::record::weeks::ProblemWeek;

/// One problem of one campaign through the weeks.
struct Chain<'a> {
    /// As first written.
    first_line: &'a ProblemLine,
    last_line: &'a ProblemLine,
    first: &'a Week,
    last: &'a Week,
}

/// Problems met more than once, most often first.
pub(super) fn tell(histories: &[Vec<Seen<'_>>], now: &Week, policy: &Policy) -> Vec<ProblemWeek> {
    let chains: Vec<Vec<Chain<'_>>> = histories.iter().map(|seen| over(seen)).collect();
    let all = chains.iter().enumerate().flat_map(|(campaign, chains)| {
        chains
            .iter()
            .enumerate()
            .map(move |(row, chain)| ((campaign, row), chain.first_line, Some(chain.first.as_of)))
    });
    let name = |campaign: usize| {
        let named = histories[campaign].iter().rev().find_map(|seen| seen.kept);
        named.map(|kept| kept.of.name.clone()).unwrap_or_default()
    };
    let groups = grouped(all.collect(), policy).into_iter();
    groups
        .map(|group| {
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
                escalate: group.escalate,
            }
        })
        .collect()
}

fn over<'a>(seen: &[Seen<'a>]) -> Vec<Chain<'a>> {
    let mut chains: Vec<Chain<'a>> = Vec::new();
    for now in seen {
        let Some(kept) = now.kept else { continue };
        let pairing = paired(&chains, &kept.problems);
        for (line, known) in kept.problems.iter().zip(&pairing.of) {
            match known {
                Some(known) => (chains[*known].last_line, chains[*known].last) = (line, now.week),
                None => {
                    chains.push(Chain { first_line: line, last_line: line, first: now.week, last: now.week })
                }
            }
        }
    }
    chains
}

/// Which problems are which of those before: by text, then by likeness inside a class.
fn paired(chains: &[Chain<'_>], now: &[ProblemLine]) -> Pairing {
    let mut pairing = Pairing::new(chains.len(), now.len());
    let all = || chains.iter().map(|chain| chain.last_line).enumerate();
    let text = |line: &ProblemLine| vec![bare(&line.description)];
    pairing.by_key(all().map(|(n, line)| (n, text(line))), |n| text(&now[n]));
    let class = |line: &ProblemLine| line.class.clone();
    pairing.by_likeness(all().map(|(n, line)| (n, class(line), Pairs::of(&line.description))), |n| {
        Some((class(&now[n]), Pairs::of(&now[n].description)))
    });
    pairing
}
