//! A campaign with every table of money filled in, reviewed and laid out, for tests.
#![allow(clippy::unwrap_used)]

use std::sync::LazyLock;

use chrono::NaiveDate;

use super::lay_out;
use crate::campaign::fixture::Row;
use crate::campaign::fixture::{
    Cell, blank, choice, measure, number, price, quantity, records, target, text,
};
use crate::catalogue::Catalogue;
use crate::catalogue::record::{Records, Value};
use crate::diagnostic::Sink;
use crate::locale::Lang;
use crate::page::{Page, PageCell, Shape, Tab, serial};
use crate::policy::Policy;
use crate::quantity::{Aim, Measure, Period, Unit};
use crate::review::{Review, review};

static POLICY: LazyLock<Policy> = LazyLock::new(Policy::default);

/// These records, reviewed under the default settings.
pub fn reviewed(records: Records) -> Review<'static> {
    reviewed_on(records, NaiveDate::from_ymd_opt(2024, 12, 20).unwrap())
}

/// These records, reviewed as of a day.
pub fn reviewed_on(records: Records, as_of: NaiveDate) -> Review<'static> {
    review(Catalogue::shipped(), &POLICY, as_of, "双十二.xlsx", Vec::new(), records, Sink::default())
}

/// The pages of a review and, before them, its tables as sheets of their own for the formulas to refer to.
pub fn pages(review: &Review<'_>) -> Vec<Page> {
    let mut pages: Vec<Page> = review
        .records
        .tables
        .iter()
        .map(|(id, table)| {
            let mut page = Page::new(id.as_str(), Tab::Appendix);
            for field in table.rows.iter().flat_map(|row| row.fields.values()) {
                if let Some(at) = &field.at {
                    page.put(at.cell, typed(field.value.as_ref()));
                }
            }
            page
        })
        .collect();
    pages.extend(lay_out(review, Lang::Zh));
    pages
}

fn typed(value: Option<&Value>) -> PageCell {
    match value {
        Some(Value::Text(text) | Value::Choice(text)) => text.as_str().into(),
        Some(Value::Number(n)) => (*n).into(),
        Some(Value::Date(day)) => Some(*day).into(),
        Some(Value::Measure(measure)) => measure.value.into(),
        Some(Value::Quantity(quantity)) => quantity.value.into(),
        Some(Value::Price(price)) => price.amount.into(),
        Some(Value::Moment(at)) => {
            let seconds = f64::from(chrono::Timelike::num_seconds_from_midnight(at));
            PageCell::from(serial(at.date()) + seconds / 86_400.0).shaped(Shape::Moment)
        }
        Some(Value::Target(target)) => match target.aim {
            Aim::Level(level) => level.into(),
            _ => PageCell::default(),
        },
        _ => PageCell::default(),
    }
}

/// One row per line, cells in the order of `columns`.
type Rows<'a> = Vec<Vec<(&'a str, Cell)>>;

fn table<'a>(columns: &[&'a str], rows: Vec<Vec<Cell>>) -> Rows<'a> {
    rows.into_iter().map(|row| columns.iter().copied().zip(row).collect()).collect()
}

fn rate(rate: f64) -> Cell {
    Some(Value::Measure(Measure { value: rate, unit: Unit::Percent }))
}

/// A 双十二 with all the tables of money: gaps and odd rows included.
pub fn festival() -> Records {
    let day = |day| NaiveDate::from_ymd_opt(2024, 12, day).unwrap();
    let n = number;
    let m = measure;
    let tables: Vec<(&str, Rows<'_>)> = vec![
        (
            "basics",
            table(
                &["name", "period", "benchmark_roi"],
                vec![vec![
                    text("双十二大促"),
                    Some(Value::Period(Period { start: day(2), end: day(12) })),
                    n(3.0),
                ]],
            ),
        ),
        (
            "channels",
            table(
                &[
                    "channel",
                    "kind",
                    "phase",
                    "spend",
                    "exposure",
                    "clicks",
                    "conversions",
                    "new_customers",
                    "unit_value",
                    "sales",
                    "target",
                ],
                vec![
                    vec![
                        text("抖音信息流"),
                        text("线上"),
                        text("预热期"),
                        n(80_000.0),
                        n(3_200_000.0),
                        n(96_000.0),
                        n(2_400.0),
                        n(1_500.0),
                        blank(),
                        n(360_000.0),
                        target(2_000.0),
                    ],
                    vec![
                        text("抖音信息流"),
                        text("线上"),
                        text("爆发期"),
                        n(120_000.0),
                        n(4_100_000.0),
                        n(143_500.0),
                        n(4_305.0),
                        n(2_100.0),
                        blank(),
                        n(688_800.0),
                        target(4_000.0),
                    ],
                    vec![
                        text("小红书种草"),
                        text("线上"),
                        blank(),
                        n(60_000.0),
                        n(1_500_000.0),
                        n(30_000.0),
                        n(600.0),
                        n(480.0),
                        n(150.0),
                        blank(),
                        target(900.0),
                    ],
                    vec![
                        text("搜索广告"),
                        text("线上"),
                        blank(),
                        n(45_000.0),
                        n(300_000.0),
                        n(15_000.0),
                        n(1_200.0),
                        n(300.0),
                        blank(),
                        n(264_000.0),
                        target(1_000.0),
                    ],
                    vec![
                        text("社群"),
                        text("线上"),
                        blank(),
                        n(800.0),
                        n(20_000.0),
                        n(1_000.0),
                        n(90.0),
                        n(10.0),
                        blank(),
                        n(13_500.0),
                        blank(),
                    ],
                    vec![
                        text("门店地推"),
                        text("线下"),
                        blank(),
                        n(30_000.0),
                        blank(),
                        blank(),
                        n(420.0),
                        n(400.0),
                        blank(),
                        n(71_400.0),
                        blank(),
                    ],
                    vec![
                        text("楼宇广告"),
                        text("线下"),
                        blank(),
                        n(50_000.0),
                        n(2_000_000.0),
                        blank(),
                        blank(),
                        blank(),
                        blank(),
                        blank(),
                        blank(),
                    ],
                ],
            ),
        ),
        (
            "funnel",
            table(
                &["stage", "count", "target", "reason"],
                vec![
                    vec![text("浏览"), n(186_000.0), blank(), blank()],
                    vec![text("加购"), n(42_780.0), n(0.25), text("详情页首屏没有优惠信息")],
                    vec![text("下单"), n(14_973.0), n(0.45), text("运费在最后一步才出现")],
                    vec![text("支付"), n(12_727.0), n(0.85), blank()],
                ],
            ),
        ),
        (
            "marginal",
            table(
                &["batch", "channel", "spend", "revenue", "remark"],
                vec![
                    vec![text("第一批"), text("抖音信息流"), n(20_000.0), n(96_000.0), blank()],
                    vec![text("第二批"), text("抖音信息流"), n(20_000.0), n(70_000.0), blank()],
                    vec![text("第三批"), text("抖音信息流"), n(20_000.0), n(44_000.0), text("人群重复")],
                    vec![text("第四批"), text("抖音信息流"), n(10_000.0), n(9_000.0), blank()],
                ],
            ),
        ),
        (
            "budget",
            table(
                &["type", "item", "unit_price", "quantity", "total", "actual", "supplier", "remark"],
                vec![
                    vec![
                        choice("people"),
                        text("活动策划人员"),
                        price(15_000.0, 1.0),
                        quantity(2.0),
                        n(30_000.0),
                        n(30_000.0),
                        blank(),
                        blank(),
                    ],
                    vec![
                        choice("material"),
                        text("快闪店搭建"),
                        price(80_000.0, 1.0),
                        quantity(2.0),
                        blank(),
                        n(171_000.0),
                        text("某展览公司"),
                        text("加了一块屏"),
                    ],
                    vec![
                        choice("promotion"),
                        text("短视频投放"),
                        price(20.0, 1_000.0),
                        quantity(5_000_000.0),
                        blank(),
                        n(126_000.0),
                        text("某平台"),
                        blank(),
                    ],
                    vec![
                        choice("promotion"),
                        text("达人合作"),
                        blank(),
                        blank(),
                        n(40_000.0),
                        n(28_000.0),
                        blank(),
                        blank(),
                    ],
                    vec![
                        choice("other"),
                        text("应急备用金"),
                        blank(),
                        blank(),
                        n(50_000.0),
                        blank(),
                        blank(),
                        text("占总预算5%"),
                    ],
                ],
            ),
        ),
        (
            "costs",
            table(
                &["item", "budget", "actual", "remark"],
                vec![
                    vec![choice("revenue"), n(1_800_000.0), n(1_850_000.0), blank()],
                    vec![choice("goods"), n(900_000.0), n(960_000.0), blank()],
                    vec![choice("ads"), n(350_000.0), n(385_800.0), text("含信息流和搜索")],
                    vec![choice("materials"), n(30_000.0), n(26_000.0), blank()],
                    vec![choice("subsidy"), n(100_000.0), n(112_000.0), blank()],
                    vec![choice("commission"), n(54_000.0), n(55_500.0), blank()],
                    vec![choice("tech"), n(10_000.0), blank(), blank()],
                    vec![choice("people"), n(60_000.0), n(60_000.0), blank()],
                    vec![choice("logistics"), n(70_000.0), n(72_000.0), blank()],
                ],
            ),
        ),
        (
            "sales",
            table(
                &["name", "before", "during", "after", "last_year", "remark"],
                vec![
                    vec![text("统计天数"), blank(), m(11.0), blank(), m(12.0), blank()],
                    vec![
                        text("销售额"),
                        m(1_260_000.0),
                        m(1_850_000.0),
                        m(254_000.0),
                        m(1_500_000.0),
                        blank(),
                    ],
                    vec![text("订单量"), m(6_300.0), m(9_250.0), m(1_400.0), m(8_100.0), blank()],
                    vec![text("成交人数"), m(5_600.0), m(7_400.0), m(1_250.0), m(6_900.0), blank()],
                    vec![text("新客成交人数"), m(1_680.0), m(2_960.0), m(300.0), m(2_070.0), blank()],
                    vec![text("访客数"), m(210_000.0), m(186_000.0), m(38_000.0), m(170_000.0), blank()],
                    vec![text("退款额"), m(37_800.0), m(92_500.0), blank(), m(60_000.0), text("尺码偏小")],
                ],
            ),
        ),
        (
            "categories",
            table(
                &[
                    "name",
                    "position",
                    "before",
                    "during",
                    "units",
                    "margin",
                    "stock_start",
                    "stock_end",
                    "returns",
                ],
                vec![
                    vec![
                        text("轻薄羽绒服"),
                        text("主推款"),
                        n(180_000.0),
                        n(620_000.0),
                        n(2_050.0),
                        n(217_000.0),
                        n(2_500.0),
                        n(450.0),
                        n(41.0),
                    ],
                    vec![
                        text("保暖内衣"),
                        text("引流款"),
                        n(150_000.0),
                        n(390_000.0),
                        n(6_500.0),
                        n(58_500.0),
                        n(8_000.0),
                        n(1_500.0),
                        n(65.0),
                    ],
                    vec![
                        text("羊绒围巾"),
                        text("利润款"),
                        n(90_000.0),
                        n(84_000.0),
                        n(280.0),
                        n(50_400.0),
                        n(1_200.0),
                        n(920.0),
                        blank(),
                    ],
                ],
            ),
        ),
        (
            "promotions",
            table(
                &["name", "kind", "issued", "claimed", "redeemed", "people", "sales", "cost", "reuse"],
                vec![
                    vec![
                        text("满300减40券"),
                        text("优惠券"),
                        n(20_000.0),
                        n(12_000.0),
                        n(3_600.0),
                        blank(),
                        n(740_000.0),
                        n(144_000.0),
                        Some(Value::YesNo(true)),
                    ],
                    vec![
                        text("会员专享价"),
                        text("会员专享"),
                        n(8_000.0),
                        blank(),
                        n(1_200.0),
                        n(1_100.0),
                        n(210_000.0),
                        n(30_000.0),
                        Some(Value::YesNo(false)),
                    ],
                ],
            ),
        ),
        (
            "traffic",
            table(
                &["source", "pv", "uv", "new_visitors", "bounce", "cart", "order", "pay"],
                vec![
                    vec![
                        text("抖音"),
                        n(260_000.0),
                        n(98_000.0),
                        n(61_000.0),
                        n(0.46),
                        n(21_000.0),
                        n(7_600.0),
                        n(6_300.0),
                    ],
                    vec![
                        text("搜索"),
                        n(150_000.0),
                        n(52_000.0),
                        n(18_000.0),
                        n(0.31),
                        n(15_000.0),
                        n(5_400.0),
                        n(4_700.0),
                    ],
                    vec![
                        text("私域"),
                        n(90_000.0),
                        n(36_000.0),
                        blank(),
                        blank(),
                        n(6_780.0),
                        n(1_973.0),
                        n(1_727.0),
                    ],
                ],
            ),
        ),
        (
            "interactions",
            table(
                &["kind", "times", "people", "conversions"],
                vec![
                    vec![text("抽奖"), n(56_000.0), n(18_600.0), n(930.0)],
                    vec![text("分享"), n(9_800.0), n(6_200.0), blank()],
                ],
            ),
        ),
        (
            "users",
            table(
                &["name", "before", "during", "target"],
                vec![
                    vec![text("新增会员"), m(2_100.0), m(8_630.0), target(8_000.0)],
                    vec![text("次日留存率"), rate(0.32), rate(0.35), target(0.36)],
                    vec![text("复购率"), rate(0.18), blank(), blank()],
                ],
            ),
        ),
    ];
    let rows: Vec<(&str, Vec<Row<'_>>)> =
        tables.iter().map(|(id, rows)| (*id, rows.iter().map(Vec::as_slice).collect())).collect();
    let tables: Vec<(&str, &[Row<'_>])> = rows.iter().map(|(id, rows)| (*id, rows.as_slice())).collect();
    records(&tables)
}
