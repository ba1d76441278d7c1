//! 渠道汇总: the same channel pooled over campaigns, with the spread of its return.

use indexmap::IndexMap;

use super::{Desk, Detail, MOST_BARS, Rows, amount, plain, source, wrapped};
use crate::cell::CellRef;
use crate::expr::{Expr, Fun, Op};
use crate::locale::fold;
use crate::page::{Page, PageCell, Role, Shape, Tab, column};
use crate::quantity::Unit;

impl Desk<'_> {
    pub(super) fn channels(&self) -> Detail {
        let mut page = self.page(
            "channels",
            Tab::Analysis,
            &[28.0, 18.0, 13.0, 14.0, 14.0, 12.0, 12.0, 12.0, 12.0, 13.0, 12.0, 26.0, 27.0],
        );
        let names = self.channel_names();
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
                "benchmark",
            ]),
        );
        let benchmark = PageCell::from(self.word("benchmark")).role(Role::Header);
        let at = CellRef::new(page.next_row() - 1, 12);
        page.put(at, benchmark.note(self.word("benchmark_note")));
        let pooled = page.next_row();
        let chart_rows = 8 + 2 * (names.len() as u32).min(MOST_BARS);
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
        // Channel by channel, so that each one's rows are one range however many campaigns there are.
        let mut lines: Vec<_> = (self.portfolio.counted())
            .flat_map(|entry| entry.channels.iter().map(move |line| (entry, line)))
            .collect();
        lines.sort_by_key(|(_, line)| names.get_index_of(&fold(&line.channel)));
        for (entry, line) in lines {
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
            let ratio = |over: usize, under: usize| (placed[over].clone() / placed[under].clone()).known();
            page.put(CellRef::new(row, 8), PageCell::from(ratio(3, 2)).shaped(Shape::Ratio));
            page.put(CellRef::new(row, 9), PageCell::from(ratio(5, 4)).shaped(Shape::Percent));
            page.put(CellRef::new(row, 10), PageCell::from(ratio(6, 5)).shaped(Shape::Percent));
            page.put(CellRef::new(row, 11), file);
            page.put(CellRef::new(row, 12), place);
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

    /// The same channel under one name, as first written; what brought most for its spend comes first.
    fn channel_names(&self) -> IndexMap<String, String> {
        let mut pooled: IndexMap<String, (String, f64, f64)> = IndexMap::new();
        for line in self.portfolio.counted().flat_map(|entry| &entry.channels) {
            let first = || (line.channel.clone(), 0.0, 0.0);
            let (_, spent, earned) = pooled.entry(fold(&line.channel)).or_insert_with(first);
            if let (Some(spend), Some(revenue)) = (line.spend, line.revenue) {
                (*spent, *earned) = (*spent + spend, *earned + revenue);
            }
        }
        let rate = |(_, spent, earned): &(String, f64, f64)| {
            if *spent > 0.0 { earned / spent } else { f64::NEG_INFINITY }
        };
        pooled.sort_by(|_, a, _, b| rate(b).total_cmp(&rate(a)));
        pooled.into_iter().map(|(folded, (name, ..))| (folded, name)).collect()
    }

    /// One channel over all campaigns: sums over the detail rows, rates over those that
    /// report both sides, and the spread of its ROI.
    fn pooled_channel(&self, page: &mut Page, row: u32, name: &str, first: u32, last: u32) {
        let name = page.put(CellRef::new(row, 0), name.into());
        let rows = Rows { page, first, last, named: Some((1, &name)) };
        let cells = [
            (1, rows.reporting(Fun::CountIfs, [], &[]), Shape::Integer),
            (2, rows.sum(2), Shape::Money),
            (3, rows.sum(3), Shape::Money),
            (4, rows.sum(4), Shape::Integer),
            (5, rows.sum(5), Shape::Integer),
            (6, rows.sum(6), Shape::Integer),
            (7, rows.ratio(5, 4), Shape::Percent),
            (8, rows.ratio(6, 5), Shape::Percent),
            (9, rows.ratio(3, 2), Shape::Ratio),
        ];
        for (col, expr, shape) in cells {
            page.put(CellRef::new(row, col), PageCell::from(expr).shaped(shape));
        }
        // The channel's own rows, as one range: MINIFS is not everywhere.
        let is_own = |row: &u32| {
            let cell = page.cells.get(&CellRef::new(*row, 1));
            cell.is_some_and(|cell| cell.show.value() == name.value())
        };
        let Some((from, to)) = (first..=last).find(is_own).zip((first..=last).rev().find(is_own)) else {
            return;
        };
        let own = column(page, 8, from, to);
        for (col, fun) in [(10, Fun::Min), (11, Fun::Max)] {
            let any = Expr::call(Fun::Count, [own.clone()]).op(Op::Gt, 0.0);
            let expr = any.then(Expr::call(fun, [own.clone()]), Expr::nothing());
            page.put(CellRef::new(row, col), PageCell::from(expr).shaped(Shape::Ratio));
        }
        // A plan goes by what a campaign usually gets; of fewer than three nobody knows what is usual.
        let enough = Expr::call(Fun::Count, [own.clone()]).op(Op::Ge, 3.0);
        let usual = enough.then(Expr::call(Fun::Median, [own]), Expr::nothing());
        page.put(CellRef::new(row, 12), PageCell::from(usual).shaped(Shape::Ratio));
    }
}
