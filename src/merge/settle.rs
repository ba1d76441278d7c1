//! What a union comes to: what holds, what is asked, what was overtaken.

use std::collections::{BTreeMap, BTreeSet};

use super::claims::{Claim, Decision, Held, Kind, Seat, Source, Union};
use crate::likeness::Pairs;

/// A later copy of one hand that keeps this share of the earlier one's edits is its correction.
const KEPT: f64 = 0.9;
/// Two added rows this alike may be one.
const ONE_ROW: f64 = 0.8;
/// Column of a [`Seat`] that asks whether its row is another one: `~` and the other row.
const SAME_ROW: char = '~';

/// What a union comes to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settled {
    /// Every cell that somebody edited.
    pub cells: BTreeMap<Seat, Standing>,
    /// Rows that are there because somebody added them, with the copies that say so.
    pub added: BTreeMap<(String, String), Vec<String>>,
    /// Issued rows that are gone.
    pub removed: Vec<Removal>,
    /// Rows that are kept though they are not issued, and rows that are asked about among them.
    pub questions: Vec<Question>,
    /// Decisions that are obeyed.
    pub obeyed: Vec<Decision>,
    /// Rows that were decided to be another row.
    pub same: BTreeMap<(String, String), String>,
    /// Copies whose sender sent a later one in their place.
    pub superseded: BTreeSet<String>,
}

/// A row that is gone, and the copy that removed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// Table and row.
    pub table: String,
    /// The row.
    pub row: String,
    /// The copies.
    pub sources: Vec<String>,
}

/// How one cell stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// What it was issued with.
    pub from: Held,
    /// What holds, or is used meanwhile.
    pub holds: Held,
    /// Whose copies say so.
    pub sources: Vec<String>,
    /// Whether it is asked about.
    pub open: bool,
    /// Values that were overtaken or rejected, with whose copy said so.
    pub overtaken: Vec<(Held, String)>,
}

/// Something nobody but people can decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Where.
    pub seat: Seat,
    /// What it is about.
    pub kind: Kind,
    /// What it was issued with.
    pub from: Held,
    /// The answers, each with the copies that give it; the one used meanwhile first.
    pub sides: Vec<(Held, Vec<String>)>,
    /// Generation a decision about it has.
    pub generation: i64,
    /// Rows concerned, where they are several.
    pub rows: Vec<String>,
}

impl Question {
    /// Who the question is from one run to the next.
    pub fn id(&self, campaign: &str) -> String {
        let Seat { table, row, column } = &self.seat;
        let mut keys: Vec<&str> = self.sides.iter().map(|(held, _)| held.key.as_str()).collect();
        keys.sort_unstable();
        let generation = self.generation.to_string();
        let words = [&[campaign, table, row, column, &generation][..], &keys].concat().join("\u{1f}");
        blake3::hash(words.as_bytes()).to_hex()[..16].to_owned()
    }
}

/// What everything that is known comes to. `main` names the column of a table that says what a row is about.
pub fn settle(union: &Union, main: &dyn Fn(&str) -> Option<String>) -> Settled {
    let mut settled = Settled::default();
    let joined = join_rows(union, &mut settled);
    let (corrections, superseded) = corrections(&joined, &union.sources);
    settled.superseded = superseded;
    let mut seats: BTreeMap<&Seat, Vec<&Claim>> = BTreeMap::new();
    for claim in joined.iter().chain(&corrections) {
        seats.entry(&claim.seat).or_default().push(claim);
    }
    let mut decisions: BTreeMap<&Seat, Vec<&Decision>> = BTreeMap::new();
    for decision in &union.decisions {
        decisions.entry(&decision.seat).or_default().push(decision);
    }
    let view = View { seats, decisions, sources: &union.sources };
    view.cells(&mut settled);
    view.rows(&mut settled);
    view.alike(&mut settled, main);
    settled
}

/// Claims with rows that were decided to be one under one identity.
fn join_rows(union: &Union, settled: &mut Settled) -> Vec<Claim> {
    for decision in &union.decisions {
        if let Some(other) = decision.seat.column.strip_prefix(SAME_ROW)
            && decision.chosen.key == "1"
        {
            let row = (decision.seat.table.clone(), other.to_owned());
            settled.same.entry(row).or_insert_with(|| decision.seat.row.clone());
            settled.obeyed.push(decision.clone());
        }
    }
    let mut claims: Vec<Claim> = union.claims.iter().cloned().collect();
    for claim in &mut claims {
        // A chain of rows that are one ends; a circle is left where it was entered.
        for _ in 0..settled.same.len() {
            let row = (claim.seat.table.clone(), claim.seat.row.clone());
            let Some(one) = settled.same.get(&row) else { break };
            claim.seat.row.clone_from(one);
        }
    }
    claims
}

/// Where one hand sent two copies of one issue and the later keeps nearly all of the earlier, the earlier
/// counts as an issue of its own: what the later changed in it was changed by somebody who had been handed it.
fn corrections(claims: &[Claim], sources: &BTreeMap<String, Source>) -> (Vec<Claim>, BTreeSet<String>) {
    let mut own: BTreeMap<&str, BTreeMap<&Seat, &Claim>> = BTreeMap::new();
    for claim in claims {
        let hand = sources.get(&claim.source).is_some_and(|source| !source.hand.is_empty());
        if hand {
            own.entry(&claim.source).or_default().insert(&claim.seat, claim);
        }
    }
    let mut hands: BTreeMap<(&str, &str), Vec<(&str, &str)>> = BTreeMap::new();
    for id in own.keys() {
        if let Some(source) = sources.get(*id).filter(|source| !source.at.is_empty()) {
            hands.entry((&source.hand, &source.base)).or_default().push((&source.at, id));
        }
    }
    let (mut added, mut superseded) = (Vec::new(), BTreeSet::new());
    for mut copies in hands.into_values() {
        copies.sort_unstable();
        for pair in copies.windows(2) {
            let ((before, earlier), (after, later)) = (pair[0], pair[1]);
            if before == after {
                continue;
            }
            let (old, new) = (&own[earlier], &own[later]);
            let changed: Vec<&Claim> = old
                .iter()
                .filter(|(seat, claim)| new.get(*seat).is_none_or(|other| other.to.key != claim.to.key))
                .map(|(_, claim)| *claim)
                .collect();
            let kept = (old.len() - changed.len()) as f64 / old.len().max(1) as f64;
            if kept < KEPT && changed.len() > 1 {
                continue;
            }
            superseded.insert(earlier.to_owned());
            for claim in changed {
                let to = new.get(&claim.seat).map_or(&claim.from, |other| &other.to);
                added.push(Claim {
                    seat: claim.seat.clone(),
                    from: claim.to.clone(),
                    to: to.clone(),
                    generation: claim.generation + 1,
                    source: later.to_owned(),
                });
            }
        }
    }
    (added, superseded)
}

/// The union by seats.
struct View<'a> {
    seats: BTreeMap<&'a Seat, Vec<&'a Claim>>,
    decisions: BTreeMap<&'a Seat, Vec<&'a Decision>>,
    sources: &'a BTreeMap<String, Source>,
}

/// The values of one seat that nobody who was handed them changed, and those somebody did.
struct Alive<'a> {
    values: BTreeMap<&'a str, Vec<&'a Claim>>,
    dead: Vec<&'a Claim>,
}

fn alive<'a>(claims: &[&'a Claim]) -> Alive<'a> {
    let mut alive = Alive { values: BTreeMap::new(), dead: Vec::new() };
    for claim in claims {
        let handed = |edit: &&Claim| edit.from.key == claim.to.key && edit.generation > claim.generation;
        if claims.iter().any(handed) {
            alive.dead.push(claim);
        } else {
            alive.values.entry(&claim.to.key).or_default().push(claim);
        }
    }
    alive
}

impl<'a> View<'a> {
    /// Latest first: by the day it was sent or saved, then by the content's hash, so that names decide nothing.
    fn latest<'c>(&self, claims: &[&'c Claim]) -> Option<&'c Claim> {
        let at = |claim: &Claim| self.sources.get(&claim.source).map(|source| source.at.as_str());
        claims.iter().copied().max_by_key(|claim| (at(claim), &claim.source, &claim.to))
    }

    /// The values of a seat after what was decided: what is left, the new value where one was given, what is obeyed.
    fn decided(&self, seat: &Seat, claims: &[&'a Claim]) -> (Alive<'a>, Option<Held>, Option<&'a Decision>) {
        let mut alive = alive(claims);
        let mut all = self.decisions.get(seat).cloned().unwrap_or_default();
        all.sort_by_key(|decision| std::cmp::Reverse(decision.generation));
        let (mut own, mut obeyed) = (None, None);
        let mut answered: BTreeSet<&BTreeSet<String>> = BTreeSet::new();
        for decision in &all {
            // Of answers to one question the latest round counts; two that differ are none.
            if !answered.insert(&decision.asked) {
                continue;
            }
            let rivals = all
                .iter()
                .filter(|other| other.asked == decision.asked && other.generation == decision.generation);
            if rivals.into_iter().any(|other| other.chosen.key != decision.chosen.key) {
                continue;
            }
            let chosen = &decision.chosen.key;
            let overtaken =
                claims.iter().any(|edit| edit.from.key == *chosen && edit.generation >= decision.generation);
            let holds = alive.values.contains_key(chosen.as_str()) || !decision.asked.contains(chosen);
            if !holds && !overtaken {
                continue;
            }
            for loser in decision.asked.iter().filter(|loser| *loser != chosen) {
                // Somebody who was handed what was decided may come back to it.
                let Some(claims) = alive.values.remove(loser.as_str()) else { continue };
                let (after, before): (Vec<&Claim>, Vec<&Claim>) =
                    claims.into_iter().partition(|claim| claim.generation >= decision.generation);
                alive.dead.extend(before);
                if let Some(one) = after.first() {
                    alive.values.insert(&one.to.key, after);
                }
            }
            if !decision.asked.contains(chosen) && !overtaken {
                own = Some(decision.chosen.clone());
            }
            obeyed = Some(*decision);
        }
        (alive, own, obeyed)
    }

    fn generation(&self, seat: &Seat, claims: &[&Claim]) -> i64 {
        let edits = claims.iter().map(|claim| claim.generation + 1);
        let decided = self.decisions.get(seat).into_iter().flatten().map(|decision| decision.generation);
        edits.chain(decided).max().unwrap_or(0) + 1
    }

    fn cells(&self, settled: &mut Settled) {
        for (seat, claims) in self.seats.iter().filter(|(seat, _)| !seat.column.is_empty()) {
            let (alive, own, obeyed) = self.decided(seat, claims);
            settled.obeyed.extend(obeyed.cloned());
            let from = claims.iter().max_by_key(|claim| (claim.generation, &claim.from));
            let from = from.map(|claim| claim.from.clone()).unwrap_or_default();
            let of = |claims: &[&Claim]| {
                let all: BTreeSet<&String> = claims.iter().map(|claim| &claim.source).collect();
                all.into_iter().cloned().collect::<Vec<String>>()
            };
            let mut sides: Vec<(&Claim, Vec<String>)> =
                alive.values.values().filter_map(|claims| Some((self.latest(claims)?, of(claims)))).collect();
            sides.sort_by_key(|(claim, _)| {
                let at = self.sources.get(&claim.source).map(|source| source.at.clone());
                std::cmp::Reverse((at, claim.source.clone(), claim.to.clone()))
            });
            let mut sides: Vec<(Held, Vec<String>)> =
                sides.into_iter().map(|(claim, sources)| (claim.to.clone(), sources)).collect();
            if let Some(own) = own {
                sides.retain(|(held, _)| held.key != own.key);
                sides.insert(0, (own, Vec::new()));
            }
            let Some((holds, sources)) = sides.first().cloned() else { continue };
            let open = sides.len() > 1;
            let overtaken = alive.dead.iter().filter(|claim| claim.to.key != holds.key);
            let overtaken = overtaken.map(|claim| (claim.to.clone(), claim.source.clone())).collect();
            settled
                .cells
                .insert((*seat).clone(), Standing { from: from.clone(), holds, sources, open, overtaken });
            if open {
                let generation = self.generation(seat, claims);
                let (seat, rows) = ((*seat).clone(), Vec::new());
                settled.questions.push(Question { seat, kind: Kind::Value, from, sides, generation, rows });
            }
        }
    }

    /// Whether rows are there: a row one removed and another changed is kept and asked about.
    fn rows(&self, settled: &mut Settled) {
        let mut doubtful: BTreeMap<(&str, Vec<String>), Vec<&Claim>> = BTreeMap::new();
        for (seat, claims) in self.seats.iter().filter(|(seat, _)| seat.column.is_empty()) {
            let (alive, own, obeyed) = self.decided(seat, claims);
            settled.obeyed.extend(obeyed.cloned());
            let of = |key: &str| {
                let claims = alive.values.get(key).into_iter().flatten();
                claims.map(|claim| claim.source.clone()).collect::<BTreeSet<_>>().into_iter().collect()
            };
            let here: Vec<String> = of("1");
            if !here.is_empty() {
                settled.added.insert((seat.table.clone(), seat.row.clone()), here.clone());
            }
            if let Some(claims) = alive.values.get("?") {
                let sources = claims.iter().map(|claim| claim.source.clone()).collect();
                doubtful.entry((&seat.table, sources)).or_default().extend(claims);
                continue;
            }
            let gone: Vec<String> = of("");
            if own.is_some_and(|own| own.key == "1") || gone.is_empty() {
                continue;
            }
            let removed = alive.values.get("").into_iter().flatten().map(|claim| claim.generation).max();
            let edits = self.concurrent(seat, &gone, removed.unwrap_or_default());
            let decided = obeyed.is_some_and(|decision| decision.chosen.key.is_empty());
            if (edits.is_empty() && here.is_empty()) || decided {
                let (table, row) = (seat.table.clone(), seat.row.clone());
                settled.removed.push(Removal { table, row, sources: gone });
                continue;
            }
            if obeyed.is_some() {
                continue;
            }
            let keep = if here.is_empty() { edits } else { here };
            settled.questions.push(Question {
                seat: (*seat).clone(),
                kind: Kind::Row,
                from: Held::present(),
                sides: vec![(Held::present(), keep), (Held::blank(), gone)],
                generation: self.generation(seat, claims),
                rows: Vec::new(),
            });
        }
        for ((table, sources), claims) in doubtful {
            self.doubtful(table, sources, &claims, settled);
        }
    }

    /// Copies that changed cells of a row while another removed it.
    fn concurrent(&self, row: &Seat, gone: &[String], removed: i64) -> Vec<String> {
        let first = Seat { column: String::new(), ..row.clone() };
        let cells = self.seats.range::<&Seat, _>(&first..).skip_while(|(seat, _)| seat.column.is_empty());
        let cells = cells.take_while(|(seat, _)| (&seat.table, &seat.row) == (&row.table, &row.row));
        let mut found = BTreeSet::new();
        for (_, claims) in cells {
            let alive = alive(claims).values.into_values().flatten();
            let after = alive.filter(|claim| claim.generation >= removed && !gone.contains(&claim.source));
            found.extend(after.map(|claim| claim.source.clone()));
        }
        found.into_iter().collect()
    }

    /// Most rows of a table gone from one copy: one question for all of them.
    fn doubtful(&self, table: &str, sources: Vec<String>, claims: &[&Claim], settled: &mut Settled) {
        let mut rows: Vec<String> = claims.iter().map(|claim| claim.seat.row.clone()).collect();
        rows.sort();
        rows.dedup();
        let named = blake3::hash(rows.join("\u{1f}").as_bytes()).to_hex()[..16].to_owned();
        let seat = Seat { table: table.to_owned(), row: format!("?{named}"), column: String::new() };
        let sides = vec![(Held::present(), Vec::new()), (Held::blank(), sources.clone())];
        let asked: BTreeSet<String> = sides.iter().map(|(held, _)| held.key.clone()).collect();
        let answers = self.decisions.get(&seat).cloned().unwrap_or_default();
        let answer = answers.iter().filter(|decision| decision.asked == asked).max_by_key(|it| it.generation);
        if let Some(answer) = answer {
            settled.obeyed.push((*answer).clone());
            if answer.chosen.key.is_empty() {
                let gone = |row| Removal { table: table.to_owned(), row, sources: sources.clone() };
                settled.removed.extend(rows.into_iter().map(gone));
            }
            return;
        }
        let generation = self.generation(&seat, claims);
        let from = Held::present();
        settled.questions.push(Question { seat, kind: Kind::Removed, from, sides, generation, rows });
    }

    /// Rows that different copies added and that look like one: both stay, and it is asked.
    fn alike(&self, settled: &mut Settled, main: &dyn Fn(&str) -> Option<String>) {
        let mut tables: BTreeMap<&str, Vec<(&str, &Vec<String>)>> = BTreeMap::new();
        for ((table, row), sources) in &settled.added {
            tables.entry(table).or_default().push((row, sources));
        }
        let mut questions = Vec::new();
        for (table, rows) in tables {
            let Some(column) = main(table) else { continue };
            let said = |row: &str| {
                let seat = Seat { table: table.into(), row: row.into(), column: column.clone() };
                settled.cells.get(&seat).map(|cell| cell.holds.clone())
            };
            let told: Vec<_> = rows
                .iter()
                .filter_map(|(row, sources)| {
                    said(row).map(|held| (*row, *sources, Pairs::of(&held.text), held))
                })
                .collect();
            for (i, (row, sources, pairs, held)) in told.iter().enumerate() {
                for (other, others, more, their) in &told[i + 1..] {
                    let one_hand = sources.iter().any(|source| others.contains(source));
                    if one_hand || pairs.alike(more) < ONE_ROW {
                        continue;
                    }
                    let column = format!("{SAME_ROW}{other}");
                    let seat = Seat { table: table.into(), row: (*row).to_owned(), column };
                    if let Some(decision) = self.decisions.get(&seat).and_then(|all| all.first()) {
                        settled.obeyed.push((*decision).clone());
                        continue;
                    }
                    let no = Held { text: their.text.clone(), ..Held::blank() };
                    let yes = Held { text: held.text.clone(), ..Held::present() };
                    questions.push(Question {
                        seat,
                        kind: Kind::SameRow,
                        from: Held::blank(),
                        sides: vec![(no, (*others).clone()), (yes, (*sources).clone())],
                        generation: 1,
                        rows: vec![(*row).to_owned(), (*other).to_owned()],
                    });
                }
            }
        }
        settled.questions.extend(questions);
        settled.obeyed.sort();
        settled.obeyed.dedup();
    }
}
