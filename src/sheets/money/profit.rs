//! 成本收益: items, and below them what was put in and what was left.

use super::{COLUMNS, Ctx};
use crate::campaign::CostItem;
use crate::cell::CellRef;
use crate::expr::Expr;
use crate::metrics::Metric;
use crate::metrics::money::{self, budget, profit};
use crate::page::{Page, PageCell, Role, Shape};
use crate::sheets::Board;
use crate::sheets::line::{Line, header};

const PLANNED: u32 = 2;
const ACTUAL: u32 = 3;

/// Cells of one column by item.
struct Amounts(Vec<(Option<CostItem>, Expr)>);

impl Amounts {
    fn of(&self, wanted: &[CostItem]) -> Option<Expr> {
        let cells: Vec<Expr> = self
            .0
            .iter()
            .filter(|(item, _)| item.is_some_and(|item| wanted.contains(&item)))
            .map(|(_, cell)| cell.clone())
            .collect();
        (!cells.is_empty()).then(|| profit::total(cells))
    }
}

pub fn fill(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board) {
    let found = &ctx.review.analysis.money.profit;
    page.line(Role::Section, COLUMNS, ctx.word("profit"));
    page.line(Role::Note, COLUMNS, ctx.word("profit_note"));
    let words = ctx.words(["cost", "sort", "planned", "actual", "variance", "side", "rate", "remark"]);
    header(page, &words, COLUMNS);
    let (mut planned, mut actual) = (Amounts(Vec::new()), Amounts(Vec::new()));
    for item in &found.items {
        let cost = &ctx.review.campaign.costs[item.row];
        let mut line = Line::new(page);
        line.put(0, crate::sheets::link(&item_word(ctx, item.item, &cost.item.text), cost.item.at.as_ref()));
        line.put(1, ctx.word(sort(item.item)));
        let budget = line.number(PLANNED, item.budget.clone(), Shape::Money);
        let spent = line.number(ACTUAL, item.actual.clone(), Shape::Money);
        let variance = line.number(4, budget::variance(&spent, &budget), Shape::Money);
        let revenue = item.item == Some(CostItem::Revenue);
        let words = if revenue { ["beyond", "short", "even"] } else { ["over", "under", "even"] };
        line.put(5, budget::side(&variance, ctx.words(words)));
        line.number(6, budget::rate(&variance, &budget), Shape::PercentSigned);
        line.span(7, COLUMNS - 1, PageCell::from(cost.remark.as_str()).shaped(Shape::Wrapped));
        planned.0.push((item.item, budget));
        actual.0.push((item.item, spent));
    }
    figures(page, ctx, board, &planned, &actual);
    page.skip(1);
}

/// What was put in and what was left, planned and actual, with the definition beside each.
fn figures(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board, planned: &Amounts, actual: &Amounts) {
    let top = page.next_row();
    let of_column = |page: &mut Page, col: u32, amounts: &Amounts| {
        let one = |item: CostItem| amounts.of(&[item]).unwrap_or_else(Expr::nothing);
        let mut put = |down: u32, expr: Expr, shape: Shape| {
            let cell = PageCell::from(expr).shaped(shape).role(Role::Total);
            page.put(CellRef::new(top + down, col), cell)
        };
        let revenue = one(CostItem::Revenue);
        let input = put(0, amounts.of(&profit::INPUT).unwrap_or_else(Expr::nothing), Shape::Money);
        let gross = put(1, profit::gross(&revenue, &one(CostItem::Goods)), Shape::Money);
        let logistics = amounts.of(&[CostItem::Logistics]);
        let net = put(2, profit::net(&gross, &input, logistics.as_ref()), Shape::Money);
        let roi = put(3, profit::roi(&net, &input), Shape::Ratio);
        let ratio = put(4, profit::expense_ratio(&input, &revenue), Shape::Percent);
        [input, gross, net, roi, ratio]
    };
    of_column(page, PLANNED, planned);
    let placed = of_column(page, ACTUAL, actual);
    let metrics: [&'static Metric; 5] =
        [&money::TOTAL_INPUT, &money::GROSS_PROFIT, &money::NET_PROFIT, &money::NET_PROFIT_ROI, &money::EXPENSE_RATIO];
    for (metric, cell) in metrics.into_iter().zip(placed) {
        let words = metric.definition(ctx.lang);
        let mut line = Line::new(page);
        line.span(0, 1, PageCell::from(words.title).role(Role::Total));
        line.span(4, COLUMNS - 1, PageCell::from(words.basis).role(Role::Note));
        board.figures.insert(metric.name, cell);
    }
    if let Some(benchmark) = &ctx.review.analysis.money.profit.benchmark {
        let mut line = Line::new(page);
        line.span(0, 1, PageCell::from(ctx.word("benchmark")).role(Role::Total));
        line.put(ACTUAL, PageCell::from(benchmark.clone()).shaped(Shape::Ratio).role(Role::Total));
    }
}

fn sort(item: Option<CostItem>) -> &'static str {
    match item {
        Some(CostItem::Revenue) => "sort_revenue",
        Some(CostItem::Goods) => "sort_goods",
        Some(CostItem::Logistics) => "sort_logistics",
        Some(_) => "sort_input",
        None => "sort_unknown",
    }
}

fn item_word(ctx: &Ctx<'_>, item: Option<CostItem>, typed: &str) -> String {
    item.map_or_else(|| typed.to_owned(), |item| ctx.word(&format!("cost-{}", item.id())))
}
