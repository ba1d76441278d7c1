//! Text made safe for a package: what Excel cannot hold or would take for something else.
//!
//! Text is always written as text. This file knows Excel's limits; it does not
//! know where the text stands or what it means.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// The longest text a cell holds, in UTF-16 units.
const CELL_LIMIT: usize = 32_767;

/// Text a cell can hold, and whether some of it had to be left off.
///
/// Control characters are dropped (XML cannot carry them), line ends become
/// plain line feeds.
pub(super) fn cell_text(text: &str) -> (Cow<'_, str>, bool) {
    if text.len() <= CELL_LIMIT && text.chars().all(|c| c != '\r' && printable(c)) {
        return (text.into(), false);
    }
    let clean: String =
        text.replace("\r\n", "\n").replace('\r', "\n").chars().filter(|c| printable(*c)).collect();
    match cut(&clean, CELL_LIMIT) {
        Some(short) => (short.into(), true),
        None => (clean.into(), false),
    }
}

/// One line of at most `limit` UTF-16 units: titles, tips, properties.
pub(super) fn line(text: &str, limit: usize) -> String {
    let line: String = text
        .chars()
        .map(|c| if c == '\n' || c == '\t' { ' ' } else { c })
        .filter(|c| printable(*c))
        .collect();
    cut(&line, limit).unwrap_or(line)
}

/// The name of a series, an axis or a chart: one line that cannot be taken for a reference.
pub(super) fn chart_text(text: &str) -> String {
    let line = line(text, 255).replace('!', "！");
    match line.strip_prefix('=') {
        Some(rest) => format!("＝{rest}"),
        None => line,
    }
}

/// Whether someone editing the cell would turn its text into a formula.
pub(super) fn looks_like_formula(text: &str) -> bool {
    // Letters and Chinese characters are no sign in any form.
    !text.starts_with(char::is_alphabetic)
        && matches!(text.nfkc().next(), Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n'))
}

/// Length as Excel counts it.
pub(super) fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Whether a text has more than `limit` UTF-16 units.
pub(super) fn exceeds(text: &str, limit: usize) -> bool {
    // A character takes at least one byte a unit: short texts are settled without counting.
    text.len() > limit && units(text) > limit
}

fn printable(c: char) -> bool {
    c == '\n' || c == '\t' || !(c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}'))
}

/// The text cut to `limit` units with `…` at its end; `None` where it fits.
pub(super) fn cut(text: &str, limit: usize) -> Option<String> {
    if !exceeds(text, limit) {
        return None;
    }
    let mut left = limit - 1;
    let mut short = String::new();
    for c in text.chars() {
        let Some(rest) = left.checked_sub(c.len_utf16()) else { break };
        left = rest;
        short.push(c);
    }
    short.push('…');
    Some(short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_signs_start_formulas_too() {
        for text in ["=1+1", "＝1", "+86", "-", "@某人", "\tx", "－5"] {
            assert!(looks_like_formula(text), "{text}");
        }
        for text in ["", "1-2", "活动", "￥5", " =1"] {
            assert!(!looks_like_formula(text), "{text}");
        }
    }

    #[test]
    fn long_texts_are_cut_at_whole_characters() {
        let long = "😀".repeat(20_000);
        let (text, was_cut) = cell_text(&long);
        assert!(was_cut);
        assert!(units(&text) <= CELL_LIMIT && text.ends_with('…'));
        assert_eq!(cell_text("好\u{1}的\r\n二"), ("好的\n二".into(), false));
    }
}
