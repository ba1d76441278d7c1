//! From declaration texts to a [`Catalogue`] that holds together.
//!
//! Works on named texts, not on files: `tables/kpi.toml`, `choices.toml`,
//! `review.toml`. What comes later replaces what came before under the same
//! id, so a team's own folder changes or adds a table by holding one file.

use std::sync::Arc;

use indexmap::IndexMap;
use serde::de::DeserializeOwned;

use super::meaning::{Dictionary, Lexicon};
use super::words::BlankWords;
use super::{Catalogue, Choice, Table, Template, validate};

/// Why declarations do not make a catalogue; always says which file.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// Not TOML, or not what a declaration of that kind may say.
    #[error("{file}: {source}")]
    Parse {
        /// Declaration file.
        file: String,
        /// What the parser says, with line and column.
        source: Box<toml::de::Error>,
    },
    /// Readable, but it does not fit together.
    #[error("{file}: {key}: {problem}")]
    Unfit {
        /// Declaration file.
        file: String,
        /// Which part of it: `column.target.choices`.
        key: String,
        /// What is wrong with it.
        problem: String,
    },
}

/// Name and text of every declaration that ships with the program.
pub const SHIPPED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/declarations.rs"));

/// The folder of the tables, within the declarations.
pub const TABLES: &str = "tables/";
/// The file of the lists.
pub const CHOICES: &str = "choices.toml";
/// The file of the other words of the blanks.
pub const WORDS: &str = "words.toml";
/// The file of what the words of headers mean.
pub const MEANINGS: &str = "meanings.toml";
/// The template that holds every table and gives their order.
pub const FULL: &str = "full";

/// The catalogue that ships with the program.
pub fn shipped() -> Result<Catalogue, CatalogueError> {
    load(SHIPPED.iter().copied())
}

/// The shipped catalogue with a team's own declarations over it.
pub fn extended<'a>(own: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Catalogue, CatalogueError> {
    load(SHIPPED.iter().copied().chain(own))
}

/// A catalogue from named texts; a later table, list or template replaces an earlier one of the same id.
pub fn load<'a>(texts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Catalogue, CatalogueError> {
    let mut catalogue = Catalogue {
        tables: IndexMap::new(),
        choices: IndexMap::new(),
        templates: IndexMap::new(),
        words: BlankWords::default(),
        lexicon: Arc::new(Lexicon::new(&Dictionary::default())),
    };
    let mut files = Files::default();
    for (name, text) in texts {
        if name.starts_with(TABLES) {
            let table: Table = parse(name, text)?;
            files.tables.insert(table.id.clone(), name.to_owned());
            catalogue.tables.insert(table.id.clone(), table);
        } else if name == CHOICES {
            let lists: IndexMap<String, Vec<Choice>> = parse(name, text)?;
            catalogue.choices.extend(lists);
        } else if name == WORDS {
            catalogue.words = parse(name, text)?;
        } else if name == MEANINGS {
            catalogue.lexicon = Arc::new(Lexicon::new(&parse::<Dictionary>(name, text)?));
        } else if name.ends_with(".toml") {
            let template: Template = parse(name, text)?;
            files.templates.insert(template.id.clone(), name.to_owned());
            catalogue.templates.insert(template.id.clone(), template);
        }
    }
    put_in_order(&mut catalogue);
    validate::check(&catalogue, &files)?;
    Ok(catalogue)
}

/// Which file declared what, for messages.
#[derive(Default)]
pub(super) struct Files {
    /// By table id.
    pub tables: IndexMap<String, String>,
    /// By template id.
    pub templates: IndexMap<String, String>,
}

fn parse<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, CatalogueError> {
    toml::from_str(text)
        .map_err(|source| CatalogueError::Parse { file: file.to_owned(), source: Box::new(source) })
}

/// The order of the whole workbook; tables it does not hold come last, as they came.
fn put_in_order(catalogue: &mut Catalogue) {
    let Some(full) = catalogue.templates.get(FULL) else { return };
    let place = |id: &str| full.tables.iter().position(|member| member.id == id).unwrap_or(usize::MAX);
    catalogue.tables.sort_by(|left, _, right, _| place(left).cmp(&place(right)));
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::catalogue::{Kind, header_key};

    #[test]
    fn the_shipped_declarations_load_in_the_order_of_the_whole_workbook() {
        let catalogue = shipped().unwrap();
        let full: Vec<_> = catalogue.templates[FULL].tables.iter().map(|member| member.id.clone()).collect();
        assert_eq!(catalogue.tables.keys().cloned().collect::<Vec<_>>(), full);
        assert_eq!(catalogue.tables.len(), 36);
        assert_eq!(catalogue.templates.len(), 6);
    }

    #[test]
    fn every_label_of_every_language_finds_its_own_column_only() {
        for table in shipped().unwrap().tables.values() {
            for column in &table.columns {
                for label in column.label.spoken() {
                    let key = header_key(&label);
                    let owners: Vec<_> = table
                        .columns
                        .iter()
                        .filter(|other| other.keys().contains(&key))
                        .map(|it| &it.id)
                        .collect();
                    assert_eq!(owners, [&column.id], "{} {label}", table.id);
                }
            }
        }
    }

    #[test]
    fn every_calculated_column_has_a_formula() {
        for table in shipped().unwrap().tables.values() {
            for column in table.columns.iter().filter(|column| column.kind == Kind::Calc) {
                assert!(column.formula.is_some(), "{}.{}", table.id, column.id);
            }
        }
    }

    #[test]
    fn a_team_adds_a_table_with_one_file() {
        let own = r#"
            id = "gifts"
            label = { zh = "赠品表", en = "Gifts" }
            documents = []
            layout = "list"
            purpose = { zh = "赠品", en = "Gifts" }
            filled-by = { zh = "运营", en = "Operation" }
            hint = { zh = "一行一种", en = "One a row" }
            [[column]]
            id = "name"
            label = { zh = "赠品名称", en = "Gift" }
            kind = "text"
            meaning = { zh = "叫什么", en = "Its name" }
        "#;
        let catalogue = extended([("tables/gifts.toml", own)]).unwrap();
        assert_eq!(catalogue.tables.last().unwrap().0, "gifts");
    }

    #[test]
    fn what_does_not_fit_is_named_by_file_and_key() {
        let table = |body: &str| {
            format!(
                "id = \"x\"\nlabel = {{ zh = \"甲表\", en = \"X\" }}\ndocuments = []\nlayout = \"list\"\n\
                 purpose = {{ zh = \"甲\", en = \"x\" }}\nfilled-by = {{ zh = \"甲\", en = \"x\" }}\n\
                 hint = {{ zh = \"甲\", en = \"x\" }}\n{body}"
            )
        };
        let column = |id: &str, label: &str, more: &str| {
            format!(
                "[[column]]\nid = \"{id}\"\nlabel = {{ zh = \"{label}\", en = \"{id}\" }}\n\
                 meaning = {{ zh = \"甲\", en = \"x\" }}\n{more}\n"
            )
        };
        for (body, expected) in [
            (
                column("a", "甲", "kind = \"choice\"\nchoices = \"nowhere\""),
                "tables/x.toml: column.a.choices: ",
            ),
            (column("a", "甲", "kind = \"choice\""), "tables/x.toml: column.a.choices: "),
            (
                column("a", "甲", "kind = \"text\"\nreferences = \"tasks.nothing\""),
                "tables/x.toml: column.a.references: ",
            ),
            (column("a", "甲", "kind = \"calc\"\nformula = '{b}+1'"), "tables/x.toml: column.a.formula: "),
            (
                column("a", "甲", "kind = \"calc\"\nformula = '{level:top}'"),
                "tables/x.toml: column.a.formula: ",
            ),
            (
                column("a", "甲", "kind = \"text\"") + &column("a", "乙", "kind = \"text\""),
                "tables/x.toml: column.a.id: ",
            ),
            (
                column("a", "金额(元)", "kind = \"text\"")
                    + &column("b", "乙", "kind = \"text\"\naliases = [\"金額\"]"),
                "tables/x.toml: column.b.aliases: ",
            ),
            (String::from("key = [\"b\"]\n") + &column("a", "甲", "kind = \"text\""), "tables/x.toml: key: "),
            (
                column("a", "甲", "kind = \"text\"") + "[[row]]\nb = { zh = \"甲\", en = \"x\" }",
                "tables/x.toml: row.b: ",
            ),
            (column("a", "甲", "kind = \"words\""), "tables/x.toml: "),
        ] {
            let text = table(&body);
            let error = extended([("tables/x.toml", text.as_str())]).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{expected}\n{error}");
        }
    }

    #[test]
    fn a_template_cannot_hold_a_table_that_is_not_declared() {
        let own = "id = \"own\"\nversion = 1\nlabel = { zh = \"自\", en = \"Own\" }\ndocument = \"\"\n\
                   purpose = { zh = \"自\", en = \"own\" }\ntables = [{ id = \"nothing\" }]";
        let error = extended([("own.toml", own)]).unwrap_err().to_string();
        assert!(error.starts_with("own.toml: tables.nothing: "), "{error}");
    }
}
