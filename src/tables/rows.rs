//! The tables, a struct each. What a column means is in `columns.toml`.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Cell, Kind, Row, Value};

/// Declares tables: a row's struct with its columns, in order.
macro_rules! tables {
    ($($(#[$about:meta])* $name:literal $row:ident { $($field:ident: $kind:ty,)* })*) => {
        $(
            $(#[$about])*
            #[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
            #[allow(missing_docs, reason = "columns.toml says what each column means")]
            pub struct $row { $(pub $field: $kind,)* }

            impl Row for $row {
                const TABLE: &'static str = $name;
                fn columns() -> Vec<(&'static str, Kind)> {
                    vec![$((stringify!($field), <$kind as Cell>::KIND)),*]
                }
                fn values(&self) -> Vec<Value> {
                    vec![$(self.$field.value()),*]
                }
                fn of(values: &mut dyn Iterator<Item = Value>) -> $row {
                    $row { $($field: <$kind as Cell>::of(values.next().unwrap_or_default()),)* }
                }
            }
        )*

        /// Every table: its name and its columns.
        pub(super) fn all() -> Vec<(&'static str, Vec<(&'static str, Kind)>)> {
            vec![$(($name, $row::columns())),*]
        }
    };
}

tables! {
    /// One campaign that counts.
    "campaigns" Campaign {
        shard: String, period: String, as_of: Option<NaiveDate>, file_hash: String, campaign: String,
        name: String, file: String, template: String, owner: String, campaign_kind: String,
        starts_on: Option<NaiveDate>, ends_on: Option<NaiveDate>,
        completion: Option<f64>, verdict: String,
        cells_filled: Option<i64>, cells_required: Option<i64>,
        budget: Option<f64>,
        tasks_done: Option<i64>, tasks: Option<i64>, tasks_cancelled: Option<i64>,
    }
    /// One goal of a campaign.
    "goals" Goal {
        shard: String, period: String, as_of: Option<NaiveDate>, file_hash: String, campaign: String,
        goal: String, target: Option<f64>, actual: Option<f64>, completion: Option<f64>, outcome: String,
        unit: String, place: String,
    }
    /// One line of a campaign's channels.
    "channels" Channel {
        shard: String, period: String, as_of: Option<NaiveDate>, file_hash: String, campaign: String,
        channel: String, spend: Option<f64>, revenue: Option<f64>, exposure: Option<f64>,
        clicks: Option<f64>, conversions: Option<f64>, new_customers: Option<f64>, place: String,
    }
    /// One line of a campaign's budget.
    "budget" Budget {
        shard: String, period: String, as_of: Option<NaiveDate>, file_hash: String, campaign: String,
        resource: String, item: String, planned: Option<f64>, actual: Option<f64>, place: String,
    }
    /// One measure.
    "actions" Action {
        shard: String, period: String, as_of: Option<NaiveDate>, file_hash: String, campaign: String,
        code: String, measure: String, problem: String, owner: String, dept: String,
        due_on: Option<NaiveDate>, days_left: Option<i64>, state: String, is_open: Option<bool>,
        quadrant: String, score: Option<i64>, standard: String, verified: String,
        recurring: Option<bool>, gap: Option<f64>, place: String,
    }
    /// One problem.
    "problems" Problem {
        shard: String, period: String, as_of: Option<NaiveDate>, file_hash: String, campaign: String,
        code: String, problem_class: String, description: String, root_cause: String, dept: String,
        recurring: Option<bool>, same_as: String, place: String,
    }
    /// One lesson.
    "experience" Experience {
        shard: String, period: String, as_of: Option<NaiveDate>, file_hash: String, campaign: String,
        experience_kind: String, content: String, evidence: String, scope: String, advice: String, place: String,
    }
    /// One finding.
    "findings" Finding {
        shard: String, period: String, as_of: Option<NaiveDate>, file_hash: String, campaign: String,
        file: String, code: String, severity: String, title: String, table_id: String, column_name: String,
        place: String, found: String, message: String, help: String, cells: Option<i64>, fingerprint: String,
    }
    /// One return of the roll call.
    "roster" Roster {
        shard: String, period: String, as_of: Option<NaiveDate>, campaign: String,
        name: String, person: String, state: String, owed: String,
    }
    /// One answer to a question copies raise.
    "conflicts" Conflict {
        shard: String, period: String, as_of: Option<NaiveDate>, campaign: String,
        question: String, about: String, table_id: String, row_name: String, column_id: String,
        side: Option<i64>, answer: String, file: String, said_by: String, said_at: String,
        in_use: Option<bool>, effect: String,
    }
    /// One edit somebody made against what was issued, or one answer somebody gave.
    "edits" Edit {
        shard: String, period: String, as_of: Option<NaiveDate>, file_hash: String, campaign: String,
        about: String, table_id: String, row_id: String, column_id: String,
        from_key: String, from_text: String, from_stored: String,
        to_key: String, to_text: String, to_stored: String,
        generation: Option<i64>, source: String, file: String, said_by: String, said_at: String,
        base: String, hand: String, asked: String, position: Option<i64>,
    }
    /// One file.
    "files" File {
        shard: String, period: String, as_of: Option<NaiveDate>, file_hash: String, campaign: String,
        name: String, file: String, size: Option<i64>, outcome: String, refused: String,
        template: String, template_version: Option<i64>, content_hash: String, has_questions: Option<bool>,
        generation: Option<i64>, saved_by: String, saved_at: String,
        inside: String, sender: String, mail_date: String, message_id: String, subject: String,
        workbook: String, report: String, slides: String,
    }
    /// One column of one of these tables.
    "columns" Column {
        table_name: String, column_name: String, column_type: String,
        label: String, meaning: String, unit: String, basis: String, source: String,
    }
}
