//! A risk that was foreseen and happened all the same (D1 三（二）).

use super::{Ctx, Rule, Suggestion};
use crate::diagnostic::Arg;

pub static RULE: Rule = Rule { name: "happened-risk", text: include_str!("happened_risk.toml"), suggest };

fn suggest(ctx: &Ctx<'_>) -> Vec<Suggestion> {
    let campaign = ctx.basis.campaign;
    let planned = ctx.analysis.risk.planned.iter().filter(|planned| !planned.happened.is_empty());
    planned
        .map(|planned| {
            let risk = &campaign.risk_plan[planned.row].risk;
            let met = planned.happened.iter().map(|row| campaign.risk_log[*row].risk.at.as_ref());
            Suggestion::new(&RULE)
                .arg("risk", Arg::Quote(risk.as_str().to_owned()))
                .arg("count", Arg::Count(planned.happened.len()))
                .evidence([risk.at.as_ref()].into_iter().chain(met))
        })
        .collect()
}
