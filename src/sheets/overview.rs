//! 复盘总览: the campaign on one page, from what the other sheets have placed.

use super::{Board, Ctx, Sheet, link};
use crate::campaign::Verdict;
use crate::cell::{Area, CellRef};
use crate::diagnostic::Severity;
use crate::expr::{Expr, Range, Val};
use crate::metrics::goals::Goal;
use crate::page::{Chart, ChartKind, Dress, Ink, Page, PageCell, Role, Series, Shape, Tab};
use crate::review::Review;

/// See the module.
pub static SHEET: Sheet =
    Sheet { id: "overview", text: include_str!("overview.toml"), tab: Tab::First, wanted, fill };

const COLUMNS: u32 = 12;

/// The first so many sentences of each sheet are key conclusions.
const SENTENCES: usize = 2;

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
    page.set_widths(&[13.0; COLUMNS as usize]);
    ctx.heading(page, COLUMNS);
    facts(page, ctx);
    verdict(page, ctx);
    tiles(page, ctx, board);
    conclusions(page, ctx, board);
    best_and_worst(page, ctx);
    chart(page, ctx, board);
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

fn verdict(page: &mut Page, ctx: &Ctx<'_>) {
    let (word, role) = match ctx.review.analysis.goals.verdict {
        Some(Verdict::Success) => ("success", Role::Good),
        Some(Verdict::Mostly) => ("mostly_success", Role::Warn),
        Some(Verdict::Challenged) => ("challenged", Role::Bad),
        None => ("no_verdict", Role::Note),
    };
    let row = page.next_row();
    page.put(CellRef::new(row, 0), PageCell::from(ctx.word("verdict")).role(Role::FigureLabel));
    span(page, row, 1, 4, PageCell::from(ctx.word(word)).role(role));
    page.skip(2);
}

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
    }
    page.heights.insert(row + 1, 36.0);
    page.skip(3);
}

fn conclusions(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board) {
    page.line(Role::Section, COLUMNS, ctx.word("conclusions"));
    if board.conclusions.iter().all(|(sheet, _)| *sheet == "findings") {
        page.line(Role::Note, COLUMNS, ctx.word("nothing"));
    }
    let mut said: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for (sheet, sentence) in &board.conclusions {
        let times = said.entry(sheet).or_default();
        *times += 1;
        if *times <= SENTENCES {
            page.line(Role::Conclusion, COLUMNS, sentence.clone());
        }
    }
    page.skip(1);
}

fn best_and_worst(page: &mut Page, ctx: &Ctx<'_>) {
    let mut goals: Vec<(&Goal, f64)> = ctx
        .review
        .analysis
        .goals
        .overall
        .iter()
        .filter_map(|goal| Some((goal, goal.completion.value()?)))
        .collect();
    if goals.is_empty() {
        return;
    }
    goals.sort_by(|a, b| b.1.total_cmp(&a.1));
    let top = page.next_row();
    let half = goals.len().div_ceil(2).min(3);
    for (first, title, goals) in [
        (0, "best", goals.iter().take(half).collect::<Vec<_>>()),
        (6, "worst", goals.iter().rev().take((goals.len() - half).min(3)).collect()),
    ] {
        span(page, top, first, first + 5, PageCell::from(ctx.word(title)).role(Role::Section));
        span(page, top + 1, first, first + 2, PageCell::from(ctx.word("name")).role(Role::Header));
        page.put(CellRef::new(top + 1, first + 3), PageCell::from(ctx.word("completion")).role(Role::Header));
        span(page, top + 1, first + 4, first + 5, PageCell::from(ctx.word("outcome")).role(Role::Header));
        for (row, (goal, _)) in (top + 2..).zip(goals) {
            span(page, row, first, first + 2, link(&goal.name, goal.at.as_ref()));
            let completion = PageCell::from(goal.completion.expr.clone()).shaped(Shape::Percent);
            page.put(CellRef::new(row, first + 3), completion);
            span(page, row, first + 4, first + 5, ctx.word(goal.outcome.id()).into());
        }
    }
    for (outcome, role) in [("exceeded", Role::Good), ("reached", Role::Good), ("mostly", Role::Warn), ("missed", Role::Bad)] {
        for first in [4, 10] {
            let area = Area::new(CellRef::new(top + 2, first), CellRef::new(top + 4, first + 1));
            page.dresses.push(Dress::Word { area, word: ctx.word(outcome), role });
        }
    }
    page.go_to(top + 6);
}

/// Bars of completion against bars of 100%.
fn chart(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board) {
    let (Some(names), Some(values)) = (board.ranges.get("goal-names"), board.ranges.get("goal-completion")) else {
        return;
    };
    let against: Range = board.ranges.get("goal-hundred").cloned().unwrap_or_else(|| values.clone());
    let rows = names.values.len().min(20) as u32;
    let series = |name: String, values: &Range, ink: Ink| Series {
        name,
        categories: names.clone(),
        values: values.clone(),
        ink,
        second: false,
    };
    let height = 100 + 25 * rows;
    page.charts.push(Chart {
        name: "",
        kind: ChartKind::Bars,
        title: ctx.word("chart"),
        alt: ctx.word("chart_alt"),
        series: vec![
            series(ctx.word("completion"), values, Ink::Accent),
            series(ctx.word("plan"), &against, Ink::Plan),
        ],
        at: CellRef::new(page.next_row(), 0),
        size: (1100, height),
        x_title: None,
        y_title: None,
        shape: Shape::Percent,
        labels: true,
        y2: None,
    });
    page.skip(height / 20 + 2);
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
        ctx.review.findings.iter().filter(|finding| finding.severity > Severity::Note).take(5).collect();
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
