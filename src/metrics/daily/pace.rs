//! Sales so far against an even pace towards their goal, and where that leads.

use crate::expr::{Expr, Fun, Op};
use crate::locale::fold;
use crate::metrics::goals::Goals;
use crate::metrics::{Basis, Figure};
use crate::page::serial;

use super::{DayFigures, ENOUGH, PACE, PROJECTED_END};

/// Names of a goal for sales.
const SALES: &[&str] = &["销售额", "总销售额", "活动销售额", "成交额", "成交金额", "gmv", "sales"];

/// How sales run against their goal.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Pace {
    /// The goal's name.
    pub goal: String,
    /// The goal.
    pub target: Expr,
    /// First day of the campaign.
    pub start: Expr,
    /// Last day of the campaign.
    pub end: Expr,
    /// The days of the monitor that lie within, as positions.
    pub days: std::ops::Range<usize>,
    /// Days of the campaign.
    pub length: Expr,
    /// Sales so far.
    pub so_far: Expr,
    /// Days with sales recorded.
    pub elapsed: Expr,
    /// So far ÷ what an even pace would have brought.
    pub pace: Figure,
    /// Where the same pace ends; none for a campaign that is over: what is not recorded then does not come any more.
    pub projected: Option<Figure>,
}

/// Days from the first to the last, both included.
pub fn length(start: &Expr, end: &Expr) -> Expr {
    (end.clone() - start.clone() + 1.0).known()
}

/// Sales of the days recorded.
pub fn so_far(sales: Expr) -> Expr {
    Expr::sum([sales]).known()
}

/// How many days have sales recorded.
pub fn elapsed(sales: Expr) -> Expr {
    Expr::call(Fun::Count, [sales])
}

/// So far ÷ (goal × elapsed ÷ length): 1 is on the even pace.
pub fn pace(so_far: &Expr, target: &Expr, elapsed: &Expr, length: &Expr) -> Expr {
    (so_far.clone() / (target.clone() * elapsed.clone() / length.clone())).known()
}

/// So far ÷ elapsed × length.
pub fn projected(so_far: &Expr, elapsed: &Expr, length: &Expr) -> Expr {
    let ahead = so_far.clone() / elapsed.clone() * length.clone();
    elapsed.clone().op(Op::Gt, 0.0).then(ahead.known(), Expr::nothing())
}

/// The pace; none without a goal and a period, or before there are enough days.
pub(super) fn analyse(basis: Basis<'_>, days: &[DayFigures], goals: &Goals) -> Option<Pace> {
    let campaign = basis.campaign;
    let basics = campaign.basics.as_ref()?;
    let period = basics.period.value?;
    let goal = goals.overall.iter().find(|goal| SALES.contains(&fold(&goal.name).as_str()))?;
    if goal.asked.upper.is_some() || goal.asked.level.number().is_none_or(|level| level <= 0.0) {
        return None;
    }
    let first = days.iter().position(|day| period.contains(day.date))?;
    let last = days.iter().rposition(|day| period.contains(day.date))?;
    let sales: Vec<Expr> = days[first..=last].iter().map(|day| day.sales.clone()).collect();
    let start = basics.period.part(Some(serial(period.start)), "start");
    let end = basics.period.part(Some(serial(period.end)), "end");
    let target = goal.asked.level.clone();
    let length = length(&start, &end);
    let (so_far, elapsed) = (so_far(Expr::loose(&sales)), elapsed(Expr::loose(&sales)));
    // A pace taken from a day or two leads nowhere.
    elapsed.number().filter(|days| *days >= ENOUGH)?;
    Some(Pace {
        goal: goal.name.clone(),
        days: first..last + 1,
        pace: Figure { metric: &PACE, expr: pace(&so_far, &target, &elapsed, &length) },
        projected: (basis.as_of <= period.end)
            .then(|| Figure { metric: &PROJECTED_END, expr: projected(&so_far, &elapsed, &length) }),
        target,
        start,
        end,
        length,
        so_far,
        elapsed,
    })
}
