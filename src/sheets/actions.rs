//! 行动清单: the team's actions in order of priority, each with the reason for
//! its place; below them what the figures suggest and nobody has planned.

use super::line::Line;
use super::{Board, Ctx, Sheet, column, link};
use crate::campaign::{Action, Level};
use crate::cell::{Area, CellRef};
use crate::diagnostic::number;
use crate::expr::{Expr, Fun, Op};
use crate::metrics::actions::{self, Quadrant, Ranked, State};
use crate::page::{Dress, Page, PageCell, Role, Shape, Tab};
use crate::review::Review;

/// See the module.
pub static SHEET: Sheet =
    Sheet { id: "actions", text: include_str!("actions.toml"), tab: Tab::Action, wanted, fill };

const COLUMNS: u32 = 13;
/// What the score is made of stands beside the page: the quadrant says it in a word.
const IMPACT: u32 = COLUMNS + 1;
const DIFFICULTY: u32 = COLUMNS + 3;
/// More actions than this go on over the next sheet of paper.
const A_PAPER: usize = 15;
const QUADRANT: u32 = 1;
const STATE: u32 = 9;

fn wanted(review: &Review<'_>) -> bool {
    !review.analysis.actions.ranked.is_empty() || !review.suggestions.is_empty()
}

fn fill(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board) {
    let ranked = &ctx.review.analysis.actions.ranked;
    page.set_widths(&[5.0, 12.0, 6.0, 36.0, 14.0, 8.0, 9.0, 11.0, 8.0, 10.0, 20.0, 9.0, 26.0]);
    ctx.heading(page, COLUMNS);
    if !ranked.is_empty() {
        own(page, ctx, board);
    }
    if !ctx.review.suggestions.is_empty() {
        suggested(page, ctx, board);
    }
}

/// The team's own actions.
fn own(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board) {
    let ranked = &ctx.review.analysis.actions.ranked;
    let conclusion = PageCell::from(conclusion(ctx));
    board.conclusions.push(("actions", conclusion.clone()));
    page.line(Role::Conclusion, COLUMNS, conclusion);
    let as_of = page.row(Role::Note, [
        PageCell::from(""),
        ctx.word("as_of").into(),
        PageCell::default(),
        PageCell::from(Some(ctx.review.as_of)),
    ]);
    let as_of = as_of[3].clone();
    page.skip(1);
    page.line(Role::Section, COLUMNS, ctx.word("list"));
    let header = page.next_row();
    page.row(Role::Header, ctx.words([
        "order", "quadrant", "score", "action", "problem", "owner", "dept", "due", "left", "state", "standard",
        "effect", "why",
    ]));
    let beside = ctx.words(["impact", "impact_weight", "difficulty", "difficulty_weight"]);
    for (col, word) in (IMPACT..).zip(beside) {
        page.put(CellRef::new(header, col), PageCell::from(word).role(Role::Note));
    }
    page.freeze = Some(CellRef::new(header + 1, 4));
    // Under a short list the header would be repeated over the suggestions.
    page.repeat_rows = (ranked.len() > A_PAPER).then_some((header, header));
    let first = page.next_row();
    for (order, ranked) in ranked.iter().enumerate() {
        row(page, ctx, order, ranked, &as_of);
    }
    let last = page.next_row() - 1;
    page.filter = Some(Area::new(CellRef::new(header, 0), CellRef::new(last, COLUMNS - 1)));
    for (state, role) in [
        (State::Overdue, Role::Bad),
        (State::DueSoon, Role::Warn),
        (State::DoneUnverified, Role::Warn),
        (State::Done, Role::Good),
    ] {
        let area = Area::new(CellRef::new(first, STATE), CellRef::new(last, STATE));
        page.dresses.push(Dress::Word { area, word: ctx.word(state.id()), role });
    }
    let area = Area::new(CellRef::new(first, QUADRANT), CellRef::new(last, QUADRANT));
    page.dresses.push(Dress::Word { area, word: ctx.word(Quadrant::QuickWin.id()), role: Role::Good });
    page.skip(1);
    completion(page, ctx, board, first, last);
    page.skip(1);
    matrix(page, ctx, first, last);
    board.ranges.insert("action-list", page.range(Area::new(CellRef::new(first, 0), CellRef::new(last, COLUMNS - 1))));
}

/// 系统建议, apart from the team's own: what to do, which figures ask for it, and where they stand.
fn suggested(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board) {
    let suggestions = &ctx.review.suggestions;
    page.line(Role::Section, COLUMNS, ctx.word("suggested"));
    page.line(Role::Note, COLUMNS, ctx.word("suggested_note"));
    let said = ctx.say("conclusion_suggested", &[
        ("n", &suggestions.len().to_string()),
        ("first", &suggestions.first().map(|first| first.action(ctx.lang)).unwrap_or_default()),
    ]);
    let said = PageCell::from(said);
    board.conclusions.push(("actions", said.clone()));
    page.line(Role::Conclusion, COLUMNS, said);
    let spans = [(0, 0, "order"), (1, 2, "suggested_rule"), (3, 4, "suggested_action"), (5, 10, "suggested_because"), (11, 12, "suggested_cells")];
    let mut line = Line::new(page);
    for (first, last, word) in spans {
        let cell = PageCell::from(ctx.word(word)).role(Role::Header);
        if first == last {
            line.put(first, cell);
        } else {
            line.span(first, last, cell);
        }
    }
    for (order, suggestion) in (1u32..).zip(suggestions) {
        let places: Vec<String> = suggestion.evidence.iter().take(6).map(ToString::to_string).collect();
        let more = suggestion.evidence.len().saturating_sub(places.len());
        let mut places = places.join(&ctx.word("list_join"));
        if more > 0 {
            places.push_str(&ctx.say("more_cells", &[("n", &more.to_string())]));
        }
        let wrapped = |text: String| PageCell::from(text).shaped(Shape::Wrapped);
        let mut line = Line::new(page);
        line.put(0, PageCell::from(f64::from(order)).shaped(Shape::Integer));
        line.span(1, 2, wrapped(suggestion.title(ctx.lang)));
        line.span(3, 4, wrapped(suggestion.action(ctx.lang)));
        line.span(5, 10, wrapped(suggestion.because(ctx.lang)));
        line.span(11, 12, link(&places, suggestion.evidence.first()).shaped(Shape::Wrapped));
    }
    page.skip(1);
}

fn row(page: &mut Page, ctx: &Ctx<'_>, order: usize, ranked: &Ranked, as_of: &Expr) {
    let action = &ctx.review.campaign.actions[ranked.row];
    let row = page.next_row();
    let level = |level: Option<Level>| level.map(|level| ctx.word(level.id())).unwrap_or_default();
    let wrapped = |text: &str| PageCell::from(text).shaped(Shape::Wrapped);
    let placed = page.row(Role::Body, [
        PageCell::from(order as f64 + 1.0).shaped(Shape::Integer),
        PageCell::default(),
        PageCell::default(),
        link(action.action.as_str(), action.action.at.as_ref()).shaped(Shape::Wrapped),
        wrapped(action.problem.as_str()),
        action.owner.as_str().into(),
        action.dept.as_str().into(),
        PageCell::from(action.due.expr()).shaped(Shape::Date),
        PageCell::default(),
        ctx.word(ranked.state.id()).into(),
        wrapped(action.standard.as_str()),
        PageCell::from(ranked.effect.expr.clone()).shaped(Shape::Percent),
        wrapped(&why(ctx, ranked, action)),
    ]);
    let mut beside = |col: u32, cell: PageCell| page.put(CellRef::new(row, col), cell.role(Role::Note));
    let levels = [(IMPACT, action.impact.value), (DIFFICULTY, action.difficulty.value)];
    let [impact, difficulty] = levels.map(|(col, value)| beside(col, level(value).into()));
    let mut put = |col: u32, expr: Expr, shape: Shape| {
        page.put(CellRef::new(row, col), PageCell::from(expr).shaped(shape))
    };
    let word = |level: Level| ctx.word(level.id());
    let impact = put(IMPACT + 1, actions::weight(&impact, word), Shape::Integer);
    let difficulty = put(DIFFICULTY + 1, actions::weight(&difficulty, word), Shape::Integer);
    let score = put(2, actions::score(&impact, &difficulty), Shape::Integer);
    put(QUADRANT, actions::quadrant(&score, |quadrant| ctx.word(quadrant.id())), Shape::General);
    if ranked.days_left.is_some() {
        put(8, actions::days_left(&placed[7], as_of), Shape::Integer);
    }
}

/// 行动完成率, counted over the list above.
fn completion(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board, first: u32, last: u32) {
    let count = |page: &Page, state: State| {
        Expr::call(Fun::CountIf, [column(page, STATE, first, last), Expr::text(ctx.word(state.id()))])
    };
    let done = count(page, State::Done) + count(page, State::DoneUnverified);
    let all = Expr::call(Fun::CountA, [column(page, STATE, first, last)]);
    let cancelled = count(page, State::Cancelled);
    page.line(Role::Section, COLUMNS, ctx.word("completion"));
    let row = page.next_row();
    let figure = |page: &mut Page, row: u32, label: &str, expr: Expr, shape: Shape| {
        page.put(CellRef::new(row, 3), PageCell::from(ctx.word(label)));
        page.put(CellRef::new(row, 4), PageCell::from(expr).shaped(shape))
    };
    let done = figure(page, row, "count_done", done, Shape::Integer);
    let all = figure(page, row + 1, "count_all", all, Shape::Integer);
    let cancelled = figure(page, row + 2, "count_cancelled", cancelled, Shape::Integer);
    let rate = figure(page, row + 3, "completion", actions::completion(done, all, cancelled), Shape::Percent);
    board.figures.insert(actions::ACTION_COMPLETION.name, rate);
    page.go_to(row + 4);
}

/// How many open actions stand in each field of impact × difficulty.
fn matrix(page: &mut Page, ctx: &Ctx<'_>, first: u32, last: u32) {
    page.line(Role::Section, COLUMNS, ctx.word("matrix"));
    page.line(Role::Note, COLUMNS, ctx.word("matrix_note"));
    let top = page.next_row();
    let difficulties = [Level::Low, Level::Medium, Level::High];
    page.put(CellRef::new(top, 3), PageCell::from(format!("{} ＼ {}", ctx.word("impact"), ctx.word("difficulty"))).role(Role::Header));
    for (col, difficulty) in (4u32..).zip(difficulties) {
        page.put(CellRef::new(top, col), PageCell::from(ctx.word(difficulty.id())).role(Role::Header));
    }
    for (row, impact) in (top + 1..).zip(Level::ALL) {
        let name = page.put(CellRef::new(row, 3), PageCell::from(ctx.word(impact.id())).role(Role::Header));
        for (col, difficulty) in (4u32..).zip(difficulties) {
            let open = [State::Overdue, State::DueSoon, State::Open, State::Undated].map(|state| {
                Expr::call(Fun::CountIfs, [
                    column(page, IMPACT, first, last),
                    name.clone(),
                    column(page, DIFFICULTY, first, last),
                    Expr::text(ctx.word(difficulty.id())),
                    column(page, STATE, first, last),
                    Expr::text(ctx.word(state.id())),
                ])
            });
            let sum = open.into_iter().reduce(|a, b| a.op(Op::Add, b)).unwrap_or_else(Expr::nothing);
            page.put(CellRef::new(row, col), PageCell::from(sum).shaped(Shape::Integer));
        }
    }
    page.go_to(top + 5);
}

/// Why an action ranks where it does.
pub fn why(ctx: &Ctx<'_>, ranked: &Ranked, action: &Action) -> String {
    let mut reasons = Vec::new();
    match (ranked.score, action.impact.value, action.difficulty.value) {
        (Some(score), Some(impact), Some(difficulty)) => reasons.push(ctx.say("why_score", &[
            ("impact", &ctx.word(impact.id())),
            ("difficulty", &ctx.word(difficulty.id())),
            ("score", &score.to_string()),
        ])),
        _ => reasons.push(ctx.word("why_unranked")),
    }
    if let (State::Overdue, Some(days)) = (ranked.state, ranked.days_left) {
        reasons.push(ctx.say("why_overdue", &[("days", &(-days).to_string())]));
    }
    if ranked.recurring {
        reasons.push(ctx.word("why_recurring"));
    }
    if let Some((goal, _)) = &ranked.goal {
        reasons.push(ctx.say("why_goal", &[("goal", goal)]));
    }
    reasons.join(&ctx.word("join"))
}

fn conclusion(ctx: &Ctx<'_>) -> String {
    let actions = &ctx.review.analysis.actions;
    let open: Vec<&Ranked> = actions.ranked.iter().filter(|action| action.state.is_open()).collect();
    let overdue = open.iter().filter(|action| action.state == State::Overdue).count();
    match open.first() {
        Some(first) => ctx.say(if overdue > 0 { "conclusion" } else { "conclusion_prompt" }, &[
            ("open", &open.len().to_string()),
            ("overdue", &overdue.to_string()),
            ("first", ctx.review.campaign.actions[first.row].action.as_str()),
        ]),
        None => ctx.say("conclusion_none", &[
            ("all", &actions.ranked.len().to_string()),
            ("completion", &actions.completion.value().map_or_else(|| ctx.word("cannot"), |n| format!("{}%", number(n * 100.0, 1)))),
        ]),
    }
}

