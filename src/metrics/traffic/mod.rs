//! Traffic, interactions and users: who came, who took part, who stayed
//! (spec: `3-metrics` §3.3; D3 三, D4 三).

use crate::campaign::{Direction, SalesItem};
use crate::cell::Place;
use crate::expr::{Expr, Fun, Op};
use crate::metrics;
use crate::quantity::Unit;

use super::goals::{self, Asked};
use super::{Basis, Figure, sales};

metrics! {
    OVERALL_CONVERSION = "overall-conversion",
    BOUNCE_RATE = "bounce-rate",
    NEW_VISITOR_SHARE = "new-visitor-share",
    SOURCE_SHARE = "source-share",
    VISITOR_VALUE = "visitor-value",
    PARTICIPATION_RATE = "participation-rate",
    USER_COMPLETION = "user-completion",
    USER_GROWTH = "user-growth",
}

/// Who came and what they did.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Traffic {
    /// 来源占比 of each row of the traffic table.
    pub sources: Vec<Figure>,
    /// 整体转化率.
    pub conversion: Figure,
    /// 跳出率.
    pub bounce: Figure,
    /// 新访客占比.
    pub new_share: Figure,
    /// UV价值.
    pub visitor_value: Figure,
    /// Visitors of all sources.
    pub visitors: Expr,
    /// 参与率 of each row of the interactions table.
    pub participation: Vec<Figure>,
    /// Each row of the users table.
    pub users: Vec<UserFigures>,
}

/// One indicator of the users table.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct UserFigures {
    /// As the table names it.
    pub name: String,
    /// The cell of its name.
    pub at: Option<Place>,
    /// What it counts.
    pub unit: Unit,
    /// Which way is good.
    pub direction: Direction,
    /// What is asked for.
    pub asked: Asked,
    /// 完成率, as of any goal.
    pub completion: Figure,
    /// Change against before: relative for counts, in points for rates.
    pub growth: Figure,
}

/// Sum of a column ÷ sum of another, over the rows that have both.
pub fn pooled(parts: Expr, wholes: Expr) -> Expr {
    let both = |sum: &Expr| {
        Expr::call(
            Fun::SumIfs,
            [sum.clone(), wholes.clone(), Expr::text(">0"), parts.clone(), Expr::text(">=0")],
        )
    };
    let whole = both(&wholes);
    whole.clone().op(Op::Gt, 0.0).then(both(&parts) / whole, Expr::nothing())
}

/// 跳出率 of all sources: weighted by visitors, over the rows that have both.
pub fn bounce(rates: Expr, visitors: Expr) -> Expr {
    let known = Expr::call(
        Fun::SumIfs,
        [visitors.clone(), visitors.clone(), Expr::text(">0"), rates.clone(), Expr::text(">=0")],
    );
    let mean = Expr::call(Fun::SumProduct, [rates, visitors]) / known.clone();
    known.op(Op::Gt, 0.0).then(mean, Expr::nothing())
}

/// 来源占比, 参与率, UV价值: a part ÷ the whole.
pub fn share(part: &Expr, whole: &Expr) -> Expr {
    (part.clone() / whole.clone()).known()
}

/// All of a column; nothing where none of it is known.
pub fn sum(parts: Expr) -> Expr {
    Expr::call(Fun::Sum, [parts]).known()
}

/// Change of a user figure: relative for counts, in points for rates.
pub fn growth(during: &Expr, before: &Expr, unit: &Unit) -> Expr {
    match unit {
        Unit::Percent | Unit::Points => (during.clone() - before.clone()).known(),
        _ => sales::comparison::growth(during, before),
    }
}

/// Computes traffic, interactions and users.
pub fn analyse(basis: Basis<'_>) -> Traffic {
    let campaign = basis.campaign;
    let column = |of: &dyn Fn(&crate::campaign::TrafficLine) -> Expr| {
        Expr::loose(&campaign.traffic.iter().map(|row| of(row).known()).collect::<Vec<_>>())
    };
    let uv = || column(&|row| row.uv.expr());
    let visitors = if campaign.traffic.is_empty() { Expr::nothing() } else { sum(uv()) };
    let figure = |metric, expr| Figure { metric, expr };
    let sales = sales::total(basis);
    // Visitors as sales were counted with them; else those of the traffic table.
    let compared = sales::comparison::line(basis, SalesItem::Visitors)
        .map_or_else(Expr::nothing, |line| line.during.expr())
        .known_or(visitors.clone());
    Traffic {
        sources: campaign
            .traffic
            .iter()
            .map(|row| figure(&SOURCE_SHARE, share(&row.uv.expr(), &visitors)))
            .collect(),
        conversion: figure(&OVERALL_CONVERSION, pooled(column(&|row| row.pay.expr()), uv())),
        bounce: figure(&BOUNCE_RATE, bounce(column(&|row| row.bounce.expr()), uv())),
        new_share: figure(&NEW_VISITOR_SHARE, pooled(column(&|row| row.new_visitors.expr()), uv())),
        visitor_value: figure(&VISITOR_VALUE, share(&sales, &compared)),
        participation: campaign
            .interactions
            .iter()
            .map(|row| figure(&PARTICIPATION_RATE, share(&row.people.expr(), &visitors)))
            .collect(),
        users: users(basis),
        visitors,
    }
}

fn users(basis: Basis<'_>) -> Vec<UserFigures> {
    let Basis { campaign, policy, .. } = basis;
    campaign
        .users
        .iter()
        .map(|line| {
            let target = line.target.value.as_ref();
            let asked = match target {
                Some(target) => {
                    let part = |level, part| line.target.part(Some(level), part);
                    goals::asked(target, part, line.before.expr())
                }
                None => Asked { level: line.target.leaf(None), upper: None, baseline: line.before.expr() },
            };
            let direction = goals::direction(None, target, line.name.as_str());
            let unit = [&line.during, &line.before]
                .into_iter()
                .find_map(|field| field.value.as_ref().map(|measure| measure.unit.clone()))
                .unwrap_or_default();
            let completion = goals::completion(&line.during.expr(), &asked, direction, policy);
            UserFigures {
                name: line.name.as_str().to_owned(),
                at: line.name.at.clone(),
                completion: Figure { metric: &USER_COMPLETION, expr: completion },
                growth: Figure {
                    metric: &USER_GROWTH,
                    expr: growth(&line.during.expr(), &line.before.expr(), &unit),
                },
                direction,
                asked,
                unit,
            }
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::campaign::fixture::{Cell, Row, blank, measure, number, records, target, text};
    use crate::metrics::fixture::analysed;

    #[test]
    fn rates_of_the_whole_are_ratios_of_sums_over_the_sources_that_report_both() {
        let row = |uv: f64, new: Cell, bounce: Cell, pay: Cell| {
            [
                ("source", text("来源")),
                ("uv", number(uv)),
                ("new_visitors", new),
                ("bounce", bounce),
                ("pay", pay),
            ]
        };
        let rows = [
            row(10_000.0, number(3_000.0), number(0.4), number(500.0)),
            row(30_000.0, blank(), number(0.6), number(1_500.0)),
        ];
        let rows: Vec<&[(&str, Cell)]> = rows.iter().map(|row| &row[..]).collect();
        let sales = [("name", text("销售额")), ("during", measure(200_000.0))];
        let people = [("kind", text("抽奖")), ("people", number(8_000.0))];
        let tables: [(&str, &[Row<'_>]); 3] =
            [("traffic", &rows), ("sales", &[&sales]), ("interactions", &[&people])];
        let found = analysed(records(&tables)).traffic;
        assert_eq!(found.conversion.value(), Some(0.05));
        assert_eq!(found.bounce.value(), Some(0.55));
        assert_eq!(found.new_share.value(), Some(0.3));
        assert_eq!(found.visitor_value.value(), Some(5.0));
        assert_eq!(found.participation[0].value(), Some(0.2));
        let shares: Vec<Option<f64>> = found.sources.iter().map(Figure::value).collect();
        assert_eq!(shares, [Some(0.25), Some(0.75)]);
    }

    #[test]
    fn user_figures_are_held_to_their_targets() {
        let row = [
            ("name", text("新增会员")),
            ("before", measure(2_000.0)),
            ("during", measure(9_000.0)),
            ("target", target(8_000.0)),
        ];
        let user = &analysed(records(&[("users", &[&row])])).traffic.users[0];
        assert_eq!(user.completion.value(), Some(1.125));
        assert_eq!(user.growth.value(), Some(3.5));
    }

    #[test]
    fn a_user_figure_inside_its_range_is_wholly_reached_and_less_is_better_where_the_name_says_so() {
        use crate::catalogue::record::Value;
        use crate::quantity::{Aim, Comparator, Target, Unit};
        let range = Target {
            comparator: Comparator::Plain,
            aim: Aim::Range(0.15, 0.2),
            unit: Unit::Percent,
            scale: None,
        };
        let repeat =
            [("name", text("复购率")), ("during", measure(0.163)), ("target", Some(Value::Target(range)))];
        let churn = [("name", text("流失用户数")), ("during", measure(42.0)), ("target", target(30.0))];
        let users = analysed(records(&[("users", &[&repeat, &churn])])).traffic.users;
        assert_eq!(users[0].completion.value(), Some(1.0));
        assert!((users[1].completion.value().unwrap() - 0.6).abs() < 1e-12);
    }

    #[test]
    fn nothing_reached_is_known_without_visitors() {
        let people = [("kind", text("抽奖")), ("people", number(8_000.0))];
        let found = analysed(records(&[("interactions", &[&people])])).traffic;
        assert_eq!(found.participation[0].value(), None);
        assert_eq!(found.conversion.value(), None);
    }
}
