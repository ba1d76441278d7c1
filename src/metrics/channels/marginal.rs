//! 边际投产比: what each further step of spending brought, and where it stopped paying (D3).

use crate::campaign::Campaign;
use crate::cell::Place;
use crate::expr::{Expr, Fun, Op};
use crate::locale::fold;

use super::super::Figure;
use super::MARGINAL_ROI;

/// One step of further spending.
#[derive(Debug, Clone)]
pub struct Step {
    /// Row of the table.
    pub row: usize,
    /// 批次.
    pub batch: String,
    /// The channel it went to; empty for the campaign as a whole.
    pub channel: String,
    /// The cell of the batch.
    pub at: Option<Place>,
    /// 追加投入.
    pub spend: Expr,
    /// 带来产出.
    pub revenue: Expr,
    /// 带来产出 ÷ 追加投入.
    pub marginal: Figure,
    /// Spending so far, in this channel.
    pub spent: Expr,
    /// Return so far, in this channel.
    pub returned: Expr,
    /// What the step says about going on.
    pub verdict: Verdict,
}

/// What a step says about going on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// It still paid.
    Pays,
    /// The first that did not: the optimum lies before it.
    Passed,
    /// Another after that.
    Below,
    /// Not known.
    Unknown,
}

impl Verdict {
    /// Every verdict with its stable id.
    pub const ALL: [(Verdict, &'static str); 4] = [
        (Verdict::Pays, "pays"),
        (Verdict::Passed, "passed"),
        (Verdict::Below, "below"),
        (Verdict::Unknown, "unknown"),
    ];

    /// The stable id.
    pub fn id(self) -> &'static str {
        Self::ALL.iter().find(|(verdict, _)| *verdict == self).map_or("unknown", |(_, id)| id)
    }
}

/// 边际投产比: 带来产出 ÷ 追加投入.
pub fn marginal(revenue: &Expr, spend: &Expr) -> Expr {
    (revenue.clone() / spend.clone()).known()
}

/// A sum so far: nothing once one of the steps is unknown. `steps` are cells or ranges that hold `count` steps.
pub fn running(steps: Vec<Expr>, count: usize) -> Expr {
    let known = Expr::call(Fun::Count, steps.clone()).op(Op::Eq, count as f64);
    known.then(Expr::call(Fun::Sum, steps), Expr::nothing())
}

/// What a step says, given the marginal returns of the earlier steps of its channel.
pub fn verdict(
    marginal: &Expr,
    earlier: Option<Expr>,
    floor: &Expr,
    word: impl Fn(Verdict) -> String,
) -> Expr {
    let text = |verdict| Expr::text(word(verdict));
    let below = match earlier {
        Some(earlier) => {
            let criterion = Expr::text("<").op(Op::Join, floor.clone());
            let before = Expr::call(Fun::CountIf, [earlier, criterion]);
            before.op(Op::Gt, 0.0).then(text(Verdict::Below), text(Verdict::Passed))
        }
        None => text(Verdict::Passed),
    };
    let judged = marginal.clone().op(Op::Lt, floor.clone()).then(below, text(Verdict::Pays));
    Expr::call(Fun::IsNumber, [marginal.clone()]).then(judged, text(Verdict::Unknown))
}

/// The steps by channel, and within a channel by date where every step has one.
pub(super) fn steps(campaign: &Campaign, floor: &Expr) -> Vec<Step> {
    let mut groups: indexmap::IndexMap<String, Vec<usize>> = indexmap::IndexMap::new();
    for (row, step) in campaign.marginal.iter().enumerate() {
        groups.entry(fold(step.channel.as_str())).or_default().push(row);
    }
    let mut steps = Vec::new();
    for (_, mut rows) in groups {
        if rows.iter().all(|row| campaign.marginal[*row].date.value.is_some()) {
            rows.sort_by_key(|row| campaign.marginal[*row].date.value);
        }
        let first = steps.len();
        for row in rows {
            let increment = &campaign.marginal[row];
            let (spend, revenue) = (increment.spend.expr().known(), increment.revenue.expr().known());
            let marginal = marginal(&revenue, &spend);
            let earlier: &[Step] = &steps[first..];
            let so_far = |of: &dyn Fn(&Step) -> Expr, last: &Expr| {
                let mut terms: Vec<Expr> = earlier.iter().map(of).collect();
                terms.push(last.clone());
                let count = terms.len();
                running(terms, count)
            };
            let (spent, returned) =
                (so_far(&|step| step.spend.clone(), &spend), so_far(&|step| step.revenue.clone(), &revenue));
            let before = Expr::loose(earlier.iter().map(|step| &step.marginal.expr));
            let said = verdict(&marginal, Some(before), floor, |verdict| verdict.id().to_owned()).value();
            steps.push(Step {
                row,
                batch: increment.batch.as_str().to_owned(),
                channel: increment.channel.as_str().to_owned(),
                at: increment.batch.at.clone(),
                spend,
                revenue,
                marginal: Figure { metric: &MARGINAL_ROI, expr: marginal },
                spent,
                returned,
                verdict: Verdict::ALL
                    .iter()
                    .find(|(_, id)| said.text() == Some(id))
                    .map_or(Verdict::Unknown, |(verdict, _)| *verdict),
            });
        }
    }
    steps
}
