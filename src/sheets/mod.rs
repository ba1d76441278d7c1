//! Summary sheets: a review laid out as pages (spec: `5-workbooks` §5.2).
//!
//! A sheet is one file beside its words, and one word in [`SHEETS`]. It lays
//! out source cells and calls the metrics' functions over the cells it has
//! just placed, so every figure on it is live. Key figures go to the
//! [`Board`], from which the overview and the report take them.

use indexmap::IndexMap;
use serde::Deserialize;

use crate::cell::{CellRef, Place};
use crate::expr::{Expr, Range};
use crate::locale::{Lang, traditional};
use crate::page::{Page, PageCell, Role, Shape, Show, Tab};
use crate::quantity::Unit;
use crate::review::Review;

/// One summary sheet.
pub struct Sheet {
    /// Stable id.
    pub id: &'static str,
    /// Its words: `[zh]` and `[en]`, each with `title` (the tab) and whatever else it says.
    pub text: &'static str,
    /// Tab colour.
    pub tab: Tab,
    /// Whether there is anything to show.
    pub wanted: fn(&Review<'_>) -> bool,
    /// Lays it out.
    pub fill: fn(&mut Page, &Ctx<'_>, &mut Board),
}

/// What a sheet is laid out from.
pub struct Ctx<'a> {
    /// The review.
    pub review: &'a Review<'a>,
    /// The language of our sheets.
    pub lang: Lang,
    words: IndexMap<String, String>,
}

/// Figures and ranges placed on sheets, for others to refer to.
#[derive(Debug, Default)]
pub struct Board {
    /// Key figures by metric name.
    pub figures: IndexMap<&'static str, Expr>,
    /// Ranges by name: `goal-names`, `goal-completion`.
    pub ranges: IndexMap<&'static str, Range>,
    /// Sentences written from the numbers, by sheet, in order.
    pub conclusions: Vec<(&'static str, PageCell)>,
}

macro_rules! sheets {
    ($($sheet:ident),* $(,)?) => {
        $(pub mod $sheet;)*
        /// Every summary sheet, in tab order.
        pub static SHEETS: &[&Sheet] = &[$(&$sheet::SHEET),*];
    };
}

sheets! {
    overview,
    goals,
    actions,
    findings,
    definitions,
}

/// Lays out every sheet that has something to show, in tab order.
///
/// The first sheet is filled last: it shows what the others have placed.
pub fn lay_out(review: &Review<'_>, lang: Lang) -> Vec<Page> {
    let wanted: Vec<&Sheet> = SHEETS.iter().copied().filter(|sheet| (sheet.wanted)(review)).collect();
    let mut board = Board::default();
    let mut pages: Vec<Page> = Vec::new();
    let fill = |sheet: &Sheet, board: &mut Board| {
        let ctx = Ctx::new(review, lang, sheet.text);
        let mut page = Page::new(ctx.word("title"), sheet.tab);
        (sheet.fill)(&mut page, &ctx, board);
        page
    };
    let Some((first, rest)) = wanted.split_first() else { return pages };
    pages.extend(rest.iter().map(|sheet| fill(sheet, &mut board)));
    pages.insert(0, fill(first, &mut board));
    pages
}

type Texts = IndexMap<String, IndexMap<String, String>>;

/// Words every sheet may use.
const SHARED: &str = include_str!("words.toml");

/// The words of one text file in one language, over the shared ones.
///
/// # Panics
/// When a text file does not parse; a test reads them all.
pub fn words(text: &str, lang: Lang) -> IndexMap<String, String> {
    #[derive(Deserialize)]
    struct File(Texts);
    let mut words = IndexMap::new();
    for text in [SHARED, text] {
        let File(texts) = toml::from_str(text).unwrap_or_else(|e| panic!("words of a sheet: {e}"));
        let key = if lang == Lang::En { "en" } else { "zh" };
        for (name, word) in texts.get(key).into_iter().flatten() {
            let word = if lang == Lang::ZhHant { traditional(word) } else { word.clone() };
            words.insert(name.clone(), word);
        }
    }
    words
}

impl<'a> Ctx<'a> {
    /// The context of a sheet with these words.
    pub fn new(review: &'a Review<'a>, lang: Lang, text: &str) -> Ctx<'a> {
        Ctx { review, lang, words: words(text, lang) }
    }

    /// A word of this sheet. A word that is not there shows as its key; a test finds it.
    pub fn word(&self, key: &str) -> String {
        self.words.get(key).cloned().unwrap_or_else(|| key.to_owned())
    }

    /// A word with its `{holes}` filled.
    pub fn say(&self, key: &str, holes: &[(&str, &str)]) -> String {
        holes.iter().fold(self.word(key), |text, (hole, value)| text.replace(&format!("{{{hole}}}"), value))
    }

    /// Several words: the cells of a header row.
    pub fn words<const N: usize>(&self, keys: [&str; N]) -> [String; N] {
        keys.map(|key| self.word(key))
    }

    /// Title and subtitle of a page: campaign, as-of date, versions.
    pub fn heading(&self, page: &mut Page, columns: u32) {
        page.line(Role::Title, columns, self.word("title"));
        let as_of = self.review.as_of.format("%Y-%m-%d").to_string();
        let line = self.say(
            "subtitle",
            &[("campaign", self.review.name()), ("as_of", &as_of), ("version", env!("CARGO_PKG_VERSION"))],
        );
        page.line(Role::Subtitle, columns, line);
        page.skip(1);
    }
}

/// Text that leads to the cell it comes from.
pub fn link(text: &str, to: Option<&Place>) -> PageCell {
    match to {
        Some(place) if !text.is_empty() => Show::Link(text.to_owned(), place.clone()).into(),
        _ => text.into(),
    }
}

/// How a number of a unit is best shown; large amounts in 万.
pub fn shape(unit: &Unit, value: Option<f64>) -> Shape {
    let large = value.is_some_and(|n| n.abs() >= 100_000.0);
    match unit {
        Unit::Percent | Unit::Points | Unit::Discount => Shape::Percent,
        _ if large => Shape::Wan,
        Unit::Yuan => Shape::Money,
        Unit::Times => Shape::Ratio,
        _ if value.is_some_and(|n| n.fract().abs() > 1e-9) => Shape::Decimal,
        _ => Shape::Integer,
    }
}

/// Rows `first..=last` of a column of a page as an expression.
pub fn column(page: &Page, col: u32, first: u32, last: u32) -> Expr {
    Expr::Range(page.range(crate::cell::Area::new(CellRef::new(first, col), CellRef::new(last, col))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_have_titles_and_the_same_words_in_both_languages() {
        for sheet in SHEETS {
            let (zh, en) = (words(sheet.text, Lang::Zh), words(sheet.text, Lang::En));
            assert!(zh.contains_key("title"), "{}", sheet.id);
            let mut zh: Vec<_> = zh.keys().collect();
            let mut en: Vec<_> = en.keys().collect();
            zh.sort();
            en.sort();
            assert_eq!(zh, en, "{}", sheet.id);
        }
    }
}
