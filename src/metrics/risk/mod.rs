//! Risks foreseen and incidents that happened (spec: `3-metrics` §3.6; D1 二（三）, 三（三）, D4 突发状况).

use chrono::NaiveDateTime;

use crate::campaign::{Campaign, Level, RiskLevel};
use crate::catalogue::record::Field;
use crate::expr::{Expr, Fun, Op};
use crate::likeness::{alike, held};
use crate::metrics;
use crate::policy::Policy;

use super::actions::weight;
use super::schedule::{Promptness, approvals};
use super::{Basis, Figure};

metrics! {
    RISK_LEVEL = "risk-level",
    SOLVE_HOURS = "solve-hours",
    FORESEEN_SHARE = "foreseen-share",
}

/// How much of a planned risk's words an incident told at length must hold.
const TOLD_AT_LENGTH: f64 = 0.75;

/// The risks of a campaign.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Risks {
    /// 风险预案, in the order of the table.
    pub planned: Vec<PlannedFigures>,
    /// What happened, in the order of the table.
    pub incidents: Vec<IncidentFigures>,
    /// Incidents a plan had foreseen ÷ all incidents.
    pub foreseen: Figure,
}

/// One planned risk.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PlannedFigures {
    /// Row of the table.
    pub row: usize,
    /// Its level by probability and impact.
    pub level: Option<RiskLevel>,
    /// The incidents in which it happened, as indexes into the incidents.
    pub happened: Vec<usize>,
}

/// One incident.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct IncidentFigures {
    /// Row of the table.
    pub row: usize,
    /// The planned risk it was, as an index into the planned ones.
    pub plan: Option<usize>,
    /// When it was noticed.
    pub occurred: Expr,
    /// When all was normal again.
    pub solved: Expr,
    /// Hours from one to the other.
    pub hours: Figure,
    /// Against the limit; unknown where there is none.
    pub promptness: Promptness,
}

/// 风险等级 by 概率 × 影响: 高高 重大, 高中 and 中高 较大, the rest 一般.
/// `level_word` are the texts of the levels shown, `word` those of the answer.
pub fn risk_level(
    probability: &Expr,
    impact: &Expr,
    level_word: impl Fn(Level) -> String,
    word: impl Fn(RiskLevel) -> String,
) -> Expr {
    let text = |level| Expr::text(word(level));
    let graded = |product: Expr| {
        let larger = product.clone().op(Op::Ge, 6.0).then(text(RiskLevel::Larger), text(RiskLevel::Ordinary));
        product.op(Op::Ge, 9.0).then(text(RiskLevel::Major), larger)
    };
    (weight(probability, &level_word) * weight(impact, &level_word)).given(graded, Expr::nothing())
}

/// How many planned risks have this probability and this impact.
pub fn heat(probabilities: Expr, probability: &Expr, impacts: Expr, impact: &Expr) -> Expr {
    Expr::call(Fun::CountIfs, [probabilities, probability.clone(), impacts, impact.clone()])
}

/// Hours from noticing to solving; nothing where the one stands before the other.
pub fn solve_hours(occurred: &Expr, solved: &Expr) -> Expr {
    let forward = |days: Expr| {
        let hours = (days.clone() * 24.0).round(4);
        days.op(Op::Ge, 0.0).then(hours, Expr::nothing())
    };
    (solved.clone() - occurred.clone()).given(forward, Expr::nothing())
}

/// Incidents that were foreseen ÷ all incidents.
pub fn foreseen_share(foreseen: Expr, all: Expr) -> Expr {
    (foreseen / all).known()
}

/// Hours within which an incident of a level has to be solved.
pub fn limit(level: Option<RiskLevel>, policy: &Policy) -> Option<f64> {
    (level == Some(RiskLevel::Major)).then_some(policy.thresholds.time.major_hours)
}

/// A moment as the serial number its cell holds.
pub fn moment(field: &Field<NaiveDateTime>) -> Expr {
    field.leaf(field.value.map(crate::page::moment))
}

/// Computes the risks.
pub fn analyse(basis: Basis<'_>) -> Risks {
    let Basis { campaign, policy, .. } = basis;
    let rows = campaign.risk_plan.iter().enumerate().filter(|(_, row)| row.risk.value.is_some());
    let mut planned: Vec<PlannedFigures> = rows
        .map(|(row, risk)| {
            let text =
                |level: Option<Level>| level.map_or_else(Expr::nothing, |level| Expr::text(level.id()));
            let (probability, impact) = (text(risk.probability.value), text(risk.impact.value));
            let level = risk_level(
                &probability,
                &impact,
                |level| level.id().to_owned(),
                |level| level.id().to_owned(),
            );
            let level = level.value().text().and_then(RiskLevel::from_id);
            PlannedFigures { row, level, happened: Vec::new() }
        })
        .collect();
    let rows = campaign.risk_log.iter().enumerate().filter(|(_, row)| row.risk.value.is_some());
    let incidents: Vec<IncidentFigures> = rows
        .map(|(row, incident)| {
            let (occurred, solved) = (moment(&incident.occurred), moment(&incident.solved));
            let hours = solve_hours(&occurred, &solved);
            let promptness = limit(incident.level.value, policy).map_or(Promptness::Unknown, |limit| {
                Promptness::of(&approvals::promptness(&hours, limit, |each| each.id().to_owned()))
            });
            IncidentFigures {
                row,
                plan: foreseen(campaign, policy, &planned, incident.risk.as_str()),
                hours: Figure { metric: &SOLVE_HOURS, expr: hours },
                promptness,
                occurred,
                solved,
            }
        })
        .collect();
    for (index, incident) in incidents.iter().enumerate() {
        if let Some(plan) = incident.plan {
            planned[plan].happened.push(index);
        }
    }
    let count = |so: fn(&IncidentFigures) -> bool| {
        let of =
            |incident: &IncidentFigures| (so(incident), basis.campaign.risk_log[incident.row].risk.cell());
        Expr::tally(incidents.iter().map(of))
    };
    let foreseen = foreseen_share(count(|incident| incident.plan.is_some()), count(|_| true));
    Risks { foreseen: Figure { metric: &FORESEEN_SHARE, expr: foreseen }, planned, incidents }
}

/// The planned risk an incident most resembles, where it is the same thing.
fn foreseen(
    campaign: &Campaign,
    policy: &Policy,
    planned: &[PlannedFigures],
    incident: &str,
) -> Option<usize> {
    let mut best: Option<(usize, f64)> = None;
    for (index, plan) in planned.iter().enumerate() {
        let risk = campaign.risk_plan[plan.row].risk.as_str();
        let (likeness, told) = (alike(risk, incident), held(risk, incident));
        let same = likeness >= policy.thresholds.recurrence.similarity || told >= TOLD_AT_LENGTH;
        let score = likeness.max(told);
        if same && best.is_none_or(|(_, most)| score > most) {
            best = Some((index, score));
        }
    }
    best.map(|(index, _)| index)
}

#[cfg(test)]
mod tests;
