//! The few words the writer itself puts on paper, in the language asked for.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::locale::{Lang, traditional};

#[derive(Deserialize)]
struct Word {
    zh: String,
    en: String,
}

static WORDS: LazyLock<BTreeMap<String, Word>> =
    LazyLock::new(|| toml::from_str(include_str!("words.toml")).unwrap_or_default());

/// The word of a key; `None` for a key that has none.
pub(crate) fn find(key: &str, lang: Lang) -> Option<String> {
    let word = WORDS.get(key)?;
    Some(match lang {
        Lang::Zh => word.zh.clone(),
        Lang::ZhHant => traditional(&word.zh),
        Lang::En => word.en.clone(),
    })
}

/// The word of a key, or the key itself.
pub(crate) fn word(key: &str, lang: Lang) -> String {
    find(key, lang).unwrap_or_else(|| key.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_there_in_every_language() {
        assert!(WORDS.len() > 5);
        for (key, word) in WORDS.iter() {
            assert!(!word.zh.is_empty() && !word.en.is_empty(), "{key}");
        }
        assert_eq!(word("normalised", Lang::Zh), "规范数值");
    }
}
