//! A channel that returns less than the benchmark (D0 四, D2).

use super::{Ctx, Rule, Suggestion};
use crate::diagnostic::Arg;
use crate::metrics::channels::{Advice, ChannelFigures, Quantity};

pub static RULE: Rule = Rule { name: "weak-channel", text: include_str!("weak_channel.toml"), suggest };

fn suggest(ctx: &Ctx<'_>) -> Vec<Suggestion> {
    let channels = &ctx.analysis.channels;
    let Some(benchmark) = channels.benchmark.number() else { return Vec::new() };
    let below = |channel: &&ChannelFigures| {
        channel.rank.is_some() && channel.roi.value().is_some_and(|roi| roi < benchmark)
    };
    channels
        .each
        .iter()
        .filter(below)
        .filter(|channel| !ctx.planned(&channel.name))
        .filter_map(|channel| {
            let rows = channel.rows.iter().map(|row| &ctx.basis.campaign.channels[*row]);
            let places = rows.flat_map(|row| [row.spend.at.as_ref(), row.sales.at.as_ref()]);
            let suggestion = Suggestion::new(&RULE)
                .arg("channel", Arg::Text(channel.name.clone()))
                .arg("roi", Arg::Number((channel.roi.value()? * 100.0).round() / 100.0))
                .arg("benchmark", Arg::Number(benchmark))
                .evidence(places);
            Some(suggestion.action_key(action(channel)))
        })
        .collect()
}

/// What to do: cut, or work on the step that falls behind.
fn action(channel: &ChannelFigures) -> &'static str {
    match (channel.advice, channel.cause.filter(|cause| cause.off < 0.0).map(|cause| cause.to)) {
        (Advice::Cut, _) => "action_cut",
        (_, Some(Quantity::Exposure)) => "action_exposure",
        (_, Some(Quantity::Clicks)) => "action_clicks",
        (_, Some(Quantity::Conversions)) => "action_conversions",
        (_, Some(Quantity::Value)) => "action_value",
        _ => "action",
    }
}
