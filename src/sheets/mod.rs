//! Summary sheets: a review laid out as pages (spec: `5-workbooks` §5.2).
//!
//! A sheet is one file beside its words, and one word in [`SHEETS`]. It lays
//! out source cells and calls the metrics' functions over the cells it has
//! just placed, so every figure on it is live. Key figures go to the
//! [`Board`], from which the overview and the report take them.

use indexmap::IndexMap;

use crate::cell::Content;
use crate::diagnostic::{money, number};
use crate::document::{Document, Illustration};
use crate::expr::{Expr, Range};
use crate::locale::Lang;
use crate::metrics::goals::Goal;
use crate::page::{Chart, Clock, Page, PageCell, Role, Shape, Tab, TimeUnit};
use crate::quantity::Unit;
use crate::review::Review;
use crate::words::Words;
use crate::workbook;

pub use crate::page::{column, link};

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
    words: Words,
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
    /// Charts placed under a name, in order.
    pub charts: Vec<Illustration>,
    /// The report, once it is laid out.
    pub report: Option<Document>,
}

#[cfg(test)]
pub mod fixture;
mod headline;
mod labels;
pub mod ledger;
mod line;
#[cfg(test)]
mod live;
#[cfg(test)]
#[path = "../../tests/support/recalc.rs"]
mod recalc;
#[cfg(test)]
mod retrospect;
mod sources;

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
    channels,
    sales,
    money,
    whatif,
    progress,
    lessons,
    actions,
    report,
    pending,
    tables,
    findings,
    accepted,
    merged,
    definitions,
}

/// Lays out every sheet that has something to show, in tab order.
///
/// The first sheet is filled last: it shows what the others have placed.
pub fn lay_out(review: &Review<'_>, lang: Lang) -> Vec<Page> {
    let mut pages = placed(review, lang).0;
    labels::follow(&mut pages, &review.sources);
    sources::add(&mut pages, review, lang);
    pages
}

/// The sentences written from the numbers, in the order of the sheets.
pub fn conclusions(review: &Review<'_>, lang: Lang) -> Vec<String> {
    let sentences = placed(review, lang).1.conclusions;
    sentences.iter().filter_map(|(_, cell)| cell.show.value().text().map(str::to_owned)).collect()
}

/// The report as a document, where there is something to report.
pub fn report_of(review: &Review<'_>, lang: Lang) -> Option<Document> {
    placed(review, lang).1.report
}

/// The pages, and what was placed on them for others.
fn placed(review: &Review<'_>, lang: Lang) -> (Vec<Page>, Board) {
    let wanted: Vec<&Sheet> = SHEETS.iter().copied().filter(|sheet| (sheet.wanted)(review)).collect();
    let mut board = Board::default();
    let mut pages: Vec<Page> = Vec::new();
    let fill = |sheet: &Sheet, board: &mut Board| {
        let ctx = Ctx::new(review, lang, sheet.text);
        let mut page = Page::new(ctx.word("title"), sheet.tab);
        (sheet.fill)(&mut page, &ctx, board);
        let named = page.charts.iter().filter(|chart| !chart.name.is_empty());
        board.charts.extend(named.map(|chart| illustration(&page, chart)));
        page
    };
    let Some((first, rest)) = wanted.split_first() else { return (pages, board) };
    pages.extend(rest.iter().map(|sheet| fill(sheet, &mut board)));
    pages.insert(0, fill(first, &mut board));
    (pages, board)
}

/// A chart of a page with how its categories are shown there.
fn illustration(page: &Page, chart: &Chart) -> Illustration {
    let first = chart.series.first().map(|series| series.categories.area.first);
    let categories = first.and_then(|at| page.cells.get(&at)).map_or(Shape::General, |cell| cell.shape);
    Illustration { chart: chart.clone(), categories }
}

/// Words every sheet may use.
const SHARED: &str = include_str!("words.toml");

/// The languages a sheet of an earlier run may speak.
const LANGUAGES: [Lang; 3] = [Lang::Zh, Lang::ZhHant, Lang::En];

/// The words of a sheet in a language.
fn words_of(text: &'static str, lang: Lang) -> Words {
    Words::load(&[SHARED, text], lang)
}

/// Where a sheet of an earlier run has its header, in whatever language: the row, and the column of each word.
fn header_of<const N: usize>(
    sheet: &workbook::Sheet,
    text: &'static str,
    keys: [&str; N],
) -> Option<(u32, [u32; N])> {
    LANGUAGES.iter().find_map(|lang| {
        let words = words_of(text, *lang).all(keys);
        let is = |content: &Content, word: &String| matches!(content, Content::Text(text) if text == word);
        let first = sheet.cells.iter().filter(|(_, cell)| is(&cell.content, &words[0]));
        first.map(|(at, _)| at.row).find_map(|row| {
            let column = |word| sheet.row(row).find(|(_, cell)| is(&cell.content, word)).map(|(col, _)| col);
            let columns: Option<Vec<u32>> = words.iter().map(column).collect();
            Some((row, columns?.try_into().ok()?))
        })
    })
}

impl<'a> Ctx<'a> {
    /// The context of a sheet with these words.
    pub fn new(review: &'a Review<'a>, lang: Lang, text: &'static str) -> Ctx<'a> {
        Ctx { review, lang, words: Words::load(&[SHARED, text], lang) }
    }

    /// A word of this sheet. A word that is not there shows as its key; a test finds it.
    pub fn word(&self, key: &str) -> String {
        self.words.get(key)
    }

    /// A word with its `{holes}` filled.
    pub fn say(&self, key: &str, holes: &[(&str, &str)]) -> String {
        self.words.say(key, holes)
    }

    /// The words of another sheet, for a sentence that is said on both.
    pub fn sheet(&self, text: &'static str) -> Words {
        words_of(text, self.lang)
    }

    /// Several words: the cells of a header row.
    pub fn words<const N: usize>(&self, keys: [&str; N]) -> [String; N] {
        self.words.all(keys)
    }

    /// The same with holes filled in.
    pub fn words_with<const N: usize>(&self, keys: [&str; N], holes: &[(&str, &str)]) -> [String; N] {
        keys.map(|key| self.say(key, holes))
    }

    /// An amount of money as sentences write it.
    pub fn money(&self, n: f64) -> String {
        money(self.lang, n)
    }

    /// A count as sentences write it: in 万 where it is large.
    pub fn count(&self, n: f64) -> String {
        match self.lang {
            Lang::Zh | Lang::ZhHant if n.abs() >= 100_000.0 => {
                self.say("ten_thousand", &[("n", &number(n / 10_000.0, 1))])
            }
            _ => number(n, 0),
        }
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

/// How a number of a unit is best shown; large amounts in 万.
pub fn shape(unit: &Unit, value: Option<f64>) -> Shape {
    let large = value.is_some_and(|n| n.abs() >= 100_000.0);
    match unit {
        Unit::Percent | Unit::Points | Unit::Discount => Shape::Percent,
        Unit::Seconds if value.is_some_and(|n| n.abs() >= 100.0) => Shape::Integer,
        _ if large => Shape::Wan,
        Unit::Yuan => Shape::Money,
        Unit::Times => Shape::Ratio,
        _ if value.is_some_and(|n| n.fract().abs() > 1e-9) => Shape::Decimal,
        _ => Shape::Integer,
    }
}

/// How the numbers of one column are best shown together: in 万 where most would not fit or are all large.
pub fn column_shape(unit: &Unit, values: impl IntoIterator<Item = Option<f64>>) -> Shape {
    let known: Vec<f64> = values.into_iter().flatten().map(f64::abs).collect();
    let all_large = !known.is_empty() && known.iter().all(|n| *n >= 100_000.0);
    if all_large || known.iter().any(|n| *n >= 10_000_000.0) {
        return Shape::Wan;
    }
    match unit {
        Unit::Yuan => Shape::Money,
        _ => Shape::Integer,
    }
}

/// The unit of time of a goal's numbers; nothing where they are no durations.
pub fn clock(goal: &Goal) -> Option<Clock> {
    (goal.unit == Unit::Seconds).then(|| Clock::of([&goal.asked.level, &goal.actual]))
}

/// A number of a unit in a cell, a duration in the unit of its clock.
pub fn timed(unit: &Unit, clock: Option<Clock>, expr: &Expr) -> PageCell {
    match clock {
        Some(clock) => PageCell::from(clock.told(expr)).shaped(Shape::Duration(clock.0)),
        None => PageCell::from(expr.clone()).shaped(shape(unit, expr.number())),
    }
}

/// The word of a unit of time.
pub fn time_word(unit: TimeUnit) -> &'static str {
    match unit {
        TimeUnit::Second => "unit_second",
        TimeUnit::Minute => "unit_minute",
        TimeUnit::Hour => "unit_hour",
        TimeUnit::Day => "unit_day",
    }
}

/// A number with its unit as sentences write it.
pub fn told(ctx: &Ctx<'_>, unit: &Unit, clock: Option<Clock>, n: f64) -> String {
    let with = |n: String, unit: &str| ctx.say("with_unit", &[("n", &n), ("unit", unit)]);
    match (unit, clock) {
        (_, Some(Clock(time))) => with(number(n / time.seconds(), 1), &ctx.word(time_word(time))),
        (Unit::Percent | Unit::Discount, _) => percent(n),
        (Unit::Points, _) => ctx.say("in_points", &[("n", &number(n * 100.0, 1))]),
        (Unit::Yuan, _) => ctx.money(n),
        (Unit::Times, _) => ctx.say("in_times", &[("n", &number(n, 2))]),
        (Unit::Counter(counter), _) => with(ctx.count(n), counter),
        _ if n.fract() == 0.0 => ctx.count(n),
        _ => number(n, 2),
    }
}

/// A rate as sentences write it.
pub fn percent(rate: f64) -> String {
    format!("{}%", number(rate * 100.0, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_have_titles_and_the_same_words_in_both_languages() {
        for sheet in SHEETS {
            let load = |lang| Words::load(&[SHARED, sheet.text], lang);
            let (zh, en) = (load(Lang::Zh), load(Lang::En));
            assert_ne!(zh.get("title"), "title", "{}", sheet.id);
            let mut zh: Vec<_> = zh.keys().collect();
            let mut en: Vec<_> = en.keys().collect();
            zh.sort_unstable();
            en.sort_unstable();
            assert_eq!(zh, en, "{}", sheet.id);
        }
    }
}
