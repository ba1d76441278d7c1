//! Clean workbooks: every template in several layouts and voices, in order by a person's judgement.

use chrono::NaiveDate;
use fupan::catalogue::Catalogue;
use fupan::catalogue::decode::{ReadPolicy, decode_with};
use fupan::catalogue::labels::{Matcher, TeamAliases};
use fupan::diagnostic::{Finding, Severity, Sink};
use fupan::locale::Lang;
use fupan::policy::Policy;
use fupan::quantity::workdays::official;
use fupan::review::{Review, review};
use fupan::workbook::Workbook;

use super::chance::Chance;
use super::draft::Draft;
use super::layout::{Laid, Layout, lay};
use super::story::Story;
use super::telling::tell;
use super::voice::Voice;

/// The program, ready to judge workbooks.
pub struct Judge {
    pub catalogue: &'static Catalogue,
    matcher: Matcher<'static>,
    policy: Policy,
    reading: ReadPolicy,
}

impl Judge {
    pub fn new() -> Judge {
        let catalogue = Catalogue::shipped();
        let reading = ReadPolicy {
            aliases: TeamAliases::default(),
            holidays: Some(official()),
            ..ReadPolicy::default()
        };
        Judge {
            catalogue,
            matcher: Matcher::new(catalogue, &TeamAliases::default()),
            policy: Policy::default(),
            reading,
        }
    }

    /// Everything the program says about a workbook.
    pub fn findings(&self, workbook: &Workbook, as_of: NaiveDate) -> Vec<Finding> {
        self.review(workbook, as_of).findings
    }

    pub fn review(&self, workbook: &Workbook, as_of: NaiveDate) -> Review<'_> {
        let mut sink = Sink::default();
        let records = decode_with(&self.matcher, workbook, &self.reading, &mut sink);
        let sheets = workbook.sheets.iter().map(|sheet| sheet.name.to_string()).collect();
        review(self.catalogue, &self.policy, as_of, "book.xlsx", sheets, records, sink)
    }
}

/// A clean workbook before it is laid out.
pub struct Book {
    pub name: String,
    pub template: String,
    pub story: Story,
    pub draft: Draft,
    pub voice: Voice,
    pub layout: Layout,
}

impl Book {
    pub fn laid(&self, catalogue: &Catalogue) -> Laid {
        lay(catalogue, &self.template, &self.draft, &self.voice, self.layout)
    }
}

/// How many ways each template is filled.
pub const WAYS: u64 = 11;

/// One book: a template, filled in one of the ways.
pub fn book(catalogue: &Catalogue, template: &str, way: u64, seed: u64) -> Book {
    let at = catalogue.templates.get_index_of(template).unwrap_or(0) as u64;
    let seed = seed.wrapping_mul(1000).wrapping_add(at * 97 + way * 7);
    let mut r = Chance::of(seed, "book");
    let (layout, lang, plain) = match way % WAYS {
        0 | 1 => (Layout::Blank, Lang::Zh, true),
        2 | 3 => (Layout::Blank, Lang::Zh, false),
        4 => (Layout::Blank, Lang::En, false),
        5 => (Layout::Blank, Lang::ZhHant, false),
        6 => (Layout::ByHand(seed), Lang::ZhHant, false),
        7 => (Layout::ByHand(seed), Lang::En, false),
        8 => (Layout::ByHand(seed), Lang::Zh, true),
        _ => (Layout::ByHand(seed), Lang::Zh, false),
    };
    let story = Story::of(seed);
    let leave_out = if way.is_multiple_of(4) { 0.0 } else { 0.25 };
    let mut tables: Vec<&str> = Vec::new();
    for member in &catalogue.templates[template].tables {
        // What others refer to stays with them.
        let tied =
            matches!(member.id.as_str(), "tasks" | "progress" | "kpi" | "phases" | "problems" | "actions");
        if member.core || tied || !r.happens(leave_out) {
            tables.push(&member.id);
        }
    }
    let draft = tell(&story, &tables);
    let voice = Voice { seed, lang, plain, computes: layout == Layout::Blank };
    let name = format!(
        "{template}-{way} ({}{})",
        lang.tag(),
        if layout == Layout::Blank { "" } else { ", by hand" }
    );
    Book { name, template: template.to_owned(), story, draft, voice, layout }
}

/// Every book of a seed.
pub fn books(catalogue: &Catalogue, seed: u64) -> Vec<Book> {
    let templates: Vec<&String> = catalogue.templates.keys().collect();
    templates.iter().flat_map(|template| (0..WAYS).map(|way| book(catalogue, template, way, seed))).collect()
}

/// What is said about a clean workbook that should not be: `code place: message`.
pub fn alarms(findings: &[Finding]) -> Vec<String> {
    findings.iter().filter(|it| it.severity > Severity::Note).map(told).collect()
}

/// A finding in a line.
pub fn told(finding: &Finding) -> String {
    let at =
        finding.at.as_ref().map(ToString::to_string).or_else(|| finding.sheet.clone()).unwrap_or_default();
    format!("{} {at}: {}", finding.code.name, finding.message(Lang::Zh))
}
