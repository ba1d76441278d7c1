//! The sheet of a list: title, hint, header, prefilled rows, empty rows; an
//! Excel table named after the table's id.

use rust_xlsxwriter::{
    Format, Formula, Table as ExcelTable, TableColumn, TableStyle, Url, Worksheet, XlsxError,
};

use super::look::{column_width, height, note_height};
use super::numbers::{self, Names};
use super::site::{FIRST, HEADER, Site, quoted_sheet};
use super::{Blank, live, look, rules};
use crate::catalogue::issued::HEADER as ROW_IDS;
use crate::catalogue::{Column, Kind, Layout, Table};
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
    let formulas = formulas(blank, site);
    let columns = excel_columns(blank, table, &formulas);
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
    for (row, id) in (FIRST..).zip(table.row_ids()) {
        sheet.write_string(row, ids_col, id)?;
    }
    for row in FIRST..=site.last() {
        sheet.set_row_height(row, height::ROW)?;
        let prefilled = table.rows.get((row - FIRST) as usize);
        for (((col, column), format), formula) in (0u16..).zip(&table.columns).zip(&formats).zip(&formulas) {
            if let Some(formula) = formula {
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
    let across = if widths.iter().sum::<f64>() > PAGE_WIDTH { 2 } else { 1 };
    sheet.set_print_fit_to_pages(across, papers(&widths, across, site));
    if across > 1 {
        sheet.set_repeat_columns(0, frozen - 1)?;
    }
    rules::guard(blank, sheet, HEADER, 0, last_col)?;
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
    sheet.set_formula_result_default("");
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
    // Right after a list's columns stands one that is hidden.
    let seen = |col: usize| match site.table.layout {
        Layout::List if col >= widths.len() => col as u16 + 1,
        _ => col as u16,
    };
    let back = after.unwrap_or(widths.len());
    let link = Url::new(format!("internal:{}!A1", quoted_sheet(&words.sheet.get(blank.lang))))
        .set_text(words.back.get(blank.lang));
    sheet.write_url_with_format(0, seen(back), link, &look.back())?;

    if let Some((line, today)) = live::line(blank, site) {
        let line = Formula::new(line).set_result(today);
        sheet.write_formula_with_format(0, seen(back + 1), line, &look.live())?;
    }

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

/// The formula of each column that has one: the same text in every row.
fn formulas(blank: &Blank, site: &Site) -> Vec<Option<String>> {
    let formula = |column| numbers::formula(&blank.sites, site, column, &mut Names::new());
    site.table.columns.iter().map(formula).collect()
}

fn excel_columns(blank: &Blank, table: &Table, formulas: &[Option<String>]) -> Vec<TableColumn> {
    let column = |(column, formula): (&Column, &Option<String>)| {
        let excel = TableColumn::new();
        let excel = excel.set_header(header(blank, column)).set_header_format(blank.look.header_of(column));
        match formula {
            // Rows added later get it, too.
            Some(formula) => excel.set_formula(formula.as_str()),
            None => excel,
        }
    };
    let ids = TableColumn::new().set_header(ROW_IDS);
    let own = blank.own.get(&table.id).into_iter().flatten();
    let own = own.map(|header| {
        TableColumn::new().set_header(header.as_str()).set_header_format(blank.look.header_optional())
    });
    table.columns.iter().zip(formulas).map(column).chain([ids]).chain(own).collect()
}

/// How many papers the rows take where a few over are better fitted in; none where they end as they come.
fn papers(widths: &[f64], across: u16, site: &Site) -> u16 {
    let points = |width: &f64| (width * 7.0 + 5.0) * 0.75;
    let scale = (PAPER.0 * f64::from(across) / widths.iter().map(points).sum::<f64>()).min(1.0);
    let rows = f64::from(site.last() - HEADER) * height::ROW;
    let repeated = height::TITLE + height::HEADER + 30.0;
    let papers = rows / (PAPER.1 / scale - repeated);
    let over = papers.fract();
    if papers > 1.0 && over > 0.0 && over < FITTED_IN * papers.floor() { papers.floor() as u16 } else { 0 }
}

/// Points of a lying A4 within its margins.
const PAPER: (f64, f64) = (784.0, 505.0);
/// So much of a paper more is fitted into each that is full.
const FITTED_IN: f64 = 0.25;

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
