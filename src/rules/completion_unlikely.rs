//! A completion nobody expects: three times the goal and more, or a tenth of it. A zero too many is the usual slip.

use super::{Ctx, Rule, magnitude};
use crate::campaign::Direction;
use crate::code;
use crate::diagnostic::{Arg, Sink};
use crate::quantity::Unit;

code!(COMPLETION_UNLIKELY = "completion-unlikely", Warning, Row, "completion_unlikely.toml");

pub static RULE: Rule = Rule { codes: &[&COMPLETION_UNLIKELY], check };

/// Beyond these somebody should look again.
const MOST: f64 = 3.0;
const LEAST: f64 = 0.1;
/// Goals of a few pieces are passed many times over.
const FEW: f64 = 10.0;

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let goals = &ctx.analysis.goals;
    for goal in goals.overall.iter().chain(&goals.by_dimension) {
        let Some(row) = goal.result.and_then(|row| ctx.campaign.results.get(row)) else { continue };
        let (Some(completion), Some(level)) = (goal.completion.value(), goal.asked.level.number()) else { continue };
        let few = !matches!(goal.unit, Unit::Percent | Unit::Times | Unit::Yuan | Unit::Seconds) && level < FEW;
        let odd = completion > MOST || (0.0..LEAST).contains(&completion) && completion > 0.0;
        if goal.direction != Direction::Higher || few || !odd || row.actual.value.is_none() {
            continue;
        }
        // Typed in 万 is a slip of its own, and told with what was meant.
        let actual = goal.actual.number().unwrap_or_default();
        if magnitude::in_ten_thousands(actual.min(level), actual.max(level)) {
            continue;
        }
        let target = Some(&row.target).filter(|target| target.value.is_some());
        let target = target.or(goal.kpi.and_then(|kpi| ctx.campaign.kpis.get(kpi)).map(|kpi| &kpi.target));
        let mut finding = ctx
            .finding(&COMPLETION_UNLIKELY, "results", "actual", &row.actual)
            .arg("name", Arg::Quote(goal.name.clone()))
            .arg("completion", Arg::Percent(completion))
            .arg("target", Arg::Quote(target.map(|target| target.text.clone()).unwrap_or_default()));
        if let Some(at) = target.and_then(|target| target.at.as_ref()) {
            finding = finding.related(at);
        }
        sink.report(finding);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    #[test]
    fn ten_times_the_goal_is_asked_about() {
        let result = |target: &str, actual: &str| {
            let row = format!("销售额|{target}|{actual}|ERP");
            sheets().list("results", "name target actual source", &[&row])
        };
        result("500万元", "5250万元").tells(&RULE, &["completion-unlikely results!C2"]);
        result("500万元", "30万元").tells(&RULE, &["completion-unlikely results!C2"]);
        result("500万元", "900万元").silent(&RULE);
        result("500万元", "60万元").silent(&RULE);
        result("2场", "8场").silent(&RULE);
        result("≤30元", "200元").silent(&RULE);
    }
}
