//! What stories are made of: `pool.toml`, read.

use std::sync::LazyLock;

use serde::Deserialize;

/// Somebody.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub name: String,
    pub dept: String,
    pub mail: String,
}

/// A campaign's plain facts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Facts {
    pub name: String,
    pub kind: String,
    pub template: String,
    pub audience: String,
}

/// A problem and how people put it, and what is done about it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Problem {
    pub theme: String,
    pub class: String,
    /// How it is written first, then again.
    pub said: Vec<String>,
    pub root: String,
    pub evidence: String,
    pub dept: String,
    /// Measures as they are written first.
    pub actions: Vec<String>,
    /// The same measures as they are written again.
    pub again: Vec<String>,
    pub standard: String,
}

/// Something learnt.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lesson {
    pub kind: String,
    pub said: String,
    pub evidence: String,
    pub scope: String,
}

/// A channel under its names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Channel {
    pub names: Vec<String>,
    pub kind: String,
    pub spend: f64,
    pub price: f64,
    pub click: f64,
    pub convert: f64,
    pub value: f64,
}

/// A budget line as a share of the whole.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cost {
    pub kind: String,
    pub item: String,
    pub share: f64,
}

/// A goal and between which figures it lies.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Goal {
    pub name: String,
    pub kind: String,
    pub low: usize,
    pub high: usize,
    pub unit: String,
    pub weight: f64,
    pub source: String,
}

/// How files come to be called.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Names {
    pub endings: Vec<String>,
}

/// Everything.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pool {
    pub person: Vec<Person>,
    pub campaign: Vec<Facts>,
    pub problem: Vec<Problem>,
    pub lesson: Vec<Lesson>,
    pub channel: Vec<Channel>,
    pub cost: Vec<Cost>,
    pub goal: Vec<Goal>,
    pub names: Names,
}

/// The pool of this program.
pub(super) static POOL: LazyLock<Pool> = LazyLock::new(|| {
    toml::from_str(include_str!("pool.toml")).unwrap_or_else(|error| panic!("pool.toml: {error}"))
});

impl Pool {
    /// Somebody of a department; anybody where it has nobody.
    pub fn of_dept(&self, dept: &str, n: usize) -> &Person {
        let there: Vec<&Person> = self.person.iter().filter(|person| person.dept == dept).collect();
        match there.get(n % there.len().max(1)) {
            Some(person) => person,
            None => &self.person[n % self.person.len()],
        }
    }
}
