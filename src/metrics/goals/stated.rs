//! Goals that stand only in 核心目标 of the basics (D0: 新品曝光量500万+，线上预售订单3000单).
//!
//! Where nobody filled in a KPI table they are what the campaign is held to;
//! each keeps the cell it was read from.

use crate::campaign::Campaign;
use crate::cell::Place;
use crate::expr::{Expr, Normalised};
use crate::quantity::Target;
use crate::quantity::goals::split;

use super::{is_overall, mention};

/// One goal of the cell.
pub(super) struct Stated {
    /// The indicator.
    pub name: String,
    /// What is asked of it.
    pub target: Target,
    /// The cell.
    pub at: Place,
    text: String,
    parts: [&'static str; 2],
}

/// Names of the numbers of each goal in one cell: the first, and the other end of a range or way.
const PARTS: [[&str; 2]; 9] = [
    ["goal-1", "goal-1-end"],
    ["goal-2", "goal-2-end"],
    ["goal-3", "goal-3-end"],
    ["goal-4", "goal-4-end"],
    ["goal-5", "goal-5-end"],
    ["goal-6", "goal-6-end"],
    ["goal-7", "goal-7-end"],
    ["goal-8", "goal-8-end"],
    ["goal-9", "goal-9-end"],
];

impl Stated {
    /// A number of the goal, as formulas refer to it.
    pub fn leaf(&self, value: f64, part: &'static str) -> Expr {
        let end = matches!(part, "upper" | "from");
        let part = self.parts[usize::from(end)];
        Normalised { at: self.at.clone(), text: self.text.clone(), part, value }.into()
    }
}

/// The goals of the cell, in its order; none where it cannot be split without guessing.
pub(super) fn goals(campaign: &Campaign) -> Vec<Stated> {
    let Some(cell) = campaign.basics.as_ref().map(|basics| &basics.goals) else { return Vec::new() };
    let Some(at) = &cell.at else { return Vec::new() };
    split(cell.as_str())
        .into_iter()
        .zip(PARTS)
        .map(|(goal, parts)| Stated {
            name: goal.name,
            target: goal.target,
            at: at.clone(),
            text: goal.text,
            parts,
        })
        .collect()
}

/// The overall result that means the same: 新客成交 is reported as 新客成交人数.
pub(super) fn result_of(campaign: &Campaign, name: &str) -> Option<usize> {
    let named = mention::names(name);
    let rows = || campaign.results.iter().enumerate().filter(|(_, row)| is_overall(row));
    let exact = rows().find(|(_, row)| mention::names(row.name.as_str()).first() == named.first());
    let alike = || rows().find(|(_, row)| mention::names(row.name.as_str()).last() == named.last());
    if named.is_empty() { None } else { exact.or_else(alike).map(|(row, _)| row) }
}

#[cfg(test)]
mod tests {
    use crate::campaign::fixture::{Cell, Row, measure, records, target, text};
    use crate::metrics::fixture::analysed;
    use crate::metrics::goals::{Goals, Outcome};

    const TWO: &str = "新品曝光量500万+，线上预售订单3000单";

    fn goals(cell: &str, kpis: &[Row<'_>], results: &[Row<'_>]) -> Goals {
        let basics: [(&str, Cell); 1] = [("goals", text(cell))];
        analysed(records(&[("basics", &[&basics]), ("kpi", kpis), ("results", results)])).goals
    }

    fn told(goals: &Goals) -> Vec<(&str, Option<f64>, Option<f64>)> {
        let line = |goal| {
            let goal: &crate::metrics::goals::Goal = goal;
            (goal.name.as_str(), goal.asked.level.number(), goal.completion.value())
        };
        goals.overall.iter().map(line).collect()
    }

    #[test]
    fn goals_of_the_basics_stand_in_for_a_kpi_table_nobody_filled_in() {
        let found = goals(TWO, &[], &[]);
        let expected = [("新品曝光量", Some(5_000_000.0), None), ("线上预售订单", Some(3_000.0), None)];
        assert_eq!(told(&found), expected);
        assert!(found.overall.iter().all(|goal| goal.stated && goal.outcome == Outcome::Unknown));
        assert_eq!(found.overall[0].at, found.overall[1].at);
        assert_eq!(found.verdict, None, "nothing was reported");
    }

    #[test]
    fn a_result_of_the_same_name_fills_its_goal() {
        let orders = [("name", text("线上预售订单数")), ("actual", measure(2_700.0))];
        let found = goals(TWO, &[], &[&orders]);
        assert_eq!(
            told(&found),
            [("新品曝光量", Some(5_000_000.0), None), ("线上预售订单数", Some(3_000.0), Some(0.9))]
        );
    }

    #[test]
    fn a_kpi_table_is_not_added_to() {
        let kpi = [("name", text("销售额")), ("target", target(500.0))];
        assert_eq!(told(&goals(TWO, &[&kpi], &[])), [("销售额", Some(500.0), None)]);
    }

    #[test]
    fn prose_states_no_goal() {
        assert!(goals("提升品牌声量，让更多人认识新品", &[], &[]).overall.is_empty());
    }
}
