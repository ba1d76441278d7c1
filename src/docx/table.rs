//! Tables: ruled lightly, a header that repeats, rows that stay whole.

use crate::document::{GRID, Table};
use crate::locale::width;
use crate::page::{PageCell, Role, Show};

use super::xml::{paragraph, run};
use super::{Bench, TEXT_WIDTH};

/// Ground of headers and of key figures.
const HEADER: &str = "E3ECF5";
const TINT: &str = "F3F7FB";
/// A digit at nine points in the widest of the usual fonts, and what a cell keeps free, in twentieths of a point.
const CHARACTER: u32 = 116;
const MARGINS: u32 = 180;
/// A table of no more rows than this is not torn apart.
const WHOLE: usize = 12;
/// Between tables stands a line, or Word would join them.
const GAP: &str = "<w:p><w:pPr><w:pStyle w:val=\"Gap\"/></w:pPr></w:p>";

/// Widths of columns that take so many columns of the grid each.
fn widths(spans: impl Iterator<Item = u32>) -> Vec<u32> {
    let whole: f64 = GRID.iter().sum();
    let mut grid = GRID.iter();
    spans
        .map(|span| grid.by_ref().take(span as usize).sum::<f64>() / whole * TEXT_WIDTH)
        .map(|width| width.round() as u32)
        .collect()
}

/// Widths of a table's columns: numbers get the room they need, text what is left.
fn fitted(table: &Table, shown: &[Vec<String>]) -> Vec<u32> {
    let mut widths = widths(table.columns.iter().map(|(span, _)| *span));
    let text = |col: usize| !table.rows.iter().any(|row| row.get(col).is_some_and(is_number));
    let mut lacking = 0;
    for (col, (_, header)) in table.columns.iter().enumerate().filter(|(col, _)| !text(*col)) {
        let longest =
            shown.iter().filter_map(|row| row.get(col)).chain([header]).map(|text| width(text)).max();
        let needed = longest.unwrap_or(0) as u32 * CHARACTER + MARGINS;
        if needed > widths[col] && needed < TEXT_WIDTH as u32 / 3 {
            lacking += needed - widths[col];
            widths[col] = needed;
        }
    }
    let texts: Vec<usize> = (0..widths.len()).filter(|col| text(*col)).collect();
    let room: u32 = texts.iter().map(|col| widths[*col]).sum();
    if lacking > 0 && room > lacking * 2 {
        for col in texts {
            widths[col] -= (f64::from(widths[col]) * f64::from(lacking) / f64::from(room)).ceil() as u32;
        }
    }
    widths
}

/// Opens a table of these columns; `inside` are its borders.
fn open(widths: &[u32], borders: &str) -> String {
    let grid: String = widths.iter().map(|width| format!("<w:gridCol w:w=\"{width}\"/>")).collect();
    format!(
        "<w:tbl><w:tblPr><w:tblW w:w=\"{}\" w:type=\"dxa\"/><w:jc w:val=\"center\"/>\
         <w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type=\"fixed\"/>\
         <w:tblCellMar><w:top w:w=\"40\" w:type=\"dxa\"/><w:left w:w=\"75\" w:type=\"dxa\"/>\
         <w:bottom w:w=\"40\" w:type=\"dxa\"/><w:right w:w=\"75\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr>\
         <w:tblGrid>{grid}</w:tblGrid>",
        widths.iter().sum::<u32>()
    )
}

const RULED: &str = "<w:top w:val=\"single\" w:sz=\"8\" w:space=\"0\" w:color=\"1F4E79\"/>\
    <w:bottom w:val=\"single\" w:sz=\"8\" w:space=\"0\" w:color=\"1F4E79\"/>\
    <w:insideH w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"D9DEE4\"/>";
const PARTED: &str = "<w:top w:val=\"single\" w:sz=\"12\" w:space=\"0\" w:color=\"1F4E79\"/>\
    <w:insideV w:val=\"single\" w:sz=\"24\" w:space=\"0\" w:color=\"FFFFFF\"/>";

fn cell(width: u32, ground: Option<&str>, style: &str, align: &str, text: &str, look: &str) -> String {
    let ground = ground
        .map(|color| format!("<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"{color}\"/>"))
        .unwrap_or_default();
    format!(
        "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>{ground}<w:vAlign w:val=\"center\"/></w:tcPr>\
         <w:p><w:pPr><w:pStyle w:val=\"{style}\"/><w:jc w:val=\"{align}\"/></w:pPr>{}</w:p></w:tc>",
        run(text, look)
    )
}

/// Numbers stand right, words left.
fn is_number(cell: &PageCell) -> bool {
    match &cell.show {
        Show::Number(_) | Show::Date(_) => true,
        Show::Formula(expr) => expr.number().is_some(),
        _ => false,
    }
}

/// Colours of a judgement: text and ground.
fn judged(role: Role) -> Option<(&'static str, &'static str)> {
    match role {
        Role::Good => Some(("1B7A45", "E5F4EA")),
        Role::Warn => Some(("8F5600", "FFF3D6")),
        Role::Bad => Some(("B3261E", "FCE6E4")),
        _ => None,
    }
}

/// A table with its header.
pub(super) fn table(table: &Table, bench: &Bench) -> String {
    let texts: Vec<Vec<String>> =
        table.rows.iter().map(|row| row.iter().map(|cell| bench.shown(cell)).collect()).collect();
    let widths = fitted(table, &texts);
    let mut out = open(&widths, RULED);
    out += "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>";
    for (col, ((_, header), width)) in table.columns.iter().zip(&widths).enumerate() {
        let numbers = table.rows.iter().any(|row| row.get(col).is_some_and(is_number));
        out += &cell(*width, Some(HEADER), "TableHeader", if numbers { "right" } else { "left" }, header, "");
    }
    out += "</w:tr>";
    let height = table.row_height.map_or_else(String::new, |points| {
        format!("<w:trHeight w:val=\"{:.0}\" w:hRule=\"atLeast\"/>", points * 20.0)
    });
    for (index, (row, texts)) in table.rows.iter().zip(&texts).enumerate() {
        out += &format!("<w:tr><w:trPr><w:cantSplit/>{height}</w:trPr>");
        let held = table.rows.len() <= WHOLE && index + 1 < table.rows.len();
        let style = if held { "TableHeld" } else { "TableText" };
        for ((shown, text), width) in row.iter().zip(texts).zip(&widths) {
            let align = if is_number(shown) { "right" } else { "left" };
            let (look, ground) = judged(shown.role).unzip();
            let look = look.map(|color| format!("<w:color w:val=\"{color}\"/>")).unwrap_or_default();
            out += &cell(*width, ground, style, align, text, &look);
        }
        out += "</w:tr>";
    }
    out + "</w:tbl>" + GAP
}

/// Key figures beside each other, large, each under its label.
pub(super) fn figures(figures: &[(String, PageCell)], bench: &Bench) -> String {
    let each = (TEXT_WIDTH / figures.len().max(1) as f64).floor() as u32;
    let widths = vec![each; figures.len()];
    let mut out = open(&widths, PARTED);
    for style in ["FigureLabel", "Figure"] {
        out += "<w:tr><w:trPr><w:cantSplit/></w:trPr>";
        for (label, figure) in figures {
            let text = if style == "Figure" { bench.shown(figure) } else { label.clone() };
            out += &cell(each, Some(TINT), style, "left", &text, "");
        }
        out += "</w:tr>";
    }
    out + "</w:tbl>" + GAP
}

/// Labels with what they say, without a header: the facts of the cover.
pub(super) fn facts(facts: &[(String, PageCell)], bench: &Bench) -> String {
    let widths = [1800, TEXT_WIDTH as u32 - 3000];
    let mut out = open(&widths, "<w:insideH w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"D9DEE4\"/>");
    for (label, fact) in facts {
        out += "<w:tr><w:trPr><w:cantSplit/></w:trPr>";
        out += &cell(widths[0], None, "FactLabel", "left", label, "");
        out += &cell(widths[1], None, "Fact", "left", &bench.shown(fact), "");
        out += "</w:tr>";
    }
    out + "</w:tbl>" + &paragraph("Gap", "")
}
