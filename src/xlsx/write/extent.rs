//! What text, numbers, rows and columns take: characters, pixels and points.

use std::borrow::Cow;

use crate::cell::CellRef;
use crate::expr::Val;
use crate::locale::{Lang, width};
use crate::page::{Page, PageCell, Role, Shape, Show};

use super::style;

/// Excel's own width for columns nobody sized.
pub(super) const DEFAULT_WIDTH: f64 = 8.43;
/// Fonts differ from machine to machine.
pub(super) const GENEROUS: f64 = 1.03;
/// What a cell's borders, an indent and a filter's button take, in characters.
pub(super) const EDGE: f64 = 0.8;
pub(super) const INDENT: f64 = 1.3;
pub(super) const BUTTON: f64 = 2.5;
/// Pixels a digit takes by which the width of columns is counted: Calibri's. What is grafted onto a workbook of another
/// usual font is fitted to it there.
const DIGIT: f64 = 7.0;
/// Points of a pixel.
const PIXEL: f64 = 0.75;
/// The width of a column nobody sees.
pub(super) const NO_WIDTH: f64 = -5.0 / DIGIT;
/// Points of a row nobody sized.
pub(super) const ROW: f64 = 15.0;

/// A column's width in points.
pub(super) fn points(width: f64) -> f64 {
    (width * DIGIT + 5.0) * PIXEL
}

/// A column's width in pixels, as the library that places charts counts them.
pub(super) fn pixels(width: Option<f64>) -> f64 {
    let width = width.unwrap_or(DEFAULT_WIDTH);
    if width <= 0.0 { 0.0 } else { (width * DIGIT + 5.0).trunc() }
}

/// Whether a filter's button stands in a cell.
pub(super) fn filtered(page: &Page, at: CellRef) -> bool {
    page.filter.is_some_and(|filter| filter.first.row == at.row && filter.contains(at))
}

/// What stands in a cell, as far as room goes.
pub(super) enum Shown<'a> {
    Nothing,
    /// Breaks into lines where there is no room.
    Text(Cow<'a, str>),
    /// Turns into `####` where there is no room.
    Number(f64),
    Bool,
}

pub(super) fn shown(cell: &PageCell) -> Shown<'_> {
    let val = match &cell.show {
        Show::Text(text) | Show::Link(text, _) | Show::File(text, _) => return Shown::Text(text.into()),
        show => show.value(),
    };
    match val {
        Val::Number(n) => Shown::Number(n),
        Val::Text(text) if !text.is_empty() => Shown::Text(text.to_string().into()),
        Val::Bool(_) => Shown::Bool,
        _ => Shown::Nothing,
    }
}

/// About how many characters a number format makes of a number.
pub(super) fn digits(n: f64, shape: Shape, lang: Lang) -> usize {
    let plain = |n: f64, decimals: i32| {
        let scale = 10f64.powi(decimals);
        let whole = ((n.abs() * scale).round() / scale).trunc();
        let before = if whole < 10.0 { 1 } else { whole.log10() as usize + 1 };
        let behind = if decimals == 0 { 0 } else { decimals as usize + 1 };
        (before, usize::from(n < 0.0) + before + behind)
    };
    let grouped = |n: f64, decimals: i32| {
        let (before, all) = plain(n, decimals);
        all + (before - 1) / 3
    };
    match shape {
        // General shortens decimals by itself.
        Shape::General | Shape::Wrapped => grouped(n.trunc(), 0),
        Shape::Integer => grouped(n, 0),
        Shape::Decimal | Shape::Ratio => grouped(n, 2),
        Shape::Percent => plain(n * 100.0, 1).1 + 1,
        Shape::Points => plain(n, 1).1 + if lang == Lang::En { 4 } else { 9 },
        Shape::Duration(_) => grouped(n, 1) + 4,
        Shape::PercentSigned => plain(n * 100.0, 1).1 + 2,
        Shape::Money => grouped(n, 0) + 1,
        Shape::Wan if lang == Lang::En => grouped(n / 1e3, 0) + 1,
        Shape::Wan => plain(n / 1e4, 1).1 + 2,
        Shape::Date => 10,
        Shape::Moment => 11,
    }
}

/// Running text always breaks into lines and never sizes a column.
pub(super) fn running(role: Role) -> bool {
    matches!(
        role,
        Role::Title
            | Role::Subtitle
            | Role::Section
            | Role::Headline
            | Role::Conclusion
            | Role::Note
            | Role::Paragraph
    )
}

/// Width in characters of ten points.
pub(super) fn width_of(text: &str, role: Role) -> f64 {
    wide(width(text), role)
}

/// The same of so many characters.
pub(super) fn wide(characters: usize, role: Role) -> f64 {
    let bold = matches!(
        role,
        Role::Title
            | Role::Section
            | Role::Header
            | Role::Total
            | Role::Headline
            | Role::Conclusion
            | Role::Figure
    );
    characters as f64 * style::size(role) / 10.0 * if bold { 1.06 } else { 1.02 }
}
