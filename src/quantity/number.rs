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
    let Some((term, high)) = range(&mut cursor) else { return Err(Unreadable::NotThisKind) };
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
        Tail::More => {
            let parts = split_outside_brackets(text, |c| matches!(c, ',' | ';' | '、' | '。'));
            let all_numbers = parts.len() > 1 && parts.iter().all(|part| may_hold_number(part));
            return Err(if all_numbers {
                several(text, &[',', ';', '、', '。'])
            } else {
                Unreadable::NotThisKind
            });
        }
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
