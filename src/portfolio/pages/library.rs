//! 经验库: every lesson the campaigns wrote down, those of earlier weeks among them.

use super::{Desk, source, wrapped};
use crate::page::{Page, PageCell, Role, Tab};

impl Desk<'_> {
    /// The lessons; `None` where nobody wrote one down.
    pub(super) fn library(&self) -> Option<Page> {
        const COLUMNS: u32 = 10;
        if self.portfolio.library.is_empty() {
            return None;
        }
        let widths = &[26.0, 12.0, 40.0, 30.0, 22.0, 34.0, 12.0, 12.0, 24.0];
        let mut page = self.listing("library", Tab::Action, widths);
        page.line(Role::Note, COLUMNS - 1, self.word("library_note"));
        page.skip(1);
        let header = self.header(
            &mut page,
            [
                "campaign",
                "lesson_kind",
                "lesson",
                "evidence",
                "scope",
                "advice",
                "first_week",
                "last_week",
                "place",
                "file",
            ],
        );
        for one in &self.portfolio.library {
            let entry = self.portfolio.counted().find(|entry| entry.campaign == one.campaign);
            let [file, place] = match entry.filter(|_| one.here) {
                Some(entry) => source(entry, &one.line.at),
                None => {
                    let place = one.line.at.as_ref().map(ToString::to_string).unwrap_or_default();
                    [PageCell::default(), place.into()]
                }
            };
            page.row(
                Role::Body,
                [
                    self.named(&one.campaign, &one.name),
                    wrapped(&one.line.kind),
                    wrapped(&one.line.content),
                    wrapped(&one.line.evidence),
                    wrapped(&one.line.scope),
                    wrapped(&one.line.advice),
                    one.first.as_str().into(),
                    one.last.as_str().into(),
                    place,
                    file,
                ],
            );
        }
        self.keep_header(&mut page, header, COLUMNS);
        Some(page)
    }
}
