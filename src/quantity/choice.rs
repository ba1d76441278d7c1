//! Choices: the key under which spellings of one choice meet, yes and no, and levels.
//!
//! Which choices a column has is the catalogue's to know.

use super::opening::{Opened, open};
use super::{Nothing, Reading, Remark, Unreadable};
use crate::cell::Content;
use crate::locale::fold;

const YES: &[&str] = &[
    "是",
    "√",
    "✓",
    "✔",
    "☑",
    "✅",
    "y",
    "yes",
    "true",
    "t",
    "1",
    "有",
    "已",
    "对",
    "齐备",
    "已齐备",
    "已提供",
    "齐全",
    "已有",
    "建议",
    "ok",
    "是的",
    "需要",
    "可以",
    "可",
    "👍",
    "●",
];
const NO: &[&str] = &[
    "否",
    "×",
    "✗",
    "✘",
    "✕",
    "✖",
    "❌",
    "☐",
    "□",
    "x",
    "n",
    "no",
    "false",
    "f",
    "0",
    "无",
    "未",
    "不",
    "不齐备",
    "未齐备",
    "未提供",
    "没有",
    "缺",
    "缺失",
    "不建议",
    "错",
    "不是",
    "不需要",
    "不可",
    "👎",
    "○",
];

/// Reads yes or no.
pub fn yes_no(content: &Content) -> Reading<bool> {
    // 无 is an answer here, not an absence: the words are asked before the kinds of nothing.
    if let Content::Text(text) = content {
        let key = normalise(text);
        let answer = match key.as_str() {
            key if YES.contains(&key) => Some(true),
            key if NO.contains(&key) => Some(false),
            _ => None,
        };
        if let Some(answer) = answer {
            let plain = matches!(text.trim(), "是" | "否");
            let remarks = if plain { Vec::new() } else { vec![Remark::Alias(text.trim().to_owned())] };
            return Reading::with(answer, remarks);
        }
    }
    match open(content) {
        Err(nothing) => Reading::nothing(nothing),
        Ok(Opened::Bool(truth)) => Reading::value(truth),
        Ok(Opened::Number(number)) if number == 1.0 || number == 0.0 => {
            Reading::with(number == 1.0, vec![Remark::Alias(number.to_string())])
        }
        Ok(_) => Reading::nothing(Nothing::Unreadable(Unreadable::NotThisKind)),
    }
}

/// The key two spellings of a choice share: folded, without decoration and without a bracket behind it.
pub fn normalise(text: &str) -> String {
    let folded = fold(text).replace('\u{fe0f}', "");
    let folded = match folded.find('(') {
        Some(at) if at > 0 && folded.ends_with(')') => folded[..at].to_owned(),
        _ => folded,
    };
    let folded = folded.trim_matches(['.', '。', ',', ';', ':', '!', '"', '\'', '“', '”']);
    // 已完成✅ says it twice; ✅ alone is the word itself.
    if folded.chars().any(char::is_alphanumeric) {
        folded
            .trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '(' | ')' | '%' | '+' | '[' | ']'))
            .to_owned()
    } else {
        folded.to_owned()
    }
}

/// The level behind an alias of 高, 中, 低: `H/M/L`, `P0–P3`, `A/B/C`, 🔴🟡🟢, ★, Ⅰ–Ⅳ级.
pub fn level_alias(text: &str) -> Option<&'static str> {
    let key = normalise(text);
    if let Some(level) = stars(&key) {
        return Some(level);
    }
    let key = key.trim_end_matches('级').trim_end_matches("优先");
    Some(match key {
        "高" | "h" | "high" | "p0" | "p1" | "a" | "🔴" | "i" | "ii" | "大" | "红" | "红色" => "high",
        "中" | "m" | "mid" | "medium" | "middle" | "p2" | "b" | "🟡" | "🟠" | "iii" | "中等" | "黄"
        | "黄色" => "medium",
        "低" | "l" | "low" | "p3" | "c" | "🟢" | "iv" | "小" | "绿" | "绿色" => "low",
        _ => return None,
    })
}

/// The status behind a share of the work: `50%` is under way.
pub fn progress_alias(text: &str) -> Option<&'static str> {
    let key = crate::locale::narrow(text);
    let share = match key.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().ok()? / 100.0,
        None => key.parse().ok().filter(|share| *share > 0.0 && *share < 1.0)?,
    };
    match share {
        0.0 => Some("not-started"),
        1.0 => Some("done"),
        share if share > 0.0 && share < 1.0 => Some("doing"),
        _ => None,
    }
}

/// ★ to ★★★, or filled stars out of five where hollow ones complete them.
fn stars(key: &str) -> Option<&'static str> {
    let filled = key.chars().filter(|c| matches!(c, '★' | '⭐')).count();
    let all = key.chars().filter(|c| matches!(c, '★' | '⭐' | '☆')).count();
    if filled == 0 || all != key.chars().count() {
        return None;
    }
    Some(match (all > 3, filled) {
        (false, 1) | (true, 1 | 2) => "low",
        (false, 2) | (true, 3) => "medium",
        _ => "high",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_and_no() {
        for text in ["是", "√", "✓", "✔️", "☑", "✅", "Y", "yes", "TRUE", "1", "有", "Ｙ", "是（已归档）"]
        {
            assert_eq!(yes_no(&Content::Text(text.into())).get(), Some(&true), "{text}");
        }
        for text in ["否", "×", "✗", "❌", "☐", "N", "no", "FALSE", "0", "无", "無", "x"] {
            assert_eq!(yes_no(&Content::Text(text.into())).get(), Some(&false), "{text}");
        }
        assert_eq!(yes_no(&Content::Bool(true)), Reading::value(true));
        assert_eq!(yes_no(&Content::Number(0.0)).get(), Some(&false));
        assert_eq!(yes_no(&Content::Number(2.0)).get(), None);
        assert_eq!(
            yes_no(&Content::Text("-".into())).said,
            crate::quantity::Said::Nothing(Nothing::NotApplicable)
        );
        assert_eq!(
            yes_no(&Content::Text("待定".into())).said,
            crate::quantity::Said::Nothing(Nothing::Pending)
        );
        assert_eq!(yes_no(&Content::Text("也许".into())).get(), None);
    }

    #[test]
    fn spellings_of_one_choice_share_a_key() {
        for (left, right) in [
            ("已完成✅", "已完成"),
            ("Done", "done"),
            ("ＤＯＮＥ ", "done"),
            ("進行中", "进行中"),
            ("进行中（70%）", "进行中"),
            ("已完成。", "已完成"),
            ("✔️", "✔"),
        ] {
            assert_eq!(normalise(left), normalise(right), "{left}");
        }
        assert_eq!(normalise("100%"), "100%");
        assert_eq!(normalise("✅"), "✅");
        assert_ne!(normalise("未开始"), normalise("开始"));
    }

    #[test]
    fn a_share_of_the_work_is_a_status() {
        for (text, status) in [
            ("0%", Some("not-started")),
            ("50%", Some("doing")),
            ("99.5％", Some("doing")),
            ("0.5", Some("doing")),
            ("100%", Some("done")),
            ("120%", None),
            ("1", None),
            ("0", None),
            ("50", None),
            ("-5%", None),
        ] {
            assert_eq!(progress_alias(text), status, "{text}");
        }
    }

    #[test]
    fn levels() {
        for (text, level) in [
            ("H", Some("high")),
            ("m", Some("medium")),
            ("L", Some("low")),
            ("P0", Some("high")),
            ("P1", Some("high")),
            ("P2", Some("medium")),
            ("P3", Some("low")),
            ("A", Some("high")),
            ("B", Some("medium")),
            ("C", Some("low")),
            ("🔴", Some("high")),
            ("🟡", Some("medium")),
            ("🟢", Some("low")),
            ("★★★", Some("high")),
            ("★★", Some("medium")),
            ("★", Some("low")),
            ("★★★☆☆", Some("medium")),
            ("Ⅰ级", Some("high")),
            ("Ⅲ级", Some("medium")),
            ("Ⅳ级", Some("low")),
            ("高", Some("high")),
            ("很急", None),
            ("D", None),
        ] {
            assert_eq!(level_alias(text), level, "{text}");
        }
    }
}
