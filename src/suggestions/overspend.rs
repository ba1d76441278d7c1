//! A budget line far over its plan (policy `budget.alarm`).

use super::{Ctx, Rule, Suggestion};
use crate::diagnostic::Arg;

pub static RULE: Rule = Rule { name: "overspend", text: include_str!("overspend.toml"), suggest };

fn suggest(ctx: &Ctx<'_>) -> Vec<Suggestion> {
    let most = ctx.basis.policy.thresholds.budget.alarm;
    let lines = ctx.analysis.money.budget.lines.iter();
    lines
        .filter(|line| !line.reserve && line.rate.value().is_some_and(|rate| rate > most + 1e-9))
        .filter(|line| !ctx.planned(&line.name))
        .filter_map(|line| {
            let row = line.rows.first().and_then(|row| ctx.basis.campaign.budget.get(*row))?;
            Some(
                Suggestion::new(&RULE)
                    .arg("item", Arg::Text(line.name.clone()))
                    .arg("over", Arg::Percent(line.rate.value()?))
                    .arg("amount", Arg::Money(line.variance.value()?))
                    .arg("limit", Arg::Percent(most))
                    .evidence([row.actual.at.as_ref(), row.total.at.as_ref()]),
            )
        })
        .collect()
}
