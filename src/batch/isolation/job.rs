//! What is done with one file, wherever it is done; and how it crosses the pipe.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::{Deserialize, Serialize};

use super::told::{Told, ToldBlocker};
use crate::asked::Answer;
use crate::batch::diff::diff;
use crate::batch::findings::{MAIL_UNREADABLE, PORTFOLIO_RETURNED, panicked, platform_export};
use crate::batch::marks::marks;
use crate::batch::merge::onward::{Order, onward};
use crate::batch::merge::{Handed, IssuedAs, computed, merge, patch, unite};
use crate::batch::one::{Read, Settings, enrich_and_mark, open, read_opened, reports, review_and_marks};
use crate::batch::paper::Paper;
use crate::batch::previous::{Written, written_on};
use crate::catalogue::findings::NO_TABLE_RECOGNISED;
use crate::cell::CellRef;
use crate::diagnostic::{Finding, Severity};
use crate::exchange::json;
use crate::mail;
use crate::merge::{Account, Claim, Source};
use crate::metrics::blockers::Blocker;
use crate::portfolio::entry;
use crate::record::export::Export;
use crate::record::merge::{Merge, Owing};
use crate::record::run::Origin;
use crate::record::summary::CampaignSummary;
use crate::review::Review;
use crate::workbook::Workbook;
use crate::xlsx::graft::GraftNote;
use crate::xlsx::saved::{Saved, saved};

/// What is wanted of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    /// What a batch keeps of it, and the enriched workbook.
    Batch,
    /// What a batch keeps of several copies of one campaign, and the one workbook they make.
    Merge,
    /// What a batch keeps of it, without the enriched workbook.
    Extract,
    /// What edits of several copies come to, with no copy at hand.
    Unite,
    /// The workbooks in a mail or an archive.
    Unpack,
    /// What the second of two files says otherwise than the first, as JSON.
    Diff,
    /// The file with such differences in it, and how many found no place as JSON.
    Patch,
    /// Another blank with what is known of it in it, and what came of that as JSON.
    Onward,
    /// Its findings.
    Check,
    /// The enriched workbook, and its findings.
    Enrich,
    /// What was recognised in it, as text.
    Inspect,
    /// What it answers on its sheet 认表, as JSON.
    Learn,
    /// Its figures, as text.
    Analyse,
    /// Its figures, as JSON.
    AnalyseJson,
}

/// One file to work on; its bytes go beside it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Job {
    /// What is wanted.
    pub task: Task,
    /// The file's name, for people.
    pub name: String,
    /// Who handed the copies in, in the order of their bytes ([`Task::Merge`]).
    #[serde(default)]
    pub handed: Vec<Handed>,
    /// Answers to questions that are known from elsewhere ([`Task::Merge`]).
    #[serde(default)]
    pub answers: Vec<Answer>,
    /// What is wanted of the other blank ([`Task::Onward`]).
    #[serde(default)]
    pub order: Option<Order>,
    /// Changes to write in ([`Task::Patch`]).
    #[serde(default)]
    pub changes: Vec<Claim>,
    /// Whether everything it says against what it was issued with is wanted ([`Task::Batch`]).
    #[serde(default)]
    pub edits: bool,
    /// What copies were issued as ([`Task::Unite`]).
    #[serde(default)]
    pub issued: IssuedAs,
}

impl Job {
    /// A job over one file.
    pub fn new(task: Task, name: impl Into<String>) -> Job {
        Job {
            task,
            name: name.into(),
            handed: Vec::new(),
            answers: Vec::new(),
            order: None,
            changes: Vec::new(),
            edits: false,
            issued: IssuedAs::default(),
        }
    }
}

/// What is known of a file as a copy of its campaign.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyFacts {
    /// Hash of what it holds.
    pub digest: String,
    /// Whether anything was typed into it since it was issued.
    pub edited: bool,
    /// Whether it holds what several said of one cell, or answers to that.
    pub open: bool,
    /// The generation it was issued as; below zero where nobody knows.
    pub generation: i64,
    /// Template version, where the workbook says so.
    pub version: Option<u32>,
    /// Who saved it last, as the file says.
    pub by: Option<String>,
    /// When, as the file says.
    pub at: Option<String>,
    /// Answers to questions that came back in it.
    pub answers: Vec<Answer>,
}

/// What became of a file that could be read; each task fills its own part.
#[derive(Debug, Default)]
pub struct Done {
    /// What the portfolio keeps ([`Task::Batch`]).
    pub entry: Option<Box<CampaignSummary>>,
    /// What it counts, where it is no campaign but a back office's export ([`Task::Batch`]).
    pub export: Option<Box<Export>>,
    /// What people wrote on it, where it is no campaign but a portfolio of ours ([`Task::Batch`]).
    pub written: Option<Box<Written>>,
    /// What it is as a copy of its campaign ([`Task::Batch`]).
    pub copy: CopyFacts,
    /// What its campaign still owes ([`Task::Batch`], [`Task::Merge`]).
    pub owing: Owing,
    /// What several copies came to, and which of them is the host ([`Task::Merge`]).
    pub merge: Option<(Box<Merge>, usize)>,
    /// What is said of it, as the run's record holds it, JSON ([`Task::Batch`]).
    pub said: Vec<u8>,
    /// Everything it says against what it was issued with, JSON of a [`crate::merge::Union`] in which its own source
    /// says but what it was issued from ([`Task::Batch`], where asked for).
    pub edits: Vec<u8>,
    /// The enriched workbook ([`Task::Batch`], [`Task::Enrich`]).
    pub package: Option<Vec<u8>>,
    /// Why there is none ([`Task::Batch`]).
    pub not_enriched: Option<Box<Finding>>,
    /// The report in every form that was asked for, where there is something to report ([`Task::Batch`],
    /// [`Task::Enrich`]).
    pub reports: BTreeMap<Paper, Vec<u8>>,
    /// Why there is none though there is something to report ([`Task::Batch`]).
    pub not_reported: Option<Box<Finding>>,
    /// Workbooks that came in a mail or an archive, and what else is to be said of it ([`Task::Unpack`]).
    pub unpacked: mail::Opened,
    /// Sheets and cells that got no note, because they have notes already ([`Task::Enrich`]).
    pub unnoted: Vec<(String, Vec<CellRef>)>,
    /// Its findings ([`Task::Check`], [`Task::Enrich`]).
    pub findings: Vec<Finding>,
    /// How many the settings silenced ([`Task::Check`]).
    pub silenced: usize,
    /// Cells to fill in first ([`Task::Check`]).
    pub blockers: Vec<Blocker>,
    /// What was recognised or computed, in words or as JSON; of [`Task::Check`] what is said of the whole workbook.
    pub text: String,
}

/// Words a review for the tasks that are answered in words; whoever speaks to people knows how.
pub type Describe<'a> = &'a (dyn Fn(Task, &Review<'_>) -> String + Sync);

/// Works on a file, or on several copies of one campaign.
pub(super) fn work(
    job: &Job,
    files: &[&[u8]],
    settings: &Settings<'_>,
    describe: Describe<'_>,
) -> Result<Done, Box<Finding>> {
    if job.task == Task::Merge {
        return merged(job, files, settings);
    }
    let bytes = files.first().copied().unwrap_or_default();
    if job.task == Task::Unite {
        return united(job, bytes, settings);
    }
    if job.task == Task::Unpack {
        let unpacked = mail::kind(&job.name).and_then(|kind| mail::open(kind, bytes, &settings.limits));
        let unpacked = unpacked.ok_or_else(|| Box::new(Finding::new(&MAIL_UNREADABLE)))?;
        return Ok(Done { unpacked, ..Done::default() });
    }
    if let (Task::Diff, Some(new)) = (job.task, files.get(1)) {
        let text = serde_json::to_string(&diff(bytes, new, settings)?).unwrap_or_default();
        return Ok(Done { text, ..Done::default() });
    }
    let told = |package: Vec<u8>, text: Result<String, serde_json::Error>| {
        let package = Some(package).filter(|package| !package.is_empty());
        Ok(Done { package, text: text.unwrap_or_default(), ..Done::default() })
    };
    if let (Task::Onward, Some(order)) = (job.task, &job.order) {
        let (package, came) = onward(bytes, &job.name, order, settings)?;
        return told(package, serde_json::to_string(&came));
    }
    if job.task == Task::Patch {
        let (package, left) = patch(bytes, &job.name, &job.changes, settings)?;
        return told(package, serde_json::to_string(&left));
    }
    let opened = open(bytes, &job.name, settings)?;
    let mut done = Done::default();
    if matches!(job.task, Task::Batch | Task::Extract) {
        let (opened, accepted) = opened.with_accepted(&job.name, settings);
        let read = match read_opened(&opened, &job.name, settings) {
            Err(finding) if finding.code == &PORTFOLIO_RETURNED && job.task == Task::Batch => {
                let Saved { by, at } = saved(opened.package(), &settings.limits);
                done.copy = CopyFacts { by, at, ..CopyFacts::default() };
                let written = written_on(opened.package(), &job.name, settings.catalogue, &settings.limits);
                return Ok(Done { written: Some(Box::new(written)), ..done });
            }
            read => read?,
        };
        let Read { workbook, mut review, carried, export } = read;
        // Evidence is no campaign, and no row of one.
        if let Some(export) = export {
            return match job.task {
                Task::Batch => Ok(Done { export: Some(Box::new(export)), ..done }),
                _ => Err(Box::new(platform_export(&export))),
            };
        }
        review.accepted.extend(accepted);
        if job.edits {
            done.edits = edits(&review, &workbook, &carried.answers);
        }
        done.copy = facts(opened.package(), &review, carried.answers, settings);
        match job.task {
            Task::Batch => kept(&mut done, opened.package(), &workbook, &review, settings)?,
            _ => recorded(&mut done, &review, settings)?,
        }
        return Ok(done);
    }
    let (review, marks) = review_and_marks(&opened, &job.name, settings)?;
    match job.task {
        Task::Check => {
            done.text = describe(job.task, &review);
            (done.findings, done.silenced, done.blockers) =
                (review.findings, review.silenced, review.blockers);
        }
        Task::Inspect | Task::Learn | Task::Analyse | Task::AnalyseJson => {
            done.text = describe(job.task, &review)
        }
        Task::Enrich => {
            done.reports = reports(&review, &settings.papers, settings.lang)?;
            let grafted = enrich_and_mark(opened.package(), &review, &marks, settings.lang)?;
            done.package = Some(grafted.package);
            done.unnoted = grafted
                .notes
                .into_iter()
                .filter_map(|note| match note {
                    GraftNote::NotesSkipped(sheet, cells) => Some((sheet, cells)),
                    _ => None,
                })
                .collect();
            done.findings = review.findings;
        }
        Task::Batch | Task::Extract | Task::Merge | Task::Unite => {}
        Task::Diff | Task::Patch | Task::Onward | Task::Unpack => {}
    }
    Ok(done)
}

/// Everything a copy says; nothing where it is too large to be compared.
fn edits(review: &Review<'_>, workbook: &Workbook, answers: &[Answer]) -> Vec<u8> {
    let Some(copied) = &review.copied else { return Vec::new() };
    let mut union = copied.union(Source { base: copied.base(), ..Source::default() });
    union.decisions.extend(answers.iter().map(|answer| answer.decision.clone()));
    serde_json::to_vec(&Account { union, computed: computed(review, workbook), order: copied.order() })
        .unwrap_or_default()
}

/// Copies of one campaign made one, and what a batch keeps of it.
fn merged(job: &Job, files: &[&[u8]], settings: &Settings<'_>) -> Result<Done, Box<Finding>> {
    let copies: Vec<_> = job.handed.iter().cloned().zip(files.iter().copied()).collect();
    let mut merged = merge(&copies, &job.answers, settings)?;
    let mut done = Done::default();
    kept(&mut done, &merged.package, &merged.workbook, &merged.review, settings)?;
    done.merge = merged.review.merge.take().map(|merge| (merge, merged.host));
    Ok(done)
}

/// What edits come to, and what is said of it.
fn united(job: &Job, packed: &[u8], settings: &Settings<'_>) -> Result<Done, Box<Finding>> {
    let told = serde_json::from_slice(packed).unwrap_or_default();
    let mut united = unite(told, &job.name, &job.issued, settings)?;
    let mut done = Done::default();
    recorded(&mut done, &united.review, settings)?;
    done.merge = united.review.merge.take().map(|merge| (merge, united.host));
    Ok(done)
}

/// What is said of a workbook that was read.
fn recorded(done: &mut Done, review: &Review<'_>, settings: &Settings<'_>) -> Result<(), Box<Finding>> {
    if let Some(finding) = review.findings.iter().find(|finding| finding.code == &NO_TABLE_RECOGNISED) {
        return Err(Box::new(finding.clone()));
    }
    done.said = serde_json::to_vec(&json::review(review, settings.lang)).unwrap_or_default();
    done.entry = Some(Box::new(entry(review)));
    done.owing = owing(review, settings);
    Ok(())
}

/// What a batch keeps of a workbook that was read.
fn kept(
    done: &mut Done,
    package: &[u8],
    workbook: &Workbook,
    review: &Review<'_>,
    settings: &Settings<'_>,
) -> Result<(), Box<Finding>> {
    recorded(done, review, settings)?;
    let marks = if settings.mark { marks(workbook, &review.findings, settings.lang) } else { Vec::new() };
    match enrich_and_mark(package, review, &marks, settings.lang) {
        Ok(grafted) => done.package = Some(grafted.package),
        Err(finding) => done.not_enriched = Some(finding),
    }
    match reports(review, &settings.papers, settings.lang) {
        Ok(reports) => done.reports = reports,
        Err(finding) => done.not_reported = Some(finding),
    }
    Ok(())
}

/// What a file is as a copy of its campaign.
fn facts(package: &[u8], review: &Review<'_>, answers: Vec<Answer>, settings: &Settings<'_>) -> CopyFacts {
    let Saved { by, at } = saved(package, &settings.limits);
    let copied = review.copied.as_deref();
    CopyFacts {
        digest: copied.map(|copied| copied.digest.clone()).unwrap_or_default(),
        edited: copied.is_some_and(|copied| !copied.is_as_issued()),
        open: !answers.is_empty() || copied.is_some_and(|copied| copied.has_questions()),
        generation: copied.map_or(0, |copied| copied.issue.generation),
        version: review.campaign.identity.version,
        by,
        at,
        answers,
    }
}

fn owing(review: &Review<'_>, settings: &Settings<'_>) -> Owing {
    let template = review.campaign.identity.template.as_ref();
    let template = template.and_then(|id| review.catalogue.templates.get(id));
    let filled = |table: &str| review.records.tables.get(table).is_some_and(|table| table.in_use());
    let tables: Vec<&String> = match template {
        Some(template) => template.tables.iter().map(|member| &member.id).collect(),
        None => review.catalogue.tables.keys().collect(),
    };
    let left = review.analysis.filled.iter();
    let left = left.map(|table| (table.table.clone(), table.required.saturating_sub(table.filled)));
    let mut errors: BTreeMap<String, usize> = BTreeMap::new();
    for finding in review.findings.iter().filter(|finding| finding.severity == Severity::Error) {
        *errors.entry(finding.table.clone().unwrap_or_default()).or_default() += 1;
    }
    Owing {
        left: left.collect(),
        errors,
        first: review.blockers.iter().map(|blocker| owed(blocker, settings)).collect(),
        empty: tables.into_iter().filter(|table| !filled(table)).cloned().collect(),
        issued: review.copied.as_ref().map_or(0, |copied| copied.outgoing_generation()),
        content: review.copied.as_ref().map(|copied| copied.content()).unwrap_or_default(),
    }
}

/// A blocker in words: the cells, and the figures that wait for them.
fn owed(blocker: &Blocker, settings: &Settings<'_>) -> String {
    let cells: Vec<String> = blocker.cells.iter().map(ToString::to_string).collect();
    format!("{}（{}）", cells.join(" "), blocker.figures(settings.lang))
}

/// Works on a file here, a panic being the file's finding. Without a worker there is no limit of time or memory.
///
/// # Errors
/// A finding that says why the file came to nothing.
pub fn in_this_process(
    job: &Job,
    files: &[&[u8]],
    settings: &Settings<'_>,
    describe: Describe<'_>,
) -> Result<Done, Box<Finding>> {
    caught(|| work(job, files, settings, describe)).unwrap_or_else(|words| Err(Box::new(panicked(&words))))
}

/// The outcome, or what a panic said.
fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| {
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
        text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default()
    })
}

/// What a worker answers, apart from the large pieces.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Head {
    Panicked(String),
    Refused(Told),
    Done {
        entry: Option<Box<CampaignSummary>>,
        export: Option<Box<Export>>,
        written: Option<Box<Written>>,
        copy: CopyFacts,
        owing: Owing,
        merge: Option<(Box<Merge>, usize)>,
        attached: Vec<(String, Origin)>,
        oddities: Vec<mail::Oddity>,
        enriched: bool,
        reported: Vec<Paper>,
        not_enriched: Option<Box<Told>>,
        not_reported: Option<Box<Told>>,
        unnoted: Vec<(String, Vec<CellRef>)>,
        findings: Vec<Told>,
        silenced: usize,
        blockers: Vec<ToldBlocker>,
    },
}

/// How a worker answers: does the work, catching panics, and packs the outcome.
pub(super) fn answer(work: impl FnOnce() -> Result<Done, Box<Finding>>) -> Vec<Vec<u8>> {
    let (head, pieces) = match caught(work) {
        Err(words) => (Head::Panicked(words), Vec::new()),
        Ok(Err(finding)) => (Head::Refused(Told::of(&finding)), Vec::new()),
        Ok(Ok(done)) => {
            let head = Head::Done {
                entry: done.entry,
                export: done.export,
                written: done.written,
                copy: done.copy,
                owing: done.owing,
                merge: done.merge,
                attached: done
                    .unpacked
                    .attached
                    .iter()
                    .map(|one| (one.name.clone(), one.origin.clone()))
                    .collect(),
                oddities: done.unpacked.oddities,
                enriched: done.package.is_some(),
                reported: done.reports.keys().copied().collect(),
                not_enriched: done.not_enriched.as_deref().map(Told::of).map(Box::new),
                not_reported: done.not_reported.as_deref().map(Told::of).map(Box::new),
                unnoted: done.unnoted,
                findings: done.findings.iter().map(Told::of).collect(),
                silenced: done.silenced,
                blockers: done.blockers.iter().map(ToldBlocker::of).collect(),
            };
            let package = done.package.unwrap_or_default();
            let mut pieces = vec![done.said, package, done.text.into_bytes(), done.edits];
            pieces.extend(done.reports.into_values());
            pieces.extend(done.unpacked.attached.into_iter().map(|one| one.bytes));
            (head, pieces)
        }
    };
    let head = serde_json::to_vec(&head).unwrap_or_default();
    [head].into_iter().chain(pieces).collect()
}

/// What a worker said of a file.
pub(super) enum Said {
    /// The work is done, or the file refused.
    Outcome(Box<Result<Done, Box<Finding>>>),
    /// It panicked, with these words.
    Panicked(String),
}

/// Reads an answer; `None` where it is none.
pub(super) fn understand(pieces: Vec<Vec<u8>>) -> Option<Said> {
    let mut pieces = pieces.into_iter();
    let outcome = match serde_json::from_slice(&pieces.next()?).ok()? {
        Head::Panicked(words) => return Some(Said::Panicked(words)),
        Head::Refused(told) => Err(Box::new(told.finding()?)),
        Head::Done {
            entry,
            export,
            written,
            copy,
            owing,
            merge,
            attached,
            oddities,
            enriched,
            reported,
            not_enriched,
            not_reported,
            unnoted,
            findings,
            silenced,
            blockers,
        } => Ok(Done {
            entry,
            export,
            written,
            copy,
            owing,
            merge,
            not_enriched: perhaps(not_enriched)?,
            not_reported: perhaps(not_reported)?,
            unnoted,
            findings: findings.into_iter().map(Told::finding).collect::<Option<_>>()?,
            silenced,
            blockers: blockers.into_iter().map(ToldBlocker::blocker).collect::<Option<_>>()?,
            said: pieces.next()?,
            package: Some(pieces.next()?).filter(|_| enriched),
            text: String::from_utf8(pieces.next()?).ok()?,
            edits: pieces.next()?,
            reports: reported
                .into_iter()
                .map(|paper| Some((paper, pieces.next()?)))
                .collect::<Option<_>>()?,
            unpacked: mail::Opened {
                attached: attached
                    .into_iter()
                    .map(|(name, origin)| Some(mail::Attached { name, origin, bytes: pieces.next()? }))
                    .collect::<Option<_>>()?,
                oddities,
            },
        }),
    };
    Some(Said::Outcome(Box::new(outcome)))
}

/// A finding that may not be there, but has to be one if it is.
fn perhaps(told: Option<Box<Told>>) -> Option<Option<Box<Finding>>> {
    match told {
        Some(told) => told.finding().map(|finding| Some(Box::new(finding))),
        None => Some(None),
    }
}
