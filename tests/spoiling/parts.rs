//! Spoiling one part: its attributes, elements and texts, its end, its encoding.

use std::ops::Range;

use super::archive::Entry;
use super::chance::Chance;

/// Parts may not grow beyond this, so that a mutant stays a small file.
const LARGEST: usize = 8 << 20;

/// Attributes that say how many, where, which and of what type.
const TELLING: [&str; 40] = [
    "count",
    "uniqueCount",
    "r",
    "s",
    "t",
    "ref",
    "sqref",
    "spans",
    "id",
    "r:id",
    "Id",
    "Target",
    "Type",
    "TargetMode",
    "si",
    "numFmtId",
    "min",
    "max",
    "xfId",
    "fontId",
    "fillId",
    "borderId",
    "localSheetId",
    "activeTab",
    "firstSheet",
    "sheetId",
    "dxfId",
    "name",
    "state",
    "PartName",
    "ContentType",
    "Extension",
    "hidden",
    "outlineLevel",
    "formatCode",
    "displayName",
    "totalsRowCount",
    "headerRowCount",
    "date1904",
    "shapeId",
];

const NUMBERS: [&str; 18] = [
    "",
    "0",
    "-1",
    "1",
    "2",
    "7",
    "65536",
    "1048577",
    "2147483647",
    "2147483648",
    "4294967295",
    "4294967296",
    "18446744073709551615",
    "18446744073709551616",
    "1e9",
    "0x10",
    " 1 ",
    "٣",
];
const PLACES: [&str; 18] = [
    "A0",
    "A1",
    "XFD1048576",
    "XFE1",
    "A1048577",
    "A:A",
    "1:1",
    "$A$1",
    "B2:A1",
    "A1:XFD1048576",
    "a1",
    "AAAAAAAA1",
    "A1:",
    ":",
    "A1 B2 C3",
    "A1:B2:C3",
    "A99999999999999999999",
    "表!A1",
];
const WORDS: [&str; 22] = [
    "s",
    "b",
    "e",
    "n",
    "d",
    "str",
    "inlineStr",
    "zz",
    "rId1",
    "rId2",
    "rId999",
    "../../../etc/passwd",
    "/xl/workbook.xml",
    "worksheets/sheet1.xml",
    "http://example.com/x",
    "External",
    "_fupan.gen.1",
    "_xlnm.Print_Area",
    "&#x0;",
    "&bogus;",
    "&#1114112;",
    "&amp;&lt;",
];
const TEXTS: [&str; 22] = [
    "",
    "0",
    "-0",
    "1E400",
    "-1E-400",
    "NaN",
    "INF",
    "1e308",
    "99999999999999999999",
    "2958466",
    "-657435",
    "0.1.2",
    "=cmd|' /C calc'!A0",
    "_x0000_",
    "_x005F_x0041_",
    "#SPILL!",
    "合计",
    "2024年13月45日",
    "&bogus;",
    "]]>",
    "\u{202e}abc\u{0}",
    "10000%",
];
const PIECES: [&str; 14] = [
    "<!DOCTYPE a [<!ENTITY b \"c\">]>",
    "<!-- -- -->",
    "<![CDATA[x]]>",
    "<?xml version=\"1.0\" encoding=\"GBK\"?>",
    "<x/>",
    "<c/>",
    "<row/>",
    "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>",
    "<f t=\"shared\" ref=\"A1:A9\" si=\"400000000\">A1</f>",
    "<extLst><ext uri=\"x\"/></extLst>",
    "<mc:AlternateContent><mc:Choice Requires=\"x\"/></mc:AlternateContent>",
    "<mergeCell ref=\"A1:XFD1048576\"/>",
    "<sheet name=\"x\" sheetId=\"1\" r:id=\"rId1\"/>",
    "</worksheet>",
];

/// A part to be spoilt: sheets most often, then whatever leads to them.
pub fn choose(entries: &[Entry], chance: &mut Chance) -> usize {
    let wanted = match chance.below(10) {
        0..=3 => "worksheets/sheet",
        4 => "workbook.xml",
        5 => "styles",
        6 => "sharedstrings",
        7 => ".rels",
        _ => "",
    };
    let fits = |entry: &Entry| {
        let name = String::from_utf8_lossy(&entry.name).to_lowercase();
        name.contains(wanted) && !name.ends_with(".png") && !entry.data.is_empty()
    };
    let fitting: Vec<usize> = (0..entries.len()).filter(|&at| fits(&entries[at])).collect();
    if fitting.is_empty() { chance.below(entries.len()) } else { *chance.one(&fitting) }
}

/// Spoils a part in one way and says which.
pub fn spoil(part: &mut Vec<u8>, chance: &mut Chance) -> String {
    let told = match chance.below(20) {
        0..=6 => attribute(part, chance),
        7..=11 => element(part, chance),
        12..=13 => text(part, chance),
        14 => piece(part, chance),
        15 => {
            let end = chance.below(part.len() + 1);
            part.truncate(end);
            Some(format!("cut off at {end}"))
        }
        16 => encoding(part, chance),
        17 => great(part, chance),
        _ => flipped(part, chance),
    };
    let told = told.or_else(|| flipped(part, chance)).unwrap_or_else(|| "nothing to spoil".into());
    part.truncate(LARGEST);
    told
}

/// Tags from `<` to `>`, both inside.
fn tags(part: &[u8]) -> Vec<Range<usize>> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(open) = memchr::memchr(b'<', &part[at..]).map(|found| at + found) {
        let Some(close) = memchr::memchr(b'>', &part[open..]).map(|found| open + found + 1) else { break };
        tags.push(open..close);
        at = close;
    }
    tags
}

/// Attributes of a tag: name and value.
fn attributes(part: &[u8], tag: &Range<usize>) -> Vec<(Range<usize>, Range<usize>)> {
    let mut found = Vec::new();
    let mut at = tag.start;
    while let Some(equals) = memchr::memmem::find(&part[at..tag.end], b"=\"").map(|it| at + it) {
        let name =
            (tag.start..equals).rev().find(|&i| part[i].is_ascii_whitespace()).map_or(equals, |i| i + 1);
        let Some(end) = memchr::memchr(b'"', &part[equals + 2..tag.end]).map(|it| equals + 2 + it) else {
            break;
        };
        found.push((name..equals, equals + 2..end));
        at = end;
    }
    found
}

fn attribute(part: &mut Vec<u8>, chance: &mut Chance) -> Option<String> {
    let tags = tags(part);
    let telling = chance.happens(0.7);
    for _ in 0..60 {
        let tag = chance.one(&tags[..]).clone();
        let all = attributes(part, &tag);
        if all.is_empty() {
            continue;
        }
        let (name, value) = chance.one(&all).clone();
        let named = String::from_utf8_lossy(&part[name.clone()]).into_owned();
        if telling && !TELLING.contains(&named.as_str()) {
            continue;
        }
        let other = match chance.below(9) {
            0..=2 => (*chance.one(&NUMBERS)).to_owned(),
            3..=4 => (*chance.one(&PLACES)).to_owned(),
            5..=6 => (*chance.one(&WORDS)).to_owned(),
            7 => {
                part.drain(name.start..value.end + 1);
                return Some(format!("{named} taken away"));
            }
            _ => {
                let twice = [b" ", &part[name.start..value.end + 1]].concat();
                part.splice(value.end + 1..value.end + 1, twice);
                return Some(format!("{named} twice"));
            }
        };
        part.splice(value, other.bytes());
        return Some(format!("{named} is {other:?}"));
    }
    None
}

/// An element with all inside of it, by the names of its tags.
fn element_at(part: &[u8], tags: &[Range<usize>], at: usize) -> Option<Range<usize>> {
    let tag = &part[tags[at].clone()];
    if tag.starts_with(b"</") || tag.starts_with(b"<?") || tag.starts_with(b"<!") {
        return None;
    }
    if tag.ends_with(b"/>") {
        return Some(tags[at].clone());
    }
    let name = |tag: &[u8]| -> Vec<u8> {
        let start = tag.iter().position(|b| !matches!(b, b'<' | b'/')).unwrap_or(0);
        tag[start..]
            .iter()
            .copied()
            .take_while(|b| !b.is_ascii_whitespace() && !matches!(b, b'>' | b'/'))
            .collect()
    };
    let wanted = name(tag);
    let mut depth = 0i64;
    for other in &tags[at..] {
        let tag = &part[other.clone()];
        if name(tag) != wanted || tag.ends_with(b"/>") {
            continue;
        }
        depth += if tag.starts_with(b"</") { -1 } else { 1 };
        if depth == 0 {
            return Some(tags[at].start..other.end);
        }
    }
    None
}

fn element(part: &mut Vec<u8>, chance: &mut Chance) -> Option<String> {
    let tags = tags(part);
    if tags.is_empty() {
        return None;
    }
    let mut some = || (0..40).find_map(|_| element_at(part, &tags, chance.below(tags.len())));
    let (one, other) = (some()?, some()?);
    let named = String::from_utf8_lossy(&part[one.start..(one.start + 24).min(one.end)]).into_owned();
    let copy = part[one.clone()].to_vec();
    if copy.len() > LARGEST / 8 {
        return None;
    }
    Some(match chance.below(7) {
        0 => {
            part.drain(one);
            format!("{named} taken away")
        }
        1 => {
            part.splice(one.end..one.end, copy);
            format!("{named} twice")
        }
        2 if one.end <= other.start => {
            let second = part[other.clone()].to_vec();
            part.splice(other, copy);
            part.splice(one, second);
            format!("{named} changes places")
        }
        3 => {
            // Inside of itself, behind its own first tag.
            let inside = memchr::memchr(b'>', &copy).map_or(one.end, |at| one.start + at + 1);
            part.splice(inside..inside, copy);
            format!("{named} in itself")
        }
        4 => {
            part.splice(other.end..other.end, copy);
            format!("{named} somewhere else as well")
        }
        5 => {
            let times = *chance.one(&[3, 100, 3_000]);
            let many = copy.repeat(times.min(LARGEST / 2 / copy.len().max(1)));
            part.splice(one, many);
            format!("{named} {times} times")
        }
        _ => {
            // The first tag only: what was inside is left open, or closed too often.
            let tag = memchr::memchr(b'>', &copy).map_or(one.end, |at| one.start + at + 1);
            part.drain(one.start..tag);
            format!("{named} without its beginning")
        }
    })
}

fn text(part: &mut Vec<u8>, chance: &mut Chance) -> Option<String> {
    let tags = tags(part);
    let gaps: Vec<Range<usize>> =
        tags.windows(2).map(|pair| pair[0].end..pair[1].start).filter(|gap| !gap.is_empty()).collect();
    if gaps.is_empty() {
        return None;
    }
    let gap = chance.one(&gaps).clone();
    let other = match chance.below(12) {
        0 => "长".repeat(20_000),
        1 => "(".repeat(3_000),
        2 => "SUM(".repeat(2_000),
        _ => (*chance.one(&TEXTS)).to_owned(),
    };
    let told = format!("text {:?}", other.chars().take(20).collect::<String>());
    part.splice(gap, other.bytes());
    Some(told)
}

fn piece(part: &mut Vec<u8>, chance: &mut Chance) -> Option<String> {
    let tags = tags(part);
    let at = if tags.is_empty() { 0 } else { chance.one(&tags).end };
    let piece = *chance.one(&PIECES);
    part.splice(at..at, piece.bytes());
    Some(format!("{piece} put in"))
}

fn encoding(part: &mut Vec<u8>, chance: &mut Chance) -> Option<String> {
    let at = chance.below(part.len() + 1);
    Some(match chance.below(5) {
        0 => {
            part.splice(at..at, [0xff, 0xfe, 0xc3]);
            "bytes that are no text".into()
        }
        1 => {
            let text = String::from_utf8_lossy(part).into_owned();
            *part = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
            "UTF-16".into()
        }
        2 => {
            part.splice(0..0, [0xef, 0xbb, 0xbf]);
            "a byte order mark".into()
        }
        3 => {
            part.splice(at..at, [0; 3]);
            "zeros".into()
        }
        _ => {
            part.splice(0..0, b"\xef\xbb\xbf \n".iter().copied());
            "blanks before the beginning".into()
        }
    })
}

/// Something very deep, very long or very many.
fn great(part: &mut Vec<u8>, chance: &mut Chance) -> Option<String> {
    let tags = tags(part);
    if tags.is_empty() {
        return None;
    }
    let at = chance.one(&tags).clone();
    Some(match chance.below(4) {
        0 => {
            let deep = ["<x>".repeat(20_000), "</x>".repeat(20_000)].concat();
            part.splice(at.end..at.end, deep.bytes());
            "20,000 elements inside each other".into()
        }
        1 => {
            let name_end = at.start
                + 1
                + part[at.start + 1..at.end].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
            let many: String = (0..5_000).map(|n| format!(" a{n}=\"1\"")).collect();
            part.splice(name_end..name_end, many.bytes());
            "5,000 attributes".into()
        }
        2 => {
            let comment = format!("<!--{}-->", " ".repeat(1 << 20));
            part.splice(at.end..at.end, comment.bytes());
            "a long comment".into()
        }
        _ => {
            let many = "<c><v>1</v></c>".repeat(30_000);
            part.splice(at.end..at.end, many.bytes());
            "30,000 cells".into()
        }
    })
}

fn flipped(part: &mut Vec<u8>, chance: &mut Chance) -> Option<String> {
    if part.is_empty() {
        part.extend(b"<");
        return Some("a single sign".into());
    }
    let at = chance.below(part.len());
    let wild = [b'<', b'>', b'"', b'/', b'9', b'-', b'&', b'\'', b' ', b'=', 0, 0xe4];
    Some(match chance.below(3) {
        0 => {
            part[at] = *chance.one(&wild);
            format!("a byte at {at}")
        }
        1 => {
            let end = (at + 1 + chance.below(60)).min(part.len());
            part.drain(at..end);
            format!("bytes from {at} to {end} taken out")
        }
        _ => {
            let digit = part.iter().skip(at).position(u8::is_ascii_digit).map(|found| at + found)?;
            part[digit] = b'0' + chance.below(10) as u8;
            format!("a digit at {digit}")
        }
    })
}
