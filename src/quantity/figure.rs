//! One number as written: `12,345.00`, `5E+4`, `3.8万亿`, `1亿2000万`, `贰万`, `十五`, `10w`.
//!
//! Knows digits, Chinese numerals and magnitudes; knows no sign and no unit.

use super::exact::Exact;
use super::scan::Cursor;

/// A number as written, before its unit.
#[derive(Debug, Clone)]
pub(crate) struct Figure {
    pub value: Exact,
    /// What stood before the magnitude, and the magnitude, where there was exactly one of each: `15万` is 15 and 10⁴.
    pub mantissa: Exact,
    pub factor: Exact,
    /// The magnitude that makes the number independent of its header: `万`, `w`.
    pub magnitude: Option<&'static str>,
    /// Significant digits typed.
    pub digits: usize,
    /// `500多万`, `10余家`: at least so many.
    pub more: bool,
    /// Written in Chinese numerals.
    pub spoken: bool,
}

/// Whether a text can hold a number at all: the early way out for prose.
pub(crate) fn may_hold_number(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit())
        || text
            .chars()
            .any(|c| spoken_digit(c).is_some() || unit_power(c).is_some() || c == '半' || c == '翻')
}

/// The value of a Chinese digit, everyday or 大写.
pub(crate) fn spoken_digit(c: char) -> Option<i64> {
    Some(match c {
        '零' | '〇' | '○' => 0,
        '一' | '壹' | '幺' => 1,
        '二' | '贰' | '两' => 2,
        '三' | '叁' | '参' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

fn unit_power(c: char) -> Option<i32> {
    Some(match c {
        '十' | '拾' => 1,
        '百' | '佰' => 2,
        '千' | '仟' => 3,
        '万' => 4,
        '亿' => 8,
        _ => return None,
    })
}

const SMALLEST_NONE: i32 = i32::MAX;

/// The running sum of a number such as 一亿二千三百万零五.
struct Sum {
    hundred_millions: Option<Exact>,
    ten_thousands: Option<Exact>,
    section: Option<Exact>,
    /// Digits waiting for their magnitude.
    current: Option<Exact>,
    /// The last small magnitude of this section, which the next must be below.
    smallest: i32,
    /// The last magnitude read, for 一万二 and 1亿2000万.
    last: Option<i32>,
    after_zero: bool,
}

/// Reads one number; stays where it was if there is none.
pub(crate) fn figure<'a>(cursor: &mut Cursor<'a>) -> Option<Figure> {
    let start = *cursor;
    let mut sum = Sum {
        hundred_millions: None,
        ten_thousands: None,
        section: None,
        current: None,
        smallest: SMALLEST_NONE,
        last: None,
        after_zero: false,
    };
    let mut digits = 0;
    let mut more = false;
    let mut spoken = false;
    let mut magnitude = None;
    let mut literals = 0;
    let mut first_literal = Exact::ONE;
    loop {
        let before = *cursor;
        cursor.blanks();
        let Some(next) = cursor.peek() else {
            *cursor = before;
            break;
        };
        if next.is_ascii_digit() || next == '.' {
            let taken = literal(cursor);
            let fits = match &taken {
                Some((_, written)) => {
                    sum.current.is_none()
                        && !spoken
                        && sum.last.is_none_or(|last| continues(cursor, written, last, &before))
                }
                // `1.2.3` is no number, nor are its beginnings.
                None if literals == 0 => {
                    *cursor = start;
                    return None;
                }
                None => false,
            };
            let (true, Some((value, written))) = (fits, taken) else {
                *cursor = before;
                break;
            };
            literals += 1;
            digits += significant(written);
            if literals == 1 {
                first_literal = value;
            }
            sum.current = Some(value);
            more |= eat_more(cursor);
            if literals == 1
                && let Some((word, power)) = latin_magnitude(cursor)
            {
                sum.current = None;
                sum.section = Some(value.times(Exact::power_of_ten(power)));
                magnitude = Some(word);
                sum.last = Some(power);
                break;
            }
        } else if let Some(digit) = spoken_digit(next) {
            if literals > 0 || !sum.speak(cursor, digit, next) {
                *cursor = before;
                break;
            }
            spoken = true;
        } else if let Some(power) = unit_power(next) {
            if !sum.scale(power) {
                *cursor = before;
                break;
            }
            cursor.bump();
            spoken |= literals == 0;
            magnitude = Some(match power {
                1 => "十",
                2 => "百",
                3 => "千",
                4 => "万",
                _ => "亿",
            });
            more |= eat_more(cursor);
        } else {
            *cursor = before;
            break;
        }
    }
    let value = sum.total()?;
    // A colloquial ending (一万二) or several groups have no single mantissa.
    let simple = literals == 1 && sum.current.is_none();
    let (mantissa, factor) = match (simple, sum.last) {
        (true, Some(_)) => match value.to_f64() / first_literal.to_f64() {
            ratio if ratio.is_finite() && ratio >= 1.0 && ratio.log10().fract().abs() < 1e-9 => {
                (first_literal, Exact::power_of_ten(ratio.log10().round() as i32))
            }
            _ => (value, Exact::ONE),
        },
        _ => (value, Exact::ONE),
    };
    Some(Figure { value, mantissa, factor, magnitude, digits, more, spoken })
}

impl Sum {
    /// Takes a Chinese digit, with any decimals (三点五).
    fn speak(&mut self, cursor: &mut Cursor, digit: i64, written: char) -> bool {
        // 参 is a 3 only among 大写: 参与 is a word.
        if written == '参' && !cursor.peek_second().is_some_and(|c| unit_power(c).is_some() || c == '元') {
            return false;
        }
        if digit == 0 && self.last.is_some() && self.current.is_none() {
            cursor.bump();
            self.after_zero = true;
            return true;
        }
        match self.current {
            // 二〇二四: digits one after the other.
            Some(value) if self.last.is_none() => {
                self.current = Some(value.times(Exact::integer(10)).plus(Exact::integer(digit)));
            }
            Some(_) => return false,
            None => self.current = Some(Exact::integer(digit)),
        }
        cursor.bump();
        if cursor.peek() == Some('点') && cursor.peek_second().is_some_and(|c| spoken_digit(c).is_some()) {
            cursor.bump();
            let mut place = Exact::power_of_ten(-1);
            while let Some(digit) = cursor.peek().and_then(spoken_digit) {
                cursor.bump();
                let step = Exact::integer(digit).times(place);
                self.current = self.current.map(|value| value.plus(step));
                place = place.times(Exact::power_of_ten(-1));
                self.after_zero = true;
            }
        }
        true
    }

    /// Takes a magnitude: 十 百 千 within the section, 万 and 亿 close it.
    fn scale(&mut self, power: i32) -> bool {
        let waiting = self.current.is_some() || self.section.is_some();
        match power {
            1..=3 => {
                let bare = self.current.is_none();
                // 百万 and 十五 leave their 一 unsaid; 二百十五 does too.
                let unsaid = bare
                    && (self.section.is_none() && self.last.is_none()
                        || power == 1 && self.last == Some(2)
                        || self.after_zero);
                if power >= self.smallest || bare && !unsaid {
                    return false;
                }
                let digit = self.current.take().unwrap_or(Exact::ONE);
                let step = digit.times(Exact::power_of_ten(power));
                self.section = Some(self.section.map_or(step, |section| section.plus(step)));
                self.smallest = power;
            }
            4 => {
                if !waiting || self.ten_thousands.is_some() {
                    return false;
                }
                let group = self.take_section();
                self.ten_thousands = Some(group.times(Exact::power_of_ten(4)));
            }
            _ => {
                if !waiting && self.ten_thousands.is_none() || self.hundred_millions.is_some() {
                    return false;
                }
                let group = self.take_section().plus(self.ten_thousands.take().unwrap_or(Exact::ZERO));
                self.hundred_millions = Some(group.times(Exact::power_of_ten(8)));
            }
        }
        self.last = Some(power);
        self.after_zero = false;
        true
    }

    fn take_section(&mut self) -> Exact {
        self.smallest = SMALLEST_NONE;
        let section = self.section.take().unwrap_or(Exact::ZERO);
        section.plus(self.current.take().unwrap_or(Exact::ZERO))
    }

    fn total(&self) -> Option<Exact> {
        let current = match (self.current, self.last) {
            // 一万二 is 12,000, 一万零二 is 10,002.
            (Some(digit), Some(last)) if last > 1 && !self.after_zero && digit.to_f64() < 10.0 => {
                Some(digit.times(Exact::power_of_ten(last - 1)))
            }
            (current, _) => current,
        };
        [self.hundred_millions, self.ten_thousands, self.section, current]
            .into_iter()
            .flatten()
            .reduce(Exact::plus)
    }
}

/// Whether digits after a magnitude belong to the same number: `1亿2000万`, `1万2000`, `2万5千`.
fn continues(after: &Cursor, written: &str, last: i32, before: &Cursor) -> bool {
    if !written.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    match after.peek().and_then(unit_power) {
        Some(power) => power < last,
        None => written.len() == last as usize && before.peek() != Some(' '),
    }
}

fn eat_more(cursor: &mut Cursor) -> bool {
    let more = matches!(cursor.peek(), Some('多' | '余' | '+'))
        && cursor
            .peek_second()
            .is_some_and(|c| unit_power(c).is_some() || matches!(c, 'w' | 'W' | 'k' | 'K'));
    if more {
        cursor.bump();
    }
    more
}

/// `w` = 万, `k`, `M`, `B`; not the beginning of a longer word.
fn latin_magnitude(cursor: &mut Cursor) -> Option<(&'static str, i32)> {
    let mut ahead = *cursor;
    ahead.blanks();
    let (word, power) = match ahead.bump()? {
        'w' | 'W' => ("w", 4),
        'k' | 'K' => ("k", 3),
        'M' => ("M", 6),
        'B' => ("B", 9),
        _ => return None,
    };
    if ahead.peek().is_some_and(|c| c.is_ascii_alphanumeric() || unit_power(c).is_some()) {
        return None;
    }
    *cursor = ahead;
    Some((word, power))
}

/// A number in digits: grouped by commas or blanks, with a point, with an exponent.
fn literal<'a>(cursor: &mut Cursor<'a>) -> Option<(Exact, &'a str)> {
    let start = *cursor;
    let mut plain = String::new();
    let whole = cursor.digits().unwrap_or("");
    plain.push_str(whole);
    if (1..=3).contains(&whole.len()) {
        for mark in [',', ' '] {
            let mut grouped = false;
            while let Some(group) = group_after(cursor, mark) {
                plain.push_str(group);
                grouped = true;
            }
            if grouped {
                break;
            }
        }
    }
    if cursor.peek() == Some('.') && cursor.peek_second().is_some_and(|c| c.is_ascii_digit()) {
        cursor.bump();
        if plain.is_empty() {
            plain.push('0');
        }
        plain.push('.');
        plain.push_str(cursor.digits().unwrap_or(""));
        if cursor.peek() == Some('.') && cursor.peek_second().is_some_and(|c| c.is_ascii_digit()) {
            return None;
        }
    }
    if plain.is_empty() {
        return None;
    }
    let exponent = cursor.attempt(|cursor| {
        cursor.bump().filter(|c| matches!(c, 'e' | 'E'))?;
        let sign = if cursor.peek() == Some('-') { "-" } else { "" };
        if matches!(cursor.peek(), Some('+' | '-')) {
            cursor.bump();
        }
        let digits = cursor.digits().filter(|digits| digits.len() <= 5)?;
        (!cursor.peek().is_some_and(|c| c.is_ascii_alphabetic())).then(|| format!("e{sign}{digits}"))
    });
    plain.push_str(exponent.as_deref().unwrap_or(""));
    Some((Exact::parse(&plain)?, cursor.since(&start)))
}

/// The next three digits after a grouping mark, unless more digits follow.
fn group_after<'a>(cursor: &mut Cursor<'a>, mark: char) -> Option<&'a str> {
    cursor.attempt(|cursor| {
        (cursor.bump() == Some(mark)).then_some(())?;
        cursor.digits().filter(|digits| digits.len() == 3)
    })
}

/// Digits that carry information: without leading zeros, and without trailing ones of a whole number.
fn significant(written: &str) -> usize {
    let written = written.split(['e', 'E']).next().unwrap_or(written);
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').trim_end_matches('0').len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<f64> {
        let mut cursor = Cursor::new(text);
        let figure = figure(&mut cursor)?;
        cursor.done().then(|| figure.value.to_f64())
    }

    #[test]
    fn magnitudes_and_numerals() {
        for (text, expected) in [
            ("500万", 5e6),
            ("1.2万", 12_000.0),
            ("94.49万", 944_900.0),
            ("1亿", 1e8),
            ("99亿", 9.9e9),
            ("3.8万亿", 3.8e12),
            ("2,800万", 2.8e7),
            ("10w", 1e5),
            ("1.2W", 12_000.0),
            ("3k", 3000.0),
            ("15K", 15_000.0),
            ("1,245W", 12_450_000.0),
            ("1M", 1e6),
            ("2.8M", 2.8e6),
            ("1B", 1e9),
            ("百万", 1e6),
            ("十万", 1e5),
            ("两万", 2e4),
            ("三千", 3e3),
            ("贰万", 2e4),
            ("伍仟", 5e3),
            ("壹万贰仟叁佰肆拾伍", 12_345.0),
            ("一亿二千三百万零五", 123_000_005.0),
            ("二百一十五", 215.0),
            ("二百十五", 215.0),
            ("一百零五", 105.0),
            ("一万二", 12_000.0),
            ("一万零二", 10_002.0),
            ("三百五", 350.0),
            ("十五", 15.0),
            ("二〇二四", 2024.0),
            ("三点五万", 35_000.0),
            ("十二点二五", 12.25),
            ("零", 0.0),
            ("1亿2000万", 1.2e8),
            ("1亿 2000万", 1.2e8),
            ("2万5千", 25_000.0),
            ("1万2000", 12_000.0),
            ("5百万", 5e6),
            ("3千万", 3e7),
            ("1千5百", 1500.0),
            ("150,000", 150_000.0),
            ("12 345", 12_345.0),
            ("12,345.00", 12_345.0),
            ("5E+4", 50_000.0),
            ("1e-3", 0.001),
            (".5", 0.5),
            ("0.29", 0.29),
            ("007", 7.0),
            ("500 万", 5e6),
        ] {
            assert_eq!(value(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_one_number_is_none() {
        for text in [
            "",
            "abc",
            "12.345.00",
            "1.2.3",
            "1,2",
            "12,34",
            "1,2345",
            "万",
            "5.",
            "一二万三万",
            "1亿亿",
            "10wed",
            "百百",
            "1万2",
            "100 20",
        ] {
            assert_eq!(value(text), None, "{text}");
        }
    }
}
