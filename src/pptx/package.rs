//! The parts of the package, always in the same order and at the same time.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::PptxError;
use super::deck::{Body, Slide};
use super::slide::{HEIGHT, WIDTH, markup};
use crate::document::Document;
use crate::locale::Lang;
use crate::office::{DECLARATION, OFFICE, PACKAGE, attached, line, relationship, relationships};
use crate::words::Words;
use crate::xlsx::write::Standalone;

const NAMESPACES: &str = "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
     xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
     xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\"";
const EMPTY_TREE: &str = "<p:spTree><p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"\"/><p:cNvGrpSpPr/><p:nvPr/>\
     </p:nvGrpSpPr><p:grpSpPr/></p:spTree>";

/// Puts the package together.
pub(super) fn pack(
    document: &Document,
    slides: &[Slide],
    charts: &[Standalone],
    lang: Lang,
    words: &Words,
) -> Result<Vec<u8>, PptxError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut put = |name: &str, bytes: &[u8]| -> Result<(), PptxError> {
        // Same document, same bytes: the moment of writing is nowhere in the file.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(zip::DateTime::default());
        zip.start_file(name, options)?;
        zip.write_all(bytes)?;
        Ok(())
    };
    put("[Content_Types].xml", content_types(slides.len(), charts.len()).as_bytes())?;
    put("_rels/.rels", root().as_bytes())?;
    put("docProps/core.xml", core(document, words).as_bytes())?;
    put("docProps/app.xml", app().as_bytes())?;
    put("ppt/presentation.xml", presentation(slides.len()).as_bytes())?;
    put("ppt/_rels/presentation.xml.rels", of_presentation(slides.len()).as_bytes())?;
    put("ppt/theme/theme1.xml", include_str!("theme.xml").as_bytes())?;
    put("ppt/slideMasters/slideMaster1.xml", master().as_bytes())?;
    let layout = relationship("rId1", &format!("{OFFICE}/slideLayout"), "../slideLayouts/slideLayout1.xml");
    let theme = relationship("rId2", &format!("{OFFICE}/theme"), "../theme/theme1.xml");
    put(
        "ppt/slideMasters/_rels/slideMaster1.xml.rels",
        relationships(&(layout.clone() + &theme)).as_bytes(),
    )?;
    put("ppt/slideLayouts/slideLayout1.xml", layout_part().as_bytes())?;
    let master = relationship("rId1", &format!("{OFFICE}/slideMaster"), "../slideMasters/slideMaster1.xml");
    put("ppt/slideLayouts/_rels/slideLayout1.xml.rels", relationships(&master).as_bytes())?;
    let mut chart = 0;
    for (number, slide) in (1..).zip(slides) {
        put(
            &format!("ppt/slides/slide{number}.xml"),
            markup(slide, number, slides.len(), lang, words).as_bytes(),
        )?;
        let mut of = layout.clone();
        if matches!(slide.body, Body::Chart(..)) {
            chart += 1;
            of +=
                &relationship("rIdChart", &format!("{OFFICE}/chart"), &format!("../charts/chart{chart}.xml"));
        }
        put(&format!("ppt/slides/_rels/slide{number}.xml.rels"), relationships(&of).as_bytes())?;
    }
    for (number, chart) in (1..).zip(charts) {
        put(&format!("ppt/charts/chart{number}.xml"), attached(&chart.part).as_bytes())?;
        let target = format!("../embeddings/chart{number}.xlsx");
        let link = relationship("rId1", &format!("{OFFICE}/package"), &target);
        put(&format!("ppt/charts/_rels/chart{number}.xml.rels"), relationships(&link).as_bytes())?;
        put(&format!("ppt/embeddings/chart{number}.xlsx"), &chart.workbook)?;
    }
    Ok(zip.finish()?.into_inner())
}

fn content_types(slides: usize, charts: usize) -> String {
    let slide = "application/vnd.openxmlformats-officedocument.presentationml";
    let office = "application/vnd.openxmlformats-officedocument";
    let mut of = format!(
        "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
         <Default Extension=\"xlsx\" ContentType=\"{office}.spreadsheetml.sheet\"/>"
    );
    let mut part = |name: &str, kind: String| {
        of += &format!("<Override PartName=\"/{name}\" ContentType=\"{kind}\"/>");
    };
    part("ppt/presentation.xml", format!("{slide}.presentation.main+xml"));
    part("ppt/slideMasters/slideMaster1.xml", format!("{slide}.slideMaster+xml"));
    part("ppt/slideLayouts/slideLayout1.xml", format!("{slide}.slideLayout+xml"));
    part("ppt/theme/theme1.xml", format!("{office}.theme+xml"));
    for number in 1..=slides {
        part(&format!("ppt/slides/slide{number}.xml"), format!("{slide}.slide+xml"));
    }
    for number in 1..=charts {
        part(&format!("ppt/charts/chart{number}.xml"), format!("{office}.drawingml.chart+xml"));
    }
    part("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml".into());
    part("docProps/app.xml", format!("{office}.extended-properties+xml"));
    format!("{DECLARATION}<Types xmlns=\"{PACKAGE}/content-types\">{of}</Types>")
}

fn root() -> String {
    relationships(
        &[
            relationship("rId1", &format!("{OFFICE}/officeDocument"), "ppt/presentation.xml"),
            relationship(
                "rId2",
                &format!("{PACKAGE}/relationships/metadata/core-properties"),
                "docProps/core.xml",
            ),
            relationship("rId3", &format!("{OFFICE}/extended-properties"), "docProps/app.xml"),
        ]
        .concat(),
    )
}

fn core(document: &Document, words: &Words) -> String {
    let (title, author) =
        (line(&format!("{} {}", document.subject, document.kind)), line(&words.get("author")));
    format!(
        "{DECLARATION}<cp:coreProperties xmlns:cp=\"{PACKAGE}/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{title}</dc:title>\
         <dc:creator>{author}</dc:creator>\
         <dcterms:created xsi:type=\"dcterms:W3CDTF\">2025-01-01T00:00:00Z</dcterms:created>\
         </cp:coreProperties>"
    )
}

fn app() -> String {
    format!(
        "{DECLARATION}<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\">\
         <Application>fupan</Application></Properties>"
    )
}

fn presentation(slides: usize) -> String {
    let ids: String = (1..=slides)
        .map(|number| format!("<p:sldId id=\"{}\" r:id=\"rId{number}\"/>", 255 + number))
        .collect();
    let inch = 914_400.0;
    format!(
        "{DECLARATION}<p:presentation {NAMESPACES}><p:sldMasterIdLst><p:sldMasterId id=\"2147483648\" r:id=\"rIdMaster\"/>\
         </p:sldMasterIdLst><p:sldIdLst>{ids}</p:sldIdLst><p:sldSz cx=\"{:.0}\" cy=\"{:.0}\"/>\
         <p:notesSz cx=\"6858000\" cy=\"9144000\"/></p:presentation>",
        WIDTH * inch,
        HEIGHT * inch
    )
}

fn of_presentation(slides: usize) -> String {
    let mut of = relationship("rIdMaster", &format!("{OFFICE}/slideMaster"), "slideMasters/slideMaster1.xml");
    of += &relationship("rIdTheme", &format!("{OFFICE}/theme"), "theme/theme1.xml");
    for number in 1..=slides {
        let id = format!("rId{number}");
        of += &relationship(&id, &format!("{OFFICE}/slide"), &format!("slides/slide{number}.xml"));
    }
    relationships(&of)
}

/// The master: a white ground, the theme's colours, and what a title and text look like where nothing else is said.
fn master() -> String {
    let level = "<a:lvl1pPr algn=\"l\"><a:defRPr sz=\"2000\"><a:solidFill><a:schemeClr val=\"tx1\"/></a:solidFill>\
         <a:latin typeface=\"+mn-lt\"/><a:ea typeface=\"+mn-ea\"/></a:defRPr></a:lvl1pPr>";
    format!(
        "{DECLARATION}<p:sldMaster {NAMESPACES}><p:cSld><p:bg><p:bgPr><a:solidFill><a:schemeClr val=\"bg1\"/></a:solidFill>\
         <a:effectLst/></p:bgPr></p:bg>{EMPTY_TREE}</p:cSld><p:clrMap bg1=\"lt1\" tx1=\"dk1\" bg2=\"lt2\" tx2=\"dk2\" \
         accent1=\"accent1\" accent2=\"accent2\" accent3=\"accent3\" accent4=\"accent4\" accent5=\"accent5\" \
         accent6=\"accent6\" hlink=\"hlink\" folHlink=\"folHlink\"/><p:sldLayoutIdLst><p:sldLayoutId id=\"2147483649\" \
         r:id=\"rId1\"/></p:sldLayoutIdLst><p:txStyles><p:titleStyle>{level}</p:titleStyle><p:bodyStyle>{level}</p:bodyStyle>\
         <p:otherStyle>{level}</p:otherStyle></p:txStyles></p:sldMaster>"
    )
}

fn layout_part() -> String {
    format!(
        "{DECLARATION}<p:sldLayout {NAMESPACES} type=\"titleOnly\" preserve=\"1\"><p:cSld name=\"Title\"><p:spTree>\
         <p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"\"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>\
         <p:sp><p:nvSpPr><p:cNvPr id=\"2\" name=\"Title 1\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr>\
         <p:ph type=\"title\"/></p:nvPr></p:nvSpPr><p:spPr><a:xfrm><a:off x=\"548640\" y=\"548640\"/>\
         <a:ext cx=\"11064240\" cy=\"914400\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></p:spPr>\
         <p:txBody><a:bodyPr lIns=\"0\" rIns=\"0\"/><a:lstStyle/><a:p><a:endParaRPr lang=\"zh-CN\"/></a:p></p:txBody></p:sp>\
         </p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sldLayout>"
    )
}
