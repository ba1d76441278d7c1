//! 成本收益: what was put in, what was earned, what is left (D3 三, D4 三).

use crate::campaign::{Campaign, CostItem, RoiBasis};
use crate::expr::Expr;

use super::super::{Basis, Figure};
use super::{EXPENSE_RATIO, GROSS_PROFIT, NET_PROFIT, NET_PROFIT_ROI, TOTAL_INPUT};

/// What counts as 总投入.
pub const INPUT: [CostItem; 7] = [
    CostItem::Ads,
    CostItem::Materials,
    CostItem::Subsidy,
    CostItem::Commission,
    CostItem::Tech,
    CostItem::People,
    CostItem::Other,
];

/// Costs and what was left.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Profit {
    /// Items as entered.
    pub items: Vec<CostFigures>,
    /// 总投入.
    pub input: Figure,
    /// 毛利.
    pub gross: Figure,
    /// 净利润.
    pub net: Figure,
    /// 净利润ROI.
    pub roi: Figure,
    /// 费用率.
    pub expense_ratio: Figure,
    /// Items of the total input that were listed without an amount: it may be larger.
    pub missing: Vec<CostItem>,
    /// 行业基准ROI, where it is one of net profit.
    pub benchmark: Option<Expr>,
}

/// One item.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CostFigures {
    /// Row of the table.
    pub row: usize,
    /// 科目.
    pub item: Option<CostItem>,
    /// 预算.
    pub budget: Expr,
    /// 实际.
    pub actual: Expr,
}

/// Sum of the amounts that are known, of cells or ranges.
pub fn total(amounts: impl IntoIterator<Item = Expr>) -> Expr {
    Expr::sum(amounts).known()
}

/// 毛利: 营业收入 − 商品成本.
pub fn gross(revenue: &Expr, goods: &Expr) -> Expr {
    (revenue.clone() - goods.clone()).known()
}

/// 净利润: 毛利 − 总投入 − 物流履约, where there is any.
pub fn net(gross: &Expr, input: &Expr, logistics: Option<&Expr>) -> Expr {
    let left = gross.clone() - input.clone();
    match logistics {
        Some(logistics) => (left - logistics.clone()).known(),
        None => left.known(),
    }
}

/// 净利润ROI: 净利润 ÷ 总投入.
pub fn roi(net: &Expr, input: &Expr) -> Expr {
    (net.clone() / input.clone()).known()
}

/// 费用率: 总投入 ÷ 营业收入.
pub fn expense_ratio(input: &Expr, revenue: &Expr) -> Expr {
    (input.clone() / revenue.clone()).known()
}

pub(super) fn analyse(basis: Basis<'_>) -> Profit {
    let campaign = basis.campaign;
    let items: Vec<CostFigures> = campaign
        .costs
        .iter()
        .enumerate()
        .map(|(row, cost)| CostFigures {
            row,
            item: cost.item.value,
            budget: cost.budget.expr(),
            actual: cost.actual.expr(),
        })
        .collect();
    let of = |wanted: CostItem| {
        let amounts: Vec<Expr> = items
            .iter()
            .filter(|cost| cost.item == Some(wanted))
            .map(|cost| cost.actual.clone().known())
            .collect();
        (!amounts.is_empty()).then(|| total([Expr::loose(&amounts)]))
    };
    let or_nothing = |item: CostItem| of(item).unwrap_or_else(Expr::nothing);
    let inputs: Vec<Expr> = INPUT.iter().filter_map(|item| of(*item)).collect();
    let input = if inputs.is_empty() { Expr::nothing() } else { total([Expr::loose(&inputs)]) };
    let gross = gross(&or_nothing(CostItem::Revenue), &or_nothing(CostItem::Goods));
    // Nothing listed for logistics is nothing spent on it; listed without an amount is unknown.
    let net = net(&gross, &input, of(CostItem::Logistics).as_ref());
    let figure = |metric, expr| Figure { metric, expr };
    Profit {
        missing: INPUT
            .iter()
            .copied()
            .filter(|item| of(*item).is_some_and(|amount| amount.number().is_none()))
            .collect(),
        roi: figure(&NET_PROFIT_ROI, roi(&net, &input)),
        expense_ratio: figure(&EXPENSE_RATIO, expense_ratio(&input, &or_nothing(CostItem::Revenue))),
        input: figure(&TOTAL_INPUT, input),
        gross: figure(&GROSS_PROFIT, gross),
        net: figure(&NET_PROFIT, net),
        benchmark: benchmark(campaign),
        items,
    }
}

/// 行业基准ROI as one of net profit: where the basics say so, or where no channel returns compete for it.
fn benchmark(campaign: &Campaign) -> Option<Expr> {
    let basics = campaign.basics.as_ref()?;
    basics.benchmark_roi.value?;
    let of_profit = match basics.roi_basis.value {
        Some(basis) => basis == RoiBasis::NetProfit,
        None => campaign.channels.is_empty(),
    };
    of_profit.then(|| basics.benchmark_roi.expr())
}
