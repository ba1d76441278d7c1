//! Rows that claim the same name: task codes, indicators, channels, days, problems, actions.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::{Ctx, Rule};
use crate::catalogue::record::{Record, Value};
use crate::cell::{Content, Place};
use crate::code;
use crate::diagnostic::{Arg, Severity, Sink};
use crate::expr::{Expr, Range};
use crate::locale::fold;
use crate::mark::{cell, column_of, is_repeated};

code!(DUPLICATE_KEY = "duplicate-key", Error, Row, "duplicate_key.toml");

pub static RULE: Rule = Rule { codes: &[&DUPLICATE_KEY], check };

/// Table, columns of the name (the first must be filled; `!` any must), and how bad a repetition is.
const KEYS: &[(&str, &[&str], Severity)] = &[
    ("tasks", &["code"], Severity::Error),
    ("kpi", &["name"], Severity::Error),
    ("results", &["name", "dimension", "member"], Severity::Warning),
    ("channels", &["channel", "phase"], Severity::Warning),
    ("daily", &["channel", "date"], Severity::Warning),
    ("funnel", &["stage"], Severity::Warning),
    ("sales", &["name"], Severity::Warning),
    ("categories", &["name"], Severity::Warning),
    ("problems", &["code"], Severity::Warning),
    ("actions", &["code"], Severity::Warning),
];

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    for (table, columns, severity) in KEYS {
        let Some(records) = ctx.records.tables.get(*table) else { continue };
        let mut groups: IndexMap<String, Vec<&Record>> = IndexMap::new();
        let dimensions = own_dimensions(&records.rows);
        for record in &records.rows {
            let Some(mut key) = key(record, columns) else { continue };
            for dimension in &dimensions {
                let own = record.extra.iter().find(|(header, ..)| header == dimension);
                key.extend(own.map(|(_, _, content)| format!("\u{1f}{}", fold(&content.to_text()))));
            }
            let group = groups.entry(key).or_default();
            // A number merged over several actions is that of the problem they answer.
            let at = |record: &Record| record.fields.get("code").and_then(|field| field.at.clone());
            let is_shared = *table == "actions" && group.last().is_some_and(|last| at(last) == at(record));
            if !is_shared {
                group.push(record);
            }
        }
        let ranges = columns.iter().map(|column| {
            let fields = records.rows.iter().filter_map(|record| record.fields.get(*column));
            column_of(fields.filter_map(|field| field.at.as_ref()))
        });
        let ranges: Option<Vec<Range>> = ranges.collect();
        for group in groups.values().filter(|group| group.len() > 1) {
            report(ctx, sink, table, columns, *severity, group, ranges.as_deref());
        }
    }
}

/// Columns of the team's own that split the rows further, such as 商品 in a daily record: words in every
/// row, and the same ones again and again.
fn own_dimensions(rows: &[Record]) -> Vec<String> {
    let mut words: IndexMap<&str, Vec<String>> = IndexMap::new();
    for (header, _, content) in rows.iter().flat_map(|row| &row.extra) {
        if let Content::Text(text) = content {
            words.entry(header).or_default().push(fold(text));
        }
    }
    let splits = |texts: &[String]| {
        let different: BTreeSet<&String> = texts.iter().collect();
        texts.len() == rows.len() && different.len() > 1 && different.len() * 2 <= texts.len()
    };
    words.into_iter().filter(|(_, texts)| splits(texts)).map(|(header, _)| header.to_owned()).collect()
}

/// The name of a row; `None` where its first part is not filled in.
fn key(record: &Record, columns: &[&str]) -> Option<String> {
    let mut parts = Vec::new();
    for (i, column) in columns.iter().enumerate() {
        let field = record.fields.get(*column);
        let value = field.and_then(|field| field.value.as_ref());
        if i == 0 && value.is_none() {
            return None;
        }
        parts.push(match value {
            Some(Value::Date(day)) => day.to_string(),
            Some(Value::Choice(id)) if id == "overall" => String::new(),
            Some(Value::Choice(id)) => id.clone(),
            Some(Value::Text(text)) => fold(text),
            _ => field.map(|field| fold(&field.text)).unwrap_or_default(),
        });
    }
    // A row without a day has no name yet.
    (columns != ["channel", "date"] || !parts[1].is_empty()).then(|| parts.join("\u{1f}"))
}

fn report(
    ctx: &Ctx<'_>,
    sink: &mut Sink,
    table: &str,
    columns: &[&str],
    severity: Severity,
    group: &[&Record],
    ranges: Option<&[Range]>,
) {
    let (first, rest) = (group[0], &group[1..]);
    let column = columns[0];
    let Some(second) = rest.first().and_then(|record| record.fields.get(column)) else { return };
    let key = columns.iter().filter_map(|column| second_text(rest[0], column)).collect();
    let mut finding = ctx
        .finding(&DUPLICATE_KEY, table, column, second)
        .arg("key", Arg::List(key))
        .arg("table", ctx.title(table))
        .arg("count", Arg::Count(group.len()));
    if let Some(at) = first.fields.get(column).and_then(|field| field.at.as_ref()) {
        finding = finding.related(at);
    }
    for record in rest {
        if let Some((at, when)) = ranges.and_then(|ranges| repeated(record, columns, ranges)) {
            finding = finding.mark(at, when);
        }
    }
    for record in &rest[1..] {
        if let Some(at) = record.fields.get(column).and_then(|field| field.at.as_ref()) {
            finding = finding.also(at);
        }
    }
    finding.severity = severity;
    sink.report(finding);
}

/// The check as a condition on the first cell of a row's name.
fn repeated<'a>(record: &'a Record, columns: &[&str], ranges: &[Range]) -> Option<(&'a Place, Expr)> {
    let at = |column: &str| record.fields.get(column)?.at.as_ref();
    let cells: Option<Vec<_>> = columns.iter().map(|column| at(column).map(cell)).collect();
    let pairs: Vec<(Expr, Range)> = cells?.into_iter().zip(ranges.iter().cloned()).collect();
    Some((at(columns[0])?, is_repeated(&pairs)?))
}

fn second_text(record: &Record, column: &str) -> Option<String> {
    record.fields.get(column).map(|field| field.text.clone()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    #[test]
    fn a_task_code_twice_is_an_error() {
        let told = sheets()
            .list(
                "tasks",
                "code phase action owner start end",
                &[
                    "T001|预热期|海报|高远|2024-10-01|2024-10-03",
                    "t001|预热期|视频|高远|2024-10-01|2024-10-03",
                ],
            )
            .tells(&RULE, &["duplicate-key tasks!A3"]);
        assert_eq!(told[0].severity, Severity::Error);
    }

    #[test]
    fn a_channel_may_appear_once_a_phase() {
        let table = |second: &str| {
            sheets().list(
                "channels",
                "channel phase spend conversions source",
                &["抖音|预热期|100|1|后台", &format!("抖音|{second}|100|1|后台")],
            )
        };
        table("爆发期").silent(&RULE);
        let told = table("预热期").tells(&RULE, &["duplicate-key channels!A3"]);
        assert_eq!(told[0].severity, Severity::Warning);
    }

    #[test]
    fn a_column_of_the_teams_own_may_split_the_days_further() {
        let days = |goods: [&str; 4]| {
            let row = |day: u32, goods: &str| format!("2024-10-0{day}|抖音|{goods}|100{day}");
            let rows = [row(1, goods[0]), row(1, goods[1]), row(2, goods[2]), row(2, goods[3])];
            sheets().list("daily", "date channel 商品 sales", &rows.each_ref().map(String::as_str))
        };
        days(["精华", "面膜", "精华", "面膜"]).silent(&RULE);
        days(["精华", "面膜", "面膜", "面膜"]).tells(&RULE, &["duplicate-key daily!B5"]);
    }

    #[test]
    fn a_day_may_appear_once_a_channel_and_a_result_once_a_member() {
        sheets()
            .list(
                "daily",
                "date channel exposure clicks sales",
                &[
                    "2024-10-08|抖音|1000|10|100",
                    "2024-10-08|小红书|1000|10|100",
                    "2024-10-09|抖音|1000|10|100",
                ],
            )
            .list(
                "results",
                "name dimension member actual source",
                &["销售额|整体||100万|ERP", "销售额|渠道|抖音|60万|ERP", "销售额|渠道|小红书|40万|ERP"],
            )
            .silent(&RULE);
        sheets()
            .list(
                "daily",
                "date channel exposure clicks sales",
                &[
                    "2024-10-08|抖音|1000|10|100",
                    "2024-10-08|抖音|1000|10|100",
                    "2024-10-08|抖音|1000|10|100",
                ],
            )
            .tells(&RULE, &["duplicate-key daily!B3 +1"]);
    }
}
