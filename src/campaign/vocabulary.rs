//! What rows are called when they mean something to the program: one place for the words, so that a
//! rule and a figure never disagree about which row is meant.

use super::{BudgetLine, Campaign, Stage};
use crate::locale::fold;

/// Words in 费用明细 that make a line the reserve, wherever they stand.
const RESERVE: &[&str] = &[
    "备用金",
    "备用款",
    "预备费",
    "预备金",
    "不可预见",
    "应急金",
    "机动费",
    "机动金",
    "机动资金",
    "机动预算",
    "机动经费",
    "contingency",
];
/// Words that make it the reserve only alone: 机动车 is a car, reserved seats are seats.
const RESERVE_ALONE: &[&str] = &["机动", "备用", "reserve", "reserves", "budgetreserve", "reservefund"];

impl BudgetLine {
    /// Whether the line is the reserve.
    pub fn is_reserve(&self) -> bool {
        let item = fold(self.item.as_str());
        RESERVE.iter().any(|word| item.contains(word)) || RESERVE_ALONE.contains(&item.as_str())
    }
}

impl Campaign {
    /// The lines of the reserve.
    pub fn reserve_lines(&self) -> Vec<&BudgetLine> {
        self.budget.iter().filter(|line| line.is_reserve()).collect()
    }

    /// The steps of the funnel in order, with their rows: by their numbers where all have one, else as entered.
    pub fn stages_in_order(&self) -> Vec<(usize, &Stage)> {
        let is_used = |stage: &Stage| stage.stage.value.is_some() || stage.count.value.is_some();
        let mut stages: Vec<(usize, &Stage)> =
            self.funnel.iter().enumerate().filter(|(_, stage)| is_used(stage)).collect();
        if stages.iter().all(|(_, stage)| stage.order.value.is_some()) {
            let order = |stage: &Stage| stage.order.value.unwrap_or_default();
            stages.sort_by(|(_, a), (_, b)| order(a).total_cmp(&order(b)));
        }
        stages
    }
}

#[cfg(test)]
mod tests {
    use crate::campaign::bind;
    use crate::campaign::fixture::{records, text};

    #[test]
    fn the_reserve_goes_by_many_names_and_a_car_is_none() {
        for (item, is_reserve) in [
            ("应急备用金", true),
            ("预备金（5%）", true),
            ("机动", true),
            ("机动费用", true),
            ("Contingency 10%", true),
            ("机动车租赁", false),
            ("机动人员加班费", false),
            ("Reserved seats", false),
            ("备用话筒", false),
        ] {
            let campaign = bind(&records(&[("budget", &[&[("item", text(item))]])]));
            assert_eq!(campaign.budget[0].is_reserve(), is_reserve, "{item}");
        }
    }
}
