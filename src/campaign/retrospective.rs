//! Retrospective: why, what was learnt, what happens next.

use chrono::NaiveDate;

use super::choices::{
    ActionDirection, LessonKind, Level, ProblemClass, ProcessDimension, ProcessKind, Status, Verdict,
};
use crate::bound;
use crate::quantity::{Measure, Target};

bound! {
    /// 过程分析表 (D2): one highlight or problem, with its five whys.
    ProcessNote in "process" {
        dimension: ProcessDimension,
        kind: ProcessKind,
        description: String,
        evidence: String,
        why1: String,
        why2: String,
        why3: String,
        why4: String,
        why5: String,
        root: String,
    }
}

bound! {
    /// 问题清单 (D0, D3): one problem.
    Problem in "problems" {
        code: String,
        class: ProblemClass,
        description: String,
        evidence: String,
        root: String,
        impact: Level,
        dept: String,
        recurring: bool,
    }
}

bound! {
    /// 经验沉淀表 (D0–D4): one lesson.
    Lesson in "experience" {
        kind: LessonKind,
        content: String,
        evidence: String,
        scope: String,
        advice: String,
    }
}

bound! {
    /// 团队协作评价表 (D3): one dimension.
    TeamworkScore in "teamwork" { dimension: String, score: f64, remark: String, advice: String }
}

bound! {
    /// 改进措施与行动计划表 (D0, D2, D3, D4): one action.
    Action in "actions" {
        code: String,
        direction: ActionDirection,
        action: String,
        problem: String,
        owner: String,
        dept: String,
        due: NaiveDate,
        standard: String,
        baseline: Measure,
        target: Target,
        impact: Level,
        difficulty: Level,
        status: Status,
        done_on: NaiveDate,
        verification: Measure,
        remark: String,
    }
}

bound! {
    /// 复盘总结报告 (D1, D0).
    Summary in "summary" {
        overview: String,
        goals: String,
        data: String,
        successes: String,
        failures: String,
        advice: String,
        verdict: Verdict,
        signature: String,
        signed_on: NaiveDate,
    }
}

impl ProcessNote {
    /// The chain of whys as far as it was filled in, in order.
    pub fn whys(&self) -> Vec<&str> {
        [&self.why1, &self.why2, &self.why3, &self.why4, &self.why5]
            .into_iter()
            .map(|why| why.as_str())
            .filter(|why| !why.is_empty())
            .collect()
    }
}
