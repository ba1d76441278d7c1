//! People and what they held up: staffing, teamwork, service levels
//! (spec: `3-metrics` §3.6; D3 团队协作评价, 人力, D4 保障).

use crate::campaign::{Campaign, Direction, ServiceLevel};
use crate::expr::{Expr, Fun};
use crate::metrics;
use crate::policy::Policy;
use crate::quantity::Unit;

use super::goals::{self, Asked, Outcome};
use super::{Basis, Figure};

metrics! {
    HEAD_RATIO = "head-ratio",
    HOUR_RATIO = "hour-ratio",
    TEAMWORK_MEAN = "teamwork-mean",
    SERVICE_COMPLETION = "service-completion",
}

/// The people of a campaign.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct People {
    /// 人力配置, link by link.
    pub staffing: Vec<StaffingFigures>,
    /// All links together.
    pub staffing_total: StaffingRatios,
    /// 团队协作 mean score.
    pub teamwork: Figure,
    /// The dimension with the lowest score, as a row of its table; the first of several.
    pub weakest: Option<usize>,
    /// 服务与保障 as goals.
    pub services: Vec<ServiceFigures>,
}

/// One link of the chain.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct StaffingFigures {
    /// Row of the table.
    pub row: usize,
    /// Its ratios.
    pub ratios: StaffingRatios,
}

/// People and hours, actual ÷ planned.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct StaffingRatios {
    /// 实际人数 ÷ 计划人数.
    pub heads: Figure,
    /// 实际工时 ÷ 计划工时.
    pub hours: Figure,
}

/// One service level.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ServiceFigures {
    /// Row of the table.
    pub row: usize,
    /// Which way is good.
    pub direction: Direction,
    /// What its numbers count.
    pub unit: Unit,
    /// What is asked for.
    pub asked: Asked,
    /// What was reached.
    pub actual: Expr,
    /// 完成率.
    pub completion: Figure,
    /// How the completion is called.
    pub outcome: Outcome,
}

/// 实际 ÷ 计划.
pub fn ratio(actual: &Expr, planned: &Expr) -> Expr {
    (actual.clone() / planned.clone()).known()
}

/// The mean of the scores given.
pub fn mean(scores: Expr) -> Expr {
    Expr::call(Fun::Average, [scores]).known()
}

/// Computes what people did.
pub fn analyse(basis: Basis<'_>) -> People {
    let Basis { campaign, policy, .. } = basis;
    let staffing: Vec<StaffingFigures> = campaign
        .staffing
        .iter()
        .enumerate()
        .filter(|(_, row)| row.link.value.is_some())
        .map(|(row, link)| StaffingFigures {
            row,
            ratios: ratios(
                [&link.actual_heads.expr(), &link.planned_heads.expr()],
                [&link.actual_hours.expr(), &link.planned_hours.expr()],
            ),
        })
        .collect();
    let scores: Vec<Expr> = campaign.teamwork.iter().map(|row| row.score.expr()).collect();
    let weakest =
        campaign.teamwork.iter().enumerate().filter_map(|(row, line)| Some((row, line.score.value?)));
    let weakest = weakest.reduce(|low, next| if next.1 < low.1 { next } else { low });
    let services = campaign.service.iter().enumerate().filter(|(_, row)| row.name.value.is_some());
    People {
        staffing_total: total(campaign, &staffing),
        staffing,
        teamwork: Figure { metric: &TEAMWORK_MEAN, expr: mean(Expr::loose(&scores)) },
        weakest: weakest.map(|(row, _)| row),
        services: services.map(|(row, level)| service(policy, row, level)).collect(),
    }
}

fn ratios([actual_heads, heads]: [&Expr; 2], [actual_hours, hours]: [&Expr; 2]) -> StaffingRatios {
    StaffingRatios {
        heads: Figure { metric: &HEAD_RATIO, expr: ratio(actual_heads, heads) },
        hours: Figure { metric: &HOUR_RATIO, expr: ratio(actual_hours, hours) },
    }
}

/// All links together; of people and of hours only the links of which both plan and actual are known.
fn total(campaign: &Campaign, staffing: &[StaffingFigures]) -> StaffingRatios {
    let sum = |pick: fn(&crate::campaign::Staffing) -> [Expr; 2], which: usize| {
        let pairs = staffing.iter().map(|link| pick(&campaign.staffing[link.row]));
        let known = pairs.filter(|pair| pair.iter().all(|cell| cell.number().is_some()));
        Expr::sum(known.map(|pair| pair[which].clone())).known()
    };
    let heads = |row: &crate::campaign::Staffing| [row.actual_heads.expr(), row.planned_heads.expr()];
    let hours = |row: &crate::campaign::Staffing| [row.actual_hours.expr(), row.planned_hours.expr()];
    ratios([&sum(heads, 0), &sum(heads, 1)], [&sum(hours, 0), &sum(hours, 1)])
}

fn service(policy: &Policy, row: usize, level: &ServiceLevel) -> ServiceFigures {
    let target = level.target.value.as_ref();
    let asked = match target {
        Some(target) => {
            goals::asked(target, |value, part| level.target.part(Some(value), part), Expr::nothing())
        }
        None => Asked { level: level.target.leaf(None), upper: None, baseline: Expr::nothing() },
    };
    let direction = goals::direction(None, target, level.name.as_str());
    let actual = level.actual.expr();
    let completion = goals::completion(&actual, &asked, direction, policy);
    ServiceFigures {
        row,
        direction,
        unit: target
            .map(|target| target.unit.clone())
            .or(level.actual.value.as_ref().map(|measure| measure.unit.clone()))
            .unwrap_or_default(),
        outcome: goals::outcome_of(&completion, policy),
        completion: Figure { metric: &SERVICE_COMPLETION, expr: completion },
        asked,
        actual,
    }
}

#[cfg(test)]
mod tests;
