//! A part larger than its whole within one row: more clicks than impressions, more new visitors than visitors.

use super::cause::Cause;
use super::{Ctx, Rule};
use crate::catalogue::record::{Record, Value};
use crate::code;
use crate::diagnostic::{Arg, Sink};
use crate::mark::is_more;

code!(PART_OVER_WHOLE = "part-over-whole", Warning, Row, "part_over_whole.toml");

pub static RULE: Rule = Rule { codes: &[&PART_OVER_WHOLE], check };

/// Table, column of the part, column of the whole, column a person knows the row by.
const PARTS: &[(&str, &str, &str, &str)] = &[
    ("daily", "clicks", "exposure", "date"),
    ("channels", "clicks", "exposure", "channel"),
    ("channels", "new_customers", "conversions", "channel"),
    ("traffic", "uv", "pv", "source"),
    ("traffic", "new_visitors", "uv", "source"),
    ("traffic", "order", "uv", "source"),
    ("traffic", "pay", "order", "source"),
    ("interactions", "people", "times", "kind"),
    ("categories", "returns", "units", "name"),
];

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    for (table, part, whole, name) in PARTS {
        let Some(records) = ctx.records.tables.get(*table) else { continue };
        let mut cause = Cause::new(ctx, &PART_OVER_WHOLE, table, part);
        for record in &records.rows {
            let (Some(less), Some(more)) = (number(record, part), number(record, whole)) else { continue };
            let Some(field) = record.fields.get(*part).filter(|_| less > more) else { continue };
            let name = record.fields.get(*name).map(|field| field.text.as_str()).unwrap_or_default();
            cause.add(field, &record.at, name);
            let whole_cell = record.fields.get(*whole).map(|whole| whole.leaf(Some(more)));
            cause.when(field, whole_cell.map(|whole| is_more(field.leaf(Some(less)), whole)));
            cause.related(record.fields.get(*whole).and_then(|field| field.at.as_ref()));
            cause.arg("part", Arg::Number(less));
            cause.arg("wider", Arg::Text(ctx.label(table, whole)));
            cause.arg("whole", Arg::Number(more));
        }
        cause.report(sink);
    }
}

fn number(record: &Record, column: &str) -> Option<f64> {
    match record.fields.get(column)?.value {
        Some(Value::Number(n)) => Some(n),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    #[test]
    fn a_part_is_not_larger_than_its_whole() {
        let day = |exposure: &str, clicks: &str| {
            let row = format!("2024-10-08|{exposure}|{clicks}|100");
            sheets().list("daily", "date exposure clicks sales", &[&row])
        };
        day("120万", "6万").silent(&RULE);
        day("", "6万").silent(&RULE);
        day("100", "100").silent(&RULE);
        day("120", "60000").tells(&RULE, &["part-over-whole daily!C2"]);
    }

    #[test]
    fn visitors_are_no_more_than_views() {
        sheets()
            .list("traffic", "source pv uv new_visitors order pay", &["首页|1000|800|900|50|60"])
            .tells(&RULE, &["part-over-whole traffic!D2", "part-over-whole traffic!F2"]);
    }
}
