//! 行动清单: every campaign's actions, overdue first.

use indexmap::IndexMap;

use super::{Desk, source, whole, wrapped};
use crate::cell::{Area, CellRef};
use crate::expr::{Expr, Fun};
use crate::metrics::actions::State;
use crate::page::{Dress, Page, PageCell, Role, Shape, Show, Tab, column};

impl Desk<'_> {
    /// Every campaign's actions: overdue first, then by score; ties by recurrence, gap, due date and campaign.
    pub(super) fn actions(&self) -> Page {
        const COLUMNS: u32 = 14;
        let mut page = self.listing(
            "actions",
            Tab::Action,
            &[6.0, 26.0, 34.0, 20.0, 10.0, 12.0, 12.0, 9.0, 14.0, 14.0, 10.0, 24.0, 27.0],
        );
        let mut lines: Vec<_> = self
            .portfolio
            .entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| entry.set_aside_for.is_none())
            .flat_map(|(at, entry)| entry.actions.iter().map(move |action| (at, entry, action)))
            .map(|(at, entry, action)| {
                let state = self.standing.of(entry, action);
                (self.portfolio.answers_recurring(at, action), entry, action, state)
            })
            .collect();
        lines.sort_by_key(|(comes_back, _, action, state)| {
            let gap = action.gap.map_or(0, |gap| (gap * 10_000.0).round() as i64);
            (
                !state.is_open(),
                *state != State::Overdue,
                std::cmp::Reverse(action.score),
                !comes_back,
                std::cmp::Reverse(gap),
                action.due.unwrap_or(chrono::NaiveDate::MAX),
            )
        });
        let mut owners: IndexMap<String, ()> = IndexMap::new();
        for (.., action, _) in lines.iter().filter(|(.., state)| state.is_open()) {
            owners.insert(action.owner.clone(), ());
        }
        page.line(Role::Section, COLUMNS - 1, self.word("detail"));
        let header = self.header(
            &mut page,
            [
                "order",
                "campaign",
                "action",
                "problem",
                "owner",
                "dept",
                "due",
                "left",
                "state",
                "quadrant",
                "recurring",
                "standard",
                "place",
                "file",
            ],
        );
        let first = page.next_row();
        for (order, (comes_back, entry, action, state)) in lines.iter().enumerate() {
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
                    self.word(state.id()).into(),
                    self.word(action.quadrant.id()).into(),
                    if *comes_back { self.word("yes").into() } else { PageCell::default() },
                    wrapped(&action.standard),
                    place,
                    file,
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
            page.line(Role::Section, COLUMNS - 1, self.word("by_owner"));
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
}
