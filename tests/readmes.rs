//! Every command of both READMEs, and of the settings they lead to, runs as written, in order, in one folder.

#![cfg(unix)]

use std::fs;
use std::process::Command;

/// The commands of the program in the shell blocks of a page.
fn commands(page: &str) -> Vec<String> {
    let text = fs::read_to_string(page).unwrap();
    let blocks = text.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default());
    blocks.flat_map(str::lines).filter(|line| line.starts_with("fupan ")).map(str::to_owned).collect()
}

#[test]
fn every_command_of_the_readmes_runs_as_written() {
    let program = assert_cmd::cargo::cargo_bin("fupan");
    let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
    for (page, next, lang) in [
        ("README.md", "docs/settings.md", "en_US.UTF-8"),
        ("README.zh-CN.md", "docs/settings.zh-CN.md", "zh_CN.UTF-8"),
    ] {
        let home = tempfile::tempdir().unwrap();
        let fixtures = fs::canonicalize("fixtures").unwrap();
        std::os::unix::fs::symlink(fixtures, home.path().join("fixtures")).unwrap();
        let (commands, more) = (commands(page), commands(next));
        assert!(commands.len() > 12 && !more.is_empty(), "{page}: {commands:?} {more:?}");
        for command in commands.into_iter().chain(more) {
            let output = Command::new("sh")
                .args(["-c", &command])
                .current_dir(home.path())
                .env("PATH", &path)
                .env("LANG", lang)
                .env_remove("LC_ALL")
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
            assert!(matches!(output.status.code(), Some(0 | 1)), "{page}: {command}\n{said}");
        }
        for made in [
            "2024双十二.xlsx",
            "小活动.xlsx",
            "年货节.合并.xlsx",
            "下周.xlsx",
            "发出/谢宇.eml",
            "收齐/2024-W51/退回/高远.eml",
            "改好.xlsx",
            "新版/华东展参展小结.xlsx",
            "双十二.复盘.xlsx",
            "产出/2024-W51/汇总.xlsx",
            "新品.复盘.已采纳.xlsx",
        ] {
            assert!(home.path().join(made).is_file(), "{page}: {made}");
        }
    }
}
