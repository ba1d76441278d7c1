//! Suggested actions (系统建议): what the figures ask for and nobody has planned
//! (spec: `3-metrics` §3.7).
//!
//! A suggestion is one file beside its text, and one word in [`RULES`]. It is
//! kept as values and places and worded when somebody reads it, like a finding.

use crate::cell::Place;
use crate::diagnostic::Arg;
use crate::likeness::bare;
use crate::locale::Lang;
use crate::metrics::{Analysis, Basis};
use crate::words::Words;

/// What asks for an action, and its words.
///
/// ```toml
/// [zh]
/// title = "未达成的指标没有措施"        # the rule, in a few words
/// action = "为{goal}补一条改进措施"      # what to do
/// because = "{goal}完成率 {completion}"  # the figures that ask for it
/// [en]
/// ...the same keys
/// ```
pub struct Rule {
    /// Kebab-case.
    pub name: &'static str,
    /// Contents of the TOML file beside it.
    pub text: &'static str,
    /// Looks, and suggests.
    suggest: fn(&Ctx<'_>) -> Vec<Suggestion>,
}

/// What a rule may look at.
#[derive(Clone, Copy)]
pub struct Ctx<'a> {
    /// What was read, thresholds, the day.
    pub basis: Basis<'a>,
    /// Every figure.
    pub analysis: &'a Analysis,
}

/// One suggested action.
#[derive(Clone)]
pub struct Suggestion {
    /// What asks for it.
    pub rule: &'static Rule,
    /// The key of the action's words.
    action: &'static str,
    /// The key of the reason's words.
    because: &'static str,
    /// Arguments of both.
    args: Vec<(&'static str, Arg)>,
    /// The cells to look at, the first first.
    pub evidence: Vec<Place>,
}

impl std::fmt::Debug for Suggestion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} ({})", self.rule.name, self.action(Lang::Zh), self.because(Lang::Zh))
    }
}

impl Suggestion {
    /// A suggestion in the rule's usual words.
    fn new(rule: &'static Rule) -> Suggestion {
        Suggestion { rule, action: "action", because: "because", args: Vec::new(), evidence: Vec::new() }
    }

    fn action_key(mut self, key: &'static str) -> Suggestion {
        self.action = key;
        self
    }

    fn because_key(mut self, key: &'static str) -> Suggestion {
        self.because = key;
        self
    }

    fn arg(mut self, name: &'static str, arg: Arg) -> Suggestion {
        self.args.push((name, arg));
        self
    }

    fn evidence<'a>(mut self, places: impl IntoIterator<Item = Option<&'a Place>>) -> Suggestion {
        for place in places.into_iter().flatten() {
            if !self.evidence.contains(place) {
                self.evidence.push(place.clone());
            }
        }
        self
    }

    /// What asks for it, in a few words.
    pub fn title(&self, lang: Lang) -> String {
        self.say("title", lang)
    }

    /// What to do.
    pub fn action(&self, lang: Lang) -> String {
        self.say(self.action, lang)
    }

    /// The figures that ask for it.
    pub fn because(&self, lang: Lang) -> String {
        self.say(self.because, lang)
    }

    fn say(&self, key: &str, lang: Lang) -> String {
        let shown: Vec<(&str, String)> =
            self.args.iter().map(|(name, arg)| (*name, arg.show(lang))).collect();
        let holes: Vec<(&str, &str)> = shown.iter().map(|(name, text)| (*name, text.as_str())).collect();
        Words::load(&[self.rule.text], lang).say(key, &holes)
    }
}

macro_rules! suggestions {
    ($($rule:ident),* $(,)?) => {
        $(mod $rule;)*
        /// Every rule, in the order its suggestions are told.
        pub static RULES: &[&Rule] = &[$(&$rule::RULE),*];
    };
}

suggestions! {
    unmet_goal,
    recurring_problem,
    overspend,
    biggest_leak,
    weak_channel,
    late_task,
    happened_risk,
    top_feedback,
}

/// Everything the figures ask for.
pub fn suggest(ctx: &Ctx<'_>) -> Vec<Suggestion> {
    RULES.iter().flat_map(|rule| (rule.suggest)(ctx)).collect()
}

impl Ctx<'_> {
    /// Whether one of the team's actions speaks of it.
    fn planned(&self, about: &str) -> bool {
        let about = bare(about);
        about.chars().count() >= 2
            && self.basis.campaign.actions.iter().any(|action| {
                [&action.action, &action.problem, &action.standard, &action.remark]
                    .iter()
                    .any(|field| bare(field.as_str()).contains(&about))
            })
    }
}

#[cfg(test)]
mod tests;
