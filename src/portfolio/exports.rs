//! What campaigns say of their channels, held against what the platforms' back offices gave out.
//!
//! An export is evidence and never added to anything: where it says otherwise than the campaign, that is one finding.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::compare::told;
use crate::code;
use crate::diagnostic::{Arg, Code, Finding};
use crate::exports::{self, Source};
use crate::likeness::bare;
use crate::record::export::{Export, ExportLine, Figure, Held};
use crate::record::merge::Merge;
use crate::record::summary::{CampaignSummary, ChannelLine};

code!(pub EXPORT_DIFFERS = "export-differs", Warning, Portfolio, "findings/export_differs.toml");
code!(pub EXPORT_OF_NONE = "export-of-none", Note, Portfolio, "findings/export_of_none.toml");

/// What may be said of exports.
pub static CODES: &[&Code] = &[&EXPORT_DIFFERS, &EXPORT_OF_NONE];

/// People round: 520万 stands for 519.6万. What is farther apart is another figure.
const ROUNDED: f64 = 0.01;
/// A campaign's name of fewer letters tells nothing in the name of a plan.
const TELLING: usize = 3;
/// A piece of a name, between marks, of fewer letters may mean anything: 双十二, 第4场.
const TELLING_PIECE: usize = 5;

/// One export as it came in.
#[derive(Debug, Clone)]
pub struct CameIn {
    /// Its file.
    pub file: String,
    /// The mail or archive it came in.
    pub inside: Option<String>,
    /// What it counts.
    pub export: Export,
}

/// Holds exports against campaigns; what became of each, and what is to be said.
pub fn hold(came: &[CameIn], entries: &[CampaignSummary], merges: &[Merge]) -> (Vec<Held>, Vec<Finding>) {
    let (mut held, mut findings) = (Vec::new(), Vec::new());
    let counted: Vec<&CampaignSummary> =
        entries.iter().filter(|entry| entry.set_aside_for.is_none()).collect();
    // One back office may have been asked week by week: what it says of a campaign is one.
    let mut together: BTreeMap<(&str, &str), Evidence<'_>> = BTreeMap::new();
    for one in came {
        let Some(source) = exports::source(&one.export.source) else { continue };
        let campaigns = campaigns(one, source, &counted, merges);
        if campaigns.is_empty() {
            let finding = told(&EXPORT_OF_NONE, &[&one.file], &[("file", &one.file)]);
            findings.push(finding.arg("source", source.label.arg()));
        }
        let names = campaigns.iter().map(|(entry, _)| entry.name.clone()).collect();
        held.push(Held { file: one.file.clone(), source: source.id.clone(), campaigns: names });
        for (entry, lines) in campaigns {
            let of = together.entry((&entry.file, &source.id));
            let evidence =
                of.or_insert_with(|| Evidence { source, entry, files: Vec::new(), lines: Vec::new() });
            evidence.files.push(&one.file);
            evidence.lines.extend(lines);
        }
    }
    findings.extend(together.values().filter_map(Evidence::differs));
    (held, findings)
}

/// What one back office says of one campaign.
struct Evidence<'a> {
    source: &'a Source,
    entry: &'a CampaignSummary,
    files: Vec<&'a str>,
    lines: Vec<&'a ExportLine>,
}

impl Evidence<'_> {
    /// Its figures over all days. A day and plan that came twice counts once, and a day that came as a whole and by
    /// plans counts as the larger of both.
    fn sums(&self) -> BTreeMap<Figure, f64> {
        let mut once: BTreeMap<(Figure, Option<NaiveDate>, &str), f64> = BTreeMap::new();
        for line in &self.lines {
            for (figure, value) in &line.figures {
                let known = once.entry((*figure, line.day, &line.plan)).or_insert(*value);
                *known = known.max(*value);
            }
        }
        let mut days: BTreeMap<(Figure, Option<NaiveDate>), (f64, f64)> = BTreeMap::new();
        for ((figure, day, plan), value) in once {
            let (whole, plans) = days.entry((figure, day)).or_default();
            *(if plan.is_empty() { whole } else { plans }) += value;
        }
        let mut sums = BTreeMap::new();
        for ((figure, _), (whole, plans)) in days {
            *sums.entry(figure).or_default() += whole.max(plans);
        }
        sums
    }

    /// First and last of its days.
    fn days(&self) -> Option<(NaiveDate, NaiveDate)> {
        let days = || self.lines.iter().filter_map(|line| line.day);
        days().min().zip(days().max())
    }

    /// Whether it speaks of the whole campaign, as far as anybody can tell.
    fn is_whole(&self) -> bool {
        /// An advertisement may begin a little later than its campaign, and end earlier.
        const AROUND: Days = Days::new(3);
        match (self.days(), self.entry.period) {
            (Some((first, last)), Some(period)) => {
                first <= period.start + AROUND && last + AROUND >= period.end
            }
            _ => true,
        }
    }

    /// What the campaign says otherwise; nothing where both agree. Of a part of its days only what is more than all
    /// that was filled in says anything.
    fn differs(&self) -> Option<Finding> {
        let (channels, exported, is_whole) = (counts(self.source, self.entry), self.sums(), self.is_whole());
        let typed = |figure: Figure| {
            let of = |channel: &&ChannelLine| match figure {
                Figure::Spend => channel.spend,
                Figure::Sales => channel.revenue,
                Figure::Exposure => channel.exposure,
                Figure::Clicks => channel.clicks,
                Figure::Conversions => channel.conversions,
            };
            let known: Vec<f64> = channels.iter().filter_map(of).collect();
            (!known.is_empty()).then(|| known.iter().sum::<f64>())
        };
        let mut apart: Vec<Arg> = Vec::new();
        for figure in Figure::ALL {
            let (Some(typed), Some(exported)) = (typed(figure), exported.get(&figure)) else { continue };
            let far = (typed - exported).abs() > exported.abs().max(typed.abs()) * ROUNDED;
            if far && (is_whole || *exported > typed) {
                apart.push(said(figure, typed, *exported));
            }
        }
        let first = channels.first()?;
        if apart.is_empty() {
            return None;
        }
        let (entry, source) = (self.entry, self.source);
        let finding = told(&EXPORT_DIFFERS, &[&entry.campaign, &source.id], &[])
            .arg("file", Arg::List(self.files.iter().map(|file| (*file).to_owned()).collect()))
            .arg("source", source.label.arg())
            .arg("campaign", Arg::Quote(entry.name.clone()))
            .arg("channel", Arg::List(channels.iter().map(|channel| channel.channel.clone()).collect()))
            .arg("differences", Arg::All(apart))
            .arg("days", days(self.days()));
        Some(match &first.at {
            Some(at) => finding.at(at),
            None => finding,
        })
    }
}

/// The campaigns an export counts for, each with its lines: those its plans name, else those its file names, else the
/// only one it came together with, else the only one that ran on these days and has such a channel.
fn campaigns<'a>(
    one: &'a CameIn,
    source: &Source,
    counted: &[&'a CampaignSummary],
    merges: &[Merge],
) -> Vec<(&'a CampaignSummary, Vec<&'a ExportLine>)> {
    let lines = &one.export.lines;
    let within = |entry: &'a CampaignSummary, lines: Vec<&'a ExportLine>| {
        let runs = |line: &&ExportLine| match (line.day, entry.period) {
            (Some(day), Some(period)) => period.contains(day),
            _ => true,
        };
        let lines: Vec<&ExportLine> = lines.into_iter().filter(runs).collect();
        (!lines.is_empty()).then_some((entry, lines))
    };
    let names = |text: &str, entry: &CampaignSummary| {
        let text = bare(text);
        called(entry, counted).iter().any(|name| text.contains(name.as_str()))
    };
    let by_plan: Vec<_> = counted
        .iter()
        .filter_map(|entry| within(entry, lines.iter().filter(|line| names(&line.plan, entry)).collect()))
        .collect();
    if !by_plan.is_empty() {
        return by_plan;
    }
    let all = |entry: &&'a CampaignSummary| within(entry, lines.iter().collect());
    let by_file: Vec<_> = counted.iter().filter(|entry| names(&one.file, entry)).filter_map(all).collect();
    if !by_file.is_empty() {
        return by_file;
    }
    let folder = |file: &str| file.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    let here = one.inside.clone().or_else(|| folder(&one.file));
    let together = |entry: &&&CampaignSummary| {
        let copies = merges.iter().filter(|merge| merge.host == entry.file).flat_map(|merge| &merge.copies);
        let mut files = copies.map(|copy| copy.file.as_str()).chain([entry.file.as_str()]);
        here.as_ref().is_some_and(|here| files.any(|file| file.starts_with(&format!("{here}/"))))
    };
    let together: Vec<_> = counted.iter().filter(together).filter_map(all).collect();
    if together.len() == 1 {
        return together;
    }
    let fits = |entry: &&&CampaignSummary| entry.period.is_some() && !counts(source, entry).is_empty();
    let fitting: Vec<_> = counted.iter().filter(fits).filter_map(all).collect();
    if fitting.len() == 1 { fitting } else { Vec::new() }
}

/// What a campaign goes by in names of plans and files: its name, and pieces of it that no other campaign has.
fn called(entry: &CampaignSummary, counted: &[&CampaignSummary]) -> Vec<String> {
    let name = bare(&entry.name);
    let others = || counted.iter().filter(|other| other.file != entry.file);
    let pieces = entry.name.split(|c: char| !c.is_alphanumeric()).map(bare);
    let alone = |piece: &String| !others().any(|other| bare(&other.name).contains(piece.as_str()));
    let pieces = pieces.filter(|piece| piece.chars().count() >= TELLING_PIECE).filter(alone);
    let whole = Some(name.clone()).filter(|name| name.chars().count() >= TELLING);
    whole.into_iter().chain(pieces).collect()
}

/// The channels of a campaign that a back office counts: those of the first of its words that any has, so that
/// 抖音信息流 is not added to 抖音直播.
fn counts<'e>(source: &Source, entry: &'e CampaignSummary) -> Vec<&'e ChannelLine> {
    let with = |word: &String| {
        let channels = entry.channels.iter().filter(|channel| bare(&channel.channel).contains(word.as_str()));
        Some(channels.collect::<Vec<_>>()).filter(|channels| !channels.is_empty())
    };
    source.channels.iter().find_map(with).unwrap_or_default()
}

/// `花费 80,000 ≠ 76,000`: what was typed, what the back office says.
fn said(figure: Figure, typed: f64, exported: f64) -> Arg {
    let key = match figure {
        Figure::Spend => "export-spend",
        Figure::Sales => "export-sales",
        Figure::Exposure => "export-exposure",
        Figure::Clicks => "export-clicks",
        Figure::Conversions => "export-conversions",
    };
    Arg::Phrase(vec![Arg::Word(key), Arg::Number(typed), Arg::Text("≠".into()), Arg::Number(exported)])
}

/// The days an export speaks of; that it names none.
fn days(days: Option<(NaiveDate, NaiveDate)>) -> Arg {
    match days {
        Some((first, last)) if first == last => Arg::Date(first),
        Some((first, last)) => Arg::Phrase(vec![Arg::Date(first), Arg::Text("~".into()), Arg::Date(last)]),
        None => Arg::Word("export-undated"),
    }
}
