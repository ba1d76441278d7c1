//! `.csv` and its relatives: one table as text, in whatever encoding and with whatever separator.
//!
//! Numbers, percentages and whole dates become what Excel would make of them
//! when it opens such a file, except where that loses something: `007` and
//! order ids stay text.

use chrono::NaiveDate;
use encoding_rs::{Encoding, GB18030};

use super::Room;
use crate::cell::{CellRef, Content, MAX_COLUMNS, MAX_ROWS};
use crate::workbook::{Cell, Sheet, Shown, Workbook};
use crate::xlsx::guard::{Limits, Measure, Refusal};

/// Separators, the likeliest first.
const SEPARATORS: [char; 4] = [',', '\t', ';', '，'];
/// How many rows are looked at to tell a table from prose.
const GLANCE: usize = 200;
/// The share of rows that must be as wide as the table.
const ALIKE: f64 = 0.6;
/// Digits a number keeps in Excel.
const DIGITS: usize = 15;

/// A table; `None` where the text is prose.
pub(super) fn read(bytes: &[u8], name: &str, limits: &Limits) -> Option<Result<Workbook, Refusal>> {
    let found = bytes.len() as u64;
    if found > limits.file.min(limits.part) {
        return Some(Err(Refusal::TooLarge {
            measure: Measure::File,
            found,
            limit: limits.file.min(limits.part),
        }));
    }
    let text = decode(bytes)?;
    let (text, separator) = match text.strip_prefix("sep=").and_then(|rest| rest.split_once('\n')) {
        Some((separator, rest)) => (rest, separator.trim_end_matches('\r').chars().next()?),
        None => (&*text, separator(&text)?),
    };
    Some(table(text, separator, name, limits))
}

/// The text: by its byte order mark, else UTF-8, else what Chinese systems write.
fn decode(bytes: &[u8]) -> Option<String> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]).map(Into::into);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text.to_owned()),
        Err(_) => GB18030.decode_without_bom_handling_and_without_replacement(bytes).map(Into::into),
    }
}

/// The separator that makes most rows equally wide.
fn separator(text: &str) -> Option<char> {
    let mut best: Option<(usize, char)> = None;
    for separator in SEPARATORS {
        let widths: Vec<usize> = Rows::new(text, separator)
            .take(GLANCE)
            .filter(|row| row.iter().any(|field| !field.trim().is_empty()))
            .map(|row| row.len())
            .collect();
        let width = widths
            .iter()
            .copied()
            .max_by_key(|width| (widths.iter().filter(|w| *w == width).count(), *width));
        let Some(width) = width.filter(|width| *width > 1) else { continue };
        let alike = widths.iter().filter(|w| **w == width).count();
        if alike < 2 || (alike as f64) < ALIKE * widths.len() as f64 {
            continue;
        }
        if best.is_none_or(|(most, _)| alike * width > most) {
            best = Some((alike * width, separator));
        }
    }
    best.map(|(_, separator)| separator)
}

fn table(text: &str, separator: char, name: &str, limits: &Limits) -> Result<Workbook, Refusal> {
    let mut sheet = Sheet::new(name);
    let mut room = Room::new(limits);
    for (row, fields) in Rows::new(text, separator).enumerate() {
        for (col, field) in fields.iter().enumerate() {
            let Some((content, shown)) = meaning(field) else { continue };
            if row >= MAX_ROWS as usize || col >= MAX_COLUMNS as usize {
                let detail = "off the grid".to_owned();
                return Err(Refusal::BadCell { sheet: name.into(), cell: format!("{row}/{col}"), detail });
            }
            room.take(field)?;
            sheet.cells.insert(CellRef::new(row as u32, col as u32), Cell { content, formula: None, shown });
        }
    }
    Ok(Workbook { sheets: vec![sheet], ..Workbook::default() })
}

/// What a field holds; `None` where it is blank.
fn meaning(field: &str) -> Option<(Content, Shown)> {
    let trimmed = field.trim();
    // `="30000"` keeps a spreadsheet from changing what an export holds.
    let trimmed = trimmed.strip_prefix("=\"").and_then(|it| it.strip_suffix('"')).map_or(trimmed, str::trim);
    if trimmed.is_empty() {
        return None;
    }
    if let Some(number) = number(trimmed) {
        return Some((Content::Number(number), Shown::General));
    }
    if let Some(number) = trimmed.strip_suffix('%').and_then(number) {
        return Some((Content::Number(number / 100.0), Shown::Percent));
    }
    if let Some(serial) = day(trimmed) {
        return Some((Content::Serial(serial), Shown::Date));
    }
    let text = if trimmed.len() < field.trim().len() { trimmed } else { field };
    Some((Content::Text(text.to_owned()), Shown::General))
}

/// A number that is written the same way again.
fn number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    // Thousands stand in threes: 1,234,567.
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let grouped = groups.clone().next().is_some();
    if grouped && (!(1..=3).contains(&first.len()) || groups.any(|group| group.len() != 3)) {
        return None;
    }
    let whole = whole.replace(',', "");
    let plain = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let kept = plain(&whole)
        && plain(fraction)
        && (whole.len() == 1 || !whole.starts_with('0'))
        && whole.len() + fraction.len() <= DIGITS + 1
        && whole.len() <= DIGITS;
    kept.then(|| text.replace(',', "").parse().ok()).flatten()
}

/// The serial of a whole date, year first: `2024-12-01`, `2024/12/1`.
fn day(text: &str) -> Option<f64> {
    let separator = if text.contains('/') { '/' } else { '-' };
    let mut parts = text.split(separator);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let sized = year.len() == 4 && (1..=2).contains(&month.len()) && (1..=2).contains(&day.len());
    if parts.next().is_some() || !sized {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
    let days = (date - NaiveDate::from_ymd_opt(1899, 12, 30)?).num_days();
    (days >= 61).then_some(days as f64)
}

/// The rows of a text: fields between separators, quotation marks doubled inside quoted ones.
struct Rows<'a> {
    rest: &'a str,
    separator: char,
}

impl<'a> Rows<'a> {
    fn new(text: &'a str, separator: char) -> Rows<'a> {
        Rows { rest: text, separator }
    }
}

impl Iterator for Rows<'_> {
    type Item = Vec<String>;

    fn next(&mut self) -> Option<Vec<String>> {
        if self.rest.is_empty() {
            return None;
        }
        let mut row = Vec::new();
        let mut field = String::new();
        let (mut inside, mut fresh) = (false, true);
        let mut chars = self.rest.char_indices().peekable();
        while let Some((_, c)) = chars.next() {
            if inside {
                match c {
                    '"' if chars.next_if(|(_, c)| *c == '"').is_some() => field.push('"'),
                    '"' => inside = false,
                    c => field.push(c),
                }
                continue;
            }
            match c {
                '"' if fresh => (inside, fresh) = (true, false),
                '\r' | '\n' => {
                    if c == '\r' {
                        chars.next_if(|(_, c)| *c == '\n');
                    }
                    row.push(field);
                    self.rest = chars.peek().map_or("", |(at, _)| &self.rest[*at..]);
                    return Some(row);
                }
                c if c == self.separator => {
                    row.push(std::mem::take(&mut field));
                    fresh = true;
                }
                c => {
                    field.push(c);
                    fresh = false;
                }
            }
        }
        row.push(field);
        self.rest = "";
        Some(row)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn cells(bytes: &[u8]) -> Option<String> {
        let workbook = read(bytes, "表", &Limits::default())?.unwrap();
        let shown = workbook.sheets[0].cells.iter().map(|(at, cell)| match &cell.content {
            Content::Number(n) if cell.shown == Shown::Percent => format!("{at}={n}%"),
            Content::Number(n) => format!("{at}={n}"),
            Content::Serial(n) => format!("{at}=@{n}"),
            content => format!("{at}='{}'", content.to_text()),
        });
        Some(shown.collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn a_table_is_read_in_every_encoding_and_with_every_separator() {
        let text = "渠道,花费\n抖音,1200\n";
        let expected = Some("A1='渠道' B1='花费' A2='抖音' B2=1200".to_owned());
        let utf16: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [
            text.as_bytes().to_vec(),
            format!("\u{feff}{text}").into_bytes(),
            GB18030.encode(text).0.into_owned(),
            utf16,
            text.replace(',', "\t").into_bytes(),
            text.replace(',', ";").into_bytes(),
            text.replace(',', "，").into_bytes(),
            text.replace('\n', "\r\n").into_bytes(),
            text.replace('\n', "\r").into_bytes(),
            format!("sep=;\r\n{}", text.replace(',', ";")).into_bytes(),
        ] {
            assert_eq!(cells(&bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn fields_mean_what_excel_makes_of_them_unless_that_loses_something() {
        for (field, meaning) in [
            ("12.5", "12.5"),
            ("-3", "-3"),
            ("\"1,234,567\"", "1234567"),
            ("15%", "0.15%"),
            ("2024-12-01", "@45627"),
            ("2024/12/1", "@45627"),
            ("2024-13-01", "'2024-13-01'"),
            ("007", "'007'"),
            ("12345678901234567", "'12345678901234567'"),
            ("\"12,34\"", "'12,34'"),
            ("1e5", "'1e5'"),
            ("12月1日", "'12月1日'"),
            ("\"a \"\"b\"\"\nc\"", "'a \"b\"\nc'"),
            ("=SUM(A1)", "'=SUM(A1)'"),
        ] {
            let text = format!("甲,乙\n{field},x\n");
            assert_eq!(
                cells(text.as_bytes()).unwrap(),
                format!("A1='甲' B1='乙' A2={meaning} B2='x'"),
                "{field}"
            );
        }
    }

    #[test]
    fn prose_is_no_table() {
        for text in ["活动很成功。\n下次，再来。\n", "只有一行,两列\n", "", "a\nb\nc\n"] {
            assert_eq!(cells(text.as_bytes()), None, "{text}");
        }
    }
}
