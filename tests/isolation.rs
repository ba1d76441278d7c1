//! Each file on its own: whatever happens to a worker is its file's finding, and the others are done.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use assert_cmd::Command;
use serde_json::Value;

const TABLE: &str = "渠道,花费(元),转化数,销售额(元)\n抖音,1200,30,12000\n小红书,800,20,7000\n";

fn fupan() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fupan"));
    command.env("LANG", "zh_CN.UTF-8").env_remove("LC_ALL").env_remove("LC_MESSAGES");
    command
}

/// A folder with a bad file among good ones.
fn inbox(home: &Path) -> std::path::PathBuf {
    let inbox = home.join("in");
    fs::create_dir(&inbox).unwrap();
    for (name, spend) in [("a.csv", "1201"), ("坏.csv", "1202"), ("c.csv", "1203")] {
        // Told apart, or one would count for all.
        fs::write(inbox.join(name), TABLE.replace("1200", spend)).unwrap();
    }
    inbox
}

fn check(paths: &[&Path], fault: &str, more: &[&str]) -> (Option<i32>, Value) {
    let mut command = fupan();
    command.args(["check", "--format", "json", "--fail-on", "never"]).args(more).args(paths);
    let output = command.env("FUPAN_WORKER_TEST", fault).output().unwrap();
    let json = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code(), json)
}

/// F12–F14 and D8, D16: what can befall a worker, and what is said of the file.
#[test]
fn whatever_befalls_a_worker_is_its_files_finding() {
    let home = tempfile::tempdir().unwrap();
    let inbox = inbox(home.path());
    for (fault, code) in [
        ("panic", "internal-error"),
        ("memory", "out-of-memory"),
        ("stack", "internal-error"),
        ("abort", "internal-error"),
        ("leave", "internal-error"),
        ("garbage", "internal-error"),
        ("nonsense", "internal-error"),
        ("long", "internal-error"),
        ("short", "internal-error"),
    ] {
        let paths = ["a.csv", "坏.csv", "c.csv"].map(|name| inbox.join(name));
        let named = format!("{fault}:{}", paths[1].display());
        let (status, json) = check(&paths.each_ref().map(|path| &**path), &named, &["--max-memory", "256"]);
        assert_eq!(status, Some(3), "{fault}");
        let files = json["files"].as_array().unwrap();
        assert_eq!(files[1]["refused"]["code"], code, "{fault}: {}", files[1]);
        for good in [&files[0], &files[2]] {
            assert!(good["findings"].is_array(), "{fault}: {good}");
        }
    }
}

/// F13: a worker that never answers is killed at its limit, and costs no more than that.
#[test]
fn a_file_that_never_ends_is_ended_and_the_batch_goes_on() {
    let home = tempfile::tempdir().unwrap();
    let inbox = inbox(home.path());
    let out = home.path().join("out");
    let started = Instant::now();
    let output = fupan()
        .arg("batch")
        .arg(&inbox)
        .arg("-o")
        .arg(&out)
        .args(["--as-of", "2024-12-20", "--max-seconds", "20", "--fail-on", "never"])
        .env("FUPAN_WORKER_TEST", "hang:坏.csv")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.lines().any(|line| line.contains("坏.csv：处理这份文件超过了 20 秒")), "{said}");
    assert!(started.elapsed() < Duration::from_secs(120), "{:?}", started.elapsed());
    let record: Value = serde_json::from_slice(&fs::read(out.join("run.json")).unwrap()).unwrap();
    let outcomes: Vec<&str> =
        record["files"].as_array().unwrap().iter().map(|file| file["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["counted", "counted", "refused"]);
    assert!(out.join("汇总.xlsx").exists());
}

/// What a file may take is counted on the processor, so that a busy machine decides nothing; by the clock there is a
/// limit behind it for what waits and does nothing.
#[test]
fn a_worker_that_only_waits_is_ended_by_the_clock() {
    let home = tempfile::tempdir().unwrap();
    let inbox = inbox(home.path());
    let started = Instant::now();
    let path = inbox.join("坏.csv");
    let (status, json) = check(&[&path], "sleep:", &["--max-seconds", "1"]);
    assert_eq!(status, Some(4), "{json}");
    assert_eq!(json["files"][0]["refused"]["code"], "took-too-long", "{json}");
    assert!(started.elapsed() > Duration::from_secs(4), "a second of waiting is no second of work");
}

#[test]
fn memory_is_counted_and_not_only_asked_about() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("大.csv");
    let mut file = fs::File::create(&path).unwrap();
    for row in 0..300_000 {
        writeln!(file, "渠道{row},{row},好好好好好好好好好好好好好好好好").unwrap();
    }
    drop(file);
    let (status, json) = check(&[&path], "", &["--max-memory", "64"]);
    assert_eq!(status, Some(4));
    assert_eq!(json["files"][0]["refused"]["code"], "out-of-memory", "{json}");
}

#[test]
fn limits_come_from_the_settings_too_and_slips_are_told() {
    let home = tempfile::tempdir().unwrap();
    let inbox = inbox(home.path());
    fs::write(home.path().join("fupan.toml"), "[limits]\nseconds = 2\nmemory = 1\nsecond = 3\n").unwrap();
    let output = fupan()
        .args(["check", "--config"])
        .arg(home.path().join("fupan.toml"))
        .arg(inbox.join("a.csv"))
        .env("FUPAN_WORKER_TEST", "hang")
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("第 3 行：limits.memory"), "{told}");
    assert!(told.contains("第 4 行：没有设置项 limits.second，是不是 limits.seconds"), "{told}");
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("超过了 2 秒"), "{said}");
}

#[test]
fn a_worker_told_rubbish_leaves_without_a_word() {
    for rubbish in
        [&b"rubbish, and more of it"[..], b"FP01\xff\xff\xff\xff", b"FP01\x01\0\0\0\x02\0\0\0\0\0\0\0{}"]
    {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_fupan"))
            .arg("__worker")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(rubbish).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(5));
        assert_eq!((output.stdout, output.stderr), (Vec::new(), Vec::new()));
    }
}

#[test]
fn a_worker_with_nothing_to_do_leaves() {
    let output = fupan().arg("__worker").write_stdin("").output().unwrap();
    assert_eq!(output.status.code(), Some(0));
}
