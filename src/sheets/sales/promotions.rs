//! Mechanics and vouchers: taken, used, what they cost and brought.

use super::{Board, COLUMNS, Ctx, Placed};
use crate::expr::{Expr, Fun};
use crate::metrics::money::promotions;
use crate::page::{Page, Role, Shape};
use crate::quantity::Unit;
use crate::sheets::line::{Line, header};
use crate::sheets::{column_shape, link};

pub fn fill(page: &mut Page, ctx: &Ctx<'_>, _: &mut Board, placed: &mut Placed) {
    let (rows, found) = (&ctx.review.campaign.promotions, &ctx.review.analysis.money.promotions);
    page.line(Role::Section, COLUMNS, ctx.word("promotions"));
    page.line(Role::Note, COLUMNS, ctx.word("promotions_note"));
    let words = ctx.words([
        "promotion", "sort", "issued", "claimed", "claim_rate", "redeemed", "redemption_rate", "denominator",
        "discount", "unit_cost", "driven", "promotion_roi", "driven_share",
    ]);
    header(page, &words, COLUMNS);
    let all = placed.sales.clone().unwrap_or_else(|| ctx.review.analysis.sales.total.clone());
    let money = column_shape(&Unit::Yuan, rows.iter().map(|row| row.sales.value));
    for (row, figures) in rows.iter().zip(found) {
        let mut line = Line::body(page, COLUMNS);
        line.put(0, link(&figures.name, figures.at.as_ref()));
        line.put(1, row.kind.text.as_str());
        let issued = line.number(2, row.issued.expr().known(), Shape::Integer);
        let claimed = line.number(3, row.claimed.expr().known(), Shape::Integer);
        line.number(4, promotions::rate(&claimed, &issued), Shape::Percent);
        let redeemed = line.number(5, row.redeemed.expr().known(), Shape::Integer);
        let whole = promotions::denominator(&claimed, &issued);
        let rate = line.number(6, promotions::rate(&redeemed, &whole), Shape::Percent);
        let named = Expr::call(Fun::IsNumber, [claimed.clone()])
            .then(Expr::text(ctx.word("of_claimed")), Expr::text(ctx.word("of_issued")));
        line.put(7, Expr::call(Fun::IsNumber, [rate]).then(named, Expr::nothing()));
        let cost = line.number(8, row.cost.expr().known(), Shape::Money);
        line.number(9, promotions::unit_cost(&cost, &redeemed), Shape::Decimal);
        let sales = line.number(10, row.sales.expr().known(), money);
        line.number(11, promotions::roi(&sales, &cost), Shape::Ratio);
        line.number(12, promotions::contribution(&sales, &all), Shape::Percent);
    }
    page.skip(1);
    let told: Vec<_> = rows
        .iter()
        .filter(|row| row.feedback.value.is_some() || row.reuse.value.is_some())
        .collect();
    if told.is_empty() {
        return;
    }
    header(page, &ctx.words(["promotion", "reuse", "feedback"]), COLUMNS);
    for row in told {
        let mut line = Line::body(page, COLUMNS);
        line.put(0, link(row.name.as_str(), row.name.at.as_ref()));
        let word = row.reuse.value.map(|reuse| ctx.word(if reuse { "yes" } else { "no" }));
        line.put(1, word.unwrap_or_default());
        let feedback = crate::page::PageCell::from(row.feedback.as_str()).shaped(Shape::Wrapped);
        line.span(2, COLUMNS - 1, feedback);
    }
    page.skip(1);
}
