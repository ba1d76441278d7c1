//! Findings marked on the team's own cells, through the command line.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;
use std::process::Command;

use fupan::xlsx::graft::strip;
use zip::ZipArchive;

use crate::support::filled::{faulty, filled};
use crate::support::recalc::{Condition, conditions};

pub fn enriched(home: &Path, original: &[u8], options: &[&str]) -> Vec<u8> {
    let (file, out) = (home.join("活动.xlsx"), home.join("产出.xlsx"));
    fs::write(&file, original).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_fupan"))
        .args(["enrich", "--as-of", "2024-11-20", "--lang", "zh"])
        .args(options)
        .arg(&file)
        .arg("-o")
        .arg(&out)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(fs::read(&file).unwrap(), original, "the team's file is never written");
    fs::read(&out).unwrap()
}

pub fn parts(package: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(package)).unwrap();
    let mut parts = BTreeMap::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        parts.insert(name, content);
    }
    parts
}

/// The parts that name our sheets, or take our styles.
pub fn is_registry(name: &str) -> bool {
    ["[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"].contains(&name)
}

fn between<'t>(text: &'t str, from: &str, to: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(from)?;
    rest.split_once(to).map(|(inside, _)| inside)
}

/// The names of the sheets by their parts, for workbooks of rust_xlsxwriter.
fn sheet_names(parts: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let workbook = String::from_utf8(parts["xl/workbook.xml"].clone()).unwrap();
    workbook.split("<sheet name=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

/// Every mark, in the order of sheets.
pub fn marks(package: &[u8]) -> Vec<Condition> {
    let parts = parts(package);
    let mut marks = Vec::new();
    for (at, name) in sheet_names(&parts).into_iter().enumerate() {
        let Some(sheet) = parts.get(&format!("xl/worksheets/sheet{}.xml", at + 1)) else { continue };
        let sheet = String::from_utf8(sheet.clone()).unwrap();
        for format in sheet.split("<conditionalFormatting sqref=\"").skip(1) {
            let areas = format.split('"').next().unwrap();
            let Some(formula) = between(format, "<formula>", "</formula>") else { continue };
            let formula = formula.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">");
            if let Some(check) = formula.strip_prefix("IF(LEN(\"fupan.mark\"),") {
                let check = check.strip_suffix(')').unwrap();
                marks.push((name.clone(), areas.to_owned(), check.to_owned()));
            }
        }
    }
    marks
}

#[test]
fn a_finding_is_marked_where_it_stands_by_its_own_check() {
    let home = tempfile::tempdir().unwrap();
    let marks = marks(&enriched(home.path(), &faulty(), &["--mark"]));
    let of = |sheet: &str, cells: &str| -> Vec<&str> {
        let here = marks.iter().filter(|(name, areas, _)| name == sheet && areas == cells);
        here.map(|(.., check)| check.as_str()).collect()
    };
    // (sheet, cells, what the condition must contain)
    let expected = [
        ("KPI拆解表", "C4", "LEN(TRIM(C4))=0"),
        ("KPI拆解表", "D3", "TRIM(D3)<>\"越小越好\""),
        ("KPI拆解表", "E2:E3", "ROUND(SUM($E$2:$E$3)-1,6)>0.001"),
        ("活动阶段表", "C3", "B3>C3"),
        (
            "活动效果实时监控记录表",
            "D3",
            "ROUND(ABS(D3-IF(COUNT(C3,B3)=2,IF(B3=0,\"\",C3/B3),\"\")),6)>0.005",
        ),
        ("活动效果实时监控记录表", "E3", "E3>1"),
        ("活动效果实时监控记录表", "C5", "C5>B5"),
        ("活动效果实时监控记录表", "A5", "COUNTIF($A$2:$A$5,A5)>1"),
        ("转化漏斗表", "C4", "C4>C3"),
        ("玩法与优惠券效果表", "D3", "D3>C3"),
        ("活动资源预算表", "E3", "C3*D3"),
        ("活动资源预算表", "F4", "F4<0"),
        ("活动资源预算表", "E5", "SUM($E$2:$E$4)"),
        ("活动任务分解与责任分配表", "A4", "COUNTIF($A$2:$A$4,A4)>1"),
        ("活动进度跟踪表", "B2", "LEN(TRIM(C2))=0"),
        ("风险预案表", "D3", "EXACT(D3,\"一般\")"),
        ("改进措施与行动计划表", "B3", "LEN(TRIM(B3))=0"),
    ];
    let missing: Vec<_> = expected
        .iter()
        .filter(|(sheet, cells, check)| !of(sheet, cells).iter().any(|found| found.contains(check)))
        .collect();
    assert!(missing.is_empty(), "{missing:#?}\nfound {marks:#?}");
}

#[test]
fn another_engine_finds_every_mark_shown() {
    let home = tempfile::tempdir().unwrap();
    let package = enriched(home.path(), &faulty(), &["--mark"]);
    let marks = marks(&package);
    assert!(marks.len() > 15, "{marks:#?}");
    let shown = conditions(&[(&package, &marks)]).remove(0);
    let hidden: Vec<_> = marks.iter().zip(shown).filter(|(_, shown)| !shown).collect();
    assert!(hidden.is_empty(), "{hidden:#?}");
}

#[test]
fn not_a_byte_of_a_cell_changes_and_without_mark_the_sheets_are_as_they_were() {
    let home = tempfile::tempdir().unwrap();
    let original = faulty();
    let marked = enriched(home.path(), &original, &["--mark"]);
    let (before, after) = (parts(&original), parts(&marked));
    let rows = |part: &[u8]| {
        between(std::str::from_utf8(part).unwrap(), "<sheetData", "</sheetData>").map(str::to_owned)
    };
    let sheets = || before.keys().filter(|name| name.starts_with("xl/worksheets/sheet"));
    let mut changed = 0;
    for name in sheets() {
        assert_eq!(rows(&before[name]), rows(&after[name]), "{name}");
        changed += usize::from(before[name] != after[name]);
    }
    assert!(changed > 5, "nothing was marked");
    assert_eq!(enriched(home.path(), &marked, &["--mark"]), marked, "marking twice is marking once");
    let unmarked = enriched(home.path(), &marked, &[]);
    assert_eq!(marks(&unmarked), []);
    for (package, opens_on_ours) in [(parts(&unmarked), true), (parts(&strip(&marked).unwrap()), false)] {
        for name in sheets() {
            // The one value that is changed: the sheet that was open is no longer while ours are there.
            let closed = crate::graft::closed(&before[name]).filter(|_| opens_on_ours);
            let expected = closed.unwrap_or_else(|| before[name].clone());
            assert_eq!(expected, package[name], "{name}");
        }
        assert!(!package.keys().any(|name| name.contains("comments") || name.ends_with(".vml")));
    }
}

#[test]
fn a_note_says_what_is_wrong_and_what_to_do() {
    let home = tempfile::tempdir().unwrap();
    let parts = parts(&enriched(home.path(), &faulty(), &["--mark"]));
    let notes: String = parts
        .iter()
        .filter(|(name, _)| name.starts_with("xl/comments"))
        .map(|(_, part)| String::from_utf8_lossy(part).into_owned())
        .collect();
    assert!(notes.contains("复盘工具：\n") && notes.contains("越大越号"), "{notes}");
    assert!(notes.contains("\n建议值：越大越好"), "{notes}");
}

#[test]
fn only_what_the_settings_call_a_warning_or_worse_is_marked() {
    let home = tempfile::tempdir().unwrap();
    let original = filled(&[(
        "daily",
        "date exposure clicks ctr sales",
        &["2024-10-01|1000|40|8%|9", "2024-10-02|1000|40|4%|9"],
    )]);
    let count = |level: &str| {
        fs::write(home.path().join("fupan.toml"), format!("[levels]\nrate-mismatch = \"{level}\"\n"))
            .unwrap();
        marks(&enriched(home.path(), &original, &["--mark"])).len()
    };
    assert_eq!((count("warning"), count("note"), count("off")), (1, 0, 0));
}

#[test]
fn cells_alike_share_one_format() {
    let home = tempfile::tempdir().unwrap();
    let rows = ["2024-10-01|-1|1", "2024-10-02|-1|1", "2024-10-03|5|1", "2024-10-04|-2|1"];
    let original = filled(&[("daily", "date exposure sales", &rows)]);
    let marks = marks(&enriched(home.path(), &original, &["--mark"]));
    let said =
        |cells: &str, check: &str| ("活动效果实时监控记录表".to_owned(), cells.to_owned(), check.to_owned());
    // That a table of the team's own has no 点击量 is for information, and not marked.
    assert_eq!(marks, [said("B2:B3 B5", "AND(ISNUMBER(B2),B2<0)")]);
}

#[test]
fn openpyxl_reads_the_marks_and_notes() {
    let home = tempfile::tempdir().unwrap();
    let package = enriched(home.path(), &faulty(), &["--mark"]);
    fs::write(home.path().join("标.xlsx"), &package).unwrap();
    let script = "import sys, openpyxl\nbook = openpyxl.load_workbook(sys.argv[1])\nsheet = book['KPI拆解表']\n\
                  print(len(sheet.conditional_formatting), sheet['D3'].comment.text.splitlines()[0], sheet['D2'].comment)\n";
    let output =
        Command::new("python3").args(["-c", script]).arg(home.path().join("标.xlsx")).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(said.trim(), "3 复盘工具： None");
}

#[test]
fn a_batch_marks_every_workbook_of_its_folder() {
    let home = tempfile::tempdir().unwrap();
    let (inbox, out) = (home.path().join("收件箱"), home.path().join("产出"));
    fs::create_dir(&inbox).unwrap();
    fs::write(inbox.join("秋季.xlsx"), faulty()).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_fupan"))
        .args(["batch", "--mark", "--as-of", "2024-11-20", "--fail-on", "never", "--quiet", "-o"])
        .args([&out, &inbox])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let package = fs::read(out.join("活动/秋季.复盘.xlsx")).unwrap();
    assert_eq!(marks(&package), marks(&enriched(home.path(), &faulty(), &["--mark"])));
}
