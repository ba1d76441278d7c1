#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::workbook::Cell;

/// A workbook with one sheet, a line a row, `|` between cells.
fn workbook(rows: &[&str]) -> Workbook {
    let mut sheet = Sheet::new("导出");
    for (row, line) in rows.iter().enumerate() {
        for (col, text) in line.split('|').map(str::trim).enumerate().filter(|(_, text)| !text.is_empty()) {
            let content = match text.parse::<f64>() {
                Ok(number) => Content::Number(number),
                Err(_) => Content::Text(text.to_owned()),
            };
            sheet.cells.insert(CellRef::new(row as u32, col as u32), Cell { content, ..Cell::default() });
        }
    }
    Workbook { sheets: vec![sheet], ..Workbook::default() }
}

fn sums(export: &Export) -> Vec<(Figure, f64)> {
    let mut sums: BTreeMap<Figure, f64> = BTreeMap::new();
    for (figure, value) in export.lines.iter().flat_map(|line| &line.figures) {
        *sums.entry(*figure).or_default() += value;
    }
    sums.into_iter().collect()
}

#[test]
fn every_back_office_says_how_it_is_known_and_what_it_counts() {
    for source in SOURCES.iter() {
        assert!(!source.channels.is_empty() && !source.known_by.is_empty(), "{}", source.id);
        let known = ["day", "plan", "currency", "spend", "sales", "exposure", "clicks", "conversions"];
        assert!(source.columns.keys().all(|key| known.contains(&key.as_str())), "{}", source.id);
        assert!(source.column_names().count() >= 2, "{} counts nothing", source.id);
    }
}

#[test]
fn days_and_plans_are_added_up_and_totals_are_not() {
    let export = of(&workbook(&[
        "账户：某某旗舰店",
        "时间 | 广告计划 | 消耗(元) | 展示数 | 平均千次展现费用(元) | 点击数 | 转化数",
        "2024-11-01 | 双11预热 | 1,200.50 | 40000 | 30 | 800 | 12",
        "2024-11-02 | 双11预热 | 800 | 20000 | 40 | 500 | 8",
        "2024-11-02 | 新客 | 99.5 | 1000 | 99.5 | 20 | -",
        "总计 3 项 |  | 2100 | 61000 | 34 | 1320 | 20",
    ]))
    .unwrap();
    assert_eq!(export.source, "ocean_engine");
    assert_eq!(export.header.to_string(), "导出!A2");
    assert_eq!(export.lines.len(), 3);
    let expected = [2100.0, 61000.0, 1320.0, 20.0];
    let found: Vec<f64> = sums(&export).into_iter().map(|(_, value)| value).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_total_without_a_word_is_known_by_its_figures() {
    let export = of(&workbook(&[
        "日期 | 花费(万元) | 曝光次数 | 点击次数 | 千次展现均价",
        "20241101 | 1.5 | 100 | 10 | 1",
        "20241102 | 2.5 | 200 | 20 | 1",
        "20241103 | 1 | 300 | 30 | 1",
        "— | 5 | 600 | 60 | 1",
    ]))
    .unwrap();
    assert_eq!((export.source.as_str(), export.lines.len()), ("tencent", 3));
    assert_eq!(sums(&export)[0], (Figure::Spend, 50_000.0));
    assert_eq!(export.lines[0].day, NaiveDate::from_ymd_opt(2024, 11, 1));
}

#[test]
fn foreign_money_is_left_out_and_counts_are_kept() {
    let export = of(&workbook(&[
        "Campaign | Day | Currency code | Impr. | Clicks | Cost | Conversions | Conv. value",
        "11.11 | 2024-11-01 | USD | 1000 | 50 | 20 | 3 | 90",
        "11.11 | 2024-11-02 | USD | 1000 | 50 | 20 | 2 | 60",
    ]))
    .unwrap();
    assert_eq!(
        sums(&export),
        [(Figure::Exposure, 2000.0), (Figure::Clicks, 100.0), (Figure::Conversions, 5.0)]
    );
    let meta = of(&workbook(&[
        "Campaign name | Reporting starts | Amount spent (USD) | Impressions | Link clicks",
        "a | 2024-11-01 | 5 | 100 | 3",
    ]));
    assert_eq!(sums(&meta.unwrap()), [(Figure::Exposure, 100.0), (Figure::Clicks, 3.0)]);
}

#[test]
fn a_teams_own_table_is_no_export() {
    for rows in [
        &["渠道 | 花费 | 曝光 | 点击 | 销售额", "抖音 | 1 | 2 | 3 | 4"][..],
        &["日期 | 曝光量 | 点击量 | 花费 | 转化数 | ROI", "11-01 | 1 | 2 | 3 | 4 | 5"],
        &["Channel | Impressions | Clicks | Cost | Conversions | Revenue", "Search | 1 | 2 | 3 | 4 | 5"],
        &["指标 | 目标值 | 实际值", "GMV | 100 | 90"],
    ] {
        assert_eq!(of(&workbook(rows)), None, "{}", rows[0]);
    }
    let export = ["时间 | 消耗 | 展示数 | 平均千次展现费用 | 转化数", "2024-11-01 | 1 | 2 | 3 | 4"];
    let mut with_more = workbook(&export);
    assert!(of(&with_more).is_some());
    with_more.sheets.extend(workbook(&["指标 | 目标值", "GMV | 1"]).sheets);
    assert_eq!(of(&with_more), None, "a sheet of a campaign's workbook belongs to the campaign");
}
