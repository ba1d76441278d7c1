//! A header as typed, taken apart: its words, its unit, what is only decoration.
//!
//! `销售额（万元）*：` is 销售额 in 万元. Knows no table; which words name which
//! column is for `labels`.

use crate::locale::fold;
use crate::quantity::Currency;

/// A header in the forms in which it is compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    /// Folded, without required marks, numbering and trailing colons.
    pub key: String,
    /// The key without its unit and without remarks in brackets.
    pub bare: String,
    /// The key with a meaningful bracket moved to the front: `销售额(活动前)` is 活动前销售额.
    pub turned: Option<String>,
    /// `渠道channel` in two, at each change of script: a header in two languages.
    pub halves: Vec<(String, String)>,
    /// The unit in brackets or behind a stroke.
    pub unit: Option<HeaderUnit>,
}

/// A unit a header states for the bare numbers below it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeaderUnit {
    /// What sort of unit.
    pub sort: UnitSort,
    /// Factor to the base unit: 10,000 for 万元, 0.01 for %, 60 for 分钟.
    pub factor: f64,
}

/// Sorts of units a header may state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnitSort {
    /// 元 万元 千元.
    Yuan,
    /// Another currency: such a column is never read as 元.
    Foreign(Currency),
    /// % ‰.
    Rate,
    /// Time: factor to seconds.
    Time,
    /// 次 人 件, with or without 万.
    Counter,
    /// Only a magnitude: 万 千 亿.
    Magnitude,
}

/// Bracketed words that say how to fill in, not what it is.
const REMARKS: [&str; 24] = [
    "必填",
    "选填",
    "可选",
    "非必填",
    "必选",
    "required",
    "optional",
    "自动计算",
    "自动",
    "公式",
    "auto",
    "calculated",
    "含单位",
    "下拉",
    "下拉选择",
    "单选",
    "多选",
    "请选择",
    "如有",
    "ifany",
    "示例",
    "yyyymmdd",
    "年月日",
    "系统计算",
];

const COUNTERS: [&str; 34] = [
    "次", "人", "单", "件", "个", "篇", "名", "项", "家", "位", "场", "条", "张", "份", "套", "笔", "人次",
    "台", "款", "只", "盒", "部", "户", "人数", "次数", "件数", "单数", "pcs", "times", "people", "orders",
    "pv", "uv", "粉",
];

impl Header {
    /// Takes a header apart.
    pub fn parse(typed: &str) -> Header {
        let mut text = fold(typed);
        // Most texts are nothing but words.
        if text.chars().all(char::is_alphanumeric) {
            return Header { halves: halves(&text), bare: text.clone(), key: text, turned: None, unit: None };
        }
        text.retain(|c| !matches!(c, '*' | '_' | '·' | '・' | '※' | '#' | '★' | '●' | '"' | '\''));
        let text = text
            .replace(['【', '[', '〔', '{', '「', '<'], "(")
            .replace(['】', ']', '〕', '}', '」', '>'], ")");
        let text = strip_numbering(text.trim_end_matches([':', ',', ';', '.', '。', '、']));
        let (mut words, brackets) = without_brackets(text);
        let mut unit = None;
        let mut meaningful: Vec<&str> = Vec::new();
        for bracket in &brackets {
            let inner = bracket
                .strip_prefix("单位")
                .map_or(bracket.as_str(), |rest| rest.trim_start_matches([':', '为']));
            if let Some(found) = unit_of(inner) {
                unit = unit.or(Some(found));
            } else if !is_remark(inner) {
                meaningful.push(inner);
            }
        }
        if unit.is_none()
            && let Some((rest, found)) = trailing_unit(&words)
        {
            words = rest;
            unit = Some(found);
        }
        let words = dashless(&words);
        let inside = dashless(&meaningful.concat());
        let with_brackets = format!("{words}{}", bracketed(&meaningful));
        Header {
            key: dashless(&text.replace(['(', ')'], "\u{1}")).replace('\u{1}', "|"),
            turned: (!inside.is_empty()).then(|| format!("{inside}{words}")),
            halves: halves(&words),
            bare: with_brackets,
            unit,
        }
    }
}

/// Both sides of every change between Latin letters and others.
pub fn halves(words: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut last: Option<bool> = None;
    for (at, c) in words.char_indices().filter(|(_, c)| c.is_alphabetic()) {
        let latin = c.is_ascii();
        if last.is_some_and(|last| last != latin) {
            let part = |text: &str| text.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
            found.push((part(&words[..at]), part(&words[at..])));
        }
        last = Some(latin);
    }
    found
}

fn bracketed(parts: &[&str]) -> String {
    parts.iter().map(|part| format!("|{}|", dashless(part))).collect()
}

fn dashless(text: &str) -> String {
    text.chars().filter(|c| *c != '-').collect()
}

fn is_remark(inner: &str) -> bool {
    let plain: String = inner.chars().filter(|c| c.is_alphanumeric()).collect();
    plain.is_empty()
        || REMARKS.contains(&plain.as_str())
        || ["如", "例", "请", "格式", "eg", "下拉", "自动", "可空", "没有", "若", "最多", "不超过"]
            .iter()
            .any(|start| plain.starts_with(start))
}

/// `1.` `1、` `(1)` `一、` `①` in front.
fn strip_numbering(text: &str) -> &str {
    let unbracketed = text.strip_prefix('(').and_then(|rest| {
        let (number, rest) = rest.split_once(')')?;
        (!rest.is_empty() && is_number(number)).then_some(rest)
    });
    if let Some(rest) = unbracketed {
        return rest;
    }
    let digits: usize = text.chars().take_while(|c| is_digit(*c)).map(char::len_utf8).sum();
    if digits > 0
        && let Some(rest) = text[digits..].strip_prefix(['.', '、', ')', ':'])
        && !rest.is_empty()
        && !rest.starts_with(|c: char| c.is_ascii_digit())
    {
        return rest;
    }
    text
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_digit)
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || "一二三四五六七八九十".contains(c)
}

/// The text outside brackets, and what stood inside each pair.
fn without_brackets(text: &str) -> (String, Vec<String>) {
    let mut outside = String::new();
    let mut inside: Vec<String> = Vec::new();
    let mut depth = 0usize;
    for c in text.chars() {
        match c {
            '(' => {
                if depth == 0 {
                    inside.push(String::new());
                }
                depth += 1;
            }
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => outside.push(c),
            c => {
                if let Some(last) = inside.last_mut() {
                    last.push(c);
                }
            }
        }
    }
    (outside, inside)
}

/// `点击率%`, `花费/元`, `花费-万元`, `花费:元`.
fn trailing_unit(words: &str) -> Option<(String, HeaderUnit)> {
    if let Some(rest) = words.strip_suffix(['%', '‰']) {
        let factor = if words.ends_with('%') { 0.01 } else { 0.001 };
        return (!rest.is_empty()).then(|| (rest.to_owned(), HeaderUnit { sort: UnitSort::Rate, factor }));
    }
    let at = words.rfind(['/', '-', ':', ',', '|'])?;
    let unit = words[at..].trim_start_matches(['/', '-', ':', ',', '|']);
    let rest = &words[..at];
    // 人数/次数 is two words for one thing, not a unit.
    if unit.ends_with('数') {
        return None;
    }
    let found = unit_of(unit.strip_prefix("单位:").or(unit.strip_prefix("单位")).unwrap_or(unit))?;
    (!rest.is_empty()).then(|| (rest.trim_end_matches("单位").to_owned(), found))
}

/// The units a line states for what stands below it: `（单位：万元、人）` states two. Each with its words, folded.
pub fn stated_units(line: &str) -> Vec<(String, HeaderUnit)> {
    if !["单位", "單位", "unit", "Unit", "UNIT"].iter().any(|word| line.contains(word)) {
        return Vec::new();
    }
    let folded = fold(line);
    let said = ["单位", "units", "unit"].iter().find_map(|word| folded.split_once(word));
    let Some((_, said)) = said else { return Vec::new() };
    let said = said.trim_start_matches([':', '为', '是', '均', '-', '=']);
    let said = said.split([')', ']', '】', '》', '」', ';', '。']).next().unwrap_or_default();
    let pieces = said.split([',', '、', '/', '|', '和', '及', '或', '(']);
    let words = |piece: &str| piece.trim_start_matches("人民币").trim_start_matches(':').to_owned();
    let mut units = pieces.map(words).map(|piece| (unit_of(&piece), piece)).peekable();
    // 单位成本(元) is the name of something.
    if units.peek().is_none_or(|(unit, _)| unit.is_none()) {
        return Vec::new();
    }
    units.filter_map(|(unit, piece)| Some((piece, unit?))).collect()
}

/// Whether a line says nothing but units: 单位：万元; 花费(单位：万元) is the header of a column.
pub fn is_unit_line(line: &str) -> bool {
    let says_nothing_else = |folded: &str| {
        let before = folded.split_once("单位").or_else(|| folded.split_once("unit"));
        before.is_some_and(|(before, _)| matches!(before, "" | "金额" | "货币" | "计量" | "数据"))
    };
    !stated_units(line).is_empty() && says_nothing_else(fold(line).trim_start_matches(['(', '[', '【', '*']))
}

/// The unit a text is, where it is nothing but a unit: 万元, %, 人, US$.
pub fn stated_unit(text: &str) -> Option<HeaderUnit> {
    unit_of(&fold(text))
}

/// The unit a word names, folded: 万元, 次, %.
pub(super) fn unit_of(text: &str) -> Option<HeaderUnit> {
    let text = text.trim_matches(['/', ':', '.', ' ', ',']);
    let unit = |sort, factor| Some(HeaderUnit { sort, factor });
    match text {
        "%" | "百分比" | "百分数" | "percent" | "pct" => return unit(UnitSort::Rate, 0.01),
        "‰" | "千分比" => return unit(UnitSort::Rate, 0.001),
        "毫秒" | "ms" => return unit(UnitSort::Time, 0.001),
        "秒" | "s" | "sec" | "secs" | "second" | "seconds" | "秒钟" => return unit(UnitSort::Time, 1.0),
        "分钟" | "min" | "mins" | "minute" | "minutes" => return unit(UnitSort::Time, 60.0),
        "小时" | "h" | "hr" | "hrs" | "hour" | "hours" => return unit(UnitSort::Time, 3_600.0),
        "天" | "日" | "day" | "days" => return unit(UnitSort::Time, 86_400.0),
        "周" | "week" | "weeks" => return unit(UnitSort::Time, 604_800.0),
        _ => {}
    }
    if let Some(currency) = Currency::of(text) {
        return unit(UnitSort::Foreign(currency), 1.0);
    }
    let (factor, rest) = magnitude(text);
    if let Some(currency) = Currency::of(rest) {
        return unit(UnitSort::Foreign(currency), factor);
    }
    match rest {
        "" if factor != 1.0 => unit(UnitSort::Magnitude, factor),
        "元" | "块" | "人民币" | "人民币元" | "rmb" | "cny" | "¥" | "yuan" | "圆" => {
            unit(UnitSort::Yuan, factor)
        }
        counter if COUNTERS.contains(&counter) => unit(UnitSort::Counter, factor),
        _ => None,
    }
}

fn magnitude(text: &str) -> (f64, &str) {
    for (word, factor) in [
        ("thousand", 1e3),
        ("million", 1e6),
        ("billion", 1e9),
        ("十亿", 1e9),
        ("千万", 1e7),
        ("百万", 1e6),
        ("十万", 1e5),
        ("万亿", 1e12),
        ("亿", 1e8),
        ("万", 1e4),
        ("千", 1e3),
        ("百", 1e2),
        ("k", 1e3),
        ("w", 1e4),
        ("m", 1e6),
    ] {
        if let Some(rest) = text.strip_prefix(word) {
            return (factor, rest);
        }
        if let Some(rest) = text.strip_suffix(word)
            && matches!(rest, "rmb" | "cny" | "¥" | "人民币")
        {
            return (factor, rest);
        }
    }
    (1.0, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoration_falls_away() {
        let plain = Header::parse("活动名称");
        for typed in [
            "活动名称*",
            "* 活动名称",
            "活动名称：",
            "活动\n名称（必填）",
            "１.活动名称",
            "活動名稱【必填】",
            "(1)活动名称",
            "活动名称(请填写全称)",
        ] {
            assert_eq!(Header::parse(typed).bare, plain.bare, "{typed}");
        }
    }

    #[test]
    fn the_unit_is_told_from_the_words() {
        use UnitSort::*;
        let usd = Currency::of("USD").expect("a currency");
        for (typed, bare, sort, factor) in [
            ("销售额（万元）", "销售额", Yuan, 1e4),
            ("销售额(元)", "销售额", Yuan, 1.0),
            ("花费/千元", "花费", Yuan, 1e3),
            ("花费（单位：亿元）", "花费", Yuan, 1e8),
            ("点击率%", "点击率", Rate, 0.01),
            ("点击率（％）", "点击率", Rate, 0.01),
            ("曝光量（万次）", "曝光量", Counter, 1e4),
            ("曝光量(万)", "曝光量", Magnitude, 1e4),
            ("停留时长(分钟)", "停留时长", Time, 60.0),
            ("Spend (USD)", "spend", Foreign(usd), 1.0),
            ("Budget (k$)", "budget", Foreign(usd), 1e3),
            ("花费（万美元）", "花费", Foreign(usd), 1e4),
        ] {
            let header = Header::parse(typed);
            assert_eq!(header.bare, bare, "{typed}");
            assert_eq!(header.unit, Some(HeaderUnit { sort, factor }), "{typed}");
        }
    }

    #[test]
    fn a_line_states_the_unit_of_what_stands_below() {
        let stated = |line: &str| -> Vec<(String, f64)> {
            stated_units(line).into_iter().map(|(words, unit)| (words, unit.factor)).collect()
        };
        let one = |words: &str, factor: f64| vec![(words.to_owned(), factor)];
        for line in [
            "单位：万元",
            "（单位:万元）",
            "618复盘（金额单位：人民币 万元）",
            "單位：萬元；日期：2025-06-20",
            "单位为万元",
        ] {
            assert_eq!(stated(line), one("万元", 1e4), "{line}");
        }
        assert_eq!(stated("单位：元"), one("元", 1.0));
        assert_eq!(stated("Unit: thousand yuan"), one("thousandyuan", 1e3));
        assert_eq!(stated("单位：万元/人次"), [("万元".to_owned(), 1e4), ("人次".to_owned(), 1.0)]);
        for line in [
            "主办单位：某某公司",
            "单位",
            "金额（万元）",
            "各单位请于周五前填完",
            "单位成本(元)",
            "Unit price (CNY)",
        ] {
            assert_eq!(stated(line), Vec::new(), "{line}");
        }
        assert!(["单位：万元", "（金额单位：人民币千元）", "Unit: CNY"].into_iter().all(is_unit_line));
        assert!(
            !["销售额（单位：万元）", "618复盘（单位：万元）", "单位成本(元)"].into_iter().any(is_unit_line)
        );
    }

    #[test]
    fn a_header_in_two_languages_has_two_halves() {
        let halves = |typed: &str| Header::parse(typed).halves;
        let pair = |one: &str, other: &str| vec![(one.to_owned(), other.to_owned())];
        assert_eq!(halves("渠道 Channel"), pair("渠道", "channel"));
        assert_eq!(halves("花费(万元) / Spend"), pair("花费", "spend"));
        assert_eq!(halves("Campaign name 活动名称"), pair("campaignname", "活动名称"));
        assert_eq!(halves("渠道"), Vec::new());
    }

    #[test]
    fn a_bracket_that_changes_the_meaning_stays() {
        let header = Header::parse("销售额(活动前)");
        assert_ne!(header.bare, "销售额");
        assert_eq!(header.turned.as_deref(), Some("活动前销售额"));
        assert_eq!(Header::parse("人数/次数").bare, "人数/次数");
    }
}
