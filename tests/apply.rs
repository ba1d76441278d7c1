//! Suggestions accepted on the sheet of findings and written into a copy, through the command line.

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use fupan::cell::{CellRef, Content, Place};
use fupan::xlsx::graft::{Amendment, Unamended, amend};

use crate::marks::{enriched, marks, parts};
use crate::support::filled::{faulty, filled};
use crate::support::recalc::conditions;
use crate::support::{Book, SHEET};

const FINDINGS: &str = "校验结果";
const SUGGESTION: u32 = 9;
const ACCEPT: u32 = 10;
const CODE: u32 = 13;

fn run(arguments: &[&str], file: &Path) -> Output {
    let command = env!("CARGO_BIN_EXE_fupan");
    let (name, options) = arguments.split_first().unwrap();
    Command::new(command)
        .args([name, "--as-of", "2024-11-20", "--lang", "zh"])
        .arg(file)
        .args(options)
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn rows(package: &[u8], sheet: &str) -> Vec<Vec<String>> {
    let mut workbook: Xlsx<_> = open_workbook_from_rs(Cursor::new(package)).unwrap();
    let range = workbook.worksheet_range(sheet).unwrap();
    let (top, left) = range.start().unwrap();
    assert_eq!(left, 0);
    let above = (0..top).map(|_| Vec::new());
    above.chain(range.rows().map(|row| row.iter().map(Data::to_string).collect())).collect()
}

/// Every suggestion: the row of the sheet of findings, place and code.
fn suggestions(package: &[u8]) -> Vec<(u32, String, String)> {
    let rows = rows(package, FINDINGS);
    let with = rows.into_iter().enumerate().filter(|(_, row)| {
        row.get(CODE as usize).is_some_and(|code| code.contains('-')) && !row[SUGGESTION as usize].is_empty()
    });
    with.map(|(row, cells)| (row as u32, cells[3].clone(), cells[CODE as usize].clone())).collect()
}

fn put(package: &[u8], sheet: &str, cell: CellRef, value: Content) -> Vec<u8> {
    let amended = amend(package, &[Amendment { at: Place::new(sheet, cell), value }]).unwrap();
    assert_eq!(amended.left, []);
    amended.package
}

/// The enriched workbook with an answer beside the suggestions of some codes.
fn answered(package: &[u8], codes: &[&str], answer: &str) -> Vec<u8> {
    let mut answered = package.to_vec();
    let mut count = 0;
    for (row, _, code) in suggestions(package).iter().filter(|(.., code)| codes.contains(&code.as_str())) {
        answered = put(&answered, FINDINGS, CellRef::new(*row, ACCEPT), Content::Text(answer.into()));
        count += 1;
        assert!(!code.is_empty());
    }
    assert!(count >= codes.len(), "no suggestion of {codes:?} among {:?}", suggestions(package));
    answered
}

fn saved(home: &Path, package: &[u8]) -> PathBuf {
    let file = home.join("秋季.复盘.xlsx");
    fs::write(&file, package).unwrap();
    file
}

/// The findings of a file as `code place`.
fn findings(file: &Path) -> Vec<String> {
    let output = run(&["check", "--format", "json"], file);
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut found = Vec::new();
    for one in said["files"][0]["findings"].as_array().unwrap() {
        let text = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
        found.push(format!("{} {}!{}", text("code"), text("sheet"), text("cell")));
        for more in one["more"].as_array().unwrap() {
            found.push(format!("{} {}", text("code"), more.as_str().unwrap()));
        }
    }
    found
}

const CODES: [&str; 5] =
    ["not-in-list", "rate-mismatch", "row-total-mismatch", "risk-level-mismatch", "unknown-task"];

#[test]
fn accepted_suggestions_are_written_into_a_copy_and_their_findings_are_gone() {
    let home = tempfile::tempdir().unwrap();
    let package = answered(&enriched(home.path(), &faulty(), &[]), &CODES, "√");
    let file = saved(home.path(), &package);
    let before = findings(&file);
    let output = run(&["apply"], &file);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(fs::read(&file).unwrap(), package, "the file itself is never written");
    let copy = home.path().join("秋季.复盘.已采纳.xlsx");
    let after = findings(&copy);
    for (_, place, code) in suggestions(&package).iter().filter(|(.., code)| CODES.contains(&code.as_str())) {
        let one = format!("{code} {place}");
        assert!(before.contains(&one), "{one} is not among {before:?}");
        assert!(!after.contains(&one), "{one} is still found");
        assert!(said(&output).contains(place), "{}", said(&output));
    }
    let new: Vec<_> = after.iter().filter(|one| !before.contains(one)).collect();
    assert!(new.is_empty(), "new findings: {new:?}");
    // What was not accepted stays.
    assert!(after.iter().any(|one| one.starts_with("total-row-mismatch")), "{after:?}");
}

#[test]
fn only_the_accepted_cells_change_and_they_keep_their_format() {
    let home = tempfile::tempdir().unwrap();
    let original = faulty();
    let package = answered(&enriched(home.path(), &original, &[]), &CODES, "是");
    assert!(run(&["apply"], &saved(home.path(), &package)).status.success());
    let copy = fs::read(home.path().join("秋季.复盘.已采纳.xlsx")).unwrap();
    let (before, after) = (parts(&original), parts(&copy));
    let accepted = [
        (
            "xl/worksheets/sheet1.xml",
            "D3",
            "<c r=\"D3\" t=\"inlineStr\"><is><t xml:space=\"preserve\">越大越好</t></is></c>",
        ),
        ("xl/worksheets/sheet3.xml", "D3", "<v>0.04</v>"),
        ("xl/worksheets/sheet6.xml", "E3", "<c r=\"E3\"><v>5000</v></c>"),
        ("xl/worksheets/sheet8.xml", "A4", "T001"),
        ("xl/worksheets/sheet9.xml", "D3", "重大"),
    ];
    let mut changed = Vec::new();
    for (name, part) in before.iter().filter(|(name, _)| name.starts_with("xl/worksheets/")) {
        // The copy opens on our sheets, as the enriched workbook did.
        let part = crate::graft::closed(part).unwrap_or_else(|| part.clone());
        let (old, new) = (String::from_utf8(part).unwrap(), String::from_utf8(after[name].clone()).unwrap());
        let split = |text: &str| -> Vec<String> { text.split_inclusive("</c>").map(str::to_owned).collect() };
        let (old, new) = (split(&old), split(&new));
        assert_eq!(old.len(), new.len(), "{name}");
        for (old, new) in old.iter().zip(&new).filter(|(old, new)| old != new) {
            let (before, _) = old.rsplit_once("<c ").unwrap();
            assert!(new.starts_with(before), "{name}: {old} became {new}");
            let style = |cell: &str| {
                cell.rsplit_once(" s=\"").map(|(_, rest)| rest.split('"').next().unwrap().to_owned())
            };
            assert_eq!(style(old), style(new));
            changed
                .push((name.clone(), new.rsplit_once("<c ").map(|(_, cell)| format!("<c {cell}")).unwrap()));
        }
    }
    assert_eq!(changed.len(), accepted.len(), "{changed:#?}");
    for (name, cell, value) in accepted {
        let fits = |(part, new): &(String, String)| {
            part == name && new.contains(&format!("r=\"{cell}\"")) && new.contains(value)
        };
        assert!(changed.iter().any(fits), "{name} {cell} {value}: {changed:#?}");
    }
    let others =
        before.keys().filter(|name| !name.starts_with("xl/worksheets/") && !crate::marks::is_registry(name));
    for name in others {
        assert_eq!(before[name], after[name], "{name}");
    }
}

#[test]
fn what_was_taken_over_is_recorded_and_stays_recorded() {
    let home = tempfile::tempdir().unwrap();
    let package = answered(&enriched(home.path(), &faulty(), &[]), &["not-in-list"], "Y");
    assert!(run(&["apply"], &saved(home.path(), &package)).status.success());
    let copy = fs::read(home.path().join("秋季.复盘.已采纳.xlsx")).unwrap();
    let recorded = |package: &[u8]| rows(package, "采纳记录").last().unwrap()[1..].join("|");
    let line = "KPI拆解表!D3|越大越号|越大越好|不在可选范围内|not-in-list|2024-11-20";
    assert_eq!(recorded(&copy), line);
    let again = enriched(home.path(), &copy, &[]);
    assert_eq!(recorded(&again), line, "a later enrich keeps the record");
    // A second round adds to it.
    let package = answered(&again, &["risk-level-mismatch"], "采纳");
    assert!(run(&["apply", "--force"], &saved(home.path(), &package)).status.success());
    let copy = fs::read(home.path().join("秋季.复盘.已采纳.xlsx")).unwrap();
    assert_eq!(
        rows(&copy, "采纳记录").iter().filter(|row| row.get(5).is_some_and(|c| c.contains('-'))).count(),
        2
    );
}

#[test]
fn a_cell_that_has_changed_since_is_left_and_said_so() {
    let home = tempfile::tempdir().unwrap();
    let package =
        answered(&enriched(home.path(), &faulty(), &[]), &["not-in-list", "risk-level-mismatch"], "是");
    let kpi = CellRef::parse("D3").unwrap();
    let package = put(&package, "KPI拆解表", kpi, Content::Text("越小越好".into()));
    let output = run(&["apply"], &saved(home.path(), &package));
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(
        said(&output).contains("没改 KPI拆解表!D3：建议值「越大越好」，这一格现在是「越小越好」"),
        "{}",
        said(&output)
    );
    let copy = fs::read(home.path().join("秋季.复盘.已采纳.xlsx")).unwrap();
    assert_eq!(rows(&copy, "KPI拆解表")[2][3], "越小越好");
    assert_eq!(rows(&copy, "风险预案表")[2][3], "重大");
}

#[test]
fn no_file_is_overwritten_and_none_is_written_for_nothing() {
    let home = tempfile::tempdir().unwrap();
    let package = enriched(home.path(), &faulty(), &[]);
    let copy = home.path().join("秋季.复盘.已采纳.xlsx");
    // (what stands under 采纳, exit code, whether a copy is written)
    for (answer, code, written) in [("", 0, false), ("否", 0, false), ("再看看", 1, false), ("是", 0, true)]
    {
        let package =
            if answer.is_empty() { package.clone() } else { answered(&package, &["not-in-list"], answer) };
        let output = run(&["apply"], &saved(home.path(), &package));
        assert_eq!(
            (output.status.code(), copy.exists()),
            (Some(code), written),
            "{answer}: {}",
            said(&output)
        );
    }
    let file = saved(home.path(), &answered(&package, &["not-in-list"], "是"));
    fs::write(&copy, "自己的文件").unwrap();
    assert_eq!(run(&["apply"], &file).status.code(), Some(2));
    assert_eq!(fs::read(&copy).unwrap(), "自己的文件".as_bytes());
    assert_eq!(run(&["apply", "--force"], &file).status.code(), Some(0));
    assert_ne!(fs::read(&copy).unwrap(), "自己的文件".as_bytes());
    assert_eq!(run(&["apply", "--force", "-o", file.to_str().unwrap()], &file).status.code(), Some(2));
    let plain = home.path().join("没有产出过.xlsx");
    fs::write(&plain, faulty()).unwrap();
    assert_eq!(run(&["apply"], &plain).status.code(), Some(2));
}

#[test]
fn marks_go_away_with_the_suggested_values() {
    let home = tempfile::tempdir().unwrap();
    let package = enriched(home.path(), &faulty(), &["--mark"]);
    let out = home.path().join("照改.xlsx");
    let output =
        run(&["apply", "--all-suggestions", "-o", out.to_str().unwrap()], &saved(home.path(), &package));
    let copy = fs::read(&out).unwrap_or_else(|_| panic!("{}", said(&output)));
    let written: Vec<String> = rows(&copy, "采纳记录")
        .iter()
        .filter(|r| r.get(5).is_some_and(|c| c.contains('-')))
        .map(|r| r[1].clone())
        .collect();
    assert!(written.len() > 5, "{written:?}");
    let of_written: Vec<_> = marks(&package)
        .into_iter()
        .filter(|(sheet, cells, _)| written.contains(&format!("{sheet}!{cells}")))
        .collect();
    assert!(of_written.len() > 5, "{of_written:#?}");
    let shown = conditions(&[(&package, &of_written), (&copy, &of_written)]);
    assert!(shown[0].iter().all(|shown| *shown), "{of_written:#?} {:?}", shown[0]);
    let still: Vec<_> = of_written.iter().zip(&shown[1]).filter(|(_, shown)| **shown).collect();
    assert!(still.is_empty(), "{still:#?}");
    // The copy carries marks for what is left, and none for what was mended.
    let now = marks(&copy);
    assert!(!now.is_empty() && !now.iter().any(|mark| of_written.contains(mark)), "{now:#?}");
}

#[test]
fn a_file_saved_by_another_program_is_taken_over_all_the_same() {
    let home = tempfile::tempdir().unwrap();
    let file = saved(home.path(), &enriched(home.path(), &faulty(), &[]));
    let script = "import sys, openpyxl\nbook = openpyxl.load_workbook(sys.argv[1])\nsheet = book['校验结果']\n\
                  for row in sheet.iter_rows():\n    if row[13].value == 'row-total-mismatch': row[10].value = '采纳'\n\
                  book.save(sys.argv[1])\n";
    let python = Command::new("python3").args(["-c", script]).arg(&file).output().unwrap();
    assert!(python.status.success(), "{}", String::from_utf8_lossy(&python.stderr));
    let output = run(&["apply"], &file);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let copy = fs::read(home.path().join("秋季.复盘.已采纳.xlsx")).unwrap();
    assert_eq!(rows(&copy, "活动资源预算表")[2][4], "5000");
}

#[test]
fn a_formula_goes_only_from_the_accepted_cell() {
    let home = tempfile::tempdir().unwrap();
    let rows = ["推广资源|信息流|100|20|2000|=E2/2", "推广资源|达人|500|10|=C3*D3+500|=E3/2"];
    let original = filled(&[("budget", "type item unit_price quantity total actual", &rows)]);
    let package = answered(&enriched(home.path(), &original, &[]), &["row-total-mismatch"], "是");
    let output = run(&["apply"], &saved(home.path(), &package));
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let copy = parts(&fs::read(home.path().join("秋季.复盘.已采纳.xlsx")).unwrap());
    let sheet = String::from_utf8(copy[SHEET].clone()).unwrap();
    assert!(sheet.contains("<c r=\"E3\"><v>5000</v></c>") && sheet.contains("<f>E3/2</f>"), "{sheet}");
    let workbook = String::from_utf8(copy["xl/workbook.xml"].clone()).unwrap();
    assert!(workbook.contains("fullCalcOnLoad=\"1\""), "{workbook}");
}

#[test]
fn a_formula_that_was_right_before_is_not_called_wrong_before_it_is_computed_again() {
    let home = tempfile::tempdir().unwrap();
    let rows = ["推广资源|信息流|100|20|2500|2000|=F2-E2 => -500"];
    let original = filled(&[("budget", "type item unit_price quantity total actual variance", &rows)]);
    let package = answered(&enriched(home.path(), &original, &[]), &["row-total-mismatch"], "是");
    let output = run(&["apply"], &saved(home.path(), &package));
    assert!(said(&output).contains("副本里的公式"), "{}", said(&output));
    let copy = fs::read(home.path().join("秋季.复盘.已采纳.xlsx")).unwrap();
    let told: Vec<String> =
        self::rows(&copy, FINDINGS).into_iter().filter_map(|row| row.get(CODE as usize).cloned()).collect();
    assert!(!told.iter().any(|code| code == "rate-mismatch" || code == "row-total-mismatch"), "{told:?}");
}

#[test]
fn cells_are_written_however_a_sheet_writes_its_rows() {
    let number = |n: f64| Content::Number(n);
    let a1 = |a1: &str| CellRef::parse(a1).unwrap();
    // (rows, cell, value, rows afterwards)
    let cases = [
        (
            "<row r=\"1\"><c r=\"A1\" s=\"3\" t=\"s\"><v>0</v></c><c r=\"C1\"><v>1</v></c></row>",
            "A1",
            number(0.5),
            "<row r=\"1\"><c r=\"A1\" s=\"3\"><v>0.5</v></c><c r=\"C1\"><v>1</v></c></row>",
        ),
        (
            "<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"C1\"><v>1</v></c></row>",
            "B1",
            Content::Text("a<b".into()),
            "<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"B1\" t=\"inlineStr\"><is><t xml:space=\"preserve\">a&lt;b</t></is></c><c r=\"C1\"><v>1</v></c></row>",
        ),
        (
            "<row r=\"2\"><c r=\"B2\"><v>1</v></c></row>",
            "A2",
            number(7.0),
            "<row r=\"2\"><c r=\"A2\"><v>7</v></c><c r=\"B2\"><v>1</v></c></row>",
        ),
        (
            "<row r=\"1\"/><row r=\"3\"><c r=\"A3\"><v>1</v></c></row>",
            "B1",
            number(7.0),
            "<row r=\"1\"><c r=\"B1\"><v>7</v></c></row><row r=\"3\"><c r=\"A3\"><v>1</v></c></row>",
        ),
        (
            "<row r=\"1\"/><row r=\"3\"/>",
            "A2",
            number(7.0),
            "<row r=\"1\"/><row r=\"2\"><c r=\"A2\"><v>7</v></c></row><row r=\"3\"/>",
        ),
        (
            "<row><c><v>1</v></c><c s=\"1\"><v>2</v></c></row>",
            "B1",
            Content::Serial(45_566.0),
            "<row><c><v>1</v></c><c s=\"1\"><v>45566</v></c></row>",
        ),
        (
            "<row r=\"1\"><c r=\"A1\"><f t=\"shared\" ref=\"A1:A2\" si=\"0\">B1</f><v>1</v></c></row><row r=\"2\"><c r=\"A2\"><f t=\"shared\" si=\"0\"/><v>1</v></c></row>",
            "A2",
            number(7.0),
            "<row r=\"1\"><c r=\"A1\"><f t=\"shared\" ref=\"A1:A2\" si=\"0\">B1</f><v>1</v></c></row><row r=\"2\"><c r=\"A2\"><v>7</v></c></row>",
        ),
    ];
    let named = |rows: &str| {
        let space = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
        Book::of(rows).edit("xl/workbook.xml", "<workbook ", &format!("<workbook {space} ")).bytes()
    };
    for (rows, cell, value, expected) in cases {
        let book = named(rows);
        let amended = amend(&book, &[Amendment { at: Place::new("表", a1(cell)), value }]).unwrap();
        assert_eq!(amended.left, [], "{rows}");
        let sheet = String::from_utf8(parts(&amended.package)[SHEET].clone()).unwrap();
        assert!(sheet.contains(&format!("<sheetData>{expected}</sheetData>")), "{cell} of {rows}: {sheet}");
    }
    let left = |rows: &str, cell: &str| {
        let book = named(rows);
        let amended =
            amend(&book, &[Amendment { at: Place::new("表", a1(cell)), value: number(7.0) }]).unwrap();
        assert_eq!(amended.package, book);
        amended.left[0].1
    };
    let shared = "<row r=\"1\"><c r=\"A1\"><f t=\"shared\" ref=\"A1:A2\" si=\"0\">B1</f><v>1</v></c></row>";
    assert_eq!(left(shared, "A1"), Unamended::SharedFormula);
    let array = "<row r=\"1\"><c r=\"A1\"><f t=\"array\" ref=\"A1:A2\">B1:B2</f><v>1</v></c></row>";
    assert_eq!(left(array, "A2"), Unamended::SharedFormula);
}
