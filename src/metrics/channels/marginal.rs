//! 边际投产比: what each further step of spending brought, and where it stopped paying (D3).

use crate::campaign::Campaign;
use crate::cell::Place;
use crate::expr::{Expr, Op};
use crate::locale::fold;

use super::super::Figure;
use super::MARGINAL_ROI;

/// One step of further spending.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
    pub spent: Option<f64>,
    /// Return so far, in this channel.
    pub returned: Option<f64>,
    /// What the step says about going on.
    pub verdict: Verdict,
}

/// What a step says about going on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
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

/// A sum so far: nothing once one of the steps is unknown.
pub fn running(before: Option<&Expr>, step: &Expr) -> Expr {
    match before {
        Some(before) => (before.clone() + step.clone()).known(),
        None => step.clone().known(),
    }
}

/// How many steps so far, this one counted, did not reach the floor.
pub fn below(marginal: &Expr, before: Option<&Expr>, floor: &Expr) -> Expr {
    let low = marginal.clone().given(|marginal| marginal.op(Op::Lt, floor.clone()).then(1.0, 0.0), 0.0);
    match before {
        Some(before) => before.clone() + low,
        None => low,
    }
}

/// What a step says; `below` is how many steps up to it did not reach the floor.
pub fn verdict(marginal: &Expr, below: &Expr, floor: &Expr, word: impl Fn(Verdict) -> String) -> Expr {
    let text = |verdict| Expr::text(word(verdict));
    let first = below.clone().op(Op::Gt, 1.0).then(text(Verdict::Below), text(Verdict::Passed));
    let judged = |marginal: Expr| marginal.op(Op::Lt, floor.clone()).then(first, text(Verdict::Pays));
    marginal.clone().given(judged, text(Verdict::Unknown))
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
        // Sums so far are carried as values: a tree over all earlier steps would grow with each.
        let (mut spent, mut returned, mut low) = (None, None, None);
        for row in rows {
            let increment = &campaign.marginal[row];
            let (spend, revenue) = (increment.spend.expr().known(), increment.revenue.expr().known());
            let marginal = marginal(&revenue, &spend);
            let so_far = settled(&running(spent.as_ref(), &spend));
            let brought = settled(&running(returned.as_ref(), &revenue));
            let count = settled(&below(&marginal, low.as_ref(), floor));
            let said = verdict(&marginal, &count, floor, |verdict| verdict.id().to_owned()).value();
            steps.push(Step {
                row,
                batch: increment.batch.as_str().to_owned(),
                channel: increment.channel.as_str().to_owned(),
                at: increment.batch.at.clone(),
                spend,
                revenue,
                marginal: Figure { metric: &MARGINAL_ROI, expr: marginal },
                spent: so_far.number(),
                returned: brought.number(),
                verdict: Verdict::ALL
                    .iter()
                    .find(|(_, id)| said.text() == Some(id))
                    .map_or(Verdict::Unknown, |(verdict, _)| *verdict),
            });
            (spent, returned, low) = (Some(so_far), Some(brought), Some(count));
        }
    }
    steps
}

/// An expression as the number it amounts to now.
fn settled(expr: &Expr) -> Expr {
    expr.number().map_or_else(Expr::nothing, Expr::Num)
}
