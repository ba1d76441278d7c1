//! One workbook, from bytes to review to enriched bytes.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use chrono::NaiveDate;

use super::answers;
use super::carried::{self, Carried};
use super::findings::{
    INTERNAL_ERROR, converted, not_believed, not_grafted, platform_export, portfolio_file, refused, why_not,
};
use super::marks::marks;
use super::paper::Paper;
use super::tried::try_out;
use crate::catalogue::Catalogue;
use crate::catalogue::answers::Answers;
use crate::catalogue::decode::{ReadPolicy, decode_with};
use crate::catalogue::issued::RowIds;
use crate::catalogue::labels::{Matcher, TeamAliases};
use crate::diagnostic::{Finding, Sink};
use crate::exports;
use crate::locale::Lang;
use crate::merge::{Copied, Issue};
use crate::page::Page;
use crate::policy::Policy;
use crate::portfolio::decided::is_portfolio;
use crate::quantity::workdays::official;
use crate::record::export::Export;
use crate::review::{Accepted, Review, review, sources};
use crate::sheets;
use crate::trace::Book;
use crate::workbook::{Quirk, Workbook};
use crate::xlsx::foreign;
use crate::xlsx::graft::{
    Addition, Grafted, Owner, Placement, SheetMarks, annotate, generated_sheets, graft, named_sheets,
};
use crate::xlsx::guard::Limits;
use crate::xlsx::read::{Generated, ReadOptions, read_with};
use crate::xlsx::write::{WriteOptions, addition};

/// What every file of a run is read with.
pub struct Settings<'a> {
    /// Declarations.
    pub catalogue: &'a Catalogue,
    /// Labels, prepared from the declarations when they are first asked for.
    matcher: OnceLock<Matcher<'a>>,
    /// What the settings say about reading.
    pub reading: ReadPolicy,
    /// Thresholds and levels.
    pub policy: &'a Policy,
    /// Guards.
    pub limits: Limits,
    /// The day as of which things are late.
    pub as_of: NaiveDate,
    /// Language of our sheets.
    pub lang: Lang,
    /// Whether findings are marked on the team's own cells.
    pub mark: bool,
    /// What forms the report takes beside the workbook.
    pub papers: Vec<Paper>,
    /// Whether a run is also written as tables for other programs.
    pub data: bool,
}

impl<'a> Settings<'a> {
    /// The settings of a run.
    pub fn new(catalogue: &'a Catalogue, policy: &'a Policy, as_of: NaiveDate, lang: Lang) -> Settings<'a> {
        let mut aliases = team_aliases(policy);
        answers::add(&mut aliases, &answers::of_settings(catalogue, policy).0);
        Settings {
            catalogue,
            matcher: OnceLock::new(),
            reading: ReadPolicy { aliases, holidays: Some(official()), rates: policy.rates.clone() },
            policy,
            limits: Limits::default(),
            as_of,
            lang,
            mark: false,
            papers: Vec::new(),
            data: false,
        }
    }

    /// The same under other settings of the team's.
    pub fn under<'b>(&self, policy: &'b Policy) -> Settings<'b>
    where
        'a: 'b,
    {
        Settings {
            limits: self.limits,
            mark: self.mark,
            papers: self.papers.clone(),
            data: self.data,
            ..Settings::new(self.catalogue, policy, self.as_of, self.lang)
        }
    }

    /// Labels to match with.
    pub fn matcher(&self) -> &Matcher<'a> {
        self.matcher.get_or_init(|| Matcher::new(self.catalogue, &self.reading.aliases))
    }

    /// The same with what a workbook says of itself.
    fn matcher_with(&self, own: &Answers) -> OwnMatcher<'_, 'a> {
        if own.is_empty() {
            return OwnMatcher::Shared(self.matcher());
        }
        let mut aliases = self.reading.aliases.clone();
        answers::add(&mut aliases, own);
        OwnMatcher::Own(Box::new(Matcher::new(self.catalogue, &aliases)))
    }
}

/// The labels one workbook is read with: those of the run, or with its own answers among them.
enum OwnMatcher<'s, 'a> {
    Shared(&'s Matcher<'a>),
    Own(Box<Matcher<'a>>),
}

impl<'a> OwnMatcher<'_, 'a> {
    fn get(&self) -> &Matcher<'a> {
        match self {
            OwnMatcher::Shared(matcher) => matcher,
            OwnMatcher::Own(matcher) => matcher,
        }
    }
}

/// The team's own names, as recognition takes them: name → what it means.
fn team_aliases(policy: &Policy) -> TeamAliases {
    let mut aliases = TeamAliases::default();
    for (meaning, names) in &policy.aliases {
        let into = if meaning.contains('.') { &mut aliases.columns } else { &mut aliases.tables };
        into.extend(names.iter().map(|name| (name.clone(), meaning.clone())));
    }
    aliases
}

/// A file that turned out to be a workbook, as a package we can read and add to.
#[derive(Debug)]
pub struct Opened<'a> {
    package: Cow<'a, [u8]>,
    /// What is to be said of a file of another format.
    remark: Option<Finding>,
}

impl<'a> Opened<'a> {
    /// A package that needs no conversion.
    pub fn of(package: &'a [u8]) -> Opened<'a> {
        Opened { package: Cow::Borrowed(package), remark: None }
    }

    /// The same file with suggestions it came back with a yes to written in; and what was.
    pub fn with_accepted(self, name: &str, settings: &Settings<'_>) -> (Opened<'a>, Vec<Accepted>) {
        match super::apply::accepted(self.package(), name, settings) {
            Some((package, done)) => (Opened { package: Cow::Owned(package), ..self }, done),
            None => (self, Vec::new()),
        }
    }

    /// The xlsx package: the file itself, or what another format became.
    pub fn package(&self) -> &[u8] {
        &self.package
    }
}

/// Makes a package of a file, by its content and never by its name.
///
/// # Errors
/// A finding that says why the file cannot be read.
pub fn open<'b>(bytes: &'b [u8], name: &str, settings: &Settings<'_>) -> Result<Opened<'b>, Box<Finding>> {
    match foreign::convert(bytes, name, &settings.limits) {
        None => Ok(Opened { package: Cow::Borrowed(bytes), remark: None }),
        Some(Ok(other)) => {
            let remark = converted(&other);
            Ok(Opened { package: Cow::Owned(other.package), remark: Some(remark) })
        }
        Some(Err(refusal)) => Err(Box::new(refused(&refusal))),
    }
}

/// Reads, checks and analyses a workbook of any format we read.
///
/// # Errors
/// A finding that says why the file cannot be read.
pub fn review_bytes<'a>(
    bytes: &[u8],
    name: &str,
    settings: &'a Settings<'_>,
) -> Result<Review<'a>, Box<Finding>> {
    review_and_marks(&open(bytes, name, settings)?, name, settings).map(|(review, _)| review)
}

/// The same of a workbook that was opened, with the marks for the team's cells where the settings ask for them.
///
/// # Errors
/// A finding that says why the file cannot be read.
pub fn review_and_marks<'a>(
    opened: &Opened<'_>,
    name: &str,
    settings: &'a Settings<'_>,
) -> Result<(Review<'a>, Vec<SheetMarks>), Box<Finding>> {
    let Read { workbook, review, .. } = read_opened(opened, name, settings)?;
    let marks = if settings.mark { marks(&workbook, &review.findings, settings.lang) } else { Vec::new() };
    Ok((review, marks))
}

/// The team's sheets of an xlsx package as they were read, and the review of them.
///
/// # Errors
/// A finding that says why the file cannot be read.
pub fn read_and_review<'a>(
    bytes: &[u8],
    name: &str,
    settings: &'a Settings<'_>,
) -> Result<(Workbook, Review<'a>), Box<Finding>> {
    let read = read_opened(&Opened::of(bytes), name, settings)?;
    Ok((read.workbook, read.review))
}

/// A workbook as it was read.
pub struct Read<'a> {
    /// The team's sheets.
    pub workbook: Workbook,
    /// The review of them.
    pub review: Review<'a>,
    /// What it carries of earlier runs.
    pub carried: Carried,
    /// What it counts, where it is no campaign but a back office's export.
    pub export: Option<Export>,
}

/// Reads and judges a workbook that was opened.
///
/// # Errors
/// A finding that says why the file cannot be read.
pub fn read_opened<'a>(
    opened: &Opened<'_>,
    name: &str,
    settings: &'a Settings<'_>,
) -> Result<Read<'a>, Box<Finding>> {
    let bytes = opened.package();
    // Hidden names say which sheets are ours; where a program lost them, the sheets do.
    let named = named_sheets(bytes).unwrap_or_default();
    let skip_generated = Generated::when_named(named.is_some());
    let mut keep = named.clone().unwrap_or_default();
    keep.extend(sheets::tables::titles());
    let mut options = ReadOptions { skip_generated, skip: named.unwrap_or_default(), keep };
    let ours = options.skip.clone();
    let record = one_of(&mut options.skip, &sheets::accepted::titles());
    one_of(&mut options.skip, &sheets::tables::titles());
    let kept = carried::among(&mut options.skip);
    let mut workbook =
        read_with(bytes, &settings.limits, &options).map_err(|refusal| Box::new(refused(&refusal)))?;
    if is_portfolio(&workbook) {
        return Err(Box::new(portfolio_file()));
    }
    // Of another format the remark says what it is.
    let lies = if opened.remark.is_none() { other_extension(name) } else { None };
    workbook.quirks.extend(lies.map(Quirk::ExtensionLies));
    let export = exports::of(&workbook);
    let (own, wrong) = answers::take(&mut workbook, settings.catalogue);
    let accepted = record.map(|name| take_record(&mut workbook, &name)).unwrap_or_default();
    let mut carried = carried::take(&mut workbook, &kept, settings.catalogue, name);
    let row_ids = RowIds::take(&mut workbook);
    workbook.quirks.extend(typed(bytes, &ours, &workbook, settings));
    let mut sink = Sink::default();
    sink.findings.extend(opened.remark.clone());
    sink.findings.extend(wrong);
    sink.findings.extend(export.as_ref().map(platform_export));
    sink.findings.extend(carried.trouble.map(|trouble| not_believed(name, why_not(trouble))));
    let labels = settings.matcher_with(&own);
    let records = decode_with(labels.get(), &workbook, &settings.reading, &mut sink);
    sink.findings.extend(answers::obeyed(&records, &own, settings.policy));
    let sheets = workbook.sheets.iter().map(|sheet| sheet.name.to_string()).collect();
    let sources = sources(&workbook, &records);
    let copied = Copied::is_manageable(&records).then(|| {
        let issue = carried::issue_of(&mut carried, &records.identity, settings.catalogue);
        let template = records.identity.template.clone().unwrap_or_default();
        Box::new(Copied::of(settings.catalogue, issue, &template, &records, &workbook, row_ids))
    });
    let judge = |sheets, records, sink| {
        review(settings.catalogue, settings.policy, settings.as_of, name, sheets, records, sink)
    };
    let mut review = judge(sheets, records, sink);
    try_out(&workbook, &mut review, |workbook| {
        let mut sink = Sink::default();
        let records = decode_with(labels.get(), workbook, &settings.reading, &mut sink);
        judge(Vec::new(), records, sink).findings
    });
    (review.accepted, review.sources, review.answers) = (accepted, sources, own);
    review.copied = copied;
    Ok(Read { workbook, review, carried, export })
}

/// What somebody has written into our sheets of an earlier run.
fn typed(bytes: &[u8], ours: &[String], theirs: &Workbook, settings: &Settings<'_>) -> Vec<Quirk> {
    if ours.is_empty() {
        return Vec::new();
    }
    let theirs = theirs.sheets.iter().map(|sheet| sheet.name.to_string());
    let skip = theirs.filter(|name| !ours.contains(name)).collect();
    let options = ReadOptions { skip, ..ReadOptions::default() };
    // What cannot be read of our own is made anew all the same.
    let mut read = read_with(bytes, &settings.limits, &options).unwrap_or_default();
    read.sheets.retain(|sheet| ours.iter().any(|name| **name == *sheet.name));
    sheets::ledger::typed(&read).into_iter().map(Quirk::Typed).collect()
}

/// Takes the sheet of ours that goes by one of these names out of those not to be read.
fn one_of(generated: &mut Vec<String>, titles: &[String]) -> Option<String> {
    let at = generated.iter().position(|name| titles.iter().any(|title| name.starts_with(title.as_str())))?;
    Some(generated.remove(at))
}

/// Takes that sheet out of a workbook: it is ours, and not the team's to be judged.
fn take_record(workbook: &mut Workbook, name: &str) -> Vec<Accepted> {
    let at = workbook.sheets.iter().position(|sheet| &*sheet.name == name);
    at.map(|at| sheets::accepted::read(&workbook.sheets.remove(at))).unwrap_or_default()
}

/// A workbook to follow formulas in: all its sheets, ours and the team's apart.
///
/// # Errors
/// A finding that says why the file cannot be read.
pub fn book(bytes: &[u8], name: &str, settings: &Settings<'_>) -> Result<Book, Box<Finding>> {
    let ours: BTreeSet<String> = generated_sheets(bytes).unwrap_or_default().into_iter().collect();
    let workbook = read_with(bytes, &settings.limits, &ReadOptions::default())
        .map_err(|refusal| Box::new(refused(&refusal)))?;
    let mut theirs = workbook.clone();
    theirs.sheets.retain(|sheet| !ours.contains(&*sheet.name));
    RowIds::take(&mut theirs);
    let (own, _) = answers::take(&mut workbook.clone(), settings.catalogue);
    let records =
        decode_with(settings.matcher_with(&own).get(), &theirs, &settings.reading, &mut Sink::default());
    Ok(Book::new(name, workbook, ours, records))
}

/// The report in these forms; none where there is nothing to report.
///
/// # Errors
/// A finding that says it cannot be written.
pub fn reports(
    review: &Review<'_>,
    papers: &[Paper],
    lang: Lang,
) -> Result<BTreeMap<Paper, Vec<u8>>, Box<Finding>> {
    let document = if papers.is_empty() { None } else { sheets::report_of(review, lang) };
    let Some(document) = document else { return Ok(BTreeMap::new()) };
    papers.iter().map(|paper| Ok((*paper, paper.write(&document, lang)?))).collect()
}

/// The extension of a name, where it promises something else than the workbook that was read.
fn other_extension(name: &str) -> Option<String> {
    let extension = name.rsplit_once('.')?.1.to_lowercase();
    matches!(extension.as_str(), "xls" | "xlsb" | "ods" | "et" | "csv" | "txt" | "html").then_some(extension)
}

/// The workbook with our sheets in it; every part that is not ours stays as it is.
///
/// # Errors
/// A finding that says why our sheets cannot be added.
pub fn enrich(bytes: &[u8], review: &Review<'_>, lang: Lang) -> Result<Vec<u8>, Box<Finding>> {
    enrich_and_mark(bytes, review, &[], lang).map(|grafted| grafted.package)
}

/// The same with marks on the team's cells, in place of those of an earlier run.
///
/// # Errors
/// A finding that says why our sheets cannot be added.
pub fn enrich_and_mark(
    bytes: &[u8],
    review: &Review<'_>,
    marks: &[SheetMarks],
    lang: Lang,
) -> Result<Grafted, Box<Finding>> {
    let pages = sheets::lay_out(review, lang);
    given_back(bytes, review, pages, carried::outgoing(review).as_deref(), marks, lang)
}

/// The workbook with nothing of ours in it but what it is issued with.
///
/// # Errors
/// A finding that says why that cannot be added.
pub fn issued_with(
    bytes: &[u8],
    review: &Review<'_>,
    issue: &Issue,
    lang: Lang,
) -> Result<Vec<u8>, Box<Finding>> {
    given_back(bytes, review, Vec::new(), Some(issue), &[], lang).map(|grafted| grafted.package)
}

/// The workbook with pages of ours and with what it is issued with; it opens on the first page.
fn given_back(
    bytes: &[u8],
    review: &Review<'_>,
    mut pages: Vec<Page>,
    issue: Option<&Issue>,
    marks: &[SheetMarks],
    lang: Lang,
) -> Result<Grafted, Box<Finding>> {
    let activate = !pages.is_empty();
    let template = review.copied.as_ref().map_or("", |copied| copied.template.as_str());
    let ids = issue.map(|issue| carried::row_ids(review, issue)).unwrap_or_default();
    let (page, id) = issue.map(|issue| carried::page(review.catalogue, template, issue)).unzip();
    pages.extend(page);
    let amended = if ids.is_empty() { None } else { annotate(bytes, &ids).ok() };
    let bytes = amended.as_ref().map_or(bytes, |amended| amended.package.as_slice());
    let options = WriteOptions { lang, title: review.name().to_owned(), properties: Vec::new() };
    let unfinished =
        addition(&pages, &review.sheets, &options).map_err(|_| Box::new(Finding::new(&INTERNAL_ERROR)))?;
    let addition = Addition {
        package: &unfinished.written().package,
        last_touch: unfinished.last_touch(),
        sheets: &unfinished.written().sheets,
        theirs: &review.sheets,
        placement: Placement::After,
        activate,
        owner: Owner::Us,
        issue: id.as_deref(),
    };
    graft(bytes, &addition, marks).map_err(|error| Box::new(not_grafted(&error)))
}
