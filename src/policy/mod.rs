//! Thresholds and levels: what a team may set, validated like any other input.
//!
//! `policy.toml` holds the defaults with their origin; a team's `fupan.toml`
//! overrides them under the same names. What it gets wrong is a [`Complaint`]
//! that says where, never a silent default.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::Deserialize;

use crate::diagnostic::Severity;
use crate::quantity::Currency;

pub mod answers;

use answers::{HeaderSetting, WordSetting};

/// Everything a team may set.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Thresholds, see the fields.
    pub thresholds: Thresholds,
    /// Every threshold as a line of 口径说明: name, value, origin, whether the team set it.
    pub lines: Vec<Line>,
    /// Levels of codes: `Some` a level, `None` silenced.
    pub levels: BTreeMap<String, Option<Severity>>,
    /// A team's own names for tables and columns: `table` or `table.column` → names.
    pub aliases: IndexMap<String, Vec<String>>,
    /// Own names for one thing across workbooks: alias → name (`dy` → `抖音`).
    pub names: IndexMap<String, String>,
    /// How much 元 one of another currency is (`[currency]`).
    pub rates: BTreeMap<Currency, f64>,
    /// What tables are that were asked about, by their headers.
    pub headers: Vec<HeaderSetting>,
    /// What words mean that stand in no list.
    pub words: Vec<WordSetting>,
    /// Extra days off.
    pub days_off: Vec<chrono::NaiveDate>,
    /// Extra working days.
    pub days_on: Vec<chrono::NaiveDate>,
    /// Most seconds one file may take (`limits.seconds`).
    pub most_seconds: u64,
    /// Most MiB of memory one file may need (`limits.memory`).
    pub most_memory: u64,
    /// The text these settings were read from.
    pub source: String,
}

/// One threshold as people read it.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// `goal.mostly`.
    pub name: String,
    /// The value in force.
    pub value: String,
    /// Where the default comes from.
    pub origin: String,
    /// Whether the team set it.
    pub own: bool,
}

/// Something wrong in `fupan.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// Line in the file, from 1; 0 where unknown.
    pub line: usize,
    /// The key: `goal.mosly`.
    pub key: String,
    /// What is wrong.
    pub problem: Problem,
}

/// What can be wrong with a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The file is no TOML; the parser's words.
    Unparseable(String),
    /// No such setting; the nearest there is.
    Unknown(Option<String>),
    /// Of the wrong type or out of its range; what is allowed.
    Impossible(String),
    /// No such finding.
    UnknownCode(Option<String>),
}

macro_rules! thresholds {
    ($($(#[$group_doc:meta])* $group:ident : $name:ident { $($(#[$doc:meta])* $field:ident),* $(,)? })*) => {
        /// The numbers behind the judgements; meanings and origins stand in `policy.toml`.
        #[derive(Debug, Clone, PartialEq)]
        pub struct Thresholds {
            $($(#[$group_doc])* pub $group: $name,)*
            /// 越小越好 by 目标 ÷ 实际 instead of 2 − 实际 ÷ 目标.
            pub inverse_ratio: bool,
        }
        $(
            $(#[$group_doc])*
            #[derive(Debug, Clone, PartialEq)]
            #[allow(missing_docs)]
            pub struct $name { $($(#[$doc])* pub $field: f64),* }
        )*
        impl Thresholds {
            fn from_numbers(number: impl Fn(&str) -> f64, inverse_ratio: bool) -> Thresholds {
                Thresholds {
                    $($group: $name { $($field: number(concat!(stringify!($group), ".", stringify!($field)))),* },)*
                    inverse_ratio,
                }
            }

            #[cfg(test)]
            const NAMES: &[&str] = &[$($(concat!(stringify!($group), ".", stringify!($field))),*),*];
        }
    };
}

thresholds! {
    /// Goals.
    goal: GoalThresholds { reached, mostly, cap, overrun }
    /// Channels.
    channel: ChannelThresholds { min_spend, min_exposure, feed, cut, benchmark, damping, confidence_z }
    /// Budgets.
    budget: BudgetThresholds { normal, watch, alarm, reserve_low, reserve_high }
    /// Time limits.
    time: TimeThresholds { approval_days, data_days, grade_hours, major_hours, due_soon_days }
    /// The daily monitor.
    daily: DailyThresholds { off, base, window, robust_days, robust_k }
    /// Sales before and during.
    sales: SalesThresholds { before_days }
    /// Recurring problems.
    recurrence: RecurrenceThresholds { similarity, escalate }
    /// Tolerances of the checks.
    tolerance: Tolerances { money, money_share, cross, rate }
}

#[derive(Deserialize)]
struct Setting {
    value: toml::Value,
    origin: String,
}

type Defaults = IndexMap<String, IndexMap<String, Setting>>;

/// Seconds one file may take unless the settings say otherwise; the largest of the examples takes a fraction of one.
/// A program that was not optimised takes ten times as long.
const MOST_SECONDS: u64 = if cfg!(debug_assertions) { 300 } else { 30 };
/// MiB one file may need unless the settings say otherwise.
const MOST_MEMORY: u64 = 1024;

/// MiB that reading takes at least, whatever is in the file.
pub const LEAST_MEMORY: u64 = 64;

const DEFAULTS: &str = include_str!("policy.toml");

impl Default for Policy {
    fn default() -> Policy {
        load("").0
    }
}

/// Reads a team's settings over the defaults. What is wrong with them is told, and the default stays.
///
/// # Panics
/// When the shipped defaults do not parse; a test reads them.
pub fn load(text: &str) -> (Policy, Vec<Complaint>) {
    let defaults: Defaults = toml::from_str(DEFAULTS).unwrap_or_else(|e| panic!("policy.toml: {e}"));
    let mut complaints = Vec::new();
    let own: toml::Table = match toml::from_str(text) {
        Ok(table) => table,
        Err(e) => {
            let line = e.span().map_or(0, |span| text[..span.start.min(text.len())].lines().count().max(1));
            complaints.push(Complaint {
                line,
                key: String::new(),
                problem: Problem::Unparseable(e.message().into()),
            });
            toml::Table::new()
        }
    };
    let mut values: BTreeMap<String, toml::Value> = BTreeMap::new();
    for (group, settings) in &defaults {
        for (name, default) in settings {
            values.insert(format!("{group}.{name}"), default.value.clone());
        }
    }
    let mut policy_parts = OwnParts::default();
    let mut set: BTreeMap<String, bool> = BTreeMap::new();
    for (group, value) in &own {
        if policy_parts.take(group, value, text, &mut complaints) {
            continue;
        }
        let Some(table) = value.as_table().filter(|_| defaults.contains_key(group)) else {
            complaints.push(unknown(
                text,
                group,
                defaults.keys().map(String::as_str).chain(OwnParts::GROUPS),
            ));
            continue;
        };
        for (name, value) in table {
            let key = format!("{group}.{name}");
            let Some(default) = values.get(&key) else {
                complaints.push(unknown(text, &key, values.keys().map(String::as_str)));
                continue;
            };
            match accept(&key, default, value) {
                Ok(value) => {
                    values.insert(key.clone(), value);
                    set.insert(key, true);
                }
                Err(allowed) => complaints.push(Complaint {
                    line: line_of(text, &key),
                    key,
                    problem: Problem::Impossible(allowed),
                }),
            }
        }
    }
    complaints.extend(impossible_bands(text, &mut values, &defaults));
    complaints.sort_by_key(|complaint| complaint.line);
    let number = |key: &str| match &values[key] {
        toml::Value::Float(n) => *n,
        toml::Value::Integer(n) => *n as f64,
        _ => 0.0,
    };
    let inverse_ratio = values["goal.inverse"].as_str() == Some("ratio");
    let thresholds = Thresholds::from_numbers(number, inverse_ratio);
    let lines = defaults
        .iter()
        .flat_map(|(group, settings)| {
            settings.iter().map(move |(name, default)| (format!("{group}.{name}"), default))
        })
        .map(|(name, default)| Line {
            value: match &values[&name] {
                toml::Value::String(text) => text.clone(),
                other => other.to_string(),
            },
            origin: default.origin.clone(),
            own: set.contains_key(&name),
            name,
        })
        .collect();
    let policy = Policy {
        thresholds,
        lines,
        levels: policy_parts.levels,
        aliases: policy_parts.aliases,
        names: policy_parts.names,
        rates: policy_parts.rates,
        headers: policy_parts.headers,
        words: policy_parts.words,
        days_off: policy_parts.days_off,
        days_on: policy_parts.days_on,
        most_seconds: policy_parts.seconds.unwrap_or(MOST_SECONDS),
        most_memory: policy_parts.memory.unwrap_or(MOST_MEMORY),
        source: text.to_owned(),
    };
    (policy, complaints)
}

/// The parts of `fupan.toml` that are not thresholds.
#[derive(Default)]
struct OwnParts {
    levels: BTreeMap<String, Option<Severity>>,
    aliases: IndexMap<String, Vec<String>>,
    names: IndexMap<String, String>,
    rates: BTreeMap<Currency, f64>,
    headers: Vec<HeaderSetting>,
    words: Vec<WordSetting>,
    days_off: Vec<chrono::NaiveDate>,
    days_on: Vec<chrono::NaiveDate>,
    seconds: Option<u64>,
    memory: Option<u64>,
}

impl OwnParts {
    const GROUPS: [&str; 8] = [
        "levels",
        "aliases",
        "names",
        "currency",
        "calendar",
        "limits",
        answers::GROUPS[0],
        answers::GROUPS[1],
    ];

    /// Takes a group if it is one of these.
    fn take(
        &mut self,
        group: &str,
        value: &toml::Value,
        text: &str,
        complaints: &mut Vec<Complaint>,
    ) -> bool {
        if !Self::GROUPS.contains(&group) {
            return false;
        }
        if group == answers::GROUPS[0] {
            self.headers = answers::headers(value, text, complaints);
            return true;
        }
        if group == answers::GROUPS[1] {
            self.words = answers::words(value, text, complaints);
            return true;
        }
        for (name, value) in value.as_table().into_iter().flatten() {
            let key = format!("{group}.{name}");
            let wrong = |allowed: &str| Complaint {
                line: line_of(text, &key),
                key: key.clone(),
                problem: Problem::Impossible(allowed.into()),
            };
            match (group, value) {
                ("levels", toml::Value::String(level)) => match level.as_str() {
                    "error" => drop(self.levels.insert(name.clone(), Some(Severity::Error))),
                    "warning" => drop(self.levels.insert(name.clone(), Some(Severity::Warning))),
                    "note" => drop(self.levels.insert(name.clone(), Some(Severity::Note))),
                    "off" => drop(self.levels.insert(name.clone(), None)),
                    _ => complaints.push(wrong("error warning note off")),
                },
                ("levels", _) => complaints.push(wrong("error warning note off")),
                ("aliases", toml::Value::Array(names)) => {
                    let names = names.iter().filter_map(|name| name.as_str().map(String::from)).collect();
                    self.aliases.insert(name.clone(), names);
                }
                ("names", toml::Value::String(to)) => drop(self.names.insert(name.clone(), to.clone())),
                ("currency", rate) => {
                    let rate = rate.as_float().or(rate.as_integer().map(|rate| rate as f64));
                    match (Currency::of(name), rate.filter(|rate| rate.is_finite() && *rate > 0.0)) {
                        (Some(currency), Some(rate)) => drop(self.rates.insert(currency, rate)),
                        (Some(_), None) => complaints.push(wrong("7.2")),
                        (None, _) => {
                            let known: Vec<String> =
                                Currency::all().map(|it| format!("currency.{}", it.code())).collect();
                            complaints.push(unknown(text, &key, known.iter().map(String::as_str)));
                        }
                    }
                }
                ("calendar", toml::Value::Array(days)) => {
                    let into = match name.as_str() {
                        "off" => &mut self.days_off,
                        "on" => &mut self.days_on,
                        _ => {
                            complaints.push(unknown(text, &key, ["calendar.off", "calendar.on"].into_iter()));
                            continue;
                        }
                    };
                    for day in days {
                        match day.as_str().and_then(|day| day.parse().ok()) {
                            Some(day) => into.push(day),
                            None => complaints.push(wrong("[\"2026-10-01\"]")),
                        }
                    }
                }
                ("limits", value) => {
                    let (limit, least) = match name.as_str() {
                        "seconds" => (&mut self.seconds, 1),
                        "memory" => (&mut self.memory, LEAST_MEMORY),
                        _ => {
                            let known = ["limits.seconds", "limits.memory"];
                            complaints.push(unknown(text, &key, known.into_iter()));
                            continue;
                        }
                    };
                    match value.as_integer().and_then(|n| u64::try_from(n).ok()).filter(|n| *n >= least) {
                        Some(n) => *limit = Some(n),
                        None => complaints.push(wrong(&format!("≥ {least}"))),
                    }
                }
                _ => complaints.push(wrong("[\"…\"]")),
            }
        }
        true
    }
}

fn accept(key: &str, default: &toml::Value, value: &toml::Value) -> Result<toml::Value, String> {
    if key == "goal.inverse" {
        return match value.as_str() {
            Some("linear" | "ratio") => Ok(value.clone()),
            _ => Err("linear ratio".into()),
        };
    }
    match (default, value) {
        (toml::Value::Float(_), toml::Value::Float(n)) if n.is_finite() && *n >= 0.0 => Ok(value.clone()),
        (toml::Value::Float(_), toml::Value::Integer(n)) if *n >= 0 => Ok(toml::Value::Float(*n as f64)),
        _ => Err("≥ 0".into()),
    }
}

/// Pairs that must stand in order; where they do not, both go back to their defaults.
fn impossible_bands(
    text: &str,
    values: &mut BTreeMap<String, toml::Value>,
    defaults: &Defaults,
) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for (low, high) in [
        ("goal.mostly", "goal.reached"),
        ("budget.normal", "budget.watch"),
        ("budget.watch", "budget.alarm"),
        ("budget.reserve_low", "budget.reserve_high"),
        ("channel.cut", "channel.feed"),
    ] {
        if values[low].as_float() <= values[high].as_float() {
            continue;
        }
        complaints.push(Complaint {
            line: line_of(text, low).max(line_of(text, high)),
            key: low.into(),
            problem: Problem::Impossible(format!("≤ {high}")),
        });
        for key in [low, high] {
            if let Some((group, name)) = key.split_once('.') {
                values.insert(key.into(), defaults[group][name].value.clone());
            }
        }
    }
    complaints
}

fn unknown<'a>(text: &str, key: &str, known: impl Iterator<Item = &'a str>) -> Complaint {
    Complaint { line: line_of(text, key), key: key.into(), problem: Problem::Unknown(nearest(key, known)) }
}

/// The known word most like this one, where one is like it at all.
pub fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    known
        .map(|candidate| (strsim::jaro_winkler(word, candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate.to_owned())
}

/// The line a key is set on, from 1; 0 where it cannot be found.
fn line_of(text: &str, key: &str) -> usize {
    let mut section = String::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        let named = line.split(['=', ']']).next().unwrap_or_default();
        let named = named.trim_start_matches('[').trim().replace('"', "");
        let set = match line.starts_with('[') {
            true => {
                section.clone_from(&named);
                named
            }
            false if section.is_empty() => named,
            false => format!("{section}.{named}"),
        };
        if set.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')) {
            return number;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_threshold_has_a_default_and_every_default_is_used() {
        let defaults: Defaults = toml::from_str(DEFAULTS).expect("policy.toml parses");
        let declared: Vec<String> = defaults
            .iter()
            .flat_map(|(g, s)| s.keys().map(move |n| format!("{g}.{n}")))
            .filter(|n| n != "goal.inverse")
            .collect();
        let mut used: Vec<String> = Thresholds::NAMES.iter().map(|name| name.to_string()).collect();
        let mut sorted = declared.clone();
        sorted.sort();
        used.sort();
        assert_eq!(sorted, used);
    }

    #[test]
    fn a_team_overrides_one_threshold_and_is_told_of_slips() {
        let text = "[goal]\nmostly = 0.85\nmosly = 0.8\n\n[levels]\nchoice-alias = \"off\"\n\n[budget]\nnormal = \"5%\"\n";
        let (policy, complaints) = load(text);
        assert_eq!(policy.thresholds.goal.mostly, 0.85);
        assert_eq!(policy.thresholds.budget.normal, 0.05);
        assert_eq!(policy.levels["choice-alias"], None);
        let told: Vec<(usize, &str)> = complaints.iter().map(|c| (c.line, c.key.as_str())).collect();
        assert_eq!(told, [(3, "goal.mosly"), (9, "budget.normal")]);
        assert_eq!(complaints[0].problem, Problem::Unknown(Some("goal.mostly".into())));
    }

    #[test]
    fn a_slip_is_told_with_its_line_however_it_is_written() {
        for text in ["# ours\n[thresholds.goal]\nmostly = 0.8\n", "\nthresholds.goal.mostly = 0.8\n"] {
            let (_, complaints) = load(text);
            let told: Vec<(usize, &str)> = complaints.iter().map(|c| (c.line, c.key.as_str())).collect();
            assert_eq!(told, [(2, "thresholds")], "{text}");
        }
        let (_, complaints) = load("goal.mosly = 0.8\n[ budget ] # bands\n\"normal\" = \"x\"\n");
        let told: Vec<(usize, &str)> = complaints.iter().map(|c| (c.line, c.key.as_str())).collect();
        assert_eq!(told, [(1, "goal.mosly"), (3, "budget.normal")]);
    }

    #[test]
    fn a_band_that_cannot_be_falls_back_whole() {
        let (policy, complaints) = load("[goal]\nmostly = 1.5\n");
        assert_eq!(policy.thresholds.goal.mostly, 0.9);
        assert_eq!(complaints.len(), 1);
    }
}
