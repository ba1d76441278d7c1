//! Findings as other programs read them: JSON with a published schema, SARIF,
//! and the JSON of an earlier reading as a baseline.
//!
//! Nothing here reads a file or knows a console.

use crate::diagnostic::{Finding, Severity};
use crate::metrics::blockers::Blocker;

pub mod baseline;
pub mod json;
pub mod sarif;

/// What checking one file came to.
#[derive(Debug)]
pub struct Checked {
    /// The file, as it was named.
    pub file: String,
    /// What is said about it, or why it was not read.
    pub outcome: Result<Reading, Box<Finding>>,
}

/// What is said about a file that was read.
#[derive(Debug, Default)]
pub struct Reading {
    /// Findings, worst first.
    pub findings: Vec<Finding>,
    /// How many the settings silenced.
    pub silenced: usize,
    /// Cells to fill in first, by how many figures they unlock.
    pub blockers: Vec<Blocker>,
    /// The same against an earlier reading, where one was given.
    pub compared: Option<baseline::Compared>,
}

impl Reading {
    /// The worst level there is; against an earlier reading, of what is new.
    pub fn worst(&self) -> Option<Severity> {
        let counts = |i: usize| match &self.compared {
            Some(compared) => compared.states.get(i).is_none_or(|state| state.is_new()),
            None => true,
        };
        let all = self.findings.iter().enumerate();
        all.filter(|(i, _)| counts(*i)).map(|(_, finding)| finding.severity).max()
    }
}
