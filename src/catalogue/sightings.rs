//! Cells read as headers, remembered so that a text is folded once.
//!
//! The workbooks of a batch share most of their headers, so what was read in one
//! is at hand for the next.

use std::collections::HashMap;
use std::sync::Arc;

use super::header::{Header, HeaderUnit};
use super::labels::{Hit, Matcher, TitleHit};
use crate::cell::{CellRef, Content};

/// A longer text is no header.
const LONGEST_HEADER: usize = 60;
/// So many different texts of one workbook are folded; further ones must match as typed.
const MOST_TEXTS: usize = 60_000;

/// What a text may name.
#[derive(Debug, Clone)]
pub struct Sighting {
    /// The text taken apart.
    pub header: Header,
    /// The columns it may name, over all tables.
    pub hits: Vec<Hit>,
}

/// A header cell.
#[derive(Debug, Clone)]
pub struct HeaderCell {
    /// Its place (top left of a merge).
    pub at: CellRef,
    /// The last column it covers.
    pub last_col: u32,
    /// The text as typed, with the group above it where it has one.
    pub typed: String,
    /// What it may name.
    pub seen: Arc<Sighting>,
}

/// More texts than this are not remembered from one workbook to the next.
const MOST_REMEMBERED: usize = 10_000;

/// Reads texts as labels, each once.
pub struct Sightings<'m, 'c> {
    /// The labels known.
    pub matcher: &'m Matcher<'c>,
    memory: Memory,
    /// How many texts of this workbook were new.
    learned: usize,
}

/// What was read before.
#[derive(Debug, Default)]
pub struct Memory {
    known: HashMap<String, Arc<Sighting>>,
    titles: HashMap<String, Arc<Vec<TitleHit>>>,
    /// By the bare words.
    alike: HashMap<String, Vec<Resemblance>>,
}

/// The columns of one table that words with one unit resemble.
type Resemblance = (usize, Option<HeaderUnit>, Arc<Vec<Hit>>);

impl<'m, 'c> Sightings<'m, 'c> {
    /// Begins a workbook.
    pub fn new(matcher: &'m Matcher<'c>) -> Sightings<'m, 'c> {
        Sightings { matcher, memory: matcher.remembered(), learned: 0 }
    }

    /// What a cell may name; `None` for numbers, long texts and blanks.
    pub fn of(&mut self, content: &Content) -> Option<Arc<Sighting>> {
        match content {
            Content::Text(text) => self.of_text(text),
            _ => None,
        }
    }

    /// What a text may name.
    pub fn of_text(&mut self, text: &str) -> Option<Arc<Sighting>> {
        if let Some(known) = self.memory.known.get(text) {
            return Some(known.clone());
        }
        if text.len() > LONGEST_HEADER * 4
            || text.chars().count() > LONGEST_HEADER
            || self.learned >= MOST_TEXTS
        {
            return None;
        }
        let header = Header::parse(text);
        let hits = self.matcher.hits(text, &header);
        let sighting = Arc::new(Sighting { header, hits });
        self.learned += 1;
        self.memory.known.insert(text.to_owned(), sighting.clone());
        Some(sighting)
    }

    /// The tables a line may be the title of.
    pub fn titles(&mut self, text: &str) -> Arc<Vec<TitleHit>> {
        if text.chars().count() > LONGEST_HEADER {
            return Arc::default();
        }
        if let Some(known) = self.memory.titles.get(text) {
            return known.clone();
        }
        let hits = Arc::new(self.matcher.titles(text));
        self.memory.titles.insert(text.to_owned(), hits.clone());
        hits
    }

    /// The columns of a table a header resembles, best first.
    pub fn alike(&mut self, table: usize, header: &Header) -> Arc<Vec<Hit>> {
        let mut known = self.memory.alike.get(&header.bare).into_iter().flatten();
        if let Some((.., hits)) = known.find(|(of, unit, _)| (*of, *unit) == (table, header.unit)) {
            return hits.clone();
        }
        let hits = Arc::new(self.matcher.alike(table, header));
        let of_words = self.memory.alike.entry(header.bare.clone()).or_default();
        of_words.push((table, header.unit, hits.clone()));
        hits
    }

    /// A sub-header under a group header: together they may name a column that neither names alone.
    pub fn under(&mut self, group: &str, text: &str) -> Option<Arc<Sighting>> {
        let sub = self.of_text(text)?;
        let mut hits: Vec<Hit> = Vec::new();
        for joined in [format!("{group}{text}"), format!("{text}{group}"), format!("{group} {text}")] {
            for hit in self.of_text(&joined).map(|it| it.hits.clone()).unwrap_or_default() {
                if !hits.iter().any(|known| known.table == hit.table && known.column == hit.column) {
                    hits.push(Hit { score: hit.score - 0.02, ..hit });
                }
            }
        }
        for hit in &sub.hits {
            // Where the pair names a column of a table, the sub-header alone must not name another one of it.
            if !hits.iter().any(|known| known.table == hit.table && known.how != "sub") {
                hits.push(Hit { score: hit.score - 0.05, ..*hit });
            }
        }
        Some(Arc::new(Sighting { header: sub.header.clone(), hits }))
    }
}

impl Drop for Sightings<'_, '_> {
    fn drop(&mut self) {
        let memory = std::mem::take(&mut self.memory);
        if memory.known.len() + memory.titles.len() + memory.alike.len() <= MOST_REMEMBERED {
            self.matcher.remember(memory);
        }
    }
}
