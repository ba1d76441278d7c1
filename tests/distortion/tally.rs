//! Many distorted workbooks, one after another: made, written, read, judged, counted.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use fupan::batch::one::{Settings, read_and_review};
use fupan::locale::Lang;
use fupan::policy;
use rayon::prelude::*;

use super::judge::{Fate, Judged, judge};
use super::kinds::KINDS;
use super::made::{Made, shipped};
use super::package::write;
use super::render::{Rendered, render};
use super::resave;
use super::start::start;
use crate::injection::chance::Chance;

pub const BY_OPENPYXL: &str = "saved again by openpyxl";
pub const BY_LIBREOFFICE: &str = "saved again by LibreOffice";

/// What is to be tried.
pub struct Plan {
    pub seed: u64,
    pub books: usize,
    /// So many go through openpyxl, so many through LibreOffice.
    pub openpyxl: usize,
    pub libreoffice: usize,
    /// Only this kind of distortion, alone.
    pub only: Option<String>,
}

/// A workbook after its distortions.
pub struct Book {
    pub number: usize,
    pub kinds: Vec<&'static str>,
    pub rendered: Rendered,
    pub bytes: Vec<u8>,
}

/// What became of the values, by kind and over all.
#[derive(Default)]
pub struct Report {
    pub books: usize,
    pub all: Count,
    pub by_kind: BTreeMap<&'static str, Count>,
    /// What is not right, in words: workbook, its distortions, the value.
    pub silent: Vec<String>,
    pub reported: Vec<String>,
}

#[derive(Default, Clone, Copy)]
pub struct Count {
    pub books: usize,
    pub right: usize,
    pub reported: usize,
    pub silent: usize,
}

impl Count {
    pub fn tried(&self) -> usize {
        self.right + self.reported + self.silent
    }

    pub fn share(&self) -> f64 {
        self.right as f64 / self.tried().max(1) as f64
    }

    fn add(&mut self, fate: Fate) {
        match fate {
            Fate::Right => self.right += 1,
            Fate::Reported => self.reported += 1,
            Fate::Silent => self.silent += 1,
        }
    }
}

/// A workbook of a number, distorted in one to five ways. The first is each kind in its turn, so that
/// enough workbooks try every kind; the others are drawn.
pub fn distorted(seed: u64, number: usize, only: Option<&str>) -> (Made, Vec<&'static str>) {
    let seed = seed.wrapping_mul(1_000_003).wrapping_add(number as u64);
    let mut made = start(seed);
    let mut r = Chance::of(seed, "distortion kinds");
    let wanted = 1 + r.below(5);
    let turn = number % KINDS.len();
    let others: Vec<usize> = (0..KINDS.len()).filter(|at| *at != turn).collect();
    // The chosen ones act in their order: what is spelt before what is placed.
    let mut chosen: Vec<usize> = match only {
        Some(name) => KINDS.iter().position(|kind| kind.name.contains(name)).into_iter().collect(),
        None => std::iter::once(turn).chain(r.shuffled(&others)).take(wanted).collect(),
    };
    chosen.sort_unstable();
    let mut kinds = Vec::new();
    for at in chosen {
        let kind = &KINDS[at];
        if (kind.distort)(&mut made, &mut r, kind.name) {
            kinds.push(kind.name);
        }
    }
    let all = made.kinds.clone();
    made.blocks_mut().for_each(|block| block.kinds.extend(&all));
    (made, kinds)
}

/// Tries a plan.
pub fn run(plan: &Plan) -> Report {
    let mut books: Vec<Book> = (0..plan.books)
        .into_par_iter()
        .map(|number| {
            let (made, kinds) = distorted(plan.seed, number, plan.only.as_deref());
            let rendered = render(&made);
            let bytes = write(&rendered.workbook);
            Book { number, kinds, rendered, bytes }
        })
        .collect();
    let (first, second) =
        (plan.openpyxl.min(books.len()), (plan.openpyxl + plan.libreoffice).min(books.len()));
    saved_again(&mut books[..first], BY_OPENPYXL, |from, to, _| resave::openpyxl(from, to));
    saved_again(&mut books[first..second], BY_LIBREOFFICE, resave::libreoffice);
    let as_of = NaiveDate::from_ymd_opt(2025, 1, 10).unwrap();
    let judged: Vec<(String, Vec<&'static str>, Vec<Judged>)> = books
        .par_iter()
        .map(|book| {
            let name = format!("{} [{}]", book.number, book.kinds.join(" + "));
            let (policy, complaints) = policy::load(&book.rendered.settings);
            assert!(complaints.is_empty(), "{}", book.rendered.settings);
            let settings = Settings::new(shipped(), &policy, as_of, Lang::Zh);
            let judged = match read_and_review(&book.bytes, "复盘.xlsx", &settings) {
                Ok((_, review)) => judge(&book.rendered.truths, &review.records, &review.findings),
                Err(finding) => panic!("{name}: {}", finding.code.name),
            };
            (name, book.kinds.clone(), judged)
        })
        .collect();
    let mut report = Report { books: books.len(), ..Report::default() };
    for (name, kinds, values) in judged {
        report.all.books += 1;
        for kind in &kinds {
            report.by_kind.entry(kind).or_default().books += 1;
        }
        for value in values {
            report.all.add(value.fate);
            for kind in &value.kinds {
                report.by_kind.entry(kind).or_default().add(value.fate);
            }
            match value.fate {
                Fate::Right => {}
                Fate::Reported => report.reported.push(format!("{name}: {}", value.about)),
                Fate::Silent => report.silent.push(format!("{name}: {}", value.about)),
            }
        }
    }
    report
}

/// Sends workbooks through another program.
fn saved_again(
    books: &mut [Book],
    kind: &'static str,
    save: impl Fn(&std::path::Path, &std::path::Path, &std::path::Path),
) {
    if books.is_empty() {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let (from, to, profile) =
        (place.path().join("from"), place.path().join("to"), place.path().join("profile"));
    for folder in [&from, &to, &profile] {
        std::fs::create_dir(folder).unwrap();
    }
    let name = |book: &Book| format!("{:04}.xlsx", book.number);
    for book in books.iter() {
        std::fs::write(from.join(name(book)), &book.bytes).unwrap();
    }
    save(&from, &to, &profile);
    for book in books {
        book.bytes = std::fs::read(to.join(name(book))).unwrap();
        book.kinds.push(kind);
        for truth in book.rendered.truths.values_mut() {
            truth.kinds.insert(kind);
        }
    }
}

impl Report {
    /// A line a kind.
    pub fn table(&self) -> String {
        let line = |name: &str, count: &Count| {
            format!(
                "| {name} | {} | {} | {:.2}% | {} | {} |\n",
                count.books,
                count.tried(),
                count.share() * 100.0,
                count.reported,
                count.silent
            )
        };
        let mut out = String::from(
            "| distortion | workbooks | values | right | reported | silent |\n|---|--:|--:|--:|--:|--:|\n",
        );
        let names = KINDS.iter().map(|kind| kind.name).chain([BY_OPENPYXL, BY_LIBREOFFICE]);
        for name in names {
            if let Some(count) = self.by_kind.get(name) {
                out += &line(name, count);
            }
        }
        out + &line("all", &self.all)
    }
}
