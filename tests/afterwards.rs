//! What people do with an enriched workbook in another program – type, sort, insert, delete, copy a sheet, write beside
//! our lists – and run the program again: nothing goes wrong in silence. Done in LibreOffice, read back from its file.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use calamine::Data;
use serde_json::Value;

use crate::support::acts::{Act, done};
use crate::support::recalc::{Cells, values};

const PROGRAM: &str = env!("CARGO_BIN_EXE_fupan");
const WORKBOOK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/inbox/双十二家居节-全流程.xlsx");
/// Sheets of ours that have room for the sentence about changed sources.
const OURS: [&str; 5] = ["复盘总览", "目标达成", "渠道与漏斗", "预算与成本", "行动清单"];

fn enrich(from: &Path, to: &Path) {
    let mut command = Command::new(PROGRAM);
    command.arg("enrich").arg(from).arg("-o").arg(to);
    let output = command.args(["--as-of", "2024-12-20", "--lang", "zh", "-q"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The codes a workbook is told, with their cells.
fn told(path: &Path) -> Vec<String> {
    let mut command = Command::new(PROGRAM);
    command.args(["check", "--format", "json", "--as-of", "2024-12-20", "--fail-on", "never"]).arg(path);
    let said: Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
    let findings = said["files"][0]["findings"].as_array().unwrap();
    findings.iter().map(|finding| format!("{} {}", finding["code"].as_str().unwrap(), finding)).collect()
}

fn read(path: &Path) -> Cells<Data> {
    values(&fs::read(path).unwrap())
}

fn text(cells: &Cells<Data>, sheet: &str, row: u32, col: u32) -> String {
    match cells.get(&(sheet.to_owned(), row, col)) {
        Some(Data::String(text)) => text.clone(),
        Some(Data::Empty) | None => String::new(),
        Some(other) => other.to_string(),
    }
}

/// What the sheets of ours say about their sources.
fn sentences(cells: &Cells<Data>) -> Vec<String> {
    OURS.iter().map(|sheet| text(cells, sheet, 2, 0)).collect()
}

fn assert_told(cells: &Cells<Data>, what: &str, sheet: &str) {
    let sentence = format!("生成之后这些表有改动：{sheet}。请重新运行 fupan");
    assert!(sentences(cells).iter().all(|said| *said == sentence), "{what}: {:?}", sentences(cells));
}

/// The lines of a list of ours by their label: what stands in these columns beside it.
fn lines(cells: &Cells<Data>, sheet: &str, label: u32, columns: &[u32]) -> BTreeMap<String, Vec<String>> {
    let header =
        (0..200).find(|row| ["费用明细", "渠道", "改进措施"].contains(&&*text(cells, sheet, *row, label)));
    let rows = (header.unwrap() + 1..).take_while(|row| {
        let label = text(cells, sheet, *row, label);
        !label.is_empty() && label != "合计"
    });
    rows.map(|row| {
        (text(cells, sheet, row, label), columns.iter().map(|col| text(cells, sheet, row, *col)).collect())
    })
    .collect()
}

const BUDGET: (&str, u32, &[u32]) = ("预算与成本", 0, &[1, 2, 3]);
const CHANNELS: (&str, u32, &[u32]) = ("渠道与漏斗", 0, &[1, 2, 3, 4, 5]);
const ACTIONS: (&str, u32, &[u32]) = ("行动清单", 3, &[1, 2, 4, 5, 6, 7, 8, 9]);

#[test]
fn whatever_is_done_to_an_enriched_workbook_nothing_goes_wrong_in_silence() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path();
    let enriched = home.join("enriched.xlsx");
    enrich(Path::new(WORKBOOK), &enriched);
    let acts = [
        ("saved", ""),
        ("refigured", "Cells(doc, \"渠道效果表\", \"E4\").Value = 200000"),
        // The sum stays: a digest that only adds up would see nothing.
        (
            "moved",
            "Cells(doc, \"渠道效果表\", \"E4\").Value = 131000\nCells(doc, \"渠道效果表\", \"E5\").Value = 85400",
        ),
        (
            "added",
            "Cells(doc, \"渠道效果表\", \"A16\").String = \"新渠道\"\nCells(doc, \"渠道效果表\", \"E16\").Value = 100000",
        ),
        (
            "inserted",
            "doc.Sheets.getByName(\"活动资源预算表\").Rows.insertByIndex(6, 1)\nCells(doc, \"活动资源预算表\", \"B7\").String = \"插进来的\"",
        ),
        ("deleted", "doc.Sheets.getByName(\"活动资源预算表\").Rows.removeByIndex(5, 1)"),
        ("sorted by spend", "Sort(doc, \"活动资源预算表\", \"A4:P20\", 5, False)"),
        ("sorted by name", "Sort(doc, \"渠道效果表\", \"A4:P15\", 0, True)"),
        ("sorted with our button", "Sort(doc, \"行动清单\", \"A9:R11\", 7, True)"),
        (
            "copied",
            "doc.Sheets.copyByName(\"行动清单\", \"行动清单 (2)\", doc.Sheets.Count)\nCells(doc, \"行动清单 (2)\", \"A40\").String = \"我自己写的备注\"",
        ),
        ("remarked", "Cells(doc, \"行动清单\", \"T9\").String = \"我的跟进备注\""),
    ];
    let path = |name: &str| home.join(format!("{name}.xlsx"));
    let acts: Vec<Act<'_>> =
        acts.iter().map(|(name, basic)| Act { from: &enriched, basic, to: path(name) }).collect();
    done(home, &acts);
    let before = read(&path("saved"));
    assert!(sentences(&before).iter().all(String::is_empty), "{:?}", sentences(&before));
    told_of_changes(&path);
    together(&before, &path);
    again(home, &before, &path);
}

/// Whatever our sheets copied is no longer so: each says it.
fn told_of_changes(path: &dyn Fn(&str) -> PathBuf) {
    for (act, sheet) in [
        ("refigured", "渠道效果表"),
        ("moved", "渠道效果表"),
        ("added", "渠道效果表"),
        ("inserted", "活动资源预算表"),
        ("deleted", "活动资源预算表"),
        ("sorted by spend", "活动资源预算表"),
        ("sorted by name", "渠道效果表"),
    ] {
        assert_told(&read(&path(act)), act, sheet);
    }
    let sorted = read(&path("sorted with our button"));
    assert!(sentences(&sorted).iter().all(String::is_empty), "sorting a list of ours changes no source");
}

/// Labels and amounts stay together, whoever sorts what.
fn together(before: &Cells<Data>, path: &dyn Fn(&str) -> PathBuf) {
    for (act, (sheet, label, columns)) in
        [("sorted by spend", BUDGET), ("sorted by name", CHANNELS), ("sorted with our button", ACTIONS)]
    {
        let (then, now) =
            (lines(before, sheet, label, columns), lines(&read(&path(act)), sheet, label, columns));
        assert!(then.len() > 2, "{then:?}");
        assert_eq!(now, then, "{act}");
    }
    // A line whose row is gone shows nothing, and the others what they showed.
    let (sheet, label, columns) = BUDGET;
    let mut then = lines(before, sheet, label, columns);
    let cells = read(&path("deleted"));
    let gone = then.remove("抖音信息流投放").expect("the line that is deleted");
    assert!(!cells.values().any(|value| *value == Data::String("抖音信息流投放".into())), "{gone:?}");
    let rows = (0..60).map(|row| {
        let line = columns.iter().map(|col| text(&cells, sheet, row, *col)).collect::<Vec<_>>();
        (text(&cells, sheet, row, label), line)
    });
    let now: BTreeMap<_, _> = rows.filter(|(name, line)| then.get(name) == Some(line)).collect();
    assert_eq!(now, then);
}

/// Run again, the sheets say what the tables say now, and what people wrote is there or was told.
fn again(home: &Path, before: &Cells<Data>, path: &dyn Fn(&str) -> PathBuf) {
    let next = home.join("next.xlsx");
    for act in ["sorted by spend", "added", "inserted", "deleted"] {
        enrich(&path(act), &next);
        let cells = read(&next);
        assert!(sentences(&cells).iter().all(String::is_empty), "{act}: {:?}", sentences(&cells));
        let (sheet, label, columns) = BUDGET;
        let (then, now) = (lines(before, sheet, label, columns), lines(&cells, sheet, label, columns));
        match act {
            "sorted by spend" => assert_eq!(now, then),
            "deleted" => assert_eq!(now.len(), then.len() - 1),
            _ => assert!(now.len() >= then.len(), "{act}"),
        }
    }
    enrich(&path("copied"), &next);
    let cells = read(&next);
    assert_eq!(text(&cells, "行动清单 (2)", 39, 0), "我自己写的备注");
    let says = |path: &Path, code: &str, cell: &str| {
        told(path).iter().any(|finding| finding.starts_with(code) && finding.contains(cell))
    };
    assert!(says(&path("copied"), "copied-sheet", "行动清单 (2)"), "{:?}", told(&path("copied")));
    assert!(says(&path("remarked"), "typed-on-generated-sheet", "T9"), "{:?}", told(&path("remarked")));
    assert!(!says(&path("saved"), "typed-on-generated-sheet", ""));
}
