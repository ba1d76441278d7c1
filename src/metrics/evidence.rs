//! What stands behind a figure: its value, its formula over the team's own
//! cells, how much of that was filled in, and what would unlock it.
//!
//! This is how figures are written for machines. The words in it are Chinese
//! until [`reworded`] puts another language's in their place.

use std::sync::OnceLock;

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::{Figure, Measure, Metric};
use crate::cell::{Area, Place};
use crate::expr::{Expr, Leaf, Val};
use crate::locale::Lang;
use crate::words::Words;

/// The most cells named as unlocking one figure.
const UNLOCKING: usize = 24;

/// Up to so many cells are listed one by one; of more, those below one another stand together.
const LISTED: usize = 12;

/// What stands behind one number.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Evidence {
    /// The value; null where it cannot be computed, never 0 instead.
    #[cfg_attr(test, schemars(schema_with = "schema::scalar"))]
    pub value: Value,
    /// How it is computed, as an Excel formula over the cells of the workbook; null for a constant.
    pub formula: Option<String>,
    /// The cells it is computed from.
    pub inputs: Vec<Input>,
    /// 数据完整度: how many of these cells hold something.
    pub coverage: Coverage,
    /// Why there is no value; null where there is one.
    pub reason: Option<Reason>,
    /// The empty cells that would have to be filled for a value (the first 24).
    pub unlock: Vec<Place>,
}

/// A cell, or cells below one another, a number is computed from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Input {
    /// Sheet and cell or cells: `效果!C5`, `效果!C5:C9`.
    pub cells: String,
    /// What the cell amounts to; null where it is empty, and for several cells.
    #[cfg_attr(test, schemars(schema_with = "schema::scalar"))]
    pub value: Value,
    /// What was typed, where the number was read from a text such as `500万元`.
    pub text: Option<String>,
    /// How many of the cells hold something.
    pub filled: usize,
    /// How many cells these are.
    pub of: usize,
}

/// 数据完整度.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Coverage {
    /// Cells that hold something.
    pub filled: usize,
    /// All cells.
    pub of: usize,
    /// The one ÷ the other; null where there is no cell.
    pub share: Option<f64>,
}

impl Coverage {
    /// So many of so many.
    pub fn new(filled: usize, of: usize) -> Coverage {
        Coverage { filled, of, share: (of > 0).then(|| filled as f64 / of as f64) }
    }
}

/// Why a number cannot be computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Reason {
    /// `no-input`, `blank-input`, `unreadable-input` or `not-applicable`.
    pub code: &'static str,
    /// The same in words.
    pub text: String,
}

/// One cell an expression reads.
struct Read {
    at: Place,
    value: Val,
    text: Option<String>,
}

impl Evidence {
    /// What stands behind an expression.
    pub fn of(expr: &Expr) -> Evidence {
        let reads = reads(expr);
        let value = json(&expr.value());
        let blank = |read: &&Read| matches!(read.value, Val::Blank);
        let filled = reads.iter().filter(|read| !blank(read)).count();
        let unknown = value.is_null();
        let unlock = reads
            .iter()
            .filter(blank)
            .filter(|_| unknown)
            .take(UNLOCKING)
            .map(|read| read.at.clone())
            .collect();
        Evidence {
            reason: unknown.then(|| reason(&reads)),
            value,
            formula: (!expr.is_constant()).then(|| formula(expr)),
            coverage: Coverage::new(filled, reads.len()),
            inputs: inputs(&reads),
            unlock,
        }
    }

    /// The same with its reason in the words of a language.
    pub fn in_language(mut self, lang: Lang) -> Evidence {
        if let Some(reason) = &mut self.reason
            && lang != Lang::Zh
        {
            reason.text = words(lang).get(reason.code);
        }
        self
    }
}

/// The formula over the cells things were typed in: a text read as a number stands for that number.
fn formula(expr: &Expr) -> String {
    let typed = |leaf: &Leaf| match leaf {
        Leaf::Cell { at, .. } => Some(at.clone()),
        Leaf::Normalised(read) => Some(read.at.clone()),
    };
    expr.formula("", &typed)
}

/// Every cell once, in the order of the formula.
fn reads(expr: &Expr) -> Vec<Read> {
    let mut seen = std::collections::BTreeSet::new();
    let reads = expr.inputs().into_iter().map(|leaf| match leaf {
        Leaf::Cell { at, value } => Read { at, value, text: None },
        Leaf::Normalised(read) => Read { at: read.at, value: Val::Number(read.value), text: Some(read.text) },
    });
    reads.filter(|read| seen.insert(read.at.clone())).collect()
}

fn inputs(reads: &[Read]) -> Vec<Input> {
    let one = |read: &Read| Input {
        cells: read.at.to_string(),
        value: json(&read.value),
        text: read.text.clone(),
        filled: usize::from(read.value != Val::Blank),
        of: 1,
    };
    if reads.len() <= LISTED {
        return reads.iter().map(one).collect();
    }
    let mut sorted: Vec<&Read> = reads.iter().collect();
    sorted.sort_by_key(|read| (read.at.sheet.clone(), read.at.cell.col, read.at.cell.row));
    let together = |above: &&Read, below: &&Read| {
        let (above, below) = (&above.at, &below.at);
        above.sheet == below.sheet && above.cell.col == below.cell.col && above.cell.row + 1 == below.cell.row
    };
    let runs = sorted.chunk_by(together).filter_map(|run| {
        let (first, last) = (run.first()?, run.last()?);
        if run.len() == 1 {
            return Some(one(first));
        }
        Some(Input {
            cells: format!("{}!{}", first.at.sheet, Area::new(first.at.cell, last.at.cell)),
            value: Value::Null,
            text: None,
            filled: run.iter().filter(|read| read.value != Val::Blank).count(),
            of: run.len(),
        })
    });
    runs.collect()
}

fn reason(reads: &[Read]) -> Reason {
    let code = if reads.is_empty() {
        "no-input"
    } else if reads.iter().any(|read| read.value == Val::Blank) {
        "blank-input"
    } else if reads.iter().any(|read| read.value.number().is_none()) {
        "unreadable-input"
    } else {
        "not-applicable"
    };
    static ZH: OnceLock<Words> = OnceLock::new();
    let words = ZH.get_or_init(|| words(Lang::Zh));
    Reason { code, text: words.get(code) }
}

fn words(lang: Lang) -> Words {
    Words::load(&[include_str!("reasons.toml")], lang)
}

/// What a value is for machines: nothing where it is blank, shows nothing or is an error.
fn json(value: &Val) -> Value {
    match value {
        Val::Number(n) if n.is_finite() => serde_json::json!(n),
        Val::Text(text) if !text.is_empty() => Value::String(text.to_string()),
        Val::Bool(b) => Value::Bool(*b),
        _ => Value::Null,
    }
}

impl Serialize for Metric {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name)
    }
}

impl Serialize for Expr {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Evidence::of(self).serialize(serializer)
    }
}

/// A figure as it is written.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Written {
    /// The metric's stable name, as `fupan explain` takes it.
    metric: &'static str,
    /// Its name as people say it.
    title: String,
    /// What its number counts.
    measure: Measure,
    /// The formula in words: what it is a ratio of.
    basis: String,
    /// The value; null where it cannot be computed, never 0 instead.
    #[cfg_attr(test, schemars(schema_with = "schema::scalar"))]
    value: Value,
    /// How it is computed, as an Excel formula over the cells of the workbook; null for a constant.
    formula: Option<String>,
    /// The cells it is computed from.
    inputs: Vec<Input>,
    /// 数据完整度: how many of these cells hold something.
    coverage: Coverage,
    /// Why there is no value; null where there is one.
    reason: Option<Reason>,
    /// The empty cells that would have to be filled for a value (the first 24).
    unlock: Vec<Place>,
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let definition = self.metric.definition(Lang::Zh);
        let Evidence { value, formula, inputs, coverage, reason, unlock } = Evidence::of(&self.expr);
        let written = Written {
            metric: self.metric.name,
            title: definition.title,
            measure: self.metric.measure(),
            basis: definition.basis,
            value,
            formula,
            inputs,
            coverage,
            reason,
            unlock,
        };
        written.serialize(serializer)
    }
}

/// Serialised figures with their words in another language.
pub fn reworded(value: &mut Value, lang: Lang) {
    if lang != Lang::Zh {
        reword(value, lang, &words(lang));
    }
}

fn reword(value: &mut Value, lang: Lang, words: &Words) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| reword(value, lang, words)),
        Value::Object(fields) => {
            let metric = fields.get("metric").and_then(Value::as_str);
            if let Some(metric) = super::all().into_iter().find(|known| Some(known.name) == metric)
                && fields.contains_key("basis")
            {
                let definition = metric.definition(lang);
                fields["title"] = definition.title.into();
                fields["basis"] = definition.basis.into();
            }
            if let Some(reason) = fields.get_mut("reason").and_then(Value::as_object_mut)
                && let Some(code) = reason.get("code").and_then(Value::as_str).map(str::to_owned)
            {
                reason["text"] = words.get(&code).into();
            }
            fields.values_mut().for_each(|value| reword(value, lang, words));
        }
        _ => {}
    }
}

#[cfg(test)]
mod schema {
    use std::borrow::Cow;

    use schemars::{JsonSchema, Schema, SchemaGenerator};

    use super::{Evidence, Expr, Figure, Metric, Written};

    /// What a cell or figure amounts to.
    pub(super) fn scalar(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "type": ["number", "string", "boolean", "null"] })
    }

    impl JsonSchema for Metric {
        fn schema_name() -> Cow<'static, str> {
            "metric".into()
        }

        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            String::json_schema(generator)
        }
    }

    impl JsonSchema for Expr {
        fn schema_name() -> Cow<'static, str> {
            "number".into()
        }

        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            Evidence::json_schema(generator)
        }
    }

    impl JsonSchema for Figure {
        fn schema_name() -> Cow<'static, str> {
            "figure".into()
        }

        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            Written::json_schema(generator)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cell::CellRef;

    fn cell(a1: &str, value: Val) -> Expr {
        Expr::cell(Place::new("效果", CellRef::parse(a1).expect("a cell")), value)
    }

    #[test]
    fn what_is_unknown_says_why_and_what_would_unlock_it() {
        let number = || Val::Number(6.0);
        for (over, under, code, unlock) in [
            (number(), Val::Blank, Some("blank-input"), vec!["效果!B2"]),
            (Val::Text("待定".into()), number(), Some("unreadable-input"), vec![]),
            (number(), Val::Number(0.0), Some("not-applicable"), vec![]),
            (number(), number(), None, vec![]),
        ] {
            let evidence = Evidence::of(&(cell("A2", over) / cell("B2", under)).known());
            assert_eq!(evidence.reason.map(|reason| reason.code), code);
            let cells: Vec<String> = evidence.unlock.iter().map(ToString::to_string).collect();
            assert_eq!(cells, unlock);
        }
        let absent = Evidence::of(&(Expr::nothing() / cell("B2", number())).known());
        assert_eq!(absent.reason.map(|reason| reason.code), Some("no-input"));
    }

    #[test]
    fn coverage_counts_each_cell_once_and_a_column_stands_together() {
        let rows: Vec<Expr> = (1..=20)
            .map(|row| cell(&format!("C{row}"), if row % 2 == 0 { Val::Number(1.0) } else { Val::Blank }))
            .collect();
        let evidence = Evidence::of(
            &(rows[1].clone() / Expr::call(crate::expr::Fun::Sum, [Expr::loose(&rows)])).known(),
        );
        assert_eq!(evidence.coverage, Coverage { filled: 10, of: 20, share: Some(0.5) });
        assert_eq!(evidence.inputs.len(), 1);
        assert_eq!((evidence.inputs[0].cells.as_str(), evidence.inputs[0].filled), ("效果!C1:C20", 10));
        assert!(evidence.formula.is_some_and(|formula| formula.contains("SUM('效果'!$C$1:$C$20)")));
    }

    #[test]
    fn values_that_stand_on_no_sheet_remember_their_cells() {
        let apart = [cell("A1", Val::Number(1.0)), cell("C9", Val::Blank)];
        let evidence = Evidence::of(&Expr::call(crate::expr::Fun::Sum, [Expr::loose(&apart)]));
        let cells: Vec<&str> = evidence.inputs.iter().map(|input| input.cells.as_str()).collect();
        assert_eq!(cells, ["效果!A1", "效果!C9"]);
        assert_eq!(evidence.formula.as_deref(), Some("SUM({1,\"\"})"));
    }
}
