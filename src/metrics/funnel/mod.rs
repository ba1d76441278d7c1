//! The funnel: who goes on at each step, who leaves, and where to mend first
//! (spec: `3-metrics` §3.3; D0 四（三）, D4 三).

use crate::cell::Place;
use crate::expr::{Expr, Fun, Op};
use crate::locale::fold;
use crate::metrics;

use super::{Basis, Figure};

metrics! {
    STEP_RATE = "step-rate",
    DROP_OFF = "drop-off",
    CUMULATIVE_RATE = "cumulative-rate",
    BIGGEST_LEAK = "biggest-leak",
}

/// What a step is called at which people are only shown something.
const SHOWN: [&str; 4] = ["曝光", "展示", "exposure", "impression"];

/// The funnel of a campaign.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Funnel {
    /// Steps from the widest on: by 序号 where every step has one, else as entered.
    pub steps: Vec<FunnelStep>,
    /// The step to mend first, by index.
    pub leak: Option<usize>,
    /// Whether the leak is one against its target; else it is the largest loss of people.
    pub against_target: bool,
}

/// One step.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FunnelStep {
    /// As the table names it.
    pub name: String,
    /// Row of the table.
    pub row: usize,
    /// The cell of its name.
    pub at: Option<Place>,
    /// How many came this far.
    pub count: Expr,
    /// The rate asked for from the step before.
    pub target: Expr,
    /// 环节转化率.
    pub rate: Figure,
    /// 流失率.
    pub drop: Figure,
    /// 累计转化率.
    pub cumulative: Figure,
    /// 目标转化率 − 环节转化率.
    pub shortfall: Expr,
    /// People lost at this step.
    pub loss: Expr,
    /// What the team says about it.
    pub reason: String,
}

/// 环节转化率: this ÷ the step before. 累计转化率 is the same against the first step.
pub fn rate(count: &Expr, before: &Expr) -> Expr {
    (count.clone() / before.clone()).known()
}

/// 流失率: 1 − 环节转化率.
pub fn drop_off(rate: &Expr) -> Expr {
    (Expr::Num(1.0) - rate.clone()).known()
}

/// How far a rate stays below its target; negative where it is reached.
pub fn shortfall(rate: &Expr, target: &Expr) -> Expr {
    (target.clone() - rate.clone()).known()
}

/// How many were lost at a step.
pub fn loss(count: &Expr, before: &Expr) -> Expr {
    (before.clone() - count.clone()).known()
}

/// Marks the biggest leak: the largest shortfall where some step stays below
/// its target, else the largest loss. A step that reaches its target is no leak.
pub fn mark(shortfall: &Expr, shortfalls: Expr, loss: &Expr, losses: Expr, word: &str) -> Expr {
    let largest = |one: &Expr, all: &Expr| {
        let largest = Expr::call(Fun::Max, [all.clone()]);
        // A blank is a text, and no text equals a number.
        let is = Expr::call(Fun::And, [largest.clone().op(Op::Gt, 0.0), one.clone().op(Op::Eq, largest)]);
        is.then(Expr::text(word), Expr::nothing())
    };
    let missed = Expr::call(Fun::Max, [shortfalls.clone()]).op(Op::Gt, 0.0);
    let reached = Expr::call(Fun::IsNumber, [shortfall.clone()]);
    missed.then(largest(shortfall, &shortfalls), reached.then(Expr::nothing(), largest(loss, &losses)))
}

/// The first step whose loss may be called the largest: from being shown something to clicking on it most people
/// are lost in every campaign, so that says nothing without a target.
pub fn first_counted(steps: &[FunnelStep]) -> usize {
    let first = steps.first().map(|step| fold(&step.name)).unwrap_or_default();
    if SHOWN.iter().any(|word| first.contains(word)) { 2 } else { 1 }
}

/// Computes the funnel.
pub fn analyse(basis: Basis<'_>) -> Funnel {
    let Basis { campaign, .. } = basis;
    let mut steps: Vec<FunnelStep> = Vec::new();
    for (row, stage) in campaign.stages_in_order() {
        let count = stage.count.expr().known();
        let target = stage.target.expr().known();
        let before = steps.last().map_or_else(Expr::nothing, |step| step.count.clone());
        let first = steps.first().map_or_else(|| count.clone(), |step| step.count.clone());
        let rate = rate(&count, &before);
        steps.push(FunnelStep {
            name: stage.stage.as_str().to_owned(),
            row,
            at: stage.stage.at.clone(),
            drop: Figure { metric: &DROP_OFF, expr: drop_off(&rate) },
            cumulative: Figure { metric: &CUMULATIVE_RATE, expr: self::rate(&count, &first) },
            shortfall: shortfall(&rate, &target),
            loss: loss(&count, &before),
            rate: Figure { metric: &STEP_RATE, expr: rate },
            count,
            target,
            reason: stage.reason.as_str().to_owned(),
        });
    }
    let shortfalls = Expr::loose(steps.iter().map(|step| &step.shortfall));
    let counted = first_counted(&steps);
    let losses = Expr::loose(steps.iter().skip(counted).map(|step| &step.loss));
    let leak = steps.iter().enumerate().position(|(at, step)| {
        let loss = if at < counted { &Expr::nothing() } else { &step.loss };
        mark(&step.shortfall, shortfalls.clone(), loss, losses.clone(), "leak").value().text().is_some()
    });
    let against_target =
        leak.and_then(|leak| steps[leak].shortfall.number()).is_some_and(|shortfall| shortfall > 0.0);
    Funnel { steps, leak, against_target }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::campaign::fixture::{Cell, blank, number, records, text};
    use crate::metrics::fixture::analysed;

    fn funnel(steps: &[(&str, Cell, Cell)]) -> Funnel {
        let rows: Vec<[(&str, Cell); 3]> = steps
            .iter()
            .map(|(name, count, target)| {
                [("stage", text(name)), ("count", count.clone()), ("target", target.clone())]
            })
            .collect();
        let rows: Vec<&[(&str, Cell)]> = rows.iter().map(|row| &row[..]).collect();
        analysed(records(&[("funnel", &rows)])).funnel
    }

    #[test]
    fn the_registration_of_the_guide_loses_thirty_percent() {
        let funnel = funnel(&[
            ("曝光", number(100_000.0), blank()),
            ("点击", number(10_000.0), number(0.1)),
            ("注册", number(7_000.0), number(0.8)),
            ("购买", number(3_500.0), number(0.5)),
        ]);
        let drop: Vec<Option<f64>> = funnel
            .steps
            .iter()
            .map(|step| step.drop.value().map(|drop| (drop * 1e9).round() / 1e9))
            .collect();
        assert_eq!(drop, [None, Some(0.9), Some(0.3), Some(0.5)]);
        assert_eq!(funnel.steps[3].cumulative.value(), Some(0.035));
        assert_eq!((funnel.leak, funnel.against_target), (Some(2), true));
    }

    #[test]
    fn without_a_missed_target_the_largest_loss_is_the_leak() {
        let funnel = funnel(&[
            ("浏览", number(1_000.0), blank()),
            ("加购", number(900.0), number(0.5)),
            ("下单", number(300.0), blank()),
            ("支付", number(290.0), blank()),
        ]);
        assert_eq!((funnel.leak, funnel.against_target), (Some(2), false));
    }

    #[test]
    fn what_every_campaign_loses_from_exposure_to_click_is_no_leak() {
        let funnel = funnel(&[
            ("曝光", number(1_000_000.0), blank()),
            ("点击", number(50_000.0), blank()),
            ("下单", number(30_000.0), blank()),
            ("支付", number(12_000.0), blank()),
        ]);
        assert_eq!((funnel.leak, funnel.against_target), (Some(2), false));
    }

    #[test]
    fn a_step_that_beats_its_target_is_no_leak() {
        let funnel = funnel(&[
            ("浏览", number(1_000.0), blank()),
            ("加购", number(300.0), number(0.2)),
            ("支付", number(200.0), number(0.6)),
        ]);
        assert_eq!((funnel.leak, funnel.against_target), (None, false));
    }

    #[test]
    fn an_unknown_step_makes_its_neighbours_unknown_and_no_leak() {
        let funnel = funnel(&[
            ("浏览", number(1_000.0), blank()),
            ("加购", blank(), blank()),
            ("下单", number(3.0), blank()),
        ]);
        assert!(funnel.steps.iter().all(|step| step.rate.value().is_none()));
        assert_eq!(funnel.steps[2].cumulative.value(), Some(0.003));
        assert_eq!(funnel.leak, None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn step_rates_multiply_to_the_cumulative_rate(counts in proptest::collection::vec(1.0f64..1e7, 2..7)) {
            let steps: Vec<(&str, Cell, Cell)> = counts.iter().map(|n| ("浏览", number(*n), blank())).collect();
            let funnel = funnel(&steps);
            let product: f64 = funnel.steps.iter().filter_map(|step| step.rate.value()).product();
            let last = funnel.steps.last().unwrap().cumulative.value().unwrap();
            prop_assert!((product / last - 1.0).abs() < 1e-9);
        }
    }
}
