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
