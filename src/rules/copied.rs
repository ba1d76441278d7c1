//! Figures that were copied instead of filled in: two periods with the same numbers in every row, two rows with
//! the same numbers in every column.

use std::collections::HashMap;

use super::{Ctx, Rule};
use crate::catalogue::Kind;
use crate::catalogue::record::{Field, Record, Value};
use crate::code;
use crate::diagnostic::{Arg, Sink};

code!(COPIED_COLUMN = "copied-column", Warning, Table, "copied_column.toml");
code!(ROWS_ALIKE = "rows-alike", Note, Table, "rows_alike.toml");

pub static RULE: Rule = Rule { codes: &[&COPIED_COLUMN, &ROWS_ALIKE], check };

/// Fewer equal numbers than this happen.
const ENOUGH: usize = 3;

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    let periods = [
        ("sales", &["before", "during", "after", "last_year"][..]),
        ("users", &["before", "during"]),
        ("categories", &["before", "during"]),
    ];
    for (table, columns) in periods {
        let rows = rows(ctx, table);
        for (at, left) in columns.iter().enumerate() {
            for right in &columns[at + 1..] {
                columns_alike(ctx, sink, table, &rows, (left, right));
            }
        }
    }
    for (table, name, same) in [("daily", "date", Some("channel")), ("channels", "channel", None)] {
        rows_alike(ctx, sink, table, name, same);
    }
}

/// Rows with numbers, without that of the days.
fn rows<'a>(ctx: &Ctx<'a>, table: &str) -> Vec<&'a Record> {
    let rows = ctx.records.tables.get(table).map_or(&[][..], |table| &table.rows);
    let is_days = |row: &&Record| {
        row.fields.get("name").is_some_and(|name| crate::locale::fold(&name.text).contains("天数"))
    };
    rows.iter().filter(|row| !is_days(row)).collect()
}

fn number(field: Option<&Field<Value>>) -> Option<f64> {
    match field?.value.as_ref()? {
        Value::Number(n) => Some(*n),
        Value::Measure(measure) => Some(measure.value),
        _ => None,
    }
}

fn columns_alike(ctx: &Ctx<'_>, sink: &mut Sink, table: &str, rows: &[&Record], (left, right): (&str, &str)) {
    let pairs = rows.iter().filter_map(|row| {
        number(row.fields.get(left)).zip(number(row.fields.get(right))).filter(|(one, _)| *one != 0.0)
    });
    let (mut same, mut all) = (0, 0);
    for (one, other) in pairs {
        all += 1;
        same += usize::from(one == other);
    }
    let Some(field) = rows.iter().find_map(|row| row.fields.get(right).filter(|field| field.value.is_some())) else {
        return;
    };
    if all < ENOUGH || same < all {
        return;
    }
    let mut finding = ctx
        .finding(&COPIED_COLUMN, table, right, field)
        .arg("other", Arg::Text(ctx.label(table, left)))
        .arg("count", Arg::Count(all));
    for at in rows.iter().filter_map(|row| row.fields.get(left)?.at.as_ref()) {
        finding = finding.related(at);
    }
    sink.report(finding);
}

/// What tells a row's figures from another's: each number that is not zero, by its column.
type Figures<'a> = Vec<(&'a str, u64)>;

fn figures<'a>(row: &'a Record, computed: &dyn Fn(&str) -> bool) -> Figures<'a> {
    let typed = row.fields.iter().filter(|(id, _)| !computed(id));
    let numbers = typed.filter_map(|(id, field)| Some((id.as_str(), number(Some(field))?)));
    numbers.filter(|(_, n)| *n != 0.0).map(|(id, n)| (id, n.to_bits())).collect()
}

fn text<'a>(row: &'a Record, column: &str) -> &'a str {
    row.fields.get(column).map(|field| field.text.as_str()).unwrap_or_default()
}

fn rows_alike(ctx: &Ctx<'_>, sink: &mut Sink, table: &str, name: &str, same: Option<&str>) {
    // What is worked out from the others follows them, where it stands at all.
    let computed = |id: &str| {
        let column = ctx.catalogue.tables.get(table).and_then(|table| table.column(id));
        column.is_some_and(|column| column.kind == Kind::Calc)
    };
    // Of rows alike the first, and the first of another name: one of the two is what a later row copies.
    let mut seen: HashMap<(Figures<'_>, &str), Vec<&Record>> = HashMap::new();
    for row in rows(ctx, table) {
        let own = figures(row, &computed);
        let count = own.len();
        if count < ENOUGH {
            continue;
        }
        let alike = seen.entry((own, same.map_or("", |same| text(row, same)))).or_default();
        let twin = alike.iter().copied().find(|other| text(other, name) != text(row, name));
        if alike.is_empty() || alike.len() == 1 && twin.is_some() {
            alike.push(row);
        }
        let (Some(twin), Some(field)) = (twin, row.fields.get(name)) else { continue };
        let mut finding = ctx
            .finding(&ROWS_ALIKE, table, name, field)
            .arg("name", Arg::Text(text(row, name).to_owned()))
            .arg("other", Arg::Text(text(twin, name).to_owned()))
            .arg("count", Arg::Count(count));
        if let Some(at) = twin.fields.get(name).and_then(|field| field.at.as_ref()) {
            finding = finding.related(at);
        }
        sink.report(finding);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    #[test]
    fn a_period_copied_from_another_is_asked_about() {
        let sales = |last: [&str; 3]| {
            let rows = [
                format!("销售额|100万元|200万元|{}", last[0]),
                format!("订单量|3000|7000|{}", last[1]),
                format!("成交人数|2500|6000|{}", last[2]),
            ];
            sheets().list("sales", "name before during last_year", &rows.each_ref().map(String::as_str))
        };
        sales(["100万元", "3000", "2500"]).tells(&RULE, &["copied-column sales!D2"]);
        sales(["100万元", "3000", "2400"]).silent(&RULE);
        sales(["", "", ""]).silent(&RULE);
    }

    #[test]
    fn two_days_with_the_same_figures_are_asked_about() {
        let days = |second: &str| {
            let second = format!("2024-10-09|{second}");
            sheets().list(
                "daily",
                "date exposure clicks orders sales",
                &["2024-10-08|51234|812|75|9321", &second, "2024-10-10|0|0|0|0", "2024-10-11|48000|700|60|8000"],
            )
        };
        days("51234|812|75|9321").tells(&RULE, &["rows-alike daily!A3"]);
        days("51234|812|75|9300").silent(&RULE);
    }
}
