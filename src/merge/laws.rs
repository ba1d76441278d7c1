//! The laws of the merge, over histories nobody would write by hand.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::issue::{Issue, Issued};
use super::reading::{Holding, claimed};
use super::rows::{Ladder, Row};
use crate::catalogue::Catalogue;

use super::history::{Dice, History, Returned, Shape, history, kept_by, lost, values};
use super::{Claim, Held, Seat, Union, settle};

fn told(seed: u64, straight: bool) -> History {
    let mut dice = Dice::new(seed);
    let rounds = 1 + dice.below(4);
    history(&mut dice, Shape { straight, rounds })
}

/// Lists of actions as people keep them: few words, so that rows resemble and repeat each other.
fn actions() -> impl Strategy<Value = Vec<Row>> {
    let cell = |words: &'static [&'static str]| prop::sample::select(words.to_vec());
    let row = (
        cell(&["", "A01", "A02", "A03"]),
        cell(&["", "提前锁定客服排班", "提前锁定主播排班", "建立库存预警机制", "复核优惠券规则"]),
        cell(&["", "何川", "王敏"]),
        cell(&["", "2024-12-30", "2025-01-20"]),
        cell(&["", "加过一栏"]),
    );
    let made = |(code, action, owner, due, own): (&str, &str, &str, &str, &str)| {
        let cells = [("code", code), ("action", action), ("owner", owner), ("due", due), ("+备注2", own)];
        let cells = cells.into_iter().filter(|(_, text)| !text.is_empty());
        Row { id: None, cells: cells.map(|(id, text)| (id.to_owned(), Held::text(text))).collect() }
    };
    prop::collection::vec(row.prop_map(made), 1..7)
}

/// Rows with what is settled about them: the earlier list made the later one.
fn patched(issue: &Issue, union: &Union) -> BTreeMap<String, BTreeMap<String, Held>> {
    let settled = settle(union, &|_| None);
    let rows = issue.tables["actions"].iter().map(|row| (row.id.clone(), row.row.cells.clone()));
    let mut rows: BTreeMap<_, _> = rows.collect();
    for gone in &settled.removed {
        rows.remove(&gone.row);
    }
    for (table, row) in settled.added.keys() {
        assert_eq!(table, "actions");
        rows.entry(row.clone()).or_default();
    }
    for (seat, cell) in &settled.cells {
        let Some(cells) = rows.get_mut(&seat.row) else { continue };
        if cell.holds.key.is_empty() {
            cells.remove(&seat.column);
        } else {
            cells.insert(seat.column.clone(), cell.holds.clone());
        }
    }
    rows
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn the_order_of_copies_changes_nothing(seed in any::<u64>(), order in any::<u64>()) {
        let history = told(seed, false);
        let (mut dice, mut copies) = (Dice::new(order), history.copies.clone());
        for i in (1..copies.len()).rev() {
            copies.swap(i, dice.below(i as u64 + 1) as usize);
        }
        let mut union = Union { decisions: history.union.decisions.clone(), ..Union::default() };
        for copy in copies {
            union.join(copy.union);
        }
        prop_assert_eq!(settle(&union, &|_| None), settle(&history.union, &|_| None));
    }

    #[test]
    fn joining_is_a_union(a in any::<u64>(), b in any::<u64>(), c in any::<u64>()) {
        let [a, b, c] = [a, b, c].map(|seed| told(seed, false).union);
        let joined = |parts: &[&Union]| {
            parts.iter().fold(Union::default(), |mut all, part| { all.join((*part).clone()); all })
        };
        prop_assert_eq!(joined(&[&a, &b]), joined(&[&b, &a]));
        prop_assert_eq!(joined(&[&a, &a]), joined(&[&a]));
        prop_assert_eq!(joined(&[&joined(&[&a, &b]), &c]), joined(&[&a, &joined(&[&b, &c])]));
    }

    #[test]
    fn what_differs_makes_the_later_of_the_earlier(old in actions(), new in actions(), kept in any::<bool>()) {
        let catalogue = Catalogue::shipped();
        let ladder = Ladder::of(&catalogue.tables["actions"]);
        let ids: Vec<String> = ladder.identify(std::iter::empty(), &old).into_iter().map(|(id, _)| id).collect();
        let hidden = |id: &String| kept.then(|| crate::catalogue::issued::id_of(id));
        let issued = ids.iter().zip(&old).map(|(id, row)| {
            Issued { id: id.clone(), in_use: true, row: Row { id: hidden(id), ..row.clone() } }
        });
        let issue = Issue { tables: BTreeMap::from([("actions".into(), issued.collect())]), ..Issue::default() };
        // Hidden ids stand where the rows stood, whatever people wrote over them.
        let new: Vec<Row> =
            new.into_iter().enumerate().map(|(at, row)| Row { id: ids.get(at).and_then(hidden), ..row }).collect();
        let new: Vec<Row> = new.into_iter().filter(|row| !row.cells.is_empty()).collect();
        prop_assume!(!new.is_empty());
        let columns = new.iter().chain(&old).flat_map(|row| row.cells.keys().cloned()).collect();
        let holdings = BTreeMap::from([("actions".to_owned(), Holding { columns, rows: new.clone() })]);
        let claimed = claimed(catalogue, &issue, &holdings, "later");
        let sure = |claim: Claim| match claim.to == Held::doubtful() {
            true => Claim { to: Held::blank(), ..claim },
            false => claim,
        };
        let union = Union { claims: claimed.claims.into_iter().map(sure).collect(), ..Union::default() };
        let wanted: BTreeMap<_, _> =
            claimed.rows["actions"].iter().cloned().zip(new.iter().map(|row| row.cells.clone())).collect();
        prop_assert_eq!(patched(&issue, &union), wanted);
    }

    #[test]
    fn no_edit_is_lost(seed in any::<u64>()) {
        let history = told(seed, false);
        prop_assert_eq!(lost(&history, &settle(&history.union, &|_| None)), 0);
    }

    #[test]
    fn a_straight_lineage_never_asks(seed in any::<u64>()) {
        let history = told(seed, true);
        let settled = settle(&history.union, &|_| None);
        prop_assert_eq!(&settled.questions, &[]);
        let last = history.copies.last().unwrap();
        for (seat, cell) in values(&settled) {
            prop_assert_eq!(last.cells.get(&seat).cloned().unwrap_or_default().key, cell.key);
        }
    }

    #[test]
    fn merging_one_copy_is_that_copy(seed in any::<u64>()) {
        let mut history = told(seed, false);
        history.copies.retain(|copy| copy.union.claims.iter().all(|claim| claim.source == copy.source));
        if let Some(copy) = history.copies.first() {
            let settled = settle(&copy.union, &|_| None);
            prop_assert_eq!(&settled.questions, &[]);
            for (seat, held) in values(&settled) {
                prop_assert_eq!(&copy.cells[&seat].key, &held.key);
            }
        }
    }

    #[test]
    fn deciding_twice_is_deciding_once(seed in any::<u64>()) {
        let mut union = told(seed, false).union;
        let again = union.decisions.clone();
        let once = settle(&union, &|_| None);
        union.decisions.extend(again);
        prop_assert_eq!(settle(&union, &|_| None), once);
    }
}

fn seat() -> Seat {
    Seat { table: "channels".into(), row: "抖音".into(), column: "spend".into() }
}

fn claim(from: &str, to: &str, generation: i64, source: &str) -> Claim {
    let held = |text: &str| if text.is_empty() { Held::blank() } else { Held::text(text) };
    Claim { seat: seat(), from: held(from), to: held(to), generation, source: source.into() }
}

fn union(claims: &[Claim]) -> Union {
    Union { claims: claims.iter().cloned().collect(), ..Union::default() }
}

/// What holds, and how many are asked about.
fn outcome(union: &Union) -> (String, usize) {
    let settled = settle(union, &|_| None);
    (settled.cells[&seat()].holds.text.clone(), settled.questions.len())
}

#[test]
fn five_to_six_to_five_over_three_weeks_is_five() {
    let all = [claim("", "5", 0, "a"), claim("5", "6", 1, "b"), claim("6", "5", 2, "a2")];
    assert_eq!(outcome(&union(&all)), ("5".into(), 0));
}

#[test]
fn who_was_not_handed_a_value_does_not_overtake_it() {
    assert_eq!(outcome(&union(&[claim("", "5", 0, "a"), claim("", "6", 0, "b")])).1, 1);
    assert_eq!(outcome(&union(&[claim("", "5", 0, "a"), claim("", "5", 0, "b")])), ("5".into(), 0));
}

#[test]
fn a_copy_nobody_knows_the_issue_of_does_not_bring_back_what_was_changed() {
    let all = [claim("浏览", "访问", 0, "b"), claim("", "浏览", super::claims::UNKNOWN, "stripped")];
    assert_eq!(outcome(&union(&all)), ("访问".into(), 0));
}

#[test]
fn a_decision_holds_until_a_third_value_comes() {
    let mut all = union(&[claim("", "2", 0, "a"), claim("", "2.5", 0, "b")]);
    let question = settle(&all, &|_| None).questions.remove(0);
    let (chosen, _) = question.sides.iter().find(|(held, _)| held.text == "2").cloned().unwrap();
    let asked = question.sides.iter().map(|(held, _)| held.key.clone()).collect();
    let (seat, generation) = (question.seat, question.generation);
    all.decisions.insert(super::Decision { seat, asked, chosen, generation, place: String::new() });
    assert_eq!(outcome(&all), ("2".into(), 0));
    all.claims.insert(claim("", "3", 0, "c"));
    let settled = settle(&all, &|_| None);
    let mut sides: Vec<&str> = settled.questions[0].sides.iter().map(|(held, _)| &*held.text).collect();
    sides.sort_unstable();
    assert_eq!(sides, ["2", "3"], "the rejected value is not asked about again");
    // Somebody who was handed the decided value goes on from it.
    all.claims.retain(|claim| claim.source != "c");
    all.claims.insert(claim("2", "4", all.next_generation(), "d"));
    assert_eq!(outcome(&all), ("4".into(), 0));
}

#[test]
fn where_one_copy_counts_the_others_values_are_gone() {
    let (mut fullest, mut newest, mut all) = (0, 0, 0);
    for seed in 0..300 {
        let history = told(seed, false);
        let settled = settle(&history.union, &|_| None);
        let filled = |copy: &&Returned| copy.cells.values().filter(|held| !held.key.is_empty()).count();
        let (kept, stand) = kept_by(&settled, history.copies.iter().max_by_key(filled).unwrap());
        (fullest, all) = (fullest + kept, all + stand);
        newest += kept_by(&settled, history.copies.iter().max_by_key(|copy| copy.at).unwrap()).0;
    }
    assert!(fullest * 10 < all * 9 && newest * 10 < all * 9, "{fullest} and {newest} of {all}");
}
