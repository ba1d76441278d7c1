//! Before, during, the week after, last year: brought to the day, then compared (D3 三).

use crate::campaign::{SalesItem, SalesLine};
use crate::cell::Place;
use crate::expr::Expr;
use crate::locale::fold;
use crate::quantity::{Measure, Unit};

use super::super::{Basis, Figure, Metric};
use super::{AVERAGE_BUYER, AVERAGE_ORDER, DAILY_GROWTH, LONG_TAIL, NEW_BUYER_SHARE, YEAR_ON_YEAR};
use crate::catalogue::record::Field;

/// Before, during, after, last year.
pub const PERIODS: usize = 4;
/// Index of 活动前.
pub const BEFORE: usize = 0;
/// Index of 活动期.
pub const DURING: usize = 1;
/// Index of 活动后一周.
pub const AFTER: usize = 2;
/// Index of 去年同期.
pub const LAST_YEAR: usize = 3;

/// Days of a period.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Days {
    /// How many.
    pub days: Expr,
    /// Where the number comes from.
    pub from: DaysFrom,
}

/// Where a number of days comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DaysFrom {
    /// The row 统计天数.
    Row,
    /// 活动周期.
    Campaign,
    /// The settings.
    Setting,
    /// The week of 活动后一周.
    Week,
    /// Taken to be as long as the campaign.
    AsDuring,
    /// Nowhere.
    Unknown,
}

impl DaysFrom {
    /// The stable id.
    pub fn id(self) -> &'static str {
        match self {
            DaysFrom::Row => "days_row",
            DaysFrom::Campaign => "days_campaign",
            DaysFrom::Setting => "days_setting",
            DaysFrom::Week => "days_week",
            DaysFrom::AsDuring => "days_as_during",
            DaysFrom::Unknown => "cannot",
        }
    }
}

/// One indicator.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SalesFigures {
    /// As the table names it.
    pub name: String,
    /// Which indicator it is, where we know it.
    pub item: Option<SalesItem>,
    /// Row of the table.
    pub row: usize,
    /// The cell of its name.
    pub at: Option<Place>,
    /// What it counts.
    pub unit: Unit,
    /// Whether days add up; a rate is compared as it stands.
    pub additive: bool,
    /// Totals of each period.
    pub totals: [Expr; PERIODS],
    /// Daily means of each period (rates: the rate).
    pub daily: [Expr; PERIODS],
    /// 日均增幅.
    pub growth: Figure,
    /// 同比.
    pub year_on_year: Figure,
    /// 长尾.
    pub long_tail: Figure,
}

/// 客单价, 笔单价 or 新客占比 in each period.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Average {
    /// Which.
    pub metric: &'static Metric,
    /// What is divided, and by what.
    pub of: (SalesItem, SalesItem),
    /// Each period.
    pub values: [Expr; PERIODS],
}

/// 日均: 合计 ÷ 天数.
pub fn daily(total: &Expr, days: &Expr) -> Expr {
    (total.clone() / days.clone()).known()
}

/// 日均增幅, 同比: now ÷ then − 1.
pub fn growth(now: &Expr, then: &Expr) -> Expr {
    (now.clone() / then.clone() - 1.0).known()
}

/// 长尾: after ÷ before.
pub fn long_tail(after: &Expr, before: &Expr) -> Expr {
    (after.clone() / before.clone()).known()
}

/// 客单价, 笔单价, 新客占比: one indicator ÷ another.
pub fn average(part: &Expr, whole: &Expr) -> Expr {
    (part.clone() / whole.clone()).known()
}

/// Which indicator a name means, by the catalogue's words for it.
pub fn item(basis: Basis<'_>, name: &str) -> Option<SalesItem> {
    let name = fold(name);
    let choices = basis.catalogue.choices.get("sales-item")?;
    choices
        .iter()
        .find(|choice| choice.keys().contains(&name))
        .and_then(|choice| SalesItem::from_id(&choice.id))
}

/// The row of an indicator.
pub fn line(basis: Basis<'_>, wanted: SalesItem) -> Option<&SalesLine> {
    basis.campaign.sales.iter().find(|line| item(basis, line.name.as_str()) == Some(wanted))
}

fn periods(line: &SalesLine) -> [&Field<Measure>; PERIODS] {
    [&line.before, &line.during, &line.after, &line.last_year]
}

/// Days of each period: the row 统计天数, else what the period says of itself.
pub(super) fn days(basis: Basis<'_>) -> [Days; PERIODS] {
    let row = line(basis, SalesItem::Days);
    let given = |period: usize| {
        let days = periods(row?)[period];
        // 统计天数 typed as 11天 comes as a length of time.
        let measure = days.value.as_ref().filter(|days| days.value > 0.0)?;
        let in_days = if measure.unit == Unit::Seconds { days.expr() / 86_400.0 } else { days.expr() };
        Some(Days { days: in_days, from: DaysFrom::Row })
    };
    let campaign = || {
        let days = basis.campaign.basics.as_ref()?.period.value?.days();
        (days > 0).then_some(Days { days: Expr::Num(days as f64), from: DaysFrom::Campaign })
    };
    let unknown = || Days { days: Expr::nothing(), from: DaysFrom::Unknown };
    let during = given(DURING).or_else(campaign).unwrap_or_else(unknown);
    let setting = basis.policy.thresholds.sales.before_days;
    let before = given(BEFORE).unwrap_or(Days { days: Expr::Num(setting), from: DaysFrom::Setting });
    let after = given(AFTER).unwrap_or(Days { days: Expr::Num(7.0), from: DaysFrom::Week });
    let last_year = given(LAST_YEAR).unwrap_or_else(|| match during.from {
        DaysFrom::Unknown => unknown(),
        _ => Days { days: during.days.clone(), from: DaysFrom::AsDuring },
    });
    [before, during, after, last_year]
}

pub(super) fn lines(basis: Basis<'_>, days: &[Days; PERIODS]) -> Vec<SalesFigures> {
    let mut lines = Vec::new();
    for (row, line) in basis.campaign.sales.iter().enumerate() {
        let item = item(basis, line.name.as_str());
        if item == Some(SalesItem::Days) || line.name.value.is_none() {
            continue;
        }
        let unit = periods(line)
            .iter()
            .find_map(|field| field.value.as_ref().map(|measure| measure.unit.clone()))
            .unwrap_or_default();
        let additive = adds_up(&unit);
        let totals = periods(line).map(|field| field.expr().known());
        let daily: [Expr; PERIODS] = std::array::from_fn(|period| {
            if additive { daily(&totals[period], &days[period].days) } else { totals[period].clone() }
        });
        let figure = |metric, expr| Figure { metric, expr };
        lines.push(SalesFigures {
            name: line.name.as_str().to_owned(),
            item,
            row,
            at: line.name.at.clone(),
            unit,
            additive,
            growth: figure(&DAILY_GROWTH, growth(&daily[DURING], &daily[BEFORE])),
            year_on_year: figure(&YEAR_ON_YEAR, growth(&daily[DURING], &daily[LAST_YEAR])),
            long_tail: figure(&LONG_TAIL, long_tail(&daily[AFTER], &daily[BEFORE])),
            totals,
            daily,
        });
    }
    lines
}

/// Whether the days of a period add up in this unit.
fn adds_up(unit: &Unit) -> bool {
    !matches!(unit, Unit::Percent | Unit::Points | Unit::Times | Unit::Score | Unit::Discount | Unit::Seconds)
}

pub(super) fn averages(basis: Basis<'_>) -> Vec<Average> {
    let totals = |item: SalesItem| Some(periods(line(basis, item)?).map(|field| field.expr().known()));
    [
        (&AVERAGE_BUYER, (SalesItem::Sales, SalesItem::Buyers)),
        (&AVERAGE_ORDER, (SalesItem::Sales, SalesItem::Orders)),
        (&NEW_BUYER_SHARE, (SalesItem::NewBuyers, SalesItem::Buyers)),
    ]
    .into_iter()
    .filter_map(|(metric, of)| {
        let (parts, wholes) = (totals(of.0)?, totals(of.1)?);
        Some(Average {
            metric,
            of,
            values: std::array::from_fn(|period| average(&parts[period], &wholes[period])),
        })
    })
    .collect()
}
