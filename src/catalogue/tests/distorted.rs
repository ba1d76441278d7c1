//! However a clean table is distorted, each value is read right or reported, never silently wrong.

use proptest::prelude::*;

use super::*;
use crate::catalogue::record::Value;
use crate::locale::traditional;

/// Values of each column, as a person types them and as they are to be read.
const COLUMNS: [(&str, &[&str], &[&str]); 6] = [
    ("channel", &["渠道", "Channel", "渠道名称", "投放渠道"], &["抖音", "小红书", "线下门店"]),
    (
        "spend",
        &["花费(元)", "花费", "Spend (CNY)", "花费（万元）", "实际花费（元）"],
        &["12000", "8000", "3000"],
    ),
    ("exposure", &["曝光量", "曝光量（次）", "曝光量(万次)", "曝光數"], &["500000", "210000", "9000"]),
    ("conversions", &["转化数", "轉化數", "Conversions", "转化数*（必填）"], &["320", "150", "70"]),
    ("sales", &["销售额(元)", "銷售額（元）", "销售额(万元)"], &["64000", "30000", "14000"]),
    ("source", &["数据来源", "數據來源", "数据来源：", "Data source"], &["巨量后台", "蒲公英", "门店系统"]),
];

#[derive(Debug, Clone)]
struct Distortion {
    order: Vec<usize>,
    labels: Vec<usize>,
    above: Vec<&'static str>,
    shift: usize,
    name: &'static str,
    extra: Vec<(usize, &'static str)>,
    total: bool,
    blank_rows: usize,
    hant: bool,
}

fn distortion() -> impl Strategy<Value = Distortion> {
    let lines = prop::sample::select(vec![
        "",
        "2024双十二",
        "渠道效果表",
        "制表：市场部",
        "数据截至 12 月 31 日",
        "各渠道投放情况如下",
    ]);
    let names = prop::sample::select(vec![
        "渠道效果表",
        "渠道",
        "Sheet1",
        "渠道效果表 (2)",
        "3.渠道效果",
        "投放数据",
        "通路成效表",
    ]);
    let extras = prop::sample::select(vec![
        "负责小组",
        "截图",
        "达人数",
        "新客转化率",
        "花费占比",
        "去年同期销售额",
        "内部编号",
        "点击率备注",
    ]);
    (
        Just((0..COLUMNS.len()).collect::<Vec<_>>()).prop_shuffle(),
        prop::collection::vec(0..8usize, COLUMNS.len()),
        prop::collection::vec(lines, 0..6),
        0..4usize,
        names,
        prop::collection::vec((0..8usize, extras), 0..3),
        any::<bool>(),
        0..6usize,
        any::<bool>(),
    )
        .prop_map(|(order, labels, above, shift, name, extra, total, blank_rows, hant)| Distortion {
            order,
            labels,
            above,
            shift,
            name,
            extra,
            total,
            blank_rows,
            hant,
        })
}

/// The distorted sheet, and the base figure of every cell under its header.
fn distorted(it: &Distortion) -> Sheet {
    let mut columns: Vec<(String, Vec<String>)> = Vec::new();
    for &column in &it.order {
        let (_, labels, texts) = COLUMNS[column];
        let label = labels[it.labels[column] % labels.len()];
        // A bare number stands for so many 万 under a header that says so.
        let scaled = |text: &str| match (label.contains('万'), text.parse::<f64>()) {
            (true, Ok(n)) => (n / 10_000.0).to_string(),
            _ => text.to_owned(),
        };
        let label = if it.hant { traditional(label) } else { label.to_owned() };
        columns.push((label, texts.iter().map(|text| scaled(text)).collect()));
    }
    for (at, name) in &it.extra {
        let at = at % (columns.len() + 1);
        columns.insert(at, ((*name).to_owned(), vec!["777".into(), "888".into(), "999".into()]));
    }
    let mut rows: Vec<Vec<String>> =
        it.above.iter().map(|line| vec![String::new(), (*line).to_owned()]).collect();
    let line = |cells: Vec<String>| [vec![String::new(); it.shift], cells].concat();
    rows.push(line(columns.iter().map(|(label, _)| label.clone()).collect()));
    for row in 0..3 {
        rows.push(line(columns.iter().map(|(_, texts)| texts[row].clone()).collect()));
        if row == 1 {
            rows.extend(vec![Vec::new(); it.blank_rows]);
        }
    }
    if it.total {
        rows.push(line(
            columns
                .iter()
                .enumerate()
                .map(|(at, (_, texts))| {
                    let sum: Option<f64> = texts.iter().map(|text| text.parse::<f64>().ok()).sum();
                    if at == 0 {
                        "合计".to_owned()
                    } else {
                        sum.map_or(String::new(), |sum| sum.to_string())
                    }
                })
                .collect(),
        ));
    }
    grid(it.name, &rows)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_distorted_table_is_read_right_or_reported(it in distortion()) {
        let sheet = distorted(&it);
        let (records, findings) = read(vec![sheet]);
        let others: Vec<_> = records.tables.keys().filter(|id| *id != "channels").collect();
        prop_assert!(others.is_empty(), "read as {others:?}");
        let found = rows(&records, "channels");
        let told = findings.iter().any(|finding| finding.severity > Severity::Note) || !records.unread.is_empty();
        prop_assert!(found.len() == 3 || (found.is_empty() && told), "{} rows", found.len());
        for (number, row) in found.iter().enumerate() {
            for (column, _, texts) in COLUMNS {
                let field = &row.fields[column];
                match &field.value {
                    Some(Value::Number(n)) => {
                        let expected: f64 = texts[number].parse().unwrap();
                        prop_assert!((n - expected).abs() < 1e-6, "{column}: {n} for {expected}");
                    }
                    Some(Value::Text(text)) => prop_assert_eq!(text, texts[number]),
                    other => prop_assert!(told, "{}: {:?} and nobody says so", column, other),
                }
            }
            for column in ["new_customers", "clicks", "signups", "unit_value", "budget", "remark", "target", "kind", "phase"] {
                prop_assert!(row.fields[column].value.is_none(), "{column} was made up: {:?}", row.fields[column]);
            }
        }
    }
}

fn any_cell() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(vec![
            "", "渠道", "花费(元)", "转化数", "数据来源", "指标", "活动前", "活动期", "项目", "内容说明", "活动名称", "活动周期",
            "总预算(元)", "合计", "示例：抖音", "[具体数字]", "备注", "12000", "1.2万", "%:0.15", "d:2024-12-01", "#REF!",
            "=SUM(B2:B3)→5", "=B2→", "2024-12-01~2024-12-12", "高", "√", "待定", "活动编号", "目标值", "指标名称", "实际值",
        ]).prop_map(str::to_owned),
        1 => "\\PC{0,12}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_a_sheet_can_hold_stops_the_reading_and_it_reads_the_same_twice(
        rows in prop::collection::vec(prop::collection::vec(any_cell(), 0..7), 0..14),
        merges in prop::collection::vec((0..14u32, 0..7u32, 0..4u32, 0..4u32), 0..4),
    ) {
        let mut sheet = grid("表", &rows);
        sheet.merges = merges
            .iter()
            .map(|(row, col, down, right)| Area::new(CellRef::new(*row, *col), CellRef::new(row + down, col + right)))
            .collect();
        let (records, findings) = read(vec![sheet.clone()]);
        let (again, said_again) = read(vec![sheet.clone()]);
        prop_assert_eq!(findings, said_again);
        prop_assert_eq!(format!("{records:?}"), format!("{again:?}"));
        for row in records.tables.values().flat_map(|table| &table.rows) {
            for field in row.fields.values().filter(|field| field.value.is_some()) {
                let at = field.at.as_ref().unwrap();
                prop_assert!(!sheet.content(at.cell).is_blank(), "{field:?} came from nowhere");
            }
        }
    }
}

#[test]
fn nearly_every_distorted_table_is_read_whole() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut whole, mut columns) = (0, 0);
    for _ in 0..200 {
        let it = distortion().new_tree(&mut runner).unwrap().current();
        let (records, _) = read(vec![distorted(&it)]);
        let found = rows(&records, "channels");
        whole += usize::from(found.len() == 3);
        columns += COLUMNS
            .iter()
            .filter(|(column, _, _)| found.first().is_some_and(|row| row.fields[*column].value.is_some()))
            .count();
    }
    let share = columns as f64 / (200 * COLUMNS.len()) as f64;
    assert!(whole >= 196 && share >= 0.97, "{whole} of 200 tables, {share:.3} of the columns");
}
