//! `fupan analyse` as its user runs it.

use assert_cmd::Command;
use serde_json::Value;

fn analyse(arguments: &[&str]) -> std::process::Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fupan"));
    command.env("LANG", "zh_CN.UTF-8").env_remove("LC_ALL").env_remove("LC_MESSAGES");
    command.arg("analyse").args(arguments).args(["--as-of", "2024-12-20"]).output().unwrap()
}

#[test]
fn one_screen_says_what_matters() {
    let output = analyse(&["fixtures/clean/full-11.xlsx"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0));
    for word in ["总体结论", "关键指标", "综合完成率", "目标", "渠道", "主要结论", "先做的行动"]
    {
        assert!(text.contains(word), "{word}: {text}");
    }
}

#[test]
fn json_tells_read_files_and_refused_ones_apart() {
    let output =
        analyse(&["fixtures/clean/full-11.xlsx", "fixtures/hostile/truncated.xlsx", "--format", "json"]);
    assert_eq!(output.status.code(), Some(3));
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    let files = value["files"].as_array().unwrap();
    assert!(files[0]["refused"].is_null() && files[1]["analysis"].is_null());
    assert!(files[1]["refused"]["code"].is_string());
    let composite = &files[0]["analysis"]["goals"]["composite"];
    assert!(composite["value"].is_number() && composite["inputs"][0]["cells"].is_string(), "{composite}");
    assert!(composite["coverage"]["filled"].as_u64() > Some(0));
    let actions = files[0]["analysis"]["actions"].as_array().unwrap();
    assert!(
        actions.iter().zip(1..).all(|(action, order)| action["order"] == order && action["why"].is_string())
    );
}

#[test]
fn the_same_workbook_gives_the_same_bytes() {
    let arguments = ["fixtures/clean/full-12.xlsx", "--format", "json"];
    assert_eq!(analyse(&arguments).stdout, analyse(&arguments).stdout);
}
