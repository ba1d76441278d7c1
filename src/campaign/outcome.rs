//! Results: what came out, by goal, channel, step, day and yuan.

use chrono::NaiveDate;

use super::bind::ChoiceId;
use super::choices::{CostItem, Dimension, ServiceModule};
use crate::bound;
use crate::catalogue::record::Field;
use crate::quantity::{Measure, Span, Target};

bound! {
    /// 活动效果数据汇总表 (D1, D0, D2): one result.
    ResultRow in "results" {
        name: String,
        dimension: Dimension,
        member: String,
        target: Target,
        actual: Measure,
        completion: f64,
        outcome: String,
        source: String,
        reason: String,
    }
}

bound! {
    /// 分周目标跟踪表 (D2): one indicator in one week.
    WeekRow in "weekly" {
        week: String,
        name: String,
        target: Target,
        actual: Measure,
        completion: f64,
        remark: String,
    }
}

/// What is kept week by week is results by time: each indicator's weeks together, in their order.
pub(super) fn by_period(weeks: &[WeekRow]) -> Vec<ResultRow> {
    let mut names: Vec<&Option<String>> = Vec::new();
    let mut rows: Vec<(usize, ResultRow)> = Vec::new();
    for week in weeks.iter().filter(|week| week.week.value.is_some()) {
        let name = &week.name.value;
        let at = names.iter().position(|known| *known == name).unwrap_or_else(|| {
            names.push(name);
            names.len() - 1
        });
        rows.push((at, week.into()));
    }
    rows.sort_by_key(|(at, _)| *at);
    rows.into_iter().map(|(_, row)| row).collect()
}

impl From<&WeekRow> for ResultRow {
    fn from(week: &WeekRow) -> ResultRow {
        let WeekRow { row, week, name, target, actual, completion, remark } = week.clone();
        ResultRow {
            row,
            name,
            dimension: Field { value: Some(Dimension::Time), at: week.at.clone(), ..Field::absent() },
            member: week,
            target,
            actual,
            completion,
            outcome: Field::absent(),
            source: Field::absent(),
            reason: remark,
        }
    }
}

bound! {
    /// 渠道效果表 (D0, D2, D4): one channel.
    Channel in "channels" {
        channel: String,
        kind: ChoiceId,
        phase: String,
        budget: f64,
        spend: f64,
        exposure: f64,
        clicks: f64,
        signups: f64,
        conversions: f64,
        new_customers: f64,
        unit_value: f64,
        sales: f64,
        target: Target,
        source: String,
        remark: String,
    }
}

bound! {
    /// 转化漏斗表 (D0, D4): one step.
    Stage in "funnel" {
        order: f64,
        stage: String,
        count: f64,
        target: f64,
        step_rate: f64,
        drop_rate: f64,
        reason: String,
    }
}

bound! {
    /// 销售对比表 (D3, D4): one indicator over time.
    SalesLine in "sales" {
        name: String,
        before: Measure,
        during: Measure,
        after: Measure,
        last_year: Measure,
        daily_growth: f64,
        remark: String,
    }
}

bound! {
    /// 品类/商品销售表 (D3, D4): one category or product.
    Category in "categories" {
        name: String,
        position: ChoiceId,
        before: f64,
        during: f64,
        units: f64,
        margin: f64,
        stock_start: f64,
        stock_end: f64,
        returns: f64,
        remark: String,
    }
}

bound! {
    /// 用户数据表 (D4, D3): one indicator.
    UserLine in "users" {
        name: String,
        before: Measure,
        during: Measure,
        target: Target,
        source: String,
        remark: String,
    }
}

bound! {
    /// 流量数据表 (D3, D4): one page or source.
    TrafficLine in "traffic" {
        source: String,
        pv: f64,
        uv: f64,
        new_visitors: f64,
        bounce: f64,
        stay: Span,
        cart: f64,
        order: f64,
        pay: f64,
    }
}

bound! {
    /// 互动行为表 (D3): one kind of interaction.
    Interaction in "interactions" {
        kind: String,
        times: f64,
        people: f64,
        conversions: f64,
        remark: String,
    }
}

bound! {
    /// 玩法与优惠券效果表 (D3, D4): one mechanic or coupon.
    Promotion in "promotions" {
        name: String,
        kind: ChoiceId,
        issued: f64,
        claimed: f64,
        redeemed: f64,
        people: f64,
        sales: f64,
        cost: f64,
        feedback: String,
        reuse: bool,
    }
}

bound! {
    /// 成本收益表 (D3, D4): one item.
    Cost in "costs" { item: CostItem, budget: f64, actual: f64, remark: String }
}

bound! {
    /// 追加投入记录表 (D3 边际收益): one step of further spending.
    Increment in "marginal" {
        batch: String,
        channel: String,
        date: NaiveDate,
        spend: f64,
        revenue: f64,
        remark: String,
    }
}

bound! {
    /// 服务与保障表 (D3, D4): one service level.
    ServiceLevel in "service" {
        module: ServiceModule,
        name: String,
        target: Target,
        actual: Measure,
        problem: String,
        dept: String,
    }
}

bound! {
    /// 用户反馈表 (D0): one piece of feedback.
    Feedback in "feedback" {
        channel: String,
        object: String,
        content: String,
        tags: Vec<String>,
        count: f64,
        satisfaction: f64,
        date: NaiveDate,
    }
}
