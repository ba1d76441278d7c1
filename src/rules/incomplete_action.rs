//! D2's four questions of an action: 做什么, 谁负责, 何时完成, 如何衡量.
//!
//! What was typed but cannot be read is told where it is read; here it counts as answered.

use super::cause::Cause;
use super::{Ctx, Rule, shown};
use crate::campaign::Status;
use crate::code;
use crate::diagnostic::{Arg, Sink};

code!(INCOMPLETE_ACTION = "incomplete-action", Warning, Row, "incomplete_action.toml");

pub static RULE: Rule = Rule { codes: &[&INCOMPLETE_ACTION], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let mut cause = Cause::new(ctx, &INCOMPLETE_ACTION, "actions", "action");
    let mut lacks: Vec<&str> = Vec::new();
    for row in &ctx.campaign.actions {
        if row.action.value.is_none() || row.status.value == Some(Status::Cancelled) {
            continue;
        }
        let answers = [
            ("owner", !shown(&row.owner), row.owner.at.as_ref()),
            ("due", !shown(&row.due), row.due.at.as_ref()),
            ("standard", !shown(&row.standard) && row.target.value.is_none(), row.standard.at.as_ref()),
        ];
        let missing: Vec<_> = answers.into_iter().filter(|(_, missing, _)| *missing).collect();
        if missing.is_empty() {
            continue;
        }
        cause.add(&row.action, &row.row, row.action.as_str());
        for (column, _, place) in missing {
            cause.related(place);
            if !lacks.contains(&column) {
                lacks.push(column);
            }
        }
    }
    cause.arg("missing", Arg::List(lacks.iter().map(|column| ctx.label("actions", column)).collect()));
    cause.report(sink);
}
