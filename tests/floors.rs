//! The plan of the house holds: a module imports only from floors below its own, and inside a room nobody goes in circles.
//!
//! The list of floors is read from `src/lib.rs`, the imports from the sources.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Floor of every top-level module, as `src/lib.rs` lists them.
fn floors() -> BTreeMap<String, u32> {
    let lib = fs::read_to_string("src/lib.rs").expect("src/lib.rs");
    let mut floors = BTreeMap::new();
    for line in lib.lines().filter_map(|line| line.strip_prefix("//! floor")) {
        let mut words = line.split_whitespace();
        let floor = words.next().and_then(|word| word.parse().ok()).expect("a floor has a number");
        for module in words {
            assert_eq!(floors.insert(module.to_owned(), floor), None, "{module} stands on two floors");
        }
    }
    floors
}

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}

/// The top-level module a source file belongs to.
fn module_of(path: &Path) -> String {
    let below = path.strip_prefix("src").expect("below src");
    let first = below.components().next().expect("a component").as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// The code of a source without its comments and without the code of its tests, which may look down and up.
///
/// Only what an attribute `#[cfg(test)]` stands on is left out – the item up to its end –, for production code may
/// stand below it.
fn code_of(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.trim_start().starts_with("//") {
            continue;
        }
        if line.trim_start().starts_with("#[cfg(test)]") {
            let mut depth = 0i32;
            for line in lines.by_ref() {
                if line.trim_start().starts_with("#[") && depth == 0 {
                    continue;
                }
                let count = |c| i32::try_from(line.matches(c).count()).unwrap_or(i32::MAX);
                depth += count('{') - count('}');
                if depth <= 0 && (line.trim_end().ends_with(';') || line.trim_end().ends_with('}')) {
                    break;
                }
            }
            continue;
        }
        code.push_str(line);
        code.push('\n');
    }
    code
}

/// Top-level modules a source names.
fn imports(text: &str) -> Vec<String> {
    let word = |rest: &str| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    code_of(text).split("crate::").skip(1).map(word).collect()
}

/// The paths a piece of code names after `root` (`crate::`, `super::` …), groups in braces taken apart.
fn paths_after(code: &str, root: &str) -> Vec<Vec<String>> {
    fn read(mut rest: &str, before: &[String], into: &mut Vec<Vec<String>>) {
        let mut path = before.to_vec();
        loop {
            if let Some(group) = rest.strip_prefix('{') {
                let mut depth = 0i32;
                let mut part = String::new();
                for c in group.chars() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => {
                            read(part.trim(), &path, into);
                            part.clear();
                            continue;
                        }
                        _ => {}
                    }
                    part.push(c);
                }
                read(part.trim(), &path, into);
                return;
            }
            let word: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if word.is_empty() {
                break;
            }
            rest = &rest[word.len()..];
            path.push(word);
            match rest.strip_prefix("::") {
                Some(more) => rest = more,
                None => break,
            }
        }
        into.push(path);
    }
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = code[from..].find(root) {
        let start = from + at;
        from = start + root.len();
        let before = code[..start].chars().next_back();
        if !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
            read(&code[from..], &[], &mut found);
        }
    }
    found
}

/// The module path of a source: `src/xlsx/graft/mod.rs` is `xlsx::graft`, and so is `src/xlsx/graft.rs`.
fn path_of(file: &Path) -> Vec<String> {
    let below = file.strip_prefix("src").expect("below src").with_extension("");
    let mut path: Vec<String> =
        below.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    if path.last().is_some_and(|last| last == "mod") {
        path.pop();
    }
    path
}

/// The modules of each room that lead back to themselves, each circle as the names of its members in order.
///
/// A room's door knows everybody in it and everybody knows the door: paths to a module above one's own, and paths
/// from a module to those it holds, are no part of a circle.
fn circles() -> BTreeSet<String> {
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    let modules: BTreeMap<Vec<String>, String> = files
        .iter()
        .map(|file| (path_of(file), code_of(&fs::read_to_string(file).expect("a source"))))
        .collect();
    let mut arrows: BTreeMap<&Vec<String>, BTreeSet<&Vec<String>>> = BTreeMap::new();
    for (own, code) in &modules {
        let above = |n: usize| own[..own.len().saturating_sub(n)].to_vec();
        let mut named: Vec<Vec<String>> = paths_after(code, "crate::");
        for (root, base) in [("self::", above(0)), ("super::", above(1))] {
            for mut path in paths_after(code, root) {
                let mut base = base.clone();
                while path.first().is_some_and(|first| first == "super") {
                    path.remove(0);
                    base.pop();
                }
                named.push([base, path].concat());
            }
        }
        for path in named {
            let holder = (1..=path.len()).rev().find_map(|n| modules.get_key_value(&path[..n]));
            let Some((other, _)) = holder else { continue };
            if other[0] == own[0] && !own.starts_with(other) && !other.starts_with(own) {
                arrows.entry(own).or_default().insert(other);
            }
        }
    }
    let reached = |from: &Vec<String>| {
        let mut seen: BTreeSet<&Vec<String>> = BTreeSet::new();
        let mut next: Vec<&Vec<String>> = arrows.get(from).into_iter().flatten().copied().collect();
        while let Some(module) = next.pop() {
            if seen.insert(module) {
                next.extend(arrows.get(module).into_iter().flatten());
            }
        }
        seen
    };
    let reach: BTreeMap<&Vec<String>, BTreeSet<&Vec<String>>> =
        modules.keys().map(|module| (module, reached(module))).collect();
    let mut circles = BTreeSet::new();
    for (module, from) in &reach {
        if from.contains(module) {
            let members = from.iter().filter(|other| reach[**other].contains(module));
            let names: Vec<String> = members.map(|member| member[1..].join("::")).collect();
            circles.insert(format!("{}: {}", module[0], names.join(" ")));
        }
    }
    circles
}

#[test]
fn every_module_stands_on_one_floor() {
    let floors = floors();
    let lib = fs::read_to_string("src/lib.rs").expect("src/lib.rs");
    for module in lib.lines().filter_map(|line| line.strip_prefix("pub mod ")) {
        let module = module.trim_end_matches(';');
        assert!(floors.contains_key(module), "{module} stands on no floor");
    }
}

#[test]
fn nobody_looks_up_or_sideways() {
    let floors = floors();
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    let mut wrong = Vec::new();
    for file in files {
        let own = module_of(&file);
        let Some(floor) = floors.get(&own) else { continue };
        let text = fs::read_to_string(&file).expect("a source");
        for import in imports(&text) {
            // Macros (`code!`, `bound!` …) stand at the crate's root and on no floor.
            if let Some(other) = floors.get(&import)
                && import != own
                && other >= floor
            {
                wrong.push(format!("{} (floor {floor}) uses {import} (floor {other})", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The circles inside rooms that are left. An entry may be taken out, none may be put in.
const CIRCLES: &[&str] = &[
    "batch: apply one tried",
    "catalogue: apart columns guest lists",
    "catalogue: fields readings",
    "catalogue: labels sightings",
    "catalogue: load validate",
    "merge: issue reading",
    // A grammar that recurses: what is asked of a goal may hold another goal.
    "quantity: goals target",
    "quantity: nothing opening",
    "xlsx: graft::carry graft::drawing graft::marks graft::notes graft::sheet graft::table graft::take_out",
    "xlsx: graft::epoch graft::styles",
    "xlsx: graft::package graft::relationships",
    "xlsx: guard sniff",
];

#[test]
fn circles_inside_rooms_only_become_fewer() {
    let found = circles();
    let allowed: BTreeSet<String> = CIRCLES.iter().map(|circle| (*circle).to_owned()).collect();
    let new: Vec<&String> = found.difference(&allowed).collect();
    assert!(new.is_empty(), "these modules go in a circle: {new:#?}");
    let gone: Vec<&String> = allowed.difference(&found).collect();
    assert!(gone.is_empty(), "these circles are gone: take them out of the list: {gone:#?}");
}

#[test]
fn code_below_a_test_attribute_is_seen() {
    let code = code_of(
        "#[cfg(test)]\nmod fixture;\nuse crate::policy;\n#[cfg(test)]\nmod tests {\n    use crate::command;\n}\n",
    );
    assert_eq!(imports(&code), ["policy"]);
}

#[test]
fn each_library_has_one_home() {
    let homes = [
        ("calamine", "xlsx"),
        ("rust_xlsxwriter", "xlsx"),
        ("zip", "xlsx"),
        ("libdeflater", "xlsx"),
        ("quick_xml", "xlsx"),
        ("clap", "command"),
        ("indicatif", "command"),
        ("cap", "main"),
        ("walkdir", "batch"),
        ("cpu_time", "batch"),
        ("mail_parser", "mail"),
        ("cfb", "mail"),
        ("rayon", "batch"),
        ("ferrous_opencc", "locale"),
        ("rusqlite", "ledger"),
        ("parquet", "tables"),
    ];
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    for file in files {
        let own = module_of(&file);
        let text = fs::read_to_string(&file).expect("a source");
        for (library, home) in homes {
            let used = text.lines().any(|line| line.trim_start().starts_with(&format!("use {library}::")));
            // Packages of Word and Excel are archives of the same make.
            let also =
                [("rayon", "command"), ("zip", "docx"), ("zip", "pptx")].contains(&(library, own.as_str()));
            let allowed = own == home || also;
            assert!(!used || allowed, "{} uses {library}, whose home is {home}", file.display());
        }
    }
}
