#![allow(clippy::unwrap_used)]

use chrono::NaiveDate;

use super::*;
use crate::campaign::bind;
use crate::campaign::fixture::{Cell, blank, choice, measure, number, records, target, text};
use crate::catalogue::Catalogue;
use crate::catalogue::record::Value;
use crate::metrics::analyse;
use crate::policy::Policy;

type Row<'a> = &'a [(&'a str, Cell)];

/// What is suggested as of 2024-11-01, as `rule: because`.
fn suggested(tables: &[(&str, &[Row<'_>])]) -> Vec<String> {
    let (records, policy) = (records(tables), Policy::default());
    let campaign = bind(&records);
    let basis = Basis {
        catalogue: Catalogue::shipped(),
        records: &records,
        campaign: &campaign,
        policy: &policy,
        as_of: NaiveDate::from_ymd_opt(2024, 11, 1).unwrap(),
    };
    let found = suggest(&Ctx { basis, analysis: &analyse(basis) });
    for suggestion in &found {
        assert!(!suggestion.evidence.is_empty(), "{suggestion:?} has no cell");
        for lang in [Lang::Zh, Lang::En, Lang::ZhHant] {
            for said in [suggestion.action(lang), suggestion.because(lang), suggestion.title(lang)] {
                assert!(!said.contains('{') && said.chars().count() > 3, "{said}");
            }
        }
    }
    found.iter().map(|found| format!("{}: {}", found.rule.name, found.because(Lang::Zh))).collect()
}

fn action<'a>(said: &str) -> Vec<(&'a str, Cell)> {
    vec![("action", text(said)), ("owner", text("高远"))]
}

#[test]
fn a_missed_goal_asks_for_an_action_until_one_speaks_of_it() {
    let kpi: Row<'_> = &[("name", text("新增用户数")), ("target", target(100_000.0))];
    let result: Row<'_> =
        &[("name", text("新增用户数")), ("actual", measure(80_000.0)), ("reason", text("渠道流量不足"))];
    assert_eq!(
        suggested(&[("kpi", &[kpi]), ("results", &[result])]),
        ["unmet-goal: 新增用户数完成率 80%，原因写的是「渠道流量不足」，没有哪条改进措施提到它"]
    );
    let plan = action("重做新增用户渠道");
    assert!(suggested(&[("kpi", &[kpi]), ("results", &[result]), ("actions", &[&plan])]).is_empty());
}

#[test]
fn a_line_over_twenty_percent_asks_for_a_reason() {
    let line = |name: &str, actual: f64| {
        vec![("item", text(name)), ("total", number(1_000.0)), ("actual", number(actual))]
    };
    let (over, within) = (line("短视频投放", 1_260.0), line("达人合作", 1_200.0));
    assert_eq!(
        suggested(&[("budget", &[&over, &within])]),
        ["overspend: 短视频投放超支 26%（260 元），超过 20%"]
    );
}

#[test]
fn the_leak_and_a_weak_channel_ask_for_work() {
    let step = |name: &str, count: f64| vec![("stage", text(name)), ("count", number(count))];
    let steps = [step("浏览", 1_000.0), step("加购", 200.0), step("支付", 150.0)];
    let steps: Vec<Row<'_>> = steps.iter().map(|row| &row[..]).collect();
    let channel = |name: &str, sales: f64| {
        vec![("channel", text(name)), ("spend", number(10_000.0)), ("sales", number(sales))]
    };
    let channels = [channel("抖音", 60_000.0), channel("楼宇广告", 5_000.0)];
    let channels: Vec<Row<'_>> = channels.iter().map(|row| &row[..]).collect();
    assert_eq!(
        suggested(&[("funnel", &steps), ("channels", &channels)]),
        ["biggest-leak: 浏览到加购流失 80%，是全程最多的", "weak-channel: 楼宇广告投产比 0.5，基准 1",]
    );
}

#[test]
fn an_open_task_past_its_end_asks_for_an_adjustment() {
    let day = |day| Some(Value::Date(NaiveDate::from_ymd_opt(2024, 10, day).unwrap()));
    let task: Row<'_> = &[("code", text("T002")), ("action", text("拍短视频")), ("end", day(25))];
    let progress = |status: &str, adjustment: Cell| {
        vec![("code", text("T002")), ("status", choice(status)), ("adjustment", adjustment)]
    };
    let told = |row: Vec<(&str, Cell)>| suggested(&[("tasks", &[task]), ("progress", &[&row])]);
    assert_eq!(
        told(progress("doing", blank())),
        ["late-task: T002 拍短视频过了计划结束 7 天还没完成，调整措施空着"]
    );
    assert!(told(progress("doing", text("加一名剪辑"))).is_empty());
    assert!(told(progress("done", blank())).is_empty());
}

#[test]
fn what_comes_back_or_was_foreseen_is_told() {
    let problem: Row<'_> = &[("description", text("对接不及时")), ("recurring", Some(Value::YesNo(true)))];
    let planned: Row<'_> = &[("risk", text("服务器宕机"))];
    let met: Row<'_> = &[("risk", text("大促当晚服务器宕机"))];
    let other: Row<'_> = &[("risk", text("主播临时缺席"))];
    assert_eq!(
        suggested(&[("problems", &[problem]), ("risk_plan", &[planned]), ("risk_log", &[met, other])]),
        [
            "recurring-problem: 「对接不及时」标记为重复出现，本组自己没解决掉",
            "happened-risk: 「服务器宕机」在预案里，活动中发生了 1 次",
        ]
    );
}

#[test]
fn the_most_frequent_complaint_is_told_and_praise_is_not() {
    let said = |tag: &str, count: f64, score: f64| {
        vec![
            ("tags", Some(Value::List(vec![tag.to_owned()]))),
            ("count", number(count)),
            ("satisfaction", number(score)),
        ]
    };
    let rows = [said("客服热情", 50.0, 4.8), said("物流慢", 30.0, 2.0), said("规则复杂", 20.0, 3.0)];
    let rows: Vec<Row<'_>> = rows.iter().map(|row| &row[..]).collect();
    assert_eq!(
        suggested(&[("feedback", &rows)]),
        ["top-feedback: 「物流慢」被提到 30 次，占全部反馈标签的 30%，没有哪条改进措施提到它"]
    );
    let plan = action("换物流商，解决物流慢");
    assert!(suggested(&[("feedback", &rows), ("actions", &[&plan])]).is_empty());
}

#[test]
fn an_empty_campaign_asks_for_nothing() {
    assert!(suggested(&[]).is_empty());
}

#[test]
fn every_rule_has_the_same_words_in_both_languages() {
    for rule in RULES {
        let keys = |lang| {
            let words = Words::load(&[rule.text], lang);
            words.keys().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(keys(Lang::Zh), keys(Lang::En), "{}", rule.name);
    }
}
