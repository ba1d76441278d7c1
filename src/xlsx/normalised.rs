//! Numbers that were typed as text, each converted once, beside its source.
//!
//! `500万元` is no number to a spreadsheet. Where formulas build on such a text
//! they refer to the value column of one page of ours, so that a person sees
//! what was made of it. Nothing here knows what the numbers mean.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::cell::{CellRef, Place};
use crate::expr::{self, Leaf};
use crate::page::{Page, Role, Shape, Show, Tab};
use crate::words::Words;

/// Columns of the page.
const COLUMNS: u32 = 4;

/// The numbers that formulas asked for, in the order asked.
pub struct Normalised<'w> {
    words: &'w Words,
    kept: RefCell<Kept>,
}

struct Kept {
    page: Page,
    /// Where each number stands: by the cell it was typed in and its part.
    places: BTreeMap<(Place, &'static str), Place>,
}

impl<'w> Normalised<'w> {
    /// None yet, on a page of that name.
    pub fn new(name: impl Into<Arc<str>>, words: &'w Words) -> Normalised<'w> {
        let mut page = Page::new(name, Tab::Appendix);
        page.landscape = false;
        page.set_widths(&[26.0, 34.0, 12.0, 20.0]);
        page.line(Role::Title, COLUMNS, words.get("normalised"));
        page.line(Role::Note, COLUMNS, words.get("normalised-about"));
        page.skip(1);
        page.row(Role::Header, words.all(["source", "typed", "part", "value"]));
        let header = page.next_row() - 1;
        page.freeze = Some(CellRef::new(header + 1, 0));
        page.repeat_rows = Some((header, header));
        Normalised { words, kept: Kept { page, places: BTreeMap::new() }.into() }
    }

    /// The place of a leaf's number, as formulas need it; a number asked for the first time gets one.
    pub fn place(&self, leaf: &Leaf) -> Option<Place> {
        let Leaf::Normalised(read) = leaf else { return None };
        let expr::Normalised { at, text, part, value } = &**read;
        let Kept { page, places } = &mut *self.kept.borrow_mut();
        let place = places.entry((at.clone(), *part)).or_insert_with(|| {
            let part = if part.is_empty() { String::new() } else { self.words.get(&format!("part-{part}")) };
            let row = page.next_row();
            let source = Show::Link(at.to_string(), at.clone());
            page.row(Role::Body, [source.into(), text.as_str().into(), part.into(), page_value(*value)]);
            Place { sheet: page.name.clone(), cell: CellRef::new(row, COLUMNS - 1) }
        });
        Some(place.clone())
    }

    /// The page of all numbers asked for; `None` where there are none.
    pub fn page(&self) -> Option<Page> {
        let kept = self.kept.borrow();
        (!kept.places.is_empty()).then(|| kept.page.clone())
    }
}

/// Whole numbers with their thousands, anything else as it is.
fn page_value(value: f64) -> crate::page::PageCell {
    let shape = if value.fract() == 0.0 { Shape::Integer } else { Shape::General };
    crate::page::PageCell::from(value).shaped(shape)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::Val;

    #[test]
    fn a_text_stands_once_a_part() {
        let words = Words::default();
        let numbers = Normalised::new("规范数值", &words);
        let at = Place::new("目标", CellRef::new(3, 1));
        let typed = |part, value| {
            Leaf::Normalised(expr::Normalised { at: at.clone(), text: "15%-20%".into(), part, value }.into())
        };
        let (lower, upper) = (typed("lower", 0.15), typed("upper", 0.2));
        let places = [&lower, &upper, &lower].map(|leaf| numbers.place(leaf).expect("a place"));
        assert_eq!(places[0], places[2]);
        let page = numbers.page().expect("two numbers");
        assert_eq!(page.next_row(), places[1].cell.row + 1);
        for (place, value) in places.iter().zip([0.15, 0.2]) {
            let shown = page.cells.get(&place.cell).map(|cell| cell.show.value());
            assert_eq!(shown, Some(Val::Number(value)));
        }
    }

    #[test]
    fn numbers_typed_as_numbers_need_no_page() {
        let words = Words::default();
        let numbers = Normalised::new("规范数值", &words);
        let plain = Leaf::Cell { at: Place::new("目标", CellRef::new(0, 0)), value: Val::Number(1.0) };
        assert!(numbers.place(&plain).is_none() && numbers.page().is_none());
    }
}
