//! The pages of `fixtures/cases/metrics/`: 写了什么 is typed into a workbook, 应得什么 has to come out of it.
//!
//! A page is Markdown a person reads; every metric has one under its name.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use chrono::NaiveDate;
use fupan::batch::one::{Settings, review_bytes};
use fupan::catalogue::{Catalogue, Layout};
use fupan::locale::Lang;
use fupan::metrics;
use fupan::policy::Policy;

use crate::support::figures::{Figures, Told};
use crate::support::told_page::table_row;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/cases/metrics");

/// What the pages call figures that are no metrics.
const NAMES: &[(&str, &str)] = &[
    ("结果", "outcome"),
    ("方向", "direction"),
    ("总体结论", "verdict"),
    ("贡献额合计", "contribution-gap"),
    ("渠道转化差距", "mix-gap"),
    ("名次", "rank"),
    ("建议", "advice"),
    ("边际判断", "marginal-verdict"),
    ("预算", "planned"),
    ("偏差级别", "deviation"),
    ("备用金判断", "reserve-verdict"),
    ("任务判断", "task-state"),
    ("关键链任务", "critical-chain-tasks"),
    ("审批是否按时", "approval-promptness"),
    ("异常", "anomaly"),
    ("最弱维度", "weakest-dimension"),
    ("象限", "quadrant"),
    ("行动状态", "action-state"),
    ("行动顺序", "action-order"),
];

/// What the pages call the parts of a label.
const LABELS: &[(&str, &str)] = &[
    ("对比目标", "against_target"),
    ("对比活动前", "against_before"),
    ("访客", "visitors"),
    ("转化率", "conversion_rate"),
    ("客单价", "buyer_value"),
    ("执行", "execution"),
    ("资源", "resource"),
];

/// What the pages call the words of the analysis.
const WORDS: &[(&str, &str)] = &[
    ("超额完成", "exceeded"),
    ("达成", "reached"),
    ("基本完成", "mostly"),
    ("未完成", "missed"),
    ("未填报", "unknown"),
    ("成功", "success"),
    ("基本成功", "mostly"),
    ("存在挑战但有所收获", "challenged"),
    ("加大投放", "feed"),
    ("仍划算", "pays"),
    ("已过最优点", "passed"),
    ("仍低于基准", "below"),
    ("正常", "normal"),
    ("关注", "watch"),
    ("预警", "alarm"),
    ("严重", "severe"),
    ("合适", "reserve_fitting"),
    ("逾期", "task-overdue"),
    ("延期完成", "task-done-late"),
    ("预计延期", "task-slipping"),
    ("按时", "in-time"),
    ("低于目标", "below-target"),
    ("低于前几日均值", "below-mean"),
    ("高于前几日均值", "above-mean"),
    ("重大", "major"),
    ("较大", "larger"),
    ("一般", "ordinary"),
    ("速赢", "quick-win"),
    ("重点攻坚", "push"),
    ("顺手做", "in-passing"),
    ("暂缓", "later"),
    ("已逾期", "overdue"),
    ("进行中", "open"),
];

fn meant<'a>(dictionary: &[(&str, &'a str)], said: &'a str) -> &'a str {
    dictionary.iter().find(|(word, _)| *word == said).map_or(said, |(_, id)| id)
}

/// One page.
struct Page {
    name: String,
    as_of: NaiveDate,
    /// Sheets with their rows, the header first.
    written: Vec<(String, Vec<Vec<String>>)>,
    /// Figure, label, what has to come out.
    expected: Vec<Vec<String>>,
    /// The reasons given.
    why: String,
}

impl Page {
    fn read(name: &str, text: &str) -> Page {
        let mut page = Page {
            name: name.to_owned(),
            as_of: NaiveDate::from_ymd_opt(2024, 12, 20).unwrap(),
            written: Vec::new(),
            expected: Vec::new(),
            why: String::new(),
        };
        let mut part = "";
        for line in text.lines() {
            if let Some(title) = line.strip_prefix("## ") {
                part = title;
            } else if let Some(sheet) = line.strip_prefix("### ") {
                page.written.push((sheet.to_owned(), Vec::new()));
            } else if let Some(day) = line.strip_prefix("截至：") {
                page.as_of = day.parse().unwrap();
            } else if let Some(cells) = table_row(line) {
                match part {
                    "写了什么" => page.written.last_mut().expect(name).1.push(cells),
                    "应得什么" => page.expected.push(cells),
                    _ => panic!("{name}: a table under {part}"),
                }
            } else if part == "为什么" {
                page.why.push_str(line);
            }
        }
        assert!(!page.expected.is_empty(), "{name}: nothing is expected");
        page.expected.remove(0);
        page
    }

    /// The workbook a team would have sent: our sheets with all their columns, and what the page writes in them.
    fn workbook(&self) -> Vec<u8> {
        let catalogue = Catalogue::shipped();
        let mut book = crate::support::timeless();
        for (sheet, rows) in &self.written {
            let table = catalogue.tables.values().find(|table| table.label.zh == *sheet);
            let table = table.unwrap_or_else(|| panic!("{}: no table {sheet}", self.name));
            let worksheet = book.add_worksheet().set_name(sheet).unwrap();
            let labels: Vec<&str> = table.columns.iter().map(|column| column.label.zh.as_str()).collect();
            let (header, rows) = rows.split_first().expect(sheet);
            let form = table.layout == Layout::Form;
            let columns: Vec<u16> = header
                .iter()
                .enumerate()
                .map(|(i, name)| match labels.iter().position(|label| label == name) {
                    _ if form => i as u16,
                    Some(at) => at as u16,
                    None => panic!("{}: {sheet} has no column {name}", self.name),
                })
                .collect();
            worksheet.write(0, 0, sheet.as_str()).unwrap();
            let shown = if form { header.iter().map(String::as_str).collect() } else { labels.clone() };
            for (col, label) in (0u16..).zip(shown) {
                worksheet.write(1, col, label).unwrap();
            }
            // A form comes with all its items, whether somebody fills them in or not.
            let all: Vec<Vec<String>> = labels.iter().map(|label| self.item(rows, label)).collect();
            let rows = if form { &all[..] } else { rows };
            for (row, cells) in (2u32..).zip(rows) {
                for (col, text) in columns.iter().zip(cells) {
                    match text.parse::<f64>() {
                        _ if text.is_empty() => {}
                        Ok(number) => drop(worksheet.write(row, *col, number).unwrap()),
                        Err(_) => drop(worksheet.write(row, *col, text.as_str()).unwrap()),
                    }
                }
            }
        }
        book.save_to_buffer().unwrap()
    }

    /// An item of a form with what the page writes beside it.
    fn item(&self, rows: &[Vec<String>], label: &str) -> Vec<String> {
        let written = rows.iter().find(|row| row[0] == label).map(|row| row[1].clone());
        vec![label.to_owned(), written.unwrap_or_default()]
    }

    fn figures(&self, settings: &Settings<'_>) -> BTreeMap<String, Told> {
        let review = review_bytes(&self.workbook(), &self.name, settings);
        Figures::of(&review.unwrap_or_else(|refused| panic!("{}: {refused:?}", self.name))).0
    }

    /// What does not come out as the page says.
    fn differences(&self, settings: &mut Vec<Settings<'static>>) -> Vec<String> {
        // Preparing the labels takes longer than reading a page: pages of one day share them.
        let at = settings.iter().position(|settings| settings.as_of == self.as_of).unwrap_or_else(|| {
            settings.push(Settings::new(Catalogue::shipped(), policy(), self.as_of, Lang::Zh));
            settings.len() - 1
        });
        let found = self.figures(&settings[at]);
        let mut differences = Vec::new();
        for line in &self.expected {
            let [figure, label, expected] = line.as_slice() else { panic!("{}: {line:?}", self.name) };
            let name = key(figure, label);
            match found.get(&name) {
                Some(told) if same(told, expected) => {}
                told => differences.push(format!("{}: {name} is {told:?}, not {expected}", self.name)),
            }
        }
        differences
    }
}

fn policy() -> &'static Policy {
    static POLICY: LazyLock<Policy> = LazyLock::new(Policy::default);
    &POLICY
}

/// `metric/label` of what a page calls a figure.
fn key(figure: &str, label: &str) -> String {
    let metric = metrics::all().into_iter().find(|metric| metric.definition(Lang::Zh).title == figure);
    let name = metric.map_or_else(|| meant(NAMES, figure), |metric| metric.name);
    let parts: Vec<&str> = match name {
        "contribution" | "contribution-gap" | "problem-share" => {
            label.split('/').map(|part| meant(LABELS, part)).collect()
        }
        _ => vec![label],
    };
    if label.is_empty() { name.to_owned() } else { format!("{name}/{}", parts.join("/")) }
}

/// Equal as far as the page shows: 14.7% is anything that rounds to it.
fn same(told: &Told, expected: &str) -> bool {
    match told {
        Told::Unknown => expected == "无法计算",
        Told::Text(text) => {
            WORDS.iter().any(|(word, id)| *word == expected && id == text) || text == expected
        }
        Told::Number(n) => {
            let (digits, unit) = match expected.strip_suffix('%') {
                Some(digits) => (digits, 0.01),
                None => (expected, 1.0),
            };
            let digits = digits.replace(',', "");
            let places = digits.split_once('.').map_or(0, |(_, places)| places.len());
            let half = unit * 0.5 * 10f64.powi(-(places as i32));
            digits.parse::<f64>().is_ok_and(|shown| (n - shown * unit).abs() <= half * (1.0 + 1e-9))
        }
    }
}

fn pages() -> Vec<Page> {
    let mut names: Vec<_> =
        std::fs::read_dir(Path::new(FOLDER)).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    names
        .iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .filter(|path| path.file_stem().is_some_and(|stem| stem != "README"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy();
            Page::read(&name, &std::fs::read_to_string(path).unwrap())
        })
        .collect()
}

#[test]
fn every_page_comes_out_as_it_says() {
    let mut settings = Vec::new();
    let differences: Vec<String> = pages().iter().flat_map(|page| page.differences(&mut settings)).collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn every_metric_has_a_page_that_expects_it_and_says_why() {
    let pages = pages();
    for metric in metrics::all() {
        let page = pages.iter().find(|page| page.name == metric.name);
        let page = page.unwrap_or_else(|| panic!("no page {}.md", metric.name));
        let title = metric.definition(Lang::Zh).title;
        assert!(page.expected.iter().any(|line| line[0] == title), "{} is not expected", metric.name);
        assert!(!page.written.is_empty(), "{}", metric.name);
        assert!(page.why.chars().any(|c| c.is_ascii_digit()), "{}: no arithmetic", metric.name);
    }
}

#[test]
fn a_page_that_is_wrong_is_found_out() {
    let text = std::fs::read_to_string(Path::new(FOLDER).join("roi.md")).unwrap();
    let wrong = Page::read("roi", &text.replace("| A | 6.0 |", "| A | 6.1 |"));
    assert_eq!(wrong.differences(&mut Vec::new()), ["roi: roi/A is Some(Number(6.0)), not 6.1"]);
}
