//! The report as a Word file: what it says is what was analysed, and other programs open it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

use fupan::batch::one::{Settings, enrich, reports, review_bytes};
use fupan::batch::paper::Paper;
use fupan::catalogue::Catalogue;
use fupan::cell::Content;
use fupan::locale::Lang;
use fupan::page::Show;
use fupan::policy::Policy;
use fupan::review::Review;
use fupan::sheets::report_of;
use fupan::xlsx::read::{ReadOptions, read_with};
use zip::ZipArchive;

const RICHEST: &str = "fixtures/inbox/双十二家居节-全流程.xlsx";

fn as_of() -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(2024, 12, 20).unwrap()
}

fn inbox() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = ["fixtures/inbox", "fixtures/inbox/手工表"]
        .iter()
        .flat_map(|folder| fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "xlsx"))
        .filter(|path| !path.file_name().unwrap().to_string_lossy().starts_with("~$"))
        .collect();
    found.sort();
    assert!(found.len() > 10, "{found:?}");
    found
}

/// The report of a workbook in a language.
fn written(path: &Path, lang: Lang) -> Option<Vec<u8>> {
    let policy = Policy::default();
    let settings = Settings::new(Catalogue::shipped(), &policy, as_of(), lang);
    let bytes = fs::read(path).unwrap();
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    word(&review_bytes(&bytes, &name, &settings).unwrap(), lang)
}

/// The report as a Word file; none where there is nothing to report.
fn word(review: &Review<'_>, lang: Lang) -> Option<Vec<u8>> {
    reports(review, &[Paper::Word], lang).unwrap().remove(&Paper::Word)
}

fn parts(package: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(package)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut entry = archive.by_index(index).unwrap();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            (entry.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

/// The texts of a part, a line a paragraph, whatever the elements between.
fn text(part: &str) -> String {
    let paragraphs = part.split("</w:p>").map(|paragraph| {
        let runs = paragraph.split("<w:t xml:space=\"preserve\">").skip(1);
        runs.map(|run| run.split("</w:t>").next().unwrap()).collect::<String>()
    });
    paragraphs
        .collect::<Vec<_>>()
        .join("\n")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

fn main_text(package: &[u8]) -> String {
    text(&String::from_utf8(parts(package)["word/document.xml"].clone()).unwrap())
}

/// Fails unless every element of a part is closed in order.
fn assert_well_formed(name: &str, part: &[u8]) {
    let mut reader = quick_xml::Reader::from_reader(part);
    reader.config_mut().check_end_names = true;
    let (mut open, mut buffer) = (0i32, Vec::new());
    loop {
        match reader.read_event_into(&mut buffer).unwrap_or_else(|error| panic!("{name}: {error}")) {
            quick_xml::events::Event::Start(_) => open += 1,
            quick_xml::events::Event::End(_) => open -= 1,
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
        buffer.clear();
    }
    assert_eq!(open, 0, "{name}");
}

#[test]
fn every_workbook_of_the_inbox_has_a_sound_report() {
    for path in inbox() {
        let package = written(&path, Lang::Zh).unwrap_or_else(|| panic!("{} has no report", path.display()));
        let parts = parts(&package);
        for (name, part) in parts.iter().filter(|(name, _)| !name.ends_with(".xlsx")) {
            assert_well_formed(&format!("{}: {name}", path.display()), part);
        }
        let main = String::from_utf8(parts["word/document.xml"].clone()).unwrap();
        let links = String::from_utf8(parts["word/_rels/document.xml.rels"].clone()).unwrap();
        // Whatever the text refers to is in the package.
        for id in main.split("r:id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            let link =
                links.split("<Relationship ").find(|link| link.contains(&format!("Id=\"{id}\""))).unwrap();
            let target = link.split("Target=\"").nth(1).unwrap().split('"').next().unwrap();
            assert!(parts.contains_key(&format!("word/{target}")), "{}: {target}", path.display());
        }
        for chapter in
            ["一、概述", "二、目标达成", "三、数据分析", "四、问题与经验", "五、改进计划", "附录", "签署"]
        {
            assert!(text(&main).lines().any(|line| line == chapter), "{}: {chapter}", path.display());
        }
    }
}

#[test]
fn the_same_workbook_gives_the_same_bytes() {
    assert_eq!(written(Path::new(RICHEST), Lang::Zh), written(Path::new(RICHEST), Lang::Zh));
}

#[test]
fn the_numbers_of_the_report_are_those_of_the_analysis() {
    let policy = Policy::default();
    let settings = Settings::new(Catalogue::shipped(), &policy, as_of(), Lang::Zh);
    let bytes = fs::read(RICHEST).unwrap();
    let review = review_bytes(&bytes, "双十二.xlsx", &settings).unwrap();
    let told = main_text(&word(&review, Lang::Zh).unwrap());
    let lines: Vec<&str> = told.lines().collect();
    let percent = |n: f64| format!("{:.1}%", n * 100.0);
    let cell_after = |name: &str, offset: usize, expected: &str| {
        let found = lines.iter().enumerate().filter(|(_, line)| **line == name);
        let cells: Vec<&str> = found.filter_map(|(at, _)| lines.get(at + offset).copied()).collect();
        assert!(cells.contains(&expected), "{name}: {expected} not among {cells:?}");
    };
    let goals = &review.analysis.goals.overall;
    assert!(goals.len() > 10);
    for goal in goals.iter().take(14) {
        cell_after(&goal.name, 3, &percent(goal.completion.value().unwrap()));
    }
    for channel in
        review.analysis.channels.each.iter().filter(|channel| channel.rank.is_some_and(|n| n <= 10))
    {
        cell_after(&channel.name, 5, &format!("{:.2}", channel.roi.value().unwrap()));
    }
    for step in review.analysis.funnel.steps.iter().skip(1) {
        cell_after(&step.name, 2, &percent(step.rate.value().unwrap()));
    }
    let execution = review.analysis.money.budget.total.execution.value().unwrap();
    assert!(told.contains(&format!("执行率 {}", percent(execution))), "{told}");
    assert!(told.contains("截至 2024-12-20"));
}

#[test]
fn a_chart_of_the_report_draws_what_its_embedded_workbook_holds() {
    let package = parts(&written(Path::new(RICHEST), Lang::Zh).unwrap());
    let charts: Vec<&String> = package.keys().filter(|name| name.starts_with("word/charts/chart")).collect();
    assert!(charts.len() >= 8, "{charts:?}");
    for name in charts {
        let part = String::from_utf8(package[name].clone()).unwrap();
        assert!(part.contains("<c:externalData r:id=\"rId1\">"), "{name}");
        let number = name.trim_start_matches("word/charts/chart").trim_end_matches(".xml");
        let workbook = read_with(
            &package[&format!("word/embeddings/chart{number}.xlsx")],
            &Default::default(),
            &ReadOptions::default(),
        )
        .unwrap();
        let numbers = workbook.sheets[0].cells.values().filter_map(|cell| match cell.content {
            Content::Number(n) | Content::Serial(n) => Some(n),
            _ => None,
        });
        let held: Vec<f64> = numbers.collect();
        let caches =
            part.split("<c:numCache>").skip(1).map(|rest| rest.split("</c:numCache>").next().unwrap());
        let mut drawn = 0;
        for point in caches.flat_map(|cache| cache.split("<c:v>").skip(1)) {
            let n: f64 = point.split("</c:v>").next().unwrap().parse().unwrap();
            assert!(held.iter().any(|cell| (cell - n).abs() <= 1e-9 * n.abs().max(1.0)), "{name}: {n}");
            drawn += 1;
        }
        assert!(drawn > 1, "{name}");
    }
}

#[test]
fn the_sheet_says_what_the_document_says() {
    let policy = Policy::default();
    let settings = Settings::new(Catalogue::shipped(), &policy, as_of(), Lang::Zh);
    let bytes = fs::read(RICHEST).unwrap();
    let review = review_bytes(&bytes, "双十二.xlsx", &settings).unwrap();
    let document = report_of(&review, Lang::Zh).unwrap();
    let pages = fupan::sheets::lay_out(&review, Lang::Zh);
    let page = pages.iter().find(|page| &*page.name == "复盘报告").unwrap();
    let on_sheet: Vec<String> = page
        .cells
        .values()
        .filter_map(|cell| match &cell.show {
            Show::Text(text) | Show::Link(text, _) => Some(text.clone()),
            show => show.value().text().map(str::to_owned),
        })
        .collect();
    for block in &document.blocks {
        match block {
            fupan::document::Block::Heading { text, .. } => assert!(on_sheet.contains(text), "{text}"),
            fupan::document::Block::Text(_, cell) => {
                let text = fupan::document::shown(cell, Lang::Zh);
                assert!(on_sheet.contains(&text), "{text}");
            }
            _ => {}
        }
    }
    assert_eq!(page.charts.len(), document.illustrations().count());
    // The sheet itself is still grafted.
    assert!(enrich(&bytes, &review, Lang::Zh).is_ok());
}

#[test]
fn the_report_speaks_the_language_asked_for() {
    let traditional = main_text(&written(Path::new(RICHEST), Lang::ZhHant).unwrap());
    assert!(traditional.contains("五、改進計劃"), "{traditional}");
    let english = main_text(&written(Path::new(RICHEST), Lang::En).unwrap());
    assert!(english.contains("5. Plan"), "{english}");
}

#[test]
fn the_commands_write_reports_beside_the_workbooks() {
    let home = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fupan"));
        let status = command.args(arguments).args(["--quiet", "--as-of", "2024-12-20"]).status().unwrap();
        assert!(matches!(status.code(), Some(0 | 1)), "{status}");
    };
    let one = home.path().join("家居节.复盘.xlsx");
    run(&["enrich", RICHEST, "--docx", "-o", one.to_str().unwrap()]);
    assert!(home.path().join("家居节.复盘报告.docx").is_file());
    let out = home.path().join("out");
    run(&["batch", "fixtures/inbox", "--docx", "--pptx", "-o", out.to_str().unwrap()]);
    let count = |ending: &str| {
        let names = fs::read_dir(out.join("活动")).unwrap();
        names.filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().ends_with(ending)).count()
    };
    assert!(count(".复盘.xlsx") > 10);
    assert_eq!(count(".复盘.xlsx"), count(".复盘报告.docx"));
    assert_eq!(count(".复盘.xlsx"), count(".复盘报告.pptx"));
    let record: serde_json::Value = serde_json::from_slice(&fs::read(out.join("run.json")).unwrap()).unwrap();
    let slides = record["files"].as_array().unwrap().iter().filter_map(|file| file["slides"].as_str());
    assert_eq!(slides.filter(|name| out.join(name).is_file()).count(), count(".复盘报告.pptx"));
}

#[test]
fn libreoffice_opens_the_report_and_shows_its_charts() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("report.docx"), written(Path::new(RICHEST), Lang::Zh).unwrap()).unwrap();
    let status = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}/profile", home.path().display()))
        .args(["--headless", "--convert-to", "odt", "--outdir"])
        .arg(home.path())
        .arg(home.path().join("report.docx"))
        .output()
        .unwrap();
    assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stderr));
    let opened = parts(&fs::read(home.path().join("report.odt")).unwrap());
    let content = String::from_utf8(opened["content.xml"].clone()).unwrap();
    for word in ["目录", "二、目标达成", "活动曝光量", "转化漏斗逐步转化"] {
        assert!(content.contains(word), "{word}");
    }
    let charts = content.matches("<draw:object ").count();
    assert!(charts >= 8, "{charts} charts");
    assert!(content.contains("text:table-of-content"), "no table of contents");
}
