//! Days counted from the campaign: `D-7`, `T+3`, `Day8`, `第3天`, `活动结束后3个工作日`.

use chrono::{Days, NaiveDate};

use super::figure::figure;
use super::scan::Cursor;
use super::unit::{Kind, unit};
use super::{Calendar, Period, Unreadable, workdays};

/// A day counted from the first or the last day of the campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Relative {
    /// Days after the first (before it, if negative).
    FromStart(i64),
    /// Days after the last.
    FromEnd(i64),
    WorkingFromStart(i64),
    WorkingFromEnd(i64),
}

/// `D-7` `D+3` `Day8` `D1` `T-30` `T+3` `T日` `第3天`.
pub(crate) fn counted(cursor: &mut Cursor) -> Option<Relative> {
    cursor.attempt(|cursor| {
        if cursor.eat("第") {
            let day = whole_number(cursor)?;
            return (cursor.eat_any(&["天", "日"]).is_some() && day > 0)
                .then_some(Relative::FromStart(day - 1));
        }
        let word = cursor.eat_any(&["day", "d-day", "d", "t"])?;
        if word == "d-day" || word != "day" && cursor.eat_any(&["日", "天"]).is_some() {
            return Some(Relative::FromStart(0));
        }
        let sign = if cursor.eat("-") {
            -1
        } else if cursor.eat("+") {
            1
        } else {
            0
        };
        let day = whole_number(cursor)?;
        cursor.eat_any(&["天", "日"]);
        match (sign, word) {
            (0, "t") => None,
            (0, _) if day == 0 => Some(Relative::FromStart(0)),
            (0, _) => Some(Relative::FromStart(day - 1)),
            (sign, _) => Some(Relative::FromStart(sign * day)),
        }
    })
}

/// `活动结束后3个工作日内`, `启动后一周`, `活动开始前7天`, `活动启动当天`.
pub(crate) fn after_event(cursor: &mut Cursor) -> Option<Relative> {
    cursor.attempt(|cursor| {
        cursor.eat_any(&["活动", "项目", "大促", "推广"]);
        cursor.eat("正式");
        let events = ["结束", "收官", "收尾", "启动会", "启动", "开始", "上线", "开启", "开展"];
        let from_end = matches!(cursor.eat_any(&events)?, "结束" | "收官" | "收尾");
        if cursor.eat_any(&["当天", "当日", "日"]).is_some() {
            return Some(if from_end { Relative::FromEnd(0) } else { Relative::FromStart(0) });
        }
        let sign = if cursor.eat_any(&["之后", "以后", "后"]).is_some() {
            1
        } else {
            cursor.eat_any(&["之前", "以前", "前"])?;
            -1
        };
        cursor.eat_any(&["的", "第"]);
        let count = whole_number(cursor)?;
        let (_, kind) = unit(cursor)?;
        cursor.eat_any(&["以内", "之内", "内", "完成"]);
        let days = match kind {
            Kind::WorkingDays if from_end => return Some(Relative::WorkingFromEnd(sign * count)),
            Kind::WorkingDays => return Some(Relative::WorkingFromStart(sign * count)),
            Kind::Duration(milliseconds) if milliseconds >= 86_400_000 => {
                count.checked_mul(milliseconds / 86_400_000)?
            }
            _ => return None,
        };
        Some(if from_end { Relative::FromEnd(sign * days) } else { Relative::FromStart(sign * days) })
    })
}

/// The day meant; unknown without a campaign period.
pub(crate) fn resolve(relative: Relative, calendar: &Calendar) -> Result<NaiveDate, Unreadable> {
    let Some(Period { start, end }) = calendar.campaign else { return Err(Unreadable::Vague) };
    let holidays = calendar.holidays.unwrap_or_else(workdays::official);
    let shift = |day: NaiveDate, by: i64| {
        let step = Days::new(by.unsigned_abs());
        if by < 0 { day.checked_sub_days(step) } else { day.checked_add_days(step) }
    };
    match relative {
        Relative::FromStart(days) => shift(start, days),
        Relative::FromEnd(days) => shift(end, days),
        Relative::WorkingFromStart(days) => holidays.add(start, days),
        Relative::WorkingFromEnd(days) => holidays.add(end, days),
    }
    .filter(|day| (1900..=9999).contains(&chrono::Datelike::year(day)))
    .ok_or(Unreadable::OutOfRange)
}

fn whole_number(cursor: &mut Cursor) -> Option<i64> {
    let count = figure(cursor)
        .filter(|count| count.magnitude.is_none_or(|magnitude| magnitude == "十"))?
        .value
        .to_f64();
    (count.fract() == 0.0 && (0.0..=100_000.0).contains(&count)).then_some(count as i64)
}
