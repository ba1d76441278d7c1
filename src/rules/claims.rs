//! Typed figures against what their own rows give.
//!
//! A mistake of one kind (万, %, a missing value) shifts many rows by the same
//! factor: those are one finding. How precisely something was typed is how
//! precisely it is judged: 12% for 12.4% is no mistake.

use super::Ctx;
use crate::catalogue::record::Field;
use crate::cell::Place;
use crate::diagnostic::{Arg, Code, Finding, Sink, number};
use crate::expr::Expr;
use crate::locale::narrow;
use crate::mark::agrees_with_none;

/// What a claimed figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// 元.
    Money,
    /// A ratio shown in percent.
    Rate,
    /// A multiple, such as a ROI.
    Times,
}

/// One typed figure, and what it should be.
#[derive(Debug, Clone)]
pub struct Claim {
    /// What was typed, where.
    pub field: Field<f64>,
    /// How a person calls the row.
    pub name: String,
    /// What the row gives, over its cells; the first is said, any is accepted.
    pub computed: Vec<Expr>,
    /// Cells it is computed from.
    pub from: Vec<Place>,
}

impl Claim {
    /// A claim with one possible answer.
    pub fn new(field: &Field<f64>, name: &str, computed: impl Into<Expr>) -> Claim {
        let computed = vec![computed.into()];
        Claim { field: field.clone(), name: name.to_owned(), computed, from: Vec::new() }
    }

    /// Another answer that is right too.
    pub fn or(mut self, computed: impl Into<Expr>) -> Claim {
        self.computed.push(computed.into());
        self
    }

    /// Names the cells it is computed from.
    pub fn from<'a>(mut self, places: impl IntoIterator<Item = Option<&'a Place>>) -> Claim {
        self.from.extend(places.into_iter().flatten().cloned());
        self
    }

    /// The answer that is said.
    fn right(&self) -> Option<f64> {
        self.computed.first()?.number()
    }

    /// The check as a condition on the cell; `None` where an answer stands in no cell.
    fn when(&self, ctx: &Ctx<'_>, sort: Sort) -> Option<(&Place, Expr)> {
        let live = !self.computed.iter().any(Expr::is_constant);
        let typed = self.field.expr();
        let slack = slack(ctx, &self.field, sort);
        Some((self.field.at.as_ref()?, agrees_with_none(typed, &self.computed, slack))).filter(|_| live)
    }

    /// How far off a wrong figure is, as a factor; no factor leads from 0 to what was typed.
    fn wrong(&self, ctx: &Ctx<'_>, sort: Sort) -> Option<Option<f64>> {
        let typed = self.field.value?;
        let right = self.right()?;
        let slack = slack(ctx, &self.field, sort);
        let fits = |right: f64| (typed - right).abs() <= slack + right.abs() * 1e-9 + 1e-9;
        let wrong = !self.computed.iter().filter_map(Expr::number).any(fits);
        wrong.then(|| Some(typed / right).filter(|factor| factor.is_finite()))
    }
}

fn slack(ctx: &Ctx<'_>, field: &Field<f64>, sort: Sort) -> f64 {
    let tolerance = &ctx.policy.thresholds.tolerance;
    match sort {
        Sort::Money => tolerance.money.max(precision(field)),
        // A rate stored as 0.1 was typed as 10%: its precision is never coarser than half a point.
        Sort::Rate => tolerance.rate.max(precision(field).min(0.005)),
        Sort::Times => precision(field).clamp(0.005, 0.5),
    }
}

/// Half of the last place that was typed, in the base unit; nothing for what a formula gives.
pub fn precision<T>(field: &Field<T>) -> f64 {
    if field.computed {
        return 0.0;
    }
    let text = narrow(&field.text);
    let Some(start) = text.find(|c: char| c.is_ascii_digit()) else { return 0.0 };
    let digits: String =
        text[start..].chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ',')).collect();
    let unit = match text[start + digits.len()..].chars().next() {
        Some('万' | 'w' | 'W') => 1e4,
        Some('亿') => 1e8,
        Some('k' | 'K' | '千') => 1e3,
        Some('%') => 0.01,
        _ => field.scale.unwrap_or(1.0),
    };
    let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len().min(12));
    0.5 * unit / 10f64.powi(i32::try_from(decimals).unwrap_or(0))
}

/// Reports the claims of one column that do not hold, together where one factor explains them.
pub fn report(
    ctx: &Ctx<'_>,
    sink: &mut Sink,
    code: &'static Code,
    (table, column): (&str, &str),
    sort: Sort,
    claims: Vec<Claim>,
) {
    for finding in findings(ctx, code, (table, column), sort, claims) {
        sink.report(finding);
    }
}

/// The findings of [`report`].
pub fn findings(
    ctx: &Ctx<'_>,
    code: &'static Code,
    (table, column): (&str, &str),
    sort: Sort,
    claims: Vec<Claim>,
) -> Vec<Finding> {
    let mut groups: Vec<(Option<f64>, Vec<Claim>)> = Vec::new();
    for claim in claims {
        let Some(factor) = claim.wrong(ctx, sort) else { continue };
        match groups.iter_mut().find(|(other, _)| same_factor(*other, factor)) {
            Some((_, group)) => group.push(claim),
            None => groups.push((factor, vec![claim])),
        }
    }
    groups
        .into_iter()
        .filter_map(|(factor, group)| finding(ctx, code, (table, column), sort, factor, group))
        .collect()
}

fn same_factor(left: Option<f64>, right: Option<f64>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => (left - right).abs() <= 0.005 * left.abs().max(right.abs()),
        (left, right) => left == right,
    }
}

fn finding(
    ctx: &Ctx<'_>,
    code: &'static Code,
    (table, column): (&str, &str),
    sort: Sort,
    factor: Option<f64>,
    group: Vec<Claim>,
) -> Option<Finding> {
    let first = group.first()?;
    let right = first.right()?;
    let mut finding = ctx
        .finding(code, table, column, &first.field)
        .arg("names", names(group.iter().map(|claim| claim.name.as_str())))
        .arg("count", Arg::Count(group.len()))
        .arg("computed", show(sort, right))
        .arg("times", Arg::Times(factor.unwrap_or(1.0)))
        .arg("factor", Arg::Text(factor.map_or_else(|| "—".to_owned(), tidy)));
    // A row that gives 0 is more often not filled in than its figure typed wrong.
    if group.len() == 1 && factor.is_some() {
        finding = finding.suggest(value_text(sort, right));
    }
    for claim in &group[1..] {
        if let Some(at) = &claim.field.at {
            finding = finding.also(at);
        }
    }
    for (at, when) in group.iter().filter_map(|claim| claim.when(ctx, sort)) {
        finding = finding.mark(at, when);
    }
    for place in group.iter().flat_map(|claim| &claim.from) {
        if !finding.related.contains(place) {
            finding = finding.related(place);
        }
    }
    Some(finding)
}

fn show(sort: Sort, value: f64) -> Arg {
    match sort {
        Sort::Money => Arg::Money(value),
        Sort::Rate => Arg::Percent(value),
        Sort::Times => Arg::Number((value * 1e4).round() / 1e4),
    }
}

/// A figure as one would type it.
pub fn value_text(sort: Sort, value: f64) -> String {
    match sort {
        Sort::Rate => format!("{:.1}%", value * 100.0),
        Sort::Money | Sort::Times => number(value, 2).replace(',', ""),
    }
}

/// A factor in at most three significant decimals: 10, 0.01, 1.37.
fn tidy(factor: f64) -> String {
    let places = if factor.abs() >= 1.0 { 2 } else { 5 };
    number(factor, places)
}

/// Names of rows for a message: the first three, and a sign that there are more.
pub fn names<'a>(names: impl IntoIterator<Item = &'a str>) -> Arg {
    let mut shown: Vec<String> = Vec::new();
    for name in names {
        let name = crate::diagnostic::shorten(name, 20);
        if name.is_empty() || shown.contains(&name) {
            continue;
        }
        if shown.len() == 3 {
            shown.push("…".to_owned());
            break;
        }
        shown.push(name);
    }
    Arg::List(shown)
}
