//! Numbers that were typed as text, each converted once, beside its source.
//!
//! `500万元` is no number to a spreadsheet. Where formulas build on such a text
//! they refer to the value column of one page of ours, so that a person sees
//! what was made of it. Nothing here knows what the numbers mean.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::cell::{CellRef, Place};
use crate::expr::{Expr, Leaf};
use crate::page::{Page, Role, Shape, Show, Tab};
use crate::words::Words;

/// Where each normalised number stands: by the cell it was typed in and its part.
pub type Normalised = BTreeMap<(Place, &'static str), Place>;

/// Columns of the page.
const COLUMNS: u32 = 4;

/// The page of all normalised numbers that the formulas of `pages` refer to,
/// in the order met, and where each stands; `None` where there are none.
pub fn page(pages: &[Page], name: impl Into<Arc<str>>, words: &Words) -> Option<(Page, Normalised)> {
    let mut page = Page::new(name, Tab::Appendix);
    let mut places = Normalised::new();
    page.landscape = false;
    page.set_widths(&[26.0, 34.0, 12.0, 20.0]);
    page.line(Role::Title, COLUMNS, words.get("normalised"));
    page.line(Role::Note, COLUMNS, words.get("normalised-about"));
    page.skip(1);
    page.row(Role::Header, words.all(["source", "typed", "part", "value"]));
    let header = page.next_row() - 1;
    for crate::expr::Normalised { at, text, part, value } in typed_as_text(pages) {
        let key = (at.clone(), *part);
        if places.contains_key(&key) {
            continue;
        }
        let part = if part.is_empty() { String::new() } else { words.get(&format!("part-{part}")) };
        let row = page.next_row();
        page.row(
            Role::Body,
            [
                Show::Link(at.to_string(), at.clone()).into(),
                text.as_str().into(),
                part.into(),
                page_value(*value),
            ],
        );
        places.insert(key, Place { sheet: page.name.clone(), cell: CellRef::new(row, COLUMNS - 1) });
    }
    page.freeze = Some(CellRef::new(header + 1, 0));
    page.repeat_rows = Some((header, header));
    (!places.is_empty()).then_some((page, places))
}

/// Whole numbers with their thousands, anything else as it is.
fn page_value(value: f64) -> crate::page::PageCell {
    let shape = if value.fract() == 0.0 { Shape::Integer } else { Shape::General };
    crate::page::PageCell::from(value).shaped(shape)
}

/// The normalised numbers among what the formulas are made of, in the order written.
fn typed_as_text(pages: &[Page]) -> Vec<&crate::expr::Normalised> {
    let mut found = Vec::new();
    for cell in pages.iter().flat_map(|page| page.cells.values()) {
        if let Show::Formula(expr) = &cell.show {
            expr.walk(&mut |part| {
                if let Expr::Leaf(Leaf::Normalised(read)) = part {
                    found.push(&**read);
                }
            });
        }
    }
    found
}

/// The place of a leaf's number, as formulas need it.
pub fn resolve<'a>(places: &'a Normalised) -> impl Fn(&Leaf) -> Option<Place> + 'a {
    move |leaf| match leaf {
        Leaf::Normalised(read) => places.get(&(read.at.clone(), read.part)).cloned(),
        Leaf::Cell { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::Val;

    fn typed(part: &'static str, value: f64) -> Expr {
        let at = Place::new("目标", CellRef::new(3, 1));
        crate::expr::Normalised { at, text: "15%-20%".into(), part, value }.into()
    }

    #[test]
    fn a_text_stands_once_a_part() {
        let mut first = Page::new("一", Tab::First);
        first.row(Role::Body, [typed("lower", 0.15) * 2.0, typed("upper", 0.2) * 2.0]);
        let mut second = Page::new("二", Tab::First);
        second.row(Role::Body, [typed("lower", 0.15) + 1.0]);
        let (page, places) = page(&[first, second], "规范数值", &Words::default()).expect("two numbers");
        assert_eq!(places.len(), 2);
        for (part, value) in [("lower", 0.15), ("upper", 0.2)] {
            let place = &places[&(Place::new("目标", CellRef::new(3, 1)), part)];
            assert_eq!(page.cells[&place.cell].show.value(), Val::Number(value));
        }
    }

    #[test]
    fn numbers_typed_as_numbers_need_no_page() {
        let mut plain = Page::new("一", Tab::First);
        plain.row(Role::Body, [Expr::cell(Place::new("目标", CellRef::new(0, 0)), Val::Number(1.0)) * 2.0]);
        assert!(page(&[plain], "规范数值", &Words::default()).is_none());
    }
}
