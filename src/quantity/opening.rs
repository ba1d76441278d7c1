//! The door every reader goes through: nothing is told from something, and
//! text is made narrow and simplified once.

use super::nothing;
use super::{Nothing, Reading, Remark, Unreadable};
use crate::cell::Content;
use crate::locale::{narrow, simplify};

/// What a cell holds once the kinds of nothing are out of the way.
#[derive(Debug, Clone)]
pub(crate) enum Opened {
    Number(f64),
    Serial(f64),
    Bool(bool),
    Text(Written),
}

/// Text ready to be scanned.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub text: String,
    /// Full-width figures or padding were normalised away.
    pub normalised: bool,
}

pub(crate) fn open(content: &Content) -> Result<Opened, Nothing> {
    match content {
        Content::Number(number) | Content::Serial(number) if !number.is_finite() => {
            Err(Nothing::Unreadable(Unreadable::NotFinite))
        }
        Content::Number(number) => Ok(Opened::Number(number + 0.0)),
        Content::Serial(serial) => Ok(Opened::Serial(*serial)),
        Content::Bool(truth) => Ok(Opened::Bool(*truth)),
        Content::Blank => Err(Nothing::Blank),
        Content::Error(code) => Err(Nothing::Error(code.clone())),
        Content::Text(stored) => {
            let text = plain(stored);
            match nothing::of_plain(&text) {
                Some(nothing) => Err(nothing),
                None => Ok(Opened::Text(Written { normalised: was_normalised(stored), text })),
            }
        }
    }
}

/// Narrow and simplified: the form all keywords are written in.
pub(crate) fn plain(stored: &str) -> String {
    let narrowed = narrow(stored);
    // The variation selector behind ✔️ and 1️⃣ shows a style, not a character.
    let text = if narrowed.contains('\u{fe0f}') { narrowed.replace('\u{fe0f}', "") } else { narrowed };
    if text.is_ascii() { text } else { simplify(text) }
}

impl Written {
    /// The remarks every reading of this text starts with.
    pub fn remarks(&self) -> Vec<Remark> {
        if self.normalised { vec![Remark::Normalised] } else { Vec::new() }
    }
}

fn was_normalised(stored: &str) -> bool {
    let padded = |c: Option<char>| c.is_some_and(crate::cell::is_invisible);
    padded(stored.chars().next())
        || padded(stored.chars().next_back())
        || stored
            .chars()
            .any(|c| matches!(c, '０'..='９' | '％' | '．' | '－' | '＋' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ'))
}

impl<T> Reading<T> {
    /// Something typed that is not of this kind.
    pub(crate) fn unreadable(why: Unreadable) -> Reading<T> {
        Reading::nothing(Nothing::Unreadable(why))
    }

    /// A value with what was assumed on the way.
    pub(crate) fn with(value: T, remarks: Vec<Remark>) -> Reading<T> {
        Reading { said: super::Said::Value(value), remarks }
    }
}
