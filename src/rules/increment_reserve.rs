//! Spending added during the campaign beyond the reserve (D1: 10 万 added, 5 万 in reserve).

use super::sums::{Side, finding};
use super::{Ctx, Rule};
use crate::code;
use crate::diagnostic::Sink;

code!(INCREMENT_OVER_RESERVE = "increment-over-reserve", Warning, Cross, "increment_over_reserve.toml");

pub static RULE: Rule = Rule { codes: &[&INCREMENT_OVER_RESERVE], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let reserves = ctx.campaign.reserve_lines();
    let Some(reserve) = Side::sum("budget", "total", reserves.iter().map(|line| &line.total)) else { return };
    let Some(added) = Side::sum("marginal", "spend", ctx.campaign.marginal.iter().map(|row| &row.spend))
    else {
        return;
    };
    if added.sum > reserve.sum + ctx.policy.thresholds.tolerance.money {
        sink.report(finding(ctx, &INCREMENT_OVER_RESERVE, &added, &reserve));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    #[test]
    fn d1_adds_ten_to_a_reserve_of_five() {
        let review = |added: &str| {
            sheets()
                .list("budget", "type item total", &["推广资源|广告|290000", "其他资源|应急备用金|50000"])
                .list("marginal", "batch spend revenue", &[&format!("第一次|{added}|200000")])
        };
        review("5万").silent(&RULE);
        review("10万").tells(&RULE, &["increment-over-reserve marginal!B2"]);
    }
}
