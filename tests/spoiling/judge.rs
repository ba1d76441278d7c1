//! What a mutant comes to: the whole way from bytes to an enriched workbook, and the laws that hold on it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use fupan::batch::one::{Settings, enrich_and_mark, open, reports, review_and_marks};
use fupan::cell::{Area, CellRef, Content};
use fupan::exchange::json;
use fupan::locale::Lang;
use fupan::portfolio::entry;
use fupan::workbook::{Sheet, Workbook};
use fupan::xlsx::graft::{generated_sheets, named_sheets, strip};
use fupan::xlsx::read::{Generated, ReadOptions, read_with};

/// What became of a mutant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Read, judged and enriched.
    Enriched,
    /// Read and judged; our sheets could not be added: which finding says so.
    Read(&'static str),
    /// Refused: which finding says so.
    Refused(&'static str),
    /// A panic: where, and its words.
    Panicked(String),
    /// A law is broken: which.
    Broken(String),
}

impl Fate {
    /// Whether something has to be mended in the program.
    pub fn is_fault(&self) -> bool {
        matches!(self, Fate::Panicked(_) | Fate::Broken(_))
    }
}

thread_local! {
    static LAST_PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Keeps panics for the fate instead of printing them.
pub fn keep_panics() {
    std::panic::set_hook(Box::new(|info| {
        LAST_PANIC.with(|last| *last.borrow_mut() = info.to_string());
    }));
}

/// Works on a file as a batch does: reads, judges, words every finding, enriches, reports.
pub fn work(bytes: &[u8], settings: &Settings<'_>) -> (Fate, Option<Vec<u8>>) {
    let name = "变体.xlsx";
    let whole = || {
        let opened = match open(bytes, name, settings) {
            Ok(opened) => opened,
            Err(finding) => return (Fate::Refused(finding.code.name), None),
        };
        let (review, marks) = match review_and_marks(&opened, name, settings) {
            Ok(read) => read,
            Err(finding) => return (Fate::Refused(finding.code.name), None),
        };
        let _ = (json::review(&review, Lang::Zh), entry(&review));
        let fate = match enrich_and_mark(opened.package(), &review, &marks, settings.lang) {
            Ok(grafted) => (Fate::Enriched, Some(grafted.package)),
            Err(finding) => (Fate::Read(finding.code.name), None),
        };
        let reports = reports(&review, &settings.papers, settings.lang);
        assert!(reports.is_ok(), "no report of what was read");
        fate
    };
    catch_unwind(AssertUnwindSafe(whole)).unwrap_or_else(|_| (Fate::Panicked(last_panic()), None))
}

/// What the panic that was just caught said.
pub fn last_panic() -> String {
    LAST_PANIC.with(|last| last.borrow().clone())
}

/// The laws on an enriched workbook: it is read again, the team's sheets say what they said, no part of theirs has
/// changed but the registries (and, where there are marks, the marked sheets).
pub fn held_to_the_laws(before_bytes: &[u8], after: &[u8], settings: &Settings<'_>) -> Fate {
    let laws = || {
        let read = |package: &[u8]| {
            let named = named_sheets(package).unwrap_or_default();
            let options = ReadOptions {
                skip_generated: Generated::when_named(named.is_some()),
                skip: named.unwrap_or_default(),
                ..ReadOptions::default()
            };
            read_with(package, &settings.limits, &options)
        };
        match (read(before_bytes), read(after)) {
            (Ok(before), Ok(after)) => {
                assert!(seen(&before) == seen(&after), "the team's sheets are read differently");
                let noted = |workbook: &Workbook| -> Vec<_> {
                    workbook.sheets.iter().map(|sheet| sheet.notes.clone()).collect()
                };
                // Marks are notes as well, and those of an earlier run go.
                let ours = !generated_sheets(before_bytes).unwrap_or_default().is_empty() || settings.mark;
                assert!(ours || noted(&before) == noted(&after), "the team's notes are read differently");
            }
            (Ok(_), Err(refusal)) => panic!("what was enriched is refused: {refusal}"),
            (Err(refusal), _) => panic!("what was read is refused: {refusal}"),
        }
        if !settings.mark {
            let theirs = strip(before_bytes).unwrap_or_else(|_| before_bytes.to_vec());
            let theirs_bytes = theirs;
            let (theirs, all) = (packed(&theirs_bytes), packed(after));
            for (name, entry) in &theirs {
                let same = all.get(name) == Some(entry) || is_only_closed(&theirs_bytes, after, name);
                assert!(is_registry(name) || same, "{name} is not as it was");
            }
        }
    };
    match catch_unwind(AssertUnwindSafe(laws)) {
        Ok(()) => Fate::Enriched,
        Err(_) => Fate::Broken(last_panic()),
    }
}

/// A sheet's name, cells and merges.
type Seen = (Arc<str>, Vec<(CellRef, Content)>, Vec<Area>);

/// What stands in the cells. Whether a number is shown as a day is left out: where a cell asks for a format that
/// does not exist, it may exist once ours are there.
fn seen(workbook: &Workbook) -> Vec<Seen> {
    let plain = |content: &Content| match content {
        Content::Serial(n) => Content::Number(*n),
        other => other.clone(),
    };
    let cells = |sheet: &Sheet| sheet.cells.iter().map(|(at, cell)| (*at, plain(&cell.content))).collect();
    workbook.sheets.iter().map(|sheet| (sheet.name.clone(), cells(sheet), sheet.merges.clone())).collect()
}

/// Parts that have to name new sheets, wherever they stand.
fn is_registry(name: &str) -> bool {
    let name = name.to_lowercase();
    ["[content_types].xml", "workbook.xml", "workbook.xml.rels", "styles.xml", "calcchain.xml"]
        .iter()
        .any(|registry| name.ends_with(registry))
}

/// Entries as they are packed: method, checksum, bytes.
fn packed(package: &[u8]) -> BTreeMap<String, (String, u32, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(package)).unwrap();
    let mut entries = BTreeMap::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index_raw(index).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
        entries.insert(name, (format!("{:?}", entry.compression()), entry.crc32(), bytes));
    }
    entries
}

/// Whether a sheet only gave up its flag of being open: the workbook opens on ours, and two sheets with the flag would
/// be edited together.
fn is_only_closed(before: &[u8], after: &[u8], name: &str) -> bool {
    let text = |package: &[u8]| {
        let mut content = String::new();
        let mut archive = zip::ZipArchive::new(Cursor::new(package)).ok()?;
        archive.by_name(name).ok()?.read_to_string(&mut content).ok()?;
        Some(content)
    };
    let (Some(before), Some(after)) = (text(before), text(after)) else { return false };
    let closed = |one: &str, other: &str| before.replacen(one, other, 1) == after;
    closed("tabSelected=\"1\"", "tabSelected=\"0\"")
        || closed("tabSelected=\"true\"", "tabSelected=\"false\"")
}
