//! A budget line's 总价 against its 单价 × 数量 (D1).
//!
//! A price per person and month times a number of persons lacks the months:
//! a total that is a whole multiple is believed, and the multiple is said.

use super::claims::{self, Claim, Sort, precision};
use super::{Ctx, Rule};
use crate::campaign::BudgetLine;
use crate::code;
use crate::diagnostic::{Arg, Sink};
use crate::expr::Expr;
use crate::quantity::{self, Remark, price};

code!(ROW_TOTAL_MISMATCH = "row-total-mismatch", Warning, Row, "row_total_mismatch.toml");
code!(MONTHS_ASSUMED = "months-assumed", Note, Row, "months_assumed.toml");

pub static RULE: Rule = Rule { codes: &[&ROW_TOTAL_MISMATCH, &MONTHS_ASSUMED], check };

/// The most months, days or times a missing factor is believed to be.
const MOST: f64 = 366.0;

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let mut claims = Vec::new();
    for line in &ctx.campaign.budget {
        let (Some(price), Some(quantity)) = (&line.unit_price.value, &line.quantity.value) else { continue };
        let (computed, assumed) = price::total(price, quantity);
        match missing_unit(&assumed).zip(multiple(ctx, line, computed)) {
            Some((unit, times)) => sink.report(
                ctx.finding(&MONTHS_ASSUMED, "budget", "quantity", &line.quantity)
                    .arg("item", Arg::Quote(line.item.as_str().to_owned()))
                    .arg("unit", Arg::Text(unit.to_owned()))
                    .arg("times", Arg::Number(times))
                    .arg("price", Arg::Quote(line.unit_price.text.clone())),
            ),
            None => {
                let claim = Claim::new(&line.total, line.item.as_str(), product(line, price.amount, computed))
                    .from([line.unit_price.at.as_ref(), line.quantity.at.as_ref()]);
                let more = factors_beside(ctx, line).into_iter().map(|factor| Expr::Num(computed * factor));
                claims.push(more.fold(claim, Claim::or));
            }
        }
    }
    claims::report(ctx, sink, &ROW_TOTAL_MISMATCH, ("budget", "total"), Sort::Money, claims);
}

/// What numbers in columns of the team's own multiply by: 天数, 次数, and all of them together.
fn factors_beside(ctx: &Ctx<'_>, line: &BudgetLine) -> Vec<f64> {
    let rows = ctx.records.tables.get("budget").map_or(&[][..], |table| &table.rows);
    let extra = rows.iter().filter(|record| record.at == line.row).flat_map(|record| &record.extra);
    let mut factors: Vec<f64> = extra
        .filter_map(|(_, _, content)| quantity::price::quantity(content).get().map(|number| number.value))
        .filter(|factor| *factor > 0.0)
        .collect();
    if factors.len() > 1 {
        factors.push(factors.iter().product());
    }
    factors
}

/// The product over its cells, where both hold bare numbers; a price with units keeps its figure.
fn product(line: &BudgetLine, price: f64, computed: f64) -> Expr {
    let live = (line.unit_price.leaf(Some(price)) * line.quantity.expr()).known();
    let bare = line.unit_price.scale.is_some() && line.quantity.scale.is_some();
    if bare && live.number().is_some_and(|n| same(n, computed)) { live } else { Expr::Num(computed) }
}

fn same(left: f64, right: f64) -> bool {
    (left - right).abs() <= 1e-9 * left.abs().max(right.abs())
}

/// The unit a price is for that its quantity does not count: 月 in 15000/人/月 × 2人.
fn missing_unit(assumed: &[Remark]) -> Option<&str> {
    assumed.iter().find_map(|remark| match remark {
        Remark::MonthsAssumed => Some("个月"),
        Remark::OneAssumed(unit) => Some(unit),
        _ => None,
    })
}

/// How often the product goes into the total, where that is a whole number; once where there is no total.
fn multiple(ctx: &Ctx<'_>, line: &BudgetLine, computed: f64) -> Option<f64> {
    let Some(total) = line.total.value else { return Some(1.0) };
    if computed == 0.0 {
        return None;
    }
    let times = (total / computed).round();
    let slack = ctx.policy.thresholds.tolerance.money.max(precision(&line.total));
    ((1.0..=MOST).contains(&times) && (total - times * computed).abs() <= slack).then_some(times)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Lang;
    use crate::rules::fixture::sheets;

    const COLUMNS: &str = "type item unit_price quantity total";

    #[test]
    fn the_budget_of_d1_adds_up_and_its_months_are_noted() {
        sheets()
            .list(
                "budget",
                COLUMNS,
                &[
                    "人力资源|活动策划人员|15000/人/月|2人|30000",
                    "物料资源|线下快闪店搭建|80000/场|2场|160000",
                    "推广资源|社交媒体广告投放|20CPM|500万次|100000",
                    "其他资源|应急备用金|-|-|50000",
                ],
            )
            .tells(&RULE, &["months-assumed budget!D2"]);
    }

    #[test]
    fn a_total_that_is_not_price_times_quantity_is_told_with_the_right_one() {
        let told = sheets()
            .list("budget", COLUMNS, &["物料资源|快闪店|80000/场|2场|150000"])
            .tells(&RULE, &["row-total-mismatch budget!E2"]);
        assert_eq!(told[0].suggestion.as_deref(), Some("160000"));
        sheets().list("budget", COLUMNS, &["物料资源|快闪店|80000/场|2场|160001"]).silent(&RULE);
    }

    #[test]
    fn days_in_a_column_of_the_teams_own_multiply_too() {
        let line = |total: &str| {
            sheets().list(
                "budget",
                "type item unit_price quantity 天数 total",
                &[&format!("人力资源|兼职|300|10|2天|{total}")],
            )
        };
        line("6000").silent(&RULE);
        line("3000").silent(&RULE);
        line("9000").tells(&RULE, &["row-total-mismatch budget!F2"]);
    }

    #[test]
    fn three_months_of_two_people_are_believed() {
        let told = sheets()
            .list("budget", COLUMNS, &["人力资源|策划|15000/人/月|2人|90000"])
            .tells(&RULE, &["months-assumed budget!D2"]);
        assert!(told[0].message(Lang::Zh).contains("按 3 个月"));
    }

    #[test]
    fn totals_typed_in_ten_thousands_are_one_finding() {
        let told = sheets()
            .list("budget", COLUMNS, &["物料资源|海报|100|200|2", "物料资源|展架|300|100|3"])
            .tells(&RULE, &["row-total-mismatch budget!E2 +1"]);
        assert!(told[0].message(Lang::Zh).contains("1/10,000"));
    }
}
