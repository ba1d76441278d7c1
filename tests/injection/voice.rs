//! How one team writes: the same meaning as 500万元, 5,000,000 or ¥5,000,000.00; as 2024/11/1 or 11月1日.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use fupan::catalogue::{Catalogue, Column, Kind};
use fupan::cell::Content;
use fupan::locale::Lang;
use fupan::workbook::{Cell, Shown};

use super::chance::Chance;
use super::draft::{Bound, Say, Unit};

/// A team's habits. A habit holds for a whole column, as people fill columns.
#[derive(Debug, Clone, Copy)]
pub struct Voice {
    pub seed: u64,
    pub lang: Lang,
    /// Only plain numbers and true dates, as a person does who lets the spreadsheet format them.
    pub plain: bool,
    /// The workbook computes; where it does not, what it would compute is typed.
    pub computes: bool,
}

/// The serial of a day.
pub fn serial(day: NaiveDate) -> f64 {
    (day - NaiveDate::from_ymd_opt(1899, 12, 30).unwrap()).num_days() as f64
}

/// The serial of a moment.
pub fn moment_serial(moment: NaiveDateTime) -> f64 {
    serial(moment.date()) + f64::from(moment.num_seconds_from_midnight()) / 86_400.0
}

/// The shortest decimal, with at most six digits behind the point.
pub fn decimal(n: f64) -> String {
    let text = format!("{n:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// With thousands separators.
pub fn grouped(n: f64) -> String {
    let text = decimal(n);
    let (whole, rest) =
        text.split_once('.').map_or((text.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    rest.map_or_else(|| format!("{sign}{out}"), |rest| format!("{sign}{out}.{rest}"))
}

/// In 亿 or 万 where large.
pub fn short(n: f64) -> String {
    if n.abs() >= 1e8 {
        format!("{}亿", decimal(n / 1e8))
    } else if n.abs() >= 1e4 {
        format!("{}万", decimal(n / 1e4))
    } else {
        decimal(n)
    }
}

fn text(text: impl Into<String>) -> Cell {
    Cell { content: Content::Text(text.into()), ..Cell::default() }
}

fn number(n: f64) -> Cell {
    Cell { content: Content::Number(n), ..Cell::default() }
}

fn percent(n: f64) -> Cell {
    Cell { content: Content::Number((n * 1e6).round() / 1e6), shown: Shown::Percent, ..Cell::default() }
}

fn figure(n: f64, unit: Unit, habit: usize) -> String {
    match unit {
        Unit::Yuan => match habit % 4 {
            0 => format!("{}元", short(n)),
            1 => format!("{}元", grouped(n)),
            2 if n >= 1e4 => short(n),
            _ => format!("¥{}", grouped(n)),
        },
        Unit::Percent => format!("{}{}", decimal(n * 100.0), if habit % 3 == 1 { "％" } else { "%" }),
        Unit::Times => match habit % 3 {
            0 => format!("{}倍", decimal(n)),
            1 => format!("1:{}", decimal(n)),
            _ => decimal(n),
        },
        Unit::Word(word) => match habit % 3 {
            0 => format!("{}{word}", decimal(n)),
            1 => format!("{}{word}", grouped(n)),
            _ => format!("{}{word}", short(n)),
        },
    }
}

impl Voice {
    /// The habit for a column: some number that stays the same for it.
    fn habit(&self, table: &str, column: &str) -> usize {
        Chance::of(self.seed, &format!("{table}.{column}")).below(5040)
    }

    /// The cell for a meaning in a column; `None` where nothing is typed.
    pub fn spell(&self, catalogue: &Catalogue, table: &str, column: &Column, say: &Say) -> Option<Cell> {
        let habit = if self.plain { 0 } else { self.habit(table, &column.id) };
        Some(match say {
            Say::Text(words) => text(words),
            Say::Number(n) => number(*n),
            Say::Money(n) if self.plain => number(*n),
            Say::Money(n) => match habit % 7 {
                0 | 1 => number(*n),
                2 => text(grouped(*n)),
                3 => text(short(*n)),
                4 => text(format!("¥{}.00", grouped(*n))),
                5 => text(format!("{}元", short(*n))),
                _ => Cell { shown: Shown::Scaled(4), ..number(*n) },
            },
            Say::Count(n) if self.plain => number(*n),
            Say::Count(n) => match (habit % 6, column.unit.as_deref()) {
                (0, _) => text(grouped(*n)),
                (1, _) => text(short(*n)),
                (2, Some(unit)) => text(format!("{}{unit}", decimal(*n))),
                _ => number(*n),
            },
            Say::Rate(n) if self.plain => percent(*n),
            Say::Rate(n) => match habit % 4 {
                0 => text(format!("{}%", decimal(n * 100.0))),
                1 => text(format!("{}％", decimal(n * 100.0))),
                _ => percent(*n),
            },
            Say::Day(day) => self.day(*day, habit % 9),
            Say::FullDay(day) => self.day(*day, habit % 7),
            Say::Moment(moment) => match habit % 4 {
                0 => Cell {
                    content: Content::Serial(moment_serial(*moment)),
                    shown: Shown::Date,
                    ..Cell::default()
                },
                1 => text(moment.format("%Y-%m-%d %H:%M").to_string()),
                2 => text(moment.format("%Y/%-m/%-d %H:%M").to_string()),
                _ => text(moment.format("%Y年%-m月%-d日 %H:%M").to_string()),
            },
            Say::Span(first, last) => text(span(*first, *last, habit % 6)),
            Say::Pick(id) | Say::ComputedWord(id) => {
                let choices = catalogue.choices_of(column);
                let choice = choices.iter().find(|choice| choice.id == *id)?;
                if matches!(say, Say::ComputedWord(_)) && !self.computes && habit % 2 == 0 {
                    return None;
                }
                let formula = (matches!(say, Say::ComputedWord(_)) && self.computes).then(String::new);
                let alias = choice.aliases.first().filter(|_| {
                    habit % 11 == 5
                        && matches!(column.choices.as_deref(), Some("level" | "status"))
                        && column.kind == Kind::Choice
                });
                Cell { formula, ..text(alias.cloned().unwrap_or_else(|| choice.label.get(self.lang))) }
            }
            Say::List(names) => text(names.join(["、", "，", ",", "；", "、"][habit % 5])),
            Say::Aim(bound, n, unit) => {
                let plain = figure(*n, *unit, habit / 7);
                match bound {
                    Bound::Plain if *unit == Unit::Word("") && habit % 2 == 0 => number(*n),
                    Bound::Plain => text(plain),
                    Bound::AtLeast => text(match habit % 6 {
                        0 => format!("≥{plain}"),
                        1 => format!(">={plain}"),
                        2 => format!("不低于{plain}"),
                        3 => format!("{plain}以上"),
                        4 => format!("至少{plain}"),
                        _ => format!("≥ {plain}"),
                    }),
                    Bound::AtMost => text(match habit % 6 {
                        0 => format!("≤{plain}"),
                        1 => format!("<={plain}"),
                        2 => format!("不超过{plain}"),
                        3 => format!("{plain}以内"),
                        4 => format!("控制在{plain}以内"),
                        _ => format!("不高于{plain}"),
                    }),
                }
            }
            Say::Measure(n, Unit::Percent) if habit % 2 == 0 => percent(*n),
            Say::Measure(n, Unit::Times) if habit % 4 == 3 => number(*n),
            Say::Measure(n, unit) => text(figure(*n, *unit, habit / 7)),
            Say::Range(low, high, unit) => {
                let (low, high) = (figure(*low, *unit, 0), figure(*high, *unit, 0));
                text(match habit % 4 {
                    0 => format!("{low}-{high}"),
                    1 => format!("{low}~{high}"),
                    2 => format!("{low}至{high}"),
                    _ => format!("{}–{high}", low.trim_end_matches('%')),
                })
            }
            Say::Growth(share) => {
                let share = decimal(share * 100.0);
                text(match habit % 5 {
                    0 => format!("提升{share}%"),
                    1 => format!("增长{share}%"),
                    2 => format!("提高{share}%"),
                    3 => format!("环比增长{share}%以上"),
                    _ => format!("较上期提升{share}%"),
                })
            }
            Say::Computed(n) => {
                let must = column.kind != Kind::Calc;
                if !self.computes && !must && habit % 2 == 0 {
                    return None;
                }
                let formula = self.computes.then(String::new);
                match column.shown {
                    Some(fupan::catalogue::Shown::Percent) => {
                        Cell { formula, shown: Shown::Percent, ..number(*n) }
                    }
                    _ => Cell { formula, ..number(*n) },
                }
            }
            Say::Raw(content, shown) => Cell { content: content.clone(), formula: None, shown: *shown },
            Say::Formula(formula, content) => {
                Cell { content: content.clone(), formula: Some(formula.clone()), shown: Shown::General }
            }
            Say::Unstored(formula) => {
                Cell { content: Content::Blank, formula: Some(formula.clone()), shown: Shown::General }
            }
        })
    }

    fn day(&self, day: NaiveDate, habit: usize) -> Cell {
        match habit {
            0..=2 => Cell { content: Content::Serial(serial(day)), shown: Shown::Date, ..Cell::default() },
            3 => text(day.format("%Y/%-m/%-d").to_string()),
            4 => text(day.format("%Y-%m-%d").to_string()),
            5 => text(day.format("%Y.%-m.%-d").to_string()),
            6 => text(day.format("%Y年%-m月%-d日").to_string()),
            7 => text(day.format("%-m月%-d日").to_string()),
            _ => text(day.format("%-m/%-d").to_string()),
        }
    }
}

fn span(first: NaiveDate, last: NaiveDate, habit: usize) -> String {
    let full = |day: NaiveDate, pattern: &str| day.format(pattern).to_string();
    let same_year = first.year() == last.year();
    match habit {
        1 if same_year => format!("{}-{}", full(first, "%Y年%-m月%-d日"), full(last, "%-m月%-d日")),
        2 => format!("{}-{}", full(first, "%Y.%-m.%-d"), full(last, "%Y.%-m.%-d")),
        3 => format!("{}至{}", full(first, "%Y/%-m/%-d"), full(last, "%Y/%-m/%-d")),
        4 => format!("{}至{}", full(first, "%Y年%-m月%-d日"), full(last, "%Y年%-m月%-d日")),
        5 if same_year => format!("{}~{}", full(first, "%Y.%-m.%-d"), full(last, "%-m.%-d")),
        _ => format!("{}~{}", full(first, "%Y-%m-%d"), full(last, "%Y-%m-%d")),
    }
}
