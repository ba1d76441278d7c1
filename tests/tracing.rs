//! `fupan trace` and `fupan explain`: from every figure down to what people typed.

use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;

use assert_cmd::Command;
use fupan::batch::one::{Settings, book, enrich, review_bytes};
use fupan::catalogue::Catalogue;
use fupan::cell::{Content, Place};
use fupan::locale::Lang;
use fupan::policy::Policy;
use fupan::trace::{Book, Bounds, Kind, Node, trace};

fn fupan() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fupan"));
    command.env("LANG", "zh_CN.UTF-8").env_remove("LC_ALL").env_remove("LC_MESSAGES");
    command
}

fn settings(policy: &Policy) -> Settings<'_> {
    let as_of = chrono::NaiveDate::from_ymd_opt(2024, 12, 20).unwrap();
    Settings::new(Catalogue::shipped(), policy, as_of, Lang::Zh)
}

/// A fixture with our sheets in it.
fn enriched(path: &str, settings: &Settings<'_>) -> Book {
    let bytes = std::fs::read(path).unwrap();
    let review = review_bytes(&bytes, path, settings).unwrap();
    book(&enrich(&bytes, &review, Lang::Zh).unwrap(), path, settings).unwrap()
}

/// Every link of a chain.
fn links<'n>(node: &'n Node, into: &mut Vec<&'n Node>) {
    into.push(node);
    node.from.iter().for_each(|from| links(from, into));
}

#[test]
fn every_figure_ends_in_what_the_team_typed_or_in_a_named_constant() {
    let policy = Policy::default();
    let settings = settings(&policy);
    for path in ["fixtures/clean/full-11.xlsx", "fixtures/inbox/双十二家居节-全流程.xlsx"] {
        let book = Rc::new(enriched(path, &settings));
        let (mut formulas, mut typed, mut wrong) = (0, 0, Vec::new());
        for sheet in book.workbook.sheets.iter().filter(|sheet| book.is_ours(&sheet.name)) {
            for at in sheet.cells.iter().filter(|(_, cell)| cell.formula.is_some()).map(|(at, _)| *at) {
                let place = Place::new(sheet.name.clone(), at);
                let node = trace(&book, &place, Bounds::default(), Lang::Zh, &mut |_, _| None);
                formulas += 1;
                let mut found = Vec::new();
                links(&node, &mut found);
                typed += usize::from(found.iter().any(|node| node.kind == Kind::Typed));
                for link in found {
                    let whole = match link.kind {
                        Kind::Formula => true,
                        Kind::Typed | Kind::Blank | Kind::Repeated => true,
                        Kind::Constant => !link.labels.is_empty() || !link.from.is_empty(),
                        Kind::Range => {
                            link.count.is_some_and(|count| count.met == 0 || !link.from.is_empty())
                        }
                        Kind::Outside | Kind::Lost | Kind::Unknown | Kind::Deep => false,
                    };
                    if !whole && wrong.len() < 20 {
                        wrong.push(format!("{place}: {:?} {}", link.kind, link.cell));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{path}: {}", wrong.join("\n"));
        assert!(formulas > 300, "{path}: {formulas}");
        assert!(typed * 10 > formulas * 8, "{path}: of {formulas} figures only {typed} come to typed cells");
    }
}

#[test]
fn every_number_of_the_portfolio_leads_to_a_campaigns_cell() {
    let home = tempfile::tempdir().unwrap();
    let inbox = home.path().join("inbox");
    std::fs::create_dir(&inbox).unwrap();
    for name in ["full-11.xlsx", "promotion-12.xlsx"] {
        std::fs::copy(Path::new("fixtures/clean").join(name), inbox.join(name)).unwrap();
    }
    let out = home.path().join("out");
    fupan().arg("batch").arg(&inbox).arg("-o").arg(&out).args(["--as-of", "2024-12-20"]).assert().success();
    let policy = Policy::default();
    let settings = settings(&policy);
    let read = |name: &str| book(&std::fs::read(out.join(name)).unwrap(), name, &settings).unwrap();
    let root = Rc::new(read("汇总.xlsx"));
    let mut copies: BTreeMap<String, Rc<Book>> = BTreeMap::new();
    let mut open = |output: &str, file: &str| {
        let copy = copies.entry(output.to_owned()).or_insert_with(|| {
            let mut copy = read(output);
            copy.original = Some(file.to_owned());
            Rc::new(copy)
        });
        Some(copy.clone())
    };
    let (mut numbers, mut wrong) = (0, Vec::new());
    for name in ["总览", "目标汇总", "渠道汇总", "预算汇总"] {
        let sheet = root.sheet(name).unwrap();
        for (at, cell) in &sheet.cells {
            let (Content::Number(_) | Content::Serial(_)) = cell.content else { continue };
            let place = Place::new(sheet.name.clone(), *at);
            let node = trace(&root, &place, Bounds::default(), Lang::Zh, &mut open);
            numbers += 1;
            let mut found = Vec::new();
            links(&node, &mut found);
            for (column, header) in [("目标", "目标"), ("实际", "实际")] {
                if name == "目标汇总" && node.labels.last().is_some_and(|label| label == column) {
                    let own = found.last().and_then(|link| link.own.as_ref()).map(|own| own.header.as_str());
                    assert!(own.is_some_and(|own| own.contains(header)), "{place}: {own:?}");
                }
            }
            let there = found.iter().any(|link| link.file.is_some() && link.cell.contains('!'));
            let nothing = cell.content == Content::Number(0.0);
            if !there && !nothing && wrong.len() < 20 {
                wrong.push(format!("{place} {:?} {}", node.labels, node.formula.unwrap_or_default()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(numbers > 60, "{numbers}");
    let overview = root.sheet("总览").unwrap();
    let head =
        overview.cells.iter().find(|(_, cell)| cell.content.to_text() == "综合完成率").map(|(at, _)| *at);
    let at = fupan::cell::CellRef::new(head.unwrap().row + 1, head.unwrap().col);
    let output =
        fupan().args(["trace", &format!("{}!总览!{at}", out.join("汇总.xlsx").display())]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("填写") && text.contains("11.xlsx!") && text.contains("综合完成率"), "{text}");
}

#[test]
fn a_team_formula_is_followed_like_ours() {
    let policy = Policy::default();
    let settings = settings(&policy);
    let path = "fixtures/clean/full-11.xlsx";
    let book = Rc::new(book(&std::fs::read(path).unwrap(), path, &settings).unwrap());
    let formula = book.workbook.sheets.iter().find_map(|sheet| {
        let (at, _) =
            sheet.cells.iter().find(|(_, cell)| cell.formula.as_deref().is_some_and(|f| !f.is_empty()))?;
        Some(Place::new(sheet.name.clone(), *at))
    });
    let node = trace(&book, &formula.unwrap(), Bounds::default(), Lang::Zh, &mut |_, _| None);
    assert_eq!(node.kind, Kind::Formula);
    assert!(!node.from.is_empty());
}

#[test]
fn what_cannot_be_traced_is_told_with_a_way_on() {
    let file = "fixtures/clean/full-11.xlsx";
    for (argument, code, says) in [
        (format!("{file}!渠道投放效果!ZZZZ1"), 2, "ZZZZ1"),
        (format!("{file}!渠到效果表!A1"), 2, "是不是"),
        (file.to_owned(), 2, "!"),
        ("没有这个文件.xlsx!表!A1".to_owned(), 4, "没有这个文件"),
        (format!("{file}!A900"), 0, "空"),
    ] {
        let output = fupan().args(["trace", &argument]).output().unwrap();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert_eq!(output.status.code(), Some(code), "{argument}: {text}");
        assert!(text.contains(says), "{argument}: {text}");
    }
}

#[test]
fn a_chain_of_oneself_ends() {
    use fupan::workbook::{Cell, Sheet, Workbook};
    let mut sheet = Sheet::new("表");
    for (cell, formula) in [("A1", "B1+1"), ("B1", "A1*2")] {
        let cell = fupan::cell::CellRef::parse(cell).unwrap();
        sheet.cells.insert(cell, Cell { formula: Some(formula.into()), ..Cell::default() });
    }
    let workbook = Workbook { sheets: vec![sheet], ..Workbook::default() };
    let book = Rc::new(Book::new("圈.xlsx", workbook, Default::default(), Default::default()));
    let at = Place::new("表", fupan::cell::CellRef::new(0, 0));
    let node = trace(&book, &at, Bounds::default(), Lang::Zh, &mut |_, _| None);
    assert_eq!(node.from[0].from[0].kind, Kind::Repeated);
}

#[test]
fn every_metric_is_explained_in_either_language() {
    for metric in fupan::metrics::all() {
        for (lang, language) in [("zh", Lang::Zh), ("en", Lang::En)] {
            let output = fupan().args(["explain", metric.name, "--lang", lang]).output().unwrap();
            let text = String::from_utf8(output.stdout).unwrap();
            let definition = metric.definition(language);
            assert!(output.status.success() && text.contains(&definition.title), "{}: {text}", metric.name);
            assert!(
                text.contains(&definition.basis) && text.contains(&definition.example),
                "{}: {text}",
                metric.name
            );
        }
    }
    let output = fupan().args(["explain", "composite-completon"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("composite-completion"));
}
