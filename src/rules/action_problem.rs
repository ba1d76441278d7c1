//! Actions that point at no problem of the list.
//!
//! A problem may be told in words instead of by its code; only what looks
//! like a code must be found.

use super::cause::Cause;
use super::{Ctx, Rule};
use crate::code;
use crate::diagnostic::Sink;
use crate::locale::fold;

code!(ACTION_WITHOUT_PROBLEM = "action-without-problem", Note, Cross, "action_without_problem.toml");

pub static RULE: Rule = Rule { codes: &[&ACTION_WITHOUT_PROBLEM], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let codes: Vec<String> =
        ctx.campaign.problems.iter().filter_map(|row| row.code.value.as_deref()).map(fold).collect();
    if codes.is_empty() {
        return;
    }
    let mut cause = Cause::new(ctx, &ACTION_WITHOUT_PROBLEM, "actions", "problem");
    for row in ctx.campaign.actions.iter().filter(|row| row.action.value.is_some()) {
        let astray = match &row.problem.value {
            None => row.problem.is_blank() && row.problem.at.is_some(),
            Some(text) => references(text).any(|code| looks_like_a_code(&code) && !codes.contains(&code)),
        };
        if astray {
            cause.add(&row.problem, &row.row, row.action.as_str());
        }
    }
    cause.arg("problems", ctx.title("problems"));
    cause.report(sink);
}

fn references(text: &str) -> impl Iterator<Item = String> {
    text.split(['、', '，', ',', ';', '；', '/', ' ']).map(fold).filter(|code| !code.is_empty())
}

fn looks_like_a_code(text: &str) -> bool {
    text.len() <= 12
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        && text.chars().any(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    fn review(problem: &str) -> crate::rules::fixture::Sheets {
        sheets().list("problems", "code class description root", &["P1|执行落地|物料不足|没有核对清单"]).list(
            "actions",
            "action problem owner due standard impact difficulty",
            &[&format!("建立核对机制|{problem}|高远|2024-11-15|零差错|高|低")],
        )
    }

    #[test]
    fn actions_point_at_problems_by_code_or_in_words() {
        review("P1").silent(&RULE);
        review("物料准备不足").silent(&RULE);
        review("P9").tells(&RULE, &["action-without-problem actions!B2"]);
        review("").tells(&RULE, &["action-without-problem actions!B2"]);
    }
}
