//! What the channels cost against what the budget says 推广资源 cost.

use super::sums::{self, Side};
use super::{Ctx, Rule};
use crate::campaign::Resource;
use crate::code;
use crate::diagnostic::Sink;

code!(CHANNEL_SPEND_MISMATCH = "channel-spend-mismatch", Warning, Cross, "channel_spend_mismatch.toml");

pub static RULE: Rule = Rule { codes: &[&CHANNEL_SPEND_MISMATCH], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let campaign = ctx.campaign;
    let promotion = || campaign.budget.iter().filter(|line| line.kind.value == Some(Resource::Promotion));
    let Some(budget) = Side::sum("budget", "actual", promotion().map(|line| &line.actual)) else { return };
    let Some(channels) = Side::sum("channels", "spend", campaign.channels.iter().map(|row| &row.spend)) else {
        return;
    };
    // Channels on the ground may be paid out of other lines: their spend alone proves nothing.
    let online = campaign.channels.iter().filter(|row| row.kind.value.as_ref().is_none_or(|kind| kind.0 != "offline"));
    if Side::sum("channels", "spend", online.map(|row| &row.spend)).is_some_and(|online| online.agrees(ctx, &budget)) {
        return;
    }
    if let Some(finding) = sums::mismatch(ctx, &CHANNEL_SPEND_MISMATCH, &channels, &budget) {
        sink.report(finding);
    }
}
