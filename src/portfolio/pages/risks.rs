//! 风险: what every campaign foresaw and what happened, what is open first.

use super::{Desk, source, wrapped};
use crate::campaign::RiskLevel;
use crate::cell::{Area, CellRef};
use crate::expr::{Expr, Fun};
use crate::page::{Dress, Page, PageCell, Role, Shape, Show, Tab, column};
use crate::record::summary::{CampaignSummary, RiskLine, RiskState};

const COLUMNS: u32 = 11;
const LEVEL: u32 = 1;
const STATE: u32 = 2;
const LEVELS: [Option<RiskLevel>; 4] =
    [Some(RiskLevel::Major), Some(RiskLevel::Larger), Some(RiskLevel::Ordinary), None];

impl Desk<'_> {
    /// The risks of all campaigns; `None` where there are none.
    pub(super) fn risks(&self) -> Option<Page> {
        let mut lines: Vec<(&CampaignSummary, &RiskLine)> = (self.portfolio.counted())
            .flat_map(|entry| entry.risks.iter().map(move |line| (entry, line)))
            .collect();
        if lines.is_empty() {
            return None;
        }
        lines.sort_by_key(|(_, line)| (line.state, std::cmp::Reverse(line.level), line.occurred));
        let mut page =
            self.listing("risks", Tab::Action, &[28.0, 10.0, 12.0, 36.0, 12.0, 12.0, 14.0, 9.0, 40.0, 27.0]);
        let open = lines.iter().filter(|(_, line)| line.state == RiskState::Unsolved).count().to_string();
        let ahead = lines.iter().filter(|(_, line)| line.state.is_ahead()).count().to_string();
        let grave = |line: &RiskLine| line.state.is_ahead() && line.level == Some(RiskLevel::Major);
        let major = lines.iter().filter(|(_, line)| grave(line)).count().to_string();
        let holes = [("open", &*open), ("ahead", &*ahead), ("major", &*major)];
        page.line(Role::Conclusion, COLUMNS - 1, self.words.say("risks_head", &holes));
        page.line(Role::Note, COLUMNS - 1, self.word("risks_note"));
        page.skip(1);
        page.line(Role::Section, COLUMNS - 1, self.word("risks_by_state"));
        let top = page.next_row();
        page.skip(LEVELS.len() as u32 + 2);
        page.line(Role::Section, COLUMNS - 1, self.word("detail"));
        let header = self.header(
            &mut page,
            [
                "campaign",
                "risk_level",
                "state",
                "risk",
                "kind",
                "owner",
                "occurred",
                "solve_hours",
                "response",
                "place",
                "file",
            ],
        );
        let first = page.next_row();
        for (entry, line) in lines {
            self.risk(&mut page, entry, line);
        }
        let last = page.next_row() - 1;
        self.keep_header(&mut page, header, COLUMNS);
        self.by_state(&mut page, top, (first, last));
        let states = Area::new(CellRef::new(first, STATE), CellRef::new(last, STATE));
        for (state, role) in [(RiskState::Unsolved, Role::Bad), (RiskState::Solved, Role::Good)] {
            page.dresses.push(Dress::Word { area: states, word: self.word(state.id()), role });
        }
        let levels = Area::new(CellRef::new(first, LEVEL), CellRef::new(last, LEVEL));
        for (level, role) in [(RiskLevel::Major, Role::Bad), (RiskLevel::Larger, Role::Warn)] {
            page.dresses.push(Dress::Word { area: levels, word: self.level_of(Some(level)), role });
        }
        Some(page)
    }

    fn risk(&self, page: &mut Page, entry: &CampaignSummary, line: &RiskLine) {
        let [file, place] = source(entry, &line.at);
        let number =
            |n: Option<f64>, shape| PageCell::from(n.map_or(Show::Blank, Show::Number)).shaped(shape);
        page.row(
            Role::Body,
            [
                wrapped(&entry.name),
                self.level_of(line.level).into(),
                self.word(line.state.id()).into(),
                wrapped(&line.risk),
                wrapped(&line.kind),
                wrapped(&line.owner),
                number(line.occurred.map(crate::page::moment), Shape::Moment),
                number(line.hours, Shape::Decimal),
                wrapped(&line.response),
                place,
                file,
            ],
        );
    }

    /// How many of each level are in each state, counted over the list.
    fn by_state(&self, page: &mut Page, top: u32, (first, last): (u32, u32)) {
        let head = |text: String| PageCell::from(text).role(Role::Header);
        page.put(CellRef::new(top, 0), head(self.word("risk_level")));
        let states: Vec<Expr> = (1u32..)
            .zip(RiskState::ALL)
            .map(|(col, state)| page.put(CellRef::new(top, col), head(self.word(state.id()))))
            .collect();
        for (row, level) in (top + 1..).zip(LEVELS) {
            let name = page.put(CellRef::new(row, 0), self.level_of(level).into());
            for (col, state) in (1u32..).zip(&states) {
                let (levels, all) = (column(page, LEVEL, first, last), column(page, STATE, first, last));
                let count = Expr::call(Fun::CountIfs, [levels, name.clone(), all, state.clone()]);
                page.put(CellRef::new(row, col), PageCell::from(count).shaped(Shape::Integer));
            }
        }
        let area = Area::new(
            CellRef::new(top + 1, 1),
            CellRef::new(top + LEVELS.len() as u32, RiskState::ALL.len() as u32),
        );
        page.dresses.push(Dress::Heat(area));
    }

    fn level_of(&self, level: Option<RiskLevel>) -> String {
        level.map_or_else(|| self.word("no_level"), |level| self.word(&format!("risk-{}", level.id())))
    }
}
