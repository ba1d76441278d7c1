//! Money: budget against actual, the reserve, costs and profit, what discounts
//! brought (spec: `3-metrics` §3.4; D1 二（四）, D3 三, D4 三).

use crate::metrics;

use super::Basis;

pub mod budget;
pub mod profit;
pub mod promotions;

pub use budget::{Budget, BudgetFigures, Deviation, ReserveVerdict};
pub use profit::{CostFigures, Profit};
pub use promotions::{Denominator, PromotionFigures};

metrics! {
    BUDGET_VARIANCE = "budget-variance",
    VARIANCE_RATE = "variance-rate",
    BUDGET_EXECUTION = "budget-execution",
    RESERVE_SHARE = "reserve-share",
    TOTAL_INPUT = "total-input",
    GROSS_PROFIT = "gross-profit",
    NET_PROFIT = "net-profit",
    NET_PROFIT_ROI = "net-profit-roi",
    EXPENSE_RATIO = "expense-ratio",
    CLAIM_RATE = "claim-rate",
    REDEMPTION_RATE = "redemption-rate",
    UNIT_VOUCHER_COST = "unit-voucher-cost",
    PROMOTION_ROI = "promotion-roi",
    SALES_CONTRIBUTION = "sales-contribution",
}

/// The money of a campaign.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Money {
    /// Budget lines, by type and in all, and the reserve.
    pub budget: Budget,
    /// Costs and what was left.
    pub profit: Profit,
    /// 玩法 and 优惠券.
    pub promotions: Vec<PromotionFigures>,
}

/// Computes the money.
pub fn analyse(basis: Basis<'_>) -> Money {
    Money {
        budget: budget::analyse(basis),
        profit: profit::analyse(basis),
        promotions: promotions::analyse(basis),
    }
}

#[cfg(test)]
mod tests;
