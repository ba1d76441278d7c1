//! Budget lines far from plan without a word why, and channels beyond their budget.

use super::cause::Cause;
use super::{Ctx, Rule, same_money};
use crate::code;
use crate::diagnostic::{Arg, Sink};

code!(
    BUDGET_VARIANCE_UNEXPLAINED = "budget-variance-unexplained",
    Warning,
    Cross,
    "budget_variance_unexplained.toml"
);
code!(SPEND_OVER_BUDGET = "spend-over-budget", Note, Cross, "spend_over_budget.toml");

pub static RULE: Rule = Rule { codes: &[&BUDGET_VARIANCE_UNEXPLAINED, &SPEND_OVER_BUDGET], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let limit = ctx.policy.thresholds.budget.watch;
    let mut cause = Cause::new(ctx, &BUDGET_VARIANCE_UNEXPLAINED, "budget", "remark");
    let mut largest: f64 = 0.0;
    for line in &ctx.campaign.budget {
        let (Some(total), Some(actual)) = (line.total.value.filter(|total| *total > 0.0), line.actual.value)
        else {
            continue;
        };
        let deviation = (actual - total) / total;
        // An unspent reserve is what a reserve is for.
        let unspent_reserve = line.is_reserve() && actual <= total;
        if deviation.abs() <= limit + 1e-9 || unspent_reserve || line.remark.value.is_some() {
            continue;
        }
        cause.add(&line.remark, &line.row, line.item.as_str());
        cause.related(line.actual.at.as_ref());
        if deviation.abs() > largest.abs() {
            largest = deviation;
        }
    }
    cause.arg("deviation", Arg::Percent(largest));
    cause.arg("limit", Arg::Percent(limit));
    cause.report(sink);
    channels(ctx, sink);
}

fn channels(ctx: &Ctx<'_>, sink: &mut Sink) {
    let mut cause = Cause::new(ctx, &SPEND_OVER_BUDGET, "channels", "spend");
    for row in &ctx.campaign.channels {
        let (Some(budget), Some(spend)) = (row.budget.value, row.spend.value) else { continue };
        if spend <= budget || same_money(ctx.policy, spend, budget) {
            continue;
        }
        cause.add(&row.spend, &row.row, row.channel.as_str());
        cause.related(row.budget.at.as_ref());
        cause.arg("spend", Arg::Money(spend));
        cause.arg("budget", Arg::Money(budget));
    }
    cause.report(sink);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    #[test]
    fn large_deviations_want_a_word() {
        let line = |item: &str, actual: &str, remark: &str| {
            sheets().list(
                "budget",
                "type item total actual remark",
                &[&format!("推广资源|{item}|100000|{actual}|{remark}")],
            )
        };
        line("广告", "109000", "").silent(&RULE);
        line("广告", "135000", "追加了直播投放").silent(&RULE);
        line("广告", "", "").silent(&RULE);
        line("应急备用金", "0", "").silent(&RULE);
        line("广告", "135000", "").tells(&RULE, &["budget-variance-unexplained budget!E2"]);
        line("广告", "70000", "").tells(&RULE, &["budget-variance-unexplained budget!E2"]);
    }

    #[test]
    fn a_channel_beyond_its_budget_is_noted() {
        let channel = |spend: &str| {
            sheets().list(
                "channels",
                "channel budget spend conversions source",
                &[&format!("抖音|80000|{spend}|1|后台")],
            )
        };
        channel("80000").silent(&RULE);
        channel("90000").tells(&RULE, &["spend-over-budget channels!C2"]);
    }
}
