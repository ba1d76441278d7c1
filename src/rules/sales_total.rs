//! The campaign's 销售额, as told by the results, by channel, by day, by category and by the comparison.

use super::sums::{self, Side};
use super::{Ctx, Rule, covers_campaign, overall_result, sales_line};
use crate::code;
use crate::diagnostic::{Arg, Sink};

code!(SALES_TOTAL_MISMATCH = "sales-total-mismatch", Warning, Cross, "sales_total_mismatch.toml");

pub static RULE: Rule = Rule { codes: &[&SALES_TOTAL_MISMATCH], check };

const NAMES: &[&str] =
    &["销售额", "总销售额", "活动销售额", "销售总额", "成交额", "成交金额", "成交总额", "gmv", "总成交额", "活动期销售额", "活动总销售额"];

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
    sides.extend(daily(ctx));
    let (agreeing, differing): (Vec<Side>, Vec<Side>) = sides.into_iter().partition(|side| side.agrees(ctx, &reference));
    // Where all others agree with each other, it is the one cell that is off.
    if let [first, rest @ ..] = differing.as_slice()
        && !rest.is_empty()
        && agreeing.is_empty()
        && rest.iter().all(|side| side.agrees(ctx, first))
    {
        if let Some(finding) = sums::mismatch(ctx, &SALES_TOTAL_MISMATCH, &reference, first) {
            sink.report(rest.iter().flat_map(|side| side.cells.first()).fold(finding, |finding, at| finding.related(at)));
        }
        return;
    }
    for side in &differing {
        if let Some(finding) = sums::mismatch(ctx, &SALES_TOTAL_MISMATCH, side, &reference) {
            sink.report(finding.arg("names", Arg::Text(ctx.title(side.table))));
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

/// Only a monitor that covers every day of the campaign tells its total.
fn daily(ctx: &Ctx<'_>) -> Option<Side> {
    if !covers_campaign(ctx) {
        return None;
    }
    Side::sum("daily", "sales", ctx.campaign.daily.iter().map(|row| &row.sales))
}
