//! Weeks side by side: what became of findings, actions and problems since the weeks before.
//!
//! A [`Week`] is a plain value made of a run's record; everything here is a pure
//! function of weeks. Weeks go by their period, never by when they were written
//! down. Not sent is not fixed: what a campaign that is not there would say is
//! unknown. Nothing here knows a file or a ledger.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::cell::Place;
use crate::diagnostic::Severity;
use crate::locale::fold;
use crate::metrics::actions::State;
use crate::policy::Policy;
use crate::record::decided::Decided;
use crate::record::finding::Finding;
use crate::record::run::{Outcome, Run};
use crate::record::summary::{ActionLine, CampaignSummary, LessonLine, ProblemLine};
use crate::record::weeks::{CampaignWeek, Figures, Weeks};

mod actions;
mod findings;
#[cfg(test)]
pub(crate) mod fixture;
mod folded;
#[cfg(test)]
mod laws;
mod lessons;
mod outliers;
mod pairs;
mod problems;
pub mod recurrence;

use folded::Folded;
pub use lessons::{Remembered, library};

/// A campaign that was not returned for more weeks than this is over: nothing is asked about it any more.
const OVER: usize = 4;

/// One week, as far as it is remembered.
#[derive(Debug, Clone, PartialEq)]
pub struct Week {
    /// `2024-W50`.
    pub period: String,
    /// The day as of which things were late.
    pub as_of: NaiveDate,
    /// Codes that were looked for; none where the run did not say.
    pub rules: BTreeSet<String>,
    /// What people had decided.
    pub decided: Decided,
    /// Campaigns that counted.
    pub campaigns: Vec<Kept>,
}

/// One campaign in one week. A line that stands in several weeks is one line, which they share.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Kept {
    /// Who it is.
    pub of: Named,
    /// Its figures.
    pub figures: Figures,
    /// Its actions.
    pub actions: Vec<Arc<KeptAction>>,
    /// Its problems.
    pub problems: Vec<Arc<ProblemLine>>,
    /// Its experience.
    pub lessons: Vec<Arc<LessonLine>>,
    /// Its findings.
    pub findings: Vec<Arc<KeptFinding>>,
}

/// Who a campaign is, and which of its tables hold anything.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Named {
    /// Its id.
    pub campaign: String,
    /// Its name.
    pub name: String,
    /// 活动类型, as typed.
    pub kind: String,
    /// 活动负责人.
    pub owner: String,
    /// Ids of the tables that hold anything.
    pub tables: Vec<String>,
}

/// One action in one week.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptAction {
    /// 行动编号.
    pub code: String,
    /// 改进措施.
    pub action: String,
    /// 责任人.
    pub owner: String,
    /// 完成时间.
    pub due: Option<NaiveDate>,
    /// Where it stood.
    pub state: State,
    /// 验证结果.
    pub verified: String,
    /// How far it moved its figure.
    pub effect: Option<f64>,
    /// The cell.
    pub at: Option<Place>,
}

/// One finding in one week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptFinding {
    /// What is found.
    pub code: String,
    /// Its level.
    pub severity: Severity,
    /// The table's id.
    pub table: Option<String>,
    /// The column's header.
    pub column: Option<String>,
    /// The row, as people call it.
    pub row: Option<String>,
    /// One mark for each of its cells.
    pub marks: Vec<String>,
    /// The first cell.
    pub at: Option<Place>,
}

impl Kept {
    /// What is remembered of a campaign and of what was said about it.
    pub fn of<'a>(summary: &CampaignSummary, findings: impl Iterator<Item = &'a Finding>) -> Kept {
        Kept {
            of: Named {
                campaign: summary.campaign.clone(),
                name: summary.name.clone(),
                kind: summary.kind.clone(),
                owner: summary.owner.clone(),
                tables: summary.tables.clone(),
            },
            figures: figures(summary),
            actions: summary.actions.iter().map(kept_action).map(Arc::new).collect(),
            problems: summary.problems.iter().cloned().map(Arc::new).collect(),
            lessons: summary.lessons.iter().cloned().map(Arc::new).collect(),
            findings: findings.map(kept_finding).map(Arc::new).collect(),
        }
    }
}

fn kept_action(line: &ActionLine) -> KeptAction {
    KeptAction {
        code: line.code.clone(),
        action: line.action.clone(),
        owner: line.owner.clone(),
        due: line.due,
        state: line.state,
        verified: line.verified.clone(),
        effect: line.effect,
        at: line.at.clone(),
    }
}

fn kept_finding(finding: &Finding) -> KeptFinding {
    let at = finding.sheet.as_ref().zip(finding.cell).map(|(sheet, cell)| Place::new(sheet.as_str(), cell));
    KeptFinding {
        code: finding.code.clone(),
        severity: finding.severity,
        table: finding.table.clone(),
        column: finding.column.clone(),
        row: finding.row.clone(),
        marks: finding.fingerprints.clone(),
        at,
    }
}

fn figures(summary: &CampaignSummary) -> Figures {
    fn sum(values: impl Iterator<Item = f64>) -> Option<f64> {
        values.fold(None, |sum, value| Some(sum.unwrap_or(0.0) + value))
    }
    let ratio = |over: Option<f64>, under: Option<f64>| {
        over.zip(under).filter(|(_, under)| *under > 0.0).map(|(over, under)| over / under)
    };
    let channels = || summary.channels.iter();
    let both = || channels().filter_map(|line| line.spend.zip(line.revenue));
    let lines = || summary.budget_lines.iter().filter_map(|line| line.planned.zip(line.actual));
    let (filled, required) = summary.filled;
    let errors = summary.findings.iter().filter(|line| line.severity == Severity::Error);
    Figures {
        composite: summary.composite,
        spend: sum(channels().filter_map(|line| line.spend)),
        revenue: sum(channels().filter_map(|line| line.revenue)),
        roi: ratio(sum(both().map(|(_, revenue)| revenue)), sum(both().map(|(spend, _)| spend))),
        execution: ratio(sum(lines().map(|(_, actual)| actual)), sum(lines().map(|(planned, _)| planned))),
        filled: (required > 0).then(|| filled as f64 / required as f64),
        errors: errors.map(|line| line.findings).sum(),
        overdue: summary.actions.iter().filter(|action| action.state == State::Overdue).count(),
    }
}

/// The week a day is in: `2024-W50`.
pub fn period_of(day: NaiveDate) -> String {
    day.format("%G-W%V").to_string()
}

impl Week {
    /// What a run's record says of its week.
    pub fn of(run: &Run) -> Week {
        let counted = run.files.iter().filter(|file| file.outcome == Outcome::Counted);
        let campaigns = counted
            .filter_map(|file| file.campaign.as_ref().map(|summary| Kept::of(summary, file.findings.iter())));
        Week {
            period: period_of(run.head.as_of),
            as_of: run.head.as_of,
            rules: run.head.rules.iter().cloned().collect(),
            decided: run.head.decided.clone(),
            campaigns: campaigns.collect(),
        }
    }
}

/// A week as one campaign saw it.
#[derive(Debug, Clone, Copy)]
struct Seen<'a> {
    week: &'a Week,
    kept: Option<&'a Kept>,
}

/// Tells a week against the weeks before it, in whatever order they come; a week is never compared with itself
/// or with later ones. `expected` are ids and names of the campaigns that were to be returned, folded; none where
/// nobody says.
pub fn tell(past: &[Week], now: &Week, expected: &BTreeSet<String>, policy: &Policy) -> Weeks {
    let is_expected = |of: &Named| {
        expected.is_empty() || [&of.campaign, &of.name].iter().any(|word| expected.contains(&fold(word)))
    };
    let before: BTreeMap<&str, &Week> = past
        .iter()
        .filter(|week| week.period < now.period)
        .map(|week| (week.period.as_str(), week))
        .collect();
    let weeks: Vec<&Week> = before.into_values().chain([now]).collect();
    let mut told = Weeks {
        period: now.period.clone(),
        previous: weeks.iter().rev().nth(1).map(|week| week.period.clone()),
        periods: weeks.iter().map(|week| week.period.clone()).collect(),
        ..Weeks::default()
    };
    let index: Vec<BTreeMap<&str, &Kept>> = weeks
        .iter()
        .map(|week| week.campaigns.iter().map(|kept| (kept.of.campaign.as_str(), kept)).collect())
        .collect();
    let ids: BTreeSet<&str> = index.iter().flat_map(|week| week.keys().copied()).collect();
    let mut histories: Vec<Vec<Seen<'_>>> = Vec::new();
    for id in ids {
        let seen: Vec<Seen<'_>> = weeks
            .iter()
            .zip(&index)
            .map(|(week, kept)| Seen { week, kept: kept.get(id).copied() })
            .skip_while(|seen| seen.kept.is_none())
            .collect();
        histories.push(seen);
    }
    let mut folded = Folded::default();
    let problems: Vec<Vec<problems::Chain<'_>>> =
        histories.iter().map(|seen| problems::over(seen, &mut folded)).collect();
    for (seen, problems) in histories.iter().zip(&problems) {
        let absent = seen.iter().rev().take_while(|seen| seen.kept.is_none()).count();
        let named = seen.iter().rev().find_map(|seen| seen.kept).map(|kept| &kept.of);
        if absent > OVER || (absent > 0 && !named.is_some_and(is_expected)) {
            continue;
        }
        told.campaigns.push(campaign(seen, weeks.len()));
        findings::tell(seen, &mut folded, &mut told);
        actions::tell(seen, &now.decided.actions, &mut folded, &mut told);
        told.rows.extend(problems::rows(seen, problems));
    }
    told.changed.sort_by(|a, b| {
        let key = |one: &crate::record::weeks::FindingWeek| (std::cmp::Reverse(one.severity), one.state);
        key(a).cmp(&key(b))
    });
    told.problems = problems::tell(&histories, &problems, now, &mut folded, policy);
    told.outliers = outliers::tell(&histories);
    told
}

/// One campaign's figures now and the last time, and its line over all weeks.
fn campaign(seen: &[Seen<'_>], weeks: usize) -> CampaignWeek {
    let kept = |seen: &&Seen<'_>| seen.kept.is_some();
    let (now, before) = seen.split_last().map_or((None, seen), |(now, before)| (Some(now), before));
    let is = now.and_then(|now| now.kept);
    let last = before.iter().rev().find(kept);
    let named = is.or(last.and_then(|last| last.kept)).map(|kept| &kept.of).cloned().unwrap_or_default();
    let missing = std::iter::repeat_n(None, weeks - seen.len());
    CampaignWeek {
        campaign: named.campaign,
        name: named.name,
        here: is.is_some(),
        first: seen.first().map(|seen| seen.week.period.clone()).unwrap_or_default(),
        last: last.map(|last| last.week.period.clone()),
        was: last.and_then(|last| last.kept).map(|kept| kept.figures),
        is: is.map(|kept| kept.figures),
        trend: missing
            .chain(seen.iter().map(|seen| seen.kept.and_then(|kept| kept.figures.composite)))
            .collect(),
    }
}
