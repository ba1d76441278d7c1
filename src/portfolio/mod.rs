//! Many campaigns side by side: what is kept of each review, and what they say together.
//!
//! A [`CampaignSummary`] is all the portfolio keeps of one workbook, small and owned, so
//! that memory follows the number of rows shown and not the size of the files.

use std::collections::HashSet;

use chrono::NaiveDate;
use serde::Serialize;

use crate::campaign::Campaign;
use crate::catalogue::record::{Answered, HeaderQuestion, TableQuestion};
use crate::cell::Place;
use crate::diagnostic::Finding;
use crate::locale::{Lang, fold};
use crate::metrics;
use crate::metrics::actions::State;
use crate::policy::Policy;
use crate::record::decided::{Decided, Verdict};
use crate::record::export::Held;
use crate::record::merge::{Merge, Roster};
use crate::record::summary::{
    ActionLine, BudgetEntry, CampaignSummary, ChannelLine, FindingLine, GoalLine, HeaderAsked, LessonLine,
    ProblemLine, RiskLine, RiskState, TableAsked, WordAsked,
};
use crate::record::weeks::Weeks;
use crate::review::{Review, UnknownWord, level};
use crate::weeks::{Remembered, recurrence};

pub mod compare;
pub mod decided;
pub mod exports;
pub mod memo;
pub mod pages;

/// Who a workbook is: the id `fupan new` issued, else 活动编号, else name and period.
pub fn campaign_id(review: &Review<'_>) -> String {
    if let Some(issued) = &review.campaign.identity.campaign {
        return issued.clone();
    }
    let Some(basics) = &review.campaign.basics else { return fold(review.name()) };
    if let Some(code) = &basics.code.value {
        return fold(code);
    }
    let period = basics.period.value.map(|period| format!("{}~{}", period.start, period.end));
    format!("{}|{}", fold(review.name()), period.unwrap_or_default())
}

/// Keeps of a review what the portfolio shows.
pub fn entry(review: &Review<'_>) -> CampaignSummary {
    let campaign = &review.campaign;
    let basics = campaign.basics.as_ref();
    let filled = &review.analysis.filled;
    CampaignSummary {
        campaign: campaign_id(review),
        name: review.name().to_owned(),
        own_name: None,
        file: review.file.clone(),
        output: String::new(),
        template: campaign.identity.template.clone(),
        owner: basics.map(|basics| basics.owner.as_str().to_owned()).unwrap_or_default(),
        kind: basics.map(|basics| basics.kind.text.clone()).unwrap_or_default(),
        period: basics.and_then(|basics| basics.period.value),
        composite: review.analysis.goals.composite.value(),
        verdict: review.analysis.goals.verdict,
        filled: (filled.iter().map(|f| f.filled).sum(), filled.iter().map(|f| f.required).sum()),
        budget: basics.and_then(|basics| basics.budget.value),
        tasks: tasks(campaign),
        goals: goals(review),
        channels: channels(campaign, review.policy),
        budget_lines: campaign
            .budget
            .iter()
            .map(|line| BudgetEntry {
                resource: line.kind.value,
                item: line.item.as_str().to_owned(),
                planned: line.total.value,
                actual: line.actual.value,
                at: line.item.at.clone(),
            })
            .collect(),
        actions: actions(review),
        problems: campaign
            .problems
            .iter()
            .filter(|problem| problem.description.value.is_some())
            .map(|problem| ProblemLine {
                code: problem.code.as_str().to_owned(),
                class: problem.class.value.map(|class| class.id().to_owned()),
                description: problem.description.as_str().to_owned(),
                root: problem.root.as_str().to_owned(),
                dept: problem.dept.as_str().to_owned(),
                recurring: problem.recurring.value == Some(true),
                at: problem.description.at.clone(),
            })
            .collect(),
        risks: risks(review),
        lessons: lessons(campaign),
        tables: tables(review),
        questions: review.records.questions.iter().map(question).collect(),
        unknown_words: review.unknown_words().into_iter().filter_map(|word| unknown(review, word)).collect(),
        findings: findings(review),
        set_aside_for: None,
    }
}

fn question(question: &TableQuestion) -> TableAsked {
    let header = |header: &HeaderQuestion| HeaderAsked {
        typed: header.typed.clone(),
        column: header.column.clone(),
        example: header.example.clone(),
    };
    let first = question.places.first();
    TableAsked {
        headers: question.columns.iter().map(header).collect(),
        table: question.table.clone(),
        open: question.is_open(),
        own: question.answered == Some(Answered::Here),
        at: first.map(|(sheet, area)| Place::new(sheet.clone(), area.first)),
    }
}

fn unknown(review: &Review<'_>, word: UnknownWord<'_>) -> Option<WordAsked> {
    let choices = review.catalogue.choices_of(word.column);
    let known = |zh: &String| choices.iter().find(|choice| choice.label.zh == *zh).map(|it| it.id.clone());
    Some(WordAsked {
        list: word.column.list()?.to_owned(),
        column: (word.table.to_owned(), word.column.id.clone()),
        suggestion: word.suggestion.as_ref().and_then(known),
        word: word.word,
        at: word.at,
        answer: word.answer,
    })
}

fn tasks(campaign: &Campaign) -> (usize, usize, usize) {
    use crate::campaign::Status;
    let count = |status| campaign.progress.iter().filter(|task| task.status.value == Some(status)).count();
    (count(Status::Done), campaign.progress.len(), count(Status::Cancelled))
}

fn goals(review: &Review<'_>) -> Vec<GoalLine> {
    review
        .analysis
        .goals
        .overall
        .iter()
        .map(|goal| GoalLine {
            name: goal.name.clone(),
            target: goal.asked.level.number(),
            actual: goal.actual.number(),
            completion: goal.completion.value(),
            outcome: goal.outcome,
            unit: goal.unit.clone(),
            at: goal.at.clone(),
        })
        .collect()
}

fn channels(campaign: &Campaign, policy: &Policy) -> Vec<ChannelLine> {
    campaign
        .channels
        .iter()
        .filter_map(|channel| {
            let typed = channel.channel.value.as_deref()?;
            let value = metrics::channels::value(
                &channel.sales.expr(),
                &channel.conversions.expr(),
                &channel.unit_value.expr(),
            );
            Some(ChannelLine {
                channel: policy.names.get(typed).cloned().unwrap_or_else(|| typed.to_owned()),
                own_name: None,
                spend: channel.spend.value,
                revenue: value.number(),
                exposure: channel.exposure.value,
                clicks: channel.clicks.value,
                conversions: channel.conversions.value,
                new_customers: channel.new_customers.value,
                at: channel.channel.at.clone(),
            })
        })
        .collect()
}

fn actions(review: &Review<'_>) -> Vec<ActionLine> {
    review
        .analysis
        .actions
        .ranked
        .iter()
        .map(|ranked| {
            let action = &review.campaign.actions[ranked.row];
            ActionLine {
                code: action.code.as_str().to_owned(),
                action: action.action.as_str().to_owned(),
                problem: action.problem.as_str().to_owned(),
                owner: action.owner.as_str().to_owned(),
                dept: action.dept.as_str().to_owned(),
                due: action.due.value,
                days_left: ranked.days_left,
                state: ranked.state,
                quadrant: ranked.quadrant,
                score: ranked.score,
                standard: action.standard.as_str().to_owned(),
                verified: action.verification.text.clone(),
                effect: ranked.effect.value(),
                recurring: ranked.recurring,
                gap: ranked.goal.as_ref().map(|(_, gap)| *gap),
                at: action.action.at.clone(),
            }
        })
        .collect()
}

/// What was foreseen and what happened; where nothing is written down of what happened, nobody knows whether it did.
fn risks(review: &Review<'_>) -> Vec<RiskLine> {
    let (campaign, found) = (&review.campaign, &review.analysis.risk);
    let planned = found.planned.iter().map(|figures| {
        let row = &campaign.risk_plan[figures.row];
        let state = match figures.happened.is_empty() {
            false => RiskState::Happened,
            true if found.incidents.is_empty() => RiskState::NoLog,
            true => RiskState::Ahead,
        };
        RiskLine {
            risk: row.risk.as_str().to_owned(),
            kind: row.kind.as_str().to_owned(),
            level: figures.level,
            state,
            owner: row.owner.as_str().to_owned(),
            response: row.response.as_str().to_owned(),
            occurred: None,
            hours: None,
            at: row.risk.at.clone(),
        }
    });
    let incidents = found.incidents.iter().map(|figures| {
        let row = &campaign.risk_log[figures.row];
        let solved = row.solved.value.is_some();
        RiskLine {
            risk: row.risk.as_str().to_owned(),
            kind: String::new(),
            level: row.level.value,
            state: if solved { RiskState::Solved } else { RiskState::Unsolved },
            owner: row.owner.as_str().to_owned(),
            response: row.response.as_str().to_owned(),
            occurred: row.occurred.value,
            hours: figures.hours.expr.number(),
            at: row.risk.at.clone(),
        }
    });
    planned.chain(incidents).collect()
}

fn lessons(campaign: &Campaign) -> Vec<LessonLine> {
    let written = campaign.lessons.iter().filter(|lesson| lesson.content.value.is_some());
    let line = |lesson: &crate::campaign::Lesson| LessonLine {
        kind: lesson.kind.text.clone(),
        content: lesson.content.as_str().to_owned(),
        evidence: lesson.evidence.as_str().to_owned(),
        scope: lesson.scope.as_str().to_owned(),
        advice: lesson.advice.as_str().to_owned(),
        at: lesson.content.at.clone(),
    };
    written.map(line).collect()
}

/// The tables that hold anything: what is said of the others cannot have been mended.
fn tables(review: &Review<'_>) -> Vec<String> {
    let filled = review.records.tables.iter().filter(|(_, table)| !table.rows.is_empty());
    filled.map(|(id, _)| id.clone()).collect()
}

fn findings(review: &Review<'_>) -> Vec<FindingLine> {
    let mut lines: Vec<FindingLine> = Vec::new();
    for finding in &review.findings {
        let cells = finding.cells();
        match lines
            .iter_mut()
            .find(|line| line.code == finding.code.name && line.severity == finding.severity)
        {
            Some(line) => {
                line.findings += 1;
                line.cells += cells;
            }
            None => {
                let (code, severity) = (finding.code.name, finding.severity);
                lines.push(FindingLine { code, severity, findings: 1, cells });
            }
        }
    }
    lines
}

/// What happened to one file that is no campaign of the portfolio.
#[derive(Debug, Clone, Serialize)]
pub struct Refused {
    /// The file, relative to the folder.
    pub file: String,
    /// Stable reason code.
    pub code: &'static str,
    /// What is wrong and what to do, in the language of the run.
    pub message: String,
}

/// Everything one run puts side by side.
#[derive(Debug, Clone, Serialize)]
pub struct Portfolio {
    /// The day as of which things are late.
    pub as_of: NaiveDate,
    /// Campaigns, in order of their files; set-aside copies among them.
    pub entries: Vec<CampaignSummary>,
    /// Problems met more than once, across campaigns and within one, most often first.
    pub recurrences: Vec<recurrence::Recurrence>,
    /// Files that could not be read.
    pub refused: Vec<Refused>,
    /// Files identical to another: (copy, the one that counts).
    pub identical: Vec<(String, String)>,
    /// Copies whose values are in another file's campaign: file, the campaign's name, the host.
    pub merged: Vec<(String, String, String)>,
    /// What these merges did and asked.
    pub merges: Vec<Merge>,
    /// Exports of back offices, and what they were held against.
    pub held: Vec<Held>,
    /// The roll call, where one was made.
    pub roster: Option<Roster>,
    /// What people decided.
    pub decided: Decided,
    /// Names that look like one channel and of which nobody has decided, the one most used first.
    pub clusters: Vec<Vec<String>>,
    /// The week against the weeks before it.
    pub weeks: Option<Weeks>,
    /// Lessons of all weeks.
    #[serde(skip)]
    pub library: Vec<Remembered>,
    /// Of files that came in a mail or an archive, who sent them and when.
    pub origins: std::collections::BTreeMap<String, String>,
    /// Of which recurrence a problem is a member: campaign and problem by their positions.
    #[serde(skip)]
    member_of: std::collections::HashMap<(usize, usize), usize>,
    /// What workbooks say against each other.
    #[serde(skip)]
    pub findings: Vec<Finding>,
    /// How many of these the settings silenced.
    #[serde(skip)]
    pub silenced: usize,
}

impl Portfolio {
    /// The campaigns that count.
    pub fn counted(&self) -> impl Iterator<Item = &CampaignSummary> {
        self.entries.iter().filter(|entry| entry.set_aside_for.is_none())
    }

    /// Puts everything of a run side by side; `earlier` are the campaigns of the run before. In whatever order
    /// the campaigns come, this is the same.
    pub fn of(gathered: Gathered, earlier: &[compare::Earlier<'_>], policy: &Policy) -> Portfolio {
        let Gathered {
            as_of,
            mut entries,
            mut refused,
            identical,
            mut merged,
            mut merges,
            mut exports,
            origins,
            said,
            decided,
        } = gathered;
        exports.sort_by(|a, b| a.file.cmp(&b.file));
        for line in entries.iter_mut().flat_map(|entry| &mut entry.channels) {
            if let Some(name) = decided.channel(&line.channel) {
                line.own_name = Some(std::mem::replace(&mut line.channel, name.to_owned()));
            }
        }
        entries.sort_by(|a, b| a.file.cmp(&b.file));
        refused.sort_by(|a, b| a.file.cmp(&b.file));
        merged.sort();
        merges.sort_by(|a, b| a.campaign.cmp(&b.campaign));
        let mut portfolio = Portfolio {
            as_of,
            entries,
            recurrences: Vec::new(),
            refused,
            identical,
            merged,
            merges,
            held: Vec::new(),
            roster: None,
            decided,
            clusters: Vec::new(),
            weeks: None,
            library: Vec::new(),
            origins,
            member_of: std::collections::HashMap::new(),
            findings: Vec::new(),
            silenced: 0,
        };
        portfolio.settle_copies();
        portfolio.recurrences = recurrence::recurrences(&portfolio.entries, policy);
        let members = portfolio.recurrences.iter().enumerate();
        portfolio.member_of =
            members.flat_map(|(at, one)| one.members.iter().map(move |member| (*member, at))).collect();
        portfolio.clusters = compare::clusters(&portfolio);
        let mut across = compare::compare(&portfolio, earlier);
        let (held, apart) = exports::hold(&exports, &portfolio.entries, &portfolio.merges);
        portfolio.held = held;
        across.extend(apart);
        across.extend(said);
        (portfolio.findings, portfolio.silenced) = level(across, policy);
        portfolio.tell_names_apart();
        portfolio
    }

    /// Where actions stand, as far as people have decided.
    pub fn standing(&self) -> Standing<'_> {
        let items = self.weeks.iter().flat_map(|weeks| &weeks.items);
        let given_up = items.filter(|item| item.verdict == Some(Verdict::GiveUp));
        Standing { given_up: given_up.map(|item| (item.campaign.as_str(), item.at.as_ref())).collect() }
    }

    /// The recurrence a problem of an entry is part of, by their positions.
    pub fn recurrence_of(&self, entry: usize, problem: usize) -> Option<&recurrence::Recurrence> {
        self.member_of.get(&(entry, problem)).and_then(|at| self.recurrences.get(*at))
    }

    /// Whether the problem an action answers came back: marked so by the team, or met more than once in this batch.
    pub fn answers_recurring(&self, entry: usize, action: &ActionLine) -> bool {
        let named = fold(&action.problem);
        let same = |problem: &ProblemLine| {
            !named.is_empty() && (fold(&problem.code) == named || fold(&problem.description) == named)
        };
        let problems = self.entries.get(entry).map_or(&[][..], |entry| &entry.problems);
        let rows = problems.iter().enumerate().filter(|(_, problem)| same(problem));
        action.recurring || rows.into_iter().any(|(row, _)| self.recurrence_of(entry, row).is_some())
    }

    /// Gives campaigns that share a name a number, so that sums by name do not mix them;
    /// characters that a spreadsheet takes for wildcards become plain ones.
    fn tell_names_apart(&mut self) {
        let mut taken = std::collections::BTreeMap::new();
        let counted = self.entries.iter_mut().filter(|entry| entry.set_aside_for.is_none());
        for entry in counted {
            let own = entry.name.clone();
            entry.name = entry.name.replace('*', "＊").replace('?', "？").replace('~', "～");
            let times: &mut usize = taken.entry(fold(&entry.name)).or_default();
            *times += 1;
            if *times > 1 {
                entry.name = format!("{} ({times})", entry.name);
            }
            entry.own_name = (own != entry.name).then_some(own);
        }
    }

    /// Where several copies of one campaign came in and could not be made one, lets the fullest count
    /// (of equally full ones the first by name) and sets the others aside.
    fn settle_copies(&mut self) {
        let mut best: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
        for (at, entry) in self.entries.iter().enumerate() {
            let known = best.entry(entry.campaign.clone()).or_insert(at);
            if self.entries[*known].filled.0 < entry.filled.0 {
                *known = at;
            }
        }
        let files: Vec<String> = self.entries.iter().map(|entry| entry.file.clone()).collect();
        for (at, entry) in self.entries.iter_mut().enumerate() {
            entry.set_aside_for =
                best.get(&entry.campaign).filter(|best| **best != at).map(|best| files[*best].clone());
        }
    }
}

/// Where actions stand: what was given up nobody waits for, whatever the workbook says.
#[derive(Debug)]
pub struct Standing<'p> {
    /// By campaign and cell.
    given_up: HashSet<(&'p str, Option<&'p Place>)>,
}

impl Standing<'_> {
    /// Of one action.
    pub fn of(&self, entry: &CampaignSummary, action: &ActionLine) -> State {
        let given_up = self.given_up.contains(&(entry.campaign.as_str(), action.at.as_ref()));
        if given_up && action.state.is_open() { State::Cancelled } else { action.state }
    }
}

/// What a run gathered, in any order.
#[derive(Debug, Clone)]
pub struct Gathered {
    /// The day as of which things are late.
    pub as_of: NaiveDate,
    /// Campaigns.
    pub entries: Vec<CampaignSummary>,
    /// Files that could not be read.
    pub refused: Vec<Refused>,
    /// Files identical to another.
    pub identical: Vec<(String, String)>,
    /// Copies that are in another file's campaign.
    pub merged: Vec<(String, String, String)>,
    /// What merges did and asked.
    pub merges: Vec<Merge>,
    /// Exports of back offices.
    pub exports: Vec<exports::CameIn>,
    /// Of files that came in a mail or an archive, who sent them and when.
    pub origins: std::collections::BTreeMap<String, String>,
    /// What is said of the folder itself.
    pub said: Vec<Finding>,
    /// What people decided.
    pub decided: Decided,
}

/// The title of a finding's code.
pub fn finding_title(code: &str, lang: Lang) -> String {
    crate::review::codes()
        .chain(compare::CODES.iter().chain(exports::CODES).copied())
        .find(|known| known.name == code)
        .map_or_else(|| code.to_owned(), |known| known.wording(lang).title)
}
