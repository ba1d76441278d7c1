//! No formula is a constant in disguise: somebody changes figures in the enriched workbook, another engine
//! recomputes it, and it shows what the program says of the workbook with the same changes.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use calamine::Data;
use chrono::NaiveDate;
use fupan::batch::one::{Settings, enrich, review_bytes};
use fupan::catalogue::Catalogue;
use fupan::cell::column_name;
use fupan::locale::Lang;
use fupan::policy::Policy;
use fupan::xlsx::graft::generated_sheets;

use crate::support::recalc::{Cells, formulas, recalculated, same, values};

/// A sheet, a cell, and the number somebody types over what stands there.
type Change = (&'static str, &'static str, f64);

/// Of the formulas, at least this share has to stand where the fresh run has the same thing.
const COMPARABLE: f64 = 0.95;

/// A sheet that is a record of one run, findings with their numbers, and not made to move.
const RECORD: &str = "校验结果";

/// A sheet that says what has changed since the workbook was made; after a fresh run nothing has.
const SOURCES: &str = "来源核对";

/// The large full workbook: plan, execution, results and retrospect, a change or more on each sheet that takes numbers.
const FULL: (&str, &[Change]) = (
    "fixtures/inbox/双十二家居节-全流程.xlsx",
    &[
        ("活动基本信息表", "B14", 1_650_000.0),
        ("活动基本信息表", "B21", 3.2),
        ("KPI拆解表", "I4", 0.16),
        ("KPI拆解表", "I5", 0.01),
        ("活动资源预算表", "F4", 151_600.0),
        ("活动资源预算表", "C7", 44_400.0),
        ("活动资源预算表", "F8", 90_000.0),
        ("评审审批记录表", "D5", 45_597.0),
        ("活动任务分解与责任分配表", "H7", 45_608.0),
        ("活动进度跟踪表", "E5", 45_614.0),
        ("活动进度跟踪表", "E8", 45_616.0),
        ("活动风险应对与调整记录表", "F4", 45_622.9),
        ("活动效果实时监控记录表", "D6", 19_000.0),
        ("活动效果实时监控记录表", "J8", 155_200.0),
        ("活动效果实时监控记录表", "C12", 767_800.0),
        ("活动效果实时监控记录表", "F15", 2_100.0),
        ("人力配置表", "C5", 3.0),
        ("人力配置表", "E7", 1_020.0),
        ("活动效果数据汇总表", "E8", 0.0385),
        ("活动效果数据汇总表", "E16", 0.0712),
        ("渠道效果表", "E4", 133_600.0),
        ("渠道效果表", "G5", 50_085.0),
        ("渠道效果表", "I6", 2_384.0),
        ("渠道效果表", "L8", 752_600.0),
        ("渠道效果表", "M5", 2_870.0),
        ("转化漏斗表", "C7", 66_334.0),
        ("销售对比表", "B4", 28.0),
        ("销售对比表", "C5", 6_372_200.0),
        ("销售对比表", "D7", 5_300.0),
        ("品类商品销售表", "D4", 1_165_300.0),
        ("品类商品销售表", "H5", 682.0),
        ("用户数据表", "C4", 130_280.0),
        ("用户数据表", "C8", 0.321),
        ("流量数据表", "C4", 117_226.0),
        ("流量数据表", "I6", 4_654.0),
        ("互动行为表", "C4", 99_764.0),
        ("玩法与优惠券效果表", "E4", 14_431.0),
        ("玩法与优惠券效果表", "H5", 151_400.0),
        ("成本收益表", "C6", 1_172_000.0),
        ("追加投入记录表", "E5", 121_100.0),
        ("服务与保障表", "D5", 0.81),
        ("用户反馈表", "E5", 33.0),
        ("用户反馈表", "F4", 2.0),
        ("团队协作评价表", "B5", 4.5),
        ("改进措施与行动计划表", "G4", 45_660.0),
    ],
);

/// A small review without a plan.
const REVIEW: (&str, &[Change]) = (
    "fixtures/inbox/2024Q3新品发布会复盘.xlsx",
    &[
        ("渠道效果表", "K4", 12.0),
        ("转化漏斗表", "C6", 64_000.0),
        ("转化漏斗表", "C7", 25_000.0),
        ("活动基本信息表", "B14", 160_000.0),
    ],
);

fn settings() -> Settings<'static> {
    static POLICY: std::sync::LazyLock<Policy> = std::sync::LazyLock::new(Policy::default);
    let as_of = NaiveDate::from_ymd_opt(2024, 12, 20).unwrap();
    Settings::new(Catalogue::shipped(), &POLICY, as_of, Lang::Zh)
}

fn enriched(package: &[u8], settings: &Settings<'_>) -> Vec<u8> {
    let review = review_bytes(package, "工作簿.xlsx", settings).unwrap();
    enrich(package, &review, Lang::Zh).unwrap()
}

/// The package with other numbers in some cells of its sheets.
fn changed(package: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(package)).unwrap();
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let mut part = Vec::new();
        entry.read_to_end(&mut part).unwrap();
        parts.push((entry.name().unwrap().into_owned(), part));
    }
    let text = |name: &str| {
        let part = parts.iter().find(|(part, _)| part == name).unwrap_or_else(|| panic!("no part {name}"));
        String::from_utf8(part.1.clone()).unwrap()
    };
    let (book, relations) = (text("xl/workbook.xml"), text("xl/_rels/workbook.xml.rels"));
    let mut edited: BTreeMap<String, String> = BTreeMap::new();
    for (sheet, cell, number) in changes {
        let id = attribute(element(&book, "<sheet ", &format!("name=\"{sheet}\"")), "r:id");
        let target = attribute(element(&relations, "<Relationship ", &format!("Id=\"{id}\"")), "Target");
        let part = format!("xl/{}", target.trim_start_matches("/xl/"));
        let page = edited.entry(part.clone()).or_insert_with(|| text(&part));
        *page = typed(page, cell, *number);
    }
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in &parts {
        out.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(edited.get(name).map_or(part.as_slice(), |text| text.as_bytes())).unwrap();
    }
    out.finish().unwrap().into_inner()
}

/// The element of a kind that holds a text in its tag.
fn element<'a>(part: &'a str, start: &str, holding: &str) -> &'a str {
    let tags = part.match_indices(start).map(|(at, _)| &part[at..at + part[at..].find('>').unwrap()]);
    tags.into_iter().find(|tag| tag.contains(holding)).unwrap_or_else(|| panic!("{start} with {holding}"))
}

fn attribute<'a>(tag: &'a str, name: &str) -> &'a str {
    let start = tag.find(&format!("{name}=\"")).unwrap() + name.len() + 2;
    &tag[start..start + tag[start..].find('"').unwrap()]
}

/// A sheet with a number typed over a cell that holds one.
fn typed(page: &str, cell: &str, number: f64) -> String {
    let start = page.find(&format!("<c r=\"{cell}\"")).unwrap_or_else(|| panic!("no cell {cell}"));
    let end = start + page[start..].find("</c>").unwrap();
    let old = &page[start..end];
    assert!(old.contains("<v>") && !old.contains("<f") && !old.contains(" t=\"s\""), "{cell}: {old}");
    let value = old.find("<v>").unwrap();
    format!("{}{}<v>{number}</v>{}", &page[..start], &old[..value], &page[end..])
}

/// The first text of a row and the last one left of a cell, by which the cell is known: two tables may share a row.
fn label(cells: &Cells<Data>, sheet: &str, row: u32, col: u32) -> [Option<String>; 2] {
    let row = cells.range((sheet.to_owned(), row, 0)..(sheet.to_owned(), row, col));
    let texts: Vec<&String> = row
        .filter_map(|(_, value)| match value {
            Data::String(text) if !text.is_empty() => Some(text),
            _ => None,
        })
        .collect();
    [texts.first().map(|text| (*text).clone()), texts.last().map(|text| (*text).clone())]
}

/// What the comparison came to.
#[derive(Default)]
struct Outcome {
    formulas: usize,
    compared: usize,
    moved: Vec<String>,
    differ: Vec<String>,
    /// Formulas that show something else than before the changes.
    moved_on: usize,
    still: Vec<String>,
}

fn compare((file, changes): (&str, &[Change])) -> Outcome {
    let settings = settings();
    let original = std::fs::read(file).unwrap();
    let before = enriched(&original, &settings);
    let computed = recalculated(&[&changed(&original, changes), &changed(&before, changes)]);
    let [again, live] = computed.as_slice() else { panic!("two packages") };
    let fresh = enriched(again, &settings);
    let sheets = generated_sheets(&before).unwrap();
    let (ours, stood) = (formulas(&before), values(&before));
    let (live, fresh_values, fresh_formulas) = (values(live), values(&fresh), formulas(&fresh));
    let mut outcome = Outcome::default();
    for (place @ (sheet, row, col), (formula, stored)) in &ours {
        if !sheets.contains(sheet) || sheet == SOURCES {
            continue;
        }
        if formula.starts_with(&format!("'{SOURCES}'")) {
            let said = live.get(place).is_some_and(|said| said.to_string().contains("请重新运行"));
            assert!(said, "{sheet} does not say that figures have changed since its sentences were written");
            continue;
        }
        outcome.formulas += 1;
        let address = format!("{sheet}!{}{}", column_name(*col), row + 1);
        let known = label(&live, sheet, *row, *col) == label(&fresh_values, sheet, *row, *col);
        // The label of a line: where lists are in another order by now, another line stands there.
        let is_label = formula.starts_with("IFERROR(") && formula.ends_with("&\"\",\"\")");
        let elsewhere = is_label && live.get(place) != fresh_values.get(place);
        if !known || elsewhere || !fresh_formulas.contains_key(place) {
            outcome.moved.push(address);
            continue;
        }
        outcome.compared += 1;
        let nothing = Data::Empty;
        let (shown, said) =
            (live.get(place).unwrap_or(&nothing), fresh_values.get(place).unwrap_or(&nothing));
        outcome.moved_on += usize::from(!same(shown, stored));
        if !same(shown, said) {
            outcome.differ.push(format!("{address} ={formula}: shows {shown:?}, should be {said:?}"));
        }
    }
    // A number we wrote as such and not as a formula, that would be another today.
    for (place @ (sheet, row, col), value) in &stood {
        let is_number = |data: &Data| matches!(data, Data::Int(_) | Data::Float(_));
        if !sheets.contains(sheet) || sheet == RECORD || ours.contains_key(place) || !is_number(value) {
            continue;
        }
        let now = fresh_values.get(place).filter(|now| is_number(now));
        let known = label(&live, sheet, *row, *col) == label(&fresh_values, sheet, *row, *col);
        if let Some(now) = now.filter(|now| known && !same(value, now)) {
            let at = format!("{sheet}!{}{}", column_name(*col), row + 1);
            outcome.still.push(format!("{at} stands at {value:?}, would be {now:?}"));
        }
    }
    outcome
}

#[test]
fn what_is_changed_in_the_enriched_workbook_comes_out_as_a_fresh_run_says() {
    for (changes, seen) in [(FULL, 400), (REVIEW, 30)] {
        let Outcome { formulas, compared, moved, moved_on, differ, still } = compare(changes);
        eprintln!("{}: {compared} of {formulas} formulas compared, {moved_on} moved", changes.0);
        assert!(moved_on >= seen, "only {moved_on} formulas saw the changes");
        assert!(differ.is_empty(), "{} of {compared} differ:\n{}", differ.len(), differ.join("\n"));
        let floor = formulas as f64 * COMPARABLE;
        assert!(compared as f64 >= floor, "{compared} of {formulas}; moved:\n{}", moved.join(" "));
        assert!(still.is_empty(), "{} numbers stand still:\n{}", still.len(), still.join("\n"));
    }
}
