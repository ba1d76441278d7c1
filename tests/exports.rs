//! Exports of back offices in the inbox: campaigns are held against them, and nothing is added to anything.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

/// 抖音信息流 of 暖冬焕新·双十二家居节 says 84,200 spent, 507,400 sold, 737,000 seen, 41,996 clicks.
const CAMPAIGN: &str = "双十二家居节-全流程.xlsx";

fn fupan(lang: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fupan"));
    command.env("LANG", lang).env_remove("LC_ALL").env_remove("LC_MESSAGES");
    command
}

fn run(inbox: &Path, out: &Path) -> Value {
    let mut command = fupan("zh_CN.UTF-8");
    command.arg("batch").arg(inbox).arg("-o").arg(out);
    command.args(["--as-of", "2024-12-20", "--max-seconds", "600"]).output().unwrap();
    serde_json::from_slice(&fs::read(out.join("run.json")).unwrap()).unwrap()
}

/// An inbox with the campaign, and an export under this name.
fn inbox(name: &str, export: &str) -> (tempfile::TempDir, Value) {
    let home = tempfile::tempdir().unwrap();
    let inbox = home.path().join("收件箱");
    fs::create_dir_all(inbox.join(name).parent().unwrap()).unwrap();
    fs::copy(Path::new("fixtures/inbox").join(CAMPAIGN), inbox.join(CAMPAIGN)).unwrap();
    fs::write(inbox.join(name), export).unwrap();
    let run = run(&inbox, &home.path().join("产出"));
    (home, run)
}

/// As the ad platform writes it: a byte-order mark, tabs that keep numbers texts, a total at the end.
fn ocean_engine(first: &str, second: &str) -> String {
    format!(
        "\u{feff}时间,广告计划,消耗(元),展示数,平均千次展现费用(元),点击数,点击率(%)\n\
         2024-11-20,家居节信息流A,\"{first}\",\"=\"\"400000\"\"\",105.5,\"20,000\",5\t\n\
         2024-12-12,家居节信息流B,{second},337000\t,124.6,21996\t,6.5\n\
         2024-12-30,节后,9999,1,1,1,1\n\
         总计,--,99999,999999,1,99999,1\n"
    )
}

fn told<'r>(run: &'r Value, code: &str) -> Vec<&'r Value> {
    run["findings"].as_array().unwrap().iter().filter(|finding| finding["code"] == code).collect()
}

fn file<'r>(run: &'r Value, name: &str) -> &'r Value {
    run["files"].as_array().unwrap().iter().find(|file| file["file"] == name).unwrap()
}

#[test]
fn what_was_typed_is_held_against_the_export_and_nothing_is_added() {
    let name = "双十二家居节 巨量引擎.csv";
    let (home, run) = inbox(name, &ocean_engine("42,000.00", "34000"));
    let apart = told(&run, "export-differs");
    assert_eq!(apart.len(), 1, "{apart:#?}");
    let message = apart[0]["message"].as_str().unwrap();
    // The days after the campaign and the total are no part of it: 42,000 + 34,000.
    for words in ["暖冬焕新·双十二家居节", "抖音信息流", "巨量引擎", "花费 84,200 ≠ 76,000"]
    {
        assert!(message.contains(words), "{message}");
    }
    assert!(!message.contains("曝光") && !message.contains("点击"), "{message}");
    assert!(!message.contains("抖音直播"), "{message}");
    assert!(apart[0]["cell"].is_string(), "it points at the channel");
    let export = file(&run, name);
    assert_eq!(export["outcome"], "evidence");
    assert_eq!(export["held"]["campaigns"], serde_json::json!(["暖冬焕新·双十二家居节"]));
    assert!(export["campaign"].is_null());
    let alone = tempfile::tempdir().unwrap();
    fs::copy(Path::new("fixtures/inbox").join(CAMPAIGN), alone.path().join(CAMPAIGN)).unwrap();
    let without = self::run(alone.path(), &home.path().join("没有导出"));
    assert_eq!(file(&run, CAMPAIGN)["campaign"], file(&without, CAMPAIGN)["campaign"]);
}

#[test]
fn an_export_that_agrees_is_no_finding() {
    let (_home, run) = inbox("抖音.csv", &ocean_engine("50000", "33900"));
    assert!(told(&run, "export-differs").is_empty() && told(&run, "export-of-none").is_empty());
    // Nothing names the campaign: it is the only one that ran then and has such a channel.
    assert_eq!(file(&run, "抖音.csv")["held"]["campaigns"].as_array().unwrap().len(), 1);
}

#[test]
fn exports_of_one_back_office_are_one_and_a_part_says_only_what_is_too_much() {
    let halves = ocean_engine("50000", "33900");
    let lines: Vec<&str> = halves.lines().collect();
    let half = |line: &str| format!("{}\n{line}\n", lines[0]);
    let (home, run) = inbox("双十二家居节 巨量1.csv", &half(lines[1]));
    // Half of the days, half of the money: nothing is wrong.
    assert!(told(&run, "export-differs").is_empty());
    let inbox = home.path().join("收件箱");
    // The other half, and the first once more: both together are the whole, and nothing counts twice.
    fs::write(inbox.join("双十二家居节 巨量2.csv"), format!("{}{}\n", half(lines[1]), lines[2])).unwrap();
    let run = self::run(&inbox, &home.path().join("产出"));
    assert!(told(&run, "export-differs").is_empty(), "{:#?}", told(&run, "export-differs"));
    let more = lines[1].replace("50000", "90000");
    fs::write(inbox.join("双十二家居节 巨量1.csv"), half(&more)).unwrap();
    fs::remove_file(inbox.join("双十二家居节 巨量2.csv")).unwrap();
    let run = self::run(&inbox, &home.path().join("产出"));
    assert!(told(&run, "export-differs")[0]["message"].as_str().unwrap().contains("花费 84,200 ≠ 90,000"));
}

#[test]
fn an_export_of_nobody_is_told_and_not_counted() {
    let other = "统计日期,支付金额,支付买家数,访客数\n2023-05-01,100,1,10\n2023-05-02,200,2,20\n";
    let (_home, run) = inbox("店铺.csv", other);
    assert_eq!(told(&run, "export-of-none").len(), 1);
    assert_eq!(file(&run, "店铺.csv")["held"]["campaigns"], serde_json::json!([]));
}

#[test]
fn checked_alone_it_says_what_it_is_in_the_readers_language() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("巨量.csv");
    fs::write(&path, ocean_engine("1", "2")).unwrap();
    for (lang, words) in [("zh_CN.UTF-8", "巨量引擎的后台导出"), ("en_US.UTF-8", "export of Ocean Engine")]
    {
        let out = fupan(lang).arg("check").arg(&path).output().unwrap();
        let said = String::from_utf8_lossy(&out.stdout).into_owned();
        assert!(said.contains(words), "{said}");
    }
}
