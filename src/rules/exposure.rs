//! The campaign's 曝光量, as told by the results and by the daily monitor.

use super::sums::{self, Side};
use super::{Ctx, Rule, covers_campaign, overall_result};
use crate::code;
use crate::diagnostic::Sink;

code!(EXPOSURE_MISMATCH = "exposure-mismatch", Warning, Cross, "exposure_mismatch.toml");

pub static RULE: Rule = Rule { codes: &[&EXPOSURE_MISMATCH], check };

const NAMES: &[&str] = &[
    "曝光量",
    "总曝光量",
    "活动曝光量",
    "活动总曝光量",
    "全网曝光量",
    "品牌曝光量",
    "曝光总量",
    "曝光",
    "总曝光",
    "新品曝光量",
    "活动曝光",
    "曝光次数",
];

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let Some(row) = overall_result(ctx, |name| NAMES.contains(&name)) else { return };
    let Some(actual) = &row.actual.value else { return };
    if !covers_campaign(ctx) {
        return;
    }
    let Some(daily) = Side::sum("daily", "exposure", ctx.campaign.daily.iter().map(|row| &row.exposure))
    else {
        return;
    };
    let result = Side::one("results", "actual", &row.actual, actual.value);
    if let Some(finding) = sums::mismatch(ctx, &EXPOSURE_MISMATCH, &daily, &result) {
        sink.report(finding);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    #[test]
    fn the_days_make_the_whole_exposure() {
        let review = |result: &str| {
            sheets()
                .form("basics", &[("name", "双11"), ("period", "2024-10-01~2024-10-02"), ("owner", "高远")])
                .list("results", "name actual source", &[&format!("活动曝光量|{result}|广告平台")])
                .list(
                    "daily",
                    "date exposure clicks sales",
                    &["2024-10-01|400万|10|1", "2024-10-02|550万|10|1"],
                )
        };
        review("950万次").silent(&RULE);
        review("1000万次").tells(&RULE, &["exposure-mismatch daily!B2"]);
    }
}
