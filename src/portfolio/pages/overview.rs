//! 总览: a row a campaign, with sums over the other pages.

use super::{Desk, Detail, Rows, amount, count, share, whole};
use crate::campaign::Verdict;
use crate::cell::{Area, CellRef};
use crate::diagnostic::{Severity, money, number};
use crate::expr::Expr;
use crate::metrics::actions::State;
use crate::page::{Dress, Page, PageCell, Role, Shape, Show, Tab, column};
use crate::record::summary::CampaignSummary;

impl Desk<'_> {
    pub(super) fn overview(&self, channels: &Detail, budgets: &Detail) -> Page {
        const COLUMNS: u32 = 18;
        let mut page = self.page(
            "overview",
            Tab::First,
            &[
                38.0, 10.0, 16.0, 12.0, 12.0, 11.0, 16.0, 13.0, 14.0, 12.0, 13.0, 13.0, 10.0, 10.0, 9.0, 9.0,
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
        self.trends(&mut page, header, first, COLUMNS);
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
        let pooled = Rows { page: &page, first, last, named: None }.ratio(8, 7);
        let roi = put(&mut page, 9, pooled, Shape::Ratio);
        for col in [10, 11] {
            let expr = sum(&page, col);
            put(&mut page, col, expr, Shape::Money);
        }
        let pooled = Rows { page: &page, first, last, named: None }.ratio(11, 10);
        put(&mut page, 12, pooled, Shape::Percent);
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
        let money = |expr: &Expr| expr.number().map_or_else(|| self.word("cannot"), |n| money(self.lang, n));
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

    /// 走势: a small line of 综合完成率 over the last weeks, with its values to the right of what is printed.
    fn trends(&self, page: &mut Page, header: u32, first: u32, columns: u32) {
        /// A quarter of a year.
        const WEEKS: usize = 13;
        let Some(weeks) = self.portfolio.weeks.as_ref().filter(|weeks| weeks.periods.len() > 1) else {
            return;
        };
        let skipped = weeks.periods.len().saturating_sub(WEEKS);
        let shown = &weeks.periods[skipped..];
        let values = columns + 2;
        page.widths.insert(columns, 16.0);
        page.put(CellRef::new(header, columns), PageCell::from(self.word("trend")).role(Role::Header));
        for (col, period) in (values..).zip(shown) {
            page.put(CellRef::new(header, col), PageCell::from(period.as_str()).role(Role::Note));
            page.widths.insert(col, 10.0);
        }
        for (row, entry) in (first..).zip(self.portfolio.counted()) {
            page.put(CellRef::new(row, columns), PageCell::default());
            let Some(one) = weeks.campaigns.iter().find(|one| one.campaign == entry.campaign) else {
                continue;
            };
            for (col, value) in (values..).zip(&one.trend[skipped..]) {
                page.put(CellRef::new(row, col), share(*value).role(Role::Note));
            }
            let last = values + shown.len() as u32 - 1;
            let area = Area::new(CellRef::new(row, values), CellRef::new(row, last));
            page.sparklines.push((CellRef::new(row, columns), area));
        }
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
            entry.kind.as_str().into(),
            PageCell::from(entry.period.map(|period| period.start)),
            PageCell::from(entry.period.map(|period| period.end)),
            share(entry.composite),
            verdict.into(),
        ];
        let campaign = page.row(Role::Body, cells).remove(0);
        let mut put = |col: u32, cell: PageCell| page.put(CellRef::new(row, col), cell);
        let channels = channels.of(&campaign);
        put(7, PageCell::from(channels.sum(2)).shaped(Shape::Money));
        put(8, PageCell::from(channels.sum(3)).shaped(Shape::Money));
        put(9, PageCell::from(channels.ratio(3, 2)).shaped(Shape::Ratio));
        let budget = put(10, amount(entry.budget));
        let actual = put(11, PageCell::from(budgets.of(&campaign).sum(4)).shaped(Shape::Money));
        put(12, PageCell::from((actual / budget).known()).shaped(Shape::Percent));
        let (done, all, cancelled) = entry.tasks;
        put(13, share((all > cancelled).then(|| done as f64 / (all - cancelled) as f64)));
        put(14, whole(entry.actions.iter().filter(|action| action.state.is_open()).count()));
        put(15, whole(entry.actions.iter().filter(|action| action.state == State::Overdue).count()));
        put(16, whole(count(entry, Severity::Error)));
        let (filled, required) = entry.filled;
        put(17, share((required > 0).then(|| filled as f64 / required as f64)));
    }
}
