//! Planning: what is asked for, by whom, when, for how much.

use chrono::NaiveDate;

use super::choices::{Conclusion, Direction, GoalClass, GoalType, Level, Resource};
use crate::bound;
use crate::quantity::{Measure, Period, Quantity, Span, Target, UnitPrice};

bound! {
    /// 需求对齐表 (D1): one request.
    Demand in "demand" {
        dept: String,
        request: String,
        background: String,
        priority: Level,
        outcome: String,
        owner: String,
        due: NaiveDate,
    }
}

bound! {
    /// 竞品分析矩阵 (D1, D4): one competitor's campaign.
    Competitor in "competitors" {
        name: String,
        activity: String,
        period: Period,
        price: String,
        mechanics: String,
        channels: Vec<String>,
        resources: String,
        exposure: f64,
        conversion: f64,
        lesson: String,
        opportunity: String,
        threat: Level,
    }
}

bound! {
    /// 活动策略表 (D4 二, D1 方案).
    Strategy in "strategy" {
        form: String,
        highlight: String,
        insight: String,
        mechanics: String,
        product: String,
        price: String,
        promotion: String,
        risk: String,
    }
}

bound! {
    /// KPI 拆解表 (D1): one goal.
    Kpi in "kpi" {
        kind = "type": GoalType,
        class: GoalClass,
        name: String,
        definition: String,
        logic: String,
        target: Target,
        baseline: Measure,
        direction: Direction,
        weight: f64,
        source: String,
        owner: String,
    }
}

bound! {
    /// 活动阶段表 (D1, D3, D4): one phase.
    Phase in "phases" {
        phase: String,
        start: NaiveDate,
        end: NaiveDate,
        action: String,
        channels: Vec<String>,
        dept: String,
        resources: String,
        effect: String,
    }
}

bound! {
    /// 活动资源预算表 (D1): one budget line.
    BudgetLine in "budget" {
        kind = "type": Resource,
        item: String,
        unit_price: UnitPrice,
        quantity: Quantity,
        total: f64,
        actual: f64,
        variance: f64,
        execution: f64,
        supplier: String,
        remark: String,
    }
}

bound! {
    /// 评审审批记录表 (D1): one approval.
    Approval in "approvals" {
        item: String,
        submitted: NaiveDate,
        approver: String,
        approved: NaiveDate,
        conclusion: Conclusion,
        opinion: String,
    }
}

bound! {
    /// 风险预案表 (D1, D4, D3): one foreseen risk.
    PlannedRisk in "risk_plan" {
        risk: String,
        kind = "type": String,
        probability: Level,
        impact: Level,
        level: String,
        trigger: String,
        response: String,
        limit: Span,
        owner: String,
    }
}
