//! Words outside their lists, and those the workbook itself says what they mean.

use super::Review;
use crate::catalogue::Column;
use crate::catalogue::findings::NOT_IN_LIST;
use crate::cell::Place;

/// A word outside its list.
#[derive(Debug, Clone)]
pub struct UnknownWord<'r> {
    /// The table's id.
    pub table: &'r str,
    /// The column it stands in.
    pub column: &'r Column,
    /// As typed.
    pub word: String,
    /// The first cell it stands in.
    pub at: Option<Place>,
    /// In how many cells.
    pub cells: usize,
    /// The choice it may mean, by its Chinese label.
    pub suggestion: Option<String>,
    /// The choice the workbook says it means.
    pub answer: Option<String>,
}

impl Review<'_> {
    /// Words outside their lists, each once a column; those the workbook itself answers come last.
    pub fn unknown_words(&self) -> Vec<UnknownWord<'_>> {
        let review = self;
        let mut words: Vec<UnknownWord<'_>> = Vec::new();
        for finding in review.findings.iter().filter(|finding| finding.code.name == NOT_IN_LIST.name) {
            let table = finding.table.as_ref().and_then(|id| review.catalogue.tables.get(id));
            let label = finding.column.as_deref().unwrap_or_default();
            let column = table.and_then(|table| table.columns.iter().find(|column| column.label.zh == label));
            let (Some(table), Some(column), Some(word)) = (table, column, &finding.found) else { continue };
            match words
                .iter_mut()
                .find(|it| it.table == table.id && it.column.id == column.id && it.word == *word)
            {
                Some(known) => known.cells += finding.cells(),
                None => words.push(UnknownWord {
                    table: &table.id,
                    column,
                    word: word.clone(),
                    at: finding.at.clone(),
                    cells: finding.cells(),
                    suggestion: finding.suggestion.clone(),
                    answer: None,
                }),
            }
        }
        for answer in &review.answers.words {
            let Some((table, column)) = &answer.column else { continue };
            let table = review.catalogue.tables.get(table);
            let found = table.and_then(|table| Some((table.id.as_str(), table.column(column)?)));
            words.extend(found.map(|(table, column)| UnknownWord {
                table,
                column,
                word: answer.word.clone(),
                at: answer.at.clone(),
                cells: 1,
                suggestion: None,
                answer: Some(answer.choice.clone()),
            }));
        }
        words
    }
}
