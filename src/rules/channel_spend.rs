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
    // A line whose type cannot be read may be promotion or not: the sum is unknown.
    if campaign.budget.iter().any(|line| line.kind.value.is_none()) {
        return;
    }
    let promotion = || campaign.budget.iter().filter(|line| line.kind.value == Some(Resource::Promotion));
    let Some(budget) = Side::sum("budget", "actual", promotion().map(|line| &line.actual)) else { return };
    let Some(channels) = Side::sum("channels", "spend", campaign.channels.iter().map(|row| &row.spend))
    else {
        return;
    };
    // Channels on the ground may be paid out of other lines: their spend alone proves nothing.
    let online =
        campaign.channels.iter().filter(|row| row.kind.value.as_ref().is_none_or(|kind| kind.0 != "offline"));
    if Side::sum("channels", "spend", online.map(|row| &row.spend))
        .is_some_and(|online| online.agrees(ctx, &budget))
    {
        return;
    }
    if let Some(finding) = sums::mismatch(ctx, &CHANNEL_SPEND_MISMATCH, &channels, &budget) {
        sink.report(finding);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    fn review(second: &str, kind: &str) -> crate::rules::fixture::Sheets {
        sheets()
            .list(
                "budget",
                "type item total actual",
                &["推广资源|广告|100000|100000", "物料资源|海报|9000|9000"],
            )
            .list(
                "channels",
                "channel kind spend conversions source",
                &["抖音|线上|60000|1|后台", &format!("小红书|{kind}|{second}|1|后台")],
            )
    }

    #[test]
    fn channels_cost_what_promotion_cost() {
        review("40000", "线上").silent(&RULE);
        review("40500", "线上").silent(&RULE);
        review("30000", "线上").tells(&RULE, &["channel-spend-mismatch channels!C2"]);
        review("", "线上").silent(&RULE);
    }

    #[test]
    fn a_line_of_an_unknown_type_leaves_the_sum_open() {
        sheets()
            .list(
                "budget",
                "type item total actual",
                &["推广资源|广告|60000|60000", "广推资源|短视频|40000|40000"],
            )
            .list("channels", "channel spend conversions source", &["抖音|60000|1|后台", "小红书|40000|1|后台"])
            .silent(&RULE);
    }

    #[test]
    fn channels_all_typed_in_ten_thousands_are_told_as_that() {
        sheets()
            .list("budget", "type item total actual", &["推广资源|广告|100000|100000"])
            .list("channels", "channel spend conversions source", &["抖音|6|1|后台", "小红书|4|1|后台"])
            .tells(&RULE, &["magnitude-off channels!B2 +1"]);
    }
}
