//! Actions: in which order, and how far along (spec: `3-metrics` §3.7; D2 阶段三).

use std::cmp::Reverse;

use chrono::NaiveDate;

use crate::campaign::{Action, Campaign, Level, Status};
use crate::expr::{Expr, Op};
use crate::locale::fold;
use crate::metrics;
use crate::policy::Policy;

use super::goals::{Goals, Outcome};
use super::{Basis, Figure};

metrics! {
    PRIORITY = "priority",
    ACTION_COMPLETION = "action-completion",
    DAYS_LEFT = "days-left",
    ACTION_EFFECT = "action-effect",
}

/// The team's actions in the order in which to do them.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Actions {
    /// Every action that is not blank, first things first.
    pub ranked: Vec<Ranked>,
    /// 行动完成率.
    pub completion: Figure,
}

/// One action with the reason for its place.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Ranked {
    /// Row of the table.
    pub row: usize,
    /// 3·影响 − 难度; nothing while either is blank.
    pub score: Option<i32>,
    /// Quadrant by the score.
    pub quadrant: Quadrant,
    /// How it stands on the as-of day.
    pub state: State,
    /// Days until due, negative when past; nothing when done or without a date.
    pub days_left: Option<i64>,
    /// The problem it answers is marked as recurring.
    pub recurring: bool,
    /// The unmet goal its text or problem names, and how far that is from 100%.
    pub goal: Option<(String, f64)>,
    /// (验证结果 − 基线) ÷ (目标 − 基线).
    pub effect: Figure,
}

/// Where impact and difficulty place an action (D2: 高影响-低难度 first).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Quadrant {
    /// 速赢 P1: high impact, not hard.
    QuickWin,
    /// 重点攻坚 P2: high impact, hard.
    Push,
    /// 顺手做 P3.
    InPassing,
    /// 暂缓 P4.
    Later,
    /// Impact or difficulty is not filled in.
    Unranked,
}

impl Quadrant {
    /// Stable id.
    pub fn id(self) -> &'static str {
        match self {
            Quadrant::QuickWin => "quick-win",
            Quadrant::Push => "push",
            Quadrant::InPassing => "in-passing",
            Quadrant::Later => "later",
            Quadrant::Unranked => "unranked",
        }
    }

    /// The quadrant of a score: 7 and more, 6, 2 and more, less.
    pub fn of(score: Option<i32>) -> Quadrant {
        match score {
            Some(7..) => Quadrant::QuickWin,
            Some(6) => Quadrant::Push,
            Some(2..) => Quadrant::InPassing,
            Some(_) => Quadrant::Later,
            None => Quadrant::Unranked,
        }
    }
}

/// How an action stands on the as-of day. Due today is not overdue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Past its date and not done.
    Overdue,
    /// Due within the days the policy names.
    DueSoon,
    /// Open, not due yet.
    Open,
    /// Open, without a date.
    Undated,
    /// Done, but nothing says whether it helped.
    DoneUnverified,
    /// Done and verified.
    Done,
    /// Cancelled.
    Cancelled,
}

impl State {
    /// Stable id.
    pub fn id(self) -> &'static str {
        match self {
            State::Overdue => "overdue",
            State::DueSoon => "due-soon",
            State::Open => "open",
            State::Undated => "undated",
            State::DoneUnverified => "done-unverified",
            State::Done => "done",
            State::Cancelled => "cancelled",
        }
    }

    /// Whether something is still to be done.
    pub fn is_open(self) -> bool {
        matches!(self, State::Overdue | State::DueSoon | State::Open | State::Undated)
    }
}

/// 3·影响 − 难度, over the weights 高 3, 中 2, 低 1.
pub fn score(impact: &Expr, difficulty: &Expr) -> Expr {
    (impact.clone() * 3.0 - difficulty.clone()).known()
}

/// The weight of a level shown as a word: 高 3, 中 2, 低 1, else nothing. `word` gives the texts.
pub fn weight(shown: &Expr, word: impl Fn(Level) -> String) -> Expr {
    Level::ALL.iter().rev().fold(Expr::nothing(), |otherwise, level| {
        shown.clone().op(Op::Eq, Expr::text(word(*level))).then(f64::from(level.weight()), otherwise)
    })
}

/// The quadrant's name by the score; `word` gives the texts.
pub fn quadrant(score: &Expr, word: impl Fn(Quadrant) -> String) -> Expr {
    let text = |quadrant| Expr::text(word(quadrant));
    let named = |score: Expr| {
        let at_least = |n: f64| score.clone().op(Op::Ge, n);
        let lower = at_least(2.0).then(text(Quadrant::InPassing), text(Quadrant::Later));
        at_least(7.0).then(text(Quadrant::QuickWin), at_least(6.0).then(text(Quadrant::Push), lower))
    };
    score.clone().given(named, text(Quadrant::Unranked))
}

/// Days from the as-of day to the due day.
pub fn days_left(due: &Expr, as_of: &Expr) -> Expr {
    (due.clone() - as_of.clone()).known()
}

/// 行动完成率: 已完成 ÷ (全部 − 已取消).
pub fn completion(done: Expr, all: Expr, cancelled: Expr) -> Expr {
    (done / (all - cancelled)).known()
}

/// How far the action moved its figure: (验证结果 − 基线) ÷ (目标 − 基线).
pub fn effect(baseline: &Expr, target: &Expr, verified: &Expr) -> Expr {
    ((verified.clone() - baseline.clone()) / (target.clone() - baseline.clone())).known()
}

/// Ranks the actions.
pub fn analyse(basis: Basis<'_>, goals: &Goals) -> Actions {
    let Basis { campaign, policy, as_of, .. } = basis;
    let mut ranked: Vec<Ranked> = campaign
        .actions
        .iter()
        .enumerate()
        .filter(|(_, action)| action.action.value.is_some())
        .map(|(row, action)| rank(campaign, policy, goals, as_of, row, action))
        .collect();
    ranked.sort_by_key(|ranked| order(campaign, ranked));
    let count = |state: fn(State) -> bool| {
        Expr::tally(
            ranked.iter().map(|action| (state(action.state), campaign.actions[action.row].status.cell())),
        )
    };
    let done = count(|state| matches!(state, State::Done | State::DoneUnverified));
    let completion = completion(done, count(|_| true), count(|state| state == State::Cancelled));
    Actions { completion: Figure { metric: &ACTION_COMPLETION, expr: completion }, ranked }
}

fn rank(
    campaign: &Campaign,
    policy: &Policy,
    goals: &Goals,
    as_of: NaiveDate,
    row: usize,
    action: &Action,
) -> Ranked {
    let weight =
        |level: Option<Level>| level.map_or_else(Expr::nothing, |level| Expr::Num(f64::from(level.weight())));
    let score =
        score(&weight(action.impact.value), &weight(action.difficulty.value)).number().map(|n| n as i32);
    let state = state(policy, as_of, action);
    let target = action.target.level().unwrap_or_else(Expr::nothing);
    Ranked {
        row,
        score,
        quadrant: Quadrant::of(score),
        days_left: action.due.value.filter(|_| state.is_open()).map(|due| (due - as_of).num_days()),
        state,
        recurring: recurring(campaign, action),
        goal: goal_addressed(goals, action),
        effect: Figure {
            metric: &ACTION_EFFECT,
            expr: effect(&action.baseline.expr(), &target, &action.verification.expr()),
        },
    }
}

fn state(policy: &Policy, as_of: NaiveDate, action: &Action) -> State {
    match (action.status.value, action.due.value) {
        (Some(Status::Cancelled), _) => State::Cancelled,
        (Some(Status::Done), _) if action.verification.is_blank() => State::DoneUnverified,
        (Some(Status::Done), _) => State::Done,
        (_, None) => State::Undated,
        (_, Some(due)) if due < as_of => State::Overdue,
        (_, Some(due)) if ((due - as_of).num_days() as f64) <= policy.thresholds.time.due_soon_days => {
            State::DueSoon
        }
        _ => State::Open,
    }
}

/// Whether the problem an action answers, by its code or its words, is marked as recurring.
fn recurring(campaign: &Campaign, action: &Action) -> bool {
    let named = fold(action.problem.as_str());
    !named.is_empty()
        && campaign.problems.iter().any(|problem| {
            problem.recurring.value == Some(true)
                && (fold(problem.code.as_str()) == named || fold(problem.description.as_str()) == named)
        })
}

/// The most-missed goal that the action's words name.
fn goal_addressed(goals: &Goals, action: &Action) -> Option<(String, f64)> {
    let said =
        fold(&format!("{}{}{}", action.action.as_str(), action.problem.as_str(), action.standard.as_str()));
    goals
        .overall
        .iter()
        .filter(|goal| matches!(goal.outcome, Outcome::Missed | Outcome::Mostly))
        .filter(|goal| goal.name.chars().count() >= 2 && said.contains(&fold(&goal.name)))
        .filter_map(|goal| Some((goal.name.clone(), 1.0 - goal.completion.value()?)))
        .max_by(|a, b| a.1.total_cmp(&b.1))
}

/// What the order goes by: open before closed, then score, overdue, recurrence, gap, due date, entry.
type Order = (bool, Reverse<Option<i32>>, bool, bool, Reverse<i64>, Option<NaiveDate>, usize);

fn order(campaign: &Campaign, ranked: &Ranked) -> Order {
    let due = campaign.actions[ranked.row].due.value;
    let gap = ranked.goal.as_ref().map_or(0, |(_, gap)| (gap * 10_000.0).round() as i64);
    (
        !ranked.state.is_open(),
        Reverse(ranked.score),
        ranked.state != State::Overdue,
        !ranked.recurring,
        Reverse(gap),
        Some(due.unwrap_or(NaiveDate::MAX)),
        ranked.row,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn high_impact_and_low_difficulty_comes_first() {
        let score = |impact: Level, difficulty: Level| {
            super::score(&Expr::Num(f64::from(impact.weight())), &Expr::Num(f64::from(difficulty.weight())))
                .number()
        };
        use Level::{High, Low, Medium};
        let mut last = f64::INFINITY;
        for (impact, difficulty, quadrant) in [
            (High, Low, Quadrant::QuickWin),
            (High, Medium, Quadrant::QuickWin),
            (High, High, Quadrant::Push),
            (Medium, Low, Quadrant::InPassing),
            (Medium, Medium, Quadrant::InPassing),
            (Medium, High, Quadrant::InPassing),
            (Low, Low, Quadrant::InPassing),
            (Low, Medium, Quadrant::Later),
            (Low, High, Quadrant::Later),
        ] {
            let score = score(impact, difficulty).expect("both are known");
            assert!(score < last, "{impact:?} {difficulty:?}");
            assert_eq!(Quadrant::of(Some(score as i32)), quadrant);
            last = score;
        }
    }

    #[test]
    fn an_action_without_levels_is_not_ranked() {
        assert_eq!(super::score(&Expr::nothing(), &Expr::Num(1.0)).number(), None);
        assert_eq!(Quadrant::of(None), Quadrant::Unranked);
    }
}
