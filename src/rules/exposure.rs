//! The campaign's 曝光量, as told by the results and by the daily monitor.

use super::sums::{self, Side};
use super::{Ctx, Rule, covers_campaign, overall_result};
use crate::code;
use crate::diagnostic::Sink;

code!(EXPOSURE_MISMATCH = "exposure-mismatch", Warning, Cross, "exposure_mismatch.toml");

pub static RULE: Rule = Rule { codes: &[&EXPOSURE_MISMATCH], check };

const NAMES: &[&str] = &[
    "曝光量", "总曝光量", "活动曝光量", "活动总曝光量", "全网曝光量", "品牌曝光量", "曝光总量", "曝光", "总曝光", "新品曝光量",
    "活动曝光", "曝光次数",
];

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let Some(row) = overall_result(ctx, |name| NAMES.contains(&name)) else { return };
    let Some(actual) = &row.actual.value else { return };
    if !covers_campaign(ctx) {
        return;
    }
    let Some(daily) = Side::sum("daily", "exposure", ctx.campaign.daily.iter().map(|row| &row.exposure)) else { return };
    let result = Side::one("results", "actual", &row.actual, actual.value);
    if let Some(finding) = sums::mismatch(ctx, &EXPOSURE_MISMATCH, &daily, &result) {
        sink.report(finding);
    }
}
