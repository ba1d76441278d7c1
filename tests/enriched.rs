//! What we write, read by other people's programs.
//!
//! LibreOffice recomputes every formula of ours over the fixtures, and openpyxl
//! opens every workbook we write. Both are asked about real bytes on the disk.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use fupan::xlsx::graft::generated_sheets;

use crate::support::recalc;

/// A workbook by its name, its bytes and the sheets that are ours, where not all are.
type Read = (String, Vec<u8>, Option<Vec<String>>);

fn batch(out: &Path) {
    let status = Command::new(env!("CARGO_BIN_EXE_fupan"))
        .args(["batch", "fixtures/inbox", "--quiet", "--as-of", "2024-12-20", "--max-seconds", "600", "-o"])
        .arg(out)
        .status()
        .unwrap();
    assert!(matches!(status.code(), Some(0 | 1)), "{status}");
}

fn workbooks(out: &Path) -> Vec<PathBuf> {
    let mut found = vec![out.join("汇总.xlsx")];
    found.extend(fs::read_dir(out.join("活动")).unwrap().map(|entry| entry.unwrap().path()));
    found.sort();
    assert!(found.len() > 10, "{found:?}");
    found
}

#[test]
fn libreoffice_agrees_with_every_value_we_stored() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("out");
    batch(&out);
    let read: Vec<Read> = workbooks(&out)
        .iter()
        .enumerate()
        .map(|(i, path)| {
            let bytes = fs::read(path).unwrap();
            // In the team's workbooks only our sheets are ours to answer for.
            let ours = generated_sheets(&bytes).unwrap();
            let name = format!("{i:02}-{}", path.file_stem().unwrap().to_string_lossy());
            (name, bytes, if ours.is_empty() { None } else { Some(ours) })
        })
        .collect();
    let asked: Vec<recalc::File<'_>> =
        read.iter().map(|(name, bytes, ours)| (name.as_str(), bytes.as_slice(), ours.as_deref())).collect();
    recalc::assert_sheets_recalculate(&asked);
}

#[test]
fn openpyxl_opens_every_workbook_we_write() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("out");
    batch(&out);
    let script = "import sys, warnings, openpyxl\n\
                  warnings.simplefilter('error')\n\
                  warnings.filterwarnings('ignore', message='.*extension is not supported.*')\n\
                  warnings.filterwarnings('ignore', message='.*no default style.*')\n\
                  for path in sys.argv[1:]:\n    book = openpyxl.load_workbook(path)\n    assert book.sheetnames, path\n";
    let output = Command::new("python3").args(["-c", script]).args(workbooks(&out)).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
