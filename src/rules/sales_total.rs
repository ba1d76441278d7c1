//! The campaign's 销售额, as told by the results, by channel, by day, by category and by the comparison.

use super::sums::{self, Side};
use super::{Ctx, Rule, covers_campaign, overall_result, sales_line};
use crate::code;
use crate::diagnostic::Sink;

code!(SALES_TOTAL_MISMATCH = "sales-total-mismatch", Warning, Cross, "sales_total_mismatch.toml");

pub static RULE: Rule = Rule { codes: &[&SALES_TOTAL_MISMATCH], check };

const NAMES: &[&str] = &[
    "销售额",
    "总销售额",
    "活动销售额",
    "销售总额",
    "成交额",
    "成交金额",
    "成交总额",
    "gmv",
    "总成交额",
    "活动期销售额",
    "活动总销售额",
];

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let mut sides: Vec<Side> = Vec::new();
    if let Some(row) = overall_result(ctx, |name| NAMES.contains(&name))
        && let Some(actual) = &row.actual.value
    {
        sides.push(Side::one("results", "actual", &row.actual, actual.value));
    }
    if let Some(line) = sales_line(ctx, &["销售额"])
        && let Some(during) = &line.during.value
    {
        sides.push(Side::one("sales", "during", &line.during, during.value));
    }
    if sides.is_empty() {
        return;
    }
    let reference = sides.remove(0);
    sides.extend(channels(ctx));
    sides.extend(categories(ctx));
    sides.extend(daily(ctx, reference.sum));
    let (agreeing, differing): (Vec<Side>, Vec<Side>) =
        sides.into_iter().partition(|side| side.agrees(ctx, &reference));
    // Where all others agree with each other, it is the one cell that is off.
    if let [first, rest @ ..] = differing.as_slice()
        && !rest.is_empty()
        && agreeing.is_empty()
        && rest.iter().all(|side| side.agrees(ctx, first))
    {
        if let Some(finding) = sums::mismatch(ctx, &SALES_TOTAL_MISMATCH, &reference, first) {
            sink.report(
                rest.iter()
                    .flat_map(|side| side.cells.first())
                    .fold(finding, |finding, at| finding.related(at)),
            );
        }
        return;
    }
    for side in &differing {
        if let Some(finding) = sums::mismatch(ctx, &SALES_TOTAL_MISMATCH, side, &reference) {
            sink.report(finding.arg("names", ctx.title(side.table)));
        }
    }
}

/// A single channel does not claim to be all of them.
fn channels(ctx: &Ctx<'_>) -> Option<Side> {
    let rows = &ctx.campaign.channels;
    if rows.len() < 2 {
        return None;
    }
    Side::sum("channels", "sales", rows.iter().map(|row| &row.sales))
}

fn categories(ctx: &Ctx<'_>) -> Option<Side> {
    let rows = &ctx.campaign.categories;
    if rows.len() < 2 {
        return None;
    }
    Side::sum("categories", "during", rows.iter().map(|row| &row.during))
}

/// Only a monitor that covers every day of the campaign tells its total; but no part is more than the whole.
fn daily(ctx: &Ctx<'_>, whole: f64) -> Option<Side> {
    let side = Side::sum("daily", "sales", ctx.campaign.daily.iter().map(|row| &row.sales))?;
    let period = ctx.campaign.basics.as_ref().and_then(|basics| basics.period.value);
    let inside = || ctx.campaign.daily.iter().all(|row| row.date.value.zip(period).is_some_and(|(day, it)| it.contains(day)));
    (covers_campaign(ctx) || side.sum > whole && inside()).then_some(side)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    fn review(channels: [&str; 2], categories: [&str; 2]) -> crate::rules::fixture::Sheets {
        sheets()
            .list("results", "name actual source", &["销售额|100万元|ERP"])
            .list(
                "channels",
                "channel spend conversions sales source",
                &[
                    &format!("抖音|1000|1|{}|后台", channels[0]),
                    &format!("小红书|1000|1|{}|后台", channels[1]),
                ],
            )
            .list(
                "categories",
                "name during",
                &[&format!("洗护|{}", categories[0]), &format!("彩妆|{}", categories[1])],
            )
    }

    #[test]
    fn every_table_tells_the_same_sales() {
        review(["60万", "40万"], ["700000", "300000"]).silent(&RULE);
        review(["60万", "40.5万"], ["700000", "300000"]).silent(&RULE);
        review(["60万", ""], ["700000", "300000"]).silent(&RULE);
        review(["60万", "30万"], ["700000", "300000"]).tells(&RULE, &["sales-total-mismatch channels!D2"]);
    }

    #[test]
    fn when_all_others_agree_the_result_is_off() {
        review(["60万", "30万"], ["600000", "300000"]).tells(&RULE, &["sales-total-mismatch results!B2"]);
    }

    #[test]
    fn a_monitor_counts_once_it_covers_the_campaign() {
        let days = |days: &[&str]| {
            let rows: Vec<String> = days.iter().map(|day| format!("2024-10-0{day}|1000|10|300000")).collect();
            sheets()
                .form("basics", &[("name", "双11"), ("period", "2024-10-01~2024-10-03"), ("owner", "高远")])
                .list("results", "name actual source", &["销售额|100万元|ERP"])
                .list(
                    "daily",
                    "date exposure clicks sales",
                    &rows.iter().map(String::as_str).collect::<Vec<_>>(),
                )
        };
        days(&["1", "2"]).silent(&RULE);
        days(&["1", "2", "3"]).tells(&RULE, &["sales-total-mismatch daily!D2"]);
    }
}
