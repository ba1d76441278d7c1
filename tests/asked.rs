//! A table nobody is sure of is asked once: 认表 in the enriched workbook, its answer, and `fupan learn`, through the
//! command line.

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use fupan::cell::{CellRef, Content, Place};
use fupan::xlsx::graft::{Amendment, amend};

use crate::support::filled::typed;
use crate::support::timeless;

const ASKED: &str = "认表";
const ANSWER: u32 = 4;
/// What 认表 says of the table below.
const LOOKS: &str = "像「活动资源预算表」";

/// What somebody keeps by hand: a budget, or else channels.
const NEAR: &str = "名称|金额|展示|备注\n抖音|12000|560000|好\n小红书|8000|210000|中";
const TASKS: &str = "任务名称|负责人|开始时间|截止时间|状态\n拍主图|小王|2024-10-01|2024-10-05|随便\n\
                     写文案|小李|2024-10-02|2024-10-06|进行中";

fn book(sheets: &[(&str, &str)]) -> Vec<u8> {
    let mut book = timeless();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        for (row, cells) in (0u32..).zip(rows.lines()) {
            for (col, text) in (0u16..).zip(cells.split('|')) {
                typed(sheet, row, col, text);
            }
        }
    }
    book.save_to_buffer().unwrap()
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fupan"));
    let (name, rest) = arguments.split_first().unwrap();
    command.current_dir(folder).args([name, "--as-of", "2024-12-20", "--lang", "zh"]).args(rest);
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn codes(folder: &Path, file: &str) -> Vec<String> {
    let output = run(folder, &["check", "--format", "json", file]);
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = told["files"][0]["findings"].as_array().unwrap().iter();
    findings.map(|one| one["code"].as_str().unwrap().to_owned()).collect()
}

/// The rows of a sheet from its first line on.
fn rows(package: &[u8], sheet: &str) -> Vec<Vec<String>> {
    let mut workbook: Xlsx<_> = open_workbook_from_rs(Cursor::new(package)).unwrap();
    let Ok(range) = workbook.worksheet_range(sheet) else { return Vec::new() };
    let above = (0..range.start().unwrap().0).map(|_| Vec::new());
    above.chain(range.rows().map(|row| row.iter().map(Data::to_string).collect())).collect()
}

/// The row of 认表 that speaks of something.
fn row_of(package: &[u8], col: usize, text: &str) -> u32 {
    let rows = rows(package, ASKED);
    let at = rows.iter().position(|row| row.get(col).is_some_and(|cell| cell == text));
    at.unwrap_or_else(|| panic!("no {text} on {rows:#?}")) as u32
}

fn answered(package: &[u8], answers: &[(usize, &str, &str)]) -> Vec<u8> {
    let amendments: Vec<Amendment> = answers
        .iter()
        .map(|(col, text, answer)| Amendment {
            at: Place::new(ASKED, CellRef::new(row_of(package, *col, text), ANSWER)),
            value: Content::Text((*answer).into()),
        })
        .collect();
    let amended = amend(package, &amendments).unwrap();
    assert_eq!(amended.left, []);
    amended.package
}

/// A folder with a workbook enriched from these sheets: the folder, and the enriched bytes.
fn enriched(sheets: &[(&str, &str)]) -> (tempfile::TempDir, Vec<u8>) {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("甲.xlsx"), book(sheets)).unwrap();
    let output = run(home.path(), &["enrich", "甲.xlsx", "-o", "甲.复盘.xlsx"]);
    assert!(output.status.success(), "{}", said(&output));
    let package = fs::read(home.path().join("甲.复盘.xlsx")).unwrap();
    (home, package)
}

fn saved(home: &Path, name: &str, package: &[u8]) -> PathBuf {
    let file = home.join(name);
    fs::write(&file, package).unwrap();
    file
}

#[test]
fn one_answer_and_the_table_is_read_from_then_on() {
    let (home, package) = enriched(&[("Sheet1", NEAR)]);
    assert!(codes(home.path(), "甲.xlsx").contains(&"which-table".to_owned()));
    let shown = rows(&package, ASKED);
    let line = |text: &str| shown.iter().find(|row| row.get(2).is_some_and(|cell| cell == text)).unwrap();
    assert_eq!(line(LOOKS)[ANSWER as usize], "");
    assert_eq!(line("名称")[3..5], ["抖音", "费用明细"]);
    assert_eq!(line("展示")[3..5], ["560000", "不读"], "nothing fitted");
    let package = answered(&package, &[(2, LOOKS, "活动资源预算表"), (2, "备注", "不读")]);
    saved(home.path(), "回.xlsx", &package);
    let found = codes(home.path(), "回.xlsx");
    assert!(!found.contains(&"which-table".to_owned()), "{found:?}");
    assert!(found.contains(&"answers-obeyed".to_owned()), "{found:?}");
    let seen = said(&run(home.path(), &["inspect", "回.xlsx"]));
    let told: Vec<&str> = seen.lines().filter(|line| line.contains("told  ")).collect();
    assert_eq!(told.len(), 2, "the name and the amount: {seen}");
    // Enriched anew the answer still stands there, and is obeyed once more.
    let output = run(home.path(), &["enrich", "回.xlsx", "-o", "再.xlsx"]);
    assert!(said(&output).contains("fupan learn"), "{}", said(&output));
    let again = fs::read(home.path().join("再.xlsx")).unwrap();
    let row = row_of(&again, 2, "按「活动资源预算表」读") as usize;
    assert_eq!(rows(&again, ASKED)[row][ANSWER as usize], "活动资源预算表");
    assert!(!codes(home.path(), "再.xlsx").contains(&"which-table".to_owned()));
}

#[test]
fn another_table_than_the_proposed_one_is_fitted_anew() {
    let (home, package) = enriched(&[("Sheet1", NEAR)]);
    saved(home.path(), "回.xlsx", &answered(&package, &[(2, LOOKS, "渠道效果表")]));
    assert!(!codes(home.path(), "回.xlsx").contains(&"which-table".to_owned()));
    let seen = said(&run(home.path(), &["inspect", "回.xlsx"]));
    assert!(seen.contains("（channels）") && seen.contains("told"), "{seen}");
}

#[test]
fn none_of_ours_is_left_alone_without_a_word() {
    let (home, package) = enriched(&[("Sheet1", NEAR)]);
    saved(home.path(), "回.xlsx", &answered(&package, &[(2, LOOKS, "不是我们的表")]));
    assert_eq!(codes(home.path(), "回.xlsx"), ["answers-obeyed"]);
    let seen = said(&run(home.path(), &["inspect", "回.xlsx"]));
    assert!(seen.contains("Sheet1!A1:D3（12 格）：你们说不是我们的表"), "{seen}");
}

#[test]
fn what_was_learnt_holds_for_every_workbook_with_the_same_header() {
    let (home, package) = enriched(&[("Sheet1", NEAR), ("任务", TASKS)]);
    assert!(codes(home.path(), "甲.xlsx").contains(&"not-in-list".to_owned()));
    let package =
        answered(&package, &[(2, LOOKS, "活动资源预算表"), (2, "备注", "不读"), (2, "随便", "已完成")]);
    saved(home.path(), "回.xlsx", &package);
    // Shown first, and nothing written.
    let shown = run(home.path(), &["learn", "回.xlsx"]);
    assert_eq!(shown.status.code(), Some(0));
    let settings = home.path().join("fupan.toml");
    assert!(!settings.exists());
    let lines: toml::Table = toml::from_str(&String::from_utf8_lossy(&shown.stdout)).unwrap();
    assert_eq!(lines["header"].as_array().unwrap().len(), 1);
    assert_eq!(lines["word"][0]["means"].as_str(), Some("status.done"));
    // Written behind what stands there, once.
    let own = "# 我们自己的\n[goal]\nmostly = 0.85 # 说好的";
    fs::write(&settings, own).unwrap();
    for _ in 0..2 {
        let output = run(home.path(), &["learn", "回.xlsx", "--write"]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    }
    let text = fs::read_to_string(&settings).unwrap();
    assert!(text.starts_with(own), "{text}");
    assert_eq!(text.matches("[[header]]").count(), 1, "{text}");
    assert_eq!(text.matches("[[word]]").count(), 1, "{text}");
    // Another workbook, another place, the same headers.
    let other = book(&[("投放", &format!("双十二\n\n{NEAR}")), ("任务", TASKS)]);
    saved(home.path(), "乙.xlsx", &other);
    let found = codes(home.path(), "乙.xlsx");
    let quiet = ["which-table", "not-in-list", "answers-obeyed"];
    assert!(found.iter().all(|code| !quiet.contains(&code.as_str())), "{found:?}");
    let seen = said(&run(home.path(), &["inspect", "乙.xlsx"]));
    assert!(seen.contains("（budget）在 投放!A3:D5") && seen.contains("told"), "{seen}");
    // The settings know it now: nothing to say of the answers any more.
    assert!(!codes(home.path(), "回.xlsx").contains(&"answers-obeyed".to_owned()));
}

#[test]
fn settings_that_say_otherwise_are_not_touched() {
    let (home, package) = enriched(&[("Sheet1", NEAR)]);
    let own = "[[header]]\nheaders = [\"名称\", \"金额\", \"展示\", \"备注\"]\ntable = \"none\"\n";
    let settings = home.path().join("fupan.toml");
    saved(home.path(), "回.xlsx", &answered(&package, &[(2, LOOKS, "活动资源预算表")]));
    fs::write(&settings, own).unwrap();
    let output = run(home.path(), &["learn", "回.xlsx", "--write"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("fupan.toml 第 1 行说的不一样"), "{}", said(&output));
    assert_eq!(fs::read_to_string(&settings).unwrap(), own);
}

#[test]
fn what_the_settings_say_wrong_of_a_header_is_told_by_line() {
    let (home, _) = enriched(&[("Sheet1", NEAR)]);
    for (table, columns, told) in [
        ("chanels", "", "第 2 行：没有设置项 header.chanels，是不是 channels"),
        ("channels", "columns = [\"channel\", \"spent\", \"\", \"\"]", "header.spent，是不是 spend"),
    ] {
        let text = format!(
            "\n[[header]]\nheaders = [\"名称\", \"金额\", \"展示\", \"备注\"]\ntable = \"{table}\"\n{columns}\n"
        );
        fs::write(home.path().join("fupan.toml"), text).unwrap();
        let output = run(home.path(), &["check", "甲.xlsx"]);
        assert!(said(&output).contains(told), "{}", said(&output));
        assert!(said(&output).contains("which-table"), "{}", said(&output));
    }
}

#[test]
fn an_answer_nobody_understands_is_told_where_the_table_stands() {
    let (home, package) = enriched(&[("Sheet1", NEAR)]);
    let package = answered(&package, &[(2, LOOKS, "活动资源预算表"), (2, "展示", "看的人")]);
    saved(home.path(), "回.xlsx", &package);
    let output = run(home.path(), &["check", "回.xlsx"]);
    assert!(
        said(&output).contains("Sheet1!C1  「认表」里对这一格的回答是「看的人」，这张表没有这一栏"),
        "{}",
        said(&output)
    );
    assert!(said(&output).contains("which-table"), "{}", said(&output));
}

#[test]
fn a_batch_prints_what_it_learnt_from_answers_in_workbooks() {
    let (home, package) = enriched(&[("Sheet1", NEAR)]);
    let inbox = home.path().join("收");
    fs::create_dir(&inbox).unwrap();
    saved(&inbox, "回.xlsx", &answered(&package, &[(2, LOOKS, "活动资源预算表")]));
    let output = run(home.path(), &["batch", "收", "-o", "出"]);
    assert!(said(&output).contains("table = \"budget\"\ncolumns = "), "{}", said(&output));
}

/// Three campaigns that keep the same table by hand; their figures differ.
fn inbox(home: &Path) -> PathBuf {
    let inbox = home.join("收");
    fs::create_dir(&inbox).unwrap();
    for (n, name) in ["双11", "年货节", "春上新"].into_iter().enumerate() {
        let basics = format!("活动名称|{name}\n活动周期|2024-11-01 至 2024-11-11");
        let near = NEAR.replace("12000", &(12_000 + n).to_string());
        let sheets = [("基本信息", basics.as_str()), ("投放", near.as_str()), ("任务", TASKS)];
        fs::write(inbox.join(format!("{name}.xlsx")), book(&sheets)).unwrap();
    }
    inbox
}

/// What a batch says, and its portfolio.
fn batch(home: &Path) -> (String, Vec<u8>) {
    let output = run(home, &["batch", "收", "-o", "出"]);
    assert!(output.status.success() || output.status.code() == Some(1), "{}", said(&output));
    (said(&output), fs::read(home.join("出/汇总.xlsx")).unwrap())
}

/// Names and exposure of the channels of every campaign, as the run remembers them.
fn channels(home: &Path) -> Vec<Vec<(String, f64)>> {
    let run: serde_json::Value =
        serde_json::from_slice(&fs::read(home.join("出/run.json")).unwrap()).unwrap();
    let files = run["files"].as_array().unwrap().iter();
    let lines = files.filter_map(|file| file["campaign"]["channels"].as_array());
    let line = |it: &serde_json::Value| {
        (it["channel"].as_str().unwrap().to_owned(), it["exposure"].as_f64().unwrap_or_default())
    };
    lines.map(|lines| lines.iter().map(line).collect()).collect()
}

fn read_everywhere() -> Vec<Vec<(String, f64)>> {
    vec![vec![("抖音".to_owned(), 560_000.0), ("小红书".to_owned(), 210_000.0)]; 3]
}

#[test]
fn one_answer_on_the_portfolio_holds_for_every_workbook_with_the_same_header() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    inbox(home);
    let (_, portfolio) = batch(home);
    let row = |package: &[u8], text: &str| rows(package, ASKED)[row_of(package, 2, text) as usize].clone();
    assert_eq!(row(&portfolio, LOOKS)[5], "在 3 份工作簿里", "asked once");
    assert_eq!(row(&portfolio, "随便")[3], "活动进度跟踪表 · 任务状态");
    assert!(channels(home).iter().all(Vec::is_empty), "nobody has said anything yet");
    // One choice for the table, one for the word: every workbook is read so.
    let told = answered(&portfolio, &[(2, LOOKS, "渠道效果表"), (2, "随便", "进行中")]);
    saved(home, "出/汇总.xlsx", &told);
    let (words, portfolio) = batch(home);
    assert_eq!(channels(home), read_everywhere());
    for line in ["table = \"channels\"", "means = \"status.doing\""] {
        assert!(words.contains(line), "{words}");
    }
    assert_eq!(row(&portfolio, "按「渠道效果表」读")[4], "渠道效果表");
    assert_eq!(row(&portfolio, "随便")[4], "进行中");
    let found = ["双11", "年货节", "春上新"].map(|name| {
        let package = fs::read(home.join(format!("出/活动/{name}.复盘.xlsx"))).unwrap();
        rows(&package, ASKED)
    });
    assert!(found.iter().all(Vec::is_empty), "no workbook asks any more: {found:#?}");
    // What one of its columns means may be said as well, and stays said.
    assert_eq!(row(&portfolio, "金额")[4], "不读");
    saved(home, "出/汇总.xlsx", &answered(&portfolio, &[(2, "金额", "花费(元)")]));
    let (words, portfolio) = batch(home);
    assert!(words.contains("columns = [\"channel\", \"spend\", \"exposure\", \"remark\"]"), "{words}");
    assert_eq!(row(&portfolio, "金额")[4], "花费(元)");
    // An emptied cell takes it back.
    let emptied = answered(&portfolio, &[(2, "按「渠道效果表」读", ""), (2, "随便", "")]);
    saved(home, "出/汇总.xlsx", &emptied);
    let (_, portfolio) = batch(home);
    assert!(channels(home).iter().all(Vec::is_empty));
    assert_eq!(row(&portfolio, LOOKS)[4], "");
    assert_eq!(row(&portfolio, "随便")[4], "");
}

#[test]
fn what_one_workbook_says_of_its_table_is_true_of_the_others_of_that_run() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let inbox = inbox(home);
    let given = |name: &str, answers: &[(usize, &str, &str)]| {
        let output = run(home, &["enrich", &format!("收/{name}.xlsx"), "-o", "回.xlsx"]);
        assert!(output.status.success(), "{}", said(&output));
        let package = answered(&fs::read(home.join("回.xlsx")).unwrap(), answers);
        fs::write(inbox.join(format!("{name}.xlsx")), package).unwrap();
        fs::remove_file(home.join("回.xlsx")).unwrap();
    };
    given("春上新", &[(2, LOOKS, "渠道效果表"), (2, "随便", "已完成")]);
    let (words, portfolio) = batch(home);
    assert_eq!(channels(home), read_everywhere());
    assert!(words.contains("means = \"status.done\""), "{words}");
    assert_eq!(
        rows(&portfolio, ASKED)[row_of(&portfolio, 2, "按「渠道效果表」读") as usize][4],
        "渠道效果表"
    );
    // What was learnt on the way is what the next run stands on: nothing changed since.
    assert!(batch(home).0.contains("什么都没有变"));
    // Of two workbooks that say different things each is read as it says; the third is asked.
    fs::remove_dir_all(home.join("出")).unwrap();
    given("双11", &[(2, LOOKS, "不是我们的表")]);
    let (_, portfolio) = batch(home);
    let mut read: Vec<usize> = channels(home).iter().map(Vec::len).collect();
    read.sort_unstable();
    assert_eq!(read, [0, 0, 2]);
    let asked = rows(&portfolio, ASKED);
    assert!(
        asked.iter().any(|row| row.get(2).is_some_and(|it| it == LOOKS) && row[4].is_empty()),
        "{asked:#?}"
    );
}
