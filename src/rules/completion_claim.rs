//! A typed 完成率 or 结果 against the figure its own cells give (D1, D2).

use super::claims::{self, Claim, Sort};
use super::{Ctx, Rule};
use crate::campaign::Direction;
use crate::code;
use crate::diagnostic::{Arg, Sink};
use crate::expr::Expr;
use crate::locale::fold;
use crate::metrics::goals::{Goal, Outcome};

code!(COMPLETION_MISMATCH = "completion-mismatch", Warning, Row, "completion_mismatch.toml");
code!(OUTCOME_MISMATCH = "outcome-mismatch", Warning, Row, "outcome_mismatch.toml");

pub static RULE: Rule = Rule { codes: &[&COMPLETION_MISMATCH, &OUTCOME_MISMATCH], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let goals = &ctx.analysis.goals;
    let mut claims = Vec::new();
    for goal in goals.overall.iter().chain(&goals.by_dimension) {
        let (Some(row), Some(completion)) = (goal.result, goal.completion.value()) else { continue };
        let Some(row) = ctx.campaign.results.get(row) else { continue };
        let mut claim = Claim::new(&row.completion, &goal.name, goal.completion.expr.clone())
            .from([row.actual.at.as_ref(), row.target.at.as_ref()]);
        if let Some(ratio) = other_way(goal) {
            claim = claim.or(ratio);
        }
        claims.push(claim);
        check_outcome(ctx, sink, goal, completion);
    }
    claims::report(ctx, sink, &COMPLETION_MISMATCH, ("results", "completion"), Sort::Rate, claims);
}

/// 目标 ÷ 实际, which some teams use where less is better.
fn other_way(goal: &Goal) -> Option<Expr> {
    let ratio = (goal.asked.level.clone() / goal.actual.clone()).known();
    (goal.direction == Direction::Lower && ratio.number().is_some()).then_some(ratio)
}

fn check_outcome(ctx: &Ctx<'_>, sink: &mut Sink, goal: &Goal, completion: f64) {
    let Some(row) = goal.result.and_then(|row| ctx.campaign.results.get(row)) else { return };
    if row.outcome.computed {
        return;
    }
    let Some(typed) = outcome_of(ctx, row.outcome.as_str()) else { return };
    if goal.outcome == Outcome::Unknown || rank(typed) == rank(goal.outcome) {
        return;
    }
    let right = ctx.choice_label("outcome", catalogue_id(goal.outcome));
    sink.report(
        ctx.finding(&OUTCOME_MISMATCH, "results", "outcome", &row.outcome)
            .arg("name", Arg::Quote(goal.name.clone()))
            .arg("completion", Arg::Percent(completion))
            .arg("right", Arg::Text(right.clone()))
            .suggest(right),
    );
}

/// The id by which the list of outcomes in the catalogue knows an outcome.
fn catalogue_id(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Exceeded => "exceeded",
        Outcome::Reached => "reached",
        Outcome::Mostly => "nearly",
        Outcome::Missed => "missed",
        Outcome::Unknown => "unreported",
    }
}

fn outcome_of(ctx: &Ctx<'_>, typed: &str) -> Option<Outcome> {
    let typed = fold(typed);
    let choices = ctx.catalogue.choices.get("outcome")?;
    let choice = choices.iter().find(|choice| choice.keys().contains(&typed))?;
    Outcome::ALL.iter().map(|(outcome, _)| *outcome).find(|outcome| catalogue_id(*outcome) == choice.id)
}

/// D2 knows three words only: beyond the goal and just at it are no contradiction.
fn rank(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Exceeded | Outcome::Reached => 2,
        Outcome::Mostly => 1,
        Outcome::Missed => 0,
        Outcome::Unknown => u8::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    fn results(completion: &str, outcome: &str) -> crate::rules::fixture::Sheets {
        sheets().list("kpi", "type name target source", &["结果指标|销售额|500万元|ERP"]).list(
            "results",
            "name actual completion outcome source",
            &[&format!("销售额|520万元|{completion}|{outcome}|ERP")],
        )
    }

    #[test]
    fn a_completion_that_does_not_follow_is_told() {
        let told = results("94%", "").tells(&RULE, &["completion-mismatch results!C2"]);
        assert_eq!(told[0].suggestion.as_deref(), Some("104.0%"));
        results("104%", "超额完成").silent(&RULE);
        results("", "").silent(&RULE);
    }

    #[test]
    fn eighty_percent_is_missed_however_it_is_called() {
        let table = |outcome: &str| {
            sheets().list(
                "results",
                "name target actual outcome source",
                &[&format!("销量|10万件|8万件|{outcome}|ERP")],
            )
        };
        let told = table("基本完成").tells(&RULE, &["outcome-mismatch results!D2"]);
        assert_eq!(told[0].suggestion.as_deref(), Some("未完成"));
        table("未完成").silent(&RULE);
    }

    #[test]
    fn where_less_is_better_both_ways_of_counting_are_accepted() {
        for completion in ["60%", "71.4%"] {
            sheets()
                .list(
                    "results",
                    "name target actual completion source",
                    &[&format!("获客成本|30元|42元|{completion}|ERP")],
                )
                .silent(&RULE);
        }
    }
}
