//! 数据质量: findings by file and by kind.

use indexmap::IndexMap;

use super::{Desk, count, level, share, whole, wrapped};
use crate::diagnostic::Severity;
use crate::page::{Page, Role, Tab};
use crate::portfolio::finding_title;
use crate::record::summary::CampaignSummary;

impl Desk<'_> {
    pub(super) fn quality(&self) -> Page {
        let mut page = self.page("quality", Tab::Appendix, &[34.0, 28.0, 10.0, 10.0, 10.0, 12.0]);
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

    /// What workbooks say against each other.
    fn across(&self, page: &mut Page) {
        if self.portfolio.findings.is_empty() {
            return;
        }
        page.skip(1);
        page.line(Role::Section, 6, self.word("across"));
        page.row(Role::Header, [self.word("title"), self.word("message"), self.word("level")]);
        for finding in &self.portfolio.findings {
            let text = format!("{}。{}", finding.message(self.lang), finding.help(self.lang));
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
