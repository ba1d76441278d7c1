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
    let composite = ctx.analysis.goals.composite.value();
    let composite = composite.map_or(Arg::Text("—".to_owned()), Arg::Percent);
    let mut finding = ctx
        .finding(&VERDICT_MISMATCH, "summary", "verdict", &summary.verdict)
        .arg("right", Arg::Text(right.clone()))
        .arg("composite", composite)
        .suggest(right);
    for at in ctx.analysis.goals.overall.iter().filter_map(|goal| goal.at.as_ref()) {
        finding = finding.related(at);
    }
    sink.report(finding);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    #[test]
    fn a_verdict_follows_from_the_goals() {
        let review = |actual: &str, verdict: &str| {
            sheets()
                .list("kpi", "type name target source", &["结果指标|销售额|500万元|ERP"])
                .list("results", "name actual source", &[&format!("销售额|{actual}|ERP")])
                .form("summary", &[("overview", "双11"), ("goals", "销售额104%"), ("verdict", verdict)])
        };
        review("520万元", "成功").silent(&RULE);
        review("", "成功").silent(&RULE);
        review("520万元", "").silent(&RULE);
        let told = review("300万元", "成功").tells(&RULE, &["verdict-mismatch summary!B4"]);
        assert_eq!(told[0].suggestion.as_deref(), Some("存在挑战但有所收获"));
    }
}
