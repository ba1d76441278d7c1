//! The same total told by two tables.
//!
//! A sum about ten thousand times off was typed in 万; that is what is said
//! then, and nothing else.

use super::magnitude::{self, MAGNITUDE_OFF};
use super::{Ctx, same_across};
use crate::catalogue::record::Field;
use crate::cell::Place;
use crate::diagnostic::{Arg, Code, Finding};

/// One table's side of a total.
#[derive(Debug, Clone)]
pub struct Side {
    /// Table id.
    pub table: &'static str,
    /// Column id.
    pub column: &'static str,
    /// The total.
    pub sum: f64,
    /// Its cells, in order.
    pub cells: Vec<Place>,
    /// What each of them is, where all are known by their cells.
    pub parts: Vec<(f64, String)>,
    /// What the first of them says.
    pub text: String,
    /// All of them are bare numbers, so that their unit is a guess.
    pub bare: bool,
}

impl Side {
    /// The sum of a column; `None` where it is empty or one part of it is unknown.
    pub fn sum<'a>(
        table: &'static str,
        column: &'static str,
        fields: impl Iterator<Item = &'a Field<f64>>,
    ) -> Option<Side> {
        let fields: Vec<&Field<f64>> = fields.collect();
        let sum = fields.iter().map(|field| field.value).sum::<Option<f64>>()?;
        let cells: Vec<Place> = fields.iter().filter_map(|field| field.at.clone()).collect();
        let text = fields.first()?.text.clone();
        let bare = fields.iter().all(|field| magnitude::is_bare(field));
        let parts = fields.iter().filter_map(|field| Some((field.value?, field.text.clone()))).collect();
        Some(Side { table, column, sum, cells, text, bare, parts })
    }

    /// A total that stands in one cell.
    pub fn one<T>(table: &'static str, column: &'static str, field: &Field<T>, value: f64) -> Side {
        Side {
            table,
            column,
            sum: value,
            cells: field.at.iter().cloned().collect(),
            text: field.text.clone(),
            bare: magnitude::is_bare(field),
            parts: Vec::new(),
        }
    }

    /// The side with one of its cells in front.
    fn pointing_at(&self, culprit: Option<usize>) -> Side {
        let mut side = self.clone();
        if let Some(at) = culprit {
            side.text = side.parts[at].1.clone();
            side.cells.swap(0, at);
        }
        side
    }

    /// Whether two sides tell the same total, within the tolerance across tables.
    pub fn agrees(&self, ctx: &Ctx<'_>, other: &Side) -> bool {
        same_across(ctx.policy, self.sum, other.sum)
    }
}

/// The finding that a side's total differs from the other's, at the side's first cell; `None` when they agree.
pub fn mismatch(ctx: &Ctx<'_>, code: &'static Code, side: &Side, other: &Side) -> Option<Finding> {
    if side.agrees(ctx, other) {
        return None;
    }
    let (small, large) = if side.sum < other.sum { (side, other) } else { (other, side) };
    if small.bare && magnitude::in_ten_thousands(small.sum, large.sum) {
        return Some(finding(ctx, &MAGNITUDE_OFF, small, large));
    }
    Some(finding(ctx, code, &side.pointing_at(culprit(ctx, side, other)), other))
}

/// The one part of a sum that makes it right with a zero more or less: a slip in it explains the difference.
fn culprit(ctx: &Ctx<'_>, side: &Side, other: &Side) -> Option<usize> {
    const SLIPS: [f64; 8] = [10.0, 0.1, 100.0, 0.01, 1_000.0, 0.001, 10_000.0, 0.0001];
    if side.parts.len() != side.cells.len() || side.parts.len() < 2 {
        return None;
    }
    let explains = |(part, _): &(f64, String)| {
        *part != 0.0
            && SLIPS.iter().any(|slip| same_across(ctx.policy, side.sum - part + part * slip, other.sum))
    };
    let mut found = side.parts.iter().enumerate().filter(|(_, part)| explains(part));
    let (at, _) = found.next()?;
    found.next().is_none().then_some(at)
}

/// A finding at a side's cells about its total against another's.
pub fn finding(ctx: &Ctx<'_>, code: &'static Code, side: &Side, other: &Side) -> Finding {
    let mut finding = Finding::new(code)
        .of(side.table, ctx.label(side.table, side.column))
        .found(side.text.clone())
        .arg("table", ctx.title(side.table))
        .arg("value", Arg::Number(side.sum))
        .arg("sum", Arg::Number(side.sum))
        .arg("other_table", ctx.title(other.table))
        .arg("other_column", Arg::Text(ctx.label(other.table, other.column)))
        .arg("other", Arg::Number(other.sum))
        .arg("difference", Arg::Number((side.sum - other.sum).abs()))
        .arg("meant", Arg::Number(side.sum * 1e4));
    if let Some(at) = side.cells.first() {
        finding = finding.at(at);
    }
    for at in side.cells.iter().skip(1) {
        finding = if code == &MAGNITUDE_OFF { finding.also(at) } else { finding.related(at) };
    }
    for at in &other.cells {
        finding = finding.related(at);
    }
    finding
}
