//! Starting up: who, what, when, why.

use chrono::NaiveDate;

use super::bind::ChoiceId;
use super::choices::RoiBasis;
use crate::bound;
use crate::quantity::Period;

bound! {
    /// 活动基本信息表 (D0 模板1, D2 表1, D4 一).
    Basics in "basics" {
        code: String,
        name: String,
        kind: ChoiceId,
        theme: String,
        period: Period,
        review_period: Period,
        background: String,
        goals: String,
        audience: String,
        strategy: String,
        budget: f64,
        owner: String,
        participants: Vec<String>,
        coverage: Vec<String>,
        questions: String,
        scope: String,
        roi_basis: RoiBasis,
        benchmark_roi: f64,
        filled_by: String,
        filled_on: NaiveDate,
    }
}

bound! {
    /// 复盘小组表 (D0, D2): one member.
    TeamMember in "team" { role: String, name: String, dept: String, duty: String }
}

bound! {
    /// 资料清单 (D2): one item.
    Material in "materials" {
        class: ChoiceId,
        name: String,
        ready: bool,
        provider: String,
        location: String,
        remark: String,
    }
}
