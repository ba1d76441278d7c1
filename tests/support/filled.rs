//! Workbooks filled in as a test says: tables by id, columns by id, rows as one would type them.
//!
//! `2024-10-01` becomes a day, `12.5` a number, `12%` a number shown as a percentage, `'12` a text,
//! `=A1*2` a formula and `=A1*2 => 6` one with its stored result.
#![allow(dead_code, clippy::unwrap_used)]

use chrono::Datelike;
use fupan::catalogue::Catalogue;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Worksheet};

/// One table: its id, its columns (ids, or headers of one's own) and its rows, cells parted by `|`.
pub type List<'a> = (&'a str, &'a str, &'a [&'a str]);

/// A workbook of lists, headers in row 1.
pub fn filled(lists: &[List<'_>]) -> Vec<u8> {
    let mut workbook = super::timeless();
    for (table, columns, rows) in lists {
        let declared = &Catalogue::shipped().tables[*table];
        let sheet = workbook.add_worksheet();
        sheet.set_name(&declared.label.zh).unwrap();
        for (col, column) in (0..).zip(columns.split_whitespace()) {
            let label = declared.column(column).map_or(column, |column| &column.label.zh);
            sheet.write_string(0, col, label).unwrap();
        }
        for (row, cells) in (1..).zip(*rows) {
            for (col, cell) in (0..).zip(cells.split('|')) {
                typed(sheet, row, col, cell.trim());
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

/// Types into a cell as a person would.
pub fn typed(sheet: &mut Worksheet, row: u32, col: u16, text: &str) {
    let number = |text: &str| text.parse::<f64>().ok();
    if text.is_empty() {
    } else if let Some(text) = text.strip_prefix('\'') {
        sheet.write_string(row, col, text).unwrap();
    } else if let Some(formula) = text.strip_prefix('=') {
        let (formula, result) = formula.split_once("=>").unwrap_or((formula, "0"));
        sheet.write_formula(row, col, Formula::new(formula.trim()).set_result(result.trim())).unwrap();
    } else if let Some(share) = text.strip_suffix('%').and_then(number) {
        sheet
            .write_number_with_format(row, col, share / 100.0, &Format::new().set_num_format("0.0%"))
            .unwrap();
    } else if let Ok(day) = text.parse::<chrono::NaiveDate>() {
        let day = ExcelDateTime::from_ymd(day.year() as u16, day.month() as u8, day.day() as u8).unwrap();
        sheet.write_datetime_with_format(row, col, day, &Format::new().set_num_format("yyyy-mm-dd")).unwrap();
    } else if let Some(n) = number(text) {
        sheet.write_number(row, col, n).unwrap();
    } else {
        sheet.write_string(row, col, text).unwrap();
    }
}

/// A workbook with a mistake of many a kind, and the neighbour of each that is right.
pub fn faulty() -> Vec<u8> {
    filled(&[
        (
            "kpi",
            "type name target direction weight source",
            &[
                "结果指标|销售额|300万元|越大越好|60%|后台",
                "结果指标|订单量|3000单|越大越号|60%|后台",
                "过程指标|曝光量||越大越好||后台",
            ],
        ),
        ("phases", "phase start end", &["预热期|2024-10-01|2024-10-07", "爆发期|2024-10-12|2024-10-08"]),
        (
            "daily",
            "date exposure clicks ctr cvr sales",
            &[
                "2024-10-01|100000|5000|5%|15|90000",
                "2024-10-02|100000|4000|8%|150%|80000",
                "2024-10-03|100000|3000|3%|20%|70000",
                "2024-10-03|100000|120000|120%|20%|70000",
            ],
        ),
        ("funnel", "order stage count", &["1|曝光|100000", "2|点击|5000", "3|下单|6000", "4|支付|400"]),
        (
            "promotions",
            "name kind issued claimed redeemed",
            &["满300减50|优惠券|1000|800|300", "新人券|优惠券|1000|1200|300"],
        ),
        (
            "budget",
            "type item unit_price quantity total actual remark",
            &[
                "推广资源|信息流|100|20|2000|1900|",
                "推广资源|达人|500|10|5500|5000|",
                "物料资源|易拉宝|80|10|800|-700|",
                "合计||||9000|7600|",
            ],
        ),
        (
            "tasks",
            "code phase action owner start end",
            &[
                "T001|预热期|出海报|张三|2024-10-01|2024-10-05",
                "T002|预热期|投放|李四|2024-10-01|2024-10-06",
                "T002|预热期|直播|王五|2024-10-01|2024-10-06",
            ],
        ),
        ("progress", "code status actual_end", &["T001|已完成|", "T002|已完成|2024-10-06", "T0O1|进行中|"]),
        (
            "risk_plan",
            "risk probability impact level response owner",
            &["断货|高|高|重大|备货|张三", "差评|高|高|一般|客服|李四"],
        ),
        (
            "actions",
            "action owner due standard impact difficulty",
            &[
                "补货流程改为每日核对，由仓库每天18点前完成|张三|2024-11-01|缺货率低于1%|高|低",
                "客服话术每周更新一次，覆盖前20个问题||2024-11-01|满意度95%|高|低",
            ],
        ),
    ])
}
