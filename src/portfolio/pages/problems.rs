//! 问题归类: every campaign's problems, by class.

use super::{Desk, source, whole, wrapped};
use crate::campaign::ProblemClass;
use crate::cell::CellRef;
use crate::expr::{Expr, Fun};
use crate::page::{ChartKind, Page, PageCell, Role, Shape, Tab, column};

impl Desk<'_> {
    pub(super) fn problems(&self) -> Page {
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
}
