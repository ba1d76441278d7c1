//! Whole workbooks spoilt in ways that know what a package is: attributes, elements, parts, entries.
//!
//! A mutant is known by its number and seed, so that any one of ten thousand can be made again alone.
#![allow(dead_code, missing_docs, clippy::unwrap_used)]

pub mod bases;
pub mod judge;
pub mod packages;
pub mod parts;
pub mod tally;

use super::archive::{self, Entry, zip};
use super::chance::{self, Chance};
use bases::Base;

/// A spoilt workbook.
pub struct Mutant {
    /// Which workbook it was, and what was done to it.
    pub story: String,
    pub bytes: Vec<u8>,
}

/// The mutant of a number.
pub fn mutant(bases: &[Base], seed: u64, number: usize) -> Mutant {
    let mut chance = Chance::of(seed.wrapping_mul(1_000_003).wrapping_add(number as u64), "mutant");
    let base = &bases[number % bases.len()];
    let mut entries: Vec<Entry> = base.entries.clone();
    let mut story = vec![base.name.clone()];
    for _ in 0..*chance.one(&[1, 1, 1, 2, 3]) {
        let told = if chance.happens(0.8) {
            let at = parts::choose(&entries, &mut chance);
            let told = parts::spoil(&mut entries[at].data, &mut chance);
            entries[at].method = 8;
            format!("{told} in {}", String::from_utf8_lossy(&entries[at].name))
        } else {
            packages::spoil(&mut entries, &mut chance)
        };
        story.push(told);
    }
    let mut bytes = zip(&entries);
    if chance.happens(0.05) {
        story.push(packages::spoil_bytes(&mut bytes, &mut chance));
    }
    Mutant { story: story.join("; "), bytes }
}
