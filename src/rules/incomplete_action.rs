//! D2's four questions of an action: 做什么, 谁负责, 何时完成, 如何衡量.
//!
//! What was typed but cannot be read, and a required cell left empty, are told where they are read; here
//! they count as answered. Left are answers that say they are none: `—`, 待定.

use super::cause::Cause;
use super::{Ctx, Rule};
use crate::campaign::Status;
use crate::catalogue::record::Field;
use crate::code;
use crate::diagnostic::{Arg, Sink};
use crate::expr::{Expr, Fun};
use crate::mark::{all_of, any_of, cell, is_blank};
use crate::quantity::Nothing;

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
            ("owner", open(&row.owner), row.owner.at.as_ref()),
            ("due", open(&row.due), row.due.at.as_ref()),
            ("standard", open(&row.standard) && row.target.value.is_none(), row.standard.at.as_ref()),
        ];
        let missing: Vec<_> = answers.into_iter().filter(|(_, missing, _)| *missing).collect();
        if missing.is_empty() {
            continue;
        }
        cause.add(&row.action, &row.row, row.action.as_str());
        if let Some(at) = row.action.at.as_ref().filter(|_| missing.iter().all(|(.., place)| place.is_some())) {
            let open = missing.iter().filter_map(|(.., place)| Some(is_blank(cell((*place)?))));
            let named = Expr::call(Fun::Not, [is_blank(cell(at))]);
            cause.when(&row.action, Some(all_of([named, any_of(open)])));
        }
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

/// Nothing there that answers, and nothing told of it already.
fn open<T>(field: &Field<T>) -> bool {
    matches!(field.nothing, Some(Nothing::NotApplicable | Nothing::Pending))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Lang;
    use crate::rules::fixture::sheets;

    const COLUMNS: &str = "action owner due standard impact difficulty";

    #[test]
    fn an_action_answers_who_when_and_how_measured() {
        let told = sheets()
            .list(
                "actions",
                COLUMNS,
                &[
                    "压缩详情页图片|高远|2024-11-15|加载时间1.5秒|高|低",
                    "建立核对机制|待定|2024-11-15|零差错|高|低",
                    "每周同步需求|陈静|—|/|高|低",
                ],
            )
            .tells(&RULE, &["incomplete-action actions!A3 +1"]);
        assert!(told[0].message(Lang::Zh).contains("责任人、完成时间、衡量标准"));
    }

    #[test]
    fn a_required_cell_left_empty_is_told_where_it_is_read() {
        sheets().list("actions", COLUMNS, &["建立核对机制||2024-11-15|零差错|高|低"]).silent(&RULE);
    }

    #[test]
    fn a_vague_date_is_told_elsewhere() {
        sheets()
            .list("actions", COLUMNS, &["优化画像标签|高远|下季度活动前|标签覆盖90%|高|低"])
            .silent(&RULE);
    }
}
