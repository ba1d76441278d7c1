//! Approvals that took, or wait, longer than the limit the template's hint names.

use super::cause::Cause;
use super::{Ctx, Rule};
use crate::code;
use crate::diagnostic::{Arg, Sink};
use crate::metrics::schedule::Promptness;

code!(APPROVAL_TOO_LONG = "approval-too-long", Note, Row, "approval_too_long.toml");

pub static RULE: Rule = Rule { codes: &[&APPROVAL_TOO_LONG], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let mut cause = Cause::new(ctx, &APPROVAL_TOO_LONG, "approvals", "approved");
    let late = ctx.analysis.schedule.approvals.each.iter().filter(|wait| wait.promptness == Promptness::TooLong);
    let mut most: f64 = 0.0;
    for wait in late {
        let Some(row) = ctx.campaign.approvals.get(wait.row) else { continue };
        most = most.max(wait.days.value().unwrap_or_default());
        cause.add(&row.approved, &row.row, row.item.as_str());
        cause.related(row.submitted.at.as_ref());
    }
    cause.arg("days", Arg::Number(most));
    cause.arg("limit", Arg::Number(ctx.policy.thresholds.time.approval_days));
    cause.report(sink);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    #[test]
    fn more_than_three_working_days_are_told() {
        let approval = |approved: &str| {
            let row = format!("预算评审|2024-10-14|李总|{approved}|通过");
            sheets().list("approvals", "item submitted approver approved conclusion", &[&row])
        };
        approval("2024-10-17").silent(&RULE);
        approval("2024-10-21").tells(&RULE, &["approval-too-long approvals!D2"]);
    }
}
