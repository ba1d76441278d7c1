//! Target and actual (or baseline) in units that do not compare: 500万元 against 3000单.

use super::{Ctx, Rule};
use crate::catalogue::record::Field;
use crate::code;
use crate::diagnostic::{Arg, Sink};
use crate::quantity::{Aim, Measure, Target};

code!(TARGET_UNIT_MISMATCH = "target-unit-mismatch", Warning, Cross, "target_unit_mismatch.toml");

pub static RULE: Rule = Rule { codes: &[&TARGET_UNIT_MISMATCH], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let campaign = ctx.campaign;
    for goal in &ctx.analysis.goals.overall {
        let kpi = goal.kpi.and_then(|kpi| campaign.kpis.get(kpi));
        let Some(row) = goal.result.and_then(|row| campaign.results.get(row)) else { continue };
        let target = Some(&row.target).filter(|target| target.value.is_some()).or(kpi.map(|kpi| &kpi.target));
        let Some(target) = target else { continue };
        one(ctx, sink, &goal.name, ("results", "actual"), &row.actual, target);
    }
    for kpi in &campaign.kpis {
        one(ctx, sink, kpi.name.as_str(), ("kpi", "baseline"), &kpi.baseline, &kpi.target);
    }
    for row in &campaign.service {
        one(ctx, sink, row.name.as_str(), ("service", "actual"), &row.actual, &row.target);
    }
    for row in &campaign.users {
        one(ctx, sink, row.name.as_str(), ("users", "during"), &row.during, &row.target);
    }
}

fn one(
    ctx: &Ctx<'_>,
    sink: &mut Sink,
    name: &str,
    (table, column): (&str, &str),
    actual: &Field<Measure>,
    target: &Field<Target>,
) {
    let (Some(measure), Some(asked)) = (&actual.value, &target.value) else { return };
    // Growth is in percent whatever grows.
    let levels = matches!(asked.aim, Aim::Level(_) | Aim::Range(..) | Aim::FromTo(..));
    if !levels || measure.value == 0.0 || measure.unit.compares(&asked.unit) {
        return;
    }
    let mut finding = ctx
        .finding(&TARGET_UNIT_MISMATCH, table, column, actual)
        .arg("name", Arg::Quote(name.to_owned()))
        .arg("target", Arg::Quote(target.text.clone()));
    if let Some(at) = &target.at {
        finding = finding.related(at);
    }
    sink.report(finding);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    #[test]
    fn a_bare_target_far_from_its_rate_is_of_another_kind() {
        let goal = |target: &str| {
            sheets()
                .list("kpi", "type name target source", &[&format!("结果指标|点击率|{target}|后台")])
                .list("results", "name actual source", &["点击率|18%|后台"])
        };
        goal("3000").tells(&RULE, &["target-unit-mismatch results!B2"]);
        goal("15").silent(&RULE);
        goal("15%").silent(&RULE);
    }

    #[test]
    fn target_and_actual_are_of_one_kind() {
        let results = |target: &str, actual: &str| {
            sheets().list(
                "results",
                "name target actual source",
                &[&format!("销售情况|{target}|{actual}|ERP")],
            )
        };
        for (target, actual) in [
            ("500万元", "520万"),
            ("1000万次", "950万次"),
            ("5000人", "4800名"),
            ("≥15%", "18%"),
            ("6倍", "600%"),
        ] {
            results(target, actual).silent(&RULE);
        }
        results("500万元", "3000单").tells(&RULE, &["target-unit-mismatch results!C2"]);
        results("≥15%", "3000人").tells(&RULE, &["target-unit-mismatch results!C2"]);
    }

    #[test]
    fn growth_may_be_of_anything() {
        sheets()
            .list("kpi", "type name target baseline source", &["结果指标|销售额|提升20%|100万元|ERP"])
            .list("results", "name actual source", &["销售额|130万元|ERP"])
            .silent(&RULE);
    }
}
