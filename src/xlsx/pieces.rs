//! How far the pieces of a formula's text reach that may hold any characters.

/// The length of a text in quotation marks, both included; a doubled one belongs to it.
pub fn quoted_length(text: &str, mark: char) -> usize {
    let mut at = 1;
    while let Some(end) = text[at..].find(mark) {
        at += end + 1;
        if !text[at..].starts_with(mark) {
            return at;
        }
        at += 1;
    }
    text.len()
}

/// The length of `[…]` with what it nests; `'` takes the next character as it is.
pub fn bracket_length(text: &str) -> usize {
    let mut depth = 0usize;
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\'' => {
                chars.next();
            }
            '[' => depth += 1,
            ']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_doubled_mark_belongs_to_the_text() {
        for (text, length) in [("\"a\"&B1", 3), ("\"a\"\"b\"", 6), ("\"\"", 2), ("\"open", 5)] {
            assert_eq!(quoted_length(text, '"'), length, "{text}");
        }
        assert_eq!(quoted_length("'It''s'!A1", '\''), 7);
    }

    #[test]
    fn brackets_nest() {
        for (text, length) in [("[列]+1", 5), ("[[#All],[列]]", 14), ("[a'][b]]", 8), ("[open", 5)] {
            assert_eq!(bracket_length(text), length, "{text}");
        }
    }
}
