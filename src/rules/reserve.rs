//! The reserve: its share of the total budget as claimed in the remark, and within bounds (D1).

use super::claims::value_text;
use super::{Ctx, Rule, claims::Sort};
use crate::campaign::BudgetLine;
use crate::code;
use crate::diagnostic::{Arg, Sink};
use crate::locale::narrow;

code!(RESERVE_SHARE_MISMATCH = "reserve-share-mismatch", Warning, Table, "reserve_share_mismatch.toml");
code!(RESERVE_OUT_OF_RANGE = "reserve-out-of-range", Note, Table, "reserve_out_of_range.toml");

pub static RULE: Rule = Rule { codes: &[&RESERVE_SHARE_MISMATCH, &RESERVE_OUT_OF_RANGE], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let reserves = ctx.campaign.reserve_lines();
    let Some(first) = reserves.first() else { return };
    let Some(amount) = reserves.iter().map(|line| line.total.value).sum::<Option<f64>>() else { return };
    // The lines are nearest to the claim; 总预算 may differ, and is believed as well.
    let lines = ctx.campaign.budget.iter().map(|line| line.total.value).sum::<Option<f64>>();
    let stated = ctx.campaign.basics.as_ref().and_then(|basics| basics.budget.value);
    let totals: Vec<f64> =
        [lines, stated].into_iter().flatten().filter(|total| *total > 0.0 && total.is_finite()).collect();
    let Some(share) = totals.first().map(|total| amount / total) else { return };
    if reserves.len() == 1 && share_mismatch(ctx, sink, first, amount, &totals) {
        return;
    }
    let bounds = &ctx.policy.thresholds.budget;
    let within = |total: &f64| {
        let share = amount / total;
        share >= bounds.reserve_low - 0.0005 && share <= bounds.reserve_high + 0.0005
    };
    if !totals.iter().any(within) {
        sink.report(
            ctx.finding(&RESERVE_OUT_OF_RANGE, "budget", "total", &first.total)
                .arg("share", Arg::Percent(share))
                .arg("low", Arg::Percent(bounds.reserve_low))
                .arg("high", Arg::Percent(bounds.reserve_high)),
        );
    }
}

fn share_mismatch(ctx: &Ctx<'_>, sink: &mut Sink, line: &BudgetLine, amount: f64, totals: &[f64]) -> bool {
    let Some((claimed, written, precision)) = claimed_share(line.remark.as_str()) else { return false };
    let slack = ctx.policy.thresholds.tolerance.rate.max(precision) + 1e-9;
    if totals.iter().any(|total| (amount / total - claimed).abs() <= slack) {
        return false;
    }
    let share = amount / totals[0];
    let mut finding = ctx
        .finding(&RESERVE_SHARE_MISMATCH, "budget", "remark", &line.remark)
        .arg("claimed", Arg::Percent(claimed))
        .arg("share", Arg::Percent(share))
        .arg("amount", Arg::Money(amount))
        .arg("total", Arg::Money(totals[0]))
        .suggest(corrected(&line.remark.text, &written, share));
    if let Some(at) = &line.total.at {
        finding = finding.related(at);
    }
    sink.report(finding);
    true
}

/// The remark with the right share in place of the claimed one, otherwise as it was typed.
fn corrected(remark: &str, written: &str, share: f64) -> String {
    let right = value_text(Sort::Rate, share);
    let wide = written.replace('%', "％");
    match [written, &wide].into_iter().find(|claim| remark.contains(*claim)) {
        Some(claim) => remark.replacen(claim, &right, 1),
        None => narrow(remark).replacen(written, &right, 1),
    }
}

/// The share a remark claims (`占总预算5%`), as it is written, with half of its last place. None for several.
fn claimed_share(remark: &str) -> Option<(f64, String, f64)> {
    let text = narrow(remark);
    let (_, after) = text.split_once('占')?;
    let (before, rest) = after.split_once('%')?;
    let start = before
        .rfind(|c: char| !(c.is_ascii_digit() || c == '.'))
        .map_or(0, |i| i + before[i..].chars().next().map_or(1, char::len_utf8));
    let digits = &before[start..];
    let range = before[..start].ends_with(['-', '~', '至', '到']) || rest.starts_with(['-', '~', '至', '到']);
    if range || rest.contains('%') {
        return None;
    }
    let number: f64 = digits.parse().ok()?;
    let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    Some((number / 100.0, format!("{digits}%"), 0.005 / 10f64.powi(i32::try_from(decimals).unwrap_or(0))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Lang;
    use crate::rules::fixture::sheets;

    fn budget(remark: &str, reserve: &str) -> crate::rules::fixture::Sheets {
        sheets().list(
            "budget",
            "type item total remark",
            &[
                "人力资源|策划|30000|",
                "物料资源|快闪店|160000|",
                "推广资源|广告|100000|",
                &format!("其他资源|应急备用金|{reserve}|{remark}"),
            ],
        )
    }

    #[test]
    fn d1_claims_five_percent_of_fourteen_point_seven() {
        let told =
            budget("占总预算5%，应对突发", "50000").tells(&RULE, &["reserve-share-mismatch budget!D5"]);
        assert_eq!(told[0].suggestion.as_deref(), Some("占总预算14.7%，应对突发"));
        assert!(told[0].message(Lang::Zh).contains("14.7%"));
    }

    #[test]
    fn a_claim_within_what_was_written_is_fine() {
        budget("占总预算14.7%", "50000").silent(&RULE);
        budget("占总预算15%", "50000").silent(&RULE);
        budget("占总预算5%-15%", "50000").silent(&RULE);
        budget("应对突发", "50000").silent(&RULE);
    }

    #[test]
    fn too_much_or_too_little_is_noted() {
        budget("", "5000").tells(&RULE, &["reserve-out-of-range budget!C5"]);
        budget("", "100000").tells(&RULE, &["reserve-out-of-range budget!C5"]);
    }
}
