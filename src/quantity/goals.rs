//! Goals written into one cell: `新品曝光量500万+，线上预售订单3000单` holds two.
//!
//! Splits only where every clause is an indicator with a target; otherwise
//! nothing is split, because half of a goal is no goal.

use super::figure::may_hold_number;
use super::opening::plain;
use super::scan::{Cursor, split_outside_brackets};
use super::target::{Found, ask};
use super::term::{Tail, tail};
use super::{Remark, Target};

/// One goal of a form cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Goal {
    /// The indicator: `新品曝光量`.
    pub name: String,
    /// What is asked of it.
    pub target: Target,
    /// The clause it was read from, narrow and simplified.
    pub text: String,
}

/// Words of intent before an indicator.
const INTENTS: &[&str] = &[
    "实现",
    "完成",
    "达成",
    "达到",
    "确保",
    "力争",
    "争取",
    "预计",
    "目标",
    "计划",
    "通过活动",
    "活动期间",
    "获取",
    "带动",
    "推动",
    "使",
    "将",
    "让",
    "其中",
    "且",
    "并",
    "并且",
    "同时",
    "以及",
    "及",
    "和",
];
/// Verbs of change that may stand before the indicator they change: 提升Q3销售额20%.
const CHANGES: &[&str] = &["提升", "提高", "增加", "降低", "减少", "缩短"];
/// Longer clauses are prose.
const LONGEST_CLAUSE: usize = 60;

/// The goals of a text, in its order; none if it cannot be split without guessing.
pub fn split(text: &str) -> Vec<Goal> {
    let text = text.replace(['\n', '\r'], ";");
    let text = plain(&text);
    let mut goals = Vec::new();
    for clause in split_outside_brackets(&text, |c| matches!(c, ',' | ';' | '、' | '。' | '，')) {
        let clause = without_number(clause.trim());
        if clause.is_empty() {
            continue;
        }
        match named(clause, 1.0) {
            Some((name, Ok((target, _)))) => goals.push(Goal { name, target, text: clause.to_owned() }),
            _ => return Vec::new(),
        }
    }
    goals
}

/// An indicator and the target behind it, where the clause holds exactly that.
pub(crate) fn named(clause: &str, header_factor: f64) -> Option<(String, Found)> {
    if !may_hold_number(clause) || clause.chars().count() > LONGEST_CLAUSE {
        return None;
    }
    let mut cursor = Cursor::new(clause);
    while cursor.eat_any(INTENTS).is_some() {}
    cursor.blanks();
    let body = cursor.rest();
    for (at, _) in body.char_indices().skip(1) {
        let name = body[..at].trim_end_matches([':', ' ', '为', '-', '=', '"', '”', '“']).trim();
        if !is_name(name) || splits_a_token(&body[..at], &body[at..]) {
            continue;
        }
        // Up to here the direction is part of the name's own side: 提升Q3销售额20%.
        let change = CHANGES.iter().find(|verb| name.starts_with(**verb) && name.len() > verb.len());
        let asked = match change {
            Some(verb) => format!("{verb}{}", &body[at..]),
            None => body[at..].to_owned(),
        };
        let name = change.map_or(name, |verb| &name[verb.len()..]);
        let mut cursor = Cursor::new(&asked);
        let Some(mut found) = ask(&mut cursor, header_factor) else { continue };
        let set_apart = body[..at].ends_with([':', ' ', '=', '为']);
        if !set_apart && may_be_a_name(&found) {
            continue;
        }
        match tail(&mut cursor) {
            Tail::End => {}
            Tail::Aside(aside) => {
                if let Ok((_, remarks)) = &mut found {
                    remarks.push(Remark::Aside(aside));
                }
            }
            Tail::More => continue,
        }
        return Some((name.to_owned(), found));
    }
    noun_behind(body, header_factor)
}

/// `至少20000条有效消费偏好数据`: the indicator stands behind the figure.
fn noun_behind(body: &str, header_factor: f64) -> Option<(String, Found)> {
    let mut cursor = Cursor::new(body);
    let found = ask(&mut cursor, header_factor)?;
    let noun = cursor.rest().trim();
    let counted = matches!(&found, Ok((target, _)) if matches!(target.unit, super::Unit::Counter(_)));
    (counted && is_name(noun) && noun.chars().count() >= 2 && !may_hold_number(noun))
        .then(|| (noun.to_owned(), found))
}

/// A bare number straight behind a word belongs to it as often as not: 双11, 附件1, Day1-7.
fn may_be_a_name(found: &Found) -> bool {
    let Ok((target, _)) = found else { return false };
    let bare = target.unit == super::Unit::None && target.comparator == super::Comparator::Plain;
    match target.aim {
        super::Aim::Level(value) | super::Aim::Range(value, _) => bare && value.abs() < 10_000.0,
        _ => false,
    }
}

/// Whether a text can be the name of an indicator: letters, and no figure with a unit of its own.
fn is_name(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    if letters < 2
        || text.starts_with("实际")
        || text.contains(['%', '‰', '¥', '$', ',', ';', '。', '≥', '≤', '>', '<', '+'])
    {
        return false;
    }
    // A date has no indicator in it.
    if text.chars().filter(|c| c.is_alphabetic()).all(|c| "年月日号周季度第期".contains(c)) {
        return false;
    }
    // Q3, 618, 双11, 7日留存率 and 30秒应答率 name things; 销售额500万新客 does not.
    let mut previous_digit = false;
    for c in text.chars() {
        if previous_digit
            && matches!(
                c,
                '万' | '亿' | '千' | '百' | '元' | '单' | '人' | '次' | '件' | '倍' | '条' | '家' | '.'
            )
        {
            return false;
        }
        previous_digit = c.is_ascii_digit();
    }
    !["约", "从", "由", "同比", "环比", "较"].iter().any(|word| text.ends_with(word))
}

/// Whether a cut would go through a number, a word of Latin letters or a comparator.
fn splits_a_token(before: &str, after: &str) -> bool {
    let (Some(last), Some(first)) = (before.chars().next_back(), after.chars().next()) else { return false };
    let numeral = |c: char| {
        c.is_ascii_digit()
            || c == '.'
            || c == ','
            || super::figure::spoken_digit(c).is_some()
            || "十百千万亿".contains(c)
    };
    numeral(last) && (numeral(first) || "%‰万亿wWkK".contains(first))
        || matches!(last, '¥' | '$' | '-' | '+' | '负')
        || last == '不'
        || last.is_ascii_alphabetic() && (first.is_ascii_alphabetic() || first.is_ascii_digit())
}

/// Without the number of a list item: `1.`, `2、`, `(3)`.
fn without_number(clause: &str) -> &str {
    let inner = clause.strip_prefix('(').unwrap_or(clause);
    let rest = inner.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = inner.len() - rest.len();
    if digits == 0 || digits > 2 {
        return clause;
    }
    match rest.chars().next() {
        Some('.' | ')' | ':' | ' ') if !rest[1..].starts_with(|c: char| c.is_ascii_digit()) => {
            rest[1..].trim()
        }
        None => "",
        _ => clause,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::{Aim, Comparator};

    fn named_aims(text: &str) -> Vec<(String, Comparator, Aim)> {
        split(text).into_iter().map(|goal| (goal.name, goal.target.comparator, goal.target.aim)).collect()
    }

    #[test]
    fn several_goals_in_one_cell() {
        use Aim::*;
        use Comparator::*;
        for (text, expected) in [
            (
                "新品曝光量500万+，线上预售订单3000单",
                vec![("新品曝光量", AtLeast, Level(5e6)), ("线上预售订单", Plain, Level(3000.0))],
            ),
            (
                "销售额104%、新客转化率120%、曝光量95%",
                vec![
                    ("销售额", Plain, Level(1.04)),
                    ("新客转化率", Plain, Level(1.2)),
                    ("曝光量", Plain, Level(0.95)),
                ],
            ),
            (
                "实现首月销售额500万元，新客转化率≥15%",
                vec![("首月销售额", Plain, Level(5e6)), ("新客转化率", AtLeast, Level(0.15))],
            ),
            ("提升Q3销售额20%", vec![("Q3销售额", AtLeast, Growth(0.2))]),
            ("新增年轻用户10万+", vec![("新增年轻用户", AtLeast, Level(1e5))]),
            (
                "品牌搜索量提升30%；用户复购率达20%",
                vec![("品牌搜索量", AtLeast, Growth(0.3)), ("用户复购率", AtLeast, Level(0.2))],
            ),
            (
                "短视频渠道曝光量500万；私域社群转化率15%",
                vec![("短视频渠道曝光量", Plain, Level(5e6)), ("私域社群转化率", Plain, Level(0.15))],
            ),
            ("活动期间销售额环比增长30%以上", vec![("销售额", AtLeast, Growth(0.3))]),
            ("新增注册用户数突破5000人", vec![("新增注册用户数", AtLeast, Level(5000.0))]),
            ("达成全网曝光量超百万次", vec![("全网曝光量", AtLeast, Level(1e6))]),
            ("获取至少20000条有效消费偏好数据", vec![("有效消费偏好数据", AtLeast, Level(20_000.0))]),
            ("预计复购率提升15%-20%", vec![("复购率", AtLeast, GrowthRange(0.15, 0.2))]),
            ("页面加载时间从3秒缩短至1.5秒内", vec![("页面加载时间", AtMost, FromTo(3.0, 1.5))]),
            (
                "1.销售额500万元\n2.订单3000单",
                vec![("销售额", Plain, Level(5e6)), ("订单", Plain, Level(3000.0))],
            ),
            ("7日留存率40%", vec![("7日留存率", Plain, Level(0.4))]),
            (
                "销售额：1,200万元，订单：12,000单",
                vec![("销售额", Plain, Level(1.2e7)), ("订单", Plain, Level(12_000.0))],
            ),
            ("ROI：3", vec![("ROI", Plain, Level(3.0))]),
            ("ROI≥3", vec![("ROI", AtLeast, Level(3.0))]),
            ("30秒应答率≥95%", vec![("30秒应答率", AtLeast, Level(0.95))]),
        ] {
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(name, comparator, aim)| (name.to_owned(), comparator, aim))
                .collect();
            assert_eq!(named_aims(text), expected, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_split_without_guessing_is_not_split() {
        for text in [
            "",
            "提升品牌影响力",
            "销售额500万元，提升品牌影响力",
            "500万",
            "销售额104%新客转化率120%",
            "曝光、点击、转化各提升20%",
            "￥12.345.00",
            "2024年10月15日",
            "双11",
            "见附件1",
            "Day1-7",
            "实际8万",
        ] {
            assert_eq!(named_aims(text), vec![], "{text}");
        }
    }
}
