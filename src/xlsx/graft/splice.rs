//! Changes to a text, collected by position and made in one go.

use std::ops::Range;

/// Replacements by position in one text.
#[derive(Debug, Default)]
pub(super) struct Edits {
    edits: Vec<(Range<usize>, String)>,
}

impl Edits {
    pub fn replace(&mut self, range: Range<usize>, text: impl Into<String>) {
        self.edits.push((range, text.into()));
    }

    pub fn insert(&mut self, at: usize, text: impl Into<String>) {
        self.replace(at..at, text);
    }

    pub fn remove(&mut self, range: Range<usize>) {
        self.replace(range, "");
    }

    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// The text with all changes made. An insertion comes before a removal that
    /// begins at the same place; of two insertions the first given comes first.
    pub fn apply(mut self, text: &str) -> String {
        self.edits.sort_by_key(|(range, _)| (range.start, range.end));
        let mut result =
            String::with_capacity(text.len() + self.edits.iter().map(|(_, new)| new.len()).sum::<usize>());
        let mut done = 0;
        for (range, new) in &self.edits {
            if range.start > done {
                result.push_str(text.get(done..range.start).unwrap_or_default());
            }
            result.push_str(new);
            done = done.max(range.end);
        }
        result.push_str(text.get(done..).unwrap_or_default());
        result
    }
}

#[cfg(test)]
mod tests {
    use super::Edits;

    #[test]
    fn an_insertion_survives_a_removal_at_the_same_place() {
        let mut edits = Edits::default();
        edits.remove(2..4);
        edits.insert(2, "X");
        edits.insert(4, "Y");
        edits.insert(2, "Z");
        assert_eq!(edits.apply("abcdef"), "abXZYef");
    }
}
