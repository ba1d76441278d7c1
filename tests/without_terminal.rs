//! For people who never saw a command line: what is dropped on the program is worked on, shown, and nothing of theirs is touched.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder of its own with an inbox of three workbooks.
fn desk() -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let inbox = home.path().join("收件箱");
    fs::create_dir(&inbox).unwrap();
    for name in ["秋季焕新促销复盘.xlsx", "华东展参展小结.xlsx", "2024Q3新品发布会复盘.xlsx"]
    {
        fs::copy(Path::new("fixtures/inbox").join(name), inbox.join(name)).unwrap();
    }
    (home, inbox)
}

/// Drops paths on the program; what it would show is written to `shown.txt` by a stand-in for the desktop.
#[cfg(unix)]
fn drop_on(home: &Path, paths: &[&Path]) -> (Output, String) {
    use std::os::unix::fs::PermissionsExt;
    let (opener, shown) = (home.join("opener"), home.join("shown.txt"));
    fs::write(&opener, format!("#!/bin/sh\necho \"$1\" >> '{}'\n", shown.display())).unwrap();
    fs::set_permissions(&opener, fs::Permissions::from_mode(0o755)).unwrap();
    let output = Command::new(assert_cmd::cargo::cargo_bin("fupan"))
        .args(paths)
        .env("FUPAN_OPEN_WITH", &opener)
        .env("LANG", "zh_CN.UTF-8")
        .env_remove("LC_ALL")
        .output()
        .unwrap();
    // The stand-in runs on its own.
    for _ in 0..100 {
        if shown.exists() && !fs::read_to_string(&shown).unwrap().is_empty() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    (output, fs::read_to_string(shown).unwrap_or_default())
}

#[cfg(unix)]
#[test]
fn a_dropped_folder_is_consolidated_beside_itself_and_shown() {
    let (home, inbox) = desk();
    let before = fs::read(inbox.join("秋季焕新促销复盘.xlsx")).unwrap();
    let (output, shown) = drop_on(home.path(), &[&inbox]);
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    let weeks: Vec<PathBuf> = fs::read_dir(home.path().join("收件箱-产出"))
        .unwrap_or_else(|_| panic!("{said}"))
        .map(|week| week.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    assert_eq!(weeks.len(), 1, "{weeks:?}");
    assert!(weeks[0].join("汇总.xlsx").is_file(), "{said}");
    assert!(weeks[0].with_file_name("fupan.db").is_file(), "the first week is remembered: {said}");
    assert!(shown.trim().starts_with(&weeks[0].display().to_string()), "{shown}");
    assert!(said.contains("按回车键关闭"), "{said}");
    assert_eq!(fs::read(inbox.join("秋季焕新促销复盘.xlsx")).unwrap(), before);
    assert_eq!(fs::read_dir(&inbox).unwrap().count(), 3);
}

#[cfg(unix)]
#[test]
fn a_dropped_workbook_is_checked_and_given_back_beside_itself() {
    let (home, inbox) = desk();
    let file = inbox.join("秋季焕新促销复盘.xlsx");
    let (output, shown) = drop_on(home.path(), &[&file]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("秋季焕新促销复盘.xlsx"), "{said}");
    let result = inbox.join("秋季焕新促销复盘.复盘.xlsx");
    assert!(result.is_file());
    assert_eq!(shown.trim(), result.display().to_string());
    // Once more: what is there, and may have been answered in, stays.
    let first = fs::read(&result).unwrap();
    drop_on(home.path(), &[&file]);
    assert_eq!(fs::read(&result).unwrap(), first);
    assert!(inbox.join("秋季焕新促销复盘.复盘 (2).xlsx").is_file());
}

#[test]
fn a_double_click_without_anything_says_in_two_lines_what_to_do() {
    let output = Command::new(assert_cmd::cargo::cargo_bin("fupan"))
        .env("LANG", "zh_CN.UTF-8")
        .env_remove("LC_ALL")
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(said.lines().count(), 2, "{said}");
    assert!(said.contains("拖到 fupan 上"), "{said}");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_watched_folder_is_consolidated_as_soon_as_it_is_at_rest() {
    let (home, inbox) = desk();
    let out = home.path().join("产出");
    let output = Command::new(assert_cmd::cargo::cargo_bin("fupan"))
        .arg("watch")
        .args([&inbox, Path::new("-o"), &out])
        .args(["--every", "1", "--times", "1", "--fail-on", "never"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(out.join("汇总.xlsx").is_file());
}

#[test]
fn a_blank_workbook_is_told_what_to_fill_in_first() {
    let home = tempfile::tempdir().unwrap();
    let fupan = |arguments: &[&str]| {
        let output = Command::new(assert_cmd::cargo::cargo_bin("fupan"))
            .args(arguments)
            .current_dir(home.path())
            .env("LANG", "zh_CN.UTF-8")
            .env_remove("LC_ALL")
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    fupan(&["new", "--template", "promotion", "--name", "双十二"]);
    assert!(home.path().join("双十二.xlsx").is_file(), "the place has a default");
    for command in ["check", "analyse"] {
        let said = fupan(&[command, "双十二.xlsx"]);
        assert!(said.contains("还是空白的：先填这") && said.contains("KPI拆解表"), "{said}");
        assert!(!said.contains("无法计算"), "{said}");
    }
}
