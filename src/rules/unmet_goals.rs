//! Missed goals nobody explains, and missed goals nobody does anything about (D0 三, D2 步骤3).

use super::likeness::{bare, mentions};
use super::magnitude::goals_off;
use super::{Ctx, Rule};
use crate::campaign::ProcessKind;
use crate::code;
use crate::diagnostic::{Arg, Finding, Sink};
use crate::metrics::goals::{Goal, Outcome};

code!(UNMET_GOAL_WITHOUT_CAUSE = "unmet-goal-without-cause", Warning, Cross, "unmet_goal_without_cause.toml");
code!(UNMET_GOAL_WITHOUT_ACTION = "unmet-goal-without-action", Note, Cross, "unmet_goal_without_action.toml");

pub static RULE: Rule = Rule { codes: &[&UNMET_GOAL_WITHOUT_CAUSE, &UNMET_GOAL_WITHOUT_ACTION], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let slips = goals_off(ctx);
    for (i, goal) in ctx.analysis.goals.overall.iter().enumerate() {
        if goal.outcome != Outcome::Missed || slips.contains(&i) {
            continue;
        }
        let Some(row) = goal.result.and_then(|row| ctx.campaign.results.get(row)) else { continue };
        if row.reason.is_blank() && !is_explained(ctx, goal) {
            let finding = ctx.finding(&UNMET_GOAL_WITHOUT_CAUSE, "results", "reason", &row.reason);
            let finding = match row.reason.at.as_ref().or(row.actual.at.as_ref()) {
                Some(at) => finding.at(at),
                None => finding,
            };
            sink.report(about(finding, goal));
        }
        if !ctx.campaign.actions.is_empty() && !is_acted_on(ctx, goal) {
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

/// A problem may speak of 活动曝光量 as 曝光.
fn speaks_of(text: &str, goal: &Goal) -> bool {
    let core = core(&goal.name);
    mentions(text, &goal.name) || mentions(text, &core)
}

/// An indicator's name without what every name has: 活动曝光量 is about 曝光.
fn core(name: &str) -> String {
    let mut name = bare(name);
    for word in ["活动期间", "活动", "新品", "整体", "全网", "总"] {
        name = name
            .strip_prefix(word)
            .filter(|rest| rest.chars().count() >= 2)
            .map_or(name.clone(), str::to_owned);
    }
    for word in ["人数", "次数", "数", "量", "率", "额"] {
        name = name
            .strip_suffix(word)
            .filter(|rest| rest.chars().count() >= 2)
            .map_or(name.clone(), str::to_owned);
    }
    name
}

fn is_explained(ctx: &Ctx<'_>, goal: &Goal) -> bool {
    let problems = ctx
        .campaign
        .problems
        .iter()
        .flat_map(|row| [row.description.as_str(), row.evidence.as_str(), row.root.as_str()]);
    let notes = ctx.campaign.process.iter().filter(|row| row.kind.value == Some(ProcessKind::Problem));
    let notes = notes.flat_map(|row| {
        [row.description.as_str(), row.evidence.as_str(), row.root.as_str(), row.why1.as_str()]
    });
    problems.chain(notes).any(|text| speaks_of(text, goal))
}

fn is_acted_on(ctx: &Ctx<'_>, goal: &Goal) -> bool {
    ctx.campaign.actions.iter().any(|action| {
        let own = [
            action.action.as_str(),
            action.problem.as_str(),
            action.standard.as_str(),
            action.remark.as_str(),
        ];
        let problem = ctx.campaign.problems.iter().filter(|row| {
            let code = bare(row.code.as_str());
            !code.is_empty() && bare(action.problem.as_str()).contains(&code)
        });
        let told =
            problem.flat_map(|row| [row.description.as_str(), row.evidence.as_str(), row.root.as_str()]);
        own.into_iter().chain(told).any(|text| speaks_of(text, goal))
    })
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
