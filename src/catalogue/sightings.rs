//! Cells read as headers, remembered so that a text is folded once.

use std::collections::HashMap;
use std::rc::Rc;

use super::header::Header;
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
    /// The text taken apart.
    pub header: Header,
    /// The columns it may name.
    pub hits: Vec<Hit>,
}

/// Reads texts as labels, each once.
pub struct Sightings<'m, 'c> {
    /// The labels known.
    pub matcher: &'m Matcher<'c>,
    known: HashMap<String, Rc<Sighting>>,
    titles: HashMap<String, Rc<Vec<TitleHit>>>,
    alike: HashMap<(usize, String), Rc<Vec<Hit>>>,
}

impl<'m, 'c> Sightings<'m, 'c> {
    /// Nothing read yet.
    pub fn new(matcher: &'m Matcher<'c>) -> Sightings<'m, 'c> {
        Sightings { matcher, known: HashMap::new(), titles: HashMap::new(), alike: HashMap::new() }
    }

    /// What a cell may name; `None` for numbers, long texts and blanks.
    pub fn of(&mut self, content: &Content) -> Option<Rc<Sighting>> {
        match content {
            Content::Text(text) => self.of_text(text),
            _ => None,
        }
    }

    /// What a text may name.
    pub fn of_text(&mut self, text: &str) -> Option<Rc<Sighting>> {
        if let Some(known) = self.known.get(text) {
            return Some(known.clone());
        }
        if text.len() > LONGEST_HEADER * 4
            || text.chars().count() > LONGEST_HEADER
            || self.known.len() >= MOST_TEXTS
        {
            return None;
        }
        let header = Header::parse(text);
        let hits = self.matcher.hits(text, &header);
        let sighting = Rc::new(Sighting { header, hits });
        self.known.insert(text.to_owned(), sighting.clone());
        Some(sighting)
    }

    /// The tables a line may be the title of.
    pub fn titles(&mut self, text: &str) -> Rc<Vec<TitleHit>> {
        if text.chars().count() > LONGEST_HEADER {
            return Rc::default();
        }
        if let Some(known) = self.titles.get(text) {
            return known.clone();
        }
        let hits = Rc::new(self.matcher.titles(text));
        self.titles.insert(text.to_owned(), hits.clone());
        hits
    }

    /// The columns of a table a header resembles, best first.
    pub fn alike(&mut self, table: usize, header: &Header) -> Rc<Vec<Hit>> {
        let key = (table, format!("{}\u{1f}{:?}", header.bare, header.unit));
        if let Some(known) = self.alike.get(&key) {
            return known.clone();
        }
        let hits = Rc::new(self.matcher.alike(table, header));
        self.alike.insert(key, hits.clone());
        hits
    }

    /// A sub-header under a group header: together they may name a column that neither names alone.
    pub fn under(&mut self, group: &str, text: &str) -> Option<Sighting> {
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
        Some(Sighting { header: sub.header.clone(), hits })
    }
}
