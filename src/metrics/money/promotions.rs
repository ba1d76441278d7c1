//! 玩法与优惠券: how many took them, used them, and what that brought (D3 三, D4 三).

use crate::campaign::{Campaign, Promotion};
use crate::cell::Place;
use crate::expr::Expr;

use super::super::{Basis, Figure};
use super::{CLAIM_RATE, PROMOTION_ROI, REDEMPTION_RATE, SALES_CONTRIBUTION, UNIT_VOUCHER_COST};

/// One mechanic or voucher.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PromotionFigures {
    /// As the table names it.
    pub name: String,
    /// Row of the table.
    pub row: usize,
    /// The cell of its name.
    pub at: Option<Place>,
    /// 领取率.
    pub claim: Figure,
    /// 核销率.
    pub redemption: Figure,
    /// What the redemption rate is a share of.
    pub denominator: Denominator,
    /// 单券成本.
    pub unit_cost: Figure,
    /// 玩法投产比.
    pub roi: Figure,
    /// 销售贡献度.
    pub contribution: Figure,
}

/// What a redemption rate is a share of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Denominator {
    /// 领取量.
    Claimed,
    /// 发放量.
    Issued,
}

impl Denominator {
    /// The stable id.
    pub fn id(self) -> &'static str {
        match self {
            Denominator::Claimed => "of_claimed",
            Denominator::Issued => "of_issued",
        }
    }

    /// What the redemption rate of a promotion is a share of.
    pub fn of(promotion: &Promotion) -> Denominator {
        if promotion.claimed.value.is_some() { Denominator::Claimed } else { Denominator::Issued }
    }
}

/// 领取率, 核销率: a share of what came before.
pub fn rate(part: &Expr, whole: &Expr) -> Expr {
    (part.clone() / whole.clone()).known()
}

/// What the redemption rate divides by: 领取量, or 发放量 where it is empty.
pub fn denominator(claimed: &Expr, issued: &Expr) -> Expr {
    claimed.clone().known_or(issued.clone())
}

/// 单券成本: 让利成本 ÷ 核销量.
pub fn unit_cost(cost: &Expr, redeemed: &Expr) -> Expr {
    (cost.clone() / redeemed.clone()).known()
}

/// 玩法投产比: 带动销售额 ÷ 让利成本.
pub fn roi(sales: &Expr, cost: &Expr) -> Expr {
    (sales.clone() / cost.clone()).known()
}

/// 销售贡献度: 带动销售额 ÷ 总销售额.
pub fn contribution(sales: &Expr, all: &Expr) -> Expr {
    (sales.clone() / all.clone()).known()
}

pub(super) fn analyse(basis: Basis<'_>) -> Vec<PromotionFigures> {
    let campaign: &Campaign = basis.campaign;
    let all = super::super::sales::total(basis);
    let figure = |metric, expr| Figure { metric, expr };
    campaign
        .promotions
        .iter()
        .enumerate()
        .map(|(row, promotion)| {
            let denominator = denominator(&promotion.claimed.expr(), &promotion.issued.expr());
            PromotionFigures {
                name: promotion.name.as_str().to_owned(),
                row,
                at: promotion.name.at.clone(),
                claim: figure(&CLAIM_RATE, rate(&promotion.claimed.expr(), &promotion.issued.expr())),
                redemption: figure(&REDEMPTION_RATE, rate(&promotion.redeemed.expr(), &denominator)),
                denominator: Denominator::of(promotion),
                unit_cost: figure(
                    &UNIT_VOUCHER_COST,
                    unit_cost(&promotion.cost.expr(), &promotion.redeemed.expr()),
                ),
                roi: figure(&PROMOTION_ROI, roi(&promotion.sales.expr(), &promotion.cost.expr())),
                contribution: figure(&SALES_CONTRIBUTION, contribution(&promotion.sales.expr(), &all)),
            }
        })
        .collect()
}
