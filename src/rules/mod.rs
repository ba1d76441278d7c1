//! Rules: what cells, rows and tables say against each other (spec: `4-checks`).
//!
//! A rule is one file beside the text of its codes, and one word in [`RULES`].
//! What one cell says for itself is checked where it is read (`catalogue`).

use chrono::NaiveDate;

use crate::campaign::Campaign;
use crate::catalogue::Catalogue;
use crate::catalogue::record::{Field, Records};
use crate::diagnostic::{Arg, Code, Finding, Sink};
use crate::locale::Lang;
use crate::metrics::Analysis;
use crate::policy::Policy;

/// One rule: the findings it can report, and the walk that looks for them.
pub struct Rule {
    /// What it can report.
    pub codes: &'static [&'static Code],
    /// Looks, and reports.
    pub check: fn(&Ctx<'_>, &mut Sink),
}

/// What a rule may look at.
#[derive(Clone, Copy)]
pub struct Ctx<'a> {
    /// Labels and declarations.
    pub catalogue: &'a Catalogue,
    /// Everything read, with extra columns and total rows.
    pub records: &'a Records,
    /// The same, typed.
    pub campaign: &'a Campaign,
    /// Every figure.
    pub analysis: &'a Analysis,
    /// Thresholds and tolerances.
    pub policy: &'a Policy,
    /// The day as of which things are late.
    pub as_of: NaiveDate,
}

macro_rules! rules {
    ($($rule:ident),* $(,)?) => {
        $(mod $rule;)*
        /// Every rule, in the order their findings are told.
        pub static RULES: &[&Rule] = &[$(&$rule::RULE),*];
    };
}

mod cause;
mod claims;
#[cfg(test)]
mod fixture;
use crate::likeness;
mod sums;
#[cfg(test)]
mod wholes;
mod words;

use words::{
    covers_campaign, days_of, is_days, overall_result, progress_by_code, sales_line, shown, stages,
    task_called, tasks_by_code, within_year,
};

rules! {
    row_total,
    completion_claim,
    completion_unlikely,
    rate_claim,
    roi_claim,
    risk_level,
    part_over_whole,
    duplicate_key,
    status_dates,
    late_reason,
    incomplete_action,
    vague_action,
    cause_repeats,
    period_lengths,
    timeline,
    end_before_start,
    date_outside,
    weights,
    weights_incomplete,
    shares,
    funnel_grows,
    coupon_order,
    daily_days,
    reserve,
    growth_baseline,
    task_graph,
    smart,
    total_row,
    copied,
    magnitude,
    kpi_results,
    budget_total,
    channel_spend,
    sales_total,
    customers,
    exposure,
    task_phase,
    task_incident,
    owner_team,
    action_problem,
    followed,
    approval_time,
    unmet_goals,
    resource_budget,
    increment_reserve,
    materials_missing,
    direction,
    verdict,
    budget_variance,
    target_unit,
    retrospect,
    report_text,
}

/// Runs every rule.
pub fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    for rule in RULES {
        (rule.check)(ctx, sink);
    }
}

/// Every code a rule can report.
pub fn codes() -> impl Iterator<Item = &'static Code> {
    RULES.iter().flat_map(|rule| rule.codes.iter().copied())
}

impl Ctx<'_> {
    /// A finding at a field: place, table, column label and what was typed.
    pub fn finding<T>(&self, code: &'static Code, table: &str, column: &str, field: &Field<T>) -> Finding {
        let label = self.label(table, column);
        let finding = Finding::new(code).of(table, label).found(field.text.clone());
        match &field.at {
            Some(at) => finding.at(at),
            None => finding,
        }
    }

    /// The label of a column, as the workbook's own header says it where it was found, else the catalogue's.
    pub fn label(&self, table: &str, column: &str) -> String {
        let typed = self.records.tables.get(table).and_then(|table| {
            table
                .regions
                .iter()
                .find_map(|region| region.columns.get(column))
                .map(|found| found.header.trim_matches(['*', '＊', ' ']).to_owned())
        });
        typed.unwrap_or_else(|| {
            self.catalogue
                .tables
                .get(table)
                .and_then(|table| table.column(column))
                .map_or_else(|| column.to_owned(), |column| column.label.get(Lang::Zh))
        })
    }

    /// The label of a choice of a list.
    pub fn choice_label(&self, list: &str, id: &str) -> String {
        let choice =
            self.catalogue.choices.get(list).and_then(|list| list.iter().find(|choice| choice.id == id));
        choice.map_or_else(|| id.to_owned(), |choice| choice.label.get(Lang::Zh))
    }

    /// The title of a table, as an argument.
    pub fn title(&self, table: &str) -> Arg {
        self.catalogue
            .tables
            .get(table)
            .map_or_else(|| Arg::Text(table.to_owned()), |table| table.label.arg())
    }
}

/// Whether two amounts of money are the same within the tolerance: 1 元 or 0.5%, whichever is more.
pub fn same_money(policy: &Policy, left: f64, right: f64) -> bool {
    let tolerance = &policy.thresholds.tolerance;
    (left - right).abs() <= tolerance.money.max(tolerance.money_share * left.abs().max(right.abs())) + 1e-9
}

/// Whether two totals of different tables are the same within the tolerance of 1%.
pub fn same_across(policy: &Policy, left: f64, right: f64) -> bool {
    (left - right).abs() <= policy.thresholds.tolerance.cross * left.abs().max(right.abs()) + 1e-9
}

/// Whether two rates are the same within 0.1 point.
pub fn same_rate(policy: &Policy, left: f64, right: f64) -> bool {
    (left - right).abs() <= policy.thresholds.tolerance.rate + 1e-9
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_firing_case() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/rules");
        let sources: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
            .map(|path| std::fs::read_to_string(path).unwrap())
            .collect();
        for code in codes() {
            let fired = format!("\"{} ", code.name);
            assert!(
                sources.iter().any(|source| source.contains(&fired)),
                "{} never fires in a test",
                code.name
            );
        }
    }

    #[test]
    fn every_code_is_named_once_and_worded_in_every_language() {
        let mut names = std::collections::BTreeSet::new();
        for code in codes() {
            assert!(names.insert(code.name), "{} twice", code.name);
            for lang in [Lang::Zh, Lang::En, Lang::ZhHant] {
                assert!(!code.wording(lang).help.is_empty());
            }
        }
    }
}
