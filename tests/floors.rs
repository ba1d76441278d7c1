//! The plan of the house holds: a module imports only from floors below its own.
//!
//! The list of floors is read from `src/lib.rs`, the imports from the sources.

use std::collections::BTreeMap;
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

/// Top-level modules a source names, code of its tests left out: tests may look down and up.
fn imports(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    code.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split("crate::").skip(1))
        .map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect())
        .collect()
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
    ];
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    for file in files {
        let own = module_of(&file);
        let text = fs::read_to_string(&file).expect("a source");
        for (library, home) in homes {
            let used = text.lines().any(|line| line.trim_start().starts_with(&format!("use {library}::")));
            // Packages of Word and Excel are archives of the same make.
            let also = [("rayon", "command"), ("zip", "docx")].contains(&(library, own.as_str()));
            let allowed = own == home || also;
            assert!(!used || allowed, "{} uses {library}, whose home is {home}", file.display());
        }
    }
}
