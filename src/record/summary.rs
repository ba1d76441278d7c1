//! What is kept of one campaign, small and owned: what the portfolio shows, and
//! what a run remembers of it.
//!
//! Every line keeps the cell it goes by.

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use crate::campaign::{Resource, RiskLevel, Verdict};
use crate::cell::Place;
use crate::diagnostic::{Known, Severity};
use crate::metrics::actions::{Quadrant, State};
use crate::metrics::goals::Outcome;
use crate::quantity::{Period, Unit};

/// What the portfolio keeps of one campaign.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CampaignSummary {
    /// Who it is: issued id, else 活动编号, else name and period.
    pub campaign: String,
    /// The campaign's name.
    pub name: String,
    /// Its name as the workbook has it, where another campaign has the same or a spreadsheet would misread it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_name: Option<String>,
    /// The input file, relative to the folder.
    pub file: String,
    /// The enriched workbook, relative to the output folder.
    pub output: String,
    /// Template id, where the workbook says so.
    pub template: Option<String>,
    /// 活动负责人.
    pub owner: String,
    /// 活动类型, as typed.
    pub kind: String,
    /// 活动周期.
    pub period: Option<Period>,
    /// 综合完成率.
    pub composite: Option<f64>,
    /// 总体结论.
    pub verdict: Option<Verdict>,
    /// Required cells filled in, and all of them.
    pub filled: (usize, usize),
    /// 总预算.
    pub budget: Option<f64>,
    /// Tasks done, all, cancelled.
    pub tasks: (usize, usize, usize),
    /// Goals.
    pub goals: Vec<GoalLine>,
    /// Channels.
    pub channels: Vec<ChannelLine>,
    /// Budget lines.
    pub budget_lines: Vec<BudgetEntry>,
    /// Actions, in order of priority.
    pub actions: Vec<ActionLine>,
    /// Problems.
    pub problems: Vec<ProblemLine>,
    /// Risks foreseen, and what happened.
    #[serde(default)]
    pub risks: Vec<RiskLine>,
    /// Experience, as the team wrote it down.
    #[serde(default)]
    pub lessons: Vec<LessonLine>,
    /// Ids of the tables that hold anything.
    #[serde(default)]
    pub tables: Vec<String>,
    /// Tables somebody has to say something of, and those somebody has (认表).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<TableAsked>,
    /// Words outside their lists, and those the workbook itself says what they mean.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown_words: Vec<WordAsked>,
    /// Findings by code: how many, how severe, over how many cells.
    pub findings: Vec<FindingLine>,
    /// Another copy of the same campaign counts instead: its file.
    pub set_aside_for: Option<String>,
}

/// A table that was not surely recognised, or that somebody has said something of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TableAsked {
    /// Its headers, left to right, without days that go on across.
    pub headers: Vec<HeaderAsked>,
    /// The table it looks like, or was said to be; nothing for none of ours.
    pub table: Option<String>,
    /// Whether something is still to be said of it.
    pub open: bool,
    /// Whether the workbook itself says what it is.
    pub own: bool,
    /// Where it stands first.
    pub at: Option<Place>,
}

impl TableAsked {
    /// Its headers as typed.
    pub fn typed(&self) -> Vec<String> {
        self.headers.iter().map(|header| header.typed.clone()).collect()
    }

    /// What each header means, as an answer writes it.
    pub fn columns(&self) -> Vec<String> {
        self.headers.iter().map(|header| header.column.clone()).collect()
    }
}

/// A header of such a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct HeaderAsked {
    /// As typed.
    pub typed: String,
    /// The column it means, as an answer writes it; empty where it is not read.
    pub column: String,
    /// The first thing that stands below.
    pub example: String,
}

/// A word outside its list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct WordAsked {
    /// As typed.
    pub word: String,
    /// The list.
    pub list: String,
    /// Table and column it stands in, by their ids.
    pub column: (String, String),
    /// The first cell it stands in.
    pub at: Option<Place>,
    /// The choice it may mean.
    pub suggestion: Option<String>,
    /// The choice the workbook itself says it means.
    pub answer: Option<String>,
}

/// One goal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct GoalLine {
    /// Indicator.
    pub name: String,
    /// The level asked for, in the base unit.
    pub target: Option<f64>,
    /// What was reached.
    pub actual: Option<f64>,
    /// 完成率, as a ratio.
    pub completion: Option<f64>,
    /// How the completion is called.
    pub outcome: Outcome,
    /// What the numbers count; a percent is a ratio.
    pub unit: Unit,
    /// The cell it stands in, in the file that was sent.
    pub at: Option<Place>,
}

/// One channel of one campaign.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ChannelLine {
    /// Name; under the team's own name where settings give one, under another where it was decided so.
    pub channel: String,
    /// The name before that was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_name: Option<String>,
    /// 花费.
    pub spend: Option<f64>,
    /// 产出: sales, or conversions × value of one.
    pub revenue: Option<f64>,
    /// 曝光.
    pub exposure: Option<f64>,
    /// 点击.
    pub clicks: Option<f64>,
    /// 转化.
    pub conversions: Option<f64>,
    /// 新客.
    pub new_customers: Option<f64>,
    /// The cell it stands in, in the file that was sent.
    pub at: Option<Place>,
}

/// One budget line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct BudgetEntry {
    /// 资源类型.
    pub resource: Option<Resource>,
    /// 费用明细.
    pub item: String,
    /// 预算.
    pub planned: Option<f64>,
    /// 实际.
    pub actual: Option<f64>,
    /// The cell it stands in, in the file that was sent.
    pub at: Option<Place>,
}

/// One action.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ActionLine {
    /// 行动编号; empty where there is none.
    #[serde(default)]
    pub code: String,
    /// 改进措施.
    pub action: String,
    /// The problem it answers.
    pub problem: String,
    /// 责任人.
    pub owner: String,
    /// 责任部门.
    pub dept: String,
    /// 完成时间.
    pub due: Option<NaiveDate>,
    /// Days to its date; negative when past.
    pub days_left: Option<i64>,
    /// Where it stands.
    pub state: State,
    /// Its place by impact and difficulty.
    pub quadrant: Quadrant,
    /// Priority, more is sooner.
    pub score: Option<i32>,
    /// 验收标准.
    pub standard: String,
    /// 验证结果, as typed.
    #[serde(default)]
    pub verified: String,
    /// (验证结果 − 基线) ÷ (目标 − 基线).
    #[serde(default)]
    pub effect: Option<f64>,
    /// The problem it answers is marked as recurring.
    pub recurring: bool,
    /// How far the unmet goal it names is from 100%.
    pub gap: Option<f64>,
    /// The cell it stands in, in the file that was sent.
    pub at: Option<Place>,
}

/// One problem.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ProblemLine {
    /// 问题编号; empty where there is none.
    pub code: String,
    /// 问题分类, its stable id.
    pub class: Option<String>,
    /// 问题描述.
    pub description: String,
    /// 根本原因.
    pub root: String,
    /// 责任部门.
    pub dept: String,
    /// Marked as one that came back.
    pub recurring: bool,
    /// The cell it stands in, in the file that was sent.
    pub at: Option<Place>,
}

/// A risk somebody foresaw, or something that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RiskLine {
    /// 风险描述.
    pub risk: String,
    /// 风险类型, as typed; of what happened, empty.
    #[serde(default)]
    pub kind: String,
    /// 风险等级.
    pub level: Option<RiskLevel>,
    /// Where it stands.
    pub state: RiskState,
    /// 责任人.
    pub owner: String,
    /// 应对措施.
    pub response: String,
    /// When it happened.
    #[serde(default)]
    pub occurred: Option<NaiveDateTime>,
    /// Hours until all was normal again.
    #[serde(default)]
    pub hours: Option<f64>,
    /// The cell it stands in, in the file that was sent.
    pub at: Option<Place>,
}

/// Where a risk stands; what is open first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RiskState {
    /// It happened, and nobody says when all was normal again.
    Unsolved,
    /// It was foreseen, and nothing is written down of what happened at all.
    NoLog,
    /// It was foreseen, and has not happened.
    Ahead,
    /// It was foreseen, and has happened.
    Happened,
    /// It happened, and all is normal again.
    Solved,
}

impl RiskState {
    /// Every state, what is open first.
    pub const ALL: [RiskState; 5] =
        [RiskState::Unsolved, RiskState::NoLog, RiskState::Ahead, RiskState::Happened, RiskState::Solved];

    /// Stable id.
    pub fn id(self) -> &'static str {
        match self {
            RiskState::Unsolved => "risk_unsolved",
            RiskState::NoLog => "risk_no_log",
            RiskState::Ahead => "risk_ahead",
            RiskState::Happened => "risk_happened",
            RiskState::Solved => "risk_solved",
        }
    }

    /// Whether it may still happen, as far as anybody says.
    pub fn is_ahead(self) -> bool {
        matches!(self, RiskState::Ahead | RiskState::NoLog)
    }
}

/// One lesson.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct LessonLine {
    /// 类型, as typed.
    pub kind: String,
    /// 经验内容.
    pub content: String,
    /// 数据佐证.
    pub evidence: String,
    /// 适用范围.
    pub scope: String,
    /// 建议.
    pub advice: String,
    /// The cell it stands in, in the file that was sent.
    pub at: Option<Place>,
}

/// How often one kind of finding was reported.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FindingLine {
    /// Code.
    #[serde(deserialize_with = "crate::diagnostic::read_known")]
    pub code: Known,
    /// Level.
    pub severity: Severity,
    /// Findings.
    pub findings: usize,
    /// Cells they are about.
    pub cells: usize,
}
