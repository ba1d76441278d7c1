//! Targets of growth: they need a baseline (D3), and of a rate they need to say whether % means points.

use super::cause::Cause;
use super::{Ctx, Rule};
use crate::catalogue::record::Field;
use crate::code;
use crate::diagnostic::Sink;
use crate::locale::fold;
use crate::quantity::{Aim, Target, Unit};

code!(GROWTH_WITHOUT_BASELINE = "growth-without-baseline", Warning, Table, "growth_without_baseline.toml");
code!(GOAL_RATE_AMBIGUOUS = "goal-rate-ambiguous", Note, Quality, "goal_rate_ambiguous.toml");

pub static RULE: Rule = Rule { codes: &[&GROWTH_WITHOUT_BASELINE, &GOAL_RATE_AMBIGUOUS], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let mut bare = Cause::new(ctx, &GROWTH_WITHOUT_BASELINE, "kpi", "target");
    let mut unclear = Cause::new(ctx, &GOAL_RATE_AMBIGUOUS, "kpi", "target");
    for kpi in ctx.campaign.kpis.iter().filter(|kpi| grows(&kpi.target)) {
        if kpi.baseline.value.is_none() {
            bare.add(&kpi.target, &kpi.row, kpi.name.as_str());
            bare.related(kpi.baseline.at.as_ref());
        }
        let rate = kpi.baseline.value.as_ref().is_some_and(|baseline| baseline.unit == Unit::Percent);
        if !in_points(&kpi.target) && (rate || is_rate(kpi.name.as_str())) {
            unclear.add(&kpi.target, &kpi.row, kpi.name.as_str());
        }
    }
    bare.report(sink);
    unclear.report(sink);
    let mut actions = Cause::new(ctx, &GROWTH_WITHOUT_BASELINE, "actions", "target");
    for action in ctx.campaign.actions.iter().filter(|action| grows(&action.target)) {
        if action.baseline.value.is_none() {
            actions.add(&action.target, &action.row, action.action.as_str());
            actions.related(action.baseline.at.as_ref());
        }
    }
    actions.report(sink);
}

fn grows(target: &Field<Target>) -> bool {
    let aim = target.value.as_ref().map(|target| &target.aim);
    matches!(aim, Some(Aim::Growth(_) | Aim::GrowthRange(..) | Aim::GrowthPoints(_) | Aim::GrowthBy(_)))
}

fn in_points(target: &Field<Target>) -> bool {
    target.value.as_ref().is_some_and(|target| {
        matches!(target.aim, Aim::GrowthPoints(_) | Aim::GrowthBy(_)) || target.unit == Unit::Points
    })
}

fn is_rate(name: &str) -> bool {
    let name = fold(name);
    name.ends_with('率') || name.ends_with("占比") || name.ends_with("比例") || name.ends_with("rate")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    fn kpi(name: &str, target: &str, baseline: &str) -> crate::rules::fixture::Sheets {
        let row = format!("结果指标|{name}|{target}|{baseline}|ERP");
        sheets().list("kpi", "type name target baseline source", &[&row])
    }

    #[test]
    fn growth_starts_somewhere() {
        kpi("销售额", "提升20%", "").tells(&RULE, &["growth-without-baseline kpi!C2"]);
        kpi("销售额", "提升20%", "100万元").silent(&RULE);
        kpi("销售额", "500万元", "").silent(&RULE);
    }

    #[test]
    fn growth_of_a_rate_says_percent_or_points() {
        kpi("复购率", "提升15%-20%", "12%").tells(&RULE, &["goal-rate-ambiguous kpi!C2"]);
        kpi("复购率", "提升3个百分点", "12%").silent(&RULE);
        kpi("复购率", "≥15%", "12%").silent(&RULE);
    }
}
