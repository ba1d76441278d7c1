//! 合并-待定 over all campaigns: what copies say differently.

use super::Desk;
use crate::asked;
use crate::catalogue::Catalogue;
use crate::page::{Page, Tab};
use crate::record::merge::Merge;

impl Desk<'_> {
    /// The questions of every campaign; `None` where nothing was merged.
    pub(super) fn pending(&self) -> Option<Page> {
        let merges = &self.portfolio.merges;
        if merges.is_empty() {
            return None;
        }
        let name = |merge: &Merge| {
            let host = self.portfolio.entries.iter().find(|entry| entry.file == merge.host);
            host.map_or_else(|| merge.campaign.clone(), |entry| entry.name.clone())
        };
        let names: Vec<String> = merges.iter().map(name).collect();
        let named: Vec<(&str, &Merge)> = names.iter().map(String::as_str).zip(merges).collect();
        let mut page = Page::new(asked::words(self.lang).get("title"), Tab::Action);
        asked::fill(&mut page, &named, Catalogue::shipped(), self.lang);
        Some(page)
    }
}
