//! What comes back from a written workbook.

use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use fupan::cell::{Area, CellRef, Place};
use fupan::expr::{Expr, Leaf, Normalised, Op, Val};
use fupan::locale::Lang;
use fupan::page::{Chart, ChartKind, Dress, Ink, Page, PageCell, Role, Series, Shape, Show, Tab};
use fupan::xlsx::write::{Remark, WriteOptions, Written, addition, write};

fn options() -> WriteOptions {
    WriteOptions { title: "双十一 & 复盘".into(), ..WriteOptions::default() }
}

fn cell(page: &str, a1: &str, value: Val) -> Expr {
    Expr::cell(Place::new(page, CellRef::parse(a1).unwrap()), value)
}

fn read(written: &Written) -> Xlsx<Cursor<Vec<u8>>> {
    open_workbook_from_rs(Cursor::new(written.package.clone())).unwrap()
}

fn value(written: &Written, sheet: &str, a1: &str) -> Data {
    let at = CellRef::parse(a1).unwrap();
    read(written).worksheet_range(sheet).unwrap().get_value((at.row, at.col)).cloned().unwrap_or(Data::Empty)
}

fn part(written: &Written, name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(&written.package)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn values_come_back_as_they_were_put() {
    let mut page = Page::new("总览", Tab::First);
    page.row(
        Role::Body,
        [
            PageCell::from("=SUM(A1)"),
            PageCell::from(12.5),
            PageCell::from(chrono::NaiveDate::from_ymd_opt(2024, 10, 8)),
            Show::Link("看这里".into(), Place::new("总览", CellRef::new(0, 0))).into(),
            PageCell::from(f64::NAN),
            Show::File("报告".into(), "子目录/报告.xlsx".into()).into(),
            Show::File("外面".into(), "https://example.com/".into()).into(),
        ],
    );
    let written = write(&[page], &options()).unwrap();
    assert_eq!(value(&written, "总览", "A1"), Data::String("=SUM(A1)".into()));
    assert_eq!(value(&written, "总览", "B1"), Data::Float(12.5));
    assert!(matches!(value(&written, "总览", "C1"), Data::DateTime(day) if day.as_f64() == 45573.0));
    assert_eq!(value(&written, "总览", "D1"), Data::String("看这里".into()));
    assert_eq!(value(&written, "总览", "E1"), Data::Empty);
    let sheet = part(&written, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains(r#"<hyperlink ref="D1" location="'总览'!A1""#), "{sheet}");
    let links = part(&written, "xl/worksheets/_rels/sheet1.xml.rels");
    assert!(links.contains("报告.xlsx") && !links.contains("example.com"), "{links}");
    assert!(part(&written, "xl/styles.xml").contains(r#"quotePrefix="1""#));
}

#[test]
fn formulas_carry_their_value_in_its_own_type() {
    let number = || cell("表", "A1", Val::Number(3.0));
    let cases: Vec<(Expr, Data)> = vec![
        (number() * 2.0, Data::Float(6.0)),
        (cell("表", "A9", Val::Blank).op(Op::Div, 2.0).known(), Data::String(String::new())),
        (number().op(Op::Join, "元"), Data::String("3元".into())),
        (number().op(Op::Join, "5"), Data::String("35".into())),
        (number().op(Op::Gt, 2.0), Data::Bool(true)),
        (number().op(Op::Gt, 2.0).then("TRUE", "FALSE"), Data::String("TRUE".into())),
        (number().op(Op::Div, 0.0), Data::String(String::new())),
    ];
    let mut page = Page::new("表", Tab::First);
    page.put(CellRef::new(0, 0), 3.0.into());
    for (row, (expr, _)) in (1u32..).zip(&cases) {
        page.put(CellRef::new(row, 1), expr.clone().into());
    }
    let written = write(&[page], &options()).unwrap();
    for (row, (expr, expected)) in (2..).zip(cases) {
        assert_eq!(value(&written, "表", &format!("B{row}")), expected, "{}", expr.formula("表", &|_| None));
    }
}

#[test]
fn text_numbers_stand_once_on_a_page_of_their_own() {
    let typed = Leaf::Normalised(Box::new(Normalised {
        at: Place::new("渠道", CellRef::new(4, 2)),
        text: "500万元".into(),
        part: "",
        value: 5_000_000.0,
    }));
    let mut page = Page::new("总览", Tab::First);
    page.row(Role::Body, [Expr::Leaf(typed.clone()) * 2.0, Expr::Leaf(typed) + 1.0]);
    let pages = [page.clone()];
    let written = addition(&pages, &["渠道".into()], &options()).unwrap().written().clone();
    assert_eq!(written.sheets, ["总览", "规范数值"]);
    let mut workbook = read(&written);
    assert_eq!(
        workbook.sheet_names(),
        ["总览", "规范数值"],
        "only charts need a sheet to stand for the user's"
    );
    let formulas = workbook.worksheet_formula("总览").unwrap();
    assert_eq!(formulas.get_value((0, 0)).unwrap(), "'规范数值'!D5*2");
    assert_eq!(value(&written, "规范数值", "D5"), Data::Float(5_000_000.0));
    assert_eq!(value(&written, "规范数值", "B5"), Data::String("500万元".into()));

    let beside = addition(&pages, &["渠道".into(), "规范数值".into()], &options()).unwrap();
    assert_eq!(beside.written().sheets, ["总览", "规范数值 (2)"], "a user's sheet keeps its name");
}

#[test]
fn what_excel_cannot_hold_is_written_otherwise_and_said() {
    let mut page = Page::new("表", Tab::First);
    page.put(CellRef::new(0, 0), "长".repeat(40_000).into());
    let many: Vec<Expr> =
        (0..300).map(|i| cell("表", &format!("D{}", i * 2 + 1), Val::Number(1.0))).collect();
    page.put(CellRef::new(1, 0), Expr::sum(many).into());
    let deep = |levels| (0..levels).fold(cell("表", "D1", Val::Number(1.0)), |inner, _| inner.round(2));
    page.put(CellRef::new(2, 0), deep(64).into());
    page.put(CellRef::new(3, 0), deep(65).into());
    let written = write(&[page], &options()).unwrap();
    let place = |row| Place::new("表", CellRef::new(row, 0));
    let frozen = [1, 3].map(|row| Remark::FormulaFrozen(place(row)));
    assert_eq!(written.remarks, [[Remark::TextCut(place(0))].as_slice(), &frozen].concat());
    assert_eq!(value(&written, "表", "A2"), Data::Float(300.0));
}

const CHART: &str = "xl/charts/chart1.xml";

#[test]
fn charts_carry_the_values_of_formulas_and_a_chinese_font() {
    let mut page = Page::new("图", Tab::Analysis);
    page.row(Role::Header, ["渠道", "投产比"]);
    for (row, name, n) in [(2, "抖音 & 快手", 6.0), (3, "微信", 3.0)] {
        let ratio = cell("投放", &format!("B{row}"), Val::Number(n)) / 2.0;
        page.row(Role::Body, [PageCell::from(name), PageCell::from(ratio).shaped(Shape::Ratio)]);
    }
    page.charts.push(Chart {
        name: "",
        kind: ChartKind::Bars,
        title: "=投产比!".into(),
        alt: "各渠道投产比".into(),
        series: vec![Series {
            name: "投产比".into(),
            categories: page.column(0, 1, 2),
            values: page.column(1, 1, 2),
            ink: Ink::Accent,
            second: false,
        }],
        at: CellRef::new(5, 0),
        size: (480, 300),
        x_title: None,
        y_title: Some("倍".into()),
        shape: Shape::Ratio,
        labels: true,
        y2: None,
    });
    let unfinished = addition(std::slice::from_ref(&page), &["投放".into()], &options()).unwrap();
    let written = unfinished.written();
    let chart = unfinished.last_touch().part(CHART, part(written, CHART));
    assert!(
        chart.contains(r#"<c:pt idx="0"><c:v>3</c:v></c:pt><c:pt idx="1"><c:v>1.5</c:v></c:pt>"#),
        "{chart}"
    );
    assert!(chart.contains("<c:strCache>") && chart.contains("<c:v>抖音 &amp; 快手</c:v>"), "{chart}");
    assert_eq!(chart.matches("<a:latin").count() + 1, chart.matches("<a:ea").count());
    assert!(chart.contains("</a:p></c:txPr><c:printSettings>"), "{chart}");

    page.charts[0].series[0].values.sheet = "没有的表".into();
    let written = write(&[page], &options()).unwrap();
    assert!(matches!(&written.remarks[..], [Remark::ChartLeftOut { .. }]));
}

#[test]
fn the_same_pages_give_the_same_bytes() {
    let mut page = Page::new("表", Tab::First);
    page.line(Role::Title, 3, "标题");
    for i in 0..40 {
        page.row(Role::Body, [PageCell::from(format!("行{i}")), f64::from(i).into(), "值".into()]);
    }
    page.dresses.push(Dress::Bar(Area::parse("B2:B41").unwrap()));
    page.dropdowns.push((Area::parse("C2:C41").unwrap(), (0..90).map(|i| format!("选项{i}")).collect()));
    let first = write(std::slice::from_ref(&page), &options()).unwrap();
    assert_eq!(first.sheets, ["表", "选项清单"], "a list too long for its rule gets a sheet");
    let second = std::thread::spawn(move || write(&[page], &options()).unwrap()).join().unwrap();
    assert!(first.package == second.package);
}

#[test]
fn english_words_for_english_readers() {
    let options = WriteOptions { lang: Lang::En, ..WriteOptions::default() };
    let mut page = Page::new("Overview", Tab::First);
    page.row(Role::Body, [PageCell::from(125_000.0).shaped(Shape::Wan)]);
    let written = write(&[page], &options).unwrap();
    assert!(part(&written, "xl/worksheets/sheet1.xml").contains("Page &amp;P of &amp;N"));
    assert!(!part(&written, "xl/styles.xml").contains('万'));
}

#[test]
fn unknown_is_not_green() {
    let mut page = Page::new("表", Tab::First);
    page.row(Role::Body, [cell("表", "B1", Val::Blank).known()]);
    page.dresses.push(Dress::Bands { area: Area::parse("A1:A9").unwrap(), good: 1.0, bad: 0.8 });
    let written = write(&[page], &options()).unwrap();
    assert!(part(&written, "xl/worksheets/sheet1.xml").contains("AND(ISNUMBER(A1),A1&gt;=1)"));
}
