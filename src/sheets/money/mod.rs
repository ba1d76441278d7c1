//! 预算与成本: budget against actual by line and by type, the reserve, what was left.

use super::{Board, Ctx, Sheet, percent};
use crate::diagnostic::number;
use crate::metrics::money::{BudgetFigures, ReserveVerdict};
use crate::page::{Page, PageCell, Role, Tab};
use crate::review::Review;

mod budget;
mod profit;

/// See the module.
pub static SHEET: Sheet =
    Sheet { id: "money", text: include_str!("money.toml"), tab: Tab::Analysis, wanted, fill };

const COLUMNS: u32 = 12;

fn wanted(review: &Review<'_>) -> bool {
    let money = &review.analysis.money;
    !money.budget.lines.is_empty() || !money.profit.items.is_empty()
}

fn fill(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board) {
    page.set_widths(&[22.0, 12.0, 12.0, 12.0, 12.0, 9.0, 9.0, 9.0, 9.0, 12.0, 19.0, 22.0]);
    ctx.heading(page, COLUMNS);
    for sentence in [execution(ctx), furthest(ctx), reserve(ctx), profit(ctx)].into_iter().flatten() {
        let cell = PageCell::from(sentence);
        board.conclusions.push(("money", cell.clone()));
        page.line(Role::Conclusion, COLUMNS, cell);
    }
    page.skip(1);
    let money = &ctx.review.analysis.money;
    if !money.budget.lines.is_empty() {
        budget::fill(page, ctx, board);
    }
    if !money.profit.items.is_empty() {
        profit::fill(page, ctx, board);
    }
}

/// 超支 or 结余 and by how much.
fn side(ctx: &Ctx<'_>, figures: &BudgetFigures) -> Option<String> {
    let variance = figures.variance.value()?;
    let key = if variance > 0.0 {
        "said_over"
    } else if variance < 0.0 {
        "said_under"
    } else {
        return Some(ctx.word("even"));
    };
    let rate = figures.rate.value().map(|rate| percent(rate.abs())).unwrap_or_default();
    Some(ctx.say(key, &[("amount", &ctx.money(variance.abs())), ("rate", &rate)]))
}

fn execution(ctx: &Ctx<'_>) -> Option<String> {
    let budget = &ctx.review.analysis.money.budget;
    let planned = budget.total.planned.number()?;
    let Some(side) = side(ctx, &budget.total) else {
        return Some(ctx.say("no_actual", &[("planned", &ctx.money(planned))]));
    };
    let execution = budget.total.execution.value().map(percent).unwrap_or_else(|| ctx.word("cannot"));
    let mut said = ctx.say("execution_said", &[
        ("planned", &ctx.money(planned)),
        ("execution", &execution),
        ("side", &side),
    ]);
    let (complete, lines) = (budget.total.complete, budget.lines.len());
    if complete < lines {
        let counts = [("complete", complete.to_string()), ("lines", lines.to_string())];
        let counts: Vec<(&str, &str)> = counts.iter().map(|(hole, n)| (*hole, n.as_str())).collect();
        said.push_str(&ctx.say("execution_partly", &counts));
    }
    Some(said)
}

/// The line with the largest deviation, where it is out of the ordinary.
fn furthest(ctx: &Ctx<'_>) -> Option<String> {
    let lines = &ctx.review.analysis.money.budget.lines;
    let size = |line: &BudgetFigures| match (line.reserve, line.rate.value()?) {
        (true, rate) => Some(rate.max(0.0)),
        (false, rate) => Some(rate.abs()),
    };
    let worst = lines.iter().filter(|line| size(line).is_some()).fold(None, |worst: Option<&BudgetFigures>, line| {
        match worst {
            Some(worst) if size(worst) >= size(line) => Some(worst),
            _ => Some(line),
        }
    })?;
    if size(worst)? <= ctx.review.policy.thresholds.budget.normal {
        return None;
    }
    Some(ctx.say("furthest", &[
        ("name", &worst.name),
        ("side", &side(ctx, worst)?),
        ("class", &ctx.word(worst.deviation.id())),
    ]))
}

fn reserve(ctx: &Ctx<'_>) -> Option<String> {
    let budget = &ctx.review.analysis.money.budget;
    let share = budget.reserve_share.value()?;
    if budget.reserve_verdict == ReserveVerdict::Unknown {
        return None;
    }
    let bands = &ctx.review.policy.thresholds.budget;
    Some(ctx.say("reserve_said", &[
        ("amount", &ctx.money(budget.reserve.number()?)),
        ("share", &percent(share)),
        ("low", &percent(bands.reserve_low)),
        ("high", &percent(bands.reserve_high)),
        ("verdict", &ctx.word(budget.reserve_verdict.id())),
    ]))
}

fn profit(ctx: &Ctx<'_>) -> Option<String> {
    let profit = &ctx.review.analysis.money.profit;
    if profit.items.is_empty() {
        return None;
    }
    let missing: Vec<String> = profit.missing.iter().map(|item| ctx.word(&format!("cost-{}", item.id()))).collect();
    let mut said = match (profit.net.value(), profit.roi.value()) {
        (Some(net), Some(roi)) => ctx.say(if net < 0.0 { "loss_said" } else { "profit_said" }, &[
            ("net", &ctx.money(net)),
            ("loss", &ctx.money(net.abs())),
            ("input", &profit.input.value().map(|input| ctx.money(input)).unwrap_or_default()),
            ("roi", &number(roi, 2)),
        ]),
        _ => ctx.word("no_profit"),
    };
    if let (Some(roi), Some(benchmark)) = (profit.roi.value(), profit.benchmark.as_ref().and_then(|b| b.number())) {
        let key = if roi >= benchmark { "above_benchmark" } else { "below_benchmark" };
        said.push_str(&ctx.say(key, &[("benchmark", &number(benchmark, 2))]));
    }
    if !missing.is_empty() {
        said.push_str(&ctx.say("missing_costs", &[("items", &missing.join(&ctx.word("and")))]));
    }
    Some(said)
}
