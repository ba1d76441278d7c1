//! Units stated once, in a line above a table.

use super::*;
use crate::catalogue::record::Value;

const HEADER: &str = "渠道|花费|转化数|客单价|销售额|数据来源";
const ROW: &str = "抖音|12.5|5000|150|75|后台";

fn money(records: &Records, row: usize) -> [String; 3] {
    let row = &rows(records, "channels")[row];
    ["spend", "unit_value", "sales"].map(|column| value(row, column))
}

fn said(findings: &[Finding]) -> Vec<&'static str> {
    let about = |finding: &&Finding| finding.code.name.starts_with("unit-");
    findings.iter().filter(about).map(|finding| finding.code.name).collect()
}

#[test]
fn a_line_above_speaks_of_the_amounts() {
    let wan = ["Number(125000.0)", "Number(150.0)", "Number(750000.0)"];
    for above in
        ["单位：万元", "双十二复盘（单位：万元）", "双十二复盘||||金额单位：人民币万元", "||||單位：萬元、人"]
    {
        let (records, findings) = read(vec![sheet("渠道效果表", &[above, HEADER, ROW])]);
        assert_eq!(money(&records, 0), wan, "{above}");
        assert_eq!(said(&findings), ["unit-note-applied"], "{above}");
    }
    let plain = ["Number(12.5)", "Number(150.0)", "Number(75.0)"];
    for above in ["单位：元", "主办单位：万家集团", "各单位请周五前填完"] {
        let (records, findings) = read(vec![sheet("渠道效果表", &[above, HEADER, ROW])]);
        assert_eq!(money(&records, 0), plain, "{above}");
        assert_eq!(said(&findings), [""; 0], "{above}");
    }
}

#[test]
fn what_a_header_or_a_cell_says_itself_counts_more() {
    let header = "渠道|花费(元)|转化数|销售额|数据来源";
    let (records, findings) = read(vec![sheet(
        "渠道效果表",
        &["单位：万元", header, "抖音|125000|5000|75|后台", "微信|50000|900|30万元|后台"],
    )]);
    let amounts =
        |row: usize| ["spend", "sales"].map(|column| value(&rows(&records, "channels")[row], column));
    assert_eq!(amounts(0), ["Number(125000.0)", "Number(750000.0)"]);
    assert_eq!(amounts(1), ["Number(50000.0)", "Number(300000.0)"]);
    assert_eq!(said(&findings), ["unit-note-applied"]);
}

#[test]
fn what_is_unclear_is_asked_and_not_converted() {
    for above in ["单位：万", "单位：千元、万元"] {
        let (records, findings) = read(vec![sheet("渠道效果表", &[above, HEADER, ROW])]);
        assert_eq!(value(&rows(&records, "channels")[0], "spend"), "Number(12.5)", "{above}");
        assert_eq!(said(&findings), ["unit-note-unclear"], "{above}");
    }
    // Goals have each a unit of its own.
    let goals =
        ["单位：万元", "指标名称|目标值|实际值|数据来源", "销售额|150|145|ERP", "新增会员|5000|6000|CRM"];
    let (_, findings) = read(vec![sheet("活动效果数据汇总表", &goals)]);
    assert_eq!(said(&findings), ["unit-note-unclear"]);
}

#[test]
fn a_foreign_unit_above_is_not_read_as_yuan() {
    let (records, findings) = read(vec![sheet("渠道效果表", &["单位：美元", HEADER, ROW])]);
    for amount in money(&records, 0) {
        assert!(amount.starts_with("Unreadable(Foreign"), "{amount}");
    }
    let asked: Vec<usize> =
        findings.iter().filter(|it| it.code.name == "foreign-currency").map(Finding::cells).collect();
    assert_eq!((asked, said(&findings).len()), (vec![3], 0), "one question for all of them");
}

#[test]
fn each_table_of_a_sheet_has_its_own_line() {
    let second = ["费用科目|预算金额|实际发生|备注", "推广费|10|9|"];
    let stacked = |between: &[&str]| {
        let rows: Vec<&str> = [&["单位：万元", HEADER, ROW][..], between, &second].concat();
        let (records, findings) = read(vec![sheet("Sheet1", &rows)]);
        (value(&rows_of(&records), "actual"), said(&findings))
    };
    fn rows_of(records: &Records) -> Record {
        rows(records, "costs")[0].clone()
    }
    let own = stacked(&["", "单位：元"]);
    assert_eq!(own, ("Number(9.0)".to_owned(), vec!["unit-note-applied"]));
    // Whether the first line speaks of the second table, too, is for the team to say.
    let none = stacked(&["", "成本收益表"]);
    assert_eq!(none, ("Number(9.0)".to_owned(), vec!["unit-note-applied", "unit-note-unclear"]));
    // The last line of the first table is not the second one's.
    let foot = stacked(&["单位：千元", "", "成本收益表"]);
    assert_eq!(foot.0, "Number(9.0)");
}

#[test]
fn groups_between_the_line_and_the_header_change_nothing() {
    let groups = "基本信息|投放||结果||说明";
    let (records, _) = read(vec![sheet("渠道效果表", &["单位：万元", groups, HEADER, ROW])]);
    assert_eq!(money(&records, 0), ["Number(125000.0)", "Number(150.0)", "Number(750000.0)"]);
    // A group may state the unit of its columns, though the headers below need no group.
    let header = "页面|浏览量|访客数|加购|下单|支付人数";
    let (records, _) = read(vec![sheet(
        "流量数据表",
        &["|||人数（万人）||", header, "主会场|34548|15704|0.2095|0.1268|1027"],
    )]);
    let row = &rows(&records, "traffic")[0];
    assert_eq!(
        ["cart", "order", "pay"].map(|it| value(row, it)),
        ["Number(2095.0)", "Number(1268.0)", "Number(1027.0)"]
    );
}

#[test]
fn a_line_over_tables_side_by_side_speaks_of_the_one_it_covers() {
    // The line of the second table begins over the last column of the first one.
    let (records, findings) = read(vec![merged(
        sheet(
            "数据",
            &["|||单位：万元", &["科目|预算|备注|实际", HEADER].join("|"), &["推广费|80||75", ROW].join("|")],
        ),
        &["D1:J1"],
    )]);
    assert_eq!(value(&rows(&records, "costs")[0], "budget"), "Number(80.0)", "{findings:?}");
    assert_eq!(money(&records, 0), ["Number(125000.0)", "Number(150.0)", "Number(750000.0)"]);
}

/// A cell shown in another way than its number says.
fn formatted(text: &str, shown: Shown) -> Cell {
    Cell { shown, ..cell(text) }
}

#[test]
fn a_row_may_state_its_own_unit() {
    let rows_of = |sheet: Sheet| {
        let (records, findings) = read(vec![sheet]);
        let rows = rows(&records, "results").to_vec();
        let values: Vec<[String; 2]> =
            rows.iter().map(|row| ["target", "actual"].map(|column| value(row, column))).collect();
        (values, said(&findings))
    };
    let named = |unit: &str, target: &str, actual: &str| {
        let row = format!("指标甲|{unit}|{target}|{actual}|后台");
        sheet("活动效果数据汇总表", &["指标名称|单位|目标值|实际值|数据来源", &row])
    };
    for (unit, target, actual, levels) in [
        ("万元", "100", "98", ["1000000.0", "980000.0"]),
        ("元", "100", "98", ["100.0", "98.0"]),
        ("%", "3", "2.5", ["0.03", "0.025"]),
        ("小时", "2", "1.5", ["7200.0", "5400.0"]),
        ("万元", "100万", "98", ["1000000.0", "980000.0"]),
    ] {
        let (values, _) = rows_of(named(unit, target, actual));
        assert!(values[0][0].contains(&format!("Level({})", levels[0])), "{unit}: {values:?}");
        assert!(values[0][1].contains(&format!("value: {}", levels[1])), "{unit}: {values:?}");
    }
    let header = "指标名称|目标值|实际值|数据来源";
    let (values, told) =
        rows_of(sheet("活动效果数据汇总表", &[header, "销售额(万元)|500|520|ERP", "退货率%|6|5.5|ERP"]));
    assert!(
        values[0][0].contains("Level(5000000.0)") && values[0][1].contains("value: 5200000.0"),
        "{values:?}"
    );
    assert!(values[1][0].contains("Level(0.06)") && values[1][1].contains("value: 0.055"), "{values:?}");
    assert_eq!(told, ["unit-by-row"]);
}

#[test]
fn a_line_may_name_what_its_units_are_for() {
    let (records, findings) = read(vec![sheet(
        "渠道效果表",
        &["金额单位：万元，曝光单位：万次", "渠道|花费|曝光量|转化数|数据来源", "抖音|3|52|52|后台"],
    )]);
    let row = &rows(&records, "channels")[0];
    assert_eq!(
        ["spend", "exposure", "conversions"].map(|it| value(row, it)),
        ["Number(30000.0)", "Number(520000.0)", "Number(52.0)"]
    );
    assert_eq!(said(&findings), ["unit-note-applied"]);
    let (_, findings) = read(vec![sheet("渠道效果表", &["库存单位：万件", HEADER, ROW])]);
    assert_eq!(said(&findings), ["unit-note-unclear"]);
}

#[test]
fn a_format_that_shows_the_headers_unit_has_not_changed_the_number() {
    for (header, shown, spend) in [
        ("花费(万元)", Shown::Scaled(4), "Number(30000.0)"),
        ("花费(千元)", Shown::Scaled(3), "Number(30000.0)"),
        ("花费(元)", Shown::Scaled(4), "Number(30000.0)"),
        ("花费(万元)", Shown::General, "Number(300000000.0)"),
    ] {
        let header = format!("渠道|{header}|转化数|数据来源");
        let mut sheet = sheet("渠道效果表", &[&header, "抖音|30000|52|后台"]);
        sheet.cells.insert(CellRef::new(1, 1), formatted("30000", shown));
        let (records, _) = read(vec![sheet]);
        assert_eq!(value(&rows(&records, "channels")[0], "spend"), spend, "{header}");
    }
}

#[test]
fn foreign_money_is_asked_about_however_it_is_named() {
    use crate::quantity::Currency;
    let usd = Currency::of("USD").unwrap();
    let header = |unit: &str| format!("渠道|花费{unit}|转化数|数据来源");
    let written =
        |unit: &str, spend: &str| sheet("渠道效果表", &[&header(unit), &format!("抖音|{spend}|52|后台")]);
    let mut dollars = written("", "900");
    dollars.cells.insert(CellRef::new(1, 1), formatted("900", Shown::Foreign(usd)));
    for sheet in [
        dollars,
        written("($)", "900"),
        written("", "$900"),
        written("", "US$900"),
        written("", "900美元"),
        written("(元)", "HK$900"),
        written("", "€900"),
        written("", "£900"),
        written("", "NT$900"),
    ] {
        let (records, findings) = read(vec![sheet.clone()]);
        let row = &rows(&records, "channels")[0];
        assert!(value(row, "spend").starts_with("Unreadable(Foreign"), "{}", value(row, "spend"));
        let asked = findings.iter().filter(|it| it.code.name == "foreign-currency").count();
        assert_eq!(asked, 1, "{sheet:?}");
    }
    let (records, _) = read(vec![written("($)", "900元")]);
    assert_eq!(
        value(&rows(&records, "channels")[0], "spend"),
        "Number(900.0)",
        "what the cell says itself counts"
    );
}

#[test]
fn foreign_money_is_converted_where_the_settings_give_a_rate() {
    use crate::quantity::Currency;
    let rates = [(Currency::of("USD").unwrap(), 7.0)].into();
    let policy = ReadPolicy { rates, ..ReadPolicy::default() };
    let workbook = Workbook {
        sheets: vec![sheet(
            "渠道效果表",
            &["渠道|花费(k$)|转化数|数据来源", "抖音|2|52|后台", "微信|1500美元|5|后台"],
        )],
        ..Workbook::default()
    };
    let mut sink = Sink::default();
    let records = decode(Catalogue::shipped(), &workbook, &policy, &mut sink);
    let rows = rows(&records, "channels");
    assert_eq!(value(&rows[0], "spend"), "Number(14000.0)");
    assert_eq!(rows[0].fields["spend"].scale, Some(7000.0), "a formula may refer to the cell");
    assert_eq!(value(&rows[1], "spend"), "Number(10500.0)");
    let told: Vec<&str> =
        sink.findings.iter().map(|it| it.code.name).filter(|it| it.contains("currency")).collect();
    assert_eq!(told, ["currency-converted"]);
}

#[test]
fn a_rate_without_its_percent_sign_goes_by_its_goal() {
    let both = |target: &str, actual: &str| {
        let kpi = format!("结果指标|点击率|{target}|后台");
        let result = format!("点击率|{actual}|后台");
        let (records, findings) = read(vec![
            sheet("KPI拆解表", &["指标类型|指标名称|目标值|数据来源", &kpi]),
            sheet("活动效果数据汇总表", &["指标名称|实际值|数据来源", &result]),
        ]);
        let level = match &rows(&records, "kpi")[0].fields["target"].value {
            Some(Value::Target(target)) => format!("{:?} {:?}", target.aim, target.unit),
            other => format!("{other:?}"),
        };
        let actual = match &rows(&records, "results")[0].fields["actual"].value {
            Some(Value::Measure(measure)) => format!("{} {:?}", measure.value, measure.unit),
            other => format!("{other:?}"),
        };
        let told = findings.iter().filter(|it| it.code.name == "percent-as-whole-number").count();
        (level, actual, told)
    };
    for (target, actual, level, read, told) in [
        ("≥15%", "18", "Level(0.15) Percent", "0.18 Percent", 1),
        ("≥6.1%", "5.65", "Level(0.061) Percent", "0.0565 Percent", 1),
        ("≥6.1%", "0.0565", "Level(0.061) Percent", "0.0565 Percent", 0),
        ("≥1.2%", "1.04", "Level(0.012) Percent", "0.0104 Percent", 1),
        ("≥100%", "1.04", "Level(1.0) Percent", "1.04 Percent", 0),
        ("15", "%:0.18", "Level(0.15) Percent", "0.18 Percent", 1),
        ("100", "120%", "Level(1.0) Percent", "1.2 Percent", 1),
        ("6.1", "5.65", "Level(0.061) Percent", "0.0565 Percent", 2),
        ("6.1", "0.0565", "Level(0.061) Percent", "0.0565 Percent", 1),
        ("3000", "18%", "Level(3000.0) None", "0.18 Percent", 0),
        ("500", "520", "Level(5.0) Percent", "5.2 Percent", 2),
    ] {
        assert_eq!(both(target, actual), (level.to_owned(), read.to_owned(), told), "{target} {actual}");
    }
}

#[test]
fn a_completion_is_on_the_scale_its_row_gives() {
    let table = |actual: &str, completion: &str| {
        let row = format!("新客数|500人|{actual}|{completion}|后台");
        let (records, findings) =
            read(vec![sheet("活动效果数据汇总表", &["指标名称|目标值|实际值|完成率|数据来源", &row])]);
        (value(&rows(&records, "results")[0], "completion"), trouble(&findings).len())
    };
    assert_eq!(table("520人", "1.04"), ("Number(1.04)".to_owned(), 0));
    assert_eq!(table("1300人", "2.6"), ("Number(2.6)".to_owned(), 0));
    assert_eq!(table("520人", "104"), ("Number(1.04)".to_owned(), 1));
}
