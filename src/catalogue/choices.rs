//! Choices by what people write for them, in any language.

use std::collections::HashMap;

use super::likeness::resemblance;
use super::{Catalogue, Choice};
use crate::locale::{fold, traditional};

/// The named lists, indexed.
#[derive(Debug, Default)]
pub struct Choices<'c> {
    lists: HashMap<&'c str, List<'c>>,
}

#[derive(Debug, Default)]
struct List<'c> {
    typed: HashMap<String, &'c Choice>,
    folded: HashMap<String, (&'c Choice, bool)>,
    labels: Vec<(String, &'c Choice)>,
    spoken: Vec<String>,
}

/// A text read as one of a list.
#[derive(Debug, Clone, Copy)]
pub struct ChoiceHit<'c> {
    /// The choice.
    pub choice: &'c Choice,
    /// Whether an alias named it, not a label.
    pub alias: bool,
}

impl<'c> Choices<'c> {
    /// Indexes the lists of a catalogue and what the team writes (`list.choice`).
    pub fn new<'a>(
        catalogue: &'c Catalogue,
        team: impl Iterator<Item = (&'a String, &'a String)>,
    ) -> Choices<'c> {
        let mut lists: HashMap<&'c str, List<'c>> = HashMap::new();
        for (id, choices) in &catalogue.choices {
            let list = lists.entry(id.as_str()).or_default();
            for choice in choices {
                for label in [choice.label.zh.clone(), choice.label.en.clone(), traditional(&choice.label.zh)]
                {
                    list.labels.push((fold(&label), choice));
                    if !list.spoken.contains(&label) {
                        list.spoken.push(label.clone());
                    }
                    list.folded.insert(fold(&label), (choice, false));
                    list.typed.insert(label, choice);
                }
            }
            for choice in choices {
                for alias in &choice.aliases {
                    for spelling in [fold(alias), fold(&traditional(alias))] {
                        list.folded.entry(spelling).or_insert((choice, true));
                    }
                }
            }
        }
        for (written, target) in team {
            if let Some((id, choice)) = target.split_once('.')
                && let Some(list) = lists.get_mut(id)
                && let Some(choice) =
                    catalogue.choices.get(id).and_then(|all| all.iter().find(|it| it.id == choice))
            {
                list.folded.entry(fold(written)).or_insert((choice, true));
            }
        }
        Choices { lists }
    }

    /// The choice a text names.
    pub fn read(&self, list: &str, text: &str) -> Option<ChoiceHit<'c>> {
        let list = self.lists.get(list)?;
        if let Some(choice) = list.typed.get(text) {
            return Some(ChoiceHit { choice, alias: false });
        }
        let folded = fold(text);
        let found = list.folded.get(&folded).or_else(|| {
            // `高。`, `【高】`, `1.高`: what surrounds the word is not part of it.
            let plain: String = folded.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
            list.folded.get(&plain).filter(|_| !plain.is_empty())
        });
        found.map(|(choice, alias)| ChoiceHit { choice, alias: *alias })
    }

    /// The labels of a list in every language.
    pub fn spoken(&self, list: &str) -> &[String] {
        self.lists.get(list).map_or(&[], |list| &list.spoken)
    }

    /// The choice that may have been meant.
    pub fn nearest(&self, list: &str, text: &str) -> Option<&'c Choice> {
        let list = self.lists.get(list)?;
        let folded = fold(text);
        let mut best: Option<(&Choice, f64)> = None;
        for (label, (choice, _)) in list.folded.iter().map(|(label, hit)| (label, *hit)) {
            let score = resemblance(&folded, label);
            let better =
                best.is_none_or(|(known, most)| score > most || (score == most && choice.id < known.id));
            if score >= 0.5 && better {
                best = Some((choice, score));
            }
        }
        best.map(|(choice, _)| choice)
    }

    /// The share of texts that are in a list, by label or alias.
    pub fn share(&self, list: &str, texts: &[String]) -> f64 {
        if texts.is_empty() {
            return 0.0;
        }
        let known = texts.iter().filter(|text| self.read(list, text).is_some()).count();
        known as f64 / texts.len() as f64
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_read_however_people_say_it() {
        let choices = Choices::new(Catalogue::shipped(), std::iter::empty());
        let read = |text: &str| choices.read("status", text).map(|hit| (hit.choice.id.as_str(), hit.alias));
        for (id, label, aliases) in [
            ("not-started", "未开始", "待开始 未启动 待处理 TODO 0%"),
            ("doing", "进行中", "推进中 doing 進行中"),
            ("done", "已完成", "完成 Done ✅ √ 100% ＤＯＮＥ"),
            ("late", "延期", "超期 逾期 delay"),
            ("cancelled", "已取消", "取消 暂停 暫停"),
        ] {
            assert_eq!(read(label), Some((id, false)), "{label}");
            for alias in aliases.split(' ') {
                assert_eq!(read(alias).map(|(id, _)| id), Some(id), "{alias}");
            }
        }
        assert_eq!(read("随便"), None);
    }
}
