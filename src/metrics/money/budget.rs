//! Budget against actual, line by line, by 资源类型 and in all, and the reserve (D1 二（四）).

use crate::campaign::{BudgetLine, Resource};
use crate::cell::Place;
use crate::expr::{Expr, Fun, Op};
use crate::policy::Policy;

use super::super::{Basis, Figure};
use super::{BUDGET_EXECUTION, BUDGET_VARIANCE, RESERVE_SHARE, VARIANCE_RATE};

/// The budget of a campaign.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Budget {
    /// Lines as entered.
    pub lines: Vec<BudgetFigures>,
    /// Lines by 资源类型, those without one last.
    pub by_type: Vec<BudgetFigures>,
    /// All lines.
    pub total: BudgetFigures,
    /// 备用金.
    pub reserve: Expr,
    /// 备用金 ÷ 总预算.
    pub reserve_share: Figure,
    /// How the share is called.
    pub reserve_verdict: ReserveVerdict,
}

/// Budget and actual of a line, a type or the whole.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct BudgetFigures {
    /// 费用明细 of a line; empty for sums.
    pub name: String,
    /// 资源类型.
    pub kind: Option<Resource>,
    /// Rows of the table.
    pub rows: Vec<usize>,
    /// The cell to look at first.
    pub at: Option<Place>,
    /// 预算: 总价, or 单价 × 数量 where it is empty.
    pub planned: Expr,
    /// 实际花费.
    pub actual: Expr,
    /// 实际 − 预算, over the lines that have both.
    pub variance: Figure,
    /// 差异 ÷ 预算.
    pub rate: Figure,
    /// 实际 ÷ 预算, over the lines that have both.
    pub execution: Figure,
    /// How the deviation is called.
    pub deviation: Deviation,
    /// Whether it is the reserve.
    pub reserve: bool,
    /// Lines that have both budget and actual.
    pub complete: usize,
}

/// How a deviation from the budget is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Deviation {
    /// 正常.
    Normal,
    /// 关注.
    Watch,
    /// 预警: a reason is required.
    Alarm,
    /// 严重.
    Severe,
    /// No actual, or no budget to compare with.
    Unknown,
}

impl Deviation {
    /// Every deviation with its stable id.
    pub const ALL: [(Deviation, &'static str); 5] = [
        (Deviation::Normal, "normal"),
        (Deviation::Watch, "watch"),
        (Deviation::Alarm, "alarm"),
        (Deviation::Severe, "severe"),
        (Deviation::Unknown, "unreported"),
    ];

    /// The stable id.
    pub fn id(self) -> &'static str {
        Self::ALL.iter().find(|(deviation, _)| *deviation == self).map_or("unreported", |(_, id)| id)
    }
}

/// How the share of the reserve is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ReserveVerdict {
    /// Below what is needed.
    Low,
    /// As it should be.
    Fitting,
    /// More than is usual.
    High,
    /// No reserve line, or no budget.
    Unknown,
}

impl ReserveVerdict {
    /// Every verdict with its stable id.
    pub const ALL: [(ReserveVerdict, &'static str); 4] = [
        (ReserveVerdict::Low, "reserve_low"),
        (ReserveVerdict::Fitting, "reserve_fitting"),
        (ReserveVerdict::High, "reserve_high"),
        (ReserveVerdict::Unknown, "cannot"),
    ];

    /// The stable id.
    pub fn id(self) -> &'static str {
        Self::ALL.iter().find(|(verdict, _)| *verdict == self).map_or("cannot", |(_, id)| id)
    }
}

/// 预算 of a line: 总价; where it is empty, 单价 × 数量 (CPM buys a thousand).
pub fn planned(line: &BudgetLine) -> Expr {
    let price = line.unit_price.leaf(line.unit_price.value.as_ref().map(|price| price.amount));
    let product = match line.unit_price.value.as_ref().map(|price| price.lot) {
        Some(lot) if lot > 0.0 && lot != 1.0 => price * line.quantity.expr() / lot,
        _ => price * line.quantity.expr(),
    };
    line.total.expr().known_or(product)
}

/// 差异: 实际 − 预算.
pub fn variance(actual: &Expr, planned: &Expr) -> Expr {
    (actual.clone() - planned.clone()).known()
}

/// 偏差率: 差异 ÷ 预算.
pub fn rate(variance: &Expr, planned: &Expr) -> Expr {
    (variance.clone() / planned.clone()).known()
}

/// 执行率: 实际 ÷ 预算.
pub fn execution(actual: &Expr, planned: &Expr) -> Expr {
    (actual.clone() / planned.clone()).known()
}

/// A sum over some lines; nothing where none of them is known.
pub fn sum(lines: Expr) -> Expr {
    Expr::call(Fun::Sum, [lines]).known()
}

/// Budget of the lines whose actual is known, and actual of those whose budget is: what can be compared.
pub fn compared(amounts: Expr, other: Expr) -> Expr {
    let known =
        Expr::call(Fun::CountIfs, [amounts.clone(), Expr::text(">=0"), other.clone(), Expr::text(">=0")]);
    let sum =
        Expr::call(Fun::SumIfs, [amounts.clone(), amounts, Expr::text(">=0"), other, Expr::text(">=0")]);
    known.op(Op::Gt, 0.0).then(sum, Expr::nothing())
}

/// The same for the lines of one type; `kinds` is the column that names it.
pub fn compared_of(kind: &Expr, kinds: Expr, amounts: Expr, other: Expr) -> Expr {
    let terms = [amounts.clone(), amounts, Expr::text(">=0"), other, Expr::text(">=0"), kinds, kind.clone()];
    let known = Expr::call(Fun::CountIfs, terms[1..].iter().cloned());
    known.op(Op::Gt, 0.0).then(Expr::call(Fun::SumIfs, terms), Expr::nothing())
}

/// All of one type, compared or not.
pub fn sum_of(kind: &Expr, kinds: Expr, amounts: Expr) -> Expr {
    let known = Expr::call(Fun::CountIfs, [kinds.clone(), kind.clone(), amounts.clone(), Expr::text(">=0")]);
    let sum = Expr::call(Fun::SumIfs, [amounts, kinds, kind.clone()]);
    known.op(Op::Gt, 0.0).then(sum, Expr::nothing())
}

/// 正常 关注 预警 严重 by the size of the deviation; `word` gives the text of each.
pub fn class(rate: &Expr, policy: &Policy, word: impl Fn(Deviation) -> String) -> Expr {
    let text = |deviation| Expr::text(word(deviation));
    let bands = &policy.thresholds.budget;
    let called = |rate: Expr| {
        let size = || Expr::call(Fun::Abs, [rate.clone()]).round(4);
        size().op(Op::Le, bands.normal).then(
            text(Deviation::Normal),
            size().op(Op::Le, bands.watch).then(
                text(Deviation::Watch),
                size().op(Op::Le, bands.alarm).then(text(Deviation::Alarm), text(Deviation::Severe)),
            ),
        )
    };
    rate.clone().given(called, text(Deviation::Unknown))
}

/// The rate a line is judged by: a reserve nobody had to touch is no deviation, one that was exceeded is.
pub fn judged_rate(rate: &Expr, is_reserve: bool) -> Expr {
    match is_reserve {
        true => rate.clone().given(|rate| rate.max(0.0), Expr::nothing()),
        false => rate.clone(),
    }
}

/// 超支 结余 持平: `words` in that order.
pub fn side(variance: &Expr, words: [String; 3]) -> Expr {
    let [over, under, even] = words.map(Expr::text);
    let called = |variance: Expr| {
        variance.clone().op(Op::Gt, 0.0).then(over, variance.op(Op::Lt, 0.0).then(under, even))
    };
    variance.clone().given(called, Expr::nothing())
}

/// 备用金占比: 备用金 ÷ 总预算.
pub fn reserve_share(reserve: &Expr, total: &Expr) -> Expr {
    (reserve.clone() / total.clone()).known()
}

/// Whether a share of the reserve is what it should be; `word` gives the text of each verdict.
pub fn reserve_class(share: &Expr, policy: &Policy, word: impl Fn(ReserveVerdict) -> String) -> Expr {
    let text = |verdict| Expr::text(word(verdict));
    let bands = &policy.thresholds.budget;
    let called = |share: Expr| {
        let rounded = share.round(4);
        let high = rounded.clone().op(Op::Gt, bands.reserve_high);
        rounded.op(Op::Lt, bands.reserve_low).then(
            text(ReserveVerdict::Low),
            high.then(text(ReserveVerdict::High), text(ReserveVerdict::Fitting)),
        )
    };
    share.clone().given(called, text(ReserveVerdict::Unknown))
}

pub(super) fn analyse(basis: Basis<'_>) -> Budget {
    let Basis { campaign, policy, .. } = basis;
    let lines: Vec<BudgetFigures> =
        campaign.budget.iter().enumerate().map(|(row, line)| line_figures(row, line, policy)).collect();
    let mut by_type: Vec<BudgetFigures> = Vec::new();
    for kind in Resource::ALL.iter().copied().map(Some).chain([None]) {
        let members: Vec<&BudgetFigures> = lines.iter().filter(|line| line.kind == kind).collect();
        if !members.is_empty() {
            by_type.push(BudgetFigures { kind, ..sum_figures(&members, policy) });
        }
    }
    let total = sum_figures(&lines.iter().collect::<Vec<_>>(), policy);
    let reserves: Vec<&Expr> = lines.iter().filter(|line| line.reserve).map(|line| &line.planned).collect();
    let reserve = if reserves.is_empty() { Expr::nothing() } else { sum(Expr::loose(reserves)) };
    let share = reserve_share(&reserve, &total.planned);
    let said = reserve_class(&share, policy, |verdict| verdict.id().to_owned()).value();
    Budget {
        lines,
        by_type,
        total,
        reserve,
        reserve_verdict: ReserveVerdict::ALL
            .iter()
            .find(|(_, id)| said.text() == Some(id))
            .map_or(ReserveVerdict::Unknown, |(verdict, _)| *verdict),
        reserve_share: Figure { metric: &RESERVE_SHARE, expr: share },
    }
}

fn line_figures(row: usize, line: &BudgetLine, policy: &Policy) -> BudgetFigures {
    let (planned, actual) = (planned(line), line.actual.expr().known());
    let both = planned.number().is_some() && actual.number().is_some();
    let figures = Compared { planned: planned.clone(), actual: actual.clone() };
    BudgetFigures {
        name: line.item.as_str().to_owned(),
        kind: line.kind.value,
        rows: vec![row],
        at: line.item.at.clone(),
        complete: usize::from(both),
        ..figures.judged(planned, actual, policy, line.is_reserve())
    }
}

fn sum_figures(lines: &[&BudgetFigures], policy: &Policy) -> BudgetFigures {
    let planned = || Expr::loose(lines.iter().map(|line| &line.planned));
    let actual = || Expr::loose(lines.iter().map(|line| &line.actual));
    let figures = Compared { planned: compared(planned(), actual()), actual: compared(actual(), planned()) };
    BudgetFigures {
        rows: lines.iter().flat_map(|line| line.rows.clone()).collect(),
        complete: lines.iter().map(|line| line.complete).sum(),
        ..figures.judged(sum(planned()), sum(actual()), policy, false)
    }
}

/// Budget and actual of the same lines.
struct Compared {
    planned: Expr,
    actual: Expr,
}

impl Compared {
    fn judged(&self, planned: Expr, actual: Expr, policy: &Policy, is_reserve: bool) -> BudgetFigures {
        let variance = variance(&self.actual, &self.planned);
        let rate = rate(&variance, &self.planned);
        let said =
            class(&judged_rate(&rate, is_reserve), policy, |deviation| deviation.id().to_owned()).value();
        BudgetFigures {
            name: String::new(),
            kind: None,
            rows: Vec::new(),
            at: None,
            planned,
            actual,
            execution: Figure { metric: &BUDGET_EXECUTION, expr: execution(&self.actual, &self.planned) },
            deviation: Deviation::ALL
                .iter()
                .find(|(_, id)| said.text() == Some(id))
                .map_or(Deviation::Unknown, |(deviation, _)| *deviation),
            variance: Figure { metric: &BUDGET_VARIANCE, expr: variance },
            rate: Figure { metric: &VARIANCE_RATE, expr: rate },
            reserve: is_reserve,
            complete: 0,
        }
    }
}
