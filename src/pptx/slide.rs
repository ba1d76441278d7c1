//! One slide as markup: title, text, table, chart.

use std::fmt::Write as _;

use super::deck::{Body, Slide};
use crate::locale::{Lang, width};
use crate::office::{escape, line};
use crate::page::Role;
use crate::words::Words;

/// A chart's size in pixels: beside it stand the lines.
pub(super) const CHART_SIZE: (u32, u32) = (760, 470);

/// English metric units of an inch, a pixel and a point.
const INCH: f64 = 914_400.0;
const PIXEL: f64 = 9_525.0;
const POINT: f64 = 12_700.0;
/// A slide of 13.33 × 7.5 inches.
pub(super) const WIDTH: f64 = 13.333;
pub(super) const HEIGHT: f64 = 7.5;
const LEFT: f64 = 0.6;
const ACCENT: &str = "1F4E79";
const GREY: &str = "6B7280";
const TEXT: &str = "262B33";
const TINT: &str = "F3F7FB";
const HEADER: &str = "E3ECF5";
const RULE: &str = "D9DEE4";

/// Where something stands, in inches: left, top, width, height.
type Frame = (f64, f64, f64, f64);

/// The markup of a slide; `number` counts from one.
pub(super) fn markup(slide: &Slide, number: usize, count: usize, lang: Lang, words: &Words) -> String {
    let mut shapes = Shapes { out: String::new(), id: 2, lang };
    match &slide.body {
        Body::Cover(kind, lines) => {
            shapes.bar((0.0, 0.0, 0.28, HEIGHT), ACCENT);
            shapes.title((1.1, 2.0, 11.0, 1.3), &slide.title, 40);
            shapes.text((1.1, 3.3, 11.0, 0.7), std::slice::from_ref(kind), 24, GREY, false);
            shapes.text((1.1, 4.4, 11.0, 2.2), lines, 16, TEXT, false);
        }
        body => {
            shapes.bar((0.0, 0.0, WIDTH, 0.12), ACCENT);
            if slide.chapter != slide.title {
                shapes.text((LEFT, 0.3, 12.0, 0.35), std::slice::from_ref(&slide.chapter), 14, GREY, false);
            }
            shapes.title(
                (LEFT, 0.6, 12.1, 1.0),
                &slide.title,
                if width(&slide.title) > 60 { 24 } else { 28 },
            );
            content(body, &mut shapes, words);
            let page = format!("{number} / {count}");
            shapes.text((11.7, 7.05, 1.2, 0.3), &[page], 12, GREY, false);
        }
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <p:sld xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
         xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
         xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\"><p:cSld><p:spTree>\
         <p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"\"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>{}\
         </p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sld>",
        shapes.out
    )
}

fn content(body: &Body, shapes: &mut Shapes, words: &Words) {
    match body {
        Body::Cover(..) => {}
        Body::Lines(lines) => shapes.text((LEFT, 1.8, 12.1, 5.0), lines, 20, TEXT, true),
        Body::Chart(illustration, lines) => {
            let (across, down) = CHART_SIZE;
            let mut size = (f64::from(across) * PIXEL / INCH, f64::from(down) * PIXEL / INCH);
            if lines.is_empty() {
                size.0 = WIDTH - 2.0 * LEFT;
            }
            shapes.chart((LEFT, 1.8, size.0, size.1), &illustration.chart.title, &illustration.chart.alt);
            let left = LEFT + size.0 + 0.3;
            shapes.text((left, 1.9, WIDTH - left - 0.5, 4.8), lines, 16, TEXT, true);
        }
        Body::Figures(figures, lines) => {
            let each = 12.1 / figures.len().max(1) as f64;
            for (at, (label, value)) in figures.iter().enumerate() {
                let left = LEFT + at as f64 * each;
                shapes.bar((left, 1.85, each - 0.15, 1.45), TINT);
                shapes.text(
                    (left + 0.1, 1.9, each - 0.35, 0.4),
                    std::slice::from_ref(label),
                    14,
                    GREY,
                    false,
                );
                let value = std::slice::from_ref(value);
                shapes.text((left + 0.1, 2.35, each - 0.35, 0.8), value, 32, ACCENT, false);
            }
            shapes.text((LEFT, 3.6, 12.1, 3.3), lines, 18, TEXT, true);
        }
        Body::Table(columns, rows, more) => {
            shapes.table((LEFT, 1.8, 12.1, 0.42 * (rows.len() + 1) as f64), columns, rows);
            if *more > 0 {
                let more = words.say("more", &[("n", &more.to_string())]);
                shapes.text((LEFT, 6.7, 9.0, 0.35), &[more], 12, GREY, false);
            }
        }
    }
}

/// The number a line begins with, `3. `, and what it says.
fn numbered(text: &str) -> Option<(u16, &str)> {
    let (number, rest) = text.split_once(". ")?;
    Some((number.parse().ok().filter(|number| *number > 0)?, rest))
}

/// The shapes of a slide as they are put on it.
struct Shapes {
    out: String,
    id: usize,
    lang: Lang,
}

fn place((left, top, across, down): Frame) -> String {
    let units = |inches: f64| (inches * INCH).round();
    format!(
        "<a:off x=\"{}\" y=\"{}\"/><a:ext cx=\"{}\" cy=\"{}\"/>",
        units(left),
        units(top),
        units(across),
        units(down)
    )
}

impl Shapes {
    fn next(&mut self) -> usize {
        self.id += 1;
        self.id - 1
    }

    /// A filled rectangle.
    fn bar(&mut self, frame: Frame, color: &str) {
        let id = self.next();
        let place = place(frame);
        let _ = write!(
            self.out,
            "<p:sp><p:nvSpPr><p:cNvPr id=\"{id}\" name=\"Bar {id}\"/><p:cNvSpPr/><p:nvPr userDrawn=\"1\"/></p:nvSpPr>\
             <p:spPr><a:xfrm>{place}</a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom>\
             <a:solidFill><a:srgbClr val=\"{color}\"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr>\
             <p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:endParaRPr lang=\"en-US\"/></a:p></p:txBody></p:sp>"
        );
    }

    /// The title: what an outline of the deck shows.
    fn title(&mut self, frame: Frame, text: &str, size: u32) {
        let id = self.next();
        let (place, runs) = (place(frame), self.run(text, size, ACCENT, true));
        let _ = write!(
            self.out,
            "<p:sp><p:nvSpPr><p:cNvPr id=\"{id}\" name=\"Title {id}\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr>\
             <p:nvPr><p:ph type=\"title\"/></p:nvPr></p:nvSpPr><p:spPr><a:xfrm>{place}</a:xfrm></p:spPr>\
             <p:txBody><a:bodyPr wrap=\"square\" anchor=\"t\"><a:normAutofit/></a:bodyPr><a:lstStyle/>\
             <a:p>{runs}</a:p></p:txBody></p:sp>"
        );
    }

    /// Lines of text, with marks before them where they are a list.
    fn text(&mut self, frame: Frame, lines: &[String], size: u32, color: &str, is_list: bool) {
        if lines.is_empty() {
            return;
        }
        let id = self.next();
        let mut paragraphs = String::new();
        for text in lines {
            // What comes with a number is counted by the program, and gets no second mark.
            let (number, text) = match numbered(text).filter(|_| is_list) {
                Some((number, text)) => (Some(number), text),
                None => (None, text.as_str()),
            };
            let mark = match number {
                Some(number) => format!(
                    "<a:buFont typeface=\"+mj-lt\"/><a:buAutoNum type=\"arabicPeriod\" startAt=\"{number}\"/>"
                ),
                None => "<a:buFont typeface=\"Arial\"/><a:buChar char=\"•\"/>".to_owned(),
            };
            let look = match is_list {
                true => format!(
                    "<a:pPr marL=\"342900\" indent=\"-342900\"><a:spcAft><a:spcPts val=\"900\"/></a:spcAft>{mark}</a:pPr>"
                ),
                false => "<a:pPr><a:spcAft><a:spcPts val=\"300\"/></a:spcAft><a:buNone/></a:pPr>".to_owned(),
            };
            paragraphs += &format!("<a:p>{look}{}</a:p>", self.run(text, size, color, size >= 32));
        }
        let place = place(frame);
        let _ = write!(
            self.out,
            "<p:sp><p:nvSpPr><p:cNvPr id=\"{id}\" name=\"Text {id}\"/><p:cNvSpPr txBox=\"1\"/><p:nvPr/></p:nvSpPr>\
             <p:spPr><a:xfrm>{place}</a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom><a:noFill/></p:spPr>\
             <p:txBody><a:bodyPr wrap=\"square\" lIns=\"0\" rIns=\"0\"><a:normAutofit/></a:bodyPr><a:lstStyle/>\
             {paragraphs}</p:txBody></p:sp>"
        );
    }

    fn run(&self, text: &str, size: u32, color: &str, is_bold: bool) -> String {
        let bold = if is_bold { " b=\"1\"" } else { "" };
        format!(
            "<a:r><a:rPr lang=\"{}\" sz=\"{}\"{bold} dirty=\"0\"><a:solidFill><a:srgbClr val=\"{color}\"/></a:solidFill>\
             <a:latin typeface=\"微软雅黑\"/><a:ea typeface=\"微软雅黑\"/></a:rPr><a:t>{}</a:t></a:r>",
            self.lang.tag(),
            size * 100,
            escape(&text.replace(['\n', '\r', '\t'], " "))
        )
    }

    /// The chart of this slide; its relationship is always the same.
    fn chart(&mut self, frame: Frame, name: &str, alt: &str) {
        let id = self.next();
        let (left, top, across, down) = frame;
        let units = |inches: f64| (inches * INCH).round();
        let _ = write!(
            self.out,
            "<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id=\"{id}\" name=\"{}\" descr=\"{}\"/><p:cNvGraphicFramePr/>\
             <p:nvPr/></p:nvGraphicFramePr><p:xfrm><a:off x=\"{}\" y=\"{}\"/><a:ext cx=\"{}\" cy=\"{}\"/></p:xfrm>\
             <a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/chart\">\
             <c:chart xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\" r:id=\"rIdChart\"/>\
             </a:graphicData></a:graphic></p:graphicFrame>",
            line(name),
            line(alt),
            units(left),
            units(top),
            units(across),
            units(down)
        );
    }

    fn table(&mut self, frame: Frame, columns: &[(u32, String)], rows: &[Vec<(String, Role)>]) {
        let id = self.next();
        let whole: u32 = columns.iter().map(|(span, _)| *span).sum();
        let unit = frame.2 * INCH / f64::from(whole.max(1));
        let grid: String = columns
            .iter()
            .map(|(span, _)| format!("<a:gridCol w=\"{:.0}\"/>", unit * f64::from(*span)))
            .collect();
        let head: Vec<(String, Role)> =
            columns.iter().map(|(_, header)| (header.clone(), Role::Header)).collect();
        let height = (0.42 * INCH).round();
        let mut body = String::new();
        for row in std::iter::once(&head).chain(rows) {
            let cells: String = row.iter().map(|(text, role)| self.cell(text, *role)).collect();
            let blank = "<a:tc><a:txBody><a:bodyPr/><a:lstStyle/><a:p/></a:txBody><a:tcPr/></a:tc>";
            let lacking = blank.repeat(columns.len().saturating_sub(row.len()));
            body += &format!("<a:tr h=\"{height}\">{cells}{lacking}</a:tr>");
        }
        let place = place(frame);
        let _ = write!(
            self.out,
            "<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id=\"{id}\" name=\"Table {id}\"/><p:cNvGraphicFramePr>\
             <a:graphicFrameLocks noGrp=\"1\"/></p:cNvGraphicFramePr><p:nvPr/></p:nvGraphicFramePr>\
             <p:xfrm>{place}</p:xfrm><a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/table\">\
             <a:tbl><a:tblPr firstRow=\"1\"/><a:tblGrid>{grid}</a:tblGrid>{body}</a:tbl></a:graphicData></a:graphic>\
             </p:graphicFrame>"
        );
    }

    fn cell(&self, text: &str, role: Role) -> String {
        let (color, is_bold) = match role {
            Role::Header => (ACCENT, true),
            Role::Good => ("1B7A45", true),
            Role::Warn => ("9A6700", true),
            Role::Bad => ("B42318", true),
            Role::Total => (TEXT, true),
            _ => (TEXT, false),
        };
        let ground = if role == Role::Header { HEADER } else { "FFFFFF" };
        let border = |side: &str| {
            format!(
                "<a:{side} w=\"{:.0}\"><a:solidFill><a:srgbClr val=\"{RULE}\"/></a:solidFill></a:{side}>",
                0.75 * POINT
            )
        };
        let none = |side: &str| format!("<a:{side} w=\"0\"><a:noFill/></a:{side}>");
        format!(
            "<a:tc><a:txBody><a:bodyPr/><a:lstStyle/><a:p>{}</a:p></a:txBody><a:tcPr marL=\"72000\" marR=\"72000\" \
             marT=\"36000\" marB=\"36000\" anchor=\"ctr\">{}{}{}{}<a:solidFill><a:srgbClr val=\"{ground}\"/></a:solidFill>\
             </a:tcPr></a:tc>",
            self.run(text, if width(text) > 60 { 11 } else { 13 }, color, is_bold),
            none("lnL"),
            none("lnR"),
            border("lnT"),
            border("lnB"),
        )
    }
}
