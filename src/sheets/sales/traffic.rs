//! Where visitors came from and what they did; who took part.

use super::{Board, COLUMNS, Ctx, Placed};
use crate::cell::{Area, CellRef};
use crate::expr::{Expr, Fun};
use crate::metrics::traffic::{self as metric, bounce, pooled, share};
use crate::page::{Dress, Page, PageCell, Role, Shape};
use crate::quantity::Span;
use crate::sheets::line::{Line, header};
use crate::sheets::{column, link};

const PV: u32 = 1;
const UV: u32 = 2;
const SHARE: u32 = 3;
const NEW: u32 = 4;
const NEW_SHARE: u32 = 5;
const BOUNCE: u32 = 6;
const CART: u32 = 8;
const ORDER: u32 = 9;
const PAY: u32 = 10;
const CONVERSION: u32 = 11;

pub fn fill(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board, placed: &mut Placed) {
    let rows = &ctx.review.campaign.traffic;
    page.line(Role::Section, COLUMNS, ctx.word("traffic"));
    let words = ctx.words([
        "source_of", "pv", "uv", "source_share", "new_visitors", "new_share", "bounce", "stay", "cart", "order",
        "pay", "conversion",
    ]);
    let first = header(page, &words, COLUMNS) + 1;
    let last = first + rows.len() as u32 - 1;
    let mut visitors = Vec::new();
    for row in rows {
        let mut line = Line::body(page, COLUMNS);
        line.put(0, link(row.source.as_str(), row.source.at.as_ref()));
        line.number(PV, row.pv.expr().known(), Shape::Integer);
        let uv = line.number(UV, row.uv.expr().known(), Shape::Integer);
        let new = line.number(NEW, row.new_visitors.expr().known(), Shape::Integer);
        line.number(NEW_SHARE, share(&new, &uv), Shape::Percent);
        line.number(BOUNCE, row.bounce.expr().known(), Shape::Percent);
        let seconds = match row.stay.value {
            Some(Span::Seconds(seconds)) => row.stay.leaf(Some(seconds)),
            _ => Expr::nothing(),
        };
        line.number(7, seconds.known(), Shape::Integer);
        line.number(CART, row.cart.expr().known(), Shape::Integer);
        line.number(ORDER, row.order.expr().known(), Shape::Integer);
        let pay = line.number(PAY, row.pay.expr().known(), Shape::Integer);
        line.number(CONVERSION, share(&pay, &uv), Shape::Percent);
        visitors.push((line.row, uv));
    }
    let of = |page: &Page, col: u32| column(page, col, first, last);
    let whole = Expr::call(Fun::Sum, [of(page, UV)]);
    for (row, uv) in visitors {
        page.put(CellRef::new(row, SHARE), PageCell::from(share(&uv, &whole)).shaped(Shape::Percent));
    }
    page.dresses.push(Dress::Bar(Area::new(CellRef::new(first, SHARE), CellRef::new(last, SHARE))));
    let sums = [PV, UV, SHARE, NEW, CART, ORDER, PAY].map(|col| (col, metric::sum(of(page, col))));
    let rates = [
        (NEW_SHARE, pooled(of(page, NEW), of(page, UV)), metric::NEW_VISITOR_SHARE.name),
        (BOUNCE, bounce(of(page, BOUNCE), of(page, UV)), metric::BOUNCE_RATE.name),
        (CONVERSION, pooled(of(page, PAY), of(page, UV)), metric::OVERALL_CONVERSION.name),
    ];
    let mut line = Line::total(page, COLUMNS);
    line.put(0, ctx.word("total"));
    for (col, sum) in sums {
        let cell = line.number(col, sum, if col == SHARE { Shape::Percent } else { Shape::Integer });
        if col == UV {
            placed.traffic = Some(cell);
        }
    }
    for (col, rate, name) in rates {
        let cell = line.number(col, rate, Shape::Percent);
        board.figures.insert(name, cell);
    }
    visitor_value(page, ctx, board, placed);
    page.skip(1);
}

/// UV价值: sales over the visitors they were counted with.
fn visitor_value(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board, placed: &Placed) {
    let nothing = Expr::nothing;
    let visitors = placed
        .visitors
        .clone()
        .unwrap_or_else(nothing)
        .known_or(placed.traffic.clone().unwrap_or_else(nothing));
    let value = share(&placed.sales.clone().unwrap_or_else(nothing), &visitors);
    if value.number().is_none() {
        return;
    }
    let words = metric::VISITOR_VALUE.definition(ctx.lang);
    let mut line = Line::new(page);
    line.put(0, PageCell::from(words.title).role(Role::FigureLabel));
    let cell = line.number(1, value, Shape::Decimal);
    line.span(2, 6, PageCell::from(words.basis).role(Role::Note));
    board.figures.insert(metric::VISITOR_VALUE.name, cell);
}

pub fn interactions(page: &mut Page, ctx: &Ctx<'_>, _: &mut Board, placed: &mut Placed) {
    page.line(Role::Section, COLUMNS, ctx.word("interactions"));
    let words =
        ctx.words(["interaction", "times", "people", "participation", "conversions", "people_conversion", "remark"]);
    header(page, &words, COLUMNS);
    let reached = placed.traffic.clone().unwrap_or_else(Expr::nothing);
    for row in &ctx.review.campaign.interactions {
        let mut line = Line::body(page, COLUMNS);
        line.put(0, link(row.kind.as_str(), row.kind.at.as_ref()));
        line.number(1, row.times.expr().known(), Shape::Integer);
        let people = line.number(2, row.people.expr().known(), Shape::Integer);
        line.number(3, share(&people, &reached), Shape::Percent);
        let converted = line.number(4, row.conversions.expr().known(), Shape::Integer);
        line.number(5, share(&converted, &people), Shape::Percent);
        line.span(6, COLUMNS - 1, PageCell::from(row.remark.as_str()).shaped(Shape::Wrapped));
    }
    if placed.traffic.is_none() {
        page.line(Role::Note, COLUMNS, ctx.word("no_reach"));
    }
    page.skip(1);
}
