//! The scale of rates, settled by what stands beside them: 5.65 against a target of 6.1% is 5.65%, and a
//! completion of 1.04 where target and actual give 104% is 104%.
//!
//! No cell of these says it by itself; a goal and its result do together. What is read otherwise than its
//! bare number shows is told once a column, and what fits neither way is left to the rules.

use std::collections::HashMap;

use super::findings as says;
use super::header::Header;
use super::record::{Field, Record, Records, Value};
use super::tally::Tally;
use super::{Catalogue, Kind};
use crate::diagnostic::{Arg, Finding, Sink, number};
use crate::locale::fold;
use crate::quantity::{Aim, Measure, Remark, Target, Unit};

/// A result this many times its target is no reading of it.
const FARTHEST: f64 = 30.0;

/// Where a goal's target stands, and the values held against it.
struct Goal {
    name: String,
    target: Cell,
    values: Vec<Cell>,
}

/// A field: table, row, column.
#[derive(Clone, Copy, PartialEq)]
struct Cell(&'static str, usize, &'static str);

/// Settles the scale of every rate, and says what was read as a percentage without saying so.
pub(super) fn settle(catalogue: &Catalogue, records: &mut Records, sink: &mut Sink) {
    for goal in goals(records) {
        settle_goal(records, &goal);
    }
    settle_computed(records);
    tell(catalogue, records, sink);
}

fn rows<'r>(records: &'r Records, table: &str) -> &'r [Record] {
    records.tables.get(table).map_or(&[], |table| &table.rows)
}

fn field(records: &Records, Cell(table, row, column): Cell) -> Option<&Field<Value>> {
    rows(records, table).get(row)?.fields.get(column)
}

fn field_mut(records: &mut Records, Cell(table, row, column): Cell) -> Option<&mut Field<Value>> {
    records.tables.get_mut(table)?.rows.get_mut(row)?.fields.get_mut(column)
}

/// The name of a row, without a unit behind it.
fn name(row: &Record) -> String {
    match row.fields.get("name").and_then(|field| field.value.as_ref()) {
        Some(Value::Text(name)) => {
            let header = Header::parse(name);
            if header.unit.is_some() { header.bare } else { fold(name) }
        }
        _ => String::new(),
    }
}

fn goals(records: &Records) -> Vec<Goal> {
    let mut goals: Vec<Goal> = Vec::new();
    let mut results: HashMap<String, Vec<Cell>> = HashMap::new();
    for (at, result) in rows(records, "results").iter().enumerate() {
        results.entry(name(result)).or_default().push(Cell("results", at, "actual"));
    }
    results.remove("");
    for (row, record) in rows(records, "kpi").iter().enumerate() {
        let name = name(record);
        let own = results.get(&name).into_iter().flatten().copied();
        let values = [Cell("kpi", row, "baseline")].into_iter().chain(own).collect();
        goals.push(Goal { name, target: Cell("kpi", row, "target"), values });
    }
    for (table, columns) in
        [("results", &["actual"][..]), ("service", &["actual"]), ("users", &["before", "during"])]
    {
        for (row, record) in rows(records, table).iter().enumerate() {
            let values = columns.iter().map(|column| Cell(table, row, column)).collect();
            goals.push(Goal { name: name(record), target: Cell(table, row, "target"), values });
        }
    }
    goals
}

/// The level of a target and whether it says %; nothing where it asks for growth or counts something else.
fn asked(field: &Field<Value>) -> Option<(f64, bool)> {
    let Some(Value::Target(target)) = &field.value else { return None };
    let level = match target.aim {
        Aim::Level(level) | Aim::Range(level, _) | Aim::FromTo(_, level) => level,
        _ => return None,
    };
    sort(&target.unit).map(|rate| (level, rate)).filter(|(level, _)| *level > 0.0)
}

fn measured(field: &Field<Value>) -> Option<(f64, bool)> {
    let Some(Value::Measure(measure)) = &field.value else { return None };
    sort(&measure.unit).map(|rate| (measure.value, rate)).filter(|(value, _)| *value > 0.0)
}

/// Whether a unit is %; a bare number may be, another unit is not.
fn sort(unit: &Unit) -> Option<bool> {
    match unit {
        Unit::Percent => Some(true),
        Unit::None => Some(false),
        _ => None,
    }
}

fn settle_goal(records: &mut Records, goal: &Goal) {
    let Some((mut level, mut said)) = field(records, goal.target).and_then(asked) else { return };
    let by_name = is_rate(&goal.name);
    let values: Vec<(Cell, f64, bool)> = (goal.values.iter())
        .filter_map(|at| field(records, *at).and_then(measured).map(|(value, rate)| (*at, value, rate)))
        .collect();
    // A bare target beside a result in % is a rate as well, where it can be one.
    let beside = values.iter().find(|(.., rate)| *rate).map(|(_, value, _)| *value);
    if !said && (beside.is_some() || by_name) {
        let near = beside.or(values.iter().map(|(_, value, _)| *value).find(|value| *value <= 1.0));
        let scale = match near {
            Some(value) => nearer(level, value),
            None if level > 1.0 => Some(0.01),
            None => Some(1.0),
        };
        let Some(scale) = scale else { return };
        level *= scale;
        said = true;
        if let Some(field) = field_mut(records, goal.target) {
            rescale(field, scale);
        }
    }
    if !said {
        return;
    }
    for (at, value, rate) in values {
        if rate {
            continue;
        }
        if let Some(scale) = nearer(value, level)
            && let Some(field) = field_mut(records, at)
        {
            rescale(field, scale);
        }
    }
}

/// By what a bare number is to be multiplied to come nearest to a rate; nothing where both ways are far from it.
fn nearer(bare: f64, rate: f64) -> Option<f64> {
    let far = |scale: f64| (bare * scale / rate).ln().abs();
    // A ratio above all bounds was not meant as one, but one like its neighbour was.
    let scale = if far(0.01) < far(1.0) { 0.01 } else { 1.0 };
    (far(scale) <= FARTHEST.ln()).then_some(scale)
}

/// Whether an indicator is a share by its name; returns and multiples are none.
fn is_rate(name: &str) -> bool {
    const NONE: [&str; 10] = ["产出", "回报", "投产", "roi", "roas", "倍", "频率", "汇率", "周转", "效率"];
    let ends = ["率", "占比", "比例", "rate", "ctr", "cvr"].iter().any(|end| name.ends_with(end));
    ends && !NONE.iter().any(|word| name.contains(word))
}

fn rescale(field: &mut Field<Value>, factor: f64) {
    let exact = |n: f64| if factor == 0.01 { n / 100.0 } else { n };
    match &mut field.value {
        Some(Value::Measure(measure)) => {
            *measure = Measure { value: exact(measure.value), unit: Unit::Percent };
        }
        Some(Value::Target(target)) => {
            let aim = if factor == 1.0 { target.aim } else { target.aim.times(factor) };
            let aim = match aim {
                Aim::Level(level) => Aim::Level((level * 1e12).round() / 1e12),
                other => other,
            };
            let scale = target.scale.map(|scale| scale * factor);
            *target = Target { aim, scale, unit: Unit::Percent, ..target.clone() };
        }
        _ => return,
    }
    field.scale = field.scale.map(|scale| scale * factor);
    if factor != 1.0 {
        field.remarks.push(Remark::PercentAsWhole);
    }
}

/// Rates their own row computes: one read as a whole percentage that is the ratio itself is taken as it stands.
fn settle_computed(records: &mut Records) {
    const COMPUTED: [(&str, &str, &str, &str); 4] = [
        ("results", "completion", "actual", "target"),
        ("budget", "execution", "actual", "total"),
        ("daily", "ctr", "clicks", "exposure"),
        ("daily", "cvr", "conversions", "clicks"),
    ];
    let amount = |field: Option<&Field<Value>>| match field.and_then(|field| field.value.as_ref()) {
        Some(Value::Number(n)) => Some(*n),
        Some(Value::Measure(measure)) => Some(measure.value),
        Some(Value::Target(Target { aim: Aim::Level(level), .. })) => Some(*level),
        _ => None,
    };
    for (table, column, over, under) in COMPUTED {
        let Some(table) = records.tables.get_mut(table) else { continue };
        for row in &mut table.rows {
            let Some(under) = amount(row.fields.get(under)).filter(|under| *under != 0.0) else { continue };
            let Some(right) = amount(row.fields.get(over)).map(|over| over / under) else { continue };
            let Some(field) = row.fields.get_mut(column) else { continue };
            let whole = field.remarks.contains(&Remark::PercentAsWhole);
            let Some(Value::Number(read)) = &mut field.value else { continue };
            let ratio = *read * 100.0;
            if whole
                && (ratio - right).abs() <= 0.02 * right.abs()
                && (*read - right).abs() > 0.02 * right.abs()
            {
                *read = ratio;
                field.scale = field.scale.map(|scale| scale * 100.0);
                field.remarks.retain(|remark| *remark != Remark::PercentAsWhole);
            }
        }
    }
}

/// Says which numbers were read as percentages though they do not say so: once a column.
fn tell(catalogue: &Catalogue, records: &Records, sink: &mut Sink) {
    let mut tally = Tally::default();
    let mut seen = std::collections::HashSet::new();
    for (id, table) in &records.tables {
        let Some(declared) = catalogue.tables.get(id) else { continue };
        let fields = table.rows.iter().flat_map(|row| &row.fields);
        for (column, field) in fields.filter(|(_, field)| field.remarks.contains(&Remark::PercentAsWhole)) {
            let (Some(at), Some(column)) = (&field.at, declared.column(column)) else { continue };
            let read = match &field.value {
                Some(Value::Number(n)) => *n,
                Some(Value::Measure(measure)) => measure.value,
                Some(Value::Target(Target { aim: Aim::Level(level), .. })) => *level,
                _ => continue,
            };
            if !seen.insert(at) {
                continue;
            }
            let percent =
                format!("{}%", number(read * 100.0, if column.kind == Kind::Percent { 1 } else { 2 }));
            tally.add(
                id.clone(),
                Finding::new(&says::PERCENT_AS_WHOLE_NUMBER)
                    .at(at)
                    .of(id.clone(), column.label.zh.clone())
                    .found(field.text.clone())
                    .suggest(percent.clone())
                    .arg("read", Arg::Text(percent)),
            );
        }
    }
    tally.report(sink);
}
