//! 点名: who was to return what, how it stands, what is owed.

use super::{Desk, wrapped};
use crate::cell::{Area, CellRef};
use crate::page::{Dress, Page, Role, Tab};
use crate::record::merge::State;

impl Desk<'_> {
    /// The roll call; `None` where nobody was expected.
    pub(super) fn roster(&self) -> Option<Page> {
        const COLUMNS: u32 = 4;
        let roster = self.portfolio.roster.as_ref()?;
        let mut page = self.page("roster", Tab::Action, &[38.0, 14.0, 12.0, 90.0]);
        let share =
            |n: usize| if roster.expected == 0 { 0.0 } else { 100.0 * n as f64 / roster.expected as f64 };
        let holes = [
            ("expected", roster.expected.to_string()),
            ("returned", roster.returned.to_string()),
            ("on_time", roster.on_time.to_string()),
            ("rate", format!("{:.0}", share(roster.returned))),
            ("punctual", format!("{:.0}", share(roster.on_time))),
        ];
        let holes: Vec<(&str, &str)> = holes.iter().map(|(key, text)| (*key, text.as_str())).collect();
        page.line(Role::Conclusion, COLUMNS, self.words.say("roster_head", &holes));
        page.skip(1);
        let header = self.header(&mut page, ["campaign", "owner", "state", "owed"]);
        for row in &roster.rows {
            let cells = [
                wrapped(&row.campaign),
                row.person.as_str().into(),
                self.word(key(row.state)).into(),
                wrapped(&row.owed.join("\n")),
            ];
            page.row(Role::Body, cells);
        }
        self.keep_header(&mut page, header, COLUMNS);
        let last = page.next_row().saturating_sub(1).max(header + 1);
        let states = Area::new(CellRef::new(header + 1, 2), CellRef::new(last, 2));
        for (state, role) in [
            (State::Missing, Role::Bad),
            (State::Unreadable, Role::Bad),
            (State::Outdated, Role::Warn),
            (State::Unchanged, Role::Warn),
            (State::Incomplete, Role::Warn),
            (State::Pending, Role::Warn),
            (State::Returned, Role::Good),
        ] {
            page.dresses.push(Dress::Word { area: states, word: self.word(key(state)), role });
        }
        Some(page)
    }
}

fn key(state: State) -> &'static str {
    match state {
        State::Missing => "state_missing",
        State::Unreadable => "state_unreadable",
        State::Outdated => "state_outdated",
        State::Unchanged => "state_unchanged",
        State::Incomplete => "state_incomplete",
        State::Pending => "state_pending",
        State::Returned => "state_returned",
        State::Unlisted => "state_unlisted",
    }
}
