//! Whether the team's words speak of a goal.

use crate::campaign::{Campaign, ProcessKind};
use crate::likeness::bare;

/// Whether one of the texts holds one of the names.
pub fn told_in(names: &[String], texts: &[String]) -> bool {
    texts.iter().any(|text| names.iter().any(|name| text.contains(name)))
}

/// What a text may call a goal: 活动曝光量 is 曝光 too.
pub fn names(goal: &str) -> Vec<String> {
    let whole = bare(goal);
    let mut core = whole.clone();
    let shorter = |rest: &&str| rest.chars().count() >= 2;
    for word in ["活动期间", "活动", "新品", "整体", "全网", "总"] {
        core = core.strip_prefix(word).filter(shorter).map_or(core.clone(), str::to_owned);
    }
    for word in ["人数", "次数", "数", "量", "率", "额"] {
        core = core.strip_suffix(word).filter(shorter).map_or(core.clone(), str::to_owned);
    }
    [whole, core].into_iter().filter(|name| name.chars().count() >= 2).collect()
}

/// Everything said about what went wrong, folded.
pub fn causes(campaign: &Campaign) -> Vec<String> {
    let problems = campaign.problems.iter();
    let problems = problems.flat_map(|row| [&row.description, &row.evidence, &row.root]);
    let notes = campaign.process.iter().filter(|row| row.kind.value == Some(ProcessKind::Problem));
    let notes = notes.flat_map(|row| [&row.description, &row.evidence, &row.root, &row.why1]);
    problems.chain(notes).map(|field| bare(field.as_str())).collect()
}

/// Everything said about what will be done, with the problems it points at, folded.
pub fn actions(campaign: &Campaign) -> Vec<String> {
    let mut texts = Vec::new();
    let mut referred = String::new();
    for action in &campaign.actions {
        for field in [&action.action, &action.problem, &action.standard, &action.remark] {
            texts.push(bare(field.as_str()));
        }
        referred.push_str(&bare(action.problem.as_str()));
        referred.push(' ');
    }
    for problem in &campaign.problems {
        let code = bare(problem.code.as_str());
        if !code.is_empty() && referred.contains(&code) {
            for field in [&problem.description, &problem.evidence, &problem.root] {
                texts.push(bare(field.as_str()));
            }
        }
    }
    texts
}
