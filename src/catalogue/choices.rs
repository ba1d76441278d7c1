//! Choices by what people write for them, in any language.

use std::collections::HashMap;

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

/// What stands between the parts of a compound word.
const SEPARATORS: &[char] = &[
    '/', '(', '（', ')', '）', '-', '－', '—', '–', '_', ':', '：', ',', '，', ';', '；', '、', '|', '｜',
    '·', '+', '✅', '✓', '√',
];

/// Parts of a compound word that take nothing from the other part.
const NEUTRAL: &[&str] = &[
    "正常", "顺利", "按时", "按期", "如期", "准时", "提前", "当前", "目前", "状态", "ontime", "normal", "ok",
];

/// Characters that carry the meaning of a choice: where one of them is added, left out or swapped, something
/// else is meant.
const TELLING: &str = "未没不无非勿莫免已待将可需再否别高中低大小多少强弱快慢前后上下内外新老旧主次首末收支出入男女始结终正负增减线\
    一二三四五六七八九十";

/// Beginnings that turn an English word into its opposite.
const OPPOSITES: &[&str] = &["un", "in", "im", "ir", "il", "non", "not", "dis", "de", "mis", "no", "a"];

/// Whether one text is the other with one slip in it that means nothing.
fn is_slip(typed: &str, label: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (typed.chars().collect(), label.chars().collect());
    let ascii = typed.is_ascii() && label.is_ascii();
    let shortest = one.len().min(other.len());
    if typed == label || shortest < if ascii { 4 } else { 3 } || typed.chars().any(|c| c.is_ascii_digit()) {
        return false;
    }
    let turned = |long: &str, short: &str| {
        long.strip_suffix(short).is_some_and(|start| OPPOSITES.contains(&start.trim_end_matches(['-', ' '])))
    };
    if turned(typed, label) || turned(label, typed) {
        return false;
    }
    let start = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let end =
        (one[start..].iter().rev().zip(other[start..].iter().rev())).take_while(|(a, b)| a == b).count();
    let differ = [&one[start..one.len() - end], &other[start..other.len() - end]];
    let swapped = differ[0].len() == 2 && differ[1].len() == 2 && differ[0][0] == differ[1][1];
    let near = differ.iter().all(|part| part.len() <= 1) || swapped && differ[0][1] == differ[1][0];
    near && differ.iter().flat_map(|part| part.iter()).all(|c| !TELLING.contains(*c))
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
    pub fn new(catalogue: &'c Catalogue, team: &[(String, String)]) -> Choices<'c> {
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

    /// The choice that was mistyped: one slip of the keyboard away, and no other choice as near. What says
    /// the opposite (未完成, 不需要), another level or a number is no slip.
    pub fn mistyped(&self, list: &str, text: &str) -> Option<&'c Choice> {
        let list = self.lists.get(list)?;
        let folded = fold(text);
        let mut meant: Option<&Choice> = None;
        for (_, (choice, _)) in list.folded.iter().filter(|(label, _)| is_slip(&folded, label)) {
            if meant.is_some_and(|known| known.id != choice.id) {
                return None;
            }
            meant = Some(choice);
        }
        meant
    }

    /// The choice a compound word comes down to: of 正常-已完成 that is 已完成, of 延期-进行中 the delay.
    /// Nothing where a part says the opposite of something, or where two parts are at odds.
    pub fn decisive(&self, list: &str, text: &str) -> Option<&'c Choice> {
        let parts: Vec<&str> = text
            .split(|c: char| c.is_whitespace() || SEPARATORS.contains(&c))
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .filter(|part| part.trim_end_matches(['%', '％']).parse::<f64>().is_err())
            .collect();
        let mut found: Vec<&'c Choice> = Vec::new();
        for part in &parts {
            match self.read(list, part) {
                Some(hit) if found.iter().any(|known| known.id == hit.choice.id) => {}
                Some(hit) => found.push(hit.choice),
                None if NEUTRAL.contains(&fold(part).as_str()) => {}
                None => return None,
            }
        }
        match found.as_slice() {
            [only] => Some(only),
            [_, _] if list == "status" => {
                let has = |id: &str| found.iter().find(|choice| choice.id == id).copied();
                // Late and done is done; late and under way is late.
                match (has("late"), has("done"), has("doing").or(has("not-started"))) {
                    (Some(_), Some(done), None) => Some(done),
                    (Some(late), None, Some(_)) => Some(late),
                    _ => None,
                }
            }
            _ => None,
        }
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
        let choices = Choices::new(Catalogue::shipped(), &[]);
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

    #[test]
    fn a_slip_is_mended_and_the_opposite_is_not() {
        let choices = Choices::new(Catalogue::shipped(), &[]);
        let meant = |list: &str, text: &str| choices.mistyped(list, text).map(|choice| choice.id.as_str());
        for (list, text, id) in [
            ("direction", "越大越号", Some("higher")),
            ("status", "已完戊", Some("done")),
            ("status", "已完成成", Some("done")),
            ("status", "In progres", Some("doing")),
            ("status", "待完成", None),
            ("status", "不完成", None),
            ("status", "非完成", None),
            ("status", "notdone", None),
            ("status", "uncompleted", None),
            ("level", "1", None),
            ("level", "20", None),
            ("resource", "场地资源", None),
        ] {
            assert_eq!(meant(list, text), id, "{list} {text}");
        }
    }

    #[test]
    fn a_compound_word_comes_down_to_its_decisive_part() {
        let choices = Choices::new(Catalogue::shipped(), &[]);
        let read = |text: &str| choices.decisive("status", text).map(|choice| choice.id.as_str());
        for (text, id) in [
            ("正常-已完成", Some("done")),
            ("进行中 50%", Some("doing")),
            ("进行中（正常）", Some("doing")),
            ("延期-进行中", Some("late")),
            ("已延期/已完成", Some("done")),
            ("未开始-正常", Some("not-started")),
            ("未完成-已取消", None),
            ("已上线待验收", None),
            ("暂缓-已完成", None),
            ("正常", None),
        ] {
            assert_eq!(read(text), id, "{text}");
        }
    }
}
