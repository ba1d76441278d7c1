//! The top of 总览, for somebody with one minute: one sentence, four figures with what they are made of, what changed
//! since last week, and who did not return.

use super::Desk;
use crate::cell::{Area, CellRef};
use crate::diagnostic::{money, number};
use crate::expr::{Expr, Val};
use crate::page::{Page, PageCell, Role, Shape};
use crate::record::merge::State;

/// Rows it takes, the one that parts it from the list included.
pub(super) const ROWS: u32 = 8;
/// The first column of each figure.
const TILES: [u32; 4] = [0, 1, 5, 10];
/// So many names stand in a sentence.
const NAMES: usize = 8;

/// The last row of the list.
pub(super) struct Totals {
    /// How many campaigns the list holds.
    pub campaigns: Expr,
    pub spend: Expr,
    pub revenue: Expr,
    pub roi: Expr,
    pub budget: Expr,
    pub actual: Expr,
    pub execution: Expr,
    pub open: Expr,
    pub overdue: Expr,
    pub errors: Expr,
}

impl Desk<'_> {
    /// Fills the rows kept for it.
    pub(super) fn front(&self, page: &mut Page, row: u32, columns: u32, totals: &Totals) {
        let end = page.next_row();
        page.go_to(row);
        page.line(Role::Headline, columns, self.headline(totals));
        page.skip(1);
        let top = page.next_row();
        let ends = TILES.into_iter().skip(1).chain([columns]).map(|next| next - 1);
        for ((first, last), [label, figure, note]) in TILES.into_iter().zip(ends).zip(self.tiles(totals)) {
            for (row, role, cell) in [
                (top, Role::FigureLabel, label),
                (top + 1, Role::Figure, figure),
                (top + 2, Role::FigureNote, note),
            ] {
                for col in first..=last {
                    page.put(CellRef::new(row, col), PageCell::default().role(role));
                }
                if last > first {
                    page.merges.push(Area::new(CellRef::new(row, first), CellRef::new(row, last)));
                }
                page.put(CellRef::new(row, first), cell.role(role));
            }
        }
        page.heights.insert(top + 1, 34.0);
        page.go_to(top + 3);
        page.line(Role::Note, columns, self.changes_said().unwrap_or_else(|| self.word("front_first_week")));
        if let Some(missing) = self.missing() {
            page.line(Role::Conclusion, columns, missing);
        }
        page.go_to(end);
    }

    fn amount_said(&self, expr: &Expr) -> String {
        expr.number().map_or_else(|| self.word("cannot"), |n| money(self.lang, n))
    }

    fn headline(&self, totals: &Totals) -> String {
        let roi = totals.roi.number().map_or_else(|| self.word("cannot"), |n| number(n, 2));
        self.words.say(
            "conclusion",
            &[
                ("n", &self.portfolio.counted().count().to_string()),
                ("spend", &self.amount_said(&totals.spend)),
                ("revenue", &self.amount_said(&totals.revenue)),
                ("roi", &roi),
                ("overdue", &number(totals.overdue.number().unwrap_or_default(), 0)),
            ],
        )
    }

    /// Label, figure and what it is made of.
    fn tiles(&self, totals: &Totals) -> [[PageCell; 3]; 4] {
        let figure = |expr: &Expr, shape: Shape| match expr.value() {
            Val::Number(_) => PageCell::from(expr.clone()).shaped(shape),
            _ => self.word("cannot").into(),
        };
        let count = |expr: &Expr| number(expr.number().unwrap_or_default(), 0);
        let returned = match &self.portfolio.roster {
            Some(roster) => self.words.say(
                "front_returned",
                &[("expected", &roster.expected.to_string()), ("returned", &roster.returned.to_string())],
            ),
            None => self.words.say("front_errors", &[("n", &count(&totals.errors))]),
        };
        let said = |key: &str, holes: [(&str, &Expr); 2]| {
            let holes = holes.map(|(name, expr)| (name, self.amount_said(expr)));
            let holes: Vec<(&str, &str)> = holes.iter().map(|(name, text)| (*name, text.as_str())).collect();
            PageCell::from(self.words.say(key, &holes))
        };
        let open = self.words.say("front_open", &[("n", &count(&totals.open))]);
        [
            [self.word("campaigns").into(), figure(&totals.campaigns, Shape::Integer), returned.into()],
            [
                self.word("front_roi").into(),
                figure(&totals.roi, Shape::Ratio),
                said("front_spent", [("spend", &totals.spend), ("revenue", &totals.revenue)]),
            ],
            [
                self.word("front_execution").into(),
                figure(&totals.execution, Shape::Percent),
                said("front_budget", [("budget", &totals.budget), ("actual", &totals.actual)]),
            ],
            [self.word("overdue_actions").into(), figure(&totals.overdue, Shape::Integer), open.into()],
        ]
    }

    /// Who was expected and did not return.
    fn missing(&self) -> Option<String> {
        let roster = self.portfolio.roster.as_ref()?;
        let rows: Vec<_> = roster.rows.iter().filter(|row| row.state == State::Missing).collect();
        let named = rows.iter().take(NAMES).map(|row| match row.person.as_str() {
            "" => row.campaign.clone(),
            person => self.words.say("front_person", &[("campaign", &row.campaign), ("person", person)]),
        });
        let names = named.collect::<Vec<_>>().join(&self.word("join_names"));
        (!rows.is_empty())
            .then(|| self.words.say("front_missing", &[("n", &rows.len().to_string()), ("names", &names)]))
    }
}
