//! Nobody meets a sentence in another language than the one asked for: usage, the system's errors, findings, words of sheets.

use std::process::Command;

use fupan::batch::codes;
use fupan::locale::{Lang, traditional};

fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c) || "，。：；「」（）".contains(c)
}

/// Everything said about wrong arguments and by the system.
fn said(lang: &str) -> Vec<(String, String)> {
    let wrong: &[&[&str]] = &[
        &["chck"],
        &["no-such-file.xlsx"],
        &["batch"],
        &["batch", "no-such-folder"],
        &["check"],
        &["check", "no-such-file.xlsx"],
        &["check", "--format", "yaml", "x.xlsx"],
        &["check", "--max-seconds", "0", "x.xlsx"],
        &["check", "--max-seconds", "ten", "x.xlsx"],
        &["check", "--baseline", "no-such-file.json", "x.xlsx"],
        &["check", "--config", "no-such-file.toml", "x.xlsx"],
        &["check", "--config", "src", "x.xlsx"],
        &["enrich", "x.xlsx", "--as-of", "tomorrow"],
        &["enrich", "x.xlsx", "y.xlsx"],
        &["enrich", "--outt", "x.xlsx"],
        &["enrich", "fixtures/inbox/华东展参展小结.xlsx", "-o", "/proc/no/x.xlsx"],
        &["template"],
        &["new", "--template", "promotion"],
        &["trace", "no-such-file.xlsx!A!A1"],
        &["explain", "no-such-thing-anywhere"],
    ];
    wrong
        .iter()
        .map(|arguments| {
            let output = Command::new(assert_cmd::cargo::cargo_bin("fupan"))
                .args(["--lang", lang])
                .args(*arguments)
                .stdin(std::process::Stdio::null())
                .output()
                .unwrap();
            assert_ne!(output.status.code(), Some(0), "{arguments:?}");
            assert_ne!(output.status.code(), Some(101), "{arguments:?}");
            let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
            (arguments.join(" "), said.into_owned())
        })
        .collect()
}

/// Words of the command line itself, which are the same in every language.
const NAMES: &[&str] = &[
    "FORMAT",
    "fupan",
    "help",
    "check",
    "batch",
    "enrich",
    "new",
    "template",
    "trace",
    "explain",
    "json",
    "text",
    "sarif",
    "TOML",
    "UTF",
    "xlsx",
    "toml",
    "run",
    "list",
    "export",
    "src",
    "proc",
    "YYYY-MM-DD",
    "MM",
    "DD",
    "ID",
];

#[test]
fn what_goes_wrong_is_said_in_chinese() {
    for (arguments, said) in said("zh") {
        assert!(said.chars().any(is_chinese), "{arguments}: {said}");
        let words = said.split(|c: char| !c.is_ascii_alphabetic() && c != '-').filter(|word| word.len() > 2);
        let strange: Vec<&str> = words
            .filter(|word| !word.starts_with('-') && !arguments.contains(*word) && !NAMES.contains(word))
            .collect();
        assert!(strange.is_empty(), "{arguments}: {strange:?} in: {said}");
    }
}

#[test]
fn what_goes_wrong_is_said_in_traditional_chinese() {
    for (arguments, said) in said("zh-Hant").into_iter().filter(|(arguments, _)| arguments.is_ascii()) {
        assert_eq!(said, traditional(&said), "{arguments}");
    }
}

#[test]
fn what_goes_wrong_is_said_in_english() {
    for (arguments, said) in said("en") {
        let own: Vec<char> = arguments.chars().collect();
        let strange: String = said.chars().filter(|c| is_chinese(*c) && !own.contains(c)).collect();
        assert!(strange.is_empty(), "{arguments}: {strange:?} in: {said}");
    }
}

#[test]
fn help_and_lists_are_in_the_language_asked_for() {
    for arguments in [&["--help"][..], &["batch", "--help"], &["watch", "--help"], &["explain"]] {
        let output = Command::new(assert_cmd::cargo::cargo_bin("fupan"))
            .args(["--lang", "en"])
            .args(arguments)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let strange =
            |line: &&str| line.chars().any(is_chinese) && !QUOTED.iter().any(|own| line.contains(own));
        let strange: Vec<&str> = said.lines().filter(strange).collect();
        assert!(strange.is_empty(), "{arguments:?}: {strange:#?}");
    }
}

/// Names of ours that English sentences quote.
const QUOTED: &[&str] = &["认表", "合并-待定", ".复盘", ".已采纳", "汇总.xlsx", "复盘"];

#[test]
fn findings_are_worded_in_the_language_asked_for() {
    for code in codes() {
        let zh = code.wording(Lang::Zh);
        for text in [&zh.title, &zh.message, &zh.why, &zh.help] {
            assert!(text.chars().any(is_chinese), "{}: {text}", code.name);
        }
        let en = code.wording(Lang::En);
        for text in [&en.title, &en.message, &en.why, &en.help] {
            // What is quoted are words of the workbook, as people type them.
            let bare: String = text.split(['“', '”', '"']).step_by(2).collect();
            let bare = bare.replace('万', "");
            let bare = QUOTED.iter().fold(bare, |bare, own| bare.replace(own, ""));
            let strange: String = bare.chars().filter(|c| is_chinese(*c)).collect();
            assert!(strange.is_empty(), "{}: {strange} in: {text}", code.name);
        }
    }
}
