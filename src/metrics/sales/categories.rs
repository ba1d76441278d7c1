//! Categories and products: what each contributed, how it grew, what is left of it (D3 三).

use crate::campaign::Campaign;
use crate::cell::Place;
use crate::expr::{Expr, Fun};

use super::super::Figure;
use super::{CATEGORY_CONTRIBUTION, CATEGORY_GROWTH, MARGIN_RATE, RETURN_RATE, SELL_THROUGH};

/// One category or product.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CategoryFigures {
    /// As the table names it.
    pub name: String,
    /// Row of the table.
    pub row: usize,
    /// The cell of its name.
    pub at: Option<Place>,
    /// 品类贡献.
    pub contribution: Figure,
    /// 品类增幅.
    pub growth: Figure,
    /// 毛利率.
    pub margin: Figure,
    /// 退货率.
    pub returns: Figure,
    /// 售罄率.
    pub sell_through: Figure,
}

/// 品类贡献: its sales ÷ the sales of all.
pub fn contribution(during: &Expr, all: Expr) -> Expr {
    (during.clone() / Expr::call(Fun::Sum, [all])).known()
}

/// 毛利率, 退货率: a part ÷ the whole.
pub fn rate(part: &Expr, whole: &Expr) -> Expr {
    (part.clone() / whole.clone()).known()
}

/// 售罄率: 1 − 期末库存 ÷ 期初库存.
pub fn sell_through(stock_start: &Expr, stock_end: &Expr) -> Expr {
    (Expr::Num(1.0) - stock_end.clone() / stock_start.clone()).known()
}

pub(super) fn analyse(campaign: &Campaign) -> Vec<CategoryFigures> {
    let during: Vec<Expr> = campaign.categories.iter().map(|row| row.during.expr().known()).collect();
    let all = Expr::loose(&during);
    let figure = |metric, expr| Figure { metric, expr };
    campaign
        .categories
        .iter()
        .enumerate()
        .map(|(row, category)| CategoryFigures {
            name: category.name.as_str().to_owned(),
            row,
            at: category.name.at.clone(),
            contribution: figure(&CATEGORY_CONTRIBUTION, contribution(&during[row], all.clone())),
            growth: figure(
                &CATEGORY_GROWTH,
                super::comparison::growth(&category.during.expr(), &category.before.expr()),
            ),
            margin: figure(&MARGIN_RATE, rate(&category.margin.expr(), &category.during.expr())),
            returns: figure(&RETURN_RATE, rate(&category.returns.expr(), &category.units.expr())),
            sell_through: figure(
                &SELL_THROUGH,
                sell_through(&category.stock_start.expr(), &category.stock_end.expr()),
            ),
        })
        .collect()
}
