//! Workbooks of other formats are read, judged and enriched like any other.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::support::xlsb::{Cell, book, entries, with_module};
use crate::support::{Entry, compound, zip};
use assert_cmd::Command;
use chrono::NaiveDate;
use fupan::batch::one::{Settings, review_bytes};
use fupan::catalogue::Catalogue;
use fupan::cell::{CellRef, Content};
use fupan::locale::Lang;
use fupan::policy::Policy;
use fupan::portfolio::entry;
use fupan::workbook::Shown;
use fupan::xlsx::foreign::convert;
use fupan::xlsx::guard::Limits;
use fupan::xlsx::read::read;
use serde_json::{Value, json};

fn fupan() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fupan"));
    command.env("LANG", "zh_CN.UTF-8").env_remove("LC_ALL").env_remove("LC_MESSAGES");
    command
}

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)).unwrap()
}

/// What the portfolio keeps of a file, and the codes it is told.
fn judged(name: &str) -> (Value, BTreeSet<String>) {
    let policy = Policy::default();
    let as_of = NaiveDate::from_ymd_opt(2024, 12, 20).unwrap();
    let settings = Settings::new(Catalogue::shipped(), &policy, as_of, Lang::Zh);
    let bytes = fixture(name);
    let review =
        review_bytes(&bytes, "活动.x", &settings).unwrap_or_else(|refused| panic!("{name}: {refused:?}"));
    let mut kept = serde_json::to_value(entry(&review)).unwrap();
    kept["findings"] = json!(null);
    let told = review.findings.iter().map(|finding| {
        let at = finding.at.as_ref().map(ToString::to_string).unwrap_or_default();
        format!("{} {at}", finding.code.name)
    });
    (kept, told.collect())
}

#[test]
fn another_format_says_what_its_original_says() {
    let (kept, mut told) = judged("clean/product-12.xlsx");
    told.insert("converted-format ".into());
    for name in ["other/product-12.ods", "other/product-12.xls"] {
        let (other, others_told) = judged(name);
        assert_eq!(other, kept, "{name}");
        assert_eq!(others_told, told, "{name}");
    }
}

#[test]
fn the_old_workbook_that_waited_is_read() {
    let (kept, told) = judged("other/数码节产品复盘_旧版WPS另存.xls");
    assert!(told.contains("converted-format "), "{told:?}");
    assert!(!kept["goals"].as_array().unwrap().is_empty(), "{kept}");
    assert!(kept["composite"].is_number(), "{kept}");
}

#[test]
fn every_command_works_on_another_format_and_the_original_stays() {
    let home = tempfile::tempdir().unwrap();
    for name in ["product-12.ods", "product-12.xls"] {
        let before = fixture(&format!("other/{name}"));
        let input = home.path().join(name);
        fs::write(&input, &before).unwrap();
        let out = home.path().join(format!("{name}.复盘.xlsx"));
        let output = fupan().arg("enrich").arg(&input).arg("-o").arg(&out).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let enriched = read(&fs::read(&out).unwrap(), &Limits::default()).unwrap();
        assert!(enriched.sheet("渠道效果表").is_some() && enriched.sheet("复盘总览").is_some());
        assert_eq!(fs::read(&input).unwrap(), before);
        // Enriched again, the copy gives itself: our sheets are known as ours.
        let again = home.path().join("again.xlsx");
        fupan().arg("enrich").arg(&out).arg("-o").arg(&again).assert().code(0);
        let twice = read(&fs::read(&again).unwrap(), &Limits::default()).unwrap();
        assert_eq!(twice.sheets.len(), enriched.sheets.len());

        let seen = fupan().arg("inspect").arg(&input).output().unwrap();
        let seen = String::from_utf8(seen.stdout).unwrap();
        assert!(seen.contains("channels") && seen.contains("渠道"), "{seen}");
    }
}

#[test]
fn a_binary_workbook_is_read_with_its_dates() {
    let bytes = book(
        "渠道效果表",
        &[
            vec![Cell::Text("渠道"), Cell::Text("花费(元)"), Cell::Text("转化数"), Cell::Text("日期")],
            vec![Cell::Text("抖音"), Cell::Number(1200.5), Cell::Number(30.0), Cell::Day(45_748.0)],
            vec![Cell::Text("小红书"), Cell::Error(7), Cell::Bool(true), Cell::Day(45_748.5)],
        ],
    );
    let converted = convert(&bytes, "a.xlsb", &Limits::default()).unwrap().unwrap();
    assert_eq!(converted.kind.name(), "xlsb");
    let workbook = read(&converted.package, &Limits::default()).unwrap();
    let sheet = workbook.sheet("渠道效果表").unwrap();
    let at = |row, col| sheet.content(CellRef::new(row, col)).clone();
    assert_eq!(at(0, 1), Content::Text("花费(元)".into()));
    assert_eq!(at(1, 1), Content::Number(1200.5));
    assert_eq!(at(1, 3), Content::Serial(45_748.0));
    assert_eq!(at(2, 3), Content::Serial(45_748.5));
    assert_eq!(at(2, 1), Content::Error("#DIV/0!".into()));
    assert_eq!(at(2, 2), Content::Bool(true));

    let home = tempfile::tempdir().unwrap();
    let input = home.path().join("渠道.xlsx");
    fs::write(&input, &bytes).unwrap();
    let output = fupan().arg("check").arg(&input).args(["--fail-on", "never"]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("[converted-format]"), "{said}");
}

#[test]
fn percentages_and_formulas_of_an_open_document_come_over() {
    let workbook = |bytes: &[u8]| {
        let converted = convert(bytes, "a", &Limits::default()).unwrap().unwrap();
        read(&converted.package, &Limits::default()).unwrap()
    };
    let original = read(&fixture("clean/product-12.xlsx"), &Limits::default()).unwrap();
    let other = workbook(&fixture("other/product-12.ods"));
    let mut compared = [0; 2];
    for sheet in &original.sheets {
        let Some(same) = other.sheet(&sheet.name) else { panic!("{} is gone", sheet.name) };
        for (at, cell) in &sheet.cells {
            let back = same.cells.get(at).cloned().unwrap_or_default();
            if cell.shown == Shown::Percent && matches!(cell.content, Content::Number(_)) {
                assert_eq!(back.shown, Shown::Percent, "{}!{at}", sheet.name);
                compared[0] += 1;
            }
            if let Content::Serial(day) = cell.content {
                assert_eq!(back.content, Content::Serial(day), "{}!{at}", sheet.name);
                compared[1] += 1;
            }
        }
    }
    assert!(compared.iter().all(|n| *n > 0), "{compared:?}");

    let mut parts = open_document();
    let content = parts.last_mut().unwrap();
    let cell = "<table:table-row><table:table-cell table:formula=\"of:=SUM([.B1:.D1];1)\" office:value-type=\"float\" \
        office:value=\"37\"/></table:table-row></table:table>";
    content.data =
        String::from_utf8(content.data.clone()).unwrap().replace("</table:table>", cell).into_bytes();
    let sheet = &workbook(&zip(&parts)).sheets[0];
    let sum = &sheet.cells[&CellRef::new(5, 0)];
    assert_eq!((&sum.content, sum.formula.as_deref()), (&Content::Number(37.0), Some("SUM(B1:D1,1)")));
    assert_eq!(sheet.content(CellRef::new(0, 3)), &Content::Number(12.0), "repeated cells are as many cells");
    assert_eq!(sheet.content(CellRef::new(4, 0)), &Content::Serial(45_627.0));
}

/// Runs LibreOffice once over workbooks, into another format.
fn saved_as(format: &str, folder: &Path, names: &[&str]) {
    let run = std::process::Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", folder.join("profile").display()))
        .args(["--headless", "--convert-to", format, "--outdir"])
        .arg(folder)
        .args(names.iter().map(|name| folder.join(name)))
        .output()
        .expect("LibreOffice (soffice) is installed");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

fn converted(bytes: &[u8]) -> fupan::workbook::Workbook {
    let converted = convert(bytes, "a", &Limits::default()).unwrap().unwrap();
    read(&converted.package, &Limits::default()).unwrap()
}

const HEAD: [&str; 5] = ["渠道", "花费(元)", "转化数", "销售额(元)", "数据来源"];

/// What an old workbook's formulas mean is not known for certain, so that none can come to mean something else:
/// their results are carried over, and another engine that recomputes the copy changes nothing.
#[test]
fn no_formula_of_an_old_workbook_means_another_cell() {
    let home = tempfile::tempdir().unwrap();
    let mut workbook = crate::support::timeless();
    let sheet = workbook.add_worksheet().set_name("渠道效果表").unwrap();
    sheet.write_row(0, 0, HEAD).unwrap();
    for (row, (name, spend)) in (1u32..).zip([("抖音", 20_000.0), ("小红书", 10_000.0), ("微信", 5_000.0)])
    {
        sheet.write(row, 0, name).unwrap();
        let formula = rust_xlsxwriter::Formula::new(format!("=明细!C{row}")).set_result(spend.to_string());
        sheet.write(row, 1, formula).unwrap();
        sheet.write(row, 2, 300).unwrap();
        sheet.write(row, 3, 3.0 * spend).unwrap();
        sheet.write(row, 4, "后台").unwrap();
    }
    let detail = workbook.add_worksheet().set_name("明细").unwrap();
    for (row, spend) in (0u32..).zip([20_000.0, 10_000.0, 5_000.0]) {
        detail.write(row, 2, spend).unwrap();
    }
    detail.write(4, 0, rust_xlsxwriter::Formula::new("=C2>=10000").set_result("TRUE")).unwrap();
    detail
        .write(4, 1, rust_xlsxwriter::Formula::new("=SUM(渠道效果表!$B$2:$B$4)").set_result("35000"))
        .unwrap();
    workbook.save(home.path().join("a.xlsx")).unwrap();
    saved_as("xls", home.path(), &["a.xlsx"]);

    let out = home.path().join("b.xlsx");
    fupan().arg("enrich").arg(home.path().join("a.xls")).arg("-o").arg(&out).assert().code(0);
    let theirs = |path: &Path| {
        let workbook = read(&fs::read(path).unwrap(), &Limits::default()).unwrap();
        let names = ["渠道效果表", "明细"];
        names.map(|name| {
            let sheet = workbook.sheet(name).unwrap().clone();
            assert!(sheet.cells.values().all(|cell| cell.formula.is_none()), "{name}");
            sheet.cells.into_iter().map(|(at, cell)| (at, cell.content)).collect::<Vec<_>>()
        })
    };
    let before = theirs(&out);
    assert_eq!(before[0][6], (CellRef::new(1, 1), Content::Number(20_000.0)));
    assert!(before[1].contains(&(CellRef::new(4, 1), Content::Number(35_000.0))), "{before:?}");
    fs::create_dir(home.path().join("again")).unwrap();
    fs::copy(&out, home.path().join("again/b.xlsx")).unwrap();
    saved_as("xlsx", &home.path().join("again"), &["b.xlsx"]);
    assert_eq!(theirs(&home.path().join("again/b.xlsx")), before);
}

/// A cell that shows 150% is 150%, whichever format keeps it; and 万 stays 万.
#[test]
fn what_a_number_shows_is_read_of_every_format() {
    let home = tempfile::tempdir().unwrap();
    let mut workbook = crate::support::timeless();
    let sheet = workbook.add_worksheet().set_name("表").unwrap();
    let format = |code: &str| rust_xlsxwriter::Format::new().set_num_format(code);
    sheet.write_with_format(0, 0, 1.5, &format("0%")).unwrap();
    sheet.write_with_format(0, 1, 0.155, &format("0.00%")).unwrap();
    sheet.write_with_format(0, 2, 35_000, &format("0\\.0,\"万\"")).unwrap();
    // Several whole numbers side by side are kept in one record.
    for col in 3..6 {
        sheet.write_with_format(0, col, col, &format("0%")).unwrap();
    }
    sheet.write(1, 0, 1.5).unwrap();
    workbook.save(home.path().join("a.xlsx")).unwrap();
    saved_as("xls", home.path(), &["a.xlsx"]);
    let binary = book("表", &[vec![Cell::Percent(1.5), Cell::Number(1.5)]]);
    for (name, bytes) in [("xls", fs::read(home.path().join("a.xls")).unwrap()), ("xlsb", binary)] {
        let workbook = converted(&bytes);
        let cell = |row, col| workbook.sheets[0].cells[&CellRef::new(row, col)].clone();
        assert_eq!((cell(0, 0).content, cell(0, 0).shown), (Content::Number(1.5), Shown::Percent), "{name}");
        if name == "xls" {
            let shown: Vec<Shown> = (0..6).map(|col| cell(0, col).shown).collect();
            let percent = Shown::Percent;
            assert_eq!(shown, [percent, percent, Shown::Scaled(4), percent, percent, percent]);
            assert_eq!(cell(1, 0).shown, Shown::General);
        } else {
            assert_eq!(cell(0, 1).shown, Shown::General);
        }
    }
}

/// An error is neither blank nor 0, whichever format keeps it.
#[test]
fn an_error_is_an_error_in_every_format() {
    let binary = book("表", &[vec![Cell::FormulaError(7), Cell::FormulaError(0x2a), Cell::Number(1.0)]]);
    let mut parts = open_document();
    let content = parts.last_mut().unwrap();
    let cells = "<table:table-row><table:table-cell table:formula=\"of:=1/0\" office:value-type=\"float\" office:value=\"0\">\
        <text:p>#DIV/0!</text:p></table:table-cell><table:table-cell table:formula=\"of:=#N/A\" office:value-type=\"string\" \
        office:string-value=\"\" calcext:value-type=\"error\"><text:p>#N/A</text:p></table:table-cell></table:table-row></table:table>";
    content.data =
        String::from_utf8(content.data.clone()).unwrap().replace("</table:table>", cells).into_bytes();
    for (bytes, row) in [(binary, 0), (zip(&parts), 5)] {
        let workbook = converted(&bytes);
        let at = |col| workbook.sheets[0].content(CellRef::new(row, col)).clone();
        assert_eq!([at(0), at(1)], ["#DIV/0!", "#N/A"].map(|code| Content::Error(code.into())));
    }
}

/// Valid workbooks other programs write, which readers have given up: a macro module among the sheets, a stream
/// in capitals, another code page, blanks between the cells, no first entry.
#[test]
fn what_other_programs_write_is_read() {
    let plain = converted(&fixture("other/product-12.xls"));
    let old = fixture("other/product-12.xls");
    let units = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let mut capitals = old.clone();
    let at = memchr::memmem::find(&capitals, &units("Workbook")).unwrap();
    capitals[at..at + 16].copy_from_slice(&units("WORKBOOK"));
    let page = |number: u16| {
        let mut bytes = old.clone();
        let at = memchr::memmem::find(&bytes, &[0x42, 0, 2, 0, 0xb0, 4]).unwrap();
        bytes[at + 4..at + 6].copy_from_slice(&number.to_le_bytes());
        bytes
    };
    for (name, bytes) in [("WORKBOOK", capitals), ("1252", page(1252)), ("936", page(936))] {
        assert_eq!(converted(&bytes).sheets, plain.sheets, "{name}");
    }

    let module = with_module("渠道效果表", &[vec![Cell::Text("渠道"), Cell::Number(12.0)]]);
    let workbook = converted(&module);
    let names: Vec<&str> = workbook.sheets.iter().map(|sheet| &*sheet.name).collect();
    assert_eq!(names, ["渠道效果表"]);
    assert_eq!(workbook.sheets[0].content(CellRef::new(0, 1)), &Content::Number(12.0));

    let plain = converted(&zip(&open_document()));
    let mut pretty = open_document();
    let content = String::from_utf8(pretty.pop().unwrap().data).unwrap();
    let spread = content.replace("><table:", ">\n  <table:").replace("></table:", ">\n  </table:");
    pretty.push(Entry::new("content.xml", spread));
    assert_eq!(converted(&zip(&pretty)).sheets, plain.sheets, "blanks between cells");
    let mut bare = open_document();
    bare.remove(0);
    let kind = "<manifest:manifest><manifest:file-entry manifest:full-path=\"/\" \
        manifest:media-type=\"application/vnd.oasis.opendocument.spreadsheet\"/></manifest:manifest>";
    bare[0] = Entry::new("META-INF/manifest.xml", kind);
    assert_eq!(converted(&zip(&bare)).sheets, plain.sheets, "no first entry");
}

/// C20: a password is a password, whichever way it was set.
#[test]
fn a_password_is_told_as_one_in_every_format() {
    let mut open = open_document();
    open[1] = Entry::new(
        "META-INF/manifest.xml",
        "<manifest:manifest><manifest:file-entry manifest:full-path=\"content.xml\">\
         <manifest:encryption-data/></manifest:file-entry></manifest:manifest>",
    );
    open[2] = Entry::new("content.xml", (0..4000u32).map(|n| (n * 167 % 251) as u8 + 3).collect::<Vec<u8>>());
    // The stream begins in the sector behind the directory: its beginning, a protection against writing, a password.
    let mut old = compound(&["Workbook"]);
    let record = 512 + 128;
    let sector = (old.len() / 512 - 1) as u32;
    old[record + 116..record + 120].copy_from_slice(&sector.to_le_bytes());
    old.extend([9, 8, 4, 0, 0, 6, 5, 0, 0x86, 0, 0, 0, 0x2f, 0, 6, 0, 0, 0, 0x12, 0x34, 0x56, 0x78]);
    old.resize(old.len().next_multiple_of(512), 0);
    let home = tempfile::tempdir().unwrap();
    for (name, bytes) in [("a.ods", zip(&open)), ("a.xls", old)] {
        let input = home.path().join(name);
        fs::write(&input, bytes).unwrap();
        let output = fupan().args(["check", "--format", "json"]).arg(&input).output().unwrap();
        let said: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(said["files"][0]["refused"]["code"], "encrypted", "{name}: {said}");
    }
}

#[test]
fn a_table_in_gbk_is_a_workbook_of_one_sheet() {
    let home = tempfile::tempdir().unwrap();
    let input = home.path().join("渠道效果表.csv");
    let text = "渠道;花费(元);转化数;销售额(元)\r\n抖音;1200;30;12000\r\n小红书;800;20;7000\r\n";
    fs::write(&input, encoding_rs::GBK.encode(text).0).unwrap();
    let output = fupan().arg("inspect").arg(&input).output().unwrap();
    let seen = String::from_utf8(output.stdout).unwrap();
    assert!(seen.contains("渠道效果表!A1:D3"), "{seen}");
    let out = home.path().join("渠道.复盘.xlsx");
    fupan().arg("enrich").arg(&input).arg("-o").arg(&out).assert().code(0);
    let enriched = read(&fs::read(&out).unwrap(), &Limits::default()).unwrap();
    let sheet = enriched.sheet("渠道效果表").unwrap();
    assert_eq!(sheet.content(CellRef::new(1, 1)), &Content::Number(1200.0));
}

#[test]
fn an_enriched_workbook_saved_in_another_format_is_without_our_sheets() {
    let home = tempfile::tempdir().unwrap();
    let enriched = home.path().join("a.xlsx");
    let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/clean/product-12.xlsx");
    fupan().arg("enrich").arg(original).arg("-o").arg(&enriched).assert().code(0);
    for format in ["xls", "ods"] {
        let run = std::process::Command::new("soffice")
            .arg(format!("-env:UserInstallation=file://{}", home.path().join("profile").display()))
            .args(["--headless", "--convert-to", format, "--outdir"])
            .args([home.path(), &enriched])
            .output()
            .expect("LibreOffice (soffice) is installed");
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        let bytes = fs::read(home.path().join(format!("a.{format}"))).unwrap();
        let converted = convert(&bytes, "a", &Limits::default()).unwrap().unwrap();
        let back = read(&converted.package, &Limits::default()).unwrap();
        let names: Vec<&str> = back.sheets.iter().map(|sheet| &*sheet.name).collect();
        assert!(names.contains(&"渠道效果表") && !names.contains(&"复盘总览"), "{format}: {names:?}");
    }
}

/// C18: the content decides, whatever the name says.
#[test]
fn the_extension_decides_nothing() {
    let home = tempfile::tempdir().unwrap();
    let text = "渠道,花费(元),转化数,销售额(元)\n抖音,1200,30,12000\n";
    let package = convert(text.as_bytes(), "渠道效果表.csv", &Limits::default()).unwrap().unwrap().package;
    let names = ["a.xls", "a.xlsb", "a.ods", "a.et", "a.csv", "a.XLSX", "a"];
    let paths = names.map(|name| home.path().join(name));
    for path in &paths {
        fs::write(path, &package).unwrap();
    }
    let output =
        fupan().args(["check", "--format", "json", "--fail-on", "never"]).args(&paths).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    for file in said["files"].as_array().unwrap() {
        let codes: Vec<&str> = file["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| finding["code"].as_str().unwrap())
            .collect();
        assert!(!codes.contains(&"no-table-recognised") && !codes.contains(&"converted-format"), "{file}");
    }
}

/// A33, A34: what a cell or a file's name holds never moves the cursor.
#[test]
fn nothing_of_a_cell_or_a_name_reaches_the_terminal_raw() {
    let home = tempfile::tempdir().unwrap();
    let input = home.path().join("a\u{202e}b.csv");
    let text = "渠道,花费(元),转化数,销售额(元)\n\u{1b}[2J抖音,一点,30,12000\n抖音\u{202e},x,x,x\n";
    fs::write(&input, text).unwrap();
    for command in ["check", "inspect"] {
        let output = fupan().arg(command).arg(&input).output().unwrap();
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(!said.is_empty() && !said.contains(['\u{1b}', '\u{202e}']), "{said:?}");
    }
}

/// C12, C17, C20, C22–C25: what cannot be read is refused by what it is, with what to do.
#[test]
fn what_cannot_be_read_is_refused_with_advice() {
    let ods = |content: &str| {
        let mut mimetype = Entry::new("mimetype", "application/vnd.oasis.opendocument.spreadsheet");
        mimetype.method = 0;
        zip(&[
            mimetype,
            Entry::new("META-INF/manifest.xml", "<manifest:manifest/>"),
            Entry::new("content.xml", content),
        ])
    };
    let cases: [(&str, Vec<u8>, &str, &str); 9] = [
        ("旧.et", compound(&["ETExtData"]), "not-a-workbook", "另存为"),
        ("演示.dps", compound(&["PowerPoint Document"]), "not-a-workbook", "另存为"),
        ("导出.xls", b"<html><table><tr><td>1</td></tr></table></html>".to_vec(), "not-a-workbook", "另存为"),
        ("邮件.xls", b"MIME-Version: 1.0\r\nContent-Type: text/html".to_vec(), "not-a-workbook", "另存为"),
        ("很旧.xls", b"\x09\x04\x06\x00\x00\x00\x10\x00\x00\x00".to_vec(), "other-format", "另存为"),
        ("坏.xls", compound(&["Workbook"]), "damaged", "另存"),
        ("截断.ods", ods("<office:document-content><table:table table:name=\"a\">"), "damaged", "另存"),
        ("实体.ods", ods("<!DOCTYPE x [<!ENTITY a \"a\">]><office:document-content/>"), "hostile", "核实"),
        ("说明.csv", "这是一段话。\n没有表格。\n".as_bytes().to_vec(), "not-a-workbook", "另存为"),
    ];
    let home = tempfile::tempdir().unwrap();
    let paths: Vec<_> = cases.iter().map(|(name, ..)| home.path().join(name)).collect();
    for ((_, bytes, ..), path) in cases.iter().zip(&paths) {
        fs::write(path, bytes).unwrap();
    }
    let output = fupan().args(["check", "--format", "json"]).args(&paths).output().unwrap();
    assert_eq!(output.status.code(), Some(4));
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    for ((name, _, code, advice), file) in cases.iter().zip(said["files"].as_array().unwrap()) {
        assert_eq!(file["refused"]["code"], *code, "{name}: {file}");
        assert!(file["refused"]["help"].as_str().unwrap().contains(advice), "{name}: {file}");
    }
}

/// D16: spoilt workbooks of the formats whose readers panic and hang; the program outlives them all.
#[test]
fn no_spoilt_workbook_of_any_format_takes_the_program_down() {
    let home = tempfile::tempdir().unwrap();
    let rows = [vec![Cell::Text("渠道"), Cell::Text("花费(元)")], vec![Cell::Text("抖音"), Cell::Day(1.0)]];
    let binary = entries("表", &rows);
    let old = fixture("other/product-12.xls");
    let open = open_document();
    let mut seed = 0x2545_f491_4f6c_dd1du64;
    let mut random = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below as u64) as usize
    };
    let mut spoil = |bytes: &mut Vec<u8>| {
        for _ in 0..=random(6) {
            let at = random(bytes.len());
            bytes[at] = random(256) as u8;
        }
        if random(7) == 0 {
            bytes.truncate(random(bytes.len()));
        }
    };
    let mut paths = Vec::new();
    for n in 0..36 {
        let bytes = match n % 3 {
            0 => {
                let mut bytes = old.clone();
                spoil(&mut bytes);
                bytes
            }
            // Parts are spoilt before they are packed, or nothing but their checksums would be tested.
            which => {
                let mut parts = if which == 1 { binary.clone() } else { open.clone() };
                let last = parts.len() - 1 - if which == 1 { n % 4 } else { 0 };
                spoil(&mut parts[last].data);
                zip(&parts)
            }
        };
        let path = home.path().join(format!("{n:02}.xls"));
        fs::write(&path, bytes).unwrap();
        paths.push(path);
    }
    let output = fupan()
        .args(["check", "--format", "json", "--max-seconds", "30", "--fail-on", "never"])
        .args(&paths)
        .output()
        .unwrap();
    assert!(matches!(output.status.code(), Some(0 | 3 | 4)), "{:?}", output.status);
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(said["files"].as_array().unwrap().len(), paths.len());
}

/// The entries of a small OpenDocument table, its content last.
fn open_document() -> Vec<Entry> {
    let mut mimetype = Entry::new("mimetype", "application/vnd.oasis.opendocument.spreadsheet");
    mimetype.method = 0;
    let content = "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body>\
        <office:spreadsheet><table:table table:name=\"表\"><table:table-row><table:table-cell office:value-type=\"string\">\
        <text:p>渠道</text:p></table:table-cell><table:table-cell office:value-type=\"float\" office:value=\"12\" \
        table:number-columns-repeated=\"3\"/></table:table-row><table:table-row table:number-rows-repeated=\"4\">\
        <table:table-cell office:value-type=\"date\" office:date-value=\"2024-12-01\"/></table:table-row></table:table>\
        </office:spreadsheet></office:body></office:document-content>";
    vec![
        mimetype,
        Entry::new("META-INF/manifest.xml", "<manifest:manifest/>"),
        Entry::new("content.xml", content),
    ]
}
