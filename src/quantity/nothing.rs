//! Nothing, not yet, not applicable, placeholder, error: five different things,
//! none of which is zero.

use super::Nothing;
use super::opening::plain;
use crate::cell::Content;

const NOT_APPLICABLE: &[&str] =
    &["无", "n/a", "na", "n.a.", "n.a", "不适用", "不涉及", "不适合", "无需", "\\", "\\\\", "not applicable"];
const PENDING: &[&str] = &[
    "待定",
    "tbd",
    "tbc",
    "待补充",
    "待补",
    "待确认",
    "待统计",
    "待核实",
    "待更新",
    "待填",
    "待填写",
    "待评估",
    "待核算",
    "待出",
    "待公布",
    "待反馈",
    "暂无",
    "暂无数据",
    "暂缺",
    "未统计",
    "暂未统计",
    "统计中",
    "核算中",
    "确认中",
    "数据待补充",
    "数据统计中",
    "待数据",
    "pending",
];
const LEFT_OVER: &[&str] = &["none", "nan", "null", "undefined", "<na>", "nat"];
const ERRORS: &[&str] = &[
    "#DIV/0!",
    "#REF!",
    "#N/A",
    "#VALUE!",
    "#NAME?",
    "#NUM!",
    "#NULL!",
    "#SPILL!",
    "#CALC!",
    "#GETTING_DATA",
    "#FIELD!",
    "#BLOCKED!",
    "#UNKNOWN!",
    "#CONNECT!",
    "#BUSY!",
];
/// What a bracket of the template's own begins with.
const INSTRUCTIONS: &[&str] = &[
    "例如",
    "例:",
    "如:",
    "示例",
    "具体",
    "请",
    "填写",
    "此处",
    "输入",
    "待填",
    "x",
    "插入",
    "选填",
    "必填",
    "活动名称",
    "e.g",
];

/// Which kind of nothing stands in a cell, if it is nothing.
pub fn of(content: &Content) -> Option<Nothing> {
    match content {
        Content::Blank => Some(Nothing::Blank),
        Content::Error(code) => Some(Nothing::Error(code.clone())),
        Content::Text(text) => of_plain(&plain(text)),
        Content::Number(_) | Content::Serial(_) | Content::Bool(_) => None,
    }
}

/// Whether a longer text still holds a placeholder: `活动主题: [例如:…]`.
pub fn placeholder_in(text: &str) -> bool {
    let text = plain(text).to_lowercase();
    text.contains("{{")
        || text.contains("请填写")
        || text.contains("请在此")
        || begins_as_example(&text)
        || crossed_out(&text)
        || brackets(&text).any(|inner| inner.is_empty() || instructs(inner))
        || square_brackets(&text).any(asks)
}

/// The same for text that is narrow and simplified already.
pub(crate) fn of_plain(text: &str) -> Option<Nothing> {
    if text.is_empty() {
        return Some(Nothing::Blank);
    }
    if text.len() <= 48 {
        if text.starts_with('#')
            && let Some(error) = ERRORS.iter().find(|error| error.eq_ignore_ascii_case(text))
        {
            return Some(Nothing::Error((*error).to_owned()));
        }
        if text.bytes().all(|b| b == b'-' || b == b' ') || text.bytes().all(|b| b == b'/') {
            return Some(Nothing::NotApplicable);
        }
        let key = word_of(text);
        let among = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(&key));
        if among(NOT_APPLICABLE) {
            return Some(Nothing::NotApplicable);
        }
        if among(PENDING) {
            return Some(Nothing::Pending);
        }
        if among(LEFT_OVER) {
            return Some(Nothing::Blank);
        }
    }
    is_placeholder(text).then_some(Nothing::Placeholder)
}

/// The word alone: without inner blanks, a closing stop, dots of hesitation or a bracket behind it.
fn word_of(text: &str) -> String {
    let text = match text.find(['(', '[']) {
        Some(at) if at > 0 && text.ends_with([')', ']']) => &text[..at],
        _ => text,
    };
    let text = text.trim_end_matches(['。', '.', '!', '…', ' ', ',', ';', '~']);
    text.chars().filter(|c| *c != ' ').collect()
}

fn is_placeholder(text: &str) -> bool {
    let lower = text.to_lowercase();
    if lower.contains("{{")
        || lower.starts_with("请填")
        || lower.starts_with("请输入")
        || lower.starts_with("请在此")
    {
        return true;
    }
    if begins_as_example(&lower) || stars(&lower) || underscores(&lower) || only_brackets(&lower) {
        return true;
    }
    let whole =
        |open: char, close: char| lower.strip_prefix(open).and_then(|inner| inner.strip_suffix(close));
    if let Some(inner) = whole('[', ']').or_else(|| whole('【', '】')).map(str::trim) {
        // [具体数字] is the template's; 【限时秒杀】 may well be a name, [3] a number.
        let square = lower.starts_with('[');
        return inner.is_empty()
            || instructs(inner)
            || square && !inner.contains(['[', ']']) && !super::figure::may_hold_number(inner);
    }
    // `XX万元`, `≥X%`, `[X]人`: crosses where a figure should be.
    let short = lower.chars().count() <= 16 && !lower.bytes().any(|b| b.is_ascii_digit());
    short
        && (crossed_out(&lower)
            || single_cross(&lower)
            || brackets(&lower).any(|inner| inner.is_empty() || instructs(inner)))
}

fn begins_as_example(lower: &str) -> bool {
    let start = lower.trim_start_matches(['(', '[', '【', ' ']);
    ["示例:", "例如:", "例:", "举例:", "(示例)", "填写说明:"].iter().any(|word| start.starts_with(word))
}

/// Two crosses or more, not part of a word such as XXL.
fn crossed_out(lower: &str) -> bool {
    let mut run = 0;
    let mut clean_start = true;
    let mut previous = ' ';
    for c in lower.chars().chain([' ']) {
        if c == 'x' || c == '×' {
            if run == 0 {
                clean_start = !previous.is_ascii_alphanumeric();
            }
            run += 1;
        } else {
            if run >= 2 && clean_start && !c.is_ascii_alphanumeric() {
                return true;
            }
            run = 0;
        }
        previous = c;
    }
    false
}

/// `X%`, `X万元`, `≥X`: one cross where the figure should be.
fn single_cross(lower: &str) -> bool {
    let start = lower.trim_start_matches(['≥', '≤', '>', '<', '=', '¥', '$', ' ', '≧', '≦', '约']);
    let Some(unit) = start.strip_prefix('x') else { return false };
    let compared = start.len() < lower.len();
    (unit.is_empty() && compared)
        || matches!(
            unit.trim(),
            "%" | "万"
                | "万元"
                | "元"
                | "亿"
                | "万次"
                | "次"
                | "人"
                | "单"
                | "天"
                | "月"
                | "月x日"
                | "年x月x日"
        )
}

fn stars(lower: &str) -> bool {
    let rest = lower.trim_start_matches('*');
    let count = lower.len() - rest.len();
    count >= 2 && matches!(rest.trim(), "" | "%" | "万" | "元" | "万元" | "次" | "人" | "单")
}

fn underscores(lower: &str) -> bool {
    lower.len() >= 2 && lower.bytes().all(|b| b == b'_')
}

fn instructs(inner: &str) -> bool {
    let inner = inner.trim();
    INSTRUCTIONS
        .iter()
        .any(|word| inner.starts_with(word) && (*word != "x" || inner.bytes().all(|b| b == b'x')))
}

/// `[起始日期] - [结束日期]`: nothing but brackets of words and what parts them.
fn only_brackets(lower: &str) -> bool {
    let mut outside = String::new();
    let mut rest = lower;
    while let Some((before, behind)) = rest.split_once('[') {
        let Some((inner, behind)) = behind.split_once(']') else { return false };
        if super::figure::may_hold_number(inner) {
            return false;
        }
        outside.push_str(before);
        rest = behind;
    }
    outside.push_str(rest);
    lower.starts_with('[') && outside.chars().all(|c| " -~至到/、,;—–".contains(c))
}

/// Words of a bracket that wants to be replaced, and alternatives to choose from.
fn asks(inner: &str) -> bool {
    if inner.bytes().any(|b| b.is_ascii_digit()) {
        return false;
    }
    let han = |part: &str| {
        let part = part.trim();
        part.chars().count() >= 2 && part.chars().all(|c| !c.is_ascii())
    };
    ["具体", "例如", "请", "日期", "数字", "数值", "描述", "填写", "百分比", "姓名", "xx"]
        .iter()
        .any(|word| inner.contains(word))
        || inner.contains('/') && inner.split('/').all(han)
}

fn square_brackets(text: &str) -> impl Iterator<Item = &str> {
    text.split('[').skip(1).filter_map(|part| part.split_once(']').map(|(inner, _)| inner))
}

/// What stands in each `[…]` and `【…】`.
fn brackets(text: &str) -> impl Iterator<Item = &str> {
    text.split(['[', '【'])
        .skip(1)
        .filter_map(|part| part.split([']', '】']).next().filter(|inner| inner.len() < part.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> Option<Nothing> {
        of(&Content::Text(text.into()))
    }

    #[test]
    fn five_kinds_of_nothing() {
        for text in ["", "   ", "\u{3000}", "\u{200b}", "None", "nan", "NaN", "null", "NULL"] {
            assert_eq!(kind(text), Some(Nothing::Blank), "{text:?}");
        }
        for text in [
            "-",
            "--",
            "—",
            "——",
            "－",
            "/",
            "／",
            "\\",
            "无",
            "無",
            "N/A",
            "n/a",
            "不适用",
            "不適用",
            "不涉及",
        ] {
            assert_eq!(kind(text), Some(Nothing::NotApplicable), "{text:?}");
        }
        for text in [
            "待定",
            "TBD",
            "tbd",
            "待补充",
            "待補充",
            "待确认",
            "待统计",
            "暂无",
            "暫無",
            "统计中",
            "统计中…",
            "待定（11月）",
        ] {
            assert_eq!(kind(text), Some(Nothing::Pending), "{text:?}");
        }
        for text in [
            "[具体数字]",
            "［具体数字］",
            "[X]",
            "XX",
            "XXX",
            "xxx",
            "**",
            "***",
            "{{name}}",
            "【】",
            "请填写",
            "請填寫",
            "示例：500万元",
            "例如:…",
            "XX万元",
            "≥X%",
            "X%",
            "[X]万元",
            "【请填写】",
            "[例如:双11大促]",
            "[]",
            "××",
            "____",
            "约XX人",
            "[起始日期] - [结束日期]",
        ] {
            assert_eq!(kind(text), Some(Nothing::Placeholder), "{text:?}");
        }
        for text in ["#DIV/0!", "#REF!", "#N/A", "#VALUE!", "#NAME?"] {
            assert_eq!(kind(text), Some(Nothing::Error(text.into())), "{text:?}");
            assert_eq!(of(&Content::Error(text.into())), Some(Nothing::Error(text.into())));
        }
    }

    #[test]
    fn something_is_not_nothing() {
        for text in [
            "0",
            "0.00",
            "无门槛券",
            "市场部*",
            "张**",
            "*展览公司",
            "XXL码",
            "【限时秒杀】",
            "[3]",
            "-5",
            "1/2",
            "x",
            "待开始",
            "Maxx",
            "待处理",
            "Nancy",
            "nanjing",
            "—5%",
        ] {
            assert_eq!(kind(text), None, "{text:?}");
        }
        assert_eq!(of(&Content::Number(0.0)), None);
        assert_eq!(of(&Content::Bool(false)), None);
        assert_eq!(of(&Content::Blank), Some(Nothing::Blank));
    }

    #[test]
    fn placeholders_inside_longer_text() {
        for text in [
            "活动主题: [例如:夏日狂欢]",
            "主题【请填写】，预算XX万",
            "{{活动名称}}复盘",
            "目标销售额[具体数字]元",
            "示例：拉新",
            "总体来看是[成功/基本成功/存在挑战但有所收获]的",
            "较去年增长［百分比］",
        ] {
            assert!(placeholder_in(text), "{text}");
        }
        for text in [
            "【限时秒杀】有效提升转化率",
            "XXL码断货",
            "参见[附件1]",
            "合格率[3/5]",
            "覆盖[PC/APP]两端",
            "曝光不足",
            "3x2矩阵",
            "客户Exxon",
        ] {
            assert!(!placeholder_in(text), "{text}");
        }
    }
}
