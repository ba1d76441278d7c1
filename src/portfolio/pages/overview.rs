//! 总览: a row a campaign, with sums over the other pages; the ones that are furthest behind come first.

use super::front::{self, Totals};
use super::{Desk, Detail, Rows, amount, count, share, whole};
use crate::campaign::Verdict;
use crate::cell::{Area, CellRef};
use crate::diagnostic::Severity;
use crate::expr::{Expr, Fun, Val};
use crate::metrics::actions::State;
use crate::page::{Chart, ChartKind, Dress, Ink, Page, PageCell, Role, Series, Shape, Show, Tab, column};
use crate::record::summary::ActionLine;
use crate::record::summary::CampaignSummary;
use crate::record::weeks::Weeks;

/// Rows of a list that has papers of its own; under a shorter one its header would be repeated over the charts.
const A_PAPER: u32 = 30;
/// More points than this hide each other.
const MOST_POINTS: usize = 40;

/// Columns others quote.
pub const COMPOSITE: u32 = 4;
/// 投产比.
pub const ROI: u32 = 8;
/// 预算执行率.
pub const EXECUTION: u32 = 11;
/// Overdue actions.
pub const OVERDUE: u32 = 13;
/// How many errors its workbook has.
pub const ERRORS: u32 = 17;
const VERDICT: u32 = 5;
const SPEND: u32 = 6;
const REVENUE: u32 = 7;
const BUDGET: u32 = 9;
const ACTUAL: u32 = 10;
const OPEN: u32 = 12;
const TREND: u32 = 14;
const COMPLETENESS: u32 = 18;
const COLUMNS: u32 = COMPLETENESS + 1;
/// What goes on paper, the trend last; what only the one who keeps the books asks for stands to the right of it.
const PRINTED: [f64; TREND as usize + 1] =
    [38.0, 10.0, 12.0, 12.0, 11.0, 14.0, 12.0, 12.0, 10.0, 12.0, 12.0, 10.0, 9.0, 9.0, 16.0];
/// 类型, tasks done, errors, completeness.
const BESIDE: [f64; (COLUMNS - TREND - 1) as usize] = [16.0, 10.0, 8.0, 10.0];
/// A quarter of a year.
const WEEKS: usize = 13;

impl Desk<'_> {
    pub(super) fn overview(&self, channels: &Detail, budgets: &Detail) -> Page {
        let weeks = self.portfolio.weeks.as_ref().filter(|weeks| weeks.periods.len() > 1);
        let printed = TREND + u32::from(weeks.is_some());
        let mut page = self.page("overview", Tab::First, &PRINTED[..printed as usize]);
        // Before there is a second week the column is there and out of sight.
        page.widths.entry(TREND).or_insert(0.0);
        page.widths.extend((TREND + 1..).zip(BESIDE));
        let front = page.next_row();
        page.skip(front::ROWS);
        let header = self.header(
            &mut page,
            [
                "campaign",
                "owner",
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
                "open_actions",
                "overdue_actions",
                "trend",
                "kind",
                "tasks",
                "errors",
                "completeness",
            ],
        );
        let first = page.next_row();
        let ranked = self.ranked();
        for entry in &ranked {
            self.campaign(&mut page, entry, channels, budgets);
        }
        let last = page.next_row().saturating_sub(1);
        self.keep_header(&mut page, header, COLUMNS);
        // What is above the list is too high to stay in view.
        page.freeze = Some(CellRef::new(0, 1));
        page.repeat_rows = page.repeat_rows.filter(|_| last.saturating_sub(first) >= A_PAPER);
        if let Some(weeks) = weeks {
            trends(&mut page, weeks, header, first, &ranked);
        }
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
        let [spend, revenue] = [SPEND, REVENUE].map(|col| {
            let expr = sum(&page, col);
            put(&mut page, col, expr, Shape::Money)
        });
        let pooled = Rows { page: &page, first, last, named: None }.ratio(REVENUE, SPEND);
        let roi = put(&mut page, ROI, pooled, Shape::Ratio);
        let [budget, actual] = [BUDGET, ACTUAL].map(|col| {
            let expr = sum(&page, col);
            put(&mut page, col, expr, Shape::Money)
        });
        let pooled = Rows { page: &page, first, last, named: None }.ratio(ACTUAL, BUDGET);
        let execution = put(&mut page, EXECUTION, pooled, Shape::Percent);
        let [open, overdue, errors] = [OPEN, OVERDUE, ERRORS].map(|col| {
            let expr = sum(&page, col);
            put(&mut page, col, expr, Shape::Integer)
        });
        let down = |col: u32| Area::new(CellRef::new(first, col), CellRef::new(last, col));
        page.dresses.extend([COMPOSITE, COMPLETENESS].map(|col| Dress::Bar(down(col))));
        let verdicts = down(VERDICT);
        for (word, role) in
            [("success", Role::Good), ("mostly_success", Role::Warn), ("challenged", Role::Bad)]
        {
            page.dresses.push(Dress::Word { area: verdicts, word: self.word(word), role });
        }
        for row in first..=row {
            for col in [SPEND, REVENUE, BUDGET, ACTUAL] {
                self.shorten(&mut page, CellRef::new(row, col), (first, last));
            }
        }
        let campaigns = Expr::call(Fun::CountA, [column(&page, 0, first, last)]);
        let totals =
            Totals { campaigns, spend, revenue, roi, budget, actual, execution, open, overdue, errors };
        self.front(&mut page, front, printed, &totals);
        page.skip(1);
        self.charts(&mut page, (first, last));
        page
    }

    /// The campaigns, the one furthest behind first; those nobody can judge last.
    fn ranked(&self) -> Vec<&CampaignSummary> {
        let mut ranked: Vec<_> = self.portfolio.counted().collect();
        let composite = |entry: &CampaignSummary| entry.composite.unwrap_or(f64::INFINITY);
        ranked.sort_by(|a, b| composite(a).total_cmp(&composite(b)));
        ranked
    }

    /// Amounts stand in 万 where most of the column would be too long to be read at a glance.
    fn shorten(&self, page: &mut Page, at: CellRef, (first, last): (u32, u32)) {
        const LONG: f64 = 1e6;
        let column = page.column(at.col, first, last);
        let is_long = column.values.iter().filter_map(Val::number).any(|n| n.abs() >= LONG);
        if let Some(cell) = page.cells.get(&at).cloned().filter(|cell| is_long && cell.shape == Shape::Money)
        {
            page.put(at, cell.shaped(Shape::Wan));
        }
    }

    /// How far the campaigns came, and what they brought for what they cost, beside each other.
    fn charts(&self, page: &mut Page, (first, last): (u32, u32)) {
        let top = page.next_row();
        let mut bars = self.bars(
            page,
            "chart_composite",
            [0, COMPOSITE],
            (first, last),
            CellRef::new(top, 0),
            Shape::Percent,
        );
        bars.size.0 = 600;
        let size = bars.size;
        let known =
            bars.series.iter().any(|one| one.values.values.iter().any(|value| value.number().is_some()));
        if known {
            page.charts.push(bars);
        }
        let one = |page: &Page, row: u32, col: u32| {
            page.range(Area::new(CellRef::new(row, col), CellRef::new(row, col)))
        };
        let points: Vec<Series> = (first..=last)
            .filter(|row| [SPEND, REVENUE].iter().all(|col| page.at(*row, *col).number().is_some()))
            .take(MOST_POINTS)
            .map(|row| {
                let name = page.at(row, 0).value().text().unwrap_or_default().to_owned();
                Series::new(name, one(page, row, SPEND), one(page, row, REVENUE), Ink::Accent)
            })
            .collect();
        if points.len() > 1 {
            let chart = Chart::new(
                ChartKind::Scatter,
                CellRef::new(top, 7),
                (640, size.1.max(340)),
                self.word("chart_return"),
                self.word("chart_return_alt"),
            );
            page.charts.push(Chart {
                series: points,
                shape: Shape::Wan,
                labels: true,
                x_title: Some(self.word("spend")),
                y_title: Some(self.word("revenue")),
                ..chart
            });
        }
        page.skip(size.1.max(340) / 20 + 2);
    }

    /// One campaign's row: what it says for itself, and sums over the other pages.
    fn campaign(&self, page: &mut Page, entry: &CampaignSummary, channels: &Detail, budgets: &Detail) {
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
            PageCell::from(entry.period.map(|period| period.start)),
            PageCell::from(entry.period.map(|period| period.end)),
            share(entry.composite),
            verdict.into(),
        ];
        let campaign = page.row(Role::Body, cells).remove(0);
        let mut put = |col: u32, cell: PageCell| page.put(CellRef::new(row, col), cell);
        let channels = channels.of(&campaign);
        put(SPEND, PageCell::from(channels.sum(2)).shaped(Shape::Money));
        put(REVENUE, PageCell::from(channels.sum(3)).shaped(Shape::Money));
        put(ROI, PageCell::from(channels.ratio(3, 2)).shaped(Shape::Ratio));
        let budget = put(BUDGET, amount(entry.budget));
        let actual = put(ACTUAL, PageCell::from(budgets.of(&campaign).sum(4)).shaped(Shape::Money));
        put(EXECUTION, PageCell::from((actual / budget).known()).shaped(Shape::Percent));
        let state = |action: &ActionLine| self.standing.of(entry, action);
        put(OPEN, whole(entry.actions.iter().filter(|action| state(action).is_open()).count()));
        put(OVERDUE, whole(entry.actions.iter().filter(|action| state(action) == State::Overdue).count()));
        put(TREND, PageCell::default());
        put(TREND + 1, entry.kind.as_str().into());
        let (done, all, cancelled) = entry.tasks;
        put(TREND + 2, share((all > cancelled).then(|| done as f64 / (all - cancelled) as f64)));
        put(ERRORS, whole(count(entry, Severity::Error)));
        let (filled, required) = entry.filled;
        put(COMPLETENESS, share((required > 0).then(|| filled as f64 / required as f64)));
    }
}

/// 走势: a small line of 综合完成率 over the last weeks, with its values to the right of what is printed.
fn trends(page: &mut Page, weeks: &Weeks, header: u32, first: u32, ranked: &[&CampaignSummary]) {
    let skipped = weeks.periods.len().saturating_sub(WEEKS);
    let shown = &weeks.periods[skipped..];
    let values = COLUMNS + 1;
    for (col, period) in (values..).zip(shown) {
        page.put(CellRef::new(header, col), PageCell::from(period.as_str()).role(Role::Note));
        page.widths.insert(col, 10.0);
    }
    for (row, entry) in (first..).zip(ranked) {
        let Some(one) = weeks.campaigns.iter().find(|one| one.campaign == entry.campaign) else {
            continue;
        };
        for (col, value) in (values..).zip(&one.trend[skipped..]) {
            page.put(CellRef::new(row, col), share(*value).role(Role::Note));
        }
        let last = values + shown.len() as u32 - 1;
        let area = Area::new(CellRef::new(row, values), CellRef::new(row, last));
        page.sparklines.push((CellRef::new(row, TREND), area));
    }
}
