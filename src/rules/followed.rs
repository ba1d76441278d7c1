//! Problems and actions held against each other, and causes that explain nothing.

use std::collections::HashSet;

use super::cause::Cause;
use super::likeness::{Pairs, bare, has_figure};
use super::{Ctx, Rule};
use crate::code;
use crate::diagnostic::Sink;
use crate::locale::fold;

code!(PROBLEM_WITHOUT_ACTION = "problem-without-action", Note, Cross, "problem_without_action.toml");
code!(ACTION_TWICE = "action-twice", Note, Table, "action_twice.toml");
code!(VAGUE_CAUSE = "vague-cause", Note, Quality, "vague_cause.toml");

pub static RULE: Rule = Rule { codes: &[&PROBLEM_WITHOUT_ACTION, &ACTION_TWICE, &VAGUE_CAUSE], check };

/// From here on two texts say the same.
const SAME: f64 = 0.9;
/// So much of a problem's words found in an action answers it.
const ANSWERED: f64 = 0.4;

/// What is lacking in every campaign that went wrong.
const LACKS: &[&str] = &[
    "重视", "执行", "沟通", "准备", "经验", "意识", "考虑", "协调", "配合", "管理", "落实", "监督", "责任心", "协同", "规划", "培训",
];
const HOW: &[&str] = &["不够", "不足", "不到位", "不畅", "不充分", "不强", "不周", "不力", "不善", "欠缺", "缺失", "不及时", "较差", "不好", "缺乏"];
/// Words around them that say no more.
const AROUND: &[&str] = &["程度", "力度", "工作", "团队", "人员", "相关", "部门", "各", "之间", "方面", "能力", "前期", "整体", "有关", "较", "比较", "存在"];

/// So many rows are looked at together.
const NEAR: usize = 1_000;

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    unanswered(ctx, sink);
    twice(ctx, sink);
    vague(ctx, sink);
}

fn unanswered(ctx: &Ctx<'_>, sink: &mut Sink) {
    let actions = || ctx.campaign.actions.iter().filter(|row| row.action.value.is_some());
    if actions().next().is_none() {
        return;
    }
    let said: Vec<Pairs> = actions()
        .flat_map(|row| [&row.problem, &row.action, &row.standard, &row.remark])
        .map(|field| Pairs::of(field.as_str()))
        .collect();
    let named: HashSet<String> = actions()
        .flat_map(|row| row.problem.as_str().split(['、', '，', ',', ';', '；', '/', ' ']).map(fold).collect::<Vec<_>>())
        .collect();
    // Where no action says which problem it answers, nobody can tell which is left.
    if named.iter().all(String::is_empty) {
        return;
    }
    // Nobody reads that many against each other.
    if said.len() * ctx.campaign.problems.len() > NEAR * NEAR {
        return;
    }
    let mut cause = Cause::new(ctx, &PROBLEM_WITHOUT_ACTION, "problems", "description");
    for row in ctx.campaign.problems.iter().filter(|row| row.description.value.is_some()) {
        let code = fold(row.code.as_str());
        let by_code = !code.is_empty() && named.contains(&code);
        let own = Pairs::of(row.description.as_str());
        let in_words = || said.iter().any(|text| own.held(text) >= ANSWERED);
        if !by_code && !in_words() {
            let name = if code.is_empty() { row.description.as_str() } else { row.code.as_str() };
            cause.add(&row.description, &row.row, name);
        }
    }
    cause.report(sink);
}

fn twice(ctx: &Ctx<'_>, sink: &mut Sink) {
    let mut cause = Cause::new(ctx, &ACTION_TWICE, "actions", "action");
    let rows: Vec<_> = ctx.campaign.actions.iter().map(|row| (row, Pairs::of(row.action.as_str()))).collect();
    for (at, (row, own)) in rows.iter().enumerate() {
        if bare(row.action.as_str()).chars().count() < 4 {
            continue;
        }
        let twin = rows[at.saturating_sub(NEAR)..at]
            .iter()
            .find(|(other, pairs)| other.action.at != row.action.at && pairs.alike(own) >= SAME);
        if let Some((twin, _)) = twin {
            cause.add(&row.action, &row.row, row.action.as_str());
            cause.related(twin.action.at.as_ref());
        }
    }
    cause.report(sink);
}

fn vague(ctx: &Ctx<'_>, sink: &mut Sink) {
    let mut problems = Cause::new(ctx, &VAGUE_CAUSE, "problems", "root");
    for row in ctx.campaign.problems.iter().filter(|row| is_vague(row.root.as_str())) {
        problems.add(&row.root, &row.row, row.root.as_str());
    }
    problems.report(sink);
    let mut notes = Cause::new(ctx, &VAGUE_CAUSE, "process", "root");
    for row in ctx.campaign.process.iter().filter(|row| is_vague(row.root.as_str())) {
        notes.add(&row.root, &row.row, row.root.as_str());
    }
    notes.report(sink);
}

/// Whether a cause is nothing but something lacking that is lacking everywhere.
fn is_vague(cause: &str) -> bool {
    if has_figure(cause) {
        return false;
    }
    let mut rest = bare(cause);
    let (mut lack, mut how) = (false, false);
    for (words, found) in [(LACKS, &mut lack), (HOW, &mut how), (AROUND, &mut false)] {
        for word in words {
            *found |= rest.contains(word);
            rest = rest.replace(word, "");
        }
    }
    lack && how && rest.chars().count() <= 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    fn review(problem: &str, action: &str) -> crate::rules::fixture::Sheets {
        sheets()
            .list(
                "problems",
                "code class description evidence root",
                &["P1|执行落地|物料晚到两天|3个门店|没有核对清单", "P2|渠道投放|直播间掉线四十分钟|录屏|没有备用网络"],
            )
            .list(
                "actions",
                "action problem owner due",
                &["发货前按清单核对|P1|张三|2024-11-01", &format!("{action}|{problem}|李四|2024-11-02")],
            )
    }

    #[test]
    fn a_problem_no_action_answers_is_told() {
        review("P1", "门店收货后当天回传照片").tells(&RULE, &["problem-without-action problems!C3"]);
        review("P2", "开播前一天试两条网络").silent(&RULE);
        review("P1", "直播间掉线时切换到备用网络").silent(&RULE);
    }

    #[test]
    fn the_same_action_twice_is_told() {
        review("P2", "发货前按清单核对").tells(&RULE, &["action-twice actions!A3"]);
    }

    #[test]
    fn a_cause_that_fits_everything_explains_nothing() {
        for (cause, vague) in [
            ("重视程度不够", true),
            ("执行不到位", true),
            ("部门沟通不畅", true),
            ("前期准备不充分", true),
            ("没有核对清单", false),
            ("仓库和设计部之间没有固定的沟通群", false),
            ("执行人员不足 3 名", false),
        ] {
            assert_eq!(is_vague(cause), vague, "{cause}");
        }
        sheets()
            .list("problems", "code class description evidence root", &["P1|执行落地|物料晚到|3个门店|执行不到位"])
            .tells(&RULE, &["vague-cause problems!E2"]);
    }
}
