//! 实际值 and 基准值: a value with whatever unit it carries.

use super::exact::Exact;
use super::number::{Number, finite, one_term, stored_number};
use super::opening::{Opened, open};
use super::scan::Cursor;
use super::term::{Tail, tail, term};
use super::unit::Kind;
use super::{Comparator, Reading, Remark, Unit, Unreadable, target};
use crate::cell::Content;

/// Reads a value with any unit: durations come in seconds, rates as ratios, a bare number takes its header's factor.
pub fn read(content: &Content, percent_format: bool, header_factor: f64) -> Reading<Number> {
    let written = match open(content) {
        Err(nothing) => return Reading::nothing(nothing),
        Ok(Opened::Number(stored)) if percent_format => return stored_number(stored, 1.0, Unit::Percent),
        Ok(Opened::Number(stored)) => return stored_number(stored, header_factor, Unit::None),
        Ok(Opened::Serial(_)) => return Reading::unreadable(Unreadable::TurnedIntoDate),
        Ok(Opened::Bool(_)) => return Reading::unreadable(Unreadable::NotThisKind),
        Ok(Opened::Text(written)) => written,
    };
    let mut remarks = written.remarks();
    let mut cursor = Cursor::new(&written.text);
    if let Some(direction) = target::direction(&mut cursor) {
        return change(cursor, direction, remarks);
    }
    let term = match one_term(&written.text, &mut remarks) {
        Ok(term) => term,
        Err(why) => return Reading::unreadable(why),
    };
    if term.kind() == Some(Kind::Label) {
        return Reading::unreadable(Unreadable::WrongUnit(term.own_unit().unwrap_or_default()));
    }
    if matches!(term.comparator, Some(Comparator::AtLeast | Comparator::AtMost)) {
        remarks.push(Remark::Comparator);
    }
    if term.plus {
        remarks.push(Remark::Change);
    }
    let unit = term.unit();
    finite(term.value_under(header_factor, &mut remarks), unit, remarks)
}

/// `提升22%`: no level, but the change itself.
fn change(mut cursor: Cursor, direction: target::Direction, mut remarks: Vec<Remark>) -> Reading<Number> {
    let level = cursor.eat_any(target::ARRIVALS).is_some();
    let Some(term) = term(&mut cursor) else { return Reading::unreadable(Unreadable::NotThisKind) };
    match tail(&mut cursor) {
        Tail::End => {}
        Tail::Aside(aside) => remarks.push(Remark::Aside(aside)),
        Tail::More => return Reading::unreadable(Unreadable::NotThisKind),
    }
    term.remarks(&mut remarks);
    if term.kind() == Some(Kind::Label) {
        return Reading::unreadable(Unreadable::WrongUnit(term.own_unit().unwrap_or_default()));
    }
    let value = match (level, direction) {
        (false, target::Direction::Down) => term.value().times(Exact::integer(-1)),
        _ => term.value(),
    };
    if !level {
        remarks.push(Remark::Change);
    }
    finite(value.to_f64(), term.unit(), remarks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_with_whatever_unit_it_carries() {
        for (written, value, unit) in [
            ("520万元", 5.2e6, Unit::Yuan),
            ("18%", 0.18, Unit::Percent),
            ("950万次", 9.5e6, Unit::Counter("次".into())),
            ("1.5秒", 1.5, Unit::Seconds),
            ("1小时30分", 5400.0, Unit::Seconds),
            ("2分30秒", 150.0, Unit::Seconds),
            ("200毫秒", 0.2, Unit::Seconds),
            ("4.6/5", 4.6, Unit::Score),
            ("4.6分", 4.6, Unit::Score),
            ("1:3.2", 3.2, Unit::Times),
            ("3.2x", 3.2, Unit::Times),
            ("3pp", 0.03, Unit::Points),
            ("2.1pct", 0.021, Unit::Points),
            ("七五折", 0.75, Unit::Discount),
            ("3个工作日", 3.0, Unit::Counter("工作日".into())),
            ("62", 62.0, Unit::None),
            ("达到62万", 620_000.0, Unit::None),
            ("15元/单", 15.0, Unit::Yuan),
        ] {
            let reading = read(&Content::Text(written.into()), false, 1.0);
            assert_eq!(
                reading.get().map(|number| (number.value, number.unit.clone())),
                Some((value, unit)),
                "{written}"
            );
        }
    }

    #[test]
    fn stored_numbers_keep_what_a_live_formula_needs() {
        let read = |stored, percent, factor| read(&Content::Number(stored), percent, factor).get().cloned();
        assert_eq!(
            read(0.18, true, 1.0),
            Some(Number { value: 0.18, unit: Unit::Percent, scale: Some(1.0) })
        );
        assert_eq!(
            read(520.0, false, 1e4),
            Some(Number { value: 5.2e6, unit: Unit::None, scale: Some(1e4) })
        );
    }

    #[test]
    fn a_change_is_not_a_level() {
        let reading = |text: &str| read(&Content::Text(text.into()), false, 1.0);
        assert_eq!(reading("提升22%").get().map(|number| number.value), Some(0.22));
        assert_eq!(reading("下降5.3%").get().map(|number| number.value), Some(-0.053));
        assert_eq!(reading("环比增长30%").remarks, [Remark::Change]);
        assert_eq!(reading("+22%").remarks, [Remark::Change]);
        assert_eq!(reading("下降至0.5%").remarks, []);
        assert_eq!(reading("下降至0.5%").get().map(|number| number.value), Some(0.005));
    }

    #[test]
    fn labels_with_digits_are_no_values() {
        for text in ["18-35岁", "25岁", "2024年", "见附件1", "第3名", "约"] {
            assert_eq!(read(&Content::Text(text.into()), false, 1.0).get(), None, "{text}");
        }
    }
}
