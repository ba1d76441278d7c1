//! One page onto one worksheet: cells, looks, room, print.
//!
//! Values are written plain and looks are laid over runs of equal cells
//! afterwards: hashing a format for every cell was a quarter of the time.

use std::collections::BTreeMap;

use rust_xlsxwriter::{
    Color, Format, Formula, Note, Sparkline, Table, TableStyle, Url, Worksheet, XlsxError,
};

use crate::cell::{Area, CellRef, Place};
use crate::expr::{Expr, Fun, Home, Op, Val};
use crate::page::{Page, PageCell, Role, Shape, Show};

use super::measure::Room;
use super::paper::{self, Scale};
use super::style::{Align, FONT, Look, Styles, frames, ink, tab_color};
use super::{Bench, Remark, column, text};

/// More hyperlinks than this on one sheet and Excel drops them all.
const LINK_LIMIT: usize = 65_000;
/// The most a link may repeat of what its cell shows.
const DISPLAY_LIMIT: usize = 255;
/// The longest formula Excel takes, and the longest text inside one.
const FORMULA_LIMIT: usize = 8_192;
const LITERAL_LIMIT: usize = 255;
const ARGUMENT_LIMIT: usize = 255;
/// How deep functions may stand within each other.
const LEVEL_LIMIT: usize = 64;
/// Stands before a formula's text result that would be taken for a number; removed from the package.
pub(super) const TEXT_MARK: char = '\u{e000}';

/// Fills a worksheet with a page; answers with the width of its columns as they are printed.
pub(super) fn fill(
    sheet: &mut Worksheet,
    page: &Page,
    styles: &mut Styles,
    bench: &mut Bench<'_>,
) -> Result<BTreeMap<u32, f64>, XlsxError> {
    sheet.set_name(page.name.as_ref())?;
    sheet.set_formula_result_default("");
    let room = Room::new(page, bench.lang);
    for (col, width) in &room.widths {
        sheet.set_column_width(column(*col)?, *width)?;
    }
    for col in &room.hidden {
        sheet.set_column_hidden(column(*col)?)?;
    }
    for (row, height) in &room.heights {
        sheet.set_row_height(*row, *height)?;
    }
    let looks = looks(page, &room);
    let none = Format::default();
    let flows = |at: &CellRef| page.cells.get(at).is_some_and(|cell| room.flows(*at, cell));
    for area in page.merges.iter().filter(|area| area.first != area.last && !flows(&area.first)) {
        let look =
            looks.binary_search_by_key(&area.first, |(at, _)| *at).map_or(PLAIN, |found| looks[found].1);
        let (first, last) = (column(area.first.col)?, column(area.last.col)?);
        let format = if frames(look.role) { styles.format(look) } else { &none };
        sheet.merge_range(area.first.row, first, area.last.row, last, "", format)?;
    }
    let mut links = 0;
    // Both go row by row, and every cell has a look.
    let mut along = looks.iter();
    for (at, cell) in &page.cells {
        let look = along.find(|(own, _)| own == at).map_or(PLAIN, |(_, look)| *look);
        put(sheet, page, *at, cell, look, styles, &mut links, bench)?;
    }
    if links > LINK_LIMIT {
        bench.remarks.push(Remark::LinksLeftOut { sheet: page.name.clone(), count: links - LINK_LIMIT });
    }
    listed(sheet, page)?;
    lay(sheet, &looks, styles)?;
    notes(sheet, page, bench)?;
    sparklines(sheet, page)?;
    print(sheet, page, &room, bench)?;
    Ok(room.printed_widths())
}

const PLAIN: Look = Look {
    role: Role::Paragraph,
    shape: Shape::General,
    align: Align::Left,
    wrap: false,
    link: false,
    quoted: false,
};

#[allow(clippy::too_many_arguments)]
fn put(
    sheet: &mut Worksheet,
    page: &Page,
    at: CellRef,
    cell: &PageCell,
    look: Look,
    styles: &mut Styles,
    links: &mut usize,
    bench: &mut Bench<'_>,
) -> Result<(), XlsxError> {
    let (row, col) = (at.row, column(at.col)?);
    match &cell.show {
        Show::Blank => {}
        Show::Text(text) => write_text(sheet, page, at, text, bench)?,
        Show::Number(n) if n.is_finite() => {
            sheet.write_number(row, col, *n)?;
        }
        Show::Number(_) => {}
        Show::Date(day) => {
            sheet.write_number(row, col, crate::page::serial(*day))?;
        }
        Show::Formula(expr) => formula(sheet, page, at, expr, bench)?,
        Show::Link(text, place) => {
            *links += 1;
            let target = format!("internal:'{}'!{}", place.sheet.replace('\'', "''"), place.cell);
            let url = Url::new(target).set_tip(text::line(&place.to_string(), 250));
            link(sheet, page, at, text, url, styles.format(look), *links, bench)?;
        }
        Show::File(text, path) => match file_url(path) {
            Some(url) => {
                *links += 1;
                link(sheet, page, at, text, url, styles.format(look), *links, bench)?;
            }
            None => write_text(sheet, page, at, text, bench)?,
        },
    }
    match (&cell.follows, cell.show.value()) {
        // What would be taken for a formula stays the text it is.
        (Some(from), value @ Val::Text(_)) if !look.quoted => {
            formula(sheet, page, at, &follows(from, value), bench)
        }
        _ => Ok(()),
    }
}

/// The text of another cell; nothing where that is empty or gone.
fn follows(from: &Place, value: Val) -> Expr {
    let text = Expr::cell(from.clone(), value).op(Op::Join, Expr::text(""));
    Expr::call(Fun::IfError, [text, Expr::text("")])
}

fn write_text(
    sheet: &mut Worksheet,
    page: &Page,
    at: CellRef,
    text: &str,
    bench: &mut Bench<'_>,
) -> Result<(), XlsxError> {
    let (text, was_cut) = text::cell_text(text);
    if was_cut {
        bench.remarks.push(Remark::TextCut(Place { sheet: page.name.clone(), cell: at }));
    }
    sheet.write_string(at.row, column(at.col)?, text).map(drop)
}

#[allow(clippy::too_many_arguments)]
fn link(
    sheet: &mut Worksheet,
    page: &Page,
    at: CellRef,
    text: &str,
    url: Url,
    format: &Format,
    links: usize,
    bench: &mut Bench<'_>,
) -> Result<(), XlsxError> {
    let (shown, _) = text::cell_text(text);
    if links > LINK_LIMIT || shown.is_empty() {
        return write_text(sheet, page, at, text, bench);
    }
    let short = text::cut(&shown, DISPLAY_LIMIT);
    let repeated = url.set_text(short.as_deref().unwrap_or(&shown));
    match sheet.write_url_with_format(at.row, column(at.col)?, repeated, format) {
        Err(XlsxError::MaxUrlLengthExceeded) => return write_text(sheet, page, at, text, bench),
        result => drop(result?),
    }
    // The link repeats what its cell shows, and may not repeat much: the cell itself still shows all of it.
    if short.is_some() {
        sheet.write_string_with_format(at.row, column(at.col)?, shown, format)?;
    }
    Ok(())
}

/// A link to a file beside ours; nothing for anything that is not relative.
fn file_url(path: &str) -> Option<Url> {
    let path = path.replace('\\', "/");
    let absolute = path.starts_with('/') || path.split('/').next().is_some_and(|first| first.contains(':'));
    (!absolute && !path.is_empty() && !path.contains(|c: char| c.is_control()))
        // The library takes `%20` in a name for a blank it need not write as one.
        .then(|| Url::new(format!("file://{}", path.replace('%', "%25"))))
}

/// A live formula with its value; where Excel could not hold the formula, the value alone.
fn formula(
    sheet: &mut Worksheet,
    page: &Page,
    at: CellRef,
    expr: &Expr,
    bench: &mut Bench<'_>,
) -> Result<(), XlsxError> {
    let (row, col) = (at.row, column(at.col)?);
    // Under filter buttons people sort.
    let sorted = page.filter.is_some_and(|list| list.first.row < row && row <= list.last.row).then_some(row);
    let home = Home { sheet: &page.name, sorted };
    let formula = expr.formula_in(home, &|leaf| bench.normalised.place(leaf));
    let value = expr.value();
    if !holds(expr, LEVEL_LIMIT) || text::exceeds(&formula, FORMULA_LIMIT - 1) {
        bench.remarks.push(Remark::FormulaFrozen(Place { sheet: page.name.clone(), cell: at }));
        return match value {
            Val::Number(n) if n.is_finite() => sheet.write_number(row, col, n).map(drop),
            Val::Text(text) => write_text(sheet, page, at, &text, bench),
            Val::Bool(b) => sheet.write_boolean(row, col, b).map(drop),
            _ => Ok(()),
        };
    }
    let result = match value {
        Val::Number(n) if n.is_finite() => n.to_string(),
        // A reference to a blank cell amounts to zero.
        Val::Blank => "0".to_owned(),
        Val::Bool(true) => "TRUE".to_owned(),
        Val::Bool(false) => "FALSE".to_owned(),
        Val::Text(text) if !text.is_empty() => {
            let (text, _) = text::cell_text(&text);
            if taken_for_another(&text) {
                bench.marked_texts = true;
                format!("{TEXT_MARK}{text}")
            } else {
                text.into_owned()
            }
        }
        _ => String::new(),
    };
    sheet.write_formula(row, col, Formula::new(formula).set_result(result)).map(drop)
}

/// Whether the library would store this text result as a number, a logical or an error.
fn taken_for_another(text: &str) -> bool {
    text.parse::<f64>().is_ok() || matches!(text, "TRUE" | "FALSE") || text.starts_with('#')
}

/// Whether every part of a formula is within Excel's limits, with so many levels of functions left.
fn holds(expr: &Expr, levels: usize) -> bool {
    match expr {
        Expr::Num(n) => n.is_finite(),
        Expr::Text(text) => {
            !text::exceeds(text, LITERAL_LIMIT) && !text.contains(|c: char| c.is_control() && c != '\n')
        }
        Expr::Leaf(_) => true,
        // Values that stand on no sheet cannot be referred to.
        Expr::Range(range) => !range.sheet.is_empty(),
        Expr::Op(operation) => holds(&operation.left, levels) && holds(&operation.right, levels),
        Expr::Call(call) => {
            levels > 0
                && call.args.len() <= ARGUMENT_LIMIT
                && call.args.iter().all(|arg| holds(arg, levels - 1))
        }
    }
}

/// The look of every cell, those under a merged block included, row by row.
fn looks(page: &Page, room: &Room<'_>) -> Vec<(CellRef, Look)> {
    let below = body_alignment(page);
    let mut looks = Vec::with_capacity(page.cells.len());
    for (((at, cell), area), wrap) in page.cells.iter().zip(&room.areas).zip(&room.wrapped) {
        let align = match cell.role {
            Role::Header => {
                let below = below.get(at.col as usize).and_then(|column| under(column, at.row));
                match below {
                    // A header over several columns that are not merged right below is a bracket over them.
                    Some((row, _))
                        if row == area.last.row + 1
                            && room.span(CellRef::new(row, at.col)).last.col != area.last.col =>
                    {
                        Align::Center
                    }
                    Some((_, align)) => align.unwrap_or(Align::Left),
                    None => Align::Left,
                }
            }
            _ => alignment(cell),
        };
        let text = match &cell.show {
            Show::Text(text) | Show::Link(text, _) | Show::File(text, _) => Some(text),
            _ => None,
        };
        let look = Look {
            role: cell.role,
            shape: cell.shape,
            align,
            wrap: *wrap,
            link: match &cell.show {
                Show::Link(text, _) => !text.is_empty(),
                Show::File(text, path) => !text.is_empty() && file_url(path).is_some(),
                _ => false,
            },
            quoted: text.is_some_and(|text| text::looks_like_formula(text)),
        };
        // What has no edge or ground looks the same with nothing below the rest of a merged block.
        let last = if frames(look.role) { area.last } else { area.first };
        for row in area.first.row..=last.row {
            for col in area.first.col..=last.col {
                looks.push((CellRef::new(row, col), look));
            }
        }
    }
    // A cell within a block of another one keeps its own.
    looks.sort_by_key(|(at, _)| *at);
    looks.dedup_by(|later, earlier| {
        let same = later.0 == earlier.0;
        if same {
            *earlier = *later;
        }
        same
    });
    looks
}

/// Numbers stand right, dates in the middle, words left; key figures stand as words do.
fn alignment(cell: &PageCell) -> Align {
    if matches!(cell.role, Role::Figure | Role::FigureLabel | Role::Title | Role::Section | Role::Paragraph) {
        return Align::Left;
    }
    let text = matches!(cell.show, Show::Text(_) | Show::Link(..) | Show::File(..));
    match cell.shape {
        _ if text => Align::Left,
        Shape::Date | Shape::Moment => Align::Center,
        Shape::General | Shape::Wrapped => match cell.show.value() {
            Val::Number(_) => Align::Right,
            _ => Align::Left,
        },
        _ => Align::Right,
    }
}

/// What is known of cells, by column and then by row.
type Columns<T> = Vec<Vec<(u32, T)>>;

fn by_column<T>(cells: impl IntoIterator<Item = (CellRef, T)>) -> Columns<T> {
    let mut columns = Columns::new();
    for (at, known) in cells {
        let col = at.col as usize;
        if columns.len() <= col {
            columns.resize_with(col + 1, Vec::new);
        }
        columns[col].push((at.row, known));
    }
    columns
}

/// The first cell below a row that says how it stands, or the next header.
fn under(column: &[(u32, Option<Align>)], row: u32) -> Option<(u32, Option<Align>)> {
    column.iter().find(|(other, _)| *other > row).copied()
}

/// What a header can be over: how a cell stands, or nothing for another header.
fn body_alignment(page: &Page) -> Columns<Option<Align>> {
    by_column(page.cells.iter().filter_map(|(at, cell)| match cell.role {
        Role::Header => Some((*at, None)),
        Role::Body | Role::Total | Role::Good | Role::Warn | Role::Bad | Role::Input
            if cell.show != Show::Blank || cell.shape != Shape::General =>
        {
            Some((*at, Some(alignment(cell))))
        }
        _ => None,
    }))
}

/// Lays looks over rectangles of equal cells: runs down each column, joined where neighbours run alike.
fn lay(sheet: &mut Worksheet, looks: &[(CellRef, Look)], styles: &mut Styles) -> Result<(), XlsxError> {
    let mut growing: Vec<(Area, Look)> = Vec::new();
    for (col, cells) in (0..).zip(by_column(looks.iter().copied())) {
        let mut grown = Vec::new();
        for run in cells.chunk_by(|a, b| a.0 + 1 == b.0 && a.1 == b.1) {
            let (Some((first, look)), Some((last, _))) = (run.first(), run.last()) else { continue };
            let start = growing.iter().position(|(area, beside)| {
                (area.first.row, area.last.row, area.last.col + 1) == (*first, *last, col) && beside == look
            });
            let left = start.map_or(col, |at| growing.swap_remove(at).0.first.col);
            grown.push((Area::new(CellRef::new(*first, left), CellRef::new(*last, col)), *look));
        }
        for (area, look) in std::mem::replace(&mut growing, grown) {
            lay_over(sheet, area, styles.format(look))?;
        }
    }
    for (area, look) in growing {
        lay_over(sheet, area, styles.format(look))?;
    }
    Ok(())
}

fn lay_over(sheet: &mut Worksheet, area: Area, format: &Format) -> Result<(), XlsxError> {
    let (first, last) = (column(area.first.col)?, column(area.last.col)?);
    sheet.set_range_format(area.first.row, first, area.last.row, last, format).map(drop)
}

fn notes(sheet: &mut Worksheet, page: &Page, bench: &Bench<'_>) -> Result<(), XlsxError> {
    for (at, cell) in &page.cells {
        let Some(text) = cell.note.as_deref().filter(|text| !text.trim().is_empty()) else { continue };
        let (text, _) = text::cell_text(text);
        let lines: usize = text.lines().map(|line| crate::locale::width(line).div_ceil(38).max(1)).sum();
        let note = Note::new(text)
            .set_author(&bench.author)
            .add_author_prefix(false)
            .set_font_name(FONT)
            .set_font_size(9.0)
            .set_width(260)
            .set_height(u32::try_from(lines).unwrap_or(20).min(20) * 17 + 16);
        sheet.insert_note(at.row, column(at.col)?, &note)?;
    }
    Ok(())
}

/// A table of Excel's own over what the filter stands over, in our own looks, so that slicers and pivots take it.
fn listed(sheet: &mut Worksheet, page: &Page) -> Result<(), XlsxError> {
    let Some(area) = page.filter.filter(|_| page.listed) else { return Ok(()) };
    let name: String = page.name.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    let table = Table::new().set_name(name).set_style(TableStyle::None).set_banded_rows(false);
    let (first, last) = (column(area.first.col)?, column(area.last.col)?);
    sheet.add_table(area.first.row, first, area.last.row, last, &table)?;
    Ok(())
}

fn sparklines(sheet: &mut Worksheet, page: &Page) -> Result<(), XlsxError> {
    for (at, area) in &page.sparklines {
        let range = (
            page.name.as_ref(),
            area.first.row,
            column(area.first.col)?,
            area.last.row,
            column(area.last.col)?,
        );
        let line = Sparkline::new()
            .set_range(range)
            .set_sparkline_color(Color::RGB(ink::MID))
            .set_last_point_color(Color::RGB(ink::RED))
            .show_last_point(true);
        sheet.add_sparkline(at.row, column(at.col)?, &line)?;
    }
    Ok(())
}

/// Screen and paper.
fn print(sheet: &mut Worksheet, page: &Page, room: &Room<'_>, bench: &Bench<'_>) -> Result<(), XlsxError> {
    if page.hidden {
        sheet.set_hidden(true);
        return Ok(());
    }
    sheet
        .set_tab_color(Color::RGB(tab_color(page.tab)))
        .set_screen_gridlines(false)
        .set_zoom(100)
        .set_paper_size(9)
        .set_print_center_horizontally(true)
        .set_margins(0.35, 0.35, 0.4, 0.6, 0.25, 0.28);
    if page.landscape {
        sheet.set_landscape();
    } else {
        sheet.set_portrait();
    }
    let font = format!("&\"{FONT}\"&8 ");
    let title = text::line(&bench.title, 60).replace('&', "&&");
    sheet.set_footer(format!("&L{font}{title}&C{font}{}&R{font}&A", bench.footer));
    if let Some(at) = page.freeze {
        sheet.set_freeze_panes(at.row, column(at.col)?)?;
    }
    match paper::printed(page).map(|area| Scale::of(page.landscape, area, &room.printed_widths())) {
        Some(scale @ Scale::Set) if !page.one_paper => {
            sheet.set_print_scale((scale.share() * 100.0).round() as u16)
        }
        _ => sheet.set_print_fit_to_pages(1, u16::from(page.one_paper)),
    };
    if let Some(area) = paper::printed(page) {
        sheet.set_print_area(area.first.row, 0, area.last.row, column(area.last.col)?)?;
        let breaks = match page.one_paper {
            true => Vec::new(),
            false => paper::breaks(page, area, &room.printed_widths(), &room.heights),
        };
        // Excel holds 1,023 breaks.
        if let Some(breaks) = breaks.get(..breaks.len().min(1_023)).filter(|breaks| !breaks.is_empty()) {
            sheet.set_page_breaks(breaks)?;
        }
    }
    if let Some((first, last)) = page.repeat_rows {
        sheet.set_repeat_rows(first, last)?;
    }
    // A table of Excel's own brings its filter.
    if let Some(area) = page.filter.filter(|_| !page.listed) {
        sheet.autofilter(area.first.row, column(area.first.col)?, area.last.row, column(area.last.col)?)?;
    }
    if let Some((first, last)) = page.folded {
        sheet.group_rows_collapsed(first, last)?;
    }
    Ok(())
}
