//! Rates and ratios: `15%` is 0.15, `1:3.2` is 3.2.

use super::exact::Exact;
use super::number::{Number, finite, one_term, stored_number};
use super::opening::{Opened, open};
use super::unit::Kind;
use super::{Comparator, Reading, Remark, Unit, Unreadable};
use crate::cell::Content;

/// Reads a rate; the value is the ratio itself. A bare number above one is a whole percentage.
pub fn read(content: &Content, percent_format: bool) -> Reading<Number> {
    let written = match open(content) {
        Err(nothing) => return Reading::nothing(nothing),
        Ok(Opened::Number(stored)) if percent_format || stored.abs() <= 1.0 => {
            return stored_number(stored, 1.0, Unit::Percent);
        }
        Ok(Opened::Number(stored)) => {
            let mut reading = stored_number(stored, 0.01, Unit::Percent);
            reading.remarks.insert(0, Remark::PercentAsWhole);
            return reading;
        }
        Ok(Opened::Serial(_)) => return Reading::unreadable(Unreadable::TurnedIntoDate),
        Ok(Opened::Bool(_)) => return Reading::unreadable(Unreadable::NotThisKind),
        Ok(Opened::Text(written)) => written,
    };
    let mut remarks = written.remarks();
    let term = match one_term(&written.text, &mut remarks) {
        Ok(term) => term,
        Err(why) => return Reading::unreadable(why),
    };
    let value = match term.kind() {
        Some(Kind::Percent | Kind::Permille | Kind::Tenths) => term.value(),
        None if term.figure.magnitude.is_some() => {
            return Reading::unreadable(Unreadable::WrongUnit(term.own_unit().unwrap_or_default()));
        }
        None if term.value().to_f64().abs() <= 1.0 => term.value(),
        None => {
            remarks.push(Remark::PercentAsWhole);
            term.value().times(Exact::power_of_ten(-2))
        }
        Some(_) => return Reading::unreadable(Unreadable::WrongUnit(term.own_unit().unwrap_or_default())),
    };
    if matches!(term.comparator, Some(Comparator::AtLeast | Comparator::AtMost)) {
        remarks.push(Remark::Comparator);
    }
    finite(value.to_f64(), Unit::Percent, remarks)
}

/// Reads a multiple such as a return on investment: `1:3.2`, `6倍`, `3.2x`, `600%`, `6.0`.
pub fn ratio(content: &Content) -> Reading<Number> {
    let written = match open(content) {
        Err(nothing) => return Reading::nothing(nothing),
        Ok(Opened::Number(stored)) => return stored_number(stored, 1.0, Unit::Times),
        // 1:3 typed into a cell becomes three minutes past one.
        Ok(Opened::Serial(_)) => return Reading::unreadable(Unreadable::TurnedIntoDate),
        Ok(Opened::Bool(_)) => return Reading::unreadable(Unreadable::NotThisKind),
        Ok(Opened::Text(written)) => written,
    };
    let mut remarks = written.remarks();
    if let Some(reading) = proportion(&written.text, &remarks) {
        return reading;
    }
    let term = match one_term(&written.text, &mut remarks) {
        Ok(term) => term,
        Err(why) => return Reading::unreadable(why),
    };
    match term.kind() {
        None if term.figure.magnitude.is_none() => {}
        Some(Kind::Times | Kind::Percent | Kind::Permille) => {}
        _ => return Reading::unreadable(Unreadable::WrongUnit(term.own_unit().unwrap_or_default())),
    }
    if matches!(term.comparator, Some(Comparator::AtLeast | Comparator::AtMost)) {
        remarks.push(Remark::Comparator);
    }
    finite(term.value().to_f64(), Unit::Times, remarks)
}

/// `2:6.4` is 3.2; `3.2:1` may be meant either way round.
fn proportion(text: &str, remarks: &[Remark]) -> Option<Reading<Number>> {
    let (left, right) = text.split_once(':')?;
    let number = |side: &str| side.trim().parse::<f64>().ok().filter(|n| n.is_finite() && *n > 0.0);
    let (left, right) = (number(left)?, number(right)?);
    Some(if right == 1.0 && left != 1.0 {
        Reading::unreadable(Unreadable::Ambiguous(left.to_string(), (1.0 / left).to_string()))
    } else {
        finite(right / left, Unit::Times, remarks.to_vec())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::{Nothing, Said};

    fn text(text: &str) -> Content {
        Content::Text(text.into())
    }

    #[test]
    fn rates_as_people_write_them() {
        for (written, rate) in [
            ("15%", 0.15),
            ("5.0％", 0.05),
            ("104%", 1.04),
            ("百分之十五", 0.15),
            ("百分之15", 0.15),
            ("一成", 0.1),
            ("三成五", 0.35),
            ("3成", 0.3),
            ("35‰", 0.035),
            ("千分之五", 0.005),
            ("0.15", 0.15),
            ("15", 0.15),
            ("约15%", 0.15),
            ("-5%", -0.05),
            ("0%", 0.0),
            ("15%左右", 0.15),
            ("1,200%", 12.0),
        ] {
            assert_eq!(read(&text(written), false).get().map(|number| number.value), Some(rate), "{written}");
        }
    }

    #[test]
    fn the_number_format_decides_then_the_size() {
        for (stored, percent_format, rate, scale, whole) in [
            (0.15, true, 0.15, 1.0, false),
            (15.0, true, 15.0, 1.0, false),
            (0.15, false, 0.15, 1.0, false),
            (1.0, false, 1.0, 1.0, false),
            (15.0, false, 0.15, 0.01, true),
            (-15.0, false, -0.15, 0.01, true),
        ] {
            let reading = read(&Content::Number(stored), percent_format);
            let number = Number { value: rate, unit: Unit::Percent, scale: Some(scale) };
            assert_eq!(reading.get(), Some(&number), "{stored}");
            assert_eq!(reading.remarks.contains(&Remark::PercentAsWhole), whole, "{stored}");
        }
        assert_eq!(read(&text("15"), false).remarks, [Remark::TextNumber, Remark::PercentAsWhole]);
    }

    #[test]
    fn points_money_and_counts_are_no_rates() {
        for (written, unit) in
            [("3个百分点", "个百分点"), ("3pp", "pp"), ("500万", "万"), ("20元", "元"), ("八折", "折")]
        {
            let said = read(&text(written), false).said;
            assert_eq!(
                said,
                Said::Nothing(Nothing::Unreadable(Unreadable::WrongUnit(unit.into()))),
                "{written}"
            );
        }
        let said = read(&text("15%-20%"), false).said;
        assert_eq!(
            said,
            Said::Nothing(Nothing::Unreadable(Unreadable::Several(vec!["15%".into(), "20%".into()])))
        );
    }

    #[test]
    fn multiples() {
        for (written, multiple) in [
            ("1:3.2", 3.2),
            ("1：3", 3.0),
            ("2:6.4", 3.2),
            ("6.0", 6.0),
            ("6倍", 6.0),
            ("3.2x", 3.2),
            ("600%", 6.0),
            ("六倍", 6.0),
        ] {
            let reading = ratio(&text(written));
            assert_eq!(
                reading.get().map(|number| (number.value, &number.unit)),
                Some((multiple, &Unit::Times)),
                "{written}"
            );
        }
        assert_eq!(ratio(&Content::Number(6.0)).get().map(|number| number.scale), Some(Some(1.0)));
        let said = ratio(&text("4:1")).said;
        assert_eq!(
            said,
            Said::Nothing(Nothing::Unreadable(Unreadable::Ambiguous("4".into(), "0.25".into())))
        );
        let said = ratio(&Content::Serial(0.0438)).said;
        assert_eq!(said, Said::Nothing(Nothing::Unreadable(Unreadable::TurnedIntoDate)));
    }
}
