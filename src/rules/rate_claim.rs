//! Typed rates and differences against their own rows: the daily monitor, the
//! funnel, the budget, sales before and during.

use super::claims::{self, Claim, Sort};
use super::{Ctx, Rule, days_of, is_days};
use crate::campaign::Stage;
use crate::code;
use crate::diagnostic::Sink;
use crate::expr::Expr;
use crate::quantity::Unit;

code!(RATE_MISMATCH = "rate-mismatch", Warning, Row, "rate_mismatch.toml");

pub static RULE: Rule = Rule { codes: &[&RATE_MISMATCH], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let mut report = |at, sort, claims| claims::report(ctx, sink, &RATE_MISMATCH, at, sort, claims);
    report(("daily", "ctr"), Sort::Rate, click_rates(ctx));
    report(("daily", "cvr"), Sort::Rate, conversion_rates(ctx));
    let (steps, drops) = funnel(ctx);
    report(("funnel", "step_rate"), Sort::Rate, steps);
    report(("funnel", "drop_rate"), Sort::Rate, drops);
    let (variances, executions) = budget(ctx);
    report(("budget", "variance"), Sort::Money, variances);
    report(("budget", "execution"), Sort::Rate, executions);
    report(("sales", "daily_growth"), Sort::Rate, growth(ctx));
}

/// Part ÷ whole over their cells, where both are known.
fn ratio(part: Expr, whole: Expr) -> Option<Expr> {
    Some((part / whole).known()).filter(|ratio| ratio.number().is_some())
}

fn click_rates(ctx: &Ctx<'_>) -> Vec<Claim> {
    let claims = ctx.campaign.daily.iter().filter_map(|day| {
        let rate = ratio(day.clicks.expr(), day.exposure.expr())?;
        Some(
            Claim::new(&day.ctr, &day.date.text, rate)
                .from([day.clicks.at.as_ref(), day.exposure.at.as_ref()]),
        )
    });
    claims.collect()
}

/// 转化 ÷ 点击, or 订单 ÷ 点击: the documents use both.
fn conversion_rates(ctx: &Ctx<'_>) -> Vec<Claim> {
    let claims = ctx.campaign.daily.iter().filter_map(|day| {
        let rate = ratio(day.conversions.expr(), day.clicks.expr())?;
        let claim = Claim::new(&day.cvr, &day.date.text, rate)
            .from([day.conversions.at.as_ref(), day.clicks.at.as_ref()]);
        Some(match ratio(day.orders.expr(), day.clicks.expr()) {
            Some(orders) => claim.or(orders),
            None => claim,
        })
    });
    claims.collect()
}

fn funnel(ctx: &Ctx<'_>) -> (Vec<Claim>, Vec<Claim>) {
    let stages = super::stages(ctx);
    let pairs: Vec<(&Stage, &Stage)> = stages.windows(2).map(|pair| (pair[0], pair[1])).collect();
    let claims = |drop: bool| {
        let claims = pairs.iter().filter_map(|(above, stage)| {
            let rate = ratio(stage.count.expr(), above.count.expr())?;
            let (field, right) =
                if drop { (&stage.drop_rate, Expr::Num(1.0) - rate) } else { (&stage.step_rate, rate) };
            Some(
                Claim::new(field, stage.stage.as_str(), right)
                    .from([above.count.at.as_ref(), stage.count.at.as_ref()]),
            )
        });
        claims.collect()
    };
    (claims(false), claims(true))
}

fn budget(ctx: &Ctx<'_>) -> (Vec<Claim>, Vec<Claim>) {
    let (mut variances, mut executions) = (Vec::new(), Vec::new());
    for line in &ctx.campaign.budget {
        if line.total.value.is_none() || line.actual.value.is_none() {
            continue;
        }
        let from = [line.actual.at.as_ref(), line.total.at.as_ref()];
        let variance = (line.actual.expr() - line.total.expr()).known();
        variances.push(Claim::new(&line.variance, line.item.as_str(), variance).from(from));
        if let Some(execution) = ratio(line.actual.expr(), line.total.expr()) {
            executions.push(Claim::new(&line.execution, line.item.as_str(), execution).from(from));
        }
    }
    (variances, executions)
}

/// Growth of the daily mean; rates have no daily mean.
fn growth(ctx: &Ctx<'_>) -> Vec<Claim> {
    let Some(days) = days_of(ctx) else { return Vec::new() };
    let claims = ctx.campaign.sales.iter().filter(|line| !is_days(line)).filter_map(|line| {
        let (before, during) = (line.before.value.as_ref()?, line.during.value.as_ref()?);
        if before.unit == Unit::Percent || during.unit == Unit::Percent {
            return None;
        }
        let during = ratio(line.during.expr(), days.during.expr())?;
        let before = ratio(line.before.expr(), days.before.expr())?;
        let growth = (ratio(during, before)? - 1.0).known();
        Some(Claim::new(&line.daily_growth, line.name.as_str(), growth).from([
            line.before.at.as_ref(),
            line.during.at.as_ref(),
            days.before.at.as_ref(),
            days.during.at.as_ref(),
        ]))
    });
    claims.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    fn day(ctr: &str) -> crate::rules::fixture::Sheets {
        let row = format!("2024-10-08|120万|6万|{ctr}|12%|35万");
        sheets().list("daily", "date exposure clicks ctr cvr sales", &[&row])
    }

    #[test]
    fn the_monitored_day_of_d1_holds() {
        day("5.0%").silent(&RULE);
        day("5%").silent(&RULE);
        let told = day("8%").tells(&RULE, &["rate-mismatch daily!D2"]);
        assert_eq!(told[0].suggestion.as_deref(), Some("5.0%"));
    }

    #[test]
    fn one_factor_over_the_whole_column_is_one_finding() {
        sheets()
            .list(
                "daily",
                "date exposure clicks ctr sales",
                &[
                    "2024-10-08|100000|5000|0.5%|1000",
                    "2024-10-09|100000|6000|0.6%|1000",
                    "2024-10-10|100000|7000|7.0%|1000",
                ],
            )
            .tells(&RULE, &["rate-mismatch daily!D2 +1"]);
    }

    #[test]
    fn steps_of_the_funnel_follow_from_the_step_before() {
        let funnel = |step: &str, drop: &str| {
            sheets().list(
                "funnel",
                "stage count step_rate drop_rate",
                &["曝光|100000||", &format!("注册|70000|{step}|{drop}")],
            )
        };
        funnel("70%", "30%").silent(&RULE);
        funnel("7%", "30%").tells(&RULE, &["rate-mismatch funnel!C3"]);
        funnel("70%", "70%").tells(&RULE, &["rate-mismatch funnel!D3"]);
    }

    #[test]
    fn variance_and_execution_of_a_budget_line() {
        let line = |variance: &str, execution: &str| {
            sheets().list(
                "budget",
                "type item total actual variance execution",
                &[&format!("推广资源|广告|100000|120000|{variance}|{execution}")],
            )
        };
        line("20000", "120%").silent(&RULE);
        line("-20000", "12%").tells(&RULE, &["rate-mismatch budget!E2", "rate-mismatch budget!F2"]);
    }

    #[test]
    fn growth_is_of_the_daily_mean() {
        let sales = |growth: &str| {
            sheets().list(
                "sales",
                "name before during daily_growth",
                &["统计天数|30|10|", &format!("销售额|120万元|80万元|{growth}")],
            )
        };
        sales("100%").silent(&RULE);
        sales("-33%").tells(&RULE, &["rate-mismatch sales!D3"]);
    }
}
