//! `fupan check` from outside: its formats, its exit codes, its baseline, its levels.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;

use crate::support::book::Book;

const DAY: &str = "2024-12-20";

fn fupan(arguments: &[&str]) -> Output {
    assert_cmd::Command::cargo_bin("fupan").unwrap().args(arguments).output().unwrap()
}

fn check(paths: &[&Path], more: &[&str]) -> Output {
    let mut arguments = vec!["--lang", "zh", "check", "--as-of", DAY];
    arguments.extend(paths.iter().map(|path| path.to_str().unwrap()));
    arguments.extend(more);
    fupan(&arguments)
}

fn json(paths: &[&Path], more: &[&str]) -> Value {
    let mut all = vec!["--format", "json"];
    all.extend(more);
    serde_json::from_slice(&check(paths, &all).stdout).unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Channels of a campaign; an empty text is an empty cell.
fn channels(rows: &[[&str; 4]]) -> Book {
    let mut book = Book::new();
    let rows: Vec<[&str; 6]> = rows.iter().map(|[a, b, c, d]| [*a, *b, *c, *d, "6", "后台"]).collect();
    book.table("channels", &["channel", "kind", "spend", "sales", "conversions", "source"], &rows);
    book
}

fn saved(home: &Path, name: &str, book: &Book) -> PathBuf {
    let path = home.join(name);
    fs::write(&path, book.bytes()).unwrap();
    path
}

/// The published schema of that name, the one it refers to bundled into it.
fn schema(name: &str) -> Value {
    let read = |name: &str| -> Value {
        let text = fs::read_to_string(format!("docs/schema/{name}.schema.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    };
    let mut schema = read(name);
    if name != "findings" {
        schema["$defs"]["findings"] = read("findings");
    }
    schema
}

/// Complaints of a schema about a document; none where it fits.
fn complaints(name: &str, document: &Value) -> Vec<String> {
    let validator = jsonschema::options().should_validate_formats(true).build(&schema(name)).unwrap();
    let one = |error: jsonschema::ValidationError<'_>| format!("{}: {error}", error.instance_path());
    validator.iter_errors(document).map(one).collect()
}

fn inbox() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir("fixtures/inbox")
        .unwrap()
        .chain(fs::read_dir("fixtures/hostile").unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "xlsx"))
        .filter(|path| !path.to_string_lossy().contains("~$"))
        .collect();
    files.sort();
    files
}

#[test]
fn json_is_as_its_schema_says() {
    let files = inbox();
    let paths: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    let document = json(&paths, &[]);
    assert_eq!(document["files"].as_array().unwrap().len(), files.len());
    assert_eq!(complaints("findings", &document), Vec::<String>::new());
    let mut wrong = document;
    wrong["files"][0]["findings"] = "none".into();
    assert!(!complaints("findings", &wrong).is_empty(), "the schema takes anything");
}

#[test]
fn the_record_of_a_run_is_as_its_schema_says() {
    let home = tempfile::tempdir().unwrap();
    let inbox_copy = home.path().join("in");
    fs::create_dir(&inbox_copy).unwrap();
    for path in inbox() {
        fs::copy(&path, inbox_copy.join(path.file_name().unwrap())).unwrap();
    }
    let first = inbox().into_iter().find(|path| path.to_string_lossy().contains("秋季")).unwrap();
    fs::copy(first, inbox_copy.join("副本.xlsx")).unwrap();
    let out = home.path().join("out");
    let (folder, out_text) = (inbox_copy.to_str().unwrap(), out.to_str().unwrap());
    fupan(&["--lang", "zh", "batch", folder, "-o", out_text, "--as-of", DAY]);
    let record: Value = serde_json::from_slice(&fs::read(out.join("run.json")).unwrap()).unwrap();
    assert!(!record["identical"].as_array().unwrap().is_empty());
    assert_eq!(complaints("run", &record), Vec::<String>::new());
}

#[test]
fn sarif_holds_what_the_format_asks_for() {
    let files = inbox();
    let paths: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    let output = check(&paths, &["--format", "sarif"]);
    let sarif: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for rule in rules {
        for text in ["shortDescription", "fullDescription", "help"] {
            assert!(!rule[text]["text"].as_str().unwrap().is_empty(), "{rule}");
        }
    }
    let results = run["results"].as_array().unwrap();
    let told: usize = json(&paths, &[])["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["findings"].as_array().map_or(1, Vec::len))
        .sum();
    assert_eq!(results.len(), told, "the same findings in every format");
    for result in results {
        let rule = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(rules[rule]["id"], result["ruleId"]);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        assert_eq!(result["partialFingerprints"]["fupanCell/v1"].as_str().unwrap().len(), 16);
        for location in result["locations"].as_array().unwrap() {
            let place = &location["physicalLocation"]["artifactLocation"];
            let artifact = &run["artifacts"][place["index"].as_u64().unwrap() as usize]["location"];
            assert_eq!(artifact["uri"], place["uri"]);
            assert!(place["uri"].as_str().unwrap().is_ascii());
            assert!(location["physicalLocation"].get("region").is_none(), "a cell has no line");
        }
    }
    let cells = |result: &Value| {
        result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"].as_str().map(str::to_owned)
    };
    assert!(results.iter().filter_map(cells).any(|name| name == "KPI拆解表!F4"), "Sheet!A1 is there");
}

#[test]
fn exit_codes_are_as_promised() {
    let home = tempfile::tempdir().unwrap();
    let good = saved(home.path(), "好.xlsx", &channels(&[["抖音", "线上", "10", "60"]]));
    let bad = saved(home.path(), "错.xlsx", &channels(&[["抖音", "线上", "abc", "60"]]));
    let broken = home.path().join("坏.xlsx");
    fs::write(&broken, "PK").unwrap();
    let noted = json(&[&good], &[])["files"][0]["findings"].as_array().unwrap().len();
    let cases: [(&[&Path], &[&str], i32); 9] = [
        (&[&good], &["--fail-on", "error"], 0),
        (&[&good], &["--fail-on", "note"], i32::from(noted > 0)),
        (&[&bad], &[], 1),
        (&[&bad], &["--fail-on", "never"], 0),
        (&[&bad], &["--fail-on", "sometimes"], 2),
        (&[&bad], &["--config", "没有.toml"], 2),
        (&[&bad], &["--baseline", "没有.json"], 2),
        (&[&good, &broken], &[], 3),
        (&[&broken], &[], 4),
    ];
    for (paths, more, code) in cases {
        assert_eq!(check(paths, more).status.code(), Some(code), "{paths:?} {more:?}");
    }
    let enrich = |file: &Path, more: &[&str]| {
        let out = home.path().join("出.xlsx");
        let mut arguments =
            vec!["enrich", file.to_str().unwrap(), "-o", out.to_str().unwrap(), "--as-of", DAY];
        arguments.extend(more);
        (fupan(&arguments).status.code(), out.exists())
    };
    assert_eq!(enrich(&broken, &[]), (Some(4), false));
    assert_eq!(enrich(&bad, &[]), (Some(0), true));
    assert_eq!(enrich(&bad, &["--fail-on", "error"]), (Some(1), true));
    assert_eq!(enrich(&bad, &["--fail-on", "bad"]).0, Some(2));
    let batch = |name: &str, files: &[&Path], more: &[&str]| {
        let folder = home.path().join(name);
        fs::create_dir(&folder).unwrap();
        for file in files {
            fs::copy(file, folder.join(file.file_name().unwrap())).unwrap();
        }
        let out = home.path().join(format!("{name}-out"));
        let mut arguments = vec!["batch", folder.to_str().unwrap(), "-o", out.to_str().unwrap()];
        arguments.extend(["--as-of", DAY]);
        arguments.extend(more);
        fupan(&arguments).status.code()
    };
    assert_eq!(batch("a", &[&good], &[]), Some(0));
    assert_eq!(batch("b", &[&good, &bad], &[]), Some(1));
    assert_eq!(batch("c", &[&bad], &["--fail-on", "never"]), Some(0));
    assert_eq!(batch("d", &[&good, &broken], &[]), Some(3));
    assert_eq!(batch("e", &[&broken], &[]), Some(4));
}

#[test]
fn a_finding_is_the_same_one_after_rows_were_inserted_above_it() {
    let home = tempfile::tempdir().unwrap();
    let before = channels(&[["抖音", "线上", "abc", "60"], ["微博", "线上", "10", "xyz"]]);
    let before = saved(home.path(), "周一.xlsx", &before);
    let earlier = home.path().join("周一.json");
    fs::write(&earlier, check(&[&before], &["--format", "json"]).stdout).unwrap();
    let against = ["--baseline", earlier.to_str().unwrap()];

    let moved = channels(&[
        ["小红书", "线上", "10", "50"],
        ["微博", "线上", "10", "xyz"],
        ["抖音", "线上", "abc", "60"],
    ]);
    let moved = saved(home.path(), "周二.xlsx", &moved);
    let states = |document: &Value| -> Vec<(String, String)> {
        let findings = document["files"][0]["findings"].as_array().unwrap();
        let mut states: Vec<(String, String)> = findings
            .iter()
            .filter(|finding| finding["severity"] == "error")
            .map(|finding| {
                (
                    finding["found"].as_str().unwrap().to_owned(),
                    finding["baseline"].as_str().unwrap().to_owned(),
                )
            })
            .collect();
        states.sort();
        states
    };
    let pair = |found: &str, state: &str| (found.to_owned(), state.to_owned());
    let document = json(&[&moved], &against);
    assert_eq!(states(&document), [pair("abc", "still"), pair("xyz", "still")]);
    assert_eq!(complaints("findings", &document), Vec::<String>::new());
    assert_eq!(check(&[&moved], &against).status.code(), Some(0), "nothing new");

    let mended = channels(&[
        ["小红书", "线上", "oops", "50"],
        ["微博", "线上", "10", "xyz"],
        ["抖音", "线上", "10", "60"],
    ]);
    let mended = saved(home.path(), "周三.xlsx", &mended);
    let document = json(&[&mended], &against);
    assert_eq!(states(&document), [pair("oops", "new"), pair("xyz", "still")]);
    let fixed = document["files"][0]["fixed"].as_array().unwrap();
    assert!(fixed.iter().any(|past| past["message"].as_str().unwrap().contains("abc")), "{fixed:?}");
    assert_eq!(complaints("findings", &document), Vec::<String>::new());
    let output = check(&[&mended], &against);
    assert_eq!(output.status.code(), Some(1), "one is new");
    let text = said(&output);
    for word in ["新增 错误", "仍在 错误", "已修好"] {
        assert!(text.contains(word), "{word}: {text}");
    }
    let mut sarif = vec!["--format", "sarif"];
    sarif.extend(against);
    let sarif: Value = serde_json::from_slice(&check(&[&mended], &sarif).stdout).unwrap();
    let mut states: Vec<&str> = sarif["runs"][0]["results"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|result| result["level"] == "error")
        .map(|result| result["baselineState"].as_str().unwrap())
        .collect();
    states.sort_unstable();
    assert_eq!(states, ["absent", "new", "unchanged"]);
}

#[test]
fn a_batch_against_its_last_run_counts_only_what_is_new() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("in");
    fs::create_dir(&folder).unwrap();
    saved(&folder, "甲.xlsx", &channels(&[["抖音", "线上", "abc", "60"]]));
    let out = home.path().join("out");
    let run = |more: &[&str]| {
        let mut arguments =
            vec!["--lang", "zh", "batch", folder.to_str().unwrap(), "-o", out.to_str().unwrap()];
        arguments.extend(["--as-of", DAY]);
        arguments.extend(more);
        fupan(&arguments)
    };
    assert_eq!(run(&[]).status.code(), Some(1));
    let record = out.join("run.json");
    let against = ["--baseline", record.to_str().unwrap()];
    assert_eq!(run(&against).status.code(), Some(0), "the record is read before it is replaced");
    saved(&folder, "甲.xlsx", &channels(&[["抖音", "线上", "10", "abc"]]));
    let output = run(&against);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("新增") && text.contains("已修好"), "{text}");
}

#[test]
fn levels_are_changed_and_silenced_ones_counted() {
    let home = tempfile::tempdir().unwrap();
    let bad = saved(home.path(), "错.xlsx", &channels(&[["抖音", "线上", "abc", "60"]]));
    let settings = home.path().join("fupan.toml");
    let with = |text: &str| {
        fs::write(&settings, text).unwrap();
        check(&[&bad], &[])
    };
    assert_eq!(with("").status.code(), Some(1));
    let noted = with("[levels]\nunreadable-number = \"note\"\n");
    assert_eq!(noted.status.code(), Some(0));
    assert!(said(&noted).contains("提示 渠道效果表!"), "{}", said(&noted));
    let silenced = with("[levels]\nunreadable-number = \"off\"\n");
    assert_eq!(silenced.status.code(), Some(0));
    assert!(said(&silenced).contains("隐藏了 1 条"), "{}", said(&silenced));
    assert_eq!(json(&[&bad], &[])["files"][0]["silenced"], 1);
    let misspelt = with("[levels]\nunreadable-numbr = \"note\"\n");
    let complaint = String::from_utf8(misspelt.stderr).unwrap();
    assert!(
        complaint.contains("unreadable-numbr") && complaint.contains("是不是 unreadable-number"),
        "{complaint}"
    );
}

#[test]
fn every_code_has_its_page_in_every_language() {
    for lang in ["zh", "zh-Hant", "en"] {
        for code in fupan::batch::codes() {
            let wording = code.wording(fupan::locale::Lang::parse(lang).unwrap());
            for text in [&wording.title, &wording.message, &wording.why, &wording.help, &wording.example] {
                assert!(!text.trim().is_empty(), "{} in {lang}", code.name);
            }
        }
    }
    for lang in ["zh", "en"] {
        for code in fupan::batch::codes().step_by(17) {
            let page = said(&fupan(&["--lang", lang, "explain", code.name]));
            let wording = code.wording(fupan::locale::Lang::parse(lang).unwrap());
            for text in [&wording.why, &wording.help, &wording.example, &format!("{} = ", code.name)] {
                assert!(page.contains(text.as_str()), "{lang} {}: {text} is not in\n{page}", code.name);
            }
        }
    }
    let unknown = fupan(&["--lang", "zh", "explain", "missing-requird"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8(unknown.stderr).unwrap().contains("missing-required"));
}

#[test]
fn filling_in_the_cells_that_block_yields_the_figures() {
    let home = tempfile::tempdir().unwrap();
    let mut book = channels(&[["抖音", "线上", "", "60"], ["微博", "线上", "", "50"]]);
    book.table("kpi", &["name", "target"], &[["销售额", "[具体数字]"], ["新客数", "100"]]);
    book.table("results", &["name", "actual"], &[["销售额", "520"], ["新客数", ""]]);
    let path = saved(home.path(), "空.xlsx", &book);
    let text = said(&check(&[&path], &[]));
    assert!(text.contains("可解锁"), "{text}");
    let blockers = json(&[&path], &[])["files"][0]["blockers"].clone();
    let metrics: Vec<&str> = blockers
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|it| it["unlocks"].as_array().unwrap())
        .map(|it| it["metric"].as_str().unwrap())
        .collect();
    for metric in ["roi", "completion", "composite-completion"] {
        assert!(metrics.contains(&metric), "{metric} is not in {blockers}");
    }
    for place in blockers.as_array().unwrap().iter().flat_map(|it| it["cells"].as_array().unwrap()) {
        book.type_at(place.as_str().unwrap(), "10");
    }
    let path = saved(home.path(), "满.xlsx", &book);
    assert_eq!(json(&[&path], &[])["files"][0]["blockers"], Value::Array(Vec::new()));
    let out = home.path().join("out");
    let folder = home.path().join("in");
    fs::create_dir(&folder).unwrap();
    fs::rename(&path, folder.join("满.xlsx")).unwrap();
    fupan(&["batch", folder.to_str().unwrap(), "-o", out.to_str().unwrap(), "--as-of", DAY]);
    let record: Value = serde_json::from_slice(&fs::read(out.join("run.json")).unwrap()).unwrap();
    let campaign = &record["files"][0]["campaign"];
    assert!(campaign["composite"].is_number(), "{campaign}");
    assert!(
        campaign["goals"].as_array().unwrap().iter().all(|goal| goal["completion"].is_number()),
        "{campaign}"
    );
}
