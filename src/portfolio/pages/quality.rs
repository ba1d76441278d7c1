//! 数据质量: findings by file and by kind.

use indexmap::IndexMap;

use super::{Desk, count, level, share, whole, wrapped};
use crate::cell::{Area, CellRef};
use crate::diagnostic::Severity;
use crate::page::{Page, PageCell, Role, Tab};
use crate::portfolio::compare::{NAME_CLUSTER, settings};
use crate::portfolio::decided::{self, ASKED, GOES_BY, ONE_CHANNEL};
use crate::portfolio::finding_title;
use crate::record::decided::Decides;
use crate::record::summary::CampaignSummary;

impl Desk<'_> {
    pub(super) fn quality(&self) -> Page {
        let mut page = self.page("quality", Tab::Appendix, &[34.0, 28.0, 10.0, 10.0, 10.0, 12.0, 0.0]);
        page.line(Role::Section, 6, self.word("by_file"));
        self.header(&mut page, ["file", "campaign", "errors", "warnings", "note", "completeness"]);
        for entry in self.portfolio.counted() {
            let (filled, required) = entry.filled;
            page.row(
                Role::Body,
                [
                    wrapped(&entry.file),
                    wrapped(&entry.name),
                    whole(count(entry, Severity::Error)),
                    whole(count(entry, Severity::Warning)),
                    whole(count(entry, Severity::Note)),
                    share((required > 0).then(|| filled as f64 / required as f64)),
                ],
            );
        }
        self.by_owner(&mut page);
        self.names(&mut page);
        self.across(&mut page);
        page.skip(1);
        page.line(Role::Section, 6, self.word("by_code"));
        let header = self.header(&mut page, ["title", "code", "level", "findings", "cells", "files"]);
        let mut codes: IndexMap<(&str, Severity), (usize, usize, usize)> = IndexMap::new();
        for line in self.portfolio.counted().flat_map(|entry| &entry.findings) {
            let total = codes.entry((line.code, line.severity)).or_default();
            *total = (total.0 + line.findings, total.1 + line.cells, total.2 + 1);
        }
        codes.sort_by(|a, av, b, bv| (b.1, bv.0, a.0).cmp(&(a.1, av.0, b.0)));
        for ((code, severity), (findings, cells, files)) in codes {
            page.row(
                Role::Body,
                [
                    wrapped(&finding_title(code, self.lang)),
                    code.into(),
                    self.word(level(severity)).into(),
                    whole(findings),
                    whole(cells),
                    whole(files),
                ],
            );
        }
        page.repeat_rows = Some((header, header));
        page
    }

    /// Whose workbooks need a word: everybody's campaigns together, most errors first.
    fn by_owner(&self, page: &mut Page) {
        let mut owners: IndexMap<&str, Vec<&CampaignSummary>> = IndexMap::new();
        for entry in self.portfolio.counted().filter(|entry| !entry.owner.trim().is_empty()) {
            owners.entry(entry.owner.trim()).or_default().push(entry);
        }
        if owners.is_empty() {
            return;
        }
        let sum = |entries: &[&CampaignSummary], severity| {
            entries.iter().map(|it| count(it, severity)).sum::<usize>()
        };
        owners.sort_by(|a, x, b, y| {
            let key = |entries: &[&CampaignSummary]| {
                [Severity::Error, Severity::Warning].map(|level| std::cmp::Reverse(sum(entries, level)))
            };
            (key(x), a).cmp(&(key(y), b))
        });
        page.skip(1);
        page.line(Role::Section, 6, self.word("quality_by_owner"));
        page.row(
            Role::Header,
            self.words.all(["owner", "campaigns", "errors", "warnings", "note", "completeness"]),
        );
        for (owner, entries) in owners {
            let filled: usize = entries.iter().map(|entry| entry.filled.0).sum();
            let required: usize = entries.iter().map(|entry| entry.filled.1).sum();
            page.row(
                Role::Body,
                [
                    wrapped(owner),
                    whole(entries.len()),
                    whole(sum(&entries, Severity::Error)),
                    whole(sum(&entries, Severity::Warning)),
                    whole(sum(&entries, Severity::Note)),
                    share((required > 0).then(|| filled as f64 / required as f64)),
                ],
            );
        }
    }

    /// Names of channels that may be one: asked with a word each, and what was decided.
    fn names(&self, page: &mut Page) {
        let decided = &self.portfolio.decided.channels;
        // Where the settings silence it, nobody is asked.
        let asked = self.portfolio.findings.iter().any(|it| it.code == &NAME_CLUSTER);
        let open = self.portfolio.clusters.iter().filter(|_| asked).map(|names| (names, None, None));
        let known = decided.iter().map(|it| (&it.names, Some(it.one), Some(it.period.as_str())));
        let rows: Vec<_> = open.chain(known).collect();
        if rows.is_empty() {
            return;
        }
        page.skip(1);
        page.line(Role::Section, 6, self.word("names"));
        page.line(Role::Note, 6, self.word("names_note"));
        let header = page.next_row();
        page.row(
            Role::Header,
            self.words.all(["channel_names", GOES_BY, ONE_CHANNEL, "setting", "", "", ASKED]),
        );
        page.put(CellRef::new(header, 4), PageCell::default().role(Role::Header));
        page.put(CellRef::new(header, 5), PageCell::default().role(Role::Header));
        page.merges.push(Area::new(CellRef::new(header, 3), CellRef::new(header, 5)));
        for (names, word, period) in rows {
            let row = page.next_row();
            let offered = self.words.all(["is_one", "is_not_one"]);
            let chosen = word.map_or("", |one| if one { &offered[0] } else { &offered[1] });
            let note = match (word, period) {
                (Some(false), Some(period)) => self.words.say("names_apart", &[("period", period)]),
                _ => settings(names).join("\n"),
            };
            let about = Decides::Channels { period: self.period(), names: names.clone(), word };
            page.row(
                Role::Body,
                [
                    wrapped(&names.join(&self.word("join_names"))),
                    PageCell::from(names.first().cloned().unwrap_or_default()).role(Role::Input),
                    PageCell::from(chosen).role(Role::Input),
                    wrapped(&note),
                    PageCell::default(),
                    PageCell::default(),
                    decided::asked(&about),
                ],
            );
            page.merges.push(Area::new(CellRef::new(row, 3), CellRef::new(row, 5)));
            let at = CellRef::new(row, 2);
            page.dropdowns.push((Area::new(at, at), offered.to_vec()));
        }
    }

    /// What workbooks say against each other.
    fn across(&self, page: &mut Page) {
        if self.portfolio.findings.is_empty() {
            return;
        }
        page.skip(1);
        page.line(Role::Section, 6, self.word("across"));
        page.row(Role::Header, [self.word("title"), self.word("message"), self.word("level")]);
        for finding in &self.portfolio.findings {
            let text = finding.told(self.lang);
            page.row(
                Role::Body,
                [
                    wrapped(&finding.code.wording(self.lang).title),
                    wrapped(&text),
                    self.word(level(finding.severity)).into(),
                ],
            );
        }
    }
}
