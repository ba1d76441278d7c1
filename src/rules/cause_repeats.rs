//! A root cause that only says the problem again.

use super::cause::Cause;
use super::likeness::{alike, bare};
use super::{Ctx, Rule};
use crate::code;
use crate::diagnostic::Sink;

code!(CAUSE_REPEATS_PROBLEM = "cause-repeats-problem", Note, Row, "cause_repeats_problem.toml");

pub static RULE: Rule = Rule { codes: &[&CAUSE_REPEATS_PROBLEM], check };

/// From here on two texts say the same.
const SAME: f64 = 0.8;

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let mut problems = Cause::new(ctx, &CAUSE_REPEATS_PROBLEM, "problems", "root");
    for row in &ctx.campaign.problems {
        if repeats(row.root.as_str(), row.description.as_str()) {
            problems.add(&row.root, &row.row, row.description.as_str());
            problems.related(row.description.at.as_ref());
        }
    }
    problems.report(sink);
    let mut notes = Cause::new(ctx, &CAUSE_REPEATS_PROBLEM, "process", "root");
    for row in &ctx.campaign.process {
        if repeats(row.root.as_str(), row.description.as_str()) {
            notes.add(&row.root, &row.row, row.description.as_str());
            notes.related(row.description.at.as_ref());
        }
    }
    notes.report(sink);
}

fn repeats(root: &str, problem: &str) -> bool {
    const CONNECTIVES: &[&str] = &["因为", "由于", "原因是", "主要是", "导致", "造成"];
    let strip = |text: &str| CONNECTIVES.iter().fold(bare(text), |text, word| text.replace(word, ""));
    let (root, problem) = (strip(root), strip(problem));
    !root.is_empty() && !problem.is_empty() && (root == problem || alike(&root, &problem) >= SAME)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    #[test]
    fn a_cause_says_more_than_the_problem() {
        let table = |root: &str| {
            sheets().list("problems", "class description root", &[&format!("执行落地|私域转化率低|{root}")])
        };
        table("因为私域转化率低").tells(&RULE, &["cause-repeats-problem problems!C2"]);
        table("推送时间与用户活跃时段不匹配").silent(&RULE);
        table("").silent(&RULE);
    }
}
