//! Counts, amounts of money and plain numbers.

use serde::Serialize;

use super::figure::may_hold_number;
use super::opening::{Opened, Written, open};
use super::scan::{Cursor, split_outside_brackets};
use super::term::{Tail, Term, range, tail};
use super::unit::Kind;
use super::{Comparator, Reading, Remark, Unit, Unreadable};
use crate::cell::Content;

/// What a column of numbers holds, and so which units it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// 元: no counter words.
    Money,
    /// Pieces with a counter word: no 元, no 天.
    Count,
    /// Anything that counts: hours of work, days, an index.
    Plain,
}

/// A number that was read.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Number {
    /// In the base unit: 元, ratio, seconds, pieces.
    pub value: f64,
    /// What it counts.
    pub unit: Unit,
    /// The factor from the stored number to the value, where a live formula can refer to the cell:
    /// the value is exactly stored × factor. `None` where the value came from text.
    pub scale: Option<f64>,
}

/// Integers from here on no longer fit into the digits Excel keeps.
const FIFTEEN_DIGITS: f64 = 1e15;

/// Words that may stand before an amount without changing it.
const OPENERS: &[&str] =
    &["共", "共计", "合计", "总计", "累计", "计", "总共", "一共", "实际", "小计", "实现", "完成"];

/// Reads a number; a bare one takes the factor of its header (10,000 under 万元).
pub fn read(content: &Content, header_factor: f64, expect: Expect) -> Reading<Number> {
    match open(content) {
        Err(nothing) => Reading::nothing(nothing),
        Ok(Opened::Number(stored)) => stored_number(stored, header_factor, bare_unit(expect)),
        Ok(Opened::Serial(_)) => Reading::unreadable(Unreadable::TurnedIntoDate),
        Ok(Opened::Bool(_)) => Reading::unreadable(Unreadable::NotThisKind),
        Ok(Opened::Text(written)) => written_number(&written, header_factor, expect),
    }
}

/// How a person would write an amount in 万: the inverse of reading it.
pub fn show_wan(value: f64) -> String {
    format!("{}万", value / 10_000.0)
}

/// A number stored as a number.
pub(crate) fn stored_number(stored: f64, factor: f64, unit: Unit) -> Reading<Number> {
    let value = stored * factor + 0.0;
    if !value.is_finite() {
        return Reading::unreadable(Unreadable::NotFinite);
    }
    let lost = stored.abs() >= FIFTEEN_DIGITS && stored.fract() == 0.0;
    let remarks = if lost { vec![Remark::TooManyDigits] } else { Vec::new() };
    Reading::with(Number { value, unit, scale: Some(factor) }, remarks)
}

fn bare_unit(expect: Expect) -> Unit {
    if expect == Expect::Money { Unit::Yuan } else { Unit::None }
}

fn written_number(written: &Written, header_factor: f64, expect: Expect) -> Reading<Number> {
    let mut remarks = written.remarks();
    let term = match one_term(&written.text, &mut remarks) {
        Ok(term) => term,
        Err(why) => return Reading::unreadable(why),
    };
    if let Some(wrong) = wrong_unit(&term, expect) {
        return Reading::unreadable(Unreadable::WrongUnit(wrong));
    }
    if matches!(term.comparator, Some(Comparator::AtLeast | Comparator::AtMost)) {
        remarks.push(Remark::Comparator);
    }
    let unit = match (expect, &term.word) {
        // Hours of work stay hours: a bare 40 beside them is hours too.
        (Expect::Plain, Some((word, Kind::Duration(_) | Kind::WorkingDays))) => {
            let counted =
                Number { value: term.figure.value.to_f64(), unit: Unit::Counter(word.clone()), scale: None };
            return Reading::with(counted, remarks);
        }
        (_, None) => bare_unit(expect),
        _ => term.unit(),
    };
    finite(term.value_under(header_factor, &mut remarks), unit, remarks)
}

/// The one value of a text, with the remarks it deserves; a range or a list is several.
pub(crate) fn one_term(text: &str, remarks: &mut Vec<Remark>) -> Result<Term, Unreadable> {
    if !may_hold_number(text) {
        return Err(Unreadable::NotThisKind);
    }
    if let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'))
        && inner.starts_with(|c: char| c.is_ascii_digit())
        && !inner.contains(['(', ')'])
    {
        // An accountant's minus, or just brackets.
        return Err(Unreadable::Ambiguous(format!("-{inner}"), inner.to_owned()));
    }
    let mut cursor = Cursor::new(text);
    cursor.eat_any(OPENERS);
    cursor.eat(":");
    let Some((term, high)) = range(&mut cursor) else { return Err(several_or_none(text)) };
    let behind = tail(&mut cursor);
    if high.is_some() {
        return Err(if behind == Tail::More {
            Unreadable::NotThisKind
        } else {
            several(text, &['-', '~', '〜', '∼', '至', '到'])
        });
    }
    match behind {
        Tail::End => {}
        Tail::Aside(aside) => remarks.push(Remark::Aside(aside)),
        Tail::More => return Err(several_or_none(text)),
    }
    term.remarks(remarks);
    if term.word.is_none() && term.figure.magnitude.is_none() && !term.figure.spoken {
        remarks.push(Remark::TextNumber);
    }
    Ok(term)
}

/// A value that came from text, if it is one that can be computed with.
pub(crate) fn finite(value: f64, unit: Unit, remarks: Vec<Remark>) -> Reading<Number> {
    if value.is_finite() {
        Reading::with(Number { value, unit, scale: None }, remarks)
    } else {
        Reading::unreadable(Unreadable::NotFinite)
    }
}

/// `抖音5000元，快手3000元` holds several numbers, prose holds none.
fn several_or_none(text: &str) -> Unreadable {
    const SEPARATORS: &[char] = &[',', ';', '、', '。'];
    let parts = split_outside_brackets(text, |c| SEPARATORS.contains(&c));
    let digits = |part: &&str| part.bytes().any(|b| b.is_ascii_digit());
    if parts.len() > 1 && parts.iter().all(digits) {
        several(text, SEPARATORS)
    } else {
        Unreadable::NotThisKind
    }
}

fn several(text: &str, separators: &[char]) -> Unreadable {
    let parts = split_outside_brackets(text, |c| separators.contains(&c));
    Unreadable::Several(
        parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect(),
    )
}

/// The unit that contradicts the column, as written.
fn wrong_unit(term: &Term, expect: Expect) -> Option<String> {
    if !term.per.is_empty() {
        let word = term.word.as_ref().map_or("", |(word, _)| word);
        return Some(format!("{word}/{}", term.per.join("/")));
    }
    let (word, kind) = term.word.as_ref()?;
    let fits = match expect {
        Expect::Money => matches!(kind, Kind::Yuan | Kind::Foreign),
        Expect::Count => *kind == Kind::Counter,
        Expect::Plain => !matches!(kind, Kind::Label | Kind::Points),
    };
    (!fits).then(|| word.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::{Nothing, Said};

    fn reading(text: &str, factor: f64, expect: Expect) -> Reading<Number> {
        read(&Content::Text(text.into()), factor, expect)
    }

    fn value(text: &str, expect: Expect) -> Option<f64> {
        reading(text, 1.0, expect).get().map(|number| number.value)
    }

    #[test]
    fn money_as_people_write_it() {
        for (text, yuan) in [
            ("500万元", 5e6),
            ("520万", 5.2e6),
            ("1.2万", 12_000.0),
            ("94.49万", 944_900.0),
            ("1亿", 1e8),
            ("99亿", 9.9e9),
            ("3.8万亿", 3.8e12),
            ("2,800万元", 2.8e7),
            ("10w", 1e5),
            ("1.2W", 12_000.0),
            ("3k", 3000.0),
            ("15K", 15_000.0),
            ("¥1,245W", 12_450_000.0),
            ("￥1,245W", 12_450_000.0),
            ("1M", 1e6),
            ("2.8M", 2.8e6),
            ("1B", 1e9),
            ("百万", 1e6),
            ("十万", 1e5),
            ("两万", 2e4),
            ("三千", 3e3),
            ("贰万元整", 2e4),
            ("伍仟圆整", 5e3),
            ("貳萬圓整", 2e4),
            ("壹万贰仟叁佰肆拾伍元陆角柒分", 12_345.67),
            ("150,000", 150_000.0),
            ("20,000元", 20_000.0),
            ("￥12,345.00", 12_345.0),
            ("$766.92", 766.92),
            ("RMB 5000", 5000.0),
            ("人民币1250元", 1250.0),
            ("人民币 1250", 1250.0),
            ("5E+4", 50_000.0),
            ("1５０，０００", 150_000.0),
            ("0", 0.0),
            ("0.00", 0.0),
            ("零", 0.0),
            ("零元", 0.0),
            ("-3,000元", -3000.0),
            ("－3000", -3000.0),
            ("负三千元", -3000.0),
            ("合计5000元", 5000.0),
            ("3万元人民币", 3e4),
            ("0.29", 0.29),
        ] {
            assert_eq!(value(text, Expect::Money), Some(yuan), "{text}");
            assert_eq!(
                reading(text, 1.0, Expect::Money).get().map(|n| n.unit.clone()),
                Some(Unit::Yuan),
                "{text}"
            );
        }
    }

    #[test]
    fn counts_as_people_write_them() {
        for (text, count) in [
            ("3000单", 3000.0),
            ("5000人", 5000.0),
            ("10篇", 10.0),
            ("3名", 3.0),
            ("1项", 1.0),
            ("120万", 1.2e6),
            ("120万次", 1.2e6),
            ("950万次（目标1000万）", 9.5e6),
            ("6500人（注册率7.2%）", 6500.0),
            ("3000单订单", 3000.0),
            ("500多人", 500.0),
            ("500多万", 5e6),
            ("10余家", 10.0),
            ("约500万", 5e6),
            ("超百万次", 1e6),
            ("950万，超额完成", 9.5e6),
            ("1亿2000万", 1.2e8),
            (" 7 ", 7.0),
            ("12 345", 12_345.0),
            ("一家", 1.0),
            ("10w+", 1e5),
        ] {
            assert_eq!(value(text, Expect::Count), Some(count), "{text}");
        }
    }

    #[test]
    fn a_unit_in_the_cell_beats_the_header_and_a_bare_number_takes_it() {
        for (text, factor, yuan, beats) in [
            ("35万", 1.0, 350_000.0, false),
            ("35万", 10_000.0, 350_000.0, true),
            ("125.8", 10_000.0, 1_258_000.0, false),
            ("20000元", 10_000.0, 20_000.0, true),
            ("0.29", 100.0, 29.0, false),
        ] {
            let reading = reading(text, factor, Expect::Money);
            assert_eq!(reading.get().map(|number| number.value), Some(yuan), "{text}");
            let beaten = reading.remarks.iter().any(|remark| matches!(remark, Remark::UnitOverHeader(_)));
            assert_eq!(beaten, beats, "{text}");
        }
        let stored = read(&Content::Number(125.8), 10_000.0, Expect::Money);
        assert_eq!(
            stored,
            Reading::value(Number { value: 125.8 * 10_000.0, unit: Unit::Yuan, scale: Some(10_000.0) })
        );
    }

    #[test]
    fn what_was_assumed_is_said() {
        let remarks = |text| reading(text, 1.0, Expect::Count).remarks;
        assert_eq!(remarks("1,234.50"), [Remark::TextNumber]);
        assert_eq!(remarks("１２３"), [Remark::Normalised, Remark::TextNumber]);
        assert_eq!(remarks("950万次（目标1000万）"), [Remark::Aside("目标1000万".into())]);
        assert_eq!(remarks("约500万"), [Remark::Approximate]);
        assert_eq!(remarks("超500万次"), [Remark::Comparator]);
        assert_eq!(remarks("12345678901234567"), [Remark::TooManyDigits, Remark::TextNumber]);
        assert_eq!(reading("$766.92", 1.0, Expect::Money).remarks, [Remark::Currency("$".into())]);
        assert_eq!(
            read(&Content::Number(12_345_678_901_234_568.0), 1.0, Expect::Plain).remarks,
            [Remark::TooManyDigits]
        );
        assert_eq!(read(&Content::Number(0.1 + 0.2), 1.0, Expect::Plain).remarks, []);
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let why = |content: &Content, expect| match read(content, 1.0, expect).said {
            Said::Nothing(Nothing::Unreadable(why)) => Some(why),
            _ => None,
        };
        let wrong = |unit: &str| Some(Unreadable::WrongUnit(unit.into()));
        for (text, expect, expected) in [
            ("3天", Expect::Money, wrong("天")),
            ("3人", Expect::Money, wrong("人")),
            ("15%", Expect::Money, wrong("%")),
            ("500元", Expect::Count, wrong("元")),
            ("3天", Expect::Count, wrong("天")),
            ("15000/人/月", Expect::Money, wrong("/人/月")),
            ("￥12.345.00", Expect::Money, Some(Unreadable::NotThisKind)),
            ("1.2.3", Expect::Plain, Some(Unreadable::NotThisKind)),
            ("1,2", Expect::Plain, Some(Unreadable::Several(vec!["1".into(), "2".into()]))),
            ("10-15", Expect::Count, Some(Unreadable::Several(vec!["10".into(), "15".into()]))),
            ("18-35岁", Expect::Count, Some(Unreadable::Several(vec!["18".into(), "35岁".into()]))),
            ("很多", Expect::Count, Some(Unreadable::NotThisKind)),
            ("百度", Expect::Count, Some(Unreadable::NotThisKind)),
            ("第三方", Expect::Count, Some(Unreadable::NotThisKind)),
            ("一等奖", Expect::Count, wrong("等奖")),
            ("(1,234)", Expect::Money, Some(Unreadable::Ambiguous("-1,234".into(), "1,234".into()))),
            ("1e999", Expect::Plain, Some(Unreadable::NotFinite)),
            (
                "抖音5000元，快手3000元",
                Expect::Money,
                Some(Unreadable::Several(vec!["抖音5000元".into(), "快手3000元".into()])),
            ),
        ] {
            assert_eq!(why(&Content::Text(text.into()), expect), expected, "{text}");
        }
        assert_eq!(why(&Content::Serial(45_000.0), Expect::Count), Some(Unreadable::TurnedIntoDate));
        assert_eq!(why(&Content::Number(f64::NAN), Expect::Count), Some(Unreadable::NotFinite));
        assert_eq!(why(&Content::Number(f64::INFINITY), Expect::Count), Some(Unreadable::NotFinite));
        assert_eq!(why(&Content::Bool(true), Expect::Count), Some(Unreadable::NotThisKind));
    }

    #[test]
    fn edges_of_the_number_line_stay_what_they_are() {
        for stored in [5e-324, 1e308, 0.30000000000000004] {
            assert_eq!(
                read(&Content::Number(stored), 1.0, Expect::Plain).get().map(|n| n.value),
                Some(stored)
            );
        }
        let zero = read(&Content::Number(-0.0), 1.0, Expect::Plain);
        assert!(zero.get().is_some_and(|number| number.value.is_sign_positive()));
    }

    #[test]
    fn hours_of_work_stay_hours() {
        let reading = reading("40小时", 1.0, Expect::Plain);
        assert_eq!(
            reading.get(),
            Some(&Number { value: 40.0, unit: Unit::Counter("小时".into()), scale: None })
        );
    }
}
