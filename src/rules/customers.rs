//! New and returning buyers make all buyers, and their sales all sales (D3).

use super::claims::precision;
use super::{Ctx, Rule, sales_line};
use crate::campaign::SalesLine;
use crate::catalogue::record::Field;
use crate::code;
use crate::diagnostic::{Arg, Sink};
use crate::mark::agrees_with_none;
use crate::quantity::Measure;

code!(CUSTOMERS_MISMATCH = "customers-mismatch", Warning, Cross, "customers_mismatch.toml");

pub static RULE: Rule = Rule { codes: &[&CUSTOMERS_MISMATCH], check };

type Parts<'a> = (&'a [&'a str], &'a [&'a str], &'a [&'a str]);

const SUMS: &[Parts<'static>] =
    &[(&["成交人数"], &["新客成交人数"], &["老客成交人数"]), (&["销售额"], &["新客销售额"], &["老客销售额"])];

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    for (all, new, old) in SUMS {
        let (Some(all), Some(new), Some(old)) =
            (sales_line(ctx, all), sales_line(ctx, new), sales_line(ctx, old))
        else {
            continue;
        };
        for (column, get) in PERIODS {
            one(ctx, sink, column, all, [get(all), get(new), get(old)]);
        }
    }
}

type Get = fn(&SalesLine) -> &Field<Measure>;
const PERIODS: [(&str, Get); 4] = [
    ("before", |line| &line.before),
    ("during", |line| &line.during),
    ("after", |line| &line.after),
    ("last_year", |line| &line.last_year),
];

fn one(ctx: &Ctx<'_>, sink: &mut Sink, column: &str, line: &SalesLine, fields: [&Field<Measure>; 3]) {
    let [all, new, old] = fields;
    let values = fields.map(|field| field.value.as_ref().map(|measure| measure.value));
    let [Some(total), Some(first), Some(second)] = values else { return };
    let rounding: f64 = fields.into_iter().map(precision).sum();
    let sum = first + second;
    if (sum - total).abs() <= rounding.max(ctx.policy.thresholds.tolerance.money) + 1e-9 {
        return;
    }
    let mut finding = ctx
        .finding(&CUSTOMERS_MISMATCH, "sales", column, all)
        .arg("name", Arg::Text(line.name.as_str().to_owned()))
        .arg("total", Arg::Number(total))
        .arg("new", Arg::Number(first))
        .arg("old", Arg::Number(second))
        .arg("sum", Arg::Number(sum));
    if let Some(at) = &all.at {
        let slack = rounding.max(ctx.policy.thresholds.tolerance.money);
        let parts = (new.expr() + old.expr()).known();
        finding = finding.mark(at, agrees_with_none(all.expr(), &[parts], slack));
    }
    for at in [&new.at, &old.at].into_iter().flatten() {
        finding = finding.related(at);
    }
    sink.report(finding);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    #[test]
    fn new_and_returning_buyers_make_all() {
        let sales = |old: &str| {
            sheets().list(
                "sales",
                "name before during",
                &["成交人数|2000|5000", "新客成交人数|500|900", &format!("老客成交人数|1500|{old}")],
            )
        };
        sales("4100").silent(&RULE);
        sales("").silent(&RULE);
        sales("4000").tells(&RULE, &["customers-mismatch sales!C2"]);
    }
}
