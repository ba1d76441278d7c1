//! What people do with an enriched workbook before it comes back: what is theirs stays, and they are told.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::{Entry, zip};

const PROGRAM: &str = env!("CARGO_BIN_EXE_fupan");
const WORKBOOK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/clean/review-11.xlsx");
const TYPES: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

fn enrich(from: &Path, to: &Path) {
    let mut command = Command::new(PROGRAM);
    command.arg("enrich").arg(from).arg("-o").arg(to).args(["--as-of", "2024-12-20", "-q"]);
    assert!(command.status().unwrap().success(), "{from:?}");
}

/// The codes a workbook is told.
fn told(path: &Path) -> Vec<String> {
    let mut command = Command::new(PROGRAM);
    command.args(["check", "--format", "json", "--as-of", "2024-12-20", "--fail-on", "never"]).arg(path);
    let said: Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
    let findings = said["files"][0]["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["code"].as_str().unwrap().to_owned()).collect()
}

pub type Parts = BTreeMap<String, Vec<u8>>;

pub fn parts(path: &Path) -> Parts {
    let mut archive = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    let mut parts = Parts::new();
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        parts.insert(entry.name().unwrap().into_owned(), bytes);
    }
    parts
}

fn save(parts: &Parts, path: &Path) {
    let entries: Vec<Entry> = parts.iter().map(|(name, bytes)| Entry::new(name, bytes)).collect();
    fs::write(path, zip(&entries)).unwrap();
}

fn edit(parts: &mut Parts, part: &str, from: &str, to: &str) {
    let text = String::from_utf8(parts[part].clone()).unwrap();
    assert!(text.contains(from), "{part}: no {from}");
    parts.insert(part.into(), text.replacen(from, to, 1).into_bytes());
}

/// The value of an attribute behind a place in a text.
fn attribute<'a>(text: &'a str, from: &str, name: &str) -> &'a str {
    let start = text.find(from).unwrap_or_else(|| panic!("no {from}"));
    let value = text[start..].split_once(&format!(" {name}=\"")).unwrap().1;
    value.split_once('"').unwrap().0
}

/// A workbook in which somebody copied one of our sheets and wrote into the copy. Excel gives the copy names like
/// those of the workbook that refer to the sheet.
fn with_copy(enriched: &Path, sheet: &str, to: &Path) {
    let mut parts = parts(enriched);
    let book = String::from_utf8(parts["xl/workbook.xml"].clone()).unwrap();
    let relations = String::from_utf8(parts["xl/_rels/workbook.xml.rels"].clone()).unwrap();
    let id = attribute(&book, &format!("name=\"{sheet}\""), "r:id");
    let relation = relations.split('<').find(|one| one.contains(&format!("Id=\"{id}\""))).unwrap();
    let part = format!("xl/{}", attribute(relation, "Relationship", "Target").trim_start_matches("/xl/"));
    let mut text = String::from_utf8(parts[&part].clone()).unwrap();
    while let Some((before, rest)) = text.split_once("<drawing ") {
        text = format!("{before}{}", rest.split_once("/>").unwrap().1);
    }
    let remark = "<row r=\"900\"><c r=\"A900\" t=\"inlineStr\"><is><t>我自己写的备注，别删</t></is></c></row></sheetData>";
    parts.insert("xl/worksheets/copy1.xml".into(), text.replacen("</sheetData>", remark, 1).into_bytes());
    let marker = book
        .split("<definedName ")
        .find(|name| name.contains(&format!(">{sheet}!")) || name.contains(&format!(">'{sheet}'!")));
    let marker = attribute(&format!(" {}", marker.unwrap()), "", "name").to_owned();
    assert!(marker.starts_with("_fupan.gen."), "{marker}");
    let count = book.matches("<sheet ").count();
    let copied = format!("<sheet name=\"{sheet} (2)\" sheetId=\"900\" r:id=\"rIdCopy\"/></sheets>");
    edit(&mut parts, "xl/workbook.xml", "</sheets>", &copied);
    let name = format!(
        "<definedName name=\"{marker}\" localSheetId=\"{count}\" hidden=\"1\">'{sheet} (2)'!$A$1</definedName></definedNames>"
    );
    edit(&mut parts, "xl/workbook.xml", "</definedNames>", &name);
    let relation = format!(
        "<Relationship Id=\"rIdCopy\" Type=\"{TYPES}/worksheet\" Target=\"worksheets/copy1.xml\"/></Relationships>"
    );
    edit(&mut parts, "xl/_rels/workbook.xml.rels", "</Relationships>", &relation);
    let kind = "<Override PartName=\"/xl/worksheets/copy1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/></Types>";
    edit(&mut parts, "[Content_Types].xml", "</Types>", kind);
    save(&parts, to);
}

/// A copy of a sheet of ours is the user's: it stays with what was written on it, is not read as a table, and
/// they are told.
#[test]
fn a_copy_of_one_of_our_sheets_stays() {
    let home = tempfile::tempdir().unwrap();
    let [first, copied, again] = ["1.xlsx", "2.xlsx", "3.xlsx"].map(|name| home.path().join(name));
    enrich(Path::new(WORKBOOK), &first);
    with_copy(&first, "行动清单", &copied);
    enrich(&copied, &again);
    let parts = parts(&again);
    let book = String::from_utf8(parts["xl/workbook.xml"].clone()).unwrap();
    assert!(book.contains("行动清单 (2)"), "{book}");
    let kept = String::from_utf8(parts["xl/worksheets/copy1.xml"].clone()).unwrap();
    assert!(kept.contains("我自己写的备注，别删"));
    let mut before = told(&first);
    before.push("copied-sheet".into());
    let mut now = told(&copied);
    before.sort();
    now.sort();
    assert_eq!(now, before);
    assert!(told(&again).contains(&"copied-sheet".into()));
}

/// Adding sheets breaks a signature, and sharing keeps others' changes back: both are told.
#[test]
fn a_signature_and_a_shared_workbook_are_told() {
    let home = tempfile::tempdir().unwrap();
    for (part, code) in [
        ("_xmlsignatures/sig1.xml", "digital-signature"),
        ("xl/revisions/revisionHeaders.xml", "shared-workbook"),
    ] {
        let path = home.path().join("a.xlsx");
        let mut parts = parts(Path::new(WORKBOOK));
        save(&parts, &path);
        let mut before = told(&path);
        parts.insert(part.into(), b"<x/>".to_vec());
        save(&parts, &path);
        before.push(code.into());
        let mut now = told(&path);
        before.sort();
        now.sort();
        assert_eq!(now, before);
    }
}

/// A workbook in which every sheet has an id as high as Excel takes still gets ids it takes.
#[test]
fn ids_of_sheets_stay_within_what_excel_takes() {
    let home = tempfile::tempdir().unwrap();
    let [before, after] = ["1.xlsx", "2.xlsx"].map(|name| home.path().join(name));
    let mut parts = parts(Path::new(WORKBOOK));
    edit(&mut parts, "xl/workbook.xml", "sheetId=\"1\"", "sheetId=\"65534\"");
    save(&parts, &before);
    enrich(&before, &after);
    let book = String::from_utf8(self::parts(&after)["xl/workbook.xml"].clone()).unwrap();
    let ids: Vec<u32> = book
        .split("sheetId=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().parse().unwrap())
        .collect();
    let distinct: std::collections::BTreeSet<&u32> = ids.iter().collect();
    assert!(distinct.len() == ids.len() && ids.iter().all(|id| (1..=65_534).contains(id)), "{ids:?}");
}

/// Where a package names every relationship part by itself, ours get their type as well.
#[test]
fn every_relationship_part_has_a_content_type() {
    let home = tempfile::tempdir().unwrap();
    let [before, after] = ["1.xlsx", "2.xlsx"].map(|name| home.path().join(name));
    let mut parts = parts(Path::new(WORKBOOK));
    let kind = "application/vnd.openxmlformats-package.relationships+xml";
    let own: String = parts
        .keys()
        .filter(|name| name.ends_with(".rels"))
        .map(|name| format!("<Override PartName=\"/{name}\" ContentType=\"{kind}\"/>"))
        .collect();
    edit(
        &mut parts,
        "[Content_Types].xml",
        &format!("<Default Extension=\"rels\" ContentType=\"{kind}\"/>"),
        "",
    );
    edit(&mut parts, "[Content_Types].xml", "</Types>", &format!("{own}</Types>"));
    save(&parts, &before);
    enrich(&before, &after);
    let parts = self::parts(&after);
    let types = String::from_utf8(parts["[Content_Types].xml"].clone()).unwrap();
    for name in parts.keys().filter(|name| name.ends_with(".rels")) {
        let named = types.contains(&format!("PartName=\"/{name}\""));
        assert!(named || types.contains("Extension=\"rels\""), "{name}");
    }
}

/// The cell of a sheet, from `<c` to its end.
fn cell_of<'a>(text: &'a str, cell: &str) -> &'a str {
    let start = text.find(&format!("<c r=\"{cell}\"")).unwrap_or_else(|| panic!("no {cell}"));
    let end = text[start..].find("</c>").unwrap() + "</c>".len();
    &text[start..start + end]
}

/// What the sheets say below their titles, by sheet, once another engine has recomputed the workbook.
fn said_of_the_sources(parts: &Parts) -> Vec<String> {
    let path = tempfile::NamedTempFile::new().unwrap();
    save(parts, path.path());
    let computed = crate::support::recalc::recalculated(&[&fs::read(path.path()).unwrap()]).remove(0);
    let cells = crate::support::recalc::values(&computed);
    let ours = ["复盘总览", "渠道与漏斗", "行动清单", "复盘报告"];
    let said = ours.iter().map(|sheet| match cells.get(&((*sheet).to_owned(), 2, 0)) {
        Some(calamine::Data::String(text)) => text.clone(),
        _ => String::new(),
    });
    said.collect()
}

/// Figures follow their cells, words were copied: once a table is sorted, gets a row or is reworded, every sheet
/// of ours says so, and as long as nothing has changed none does.
#[test]
fn our_sheets_say_when_their_sources_have_changed() {
    let home = tempfile::tempdir().unwrap();
    let enriched = home.path().join("1.xlsx");
    enrich(Path::new(WORKBOOK), &enriched);
    let before = parts(&enriched);
    assert!(said_of_the_sources(&before).iter().all(String::is_empty));

    let book = String::from_utf8(before["xl/workbook.xml"].clone()).unwrap();
    let relations = String::from_utf8(before["xl/_rels/workbook.xml.rels"].clone()).unwrap();
    let id = attribute(&book, "name=\"渠道效果表\"", "r:id");
    let relation = relations.split('<').find(|one| one.contains(&format!("Id=\"{id}\""))).unwrap();
    let part = format!("xl/{}", attribute(relation, "Relationship", "Target").trim_start_matches("/xl/"));
    let text = String::from_utf8(before[&part].clone()).unwrap();
    let content = |cell: &str| cell_of(&text, cell).split_once(">").unwrap().1.to_owned();
    // Two channels change places, as when the table is sorted; the numbers beside them would as well.
    let (first, second) = (cell_of(&text, "A4"), cell_of(&text, "A5"));
    assert_ne!(content("A4"), content("A5"));
    let sorted = text
        .replacen(first, &first.replace(&content("A4"), "\u{1}"), 1)
        .replacen(second, &second.replace(&content("A5"), &content("A4")), 1)
        .replacen('\u{1}', &content("A5"), 1);
    // A row below, beyond the table.
    let added = "<row r=\"80\"><c r=\"A80\" t=\"inlineStr\"><is><t>新渠道</t></is></c></row></sheetData>";
    let grown = text.replacen("</sheetData>", added, 1);
    for changed in [sorted, grown] {
        let mut parts = before.clone();
        parts.insert(part.clone(), changed.into_bytes());
        for said in said_of_the_sources(&parts) {
            assert_eq!(said, "生成之后这些表有改动：渠道效果表。请重新运行 fupan");
        }
    }
}

/// A remark beside one of our lists goes when the list is made anew: it is told with its cell before that, and
/// nothing else is taken for one, whoever saved the workbook in between.
#[test]
fn what_was_written_on_our_sheets_is_told_before_it_goes() {
    let home = tempfile::tempdir().unwrap();
    let [enriched, written] = ["1.xlsx", "2.xlsx"].map(|name| home.path().join(name));
    enrich(Path::new(WORKBOOK), &enriched);
    let code = "typed-on-generated-sheet".to_owned();
    assert!(!told(&enriched).contains(&code));
    let mut parts = parts(&enriched);
    let book = String::from_utf8(parts["xl/workbook.xml"].clone()).unwrap();
    let relations = String::from_utf8(parts["xl/_rels/workbook.xml.rels"].clone()).unwrap();
    let id = attribute(&book, "name=\"行动清单\"", "r:id");
    let relation = relations.split('<').find(|one| one.contains(&format!("Id=\"{id}\""))).unwrap();
    let part = format!("xl/{}", attribute(relation, "Relationship", "Target").trim_start_matches("/xl/"));
    let remark =
        "<row r=\"900\"><c r=\"B900\" t=\"inlineStr\"><is><t>我的跟进备注</t></is></c></row></sheetData>";
    edit(&mut parts, &part, "</sheetData>", remark);
    save(&parts, &written);
    let output = Command::new(PROGRAM).args(["check", "--format", "json"]).arg(&written).output().unwrap();
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = said["files"][0]["findings"].as_array().unwrap();
    let about: Vec<&Value> = findings.iter().filter(|finding| finding["code"] == *code).collect();
    assert_eq!(about.len(), 1, "{said}");
    assert!(about[0].to_string().contains("B900"), "{}", about[0]);

    // LibreOffice saves every part in its own way, and writes nothing.
    let run = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", home.path().join("profile").display()))
        .args(["--headless", "--convert-to", "xlsx", "--outdir"])
        .args([&home.path().join("saved"), &enriched])
        .output()
        .expect("LibreOffice (soffice) is installed");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    assert!(!told(&home.path().join("saved/1.xlsx")).contains(&code));
}

/// References without `$` in a formula: the row, and whether they lead to another sheet.
fn loose_references(formula: &str) -> Vec<(u32, bool)> {
    let mut found = Vec::new();
    let chars: Vec<char> = formula.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        match chars[at] {
            quote @ ('"' | '\'') => {
                at += 1;
                while at < chars.len() && chars[at] != quote {
                    at += 1;
                }
                at += 1;
            }
            c if c.is_alphanumeric() || c == '$' => {
                let end = at + chars[at..].iter().take_while(|c| c.is_alphanumeric() || **c == '$').count();
                let word: String = chars[at..end].iter().collect();
                let letters = word.chars().take_while(char::is_ascii_uppercase).count();
                let row = word[letters..].parse().ok().filter(|_| (1..=3).contains(&letters));
                let called = chars.get(end) == Some(&'(');
                found.extend(row.filter(|_| !called).map(|row| (row, at > 0 && chars[at - 1] == '!')));
                at = end;
            }
            _ => at += 1,
        }
    }
    found
}

/// People sort with the buttons we put there: what is written without `$` moves with its row, and may lead nowhere else.
#[test]
fn under_our_filter_buttons_no_loose_reference_leaves_its_row() {
    assert_eq!(
        loose_references("IF('表'!B4>$C$5,H9-D5,SUM(A1:A2))&\"Z9\""),
        [(4, true), (9, false), (5, false), (1, false), (2, false)]
    );
    let home = tempfile::tempdir().unwrap();
    let enriched = home.path().join("1.xlsx");
    let mut compared = 0;
    for name in ["fixtures/inbox/双十二家居节-全流程.xlsx", "fixtures/clean/review-11.xlsx"] {
        enrich(&Path::new(env!("CARGO_MANIFEST_DIR")).join(name), &enriched);
        for (part, bytes) in parts(&enriched) {
            let text = String::from_utf8_lossy(&bytes);
            let Some((_, filter)) =
                text.split_once("<autoFilter ref=\"").filter(|_| text.contains("fupan.gen"))
            else {
                continue;
            };
            let rows: Vec<u32> = filter.split_once('"').unwrap().0.split(':').map(row_of).collect();
            for cell in text.split("<c r=\"").skip(1).filter(|cell| cell.contains("<f>")) {
                let row = row_of(cell.split_once('"').unwrap().0);
                if row <= rows[0] || row > rows[1] {
                    continue;
                }
                let formula =
                    cell.split_once("<f>").unwrap().1.split_once("</f>").unwrap().0.replace("&quot;", "\"");
                let leaving: Vec<_> = loose_references(&formula)
                    .into_iter()
                    .filter(|(to, other)| *other || *to != row)
                    .collect();
                assert!(leaving.is_empty(), "{name} {part} row {row}: {formula}");
                compared += 1;
            }
        }
    }
    assert!(compared > 50, "{compared}");
}

fn row_of(cell: &str) -> u32 {
    cell.trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap()
}
