//! A typed 风险等级 against 概率 × 影响: 高高 is 重大, 高中 and 中高 are 较大, the rest 一般.

use super::{Ctx, Rule};
use crate::campaign::{Level, RiskLevel};
use crate::code;
use crate::diagnostic::{Arg, Sink};
use crate::locale::fold;

code!(RISK_LEVEL_MISMATCH = "risk-level-mismatch", Warning, Row, "risk_level_mismatch.toml");

pub static RULE: Rule = Rule { codes: &[&RISK_LEVEL_MISMATCH], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    for row in &ctx.campaign.risk_plan {
        let (Some(probability), Some(impact)) = (row.probability.value, row.impact.value) else { continue };
        let Some(typed) = read(ctx, row.level.as_str()) else { continue };
        let right = level(probability, impact);
        if typed == right {
            continue;
        }
        let right = ctx.choice_label("risk-level", right.id());
        let mut finding = ctx
            .finding(&RISK_LEVEL_MISMATCH, "risk_plan", "level", &row.level)
            .arg("risk", Arg::Quote(row.risk.as_str().to_owned()))
            .arg("probability", Arg::Text(row.probability.text.clone()))
            .arg("impact", Arg::Text(row.impact.text.clone()))
            .arg("right", Arg::Text(right.clone()))
            .suggest(right);
        for at in [&row.probability.at, &row.impact.at].into_iter().flatten() {
            finding = finding.related(at);
        }
        sink.report(finding);
    }
}

fn level(probability: Level, impact: Level) -> RiskLevel {
    match (probability, impact) {
        (Level::High, Level::High) => RiskLevel::Major,
        (Level::High, Level::Medium) | (Level::Medium, Level::High) => RiskLevel::Larger,
        _ => RiskLevel::Ordinary,
    }
}

fn read(ctx: &Ctx<'_>, typed: &str) -> Option<RiskLevel> {
    let typed = fold(typed);
    let choice =
        ctx.catalogue.choices.get("risk-level")?.iter().find(|choice| choice.keys().contains(&typed))?;
    RiskLevel::from_id(&choice.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    #[test]
    fn a_level_follows_from_probability_and_impact() {
        let risk = |probability: &str, impact: &str, level: &str| {
            sheets().list(
                "risk_plan",
                "risk probability impact level response owner",
                &[&format!("库存短缺|{probability}|{impact}|{level}|设置预售|高远")],
            )
        };
        risk("高", "高", "重大").silent(&RULE);
        risk("中", "高", "较大").silent(&RULE);
        risk("低", "高", "一般").silent(&RULE);
        risk("低", "高", "").silent(&RULE);
        let told = risk("高", "高", "一般").tells(&RULE, &["risk-level-mismatch risk_plan!D2"]);
        assert_eq!(told[0].suggestion.as_deref(), Some("重大"));
    }
}
