//! 问题归类: every campaign's problems, by class, and those that keep coming back.

use super::{Desk, source, whole, wrapped};
use crate::campaign::ProblemClass;
use crate::cell::{Area, CellRef};
use crate::expr::{Expr, Fun};
use crate::page::{ChartKind, Dress, Page, PageCell, Role, Shape, Tab, column};

impl Desk<'_> {
    pub(super) fn problems(&self) -> Page {
        const COLUMNS: u32 = 8;
        let mut page = self.page("problems", Tab::Action, &[28.0, 14.0, 40.0, 34.0, 14.0, 10.0, 26.0, 27.0]);
        page.line(Role::Section, COLUMNS, self.word("by_class"));
        page.row(Role::Header, self.words.all(["class", "count", "campaigns"]));
        let summary = page.next_row();
        page.skip(ProblemClass::ALL.len() as u32 + 2);
        let chart_row = page.next_row();
        page.skip(18);
        self.recurring(&mut page, COLUMNS);
        page.line(Role::Section, COLUMNS, self.word("detail"));
        let header = self.header(
            &mut page,
            ["campaign", "class", "description", "root", "dept", "recurring", "file", "place"],
        );
        let first = page.next_row();
        for (at, entry) in self.portfolio.entries.iter().enumerate() {
            if entry.set_aside_for.is_some() {
                continue;
            }
            for (row, problem) in entry.problems.iter().enumerate() {
                let [file, place] = source(entry, &problem.at);
                let met = self.portfolio.recurrence_of(at, row).map(|one| one.members.len().to_string());
                let recurring = match (problem.recurring, met) {
                    (_, Some(times)) => self.words.say("met_times", &[("n", &times)]),
                    (true, None) => self.word("yes"),
                    (false, None) => String::new(),
                };
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

    /// Problems met more than once: how often, when, where, and whether it is time to go higher up.
    fn recurring(&self, page: &mut Page, columns: u32) {
        page.line(Role::Section, columns, self.word("recurrences"));
        let found = &self.portfolio.recurrences;
        if found.is_empty() {
            page.line(Role::Note, columns, self.word("no_recurrence"));
            page.skip(1);
            return;
        }
        page.line(Role::Note, columns, self.word("recurrences_note"));
        page.row(
            Role::Header,
            self.words.all([
                "description",
                "class",
                "where",
                "escalation",
                "times",
                "campaigns",
                "first_seen",
                "last_seen",
            ]),
        );
        let first = page.next_row();
        for one in found {
            let mut names: Vec<&str> = Vec::new();
            for (entry, _) in &one.members {
                let name = self.portfolio.entries[*entry].name.as_str();
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            let escalate = if one.escalate { self.word("escalate") } else { String::new() };
            page.row(
                Role::Body,
                [
                    wrapped(&one.description),
                    self.class(one.class.as_deref()).into(),
                    wrapped(&names.join(&self.word("join_names"))),
                    wrapped(&escalate),
                    whole(one.members.len()),
                    whole(one.campaigns),
                    PageCell::from(one.first),
                    PageCell::from(one.last),
                ],
            );
        }
        let last = page.next_row() - 1;
        let area = Area::new(CellRef::new(first, 3), CellRef::new(last, 3));
        page.dresses.push(Dress::Word { area, word: self.word("escalate"), role: Role::Bad });
        page.skip(1);
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
