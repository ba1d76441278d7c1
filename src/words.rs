//! Words for people, by key, from the text file beside what they describe.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use indexmap::IndexMap;
use serde::Deserialize;

use crate::locale::{Lang, traditional};

/// The words of one text file in one language.
#[derive(Debug, Clone, Default)]
pub struct Words(Arc<IndexMap<String, String>>);

/// What was read before: every workbook of a batch asks for the same words.
static READ: LazyLock<Mutex<HashMap<Asked, Words>>> = LazyLock::new(Mutex::default);

/// Where the texts asked for stand in the program, and the language.
type Asked = (Vec<(usize, usize)>, Lang);

#[derive(Deserialize)]
struct File {
    zh: IndexMap<String, String>,
    en: IndexMap<String, String>,
}

impl Words {
    /// The words of several text files with `[zh]` and `[en]`, later ones over earlier ones.
    ///
    /// # Panics
    /// When a text file does not parse; tests read them all.
    pub fn load(texts: &[&'static str], lang: Lang) -> Words {
        let key = (texts.iter().map(|text| (text.as_ptr() as usize, text.len())).collect(), lang);
        let known = READ.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        known.unwrap_or_else(|| {
            let words = Words::parse(texts, lang);
            READ.lock().unwrap_or_else(PoisonError::into_inner).insert(key, words.clone());
            words
        })
    }

    fn parse(texts: &[&str], lang: Lang) -> Words {
        let mut words = IndexMap::new();
        for text in texts {
            let file: File = toml::from_str(text).unwrap_or_else(|e| panic!("a text file: {e}"));
            match lang {
                Lang::En => words.extend(file.en),
                Lang::Zh => words.extend(file.zh),
                Lang::ZhHant => {
                    words.extend(file.zh.into_iter().map(|(key, word)| (key, traditional(&word))))
                }
            }
        }
        Words(Arc::new(words))
    }

    /// A word. One that is not there shows as its key, so that a missing word is seen and harms nothing.
    pub fn get(&self, key: &str) -> String {
        self.0.get(key).cloned().unwrap_or_else(|| key.to_owned())
    }

    /// A word with its `{holes}` filled.
    pub fn say(&self, key: &str, holes: &[(&str, &str)]) -> String {
        fill(&self.get(key), |hole| {
            holes.iter().find(|(name, _)| *name == hole).map(|(_, value)| (*value).to_owned())
        })
    }

    /// Several words.
    pub fn all<const N: usize>(&self, keys: [&str; N]) -> [String; N] {
        keys.map(|key| self.get(key))
    }

    /// The keys there are.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// A text with its `{holes}` filled in one pass: what fills a hole is never looked through for holes itself.
/// A hole nobody fills stays as it is.
pub fn fill(template: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        text.push_str(&rest[..open]);
        rest = &rest[open..];
        let hole = rest.find('}').map(|close| (close, &rest[1..close]));
        match hole.and_then(|(close, name)| Some((close, value(name)?))) {
            Some((close, value)) => {
                text.push_str(&value);
                rest = &rest[close + 1..];
            }
            None => {
                text.push('{');
                rest = &rest[1..];
            }
        }
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fills_a_hole_is_not_filled_again() {
        let say = |name: &str| match name {
            "one" => Some("{other}".to_owned()),
            "other" => Some("{one}".to_owned()),
            _ => None,
        };
        assert_eq!(fill("{one}和{other}，{nobody}", say), "{other}和{one}，{nobody}");
        assert_eq!(fill("{{one}", say), "{{other}");
        assert_eq!(fill("{", say), "{");
    }
}
