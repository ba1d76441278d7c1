//! A stretch of the calendar as written, perhaps without its year: `10月15日`, `2024.10.01`, `Q3`, `下旬`.
//!
//! Reads the marks; which year was meant is decided in [`resolve`] from the
//! campaign period.

use chrono::{Datelike, NaiveDate, NaiveTime};

use super::figure::spoken_digit;
use super::scan::Cursor;
use super::{Calendar, Period, Remark, Unreadable};

/// A stretch of a year, or of a month that another piece names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Day {
        month: u32,
        day: u32,
    },
    /// A day whose month stands elsewhere: the 7 of `7月1-7日`.
    DayOnly(u32),
    Month(u32),
    /// The last day: `6月底`.
    MonthEnd(u32),
    /// 上旬, 中旬, 下旬.
    Third {
        month: u32,
        third: u32,
    },
    Quarter(u32),
    Half(u32),
    Week(u32),
    Year,
}

/// What was written about one day or stretch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub year: Option<i32>,
    pub shape: Shape,
    pub time: Option<NaiveTime>,
    /// Written as `10-15`, which a period may mean otherwise.
    pub dashed: bool,
    /// `10/8/2024`, the other way round.
    pub otherwise: Option<Shape>,
}

impl Piece {
    fn new(year: Option<i32>, shape: Shape) -> Piece {
        Piece { year, shape, time: None, dashed: false, otherwise: None }
    }
}

/// How far a day may lie from a campaign and still be in its year: nine months.
const SAME_YEAR_WITHIN: i64 = 270;

/// Reads one piece with its weekday and time of day.
pub(crate) fn piece(cursor: &mut Cursor) -> Option<Piece> {
    cursor.blanks();
    let mut piece = cursor
        .attempt(stretch_of_year)
        .or_else(|| cursor.attempt(eight_digits))
        .or_else(|| cursor.attempt(with_words))
        .or_else(|| cursor.attempt(with_marks))?;
    cursor.attempt(weekday);
    piece.time = cursor.attempt(time_of_day);
    Some(piece)
}

/// `2024Q3`, `24Q4`, `Q3 2024`, `2024年上半年`, `H1`, `2024-W27`, `第三季度`.
fn stretch_of_year(cursor: &mut Cursor) -> Option<Piece> {
    let year = cursor.attempt(|cursor| {
        let digits = cursor.digits().filter(|digits| matches!(digits.len(), 2 | 4))?;
        let year = full_year(digits)?;
        cursor.eat_any(&["年度", "年", "-", ".", "/"]);
        Some(year)
    });
    if year.is_some() && cursor.eat_any(&["全年", "整年"]).is_some() {
        return Some(Piece::new(year, Shape::Year));
    }
    let shape = if cursor.eat_any(&["上半年"]).is_some() {
        Shape::Half(1)
    } else if cursor.eat("下半年") {
        Shape::Half(2)
    } else if cursor.eat("q") {
        Shape::Quarter(one_of(cursor, 4)?)
    } else if cursor.eat("h") {
        Shape::Half(one_of(cursor, 2)?)
    } else if cursor.eat("w") {
        Shape::Week(small_number(cursor).filter(|week| (1..=53).contains(week))?)
    } else {
        cursor.eat("第");
        let count = small_number(cursor)?;
        match cursor.eat_any(&["季度", "周", "季"])? {
            "周" if (1..=53).contains(&count) => Shape::Week(count),
            "周" => return None,
            _ if (1..=4).contains(&count) => Shape::Quarter(count),
            _ => return None,
        }
    };
    let year = year.or_else(|| {
        cursor.attempt(|cursor| {
            cursor.eat("-");
            cursor.blanks();
            let digits = cursor.digits().filter(|digits| digits.len() == 4)?;
            let year = full_year(digits)?;
            cursor.eat("年");
            Some(year)
        })
    });
    Some(Piece::new(year, shape))
}

fn one_of(cursor: &mut Cursor, most: u32) -> Option<u32> {
    let count = small_number(cursor)?;
    (1..=most).contains(&count).then_some(count)
}

/// `20241001`.
fn eight_digits(cursor: &mut Cursor) -> Option<Piece> {
    let digits = cursor.digits().filter(|digits| digits.len() == 8)?;
    let year = full_year(&digits[..4])?;
    let (month, day) = (digits[4..6].parse().ok()?, digits[6..].parse().ok()?);
    Some(Piece::new(Some(year), Shape::Day { month, day }))
}

/// `2024年10月1日`, `10月15号`, `二〇二四年十月一日`, `6月底`, `2024年`, `7日`.
fn with_words(cursor: &mut Cursor) -> Option<Piece> {
    let year = cursor.attempt(|cursor| {
        let year = match cursor.digits() {
            Some(digits) => full_year(digits)?,
            None => spoken_year(cursor)?,
        };
        cursor.eat_any(&["年度", "年"]).map(|_| year)
    });
    if year.is_none()
        && let Some(day) = cursor.attempt(|cursor| {
            let day = small_number(cursor)?;
            cursor.eat_any(&["日", "号"]).map(|_| day)
        })
    {
        return Some(Piece::new(None, Shape::DayOnly(day)));
    }
    let month = cursor.attempt(|cursor| {
        cursor.blanks();
        let month = small_number(cursor)?;
        cursor.eat_any(&["月份", "月"]).map(|_| month)
    });
    let Some(month) = month else {
        return year.map(|year| Piece::new(Some(year), Shape::Year));
    };
    let shape = match cursor.eat_any(&["底", "末", "上旬", "中旬", "下旬"]) {
        Some("底" | "末") => Shape::MonthEnd(month),
        Some("上旬") => Shape::Third { month, third: 1 },
        Some("中旬") => Shape::Third { month, third: 2 },
        Some(_) => Shape::Third { month, third: 3 },
        None => match cursor.attempt(day_of_month) {
            Some(day) => Shape::Day { month, day },
            None => Shape::Month(month),
        },
    };
    Some(Piece::new(year, shape))
}

/// The day behind a month, with or without its 日, perhaps glued to a time.
fn day_of_month(cursor: &mut Cursor) -> Option<u32> {
    cursor.blanks();
    let day = small_number(cursor)?;
    cursor.eat_any(&["日", "号"]);
    Some(day)
}

/// `2024-10-01`, `2024/10/1`, `24.10.1`, `10/1/2024`, `2024-10`, `10.15`, `7`.
fn with_marks(cursor: &mut Cursor) -> Option<Piece> {
    let first = cursor.digits().filter(|digits| digits.len() <= 4)?;
    let number = |digits: &str| digits.parse::<u32>().ok();
    let Some((mark, second)) = cursor.attempt(|cursor| {
        let mark = ['-', '/', '.'].into_iter().find(|mark| cursor.eat_char(*mark))?;
        cursor.blanks();
        // 2024-10-01 - 2024-10-07 has its marks apart: a year is no month.
        let second = cursor.digits().filter(|digits| digits.len() <= 2)?;
        // The 9 of 7-9月 is a month of its own.
        (mark != '-' || !matches!(cursor.peek(), Some('月' | '日' | '号'))).then_some((mark, second))
    }) else {
        return match first.len() {
            1 | 2 => Some(Piece::new(None, Shape::DayOnly(number(first)?))),
            4 => Some(Piece::new(Some(full_year(first)?), Shape::Year)),
            _ => None,
        };
    };
    let long_year = first.len() == 4;
    let short_year =
        first.len() == 2 && (20..=39).contains(&number(first)?) && (1..=12).contains(&number(second)?);
    let third = cursor.attempt(|cursor| {
        cursor.eat_char(mark).then_some(())?;
        cursor.blanks();
        let digits = day_or_year(cursor)?;
        match digits.len() {
            1 | 2 if long_year || short_year => Some(digits),
            4 if !long_year && mark != '-' => Some(digits),
            _ => None,
        }
    });
    let (written, first, second) = (first, number(first)?, number(second)?);
    Some(match third {
        Some(third) if third.len() == 4 => {
            let mut piece = Piece::new(Some(full_year(third)?), Shape::Day { month: first, day: second });
            let reversed = Shape::Day { month: second, day: first };
            match (first <= 12, second <= 12) {
                (true, true) if first != second => piece.otherwise = Some(reversed),
                (false, _) => piece.shape = reversed,
                _ => {}
            }
            piece
        }
        Some(third) => {
            Piece::new(Some(full_year(written)?), Shape::Day { month: second, day: number(third)? })
        }
        None if long_year => Piece::new(Some(full_year(written)?), Shape::Month(second)),
        // `24-10` is neither a month and a day nor clearly a year and a month.
        None if short_year => return None,
        None => Piece { dashed: mark == '-', ..Piece::new(None, Shape::Day { month: first, day: second }) },
    })
}

/// Digits of a day, leaving a time glued to it: `0810:30` is the 8th, half past ten.
fn day_or_year<'a>(cursor: &mut Cursor<'a>) -> Option<&'a str> {
    let mut ahead = *cursor;
    let run = ahead.digits()?;
    if matches!(run.len(), 3 | 4) && ahead.peek() == Some(':') {
        for _ in 0..run.len() - 2 {
            cursor.bump();
        }
        return Some(&run[..run.len() - 2]);
    }
    *cursor = ahead;
    Some(run)
}

/// One or two digits, or a Chinese numeral up to 三十一.
fn small_number(cursor: &mut Cursor) -> Option<u32> {
    cursor.blanks();
    if cursor.peek()?.is_ascii_digit() {
        return day_or_year(cursor).filter(|digits| digits.len() <= 2)?.parse().ok();
    }
    let tens = cursor.attempt(|cursor| {
        let tens = cursor.attempt(|cursor| spoken_digit(cursor.bump()?)).unwrap_or(1);
        cursor.eat_char('十').then_some(tens)
    });
    let ones = cursor.attempt(|cursor| spoken_digit(cursor.bump()?));
    match (tens, ones) {
        (None, None) => None,
        (tens, ones) => u32::try_from(tens.unwrap_or(0) * 10 + ones.unwrap_or(0)).ok(),
    }
}

fn spoken_year(cursor: &mut Cursor) -> Option<i32> {
    let mut year = 0;
    for _ in 0..4 {
        year = year * 10 + spoken_digit(cursor.bump()?)?;
    }
    i32::try_from(year).ok().filter(|year| (1900..=9999).contains(year))
}

/// `2024` or `24`.
fn full_year(digits: &str) -> Option<i32> {
    let year: i32 = digits.parse().ok()?;
    match digits.len() {
        4 if (1900..=9999).contains(&year) => Some(year),
        2 => Some(2000 + year),
        _ => None,
    }
}

/// `(周二)`, `星期六`.
fn weekday(cursor: &mut Cursor) -> Option<()> {
    let bracket = cursor.eat("(");
    cursor.eat_any(&["周", "星期", "礼拜"])?;
    cursor.bump().filter(|c| "一二三四五六日天".contains(*c))?;
    (!bracket || cursor.eat(")")).then_some(())
}

/// `10:30`, `T10:30:00`, `下午3点`, `10时30分`.
fn time_of_day(cursor: &mut Cursor) -> Option<NaiveTime> {
    cursor.blanks();
    cursor.eat("t");
    let part = cursor.eat_any(&["上午", "早上", "凌晨", "中午", "下午", "晚上", "晚", "早"]);
    cursor.blanks();
    let hour: u32 = cursor.digits().filter(|digits| digits.len() <= 2)?.parse().ok()?;
    let minute: u32;
    let mut second = 0;
    if cursor.eat_any(&[":", "点", "时"])? == ":" {
        minute = cursor.digits().filter(|digits| digits.len() == 2)?.parse().ok()?;
        if cursor.eat(":") {
            second = cursor.digits().filter(|digits| digits.len() == 2)?.parse().ok()?;
            // Thousandths, as machines write them.
            cursor.attempt(|cursor| {
                cursor.eat_char('.').then_some(())?;
                cursor.digits()
            });
        }
        cursor.eat("z");
    } else if cursor.eat("半") {
        minute = 30;
    } else {
        let minutes = cursor.attempt(|cursor| {
            cursor.blanks();
            let digits = cursor.digits().filter(|digits| digits.len() <= 2)?;
            cursor.eat("分");
            digits.parse().ok()
        });
        minute = minutes.unwrap_or(0);
    }
    let hour = if matches!(part, Some("下午" | "晚上" | "晚")) && hour < 12 { hour + 12 } else { hour };
    match (hour, minute, second) {
        // The end of a day, said as 24:00.
        (24, 0, 0) => NaiveTime::from_hms_opt(23, 59, 59),
        _ => NaiveTime::from_hms_opt(hour, minute, second),
    }
}

impl Shape {
    /// First and last day in a year; `None` where there is no such day.
    pub fn within(self, year: i32) -> Option<Period> {
        let day = NaiveDate::from_ymd_opt;
        let last_of = |month: u32| match month {
            12 => day(year, 12, 31),
            _ => day(year, month + 1, 1)?.pred_opt(),
        };
        let (start, end) = match self {
            Shape::Day { month, day: number } => (day(year, month, number)?, day(year, month, number)?),
            Shape::DayOnly(_) => return None,
            Shape::Month(month) => (day(year, month, 1)?, last_of(month)?),
            Shape::MonthEnd(month) => (last_of(month)?, last_of(month)?),
            Shape::Third { month, third: 3 } => (day(year, month, 21)?, last_of(month)?),
            Shape::Third { month, third } => {
                (day(year, month, third * 10 - 9)?, day(year, month, third * 10)?)
            }
            Shape::Quarter(quarter) => (day(year, quarter * 3 - 2, 1)?, last_of(quarter * 3)?),
            Shape::Half(half) => (day(year, half * 6 - 5, 1)?, last_of(half * 6)?),
            Shape::Week(week) => {
                let monday = NaiveDate::from_isoywd_opt(year, week, chrono::Weekday::Mon)?;
                (monday, monday.checked_add_days(chrono::Days::new(6))?)
            }
            Shape::Year => (day(year, 1, 1)?, day(year, 12, 31)?),
        };
        Some(Period { start, end })
    }
}

/// The days a piece means; where it names no year, the campaign's.
pub(crate) fn resolve(
    piece: &Piece,
    calendar: &Calendar,
    remarks: &mut Vec<Remark>,
) -> Result<Period, Unreadable> {
    if let Some(otherwise) = piece.otherwise {
        let shown = |shape: Shape| {
            piece
                .year
                .and_then(|year| shape.within(year))
                .map_or_else(String::new, |period| period.start.to_string())
        };
        return Err(Unreadable::Ambiguous(shown(piece.shape), shown(otherwise)));
    }
    if let Shape::DayOnly(_) = piece.shape {
        return Err(Unreadable::Vague);
    }
    if let Some(year) = piece.year {
        return piece.shape.within(year).ok_or(Unreadable::OutOfRange);
    }
    // A leap year tells an impossible day from one that only lacks its year.
    if piece.shape.within(2024).is_none() && piece.shape.within(2020).is_none() {
        return Err(Unreadable::OutOfRange);
    }
    let Some(campaign) = calendar.campaign else { return Err(Unreadable::NoYear) };
    let period = nearest(piece.shape, campaign).ok_or(Unreadable::OutOfRange)?;
    remarks.push(Remark::YearAssumed(period.start.year()));
    Ok(period)
}

/// The occurrence in the campaign's year, unless that lies far off and another year's is nearer.
fn nearest(shape: Shape, campaign: Period) -> Option<Period> {
    let distance = |period: &Period| {
        let after = (period.start - campaign.end).num_days();
        let before = (campaign.start - period.end).num_days();
        after.max(before).max(0)
    };
    let (first, last) = (campaign.start.year(), campaign.end.year());
    if first == last
        && let Some(same) = shape.within(first)
        && distance(&same) <= SAME_YEAR_WITHIN
    {
        return Some(same);
    }
    (first - 1..=last + 1).filter_map(|year| shape.within(year)).min_by_key(distance)
}
