//! Which problems of several campaigns are one.

use std::collections::BTreeMap;

use super::of::Lines;
use super::rows::Problem;
use crate::policy::Policy;
use crate::record::summary::ProblemLine;
use crate::weeks::recurrence::grouped;

/// Says of every problem which other ones it is the same as: a group goes by its shortest words. In which order
/// campaigns came and rows stand decides nothing.
pub fn tell_same(known: &mut BTreeMap<String, Lines>, policy: &Policy) {
    let line = |row: &Problem| ProblemLine {
        code: row.code.clone(),
        class: Some(row.problem_class.clone()).filter(|class| !class.is_empty()),
        description: row.description.clone(),
        root: row.root_cause.clone(),
        dept: row.dept.clone(),
        recurring: row.recurring == Some(true),
        at: None,
    };
    for lines in known.values_mut() {
        let said = |row: &Problem| (row.description.clone(), row.code.clone(), row.root_cause.clone());
        lines.problems.sort_by_key(said);
    }
    let problems: Vec<_> = known
        .values()
        .enumerate()
        .flat_map(|(at, lines)| {
            let day = lines.campaign.starts_on;
            lines.problems.iter().map(line).enumerate().map(move |(row, problem)| ((at, row), problem, day))
        })
        .collect();
    let placed = problems.iter().map(|(member, problem, day)| (*member, problem, *day)).collect();
    let groups = grouped(placed, policy);
    let mut all: Vec<&mut Lines> = known.values_mut().collect();
    for group in groups {
        let texts = group.members.iter().map(|(at, row)| all[*at].problems[*row].description.clone());
        let name = texts.min_by_key(|text| (text.chars().count(), text.clone())).unwrap_or_default();
        for (at, row) in &group.members {
            all[*at].problems[*row].same_as.clone_from(&name);
        }
    }
}
