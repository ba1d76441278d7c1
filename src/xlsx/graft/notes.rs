//! Notes at the user's cells: a comments part of our own on sheets that have none.
//!
//! A sheet with comments or shapes of the old kind is left alone, and said so.
//! Our notes are recognised by their first words (LibreOffice forgets authors).

use std::collections::BTreeSet;

use crate::cell::CellRef;

use super::carry::highest_block;
use super::content_types::{self, NewPart};
use super::error::{GraftNote, Result};
use super::marks::SheetMarks;
use super::package::Package;
use super::relationships::{self, Relationship, free_id, part_of, relative, resolve};
use super::sheet::after_drawing;
use super::splice::Edits;
use super::take_out;
use super::xml::{Element, Tree, escape};

const AUTHOR: &str = "复盘工具";
/// Every note of ours begins so; `{AUTHOR}：` as Excel itself would write it.
const SIGN: &str = "复盘工具：";
const COMMENTS_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml";
const DRAWING_TYPE: &str = "application/vnd.openxmlformats-officedocument.vmlDrawing";

/// Puts notes on a sheet without comments; otherwise says which were left out.
pub(super) fn put(package: &mut Package<'_>, part: &str, marks: &SheetMarks) -> Result<Option<GraftNote>> {
    // One cell, one note; in Excel's order.
    let mut texts: Vec<(CellRef, String)> = Vec::new();
    for (cell, text) in &marks.notes {
        match texts.iter_mut().find(|(at, _)| at == cell) {
            Some((_, before)) => before.push_str(&format!("\n{text}")),
            None => texts.push((*cell, text.clone())),
        }
    }
    texts.sort_by_key(|(cell, _)| *cell);
    if texts.is_empty() {
        return Ok(None);
    }
    let rels_part = part_of(part);
    let rels_text = package.text(&rels_part)?.unwrap_or_else(|| relationships::EMPTY.to_owned());
    let rels = relationships::parse(&rels_part, &rels_text)?;
    let text = package.required(part)?;
    let tree = Tree::parse_without(part, &text, 1, "sheetData")?;
    let taken = ["comments", "vmlDrawing", "threadedComment"];
    if tree.child(tree.root(), "legacyDrawing").is_some()
        || rels.iter().any(|one| taken.iter().any(|t| one.is(t)))
    {
        let cells = texts.into_iter().map(|(cell, _)| cell).collect();
        return Ok(Some(GraftNote::NotesSkipped(marks.sheet.clone(), cells)));
    }
    let comments = package.free_name("xl/comments1.xml");
    let block = highest_block(package).saturating_add(1);
    package.put(&comments, comments_part(&texts).into_bytes())?;
    let drawing = package.free_name("xl/drawings/vmlDrawing1.vml");
    package.put(&drawing, drawing_part(&texts, block).into_bytes())?;
    let comments_id = free_id(&rels, &[]);
    let drawing_id = free_id(&rels, std::slice::from_ref(&comments_id));
    let added = [("comments", comments_id, &comments), ("vmlDrawing", drawing_id.clone(), &drawing)]
        .map(|(kind, id, to)| (id, format!("{}/{kind}", relationships::TYPES), relative(part, to)));
    let rels_text = relationships::append(&rels_part, &rels_text, &added)?;
    package.put(&rels_part, rels_text.into_bytes())?;
    let (bound, binding) = match tree.prefix_of(relationships::TYPES) {
        Some(bound) => (bound, String::new()),
        None => ("r:".into(), format!(" xmlns:r=\"{}\"", relationships::TYPES)),
    };
    let mut edits = Edits::default();
    let prefix = tree.prefix();
    let element = format!("<{prefix}legacyDrawing{binding} {bound}id=\"{drawing_id}\"/>");
    edits.insert(after_drawing(&tree), element);
    package.put(part, edits.apply(&text).into_bytes())?;
    let parts = [(comments, COMMENTS_TYPE, false), (drawing, DRAWING_TYPE, true)].map(
        |(name, content_type, by_extension)| NewPart {
            name,
            content_type: content_type.to_owned(),
            by_extension,
        },
    );
    content_types::extend(package, &parts)?;
    Ok(None)
}

/// Takes our notes off a sheet. Where somebody has added comments of their own, those stay.
pub(super) fn erase(package: &mut Package<'_>, part: &str) -> Result<()> {
    let rels_part = part_of(part);
    let Some(rels_text) = package.text(&rels_part)? else { return Ok(()) };
    let rels = relationships::parse(&rels_part, &rels_text)?;
    let Some(comments) = rels.iter().find(|one| one.is("comments")) else { return Ok(()) };
    let text = package.required(part)?;
    let tree = Tree::parse_without(part, &text, 1, "sheetData")?;
    let legacy = tree.child(tree.root(), "legacyDrawing");
    let legacy_id = legacy.and_then(|legacy| tree.foreign(legacy, "id"));
    let drawing = rels.iter().find(|one| one.is("vmlDrawing") && Some(&one.id) == legacy_id.as_ref());
    let (Some(legacy), Some(drawing)) = (legacy, drawing) else { return Ok(()) };
    let [comments_part, drawing_part] = [comments, drawing].map(|one| resolve(part, &one.target));
    if erase_single(package, &comments_part, &drawing_part)? {
        return Ok(());
    }
    let gone = |one: &Relationship| one.id == comments.id || one.id == drawing.id;
    let mut edits = Edits::default();
    rels.iter().filter(|one| gone(one)).for_each(|one| edits.remove(one.span.clone()));
    let rels_text = edits.apply(&rels_text);
    if rels_text == relationships::EMPTY {
        package.remove(&rels_part);
    } else {
        package.put(&rels_part, rels_text.into_bytes())?;
    }
    let mut edits = Edits::default();
    edits.remove(legacy.whole.clone());
    package.put(part, edits.apply(&text).into_bytes())?;
    let parts: BTreeSet<String> =
        [comments_part, drawing_part].iter().map(|part| part.to_ascii_lowercase()).collect();
    take_out::remove(package, &parts)
}

/// Takes our notes out from among others. `false` if there are no others, and both parts can go.
fn erase_single(package: &mut Package<'_>, comments: &str, drawing: &str) -> Result<bool> {
    let (Some(text), Some(shapes)) = (package.text(comments)?, package.text(drawing)?) else {
        return Ok(true);
    };
    let tree = Tree::parse(comments, &text, usize::MAX)?;
    // Excel's own drawings of notes are not always well-formed: then all stays.
    let Ok(drawn) = Tree::parse(drawing, &shapes, usize::MAX) else { return Ok(true) };
    let all: Vec<&Element> = tree.elements.iter().filter(|one| tree.local(one) == "comment").collect();
    let (ours, others): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|one| words(&tree, one).starts_with(SIGN));
    let notes = shapes.matches("ObjectType=\"Note\"").count();
    if others.is_empty() && notes == shapes.matches("ObjectType=").count() {
        return Ok(false);
    }
    if ours.is_empty() {
        return Ok(true);
    }
    let mut edits = Edits::default();
    ours.iter().for_each(|one| edits.remove(one.whole.clone()));
    let cells: Vec<CellRef> =
        ours.iter().filter_map(|one| CellRef::parse(&tree.value(one, "ref")?)).collect();
    package.put(comments, edits.apply(&text).into_bytes())?;
    let mut edits = Edits::default();
    for shape in drawn.elements.iter().filter(|one| drawn.local(one) == "shape") {
        let number = |name: &str| {
            let client = drawn.child(shape, "ClientData")?;
            drawn.content(drawn.child(client, name)?).trim().parse().ok()
        };
        if let (Some(row), Some(col)) = (number("Row"), number("Column"))
            && cells.contains(&CellRef::new(row, col))
        {
            edits.remove(shape.whole.clone());
        }
    }
    package.put(drawing, edits.apply(&shapes).into_bytes())?;
    Ok(true)
}

/// All words of a comment, whatever their formats.
fn words(tree: &Tree<'_>, comment: &Element) -> String {
    let inside = |one: &&Element| comment.whole.start < one.whole.start && one.whole.end < comment.whole.end;
    let texts = tree.elements.iter().filter(inside).filter(|one| tree.local(one) == "t");
    texts.map(|one| tree.content(one)).collect()
}

fn comments_part(texts: &[(CellRef, String)]) -> String {
    let comments: String = texts
        .iter()
        .map(|(cell, text)| {
            // A line break in a note is a real one.
            let text = escape(&format!("{SIGN}\n{text}")).replace("&#10;", "\n");
            format!(
                "<comment ref=\"{cell}\" authorId=\"0\"><text><r><rPr><sz val=\"9\"/><rFont val=\"微软雅黑\"/>\
                 <family val=\"2\"/></rPr><t xml:space=\"preserve\">{text}</t></r></text></comment>"
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <comments xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
         <authors><author>{AUTHOR}</author></authors><commentList>{comments}</commentList></comments>"
    )
}

fn drawing_part(texts: &[(CellRef, String)], block: u32) -> String {
    let shapes: String = texts
        .iter()
        .enumerate()
        .map(|(at, (cell, text))| {
            let id = u64::from(block) * 1024 + 1 + at as u64;
            let lines = 2 + text.chars().count() as u32 / 14 + text.matches('\n').count() as u32;
            let (row, col) = (cell.row, cell.col);
            format!(
                "<v:shape id=\"_x0000_s{id}\" type=\"#_x0000_t202\" style=\"position:absolute;visibility:hidden\" \
                 fillcolor=\"#ffffe1\" o:insetmode=\"auto\"><v:fill color2=\"#ffffe1\"/>\
                 <v:shadow on=\"t\" color=\"black\" obscured=\"t\"/><v:path o:connecttype=\"none\"/>\
                 <v:textbox style=\"mso-direction-alt:auto\"><div style=\"text-align:left\"></div></v:textbox>\
                 <x:ClientData ObjectType=\"Note\"><x:MoveWithCells/><x:SizeWithCells/>\
                 <x:Anchor>{}, 15, {}, 4, {}, 40, {}, 4</x:Anchor><x:AutoFill>False</x:AutoFill>\
                 <x:Row>{row}</x:Row><x:Column>{col}</x:Column></x:ClientData></v:shape>",
                col + 1,
                row.saturating_sub(1),
                col + 4,
                row.saturating_sub(1) + lines.clamp(3, 20) + 1,
            )
        })
        .collect();
    format!(
        "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" \
         xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><o:shapelayout v:ext=\"edit\">\
         <o:idmap v:ext=\"edit\" data=\"{block}\"/></o:shapelayout>\
         <v:shapetype id=\"_x0000_t202\" coordsize=\"21600,21600\" o:spt=\"202\" path=\"m,l,21600r21600,l21600,xe\">\
         <v:stroke joinstyle=\"miter\"/><v:path gradientshapeok=\"t\" o:connecttype=\"rect\"/></v:shapetype>{shapes}</xml>"
    )
}
