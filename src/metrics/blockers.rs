//! What stands in the way of the figures: the cells that, once filled in, let
//! the most of them be computed ("修好这 3 格可解锁 投产比、漏斗").
//!
//! A cell blocks a figure when the figure's own expression has no value with
//! the cell as it is and has one with a number in it. That is tried out, not
//! guessed: placeholders and unreadable texts are taken for empty cells first.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::{Analysis, Basis, Figure, Metric, analyse};
use crate::campaign::bind;
use crate::catalogue::record::{Field, Records, Value};
use crate::cell::Place;
use crate::expr::{Expr, Leaf, Val};
use crate::locale::Lang;
use crate::quantity::Nothing;
use crate::words::Words;

/// Figures with more open cells than this are not unlocked by a few of them.
const MOST_CELLS: usize = 64;

/// Cells to fill in, and what that yields.
#[derive(Debug, Clone, PartialEq)]
pub struct Blocker {
    /// The cells, in order of sheets and rows.
    pub cells: Vec<Place>,
    /// The figures that can be computed then.
    pub unlocks: Vec<Unlock>,
}

/// A figure that is unlocked.
#[derive(Debug, Clone, PartialEq)]
pub struct Unlock {
    /// Which.
    pub metric: &'static Metric,
    /// Of which goals, channels …; empty where it is one of the whole campaign.
    pub of: Vec<String>,
}

impl Blocker {
    /// The figures that are unlocked, as a person reads them.
    pub fn figures(&self, lang: Lang) -> String {
        let words = Words::load(&[include_str!("blockers.toml")], lang);
        let one = |unlock: &Unlock| {
            let figure = unlock.metric.definition(lang).title;
            match unlock.of.as_slice() {
                [] => figure,
                [only] => words.say("of", &[("figure", &figure), ("name", only)]),
                several => words.say("of_several", &[("figure", &figure), ("n", &several.len().to_string())]),
            }
        };
        self.unlocks.iter().map(one).collect::<Vec<_>>().join(&words.get("comma"))
    }
}

impl PartialEq for Metric {
    fn eq(&self, other: &Metric) -> bool {
        self.name == other.name
    }
}

/// A figure that is wanted and unknown, with the cells it waits for.
struct Open {
    metric: &'static Metric,
    of: Option<String>,
    cells: BTreeSet<Place>,
    /// Asked for even where no finding says that a cell is empty.
    always: bool,
}

/// Which cells to fill in first, by how much can be computed then.
///
/// `told` are the cells that findings are about. The figures every campaign is
/// judged by are always asked for; of the others, whose columns a team may well
/// leave empty, those that a finding stands in the way of.
pub fn find(basis: Basis<'_>, analysis: &Analysis, told: &BTreeSet<&Place>) -> Vec<Blocker> {
    // Taking answers away makes nothing known: where all is, there is nothing to try.
    let open = |it: &Asked<'_>| it.figure.value().is_none() && (it.always || !told.is_empty());
    let worth_trying = asked(analysis).iter().any(open);
    let mut open =
        match Some(basis.records).filter(|_| worth_trying).and_then(|records| emptied(records, told)) {
            None => wanted(analysis),
            Some(records) => {
                let campaign = bind(&records);
                wanted(&analyse(Basis { records: &records, campaign: &campaign, ..basis }))
            }
        };
    open.retain(|it| it.always || it.cells.iter().any(|at| told.contains(at)));
    let groups = by_columns(&open, basis.records);
    let mut blockers: Vec<Blocker> = groups.into_iter().map(|cells| blocker(cells, &open)).collect();
    let figures =
        |blocker: &Blocker| blocker.unlocks.iter().map(|unlock| unlock.of.len().max(1)).sum::<usize>();
    blockers.sort_by_key(|blocker| {
        (
            std::cmp::Reverse((blocker.unlocks.len(), figures(blocker))),
            blocker.cells.len(),
            blocker.cells.clone(),
        )
    });
    without_repeats(blockers)
}

/// The records with everything in them that is no answer taken for an empty
/// cell, and so the formulas without a result that findings are about; `None`
/// where there is nothing of the kind.
fn emptied(records: &Records, told: &BTreeSet<&Place>) -> Option<Records> {
    let mends = |field: &Field<Value>| match &field.nothing {
        _ if field.value.is_some() => false,
        Some(Nothing::Placeholder | Nothing::Pending | Nothing::Error(_) | Nothing::Unreadable(_)) => true,
        Some(Nothing::Blank) if field.computed => field.at.as_ref().is_some_and(|at| told.contains(at)),
        Some(Nothing::Blank) => !field.text.is_empty(),
        _ => false,
    };
    let rows = || records.tables.values().flat_map(|table| &table.rows);
    if !rows().flat_map(|row| row.fields.values()).any(mends) {
        return None;
    }
    let mut records = records.clone();
    let fields =
        records.tables.values_mut().flat_map(|table| &mut table.rows).flat_map(|row| row.fields.values_mut());
    for field in fields.filter(|field| mends(field)) {
        field.nothing = Some(Nothing::Blank);
        field.computed = false;
        field.text.clear();
    }
    Some(records)
}

/// A figure worth asking for.
struct Asked<'a> {
    figure: &'a Figure,
    /// Of which goal, channel …; empty where it is one of the whole campaign.
    of: String,
    /// Asked for even where no finding says that a cell is empty.
    always: bool,
}

/// Every figure worth asking for.
fn asked(analysis: &Analysis) -> Vec<Asked<'_>> {
    let mut asked = Vec::new();
    let mut of_row = |figure, name: &str, always| asked.push(Asked { figure, of: name.to_owned(), always });
    for goal in analysis.goals.overall.iter().chain(&analysis.goals.by_dimension) {
        match &goal.member {
            Some((_, member)) => of_row(&goal.completion, &format!("{}/{member}", goal.name), true),
            None => of_row(&goal.completion, &goal.name, true),
        }
    }
    for channel in &analysis.channels.each {
        for figure in [&channel.roi, &channel.ctr, &channel.cvr] {
            of_row(figure, &channel.name, true);
        }
    }
    for step in &analysis.funnel.steps {
        of_row(&step.rate, &step.name, true);
    }
    for line in &analysis.money.budget.lines {
        of_row(&line.execution, &line.name, false);
    }
    for figure in [&analysis.money.profit.gross, &analysis.money.profit.net, &analysis.money.profit.roi] {
        of_row(figure, "", false);
    }
    of_row(&analysis.money.budget.reserve_share, "", false);
    for promotion in &analysis.money.promotions {
        for figure in [&promotion.redemption, &promotion.roi] {
            of_row(figure, &promotion.name, false);
        }
    }
    for line in &analysis.sales.lines {
        of_row(&line.growth, &line.name, false);
    }
    for category in &analysis.sales.categories {
        of_row(&category.contribution, &category.name, false);
    }
    for user in &analysis.traffic.users {
        of_row(&user.completion, &user.name, false);
    }
    for day in &analysis.daily.days {
        for figure in [&day.ctr, &day.cvr] {
            of_row(figure, &day.date.to_string(), false);
        }
    }
    asked
}

/// Those that have no value, with the cells they wait for.
fn wanted(analysis: &Analysis) -> Vec<Open> {
    let mut open = Vec::new();
    for it in asked(analysis).into_iter().filter(|it| it.figure.value().is_none()) {
        if let Some(cells) = waits_for(&it.figure.expr) {
            let of = Some(it.of).filter(|name| !name.is_empty());
            open.push(Open { metric: it.figure.metric, of, cells, always: it.always });
        }
    }
    // Figures of the whole are known as soon as one of their parts is.
    let composite = &analysis.goals.composite;
    let execution = &analysis.money.budget.total.execution;
    for (whole, part) in [
        (composite, super::goals::COMPLETION.name),
        (&analysis.channels.roi, analysis.channels.roi.metric.name),
        (execution, execution.metric.name),
    ] {
        if whole.value().is_some() {
            continue;
        }
        let parts = open.iter().filter(|it| it.metric.name == part && it.of.is_some());
        if let Some(cells) = parts.map(|it| &it.cells).min_by_key(|cells| cells.len()).cloned() {
            open.push(Open { metric: whole.metric, of: None, cells, always: true });
        }
    }
    open
}

/// The empty cells that suffice to give an expression a value; `None` where none do.
fn waits_for(expr: &Expr) -> Option<BTreeSet<Place>> {
    let mut cells = super::blockers(expr);
    if cells.is_empty() || cells.len() > MOST_CELLS || filled(expr, &cells).number().is_none() {
        return None;
    }
    // What can stay empty stays empty; of two ways the one that is written first is asked for.
    for last in (0..cells.len()).rev() {
        let fewer: Vec<&Place> =
            cells.iter().enumerate().filter(|(i, _)| *i != last).map(|(_, at)| *at).collect();
        if filled(expr, &fewer).number().is_some() {
            cells = fewer;
        }
    }
    Some(cells.into_iter().cloned().collect()).filter(|cells: &BTreeSet<Place>| !cells.is_empty())
}

/// The expression with a number in these empty cells.
fn filled(expr: &Expr, cells: &[&Place]) -> Expr {
    match expr {
        Expr::Leaf(Leaf::Cell { at, value: Val::Blank }) if cells.contains(&at) => {
            Expr::cell(at.clone(), Val::Number(1.0))
        }
        Expr::Op(it) => filled(&it.left, cells).op(it.op, filled(&it.right, cells)),
        Expr::Call(it) => Expr::call(it.fun, it.args.iter().map(|arg| filled(arg, cells))),
        other => other.clone(),
    }
}

/// Sets of cells to fill in together: those of the same columns of the same tables.
fn by_columns(open: &[Open], records: &Records) -> Vec<BTreeSet<Place>> {
    let wanted: BTreeSet<&Place> = open.iter().flat_map(|it| &it.cells).collect();
    let mut columns: BTreeMap<&Place, (&str, &str)> = BTreeMap::new();
    for (table, rows) in &records.tables {
        for (column, field) in rows.rows.iter().flat_map(|row| &row.fields) {
            if let Some(at) = field.at.as_ref().filter(|at| wanted.contains(at)) {
                columns.insert(at, (table, column));
            }
        }
    }
    let mut groups: IndexMap<BTreeSet<(&str, &str)>, BTreeSet<Place>> = IndexMap::new();
    for it in open {
        let of: BTreeSet<(&str, &str)> =
            it.cells.iter().map(|at| columns.get(at).copied().unwrap_or_default()).collect();
        groups.entry(of).or_default().extend(it.cells.iter().cloned());
    }
    groups.into_values().collect()
}

/// What filling in these cells yields.
fn blocker(cells: BTreeSet<Place>, open: &[Open]) -> Blocker {
    let mut unlocks: IndexMap<&str, Unlock> = IndexMap::new();
    let mut named: BTreeSet<(&str, &str)> = BTreeSet::new();
    for it in open.iter().filter(|it| it.cells.is_subset(&cells)) {
        let unlock =
            unlocks.entry(it.metric.name).or_insert_with(|| Unlock { metric: it.metric, of: Vec::new() });
        unlock.of.extend(
            it.of.clone().filter(|_| named.insert((it.metric.name, it.of.as_deref().unwrap_or_default()))),
        );
    }
    Blocker { cells: cells.into_iter().collect(), unlocks: unlocks.into_values().collect() }
}

/// Leaves out what an earlier one yields already.
fn without_repeats(blockers: Vec<Blocker>) -> Vec<Blocker> {
    let mut yielded: BTreeSet<(&str, Option<String>)> = BTreeSet::new();
    let mut kept = Vec::new();
    for blocker in blockers {
        let mut new = false;
        for unlock in &blocker.unlocks {
            if unlock.of.is_empty() {
                new |= yielded.insert((unlock.metric.name, None));
            }
            for of in &unlock.of {
                new |= yielded.insert((unlock.metric.name, Some(of.clone())));
            }
        }
        if new {
            kept.push(blocker);
        }
    }
    kept
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::campaign::fixture::{Cell, Row, blank, measure, number, records, target, text};
    use crate::catalogue::Catalogue;
    use crate::policy::Policy;

    fn found(records: &Records) -> Vec<Blocker> {
        let campaign = bind(records);
        let policy = Policy::default();
        let basis = Basis {
            catalogue: Catalogue::shipped(),
            records,
            campaign: &campaign,
            policy: &policy,
            as_of: NaiveDate::default(),
        };
        find(basis, &analyse(basis), &BTreeSet::new())
    }

    fn channel(name: &str, spend: Cell, sales: Cell, exposure: Cell, clicks: Cell) -> [(&str, Cell); 5] {
        [
            ("channel", text(name)),
            ("spend", spend),
            ("sales", sales),
            ("exposure", exposure),
            ("clicks", clicks),
        ]
    }

    fn told(blockers: &[Blocker]) -> Vec<String> {
        let line = |blocker: &Blocker| {
            let cells: Vec<String> = blocker.cells.iter().map(|at| at.cell.to_string()).collect();
            let unlocks: Vec<String> = blocker
                .unlocks
                .iter()
                .map(|unlock| format!("{}({})", unlock.metric.name, unlock.of.join(",")))
                .collect();
            format!("{}: {}", cells.join(" "), unlocks.join(" "))
        };
        blockers.iter().map(line).collect()
    }

    #[test]
    fn cells_of_one_column_stand_together_and_what_unlocks_most_stands_first() {
        let rows = [
            channel("抖音", blank(), number(60.0), number(1000.0), number(10.0)),
            channel("微博", blank(), number(50.0), number(1000.0), number(10.0)),
            channel("小红书", number(9.0), number(50.0), number(1000.0), blank()),
        ];
        let rows: Vec<Row<'_>> = rows.iter().map(|row| &row[..]).collect();
        assert_eq!(
            told(&found(&records(&[("channels", &rows)]))),
            ["B3 B4: roi(抖音,微博)", "E5: ctr(小红书)"]
        );
    }

    #[test]
    fn of_two_ways_to_a_figure_one_is_asked_for() {
        let row: Row<'_> = &[
            ("channel", text("抖音")),
            ("spend", number(10.0)),
            ("sales", blank()),
            ("conversions", number(6.0)),
            ("unit_value", blank()),
        ];
        let blockers = found(&records(&[("channels", &[row])]));
        assert_eq!(told(&blockers), ["C3: roi(抖音)"]);
    }

    #[test]
    fn filling_in_the_cells_named_yields_the_figures_named() {
        let rows = |spend: Cell, clicks: Cell, actual: Cell| {
            let channels = channel("抖音", spend, number(60.0), number(1000.0), clicks);
            let goal: Vec<(&str, Cell)> = vec![("name", text("销售额")), ("target", target(500.0))];
            let result: Vec<(&str, Cell)> = vec![("name", text("销售额")), ("actual", actual)];
            records(&[("channels", &[&channels[..]]), ("kpi", &[&goal[..]]), ("results", &[&result[..]])])
        };
        let before = rows(blank(), blank(), blank());
        let blockers = found(&before);
        let named: BTreeSet<&str> =
            blockers.iter().flat_map(|it| &it.unlocks).map(|unlock| unlock.metric.name).collect();
        assert_eq!(named, BTreeSet::from(["completion", "composite-completion", "ctr", "roi"]));
        let after = rows(number(10.0), number(10.0), measure(520.0));
        let analysis = super::super::fixture::analysed(after.clone());
        assert_eq!(analysis.channels.each[0].roi.value(), Some(6.0));
        assert_eq!(analysis.channels.each[0].ctr.value(), Some(0.01));
        assert_eq!(analysis.goals.overall[0].completion.value(), Some(1.04));
        assert_eq!(found(&after), Vec::new());
    }

    #[test]
    fn a_placeholder_stands_in_the_way_and_what_does_not_apply_does_not() {
        let row = channel("抖音", blank(), number(60.0), blank(), number(10.0));
        let mut records = records(&[("channels", &[&row[..]])]);
        let fields = &mut records.tables.get_mut("channels").unwrap().rows[0].fields;
        let mut type_in = |column: &str, typed: &str, nothing| {
            let field = fields.get_mut(column).unwrap();
            field.text = typed.to_owned();
            field.nothing = Some(nothing);
        };
        type_in("spend", "[具体数字]", Nothing::Placeholder);
        type_in("exposure", "/", Nothing::NotApplicable);
        assert_eq!(told(&found(&records)), ["B3: roi(抖音)"]);
    }
}
