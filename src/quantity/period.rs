//! Periods: `2023年7月10日-7月20日`, `10.20-10.31`, `12月25日-1月5日`, `2023年Q3`, `Day1-7`.

use chrono::{Datelike, NaiveDate};

use super::day::{Piece, Shape, piece, resolve};
use super::figure::may_hold_number;
use super::opening::{Opened, open};
use super::relative::{self, counted};
use super::scan::Cursor;
use super::term::{Tail, tail};
use super::{Calendar, Period, Reading, Remark, Unreadable, serial};
use crate::cell::Content;

const SEPARATORS: &[&str] = &["--", "-", "~", "〜", "∼", "至", "到", "→", "->"];
/// The longest period that is believed to cross the year unsaid: half a year.
const LONGEST_CROSSING: i64 = 183;

/// Reads a period; a single day is a period of one.
pub fn read(content: &Content, calendar: &Calendar) -> Reading<Period> {
    let one_day = |day: NaiveDate| Period { start: day, end: day };
    match open(content) {
        Err(nothing) => Reading::nothing(nothing),
        Ok(Opened::Serial(stored)) => match serial::moment(stored) {
            Ok(moment) => Reading::value(one_day(moment.date())),
            Err(why) => Reading::unreadable(why),
        },
        Ok(Opened::Number(stored)) => match serial::plausible(stored) {
            Some(moment) => Reading::value(one_day(moment.date())),
            None => of_text(&stored.to_string(), calendar, Vec::new()),
        },
        Ok(Opened::Bool(_)) => Reading::unreadable(Unreadable::NotThisKind),
        Ok(Opened::Text(written)) => of_text(&written.text, calendar, written.remarks()),
    }
}

/// How a person writes a period: the inverse of reading it.
pub fn show(period: Period) -> String {
    format!("{}~{}", period.start, period.end)
}

fn of_text(text: &str, calendar: &Calendar, mut remarks: Vec<Remark>) -> Reading<Period> {
    let half_year = text.contains("半年");
    if !may_hold_number(text) && !half_year {
        return Reading::unreadable(Unreadable::Vague).or_not_this_kind(text);
    }
    let mut cursor = Cursor::new(text);
    cursor.eat_any(&["从", "自", "由"]);
    let found = cursor
        .attempt(|cursor| relative_period(cursor, calendar, &mut remarks))
        .or_else(|| cursor.attempt(|cursor| absolute_period(cursor, calendar, &mut remarks)));
    match found {
        None => Reading::unreadable(Unreadable::NotThisKind).or_not_this_kind(text),
        Some(Ok(period)) => Reading::with(period, remarks),
        Some(Err(why)) => Reading::unreadable(why),
    }
}

impl Reading<Period> {
    /// A time that cannot be compared is vague; anything else is no time at all.
    fn or_not_this_kind(self, text: &str) -> Reading<Period> {
        const VAGUE: &[&str] = &[
            "期间", "前", "后", "长期", "持续", "每", "季度", "周", "月", "年", "日常", "全程", "近期",
            "定期",
        ];
        let vague = VAGUE.iter().any(|word| text.contains(word));
        Reading::unreadable(if vague { Unreadable::Vague } else { Unreadable::NotThisKind })
    }
}

type Found = Result<Period, Unreadable>;

/// `Day1-7`, `D1-D7`, `第1-7天`, `T-30~T-1`.
fn relative_period(cursor: &mut Cursor, calendar: &Calendar, remarks: &mut Vec<Remark>) -> Option<Found> {
    let (first, last) = cursor
        .attempt(|cursor| {
            // 第1-7天 has its 天 behind the second number.
            cursor.eat("第").then_some(())?;
            let first = plain_number(cursor)?;
            cursor.eat_any(&["天", "日"]);
            cursor.eat_any(SEPARATORS)?;
            cursor.eat("第");
            let last = plain_number(cursor)?;
            cursor.eat_any(&["天", "日"])?;
            Some((relative::Relative::FromStart(first - 1), relative::Relative::FromStart(last - 1)))
        })
        .or_else(|| {
            let first = counted(cursor)?;
            let last = cursor.attempt(|cursor| {
                cursor.eat_any(SEPARATORS)?;
                counted(cursor).or_else(|| {
                    let day = plain_number(cursor)?;
                    cursor.eat_any(&["天", "日"]);
                    Some(relative::Relative::FromStart(day - 1))
                })
            });
            Some((first, last.unwrap_or(first)))
        })?;
    finish(cursor, remarks)?;
    remarks.push(Remark::Relative);
    let resolved = |relative| relative::resolve(relative, calendar);
    Some(resolved(first).and_then(|start| resolved(last).map(|end| Period { start, end })).and_then(in_order))
}

fn plain_number(cursor: &mut Cursor) -> Option<i64> {
    cursor.blanks();
    cursor.digits().filter(|digits| digits.len() <= 4)?.parse().ok().filter(|number| *number > 0)
}

fn absolute_period(cursor: &mut Cursor, calendar: &Calendar, remarks: &mut Vec<Remark>) -> Option<Found> {
    let first = piece(cursor)?;
    let second = cursor.attempt(|cursor| {
        cursor.eat_any(SEPARATORS)?;
        piece(cursor)
    });
    finish(cursor, remarks)?;
    Some(match second {
        Some(second) => between(first, second, calendar, remarks),
        None if first.dashed => Err(dashed(&first)),
        None => resolve(&first, calendar, remarks),
    })
}

/// What may stand behind a period.
fn finish(cursor: &mut Cursor, remarks: &mut Vec<Remark>) -> Option<()> {
    cursor.eat_any(&["期间", "止", "(含)", "整月", "全月"]);
    match tail(cursor) {
        Tail::End => {}
        Tail::Aside(aside) => remarks.push(Remark::Aside(aside)),
        Tail::More => {
            // 共7天 only says it again.
            let mut ahead = *cursor;
            ahead.eat(",");
            ahead.eat_any(&["共计", "共", "合计", "为期"])?;
            remarks.push(Remark::Aside(cursor.rest().trim().to_owned()));
        }
    }
    Some(())
}

/// `10-15` is the fifteenth of October, or ten to fifteen of an unnamed month.
fn dashed(piece: &Piece) -> Unreadable {
    match piece.shape {
        Shape::Day { month, day } => {
            Unreadable::Ambiguous(format!("{month}月{day}日"), format!("{month}日至{day}日"))
        }
        _ => Unreadable::NotThisKind,
    }
}

/// From the first day of one piece to the last of another, which takes over what it leaves unsaid.
fn between(mut first: Piece, mut second: Piece, calendar: &Calendar, remarks: &mut Vec<Remark>) -> Found {
    if first.otherwise.is_some() {
        return resolve(&first, calendar, remarks);
    }
    if let (Shape::DayOnly(day), Shape::Day { month, .. } | Shape::Month(month)) = (second.shape, first.shape)
    {
        // 7月-9 means the ninth month, 7月1-7 the seventh day.
        second.shape = if matches!(first.shape, Shape::Month(_)) {
            Shape::Month(day)
        } else {
            Shape::Day { month, day }
        };
    }
    // 2024年Q3-4 and 2024 7-9月 are told apart by what stands first.
    if let (Shape::DayOnly(count), Shape::Quarter(_)) = (second.shape, first.shape) {
        second.shape = Shape::Quarter(count.clamp(1, 4));
    }
    if let (Shape::DayOnly(month), Shape::Month(_)) = (first.shape, second.shape) {
        first.shape = Shape::Month(month);
    }
    let year_said = second.year.is_some();
    if first.year.is_none() && year_said {
        first.year = second.year;
        let (Some(year), Some(start)) = (second.year, second.year.and_then(|year| first.shape.within(year)))
        else {
            return Err(Unreadable::OutOfRange);
        };
        if second.shape.within(year).is_some_and(|end| end.end < start.start) {
            first.year = Some(year - 1);
        }
    }
    let start = resolve(&first, calendar, remarks)?;
    let year = second.year.unwrap_or(start.start.year());
    if second.shape == Shape::Year && !year_said || matches!(second.shape, Shape::DayOnly(_)) {
        return Err(Unreadable::NotThisKind);
    }
    let end = resolve(&Piece { year: Some(year), ..second.clone() }, calendar, remarks)?;
    let period = Period { start: start.start, end: end.end };
    if period.start <= period.end || year_said {
        return in_order(period);
    }
    // 12月25日-1月5日 ends in the next year.
    let next = second.shape.within(year + 1).ok_or(Unreadable::OutOfRange)?;
    let crossing = Period { start: start.start, end: next.end };
    if crossing.days() <= LONGEST_CROSSING { Ok(crossing) } else { Err(Unreadable::Reversed) }
}

fn in_order(period: Period) -> Found {
    if period.start <= period.end { Ok(period) } else { Err(Unreadable::Reversed) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::quantity::{Nothing, Said};

    fn calendar(start: &str, end: &str) -> Calendar {
        Calendar {
            campaign: Some(Period { start: start.parse().unwrap(), end: end.parse().unwrap() }),
            holidays: None,
        }
    }

    fn reading(text: &str) -> Reading<Period> {
        read(&Content::Text(text.into()), &calendar("2023-07-05", "2023-07-31"))
    }

    #[test]
    fn periods_as_people_write_them() {
        for (text, start, end) in [
            ("2023年7月10日-7月20日", "2023-07-10", "2023-07-20"),
            ("2023年7月10日至20日", "2023-07-10", "2023-07-20"),
            ("2023.9.1~9.30", "2023-09-01", "2023-09-30"),
            ("7月1–7日", "2023-07-01", "2023-07-07"),
            ("7月1日-7日", "2023-07-01", "2023-07-07"),
            ("2/1-2/7", "2023-02-01", "2023-02-07"),
            ("10.20-10.31", "2023-10-20", "2023-10-31"),
            ("2025-03-01~2025-05-31", "2025-03-01", "2025-05-31"),
            ("2025-03-01 至 2025-05-31", "2025-03-01", "2025-05-31"),
            ("2025-03-01-2025-05-31", "2025-03-01", "2025-05-31"),
            ("2024-10-01-10-07", "2024-10-01", "2024-10-07"),
            ("2024/10/1-7", "2024-10-01", "2024-10-07"),
            ("20241001-20241007", "2024-10-01", "2024-10-07"),
            ("12月25日-1月5日", "2023-12-25", "2024-01-05"),
            ("2024年12月25日-1月5日", "2024-12-25", "2025-01-05"),
            ("12月25日-2025年1月5日", "2024-12-25", "2025-01-05"),
            ("2023年Q3", "2023-07-01", "2023-09-30"),
            ("24Q4", "2024-10-01", "2024-12-31"),
            ("Q3", "2023-07-01", "2023-09-30"),
            ("Q3 2024", "2024-07-01", "2024-09-30"),
            ("2024年第三季度", "2024-07-01", "2024-09-30"),
            ("2024年Q3-Q4", "2024-07-01", "2024-12-31"),
            ("H1", "2023-01-01", "2023-06-30"),
            ("上半年", "2023-01-01", "2023-06-30"),
            ("2024年下半年", "2024-07-01", "2024-12-31"),
            ("2024-W27", "2024-07-01", "2024-07-07"),
            ("2024年第27周", "2024-07-01", "2024-07-07"),
            ("2024年10月", "2024-10-01", "2024-10-31"),
            ("2024-02", "2024-02-01", "2024-02-29"),
            ("2024年7月-9月", "2024-07-01", "2024-09-30"),
            ("7-9月", "2023-07-01", "2023-09-30"),
            ("2024年10月下旬", "2024-10-21", "2024-10-31"),
            ("2024年", "2024-01-01", "2024-12-31"),
            ("2024-11-11", "2024-11-11", "2024-11-11"),
            ("Day1-7", "2023-07-05", "2023-07-11"),
            ("D1-D7", "2023-07-05", "2023-07-11"),
            ("第1-7天", "2023-07-05", "2023-07-11"),
            ("Day8-15", "2023-07-12", "2023-07-19"),
            ("D-7~D-1", "2023-06-28", "2023-07-04"),
            ("2024-10-01 00:00 ~ 2024-10-07 23:59", "2024-10-01", "2024-10-07"),
            ("2024年10月1日至10月7日（共7天）", "2024-10-01", "2024-10-07"),
            ("2024年10月1日-10月7日，共7天", "2024-10-01", "2024-10-07"),
        ] {
            let period = Period { start: start.parse().unwrap(), end: end.parse().unwrap() };
            assert_eq!(reading(text).get(), Some(&period), "{text}");
        }
    }

    #[test]
    fn serials_are_periods_of_one_day() {
        let reading = read(&Content::Serial(45_573.0), &Calendar::default());
        assert_eq!(reading.get().map(Period::days), Some(1));
    }

    #[test]
    fn what_is_no_period_says_why() {
        use Unreadable::*;
        for (text, why) in [
            ("7月20日-7月10日", Reversed),
            ("2024-10-07~2024-10-01", Reversed),
            ("2月30日-3月5日", OutOfRange),
            ("10-15", Ambiguous("10月15日".into(), "10日至15日".into())),
            ("长期", Vague),
            ("活动期间", Vague),
            ("张三", NotThisKind),
            ("18-35岁", NotThisKind),
        ] {
            assert_eq!(reading(text).said, Said::Nothing(Nothing::Unreadable(why)), "{text}");
        }
        let unknown = read(&Content::Text("10.20-10.31".into()), &Calendar::default());
        assert_eq!(unknown.said, Said::Nothing(Nothing::Unreadable(Unreadable::NoYear)));
    }
}
