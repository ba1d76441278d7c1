//! What people complain about most, and nobody plans to change (D0 五).

use super::{Ctx, Rule, Suggestion};
use crate::diagnostic::Arg;
use crate::metrics::voice::Tally;

pub static RULE: Rule = Rule { name: "top-feedback", text: include_str!("top_feedback.toml"), suggest };

/// From this mean satisfaction on (of 5) a tag is praise.
const PRAISE: f64 = 4.0;

fn suggest(ctx: &Ctx<'_>) -> Vec<Suggestion> {
    let rows = &ctx.basis.campaign.feedback;
    let praised = |tag: &Tally| {
        let scores: Vec<f64> = tag.rows.iter().filter_map(|row| rows[*row].satisfaction.value).collect();
        !scores.is_empty() && scores.iter().sum::<f64>() / scores.len() as f64 >= PRAISE
    };
    let Some(tag) = ctx.analysis.voice.tags.iter().find(|tag| !praised(tag)) else { return Vec::new() };
    let (Some(count), Some(share)) = (tag.count.number(), tag.share.value()) else { return Vec::new() };
    if count < 2.0 || ctx.planned(&tag.name) {
        return Vec::new();
    }
    let places = tag.rows.iter().map(|row| rows[*row].tags.at.as_ref());
    vec![
        Suggestion::new(&RULE)
            .arg("tag", Arg::Quote(tag.name.clone()))
            .arg("count", Arg::Number(count))
            .arg("share", Arg::Percent(share))
            .evidence(places),
    ]
}
