//! Files that are wrong, odd or hostile in one way each, and what reading them comes to.

use crate::support::{self, Book, Entry, SHEET, TYPES, compound, end, sheet, zip};
use fupan::cell::Content;
use fupan::workbook::{Cell, Quirk, Shown, Workbook};
use fupan::xlsx::guard::{Limits, Refusal};
use fupan::xlsx::read::{ReadOptions, read, read_with};

/// The outcome in one line: cells of all sheets, then what else was noticed; or the refusal.
fn outcome(bytes: &[u8]) -> String {
    match read(bytes, &Limits::default()) {
        Ok(workbook) => shown(&workbook),
        Err(refusal) => format!("refused: {refusal}"),
    }
}

fn shown(workbook: &Workbook) -> String {
    let mut words = Vec::new();
    for sheet in &workbook.sheets {
        words.extend(sheet.cells.iter().map(|(at, cell)| format!("{at}={}", one(cell))));
    }
    words.extend(workbook.quirks.iter().map(|quirk| match quirk {
        Quirk::NoStoredResult(_, at) => format!("+no-result:{at}"),
        Quirk::PictureCell(_, at) => format!("+picture:{at}"),
        Quirk::FarCell(_, at) => format!("+far:{at}"),
        Quirk::OtherSheet(name) => format!("+other-sheet:{name}"),
        quirk => format!("+{quirk:?}"),
    }));
    words.join(" ")
}

fn one(cell: &Cell) -> String {
    let content = match &cell.content {
        Content::Blank => "-".into(),
        Content::Number(number) => number.to_string(),
        Content::Serial(number) => format!("@{number}"),
        Content::Text(text) => format!("'{text}'"),
        Content::Bool(yes) => yes.to_string(),
        Content::Error(code) => code.clone(),
    };
    let shown = match cell.shown {
        Shown::Percent => "%",
        Shown::Text => "t",
        Shown::Scaled(_) => "万",
        Shown::Foreign(_) => "$",
        Shown::General | Shown::Date => "",
    };
    let formula = cell.formula.as_ref().map(|formula| format!("{{{formula}}}")).unwrap_or_default();
    format!("{content}{shown}{formula}")
}

fn check(cases: &[(&str, Vec<u8>, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(name, bytes, expected)| {
            let found = outcome(bytes);
            // Beyond … the words are a library's.
            let alike =
                expected.strip_suffix('…').map_or(found == *expected, |start| found.starts_with(start));
            (!alike).then(|| format!("{name}\n  expected {expected}\n  found    {found}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn cell(xml: &str) -> Vec<u8> {
    Book::of(&format!("<row r=\"1\">{xml}</row>")).bytes()
}

/// A sheet with one cell, for faults elsewhere.
fn plain() -> Book {
    Book::of("<row r=\"1\"><c r=\"A1\"><v>7</v></c></row>")
}

#[test]
fn values() {
    check(&[
        ("A number, whole, broken, small", cell("<c><v>1</v></c><c><v>-2.5</v></c><c><v>5E-3</v></c>"), "A1=1 B1=-2.5 C1=0.005"),
        ("A11 extremes stay", cell("<c><v>5e-324</v></c><c><v>1E308</v></c><c><v>-0</v></c>"), &format!("A1={} B1={} C1=-0", 5e-324, 1e308)),
        ("A14 blanks around a number", cell("<c r=\"A1\"><v> 7 </v></c>"), "A1=7"),
        ("A15 what is no number stays what it says", cell("<c t=\"n\"><v>NaN</v></c><c><v>inf</v></c><c><v>1e999</v></c>"), "A1='NaN' B1='inf' C1='1e999'"),
        ("A25 a wrong number is a text", cell("<c t=\"n\"><v>abc</v></c><c><v>1-2</v></c>"), "A1='abc' B1='1-2'"),
        ("A17 an empty text is no cell", cell("<c t=\"str\"><v></v></c><c t=\"inlineStr\"><is><t></t></is></c><c s=\"3\"/>"), ""),
        ("A18 errors", cell("<c t=\"e\"><v>#DIV/0!</v></c><c t=\"e\"><v>#N/A</v></c>"), "A1=#DIV/0! B1=#N/A"),
        ("A19 newer errors", cell("<c t=\"e\"><v>#SPILL!</v></c><c t=\"e\"><v>#GETTING_DATA</v></c><c><v>1</v></c>"), "A1=#SPILL! B1=#GETTING_DATA C1=1"),
        ("A20 no stored result", cell("<c r=\"B1\"><f>A1*2</f></c><c><f>A1</f><v></v></c>"), "B1=-{A1*2} C1=-{A1} +no-result:B1 +no-result:C1"),
        ("A22 stored results of every kind", cell("<c t=\"str\"><f>A1&amp;\"\"</f><v>x</v></c><c t=\"str\"><f>B</f><v></v></c><c t=\"b\"><f>C</f><v>1</v></c>"), "A1='x'{A1&\"\"} B1=-{B} C1=true{C}"),
        ("A23 value before formula", cell("<c><v>42</v><f>6*7</f></c>"), "A1=42{6*7}"),
        ("A24 booleans", cell("<c t=\"b\"><v>1</v></c><c t=\"b\"><v>false</v></c>"), "A1=true B1=false"),
        ("A24 neither", cell("<c t=\"b\"><v>2</v></c>"), "refused: 表!A1: neither TRUE nor FALSE"),
        ("A26 inline text", cell("<c t=\"inlineStr\"><is><r><t>a</t></r><r><t>b</t></r></is></c>"), "A1='ab'"),
        ("A27 rich text without readings", cell("<c t=\"s\"><v>0</v></c><c t=\"s\"><v>2</v></c>"), "A1='甲' B1='粗细'"),
        ("A28 blanks where they are meant", cell("<c t=\"s\"><v>1</v></c><c t=\"inlineStr\"><is><t> \u{3000}x\u{a0} </t></is></c>"), "A1=' b ' B1='\u{3000}x\u{a0}'"),
        ("A29 escaped control characters", cell("<c t=\"inlineStr\"><is><t>a_x000B_b</t></is></c>"), "A1='a\u{b}b'"),
        ("A30 a raw control character stays in its cell", cell("<c t=\"inlineStr\"><is><t>a\u{b}b</t></is></c>"), "A1='a\u{b}b'"),
        ("A32 what is built of several characters", cell("<c t=\"inlineStr\"><is><t>👨‍👩‍👧e\u{301}</t></is></c>"), "A1='👨‍👩‍👧e\u{301}'"),
        ("A33 a turned direction stays in its cell", cell("<c t=\"inlineStr\"><is><t>a\u{202e}b</t></is></c>"), "A1='a\u{202e}b'"),
        ("A34 an escape sequence stays in its cell", cell("<c t=\"inlineStr\"><is><t>_x001B_[2J</t></is></c>"), "A1='\u{1b}[2J'"),
        ("A35 a text longer than a cell holds", cell(&format!("<c t=\"inlineStr\"><is><t>{}</t></is></c>", "x".repeat(40_000))), &format!("A1='{}'", "x".repeat(40_000))),
        ("A36 three hundred lines", cell(&format!("<c t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>", "x\n".repeat(300))), &format!("A1='{}'", "x\n".repeat(300))),
        ("A31 a reference to nothing", cell("<c t=\"inlineStr\"><is><t>&#0;</t></is></c>"), "refused: damaged: sheet 表: …"),
        ("A37 an index with a blank", cell("<c t=\"s\"><v>2 </v></c>"), "refused: 表!A1: no shared text 2 "),
        ("A37 an index below zero", cell("<c t=\"s\"><v>-1</v></c>"), "refused: 表!A1: no shared text -1"),
        ("A38 an index beyond the end", cell("<c r=\"C5\" t=\"s\"><v>3</v></c>"), "refused: 表!C5: no shared text 3"),
        ("A39 an unknown type", cell("<c t=\"zz\"><v>1</v></c>"), "refused: 表!A1: a cell type that does not exist"),
        ("A39 an extension in a cell", cell("<c><v>1</v><extLst><ext uri=\"x\"><v>2</v></ext></extLst></c>"), "A1=1"),
        ("A40 bytes that are no UTF-8", plain().part(SHEET, b"<worksheet><sheetData><row><c t=\"str\"><v>\xbc\xd7</v></c></row></sheetData></worksheet>").bytes(), "refused: xl/worksheets/sheet1.xml is not UTF-8"),
        ("A41 a picture in a cell", cell("<c t=\"str\"><f>_xlfn.DISPIMG(\"ID_1\",1)</f><v>=DISPIMG(\"ID_1\",1)</v></c><c t=\"str\"><v>=DISPIMG(\"ID_2\",1)</v></c>"), "A1=-{_xlfn.DISPIMG(\"ID_1\",1)} +picture:A1 +picture:B1"),
        ("dates, percentages, text and 万", cell("<c s=\"1\"><v>45748</v></c><c s=\"2\"><v>45748.5</v></c><c s=\"3\"><v>0.15</v></c><c s=\"4\"><v>7</v></c><c s=\"5\"><v>35000</v></c><c s=\"6\"><v>1.5</v></c>"), "A1=@45748 B1=@45748.5 C1=0.15% D1=7t E1=35000万 F1=@1.5"),
        ("A8 dates written out", cell("<c t=\"d\"><v>2025-04-01</v></c><c t=\"d\"><v>not-a-date</v></c>"), "A1=@45748 B1='not-a-date'"),
        ("A7 dates from 1904", plain().edit("xl/workbook.xml", "<workbookPr/>", "<workbookPr date1904=\"1\"/>").part(SHEET, sheet("<sheetData><row><c s=\"1\"><v>44286</v></c><c s=\"1\"><v>0.25</v></c><c s=\"6\"><v>1.5</v></c></row></sheetData>")).bytes(), "A1=@45748 B1=@0.25 C1=@1.5"),
        ("D11 text that looks like a formula is text", cell("<c t=\"str\"><v>=cmd|'/c calc'!A0</v></c>"), "A1='=cmd|'/c calc'!A0'"),
    ]);
}

/// A workbook of many sheets, each with its own part.
fn many_sheets(count: usize) -> Vec<u8> {
    let (mut sheets, mut pointers) = (String::new(), String::new());
    let mut book = plain();
    for n in 2..=count {
        sheets += &format!("<sheet name=\"{n}\" r:id=\"s{n}\"/>");
        pointers += &format!(
            "<Relationship Id=\"s{n}\" Type=\"{TYPES}/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>"
        );
        let part = sheet("<sheetData><row r=\"1\"><c r=\"A1\"><v>7</v></c></row></sheetData>");
        book = book.part(&format!("xl/worksheets/sheet{n}.xml"), part);
    }
    book.edit("xl/workbook.xml", "</sheets>", &format!("{sheets}</sheets>"))
        .edit("xl/_rels/workbook.xml.rels", "</Relationships>", &format!("{pointers}</Relationships>"))
        .bytes()
}

#[test]
fn structure() {
    let row = "<row r=\"1\"><c r=\"A1\"><v>7</v></c></row>";
    let with = |before: &str, after: &str| {
        Book::with_sheet(&sheet(&format!("{before}<sheetData>{row}</sheetData>{after}"))).bytes()
    };
    check(&[
        ("B6 merges of any kind fail nothing", with("", "<mergeCells><mergeCell ref=\"A:A\"/><mergeCell ref=\"C3:A1\"/><mergeCell ref=\"x\"/></mergeCells>"), "A1=7"),
        ("B16 two sheets of one name", plain().edit("xl/workbook.xml", "</sheets>", "<sheet name=\"表\" r:id=\"rId1\"/></sheets>").bytes(), "refused: two sheets are called 表"),
        ("B17 names that differ in case", plain().edit("xl/workbook.xml", "name=\"表\"", "name=\"A\"").edit("xl/workbook.xml", "</sheets>", "<sheet name=\"a\" r:id=\"rId1\"/></sheets>").bytes(), "refused: two sheets are called a"),
        ("B19 a chart sheet", plain().edit("xl/workbook.xml", "</sheets>", "<sheet name=\"图\" r:id=\"rId9\"/></sheets>").edit("xl/_rels/workbook.xml.rels", "</Relationships>", &format!("<Relationship Id=\"rId9\" Type=\"{TYPES}/chartsheet\" Target=\"chartsheets/sheet1.xml\"/></Relationships>")).bytes(), "A1=7 +other-sheet:图"),
        ("B20 a macro sheet", plain().edit("xl/workbook.xml", "</sheets>", "<sheet name=\"宏\" r:id=\"rId9\"/></sheets>").edit("xl/_rels/workbook.xml.rels", "</Relationships>", "<Relationship Id=\"rId9\" Type=\"http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet\" Target=\"macrosheets/sheet1.xml\"/></Relationships>").bytes(), "A1=7 +other-sheet:宏"),
        ("B21 a protected workbook", plain().edit("xl/workbook.xml", "<sheets>", "<workbookProtection lockStructure=\"1\"/><sheets>").bytes(), "A1=7 +Protected"),
        ("B24 a state that does not exist", plain().edit("xl/workbook.xml", "r:id", "state=\"show\" r:id").bytes(), "A1=7"),
        ("B25 no sheets", plain().edit("xl/workbook.xml", "<sheet name=\"表\" sheetId=\"1\" r:id=\"rId1\"/>", "").bytes(), "refused: no worksheet"),
        ("B25 no workbook part", plain().without("xl/workbook.xml").bytes(), "refused: no worksheet"),
        ("B26 an empty sheet", Book::with_sheet(&sheet("<sheetData/>")).bytes(), ""),
        ("B26 a sheet without data", Book::with_sheet(&sheet("")).bytes(), ""),
        ("B27 the far corner", Book::of("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>2</v></c></row>").bytes(), "A1=1 XFD1048576=2 +far:XFD1048576"),
        ("B29 dimensions that lie or are none", with("<dimension ref=\"foo\"/>", ""), "A1=7"),
        ("B29 whole columns", with("<dimension ref=\"A:C\"/>", ""), "A1=7"),
        ("B29 nothing", with("<dimension ref=\"\"/>", ""), "A1=7"),
        ("B29 reversed", with("<dimension ref=\"XFD1048576:A1\"/>", ""), "A1=7"),
        ("B30 off the grid", cell("<c r=\"A1048577\"><v>1</v></c>"), "refused: 表!A1048577: off the grid"),
        ("B30 a row that wraps", cell("<c r=\"A4294967297\"><v>1</v></c>"), "refused: 表!A4294967297: off the grid"),
        ("B30 columns beyond XFD", cell("<c r=\"MWLQKWV1\"><v>1</v></c>"), "refused: 表!MWLQKWV1: off the grid"),
        ("B31 cells without addresses", Book::of("<row><c><v>1</v></c><c><v>2</v></c></row><row/><row><c r=\"C3\"><v>3</v></c><c><v>4</v></c></row>").bytes(), "A1=1 B1=2 C3=3 D3=4"),
        ("B31 rows out of order", Book::of("<row r=\"3\"><c r=\"A3\"><v>3</v></c></row><row r=\"1\"><c r=\"B1\"><v>2</v></c><c r=\"A1\"><v>1</v></c></row>").bytes(), "A1=1 B1=2 A3=3"),
        ("B32 one cell twice", Book::of("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1\"><c r=\"A1\"><v>2</v></c></row>").bytes(), "refused: 表!A1: there twice"),
        ("B37 shared formulas of any number", cell("<c><f t=\"shared\" ref=\"A1:B1\" si=\"400000000\">C1</f><v>1</v></c><c><f t=\"shared\" si=\"400000000\"/><v>2</v></c><c><f t=\"shared\"/><v>3</v></c>"), "A1=1{C1} B1=2{} C1=3{}"),
        ("B34 a thousand sheets", many_sheets(1_024), &["A1=7"; 1_024].join(" ")),
        ("D5 one part behind two sheets", plain().edit("xl/workbook.xml", "</sheets>", "<sheet name=\"二\" r:id=\"rId1\"/></sheets>").bytes(), "refused: hostile: two sheets share xl/worksheets/sheet1.xml"),
        ("a sheet without pointer", plain().edit("xl/workbook.xml", " r:id=\"rId1\"", "").bytes(), "refused: the part of sheet 表 is missing"),
        ("D13 parts that are never opened", plain().part("xl/externalLinks/externalLink1.xml", "<x/>").part("xl/vbaProject.bin", "x").part("xl/embeddings/oleObject1.bin", "x").bytes(), "A1=7 +Macros +ExternalLinks +EmbeddedObjects"),
    ]);
}

#[test]
fn packages() {
    let book = plain().bytes();
    let mut zero_tail = book.clone();
    zero_tail[book.len() / 2..].fill(0);
    let prefixed = Book::with_sheet(
        "<x:worksheet xmlns:x=\"m\"><x:sheetData><x:row r=\"1\"><x:c r=\"A1\" t=\"s\"><x:v>0</x:v></x:c></x:row></x:sheetData></x:worksheet>",
    );
    check(&[
        ("C1 zip64", plain().each(|entry| entry.wide = true).bytes(), "A1=7"),
        ("C1 sizes behind the data", plain().each(|entry| entry.streamed = true).bytes(), "A1=7"),
        ("C1 stored", plain().each(|entry| entry.method = 0).bytes(), "A1=7"),
        (
            "C2 absolute targets",
            plain()
                .edit("xl/_rels/workbook.xml.rels", "\"worksheets/", "\"/xl/worksheets/")
                .edit("_rels/.rels", "\"xl/", "\"/xl/")
                .bytes(),
            "A1=7",
        ),
        (
            "C2 backslashes",
            plain()
                .each(|entry| entry.name.iter_mut().filter(|b| **b == b'/').for_each(|b| *b = b'\\'))
                .bytes(),
            "A1=7",
        ),
        ("C2 another case", plain().each(|entry| entry.name.make_ascii_uppercase()).bytes(), "A1=7"),
        (
            "C2 absolute names",
            plain().each(|entry| entry.name.insert(0, b'/')).bytes(),
            "refused: hostile: entry name \"/[Content_Types].xml\"",
        ),
        (
            "C3 a target one folder up",
            plain().edit("xl/_rels/workbook.xml.rels", "\"worksheets/", "\"../xl/worksheets/").bytes(),
            "A1=7",
        ),
        ("C4 no styles", plain().without("xl/styles.xml").bytes(), "A1=7"),
        ("C4 a style that is not there", cell("<c s=\"99\"><v>1</v></c>"), "A1=1"),
        (
            "C4 no shared texts",
            Book::of("<row><c t=\"s\"><v>0</v></c></row>").without("xl/sharedStrings.xml").bytes(),
            "refused: 表!A1: no shared text 0",
        ),
        (
            "C4 shared texts nobody points to",
            Book::of("<row><c t=\"s\"><v>0</v></c></row>")
                .edit("xl/_rels/workbook.xml.rels", "/sharedStrings\"", "/other\"")
                .bytes(),
            "A1='甲'",
        ),
        ("C5 no content types", plain().without("[Content_Types].xml").bytes(), "A1=7"),
        (
            "C5 no root pointers",
            plain().without("_rels/.rels").bytes(),
            "refused: damaged: no pointer to the workbook part",
        ),
        (
            "C5 no workbook pointers",
            plain().without("xl/_rels/workbook.xml.rels").bytes(),
            "refused: the part of sheet 表 is missing",
        ),
        ("C5 no sheet part", plain().without(SHEET).bytes(), "refused: the part of sheet 表 is missing"),
        (
            "C6 two entries of one name",
            zip(&[plain().0, vec![Entry::new(SHEET, "<worksheet/>")]].concat()),
            "refused: hostile: two entries of one name",
        ),
        (
            "C7 names equal but for case",
            zip(&[plain().0, vec![Entry::new("XL/Worksheets/Sheet1.xml", "<worksheet/>")]].concat()),
            "refused: hostile: two entries of one name",
        ),
        (
            "C8 a wrong checksum",
            plain().change(SHEET, |entry| entry.crc_off_by = 1).bytes(),
            "refused: damaged: xl/worksheets/sheet1.xml: checksum is wrong",
        ),
        (
            "C8 a wrong checksum of a stored part",
            plain().change(SHEET, |entry| (entry.crc_off_by, entry.method) = (1, 0)).bytes(),
            "refused: damaged: xl/worksheets/sheet1.xml: checksum is wrong",
        ),
        ("C9 something before", [&b"junk"[..], &book].concat(), "refused: not a workbook but unknown"),
        ("C9 something behind", [&book[..], &[0x20; 3000]].concat(), "A1=7"),
        ("C9 a lot behind", [&book[..], &[0x20; 70_000]].concat(), "refused: the file is incomplete"),
        ("C10 half of it", book[..book.len() / 2].to_vec(), "refused: the file is incomplete"),
        ("C10 the tail missing", book[..book.len() - 30].to_vec(), "refused: the file is incomplete"),
        ("C11 the tail still zero", zero_tail, "refused: the file is incomplete"),
        ("C12 no bytes", Vec::new(), "refused: the file is empty"),
        ("C12 zeros", vec![0; 20_000], "refused: the file holds only zeros"),
        ("C12 one byte", vec![b'P'], "refused: not a workbook but unknown"),
        ("C12 an empty archive", end(0, 0, 0), "refused: not a workbook but zip"),
        (
            "C13 a sheet cut off",
            Book::with_sheet("<worksheet><sheetData><row><c><v>1</v></c></row>").bytes(),
            "refused: damaged: sheet 表: cut off",
        ),
        (
            "C13 cut off behind the data",
            Book::with_sheet("<worksheet><sheetData/><mergeCells>").bytes(),
            "refused: damaged: sheet 表: cut off",
        ),
        (
            "C13 shared texts cut off",
            plain().part("xl/sharedStrings.xml", "<sst><si><t>a").bytes(),
            "refused: damaged: xl/sharedStrings.xml: cut off",
        ),
        (
            "C13 styles cut off",
            plain().part("xl/styles.xml", "<styleSheet><cellXfs>").bytes(),
            "refused: damaged: xl/styles.xml: cut off",
        ),
        (
            "C13 workbook cut off",
            plain().part("xl/workbook.xml", "<workbook><sheets>").bytes(),
            "refused: damaged: xl/workbook.xml: cut off",
        ),
        (
            "C15 another packing method",
            plain().change(SHEET, |entry| entry.method = 12).bytes(),
            "refused: damaged: xl/worksheets/sheet1.xml: packed by a method workbooks do not use",
        ),
        (
            "C15 a password on the entries",
            plain().each(|entry| entry.flags = 1).bytes(),
            "refused: the file is encrypted",
        ),
        ("C16 prefixes", prefixed.bytes(), "A1='甲'"),
        (
            "C16 a byte order mark",
            plain()
                .part(
                    SHEET,
                    format!("\u{feff}{}", sheet("<sheetData><row><c><v>1</v></c></row></sheetData>")),
                )
                .bytes(),
            "A1=1",
        ),
        (
            "C16 strict",
            plain()
                .edit("_rels/.rels", TYPES, "http://purl.oclc.org/ooxml/officeDocument/relationships")
                .edit(
                    "xl/_rels/workbook.xml.rels",
                    TYPES,
                    "http://purl.oclc.org/ooxml/officeDocument/relationships",
                )
                .bytes(),
            "A1=7",
        ),
        (
            "C17 a web page",
            b"\xef\xbb\xbf<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><table>".to_vec(),
            "refused: not a workbook but html",
        ),
        (
            "C17 a mailed page",
            b"MIME-Version: 1.0\r\nX-Document-Type: Workbook".to_vec(),
            "refused: not a workbook but html",
        ),
        (
            "C17 xml of 2003",
            b"<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?><Workbook/>".to_vec(),
            "refused: not a workbook but xml-2003",
        ),
        ("C17 commas", "渠道,花费\n抖音,1\n".as_bytes().to_vec(), "refused: not a workbook but text"),
        (
            "C17 commas in GBK",
            encoding_rs::GBK.encode("渠道,花费\n抖音,1\n").0.into_owned(),
            "refused: not a workbook but text",
        ),
        (
            "C17 tabs in UTF-16",
            "\u{feff}渠道\t花费\n".encode_utf16().flat_map(u16::to_le_bytes).collect(),
            "refused: not a workbook but text",
        ),
        ("C17 pdf", b"%PDF-1.7".to_vec(), "refused: not a workbook but pdf"),
        ("C17 rar", b"Rar!\x1a\x07\x01\x00".to_vec(), "refused: not a workbook but rar"),
        (
            "C17 word",
            zip(&[
                Entry::new(
                    "_rels/.rels",
                    format!(
                        "<Relationships><Relationship Id=\"a\" Type=\"{TYPES}/officeDocument\" Target=\"word/document.xml\"/></Relationships>"
                    ),
                ),
                Entry::new("word/document.xml", "<w:document/>"),
            ]),
            "refused: not a workbook but word",
        ),
        (
            "C19 an archive of workbooks",
            zip(&[Entry::new("活动/复盘.xlsx", &book)]),
            "refused: not a workbook but zip",
        ),
        (
            "C19 a folder inside",
            plain()
                .each(|entry| {
                    entry.name.splice(0..0, *b"book/");
                })
                .bytes(),
            "refused: not a workbook but zip",
        ),
        (
            "C20 a password",
            compound(&["EncryptionInfo", "EncryptedPackage"]),
            "refused: the file is encrypted",
        ),
        ("C22 an older workbook", compound(&["Workbook"]), "refused: not a workbook but xls"),
        (
            "C22 a much older one",
            b"\x09\x04\x06\x00\x00\x00\x10\x00".to_vec(),
            "refused: not a workbook but xls-4",
        ),
        (
            "C23 binary",
            zip(&[
                Entry::new(
                    "_rels/.rels",
                    format!(
                        "<Relationships><Relationship Id=\"a\" Type=\"{TYPES}/officeDocument\" Target=\"xl/workbook.bin\"/></Relationships>"
                    ),
                ),
                Entry::new("xl/workbook.bin", "x"),
            ]),
            "refused: not a workbook but xlsb",
        ),
        (
            "C23 open document",
            zip(&[Entry::new("mimetype", "application/vnd.oasis.opendocument.spreadsheet")]),
            "refused: not a workbook but ods",
        ),
        ("C23 another compound file", compound(&["ETExtData"]), "refused: not a workbook but compound"),
        (
            "C25 open document cut in a table",
            zip(&[
                Entry::new("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
                Entry::new("content.xml", "<table:table>"),
            ]),
            "refused: not a workbook but ods",
        ),
    ]);
}

#[test]
fn hostility() {
    let mib = 1 << 20;
    let bomb = |part: &str| plain().part(part, " ".repeat(40 * mib)).bytes();
    let laughs = "<!DOCTYPE lolz [<!ENTITY lol \"lol\">]>";
    let doctype = |part: &str| {
        let mut book = plain();
        let entry = book.0.iter_mut().find(|entry| entry.name == part.as_bytes()).unwrap();
        entry.data.splice(0..0, laughs.bytes());
        book.bytes()
    };
    let overlap = {
        // One entry stored whole, the other standing inside its data.
        let inner = zip(&[Entry::new("xl/inner.xml", "<x/>")]);
        let header = inner.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
        let mut outer = Entry::new("xl/outer.xml", &inner[..header]);
        outer.method = 0;
        let mut book = plain();
        book.0.insert(0, outer);
        let mut bytes = book.bytes();
        let tail = bytes.split_off(bytes.len() - 22);
        let (count, size) = (u16::from_le_bytes([tail[10], tail[11]]), tail[12..16].try_into().unwrap());
        let offset = u32::from_le_bytes(tail[16..20].try_into().unwrap());
        let mut record = inner[header..inner.len() - 22].to_vec();
        let at = bytes.windows(12).position(|window| window == b"xl/inner.xml").unwrap() - 30;
        record[42..46].copy_from_slice(&(at as u32).to_le_bytes());
        bytes.extend(&record);
        bytes.extend(end(count + 1, u32::from_le_bytes(size) + record.len() as u32, offset));
        bytes
    };
    let kernel = {
        let mut book = plain();
        book.0.extend((0..3000).map(|n| {
            let mut entry = Entry::new(&format!("xl/media/{n}.png"), "");
            entry.claimed = Some(10 << 20);
            entry
        }));
        book.bytes()
    };
    let named = |name: &[u8]| {
        let mut entry = Entry::new("x", "x");
        entry.name = name.to_vec();
        zip(&[plain().0, vec![entry]].concat())
    };
    check(&[
        (
            "D1 shared texts that explode",
            bomb("xl/sharedStrings.xml"),
            &format!(
                "refused: unpacks to {} bytes (limit {})",
                40 * mib,
                mib.max(200 * support::deflate(" ".repeat(40 * mib).as_bytes()).len())
            ),
        ),
        (
            "D4 a size that lies low",
            plain().change(SHEET, |entry| entry.claimed = Some(20)).bytes(),
            "refused: damaged: xl/worksheets/sheet1.xml: unpacks to more than the directory says",
        ),
        (
            "D4 a size that lies high",
            plain().change(SHEET, |entry| entry.claimed = Some(2000)).bytes(),
            "refused: damaged: xl/worksheets/sheet1.xml: not the length the directory says",
        ),
        ("D5 entries that overlap", overlap, "refused: hostile: entries overlap"),
        ("D5 many claims", kernel, "refused: unpacks to 3145728…"),
        (
            "D5 too many entries",
            zip(&[plain().0, (0..10_000).map(|n| Entry::new(&format!("{n}"), "")).collect()].concat()),
            "refused: Entries: 10007 (limit 10000)",
        ),
        (
            "D6 an archive of itself",
            zip(&[Entry::new("r.zip", zip(&[Entry::new("r.zip", "")]))]),
            "refused: not a workbook but zip",
        ),
        ("D7 entities in a sheet", doctype(SHEET), "refused: hostile: sheet 表: document type declared"),
        (
            "D7 entities in the workbook",
            doctype("xl/workbook.xml"),
            "refused: hostile: xl/workbook.xml: document type declared",
        ),
        (
            "D7 entities in shared texts",
            doctype("xl/sharedStrings.xml"),
            "refused: hostile: xl/sharedStrings.xml: document type declared",
        ),
        (
            "D7 entities in styles",
            doctype("xl/styles.xml"),
            "refused: hostile: xl/styles.xml: document type declared",
        ),
        (
            "D8 a count that lies",
            plain().edit("xl/sharedStrings.xml", "uniqueCount=\"3\"", "uniqueCount=\"4000000000\"").bytes(),
            "refused: hostile: xl/sharedStrings.xml: claims 4000000000 texts",
        ),
        (
            "D8 a count that errs",
            plain().edit("xl/sharedStrings.xml", "uniqueCount=\"3\"", "uniqueCount=\"30000\"").bytes(),
            "A1=7",
        ),
        ("D9 a name that climbs", named(b"xl/../../x"), "refused: hostile: entry name \"xl/../../x\""),
        ("D9 a name with a drive", named(b"C:\\x"), "refused: hostile: entry name \"C:\\\\x\""),
        ("D9 a name with a zero", named(b"x\0y"), "refused: hostile: entry name \"x\\0y\""),
        (
            "D9 a name without end",
            named(&[b'x'; 60_000]),
            &format!("refused: hostile: entry name {:?}", "x".repeat(80)),
        ),
        (
            "D10 deep nesting",
            Book::with_sheet(&format!(
                "<worksheet>{}{}<sheetData/></worksheet>",
                "<a>".repeat(100_000),
                "</a>".repeat(100_000)
            ))
            .bytes(),
            "",
        ),
        (
            "D10 many attributes",
            Book::of(&format!(
                "<row {}><c><v>1</v></c></row>",
                (0..100_000).map(|n| format!("a{n}=\"1\" ")).collect::<String>()
            ))
            .bytes(),
            "A1=1",
        ),
        (
            "D10 a long attribute",
            Book::of(&format!("<row x=\"{}\"><c><v>1</v></c></row>", "y".repeat(2 << 20))).bytes(),
            "refused: unpacks to 2097…",
        ),
        (
            "D12 live formulas are only kept as text",
            cell("<c t=\"str\"><f>[1]Sheet1!A1+WEBSERVICE(\"http://x\")</f><v>7</v></c>"),
            "A1='7'{[1]Sheet1!A1+WEBSERVICE(\"http://x\")}",
        ),
    ]);
}

#[test]
fn limits_hold_where_they_are_set() {
    let few = Limits { cells: 2, ..Limits::default() };
    let cells = |n: usize| Book::of(&format!("<row>{}</row>", "<c><v>1</v></c>".repeat(n))).bytes();
    assert!(read(&cells(2), &few).is_ok());
    assert_eq!(read(&cells(3), &few).unwrap_err().to_string(), "Cells: 3 (limit 2)");
    let formulas = Book::of("<row><c><f>1</f></c><c><f>1</f></c><c><f>1</f></c></row>").bytes();
    assert_eq!(read(&formulas, &few).unwrap_err().to_string(), "Cells: 3 (limit 2)");

    let terse = Limits { text: 6, ..Limits::default() };
    let texts = |n: usize| Book::of(&format!("<row>{}</row>", "<c t=\"s\"><v>0</v></c>".repeat(n))).bytes();
    assert!(read(&texts(2), &terse).is_ok());
    assert_eq!(read(&texts(3), &terse).unwrap_err().to_string(), "Text: 7 (limit 6)");

    let plain = Limits { formats: 6, ..Limits::default() };
    assert_eq!(read(&cells(1), &plain).unwrap_err().to_string(), "Formats: 7 (limit 6)");

    let book = cells(1);
    let small = Limits { file: book.len() as u64 - 1, ..Limits::default() };
    assert!(matches!(read(&book, &small), Err(Refusal::TooLarge { .. })));
}

#[test]
fn what_a_sheet_says_beside_its_cells() {
    let book = Book::with_sheet(&sheet(
        "<cols><col min=\"2\" max=\"3\" hidden=\"1\"/><col min=\"5\" max=\"16384\" hidden=\"1\"/></cols><sheetData>\
         <row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"C1\"><v>1</v></c></row><row r=\"2\" hidden=\"1\"/>\
         <row r=\"3\"><c r=\"A3\"><v>1</v></c></row><row r=\"4\" hidden=\"1\"/></sheetData>\
         <mergeCells><mergeCell ref=\"A1:B1\"/></mergeCells>",
    ))
    .edit("xl/workbook.xml", "r:id", "state=\"veryHidden\" r:id")
    .edit("xl/workbook.xml", "</sheets>", "</sheets><definedNames><definedName name=\"_fupan.gen.1\" hidden=\"1\">'复盘'!$A$1</definedName>\
         <definedName name=\"_xlnm.Print_Area\" localSheetId=\"0\">表!$A$1</definedName></definedNames>")
    .part(
        "xl/worksheets/_rels/sheet1.xml.rels",
        format!(
            "<Relationships><Relationship Id=\"rId1\" Type=\"{TYPES}/table\" Target=\"..\\tables\\table1.xml\"/>\
             <Relationship Id=\"rId2\" Type=\"{TYPES}/comments\" Target=\"/xl/comments1.xml\"/>\
             <Relationship Id=\"rId3\" Type=\"{TYPES}/hyperlink\" Target=\"http://x\" TargetMode=\"External\"/></Relationships>"
        ),
    )
    .part("xl/tables/table1.xml", "<table name=\"t\" displayName=\"目标表\" ref=\"A1:C3\"><tableColumns/></table>")
    .part("xl/comments1.xml", "<comments><commentList><comment ref=\"B2\"><text><t>看</t></text></comment></commentList></comments>")
    .part("docProps/custom.xml", "<Properties><property name=\"fupan.campaign\"><vt:lpwstr>C1 &amp; 2</vt:lpwstr></property></Properties>")
    .bytes();
    let workbook = read(&book, &Limits::default()).unwrap();
    let sheet = &workbook.sheets[0];
    assert_eq!(sheet.visible, fupan::workbook::Visibility::VeryHidden);
    assert_eq!(sheet.merges.iter().map(|area| area.to_string()).collect::<Vec<_>>(), ["A1:B1"]);
    // Below and right of the last cell nothing is hidden that anyone would miss.
    assert_eq!(sheet.hidden_rows.iter().copied().collect::<Vec<_>>(), [1]);
    assert_eq!(sheet.hidden_columns.iter().copied().collect::<Vec<_>>(), [1, 2]);
    assert_eq!(
        sheet.tables.iter().map(|(name, area)| format!("{name} {area}")).collect::<Vec<_>>(),
        ["目标表 A1:C3"]
    );
    assert_eq!(sheet.notes.iter().map(|at| at.to_string()).collect::<Vec<_>>(), ["B2"]);
    assert_eq!(workbook.properties["fupan.campaign"], "C1 & 2");
    assert_eq!(
        workbook.names.iter().collect::<Vec<_>>(),
        [(&"_fupan.gen.1".to_owned(), &"'复盘'!$A$1".to_owned())]
    );
}

#[test]
fn sheets_of_our_own_are_passed_over() {
    let book = plain()
        .edit("xl/workbook.xml", "</sheets>", "<sheet name=\"复盘总览\" r:id=\"rId404\"/></sheets>")
        .bytes();
    assert!(read(&book, &Limits::default()).is_err());
    let options = ReadOptions { skip: vec!["复盘总览".into()], ..ReadOptions::default() };
    let workbook = read_with(&book, &Limits::default(), &options).unwrap();
    assert_eq!(workbook.sheets.iter().map(|sheet| &*sheet.name).collect::<Vec<_>>(), ["表"]);
}
