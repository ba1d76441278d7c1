//! What the words of a header mean, whoever wrote them: `直播间成交金额` is sales, `Impr.` impressions.
//!
//! Reads a header word by word with the dictionary `meanings.toml`. Knows no table; which column a meaning fits
//! is for `handmade`.

use std::collections::HashMap;

use indexmap::IndexMap;
use serde::Deserialize;

use crate::locale::{narrow, simplify};

/// Beyond this share of letters that no word explains a header is not understood (0 to 1).
const MOSTLY_STRANGE: f64 = 0.6;
/// What a header is worth less for each part of it that no word explains.
const UNEXPLAINED: f64 = 0.4;

/// The dictionary as declared.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dictionary {
    concepts: IndexMap<String, Vec<String>>,
    events: IndexMap<String, Vec<String>>,
    suffixes: IndexMap<String, Vec<String>>,
    modes: IndexMap<String, Vec<String>>,
    fillers: Fillers,
    joins: IndexMap<String, String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fillers {
    words: Vec<String>,
}

/// What one header means.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Meaning {
    /// What the column holds: `spend`, `uv`, `rate:click`; empty where no word says.
    pub concept: String,
    /// Which of several figures it is: `plan`, `actual`, `base`.
    pub modes: Vec<String>,
    /// The share of its characters that no word explains (0 to 1).
    pub unexplained: f64,
}

impl Meaning {
    /// Whether it is the same figure as another: of the same thing, in the same mode.
    pub fn means_the_same(&self, other: &Meaning) -> bool {
        self.concept == other.concept && self.modes == other.modes
    }

    /// Whether any word of it was understood.
    pub fn says_something(&self) -> bool {
        !self.concept.is_empty() || !self.modes.is_empty()
    }

    /// Whether it is worked out from other columns: a mean, a change, a rate. Never an amount by itself.
    pub fn is_derived(&self) -> bool {
        self.concept.starts_with("rate")
            || self.modes.iter().any(|mode| matches!(mode.as_str(), "mean" | "most" | "change"))
    }

    /// Whether it counts money.
    pub fn is_money(&self) -> bool {
        matches!(self.concept.as_str(), "sales" | "spend" | "money" | "budget" | "profit" | "price")
            || self.concept.ends_with(".money")
    }

    /// Whether it names a figure: spend, visitors, a rate.
    pub fn is_figure(&self) -> bool {
        const FIGURES: [&str; 22] = [
            "spend",
            "budget",
            "money",
            "sales",
            "units",
            "profit",
            "exposure",
            "clicks",
            "pv",
            "uv",
            "signups",
            "conversions",
            "orders",
            "buyers",
            "fans",
            "interactions",
            "stock",
            "newcomers",
            "cart",
            "order_people",
            "returns",
            "count",
        ];
        self.unexplained <= MOSTLY_STRANGE
            && (FIGURES.contains(&self.concept.as_str()) || self.concept.starts_with("rate"))
    }

    /// How well it fits a declared meaning such as `spend`, `money@plan` or `@actual`, from 0 to 1.
    pub fn fits(&self, declared: &str) -> f64 {
        let (concept, mode) =
            declared.split_once('@').map_or((declared, None), |(it, mode)| (it, Some(mode)));
        let same = self.concept == concept || concept == "rate" && self.concept.starts_with("rate");
        let plain = |mode: &String| matches!(mode.as_str(), "actual" | "during" | "cumulative" | "done");
        let told = match mode {
            Some(mode) => self.modes.iter().any(|it| it == mode),
            None => self.modes.iter().all(plain),
        };
        // Where most of the words are not understood, the few that are may be about anything.
        match same && told && (!concept.is_empty() || mode.is_some()) && self.unexplained <= MOSTLY_STRANGE {
            true => 1.0 - UNEXPLAINED * self.unexplained,
            false => 0.0,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Concept,
    Event,
    Suffix,
    Mode,
    Filler,
}

#[derive(Debug)]
struct Word {
    pieces: Vec<String>,
    sort: Sort,
    id: String,
}

/// The dictionary, indexed.
#[derive(Debug)]
pub struct Lexicon {
    /// Words by their first piece, the longest first.
    words: HashMap<String, Vec<Word>>,
    joins: IndexMap<String, String>,
}

impl Lexicon {
    /// Indexes a dictionary.
    pub fn new(dictionary: &Dictionary) -> Lexicon {
        let mut words: HashMap<String, Vec<Word>> = HashMap::new();
        let mut add = |sort: Sort, id: &str, text: &str| {
            let pieces = pieces(text);
            let Some(first) = pieces.first().cloned() else { return };
            words.entry(first).or_default().push(Word { pieces, sort, id: id.to_owned() });
        };
        let lists = [
            (Sort::Concept, &dictionary.concepts),
            (Sort::Event, &dictionary.events),
            (Sort::Suffix, &dictionary.suffixes),
            (Sort::Mode, &dictionary.modes),
        ];
        for (sort, list) in lists {
            for (id, texts) in list {
                texts.iter().for_each(|text| add(sort, id, text));
            }
        }
        dictionary.fillers.words.iter().for_each(|text| add(Sort::Filler, "", text));
        for list in words.values_mut() {
            list.sort_by_key(|word| std::cmp::Reverse(word.pieces.len()));
        }
        Lexicon { words, joins: dictionary.joins.clone() }
    }

    /// What a header says.
    pub fn read(&self, typed: &str) -> Meaning {
        let text = without_brackets(&narrow(typed));
        // `Cost / conv.` is a rate; `品类/商品` and `问题/需求` are two names of one thing.
        let sides: Vec<&str> = text.split(['/', '、']).map(str::trim).filter(|it| !it.is_empty()).collect();
        let whole = self.compose(&text);
        if sides.len() < 2
            || whole.unexplained == 0.0 && (whole.concept == "period" || self.is_one_word(&text))
        {
            return whole;
        }
        let first = self.compose(sides[0]);
        let latin = text.is_ascii();
        match latin && !first.concept.is_empty() && !self.compose(sides[1]).concept.is_empty() {
            true if first.concept != self.compose(sides[1]).concept => {
                Meaning { concept: format!("rate:{}", first.concept), ..first }
            }
            _ if first.says_something() => first,
            _ => self.compose(sides[1]),
        }
    }

    /// Whether a text is one word of the dictionary.
    fn is_one_word(&self, text: &str) -> bool {
        let pieces = pieces(text);
        pieces
            .first()
            .and_then(|first| self.words.get(first))
            .is_some_and(|words| words.iter().any(|word| word.pieces == pieces))
    }

    fn compose(&self, text: &str) -> Meaning {
        // `Date of issue` is a date, `Number of orders` orders.
        if let Some((left, right)) = split_of(text) {
            let head = self.compose(left);
            return match head.concept.as_str() {
                "" | "code" | "count" | "money" => self.compose(right),
                _ => head,
            };
        }
        let pieces = pieces(text);
        let mut meaning = Meaning::default();
        let (mut event, mut at) = (None::<&str>, 0);
        let (mut strange, mut all) = (0usize, 0usize);
        while at < pieces.len() {
            let length = |pieces: &[String]| pieces.iter().map(|it| it.chars().count()).sum::<usize>();
            // 金额 alone is money, behind 成交 it says that money is counted.
            let begun = |suffix: &str| match event {
                Some(_) => true,
                None => !meaning.concept.is_empty() && !matches!(suffix, "people" | "times"),
            };
            let found = self.words.get(&pieces[at]).and_then(|words| {
                let fit = |word: &&Word| pieces[at..].starts_with(&word.pieces);
                let first = words.iter().find(fit)?;
                let suffix =
                    |word: &&Word| word.sort == Sort::Suffix && word.pieces.len() == first.pieces.len();
                let behind = words.iter().find(|word| fit(word) && suffix(word) && begun(&word.id));
                behind.or(Some(first))
            });
            let Some(word) = found else {
                let here = length(&pieces[at..at + 1]);
                strange += here;
                all += here;
                at += 1;
                continue;
            };
            all += length(&word.pieces);
            at += word.pieces.len();
            match word.sort {
                Sort::Filler => {}
                Sort::Mode => {
                    if !meaning.modes.contains(&word.id) {
                        meaning.modes.push(word.id.clone());
                    }
                }
                Sort::Concept => {
                    // 点击率备注 is a remark on one column, not the remark on the row.
                    let of_one = word.id == "remark" && (event.is_some() || !meaning.concept.is_empty());
                    let concept =
                        if of_one { format!("remark:{}", meaning.concept) } else { word.id.clone() };
                    (meaning.concept, event) = (concept, None);
                }
                Sort::Event => {
                    // 收藏率 of 收藏: the last event counts.
                    meaning.concept.clear();
                    event = Some(&word.id);
                }
                Sort::Suffix => {
                    self.take_suffix(&word.id, &mut event, &mut meaning);
                }
            }
        }
        if let Some(event) = event {
            meaning.concept = self.joins.get(&format!("{event}.times")).cloned().unwrap_or_default();
        }
        if all > 0 {
            meaning.unexplained = strange as f64 / all as f64;
        }
        meaning
    }

    fn take_suffix(&self, suffix: &str, event: &mut Option<&str>, meaning: &mut Meaning) {
        let of_event = event.take();
        let concept = std::mem::take(&mut meaning.concept);
        meaning.concept = match (suffix, of_event, concept.as_str()) {
            ("rate", _, "bounce" | "completion" | "share" | "weight") => concept,
            ("rate", None, "") if meaning.modes.iter().any(|mode| mode == "done") => "completion".into(),
            ("rate", Some(event), _) => format!("rate:{event}"),
            ("rate", None, _) => format!("rate:{concept}"),
            ("people", None, "exposure") => self.joins["exposure.people"].clone(),
            ("people" | "times" | "money", Some(event), _) => self
                .joins
                .get(&format!("{event}.{suffix}"))
                .cloned()
                .unwrap_or_else(|| format!("{event}.{suffix}")),
            ("people" | "times", None, "") => "count".into(),
            ("money", None, "" | "money") => "money".into(),
            ("when", Some(_), _) | ("when", None, "") => "date".into(),
            ("when", None, "start" | "end" | "period" | "stay" | "date") => concept,
            ("when", None, _) => "date".into(),
            ("code", ..) => "code".into(),
            ("name", None, "") => "name".into(),
            ("text", None, "") => "content".into(),
            _ => concept,
        };
    }
}

/// `Number of orders` in two; only where `of` is a word of its own.
fn split_of(text: &str) -> Option<(&str, &str)> {
    let at = text.to_ascii_lowercase().find(" of ")?;
    Some((&text[..at], &text[at + 4..]))
}

/// Latin words without a plural s, every other character by itself; decoration is left out.
fn pieces(text: &str) -> Vec<String> {
    let text = simplify(narrow(text));
    let mut found: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut lower_before = false;
    let mut finish = |word: &mut String| {
        if !word.is_empty() {
            let bare = word.trim_matches(['.', '\'', '&', '-', '+']).to_lowercase();
            let bare = match bare.strip_suffix('s') {
                Some(one) if one.len() > 2 && !one.ends_with('s') => one.to_owned(),
                _ => bare,
            };
            if !bare.is_empty() {
                found.push(bare);
            }
            word.clear();
        }
        std::mem::take(&mut found)
    };
    let mut all: Vec<String> = Vec::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '.' | '\'' | '&' | '-' | '+') {
            // targetAudience is two words.
            if c.is_ascii_uppercase() && lower_before {
                all.extend(finish(&mut word));
            }
            lower_before = c.is_ascii_lowercase();
            word.push(c);
            continue;
        }
        all.extend(finish(&mut word));
        lower_before = false;
        if c.is_alphanumeric() || matches!(c, '%' | '#') {
            all.push(c.to_string());
        }
    }
    all.extend(finish(&mut word));
    all
}

/// A header without what stands in brackets, unless nothing else does.
fn without_brackets(text: &str) -> String {
    let mut depth = 0usize;
    let mut bare = String::new();
    for c in text.chars() {
        match c {
            '(' | '（' | '[' | '【' | '<' | '《' => depth += 1,
            ')' | '）' | ']' | '】' | '>' | '》' => depth = depth.saturating_sub(1),
            _ if depth == 0 => bare.push(c),
            _ => {}
        }
    }
    if bare.trim().is_empty() { text.to_owned() } else { bare }
}

#[cfg(test)]
mod tests {
    use crate::catalogue::Catalogue;

    #[test]
    fn headers_are_read_word_by_word() {
        let lexicon = &Catalogue::shipped().lexicon;
        for (typed, concept) in [
            ("直播间成交金额", "sales"),
            ("展示数", "exposure"),
            ("支付买家数", "buyers"),
            ("支付成功UV", "buyers"),
            ("着陆页UV", "uv"),
            ("Impr.", "exposure"),
            ("Impressions", "exposure"),
            ("Total Users", "uv"),
            ("Cost / conv.", "rate:spend"),
            ("Number of Orders", "orders"),
            ("Conv. value", "sales"),
            ("Marketing Channel", "channel"),
            ("推广渠道名称", "channel"),
            ("任务负责人", "owner"),
            ("计划开始日期", "start"),
            ("解决截至时间", "end"),
            ("加购金额", "cart.money"),
            ("点击率", "rate:click"),
            ("跳失率", "bounce"),
            ("完成率", "completion"),
            ("问题描述", "problem"),
            ("投放日期", "date"),
            ("品类/商品", "product"),
        ] {
            assert_eq!(lexicon.read(typed).concept, concept, "{typed}");
        }
    }

    #[test]
    fn modes_say_which_figure_it_is() {
        let lexicon = &Catalogue::shipped().lexicon;
        assert!(lexicon.read("预计").fits("@plan") > 0.9);
        assert!(lexicon.read("实际金额").fits("money@actual") > 0.9);
        assert!(lexicon.read("去年同期").fits("@base") > 0.9);
        assert_eq!(lexicon.read("预计销售额").fits("sales"), 0.0, "a plan is no result");
        assert!(lexicon.read("人均订单数").is_derived());
    }
}
