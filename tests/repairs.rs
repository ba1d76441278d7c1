//! Nothing the program writes would be repaired on opening: every kind of file of every command, looked at by
//! `tests/repair/check.py`, which knows the rules of Open XML that Office repairs files by.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::support::{Entry, zip};

const PROGRAM: &str = env!("CARGO_BIN_EXE_fupan");

/// Runs the program; findings are no failure here.
fn fupan(home: &Path, args: &[&str]) {
    let inbox = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
    let args = args.iter().map(|arg| arg.replace("FIXTURES", inbox));
    let output =
        Command::new(PROGRAM).args(args).args(["-q", "--lang", "zh"]).current_dir(home).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code().is_some_and(|code| code < 2), "{said}");
}

/// What is wrong with files, a line each. Of a file that was somebody else's first (`file<tab>original`) only what
/// the original did not have.
fn faults(home: &Path, files: &[String]) -> Vec<String> {
    let list = home.join("list.txt");
    fs::write(&list, files.join("\n")).unwrap();
    let output = Command::new("python3").args(["tests/repair/check.py", "-l"]).arg(&list).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut lines: Vec<String> = said.lines().map(str::to_owned).collect();
    assert_eq!(lines.pop(), Some(format!("{} files looked at", files.len())));
    lines
}

/// The Office files below a folder, those of other programs left out.
fn office(folder: &Path) -> Vec<PathBuf> {
    let files = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten();
    let known = |path: &Path| {
        let name = path.file_name().unwrap().to_string_lossy();
        !name.starts_with("~$") && [".xlsx", ".docx", ".pptx"].iter().any(|end| name.ends_with(end))
    };
    files.map(|entry| entry.path().to_owned()).filter(|path| known(path)).collect()
}

/// The enriched workbooks of a batch with the files they were made from, and everything else it wrote.
fn of_batch(home: &Path, out: &str, inbox: &Path) -> Vec<String> {
    let out = home.join(out);
    let run: Value = serde_json::from_slice(&fs::read(out.join("run.json")).unwrap()).unwrap();
    let files = run["files"].as_array().unwrap();
    let made_from = |path: &Path| {
        let of = |file: &&Value| {
            file["campaign"]["output"].as_str().is_some_and(|output| out.join(output) == *path)
        };
        let name = files.iter().find(of)?["file"].as_str()?;
        let original = inbox.join(name);
        original.extension().is_some_and(|it| it == "xlsx").then_some(original)
    };
    let line = |path: PathBuf| match made_from(&path) {
        Some(original) => format!("{}\t{}", path.display(), original.display()),
        None => path.display().to_string(),
    };
    office(&out).into_iter().map(line).collect()
}

#[test]
fn nothing_we_write_would_be_repaired() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path();
    let inbox = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/inbox"));
    for lang in ["zh", "zh-Hant", "en"] {
        let status = Command::new(PROGRAM)
            .args(["template", "export", "-q", "--lang", lang, "-o"])
            .arg(home.join("blanks").join(lang))
            .status();
        assert!(status.unwrap().success());
    }
    let day = ["--as-of", "2024-12-20"];
    let with_day = |args: &[&'static str]| [args, &day].concat();
    let full = "FIXTURES/clean/full-11.xlsx";
    let noted = "FIXTURES/inbox/Q4新品上市-策划与执行-终版v2(1).xlsx";
    fupan(
        home,
        &with_day(&["batch", "FIXTURES/inbox", "-o", "out", "--docx", "--mark", "--max-seconds", "600"]),
    );
    fupan(home, &with_day(&["enrich", full, "-o", "made/full.xlsx", "--docx", "--pptx", "--mark"]));
    fupan(home, &with_day(&["enrich", noted, "-o", "made/noted.xlsx", "--mark"]));
    fupan(home, &with_day(&["apply", "made/noted.xlsx", "-o", "made/applied.xlsx", "--all-suggestions"]));
    fupan(home, &with_day(&["diff", noted, "made/applied.xlsx", "-o", "made/differences.xlsx"]));
    fupan(home, &with_day(&["new", "--from", full, "-o", "made/next.xlsx"]));
    fupan(home, &with_day(&["upgrade", full, "-o", "made/upgraded"]));
    fupan(home, &["roster", "new", "-o", "made/roster.xlsx"]);
    // Weeks of copies: merged workbooks, questions, answers, replies, a portfolio that remembers.
    fupan(home, &["demo", "demo", "--weeks", "2", "--campaigns", "3"]);
    for (week, to) in [("2024-W27", "2024-07-07"), ("2024-W28", "2024-07-14")] {
        let (inbox, out, roster) =
            (format!("demo/{week}"), format!("weeks/{week}"), format!("demo/名单/{week}.toml"));
        fupan(home, &["batch", &inbox, "-o", &out, "--as-of", to, "--roster", &roster]);
    }
    let mut files = of_batch(home, "out", inbox);
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let grown_from = [("full.xlsx", full), ("noted.xlsx", noted), ("applied.xlsx", noted)];
    for path in ["blanks", "made", "demo", "weeks"].iter().flat_map(|folder| office(&home.join(folder))) {
        let original = grown_from.iter().find(|(name, _)| path.ends_with(Path::new("made").join(name)));
        files.push(match original {
            Some((_, of)) => {
                format!("{}\t{}", path.display(), of.replace("FIXTURES", fixtures.to_str().unwrap()))
            }
            None => path.display().to_string(),
        });
    }
    assert!(files.len() > 60, "{}: {files:?}", files.len());
    let mut wrong = faults(home, &files);
    // The lists of a portfolio are made anew by every run: nobody adds a row to them.
    wrong.retain(|line| !(line.starts_with("汇总.xlsx\t") && line.contains("\tcolumn-not-stated\t")));
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A change to a part of a workbook, and what the checker has to say of it.
type Damage = (&'static str, &'static str, &'static str, &'static str);

/// A rule each.
const DAMAGES: &[Damage] = &[
    (
        "xl/workbook.xml",
        "<sheets>",
        "<sheets><sheet xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" name=\"a/b\" sheetId=\"99\" r:id=\"rId1\"/>",
        "sheet-name",
    ),
    (
        "xl/workbook.xml",
        "<sheets>",
        "<sheets><sheet xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" name=\"c\" sheetId=\"65535\" r:id=\"rId1\"/>",
        "sheet-id",
    ),
    (
        "xl/workbook.xml",
        "<sheets>",
        "<sheets><sheet xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" name=\"c\" sheetId=\"99\" r:id=\"x9\"/>",
        "sheet-leads-nowhere",
    ),
    ("xl/workbook.xml", "<sheets>", "<calcPr/><sheets>", "order"),
    ("xl/workbook.xml", "activeTab=\"", "activeTab=\"9", "active-sheet"),
    ("xl/workbook.xml", "<definedNames>", "<definedNames><definedName name=\"A1\">1</definedName>", "name"),
    (
        "xl/workbook.xml",
        "<definedNames>",
        "<definedNames><definedName name=\"q\">1</definedName><definedName name=\"Q\">1</definedName>",
        "name-twice",
    ),
    (
        "xl/workbook.xml",
        "<definedNames>",
        "<definedNames><definedName name=\"q\" localSheetId=\"99\">1</definedName>",
        "name-scope",
    ),
    (
        "[Content_Types].xml",
        "<Default ",
        "<Default Extension=\"xml\" ContentType=\"a/b\"/><Default ",
        "type-twice",
    ),
    ("[Content_Types].xml", "worksheet+xml", "chartsheet+xml", "type-mismatch"),
    ("xl/_rels/workbook.xml.rels", "Id=\"rId1\"", "Id=\"rId2\"", "link-id-twice"),
    ("xl/_rels/workbook.xml.rels", "worksheets/sheet1.xml", "worksheets/sheet999.xml", "link-to-nothing"),
    ("xl/styles.xml", "<cellXfs ", "<cellXfs><xf fontId=\"999\"/></cellXfs><cellXfs ", "look-of-nothing"),
    ("xl/styles.xml", "<sz val=\"", "<sz val=\"9", "font"),
    ("xl/styles.xml", "formatCode=\"", "formatCode=\"a;b;c;d;e;", "number-format"),
    ("SHEET", "<sheetData>", "<sheetData><row r=\"9999\"/>", "row-order"),
    ("SHEET", "<sheetData>", "<mergeCells><mergeCell ref=\"A1:A1\"/></mergeCells><sheetData>", "merge"),
    ("SHEET", "<c r=\"A1\" ", "<c r=\"A1\" s=\"9999\" t=\"str\"><v/></c><c r=\"B1\" ", "look-of-nothing"),
    ("SHEET", "<c r=\"A1\" ", "<c r=\"A2\" ", "cell-place"),
    ("SHEET", " ht=\"", " ht=\"9", "row"),
    ("SHEET", "</row>", "<c r=\"XFD1\"><f>SUM(A1</f></c></row>", "formula"),
    ("SHEET", "</row>", "<c r=\"XFD1\"><f>XLOOKUP(1,A1,A1)</f></c></row>", "formula"),
    ("SHEET", "</row>", "<c r=\"XFD1\"><f>1月!A1</f></c></row>", "formula"),
    ("SHEET", "</row>", "<c r=\"XFD1\"><f>'没有'!A1</f></c></row>", "formula-of-no-sheet"),
    ("SHEET", "</row>", "<c r=\"XFD1\"><f>[7]Sheet1!A1</f></c></row>", "formula-of-no-workbook"),
    ("SHEET", "</row>", "<c r=\"XFD1\"><v>1.2.3</v></c></row>", "value"),
    ("SHEET", "</row>", "<c r=\"XFD1\" t=\"e\"><v>#OOPS!</v></c></row>", "value"),
    ("SHEET", "</row>", "<c r=\"XFD1\" t=\"s\"><v>999999</v></c></row>", "shared-text"),
    ("SHEET", "</row>", "<c r=\"XFD1\"><f t=\"shared\" si=\"77\"/></c></row>", "shared-formula"),
    (
        "SHEET",
        "</mergeCells>",
        "<mergeCell ref=\"A1:B2\"/><mergeCell ref=\"B2:C3\"/></mergeCells>",
        "merge-over-merge",
    ),
    (
        "SHEET",
        "</sheetData>",
        "</sheetData><autoFilter ref=\"A1:B2\"><filterColumn colId=\"5\"/></autoFilter>",
        "filter",
    ),
    ("SHEET", "<hyperlink ", "<hyperlink ref=\"A1\" location=\"'没有'!A1\"/><hyperlink ", "link-to-no-place"),
    ("SHEET", "<hyperlink ", "<hyperlink ref=\"A1\"/><hyperlink ", "link-nowhere"),
    ("SHEET", "<col min=\"1\"", "<col min=\"1\" max=\"9\"/><col min=\"1\"", "columns"),
    ("SHEET", "<sheetView ", "<sheetView zoomScale=\"999\" ", "view"),
    ("SHEET", "<oddFooter>", "<oddFooter>&amp;!", "header-footer"),
    ("SHEET", "<drawing r:id=\"", "<drawing r:id=\"x", "id-of-no-link"),
    ("SHEET", "<sheetPr>", "<sheetPr><broken>", "xml"),
    (
        "RULES",
        "<conditionalFormatting ",
        "<conditionalFormatting sqref=\"A1\"><cfRule type=\"expression\" dxfId=\"999\" priority=\"1\"><formula>1</formula></cfRule></conditionalFormatting><conditionalFormatting ",
        "format",
    ),
    (
        "RULES",
        "<conditionalFormatting ",
        "<conditionalFormatting sqref=\"A1\"><cfRule type=\"expression\" priority=\"1\"><formula>{1}</formula></cfRule></conditionalFormatting><conditionalFormatting ",
        "rule-formula",
    ),
    (
        "LISTS",
        "<dataValidation ",
        "<dataValidation sqref=\"A1\" type=\"list\"/><dataValidation ",
        "validation",
    ),
    ("TABLE", "displayName=\"", "displayName=\"A1 ", "table-name"),
    ("TABLE", "<tableColumn ", "<tableColumn id=\"999\" name=\"多一列\"/><tableColumn ", "table-area"),
    ("TABLE", "<tableColumn id=\"1\" name=\"", "<tableColumn id=\"1\" name=\"另", "table-header"),
    ("TABLE", "<autoFilter ref=\"A", "<autoFilter ref=\"B", "table-filter"),
    ("CHART", "<c:ptCount val=\"", "<c:ptCount val=\"9", "chart-cache"),
    ("CHART", "<c:crossAx val=\"", "<c:crossAx val=\"9", "axis-crosses-nothing"),
    ("NOTES", "authorId=\"", "authorId=\"9", "note"),
    ("DRAWING", "<xdr:row>", "<xdr:row>9999999", "anchor"),
];

/// The first part a damage can be done to.
fn part<'a>(parts: &'a [(String, Vec<u8>)], kind: &str, from: &str) -> &'a str {
    let starts = match kind {
        "SHEET" | "RULES" | "LISTS" => "xl/worksheets/",
        "TABLE" => "xl/tables/",
        "CHART" => "xl/charts/",
        "NOTES" => "xl/comments",
        "DRAWING" => "xl/drawings/drawing",
        name => name,
    };
    let holds = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains(from);
    let found = parts.iter().find(|(name, bytes)| {
        name.starts_with(starts) && name.ends_with(".rels") == starts.ends_with(".rels") && holds(bytes)
    });
    &found.unwrap_or_else(|| panic!("no {kind} with {from}")).0
}

/// A checker that sees nothing would find nothing: each rule is broken in an enriched workbook, and is told.
#[test]
fn whatever_is_spoilt_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path();
    let file = "FIXTURES/inbox/Q4新品上市-策划与执行-终版v2(1).xlsx";
    fupan(home, &["enrich", file, "-o", "whole.xlsx", "--mark", "--as-of", "2024-12-20"]);
    let parts: Vec<(String, Vec<u8>)> = crate::kept::parts(&home.join("whole.xlsx")).into_iter().collect();
    let mut files = vec![];
    for (at, (kind, from, to, _)) in DAMAGES.iter().enumerate() {
        let spoilt = part(&parts, kind, from);
        let entries: Vec<Entry> = parts
            .iter()
            .map(|(name, bytes)| match name == spoilt {
                true => Entry::new(name, String::from_utf8_lossy(bytes).replacen(from, to, 1).as_bytes()),
                false => Entry::new(name, bytes),
            })
            .collect();
        let path = home.join(format!("{at:02}.xlsx"));
        fs::write(&path, zip(&entries)).unwrap();
        files.push(format!("{}\t{}", path.display(), home.join("whole.xlsx").display()));
    }
    let told = faults(home, &files);
    let missed: Vec<&Damage> = DAMAGES
        .iter()
        .enumerate()
        .filter(|(at, (.., rule))| {
            let (file, rule) = (format!("{at:02}.xlsx\t"), format!("\t{rule}\t"));
            !told.iter().any(|line| line.starts_with(&file) && line.contains(&rule))
        })
        .map(|(_, damage)| damage)
        .collect();
    assert!(missed.is_empty(), "{missed:#?}\n{told:#?}");
}
