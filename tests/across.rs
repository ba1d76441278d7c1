//! What a batch says about workbooks against each other.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::book::Book;

fn book(code: &str, owner: &str, channel: &str, spend: &str) -> Vec<u8> {
    let mut book = Book::new();
    let answers =
        [("name", "双十二"), ("code", code), ("owner", owner), ("period", "2024-12-01至2024-12-12")];
    book.form("basics", &answers);
    let columns = ["channel", "kind", "spend", "sales", "conversions", "source"];
    book.table("channels", &columns, &[[channel, "线上", spend, "60", "6", "后台"]]);
    book.bytes()
}

fn batch(folder: &Path, out: &Path, more: &[&str]) -> Value {
    let mut command = assert_cmd::Command::cargo_bin("fupan").unwrap();
    command.args(["--lang", "zh", "batch"]).arg(folder).arg("-o").arg(out).args(["--as-of", "2024-12-20"]);
    command.args(more).output().unwrap();
    serde_json::from_slice(&fs::read(out.join("run.json")).unwrap()).unwrap()
}

/// Code and message of what is said across workbooks.
fn told(record: &Value) -> Vec<(String, String)> {
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
    let findings = record["findings"].as_array().unwrap();
    findings.iter().map(|finding| (text(finding, "code"), text(finding, "message"))).collect()
}

#[test]
fn copies_names_people_and_campaigns_that_are_gone_are_told() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("in");
    fs::create_dir(&folder).unwrap();
    let write = |name: &str, bytes: Vec<u8>| fs::write(folder.join(name), bytes).unwrap();
    write("甲.xlsx", book("A01", "张三", "抖音", "10"));
    write("甲(1).xlsx", book("A01", "张三", "抖音", "12"));
    write("乙.xlsx", book("A02", "张三（市场部）", "抖音平台", "20"));
    write("乙(1).xlsx", book("A02", "张三（市场部）", "抖音平台", "20"));
    let out = home.path().join("out");
    let record = batch(&folder, &out, &[]);
    let all = told(&record);
    let message = |code: &str| {
        let mut found = all.iter().filter(|(told, _)| told == code);
        let (_, message) = found.next().unwrap_or_else(|| panic!("{code} is not in {all:?}"));
        assert!(found.next().is_none(), "{code} twice");
        message.clone()
    };
    for (code, words) in [
        ("identical-copies", vec!["乙.xlsx", "乙(1).xlsx"]),
        ("copies-contradict", vec!["抖音", "10", "12"]),
        ("same-name-other-campaign", vec!["双十二", "a01", "a02"]),
        ("name-cluster", vec!["抖音", "抖音平台"]),
        ("person-spelled-differently", vec!["张三", "张三（市场部）"]),
    ] {
        let message = message(code);
        for word in words {
            assert!(
                message.to_lowercase().contains(&word.to_lowercase()),
                "{code}: {word} is not in {message}"
            );
        }
    }
    assert_eq!(all.len(), 5, "{all:?}");
    let before = home.path().join("before.json");
    fs::copy(out.join("run.json"), &before).unwrap();
    for name in ["乙.xlsx", "乙(1).xlsx", "甲(1).xlsx"] {
        fs::remove_file(folder.join(name)).unwrap();
    }
    let record = batch(&folder, &out, &["--baseline", before.to_str().unwrap()]);
    let all = told(&record);
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(all[0].0, "campaign-vanished");
}

#[test]
fn workbooks_in_order_have_nothing_against_each_other() {
    let home = tempfile::tempdir().unwrap();
    let record = batch(Path::new("fixtures/clean"), &home.path().join("out"), &[]);
    let warned: Vec<(String, String)> =
        told(&record).into_iter().filter(|(code, _)| code != "identical-copies").collect();
    assert_eq!(warned, Vec::new());
}
