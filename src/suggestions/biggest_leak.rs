//! The step of the funnel that loses most.

use super::{Ctx, Rule, Suggestion};
use crate::diagnostic::Arg;

pub static RULE: Rule = Rule { name: "biggest-leak", text: include_str!("biggest_leak.toml"), suggest };

fn suggest(ctx: &Ctx<'_>) -> Vec<Suggestion> {
    let funnel = &ctx.analysis.funnel;
    let Some((leak, before)) = funnel.leak.and_then(|leak| {
        Some((funnel.steps.get(leak)?, funnel.steps.get(leak.checked_sub(1)?)?))
    }) else {
        return Vec::new();
    };
    if ctx.planned(&leak.name) {
        return Vec::new();
    }
    let Some((rate, drop)) = leak.rate.value().zip(leak.drop.value()) else { return Vec::new() };
    let row = &ctx.basis.campaign.funnel[leak.row];
    let mut suggestion = Suggestion::new(&RULE)
        .arg("from", Arg::Text(before.name.clone()))
        .arg("to", Arg::Text(leak.name.clone()))
        .arg("rate", Arg::Percent(rate))
        .arg("drop", Arg::Percent(drop))
        .evidence([row.count.at.as_ref(), before.at.as_ref(), row.target.at.as_ref()]);
    if let Some(target) = leak.target.number().filter(|_| funnel.against_target) {
        suggestion = suggestion.because_key("because_target").arg("target", Arg::Percent(target));
    }
    if !leak.reason.is_empty() {
        suggestion = suggestion.action_key("action_reason").arg("reason", Arg::Quote(leak.reason.clone()));
    }
    vec![suggestion]
}
