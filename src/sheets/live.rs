//! What the sheets show is what the analysis found, and another engine agrees.
#![allow(clippy::unwrap_used)]

use super::fixture::{festival, pages, reviewed};
use crate::cell::CellRef;
use crate::page::Page;
use crate::review::Review;
use crate::xlsx::write::{WriteOptions, write};

#[path = "../../tests/support/recalc.rs"]
mod recalc;

fn sheet<'a>(pages: &'a [Page], name: &str) -> &'a Page {
    pages.iter().find(|page| &*page.name == name).unwrap()
}

/// The row whose column A (below `from`) holds a text, for figures in other columns of it.
fn row_of(page: &Page, from: u32, text: &str) -> u32 {
    let holds = |row: &u32| {
        page.cells.get(&CellRef::new(*row, 0)).and_then(|cell| cell.show.value().text().map(|t| t == text))
            == Some(true)
    };
    (from..500).find(holds).unwrap_or_else(|| panic!("no row {text}"))
}

fn value(page: &Page, row: u32, col: u32) -> Option<f64> {
    page.cells.get(&CellRef::new(row, col)).and_then(|cell| cell.show.value().number())
}

fn word(page: &Page, row: u32, col: u32) -> String {
    page.cells
        .get(&CellRef::new(row, col))
        .and_then(|cell| cell.show.value().text().map(str::to_owned))
        .unwrap_or_default()
}

fn same(found: Option<f64>, shown: Option<f64>, what: &str) {
    match (found, shown) {
        (Some(found), Some(shown)) => {
            assert!((found - shown).abs() <= 1e-9 * found.abs().max(1.0), "{what}: {found} {shown}")
        }
        _ => assert_eq!(found, shown, "{what}"),
    }
}

fn laid_out() -> (Review<'static>, Vec<Page>) {
    let review = reviewed(festival());
    let pages = pages(&review);
    (review, pages)
}

#[test]
fn the_channels_sheet_shows_what_the_analysis_found() {
    let (review, pages) = laid_out();
    let page = sheet(&pages, "渠道与漏斗");
    let channels = &review.analysis.channels;
    let ranking = row_of(page, 0, "投产比、排名与建议");
    for channel in &channels.each {
        let row = row_of(page, 0, &channel.name);
        same(channel.ctr.value(), value(page, row, 8), &channel.name);
        same(channel.cvr.value(), value(page, row, 9), &channel.name);
        same(channel.completion.value(), value(page, row, 15), &channel.name);
        let row = row_of(page, ranking, &channel.name);
        same(channel.roi.value(), value(page, row, 1), &channel.name);
        same(channel.rank.map(|rank| rank as f64), value(page, row, 3), &channel.name);
        same(channel.efficiency.value(), value(page, row, 6), &channel.name);
        same(channel.cvr_interval.0.number(), value(page, row, 7), &channel.name);
    }
    same(channels.roi.value(), value(page, row_of(page, ranking, "全部渠道"), 1), "all");
    for (step, name) in review.analysis.funnel.steps.iter().zip(["浏览", "加购", "下单", "支付"]) {
        let row = row_of(page, ranking, name);
        same(step.rate.value(), value(page, row, 3), name);
        same(step.cumulative.value(), value(page, row, 6), name);
        let leak = review.analysis.funnel.leak.map(|leak| review.analysis.funnel.steps[leak].name.as_str());
        assert_eq!(word(page, row, 8) == "最大流失", leak == Some(name), "{name}");
    }
    for step in &channels.marginal {
        let row = row_of(page, ranking, &step.batch);
        same(step.marginal.value(), value(page, row, 4), &step.batch);
        same(step.spent.number(), value(page, row, 5), &step.batch);
    }
}

#[test]
fn the_money_sheet_shows_what_the_analysis_found() {
    let (review, pages) = laid_out();
    let page = sheet(&pages, "预算与成本");
    let budget = &review.analysis.money.budget;
    for line in &budget.lines {
        let row = row_of(page, 0, &line.name);
        same(line.planned.number(), value(page, row, 2), &line.name);
        same(line.variance.value(), value(page, row, 4), &line.name);
        same(line.execution.value(), value(page, row, 7), &line.name);
    }
    let by_type = row_of(page, 0, "按资源类型");
    let total = row_of(page, by_type, "合计");
    same(budget.total.variance.value(), value(page, total, 4), "total");
    same(budget.total.execution.value(), value(page, total, 7), "total");
    same(budget.reserve_share.value(), value(page, row_of(page, total, "占总预算"), 2), "reserve");
    let profit = &review.analysis.money.profit;
    for (figure, name) in [
        (&profit.input, "总投入"),
        (&profit.gross, "毛利"),
        (&profit.net, "净利润"),
        (&profit.roi, "净利润ROI(净利润÷总投入)"),
        (&profit.expense_ratio, "费用率"),
    ] {
        same(figure.value(), value(page, row_of(page, total, name), 3), name);
    }
}

#[test]
fn another_engine_computes_the_same() {
    let (_, pages) = laid_out();
    let package = write(&pages, &WriteOptions::default()).unwrap();
    if let Some(folder) = std::env::var_os("FUPAN_SHOW") {
        std::fs::write(std::path::Path::new(&folder).join("festival.xlsx"), &package.package).unwrap();
    }
    recalc::assert_recalculates(&[("festival", &package.package)]);
}
