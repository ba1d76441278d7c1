//! Execution: tasks, incidents, the daily monitor, people.

use chrono::{NaiveDate, NaiveDateTime};

use super::choices::{RiskLevel, StaffingVerdict, Status};
use crate::bound;

bound! {
    /// 活动任务分解与责任分配表 (D1): one task.
    Task in "tasks" {
        code: String,
        phase: String,
        module: String,
        action: String,
        owner: String,
        depts: Vec<String>,
        start: NaiveDate,
        end: NaiveDate,
        predecessors: Vec<String>,
        deliverable: String,
        standard: String,
    }
}

bound! {
    /// 活动进度跟踪表 (D1): how one task stands.
    Progress in "progress" {
        code: String,
        status: Status,
        done: f64,
        actual_start: NaiveDate,
        actual_end: NaiveDate,
        expected_end: NaiveDate,
        reason: String,
        adjustment: String,
        updated: NaiveDate,
    }
}

bound! {
    /// 活动风险应对与调整记录表 (D1; D4 突发状况): one incident.
    Incident in "risk_log" {
        risk: String,
        level: RiskLevel,
        occurred: NaiveDateTime,
        response: String,
        result: String,
        solved: NaiveDateTime,
        affected: f64,
        owner: String,
        improvement: String,
    }
}

bound! {
    /// 活动效果实时监控记录表 (D1): one day, perhaps of one channel.
    Day in "daily" {
        date: NaiveDate,
        channel: String,
        exposure: f64,
        clicks: f64,
        ctr: f64,
        conversions: f64,
        cvr: f64,
        orders: f64,
        spend: f64,
        sales: f64,
        anomaly: String,
        advice: String,
    }
}

bound! {
    /// 人力配置表 (D3): one link of the chain.
    Staffing in "staffing" {
        link: String,
        planned_heads: f64,
        actual_heads: f64,
        planned_hours: f64,
        actual_hours: f64,
        verdict: StaffingVerdict,
        remark: String,
    }
}
