//! 销售与用户: before, during, after and last year by the day; categories,
//! promotions, traffic, interactions, users.

use super::{Board, Ctx, Sheet, percent};
use crate::campaign::SalesItem;
use crate::diagnostic::number;
use crate::expr::Expr;
use crate::metrics::sales::comparison::{BEFORE, DURING};
use crate::page::{Page, PageCell, Role, Tab};
use crate::review::Review;

mod categories;
mod comparison;
mod promotions;
mod traffic;
mod users;

/// See the module.
pub static SHEET: Sheet =
    Sheet { id: "sales", text: include_str!("sales.toml"), tab: Tab::Analysis, wanted, fill };

const COLUMNS: u32 = 13;

fn wanted(review: &Review<'_>) -> bool {
    let campaign = &review.campaign;
    !(review.analysis.sales.lines.is_empty()
        && campaign.categories.is_empty()
        && campaign.promotions.is_empty()
        && campaign.traffic.is_empty()
        && campaign.interactions.is_empty()
        && campaign.users.is_empty())
}

/// Cells other blocks of the sheet refer to.
#[derive(Default)]
struct Placed {
    /// Sales of the campaign in all.
    sales: Option<Expr>,
    /// Visitors as the sales comparison counts them.
    visitors: Option<Expr>,
    /// Visitors of all sources of traffic.
    traffic: Option<Expr>,
}

fn fill(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board) {
    page.set_widths(&[22.0, 13.0, 12.0, 12.0, 12.0, 12.0, 12.0, 12.0, 12.0, 11.0, 11.0, 11.0, 12.0]);
    ctx.heading(page, COLUMNS);
    let sentences = [growth(ctx), tail(ctx), category(ctx), promotion(ctx), users_said(ctx)];
    for sentence in sentences.into_iter().flatten() {
        let cell = PageCell::from(sentence);
        board.conclusions.push(("sales", cell.clone()));
        page.line(Role::Conclusion, COLUMNS, cell);
    }
    page.skip(1);
    let campaign = &ctx.review.campaign;
    let mut placed = Placed::default();
    let blocks: [(bool, Fill); 6] = [
        (!ctx.review.analysis.sales.lines.is_empty(), comparison::fill),
        (!campaign.categories.is_empty(), categories::fill),
        (!campaign.promotions.is_empty(), promotions::fill),
        (!campaign.traffic.is_empty(), traffic::fill),
        (!campaign.interactions.is_empty(), traffic::interactions),
        (!campaign.users.is_empty(), users::fill),
    ];
    for (_, fill) in blocks.into_iter().filter(|(wanted, _)| *wanted) {
        fill(page, ctx, board, &mut placed);
    }
}

/// Lays out one block.
type Fill = fn(&mut Page, &Ctx<'_>, &mut Board, &mut Placed);

fn line<'a>(ctx: &'a Ctx<'_>) -> Option<&'a crate::metrics::sales::SalesFigures> {
    ctx.review.analysis.sales.lines.iter().find(|line| line.item == Some(SalesItem::Sales))
}

/// A change in words: up or down by how much.
fn change(ctx: &Ctx<'_>, rate: f64) -> String {
    ctx.say(if rate >= 0.0 { "up" } else { "down" }, &[("rate", &percent(rate.abs()))])
}

fn growth(ctx: &Ctx<'_>) -> Option<String> {
    let sales = line(ctx)?;
    let growth = sales.growth.value()?;
    let mut said = ctx.say("growth_said", &[
        ("during", &ctx.money(sales.daily[DURING].number()?)),
        ("before", &ctx.money(sales.daily[BEFORE].number()?)),
        ("change", &change(ctx, growth)),
    ]);
    if let Some(rate) = sales.year_on_year.value() {
        said.push_str(&ctx.say("year_said", &[("change", &change(ctx, rate))]));
    }
    Some(said)
}

fn tail(ctx: &Ctx<'_>) -> Option<String> {
    let tail = line(ctx)?.long_tail.value()?;
    let key = if tail < 1.0 { "tail_short" } else { "tail_long" };
    Some(ctx.say(key, &[("tail", &percent(tail))]))
}

fn category(ctx: &Ctx<'_>) -> Option<String> {
    let categories = &ctx.review.analysis.sales.categories;
    let known: Vec<_> =
        categories.iter().filter_map(|category| Some((category, category.contribution.value()?))).collect();
    let (top, share) = known.iter().copied().reduce(|top, other| if other.1 > top.1 { other } else { top })?;
    let mut said = ctx.say("category_said", &[("name", &top.name), ("share", &percent(share))]);
    let rates: Vec<_> = categories
        .iter()
        .filter_map(|category| Some((category, category.sell_through.value()?)))
        .collect();
    let fastest = rates.iter().map(|(_, rate)| *rate).fold(0.0, f64::max);
    let slow = rates.into_iter().reduce(|slow, other| if other.1 < slow.1 { other } else { slow });
    // Where all sell alike there is no slowest.
    if let Some((slow, rate)) = slow.filter(|(_, rate)| percent(*rate) != percent(fastest)) {
        said.push_str(&ctx.say("slow_said", &[("name", &slow.name), ("rate", &percent(rate))]));
    }
    Some(said)
}

fn promotion(ctx: &Ctx<'_>) -> Option<String> {
    let promotions = &ctx.review.analysis.money.promotions;
    let best = promotions
        .iter()
        .filter_map(|promotion| Some((promotion, promotion.roi.value()?)))
        .reduce(|best, other| if other.1 > best.1 { other } else { best })?;
    Some(ctx.say("promotion_said", &[("name", &best.0.name), ("roi", &number(best.1, 2))]))
}

fn users_said(ctx: &Ctx<'_>) -> Option<String> {
    let users = &ctx.review.analysis.traffic.users;
    let known: Vec<f64> = users.iter().filter_map(|user| user.completion.value()).collect();
    if known.is_empty() {
        return None;
    }
    let reached = known.iter().filter(|completion| (**completion * 1e4).round() >= 1e4).count();
    let key = if reached == known.len() { "users_said_all" } else { "users_said" };
    Some(ctx.say(key, &[("all", &known.len().to_string()), ("reached", &reached.to_string())]))
}
