//! The budget's lines against 总预算 of the basics (D0, D1).

use super::{Ctx, Rule, same_money};
use crate::code;
use crate::diagnostic::{Arg, Sink};

code!(BUDGET_TOTAL_MISMATCH = "budget-total-mismatch", Warning, Cross, "budget_total.toml");

pub static RULE: Rule = Rule { codes: &[&BUDGET_TOTAL_MISMATCH], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let Some(basics) = &ctx.campaign.basics else { return };
    let Some(total) = basics.budget.value else { return };
    let lines = &ctx.campaign.budget;
    // A line that cannot be read makes the sum unknown, not smaller.
    let Some(sum) = lines.iter().map(|line| line.total.value).sum::<Option<f64>>() else { return };
    if lines.is_empty() || same_money(ctx.policy, sum, total) {
        return;
    }
    let mut finding = ctx
        .finding(&BUDGET_TOTAL_MISMATCH, "basics", "budget", &basics.budget)
        .arg("sum", Arg::Money(sum))
        .arg("total", Arg::Money(total))
        .arg("difference", Arg::Money((sum - total).abs()));
    for line in lines {
        if let Some(at) = &line.total.at {
            finding = finding.related(at);
        }
    }
    sink.report(finding);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    #[test]
    fn the_lines_make_the_total_budget() {
        let budget = |total: &str, last: &str| {
            sheets().form("basics", &[("name", "双11"), ("budget", total), ("owner", "高远")]).list(
                "budget",
                "type item total",
                &["物料资源|快闪店|290000", &format!("其他资源|备用金|{last}")],
            )
        };
        budget("340,000", "50000").silent(&RULE);
        budget("34万", "50000").silent(&RULE);
        budget("300000", "").silent(&RULE);
        budget("300000", "50000").tells(&RULE, &["budget-total-mismatch basics!B3"]);
    }
}
