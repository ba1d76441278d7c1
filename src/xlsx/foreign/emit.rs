//! A workbook as it was read, as a plain xlsx package: values, dates, formulas, merges.

use std::collections::{BTreeMap, BTreeSet};

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, Formula, Workbook as Book, Worksheet, XlsxError,
};

use crate::cell::{CellRef, Content};
use crate::locale::columns;
use crate::workbook::{Cell, Sheet, Shown, Visibility, Workbook};

/// Excel's longest text, in UTF-16 units.
const TEXT: usize = 32_767;
/// Excel's longest sheet name, in UTF-16 units.
const NAME: usize = 31;
/// How wide a column may get, in characters.
const WIDTHS: std::ops::RangeInclusive<usize> = 8..=40;

/// Serials below this are spans of time, not dates: nobody reviews the first months of 1900.
const SPANS: std::ops::Range<f64> = 1.0..61.0;

/// The formats dates, percentages and the like are shown in.
struct Formats {
    day: Format,
    moment: Format,
    time: Format,
    span: Format,
    percent: Format,
    text: Format,
}

/// The bytes of the package; the same workbook gives the same.
pub(super) fn package(mut workbook: Workbook) -> Result<Vec<u8>, XlsxError> {
    rename(&mut workbook);
    let mut properties = DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2025, 1, 1)?);
    for (name, value) in &workbook.properties {
        properties = properties.set_custom_property(name.as_str(), value.as_str());
    }
    let formats = Formats {
        day: Format::new().set_num_format("yyyy-mm-dd"),
        moment: Format::new().set_num_format("yyyy-mm-dd hh:mm"),
        time: Format::new().set_num_format("hh:mm:ss"),
        span: Format::new().set_num_format("[h]:mm:ss"),
        percent: Format::new().set_num_format("0.##%"),
        text: Format::new().set_num_format("@"),
    };
    let mut book = Book::new();
    book.set_properties(&properties);
    let mut shown = false;
    for sheet in &workbook.sheets {
        let mut page = Worksheet::new();
        page.set_name(&*sheet.name)?;
        fill(&mut page, sheet, &formats)?;
        match sheet.visible {
            Visibility::Visible if !shown => {
                page.set_active(true);
                page.set_first_tab(true);
                shown = true;
            }
            Visibility::Visible => {}
            Visibility::Hidden => drop(page.set_hidden(true)),
            Visibility::VeryHidden => drop(page.set_very_hidden(true)),
        }
        book.push_worksheet(page);
    }
    if !shown && let Ok(first) = book.worksheet_from_index(0) {
        // A workbook nobody sees cannot be opened.
        first.set_hidden(false).set_active(true);
    }
    for (name, meaning) in &workbook.names {
        book.define_name(name.as_str(), &format!("={meaning}"))?;
    }
    book.save_to_buffer()
}

/// Gives every sheet a name Excel takes and no other sheet has.
fn rename(workbook: &mut Workbook) {
    let mut taken = BTreeSet::new();
    for sheet in &mut workbook.sheets {
        let plain: String = sheet
            .name
            .chars()
            .map(|c| if c.is_control() || "[]:*?/\\".contains(c) { '_' } else { c })
            .collect();
        let plain = plain.trim_matches('\'').trim();
        let plain = if plain.is_empty() || plain.eq_ignore_ascii_case("history") { "表" } else { plain };
        let name = (1..)
            .map(|n| if n == 1 { cut(plain, NAME) } else { format!("{} ({n})", cut(plain, NAME - 8)) })
            .find(|name| taken.insert(name.to_lowercase()));
        sheet.name = name.unwrap_or_default().into();
    }
}

/// The beginning of a text, in UTF-16 units.
fn cut(text: &str, most: usize) -> String {
    let mut units = 0;
    text.chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= most
        })
        .collect()
}

fn fill(page: &mut Worksheet, sheet: &Sheet, formats: &Formats) -> Result<(), XlsxError> {
    let plain = Format::new();
    for area in &sheet.merges {
        if area.first != area.last {
            // Areas that overlap are no workbook's; the first one stands.
            let (first, last) = (area.first, area.last);
            let _ = page.merge_range(first.row, column(first)?, last.row, column(last)?, "", &plain);
        }
    }
    for (at, cell) in &sheet.cells {
        put(page, *at, cell, formats)?;
    }
    for (col, width) in widths(sheet) {
        page.set_column_width(column(CellRef::new(0, col))?, width as f64 + 1.0)?;
    }
    Ok(())
}

/// Wide enough for what stands in a column, but for titles and remarks that run on over blank neighbours.
fn widths(sheet: &Sheet) -> BTreeMap<u32, usize> {
    let mut widths = BTreeMap::new();
    for (at, cell) in &sheet.cells {
        let width = match &cell.content {
            Content::Serial(_) => 16,
            content => content.to_text().lines().map(columns).max().unwrap_or(0),
        };
        let runs_on = width > *WIDTHS.end() || !sheet.cells.contains_key(&CellRef::new(at.row, at.col + 1));
        if matches!(cell.content, Content::Text(_)) && runs_on && width > 2 * WIDTHS.start() {
            continue;
        }
        let widest = widths.entry(at.col).or_insert(*WIDTHS.start());
        *widest = width.clamp(*widest, *WIDTHS.end());
    }
    widths
}

/// The number format that shows an amount in thousands, 万 or millions, or in another currency than 元.
fn code_of(shown: Shown) -> Option<String> {
    match shown {
        Shown::Scaled(3) => Some("#,##0,".into()),
        Shown::Scaled(4) => Some("0\\.0,\"万\"".into()),
        Shown::Scaled(6) => Some("#,##0.0,,".into()),
        Shown::Foreign(currency) => Some(format!("[${}] #,##0.00", currency.code())),
        _ => None,
    }
}

fn put(page: &mut Worksheet, at: CellRef, cell: &Cell, formats: &Formats) -> Result<(), XlsxError> {
    let (row, col) = (at.row, column(at)?);
    let format = match (&cell.content, cell.shown) {
        (Content::Serial(serial), _) if (0.0..1.0).contains(serial) => Some(&formats.time),
        (Content::Serial(serial), _) if SPANS.contains(serial) => Some(&formats.span),
        (Content::Serial(serial), _) if serial.fract() == 0.0 => Some(&formats.day),
        (Content::Serial(_), _) => Some(&formats.moment),
        (_, Shown::Percent) => Some(&formats.percent),
        (Content::Number(_), Shown::Text) => Some(&formats.text),
        _ => None,
    };
    // Scales and currencies are few and many: each cell gets its own.
    let own = code_of(cell.shown).map(|code| Format::new().set_num_format(code));
    let format = format.or(own.as_ref());
    let result = match &cell.content {
        Content::Number(number) | Content::Serial(number) => number.to_string(),
        Content::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.to_owned(),
        Content::Text(text) => cut(text, TEXT),
        Content::Error(code) => code.clone(),
        Content::Blank => String::new(),
    };
    let formula = match (&cell.content, &cell.formula) {
        // The writer takes a result that looks like a number, or like TRUE, for one.
        (Content::Text(_), Some(_))
            if result.parse::<f64>().is_ok() || matches!(&*result, "TRUE" | "FALSE") =>
        {
            None
        }
        (_, Some(formula)) => Some(formula.clone()),
        // An error is written as the formula that gives it.
        (Content::Error(code), None) => Some(if is_literal(code) { code.clone() } else { "NA()".into() }),
        _ => None,
    };
    if let Some(formula) = formula {
        let formula = Formula::new(formula).set_result(result);
        return match format {
            Some(format) => page.write_formula_with_format(row, col, formula, format),
            None => page.write_formula(row, col, formula),
        }
        .map(drop);
    }
    match (&cell.content, format) {
        (Content::Number(number) | Content::Serial(number), Some(format)) => {
            page.write_number_with_format(row, col, *number, format).map(drop)
        }
        (Content::Number(number) | Content::Serial(number), None) => {
            page.write_number(row, col, *number).map(drop)
        }
        (Content::Bool(yes), _) => page.write_boolean(row, col, *yes).map(drop),
        (Content::Text(_), _) => page.write_string(row, col, result).map(drop),
        (Content::Error(_) | Content::Blank, _) => Ok(()),
    }
}

fn is_literal(code: &str) -> bool {
    matches!(code, "#DIV/0!" | "#N/A" | "#NAME?" | "#NULL!" | "#NUM!" | "#REF!" | "#VALUE!")
}

fn column(at: CellRef) -> Result<u16, XlsxError> {
    u16::try_from(at.col).map_err(|_| XlsxError::RowColumnLimitError)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::cell::Area;
    use crate::xlsx::guard::Limits;
    use crate::xlsx::read::read;

    fn cell(content: Content) -> Cell {
        let shown = if let Content::Serial(_) = content { Shown::Date } else { Shown::General };
        Cell { content, formula: None, shown }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let mut sheet = Sheet::new("表");
        let text = |text: &str| cell(Content::Text(text.into()));
        let cells = [
            cell(Content::Number(42.0)),
            cell(Content::Number(0.1 + 0.2)),
            cell(Content::Serial(45_748.0)),
            cell(Content::Serial(45_748.5)),
            cell(Content::Serial(0.75)),
            Cell { shown: Shown::Percent, ..cell(Content::Number(0.155)) },
            Cell { shown: Shown::Scaled(4), ..cell(Content::Number(2_559_200.0)) },
            Cell { shown: Shown::Text, ..cell(Content::Number(7.0)) },
            cell(Content::Serial(1.25)),
            text("=cmd|'/c calc'!A0"),
            text("007"),
            text("甲\n乙"),
            cell(Content::Bool(true)),
            Cell { formula: Some("#DIV/0!".into()), ..cell(Content::Error("#DIV/0!".into())) },
            Cell { formula: Some("SUM(A1:B1)".into()), ..cell(Content::Number(42.3)) },
            Cell { formula: Some("A1&\"\"".into()), ..text("好") },
            Cell { formula: Some("C1".into()), ..cell(Content::Serial(45_748.0)) },
        ];
        for (col, cell) in (0..).zip(cells) {
            sheet.cells.insert(CellRef::new(0, col), cell);
        }
        sheet.merges.push(Area::parse("A3:B4").unwrap());
        sheet.cells.insert(CellRef::new(2, 0), text("合并"));
        let workbook = Workbook {
            sheets: vec![sheet.clone()],
            names: [("_fupan.campaign".to_owned(), "\"C1\"".to_owned())].into_iter().collect(),
            properties: [("fupan.campaign".to_owned(), "C1".to_owned())].into_iter().collect(),
            ..Workbook::default()
        };
        let bytes = package(workbook.clone()).unwrap();
        assert_eq!(package(workbook.clone()).unwrap(), bytes, "the same workbook gives the same bytes");
        let back = read(&bytes, &Limits::default()).unwrap();
        assert_eq!(back.sheets[0].cells, sheet.cells);
        assert_eq!(back.sheets[0].merges, sheet.merges);
        assert_eq!((back.names, back.properties), (workbook.names, workbook.properties));
    }

    #[test]
    fn names_no_excel_takes_are_mended() {
        let sheets = ["a/b", "A_B", "", &"长".repeat(40), "'x'"].map(Sheet::new);
        let bytes = package(Workbook { sheets: sheets.to_vec(), ..Workbook::default() }).unwrap();
        let back = read(&bytes, &Limits::default()).unwrap();
        let names: Vec<&str> = back.sheets.iter().map(|sheet| &*sheet.name).collect();
        assert_eq!(names, ["a_b", "A_B (2)", "表", &"长".repeat(31), "x"]);
    }

    #[test]
    fn a_workbook_of_hidden_sheets_shows_one() {
        let mut sheet = Sheet::new("a");
        sheet.visible = Visibility::Hidden;
        let bytes = package(Workbook { sheets: vec![sheet], ..Workbook::default() }).unwrap();
        assert_eq!(read(&bytes, &Limits::default()).unwrap().sheets[0].visible, Visibility::Visible);
    }
}
