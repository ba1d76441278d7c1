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
