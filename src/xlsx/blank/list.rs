//! The sheet of a list: title, hint, header, prefilled rows, empty rows; an
//! Excel table named after the table's id.

use rust_xlsxwriter::{Format, Table as ExcelTable, TableColumn, TableStyle, Url, Worksheet, XlsxError};

use super::look::{column_width, height, note_height};
use super::site::{FIRST, HEADER, Site, quoted_sheet};
use super::{Blank, look, rules};
use crate::catalogue::issued::HEADER as ROW_IDS;
use crate::catalogue::{Column, Kind, Table};
use crate::locale::width;

/// A column of the team's own takes a short sentence.
const OWN_WIDTH: f64 = 34.0;
/// A table wider than this is printed on two pages side by side; on one it could not be read.
const PAGE_WIDTH: f64 = 230.0;

pub(super) fn write(blank: &Blank, site: &Site, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let table = site.table;
    let widths = widths(blank, table);
    for (col, width) in (0u16..).zip(&widths) {
        sheet.set_column_width(col, *width)?;
    }
    open(blank, site, sheet, &widths)?;

    sheet.set_row_height(HEADER, height::HEADER)?;
    let columns = excel_columns(blank, table);
    let last_col = table.columns.len().saturating_sub(1) as u16;
    let excel_table = ExcelTable::new()
        .set_name(format!("fp_{}", table.id))
        .set_style(TableStyle::None)
        .set_columns(&columns);
    // Inside the table, so that sorting carries the ids along; outside what is printed.
    let ids_col = last_col + 1;
    sheet.set_column_hidden(ids_col)?;
    let own = blank.own.get(&table.id).map_or(&[][..], Vec::as_slice);
    let last_table_col = ids_col + own.len() as u16;
    sheet.add_table(HEADER, 0, site.last(), last_table_col, &excel_table)?;
    for col in ids_col + 1..=last_table_col {
        sheet.set_column_width(col, OWN_WIDTH)?.set_column_format(col, &blank.look.body())?;
    }

    // The look of empty cells belongs to their columns: it reaches rows added later, and weighs nothing.
    let formats: Vec<Format> = table.columns.iter().map(|column| blank.look.input(column)).collect();
    for (col, format) in (0u16..).zip(&formats) {
        sheet.set_column_format(col, format)?;
    }
    sheet.set_formula_result_default("");
    for (row, id) in (FIRST..).zip(table.row_ids()) {
        sheet.write_string(row, ids_col, id)?;
    }
    for row in FIRST..=site.last() {
        sheet.set_row_height(row, height::ROW)?;
        let prefilled = table.rows.get((row - FIRST) as usize);
        for ((col, column), format) in (0u16..).zip(&table.columns).zip(&formats) {
            if let Some(formula) = blank.sites.formula(site, column, row) {
                sheet.write_formula_with_format(row, col, formula.as_str(), format)?;
            } else if let Some(words) = prefilled.and_then(|prefilled| prefilled.get(&column.id)) {
                sheet.write_string_with_format(row, col, words.get(blank.lang), format)?;
            }
        }
    }
    let printed = if own.is_empty() { last_col } else { last_table_col };
    sheet.set_print_area(0, 0, site.last(), printed)?;
    for position in 0..table.columns.len() as u32 {
        rules::put(blank, site, position, sheet)?;
    }
    let frozen = frozen_columns(table);
    sheet.set_freeze_panes(FIRST, frozen)?;
    if widths.iter().sum::<f64>() > PAGE_WIDTH {
        sheet.set_print_fit_to_pages(2, 0).set_repeat_columns(0, frozen - 1)?;
    }
    sheet.set_selection(FIRST, 0, FIRST, 0)?;
    Ok(())
}

/// The header of a column, with the mark of what is required.
pub(super) fn header(blank: &Blank, column: &Column) -> String {
    let label = column.label.get(blank.lang);
    if column.required { format!("{label} *") } else { label }
}

/// The title and hint of a table's sheet, its way back, its name, tab and print set-up.
pub(super) fn open(
    blank: &Blank,
    site: &Site,
    sheet: &mut Worksheet,
    widths: &[f64],
) -> Result<(), XlsxError> {
    let look = &blank.look;
    let words = &blank.catalogue.words.guide;
    let title = site.table.label.get(blank.lang);
    sheet.set_name(&site.sheet)?;
    sheet.set_tab_color(if site.core { look::TAB_CORE } else { look::TAB_OPTIONAL });
    // Above the header the columns' own look does not apply.
    sheet.set_row_format(0, &look.base())?.set_row_format(1, &look.base())?;
    sheet.set_row_height(0, height::TITLE)?;
    sheet.write_string_with_format(0, 0, &title, &look.title())?;

    // The title runs over the empty cells beside it; the way back stands after it.
    let needed = width(&title) as f64 * 1.7 + 2.0;
    let mut covered = 0.0;
    let after = widths.iter().position(|width| {
        let free = covered >= needed;
        covered += width;
        free
    });
    let back = after.unwrap_or(widths.len()) as u16;
    let link = Url::new(format!("internal:{}!A1", quoted_sheet(&words.sheet.get(blank.lang))))
        .set_text(words.back.get(blank.lang));
    sheet.write_url_with_format(0, back, link, &look.back())?;

    let hint = site.table.hint.get(blank.lang);
    // What stands on the screen without scrolling, whatever the table's width.
    let mut room = 0.0;
    let shown = widths.iter().take_while(|width| {
        room += **width;
        room <= 150.0
    });
    let last = shown.count().max(1).min(widths.len()) as u16 - 1;
    let room: f64 = widths.iter().take(usize::from(last) + 1).sum();
    sheet.set_row_height(1, note_height(&hint, room))?;
    if last == 0 {
        sheet.write_string_with_format(1, 0, &hint, &look.hint())?;
    } else {
        sheet.merge_range(1, 0, 1, last, &hint, &look.hint())?;
    }
    print(blank, sheet)?;
    sheet.set_repeat_rows(0, HEADER)?;
    Ok(())
}

/// A4 across, one page wide, numbered, with the campaign's name where it is known.
pub(super) fn print(blank: &Blank, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let small = "&8 ";
    let plain = |text: &str| text.replace('&', "&&");
    let template = plain(&blank.template.label.get(blank.lang));
    let campaign = blank.identity.name.as_deref().map(plain).unwrap_or_default();
    sheet
        .set_paper_size(9)
        .set_landscape()
        .set_print_fit_to_pages(1, 0)
        .set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3)
        .set_header(format!("&L{small}{template}&R{small}{campaign}"))
        .set_footer(format!("&L{small}&A&R{small}{}", blank.catalogue.words.guide.page.get(blank.lang)));
    Ok(())
}

fn widths(blank: &Blank, table: &Table) -> Vec<f64> {
    let width = |column: &Column| {
        let labels: Vec<String> =
            blank.catalogue.choices_of(column).iter().map(|choice| choice.label.get(blank.lang)).collect();
        column_width(column, &header(blank, column), &labels, table, blank.lang)
    };
    table.columns.iter().map(width).collect()
}

fn excel_columns(blank: &Blank, table: &Table) -> Vec<TableColumn> {
    let column = |column: &Column| {
        TableColumn::new().set_header(header(blank, column)).set_header_format(blank.look.header_of(column))
    };
    let ids = TableColumn::new().set_header(ROW_IDS);
    let own = blank.own.get(&table.id).into_iter().flatten();
    let own = own.map(|header| {
        TableColumn::new().set_header(header.as_str()).set_header_format(blank.look.header_optional())
    });
    table.columns.iter().map(column).chain([ids]).chain(own).collect()
}

/// What names a row stays in view: the first column, and the second after a mere code or a narrow choice.
fn frozen_columns(table: &Table) -> u16 {
    match table.columns.as_slice() {
        [first, second, ..]
            if matches!(first.kind, Kind::Code | Kind::Choice | Kind::Number)
                && second.kind != Kind::Long =>
        {
            2
        }
        _ => 1,
    }
}
