//! A task that is late with nothing done about it (D1 三).

use super::{Ctx, Rule, Suggestion};
use crate::campaign::{Status, Task};
use crate::diagnostic::Arg;
use crate::locale::fold;

pub static RULE: Rule = Rule { name: "late-task", text: include_str!("late_task.toml"), suggest };

fn suggest(ctx: &Ctx<'_>) -> Vec<Suggestion> {
    let campaign = ctx.basis.campaign;
    let mut suggestions = Vec::new();
    for row in &campaign.progress {
        let closed = matches!(row.status.value, Some(Status::Done | Status::Cancelled));
        if closed || !row.adjustment.is_blank() || row.code.value.is_none() {
            continue;
        }
        let code = fold(row.code.as_str());
        let task: Option<&Task> = campaign.tasks.iter().find(|task| fold(task.code.as_str()) == code);
        let days = task.and_then(|task| task.end.value).map(|end| (ctx.basis.as_of - end).num_days());
        let overdue = days.filter(|days| *days > 0);
        if overdue.is_none() && row.status.value != Some(Status::Late) {
            continue;
        }
        let named = task.map(|task| task.action.as_str()).filter(|name| !name.is_empty());
        let suggestion = Suggestion::new(&RULE)
            .arg("task", Arg::Text([Some(row.code.as_str()), named].into_iter().flatten().collect::<Vec<_>>().join(" ")))
            .evidence([row.status.at.as_ref(), row.adjustment.at.as_ref(), task.and_then(|task| task.end.at.as_ref())]);
        suggestions.push(match overdue.and_then(|days| usize::try_from(days).ok()) {
            Some(days) => suggestion.because_key("because_days").arg("days", Arg::Count(days)),
            None => suggestion,
        });
    }
    suggestions
}
