//! The whole analysis as one value for machines: `fupan analyse --format json`.
//!
//! A thin view: figures, findings and rows are serialised as they are, put
//! together in the order people ask for them and given names where the
//! analysis knows only rows. `docs/schema/analysis.schema.json` is made from
//! these types and their comments.

use chrono::NaiveDate;
use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value;

use crate::diagnostic::Finding;
use crate::locale::Lang;
use crate::metrics::{self, Coverage, Figure, reworded};
use crate::review::Review;
use crate::sheets;

mod lists;
mod tables;
#[cfg(test)]
mod tests;

pub use lists::{Action, FindingView, Problem, SuggestionView};
pub use tables::{Table, Unread};

/// Version of the shape; it grows when a field changes its meaning or goes away.
pub const SCHEMA: u32 = 1;

/// What `fupan analyse --format json` writes.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Output<'a> {
    /// The program: `fupan`.
    pub tool: &'static str,
    /// Version of the program.
    pub version: &'static str,
    /// Version of this shape; it grows when a field changes its meaning or goes away.
    pub schema: u32,
    /// The language of titles, reasons and sentences: zh, zh-Hant or en.
    pub language: &'static str,
    /// The day as of which things are late.
    pub as_of: NaiveDate,
    /// The workbooks, in the order named.
    pub files: Vec<File<'a>>,
}

/// One workbook.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct File<'a> {
    /// Its name, as it was named.
    pub file: &'a str,
    /// Everything known about it; null where it could not be read.
    pub analysis: Option<Whole<'a>>,
    /// Why it could not be read; null where it was.
    pub refused: Option<FindingView<'a>>,
}

/// Everything known about one workbook.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Whole<'a> {
    /// Whose numbers these are.
    pub campaign: Campaign<'a>,
    /// 填写完整度: required cells that are filled, of tables in use.
    pub completeness: Coverage,
    /// The figures of the overview.
    pub key_figures: Vec<&'a Figure>,
    /// Key conclusions, a sentence each, in the order of the summary sheets.
    pub conclusions: Vec<String>,
    /// Goals with completion, gap and outcome; all together and the verdict.
    pub goals: &'a metrics::goals::Goals,
    /// Why sales and conversions are off: additive parts of each gap.
    pub attribution: &'a metrics::attribution::Attribution,
    /// Channels with rates, rank and advice; the marginal return of each added spend.
    pub channels: &'a metrics::channels::Channels,
    /// The funnel step by step.
    pub funnel: &'a metrics::funnel::Funnel,
    /// Traffic, interactions, users.
    pub traffic: &'a metrics::traffic::Traffic,
    /// Sales by period and by category.
    pub sales: &'a metrics::sales::Sales,
    /// Budget lines, costs and profit, promotions.
    pub money: &'a metrics::money::Money,
    /// Tasks, the critical chain, approvals.
    pub schedule: &'a metrics::schedule::Schedule,
    /// The daily monitor.
    pub daily: &'a metrics::daily::Daily,
    /// Planned risks and incidents; their rows are rows of `tables.risk_plan` and `tables.risk_log`.
    pub risks: &'a metrics::risk::Risks,
    /// Staffing, teamwork, service levels; their rows are rows of `tables.staffing`, `tables.teamwork` and `tables.service`.
    pub people: &'a metrics::people::People,
    /// Feedback by tag, object and channel; root causes.
    pub feedback: &'a metrics::voice::Voice,
    /// The team's problems, in the order of the table.
    pub problems: Vec<Problem<'a>>,
    /// 行动完成率.
    pub action_completion: &'a Figure,
    /// The team's actions, in order of priority.
    pub actions: Vec<Action<'a>>,
    /// What the figures ask for and nobody has planned.
    pub suggestions: Vec<SuggestionView>,
    /// What is to be said about the workbook, worst first.
    pub findings: Vec<FindingView<'a>>,
    /// How many findings the settings silenced.
    pub silenced: usize,
    /// How far each table was filled in.
    pub filled: &'a [metrics::completeness::Filled],
    /// Every table as it was read, by table id; `row` elsewhere counts rows of these from 0.
    pub tables: IndexMap<String, Table<'a>>,
    /// What was not read.
    pub unread: Vec<Unread<'a>>,
}

/// Whose numbers these are.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Campaign<'a> {
    /// 活动名称, else the file's name.
    pub name: &'a str,
    /// The id the blank was issued with.
    pub id: Option<&'a str>,
    /// 活动编号, as typed.
    pub code: Option<&'a str>,
    /// 活动类型, as typed.
    pub kind: Option<&'a str>,
    /// 活动负责人.
    pub owner: Option<&'a str>,
    /// 活动周期.
    pub period: Option<crate::quantity::Period>,
    /// 总预算, in 元.
    pub budget: Option<f64>,
    /// Template id, where the workbook says so.
    pub template: Option<&'a str>,
    /// Version of the template.
    pub template_version: Option<u32>,
    /// The day the blank was issued.
    pub issued: Option<NaiveDate>,
}

/// What was read of workbooks, for machines: each by its name, or why it could not be read.
pub fn output(files: &[(&str, Result<&Review<'_>, &Finding>)], as_of: NaiveDate, lang: Lang) -> Value {
    let file = |(file, outcome): &(&'_ str, Result<&Review<'_>, &Finding>)| -> Value {
        let (analysis, refused) = match outcome {
            Ok(review) => (Some(whole(review, lang)), None),
            Err(refusal) => (None, Some(FindingView::of(refusal, lang))),
        };
        // Serialising plain structs into a value fails only for keys that are no texts, and there are none.
        let mut value = serde_json::to_value(File { file, analysis, refused }).unwrap_or_default();
        reworded(&mut value, lang);
        value
    };
    let head = Output {
        tool: "fupan",
        version: env!("CARGO_PKG_VERSION"),
        schema: SCHEMA,
        language: lang.tag(),
        as_of,
        files: Vec::new(),
    };
    let mut value = serde_json::to_value(head).unwrap_or_default();
    value["files"] = files.iter().map(file).collect();
    value
}

/// A finding as machines read it.
pub fn finding(finding: &Finding, lang: Lang) -> Value {
    serde_json::to_value(FindingView::of(finding, lang)).unwrap_or_default()
}

/// The figures a report opens with.
pub fn key_figures<'a>(review: &'a Review<'_>) -> Vec<&'a Figure> {
    let analysis = &review.analysis;
    vec![
        &analysis.goals.composite,
        &analysis.channels.roi,
        &analysis.money.budget.total.execution,
        &analysis.money.profit.roi,
        &analysis.traffic.conversion,
        &analysis.schedule.completion,
        &analysis.schedule.on_time,
        &analysis.actions.completion,
        &analysis.voice.satisfaction,
    ]
}

/// Required cells that are filled, over all tables in use.
pub fn completeness(review: &Review<'_>) -> Coverage {
    let filled = &review.analysis.filled;
    Coverage::new(
        filled.iter().map(|table| table.filled).sum(),
        filled.iter().map(|table| table.required).sum(),
    )
}

fn whole<'a>(review: &'a Review<'_>, lang: Lang) -> Whole<'a> {
    let analysis = &review.analysis;
    Whole {
        campaign: campaign(review),
        completeness: completeness(review),
        key_figures: key_figures(review),
        conclusions: sheets::conclusions(review, lang),
        goals: &analysis.goals,
        attribution: &analysis.attribution,
        channels: &analysis.channels,
        funnel: &analysis.funnel,
        traffic: &analysis.traffic,
        sales: &analysis.sales,
        money: &analysis.money,
        schedule: &analysis.schedule,
        daily: &analysis.daily,
        risks: &analysis.risk,
        people: &analysis.people,
        feedback: &analysis.voice,
        problems: lists::problems(review),
        action_completion: &analysis.actions.completion,
        actions: lists::actions(review, lang),
        suggestions: review.suggestions.iter().map(|one| SuggestionView::of(one, lang)).collect(),
        findings: review.findings.iter().map(|finding| FindingView::of(finding, lang)).collect(),
        silenced: review.silenced,
        filled: &analysis.filled,
        tables: tables::tables(review, lang),
        unread: review.records.unread.iter().map(Unread::of).collect(),
    }
}

fn campaign<'a>(review: &'a Review<'_>) -> Campaign<'a> {
    let identity = &review.campaign.identity;
    let basics = review.campaign.basics.as_ref();
    let text = |text: &'a str| Some(text).filter(|text| !text.is_empty());
    Campaign {
        name: review.name(),
        id: identity.campaign.as_deref(),
        code: basics.and_then(|basics| basics.code.value.as_deref()),
        kind: basics.and_then(|basics| text(&basics.kind.text)),
        owner: basics.and_then(|basics| basics.owner.value.as_deref()),
        period: basics.and_then(|basics| basics.period.value),
        budget: basics.and_then(|basics| basics.budget.value),
        template: identity.template.as_deref(),
        template_version: identity.version,
        issued: identity.issued,
    }
}
