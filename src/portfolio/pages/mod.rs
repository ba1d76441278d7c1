//! 汇总.xlsx: the portfolio laid out as pages (spec: `5-workbooks` §5.3).
//!
//! Every page is a tidy table, a row a thing, with the file and cell it comes
//! from; what is summed up is summed up by live formulas over those rows.

use super::{Portfolio, Standing};
use crate::cell::{Area, CellRef, Place};
use crate::diagnostic::Severity;
use crate::expr::{Expr, Fun, Op};
use crate::locale::Lang;
use crate::page::{Chart, ChartKind, Ink, Page, PageCell, Role, Series, Shape, Show, Tab, TimeUnit, column};
use crate::quantity::Unit;
use crate::record::summary::CampaignSummary;
use crate::words::Words;

mod actions;
mod budgets;
pub(super) mod changes;
mod channels;
mod chase;
mod front;
mod goals;
mod library;
pub(super) mod overview;
mod pending;
mod problems;
mod quality;
mod risks;
mod roster;
mod sources;
mod tables;

const TEXT: &str = include_str!("pages.toml");
/// So many bars have their names beside them on one paper.
const MOST_BARS: u32 = 20;

/// The words of the pages: their titles and headers by key.
pub fn words(lang: Lang) -> Words {
    Words::load(&[include_str!("../../sheets/words.toml"), TEXT], lang)
}

/// Lays out the portfolio, in tab order.
pub fn lay_out(portfolio: &Portfolio, lang: Lang) -> Vec<Page> {
    let words = words(lang);
    let desk = Desk { portfolio, standing: portfolio.standing(), words: &words, lang };
    let channels = desk.channels();
    let budgets = desk.budgets();
    let mut pages = vec![desk.overview(&channels, &budgets)];
    pages.extend(desk.changes());
    pages.extend(desk.chase());
    pages.extend([desk.goals(), channels.page, budgets.page, desk.actions(), desk.problems()]);
    pages.extend(desk.risks());
    pages.extend(desk.library());
    pages.extend(desk.pending());
    pages.extend(desk.tables());
    pages.extend(desk.roster());
    pages.extend([desk.quality(), desk.sources()]);
    pages
}

/// What every page is laid out from.
struct Desk<'a> {
    portfolio: &'a Portfolio,
    standing: Standing<'a>,
    words: &'a Words,
    lang: Lang,
}

/// A page whose detail rows others sum over: campaign in column A from `first` to `last`.
struct Detail {
    page: Page,
    first: u32,
    last: u32,
}

impl Detail {
    /// One campaign's rows.
    fn of<'a>(&'a self, campaign: &'a Expr) -> Rows<'a> {
        Rows { page: &self.page, first: self.first, last: self.last, named: Some((0, campaign)) }
    }
}

/// Rows of a page that are summed up: all of them, or those with a name in one column.
#[derive(Clone, Copy)]
struct Rows<'a> {
    page: &'a Page,
    first: u32,
    last: u32,
    named: Option<(u32, &'a Expr)>,
}

impl Rows<'_> {
    fn column(&self, col: u32) -> Expr {
        column(self.page, col, self.first, self.last)
    }

    /// `fun` over the rows in question that have a number in each of these columns.
    fn reporting(&self, fun: Fun, over: impl IntoIterator<Item = Expr>, columns: &[u32]) -> Expr {
        let named = self.named.into_iter().flat_map(|(col, name)| [self.column(col), name.clone()]);
        let numbers = columns.iter().flat_map(|col| [self.column(*col), Expr::text(">=0")]);
        Expr::call(fun, over.into_iter().chain(named).chain(numbers))
    }

    /// The sum of a column; nothing where no row has a number.
    fn sum(&self, col: u32) -> Expr {
        let any = self.reporting(Fun::CountIfs, [], &[col]);
        // An amount given back counts as well.
        any.op(Op::Gt, 0.0).then(self.reporting(Fun::SumIfs, [self.column(col)], &[]), Expr::nothing())
    }

    /// The sum of a column over the rows that have a number in each of these; nothing where there is none.
    fn sum_over(&self, col: u32, reporting: &[u32]) -> Expr {
        let any = self.reporting(Fun::CountIfs, [], reporting);
        let sum = self.reporting(Fun::SumIfs, [self.column(col)], reporting);
        any.op(Op::Gt, 0.0).then(sum, Expr::nothing())
    }

    /// The ratio of the sums of two columns over the rows that report both, so that what is unknown is not zero.
    fn ratio(&self, over: u32, under: u32) -> Expr {
        let sum = |col: u32| self.reporting(Fun::SumIfs, [self.column(col)], &[over, under]);
        sum(under).op(Op::Gt, 0.0).then(sum(over) / sum(under), Expr::nothing())
    }
}

fn whole(n: usize) -> PageCell {
    PageCell::from(n as f64).shaped(Shape::Integer)
}

fn amount(n: Option<f64>) -> PageCell {
    PageCell::from(n.map_or(Show::Blank, Show::Number)).shaped(Shape::Money)
}

fn plain(n: Option<f64>, unit: &Unit) -> PageCell {
    if let (Unit::Seconds, Some(n)) = (unit, n) {
        let unit = TimeUnit::by_size(n);
        return PageCell::from(Show::Number(n / unit.seconds())).shaped(Shape::Duration(unit));
    }
    let shape = match unit {
        Unit::Percent | Unit::Points | Unit::Discount => Shape::Percent,
        _ if n.is_some_and(|n| n.fract().abs() > 1e-9) => Shape::Decimal,
        _ => Shape::Integer,
    };
    PageCell::from(n.map_or(Show::Blank, Show::Number)).shaped(shape)
}

fn share(n: Option<f64>) -> PageCell {
    PageCell::from(n.map_or(Show::Blank, Show::Number)).shaped(Shape::Percent)
}

fn wrapped(text: &str) -> PageCell {
    PageCell::from(text).shaped(Shape::Wrapped)
}

/// The file a row comes from, and the cell in it.
fn source(entry: &CampaignSummary, at: &Option<Place>) -> [PageCell; 2] {
    let place = at.as_ref().map(ToString::to_string).unwrap_or_default();
    let file = match at {
        Some(at) if !entry.output.is_empty() => Show::File(place, link_target(entry, at)).into(),
        _ => PageCell::from(place),
    };
    [wrapped(&entry.file), file]
}

fn link_target(entry: &CampaignSummary, at: &Place) -> String {
    format!("{}#'{}'!{}", entry.output, at.sheet.replace('\'', "''"), at.cell)
}

impl Desk<'_> {
    fn word(&self, key: &str) -> String {
        self.words.get(key)
    }

    fn page(&self, key: &str, tab: Tab, widths: &[f64]) -> Page {
        let mut page = Page::new(self.word(key), tab);
        page.set_widths(widths);
        let columns = widths.len() as u32;
        page.line(Role::Title, columns, self.word(key));
        let subtitle = self.words.say(
            "subtitle_portfolio",
            &[
                ("as_of", &self.portfolio.as_of.format("%Y-%m-%d").to_string()),
                ("n", &self.portfolio.counted().count().to_string()),
                ("version", env!("CARGO_PKG_VERSION")),
            ],
        );
        page.line(Role::Subtitle, columns, subtitle);
        page.skip(1);
        page
    }

    /// A page of a list whose last column, the file a row comes from, stands to the right of what is printed: paper
    /// has the campaign and the cell, and needs the room for what people wrote.
    fn listing(&self, key: &str, tab: Tab, widths: &[f64]) -> Page {
        const FILE: f64 = 30.0;
        let mut page = self.page(key, tab, widths);
        page.widths.insert(widths.len() as u32, FILE);
        page
    }

    /// A header row that stays in view, is repeated in print and filters its rows.
    fn header<const N: usize>(&self, page: &mut Page, keys: [&str; N]) -> u32 {
        let header = page.next_row();
        page.row(Role::Header, self.words.all(keys));
        header
    }

    fn keep_header(&self, page: &mut Page, header: u32, columns: u32) {
        page.freeze = Some(CellRef::new(header + 1, 1));
        page.repeat_rows = Some((header, header));
        let last = page.next_row() - 1;
        if last > header {
            page.filter = Some(Area::new(CellRef::new(header, 0), CellRef::new(last, columns - 1)));
            page.listed = true;
        }
    }

    /// A bar a row, in the order of the rows; of more than there is room for the first, which the title says.
    fn bars(
        &self,
        page: &Page,
        key: &str,
        [names, values]: [u32; 2],
        rows: (u32, u32),
        at: CellRef,
        shape: Shape,
    ) -> Chart {
        let (first, last) = rows;
        let all = last - first + 1;
        let last = last.min(first + MOST_BARS - 1);
        let title = match all > MOST_BARS {
            true => self.words.say(&format!("{key}_first"), &[("n", &MOST_BARS.to_string())]),
            false => self.word(key),
        };
        Chart {
            name: "",
            kind: ChartKind::Bars,
            title,
            alt: self.word(&format!("{key}_alt")),
            series: vec![Series {
                name: self.word(key),
                categories: page.column(names, first, last),
                values: page.column(values, first, last),
                ink: Ink::Accent,
                second: false,
            }],
            at,
            size: (720, 110 + 26 * (last - first + 1)),
            x_title: None,
            y_title: None,
            shape,
            labels: true,
            y2: None,
        }
    }
}

/// The word of a level.
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn count(entry: &CampaignSummary, severity: Severity) -> usize {
    entry.findings.iter().filter(|line| line.severity == severity).map(|line| line.findings).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_there_in_both_languages() {
        let load = |lang| Words::load(&[TEXT], lang);
        let (zh, en) = (load(Lang::Zh), load(Lang::En));
        assert_eq!(zh.keys().collect::<Vec<_>>(), en.keys().collect::<Vec<_>>());
    }

    #[test]
    fn an_amount_given_back_lowers_the_sum() {
        let mut page = Page::new("表", Tab::Analysis);
        for spend in [300.0, -50.0] {
            page.row(Role::Body, ["甲".into(), amount(Some(spend))]);
        }
        let name = Expr::text("甲");
        let rows = Rows { page: &page, first: 0, last: 1, named: Some((0, &name)) };
        assert_eq!(rows.sum(1).number(), Some(250.0));
    }

    #[test]
    fn a_return_nobody_knows_is_no_return_of_zero() {
        let mut page = Page::new("表", Tab::Analysis);
        for (name, spend, revenue) in
            [("甲", 100.0, Some(500.0)), ("甲", 300.0, None), ("乙", 100.0, Some(200.0))]
        {
            page.row(Role::Body, [name.into(), amount(Some(spend)), amount(revenue)]);
        }
        let rows = |name| Rows { page: &page, first: 0, last: 2, named: name };
        let (one, nobody) = (Expr::text("甲"), Expr::text("丙"));
        assert_eq!(rows(Some((0, &one))).sum(1).number(), Some(400.0));
        assert_eq!(rows(Some((0, &one))).ratio(2, 1).number(), Some(5.0));
        assert_eq!(rows(None).ratio(2, 1).number(), Some(3.5));
        assert_eq!(rows(Some((0, &nobody))).sum(1).number(), None);
        assert_eq!(rows(Some((0, &nobody))).ratio(2, 1).number(), None);
    }
}
