//! 来源: every input file and what became of it.

use super::{Desk, wrapped};
use crate::exports;
use crate::page::{Page, PageCell, Role, Show, Tab};

impl Desk<'_> {
    /// Every input file and what became of it: nothing that came in is missing here.
    pub(super) fn sources(&self) -> Page {
        let mut page = self.page("sources", Tab::Appendix, &[44.0, 30.0, 60.0, 40.0, 40.0]);
        let header = self.header(&mut page, ["file", "campaign", "result", "output", "origin"]);
        let portfolio = self.portfolio;
        let mut rows: Vec<(&str, [PageCell; 4])> = Vec::new();
        for entry in &portfolio.entries {
            let result = match &entry.set_aside_for {
                None => self.word("counted"),
                Some(other) => self.words.say("set_aside", &[("file", other)]),
            };
            let output = match entry.output.as_str() {
                "" => PageCell::default(),
                output => Show::File(output.to_owned(), output.to_owned()).into(),
            };
            rows.push((&entry.file, [wrapped(&entry.file), wrapped(&entry.name), wrapped(&result), output]));
        }
        for (file, name, host) in &portfolio.merged {
            let result = self.words.say("merged", &[("file", host)]);
            rows.push((file, [wrapped(file), wrapped(name), wrapped(&result), PageCell::default()]));
        }
        for (copy, counted) in &portfolio.identical {
            let result = self.words.say("same", &[("file", counted)]);
            rows.push((copy, [wrapped(copy), PageCell::default(), wrapped(&result), PageCell::default()]));
        }
        for held in &portfolio.held {
            let source =
                exports::source(&held.source).map(|source| source.label.get(self.lang)).unwrap_or_default();
            let (key, names) = match held.campaigns.as_slice() {
                [] => ("export_alone", String::new()),
                names => ("export_held", names.join(", ")),
            };
            let result = self.words.say(key, &[("source", &source)]);
            rows.push((
                &held.file,
                [wrapped(&held.file), wrapped(&names), wrapped(&result), PageCell::default()],
            ));
        }
        for refused in &portfolio.refused {
            let result = self.words.say("refused", &[("message", &refused.message)]);
            let result = wrapped(&result).role(Role::Bad);
            rows.push((
                &refused.file,
                [wrapped(&refused.file), PageCell::default(), result, PageCell::default()],
            ));
        }
        rows.sort_by_key(|(file, _)| file.to_owned());
        for (file, cells) in rows {
            let origin = portfolio.origins.get(file).map_or_else(PageCell::default, |origin| wrapped(origin));
            page.row(Role::Body, cells.into_iter().chain([origin]));
        }
        self.keep_header(&mut page, header, 5);
        page
    }
}
