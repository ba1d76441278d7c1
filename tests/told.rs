//! The pages of `fixtures/cases/findings/`: what is written is typed into workbooks, what should come is demanded
//! word for word, and once it is mended nothing of the kind may be said.
//!
//! `FUPAN_WRITE=1 cargo test --test suite told` writes what the program says into the pages, to be read by somebody.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{LazyLock, Mutex};

use chrono::NaiveDate;
use fupan::batch::one::{Settings, review_bytes};
use fupan::catalogue::Catalogue;
use fupan::diagnostic::{Finding, Severity};
use fupan::locale::Lang;
use fupan::policy::Policy;
use rayon::prelude::*;
use serde_json::Value;

use crate::support::told_page::{File, Page};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/cases/findings");

/// Codes without a page, and why.
const WITHOUT: &[(&str, &str)] = &[
    ("cannot-open", "about the disk: the file is held by another program"),
    ("still-changing", "about the moment: the file is being written while it is read"),
    ("internal-error", "about this program"),
    ("digital-signature", "about the package; tests/kept.rs"),
    ("shared-workbook", "about the package; tests/kept.rs"),
    ("copied-sheet", "about a sheet of ours; tests/kept.rs"),
    ("typed-on-generated-sheet", "about a sheet of ours; tests/kept.rs"),
    ("out-of-memory", "about the machine; tests/faults.rs"),
    ("took-too-long", "about the machine; tests/faults.rs"),
    ("no-worker", "about the machine; tests/isolation.rs"),
    ("too-large", "a file of that size does not belong on a page; tests of xlsx::guard"),
    ("mail-unreadable", "about a mail, not a workbook; tests/weekly"),
    ("roster-twice", "about a roster, not a workbook; tests/weekly"),
    ("mail-attachment", "about a mail, not a workbook; tests/weekly"),
    ("same-campaign-twice", "copies are made one; only where that fails one counts; tests/isolation.rs"),
    ("cannot-graft", "about writing the copy, not about what was read; tests/graft.rs"),
];

/// One thing said, as a page has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    pub code: String,
    pub severity: Severity,
    place: String,
    cells: usize,
    message: String,
    help: String,
    suggestion: Option<String>,
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "错误",
        Severity::Warning => "警告",
        Severity::Note => "提示",
    }
}

impl Said {
    fn of(finding: &Finding) -> Said {
        let place = match (&finding.at, &finding.sheet) {
            (Some(at), _) => at.to_string(),
            (None, Some(sheet)) => sheet.clone(),
            (None, None) => "整份文件".into(),
        };
        Said {
            code: finding.code.name.to_owned(),
            severity: finding.severity,
            place,
            cells: finding.cells(),
            message: finding.message(Lang::Zh),
            help: finding.help(Lang::Zh),
            suggestion: finding.suggestion.clone(),
        }
    }

    fn of_record(finding: &Value, place: &str) -> Said {
        let text = |key: &str| finding[key].as_str().map(str::to_owned);
        Said {
            code: text("code").unwrap(),
            severity: serde_json::from_value(finding["severity"].clone()).unwrap(),
            place: place.to_owned(),
            cells: 1,
            message: text("message").unwrap(),
            help: text("help").unwrap(),
            suggestion: text("suggestion"),
        }
    }

    /// The lines of a page.
    pub fn lines(&self) -> Vec<String> {
        let cells = if self.cells > 1 { format!("（共 {} 格）", self.cells) } else { String::new() };
        let mut lines = vec![
            format!("{} {}{cells}：{}", level(self.severity), self.place, self.message),
            format!("怎么办：{}", self.help),
        ];
        lines.extend(self.suggestion.iter().map(|suggestion| format!("建议填：{suggestion}")));
        lines
    }
}

/// How files are read on one day. Preparing the labels takes longer than reading a page: pages of one day share them.
fn settings(as_of: NaiveDate) -> &'static Settings<'static> {
    // One rate, for the page that shows what a rate does.
    static POLICY: LazyLock<Policy> = LazyLock::new(|| fupan::policy::load("[currency]\nJPY = 0.05\n").0);
    static SETTINGS: Mutex<BTreeMap<NaiveDate, &'static Settings<'static>>> = Mutex::new(BTreeMap::new());
    let mut known = SETTINGS.lock().unwrap();
    known
        .entry(as_of)
        .or_insert_with(|| Box::leak(Box::new(Settings::new(Catalogue::shipped(), &POLICY, as_of, Lang::Zh))))
}

/// Everything said about one workbook, and how much of it is silenced.
fn findings(file: &File, settings: &Settings<'_>) -> (Vec<Finding>, usize) {
    match review_bytes(&file.bytes(), &file.name, settings) {
        Ok(review) => (review.findings, review.silenced),
        Err(refused) => (vec![*refused], 0),
    }
}

/// What a run over these files has to say between them.
fn between(files: &[File], before: &[File], as_of: NaiveDate, toml: &str) -> Vec<Said> {
    let home = tempfile::tempdir().unwrap();
    let run = |files: &[File], name: &str, more: &[String]| -> Value {
        let folder = home.path().join(name);
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("fupan.toml"), toml).unwrap();
        for file in files {
            std::fs::write(folder.join(&file.name), file.bytes()).unwrap();
        }
        let out = home.path().join(format!("{name}-out"));
        let mut command = assert_cmd::Command::cargo_bin("fupan").unwrap();
        command.args(["--lang", "zh", "batch"]).arg(&folder).arg("-o").arg(&out);
        command.args(["--as-of", &as_of.to_string()]).args(more).output().unwrap();
        let record = std::fs::read(out.join("run.json")).unwrap();
        serde_json::from_slice(&record).unwrap()
    };
    let more = if before.is_empty() {
        Vec::new()
    } else {
        run(before, "before", &[]);
        vec!["--baseline".to_owned(), home.path().join("before-out/run.json").display().to_string()]
    };
    let record = run(files, "now", &more);
    let mut said: Vec<Said> =
        record["findings"].as_array().unwrap().iter().map(|one| Said::of_record(one, "各份之间")).collect();
    for file in record["files"].as_array().unwrap() {
        let whole = [&file["finding"], &file["not_enriched"]];
        let inside = file["findings"].as_array().into_iter().flatten();
        let all = whole.into_iter().filter(|finding| !finding.is_null()).chain(inside);
        said.extend(all.map(|finding| Said::of_record(finding, file["file"].as_str().unwrap())));
    }
    said
}

/// Everything a page makes the program say.
pub fn said(page: &Page) -> Vec<Said> {
    if page.is_of_several() {
        return between(&page.written, &page.before, page.as_of, "");
    }
    let (findings, _) = findings(&page.written[0], settings(page.as_of));
    findings.iter().map(Said::of).collect()
}

/// What a page should have under 应得什么.
fn lines(page: &Page) -> Vec<String> {
    let all = said(page);
    let mut lines: Vec<String> =
        all.iter().filter(|said| said.code == page.code).flat_map(Said::lines).collect();
    let others: BTreeSet<&str> = all
        .iter()
        .filter(|said| said.code != page.code && said.severity > Severity::Note)
        .map(|said| said.code.as_str())
        .collect();
    if !others.is_empty() {
        lines.push(format!("另外会提：{}", others.into_iter().collect::<Vec<_>>().join("、")));
    }
    lines
}

/// Every page, by its code.
pub fn pages() -> BTreeMap<String, Page> {
    let entries = std::fs::read_dir(Path::new(FOLDER)).unwrap().map(|entry| entry.unwrap().path());
    entries
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), path))
        .filter(|(code, _)| code != "README")
        .map(|(code, path)| {
            let page = Page::read(&code, &std::fs::read_to_string(path).unwrap());
            (code, page)
        })
        .collect()
}

/// The page with other lines under 应得什么.
fn rewritten(page: &Page, lines: &[String]) -> String {
    let heading = "## 应得什么\n";
    let (before, rest) = page.text.split_once(heading).unwrap_or((&page.text, ""));
    let after = rest.find("\n## ").map_or("", |at| &rest[at..]);
    let lines: String = lines.iter().map(|line| format!("- {line}\n")).collect();
    format!("{before}{heading}\n{lines}{after}")
}

#[test]
fn every_page_is_told_exactly_what_it_says() {
    let write = std::env::var_os("FUPAN_WRITE").is_some();
    let pages = pages();
    let wrong: Vec<String> = pages
        .par_iter()
        .filter_map(|(code, page)| {
            let lines = lines(page);
            if write && lines != page.expected {
                std::fs::write(Path::new(FOLDER).join(format!("{code}.md")), rewritten(page, &lines))
                    .unwrap();
            }
            let told = lines.first().is_some_and(|line| !line.starts_with("另外会提"));
            if !told {
                let codes: Vec<String> = said(page).into_iter().map(|said| said.code).collect();
                return Some(format!("{code} is not said, but {codes:?}"));
            }
            (!write && lines != page.expected).then(|| format!("{code}: {lines:#?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_page_mended_is_silent_about_it() {
    let pages = pages();
    let wrong: Vec<String> = pages
        .par_iter()
        .filter_map(|(code, page)| {
            let told: Vec<Said> =
                said(&page.mended()).into_iter().filter(|said| said.code == *code).collect();
            (!told.is_empty()).then(|| format!("{code}: {told:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_has_a_page_or_a_reason() {
    let pages = pages();
    let excused: BTreeMap<&str, &str> = WITHOUT.iter().copied().collect();
    let mut codes = BTreeSet::new();
    for code in fupan::batch::codes() {
        codes.insert(code.name);
        let (page, reason) = (pages.get(code.name), excused.get(code.name));
        assert!(page.is_some() != reason.is_some(), "{}: a page or a reason", code.name);
        if let Some(page) = page {
            let title = format!("# {} `{}`", code.wording(Lang::Zh).title, code.name);
            assert_eq!(page.text.lines().next().unwrap(), title);
        }
    }
    let strange: Vec<&String> = pages.keys().filter(|code| !codes.contains(code.as_str())).collect();
    assert!(strange.is_empty(), "no such codes: {strange:?}");
    assert!(excused.keys().all(|code| codes.contains(code)));
}

/// What the console shows of a page's workbook about its code: the finding with the lines below it.
fn shown(page: &Page) -> String {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("收件箱");
    std::fs::create_dir(&folder).unwrap();
    for file in &page.written {
        std::fs::write(folder.join(&file.name), file.bytes()).unwrap();
    }
    let mut command = assert_cmd::Command::cargo_bin("fupan").unwrap();
    command.current_dir(&folder).args(["--lang", "zh"]);
    if page.is_of_several() {
        command.args(["batch", ".", "-o", "../out"]);
    } else {
        command.args(["check", &page.written[0].name]);
    }
    let output = command.args(["--as-of", &page.as_of.to_string()]).output().unwrap();
    let all = [output.stdout, output.stderr].concat();
    let all = String::from_utf8(all).unwrap();
    let message = said(page).into_iter().find(|said| said.code == page.code).unwrap().message;
    let from =
        all.lines().position(|line| line.contains(&message)).unwrap_or_else(|| panic!("{message}: {all}"));
    let mut lines: Vec<&str> = all.lines().skip(from).take(1).collect();
    lines.extend(all.lines().skip(from + 1).take_while(|line| line.starts_with("       ")));
    lines.join("\n")
}

#[test]
fn the_messages_for_newcomers_are_what_the_program_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/messages.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let pages = pages();
    let mut sections = text.split("\n## ");
    let mut written = sections.next().unwrap().to_owned();
    let mut families = BTreeSet::new();
    let mut count = 0;
    for section in sections {
        let code = section.lines().next().unwrap().split('`').nth(1).unwrap();
        let (before, rest) = section.split_once("```text\n").unwrap();
        let (_, after) = rest.split_once("```").unwrap();
        assert!(after.contains("我会："), "{code}: nobody says what they would do");
        written += &format!("\n## {before}```text\n{}\n```{after}", shown(&pages[code]));
        families.extend(fupan::batch::codes().find(|known| known.name == code).map(|code| code.family));
        count += 1;
    }
    if std::env::var_os("FUPAN_WRITE").is_some() {
        std::fs::write(&path, &written).unwrap();
    } else {
        assert_eq!(written, text);
    }
    assert!(count >= 20 && families.len() == 8, "{count} messages of {families:?}");
}

#[test]
fn every_level_can_be_changed_and_what_is_silenced_is_counted() {
    for (code, page) in pages() {
        let off = format!("[levels]\n{code} = \"off\"\n");
        if page.is_of_several() {
            let told = between(&page.written, &page.before, page.as_of, &off);
            assert!(told.iter().all(|said| said.code != code), "{code} is not silenced");
            continue;
        }
        let Ok(plain) = review_bytes(&page.written[0].bytes(), &page.written[0].name, settings(page.as_of))
        else {
            // Of a file that cannot be read this is all there is to say.
            continue;
        };
        let told = plain.findings.iter().filter(|finding| finding.code.name == code).count();
        let levelled = |level: Option<Severity>| {
            let policy = Policy { levels: BTreeMap::from([(code.clone(), level)]), ..Policy::default() };
            fupan::review::level(plain.findings.clone(), &policy)
        };
        let (findings, silenced) = levelled(None);
        assert_eq!((findings.len(), silenced), (plain.findings.len() - told, told), "{code}");
        for severity in [Severity::Error, Severity::Note] {
            let (findings, _) = levelled(Some(severity));
            let of_code = findings.iter().filter(|finding| finding.code.name == code);
            assert!(of_code.into_iter().all(|finding| finding.severity == severity), "{code}");
        }
    }
}

#[test]
fn every_sentence_is_whole_in_every_language() {
    for (code, page) in pages().iter().filter(|(_, page)| !page.is_of_several()) {
        let (findings, _) = findings(&page.written[0], settings(page.as_of));
        for finding in findings.iter().filter(|finding| finding.code.name == code) {
            for lang in [Lang::Zh, Lang::ZhHant, Lang::En] {
                let text = format!("{} {}", finding.message(lang), finding.help(lang));
                assert!(!text.contains('{') && !text.contains('}'), "{code}: {text}");
            }
        }
    }
}

#[test]
fn english_names_the_tables_in_english() {
    let page = &pages()["missing-required"];
    let (findings, _) = findings(&page.written[0], settings(page.as_of));
    let finding = findings.iter().find(|finding| finding.code.name == page.code).unwrap();
    let message = finding.message(Lang::En);
    assert!(message.contains("Channel performance") && !message.contains("渠道效果表"), "{message}");
}
