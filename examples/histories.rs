//! Histories of mailed copies by the thousand, merged; and beside it what is left of them where one copy counts.
//!
//! `cargo run --release --example histories -- --seed 1 --count 10000`
#![allow(clippy::print_stdout, clippy::unwrap_used)]

#[path = "../tests/support/history.rs"]
mod history;

use fupan::merge::{Union, settle};
use history::{Dice, Shape, history as told, kept_by, lost};

/// The value after a name on the command line.
fn asked(name: &str, usual: u64) -> u64 {
    let words: Vec<String> = std::env::args().collect();
    let at = words.iter().position(|word| word == name);
    at.and_then(|at| words.get(at + 1)?.parse().ok()).unwrap_or(usual)
}

fn main() {
    let (seed, count) = (asked("--seed", 1), asked("--count", 10_000));
    let (mut lost_edits, mut needless, mut by_order, mut asked_about, mut copies) = (0, 0, 0, 0, 0);
    let (mut fullest, mut last, mut standing) = (0, 0, 0);
    for n in 0..count {
        let mut dice = Dice::new(seed.wrapping_mul(1_000_003).wrapping_add(n));
        let rounds = 1 + dice.below(4);
        let straight = told(&mut dice.clone(), Shape { straight: true, rounds });
        needless += settle(&straight.union, &|_| None).questions.len();
        let history = told(&mut dice, Shape { straight: false, rounds });
        let settled = settle(&history.union, &|_| None);
        lost_edits += lost(&history, &settled);
        asked_about += settled.questions.len();
        copies += history.copies.len();
        let mut other = Union { decisions: history.union.decisions.clone(), ..Union::default() };
        history.copies.iter().rev().for_each(|copy| other.join(copy.union.clone()));
        by_order += usize::from(settle(&other, &|_| None) != settled);
        let filled = |copy: &&history::Returned| copy.cells.values().filter(|it| !it.key.is_empty()).count();
        let most = history.copies.iter().max_by_key(|copy| (filled(copy), &copy.source)).unwrap();
        let newest = history.copies.iter().max_by_key(|copy| copy.at).unwrap();
        let (kept, all) = kept_by(&settled, most);
        (fullest, standing) = (fullest + kept, standing + all);
        last += kept_by(&settled, newest).0;
    }
    let share = |kept: usize| 100.0 * (standing - kept) as f64 / standing.max(1) as f64;
    println!("histories {count} · copies {copies} · questions {asked_about}");
    println!(
        "merged:                   lost edits {lost_edits} · needless questions in straight lineages {needless} · order dependence {by_order}"
    );
    println!("the fullest copy counts:  {:.1} % of the values that stand are gone", share(fullest));
    println!("the last file wins:       {:.1} % of the values that stand are gone", share(last));
}
