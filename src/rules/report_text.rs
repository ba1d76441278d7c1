//! Numbers people write into the report and into 核心目标, against what the tables give under the same name.
//!
//! Only a number right behind a known name is compared; growth, shares of something and targets are left alone.

use super::{Ctx, Rule};
use crate::catalogue::record::Field;
use crate::code;
use crate::diagnostic::{Arg, Sink, number, shorten};
use crate::locale::{fold, narrow};
use crate::metrics::goals::Goal;
use crate::quantity::goals::split;
use crate::quantity::{Aim, Unit, measure};

code!(TEXT_AGAINST_TABLES = "text-against-tables", Warning, Cross, "text_against_tables.toml");
code!(STATED_GOAL_MISMATCH = "stated-goal-mismatch", Warning, Cross, "stated_goal_mismatch.toml");

pub static RULE: Rule = Rule { codes: &[&TEXT_AGAINST_TABLES, &STATED_GOAL_MISMATCH], check };

/// Words of a report are rounded; further off than this they say something else.
const SLACK: f64 = 0.03;
/// What may stand between a name and its number.
const BETWEEN: &[&str] = &[
    "累计", "合计", "总计", "共计", "实际", "最终", "已经", "已", "完成", "实现", "达到了", "达到", "达", "约为", "约", "近", "为", "是", "了", "共",
    "总额", ":", "：", " ", "=",
];
/// Names of the return on spend.
const RETURNS: &[&str] = &["投入产出比", "投产比", "整体roi", "roi"];

/// What the tables give under a name.
struct Known {
    name: String,
    value: f64,
    unit: Unit,
    /// What else a number behind the name may be: 转化率104% says how far the goal was met.
    or: Option<f64>,
}

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    if let Some(summary) = &ctx.campaign.summary {
        let known = known(ctx);
        let fields = [
            ("overview", &summary.overview),
            ("goals", &summary.goals),
            ("data", &summary.data),
            ("successes", &summary.successes),
            ("failures", &summary.failures),
        ];
        for (column, field) in fields {
            text(ctx, sink, column, field, &known);
        }
    }
    stated(ctx, sink);
}

fn known(ctx: &Ctx<'_>) -> Vec<Known> {
    let mut known = Vec::new();
    for goal in &ctx.analysis.goals.overall {
        let name = fold(&goal.name);
        if name.chars().count() < 2 {
            continue;
        }
        for end in ["完成率", "达成率"] {
            if let Some(value) = goal.completion.value() {
                known.push(Known { name: format!("{name}{end}"), value, unit: Unit::Percent, or: None });
            }
        }
        if let Some(value) = goal.actual.number() {
            known.push(Known { name, value, unit: goal.unit.clone(), or: goal.completion.value() });
        }
    }
    if let Some(value) = ctx.analysis.channels.roi.value() {
        known.extend(RETURNS.iter().map(|name| Known { name: (*name).to_owned(), value, unit: Unit::Times, or: None }));
    }
    // 新客销售额 is not 销售额: the longer name is looked for first.
    known.sort_by_key(|it| std::cmp::Reverse(it.name.chars().count()));
    known
}

fn text(ctx: &Ctx<'_>, sink: &mut Sink, column: &str, field: &Field<String>, known: &[Known]) {
    let folded = fold(&narrow(field.as_str()));
    let mut taken: Vec<(usize, usize)> = Vec::new();
    for it in known {
        for (at, _) in folded.match_indices(it.name.as_str()) {
            let end = at + it.name.len();
            if taken.iter().any(|(from, to)| at < *to && *from < end) {
                continue;
            }
            taken.push((at, end));
            // 老客销售额 is another figure, of which nothing is known here.
            if folded[..at].chars().next_back().is_some_and(is_part_of_a_name) {
                continue;
            }
            let Some((typed, value)) = number_behind(&folded[end..], &it.unit) else { continue };
            let is = |right: f64| (value - right).abs() <= SLACK * right.abs().max(value.abs()) + 1e-9;
            if is(it.value) || it.or.is_some_and(is) {
                continue;
            }
            let right = shown(it.value, &it.unit);
            let mut finding = ctx
                .finding(&TEXT_AGAINST_TABLES, "summary", column, field)
                .found(shorten(field.as_str(), 60))
                .arg("typed", Arg::Quote(format!("{}{typed}", it.name)))
                .arg("name", Arg::Text(it.name.clone()))
                .arg("right", Arg::Text(right));
            for at in ctx.campaign.results.iter().filter(|row| fold(row.name.as_str()) == it.name) {
                finding = at.actual.at.iter().fold(finding, |finding, at| finding.related(at));
            }
            sink.report(finding);
            break;
        }
    }
}

/// Whether a character before a name makes it the end of a longer one.
fn is_part_of_a_name(c: char) -> bool {
    c.is_alphanumeric() && !"的，。；、期间内中现总体动计达是为和与及了".contains(c)
}

/// The number right behind a name, as typed and read.
fn number_behind(text: &str, unit: &Unit) -> Option<(String, f64)> {
    let mut rest = text;
    while let Some(next) = BETWEEN.iter().find_map(|word| rest.strip_prefix(word)) {
        rest = next;
    }
    let end = rest
        .char_indices()
        .find(|(_, c)| !(c.is_ascii_digit() || matches!(c, '.' | ',' | ':' | '%' | '万' | '亿' | '元' | '倍')))
        .map_or(rest.len(), |(at, _)| at);
    let typed = rest[..end].trim_end_matches([',', '.', ':']);
    // 第 3 is a place, 3 个点 a change; what follows a number may turn it into something else.
    let after = &rest[end..];
    let turned = ["个百分点", "个点", "-", "~", "至", "倍增", "/", "月", "日", "年"];
    if !typed.starts_with(|c: char| c.is_ascii_digit()) || turned.iter().any(|word| after.starts_with(word)) {
        return None;
    }
    let reading = measure::read(&crate::cell::Content::Text(typed.to_owned()), false, 1.0);
    let read = reading.get()?;
    let fits = match (&read.unit, unit) {
        (Unit::Percent, Unit::Percent) => true,
        (Unit::Percent, _) | (_, Unit::Percent) => false,
        (Unit::Times, Unit::Times) | (Unit::None, _) => true,
        (Unit::Yuan, unit) => matches!(unit, Unit::Yuan | Unit::None),
        _ => false,
    };
    fits.then(|| (typed.to_owned(), read.value))
}

fn shown(value: f64, unit: &Unit) -> String {
    match unit {
        Unit::Percent => Arg::Percent(value).show(crate::locale::Lang::Zh),
        _ if value.abs() >= 10_000.0 => format!("{}万", number(value / 10_000.0, 2)),
        _ => number(value, 2),
    }
}

/// Goals of 核心目标 beside those of the KPI table.
fn stated(ctx: &Ctx<'_>, sink: &mut Sink) {
    let Some(basics) = ctx.campaign.basics.as_ref().filter(|_| !ctx.campaign.kpis.is_empty()) else { return };
    let goals: Vec<&Goal> = ctx.analysis.goals.overall.iter().filter(|goal| goal.kpi.is_some()).collect();
    for said in split(basics.goals.as_str()) {
        let same = |goal: &&&Goal| fold(&goal.name) == fold(&said.name);
        let Some(kpi) = goals.iter().find(same).and_then(|goal| ctx.campaign.kpis.get(goal.kpi?)) else { continue };
        let Some(target) = &kpi.target.value else { continue };
        let (Aim::Level(one), Aim::Level(other)) = (said.target.aim, target.aim) else { continue };
        if !said.target.unit.compares(&target.unit) || (one - other).abs() <= SLACK * one.abs().max(other.abs()) {
            continue;
        }
        let mut finding = ctx
            .finding(&STATED_GOAL_MISMATCH, "basics", "goals", &basics.goals)
            .arg("name", Arg::Quote(kpi.name.as_str().to_owned()))
            .arg("typed", Arg::Quote(said.text.clone()))
            .arg("target", Arg::Quote(kpi.target.text.clone()));
        if let Some(at) = &kpi.target.at {
            finding = finding.related(at);
        }
        sink.report(finding);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    fn report(data: &str) -> crate::rules::fixture::Sheets {
        sheets()
            .list(
                "results",
                "name target actual source",
                &["销售额|200万元|183万元|ERP", "转化率|5%|4.5%|后台", "新客数|500人|520人|CRM"],
            )
            .list("channels", "channel spend conversions sales source", &["抖音|327000|300|1830000|后台"])
            .form("summary", &[("overview", "双11按计划完成"), ("data", data), ("successes", "投放节奏稳"), ("failures", "备货偏少")])
    }

    #[test]
    fn what_the_report_says_is_held_against_the_tables() {
        for right in [
            "销售额183万元，转化率4.5%",
            "销售额达到约180万，新客数520人",
            "销售额完成率91.5%，投产比5.6",
            "销售额同比增长37%",
            "老客销售额237万元",
            "转化率提升2个百分点",
            "转化率90%，新客数104%",
            "销售额目标200万元",
        ] {
            report(right).silent(&RULE);
        }
        for wrong in ["活动期间销售额237万元", "销售额完成率124%", "整体投产比12", "转化率达9%", "新客数为250人"] {
            report(wrong).tells(&RULE, &["text-against-tables summary!B3"]);
        }
    }

    #[test]
    fn the_goals_of_the_basics_are_those_of_the_kpi_table() {
        let goals = |stated: &str| {
            sheets()
                .form("basics", &[("name", "双11"), ("goals", stated), ("owner", "高远")])
                .list("kpi", "type name target source", &["结果指标|销售额|500万元|ERP"])
        };
        goals("销售额1000万元，新客数500人").tells(&RULE, &["stated-goal-mismatch basics!B3"]);
        goals("销售额500万元，新客数500人").silent(&RULE);
        goals("做出声量").silent(&RULE);
    }
}
