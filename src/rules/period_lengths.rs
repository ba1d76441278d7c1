//! Sales periods of different length: their totals do not compare, their daily means do (D3).

use super::{Ctx, Rule, days_of, is_days};
use crate::code;
use crate::diagnostic::{Arg, Sink};

code!(PERIOD_LENGTHS_DIFFER = "period-lengths-differ", Note, Row, "period_lengths_differ.toml");

pub static RULE: Rule = Rule { codes: &[&PERIOD_LENGTHS_DIFFER], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let Some(days) = days_of(ctx) else { return };
    let Some(during) = days.during.value.as_ref() else { return };
    let others = [("before", &days.before), ("last_year", &days.last_year)];
    let differing: Vec<_> = others
        .into_iter()
        .filter(|(_, field)| {
            field.value.as_ref().is_some_and(|days| (days.value - during.value).abs() >= 0.5)
        })
        .collect();
    let Some((column, field)) = differing.first() else { return };
    if ctx.campaign.sales.iter().all(is_days) {
        return;
    }
    let mut finding = ctx
        .finding(&PERIOD_LENGTHS_DIFFER, "sales", column, field)
        .arg("other", Arg::Text(ctx.label("sales", "during")))
        .arg("during", Arg::Number(during.value))
        .arg("days", Arg::Number(field.value.as_ref().map_or(0.0, |days| days.value)));
    for (_, field) in &differing[1..] {
        if let Some(at) = &field.at {
            finding = finding.also(at);
        }
    }
    if let Some(at) = &days.during.at {
        finding = finding.related(at);
    }
    sink.report(finding);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    fn days(before: &str) -> crate::rules::fixture::Sheets {
        sheets().list(
            "sales",
            "name before during",
            &[&format!("统计天数|{before}|11"), "销售额|126万元|185万元"],
        )
    }

    #[test]
    fn thirty_days_do_not_compare_with_eleven() {
        days("30").tells(&RULE, &["period-lengths-differ sales!B2"]);
        days("11").silent(&RULE);
        days("").silent(&RULE);
    }
}
