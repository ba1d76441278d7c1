//! 目标值: a level, a range, growth over a baseline, or a way from one level to another.

use super::exact::Exact;
use super::figure::may_hold_number;
use super::opening::{Opened, open};
use super::scan::{Cursor, split_outside_brackets};
use super::term::{Tail, Term, range, tail, term};
use super::unit::Kind;
use super::{Aim, Comparator, Reading, Remark, Target, Unit, Unreadable, goals};
use crate::cell::Content;

const UP: &[&str] = &[
    "提升",
    "增长",
    "提高",
    "增加",
    "上升",
    "上涨",
    "涨幅",
    "增幅",
    "增长率",
    "拉升",
    "扩大",
    "增",
    "升",
    "涨",
    "+增长",
];
const DOWN: &[&str] = &[
    "降低", "下降", "减少", "下滑", "缩短", "压缩", "缩减", "降幅", "回落", "下调", "节省", "节约", "降",
    "减",
];
/// Words between a direction and the level it arrives at.
pub(crate) const ARRIVALS: &[&str] = &["至", "到", "为", "达到", "达", "→", "->", "=>", "成"];
const ARROWS: &[&str] = &["→", "->", "=>", "-->", "——>", "至", "到"];
const AGAINST: &[&str] = &["同比", "环比", "同期", "较", "比", "相比", "对比", "相较", "相较于", "较之"];
const BASES: &[&str] = &[
    "去年同期",
    "上年同期",
    "上年",
    "去年",
    "上期",
    "上月",
    "上季度",
    "上季",
    "上周",
    "上一期",
    "基准",
    "基线",
    "基准值",
    "活动前",
    "往期",
    "历史",
    "历史均值",
    "同期",
    "平时",
    "日常",
    "日均",
    "行业",
    "行业均值",
    "上次",
    "上次活动",
    "往年",
    "前期",
];
/// Words that say that something is wanted, not what.
const OPENERS: &[&str] = &[
    "目标",
    "目标值",
    "力争",
    "确保",
    "争取",
    "计划",
    "预计",
    "实现",
    "完成",
    "共",
    "共计",
    "合计",
    "累计",
    "总计",
];

/// Which way a change goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Up,
    Down,
}

/// Reads a target; a bare number takes its header's factor.
pub fn read(content: &Content, percent_format: bool, header_factor: f64) -> Reading<Target> {
    let written = match open(content) {
        Err(nothing) => return Reading::nothing(nothing),
        Ok(Opened::Number(stored)) => return stored_target(stored, percent_format, header_factor),
        Ok(Opened::Serial(_)) => return Reading::unreadable(Unreadable::TurnedIntoDate),
        Ok(Opened::Bool(_)) => return Reading::unreadable(Unreadable::NotThisKind),
        Ok(Opened::Text(written)) => written,
    };
    let text = written.text.as_str();
    if !may_hold_number(text) {
        return Reading::unreadable(Unreadable::NotThisKind);
    }
    let mut remarks = written.remarks();
    let Some(found) = whole(text, header_factor, &mut remarks).or_else(|| {
        let (name, found) = goals::named(text, header_factor)?;
        remarks.push(Remark::Aside(name));
        Some(found)
    }) else {
        let parts: Vec<String> = goals::split(text).into_iter().map(|goal| goal.text).collect();
        return Reading::unreadable(match parts.len() {
            0 => why_not(text),
            _ => Unreadable::Several(parts),
        });
    };
    match found {
        Ok((target, more)) => {
            remarks.extend(more);
            Reading::with(target, remarks)
        }
        Err(why) => Reading::unreadable(why),
    }
}

/// A target that is there, or why what is there cannot be one.
pub(crate) type Found = Result<(Target, Vec<Remark>), Unreadable>;

/// A text that is a target from its first to its last character.
fn whole(text: &str, header_factor: f64, remarks: &mut Vec<Remark>) -> Option<Found> {
    let mut cursor = Cursor::new(text);
    cursor.eat_any(OPENERS);
    cursor.eat(":");
    let found = ask(&mut cursor, header_factor)?;
    match tail(&mut cursor) {
        Tail::End => {}
        Tail::Aside(aside) => remarks.push(Remark::Aside(aside)),
        Tail::More => return None,
    }
    Some(found)
}

fn stored_target(stored: f64, percent_format: bool, header_factor: f64) -> Reading<Target> {
    let (scale, unit) = if percent_format { (1.0, Unit::Percent) } else { (header_factor, Unit::None) };
    super::number::stored_number(stored, scale, unit).map(|number| Target {
        comparator: Comparator::Plain,
        aim: Aim::Level(number.value),
        unit: number.unit,
        scale: number.scale,
    })
}

fn why_not(text: &str) -> Unreadable {
    let parts = split_outside_brackets(text, |c| matches!(c, ',' | ';' | '、' | '。'));
    if parts.len() > 1 && parts.iter().filter(|part| part.bytes().any(|b| b.is_ascii_digit())).count() > 1 {
        Unreadable::Several(parts.into_iter().map(|part| part.trim().to_owned()).collect())
    } else {
        Unreadable::NotThisKind
    }
}

/// Reads what is asked for, from here on.
pub(crate) fn ask(cursor: &mut Cursor, header_factor: f64) -> Option<Found> {
    if let Some(found) = cursor.attempt(|cursor| from_to(cursor, header_factor)) {
        return Some(found);
    }
    if let Some(found) = cursor.attempt(|cursor| growth(cursor, header_factor)) {
        return Some(found);
    }
    cursor.attempt(|cursor| level(cursor, header_factor))
}

/// `从3秒缩短至1.5秒内`, `5%提升到8%`, `3秒→1.5秒`.
fn from_to(cursor: &mut Cursor, header_factor: f64) -> Option<Found> {
    let announced = cursor.eat_any(&["从", "由", "自"]).is_some();
    let mut from = term(cursor)?;
    cursor.eat("的");
    let way = moving(cursor);
    let arrived = cursor.eat_any(if announced || way.is_some() { ARRIVALS } else { &ARROWS[..5] }).is_some();
    let pointed = arrived || announced && cursor.eat_any(ARROWS).is_some();
    if !pointed {
        return None;
    }
    let to = term(cursor)?;
    if from.word.is_none() {
        from.word = to.word.clone();
        if from.figure.magnitude.is_none() && to.figure.magnitude.is_some() {
            from.figure.value = from.figure.value.times(to.figure.factor);
            from.figure.magnitude = to.figure.magnitude;
        }
    }
    if from.unit() != to.unit() {
        return None;
    }
    if to.kind() == Some(Kind::Label) {
        return Some(Err(wrong(&to)));
    }
    let mut remarks = Vec::new();
    to.remarks(&mut remarks);
    let (start, end) =
        (from.value_under(header_factor, &mut Vec::new()), to.value_under(header_factor, &mut remarks));
    let said = to.comparator.filter(|comparator| *comparator != Comparator::About);
    let comparator = said.unwrap_or(if end < start { Comparator::AtMost } else { Comparator::AtLeast });
    finite(comparator, Aim::FromTo(start, end), to.unit(), remarks)
}

/// `环比增长30%以上`, `降低5.3%`, `提升3个百分点`, `翻一番`, `同比+8.7%`.
fn growth(cursor: &mut Cursor, header_factor: f64) -> Option<Found> {
    let mut against = false;
    while cursor.eat_any(AGAINST).is_some() {
        against = true;
        cursor.eat_any(BASES);
    }
    if let Some(factor) = cursor.attempt(doubling) {
        return finite(Comparator::AtLeast, Aim::Growth(factor), Unit::Percent, Vec::new());
    }
    let mut way = moving(cursor);
    if way.is_some() {
        cursor.eat_any(&["幅度", "了", "率", "约为"]);
        if cursor.eat_any(ARRIVALS).is_some() {
            return arrival(cursor, way, header_factor);
        }
    }
    let (low, high) = range(cursor)?;
    let signed = low.plus || low.negative;
    if way.is_none() {
        cursor.eat("的");
        way = cursor.attempt(|cursor| {
            moving(cursor).filter(|_| cursor.done() || !cursor.rest().starts_with(char::is_alphanumeric))
        });
        cursor.eat_any(&["幅度", "率"]);
    }
    let rate = matches!(low.kind(), Some(Kind::Percent | Kind::Permille | Kind::Points | Kind::Tenths));
    if way.is_none() && !(against && (signed || rate)) && !(signed && rate) {
        return None;
    }
    if low.kind() == Some(Kind::Label) {
        return Some(Err(wrong(&low)));
    }
    let down = way == Some(Direction::Down);
    let mut remarks = Vec::new();
    low.remarks(&mut remarks);
    let signed_value = |term: &Term| if down { term.value().negated() } else { term.value() };
    let towards =
        if down || signed_value(&low).to_f64() < 0.0 { Comparator::AtMost } else { Comparator::AtLeast };
    let comparator = match low.comparator.or(high.as_ref().and_then(|high| high.comparator)) {
        // 降低5%以上 wants to end lower still.
        Some(Comparator::AtLeast) if down => Comparator::AtMost,
        Some(Comparator::AtMost) if down => Comparator::AtLeast,
        Some(comparator) => comparator,
        None => towards,
    };
    let value = signed_value(&low).to_f64();
    let aim = match (low.kind(), &high) {
        (Some(Kind::Percent | Kind::Permille | Kind::Tenths | Kind::Times), Some(high)) => {
            let other = signed_value(high).to_f64();
            Aim::GrowthRange(value.min(other), value.max(other))
        }
        (Some(Kind::Percent | Kind::Permille | Kind::Tenths | Kind::Times), None) => Aim::Growth(value),
        (Some(Kind::Points), high) => {
            if high.is_some() {
                remarks.push(Remark::Range);
            }
            Aim::GrowthPoints(value)
        }
        (None, _) if low.figure.magnitude.is_none() => {
            let shown = format!("{}", low.figure.value.to_f64());
            return Some(Err(Unreadable::Ambiguous(format!("{shown}%"), shown)));
        }
        (_, Some(_)) => return None,
        (_, None) => Aim::GrowthBy(value),
    };
    let unit = match aim {
        Aim::GrowthPoints(_) => Unit::Points,
        Aim::GrowthBy(_) => low.unit(),
        _ => Unit::Percent,
    };
    finite(comparator, aim, unit, remarks)
}

/// 提升至20%: a level after all.
fn arrival(cursor: &mut Cursor, way: Option<Direction>, header_factor: f64) -> Option<Found> {
    let found = level(cursor, header_factor)?;
    let towards = if way == Some(Direction::Down) { Comparator::AtMost } else { Comparator::AtLeast };
    Some(found.map(|(target, remarks)| {
        let comparator = if target.comparator == Comparator::Plain { towards } else { target.comparator };
        (Target { comparator, ..target }, remarks)
    }))
}

/// `≥15%`, `500万元`, `15%-20%`, `八折`, `4.6/5`, `1:3.2`.
fn level(cursor: &mut Cursor, header_factor: f64) -> Option<Found> {
    let (low, high) = range(cursor)?;
    if low.kind() == Some(Kind::Label) {
        return Some(Err(wrong(&low)));
    }
    let mut remarks = Vec::new();
    low.remarks(&mut remarks);
    if !low.per.is_empty() {
        remarks.push(Remark::Aside(format!("/{}", low.per.join("/"))));
    }
    if low.word.is_none()
        && low.figure.magnitude.is_none()
        && low.comparator.is_none()
        && high.is_none()
        && !low.figure.spoken
    {
        remarks.push(Remark::TextNumber);
    }
    let comparator = low.comparator.unwrap_or(Comparator::Plain);
    let value = low.value_under(header_factor, &mut remarks);
    let aim = match &high {
        None if low.kind() == Some(Kind::Points) => Aim::GrowthPoints(value),
        None => Aim::Level(value),
        Some(high) => {
            if low.unit() != high.unit() {
                return None;
            }
            let other = high.value_under(header_factor, &mut Vec::new());
            if other < value {
                return Some(Err(Unreadable::OutOfRange));
            }
            Aim::Range(value, other)
        }
    };
    finite(comparator, aim, low.unit(), remarks)
}

/// 提升, 降低 and their like at the start of a text.
pub(crate) fn direction(cursor: &mut Cursor) -> Option<Direction> {
    cursor.attempt(|cursor| {
        while cursor.eat_any(AGAINST).is_some() {
            cursor.eat_any(BASES);
        }
        moving(cursor)
    })
}

fn moving(cursor: &mut Cursor) -> Option<Direction> {
    if cursor.eat_any(UP).is_some() {
        return Some(Direction::Up);
    }
    cursor.eat_any(DOWN).map(|_| Direction::Down)
}

/// 翻倍, 翻一倍, 翻一番, 翻两番.
fn doubling(cursor: &mut Cursor) -> Option<f64> {
    moving(cursor);
    cursor.eat("翻").then_some(())?;
    if cursor.eat("倍") {
        return Some(1.0);
    }
    let times = super::figure::figure(cursor)?.value;
    if cursor.eat("番") {
        let times = times.to_f64();
        return (1.0..=10.0).contains(&times).then(|| times.exp2() - 1.0);
    }
    // 翻一倍 doubles; whether 翻三倍 is three times or four is not for us to say.
    (cursor.eat("倍") && times == Exact::ONE).then_some(1.0)
}

fn wrong(term: &Term) -> Unreadable {
    Unreadable::WrongUnit(term.word.as_ref().map(|(word, _)| word.clone()).unwrap_or_default())
}

fn finite(comparator: Comparator, aim: Aim, unit: Unit, remarks: Vec<Remark>) -> Option<Found> {
    let numbers = match aim {
        Aim::Level(a) | Aim::Growth(a) | Aim::GrowthPoints(a) | Aim::GrowthBy(a) => [a, a],
        Aim::Range(a, b) | Aim::GrowthRange(a, b) | Aim::FromTo(a, b) => [a, b],
    };
    Some(if numbers.iter().all(|number| number.is_finite()) {
        Ok((Target { comparator, aim, unit, scale: None }, remarks))
    } else {
        Err(Unreadable::NotFinite)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::{Nothing, Said};

    fn reading(text: &str) -> Reading<Target> {
        read(&Content::Text(text.into()), false, 1.0)
    }

    #[test]
    fn what_goals_ask_for() {
        use Aim::*;
        use Comparator::*;
        let counter = |word: &str| Unit::Counter(word.into());
        for (text, comparator, aim, unit) in [
            ("500万元", Plain, Level(5e6), Unit::Yuan),
            ("1000万次", Plain, Level(1e7), counter("次")),
            ("5000000", Plain, Level(5e6), Unit::None),
            ("15%", Plain, Level(0.15), Unit::Percent),
            ("≥15%", AtLeast, Level(0.15), Unit::Percent),
            (">15%", AtLeast, Level(0.15), Unit::Percent),
            ("＞15%", AtLeast, Level(0.15), Unit::Percent),
            (">=15%", AtLeast, Level(0.15), Unit::Percent),
            ("≧15%", AtLeast, Level(0.15), Unit::Percent),
            ("不低于15%", AtLeast, Level(0.15), Unit::Percent),
            ("不少于3000单", AtLeast, Level(3000.0), counter("单")),
            ("至少20000条", AtLeast, Level(20_000.0), counter("条")),
            ("15%以上", AtLeast, Level(0.15), Unit::Percent),
            ("15%及以上", AtLeast, Level(0.15), Unit::Percent),
            ("500万+", AtLeast, Level(5e6), Unit::None),
            ("超500万", AtLeast, Level(5e6), Unit::None),
            ("超过5000人", AtLeast, Level(5000.0), counter("人")),
            ("突破5000人", AtLeast, Level(5000.0), counter("人")),
            ("破亿", AtLeast, Level(1e8), Unit::None),
            ("破百万", AtLeast, Level(1e6), Unit::None),
            ("达到20%", AtLeast, Level(0.2), Unit::Percent),
            ("达20%", AtLeast, Level(0.2), Unit::Percent),
            ("≤30元", AtMost, Level(30.0), Unit::Yuan),
            ("<=30元", AtMost, Level(30.0), Unit::Yuan),
            ("<3秒", AtMost, Level(3.0), Unit::Seconds),
            ("≦3秒", AtMost, Level(3.0), Unit::Seconds),
            ("不高于5%", AtMost, Level(0.05), Unit::Percent),
            ("不超过5%", AtMost, Level(0.05), Unit::Percent),
            ("5%以内", AtMost, Level(0.05), Unit::Percent),
            ("2小时内", AtMost, Level(7200.0), Unit::Seconds),
            ("控制在5%以内", AtMost, Level(0.05), Unit::Percent),
            ("低于5%", AtMost, Level(0.05), Unit::Percent),
            ("小于5%", AtMost, Level(0.05), Unit::Percent),
            ("约500万", About, Level(5e6), Unit::None),
            ("近500万", About, Level(5e6), Unit::None),
            ("接近500万", About, Level(5e6), Unit::None),
            ("500万左右", About, Level(5e6), Unit::None),
            ("大约500万", About, Level(5e6), Unit::None),
            ("≈500万", About, Level(5e6), Unit::None),
            ("500万上下", About, Level(5e6), Unit::None),
            ("提升20%", AtLeast, Growth(0.2), Unit::Percent),
            ("增长30%", AtLeast, Growth(0.3), Unit::Percent),
            ("环比增长30%以上", AtLeast, Growth(0.3), Unit::Percent),
            ("同比+8.7%", AtLeast, Growth(0.087), Unit::Percent),
            ("较去年同期增长10%", AtLeast, Growth(0.1), Unit::Percent),
            ("提高10%", AtLeast, Growth(0.1), Unit::Percent),
            ("降低5.3%", AtMost, Growth(-0.053), Unit::Percent),
            ("降低5%以上", AtMost, Growth(-0.05), Unit::Percent),
            ("提升15%-20%", AtLeast, GrowthRange(0.15, 0.2), Unit::Percent),
            ("降低5%-10%", AtMost, GrowthRange(-0.1, -0.05), Unit::Percent),
            ("提升3个百分点", AtLeast, GrowthPoints(0.03), Unit::Points),
            ("降低3pp", AtMost, GrowthPoints(-0.03), Unit::Points),
            ("3个百分点", Plain, GrowthPoints(0.03), Unit::Points),
            ("翻一番", AtLeast, Growth(1.0), Unit::Percent),
            ("翻两番", AtLeast, Growth(3.0), Unit::Percent),
            ("翻倍", AtLeast, Growth(1.0), Unit::Percent),
            ("提升20元", AtLeast, GrowthBy(20.0), Unit::Yuan),
            ("提升至20%", AtLeast, Level(0.2), Unit::Percent),
            ("降低到5%以内", AtMost, Level(0.05), Unit::Percent),
            ("从3秒缩短至1.5秒内", AtMost, FromTo(3.0, 1.5), Unit::Seconds),
            ("從3秒縮短至1.5秒內", AtMost, FromTo(3.0, 1.5), Unit::Seconds),
            ("由5%提升到8%", AtLeast, FromTo(0.05, 0.08), Unit::Percent),
            ("5%→8%", AtLeast, FromTo(0.05, 0.08), Unit::Percent),
            ("从3缩短至1.5秒", AtMost, FromTo(3.0, 1.5), Unit::Seconds),
            ("15%-20%", Plain, Range(0.15, 0.2), Unit::Percent),
            ("15%~20%", Plain, Range(0.15, 0.2), Unit::Percent),
            ("15–20%", Plain, Range(0.15, 0.2), Unit::Percent),
            ("15%至20%", Plain, Range(0.15, 0.2), Unit::Percent),
            ("15%到20%", Plain, Range(0.15, 0.2), Unit::Percent),
            ("15%—20%", Plain, Range(0.15, 0.2), Unit::Percent),
            ("15%——20%", Plain, Range(0.15, 0.2), Unit::Percent),
            ("10-30元/人", Plain, Range(10.0, 30.0), Unit::Yuan),
            ("10-15万", Plain, Range(1e5, 1.5e5), Unit::None),
            ("5000-1万", Plain, Range(5000.0, 1e4), Unit::None),
            ("八折", Plain, Level(0.8), Unit::Discount),
            ("7折", Plain, Level(0.7), Unit::Discount),
            ("4.6/5", Plain, Level(4.6), Unit::Score),
            ("≥4.6分", AtLeast, Level(4.6), Unit::Score),
            ("1:3.2", Plain, Level(3.2), Unit::Times),
            ("3个工作日内", AtMost, Level(3.0), counter("工作日")),
            ("1,000万次", Plain, Level(1e7), counter("次")),
            ("目标：500万元", Plain, Level(5e6), Unit::Yuan),
            ("≥15%（去年12%）", AtLeast, Level(0.15), Unit::Percent),
            ("客户满意度≥4.6分", AtLeast, Level(4.6), Unit::Score),
            ("0", Plain, Level(0.0), Unit::None),
            ("新增5000人", Plain, Level(5000.0), counter("人")),
        ] {
            let target = Target { comparator, aim, unit, scale: None };
            assert_eq!(reading(text).said, Said::Value(target), "{text}");
        }
    }

    #[test]
    fn stored_numbers_can_be_referred_to_live() {
        let read = |stored, percent, factor| read(&Content::Number(stored), percent, factor).get().cloned();
        let level = |value, unit, scale| Target {
            comparator: Comparator::Plain,
            aim: Aim::Level(value),
            unit,
            scale,
        };
        assert_eq!(read(0.15, true, 1.0), Some(level(0.15, Unit::Percent, Some(1.0))));
        assert_eq!(read(500.0, false, 1e4), Some(level(5e6, Unit::None, Some(1e4))));
        assert_eq!(reading("5000000").get().map(|target| target.scale), Some(None));
    }

    #[test]
    fn what_is_no_target_says_why() {
        for (text, why) in [
            ("尽量提升", Unreadable::NotThisKind),
            ("18-35岁", Unreadable::WrongUnit("岁".into())),
            ("20%-15%", Unreadable::OutOfRange),
            ("1.2.3", Unreadable::NotThisKind),
            ("10:30", Unreadable::NotThisKind),
            ("提升20", Unreadable::Ambiguous("20%".into(), "20".into())),
            ("曝光500万，订单3000单", Unreadable::Several(vec!["曝光500万".into(), "订单3000单".into()])),
        ] {
            assert_eq!(reading(text).said, Said::Nothing(Nothing::Unreadable(why)), "{text}");
        }
        assert_eq!(reading("待定").said, Said::Nothing(Nothing::Pending));
        assert_eq!(reading("≥XX%").said, Said::Nothing(Nothing::Placeholder));
        assert_eq!(
            read(&Content::Serial(45_000.0), false, 1.0).said,
            Said::Nothing(Nothing::Unreadable(Unreadable::TurnedIntoDate))
        );
    }
}
