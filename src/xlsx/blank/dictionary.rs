//! 字段说明, the last sheet: every field of the workbook, what it means and
//! what else it may be called.

use rust_xlsxwriter::{Url, Worksheet, XlsxError};

use super::Blank;
use super::list::print;
use super::look::{TAB_OPTIONAL, height, note_height, row_height};
use super::site::{FIRST, HEADER, quoted_sheet};
use crate::catalogue::Column;
use crate::locale::Lang;

/// The column that says whether a field is required.
const REQUIRED: u16 = 4;
const WIDTHS: [f64; 7] = [24.0, 24.0, 46.0, 20.0, 9.0, 34.0, 46.0];

/// Other names shown for a field; more are read, but a person needs only the usual ones.
const ALIASES: usize = 4;

pub(super) fn write(blank: &Blank, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let look = &blank.look;
    let words = &blank.catalogue.words.dictionary;
    sheet.set_name(words.sheet.get(blank.lang))?;
    sheet.set_tab_color(TAB_OPTIONAL);
    let (body, centred) = (look.body(), look.centred());
    for (col, width) in (0u16..).zip(WIDTHS) {
        sheet.set_column_width(col, width)?;
        sheet.set_column_format(col, if col == REQUIRED { &centred } else { &body })?;
    }
    sheet.set_row_format(0, &look.base())?.set_row_format(1, &look.base())?;
    sheet.set_row_height(0, height::TITLE)?;
    sheet.write_string_with_format(0, 0, words.sheet.get(blank.lang), &look.title())?;
    let guide = &blank.catalogue.words.guide;
    let back = Url::new(format!("internal:{}!A1", quoted_sheet(&guide.sheet.get(blank.lang))))
        .set_text(guide.back.get(blank.lang));
    sheet.write_url_with_format(0, 2, back, &look.back())?;
    let hint = words.hint.get(blank.lang);
    sheet.merge_range(1, 0, 1, 5, &hint, &look.hint())?;
    sheet.set_row_height(1, note_height(&hint, WIDTHS[..6].iter().sum()))?;

    let headers = [
        &words.table,
        &words.field,
        &words.meaning,
        &words.kind,
        &words.required,
        &words.example,
        &words.aliases,
    ];
    sheet.set_row_height(HEADER, height::ROW)?;
    for (col, header) in (0u16..).zip(headers) {
        sheet.write_string_with_format(HEADER, col, header.get(blank.lang), &look.header())?;
    }
    let mut row = FIRST;
    for site in blank.sites.iter() {
        for column in &site.table.columns {
            let cells = line(blank, column);
            let texts = std::iter::once(site.sheet.as_str()).chain(cells.iter().map(String::as_str));
            sheet.set_row_height(row, row_height(texts.zip(WIDTHS)))?;
            sheet.write_string_with_format(row, 0, &site.sheet, &body)?;
            for (col, cell) in (1u16..).zip(&cells) {
                let format = if col == REQUIRED { &centred } else { &body };
                if !cell.is_empty() {
                    sheet.write_string_with_format(row, col, cell, format)?;
                }
            }
            row += 1;
        }
    }
    sheet.autofilter(HEADER, 0, row.saturating_sub(1).max(FIRST), WIDTHS.len() as u16 - 1)?;
    sheet.set_freeze_panes(FIRST, 2)?;
    print(blank, sheet)?;
    sheet.set_repeat_rows(0, HEADER)?;
    Ok(())
}

fn line(blank: &Blank, column: &Column) -> [String; 6] {
    let words = &blank.catalogue.words;
    let kind = words.kind.get(&column.kind).map(|kind| kind.get(blank.lang)).unwrap_or_default();
    // Names in the workbook's own writing, and abbreviations: the others are read as well, but would only be noise here.
    let own = |alias: &&str| {
        let abbreviation = !alias.chars().any(char::is_lowercase);
        alias.is_ascii() == (blank.lang == Lang::En) || (alias.is_ascii() && abbreviation)
    };
    let aliases: Vec<&str> = column.aliases.iter().map(String::as_str).filter(own).take(ALIASES).collect();
    [
        column.label.get(blank.lang),
        column.meaning.get(blank.lang),
        kind,
        if column.required { words.dictionary.yes.get(blank.lang) } else { String::new() },
        column.example.as_ref().map(|example| example.get(blank.lang)).unwrap_or_default(),
        aliases.join(" / "),
    ]
}
