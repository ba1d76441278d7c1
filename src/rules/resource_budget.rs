//! Resources the phases need that no budget line pays for.

use super::likeness::{Pairs, bare};
use super::{Ctx, Rule, cause::Cause};
use crate::code;
use crate::diagnostic::Sink;

code!(RESOURCE_WITHOUT_BUDGET = "resource-without-budget", Note, Cross, "resource_without_budget.toml");

pub static RULE: Rule = Rule { codes: &[&RESOURCE_WITHOUT_BUDGET], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let lines: Vec<Pairs> = (ctx.campaign.budget.iter())
        .map(|line| {
            Pairs::of(&[line.item.as_str(), line.remark.as_str(), line.supplier.as_str(), &line.kind.text].join("，"))
        })
        .collect();
    if lines.is_empty() {
        return;
    }
    let mut cause = Cause::new(ctx, &RESOURCE_WITHOUT_BUDGET, "phases", "resources");
    for phase in &ctx.campaign.phases {
        let needs = phase.resources.as_str().split(['、', '，', ',', ';', '；', '\n']);
        let unpaid: Vec<&str> = needs
            .map(str::trim)
            .filter(|need| {
                let pairs = Pairs::of(need);
                bare(need).chars().count() >= 2 && lines.iter().all(|line| pairs.alike(line) == 0.0)
            })
            .collect();
        if !unpaid.is_empty() {
            cause.add(&phase.resources, &phase.row, &unpaid.join("、"));
        }
    }
    cause.arg("budget", ctx.title("budget"));
    cause.report(sink);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    #[test]
    fn resources_are_paid_for() {
        let phases = |resources: &str| {
            sheets()
                .list(
                    "budget",
                    "type item total",
                    &["物料资源|线下快闪店搭建|160000", "推广资源|社交媒体广告投放|100000"],
                )
                .list(
                    "phases",
                    "phase start end resources",
                    &[&format!("预热期|2024-10-01|2024-10-07|{resources}")],
                )
        };
        phases("快闪店物料、广告位").silent(&RULE);
        phases("").silent(&RULE);
        phases("直播间、快闪店物料").tells(&RULE, &["resource-without-budget phases!D2"]);
    }
}
