//! 评分 and 满意度: one to five.

use super::number::{Number, finite, one_term, stored_number};
use super::opening::{Opened, open};
use super::unit::Kind;
use super::{Reading, Unit, Unreadable};
use crate::cell::Content;

/// Reads a score from 1 to 5: `4`, `4.6分`, `4.6/5`, `★★★★☆`.
pub fn read(content: &Content) -> Reading<Number> {
    let reading = match open(content) {
        Err(nothing) => return Reading::nothing(nothing),
        Ok(Opened::Number(stored)) => stored_number(stored, 1.0, Unit::Score),
        Ok(Opened::Serial(_)) => return Reading::unreadable(Unreadable::TurnedIntoDate),
        Ok(Opened::Bool(_)) => return Reading::unreadable(Unreadable::NotThisKind),
        Ok(Opened::Text(written)) => {
            let mut remarks = written.remarks();
            if let Some(filled) = stars(&written.text) {
                finite(filled, Unit::Score, remarks)
            } else {
                match one_term(&written.text, &mut remarks) {
                    Err(why) => return Reading::unreadable(why),
                    Ok(term) => match term.kind() {
                        None if term.figure.magnitude.is_none() => {
                            finite(term.value().to_f64(), Unit::Score, remarks)
                        }
                        Some(Kind::Score) => finite(term.value().to_f64(), Unit::Score, remarks),
                        _ => {
                            return Reading::unreadable(Unreadable::WrongUnit(
                                term.own_unit().unwrap_or_default(),
                            ));
                        }
                    },
                }
            }
        }
    };
    match reading.get() {
        Some(score) if !(1.0..=5.0).contains(&score.value) => Reading::unreadable(Unreadable::OutOfRange),
        _ => reading,
    }
}

fn stars(text: &str) -> Option<f64> {
    let filled = text.chars().filter(|c| matches!(c, '★' | '⭐')).count();
    let others = text.chars().any(|c| !matches!(c, '★' | '⭐' | '☆' | ' '));
    (filled > 0 && !others).then_some(filled as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_to_five() {
        for (written, score) in [
            ("4", 4.0),
            ("4.6分", 4.6),
            ("4.6/5", 4.6),
            ("4.6/5分", 4.6),
            ("★★★★☆", 4.0),
            ("五分", 5.0),
            ("4星", 4.0),
        ] {
            assert_eq!(
                read(&Content::Text(written.into())).get().map(|number| number.value),
                Some(score),
                "{written}"
            );
        }
        assert_eq!(read(&Content::Number(4.5)).get().map(|number| number.scale), Some(Some(1.0)));
        for written in ["6", "0", "92分", "4/10", "80%", "很好"] {
            assert_eq!(read(&Content::Text(written.into())).get(), None, "{written}");
        }
    }
}
