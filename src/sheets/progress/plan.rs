//! Phases with their days, approvals and the handing in of data in working days.

use super::{BESIDE, COLUMNS, Ctx, beside, name_beside, wrapped};
use crate::campaign::Conclusion;
use crate::cell::{Area, CellRef};
use crate::expr::{Expr, Fun, Op};
use crate::metrics::schedule::tasks::phase_key;
use crate::metrics::schedule::{Promptness, State, approvals as waits};
use crate::page::{Dress, Page, PageCell, Role, Shape, Show};
use crate::sheets::line::{Line, header};
use crate::sheets::{column, link};

pub fn phases(page: &mut Page, ctx: &Ctx<'_>, as_of: &Expr) {
    let schedule = &ctx.review.analysis.schedule;
    page.line(Role::Section, COLUMNS, ctx.word("phases"));
    let words = ctx.words(["phase", "core", "tasks_of", "done_of", "start", "end", "days", "stage", "effect"]);
    header(page, &words, COLUMNS);
    for phase in ctx.review.campaign.phases.iter().filter(|phase| phase.phase.value.is_some()) {
        let key = phase_key(phase.phase.as_str());
        let of = schedule.tasks.iter().filter(|task| phase_key(&task.phase) == key && task.state != State::Cancelled);
        let states: Vec<State> = of.map(|task| task.state).collect();
        let mut line = Line::new(page);
        line.put(0, link(phase.phase.as_str(), phase.phase.at.as_ref()));
        line.put(1, wrapped(phase.action.as_str()));
        if !states.is_empty() {
            line.put(2, PageCell::from(states.len() as f64).shaped(Shape::Integer));
            let done = states.iter().filter(|state| state.is_done()).count();
            line.put(3, PageCell::from(done as f64).shaped(Shape::Integer));
        }
        let start = line.number(4, phase.start.expr(), Shape::Date);
        let end = line.number(5, phase.end.expr(), Shape::Date);
        line.number(6, (end.clone() - start.clone() + 1.0).known(), Shape::Integer);
        let text = |word: &str| Expr::text(ctx.word(word));
        let over = as_of.clone().op(Op::Gt, end.clone());
        let begun = as_of.clone().op(Op::Ge, start.clone());
        let stage = over.then(text("stage_over"), begun.then(text("stage_now"), text("stage_ahead")));
        let dated = Expr::call(Fun::Count, [start, end]).op(Op::Eq, 2.0);
        line.put(7, dated.then(stage, Expr::nothing()));
        line.span(8, COLUMNS - 1, wrapped(phase.effect.as_str()));
    }
    page.skip(1);
}

pub fn approvals(page: &mut Page, ctx: &Ctx<'_>, as_of: &Expr) {
    let found = &ctx.review.analysis.schedule.approvals;
    let limits = &ctx.review.policy.thresholds.time;
    page.line(Role::Section, COLUMNS, ctx.word("approvals"));
    page.line(Role::Note, COLUMNS, ctx.word("approvals_note"));
    let words =
        ctx.words(["item", "opinion", "approver", "conclusion", "from", "to", "working_days", "limit", "promptness",
        "remark"]);
    let top = header(page, &words, COLUMNS);
    let calendar = calendar(page, ctx, top);
    let first = page.next_row();
    for wait in &found.each {
        let source = &ctx.review.campaign.approvals[wait.row];
        let mut line = Line::new(page);
        line.put(0, link(&wait.name, wait.at.as_ref()));
        line.put(1, wrapped(source.opinion.as_str()));
        line.put(2, source.approver.as_str());
        line.put(3, wait.conclusion.map(|conclusion| conclusion_word(ctx, conclusion)).unwrap_or_default());
        let from = line.number(4, wait.from.clone(), Shape::Date);
        let to = line.number(5, wait.to.clone(), Shape::Date);
        // A day filled in later ends the wait; one that cannot be read leaves it unknown.
        let until = if wait.to.is_nothing() { to } else { to.known_or(as_of.clone()) };
        days(&mut line, ctx, [&from, &until], &calendar, limits.approval_days);
        line.span(9, COLUMNS - 1, if wait.pending { ctx.word("pending") } else { String::new() });
    }
    if let Some(wait) = &found.data {
        let mut line = Line::new(page);
        line.put(0, link(&ctx.word("data"), wait.at.as_ref()));
        line.put(1, wrapped(&ctx.word("data_note")));
        line.put(2, PageCell::default());
        line.put(3, PageCell::default());
        line.span(9, COLUMNS - 1, PageCell::default());
        let from = line.number(4, wait.from.clone(), Shape::Date);
        let to = line.number(5, wait.to.clone(), Shape::Date);
        days(&mut line, ctx, [&from, &to], &calendar, limits.data_days);
    }
    let area = Area::new(CellRef::new(first, 8), CellRef::new(page.next_row() - 1, 8));
    for (promptness, role) in [(Promptness::InTime, Role::Good), (Promptness::TooLong, Role::Bad)] {
        page.dresses.push(Dress::Word { area, word: ctx.word(promptness.id()), role });
    }
    page.skip(1);
}

/// Working days, the limit and how they compare.
fn days(line: &mut Line<'_>, ctx: &Ctx<'_>, [from, to]: [&Expr; 2], calendar: &(Expr, Expr), limit: f64) {
    let taken = waits::working_days(from, to, &calendar.0, &calendar.1);
    let taken = line.number(6, taken, Shape::Integer);
    line.put(7, PageCell::from(limit).shaped(Shape::Integer));
    line.put(8, waits::promptness(&taken, limit, |promptness| ctx.word(promptness.id())));
}

/// The days in question beside the page, with ones for those worked.
fn calendar(page: &mut Page, ctx: &Ctx<'_>, top: u32) -> (Expr, Expr) {
    let days = &ctx.review.analysis.schedule.approvals.calendar.0;
    // Beside the columns of other blocks: a calendar is longer than its table.
    const DAY: u32 = 7;
    name_beside(page, top, DAY, ctx.words(["day", "works"]));
    for (row, (day, works)) in (top + 1..).zip(days) {
        beside(page, row, DAY, PageCell::from(Show::Date(*day)).shaped(Shape::Date));
        beside(page, row, DAY + 1, PageCell::from(f64::from(u8::from(*works))).shaped(Shape::Integer));
    }
    let last = top + (days.len() as u32).max(1);
    (column(page, BESIDE + DAY, top + 1, last), column(page, BESIDE + DAY + 1, top + 1, last))
}

fn conclusion_word(ctx: &Ctx<'_>, conclusion: Conclusion) -> String {
    ctx.word(&format!("conclusion-{}", conclusion.id()))
}
