//! An independent engine computes what we computed.
//!
//! Every function and operator an [`Expr`] can hold stands on one page, over
//! numbers, blanks, empty texts, texts and ties; LibreOffice recomputes it.

use crate::support::recalc::{assert_recalculates, compare};
use fupan::cell::{Area, CellRef};
use fupan::expr::{Expr, Fun, Op, Range, Val, all, any};
use fupan::page::{Page, PageCell, Role, Tab};
use fupan::xlsx::write::{WriteOptions, write};

/// A page with a block of cells of every kind in A1:E8, and nothing yet below.
///
/// | A name | B number | C number with gaps | D formula showing nothing | E words |
fn block() -> Page {
    let mut page = Page::new("数据", Tab::First);
    let numbers = [120.0, 80.5, 80.5, 300.0, -45.25, 0.0, 1e6, 0.1];
    let gaps = [Some(3.0), None, Some(2.0), None, Some(2.0), Some(0.2), None, Some(-7.0)];
    let words = ["抖音", "微信", "抖音", "Abc", "abc", "微信", "小红书", ">80"];
    for row in 0..8u32 {
        let i = row as usize;
        page.put(CellRef::new(row, 0), format!("行{row}").into());
        let number = page.put(CellRef::new(row, 1), numbers[i].into());
        let gap = page.put(CellRef::new(row, 2), gaps[i].map_or(PageCell::default(), PageCell::from));
        page.put(CellRef::new(row, 3), (number / gap).known().into());
        page.put(CellRef::new(row, 4), words[i].into());
    }
    page.put(CellRef::new(0, 5), " 12.5 ".into());
    page.put(CellRef::new(1, 5), "市场部*".into());
    // LibreOffice counts the cells of a column that holds nothing at all: this one holds something further down.
    page.put(CellRef::new(20, 6), "下面".into());
    page
}

fn range(page: &Page, a1: &str) -> Expr {
    page.range(Area::parse(a1).unwrap()).into()
}

fn cell(page: &Page, a1: &str) -> Expr {
    let at = CellRef::parse(a1).unwrap();
    let value = page.cells.get(&at).map_or(Val::Blank, |cell| cell.show.value());
    Expr::cell(fupan::cell::Place { sheet: page.name.clone(), cell: at }, value)
}

fn call(fun: Fun, args: impl IntoIterator<Item = Expr>) -> Expr {
    Expr::call(fun, args)
}

/// Everything worth asking, over the block.
fn questions(page: &Page) -> Vec<Expr> {
    use Fun::*;
    let r = |a1: &str| range(page, a1);
    let c = |a1: &str| cell(page, a1);
    let t = Expr::text;
    let n = Expr::from;
    let mut asked = Vec::new();

    for area in ["B1:B8", "C1:C8", "D1:D8", "E1:E8", "G1:G8"] {
        for fun in [Sum, Count, CountA, Min, Max] {
            asked.push(call(fun, [r(area)]));
        }
        for fun in [Average, Median] {
            asked.push(call(IfError, [call(fun, [r(area)]), t("无")]));
            asked.push(call(fun, [r(area)]).known());
        }
    }
    asked.push(call(Sum, [c("B1"), c("C2"), c("D2"), n(5.0), c("B2") * 2.0]));
    asked.push(call(Count, [c("B1"), c("C2"), c("D2"), c("E1")]));
    asked.push(call(CountA, [c("B1"), c("C2"), c("D2"), c("E1")]));
    asked.push(c("B1").min(c("B4")).max(c("C2")));
    asked.push(call(Max, [c("C2"), c("D2")]));
    asked.push(call(Average, [c("B1"), c("C2"), c("B4")]));

    for (number, digits) in [
        (2.5, 0),
        (-2.5, 0),
        (1.005, 2),
        (2.675, 2),
        (0.285, 2),
        (1234.5678, -2),
        (-1.25, 1),
        (1e15 + 0.3, 0),
        (0.1 + 0.2, 1),
        (33.349_999_999_999_994, 1),
        (1e-7, 3),
    ] {
        asked.push((c("C6") * 0.0 + number).round(digits));
    }
    asked.push(c("F1") + 1.0);
    asked.push(call(Sum, [c("F1"), c("B1")]));
    asked.push(call(Count, [c("F1")]));
    asked.push(call(CountIf, [r("F1:F8"), t("市场部~*")]));
    asked.push(call(Match, [t("市场*"), r("F1:F8"), n(0.0)]));
    asked.push(call(Abs, [c("B5")]));
    asked.push(call(Ln, [c("B1")]));
    asked.push(call(IfError, [call(Ln, [c("B6")]), t("—")]));
    asked.push(call(Sqrt, [c("B1")]));
    asked.push(call(IfError, [call(Sqrt, [c("B5")]), n(-1.0)]));
    asked.push(call(IfError, [c("B1") / c("B6"), t("")]));
    asked.push(call(IfError, [c("B1") / c("C2"), t("空")]));
    asked.push(call(IfError, [c("E1") + 1.0, t("文字")]));
    asked.push(call(IfError, [c("D2") + 1.0, t("空文字")]));
    asked.push(c("C2") + c("B1") * c("B2") - c("B3") / 3.0);
    asked.push(c("B1") - (c("B2") - (c("B3") - 1.0)));
    asked.push(c("C2"));
    asked.push(c("E4"));

    let values = ["B1", "B2", "B6", "C2", "D2", "E1", "E4", "E5"];
    for left in values {
        for right in values {
            for op in [Op::Eq, Op::Ne, Op::Lt, Op::Le, Op::Gt, Op::Ge] {
                asked.push(c(left).op(op, c(right)));
            }
        }
        asked.push(c(left).op(Op::Eq, ""));
        asked.push(c(left).op(Op::Eq, 0.0));
        asked.push(call(IsNumber, [c(left)]));
        asked.push(c(left).op(Op::Join, "元"));
        asked.push(c(left).op(Op::Gt, 50.0).then("高", "低"));
    }
    asked.push((c("B8") + 0.2).op(Op::Join, ""));
    asked.push((c("B1") / 7.0).op(Op::Join, "倍"));
    asked.push((c("B8") / 1e9).op(Op::Join, ""));
    asked.push((c("B8") * -1.0).op(Op::Join, ""));
    asked.push((c("B8") + 0.2).op(Op::Eq, 0.3));

    asked.push(all(vec![c("B1").op(Op::Gt, 1.0), c("B2").op(Op::Gt, 1.0)]).unwrap());
    asked.push(any(vec![c("B6").op(Op::Gt, 1.0), c("B2").op(Op::Gt, 1000.0)]).unwrap());
    asked.push(call(Not, [c("B6")]));
    asked.push(call(And, [c("B1"), c("B6")]));
    asked.push(call(Or, [c("B1"), c("B6")]));
    asked.push(call(If, [c("C2"), t("有"), t("无")]));
    asked.push(call(If, [c("B1").op(Op::Lt, 0.0), t("负")]));

    for criterion in [
        t("抖音"),
        t("abc"),
        t(">80"),
        t("<=80.5"),
        t("<>抖音"),
        t("<>"),
        t("="),
        t("<>0"),
        t("=0"),
        t(">=-50"),
        n(80.5),
        n(0.0),
        t("80.5"),
        t(""),
        t("?音"),
        t("*B*"),
        t("<>*信"),
    ] {
        for area in ["B1:B8", "C1:C8", "E1:E8", "D1:D8"] {
            asked.push(call(CountIf, [r(area), criterion.clone()]));
        }
        asked.push(call(SumIf, [r("E1:E8"), criterion.clone(), r("B1:B8")]));
        asked.push(call(SumIf, [r("B1:B8"), criterion.clone()]));
        asked.push(call(CountIfs, [r("E1:E8"), criterion.clone(), r("B1:B8"), t(">0")]));
        asked.push(call(SumIfs, [r("B1:B8"), r("E1:E8"), criterion, r("C1:C8"), t(">0")]));
    }
    asked.push(call(SumIf, [r("E1:E8"), c("E1"), r("C1:C8")]));
    asked.push(call(CountIf, [r("E1:E8"), c("E4")]));

    asked.push(call(SumProduct, [r("B1:B8"), r("C1:C8")]));
    asked.push(call(SumProduct, [r("B1:B8"), r("E1:E8")]));
    asked.push(call(SumProduct, [r("B1:B8"), r("D1:D8")]));
    for (of, order) in [("B1", 0.0), ("B2", 0.0), ("B3", 1.0), ("B7", 1.0), ("B8", 0.0)] {
        asked.push(call(Rank, [c(of), r("B1:B8"), n(order)]));
    }
    asked.push(call(Rank, [c("C1"), r("C1:C8"), n(0.0)]));
    asked.push(call(Match, [t("ABC"), r("E1:E8"), n(0.0)]));
    asked.push(call(Match, [n(300.0), r("B1:B8"), n(0.0)]));
    asked.push(call(IfError, [call(Match, [t("没有"), r("E1:E8"), n(0.0)]), t("没有")]));
    asked.push(call(Index, [r("E1:E8"), call(Match, [call(Max, [r("B1:B8")]), r("B1:B8"), n(0.0)])]));
    asked.push(call(Index, [r("B1:B8"), n(2.0)]));
    asked.push(call(Index, [r("C1:C8"), n(2.0)]) + 1.0);

    for (number, format) in [
        (0.4826, "0.0%"),
        (-0.0526, "0.0%"),
        (1_234_567.891, "#,##0"),
        (1_234_567.891, "#,##0.00"),
        (999.5, "#,##0"),
        (0.285, "0.00"),
        (2.5, "0"),
        (-2.5, "0"),
        (0.0, "0.0%"),
        (12.0, "0"),
        (-0.001, "0.0"),
        (123_456.0, "#,##0.0"),
    ] {
        asked.push(call(Text, [c("B6") + number, t(format)]));
    }
    asked
        .push(t("完成 ").op(Op::Join, call(Text, [c("B1") / c("B4"), t("0.0%")])).op(Op::Join, "，“引号\"”"));

    for known in [
        c("B1") / c("B4"),
        c("B1") / c("B6"),
        c("B1") / c("C2"),
        c("B1") / (c("C1") - 3.0),
        c("C2") + c("B1"),
        Expr::sum([c("C2"), c("C4")]) / c("B1"),
        Expr::sum([c("C1"), c("C2")]) / c("B1"),
        c("D2") * 2.0,
        c("D1") * 2.0,
        call(Median, [r("C1:C8")]) * 2.0,
        (c("B1") - c("B2")) / c("B2") - 1.0,
        call(SumIf, [r("E1:E8"), t("抖音"), r("B1:B8")]) / c("B1"),
    ] {
        asked.push(known.known());
    }
    asked
}

fn sheet(page: &mut Page, asked: &[Expr]) {
    for (row, expr) in (10u32..).zip(asked) {
        let mut cell: PageCell = fupan::page::Show::Formula(expr.clone()).into();
        cell.role = Role::Body;
        page.put(CellRef::new(row, 0), cell);
    }
}

#[test]
fn libreoffice_computes_every_function_as_we_do() {
    let mut page = block();
    let asked = questions(&page);
    sheet(&mut page, &asked);
    let written = write(&[page], &WriteOptions::default()).unwrap();
    assert!(written.remarks.is_empty());
    assert_recalculates(&[("functions", &written.package)]);
}

#[test]
fn the_comparison_sees_a_wrong_value() {
    let mut page = block();
    let wrong = Expr::from(Range { values: vec![Val::Number(1.0); 8].into(), ..page.column(1, 0, 7) });
    sheet(&mut page, &[call(Fun::Sum, [wrong])]);
    let written = write(&[page], &WriteOptions::default()).unwrap();
    let (_, differences) = compare(&[("wrong", &written.package, None)]);
    assert_eq!(differences.len(), 1, "{differences:?}");
}
