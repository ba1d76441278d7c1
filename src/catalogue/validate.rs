//! Whether declarations hold together: what they name exists, and nothing
//! they call by a name could be mistaken for another.

use std::collections::HashMap;

use super::formula::{Of, Piece, pieces};
use super::load::{CHOICES, CatalogueError, Files};
use super::{Catalogue, Choice, Column, Kind, Table, Words, header_key};

/// Excel allows a sheet name this many UTF-16 units.
const SHEET_NAME: usize = 31;

pub(super) fn check(catalogue: &Catalogue, files: &Files) -> Result<(), CatalogueError> {
    for (list, choices) in &catalogue.choices {
        check_list(list, choices)?;
    }
    for (id, table) in &catalogue.tables {
        let file = files.tables.get(id).map_or("", String::as_str);
        check_table(catalogue, table).map_err(|unfit| unfit.in_file(file))?;
    }
    check_titles(catalogue, files)?;
    for (id, template) in &catalogue.templates {
        let file = files.templates.get(id).map_or("", String::as_str);
        let mut seen = Vec::new();
        for member in &template.tables {
            let key = format!("tables.{}", member.id);
            if !catalogue.tables.contains_key(&member.id) {
                return Err(Unfit::new(key, "no such table").in_file(file));
            }
            if seen.contains(&&member.id) {
                return Err(Unfit::new(key, "listed twice").in_file(file));
            }
            seen.push(&member.id);
        }
    }
    Ok(())
}

struct Unfit {
    key: String,
    problem: String,
}

impl Unfit {
    fn new(key: impl Into<String>, problem: impl Into<String>) -> Unfit {
        Unfit { key: key.into(), problem: problem.into() }
    }

    fn in_file(self, file: &str) -> CatalogueError {
        CatalogueError::Unfit { file: file.to_owned(), key: self.key, problem: self.problem }
    }
}

fn check_list(list: &str, choices: &[Choice]) -> Result<(), CatalogueError> {
    let mut owners: HashMap<String, &str> = HashMap::new();
    for choice in choices {
        for text in choice.keys() {
            if let Some(other) = owners.insert(text.clone(), &choice.id).filter(|other| *other != choice.id) {
                let problem = format!("`{text}` already means `{other}`");
                return Err(Unfit::new(format!("{list}.{}", choice.id), problem).in_file(CHOICES));
            }
        }
        if choices.iter().filter(|other| other.id == choice.id).count() > 1 {
            return Err(Unfit::new(format!("{list}.{}", choice.id), "declared twice").in_file(CHOICES));
        }
    }
    Ok(())
}

fn check_titles(catalogue: &Catalogue, files: &Files) -> Result<(), CatalogueError> {
    let mut owners: HashMap<String, &str> = HashMap::new();
    for (id, table) in &catalogue.tables {
        for text in table.keys() {
            if let Some(other) = owners.insert(text.clone(), id).filter(|other| other != id) {
                let file = files.tables.get(id).map_or("", String::as_str);
                return Err(Unfit::new("aliases", format!("`{text}` already names the table `{other}`"))
                    .in_file(file));
            }
        }
    }
    Ok(())
}

fn check_table(catalogue: &Catalogue, table: &Table) -> Result<(), Unfit> {
    for id in table.onward.iter().flat_map(|onward| onward.columns.iter().chain(&onward.open)) {
        if table.column(id).is_none() {
            return Err(Unfit::new("onward", format!("no such column `{id}`")));
        }
    }

    for label in [&table.label.zh, &table.label.en] {
        if label.is_empty()
            || label.encode_utf16().count() > SHEET_NAME
            || label.contains(['*', '?', ':', '[', ']', '\\', '/'])
        {
            return Err(Unfit::new("label", format!("`{label}` cannot name a sheet")));
        }
    }
    if let Some(id) = table.key.iter().find(|id| table.column(id).is_none()) {
        return Err(Unfit::new("key", format!("no column `{id}`")));
    }
    if let Some(id) = table.main_text.as_ref().filter(|id| table.column(id).is_none()) {
        return Err(Unfit::new("main-text", format!("no column `{id}`")));
    }
    let mut owners: HashMap<String, &str> = HashMap::new();
    for column in &table.columns {
        let at = |part: &str| format!("column.{}.{part}", column.id);
        if table.columns.iter().filter(|other| other.id == column.id).count() > 1 {
            return Err(Unfit::new(at("id"), "declared twice"));
        }
        for text in column.keys() {
            if let Some(other) = owners.insert(text.clone(), &column.id).filter(|other| *other != column.id) {
                return Err(Unfit::new(
                    at("aliases"),
                    format!("`{text}` already means the column `{other}`"),
                ));
            }
        }
        check_column(catalogue, table, column).map_err(|(part, problem)| Unfit::new(at(part), problem))?;
    }
    if let Some(host) = table.kept_in.as_ref().filter(|id| !catalogue.tables.contains_key(*id)) {
        return Err(Unfit::new("kept-in", format!("no table `{host}`")));
    }
    for id in table.span.iter().flat_map(|span| &span.columns) {
        if table.column(id).is_none_or(|column| column.kind != Kind::Date) {
            return Err(Unfit::new("span.columns", format!("no column of days `{id}`")));
        }
    }
    for alias in table.span.iter().flat_map(|span| &span.aliases) {
        if let Some(other) = owners.get(&header_key(alias)) {
            return Err(Unfit::new("span.aliases", format!("`{alias}` already means the column `{other}`")));
        }
    }
    for (id, words) in table.rows.iter().flatten() {
        let Some(column) = table.column(id) else {
            return Err(Unfit::new(format!("row.{id}"), "no such column"));
        };
        if column.kind == Kind::Choice && !is_choice(catalogue, column, words) {
            return Err(Unfit::new(format!("row.{id}"), format!("`{}` is not in its list", words.zh)));
        }
    }
    Ok(())
}

fn check_column(catalogue: &Catalogue, table: &Table, column: &Column) -> Result<(), (&'static str, String)> {
    if !catalogue.words.kind.contains_key(&column.kind) {
        return Err(("kind", "has no name in words.toml".into()));
    }
    let listed = matches!(column.kind, Kind::Choice | Kind::Open | Kind::Yesno);
    match column.list() {
        Some(list) if !catalogue.choices.contains_key(list) => {
            return Err(("choices", format!("no list `{list}`")));
        }
        None if listed => return Err(("choices", "a list is needed".into())),
        _ => {}
    }
    if let Some(example) = column.example.as_ref().filter(|_| listed)
        && !is_choice(catalogue, column, example)
    {
        return Err(("example", format!("`{}` is not in its list", example.zh)));
    }
    if let Some(target) = &column.references {
        let (id, referred) =
            target.split_once('.').map_or((target.as_str(), None), |(id, column)| (id, Some(column)));
        let other = catalogue.tables.get(id).ok_or(("references", format!("no table `{id}`")))?;
        if referred.is_some_and(|referred| other.column(referred).is_none()) {
            return Err(("references", format!("no column `{target}`")));
        }
    }
    let Some(formula) = &column.formula else { return Ok(()) };
    for piece in pieces(formula).map_err(|unclosed| ("formula", unclosed.to_string()))? {
        let (known, name) = match piece {
            Piece::Text(_) => continue,
            Piece::Cell(id) | Piece::Above(id) | Piece::Number(Of::Cell(id) | Of::Above(id)) => {
                (table.column(id).is_some(), id.to_owned())
            }
            Piece::Number(Of::Looked { table: other, column, key }) => (
                catalogue.tables.get(other).is_some_and(|other| {
                    other.column(column).is_some()
                        && other.column(key).is_some()
                        && table.column(key).is_some()
                }),
                format!("{other}.{column}@{key}"),
            ),
            Piece::Range(other, id) => (
                catalogue.tables.get(other).is_some_and(|other| other.column(id).is_some()),
                format!("{other}.{id}"),
            ),
            Piece::Word(list, id) => (
                catalogue
                    .choices
                    .get(list)
                    .is_some_and(|choices| choices.iter().any(|choice| choice.id == id)),
                format!("{list}:{id}"),
            ),
        };
        if !known {
            return Err(("formula", format!("the hole `{{{name}}}` leads nowhere")));
        }
    }
    Ok(())
}

/// Whether words are, in both languages, the label of one choice of the column's list.
fn is_choice(catalogue: &Catalogue, column: &Column, words: &Words) -> bool {
    catalogue.choices_of(column).iter().any(|choice| choice.label == *words)
}
