//! Tables that go on across: channels, days and blocks beside each other, figures in lines.

use super::*;

/// The records of a table, as some columns of each.
fn records_of(name: &str, lines: &[&str], table: &str, columns: &[&str]) -> Vec<String> {
    let (records, findings) = read(vec![sheet(name, lines)]);
    let row = |row: &Record| columns.iter().map(|id| plain(row, id)).collect::<Vec<_>>().join(" ");
    let found: Vec<String> = rows(&records, table).iter().map(row).collect();
    assert!(trouble(&findings).iter().all(|it| !it.starts_with("duplicate")), "{:?}", trouble(&findings));
    found
}

/// A value as typed, or where it stands if nothing was.
fn plain(record: &Record, column: &str) -> String {
    record.fields.get(column).map_or("-".into(), |field| field.text.trim().to_owned())
}

const DAYS: [&str; 4] = ["date", "channel", "exposure", "spend"];

#[test]
fn channels_over_the_same_figures_part_the_records() {
    let lines = [
        "日期|抖音||小红书|",
        "|曝光量|花费|曝光量|花费",
        "d:2024-11-01|1000|100|800|80",
        "d:2024-11-02|1200|120|900|90",
    ];
    let found = records_of("日报", &lines, "daily", &DAYS);
    assert_eq!(found.len(), 4);
    assert!(found[0].ends_with("抖音 1000 100"), "{found:?}");
    assert!(found[3].ends_with("小红书 900 90"), "{found:?}");
}

#[test]
fn the_group_of_all_channels_is_no_channel() {
    let lines = [
        "日期|抖音||小红书||合计|",
        "|曝光量|花费|曝光量|花费|曝光量|花费",
        "d:2024-11-01|1000|100|800|80|1800|180",
        "d:2024-11-02|1200|120|900|90|2100|210",
    ];
    let found = records_of("日报", &lines, "daily", &["channel"]);
    assert_eq!(found, ["抖音", "小红书", "抖音", "小红书"]);
}

#[test]
fn the_same_columns_side_by_side_go_on() {
    let lines = [
        "日期|花费|销售额|日期|花费|销售额",
        "d:2024-11-01|100|600|d:2024-11-03|90|480",
        "d:2024-11-02|120|500|d:2024-11-04|80|450",
    ];
    let found = records_of("日报", &lines, "daily", &["spend", "sales"]);
    assert_eq!(found, ["100 600", "120 500", "90 480", "80 450"]);
}

#[test]
fn figures_may_lie_in_lines() {
    let lines =
        ["指标|抖音|小红书|合计", "曝光量|1000|800|1800", "花费(元)|100|80|180", "销售额(元)|600|300|900"];
    let found = records_of("渠道投放", &lines, "channels", &["channel", "exposure", "spend", "sales"]);
    assert_eq!(found, ["抖音 1000 100 600", "小红书 800 80 300"]);
    let lines = ["指标|d:2024-11-01|d:2024-11-02", "曝光量|1000|800", "花费|100|80"];
    assert_eq!(records_of("日报", &lines, "daily", &["exposure", "spend"]), ["1000 100", "800 80"]);
}

#[test]
fn days_may_stand_over_one_figure_that_the_title_names() {
    let lines = [
        "各渠道花费|||",
        "渠道|d:2024-11-01|d:2024-11-02|d:2024-11-03",
        "抖音|101|120|90",
        "小红书|80|95|60",
        "合计|181|215|150",
    ];
    let found = records_of("Sheet1", &lines, "daily", &["channel", "spend"]);
    assert_eq!(found, ["抖音 101", "抖音 120", "抖音 90", "小红书 80", "小红书 95", "小红书 60"]);
}

#[test]
fn plan_and_actual_are_two_figures_of_one_record() {
    let lines = ["项目|预算||实际|", "|数量|金额|数量|金额", "海报|10|1000|12|1250", "易拉宝|4|800|4|760"];
    let (records, _) = read(vec![sheet("物料", &lines)]);
    assert!(records.tables.values().all(|table| table.rows.len() <= 2), "no record twice");
}

#[test]
fn where_no_column_says_what_goes_on_across_it_is_asked() {
    let lines = ["费用明细|1月|2月|3月", "搭建费|1000|900|800", "人工费|500|600|700"];
    let (records, findings) = read(vec![sheet("预算", &lines)]);
    assert!(rows(&records, "budget").is_empty(), "months are no column of a budget");
    assert!(
        findings.iter().any(|it| it.code.name == "which-table" || it.code.name == "sheet-not-recognised")
    );
}
