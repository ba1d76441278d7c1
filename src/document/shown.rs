//! What a cell shows, as text: the same as a workbook's number formats make of it.

use crate::expr::Val;
use crate::locale::Lang;
use crate::page::{PageCell, Shape, Show, TimeUnit};

/// The text of a cell; a formula shows its value, nothing shows nothing.
pub fn shown(cell: &PageCell, lang: Lang) -> String {
    match &cell.show {
        Show::Text(text) | Show::Link(text, _) | Show::File(text, _) => text.clone(),
        Show::Date(day) => day.format("%Y-%m-%d").to_string(),
        show => match show.value() {
            Val::Number(n) if n.is_finite() => number(n, cell.shape, lang),
            Val::Text(text) => text.to_string(),
            _ => String::new(),
        },
    }
}

fn number(n: f64, shape: Shape, lang: Lang) -> String {
    match shape {
        Shape::General | Shape::Wrapped => general(n),
        Shape::Integer => signed(n, 0, ""),
        Shape::Decimal => signed(n, 2, ""),
        // A ratio has no thousands worth parting.
        Shape::Ratio => signed(n, 2, "").replace(',', ""),
        Shape::Percent => percent(n),
        Shape::PercentSigned if rounded(n * 100.0, 1) > 0.0 => format!("+{}", percent(n)),
        Shape::PercentSigned => percent(n),
        Shape::Money => signed(n, 0, "¥"),
        Shape::Wan => match lang {
            Lang::Zh => format!("{}万", wan(n)),
            Lang::ZhHant => format!("{}萬", wan(n)),
            Lang::En => format!("{}k", signed(n / 1e3, 0, "")),
        },
        Shape::Points => {
            let sign = if rounded(n, 1) > 0.0 { "+" } else { "" };
            let unit = in_language(["个百分点", "個百分點", " pp"], lang);
            format!("{sign}{}{unit}", signed(n, 1, ""))
        }
        Shape::Duration(unit) => {
            let unit = match unit {
                TimeUnit::Second => ["秒", "秒", " s"],
                TimeUnit::Minute => ["分钟", "分鐘", " min"],
                TimeUnit::Hour => ["小时", "小時", " h"],
                TimeUnit::Day => ["天", "天", " d"],
            };
            format!("{}{}", signed(n, 1, ""), in_language(unit, lang))
        }
        Shape::Date => moment(n, "%Y-%m-%d"),
        Shape::Moment => moment(n, "%Y-%m-%d %H:%M"),
    }
}

/// Of a text in simplified, traditional Chinese and English the one asked for.
fn in_language(texts: [&'static str; 3], lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => texts[0],
        Lang::ZhHant => texts[1],
        Lang::En => texts[2],
    }
}

fn percent(n: f64) -> String {
    format!("{:.1}%", rounded(n * 100.0, 1))
}

fn wan(n: f64) -> String {
    format!("{:.1}", rounded(n / 1e4, 1))
}

/// Whole numbers as they are, others with as many digits as a narrow cell shows.
fn general(n: f64) -> String {
    if n.fract() == 0.0 && n.abs() < 1e11 {
        return format!("{n:.0}");
    }
    let text = format!("{n:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Groups of three, so many decimals, the sign before the currency.
fn signed(n: f64, decimals: usize, currency: &str) -> String {
    let n = rounded(n, decimals);
    let text = format!("{:.decimals$}", n.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let (sign, point) = (if n < 0.0 { "-" } else { "" }, if fraction.is_empty() { "" } else { "." });
    format!("{sign}{currency}{grouped}{point}{fraction}")
}

/// Rounded as people and spreadsheets do: halves go away from zero, counted on fifteen digits.
fn rounded(n: f64, decimals: usize) -> f64 {
    let power = 10f64.powi(i32::try_from(decimals).unwrap_or(0));
    let scaled = n * power;
    let exact: f64 = format!("{scaled:.14e}").parse().unwrap_or(scaled);
    // Adding zero takes the sign off a zero.
    exact.round() / power + 0.0
}

fn moment(serial: f64, format: &str) -> String {
    let seconds = (serial * 86_400.0).round();
    let epoch = chrono::NaiveDate::from_ymd_opt(1899, 12, 30).and_then(|day| day.and_hms_opt(0, 0, 0));
    let at = epoch.filter(|_| seconds.abs() < 1e12).and_then(|epoch| {
        #[allow(clippy::cast_possible_truncation)]
        epoch.checked_add_signed(chrono::TimeDelta::try_seconds(seconds as i64)?)
    });
    at.map_or_else(|| general(serial), |at| at.format(format).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_show_as_a_workbook_would_show_them() {
        for (n, shape, text) in [
            (1_694_800.0, Shape::Money, "¥1,694,800"),
            (-870_216.4, Shape::Money, "-¥870,216"),
            (6_572_200.0, Shape::Wan, "657.2万"),
            (-1_000.0, Shape::Wan, "-0.1万"),
            (1.079_178_98, Shape::Percent, "107.9%"),
            (0.0005, Shape::Percent, "0.1%"),
            (1.005, Shape::Ratio, "1.01"),
            (-0.0, Shape::Integer, "0"),
            (-0.2, Shape::Integer, "0"),
            (0.03, Shape::PercentSigned, "+3.0%"),
            (-0.03, Shape::PercentSigned, "-3.0%"),
            (0.0, Shape::PercentSigned, "0.0%"),
            (5.166_82, Shape::Ratio, "5.17"),
            (1234.5, Shape::Decimal, "1,234.50"),
            (45_639.0, Shape::Date, "2024-12-13"),
            (45_639.437_5, Shape::Moment, "2024-12-13 10:30"),
            (3.0, Shape::General, "3"),
            (0.25, Shape::General, "0.25"),
            (1e300, Shape::Date, &general(1e300)),
        ] {
            assert_eq!(shown(&PageCell::from(n).shaped(shape), Lang::Zh), text, "{shape:?}");
        }
        assert_eq!(shown(&PageCell::from(12_345.0).shaped(Shape::Wan), Lang::En), "12k");
        assert_eq!(shown(&PageCell::default(), Lang::Zh), "");
    }
}
