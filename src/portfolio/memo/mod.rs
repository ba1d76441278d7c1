//! 周报: the week on one page, for somebody who opens nothing else.
//!
//! One [`Document`], written as Markdown and as HTML. Every figure names the
//! cell it stands in, in 汇总.xlsx or in a campaign's workbook; a part that has
//! nothing to say says so.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::pages::overview::{COMPOSITE, ERRORS, EXECUTION, OVERDUE, ROI};
use super::pages::words as page_words;
use super::{Portfolio, Standing};
use crate::cell::{Area, CellRef, Place};
use crate::diagnostic::number;
use crate::document::{Block, Document, Illustration, Source, Table};
use crate::expr::{Range, Val};
use crate::locale::Lang;
use crate::page::{Chart, ChartKind, Ink, Page, PageCell, Role, Series, Shape, Show};
use crate::policy::Policy;
use crate::record::merge::{Roster, State};
use crate::record::summary::CampaignSummary;
use crate::record::weeks::{CampaignWeek, Weeks};
use crate::words::Words;

mod decide;
mod standing;

const TEXT: &str = include_str!("memo.toml");
/// The workbook the cells stand in.
pub const PORTFOLIO: &str = "汇总.xlsx";
/// So many lines a part; the rest is in the workbook.
const LINES: usize = 5;
/// So many things changed most.
const CHANGES: usize = 3;
/// Nearer than this is no change: what is rounded away in one figure.
const NEAR: f64 = 0.005;

/// The memo's words.
pub fn words(lang: Lang) -> Words {
    Words::load(&[TEXT], lang)
}

/// The week as a document; `pages` are those of 汇总.xlsx.
pub fn memo(portfolio: &Portfolio, pages: &[Page], policy: &Policy, lang: Lang) -> Document {
    let none = Weeks::default();
    let (words, titles) = (words(lang), page_words(lang));
    let weeks = portfolio.weeks.as_ref().unwrap_or(&none);
    let rows = rows(pages, &titles.get("overview"), portfolio);
    let mut memo = Memo {
        portfolio,
        standing: portfolio.standing(),
        pages,
        weeks,
        policy,
        lang,
        words: &words,
        titles: &titles,
        rows,
        report: Document::default(),
    };
    let as_of = portfolio.as_of.to_string();
    let holes =
        [("period", weeks.period.as_str()), ("as_of", &as_of), ("version", env!("CARGO_PKG_VERSION"))];
    memo.report.kind = words.say("kind", &holes);
    memo.report.subject = memo.report.kind.clone();
    memo.report.subtitle = words.say("subtitle", &holes);
    memo.sentence();
    memo.returned();
    memo.changed();
    memo.behind();
    memo.again();
    memo.decide();
    memo.good();
    memo.unseen();
    memo.campaigns();
    memo.report
}

/// The row of each campaign on 总览, by its name.
fn rows(pages: &[Page], overview: &str, portfolio: &Portfolio) -> BTreeMap<String, u32> {
    let Some(page) = pages.iter().find(|page| &*page.name == overview) else { return BTreeMap::new() };
    let firsts = page.cells.iter().filter(|(at, _)| at.col == 0);
    let texts: BTreeMap<String, u32> = firsts
        .filter_map(|(at, cell)| match cell.show.value() {
            Val::Text(text) => Some((text.to_string(), at.row)),
            _ => None,
        })
        .collect();
    let counted = portfolio.counted();
    counted.filter_map(|entry| Some((entry.campaign.clone(), *texts.get(&entry.name)?))).collect()
}

struct Memo<'a> {
    portfolio: &'a Portfolio,
    standing: Standing<'a>,
    pages: &'a [Page],
    weeks: &'a Weeks,
    policy: &'a Policy,
    lang: Lang,
    words: &'a Words,
    /// The words of the workbook's pages.
    titles: &'a Words,
    rows: BTreeMap<String, u32>,
    report: Document,
}

impl Memo<'_> {
    fn say(&self, key: &str, holes: &[(&str, &str)]) -> String {
        self.words.say(key, holes)
    }

    /// A cell of a page of 汇总.xlsx.
    fn cell(&self, page: &str, at: CellRef) -> Source {
        let title = self.titles.get(page);
        Source { target: format!("{PORTFOLIO}#'{title}'!{at}"), cell: format!("{title}!{at}") }
    }

    /// The beginning of a page of 汇总.xlsx.
    fn page(&self, page: &str) -> Source {
        self.cell(page, CellRef::new(0, 0))
    }

    /// The cell of a page of 汇总.xlsx, by its title, that holds a text; else the page's beginning.
    fn holding(&self, title: &str, text: &str) -> CellRef {
        let page = self.pages.iter().find(|it| *it.name == *title);
        let mut cells = page.into_iter().flat_map(|page| page.cells.iter());
        let found = cells.find(|(_, cell)| cell.show.value() == Val::Text(text.into()));
        found.map_or(CellRef::new(0, 0), |(at, _)| *at)
    }

    /// The cell of a page of 汇总.xlsx that holds a text, else the page's beginning.
    fn row(&self, page: &str, text: &str) -> Source {
        self.cell(page, self.holding(&self.titles.get(page), text))
    }

    /// Names, as many as can be read.
    fn names(&self, names: &[&str]) -> String {
        const MOST: usize = 3;
        self.some(names, MOST)
    }

    /// The first of some names, and how many there are.
    fn some(&self, names: &[&str], most: usize) -> String {
        let told = names[..names.len().min(most)].join(&self.words.get("join"));
        if names.len() <= most {
            return told;
        }
        let (all, rest) = (names.len().to_string(), (names.len() - most).to_string());
        self.say("and_more", &[("names", &told), ("n", &rest), ("all", &all)])
    }

    /// A campaign's cells on 总览.
    fn of(&self, campaign: &str, columns: &[u32]) -> Vec<Source> {
        let Some(row) = self.rows.get(campaign) else { return Vec::new() };
        columns.iter().map(|col| self.cell("overview", CellRef::new(*row, *col))).collect()
    }

    /// A cell of a campaign's own workbook.
    fn own(&self, campaign: &str, at: Option<&Place>) -> Vec<Source> {
        let entry = self.entry(campaign).filter(|entry| !entry.output.is_empty());
        let source = |(entry, at): (&CampaignSummary, &Place)| Source {
            cell: at.to_string(),
            target: format!("{}#'{}'!{}", entry.output, at.sheet.replace('\'', "''"), at.cell),
        };
        entry.zip(at).map(source).into_iter().collect()
    }

    fn entry(&self, campaign: &str) -> Option<&CampaignSummary> {
        self.portfolio.counted().find(|entry| entry.campaign == campaign)
    }

    fn name(&self, campaign: &str) -> String {
        let known = self.weeks.campaigns.iter().find(|one| one.campaign == campaign);
        known.map_or_else(|| campaign.to_owned(), |one| one.name.clone())
    }

    /// One point of a part, and the cells that prove it.
    fn item(&mut self, role: Role, text: String, sources: Vec<Source>) {
        self.report.blocks.push(Block::Item(String::new(), PageCell::from(text).role(role)));
        if !sources.is_empty() {
            self.report.blocks.push(Block::Proof(sources));
        }
    }

    /// A part's heading and its points; none is said out loud.
    fn part(&mut self, key: &str, points: Vec<(Role, String, Vec<Source>)>) {
        self.report.heading(1, self.words.get(key));
        if points.is_empty() {
            self.report.text(Role::Note, self.words.get("none"));
        }
        let more = points.len().saturating_sub(LINES);
        for (role, text, sources) in points.into_iter().take(LINES) {
            self.item(role, text, sources);
        }
        if more > 0 {
            self.report.text(Role::Note, self.say("more", &[("n", &more.to_string())]));
        }
    }

    /// 一句话.
    fn sentence(&mut self) {
        let composites: Vec<f64> = self.portfolio.counted().filter_map(|entry| entry.composite).collect();
        let n = self.portfolio.counted().count().to_string();
        let usual = median(composites);
        // Like with like: of the campaigns that were there both times.
        let both =
            || self.weeks.campaigns.iter().filter_map(|one| Some((one.was?.composite?, one.is?.composite?)));
        let before = median(both().map(|(was, _)| was).collect());
        let moved = match median(both().map(|(_, is)| is).collect()).zip(before) {
            Some((now, before)) if (now - before).abs() >= NEAR / 10.0 => {
                self.say("moved", &[("points", &points(now - before))])
            }
            Some(_) => self.words.get("steady"),
            None => String::new(),
        };
        let overdue: usize =
            self.weeks.campaigns.iter().filter_map(|one| one.is).map(|figures| figures.overdue).sum();
        let lowest = self
            .portfolio
            .counted()
            .filter_map(|entry| Some((entry, entry.composite?)))
            .filter(|(_, composite)| *composite < self.policy.thresholds.goal.mostly)
            .min_by(|a, b| a.1.total_cmp(&b.1));
        let worst = lowest.map_or_else(String::new, |(entry, composite)| {
            self.say("worst", &[("campaign", &entry.name), ("composite", &percent(composite))])
        });
        let usual_said = usual.map_or_else(|| self.words.get("unknown"), percent);
        let holes = [
            ("n", &*n),
            ("usual", &usual_said),
            ("moved", &moved),
            ("overdue", &overdue.to_string()),
            ("worst", &worst),
        ];
        let text = self.say("sentence", &holes);
        self.report.heading(1, self.words.get("one_sentence"));
        self.report.text(Role::Headline, text);
        let mut sources = vec![self.column(COMPOSITE), self.column(OVERDUE)];
        sources.extend(
            lowest.map(|(entry, _)| entry.campaign.clone()).iter().flat_map(|it| self.of(it, &[COMPOSITE])),
        );
        self.report.blocks.push(Block::Proof(sources));
        self.trend();
    }

    /// A column of 总览 over all campaigns.
    fn column(&self, col: u32) -> Source {
        let (first, last) = (self.rows.values().min(), self.rows.values().max());
        match (first, last) {
            (Some(first), Some(last)) => {
                let area = Area::new(CellRef::new(*first, col), CellRef::new(*last, col));
                let title = self.titles.get("overview");
                let cells = format!("{}:{}", area.first, area.last);
                Source { target: format!("{PORTFOLIO}#'{title}'!{cells}"), cell: format!("{title}!{cells}") }
            }
            _ => self.page("overview"),
        }
    }

    /// The median of all campaigns over the weeks, where there are some.
    fn trend(&mut self) {
        let periods = &self.weeks.periods;
        // Two points are no line.
        if periods.len() < 3 {
            return;
        }
        let of = |week: usize| {
            median(self.weeks.campaigns.iter().filter_map(|one| *one.trend.get(week)?).collect())
        };
        let values: Vec<Val> =
            (0..periods.len()).map(|week| of(week).map_or(Val::Blank, Val::Number)).collect();
        let names: Vec<Val> =
            periods.iter().map(|it| Val::Text(it.rsplit('-').next().unwrap_or(it).into())).collect();
        let range = |values: Vec<Val>| Range {
            sheet: Arc::from(""),
            area: Area::new(CellRef::new(0, 0), CellRef::new(values.len() as u32 - 1, 0)),
            values: values.into(),
            leaves: Vec::new().into(),
        };
        let (title, alt) = (self.words.get("trend"), self.words.get("trend_alt"));
        let mut chart = Chart::new(ChartKind::Lines, CellRef::new(0, 0), (720, 200), title.clone(), alt);
        chart.shape = Shape::Percent;
        chart.series.push(Series::new(title, range(names), range(values), Ink::Accent));
        self.report.blocks.push(Block::Chart(Illustration { chart, categories: Shape::General }));
    }

    /// 应交/实交.
    fn returned(&mut self) {
        self.report.heading(1, self.words.get("returned"));
        let Some(roster) = &self.portfolio.roster else {
            let n = self.portfolio.counted().count().to_string();
            self.report.text(Role::Paragraph, self.say("no_roster", &[("n", &n)]));
            return;
        };
        let count = |n: usize| PageCell::from(n as f64).shaped(Shape::Integer);
        let figures = [("expected", roster.expected), ("came", roster.returned), ("on_time", roster.on_time)];
        let figures = figures.map(|(key, n)| (self.words.get(key), count(n)));
        self.report.blocks.push(Block::Figures(figures.to_vec()));
        for state in [State::Missing, State::Unreadable, State::Outdated, State::Unchanged, State::Incomplete]
        {
            let named = self.in_state(roster, state);
            if !named.is_empty() {
                let key = format!("state_{}", state_id(state));
                let text = self.say(&key, &[("named", &named)]);
                let role = if state == State::Missing { Role::Bad } else { Role::Warn };
                self.item(role, text, Vec::new());
            }
        }
        self.report.blocks.push(Block::Proof(vec![self.page("roster")]));
    }

    fn in_state(&self, roster: &Roster, state: State) -> String {
        let rows: Vec<_> = roster.rows.iter().filter(|row| row.state == state).collect();
        let person = |person: &str| match person {
            "" => String::new(),
            person => self.say("person", &[("person", person)]),
        };
        let named: Vec<String> =
            rows.iter().map(|row| format!("{}{}", row.campaign, person(&row.person))).collect();
        self.some(&named.iter().map(String::as_str).collect::<Vec<_>>(), LINES)
    }

    /// Every campaign in one table.
    fn campaigns(&mut self) {
        if self.portfolio.counted().next().is_none() {
            return;
        }
        self.report.heading(1, self.words.get("all"));
        let heads =
            [(3, "campaign"), (1, "composite"), (1, "change"), (1, "roi"), (1, "overdue_head"), (1, "cell")];
        let mut table = Table {
            columns: heads.iter().map(|(span, key)| (*span, self.words.get(key))).collect(),
            ..Table::default()
        };
        let figure =
            |n: Option<f64>, shape| PageCell::from(n.map_or(Show::Blank, Show::Number)).shaped(shape);
        for entry in self.portfolio.counted() {
            let week = self.weeks.campaigns.iter().find(|one| one.campaign == entry.campaign);
            let is = week.and_then(|week| week.is).unwrap_or_default();
            let name = match entry.output.as_str() {
                "" => PageCell::from(entry.name.as_str()),
                output => Show::File(entry.name.clone(), output.to_owned()).into(),
            };
            let source = self.of(&entry.campaign, &[COMPOSITE]).pop();
            let source = source.map_or(PageCell::default(), |it| Show::File(it.cell, it.target).into());
            table.rows.push(vec![
                name,
                figure(entry.composite, Shape::Percent),
                figure(week.and_then(composite_moved).map(|moved| moved * 100.0), Shape::Points),
                figure(is.roi, Shape::Ratio),
                PageCell::from(is.overdue as f64).shaped(Shape::Integer),
                source,
            ]);
        }
        self.report.blocks.push(Block::Table(table));
    }
}

/// By how much a campaign's 综合完成率 moved.
fn composite_moved(one: &CampaignWeek) -> Option<f64> {
    Some(one.is?.composite? - one.was?.composite?)
}

fn percent(rate: f64) -> String {
    format!("{:.1}%", rate * 100.0)
}

/// A gap between rates, in points, with its sign.
fn points(gap: f64) -> String {
    let text = number(gap * 100.0, 1);
    if gap > 0.0 && text != "0" { format!("+{text}") } else { text }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        n if n % 2 == 1 => Some(values[middle]),
        _ => Some((values[middle - 1] + values[middle]) / 2.0),
    }
}

fn state_id(state: State) -> &'static str {
    match state {
        State::Missing => "missing",
        State::Unreadable => "unreadable",
        State::Outdated => "outdated",
        State::Unchanged => "unchanged",
        State::Incomplete => "incomplete",
        State::Pending => "pending",
        State::Returned => "returned",
        State::Unlisted => "unlisted",
    }
}
