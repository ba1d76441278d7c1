//! What a run knows, as tables: read by other engines without a hint, with the answers people read in the portfolio.

use std::path::{Path, PathBuf};
use std::process::Command;

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

#[test]
fn duckdb_and_spark_say_what_the_portfolio_says() {
    let home = tempfile::tempdir().unwrap();
    let whole = week(home.path());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tables/engines.py");
    let output = Command::new("python3").arg(script).arg(&whole).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("ok 1 folders, 5 queries, two engines"), "{said}");
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
