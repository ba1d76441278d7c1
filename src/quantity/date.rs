//! Dates and moments: written, serial, without a year, as a deadline, or counted from the campaign.

use chrono::{Datelike, NaiveDate, NaiveDateTime};

use super::day::{Piece, Shape, piece, resolve};
use super::figure::may_hold_number;
use super::opening::{Opened, open};
use super::scan::Cursor;
use super::term::{Tail, tail};
use super::{Calendar, Moment, Reading, Remark, Unreadable, relative, serial};
use crate::cell::Content;

/// Times that cannot be compared with a day.
const VAGUE: &[&str] = &[
    "长期",
    "尽快",
    "尽早",
    "持续",
    "每周",
    "每月",
    "每日",
    "每天",
    "每季",
    "每年",
    "定期",
    "不定期",
    "下季度",
    "本季度",
    "上季度",
    "活动前",
    "活动后",
    "活动中",
    "活动期间",
    "活动结束后",
    "活动开始前",
    "全年",
    "全程",
    "常态",
    "近期",
    "随时",
    "下周",
    "本周",
    "上周",
    "下月",
    "本月",
    "上月",
    "月底",
    "月初",
    "月中",
    "年底",
    "年初",
    "年中",
    "下次",
    "下一",
    "后续",
    "同步",
    "立即",
    "即刻",
    "asap",
    "日常",
    "下半年",
    "上半年",
    "季度",
    "筹备期",
    "预热期",
    "爆发期",
    "收尾期",
    "节前",
    "节后",
    "明年",
    "今年",
    "去年",
    "明天",
    "今天",
    "昨天",
];
const BEFORE_A_DEADLINE: &[&str] =
    &["截止到", "截止至", "截止", "截至", "最迟", "最晚", "不晚于", "不迟于", "deadline", "ddl", "before"];
const AFTER_A_DEADLINE: &[&str] = &[
    "之前完成",
    "前完成",
    "之前",
    "以前",
    "前",
    "止",
    "截止",
    "内",
    "之内",
    "以内",
    "前提交",
    "前上线",
    "前落地",
];
const AROUND: &[&str] = &["起", "开始", "左右", "当天", "当日", "完成", "上线", "启动"];

/// Reads a day.
pub fn read(content: &Content, calendar: &Calendar) -> Reading<NaiveDate> {
    read_moment(content, calendar).map(|moment| moment.date())
}

/// Reads a day with its time, midnight where none is given.
pub fn read_moment(content: &Content, calendar: &Calendar) -> Reading<Moment> {
    match open(content) {
        Err(nothing) => Reading::nothing(nothing),
        Ok(Opened::Serial(stored)) => match serial::moment(stored) {
            Ok(moment) => Reading::value(moment),
            Err(why) => Reading::unreadable(why),
        },
        Ok(Opened::Number(stored)) => number(stored, calendar),
        Ok(Opened::Bool(_)) => Reading::unreadable(Unreadable::NotThisKind),
        Ok(Opened::Text(written)) => match text(&written.text, calendar) {
            Ok((moment, more)) => {
                let mut remarks = written.remarks();
                remarks.extend(more);
                Reading::with(moment, remarks)
            }
            Err(why) => Reading::unreadable(why),
        },
    }
}

/// How a person writes a day: the inverse of reading it.
pub fn show(day: NaiveDate) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// A plain number in a date column: a serial whose format was lost, `20241001`, or `6.18`.
fn number(stored: f64, calendar: &Calendar) -> Reading<Moment> {
    if let Some(moment) = serial::plausible(stored) {
        return Reading::value(moment);
    }
    let digits = stored.to_string();
    if stored.fract() == 0.0 && digits.len() == 8 && stored > 0.0 {
        let mut reading = written(&digits, calendar);
        reading.remarks.push(Remark::TextDate);
        return reading;
    }
    if stored.fract() != 0.0 && (1.0..13.0).contains(&stored) && digits.len() <= 5 {
        // Excel drops the last zero: 10.2 may have been 10.20.
        let other = format!("{digits}0");
        let month_day = |text: &str| self::text(text, calendar).ok();
        if digits.split('.').nth(1).is_some_and(|day| day.len() == 1)
            && let (Some((one, _)), Some((ten, _))) = (month_day(&digits), month_day(&other))
        {
            return Reading::unreadable(Unreadable::Ambiguous(
                one.date().to_string(),
                ten.date().to_string(),
            ));
        }
        return written(&digits, calendar);
    }
    Reading::unreadable(if stored.fract() == 0.0 { Unreadable::OutOfRange } else { Unreadable::NotThisKind })
}

fn written(digits: &str, calendar: &Calendar) -> Reading<Moment> {
    match text(digits, calendar) {
        Ok((moment, remarks)) => Reading::with(moment, remarks),
        Err(why) => Reading::unreadable(why),
    }
}

fn text(text: &str, calendar: &Calendar) -> Result<(NaiveDateTime, Vec<Remark>), Unreadable> {
    let unreadable = if is_vague(text) { Unreadable::Vague } else { Unreadable::NotThisKind };
    let relative_sign = text.starts_with(['d', 'D', 't', 'T']) || text.ends_with(['天', '日']);
    if !may_hold_number(text) && !relative_sign {
        return Err(unreadable);
    }
    let mut cursor = Cursor::new(text);
    if let Some(found) = relative_day(&mut cursor, calendar) {
        return found;
    }
    let mut remarks = Vec::new();
    let mut deadline = cursor.eat_any(BEFORE_A_DEADLINE).is_some();
    if deadline {
        cursor.eat(":");
    }
    let Some(first) = piece(&mut cursor) else { return Err(unreadable) };
    if cursor.eat_any(AFTER_A_DEADLINE).is_some() {
        deadline = true;
    } else {
        cursor.eat_any(AROUND);
    }
    if second_day(&mut cursor).is_some() && cursor.done() {
        let parts = text.split(['-', '~', '至', '到']).map(|part| part.trim().to_owned());
        return Err(Unreadable::Several(parts.collect()));
    }
    match tail(&mut cursor) {
        Tail::End => {}
        Tail::Aside(aside) => remarks.push(Remark::Aside(aside)),
        Tail::More => return Err(unreadable),
    }
    if !matches!(first.shape, Shape::Day { .. } | Shape::MonthEnd(_)) {
        // A month, a quarter or a year is no day, unless it has no such month at all.
        resolve(&first, calendar, &mut Vec::new())?;
        return Err(Unreadable::Vague);
    }
    let day = resolve(&first, calendar, &mut remarks)?.start;
    if first.year.is_some() && !deadline {
        remarks.push(Remark::TextDate);
    }
    if deadline {
        remarks.push(Remark::Deadline);
    }
    Ok((day.and_time(first.time.unwrap_or_default()), remarks))
}

type Found = Result<(NaiveDateTime, Vec<Remark>), Unreadable>;

fn relative_day(cursor: &mut Cursor, calendar: &Calendar) -> Option<Found> {
    let relative = cursor.attempt(|cursor| {
        let relative = relative::counted(cursor).or_else(|| relative::after_event(cursor))?;
        cursor.eat_any(AFTER_A_DEADLINE);
        (tail(cursor) != Tail::More).then_some(relative)
    })?;
    Some(
        relative::resolve(relative, calendar)
            .map(|day| (day.and_time(chrono::NaiveTime::MIN), vec![Remark::Relative])),
    )
}

/// The end of a period, which has no place in a column of days.
fn second_day(cursor: &mut Cursor) -> Option<Piece> {
    cursor.attempt(|cursor| {
        cursor.eat_any(&["--", "-", "~", "〜", "∼", "至", "到"])?;
        piece(cursor)
    })
}

fn is_vague(text: &str) -> bool {
    let text = text.to_lowercase();
    VAGUE.iter().any(|word| text.contains(word))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::quantity::{Nothing, Period, Said};

    fn calendar(start: &str, end: &str) -> Calendar {
        Calendar {
            campaign: Some(Period { start: start.parse().unwrap(), end: end.parse().unwrap() }),
            holidays: None,
        }
    }

    fn october() -> Calendar {
        calendar("2024-10-08", "2024-10-31")
    }

    fn reading(text: &str) -> Reading<NaiveDate> {
        read(&Content::Text(text.into()), &october())
    }

    #[test]
    fn days_as_people_write_them() {
        for (text, day) in [
            ("2024-10-01", "2024-10-01"),
            ("2024/10/1", "2024-10-01"),
            ("2024.10.01", "2024-10-01"),
            ("2024年10月1日", "2024-10-01"),
            ("２０２４年１０月１日", "2024-10-01"),
            ("2024 年 10 月 1 号", "2024-10-01"),
            ("二〇二四年十月一日", "2024-10-01"),
            ("20241001", "2024-10-01"),
            ("24年10月1日", "2024-10-01"),
            ("24.10.1", "2024-10-01"),
            ("10月15日", "2024-10-15"),
            ("10-09", "2024-10-09"),
            ("10-15", "2024-10-15"),
            ("10/9", "2024-10-09"),
            ("6.18", "2024-06-18"),
            ("十月十五日", "2024-10-15"),
            ("9月30日前", "2024-09-30"),
            ("6月底前", "2024-06-30"),
            ("截止10月20日", "2024-10-20"),
            ("2024-10-0810:30", "2024-10-08"),
            ("2024-10-810:30", "2024-10-08"),
            ("2024-10-08 10:30", "2024-10-08"),
            ("2024-10-08T10:30:00.000Z", "2024-10-08"),
            ("2024年10月8日10:30", "2024-10-08"),
            ("2024年10月8日（周二）", "2024-10-08"),
            ("10/25/2024", "2024-10-25"),
            ("25/10/2024", "2024-10-25"),
            ("10/10/2024", "2024-10-10"),
            ("D-7", "2024-10-01"),
            ("T-30", "2024-09-08"),
            ("T+3", "2024-10-11"),
            ("T日", "2024-10-08"),
            ("Day8", "2024-10-15"),
            ("D1", "2024-10-08"),
            ("第3天", "2024-10-10"),
            ("活动结束后3个工作日", "2024-11-05"),
            ("活动结束后3个工作日内", "2024-11-05"),
            ("启动后3个工作日", "2024-10-11"),
            ("活动结束后一周内", "2024-11-07"),
            ("活动开始前7天", "2024-10-01"),
        ] {
            assert_eq!(reading(text).get(), Some(&day.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn times_of_day() {
        for (text, moment) in [
            ("2024-10-0810:30", "2024-10-08T10:30:00"),
            ("2024-10-08 10:30", "2024-10-08T10:30:00"),
            ("2024-10-08 10:30:15", "2024-10-08T10:30:15"),
            ("2024年10月8日下午3点", "2024-10-08T15:00:00"),
            ("10月8日10时30分", "2024-10-08T10:30:00"),
            ("2024/10/8 9:05", "2024-10-08T09:05:00"),
            ("2024-10-08", "2024-10-08T00:00:00"),
        ] {
            let reading = read_moment(&Content::Text(text.into()), &october());
            assert_eq!(reading.get(), Some(&moment.parse().unwrap()), "{text}");
        }
        let serial = read_moment(&Content::Serial(45573.4375), &october());
        assert_eq!(serial, Reading::value("2024-10-08T10:30:00".parse().unwrap()));
    }

    #[test]
    fn serial_numbers() {
        for (serial, day) in [
            (45_573.0, Some("2024-10-08")),
            (1.0, Some("1900-01-01")),
            (59.0, Some("1900-02-28")),
            (61.0, Some("1900-03-01")),
            (2_958_465.0, Some("9999-12-31")),
            (60.0, None),
            (0.0, None),
            (0.5, None),
            (-1.0, None),
            (2_958_466.0, None),
            (1e300, None),
        ] {
            let reading = read(&Content::Serial(serial), &october());
            match day {
                Some(day) => assert_eq!(reading, Reading::value(day.parse().unwrap()), "{serial}"),
                None => assert_eq!(
                    reading.said,
                    Said::Nothing(Nothing::Unreadable(Unreadable::OutOfRange)),
                    "{serial}"
                ),
            }
        }
    }

    #[test]
    fn plain_numbers_in_a_date_column() {
        let read = |number| read(&Content::Number(number), &october()).said;
        let day = |text: &str| Said::Value(text.parse::<NaiveDate>().unwrap());
        let not = |why| Said::Nothing(Nothing::Unreadable(why));
        assert_eq!(read(45_573.0), day("2024-10-08"));
        assert_eq!(read(20_241_001.0), day("2024-10-01"));
        assert_eq!(read(6.18), day("2024-06-18"));
        assert_eq!(read(7.4), day("2024-07-04"));
        assert_eq!(read(10.2), not(Unreadable::Ambiguous("2024-10-02".into(), "2024-10-20".into())));
        assert_eq!(read(5.0), not(Unreadable::OutOfRange));
        assert_eq!(read(0.5), not(Unreadable::NotThisKind));
    }

    #[test]
    fn the_year_that_is_not_written_is_the_campaigns() {
        for (start, end, text, day) in [
            ("2024-12-20", "2025-01-10", "12月25日", "2024-12-25"),
            ("2024-12-20", "2025-01-10", "1月5日", "2025-01-05"),
            ("2024-12-20", "2025-01-10", "2月1日", "2025-02-01"),
            ("2024-12-20", "2025-01-10", "11月30日", "2024-11-30"),
            ("2024-10-08", "2024-10-31", "3月1日", "2024-03-01"),
            ("2024-11-01", "2024-11-12", "1月15日", "2025-01-15"),
            ("2024-02-01", "2024-02-28", "2月29日", "2024-02-29"),
        ] {
            let reading = read(&Content::Text(text.into()), &calendar(start, end));
            assert_eq!(reading.get(), Some(&day.parse().unwrap()), "{text}");
            assert!(reading.remarks.iter().any(|remark| matches!(remark, Remark::YearAssumed(_))), "{text}");
        }
        let unknown = read(&Content::Text("10月15日".into()), &Calendar::default());
        assert_eq!(unknown.said, Said::Nothing(Nothing::Unreadable(Unreadable::NoYear)));
    }

    #[test]
    fn what_is_no_day_says_why() {
        use Unreadable::*;
        for (text, why) in [
            ("2月30日", OutOfRange),
            ("2024-13-01", OutOfRange),
            ("2024-02-30", OutOfRange),
            ("2023-02-29", OutOfRange),
            ("下季度活动前", Vague),
            ("长期", Vague),
            ("尽快", Vague),
            ("持续", Vague),
            ("每周例会", Vague),
            ("2024年10月", Vague),
            ("2024-10", Vague),
            ("2025-04", Vague),
            ("10月", Vague),
            ("Q3", Vague),
            ("10/8/2024", Ambiguous("2024-10-08".into(), "2024-08-10".into())),
            ("4/1-4/7", Several(vec!["4/1".into(), "4/7".into()])),
            ("not-a-date", NotThisKind),
            ("张三", NotThisKind),
            ("500万", NotThisKind),
            ("1.2.3", NotThisKind),
        ] {
            assert_eq!(reading(text).said, Said::Nothing(Nothing::Unreadable(why)), "{text}");
        }
        let without = read(&Content::Text("D-7".into()), &Calendar::default());
        assert_eq!(without.said, Said::Nothing(Nothing::Unreadable(Vague)));
    }

    #[test]
    fn what_was_assumed_is_said() {
        assert_eq!(reading("2024-10-01").remarks, [Remark::TextDate]);
        assert_eq!(reading("9月30日前").remarks, [Remark::YearAssumed(2024), Remark::Deadline]);
        assert_eq!(reading("D-7").remarks, [Remark::Relative]);
        assert_eq!(
            reading("2024-10-08（已改期）").remarks,
            [Remark::Aside("已改期".into()), Remark::TextDate]
        );
    }
}
