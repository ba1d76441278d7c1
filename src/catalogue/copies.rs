//! A table that is there twice: a copy counts once, parts count together, and
//! contradicting versions are asked about instead of mixed.

use std::collections::HashSet;

use super::findings as says;
use super::handmade::is_day;
use super::part::Part;
use super::record::{Record, TableRecords, Unread, Value};
use super::tally::Tally;
use super::{Kind, Table};
use crate::diagnostic::{Arg, Finding, Sink};
use crate::locale::fold;

enum Relation {
    /// Nothing filled in.
    Empty,
    /// Every row is there already.
    Copy,
    /// New rows only, apart from identical ones.
    Continues,
    /// Rows that contradict those already there.
    Contradicts,
    /// Other rows, but their sums are those of the rows already there: the same money split another way.
    SameFigures,
}

/// The records of a table from all its places, and what was left out.
pub fn weigh(table: &Table, mut parts: Vec<Part>, sink: &mut Sink) -> (TableRecords, Vec<Unread>) {
    let mut read = TableRecords::default();
    let mut unread = Vec::new();
    let mut tally = Tally::default();
    let mut seen: Vec<String> = Vec::new();
    // The part with data counts before one without, one whose rows have names before one whose rows have none, the
    // original before its copy.
    parts.sort_by_key(|part| {
        let nameless = !is_named(table, part);
        (part.rows.is_empty(), nameless, is_copy_name(&part.region.sheet), part.sheet, part.region.area)
    });
    let named = parts.iter().any(|part| is_named(table, part) && !part.rows.is_empty());
    for part in parts {
        let relation = match read.rows.is_empty() {
            true => Relation::Continues,
            // Figures without names beside named ones are another view of the same.
            false if named && !is_named(table, &part) => Relation::Contradicts,
            false => relation(table, &read.rows, &part),
        };
        let first = seen.is_empty();
        let sheet = part.region.sheet.to_string();
        if !seen.contains(&sheet) {
            seen.push(sheet.clone());
        }
        let main = seen.first().cloned().unwrap_or_default();
        let about = |code: &'static crate::diagnostic::Code| {
            Finding::new(code)
                .on_sheet(sheet.clone())
                .of_table(table.id.clone())
                .found(main.clone())
                .arg("table", table.label.arg())
                .arg("sheets", Arg::List(seen.clone()))
        };
        match relation {
            Relation::Empty => {}
            Relation::Continues => {
                if !first && !part.rows.is_empty() {
                    tally.add("", about(&says::TABLE_SPLIT));
                }
                let known: HashSet<String> = read.rows.iter().map(signature).collect();
                let mut rows = part.rows;
                rows.retain(|row| !known.contains(&signature(row)) || first);
                read.rows.extend(rows);
                read.totals.extend(part.totals);
                tally.absorb(part.tally);
            }
            Relation::Copy | Relation::Contradicts | Relation::SameFigures => {
                let (code, reason) = match relation {
                    Relation::Copy => (&says::TABLE_COPIED, "copy"),
                    Relation::SameFigures => (&says::SAME_FIGURES, "same-figures"),
                    _ => (&says::TABLE_TWICE, "contradicting-copy"),
                };
                tally.add(sheet.clone(), about(code));
                unread.push(Unread {
                    sheet: sheet.clone(),
                    area: Some(part.region.area),
                    reason,
                    cells: part.rows.iter().map(filled).sum(),
                    detail: table.label.zh.clone(),
                });
            }
        }
        read.regions.push(part.region);
    }
    tally.report(sink);
    (read, unread)
}

/// Whether a part has the column that names its rows.
fn is_named(table: &Table, part: &Part) -> bool {
    table.needs.first().is_none_or(|need| need.split('|').any(|id| part.region.columns.contains_key(id)))
}

fn relation(table: &Table, known: &[Record], part: &Part) -> Relation {
    if part.rows.is_empty() {
        return Relation::Empty;
    }
    let signatures: HashSet<String> = known.iter().map(signature).collect();
    let new: Vec<&Record> = part.rows.iter().filter(|row| !signatures.contains(&signature(row))).collect();
    if new.is_empty() {
        return Relation::Copy;
    }
    if table.layout == super::Layout::Form {
        return Relation::Contradicts;
    }
    let keys: HashSet<String> = known.iter().filter_map(|row| key(table, row)).collect();
    let clash = new.iter().any(|row| key(table, row).is_some_and(|key| keys.contains(&key)));
    let shares_rows = new.len() < part.rows.len();
    // Without a key, a copied sheet that was changed cannot be told from a continued one.
    let changed_copy = table.key.is_empty() && is_copy_name(&part.region.sheet) && shares_rows;
    // 10月 and 11月 with the same channels are two months, no two versions.
    let by_period = measures(table) && known.iter().all(|row| another_period(row, &part.region.sheet));
    match (clash || changed_copy) && !by_period {
        true => Relation::Contradicts,
        false if same_figures(table, known, &part.rows) => Relation::SameFigures,
        false => Relation::Continues,
    }
}

/// Whether the rows of a table hold amounts, which add up over periods; a goal or a state does not.
fn measures(table: &Table) -> bool {
    table.columns.iter().filter(|column| matches!(column.kind, Kind::Money | Kind::Count)).count() >= 2
}

/// Whether a row stands on a sheet that is called like another one but for the period in its name.
fn another_period(row: &Record, sheet: &str) -> bool {
    let own = row.fields.values().find_map(|field| field.at.as_ref()).map(|at| period_name(&at.sheet));
    match (own.flatten(), period_name(sheet)) {
        (Some((one, period)), Some((other, later))) => one == other && period != later,
        _ => false,
    }
}

/// A sheet's name without the period in it, and the period: `投放11月` is `投放` and `11月`.
fn period_name(name: &str) -> Option<(String, String)> {
    let folded = fold(name);
    let part = |c: char| c.is_ascii_digit() || "年月日号周第季度一二三四五六七八九十-/.".contains(c);
    let start = folded.find(|c: char| c.is_ascii_digit() || "第一二三四五六七八九十".contains(c))?;
    let length = folded[start..].find(|c: char| !part(c)).unwrap_or(folded.len() - start);
    // W45, Q3: the letter stands before the number.
    let start = start - usize::from(folded[..start].ends_with(['w', 'q']));
    let end = start + length + usize::from(folded[start..].starts_with(['w', 'q']));
    let period = &folded[start..end];
    let says = period.contains(['年', '月', '周', '季', '日', 'w', 'q']) || is_day(period);
    says.then(|| (format!("{}{}", &folded[..start], &folded[end..]), period.to_owned()))
}

/// Whether two sets of rows come to the same sums, in at least two columns of amounts and in all that both have.
fn same_figures(table: &Table, known: &[Record], rows: &[Record]) -> bool {
    let sum = |rows: &[Record], id: &str| -> f64 {
        let numbers = rows.iter().filter_map(|row| match row.fields.get(id)?.value {
            Some(Value::Number(number)) => Some(number),
            _ => None,
        });
        numbers.sum()
    };
    let amounts = table.columns.iter().filter(|column| matches!(column.kind, Kind::Money | Kind::Count));
    let (mut same, mut all) = (0, 0);
    for column in amounts {
        let (one, other) = (sum(known, &column.id), sum(rows, &column.id));
        if one == 0.0 || other == 0.0 {
            continue;
        }
        all += 1;
        same += usize::from((one - other).abs() <= 1e-6 * one.abs().max(1.0));
    }
    rows.len() + known.len() >= 3 && same == all && same >= 2
}

fn signature(row: &Record) -> String {
    let texts: Vec<&str> =
        row.fields.values().filter(|field| !field.computed).map(|field| field.text.trim()).collect();
    texts.join("\u{1f}")
}

fn key(table: &Table, row: &Record) -> Option<String> {
    let parts: Vec<String> = table
        .key
        .iter()
        .map(|id| row.fields.get(id).map_or(String::new(), |field| fold(&field.text)))
        .collect();
    (!parts.is_empty() && parts.iter().any(|part| !part.is_empty())).then(|| parts.join("\u{1f}"))
}

fn filled(row: &Record) -> usize {
    row.fields.values().filter(|field| !field.text.is_empty()).count()
}

/// `渠道效果表 (2)`, `渠道效果表-副本`, `Copy of channels`.
fn is_copy_name(name: &str) -> bool {
    let folded = fold(name);
    let numbered = folded
        .strip_suffix(')')
        .and_then(|rest| rest.rsplit_once('('))
        .is_some_and(|(_, number)| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()));
    numbered
        || folded.contains("副本")
        || folded.contains("复件")
        || folded.starts_with("copyof")
        || folded.ends_with("copy")
}
