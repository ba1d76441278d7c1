//! The batch as its user runs it: a folder in, a folder out, nothing lost on the way.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

fn fupan() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fupan"));
    command.env("LANG", "zh_CN.UTF-8").env_remove("LC_ALL").env_remove("LC_MESSAGES");
    command
}

fn batch(inbox: &Path, out: &Path) -> std::process::Output {
    fupan()
        .arg("batch")
        .arg(inbox)
        .arg("-o")
        .arg(out)
        // What a worker may take is tested elsewhere; here a busy machine must not decide.
        .args(["--as-of", "2024-12-20", "--max-seconds", "600"])
        .output()
        .unwrap()
}

fn record(out: &Path) -> Value {
    serde_json::from_slice(&fs::read(out.join("run.json")).unwrap()).unwrap()
}

/// Every file below a folder with its bytes, by path.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                found.insert(name, fs::read(path).unwrap());
            }
        }
    }
    found
}

/// Parts of a package: name → (checksum, bytes as stored).
fn parts(package: &[u8]) -> BTreeMap<String, (u32, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(package)).unwrap();
    (0..archive.len())
        .map(|i| {
            let mut file = archive.by_index_raw(i).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().unwrap().into_owned(), (file.crc32(), bytes))
        })
        .collect()
}

/// A part's own bytes.
fn unpacked(package: &[u8], name: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(package)).unwrap();
    let mut bytes = Vec::new();
    archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

#[test]
fn every_part_the_team_sent_comes_back_as_it_was() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("out");
    let before = files(Path::new("fixtures/inbox"));
    batch(Path::new("fixtures/inbox"), &out);
    assert_eq!(files(Path::new("fixtures/inbox")), before, "inputs are never touched");
    let record = record(&out);
    let mut compared = 0;
    for file in record["files"].as_array().unwrap() {
        let Some(output) = file["campaign"]["output"].as_str().filter(|output| !output.is_empty()) else {
            continue;
        };
        let input = file["file"].as_str().unwrap();
        // What copies say was written into their host; `weekly` holds what of it may change.
        if record["merges"].as_array().unwrap().iter().any(|merge| merge["host"] == input) {
            continue;
        }
        let sent = parts(&before[input]);
        let enriched = fs::read(out.join(output)).unwrap();
        let back = parts(&enriched);
        for (name, part) in &sent {
            let registry = name.ends_with("[Content_Types].xml")
                || name.ends_with("workbook.xml")
                || name.ends_with("workbook.xml.rels")
                || name.ends_with("styles.xml");
            if registry || name.ends_with("calcChain.xml") {
                continue;
            }
            // The sheet that was open is no longer: the workbook opens on ours. Nothing else of it may differ.
            match crate::graft::closed(&unpacked(&before[input], name)) {
                Some(closed) => assert_eq!(unpacked(&enriched, name), closed, "{input}: {name}"),
                None => assert_eq!(back.get(name), Some(part), "{input}: {name}"),
            }
            compared += 1;
        }
    }
    assert!(compared > 100, "only {compared} parts were compared");
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let home = tempfile::tempdir().unwrap();
    let (first, second) = (home.path().join("a"), home.path().join("b"));
    batch(Path::new("fixtures/inbox"), &first);
    batch(Path::new("fixtures/inbox"), &second);
    let (first, second) = (files(&first), files(&second));
    assert_eq!(first.keys().collect::<Vec<_>>(), second.keys().collect::<Vec<_>>());
    for (name, bytes) in &first {
        assert!(second[name] == *bytes, "{name} differs");
    }
}

#[test]
fn an_enriched_workbook_sent_back_gives_itself() {
    let home = tempfile::tempdir().unwrap();
    let (first, second) = (home.path().join("a"), home.path().join("b"));
    batch(Path::new("fixtures/inbox"), &first);
    batch(&first.join("活动"), &second);
    let (mut once, twice) = (files(&first.join("活动")), files(&second.join("活动")));
    // A campaign of several copies tells on 合并记录 what came in this time.
    once.retain(|name, _| !name.starts_with("年货节预热场"));
    assert!(once.len() > 10);
    for (name, bytes) in &once {
        assert!(twice.get(name) == Some(bytes), "{name} changed when it was enriched again");
    }
}

#[test]
fn hostile_files_each_get_one_line_and_stop_nothing() {
    let home = tempfile::tempdir().unwrap();
    let inbox = home.path().join("in");
    fs::create_dir(&inbox).unwrap();
    let hostile: Vec<_> = fs::read_dir("fixtures/hostile")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "xlsx"))
        .collect();
    for path in &hostile {
        fs::copy(path, inbox.join(path.file_name().unwrap())).unwrap();
    }
    let good = fs::read_dir("fixtures/clean")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|extension| extension == "xlsx"));
    fs::copy(good.unwrap(), inbox.join("好的.xlsx")).unwrap();
    let out = home.path().join("out");
    let output = batch(&inbox, &out);
    assert_eq!(output.status.code(), Some(3));
    let record = record(&out);
    let files = record["files"].as_array().unwrap();
    assert_eq!(files.len(), hostile.len() + 1);
    let said = String::from_utf8(output.stderr).unwrap();
    for file in files {
        let name = file["file"].as_str().unwrap();
        if file["outcome"] == "refused" {
            let lines = said.lines().filter(|line| line.contains(&format!("{name}："))).count();
            assert_eq!(lines, 1, "{name}: {said}");
        }
    }
    assert!(files.iter().any(|file| file["file"] == "好的.xlsx" && file["outcome"] == "counted"));
}

#[test]
fn lock_files_and_other_files_are_passed_over_and_listed() {
    let home = tempfile::tempdir().unwrap();
    let inbox = home.path().join("in");
    fs::create_dir(&inbox).unwrap();
    for name in ["~$活动.xlsx", "说明.txt", "Thumbs.db", "a.tmp"] {
        fs::write(inbox.join(name), "x").unwrap();
    }
    let out = home.path().join("out");
    let output = batch(&inbox, &out);
    assert_eq!(output.status.code(), Some(4), "a folder without workbooks is not a success");
    assert!(!out.exists(), "and gives no results");
    fs::write(inbox.join("a.csv"), "x").unwrap();
    batch(&inbox, &out);
    assert_eq!(record(&out)["skipped"].as_array().unwrap().len(), 4);
}

#[test]
fn a_folder_of_somebody_else_is_left_alone() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("out");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("重要.txt"), "别删").unwrap();
    let output = batch(Path::new("fixtures/inbox"), &out);
    assert_eq!(output.status.code(), Some(4));
    assert_eq!(fs::read_to_string(out.join("重要.txt")).unwrap(), "别删");
}

#[test]
fn a_missing_folder_is_a_usage_error() {
    let home = tempfile::tempdir().unwrap();
    let output = batch(&home.path().join("没有"), &home.path().join("out"));
    assert_eq!(output.status.code(), Some(2));
    assert!(!home.path().join("out").exists());
}
