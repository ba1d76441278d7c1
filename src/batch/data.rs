//! The tidy tables of a run, written as they are made into the folder under construction.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;

use chrono::NaiveDate;

use super::merge::Handed;
use super::out::{OutError, Staging};
use crate::locale::Lang;
use crate::merge::{Account, Source};
use crate::policy::Policy;
use crate::portfolio::Portfolio;
use crate::record::run;
use crate::record::summary::CampaignSummary;
use crate::tables::{self, FOLDER, Lines, Row, SQL, Sink, SinkError, Whence, columns};
use crate::weeks::period_of;

/// Where tables go: a folder under construction, and whether as CSV too.
#[derive(Debug, Clone, Copy)]
pub struct Shelf<'a> {
    /// The folder under construction.
    pub staging: &'a Staging,
    /// Below it; empty for the folder itself.
    pub folder: &'a str,
    /// Whether tables are written as CSV, too.
    pub csv: bool,
}

impl<'a> Shelf<'a> {
    /// The tables of a run over a folder.
    pub fn of_run(staging: &'a Staging) -> Shelf<'a> {
        Shelf { staging, folder: FOLDER, csv: true }
    }

    fn name(&self, file: &str) -> String {
        if self.folder.is_empty() { file.to_owned() } else { format!("{}/{file}", self.folder) }
    }

    /// Begins a table.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin<R: Row>(&self) -> Result<Table<'a, R>, OutError> {
        let parquet = self.name(&format!("{}.parquet", R::TABLE));
        let csv = self.csv.then(|| self.name(&format!("{}.csv", R::TABLE)));
        let texts = csv.as_ref().map(|name| self.staging.create(name)).transpose()?;
        let sink = Sink::begin(self.staging.create(&parquet)?, texts);
        Ok(Table { sink: self.said(&parquet, sink)?, staging: self.staging, parquet, csv })
    }

    /// A whole table.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write<R: Row>(&self, rows: impl IntoIterator<Item = R>) -> Result<(), OutError> {
        let mut table = self.begin()?;
        rows.into_iter().try_for_each(|row| table.add(&row))?;
        table.end()
    }

    /// What every column means, and the consolidation as SQL.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn explain(&self, lang: Lang) -> Result<(), OutError> {
        self.write(columns(lang))?;
        SQL.iter().try_for_each(|(name, text)| {
            self.staging.write(&self.name(&format!("sql/{name}")), text.as_bytes())
        })
    }

    fn said<T>(&self, name: &str, result: Result<T, SinkError>) -> Result<T, OutError> {
        said(self.staging, name, result)
    }
}

fn said<T>(staging: &Staging, name: &str, result: Result<T, SinkError>) -> Result<T, OutError> {
    result.map_err(|error| OutError::Io {
        path: staging.path(name),
        source: match error {
            SinkError::Csv(error) => error,
            SinkError::Parquet(error) => std::io::Error::other(error),
        },
    })
}

/// The tables that say what campaigns say, all being written at once.
#[derive(Debug)]
pub struct Campaigns<'a> {
    campaigns: Table<'a, tables::Campaign>,
    goals: Table<'a, tables::Goal>,
    channels: Table<'a, tables::Channel>,
    budget: Table<'a, tables::Budget>,
    actions: Table<'a, tables::Action>,
    problems: Table<'a, tables::Problem>,
    experience: Table<'a, tables::Experience>,
}

impl<'a> Campaigns<'a> {
    /// Begins them.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn begin(shelf: &Shelf<'a>) -> Result<Campaigns<'a>, OutError> {
        Ok(Campaigns {
            campaigns: shelf.begin()?,
            goals: shelf.begin()?,
            channels: shelf.begin()?,
            budget: shelf.begin()?,
            actions: shelf.begin()?,
            problems: shelf.begin()?,
            experience: shelf.begin()?,
        })
    }

    /// Adds what one campaign says.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn add(&mut self, lines: &Lines) -> Result<(), OutError> {
        self.campaigns.add(&lines.campaign)?;
        lines.goals.iter().try_for_each(|row| self.goals.add(row))?;
        lines.channels.iter().try_for_each(|row| self.channels.add(row))?;
        lines.budget.iter().try_for_each(|row| self.budget.add(row))?;
        lines.actions.iter().try_for_each(|row| self.actions.add(row))?;
        lines.problems.iter().try_for_each(|row| self.problems.add(row))?;
        lines.experience.iter().try_for_each(|row| self.experience.add(row))
    }

    /// Ends them.
    ///
    /// # Errors
    /// When the system says no.
    pub fn end(self) -> Result<(), OutError> {
        self.campaigns.end()?;
        self.goals.end()?;
        self.channels.end()?;
        self.budget.end()?;
        self.actions.end()?;
        self.problems.end()?;
        self.experience.end()
    }
}

/// What the campaigns that count say, the roll call and what copies say differently.
///
/// # Errors
/// When it cannot be written.
pub fn portfolio<'h>(
    shelf: &Shelf<'_>,
    portfolio: &Portfolio,
    hash: &dyn Fn(&CampaignSummary) -> &'h str,
    policy: &Policy,
) -> Result<(), OutError> {
    let as_of = portfolio.as_of;
    let counted = portfolio.counted().map(|entry| {
        let whence = Whence { shard: "", as_of, file_hash: hash(entry), campaign: &entry.campaign };
        (entry.campaign.clone(), tables::lines(&whence, entry))
    });
    let mut known: BTreeMap<String, Lines> = counted.collect();
    tables::tell_same(&mut known, policy);
    let mut campaigns = Campaigns::begin(shelf)?;
    known.values().try_for_each(|lines| campaigns.add(lines))?;
    campaigns.end()?;
    let id = |said: &str| {
        let goes_by = |entry: &&CampaignSummary| entry.campaign == said || entry.name == said;
        portfolio.entries.iter().find(goes_by).map(|entry| entry.campaign.clone())
    };
    shelf.write(portfolio.roster.iter().flat_map(|roster| tables::roster(as_of, roster, &id)))?;
    shelf.write(portfolio.merges.iter().flat_map(|merge| tables::conflicts(as_of, merge)))
}

/// The row of a file.
pub fn file(whence: &Whence<'_>, record: &run::File) -> tables::File {
    let copy = record.copy.clone().unwrap_or_default();
    let origin = record.origin.clone().unwrap_or_default();
    let outcome = serde_json::to_value(record.outcome).unwrap_or_default();
    let refused = record.finding.as_ref().map(|finding| finding.code.clone());
    let entry = record.campaign.as_ref();
    tables::File {
        campaign: whence.campaign.to_owned(),
        name: entry.map(|entry| entry.name.clone()).unwrap_or_default(),
        size: i64::try_from(record.bytes).ok(),
        outcome: outcome.as_str().unwrap_or_default().to_owned(),
        refused: refused.unwrap_or_default(),
        template: entry.and_then(|entry| entry.template.clone()).unwrap_or_default(),
        template_version: copy.version.map(i64::from),
        content_hash: copy.digest,
        has_questions: record.copy.as_ref().map(|copy| copy.open),
        generation: record.copy.as_ref().map(|copy| copy.generation),
        saved_by: copy.by.unwrap_or_default(),
        saved_at: copy.at.unwrap_or_default(),
        inside: origin.inside,
        sender: origin.sender.unwrap_or_default(),
        mail_date: origin.date.unwrap_or_default(),
        message_id: origin.message_id.unwrap_or_default(),
        subject: origin.subject.unwrap_or_default(),
        workbook: entry.map(|entry| entry.output.clone()).unwrap_or_default(),
        report: record.report.clone().unwrap_or_default(),
        slides: record.slides.clone().unwrap_or_default(),
        ..known(whence, &record.file)
    }
}

/// The row of a file that holds the bytes of another.
pub fn identical(as_of: NaiveDate, name: &str, hash: &str) -> tables::File {
    let whence = Whence { shard: "", as_of, file_hash: hash, campaign: "" };
    tables::File { outcome: "identical".to_owned(), ..known(&whence, name) }
}

fn known(whence: &Whence<'_>, name: &str) -> tables::File {
    tables::File {
        shard: whence.shard.to_owned(),
        period: period_of(whence.as_of),
        as_of: Some(whence.as_of),
        file_hash: whence.file_hash.to_owned(),
        file: name.to_owned(),
        ..tables::File::default()
    }
}

/// The edits of a file, as its worker packed them, with who handed it in.
pub fn edits(whence: &Whence<'_>, packed: &[u8], digest: &str, handed: &Handed) -> Vec<tables::Edit> {
    let Ok(Account { mut union, computed, order }) = serde_json::from_slice(packed) else {
        return Vec::new();
    };
    if let Some(own) = union.sources.get_mut(digest) {
        let Handed { name, by, at, hand } = handed.clone();
        *own = Source { file: name, by, at, hand, base: std::mem::take(&mut own.base) };
    }
    let mut rows = tables::edits(whence, &union);
    rows.extend(tables::computed(whence, &handed.name, &computed));
    let order: HashMap<(String, String), usize> =
        order.into_iter().map(|it| ((it.table, it.row), it.at)).collect();
    for row in &mut rows {
        let at = order.get(&(row.table_id.clone(), row.row_id.clone()));
        row.position = at.and_then(|at| i64::try_from(at + 1).ok());
    }
    rows
}

/// A table being written.
#[derive(Debug)]
pub struct Table<'a, R: Row> {
    sink: Sink<R, File, File>,
    staging: &'a Staging,
    parquet: String,
    csv: Option<String>,
}

impl<R: Row> Table<'_, R> {
    /// Adds a row.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn add(&mut self, row: &R) -> Result<(), OutError> {
        let added = self.sink.add(row);
        said(self.staging, &self.parquet, added)
    }

    /// Ends it, and makes sure it is on the disk.
    ///
    /// # Errors
    /// When the system says no.
    pub fn end(self) -> Result<(), OutError> {
        said(self.staging, &self.parquet, self.sink.end())?;
        self.staging.keep(&self.parquet)?;
        self.csv.as_ref().map_or(Ok(()), |name| self.staging.keep(name))
    }
}
