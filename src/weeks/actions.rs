//! Actions over weeks: age, later days, other hands, silence, and rows that went without having been closed.

use std::rc::Rc;

use chrono::NaiveDate;

use super::folded::{ActionWords, Folded, NOTHING};
use super::pairs::{Pairing, UNLIKE};
use super::{KeptAction, Seen};
use crate::metrics::actions::State;
use crate::record::decided::{ActionDecided, Verdict};
use crate::record::weeks::{ActionWeek, Weeks};

/// Put off so often, it is asked whether to go on, give up or take it higher up.
const SLIPS: usize = 2;

/// One action through the weeks.
struct Chain<'a> {
    last: &'a KeptAction,
    words: Rc<ActionWords>,
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
pub(super) fn tell(seen: &[Seen<'_>], decided: &[ActionDecided], folded: &mut Folded, told: &mut Weeks) {
    let (Some(now), Some(kept)) = (seen.last(), seen.iter().rev().find_map(|seen| seen.kept)) else { return };
    let this = seen.len() - 1;
    for chain in over(seen, decided, folded) {
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

fn over<'a>(seen: &[Seen<'a>], decided: &'a [ActionDecided], folded: &mut Folded) -> Vec<Chain<'a>> {
    let campaign = seen.iter().find_map(|seen| seen.kept).map_or("", |kept| kept.of.campaign.as_str());
    let decided: Vec<&ActionDecided> = decided.iter().filter(|it| it.campaign == campaign).collect();
    let mut chains: Vec<Chain<'a>> = Vec::new();
    for (at, now) in seen.iter().enumerate() {
        for chain in &mut chains {
            (chain.replanned, chain.back) = (false, false);
        }
        let Some(kept) = now.kept else { continue };
        let words: Vec<Rc<ActionWords>> = kept.actions.iter().map(|line| folded.action(line)).collect();
        let pairing = paired(&chains, &words);
        let handed_in = !kept.actions.is_empty() || kept.of.tables.iter().any(|table| table == "actions");
        for (n, chain) in chains.iter_mut().enumerate() {
            // A row that goes once it is closed is tidied up, and a table that is not there says nothing.
            if !pairing.is_taken(n) && handed_in && chain.gone.is_none() && chain.last.state.is_open() {
                chain.gone = Some(at);
            }
        }
        for ((action, words), known) in kept.actions.iter().zip(words).zip(&pairing.of) {
            let n = known.unwrap_or(chains.len());
            match known {
                Some(known) => chains[*known].goes_on(action, words, at, now.week.as_of),
                None => chains.push(Chain::new(action, words, at, now.week.as_of)),
            }
            chains[n].is_decided(&decided);
        }
    }
    chains
}

impl<'a> Chain<'a> {
    fn new(action: &'a KeptAction, words: Rc<ActionWords>, at: usize, day: NaiveDate) -> Chain<'a> {
        Chain {
            last: action,
            words,
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

    fn goes_on(&mut self, action: &'a KeptAction, words: Rc<ActionWords>, at: usize, day: NaiveDate) {
        let later = self.last.due.zip(action.due).is_some_and(|(was, is)| is > was);
        let other_hands = self.words.owner != NOTHING && self.words.owner != words.owner;
        let standing = |state: State| match state {
            State::Overdue | State::DueSoon | State::Undated => State::Open,
            state => state,
        };
        let same = self.words.folded == words.folded
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
        (self.last, self.words) = (action, words);
    }
}

/// Which actions are which of those before: by number and text, by text, by number, by likeness in the same hands.
fn paired(chains: &[Chain<'_>], now: &[Rc<ActionWords>]) -> Pairing {
    let mut pairing = Pairing::new(chains.len(), now.len());
    let all = || chains.iter().map(|chain| &*chain.words).enumerate();
    let both = |words: &ActionWords| Some((words.code, words.text));
    pairing.by_key(all().map(|(n, words)| (n, both(words))), |n| both(&now[n]));
    pairing.by_key(all().map(|(n, words)| (n, Some(words.text))), |n| Some(now[n].text));
    let akin = |a: &ActionWords, b: &ActionWords| {
        a.text == NOTHING || b.text == NOTHING || a.pairs.pairs().alike(b.pairs.pairs()) >= UNLIKE
    };
    // A number names one row a week; what it named before has to be of the same kind.
    let numbered = |n: usize| {
        let words = &now[n];
        let before = all().find(|(_, before)| before.code != NOTHING && before.code == words.code);
        before.filter(|(_, before)| akin(before, words)).map(|_| words.code)
    };
    pairing.by_key(all().map(|(n, words)| (n, Some(words.code))), numbered);
    pairing.by_likeness(all().map(|(n, words)| (n, words.owner, &words.pairs)), |n| {
        Some((now[n].owner, &now[n].pairs))
    });
    pairing
}
