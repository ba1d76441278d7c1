//! The sound workbooks mutants are made of: of several writers, blank, filled in, enriched and marked.

use std::io::{Cursor, Read};
use std::path::Path;

use fupan::batch::one::{Settings, enrich_and_mark, open, review_and_marks};
use fupan::batch::paper::Paper;
use fupan::catalogue::Catalogue;
use fupan::locale::Lang;
use fupan::policy::Policy;
use fupan::xlsx::blank::{Identity, blank};

use super::archive::Entry;

/// A sound workbook, unpacked.
pub struct Base {
    pub name: String,
    pub entries: Vec<Entry>,
}

impl Base {
    fn of(name: String, bytes: &[u8]) -> Base {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let entries = (0..archive.len()).map(|index| {
            let mut entry = archive.by_index(index).unwrap();
            let mut data = Vec::new();
            entry.read_to_end(&mut data).unwrap();
            // Stored, so that ten thousand of them are quickly written.
            Entry { method: 0, ..Entry::new(&String::from_utf8_lossy(entry.name_raw()), data) }
        });
        Base { name, entries: entries.collect() }
    }
}

fn workbooks(folder: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder);
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    paths.retain(|path| path.extension().is_some_and(|it| it == "xlsx") && !name(path).starts_with('~'));
    paths.iter().map(|path| (name(path), std::fs::read(path).unwrap())).collect()
}

fn enriched(name: &str, bytes: &[u8], settings: &Settings<'_>) -> Base {
    let opened = open(bytes, name, settings).unwrap();
    let (review, marks) = review_and_marks(&opened, name, settings).unwrap();
    let grafted = enrich_and_mark(opened.package(), &review, &marks, Lang::Zh).unwrap();
    Base::of(format!("enriched {name}"), &grafted.package)
}

/// A few small ones, for a test that must be quick.
pub fn small() -> Vec<Base> {
    let all = [workbooks("packages"), workbooks("inbox/手工表")].concat();
    all.iter().map(|(name, bytes)| Base::of(name.clone(), bytes)).collect()
}

/// All of them: the inbox, packages of several writers, the blanks, and some enriched and marked by us.
pub fn all(settings: &Settings<'_>) -> Vec<Base> {
    assert!(settings.mark, "the enriched ones are to carry marks");
    let mut bases = small();
    let inbox = workbooks("inbox");
    bases.extend(inbox.iter().map(|(name, bytes)| Base::of(name.clone(), bytes)));
    let catalogue = Catalogue::shipped();
    for template in catalogue.templates.values() {
        let bytes = blank(catalogue, template, &Identity::of(template), Lang::Zh).unwrap();
        bases.push(Base::of(format!("blank {}", template.id), &bytes));
    }
    let chosen = [&workbooks("inbox/手工表")[..], &workbooks("clean")[8..12], &inbox[..2]].concat();
    bases.extend(chosen.iter().map(|(name, bytes)| enriched(name, bytes, settings)));
    bases
}

/// What else is wanted of each.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Marks on the team's cells.
    Marks,
    /// The report as a Word file and as slides.
    Report,
    Neither,
}

/// Settings as a batch has them.
pub fn settings(policy: &Policy, wish: Wish) -> Settings<'_> {
    let as_of = chrono::NaiveDate::from_ymd_opt(2024, 12, 20).unwrap();
    let mut settings = Settings::new(Catalogue::shipped(), policy, as_of, Lang::Zh);
    settings.mark = wish == Wish::Marks;
    settings.papers = if wish == Wish::Report { Paper::ALL.to_vec() } else { Vec::new() };
    settings
}
