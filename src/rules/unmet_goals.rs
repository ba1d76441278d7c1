//! Missed goals nobody explains, and missed goals nobody does anything about (D0 三, D2 步骤3).

use super::magnitude::goals_off;
use super::{Ctx, Rule};
use crate::code;
use crate::diagnostic::{Arg, Finding, Sink};
use crate::metrics::goals::mention::{actions, causes, names, told_in};
use crate::metrics::goals::{Goal, Outcome};

code!(UNMET_GOAL_WITHOUT_CAUSE = "unmet-goal-without-cause", Warning, Cross, "unmet_goal_without_cause.toml");
code!(UNMET_GOAL_WITHOUT_ACTION = "unmet-goal-without-action", Note, Cross, "unmet_goal_without_action.toml");

pub static RULE: Rule = Rule { codes: &[&UNMET_GOAL_WITHOUT_CAUSE, &UNMET_GOAL_WITHOUT_ACTION], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let slips = goals_off(ctx);
    let missed: Vec<&Goal> = (ctx.analysis.goals.overall.iter().enumerate())
        .filter(|(i, goal)| goal.outcome == Outcome::Missed && !slips.contains(i))
        .map(|(_, goal)| goal)
        .collect();
    if missed.is_empty() {
        return;
    }
    let (causes, actions) = (causes(ctx.campaign), actions(ctx.campaign));
    for goal in missed {
        let Some(row) = goal.result.and_then(|row| ctx.campaign.results.get(row)) else { continue };
        let names = names(&goal.name);
        if row.reason.is_blank() && !told_in(&names, &causes) {
            let finding = ctx.finding(&UNMET_GOAL_WITHOUT_CAUSE, "results", "reason", &row.reason);
            let finding = match row.reason.at.as_ref().or(row.actual.at.as_ref()) {
                Some(at) => finding.at(at),
                None => finding,
            };
            sink.report(about(finding, goal));
        }
        if !ctx.campaign.actions.is_empty() && !told_in(&names, &actions) {
            sink.report(about(
                ctx.finding(&UNMET_GOAL_WITHOUT_ACTION, "results", "actual", &row.actual),
                goal,
            ));
        }
    }
}

fn about(finding: Finding, goal: &Goal) -> Finding {
    let finding = finding.arg("goal", Arg::Quote(goal.name.clone()));
    match goal.completion.value() {
        Some(completion) => finding.arg("completion", Arg::Percent(completion)),
        None => finding,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    fn review(actual: &str, reason: &str) -> crate::rules::fixture::Sheets {
        sheets().list(
            "results",
            "name target actual source reason",
            &[&format!("新增用户数|10万人|{actual}|CRM|{reason}")],
        )
    }

    #[test]
    fn a_missed_goal_wants_its_cause() {
        review("8万人", "").tells(&RULE, &["unmet-goal-without-cause results!E2"]);
        review("8万人", "渠道流量不足").silent(&RULE);
        review("9.5万人", "").silent(&RULE);
        review("", "").silent(&RULE);
    }

    #[test]
    fn a_problem_that_speaks_of_it_explains_it() {
        review("8万人", "")
            .list("problems", "class description root", &["策略规划|新增用户未达标|渠道投放不精准"])
            .silent(&RULE);
    }

    #[test]
    fn and_an_action_that_speaks_of_it() {
        let plan = |action: &str| {
            review("8万人", "渠道流量不足").list(
                "actions",
                "action owner due standard impact difficulty",
                &[&format!("{action}|高远|2024-12-15|不低于10万人|高|低")],
            )
        };
        plan("重做新增用户渠道").silent(&RULE);
        plan("压缩图片").tells(&RULE, &["unmet-goal-without-action results!C2"]);
    }

    #[test]
    fn a_slip_of_ten_thousand_is_no_missed_goal() {
        review("8", "").silent(&RULE);
    }
}
