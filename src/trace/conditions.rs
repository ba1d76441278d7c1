//! Which cells of a conditional sum or count meet its conditions, so that a
//! trace follows the rows that went into a number and not its neighbours.

use super::Book;
use super::references::{Formula, Found, Reference};
use crate::cell::{Area, CellRef, Content, Place};

/// For each reference of a formula: which of its cells (counted row by row) meet the
/// conditions of the call it stands in; `None` where that cannot be told or all do.
pub fn met(book: &Book, home: &Place, formula: &Formula) -> Vec<Option<Vec<bool>>> {
    let masks: Vec<Option<Vec<bool>>> =
        (0..formula.calls.len()).map(|call| of_call(book, home, formula, call)).collect();
    let of = |found: &Found| {
        let mask = masks.get(found.argument?.0)?.as_ref()?;
        let Reference::Cells { area, .. } = &found.reference else { return None };
        (size(area) == mask.len()).then(|| mask.clone())
    };
    formula.found.iter().map(of).collect()
}

fn size(area: &Area) -> usize {
    let rows = (area.last.row - area.first.row + 1) as usize;
    rows * (area.last.col - area.first.col + 1) as usize
}

fn of_call(book: &Book, home: &Place, formula: &Formula, call: usize) -> Option<Vec<bool>> {
    let first = match formula.calls[call].as_str() {
        "SUMIFS" | "AVERAGEIFS" => 1,
        "COUNTIFS" | "COUNTIF" | "SUMIF" | "AVERAGEIF" => 0,
        _ => return None,
    };
    let argument = |n: usize| {
        let mut found = formula.found.iter().filter(|found| found.argument == Some((call, n)));
        let only = found.next()?;
        found.next().is_none().then_some(&only.reference)
    };
    let most = if matches!(formula.calls[call].as_str(), "COUNTIF" | "SUMIF" | "AVERAGEIF") { 1 } else { 30 };
    let mut mask: Option<Vec<bool>> = None;
    for pair in 0..most {
        let (Some(range), Some(criterion)) = (argument(first + 2 * pair), argument(first + 2 * pair + 1))
        else {
            break;
        };
        let Reference::Cells { sheet, area, .. } = range else { continue };
        if size(area) > 200_000 {
            return None;
        }
        let wanted = match criterion {
            Reference::Text(text) => Content::Text(text.clone()),
            Reference::Cells { sheet, area, .. } if area.first == area.last => {
                book.content(sheet.as_deref().unwrap_or(&home.sheet), area.first).clone()
            }
            _ => continue,
        };
        let sheet = sheet.as_deref().unwrap_or(&home.sheet);
        let cells = (area.first.row..=area.last.row)
            .flat_map(|row| (area.first.col..=area.last.col).map(move |col| CellRef::new(row, col)));
        let met: Vec<bool> = cells.map(|cell| meets(book.content(sheet, cell), &wanted)).collect();
        mask = Some(match mask {
            Some(mask) if mask.len() == met.len() => {
                mask.into_iter().zip(met).map(|(before, now)| before && now).collect()
            }
            _ => met,
        });
    }
    mask
}

fn meets(content: &Content, wanted: &Content) -> bool {
    let number = |content: &Content| match content {
        Content::Number(n) | Content::Serial(n) => Some(*n),
        _ => None,
    };
    let Content::Text(text) = wanted else {
        return match (number(content), number(wanted)) {
            (Some(a), Some(b)) => a == b,
            _ => content == wanted,
        };
    };
    for (sign, test) in [
        ("<>", (|a, b| a != b) as fn(f64, f64) -> bool),
        ("<=", |a, b| a <= b),
        (">=", |a, b| a >= b),
        ("<", |a, b| a < b),
        (">", |a, b| a > b),
        ("=", |a, b| a == b),
    ] {
        let Some(rest) = text.strip_prefix(sign) else { continue };
        return match (number(content), rest.parse::<f64>()) {
            (Some(n), Ok(limit)) => test(n, limit),
            _ if rest.is_empty() => content.is_blank() == (sign == "="),
            _ => (content.to_text().to_lowercase() == rest.to_lowercase()) == (sign == "="),
        };
    }
    content.to_text().to_lowercase() == text.to_lowercase()
}
