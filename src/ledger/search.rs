//! Full text over experience and problems of all weeks.
//!
//! Every character is a word of its own and a keyword is a phrase of them, so that two characters are found as
//! well as ten: 客服, 库存. (The trigram tokenizer finds nothing below three.)

use std::collections::BTreeMap;

use rusqlite::params;

use super::{Ledger, LedgerError, read};
use crate::locale::fold;
use crate::record::summary::{LessonLine, ProblemLine};
use crate::weeks::Named;

/// What a line of the ledger is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Who a campaign is.
    Named,
    /// Its figures.
    Figures,
    /// An action.
    Action,
    /// A problem.
    Problem,
    /// A lesson.
    Lesson,
    /// A finding.
    Finding,
}

impl Kind {
    const ALL: [Kind; 6] =
        [Kind::Named, Kind::Figures, Kind::Action, Kind::Problem, Kind::Lesson, Kind::Finding];

    /// Stable id.
    pub fn id(self) -> &'static str {
        match self {
            Kind::Named => "named",
            Kind::Figures => "figures",
            Kind::Action => "action",
            Kind::Problem => "problem",
            Kind::Lesson => "lesson",
            Kind::Finding => "finding",
        }
    }

    /// The kind of an id.
    pub fn of(id: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.id() == id)
    }
}

/// A lesson or a problem that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Problem or lesson.
    pub kind: Kind,
    /// What it says.
    pub text: String,
    /// What is to be done, or why it happened.
    pub more: String,
    /// Names of the campaigns that said so, the first one first.
    pub campaigns: Vec<String>,
    /// The first week.
    pub first: String,
    /// The last week.
    pub last: String,
}

pub(super) fn of_problem(line: &ProblemLine) -> String {
    spaced(&[&line.description, &line.root])
}

pub(super) fn of_lesson(line: &LessonLine) -> String {
    spaced(&[&line.content, &line.evidence, &line.scope, &line.advice])
}

/// Folded, every character a word; between two texts a word that no keyword has.
fn spaced(texts: &[&str]) -> String {
    let words = |text: &&str| {
        let characters =
            fold(text).chars().filter(|c| c.is_alphanumeric()).map(String::from).collect::<Vec<_>>();
        characters.join(" ")
    };
    texts.iter().map(words).collect::<Vec<_>>().join(" \u{2588} ")
}

impl Ledger {
    /// Lessons and problems with every one of these keywords, those of the last weeks first.
    ///
    /// # Errors
    /// When the library says no.
    pub fn search(&self, keywords: &[String]) -> Result<Vec<Hit>, LedgerError> {
        let phrases: Vec<String> = keywords
            .iter()
            .map(|keyword| spaced(&[keyword]))
            .filter(|phrase| !phrase.is_empty())
            .map(|phrase| format!("\"{phrase}\""))
            .collect();
        if phrases.is_empty() {
            return Ok(Vec::new());
        }
        let mut statement = self.connection.prepare(
            "SELECT lines.line, lines.kind, lines.body, weeks.period, named.body
             FROM texts JOIN lines ON lines.line = texts.rowid
             JOIN stood ON stood.line = lines.line
             JOIN weeks ON weeks.week = stood.week
             JOIN stood AS head ON head.week = stood.week AND head.campaign = stood.campaign AND head.n = 0
             JOIN lines AS named ON named.line = head.line
             WHERE texts.body MATCH ?
             ORDER BY weeks.period, stood.campaign, stood.n",
        )?;
        let mut rows = statement.query(params![phrases.join(" AND ")])?;
        let mut hits: BTreeMap<i64, Hit> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let (line, kind, body): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let (period, named): (String, String) = (row.get(3)?, row.get(4)?);
            let Some(hit) = hit(&kind, &body) else { continue };
            let hit = hits.entry(line).or_insert(Hit { first: period.clone(), ..hit });
            hit.last = period;
            let name = read::<Named>(&named).name;
            if !hit.campaigns.contains(&name) {
                hit.campaigns.push(name);
            }
        }
        let mut hits = merged(hits.into_values());
        hits.sort_by(|a, b| b.last.cmp(&a.last).then_with(|| a.text.cmp(&b.text)));
        Ok(hits)
    }
}

/// The same words in another cell are one hit.
fn merged(hits: impl Iterator<Item = Hit>) -> Vec<Hit> {
    let mut by_words: BTreeMap<(Kind, String, String), Hit> = BTreeMap::new();
    for hit in hits {
        let key = (hit.kind, fold(&hit.text), fold(&hit.more));
        match by_words.get_mut(&key) {
            None => {
                by_words.insert(key, hit);
            }
            Some(known) => {
                known.first = known.first.clone().min(hit.first);
                known.last = known.last.clone().max(hit.last);
                known.campaigns.extend(hit.campaigns);
                known.campaigns.sort();
                known.campaigns.dedup();
            }
        }
    }
    by_words.into_values().collect()
}

fn hit(kind: &str, body: &str) -> Option<Hit> {
    let hit = |kind, text: String, more: String| Hit {
        kind,
        text,
        more,
        campaigns: Vec::new(),
        first: String::new(),
        last: String::new(),
    };
    match Kind::of(kind)? {
        Kind::Problem => {
            let line: ProblemLine = serde_json::from_str(body).ok()?;
            Some(hit(Kind::Problem, line.description, line.root))
        }
        Kind::Lesson => {
            let line: LessonLine = serde_json::from_str(body).ok()?;
            let more = if line.advice.is_empty() { line.evidence } else { line.advice };
            Some(hit(Kind::Lesson, line.content, more))
        }
        _ => None,
    }
}
