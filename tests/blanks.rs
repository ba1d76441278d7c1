//! The committed blanks are what the declarations say, byte for byte.
//!
//! After a change of declarations, write them anew with `FUPAN_BLESS=1`.

use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use calamine::{Reader, Xlsx};
use chrono::NaiveDate;
use fupan::catalogue::{Catalogue, Template};
use fupan::locale::Lang;
use fupan::xlsx::blank::{Identity, blank};

/// A phone or a mail should carry a blank without a thought.
const LIMIT: usize = 160 * 1024;

fn committed(template: &Template) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("workbook-templates");
    folder.join(format!("{}.xlsx", template.label.zh))
}

fn write(template: &Template, lang: Lang) -> Vec<u8> {
    blank(Catalogue::shipped(), template, &Identity::of(template), lang).unwrap()
}

#[test]
fn committed_blanks_are_what_the_declarations_say() {
    for template in Catalogue::shipped().templates.values() {
        let written = write(template, Lang::Zh);
        if std::env::var_os("FUPAN_BLESS").is_some() {
            fs::write(committed(template), &written).unwrap();
        }
        let kept = fs::read(committed(template)).unwrap_or_default();
        assert!(kept == written, "{} is out of date: run with FUPAN_BLESS=1", committed(template).display());
    }
}

#[test]
fn every_blank_is_small_in_every_language() {
    for template in Catalogue::shipped().templates.values() {
        for lang in [Lang::Zh, Lang::ZhHant, Lang::En] {
            let size = write(template, lang).len();
            assert!(size < LIMIT, "{} {lang:?}: {size} bytes", template.id);
        }
    }
}

fn part(package: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(package)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_blank_has_a_guide_a_sheet_per_table_and_a_dictionary() {
    let catalogue = Catalogue::shipped();
    for template in catalogue.templates.values() {
        let book: Xlsx<_> = Xlsx::new(Cursor::new(write(template, Lang::Zh))).unwrap();
        let mut expected = vec!["填写导航".to_owned()];
        expected.extend(template.tables.iter().map(|member| catalogue.tables[&member.id].label.zh.clone()));
        expected.extend(["字段说明".to_owned(), "_fupan".to_owned()]);
        assert_eq!(book.sheet_names(), expected);
    }
}

#[test]
fn an_issued_blank_carries_who_it_is_three_ways_and_shows_the_campaign() {
    let template = &Catalogue::shipped().templates["promotion"];
    let identity = Identity {
        campaign: Some("c-7f3a".into()),
        name: Some("春季焕新 & 返场".into()),
        issued: NaiveDate::from_ymd_opt(2026, 1, 5),
        ..Identity::of(template)
    };
    let package = blank(Catalogue::shipped(), template, &identity, Lang::Zh).unwrap();

    assert!(part(&package, "docProps/custom.xml").contains("c-7f3a"));
    assert!(part(&package, "xl/workbook.xml").contains(r#"name="_fupan.campaign">"c-7f3a"<"#));
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(package)).unwrap();
    let hidden = book.worksheet_range("_fupan").unwrap();
    let rows: Vec<_> = hidden.rows().map(|row| (row[0].to_string(), row[1].to_string())).collect();
    for (key, value) in
        [("fupan.template", "promotion"), ("fupan.campaign", "c-7f3a"), ("fupan.issued", "2026-01-05")]
    {
        assert!(rows.contains(&(key.into(), value.into())), "{key}");
    }
    let basics = book.worksheet_range("活动基本信息表").unwrap();
    assert!(basics.rows().any(|row| row[0] == "活动名称 *" && row[1] == "春季焕新 & 返场"));
}

#[test]
fn every_table_can_be_found_by_id_after_its_sheet_is_renamed() {
    let catalogue = Catalogue::shipped();
    for template in catalogue.templates.values() {
        let book: Xlsx<_> = Xlsx::new(Cursor::new(write(template, Lang::En))).unwrap();
        let names: Vec<_> = book.defined_names().iter().map(|(name, _)| name.as_str()).collect();
        for member in &template.tables {
            assert!(names.contains(&format!("_fupan.table.{}", member.id).as_str()), "{}", member.id);
        }
    }
}

#[test]
fn a_blank_shows_nothing_where_nothing_can_be_computed_yet() {
    let template = &Catalogue::shipped().templates["full"];
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(write(template, Lang::Zh))).unwrap();
    let mut formulas = 0;
    for sheet in book.sheet_names().iter().skip(1) {
        let values = book.worksheet_range(sheet).unwrap();
        let found = book.worksheet_formula(sheet).unwrap();
        // Positions are relative to where each range starts.
        let (top, left) = found.start().unwrap_or_default();
        for (row, col, _) in found.used_cells() {
            let at = (top + row as u32, left + col as u32);
            let shown = values.get_value(at).map(ToString::to_string).unwrap_or_default();
            assert_eq!(shown, "", "{sheet} {at:?}");
            formulas += 1;
        }
    }
    assert!(formulas > 100, "{formulas}");
}

#[test]
fn tables_nobody_needs_are_out_of_sight_and_stay_so_in_the_next_blank() {
    let home = tempfile::tempdir().unwrap();
    let at = |name: &str| home.path().join(name).to_str().unwrap().to_owned();
    let run = |arguments: &[&str]| {
        let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin("fupan"));
        command.args(["--lang", "zh"]).args(arguments).output().unwrap()
    };
    let (first, next) = (at("一.xlsx"), at("二.xlsx"));
    let asked = ["new", "-t", "full", "--name", "试", "--only", "渠道效果表、转化漏斗表", "-o", &first];
    assert!(run(&asked).status.success());
    assert!(run(&["new", "--from", &first, "-o", &next]).status.success());
    for file in [&first, &next] {
        let workbook = part(&fs::read(file).unwrap(), "xl/workbook.xml");
        let is_hidden = |name: &str| {
            let sheet = workbook.split("<sheet ").find(|sheet| sheet.contains(&format!("name=\"{name}\"")));
            sheet.unwrap_or_else(|| panic!("{name}: {workbook}")).contains("state=\"hidden\"")
        };
        assert!(is_hidden("竞品分析矩阵") && is_hidden("互动行为表"), "{file}");
        for kept in ["渠道效果表", "转化漏斗表", "活动基本信息表", "KPI拆解表", "填写导航"]
        {
            assert!(!is_hidden(kept), "{file}: {kept}");
        }
    }
    let unknown = run(&["new", "-t", "review", "--name", "试", "--only", "天气", "-o", &at("三.xlsx")]);
    let said = String::from_utf8_lossy(&unknown.stderr).into_owned();
    assert_eq!(unknown.status.code(), Some(2));
    assert!(said.contains("没有「天气」") && said.contains("活动基本信息表"), "{said}");
}
