//! A typed total row (合计) against the rows above it.

use super::{Ctx, Rule, same_money};
use crate::catalogue::{Column, Kind};
use crate::catalogue::record::{Field, Record, TableRecords, Value};
use crate::code;
use crate::diagnostic::{Arg, Sink};
use crate::expr::Expr;
use crate::mark::{agrees_with_none, column_of};

code!(TOTAL_ROW_MISMATCH = "total-row-mismatch", Warning, Table, "total_row_mismatch.toml");

pub static RULE: Rule = Rule { codes: &[&TOTAL_ROW_MISMATCH], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    for (id, records) in &ctx.records.tables {
        let Some(table) = ctx.catalogue.tables.get(id) else { continue };
        let columns: Vec<&Column> = (table.columns.iter())
            .filter(|column| matches!(column.kind, Kind::Money | Kind::Count))
            .filter(|column| !adds_up_otherwise(column.unit.as_deref(), &column.id))
            .collect();
        for total in &records.totals {
            // What a total is held against: the rows that make it right in most columns, else the nearest above it.
            let right = |rows: &[&Record]| {
                let fits = |column: &&&Column| {
                    let claimed = number(total, &column.id).zip(sum(rows, &column.id));
                    claimed.is_some_and(|(claimed, sum)| same_money(ctx.policy, claimed, sum))
                };
                columns.iter().filter(fits).count()
            };
            let ranges = ranges(records, total);
            let Some(rows) = ranges.iter().rev().max_by_key(|rows| right(rows)) else { continue };
            for column in &columns {
                one(ctx, sink, (id, &column.id), total, rows);
            }
        }
    }
}

/// One column of a total row.
fn one(ctx: &Ctx<'_>, sink: &mut Sink, (table, column): (&str, &str), total: &Record, rows: &[&Record]) {
    // One row that cannot be read makes the sum unknown.
    let Some((claimed, sum)) = number(total, column).zip(sum(rows, column)) else { return };
    if same_money(ctx.policy, claimed, sum) {
        return;
    }
    let Some(field) = total.fields.get(column) else { return };
    let finding = ctx
        .finding(&TOTAL_ROW_MISMATCH, table, column, field)
        .arg("claimed", Arg::Number(claimed))
        .arg("sum", Arg::Number(sum))
        .suggest(super::claims::value_text(super::claims::Sort::Money, sum));
    sink.report(match (&field.at, live_sum(rows, column, field.scale)) {
        (Some(at), Some(live)) => {
            let tolerance = &ctx.policy.thresholds.tolerance;
            let slack = tolerance.money.max(tolerance.money_share * sum.abs().max(claimed.abs()));
            finding.mark(at, agrees_with_none(field.leaf(Some(claimed)), &[live], slack))
        }
        _ => finding,
    });
}

/// The rows a total may be the sum of, the likeliest first: all rows of its sheet, all above it, all below it,
/// those since the total before.
fn ranges<'a>(records: &'a TableRecords, total: &Record) -> Vec<Vec<&'a Record>> {
    let row = |record: &Record| record.at.cell.row;
    let of_sheet: Vec<&Record> =
        records.rows.iter().filter(|record| record.at.sheet == total.at.sheet).collect();
    let others = records.totals.iter().filter(|other| other.at.sheet == total.at.sheet);
    let before = others.map(row).filter(|other| *other < row(total)).max();
    let within = |from: Option<u32>, to: Option<u32>| -> Vec<&'a Record> {
        let inside =
            |record: &&&Record| from.is_none_or(|from| row(record) > from) && to.is_none_or(|to| row(record) < to);
        of_sheet.iter().filter(inside).copied().collect()
    };
    let mut ranges = vec![of_sheet.clone()];
    // Rows of another sheet are not under this total.
    if of_sheet.len() != records.rows.len() && records.totals.len() == 1 {
        ranges.clear();
    }
    for range in [within(None, Some(row(total))), within(before, Some(row(total))), within(Some(row(total)), None)] {
        if !range.is_empty() {
            ranges.push(range);
        }
    }
    ranges
}

/// The sum of a column over rows; blank cells are none of it, and one unread cell makes it unknown.
fn sum(rows: &[&Record], column: &str) -> Option<f64> {
    rows.iter().map(|row| number_or_blank(row, column)).sum()
}

/// The sum of the rows over their cells, where all of them hold numbers a sum can see.
fn live_sum(rows: &[&Record], column: &str, scale: Option<f64>) -> Option<Expr> {
    let scale = scale?;
    let fields = || rows.iter().filter_map(|row| row.fields.get(column));
    let range = column_of(fields().filter_map(|field| field.at.as_ref()))?;
    let seen = |field: &Field<Value>| field.is_blank() || field.scale == Some(scale);
    let sum = Expr::sum([range.into()]);
    fields().all(seen).then(|| if scale == 1.0 { sum } else { sum * scale })
}

/// People, unlike pieces, may be counted in several rows and once in the total; prices do not add up at all.
fn adds_up_otherwise(unit: Option<&str>, column: &str) -> bool {
    unit == Some("人") || column == "unit_value"
}

fn number(record: &Record, column: &str) -> Option<f64> {
    match record.fields.get(column)?.value {
        Some(Value::Number(n)) => Some(n),
        _ => None,
    }
}

fn number_or_blank(record: &Record, column: &str) -> Option<f64> {
    let field = record.fields.get(column)?;
    if field.is_blank() { Some(0.0) } else { number(record, column) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::sheets;

    fn channels(total: &str) -> crate::rules::fixture::Sheets {
        sheets().list(
            "channels",
            "channel spend conversions source",
            &["抖音|20000|120|后台", "小红书|30000|150|后台", &format!("合计|{total}|270|")],
        )
    }

    #[test]
    fn the_total_row_adds_up() {
        channels("50000").silent(&RULE);
        let told = channels("5万5").tells(&RULE, &[]);
        assert!(told.is_empty());
        let told = channels("55000").tells(&RULE, &["total-row-mismatch channels!B4"]);
        assert_eq!(told[0].suggestion.as_deref(), Some("50000"));
    }

    #[test]
    fn a_subtotal_is_held_against_its_own_rows() {
        let table = |first: &str, second: &str, all: &str| {
            let (first, second) = (format!("小计|{first}|270|"), format!("小计|{second}|30|"));
            let all = format!("合计|{all}|300|");
            sheets().list(
                "channels",
                "channel spend conversions source",
                &["抖音|20000|120|后台", "小红书|30000|150|后台", &first, "公众号|100|30|后台", &second, &all],
            )
        };
        table("50000", "100", "50100").silent(&RULE);
        table("51000", "100", "50100").tells(&RULE, &["total-row-mismatch channels!B4"]);
        table("50000", "100", "55000").tells(&RULE, &["total-row-mismatch channels!B7"]);
    }
}
