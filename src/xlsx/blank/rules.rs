//! The rules of single cells as Excel keeps them: a dropdown or an alert that
//! warns, a prompt that explains, and a tint that survives pasting.

use rust_xlsxwriter::{
    ConditionalFormatFormula, DataValidation, DataValidationErrorStyle as Style, Formula, Worksheet,
    XlsxError,
};

use super::Blank;
use super::carrier::list_name;
use super::site::{FIRST, Site, absolute};
use crate::catalogue::{Column, Kind, Layout, Words};
use crate::cell::{Area, CellRef, column_name};

/// Excel allows this many UTF-16 units in a prompt or an alert …
const MESSAGE: usize = 255;
/// … and this many in its title.
const TITLE: usize = 32;
/// Excel's serials of 2000-01-01 and 2099-12-31: outside, a date is a slip.
const DAYS: (u32, u32) = (36526, 73050);

/// Puts prompt, alert and tints on the cells of one column.
pub(super) fn put(blank: &Blank, site: &Site, position: u32, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let Some(column) = site.table.columns.get(position as usize) else { return Ok(()) };
    let cells = site.cells(position);
    let (first, last) = (cells.first, cells.last);
    let validation = validation(blank, site, column, first)?;
    sheet.add_data_validation(first.row, first.col as u16, last.row, last.col as u16, &validation)?;

    let mut tint = |rule: String, format| {
        let rule = ConditionalFormatFormula::new().set_rule(rule.as_str()).set_format(format);
        sheet
            .add_conditional_format(first.row, first.col as u16, last.row, last.col as u16, &rule)
            .map(|_| ())
    };
    if column.required {
        tint(missing(site, first), blank.look.missing())?;
    }
    if let Some(rule) = unlikely(column, first) {
        tint(rule, blank.look.check())?;
    }
    if column.unique && site.table.layout == Layout::List {
        let rule = format!("=AND({first}<>\"\",COUNTIF({},{first})>1)", absolute(cells));
        tint(rule, blank.look.check())?;
    }
    Ok(())
}

/// Asks before a header is typed over: the workbook is known by them, and whoever renames one should mean it.
pub(super) fn guard(
    blank: &Blank,
    sheet: &mut Worksheet,
    row: u32,
    first: u16,
    last: u16,
) -> Result<(), XlsxError> {
    sheet.add_data_validation(row, first, row, last, &asked(blank, &blank.catalogue.words.alert.header)?)?;
    Ok(())
}

/// The same of labels below each other.
pub(super) fn guard_down(
    blank: &Blank,
    sheet: &mut Worksheet,
    col: u16,
    first: u32,
    last: u32,
) -> Result<(), XlsxError> {
    sheet.add_data_validation(first, col, last, col, &asked(blank, &blank.catalogue.words.alert.header)?)?;
    Ok(())
}

/// A rule that asks whatever is typed.
fn asked(blank: &Blank, message: &Words) -> Result<DataValidation, XlsxError> {
    DataValidation::new()
        .allow_custom(Formula::new("=FALSE"))
        .set_error_style(Style::Warning)
        .set_error_message(cut(&message.get(blank.lang), MESSAGE))
}

fn validation(
    blank: &Blank,
    site: &Site,
    column: &Column,
    first: CellRef,
) -> Result<DataValidation, XlsxError> {
    let words = &blank.catalogue.words.alert;
    let source = match (column.list(), &column.references) {
        (Some(list), _) if column.kind != Kind::Calc => Some(format!("={}", list_name(list))),
        // A cell that takes several names cannot be held to a dropdown of one.
        (_, Some(target)) if column.kind != Kind::List => {
            blank.sites.referred(target).map(|range| format!("={range}"))
        }
        _ => None,
    };
    if column.kind == Kind::Calc {
        return prompt(blank, site, column, asked(blank, &words.computed)?);
    }
    let rule = DataValidation::new();
    let (rule, style, message) = if let Some(source) = source {
        let rule = rule.allow_list_formula(Formula::new(source));
        match column.kind {
            Kind::Choice | Kind::Yesno => (rule, Style::Warning, &words.choice),
            _ => (rule, Style::Information, &words.open),
        }
    } else if let Some((accepted, message)) = accepted(blank, column, first) {
        (rule.allow_custom(Formula::new(accepted)), Style::Warning, message)
    } else {
        let rule = rule.allow_any_value().show_error_message(false);
        return prompt(blank, site, column, rule);
    };
    let rule = rule
        .set_error_style(style)
        .set_error_title(cut(&words.title.get(blank.lang), TITLE))?
        .set_error_message(cut(&message.get(blank.lang), MESSAGE))?;
    prompt(blank, site, column, rule)
}

fn prompt(
    blank: &Blank,
    site: &Site,
    column: &Column,
    rule: DataValidation,
) -> Result<DataValidation, XlsxError> {
    let words = &blank.catalogue.words.prompt;
    let mut message = String::new();
    if column.required {
        message += &words.required.get(blank.lang);
    }
    message += &column.meaning.get(blank.lang);
    // A form shows its example beside the cell; there is no need to say it twice.
    if let Some(example) = column.example.as_ref().filter(|_| site.table.layout == Layout::List) {
        message += &words.stop.get(blank.lang);
        message += &words.example.get(blank.lang).replace("{example}", &example.get(blank.lang));
    }
    rule.set_input_message(cut(&message, MESSAGE))
}

/// What a typed value may be without a question, and the question otherwise. Text always passes:
/// `500万元` is how people write, and the reader understands it.
fn accepted<'a>(blank: &'a Blank, column: &Column, cell: CellRef) -> Option<(String, &'a Words)> {
    let words = &blank.catalogue.words.alert;
    let message = match column.kind {
        Kind::Percent => &words.rate,
        Kind::Date | Kind::Datetime => &words.date,
        Kind::Score => &words.score,
        _ => &words.amount,
    };
    Some((format!("=OR(ISTEXT({cell}),{})", likely(column, cell)?), message))
}

/// The condition under which a number is likely; `None` where every number is.
fn likely(column: &Column, cell: CellRef) -> Option<String> {
    match column.kind {
        Kind::Count | Kind::Money | Kind::Price | Kind::Quantity | Kind::Number | Kind::Duration
            if !column.negative =>
        {
            Some(format!("{cell}>=0"))
        }
        Kind::Percent if column.over_one => Some(format!("{cell}>=0")),
        Kind::Percent => Some(format!("AND({cell}>=0,{cell}<=1)")),
        Kind::Date | Kind::Datetime => Some(format!("AND({cell}>={},{cell}<{})", DAYS.0, DAYS.1 + 1)),
        Kind::Score => Some(format!("AND({cell}>=1,{cell}<=5)")),
        _ => None,
    }
}

/// The tint rule of a value outside its list or beyond what is possible.
fn unlikely(column: &Column, cell: CellRef) -> Option<String> {
    match (column.kind, column.list()) {
        (Kind::Choice | Kind::Yesno, Some(list)) => {
            Some(format!("=AND(LEN(TRIM({cell}))>0,ISNA(MATCH(TRIM({cell}),{},0)))", list_name(list)))
        }
        _ => likely(column, cell).map(|likely| format!("=AND(ISNUMBER({cell}),NOT({likely}))")),
    }
}

/// The tint rule of a required cell that is empty while its row or form is in use.
fn missing(site: &Site, cell: CellRef) -> String {
    let telling: Vec<u32> = site.telling().map(|(position, _)| position).collect();
    let spans = match site.table.layout {
        Layout::Form => absolute(Area::new(site.cells(0).first, CellRef::new(site.last(), cell.col))),
        Layout::List => {
            let span = |(first, last)| {
                format!("${}{row}:${}{row}", column_name(first), column_name(last), row = FIRST + 1)
            };
            runs(&telling).into_iter().map(span).collect::<Vec<_>>().join(",")
        }
    };
    format!("=AND({cell}=\"\",COUNTA({spans})>0)")
}

/// Neighbouring positions brought together: 0 1 2 5 is 0–2, 5–5.
fn runs(positions: &[u32]) -> Vec<(u32, u32)> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for position in positions.iter().copied() {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == position => *last = position,
            _ => runs.push((position, position)),
        }
    }
    runs
}

/// The text, cut to so many UTF-16 units.
fn cut(text: &str, units: usize) -> String {
    let mut taken = 0;
    text.chars()
        .take_while(|c| {
            taken += c.len_utf16();
            taken <= units
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbouring_columns_are_counted_as_one_range() {
        assert_eq!(runs(&[0, 1, 2, 5, 7, 8]), [(0, 2), (5, 5), (7, 8)]);
        assert_eq!(runs(&[]), []);
    }

    #[test]
    fn a_prompt_is_cut_at_whole_characters() {
        assert_eq!(cut("复盘", 1), "复");
        assert_eq!(cut("🔴🟡", 3), "🔴");
    }
}
