//! 预算汇总: budget against actual, by resource and by line.

use super::{Desk, Detail, Rows, amount, source, wrapped};
use crate::campaign::Resource;
use crate::cell::CellRef;
use crate::expr::{Expr, Fun};
use crate::page::{Chart, ChartKind, Ink, Page, PageCell, Role, Series, Shape, Tab};

impl Desk<'_> {
    pub(super) fn budgets(&self) -> Detail {
        let mut page =
            self.listing("budgets", Tab::Analysis, &[28.0, 14.0, 26.0, 14.0, 14.0, 14.0, 10.0, 27.0]);
        page.line(Role::Section, 8, self.word("by_resource"));
        page.row(
            Role::Header,
            self.words.all([
                "resource",
                "planned",
                "actual_cost",
                "variance",
                "execution",
                "only_planned",
                "only_actual",
            ]),
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
        page.line(Role::Section, 8, self.word("detail"));
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
                "place",
                "file",
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
                page.put(CellRef::new(row, 7), place);
                page.put(CellRef::new(row, 8), file);
            }
        }
        self.keep_header(&mut page, header, 9);
        let last = page.next_row().saturating_sub(1).max(first);
        for (row, kind) in (summary..).zip(&kinds) {
            let name = page.put(CellRef::new(row, 0), self.resource(*kind).into());
            let rows = Rows { page: &page, first, last, named: Some((1, &name)) };
            // What has one side only compares with nothing: it stands beside, not in the rate.
            let both = [3, 4].map(|col| rows.sum_over(col, &[3, 4]));
            let alone = [3, 4].map(|col| rows.sum(col));
            let [planned, actual] = both.map(|sum| PageCell::from(sum).shaped(Shape::Money));
            let planned = page.put(CellRef::new(row, 1), planned);
            let actual = page.put(CellRef::new(row, 2), actual);
            self.variance(&mut page, row, 3, &planned, &actual);
            for (col, all, compared) in [(5, &alone[0], &planned), (6, &alone[1], &actual)] {
                let compared = Expr::call(Fun::Sum, [compared.clone()]);
                let rest = (all.clone() - compared).known();
                page.put(CellRef::new(row, col), PageCell::from(rest).shaped(Shape::Money));
            }
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
            name: "",
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
}
