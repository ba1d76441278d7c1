//! 汇总.xlsx: the portfolio laid out as pages (spec: `5-workbooks` §5.3).
//!
//! Every page is a tidy table, a row a thing, with the file and cell it comes
//! from; what is summed up is summed up by live formulas over those rows.

use indexmap::IndexMap;

use super::{Entry, Portfolio, finding_title};
use crate::campaign::{ProblemClass, Resource, Verdict};
use crate::cell::{Area, CellRef, Place};
use crate::diagnostic::{Severity, number};
use crate::expr::{Expr, Fun, Op};
use crate::locale::{Lang, fold};
use crate::metrics::actions::State;
use crate::metrics::goals::Outcome;
use crate::page::{Chart, ChartKind, Dress, Ink, Page, PageCell, Role, Series, Shape, Show, Tab, column};
use crate::quantity::Unit;
use crate::words::Words;

const TEXT: &str = include_str!("pages.toml");

/// Lays out the portfolio, in tab order.
pub fn lay_out(portfolio: &Portfolio, lang: Lang) -> Vec<Page> {
    let words = Words::load(&[include_str!("../sheets/words.toml"), TEXT], lang);
    let desk = Desk { portfolio, words: &words, lang };
    let channels = desk.channels();
    let budgets = desk.budgets();
    let mut pages = vec![desk.overview(&channels, &budgets)];
    pages.extend([desk.goals(), channels.page, budgets.page, desk.actions(), desk.problems()]);
    pages.extend([desk.quality(), desk.sources()]);
    pages
}

/// What every page is laid out from.
struct Desk<'a> {
    portfolio: &'a Portfolio,
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
    /// The sum of a detail column over one campaign's rows; nothing where no row has a number.
    fn sum_of(&self, col: u32, campaign: &Expr) -> Expr {
        let over = |col| column(&self.page, col, self.first, self.last);
        let any = Expr::call(Fun::CountIfs, [over(0), campaign.clone(), over(col), Expr::text(">=0")]);
        let sum = Expr::call(Fun::SumIfs, [over(col), over(0), campaign.clone()]);
        any.op(Op::Gt, 0.0).then(sum, Expr::nothing())
    }
}

fn whole(n: usize) -> PageCell {
    PageCell::from(n as f64).shaped(Shape::Integer)
}

fn amount(n: Option<f64>) -> PageCell {
    PageCell::from(n.map_or(Show::Blank, Show::Number)).shaped(Shape::Money)
}

fn plain(n: Option<f64>, unit: &Unit) -> PageCell {
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
fn source(entry: &Entry, at: &Option<Place>) -> [PageCell; 2] {
    let place = at.as_ref().map(ToString::to_string).unwrap_or_default();
    let file = match at {
        Some(at) if !entry.output.is_empty() => Show::File(place, link_target(entry, at)).into(),
        _ => PageCell::from(place),
    };
    [wrapped(&entry.file), file]
}

fn link_target(entry: &Entry, at: &Place) -> String {
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
        }
    }

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
        Chart {
            kind: ChartKind::Bars,
            title: self.word(key),
            alt: self.word(&format!("{key}_alt")),
            series: vec![Series {
                name: self.word(key),
                categories: page.column(names, first, last),
                values: page.column(values, first, last),
                ink: Ink::Accent,
                second: false,
            }],
            at,
            size: (720, 110 + 26 * (last - first + 1).min(30)),
            x_title: None,
            y_title: None,
            shape,
            labels: true,
            y2: None,
        }
    }

    fn overview(&self, channels: &Detail, budgets: &Detail) -> Page {
        const COLUMNS: u32 = 18;
        let mut page = self.page(
            "overview",
            Tab::First,
            &[
                30.0, 10.0, 14.0, 12.0, 12.0, 11.0, 16.0, 13.0, 14.0, 12.0, 13.0, 13.0, 10.0, 10.0, 9.0, 9.0,
                8.0, 10.0,
            ],
        );
        let conclusion_row = page.next_row();
        page.skip(2);
        let header = self.header(
            &mut page,
            [
                "campaign",
                "owner",
                "kind",
                "start",
                "end",
                "composite",
                "verdict",
                "spend",
                "revenue",
                "roi",
                "budget",
                "actual_cost",
                "execution",
                "tasks",
                "open_actions",
                "overdue_actions",
                "errors",
                "completeness",
            ],
        );
        let first = page.next_row();
        for entry in self.portfolio.counted() {
            self.campaign(&mut page, entry, channels, budgets);
        }
        let last = page.next_row().saturating_sub(1);
        self.keep_header(&mut page, header, COLUMNS);
        if last < first {
            return page;
        }
        let row = page.next_row();
        page.row(Role::Total, [self.word("total")]);
        let sum = |page: &Page, col: u32| Expr::sum([column(page, col, first, last)]).known();
        let put = |page: &mut Page, col: u32, expr: Expr, shape: Shape| {
            page.put(CellRef::new(row, col), PageCell::from(expr).shaped(shape).role(Role::Total))
        };
        for col in 1..COLUMNS {
            put(&mut page, col, Expr::nothing(), Shape::General);
        }
        let [spend, revenue] = [7, 8].map(|col| {
            let expr = sum(&page, col);
            put(&mut page, col, expr, Shape::Money)
        });
        let roi = put(&mut page, 9, (revenue.clone() / spend.clone()).known(), Shape::Ratio);
        let [budget, actual] = [10, 11].map(|col| {
            let expr = sum(&page, col);
            put(&mut page, col, expr, Shape::Money)
        });
        put(&mut page, 12, (actual / budget).known(), Shape::Percent);
        let mut overdue = 0.0;
        for col in [14, 15, 16] {
            let expr = sum(&page, col);
            let placed = put(&mut page, col, expr, Shape::Integer);
            if col == 15 {
                overdue = placed.number().unwrap_or_default();
            }
        }
        page.dresses.push(Dress::Bar(Area::new(CellRef::new(first, 5), CellRef::new(last, 5))));
        page.dresses.push(Dress::Bar(Area::new(CellRef::new(first, 17), CellRef::new(last, 17))));
        let verdicts = Area::new(CellRef::new(first, 6), CellRef::new(last, 6));
        for (word, role) in
            [("success", Role::Good), ("mostly_success", Role::Warn), ("challenged", Role::Bad)]
        {
            page.dresses.push(Dress::Word { area: verdicts, word: self.word(word), role });
        }
        let money =
            |expr: &Expr| expr.number().map_or_else(|| self.word("cannot"), |n| format!("¥{}", number(n, 0)));
        let sentence = self.words.say(
            "conclusion",
            &[
                ("n", &self.portfolio.counted().count().to_string()),
                ("spend", &money(&spend)),
                ("revenue", &money(&revenue)),
                ("roi", &roi.number().map_or_else(|| self.word("cannot"), |n| number(n, 2))),
                ("overdue", &number(overdue, 0)),
            ],
        );
        page.merges
            .push(Area::new(CellRef::new(conclusion_row, 0), CellRef::new(conclusion_row, COLUMNS - 1)));
        page.put(CellRef::new(conclusion_row, 0), PageCell::from(sentence).role(Role::Conclusion));
        page.skip(1);
        let at = CellRef::new(page.next_row() + 1, 0);
        let chart = self.bars(&page, "chart_composite", [0, 5], (first, last), at, Shape::Percent);
        page.charts.push(chart);
        page
    }

    /// One campaign's row: what it says for itself, and sums over the other pages.
    fn campaign(&self, page: &mut Page, entry: &Entry, channels: &Detail, budgets: &Detail) {
        let row = page.next_row();
        let name = match entry.output.as_str() {
            "" => PageCell::from(entry.name.as_str()),
            output => Show::File(entry.name.clone(), output.to_owned()).into(),
        };
        let verdict = match entry.verdict {
            Some(Verdict::Success) => self.word("success"),
            Some(Verdict::Mostly) => self.word("mostly_success"),
            Some(Verdict::Challenged) => self.word("challenged"),
            None => String::new(),
        };
        let cells = [
            name.shaped(Shape::Wrapped),
            entry.owner.as_str().into(),
            entry.kind.as_str().into(),
            PageCell::from(entry.period.map(|period| period.start)),
            PageCell::from(entry.period.map(|period| period.end)),
            share(entry.composite),
            verdict.into(),
        ];
        let campaign = page.row(Role::Body, cells).remove(0);
        let mut put = |col: u32, cell: PageCell| page.put(CellRef::new(row, col), cell);
        let spend = put(7, PageCell::from(channels.sum_of(2, &campaign)).shaped(Shape::Money));
        let revenue = put(8, PageCell::from(channels.sum_of(3, &campaign)).shaped(Shape::Money));
        put(9, PageCell::from((revenue / spend).known()).shaped(Shape::Ratio));
        let budget = put(10, amount(entry.budget));
        let actual = put(11, PageCell::from(budgets.sum_of(4, &campaign)).shaped(Shape::Money));
        put(12, PageCell::from((actual / budget).known()).shaped(Shape::Percent));
        let (done, all, cancelled) = entry.tasks;
        put(13, share((all > cancelled).then(|| done as f64 / (all - cancelled) as f64)));
        put(14, whole(entry.actions.iter().filter(|action| action.state.is_open()).count()));
        put(15, whole(entry.actions.iter().filter(|action| action.state == State::Overdue).count()));
        put(16, whole(count(entry, Severity::Error)));
        let (filled, required) = entry.filled;
        put(17, share((required > 0).then(|| filled as f64 / required as f64)));
    }

    fn goals(&self) -> Page {
        let mut page = self.page("goals", Tab::Analysis, &[28.0, 22.0, 14.0, 14.0, 11.0, 12.0, 26.0, 18.0]);
        page.line(Role::Section, 8, self.word("by_outcome"));
        page.row(Role::Header, self.words.all(["outcome", "count"]));
        let summary = page.next_row();
        page.skip(Outcome::ALL.len() as u32 + 1);
        page.line(Role::Section, 8, self.word("detail"));
        let header = self.header(
            &mut page,
            ["campaign", "name", "target", "actual", "completion", "outcome", "file", "place"],
        );
        let first = page.next_row();
        for entry in self.portfolio.counted() {
            for goal in &entry.goals {
                let [file, place] = source(entry, &goal.at);
                page.row(
                    Role::Body,
                    [
                        wrapped(&entry.name),
                        wrapped(&goal.name),
                        plain(goal.target, &goal.unit),
                        plain(goal.actual, &goal.unit),
                        share(goal.completion),
                        self.word(goal.outcome.id()).into(),
                        file,
                        place,
                    ],
                );
            }
        }
        self.keep_header(&mut page, header, 8);
        let last = page.next_row().saturating_sub(1).max(first);
        for (row, (outcome, id)) in (summary..).zip(Outcome::ALL) {
            let word = page.put(CellRef::new(row, 0), self.word(id).into());
            let count = Expr::call(Fun::CountIf, [column(&page, 5, first, last), word]);
            page.put(CellRef::new(row, 1), PageCell::from(count).shaped(Shape::Integer));
            let role = match outcome {
                Outcome::Exceeded | Outcome::Reached => Role::Good,
                Outcome::Mostly => Role::Warn,
                Outcome::Missed => Role::Bad,
                Outcome::Unknown => continue,
            };
            let area = Area::new(CellRef::new(first, 5), CellRef::new(last, 5));
            page.dresses.push(Dress::Word { area, word: self.word(id), role });
        }
        page
    }

    fn channels(&self) -> Detail {
        let mut page = self.page(
            "channels",
            Tab::Analysis,
            &[28.0, 18.0, 13.0, 14.0, 14.0, 12.0, 12.0, 12.0, 12.0, 10.0, 10.0, 26.0, 18.0],
        );
        // The same channel under one name, as first written.
        let mut names: IndexMap<String, String> = IndexMap::new();
        for line in self.portfolio.counted().flat_map(|entry| &entry.channels) {
            names.entry(fold(&line.channel)).or_insert_with(|| line.channel.clone());
        }
        page.line(Role::Section, 13, self.word("pooled"));
        page.row(
            Role::Header,
            self.words.all([
                "channel",
                "campaigns",
                "spend",
                "revenue",
                "exposure",
                "clicks",
                "conversions",
                "ctr",
                "cvr",
                "roi",
                "lowest",
                "highest",
            ]),
        );
        let pooled = page.next_row();
        let chart_rows = 8 + 2 * names.len().min(30) as u32;
        page.skip(names.len() as u32 + 2 + if names.is_empty() { 0 } else { chart_rows });
        page.line(Role::Section, 13, self.word("detail"));
        let header = self.header(
            &mut page,
            [
                "campaign",
                "channel",
                "spend",
                "revenue",
                "exposure",
                "clicks",
                "conversions",
                "new_customers",
                "roi",
                "ctr",
                "cvr",
                "file",
                "place",
            ],
        );
        let first = page.next_row();
        for entry in self.portfolio.counted() {
            for line in &entry.channels {
                let row = page.next_row();
                let [file, place] = source(entry, &line.at);
                let count = |n: Option<f64>| plain(n, &Unit::None);
                let name = names.get(&fold(&line.channel)).unwrap_or(&line.channel);
                let placed = page.row(
                    Role::Body,
                    [
                        wrapped(&entry.name),
                        name.as_str().into(),
                        amount(line.spend),
                        amount(line.revenue),
                        count(line.exposure),
                        count(line.clicks),
                        count(line.conversions),
                        count(line.new_customers),
                    ],
                );
                let ratio =
                    |over: usize, under: usize| (placed[over].clone() / placed[under].clone()).known();
                page.put(CellRef::new(row, 8), PageCell::from(ratio(3, 2)).shaped(Shape::Ratio));
                page.put(CellRef::new(row, 9), PageCell::from(ratio(5, 4)).shaped(Shape::Percent));
                page.put(CellRef::new(row, 10), PageCell::from(ratio(6, 5)).shaped(Shape::Percent));
                page.put(CellRef::new(row, 11), file);
                page.put(CellRef::new(row, 12), place);
            }
        }
        self.keep_header(&mut page, header, 13);
        let last = page.next_row().saturating_sub(1).max(first);
        for (row, name) in (pooled..).zip(names.values()) {
            self.pooled_channel(&mut page, row, name, first, last);
        }
        if !names.is_empty() {
            let end = pooled + names.len() as u32 - 1;
            let at = CellRef::new(end + 2, 0);
            let chart = self.bars(&page, "chart_roi", [0, 9], (pooled, end), at, Shape::Ratio);
            page.charts.push(chart);
        }
        Detail { page, first, last }
    }

    /// One channel over all campaigns: sums over the detail rows, rates from the sums, and the spread of its ROI.
    fn pooled_channel(&self, page: &mut Page, row: u32, name: &str, first: u32, last: u32) {
        let name = page.put(CellRef::new(row, 0), name.into());
        let over = |page: &Page, col: u32| column(page, col, first, last);
        let count = Expr::call(Fun::CountIf, [over(page, 1), name.clone()]);
        page.put(CellRef::new(row, 1), PageCell::from(count).shaped(Shape::Integer));
        let mut placed = Vec::new();
        for (col, shape) in [
            (2, Shape::Money),
            (3, Shape::Money),
            (4, Shape::Integer),
            (5, Shape::Integer),
            (6, Shape::Integer),
        ] {
            let any =
                Expr::call(Fun::CountIfs, [over(page, 1), name.clone(), over(page, col), Expr::text(">=0")]);
            let sum = Expr::call(Fun::SumIfs, [over(page, col), over(page, 1), name.clone()]);
            let expr = any.op(Op::Gt, 0.0).then(sum, Expr::nothing());
            placed.push(page.put(CellRef::new(row, col), PageCell::from(expr).shaped(shape)));
        }
        let ratio = |over: usize, under: usize| (placed[over].clone() / placed[under].clone()).known();
        page.put(CellRef::new(row, 7), PageCell::from(ratio(3, 2)).shaped(Shape::Percent));
        page.put(CellRef::new(row, 8), PageCell::from(ratio(4, 3)).shaped(Shape::Percent));
        page.put(CellRef::new(row, 9), PageCell::from(ratio(1, 0)).shaped(Shape::Ratio));
        // The channel's own rows, as references: MINIFS is not everywhere.
        let own: Vec<Expr> = (first..=last)
            .filter(|row| {
                let cell = page.cells.get(&CellRef::new(*row, 1));
                cell.is_some_and(|cell| cell.show.value() == name.value())
            })
            .take(200)
            .filter_map(|row| {
                let at = CellRef::new(row, 8);
                let value = page.cells.get(&at)?.show.value();
                Some(Expr::cell(Place { sheet: page.name.clone(), cell: at }, value))
            })
            .collect();
        for (col, fun) in [(10, Fun::Min), (11, Fun::Max)] {
            let any = Expr::call(Fun::Count, own.clone()).op(Op::Gt, 0.0);
            let expr = any.then(Expr::Call(fun, own.clone()), Expr::nothing());
            page.put(CellRef::new(row, col), PageCell::from(expr).shaped(Shape::Ratio));
        }
    }

    fn budgets(&self) -> Detail {
        let mut page =
            self.page("budgets", Tab::Analysis, &[28.0, 14.0, 26.0, 14.0, 14.0, 14.0, 10.0, 26.0, 18.0]);
        page.line(Role::Section, 9, self.word("by_resource"));
        page.row(
            Role::Header,
            self.words.all(["resource", "planned", "actual_cost", "variance", "execution"]),
        );
        let summary = page.next_row();
        let kinds: Vec<Option<Resource>> = Resource::ALL
            .iter()
            .copied()
            .map(Some)
            .chain([None])
            .filter(|kind| self.has_resource(*kind))
            .collect();
        page.skip(kinds.len() as u32 + 2 + if kinds.is_empty() { 0 } else { 18 });
        page.line(Role::Section, 9, self.word("detail"));
        let header = self.header(
            &mut page,
            [
                "campaign",
                "resource",
                "item",
                "planned",
                "actual_cost",
                "variance",
                "execution",
                "file",
                "place",
            ],
        );
        let first = page.next_row();
        for entry in self.portfolio.counted() {
            for line in &entry.budget_lines {
                let row = page.next_row();
                let [file, place] = source(entry, &line.at);
                let placed = page.row(
                    Role::Body,
                    [
                        wrapped(&entry.name),
                        self.resource(line.resource).into(),
                        wrapped(&line.item),
                        amount(line.planned),
                        amount(line.actual),
                    ],
                );
                self.variance(&mut page, row, 5, &placed[3], &placed[4]);
                page.put(CellRef::new(row, 7), file);
                page.put(CellRef::new(row, 8), place);
            }
        }
        self.keep_header(&mut page, header, 9);
        let last = page.next_row().saturating_sub(1).max(first);
        for (row, kind) in (summary..).zip(&kinds) {
            let name = page.put(CellRef::new(row, 0), self.resource(*kind).into());
            let [planned, actual] = [3, 4].map(|col| {
                let any = Expr::call(
                    Fun::CountIfs,
                    [
                        column(&page, 1, first, last),
                        name.clone(),
                        column(&page, col, first, last),
                        Expr::text(">=0"),
                    ],
                );
                let sum = Expr::call(
                    Fun::SumIfs,
                    [column(&page, col, first, last), column(&page, 1, first, last), name.clone()],
                );
                let expr = any.op(Op::Gt, 0.0).then(sum, Expr::nothing());
                page.put(CellRef::new(row, col - 2), PageCell::from(expr).shaped(Shape::Money))
            });
            self.variance(&mut page, row, 3, &planned, &actual);
        }
        if !kinds.is_empty() {
            let rows = (summary, summary + kinds.len() as u32 - 1);
            let chart = self.planned_and_actual(&page, rows);
            page.charts.push(chart);
        }
        Detail { page, first, last }
    }

    fn planned_and_actual(&self, page: &Page, (first, last): (u32, u32)) -> Chart {
        let series = |key: &str, col: u32, ink: Ink| Series {
            name: self.word(key),
            categories: page.column(0, first, last),
            values: page.column(col, first, last),
            ink,
            second: false,
        };
        Chart {
            kind: ChartKind::Columns,
            title: self.word("chart_budget"),
            alt: self.word("chart_budget_alt"),
            series: vec![series("planned", 1, Ink::Plan), series("actual_cost", 2, Ink::Accent)],
            at: CellRef::new(last + 2, 0),
            size: (720, 320),
            x_title: None,
            y_title: Some(self.word("planned")),
            shape: Shape::Wan,
            labels: true,
            y2: None,
        }
    }

    fn variance(&self, page: &mut Page, row: u32, col: u32, planned: &Expr, actual: &Expr) {
        let variance = (actual.clone() - planned.clone()).known();
        page.put(CellRef::new(row, col), PageCell::from(variance).shaped(Shape::Money));
        let execution = (actual.clone() / planned.clone()).known();
        page.put(CellRef::new(row, col + 1), PageCell::from(execution).shaped(Shape::Percent));
    }

    fn has_resource(&self, kind: Option<Resource>) -> bool {
        self.portfolio.counted().flat_map(|entry| &entry.budget_lines).any(|line| line.resource == kind)
    }

    fn resource(&self, kind: Option<Resource>) -> String {
        self.word(kind.map_or("no_resource", Resource::id))
    }

    /// Every campaign's actions: overdue first, then by score, due date and campaign.
    fn actions(&self) -> Page {
        const COLUMNS: u32 = 13;
        let mut page = self.page(
            "actions",
            Tab::Action,
            &[6.0, 26.0, 34.0, 20.0, 10.0, 12.0, 12.0, 9.0, 14.0, 14.0, 24.0, 26.0, 18.0],
        );
        let mut lines: Vec<_> = self
            .portfolio
            .counted()
            .flat_map(|entry| entry.actions.iter().map(move |action| (entry, action)))
            .collect();
        lines.sort_by_key(|(_, action)| {
            (
                !action.state.is_open(),
                action.state != State::Overdue,
                std::cmp::Reverse(action.score),
                action.due.unwrap_or(chrono::NaiveDate::MAX),
            )
        });
        let mut owners: IndexMap<String, ()> = IndexMap::new();
        for (_, action) in lines.iter().filter(|(_, action)| action.state.is_open()) {
            owners.insert(action.owner.clone(), ());
        }
        page.line(Role::Section, COLUMNS, self.word("detail"));
        let header = self.header(
            &mut page,
            [
                "order", "campaign", "action", "problem", "owner", "dept", "due", "left", "state",
                "quadrant", "standard", "file", "place",
            ],
        );
        let first = page.next_row();
        for (order, (entry, action)) in lines.iter().enumerate() {
            let [file, place] = source(entry, &action.at);
            let left = PageCell::from(action.days_left.map_or(Show::Blank, |days| Show::Number(days as f64)));
            page.row(
                Role::Body,
                [
                    whole(order + 1),
                    wrapped(&entry.name),
                    wrapped(&action.action),
                    wrapped(&action.problem),
                    action.owner.as_str().into(),
                    action.dept.as_str().into(),
                    PageCell::from(action.due),
                    left.shaped(Shape::Integer),
                    self.word(action.state.id()).into(),
                    self.word(action.quadrant.id()).into(),
                    wrapped(&action.standard),
                    file,
                    place,
                ],
            );
        }
        self.keep_header(&mut page, header, COLUMNS);
        page.freeze = Some(CellRef::new(header + 1, 3));
        let last = page.next_row().saturating_sub(1).max(first);
        let states = Area::new(CellRef::new(first, 8), CellRef::new(last, 8));
        for (state, role) in
            [(State::Overdue, Role::Bad), (State::DueSoon, Role::Warn), (State::Done, Role::Good)]
        {
            page.dresses.push(Dress::Word { area: states, word: self.word(state.id()), role });
        }
        if !owners.is_empty() {
            page.skip(1);
            page.line(Role::Section, COLUMNS, self.word("by_owner"));
            let row = page.next_row();
            for (col, key) in [(1, "owner"), (2, "open_actions"), (3, "overdue_actions")] {
                page.put(CellRef::new(row, col), PageCell::from(self.word(key)).role(Role::Header));
            }
            page.skip(1);
            for owner in owners.keys().filter(|owner| !owner.is_empty()) {
                self.owner(&mut page, owner, first, last);
            }
        }
        page
    }

    /// How much one person still has to do, counted over the list.
    fn owner(&self, page: &mut Page, owner: &str, first: u32, last: u32) {
        let row = page.next_row();
        page.skip(1);
        let name = page.put(CellRef::new(row, 1), owner.into());
        let count = |page: &Page, state: State| {
            Expr::call(
                Fun::CountIfs,
                [
                    column(page, 4, first, last),
                    name.clone(),
                    column(page, 8, first, last),
                    Expr::text(self.word(state.id())),
                ],
            )
        };
        let overdue = count(page, State::Overdue);
        let open = overdue.clone()
            + count(page, State::DueSoon)
            + count(page, State::Open)
            + count(page, State::Undated);
        page.put(CellRef::new(row, 2), PageCell::from(open).shaped(Shape::Integer));
        page.put(CellRef::new(row, 3), PageCell::from(overdue).shaped(Shape::Integer));
    }

    fn problems(&self) -> Page {
        const COLUMNS: u32 = 8;
        let mut page = self.page("problems", Tab::Action, &[28.0, 14.0, 40.0, 34.0, 14.0, 10.0, 26.0, 18.0]);
        page.line(Role::Section, COLUMNS, self.word("by_class"));
        page.row(Role::Header, self.words.all(["class", "count", "campaigns"]));
        let summary = page.next_row();
        page.skip(ProblemClass::ALL.len() as u32 + 2);
        let chart_row = page.next_row();
        page.skip(18);
        page.line(Role::Section, COLUMNS, self.word("detail"));
        let header = self.header(
            &mut page,
            ["campaign", "class", "description", "root", "dept", "recurring", "file", "place"],
        );
        let first = page.next_row();
        for entry in self.portfolio.counted() {
            for problem in &entry.problems {
                let [file, place] = source(entry, &problem.at);
                let recurring = if problem.recurring { self.word("yes") } else { String::new() };
                page.row(
                    Role::Body,
                    [
                        wrapped(&entry.name),
                        self.class(problem.class.as_deref()).into(),
                        wrapped(&problem.description),
                        wrapped(&problem.root),
                        problem.dept.as_str().into(),
                        recurring.into(),
                        file,
                        place,
                    ],
                );
            }
        }
        self.keep_header(&mut page, header, COLUMNS);
        let last = page.next_row().saturating_sub(1).max(first);
        let classes: Vec<Option<&str>> =
            ProblemClass::ALL.iter().map(|class| Some(class.id())).chain([None]).collect();
        for (row, class) in (summary..).zip(&classes) {
            let name = page.put(CellRef::new(row, 0), self.class(*class).into());
            let count = Expr::call(Fun::CountIf, [column(&page, 1, first, last), name]);
            page.put(CellRef::new(row, 1), PageCell::from(count).shaped(Shape::Integer));
            let campaigns = self
                .portfolio
                .counted()
                .filter(|entry| entry.problems.iter().any(|p| p.class.as_deref() == *class));
            page.put(CellRef::new(row, 2), whole(campaigns.count()));
        }
        let rows = (summary, summary + classes.len() as u32 - 1);
        let mut chart =
            self.bars(&page, "chart_class", [0, 1], rows, CellRef::new(chart_row, 0), Shape::Integer);
        chart.kind = ChartKind::Columns;
        chart.size = (560, 320);
        page.charts.push(chart);
        page
    }

    fn class(&self, class: Option<&str>) -> String {
        self.word(match class {
            Some("execution") => "execution_class",
            Some("resource") => "resource_class",
            Some(class) => class,
            None => "no_class",
        })
    }

    fn quality(&self) -> Page {
        let mut page = self.page("quality", Tab::Appendix, &[34.0, 28.0, 10.0, 10.0, 10.0, 12.0]);
        page.line(Role::Section, 6, self.word("by_file"));
        self.header(&mut page, ["file", "campaign", "errors", "warnings", "note", "completeness"]);
        for entry in self.portfolio.counted() {
            let (filled, required) = entry.filled;
            page.row(
                Role::Body,
                [
                    wrapped(&entry.file),
                    wrapped(&entry.name),
                    whole(count(entry, Severity::Error)),
                    whole(count(entry, Severity::Warning)),
                    whole(count(entry, Severity::Note)),
                    share((required > 0).then(|| filled as f64 / required as f64)),
                ],
            );
        }
        page.skip(1);
        page.line(Role::Section, 6, self.word("by_code"));
        let header = self.header(&mut page, ["title", "code", "level", "cells", "files"]);
        let mut codes: IndexMap<(&str, Severity), (usize, usize)> = IndexMap::new();
        for line in self.portfolio.counted().flat_map(|entry| &entry.findings) {
            let total = codes.entry((line.code, line.severity)).or_default();
            *total = (total.0 + line.cells, total.1 + 1);
        }
        codes.sort_by(|a, av, b, bv| (b.1, bv.0, a.0).cmp(&(a.1, av.0, b.0)));
        for ((code, severity), (cells, files)) in codes {
            let level = match severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "note",
            };
            page.row(
                Role::Body,
                [
                    wrapped(&finding_title(code, self.lang)),
                    code.into(),
                    self.word(level).into(),
                    whole(cells),
                    whole(files),
                ],
            );
        }
        page.repeat_rows = Some((header, header));
        page
    }

    /// Every input file and what became of it: nothing that came in is missing here.
    fn sources(&self) -> Page {
        let mut page = self.page("sources", Tab::Appendix, &[44.0, 30.0, 60.0, 40.0]);
        let header = self.header(&mut page, ["file", "campaign", "result", "output"]);
        let portfolio = self.portfolio;
        let mut rows: Vec<(&str, [PageCell; 4])> = Vec::new();
        for entry in &portfolio.entries {
            let result = match &entry.set_aside_for {
                None => self.word("counted"),
                Some(other) => self.words.say("set_aside", &[("file", other)]),
            };
            let output = match entry.output.as_str() {
                "" => PageCell::default(),
                output => Show::File(output.to_owned(), output.to_owned()).into(),
            };
            rows.push((&entry.file, [wrapped(&entry.file), wrapped(&entry.name), wrapped(&result), output]));
        }
        for (copy, counted) in &portfolio.identical {
            let result = self.words.say("same", &[("file", counted)]);
            rows.push((copy, [wrapped(copy), PageCell::default(), wrapped(&result), PageCell::default()]));
        }
        for refused in &portfolio.refused {
            let result = self.words.say("refused", &[("message", &refused.message)]);
            let result = wrapped(&result).role(Role::Bad);
            rows.push((
                &refused.file,
                [wrapped(&refused.file), PageCell::default(), result, PageCell::default()],
            ));
        }
        rows.sort_by_key(|(file, _)| file.to_owned());
        for (_, cells) in rows {
            page.row(Role::Body, cells);
        }
        self.keep_header(&mut page, header, 4);
        page
    }
}

fn count(entry: &Entry, severity: Severity) -> usize {
    entry.findings.iter().filter(|line| line.severity == severity).map(|line| line.cells).sum()
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
}
