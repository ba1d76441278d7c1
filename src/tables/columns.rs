//! What every column means: `columns.toml`, with what the declarations of tables and figures say already.

use std::sync::LazyLock;

use indexmap::IndexMap;
use serde::Deserialize;

use super::rows::{Column, all};
use crate::catalogue::Catalogue;
use crate::locale::{Lang, traditional};
use crate::metrics;

/// What is said of a column where the declarations do not say it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Said {
    /// Its name, Chinese and English.
    label: Option<[String; 2]>,
    /// What it holds, Chinese and English.
    meaning: Option<[String; 2]>,
    /// The unit of its numbers.
    unit: String,
    /// The figure it is.
    figure: String,
    /// The column of a workbook's table it was read from.
    source: String,
}

/// Columns by table; under `every` those that mean the same in all of them.
static SAID: LazyLock<IndexMap<String, IndexMap<String, Said>>> = LazyLock::new(|| {
    toml::from_str(include_str!("columns.toml")).unwrap_or_else(|error| panic!("columns.toml: {error}"))
});

fn in_lang(words: &[String; 2], lang: Lang) -> String {
    match lang {
        Lang::Zh => words[0].clone(),
        Lang::ZhHant => traditional(&words[0]),
        Lang::En => words[1].clone(),
    }
}

/// The table of columns itself.
pub fn columns(lang: Lang) -> Vec<Column> {
    let mut rows = Vec::new();
    for (table, columns) in all() {
        for (name, kind) in columns {
            let own = SAID.get(table).and_then(|table| table.get(name));
            let said = own.or_else(|| SAID["every"].get(name)).cloned().unwrap_or_default();
            rows.push(column(table, name, kind.sql(), &said, lang));
        }
    }
    rows
}

fn column(table: &str, name: &str, kind: &str, said: &Said, lang: Lang) -> Column {
    let declared = said.source.split_once('.').and_then(|(table, column)| {
        Catalogue::shipped().tables.get(table).and_then(|table| table.column(column))
    });
    let figure = metrics::all().into_iter().find(|metric| metric.name == said.figure);
    let figure = figure.map(|metric| metric.definition(lang));
    let own = |words: &Option<[String; 2]>| words.as_ref().map(|words| in_lang(words, lang));
    let label = own(&said.label)
        .or_else(|| figure.as_ref().map(|figure| figure.title.clone()))
        .or_else(|| declared.map(|column| column.label.get(lang).to_string()));
    let meaning = own(&said.meaning)
        .or_else(|| figure.as_ref().map(|figure| figure.meaning.clone()))
        .or_else(|| declared.map(|column| column.meaning.get(lang).to_string()));
    let unit = Some(said.unit.clone()).filter(|unit| !unit.is_empty());
    let source =
        if declared.is_some() || said.figure.is_empty() { said.source.clone() } else { String::new() };
    let source = match &figure {
        Some(figure) if source.is_empty() => figure.source.clone(),
        _ => source,
    };
    Column {
        table_name: table.to_owned(),
        column_name: name.to_owned(),
        column_type: kind.to_owned(),
        label: label.unwrap_or_default(),
        meaning: meaning.unwrap_or_default(),
        unit: unit.or_else(|| declared.and_then(|column| column.unit.clone())).unwrap_or_default(),
        basis: figure.map(|figure| figure.basis).unwrap_or_default(),
        source,
    }
}
