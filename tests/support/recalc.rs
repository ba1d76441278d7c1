//! Has another engine recompute our workbooks and compares it with what we cached.
//!
//! LibreOffice trusts cached results of xlsx files unless told otherwise, so the
//! results are blanked first and its profile is told to recalculate always:
//! without either the comparison could not fail.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::Path;
use std::process::Command;

use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// A workbook by a name for messages, its bytes, and the sheets to compare where not all.
pub type File<'a> = (&'a str, &'a [u8], Option<&'a [String]>);

/// Fails unless LibreOffice computes every formula of every sheet to what is cached in it.
///
/// All files go through one start of the program; each is given by a name for messages.
#[allow(dead_code)]
pub fn assert_recalculates(files: &[(&str, &[u8])]) {
    let files: Vec<File<'_>> = files.iter().map(|(name, bytes)| (*name, *bytes, None)).collect();
    assert_sheets_recalculate(&files);
}

/// The same for some sheets of each file: those we added, where the others are the user's.
pub fn assert_sheets_recalculate(files: &[File<'_>]) {
    let (compared, differences) = compare(files);
    assert!(compared > 0, "no formula to compare: the check would be empty");
    assert!(
        differences.is_empty(),
        "{} of {compared} formulas differ:\n{}",
        differences.len(),
        differences.join("\n")
    );
}

/// How many formulas were compared, and a line for each that differs.
pub fn compare(files: &[File<'_>]) -> (usize, Vec<String>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (sources, computed) = (folder.path().join("in"), folder.path().join("out"));
    fs::create_dir_all(&sources).expect("a folder");
    for (index, (_, package, _)) in files.iter().enumerate() {
        fs::write(sources.join(format!("{index}.xlsx")), blank_results(package)).expect("a file");
    }
    recalculate(folder.path(), &sources, &computed, files.len());
    let (mut compared, mut differences) = (0, Vec::new());
    for (index, (name, package, sheets)) in files.iter().enumerate() {
        let recomputed =
            fs::read(computed.join(format!("{index}.xlsx"))).expect("LibreOffice converted the file");
        let (ours, theirs) = (formulas(package), values(&recomputed));
        for ((sheet, row, col), (formula, value)) in ours {
            if sheets.is_some_and(|sheets| !sheets.contains(&sheet)) {
                continue;
            }
            compared += 1;
            let other = theirs.get(&(sheet.clone(), row, col)).cloned().unwrap_or(Data::Empty);
            if !same(&value, &other) {
                differences.push(format!(
                    "{name} {sheet}!{}{}: ={formula}\n    cached {value:?}, recomputed {other:?}",
                    column(col),
                    row + 1
                ));
            }
        }
    }
    (compared, differences)
}

/// A sheet, cells of it, and a condition on the first of them.
#[allow(dead_code)]
pub type Condition = (String, String, String);

/// Whether LibreOffice finds conditions to hold: for each workbook a list of sheet, cells and condition.
#[allow(dead_code)]
pub fn conditions(asked: &[(&[u8], &[Condition])]) -> Vec<Vec<bool>> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (sources, computed) = (folder.path().join("in"), folder.path().join("out"));
    fs::create_dir_all(&sources).expect("a folder");
    for (index, (package, conditions)) in asked.iter().enumerate() {
        fs::write(sources.join(format!("{index}.xlsx")), with_conditions(package, conditions))
            .expect("a file");
    }
    recalculate(folder.path(), &sources, &computed, asked.len());
    let answers = asked.iter().enumerate().map(|(index, (_, conditions))| {
        let recomputed =
            fs::read(computed.join(format!("{index}.xlsx"))).expect("LibreOffice converted the file");
        let values = values(&recomputed);
        let answer = |(row, (sheet, ..)): (usize, &Condition)| {
            let cell = values.get(&(sheet.clone(), ASKED_FROM + row as u32, 0));
            match cell.unwrap_or_else(|| panic!("LibreOffice did not answer on {sheet}")) {
                Data::Float(n) => *n == 1.0,
                Data::Int(n) => *n == 1,
                other => panic!("{other:?} on {sheet}"),
            }
        };
        conditions.iter().enumerate().map(answer).collect()
    });
    answers.collect()
}

/// Far below what anybody filled in.
#[allow(dead_code)]
const ASKED_FROM: u32 = 5000;

/// The package with a cell for each condition below the rows of its sheet; an error counts as false, as in a format.
#[allow(dead_code)]
fn with_conditions(package: &[u8], conditions: &[Condition]) -> Vec<u8> {
    let workbook: Xlsx<_> = open_workbook_from_rs(Cursor::new(package)).expect("an xlsx package");
    let names = workbook.sheet_names();
    rewritten(package, |name, part| {
        let Some(sheet) = names.get(
            name.strip_prefix("xl/worksheets/sheet")
                .and_then(|rest| rest.strip_suffix(".xml")?.parse::<usize>().ok())
                .map_or(usize::MAX, |n| n - 1),
        ) else {
            return part;
        };
        let rows =
            conditions.iter().enumerate().filter(|(_, (on, ..))| on == sheet).map(|(at, (.., check))| {
                let row = ASKED_FROM as usize + at + 1;
                let check = check.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
                format!(
                    "<row r=\"{row}\"><c r=\"A{row}\"><f>IF(ISERROR({check}),0,IF({check},1,0))</f></c></row>"
                )
            });
        let text = String::from_utf8(part).expect("UTF-8");
        text.replacen("</sheetData>", &format!("{}</sheetData>", rows.collect::<String>()), 1).into_bytes()
    })
}

/// The packages as another engine saves them after it has computed every formula, through one start of it.
#[allow(dead_code)]
pub fn recalculated(packages: &[&[u8]]) -> Vec<Vec<u8>> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (sources, computed) = (folder.path().join("in"), folder.path().join("out"));
    fs::create_dir_all(&sources).expect("a folder");
    for (index, package) in packages.iter().enumerate() {
        fs::write(sources.join(format!("{index}.xlsx")), blank_results(package)).expect("a file");
    }
    recalculate(folder.path(), &sources, &computed, packages.len());
    let read = |index: usize| fs::read(computed.join(format!("{index}.xlsx")));
    (0..packages.len()).map(|index| read(index).expect("LibreOffice converted the file")).collect()
}

/// Equal in type and, for numbers, to nine digits; a formula that shows nothing may come back as no cell.
pub fn same(ours: &Data, theirs: &Data) -> bool {
    let number = |data: &Data| match data {
        Data::Int(n) => Some(*n as f64),
        Data::Float(n) => Some(*n),
        Data::DateTime(moment) => Some(moment.as_f64()),
        _ => None,
    };
    let text = |data: &Data| match data {
        Data::String(text) => Some(text.clone()),
        Data::Empty => Some(String::new()),
        _ => None,
    };
    match (number(ours), number(theirs)) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-300),
        (None, None) => match (text(ours), text(theirs)) {
            (Some(a), Some(b)) => a == b,
            _ => ours == theirs,
        },
        _ => false,
    }
}

/// Cells by sheet, row and column, from 0.
pub type Cells<T> = BTreeMap<(String, u32, u32), T>;

/// Every formula with its stored result.
pub fn formulas(package: &[u8]) -> Cells<(String, Data)> {
    let values = values(package);
    let mut workbook: Xlsx<_> = open_workbook_from_rs(Cursor::new(package)).expect("an xlsx package");
    let mut formulas = Cells::new();
    for sheet in workbook.sheet_names() {
        let Ok(range) = workbook.worksheet_formula(&sheet) else { continue };
        let (top, left) = range.start().unwrap_or_default();
        for (row, col, formula) in range.used_cells() {
            let place = (sheet.clone(), top + row as u32, left + col as u32);
            let value = values.get(&place).cloned().unwrap_or(Data::Empty);
            formulas.insert(place, (formula.clone(), value));
        }
    }
    formulas
}

/// Every value.
pub fn values(package: &[u8]) -> Cells<Data> {
    let mut workbook: Xlsx<_> = open_workbook_from_rs(Cursor::new(package)).expect("an xlsx package");
    let mut cells = Cells::new();
    for sheet in workbook.sheet_names() {
        let Ok(range) = workbook.worksheet_range(&sheet) else { continue };
        let (top, left) = range.start().unwrap_or_default();
        for (row, col, value) in range.used_cells() {
            cells.insert((sheet.clone(), top + row as u32, left + col as u32), value.clone());
        }
    }
    cells
}

/// The package with the stored result of every formula removed.
fn blank_results(package: &[u8]) -> Vec<u8> {
    rewritten(package, |name, part| {
        if !(name.contains("worksheets/") && name.ends_with(".xml")) {
            return part;
        }
        blank_sheet(&String::from_utf8(part).expect("UTF-8")).into_bytes()
    })
}

/// The package with its parts changed.
fn rewritten(package: &[u8], change: impl Fn(&str, Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(package)).expect("a zip package");
    let mut blanked = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).expect("an entry");
        let name = entry.name().expect("a name").into_owned();
        let mut part = Vec::new();
        entry.read_to_end(&mut part).expect("a readable part");
        let part = change(&name, part);
        blanked.start_file(name, SimpleFileOptions::default()).expect("a new part");
        blanked.write_all(&part).expect("a written part");
    }
    blanked.finish().expect("a finished package").into_inner()
}

/// Every `<v>` of a cell that has an `<f>`, gone.
fn blank_sheet(part: &str) -> String {
    let mut out = String::with_capacity(part.len());
    let mut rest = part;
    while let Some(start) = rest.find("<c ") {
        let end = match (rest[start..].find("</c>"), rest[start..].find("/>")) {
            // `<c r="A1" s="3"/>`: the slash comes before any other mark.
            (_, Some(slash)) if !rest[start + 1..start + slash].contains('<') => start + slash + 2,
            (Some(close), _) => start + close + 4,
            _ => break,
        };
        let (cell, after) = (&rest[start..end], &rest[end..]);
        out.push_str(&rest[..start]);
        match (cell.contains("<f"), cell.find("<v>"), cell.find("</v>")) {
            (true, Some(open), Some(close)) => {
                out.push_str(&cell[..open]);
                out.push_str(&cell[close + 4..]);
            }
            _ => out.push_str(cell),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// One start of LibreOffice for all files, in a profile of its own: profiles lock.
fn recalculate(folder: &Path, sources: &Path, computed: &Path, count: usize) {
    let profile = folder.join("profile");
    fs::create_dir_all(profile.join("user")).expect("a folder");
    let always = ["OOXMLRecalcMode", "ODFRecalcMode"]
        .map(|mode| {
            format!(
                r#"<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="{mode}" oor:op="fuse"><value>0</value></prop></item>"#
            )
        })
        .concat();
    let settings = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{always}</oor:items>"#
    );
    fs::write(profile.join("user/registrymodifications.xcu"), settings).expect("a profile");
    let run = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", profile.display()))
        .args(["--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir"])
        .arg(computed)
        .args((0..count).map(|index| sources.join(format!("{index}.xlsx"))))
        .output()
        .expect("LibreOffice (soffice) is installed");
    assert!(run.status.success(), "LibreOffice failed: {}", String::from_utf8_lossy(&run.stderr));
}

fn column(col: u32) -> String {
    fupan::cell::column_name(col)
}
