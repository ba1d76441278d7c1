//! A budget line's 总价 against its 单价 × 数量 (D1).
//!
//! A price per person and month times a number of persons lacks the months:
//! a total that is a whole multiple is believed, and the multiple is said.

use super::claims::{self, Claim, Sort, precision};
use super::{Ctx, Rule};
use crate::campaign::BudgetLine;
use crate::code;
use crate::diagnostic::{Arg, Sink};
use crate::quantity::{Quantity, UnitPrice};

code!(ROW_TOTAL_MISMATCH = "row-total-mismatch", Warning, Row, "row_total_mismatch.toml");
code!(MONTHS_ASSUMED = "months-assumed", Note, Row, "months_assumed.toml");

pub static RULE: Rule = Rule { codes: &[&ROW_TOTAL_MISMATCH, &MONTHS_ASSUMED], check };

/// The most months, days or times a missing factor is believed to be.
const MOST: f64 = 366.0;

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let mut claims = Vec::new();
    for line in &ctx.campaign.budget {
        let (Some(price), Some(quantity)) = (&line.unit_price.value, &line.quantity.value) else { continue };
        let computed = price.amount * quantity.value / price.lot;
        match missing_unit(price, quantity).zip(multiple(ctx, line, computed)) {
            Some((unit, times)) => sink.report(
                ctx.finding(&MONTHS_ASSUMED, "budget", "quantity", &line.quantity)
                    .arg("item", Arg::Quote(line.item.as_str().to_owned()))
                    .arg("unit", Arg::Text(unit.to_owned()))
                    .arg("times", Arg::Number(times))
                    .arg("price", Arg::Quote(line.unit_price.text.clone())),
            ),
            None => claims.push(
                Claim::new(&line.total, line.item.as_str(), computed)
                    .from([line.unit_price.at.as_ref(), line.quantity.at.as_ref()]),
            ),
        }
    }
    claims::report(ctx, sink, &ROW_TOTAL_MISMATCH, ("budget", "total"), Sort::Money, claims);
}

/// The unit a price is for that its quantity does not count: 月 in 15000/人/月 × 2人.
fn missing_unit<'a>(price: &'a UnitPrice, quantity: &Quantity) -> Option<&'a str> {
    if price.per.len() <= quantity.factors.len() {
        return None;
    }
    let counted = |unit: &str| quantity.factors.iter().any(|(_, counter)| counter == unit);
    price.per.iter().rev().map(String::as_str).find(|unit| !counted(unit))
}

/// How often the product goes into the total, where that is a whole number; once where there is no total.
fn multiple(ctx: &Ctx<'_>, line: &BudgetLine, computed: f64) -> Option<f64> {
    let Some(total) = line.total.value else { return Some(1.0) };
    let times = (total / computed).round();
    let slack = ctx.policy.thresholds.tolerance.money.max(precision(&line.total));
    ((1.0..=MOST).contains(&times) && (total - times * computed).abs() <= slack).then_some(times)
}
