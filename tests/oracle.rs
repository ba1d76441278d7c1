//! The large fixtures worked out a second time by `oracle/oracle.py`, which knows the specification and not the
//! program: every figure it gives has to be the program's.

use std::collections::BTreeMap;
use std::process::Command;

use chrono::NaiveDate;
use fupan::batch::one::{Settings, review_bytes};
use fupan::catalogue::Catalogue;
use fupan::locale::Lang;
use fupan::policy::Policy;
use serde_json::Value;

use crate::support::figures::{Figures, Told};

const LARGE: [&str; 3] = ["双十二家居节-全流程", "国庆新品上市全记录", "金秋会员季-策划与执行"];

/// Figures of the program the oracle leaves alone, and why.
const NOT_ASKED: &[(&str, &str)] = &[
    ("advice/", "the specification names the words and not the bounds"),
    ("cause/", "the same"),
    ("expected-value/", "a supposition, not a figure of the workbook"),
    ("foreseen-share", "which incident was which risk is a matter of likeness"),
    ("critical-chain-tasks", "of several chains of the same length any one"),
    ("task-state/", "told by delay and status, which are asked"),
    ("improvement/", "no baselines in these workbooks"),
    ("completeness/", "asked of the lists, not of the forms"),
];

fn files() -> Vec<String> {
    LARGE.iter().map(|name| format!("fixtures/inbox/{name}.xlsx")).collect()
}

fn second_opinion(files: &[String]) -> BTreeMap<String, BTreeMap<String, Value>> {
    let output = Command::new("python3")
        .args(["tests/oracle/oracle.py", "2024-12-20"])
        .args(files)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn ours(file: &str) -> BTreeMap<String, Told> {
    let policy = Policy::default();
    let as_of = NaiveDate::from_ymd_opt(2024, 12, 20).unwrap();
    let settings = Settings::new(Catalogue::shipped(), &policy, as_of, Lang::Zh);
    let bytes = std::fs::read(file).unwrap();
    Figures::of(&review_bytes(&bytes, file, &settings).unwrap()).0
}

/// Equal to nine digits; nothing on one side is nothing on the other.
fn agree(told: Option<&Told>, expected: &Value) -> bool {
    match (told, expected) {
        (None | Some(Told::Unknown), Value::Null) => true,
        (Some(Told::Text(told)), Value::String(expected)) => told == expected,
        (Some(Told::Number(told)), expected) => expected.as_f64().is_some_and(|expected| {
            (told - expected).abs() <= 1e-9 * told.abs().max(expected.abs()).max(1e-3)
        }),
        _ => false,
    }
}

#[test]
fn another_hand_comes_to_the_same_figures() {
    let files = files();
    let expected = second_opinion(&files);
    let (mut compared, mut differ) = (0, Vec::new());
    for file in &files {
        let ours = ours(file);
        for (name, value) in &expected[file] {
            compared += 1;
            if !agree(ours.get(name), value) {
                differ.push(format!("{file} {name}: we say {:?}, the oracle {value}", ours.get(name)));
            }
        }
        let asked = |name: &str| NOT_ASKED.iter().any(|(start, _)| name.starts_with(start));
        for (name, told) in &ours {
            let known = *told != Told::Unknown;
            if known && !expected[file].contains_key(name) && !asked(name) {
                differ.push(format!("{file} {name}: {told:?}, and the oracle has never heard of it"));
            }
        }
    }
    eprintln!("{compared} figures of {} workbooks compared", files.len());
    assert!(compared > 2_500, "{compared}");
    assert!(differ.is_empty(), "{} of {compared} differ:\n{}", differ.len(), differ.join("\n"));
}

#[test]
fn the_comparison_sees_a_difference_in_the_tenth_digit_but_one() {
    for (told, expected, same) in [
        (Told::Number(0.1 + 0.2), serde_json::json!(0.3), true),
        (Told::Number(1.000_000_01), serde_json::json!(1.0), false),
        (Told::Unknown, serde_json::json!(0.0), false),
        (Told::Number(0.0), Value::Null, false),
        (Told::Unknown, Value::Null, true),
        (Told::Text("missed".into()), serde_json::json!("mostly"), false),
    ] {
        assert_eq!(agree(Some(&told), &expected), same, "{told:?} {expected}");
    }
}
