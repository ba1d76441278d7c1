//! A typed 总体结论 the figures do not bear out (D4 七).

use super::{Ctx, Rule};
use crate::code;
use crate::diagnostic::{Arg, Sink};

code!(VERDICT_MISMATCH = "verdict-mismatch", Warning, Cross, "verdict_mismatch.toml");

pub static RULE: Rule = Rule { codes: &[&VERDICT_MISMATCH], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let Some(summary) = &ctx.campaign.summary else { return };
    let (Some(typed), Some(right)) = (summary.verdict.value, ctx.analysis.goals.verdict) else { return };
    if typed == right {
        return;
    }
    let right = ctx.choice_label("verdict", right.id());
    let mut finding = ctx
        .finding(&VERDICT_MISMATCH, "summary", "verdict", &summary.verdict)
        .arg("right", Arg::Text(right.clone()))
        .suggest(right);
    if let Some(composite) = ctx.analysis.goals.composite.value() {
        finding = finding.arg("composite", Arg::Percent(composite));
    }
    for at in ctx.analysis.goals.overall.iter().filter_map(|goal| goal.at.as_ref()) {
        finding = finding.related(at);
    }
    sink.report(finding);
}
