//! Money by numbers that can be checked by hand.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::campaign::fixture::{Cell, blank, choice, number, price, quantity, records, text};
use crate::campaign::{CostItem, Resource};
use crate::metrics::fixture::analysed;

/// The budget of D1.
fn d1() -> Budget {
    let row = |kind: &str, item: &str, amount: f64, lot: f64, pieces: f64| {
        [
            ("type", choice(kind)),
            ("item", text(item)),
            ("unit_price", price(amount, lot)),
            ("quantity", quantity(pieces)),
            ("total", blank()),
            ("actual", blank()),
        ]
    };
    let rows = [
        row("people", "活动策划人员", 15_000.0, 1.0, 2.0),
        row("material", "快闪店搭建", 80_000.0, 1.0, 2.0),
        row("promotion", "短视频投放", 20.0, 1_000.0, 5_000_000.0),
        row("other", "应急备用金", 50_000.0, 1.0, 1.0),
    ];
    let rows: Vec<&[(&str, Cell)]> = rows.iter().map(|row| &row[..]).collect();
    analysed(records(&[("budget", &rows)])).money.budget
}

#[test]
fn the_budget_of_the_document_adds_up_and_its_reserve_is_not_five_percent() {
    let budget = d1();
    let planned: Vec<Option<f64>> = budget.lines.iter().map(|line| line.planned.number()).collect();
    assert_eq!(planned, [Some(30_000.0), Some(160_000.0), Some(100_000.0), Some(50_000.0)]);
    assert_eq!(budget.total.planned.number(), Some(340_000.0));
    assert_eq!(budget.reserve.number(), Some(50_000.0));
    assert_eq!((budget.reserve_share.value().unwrap() * 1000.0).round() / 1000.0, 0.147);
    assert_eq!(budget.reserve_verdict, ReserveVerdict::Fitting);
    assert_eq!(budget.total.execution.value(), None, "nothing was spent as far as anyone wrote");
}

fn line(planned: f64, actual: Cell) -> [(&'static str, Cell); 4] {
    [("type", choice("promotion")), ("item", text("投放")), ("total", number(planned)), ("actual", actual)]
}

#[test]
fn deviations_are_called_by_their_size_on_either_side() {
    for (actual, deviation) in [
        (105.0, Deviation::Normal),
        (95.0, Deviation::Normal),
        (105.1, Deviation::Watch),
        (90.0, Deviation::Watch),
        (120.0, Deviation::Alarm),
        (120.1, Deviation::Severe),
        (79.0, Deviation::Severe),
    ] {
        let rows = line(100.0, number(actual));
        let budget = analysed(records(&[("budget", &[&rows])])).money.budget;
        assert_eq!(budget.lines[0].deviation, deviation, "{actual}");
    }
}

#[test]
fn a_line_without_actual_is_left_out_of_the_comparison_not_counted_as_unspent() {
    let (spent, open) = (line(100.0, number(110.0)), line(900.0, blank()));
    let budget = analysed(records(&[("budget", &[&spent, &open])])).money.budget;
    assert_eq!(budget.total.planned.number(), Some(1_000.0));
    assert_eq!(budget.total.execution.value(), Some(1.1));
    assert_eq!(budget.total.variance.value(), Some(10.0));
    assert_eq!(budget.total.complete, 1);
    assert_eq!(budget.lines[1].deviation, Deviation::Unknown);
}

fn cost(item: &'static str, actual: Cell) -> [(&'static str, Cell); 2] {
    [("item", choice(item)), ("actual", actual)]
}

#[test]
fn profit_is_what_is_left_of_the_input() {
    let rows = [
        cost("revenue", number(1_000_000.0)),
        cost("goods", number(600_000.0)),
        cost("ads", number(150_000.0)),
        cost("people", number(100_000.0)),
        cost("tech", blank()),
        cost("logistics", number(50_000.0)),
    ];
    let rows: Vec<&[(&str, Cell)]> = rows.iter().map(|row| &row[..]).collect();
    let profit = analysed(records(&[("costs", &rows)])).money.profit;
    assert_eq!(profit.input.value(), Some(250_000.0));
    assert_eq!(profit.gross.value(), Some(400_000.0));
    assert_eq!(profit.net.value(), Some(100_000.0));
    assert_eq!(profit.roi.value(), Some(0.4));
    assert_eq!(profit.expense_ratio.value(), Some(0.25));
    assert_eq!(profit.missing, [CostItem::Tech]);
}

#[test]
fn logistics_listed_without_an_amount_leaves_the_profit_unknown() {
    let rows = [
        cost("revenue", number(9.0)),
        cost("goods", number(4.0)),
        cost("ads", number(1.0)),
        cost("logistics", blank()),
    ];
    let rows: Vec<&[(&str, Cell)]> = rows.iter().map(|row| &row[..]).collect();
    let profit = analysed(records(&[("costs", &rows)])).money.profit;
    assert_eq!((profit.gross.value(), profit.net.value()), (Some(5.0), None));
}

#[test]
fn vouchers_are_redeemed_of_those_claimed_else_of_those_issued() {
    let row = |claimed: Cell| {
        [
            ("name", text("满减券")),
            ("issued", number(10_000.0)),
            ("claimed", claimed),
            ("redeemed", number(2_400.0)),
            ("sales", number(240_000.0)),
            ("cost", number(48_000.0)),
        ]
    };
    let sales = [("name", text("GMV")), ("during", crate::campaign::fixture::measure(1_000_000.0))];
    let (with, without) = (row(number(8_000.0)), row(blank()));
    let promotions =
        analysed(records(&[("promotions", &[&with, &without]), ("sales", &[&sales])])).money.promotions;
    assert_eq!(promotions[0].claim.value(), Some(0.8));
    assert_eq!(
        (promotions[0].redemption.value(), promotions[0].denominator),
        (Some(0.3), Denominator::Claimed)
    );
    assert_eq!(
        (promotions[1].redemption.value(), promotions[1].denominator),
        (Some(0.24), Denominator::Issued)
    );
    assert_eq!(promotions[0].unit_cost.value(), Some(20.0));
    assert_eq!(promotions[0].roi.value(), Some(5.0));
    assert_eq!(promotions[0].contribution.value(), Some(0.24));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn types_add_up_to_the_whole(
        lines in proptest::collection::vec((0usize..6, 1.0f64..1e6, proptest::option::of(0.0f64..1e6)), 1..8)
    ) {
        let rows: Vec<[(&str, Cell); 4]> = lines
            .iter()
            .map(|(kind, planned, actual)| [
                ("type", choice(Resource::ALL[*kind].id())),
                ("item", text("项目")),
                ("total", number(*planned)),
                ("actual", actual.and_then(number)),
            ])
            .collect();
        let rows: Vec<&[(&str, Cell)]> = rows.iter().map(|row| &row[..]).collect();
        let budget = analysed(records(&[("budget", &rows)])).money.budget;
        let parts = |of: &dyn Fn(&BudgetFigures) -> Option<f64>| budget.by_type.iter().filter_map(of).sum::<f64>();
        let whole = |n: Option<f64>| n.unwrap_or(0.0);
        prop_assert!((parts(&|part| part.planned.number()) - whole(budget.total.planned.number())).abs() < 1e-6);
        prop_assert!((parts(&|part| part.variance.value()) - whole(budget.total.variance.value())).abs() < 1e-6);
    }
}
