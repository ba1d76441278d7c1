//! Grafting: any bytes as one part of a sound package.
//!
//! It is refused, or the sheets go in: then only the registries change, doing it again changes nothing, and what
//! could be read of the team's sheets before is read the same after.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::sync::OnceLock;

use fupan::cell::{Area, CellRef, Content, Place};
use fupan::diagnostic::Severity;
use fupan::page::{Page, Role, Show, Tab};
use fupan::workbook::Sheet;
use fupan::xlsx::graft::{
    Addition, GraftError, MarkFormat, Owner, Placement, SheetMarks, generated_sheets, graft, is_marked,
    named_sheets, strip,
};
use fupan::xlsx::guard::Limits;
use fupan::xlsx::read::{Generated, ReadOptions, read_with};
use fupan::xlsx::write::{WriteOptions, Written, addition};

use super::archive::{Entry, zip};
use super::bytes::Bytes;

/// A sound package, part by part.
pub struct Sound {
    pub parts: Vec<(String, Vec<u8>)>,
    /// Whether sheets and marks of ours are in it already.
    pub ours: bool,
}

const PACKAGES: [&[u8]; 6] = [
    include_bytes!("../../fixtures/packages/by-hand-excel-like.xlsx"),
    include_bytes!("../../fixtures/packages/by-hand-odd-names.xlsx"),
    include_bytes!("../../fixtures/packages/by-hand-prefixed.xlsx"),
    include_bytes!("../../fixtures/packages/libreoffice.xlsx"),
    include_bytes!("../../fixtures/packages/openpyxl.xlsx"),
    include_bytes!("../../fixtures/packages/xlsxwriter.xlsx"),
];

/// Entries by name: as they are stored and as they unpack.
fn entries(package: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(package)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut entry = archive.by_index(index).unwrap();
            let mut data = Vec::new();
            entry.read_to_end(&mut data).unwrap();
            (String::from_utf8_lossy(entry.name_raw()).into_owned(), data)
        })
        .collect()
}

/// Two small sheets of ours with a formula, a link, a note and a dress.
fn written() -> &'static Written {
    static WRITTEN: OnceLock<Written> = OnceLock::new();
    WRITTEN.get_or_init(|| {
        let mut first = Page::new("复盘总览", Tab::First);
        first.line(Role::Title, 4, "复盘");
        let header = first.row(Role::Header, ["渠道", "花费"]);
        let cells = first.row(Role::Body, [Show::Text("甲".into()), Show::Number(12.5)]);
        first.row(
            Role::Total,
            [Show::Text("合计".into()), Show::Formula(cells[1].clone() + cells[1].clone())],
        );
        assert!(!header.is_empty());
        let mut second = Page::new("行动清单", Tab::Action);
        let link = Show::Link("回总览".into(), Place::new("复盘总览", CellRef::new(0, 0)));
        second.row(Role::Body, [link]);
        let pages = [first, second];
        let unfinished = addition(&pages, &["渠道数据".to_owned()], &WriteOptions::default()).unwrap();
        unfinished.written().clone()
    })
}

fn addition_of(written: &Written, placement: Placement, activate: bool) -> Addition<'_> {
    let Written { package, sheets, .. } = written;
    Addition {
        package,
        last_touch: &(),
        sheets,
        theirs: &[],
        placement,
        activate,
        owner: Owner::Us,
        issue: None,
    }
}

fn marks(sheet: &str) -> Vec<SheetMarks> {
    let format = |area: &str, severity| MarkFormat {
        areas: vec![Area::parse(area).unwrap()],
        formula: "ISBLANK(B2)".into(),
        severity,
    };
    vec![SheetMarks {
        sheet: sheet.into(),
        formats: vec![format("B2", Severity::Error), format("C2:C3", Severity::Warning)],
        notes: vec![
            (CellRef::new(1, 1), "花费要填数字 <万>".into()),
            (CellRef::new(0, 0), "第二行\n说明".into()),
        ],
    }]
}

/// The packages, each as it is and with sheets and marks of ours in it.
pub fn sound() -> &'static [Sound] {
    static SOUND: OnceLock<Vec<Sound>> = OnceLock::new();
    SOUND.get_or_init(|| {
        let mut all = Vec::new();
        for package in PACKAGES {
            all.push(Sound { parts: entries(package), ours: false });
            let addition = addition_of(written(), Placement::After, true);
            let ours = graft(package, &addition, &marks(&first_sheet(package))).unwrap().package;
            all.push(Sound { parts: entries(&ours), ours: true });
        }
        all
    })
}

fn first_sheet(package: &[u8]) -> String {
    let read = read_with(package, &Limits::default(), &ReadOptions::default());
    read.map_or_else(|_| "Sheet1".to_owned(), |workbook| workbook.sheets[0].name.to_string())
}

/// The part in another state: wholly other bytes, or edits at some places.
fn changed(part: &[u8], choices: &mut Bytes<'_>) -> Vec<u8> {
    const SPLICED: u8 = 1;
    if choices.byte() != SPLICED {
        return choices.0.to_vec();
    }
    let mut part = part.to_vec();
    while !choices.is_empty() {
        let at = usize::from(choices.word()) % (part.len() + 1);
        let end = (at + usize::from(choices.byte())).min(part.len());
        let length = usize::from(choices.byte());
        part.splice(at..end, choices.take(length).iter().copied());
    }
    part
}

/// Puts our sheets into a package one part of which the bytes changed.
pub fn law(bytes: &[u8]) {
    let mut choices = Bytes(bytes);
    let sound = choices.one(sound());
    let part = usize::from(choices.byte()) % sound.parts.len();
    let wishes = choices.byte();
    let mut entries: Vec<Entry> = sound.parts.iter().map(|(name, data)| Entry::new(name, data)).collect();
    entries[part].data = changed(&sound.parts[part].1, &mut choices);
    entries.iter_mut().for_each(|entry| entry.method = 0);
    let package = zip(&entries);

    let placement = if wishes & 1 == 0 { Placement::After } else { Placement::Before };
    let addition = addition_of(written(), placement, wishes & 2 == 0);
    let marks = if wishes & 4 == 0 { Vec::new() } else { marks(&first_sheet(&package)) };
    let found = generated_sheets(&package);
    let _ = (named_sheets(&package), is_marked(&package));
    if let Ok(stripped) = strip(&package) {
        let left = generated_sheets(&stripped).unwrap();
        // As long as hidden names say which sheets are ours, one they do not name is a copy somebody made and
        // stays; once all of them are gone, the copy looks like ours.
        let named_still = |sheet: &String| found.as_ref().is_ok_and(|found| found.contains(sheet));
        let names_are_spoilt = sound.parts[part].0 == "xl/workbook.xml";
        assert!(
            !left.iter().any(named_still) && (names_are_spoilt || left.is_empty()),
            "ours are left after taking them out: {left:?}"
        );
    }
    let grafted = match graft(&package, &addition, &marks) {
        Ok(grafted) => grafted,
        Err(GraftError::Addition(why)) => panic!("a fault of ours: {why}"),
        Err(_) => return,
    };
    let again = graft(&grafted.package, &addition, &marks).map(|again| again.package);
    assert!(again.as_ref() == Ok(&grafted.package), "doing it again changes something");
    if !sound.ours && marks.is_empty() && found.is_ok_and(|found| found.is_empty()) {
        only_registries_change(&entries, &sound.parts[part].0, &grafted.package);
    }
    // Marks are notes as well, and those of an earlier run go.
    read_alike(&package, &grafted.package, !sound.ours && marks.is_empty());
}

/// Names of the parts that have to name new sheets, as their ends; the chain of calculation goes.
const REGISTRIES: [&str; 4] = ["[content_types].xml", "workbook.xml", "workbook.xml.rels", "styles.xml"];
const CHAIN: &str = "calcchain.xml";

fn only_registries_change(before: &[Entry], spoilt: &str, after: &[u8]) {
    let after: BTreeMap<String, Vec<u8>> = entries(after).into_iter().collect();
    let mut changed = Vec::new();
    let mut gone = Vec::new();
    for entry in before {
        let name = String::from_utf8_lossy(&entry.name).into_owned();
        match after.get(&name) {
            None => gone.push(name.to_lowercase()),
            Some(data) if *data != entry.data && !closed(&entry.data).contains(data) => {
                changed.push(name.to_lowercase())
            }
            Some(_) => {}
        }
    }
    assert!(gone.len() <= 1 && changed.len() <= REGISTRIES.len(), "gone: {gone:?}, changed: {changed:?}");
    // Which parts these are the relationships say, and those may be what was spoilt.
    let spoilt = spoilt.to_lowercase();
    if !spoilt.ends_with(".rels") && !spoilt.ends_with("workbook.xml") && !spoilt.ends_with(REGISTRIES[0]) {
        assert!(gone.iter().all(|name| name.ends_with(CHAIN)), "gone: {gone:?}");
        let known = |name: &String| REGISTRIES.iter().any(|registry| name.ends_with(registry));
        assert!(changed.iter().all(known), "changed: {changed:?}");
    }
}

/// A sheet that was open as it is once the workbook opens on ours, by each way of writing the flag.
fn closed(part: &[u8]) -> Vec<Vec<u8>> {
    let flags = ["\"1\" \"0\"", "'1' '0'", "\"true\" \"false\"", "'true' 'false'"];
    let turned = |flag: &str| {
        let (on, off) = flag.split_once(' ')?;
        let (on, off) = (format!("tabSelected={on}"), format!("tabSelected={off}"));
        let at = part.windows(on.len()).position(|window| window == on.as_bytes())?;
        Some([&part[..at], off.as_bytes(), &part[at + on.len()..]].concat())
    };
    flags.into_iter().filter_map(turned).collect()
}

/// Whatever was read of the team's sheets is read the same with ours beside them.
fn read_alike(before: &[u8], after: &[u8], notes_too: bool) {
    let limits = Limits::default();
    let theirs = |package: &[u8]| {
        let named = named_sheets(package).unwrap_or_default();
        let options = ReadOptions {
            skip_generated: Generated::when_named(named.is_some()),
            skip: named.unwrap_or_default(),
            ..ReadOptions::default()
        };
        read_with(package, &limits, &options)
    };
    let Ok(before) = theirs(before) else { return };
    let after = match theirs(after) {
        Ok(after) => after,
        Err(refusal) => panic!("was read before, and is now refused: {refusal}"),
    };
    // Where a cell asks for a format that does not exist, it may exist once ours are there: a number is a number.
    let plain = |content: &Content| match content {
        Content::Serial(n) => Content::Number(*n),
        other => other.clone(),
    };
    assert_eq!(before.sheets.len(), after.sheets.len());
    for (before, after) in before.sheets.iter().zip(&after.sheets) {
        let cells = |sheet: &Sheet| -> Vec<(CellRef, Content)> {
            sheet.cells.iter().map(|(at, cell)| (*at, plain(&cell.content))).collect()
        };
        assert_eq!((&before.name, &before.merges), (&after.name, &after.merges));
        assert_eq!(cells(before), cells(after));
        assert!(!notes_too || before.notes == after.notes, "notes have changed");
    }
}
