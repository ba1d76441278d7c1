//! What a run need not do again: all of it where nothing changed, a file where it did not.
//!
//! There is no cache beside the results: the record says what they were made of,
//! and the results themselves, held against their hashes, are what is taken over.

#![expect(clippy::disallowed_methods, reason = "results of the run before are read where they lie")]

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use super::discover::Found;
use super::done::{Done, part, said_part};
use super::input::snapshot;
use super::isolation::CopyFacts;
use super::memory::Memory;
use super::one::Settings;
use super::out::{OutError, Staging};
use super::paper::Paper;
use super::previous::Previous;
use super::roster::Expected;
use crate::asked::Answer;
use crate::catalogue::load::SHIPPED;
use crate::record::decided::Decided;
use crate::record::finding::Said;
use crate::record::run::{File, Outcome, Run};
use crate::record::summary::CampaignSummary;
use crate::weeks::period_of;

/// What a run stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ground {
    /// Everything a file's results depend on beside the file.
    pub(super) basis: String,
    /// Everything the run depends on.
    pub(super) digest: String,
    /// What lies there to be read, and what was known before.
    there: String,
}

impl Ground {
    /// Of these inputs, what people typed into the results before, the roster, the weeks before, what was decided and
    /// what was answered on the last week's portfolio.
    pub(super) fn of(
        found: &Found,
        before: &Previous,
        roster: &[Expected],
        memory: &Memory,
        (decided, answers): (&Decided, &[Answer]),
        settings: &Settings<'_>,
    ) -> Ground {
        let mut hash = Hash::new();
        for input in found.inputs.iter().chain(&found.containers) {
            hash.text(&input.name);
            // What cannot be read is read again, in case it can be now.
            match snapshot(&input.path, &settings.limits) {
                Ok(bytes) => hash.bytes(&bytes),
                Err(finding) => hash.text(finding.code.name),
            }
        }
        for skipped in &found.skipped {
            hash.text(&format!("{} {:?}", skipped.name, skipped.reason));
        }
        for (name, path) in before.typed.iter().chain(&before.changed) {
            hash.text(name);
            hash.bytes(&std::fs::read(path).unwrap_or_default());
        }
        hash.text(&format!("{roster:?}"));
        for (period, record) in memory.stands_on(&period_of(settings.as_of)) {
            hash.text(&format!("{period} {record}"));
        }
        for answer in answers {
            hash.text(&format!("{answer:?}"));
        }
        Ground::on(hash.end(), decided, settings)
    }

    /// The same once more was decided, and what files are read with with it.
    pub(super) fn with(self, decided: &Decided, settings: &Settings<'_>) -> Ground {
        Ground::on(self.there, decided, settings)
    }

    fn on(there: String, decided: &Decided, settings: &Settings<'_>) -> Ground {
        let basis = basis(settings);
        let mut hash = Hash::new();
        hash.text(&basis);
        hash.text(&there);
        hash.text(&format!("{decided:?}"));
        Ground { basis, digest: hash.end(), there }
    }
}

fn basis(settings: &Settings<'_>) -> String {
    let mut hash = Hash::new();
    hash.text(env!("CARGO_PKG_VERSION"));
    for (name, declaration) in SHIPPED {
        hash.text(name);
        hash.text(declaration);
    }
    hash.text(&settings.policy.source);
    let Settings { as_of, lang, mark, papers, data, limits, .. } = settings;
    hash.text(&format!("{as_of} {lang:?} {mark} {papers:?} {data} {limits:?}"));
    hash.end()
}

/// A hash over pieces that cannot run into each other.
struct Hash(blake3::Hasher);

impl Hash {
    fn new() -> Hash {
        Hash(blake3::Hasher::new())
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.0.update(&(bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    fn end(self) -> String {
        self.0.finalize().to_hex().to_string()
    }
}

/// The run before, where its results are whole and stand on the same ground: then there is nothing to do.
pub(super) fn nothing_to_do(before: &mut Previous, ground: &Ground) -> Option<Run> {
    let same = before.run.as_ref().is_some_and(|run| run.head.digest == ground.digest);
    if same && before.whole && before.changed.is_empty() { before.run.take() } else { None }
}

/// Files whose results of the run before can be taken over.
pub(super) struct Unchanged<'a> {
    folder: PathBuf,
    run: Option<&'a Run>,
    files: HashMap<(&'a str, &'a str), &'a File>,
}

impl<'a> Unchanged<'a> {
    /// Those of the run before, where it stood on the same basis.
    pub(super) fn of(folder: &Path, before: &'a Previous, ground: &Ground) -> Unchanged<'a> {
        let run =
            before.run.as_ref().filter(|run| run.head.basis == ground.basis && !ground.basis.is_empty());
        let files = run.into_iter().flat_map(|run| &run.files).filter(|file| is_alone(file, run));
        let files = files.map(|file| ((file.file.as_str(), file.blake3.as_str()), file)).collect();
        Unchanged { folder: folder.to_owned(), run, files }
    }

    /// Takes over what the run before made of a file, where its results still have their hashes; answers whether
    /// it did.
    pub(super) fn take_over(&self, done: &mut Done, staging: &Staging) -> Result<bool, OutError> {
        let known =
            self.files.get(&(done.input.name.as_str(), done.hash.as_str())).filter(|_| !done.input.kept);
        let Some((file, entry, copy)) =
            known.and_then(|file| Some((*file, file.campaign.as_ref()?, file.copy.as_ref()?)))
        else {
            return Ok(false);
        };
        let Some(workbook) = self.result(&entry.output) else { return Ok(false) };
        let mut reports = BTreeMap::new();
        for (paper, name) in [(Paper::Word, &file.report), (Paper::Slides, &file.slides)] {
            let Some(name) = name else { continue };
            let Some(report) = self.result(name) else { return Ok(false) };
            reports.insert(paper, report);
        }
        staging.write(&part(done.index), &workbook)?;
        done.keep_reports(&reports, staging)?;
        let said = Said {
            findings: file.findings.clone(),
            silenced: file.silenced,
            blockers: file.blockers.clone(),
        };
        staging.write(&said_part(done.index), &serde_json::to_vec(&said).unwrap_or_default())?;
        done.copy = CopyFacts {
            digest: copy.digest.clone(),
            generation: copy.generation,
            version: copy.version,
            by: copy.by.clone(),
            at: copy.at.clone(),
            ..CopyFacts::default()
        };
        done.owing = file.owing.clone().unwrap_or_default();
        let mut entry = CampaignSummary { output: part(done.index), ..entry.clone() };
        // Names it goes by beside others are settled anew.
        entry.name = entry.own_name.take().unwrap_or(entry.name);
        for line in &mut entry.channels {
            line.channel = line.own_name.take().unwrap_or(std::mem::take(&mut line.channel));
        }
        done.result = Ok(Box::new(entry));
        Ok(true)
    }

    /// A result of the run before, where it is as it was written.
    fn result(&self, name: &str) -> Option<Vec<u8>> {
        let hash = self.run?.head.outputs.get(name)?;
        let bytes = std::fs::read(self.folder.join(name)).ok()?;
        (blake3::hash(&bytes).to_hex().to_string() == *hash).then_some(bytes)
    }
}

/// Whether what was made of a file was made of it alone, and whole.
fn is_alone(file: &File, run: Option<&Run>) -> bool {
    let merges = run.map(|run| run.head.merges.as_slice()).unwrap_or_default();
    let merged = |campaign: &str| merges.iter().any(|merge| merge.campaign == campaign);
    file.outcome == Outcome::Counted
        && file.not_enriched.is_none()
        && file.not_reported.is_none()
        && file.copy.as_ref().is_some_and(|copy| !copy.open && !merged(&copy.campaign))
}
