//! The channels' figures: amounts, rates and what each result cost.

use super::{COLUMNS, Ctx};
use crate::cell::{Area, CellRef};
use crate::expr::{Expr, Fun};
use crate::metrics::channels::{self, Amounts, ChannelFigures};
use crate::metrics::traffic::pooled;
use crate::page::{Dress, Page, Role, Shape};
use crate::quantity::Unit;
use crate::sheets::line::{Line, header};
use crate::sheets::{column, column_shape, link};

const SPEND: u32 = 2;
const EXPOSURE: u32 = 3;
const CLICKS: u32 = 4;
const CONVERSIONS: u32 = 5;
const NEW: u32 = 6;
const VALUE: u32 = 7;
const COMPLETION: u32 = 15;

/// What was placed, for the tables below.
pub struct Placed {
    /// The cells of each channel, in the order of the analysis.
    pub each: Vec<Cells>,
    /// First and last row.
    pub rows: (u32, u32),
}

/// The cells of one channel.
#[derive(Clone)]
pub struct Cells {
    /// Its row.
    pub row: u32,
    pub spend: Expr,
    pub exposure: Expr,
    pub clicks: Expr,
    pub conversions: Expr,
    pub value: Expr,
}

impl Placed {
    /// The column of what was spent.
    pub fn spends(&self, page: &Page) -> Expr {
        column(page, SPEND, self.rows.0, self.rows.1)
    }

    /// The column of what was brought.
    pub fn values(&self, page: &Page) -> Expr {
        column(page, VALUE, self.rows.0, self.rows.1)
    }
}

pub fn fill(page: &mut Page, ctx: &Ctx<'_>) -> Placed {
    page.line(Role::Section, COLUMNS, ctx.word("list"));
    page.line(Role::Note, COLUMNS, ctx.word("list_note"));
    let words = ctx.words([
        "name", "kind", "spend", "exposure", "clicks", "conversions", "new", "value", "ctr", "cvr", "cpm", "cpc", "cpa",
        "cac", "target", "completion",
    ]);
    let top = header(page, &words, COLUMNS);
    page.freeze = Some(CellRef::new(0, 1));
    let channels = &ctx.review.analysis.channels.each;
    let shapes = shapes(channels);
    let first = top + 1;
    let each: Vec<Cells> = channels.iter().map(|channel| row(page, channel, &shapes)).collect();
    let last = page.next_row() - 1;
    total(page, ctx, &shapes, first, last);
    page.dresses.push(Dress::Bar(Area::new(CellRef::new(first, COMPLETION), CellRef::new(last, COMPLETION))));
    page.skip(1);
    Placed { each, rows: (first, last) }
}

/// How the columns of amounts are shown, from 花费 on.
fn shapes(channels: &[ChannelFigures]) -> [Shape; 6] {
    let of = |unit: Unit, amount: fn(&Amounts) -> &Expr| {
        column_shape(&unit, channels.iter().map(|channel| amount(&channel.amounts).number()))
    };
    [
        of(Unit::Yuan, |amounts| &amounts.spend),
        of(Unit::None, |amounts| &amounts.exposure),
        of(Unit::None, |amounts| &amounts.clicks),
        of(Unit::None, |amounts| &amounts.conversions),
        of(Unit::None, |amounts| &amounts.new_customers),
        of(Unit::Yuan, |amounts| &amounts.value),
    ]
}

fn row(page: &mut Page, channel: &ChannelFigures, shapes: &[Shape; 6]) -> Cells {
    let amounts = &channel.amounts;
    let mut line = Line::body(page, COLUMNS);
    line.put(0, link(&channel.name, channel.at.as_ref()));
    line.put(1, channel.kind.as_str());
    let cells = Cells {
        row: line.row,
        spend: line.number(SPEND, amounts.spend.clone(), shapes[0]),
        exposure: line.number(EXPOSURE, amounts.exposure.clone(), shapes[1]),
        clicks: line.number(CLICKS, amounts.clicks.clone(), shapes[2]),
        conversions: line.number(CONVERSIONS, amounts.conversions.clone(), shapes[3]),
        value: line.number(VALUE, amounts.value.clone(), shapes[5]),
    };
    let new = line.number(NEW, amounts.new_customers.clone(), shapes[4]);
    line.number(8, channels::ctr(&cells.clicks, &cells.exposure), Shape::Percent);
    line.number(9, channels::cvr(&cells.conversions, &cells.clicks), Shape::Percent);
    line.number(10, channels::cpm(&cells.spend, &cells.exposure), Shape::Decimal);
    line.number(11, channels::cost_per(&cells.spend, &cells.clicks), Shape::Decimal);
    line.number(12, channels::cost_per(&cells.spend, &cells.conversions), Shape::Decimal);
    line.number(13, channels::cost_per(&cells.spend, &new), Shape::Decimal);
    let target = line.number(14, amounts.target.clone(), Shape::Integer);
    line.number(COMPLETION, channels::completion(&cells.conversions, &target), Shape::Percent);
    cells
}

/// Sums, and ratios of sums over the channels that report both sides.
fn total(page: &mut Page, ctx: &Ctx<'_>, shapes: &[Shape; 6], first: u32, last: u32) {
    let all: Vec<Expr> = (0..COLUMNS).map(|col| column(page, col, first, last)).collect();
    let of = |part: u32, whole: u32| pooled(all[part as usize].clone(), all[whole as usize].clone());
    let mut line = Line::total(page, COLUMNS);
    line.put(0, ctx.word("total"));
    for (col, shape) in (SPEND..).zip(shapes) {
        line.number(col, Expr::call(Fun::Sum, [all[col as usize].clone()]).known(), *shape);
    }
    line.number(8, of(CLICKS, EXPOSURE), Shape::Percent);
    line.number(9, of(CONVERSIONS, CLICKS), Shape::Percent);
    line.number(10, (of(SPEND, EXPOSURE) * 1000.0).known(), Shape::Decimal);
    line.number(11, of(SPEND, CLICKS), Shape::Decimal);
    line.number(12, of(SPEND, CONVERSIONS), Shape::Decimal);
    line.number(13, of(SPEND, NEW), Shape::Decimal);
    line.number(14, Expr::call(Fun::Sum, [all[14].clone()]).known(), Shape::Integer);
    line.number(COMPLETION, of(CONVERSIONS, 14), Shape::Percent);
}
