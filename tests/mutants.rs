//! Whatever happens to a workbook on the way, reading it ends in a workbook or a refusal.

use crate::spoiling::bases::Wish;
use crate::spoiling::judge::{Fate, held_to_the_laws, work};
use crate::spoiling::tally::{Bounds, Outcome, Tally};
use crate::spoiling::{bases, mutant};
use crate::support::{Book, SHEET, sheet};
use fupan::policy::Policy;
use fupan::xlsx::guard::Limits;
use fupan::xlsx::read::read;
use fupan::xlsx::sniff::sniff;
use proptest::prelude::*;
use std::time::{Duration, Instant};

fn book() -> Book {
    Book::with_sheet(&sheet(
        "<dimension ref=\"A1:F3\"/><cols><col min=\"2\" max=\"3\" hidden=\"1\"/></cols><sheetData>\
         <row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" s=\"1\"><v>45748</v></c><c r=\"C1\" t=\"b\"><v>1</v></c></row>\
         <row r=\"2\" hidden=\"1\"><c r=\"A2\" t=\"inlineStr\"><is><t>x</t></is></c><c><f t=\"shared\" si=\"0\" ref=\"B2:B3\">A1</f>\
         <v>2.5</v></c><c t=\"e\"><v>#N/A</v></c></row></sheetData><mergeCells><mergeCell ref=\"A1:B1\"/></mergeCells>",
    ))
}

/// A change to some bytes: another value there, a piece gone, a piece twice.
fn spoil(bytes: &mut Vec<u8>, changes: &[(u8, usize, u8)]) {
    for &(kind, at, value) in changes {
        let length = bytes.len().max(1);
        let (at, piece) = (at % length, usize::from(value) % 16 + 1);
        let end = (at + piece).min(bytes.len());
        match kind % 3 {
            0 if at < bytes.len() => bytes[at] = value,
            1 => drop(bytes.drain(at.min(end)..end)),
            _ => {
                let copy = bytes[at.min(end)..end].to_vec();
                bytes.splice(at..at, copy);
            }
        }
    }
}

fn changes() -> impl Strategy<Value = Vec<(u8, usize, u8)>> {
    prop::collection::vec((any::<u8>(), any::<usize>(), any::<u8>()), 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn spoilt_bytes(changes in changes()) {
        let mut bytes = book().bytes();
        spoil(&mut bytes, &changes);
        let _ = read(&bytes, &Limits::default());
    }

    #[test]
    fn a_spoilt_part_in_a_sound_package(
        part in prop::sample::select(vec![SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels"]),
        changes in changes(),
    ) {
        let book = book().change(part, |entry| spoil(&mut entry.data, &changes));
        let _ = read(&book.bytes(), &Limits::default());
    }

    #[test]
    fn any_bytes_are_some_kind(start in prop::sample::select(vec!["", "PK\x03\x04", "PK\x05\x06", "<?xml", "\u{feff}"]), rest in prop::collection::vec(any::<u8>(), 0..600)) {
        let bytes = [start.as_bytes(), &rest].concat();
        let _ = sniff(&bytes);
        let _ = read(&bytes, &Limits::default());
    }
}

#[test]
fn the_unspoilt_one_is_read() {
    let workbook = read(&book().bytes(), &Limits::default()).unwrap();
    assert_eq!(workbook.sheets[0].cells.len(), 6);
}

/// A small slice of what `cargo run --release --example mutants` does with ten thousand.
#[test]
fn spoilt_workbooks_are_enriched_or_refused() {
    let policy = Policy::default();
    let marked = bases::settings(&policy, Wish::Marks);
    let plain = bases::settings(&policy, Wish::Neither);
    let (bases, mut tally) = (bases::small(), Tally::default());
    let bounds = Bounds { time: Duration::from_secs(30), memory: usize::MAX };
    for number in 0..54 {
        let made = mutant(&bases, 1, number);
        let settings = if number % 2 == 0 { &marked } else { &plain };
        let start = Instant::now();
        let (mut fate, package) = work(&made.bytes, settings);
        let took = start.elapsed();
        if let Some(package) = package {
            fate = held_to_the_laws(&made.bytes, &package, settings);
        }
        tally.add(Outcome { number, story: made.story, fate, took, held: 0 }, bounds);
    }
    assert!(tally.is_sound(), "{}", tally.told());
    assert!(tally.count(|fate| *fate == Fate::Enriched) > 12, "{}", tally.told());
    assert!(tally.count(|fate| matches!(fate, Fate::Refused(_))) > 12, "{}", tally.told());
}
