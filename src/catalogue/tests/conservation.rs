//! Nothing vanishes: every filled cell of a page is read once, heads or titles something that is read, or is told as
//! not read. Held on random pages that are not made from the catalogue.

use proptest::prelude::*;

use super::*;
use crate::cell::Area;

/// A piece of a page: its lines of cells.
type Block = Vec<Vec<String>>;

fn lines(rows: &[&str]) -> Block {
    rows.iter().map(|row| row.split('|').map(|it| it.trim().to_owned()).collect()).collect()
}

/// Tables of other people, side calculations, notes, cards: what stands on real pages.
fn blocks() -> Vec<Block> {
    [
        &[
            "渠道|花费|曝光|成交",
            "抖音|28100|1210000|321",
            "小红书|30000|980000|150",
            "合计|58100|2190000|471",
        ][..],
        &["渠道名称|消耗(元)|展示|点击数", "微信|12000|300000|8000", "微博|9000|280000|6100"],
        &["任务|负责人|截止时间|状态", "落地页|小王|2024-11-05|已完成", "海报|小李|2024-11-08|进行中"],
        &["指标|本周目标|本周实际|同比", "到店|300|280|0.12", "成交|40|44|0.3", "客诉|5|2|-0.5"],
        &["门店|店长|面积|租金", "一店|张三|120|30000", "二店|李四|80|21000"],
        &["日期|关注|取关|净增", "d:2024-11-01|120|20|100", "d:2024-11-02|98|31|67"],
        &["设备|展现|点击|花费", "手机|1200|300|500.5", "电脑|800|90|210"],
        &["商品|11月|12月|合计", "键盘|600|351|951", "鼠标|530|600|1130"],
        &[
            "|抖音||小红书|",
            "|曝光|花费|曝光|花费",
            "d:2024-11-01|1000|20|800|15",
            "d:2024-11-02|1100|22|900|16",
        ],
        &[
            "日期|抖音||小红书|",
            "|曝光|花费|曝光|花费",
            "d:2024-11-01|1000|20|800|15",
            "d:2024-11-02|1100|22|900|16",
        ],
        &["日期|花费|销售额|日期|花费|销售额", "d:2024-11-01|100|600|d:2024-11-03|90|480"],
        &["指标|抖音|小红书|合计", "曝光量|1000|800|1800", "花费|100|80|180"],
        &["今日GMV", "523000"],
        &["二、需要协调的事"],
        &["说明：数据截至11月12日，退款未扣，下周更新"],
        &["系数|1.13", "税率|0.06"],
        &["行标签|求和项:花费", "抖音|28100", "小红书|30000", "总计|58100"],
        &["目标|实际|差异", "500|480|-20"],
    ]
    .iter()
    .map(|rows| lines(rows))
    .collect()
}

/// Blocks at places of a page, below and beside each other with a gap of one line or more.
fn page() -> impl Strategy<Value = Vec<(usize, u32, u32)>> {
    prop::collection::vec((0..blocks().len(), 1..4u32, 0..3u32), 1..6)
}

fn laid_out(plan: &[(usize, u32, u32)]) -> Sheet {
    let blocks = blocks();
    let mut page = Sheet::new("Sheet1");
    let mut row = 0;
    for (which, gap, shift) in plan {
        for line in &blocks[*which] {
            for (col, text) in line.iter().enumerate() {
                let cell = cell(text);
                if !cell.content.is_blank() {
                    page.cells.insert(CellRef::new(row, shift + col as u32), cell);
                }
            }
            row += 1;
        }
        row += gap;
    }
    page
}

/// Cells that are told of somewhere: in a region that is read, listed as not read, or in a finding.
fn told(records: &Records, findings: &[Finding], page: &Sheet) -> Vec<Area> {
    let mut areas: Vec<Area> = records.unread.iter().filter_map(|it| it.area).collect();
    let regions = || records.tables.values().flat_map(|table| &table.regions);
    areas.extend(regions().map(|region| region.area));
    let places = findings.iter().flat_map(|it| it.at.iter().chain(&it.more));
    areas.extend(places.map(|place| Area::new(place.cell, place.cell)));
    // Lines of few cells right above what is read title it.
    let tops: Vec<u32> = areas.iter().map(|area| area.first.row).collect();
    for top in tops {
        for row in top.saturating_sub(6)..top {
            if page.row(row).count() <= 3 {
                areas.push(Area::new(CellRef::new(row, 0), CellRef::new(row, u32::MAX)));
            }
        }
    }
    areas
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn every_cell_is_read_or_told(plan in page()) {
        let page = laid_out(&plan);
        let (records, findings) = read(vec![page.clone()]);
        let told = told(&records, &findings, &page);
        for at in page.cells.keys() {
            prop_assert!(told.iter().any(|area| area.contains(*at)), "{at} vanished from {plan:?}\n{findings:?}");
        }
    }

    #[test]
    fn nothing_is_read_twice(plan in page()) {
        let (records, _) = read(vec![laid_out(&plan)]);
        let mut seen = std::collections::HashMap::new();
        for (id, table) in &records.tables {
            let across = table.regions.iter().any(|region| region.evidence.contains(&"across"));
            for (column, field) in table.rows.iter().flat_map(|row| &row.fields) {
                // What parts the records of a crosstab is said of each of them.
                let parts = across && matches!(column.as_str(), "date" | "channel");
                let shared = parts || matches!(column.as_str(), "code" | "problem" | "description" | "start" | "end" | "owner" | "dept");
                if let (Some(at), true, false) = (&field.at, field.value.is_some(), shared) {
                    let first = seen.insert(at.cell, (id.clone(), column.clone()));
                    prop_assert!(first.is_none(), "{at} is {first:?} and {id}.{column} in {plan:?}");
                }
            }
        }
    }

    #[test]
    fn no_total_is_data(plan in page()) {
        let (records, _) = read(vec![laid_out(&plan)]);
        for table in records.tables.values() {
            for field in table.rows.iter().flat_map(|row| row.fields.values()) {
                prop_assert!(!matches!(field.text.as_str(), "合计" | "总计"), "{plan:?}");
            }
        }
    }
}
