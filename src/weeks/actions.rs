//! Actions over weeks: age, later days, other hands, silence, and rows that went without having been closed.

use chrono::NaiveDate;

use super::pairs::{Pairing, UNLIKE};
use super::{KeptAction, Seen};
use crate::likeness::{Pairs, alike, bare};
use crate::locale::fold;
use crate::metrics::actions::State;
use crate::record::decided::{ActionDecided, Verdict};
use crate::record::weeks::{ActionWeek, Weeks};

/// Put off so often, it is asked whether to go on, give up or take it higher up.
const SLIPS: usize = 2;

/// One action through the weeks.
struct Chain<'a> {
    last: &'a KeptAction,
    first: usize,
    first_due: Option<NaiveDate>,
    age: usize,
    slips: usize,
    reassigned: usize,
    changed_on: NaiveDate,
    replanned: bool,
    back: bool,
    /// The week its row went.
    gone: Option<usize>,
    /// The week it was closed.
    closed: Option<usize>,
    /// The last thing that was decided about it.
    decided: Option<&'a ActionDecided>,
}

/// Tells how a campaign's actions stand; `decided` is what people decided about actions.
pub(super) fn tell(seen: &[Seen<'_>], decided: &[ActionDecided], told: &mut Weeks) {
    let (Some(now), Some(kept)) = (seen.last(), seen.iter().rev().find_map(|seen| seen.kept)) else { return };
    let this = seen.len() - 1;
    for chain in over(seen, decided) {
        let is_open = chain.last.state.is_open();
        let verdict = chain.verdict();
        let given_up = verdict == Some(Verdict::GiveUp);
        let gone = chain.gone == Some(this);
        // What was given up may go.
        if chain.gone.is_some() && (!gone || given_up) {
            continue;
        }
        if given_up && now.kept.is_some() && chain.last.state == State::Overdue {
            // Nobody waits for it any more.
            if let Some(is) = told.campaigns.last_mut().and_then(|one| one.is.as_mut()) {
                is.overdue = is.overdue.saturating_sub(1);
            }
        }
        let unproven = chain.last.state == State::DoneUnverified;
        if now.kept.is_some() {
            told.actions.gone += usize::from(gone);
            told.actions.done_without_evidence += usize::from(unproven);
            told.actions.replanned += usize::from(chain.replanned);
            if is_open && !gone && !given_up {
                told.actions.open += 1;
                told.actions.overdue += usize::from(chain.last.state == State::Overdue);
            }
        }
        let fresh = chain.closed == Some(this) && now.kept.is_some();
        if !is_open && !fresh {
            continue;
        }
        let as_of = now.week.as_of;
        let past = chain.last.due.is_some_and(|due| due < as_of);
        told.items.push(ActionWeek {
            campaign: kept.of.campaign.clone(),
            code: chain.last.code.clone(),
            action: chain.last.action.clone(),
            owner: chain.last.owner.clone(),
            due: chain.last.due,
            first_due: chain.first_due,
            // Not sent is not on time.
            state: if is_open && past { State::Overdue } else { chain.last.state },
            first: seen[chain.first].week.period.clone(),
            age: chain.age,
            slips: chain.slips,
            replanned: chain.replanned,
            reassigned: chain.reassigned,
            quiet: (as_of - chain.changed_on).num_days(),
            gone,
            back: chain.back,
            unproven,
            effect: chain.last.effect,
            escalate: is_open && !gone && chain.slips >= SLIPS && verdict.is_none(),
            verdict: verdict.filter(|_| is_open && !gone),
            decided: chain
                .decided
                .filter(|_| is_open && !gone && verdict.is_some())
                .map(|it| it.period.clone()),
            unseen: now.kept.is_none(),
            at: chain.last.at.clone(),
        });
    }
}

fn over<'a>(seen: &[Seen<'a>], decided: &'a [ActionDecided]) -> Vec<Chain<'a>> {
    let campaign = seen.iter().find_map(|seen| seen.kept).map_or("", |kept| kept.of.campaign.as_str());
    let decided: Vec<&ActionDecided> = decided.iter().filter(|it| it.campaign == campaign).collect();
    let mut chains: Vec<Chain<'a>> = Vec::new();
    for (at, now) in seen.iter().enumerate() {
        for chain in &mut chains {
            (chain.replanned, chain.back) = (false, false);
        }
        let Some(kept) = now.kept else { continue };
        let pairing = paired(&chains, &kept.actions);
        let handed_in = !kept.actions.is_empty() || kept.of.tables.iter().any(|table| table == "actions");
        for (n, chain) in chains.iter_mut().enumerate() {
            // A row that goes once it is closed is tidied up, and a table that is not there says nothing.
            if !pairing.is_taken(n) && handed_in && chain.gone.is_none() && chain.last.state.is_open() {
                chain.gone = Some(at);
            }
        }
        for (action, known) in kept.actions.iter().zip(&pairing.of) {
            let n = known.unwrap_or(chains.len());
            match known {
                Some(known) => chains[*known].goes_on(action, at, now.week.as_of),
                None => chains.push(Chain::new(action, at, now.week.as_of)),
            }
            chains[n].is_decided(&decided);
        }
    }
    chains
}

impl<'a> Chain<'a> {
    fn new(action: &'a KeptAction, at: usize, day: NaiveDate) -> Chain<'a> {
        Chain {
            last: action,
            first: at,
            first_due: action.due,
            age: 1,
            slips: 0,
            reassigned: 0,
            changed_on: day,
            replanned: false,
            back: false,
            gone: None,
            closed: (!action.state.is_open()).then_some(at),
            decided: None,
        }
    }

    /// A decision is about a row as it once stood, and stays with it however it is put later.
    fn is_decided(&mut self, decided: &[&'a ActionDecided]) {
        let about = decided.iter().filter(|it| it.is_of(&it.campaign, &self.last.code, &self.last.action));
        let latest = about.chain(self.decided.as_ref()).max_by(|a, b| a.period.cmp(&b.period));
        self.decided = latest.copied();
    }

    /// What was decided about it, as far as that holds.
    fn verdict(&self) -> Option<Verdict> {
        self.decided.filter(|it| it.verdict.holds(it.times, self.slips)).map(|it| it.verdict)
    }

    fn goes_on(&mut self, action: &'a KeptAction, at: usize, day: NaiveDate) {
        let later = self.last.due.zip(action.due).is_some_and(|(was, is)| is > was);
        let owner = |action: &KeptAction| bare(&action.owner);
        let other_hands = !owner(self.last).is_empty() && owner(self.last) != owner(action);
        let standing = |state: State| match state {
            State::Overdue | State::DueSoon | State::Undated => State::Open,
            state => state,
        };
        let same = fold(&self.last.action) == fold(&action.action)
            && self.last.due == action.due
            && self.last.verified == action.verified
            && standing(self.last.state) == standing(action.state);
        if !same || other_hands {
            self.changed_on = day;
        }
        if action.state.is_open() {
            self.closed = None;
        } else if self.closed.is_none() {
            self.closed = Some(at);
        }
        self.age += 1;
        self.slips += usize::from(later);
        self.replanned = later;
        self.reassigned += usize::from(other_hands);
        self.first_due = self.first_due.or(action.due);
        self.back = self.gone.take().is_some();
        self.last = action;
    }
}

/// Which actions are which of those before: by number and text, by text, by number, by likeness in the same hands.
fn paired(chains: &[Chain<'_>], now: &[KeptAction]) -> Pairing {
    let mut pairing = Pairing::new(chains.len(), now.len());
    let all = || chains.iter().map(|chain| chain.last).enumerate();
    let text = |action: &KeptAction| vec![bare(&action.action)];
    let code = |action: &KeptAction| fold(&action.code);
    let both = |action: &KeptAction| vec![(code(action), bare(&action.action))];
    pairing.by_key(all().map(|(n, action)| (n, both(action))), |n| both(&now[n]));
    pairing.by_key(all().map(|(n, action)| (n, text(action))), |n| text(&now[n]));
    let akin = |a: &KeptAction, b: &KeptAction| {
        alike(&a.action, &b.action) >= UNLIKE || bare(&a.action).is_empty() || bare(&b.action).is_empty()
    };
    // A number names one row a week; what it named before has to be of the same kind.
    let numbered = |n: usize| {
        let action = &now[n];
        let before = all().find(|(_, before)| !code(before).is_empty() && code(before) == code(action));
        before.filter(|(_, before)| akin(before, action)).map(|_| code(action)).into_iter().collect()
    };
    pairing.by_key(all().map(|(n, action)| (n, vec![code(action)])), numbered);
    pairing.by_likeness(all().map(|(n, action)| (n, bare(&action.owner), Pairs::of(&action.action))), |n| {
        Some((bare(&now[n].owner), Pairs::of(&now[n].action)))
    });
    pairing
}
