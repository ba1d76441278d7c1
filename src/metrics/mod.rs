//! Figures: each with one definition that gives value and formula.
//!
//! A [`Metric`] is a declaration beside its text. Its function takes and gives
//! expressions, so the analysis calls it with the source cells and a summary
//! sheet with the cells it has just laid out: the same definition both times.
//! Nothing here knows a sheet or a rule.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::campaign::Campaign;
use crate::catalogue::Catalogue;
use crate::catalogue::record::Records;
use crate::cell::Place;
use crate::expr::{Expr, Leaf, Val};
use crate::locale::{Lang, traditional};
use crate::policy::Policy;

pub mod actions;
pub mod attribution;
pub mod blockers;
pub mod channels;
pub mod completeness;
pub mod daily;
mod evidence;
#[cfg(test)]
pub mod fixture;
pub mod funnel;
pub mod goals;
#[cfg(test)]
mod laws;
pub mod money;
pub mod people;
pub mod risk;
pub mod sales;
pub mod schedule;
pub mod traffic;
pub mod voice;

/// A figure's definition: a stable name and its words.
///
/// ```toml
/// measure = "ratio"                 # what its number counts
/// [zh]
/// title = "完成率"
/// basis = "实际值 ÷ 目标值"          # what it is a ratio of, in one line
/// meaning = "目标完成了多少"          # what it tells
/// source = "D0 三；D2 步骤2"          # the document that defines it
/// example = "500 万目标完成 520 万：104%"
/// [en]
/// ...the same keys
/// ```
#[derive(Debug)]
pub struct Metric {
    /// Kebab-case: `completion`.
    pub name: &'static str,
    /// Contents of the TOML file beside it.
    pub text: &'static str,
}

/// The words of one metric in one language.
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Name as people say it.
    pub title: String,
    /// The formula in words; for a ratio, what it is a ratio of.
    pub basis: String,
    /// What it tells.
    pub meaning: String,
    /// The document or convention that defines it.
    pub source: String,
    /// A worked example.
    pub example: String,
}

/// What a figure's number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// A share or rate: the number is the ratio itself, 104% is 1.04.
    Ratio,
    /// How many times: 6 is 6 to 1.
    Multiple,
    /// Percentage points: −3 points is −0.03.
    Points,
    /// 元.
    Yuan,
    /// Calendar days.
    Days,
    /// Working days.
    WorkingDays,
    /// Hours.
    Hours,
    /// A score.
    Score,
    /// Things counted.
    Count,
    /// What the indicator it is about counts, see that indicator's unit.
    Own,
    /// No number but a word.
    Word,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Definitions {
    measure: Measure,
    zh: Definition,
    en: Definition,
}

impl Metric {
    /// The words of this metric.
    ///
    /// # Panics
    /// When the TOML beside the metric does not hold both languages; a test reads them all.
    pub fn definition(&'static self, lang: Lang) -> Definition {
        self.declared(lang).1
    }

    /// What its number counts.
    pub fn measure(&'static self) -> Measure {
        self.declared(Lang::Zh).0
    }

    fn declared(&'static self, lang: Lang) -> (Measure, Definition) {
        type Declared = BTreeMap<(&'static str, &'static str), (Measure, Definition)>;
        static CACHE: OnceLock<Mutex<Declared>> = OnceLock::new();
        let mut cache =
            CACHE.get_or_init(Mutex::default).lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        cache
            .entry((self.name, lang.tag()))
            .or_insert_with(|| {
                let both: Definitions =
                    toml::from_str(self.text).unwrap_or_else(|e| panic!("metric {}: {e}", self.name));
                let words = match lang {
                    Lang::Zh => both.zh,
                    Lang::En => both.en,
                    Lang::ZhHant => Definition {
                        title: traditional(&both.zh.title),
                        basis: traditional(&both.zh.basis),
                        meaning: traditional(&both.zh.meaning),
                        source: traditional(&both.zh.source),
                        example: traditional(&both.zh.example),
                    },
                };
                (both.measure, words)
            })
            .clone()
    }
}

/// Declares metrics whose texts lie beside the calling file: `metrics! { COMPLETION = "completion" }` reads `completion.toml`.
#[macro_export]
macro_rules! metrics {
    ($($constant:ident = $name:literal),* $(,)?) => {
        $(
            #[doc = concat!("The metric `", $name, "`.")]
            pub static $constant: $crate::metrics::Metric =
                $crate::metrics::Metric { name: $name, text: include_str!(concat!($name, ".toml")) };
        )*
        /// The metrics declared here.
        pub static METRICS: &[&$crate::metrics::Metric] = &[$(&$constant),*];
    };
}

/// Every metric there is, in the order of the specification.
pub fn all() -> Vec<&'static Metric> {
    [
        goals::METRICS,
        attribution::METRICS,
        channels::METRICS,
        funnel::METRICS,
        traffic::METRICS,
        money::METRICS,
        sales::METRICS,
        schedule::METRICS,
        daily::METRICS,
        risk::METRICS,
        people::METRICS,
        actions::METRICS,
        voice::METRICS,
        completeness::METRICS,
    ]
    .concat()
}

/// One figure: its definition and the expression that gives value and formula.
#[derive(Debug, Clone)]
pub struct Figure {
    /// What it is.
    pub metric: &'static Metric,
    /// Value and formula.
    pub expr: Expr,
}

impl Figure {
    /// The number; `None` is 无法计算.
    pub fn value(&self) -> Option<f64> {
        self.expr.number()
    }
}

pub use evidence::{Coverage, Evidence, Input, Reason, reworded};

/// The cells that are blank and would have to be filled for an expression to be known.
pub fn blockers(expr: &Expr) -> Vec<&Place> {
    let mut places = Vec::new();
    for leaf in expr.leaves() {
        if let Leaf::Cell { at, value: Val::Blank } = leaf
            && !places.contains(&at)
        {
            places.push(at);
        }
    }
    places
}

/// What the figures of one campaign are computed from.
#[derive(Clone, Copy)]
pub struct Basis<'a> {
    /// Declarations: which columns are required, which tables core.
    pub catalogue: &'a Catalogue,
    /// What was read.
    pub records: &'a Records,
    /// The campaign.
    pub campaign: &'a Campaign,
    /// Thresholds.
    pub policy: &'a Policy,
    /// The day as of which things are late.
    pub as_of: NaiveDate,
}

/// Every figure of one campaign.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Analysis {
    /// Goals.
    pub goals: goals::Goals,
    /// Why there are gaps.
    pub attribution: attribution::Attribution,
    /// Channels.
    pub channels: channels::Channels,
    /// The funnel.
    pub funnel: funnel::Funnel,
    /// Budget, costs and returns, promotions.
    pub money: money::Money,
    /// Sales over time and by category.
    pub sales: sales::Sales,
    /// Traffic, interactions, users.
    pub traffic: traffic::Traffic,
    /// Tasks, approvals, what waits for what.
    pub schedule: schedule::Schedule,
    /// The daily monitor.
    pub daily: daily::Daily,
    /// Risks and incidents.
    pub risk: risk::Risks,
    /// Staffing, service levels.
    pub people: people::People,
    /// Actions.
    pub actions: actions::Actions,
    /// Feedback, problems, teamwork.
    pub voice: voice::Voice,
    /// How much was filled in, by table.
    pub filled: Vec<completeness::Filled>,
}

/// Computes everything.
pub fn analyse(basis: Basis<'_>) -> Analysis {
    let goals = goals::analyse(basis);
    let actions = actions::analyse(basis, &goals);
    let daily = daily::analyse(basis, &goals);
    let sales = sales::analyse(basis);
    let attribution = attribution::analyse(basis, &goals, &sales);
    Analysis {
        goals,
        attribution,
        channels: channels::analyse(basis),
        funnel: funnel::analyse(basis),
        money: money::analyse(basis),
        sales,
        traffic: traffic::analyse(basis),
        schedule: schedule::analyse(basis),
        daily,
        risk: risk::analyse(basis),
        people: people::analyse(basis),
        actions,
        voice: voice::analyse(basis),
        filled: completeness::count(basis.catalogue, basis.records),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_is_named_once_and_worded_in_both_languages() {
        let mut names = std::collections::BTreeSet::new();
        for metric in all() {
            assert!(names.insert(metric.name), "{} twice", metric.name);
            for lang in [Lang::Zh, Lang::En, Lang::ZhHant] {
                let words = metric.definition(lang);
                assert!(!words.title.is_empty() && !words.basis.is_empty(), "{}", metric.name);
            }
        }
    }
}
