//! Spending added during the campaign beyond the reserve (D1: 10 万 added, 5 万 in reserve).

use super::sums::{Side, finding};
use super::{Ctx, Rule, reserve_lines};
use crate::code;
use crate::diagnostic::Sink;

code!(INCREMENT_OVER_RESERVE = "increment-over-reserve", Warning, Cross, "increment_over_reserve.toml");

pub static RULE: Rule = Rule { codes: &[&INCREMENT_OVER_RESERVE], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let reserves = reserve_lines(ctx);
    let Some(reserve) = Side::sum("budget", "total", reserves.iter().map(|line| &line.total)) else { return };
    let Some(added) = Side::sum("marginal", "spend", ctx.campaign.marginal.iter().map(|row| &row.spend)) else { return };
    if added.sum > reserve.sum + ctx.policy.thresholds.tolerance.money {
        sink.report(finding(ctx, &INCREMENT_OVER_RESERVE, &added, &reserve));
    }
}
