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
        holes.iter().fold(self.get(key), |text, (hole, value)| text.replace(&format!("{{{hole}}}"), value))
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
