//! Before the report: its cover, and the contents with links to the chapters.

use crate::document::{Block, Document};

use super::Bench;
use super::body::bookmark;
use super::table;
use super::xml::{paragraph, run};

/// Subject, kind, facts, as-of day.
pub(super) fn cover(document: &Document, bench: &Bench) -> String {
    let mut out = paragraph("Title", &run(&document.subject, ""));
    out += &paragraph("CoverKind", &run(&document.kind, ""));
    if !document.facts.is_empty() {
        out += &table::facts(&document.facts, bench);
    }
    out + &paragraph("Subtitle", &run(&document.subtitle, ""))
}

/// The contents on a page of their own: links to the headings in a field.
///
/// Only the program that lays the pages knows their numbers; it puts them in
/// when it updates the field, which it offers on opening. A guess would be wrong.
pub(super) fn contents(document: &Document, bench: &Bench) -> String {
    let headings = document.blocks.iter().filter_map(|block| match block {
        Block::Heading { level, text } => Some((*level, text)),
        _ => None,
    });
    let listed: Vec<(usize, u8, &String)> = (1..)
        .zip(headings)
        .filter(|(_, (level, _))| *level <= 2)
        .map(|(number, (level, text))| (number, level, text))
        .collect();
    let mut out = String::from(
        "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val=\"Table of Contents\"/>\
         <w:docPartUnique/></w:docPartObj></w:sdtPr><w:sdtContent>",
    );
    out += &paragraph("TOCHeading", &run(&bench.words.get("contents"), ""));
    for (index, (number, level, text)) in listed.iter().enumerate() {
        let opening = if index == 0 {
            "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>\
             <w:r><w:instrText xml:space=\"preserve\"> TOC \\o \"1-2\" \\h \\z \\u </w:instrText></w:r>\
             <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>"
        } else {
            ""
        };
        let name = bookmark(*number);
        let link = format!(
            "{opening}<w:hyperlink w:anchor=\"{name}\" w:history=\"1\">{}</w:hyperlink>",
            run(text, ""),
        );
        out += &paragraph(&format!("TOC{level}"), &link);
    }
    if !listed.is_empty() {
        out += &paragraph("Gap", "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>");
    }
    out + "</w:sdtContent></w:sdt>"
}
