//! A risk that was foreseen and happened all the same (D1 三（二）).

use super::{Ctx, Rule, Suggestion};
use crate::diagnostic::Arg;
use crate::likeness::{alike, held};

pub static RULE: Rule = Rule { name: "happened-risk", text: include_str!("happened_risk.toml"), suggest };

/// How much of the shorter text the longer must hold where they are not alike as wholes.
const HELD: f64 = 0.8;

fn suggest(ctx: &Ctx<'_>) -> Vec<Suggestion> {
    let campaign = ctx.basis.campaign;
    let least = ctx.basis.policy.thresholds.recurrence.similarity;
    let same = |planned: &str, met: &str| {
        alike(planned, met) >= least || held(planned, met) >= HELD || held(met, planned) >= HELD
    };
    campaign
        .risk_plan
        .iter()
        .filter_map(|planned| {
            let text = planned.risk.value.as_deref()?;
            let met: Vec<_> =
                campaign.risk_log.iter().filter(|incident| same(text, incident.risk.as_str())).collect();
            if met.is_empty() {
                return None;
            }
            let places = met.iter().map(|incident| incident.risk.at.as_ref());
            Some(
                Suggestion::new(&RULE)
                    .arg("risk", Arg::Quote(text.to_owned()))
                    .arg("count", Arg::Count(met.len()))
                    .evidence([planned.risk.at.as_ref()].into_iter().chain(places)),
            )
        })
        .collect()
}
