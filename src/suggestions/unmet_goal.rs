//! A missed goal no action speaks of (D2 步骤3).

use super::{Ctx, Rule, Suggestion};
use crate::diagnostic::Arg;
use crate::metrics::goals::Outcome;
use crate::metrics::goals::mention::{actions, names, told_in};

pub static RULE: Rule = Rule { name: "unmet-goal", text: include_str!("unmet_goal.toml"), suggest };

fn suggest(ctx: &Ctx<'_>) -> Vec<Suggestion> {
    let actions = actions(ctx.basis.campaign);
    let goals = ctx.analysis.goals.overall.iter();
    goals
        .filter(|goal| goal.outcome == Outcome::Missed && !told_in(&names(&goal.name), &actions))
        .filter_map(|goal| {
            let result = goal.result.and_then(|row| ctx.basis.campaign.results.get(row));
            let suggestion = Suggestion::new(&RULE)
                .arg("goal", Arg::Text(goal.name.clone()))
                .arg("completion", Arg::Percent(goal.completion.value()?))
                .evidence([goal.at.as_ref(), result.and_then(|row| row.reason.at.as_ref())]);
            Some(match goal.reason.as_str() {
                "" => suggestion,
                reason => suggestion
                    .action_key("action_reason")
                    .because_key("because_reason")
                    .arg("reason", Arg::Quote(reason.to_owned())),
            })
        })
        .collect()
}
