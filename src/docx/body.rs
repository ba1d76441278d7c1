//! The report itself: each block as paragraphs, tables and drawings.

use std::fmt::Write as _;

use crate::document::{Block, Document, Illustration};
use crate::page::{Chart, ChartKind, Role};

use super::table;
use super::xml::{paragraph, run};
use super::{Bench, TEXT_WIDTH};
use crate::office::line;

/// English metric units in a twentieth of a point.
const EMU: f64 = 635.0;
/// And in a pixel.
const PIXEL: f64 = 9525.0;

/// How the main part begins.
pub(super) const OPEN: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n",
    "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"",
    " xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"",
    " xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\"",
    " xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"",
    " xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\"><w:body>",
);

/// How it ends: A4 upright, a first page without header and footer.
pub(super) const CLOSE: &str = concat!(
    "<w:sectPr><w:headerReference w:type=\"default\" r:id=\"rIdHeader\"/>",
    "<w:footerReference w:type=\"default\" r:id=\"rIdFooter\"/>",
    "<w:pgSz w:w=\"11906\" w:h=\"16838\"/>",
    "<w:pgMar w:top=\"1418\" w:right=\"1418\" w:bottom=\"1304\" w:left=\"1418\"",
    " w:header=\"737\" w:footer=\"680\" w:gutter=\"0\"/>",
    "<w:titlePg/></w:sectPr></w:body></w:document>",
);

/// Every block in order.
pub(super) fn blocks(document: &Document, bench: &Bench) -> String {
    let mut out = String::new();
    let (mut headings, mut charts) = (0, 0);
    for (index, block) in document.blocks.iter().enumerate() {
        match block {
            Block::Heading { level, text } => {
                headings += 1;
                out += &heading(*level, text, headings);
            }
            Block::Text(role, cell) => {
                let leads = matches!(document.blocks.get(index + 1), Some(Block::Text(Role::Paragraph, _)));
                let style = match role {
                    Role::Conclusion | Role::Headline => "Conclusion",
                    Role::Note if leads => "Lead",
                    Role::Note => "Note",
                    _ => "BodyText",
                };
                out += &paragraph(style, &run(&bench.shown(cell), ""));
            }
            Block::Item(mark, cell) => {
                let runs =
                    format!("{}<w:r><w:tab/></w:r>{}", run(mark.trim(), ""), run(&bench.shown(cell), ""));
                out += &paragraph("ListItem", &runs);
            }
            Block::Proof(sources) => {
                let cells: Vec<&str> = sources.iter().map(|source| source.cell.as_str()).collect();
                out += &paragraph("Note", &run(&cells.join(" · "), ""));
            }
            Block::Figures(figures) => out += &table::figures(figures, bench),
            Block::Table(of) => out += &table::table(of, bench),
            Block::Chart(illustration) => {
                charts += 1;
                out += &drawing(illustration, charts);
            }
        }
    }
    out
}

/// The name by which the contents lead to a heading.
pub(super) fn bookmark(number: usize) -> String {
    format!("_Toc{number:06}")
}

fn heading(level: u8, text: &str, number: usize) -> String {
    let name = bookmark(number);
    let runs = format!(
        "<w:bookmarkStart w:id=\"{number}\" w:name=\"{name}\"/>{}<w:bookmarkEnd w:id=\"{number}\"/>",
        run(text, "")
    );
    let style = format!("Heading{}", level.clamp(1, 3));
    if number > 1 {
        return paragraph(&style, &runs);
    }
    // The report begins on a page of its own, after the contents.
    format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/><w:pageBreakBefore/></w:pPr>{runs}</w:p>")
}

/// How large a chart is on paper, in pixels: across the text, as high as its kind needs.
pub(super) fn size(chart: &Chart) -> (u32, u32) {
    let rows = chart.series.first().map_or(0, |series| series.values.values.len());
    let height = match chart.kind {
        // Bars need a line each.
        ChartKind::Bars | ChartKind::StackedBars => 105 + 23 * u32::try_from(rows.clamp(4, 20)).unwrap_or(20),
        _ => 262,
    };
    ((TEXT_WIDTH * EMU / PIXEL) as u32, height)
}

fn drawing(illustration: &Illustration, number: usize) -> String {
    let chart = &illustration.chart;
    let (width, height) = size(chart);
    let (cx, cy) = (f64::from(width) * PIXEL, f64::from(height) * PIXEL);
    let mut out = String::new();
    let _ = write!(
        out,
        "<w:p><w:pPr><w:pStyle w:val=\"Chart\"/></w:pPr><w:r><w:drawing>\
         <wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"{cx:.0}\" cy=\"{cy:.0}\"/>\
         <wp:docPr id=\"{number}\" name=\"{}\" descr=\"{}\"/><wp:cNvGraphicFramePr/>\
         <a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/chart\">\
         <c:chart r:id=\"rIdChart{number}\"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>",
        line(&chart.title),
        line(&chart.alt),
    );
    out
}
