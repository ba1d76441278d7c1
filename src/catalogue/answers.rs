//! What a team says its tables and words are: asked once, and obeyed from then on.
//!
//! Knows how an answer is kept and when a header is the one it speaks of. Who asks and where it is written down is
//! for others.

use super::{Catalogue, Table};
use crate::cell::Place;
use crate::locale::{Lang, fold};

/// Between the two columns that one cell holds: `start+end`.
const BOTH: char = '+';
/// Between the table kept in the same rows and its column: `progress.done`.
const OF_GUEST: char = '.';
/// Between a table and its column, as people read it.
pub const OF: &str = " · ";

/// What somebody says a header is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TableAnswer {
    /// The headers as typed, left to right, without days that go on across.
    pub headers: Vec<String>,
    /// The id of the table; `None` for none of ours.
    pub table: Option<String>,
    /// What each header means, as [`Meant::written`]; empty where it is not to be read. `None`: by what the words mean.
    pub columns: Option<Vec<String>>,
    /// Whether the workbook says so itself.
    pub own: bool,
}

/// What somebody says a word outside a list means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordAnswer {
    /// The word as typed.
    pub word: String,
    /// The list.
    pub list: String,
    /// The id of the choice.
    pub choice: String,
    /// Table and column it stands in, where the workbook says so itself.
    pub column: Option<(String, String)>,
    /// The cell it was first met in.
    pub at: Option<Place>,
}

/// Everything a team has said.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answers {
    /// Of tables.
    pub tables: Vec<TableAnswer>,
    /// Of words.
    pub words: Vec<WordAnswer>,
}

impl Answers {
    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty() && self.words.is_empty()
    }
}

/// By what a header is known again: its words, folded.
pub fn signature<'a>(headers: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    headers.into_iter().map(|header| fold(header)).collect()
}

/// What one header means for a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meant {
    /// It is not read.
    Nothing,
    /// A column of the table.
    Column(usize),
    /// First and last day in one cell.
    Span(usize, usize),
    /// A column of the table kept in the same rows.
    Guest(usize, usize),
}

impl Meant {
    /// As it is written down: `spend`, `start+end`, `progress.done`; nothing for a header that is not read.
    pub fn written(self, catalogue: &Catalogue, table: usize) -> String {
        let id = |table: usize, column: usize| {
            let column = catalogue.tables.get_index(table).and_then(|(_, table)| table.columns.get(column));
            column.map_or_else(String::new, |column| column.id.clone())
        };
        match self {
            Meant::Nothing => String::new(),
            Meant::Column(column) => id(table, column),
            Meant::Span(start, end) => format!("{}{BOTH}{}", id(table, start), id(table, end)),
            Meant::Guest(other, column) => {
                let name = catalogue.tables.get_index(other).map_or("", |(name, _)| name.as_str());
                format!("{name}{OF_GUEST}{}", id(other, column))
            }
        }
    }

    /// What it is called, for people; nothing for a header that is not read.
    pub fn label(self, catalogue: &Catalogue, table: usize, lang: Lang) -> String {
        let label = |table: usize, column: usize| {
            let column = catalogue.tables.get_index(table).and_then(|(_, table)| table.columns.get(column));
            column.map_or_else(String::new, |column| column.label.get(lang))
        };
        match self {
            Meant::Nothing => String::new(),
            Meant::Column(column) => label(table, column),
            Meant::Span(start, end) => format!("{} + {}", label(table, start), label(table, end)),
            Meant::Guest(other, column) => {
                let name = catalogue.tables.get_index(other).map(|(_, table)| table.label.get(lang));
                format!("{}{OF}{}", name.unwrap_or_default(), label(other, column))
            }
        }
    }

    /// What is written down, for a table; `None` where there is no such column.
    pub fn read(catalogue: &Catalogue, table: usize, written: &str) -> Option<Meant> {
        let (_, own) = catalogue.tables.get_index(table)?;
        let column = |table: &Table, id: &str| table.columns.iter().position(|column| column.id == id);
        if written.is_empty() {
            return Some(Meant::Nothing);
        }
        if let Some((start, end)) = written.split_once(BOTH) {
            let span = own.span.as_ref().filter(|span| span.columns == [start, end])?;
            return Some(Meant::Span(column(own, &span.columns[0])?, column(own, &span.columns[1])?));
        }
        if let Some((name, id)) = written.split_once(OF_GUEST) {
            let other = catalogue.kept_in(table)?;
            let (known, guest) = catalogue.tables.get_index(other).filter(|(known, _)| *known == name)?;
            debug_assert_eq!(known, &guest.id);
            return Some(Meant::Guest(other, column(guest, id)?));
        }
        column(own, written).map(Meant::Column)
    }

    /// Everything a header of a table may mean but nothing.
    pub fn all(catalogue: &Catalogue, table: usize) -> Vec<Meant> {
        let Some((_, own)) = catalogue.tables.get_index(table) else { return Vec::new() };
        let at = |id: &str| own.columns.iter().position(|column| column.id == id);
        let mut all: Vec<Meant> = (0..own.columns.len()).map(Meant::Column).collect();
        if let Some(span) = &own.span
            && let (Some(start), Some(end)) = (at(&span.columns[0]), at(&span.columns[1]))
        {
            all.push(Meant::Span(start, end));
        }
        if let Some(other) = catalogue.kept_in(table)
            && let Some((_, guest)) = catalogue.tables.get_index(other)
        {
            let alone = |column: &usize| at(&guest.columns[*column].id).is_none();
            all.extend((0..guest.columns.len()).filter(alone).map(|column| Meant::Guest(other, column)));
        }
        all
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_a_header_means_is_written_and_read_back() {
        let catalogue = Catalogue::shipped();
        for table in 0..catalogue.tables.len() {
            for meant in Meant::all(catalogue, table) {
                let written = meant.written(catalogue, table);
                assert_eq!(Meant::read(catalogue, table, &written), Some(meant), "{written}");
            }
        }
        let channels = catalogue.tables.get_index_of("channels").unwrap();
        assert_eq!(Meant::read(catalogue, channels, ""), Some(Meant::Nothing));
        assert_eq!(Meant::read(catalogue, channels, "spent"), None);
        assert_eq!(Meant::read(catalogue, channels, "progress.done"), None);
    }

    #[test]
    fn headers_are_known_again_however_they_are_spaced() {
        let one = ["媒 体".to_owned(), "金额（元）".to_owned()];
        let other = ["媒体".to_owned(), "金額(元)\n".to_owned()];
        assert_eq!(signature(&one), signature(&other));
    }
}
