//! The files of `fixtures/hostile/`, and what reading them comes to.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use fupan::cell::{CellRef, Content};
use fupan::workbook::Quirk;
use fupan::xlsx::guard::{Limits, Refusal};
use fupan::xlsx::read::read;
use fupan::xlsx::sniff::Kind;

type Expected = fn(&Refusal) -> bool;

const REFUSED: [(&str, Expected); 9] = [
    ("empty.xlsx", |refusal| matches!(refusal, Refusal::Empty)),
    ("zeros.xlsx", |refusal| matches!(refusal, Refusal::NotDownloaded)),
    ("html-as.xlsx", |refusal| matches!(refusal, Refusal::NotAWorkbook(Kind::Html))),
    ("csv-as.xlsx", |refusal| matches!(refusal, Refusal::NotAWorkbook(Kind::Text))),
    ("password.xlsx", |refusal| matches!(refusal, Refusal::Encrypted)),
    ("truncated.xlsx", |refusal| matches!(refusal, Refusal::Truncated)),
    ("bomb-10gb.xlsx", |refusal| matches!(refusal, Refusal::Bomb { .. } | Refusal::Hostile { .. })),
    ("uniquecount-4e9.xlsx", |refusal| matches!(refusal, Refusal::Hostile { .. })),
    ("entities.xlsx", |refusal| matches!(refusal, Refusal::Hostile { .. })),
];
const READ: [&str; 2] = ["far-cell.xlsx", "newer-error.xlsx"];

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/hostile").join(name)).unwrap()
}

#[test]
fn each_is_refused_for_what_it_is_and_at_once() {
    for (name, expected) in REFUSED {
        let bytes = bytes(name);
        let start = Instant::now();
        let refusal = read(&bytes, &Limits::default()).unwrap_err();
        assert!(expected(&refusal), "{name}: {refusal}");
        assert!(start.elapsed() < Duration::from_secs(5), "{name} took {:?}", start.elapsed());
    }
}

#[test]
fn the_far_corner_costs_no_more_than_the_near_one() {
    let workbook = read(&bytes("far-cell.xlsx"), &Limits::default()).unwrap();
    let sheet = &workbook.sheets[0];
    assert_eq!(sheet.cells.len(), 2);
    let far = CellRef::new(1_048_575, 16_383);
    assert_eq!(sheet.content(far), &Content::Number(2.0));
    assert_eq!(workbook.quirks, [Quirk::FarCell(sheet.name.clone(), far)]);
}

#[test]
fn an_error_nobody_has_met_costs_no_other_cell() {
    let workbook = read(&bytes("newer-error.xlsx"), &Limits::default()).unwrap();
    let sheet = &workbook.sheets[0];
    assert_eq!(sheet.content(CellRef::new(0, 0)), &Content::Error("#SPILL!".into()));
    assert_eq!(sheet.content(CellRef::new(0, 1)), &Content::Number(7.0));
}

#[test]
fn every_file_is_tested_and_listed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/hostile");
    let listed = std::fs::read_to_string(folder.join("README.md")).unwrap();
    let mut there: BTreeSet<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(there.remove("README.md"));
    let tested: BTreeSet<String> =
        REFUSED.iter().map(|(name, _)| *name).chain(READ).map(str::to_owned).collect();
    assert_eq!(there, tested);
    for name in there {
        assert!(listed.contains(&format!("`{name}`")), "{name}");
    }
}
