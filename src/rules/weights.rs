//! Weights of the goals that do not add up to 100% (D3: 权重分配异议).

use super::{Ctx, Rule, same_rate};
use crate::code;
use crate::diagnostic::{Arg, Sink};
use crate::expr::{Expr, Fun, Op};
use crate::mark::column_of;

code!(WEIGHTS_NOT_100 = "weights-not-100", Warning, Table, "weights_not_100.toml");

pub static RULE: Rule = Rule { codes: &[&WEIGHTS_NOT_100], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let rows = || ctx.campaign.kpis.iter().filter(|kpi| kpi.name.value.is_some());
    let known: Vec<_> = rows().filter(|kpi| kpi.weight.value.is_some()).collect();
    let Some(first) = known.first() else { return };
    let sum: f64 = known.iter().filter_map(|kpi| kpi.weight.value).sum();
    // With weights still missing, only too much is certain.
    let all = known.len() == rows().count();
    if !sum.is_finite() || same_rate(ctx.policy, sum, 1.0) || (!all && sum < 1.0) {
        return;
    }
    let mut finding =
        ctx.finding(&WEIGHTS_NOT_100, "kpi", "weight", &first.weight).arg("sum", Arg::Percent(sum));
    for kpi in &known[1..] {
        if let Some(at) = &kpi.weight.at {
            finding = finding.also(at);
        }
    }
    let scale = first.weight.scale.filter(|_| known.iter().all(|kpi| kpi.weight.scale == first.weight.scale));
    let column = column_of(known.iter().filter_map(|kpi| kpi.weight.at.as_ref()));
    if let (Some(scale), Some(column)) = (scale, column) {
        let sum = Expr::sum([column.into()]);
        let off = if scale == 1.0 { sum } else { sum * scale } - 1.0;
        let slack = ctx.policy.thresholds.tolerance.rate;
        let off = if all { Expr::call(Fun::Abs, [off]) } else { off }.round(6);
        for at in known.iter().filter_map(|kpi| kpi.weight.at.as_ref()) {
            finding = finding.mark(at, off.clone().op(Op::Gt, slack));
        }
    }
    sink.report(finding);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    fn kpis(first: &str, second: &str) -> crate::rules::fixture::Sheets {
        sheets().list(
            "kpi",
            "type name target weight source",
            &[
                &format!("结果指标|销售额|500万元|{first}|ERP"),
                &format!("过程指标|曝光量|1000万次|{second}|广告平台"),
            ],
        )
    }

    #[test]
    fn weights_make_a_hundred_percent() {
        kpis("60%", "40%").silent(&RULE);
        kpis("", "").silent(&RULE);
        kpis("60%", "").silent(&RULE);
        kpis("60%", "30%").tells(&RULE, &["weights-not-100 kpi!D2 +1"]);
    }
}
