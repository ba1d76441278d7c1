//! What a run knows, as tables: read by other engines without a hint, with the answers people read in the portfolio.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use fupan::tables::{self, Row, Value, read};

/// Runs the program in a folder; what it says where it fails.
pub fn fupan(folder: &Path, arguments: &[&str]) -> i32 {
    let output = Command::new(assert_cmd::cargo::cargo_bin("fupan"))
        .args(["--lang", "zh"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let code = output.status.code().unwrap_or(99);
    assert!(code < 5, "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    code
}

/// A demonstration's first week, consolidated.
fn week(home: &Path) -> PathBuf {
    fupan(home, &["demo", "演示", "--seed", "5", "--weeks", "2", "--campaigns", "9", "--copies", "4"]);
    fupan(home, &["batch", "演示/2024-W28", "-o", "整批", "--as-of", "2024-08-20", "--ledger", "none"]);
    home.join("整批")
}

/// The blocks of a page in a language.
fn blocks(page: &str, lang: &str) -> Vec<String> {
    let fence = format!("```{lang}\n");
    page.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap_or_default().to_owned()).collect()
}

/// Runs a recipe in the folder of the inbox, with the program on the path.
fn recipe(inbox: &Path, program: &str, text: &str) {
    let bin = assert_cmd::cargo::cargo_bin("fupan");
    let path = format!("{}:{}", bin.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let mut command = Command::new(program);
    command.arg("-c").arg(text).current_dir(inbox).env("PATH", path).env("SPARK_LOCAL_IP", "127.0.0.1");
    let output = command.output().unwrap();
    // The last word is that of merge: something is pending, or not.
    let code = output.status.code();
    assert!(matches!(code, Some(0 | 1)), "{text}\n{code:?} {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_recipes_run_and_duckdb_and_spark_say_what_the_portfolio_says() {
    let home = tempfile::tempdir().unwrap();
    let whole = week(home.path());
    let inbox = home.path().join("演示/2024-W28");
    let page = include_str!("../docs/scale.md");
    recipe(&inbox, "sh", &blocks(page, "sh")[0]);
    recipe(&inbox, "python3", &blocks(page, "python")[0]);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tables/engines.py");
    let beside = home.path().join("演示");
    let mut command = Command::new("python3");
    command.arg(script).arg(&whole).arg(beside.join("合并")).arg(beside.join("合并-spark"));
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("ok 3 folders, 5 queries, two engines"), "{said}");
}

/// The rows of a table, in an order of their own, without where they came from.
fn rows<R: Row>(data: &Path) -> Vec<String> {
    let file = File::open(data.join(format!("{}.parquet", R::TABLE))).unwrap();
    let kept = |(name, _): &(&str, tables::Kind)| !matches!(*name, "shard" | "file_hash" | "file" | "place");
    let keep: Vec<bool> = R::columns().iter().map(kept).collect();
    let said = |row: R| {
        let cells = row.values().into_iter().zip(&keep);
        format!("{:?}", cells.map(|(cell, keep)| if *keep { cell } else { Value::Null }).collect::<Vec<_>>())
    };
    let mut rows: Vec<String> = read::<R>(file).unwrap().map(|row| said(row.unwrap())).collect();
    rows.sort();
    rows
}

/// What is found, by campaign: once each, however many copies show it.
fn found(data: &Path) -> Vec<String> {
    let file = File::open(data.join("findings.parquet")).unwrap();
    let said =
        |row: tables::Finding| format!("{} {} {} {}", row.campaign, row.code, row.table_id, row.fingerprint);
    let mut rows: Vec<String> = read(file).unwrap().map(|row| said(row.unwrap())).collect();
    rows.sort();
    rows
}

fn everything(data: &Path) -> Vec<Vec<String>> {
    vec![
        rows::<tables::Campaign>(data),
        rows::<tables::Goal>(data),
        rows::<tables::Channel>(data),
        rows::<tables::Budget>(data),
        rows::<tables::Action>(data),
        rows::<tables::Problem>(data),
        rows::<tables::Experience>(data),
        rows::<tables::Conflict>(data),
        found(data),
    ]
}

/// S26: wherever an inbox is cut in three, its shards put together say what one batch over it says.
#[test]
fn s26_shards_put_together_are_one_batch() {
    let home = tempfile::tempdir().unwrap();
    let whole = everything(&week(home.path()).join("data"));
    assert!(whole.iter().all(|table| !table.is_empty()), "a conflict is among it, too");
    let inbox = home.path().join("演示/2024-W28");
    let listed = std::fs::read_dir(&inbox).unwrap().map(|entry| entry.unwrap().file_name());
    let mut files: Vec<String> = listed.map(|name| name.to_string_lossy().into_owned()).collect();
    files.sort();
    for cut in [1, 5, 11] {
        let mut shards = Vec::new();
        for shard in 0..3 {
            let out = format!("../../片{cut}-{shard}");
            let mut command = vec!["extract", "-o", &out, "--as-of", "2024-08-20", "--fail-on", "never"];
            let mine = files.iter().enumerate().filter(|(at, _)| (at * cut / 2 + cut) % 3 == shard);
            let named = command.len();
            command.extend(mine.map(|(_, file)| file.as_str()));
            assert!(command.len() > named, "no empty shard");
            fupan(&inbox, &command);
            shards.push(home.path().join(out.trim_start_matches("../")));
        }
        let out = format!("合{cut}");
        let mut command = vec!["merge", "--edits", "-o", &out];
        let mut names: Vec<String> =
            shards.iter().map(|shard| shard.file_name().unwrap().to_string_lossy().into_owned()).collect();
        // Their order decides nothing.
        names.rotate_left(cut % 3);
        command.extend(names.iter().map(String::as_str));
        fupan(home.path(), &command);
        let united = everything(&home.path().join(&out).join("data"));
        for (one, other) in whole.iter().zip(&united) {
            assert_eq!(one, other, "cut {cut}");
        }
    }
}

#[test]
fn a_shard_is_whole_the_same_twice_and_left_alone_where_nothing_changed() {
    let home = tempfile::tempdir().unwrap();
    week(home.path());
    let inbox = home.path().join("演示/2024-W28");
    let extract = |out: &str| fupan(&inbox, &["extract", ".", "-o", out, "--as-of", "2024-08-20"]);
    let code = extract("../甲");
    let bytes = |out: &str, table: &str| std::fs::read(inbox.join(out).join(table)).unwrap();
    let made = std::fs::metadata(inbox.join("../甲/edits.parquet")).unwrap().modified().unwrap();
    assert_eq!(extract("../甲"), code, "the same word twice");
    assert_eq!(std::fs::metadata(inbox.join("../甲/edits.parquet")).unwrap().modified().unwrap(), made);
    fupan(&inbox, &["extract", ".", "-o", "../乙", "--as-of", "2024-08-20", "--shard", "甲"]);
    for table in ["edits.parquet", "files.parquet", "actions.parquet", "findings.parquet"] {
        assert_eq!(bytes("../甲", table), bytes("../乙", table), "{table}");
    }
    let other_day = ["extract", ".", "-o", "../丙", "--as-of", "2024-08-21", "--fail-on", "never"];
    fupan(&inbox, &other_day);
    let both = ["merge", "--edits", "../甲", "../丙", "-o", "../丁"];
    assert_eq!(fupan(&inbox, &both), 2, "two days are no one day");
    assert_eq!(fupan(&inbox, &["merge", "--edits", ".", "-o", "../丁"]), 2, "an inbox is no shard");
    assert!(!home.path().join("演示/丁").exists());
}

#[test]
fn tables_are_left_out_where_nobody_wants_them_and_the_same_twice() {
    let home = tempfile::tempdir().unwrap();
    let whole = week(home.path());
    let bytes = |name: &str| std::fs::read(whole.join("data").join(name)).unwrap();
    let names = ["campaigns.parquet", "edits.parquet", "findings.csv", "columns.parquet"];
    let before: Vec<Vec<u8>> = names.iter().map(|name| bytes(name)).collect();
    fupan(
        home.path(),
        &["batch", "演示/2024-W28", "-o", "整批", "--as-of", "2024-08-20", "--ledger", "none"],
    );
    assert_eq!(names.iter().map(|name| bytes(name)).collect::<Vec<_>>(), before);
    let run = std::fs::read_to_string(whole.join("run.json")).unwrap();
    assert!(run.contains("\"data/campaigns.parquet\""), "tables are outputs like any other");
    let without =
        ["batch", "演示/2024-W28", "-o", "整批", "--as-of", "2024-08-20", "--ledger", "none", "--no-data"];
    fupan(home.path(), &without);
    assert!(!whole.join("data").exists());
}
