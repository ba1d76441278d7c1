//! A workbook written as a real file, as Excel would have saved it.

use fupan::cell::Content;
use fupan::workbook::{Cell, Shown, Visibility, Workbook};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Table, TableColumn, TableStyle};

fn format(cell: &Cell) -> Option<Format> {
    let pattern = match (cell.shown, &cell.content) {
        (_, Content::Serial(serial)) if serial.fract() == 0.0 => "yyyy-mm-dd",
        (_, Content::Serial(_)) => "yyyy-mm-dd hh:mm",
        (Shown::Percent, _) => "0.0%",
        (Shown::Text, _) => "@",
        (Shown::Scaled(4), _) => "0!.0,\"万\"",
        _ => return None,
    };
    Some(Format::new().set_num_format(pattern))
}

/// The bytes of a workbook.
pub fn write(workbook: &Workbook) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let mut properties =
        DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2024, 11, 1).unwrap());
    for (key, value) in &workbook.properties {
        properties = properties.set_custom_property(key, value.as_str());
    }
    book.set_properties(&properties);
    let shown = workbook.sheets.iter().position(|sheet| sheet.visible == Visibility::Visible).unwrap_or(0);
    for (at, sheet) in workbook.sheets.iter().enumerate() {
        let page = book.add_worksheet();
        page.set_name(&*sheet.name).unwrap();
        match sheet.visible {
            Visibility::Visible => {}
            Visibility::Hidden => drop(page.set_hidden(true)),
            Visibility::VeryHidden => drop(page.set_very_hidden(true)),
        }
        if at == shown {
            page.set_active(true).set_first_tab(true);
        }
        for (name, area) in &sheet.tables {
            let heads = (area.first.col..=area.last.col).map(|col| {
                TableColumn::new()
                    .set_header(sheet.content(fupan::cell::CellRef::new(area.first.row, col)).to_text())
            });
            let heads: Vec<TableColumn> = heads.collect();
            let table = Table::new().set_name(name).set_style(TableStyle::None).set_columns(&heads);
            let (first, last) = (area.first, area.last);
            page.add_table(first.row, first.col as u16, last.row, last.col as u16, &table).unwrap();
        }
        for area in &sheet.merges {
            let (first, last) = (area.first, area.last);
            let plain = Format::new();
            page.merge_range(first.row, first.col as u16, last.row, last.col as u16, "", &plain).unwrap();
        }
        for (at, cell) in &sheet.cells {
            let (row, col) = (at.row, at.col as u16);
            let format = format(cell).unwrap_or_default();
            match &cell.content {
                Content::Blank => {}
                Content::Number(n) | Content::Serial(n) => {
                    page.write_number_with_format(row, col, *n, &format).unwrap();
                }
                Content::Text(text) => {
                    page.write_string_with_format(row, col, text, &format).unwrap();
                }
                Content::Bool(it) => drop(page.write_boolean(row, col, *it).unwrap()),
                Content::Error(_) => {}
            }
        }
    }
    for (name, target) in &workbook.names {
        book.define_name(name, target).unwrap();
    }
    book.save_to_buffer().unwrap()
}
