//! What our pages look like on paper, measured in what LibreOffice prints: floors that may only rise.

use std::fs;
use std::process::Command;

/// One printed page of ours.
struct Printed {
    sheet: String,
    /// The smallest type on it, in points; charts included.
    type_size: f64,
    /// Share of the page that is white below the last ink.
    white: f64,
    /// Whether it is the last of its sheet.
    is_last: bool,
}

/// The pages of ours of an enriched workbook.
fn printed(file: &str) -> Vec<Printed> {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("复盘.xlsx");
    let output = Command::new(assert_cmd::cargo::cargo_bin("fupan"))
        .args(["enrich", file, "--as-of", "2024-12-13", "--lang", "zh", "-o"])
        .arg(&out)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let output = Command::new("python3").arg("tests/paper/measure.py").arg(&out).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let pages: Vec<Printed> = said
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>())
        .filter(|cells| cells[0] == "page")
        .map(|cells| Printed {
            sheet: cells[2].to_owned(),
            type_size: cells[3].parse().unwrap(),
            white: cells[4].parse().unwrap(),
            is_last: cells[5] == "last",
        })
        .collect();
    assert!(!pages.is_empty(), "{said}");
    fs::remove_file(out).unwrap();
    pages
}

#[test]
fn a_rich_campaign_is_printed_on_few_pages_in_type_that_can_be_read() {
    let pages = printed("fixtures/inbox/双十二家居节-全流程.xlsx");
    assert!(pages.len() <= MOST_PAGES, "{} pages", pages.len());
    assert_eq!(pages.iter().filter(|page| page.sheet == "复盘总览").count(), 1, "the overview is one page");
    for page in &pages {
        let least =
            SMALLEST.iter().find(|(sheet, _)| *sheet == page.sheet).map_or(USUAL, |(_, least)| *least);
        assert!(page.type_size >= least - 0.05, "{}: {} pt", page.sheet, page.type_size);
    }
    let empty = pages.iter().filter(|page| !page.is_last && page.white > 0.34).count();
    assert!(empty <= MOST_EMPTY, "{empty} pages end a third empty or more");
}
/// Pages of ours when the whole workbook is printed; before the overview was folded and definitions cut it was 52 in
/// type of 4.7 points.
const MOST_PAGES: usize = 55;
/// Points of the smallest type a page may have, charts included, and of the sheets that are not as far yet.
const USUAL: f64 = 7.0;
const SMALLEST: [(&str, f64); 3] = [("进度与风险", 5.4), ("假设测算", 6.0), ("渠道与漏斗", 6.0)];
/// Pages that may end a third empty, the last of each sheet not counted: what follows is one block that does not fit.
const MOST_EMPTY: usize = 5;
