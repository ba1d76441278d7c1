//! A suggested text as the cell of its column should hold it: a number as a number, a day as a day.
//!
//! A text stays a text where the cell's format would show the number as something else.

use super::{Column, Kind, Shown};
use crate::cell::Content;
use crate::page::serial;
use crate::quantity::{self, Calendar, Expect, Unit};
use crate::workbook::{self, Cell};

/// What a cell should hold for a suggestion. `factor` is what the header multiplies bare numbers
/// by; a column that is none of ours takes a number where it holds one.
pub fn content(column: Option<&Column>, factor: f64, cell: &Cell, suggestion: &str) -> Content {
    let text = Content::Text(suggestion.to_owned());
    let percent = cell.shown == workbook::Shown::Percent;
    let held_text = matches!(cell.content, Content::Text(_));
    let counted =
        |expect| quantity::number::read(&text, 1.0, expect).get().map(|number| number.value / factor);
    let rate = || {
        let ratio = quantity::percent::read(&text, false).get().map(|number| number.value)?;
        // A text beside others of its kind reads better than 0.123 without a format.
        (percent || !held_text).then_some(if percent { ratio } else { ratio / factor })
    };
    let multiple = || quantity::percent::ratio(&text).get().map(|number| number.value);
    let measured = || {
        let reading = quantity::measure::read(&text, percent, 1.0);
        let number = reading.get().filter(|number| number.unit == Unit::None && !held_text)?;
        Some(number.value / factor)
    };
    let number = match column.map(|column| (column.kind, column.shown)) {
        Some((Kind::Count, _)) => counted(Expect::Count),
        Some((Kind::Number, _)) => counted(Expect::Plain),
        Some((Kind::Money, _) | (Kind::Calc, Some(Shown::Money))) => counted(Expect::Money),
        Some((Kind::Percent, _) | (Kind::Calc, Some(Shown::Percent))) => rate(),
        Some((Kind::Calc, Some(Shown::Ratio))) => multiple(),
        Some((Kind::Calc, Some(Shown::Number) | None) | (Kind::Measure | Kind::Target, _)) => measured(),
        Some((Kind::Score, _)) => quantity::score::read(&text).get().map(|number| number.value),
        Some((Kind::Date, _)) if cell.shown == workbook::Shown::Date => {
            let day = quantity::date::read(&text, &Calendar::default());
            return day.get().map_or(text, |day| Content::Serial(serial(*day)));
        }
        Some(_) => None,
        None if matches!(cell.content, Content::Number(_)) => multiple(),
        None => None,
    };
    number.filter(|n| n.is_finite()).map_or(text, Content::Number)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;

    #[test]
    fn a_suggestion_becomes_what_its_column_holds() {
        use Content::{Blank, Number, Serial, Text};
        let general = workbook::Shown::General;
        let text = |text: &str| Text(text.to_owned());
        let cases = [
            // column, factor of the header, what stands there, its format, suggestion, what is written
            ("daily.exposure", 1.0, Number(12.0), general, "12万", Number(120_000.0)),
            ("budget.total", 10_000.0, Number(0.3), general, "5000", Number(0.5)),
            ("daily.ctr", 1.0, Number(0.08), workbook::Shown::Percent, "4.0%", Number(0.04)),
            ("daily.ctr", 0.01, Number(8.0), general, "4.0%", Number(4.0)),
            ("daily.ctr", 1.0, text("8%"), general, "4.0%", text("4.0%")),
            ("daily.cvr", 1.0, Number(15.0), general, "15%", Number(0.15)),
            ("daily.date", 1.0, Serial(45_000.0), workbook::Shown::Date, "2024-10-01", Serial(45_566.0)),
            ("daily.date", 1.0, text("去年10月1日"), general, "2024-10-01", text("2024-10-01")),
            ("kpi.direction", 1.0, text("越大越号"), general, "越大越好", text("越大越好")),
            ("results.actual", 1.0, Number(5.2), general, "5.2万", Number(52_000.0)),
            ("tasks.code", 1.0, Blank, general, "T001", text("T001")),
        ];
        for (column, factor, content, shown, suggestion, expected) in cases {
            let (table, column) = column.split_once('.').unwrap();
            let column = Catalogue::shipped().tables[table].column(column);
            let cell = Cell { content, formula: None, shown };
            assert_eq!(super::content(column, factor, &cell, suggestion), expected, "{table} {suggestion}");
        }
    }
}
