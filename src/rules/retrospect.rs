//! How much a retrospective says: evidence, scope, failures, figures, depth of the whys, verification.

use super::cause::Cause;
use super::likeness::has_figure;
use super::{Ctx, Rule};
use crate::campaign::{LessonKind, ProcessKind, Status};
use crate::code;
use crate::diagnostic::{Arg, Finding, Sink};

code!(PROBLEM_WITHOUT_EVIDENCE = "problem-without-evidence", Note, Quality, "problem_without_evidence.toml");
code!(SHALLOW_WHY = "shallow-why", Note, Quality, "shallow_why.toml");
code!(LESSON_WITHOUT_SCOPE = "lesson-without-scope", Note, Quality, "lesson_without_scope.toml");
code!(NO_FAILURE_RECORDED = "no-failure-recorded", Note, Quality, "no_failure_recorded.toml");
code!(REPORT_WITHOUT_FIGURE = "report-without-figure", Note, Quality, "report_without_figure.toml");
code!(
    DONE_WITHOUT_VERIFICATION = "done-without-verification",
    Note,
    Quality,
    "done_without_verification.toml"
);

pub static RULE: Rule = Rule {
    codes: &[
        &PROBLEM_WITHOUT_EVIDENCE,
        &SHALLOW_WHY,
        &LESSON_WITHOUT_SCOPE,
        &NO_FAILURE_RECORDED,
        &REPORT_WITHOUT_FIGURE,
        &DONE_WITHOUT_VERIFICATION,
    ],
    check,
};

/// 5Why asks five times.
const WHYS: usize = 5;

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    evidence(ctx, sink);
    whys(ctx, sink);
    scope(ctx, sink);
    failures(ctx, sink);
    report(ctx, sink);
    verification(ctx, sink);
}

fn evidence(ctx: &Ctx<'_>, sink: &mut Sink) {
    let mut problems = Cause::new(ctx, &PROBLEM_WITHOUT_EVIDENCE, "problems", "evidence");
    for row in ctx.campaign.problems.iter().filter(|row| row.description.value.is_some()) {
        if row.evidence.is_blank() && !has_figure(row.description.as_str()) {
            problems.add(&row.evidence, &row.row, row.description.as_str());
        }
    }
    problems.report(sink);
    let mut notes = Cause::new(ctx, &PROBLEM_WITHOUT_EVIDENCE, "process", "evidence");
    for row in ctx.campaign.process.iter().filter(|row| row.kind.value == Some(ProcessKind::Problem)) {
        if row.evidence.is_blank() && !has_figure(row.description.as_str()) {
            notes.add(&row.evidence, &row.row, row.description.as_str());
        }
    }
    notes.report(sink);
}

/// D2's own chain has four whys: fewer than five are allowed, and noted.
fn whys(ctx: &Ctx<'_>, sink: &mut Sink) {
    let mut chains: Vec<(usize, Cause<'_>)> = Vec::new();
    for row in ctx.campaign.process.iter().filter(|row| row.kind.value == Some(ProcessKind::Problem)) {
        let asked = row.whys().len();
        if !(1..WHYS).contains(&asked) {
            continue;
        }
        let columns = [&row.why1, &row.why2, &row.why3, &row.why4, &row.why5];
        let last = columns.into_iter().rfind(|why| why.value.is_some()).unwrap_or(&row.why1);
        let i = chains.iter().position(|(count, _)| *count == asked).unwrap_or_else(|| {
            chains.push((asked, Cause::new(ctx, &SHALLOW_WHY, "process", WHY_COLUMNS[asked - 1])));
            chains.len() - 1
        });
        chains[i].1.add(last, &row.row, row.description.as_str());
    }
    for (asked, mut chain) in chains {
        chain.arg("asked", Arg::Count(asked));
        chain.report(sink);
    }
}

const WHY_COLUMNS: [&str; WHYS] = ["why1", "why2", "why3", "why4", "why5"];

fn scope(ctx: &Ctx<'_>, sink: &mut Sink) {
    let mut cause = Cause::new(ctx, &LESSON_WITHOUT_SCOPE, "experience", "scope");
    for row in ctx.campaign.lessons.iter().filter(|row| row.content.value.is_some() && row.scope.is_blank()) {
        cause.add(&row.scope, &row.row, row.content.as_str());
    }
    cause.report(sink);
}

fn failures(ctx: &Ctx<'_>, sink: &mut Sink) {
    let campaign = ctx.campaign;
    let Some(first) = campaign.lessons.iter().find(|row| row.content.value.is_some()) else { return };
    let told = |kind| matches!(kind, None | Some(LessonKind::Failure | LessonKind::Improve));
    let summary = campaign.summary.as_ref().is_some_and(|summary| summary.failures.value.is_some());
    let elsewhere = !campaign.problems.is_empty()
        || campaign.process.iter().any(|row| row.kind.value == Some(ProcessKind::Problem));
    if summary || elsewhere || campaign.lessons.iter().any(|row| told(row.kind.value)) {
        return;
    }
    let finding = Finding::new(&NO_FAILURE_RECORDED).of("experience", ctx.label("experience", "kind"));
    let finding = finding.arg("count", Arg::Count(campaign.lessons.len()));
    sink.report(finding.at(first.kind.at.as_ref().unwrap_or(&first.row)));
}

fn report(ctx: &Ctx<'_>, sink: &mut Sink) {
    let Some(summary) = &ctx.campaign.summary else { return };
    for (column, field) in [("goals", &summary.goals), ("data", &summary.data)] {
        if field.value.as_deref().is_some_and(|text| !has_figure(text)) {
            sink.report(ctx.finding(&REPORT_WITHOUT_FIGURE, "summary", column, field));
        }
    }
}

fn verification(ctx: &Ctx<'_>, sink: &mut Sink) {
    let mut cause = Cause::new(ctx, &DONE_WITHOUT_VERIFICATION, "actions", "verification");
    for row in ctx.campaign.actions.iter().filter(|row| row.status.value == Some(Status::Done)) {
        if row.verification.is_blank() {
            cause.add(&row.verification, &row.row, row.action.as_str());
        }
    }
    cause.report(sink);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Lang;
    use crate::rules::fixture::sheets;

    #[test]
    fn problems_have_figures() {
        let table = |description: &str, evidence: &str| {
            sheets().list(
                "problems",
                "class description evidence root",
                &[&format!("执行落地|{description}|{evidence}|没有核对清单")],
            )
        };
        table("物料不足", "缺货32次").silent(&RULE);
        table("注册环节流失率30%", "").silent(&RULE);
        table("物料不足", "").tells(&RULE, &["problem-without-evidence problems!C2"]);
    }

    #[test]
    fn d2_asks_four_times() {
        let whys = |fifth: &str| {
            sheets().list("process", "dimension kind description evidence why1 why2 why3 why4 why5 root", &[
                &format!("场|问题|销量未达标|完成80%|转化率低|详情页跳出率高|图片加载速度慢|服务器带宽不足|{fifth}|带宽采购流程没有纳入活动准备"),
                "人|亮点|完播率提升50%|完播率|||||",
            ])
        };
        let told = whys("").tells(&RULE, &["shallow-why process!H2"]);
        assert!(told[0].message(Lang::Zh).contains("4 层"));
        whys("采购没排期").silent(&RULE);
    }

    #[test]
    fn lessons_say_where_they_apply_and_not_all_are_successes() {
        let lessons = |kind: &str, scope: &str| {
            sheets().list("experience", "kind content scope", &[&format!("{kind}|限时秒杀转化好|{scope}")])
        };
        lessons("待优化项", "大促").silent(&RULE);
        lessons("待优化项", "").tells(&RULE, &["lesson-without-scope experience!C2"]);
        lessons("可复制的成功经验", "大促").tells(&RULE, &["no-failure-recorded experience!A2"]);
        lessons("可复制的成功经验", "大促")
            .list("problems", "class description evidence root", &["执行落地|物料不足|32次|没有清单"])
            .silent(&RULE);
    }

    #[test]
    fn a_report_has_figures() {
        let summary = |goals: &str| {
            sheets().form("summary", &[("overview", "双11"), ("goals", goals), ("failures", "选址不好")])
        };
        summary("销售额104%").silent(&RULE);
        summary("整体不错").tells(&RULE, &["report-without-figure summary!B3"]);
    }

    #[test]
    fn done_is_verified() {
        let action = |verification: &str| {
            sheets().list(
                "actions",
                "action owner due standard impact difficulty status verification",
                &[&format!("压缩图片|高远|2024-10-15|1.5秒|高|低|已完成|{verification}")],
            )
        };
        action("1.4秒").silent(&RULE);
        action("").tells(&RULE, &["done-without-verification actions!H2"]);
    }
}
