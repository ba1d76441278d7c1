//! What is known of each level, asked for and reached: goals by what they are
//! called, rates turned into the levels they imply, and for what was reached
//! also the tables of sales, traffic and channels.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::campaign::SalesItem;
use crate::expr::Expr;
use crate::locale::fold;

use super::super::Basis;
use super::super::goals::Goals;
use super::super::sales::Sales;
use super::super::sales::comparison::DURING;
use super::{Level, State};

static NAMES: LazyLock<BTreeMap<String, Vec<String>>> =
    LazyLock::new(|| toml::from_str(include_str!("names.toml")).unwrap_or_default());

/// Words before a name that do not change what it counts.
const BEFORE_NAME: &[&str] = &["活动期间", "活动期", "活动", "整体", "全网", "全渠道", "累计", "总"];

/// What a name counts, by the list of names.
fn quantity(name: &str) -> Option<&'static str> {
    let folded = fold(name);
    let mut bare = folded.split(['(', '[', '【']).next().unwrap_or_default();
    for word in BEFORE_NAME {
        bare = bare.strip_prefix(word).unwrap_or(bare);
    }
    NAMES.iter().find(|(_, names)| names.iter().any(|name| name == bare)).map(|(key, _)| key.as_str())
}

/// Every level that is known on both sides, of the target and of what came out.
pub(super) fn against_target(basis: Basis<'_>, goals: &Goals, sales: &Sales) -> Vec<State> {
    let goal = |key: &str| {
        goals.overall.iter().find(|goal| quantity(&goal.name) == Some(key) && goal.asked.upper.is_none())
    };
    let asked = |key: &str| goal(key).map_or_else(Expr::nothing, |goal| goal.asked.level.clone());
    let reached = |key: &str| goal(key).map_or_else(Expr::nothing, |goal| goal.actual.clone());
    let during = |item: SalesItem| {
        let line = sales.lines.iter().find(|line| line.item == Some(item));
        line.map_or_else(Expr::nothing, |line| line.totals[DURING].clone())
    };
    let visitors = Expr::sum(basis.campaign.traffic.iter().map(|row| row.uv.expr())).known();
    let sum = |of: &dyn Fn(&crate::campaign::Channel) -> Expr| {
        Expr::sum(basis.campaign.channels.iter().map(of)).known()
    };
    let tables = Side {
        sales: during(SalesItem::Sales),
        exposure: sum(&|row| row.exposure.expr()),
        clicks: sum(&|row| row.clicks.expr()),
        visitors: during(SalesItem::Visitors).known_or(visitors),
        orders: during(SalesItem::Orders),
        buyers: during(SalesItem::Buyers),
    };
    // A price per head says how many heads; whether heads or orders, the goals decide.
    let heads = goal("buyers").is_some() || goal("orders").is_none();
    let from = Side::of(&asked, None, heads);
    let to = Side::of(&reached, Some(tables), heads);
    let pair = |level, from: Expr, to: Expr| State { level, from, to };
    vec![
        pair(Level::Exposure, from.exposure, to.exposure),
        pair(Level::Clicks, from.clicks, to.clicks),
        pair(Level::Visitors, from.visitors, to.visitors),
        pair(Level::Buyers, from.buyers, to.buyers),
        pair(Level::Orders, from.orders, to.orders),
        pair(Level::Sales, from.sales, to.sales),
    ]
}

/// The levels of one side.
struct Side {
    sales: Expr,
    exposure: Expr,
    clicks: Expr,
    visitors: Expr,
    orders: Expr,
    buyers: Expr,
}

impl Side {
    /// Levels as said, else from the tables, else implied by a rate or a price.
    fn of(said: &dyn Fn(&str) -> Expr, tables: Option<Side>, heads: bool) -> Side {
        let nothing = Expr::nothing;
        let tables = tables.unwrap_or(Side {
            sales: nothing(),
            exposure: nothing(),
            clicks: nothing(),
            visitors: nothing(),
            orders: nothing(),
            buyers: nothing(),
        });
        let sales = said("sales").known_or(tables.sales);
        let exposure = said("exposure").known_or(tables.exposure);
        let implied = exposure.clone() * said("click-rate");
        let clicks = said("clicks").known_or(tables.clicks).known_or(implied);
        let visitors = said("visitors").known_or(tables.visitors);
        let bought = (sales.clone() / said("price")).known_or(visitors.clone() * said("conversion-rate"));
        let count = |key: &str, table: Expr, implied: Expr| said(key).known_or(table).known_or(implied);
        let (per_head, per_order) = if heads { (bought, nothing()) } else { (nothing(), bought) };
        let buyers = count("buyers", tables.buyers, per_head);
        let orders = count("orders", tables.orders, per_order);
        let each = if heads { &buyers } else { &orders };
        let visitors = visitors.known_or(each.clone() / said("conversion-rate"));
        Side { sales, exposure, clicks, visitors, orders, buyers }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantity_is_known_under_the_names_people_give_it() {
        for (name, key) in [
            ("活动销售额（万元）", Some("sales")),
            ("GMV", Some("sales")),
            ("总曝光量", Some("exposure")),
            ("UV", Some("visitors")),
            ("支付转化率", Some("conversion-rate")),
            ("新品销售额", None),
            ("客户满意度", None),
        ] {
            assert_eq!(quantity(name), key, "{name}");
        }
    }
}
