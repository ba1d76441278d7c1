//! Goals without a result, and results nobody set as a goal (D1: 用户参与率).

use std::collections::HashSet;

use super::likeness::{alike, bare};
use super::{Ctx, Rule};
use crate::campaign::{Kpi, ResultRow};
use crate::code;
use crate::diagnostic::{Arg, Sink};
use crate::quantity::Nothing;

code!(KPI_WITHOUT_RESULT = "kpi-without-result", Warning, Cross, "kpi_without_result.toml");
code!(RESULT_WITHOUT_KPI = "result-without-kpi", Note, Cross, "result_without_kpi.toml");

pub static RULE: Rule = Rule { codes: &[&KPI_WITHOUT_RESULT, &RESULT_WITHOUT_KPI], check };

/// From here on two names are probably meant to be one.
const PROBABLY_THE_SAME: f64 = 0.5;
/// With more results than this left over, no likeness is looked for.
const MOST_LOOSE: usize = 50;

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let (kpis, results) = (&ctx.campaign.kpis, &ctx.campaign.results);
    if kpis.is_empty() || results.is_empty() {
        return;
    }
    let wanted: HashSet<String> = kpis.iter().map(|kpi| bare(kpi.name.as_str())).collect();
    let there: HashSet<String> = results.iter().map(|row| bare(row.name.as_str())).collect();
    let open: Vec<&Kpi> = (kpis.iter())
        .filter(|kpi| kpi.name.value.is_some() && !there.contains(&bare(kpi.name.as_str())))
        .collect();
    let mut loose: Vec<&ResultRow> = (results.iter())
        .filter(|row| row.name.value.is_some() && !wanted.contains(&bare(row.name.as_str())))
        .collect();
    for kpi in open {
        let mut finding = ctx
            .finding(&KPI_WITHOUT_RESULT, "kpi", "name", &kpi.name)
            .arg("name", Arg::Quote(kpi.name.as_str().to_owned()))
            .arg("results", ctx.title("results"))
            .arg("target", Arg::Quote(kpi.target.text.clone()));
        // A result under nearly the same name is this one's, written differently: one cause.
        if let Some(i) = nearest(kpi, &loose) {
            let row = loose.remove(i);
            finding = finding.suggest(row.name.as_str());
            if let Some(at) = &row.name.at {
                finding = finding.related(at);
            }
        }
        // A target never filled in is told where it stands; nothing was promised that a result could answer.
        if kpi.target.nothing != Some(Nothing::Placeholder) {
            sink.report(finding);
        }
    }
    let mut told = HashSet::new();
    // A target in the row itself is a goal too.
    for row in loose.into_iter().filter(|row| row.target.value.is_none()) {
        // A result by channel repeats the name: once is enough.
        if !told.insert(bare(row.name.as_str())) {
            continue;
        }
        sink.report(
            ctx.finding(&RESULT_WITHOUT_KPI, "results", "name", &row.name)
                .arg("name", Arg::Quote(row.name.as_str().to_owned()))
                .arg("kpi", ctx.title("kpi")),
        );
    }
}

fn nearest(kpi: &Kpi, results: &[&ResultRow]) -> Option<usize> {
    // Among very many loose results a likeness is chance.
    if results.len() > MOST_LOOSE {
        return None;
    }
    let alike = |row: &ResultRow| alike(kpi.name.as_str(), row.name.as_str());
    let (i, best) =
        results.iter().enumerate().map(|(i, row)| (i, alike(row))).max_by(|a, b| a.1.total_cmp(&b.1))?;
    (best >= PROBABLY_THE_SAME).then_some(i)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    fn review(result: &str) -> crate::rules::fixture::Sheets {
        sheets()
            .list(
                "kpi",
                "type name target source",
                &["结果指标|销售额|500万元|ERP", "过程指标|用户参与率|≥8%|活动后台"],
            )
            .list("results", "name actual source", &["销售额|520万元|ERP", result])
    }

    #[test]
    fn d1_forgets_its_participation_rate() {
        review("").tells(&RULE, &["kpi-without-result kpi!B3"]);
        review("用户参与率|9%|活动后台").silent(&RULE);
        sheets().list("kpi", "type name target source", &["过程指标|用户参与率|≥8%|活动后台"]).silent(&RULE);
    }

    #[test]
    fn a_result_under_nearly_the_same_name_is_that_goals() {
        let told = review("活动用户参与率|9%|活动后台").tells(&RULE, &["kpi-without-result kpi!B3"]);
        assert_eq!(told[0].suggestion.as_deref(), Some("活动用户参与率"));
    }

    #[test]
    fn a_result_without_a_goal_is_noted() {
        review("搜索指数|9000|百度")
            .tells(&RULE, &["kpi-without-result kpi!B3", "result-without-kpi results!A3"]);
    }

    #[test]
    fn a_target_that_is_still_a_placeholder_asks_for_no_result() {
        let with = |target: &str| {
            sheets()
                .list(
                    "kpi",
                    "type name target",
                    &[&format!("结果指标|销售额|{target}"), "结果指标|订单量|10单"],
                )
                .list("results", "name actual", &["订单量|12单"])
        };
        with("[具体数字]").silent(&RULE);
        with("500万元").tells(&RULE, &["kpi-without-result kpi!B2"]);
    }
}
