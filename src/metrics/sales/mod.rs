//! Sales before, during, after and last year, per day, and by category
//! (spec: `3-metrics` §3.3 §3.5; D3 三, D4 三).

use crate::metrics;

use super::Basis;
use crate::expr::Expr;

pub mod categories;
pub mod comparison;

pub use categories::CategoryFigures;
pub use comparison::{Days, DaysFrom, PERIODS, SalesFigures};

metrics! {
    DAILY_MEAN = "daily-mean",
    DAILY_GROWTH = "daily-growth",
    YEAR_ON_YEAR = "year-on-year",
    LONG_TAIL = "long-tail",
    AVERAGE_ORDER = "average-order",
    AVERAGE_BUYER = "average-buyer",
    NEW_BUYER_SHARE = "new-buyer-share",
    CATEGORY_CONTRIBUTION = "category-contribution",
    CATEGORY_GROWTH = "category-growth",
    MARGIN_RATE = "margin-rate",
    RETURN_RATE = "return-rate",
    SELL_THROUGH = "sell-through",
}

/// The sales of a campaign.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Sales {
    /// Days of each period.
    pub days: [Days; PERIODS],
    /// Indicators as entered, without the row of days.
    pub lines: Vec<SalesFigures>,
    /// 客单价, 笔单价, 新客占比 of each period.
    pub averages: Vec<comparison::Average>,
    /// Categories or products.
    pub categories: Vec<CategoryFigures>,
    /// Sales of the campaign in all, where some table has them.
    pub total: Expr,
}

/// 总销售额: 销售额 of the sales comparison, else the sum of the categories.
pub fn total(basis: Basis<'_>) -> Expr {
    let compared = comparison::line(basis, crate::campaign::SalesItem::Sales)
        .map(|line| line.during.expr().known())
        .filter(|sales| sales.number().is_some());
    let by_category = || {
        let during: Vec<Expr> =
            basis.campaign.categories.iter().map(|row| row.during.expr().known()).collect();
        if during.is_empty() { Expr::nothing() } else { Expr::sum([Expr::loose(&during)]).known() }
    };
    compared.unwrap_or_else(by_category)
}

/// Computes the sales.
pub fn analyse(basis: Basis<'_>) -> Sales {
    let days = comparison::days(basis);
    Sales {
        lines: comparison::lines(basis, &days),
        averages: comparison::averages(basis),
        days,
        categories: categories::analyse(basis.campaign),
        total: total(basis),
    }
}

#[cfg(test)]
mod tests;
