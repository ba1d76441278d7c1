//! A typed total row (合计) against the rows above it.

use super::{Ctx, Rule, same_money};
use crate::catalogue::Kind;
use crate::catalogue::record::{Field, Record, TableRecords, Value};
use crate::code;
use crate::diagnostic::{Arg, Sink};
use crate::expr::Expr;
use crate::mark::{agrees_with_none, column_of};

code!(TOTAL_ROW_MISMATCH = "total-row-mismatch", Warning, Table, "total_row_mismatch.toml");

pub static RULE: Rule = Rule { codes: &[&TOTAL_ROW_MISMATCH], check };

fn check(ctx: &Ctx<'_>, sink: &mut Sink) {
    for (id, records) in &ctx.records.tables {
        let (Some(table), [total]) = (ctx.catalogue.tables.get(id), records.totals.as_slice()) else {
            continue;
        };
        for column in table.columns.iter().filter(|column| matches!(column.kind, Kind::Money | Kind::Count)) {
            let Some(claimed) = number(total, &column.id) else { continue };
            // One row that cannot be read makes the sum unknown; rows of another sheet are not under this total.
            let same_sheet = records.rows.iter().all(|row| row.at.sheet == total.at.sheet);
            let sum = records.rows.iter().map(|row| number_or_blank(row, &column.id)).sum::<Option<f64>>();
            let Some(sum) =
                sum.filter(|_| same_sheet && !adds_up_otherwise(column.unit.as_deref(), &column.id))
            else {
                continue;
            };
            if same_money(ctx.policy, claimed, sum) {
                continue;
            }
            let Some(field) = total.fields.get(&column.id) else { continue };
            let finding = ctx
                .finding(&TOTAL_ROW_MISMATCH, id, &column.id, field)
                .arg("claimed", Arg::Number(claimed))
                .arg("sum", Arg::Number(sum))
                .suggest(super::claims::value_text(super::claims::Sort::Money, sum));
            sink.report(match (&field.at, live_sum(records, &column.id, field.scale)) {
                (Some(at), Some(live)) => {
                    let tolerance = &ctx.policy.thresholds.tolerance;
                    let slack = tolerance.money.max(tolerance.money_share * sum.abs().max(claimed.abs()));
                    finding.mark(at, agrees_with_none(field.leaf(Some(claimed)), &[live], slack))
                }
                _ => finding,
            });
        }
    }
}

/// The sum of the rows over their cells, where all of them hold numbers a sum can see.
fn live_sum(records: &TableRecords, column: &str, scale: Option<f64>) -> Option<Expr> {
    let scale = scale?;
    let fields = || records.rows.iter().filter_map(|row| row.fields.get(column));
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
}
