//! Planned risks with their heat map and whether they happened; incidents with their hours.

use super::{COLUMNS, Ctx, wrapped};
use crate::campaign::{Level, RiskLevel};
use crate::cell::{Area, CellRef};
use crate::expr::{Expr, Fun, Op};
use crate::metrics::risk;
use crate::metrics::schedule::{Promptness, approvals};
use crate::page::{Dress, Page, PageCell, Role, Shape};
use crate::sheets::line::{Line, header};
use crate::sheets::{Board, column, link};

const PROBABILITY: u32 = 2;
const IMPACT: u32 = 3;
const LEVEL: u32 = 4;

pub fn planned(page: &mut Page, ctx: &Ctx<'_>) {
    let found = &ctx.review.analysis.risk;
    page.line(Role::Section, COLUMNS, ctx.word("risks"));
    let words = ctx.words([
        "kind", "risk", "probability", "impact", "level", "happened", "owner", "response_limit", "response",
    ]);
    header(page, &words, COLUMNS);
    let first = page.next_row();
    let level_word = |level: Level| ctx.word(level.id());
    for plan in &found.planned {
        let source = &ctx.review.campaign.risk_plan[plan.row];
        let mut line = Line::new(page);
        line.put(0, source.kind.as_str());
        line.put(1, link(source.risk.as_str(), source.risk.at.as_ref()).shaped(Shape::Wrapped));
        let shown = |level: Option<Level>| level.map(level_word).unwrap_or_default();
        let probability = line.put(PROBABILITY, shown(source.probability.value));
        let impact = line.put(IMPACT, shown(source.impact.value));
        line.put(LEVEL, risk::risk_level(&probability, &impact, level_word, |level| risk_word(ctx, level)));
        let times = plan.happened.len();
        line.put(5, match times {
            0 if found.incidents.is_empty() => ctx.word("no_log"),
            0 => ctx.word("not_happened"),
            times => ctx.say("happened_times", &[("n", &times.to_string())]),
        });
        line.put(6, source.owner.as_str());
        line.put(7, source.limit.text.as_str());
        line.span(8, COLUMNS - 1, wrapped(source.response.as_str()));
    }
    let last = page.next_row() - 1;
    dress_levels(page, ctx, LEVEL, first, last);
    page.skip(1);
    heat(page, ctx, first, last);
}

/// How many planned risks stand in each field of probability × impact.
fn heat(page: &mut Page, ctx: &Ctx<'_>, first: u32, last: u32) {
    page.line(Role::Section, COLUMNS, ctx.word("heat"));
    let top = page.next_row();
    page.put(CellRef::new(top, 1), PageCell::from(ctx.word("heat_corner")).role(Role::Header));
    let impacts: Vec<Expr> = (2u32..)
        .zip([Level::Low, Level::Medium, Level::High])
        .map(|(col, level)| {
            page.put(CellRef::new(top, col), PageCell::from(ctx.word(level.id())).role(Role::Header))
        })
        .collect();
    for (row, probability) in (top + 1..).zip(Level::ALL) {
        let name = PageCell::from(ctx.word(probability.id())).role(Role::Header);
        let name = page.put(CellRef::new(row, 1), name);
        for (col, impact) in (2u32..).zip(&impacts) {
            let (probabilities, all_impacts) =
                (column(page, PROBABILITY, first, last), column(page, IMPACT, first, last));
            let count = risk::heat(probabilities, &name, all_impacts, impact);
            page.put(CellRef::new(row, col), PageCell::from(count).shaped(Shape::Integer));
        }
    }
    page.dresses.push(Dress::Heat(Area::new(CellRef::new(top + 1, 2), CellRef::new(top + 3, 4))));
    page.go_to(top + 5);
}

pub fn incidents(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board) {
    let found = &ctx.review.analysis.risk;
    let campaign = &ctx.review.campaign;
    page.line(Role::Section, COLUMNS, ctx.word("incidents"));
    page.line(Role::Note, COLUMNS, ctx.word("incidents_note"));
    let words = ctx.words([
        "level", "incident", "foreseen", "affected", "occurred", "solved", "hours", "limit_hours", "promptness", "owner",
        "handled",
    ]);
    header(page, &words, COLUMNS);
    let first = page.next_row();
    for incident in &found.incidents {
        let source = &campaign.risk_log[incident.row];
        let mut line = Line::new(page);
        line.put(0, source.level.value.map(|level| risk_word(ctx, level)).unwrap_or_default());
        line.put(1, link(source.risk.as_str(), source.risk.at.as_ref()).shaped(Shape::Wrapped));
        line.put(2, ctx.word(if incident.plan.is_some() { "yes" } else { "no" }));
        line.number(3, source.affected.expr(), Shape::Integer);
        let occurred = line.number(4, incident.occurred.clone(), Shape::Moment);
        let solved = line.number(5, incident.solved.clone(), Shape::Moment);
        let hours = line.number(6, risk::solve_hours(&occurred, &solved), Shape::Decimal);
        if let Some(limit) = risk::limit(source.level.value, ctx.review.policy) {
            line.put(7, PageCell::from(limit).shaped(Shape::Decimal));
            line.put(8, approvals::promptness(&hours, limit, |promptness| ctx.word(promptness.id())));
        } else {
            line.put(7, PageCell::default());
            line.put(8, PageCell::default());
        }
        line.put(9, source.owner.as_str());
        let handled = [source.response.as_str(), source.result.as_str()];
        line.span(10, COLUMNS - 1, wrapped(&handled.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("；")));
    }
    let last = page.next_row() - 1;
    dress_levels(page, ctx, 0, first, last);
    let area = Area::new(CellRef::new(first, 8), CellRef::new(last, 8));
    for (promptness, role) in [(Promptness::InTime, Role::Good), (Promptness::TooLong, Role::Bad)] {
        page.dresses.push(Dress::Word { area, word: ctx.word(promptness.id()), role });
    }
    if !found.planned.is_empty() {
        let foreseen = Expr::call(Fun::CountIf, [column(page, 2, first, last), Expr::text(ctx.word("yes"))]);
        let all = Expr::call(Fun::CountA, [column(page, 2, first, last)]);
        let hours = column(page, 6, first, last);
        let some = Expr::call(Fun::Count, [hours.clone()]).op(Op::Gt, 0.0);
        let mut line = Line::total(page, COLUMNS);
        line.put(0, ctx.word("foreseen_share"));
        let share = line.number(2, risk::foreseen_share(foreseen, all), Shape::Percent);
        line.put(5, ctx.word("mean_hours"));
        line.number(6, some.then(Expr::call(Fun::Average, [hours]), Expr::nothing()), Shape::Decimal);
        board.figures.insert(risk::FORESEEN_SHARE.name, share);
    }
    page.skip(1);
}

fn dress_levels(page: &mut Page, ctx: &Ctx<'_>, col: u32, first: u32, last: u32) {
    let area = Area::new(CellRef::new(first, col), CellRef::new(last, col));
    for (level, role) in [(RiskLevel::Major, Role::Bad), (RiskLevel::Larger, Role::Warn)] {
        page.dresses.push(Dress::Word { area, word: risk_word(ctx, level), role });
    }
}

fn risk_word(ctx: &Ctx<'_>, level: RiskLevel) -> String {
    ctx.word(&format!("risk-{}", level.id()))
}
