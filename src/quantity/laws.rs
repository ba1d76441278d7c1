//! Laws that hold for every text: nothing panics, nothing unsaid becomes zero, writing is undone by reading.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use super::*;
use crate::cell::Content;
use crate::locale::traditional;
use number::Expect;

fn text(text: &str) -> Content {
    Content::Text(text.to_owned())
}

fn campaign() -> Calendar {
    let day = |month, day| NaiveDate::from_ymd_opt(2024, month, day).unwrap_or_default();
    Calendar { campaign: Some(Period { start: day(10, 8), end: day(10, 31) }), holidays: None }
}

/// Texts that come close to being values.
fn near_values() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "0",
        "1",
        "5",
        "12",
        "31",
        "2024",
        "10",
        ".",
        ",",
        "-",
        "~",
        "/",
        ":",
        "+",
        "%",
        "‰",
        "万",
        "亿",
        "千",
        "百",
        "十",
        "元",
        "次",
        "人",
        "天",
        "月",
        "日",
        "年",
        "小时",
        "个月",
        "工作日",
        "半",
        "一",
        "两",
        "三",
        "零",
        "贰",
        "成",
        "折",
        "分",
        "倍",
        "x",
        "w",
        "K",
        "M",
        "E",
        "约",
        "超",
        "不低于",
        "以上",
        "以内",
        "左右",
        "提升",
        "降低",
        "从",
        "至",
        "到",
        "环比",
        "(",
        ")",
        "、",
        "，",
        " ",
        "¥",
        "$",
        "Q",
        "H",
        "D",
        "T",
        "Day",
        "第",
        "活动",
        "结束",
        "后",
        "前",
        "底",
        "上半年",
        "周",
        "翻",
        "番",
        "百分之",
        "CPM",
        "每",
        "*",
        "×",
        "销售额",
        "负",
        "点",
        "★",
        "[",
        "]",
    ]);
    prop::collection::vec(words, 0..9).prop_map(|words| words.concat())
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), near_values(), "\\PC{0,12}"]
}

/// Every number any reader finds in a content.
fn all_numbers(content: &Content) -> Vec<f64> {
    let mut found = Vec::new();
    for expect in [Expect::Money, Expect::Count, Expect::Plain] {
        found.extend(number::read(content, 10_000.0, expect).get().map(|number| number.value));
    }
    found.extend(percent::read(content, false).get().map(|number| number.value));
    found.extend(percent::ratio(content).get().map(|number| number.value));
    found.extend(measure::read(content, true, 1.0).get().map(|number| number.value));
    found.extend(score::read(content).get().map(|number| number.value));
    found.extend(duration::read(content, 60.0).get().map(|span| match span {
        Span::Seconds(amount) | Span::WorkingDays(amount) => *amount,
    }));
    found.extend(price::read(content).get().map(|price| price.amount));
    found.extend(price::quantity(content).get().map(|quantity| quantity.value));
    if let Some(target) = target::read(content, false, 1.0).get() {
        found.extend(match target.aim {
            Aim::Level(a) | Aim::Growth(a) | Aim::GrowthPoints(a) | Aim::GrowthBy(a) => vec![a],
            Aim::Range(a, b) | Aim::GrowthRange(a, b) | Aim::FromTo(a, b) => vec![a, b],
        });
    }
    found
}

fn says_zero(text: &str) -> bool {
    crate::locale::narrow(text).chars().any(|c| matches!(c, '0' | '零' | '〇' | '○'))
}

proptest! {
    #[test]
    fn no_text_panics_and_every_number_is_finite(text in any_text()) {
        let content = Content::Text(text.clone());
        for number in all_numbers(&content) {
            prop_assert!(number.is_finite());
        }
        for calendar in [campaign(), Calendar::default()] {
            let _ = date::read_moment(&content, &calendar);
            if let Some(period) = period::read(&content, &calendar).get() {
                prop_assert!(period.start <= period.end);
            }
        }
        let _ = (nothing::of(&content), nothing::placeholder_in(&text), choice::yes_no(&content));
        let _ = (choice::normalise(&text), choice::level_alias(&text), goals::split(&text));
        let _ = (list::read(&content), list::person(&content));
    }

    #[test]
    fn no_text_reads_as_zero_unless_it_says_so(text in any_text()) {
        prop_assume!(!says_zero(&text));
        for number in all_numbers(&Content::Text(text.clone())) {
            prop_assert!(number != 0.0, "{text:?}");
        }
    }

    #[test]
    fn any_number_is_read_or_refused(number in any::<f64>()) {
        for content in [Content::Number(number), Content::Serial(number)] {
            prop_assert!(all_numbers(&content).iter().all(|number| number.is_finite()));
            let _ = (date::read_moment(&content, &campaign()), period::read(&content, &campaign()), choice::yes_no(&content));
        }
    }

    #[test]
    fn stored_numbers_scale_exactly(stored in -1e12..1e12f64, factor in prop::sample::select(vec![1.0, 100.0, 10_000.0])) {
        let reading = number::read(&Content::Number(stored), factor, Expect::Money);
        let number = reading.get().cloned();
        prop_assert_eq!(number.as_ref().map(|number| number.value), Some(stored * factor));
        prop_assert_eq!(number.and_then(|number| number.scale), Some(factor));
        let percent = percent::read(&Content::Number(stored), false);
        let percent = percent.get().cloned();
        prop_assert_eq!(percent.as_ref().and_then(|number| number.scale.map(|scale| stored * scale)), percent.map(|number| number.value));
    }

    #[test]
    fn padding_width_and_script_change_no_value(words in near_values()) {
        // Zero-width characters and full-width forms are another way of writing the same text.
        let wide: String = words.chars().map(|c| match c {
            '!'..='~' => char::from_u32(c as u32 + 0xfee0).unwrap_or(c),
            c => c,
        }).collect();
        let hidden: String = words.chars().flat_map(|c| [c, '\u{200b}']).collect();
        for other in [wide, hidden, format!("\u{3000} {words}\u{a0}"), format!("'{words}")] {
            prop_assert_eq!(all_numbers(&text(&words)), all_numbers(&text(&other)), "{} {}", words, other);
            let (calendar, period) = (campaign(), period::read(&text(&words), &campaign()).said);
            prop_assert_eq!(date::read(&text(&words), &calendar).said.clone().discriminant(), date::read(&text(&other), &calendar).said.discriminant());
            prop_assert_eq!(period.discriminant(), period::read(&text(&other), &calendar).said.discriminant());
        }
    }

    #[test]
    fn an_amount_in_wan_is_read_back(cents in 0i64..9_000_000_000_000) {
        let amount = cents as f64 / 100.0;
        let shown = number::show_wan(amount);
        let reading = number::read(&text(&shown), 1.0, Expect::Money);
        let value = reading.get().map(|number| (number.value * 100.0).round());
        prop_assert_eq!(value, Some(cents as f64), "{}", shown);
    }

    #[test]
    fn days_are_read_back(offset in 0u64..36_000) {
        let first = NaiveDate::from_ymd_opt(1900, 3, 1).unwrap_or_default();
        let day = first.checked_add_days(Days::new(offset)).unwrap_or_default();
        for shown in [date::show(day), day.to_string(), day.format("%Y/%-m/%-d").to_string(), day.format("%Y.%m.%d").to_string(), day.format("%Y%m%d").to_string()] {
            let read = date::read(&text(&shown), &Calendar::default());
            prop_assert_eq!(read.get(), Some(&day), "{}", shown);
        }
        let read = date::read(&Content::Serial(serial::of(day)), &Calendar::default());
        prop_assert_eq!(read.get(), Some(&day));
    }

    #[test]
    fn periods_are_read_back(offset in 0u64..36_000, length in 0u64..1000) {
        let first = NaiveDate::from_ymd_opt(1950, 1, 1).unwrap_or_default();
        let start = first.checked_add_days(Days::new(offset)).unwrap_or_default();
        let period = Period { start, end: start.checked_add_days(Days::new(length)).unwrap_or_default() };
        let read = period::read(&text(&period::show(period)), &Calendar::default());
        prop_assert_eq!(read.get(), Some(&period));
    }

    #[test]
    fn working_days_add_and_count_alike(offset in 0u64..1400, working_days in 1i64..60) {
        let first = NaiveDate::from_ymd_opt(2023, 1, 1).unwrap_or_default();
        let start = first.checked_add_days(Days::new(offset)).unwrap_or_default();
        let holidays = workdays::official();
        let end = holidays.add(start, working_days).unwrap_or_default();
        prop_assert_eq!(holidays.between(start, end), working_days);
        prop_assert!(holidays.is_workday(end));
    }
}

impl<T: PartialEq + Clone> Said<T> {
    /// The value, if any; which kind of nothing may quote the text and so differ in spelling.
    fn discriminant(self) -> Option<T> {
        match self {
            Said::Value(value) => Some(value),
            Said::Nothing(_) => None,
        }
    }
}

#[test]
fn blanks_between_tokens_and_traditional_script_change_nothing() {
    for (written, spaced) in [
        ("500万元以上", "500 万 元 以上"),
        ("≥15%", "≥ 15 %"),
        ("15%-20%", "15 % - 20 %"),
        ("环比增长30%以上", "环比 增长 30% 以上"),
        ("从3秒缩短至1.5秒内", "从 3 秒 缩短 至 1.5 秒 内"),
        ("约3个工作日内", "约 3 个工作日 内"),
        ("950万次（目标1000万）", "950 万次 （ 目标1000万 ）"),
        ("不超过五千元", "不超过 五千 元"),
        ("贰万伍仟圆整", "贰万伍仟 圆整"),
        ("4.6/5", "4.6 / 5"),
        ("1:3.2", "1 : 3.2"),
    ] {
        let read = |text: &str| target::read(&Content::Text(text.into()), false, 1.0).said;
        assert!(matches!(read(written), Said::Value(_)), "{written}");
        assert_eq!(read(written), read(spaced), "{spaced}");
        assert_eq!(read(written), read(&traditional(written)), "{written}");
    }
    for (written, spaced) in [
        ("2024年10月1日", "2024 年 10 月 1 日"),
        ("2024-10-01", "2024 - 10 - 01"),
        ("活动结束后3个工作日", "活动 结束 后 3 个工作日"),
        ("9月30日前", "9月30日 前"),
    ] {
        let read = |text: &str| date::read(&Content::Text(text.into()), &campaign()).said;
        assert!(matches!(read(written), Said::Value(_)), "{written}");
        assert_eq!(read(written), read(spaced), "{spaced}");
        assert_eq!(read(written), read(&traditional(written)), "{written}");
    }
}

#[test]
fn a_number_that_is_none_is_no_value_of_any_kind() {
    for number in [f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
        assert_eq!(all_numbers(&Content::Number(number)), Vec::<f64>::new());
    }
}
