//! Marks: when a cell of the team's is wrong, said so that a spreadsheet can check it again.
//!
//! A mark is shown as long as its condition holds, so it goes away when its
//! cell is mended. The conditions stand here; which one fits is for the code
//! or the rule to say. Nothing here knows how a mark looks.

use crate::cell::{Area, CellRef, Content, Place};
use crate::expr::{Expr, Fun, Op, Range, Val, Values, all, any};

/// A cell of a finding, and the condition under which it is wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// The cell.
    pub at: Place,
    /// The check as a condition: true while the finding holds.
    pub when: Expr,
}

/// When a cell counts as mended without the program having looked again.
#[derive(Debug, Clone, Copy)]
pub enum Mended {
    /// As soon as it holds something else than it did.
    WhenChanged,
    /// As soon as this condition on it does not hold any more.
    Unless(fn(Expr) -> Expr),
    /// When the workbook is calculated: nobody has to type anything, so nothing is marked.
    WhenCalculated,
}

/// The longest text that may stand in a formula.
const LONGEST_TEXT: usize = 255;
/// Counting in longer columns, once for each of their cells, would make the workbook slow.
const MOST_ROWS: u32 = 2000;

/// Nothing is typed there.
pub fn is_blank(cell: Expr) -> Expr {
    Expr::call(Fun::Len, [Expr::call(Fun::Trim, [cell])]).op(Op::Eq, 0.0)
}

/// An error of a formula stands there.
pub fn is_error(cell: Expr) -> Expr {
    Expr::call(Fun::IsError, [cell])
}

/// A number below zero stands there.
pub fn is_negative(cell: Expr) -> Expr {
    number_and(cell.clone(), [cell.op(Op::Lt, 0.0)])
}

/// A number above one stands where a share should, either side of zero.
pub fn is_over_one(cell: Expr) -> Expr {
    number_and(cell.clone(), [Expr::call(Fun::Abs, [cell]).op(Op::Gt, 1.0)])
}

/// A number stands there that is no score from 1 to 5.
pub fn is_no_score(cell: Expr) -> Expr {
    number_and(cell.clone(), [any_of([cell.clone().op(Op::Lt, 1.0), cell.op(Op::Gt, 5.0)])])
}

/// A number stands there and it lies outside.
pub fn is_outside(cell: Expr, low: f64, high: f64) -> Expr {
    number_and(cell.clone(), [any_of([cell.clone().op(Op::Lt, low), cell.op(Op::Gt, high)])])
}

/// Something stands there, and it is none of these words.
pub fn is_none_of(cell: Expr, words: &[String]) -> Expr {
    let filled = Expr::call(Fun::Len, [Expr::call(Fun::Trim, [cell.clone()])]).op(Op::Gt, 0.0);
    let others = words.iter().map(|word| Expr::call(Fun::Trim, [cell.clone()]).op(Op::Ne, word.as_str()));
    Expr::call(Fun::And, std::iter::once(filled).chain(others))
}

/// None of the cells holds one of these words, alone or among others.
pub fn is_nowhere(cells: &Range, words: impl Iterator<Item = String>) -> Expr {
    let plain = |word: String| word.replace('~', "~~").replace('*', "~*").replace('?', "~?");
    let counts = words.map(|word| {
        let pattern = Expr::text(format!("*{}*", plain(word)));
        Expr::call(Fun::CountIf, [cells.clone().into(), pattern])
    });
    counts.reduce(|sum, count| sum + count).unwrap_or(Expr::Num(0.0)).op(Op::Eq, 0.0)
}

/// Both are numbers, and the one is more than the other.
pub fn is_more(cell: Expr, other: Expr) -> Expr {
    let both = known(&[&cell, &other]);
    all_of(both.into_iter().chain([cell.op(Op::Gt, other)]))
}

/// A number stands there, and it agrees with none of these within the slack.
pub fn agrees_with_none(cell: Expr, others: &[Expr], slack: f64) -> Expr {
    let differ = others.iter().map(|other| {
        // Two ways to compute the same never agree to the last digit.
        Expr::call(Fun::Abs, [cell.clone() - other.clone()]).round(6).op(Op::Gt, slack)
    });
    let known = known(&[&cell]);
    all_of(known.into_iter().chain(differ))
}

/// What stands there stands more than once in its column, together with what stands beside it.
///
/// Each pair is a cell and the column it stands in.
pub fn is_repeated(pairs: &[(Expr, Range)]) -> Option<Expr> {
    let short = |range: &Range| range.area.last.row - range.area.first.row < MOST_ROWS;
    if pairs.is_empty() || !pairs.iter().all(|(_, range)| short(range)) {
        return None;
    }
    let args = pairs.iter().flat_map(|(cell, range)| [range.clone().into(), cell.clone()]);
    let fun = if pairs.len() == 1 { Fun::CountIf } else { Fun::CountIfs };
    Some(Expr::call(fun, args).op(Op::Gt, 1.0))
}

/// The part of a column between the first and the last of some cells; `None` where they stand in several.
pub fn column_of<'a>(places: impl IntoIterator<Item = &'a Place>) -> Option<Range> {
    let mut places = places.into_iter();
    let first = places.next()?;
    let mut area = Area::new(first.cell, first.cell);
    for place in places {
        if place.sheet != first.sheet || place.cell.col != first.cell.col {
            return None;
        }
        let rows = (area.first.row.min(place.cell.row), area.last.row.max(place.cell.row));
        area = Area::new(CellRef::new(rows.0, first.cell.col), CellRef::new(rows.1, first.cell.col));
    }
    Some(Range {
        sheet: first.sheet.clone(),
        area,
        values: Values::default(),
        leaves: std::sync::Arc::new([]),
    })
}

/// The cell still holds what it held; `None` where a formula cannot tell.
pub fn is_unchanged(cell: Expr, content: &Content) -> Option<Expr> {
    Some(match content {
        Content::Blank => is_blank(cell),
        Content::Number(n) | Content::Serial(n) => number_and(cell.clone(), [cell.op(Op::Eq, *n)]),
        Content::Text(text) if text.is_empty() => is_blank(cell),
        Content::Text(text) => {
            // EXACT takes a number for its text: 12 typed over the text 12 is a change.
            let is_text = Expr::call(Fun::Not, [Expr::call(Fun::IsNumber, [cell.clone()])]);
            all_of(std::iter::once(is_text).chain(same_text(cell, text)))
        }
        Content::Error(_) => is_error(cell),
        Content::Bool(_) => return None,
    })
}

fn same_text(cell: Expr, text: &str) -> Vec<Expr> {
    let length = text.encode_utf16().count();
    // A formula can hold neither a long text nor characters that XML or line ends would change.
    let plain: String = text.chars().take_while(|c| !c.is_control() && *c != '\u{fffe}').collect();
    if plain.len() == text.len() && length <= LONGEST_TEXT {
        return vec![Expr::call(Fun::Exact, [cell, Expr::text(text)])];
    }
    let start: String = plain.chars().take(50).collect();
    let units = start.encode_utf16().count() as f64;
    let begins = Expr::call(Fun::Left, [cell.clone(), Expr::Num(units)]);
    vec![
        Expr::call(Fun::Len, [cell]).op(Op::Eq, length as f64),
        Expr::call(Fun::Exact, [begins, Expr::text(start)]),
    ]
}

/// A cell times the factor of its header.
pub fn scaled(at: &Place, factor: f64) -> Expr {
    if factor == 1.0 { cell(at) } else { cell(at) * factor }
}

/// A cell to be filled in with what it holds.
pub fn cell(at: &Place) -> Expr {
    Expr::cell(at.clone(), Val::Blank)
}

fn number_and(cell: Expr, conditions: impl IntoIterator<Item = Expr>) -> Expr {
    all_of(std::iter::once(Expr::call(Fun::IsNumber, [cell])).chain(conditions))
}

/// What must be numbers for a comparison to mean anything: every cell of the expressions.
fn known(exprs: &[&Expr]) -> Option<Expr> {
    let mut cells: Vec<Expr> = Vec::new();
    for leaf in exprs.iter().flat_map(|expr| expr.leaves()) {
        let leaf = Expr::Leaf(leaf.clone());
        if !cells.contains(&leaf) {
            cells.push(leaf);
        }
    }
    let wanted = cells.len() as f64;
    (!cells.is_empty()).then(|| Expr::call(Fun::Count, cells).op(Op::Eq, wanted))
}

/// `AND` of conditions, those of an inner one among them.
pub fn all_of(conditions: impl IntoIterator<Item = Expr>) -> Expr {
    let mut flat = Vec::new();
    for condition in conditions {
        match condition {
            Expr::Call(call) if call.fun == Fun::And => flat.extend(call.args.iter().cloned()),
            other => flat.push(other),
        }
    }
    all(flat).unwrap_or(Expr::Num(1.0))
}

/// `OR` of conditions.
pub fn any_of(conditions: impl IntoIterator<Item = Expr>) -> Expr {
    any(conditions.into_iter().collect()).unwrap_or(Expr::Num(0.0))
}
