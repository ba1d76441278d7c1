//! 目标达成: target, actual, completion and result of every goal; by class and
//! by dimension; why there are gaps, and who answers them.

use super::{Board, Ctx, Sheet, clock, column, link, percent, shape, timed};
use crate::campaign::{Dimension, Direction, GoalClass, GoalType};
use crate::cell::{Area, CellRef};
use crate::expr::{Expr, Fun};
use crate::metrics::goals::{self, Asked, Goal, Outcome};
use crate::page::{Chart, ChartKind, Clock, Dress, Ink, Page, PageCell, Role, Series, Shape, Tab};
use crate::quantity::Unit;
use crate::review::Review;

mod attribution;
mod unmet;

pub use attribution::split_said;

/// See the module.
pub static SHEET: Sheet =
    Sheet { id: "goals", text: include_str!("goals.toml"), tab: Tab::Analysis, wanted, fill };

const COLUMNS: u32 = 15;
const TARGET: usize = 5;
const UPPER: usize = 6;
const ACTUAL: usize = 7;
const GAP: u32 = 8;
const COMPLETION: u32 = 9;
const OUTCOME: u32 = 10;
const IMPROVEMENT: u32 = 11;
const EXCESS: u32 = 13;
const KIND: u32 = 1;
const CLASS: u32 = 2;
const WEIGHT: u32 = 12;
/// Where the chart begins that stands beside the composites by class.
const BESIDE_CLASSES: u32 = 5;
/// So many goals are drawn; more bars cannot be told apart.
const BARS: usize = 20;
/// More goals than this go on over the paper.
const A_PAPER: usize = 25;
/// Where what the chart draws from stands.
const BESIDE: u32 = COLUMNS + 1;
/// What the composite is made of stands beside the page as well: it is a way, no result.
const COUNTED: u32 = BESIDE + 2;
const WEIGHTED: u32 = BESIDE + 3;

fn wanted(review: &Review<'_>) -> bool {
    let analysis = &review.analysis;
    let gaps = &analysis.attribution;
    !(analysis.goals.overall.is_empty()
        && analysis.goals.by_dimension.is_empty()
        && gaps.splits.is_empty()
        && gaps.mix.is_none())
}

fn fill(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board) {
    let goals = &ctx.review.analysis.goals;
    page.set_widths(&[18.0, 7.0, 7.0, 6.0, 6.0, 10.0, 10.0, 10.0, 11.0, 9.0, 9.0, 9.0, 7.0, 8.0, 30.0]);
    ctx.heading(page, COLUMNS);
    if let Some(conclusion) = conclusion(ctx) {
        let cell = PageCell::from(conclusion);
        board.conclusions.push(("goals", cell.clone()));
        page.line(Role::Conclusion, COLUMNS, cell);
    }
    for sentence in attribution::conclusions(ctx) {
        let cell = PageCell::from(sentence);
        board.conclusions.push(("goals", cell.clone()));
        page.line(Role::Conclusion, COLUMNS, cell);
    }
    page.skip(1);
    if !goals.overall.is_empty() {
        overall(page, ctx, board);
    }
    if !goals.by_dimension.is_empty() {
        by_dimension(page, ctx);
    }
    attribution::fill(page, ctx);
    unmet::fill(page, ctx);
}

fn overall(page: &mut Page, ctx: &Ctx<'_>, board: &mut Board) {
    let goals = &ctx.review.analysis.goals;
    page.line(Role::Section, COLUMNS, ctx.word("list"));
    let header = page.next_row();
    page.row(Role::Header, ctx.words([
        "name", "kind", "class", "direction", "unit", "target", "upper", "actual", "gap", "completion", "outcome",
        "improvement", "weight", "excess", "reason",
    ]));
    for (col, word) in [(COUNTED, "counted"), (WEIGHTED, "weighted")] {
        page.put(CellRef::new(header, col), PageCell::from(ctx.word(word)).role(Role::Note));
    }
    page.freeze = Some(CellRef::new(header + 1, 1));
    // Under a shorter list the header would be repeated over what follows it.
    page.repeat_rows = (goals.overall.len() > A_PAPER).then_some((header, header));
    let first = page.next_row();
    for goal in &goals.overall {
        row(page, ctx, goal, [kind_word(ctx, goal), class_word(ctx, goal), direction_word(ctx, goal.direction)]);
    }
    let last = page.next_row() - 1;
    page.filter = Some(Area::new(CellRef::new(header, 0), CellRef::new(last, COLUMNS - 1)));
    dress(page, ctx, first, last);
    let composite = goals::composite(column(page, WEIGHT, first, last), column(page, COUNTED, first, last));
    let row = page.next_row();
    page.row(Role::Total, [ctx.word("composite")]);
    for col in 1..COLUMNS {
        page.put(CellRef::new(row, col), PageCell::default().role(Role::Total));
    }
    let at = CellRef::new(row, COMPLETION);
    let placed = page.put(at, PageCell::from(composite).shaped(Shape::Percent).role(Role::Total));
    board.figures.insert(goals::COMPOSITE.name, placed);
    board.ranges.insert("goal-names", page.column(0, first, last));
    board.ranges.insert("goal-completion", page.column(COMPLETION, first, last));
    page.skip(1);
    let top = page.next_row();
    by_class(page, ctx, first, last);
    chart(page, ctx, top, first);
}

/// One goal: its cells, and the figures over the cells just placed.
fn row(page: &mut Page, ctx: &Ctx<'_>, goal: &Goal, words: [String; 3]) {
    let policy = ctx.review.policy;
    let row = page.next_row();
    let [second, third, fourth] = words;
    let clock = clock(goal);
    let shown = |expr: &Expr| timed(&goal.unit, clock, expr);
    let upper = goal.asked.upper.as_ref().map_or_else(PageCell::default, shown);
    let placed = page.row(Role::Body, [
        link(&goal.name, goal.at.as_ref()),
        second.into(),
        third.into(),
        fourth.into(),
        unit_word(ctx, &goal.unit, clock).into(),
        shown(&goal.asked.level),
        upper,
        shown(&goal.actual),
    ]);
    // From here on the row computes from its own cells; the baseline has no column and stays where it is.
    let asked = Asked {
        level: placed[TARGET].clone(),
        upper: goal.asked.upper.as_ref().map(|_| placed[UPPER].clone()),
        baseline: clock.map_or_else(|| goal.asked.baseline.clone(), |clock| clock.told(&goal.asked.baseline)),
    };
    let actual = &placed[ACTUAL];
    let mut put = |col: u32, expr: Expr, shape: Shape| {
        page.put(CellRef::new(row, col), PageCell::from(expr).shaped(shape))
    };
    let gap = goals::gap(actual, &asked);
    match (&goal.unit, clock) {
        // Between two rates the gap is told in points.
        (Unit::Percent | Unit::Points, _) => put(GAP, (gap * 100.0).known(), Shape::Points),
        (_, Some(clock)) => put(GAP, gap, Shape::Duration(clock.0)),
        _ => put(GAP, gap, shape(&goal.unit, goal.gap.value())),
    };
    let completion = put(COMPLETION, goals::completion(actual, &asked, goal.direction, policy), Shape::Percent);
    let called = goals::outcome(&completion, policy, |outcome| ctx.word(outcome.id()));
    put(OUTCOME, called, Shape::General);
    put(IMPROVEMENT, goals::improvement(actual, &asked), Shape::Percent);
    if goal.member.is_none() {
        put(EXCESS, goals::excess(actual, &asked, goal.direction), Shape::Percent);
        let weight = goal.weight.clone();
        let shape = if weight.is_constant() { Shape::Integer } else { Shape::Percent };
        let weight = put(WEIGHT, weight, shape);
        let counted = put(COUNTED, goals::capped(&completion, policy), Shape::Percent);
        put(WEIGHTED, (weight * counted).known(), Shape::Percent);
    }
    page.put(CellRef::new(row, COLUMNS - 1), PageCell::from(goal.reason.as_str()).shaped(Shape::Wrapped));
}

fn dress(page: &mut Page, ctx: &Ctx<'_>, first: u32, last: u32) {
    let area = Area::new(CellRef::new(first, OUTCOME), CellRef::new(last, OUTCOME));
    for (outcome, role) in [
        (Outcome::Exceeded, Role::Good),
        (Outcome::Reached, Role::Good),
        (Outcome::Mostly, Role::Warn),
        (Outcome::Missed, Role::Bad),
    ] {
        page.dresses.push(Dress::Word { area, word: ctx.word(outcome.id()), role });
    }
    page.dresses.push(Dress::Bar(Area::new(CellRef::new(first, COMPLETION), CellRef::new(last, COMPLETION))));
}

/// The composite of each 目标类别 and each 指标类型, over the rows of the list above.
fn by_class(page: &mut Page, ctx: &Ctx<'_>, first: u32, last: u32) {
    let overall = &ctx.review.analysis.goals.overall;
    let classes = GoalClass::ALL.iter().filter(|class| overall.iter().any(|goal| goal.class == Some(**class)));
    let classes: Vec<String> = classes.map(|class| class_name(ctx, *class)).collect();
    composites(page, ctx, "by_class", CLASS, classes, (first, last));
    let kinds = [GoalType::Result, GoalType::Process];
    let kinds = kinds.into_iter().filter(|kind| overall.iter().any(|goal| goal.kind == Some(*kind)));
    let kinds: Vec<String> = kinds.map(|kind| ctx.word(kind.id())).collect();
    composites(page, ctx, "by_kind", KIND, kinds, (first, last));
}

/// How many goals each name of a column has, and their composite.
fn composites(
    page: &mut Page,
    ctx: &Ctx<'_>,
    title: &str,
    col: u32,
    names: Vec<String>,
    (first, last): (u32, u32),
) {
    if names.is_empty() {
        return;
    }
    // The chart of completion stands to the right of these few columns.
    page.line(Role::Section, BESIDE_CLASSES - 1, ctx.word(title));
    let what = if col == KIND { "kind" } else { "class" };
    page.row(Role::Header, ctx.words([what, "count", "completion"]));
    let of = |page: &Page| column(page, col, first, last);
    for name in names {
        let row = page.next_row();
        let name = page.row(Role::Body, [name]).remove(0);
        let count = Expr::call(Fun::CountIf, [of(page), name.clone()]);
        page.put(CellRef::new(row, 1), PageCell::from(count).shaped(Shape::Integer));
        let mean = goals::composite_of(
            &name,
            of(page),
            column(page, WEIGHT, first, last),
            column(page, COUNTED, first, last),
            column(page, WEIGHTED, first, last),
        );
        page.put(CellRef::new(row, 2), PageCell::from(mean).shaped(Shape::Percent));
    }
    page.skip(1);
}

fn by_dimension(page: &mut Page, ctx: &Ctx<'_>) {
    page.line(Role::Section, COLUMNS, ctx.word("by_dimension"));
    page.row(Role::Header, ctx.words([
        "name", "dimension", "member", "direction", "unit", "target", "upper", "actual", "gap", "completion", "outcome",
        "improvement",
    ]));
    let first = page.next_row();
    for goal in &ctx.review.analysis.goals.by_dimension {
        let (dimension, member) = goal.member.clone().unwrap_or((Dimension::Overall, String::new()));
        row(page, ctx, goal, [ctx.word(dimension.id()), member, direction_word(ctx, goal.direction)]);
    }
    dress(page, ctx, first, page.next_row() - 1);
    page.skip(1);
    trends(page, ctx, first);
}

/// Target and actual over time, a chart for each goal that is told by periods; `first` is the row of the first of them.
fn trends(page: &mut Page, ctx: &Ctx<'_>, first: u32) {
    let goals = &ctx.review.analysis.goals.by_dimension;
    let over_time = |goal: &Goal| matches!(goal.member, Some((Dimension::Time, _)));
    let mut from = 0;
    for group in goals.chunk_by(|a, b| a.name == b.name && over_time(a) && over_time(b)) {
        let (top, last) = (first + from as u32, first + (from + group.len()) as u32 - 1);
        from += group.len();
        let known = group.iter().filter(|goal| goal.actual.number().is_some()).count();
        // Two points are a pair of numbers, no course.
        if !over_time(&group[0]) || known < 3 {
            continue;
        }
        let series = |page: &Page, word: &str, col: u32, ink: Ink| {
            Series::new(ctx.word(word), page.column(CLASS, top, last), page.column(col, top, last), ink)
        };
        let at = CellRef::new(page.next_row(), 0);
        page.charts.push(Chart {
            name: "trend",
            series: vec![
                series(page, "target", TARGET as u32, Ink::Plan),
                series(page, "actual", ACTUAL as u32, Ink::Accent),
            ],
            shape: shape(&group[0].unit, group[0].actual.number()),
            labels: false,
            ..Chart::new(
                ChartKind::Lines,
                at,
                (760, 260),
                ctx.say("trend", &[("name", &group[0].name)]),
                ctx.word("trend_alt"),
            )
        });
        page.skip(15);
    }
}

/// Bars of completion, the best first; no chart where none is known.
fn chart(page: &mut Page, ctx: &Ctx<'_>, top: u32, first: u32) {
    let overall = (first..).zip(&ctx.review.analysis.goals.overall);
    let mut known: Vec<(u32, &Goal, f64)> =
        overall.filter_map(|(row, goal)| Some((row, goal, goal.completion.value()?))).collect();
    if known.is_empty() {
        return;
    }
    known.sort_by(|a, b| b.2.total_cmp(&a.2));
    known.truncate(BARS);
    let header = first - 1;
    page.put(CellRef::new(header, BESIDE), PageCell::from(ctx.word("ranked")).role(Role::Note));
    for (at, (row, goal, _)) in (first..).zip(&known) {
        page.put(CellRef::new(at, BESIDE), PageCell::from(goal.name.as_str()).role(Role::Note));
        let completion = PageCell::from(page.at(*row, COMPLETION)).shaped(Shape::Percent).role(Role::Note);
        page.put(CellRef::new(at, BESIDE + 1), completion);
    }
    let last = first + known.len() as u32 - 1;
    let (names, values) = (page.column(BESIDE, first, last), page.column(BESIDE + 1, first, last));
    let height = 100 + 21 * known.len() as u32;
    page.charts.push(Chart {
        name: "completion",
        series: vec![Series::new(ctx.word("completion"), names, values, Ink::Accent)],
        shape: Shape::Percent,
        labels: true,
        ..Chart::new(
            ChartKind::Bars,
            CellRef::new(top, BESIDE_CLASSES),
            (640, height),
            ctx.word("chart"),
            ctx.word("chart_alt"),
        )
    });
    page.go_to(page.next_row().max(top + height / 20 + 2));
}

/// One sentence from the numbers: how many were reached, the best and the worst.
fn conclusion(ctx: &Ctx<'_>) -> Option<String> {
    let mut known: Vec<(&str, f64, Outcome)> = ctx
        .review
        .analysis
        .goals
        .overall
        .iter()
        .filter_map(|goal| Some((goal.name.as_str(), goal.completion.value()?, goal.outcome)))
        .collect();
    known.sort_by(|a, b| b.1.total_cmp(&a.1));
    let (best, worst) = (known.first()?, known.last()?);
    let good = |outcome: Outcome| matches!(outcome, Outcome::Exceeded | Outcome::Reached);
    let reached = known.iter().filter(|(.., outcome)| good(*outcome)).count();
    let all = ctx.review.analysis.goals.overall.len();
    if all == 1 {
        let (name, completion, outcome) = *best;
        return Some(ctx.say("conclusion_one", &[
            ("name", name),
            ("completion", &percent(completion)),
            ("outcome", &ctx.word(outcome.id())),
        ]));
    }
    let named = |key: &str, (name, completion, _): &(&str, f64, Outcome)| {
        ctx.say(key, &[("name", name), ("completion", &percent(*completion))])
    };
    Some(ctx.say(if reached == all { "conclusion_all" } else { "conclusion" }, &[
        ("n", &all.to_string()),
        ("reached", &reached.to_string()),
        ("best", &named("best", best)),
        ("worst", &named(if good(worst.2) { "worst_reached" } else { "worst" }, worst)),
    ]))
}

fn kind_word(ctx: &Ctx<'_>, goal: &Goal) -> String {
    match goal.kind {
        Some(GoalType::Result) => ctx.word("result"),
        Some(GoalType::Process) => ctx.word("process"),
        None if goal.stated => ctx.word("stated"),
        None => String::new(),
    }
}

fn class_word(ctx: &Ctx<'_>, goal: &Goal) -> String {
    goal.class.map(|class| class_name(ctx, class)).unwrap_or_default()
}

fn class_name(ctx: &Ctx<'_>, class: GoalClass) -> String {
    ctx.word(match class {
        GoalClass::Business => "business",
        GoalClass::User => "user",
        GoalClass::Process => "process_class",
    })
}

/// More or less is better, as an arrow: a sign takes no room of the page.
fn direction_word(ctx: &Ctx<'_>, direction: Direction) -> String {
    ctx.word(match direction {
        Direction::Higher => "up",
        Direction::Lower => "down",
        other => other.id(),
    })
}

/// What a goal's numbers count, as people write it.
fn unit_word(ctx: &Ctx<'_>, unit: &Unit, clock: Option<Clock>) -> String {
    match unit {
        Unit::Counter(counter) => counter.clone(),
        Unit::Yuan => ctx.word("unit_yuan"),
        Unit::Seconds => ctx.word(clock.map_or("unit_second", |clock| super::time_word(clock.0))),
        Unit::Times => ctx.word("unit_times"),
        Unit::Score => ctx.word("unit_score"),
        Unit::None | Unit::Percent | Unit::Points | Unit::Discount => String::new(),
    }
}
