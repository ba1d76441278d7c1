//! Lists people ask for by name: problems, actions, suggestions, findings.

use serde::Serialize;

use crate::cell::Place;
use crate::diagnostic::{Family, Finding, Severity};
use crate::locale::Lang;
use crate::metrics::Figure;
use crate::metrics::actions::{Quadrant, State};
use crate::review::Review;
use crate::sheets;
use crate::suggestions::Suggestion;

/// One problem of 问题清单.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Problem<'a> {
    /// The cell of its description.
    pub at: Option<&'a Place>,
    /// 问题描述.
    pub description: &'a str,
    /// 问题分类, by its stable id.
    pub class: Option<&'static str>,
    /// 根本原因.
    pub root: Option<&'a str>,
    /// 影响程度, by its stable id.
    pub impact: Option<&'static str>,
    /// 责任部门.
    pub dept: Option<&'a str>,
    /// 是否重复出现.
    pub recurring: Option<bool>,
}

/// One action of the team's.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Action<'a> {
    /// Its place in the order of priority, from 1.
    pub order: usize,
    /// The cell of its text.
    pub at: Option<&'a Place>,
    /// 改进措施.
    pub action: &'a str,
    /// 对应问题.
    pub problem: Option<&'a str>,
    /// 责任人.
    pub owner: Option<&'a str>,
    /// 责任部门.
    pub dept: Option<&'a str>,
    /// 完成时间.
    pub due: Option<chrono::NaiveDate>,
    /// Days until due, negative when past; null when done or without a date.
    pub days_left: Option<i64>,
    /// How it stands on the as-of day.
    pub state: State,
    /// 衡量标准.
    pub standard: Option<&'a str>,
    /// Where impact and difficulty place it.
    pub quadrant: Quadrant,
    /// 3 × impact − difficulty; null where either is not filled in.
    pub score: Option<i32>,
    /// Why it ranks where it does.
    pub why: String,
    /// The problem it answers is marked as recurring.
    pub recurring: bool,
    /// The unmet goal it addresses.
    pub goal: Option<&'a str>,
    /// 措施效果.
    pub effect: &'a Figure,
}

/// One suggested action (系统建议).
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SuggestionView {
    /// The rule that asks for it.
    pub rule: &'static str,
    /// The rule in a few words.
    pub title: String,
    /// What to do.
    pub action: String,
    /// The figures that ask for it.
    pub because: String,
    /// The cells to look at, the first first.
    pub cells: Vec<Place>,
}

/// One finding.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FindingView<'a> {
    /// Its stable name, as `fupan explain` takes it.
    pub code: &'static str,
    /// What it is, in a few words.
    pub title: String,
    /// How bad it is.
    pub severity: Severity,
    /// What it is about.
    pub family: Family,
    /// The sheet.
    pub sheet: Option<&'a str>,
    /// The cell on that sheet.
    pub cell: Option<String>,
    /// Table id.
    pub table: Option<&'a str>,
    /// Column label as the user sees it.
    pub column: Option<&'a str>,
    /// What is there, as typed.
    pub found: Option<&'a str>,
    /// What is there and what was expected.
    pub message: String,
    /// What to do.
    pub help: String,
    /// What to type instead, where one value is clearly meant.
    pub suggestion: Option<&'a str>,
    /// Further cells of the same cause.
    pub more: &'a [Place],
    /// Other cells to look at.
    pub related: &'a [Place],
}

impl<'a> FindingView<'a> {
    /// A finding in the words of a language.
    pub fn of(finding: &'a Finding, lang: Lang) -> FindingView<'a> {
        FindingView {
            code: finding.code.name,
            title: finding.code.wording(lang).title,
            severity: finding.severity,
            family: finding.code.family,
            sheet: finding.sheet.as_deref(),
            cell: finding.at.as_ref().map(|at| at.cell.to_string()),
            table: finding.table.as_deref(),
            column: finding.column.as_deref(),
            found: finding.found.as_deref(),
            message: finding.message(lang),
            help: finding.help(lang),
            suggestion: finding.suggestion.as_deref(),
            more: &finding.more,
            related: &finding.related,
        }
    }
}

impl SuggestionView {
    /// A suggestion in the words of a language.
    pub fn of(suggestion: &Suggestion, lang: Lang) -> SuggestionView {
        SuggestionView {
            rule: suggestion.rule.name,
            title: suggestion.title(lang),
            action: suggestion.action(lang),
            because: suggestion.because(lang),
            cells: suggestion.evidence.clone(),
        }
    }
}

pub(super) fn problems<'a>(review: &'a Review<'_>) -> Vec<Problem<'a>> {
    let problems = review.campaign.problems.iter().filter(|problem| problem.description.value.is_some());
    problems
        .map(|problem| Problem {
            at: problem.description.at.as_ref(),
            description: problem.description.as_str(),
            class: problem.class.value.map(|class| class.id()),
            root: problem.root.value.as_deref(),
            impact: problem.impact.value.map(|impact| impact.id()),
            dept: problem.dept.value.as_deref(),
            recurring: problem.recurring.value,
        })
        .collect()
}

pub(super) fn actions<'a>(review: &'a Review<'_>, lang: Lang) -> Vec<Action<'a>> {
    let ctx = sheets::Ctx::new(review, lang, sheets::actions::SHEET.text);
    let ranked = review.analysis.actions.ranked.iter().enumerate();
    ranked
        .map(|(i, ranked)| {
            let action = &review.campaign.actions[ranked.row];
            Action {
                order: i + 1,
                at: action.action.at.as_ref(),
                action: action.action.as_str(),
                problem: action.problem.value.as_deref(),
                owner: action.owner.value.as_deref(),
                dept: action.dept.value.as_deref(),
                due: action.due.value,
                days_left: ranked.days_left,
                state: ranked.state,
                standard: action.standard.value.as_deref(),
                quadrant: ranked.quadrant,
                score: ranked.score,
                why: sheets::actions::why(&ctx, ranked, action),
                recurring: ranked.recurring,
                goal: ranked.goal.as_ref().map(|(goal, _)| goal.as_str()),
                effect: &ranked.effect,
            }
        })
        .collect()
}
