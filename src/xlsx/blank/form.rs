//! The sheet of a form: 项目 | 内容说明 | 示例, an item a row.

use rust_xlsxwriter::{FormatAlign, Worksheet, XlsxError};

use super::list::{header, open};
use super::look::height;
use super::site::{CONTENT, FIRST, HEADER, Site};
use super::{Blank, rules};
use crate::catalogue::{Kind, NAMED};
use crate::locale::width;

const CONTENT_WIDTH: f64 = 64.0;
const EXAMPLE_WIDTH: f64 = 46.0;

pub(super) fn write(blank: &Blank, site: &Site, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let look = &blank.look;
    let table = site.table;
    let longest = table.columns.iter().map(|column| width(&header(blank, column))).max().unwrap_or(0);
    let widths = [(longest as f64 * 1.1 + 3.0).clamp(20.0, 34.0), CONTENT_WIDTH, EXAMPLE_WIDTH];
    for (col, width) in (0u16..).zip(widths) {
        sheet.set_column_width(col, width)?;
    }
    open(blank, site, sheet, &widths)?;
    sheet.set_row_height(HEADER, height::FORM_HEADER)?.set_print_fit_to_pages(1, 1);
    let words = &blank.catalogue.words.form;
    for (col, word) in (0u16..).zip([&words.item, &words.content, &words.example]) {
        sheet.write_string_with_format(HEADER, col, word.get(blank.lang), &look.header())?;
    }

    for (row, column) in (FIRST..).zip(&table.columns) {
        let tall = column.kind == Kind::Long;
        sheet.set_row_height(row, if tall { height::LONG_ITEM } else { height::ROW })?;
        let label =
            if column.required { look.header_optional() } else { look.header_optional().unset_bold() };
        sheet.write_string_with_format(row, 0, header(blank, column), &label)?;
        let input = look.input(column).set_align(FormatAlign::Left).set_indent(1);
        match blank.identity.name.as_ref().filter(|_| (table.id.as_str(), column.id.as_str()) == NAMED) {
            Some(name) => sheet.write_string_with_format(row, CONTENT as u16, name, &input)?,
            None => sheet.write_blank(row, CONTENT as u16, &input)?,
        };
        let example = column.example.as_ref().map(|example| example.get(blank.lang)).unwrap_or_default();
        sheet.write_string_with_format(row, CONTENT as u16 + 1, example, &look.example())?;
    }
    for position in 0..table.columns.len() as u32 {
        rules::put(blank, site, position, sheet)?;
    }
    rules::guard(blank, sheet, HEADER, 0, CONTENT as u16 + 1)?;
    rules::guard_down(blank, sheet, 0, FIRST, site.last())?;
    sheet.set_freeze_panes(FIRST, 1)?;
    sheet.set_selection(FIRST, CONTENT as u16, FIRST, CONTENT as u16)?;
    Ok(())
}
