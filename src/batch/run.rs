//! One run over a folder.

#![expect(clippy::disallowed_methods, reason = "pieces of this run wait in its staging folder")]

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::again::{Ground, Unchanged, nothing_to_do};
use super::answers::{said_by, with_decided};
use super::data::{self, Shelf};
use super::discover::{Input, discover, locks};
use super::done::{Done, PARTS, edits_part, part, report_part, said, said_part};
use super::findings::{
    LOCK_FILE, MAIL_ATTACHMENT, ROSTER_TWICE, not_believed, platform_export, portfolio_file,
};
use super::input::snapshot;
use super::isolation::{CopyFacts, Job, Task, Workers};
use super::looked_for;
use super::memory::{Keeper, Memory, Remark};
use super::merge::Handed;
use super::one::Settings;
use super::out::{OutError, Staging, safe_name};
use super::paper::Paper;
use super::previous::{Previous, Written, carry, previous, settled};
use super::returned::obey;
use super::roster::{self, Expected};
use super::written::{file_record, record};
use crate::asked::Answer;
use crate::diagnostic::{Arg, Finding, Severity};
use crate::exchange::baseline::{self, Baseline};
use crate::locale::fold;
use crate::mail::Oddity;
use crate::markup;
use crate::portfolio::decided::PROPERTY;
use crate::portfolio::exports::CameIn;
use crate::portfolio::memo::{self, PORTFOLIO};
use crate::portfolio::{Gathered, Portfolio, Refused, pages};
use crate::record::SCHEMA;
use crate::record::decided::Decided;
use crate::record::merge::{Merge, What};
use crate::record::run::{Origin, Run, Skipped};
use crate::record::summary::CampaignSummary;
use crate::tables::{self, Whence};
use crate::weeks::{self, Kept, Week, period_of};
use crate::xlsx::write::{WriteOptions, write};

/// How a run ended.
#[derive(Debug)]
pub enum Came {
    /// Results were written.
    Anew(Box<Outcome>),
    /// Nothing changed since the run whose record this is, and nothing was written; and what is to be said about
    /// the ledger.
    AsBefore(Box<Run>, Vec<Remark>),
}

/// What a run came to.
#[derive(Debug)]
pub struct Outcome {
    /// Everything side by side.
    pub portfolio: Portfolio,
    /// Files passed over.
    pub skipped: Vec<Skipped>,
    /// Findings by level, over the campaigns that count and between them.
    pub counts: BTreeMap<Severity, usize>,
    /// Files that were input.
    pub inputs: usize,
    /// The findings against an earlier run's, where one was given.
    pub compared: Option<Against>,
    /// What is to be said about the ledger.
    pub remarks: Vec<Remark>,
}

/// The tables for other programs: what the campaigns say, and what is known of every file.
fn tabulate(
    done: &[Done],
    portfolio: &Portfolio,
    settings: &Settings<'_>,
    staging: &Staging,
) -> Result<(), OutError> {
    let as_of = portfolio.as_of;
    let shelf = Shelf::of_run(staging);
    let hashes: HashMap<&str, &str> =
        done.iter().map(|one| (one.input.name.as_str(), one.hash.as_str())).collect();
    data::portfolio(
        &shelf,
        portfolio,
        &|entry| hashes.get(entry.file.as_str()).copied().unwrap_or_default(),
        settings.policy,
    )?;
    let entries: HashMap<&str, &CampaignSummary> =
        portfolio.entries.iter().map(|entry| (entry.file.as_str(), entry)).collect();
    let mut done: Vec<&Done> = done.iter().collect();
    done.sort_by(|a, b| a.input.name.cmp(&b.input.name));
    let (mut files, mut findings, mut edits) = (shelf.begin()?, shelf.begin()?, shelf.begin()?);
    for one in done {
        let entry = entries.get(one.input.name.as_str()).copied();
        let record = file_record(one, entry, settings, staging);
        let campaign = one.result.as_ref().map(|entry| entry.campaign.as_str()).unwrap_or_default();
        let whence = Whence { shard: "", as_of, file_hash: &one.hash, campaign };
        for said in record.findings.iter().chain(record.finding.as_deref()) {
            findings.add(&tables::finding(&whence, &record.file, said))?;
        }
        files.add(&data::file(&whence, &record))?;
        let waiting = std::fs::read(staging.path(&edits_part(one.index))).unwrap_or_default();
        let handed = handed(&one.input.name, one.input.origin.as_ref(), &one.copy);
        for edit in data::edits(&whence, &waiting, &one.copy.digest, &handed) {
            edits.add(&edit)?;
        }
    }
    for (copy, counts) in &portfolio.identical {
        files.add(&data::identical(as_of, copy, hashes.get(counts.as_str()).copied().unwrap_or_default()))?;
    }
    files.end()?;
    findings.end()?;
    edits.end()?;
    shelf.explain(settings.lang)
}

/// The findings of the campaigns that count against those of an earlier run.
#[derive(Debug, Default)]
pub struct Against {
    /// New, or grown by a cell.
    pub new: usize,
    /// There before and there now.
    pub still: usize,
    /// There before and gone.
    pub fixed: usize,
    /// The worst level of what is new.
    pub worst: Option<Severity>,
}

/// Why a run came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The folder cannot be listed.
    #[error("{0}")]
    Folder(#[source] std::io::Error),
    /// There is no workbook in the folder, and earlier results that stay.
    #[error("no workbook")]
    Empty,
    /// Results cannot be written.
    #[error(transparent)]
    Out(#[from] OutError),
    /// The portfolio could not be built: a fault of this program.
    #[error("the portfolio could not be built: {0}")]
    Portfolio(String),
}

/// Who is expected, and where the weeks before are known from.
#[derive(Debug, Default)]
pub struct Expecting {
    /// Lines of the roster; none where the campaigns of the week before are expected.
    pub roster: Vec<Expected>,
    /// The run of the week before, where one was named, and its folder.
    pub before: Option<(PathBuf, Run)>,
    /// Where the past is kept.
    pub keeper: Keeper,
}

/// Runs over a folder; `earlier` is a run before to compare with, `progress` is called after each file with how many are done and how many there are.
///
/// # Errors
/// When the folder cannot be listed or the results cannot be written. What is wrong with a file is in the outcome.
pub fn run(
    folder: &Path,
    out: &Path,
    settings: &Settings<'_>,
    workers: &Workers<'_, '_>,
    earlier: Option<&Baseline>,
    expecting: &Expecting,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Came, RunError> {
    let mut found = discover(folder, Some(out)).map_err(RunError::Folder)?;
    // What people typed into the outputs before is read before anything is replaced.
    let mut before = previous(out, settings.catalogue, &settings.limits);
    // A folder that lists nothing says nothing: results that are there are not replaced by none.
    if found.inputs.is_empty() && found.containers.is_empty() {
        return Err(RunError::Empty);
    }
    let mut memory = Memory::open(out, &expecting.keeper, expecting.before.as_ref());
    let period = period_of(settings.as_of);
    let (known, since) = memory.decided(&period, settings.catalogue, &settings.limits);
    let since_then = Since { known, written: since };
    let standing = since_then.decided(&before, settings);
    let given = with_decided(settings.policy, &standing);
    let under = settings.under(&given);
    let answered = since_then.answers();
    let mut ground = Ground::of(&found, &before, &expecting.roster, &memory, (&standing, answered), &under);
    // What is compared with an earlier run is told each time.
    if earlier.is_none()
        && let Some(run) = nothing_to_do(&mut before, &ground)
    {
        return Ok(Came::AsBefore(Box::new(run), memory.remarks));
    }
    let staging = Staging::open(out)?;
    memory.remember();
    let expected = Roll::of(expecting, &memory, settings);
    let unchanged = Unchanged::of(out, &before, &ground);
    let (attached, unread, odd) = unpack(&found.containers, settings, workers, &staging)?;
    found.inputs.extend(attached);
    let total = found.inputs.len() + unread.len();
    let names_of_inputs: Vec<String> = found.inputs.iter().map(|input| input.name.clone()).collect();
    let returned = before.typed.iter().map(|(name, path)| Input::kept(path.clone(), name.clone()));
    let inputs: Vec<Input> = found.inputs.into_iter().chain(returned).collect();
    let tell = |done: usize| progress(done.min(total), total);
    let all = All { inputs, unread };
    let mut done = all.read(&under, &workers.under(&under), Some(&unchanged), &staging, &tell)?;
    before.answers.splice(0..0, since_then.settled(expected.before.as_ref()));
    let (mut decided, words) = since_then.with_returned(&mut done, &mut before, settings);
    let campaigns = done.iter().filter_map(|one| one.result.as_deref().ok());
    decided.join(&said_by(campaigns, &decided, &period), |_| true);
    // What somebody said of tables and words counts for every file: where there is something new, all are read again.
    let learnt = with_decided(settings.policy, &decided);
    let anew = settings.under(&learnt);
    let then = since_then.known_next(&decided, &period);
    let given_then = with_decided(settings.policy, &then);
    let under_then = settings.under(&given_then);
    let settings = if learnt.source == given.source { &under } else { &anew };
    let workers = &workers.under(settings);
    if learnt.source != given.source {
        let before = std::mem::replace(&mut done, all.read(settings, workers, None, &staging, &tell)?);
        for told in before.into_iter().filter(|one| one.written.is_some()) {
            done.iter_mut()
                .filter(|one| one.index == told.index)
                .for_each(|one| one.result = told.result.clone());
        }
    }
    // The ground is what the next run finds before it has read a file: not what was said in a mail.
    if then != standing {
        ground = ground.with(&then, &under_then);
    }
    let identical = drop_identical(&mut done, &staging)?;
    let merges = merge_copies(&mut done, &before.answers, settings, workers, &staging)?;
    name_outputs(&mut done, &staging)?;
    let campaigns = earlier.map(Baseline::campaigns).unwrap_or_default();
    let locks = found.skipped.iter().filter_map(|skipped| locked(skipped, &names_of_inputs));
    let twice = roster::remarks(&expecting.roster, &ROSTER_TWICE);
    let said = odd.into_iter().chain(locks).chain(twice).chain(bases(&merges)).chain(words).collect();
    let mut portfolio =
        Portfolio::of(gather(&done, identical, merges, said, decided, settings), &campaigns, settings.policy);
    call_roll(&done, &mut portfolio, &expected, settings, &staging)?;
    let now = this_week(&done, &portfolio, settings, &staging);
    portfolio.weeks = Some(weeks::tell(&memory.past, &now, &on_list(&expecting.roster), settings.policy));
    portfolio.library = weeks::library(&memory.past, &now);
    let pages = pages::lay_out(&portfolio, settings.lang);
    let options = WriteOptions {
        lang: settings.lang,
        title: PORTFOLIO.into(),
        properties: vec![(PROPERTY.into(), SCHEMA.to_string())],
    };
    let written = write(&pages, &options).map_err(|error| RunError::Portfolio(error.to_string()))?;
    staging.write(PORTFOLIO, &written.package)?;
    let memo = memo::memo(&portfolio, &pages, settings.policy, settings.lang);
    staging.write(MEMO_HTML, markup::html(&memo, settings.lang).as_bytes())?;
    staging.write(MEMO_TEXT, markup::markdown(&memo, settings.lang).as_bytes())?;
    if settings.data {
        tabulate(&done, &portfolio, settings, &staging)?;
    }
    record(&done, &portfolio, &found.skipped, settings, &ground, &staging)?;
    let compared = earlier.map(|earlier| against(earlier, &done, &portfolio, &staging));
    carry(&before, &staging)?;
    if staging.path(PARTS).exists() {
        staging.remove(PARTS)?;
    }
    staging.commit()?;
    memory.keep();
    let mut counts = BTreeMap::new();
    for line in portfolio.counted().flat_map(|entry| &entry.findings) {
        *counts.entry(line.severity).or_default() += line.findings;
    }
    for finding in &portfolio.findings {
        *counts.entry(finding.severity).or_default() += 1;
    }
    let remarks = memory.remarks;
    Ok(Came::Anew(Box::new(Outcome {
        portfolio,
        skipped: found.skipped,
        counts,
        inputs: total,
        compared,
        remarks,
    })))
}

/// Everything that came in.
struct All {
    inputs: Vec<Input>,
    /// What could not be opened, and why.
    unread: Vec<(Input, Box<Finding>)>,
}

impl All {
    /// Reads, judges and enriches every file; of earlier outputs only those somebody typed into. `tell` is called
    /// after each with how many are done.
    fn read(
        &self,
        settings: &Settings<'_>,
        workers: &Workers<'_, '_>,
        unchanged: Option<&Unchanged<'_>>,
        staging: &Staging,
        tell: &(dyn Fn(usize) + Sync),
    ) -> Result<Vec<Done>, OutError> {
        let count = std::sync::atomic::AtomicUsize::new(0);
        let done: Result<Vec<Done>, OutError> = self
            .inputs
            .par_iter()
            .enumerate()
            .map(|(index, input)| {
                let done = file(index, input.clone(), settings, workers, unchanged, staging);
                tell(count.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1);
                done
            })
            .collect();
        let mut done = done?;
        for (input, finding) in &self.unread {
            let index = done.len();
            done.push(Done { result: Err(finding.clone()), ..Done::new(index, input.clone()) });
        }
        drop_untouched(&mut done, staging)?;
        Ok(done)
    }
}

/// Whom the roll is called by: the roster, else the campaigns of the week before, where it is known.
struct Roll {
    roster: Vec<Expected>,
    before: Option<Run>,
}

impl Roll {
    fn of(expecting: &Expecting, memory: &Memory, settings: &Settings<'_>) -> Roll {
        let named = expecting.before.as_ref().map(|(_, run)| run.clone());
        let before = named.or_else(|| memory.before(&period_of(settings.as_of)));
        let roster = match expecting.roster.as_slice() {
            [] => before.as_ref().map(roster::of_run).unwrap_or_default(),
            roster => roster.to_vec(),
        };
        Roll { roster, before }
    }
}

/// What was decided by the week before, and what people wrote on its portfolio since, where that is there.
struct Since {
    known: Decided,
    written: Option<Written>,
}

impl Since {
    /// What people decided: as the week before knew it, on the pages of its portfolio since, and on those of this
    /// week's.
    fn decided(&self, before: &Previous, settings: &Settings<'_>) -> Decided {
        self.and_then(self.known.clone(), before, settings)
    }

    /// The same with what stands on portfolios that came back, before what stands on those in the results; their
    /// answers join those that are known. What became of their words is told.
    fn with_returned(
        &self,
        done: &mut [Done],
        before: &mut Previous,
        settings: &Settings<'_>,
    ) -> (Decided, Vec<Finding>) {
        let mut decided = self.known.clone();
        let words = obey(done, &mut decided, &mut before.answers);
        (self.and_then(decided, before, settings), words)
    }

    fn and_then(&self, mut decided: Decided, before: &Previous, settings: &Settings<'_>) -> Decided {
        let period = period_of(settings.as_of);
        self.written.iter().flat_map(|it| &it.decided).cloned().for_each(|said| decided.take(said));
        if let Some(run) = &before.run {
            // What an earlier week decided is that week's to say, as long as it can be asked.
            let own = period_of(run.head.as_of) == period && self.written.is_some();
            decided.join(&run.head.decided, |of| !own || of == period);
        }
        before.decided.iter().cloned().for_each(|said| decided.take(said));
        decided
    }

    /// What the next run of the same week begins with, after one that obeyed `decided`.
    fn known_next(&self, decided: &Decided, period: &str) -> Decided {
        let mut then = self.known.clone();
        self.written.iter().flat_map(|it| &it.decided).cloned().for_each(|said| then.take(said));
        then.join(decided, |of| self.written.is_none() || of == period);
        then
    }

    /// Answers that were written on the portfolio of the week before.
    fn answers(&self) -> &[Answer] {
        self.written.as_ref().map(|it| it.answers.as_slice()).unwrap_or_default()
    }

    /// Those, after the ones the week before obeyed.
    fn settled(&self, before: Option<&Run>) -> Vec<Answer> {
        before.map(settled).unwrap_or_default().into_iter().chain(self.answers().iter().cloned()).collect()
    }
}

/// Ids and names of the campaigns on a roster, folded.
fn on_list(roster: &[Expected]) -> BTreeSet<String> {
    let words = roster.iter().flat_map(|one| [&one.campaign, &one.name]);
    words.filter(|word| !word.is_empty()).map(|word| fold(word)).collect()
}

/// This week, as it is remembered.
fn this_week(done: &[Done], portfolio: &Portfolio, settings: &Settings<'_>, staging: &Staging) -> Week {
    let index: HashMap<&str, usize> = done.iter().map(|one| (one.input.name.as_str(), one.index)).collect();
    let kept = |entry: &CampaignSummary| {
        let said = index.get(entry.file.as_str()).map(|index| said(*index, staging)).unwrap_or_default();
        Kept::of(entry, said.findings.iter())
    };
    Week {
        period: period_of(settings.as_of),
        as_of: settings.as_of,
        rules: looked_for(settings.policy),
        decided: portfolio.decided.clone(),
        campaigns: portfolio.counted().map(kept).collect(),
    }
}

/// The memo's names.
const MEMO_HTML: &str = "周报.html";
const MEMO_TEXT: &str = "周报.md";

/// Workbooks in mails and archives, mails that could not be opened, and what is to be said of the others.
pub(super) type Unpacked = (Vec<Input>, Vec<(Input, Box<Finding>)>, Vec<Finding>);

/// Takes workbooks out of mails and archives; each waits on the disk like a file of the folder.
pub(super) fn unpack(
    containers: &[Input],
    settings: &Settings<'_>,
    workers: &Workers<'_, '_>,
    staging: &Staging,
) -> Result<Unpacked, OutError> {
    let worked: Vec<_> = containers
        .par_iter()
        .map(|container| {
            let bytes = snapshot(&container.path, &settings.limits)?;
            workers.work(&Job::new(Task::Unpack, container.name.clone()), &bytes)
        })
        .collect();
    let (mut inputs, mut unread, mut said) = (Vec::new(), Vec::new(), Vec::new());
    for (n, (container, work)) in containers.iter().zip(worked).enumerate() {
        let unpacked = match work {
            Ok(work) => work.unpacked,
            Err(finding) => {
                unread.push((container.clone(), finding));
                continue;
            }
        };
        for oddity in unpacked.oddities {
            let detail = match oddity {
                Oddity::Winmail => "mail-winmail",
                Oddity::Link => "mail-link",
                Oddity::TooMany => "mail-too-many",
                Oddity::Unpacked => "mail-unpacked",
            };
            let finding = Finding::new(&MAIL_ATTACHMENT).arg("file", Arg::Text(container.name.clone()));
            said.push(finding.arg("detail", Arg::Word(detail)));
        }
        let mut taken = BTreeSet::new();
        for (at, attached) in unpacked.attached.into_iter().enumerate() {
            let piece = format!("{PARTS}/in/{n:06}-{at:04}");
            staging.write(&piece, &attached.bytes)?;
            let plain = format!("{}/{}", container.name, attached.name);
            let numbered = (1..).map(|n| if n == 1 { plain.clone() } else { format!("{plain} ({n})") });
            let name = numbered.into_iter().find(|name| taken.insert(name.clone())).unwrap_or(plain);
            let origin = Origin { inside: container.name.clone(), ..attached.origin };
            inputs.push(Input { origin: Some(origin), ..Input::new(staging.path(&piece), name) });
        }
    }
    Ok((inputs, unread, said))
}

/// Reads, judges and enriches one file. Whatever goes wrong in it stays in it.
fn file(
    index: usize,
    input: Input,
    settings: &Settings<'_>,
    workers: &Workers<'_, '_>,
    unchanged: Option<&Unchanged<'_>>,
    staging: &Staging,
) -> Result<Done, OutError> {
    let mut done = Done::new(index, input);
    let bytes = match snapshot(&done.input.path, &settings.limits) {
        Ok(bytes) => bytes,
        Err(finding) => {
            done.result = Err(finding);
            return Ok(done);
        }
    };
    done.hash = blake3::hash(&bytes).to_hex().to_string();
    done.bytes = bytes.len();
    if let Some(unchanged) = unchanged
        && unchanged.take_over(&mut done, staging)?
    {
        // What was typed stands in no result of its own.
        if settings.data {
            let job = Job { edits: true, ..Job::new(Task::Extract, done.input.name.clone()) };
            let edits = workers.work(&job, &bytes).map(|work| work.edits).unwrap_or_default();
            staging.write(&edits_part(index), &edits)?;
        }
        return Ok(done);
    }
    let job = Job { edits: settings.data, ..Job::new(Task::Batch, done.input.name.clone()) };
    match workers.work(&job, &bytes) {
        Err(finding) => done.result = Err(finding),
        Ok(work) => {
            (done.copy, done.owing) = (work.copy, work.owing);
            if let Some(export) = work.export {
                done.result = Err(Box::new(platform_export(&export)));
                done.export = Some(export);
            }
            if let Some(written) = work.written {
                done.result = Err(Box::new(portfolio_file()));
                done.written = Some(written);
            }
            let Some(entry) = work.entry else { return Ok(done) };
            staging.write(&said_part(index), &work.said)?;
            if settings.data {
                staging.write(&edits_part(index), &work.edits)?;
            }
            if let Some(package) = work.package {
                staging.write(&part(index), &package)?;
            }
            done.keep_reports(&work.reports, staging)?;
            done.not_enriched = work.not_enriched;
            done.not_reported = work.not_reported;
            done.result = Ok(Box::new(CampaignSummary { output: part(index), ..*entry }));
        }
    }
    Ok(done)
}

/// Of files with the same bytes, the first by name counts.
fn drop_identical(done: &mut Vec<Done>, staging: &Staging) -> Result<Vec<(String, String)>, OutError> {
    let mut first: BTreeMap<String, String> = BTreeMap::new();
    let mut identical = Vec::new();
    let mut kept = Vec::new();
    for one in std::mem::take(done) {
        let Ok(entry) = &one.result else {
            kept.push(one);
            continue;
        };
        match first.get(&one.hash) {
            Some(counts) => {
                for output in [&entry.output].into_iter().chain(one.reports.values()) {
                    if staging.path(output).exists() {
                        staging.remove(output)?;
                    }
                }
                identical.push((one.input.name, counts.clone()));
            }
            None => {
                first.insert(one.hash.clone(), one.input.name.clone());
                kept.push(one);
            }
        }
    }
    *done = kept;
    Ok(identical)
}

/// An output of the run before is a copy only where somebody typed into it.
fn drop_untouched(done: &mut Vec<Done>, staging: &Staging) -> Result<(), OutError> {
    for one in std::mem::take(done) {
        if one.input.kept && (!one.copy.edited || one.result.is_err()) {
            forget(&one, staging)?;
        } else {
            done.push(one);
        }
    }
    Ok(())
}

/// Takes out what was made of a file alone.
fn forget(one: &Done, staging: &Staging) -> Result<(), OutError> {
    let reports = Paper::ALL.map(|paper| report_part(one.index, paper));
    let pieces = [part(one.index), said_part(one.index)].into_iter().chain(reports);
    pieces.filter(|piece| staging.path(piece).exists()).try_for_each(|piece| staging.remove(&piece))
}

/// Copies of one campaign, and single ones that hold what several said, are made one; the host stands for them.
fn merge_copies(
    done: &mut [Done],
    before: &[Answer],
    settings: &Settings<'_>,
    workers: &Workers<'_, '_>,
    staging: &Staging,
) -> Result<Vec<Merge>, OutError> {
    /// More copies than a message has pieces.
    const MOST: usize = 400;
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, one) in done.iter().enumerate() {
        if let Ok(entry) = &one.result {
            groups.entry(entry.campaign.clone()).or_default().push(at);
        }
    }
    let wanted: Vec<(String, Vec<usize>)> = groups
        .into_iter()
        .filter(|(_, copies)| copies.len() <= MOST)
        .filter(|(_, copies)| copies.len() > 1 || copies.iter().any(|at| done[*at].copy.open))
        .collect();
    let shared: &[Done] = done;
    let worked: Vec<_> = wanted
        .into_par_iter()
        .map(|(campaign, mut copies)| {
            // By content, so that names decide nothing.
            copies.sort_by(|a, b| shared[*a].hash.cmp(&shared[*b].hash));
            let mut answers: Vec<Answer> =
                before.iter().filter(|answer| answer.campaign == campaign).cloned().collect();
            answers.sort_by(|a, b| a.decision.cmp(&b.decision));
            let mut job = Job::new(Task::Merge, campaign);
            job.answers = answers;
            let mut files = Vec::new();
            for at in &copies {
                let one = &shared[*at];
                job.handed.push(handed(&one.input.name, one.input.origin.as_ref(), &one.copy));
                files.push(snapshot(&one.input.path, &settings.limits)?);
            }
            let files: Vec<&[u8]> = files.iter().map(Vec::as_slice).collect();
            let work = workers.work_on(&job, &files)?;
            Ok::<_, Box<Finding>>((copies, work))
        })
        .collect();
    let mut merges = Vec::new();
    for (copies, work) in worked.into_iter().flatten() {
        let (Some((merge, host)), Some(entry)) = (work.merge, work.entry) else { continue };
        let Some(host) = copies.get(host).copied() else { continue };
        for at in &copies {
            forget(&done[*at], staging)?;
            done[*at].reports.clear();
        }
        let one = &mut done[host];
        staging.write(&said_part(one.index), &work.said)?;
        if let Some(package) = &work.package {
            staging.write(&part(one.index), package)?;
        }
        one.keep_reports(&work.reports, staging)?;
        (one.not_enriched, one.not_reported, one.owing) = (work.not_enriched, work.not_reported, work.owing);
        let file = one.input.name.clone();
        one.result = Ok(Box::new(CampaignSummary { output: part(one.index), file: file.clone(), ..*entry }));
        for at in copies.into_iter().filter(|at| *at != host) {
            done[at].merged_into = Some(file.clone());
        }
        merges.push(*merge);
    }
    Ok(merges)
}

/// Calls the roll, and writes a reply to everybody who owes something.
fn call_roll(
    done: &[Done],
    portfolio: &mut Portfolio,
    expected: &Roll,
    settings: &Settings<'_>,
    staging: &Staging,
) -> Result<(), OutError> {
    if expected.roster.is_empty() {
        return Ok(());
    }
    let mut came: BTreeMap<String, roster::Came<'_>> = BTreeMap::new();
    for one in done.iter().filter(|one| !one.input.kept) {
        let Ok(entry) = &one.result else { continue };
        let came = came.entry(entry.campaign.clone()).or_default();
        let handed = handed(&one.input.name, one.input.origin.as_ref(), &one.copy);
        let at = handed.at.get(..10).and_then(|day| day.parse().ok());
        came.at = [came.at, at].into_iter().flatten().min();
        came.digests.insert(&one.copy.digest);
        came.generation = came.generation.max(one.copy.generation);
        came.version = came.version.max(one.copy.version);
        if let Some(origin) = &one.input.origin
            && let Some(sender) = &origin.sender
        {
            came.mail = Some((sender, origin.message_id.as_deref().unwrap_or_default()));
        }
        if one.merged_into.is_none() {
            came.summary = portfolio.entries.iter().find(|summary| summary.file == entry.file);
            came.owing = Some(&one.owing);
        }
    }
    let unread: Vec<String> = portfolio.refused.iter().map(|refused| refused.file.clone()).collect();
    let merges = &portfolio.merges;
    let called = roster::call(
        &expected.roster,
        &came,
        &unread,
        merges,
        expected.before.as_ref(),
        settings.as_of,
        settings.lang,
    );
    let workbook = |output: &str| std::fs::read(staging.path(output)).ok();
    for reply in roster::replies(&called, &workbook, settings.as_of, settings.lang) {
        staging.write(&format!("退回/{}.eml", reply.name), &reply.mail)?;
        staging.write(&format!("退回/{}.txt", reply.name), reply.text.as_bytes())?;
    }
    let recorded = roster::recorded(&called);
    portfolio.roster = Some(recorded);
    Ok(())
}

/// Who handed a file in, and when: as the mail says, else as the file does.
pub fn handed(name: &str, origin: Option<&Origin>, copy: &CopyFacts) -> Handed {
    let sender = origin.and_then(|origin| origin.sender.clone());
    let by = sender.or_else(|| copy.by.clone()).unwrap_or_default();
    let date = origin.and_then(|origin| origin.date.clone());
    let at = date.or_else(|| copy.at.clone()).unwrap_or_default();
    // Who sends mails and who saves files is one hand where both go by one name.
    let called = by.split('<').next().unwrap_or_default().trim().trim_matches('"');
    let called = if called.is_empty() { by.as_str() } else { called };
    let hand = if is_nobody(called) { String::new() } else { fold(called) };
    Handed { name: name.to_owned(), by, at, hand }
}

/// Names that programs and shared machines sign with: they tell no hand from another.
fn is_nobody(by: &str) -> bool {
    const NOBODY: [&str; 16] = [
        "",
        "administrator",
        "admin",
        "user",
        "users",
        "windows用户",
        "windowsuser",
        "microsoft",
        "openpyxl",
        "python-docx",
        "pc",
        "owner",
        "用户",
        "微软用户",
        "microsoftoffice用户",
        "unknown",
    ];
    NOBODY.contains(&fold(by).as_str())
}

/// Gives every enriched workbook its name, told apart where campaigns share one.
fn name_outputs(done: &mut [Done], staging: &Staging) -> Result<(), OutError> {
    let mut taken = BTreeSet::new();
    let mut order: Vec<usize> = (0..done.len()).filter(|at| done[*at].merged_into.is_none()).collect();
    // Campaigns that share a name are told apart by their ids, whatever their files are called.
    let campaign = |one: &Done| one.result.as_ref().map(|entry| entry.campaign.clone()).unwrap_or_default();
    order.sort_by_key(|at| campaign(&done[*at]));
    for at in order {
        let one = &mut done[at];
        let Ok(entry) = &mut one.result else { continue };
        if one.not_enriched.is_some() && one.reports.is_empty() {
            entry.output = String::new();
            continue;
        }
        let extension = if one.input.name.to_lowercase().ends_with(".xlsm") { "xlsm" } else { "xlsx" };
        let stem = safe_name(&entry.name);
        let name = (1..)
            .map(|n| if n == 1 { stem.clone() } else { format!("{stem}-{n}") })
            .find(|name| taken.insert(name.to_lowercase()))
            .unwrap_or(stem);
        for (paper, report) in &mut one.reports {
            let output = format!("活动/{name}.复盘报告.{}", paper.extension());
            staging.rename(report, &output)?;
            *report = output;
        }
        if one.not_enriched.is_some() {
            entry.output = String::new();
            continue;
        }
        let output = format!("活动/{name}.复盘.{extension}");
        staging.rename(&entry.output, &output)?;
        entry.output = output;
    }
    Ok(())
}

fn gather(
    done: &[Done],
    identical: Vec<(String, String)>,
    merges: Vec<Merge>,
    said: Vec<Finding>,
    decided: Decided,
    settings: &Settings<'_>,
) -> Gathered {
    let (mut entries, mut refused, mut merged, mut exports) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut same = BTreeSet::new();
    for one in done {
        if let Some(export) = &one.export {
            // One export sent twice is one.
            if same.insert(&one.hash) {
                let inside = one.input.origin.as_ref().map(|origin| origin.inside.clone());
                exports.push(CameIn { file: one.input.name.clone(), inside, export: (**export).clone() });
            }
            continue;
        }
        if one.written.is_some() {
            continue;
        }
        match (&one.result, &one.merged_into) {
            (Ok(entry), Some(host)) => {
                merged.push((one.input.name.clone(), entry.name.clone(), host.clone()));
            }
            (Ok(entry), None) => entries.push((**entry).clone()),
            (Err(finding), _) => refused.push(Refused {
                file: one.input.name.clone(),
                code: finding.code.name,
                message: finding.told(settings.lang),
            }),
        }
    }
    let origins = done.iter().filter_map(|one| {
        let origin = one.input.origin.as_ref()?;
        // To the minute: it is for people, and its column is narrow.
        let at = origin.date.as_deref().map(|at| at.chars().take(16).collect::<String>().replace('T', " "));
        let parts = [origin.sender.clone(), at];
        Some((one.input.name.clone(), parts.into_iter().flatten().collect::<Vec<_>>().join("\n")))
    });
    let origins = origins.collect();
    Gathered {
        as_of: settings.as_of,
        entries,
        refused,
        identical,
        merged,
        merges,
        exports,
        origins,
        said,
        decided,
    }
}

/// Copies whose issue is not believed; of the host its own review says so.
fn bases(merges: &[Merge]) -> Vec<Finding> {
    let bad = |merge: &Merge| {
        let lines = merge.lines.iter().filter(|line| line.what == What::BadBase && line.file != merge.host);
        lines.map(|line| not_believed(&line.file, Arg::Text(line.was.clone()))).collect::<Vec<_>>()
    };
    merges.iter().flat_map(bad).collect()
}

/// Of a lock file: that its workbook is open, and may hold what is not saved yet.
fn locked(skipped: &Skipped, inputs: &[String]) -> Option<Finding> {
    let workbook = locks(skipped)?;
    let folder = skipped.name.rsplit_once('/').map_or("", |(folder, _)| folder);
    // Excel leaves out the beginning of a long name.
    let of = |input: &&String| {
        let (there, name) = input.rsplit_once('/').unwrap_or(("", input));
        there == folder && name.ends_with(workbook)
    };
    let workbook = inputs.iter().find(of).map_or(workbook, String::as_str);
    let finding = Finding::new(&LOCK_FILE).arg("file", Arg::Text(skipped.name.clone()));
    Some(finding.arg("workbook", Arg::Text(workbook.to_owned())))
}

/// The findings of the campaigns that count against those of an earlier run, file by file.
fn against(earlier: &Baseline, done: &[Done], portfolio: &Portfolio, staging: &Staging) -> Against {
    let mut sum = Against::default();
    let counted: BTreeSet<&str> = portfolio.counted().map(|entry| entry.file.as_str()).collect();
    for one in done.iter().filter(|one| counted.contains(one.input.name.as_str())) {
        let now = said(one.index, staging).findings;
        let campaign = one.result.as_ref().ok().map(|entry| entry.campaign.as_str());
        let past = earlier.of(&one.input.name, campaign, done.len() == 1);
        let compared = baseline::compare(now.iter().map(|finding| finding.fingerprints.as_slice()), past);
        let (new, still) = compared.counts();
        sum.new += new;
        sum.still += still;
        sum.fixed += compared.fixed.len();
        let fresh = now.iter().zip(&compared.states).filter(|(_, state)| state.is_new());
        sum.worst = sum.worst.max(fresh.map(|(finding, _)| finding.severity).max());
    }
    sum
}
