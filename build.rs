//! Lists the declarations of `workbook-templates` for embedding: every `.toml`
//! there is part of the program, and a new file needs no edit anywhere.

#![allow(
    clippy::disallowed_methods,
    reason = "a build script reads declarations and writes what is built from them"
)]

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap_or_default()).join("workbook-templates");
    println!("cargo::rerun-if-changed={}", root.display());
    println!("cargo::rerun-if-changed={}", root.join("tables").display());

    let mut files = declarations(&root, "")?;
    files.extend(declarations(&root.join("tables"), "tables/")?);
    embed(files, "declarations.rs")?;
    println!("cargo::rerun-if-changed={}", root.join("exports").display());
    embed(declarations(&root.join("exports"), "")?, "exports.rs")
}

/// Name and text of each file, as code.
fn embed(mut files: Vec<(String, PathBuf)>, into: &str) -> io::Result<()> {
    files.sort();
    let entries: String =
        files.iter().map(|(name, path)| format!("    ({name:?}, include_str!({path:?})),\n")).collect();
    let list = format!("&[\n{entries}]\n");
    fs::write(PathBuf::from(env::var("OUT_DIR").unwrap_or_default()).join(into), list)
}

fn declarations(folder: &Path, prefix: &str) -> io::Result<Vec<(String, PathBuf)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.push((format!("{prefix}{name}"), path));
        }
    }
    Ok(files)
}
