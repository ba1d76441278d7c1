//! A place in a text, and the small steps every reader takes from it.
//!
//! The text is already narrow and simplified (see [`super::opening`]). Blanks
//! between tokens are skipped; ASCII letters match whatever their case.

/// A text and how far it has been read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub fn new(text: &'a str) -> Cursor<'a> {
        Cursor { text, at: 0 }
    }

    /// What has not been read yet.
    pub fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// What was read since an earlier place in the same text.
    pub fn since(&self, earlier: &Cursor<'a>) -> &'a str {
        &self.text[earlier.at..self.at]
    }

    /// The next character, blanks included.
    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The character after the next.
    pub fn peek_second(&self) -> Option<char> {
        self.rest().chars().nth(1)
    }

    /// Takes the next character.
    pub fn bump(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    /// Skips blanks.
    pub fn blanks(&mut self) {
        while self.peek() == Some(' ') {
            self.at += 1;
        }
    }

    /// Whether only blanks are left.
    pub fn done(&mut self) -> bool {
        self.blanks();
        self.at == self.text.len()
    }

    /// Takes one character (after blanks) if it is the next.
    pub fn eat_char(&mut self, wanted: char) -> bool {
        let mut ahead = *self;
        ahead.blanks();
        let found = ahead.bump() == Some(wanted);
        if found {
            *self = ahead;
        }
        found
    }

    /// Takes a word (after blanks) if it is next.
    pub fn eat(&mut self, word: &str) -> bool {
        let mut ahead = *self;
        ahead.blanks();
        let found = starts_with(ahead.rest(), word);
        if found {
            self.at = ahead.at + word.len();
        }
        found
    }

    /// Takes the longest of some words that is next.
    pub fn eat_any(&mut self, words: &[&'static str]) -> Option<&'static str> {
        let mut ahead = *self;
        ahead.blanks();
        let rest = ahead.rest();
        let word =
            words.iter().copied().filter(|word| starts_with(rest, word)).max_by_key(|word| word.len())?;
        self.at = ahead.at + word.len();
        Some(word)
    }

    /// Takes a run of ASCII digits, no blanks before or inside.
    pub fn digits(&mut self) -> Option<&'a str> {
        let run = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        let digits = &self.rest()[..run];
        self.at += run;
        (run > 0).then_some(digits)
    }

    /// Reads something, or stays where it was.
    pub fn attempt<T>(&mut self, read: impl FnOnce(&mut Cursor<'a>) -> Option<T>) -> Option<T> {
        let mut ahead = *self;
        let found = read(&mut ahead);
        if found.is_some() {
            *self = ahead;
        }
        found
    }
}

fn starts_with(text: &str, word: &str) -> bool {
    // Most words fail at their first byte, and there are many of them.
    let same =
        |a: Option<&u8>, b: Option<&u8>| a.map(u8::to_ascii_lowercase) == b.map(u8::to_ascii_lowercase);
    let (text, word) = (text.as_bytes(), word.as_bytes());
    same(text.first(), word.first())
        && text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// Cuts a text at separators that stand outside brackets (and, for commas, not inside `12,345`).
pub(crate) fn split_outside_brackets(text: &str, separates: impl Fn(char) -> bool) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut depth = 0usize;
    let mut start = 0;
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' | '（' | '【' | '［' | '《' | '「' | '“' => depth += 1,
            ')' | ']' | '）' | '】' | '］' | '》' | '」' | '”' => depth = depth.saturating_sub(1),
            c if depth == 0 && separates(c) && !groups_digits(text, at, c) => {
                parts.push(&text[start..at]);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

/// Whether a comma stands between the thousands of one number.
fn groups_digits(text: &str, at: usize, c: char) -> bool {
    if c != ',' && c != '，' {
        return false;
    }
    let after = text[at + c.len_utf8()..].chars().take_while(|c| c.is_ascii_digit()).count();
    after == 3 && text[..at].ends_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_taken_whatever_its_case_and_the_longest_wins() {
        let mut cursor = Cursor::new("  Minutes");
        assert_eq!(cursor.eat_any(&["m", "min", "minutes"]), Some("minutes"));
        assert!(cursor.done());
    }

    #[test]
    fn separators_inside_brackets_and_numbers_do_not_cut() {
        let parts = split_outside_brackets("市场(甲,乙),12,000元,丙", |c| c == ',');
        assert_eq!(parts, ["市场(甲,乙)", "12,000元", "丙"]);
    }
}
