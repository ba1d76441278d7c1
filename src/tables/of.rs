//! Rows of what a run keeps.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Serialize;

use super::rows::{
    Action, Budget, Campaign, Channel, Conflict, Edit, Experience, Finding, Goal, Problem, Roster as Return,
};
use crate::cell::Place;
use crate::merge::{Claim, Computed, Decision, Held, Position, Seat, Source, Union};
use crate::metrics::actions::State;
use crate::quantity::Unit;
use crate::record::finding;
use crate::record::merge::{Merge, Roster};
use crate::record::summary::{ActionLine, CampaignSummary};
use crate::weeks::period_of;

/// Where rows come from.
#[derive(Debug, Clone, Copy)]
pub struct Whence<'a> {
    /// The shard; empty for a whole run.
    pub shard: &'a str,
    /// The day as of which things are late.
    pub as_of: NaiveDate,
    /// Hash of the file.
    pub file_hash: &'a str,
    /// The campaign's id.
    pub campaign: &'a str,
}

/// A row with where it comes from filled in.
macro_rules! row {
    ($row:ident, $whence:expr, { $($rest:tt)* }) => {
        $row {
            shard: $whence.shard.to_owned(),
            period: period_of($whence.as_of),
            as_of: Some($whence.as_of),
            campaign: $whence.campaign.to_owned(),
            $($rest)*
        }
    };
}

/// What one campaign says, table by table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lines {
    /// The campaign itself.
    pub campaign: Campaign,
    /// Goals.
    pub goals: Vec<Goal>,
    /// Channels.
    pub channels: Vec<Channel>,
    /// Budget.
    pub budget: Vec<Budget>,
    /// Measures.
    pub actions: Vec<Action>,
    /// Problems.
    pub problems: Vec<Problem>,
    /// Lessons.
    pub experience: Vec<Experience>,
}

/// The stable word of a value.
fn word(value: &impl Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().map(str::to_owned).unwrap_or_default()
}

fn place(at: &Option<Place>) -> String {
    at.as_ref().map(ToString::to_string).unwrap_or_default()
}

fn count(n: usize) -> Option<i64> {
    i64::try_from(n).ok()
}

fn unit(unit: &Unit) -> String {
    let word = match unit {
        Unit::None => "",
        Unit::Yuan => "元",
        Unit::Percent | Unit::Points => "%",
        Unit::Times => "倍",
        Unit::Seconds => "秒",
        Unit::Score => "分",
        Unit::Discount => "折",
        Unit::Counter(word) => word,
    };
    word.to_owned()
}

/// The rows of one campaign; what its problems are the same as is known beside other campaigns alone.
pub fn lines(whence: &Whence<'_>, entry: &CampaignSummary) -> Lines {
    let hash = || whence.file_hash.to_owned();
    let goals = entry.goals.iter().map(|goal| {
        row!(Goal, whence, {
            file_hash: hash(),
            goal: goal.name.clone(),
            target: goal.target,
            actual: goal.actual,
            completion: goal.completion,
            outcome: word(&goal.outcome),
            unit: unit(&goal.unit),
            place: place(&goal.at),
        })
    });
    let channels = entry.channels.iter().map(|line| {
        row!(Channel, whence, {
            file_hash: hash(),
            channel: line.channel.clone(),
            spend: line.spend,
            revenue: line.revenue,
            exposure: line.exposure,
            clicks: line.clicks,
            conversions: line.conversions,
            new_customers: line.new_customers,
            place: place(&line.at),
        })
    });
    let budget = entry.budget_lines.iter().map(|line| {
        row!(Budget, whence, {
            file_hash: hash(),
            resource: line.resource.map(|resource| word(&resource)).unwrap_or_default(),
            item: line.item.clone(),
            planned: line.planned,
            actual: line.actual,
            place: place(&line.at),
        })
    });
    let problems = entry.problems.iter().map(|line| {
        row!(Problem, whence, {
            file_hash: hash(),
            code: line.code.clone(),
            problem_class: line.class.clone().unwrap_or_default(),
            description: line.description.clone(),
            root_cause: line.root.clone(),
            dept: line.dept.clone(),
            recurring: Some(line.recurring),
            same_as: String::new(),
            place: place(&line.at),
        })
    });
    let experience = entry.lessons.iter().map(|line| {
        row!(Experience, whence, {
            file_hash: hash(),
            experience_kind: line.kind.clone(),
            content: line.content.clone(),
            evidence: line.evidence.clone(),
            scope: line.scope.clone(),
            advice: line.advice.clone(),
            place: place(&line.at),
        })
    });
    Lines {
        campaign: campaign(whence, entry),
        goals: goals.collect(),
        channels: channels.collect(),
        budget: budget.collect(),
        actions: entry.actions.iter().map(|line| action(whence, line)).collect(),
        problems: problems.collect(),
        experience: experience.collect(),
    }
}

fn campaign(whence: &Whence<'_>, entry: &CampaignSummary) -> Campaign {
    let (done, all, cancelled) = entry.tasks;
    row!(Campaign, whence, {
        file_hash: whence.file_hash.to_owned(),
        name: entry.name.clone(),
        file: entry.file.clone(),
        template: entry.template.clone().unwrap_or_default(),
        owner: entry.owner.clone(),
        campaign_kind: entry.kind.clone(),
        starts_on: entry.period.map(|period| period.start),
        ends_on: entry.period.map(|period| period.end),
        completion: entry.composite,
        verdict: entry.verdict.map(|verdict| word(&verdict)).unwrap_or_default(),
        cells_filled: count(entry.filled.0),
        cells_required: count(entry.filled.1),
        budget: entry.budget,
        tasks_done: count(done),
        tasks: count(all),
        tasks_cancelled: count(cancelled),
    })
}

fn action(whence: &Whence<'_>, line: &ActionLine) -> Action {
    row!(Action, whence, {
        file_hash: whence.file_hash.to_owned(),
        code: line.code.clone(),
        measure: line.action.clone(),
        problem: line.problem.clone(),
        owner: line.owner.clone(),
        dept: line.dept.clone(),
        due_on: line.due,
        days_left: line.days_left,
        state: word(&line.state),
        is_open: Some(matches!(line.state, State::Overdue | State::DueSoon | State::Open | State::Undated)),
        quadrant: word(&line.quadrant),
        score: line.score.map(i64::from),
        standard: line.standard.clone(),
        verified: line.verified.clone(),
        recurring: Some(line.recurring),
        gap: line.gap,
        place: place(&line.at),
    })
}

/// A finding of a file.
pub fn finding(whence: &Whence<'_>, file: &str, said: &finding::Finding) -> Finding {
    let place = match (&said.sheet, &said.cell) {
        (Some(sheet), Some(cell)) => format!("{sheet}!{cell}"),
        (Some(sheet), None) => sheet.clone(),
        _ => String::new(),
    };
    row!(Finding, whence, {
        file_hash: whence.file_hash.to_owned(),
        file: file.to_owned(),
        code: said.code.clone(),
        severity: word(&said.severity),
        title: said.title.clone(),
        table_id: said.table.clone().unwrap_or_default(),
        column_name: said.column.clone().unwrap_or_default(),
        place,
        found: said.found.clone().unwrap_or_default(),
        message: said.message.clone(),
        help: said.help.clone(),
        cells: count(usize::from(said.cell.is_some()) + said.more.len()),
        fingerprint: said.fingerprints.first().cloned().unwrap_or_default(),
    })
}

/// The roll call; `id` is what a campaign called so goes by, where it came.
pub fn roster(as_of: NaiveDate, roster: &Roster, id: &dyn Fn(&str) -> Option<String>) -> Vec<Return> {
    let rows = roster.rows.iter().map(|one| {
        let known = id(&one.campaign).unwrap_or_default();
        let whence = Whence { shard: "", as_of, file_hash: "", campaign: &known };
        row!(Return, whence, {
            name: one.campaign.clone(),
            person: one.person.clone(),
            state: word(&one.state),
            owed: one.owed.join("；"),
        })
    });
    rows.collect()
}

/// What copies say differently, a row an answer.
pub fn conflicts(as_of: NaiveDate, merge: &Merge) -> Vec<Conflict> {
    let whence = Whence { shard: "", as_of, file_hash: "", campaign: &merge.campaign };
    let asked = merge.pending.iter().flat_map(|pending| {
        pending.sides.iter().enumerate().map(move |(at, side)| {
            row!(Conflict, whence, {
                question: pending.id.clone(),
                about: word(&pending.kind),
                table_id: pending.table.clone(),
                row_name: pending.row.clone(),
                column_id: pending.column.clone(),
                side: count(at + 1),
                answer: side.value.clone(),
                file: side.file.clone(),
                said_by: side.by.clone().unwrap_or_default(),
                said_at: side.at.clone().unwrap_or_default(),
                in_use: Some(side.value == pending.used),
                effect: pending.effect.clone(),
            })
        })
    });
    asked.collect()
}

/// What an edit is about where it is none but an answer somebody gave.
const DECISION: &str = "decision";
/// What it is about where it is one.
const EDIT: &str = "edit";
/// What it is about where it is what a formula came to.
const RESULT: &str = "result";

/// Everything that is known of a campaign, a row an edit or an answer.
pub fn edits(whence: &Whence<'_>, union: &Union) -> Vec<Edit> {
    let mut rows = Vec::new();
    for claim in &union.claims {
        let source = union.sources.get(&claim.source).cloned().unwrap_or_default();
        rows.push(row!(Edit, whence, {
            file_hash: whence.file_hash.to_owned(),
            about: EDIT.to_owned(),
            table_id: claim.seat.table.clone(),
            row_id: claim.seat.row.clone(),
            column_id: claim.seat.column.clone(),
            from_key: claim.from.key.clone(),
            from_text: claim.from.text.clone(),
            from_stored: claim.from.stored.clone(),
            to_key: claim.to.key.clone(),
            to_text: claim.to.text.clone(),
            to_stored: claim.to.stored.clone(),
            generation: Some(claim.generation),
            source: claim.source.clone(),
            file: source.file,
            said_by: source.by,
            said_at: source.at,
            base: source.base,
            hand: source.hand,
            ..Edit::default()
        }));
    }
    for decision in &union.decisions {
        rows.push(row!(Edit, whence, {
            file_hash: whence.file_hash.to_owned(),
            about: DECISION.to_owned(),
            table_id: decision.seat.table.clone(),
            row_id: decision.seat.row.clone(),
            column_id: decision.seat.column.clone(),
            to_key: decision.chosen.key.clone(),
            to_text: decision.chosen.text.clone(),
            to_stored: decision.chosen.stored.clone(),
            generation: Some(decision.generation),
            file: decision.place.clone(),
            asked: serde_json::to_string(&decision.asked).unwrap_or_default(),
            ..Edit::default()
        }));
    }
    rows
}

/// What formulas of a file came to, a row each.
pub fn computed(whence: &Whence<'_>, file: &str, computed: &[Computed]) -> Vec<Edit> {
    let row = |it: &Computed| {
        row!(Edit, whence, {
            file_hash: whence.file_hash.to_owned(),
            about: RESULT.to_owned(),
            table_id: it.seat.table.clone(),
            row_id: it.seat.row.clone(),
            column_id: it.seat.column.clone(),
            from_key: it.inputs.clone(),
            to_key: it.result.key.clone(),
            to_text: it.result.text.clone(),
            to_stored: it.result.stored.clone(),
            file: file.to_owned(),
            ..Edit::default()
        })
    };
    computed.iter().map(row).collect()
}

/// What a row of edits says of a formula, where it says that.
pub fn computed_of(row: &Edit) -> Option<Computed> {
    let seat =
        || Seat { table: row.table_id.clone(), row: row.row_id.clone(), column: row.column_id.clone() };
    let result =
        || Held { key: row.to_key.clone(), text: row.to_text.clone(), stored: row.to_stored.clone() };
    (row.about == RESULT).then(|| Computed { seat: seat(), inputs: row.from_key.clone(), result: result() })
}

/// Where the row of an edit stands in its file's table, where it says so.
pub fn position_of(row: &Edit) -> Option<Position> {
    let at = usize::try_from(row.position?.checked_sub(1)?).ok()?;
    Some(Position { table: row.table_id.clone(), row: row.row_id.clone(), at })
}

/// What rows of edits know together: the same whatever their order and however often a row comes.
pub fn union(rows: impl Iterator<Item = Edit>) -> Union {
    let mut union = Union::default();
    for row in rows.filter(|row| row.about != RESULT) {
        let seat = Seat { table: row.table_id, row: row.row_id, column: row.column_id };
        let to = Held { key: row.to_key, text: row.to_text, stored: row.to_stored };
        let generation = row.generation.unwrap_or_default();
        if row.about == DECISION {
            let asked: BTreeSet<String> = serde_json::from_str(&row.asked).unwrap_or_default();
            union.decisions.insert(Decision { seat, asked, chosen: to, generation, place: row.file });
            continue;
        }
        let from = Held { key: row.from_key, text: row.from_text, stored: row.from_stored };
        let source =
            Source { file: row.file, by: row.said_by, at: row.said_at, base: row.base, hand: row.hand };
        let mut one = Union::default();
        if !row.source.is_empty() && source != Source::default() {
            one.sources.insert(row.source.clone(), source);
        }
        one.claims.insert(Claim { seat, from, to, generation, source: row.source });
        union.join(one);
    }
    union
}
