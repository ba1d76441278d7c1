//! Histories as people make them, for the laws and for measuring: a campaign is
//! issued, copies go out, come back late, in part, corrected, twice; questions
//! are answered or not; what was merged is issued again.
//!
//! The cells are bare numbers, because the laws are about who was handed what.

use std::collections::{BTreeMap, BTreeSet};

use fupan::merge::{Claim, Decision, Held, Seat, Settled, Source, Union, settle};

/// Numbers in a fixed order from a seed (SplitMix64).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Dice that fall the same for the same seed.
    pub fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5851_F42D_4C95_7F2D)
    }

    /// From zero to below `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n.max(1)
    }

    /// True once in `n` times.
    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}

/// What somebody was handed: values, and the generation they were issued as.
#[derive(Debug, Clone)]
struct Issue {
    cells: BTreeMap<Seat, Held>,
    generation: i64,
    known: Union,
}

/// A copy that came back.
#[derive(Debug, Clone)]
pub struct Returned {
    /// What it says.
    pub union: Union,
    /// What it holds.
    pub cells: BTreeMap<Seat, Held>,
    /// Its source.
    pub source: String,
    /// When.
    pub at: u64,
}

/// One history.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// Copies in the order they came.
    pub copies: Vec<Returned>,
    /// What is left of it after the last merge.
    pub union: Union,
    /// Values somebody typed: where, what, in whose copy.
    pub typed: BTreeSet<(Seat, String, String)>,
}

/// What a history is made of.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Every copy is made from the one before, and nobody else has one.
    pub straight: bool,
    /// Rounds of merging and issuing again.
    pub rounds: u64,
}

fn seats() -> Vec<Seat> {
    let seat = |row: u64, column: u64| Seat {
        table: "t".into(),
        row: format!("r{row}"),
        column: format!("c{column}"),
    };
    (0..3).flat_map(|row| (0..3).map(move |column| seat(row, column))).collect()
}

/// A history of that shape.
pub fn history(dice: &mut Dice, shape: Shape) -> History {
    let mut history = History::default();
    let mut issues = vec![Issue { cells: BTreeMap::new(), generation: 0, known: Union::default() }];
    for clock in 0..shape.rounds {
        let copies = if shape.straight { 1 } else { 1 + dice.below(4) };
        for n in 0..copies {
            let stale = !shape.straight && dice.one_in(3);
            let from = if stale { dice.below(issues.len() as u64) as usize } else { issues.len() - 1 };
            let hand = dice.below(3);
            let one =
                copy(dice, &issues[from], &format!("{clock}.{n}"), clock * 10 + n, hand, &BTreeMap::new());
            // Some people find a mistake of their own and send it again.
            let again = !shape.straight && dice.one_in(5);
            let more = again.then(|| {
                copy(dice, &issues[from], &format!("{clock}.{n}+"), clock * 10 + n + 1, hand, &one.cells)
            });
            for returned in [Some(one), more].into_iter().flatten() {
                for claim in &returned.union.claims {
                    if claim.source == returned.source {
                        let typed = (claim.seat.clone(), claim.to.key.clone(), claim.source.clone());
                        history.typed.insert(typed);
                    }
                }
                history.union.join(returned.union.clone());
                history.copies.push(returned);
            }
        }
        let mut settled = settle(&history.union, &|_| None);
        for question in &settled.questions {
            if dice.one_in(2) {
                let asked = question.sides.iter().map(|(held, _)| held.key.clone()).collect();
                let side = dice.below(question.sides.len() as u64 + 1) as usize;
                let own = || Held::text(&format!("own{}", dice_free(&question.seat)));
                let chosen = question.sides.get(side).map_or_else(own, |(held, _)| held.clone());
                history.union.decisions.insert(Decision {
                    seat: question.seat.clone(),
                    asked,
                    chosen,
                    generation: question.generation,
                    place: String::new(),
                });
            }
        }
        settled = settle(&history.union, &|_| None);
        if dice.one_in(2) || shape.straight {
            let generation = history.union.next_generation();
            issues.push(Issue { cells: values(&settled), generation, known: history.union.clone() });
        }
    }
    history
}

fn dice_free(seat: &Seat) -> String {
    format!("{}{}", seat.row, seat.column)
}

/// What a settled union holds.
pub fn values(settled: &Settled) -> BTreeMap<Seat, Held> {
    settled.cells.iter().map(|(seat, cell)| (seat.clone(), cell.holds.clone())).collect()
}

/// Somebody goes on in what they were handed (or in their own copy of it) and sends it back.
fn copy(
    dice: &mut Dice,
    issue: &Issue,
    name: &str,
    at: u64,
    hand: u64,
    own: &BTreeMap<Seat, Held>,
) -> Returned {
    let mut cells = if own.is_empty() { issue.cells.clone() } else { own.clone() };
    let seats = seats();
    let edits = if own.is_empty() { 1 + dice.below(6) } else { 1 };
    for _ in 0..edits {
        let seat = &seats[dice.below(seats.len() as u64) as usize];
        let value = dice.below(5);
        let held = if value == 0 { Held::blank() } else { Held::text(&value.to_string()) };
        cells.insert(seat.clone(), held);
    }
    let mut union = issue.known.clone();
    let blank = Held::blank();
    for (seat, to) in &cells {
        let from = issue.cells.get(seat).unwrap_or(&blank);
        if from.key != to.key {
            union.claims.insert(Claim {
                seat: seat.clone(),
                from: from.clone(),
                to: to.clone(),
                generation: issue.generation,
                source: name.to_owned(),
            });
        }
    }
    union.sources.insert(
        name.to_owned(),
        Source {
            file: name.to_owned(),
            by: format!("p{hand}"),
            at: format!("{at:04}"),
            base: issue.generation.to_string(),
            hand: format!("p{hand}"),
        },
    );
    Returned { union, cells, source: name.to_owned(), at }
}

/// Values somebody typed that are neither held, nor asked about, nor changed by somebody who had been handed
/// them, nor rejected by a decision.
pub fn lost(history: &History, settled: &Settled) -> usize {
    let is_lost = |(seat, value, source): &&(Seat, String, String)| {
        let held = settled.cells.get(seat).is_some_and(|cell| cell.holds.key == *value);
        let asked = settled.questions.iter().any(|question| {
            question.seat == *seat && question.sides.iter().any(|(side, _)| side.key == *value)
        });
        let told = settled.cells.get(seat).is_some_and(|cell| {
            cell.overtaken.iter().any(|(held, from)| held.key == *value && from == source)
        });
        !(held || asked || told)
    };
    history.typed.iter().filter(is_lost).count()
}

/// Of the values a whole merge holds, how many a rule that lets one copy count has in it.
pub fn kept_by(settled: &Settled, counts: &Returned) -> (usize, usize) {
    let mine = |(seat, cell): &(&Seat, &fupan::merge::Standing)| {
        let blank = Held::blank();
        counts.cells.get(*seat).unwrap_or(&blank).key == cell.holds.key
    };
    let standing = || settled.cells.iter().filter(|(_, cell)| !cell.holds.key.is_empty());
    (standing().filter(mine).count(), standing().count())
}
