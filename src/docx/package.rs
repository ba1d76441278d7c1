//! The parts of the package, always in the same order and at the same time.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::document::Document;
use crate::office::{
    DECLARATION, OFFICE, PACKAGE, attached, line, relationship, relationships as relationships_of,
};
use crate::xlsx::write::Standalone;

use super::xml::{field, run};
use super::{Bench, DocxError};

const MAIN: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// Puts the package together.
pub(super) fn pack(
    document: &Document,
    main: &str,
    charts: &[Standalone],
    bench: &Bench,
) -> Result<Vec<u8>, DocxError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut put = |name: &str, bytes: &[u8]| -> Result<(), DocxError> {
        // Same document, same bytes: the moment of writing is nowhere in the file.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(zip::DateTime::default());
        zip.start_file(name, options)?;
        zip.write_all(bytes)?;
        Ok(())
    };
    put("[Content_Types].xml", content_types(charts.len()).as_bytes())?;
    put("_rels/.rels", root_relationships().as_bytes())?;
    put("docProps/core.xml", core(document, bench).as_bytes())?;
    put("docProps/app.xml", app().as_bytes())?;
    put("word/document.xml", main.as_bytes())?;
    put("word/_rels/document.xml.rels", relationships(charts.len()).as_bytes())?;
    let styles = include_str!("styles.xml").replace("{lang}", bench.lang.tag());
    put("word/styles.xml", styles.as_bytes())?;
    put("word/settings.xml", include_str!("settings.xml").as_bytes())?;
    put("word/fontTable.xml", include_str!("fonts.xml").as_bytes())?;
    put("word/header1.xml", header(document).as_bytes())?;
    put("word/footer1.xml", footer(bench).as_bytes())?;
    for (number, chart) in (1..).zip(charts) {
        put(&format!("word/charts/chart{number}.xml"), attached(&chart.part).as_bytes())?;
        let target = format!("../embeddings/chart{number}.xlsx");
        let link = relationship("rId1", &format!("{OFFICE}/package"), &target);
        put(&format!("word/charts/_rels/chart{number}.xml.rels"), relationships_of(&link).as_bytes())?;
        put(&format!("word/embeddings/chart{number}.xlsx"), &chart.workbook)?;
    }
    Ok(zip.finish()?.into_inner())
}

fn root_relationships() -> String {
    relationships_of(
        &[
            relationship("rId1", &format!("{OFFICE}/officeDocument"), "word/document.xml"),
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

fn relationships(charts: usize) -> String {
    let mut of = String::new();
    for (id, kind, target) in [
        ("rIdStyles", "styles", "styles.xml"),
        ("rIdSettings", "settings", "settings.xml"),
        ("rIdFonts", "fontTable", "fontTable.xml"),
        ("rIdHeader", "header", "header1.xml"),
        ("rIdFooter", "footer", "footer1.xml"),
    ] {
        of += &relationship(id, &format!("{OFFICE}/{kind}"), target);
    }
    for number in 1..=charts {
        let (id, target) = (format!("rIdChart{number}"), format!("charts/chart{number}.xml"));
        of += &relationship(&id, &format!("{OFFICE}/chart"), &target);
    }
    relationships_of(&of)
}

fn content_types(charts: usize) -> String {
    let word = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    let office = "application/vnd.openxmlformats-officedocument";
    let mut of = format!(
        "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
         <Default Extension=\"xlsx\" ContentType=\"{office}.spreadsheetml.sheet\"/>"
    );
    let mut part = |name: &str, kind: String| {
        of += &format!("<Override PartName=\"/{name}\" ContentType=\"{kind}\"/>");
    };
    part("word/document.xml", format!("{word}.document.main+xml"));
    for (name, kind) in [
        ("styles", "styles"),
        ("settings", "settings"),
        ("fontTable", "fontTable"),
        ("header1", "header"),
        ("footer1", "footer"),
    ] {
        part(&format!("word/{name}.xml"), format!("{word}.{kind}+xml"));
    }
    for number in 1..=charts {
        part(&format!("word/charts/chart{number}.xml"), format!("{office}.drawingml.chart+xml"));
    }
    part("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml".into());
    part("docProps/app.xml", format!("{office}.extended-properties+xml"));
    format!("{DECLARATION}<Types xmlns=\"{PACKAGE}/content-types\">{of}</Types>")
}

fn core(document: &Document, bench: &Bench) -> String {
    let (title, author) = (line(&format!("{} {}", document.subject, document.kind)), bench.word("author"));
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

/// The subject on the left, the kind of document on the right.
fn header(document: &Document) -> String {
    let runs = format!("{}<w:r><w:tab/></w:r>{}", run(&document.subject, ""), run(&document.kind, ""));
    let paragraph = super::xml::paragraph("Header", &runs);
    format!("{DECLARATION}<w:hdr xmlns:w=\"{MAIN}\">{paragraph}</w:hdr>")
}

/// Which page of how many.
fn footer(bench: &Bench) -> String {
    let word = |key: &str| run(&bench.words.get(key), "");
    let runs = [
        word("page_before"),
        field("PAGE", "1"),
        word("page_between"),
        field("NUMPAGES", "1"),
        word("page_after"),
    ];
    let paragraph = super::xml::paragraph("Footer", &runs.concat());
    format!("{DECLARATION}<w:ftr xmlns:w=\"{MAIN}\">{paragraph}</w:ftr>")
}
