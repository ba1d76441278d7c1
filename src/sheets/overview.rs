//! 复盘总览: the campaign on one page, from what the other sheets have placed.

use super::{Board, Ctx, Sheet, headline, link};
use crate::cell::{Area, CellRef};
use crate::diagnostic::{Severity, number};
use crate::expr::{Expr, Val};
use crate::metrics::actions::State as ActionState;
use crate::metrics::goals::Goal;
use crate::metrics::schedule::State as TaskState;
use crate::page::{Chart, ChartKind, Ink, Page, PageCell, Role, Series, Shape, Tab};
use crate::review::Review;

/// See the module.
pub static SHEET: Sheet =
    Sheet { id: "overview", text: include_str!("overview.toml"), tab: Tab::First, wanted, fill };

const COLUMNS: u32 = 12;

/// A figure among others is read at a glance up to so many; of more the ends are drawn.
const BARS: usize = 8;
/// Where what the chart draws from stands.
const BESIDE: u32 = COLUMNS + 1;

/// Key figures, by metric name, in the order of the tiles; the word of each is its name.
const TILES: [(&str, Shape); 6] = [
    ("composite-completion", Shape::Percent),
    ("roi", Shape::Ratio),
    ("budget-execution", Shape::Percent),
    ("task-completion", Shape::Percent),
    ("action-completion", Shape::Percent),
    ("completeness", Shape::Percent),
];

fn wanted(_: &Review<'_>) -> bool {
    true
}

fn fill(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board) {
    page.set_widths(&[7.8; COLUMNS as usize]);
    ctx.heading(page, COLUMNS);
    facts(page, ctx);
    page.line(Role::Headline, COLUMNS, headline::headline(ctx));
    page.skip(1);
    tiles(page, ctx, board);
    points(page, ctx, board);
    chart(page, ctx);
    actions(page, ctx);
    blockers(page, ctx);
    findings(page, ctx);
    page.landscape = false;
    page.one_paper = true;
}

/// Puts a cell over several columns.
fn span(page: &mut Page, row: u32, first: u32, last: u32, cell: PageCell) -> Expr {
    let at = CellRef::new(row, first);
    let role = cell.role;
    for col in first + 1..=last {
        page.put(CellRef::new(row, col), PageCell::default().role(role));
    }
    page.merges.push(Area::new(at, CellRef::new(row, last)));
    page.put(at, cell)
}

fn facts(page: &mut Page, ctx: &Ctx<'_>) {
    let Some(basics) = &ctx.review.campaign.basics else { return };
    let period = basics.period.value.map_or_else(
        || basics.period.text.clone(),
        |period| format!("{} {} {}", period.start, ctx.word("to"), period.end),
    );
    let row = page.next_row();
    for (first, label, text, at) in [
        (0, "period", period, &basics.period.at),
        (4, "owner", basics.owner.as_str().to_owned(), &basics.owner.at),
        (8, "kind", basics.kind.text.clone(), &basics.kind.at),
    ] {
        page.put(CellRef::new(row, first), PageCell::from(ctx.word(label)).role(Role::FigureLabel));
        span(page, row, first + 1, first + 3, link(&text, at.as_ref()));
    }
    page.skip(2);
}

/// Key figures, each over what it is to be compared with.
fn tiles(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board) {
    let row = page.next_row();
    for (first, (name, shape)) in (0u32..).step_by(2).zip(TILES) {
        span(page, row, first, first + 1, PageCell::from(ctx.word(name)).role(Role::FigureLabel));
        let figure = board.figures.get(name).cloned().unwrap_or_else(Expr::nothing);
        let cell = match figure.value() {
            Val::Number(_) => PageCell::from(figure).shaped(shape),
            _ => ctx.word("cannot").into(),
        };
        span(page, row + 1, first, first + 1, cell.role(Role::Figure));
        let compared = PageCell::from(compared(ctx, name)).shaped(Shape::Wrapped).role(Role::FigureNote);
        span(page, row + 2, first, first + 1, compared);
    }
    page.heights.insert(row + 1, 36.0);
    page.skip(4);
}

/// What a key figure is measured against, in a few words.
fn compared(ctx: &Ctx<'_>, name: &str) -> String {
    let analysis = &ctx.review.analysis;
    let points = |rate: f64| number((rate * 100.0).abs(), 1);
    match name {
        "composite-completion" => analysis.goals.composite.value().map(|composite| {
            let key = if composite >= 1.0 { "tile_over" } else { "tile_short" };
            ctx.say(key, &[("points", &points(composite - 1.0))])
        }),
        "roi" => analysis.channels.roi.value().and(analysis.channels.benchmark.number()).map(|benchmark| {
            let off = analysis.channels.roi.value().unwrap_or_default() - benchmark;
            let key = if off >= 0.0 { "tile_above" } else { "tile_below" };
            ctx.say(key, &[("benchmark", &number(benchmark, 2)), ("off", &number(off.abs(), 2))])
        }),
        "budget-execution" => analysis.money.budget.total.variance.value().map(|variance| {
            let key = if variance > 0.0 { "tile_overspent" } else { "tile_left" };
            ctx.say(key, &[("amount", &ctx.money(variance.abs()))])
        }),
        "task-completion" => {
            let tasks = &analysis.schedule.tasks;
            let late = tasks.iter().filter(|task| task.state == TaskState::Overdue).count();
            (!tasks.is_empty()).then(|| {
                ctx.say("tile_tasks", &[("n", &tasks.len().to_string()), ("late", &late.to_string())])
            })
        }
        "action-completion" => {
            let ranked = &analysis.actions.ranked;
            let late = ranked.iter().filter(|action| action.state == ActionState::Overdue).count();
            (!ranked.is_empty()).then(|| {
                ctx.say("tile_tasks", &[("n", &ranked.len().to_string()), ("late", &late.to_string())])
            })
        }
        _ => {
            let of: usize = analysis.filled.iter().map(|table| table.required).sum();
            let filled: usize = analysis.filled.iter().map(|table| table.filled).sum();
            let holes = [("of", of.to_string()), ("left", of.saturating_sub(filled).to_string())];
            (of > 0).then(|| ctx.say("tile_filled", &[("of", &holes[0].1), ("left", &holes[1].1)]))
        }
    }
    .unwrap_or_default()
}

/// The weightiest points with the cells that prove them; everything else the figures say is folded under them.
fn points(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board) {
    page.line(Role::Section, COLUMNS, ctx.word("conclusions"));
    let points = headline::points(ctx);
    if points.is_empty() {
        page.line(Role::Note, COLUMNS, ctx.word(if said(board) { "nothing_stands_out" } else { "nothing" }));
    }
    for point in &points {
        let row = page.next_row();
        let (word, role) = if point.good { ("gain", Role::Good) } else { ("loss", Role::Bad) };
        page.put(CellRef::new(row, 0), PageCell::from(ctx.word(word)).role(role));
        span(page, row, 1, 8, PageCell::from(point.text.clone()).shaped(Shape::Wrapped));
        let proof = point.proof.as_ref();
        let text = proof.map(ToString::to_string).unwrap_or_default();
        span(page, row, 9, 11, link(&text, proof).shaped(Shape::Wrapped));
        page.go_to(row + 1);
    }
    page.skip(1);
    if !said(board) {
        return;
    }
    page.line(Role::Note, COLUMNS, ctx.word("folded"));
    let first = page.next_row();
    for (_, sentence) in &board.conclusions {
        page.line(Role::Paragraph, COLUMNS, PageCell { role: Role::Paragraph, ..sentence.clone() });
    }
    page.folded = Some((first, page.next_row() - 1));
    page.skip(1);
}

/// Whether the figures say anything at all; the count of findings alone is nothing.
fn said(board: &Board) -> bool {
    board.conclusions.iter().any(|(sheet, _)| *sheet != "findings")
}

/// Bars of the goals' completion, the furthest first; no chart where no completion is known.
fn chart(page: &mut Page, ctx: &Ctx<'_>) {
    let mut goals: Vec<(&Goal, f64)> = known_goals(ctx);
    if goals.is_empty() {
        return;
    }
    let left_out = goals.len().saturating_sub(BARS);
    if left_out > 0 {
        goals.drain(BARS / 2..BARS / 2 + left_out);
    }
    let top = page.next_row();
    let rows = goals.len() as u32;
    for (row, (goal, _)) in (top..).zip(&goals) {
        page.put(CellRef::new(row, BESIDE), PageCell::from(goal.name.as_str()).role(Role::Note));
        let completion = PageCell::from(goal.completion.expr.clone()).shaped(Shape::Percent).role(Role::Note);
        page.put(CellRef::new(row, BESIDE + 1), completion);
    }
    let (names, values) =
        (page.column(BESIDE, top, top + rows - 1), page.column(BESIDE + 1, top, top + rows - 1));
    let height = 70 + 22 * rows;
    let title = match left_out {
        0 => ctx.word("chart"),
        n => ctx.say("chart_ends", &[("n", &n.to_string()), ("half", &(BARS / 2).to_string())]),
    };
    page.charts.push(Chart {
        series: vec![Series::new(ctx.word("completion"), names, values, Ink::Accent)],
        shape: Shape::Percent,
        labels: true,
        ..Chart::new(ChartKind::Bars, CellRef::new(top, 0), (690, height), title, ctx.word("chart_alt"))
    });
    page.go_to(top + height / 20 + 2);
}

/// Goals whose completion is known, the best first.
fn known_goals<'a>(ctx: &Ctx<'a>) -> Vec<(&'a Goal, f64)> {
    let goals = ctx.review.analysis.goals.overall.iter();
    let mut known: Vec<(&Goal, f64)> =
        goals.filter_map(|goal| Some((goal, goal.completion.value()?))).collect();
    known.sort_by(|a, b| b.1.total_cmp(&a.1));
    known
}

fn actions(page: &mut Page, ctx: &Ctx<'_>) {
    let open: Vec<_> = ctx.review.analysis.actions.ranked.iter().filter(|action| action.state.is_open()).take(5).collect();
    let suggested: Vec<_> = ctx.review.suggestions.iter().take(5 - open.len()).collect();
    if open.is_empty() && suggested.is_empty() {
        return;
    }
    page.line(Role::Section, COLUMNS, ctx.word("first_actions"));
    let header = page.next_row();
    for (first, last, word) in [(0, 0, "order"), (1, 7, "action"), (8, 9, "owner_of"), (10, 11, "due")] {
        let cell = PageCell::from(ctx.word(word)).role(Role::Header);
        if first == last {
            page.put(CellRef::new(header, first), cell);
        } else {
            span(page, header, first, last, cell);
        }
    }
    for (row, (order, ranked)) in (header + 1..).zip((1u32..).zip(&open)) {
        let action = &ctx.review.campaign.actions[ranked.row];
        page.put(CellRef::new(row, 0), PageCell::from(f64::from(order)).shaped(Shape::Integer));
        span(page, row, 1, 7, link(action.action.as_str(), action.action.at.as_ref()).shaped(Shape::Wrapped));
        span(page, row, 8, 9, action.owner.as_str().into());
        span(page, row, 10, 11, PageCell::from(action.due.expr()).shaped(Shape::Date));
    }
    // The team's own come first; what the figures suggest fills up the rest, and says so.
    let next = header + 1 + open.len() as u32;
    for (row, (order, suggestion)) in (next..).zip((open.len() as u32 + 1..).zip(&suggested)) {
        page.put(CellRef::new(row, 0), PageCell::from(f64::from(order)).shaped(Shape::Integer));
        span(page, row, 1, 7, PageCell::from(suggestion.action(ctx.lang)).shaped(Shape::Wrapped));
        span(page, row, 8, 11, PageCell::from(ctx.word("suggested")).role(Role::Note));
    }
    page.go_to(next + 1 + suggested.len() as u32);
}

/// What to fill in first; the rest is on the sheet of findings.
fn blockers(page: &mut Page, ctx: &Ctx<'_>) {
    let first: Vec<_> = ctx.review.blockers.iter().take(3).collect();
    if first.is_empty() {
        return;
    }
    page.line(Role::Section, COLUMNS, ctx.word("blockers"));
    let header = page.next_row();
    page.put(CellRef::new(header, 0), PageCell::from(ctx.word("cells")).role(Role::Header));
    span(page, header, 1, 3, PageCell::from(ctx.word("place")).role(Role::Header));
    span(page, header, 4, 11, PageCell::from(ctx.word("unlocks")).role(Role::Header));
    for (row, blocker) in (header + 1..).zip(&first) {
        page.put(CellRef::new(row, 0), PageCell::from(blocker.cells.len() as f64).shaped(Shape::Integer));
        let at = blocker.cells.first();
        span(page, row, 1, 3, link(&at.map(ToString::to_string).unwrap_or_default(), at));
        span(page, row, 4, 11, PageCell::from(blocker.figures(ctx.lang)).shaped(Shape::Wrapped));
    }
    page.go_to(header + 2 + first.len() as u32);
}

fn findings(page: &mut Page, ctx: &Ctx<'_>) {
    let worst: Vec<_> =
        ctx.review.findings.iter().filter(|finding| finding.severity > Severity::Note).take(3).collect();
    if worst.is_empty() {
        return;
    }
    page.line(Role::Section, COLUMNS, ctx.word("top_findings"));
    let header = page.next_row();
    page.put(CellRef::new(header, 0), PageCell::from(ctx.word("level")).role(Role::Header));
    span(page, header, 1, 2, PageCell::from(ctx.word("place")).role(Role::Header));
    span(page, header, 3, 11, PageCell::from(ctx.word("message")).role(Role::Header));
    for (row, finding) in (header + 1..).zip(&worst) {
        let (word, role) = match finding.severity {
            Severity::Error => ("error", Role::Bad),
            Severity::Warning => ("warning", Role::Warn),
            Severity::Note => ("note_level", Role::Note),
        };
        page.put(CellRef::new(row, 0), PageCell::from(ctx.word(word)).role(role));
        let place = match &finding.at {
            Some(at) => link(&at.to_string(), Some(at)),
            None => finding.sheet.clone().unwrap_or_default().into(),
        };
        span(page, row, 1, 2, place);
        span(page, row, 3, 11, PageCell::from(finding.message(ctx.lang)).shaped(Shape::Wrapped));
    }
    page.go_to(header + 2 + worst.len() as u32);
}
