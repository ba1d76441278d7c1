//! What the sheets show is what the analysis found, and another engine agrees.
#![allow(clippy::unwrap_used)]

use super::fixture::{festival, pages, reviewed};
use super::recalc;
use super::retrospect::retrospect;
use crate::catalogue::record::Records;
use crate::cell::CellRef;
use crate::page::Page;
use crate::review::Review;
use crate::xlsx::write::{WriteOptions, write};

fn sheet<'a>(pages: &'a [Page], name: &str) -> &'a Page {
    pages.iter().find(|page| &*page.name == name).unwrap()
}

/// The row whose column A (below `from`) holds a text, for figures in other columns of it.
fn row_of(page: &Page, from: u32, text: &str) -> u32 {
    let named =
        |shown: &str| shown == text || shown.strip_prefix(text).is_some_and(|rest| rest.starts_with('（'));
    let holds = |row: &u32| {
        let cell = page.cells.get(&CellRef::new(*row, 0));
        cell.and_then(|cell| cell.show.value().text().map(named)) == Some(true)
    };
    (from..3_000).find(holds).unwrap_or_else(|| panic!("no row {text}"))
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
        same(step.spent, value(page, row, 5), &step.batch);
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
fn the_sales_sheet_shows_what_the_analysis_found() {
    let (review, pages) = laid_out();
    let page = sheet(&pages, "销售与用户");
    let (sales, traffic) = (&review.analysis.sales, &review.analysis.traffic);
    for line in &sales.lines {
        let row = row_of(page, 0, &line.name);
        for (col, daily) in (5u32..).zip(&line.daily) {
            same(daily.number(), value(page, row, col), &line.name);
        }
        same(line.growth.value(), value(page, row, 9), &line.name);
        same(line.year_on_year.value(), value(page, row, 10), &line.name);
        same(line.long_tail.value(), value(page, row, 11), &line.name);
    }
    for average in &sales.averages {
        let row = row_of(page, 0, &average.metric.definition(crate::locale::Lang::Zh).title);
        same(average.values[1].number(), value(page, row, 2), average.metric.name);
    }
    for category in &sales.categories {
        let row = row_of(page, 0, &category.name);
        same(category.contribution.value(), value(page, row, 4), &category.name);
        same(category.sell_through.value(), value(page, row, 11), &category.name);
    }
    for promotion in &review.analysis.money.promotions {
        let row = row_of(page, 0, &promotion.name);
        same(promotion.redemption.value(), value(page, row, 6), &promotion.name);
        same(promotion.contribution.value(), value(page, row, 12), &promotion.name);
    }
    let total = row_of(page, row_of(page, 0, "流量"), "合计");
    same(traffic.new_share.value(), value(page, total, 5), "new visitors");
    same(traffic.bounce.value(), value(page, total, 6), "bounce");
    same(traffic.conversion.value(), value(page, total, 11), "conversion");
    same(traffic.visitor_value.value(), value(page, total + 1, 1), "value of a visitor");
    for (user, name) in traffic.users.iter().zip(["新增会员", "次日留存率", "复购率"]) {
        same(user.completion.value(), value(page, row_of(page, 0, name), 6), name);
        same(user.growth.value(), value(page, row_of(page, 0, name), 3), name);
    }
}

#[test]
fn the_what_if_starts_balanced_and_moves_money_to_the_better_channel() {
    let (_, pages) = laid_out();
    let page = sheet(&pages, "假设测算");
    let total = row_of(page, 0, "合计");
    same(Some(0.0), value(page, total, 4), "the shifts");
    assert_eq!(word(page, total + 1, 4), "平衡");
    assert!(value(page, total, 9) > Some(0.0), "more comes of it even damped");
    assert!(value(page, total, 7) > value(page, total, 9));
}

/// The festival with every number rubbed out.
fn rubbed_out(mut records: Records) -> Records {
    use crate::catalogue::record::Value;
    for field in
        records.tables.values_mut().flat_map(|table| &mut table.rows).flat_map(|row| row.fields.values_mut())
    {
        if !matches!(field.value, Some(Value::Text(_) | Value::Choice(_))) {
            field.value = None;
            field.nothing = Some(crate::quantity::Nothing::Blank);
            field.text.clear();
        }
    }
    records
}

#[test]
fn no_sheet_shows_an_error_whatever_is_missing() {
    let whole = festival();
    let mut cases = vec![festival(), rubbed_out(festival())];
    for table in whole.tables.keys() {
        let mut alone = festival();
        alone.tables.retain(|id, _| id == table);
        cases.push(rubbed_out(alone.clone()));
        cases.push(alone);
        let mut without = festival();
        without.tables.retain(|id, _| id != table);
        cases.push(without);
    }
    for records in cases {
        let review = reviewed(records);
        for page in pages(&review) {
            for (at, cell) in &page.cells {
                let shown = cell.show.value();
                assert_ne!(shown, crate::expr::Val::Error, "{} {at}: {:?}", page.name, cell.show);
            }
        }
    }
}

#[test]
fn what_is_rubbed_out_is_blank_and_never_zero() {
    let mut records = rubbed_out(festival());
    // How many steps did not pay is a count, and 0 is one.
    records.tables.shift_remove("marginal");
    let review = reviewed(records);
    for page in
        pages(&review).iter().filter(|page| ["渠道与漏斗", "预算与成本", "销售与用户"].contains(&&*page.name))
    {
        for (at, cell) in &page.cells {
            assert_ne!(
                cell.show.value(),
                crate::expr::Val::Number(0.0),
                "{} {at}: {:?}",
                page.name,
                cell.show
            );
        }
    }
}

#[test]
fn a_thousand_channels_are_laid_out() {
    use crate::campaign::fixture::{Row, number, records, text};
    let rows: Vec<[(&str, _); 3]> = (0..1_000)
        .map(|n| {
            let name = format!("渠道{n}");
            [("channel", text(&name)), ("spend", number(2_000.0 + f64::from(n))), ("sales", number(9_000.0))]
        })
        .collect();
    let rows: Vec<Row<'_>> = rows.iter().map(|row| &row[..]).collect();
    let pages = pages(&reviewed(records(&[("channels", &rows)])));
    let page = sheet(&pages, "渠道与漏斗");
    let ranking = row_of(page, 0, "投产比、排名与建议");
    assert_eq!(value(page, row_of(page, ranking, "渠道999"), 3), Some(1_000.0));
    assert!(page.charts.iter().all(|chart| chart.series.len() <= 20));
}

#[test]
fn the_goals_sheet_splits_the_gap_as_the_analysis_does() {
    let review = reviewed(retrospect());
    let pages = pages(&review);
    let page = sheet(&pages, "目标达成");
    let found = &review.analysis.attribution;
    assert_eq!(found.splits.len(), 2);
    let mut from = 0;
    for (split, title) in
        found.splits.iter().zip(["归因：销售额对比目标", "归因：销售额活动期日均对比活动前日均"])
    {
        from = row_of(page, row_of(page, from, title), "因素");
        for (row, part) in (from + 1..).zip(&split.parts) {
            same(part.value(), value(page, row, 4), title);
        }
        same(split.gap.number(), value(page, row_of(page, from, "差距合计"), 4), title);
    }
    let mix = found.mix.as_ref().unwrap();
    for (effect, name) in mix.effects.iter().zip(["投放量影响", "渠道结构影响", "渠道效率影响"])
    {
        same(effect.value(), value(page, row_of(page, from, name), 1), name);
    }
    let unmet = row_of(page, from, "未完成的目标：原因与措施");
    assert_eq!(word(page, row_of(page, unmet, "活动销售额"), 8), "没有哪条改进措施提到它");
    assert_eq!(word(page, row_of(page, unmet, "支付转化率"), 8), "上线结算页运费提示并做 A/B 测试");
}

#[test]
fn the_lessons_sheet_counts_as_the_analysis_does() {
    let review = reviewed(retrospect());
    let pages = pages(&review);
    let page = sheet(&pages, "问题与经验");
    let voice = &review.analysis.voice;
    let classes = row_of(page, 0, "按问题分类");
    same(Some(2.0), value(page, row_of(page, classes, "执行落地"), 1), "execution");
    let shared = row_of(page, classes, "多个问题共有的原因");
    same(Some(3.0), value(page, row_of(page, shared, "跨部门交接没有清单"), 3), "shared cause");
    let feedback = row_of(page, shared, "用户反馈");
    same(voice.satisfaction.value(), value(page, row_of(page, feedback, "平均满意度"), 1), "satisfaction");
    for tag in &voice.tags {
        let row = row_of(page, feedback, &tag.name);
        same(tag.count.number(), value(page, row, 1), &tag.name);
        same(tag.share.value(), value(page, row, 2), &tag.name);
    }
    same(voice.top_three.value(), value(page, row_of(page, feedback, "前三项占比"), 1), "top three");
    same(review.analysis.people.teamwork.value(), value(page, row_of(page, feedback, "均分"), 1), "teamwork");
}

#[test]
fn suggestions_stand_apart_from_the_teams_own_actions_and_in_the_report() {
    let review = reviewed(retrospect());
    let pages = pages(&review);
    let page = sheet(&pages, "行动清单");
    let own = row_of(page, 0, "团队的行动（按优先级）");
    let suggested = row_of(page, own, "系统建议（由数据得出，团队还没安排）");
    let below = page.cells.keys().filter(|at| at.row > suggested + 3 && at.col == 3).count();
    assert_eq!(below, review.suggestions.len());
    let report = sheet(&pages, "复盘报告");
    let mut last = 0;
    for part in ["一、概述", "二、目标达成", "三、数据分析", "四、问题与经验", "五、改进计划", "附录", "编制"]
    {
        last = row_of(report, last, part);
    }
    assert!(!report.landscape);
}

#[test]
fn another_engine_computes_the_same() {
    let packages: Vec<(&str, Vec<u8>)> = [("festival", festival()), ("retrospect", retrospect())]
        .into_iter()
        .map(|(name, records)| {
            let package = write(&pages(&reviewed(records)), &WriteOptions::default()).unwrap().package;
            if let Some(folder) = std::env::var_os("FUPAN_SHOW") {
                std::fs::write(std::path::Path::new(&folder).join(format!("{name}.xlsx")), &package).unwrap();
            }
            (name, package)
        })
        .collect();
    let packages: Vec<(&str, &[u8])> =
        packages.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    recalc::assert_recalculates(&packages);
}
