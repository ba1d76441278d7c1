//! A week against the weeks before it: findings, actions and problems with their pasts.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::decided::Verdict;
use crate::cell::Place;
use crate::diagnostic::Severity;
use crate::metrics::actions::State;

/// A week against the weeks before it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Weeks {
    /// The week: `2024-W50`.
    pub period: String,
    /// The week before, where one is known.
    pub previous: Option<String>,
    /// Findings by how they stand.
    pub findings: FindingStates,
    /// Actions by how they stand.
    pub actions: ActionStates,
    /// The weeks that are known, oldest first, this one last: `trend` of a campaign has a value for each.
    #[serde(default)]
    pub periods: Vec<String>,
    /// Every campaign of this week, and those of earlier weeks that were not returned.
    #[serde(default)]
    pub campaigns: Vec<CampaignWeek>,
    /// Findings whose state is another than 仍在, worst first.
    #[serde(default)]
    pub changed: Vec<FindingWeek>,
    /// Actions that are not closed, and those closed, gone or doubtful this week.
    #[serde(default)]
    pub items: Vec<ActionWeek>,
    /// Problems met more than once over weeks and campaigns, most often first.
    #[serde(default)]
    pub problems: Vec<ProblemWeek>,
    /// Rows of problems that went this week, or came back.
    #[serde(default)]
    pub rows: Vec<ProblemRow>,
    /// Figures unlike what the campaign, or campaigns of its type, had before.
    #[serde(default)]
    pub outliers: Vec<Outlier>,
}

/// Findings of a week by how they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default)]
pub struct FindingStates {
    /// 新增.
    pub new: usize,
    /// 仍在.
    pub still: usize,
    /// 加重.
    pub grown: usize,
    /// 已修好.
    pub fixed: usize,
    /// 复发.
    pub again: usize,
    /// 未知: the campaign or its table was not returned.
    pub unknown: usize,
    /// 因规则更新.
    pub rules: usize,
}

/// Actions of a week by how they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ActionStates {
    /// Not done.
    pub open: usize,
    /// Past their day.
    pub overdue: usize,
    /// Given a later day this week.
    pub replanned: usize,
    /// Gone this week without having been closed.
    pub gone: usize,
    /// Done, and nothing shows it.
    pub done_without_evidence: usize,
}

/// How a finding stands to the weeks before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FindingState {
    /// 新增: it was never there before.
    New,
    /// 仍在: it was there the last time its campaign was returned.
    Still,
    /// 加重: the same over more cells.
    Grown,
    /// 已修好: it was there, its table was returned, and it is gone.
    Fixed,
    /// 复发: it was fixed once and is back.
    Again,
    /// 未知: its campaign or its table was not returned.
    Unknown,
    /// 因规则更新: what is checked is another than the last time.
    Rules,
}

impl FindingState {
    /// Stable id.
    pub fn id(self) -> &'static str {
        match self {
            FindingState::New => "new",
            FindingState::Still => "still",
            FindingState::Grown => "grown",
            FindingState::Fixed => "fixed",
            FindingState::Again => "again",
            FindingState::Unknown => "unknown",
            FindingState::Rules => "rules",
        }
    }
}

impl FindingStates {
    /// How many are in a state.
    pub fn of(&mut self, state: FindingState) -> &mut usize {
        match state {
            FindingState::New => &mut self.new,
            FindingState::Still => &mut self.still,
            FindingState::Grown => &mut self.grown,
            FindingState::Fixed => &mut self.fixed,
            FindingState::Again => &mut self.again,
            FindingState::Unknown => &mut self.unknown,
            FindingState::Rules => &mut self.rules,
        }
    }
}

/// One campaign over the weeks.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CampaignWeek {
    /// The campaign's id.
    pub campaign: String,
    /// Its name.
    pub name: String,
    /// Whether it was returned this week.
    pub here: bool,
    /// The first week it is known of.
    pub first: String,
    /// The last week before this one it was returned in.
    pub last: Option<String>,
    /// Its figures then.
    pub was: Option<Figures>,
    /// Its figures now; null where it was not returned.
    pub is: Option<Figures>,
    /// 综合完成率 of each week of `periods`; null where it is not known.
    pub trend: Vec<Option<f64>>,
}

/// The figures of a campaign that are followed over weeks.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Figures {
    /// 综合完成率, as a ratio.
    pub composite: Option<f64>,
    /// 花费 over all channels that say it.
    pub spend: Option<f64>,
    /// 产出 over all channels that say it.
    pub revenue: Option<f64>,
    /// 投产比 over the channels that say both.
    pub roi: Option<f64>,
    /// 预算执行: actual of budget, over lines that say both.
    pub execution: Option<f64>,
    /// Share of required cells that are filled in.
    pub filled: Option<f64>,
    /// Errors.
    pub errors: usize,
    /// Overdue actions.
    pub overdue: usize,
}

/// One finding against the weeks before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FindingWeek {
    /// The campaign's id.
    pub campaign: String,
    /// Stable name of what is found.
    pub code: String,
    /// Its level.
    pub severity: Severity,
    /// The table's id.
    pub table: Option<String>,
    /// The column's header.
    pub column: Option<String>,
    /// The row, as people call it.
    pub row: Option<String>,
    /// How it stands.
    pub state: FindingState,
    /// The first week it was there.
    pub first: String,
    /// How often it came: 1, and one more for each time it was fixed and came back.
    pub times: usize,
    /// The cell; of a finding that is gone, where it was.
    pub at: Option<Place>,
}

/// One action over the weeks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ActionWeek {
    /// The campaign's id.
    pub campaign: String,
    /// 行动编号; empty where there is none.
    pub code: String,
    /// 改进措施.
    pub action: String,
    /// 责任人.
    pub owner: String,
    /// 完成时间 as it is now.
    pub due: Option<NaiveDate>,
    /// 完成时间 as it was first given.
    pub first_due: Option<NaiveDate>,
    /// Where it stands; of one that is gone, where it last stood.
    pub state: State,
    /// The first week it was there.
    pub first: String,
    /// In how many weeks it stood, this one included.
    pub age: usize,
    /// How often it was given a later day.
    pub slips: usize,
    /// Given a later day this week.
    pub replanned: bool,
    /// How often it was given to somebody else.
    pub reassigned: usize,
    /// Days since anything about it changed.
    pub quiet: i64,
    /// Its row went without having been closed.
    pub gone: bool,
    /// Its row had gone, and is back this week.
    pub back: bool,
    /// Done, and nothing shows it.
    pub unproven: bool,
    /// How far it moved its figure: 0 not at all, 1 to its target; null where baseline, target or result lack.
    pub effect: Option<f64>,
    /// Put off so often that it is asked whether to go on, give up or take it higher up.
    pub escalate: bool,
    /// What was decided about it, as far as that holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// The week on whose page it was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<String>,
    /// Its campaign was not returned this week: what is known of it is from the last time.
    pub unseen: bool,
    /// The cell, in the file that was sent; of one that is gone, where it was.
    pub at: Option<Place>,
}

/// One problem over weeks and campaigns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ProblemWeek {
    /// As first written.
    pub description: String,
    /// 问题分类, its stable id.
    pub class: Option<String>,
    /// Names of the campaigns that met it, the first one first.
    pub campaigns: Vec<String>,
    /// How often it was met: rows, each campaign's own counted once whatever weeks it stood in.
    pub times: usize,
    /// The first week it was met.
    pub first: String,
    /// The last week it was met.
    pub last: String,
    /// Met this week for the first time in a campaign.
    pub fresh: bool,
    /// Often enough that it is no longer one team's alone, and nobody decided otherwise.
    pub escalate: bool,
    /// What was decided about it, as far as that holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// The week on whose page it was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<String>,
    /// The rows it stands in.
    #[serde(default)]
    pub members: Vec<ProblemMember>,
}

/// One campaign's row of a problem met more than once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ProblemMember {
    /// The campaign's id.
    pub campaign: String,
    /// 问题编号; empty where there is none.
    pub code: String,
    /// The last week it stood there.
    pub last: String,
    /// The cell, as it was then.
    pub at: Option<Place>,
}

/// A row of a campaign's problems that went, or came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ProblemRow {
    /// The campaign's id.
    pub campaign: String,
    /// 问题编号; empty where there is none.
    pub code: String,
    /// 问题描述.
    pub description: String,
    /// Whether it came back; else it went.
    pub back: bool,
    /// The cell; of one that went, where it was.
    pub at: Option<Place>,
}

/// A figure unlike those before it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Outlier {
    /// The campaign's id.
    pub campaign: String,
    /// Which of its figures: a field of `is`.
    pub figure: String,
    /// Its value.
    pub value: f64,
    /// The median before.
    pub usual: f64,
    /// What is held against it.
    pub against: Against,
    /// How many values the median is of.
    pub n: usize,
}

/// Whose history a figure is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Against {
    /// The campaign's own.
    Own,
    /// That of campaigns of its type.
    Type,
}
