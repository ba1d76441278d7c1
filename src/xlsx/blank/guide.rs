//! 填写导航, the first sheet: what this is, a row per table with its live
//! completeness and a word beside the light, and the rules of filling in.

use rust_xlsxwriter::{ConditionalFormatText, ConditionalFormatTextRule, Formula, Url, Worksheet, XlsxError};

use super::Blank;
use super::list::print;
use super::look::{TAB_CORE, height, note_height};
use super::site::{Site, quoted, quoted_sheet};
use crate::catalogue::NAMED;
use crate::catalogue::{Layout, Words};
use crate::cell::{Area, CellRef};

const WIDTHS: [f64; 7] = [8.0, 34.0, 62.0, 26.0, 12.0, 12.0, 15.0];
const LAST: u16 = WIDTHS.len() as u16 - 1;
/// The hidden name of the first sheet that enriching adds.
const OVERVIEW: &str = "_fupan.gen.1";
/// Columns of the list of tables.
const WEIGHT: u32 = 4;
const SHARE: u32 = 5;
const STATE: u32 = 6;

pub(super) fn write(blank: &Blank, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let look = &blank.look;
    let words = &blank.catalogue.words.guide;
    let say = |words: &Words| words.get(blank.lang);
    sheet.set_name(say(&words.sheet))?;
    sheet.set_tab_color(TAB_CORE).set_screen_gridlines(false);
    sheet.set_formula_result_default("");
    for (col, width) in (0u16..).zip(WIDTHS) {
        sheet.set_column_width(col, width)?;
    }
    let room: f64 = WIDTHS.iter().sum();

    sheet.set_row_height(0, 42)?;
    sheet.merge_range(0, 0, 0, LAST, &say(&blank.template.label), &look.title().set_font_size(20))?;
    let purpose = say(&blank.template.purpose);
    sheet.set_row_height(1, note_height(&purpose, room))?;
    sheet.merge_range(1, 0, 1, LAST, &purpose, &look.hint().set_font_size(10))?;
    sheet.set_row_height(2, 18)?;
    sheet.merge_range(2, 0, 2, LAST - 2, &issue(blank), &look.note())?;
    // Once the workbook is enriched its first sheet of ours has this name; before, nothing shows.
    sheet.merge_range(2, LAST - 1, 2, LAST, "", &look.live())?;
    let link =
        format!("=IF(ISERROR({OVERVIEW}),\"\",HYPERLINK(\"#{OVERVIEW}\",{}))", quoted(&say(&words.overview)));
    sheet.write_formula_with_format(2, LAST - 1, Formula::new(link).set_result(""), &look.live())?;

    let sites: Vec<&Site> = blank.sites.iter().collect();
    let first = TABLES_AT + 2;
    let last = first + (sites.len() as u32).max(1) - 1;
    figures(blank, sheet, first, last)?;

    sheet.set_row_height(TABLES_AT, 28)?;
    sheet.merge_range(TABLES_AT, 0, TABLES_AT, LAST, &say(&words.tables), &look.section())?;
    let headers = [
        &words.number,
        &words.table,
        &words.purpose,
        &words.filled_by,
        &words.weight,
        &words.share,
        &words.state,
    ];
    sheet.set_row_height(TABLES_AT + 1, 26)?;
    for (col, header) in (0u16..).zip(headers) {
        sheet.write_string_with_format(TABLES_AT + 1, col, say(header), &look.header())?;
    }
    for ((row, number), site) in (first..).zip(1u32..).zip(&sites) {
        sheet.set_row_height(row, note_height(&say(&site.table.purpose), WIDTHS[2]).max(height::ROW))?;
        sheet.write_number_with_format(row, 0, number, &look.centred())?;
        if site.hidden {
            let name = say(&words.hidden).replace("{table}", &site.sheet);
            sheet.write_string_with_format(row, 1, name, &look.note())?;
        } else {
            let link = Url::new(format!("internal:{}!A1", quoted_sheet(&site.sheet))).set_text(&site.sheet);
            sheet.write_url_with_format(row, 1, link, &look.link())?;
        }
        sheet.write_string_with_format(row, 2, say(&site.table.purpose), &look.body())?;
        sheet.write_string_with_format(row, 3, say(&site.table.filled_by), &look.body())?;
        let weight = if site.core { &words.core } else { &words.optional };
        sheet.write_string_with_format(row, WEIGHT as u16, say(weight), &look.centred())?;

        let share = share_today(blank, site);
        let formula =
            Formula::new(share_formula(site)).set_result(share.map_or(String::new(), |n| n.to_string()));
        sheet.write_formula_with_format(row, SHARE as u16, formula, &look.share())?;
        let cell = CellRef::new(row, SHARE);
        let state = format!(
            "=IF({cell}=\"\",{},IF({cell}>=1,{},IF({cell}>0,{},{})))",
            quoted(&say(&words.unused)),
            quoted(&say(&words.full)),
            quoted(&say(&words.partial)),
            quoted(&say(&words.empty)),
        );
        let today = match share {
            None => &words.unused,
            Some(share) if share >= 1.0 => &words.full,
            Some(share) if share > 0.0 => &words.partial,
            Some(_) => &words.empty,
        };
        let formula = Formula::new(state).set_result(say(today));
        sheet.write_formula_with_format(row, STATE as u16, formula, &look.centred())?;
    }
    lights(blank, sheet, first, last)?;

    let mut row = last + 2;
    sheet.set_row_height(row, 28)?;
    sheet.merge_range(row, 0, row, LAST, &say(&words.rules), &look.section())?;
    for (number, rule) in (1u32..).zip(&blank.catalogue.words.rules) {
        row += 1;
        let text = say(rule);
        sheet.set_row_height(row, note_height(&text, room - WIDTHS[0] - 6.0).max(22.0))?;
        sheet.write_number_with_format(
            row,
            0,
            number,
            &look.base().set_align(rust_xlsxwriter::FormatAlign::Center),
        )?;
        sheet.merge_range(row, 1, row, LAST, &text, &look.rule())?;
    }
    print(blank, sheet)?;
    sheet.set_active(true);
    Ok(())
}

/// The row of the section of tables; key figures stand above it.
const TABLES_AT: u32 = 6;

fn issue(blank: &Blank) -> String {
    let words = &blank.catalogue.words.guide;
    let identity = blank.identity;
    let text = match identity.issued {
        Some(issued) => words.issued.get(blank.lang).replace("{issued}", &issued.to_string()),
        None => words.unissued.get(blank.lang),
    };
    text.replace("{template}", &identity.template).replace("{version}", &identity.version.to_string())
}

/// The campaign's name and the two figures about the whole workbook.
fn figures(blank: &Blank, sheet: &mut Worksheet, first: u32, last: u32) -> Result<(), XlsxError> {
    let look = &blank.look;
    let words = &blank.catalogue.words.guide;
    let say = |words: &Words| words.get(blank.lang);
    sheet.set_row_height(3, 20)?.set_row_height(4, 34)?.set_row_height(5, 12)?;

    let label = look.figure_label();
    sheet.merge_range(3, 0, 3, 1, &say(&words.campaign), &label)?;
    sheet.write_string_with_format(3, 2, say(&words.completeness), &label)?;
    sheet.merge_range(3, 3, 3, LAST, &say(&words.core_done), &label)?;

    let unnamed = say(&words.unnamed);
    let named = blank.sites.get(NAMED.0).and_then(|site| Some((site, site.position(NAMED.1)?)));
    let small = look.figure().set_font_size(12).set_text_wrap();
    sheet.merge_range(4, 0, 4, 1, "", &small)?;
    match named {
        Some((site, position)) => {
            let cell = site.range(position);
            let formula = Formula::new(format!("=IF({cell}=\"\",{},{cell})", quoted(&unnamed)));
            let today = blank.identity.name.clone().unwrap_or(unnamed);
            sheet.write_formula_with_format(4, 0, formula.set_result(today), &small)?;
        }
        None => {
            let name = blank.identity.name.clone().unwrap_or_default();
            sheet.write_string_with_format(4, 0, name, &small)?;
        }
    }

    let shares: Vec<f64> = blank.sites.iter().filter_map(|site| share_today(blank, site)).collect();
    let mean = if shares.is_empty() { 0.0 } else { shares.iter().sum::<f64>() / shares.len() as f64 };
    let range =
        |col: u32| super::site::absolute(Area::new(CellRef::new(first, col), CellRef::new(last, col)));
    let formula = Formula::new(format!("=IFERROR(AVERAGE({}),0)", range(SHARE))).set_result(mean.to_string());
    sheet.write_formula_with_format(4, 2, formula, &look.figure().set_num_format("0%"))?;

    let core: Vec<&Site> = blank.sites.iter().filter(|site| site.core).collect();
    let done = core.iter().filter(|site| share_today(blank, site).is_some_and(|share| share >= 1.0)).count();
    sheet.merge_range(4, 3, 4, LAST, "", &look.figure())?;
    let formula = format!(
        "=COUNTIFS({},{},{},\">=1\")&\" / \"&COUNTIF({},{})",
        range(WEIGHT),
        quoted(&say(&words.core)),
        range(SHARE),
        range(WEIGHT),
        quoted(&say(&words.core)),
    );
    let formula = Formula::new(formula).set_result(format!("{done} / {}", core.len()));
    sheet.write_formula_with_format(4, 3, formula, &look.figure())?;
    Ok(())
}

/// A colour for the word of each state; the word alone says it too.
fn lights(blank: &Blank, sheet: &mut Worksheet, first: u32, last: u32) -> Result<(), XlsxError> {
    let words = &blank.catalogue.words.guide;
    for (word, format) in [
        (&words.full, blank.look.good()),
        (&words.partial, blank.look.warn()),
        (&words.unused, blank.look.faint()),
    ] {
        let rule = ConditionalFormatText::new()
            .set_rule(ConditionalFormatTextRule::BeginsWith(word.get(blank.lang)))
            .set_format(format);
        sheet.add_conditional_format(first, STATE as u16, last, STATE as u16, &rule)?;
    }
    Ok(())
}

/// The share of required cells that are filled, as it stands in the blank; `None` for an optional table not in use.
fn share_today(blank: &Blank, site: &Site) -> Option<f64> {
    let names_itself = blank.identity.name.is_some() && site.table.id == NAMED.0;
    let required = site.table.columns.iter().filter(|column| column.required).count();
    match (names_itself && required > 0, site.core) {
        (true, _) => Some(1.0 / required as f64),
        (false, true) => Some(0.0),
        (false, false) => None,
    }
}

/// The same, live: over the rows in use, which are those with something of a person's in them.
fn share_formula(site: &Site) -> String {
    let empty = if site.core { "0" } else { "\"\"" };
    let columns = &site.table.columns;
    let any_required = columns.iter().any(|column| column.required);
    let counted: Vec<u32> = (0u32..)
        .zip(columns)
        .filter(|(_, column)| if any_required { column.required } else { column.formula.is_none() })
        .map(|(position, _)| position)
        .collect();
    let filled = |position: u32| format!("({}<>\"\")", range_with_spare(site, position));
    let needed: Vec<String> = counted.iter().map(|position| filled(*position)).collect();
    match site.table.layout {
        Layout::Form => {
            let all = site
                .on_sheet(Area::new(site.cells(0).first, CellRef::new(site.last(), site.cells(0).first.col)));
            format!("=IF(COUNTA({all})=0,{empty},({})/{})", needed.join("+"), needed.len().max(1))
        }
        Layout::List => {
            let telling: Vec<u32> = site.telling().map(|(position, _)| position).collect();
            let used: Vec<String> = telling.iter().map(|position| filled(*position)).collect();
            let used = format!("(({})>0)", used.join("+"));
            // A required cell of a person's own puts its row to use; only prefilled ones need asking.
            let asked = counted.iter().any(|position| !telling.contains(position));
            let asked = if asked { format!("*{used}") } else { String::new() };
            format!(
                "=IFERROR(SUMPRODUCT(({}){asked})/(SUMPRODUCT(--{used})*{}),{empty})",
                needed.join("+"),
                needed.len().max(1)
            )
        }
    }
}

fn range_with_spare(site: &Site, position: u32) -> String {
    super::numbers::range(site, position)
}
