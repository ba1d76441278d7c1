//! A goal without a weight among goals that have one: none of the weights counts then.

use super::cause::Cause;
use super::{Ctx, Rule};
use crate::code;
use crate::diagnostic::{Arg, Sink};

code!(WEIGHTS_INCOMPLETE = "weights-incomplete", Warning, Table, "weights_incomplete.toml");

pub static RULE: Rule = Rule { codes: &[&WEIGHTS_INCOMPLETE], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let named = || ctx.campaign.kpis.iter().filter(|kpi| kpi.name.value.is_some());
    let sum: f64 = named().filter_map(|kpi| kpi.weight.value).sum();
    // One weight of many is none yet; with too much the sum is told.
    let given = named().filter(|kpi| kpi.weight.value.is_some()).count();
    if given * 2 < named().count() || sum <= 0.0 || sum >= 1.0 || !sum.is_finite() {
        return;
    }
    let mut cause = Cause::new(ctx, &WEIGHTS_INCOMPLETE, "kpi", "weight");
    for kpi in named().filter(|kpi| kpi.weight.is_blank() && kpi.weight.at.is_some()) {
        cause.add(&kpi.weight, &kpi.row, kpi.name.as_str());
    }
    cause.suggest(super::claims::value_text(super::claims::Sort::Rate, 1.0 - sum));
    cause.arg("sum", Arg::Percent(sum));
    cause.report(sink);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    #[test]
    fn a_weight_left_out_is_told_with_what_is_left() {
        let kpis = |second: &str, third: &str| {
            let rows = [
                "结果指标|销售额|500万元|60%|ERP".to_owned(),
                format!("过程指标|曝光量|1000万次|{second}|广告平台"),
                format!("过程指标|新客数|500人|{third}|CRM"),
            ];
            sheets().list("kpi", "type name target weight source", &rows.each_ref().map(String::as_str))
        };
        let told = kpis("20%", "").tells(&RULE, &["weights-incomplete kpi!D4"]);
        assert_eq!(told[0].suggestion.as_deref(), Some("20.0%"));
        kpis("20%", "20%").silent(&RULE);
        kpis("", "").silent(&RULE);
        kpis("60%", "").silent(&RULE);
    }
}
