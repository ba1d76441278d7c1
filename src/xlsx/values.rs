//! The values of cells, read by calamine from the vetted package.
//!
//! Here and nowhere else calamine's types become ours: which numbers are
//! dates, what shared and rich texts say, which values are errors.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Arc;

use calamine::{DataRef, Reader, Xlsx};

use crate::cell::{CellRef, Content};
use crate::workbook::{Cell, Quirk, Shown};
use crate::xlsx::dates;
use crate::xlsx::guard::{Measure, Refusal};
use crate::xlsx::scan::Scan;

/// The values of all cells, as calamine reads them.
pub struct Values {
    excel: Xlsx<Cursor<Vec<u8>>>,
    epoch_1904: bool,
    shown: Vec<Shown>,
    text_left: u64,
    text_limit: u64,
}

impl Values {
    /// Opens the vetted package.
    pub fn open(
        package: Vec<u8>,
        epoch_1904: bool,
        text_limit: u64,
        shown: Vec<Shown>,
    ) -> Result<Values, Refusal> {
        let excel = Xlsx::new(Cursor::new(package)).map_err(|error| Refusal::damaged(error.to_string()))?;
        Ok(Values { excel, epoch_1904, shown, text_left: text_limit, text_limit })
    }

    /// The cells of one sheet, with what our pass noted about them.
    pub fn cells(
        &mut self,
        sheet: &Arc<str>,
        copy: &str,
        scan: &mut Scan,
        quirks: &mut Vec<Quirk>,
    ) -> Result<BTreeMap<CellRef, Cell>, Refusal> {
        let broken = |error: calamine::XlsxError| Refusal::damaged(format!("sheet {sheet}: {error}"));
        let mut reader = self.excel.worksheet_cells_reader(copy).map_err(broken)?;
        let mut asides = std::mem::take(&mut scan.asides).into_iter().peekable();
        let mut cells = Vec::with_capacity(scan.cells as usize + scan.unvalued.len());
        let mut nth = 0;
        while let Some((read, style)) = reader.next_cell_with_style_id().map_err(broken)? {
            let aside = asides.next_if(|aside| aside.nth == nth);
            nth += 1;
            let (row, col) = read.get_position();
            let at = CellRef::new(row, col);
            let mut cell = Cell { content: content(read.get_value(), self.epoch_1904), ..Cell::default() };
            if let Content::Text(text) = &cell.content {
                let length = text.len() as u64;
                self.text_left = self.text_left.checked_sub(length).ok_or(Refusal::TooLarge {
                    measure: Measure::Text,
                    found: self.text_limit + 1,
                    limit: self.text_limit,
                })?;
            }
            cell.shown = match cell.content {
                Content::Serial(_) => Shown::Date,
                _ => self.shown.get(style).copied().unwrap_or_default(),
            };
            if let Some(aside) = aside {
                if let (true, Content::Text(text)) = (aside.error, &mut cell.content) {
                    cell.content = Content::Error(std::mem::take(text));
                }
                cell.formula = aside.formula;
            }
            if is_picture(&cell) {
                quirks.push(Quirk::PictureCell(sheet.clone(), at));
                cell.content = Content::Blank;
            }
            if cell.content != Content::Blank || cell.formula.is_some() {
                cells.push((at, cell));
            }
        }
        for empty in std::mem::take(&mut scan.unvalued) {
            if !empty.empty_text {
                quirks.push(Quirk::NoStoredResult(sheet.clone(), empty.at));
            }
            cells.push((empty.at, Cell { formula: Some(empty.formula), ..Cell::default() }));
        }
        cells.sort_by_key(|(at, _)| *at);
        if let Some(pair) = cells.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            let (sheet, cell) = (sheet.to_string(), pair[0].0.to_string());
            return Err(Refusal::BadCell { sheet, cell, detail: "there twice".into() });
        }
        Ok(cells.into_iter().collect())
    }
}

/// WPS keeps a picture in a cell as a formula, or as the text of one.
fn is_picture(cell: &Cell) -> bool {
    let calls = |text: &str| {
        let text = text.trim_start_matches('=');
        text.strip_prefix("_xlfn.").unwrap_or(text).starts_with("DISPIMG(")
    };
    match (&cell.formula, &cell.content) {
        (Some(formula), _) if calls(formula) => true,
        (_, Content::Text(text)) => text.starts_with('=') && calls(text),
        _ => false,
    }
}

fn content(value: &DataRef<'_>, epoch_1904: bool) -> Content {
    match value {
        DataRef::Empty => Content::Blank,
        DataRef::Int(number) => Content::Number(*number as f64),
        DataRef::Float(number) if number.is_finite() => Content::Number(*number),
        DataRef::Float(number) => Content::Text(number.to_string()),
        DataRef::String(text) => text_or_blank(text),
        DataRef::SharedString(text) => text_or_blank(text),
        DataRef::Bool(yes) => Content::Bool(*yes),
        DataRef::DateTime(date) => Content::Serial(dates::serial(date, epoch_1904)),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            dates::from_iso(text).map_or_else(|| text_or_blank(text), Content::Serial)
        }
        DataRef::Error(error) => Content::Error(error.to_string()),
    }
}

fn text_or_blank(text: &str) -> Content {
    if text.is_empty() { Content::Blank } else { Content::Text(text.to_owned()) }
}
