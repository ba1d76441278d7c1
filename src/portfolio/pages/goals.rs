//! 目标汇总: every goal of every campaign.

use super::{Desk, plain, share, source, wrapped};
use crate::cell::{Area, CellRef};
use crate::expr::{Expr, Fun};
use crate::metrics::goals::Outcome;
use crate::page::{Dress, Page, PageCell, Role, Shape, Tab, column};

impl Desk<'_> {
    pub(super) fn goals(&self) -> Page {
        let mut page = self.listing("goals", Tab::Analysis, &[28.0, 22.0, 14.0, 14.0, 11.0, 12.0, 27.0]);
        page.line(Role::Section, 7, self.word("by_outcome"));
        page.row(Role::Header, self.words.all(["outcome", "count"]));
        let summary = page.next_row();
        page.skip(Outcome::ALL.len() as u32 + 1);
        page.line(Role::Section, 7, self.word("detail"));
        let header = self.header(
            &mut page,
            ["campaign", "name", "target", "actual", "completion", "outcome", "place", "file"],
        );
        let first = page.next_row();
        for entry in self.portfolio.counted() {
            for goal in &entry.goals {
                let [file, place] = source(entry, &goal.at);
                page.row(
                    Role::Body,
                    [
                        wrapped(&entry.name),
                        wrapped(&goal.name),
                        plain(goal.target, &goal.unit),
                        plain(goal.actual, &goal.unit),
                        share(goal.completion),
                        self.word(goal.outcome.id()).into(),
                        place,
                        file,
                    ],
                );
            }
        }
        self.keep_header(&mut page, header, 8);
        let last = page.next_row().saturating_sub(1).max(first);
        for (row, (outcome, id)) in (summary..).zip(Outcome::ALL) {
            let word = page.put(CellRef::new(row, 0), self.word(id).into());
            let count = Expr::call(Fun::CountIf, [column(&page, 5, first, last), word]);
            page.put(CellRef::new(row, 1), PageCell::from(count).shaped(Shape::Integer));
            let role = match outcome {
                Outcome::Exceeded | Outcome::Reached => Role::Good,
                Outcome::Mostly => Role::Warn,
                Outcome::Missed => Role::Bad,
                Outcome::Unknown => continue,
            };
            let area = Area::new(CellRef::new(first, 5), CellRef::new(last, 5));
            page.dresses.push(Dress::Word { area, word: self.word(id), role });
        }
        page
    }
}
