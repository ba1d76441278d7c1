//! Problems over weeks and campaigns: each campaign's own counted once, whatever weeks it stood in.

use super::pairs::{Pairing, UNLIKE};
use super::recurrence::{Recurrence, grouped};
use super::{Seen, Week};
use crate::likeness::{Pairs, alike, bare};
use crate::locale::fold;
use crate::policy::Policy;
use crate::record::decided::{ProblemDecided, Verdict};
use crate::record::summary::ProblemLine;
use crate::record::weeks::{ProblemMember, ProblemRow, ProblemWeek};

/// One problem of one campaign through the weeks.
struct Chain<'a> {
    /// As it was written, each wording once with its week.
    wordings: Vec<(&'a ProblemLine, &'a Week)>,
    last_line: &'a ProblemLine,
    first: &'a Week,
    last: &'a Week,
    /// The week its row went.
    gone: Option<usize>,
    /// The week it came back.
    back: Option<usize>,
}

/// Problems met more than once, most often first.
pub(super) fn tell(histories: &[Vec<Seen<'_>>], now: &Week, policy: &Policy) -> Vec<ProblemWeek> {
    let chains: Vec<Vec<Chain<'_>>> = histories.iter().map(|seen| over(seen)).collect();
    let all = chains.iter().enumerate().flat_map(|(campaign, chains)| {
        chains.iter().enumerate().flat_map(move |(row, chain)| {
            let wordings = chain.wordings.iter();
            wordings.map(move |(line, week)| ((campaign, row), *line, Some(week.as_of)))
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
            let decided = decided(&group, &chains, now);
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
fn decided<'w>(group: &Recurrence, chains: &[Vec<Chain<'_>>], now: &'w Week) -> Option<&'w ProblemDecided> {
    let members = || group.members.iter().map(|(campaign, row)| &chains[*campaign][*row]);
    let is_of = |it: &&ProblemDecided| {
        let mut wordings = members().flat_map(|chain| &chain.wordings);
        wordings.any(|(line, _)| bare(&line.description) == bare(&it.problem))
    };
    let latest = now.decided.problems.iter().filter(is_of).max_by(|a, b| a.period.cmp(&b.period));
    latest.filter(|it| it.verdict.holds(it.times, group.members.len()))
}

/// Rows of a campaign's problems that went this week, or came back.
pub(super) fn rows(seen: &[Seen<'_>]) -> Vec<ProblemRow> {
    let Some((at, kept)) = seen.iter().enumerate().next_back().and_then(|(at, seen)| Some((at, seen.kept?)))
    else {
        return Vec::new();
    };
    let moved = |chain: &Chain<'_>| chain.gone == Some(at) || chain.back == Some(at);
    let row = |chain: Chain<'_>| ProblemRow {
        campaign: kept.of.campaign.clone(),
        code: chain.last_line.code.clone(),
        description: chain.last_line.description.clone(),
        back: chain.back == Some(at),
        at: chain.last_line.at.clone(),
    };
    over(seen).into_iter().filter(moved).map(row).collect()
}

fn over<'a>(seen: &[Seen<'a>]) -> Vec<Chain<'a>> {
    let mut chains: Vec<Chain<'a>> = Vec::new();
    for (at, now) in seen.iter().enumerate() {
        let Some(kept) = now.kept else { continue };
        let pairing = paired(&chains, &kept.problems);
        let handed_in = !kept.problems.is_empty() || kept.of.tables.iter().any(|table| table == "problems");
        for (n, chain) in chains.iter_mut().enumerate() {
            if !pairing.is_taken(n) && handed_in && chain.gone.is_none() {
                chain.gone = Some(at);
            }
        }
        for (line, known) in kept.problems.iter().zip(&pairing.of) {
            match known {
                Some(known) => {
                    let chain = &mut chains[*known];
                    (chain.last_line, chain.last) = (line, now.week);
                    if chain.wordings.iter().all(|(known, _)| known.description != line.description) {
                        chain.wordings.push((line, now.week));
                    }
                    if chain.gone.take().is_some() {
                        chain.back = Some(at);
                    }
                }
                None => chains.push(Chain {
                    wordings: vec![(line, now.week)],
                    last_line: line,
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
fn paired(chains: &[Chain<'_>], now: &[ProblemLine]) -> Pairing {
    let mut pairing = Pairing::new(chains.len(), now.len());
    let all = || chains.iter().map(|chain| chain.last_line).enumerate();
    let text = |line: &ProblemLine| vec![bare(&line.description)];
    pairing.by_key(all().map(|(n, line)| (n, text(line))), |n| text(&now[n]));
    // A number names one row a week; what it named before has to be of the same kind.
    let code = |line: &ProblemLine| fold(&line.code);
    let numbered = |n: usize| {
        let line = &now[n];
        let before = all().find(|(_, before)| !code(before).is_empty() && code(before) == code(line));
        let akin = before.filter(|(_, before)| alike(&before.description, &line.description) >= UNLIKE);
        akin.map(|_| code(line)).into_iter().collect()
    };
    pairing.by_key(all().map(|(n, line)| (n, vec![code(line)])), numbered);
    let class = |line: &ProblemLine| line.class.clone();
    pairing.by_likeness(all().map(|(n, line)| (n, class(line), Pairs::of(&line.description))), |n| {
        Some((class(&now[n]), Pairs::of(&now[n].description)))
    });
    pairing
}
