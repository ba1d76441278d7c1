//! SMART gaps of goals (D1, D2): no number, no owner, no source, no deadline.
//!
//! A required cell left empty is told where it is read; here stands what was
//! typed without being an answer, and what is not required but belongs there.

use super::cause::Cause;
use super::likeness::has_figure;
use super::{Ctx, Rule, shown};
use crate::catalogue::record::Field;
use crate::code;
use crate::diagnostic::{Arg, Sink};
use crate::quantity::Nothing;
use crate::quantity::nothing::placeholder_in;

code!(SMART_GAPS = "smart-gaps", Note, Table, "smart_gaps.toml");

pub static RULE: Rule = Rule { codes: &[&SMART_GAPS], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    kpis(ctx, sink);
    basics(ctx, sink);
}

fn kpis(ctx: &Ctx<'_>, sink: &mut Sink) {
    let mut cause = Cause::new(ctx, &SMART_GAPS, "kpi", "name");
    let mut gaps: Vec<&str> = Vec::new();
    for kpi in ctx.campaign.kpis.iter().filter(|kpi| kpi.name.value.is_some()) {
        let questions = [
            ("target", untold(&kpi.target) && !kpi.target.is_blank(), kpi.target.at.as_ref()),
            ("owner", untold(&kpi.owner), kpi.owner.at.as_ref()),
            ("source", untold(&kpi.source) && !kpi.source.is_blank(), kpi.source.at.as_ref()),
        ];
        let open: Vec<_> = questions.into_iter().filter(|(_, open, _)| *open).collect();
        if open.is_empty() {
            continue;
        }
        cause.add(&kpi.name, &kpi.row, kpi.name.as_str());
        for (column, _, place) in open {
            cause.related(place);
            if !gaps.contains(&column) {
                gaps.push(column);
            }
        }
    }
    cause.arg("missing", Arg::List(gaps.iter().map(|column| ctx.label("kpi", column)).collect()));
    cause.report(sink);
}

/// Nothing there, and no placeholder told already.
fn untold<T>(field: &Field<T>) -> bool {
    !shown(field) && field.nothing != Some(Nothing::Placeholder)
}

/// The goals of the form: a number, and a period by which to reach it.
fn basics(ctx: &Ctx<'_>, sink: &mut Sink) {
    let Some(basics) = &ctx.campaign.basics else { return };
    let Some(goals) = &basics.goals.value else { return };
    let mut gaps = Vec::new();
    // A placeholder among the goals is told where it stands; filling it in is the answer.
    if !has_figure(goals) && !placeholder_in(goals) {
        gaps.push(ctx.label("kpi", "target"));
    }
    let dated = ["年", "月", "日", "Q", "季度", "周", "天", "day", "week", "month"]
        .iter()
        .any(|word| goals.contains(word));
    if untold(&basics.period) && !dated {
        gaps.push(ctx.label("basics", "period"));
    }
    if gaps.is_empty() {
        return;
    }
    let mut cause = Cause::new(ctx, &SMART_GAPS, "basics", "goals");
    cause.add(&basics.goals, &basics.row, goals);
    cause.arg("missing", Arg::List(gaps));
    cause.report(sink);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Lang;
    use crate::rules::fixture::sheets;

    #[test]
    fn a_goal_has_an_owner() {
        let kpi = |owner: &str| {
            let row = format!("结果指标|销售额|500万元|ERP|{owner}");
            sheets().list("kpi", "type name target source owner", &[&row])
        };
        kpi("高远").silent(&RULE);
        let told = kpi("").tells(&RULE, &["smart-gaps kpi!B2"]);
        assert!(told[0].message(Lang::Zh).contains("责任人"));
        kpi("[姓名]").silent(&RULE);
    }

    #[test]
    fn the_goals_of_the_form_have_a_number_and_a_deadline() {
        let basics = |goals: &str, period: &str| {
            sheets()
                .form("basics", &[("name", "双11"), ("period", period), ("goals", goals), ("owner", "高远")])
        };
        basics("新品曝光量500万+，线上预售订单3000单", "2023-07-10~2023-07-20").silent(&RULE);
        basics("提升品牌影响力", "2023-07-10~2023-07-20").tells(&RULE, &["smart-gaps basics!B4"]);
        basics("曝光量达到[具体数字]", "2023-07-10~2023-07-20").silent(&RULE);
        basics("曝光量500万", "").tells(&RULE, &["smart-gaps basics!B4"]);
    }
}
