//! What our pages look like on paper, measured in what LibreOffice prints: floors that may only rise.

use std::path::Path;
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

/// What a workbook comes to on paper.
struct Paper {
    pages: Vec<Printed>,
    /// What is wrong: charts beyond the print area or over cells that show something, texts that show in part.
    spoilt: Vec<String>,
}

/// The pages of a workbook: those of these sheets, or of all that carry our mark.
fn measured(book: &Path, sheets: &[&str]) -> Paper {
    let output =
        Command::new("python3").arg("tests/paper/measure.py").arg(book).args(sheets).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let mut paper = Paper { pages: Vec::new(), spoilt: Vec::new() };
    for cells in said.lines().map(|line| line.split('\t').collect::<Vec<_>>()) {
        match cells[0] {
            "page" => paper.pages.push(Printed {
                sheet: cells[2].to_owned(),
                type_size: cells[3].parse().unwrap(),
                white: cells[4].parse().unwrap(),
                is_last: cells[5] == "last",
            }),
            "beyond" | "over" | "clipped" => paper.spoilt.push(cells.join(" ")),
            _ => {}
        }
    }
    assert!(!paper.pages.is_empty(), "{said}");
    paper
}

fn fupan(args: &[&str]) {
    let output = Command::new(assert_cmd::cargo::cargo_bin("fupan")).args(args).output().unwrap();
    assert!(output.status.code().is_some_and(|code| code < 2), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The pages of ours of an enriched workbook.
fn enriched(file: &str) -> Paper {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("复盘.xlsx");
    fupan(&["enrich", file, "--as-of", "2024-12-13", "--lang", "zh", "-o", out.to_str().unwrap()]);
    measured(&out, &[])
}

/// Points of the smallest type a page may have, charts included.
const SMALLEST: f64 = 8.0;

#[track_caller]
fn assert_readable(paper: &Paper) {
    for page in &paper.pages {
        assert!(page.type_size >= SMALLEST - 0.05, "{}: {} pt", page.sheet, page.type_size);
    }
    assert_eq!(paper.spoilt, Vec::<String>::new());
}

/// Pages that end a third empty, the last of each sheet not counted.
fn empty(paper: &Paper) -> usize {
    paper.pages.iter().filter(|page| !page.is_last && page.white > 0.34).count()
}

#[test]
fn a_rich_campaign_is_printed_on_few_pages_in_type_that_can_be_read() {
    let paper = enriched("fixtures/inbox/双十二家居节-全流程.xlsx");
    assert_readable(&paper);
    assert!(paper.pages.len() <= RICH, "{} pages", paper.pages.len());
    assert_eq!(
        paper.pages.iter().filter(|page| page.sheet == "复盘总览").count(),
        1,
        "the overview is one page"
    );
    assert_eq!(empty(&paper), 0);
}
/// Pages of ours when the whole workbook is printed; it was 52 in type of 4.7 points.
const RICH: usize = 40;

#[test]
fn the_portfolio_is_as_readable() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("产出");
    fupan(&["batch", "fixtures/inbox", "--as-of", "2024-12-13", "--lang", "zh", "-o", out.to_str().unwrap()]);
    let book = out.join("汇总.xlsx");
    let paper = measured(
        &book,
        &[
            "总览",
            "逾期与催办",
            "目标汇总",
            "渠道汇总",
            "预算汇总",
            "行动清单",
            "问题归类",
            "经验库",
            "数据质量",
            "来源",
        ],
    );
    assert_readable(&paper);
    assert!(paper.pages.len() <= 38, "{} pages", paper.pages.len());
}

#[test]
fn a_small_campaign_and_an_empty_one_are_as_readable_and_short() {
    let paper = enriched("fixtures/inbox/华东展参展小结.xlsx");
    assert_readable(&paper);
    assert!(paper.pages.len() <= 20, "{} pages", paper.pages.len());
    let home = tempfile::tempdir().unwrap();
    let blank = home.path().join("空活动.xlsx");
    fupan(&["new", "--template", "review", "--name", "空活动", "-o", blank.to_str().unwrap()]);
    let paper = enriched(blank.to_str().unwrap());
    assert_readable(&paper);
    assert!(paper.pages.len() <= 8, "{} pages", paper.pages.len());
}
