//! A problem that comes back is no longer the team's alone (D2: 月度联席会议).

use super::{Ctx, Rule, Suggestion};
use crate::diagnostic::Arg;

pub static RULE: Rule =
    Rule { name: "recurring-problem", text: include_str!("recurring_problem.toml"), suggest };

fn suggest(ctx: &Ctx<'_>) -> Vec<Suggestion> {
    let campaign = ctx.basis.campaign;
    let marked = campaign.problems.iter().filter(|problem| problem.recurring.value == Some(true)).map(|problem| {
        Suggestion::new(&RULE)
            .arg("problem", Arg::Quote(problem.description.as_str().to_owned()))
            .evidence([problem.recurring.at.as_ref(), problem.description.at.as_ref()])
    });
    let often = ctx.basis.policy.thresholds.recurrence.escalate;
    let unmarked = |row: &usize| campaign.problems[*row].recurring.value != Some(true);
    let causes = ctx.analysis.voice.roots.iter();
    let causes = causes
        .filter(|root| root.count() as f64 >= often && root.problems.iter().all(unmarked))
        .map(|root| {
            let problems = root.problems.iter().map(|row| campaign.problems[*row].root.at.as_ref());
            let notes = root.notes.iter().map(|row| campaign.process[*row].root.at.as_ref());
            Suggestion::new(&RULE)
                .because_key("because_cause")
                .arg("problem", Arg::Quote(root.text.clone()))
                .arg("count", Arg::Count(root.count()))
                .evidence(problems.chain(notes))
        });
    marked.chain(causes).collect()
}
