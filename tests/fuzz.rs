//! The laws of the fuzz targets, on stable: over the committed seeds, and over thousands of changed ones.
//!
//! What libFuzzer does for hours (docs/fuzzing.md), this does for seconds, always with the same inputs.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use crate::archive;
use crate::chance::Chance;

#[path = "../fuzz/laws/mod.rs"]
mod laws;

use laws::LAWS;

fn folder(kind: &str, target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(kind).join(target)
}

/// Inputs that are committed: typical ones, and every one that once broke a law.
fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    let mut seeds: Vec<(String, Vec<u8>)> = fs::read_dir(folder("seeds", target))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(path).unwrap()))
        .collect();
    seeds.sort();
    seeds
}

/// Words of a dictionary of libFuzzer: `"\xe4\xb8\x87"` or `name="…"`, one a line.
fn words(target: &str) -> Vec<Vec<u8>> {
    let text = fs::read_to_string(folder("dictionaries", &format!("{target}.dict"))).unwrap_or_default();
    let quoted = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let (start, end) = (line.find('"')?, line.rfind('"')?);
        line.get(start + 1..end)
    });
    quoted.map(unescaped).collect()
}

fn unescaped(word: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        let escape = rest.strip_prefix("\\x").and_then(|hex| u8::from_str_radix(hex.get(..2)?, 16).ok());
        if let Some(byte) = escape {
            bytes.push(byte);
            rest = &rest[4..];
        } else {
            let plain = rest.strip_prefix('\\').unwrap_or(rest);
            let length =
                plain.chars().next().map_or(0, char::len_utf8).max(first.len_utf8().min(plain.len()));
            bytes.extend(&plain.as_bytes()[..length]);
            rest = &plain[length..];
        }
    }
    bytes
}

/// Bytes changed, cut, doubled, words put in, another seed's middle.
fn changed(seed: &[u8], other: &[u8], words: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=chance.below(4) {
        let at = chance.below(bytes.len() + 1);
        let end = (at + chance.below(12)).min(bytes.len());
        match chance.below(6) {
            0 if at < bytes.len() => bytes[at] = chance.below(256) as u8,
            1 => drop(bytes.drain(at..end)),
            2 => {
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            3 | 4 if !words.is_empty() => drop(bytes.splice(at..end, chance.one(words).iter().copied())),
            _ => {
                let from = chance.below(other.len() + 1);
                let to = (from + chance.below(40)).min(other.len());
                bytes.splice(at..at, other[from..to].iter().copied());
            }
        }
    }
    bytes
}

fn holds(target: &str, law: fn(&[u8]), input: &[u8]) {
    if let Err(words) = catch_unwind(AssertUnwindSafe(|| law(input))) {
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{target}-broken"));
        fs::write(&kept, input).unwrap();
        let words = words.downcast_ref::<String>().cloned().unwrap_or_default();
        panic!("{target} broke ({words}); the input is kept in {}", kept.display());
    }
}

fn law(target: &str) -> fn(&[u8]) {
    LAWS.iter().find(|(name, _)| *name == target).unwrap().1
}

fn hold_over_changed_seeds(target: &str, rounds: usize) {
    let (law, seeds, words) = (law(target), seeds(target), words(target));
    assert!(!seeds.is_empty());
    for (_, seed) in &seeds {
        holds(target, law, seed);
    }
    let mut chance = Chance::of(1, target);
    for _ in 0..rounds {
        let (seed, other) = (chance.one(&seeds).1.clone(), chance.one(&seeds).1.clone());
        holds(target, law, &changed(&seed, &other, &words, &mut chance));
    }
}

#[test]
fn a_value_of_any_text() {
    hold_over_changed_seeds("quantity", 100);
}

#[test]
fn a_door_for_any_bytes() {
    hold_over_changed_seeds("guards", 1_000);
}

#[test]
fn a_table_in_any_grid() {
    hold_over_changed_seeds("headers", 150);
}

#[test]
fn a_graft_onto_any_part() {
    hold_over_changed_seeds("graft", 100);
}

#[test]
fn settings_of_any_text() {
    hold_over_changed_seeds("settings", 300);
}

#[test]
fn references_of_any_formula() {
    hold_over_changed_seeds("formulas", 20_000);
}

#[test]
fn every_target_has_its_law_its_seeds_and_its_place_in_the_manifest() {
    let manifest = fs::read_to_string(folder("", "Cargo.toml")).unwrap();
    for (target, _) in LAWS {
        assert!(manifest.contains(&format!("name = \"{target}\"")), "{target} is not built");
        assert!(folder("fuzz_targets", &format!("{target}.rs")).exists(), "{target} has no target");
        assert!(folder("seeds", target).is_dir(), "{target} has no seeds");
    }
    assert_eq!(manifest.matches("[[bin]]").count(), LAWS.len(), "a target without a law");
}
