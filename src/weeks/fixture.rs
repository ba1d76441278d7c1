//! Entries built by hand, for tests.

use crate::quantity::Period;
use crate::record::summary::{CampaignSummary, ProblemLine};

/// A problem by class, words and root cause.
pub fn problem(class: &str, description: &str, root: &str) -> ProblemLine {
    ProblemLine {
        code: String::new(),
        class: Some(class.to_owned()),
        description: description.to_owned(),
        root: root.to_owned(),
        dept: String::new(),
        recurring: false,
        at: None,
    }
}

/// A campaign that began on a day and met these problems.
pub fn entry(day: &str, problems: Vec<ProblemLine>) -> CampaignSummary {
    CampaignSummary {
        campaign: day.to_owned(),
        name: format!("活动{day}"),
        own_name: None,
        file: format!("{day}.xlsx"),
        output: String::new(),
        template: None,
        owner: String::new(),
        kind: String::new(),
        period: day.parse().ok().map(|start| Period { start, end: start }),
        composite: None,
        verdict: None,
        filled: (0, 0),
        budget: None,
        tasks: (0, 0, 0),
        goals: Vec::new(),
        channels: Vec::new(),
        budget_lines: Vec::new(),
        actions: Vec::new(),
        problems,
        risks: Vec::new(),
        lessons: Vec::new(),
        tables: Vec::new(),
        questions: Vec::new(),
        unknown_words: Vec::new(),
        findings: Vec::new(),
        set_aside_for: None,
    }
}
